//! What stands in a package, in its order: a line that says what it is, then sealed: the manifest, its signature, the events,
//! the files. Everything after the signature is named in the manifest by length and hash.

use serde::{Deserialize, Serialize};

use super::base64;
use crate::domain::event::{ChainEnd, Hash, Purpose};
use crate::domain::id::RecordId;
use crate::domain::machine::{Card, Key};
use crate::domain::seal::Secret;

/// What package files end in.
pub const EXTENSION: &str = "kbp";

/// Most bytes of a machine's name in a file's name, so that the rest finds room beside it on any disk.
const NAME_BYTES: usize = 150;

/// A machine's name as part of a file's name.
pub fn in_file_name(name: &str) -> String {
    let end = (0..=name.len().min(NAME_BYTES)).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default();
    name[..end].chars().map(|c| if "\\/:*?\"<>|".contains(c) || c.is_control() { '_' } else { c }).collect()
}

/// First bytes of every package of any version.
pub const MAGIC: &[u8] = b"kebao-package ";

/// The first line of a package without keys, and of one with keys for sealed values. A program that knows nothing of keys
/// would show what they open as words: it refuses the second as too new, and the file waits for a newer program.
pub const FIRST_LINE: &[u8] = b"kebao-package 1\n";
pub const FIRST_LINE_KEYS: &[u8] = b"kebao-package 2\n";

/// Version of what is inside: without keys, with keys.
pub const FORMAT: u32 = 1;
pub const FORMAT_KEYS: u32 = 2;

/// Most keys read: an office has one, or a few where machines began unaware of each other.
pub const KEYS_MAX: usize = 64;

/// Largest manifest, events and single event read, and most of them: far above what an office sends, far below what a machine
/// could not hold.
pub const MANIFEST_MAX: u64 = 16 << 20;
pub const EVENTS_MAX: u64 = 1 << 30;
pub const EVENT_MAX: u64 = 16 << 20;
pub const EVENT_COUNT_MAX: u64 = 2_000_000;
/// As large as kept files may be, and a good deal in all.
pub const FILE_MAX: u64 = 64 << 20;
pub const PACKAGE_MAX: u64 = 16 << 30;

/// What a signature is over: these words, then the SM3 of the manifest.
const SIGNED: &[u8] = b"kebao package manifest 1\0";

/// Who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub user: RecordId,
    pub name: String,
}

/// Whom it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct To {
    pub name: String,
    pub sign: Key,
    pub seal: Key,
}

/// The events, one after another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    pub count: u64,
    pub bytes: u64,
    pub digest: Hash,
}

/// A kept file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub hash: Hash,
    pub name: String,
    pub bytes: u64,
}

/// The first thing inside; the signature covers it, and it covers everything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub package: RecordId,
    pub purpose: Purpose,
    /// Milliseconds since 1970 on the sender's clock; for people only.
    pub at: i64,
    pub from: Card,
    pub by: By,
    pub to: To,
    pub office: String,
    /// First events of the office's record.
    pub roots: Vec<Hash>,
    /// The package it answers, where it is an answer to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<RecordId>,
    /// What the sender has of every chain; its own end covers all it ever wrote.
    pub heads: Vec<ChainEnd>,
    /// The filings it was made of.
    pub filings: Vec<RecordId>,
    pub events: Events,
    pub files: Vec<Kept>,
    /// Kept files the events speak of that the sender has not.
    pub missing: u64,
    /// What numbers sealed inside events are opened with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<SealKey>,
}

/// A key for sealed values. It is told only inside the seal.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey(pub Secret);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

impl Serialize for SealKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64::encode(&self.0[..]))
    }
}

impl<'de> Deserialize<'de> for SealKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes: Option<[u8; 32]> = base64::decode(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| Self(Secret::new(bytes))).ok_or_else(|| serde::de::Error::custom("not a key"))
    }
}

impl Manifest {
    /// The first line it stands under.
    pub fn first_line(&self) -> &'static [u8] {
        if self.keys.is_empty() { FIRST_LINE } else { FIRST_LINE_KEYS }
    }

    /// Length of everything inside. `None`: no package is that long.
    pub fn length(&self, own: u64) -> Option<u64> {
        let files = self.files.iter().try_fold(0_u64, |sum, file| sum.checked_add(file.bytes))?;
        (4 + 64_u64).checked_add(own)?.checked_add(self.events.bytes)?.checked_add(files)
    }
}

/// What is signed for a manifest.
pub fn signed(manifest: &[u8]) -> Vec<u8> {
    [SIGNED, &Hash::of(&[manifest]).0].concat()
}
