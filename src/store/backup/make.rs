//! Making a backup: a snapshot under an unfinished name, signed, proven restorable, its kept files beside it; then its name.
//!
//! What has its name is whole: a pulled plug, a full disk or a fault on the way leaves nothing but an unfinished file.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;

use super::name::Part;
use super::{Backup, By, MADE, Made, Moment, Settings, Verified, disk, habit, keep, kept, look, name};
use crate::domain::id::DeviceId;
use crate::domain::{Kind, Problem, Result};
use crate::store::attachments::FILES;
use crate::store::db::{configure, reader};
use crate::store::{DATABASE_FILE, Db};

/// What became of the kept files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// Beside the backup now, with what had been there.
    pub all: usize,
    /// Newly copied.
    pub copied: usize,
    /// Neither here nor beside the backup whole: their content is not what their name says.
    pub damaged: usize,
    /// The backup speaks of them, and they are nowhere.
    pub missing: usize,
}

/// Makes a backup in a folder that is there.
pub fn make(db: &Db, by: By, folder: &Path) -> Result<super::Fresh> {
    let at = db.clock().now();
    let part = Part::begin(folder, at)?;
    let database = db.folder().join(DATABASE_FILE);
    snapshot(&database, &part.path)?;
    let made = sign(&part.path, at, by)?;
    let wanted = look::prove(&part.path, folder).map_err(unproven)?;
    // After the snapshot: a kept file is there before the import that speaks of it.
    let files = kept::carry(&wanted, &db.folder().join(FILES), &folder.join(FILES))?;
    let size = fs::metadata(&part.path).map_err(|error| disk::unwritten(&part.path, &error))?.len();
    let device = made.device;
    let path = part.finish()?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let verified = Verified::Yes { at: db.clock().now() };
    let backup = Backup { path, name, at, size, made: Some(made), verified };
    let thinned = if by == By::Automatic { thin(db, folder, device)? } else { 0 };
    Ok(super::Fresh { backup, files, thinned })
}

/// Copies the office as of the last commit; neither writer nor window waits for it.
fn snapshot(database: &Path, part: &Path) -> Result<()> {
    let Some(target) = part.to_str() else {
        return Err(Problem::bad_input("备份文件夹的名称里有不能用的字符。")
            .next("请换一个文件夹。")
            .detail(part.display()));
    };
    reader(database)?.execute("VACUUM INTO ?", [target]).map_err(|error| disk::sqlite(part, error))?;
    Ok(())
}

/// Writes into the backup what it says of itself.
fn sign(part: &Path, at: chrono::NaiveDateTime, by: By) -> Result<Made> {
    let sign = |part: &Path| -> rusqlite::Result<(Connection, DeviceId)> {
        let copy = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // One file and nothing beside it, so that it can be copied about and read from a write-protected medium.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        let device = copy.query_row("SELECT device FROM machine", [], |row| row.get(0))?;
        Ok((copy, device))
    };
    let (copy, device) = sign(part).map_err(|error| disk::sqlite(part, error))?;
    configure(&copy)?;
    let holds = look::contents(&copy)?;
    let made =
        Made { at, by, device, office: holds.office, events: holds.events, firms: holds.firms, filings: holds.filings };
    let text = serde_json::to_string(&made).map_err(Problem::bug)?;
    copy.execute("INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)", params![MADE, text])
        .map_err(|error| disk::sqlite(part, error))?;
    Ok(made)
}

/// A copy that is not whole comes of an office that is not, or of a disk that lies.
fn unproven(problem: Problem) -> Problem {
    if problem.kind != Kind::Damaged {
        return problem;
    }
    Problem::damaged("备份没有通过核验，没有留下；以前的备份都还在。")
        .next("请在“数据 › 核验”里看现在的数据是否完好；表与流水不符时先重建各表。")
        .detail(problem.says)
}

/// Lets automatic backups of this machine's chain go that no day, week or month keeps. Returns how many.
fn thin(db: &Db, folder: &Path, device: DeviceId) -> Result<usize> {
    let settings: Settings = habit(db, super::SETTINGS)?;
    let own: Vec<(String, Made)> = look::signed(folder)
        .into_iter()
        .filter(|(name, made)| name::is_ours(name) && made.by == By::Automatic && made.device == device)
        .collect();
    let moments: Vec<Moment<'_>> = own.iter().map(|(name, made)| Moment { at: made.at, name }).collect();
    let stay = keep(&moments, db.clock().today(), settings.counts);
    let going = own.iter().filter(|(name, _)| !stay.contains(name.as_str()));
    // One that cannot be removed now goes another day.
    Ok(going.filter(|(name, _)| fs::remove_file(folder.join(name)).is_ok()).count())
}
