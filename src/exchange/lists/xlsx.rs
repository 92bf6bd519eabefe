//! A workbook of the new format, sheet by sheet, in one pass over each sheet's XML.
//!
//! Read here and not with calamine because a list needs what its cell reader leaves out in the same pass: rows and columns
//! that are hidden, merged ranges, and limits on what a hostile part may cost.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::bounds::{Budget, CELL, long_cell};
use super::document::{Block, CellKind, RawCell, RawTable, Text};
use super::number::{self, Format};
use super::package::Package;
use super::sheet::{COLUMNS, Merge, ROWS, SheetBuilder, shared, text_cell, tidy_into};
use super::xlsx_parts::{Sheet, shared_strings, styles, unescape, workbook};
use super::xml::{Xml, attribute, damaged, each_attribute, local, number_attribute, on, push_reference};
use crate::domain::problem::{Problem, Result};

/// Reads all sheets that have any cell.
///
/// # Errors
/// A part is broken or too large, or the person stopped it.
pub(super) fn read(package: &mut Package<'_>, main: &str, budget: &mut Budget<'_>) -> Result<Vec<Block>> {
    let relations = package.relations(main, budget)?;
    let book = workbook(package, main, &relations, budget)?;
    if book.sheets.is_empty() {
        return Err(Problem::damaged("这个工作簿里没有工作表，已损坏或不完整。")
            .next("请重新下载或复制一次；如果 WPS 能打开它，请另存一份再导入。"));
    }
    let part = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let (strings_part, styles_part) = (part("sharedStrings"), part("styles"));
    budget.total += strings_part.as_deref().map_or(0, |p| package.announced(p));
    budget.total += book.sheets.iter().map(|sheet| package.announced(&sheet.part)).sum::<u64>();

    let strings = match strings_part {
        Some(part) => shared_strings(package, &part, budget)?,
        None => Vec::new(),
    };
    let formats = match styles_part {
        Some(part) => styles(package, &part, budget)?,
        None => Vec::new(),
    };
    let known = Known { strings: &strings, formats: &formats, is_1904: book.is_1904 };
    let mut blocks = Vec::new();
    for sheet in book.sheets {
        if let Some(xml) = package.part(&sheet.part, budget)? {
            let table = read_sheet(xml, sheet, &known, budget)?;
            if !table.rows.is_empty() {
                blocks.push(Block::Table(table));
            }
        }
    }
    Ok(blocks)
}

/// What cells refer to.
struct Known<'k> {
    strings: &'k [Text],
    formats: &'k [Format],
    is_1904: bool,
}

/// How a cell's value is written (`t`).
#[derive(Clone, Copy, PartialEq)]
enum Written {
    Number,
    Shared,
    Bool,
    Plain,
}

/// The cell being read.
struct Open {
    row: u32,
    col: u32,
    style: usize,
    written: Written,
}

fn read_sheet<R: Read>(mut xml: Xml<R>, sheet: Sheet, known: &Known<'_>, budget: &mut Budget<'_>) -> Result<RawTable> {
    let mut builder = SheetBuilder::new(sheet.name, sheet.hidden);
    let mut cell = Open { row: 0, col: 0, style: 0, written: Written::Number };
    // The row and column that the next row or cell without a place of its own stands at.
    let (mut next_row, mut next_col) = (0u32, 0u32);
    let (mut value, mut scratch) = (String::new(), String::new());
    let (mut in_value, mut in_reading) = (false, false);
    loop {
        match xml.next()? {
            Event::Start(e) => match local(e.name()) {
                b"c" => {
                    open_cell(&e, &mut cell, next_row, next_col)?;
                    value.clear();
                }
                b"v" | b"t" => in_value = !in_reading,
                b"row" => {
                    next_row = open_row(&e, next_row, &mut builder);
                    next_col = 0;
                }
                b"rPh" => in_reading = true,
                _ => beside(&e, &mut builder)?,
            },
            Event::Text(text) if in_value => {
                if value.len() + text.len() > CELL {
                    return Err(long_cell());
                }
                value.push_str(&text);
            }
            Event::CData(text) if in_value => {
                if value.len() + text.len() > CELL {
                    return Err(long_cell());
                }
                value.push_str(&text);
            }
            Event::GeneralRef(reference) if in_value => push_reference(&mut value, &reference),
            Event::End(e) => match local(e.name()) {
                b"v" | b"t" => in_value = false,
                b"c" => {
                    // A column may be given as far beyond a sheet's last as its letters go.
                    if cell.col < COLUMNS
                        && let Some((raw, kept)) = close_cell(&cell, &mut value, &mut scratch, known)
                    {
                        budget.cell(kept)?;
                        builder.cell(cell.row, raw);
                    }
                    next_col = cell.col.saturating_add(1);
                }
                b"row" => {
                    next_row = next_row.saturating_add(1);
                    budget.row(xml.inflated())?;
                }
                b"rPh" => in_reading = false,
                _ => {}
            },
            Event::Empty(e) => match local(e.name()) {
                // A cell with a style only still takes a place.
                b"c" => {
                    open_cell(&e, &mut cell, next_row, next_col)?;
                    next_col = cell.col.saturating_add(1);
                }
                b"row" => {
                    next_row = open_row(&e, next_row, &mut builder).saturating_add(1);
                    budget.row(xml.inflated())?;
                }
                _ => beside(&e, &mut builder)?,
            },
            Event::Eof => break,
            _ => {}
        }
    }
    budget.spend(xml.inflated());
    builder.finish(budget)
}

/// What stands before and after the cells: hidden columns and merged ranges.
fn beside(e: &BytesStart<'_>, builder: &mut SheetBuilder) -> Result<()> {
    match local(e.name()) {
        b"col" if attribute(e, "hidden").is_some_and(|v| on(Some(&v))) => {
            if let (Some(first), Some(last)) = (number_attribute(e, "min"), number_attribute(e, "max")) {
                builder.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
            }
        }
        b"mergeCell" => {
            if let Some(merge) = attribute(e, "ref").as_deref().and_then(range) {
                builder.merge(merge)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The 0-based number of a row, from its `r` or its place.
fn open_row(e: &BytesStart<'_>, next: u32, builder: &mut SheetBuilder) -> u32 {
    let mut row = next;
    let mut hidden = false;
    each_attribute(e, |name, value| match name {
        b"r" => row = value.trim().parse::<u32>().map_or(next, |r| r.saturating_sub(1)),
        b"hidden" => hidden = on(Some(value)),
        _ => {}
    });
    if hidden {
        builder.hide_row(row);
    }
    row
}

fn open_cell(e: &BytesStart<'_>, cell: &mut Open, next_row: u32, next_col: u32) -> Result<()> {
    *cell = Open { row: next_row, col: next_col, style: 0, written: Written::Number };
    let mut wrong = false;
    each_attribute(e, |name, value| match name {
        b"r" => match place(value) {
            Some((row, col)) => (cell.row, cell.col) = (row, col),
            None => wrong = true,
        },
        b"s" => cell.style = value.parse().unwrap_or_default(),
        b"t" => {
            cell.written = match value {
                "s" => Written::Shared,
                "n" => Written::Number,
                "b" => Written::Bool,
                _ => Written::Plain,
            }
        }
        _ => {}
    });
    if wrong { Err(damaged("place of a cell")) } else { Ok(()) }
}

/// The finished cell and the bytes of text kept for it; `None` if it has no text.
fn close_cell(cell: &Open, value: &mut String, scratch: &mut String, known: &Known<'_>) -> Option<(RawCell, usize)> {
    if value.is_empty() {
        return None;
    }
    let col = cell.col as u16;
    match cell.written {
        Written::Shared => {
            let text = known.strings.get(value.trim().parse::<usize>().ok()?)?;
            (!text.is_empty()).then(|| (text_cell(col, Text::clone(text)), 0))
        }
        Written::Bool => {
            let text = if value.trim() == "1" { "TRUE" } else { "FALSE" };
            Some((text_cell(col, shared(text)), text.len()))
        }
        Written::Plain => {
            unescape(value);
            let text = tidy_into(value, scratch);
            (!text.is_empty()).then(|| (text_cell(col, shared(text)), text.len()))
        }
        Written::Number => {
            let format = known.formats.get(cell.style).copied().unwrap_or_default();
            let text = value.trim();
            // Most numbers are short integers and already in the form wanted.
            let as_it_is = format == Format::General
                && text.len() < 15
                && !text.starts_with('0')
                && text.bytes().all(|b| b.is_ascii_digit());
            let (kind, note, text) = if as_it_is {
                (CellKind::Number, None, text)
            } else if let Ok(number) = text.parse::<f64>() {
                let (kind, note) = number::write(number, format, known.is_1904, scratch);
                (kind, note, scratch.as_str())
            } else {
                (CellKind::Text, None, text)
            };
            (!text.is_empty()).then(|| (RawCell { col, span: 1, kind, note, text: shared(text) }, text.len()))
        }
    }
}

/// 0-based row and column of `AB12`.
fn place(reference: &str) -> Option<(u32, u32)> {
    let (mut row, mut col) = (0u32, 0u32);
    for b in reference.bytes() {
        match b {
            b'A'..=b'Z' if row == 0 => col = col.checked_mul(26)?.checked_add(u32::from(b - b'A') + 1)?,
            b'a'..=b'z' if row == 0 => col = col.checked_mul(26)?.checked_add(u32::from(b - b'a') + 1)?,
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(b - b'0'))?,
            b'$' => {}
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, col.checked_sub(1)?))
}

/// A merged range such as `A1:F2`.
fn range(reference: &str) -> Option<Merge> {
    let (first, last) = reference.split_once(':')?;
    let ((first_row, first_col), (last_row, last_col)) = (place(first)?, place(last)?);
    Some(Merge {
        first_row: first_row.min(ROWS - 1),
        last_row: last_row.min(ROWS - 1),
        first_col: first_col.min(COLUMNS - 1) as u16,
        last_col: last_col.min(COLUMNS - 1) as u16,
    })
}
