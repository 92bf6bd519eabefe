//! Chips: filters that are on or off, that can be taken away, or that open a menu. 26 px high, round ends.

use iced::alignment::Vertical;
use iced::widget::row;

use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::{radius, size};
use crate::ui::widget::press::{Look, Press, Status};
use crate::ui::{Element, Theme, space, text};

fn look(on: bool, theme: &Theme, status: Status) -> Look {
    let t = theme.tokens;
    let look = match (on, status.hovered) {
        (true, _) => Look::bare(t.t1).ground(t.accent_soft).frame(t.accent),
        (false, true) => Look::bare(t.t1).ground(t.hover).frame(t.line_ctl),
        (false, false) => Look::bare(t.t1).ground(t.sheet).frame(t.line_ctl),
    };
    look.radius(radius::CHIP)
}

fn chip<'a, M: Clone + 'a>(
    label: String,
    tail: Option<Element<'a, M>>,
    on: bool,
    message: Option<M>,
) -> Element<'a, M> {
    // The tail is an icon of its own, so it may come nearer to the edge than words.
    let right = if tail.is_some() { 8.0 } else { 10.0 };
    let words = text::styled(text::SMALL, label).wrapping(iced::widget::text::Wrapping::None);
    Press::new(row![words].push(tail).spacing(space::S6).align_y(Vertical::Center), move |theme, status| {
        look(on, theme, status)
    })
    .on_press(message)
    .padding(iced::Padding { top: 0.0, bottom: 0.0, left: 10.0, right })
    .height(size::CHIP)
    .into()
}

/// A filter with its count that is on or off: 待初审 6.
pub fn toggle<'a, M: Clone + 'a>(label: impl Into<String>, on: bool, message: M) -> Element<'a, M> {
    chip(label.into(), None, on, Some(message))
}

/// A filter in force: pressing it changes it, the × takes it away.
pub fn removable<'a, M: Clone + 'a>(label: impl Into<String>, change: Option<M>, remove: M) -> Element<'a, M> {
    let cross = Press::new(icon::icon(Icon::X, icon::size::INLINE), |theme, status| {
        let t = theme.tokens;
        Look::bare(if status.hovered { t.t1 } else { t.t2 }).radius(radius::SMALL)
    })
    .on_press(remove.clone())
    .padding(1);
    // A filter that cannot be changed in place is taken away by pressing it anywhere.
    chip(label.into(), Some(cross.into()), true, Some(change.unwrap_or(remove)))
}

/// A chip that opens a menu: 数据年份：2025 ⌄. Put it into a [`crate::ui::widget::menu`].
pub fn opener<'a, M: Clone + 'a>(label: impl Into<String>, on: bool, message: M) -> Element<'a, M> {
    chip(label.into(), Some(icon::icon(Icon::ChevronDown, icon::size::INLINE).into()), on, Some(message))
}

/// A filter in force that opens a menu, as the left half of a chip whose right half takes it away. Put it into a
/// [`crate::ui::widget::menu`] and [`taker`] right after it.
pub fn opener_half<'a, M: Clone + 'a>(label: impl Into<String>, message: M) -> Element<'a, M> {
    let words = text::styled(text::SMALL, label.into()).wrapping(iced::widget::text::Wrapping::None);
    let chevron = icon::icon(Icon::ChevronDown, icon::size::INLINE);
    Press::new(row![words, chevron].spacing(space::S6).align_y(Vertical::Center), |theme, status| {
        look(true, theme, status).radius(iced::border::left(radius::CHIP))
    })
    .on_press(message)
    .padding(iced::Padding { top: 0.0, bottom: 0.0, left: 10.0, right: 6.0 })
    .height(size::CHIP)
    .into()
}

/// The right half of such a chip: ×.
pub fn taker<'a, M: Clone + 'a>(message: M) -> Element<'a, M> {
    Press::new(icon::icon(Icon::X, icon::size::INLINE), |theme, status| {
        let own = look(true, theme, status).radius(iced::border::right(radius::CHIP));
        if status.hovered { own.ground(theme.tokens.hover) } else { own }
    })
    .on_press(message)
    .padding(iced::Padding { top: 0.0, bottom: 0.0, left: 5.0, right: 7.0 })
    .height(size::CHIP)
    .into()
}

/// Adds a filter: + 筛选.
pub fn add<'a, M: Clone + 'a>(label: impl Into<String>, message: M) -> Element<'a, M> {
    let words = text::styled(text::SMALL, label.into()).wrapping(iced::widget::text::Wrapping::None);
    Press::new(
        row![icon::icon(Icon::Plus, icon::size::INLINE), words].spacing(space::S6).align_y(Vertical::Center),
        |theme, status| {
            let t = theme.tokens;
            let look = Look::bare(t.accent).radius(radius::CHIP);
            if status.hovered { look.ground(t.hover) } else { look }
        },
    )
    .on_press(message)
    .padding([0, 8])
    .height(size::CHIP)
    .into()
}
