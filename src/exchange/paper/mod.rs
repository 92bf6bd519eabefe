//! A page to be printed: what stands on it, and the two formats printers of offices are reached by. Word files for Windows,
//! where Word or WPS prints them; PDF with its own fonts for Linux, where the print spooler takes nothing else as surely.
//! What is printed is said by whoever asks; how it looks is said here, once for both formats. No windows, no printers.

mod docx;
mod face;
mod lines;
mod pdf;

use std::path::Path;

use super::table::save;
use crate::domain::{Problem, Result};

/// What is printed: A4, one part below the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// The long side below: for tables of many columns.
    pub across: bool,
    pub parts: Vec<Part>,
}

/// One part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(Style, String),
    Table(Table),
}

/// A table with heads that stand on every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Column>,
    /// As many cells as columns each; what is missing is blank.
    pub rows: Vec<Vec<String>>,
}

/// A column of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub head: String,
    /// Its share of the room, beside the others'.
    pub width: u16,
    /// Numbers stand at the right.
    pub number: bool,
}

impl Column {
    /// A column of words.
    pub fn new(head: impl Into<String>, width: u16) -> Self {
        Self { head: head.into(), width: width.max(1), number: false }
    }
}

/// What a text is on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Over an official document: 二号小标宋.
    Title,
    /// Whom it is to: 三号仿宋.
    To,
    /// 三号仿宋, first line indented.
    Body,
    /// Office and day at its end.
    Signed,
    /// Over a page of our own: 小二黑体.
    Head,
    /// What must be read letter by letter: a key.
    Large,
    Strong,
    Plain,
    Small,
}

/// Where a text stands between the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Center,
    Right,
}

/// How a style is set, in points.
struct Shape {
    /// The font a word processor is asked for; the PDF has one font only.
    font: &'static str,
    size: f32,
    leading: f32,
    align: Align,
    indent: bool,
    bold: bool,
}

impl Style {
    /// Of official documents after GB/T 9704: 二号小标宋 over 三号仿宋, 28 points from line to line.
    fn shape(self) -> Shape {
        let body = Shape { font: "仿宋", size: 16.0, leading: 28.0, align: Align::Left, indent: false, bold: false };
        let plain = Shape { font: "宋体", size: 11.0, leading: 18.0, align: Align::Left, indent: false, bold: false };
        match self {
            Self::Title => {
                Shape { font: "方正小标宋简体", size: 22.0, align: Align::Center, bold: true, ..body }
            }
            Self::To => body,
            Self::Body => Shape { indent: true, ..body },
            Self::Signed => Shape { align: Align::Right, ..body },
            Self::Head => {
                Shape { font: "黑体", size: 18.0, leading: 30.0, align: Align::Center, bold: true, ..plain }
            }
            Self::Large => {
                Shape { font: "黑体", size: 20.0, leading: 34.0, align: Align::Center, bold: true, ..plain }
            }
            Self::Strong => Shape { font: "黑体", bold: true, ..plain },
            Self::Plain => plain,
            Self::Small => Shape { size: 9.0, leading: 14.0, ..plain },
        }
    }
}

/// How the cells of a table of so many columns are set: beyond ten smaller, or codes and phones would be broken.
fn cell(columns: usize) -> Shape {
    match columns {
        0..=10 => Style::Small.shape(),
        _ => Shape { size: 7.5, leading: 12.0, ..Style::Small.shape() },
    }
}

/// Points to a millimetre.
const MM: f32 = 72.0 / 25.4;

/// The paper and its margins, in points.
struct Sheet {
    width: f32,
    height: f32,
    top: f32,
    bottom: f32,
    left: f32,
    right: f32,
}

impl Paper {
    /// An upright page with nothing on it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a text below the others.
    pub fn text(&mut self, style: Style, words: impl Into<String>) {
        self.parts.push(Part::Text(style, words.into()));
    }

    /// Puts a table below the others.
    pub fn table(&mut self, table: Table) {
        self.parts.push(Part::Table(table));
    }

    /// Margins: those of official documents, where it is one, else 20 millimetres.
    fn sheet(&self) -> Sheet {
        let official = matches!(self.parts.first(), Some(Part::Text(Style::Title, _))) && !self.across;
        let [top, bottom, left, right] = if official { [37.0, 35.0, 28.0, 26.0] } else { [20.0; 4] };
        let (width, height) = if self.across { (297.0, 210.0) } else { (210.0, 297.0) };
        Sheet {
            width: width * MM,
            height: height * MM,
            top: top * MM,
            bottom: bottom * MM,
            left: left * MM,
            right: right * MM,
        }
    }

    /// Writes it as a Word file.
    ///
    /// # Errors
    /// Io where the file cannot be written.
    pub fn write_docx(&self, path: &Path) -> Result<()> {
        save(path, &docx::bytes(self)?)
    }

    /// Writes it as a PDF that needs no font of the machine it is printed on.
    ///
    /// # Errors
    /// Io where the file cannot be written.
    pub fn write_pdf(&self, path: &Path, fonts: Fonts<'_>) -> Result<()> {
        let bytes = pdf::bytes(self, fonts).ok_or_else(|| Problem::bug("a font of the program is not one"))?;
        save(path, &bytes)
    }
}

/// The TrueType fonts a PDF is set in; of each it holds the glyphs it needs.
#[derive(Debug, Clone, Copy)]
pub struct Fonts<'a> {
    pub regular: &'a [u8],
    pub bold: &'a [u8],
}

#[cfg(test)]
mod tests;
