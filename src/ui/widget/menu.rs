//! Menus: a list that opens under a button, a chip or a select, or at a point for a right click.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Point, Rectangle, Size, Vector};

use crate::ui::theme::{Density, Theme};
use crate::ui::widget::list::{self, Item, Marked, Outcome};
use crate::ui::{Element, Renderer};

/// What a pick sends.
type Pick<'a, T, M> = Box<dyn Fn(T) -> M + 'a>;

/// A trigger with the list it opens.
pub struct Menu<'a, T, M> {
    trigger: Element<'a, ()>,
    items: Vec<Item<T>>,
    on_pick: Option<Pick<'a, T, M>>,
    density: Density,
    /// The list is at least as wide as the trigger.
    as_wide: bool,
    /// It stays open after a pick of a row with a tick.
    stays: bool,
}

/// A list under `trigger`, which is any of our pressable pieces sending `()`: a button, a chip.
pub fn menu<'a, T: Clone, M: 'a>(
    trigger: impl Into<Element<'a, ()>>,
    items: impl IntoIterator<Item = Item<T>>,
    on_pick: impl Fn(T) -> M + 'a,
) -> Menu<'a, T, M> {
    menu_maybe(trigger, items, Some(Box::new(on_pick)))
}

/// The same, where there may be nothing to send: then picks do nothing.
pub(super) fn menu_maybe<'a, T: Clone, M: 'a>(
    trigger: impl Into<Element<'a, ()>>,
    items: impl IntoIterator<Item = Item<T>>,
    on_pick: Option<Pick<'a, T, M>>,
) -> Menu<'a, T, M> {
    Menu {
        trigger: trigger.into(),
        items: items.into_iter().collect(),
        on_pick,
        density: Density::Comfortable,
        as_wide: false,
        stays: false,
    }
}

impl<T, M> Menu<'_, T, M> {
    /// The height of its rows.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.density = density;
        self
    }

    /// At least as wide as what opens it.
    #[must_use]
    pub fn as_wide(mut self) -> Self {
        self.as_wide = true;
        self
    }

    /// It stays open when a row with a tick is picked, so that several can be ticked.
    #[must_use]
    pub fn stays(mut self) -> Self {
        self.stays = true;
        self
    }

    fn open(&self, inner: &mut Inner) {
        let ticked = self.items.iter().position(|item| item.checked == Some(true) && item.pickable());
        inner.open = Some(Marked::at(ticked.or_else(|| list::next(&self.items, None, true))));
    }
}

/// An open list, or none.
#[derive(Default)]
struct Inner {
    open: Option<Marked>,
}

impl<T: Clone, M> Widget<M, Theme, Renderer> for Menu<'_, T, M> {
    fn size(&self) -> Size<Length> {
        self.trigger.as_widget().size()
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.trigger)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.trigger));
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let node = self.trigger.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        layout::Node::with_children(node.size(), vec![node])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.trigger.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation);
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
        let mut presses = Vec::new();
        let mut local = Shell::new(&mut presses);
        let (child, inside) = (&mut tree.children[0], layout.child(0));
        let trigger = self.trigger.as_widget_mut();
        trigger.update(child, event, inside, cursor, renderer, clipboard, &mut local, viewport);
        let (redraw, captured, ime) = (local.redraw_request(), local.is_event_captured(), local.input_method().clone());
        let (relayout, rebuilt) = (local.is_layout_invalid(), local.are_widgets_invalid());
        shell.request_redraw_at(redraw);
        shell.request_input_method(&ime);
        if captured {
            shell.capture_event();
        }
        if relayout {
            shell.invalidate_layout();
        }
        if rebuilt {
            shell.invalidate_widgets();
        }
        let inner = tree.state.downcast_mut::<Inner>();
        if !presses.is_empty() {
            match inner.open.take() {
                Some(_) => {}
                None => self.open(inner),
            }
            shell.request_redraw();
        }
        // The arrow of a select is an invitation to press the arrow key.
        if let Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::ArrowDown), .. }) = event
            && inner.open.is_none()
            && !shell.is_event_captured()
            && focused(&mut self.trigger, &mut tree.children[0], layout.child(0), renderer)
        {
            self.open(tree.state.downcast_mut::<Inner>());
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
        self.trigger.as_widget().draw(&tree.children[0], renderer, theme, style, layout.child(0), cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.trigger.as_widget().mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer)
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
        open.as_ref()?;
        let on_pick = self.on_pick.as_deref()?;
        let anchor = layout.bounds() + translation;
        let least = if self.as_wide { anchor.width } else { 120.0 };
        Some(overlay::Element::new(Box::new(Floating {
            open,
            items: &self.items,
            on_pick,
            on_close: None,
            anchor,
            least,
            density: self.density,
            stays: self.stays,
            typing: false,
        })))
    }
}

/// Whether something inside holds the keyboard.
fn focused(element: &mut Element<'_, ()>, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer) -> bool {
    struct Held(bool);
    impl Operation for Held {
        fn focusable(
            &mut self,
            _id: Option<&iced::advanced::widget::Id>,
            _bounds: Rectangle,
            state: &mut dyn iced::advanced::widget::operation::Focusable,
        ) {
            self.0 |= state.is_focused();
        }

        fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
            operate(self);
        }
    }
    let mut held = Held(false);
    element.as_widget_mut().operate(tree, layout, renderer, &mut held);
    held.0
}

/// The open list, above everything.
pub(crate) struct Floating<'b, T, M> {
    pub open: &'b mut Option<Marked>,
    pub items: &'b [Item<T>],
    pub on_pick: &'b dyn Fn(T) -> M,
    pub on_close: Option<&'b dyn Fn() -> M>,
    pub anchor: Rectangle,
    pub least: f32,
    pub density: Density,
    pub stays: bool,
    /// It stands under a text field, which keeps the keys of typing.
    pub typing: bool,
}

impl<T: Clone, M> overlay::Overlay<M, Theme, Renderer> for Floating<'_, T, M> {
    fn operate(&mut self, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        if let Some(marked) = self.open.as_ref() {
            for (item, bounds) in list::shown(self.items, marked, layout.bounds(), self.density) {
                operation.text(None, bounds, &item.label);
            }
        }
    }

    fn layout(&mut self, _renderer: &Renderer, bounds: Size) -> layout::Node {
        let at = list::place(self.items, self.anchor, self.least, bounds, self.density);
        layout::Node::new(at.size()).move_to(at.position())
    }

    fn update(
        &mut self,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
    ) {
        let Some(marked) = self.open.as_mut() else { return };
        let before = marked.row;
        match list::update(self.items, marked, event, layout.bounds(), cursor, self.density, self.typing) {
            Outcome::Ignored => {}
            Outcome::Taken => shell.capture_event(),
            Outcome::Picked(row) => {
                if !(self.stays && self.items.get(row).is_some_and(|item| item.checked.is_some())) {
                    *self.open = None;
                }
                if let Some(value) =
                    self.items.get(row).filter(|item| item.pickable()).and_then(|item| item.value.clone())
                {
                    shell.publish((self.on_pick)(value));
                }
                shell.capture_event();
                shell.request_redraw();
                return;
            }
            Outcome::Closed => {
                *self.open = None;
                if let Some(on_close) = self.on_close {
                    shell.publish(on_close());
                }
                // A press elsewhere only closes the list, as everywhere; in the field above it also sets the caret.
                if !(self.typing && matches!(event, Event::Mouse(_))) {
                    shell.capture_event();
                }
                shell.request_redraw();
                return;
            }
        }
        // Tab leaves: the list closes and the focus moves on.
        if let Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::Tab), .. }) = event {
            *self.open = None;
            if let Some(on_close) = self.on_close {
                shell.publish(on_close());
            }
            return shell.request_redraw();
        }
        let wheel = matches!(event, Event::Mouse(mouse::Event::WheelScrolled { .. }));
        if wheel || self.open.as_ref().is_some_and(|marked| marked.row != before) {
            shell.request_redraw();
        }
    }

    fn draw(
        &self,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
    ) {
        if let Some(marked) = self.open.as_ref() {
            list::draw(self.items, marked, renderer, theme, layout.bounds(), self.density);
        }
    }

    fn mouse_interaction(&self, layout: Layout<'_>, cursor: mouse::Cursor, _renderer: &Renderer) -> mouse::Interaction {
        if cursor.is_over(layout.bounds()) { mouse::Interaction::Pointer } else { mouse::Interaction::None }
    }
}

impl<'a, T: Clone + 'a, M: 'a> From<Menu<'a, T, M>> for Element<'a, M> {
    fn from(menu: Menu<'a, T, M>) -> Self {
        Element::new(menu)
    }
}

/// A list at a point of the window, open as long as it is in the view.
struct At<'a, T, M> {
    at: Point,
    items: Vec<Item<T>>,
    on_pick: Pick<'a, T, M>,
    on_close: Box<dyn Fn() -> M + 'a>,
    density: Density,
}

/// A context menu: put it into the view while it is open, anywhere. `on_close` is sent when it is to go without a pick.
pub fn at<'a, T: Clone + 'a, M: Clone + 'a>(
    point: Point,
    items: impl IntoIterator<Item = Item<T>>,
    density: Density,
    on_pick: impl Fn(T) -> M + 'a,
    on_close: M,
) -> Element<'a, M> {
    Element::new(At {
        at: point,
        items: items.into_iter().collect(),
        on_pick: Box::new(on_pick),
        on_close: Box::new(move || on_close.clone()),
        density,
    })
}

impl<T: Clone, M> Widget<M, Theme, Renderer> for At<'_, T, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Shrink, Length::Shrink)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner { open: Some(Marked::at(list::next(&self.items, None, true))) })
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, _limits: &layout::Limits) -> layout::Node {
        layout::Node::new(Size::ZERO)
    }

    fn draw(
        &self,
        _tree: &Tree,
        _renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        _layout: Layout<'b>,
        _renderer: &Renderer,
        _viewport: &Rectangle,
        _translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        let open = &mut tree.state.downcast_mut::<Inner>().open;
        open.as_ref()?;
        Some(overlay::Element::new(Box::new(Floating {
            open,
            items: &self.items,
            on_pick: &*self.on_pick,
            on_close: Some(&*self.on_close),
            anchor: Rectangle::new(self.at, Size::ZERO),
            least: 140.0,
            density: self.density,
            stays: false,
            typing: false,
        })))
    }
}
