//! The second look at the columns of a list, now that its rows are known: what the values say about a vague header, and
//! groups whose heading stands in a column.

use std::sync::Arc;

use super::document::{CellNote, Text};
use super::found::{FoundTable, Group, GroupKind, ListRow};
use super::groups::GROUPS;
use super::header::Column;
use super::label::Label;
use super::meaning::{Meaning, Sure};
use super::values;

/// Rows whose values are looked at.
const SAMPLE: usize = 300;

type Known = Option<(Meaning, Sure)>;

/// Decides what each column means.
pub(super) fn give_meanings(table: &mut FoundTable, columns: &[Column]) {
    let mut known: Vec<Known> = columns
        .iter()
        .enumerate()
        .map(|(i, column)| second_look(&column.header, column.meaning, &values_of(&table.rows, i)))
        .collect();
    platforms(columns, &mut known);
    let names_somebody =
        |known: &Known| known.is_some_and(|(m, _)| matches!(m, Meaning::Name | Meaning::Operator | Meaning::Person));
    if !known.iter().any(names_somebody) {
        let firms = |i: &usize| {
            known[*i].is_none_or(|(_, sure)| sure < Sure::Ending)
                && values::mostly(&values_of(&table.rows, *i), 50, values::is_firm)
        };
        if let Some(i) = (0..known.len()).find(firms) {
            known[i] = Some((Meaning::Name, Sure::Vague));
        }
    }
    one_each(&mut known);
    for (column, known) in table.columns.iter_mut().zip(known) {
        column.meaning = known.map(|(meaning, _)| meaning);
        column.guessed = known.is_some_and(|(_, sure)| sure <= Sure::Vague);
    }
}

/// The texts of a column in the first rows that have one.
fn values_of(rows: &[ListRow], column: usize) -> Vec<&str> {
    rows.iter().take(SAMPLE).map(|row| &*row.cells[column].text).filter(|text| !text.is_empty()).collect()
}

/// What a column means by its header and its values.
fn second_look(header: &str, known: Known, values: &[&str]) -> Known {
    use Meaning::{Area, CertificateNumber, Code, Phone, Serial, Township};
    match known {
        // 编号 may be anything; 1, 2, 3 … is never the number of a certificate, whatever the header says.
        Some((Serial, Sure::Vague) | (CertificateNumber, _)) if values::is_running(values) => {
            Some((Serial, Sure::Vague))
        }
        Some((Serial | CertificateNumber | Code, _)) if values::mostly(values, 60, values::is_credit_code) => Some((
            Code,
            if header.is_empty() { Sure::Vague } else { known.map_or(Sure::Vague, |(_, sure)| sure.max(Sure::Ending)) },
        )),
        Some((Serial, Sure::Vague)) if !values.is_empty() => Some((CertificateNumber, Sure::Vague)),
        Some((Code, Sure::Vague)) => {
            values::mostly(values, 60, values::is_certificate).then_some((CertificateNumber, Sure::Vague))
        }
        Some((Serial, Sure::Exact)) if header.is_empty() => None,
        // Some word with 编号 in it: whose number it is only the values can tell.
        Some((CertificateNumber, Sure::Hint)) => {
            values::mostly(values, 60, values::is_certificate).then_some((CertificateNumber, Sure::Vague))
        }
        None | Some((_, Sure::Hint)) => {
            let guess = if values::mostly(values, 60, values::is_credit_code) {
                Code
            } else if values::mostly(values, 60, values::is_high_tech_certificate)
                || (header.is_empty() && values::mostly(values, 60, values::is_certificate))
            {
                CertificateNumber
            } else if values::mostly(values, 70, values::is_township) {
                Township
            } else if values::mostly(values, 70, values::is_area) {
                Area
            } else if values::mostly(values, 70, values::is_phone) {
                Phone
            } else if header.is_empty() && values::is_running(values) && values.len() > 1 {
                Serial
            } else {
                return known;
            };
            Some((guess, Sure::Vague))
        }
        known => known,
    }
}

/// Beside the unit behind it, a column of mere 名称 or 机构名称 names the platform, not the firm.
fn platforms(columns: &[Column], known: &mut [Known]) {
    const FIRMS: &[&str] = &["企业", "单位", "公司", "法人", "纳税人", "学校", "申报", "市场主体"];
    if !known.iter().any(|k| k.is_some_and(|(m, _)| m == Meaning::Operator)) {
        return;
    }
    let has_item = known.iter().any(|k| k.is_some_and(|(m, _)| m == Meaning::ItemName));
    for (column, known) in columns.iter().zip(known) {
        if let Some((Meaning::Name, sure)) = *known
            && !FIRMS.iter().any(|word| column.header.contains(word))
        {
            *known = (!has_item).then_some((Meaning::ItemName, sure));
        }
    }
}

/// Leaves a meaning that only one column can have to the one that is surest, the first of several.
fn one_each(known: &mut [Known]) {
    for i in 0..known.len() {
        let Some((meaning, sure)) = known[i] else { continue };
        if meaning.may_repeat() {
            continue;
        }
        let beaten = known
            .iter()
            .enumerate()
            .any(|(j, other)| j != i && other.is_some_and(|(m, s)| m == meaning && (s > sure || (s == sure && j < i))));
        if beaten {
            known[i] = None;
        }
    }
}

/// Finds columns in which the heading of a group stands in the group's first row — 上城区（42家）, then empty cells — makes
/// the groups and fills the empty cells. Fills a sparse column of places too, when every group of rows begins with one.
pub(super) fn fill_down(table: &mut FoundTable) {
    for column in 0..table.columns.len() {
        use Meaning::{Area, Category, Department, Field, Industry, Township};
        let meaning = table.columns[column].meaning;
        if !matches!(meaning, None | Some(Area | Township | Department | Category | Field | Industry)) {
            continue;
        }
        if has_headings(&table.rows, column) {
            make_groups(table, column);
        } else if matches!(meaning, Some(Area | Township)) && is_sparse(&table.rows, column) {
            fill(&mut table.rows, column);
        } else {
            continue;
        }
        let filled = table.rows.iter().filter(|row| !row.cells[column].text.is_empty()).count();
        table.columns[column].filled = filled as u32;
    }
}

/// A heading in a cell: it says how many rows it has.
fn heading(text: &str) -> Option<Label> {
    // Cheap refusal: such a text ends in a bracket or a unit.
    if !text.ends_with(['）', ')', '家', '个', '所', '户', '项', '人', '名']) {
        return None;
    }
    Label::of(text).filter(|label| label.declared.is_some())
}

fn has_headings(rows: &[ListRow], column: usize) -> bool {
    let mut own = rows
        .iter()
        .map(|row| &row.cells[column])
        .filter(|cell| !cell.text.is_empty() && cell.note != Some(CellNote::MergedDown));
    // The first one decides before the rest is looked at: most columns are no such column.
    if own.next().is_none_or(|cell| heading(&cell.text).is_none()) {
        return false;
    }
    let (mut headings, mut all) = (1, 1);
    for cell in own {
        all += 1;
        headings += usize::from(heading(&cell.text).is_some());
    }
    all < rows.len() && headings * 10 >= all * 8 && headings < GROUPS
}

/// The heading in force while a column is gone through.
struct Current {
    /// The groups its rows stand in without it, and with it.
    outer: Arc<[u32]>,
    path: Arc<[u32]>,
    raw: Text,
    label: Text,
}

fn make_groups(table: &mut FoundTable, column: usize) {
    let FoundTable { rows, groups, .. } = table;
    let mut current: Option<Current> = None;
    for row in rows.iter_mut() {
        let cell = &mut row.cells[column];
        // A heading of a higher level ends the group.
        current = current.filter(|current| current.outer == row.groups);
        let is_own = !cell.text.is_empty() && current.as_ref().is_none_or(|current| current.raw != cell.text);
        if is_own {
            current = heading(&cell.text).map(|label| {
                let mut path = row.groups.to_vec();
                path.push(groups.len() as u32);
                let current = Current {
                    outer: Arc::clone(&row.groups),
                    raw: Text::clone(&cell.text),
                    label: Text::from(label.label.as_str()),
                    path: Arc::from(path),
                };
                groups.push(Group {
                    label: label.label,
                    raw: cell.text.to_string(),
                    level: current.path.len() as u8,
                    declared: label.declared,
                    counted: 0,
                    at: row.at,
                    kind: GroupKind::Column,
                });
                current
            });
        }
        if let Some(current) = &current {
            if cell.text.is_empty() {
                cell.note = Some(CellNote::FilledDown);
            }
            cell.text = Text::clone(&current.label);
            row.groups = Arc::clone(&current.path);
        }
    }
}

/// Whether a column has a text in the first row of every group of rows and in less than half of the rows.
fn is_sparse(rows: &[ListRow], column: usize) -> bool {
    let filled = rows.iter().filter(|row| !row.cells[column].text.is_empty()).count();
    filled * 2 < rows.len()
        && rows.chunk_by(|a, b| a.groups == b.groups).all(|group| !group[0].cells[column].text.is_empty())
}

fn fill(rows: &mut [ListRow], column: usize) {
    let mut above = Text::default();
    for row in rows {
        let cell = &mut row.cells[column];
        if cell.text.is_empty() {
            cell.text = Text::clone(&above);
            cell.note = Some(CellNote::FilledDown);
        } else {
            above = Text::clone(&cell.text);
        }
    }
}
