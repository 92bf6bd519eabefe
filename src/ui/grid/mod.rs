//! The data grid: one leaf widget that draws only the rows in sight, whatever their number, and understands mouse and keys.
//! The screen owns [`GridState`], the ids in their order and the cells' content; the grid sends [`GridEvent`]s back.
//! Nothing here fetches, sorts or filters, and nothing here walks all rows in a frame.

mod cell;
mod column;
mod copy;
mod geometry;
mod head_menu;
mod input;
mod paint;
mod paint_cell;
mod state;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::{Id as WidgetId, Tree, Widget, tree};
use iced::advanced::{Clipboard, Layout, Shell, layout, mouse, overlay, renderer};
use iced::{Element, Event, Length, Point, Rectangle, Size, Vector};

pub use cell::Cell;
pub use column::{Align, Arrangement, Column};
pub use copy::{code as copied_code, field as copied_field};
pub use state::{GridAction, GridEvent, GridState, Place, RowId, Sort, Step};

use crate::ui::Renderer;
use crate::ui::paint::Shaped;
use crate::ui::text;
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::size;
use crate::ui::widget::list::{Item, Marked};
use geometry::{Ask, Geometry};
use head_menu::Pick;

/// A grid over `ids`, whose cells come from a closure asked only for the rows in sight.
pub struct Grid<'a, Id, M> {
    theme: Theme,
    state: &'a GridState<Id>,
    columns: &'a [Column],
    ids: &'a [Id],
    #[expect(clippy::type_complexity, reason = "a boxed closure, named by the field")]
    cell: Box<dyn Fn(Place<Id>, &Column) -> Cell<'a> + 'a>,
    on_event: Rc<dyn Fn(GridEvent<Id>) -> M + 'a>,
    /// The head's menu while it is open: its rows, and what a pick sends.
    menu: Vec<Item<Pick>>,
    on_pick: Box<dyn Fn(Pick) -> M + 'a>,
    totals: Vec<(String, Cell<'a>)>,
    copy_heads: Option<bool>,
    id: Option<WidgetId>,
    width: Length,
    height: Length,
}

impl<'a, Id: RowId, M: 'a> Grid<'a, Id, M> {
    /// A grid at the theme's density and scale. `cell` is asked for the rows in sight at every frame, so it should look
    /// up, not compute; `on_event` wraps what a person did into a message for [`GridState::update`].
    pub fn new(
        theme: &Theme,
        state: &'a GridState<Id>,
        columns: &'a [Column],
        ids: &'a [Id],
        cell: impl Fn(Place<Id>, &Column) -> Cell<'a> + 'a,
        on_event: impl Fn(GridEvent<Id>) -> M + 'a,
    ) -> Self {
        let on_event: Rc<dyn Fn(GridEvent<Id>) -> M + 'a> = Rc::new(on_event);
        let picked = on_event.clone();
        Self {
            theme: *theme,
            state,
            columns,
            ids,
            cell: Box::new(cell),
            on_event,
            menu: Vec::new(),
            on_pick: Box::new(move |pick: Pick| picked(pick.event())),
            totals: Vec::new(),
            copy_heads: None,
            id: None,
            width: Length::Fill,
            height: Length::Fill,
        }
    }
}

impl<'a, Id: RowId, M> Grid<'a, Id, M> {
    /// A row of totals under the last row shown: cells by column key.
    #[must_use]
    pub fn totals(mut self, totals: Vec<(String, Cell<'a>)>) -> Self {
        self.totals = totals;
        self
    }

    /// Whether Ctrl+C takes the heads along; unless told, it does for more than one row.
    #[must_use]
    pub fn copy_heads(mut self, heads: bool) -> Self {
        self.copy_heads = Some(heads);
        self
    }

    /// A name by which focus can be given to it.
    #[must_use]
    pub fn id(mut self, id: impl Into<WidgetId>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Its height; it fills what there is unless told otherwise.
    #[must_use]
    pub fn height(mut self, height: impl Into<Length>) -> Self {
        self.height = height.into();
        self
    }

    fn geometry(&self, bounds: Rectangle) -> Geometry {
        Geometry::of(Ask {
            bounds,
            theme: &self.theme,
            columns: self.columns,
            arrangement: self.state.arrangement(),
            rows: self.ids.len(),
            top: self.state.top(),
            left: self.state.left(),
            totals: !self.totals.is_empty(),
        })
    }

    fn place(&self, row: usize) -> Option<Place<Id>> {
        self.ids.get(row).map(|id| Place { row, id: *id })
    }
}

/// What the pointer is doing.
#[derive(Debug, Clone, PartialEq)]
enum Hold {
    Nothing,
    /// A head is pressed; it sorts on release, or is dragged away. By key, for columns may change meanwhile.
    Head {
        key: String,
        from: Point,
        dragging: bool,
    },
    /// A border is dragged: where it was grabbed and the width then.
    Border {
        key: String,
        from: f32,
        width: f32,
    },
    /// The vertical thumb is dragged, grabbed this far below its start.
    Vertical {
        grab: f32,
    },
    Horizontal {
        grab: f32,
    },
}

/// What belongs to the pointer and the keyboard, and what was shaped.
struct Inner<Id> {
    focused: bool,
    /// Focus came by the keyboard: it is shown.
    by_key: bool,
    modifiers: iced::keyboard::Modifiers,
    hold: Hold,
    hover: Option<Id>,
    /// The row under the pointer, as an index, while the pointer is in the body.
    hover_row: Option<usize>,
    pointer: Option<Point>,
    last_click: Option<mouse::Click>,
    /// The head's menu: of which column, where it hangs, which row is marked.
    menu: Option<(String, Rectangle)>,
    menu_open: Option<Marked>,
    /// Part of a row the wheel has turned so far.
    wheel: f32,
    shaped: RefCell<Shaped>,
}

impl<Id> Inner<Id> {
    fn new() -> Self {
        Self {
            focused: false,
            by_key: false,
            modifiers: iced::keyboard::Modifiers::default(),
            hold: Hold::Nothing,
            hover: None,
            hover_row: None,
            pointer: None,
            last_click: None,
            menu: None,
            menu_open: None,
            wheel: 0.0,
            shaped: RefCell::default(),
        }
    }
}

impl<Id> Focusable for Inner<Id> {
    fn is_focused(&self) -> bool {
        self.focused
    }

    fn focus(&mut self) {
        self.focused = true;
        self.by_key = true;
    }

    fn unfocus(&mut self) {
        self.focused = false;
        self.by_key = false;
    }
}

impl<Id: RowId, M> Widget<M, Theme, Renderer> for Grid<'_, Id, M> {
    fn size(&self) -> Size<Length> {
        Size::new(self.width, self.height)
    }

    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Inner<Id>>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Inner::<Id>::new())
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        layout::atomic(limits, self.width, self.height)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, _renderer: &Renderer, operation: &mut dyn Operation) {
        operation.focusable(self.id.as_ref(), layout.bounds(), tree.state.downcast_mut::<Inner<Id>>());
        // What can be read, so that a test finds a row by its words as a person does.
        let g = self.geometry(layout.bounds());
        for slot in &g.slots {
            let column = &self.columns[slot.column];
            let head = Rectangle { x: slot.x, width: slot.width, ..g.head };
            operation.text(None, head, &column.title);
            for place in (g.top..g.top + g.shown).filter_map(|row| self.place(row)) {
                let line = g.row_rect(place.row - g.top);
                let cell = (self.cell)(place, column);
                if let Cell::Choice { options, .. } = &cell {
                    let inner = g.inner(slot, &line, size::CELL_PAD);
                    for (word, button) in options.iter().zip(paint_cell::choices(options, &inner, text::SMALL)) {
                        operation.text(None, button, word);
                    }
                    continue;
                }
                operation.text(None, Rectangle { x: slot.x, width: slot.width, ..line }, &cell.plain());
            }
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _renderer: &Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, M>,
        _viewport: &Rectangle,
    ) {
        let geometry = self.geometry(layout.bounds());
        self.input(tree.state.downcast_mut::<Inner<Id>>(), event, &geometry, cursor, shell);
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let geometry = self.geometry(layout.bounds());
        self.paint(tree.state.downcast_ref::<Inner<Id>>(), renderer, theme, &geometry);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        let inner = tree.state.downcast_ref::<Inner<Id>>();
        self.pointer_shape(inner, &self.geometry(layout.bounds()), cursor)
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        _renderer: &Renderer,
        _viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        let geometry = self.geometry(layout.bounds());
        self.head_menu(tree.state.downcast_mut::<Inner<Id>>(), &geometry, translation)
    }
}

impl<'a, Id: RowId, M: 'a> From<Grid<'a, Id, M>> for Element<'a, M, Theme, Renderer> {
    fn from(grid: Grid<'a, Id, M>) -> Self {
        Element::new(grid)
    }
}
