//! How far something is: a bar with what is done and a way to stop it, and a number over a bar for a funnel.

use iced::Length;
use iced::alignment::{Horizontal, Vertical};
use iced::widget::{column, container, row, space};

use crate::ui::theme::{Theme, Tokens, Tone};
use crate::ui::widget::press::{Look, Press};
use crate::ui::{Color, Element, text};

fn bar<'a, M: 'a>(width: f32, height: f32, radius: f32, ink: impl Fn(&Tokens) -> Color + 'a) -> Element<'a, M> {
    container(space().width(width).height(height))
        .style(move |theme: &Theme| container::Style {
            background: Some(ink(theme.tokens).into()),
            border: iced::border::rounded(radius),
            ..container::Style::default()
        })
        .into()
}

/// A bar, `done` from 0 to 1.
pub fn progress<'a, M: 'a>(done: f32, width: f32) -> Element<'a, M> {
    const HEIGHT: f32 = 4.0;
    let done = if done.is_finite() { done.clamp(0.0, 1.0) } else { 0.0 };
    // The done part lies on the whole; nothing done is no bar, not a dot.
    let filled = (width * done).round();
    let whole = container(row![].push((filled >= 1.0).then(|| bar(filled, HEIGHT, HEIGHT / 2.0, |t| t.accent))));
    whole
        .width(width)
        .height(HEIGHT)
        .style(|theme: &Theme| container::Style {
            background: Some(theme.tokens.line_strong.into()),
            border: iced::border::rounded(HEIGHT / 2.0),
            ..container::Style::default()
        })
        .into()
}

/// A step of a funnel: the number over a bar as long as its share of the greatest, right-aligned; pressing it opens its
/// rows. `None` is “—”.
pub fn funnel<'a, M: Clone + 'a>(count: Option<u64>, greatest: u64, width: f32, on_press: Option<M>) -> Element<'a, M> {
    const BAR: f32 = 3.0;
    let Some(count) = count else {
        return container(text::toned(text::BODY, Tone::Faint, "—"))
            .width(width)
            .height(text::BODY.line + BAR)
            .align_x(Horizontal::Right)
            .align_y(Vertical::Center)
            .into();
    };
    let length = if greatest == 0 { 0.0 } else { (width * count as f32 / greatest as f32).clamp(0.0, width) };
    // One is still something.
    let length = if count > 0 { length.round().max(3.0) } else { 0.0 };
    let content = column![
        text::styled(text::BODY, count.to_string()),
        row![].push((length > 0.0).then(|| bar(length, BAR, 0.0, |t| t.accent_fill))).height(BAR),
    ]
    .width(width)
    .align_x(Horizontal::Right);
    Press::new(content, |theme, status| {
        let t = theme.tokens;
        Look::bare(if status.hovered { t.accent } else { t.t1 }).ring_inside()
    })
    .on_press(on_press)
    .width(Length::Fixed(width))
    .into()
}
