//! Files kept beside the database, each once, under the hash of its content.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::Db;
use super::journal::Fault;
use crate::domain::event::Hash;
use crate::domain::{Problem, Result};

/// The folder beside the database, and beside the backups, that holds them.
pub(super) const FILES: &str = "files";

/// Largest file kept: 64 MiB, more than any list or scan should be.
const LARGEST: u64 = 64 << 20;

impl Db {
    /// Keeps a file: written beside, synced, then named by its SM3, so that a pulled plug leaves a whole file or none.
    ///
    /// # Errors
    /// Io when it cannot be read or the disk is full; bad input when it is larger than 64 MiB.
    pub fn keep_file(&self, file: &Path) -> Result<Hash> {
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
        let place = self.kept_file(&hash);
        if place.exists() {
            return Ok(hash);
        }
        write_whole(&place, &bytes).map_err(|error| {
            Problem::io("来源文件没有存下来，这一步没有做。")
                .next("请检查磁盘空间和数据文件夹的权限。")
                .detail(format!("{}: {error}", place.display()))
        })?;
        Ok(hash)
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
         FROM import JOIN action ON action.id = import.action, machine ORDER BY import.file",
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
    named
}
