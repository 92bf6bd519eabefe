//! The rail of screens at the left: a row of index tabs that join the sheet. 136 px wide, folded 64.

use iced::alignment::{Horizontal, Vertical};
use iced::widget::{column, container, row, space};
use iced::{Length, Padding, border};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::{radius, size};
use crate::ui::widget::press::{Look, Press, Status};
use crate::ui::{Color, Element, text};

/// One screen on the rail.
#[derive(Debug, Clone)]
pub struct Stop<T> {
    pub value: T,
    pub label: &'static str,
    pub icon: Icon,
    /// How much waits there.
    pub count: Option<u64>,
    /// A line above it.
    pub gap: bool,
}

impl<T> Stop<T> {
    /// A screen without a count.
    pub fn new(value: T, label: &'static str, icon: Icon) -> Self {
        Self { value, label, icon, count: None, gap: false }
    }

    /// With how much waits there; nothing is shown for none.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = (count > 0).then_some(count);
        self
    }

    /// With a line above it.
    #[must_use]
    pub fn gap(mut self) -> Self {
        self.gap = true;
        self
    }
}

/// The rail. `here` is the screen that is open.
pub fn rail<'a, T: Clone + PartialEq, M: Clone + 'a>(
    stops: impl IntoIterator<Item = Stop<T>>,
    here: &T,
    folded: bool,
    on_go: impl Fn(T) -> M,
) -> Element<'a, M> {
    /// A stop of a folded rail.
    const STOP: f32 = 52.0;
    const SPACING: f32 = 2.0;
    let mut line = column![].spacing(SPACING);
    let mut most = -SPACING;
    for stop in stops {
        if stop.gap {
            line = line.push(gap());
            most += GAP + SPACING;
        }
        most += STOP + SPACING;
        let on = stop.value == *here;
        let message = on_go(stop.value.clone());
        line = line.push(if folded { narrow(&stop, on, message) } else { wide(&stop, on, message) });
    }
    let (width, left) = if folded { (size::RAIL_FOLDED, 6.0) } else { (size::RAIL, 8.0) };
    // In a low window the stops of a folded rail give way a little, so that the last is not lost.
    let line = if folded { container(line.height(Length::Fill)).max_height(most) } else { container(line) };
    container(line)
        .width(width)
        .height(Length::Fill)
        .padding(Padding { top: 8.0, left, ..Padding::ZERO })
        .style(desk)
        .into()
}

/// The desk's ground.
pub(super) fn desk(theme: &Theme) -> container::Style {
    container::Style {
        text_color: Some(theme.tokens.t2),
        background: Some(theme.tokens.desk.into()),
        ..container::Style::default()
    }
}

fn look(on: bool, theme: &Theme, status: Status) -> Look {
    let t = theme.tokens;
    let corners = border::Radius { top_left: radius::POP, bottom_left: radius::POP, ..border::Radius::default() };
    let look = match (on, status.hovered) {
        (true, _) => Look::bare(t.accent).ground(t.sheet),
        (false, true) => Look::bare(t.t1).ground(t.hover),
        (false, false) => Look::bare(t.t2),
    };
    look.radius(corners).ring_inside()
}

/// How much waits; more than there is room for is only said to be more.
fn count<'a, M: 'a>(style: text::Style, count: u64, most: u64) -> Element<'a, M> {
    let words = if count > most { format!("{most}+") } else { count.to_string() };
    text::toned(style, crate::ui::theme::Tone::Quiet, words).into()
}

fn wide<'a, T, M: Clone + 'a>(stop: &Stop<T>, on: bool, message: M) -> Element<'a, M> {
    let style = if on { text::BODY.bold() } else { text::BODY };
    let content =
        row![icon::icon(stop.icon, icon::size::RAIL), text::styled(style, stop.label), space().width(Length::Fill),]
            .push(stop.count.map(|n| count(text::NOTE, n, 9999)))
            .spacing(10)
            .align_y(Vertical::Center);
    Press::new(content, move |theme, status| look(on, theme, status))
        .on_press(message)
        .padding(Padding { left: 10.0, right: 12.0, ..Padding::ZERO })
        .width(Length::Fill)
        .height(38)
        .into()
}

fn narrow<'a, T, M: Clone + 'a>(stop: &Stop<T>, on: bool, message: M) -> Element<'a, M> {
    let style = text::Style { line: 16.0, ..if on { text::NOTE.bold() } else { text::NOTE } };
    // The icon in the middle, the count in the corner at its right.
    let corner = container(row![].push(stop.count.map(|n| count(text::COUNT, n, 99))))
        .width(Length::Fill)
        .align_x(Horizontal::Right)
        .padding(iced::padding::right(6));
    let picture = row![
        space().width(Length::Fill),
        container(icon::icon(stop.icon, icon::size::RAIL)).padding(iced::padding::top(4)),
        corner,
    ];
    let content = column![picture, text::styled(style, stop.label)].spacing(2).align_x(Horizontal::Center);
    Press::new(content, move |theme, status| look(on, theme, status))
        .on_press(message)
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}

/// Height of a gap with its line.
const GAP: f32 = 17.0;

fn gap<'a, M: 'a>() -> Element<'a, M> {
    let line = container(space().width(Length::Fill).height(1)).style(|theme: &Theme| {
        let ink = theme.tokens.line_strong;
        container::background(Color { a: 0.6, ..ink })
    });
    container(line).height(GAP).padding(Padding { top: 8.0, bottom: 8.0, left: 10.0, right: 12.0 }).into()
}
