//! The outermost widget of a window. It puts everything on whole physical pixels, moves the focus with Tab, offers keys
//! nobody took to the screen, and stands between input methods and text fields.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, InputMethod, Layout, Shell, layout, mouse, overlay, renderer};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Length, Point, Rectangle, Size, Vector};

use crate::ui::paint::{Brush, Shaped};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::{Element, Renderer, focus, ime, text};

/// A key that was pressed and that no widget took.
#[derive(Debug, Clone, PartialEq)]
pub struct Pressed {
    pub key: Key,
    pub modifiers: keyboard::Modifiers,
    /// The letter on the key whatever the layout, for shortcuts such as Ctrl+K.
    pub latin: Option<char>,
    /// The key is held down and repeats itself.
    pub repeat: bool,
}

/// The outermost widget.
pub struct Root<'a, M> {
    content: Element<'a, M>,
    scale: f32,
    zoom: f32,
    on_key: Option<Box<dyn Fn(Pressed) -> Option<M> + 'a>>,
    /// The size everything was made for.
    made_for: Size,
    /// What is sent where it is laid out in another.
    on_size: Option<fn(Size) -> M>,
}

impl<'a, M: 'a> Root<'a, M> {
    /// Wraps a window's content. `theme.scale` is the whole scale, `zoom` the person's part of it.
    pub fn new(content: impl Into<Element<'a, M>>, theme: &Theme, zoom: f32) -> Self {
        Self { content: content.into(), scale: theme.scale, zoom, on_key: None, made_for: Size::ZERO, on_size: None }
    }

    /// What keys do that no widget took: shortcuts of the window and of the screen.
    #[must_use]
    pub fn on_key(mut self, on_key: impl Fn(Pressed) -> Option<M> + 'a) -> Self {
        self.on_key = Some(Box::new(on_key));
        self
    }

    /// What is sent where the window is not of the size its content was made for. A window is not told of every change: with
    /// another zoom it has another inside, and no event says so.
    #[must_use]
    pub fn on_size(mut self, made_for: Size, on_size: fn(Size) -> M) -> Self {
        (self.made_for, self.on_size) = (made_for, Some(on_size));
        self
    }
}

/// What is being composed, and where; how large the window is inside.
#[derive(Default)]
struct Inner {
    size: Size,
    preedit: Option<(String, Option<std::ops::Range<usize>>, Rectangle)>,
    shaped: std::cell::RefCell<Shaped>,
    x11: Option<bool>,
}

/// Up to this thickness something is a line.
const LINE: f32 = 3.0;

/// The same node with every edge on a whole physical pixel. `exact` and `snapped` are where its parent is and was put.
fn snap(node: &layout::Node, scale: f32, exact: Vector, snapped: Vector) -> layout::Node {
    let round = |v: f32| if v.is_finite() { (v * scale).round() / scale } else { v };
    let bounds = node.bounds();
    let at = exact + Vector::new(bounds.x, bounds.y);
    let to = Vector::new(round(at.x), round(at.y));
    // A line keeps its thickness wherever it lies, also when that is half a pixel less a rounding error; anything larger
    // keeps its edges.
    let extent = |start: f32, length: f32, from: f32| {
        if length > 0.0 && length <= LINE {
            (length * scale + 0.01).round().max(1.0) / scale
        } else {
            round(start + length) - from
        }
    };
    let size = Size::new(extent(at.x, bounds.width, to.x), extent(at.y, bounds.height, to.y));
    let children = node.children().iter().map(|child| snap(child, scale, at, to)).collect();
    layout::Node::with_children(size, children).move_to(Point::new(to.x - snapped.x, to.y - snapped.y))
}

impl<M> Root<'_, M> {
    fn compose(&self, inner: &mut Inner, shell: &mut Shell<'_, M>) {
        let x11 = *inner.x11.get_or_insert_with(ime::on_x11);
        inner.preedit = None;
        if let InputMethod::Enabled { cursor, preedit, .. } = shell.input_method_mut() {
            // Drawn here rather than by the window: it may then stand elsewhere than where the input method is told.
            if let Some(preedit) = preedit.take().filter(|preedit| !preedit.content.is_empty()) {
                let range = preedit.selection.filter(|r| preedit.content.get(r.clone()).is_some());
                inner.preedit = Some((preedit.content, range, *cursor));
            }
            *cursor = ime::area(*cursor, self.zoom, x11);
        }
    }
}

impl<M> Widget<M, Theme, Renderer> for Root<'_, M> {
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
        tree.state.downcast_mut::<Inner>().size = limits.max();
        let node = self.content.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        let node = snap(&node, self.scale, Vector::ZERO, Vector::ZERO);
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
        let Some(event) = ime::clean(event) else { return shell.capture_event() };
        let content = self.content.as_widget_mut();
        let inside = layout.child(0);
        content.update(&mut tree.children[0], &event, inside, cursor, renderer, clipboard, shell, viewport);
        match event.as_ref() {
            Event::Window(iced::window::Event::RedrawRequested(_)) => {
                let inner = tree.state.downcast_mut::<Inner>();
                self.compose(inner, shell);
                if let Some(on_size) = self.on_size.filter(|_| self.made_for != inner.size) {
                    shell.publish(on_size(inner.size));
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, physical_key, repeat, .. })
                if !shell.is_event_captured() =>
            {
                if *key == Key::Named(Named::Tab) && !modifiers.command() && !modifiers.alt() {
                    let children = &mut tree.children[0];
                    if focus::step(!modifiers.shift(), |operation| {
                        content.operate(children, inside, renderer, operation);
                    }) {
                        shell.request_redraw();
                        return shell.capture_event();
                    }
                }
                let pressed = Pressed {
                    key: key.clone(),
                    modifiers: *modifiers,
                    latin: key.to_latin(*physical_key),
                    repeat: *repeat,
                };
                if let Some(message) = self.on_key.as_ref().and_then(|on_key| on_key(pressed)) {
                    shell.publish(message);
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
        let inside = layout.child(0);
        self.content.as_widget().draw(&tree.children[0], renderer, theme, style, inside, cursor, viewport);
        let inner = tree.state.downcast_ref::<Inner>();
        if let Some((words, range, caret)) = &inner.preedit {
            draw_preedit(renderer, theme, &mut inner.shaped.borrow_mut(), words, range.as_ref(), *caret, viewport);
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
        let inside = layout.child(0);
        self.content.as_widget().mouse_interaction(&tree.children[0], inside, cursor, viewport, renderer)
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

/// What is being composed, over the caret: underlined, the part at work marked.
fn draw_preedit(
    renderer: &mut Renderer,
    theme: &Theme,
    shaped: &mut Shaped,
    words: &str,
    range: Option<&std::ops::Range<usize>>,
    caret: Rectangle,
    viewport: &Rectangle,
) {
    use iced::advanced::Renderer as _;
    let t = theme.tokens;
    let style = text::BODY;
    let width = |words: &str| crate::ui::measure::width(words, style.size, false);
    let size = Size::new(width(words) + 8.0, caret.height.max(style.line));
    let x = caret.x.min(viewport.x + viewport.width - size.width).max(viewport.x);
    let bounds = theme.snap_rect(Rectangle::new(Point::new(x, caret.y), size));
    shaped.begin(theme.scale);
    renderer.with_layer(bounds, |renderer| {
        let mut brush = Brush::new(renderer, shaped, theme, bounds);
        brush.block(bounds, t.pop, radius::SMALL, None);
        if let Some(range) = range.filter(|range| !range.is_empty()) {
            let from = bounds.x + 4.0 + width(&words[..range.start]);
            let part = Rectangle { x: from, width: width(&words[range.clone()]), ..bounds };
            brush.fill(part, t.accent_soft);
        }
        brush.text(words, style, t.t1, bounds.x + 4.0, &bounds);
        let line = Rectangle { y: bounds.y + bounds.height - 2.0, height: theme.hair(1.0), ..bounds };
        brush.fill(line, t.accent);
    });
}

impl<'a, M: 'a> From<Root<'a, M>> for Element<'a, M> {
    fn from(root: Root<'a, M>) -> Self {
        Element::new(root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_that_touch_still_touch_after_snapping() {
        let child = |x: f32, w: f32| layout::Node::new(Size::new(w, 10.3)).move_to(Point::new(x, 0.4));
        let node = layout::Node::with_children(
            Size::new(100.7, 30.2),
            vec![child(0.0, 33.3), child(33.3, 33.3), child(66.6, 34.1)],
        )
        .move_to(Point::new(5.5, 7.25));
        for scale in [0.8, 1.0, 1.25, 1.5] {
            let snapped = snap(&node, scale, Vector::ZERO, Vector::ZERO);
            let origin = snapped.bounds();
            let mut end: Option<f32> = None;
            for child in snapped.children() {
                let b = child.bounds();
                let physical = (origin.x + b.x) * scale;
                assert!((physical - physical.round()).abs() < 1e-2, "{scale}: {physical}");
                if let Some(end) = end {
                    assert!((end - b.x).abs() < 1e-3, "neighbours share an edge");
                }
                end = Some(b.x + b.width);
            }
        }
    }
}
