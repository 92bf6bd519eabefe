//! A month to pick a day from, weeks from Monday. Arrow keys move by day and week, PageUp and PageDown by month.

use chrono::{Datelike, Days, Months, NaiveDate};
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Point, Rectangle, Size};

use crate::ui::focus::Focus;
use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, Shaped};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::widget::press;
use crate::ui::{Element, Renderer, measure, text};

/// What is known of a day besides its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    /// No work is done: drawn quietly.
    pub rest: bool,
    /// A mark in the corner: 休, 班, or a dot for something due.
    pub mark: Option<char>,
    /// Cannot be picked.
    pub closed: bool,
}

/// A month to pick a day from.
pub struct Calendar<'a, M> {
    chosen: Option<NaiveDate>,
    today: NaiveDate,
    day: Box<dyn Fn(NaiveDate) -> Day + 'a>,
    on_pick: Box<dyn Fn(NaiveDate) -> M + 'a>,
}

/// A month around the chosen day, or around today. Saturdays and Sundays rest unless [`Calendar::days`] says otherwise.
pub fn calendar<'a, M>(
    chosen: Option<NaiveDate>,
    today: NaiveDate,
    on_pick: impl Fn(NaiveDate) -> M + 'a,
) -> Calendar<'a, M> {
    let weekend = |date: NaiveDate| Day { rest: date.weekday().num_days_from_monday() > 4, ..Day::default() };
    Calendar { chosen, today, day: Box::new(weekend), on_pick: Box::new(on_pick) }
}

impl<'a, M> Calendar<'a, M> {
    /// What is known of each day: holidays, days worked in exchange, days that cannot be picked.
    #[must_use]
    pub fn days(mut self, day: impl Fn(NaiveDate) -> Day + 'a) -> Self {
        self.day = Box::new(day);
        self
    }
}

/// Width and height of a day.
const DAY: Size = Size::new(36.0, 30.0);
/// Height of the line with the month, and of that with the weekdays.
const MONTH: f32 = 32.0;
const WEEKDAYS: f32 = 26.0;
const NAMES: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

struct Inner {
    focus: Focus,
    /// The day the keyboard is on; its month is shown.
    on: NaiveDate,
    /// What was chosen when `on` was set.
    of: Option<NaiveDate>,
    hover: Option<Spot>,
    shaped: std::cell::RefCell<Shaped>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    YearBack,
    Back,
    Forward,
    YearForward,
    Day(NaiveDate),
}

/// The first day drawn: the Monday of the week the month begins in.
fn first(month: NaiveDate) -> NaiveDate {
    let start = month.with_day(1).unwrap_or(month);
    start.checked_sub_days(Days::new(u64::from(start.weekday().num_days_from_monday()))).unwrap_or(start)
}

fn by_months(date: NaiveDate, by: i32) -> NaiveDate {
    let months = Months::new(by.unsigned_abs());
    let moved = if by < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) };
    moved.unwrap_or(date)
}

fn by_days(date: NaiveDate, by: i64) -> NaiveDate {
    let days = Days::new(by.unsigned_abs());
    let moved = if by < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) };
    moved.unwrap_or(date)
}

/// The days of six weeks with their places.
fn days(month: NaiveDate, bounds: Rectangle) -> impl Iterator<Item = (NaiveDate, Rectangle)> {
    let start = first(month);
    let top = bounds.y + MONTH + WEEKDAYS;
    (0..42).map(move |at| {
        let place = Point::new(bounds.x + (at % 7) as f32 * DAY.width, top + (at / 7) as f32 * DAY.height);
        (by_days(start, at), Rectangle::new(place, DAY))
    })
}

/// The four arrows beside the month.
fn arrows(bounds: Rectangle) -> [(Spot, Icon, Rectangle); 4] {
    let side = MONTH - 4.0;
    let at = |x: f32| Rectangle { x: bounds.x + x, y: bounds.y, width: side, height: side };
    let right = bounds.width - side;
    [
        (Spot::YearBack, Icon::ChevronsLeft, at(0.0)),
        (Spot::Back, Icon::ChevronLeft, at(side)),
        (Spot::Forward, Icon::ChevronRight, at(right - side)),
        (Spot::YearForward, Icon::ChevronsRight, at(right)),
    ]
}

fn spot(month: NaiveDate, bounds: Rectangle, p: Point) -> Option<Spot> {
    let arrow = arrows(bounds).into_iter().find(|(_, _, place)| place.contains(p)).map(|(spot, ..)| spot);
    arrow.or_else(|| days(month, bounds).find(|(_, place)| place.contains(p)).map(|(date, _)| Spot::Day(date)))
}

impl<M> Calendar<'_, M> {
    fn pick(&self, date: NaiveDate, shell: &mut Shell<'_, M>) {
        if !(self.day)(date).closed {
            shell.publish((self.on_pick)(date));
        }
    }
}

impl<M> Widget<M, Theme, Renderer> for Calendar<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner {
            focus: Focus::default(),
            on: self.chosen.unwrap_or(self.today),
            of: self.chosen,
            hover: None,
            shaped: std::cell::RefCell::default(),
        })
    }

    fn diff(&self, tree: &mut Tree) {
        let inner = tree.state.downcast_mut::<Inner>();
        // Another date was typed into the field above: show its month.
        if inner.of != self.chosen {
            inner.of = self.chosen;
            inner.on = self.chosen.unwrap_or(inner.on);
        }
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, _limits: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(7.0 * DAY.width, MONTH + WEEKDAYS + 6.0 * DAY.height))
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        operation.focusable(None, layout.bounds(), &mut tree.state.downcast_mut::<Inner>().focus);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
        _viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_mut::<Inner>();
        let bounds = layout.bounds();
        match event {
            Event::Mouse(mouse::Event::CursorMoved { .. }) => {
                let hover = cursor.position_over(bounds).and_then(|p| spot(inner.on, bounds, p));
                if hover != inner.hover {
                    inner.hover = hover;
                    shell.request_redraw();
                }
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                let Some(p) = cursor.position_over(bounds) else {
                    if inner.focus.drop() {
                        shell.request_redraw();
                    }
                    return;
                };
                inner.focus.click();
                match spot(inner.on, bounds, p) {
                    Some(Spot::YearBack) => inner.on = by_months(inner.on, -12),
                    Some(Spot::Back) => inner.on = by_months(inner.on, -1),
                    Some(Spot::Forward) => inner.on = by_months(inner.on, 1),
                    Some(Spot::YearForward) => inner.on = by_months(inner.on, 12),
                    Some(Spot::Day(date)) => self.pick(date, shell),
                    None => {}
                }
                shell.capture_event();
                shell.request_redraw();
            }
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => {
                let (mouse::ScrollDelta::Lines { y, .. } | mouse::ScrollDelta::Pixels { y, .. }) = delta;
                if *y != 0.0 {
                    inner.on = by_months(inner.on, if *y > 0.0 { -1 } else { 1 });
                    shell.capture_event();
                    shell.request_redraw();
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(key), modifiers, .. })
                if inner.focus.held() && !modifiers.command() && !modifiers.alt() =>
            {
                let months = if modifiers.shift() { 12 } else { 1 };
                inner.on = match key {
                    Named::ArrowLeft => by_days(inner.on, -1),
                    Named::ArrowRight => by_days(inner.on, 1),
                    Named::ArrowUp => by_days(inner.on, -7),
                    Named::ArrowDown => by_days(inner.on, 7),
                    Named::PageUp => by_months(inner.on, -months),
                    Named::PageDown => by_months(inner.on, months),
                    Named::Home => self.today,
                    Named::Enter | Named::Space => {
                        self.pick(inner.on, shell);
                        inner.on
                    }
                    _ => return,
                };
                inner.focus.key();
                shell.capture_event();
                shell.request_redraw();
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_ref::<Inner>();
        let (t, bounds) = (theme.tokens, layout.bounds());
        let mut shaped = inner.shaped.borrow_mut();
        shaped.begin(theme.scale);
        let keyed = days(inner.on, bounds).find(|(date, _)| *date == inner.on).map(|(_, place)| place);
        let mut brush = Brush::new(renderer, &mut shaped, theme, bounds);
        let head = Rectangle { height: MONTH - 4.0, ..bounds };
        let title = format!("{} 年 {} 月", inner.on.year(), inner.on.month());
        brush.cut(&title, text::BODY.bold(), t.t1, &head, 0.5);
        for (which, picture, place) in arrows(bounds) {
            let lit = inner.hover == Some(which);
            if lit {
                brush.block(place, t.hover, radius::CONTROL, None);
            }
            let x = place.x + (place.width - icon::size::BUTTON) / 2.0;
            brush.icon(picture, icon::size::BUTTON, if lit { t.t1 } else { t.t2 }, x, &place);
        }
        for (at, name) in NAMES.iter().enumerate() {
            let x = bounds.x + at as f32 * DAY.width;
            let place = Rectangle { x, y: bounds.y + MONTH, width: DAY.width, height: WEEKDAYS };
            brush.cut(name, text::NOTE, if at > 4 { t.t3 } else { t.t2 }, &place, 0.5);
        }
        for (date, place) in days(inner.on, bounds) {
            let known = (self.day)(date);
            let other = date.month() != inner.on.month();
            let chosen = self.chosen == Some(date);
            let cell =
                Rectangle { x: place.x + 2.0, y: place.y + 1.0, width: place.width - 4.0, height: place.height - 2.0 };
            if chosen {
                brush.block(cell, t.accent_fill, radius::CONTROL, None);
            } else if inner.hover == Some(Spot::Day(date)) && !known.closed {
                brush.block(cell, t.hover, radius::CONTROL, None);
            }
            if date == self.today && !chosen {
                brush.ring(cell, t.accent, 1.0);
            }
            let ink = match (chosen, known.closed || other, known.rest) {
                (true, ..) => t.on_fill,
                (_, true, _) => t.line_ctl,
                (_, _, true) => t.t3,
                _ => t.t1,
            };
            let style = if chosen || date == self.today { text::SMALL.bold() } else { text::SMALL };
            let words = date.day().to_string();
            let x = cell.x + (cell.width - measure::width(&words, style.size, style.bold)) / 2.0;
            brush.text(&words, style, ink, x, &cell);
            if let Some(mark) = known.mark.filter(|_| !other) {
                // The one text below the floor of sizes: a mark on a number, as on every wall calendar.
                let corner = Rectangle { x: cell.x + cell.width - 10.0, y: cell.y, width: 10.0, height: 12.0 };
                let small = text::Style { size: 10.0, line: 12.0, bold: false };
                let ink = if chosen {
                    t.on_fill
                } else if known.rest {
                    t.success
                } else {
                    t.warn
                };
                brush.text(mark.encode_utf8(&mut [0; 4]), small, ink, corner.x, &corner);
            }
        }
        if inner.focus.shown()
            && let Some(place) = keyed
        {
            let cell =
                Rectangle { x: place.x + 2.0, y: place.y + 1.0, width: place.width - 4.0, height: place.height - 2.0 };
            press::ring(renderer, theme, cell, radius::CONTROL.into(), true);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let inner = tree.state.downcast_ref::<Inner>();
        match cursor.position_over(layout.bounds()).and_then(|p| spot(inner.on, layout.bounds(), p)) {
            Some(Spot::Day(date)) if (self.day)(date).closed => mouse::Interaction::Idle,
            Some(_) => mouse::Interaction::Pointer,
            None => mouse::Interaction::None,
        }
    }
}

impl<'a, M: 'a> From<Calendar<'a, M>> for Element<'a, M> {
    fn from(calendar: Calendar<'a, M>) -> Self {
        Element::new(calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn weeks_begin_on_monday_and_six_of_them_hold_every_month() {
        assert_eq!(first(date(2026, 8, 24)), date(2026, 7, 27));
        assert_eq!(first(date(2027, 2, 1)), date(2027, 2, 1), "a month that begins on a Monday");
        for month in 1..=12 {
            let month = date(2026, month, 1);
            let shown: Vec<_> = days(month, Rectangle::default()).map(|(date, _)| date).collect();
            let last = by_days(by_months(month, 1), -1);
            assert!(shown.contains(&month) && shown.contains(&last));
        }
    }

    #[test]
    fn the_ends_of_time_do_not_break_it() {
        let (min, max) = (NaiveDate::MIN, NaiveDate::MAX);
        for date in [min, max] {
            let _ = (first(date), by_months(date, 1), by_months(date, -1), by_days(date, 7), by_days(date, -7));
            assert_eq!(days(date, Rectangle::default()).count(), 42);
        }
        assert_eq!(by_months(date(2026, 3, 31), -1), date(2026, 2, 28));
    }
}
