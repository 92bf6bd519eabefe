//! Files kept beside the database, each once, under the hash of its content.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::backup::sync_folder_of;
use super::journal::Fault;
use super::{Db, erased};
use crate::domain::event::Hash;
use crate::domain::{Problem, Result};

/// The folder beside the database, and beside the backups, that holds them.
pub(super) const FILES: &str = "files";

/// Largest file kept: 64 MiB, more than any list or scan should be.
const LARGEST: u64 = 64 << 20;

/// A file that is kept now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub hash: Hash,
    /// Its own name, without folders.
    pub name: String,
    /// In bytes.
    pub size: u64,
}

impl Db {
    /// Keeps a file: written beside, synced, then named by its SM3, so that a pulled plug leaves a whole file or none.
    ///
    /// # Errors
    /// Io when it cannot be read or the disk is full; bad input when it is larger than 64 MiB.
    pub fn keep_file(&self, file: &Path) -> Result<Hash> {
        Ok(self.keep(file)?.hash)
    }

    /// The same, telling all that an event says of the file.
    ///
    /// # Errors
    /// As [`Db::keep_file`].
    pub fn keep(&self, file: &Path) -> Result<Kept> {
        let unreadable = |error: std::io::Error| {
            Problem::io("文件读不出来。")
                .next("请确认文件还在、没有被别的程序独占。")
                .detail(format!("{}: {error}", file.display()))
        };
        let mut bytes = Vec::new();
        let size = File::open(file).and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
        if size as u64 > LARGEST {
            return Err(Problem::bad_input("文件超过 64 MB，没有保存。").next("请拆成几个小一些的文件。"));
        }
        let hash = Hash::of(&[&bytes]);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if self.ask_now(move |connection| erased::is_erased(connection, &hash))? {
            return Err(erased::refusal(&name));
        }
        let kept = Kept { hash, name, size: size as u64 };
        let place = self.kept_file(&hash);
        // What a bad disk has spoiled meanwhile is written again: here is the content it should have.
        if fs::read(&place).is_ok_and(|there| Hash::of(&[&there]) == hash) {
            return Ok(kept);
        }
        write_whole(&place, &bytes).map_err(|error| {
            Problem::io("文件没有存下来，这一步没有做。")
                .next("请检查磁盘空间和数据文件夹的权限。")
                .detail(format!("{}: {error}", place.display()))
        })?;
        Ok(kept)
    }

    /// Puts a read-only copy of a kept file where another program can open it, under the file's own name.
    ///
    /// # Errors
    /// Not found where the file is not on this machine, damaged where its content is not what it was, io where it cannot be
    /// written.
    pub fn copy_out(&self, hash: &Hash, name: &str, folder: &Path) -> Result<PathBuf> {
        let file = *hash;
        if self.ask_now(move |connection| erased::is_erased(connection, &file))? {
            return Err(Problem::not_found(format!("“{name}”已依法清除，打不开。"))
                .next("什么时候、因为什么清除的，见变更历史。"));
        }
        let bytes = fs::read(self.kept_file(hash)).map_err(|error| {
            Problem::not_found(format!("“{name}”的存件不在这台电脑上。"))
                .next("请在交材料的那台电脑上打开，或从备份里找回来。")
                .detail(error)
        })?;
        if Hash::of(&[&bytes]) != *hash {
            return Err(Problem::damaged(format!("“{name}”的存件被改动或损坏，没有打开。"))
                .next("请从备份里找回来，或重新交一份。"));
        }
        // One folder per content: files of one name do not get in each other's way, and a copy is made once.
        let place = folder.join(hash.short()).join(safe(name));
        if fs::read(&place).is_ok_and(|there| there == bytes) {
            return Ok(place);
        }
        let failed = |error: std::io::Error| {
            Problem::io("临时文件没有写成。").next("请检查磁盘空间。").detail(format!("{}: {error}", place.display()))
        };
        // A copy somebody has made writable and changed is of no use any more.
        if place.exists() {
            make_writable(&place).and_then(|()| fs::remove_file(&place)).map_err(failed)?;
        }
        write_whole(&place, &bytes).map_err(failed)?;
        let mut rights = fs::metadata(&place).map_err(failed)?.permissions();
        rights.set_readonly(true);
        fs::set_permissions(&place, rights).map_err(failed)?;
        Ok(place)
    }

    /// Lets a kept file go that nothing was recorded of after all. That it is gone already is no trouble.
    pub fn forget_file(&self, hash: &Hash) {
        let _ = fs::remove_file(self.kept_file(hash));
    }

    /// Where a kept file lies, whether or not it is there.
    pub fn kept_file(&self, hash: &Hash) -> PathBuf {
        place(&self.folder().join(FILES), hash)
    }
}

/// Files that lists were read from and that are not what they were. One that never came to this machine is no fault: only
/// what was imported here lies here.
pub(super) fn verify(connection: &Connection, folder: &Path) -> Result<Vec<Fault>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT import.file, import.digest, action.device = machine.device
         FROM import JOIN action ON action.id = import.action, machine
         WHERE import.digest NOT IN (SELECT digest FROM erased_file) ORDER BY import.file",
    )?;
    let kept = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(String, Hash, bool)>>>()?;
    let mut faults = Vec::new();
    for (name, digest, own) in kept {
        let whole = match fs::read(place(&folder.join(FILES), &digest)) {
            Ok(bytes) => Hash::of(&[&bytes]) == digest,
            Err(_) => !own,
        };
        if !whole {
            faults.push(Fault::File { name });
        }
    }
    Ok(faults)
}

/// Files put to filings on this machine that are not what they were, each with its filing.
pub(super) fn verify_materials(connection: &Connection, folder: &Path) -> Result<Vec<Fault>> {
    let mut statement = connection.prepare(
        "SELECT attachment.digest, attachment.name, coalesce(filing.number, '（已撤销）'), attachment.device = machine.device
         FROM machine, attachment LEFT JOIN filing ON filing.id = attachment.filing
         WHERE attachment.digest NOT IN (SELECT digest FROM erased_file)
         ORDER BY filing.number, attachment.name, attachment.event",
    )?;
    let mut rows = statement.query([])?;
    let mut looked: HashMap<Hash, Option<bool>> = HashMap::new();
    let mut faults = Vec::new();
    while let Some(row) = rows.next()? {
        let (digest, own): (Hash, bool) = (row.get(0)?, row.get(3)?);
        // One content is read once, however many filings it belongs to.
        let whole = *looked.entry(digest).or_insert_with(|| {
            fs::read(place(&folder.join(FILES), &digest)).ok().map(|bytes| Hash::of(&[&bytes]) == digest)
        });
        if !whole.unwrap_or(!own) {
            faults.push(Fault::Material { name: row.get(1)?, filing: row.get(2)? });
        }
    }
    Ok(faults)
}

/// How many files were lawfully erased, and those that still lie here all the same.
pub(super) fn verify_erased(connection: &Connection, folder: &Path) -> Result<(u64, Vec<Fault>)> {
    let mut statement = connection.prepare(
        "SELECT erased_file.digest, coalesce(min(attachment.name), min(import.file), '')
         FROM erased_file LEFT JOIN attachment ON attachment.digest = erased_file.digest
         LEFT JOIN import ON import.digest = erased_file.digest GROUP BY erased_file.digest ORDER BY erased_file.digest",
    )?;
    let all = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(Hash, String)>>>()?;
    let left = all.iter().filter(|(file, _)| place(&folder.join(FILES), file).exists());
    let faults = left.map(|(_, name)| Fault::NotErased { name: name.clone() }).collect();
    Ok((all.len() as u64, faults))
}

/// A name that stands for a file alone, on any system: no folders, nothing a shell or Windows would read something into.
fn safe(name: &str) -> String {
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let name: String = name.chars().map(|c| if odd(c) { '_' } else { c }).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "材料".to_owned() } else { name.to_owned() }
}

/// Takes a file away, its content first: as much as a program can do about it.
pub fn wipe(path: &Path) {
    let over = || {
        make_writable(path)?;
        let mut file = fs::OpenOptions::new().write(true).open(path)?;
        let mut left = file.metadata()?.len();
        file.seek(SeekFrom::Start(0))?;
        let zeros = [0_u8; 4096];
        while left > 0 {
            let some = left.min(zeros.len() as u64);
            file.write_all(&zeros[..some as usize])?;
            left -= some;
        }
        file.sync_all()
    };
    // What cannot be overwritten is removed all the same.
    let _: std::io::Result<()> = over();
    if fs::remove_file(path).is_ok() {
        sync_folder_of(path);
    }
}

/// Gives the right to write a file back.
fn make_writable(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    {
        let mut rights = fs::metadata(file)?.permissions();
        #[allow(clippy::permissions_set_readonly_false, reason = "on Windows it is but one flag")]
        rights.set_readonly(false);
        fs::set_permissions(file, rights)
    }
}

/// Where a kept file lies below an office's folder.
pub(super) fn kept_in(folder: &Path, hash: &Hash) -> PathBuf {
    place(&folder.join(FILES), hash)
}

/// Where a file lies in a folder of kept files.
pub(super) fn place(files: &Path, hash: &Hash) -> PathBuf {
    let name = hash.to_string();
    files.join(&name[..2]).join(&name[2..])
}

/// Writes a file beside its place, syncs it and names it: whole or not there at all.
pub(super) fn write_whole(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = place.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let beside = place.with_extension(format!("{}.tmp", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    let named = written.and_then(|()| fs::rename(&beside, place));
    if named.is_err() {
        let _ = fs::remove_file(&beside);
    }
    named?;
    // The name too, and that of a shelf made just now.
    sync_folder_of(place);
    sync_folder_of(folder);
    Ok(())
}
