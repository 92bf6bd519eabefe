//! Lines. The heavy one means “a set of rows begins here”, on every screen.

use iced::advanced::widget::{Operation, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::widget::{container, space};
use iced::{Event, Length, Rectangle, Size, Vector};

use crate::ui::theme::{Theme, Tokens};
use crate::ui::widget::press;
use crate::ui::{Color, Element, Renderer};

/// Which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 2 px: above a table, below totals.
    Heavy,
    /// 1 px of the same colour: above totals.
    Thin,
    /// 1 px: under a table head, the edge of a panel.
    Strong,
    /// 1 px: between rows.
    Hair,
}

impl Weight {
    /// Its thickness in logical pixels.
    pub const fn thickness(self) -> f32 {
        if matches!(self, Weight::Heavy) { 2.0 } else { 1.0 }
    }

    /// Its colour.
    pub fn ink(self, t: &Tokens) -> Color {
        match self {
            Weight::Heavy | Weight::Thin => t.rule,
            Weight::Strong => t.line_strong,
            Weight::Hair => t.line,
        }
    }
}

fn line<'a, M: 'a>(weight: Weight, width: Length, height: Length) -> Element<'a, M> {
    container(space().width(width).height(height))
        .style(move |theme: &Theme| container::background(weight.ink(theme.tokens)))
        .into()
}

/// A line across.
pub fn across<'a, M: 'a>(weight: Weight) -> Element<'a, M> {
    line(weight, Length::Fill, Length::Fixed(weight.thickness()))
}

/// A line down.
pub fn down<'a, M: 'a>(weight: Weight) -> Element<'a, M> {
    line(weight, Length::Fixed(weight.thickness()), Length::Fill)
}

/// Content with a line along its lower edge, under what the content draws there.
pub fn under<'a, M: 'a>(content: impl Into<Element<'a, M>>, weight: Weight) -> Element<'a, M> {
    Element::new(Under { content: content.into(), weight })
}

struct Under<'a, M> {
    content: Element<'a, M>,
    weight: Weight,
}

impl<M> Widget<M, Theme, Renderer> for Under<'_, M> {
    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn tag(&self) -> tree::Tag {
        self.content.as_widget().tag()
    }

    fn state(&self) -> tree::State {
        self.content.as_widget().state()
    }

    fn children(&self) -> Vec<Tree> {
        self.content.as_widget().children()
    }

    fn diff(&self, tree: &mut Tree) {
        self.content.as_widget().diff(tree);
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(tree, renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(tree, layout, renderer, operation);
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
        let content = self.content.as_widget_mut();
        content.update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
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
        let bounds = theme.snap_rect(layout.bounds());
        let height = theme.hair(self.weight.thickness());
        let line = Rectangle { y: bounds.y + bounds.height - height, height, ..bounds };
        press::fill(renderer, theme, line, Some(self.weight.ink(theme.tokens)), None, 0.0.into());
        self.content.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        self.content.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        self.content.as_widget_mut().overlay(tree, layout, renderer, viewport, translation)
    }
}
