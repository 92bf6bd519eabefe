//! Where one list on a sheet ends and the next begins: a table divided at its headers.

use super::document::RawRow;
use super::header::{self, Header, header_at, may_be_header};
use super::{label, values};

/// Cells looked at for headers in one document. Real ones need some hundred per table.
const LOOKS: usize = 100_000;
/// Longest title in characters.
pub(super) const TITLE: usize = 80;
/// Words that name a list.
pub(super) const LISTS: &[&str] =
    &["名单", "清单", "目录", "一览表", "汇总表", "名录", "台账", "统计表", "明细表", "情况表", "列表"];

/// A stretch of a table under one header.
pub(super) struct Section {
    /// Where the rows above its header begin.
    pub from: usize,
    pub header: Header,
    /// Where it ends.
    pub to: usize,
    /// The header again, as row ranges.
    pub repeated: Vec<(usize, usize)>,
}

/// How much has been looked at in search of headers.
#[derive(Default)]
pub(super) struct Looks(usize);

impl Looks {
    /// Looks for a header at a row, as long as there is patience.
    fn at(&mut self, rows: &[RawRow], at: usize) -> Option<Header> {
        self.0 += rows[at].cells.len();
        if self.0 > LOOKS { None } else { header_at(rows, at) }
    }
}

/// Divides a table at its headers; none if it has no header.
pub(super) fn divide(rows: &[RawRow], looks: &mut Looks) -> Vec<Section> {
    let Some(first) = (0..rows.len().min(header::LOOK)).find_map(|at| looks.at(rows, at)) else { return Vec::new() };
    let mut done = Vec::new();
    let mut at = first.last + 1;
    let mut section = Section { from: 0, header: first, to: rows.len(), repeated: Vec::new() };
    // Where the header in force was seen first, and its first text, to know it again.
    let mut seen = (section.header.first, section.header.last);
    let mut first_text = first_text_of(&rows[seen.0]);
    while at < rows.len() {
        if !may_be_header(&rows[at], &first_text) {
            at += 1;
            continue;
        }
        let again = if comes_again(rows, seen, at) {
            None
        } else {
            // The upper level of a merged header may say nothing by itself.
            let mut look = |row: usize| looks.at(rows, row).filter(|header| header.first == at);
            let found = look(at).or_else(|| if at + 1 < rows.len() { look(at + 1) } else { None });
            if found.is_none() {
                at += 1;
                continue;
            }
            found
        };
        let last = again.as_ref().map_or(at + seen.1 - seen.0, |header| header.last);
        let above = texts_above(rows, at, section.header.last + 1);
        let is_like =
            again.as_ref().is_none_or(|header| header.is_like(&section.header.columns, section.header.blocks));
        if is_like && !begins_list(rows, above..at, section.from..section.header.first) {
            section.repeated.push((at, last));
        } else {
            let header = again.unwrap_or_else(|| Header { first: at, last, ..section.header.clone() });
            seen = (at, last);
            first_text = first_text_of(&rows[at]);
            let next = Section { from: above, header, to: rows.len(), repeated: Vec::new() };
            done.push(Section { to: above, ..std::mem::replace(&mut section, next) });
        }
        at = last + 1;
    }
    done.push(section);
    done
}

/// Whether one of the lines `above` a header names a list, other than the `titles` of the one before.
fn begins_list(rows: &[RawRow], above: std::ops::Range<usize>, titles: std::ops::Range<usize>) -> bool {
    rows[above]
        .iter()
        .filter_map(only_text)
        .any(|text| names_new_list(text) && !rows[titles.clone()].iter().any(|title| only_text(title) == Some(text)))
}

/// Whether the rows of a header come again at row `at`, text for text.
fn comes_again(rows: &[RawRow], (first, last): (usize, usize), at: usize) -> bool {
    let is_same = |(a, b): (usize, usize)| {
        let (a, b) = (&rows[a].cells, &rows[b].cells);
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.col == b.col && a.text == b.text)
    };
    at + (last - first) < rows.len() && (first..=last).zip(at..).all(is_same)
}

/// The only text of a row, if it has just one.
pub(super) fn only_text(row: &RawRow) -> Option<&str> {
    let mut texts = row.cells.iter().filter(|cell| !cell.text.is_empty());
    let first = texts.next()?;
    texts.next().is_none().then_some(&*first.text)
}

/// The first of the lines above row `at`, not before `from`, that hold one text and no note: titles of what follows.
fn texts_above(rows: &[RawRow], at: usize, from: usize) -> usize {
    let mut first = at;
    while first > from {
        let row = &rows[first - 1];
        let is_blank = row.cells.iter().all(|cell| cell.text.is_empty());
        let is_title = only_text(row)
            .is_some_and(|text| !label::is_note(text) && !label::is_total(text) && !values::is_firm(text));
        if !is_blank && !is_title {
            break;
        }
        first -= 1;
    }
    first
}

fn first_text_of(row: &RawRow) -> String {
    row.cells.iter().find(|cell| !cell.text.is_empty()).map(|cell| cell.text.to_string()).unwrap_or_default()
}

/// Whether a line says that another list begins: 附件2, or a title of its own.
pub(super) fn names_new_list(text: &str) -> bool {
    let len = text.chars().count();
    if len > TITLE || text.contains('续') || text.ends_with('。') {
        return false;
    }
    (text.starts_with("附件") && len <= 40) || LISTS.iter().any(|word| text.contains(word))
}
