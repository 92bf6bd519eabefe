//! What every reader of cells shares: how a text is trimmed, and how loose cells and merges become the rows of a sheet.

use std::sync::Arc;

use super::bounds::Budget;
use super::document::{CellKind, CellNote, RawCell, RawRow, RawTable, Text};
use super::number::is_short_form;
use crate::domain::problem::{Problem, Result};
use crate::domain::text::tidy;

/// Most columns of a sheet (Excel's XFD).
pub(super) const COLUMNS: u32 = 16_384;
/// Most rows of a sheet.
pub(super) const ROWS: u32 = 1_048_576;
/// Most merged ranges of a sheet, and most rows looked at while filling them.
const MERGES: usize = 400_000;
const MERGED_ROWS: usize = 4_000_000;

/// The text of a cell without text.
pub(super) fn empty() -> Text {
    Text::default()
}

/// As [`tidy`], without copying where nothing has to change; also drops the apostrophe that marks a number kept as text.
pub(super) fn tidy_into<'t>(text: &'t str, folded: &'t mut String) -> &'t str {
    let trimmed = text.trim();
    let out = if has_blanks_to_fold(trimmed.as_bytes()) {
        *folded = tidy(trimmed);
        folded.as_str()
    } else {
        trimmed
    };
    out.strip_prefix('\'').map_or(out, str::trim_start)
}

/// Whether [`tidy`] may change a trimmed text. May say yes without need, never no wrongly.
fn has_blanks_to_fold(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(i, &b)| match b {
        0x00..=0x1F | 0x7F => true,
        b' ' => bytes.get(i + 1).is_some_and(|next| *next == b' ' || *next >= 0x80),
        // U+0080–U+00A0
        0xC2 => bytes.get(i + 1).is_some_and(|next| *next <= 0xA0),
        // U+2000–U+200F, U+2028–U+202F, U+2060 and after
        0xE2 => match (bytes.get(i + 1), bytes.get(i + 2)) {
            (Some(0x80), Some(third)) => *third < 0x90 || *third >= 0xA8,
            (Some(0x81), _) => true,
            _ => false,
        },
        // U+3000
        0xE3 => bytes.get(i + 1..i + 3) == Some(&[0x80, 0x80]),
        // U+FEFF
        0xEF => bytes.get(i + 1..i + 3) == Some(&[0xBB, 0xBF]),
        _ => false,
    })
}

/// Makes the cell of a text.
pub(super) fn text_cell(col: u16, text: Text) -> RawCell {
    let kind = if text.is_empty() { CellKind::Empty } else { CellKind::Text };
    let note = is_short_form(&text).then_some(CellNote::LostDigits);
    RawCell { col, span: 1, kind, note, text }
}

/// A merged range, 0-based and inclusive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    pub first_row: u32,
    pub last_row: u32,
    pub first_col: u16,
    pub last_col: u16,
}

/// Collects the cells of one sheet, which may come in any order.
#[derive(Default)]
pub(super) struct SheetBuilder {
    table: RawTable,
    /// Cells of the row being filled.
    cells: Vec<RawCell>,
    /// Its 0-based number.
    row: u32,
    in_order: bool,
    hidden_rows: Vec<u32>,
    merges: Vec<Merge>,
}

impl SheetBuilder {
    pub fn new(name: String, hidden: bool) -> Self {
        let table = RawTable { sheet: Some(name), hidden, ..RawTable::default() };
        Self { table, in_order: true, ..Self::default() }
    }

    /// Adds a cell of the 0-based row `row`; cells without text or off the sheet are not kept.
    #[inline]
    pub fn cell(&mut self, row: u32, cell: RawCell) {
        if cell.text.is_empty() || row >= ROWS || u32::from(cell.col) >= COLUMNS {
            return;
        }
        if row != self.row {
            self.close_row();
            self.row = row;
        }
        if let Some(last) = self.cells.last()
            && last.col >= cell.col
        {
            self.in_order = false;
        }
        self.cells.push(cell);
    }

    /// Hides a 0-based row.
    pub fn hide_row(&mut self, row: u32) {
        if self.hidden_rows.len() < ROWS as usize {
            self.hidden_rows.push(row);
        }
    }

    /// Hides columns, 0-based and inclusive.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        if first < COLUMNS && first <= last && self.table.hidden_columns.len() < COLUMNS as usize {
            self.table.hidden_columns.push((first as u16, last.min(COLUMNS - 1) as u16));
        }
    }

    /// Adds a merged range.
    ///
    /// # Errors
    /// There are more than any list has.
    pub fn merge(&mut self, merge: Merge) -> Result<()> {
        if self.merges.len() >= MERGES {
            return Err(too_many_merges());
        }
        if merge.first_row <= merge.last_row && merge.first_col <= merge.last_col {
            self.merges.push(merge);
        }
        Ok(())
    }

    fn close_row(&mut self) {
        if self.cells.is_empty() {
            return;
        }
        let at = self.row + 1;
        if self.table.rows.last().is_some_and(|last| last.at >= at) {
            self.in_order = false;
        }
        self.table.rows.push(RawRow { at, hidden: false, cells: self.cells.drain(..).collect() });
    }

    /// The finished sheet: rows and cells in order, merges applied.
    ///
    /// # Errors
    /// Filling the merges would cost more than any list needs.
    pub fn finish(mut self, budget: &mut Budget<'_>) -> Result<RawTable> {
        self.close_row();
        let rows = &mut self.table.rows;
        if !self.in_order {
            rows.sort_by_key(|row| row.at);
            rows.dedup_by(|later, first| {
                let same = later.at == first.at;
                if same {
                    first.cells.append(&mut later.cells);
                }
                same
            });
            for row in rows.iter_mut() {
                row.cells.sort_by_key(|cell| cell.col);
                // Of two cells in one place, programs show the later one.
                row.cells.dedup_by(|later, first| {
                    let same = later.col == first.col;
                    if same {
                        std::mem::swap(later, first);
                    }
                    same
                });
            }
        }
        self.hidden_rows.sort_unstable();
        if !self.hidden_rows.is_empty() {
            for row in rows.iter_mut() {
                row.hidden = self.hidden_rows.binary_search(&(row.at - 1)).is_ok();
            }
        }
        let mut looked_at = 0;
        for merge in &self.merges {
            looked_at += fill(rows, *merge, budget)?;
            if looked_at > MERGED_ROWS {
                return Err(too_many_merges());
            }
        }
        Ok(self.table)
    }
}

/// Sets the span of a merged range's first cell and repeats its text in the rows below; returns how many rows it saw.
fn fill(rows: &mut [RawRow], merge: Merge, budget: &mut Budget<'_>) -> Result<usize> {
    let start = rows.partition_point(|row| row.at <= merge.first_row);
    let Some(first) = rows.get_mut(start).filter(|row| row.at == merge.first_row + 1) else { return Ok(1) };
    let Ok(i) = first.cells.binary_search_by_key(&merge.first_col, |cell| cell.col) else { return Ok(1) };
    first.cells[i].span = merge.last_col - merge.first_col + 1;
    let repeated = RawCell { note: first.cells[i].note.or(Some(CellNote::MergedDown)), ..first.cells[i].clone() };
    let mut seen = 1;
    for row in rows[start + 1..].iter_mut().take_while(|row| row.at <= merge.last_row + 1) {
        seen += 1;
        if let Err(i) = row.cells.binary_search_by_key(&merge.first_col, |cell| cell.col) {
            budget.cell(0)?;
            row.cells.insert(i, repeated.clone());
        }
    }
    Ok(seen)
}

fn too_many_merges() -> Problem {
    Problem::foreign("这个工作表的合并单元格多得不正常，不像一份名单。").next("请取消合并单元格，另存后再导入。")
}

/// The `Arc` of a tidied text, shared when empty.
pub(super) fn shared(text: &str) -> Text {
    if text.is_empty() { empty() } else { Arc::from(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_without_a_copy_agrees_with_tidy() {
        let mut folded = String::new();
        for text in [
            "青澜",
            " 青澜\u{3000}",
            "青 澜",
            "青  澜",
            "青\n澜",
            "青\u{200B}澜",
            "“青澜”—…",
            "a \u{3000}b",
            "青\u{A0}澜",
            "\u{FEFF}x",
        ] {
            assert_eq!(tidy_into(text, &mut folded), tidy(text), "{text:?}");
        }
        assert_eq!(tidy_into("'0371", &mut folded), "0371");
    }
}
