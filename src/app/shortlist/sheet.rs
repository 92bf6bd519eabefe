//! The list as it will be printed: its columns on the screen, its cells, its totals.

use std::collections::HashMap;

use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::event::ShortlistRow;
use crate::domain::id::RecordId;
use crate::domain::program::{ColumnShape, ColumnSource, ShortlistColumn};
use crate::domain::seal;
use crate::store::ledger::StatusGroup;
use crate::ui::grid::{Cell, Column, Place};
use crate::ui::{Tone, measure, text};

/// Rows with what the screen needs to draw them.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    layout: Vec<Option<ShortlistColumn>>,
    cells: HashMap<RecordId, Vec<String>>,
    pub columns: Vec<Column>,
    /// 合计 by head, for the rows last summed up.
    totals: Vec<Option<String>>,
}

impl Sheet {
    /// Rows under heads, of which the program's layout knows some or all. `live` rows show what their filing is doing.
    pub fn new(heads: Vec<String>, rows: Vec<ShortlistRow>, layout: &[ShortlistColumn], live: bool) -> Self {
        let layout: Vec<Option<ShortlistColumn>> =
            heads.iter().map(|head| layout.iter().find(|column| column.title == *head).cloned()).collect();
        let mut columns: Vec<Column> =
            heads.iter().zip(&layout).enumerate().map(|(at, (head, known))| column(at, head, known.as_ref())).collect();
        if live {
            // Beside the name, where it is seen; it is not printed.
            let at = columns.iter().position(|column| column.name).map_or(columns.len(), |name| name + 1);
            columns.insert(at, Column::text("status", "现在", 104.0).frozen().unsortable().fixed());
        }
        let cells = rows.into_iter().map(|row| (row.filing, row.cells)).collect();
        Self { totals: vec![None; layout.len()], layout, cells, columns }
    }

    /// Whether a row's cells are here.
    pub fn knows(&self, id: RecordId) -> bool {
        self.cells.contains_key(&id)
    }

    /// How many cells of these rows are not reported. Columns left to the hand do not count.
    pub fn missing(&self, ids: &[RecordId]) -> usize {
        let blank = |at: usize| match self.layout.get(at).and_then(Option::as_ref) {
            Some(column) => column.source == ColumnSource::Blank,
            // A head no layout knows any more: nobody can say what it should hold.
            None => true,
        };
        let rows = ids.iter().filter_map(|id| self.cells.get(id));
        rows.map(|cells| cells.iter().enumerate().filter(|(at, cell)| cell.is_empty() && !blank(*at)).count()).sum()
    }

    /// Adds up the columns that have a total.
    pub fn sum_up(&mut self, ids: &[RecordId]) {
        self.totals = self
            .layout
            .iter()
            .enumerate()
            .map(|(at, known)| {
                let column = known.as_ref().filter(|column| column.total)?;
                let value = |id: &RecordId| self.cells.get(id)?.get(at)?.parse::<f64>().ok();
                // In whole hundredths, as the sheet itself does.
                let values: Vec<i64> =
                    ids.iter().filter_map(value).map(|value| (value * 100.0).round() as i64).collect();
                if values.is_empty() {
                    // Nobody reported anything: that is not nothing.
                    return Some("—".to_owned());
                }
                let sum: i64 = values.iter().sum();
                Some(match column.shape {
                    ColumnShape::Count => (sum / 100).to_string(),
                    _ => words::wan(sum.saturating_mul(10_000)),
                })
            })
            .collect();
    }

    /// Heads, and the rows of these filings as they go to paper; 序号 counts anew.
    pub fn for_paper(&self, ids: &[RecordId]) -> (Vec<String>, Vec<ShortlistRow>) {
        let heads =
            self.columns.iter().filter(|column| column.key != "status").map(|column| column.title.clone().into_owned());
        let serial = |at: usize| {
            self.layout.get(at).and_then(Option::as_ref).is_some_and(|column| column.source == ColumnSource::Serial)
        };
        let rows = ids.iter().enumerate().filter_map(|(n, id)| {
            let cells = self.cells.get(id)?.iter().enumerate();
            let cells = cells.map(|(at, cell)| if serial(at) { (n + 1).to_string() } else { cell.clone() });
            Some(ShortlistRow { filing: *id, cells: cells.collect() })
        });
        (heads.collect(), rows.collect())
    }

    /// 合计 by head.
    pub fn sums(&self) -> &[Option<String>] {
        &self.totals
    }

    /// The row of totals, where there is one.
    pub fn totals(&self) -> Vec<(String, Cell<'_>)> {
        if self.totals.iter().all(Option::is_none) {
            return Vec::new();
        }
        let name = ("c1".to_owned(), Cell::text("合计").strong());
        let sums = self
            .totals
            .iter()
            .enumerate()
            .filter_map(|(at, sum)| Some((format!("c{at}"), Cell::text(sum.as_deref()?).strong())));
        std::iter::once(name).chain(sums).collect()
    }

    /// A cell as it will be printed; what is not reported is said.
    pub fn cell<'a>(&'a self, place: Place<RecordId>, column: &Column, live: bool, ctx: &'a Ctx) -> Cell<'a> {
        if column.key == "status" {
            return match ctx.ledger.filing(place.id) {
                Some(filing) => Cell::Badge(words::status(filing)),
                None => Cell::toned(Tone::Danger, "已撤销"),
            };
        }
        let Some(at) = column.key.strip_prefix('c').and_then(|at| at.parse::<usize>().ok()) else { return Cell::Blank };
        let known = self.layout.get(at).and_then(Option::as_ref);
        let source = known.map(|known| &known.source);
        if live && source == Some(&ColumnSource::Serial) {
            return Cell::text((place.row + 1).to_string());
        }
        let Some(cells) = self.cells.get(&place.id) else {
            // Gone, or still being fetched.
            let gone = ctx.ledger.filing(place.id).is_none();
            return match (gone, at) {
                (true, 1) => Cell::toned(Tone::Danger, "申报已撤销，请移出名单"),
                (true, _) => Cell::Blank,
                (false, _) => Cell::Loading,
            };
        };
        let words = seal::readable(cells.get(at).map(String::as_str).unwrap_or_default());
        if live && column.name && fallen(place.id, ctx) {
            return Cell::toned(Tone::Warn, words);
        }
        match (words.is_empty(), source) {
            (true, None | Some(ColumnSource::Blank)) => Cell::Blank,
            (true, _) => Cell::toned(Tone::Warn, "未报"),
            (false, _) if known.is_some_and(|known| known.shape == ColumnShape::Money) => Cell::text(thousands(words)),
            (false, _) => Cell::text(words),
        }
    }
}

/// Whether a filing on a list is no longer recommended, or gone.
pub fn fallen(id: RecordId, ctx: &Ctx) -> bool {
    ctx.ledger.filing(id).is_none_or(|filing| {
        !filing.was_recommended() || matches!(filing.group(), StatusGroup::Ended | StatusGroup::Split)
    })
}

/// Thousands set apart, as every amount on the screen has them.
fn thousands(words: &str) -> String {
    match words.parse::<f64>() {
        Ok(value) => words::wan(((value * 100.0).round() as i64).saturating_mul(10_000)),
        Err(_) => words.to_owned(),
    }
}

fn column(at: usize, head: &str, known: Option<&ShortlistColumn>) -> Column {
    let key = format!("c{at}");
    let title = head.to_owned();
    let room = |text: &str, bold: bool| measure::width(text, text::SMALL.size, bold) + 18.0;
    let width = known.map_or(96.0, |column| f32::from(column.width) * 8.0 + 16.0).max(room(head, true)).min(220.0);
    let column = match known.map(|column| (&column.source, column.shape)) {
        Some((ColumnSource::Serial, _)) if at == 0 => Column::number(key, title, 48.0).frozen(),
        Some((ColumnSource::Serial, _)) => Column::number(key, title, room(head, true)),
        Some((ColumnSource::Firm(field), _)) if field == "name" => Column { width: 236.0, ..Column::name(key, title) },
        Some((_, ColumnShape::Count | ColumnShape::Money | ColumnShape::Share)) => Column::number(key, title, width),
        Some((_, ColumnShape::Code)) => {
            Column::code(key, title, width.max(if head.contains("代码") { 172.0 } else { 0.0 }))
        }
        _ => Column::text(key, title, width),
    };
    column.unsortable().fixed()
}
