//! The compound file around an old Office document (MS-CFB): which streams stand at its root, and the bytes of one.
//!
//! Read here and not with the cfb crate because that one believes how many allocation tables a file announces, and walks
//! from the first sector again for every 8 KB it reads. No chain here is longer than the file.

use super::xml::damaged;
use crate::domain::problem::{Problem, Result};

/// What begins every compound file.
pub(super) const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Ids from here on are no sectors.
const SPECIAL: u32 = 0xFFFF_FFFA;
/// Streams shorter than this stand in the mini stream, in pieces of [`MINI`] bytes.
const CUTOFF: u64 = 4096;
const MINI: usize = 64;
/// Bytes of a directory entry.
const ENTRY: usize = 128;

/// An open compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// For each sector the next one of its chain.
    table: Vec<u32>,
    /// The same for the pieces of the mini stream.
    mini_table: Vec<u32>,
    mini: Vec<u8>,
    /// The streams at the root.
    streams: Vec<Stream>,
}

struct Stream {
    name: String,
    start: u32,
    len: u64,
}

/// The file does not hang together.
fn broken() -> Problem {
    damaged("compound file")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn ids(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

impl<'a> Compound<'a> {
    /// Reads the tables and the directory.
    ///
    /// # Errors
    /// The file is cut off or does not hang together.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let sector = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(broken()),
        };
        let head = |at| u32_at(bytes, at).ok_or_else(broken);
        let mut file =
            Self { bytes, sector, table: Vec::new(), mini_table: Vec::new(), mini: Vec::new(), streams: Vec::new() };
        file.read_table(head(68)?)?;
        let directory = file.chain(head(48)?, u64::MAX)?;
        let root = directory.get(..ENTRY).ok_or_else(broken)?;
        if let Some((start, len)) = file.place(root) {
            file.mini = file.chain(start, len)?;
            file.mini_table = ids(&file.chain(head(60)?, u64::MAX)?).collect();
        }
        file.streams = file.streams_at_root(&directory);
        Ok(file)
    }

    /// How many sectors the file has room for, the last one perhaps cut short.
    fn sectors(&self) -> usize {
        (self.bytes.len() / self.sector).saturating_sub(1) + 1
    }

    fn sector_at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = self.bytes.len().min(start.checked_add(self.sector)?);
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The allocation table: its sectors are listed in the header and in a chain of sectors of their own.
    fn read_table(&mut self, first_list: u32) -> Result<()> {
        let per_sector = self.sector / 4;
        let most = self.sectors() / per_sector + 1;
        let mut lists: Vec<u32> = ids(self.bytes.get(76..512).ok_or_else(broken)?).collect();
        let mut next = first_list;
        while next < SPECIAL {
            if lists.len() > most + 109 + per_sector {
                return Err(broken());
            }
            let list = self.sector_at(next).filter(|list| list.len() == self.sector).ok_or_else(broken)?;
            lists.extend(ids(&list[..self.sector - 4]));
            next = u32_at(list, self.sector - 4).ok_or_else(broken)?;
        }
        for id in lists.into_iter().filter(|id| *id < SPECIAL).take(most) {
            self.table.extend(ids(self.sector_at(id).ok_or_else(broken)?));
        }
        Ok(())
    }

    /// Up to `len` bytes of a chain of sectors.
    fn chain(&self, start: u32, len: u64) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut next = start;
        let mut left = self.sectors();
        while next < SPECIAL && (out.len() as u64) < len {
            left = left.checked_sub(1).ok_or_else(broken)?;
            out.extend_from_slice(self.sector_at(next).ok_or_else(broken)?);
            next = *self.table.get(next as usize).ok_or_else(broken)?;
        }
        out.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        Ok(out)
    }

    /// Up to `len` bytes of a chain of pieces in the mini stream.
    fn mini_chain(&self, start: u32, len: u64) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut next = start;
        let mut left = self.mini.len() / MINI + 1;
        while next < SPECIAL && (out.len() as u64) < len {
            left = left.checked_sub(1).ok_or_else(broken)?;
            let at = (next as usize).checked_mul(MINI).filter(|at| *at < self.mini.len()).ok_or_else(broken)?;
            out.extend_from_slice(&self.mini[at..self.mini.len().min(at + MINI)]);
            next = *self.mini_table.get(next as usize).ok_or_else(broken)?;
        }
        out.truncate(len as usize);
        Ok(out)
    }

    /// First sector and length of a directory entry's stream.
    fn place(&self, entry: &[u8]) -> Option<(u32, u64)> {
        let low = u64::from(u32_at(entry, 120)?);
        // Files with small sectors leave rubbish in the upper half.
        let high = if self.sector == 512 { 0 } else { u64::from(u32_at(entry, 124)?) };
        Some((u32_at(entry, 116)?, high << 32 | low))
    }

    /// Walks the tree of entries below the root; what stands in storages (documents inside the document) is left out.
    fn streams_at_root(&self, directory: &[u8]) -> Vec<Stream> {
        const STREAM: u8 = 2;
        let entry = |id: u32| {
            let at = (id as usize).checked_mul(ENTRY)?;
            directory.get(at..at + ENTRY)
        };
        let mut streams = Vec::new();
        let mut waiting: Vec<u32> = entry(0).and_then(|root| u32_at(root, 76)).into_iter().collect();
        let mut left = directory.len() / ENTRY;
        while let Some(id) = waiting.pop() {
            let Some(found) = entry(id) else { continue };
            if left == 0 {
                break;
            }
            left -= 1;
            waiting.extend([68, 72].into_iter().filter_map(|at| u32_at(found, at)));
            if found[66] == STREAM
                && let Some((start, len)) = self.place(found)
            {
                let units =
                    found[..64].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).take_while(|u| *u != 0);
                let name = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                streams.push(Stream { name, start, len });
            }
        }
        streams
    }

    fn find(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.name.eq_ignore_ascii_case(name))
    }

    /// Whether a stream of this name stands at the root.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The bytes of a stream at the root; `None` if there is none of this name.
    ///
    /// # Errors
    /// It is cut off or does not hang together.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(stream) = self.find(name) else { return Ok(None) };
        let is_mini = stream.len < CUTOFF;
        let bytes =
            if is_mini { self.mini_chain(stream.start, stream.len) } else { self.chain(stream.start, stream.len) }?;
        if (bytes.len() as u64) < stream.len { Err(broken()) } else { Ok(Some(bytes)) }
    }
}
