//! The frame of a field: its border, its ground, its focus ring. It looks into the tree for the text input it surrounds,
//! because only that knows whether it has the keyboard.

use iced::advanced::graphics::text::Paragraph;
use iced::advanced::text::highlighter::PlainText;
use iced::advanced::widget::{Operation, Tree, Widget, operation, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::widget::{text_editor, text_input};
use iced::{Event, Length, Rectangle, Size, Vector};

use crate::ui::theme::tokens::radius;
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::press;
use crate::ui::{Element, Renderer};

/// A frame around a text input and what stands beside it (unit, icon).
pub(super) struct Frame<'a, M> {
    content: Element<'a, M>,
    /// The colour of the border when something is wrong with the value.
    tone: Option<Tone>,
    disabled: bool,
    /// Drawn inside a cell: no gap for the ring.
    ring_inside: bool,
}

impl<'a, M> Frame<'a, M> {
    pub fn new(content: impl Into<Element<'a, M>>) -> Self {
        Self { content: content.into(), tone: None, disabled: false, ring_inside: false }
    }

    /// A border in the colour of a warning or an error.
    pub fn tone(mut self, tone: Option<Tone>) -> Self {
        self.tone = tone;
        self
    }

    /// Nothing can be typed.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// The focus ring lies on the border.
    pub fn ring_inside(mut self) -> Self {
        self.ring_inside = true;
        self
    }
}

/// Whether a text input or editor somewhere below has the keyboard.
pub(super) fn typing(tree: &Tree) -> bool {
    if tree.tag == tree::Tag::of::<text_input::State<Paragraph>>() {
        return tree.state.downcast_ref::<text_input::State<Paragraph>>().is_focused();
    }
    if tree.tag == tree::Tag::of::<text_editor::State<PlainText>>() {
        return tree.state.downcast_ref::<text_editor::State<PlainText>>().is_focused();
    }
    tree.children.iter().any(typing)
}

/// Gives the keyboard to the first text field it reaches, the caret at the end.
struct Enter {
    done: bool,
}

impl Operation for Enter {
    fn focusable(
        &mut self,
        _id: Option<&iced::advanced::widget::Id>,
        _bounds: Rectangle,
        state: &mut dyn operation::Focusable,
    ) {
        if !std::mem::replace(&mut self.done, true) {
            state.focus();
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

impl<M> Widget<M, Theme, Renderer> for Frame<'_, M> {
    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
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
        let (child, inside) = (&mut tree.children[0], layout.child(0));
        let content = self.content.as_widget_mut();
        content.update(child, event, inside, cursor, renderer, clipboard, shell, viewport);
        // A press on the unit or the padding means the field.
        if matches!(event, Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)))
            && !self.disabled
            && !shell.is_event_captured()
            && cursor.is_over(layout.bounds())
            && !typing(child)
        {
            content.operate(child, inside, renderer, &mut Enter { done: false });
            shell.capture_event();
            shell.request_redraw();
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
        let t = theme.tokens;
        let line = match self.tone {
            Some(tone) => tone.ink(t),
            None if self.disabled => t.line,
            None => t.line_ctl,
        };
        let ground = if self.disabled { t.inset } else { t.sheet };
        press::fill(renderer, theme, layout.bounds(), Some(ground), Some(line), radius::CONTROL.into());
        if typing(&tree.children[0]) {
            press::ring(renderer, theme, layout.bounds(), radius::CONTROL.into(), self.ring_inside);
        }
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
        let inside =
            self.content.as_widget().mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer);
        match inside {
            mouse::Interaction::None if cursor.is_over(layout.bounds()) && !self.disabled => mouse::Interaction::Text,
            other => other,
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
        let inside = layout.child(0);
        self.content.as_widget_mut().overlay(&mut tree.children[0], inside, renderer, viewport, translation)
    }
}

impl<'a, M: 'a> From<Frame<'a, M>> for Element<'a, M> {
    fn from(frame: Frame<'a, M>) -> Self {
        Element::new(frame)
    }
}
