//! What just happened, at the bottom right above the status bar: icon, words with the count, 撤销. It goes by itself after
//! some seconds; an error stays until it is closed and has 详情. When it goes is the screen's business. It never lies on the
//! buttons at the foot of a page ([`split::FOOT`]).

use iced::advanced::widget::{Id, Operation, Tree, Widget};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Event, Length, Padding, Point, Rectangle, Size, Vector};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::size;
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::button;
use crate::ui::widget::slip::slip;
use crate::ui::widget::split;
use crate::ui::{Element, Renderer, space as sp, text};

/// Something to tell.
#[derive(Debug, Clone)]
pub struct Toast<M> {
    pub tone: Tone,
    pub words: String,
    /// 撤销, 详情, 打开: what can be done about it.
    pub actions: Vec<(String, M)>,
    pub on_close: M,
}

impl<M> Toast<M> {
    fn icon(&self) -> Icon {
        match self.tone {
            Tone::Danger => Icon::CircleAlert,
            Tone::Warn => Icon::TriangleAlert,
            Tone::Success => Icon::CircleCheck,
            _ => Icon::Info,
        }
    }
}

/// One toast.
pub fn toast<'a, M: Clone + 'a>(toast: Toast<M>) -> Element<'a, M> {
    let picture = icon::toned(toast.icon(), icon::size::RAIL, toast.tone);
    let actions = toast.actions.into_iter().map(|(label, message)| {
        let action: Element<'a, M> = button::quiet(label).small().on_press(message).into();
        action
    });
    let words = text::toned(text::BODY, Tone::Plain, toast.words);
    let content = row![picture, container(words).width(Length::Fill)]
        .extend(actions)
        .push(button::icon_only(Icon::X).tip("关闭").on_press(toast.on_close))
        .spacing(sp::S8)
        .align_y(Vertical::Center);
    slip(container(content).padding(Padding { top: 7.0, bottom: 7.0, left: 14.0, right: 8.0 }).width(390))
}

/// The page with its toasts above, the newest lowest.
pub fn toasts<'a, M: Clone + 'a>(
    page: impl Into<Element<'a, M>>,
    all: impl IntoIterator<Item = Toast<M>>,
) -> Element<'a, M> {
    let all: Vec<Element<'a, M>> = all.into_iter().map(toast).collect();
    let empty = all.is_empty();
    Element::new(Corner { children: [page.into(), column(all).spacing(sp::S8).into()], empty })
}

/// A page, and what hangs in its lower right corner. Unlike a stack it makes no layer when nothing hangs there.
struct Corner<'a, M> {
    children: [Element<'a, M>; 2],
    empty: bool,
}

/// Looks for the bars at the foot of the page that reach under the toasts.
struct Feet {
    /// Where toasts begin.
    left: f32,
    /// The top of the highest such bar.
    foot: f32,
    /// Where a panel of decisions begins that must stay free.
    side: f32,
}

impl Operation for Feet {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        if id == Some(&Id::new(split::FOOT)) && bounds.height > 0.0 && bounds.x + bounds.width > self.left {
            self.foot = self.foot.min(bounds.y);
        }
        if id == Some(&Id::new(split::SIDE)) && bounds.width > 0.0 {
            self.side = self.side.min(bounds.x);
        }
    }
}

impl<M> Widget<M, Theme, Renderer> for Corner<'_, M> {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.children);
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        let size = limits.max();
        let [page, corner] = &mut self.children;
        let page = page.as_widget_mut().layout(&mut tree.children[0], renderer, limits);
        let mut corner = corner.as_widget_mut().layout(&mut tree.children[1], renderer, &limits.loose());
        let mut x = (size.width - size::PAGE_RIGHT - corner.size().width).max(0.0);
        let mut foot = size.height - size::STATUS_BAR;
        if !self.empty {
            let mut feet = Feet { left: x, foot, side: size.width };
            let page_layout = Layout::new(&page);
            self.children[0].as_widget_mut().operate(&mut tree.children[0], page_layout, renderer, &mut feet);
            foot = feet.foot;
            // Beside a panel of decisions in a narrow window there is less room than they like.
            let room = (feet.side - 2.0 * sp::S8).max(0.0);
            if feet.side < size.width && corner.size().width > room {
                let [_, narrow] = &mut self.children;
                let limits = limits.loose().max_width(room);
                corner = narrow.as_widget_mut().layout(&mut tree.children[1], renderer, &limits);
            }
            x = x.min((feet.side - size::PAGE_RIGHT - corner.size().width).max(0.0));
        }
        let y = (foot - sp::S16 - corner.size().height).max(0.0);
        layout::Node::with_children(size, vec![page, corner.move_to(Point::new(x, y))])
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        for ((child, tree), layout) in self.children.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            child.as_widget_mut().operate(tree, layout, renderer, operation);
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
        let above = !self.empty && cursor.is_over(layout.child(1).bounds());
        for at in [1, 0] {
            let cursor = if at == 0 && above { cursor.levitate() } else { cursor };
            let (child, tree) = (&mut self.children[at], &mut tree.children[at]);
            let content = child.as_widget_mut();
            content.update(tree, event, layout.child(at), cursor, renderer, clipboard, shell, viewport);
            let pointer = matches!(event, Event::Mouse(_) | Event::Touch(_));
            if pointer && shell.is_event_captured() {
                return;
            }
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
        let [page, corner] = &self.children;
        let hung = layout.child(1).bounds();
        let below = if !self.empty && cursor.is_over(hung) { cursor.levitate() } else { cursor };
        page.as_widget().draw(&tree.children[0], renderer, theme, style, layout.child(0), below, viewport);
        if !self.empty {
            // Each toast is a slip, which has a layer of its own.
            corner.as_widget().draw(&tree.children[1], renderer, theme, style, layout.child(1), cursor, viewport);
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
        let at = usize::from(!self.empty && cursor.is_over(layout.child(1).bounds()));
        let child = self.children[at].as_widget();
        match child.mouse_interaction(&tree.children[at], layout.child(at), cursor, viewport, renderer) {
            mouse::Interaction::None if at == 1 => mouse::Interaction::Idle,
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
        overlay::from_children(&mut self.children, tree, layout, renderer, viewport, translation)
    }
}
