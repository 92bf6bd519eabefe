//! Text with separators: what 浪潮 and other systems export, and what the clipboard holds. Encoding and separator are
//! found out from the text itself.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::bounds::{self, Budget};
use super::document::{RawRow, RawTable};
use super::sheet::{COLUMNS, shared, text_cell, tidy_into};
use super::sniff;
use crate::domain::problem::{Problem, Result};

/// Longest line in bytes. A row of a list has some hundred.
const LINE: usize = 1 << 20;
/// Lines looked at to find the separator.
const LINES: usize = 60;
/// Line breaks inside the cells of one row, beyond which a quote was never closed.
const BREAKS: usize = 200;

/// Reads a text file.
///
/// # Errors
/// It is no text, a quote was never closed, or it is too large; the person stopped it.
pub(super) fn read(bytes: &[u8], budget: &mut Budget<'_>) -> Result<RawTable> {
    if bytes.len() as u64 > bounds::TEXT_FILE {
        return Err(bounds::too_large(bytes.len() as u64, bounds::TEXT_FILE));
    }
    let text = decode(bytes)?;
    table(&text, separator(&text), budget)
}

/// Reads pasted cells: tabs between cells as WPS and Excel copy them, else whatever separates them.
///
/// # Errors
/// As [`read`].
pub(super) fn pasted(text: &str, budget: &mut Budget<'_>) -> Result<RawTable> {
    let separator = if text.contains('\t') { b'\t' } else { separator(text) };
    table(text, separator, budget)
}

/// Decodes by byte order mark, else as UTF-8 if it is, else as GB18030.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return text_or(encoding.decode_without_bom_handling(&bytes[mark..]));
    }
    // No text has these; decoding would turn any picture into Chinese characters.
    if bytes.iter().take(64 << 10).any(|b| matches!(b, 0x00..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F)) {
        return Err(sniff::unknown());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        // A file cut in the middle of a character is still UTF-8.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            Ok(String::from_utf8_lossy(&bytes[..error.valid_up_to()]))
        }
        Err(_) => text_or(encoding_rs::GB18030.decode_without_bom_handling(bytes)),
    }
}

/// The text, unless so much of it could not be decoded that it is none.
fn text_or((text, had_errors): (Cow<'_, str>, bool)) -> Result<Cow<'_, str>> {
    if had_errors {
        let bad = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        if bad * 100 > text.chars().count() {
            return Err(Problem::foreign("看不出这个文本文件用的是什么文字编码。")
                .next("请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"));
        }
    }
    Ok(text)
}

/// The separator most lines agree on. Commas inside quotes do not count; a title line has none and does not matter.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .map(|l| &l[..l.floor_char_boundary(4 << 10)])
        .filter(|l| !l.trim().is_empty())
        .take(LINES)
        .collect();
    let mut best = (0, b',');
    for candidate in [b'\t', b',', b';'] {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, candidate)).collect();
        // How many lines have the count that most of the lines with any have.
        let agreed =
            counts.iter().filter(|n| **n > 0).map(|n| counts.iter().filter(|m| *m == n).count()).max().unwrap_or(0);
        if agreed > best.0 {
            best = (agreed, candidate);
        }
    }
    best.1
}

fn outside_quotes(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|b| {
            if *b == b'"' {
                quoted = !quoted;
            }
            !quoted && *b == separator
        })
        .count()
}

fn table(text: &str, separator: u8, budget: &mut Budget<'_>) -> Result<RawTable> {
    if text.split(['\n', '\r']).any(|line| line.len() > LINE) {
        return Err(Problem::foreign("这个文本文件有一行长得不正常，不像一份名单。")
            .next("请用 WPS 或 Excel 打开，核对后另存为 .xlsx 再导入。"));
    }
    budget.total += text.len() as u64;
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut table = RawTable::default();
    let mut record = StringRecord::new();
    let mut folded = String::new();
    let mut at = 0u32;
    while reader.read_record(&mut record).map_err(super::xml::damaged)? {
        // The reader passes over empty lines, but a person counts them; line breaks inside cells are none.
        let lines = reader.position().line().saturating_sub(record.position().map_or(0, csv::Position::line));
        let broken: usize = record.iter().map(|field| field.bytes().filter(|b| *b == b'\n').count()).sum();
        at = at.saturating_add((lines.saturating_sub(broken as u64)).clamp(1, u64::from(u32::MAX)) as u32);
        let mut cells = Vec::with_capacity(record.len());
        for (col, field) in record.iter().enumerate().take(COLUMNS as usize) {
            if broken > BREAKS || field.len() > bounds::CELL {
                return Err(Problem::foreign(format!("第 {at} 行有一个引号没有配对，后面的内容分不出格子。"))
                    .next("请用 WPS 或 Excel 打开，核对后另存为 .xlsx 再导入。"));
            }
            let text = tidy_into(as_text(field), &mut folded);
            if !text.is_empty() {
                budget.cell(text.len())?;
                cells.push(text_cell(col as u16, shared(text)));
            }
        }
        table.rows.push(RawRow { at, hidden: false, cells });
        budget.row(record.position().map_or(0, csv::Position::byte))?;
    }
    Ok(table)
}

/// `="0012"` is how a csv tells Excel to leave a code alone.
fn as_text(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(field)
}
