//! Writing a package: beside its place, synced, named, read back from the medium and proven. What has its name is whole, and a bad
//! stick is noticed while the data is still here.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sm3::{Digest, Sm3};

use super::age::{Opener, Sealer};
use super::format::{
    EVENT_MAX, EVENTS_MAX, Events, FIRST_LINE, FORMAT, FORMAT_KEYS, Kept, MANIFEST_MAX, Manifest, SealKey, signed,
};
use super::{Keys, format, keys};
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::machine::Machine;
use crate::domain::{self, Problem, Result};
use crate::store::packages::Cargo;
use crate::store::{Db, sync_folder_of};

/// What a package is made of besides its cargo.
pub struct Order<'o> {
    pub package: RecordId,
    pub keys: &'o Keys,
    pub to: &'o Machine,
    pub by: format::By,
    pub recovery: Option<&'o str>,
    /// What sealed values are opened with, where whoever makes the package holds it.
    pub seal_keys: domain::seal::Keys,
    pub answers: Option<RecordId>,
}

/// Writes a package and proves it. Returns its manifest and size.
///
/// # Errors
/// Io for the disk, damaged for a kept file that is not what it was; nothing is left behind in either case.
pub fn write(db: &Db, cargo: &Cargo, order: &Order<'_>, path: &Path) -> Result<(Manifest, u64)> {
    let mut beside = PathBuf::from(path);
    beside.as_mut_os_string().push(".part");
    if let Some(there) = [path, &beside].into_iter().find(|path| path.exists()) {
        return Err(Problem::bad_input("那里已经有同名的文件，没有覆盖。")
            .next("请换一个文件名。")
            .detail(there.display()));
    }
    let written = write_beside(db, cargo, order, &beside).and_then(|(manifest, file_key)| {
        fs::rename(&beside, path).map_err(|error| unwritten(path, &error))?;
        sync_folder_of(path);
        Ok((manifest, file_key))
    });
    let (manifest, file_key) = written.inspect_err(|_| {
        // What is unfinished is of no use to anybody.
        let _ = fs::remove_file(&beside);
    })?;
    let size = prove(path, file_key, &manifest).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })?;
    Ok((manifest, size))
}

/// Where a stick was pulled or is full.
fn unwritten(path: &Path, error: &io::Error) -> Problem {
    Problem::io("包没有写成，没有留下半个文件。")
        .next("请检查 U 盘或文件夹还在、没有写保护、空间够用，再做一次。")
        .detail(format!("{}: {error}", path.display()))
}

fn write_beside(db: &Db, cargo: &Cargo, order: &Order<'_>, path: &Path) -> Result<(Manifest, [u8; 16])> {
    let mut block = Vec::new();
    for entry in &cargo.entries {
        let wire = entry.event.to_wire();
        if wire.len() as u64 > EVENT_MAX || (block.len() + wire.len()) as u64 > EVENTS_MAX {
            return Err(Problem::refused("内容太多，一个包装不下。").next("请分几次选，每次少选一些。"));
        }
        block.extend((wire.len() as u32).to_be_bytes());
        block.extend(wire);
    }
    let files = cargo.files.iter().map(|(hash, name, bytes)| Kept { hash: *hash, name: name.clone(), bytes: *bytes });
    let seal_keys: Vec<SealKey> = order.seal_keys.iter().map(|key| SealKey(key.secret().clone())).collect();
    let manifest = Manifest {
        format: if seal_keys.is_empty() { FORMAT } else { FORMAT_KEYS },
        package: order.package,
        purpose: cargo.purpose,
        at: db.clock().millis(),
        from: order.keys.card(db),
        by: order.by.clone(),
        to: format::To { name: order.to.name.clone(), sign: order.to.sign, seal: order.to.seal },
        office: cargo.office.clone(),
        roots: cargo.roots.clone(),
        answers: order.answers,
        heads: cargo.heads.clone(),
        filings: cargo.filings.clone(),
        events: Events { count: cargo.entries.len() as u64, bytes: block.len() as u64, digest: Hash::of(&[&block]) },
        files: files.collect(),
        missing: cargo.missing as u64,
        keys: seal_keys,
    };
    let bytes = serde_json::to_vec(&manifest).map_err(Problem::bug)?;
    if bytes.len() as u64 > MANIFEST_MAX {
        return Err(Problem::refused("内容太多，一个包装不下。").next("请分几次选，每次少选一些。"));
    }
    let mut recipients = vec![*order.to.seal.bytes()];
    recipients.extend(order.recovery.and_then(keys::recipient));
    let disk = |error: io::Error| unwritten(path, &error);
    let file = File::create(path).map_err(disk)?;
    let mut out = BufWriter::with_capacity(256 << 10, file);
    out.write_all(manifest.first_line()).map_err(disk)?;
    let mut sealer = Sealer::new(out, &recipients).map_err(disk)?;
    let file_key = sealer.file_key;
    let head = [&(bytes.len() as u32).to_be_bytes(), &bytes[..], &order.keys.sign(&signed(&bytes))].concat();
    sealer.write_all(&head).and_then(|()| sealer.write_all(&block)).map_err(disk)?;
    for kept in &manifest.files {
        copy_file(&db.kept_file(&kept.hash), kept, &mut sealer, path)?;
    }
    let out = sealer.finish().map_err(disk)?;
    let file = out.into_inner().map_err(|error| disk(error.into_error()))?;
    file.sync_all().map_err(disk)?;
    forget(&file);
    Ok((manifest, file_key))
}

/// Seals a kept file, which must still be what its name says.
fn copy_file(from: &Path, kept: &Kept, to: &mut impl Write, path: &Path) -> Result<()> {
    let spoilt = |detail: String| {
        Problem::damaged(format!("存件“{}”丢失或被改动，包没有做。", kept.name))
            .next("请在“数据 › 核验”里查看，从备份恢复原件后再做包。")
            .detail(detail)
    };
    let mut file = File::open(from).map_err(|error| spoilt(error.to_string()))?;
    let mut sm3 = Sm3::new();
    let mut buffer = vec![0; 256 << 10];
    let mut left = kept.bytes;
    loop {
        let n = file.read(&mut buffer).map_err(|error| spoilt(error.to_string()))?;
        if n == 0 {
            break;
        }
        left = left.checked_sub(n as u64).ok_or_else(|| spoilt("longer than it was".to_owned()))?;
        sm3.update(&buffer[..n]);
        to.write_all(&buffer[..n]).map_err(|error| unwritten(path, &error))?;
    }
    if left != 0 || Hash(sm3.finalize().into()) != kept.hash {
        return Err(spoilt("not what its hash says".to_owned()));
    }
    Ok(())
}

/// Reads the package back as whoever opens it will. Every byte is under a seal only this writing could have made.
fn prove(path: &Path, file_key: [u8; 16], manifest: &Manifest) -> Result<u64> {
    let unlike = |detail: String| {
        Problem::io("写好的包读回来和写进去的不一样，已经删掉。")
            .next("U 盘或磁盘多半有毛病，请换一个再做。")
            .detail(format!("{}: {detail}", path.display()))
    };
    let file = File::open(path).map_err(|error| unlike(error.to_string()))?;
    forget(&file);
    let size = file.metadata().map_err(|error| unlike(error.to_string()))?.len();
    let mut input = BufReader::with_capacity(256 << 10, file);
    let mut first = [0; FIRST_LINE.len()];
    input.read_exact(&mut first).map_err(|error| unlike(error.to_string()))?;
    let mut opener = Opener::again(input, file_key).map_err(|fault| unlike(format!("{fault:?}")))?;
    let found =
        io::copy(&mut opener, &mut io::sink()).map_err(|error| unlike(format!("{error} {:?}", opener.fault)))?;
    let own = serde_json::to_vec(manifest).map_err(Problem::bug)?.len() as u64;
    if first != manifest.first_line() || manifest.length(own) != Some(found) {
        return Err(unlike(format!("{found} bytes inside")));
    }
    Ok(size)
}

/// Has the system forget what it holds of a file, so that the next reading comes from the medium. Where it cannot, the reading
/// back still proves what was written, though not where it lies.
fn forget(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}
