//! The selected rows as text for a spreadsheet: tab-separated, heads first, in the order shown.

use super::{Cell, Column, Grid, GridEvent, RowId};

/// One field of a tab-separated text. WPS and Excel read quotes around fields that hold a tab, a line break or a quote.
/// A text that would run as a formula is written as a formula whose result is that text.
pub fn field(words: &str) -> String {
    let words = words.replace("\r\n", "\n").replace('\r', "\n");
    let words = if runs(&words) { format!("=\"{}\"", words.replace('"', "\"\"")) } else { words };
    if words.contains(['\t', '\n', '"']) { format!("\"{}\"", words.replace('"', "\"\"")) } else { words }
}

/// Whether a spreadsheet would take a text for a formula; a negative number is none.
fn runs(words: &str) -> bool {
    let number = words.replace([',', '%'], "").parse::<f64>().is_ok_and(f64::is_finite);
    words.starts_with(['=', '+', '-', '@']) && words.len() > 1 && !number
}

/// A code as a spreadsheet must be told: WPS and Excel read digits as a number and keep only fifteen of them, so a longer
/// code of digits alone is written as a formula whose result is the text.
pub fn code(words: &str) -> String {
    let digits = words.len() > 11 && words.bytes().all(|b| b.is_ascii_digit());
    if digits { format!("=\"{words}\"") } else { field(words) }
}

/// A row of fields.
pub(super) fn line<'a>(cells: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> String {
    cells.map(|words| field(&words)).collect::<Vec<_>>().join("\t")
}

impl<Id: RowId, M> Grid<'_, Id, M> {
    /// What Ctrl+C takes: the selected rows, else the current one; with heads when there is more than one row unless
    /// [`Grid::copy_heads`] says otherwise, because a single row is mostly pasted into a table that has heads already.
    pub(super) fn copied(&self) -> Option<GridEvent<Id>> {
        let columns: Vec<&Column> = self
            .state
            .arrangement()
            .shown(self.columns)
            .into_iter()
            .map(|i| &self.columns[i])
            .filter(|column| !column.check)
            .collect();
        let places: Vec<_> = if self.state.selected().is_empty() {
            self.state
                .current_place()
                .and_then(|place| place.find(self.ids))
                .and_then(|row| self.place(row))
                .into_iter()
                .collect()
        } else {
            (0..self.ids.len())
                .filter(|row| self.state.is_selected(self.ids[*row]))
                .filter_map(|row| self.place(row))
                .collect()
        };
        if places.is_empty() || columns.is_empty() {
            return None;
        }
        let mut text = String::new();
        let heads = self.copy_heads.unwrap_or(places.len() > 1);
        if heads {
            text += &line(columns.iter().map(|column| column.title.as_ref().into()));
            text.push('\n');
        }
        let mut complete = true;
        for place in &places {
            let cells: Vec<Cell<'_>> = columns.iter().map(|column| (self.cell)(*place, column)).collect();
            complete &= !cells.contains(&Cell::Loading);
            let fields = columns.iter().zip(&cells).map(|(column, cell)| {
                // One row alone is as likely pasted into a letter as into a table: there the code stands as it is.
                if column.code && heads { code(&cell.plain()) } else { field(&cell.plain()) }
            });
            text += &fields.collect::<Vec<_>>().join("\t");
            text.push('\n');
        }
        Some(GridEvent::Copied { text, rows: places.len(), complete })
    }
}
