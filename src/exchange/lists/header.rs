//! The header of a table: which rows it is, what columns they make, what each column's wording means.

use super::document::{CellKind, CellNote, RawCell, RawRow};
use super::meaning::{self, Meaning, Sure};
use super::values;
use crate::domain::text::name_key;

/// How far down a table its first header is looked for, in rows.
pub(super) const LOOK: usize = 30;
/// Levels of a merged header.
const LEVELS: usize = 3;
/// Cells looked at in one header row.
const WIDE: usize = 256;

/// A column as its header gives it: source columns `start..end`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub header: String,
    pub start: u16,
    pub end: u16,
    pub meaning: Option<(Meaning, Sure)>,
}

/// A header: rows `first..=last` of its table.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub first: usize,
    pub last: usize,
    pub columns: Vec<Column>,
    /// How many times the same columns stand side by side.
    pub blocks: usize,
}

impl Header {
    /// Whether two headers name the same columns.
    pub fn is_like(&self, columns: &[Column], blocks: usize) -> bool {
        let named = |columns: &[Column]| -> Vec<String> {
            columns.iter().map(|c| fold(&c.header)).filter(|key| !key.is_empty()).collect()
        };
        self.blocks == blocks && named(&self.columns) == named(columns)
    }
}

/// A header's wording without blanks, widths, marks.
pub(super) fn fold(text: &str) -> String {
    name_key(text).replace(['*', ':', '★', '※', '^'], "")
}

/// What a header's wording means: as a whole, without its brackets, or its parts.
pub(super) fn meaning(header: &str) -> Option<(Meaning, Sure)> {
    if header.chars().count() > 60 {
        return None;
    }
    let key = fold(header);
    let mut outside = String::new();
    let mut depth = 0u32;
    for c in key.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let without_marks = key.replace(['(', ')'], "");
    let mut best: Option<(Meaning, Sure)> = None;
    let mut consider = |found: Option<(Meaning, Sure)>| {
        if let Some(found) = found
            && best.is_none_or(|(_, sure)| found.1 > sure)
        {
            best = Some(found);
        }
    };
    // A share or growth of something is not the something.
    let is_share = ["占比", "比例", "比重", "增长", "增幅", "增速", "率"].iter().any(|word| outside.contains(word));
    let lookup = |key: &str| if is_share { meaning::of_whole(key) } else { meaning::of_folded(key) };
    for whole in [&key, &outside, &without_marks] {
        consider(lookup(whole));
    }
    if !is_share {
        // 企业名称/单位名称, 乡镇、街道; and of joined levels the lower one first: 企业情况/企业名称.
        for part in outside.rsplit(['/', '、', '或']).filter(|part| !part.is_empty()) {
            consider(meaning::of_folded(part));
        }
        if outside.contains('/') {
            consider(lookup(&outside.replace('/', "")));
        }
    }
    best
}

fn texts(row: &RawRow) -> impl Iterator<Item = &RawCell> {
    row.cells.iter().filter(|cell| !cell.text.is_empty()).take(WIDE)
}

/// A quick look whether a row may be a header again: its first text is that of the header before, or a name for a column.
pub(super) fn may_be_header(row: &RawRow, first_text: &str) -> bool {
    let Some(first) = texts(row).next() else { return false };
    let text = &*first.text;
    text == first_text
        || (text.len() <= 60 && !text.as_bytes()[0].is_ascii_digit() && meaning::of_whole(&fold(text)).is_some())
}

/// The header that begins at or around row `at`.
pub(super) fn header_at(rows: &[RawRow], at: usize) -> Option<Header> {
    if !is_header_row(rows, at) {
        return None;
    }
    let mut first = at;
    while first > 0 && at - first + 1 < LEVELS && is_level_above(&rows[first - 1], &rows[first]) {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < rows.len() && last - first + 1 < LEVELS && is_level_below(&rows[first..=last], &rows[last + 1]) {
        last += 1;
    }
    let mut columns = columns(&rows[first..=last]);
    for column in &mut columns {
        column.meaning = meaning(&column.header);
    }
    let blocks = blocks(&columns);
    Some(Header { first, last, columns, blocks })
}

fn is_header_row(rows: &[RawRow], at: usize) -> bool {
    let row = &rows[at];
    let (mut sure, mut vague, mut key, mut vague_key, mut all) = (0, 0, false, false, 0);
    for cell in texts(row) {
        if cell.kind != CellKind::Text && !is_year(&cell.text) {
            return false;
        }
        if cell.text.bytes().all(|b| b.is_ascii_digit()) && !is_year(&cell.text) {
            return false;
        }
        all += 1;
        match meaning(&cell.text) {
            Some((meaning, Sure::Exact | Sure::Ending)) => {
                sure += 1;
                key |= meaning.is_key();
            }
            Some((meaning, Sure::Vague)) => {
                vague += 1;
                vague_key |= meaning.is_key();
            }
            Some((_, Sure::Hint)) => vague += 1,
            None => {}
        }
    }
    let known = sure + vague;
    match all {
        0 => false,
        1 => key && known == 1 && is_single_column(rows, at),
        _ => {
            (sure >= 2 && key && known * 3 >= all)
                || (sure >= 1 && known >= 2 && (key || vague_key) && known * 2 >= all)
                || (key && sure >= 1 && has_firms_below(rows, at, Sure::Ending))
                || (vague_key && known >= 2 && known * 2 >= all && has_firms_below(rows, at, Sure::Vague))
        }
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.starts_with("20") && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_single_column(rows: &[RawRow], at: usize) -> bool {
    let below = &rows[at + 1..rows.len().min(at + 50)];
    !below.is_empty() && below.iter().all(|row| texts(row).count() <= 1)
}

/// A header with few words we know is believed if firms stand below the one that should name them.
fn has_firms_below(rows: &[RawRow], at: usize, least: Sure) -> bool {
    let row = &rows[at];
    if texts(row).any(|cell| cell.text.chars().count() > 20) {
        return false;
    }
    let Some(cell) = texts(row).find(|cell| meaning(&cell.text).is_some_and(|(m, s)| m == Meaning::Name && s >= least))
    else {
        return false;
    };
    let below = &rows[at + 1..rows.len().min(at + 6)];
    below.iter().flat_map(texts).any(|c| c.col >= cell.col && c.col < cell.col + cell.span && values::is_firm(&c.text))
}

/// Whether `upper` is a level of the header above `row`: some of its cells span several of the row's or run down into it.
fn is_level_above(upper: &RawRow, row: &RawRow) -> bool {
    if texts(upper).count() < 2 || texts(upper).any(|cell| cell.kind != CellKind::Text && !is_year(&cell.text)) {
        return false;
    }
    let runs_down = texts(row).any(|cell| cell.note == Some(CellNote::MergedDown));
    let spans = texts(upper).any(|cell| {
        let end = cell.col.saturating_add(cell.span);
        cell.span > 1 && texts(row).filter(|c| c.note.is_none() && c.col >= cell.col && c.col < end).count() > 1
    });
    // What does not span stands over nothing, or over its own continuation.
    let fits = texts(upper).filter(|cell| cell.span == 1).all(|cell| {
        texts(row).find(|c| c.col == cell.col).is_none_or(|below| below.note == Some(CellNote::MergedDown))
    });
    fits && (spans || runs_down)
}

/// Whether `row` is a further level below the header rows `above`.
fn is_level_below(above: &[RawRow], row: &RawRow) -> bool {
    let Some(last) = above.last() else { return false };
    let mut own = 0;
    for cell in texts(row) {
        if cell.note == Some(CellNote::MergedDown) {
            continue;
        }
        if cell.kind != CellKind::Text && !is_year(&cell.text) {
            return false;
        }
        // Only below a cell that spans several columns, or to the right of one in a file without merges.
        let over = texts(last).filter(|c| c.col <= cell.col).last();
        let is_under_span = over.is_some_and(|c| cell.col < c.col.saturating_add(c.span) && c.span > 1);
        let is_spread = over.is_some_and(|c| {
            c.span == 1
                && (c.col < cell.col || texts(row).any(|next| next.col == cell.col + 1))
                && !texts(last).any(|next| next.col == cell.col + 1 && c.col == cell.col)
        });
        if !is_under_span && !is_spread || values::is_firm(&cell.text) {
            return false;
        }
        own += 1;
    }
    own >= 2
}

/// The columns that the levels of a header make.
fn columns(levels: &[RawRow]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    // The lowest level has the narrowest cells; what it leaves open comes from the levels above it.
    for (i, level) in levels.iter().enumerate().rev() {
        for cell in level.cells.iter().take(WIDE) {
            let (start, end) = (cell.col, cell.col.saturating_add(cell.span.max(1)));
            let is_covered = columns.iter().any(|c| c.start < end && start < c.end);
            let is_blank = cell.text.is_empty();
            // An empty cell of a Word table is a column of its own unless a level below divides it.
            if is_covered || (is_blank && i + 1 < levels.len()) {
                continue;
            }
            columns.push(Column { header: path(levels, i, cell), start, end, meaning: None });
        }
    }
    columns.sort_by_key(|column| column.start);
    columns
}

/// The texts from the top level down to a cell, joined by `/`.
fn path(levels: &[RawRow], level: usize, cell: &RawCell) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for upper in &levels[..level] {
        let over = texts(upper).filter(|c| c.col <= cell.col).last();
        // A file without merges leaves the columns to the right of a spanning text empty.
        if let Some(over) = over.filter(|c| cell.col < c.col.saturating_add(c.span) || is_open(upper, levels, c, cell))
        {
            parts.push(&over.text);
        }
    }
    parts.push(&cell.text);
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join("/")
}

/// Whether `over`, of span 1, still stands over `cell` to its right, because a text of the lower level is below it too.
fn is_open(upper: &RawRow, levels: &[RawRow], over: &RawCell, cell: &RawCell) -> bool {
    let lowest = &levels[levels.len() - 1];
    over.span == 1
        && !std::ptr::eq(upper, lowest)
        && texts(lowest).any(|c| c.col == over.col && c.note.is_none())
        && texts(lowest).any(|c| c.col == cell.col)
}

/// How many times the same columns stand side by side.
fn blocks(columns: &[Column]) -> usize {
    let named: Vec<(String, Option<Meaning>)> = columns
        .iter()
        .filter(|c| !c.header.is_empty())
        .map(|c| (fold(&c.header), c.meaning.map(|(meaning, _)| meaning)))
        .collect();
    (2..=6)
        .rev()
        .find(|n| {
            let size = named.len() / n;
            named.len().is_multiple_of(*n)
                && size > 0
                && named[..size].iter().any(|(_, m)| m.is_some_and(Meaning::is_key))
                && named.chunks(size).all(|block| block == &named[..size])
        })
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood_with_their_units_and_brackets() {
        for (header, expected) in [
            ("企业（单位）名称", Meaning::Name),
            ("销售收入\n（万元）", Meaning::Revenue),
            ("2019年销售收入(万元)", Meaning::Revenue),
            ("统一社会信用代码", Meaning::Code),
            ("统一社会信用代码（18位）", Meaning::Code),
            ("* 申报单位（盖章）", Meaning::Name),
            ("区县（市）", Meaning::Area),
            ("所在区（县、市）", Meaning::Area),
            ("纳税地", Meaning::Area),
            ("乡镇（街道）", Meaning::Township),
            ("运营单位", Meaning::Operator),
            ("空间名称", Meaning::ItemName),
            ("学校标识码", Meaning::CertificateNumber),
            ("入库登记编号", Meaning::CertificateNumber),
            ("统计编号", Meaning::CertificateNumber),
            ("主管部门", Meaning::Department),
            ("企业基本情况/企业名称", Meaning::Name),
            ("销售收入/2023", Meaning::Revenue),
            ("证书有效期至", Meaning::ValidTo),
            ("企业名称/单位名称", Meaning::Name),
            ("备　注", Meaning::Remark),
            ("姓名", Meaning::Person),
            ("No.", Meaning::Serial),
        ] {
            assert_eq!(meaning(header).map(|(m, _)| m), Some(expected), "{header}");
        }
        assert_eq!(meaning("研发费用占销售收入比例（%）"), None);
        assert_eq!(meaning("青澜恒砚新材料有限公司"), None);
        assert_eq!(meaning("编号").map(|(_, s)| s), Some(Sure::Vague));
    }
}
