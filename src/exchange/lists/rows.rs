//! What one source row is: a row of the list, a heading, a total, a note, or nothing.

use super::document::{CellNote, RawCell, RawRow};
use super::found::Passed;
use super::label::{self, Label};
use super::meaning::Meaning;
use super::values;

/// Longest text in characters that may be a heading though nothing in its wording says so.
const HEADING: usize = 30;

/// Rows from which is learnt what a row usually has.
pub(super) const SAMPLE: usize = 200;

/// What a row turned out to be.
pub(super) enum Fate {
    List,
    Group(Label, String),
    Passed(Passed),
}

/// A cell of a row with the column it stands in.
pub(super) type Placed<'r> = (usize, &'r RawCell);

/// Which columns help to tell rows apart.
pub(super) struct Roles {
    pub serial: Option<usize>,
    /// The column that names the firm, item or person.
    pub name: Option<usize>,
    /// How many cells most rows have.
    pub typical: usize,
}

impl Roles {
    /// The roles of columns with these meanings.
    pub fn new(meanings: &[Option<Meaning>], typical: usize) -> Self {
        use Meaning::{CertificateNumber, Code, ItemName, Name, Operator, Person, Serial};
        let of = |meaning: Meaning| meanings.iter().position(|m| *m == Some(meaning));
        let name = [Name, Operator, ItemName, Person, Code, CertificateNumber].into_iter().find_map(of);
        Self { serial: of(Serial), name, typical }
    }
}

/// How many cells with a text most rows have.
pub(super) fn typical(body: &[RawRow]) -> usize {
    let mut counts: Vec<usize> = body
        .iter()
        .take(SAMPLE)
        .map(|row| row.cells.iter().filter(|cell| !cell.text.is_empty()).count())
        .filter(|n| *n > 0)
        .collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0)
}

/// Tells what a row with these cells is. `is_wide` says whether a cell spans more than its column.
pub(super) fn fate(cells: &[Placed<'_>], roles: &Roles, is_wide: impl Fn(&RawCell) -> bool) -> Fate {
    let Some(&(column, cell)) = cells.first() else { return Fate::Passed(Passed::Blank) };
    // A row merged with the one above it, or a line that has only its number, printed in advance.
    let says_nothing = |(column, cell): &Placed<'_>| {
        cell.note == Some(CellNote::MergedDown)
            || (Some(*column) == roles.serial && values::serial(&cell.text).is_some())
    };
    if cells.iter().all(says_nothing) {
        return Fate::Passed(Passed::Blank);
    }
    if cells.iter().take(2).any(|(_, cell)| label::is_total(&cell.text)) {
        return Fate::Passed(Passed::Total);
    }
    if cells.len() == 1 {
        return alone(column, cell, roles, is_wide(cell));
    }
    let name = roles.name.and_then(|name| cells.iter().find(|(column, _)| *column == name)).map(|(_, cell)| *cell);
    let is_firm = name.is_some_and(|name| values::is_firm(&name.text));
    if !is_firm && label::is_foot(&cell.text) {
        return Fate::Passed(Passed::Note);
    }
    // 一 | 基础研究类 | (blank or a subtotal): a numbered heading spread over two cells.
    if Some(column) == roles.serial && !is_firm && label::is_chinese_number(&cell.text) {
        let raw = format!("{} {}", cell.text, cells[1].1.text);
        if let Some(mut label) = Label::of(&cells[1].1.text) {
            label.style = label::Style::Chinese;
            return Fate::Group(label, raw);
        }
    }
    // 济南市 | 580家
    if cells.len() == 2 && !is_firm && roles.typical > 2 && label::place(&cell.text).is_some() {
        let raw = format!("{}{}", cell.text, cells[1].1.text);
        if let Some(label) = Label::of(&raw).filter(|label| label.declared.is_some()) {
            return Fate::Group(label, raw);
        }
    }
    Fate::List
}

/// A text alone in its row.
fn alone(column: usize, cell: &RawCell, roles: &Roles, is_wide: bool) -> Fate {
    let text = &*cell.text;
    if label::is_note(text) {
        return Fate::Passed(Passed::Note);
    }
    let Some(label) = Label::of(text) else { return Fate::Passed(Passed::Note) };
    let is_firm = values::is_firm(text) || values::is_firm(&label.label);
    if Some(column) == roles.name && !is_wide {
        // Only its name is known, or it is a heading that stands in the column of names.
        let is_heading = !is_firm
            && (label.declared.is_some() || label.style.rank().is_some() || (label.is_strong() && roles.typical > 1));
        return if is_heading { Fate::Group(label, text.to_owned()) } else { Fate::List };
    }
    let is_spread = is_wide || Some(column) == roles.serial || column == 0;
    if label.is_strong() || (is_spread && text.chars().count() <= HEADING) {
        Fate::Group(label, text.to_owned())
    } else {
        Fate::Passed(Passed::Note)
    }
}
