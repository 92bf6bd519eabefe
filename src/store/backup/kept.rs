//! The kept files of an office (originals of imported lists, files handed in with filings): beside its backups each once, under the hash of its content.
//! They are only ever added: any backup in the folder may need them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Files, Lacking, disk};
use crate::domain::Result;
use crate::domain::event::Hash;
use crate::store::attachments::{place, write_whole};

/// Copies what is missing or spoiled from one folder of kept files into another; what is not what its name says stays
/// behind. `wanted` is what the backup speaks of: what of it is then not there whole is counted.
///
/// # Errors
/// Where the other folder cannot be written.
pub fn carry(wanted: &[Hash], from: &Path, to: &Path) -> Result<Files> {
    let mut files = Files::default();
    let mut met = BTreeSet::new();
    for (hash, path) in all(from) {
        met.insert(hash);
        let target = place(to, &hash);
        // By its content: a bad disk leaves the size as it was.
        if is_whole(&target, &hash) {
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
    for hash in wanted.iter().filter(|hash| !met.contains(hash)) {
        match state(to, hash) {
            State::Whole => files.all += 1,
            State::Damaged => files.damaged += 1,
            State::Missing => files.missing += 1,
        }
    }
    Ok(files)
}

/// What of some files is not whole in a folder of kept files.
pub fn lacking(wanted: &[Hash], beside: &Path) -> Lacking {
    let mut lacking = Lacking::default();
    for hash in wanted {
        match state(beside, hash) {
            State::Whole => {}
            State::Damaged => lacking.damaged += 1,
            State::Missing => lacking.missing += 1,
        }
    }
    lacking
}

/// Brings back those of some files that are not here, or not whole. Returns how many came, and how many were nowhere whole.
///
/// # Errors
/// Where the folder cannot be written.
pub fn bring_back(wanted: &[Hash], from: &Path, to: &Path) -> Result<(usize, usize)> {
    let (mut came, mut nowhere) = (0, 0);
    for hash in wanted {
        let target = place(to, hash);
        if is_whole(&target, hash) {
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

/// How a file lies in a folder of kept files.
enum State {
    Whole,
    Damaged,
    Missing,
}

fn state(files: &Path, hash: &Hash) -> State {
    let path = place(files, hash);
    match is_whole(&path, hash) {
        true => State::Whole,
        false if path.exists() => State::Damaged,
        false => State::Missing,
    }
}

fn is_whole(path: &Path, hash: &Hash) -> bool {
    read(path, hash).is_some()
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
