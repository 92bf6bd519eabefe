//! A workbook of Excel 97–2003 (BIFF8, also BIFF5 and the older WPS `.et`), record by record.
//!
//! Read here and not with calamine because that one reserves what a file claims, spreads a lone far cell into a dense range
//! of millions, parses formulas a list does not need, and does not say which rows are hidden. Record layouts: MS-XLS 2.4.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::biff::{
    BOF, CONTINUE, EOF, FILEPASS, Pieces, bool_or_error, f64_at, push_utf16, record, rk, short, u16_at, u32_at,
};
use super::bounds::Budget;
use super::document::{Block, RawCell, RawTable, Text};
use super::number::{self, Format};
use super::sheet::{Merge, SheetBuilder, shared, text_cell, tidy_into};
use super::{sniff, xml};
use crate::domain::problem::{Kind, Problem, Result};

const STYLES: usize = 65_536;
const SHEETS: usize = 1_000;

/// Reads the `Workbook` stream of a compound file.
///
/// # Errors
/// The stream is broken, has a password or is too large, or the person stopped it.
pub(super) fn read(stream: &[u8], budget: &mut Budget<'_>) -> Result<Vec<Block>> {
    budget.total += stream.len() as u64;
    let mut globals = globals(stream, budget)?;
    let sheets = std::mem::take(&mut globals.sheets);
    let mut seen = Vec::new();
    let mut blocks = Vec::new();
    for sheet in sheets {
        // Two sheets cannot be one and the same piece of the stream.
        if seen.contains(&sheet.at) {
            continue;
        }
        seen.push(sheet.at);
        let table = read_sheet(stream, sheet, &globals, budget)?;
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
    }
    Ok(blocks)
}

struct Sheet {
    name: String,
    hidden: bool,
    at: usize,
}

/// What the workbook says before its sheets.
struct Globals {
    wide: bool,
    encoding: &'static Encoding,
    is_1904: bool,
    formats: Vec<Format>,
    strings: Vec<Text>,
    sheets: Vec<Sheet>,
}

fn globals(stream: &[u8], budget: &mut Budget<'_>) -> Result<Globals> {
    let mut found = Globals {
        wide: true,
        encoding: encoding_rs::GB18030,
        is_1904: false,
        formats: Vec::new(),
        strings: Vec::new(),
        sheets: Vec::new(),
    };
    let mut codes: HashMap<u16, Format> = HashMap::new();
    let mut styles: Vec<u16> = Vec::new();
    let mut at = 0;
    while let Some(r) = record(stream, at)? {
        if at == 0 && r.kind != BOF {
            return Err(Problem::new(Kind::Foreign, "这是很旧的 Excel 格式（95 以前），读不了。")
                .next("请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"));
        }
        at = r.next;
        match r.kind {
            BOF => found.wide = u16_at(r.data, 0)? != 0x0500,
            EOF => break,
            FILEPASS => return Err(sniff::password()),
            0x0042 => found.encoding = encoding(u16_at(r.data, 0)?),
            0x0022 => found.is_1904 = u16_at(r.data, 0)? == 1,
            0x041E if codes.len() < STYLES => {
                let text = if found.wide { found.text(r.data, 2)? } else { found.short_text(r.data, 2)? };
                codes.insert(u16_at(r.data, 0)?, Format::from_code(&text));
            }
            0x00E0 if styles.len() < STYLES => styles.push(u16_at(r.data, 2)?),
            0x0085 if found.sheets.len() < SHEETS => {
                let (state, sort) = (r.data.get(4).copied().unwrap_or(0), r.data.get(5).copied().unwrap_or(0));
                // Charts and macro sheets hold no list.
                if sort == 0 {
                    found.sheets.push(Sheet {
                        name: found.short_text(r.data, 6)?.replace('\0', ""),
                        hidden: state & 0x3 != 0,
                        at: u32_at(r.data, 0)? as usize,
                    });
                }
            }
            0x00FC => {
                let mut pieces = vec![r.data];
                while let Some(more) = record(stream, at)?.filter(|more| more.kind == CONTINUE) {
                    pieces.push(more.data);
                    at = more.next;
                }
                found.strings = shared_strings(pieces, budget)?;
            }
            _ => {}
        }
    }
    let format = |id: &u16| codes.get(id).copied().unwrap_or_else(|| Format::built_in(u32::from(*id)));
    found.formats = styles.iter().map(format).collect();
    Ok(found)
}

impl Globals {
    /// A string with a 16-bit length at `at` of a record.
    fn text(&self, data: &[u8], at: usize) -> Result<String> {
        let len = usize::from(u16_at(data, at)?);
        self.characters(data, at + 2, len)
    }

    /// A string with an 8-bit length.
    fn short_text(&self, data: &[u8], at: usize) -> Result<String> {
        let len = usize::from(*data.get(at).ok_or_else(short)?);
        self.characters(data, at + 1, len)
    }

    /// `len` characters; of a string that breaks off, what is there.
    fn characters(&self, data: &[u8], at: usize, len: usize) -> Result<String> {
        if !self.wide {
            let bytes = data.get(at..).unwrap_or_default();
            return Ok(self.encoding.decode_without_bom_handling(&bytes[..len.min(bytes.len())]).0.into_owned());
        }
        if len == 0 {
            return Ok(String::new());
        }
        let flags = *data.get(at).ok_or_else(short)?;
        let mut at = at + 1;
        if flags & 0x08 != 0 {
            at += 2;
        }
        if flags & 0x04 != 0 {
            at += 4;
        }
        let bytes = data.get(at..).unwrap_or_default();
        let mut out = String::new();
        if flags & 1 != 0 {
            push_utf16(&bytes[..(2 * len).min(bytes.len())], &mut out);
        } else {
            out.extend(bytes.iter().take(len).map(|b| char::from(*b)));
        }
        Ok(out)
    }

    fn format(&self, style: u16) -> Format {
        self.formats.get(usize::from(style)).copied().unwrap_or_default()
    }
}

/// The encoding of 8-bit strings. Files without a known code page come from Chinese programs.
fn encoding(code_page: u16) -> &'static Encoding {
    match code_page {
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        1252 => encoding_rs::WINDOWS_1252,
        65001 => encoding_rs::UTF_8,
        _ => encoding_rs::GB18030,
    }
}

/// The shared strings, which run on over `CONTINUE` records.
fn shared_strings(pieces: Vec<&[u8]>, budget: &mut Budget<'_>) -> Result<Vec<Text>> {
    let announced = pieces.first().map_or(Ok(0), |first| u32_at(first, 4))? as usize;
    let mut pieces = Pieces::new(pieces, 8);
    let mut strings = Vec::new();
    let (mut text, mut folded) = (String::new(), String::new());
    while !pieces.is_at_end() {
        text.clear();
        match shared_string(&mut pieces, &mut text) {
            Ok(()) => {}
            // Some programs count wrong, others leave filling after the last one.
            Err(_) if strings.len() >= announced => break,
            Err(problem) => return Err(problem),
        }
        let kept = tidy_into(&text, &mut folded);
        budget.string(kept.len())?;
        strings.push(shared(kept));
        if strings.len().is_multiple_of(1024) {
            budget.ask(0)?;
        }
    }
    Ok(strings)
}

/// One shared string (MS-XLS 2.5.293), without its fonts and readings.
fn shared_string(pieces: &mut Pieces<'_>, text: &mut String) -> Result<()> {
    let len = usize::from(pieces.u16()?);
    let flags = pieces.u8()?;
    let runs = if flags & 0x08 != 0 { usize::from(pieces.u16()?) } else { 0 };
    let extra = if flags & 0x04 != 0 { pieces.u32()? as usize } else { 0 };
    pieces.characters(len, flags & 1 != 0, text)?;
    pieces.skip(runs * 4)?;
    pieces.skip(extra)
}

/// A sheet being read.
struct SheetReader<'r, 'w> {
    globals: &'r Globals,
    budget: &'r mut Budget<'w>,
    builder: SheetBuilder,
    /// Reused for writing out a number and for folding a text's blanks.
    scratch: String,
    /// Row and column of a formula whose text comes in the next record.
    waiting: Option<(u32, u16)>,
}

fn read_sheet(stream: &[u8], sheet: Sheet, globals: &Globals, budget: &mut Budget<'_>) -> Result<RawTable> {
    let mut at = sheet.at;
    if record(stream, at)?.is_none_or(|r| r.kind != BOF) {
        return Err(xml::damaged("sheet does not begin where announced"));
    }
    let builder = SheetBuilder::new(sheet.name, sheet.hidden);
    let mut reader = SheetReader { globals, budget, builder, scratch: String::new(), waiting: None };
    // Charts standing on the sheet are sheets within the sheet.
    let mut depth = 0u32;
    while let Some(r) = record(stream, at)? {
        at = r.next;
        match r.kind {
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            _ if depth > 1 => {}
            kind => {
                reader.record(kind, r.data)?;
                reader.budget.row(at as u64)?;
            }
        }
    }
    let SheetReader { builder, budget, .. } = reader;
    builder.finish(budget)
}

impl SheetReader<'_, '_> {
    fn record(&mut self, kind: u16, data: &[u8]) -> Result<()> {
        match kind {
            // LABELSST
            0x00FD => {
                if let Some(string) = self.globals.strings.get(u32_at(data, 6)? as usize)
                    && !string.is_empty()
                {
                    self.budget.cell(0)?;
                    self.builder.cell(row_of(data)?, text_cell(u16_at(data, 2)?, Text::clone(string)));
                }
            }
            // NUMBER, RK, MULRK
            0x0203 => self.number(row_of(data)?, u16_at(data, 2)?, u16_at(data, 4)?, f64_at(data, 6)?)?,
            0x027E => self.number(row_of(data)?, u16_at(data, 2)?, u16_at(data, 4)?, rk(u32_at(data, 6)?))?,
            0x00BD => {
                let values = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (value, col) in values.chunks_exact(6).zip(u32::from(u16_at(data, 2)?)..) {
                    let col = col.min(u32::from(u16::MAX)) as u16;
                    self.number(row_of(data)?, col, u16_at(value, 0)?, rk(u32_at(value, 2)?))?;
                }
            }
            // LABEL, RSTRING
            0x0204 | 0x00D6 => {
                let text = self.globals.text(data, 6)?;
                self.text(row_of(data)?, u16_at(data, 2)?, &text)?;
            }
            // FORMULA and the STRING it may come to
            0x0006 => {
                let (row, col) = (row_of(data)?, u16_at(data, 2)?);
                self.waiting = None;
                match (u16_at(data, 12)?, data[6]) {
                    (0xFFFF, 0) => self.waiting = Some((row, col)),
                    (0xFFFF, sort @ (1 | 2)) => self.text(row, col, bool_or_error(data[8], sort == 2))?,
                    (0xFFFF, _) => {}
                    _ => self.number(row, col, u16_at(data, 4)?, f64_at(data, 6)?)?,
                }
            }
            // BOOLERR
            0x0205 => {
                let [value, is_error] = u16_at(data, 6)?.to_le_bytes();
                self.text(row_of(data)?, u16_at(data, 2)?, bool_or_error(value, is_error != 0))?;
            }
            0x0207 => {
                if let Some((row, col)) = self.waiting.take() {
                    let text = self.globals.text(data, 0)?;
                    self.text(row, col, &text)?;
                }
            }
            // ROW
            0x0208 if u16_at(data, 12)? & 0x20 != 0 => self.builder.hide_row(row_of(data)?),
            // COLINFO
            0x007D if u16_at(data, 8)? & 1 != 0 => {
                self.builder.hide_columns(u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
            }
            // MERGEDCELLS
            0x00E5 => {
                for range in data.get(2..).unwrap_or_default().chunks_exact(8).take(usize::from(u16_at(data, 0)?)) {
                    self.builder.merge(Merge {
                        first_row: u32::from(u16_at(range, 0)?),
                        last_row: u32::from(u16_at(range, 2)?),
                        first_col: u16_at(range, 4)?,
                        last_col: u16_at(range, 6)?,
                    })?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn number(&mut self, row: u32, col: u16, style: u16, value: f64) -> Result<()> {
        let format = self.globals.format(style);
        let (kind, note) = number::write(value, format, self.globals.is_1904, &mut self.scratch);
        self.budget.cell(self.scratch.len())?;
        self.builder.cell(row, RawCell { col, span: 1, kind, note, text: shared(&self.scratch) });
        Ok(())
    }

    fn text(&mut self, row: u32, col: u16, text: &str) -> Result<()> {
        let text = tidy_into(text, &mut self.scratch);
        self.budget.cell(text.len())?;
        self.builder.cell(row, text_cell(col, shared(text)));
        Ok(())
    }
}

fn row_of(data: &[u8]) -> Result<u32> {
    Ok(u32::from(u16_at(data, 0)?))
}
