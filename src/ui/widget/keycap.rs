//! A key as it stands on the keyboard, beside what it does. Enter is written out: the font has no ↵.

use iced::widget::container;
use iced::{Border, Color};

use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::{Element, text};

/// A key cap on a page (`Ctrl K`, `↑ ↓`).
pub fn keycap<'a, M: 'a>(key: &'a str) -> Element<'a, M> {
    cap(key, |theme| {
        let t = theme.tokens;
        (Some(t.inset), t.line_strong, t.t2)
    })
}

/// A key cap on a filled button.
pub fn on_fill<'a, M: 'a>(key: &'a str) -> Element<'a, M> {
    cap(key, |theme| {
        let on = theme.tokens.on_fill;
        (None, Color { a: 0.55, ..on }, on)
    })
}

fn cap<'a, M: 'a>(key: &'a str, colors: impl Fn(&Theme) -> (Option<Color>, Color, Color) + 'a) -> Element<'a, M> {
    container(text::styled(text::NOTE, key).wrapping(iced::widget::text::Wrapping::None))
        .padding([1, 6])
        .style(move |theme: &Theme| {
            let (ground, line, ink) = colors(theme);
            container::Style {
                text_color: Some(ink),
                background: ground.map(Into::into),
                border: Border { radius: radius::SMALL.into(), width: theme.hair(1.0), color: line },
                ..container::Style::default()
            }
        })
        .into()
}
