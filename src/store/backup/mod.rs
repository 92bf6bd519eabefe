//! Backups: copies of the whole office, each proven restorable before it gets its name, and the way back from one.
//! A backup is one plain SQLite file, with the kept files in a folder beside it, each once under the hash of its content.
//! Nothing here decides when one is due; that is the window's business. Present data is never deleted here.

mod disk;
mod kept;
mod look;
mod make;
mod name;
mod restore;
#[cfg(test)]
mod tests;
mod thin;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::attachments::FILES;
use super::{Answer, Db};
use crate::domain::id::DeviceId;
use crate::domain::{Problem, Result};

pub(crate) use disk::sync_folder_of;
pub use look::{Contents, Deed, Lost, Preview, preview};
pub use make::Files;
pub(super) use restore::clear_away;
pub use restore::{Restored, restore};
pub use thin::{Counts, Moment, keep};

/// The folder of backups inside the data folder, where nobody chose another.
pub const FOLDER: &str = "backups";

/// What a backup's name ends in.
pub const ENDING: &str = "kbk";

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Somebody asked for it; it is never thinned.
    Hand,
    /// The day's own.
    Automatic,
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub at: NaiveDateTime,
    pub by: By,
    /// The machine's chain at that time: only its own are thinned.
    pub device: DeviceId,
    pub office: String,
    pub events: u64,
    pub firms: u64,
    pub filings: u64,
}

/// Whether this machine has proven that a backup can be restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Verified {
    /// At this time, and its size is the same since.
    Yes { at: NaiveDateTime },
    /// Made elsewhere, or changed since.
    No,
    /// It cannot be restored, and why.
    Broken { says: String },
}

/// A backup in its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    pub path: PathBuf,
    pub name: String,
    /// When it was made, by its own word or else by the file's.
    pub at: NaiveDateTime,
    /// In bytes, kept files not counted.
    pub size: u64,
    /// `None` where it does not say: a copy of a database, a damaged file.
    pub made: Option<Made>,
    pub verified: Verified,
}

/// Where backups go and how many automatic ones stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `None`: the folder inside the data folder.
    pub folder: Option<PathBuf>,
    pub counts: Counts,
}

/// How the last attempts went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub last: Option<Last>,
    /// The last attempt, where it failed.
    pub failed: Option<Failed>,
}

/// The newest backup that this machine has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    pub at: NaiveDateTime,
    pub name: String,
}

/// An attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    pub at: NaiveDateTime,
    pub says: String,
}

/// A backup that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fresh {
    pub backup: Backup,
    pub files: Files,
    /// How many older automatic ones were let go.
    pub thinned: usize,
}

/// Kept files that a backup speaks of and that do not lie beside it whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Lacking {
    pub damaged: usize,
    pub missing: usize,
}

impl Lacking {
    /// What is lacking, in words for the end of a sentence. `None`: nothing.
    pub fn says(self) -> Option<String> {
        let parts = [(self.missing, "没有找到"), (self.damaged, "已损坏")];
        let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} 份{what}"));
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| format!("名单原件和材料有 {}", parts.join("、")))
    }
}

impl Files {
    /// What of the kept files the backup does not have.
    pub fn lacking(&self) -> Lacking {
        Lacking { damaged: self.damaged, missing: self.missing }
    }
}

/// What was proven of one file: its size then, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Proof {
    at: NaiveDateTime,
    size: u64,
    fault: Option<String>,
}

/// Proofs by path.
type Proofs = BTreeMap<PathBuf, Proof>;

/// Habits of this machine that speak of backups; a restore leaves them as they are.
const HABITS: &str = "backup.";
const SETTINGS: &str = "backup.settings";
const LAST: &str = "backup.last";
const FAILED: &str = "backup.failed";
const PROOFS: &str = "backup.proofs";
/// Stands in backups only.
const MADE: &str = "made";

impl Db {
    /// Makes a backup in the chosen folder or another, proves that it can be restored, and remembers how it went.
    ///
    /// # Errors
    /// One sentence where the folder cannot be written, the disk is full, or the office is not whole; no file is left then.
    pub fn back_up(&self, by: By, to: Option<PathBuf>) -> Answer<Fresh> {
        self.background("backup", move |db| {
            let done = folder_for(db, to).and_then(|folder| make::make(db, by, &folder));
            remember(db, &done)?;
            done
        })
    }

    /// Backups in the chosen folder or another, newest first.
    ///
    /// # Errors
    /// One sentence where the chosen folder is not there or cannot be read.
    pub fn backups(&self, from: Option<PathBuf>) -> Answer<Vec<Backup>> {
        self.background("backups", move |db| {
            let proofs: Proofs = habit(db, PROOFS)?;
            let folder = match from {
                Some(folder) => absolute(folder),
                None => folder_of(db)?,
            };
            // Nothing was backed up yet.
            if folder == db.backup_folder() && !folder.exists() {
                return Ok(Vec::new());
            }
            look::list(&folder, &proofs, db.clock())
        })
    }

    /// Proves again that a backup can be restored, and remembers what was found. Returns what of its kept files is not
    /// beside it whole.
    ///
    /// # Errors
    /// One sentence that names what is wrong with it.
    pub fn check_backup(&self, file: PathBuf) -> Answer<Lacking> {
        self.background("backup check", move |db| {
            let file = absolute(file);
            let found = look::prove(&file, db.folder());
            let fault = found.as_ref().err().map(Problem::to_string);
            prove(db, &file, fault)?;
            let beside = file.parent().unwrap_or(&file).join(FILES);
            Ok(kept::lacking(&found?, &beside))
        })
    }

    /// What a backup holds, and what restoring it would lose.
    ///
    /// # Errors
    /// One sentence where it cannot be restored: not ours, damaged, too new.
    pub fn preview_backup(&self, file: PathBuf) -> Answer<Preview> {
        self.background("preview", move |db| preview(db.folder(), &file))
    }

    /// Where backups go and how many stay.
    pub fn backup_settings(&self) -> Answer<Settings> {
        self.background("backup settings", |db| habit(db, SETTINGS))
    }

    /// Chooses where backups go and how many stay.
    ///
    /// # Errors
    /// Bad input where the folder is not there; io where it cannot be written.
    pub fn set_backup_settings(&self, settings: Settings) -> Answer<()> {
        self.background("backup settings", move |db| {
            if let Some(folder) = &settings.folder {
                disk::must_take(folder)?;
            }
            set_habit(db, SETTINGS, &settings)
        })
    }

    /// How the last attempts went.
    pub fn backup_state(&self) -> Answer<State> {
        self.background("backup state", |db| Ok(State { last: habit(db, LAST)?, failed: habit(db, FAILED)? }))
    }

    /// The folder backups go to where nobody chose another.
    pub fn backup_folder(&self) -> PathBuf {
        absolute(self.folder().join(FOLDER))
    }
}

/// The path proofs are kept by, wherever the program was started.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// The folder backups go to.
fn folder_of(db: &Db) -> Result<PathBuf> {
    let settings: Settings = habit(db, SETTINGS)?;
    Ok(settings.folder.unwrap_or_else(|| db.backup_folder()))
}

/// The folder a backup is written to: made when it is our own or was named just now, but never where a drive may be
/// missing that was there when somebody chose it.
fn folder_for(db: &Db, to: Option<PathBuf>) -> Result<PathBuf> {
    let named = to.is_some();
    let folder = match to {
        Some(folder) => absolute(folder),
        None => folder_of(db)?,
    };
    if named || folder == db.backup_folder() {
        disk::make_folder(&folder)?;
    } else if !folder.is_dir() {
        return Err(disk::missing(&folder));
    }
    Ok(folder)
}

/// Keeps how an attempt went, for the status bar.
fn remember(db: &Db, done: &Result<Fresh>) -> Result<()> {
    match done {
        Ok(fresh) => {
            prove(db, &fresh.backup.path, None)?;
            set_habit(db, LAST, &Some(Last { at: fresh.backup.at, name: fresh.backup.name.clone() }))?;
            set_habit(db, FAILED, &None::<Failed>)
        }
        Err(problem) => {
            let failed = Failed { at: db.clock().now(), says: problem.to_string() };
            set_habit(db, FAILED, &Some(failed))
        }
    }
}

/// Keeps what was found of a file; proofs of files that are gone go as well.
fn prove(db: &Db, file: &Path, fault: Option<String>) -> Result<()> {
    let mut proofs: Proofs = habit(db, PROOFS)?;
    proofs.retain(|path, _| path.exists());
    if let Ok(about) = file.metadata() {
        proofs.insert(file.to_owned(), Proof { at: db.clock().now(), size: about.len(), fault });
    }
    set_habit(db, PROOFS, &proofs)
}

/// What is remembered under a name; what is no longer understood is as if it had never been.
fn habit<T: DeserializeOwned + Default>(db: &Db, name: &str) -> Result<T> {
    let text = db.preference(name).wait()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn set_habit(db: &Db, name: &str, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(value).map_err(|error| {
        Problem::bad_input("文件夹的名称里有不能保存的字符。").next("请换一个文件夹。").detail(error)
    })?;
    db.set_preference(name, &text).wait()
}
