//! A file as it was read: paragraphs and raw tables in their order, nothing interpreted yet.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text that many cells may share without copying it: a shared string of a workbook, an area filled down a column.
pub type Text = Arc<str>;

/// What sort of file was read. Decided by its content; the name's ending is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Word or WPS 文字, `.docx`.
    Docx,
    /// Excel or WPS 表格, `.xlsx` (also `.xlsm`).
    Xlsx,
    /// Excel 97–2003 and the older WPS `.et`.
    Xls,
    /// Text with commas, tabs or semicolons.
    Delimited,
    /// Cells pasted from WPS or Excel.
    Pasted,
}

impl FileKind {
    /// What an officer calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Docx => "Word 文档",
            Self::Xlsx => "Excel 工作簿",
            Self::Xls => "Excel 97-2003 工作簿",
            Self::Delimited => "文本表格",
            Self::Pasted => "粘贴的表格",
        }
    }
}

/// How far reading has come, in bytes of content. `total` is what the file announces and may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// A file that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file's name without its folder; 剪贴板 for pasted cells.
    pub file: String,
    pub kind: FileKind,
    /// The file's size in bytes.
    pub bytes: u64,
    /// Paragraphs and tables in their order. Each sheet of a workbook is one table.
    pub blocks: Vec<Block>,
}

impl Document {
    /// The tables, in their order.
    pub fn tables(&self) -> impl Iterator<Item = &RawTable> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(RawTable),
}

/// A paragraph outside of tables that has any text. Very long ones are cut: they are read for dates and headings only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub text: Text,
    /// 1-based, counted over the paragraphs of the document that have text.
    pub at: u32,
    /// Word numbers it by itself ("一、" is on screen but not in the text).
    pub numbered: bool,
}

/// A table of a Word document, a sheet, or a text file. Rows and cells without text are left out of sheets; a table of a
/// Word document has all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawTable {
    /// The sheet's name, in a workbook.
    pub sheet: Option<String>,
    /// The sheet is hidden.
    pub hidden: bool,
    pub rows: Vec<RawRow>,
    /// Hidden columns of a sheet: first and last, 0-based, both included.
    pub hidden_columns: Vec<(u16, u16)>,
}

/// One row of a raw table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawRow {
    /// 1-based row in the sheet or text file; in a Word document the running number over the rows of all its tables.
    pub at: u32,
    /// Hidden by hand or by a filter left on.
    pub hidden: bool,
    /// In order of `col`.
    pub cells: Vec<RawCell>,
}

/// One cell. The text is what a person sees: blanks folded to one, ends trimmed, zero-width characters and the leading
/// apostrophe of a number kept as text dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCell {
    /// 0-based column of the sheet; in a Word document the column of the table's grid.
    pub col: u16,
    /// How many columns it spans, at least 1.
    pub span: u16,
    pub kind: CellKind,
    pub note: Option<CellNote>,
    pub text: Text,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellKind {
    Text,
    /// Written out in full, never as 9.137E+17.
    Number,
    /// Written as 2020-12-08, with a time only if it has one.
    Date,
    Empty,
}

/// What an officer should know about a cell's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellNote {
    /// A long code was kept as a number: Excel keeps 15 digits, the rest is zeros and cannot be recovered.
    LostDigits,
    /// Repeated from the cell above it, with which it is merged.
    MergedDown,
    /// The cell is empty; the text stands above, in the first row of its group.
    FilledDown,
}

impl CellNote {
    /// What the screen says about it.
    pub fn label(self) -> &'static str {
        match self {
            Self::LostDigits => "按数值保存，末几位数字已丢失",
            Self::MergedDown => "取自合并单元格",
            Self::FilledDown => "取自本组第一行",
        }
    }
}
