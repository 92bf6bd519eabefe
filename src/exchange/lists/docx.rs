//! A Word document as paragraphs and tables, in one pass over its XML; nothing but the tables' texts is kept.

use std::io::Read;
use std::sync::Arc;
use std::thread;

use quick_xml::events::{BytesStart, Event};

use super::bounds::{Budget, CELL, long_cell};
use super::document::{Block, CellNote, Paragraph, RawCell, RawRow, RawTable, Text};
use super::package::Package;
use super::sheet::{empty, text_cell, tidy_into};
use super::xml::{Xml, attribute, local, number_attribute, on, push_reference};
use crate::domain::problem::{Problem, Result};

/// Bytes kept of a paragraph.
const PARAGRAPH: usize = 4 << 10;
/// Tables inside tables inside tables.
const NESTED: usize = 16;
/// Most grid columns a table may have; Word itself allows 63.
const GRID: u16 = 1024;

/// Reads the main part of a Word document.
///
/// # Errors
/// The part is missing, broken or too large, or the person stopped it.
pub(super) fn read(package: &mut Package<'_>, main: &str, budget: &mut Budget<'_>) -> Result<Vec<Block>> {
    budget.total += package.announced(main);
    thread::scope(|scope| match package.part_ahead(scope, main, budget)? {
        Some(xml) => read_body(xml, budget),
        None => Err(Problem::damaged("这个 Word 文档缺少正文，已损坏或不完整。")
            .next("请重新下载或复制一次；如果 WPS 能打开它，请另存一份再导入。")),
    })
}

fn read_body<R: Read>(mut xml: Xml<R>, budget: &mut Budget<'_>) -> Result<Vec<Block>> {
    let mut body = Body::default();
    let mut name: Vec<u8> = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(e) if is_left_out(&e) => {
                body.leave_out(&e);
                name.clear();
                name.extend_from_slice(e.name().into_inner().as_bytes());
                xml.leave_out(&name)?;
            }
            Event::Start(e) => body.start(&e)?,
            Event::Empty(e) => body.empty(&e),
            Event::End(e) => {
                let row_done = body.end(local(e.name()), budget)?;
                if row_done {
                    budget.row(xml.inflated())?;
                }
            }
            Event::Text(text) if body.in_text => body.push(&text)?,
            Event::CData(text) if body.in_text => body.push(&text)?,
            Event::GeneralRef(reference) if body.in_text => push_reference(body.text(), &reference),
            Event::Eof => break,
            _ => {}
        }
    }
    budget.spend(xml.inflated());
    Ok(body.blocks)
}

/// What a reader of the page does not see, or would see twice.
fn is_left_out(e: &BytesStart<'_>) -> bool {
    matches!(
        local(e.name()),
        b"del"
            | b"moveFrom"
            | b"drawing"
            | b"pict"
            | b"object"
            | b"Fallback"
            | b"rt"
            | b"rPr"
            | b"sectPr"
            | b"tblPr"
            | b"sdtPr"
    )
}

/// A table being read.
#[derive(Default)]
struct Open {
    rows: Vec<RawRow>,
    /// Cells of the row being read.
    cells: Vec<RawCell>,
    row: Row,
    cell: Cell,
    text: String,
    /// Text of the cell that a vertical merge repeats, by grid column.
    above: Vec<Option<Text>>,
}

#[derive(Default)]
struct Row {
    at: u32,
    col: u16,
    hidden: bool,
    deleted: bool,
}

#[derive(Default)]
struct Cell {
    span: u16,
    merge: Merge,
}

/// What a cell's `w:vMerge` says.
#[derive(Default, Clone, Copy, PartialEq)]
enum Merge {
    #[default]
    None,
    Restart,
    Continue,
}

#[derive(Default)]
struct Body {
    blocks: Vec<Block>,
    /// Tables being read, the innermost last.
    open: Vec<Open>,
    /// Tables that ended inside another one; they follow it.
    nested: Vec<RawTable>,
    /// Text of the paragraph being read outside of tables.
    paragraph: String,
    numbered: bool,
    in_text: bool,
    in_row_properties: bool,
    paragraphs: u32,
    rows: u32,
    /// Reused for folding the blanks of one text.
    folded: String,
}

impl Body {
    /// Where text goes now.
    fn text(&mut self) -> &mut String {
        match self.open.last_mut() {
            Some(table) => &mut table.text,
            None => &mut self.paragraph,
        }
    }

    #[inline]
    fn push(&mut self, text: &str) -> Result<()> {
        if self.open.is_empty() {
            // Of a long paragraph only the beginning is read for dates and headings.
            let room = PARAGRAPH.saturating_sub(self.paragraph.len());
            self.paragraph.push_str(&text[..text.floor_char_boundary(room)]);
            return Ok(());
        }
        let to = self.text();
        if to.len() + text.len() > CELL {
            return Err(long_cell());
        }
        to.push_str(text);
        Ok(())
    }

    fn start(&mut self, e: &BytesStart<'_>) -> Result<()> {
        match local(e.name()) {
            b"t" => self.in_text = true,
            b"tc" => {
                if let Some(table) = self.open.last_mut() {
                    table.text.clear();
                    table.cell = Cell { span: 1, merge: Merge::None };
                }
            }
            b"tr" => {
                self.rows += 1;
                let at = self.rows;
                if let Some(table) = self.open.last_mut() {
                    table.cells.clear();
                    table.row = Row { at, ..Row::default() };
                }
            }
            b"tbl" => {
                if self.open.len() >= NESTED {
                    return Err(super::xml::damaged("tables nested too deep"));
                }
                self.open.push(Open::default());
            }
            b"trPr" => self.in_row_properties = true,
            _ => self.empty(e),
        }
        Ok(())
    }

    /// Elements that matter by being there; they may also be written with a start and an end.
    fn empty(&mut self, e: &BytesStart<'_>) {
        match local(e.name()) {
            b"tab" | b"ptab" => self.text().push('\t'),
            b"br" | b"cr" => self.text().push('\n'),
            b"noBreakHyphen" => self.text().push('-'),
            b"numPr" if self.open.is_empty() => self.numbered = true,
            // An empty cell or row may be one tag.
            b"tc" => {
                if let Some(table) = self.open.last_mut() {
                    table.text.clear();
                    table.cell = Cell { span: 1, merge: Merge::None };
                    table.close_cell(&mut self.folded);
                }
            }
            b"gridSpan" => {
                if let (Some(table), Some(span)) = (self.open.last_mut(), number_attribute(e, "val")) {
                    table.cell.span = span.clamp(1, u32::from(GRID)) as u16;
                }
            }
            b"vMerge" => {
                if let Some(table) = self.open.last_mut() {
                    let restart = attribute(e, "val").as_deref() == Some("restart");
                    table.cell.merge = if restart { Merge::Restart } else { Merge::Continue };
                }
            }
            b"gridBefore" => {
                if let (Some(table), Some(before)) = (self.open.last_mut(), number_attribute(e, "val")) {
                    table.row.col = before.min(u32::from(GRID)) as u16;
                }
            }
            b"hidden" if self.in_row_properties => {
                if let Some(table) = self.open.last_mut() {
                    table.row.hidden = on(attribute(e, "val").as_deref());
                }
            }
            b"del" => self.leave_out(e),
            _ => {}
        }
    }

    /// Something is left out; in the properties of a row, `w:del` says that the whole row is.
    fn leave_out(&mut self, e: &BytesStart<'_>) {
        if self.in_row_properties
            && local(e.name()) == b"del"
            && let Some(table) = self.open.last_mut()
        {
            table.row.deleted = true;
        }
    }

    /// Closes an element; says whether that ended a row.
    fn end(&mut self, name: &[u8], budget: &mut Budget<'_>) -> Result<bool> {
        match name {
            b"t" => self.in_text = false,
            b"p" => match self.open.last_mut() {
                Some(table) => table.text.push('\n'),
                None => self.close_paragraph(budget)?,
            },
            b"tc" => {
                if let Some(table) = self.open.last_mut() {
                    budget.cell(table.close_cell(&mut self.folded))?;
                }
            }
            b"trPr" => self.in_row_properties = false,
            b"tr" => {
                if let Some(table) = self.open.last_mut() {
                    table.close_row();
                }
                return Ok(true);
            }
            b"tbl" => {
                if let Some(table) = self.open.pop() {
                    budget.table()?;
                    let table = RawTable { rows: table.rows, ..RawTable::default() };
                    if self.open.is_empty() {
                        self.blocks.push(Block::Table(table));
                        self.blocks.extend(self.nested.drain(..).map(Block::Table));
                    } else {
                        self.nested.push(table);
                    }
                }
            }
            _ => {}
        }
        Ok(false)
    }

    fn close_paragraph(&mut self, budget: &mut Budget<'_>) -> Result<()> {
        let numbered = std::mem::take(&mut self.numbered);
        let text = tidy_into(&self.paragraph, &mut self.folded);
        if !text.is_empty() {
            budget.cell(text.len())?;
            self.paragraphs += 1;
            let paragraph = Paragraph { text: Arc::from(text), at: self.paragraphs, numbered };
            self.blocks.push(Block::Paragraph(paragraph));
        }
        self.paragraph.clear();
        Ok(())
    }
}

impl Open {
    /// Ends the cell being read; returns the bytes of text kept for it.
    fn close_cell(&mut self, folded: &mut String) -> usize {
        let col = self.row.col;
        let at = usize::from(col);
        let mut note = None;
        let mut kept = 0;
        let text = match self.cell.merge {
            Merge::Continue => match self.above.get(at) {
                Some(Some(above)) => {
                    note = Some(CellNote::MergedDown);
                    Arc::clone(above)
                }
                _ => empty(),
            },
            merge => {
                let text = tidy_into(&self.text, folded);
                kept = text.len();
                let text: Text = if text.is_empty() { empty() } else { Arc::from(text) };
                if merge == Merge::Restart {
                    if self.above.len() <= at {
                        self.above.resize(at + 1, None);
                    }
                    self.above[at] = Some(Arc::clone(&text));
                } else if let Some(above) = self.above.get_mut(at) {
                    *above = None;
                }
                text
            }
        };
        let cell = text_cell(col, text);
        self.cells.push(RawCell { span: self.cell.span, note: note.or(cell.note), ..cell });
        self.row.col = col.saturating_add(self.cell.span).min(GRID * 2);
        self.text.clear();
        kept
    }

    fn close_row(&mut self) {
        let cells = self.cells.drain(..).collect();
        if !self.row.deleted {
            self.rows.push(RawRow { at: self.row.at, hidden: self.row.hidden, cells });
        }
    }
}
