//! Keeps a text input whole while its value changes under a held mouse button.
//!
//! iced 0.14 (issue 3247) panics when a value gets shorter between a double click and the next move of the mouse with the
//! button still down: it remembers where the drag began, as an index into the old value. So as soon as the value is not
//! the one the drag began on, the input is told that the button was released.
//!
//! It also gives the input a layer of its own while one types in it, and what iced's has not: Ctrl+Z takes back what was
//! typed since the caret came, before it means anything to the window.

use std::rc::Rc;

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Rectangle, Size, Vector, touch};

use crate::ui::theme::Theme;
use crate::ui::widget::frame::typing;
use crate::ui::{Element, Renderer};

/// A text input with its value.
pub(super) struct Guard<'a, M> {
    content: Element<'a, M>,
    value: String,
    on_undo: Option<Rc<dyn Fn(String) -> M + 'a>>,
}

/// How many steps of typing can be taken back.
const STEPS: usize = 200;

impl<'a, M> Guard<'a, M> {
    /// Wraps an input that shows `value`.
    pub fn new(content: impl Into<Element<'a, M>>, value: impl Into<String>) -> Self {
        Self { content: content.into(), value: value.into(), on_undo: None }
    }

    /// What a value that is put back sends.
    #[must_use]
    pub fn on_undo(mut self, on_undo: Option<Rc<dyn Fn(String) -> M + 'a>>) -> Self {
        self.on_undo = on_undo;
        self
    }
}

#[derive(Debug, Default)]
struct Inner {
    /// The value a drag began on, while the button is down.
    drag: Option<String>,
    /// The value as last seen, and those before it, one for each step of typing.
    now: String,
    steps: Vec<String>,
    /// The last event typed something: the next value is a step.
    typed: bool,
    /// A value on its way back: the next one is no step.
    back: Option<String>,
}

impl Inner {
    /// A value nobody typed here (a form filled anew, a record changed) has no steps that lead to it.
    fn follow(&mut self, value: &str, focused: bool) {
        if !focused {
            self.steps.clear();
        }
        if self.now != value {
            let typed = std::mem::take(&mut self.typed);
            let before = std::mem::replace(&mut self.now, value.to_owned());
            if self.back.take().is_some_and(|back| back == value) {
                return;
            }
            if typed && focused {
                self.steps.push(before);
                if self.steps.len() > STEPS {
                    self.steps.remove(0);
                }
            } else {
                self.steps.clear();
            }
        }
    }
}

/// Ctrl+Z.
fn undoes(event: &Event) -> bool {
    matches!(event, Event::Keyboard(keyboard::Event::KeyPressed { key, physical_key, modifiers, .. })
        if modifiers.command() && !modifiers.shift() && !modifiers.alt() && key.to_latin(*physical_key) == Some('z'))
}

/// Whether an event may change what stands in a field. Enter hands it on, and what then becomes of it is not typing.
fn types(event: &Event) -> bool {
    match event {
        Event::Keyboard(keyboard::Event::KeyPressed { key, .. }) => *key != Key::Named(Named::Enter),
        Event::InputMethod(_) => true,
        _ => false,
    }
}

impl<M> Widget<M, Theme, Renderer> for Guard<'_, M> {
    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
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
        let node = self.content.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        layout::Node::with_children(node.size(), vec![node])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation);
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
        let focused = typing(&tree.children[0]);
        let inner = tree.state.downcast_mut::<Inner>();
        inner.follow(&self.value, focused);
        if let Some(on_undo) = self.on_undo.as_ref().filter(|_| focused && undoes(event))
            && let Some(before) = inner.steps.pop()
        {
            inner.back = Some(before.clone());
            inner.typed = false;
            shell.publish(on_undo(before));
            return shell.capture_event();
        }
        let quiet = shell.is_empty();
        let mut tell = |event: &Event, shell: &mut Shell<'_, M>| {
            let (child, inside) = (&mut tree.children[0], layout.child(0));
            self.content.as_widget_mut().update(child, event, inside, cursor, renderer, clipboard, shell, viewport);
        };
        if inner.drag.as_ref().is_some_and(|value| *value != self.value) {
            inner.drag = None;
            // Told apart from the event at hand: what it captures or asks for is not ours to pass on.
            let mut messages = Vec::new();
            let mut aside = Shell::new(&mut messages);
            tell(&Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)), &mut aside);
        }
        tell(event, shell);
        if types(event) {
            inner.typed = focused && quiet && !shell.is_empty();
        }
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                inner.drag = cursor.is_over(layout.bounds()).then(|| self.value.clone());
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. } | touch::Event::FingerLost { .. }) => inner.drag = None,
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
        let (content, child, inside) = (self.content.as_widget(), &tree.children[0], layout.child(0));
        if typing(child) {
            // The caret comes and goes as one item more or less, and the renderer compares items by their order: in a
            // layer of its own its blinking repaints the field, not everything drawn after it.
            let bounds = theme.snap_rect(layout.bounds());
            let seen = bounds.intersection(viewport).unwrap_or(bounds);
            renderer.with_layer(seen, |renderer| {
                content.draw(child, renderer, theme, style, inside, cursor, viewport);
            });
        } else {
            content.draw(child, renderer, theme, style, inside, cursor, viewport);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.content.as_widget().mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        let inside = layout.child(0);
        self.content.as_widget_mut().overlay(&mut tree.children[0], inside, renderer, viewport, translation)
    }
}

impl<'a, M: 'a> From<Guard<'a, M>> for Element<'a, M> {
    fn from(guard: Guard<'a, M>) -> Self {
        Element::new(guard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced::advanced::clipboard;
    use iced::{Point, window};
    use iced_runtime::user_interface::{Cache, UserInterface};

    /// Double-clicks an input, keeps the button down, shows a shorter value, moves the mouse.
    fn shorten_during_a_drag(view: fn(&'static str) -> Element<'static, String>) {
        let mut renderer = crate::ui::picture::renderer().expect("a renderer");
        let size = Size::new(300.0, 40.0);
        let mut cache = Cache::new();
        let mut send = |value: &'static str, at: Point, events: &[Event]| {
            let mut ui = UserInterface::build(view(value), size, std::mem::take(&mut cache), &mut renderer);
            let cursor = mouse::Cursor::Available(at);
            ui.update(events, cursor, &mut renderer, &mut clipboard::Null, &mut Vec::new());
            cache = ui.into_cache();
        };
        let press = Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left));
        let release = Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left));
        let redraw = Event::Window(window::Event::RedrawRequested(iced::time::Instant::now()));
        let far = Point::new(280.0, 15.0);
        send("one two three four five", far, &[redraw, press.clone(), release, press]);
        let near = Point::new(20.0, 15.0);
        send("a", near, &[Event::Mouse(mouse::Event::CursorMoved { position: near })]);
    }

    #[test]
    #[should_panic = "out of range for slice of length"]
    fn without_the_guard_iced_panics_so_the_guard_is_still_needed() {
        shorten_during_a_drag(|value| iced::widget::text_input("", value).on_input(|value| value).into());
    }

    #[test]
    fn a_value_that_gets_shorter_while_the_mouse_drags_does_no_harm() {
        shorten_during_a_drag(|value| {
            let input: Element<'static, String> = iced::widget::text_input("", value).on_input(|value| value).into();
            Guard::new(input, value).into()
        });
    }
}
