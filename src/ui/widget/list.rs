//! A list that opens over the page: the body of selects, menus and suggestions. It draws its rows itself, knows which one
//! is marked, and says what was picked; who opens it and what a pick means is the business of its owner.

use std::ops::Range;

use iced::advanced::mouse;
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Point, Rectangle, Size};

use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, Shaped};
use crate::ui::text::{self, Style};
use crate::ui::theme::tokens::radius;
use crate::ui::theme::{Density, Theme, Tone};
pub use crate::ui::widget::item::Item;
use crate::ui::widget::slip;
use crate::ui::{Color, Renderer, measure};

/// Room beside the words.
pub(super) const PAD: f32 = 12.0;
/// Room above the first and below the last row.
const EDGE: f32 = 4.0;
/// Rows in sight at most, in heights of a row.
const MOST: f32 = 12.0;
/// Distance from what it opens under, and from the window's edge.
const GAP: f32 = 4.0;

/// Which row is marked and how far the list is scrolled.
#[derive(Default)]
pub(crate) struct Marked {
    pub row: Option<usize>,
    /// First row in sight.
    top: usize,
    /// The marked row was marked by a key: keep it in sight.
    follow: bool,
    shaped: std::cell::RefCell<Shaped>,
}

impl Marked {
    /// Marks a row, as when the list opens.
    pub fn at(row: Option<usize>) -> Self {
        Self { row, follow: true, ..Self::default() }
    }

    /// Marks a row and brings it into sight.
    pub fn go(&mut self, row: Option<usize>) {
        self.row = row;
        self.follow = true;
    }
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Not for the list.
    Ignored,
    /// Taken; perhaps another row is marked.
    Taken,
    /// This row was picked.
    Picked(usize),
    /// Esc, or a press elsewhere.
    Closed,
}

/// Where an open list lies.
pub(crate) fn place<T>(items: &[Item<T>], anchor: Rectangle, least: f32, window: Size, density: Density) -> Rectangle {
    let widest = items.iter().map(Item::width).fold(least, f32::max).ceil();
    let width = widest.min(480.0).min((window.width - 2.0 * GAP).max(0.0));
    let wanted: f32 = items.iter().map(|item| item.height(density)).sum::<f32>() + 2.0 * EDGE;
    let below = window.height - (anchor.y + anchor.height) - 2.0 * GAP;
    let above = anchor.y - 2.0 * GAP;
    let most = (MOST * density.row()).min(wanted);
    // Above only when it does not fit below and there is more room there.
    let up = most > below && above > below;
    let height = most.min(if up { above } else { below }).max(0.0);
    let y = if up { anchor.y - GAP - height } else { anchor.y + anchor.height + GAP };
    let x = anchor.x.min(window.width - GAP - width).max(GAP.min(window.width));
    Rectangle { x, y: y.max(0.0), width, height }
}

/// The rows in sight with their places.
fn rows<T>(
    items: &[Item<T>],
    top: usize,
    bounds: Rectangle,
    density: Density,
) -> impl Iterator<Item = (usize, &Item<T>, Rectangle)> {
    let end = bounds.y + bounds.height - EDGE;
    let mut y = bounds.y + EDGE;
    items.iter().enumerate().skip(top).map_while(move |(at, item)| {
        let height = item.height(density);
        let row = Rectangle { y, height, ..bounds };
        y += height;
        // Whole rows only.
        (y <= end + 0.5).then_some((at, item, row))
    })
}

/// The rows in sight with their places, for whoever looks for a word.
pub(crate) fn shown<'i, T>(
    items: &'i [Item<T>],
    marked: &Marked,
    bounds: Rectangle,
    density: Density,
) -> impl Iterator<Item = (&'i Item<T>, Rectangle)> {
    rows(items, marked.top, bounds, density).map(|(_, item, bounds)| (item, bounds))
}

/// The furthest the list can be scrolled: from there the last row is in sight.
fn last_top<T>(items: &[Item<T>], bounds: Rectangle, density: Density) -> usize {
    let mut room = bounds.height - 2.0 * EDGE + 0.5;
    let mut top = items.len();
    while top > 0 && room >= items[top - 1].height(density) {
        room -= items[top - 1].height(density);
        top -= 1;
    }
    top
}

/// The next row that can be picked, from `from` in a direction; around the end when there is none.
pub(crate) fn next<T>(items: &[Item<T>], from: Option<usize>, forward: bool) -> Option<usize> {
    let len = items.len();
    let start = match (from, forward) {
        (Some(at), true) => at + 1,
        (Some(at), false) => at + len.saturating_sub(1),
        (None, true) => 0,
        (None, false) => len.saturating_sub(1),
    };
    (0..len)
        .map(|step| if forward { (start + step) % len } else { (start + len - step) % len })
        .find(|at| items[*at].pickable())
}

/// Lets the list see an event. `keys` are the keys it may take: all for a menu, only the list's own under a text field.
pub(crate) fn update<T>(
    items: &[Item<T>],
    marked: &mut Marked,
    event: &Event,
    bounds: Rectangle,
    cursor: mouse::Cursor,
    density: Density,
    typing: bool,
) -> Outcome {
    let at = |p: Point, top| rows(items, top, bounds, density).find(|(_, _, row)| row.contains(p)).map(|(at, ..)| at);
    let last = last_top(items, bounds, density);
    if std::mem::take(&mut marked.follow)
        && let Some(row) = marked.row
    {
        let in_sight = |top: usize| rows(items, top, bounds, density).any(|(at, ..)| at == row);
        if row < marked.top {
            marked.top = row;
        }
        while marked.top < last && !in_sight(marked.top) {
            marked.top += 1;
        }
    }
    marked.top = marked.top.min(last);
    match event {
        Event::Mouse(mouse::Event::CursorMoved { .. }) => {
            let Some(p) = cursor.position_over(bounds) else { return Outcome::Ignored };
            marked.row = at(p, marked.top).filter(|at| items[*at].pickable()).or(marked.row);
            Outcome::Taken
        }
        Event::Mouse(mouse::Event::ButtonPressed(_)) => match cursor.position_over(bounds) {
            None => Outcome::Closed,
            Some(_) => Outcome::Taken,
        },
        Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
            let picked =
                cursor.position_over(bounds).and_then(|p| at(p, marked.top)).filter(|at| items[*at].pickable());
            picked.map_or(Outcome::Ignored, Outcome::Picked)
        }
        Event::Mouse(mouse::Event::WheelScrolled { delta }) => {
            let y = match delta {
                mouse::ScrollDelta::Lines { y, .. } => *y,
                mouse::ScrollDelta::Pixels { y, .. } => *y / 40.0,
            };
            if y > 0.0 {
                marked.top = marked.top.saturating_sub(3);
            } else if y < 0.0 {
                marked.top = (marked.top + 3).min(last);
            }
            if cursor.is_over(bounds) { Outcome::Taken } else { Outcome::Ignored }
        }
        Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(key), modifiers, .. })
            if modifiers.is_empty() =>
        {
            match key {
                Named::ArrowDown => marked.go(next(items, marked.row, true)),
                Named::ArrowUp => marked.go(next(items, marked.row, false)),
                Named::Home if !typing => marked.go(next(items, None, true)),
                Named::End if !typing => marked.go(next(items, None, false)),
                Named::Escape => return Outcome::Closed,
                Named::Enter => return marked.row.map_or(Outcome::Ignored, Outcome::Picked),
                Named::Space if !typing => return marked.row.map_or(Outcome::Ignored, Outcome::Picked),
                _ => return Outcome::Ignored,
            }
            Outcome::Taken
        }
        _ => Outcome::Ignored,
    }
}

/// Draws the list, with the rows as high as they were laid out.
pub(crate) fn draw<T>(
    items: &[Item<T>],
    marked: &Marked,
    renderer: &mut Renderer,
    theme: &Theme,
    bounds: Rectangle,
    density: Density,
) {
    use iced::advanced::Renderer as _;
    let t = theme.tokens;
    let frame = theme.snap_rect(bounds);
    // The shadow reaches beyond the list; the layer must hold it.
    let around = frame.expand(slip::REACH);
    let mut shaped = marked.shaped.borrow_mut();
    shaped.begin(theme.scale);
    renderer.with_layer(around, |renderer| {
        slip::sheet(renderer, theme, frame);
        let mut brush = Brush::new(renderer, &mut shaped, theme, around);
        for (at, item, row) in rows(items, marked.top, frame, density) {
            draw_item(&mut brush, item, row, marked.row == Some(at));
        }
        let last = last_top(items, frame, density);
        if last > 0 {
            let track = frame.height - 2.0 * EDGE;
            let shown = items.len() - last;
            let height = (track * shown as f32 / items.len() as f32).max(24.0).min(track);
            let y = frame.y + EDGE + (track - height) * marked.top as f32 / last as f32;
            let thumb = Rectangle { x: frame.x + frame.width - 8.0, y, width: 5.0, height };
            brush.block(thumb, t.line_strong, radius::SMALL, None);
        }
    });
}

fn draw_item<T>(brush: &mut Brush<'_>, item: &Item<T>, row: Rectangle, marked: bool) {
    let t = brush.theme.tokens;
    if item.value.is_none() {
        if item.label.is_empty() {
            let y = row.y + 4.0;
            brush.fill(Rectangle { x: row.x + 1.0, y, width: row.width - 2.0, height: brush.theme.hair(1.0) }, t.line);
        } else {
            let style = text::NOTE.bold();
            let inner = Rectangle { x: row.x + PAD, width: row.width - 2.0 * PAD, ..row };
            brush.cut(&item.label, style, t.t2, &inner, 0.0);
        }
        return;
    }
    if marked && item.pickable() {
        brush.block(Rectangle { x: row.x + 4.0, width: row.width - 8.0, ..row }, t.selected, radius::CONTROL, None);
    }
    let ink = if item.disabled { t.t3 } else { item.tone.ink(t) };
    let mut left = row.x + PAD;
    if let Some(checked) = item.checked {
        if checked {
            brush.icon(Icon::Check, icon::size::INLINE, t.accent, left, &row);
        }
        left += 22.0;
    }
    if let Some(which) = item.icon {
        let ink = if item.tone == Tone::Plain { t.t2 } else { ink };
        brush.icon(which, icon::size::BUTTON, if item.disabled { t.t3 } else { ink }, left, &row);
        left += 24.0;
    }
    let mut right = row.x + row.width - PAD;
    if let Some(words) = item.key {
        let width = measure::width(words, text::NOTE.size, false) + 12.0;
        let cap = Rectangle { x: right - width, y: brush.centre(&row, 20.0), width, height: 20.0 };
        brush.block(cap, t.inset, radius::SMALL, Some(t.line_strong));
        brush.text(words, text::NOTE, t.t2, cap.x + 6.0, &cap);
        right = cap.x - 12.0;
    }
    if let Some(words) = &item.detail {
        let width = measure::width(words, text::SMALL.size, false).min((right - left) / 2.0);
        let at = Rectangle { x: right - width, width, ..row };
        brush.cut(words, text::SMALL, t.t2, &at, 1.0);
        right = at.x - 12.0;
    }
    let room = Rectangle { x: left, width: (right - left).max(0.0), ..row };
    marked_words(brush, &item.label, &item.marks, text::BODY, ink, t.accent, room);
}

/// Words whose matching parts are in the accent, bold and underlined, cut to their room.
pub(crate) fn marked_words(
    brush: &mut Brush<'_>,
    words: &str,
    marks: &[Range<usize>],
    style: Style,
    ink: Color,
    accent: Color,
    room: Rectangle,
) {
    let marks: Vec<_> = marks.iter().filter(|mark| !mark.is_empty() && words.get((*mark).clone()).is_some()).collect();
    if marks.is_empty() {
        brush.cut(words, style, ink, &room, 0.0);
        return;
    }
    let mut x = room.x;
    let mut at = 0;
    let end = room.x + room.width;
    let mut piece = |range: Range<usize>, hit: bool| {
        let Some(part) = words.get(range).filter(|part| !part.is_empty()) else { return };
        let style = if hit { style.bold() } else { style };
        let rest = Rectangle { x, width: (end - x).max(0.0), ..room };
        let (_, width) = brush.cut(part, style, if hit { accent } else { ink }, &rest, 0.0);
        if hit && width > 0.0 {
            let y = brush.centre(&room, style.line) + style.line - 2.0;
            brush.fill(Rectangle { x, y, width, height: brush.theme.hair(1.0) }, accent);
        }
        x += width;
    };
    for mark in marks {
        if mark.start >= at {
            piece(at..mark.start, false);
            piece(mark.clone(), true);
            at = mark.end;
        }
    }
    piece(at..words.len(), false);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<Item<u8>> {
        vec![
            Item::heading("企业"),
            Item::new(1, "甲"),
            Item::new(2, "乙").disabled(true),
            Item::line(),
            Item::new(3, "丙"),
        ]
    }

    #[test]
    fn arrows_pass_over_headings_lines_and_what_cannot_be_picked() {
        let items = items();
        assert_eq!(next(&items, None, true), Some(1));
        assert_eq!(next(&items, Some(1), true), Some(4));
        assert_eq!(next(&items, Some(4), true), Some(1));
        assert_eq!(next(&items, Some(1), false), Some(4));
        assert_eq!(next(&items, None, false), Some(4));
        assert_eq!(next::<u8>(&[], None, true), None);
        assert_eq!(next(&[Item::<u8>::heading("空")], Some(0), false), None);
    }

    #[test]
    fn it_opens_where_there_is_room_and_never_leaves_the_window() {
        let window = Size::new(400.0, 300.0);
        let at = |x, y| Rectangle { x, y, width: 100.0, height: 32.0 };
        let low = place(&items(), at(350.0, 260.0), 120.0, window, Density::Comfortable);
        assert!(low.y + low.height <= 260.0 && low.x + low.width <= 400.0);
        let high = place(&items(), at(10.0, 10.0), 120.0, window, Density::Comfortable);
        assert!(high.y >= 42.0);
        let tiny = place(&items(), at(0.0, 0.0), 120.0, Size::new(20.0, 10.0), Density::Comfortable);
        assert!(tiny.width >= 0.0 && tiny.height >= 0.0);
    }
}
