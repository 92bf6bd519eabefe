//! A sheet that opens beside what was pressed and holds any content: a calendar, a few fields, an explanation.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Point, Rectangle, Size, Vector, touch};

use crate::ui::theme::Theme;
use crate::ui::widget::slip;
use crate::ui::{Element, Renderer, focus};

/// What trigger and content send.
#[derive(Debug, Clone)]
pub enum Signal<M> {
    /// Open, or close when open.
    Toggle,
    /// Close without more.
    Close,
    /// A message for the screen; the sheet stays.
    Out(M),
    /// A message for the screen; the sheet closes.
    Done(M),
}

/// A trigger with the sheet it opens.
pub struct Popover<'a, M> {
    trigger: Element<'a, Signal<M>>,
    content: Element<'a, Signal<M>>,
    padding: f32,
}

/// A sheet under `trigger`. Both speak in [`Signal`]s.
pub fn popover<'a, M: 'a>(
    trigger: impl Into<Element<'a, Signal<M>>>,
    content: impl Into<Element<'a, Signal<M>>>,
) -> Popover<'a, M> {
    Popover { trigger: trigger.into(), content: content.into(), padding: 12.0 }
}

/// Distance between the sheet and its trigger, and the window's edge.
const GAP: f32 = 4.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stand {
    #[default]
    Closed,
    /// Open since this event: the keyboard has not been given to it yet.
    Opening,
    Open,
}

/// Lets one of both sides see an event, and takes its signals apart. Returns what became of the sheet.
#[expect(clippy::too_many_arguments, reason = "the arguments of a widget's update, which this wraps")]
fn relay<M>(
    side: &mut Element<'_, Signal<M>>,
    tree: &mut Tree,
    event: &Event,
    layout: Layout<'_>,
    cursor: mouse::Cursor,
    renderer: &Renderer,
    clipboard: &mut dyn Clipboard,
    shell: &mut Shell<'_, M>,
    viewport: &Rectangle,
    open: &mut Stand,
) {
    let mut signals = Vec::new();
    let mut local = Shell::new(&mut signals);
    side.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, &mut local, viewport);
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
    for signal in signals {
        match signal {
            Signal::Toggle => *open = if *open == Stand::Closed { Stand::Opening } else { Stand::Closed },
            Signal::Close => *open = Stand::Closed,
            Signal::Out(message) => shell.publish(message),
            Signal::Done(message) => {
                *open = Stand::Closed;
                shell.publish(message);
            }
        }
        shell.request_redraw();
    }
}

impl<M> Widget<M, Theme, Renderer> for Popover<'_, M> {
    fn size(&self) -> Size<Length> {
        self.trigger.as_widget().size()
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Stand>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Stand::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.trigger), Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&[&self.trigger, &self.content]);
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
        let open = tree.state.downcast_mut::<Stand>();
        let child = &mut tree.children[0];
        let inside = layout.child(0);
        relay(&mut self.trigger, child, event, inside, cursor, renderer, clipboard, shell, viewport, open);
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
        let open = tree.state.downcast_mut::<Stand>();
        if *open == Stand::Closed {
            return None;
        }
        let (first, second) = tree.children.split_at_mut(1);
        Some(overlay::Element::new(Box::new(Sheet {
            open,
            trigger: &mut self.trigger,
            trigger_tree: &mut first[0],
            trigger_layout: layout.child(0),
            content: &mut self.content,
            tree: &mut second[0],
            anchor: layout.bounds() + translation,
            padding: self.padding,
        })))
    }
}

struct Sheet<'a, 'b, M> {
    open: &'b mut Stand,
    trigger: &'b mut Element<'a, Signal<M>>,
    trigger_tree: &'b mut Tree,
    trigger_layout: Layout<'b>,
    content: &'b mut Element<'a, Signal<M>>,
    tree: &'b mut Tree,
    anchor: Rectangle,
    padding: f32,
}

impl<M> Sheet<'_, '_, M> {
    /// Closes; the keyboard goes back to where it came from.
    fn close(&mut self, renderer: &Renderer, shell: &mut Shell<'_, M>) {
        *self.open = Stand::Closed;
        let (trigger, tree, layout) = (&mut *self.trigger, &mut *self.trigger_tree, self.trigger_layout);
        focus::first(|operation| trigger.as_widget_mut().operate(tree, layout, renderer, operation));
        shell.request_redraw();
    }
}

impl<M> overlay::Overlay<M, Theme, Renderer> for Sheet<'_, '_, M> {
    fn layout(&mut self, renderer: &Renderer, bounds: Size) -> layout::Node {
        let limits = layout::Limits::new(Size::ZERO, bounds)
            .shrink(Size::new(2.0 * (self.padding + GAP), 2.0 * (self.padding + GAP)));
        let node = self.content.as_widget_mut().layout(self.tree, renderer, &limits);
        let size = node.size().expand(iced::Padding::new(self.padding));
        let a = self.anchor;
        let below = a.y + a.height + GAP;
        let fits = below + size.height + GAP <= bounds.height;
        let y = if fits || a.y < size.height + GAP {
            below.min(bounds.height - GAP - size.height)
        } else {
            a.y - GAP - size.height
        };
        let x = a.x.min(bounds.width - GAP - size.width);
        let inner = node.move_to(Point::new(self.padding, self.padding));
        layout::Node::with_children(size, vec![inner]).move_to(Point::new(x.max(0.0).round(), y.max(0.0).round()))
    }

    fn operate(&mut self, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(self.tree, layout.child(0), renderer, operation);
    }

    fn update(
        &mut self,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
    ) {
        let inside = layout.child(0);
        if *self.open == Stand::Opening {
            *self.open = Stand::Open;
            let (trigger, tree, at) = (&mut *self.trigger, &mut *self.trigger_tree, self.trigger_layout);
            trigger.as_widget_mut().operate(tree, at, renderer, &mut focus::Release);
            let (content, tree) = (&mut *self.content, &mut *self.tree);
            focus::first(|operation| content.as_widget_mut().operate(tree, inside, renderer, operation));
        }
        let viewport = layout.bounds();
        relay(self.content, self.tree, event, inside, cursor, renderer, clipboard, shell, &viewport, self.open);
        if *self.open == Stand::Closed {
            return self.close(renderer, shell);
        }
        match event {
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(key), modifiers, .. })
                if !shell.is_event_captured() =>
            {
                match key {
                    Named::Escape => self.close(renderer, shell),
                    // The focus goes round within the sheet.
                    Named::Tab => {
                        let (content, tree) = (&mut *self.content, &mut *self.tree);
                        focus::step(!modifiers.shift(), |operation| {
                            content.as_widget_mut().operate(tree, inside, renderer, operation);
                        });
                        shell.request_redraw();
                    }
                    _ => {}
                }
                // What the page under the sheet would do with a key is not meant now.
                shell.capture_event();
            }
            Event::Mouse(mouse::Event::ButtonPressed(_)) | Event::Touch(touch::Event::FingerPressed { .. }) => {
                if !cursor.is_over(layout.bounds()) {
                    self.close(renderer, shell);
                }
                shell.capture_event();
            }
            Event::Mouse(mouse::Event::WheelScrolled { .. }) if cursor.is_over(layout.bounds()) => {
                shell.capture_event()
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
    ) {
        use iced::advanced::Renderer as _;
        let t = theme.tokens;
        let bounds = theme.snap_rect(layout.bounds());
        renderer.with_layer(bounds.expand(slip::REACH), |renderer| {
            slip::sheet(renderer, theme, bounds);
            let style = renderer::Style { text_color: t.t1 };
            let inside = layout.child(0);
            self.content.as_widget().draw(self.tree, renderer, theme, &style, inside, cursor, &bounds);
        });
    }

    fn mouse_interaction(&self, layout: Layout<'_>, cursor: mouse::Cursor, renderer: &Renderer) -> mouse::Interaction {
        let inside = layout.child(0);
        let viewport = layout.bounds();
        let inner = self.content.as_widget().mouse_interaction(self.tree, inside, cursor, &viewport, renderer);
        match inner {
            mouse::Interaction::None if cursor.is_over(viewport) => mouse::Interaction::Idle,
            other => other,
        }
    }
}

impl<'a, M: 'a> From<Popover<'a, M>> for Element<'a, M> {
    fn from(popover: Popover<'a, M>) -> Self {
        Element::new(popover)
    }
}
