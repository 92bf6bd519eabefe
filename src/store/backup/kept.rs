//! The kept files of an office (originals of imported lists, files handed in with filings): beside its backups each once, under the hash of its content.
//! They are only ever added: any backup in the folder may need them.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Files, disk};
use crate::domain::Result;
use crate::domain::event::Hash;
use crate::store::attachments::{place, write_whole};

/// Copies what is missing from one folder of kept files into another; what is not what its name says stays behind.
///
/// # Errors
/// Where the other folder cannot be written.
pub fn carry(from: &Path, to: &Path) -> Result<Files> {
    let mut files = Files::default();
    for (hash, path) in all(from) {
        let target = place(to, &hash);
        let size = |path: &Path| fs::metadata(path).map(|about| about.len()).ok();
        if size(&target).is_some() && size(&target) == size(&path) {
            files.all += 1;
            continue;
        }
        match read(&path, &hash) {
            None => files.damaged += 1,
            Some(bytes) => {
                write_whole(&target, &bytes).map_err(|error| disk::unwritten(&target, &error))?;
                files.all += 1;
                files.copied += 1;
            }
        }
    }
    Ok(files)
}

/// Brings back those of some files that are not here. Returns how many came, and how many were nowhere whole.
///
/// # Errors
/// Where the folder cannot be written.
pub fn bring_back(wanted: &[Hash], from: &Path, to: &Path) -> Result<(usize, usize)> {
    let (mut came, mut nowhere) = (0, 0);
    for hash in wanted {
        let target = place(to, hash);
        if target.exists() {
            continue;
        }
        match read(&place(from, hash), hash) {
            None => nowhere += 1,
            Some(bytes) => {
                write_whole(&target, &bytes).map_err(|error| disk::unrestored(&target, &error))?;
                came += 1;
            }
        }
    }
    Ok((came, nowhere))
}

/// The files a database speaks of, but for those whose content was lawfully erased.
pub fn wanted(connection: &Connection) -> Result<Vec<Hash>> {
    let mut statement = connection.prepare(
        "SELECT digest FROM (SELECT digest FROM import UNION SELECT digest FROM attachment)
             WHERE digest NOT IN (SELECT digest FROM erased_file) ORDER BY digest",
    )?;
    let all = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(all)
}

/// A file's content, where it is what its name says.
fn read(path: &Path, hash: &Hash) -> Option<Vec<u8>> {
    fs::read(path).ok().filter(|bytes| Hash::of(&[bytes]) == *hash)
}

/// Everything in a folder of kept files whose name is a hash.
fn all(files: &Path) -> Vec<(Hash, PathBuf)> {
    let mut found = Vec::new();
    for shelf in entries(files) {
        let first = shelf.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for path in entries(&shelf) {
            let rest = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if let Ok(hash) = format!("{first}{rest}").parse() {
                found.push((hash, path));
            }
        }
    }
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    // A folder that is not there holds nothing.
    fs::read_dir(folder).map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}
