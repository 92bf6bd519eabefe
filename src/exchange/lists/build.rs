//! A list being put together row by row, over one table or several that go on with one another.

use std::collections::HashSet;

use super::columns;
use super::document::{RawCell, RawRow, RawTable, Text};
use super::find::line_of;
use super::found::{Cell, FoundColumn, FoundTable, GroupKind, Hints, ListRow, Passed, PassedOver};
use super::grid::{Grid, Place, add_unnamed};
use super::groups::{self, Groups};
use super::header::{Column, Header};
use super::hints::{Letter, hints};
use super::label::{Label, Style};
use super::meaning::Meaning;
use super::rows::{Fate, Placed, Roles, SAMPLE, fate, typical};
use super::values;
use crate::domain::text::name_key;

/// Most columns of a list.
const COLUMNS: usize = 256;
/// Columns a list keeps however long it is.
const LEAST: usize = 3;
/// Longest title in bytes that is looked for on further pages.
const TITLE: usize = 300;

/// A list in the making.
pub(super) struct Building<'d> {
    table: FoundTable,
    /// The columns of the header that began it, blocks side by side included.
    header: Vec<Column>,
    /// The columns of the list.
    columns: Vec<Column>,
    grid: Grid,
    roles: Roles,
    groups: Groups,
    titles: Vec<Text>,
    /// Those of them that may come again on a further page, as by [`title_key`].
    title_keys: Vec<String>,
    last_at: Option<u32>,
    is_sheet: bool,
    /// Rows of a table with blocks side by side, until the stretch ends: the left block is read first, then the next.
    waiting: Vec<&'d RawRow>,
}

impl<'d> Building<'d> {
    /// Begins a list under a header (or without one, if its columns have no names).
    pub fn new(title: String, table: &RawTable, header: Vec<Column>, blocks: usize) -> Self {
        let table = FoundTable {
            title,
            sheet: table.sheet.clone(),
            hidden: table.hidden,
            columns: Vec::new(),
            rows: Vec::new(),
            groups: Vec::new(),
            passed_over: Vec::new(),
            first_row: 0,
            last_row: 0,
            source_rows: 0,
            blocks: blocks as u8,
            columns_left_out: 0,
            hints: Hints::default(),
        };
        Self {
            table,
            header,
            columns: Vec::new(),
            grid: Grid::default(),
            roles: Roles::new(&[], 0),
            groups: Groups::default(),
            titles: Vec::new(),
            title_keys: Vec::new(),
            last_at: None,
            is_sheet: false,
            waiting: Vec::new(),
        }
    }

    /// Lays out the columns for the rows under a header: the header that began the list or the same one again.
    /// `room` is how many cells lists may still have in all.
    pub fn layout(&mut self, header: &[Column], body: &[RawRow], raw: &RawTable, is_word: bool, room: &mut usize) {
        self.is_sheet = !is_word;
        let mut source = header.to_vec();
        let blocks = usize::from(self.table.blocks);
        if blocks == 1 && !is_word {
            add_unnamed(&mut source, body);
        }
        let is_first = self.columns.is_empty();
        let places = if blocks > 1 { self.side_by_side(&source) } else { self.in_line(&source, body.len(), room) };
        if is_first {
            let hidden = |column: &Column| {
                raw.hidden_columns
                    .iter()
                    .any(|(first, last)| *first <= column.start && column.end <= last.saturating_add(1))
            };
            let found = |column: &Column| FoundColumn {
                header: column.header.clone(),
                meaning: None,
                guessed: false,
                filled: 0,
                hidden: hidden(column),
            };
            self.table.columns = self.columns.iter().map(found).collect();
            let left_out =
                places.iter().zip(&source).filter(|(place, c)| place.is_none() && !(blocks > 1 && c.header.is_empty()));
            self.table.columns_left_out = left_out.count() as u32;
        }
        self.grid = Grid::new(&source, places, is_word);
        let meanings: Vec<Option<Meaning>> =
            self.columns.iter().map(|c| c.meaning.map(|(meaning, _)| meaning)).collect();
        self.roles = Roles::new(&meanings, typical(body));
    }

    /// Blocks side by side: named columns only, each block onto the first one's columns.
    fn side_by_side(&mut self, source: &[Column]) -> Vec<Option<Place>> {
        let named: Vec<&Column> = source.iter().filter(|c| !c.header.is_empty()).collect();
        let size = (named.len() / usize::from(self.table.blocks)).max(1);
        if self.columns.is_empty() {
            self.columns = named.iter().take(size.min(COLUMNS)).map(|c| (*c).clone()).collect();
        }
        let mut n = 0;
        source
            .iter()
            .map(|c| {
                if c.header.is_empty() {
                    return None;
                }
                let place = Place { block: (n / size) as u8, column: (n % size) as u16 };
                n += 1;
                (usize::from(place.column) < self.columns.len()).then_some(place)
            })
            .collect()
    }

    /// An ordinary table: each source column its own, as far as there is room.
    fn in_line(&mut self, source: &[Column], rows: usize, room: &mut usize) -> Vec<Option<Place>> {
        if self.columns.is_empty() {
            let most = (*room / rows.max(1)).clamp(LEAST, COLUMNS);
            // Those that mean something first, then those with a header, then by their order.
            let mut order: Vec<usize> = (0..source.len()).collect();
            order.sort_by_key(|i| (source[*i].meaning.is_none(), source[*i].header.is_empty()));
            order.truncate(most);
            order.sort_unstable();
            *room = room.saturating_sub(order.len() * rows);
            self.columns = order.iter().map(|i| source[*i].clone()).collect();
            let place = |i: usize| order.binary_search(&i).ok().map(|column| Place { block: 0, column: column as u16 });
            return (0..source.len()).map(place).collect();
        }
        // The same header in a further table: its named columns in their order, others by what stands before them.
        let mut next = 0;
        source
            .iter()
            .map(|c| {
                let found = if c.header.is_empty() {
                    (next..self.columns.len()).next().filter(|i| self.columns[*i].header.is_empty())
                } else {
                    (next..self.columns.len()).find(|i| !self.columns[*i].header.is_empty())
                };
                found.map(|i| {
                    next = i + 1;
                    Place { block: 0, column: i as u16 }
                })
            })
            .collect()
    }

    /// Whether a further table with this header goes on with the list.
    pub fn goes_on(&self, header: &Header) -> bool {
        header.is_like(&self.header, usize::from(self.table.blocks))
    }

    /// Whether a table without a header goes on with the list: as many cells to a row, and numbers and names where the
    /// list has them.
    pub fn takes(&self, rows: &[RawRow]) -> bool {
        let fitting: Vec<&RawRow> = rows.iter().filter(|row| row.cells.len() == self.grid.len()).take(SAMPLE).collect();
        if fitting.is_empty() || fitting.len() * 10 < rows.len().min(SAMPLE) * 6 {
            return false;
        }
        let texts = |column: usize| -> Vec<&str> {
            fitting.iter().filter_map(|row| row.cells.get(column).map(|c| &*c.text)).collect()
        };
        let numbered =
            self.roles.serial.is_some_and(|i| values::mostly(&texts(i), 60, |t| values::serial(t).is_some()));
        numbered || self.roles.name.is_some_and(|i| values::mostly(&texts(i), 50, values::is_firm))
    }

    /// Opens a group.
    pub fn start_group(&mut self, label: Label, raw: &str, at: u32, kind: GroupKind) {
        self.groups.start(label, raw, at, kind);
    }

    /// A row above the header. Directly above it may stand the heading of a group.
    pub fn title_row(&mut self, row: &RawRow, is_last: bool, goes_on: bool) {
        let alone = alone(row);
        let label = alone.filter(|_| is_last).and_then(|cell| Label::of(&cell.text));
        let is_heading = |label: &Label| match label.style {
            Style::Part => goes_on,
            Style::Plain => goes_on && label.declared.is_some(),
            Style::Place(_) => label.declared.is_some(),
            _ => true,
        };
        match (label.filter(is_heading), alone) {
            (Some(label), Some(cell)) => {
                self.groups.start(label, &cell.text, row.at, GroupKind::Row);
                self.pass(row, Passed::Group);
            }
            (_, alone) => {
                if let Some(cell) = alone {
                    self.titles.push(Text::clone(&cell.text));
                    if cell.text.len() <= TITLE {
                        self.title_keys.push(title_key(&cell.text));
                    }
                }
                let is_blank = row.cells.iter().all(|cell| cell.text.is_empty());
                self.pass(row, if is_blank { Passed::Blank } else { Passed::Title });
            }
        }
    }

    /// A row that is known to be none of the list.
    pub fn pass(&mut self, row: &RawRow, why: Passed) {
        self.account(row.at);
        self.note(row, why);
    }

    /// A row under the header.
    pub fn row(&mut self, row: &'d RawRow) {
        self.account(row.at);
        if self.table.blocks == 1 {
            let mut cells: Vec<Placed<'_>> = Vec::with_capacity(self.columns.len());
            self.grid.place(row, |place, cell| cells.push((usize::from(place.column), cell)));
            if let Some(why) = self.take(row, &cells) {
                self.note(row, why);
            }
            return;
        }
        if alone(row).is_some_and(|cell| self.grid.is_wide(row, cell)) {
            // Over the whole width: it stands between what is above and what is below, in all blocks.
            self.end_stretch();
            if let Some(why) = self.take(row, &[]) {
                self.note(row, why);
            }
        } else {
            self.waiting.push(row);
        }
    }

    /// Ends a stretch of rows between headers: blocks side by side are read one after the other.
    pub fn end_stretch(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        let mut passed: Vec<Option<Passed>> = vec![Some(Passed::Blank); rows.len()];
        for block in 0..self.table.blocks {
            for (row, passed) in rows.iter().zip(&mut passed) {
                let mut cells: Vec<Placed<'_>> = Vec::new();
                self.grid.place(row, |place, cell| {
                    if place.block == block {
                        cells.push((usize::from(place.column), cell));
                    }
                });
                if !cells.is_empty() {
                    // In the list with one of its blocks, a row is not passed over.
                    let why = self.take(row, &cells);
                    *passed = match (*passed, why) {
                        (None, _) | (_, None) => None,
                        (Some(Passed::Blank), why) => why,
                        (before, _) => before,
                    };
                }
            }
        }
        for (row, passed) in rows.iter().zip(passed) {
            if let Some(why) = passed {
                self.note(row, why);
            }
        }
    }

    /// Takes a row into the list, or opens the group it heads, or says why it is passed over.
    fn take(&mut self, row: &RawRow, placed: &[Placed<'_>]) -> Option<Passed> {
        let alone = alone(row);
        if alone.is_some_and(|cell| self.is_title_again(&cell.text)) {
            return Some(Passed::Title);
        }
        let fate = match alone {
            // More headings than any list has: they are none, and need not be taken apart.
            Some(_)
                if self.groups.is_full()
                    && placed.first().is_none_or(|(column, _)| Some(*column) != self.roles.name) =>
            {
                Fate::Passed(Passed::Note)
            }
            // A text beside the columns counts as standing over the whole width.
            Some(cell) if placed.is_empty() => fate(&[(0, cell)], &self.roles, |_| true),
            _ => fate(placed, &self.roles, |cell| self.grid.is_wide(row, cell)),
        };
        match fate {
            Fate::List if placed.is_empty() => Some(Passed::Note),
            Fate::List => {
                self.add(row, placed);
                None
            }
            Fate::Group(label, raw) => {
                let is_group = self.groups.start(label, &raw, row.at, GroupKind::Row);
                Some(if is_group { Passed::Group } else { Passed::Note })
            }
            Fate::Passed(Passed::Blank) if placed.is_empty() && row.cells.iter().any(|cell| !cell.text.is_empty()) => {
                Some(Passed::Note)
            }
            Fate::Passed(why) => Some(why),
        }
    }

    /// A title repeated on a further page, perhaps as 名单（续）.
    fn is_title_again(&self, text: &str) -> bool {
        !self.title_keys.is_empty() && text.len() <= TITLE && self.title_keys.contains(&title_key(text))
    }

    fn add(&mut self, row: &RawRow, placed: &[Placed<'_>]) {
        let mut cells = vec![Cell::default(); self.columns.len()];
        for (column, cell) in placed {
            let into = &mut cells[*column];
            if into.text.is_empty() {
                *into = Cell { text: Text::clone(&cell.text), note: cell.note };
                self.table.columns[*column].filled += 1;
            } else {
                // Two cells under one header, as 联系人及电话 may have.
                into.text = Text::from(format!("{} {}", into.text, cell.text));
            }
        }
        let groups = self.groups.row();
        let cells = cells.into_boxed_slice();
        self.table.rows.push(ListRow { at: row.at, hidden: row.hidden, cells, groups, serial: None });
    }

    fn note(&mut self, row: &RawRow, why: Passed) {
        let passed = &mut self.table.passed_over;
        match passed.last_mut() {
            Some(last) if why == Passed::Blank && last.why == Passed::Blank && last.at + last.rows == row.at => {
                last.rows += 1
            }
            _ => passed.push(PassedOver { at: row.at, rows: 1, why, text: line_of(row) }),
        }
    }

    /// Counts a source row, and in a sheet the empty ones before it, which the file does not have.
    fn account(&mut self, at: u32) {
        let gap = match self.last_at {
            Some(last) if self.is_sheet => at.saturating_sub(last).saturating_sub(1),
            _ => 0,
        };
        if gap > 0 {
            let text = Text::default();
            self.table.passed_over.push(PassedOver { at: at - gap, rows: gap, why: Passed::Blank, text });
        }
        if self.last_at.is_none() {
            self.table.first_row = at;
        }
        self.table.last_row = at;
        self.table.source_rows += gap + 1;
        self.last_at = Some(at);
    }

    /// Looks over the whole list: what the values say about the columns, groups in columns, hints.
    pub fn finish(&mut self, stem: &str, letter: &Letter) {
        let notes: HashSet<u32> = self.groups.drop_empty_tail().iter().map(|group| group.at).collect();
        for passed in self.table.passed_over.iter_mut().filter(|p| p.why == Passed::Group && notes.contains(&p.at)) {
            passed.why = Passed::Note;
        }
        let table = &mut self.table;
        table.groups = std::mem::take(&mut self.groups.all);
        columns::give_meanings(table, &self.columns);
        columns::fill_down(table);
        groups::settle(&mut table.groups, &mut table.rows);
        if let Some(serial) = table.column(Meaning::Serial) {
            for row in &mut table.rows {
                row.serial = values::serial(&row.cells[serial].text);
            }
        }
        if table.blocks > 1 {
            sort_by_serial(&mut table.rows);
        }
        table.passed_over.sort_by_key(|passed| passed.at);
        let titles: Vec<&str> = std::iter::once(table.title.as_str()).chain(self.titles.iter().map(|t| &**t)).collect();
        table.hints = hints(&titles, stem, letter);
    }

    /// The finished list; `None` if it has no rows.
    pub fn into_found(self) -> Option<FoundTable> {
        (!self.table.rows.is_empty()).then_some(self.table)
    }
}

/// A title as it is compared with the same one on a further page.
fn title_key(text: &str) -> String {
    name_key(text).replace("(续)", "").replace("续表", "")
}

/// The only cell of a row that has a text.
fn alone(row: &RawRow) -> Option<&RawCell> {
    let mut texts = row.cells.iter().filter(|cell| !cell.text.is_empty());
    texts.next().filter(|_| texts.next().is_none())
}

/// Numbering that runs down the left block over several pages before the right one: within each group rows go by their
/// number, if all have one and no two the same.
fn sort_by_serial(rows: &mut [ListRow]) {
    let same_group = |a: &ListRow, b: &ListRow| a.groups == b.groups;
    for stretch in rows.chunk_by_mut(same_group) {
        let mut serials: Vec<Option<u32>> = stretch.iter().map(|row| row.serial).collect();
        serials.sort_unstable();
        if serials.first().is_some_and(Option::is_some) && serials.windows(2).all(|w| w[0] != w[1]) {
            stretch.sort_by_key(|row| row.serial);
        }
    }
}
