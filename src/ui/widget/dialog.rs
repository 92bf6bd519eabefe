//! Dialogs: for what leaves the machine or cannot be undone, never for “are you sure”. The page under the scrim sees no
//! key and no click; the focus goes round inside, and Esc or a press on the scrim closes.

use iced::advanced::input_method::Event as Ime;
use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::alignment::Vertical;
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::widget::{column, container, row, space};
use iced::{Event, Length, Padding, Point, Rectangle, Size, Vector};

use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::slip::slip;
use crate::ui::{Element, Renderer, focus, space as sp, text};

/// Width of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 480 px.
    Usual,
    /// 640 px.
    Wide,
}

/// The sheet of a dialog: its title, its content, its buttons at the right (the primary one last).
pub fn dialog<'a, M: 'a>(
    title: impl Into<String>,
    content: impl Into<Element<'a, M>>,
    buttons: impl IntoIterator<Item = Element<'a, M>>,
    width: Width,
) -> Element<'a, M> {
    let buttons = buttons.into_iter().fold(row![space().width(Length::Fill)], |line, button| line.push(button));
    let sheet = column![
        text::toned(text::SECTION, Tone::Plain, title.into()),
        content.into(),
        buttons.spacing(sp::S8).align_y(Vertical::Center),
    ]
    .spacing(sp::S16);
    let width = match width {
        Width::Usual => 480.0,
        Width::Wide => 640.0,
    };
    slip(container(sheet).padding(Padding { top: 18.0, right: 20.0, bottom: 16.0, left: 20.0 }).width(width))
}

/// What lies above a page.
pub struct Modal<'a, M> {
    page: Element<'a, M>,
    above: Option<Element<'a, M>>,
    on_close: Option<M>,
    top: Option<f32>,
}

/// A page with perhaps a dialog above it. Keep it in the view with `None` when nothing is open, so that the page's own
/// state lives on. `on_close` is sent by Esc and by a press on the scrim.
pub fn modal<'a, M: Clone + 'a>(
    page: impl Into<Element<'a, M>>,
    above: Option<Element<'a, M>>,
    on_close: Option<M>,
) -> Modal<'a, M> {
    Modal { page: page.into(), above, on_close, top: None }
}

impl<M> Modal<'_, M> {
    /// Puts what lies above at this distance from the top instead of the middle: for the palette.
    #[must_use]
    pub fn top(mut self, top: f32) -> Self {
        self.top = Some(top);
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stand {
    #[default]
    Closed,
    /// Something lies above; the keyboard has not been given to it yet.
    Opening,
    Open,
}

#[derive(Debug, Default)]
struct Inner {
    stand: Stand,
    /// An input method is at work: Esc is its own.
    composing: bool,
}

/// Stands for “nothing above” in the tree, so that the page keeps its place in it.
fn nothing<'a, M: 'a>() -> Element<'a, M> {
    space().into()
}

impl<M: Clone> Widget<M, Theme, Renderer> for Modal<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner>()
    }

    fn state(&self) -> tree::State {
        let stand = if self.above.is_some() { Stand::Opening } else { Stand::Closed };
        tree::State::new(Inner { stand, ..Inner::default() })
    }

    fn children(&self) -> Vec<Tree> {
        let above = match &self.above {
            Some(above) => Tree::new(above),
            None => Tree::new(nothing::<M>()),
        };
        vec![Tree::new(&self.page), above]
    }

    fn diff(&self, tree: &mut Tree) {
        match &self.above {
            Some(above) => tree.diff_children(&[&self.page, above]),
            None => tree.diff_children(&[&self.page, &nothing::<M>()]),
        }
        let inner = tree.state.downcast_mut::<Inner>();
        inner.stand = match (self.above.is_some(), inner.stand) {
            (false, _) => Stand::Closed,
            (true, Stand::Closed) => Stand::Opening,
            (true, other) => other,
        };
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let size = limits.max();
        let page = self.page.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        let Some(above) = &mut self.above else {
            return layout::Node::with_children(size, vec![page]);
        };
        let room =
            layout::Limits::new(Size::ZERO, Size::new((size.width - 32.0).max(0.0), (size.height - 32.0).max(0.0)));
        let sheet = above.as_widget_mut().layout(&mut tree.children[1], renderer, &room);
        let x = ((size.width - sheet.size().width) / 2.0).round();
        // A little above the middle looks like the middle.
        let y = self.top.unwrap_or_else(|| ((size.height - sheet.size().height) * 0.42).round());
        let y = y.min(size.height - sheet.size().height - 8.0).max(0.0);
        layout::Node::with_children(size, vec![page, sheet.move_to(Point::new(x, y))])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        // What is focused, scrolled or counted is only what can be reached.
        match &mut self.above {
            Some(above) => above.as_widget_mut().operate(&mut tree.children[1], layout.child(1), renderer, operation),
            None => self.page.as_widget_mut().operate(&mut tree.children[0], layout.child(0), renderer, operation),
        }
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
        let (page_tree, above_tree) = tree.children.split_at_mut(1);
        let (page_tree, above_tree) = (&mut page_tree[0], &mut above_tree[0]);
        let Some(above) = &mut self.above else {
            let page = self.page.as_widget_mut();
            return page.update(page_tree, event, layout.child(0), cursor, renderer, clipboard, shell, viewport);
        };
        let (above, sheet) = (above.as_widget_mut(), layout.child(1));
        if inner.stand == Stand::Opening {
            inner.stand = Stand::Open;
            self.page.as_widget_mut().operate(page_tree, layout.child(0), renderer, &mut focus::Release);
            focus::enter(|operation| above.operate(above_tree, sheet, renderer, operation));
            shell.request_redraw();
        }
        match event {
            Event::InputMethod(Ime::Preedit(words, _)) => inner.composing = !words.is_empty(),
            Event::InputMethod(Ime::Commit(_) | Ime::Closed) => inner.composing = false,
            // Taken before a text field inside sees it, which would only give up the keyboard.
            Event::Keyboard(keyboard::Event::KeyPressed { key: Key::Named(Named::Escape), .. }) if !inner.composing => {
                if let Some(message) = self.on_close.clone() {
                    shell.publish(message);
                }
                return shell.capture_event();
            }
            _ => {}
        }
        above.update(above_tree, event, sheet, cursor, renderer, clipboard, shell, viewport);
        if shell.is_event_captured() {
            return;
        }
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(_)) => {
                if !cursor.is_over(sheet.bounds())
                    && let Some(message) = self.on_close.clone()
                {
                    shell.publish(message);
                }
                shell.capture_event();
            }
            // Window events go on: the page must know that it was resized when it is seen again.
            Event::Window(iced::window::Event::RedrawRequested(_)) => {}
            Event::Window(_) => {
                let page = self.page.as_widget_mut();
                let away = mouse::Cursor::Unavailable;
                page.update(page_tree, event, layout.child(0), away, renderer, clipboard, shell, viewport);
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
        let page = self.page.as_widget();
        let Some(above) = &self.above else {
            return page.draw(&tree.children[0], renderer, theme, style, layout.child(0), cursor, viewport);
        };
        let away = mouse::Cursor::Unavailable;
        page.draw(&tree.children[0], renderer, theme, style, layout.child(0), away, viewport);
        renderer.with_layer(layout.bounds(), |renderer| scrim(renderer, theme, layout.bounds()));
        renderer.with_layer(layout.child(1).bounds(), |renderer| {
            let style = renderer::Style { text_color: theme.tokens.t1 };
            above.as_widget().draw(&tree.children[1], renderer, theme, &style, layout.child(1), cursor, viewport);
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
        match &self.above {
            None => {
                let page = self.page.as_widget();
                page.mouse_interaction(&tree.children[0], layout.child(0), cursor, viewport, renderer)
            }
            Some(above) => {
                let above = above.as_widget();
                let inside = above.mouse_interaction(&tree.children[1], layout.child(1), cursor, viewport, renderer);
                if inside == mouse::Interaction::None { mouse::Interaction::Idle } else { inside }
            }
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
        let (page_tree, above_tree) = tree.children.split_at_mut(1);
        match &mut self.above {
            Some(above) => {
                let above = above.as_widget_mut();
                above.overlay(&mut above_tree[0], layout.child(1), renderer, viewport, translation)
            }
            None => {
                let page = self.page.as_widget_mut();
                page.overlay(&mut page_tree[0], layout.child(0), renderer, viewport, translation)
            }
        }
    }
}

/// Darkens the page, in tiles: the renderer fills a rectangle whole when any part of it is to be repainted, and most
/// repaints under a dialog are as small as a blinking caret.
fn scrim(renderer: &mut Renderer, theme: &Theme, bounds: Rectangle) {
    use iced::advanced::Renderer as _;
    const TILE: f32 = 128.0;
    let all = theme.snap_rect(bounds);
    let (columns, rows) = ((all.width / TILE).ceil() as usize, (all.height / TILE).ceil() as usize);
    for at in 0..columns * rows {
        let (x, y) = (all.x + (at % columns) as f32 * TILE, all.y + (at / columns) as f32 * TILE);
        let tile = theme.snap_rect(Rectangle { x, y, width: TILE, height: TILE });
        if let Some(bounds) = tile.intersection(&all) {
            renderer.fill_quad(renderer::Quad { bounds, ..renderer::Quad::default() }, theme.tokens.scrim);
        }
    }
}

impl<'a, M: Clone + 'a> From<Modal<'a, M>> for Element<'a, M> {
    fn from(modal: Modal<'a, M>) -> Self {
        Element::new(modal)
    }
}
