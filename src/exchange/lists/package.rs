//! The zip around a `.docx` or `.xlsx`: opened with care, its parts read one at a time.

use std::io::Cursor;
use std::thread::Scope;

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::ahead::Ahead;
use super::bounds::{Budget, ENTRIES};
use super::sniff;
use super::xml::{Xml, attribute};
use crate::domain::problem::{Problem, Result};

/// One part of a package, being inflated.
pub(super) type Part<'p, 'a> = Xml<ZipFile<'p, Cursor<&'a [u8]>>>;

/// An open package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Normalised name of each entry, by its index.
    names: Vec<String>,
    bytes: &'a [u8],
}

/// A link from one part to another.
pub(super) struct Relation {
    pub id: String,
    /// The last word of the relationship's type, such as `worksheet`.
    pub kind: String,
    /// Normalised name of the part it leads to.
    pub target: String,
}

impl<'a> Package<'a> {
    /// Opens a zip.
    ///
    /// # Errors
    /// It is broken, has a password, or has more entries than any office file.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        if announces_too_many(bytes) {
            return Err(too_many());
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if archive.len() > ENTRIES {
            return Err(too_many());
        }
        let names = archive.file_names_raw().map(|raw| normal(&String::from_utf8_lossy(raw))).collect();
        Ok(Self { archive, names, bytes })
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// Whether there is a part of this (normalised) name.
    pub fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// Whether any part lies below this folder.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.names.iter().any(|n| n.starts_with(folder))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Bytes a part says it has when inflated; 0 if there is none.
    pub fn announced(&mut self, name: &str) -> u64 {
        let Some(index) = self.index(name) else { return 0 };
        self.archive.by_index_data(index).map_or(0, |entry| entry.size())
    }

    /// Opens a part for reading; `None` if there is none of this name.
    ///
    /// # Errors
    /// It has a password or is compressed in a way no office program uses.
    pub fn part<'p>(&'p mut self, name: &str, budget: &Budget<'_>) -> Result<Option<Part<'p, 'a>>> {
        let Some(index) = self.index(name) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(broken)?;
        let compressed = file.compressed_size().min(self.bytes.len() as u64);
        Ok(Some(Xml::new(budget.bounded(file, compressed))))
    }

    /// As [`Package::part`], inflated on a thread of its own: for the one large part of a document.
    ///
    /// # Errors
    /// As [`Package::part`].
    pub fn part_ahead<'scope>(
        &mut self,
        scope: &'scope Scope<'scope, '_>,
        name: &str,
        budget: &Budget<'_>,
    ) -> Result<Option<Xml<Ahead>>>
    where
        'a: 'scope,
    {
        let Some(index) = self.index(name) else { return Ok(None) };
        // No part can really have more compressed bytes than the file, whatever it says.
        let compressed = self.archive.by_index(index).map_err(broken)?.compressed_size().min(self.bytes.len() as u64);
        Ok(Some(Xml::new(budget.bounded(Ahead::begin(scope, self.bytes, index), compressed))))
    }

    /// The links of a part (`""` for the package itself), empty if it has none.
    ///
    /// # Errors
    /// The list of links is broken.
    pub fn relations(&mut self, part: &str, budget: &mut Budget<'_>) -> Result<Vec<Relation>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut found = Vec::new();
        let Some(mut xml) = self.part(&format!("{folder}{slash}_rels/{file}.rels"), budget)? else { return Ok(found) };
        loop {
            match xml.next()? {
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "Relationship" => {
                    let (Some(id), Some(kind), Some(target)) =
                        (attribute(&e, "Id"), attribute(&e, "Type"), attribute(&e, "Target"))
                    else {
                        continue;
                    };
                    if found.len() >= ENTRIES {
                        return Err(too_many());
                    }
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => normal(absolute),
                        None => normal(&format!("{folder}{slash}{target}")),
                    };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relation { id, kind, target });
                }
                Event::Eof => break,
                _ => {}
            }
        }
        budget.spend(xml.inflated());
        Ok(found)
    }
}

/// A part's name in one spelling: lower case, forward slashes, `.` and `..` resolved.
fn normal(name: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let lower = name.to_lowercase().replace('\\', "/");
    for step in lower.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Whether an end record claims more entries than [`ENTRIES`]. Asked before the zip reader, which believes the claim of a
/// zip64 end record and reserves memory for it.
fn announces_too_many(bytes: &[u8]) -> bool {
    const LOCATOR: &[u8] = b"PK\x06\x07";
    const END64: &[u8] = b"PK\x06\x06";
    let tail = &bytes[bytes.len().saturating_sub((64 << 10) + 64)..];
    if !tail.windows(4).any(|w| w == LOCATOR) {
        return false;
    }
    bytes.windows(4).enumerate().filter(|(_, w)| *w == END64).any(|(at, _)| {
        let counts = bytes.get(at + 24..at + 40);
        counts.is_none_or(|c| {
            c.chunks_exact(8).any(|n| n.iter().rev().fold(0u64, |v, b| v << 8 | u64::from(*b)) > ENTRIES as u64)
        })
    })
}

fn too_many() -> Problem {
    Problem::foreign("这个文件里装了过多的小文件，不是正常的 Word 或 Excel 文件。")
        .next("请向发来文件的单位核实，或用 WPS 打开后另存一份再导入。")
}

fn broken(error: ZipError) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => sniff::password(),
        other => super::xml::damaged(other),
    }
}
