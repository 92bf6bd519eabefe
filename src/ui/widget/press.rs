//! Anything that can be pressed: by the mouse, and by Enter or Space when the keyboard is on it. Buttons, chips, tabs,
//! checkboxes and the rail are all made of this, so they all take focus, show it and can be disabled in the same way.

use iced::advanced::widget::{Id, Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Alignment, Border, Color, Event, Length, Padding, Point, Rectangle, Size, Vector, border, touch};

use crate::ui::focus::Focus;
use crate::ui::theme::Theme;
use crate::ui::{Element, Renderer};

/// What a pressable is going through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    pub hovered: bool,
    /// The button or the key is down on it.
    pub pressed: bool,
    /// The keyboard is on it and shows.
    pub focused: bool,
    pub disabled: bool,
}

/// How a pressable looks in one status.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub ground: Option<Color>,
    pub frame: Option<Color>,
    /// The colour of text and icons inside that have none of their own.
    pub ink: Color,
    pub radius: border::Radius,
    /// The focus ring lies inside the edge instead of around it.
    pub ring_inside: bool,
}

impl Look {
    /// Text alone.
    pub fn bare(ink: Color) -> Self {
        Self { ground: None, frame: None, ink, radius: 0.0.into(), ring_inside: false }
    }

    /// On a ground.
    #[must_use]
    pub fn ground(self, ground: Color) -> Self {
        Self { ground: Some(ground), ..self }
    }

    /// In a frame of one line.
    #[must_use]
    pub fn frame(self, frame: Color) -> Self {
        Self { frame: Some(frame), ..self }
    }

    /// With round corners.
    #[must_use]
    pub fn radius(self, radius: impl Into<border::Radius>) -> Self {
        Self { radius: radius.into(), ..self }
    }

    /// With the focus ring inside the edge, where a ring around it would be cut off or touch a neighbour.
    #[must_use]
    pub fn ring_inside(self) -> Self {
        Self { ring_inside: true, ..self }
    }
}

/// How a pressable looks, by its status.
type LookOf<'a> = Box<dyn Fn(&Theme, Status) -> Look + 'a>;

/// A pressable area around some content.
pub struct Press<'a, M> {
    content: Element<'a, M>,
    on_press: Option<M>,
    on_menu: Option<Box<dyn Fn(Point) -> M + 'a>>,
    look: LookOf<'a>,
    id: Option<Id>,
    width: Length,
    height: Length,
    padding: Padding,
    align_x: Alignment,
    stop: bool,
}

impl<'a, M: Clone + 'a> Press<'a, M> {
    /// A pressable area; without [`Press::on_press`] it is disabled.
    pub fn new(content: impl Into<Element<'a, M>>, look: impl Fn(&Theme, Status) -> Look + 'a) -> Self {
        Self {
            content: content.into(),
            on_press: None,
            on_menu: None,
            look: Box::new(look),
            id: None,
            width: Length::Shrink,
            height: Length::Shrink,
            padding: Padding::ZERO,
            align_x: Alignment::Center,
            stop: true,
        }
    }

    /// What it sends when pressed; `None` disables it.
    #[must_use]
    pub fn on_press(mut self, message: impl Into<Option<M>>) -> Self {
        self.on_press = message.into();
        self
    }

    /// What a right click sends, with its place in the window.
    #[must_use]
    pub fn on_menu(mut self, message: impl Fn(Point) -> M + 'a) -> Self {
        self.on_menu = Some(Box::new(message));
        self
    }

    /// A name by which focus can be given to it.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its width; that of its content unless told.
    #[must_use]
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
        self
    }

    /// Its height; that of its content unless told.
    #[must_use]
    pub fn height(mut self, height: impl Into<Length>) -> Self {
        self.height = height.into();
        self
    }

    /// Room around the content.
    #[must_use]
    pub fn padding(mut self, padding: impl Into<Padding>) -> Self {
        self.padding = padding.into();
        self
    }

    /// Puts the content at the left edge instead of the middle.
    #[must_use]
    pub fn left(mut self) -> Self {
        self.align_x = Alignment::Start;
        self
    }

    /// Tab passes it over: for what can also be done in another way (the × of a chip, the arrows of a calendar).
    #[must_use]
    pub fn no_stop(mut self) -> Self {
        self.stop = false;
        self
    }

    fn status(&self, inner: &Inner) -> Status {
        Status {
            hovered: inner.hovered && self.on_press.is_some(),
            pressed: inner.pressed && self.on_press.is_some(),
            focused: inner.focus.shown(),
            disabled: self.on_press.is_none(),
        }
    }
}

#[derive(Debug, Default)]
struct Inner {
    focus: Focus,
    hovered: bool,
    pressed: bool,
}

impl<M: Clone> Widget<M, Theme, Renderer> for Press<'_, M> {
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
        layout::positioned(
            limits,
            self.width,
            self.height,
            self.padding,
            |limits| self.content.as_widget_mut().layout(&mut tree.children[0], renderer, &limits.loose()),
            |content, size| content.align(self.align_x, Alignment::Center, size),
        )
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        if self.stop && self.on_press.is_some() {
            let inner = tree.state.downcast_mut::<Inner>();
            operation.focusable(self.id.as_ref(), layout.bounds(), &mut inner.focus);
        }
        operation.container(None, layout.bounds());
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
        let (content, children) = (&mut self.content, &mut tree.children[0]);
        let inside = layout.child(0);
        content.as_widget_mut().update(children, event, inside, cursor, renderer, clipboard, shell, viewport);
        let inner = tree.state.downcast_mut::<Inner>();
        if self.on_press.is_none() {
            inner.focus.drop();
        }
        // What a piece inside took (the × of a chip) is not a press of the whole.
        let taken = shell.is_event_captured();
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                if cursor.is_over(layout.bounds()) && !taken && self.on_press.is_some() {
                    inner.pressed = true;
                    inner.focus.click();
                    shell.capture_event();
                    shell.request_redraw();
                } else if inner.focus.drop() {
                    shell.request_redraw();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. }) => {
                if std::mem::take(&mut inner.pressed) {
                    if cursor.is_over(layout.bounds())
                        && let Some(message) = self.on_press.clone()
                    {
                        shell.publish(message);
                    }
                    shell.capture_event();
                    shell.request_redraw();
                }
            }
            Event::Touch(touch::Event::FingerLost { .. }) => inner.pressed = false,
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)) if !taken => {
                if let Some(on_menu) = &self.on_menu
                    && let Some(at) = cursor.position_over(layout.bounds())
                {
                    shell.publish(on_menu(at));
                    shell.capture_event();
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, repeat, .. })
                if inner.focus.held() && !taken && modifiers.is_empty() =>
            {
                if matches!(key, Key::Named(Named::Enter | Named::Space))
                    && let Some(message) = self.on_press.clone()
                {
                    inner.focus.key();
                    // A key held down must not press again and again.
                    if !repeat {
                        shell.publish(message);
                    }
                    shell.capture_event();
                    shell.request_redraw();
                }
            }
            Event::Mouse(_) | Event::Window(iced::window::Event::RedrawRequested(_)) => {}
            _ => return,
        }
        let hovered = cursor.is_over(layout.bounds());
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
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let status = self.status(tree.state.downcast_ref::<Inner>());
        let look = (self.look)(theme, status);
        let bounds = layout.bounds();
        if look.ground.is_some() || look.frame.is_some() {
            fill(renderer, theme, bounds, look.ground, look.frame, look.radius);
        }
        if status.focused {
            ring(renderer, theme, bounds, look.radius, look.ring_inside);
        }
        let style = renderer::Style { text_color: look.ink };
        self.content.as_widget().draw(&tree.children[0], renderer, theme, &style, layout.child(0), cursor, viewport);
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
        match (inside, cursor.is_over(layout.bounds()), &self.on_press) {
            (mouse::Interaction::None, true, Some(_)) => mouse::Interaction::Pointer,
            (mouse::Interaction::None, true, None) => mouse::Interaction::Idle,
            _ => inside,
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

impl<'a, M: Clone + 'a> From<Press<'a, M>> for Element<'a, M> {
    fn from(press: Press<'a, M>) -> Self {
        Element::new(press)
    }
}

/// A ground with a frame of one line, on whole pixels.
pub(super) fn fill(
    renderer: &mut Renderer,
    theme: &Theme,
    bounds: Rectangle,
    ground: Option<Color>,
    frame: Option<Color>,
    radius: border::Radius,
) {
    use iced::advanced::Renderer as _;
    let bounds = theme.snap_rect(bounds);
    let mut quad = |bounds: Rectangle, border: Border, color: Color| {
        renderer.fill_quad(renderer::Quad { bounds, border, ..renderer::Quad::default() }, color);
    };
    let round = |radius| Border { radius, ..Border::default() };
    match (ground, frame) {
        (None, None) => {}
        (Some(ground), None) => quad(bounds, round(radius), ground),
        // Only the frame: nothing to lay over it, so it is stroked.
        (None, Some(color)) => quad(bounds, Border { radius, width: theme.hair(1.0), color }, Color::TRANSPARENT),
        // Two fills instead of a stroke: the renderer strokes a line of one pixel in pieces, whose joints show.
        (Some(ground), Some(color)) => {
            let line = theme.hair(1.0);
            quad(bounds, round(radius), color);
            if bounds.width > 2.0 * line && bounds.height > 2.0 * line {
                quad(bounds.shrink(line), round(inner(radius, line)), ground);
            }
        }
    }
}

/// The radius of the inside of a frame.
fn inner(radius: border::Radius, line: f32) -> border::Radius {
    let less = |r: f32| (r - line).max(0.0);
    border::Radius {
        top_left: less(radius.top_left),
        top_right: less(radius.top_right),
        bottom_right: less(radius.bottom_right),
        bottom_left: less(radius.bottom_left),
    }
}

/// The focus ring: 2 px of accent, 1 px away, or inside the edge.
pub(super) fn ring(renderer: &mut Renderer, theme: &Theme, bounds: Rectangle, radius: border::Radius, inside: bool) {
    use iced::advanced::Renderer as _;
    let width = theme.hair(2.0);
    let away = if inside { 0.0 } else { theme.hair(1.0) + width };
    let grow = |r: f32| if inside { r } else { r + away };
    let radius = border::Radius {
        top_left: grow(radius.top_left),
        top_right: grow(radius.top_right),
        bottom_right: grow(radius.bottom_right),
        bottom_left: grow(radius.bottom_left),
    };
    let bounds = theme.snap_rect(bounds).expand(away);
    let border = Border { radius, width, color: theme.tokens.accent };
    renderer.fill_quad(renderer::Quad { bounds, border, ..renderer::Quad::default() }, Color::TRANSPARENT);
}
