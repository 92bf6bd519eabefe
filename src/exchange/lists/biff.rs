//! The records of which workbooks of Excel 97–2003 are made (MS-XLS 2.1.4): cut out, continued, decoded. No length is
//! believed before the bytes are there.

use super::xml;
use crate::domain::problem::{Problem, Result};

/// Begins the workbook, a sheet, or a chart on a sheet.
pub(super) const BOF: u16 = 0x0809;
pub(super) const EOF: u16 = 0x000A;
/// Goes on with the record before.
pub(super) const CONTINUE: u16 = 0x003C;
/// The rest is encrypted.
pub(super) const FILEPASS: u16 = 0x002F;

/// One record.
pub(super) struct Record<'s> {
    pub kind: u16,
    pub data: &'s [u8],
    /// Where the next record begins.
    pub next: usize,
}

/// The record at `at`; `None` at the end of the stream.
pub(super) fn record(stream: &[u8], at: usize) -> Result<Option<Record<'_>>> {
    let Some(head) = stream.get(at..at + 4) else { return Ok(None) };
    let len = usize::from(u16_at(head, 2)?);
    let data = stream.get(at + 4..at + 4 + len).ok_or_else(|| xml::damaged("record breaks off"))?;
    Ok(Some(Record { kind: u16_at(head, 0)?, data, next: at + 4 + len }))
}

/// A record or string ends before what it announces.
pub(super) fn short() -> Problem {
    xml::damaged("record too short")
}

/// Two bytes of a record, the lower first.
pub(super) fn u16_at(data: &[u8], at: usize) -> Result<u16> {
    let bytes = data.get(at..at + 2).ok_or_else(short)?;
    Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
}

/// Four bytes of a record.
pub(super) fn u32_at(data: &[u8], at: usize) -> Result<u32> {
    Ok(u32::from(u16_at(data, at)?) | u32::from(u16_at(data, at + 2)?) << 16)
}

/// Eight bytes of a record, a floating point number.
pub(super) fn f64_at(data: &[u8], at: usize) -> Result<f64> {
    Ok(f64::from_bits(u64::from(u32_at(data, at)?) | u64::from(u32_at(data, at + 4)?) << 32))
}

/// Appends characters of two bytes each.
pub(super) fn push_utf16(bytes: &[u8], out: &mut String) {
    let units = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// The data of one record and the records that continue it.
pub(super) struct Pieces<'s> {
    pieces: Vec<&'s [u8]>,
    piece: usize,
    at: usize,
}

impl<'s> Pieces<'s> {
    /// Begins at byte `at` of the first piece.
    pub fn new(pieces: Vec<&'s [u8]>, at: usize) -> Self {
        Self { pieces, piece: 0, at }
    }

    /// What is left of the current piece, moving on from one that is used up.
    fn rest(&mut self) -> &'s [u8] {
        while let Some(piece) = self.pieces.get(self.piece) {
            if self.at < piece.len() {
                return &piece[self.at..];
            }
            self.piece += 1;
            self.at = 0;
        }
        &[]
    }

    pub fn is_at_end(&mut self) -> bool {
        self.rest().is_empty()
    }

    pub fn u8(&mut self) -> Result<u8> {
        let byte = *self.rest().first().ok_or_else(short)?;
        self.at += 1;
        Ok(byte)
    }

    pub fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub fn u32(&mut self) -> Result<u32> {
        Ok(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub fn skip(&mut self, mut len: usize) -> Result<()> {
        while len > 0 {
            let step = self.rest().len().min(len);
            if step == 0 {
                return Err(short());
            }
            self.at += step;
            len -= step;
        }
        Ok(())
    }

    /// Appends `len` characters, `wide` ones having two bytes.
    pub fn characters(&mut self, mut len: usize, mut wide: bool, out: &mut String) -> Result<()> {
        while len > 0 {
            let before = self.piece;
            let mut rest = self.rest();
            if self.piece != before {
                // A new record: its first byte says how wide the rest of this string is.
                wide = self.u8()? & 1 != 0;
                rest = self.rest();
            }
            let width = if wide { 2 } else { 1 };
            let here = (rest.len() / width).min(len);
            if here == 0 {
                return Err(short());
            }
            if wide {
                push_utf16(&rest[..here * 2], out);
            } else {
                out.extend(rest[..here].iter().map(|b| char::from(*b)));
            }
            self.at += here * width;
            len -= here;
        }
        Ok(())
    }
}

/// What stands in a cell that is true, false or an error (MS-XLS 2.5.10).
pub(super) fn bool_or_error(value: u8, is_error: bool) -> &'static str {
    match (is_error, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0F) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1D) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, _) => "#N/A",
    }
}

/// A number packed into 30 bits (MS-XLS 2.5.217).
pub(super) fn rk(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from((packed as i32) >> 2)
    } else {
        f64::from_bits(u64::from(packed & 0xFFFF_FFFC) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}
