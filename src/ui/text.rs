//! The type styles: which size, line height and weight each kind of text has. Nothing else sets a font size.

use iced::widget::text::{Fragment, IntoFragment, LineHeight, Wrapping};
use iced::{Font, Pixels};

use crate::ui::fonts::{BOLD, REGULAR};
use crate::ui::theme::{Theme, Tone};

/// A text element under our theme.
pub type Text<'a> = iced::widget::Text<'a, Theme, crate::ui::Renderer>;

/// Size, line height and weight of one kind of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Logical pixels.
    pub size: f32,
    /// Logical pixels.
    pub line: f32,
    /// 700 instead of 400.
    pub bold: bool,
}

impl Style {
    const fn new(size: f32, line: f32, bold: bool) -> Self {
        Self { size, line, bold }
    }

    /// The face of this style.
    pub const fn font(self) -> Font {
        if self.bold { BOLD } else { REGULAR }
    }

    /// The same size in 700.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same size in 400.
    #[must_use]
    pub const fn regular(self) -> Self {
        Self { bold: false, ..self }
    }

    /// Its line height for iced.
    pub const fn line_height(self) -> LineHeight {
        LineHeight::Absolute(Pixels(self.line))
    }
}

/// First run only.
pub const DISPLAY: Style = Style::new(32.0, 44.0, true);
/// Screen or record name.
pub const TITLE: Style = Style::new(20.0, 28.0, true);
/// Counts that open rows.
pub const FIGURE: Style = Style::new(24.0, 30.0, false);
/// Figures in equations.
pub const FIGURE_SMALL: Style = Style::new(22.0, 28.0, false);
/// Section head; with [`Style::regular`] the fields of the first run.
pub const SECTION: Style = Style::new(16.0, 24.0, true);
/// Everything.
pub const BODY: Style = Style::new(14.0, 22.0, false);
/// Secondary columns, chips, compact grid; table heads in bold.
pub const SMALL: Style = Style::new(13.0, 20.0, false);
/// Badges, hints, key caps, status bar, compact heads. The floor.
pub const NOTE: Style = Style::new(12.0, 18.0, false);
/// The folded rail's count, the only thing below the floor.
pub const COUNT: Style = Style::new(11.0, 14.0, false);

/// A text in a style, in the colour of what it stands in.
pub fn styled<'a>(style: Style, content: impl IntoFragment<'a>) -> Text<'a> {
    let content: Fragment<'a> = content.into_fragment();
    iced::widget::text(content).size(style.size).line_height(style.line_height()).font(style.font())
}

/// A text in a style and a tone.
pub fn toned<'a>(style: Style, tone: Tone, content: impl IntoFragment<'a>) -> Text<'a> {
    styled(style, content).style(move |theme: &Theme| iced::widget::text::Style { color: Some(tone.ink(theme.tokens)) })
}

/// A text that stays on one line whatever happens.
pub fn line<'a>(style: Style, tone: Tone, content: impl IntoFragment<'a>) -> Text<'a> {
    toned(style, tone, content).wrapping(Wrapping::None)
}

/// First run only.
pub fn display<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(DISPLAY, Tone::Plain, content)
}

/// Screen or record name.
pub fn title<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(TITLE, Tone::Plain, content)
}

/// A count that opens rows.
pub fn figure<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(FIGURE, Tone::Plain, content)
}

/// A section's name.
pub fn section<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(SECTION, Tone::Plain, content)
}

/// Running text.
pub fn body<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(BODY, Tone::Plain, content)
}

/// A block's title: the body in 700.
pub fn strong<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(BODY.bold(), Tone::Plain, content)
}

/// Secondary text.
pub fn small<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(SMALL, Tone::Quiet, content)
}

/// A hint.
pub fn note<'a>(content: impl IntoFragment<'a>) -> Text<'a> {
    toned(NOTE, Tone::Quiet, content)
}
