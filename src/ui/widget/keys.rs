//! Keys that mean something while the keyboard is anywhere inside: ↑ ↓ in a palette, F6 in a review.

use iced::advanced::input_method::Event as Ime;
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::{Event, Length, Rectangle, Size, Vector, keyboard};

use crate::ui::root::Pressed;
use crate::ui::theme::Theme;
use crate::ui::widget::frame::typing;
use crate::ui::{Element, Renderer};

struct Keys<'a, M> {
    content: Element<'a, M>,
    /// Only while a text field inside has the keyboard.
    typing: bool,
    on_key: Box<dyn Fn(Pressed) -> Option<M> + 'a>,
}

/// `content`, with keys that are taken before it sees them. While an input method composes, keys are its own.
pub fn keys<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    on_key: impl Fn(Pressed) -> Option<M> + 'a,
) -> Element<'a, M> {
    Element::new(Keys { content: content.into(), typing: false, on_key: Box::new(on_key) })
}

/// The same, but only while a text field inside `content` has the keyboard: Esc that empties a search, Tab that goes on to
/// the next cell.
pub fn while_typing<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    on_key: impl Fn(Pressed) -> Option<M> + 'a,
) -> Element<'a, M> {
    Element::new(Keys { content: content.into(), typing: true, on_key: Box::new(on_key) })
}

/// Whether an input method is composing.
#[derive(Debug, Default)]
struct Inner {
    composing: bool,
}

impl<M> Widget<M, Theme, Renderer> for Keys<'_, M> {
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
        let meant = !self.typing || typing(&tree.children[0]);
        let inner = tree.state.downcast_mut::<Inner>();
        match event {
            Event::InputMethod(Ime::Preedit(words, _)) => inner.composing = !words.is_empty(),
            Event::InputMethod(Ime::Commit(_) | Ime::Closed) => inner.composing = false,
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, physical_key, repeat, .. })
                if !inner.composing && meant =>
            {
                let pressed = Pressed {
                    key: key.clone(),
                    modifiers: *modifiers,
                    latin: key.to_latin(*physical_key),
                    repeat: *repeat,
                };
                if let Some(message) = (self.on_key)(pressed) {
                    shell.publish(message);
                    return shell.capture_event();
                }
            }
            _ => {}
        }
        let (child, inside) = (&mut tree.children[0], layout.child(0));
        self.content.as_widget_mut().update(child, event, inside, cursor, renderer, clipboard, shell, viewport);
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
        self.content.as_widget().draw(&tree.children[0], renderer, theme, style, layout.child(0), cursor, viewport);
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
