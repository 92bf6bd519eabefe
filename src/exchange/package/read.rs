//! Reading a package: nothing is believed before it is proven, nothing large is held, and each sort of bad file has its own sentence.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signature, VerifyingKey};
use sm3::{Digest, Sm3};

use super::age::{Fault, Opener, plain_length};
use super::format::{
    EVENT_COUNT_MAX, EVENT_MAX, EVENTS_MAX, FILE_MAX, FIRST_LINE, FIRST_LINE_KEYS, FORMAT_KEYS, KEYS_MAX, MAGIC,
    MANIFEST_MAX, Manifest, PACKAGE_MAX, signed,
};
use super::{Keys, Recovery};
use crate::domain::event::{Entry, Event, Hash};
use crate::domain::{Kind, Problem, Result};
use crate::store::Db;

/// An opened package: genuine, whole up to its files, and sealed for whoever opened it.
#[derive(Debug, Clone)]
pub struct Package {
    pub path: PathBuf,
    /// Size of the file.
    pub bytes: u64,
    pub manifest: Manifest,
    pub entries: Vec<Entry>,
    /// Opened with the office's key from the safe.
    pub by_recovery: bool,
    /// Tells this very file when it is read again for its files.
    signature: [u8; 64],
}

/// What is wrong with a file that is no good package, in the words for it.
pub fn refused_with(fault: &Fault) -> Problem {
    match fault {
        Fault::Foreign => Problem::foreign("这个文件不是科报的包。").next("请核对文件，包的名字以 .kbp 结尾。"),
        Fault::TooNew => Problem::new(Kind::TooNew, "这个包由更新版本的科报做成，这个版本打不开。")
            .next("请安装新版科报后再打开；包没有动过。"),
        Fault::ForOthers => Problem::refused("这个包不是做给这台电脑的。")
            .next("请交给收件的那台电脑打开；送错了就请对方给这台电脑另做一个。"),
        Fault::Altered => Problem::damaged("这个包被改动过或已损坏，没有取入任何内容。")
            .next("请对方重新做包，或换一个 U 盘再拷一次。"),
        Fault::CutShort => Problem::damaged("这个包不完整，后面缺了一截，没有取入任何内容。")
            .next("请确认拷贝已经结束，或请对方重新拷一次。"),
        Fault::Broken => Problem::damaged("这个包不完整或被改动过，没有取入任何内容。")
            .next("请确认拷贝已经结束，再拷一次；还是这样，就请对方重新做包。"),
        Fault::Io(error) => {
            Problem::io("包读不出来。").next("请确认 U 盘还插着、文件没有被别的程序占用。").detail(error)
        }
    }
}

fn oversized(detail: impl std::fmt::Display) -> Problem {
    Problem::new(Kind::BadInput, "这个包大得不合情理，没有打开。").next("请向对方核实是怎么做出来的。").detail(detail)
}

fn forged(detail: impl std::fmt::Display) -> Problem {
    Problem::damaged("这个包的签名不对，不是它自称的那台电脑做的，没有取入任何内容。")
        .next("请不要使用它，并打电话向对方核实。")
        .detail(detail)
}

type Input = Opener<BufReader<File>>;

/// The opener's reason where it has one.
fn reason(opener: &mut Input, error: io::Error) -> Problem {
    refused_with(&opener.fault.take().unwrap_or_else(|| Fault::from(error)))
}

/// A package whose seal is open.
struct Unsealed {
    opener: Input,
    /// The line it stands under; the seal does not cover it.
    first: Vec<u8>,
    /// How much lies under the seal, by the size of the file.
    inside: u64,
    /// Size of the file.
    bytes: u64,
}

/// Opens the seal and finds out how much lies under it.
fn unseal(path: &Path, secrets: &[[u8; 32]]) -> Result<Unsealed> {
    open_seal(path, secrets)?.map_err(|fault| refused_with(&fault))
}

/// The same, with what is wrong with the seal itself.
fn open_seal(path: &Path, secrets: &[[u8; 32]]) -> Result<Result<Unsealed, Fault>> {
    let disk = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Problem::not_found("找不到这个包。").next("请核对文件名。").detail(path.display()),
        _ => refused_with(&Fault::Io(error)),
    };
    let file = File::open(path).map_err(disk)?;
    let bytes = file.metadata().map_err(disk)?.len();
    if bytes > PACKAGE_MAX {
        return Err(oversized(format!("{bytes} bytes")));
    }
    let mut input = BufReader::with_capacity(256 << 10, file);
    let mut first = Vec::new();
    (&mut input).take(64).read_until(b'\n', &mut first).map_err(disk)?;
    if first != FIRST_LINE && first != FIRST_LINE_KEYS {
        return Ok(Err(match first.strip_prefix(MAGIC) {
            Some(version) if version.ends_with(b"\n") => Fault::TooNew,
            _ if !first.is_empty() && FIRST_LINE.starts_with(&first) => Fault::CutShort,
            _ => Fault::Foreign,
        }));
    }
    let opener = match Opener::new(input, secrets) {
        Ok(opener) => opener,
        // Behind our own first line anything that is no header is a broken one.
        Err(Fault::Foreign) => return Ok(Err(Fault::Broken)),
        Err(fault) => return Ok(Err(fault)),
    };
    let Some(sealed) = bytes.checked_sub(first.len() as u64 + opener.head) else { return Ok(Err(Fault::CutShort)) };
    let Some(inside) = plain_length(sealed) else { return Ok(Err(Fault::Broken)) };
    Ok(Ok(Unsealed { opener, first, inside, bytes }))
}

/// Whether a file is a package sealed for others only, by its header alone.
pub(super) fn is_for_others(path: &Path, keys: &Keys) -> bool {
    matches!(open_seal(path, &[keys.secret()]), Ok(Err(Fault::ForOthers)))
}

/// Reads the manifest and proves whose it is.
fn manifest(Unsealed { opener, first, inside, .. }: &mut Unsealed) -> Result<(Manifest, [u8; 64])> {
    let mut length = [0; 4];
    opener.read_exact(&mut length).map_err(|error| reason(opener, error))?;
    let length = u64::from(u32::from_be_bytes(length));
    if length > MANIFEST_MAX {
        return Err(oversized(format!("a manifest of {length} bytes")));
    }
    let mut bytes = Vec::new();
    opener.take(length).read_to_end(&mut bytes).map_err(|error| reason(opener, error))?;
    let mut signature = [0; 64];
    if bytes.len() as u64 != length {
        return Err(refused_with(&Fault::CutShort));
    }
    opener.read_exact(&mut signature).map_err(|error| reason(opener, error))?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| refused_with(&Fault::Altered).detail(error))?;
    if value.get("format").and_then(serde_json::Value::as_u64).is_some_and(|format| format > u64::from(FORMAT_KEYS)) {
        return Err(refused_with(&Fault::TooNew));
    }
    let manifest: Manifest =
        serde_json::from_value(value).map_err(|error| refused_with(&Fault::Altered).detail(error))?;
    VerifyingKey::from_bytes(manifest.from.sign.bytes())
        .and_then(|key| key.verify_strict(&signed(&bytes), &Signature::from_bytes(&signature)))
        .map_err(forged)?;
    let events = &manifest.events;
    let large = manifest.files.iter().any(|file| file.bytes > FILE_MAX);
    if manifest.keys.len() > KEYS_MAX {
        return Err(oversized(format!("{} keys", manifest.keys.len())));
    }
    if events.bytes > EVENTS_MAX || events.count > EVENT_COUNT_MAX || large {
        return Err(oversized(format!("{} events of {} bytes", events.count, events.bytes)));
    }
    if *first != manifest.first_line() {
        return Err(refused_with(&Fault::Altered).detail("the first line is not what the manifest stands under"));
    }
    match manifest.length(length) {
        Some(told) if told == *inside => Ok((manifest, signature)),
        // What is told is sealed, and what is there is the file's size.
        Some(told) if told > *inside => {
            Err(refused_with(&Fault::CutShort).detail(format!("{inside} bytes inside, {told} told")))
        }
        told => Err(refused_with(&Fault::Altered).detail(format!("{inside} bytes inside, {told:?} told"))),
    }
}

fn entries(opener: &mut Input, manifest: &Manifest) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut sm3 = Sm3::new();
    let mut left = manifest.events.bytes;
    let mut wire = Vec::new();
    let altered = || refused_with(&Fault::Altered).detail("the events are not what the manifest says");
    while left > 0 {
        let mut length = [0; 4];
        left = left.checked_sub(4).ok_or_else(altered)?;
        opener.read_exact(&mut length).map_err(|error| reason(opener, error))?;
        sm3.update(length);
        let length = u64::from(u32::from_be_bytes(length));
        if length > EVENT_MAX {
            return Err(oversized(format!("an event of {length} bytes")));
        }
        left = left.checked_sub(length).ok_or_else(altered)?;
        wire.clear();
        opener.take(length).read_to_end(&mut wire).map_err(|error| reason(opener, error))?;
        sm3.update(&wire);
        entries.push(Event::from_wire(&wire).ok_or_else(altered)?);
    }
    if entries.len() as u64 != manifest.events.count || Hash(sm3.finalize().into()) != manifest.events.digest {
        return Err(altered());
    }
    Ok(entries)
}

impl Package {
    /// Opens a package sealed for this machine, or with the key from the safe. Its files are proven when they are taken in.
    ///
    /// # Errors
    /// One sentence for each sort of bad file; nothing is ever written.
    pub fn open(path: &Path, keys: &Keys, recovery: Option<&Recovery>) -> Result<Self> {
        let secrets: Vec<[u8; 32]> = [keys.secret()].into_iter().chain(recovery.map(Recovery::secret)).collect();
        let mut unsealed = unseal(path, &secrets)?;
        let (manifest, signature) = manifest(&mut unsealed)?;
        let Unsealed { mut opener, bytes, .. } = unsealed;
        let by_recovery = manifest.to.seal != keys.seal_key();
        if by_recovery && recovery.is_none() {
            // Sealed anew for this machine by somebody it had been sent to.
            return Err(refused_with(&Fault::ForOthers).detail("sealed for this machine, but not meant for it"));
        }
        if manifest.from.sign == keys.sign_key() && !by_recovery {
            return Err(Problem::refused("这是本机自己做的包。").next("它要在收件的那台电脑上打开。"));
        }
        let entries = entries(&mut opener, &manifest)?;
        Ok(Self { path: path.to_owned(), bytes, manifest, entries, by_recovery, signature })
    }

    /// Reads the package once more and keeps the files it brings. Returns the hashes of those that were not here.
    ///
    /// # Errors
    /// As [`Package::open`]; whatever was newly kept is let go again.
    pub fn keep_files(&self, db: &Db, keys: &Keys, recovery: Option<&Recovery>) -> Result<Vec<Hash>> {
        let secrets: Vec<[u8; 32]> = [keys.secret()].into_iter().chain(recovery.map(Recovery::secret)).collect();
        let mut unsealed = unseal(&self.path, &secrets)?;
        let (manifest, signature) = manifest(&mut unsealed)?;
        let mut opener = unsealed.opener;
        if signature != self.signature || manifest != self.manifest {
            return Err(refused_with(&Fault::Altered).detail("another package lies there now"));
        }
        let mut fresh = Vec::new();
        let done = (|| {
            let skipped = io::copy(&mut (&mut opener).take(manifest.events.bytes), &mut io::sink());
            skipped.map_err(|error| reason(&mut opener, error))?;
            for kept in &manifest.files {
                let new = match db.keep_from(&kept.hash, kept.bytes, &mut opener) {
                    Ok(kept) => kept?,
                    Err(error) => return Err(reason(&mut opener, error)),
                };
                if new {
                    fresh.push(kept.hash);
                }
            }
            // The last chunk proves that nothing follows.
            io::copy(&mut opener, &mut io::sink()).map_err(|error| reason(&mut opener, error))?;
            Ok(())
        })();
        if let Err(problem) = done {
            fresh.iter().for_each(|hash| db.forget_file(hash));
            return Err(problem);
        }
        Ok(fresh)
    }
}
