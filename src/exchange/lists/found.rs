//! The tables found in a document, ready to be shown, corrected by an officer and matched to firms.

use super::document::{CellNote, Text};
use super::meaning::Meaning;

/// A list: its columns, its rows, and what was left out and why.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundTable {
    /// 山东省2020年第一批高新技术企业备案名单, without 附件1.
    pub title: String,
    /// The sheet it stands on, in a workbook.
    pub sheet: Option<String>,
    /// That sheet is hidden.
    pub hidden: bool,
    pub columns: Vec<FoundColumn>,
    pub rows: Vec<ListRow>,
    /// In source order; [`ListRow::groups`] points into it.
    pub groups: Vec<Group>,
    /// In source order.
    pub passed_over: Vec<PassedOver>,
    /// Source rows of the first and last row of the table, titles and notes included.
    pub first_row: u32,
    pub last_row: u32,
    /// Source rows of the table. Each is either in [`Self::rows`] or in [`Self::passed_over`]; in a table of several
    /// blocks side by side one source row can be several rows of the list.
    pub source_rows: u32,
    /// Blocks side by side; 1 for an ordinary table.
    pub blocks: u8,
    /// Columns of the file that were left out because a list has no room for so many.
    pub columns_left_out: u32,
    pub hints: Hints,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundColumn {
    /// As written, the levels of a merged header joined: 销售收入/2023. Empty if there is none.
    pub header: String,
    pub meaning: Option<Meaning>,
    /// The meaning was guessed from a vague header or from the values, and deserves a look.
    pub guessed: bool,
    /// Rows with a text in it.
    pub filled: u32,
    /// Hidden in the sheet.
    pub hidden: bool,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// Its row in the source, see [`super::RawRow::at`].
    pub at: u32,
    /// Hidden in the source, by hand or by a filter left on.
    pub hidden: bool,
    /// One for each column.
    pub cells: Box<[Cell]>,
    /// The groups it stands in, outermost first: indices into [`FoundTable::groups`].
    pub groups: std::sync::Arc<[u32]>,
    /// Its 序号, if it has one.
    pub serial: Option<u32>,
}

/// One cell of a list row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Empty if the cell is.
    pub text: Text,
    pub note: Option<CellNote>,
}

/// A part of a list under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// 济南市, without numbering and count.
    pub label: String,
    /// 一、济南市（580家）
    pub raw: String,
    /// 1 for the outermost.
    pub level: u8,
    /// How many rows the heading says it has.
    pub declared: Option<u32>,
    /// How many rows it has.
    pub counted: u32,
    /// The source row it begins at.
    pub at: u32,
    pub kind: GroupKind,
}

/// Where the heading of a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// A row of its own.
    Row,
    /// A cell of the group's first row, the cells below it being empty.
    Column,
    /// A paragraph before a table.
    Heading,
}

/// A source row (or several empty ones in a row) that is no row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The first such row.
    pub at: u32,
    /// How many rows; more than 1 for empty rows only.
    pub rows: u32,
    pub why: Passed,
    pub text: Text,
}

/// Why a source row is no row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Passed {
    Title,
    Header,
    RepeatedHeader,
    Group,
    Total,
    Note,
    Blank,
}

impl Passed {
    /// What the screen calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Title => "标题",
            Self::Header => "表头",
            Self::RepeatedHeader => "重复的表头",
            Self::Group => "分组行",
            Self::Total => "合计行",
            Self::Note => "注释",
            Self::Blank => "空行",
        }
    }
}

/// A calendar day: year, month, day.
pub type Day = (i32, u32, u32);

/// What title, covering letter and file name say about a list. Guesses to fill a form with, not facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// The day the document was issued.
    pub date: Option<Day>,
    /// 国科火字〔2019〕87号
    pub document_number: Option<String>,
    /// The year the list is about.
    pub year: Option<i32>,
    /// 第一批 is 1.
    pub batch: Option<u32>,
    /// First and last day of 公示.
    pub publicity: Option<(Day, Day)>,
    /// How many rows the title announces: 等715家企业.
    pub declared_total: Option<u32>,
}

impl FoundTable {
    /// The first column with this meaning.
    pub fn column(&self, meaning: Meaning) -> Option<usize> {
        self.columns.iter().position(|column| column.meaning == Some(meaning))
    }

    /// The column that names the firm: the firm itself, else the unit behind a platform or project, else what there is.
    pub fn firm_column(&self) -> Option<usize> {
        [Meaning::Name, Meaning::Operator, Meaning::ItemName].into_iter().find_map(|meaning| self.column(meaning))
    }

    /// The officer says what a column means. A meaning that only one column can have leaves the column it was on.
    /// Does nothing for a column that does not exist.
    pub fn set_meaning(&mut self, column: usize, meaning: Option<Meaning>) {
        if column >= self.columns.len() {
            return;
        }
        let serial_before = self.column(Meaning::Serial);
        if let Some(meaning) = meaning.filter(|m| !m.may_repeat()) {
            for other in self.columns.iter_mut().filter(|other| other.meaning == Some(meaning)) {
                other.meaning = None;
            }
        }
        self.columns[column].meaning = meaning;
        self.columns[column].guessed = false;
        let serial = self.column(Meaning::Serial);
        if serial != serial_before {
            for row in &mut self.rows {
                row.serial = serial.and_then(|i| super::values::serial(&row.cells[i].text));
            }
        }
    }
}
