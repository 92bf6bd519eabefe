//! A long list of lines of one or two rows of words, such as a queue: it lies in a scroll and draws only what is in sight.
//!
//! It has the keyboard so that no button keeps it; what keys do is its owner's to say.

use std::borrow::Cow;
use std::cell::RefCell;

use iced::advanced::widget::operation::scrollable::AbsoluteOffset;
use iced::advanced::widget::operation::{Outcome, Scrollable};
use iced::advanced::widget::{Id, Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, renderer};
use iced::keyboard::Modifiers;
use iced::{Event, Length, Point, Rectangle, Size, Task, Vector, keyboard};

use crate::ui::focus::Focus;
use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, Shaped};
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::{Element, Renderer, measure, text};

/// Heights of the sorts of lines.
pub const HEAD: f32 = 34.0;
/// A line of one row of words.
pub const ONE: f32 = 30.0;
/// A line of two rows of words.
pub const TWO: f32 = 46.0;

/// Left and right of the words.
const PAD: f32 = 14.0;

/// A line as it is shown.
#[derive(Debug, Clone)]
pub enum Line<'a> {
    /// Over the lines that follow.
    Head(Cow<'a, str>),
    /// One row, with perhaps a badge at its end.
    One { words: Cow<'a, str>, badge: Option<Badge<'a>>, current: bool },
    /// Two rows: what it is, and below it what is said of it.
    Two { words: Cow<'a, str>, below: Vec<(Tone, Option<Icon>, Cow<'a, str>)>, current: bool, ticked: bool },
}

/// The list.
pub struct Queue<'a, M> {
    /// Where each line begins; one more than there are lines.
    tops: &'a [f32],
    line: Box<dyn Fn(usize) -> Line<'a> + 'a>,
    on_press: Box<dyn Fn(usize, Modifiers) -> M + 'a>,
    on_menu: Option<Box<dyn Fn(usize, Point) -> M + 'a>>,
    id: Id,
}

/// A list whose lines begin at `tops`, the last of which is its height. `line` is asked for what is in sight only.
pub fn queue<'a, M>(
    id: impl Into<Id>,
    tops: &'a [f32],
    line: impl Fn(usize) -> Line<'a> + 'a,
    on_press: impl Fn(usize, Modifiers) -> M + 'a,
) -> Queue<'a, M> {
    Queue { tops, line: Box::new(line), on_press: Box::new(on_press), on_menu: None, id: id.into() }
}

/// Where lines of these heights begin.
pub fn tops(heights: impl IntoIterator<Item = f32>) -> Vec<f32> {
    let mut all = vec![0.0];
    let mut at = 0.0;
    for height in heights {
        at += height;
        all.push(at);
    }
    all
}

/// Scrolls so that a stretch of what lies in the scroll of this name is in sight.
pub fn show<M: Send + 'static>(id: impl Into<Id>, from: f32, to: f32) -> Task<M> {
    iced::advanced::widget::operate(Show { id: id.into(), from, to }).discard()
}

/// Scrolls so that a container is in sight in the scroll it lies in.
pub fn reveal<M: Send + 'static>(scroll: impl Into<Id>, target: impl Into<Id>) -> Task<M> {
    let (scroll, target) = (scroll.into(), target.into());
    iced::advanced::widget::operate(Reveal { scroll, target, around: None, found: None }).discard()
}

struct Reveal {
    scroll: Id,
    target: Id,
    around: Option<Rectangle>,
    found: Option<Rectangle>,
}

impl Operation for Reveal {
    fn scrollable(
        &mut self,
        id: Option<&Id>,
        bounds: Rectangle,
        _content: Rectangle,
        _translation: Vector,
        _state: &mut dyn Scrollable,
    ) {
        if id == Some(&self.scroll) {
            self.around = Some(bounds);
        }
    }

    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        if id == Some(&self.target) {
            self.found = Some(bounds);
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn finish(&self) -> Outcome<()> {
        /// Room kept around it.
        const MARGIN: f32 = 40.0;
        let (Some(around), Some(found)) = (self.around, self.found) else { return Outcome::None };
        // Its place is that of an unscrolled content.
        let from = found.y - around.y;
        let to = from + found.height + MARGIN;
        Outcome::Chain(Box::new(Show { id: self.scroll.clone(), from: (from - MARGIN).max(0.0), to }))
    }
}

struct Show {
    id: Id,
    from: f32,
    to: f32,
}

impl Operation for Show {
    fn scrollable(
        &mut self,
        id: Option<&Id>,
        bounds: Rectangle,
        _content: Rectangle,
        translation: Vector,
        state: &mut dyn Scrollable,
    ) {
        if id != Some(&self.id) {
            return;
        }
        let y = if translation.y > self.from {
            self.from
        } else if translation.y + bounds.height < self.to {
            self.to - bounds.height
        } else {
            return;
        };
        state.scroll_to(AbsoluteOffset { x: None, y: Some(y) });
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

#[derive(Default)]
struct Inner {
    focus: Focus,
    modifiers: Modifiers,
    /// What was in sight last, for whoever looks for a word.
    seen: Option<Rectangle>,
    hovered: Option<usize>,
    shaped: RefCell<Shaped>,
}

impl<'a, M> Queue<'a, M> {
    /// What a right press on a line asks for, and where its menu is to hang.
    #[must_use]
    pub fn on_menu(mut self, on_menu: impl Fn(usize, Point) -> M + 'a) -> Self {
        self.on_menu = Some(Box::new(on_menu));
        self
    }
}

impl<M> Queue<'_, M> {
    fn count(&self) -> usize {
        self.tops.len().saturating_sub(1)
    }

    /// Lines that reach into a stretch from the list's top.
    fn among(&self, from: f32, to: f32) -> std::ops::Range<usize> {
        let first = self.tops.partition_point(|top| *top <= from).saturating_sub(1);
        let last = self.tops.partition_point(|top| *top < to);
        first.min(self.count())..last.min(self.count())
    }

    fn bounds(&self, at: usize, all: Rectangle) -> Rectangle {
        Rectangle { y: all.y + self.tops[at], height: self.tops[at + 1] - self.tops[at], ..all }
    }

    fn under(&self, cursor: mouse::Cursor, all: Rectangle) -> Option<usize> {
        let point = cursor.position_over(all)?;
        let at = self.among(point.y - all.y, point.y - all.y + 0.5).next()?;
        self.bounds(at, all).contains(point).then_some(at)
    }
}

impl<M> Widget<M, Theme, Renderer> for Queue<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Shrink)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::default())
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::new(limits.max().width, self.tops.last().copied().unwrap_or(0.0)))
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        let inner = tree.state.downcast_mut::<Inner>();
        let bounds = layout.bounds();
        let seen = inner.seen.unwrap_or(bounds);
        operation.focusable(Some(&self.id), bounds, &mut inner.focus);
        for at in self.among(seen.y - bounds.y, seen.y + seen.height - bounds.y) {
            let place = self.bounds(at, bounds);
            match (self.line)(at) {
                Line::Head(words) => operation.text(None, place, &words),
                Line::One { words, badge, .. } => {
                    operation.text(None, place, &words);
                    if let Some(badge) = badge {
                        operation.text(None, place, &badge.word);
                    }
                }
                Line::Two { words, below, .. } => {
                    operation.text(None, place, &words);
                    for (_, _, words) in below {
                        operation.text(None, place, &words);
                    }
                }
            }
        }
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
        viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_mut::<Inner>();
        let bounds = layout.bounds();
        inner.seen = bounds.intersection(viewport);
        match event {
            Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)) => inner.modifiers = *modifiers,
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => match self.under(cursor, bounds) {
                Some(at) if !shell.is_event_captured() => {
                    inner.focus.click();
                    shell.publish((self.on_press)(at, inner.modifiers));
                    shell.capture_event();
                    shell.request_redraw();
                }
                _ => {
                    inner.focus.drop();
                }
            },
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)) if !shell.is_event_captured() => {
                let at = self.under(cursor, bounds).zip(cursor.position());
                if let (Some((line, at)), Some(on_menu)) = (at, &self.on_menu) {
                    shell.publish(on_menu(line, at));
                    shell.capture_event();
                }
            }
            _ => {}
        }
        let hovered = self.under(cursor, bounds);
        if hovered != inner.hovered {
            inner.hovered = hovered;
            if !matches!(event, Event::Window(_)) {
                shell.request_redraw();
            }
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
        viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_ref::<Inner>();
        let all = layout.bounds();
        let Some(seen) = all.intersection(viewport) else { return };
        let mut shaped = inner.shaped.borrow_mut();
        shaped.begin(theme.scale);
        let mut brush = Brush::new(renderer, &mut shaped, theme, seen);
        for at in self.among(seen.y - all.y, seen.y + seen.height - all.y) {
            let place = theme.snap_rect(self.bounds(at, all));
            draw_line(&mut brush, (self.line)(at), place, inner.hovered == Some(at));
        }
    }

    fn mouse_interaction(
        &self,
        _tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let under = self.under(cursor, layout.bounds());
        match under.map(|at| (self.line)(at)) {
            Some(Line::One { .. } | Line::Two { .. }) => mouse::Interaction::Pointer,
            _ => mouse::Interaction::None,
        }
    }
}

fn draw_line(brush: &mut Brush<'_>, line: Line<'_>, place: Rectangle, hovered: bool) {
    let t = brush.theme.tokens;
    let hair = brush.theme.hair(1.0);
    let inner = Rectangle { x: place.x + PAD, width: (place.width - 2.0 * PAD).max(0.0), ..place };
    let ground = |brush: &mut Brush<'_>, current: bool, ticked: bool| {
        let ink = if current || ticked { t.selected } else { t.hover };
        brush.fill_if(current || ticked || hovered, place, ink);
        brush.fill_if(current, Rectangle { width: 3.0, ..place }, t.accent);
        brush.fill(Rectangle { y: place.y + place.height - hair, height: hair, ..place }, t.line);
    };
    match line {
        Line::Head(words) => {
            let low = Rectangle { y: inner.y + 6.0, height: inner.height - 6.0, ..inner };
            brush.cut(&words, text::NOTE.bold(), t.t2, &low, 0.0);
            brush.fill(Rectangle { y: place.y + place.height - hair, height: hair, ..place }, t.line_strong);
        }
        Line::One { words, badge, current } => {
            ground(brush, current, false);
            let mut room = inner;
            if let Some(badge) = &badge {
                let width = measure::width(&badge.word, text::NOTE.size, false) + 20.0;
                room.width = (room.width - width - 8.0).max(0.0);
                let at = Rectangle { x: inner.x + inner.width - width, width, ..inner };
                let ink = badge.tone.ink(t);
                brush.icon(badge.icon, icon::size::INLINE, ink, at.x, &at);
                brush.text(&badge.word, text::NOTE, ink, at.x + 18.0, &at);
            }
            brush.cut(&words, text::SMALL, t.t1, &room, 0.0);
        }
        Line::Two { words, below, current, ticked } => {
            ground(brush, current, ticked);
            let mut high = Rectangle { y: inner.y + 4.0, height: 21.0, ..inner };
            if ticked {
                let at = Rectangle { x: inner.x + inner.width - 16.0, ..high };
                brush.icon(Icon::CircleCheck, icon::size::BUTTON, t.accent, at.x, &at);
                high.width -= 22.0;
            }
            brush.cut(&words, if current { text::BODY.bold() } else { text::BODY }, t.t1, &high, 0.0);
            let mut low = Rectangle { y: inner.y + 24.0, height: 18.0, ..inner };
            let end = low.x + low.width;
            for (tone, picture, words) in &below {
                let ink = tone.ink(t);
                if let Some(picture) = picture {
                    brush.icon(*picture, icon::size::INLINE, ink, low.x, &low);
                    low.x += 18.0;
                }
                low.width = (end - low.x).max(0.0);
                let (_, width) = brush.cut(words, text::NOTE, ink, &low, 0.0);
                low.x += width + 8.0;
                low.width = (end - low.x).max(0.0);
            }
        }
    }
}

impl<'a, M: 'a> From<Queue<'a, M>> for Element<'a, M> {
    fn from(queue: Queue<'a, M>) -> Self {
        Element::new(queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_reach_into_sight_are_asked_for() {
        let tops = tops((0..100_000).map(|n| if n % 10 == 0 { HEAD } else { TWO }));
        let list = queue("queue", &tops, |_| Line::Head("".into()), |_, _| ());
        assert_eq!(list.among(0.0, 40.0), 0..2);
        assert_eq!(list.among(34.0, 80.0), 1..2);
        assert_eq!(list.among(33.0, 80.5), 0..3);
        let end = tops[100_000];
        assert_eq!(list.among(end - 10.0, end + 500.0), 99_999..100_000);
        assert_eq!(list.count(), 100_000);
    }

    #[test]
    fn an_empty_list_has_no_lines() {
        let tops = tops([]);
        let list = queue("queue", &tops, |_| Line::Head("".into()), |_, _| ());
        assert_eq!(list.among(0.0, 500.0), 0..0);
    }
}
