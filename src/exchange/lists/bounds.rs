//! How much a file may cost. A list of a whole country has some 100 000 rows; nothing an officer imports comes near these
//! limits, and nothing built to hurt gets past them.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::document::Progress;
use crate::domain::problem::{Kind, Problem, Result};

/// Largest file read at all, in bytes.
pub(super) const FILE: u64 = 64 << 20;
/// Largest text file (csv), in bytes: it is decoded in one piece.
pub(super) const TEXT_FILE: u64 = 40 << 20;
/// Most bytes inflated from one file, over all its parts. 100 000 rows of 18 columns are about 90 MB of XML.
const INFLATED: u64 = 200 << 20;
/// A part may inflate this much whatever its ratio: small repetitive tables compress well.
const INFLATED_FREE: u64 = 8 << 20;
/// Beyond that, the most bytes from one compressed byte. Real lists reach 45; a bomb has 1000.
const RATIO: u64 = 100;
/// Longest piece of XML between two tags, and longest tag, in bytes.
const PIECE: usize = 4 << 20;
/// Bytes inflated at a time.
const BUFFER: usize = 64 << 10;
/// Most entries in a zip. Office files have some dozens.
pub(super) const ENTRIES: usize = 10_000;
/// Most cells with text, over all tables.
const CELLS: usize = 2_500_000;
/// Most bytes of text kept, over all cells.
const KEPT: usize = 96 << 20;
/// Most tables, over one document.
const TABLES: usize = 5_000;
/// Longest text of one cell in bytes. Excel's own limit is 32 767 characters.
pub(super) const CELL: usize = 128 << 10;
/// Rows between two looks at whether the person has cancelled.
const WATCH_EVERY: u32 = 256;

/// What reading one file has used so far, and the person who may stop it.
pub(super) struct Budget<'w> {
    watch: &'w mut dyn FnMut(Progress) -> ControlFlow<()>,
    cells: usize,
    strings: usize,
    tables: usize,
    kept: usize,
    inflated: u64,
    /// Bytes the file announces, for the progress bar.
    pub total: u64,
    rows: u32,
}

impl<'w> Budget<'w> {
    pub fn new(watch: &'w mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        Self { watch, cells: 0, strings: 0, tables: 0, kept: 0, inflated: 0, total: 0, rows: 0 }
    }

    /// Accounts for one cell kept, with text of `bytes` that was not kept before.
    #[inline]
    pub fn cell(&mut self, bytes: usize) -> Result<()> {
        self.cells += 1;
        self.text(bytes)?;
        if self.cells > CELLS { Err(too_many_cells()) } else { Ok(()) }
    }

    /// Accounts for one shared string: no list has more of them than cells.
    #[inline]
    pub fn string(&mut self, bytes: usize) -> Result<()> {
        self.strings += 1;
        if self.strings > CELLS { Err(too_many_cells()) } else { self.text(bytes) }
    }

    /// Accounts for one table or sheet.
    pub fn table(&mut self) -> Result<()> {
        self.tables += 1;
        if self.tables > TABLES {
            return Err(Problem::foreign(format!("这个文件里的表格超过 {TABLES} 个，不像一份名单。"))
                .next("请把要导入的名单另存为一个文件再导入。"));
        }
        Ok(())
    }

    /// Accounts for text kept apart from cells.
    #[inline]
    pub fn text(&mut self, bytes: usize) -> Result<()> {
        if bytes > CELL {
            return Err(long_cell());
        }
        self.kept += bytes;
        if self.kept > KEPT {
            return Err(Problem::foreign(format!("这个文件里的文字超过 {} MB，不像一份名单。", KEPT >> 20))
                .next("请删去无关的内容，另存后再导入。"));
        }
        Ok(())
    }

    /// One row done; now and then asks whether to go on.
    #[inline]
    pub fn row(&mut self, done_in_part: u64) -> Result<()> {
        self.rows = self.rows.wrapping_add(1);
        if self.rows.is_multiple_of(WATCH_EVERY) { self.ask(done_in_part) } else { Ok(()) }
    }

    /// Asks whether to go on.
    ///
    /// # Errors
    /// [`Kind::Cancelled`].
    pub fn ask(&mut self, done_in_part: u64) -> Result<()> {
        let done = self.inflated + done_in_part;
        match (self.watch)(Progress { done, total: self.total.max(done) }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Problem::new(Kind::Cancelled, "已停止读取，什么也没有导入。")),
        }
    }

    /// A reader for one compressed part that stops at the limits.
    pub fn bounded<R: Read>(&self, part: R, compressed: u64) -> Bounded<R> {
        let by_ratio = (compressed.saturating_mul(RATIO)).max(INFLATED_FREE);
        Bounded {
            part,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            at: 0,
            end: 0,
            left: by_ratio.min(INFLATED.saturating_sub(self.inflated)),
            read: 0,
            piece: 0,
            marked: true,
            tripped: None,
        }
    }

    /// Takes over what a part has used.
    pub fn spend(&mut self, inflated: u64) {
        self.inflated += inflated;
    }
}

/// Which limit a [`Bounded`] reader hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tripped {
    Inflated,
    Piece,
}

impl Tripped {
    pub fn problem(self) -> Problem {
        match self {
            Self::Inflated => Problem::foreign("这个文件解压后大得不正常，可能是恶意构造的，已停止读取。")
                .next("请向发来文件的单位核实，或用 WPS 打开后另存一份再导入。"),
            Self::Piece => long_cell(),
        }
    }
}

/// A buffered reader that counts what comes out of a compressed part and stops in time. It also stops at a single piece
/// (tag or text) that no office program writes, because the XML reader holds a piece in memory as a whole.
pub(super) struct Bounded<R> {
    part: R,
    buffer: Box<[u8]>,
    /// What of the buffer is still to be read.
    at: usize,
    end: usize,
    left: u64,
    read: u64,
    /// Bytes read since the buffer in which the current piece began.
    piece: usize,
    /// A piece began in the current buffer.
    marked: bool,
    pub tripped: Option<Tripped>,
}

impl<R: Read> Bounded<R> {
    /// Tells the reader that a new piece begins.
    #[inline]
    pub fn mark(&mut self) {
        self.marked = true;
    }

    /// Bytes inflated so far.
    pub fn inflated(&self) -> u64 {
        self.read
    }

    #[cold]
    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.end = 0;
        let n = loop {
            match self.part.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.read += n as u64;
        self.piece = if std::mem::take(&mut self.marked) { 0 } else { self.piece + n };
        if self.read > self.left {
            self.tripped = Some(Tripped::Inflated);
        } else if self.piece > PIECE {
            self.tripped = Some(Tripped::Piece);
        }
        if self.tripped.is_some() {
            return Err(io::Error::other("limit"));
        }
        self.end = n;
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(out.len());
        out[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.end {
            self.refill()?;
        }
        Ok(&self.buffer[self.at..self.end])
    }

    #[inline]
    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}

fn too_many_cells() -> Problem {
    Problem::foreign(format!("这个文件的单元格超过 {} 万个，不像一份名单。", CELLS / 10_000))
        .next("请删去无关的工作表和多余的行列，另存后再导入。")
}

/// One cell holds more text than any office program allows.
pub(super) fn long_cell() -> Problem {
    Problem::foreign("这个文件里有一格文字长得不正常，不像一份名单。")
        .next("请用 WPS 打开检查，删去那一格后另存再导入。")
}

/// The file is too large to be a list. `limit` in bytes.
pub(super) fn too_large(bytes: u64, limit: u64) -> Problem {
    Problem::foreign(format!("这个文件有 {} MB，超过了能读的 {} MB。", bytes.div_ceil(1 << 20), limit >> 20))
        .next("名单一般只有几 MB，请删去图片和无关的内容，另存后再导入。")
}
