//! Which cell of a row stands in which column of the list.

use super::document::{RawCell, RawRow};
use super::header::Column;

/// Most columns without a header that are taken along.
const UNNAMED: usize = 64;

/// A column of the list, in which of the blocks that stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub block: u8,
    pub column: u16,
}

/// Places the cells of rows into columns.
#[derive(Default)]
pub(super) struct Grid {
    /// For each source column its column of the header, counted from 1; 0 if it has none.
    by_col: Vec<u16>,
    /// For each column of the header its place in the list; `None` if it was left out.
    places: Vec<Option<Place>>,
    /// Word rows with as many cells as the header has columns go by their order: rows of one table often differ in their
    /// grid though they look alike.
    by_order: bool,
}

impl Grid {
    /// A grid for the columns of a header, each with its place in the list.
    pub fn new(columns: &[Column], places: Vec<Option<Place>>, by_order: bool) -> Self {
        let width = columns.iter().map(|c| usize::from(c.end)).max().unwrap_or(0);
        let mut by_col = vec![0; width];
        for (i, column) in columns.iter().enumerate() {
            by_col[usize::from(column.start)..usize::from(column.end)].fill(i as u16 + 1);
        }
        Self { by_col, places, by_order }
    }

    fn column(&self, col: u16) -> Option<usize> {
        self.by_col.get(usize::from(col)).and_then(|place| usize::from(*place).checked_sub(1))
    }

    fn goes_by_order(&self, row: &RawRow) -> bool {
        self.by_order && row.cells.len() == self.places.len()
    }

    /// How many columns the header has.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Calls `put` with the place of every cell that has a text and a place.
    #[inline]
    pub fn place<'r>(&self, row: &'r RawRow, mut put: impl FnMut(Place, &'r RawCell)) {
        let by_order = self.goes_by_order(row);
        for (i, cell) in row.cells.iter().enumerate() {
            if cell.text.is_empty() {
                continue;
            }
            let column = if by_order { Some(i) } else { self.column(cell.col) };
            if let Some(place) = column.and_then(|column| self.places[column]) {
                put(place, cell);
            }
        }
    }

    /// Whether a cell runs over more than its own column.
    pub fn is_wide(&self, row: &RawRow, cell: &RawCell) -> bool {
        let last = cell.col.saturating_add(cell.span.max(1) - 1);
        !self.goes_by_order(row) && cell.span > 1 && self.column(cell.col) != self.column(last)
    }
}

/// Adds columns for cells that stand beside the header, so that nothing of a row is lost silently.
pub(super) fn add_unnamed(columns: &mut Vec<Column>, body: &[RawRow]) {
    let width = columns.iter().map(|c| usize::from(c.end)).max().unwrap_or(0);
    let mut covered = vec![false; width];
    for column in columns.iter() {
        covered[usize::from(column.start)..usize::from(column.end)].fill(true);
    }
    let mut added = 0;
    for row in body.iter().filter(|row| row.cells.len() > 1) {
        for cell in &row.cells {
            let at = usize::from(cell.col);
            if covered.get(at).copied().unwrap_or(false) || cell.text.is_empty() {
                continue;
            }
            if added == UNNAMED {
                break;
            }
            added += 1;
            if covered.len() <= at {
                covered.resize(at + 1, false);
            }
            covered[at] = true;
            columns.push(Column {
                header: String::new(),
                start: cell.col,
                end: cell.col.saturating_add(1),
                meaning: None,
            });
        }
    }
    columns.sort_by_key(|column| column.start);
}
