//! A field with suggestions: one types, the screen finds (a firm by its pinyin), one picks with ↑ ↓ Enter or the mouse.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Rectangle, Size, Vector};

use crate::ui::theme::{Density, Theme};
use crate::ui::widget::frame::typing;
use crate::ui::widget::input::Input;
use crate::ui::widget::list::{self, Item, Marked};
use crate::ui::widget::menu::Floating;
use crate::ui::{Element, Renderer};

/// A field with suggestions.
pub struct Combo<'a, T, M> {
    input: Element<'a, M>,
    items: Vec<Item<T>>,
    on_pick: Box<dyn Fn(T) -> M + 'a>,
    density: Density,
}

/// `input` with what the screen found for its value. The list opens while one types and closes with a pick, Esc or Tab.
pub fn combo<'a, T: Clone, M: Clone + 'a>(
    input: Input<'a, M>,
    found: impl IntoIterator<Item = Item<T>>,
    on_pick: impl Fn(T) -> M + 'a,
) -> Combo<'a, T, M> {
    Combo {
        input: input.into(),
        items: found.into_iter().collect(),
        on_pick: Box::new(on_pick),
        density: Density::Comfortable,
    }
}

impl<T, M> Combo<'_, T, M> {
    /// The height of the list's rows.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.density = density;
        self
    }
}

#[derive(Default)]
struct Inner {
    open: Option<Marked>,
}

impl<T: Clone, M> Widget<M, Theme, Renderer> for Combo<'_, T, M> {
    fn size(&self) -> Size<Length> {
        self.input.as_widget().size()
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.input)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.input));
        // What was found changes with every letter; the first one is the best.
        if let Some(marked) = &mut tree.state.downcast_mut::<Inner>().open
            && marked.row.is_none_or(|row| self.items.get(row).is_none_or(|item| !item.pickable()))
        {
            marked.go(list::next(&self.items, None, true));
        }
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let node = self.input.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        layout::Node::with_children(node.size(), vec![node])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.input.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation);
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
        let quiet = shell.is_empty();
        let (child, inside) = (&mut tree.children[0], layout.child(0));
        self.input.as_widget_mut().update(child, event, inside, cursor, renderer, clipboard, shell, viewport);
        let sent = quiet && !shell.is_empty();
        let in_field = typing(child);
        let inner = tree.state.downcast_mut::<Inner>();
        let enter = matches!(
            event,
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::Enter | Named::Escape), .. })
        );
        match event {
            // Typing opens it; Enter sent something else.
            Event::Keyboard(_) | Event::InputMethod(_) if sent && in_field && !enter => {
                inner.open = Some(Marked::at(list::next(&self.items, None, true)));
                shell.request_redraw();
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::ArrowDown), .. })
                if in_field && inner.open.is_none() && !self.items.is_empty() =>
            {
                inner.open = Some(Marked::at(list::next(&self.items, None, true)));
                shell.capture_event();
                shell.request_redraw();
            }
            _ if !in_field && inner.open.take().is_some() => shell.request_redraw(),
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
        self.input.as_widget().draw(&tree.children[0], renderer, theme, style, layout.child(0), cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.input.as_widget().mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        _renderer: &Renderer,
        _viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        let open = &mut tree.state.downcast_mut::<Inner>().open;
        if open.is_none() || self.items.is_empty() {
            return None;
        }
        let anchor = layout.bounds() + translation;
        Some(overlay::Element::new(Box::new(Floating {
            open,
            items: &self.items,
            on_pick: &*self.on_pick,
            on_close: None,
            anchor,
            least: anchor.width,
            density: self.density,
            stays: false,
            typing: true,
        })))
    }
}

impl<'a, T: Clone + 'a, M: 'a> From<Combo<'a, T, M>> for Element<'a, M> {
    fn from(combo: Combo<'a, T, M>) -> Self {
        Element::new(combo)
    }
}
