//! What the screen owns of a grid: the arrangement, the sort, where it is scrolled to, the current row and the selection.
//!
//! Rows are known by id, so that the selection and the current row survive sorting and filtering. The screen keeps the
//! list of ids in the order shown, hands it to every [`GridState::update`], and calls [`GridState::rows_changed`] once
//! when that list changes; nothing here walks the whole list otherwise, except where every row is meant (Ctrl+A).

use std::collections::HashSet;
use std::hash::Hash;

use iced::Point;
use serde::{Deserialize, Serialize};

use super::column::{Arrangement, Column};

/// An id of a row: small, comparable, lasting.
pub trait RowId: Copy + Eq + Hash + 'static {}
impl<T: Copy + Eq + Hash + 'static> RowId for T {}

/// The column that orders the rows, and which way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub column: String,
    pub descending: bool,
}

/// A row as it stood when something happened to it: the id decides, the index only says where to look first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<Id> {
    pub row: usize,
    pub id: Id,
}

impl<Id: RowId> Place<Id> {
    /// The index of this row in `ids` now.
    pub fn find(&self, ids: &[Id]) -> Option<usize> {
        if ids.get(self.row) == Some(&self.id) {
            return Some(self.row);
        }
        ids.iter().position(|id| *id == self.id)
    }
}

/// A step of the current row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

/// What a person did to the grid. Made by the widget, handed to [`GridState::update`].
#[derive(Debug, Clone, PartialEq)]
pub enum GridEvent<Id> {
    /// The wheel or the scrollbar moved; `page` is the number of whole rows that fit.
    ScrolledTo { top: usize, page: usize },
    /// Sideways, to this many hidden scrolling columns.
    ScrolledSideways { left: usize },
    /// A row was pressed.
    Pressed { place: Place<Id>, extend: bool, toggle: bool, page: usize },
    /// A row's checkbox was pressed.
    Checked { place: Place<Id>, extend: bool },
    /// The head's checkbox was pressed, or Ctrl+A.
    CheckedAll { on: bool },
    /// An arrow, page or end key.
    Stepped { step: Step, extend: bool, page: usize },
    /// Space: the current row's checkbox.
    CheckedCurrent,
    /// Esc.
    Cleared,
    /// A double click.
    Opened(Place<Id>),
    /// Enter.
    OpenedCurrent,
    /// An option of a choice cell was pressed.
    Chose { place: Place<Id>, column: String, option: usize },
    /// A head was pressed.
    Sorted { column: String, descending: Option<bool> },
    /// A column's border was dragged or double-clicked.
    Resized { column: String, width: f32 },
    /// A head was dragged to another place.
    Reordered { column: String, before: Option<String> },
    /// A column was hidden or shown again.
    Hid { column: String, hide: bool },
    /// All columns as the screen declared them.
    ResetColumns,
    /// Ctrl+C.
    Copied { text: String, rows: usize, complete: bool },
    /// A right click on a row, or the menu key.
    Menu { place: Place<Id>, at: Point },
}

/// What the screen should do about it.
#[derive(Debug, Clone, PartialEq)]
pub enum GridAction<Id> {
    /// Nothing but draw again.
    None,
    /// Another row is current.
    CurrentChanged,
    /// The selection changed; the current row may have, too.
    SelectionChanged,
    /// Put the rows in this order, then call [`GridState::rows_changed`].
    SortBy(Sort),
    /// Open this row.
    Open(Id),
    /// Widths, order or hidden columns changed: remember [`GridState::arrangement`].
    ColumnsChanged,
    /// Put this on the clipboard. When not `complete`, some rows were still being fetched and are missing words.
    Copy { text: String, rows: usize, complete: bool },
    /// Show a menu for this row at this point of the window.
    ContextMenu { id: Id, at: Point },
    /// An option of a choice cell was chosen.
    Choose { id: Id, column: String, option: usize },
}

/// The state of one grid.
#[derive(Debug, Clone)]
pub struct GridState<Id> {
    arrangement: Arrangement,
    sort: Option<Sort>,
    top: usize,
    left: usize,
    current: Option<Place<Id>>,
    /// Where a Shift range begins, and what was selected before it began.
    anchor: Option<(Place<Id>, HashSet<Id>)>,
    selected: HashSet<Id>,
}

impl<Id> Default for GridState<Id> {
    fn default() -> Self {
        Self {
            arrangement: Arrangement::default(),
            sort: None,
            top: 0,
            left: 0,
            current: None,
            anchor: None,
            selected: HashSet::new(),
        }
    }
}

impl<Id: RowId> GridState<Id> {
    /// A grid with a remembered arrangement and sort.
    pub fn new(arrangement: Arrangement, sort: Option<Sort>) -> Self {
        Self { arrangement, sort, ..Self::default() }
    }

    /// Widths, order and hidden columns, to be remembered.
    pub fn arrangement(&self) -> &Arrangement {
        &self.arrangement
    }

    /// The sort shown in the head.
    pub fn sort(&self) -> Option<&Sort> {
        self.sort.as_ref()
    }

    /// The first row drawn.
    pub fn top(&self) -> usize {
        self.top
    }

    /// How many scrolling columns are hidden on the left.
    pub fn left(&self) -> usize {
        self.left
    }

    /// The current row.
    pub fn current(&self) -> Option<Id> {
        self.current.map(|place| place.id)
    }

    /// The current row with the index it last had.
    pub(super) fn current_place(&self) -> Option<Place<Id>> {
        self.current
    }

    /// The ids of the selected rows, in no order.
    pub fn selected(&self) -> &HashSet<Id> {
        &self.selected
    }

    /// Whether this row is selected.
    pub fn is_selected(&self, id: Id) -> bool {
        self.selected.contains(&id)
    }

    /// Makes a row current and, when it is out of sight, scrolls to it.
    pub fn set_current(&mut self, id: Option<Id>, ids: &[Id], page: usize) {
        self.current = id.and_then(|id| ids.iter().position(|other| *other == id).map(|row| Place { row, id }));
        self.anchor = None;
        if let Some(place) = self.current {
            self.reveal(place.row, page);
        }
    }

    /// Selects exactly these rows, as far as they are in the list.
    pub fn set_selected(&mut self, wanted: impl IntoIterator<Item = Id>, ids: &[Id]) {
        let wanted: HashSet<Id> = wanted.into_iter().collect();
        self.selected = ids.iter().copied().filter(|id| wanted.contains(id)).collect();
        self.anchor = None;
    }

    /// To be called when the list of rows was sorted, filtered or reloaded: rows that left it leave the selection, the
    /// current row is found again. Returns whether the selection lost something.
    pub fn rows_changed(&mut self, ids: &[Id]) -> bool {
        let before = self.selected.len();
        if !self.selected.is_empty() || self.anchor.is_some() {
            let here: HashSet<Id> = ids.iter().copied().collect();
            self.selected.retain(|id| here.contains(id));
            self.anchor = None;
        }
        self.current = self.current.and_then(|place| place.find(ids).map(|row| Place { row, ..place }));
        self.top = self.top.min(ids.len().saturating_sub(1));
        self.selected.len() != before
    }

    /// Scrolls to the first row, as after a new filter.
    pub fn scroll_to_top(&mut self) {
        self.top = 0;
    }

    fn reveal(&mut self, row: usize, page: usize) {
        let page = page.max(1);
        if row < self.top {
            self.top = row;
        } else if row - self.top >= page {
            self.top = row + 1 - page;
        }
    }

    fn go(&mut self, row: usize, ids: &[Id]) -> bool {
        let Some(id) = ids.get(row) else { return false };
        let changed = self.current() != Some(*id);
        self.current = Some(Place { row, id: *id });
        changed
    }

    /// Selects from the anchor to `row`, on top of what was selected when the range began.
    fn extend(&mut self, row: usize, ids: &[Id]) {
        if self.anchor.is_none() {
            let from = self.current.unwrap_or(Place { row, id: ids[row] });
            self.anchor = Some((from, self.selected.clone()));
        }
        // Set just above when it was not.
        let Some((from, base)) = &self.anchor else { return };
        let from = from.find(ids).unwrap_or(row);
        self.selected = base.clone();
        self.selected.extend(&ids[from.min(row)..=from.max(row)]);
    }

    fn toggle(&mut self, id: Id) {
        if !self.selected.remove(&id) {
            self.selected.insert(id);
        }
    }

    /// Takes in what a person did. `ids` are the rows in the order shown.
    pub fn update(&mut self, event: GridEvent<Id>, columns: &[Column], ids: &[Id]) -> GridAction<Id> {
        let column = |key: &str| columns.iter().find(|c| c.key == key);
        match event {
            GridEvent::ScrolledTo { top, page } => {
                self.top = top.min(ids.len().saturating_sub(page.max(1)));
                GridAction::None
            }
            GridEvent::ScrolledSideways { left } => {
                self.left = left.min(columns.len());
                GridAction::None
            }
            GridEvent::Pressed { place, extend, toggle, page } => {
                let Some(row) = place.find(ids) else { return GridAction::None };
                let changed = if extend {
                    self.extend(row, ids);
                    true
                } else {
                    self.anchor = None;
                    if toggle {
                        self.toggle(place.id);
                    }
                    toggle
                };
                let moved = self.go(row, ids);
                self.reveal(row, page);
                match (changed, moved) {
                    (true, _) => GridAction::SelectionChanged,
                    (false, true) => GridAction::CurrentChanged,
                    (false, false) => GridAction::None,
                }
            }
            GridEvent::Checked { place, extend } => {
                let Some(row) = place.find(ids) else { return GridAction::None };
                if extend {
                    self.extend(row, ids);
                } else {
                    self.toggle(place.id);
                    self.anchor = Some((Place { row, id: place.id }, self.selected.clone()));
                }
                GridAction::SelectionChanged
            }
            GridEvent::CheckedAll { on } => {
                self.anchor = None;
                self.selected = if on { ids.iter().copied().collect() } else { HashSet::new() };
                GridAction::SelectionChanged
            }
            GridEvent::Stepped { step, extend, page } => self.step(step, extend, page, ids),
            GridEvent::CheckedCurrent => match self.current {
                Some(place) if place.find(ids).is_some() => {
                    self.anchor = None;
                    self.toggle(place.id);
                    GridAction::SelectionChanged
                }
                _ => GridAction::None,
            },
            GridEvent::Cleared if self.selected.is_empty() => GridAction::None,
            GridEvent::Cleared => {
                self.anchor = None;
                self.selected.clear();
                GridAction::SelectionChanged
            }
            GridEvent::Opened(place) => match place.find(ids) {
                Some(row) => {
                    self.go(row, ids);
                    GridAction::Open(place.id)
                }
                None => GridAction::None,
            },
            GridEvent::OpenedCurrent => match self.current {
                Some(place) if place.find(ids).is_some() => GridAction::Open(place.id),
                _ => GridAction::None,
            },
            GridEvent::Chose { place, column, option } if place.find(ids).is_some() => {
                GridAction::Choose { id: place.id, column, option }
            }
            GridEvent::Chose { .. } => GridAction::None,
            GridEvent::Sorted { column: key, descending } => {
                if !column(&key).is_some_and(|c| c.sortable) {
                    return GridAction::None;
                }
                let turned = self.sort.as_ref().is_some_and(|s| s.column == key && !s.descending);
                let sort = Sort { column: key, descending: descending.unwrap_or(turned) };
                self.sort = Some(sort.clone());
                GridAction::SortBy(sort)
            }
            GridEvent::Resized { column: key, width } => {
                let Some(column) = column(&key) else { return GridAction::None };
                self.arrangement.resize(column, width);
                GridAction::ColumnsChanged
            }
            GridEvent::Reordered { column, before } => {
                self.arrangement.reorder(columns, &column, before.as_deref());
                GridAction::ColumnsChanged
            }
            GridEvent::Hid { column, hide } => {
                self.arrangement.hide(columns, &column, hide);
                GridAction::ColumnsChanged
            }
            GridEvent::ResetColumns => {
                self.arrangement = Arrangement::default();
                self.left = 0;
                GridAction::ColumnsChanged
            }
            GridEvent::Copied { text, rows, complete } => GridAction::Copy { text, rows, complete },
            GridEvent::Menu { place, at } => match place.find(ids) {
                Some(row) => {
                    self.go(row, ids);
                    GridAction::ContextMenu { id: place.id, at }
                }
                None => GridAction::None,
            },
        }
    }

    fn step(&mut self, step: Step, extend: bool, page: usize, ids: &[Id]) -> GridAction<Id> {
        let Some(last) = ids.len().checked_sub(1) else { return GridAction::None };
        let page = page.max(1);
        let here = self.current.and_then(|place| place.find(ids));
        let to = match (step, here) {
            (Step::First, _) => 0,
            (Step::Last, _) => last,
            // Without a current row the first step takes the first row in sight.
            (_, None) => self.top.min(last),
            (Step::Up, Some(row)) => row.saturating_sub(1),
            (Step::Down, Some(row)) => (row + 1).min(last),
            // A page keeps one row of what was seen.
            (Step::PageUp, Some(row)) => row.saturating_sub(page.saturating_sub(1).max(1)),
            (Step::PageDown, Some(row)) => (row + page.saturating_sub(1).max(1)).min(last),
        };
        if extend {
            self.extend(to, ids);
        } else {
            self.anchor = None;
        }
        let moved = self.go(to, ids);
        self.reveal(to, page);
        if extend {
            GridAction::SelectionChanged
        } else if moved {
            GridAction::CurrentChanged
        } else {
            GridAction::None
        }
    }
}
