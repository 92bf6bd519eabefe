//! Content that is higher than its place: the wheel and a scrollbar whose thumb never gets too short to hold. The offset
//! is a whole number of physical pixels, so scrolled text stays as sharp as any.

use iced::advanced::widget::operation::scrollable::{AbsoluteOffset, RelativeOffset, Scrollable};
use iced::advanced::widget::{Id, Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Rectangle, Size, Vector};

use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::widget::press;
use crate::ui::{Element, Renderer};

/// Width of the strip the thumb can be caught in, and of the thumb.
const STRIP: f32 = 12.0;
const THUMB: f32 = 6.0;
/// The thumb never gets shorter than this.
const THUMB_MIN: f32 = 24.0;
/// Per notch of the wheel.
const NOTCH: f32 = 60.0;

/// Content that scrolls up and down.
pub struct Scroll<'a, M> {
    content: Element<'a, M>,
    id: Option<Id>,
    width: Length,
    height: Length,
    main: bool,
}

/// Content that scrolls up and down when it is higher than its place.
pub fn scroll<'a, M: 'a>(content: impl Into<Element<'a, M>>) -> Scroll<'a, M> {
    Scroll { content: content.into(), id: None, width: Length::Fill, height: Length::Fill, main: false }
}

impl<M> Scroll<'_, M> {
    /// A name by which it can be scrolled.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its height; it fills its place unless told.
    #[must_use]
    pub fn height(mut self, height: impl Into<Length>) -> Self {
        self.height = height.into();
        self
    }

    /// The page's own scrolling: PageUp and PageDown that nobody took turn it.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.main = true;
        self
    }
}

#[derive(Debug, Default)]
struct Inner {
    offset: f32,
    /// Where the thumb was caught, from its top.
    hold: Option<f32>,
    /// As they were at the last event, for operations that only know offsets.
    room: f32,
}

impl Inner {
    fn go(&mut self, to: f32) -> bool {
        let to = to.clamp(0.0, self.room.max(0.0));
        let moved = (to - self.offset).abs() > 0.01;
        self.offset = to;
        moved
    }
}

impl Scrollable for Inner {
    fn snap_to(&mut self, offset: RelativeOffset<Option<f32>>) {
        if let Some(y) = offset.y {
            self.go(y.clamp(0.0, 1.0) * self.room);
        }
    }

    fn scroll_to(&mut self, offset: AbsoluteOffset<Option<f32>>) {
        if let Some(y) = offset.y {
            self.go(y);
        }
    }

    fn scroll_by(&mut self, offset: AbsoluteOffset, bounds: Rectangle, content: Rectangle) {
        self.room = (content.height - bounds.height).max(0.0);
        self.go(self.offset + offset.y);
    }
}

/// The thumb's place, when the content is higher than its place.
fn thumb(bounds: Rectangle, content: f32, offset: f32) -> Option<Rectangle> {
    let room = content - bounds.height;
    if room <= 0.5 || bounds.height <= 0.0 {
        return None;
    }
    let track = bounds.height - 4.0;
    let height = (track * bounds.height / content).max(THUMB_MIN).min(track);
    let y = bounds.y + 2.0 + (track - height) * (offset / room).clamp(0.0, 1.0);
    Some(Rectangle { x: bounds.x + bounds.width - THUMB - 3.0, y, width: THUMB, height })
}

impl<M> Widget<M, Theme, Renderer> for Scroll<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(self.width, self.height)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let node = layout::contained(limits, self.width, self.height, |limits| {
            let endless = layout::Limits::with_compression(
                Size::ZERO,
                Size::new(limits.max().width, f32::INFINITY),
                Size::new(limits.compression().width, true),
            );
            self.content.as_widget_mut().layout(&mut tree.children[0], renderer, &endless)
        });
        let inner = tree.state.downcast_mut::<Inner>();
        inner.room = (node.children()[0].bounds().height - node.bounds().height).max(0.0);
        inner.offset = inner.offset.min(inner.room);
        node
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        let inner = tree.state.downcast_mut::<Inner>();
        let (bounds, content) = (layout.bounds(), layout.child(0).bounds());
        operation.scrollable(self.id.as_ref(), bounds, content, Vector::new(0.0, inner.offset), inner);
        operation.traverse(&mut |operation| {
            self.content.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation);
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
        viewport: &Rectangle,
    ) {
        let inner = tree.state.downcast_mut::<Inner>();
        let (bounds, content) = (layout.bounds(), layout.child(0).bounds().height);
        let bar = thumb(bounds, content, inner.offset);
        let over = cursor.position_over(bounds);
        let on_strip = bar.is_some() && over.is_some_and(|p| p.x >= bounds.x + bounds.width - STRIP);

        if let Some(grab) = inner.hold {
            match event {
                Event::Mouse(mouse::Event::CursorMoved { .. }) => {
                    if let (Some(p), Some(bar)) = (cursor.land().position(), bar) {
                        let track = bounds.height - 4.0 - bar.height;
                        let share = if track > 0.0 { (p.y - grab - bounds.y - 2.0) / track } else { 0.0 };
                        if inner.go(share * inner.room) {
                            shell.request_redraw();
                        }
                    }
                    return shell.capture_event();
                }
                Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                    inner.hold = None;
                    shell.request_redraw();
                    return shell.capture_event();
                }
                _ => {}
            }
        }
        if let (true, Some(p), Some(bar)) = (on_strip, over, bar)
            && matches!(event, Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)))
        {
            if p.y >= bar.y && p.y < bar.y + bar.height {
                inner.hold = Some(p.y - bar.y);
            } else {
                let by = (bounds.height - 40.0).max(20.0);
                inner.go(inner.offset + if p.y < bar.y { -by } else { by });
            }
            shell.request_redraw();
            return shell.capture_event();
        }

        let shift = Vector::new(0.0, inner.offset);
        let inside = match over {
            Some(p) if !on_strip => mouse::Cursor::Available(p + shift),
            _ => cursor.levitate() + shift,
        };
        let seen = Rectangle { y: bounds.y + inner.offset, ..bounds };
        let seen = seen.intersection(&(*viewport + shift)).unwrap_or(seen);
        let (child, at) = (&mut tree.children[0], layout.child(0));
        let elsewhere = shell.input_method().is_enabled();
        self.content.as_widget_mut().update(child, event, at, inside, renderer, clipboard, shell, &seen);
        // The caret is where the content says, moved by how far it is scrolled.
        if let (false, iced::advanced::InputMethod::Enabled { cursor, .. }) = (elsewhere, shell.input_method_mut()) {
            *cursor = *cursor - shift;
        }
        if shell.is_event_captured() {
            return;
        }
        let inner = tree.state.downcast_mut::<Inner>();
        match event {
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if over.is_some() && bar.is_some() => {
                let by = match delta {
                    mouse::ScrollDelta::Lines { y, .. } => -y * NOTCH,
                    mouse::ScrollDelta::Pixels { y, .. } => -y,
                };
                // At the end the event is left to what lies around.
                if inner.go(inner.offset + by) {
                    shell.request_redraw();
                    shell.capture_event();
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(key), modifiers, .. })
                if self.main && modifiers.is_empty() =>
            {
                let page = (bounds.height - 40.0).max(20.0);
                let moved = match key {
                    Named::PageDown => inner.go(inner.offset + page),
                    Named::PageUp => inner.go(inner.offset - page),
                    _ => false,
                };
                if moved {
                    shell.request_redraw();
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        let inner = tree.state.downcast_ref::<Inner>();
        let bounds = layout.bounds();
        let Some(visible) = bounds.intersection(viewport) else { return };
        let (content, at) = (self.content.as_widget(), layout.child(0));
        let Some(bar) = thumb(bounds, at.bounds().height, inner.offset) else {
            return content.draw(&tree.children[0], renderer, theme, style, at, cursor, viewport);
        };
        let offset = theme.snap(inner.offset);
        let shift = Vector::new(0.0, offset);
        let inside = match cursor.position_over(bounds) {
            Some(p) => mouse::Cursor::Available(p + shift),
            None => mouse::Cursor::Unavailable,
        };
        renderer.with_layer(visible, |renderer| {
            renderer.with_translation(Vector::ZERO - shift, |renderer| {
                content.draw(&tree.children[0], renderer, theme, style, at, inside, &(visible + shift));
            });
            let t = theme.tokens;
            let ink = if inner.hold.is_some() { t.line_ctl } else { t.line_strong };
            press::fill(renderer, theme, bar, Some(ink), None, radius::SMALL.into());
        });
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        let inner = tree.state.downcast_ref::<Inner>();
        let bounds = layout.bounds();
        let shift = Vector::new(0.0, inner.offset);
        match cursor.position_over(bounds) {
            Some(p) => {
                let strip = thumb(bounds, layout.child(0).bounds().height, inner.offset).is_some()
                    && p.x >= bounds.x + bounds.width - STRIP;
                if strip || inner.hold.is_some() {
                    return mouse::Interaction::Idle;
                }
                let inside = mouse::Cursor::Available(p + shift);
                let seen = *viewport + shift;
                self.content.as_widget().mouse_interaction(&tree.children[0], layout.child(0), inside, &seen, renderer)
            }
            None => mouse::Interaction::None,
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        let offset = tree.state.downcast_ref::<Inner>().offset;
        let (child, at) = (&mut tree.children[0], layout.child(0));
        let translation = translation - Vector::new(0.0, offset);
        self.content.as_widget_mut().overlay(child, at, renderer, viewport, translation)
    }
}

impl<'a, M: 'a> From<Scroll<'a, M>> for Element<'a, M> {
    fn from(scroll: Scroll<'a, M>) -> Self {
        Element::new(scroll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumb_can_always_be_held_and_reaches_both_ends() {
        let bounds = Rectangle { x: 0.0, y: 10.0, width: 100.0, height: 200.0 };
        assert_eq!(thumb(bounds, 200.0, 0.0), None, "nothing to scroll");
        let top = thumb(bounds, 1e6, 0.0).unwrap();
        let end = thumb(bounds, 1e6, 1e6 - 200.0).unwrap();
        assert_eq!((top.y, top.height), (12.0, THUMB_MIN));
        assert_eq!(end.y + end.height, 208.0);
        assert_eq!(thumb(Rectangle::new(iced::Point::ORIGIN, Size::ZERO), 10.0, 0.0), None);
    }
}
