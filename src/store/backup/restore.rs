//! Putting a backup in place of the present, with the folder held throughout. A crash at any point leaves the old or the
//! restored database in place, and nothing lost:
//!
//! 1. The backup is copied beside the present under a name of its own, given a new device, and everything in it verified.
//! 2. Kept files it speaks of that are missing here are brought back; they are in nobody's way.
//! 3. The present's write-ahead log is folded in, so that the present is one file.
//! 4. The present gets a second name, under which it stays. Both names are on the disk before the next step.
//! 5. The copy takes the first name in one rename, which either happened or did not.
//!
//! A present too broken for step 3 is copied aside with its log, which is then removed: replayed on another database a log
//! would destroy it. Between that and step 5 the broken one stands in place without its log; aside it is as it was.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;

use super::{Contents, HABITS, MADE, disk, kept, look};
use crate::domain::id::DeviceId;
use crate::domain::{Kind, Problem, Result};
use crate::store::attachments::FILES;
use crate::store::db::{configure, reader};
use crate::store::device::{self, HOME, Own};
use crate::store::{DATABASE_FILE, Options, file};

/// The copy that is to take the present's place.
const COMING: &str = "kebao.db.restoring";

/// What SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How long a window that is closing may take to let the folder go.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a restore has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    pub holds: Contents,
    /// Where the database lies that was there before; renamed to `kebao.db` it is the present again.
    pub aside: Option<PathBuf>,
    /// The device this machine writes as from now on.
    pub device: DeviceId,
    /// Kept files that were missing here and came back.
    pub files: usize,
    /// Kept files that are neither here nor beside the backup.
    pub missing: usize,
}

/// How far a restore has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Ready,
    FilesBack,
    Folded,
    Aside,
    InPlace,
}

/// Puts a backup in place of the present database, for the next opening. Whoever has the office open must let it go first.
///
/// # Errors
/// One sentence, with nothing changed: the folder is held by another, the file is not ours, damaged or too new, the disk is
/// full.
pub fn restore(folder: &Path, backup: &Path, options: &Options) -> Result<Restored> {
    file::prepare(folder)?;
    // Held until everything is in place.
    let _lock = lock(folder)?;
    exchange(folder, backup, options, &mut |_| {})
}

fn lock(folder: &Path) -> Result<File> {
    let since = Instant::now();
    loop {
        match file::lock(folder) {
            Err(problem) if problem.kind == Kind::Busy && since.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(50));
            }
            other => return other,
        }
    }
}

/// Removes what a crash in the middle of a restore, or of a look at an old backup, has left that is of no use. Called with
/// the folder held.
pub fn clear_away(folder: &Path) {
    let coming = folder.join(COMING);
    look::clear_away(folder);
    for path in BESIDE.iter().map(|what| disk::beside(&coming, what)).chain([coming.clone()]) {
        // In the way of nobody; the next restore says so if it is in its own.
        let _ = fs::remove_file(path);
    }
}

/// The steps. `watch` hears of each when it is done.
pub(super) fn exchange(
    folder: &Path,
    backup: &Path,
    options: &Options,
    watch: &mut dyn FnMut(Step),
) -> Result<Restored> {
    let present = folder.join(DATABASE_FILE);
    let coming = folder.join(COMING);
    let same = |a: &Path, b: &Path| matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b);
    if same(backup, &present) {
        return Err(Problem::bad_input("这就是现在的数据，不用恢复。").next("请选一份备份。"));
    }
    let there = present.metadata().is_ok_and(|about| about.len() > 0);
    let readable = there && readable(&present)?;
    look::inspect(backup)?;
    clear_away(folder);
    let made = prepare(readable.then_some(&*present), backup, &coming, options);
    if made.is_err() {
        clear_away(folder);
    }
    let (device, holds, wanted) = made?;
    watch(Step::Ready);
    let beside = backup.parent().unwrap_or(Path::new(".")).join(FILES);
    let (files, missing) =
        kept::bring_back(&wanted, &beside, &folder.join(FILES)).inspect_err(|_| clear_away(folder))?;
    watch(Step::FilesBack);
    let whole = if readable { fold(&present) } else { Ok(false) }.inspect_err(|_| clear_away(folder))?;
    watch(Step::Folded);
    let aside = free(folder, options.clock.now());
    set_aside(&present, &aside, there, whole).map_err(|error| {
        clear_away(folder);
        disk::unrestored(&aside, &error)
    })?;
    watch(Step::Aside);
    fs::rename(&coming, &present).map_err(|error| {
        clear_away(folder);
        disk::unrestored(&present, &error)
    })?;
    disk::sync_folder_of(&present);
    watch(Step::InPlace);
    Ok(Restored { holds, aside: there.then_some(aside), device, files, missing })
}

/// Whether the present's head is a database's. SQLite is not let near one that is not: it would take its log for spoiled.
///
/// # Errors
/// Another program's database, which is not ours to move.
fn readable(present: &Path) -> Result<bool> {
    match file::inspect(present) {
        Err(problem) if problem.kind == Kind::Foreign => Err(problem),
        Err(problem) => Ok(problem.kind == Kind::TooNew),
        Ok(()) => Ok(true),
    }
}

/// Copies the backup and makes it this machine's: a new device, so that it never continues a chain it has lost the end of; what
/// it wrote before as its own; the present's own settings for backups. Verified as it will stand there.
fn prepare(
    present: Option<&Path>,
    backup: &Path,
    coming: &Path,
    options: &Options,
) -> Result<(DeviceId, Contents, Vec<crate::domain::event::Hash>)> {
    look::copy_with_log(backup, coming).map_err(|error| disk::unrestored(coming, &error))?;
    let mut connection = look::bring_up(coming).map_err(|problem| look::about(backup, problem))?;
    look::whole(backup, &connection, false)?;
    if look::whole(backup, &connection, true).is_err() {
        look::remake(&mut connection)?;
        look::whole(backup, &connection, true)?;
    }
    let habits = present.and_then(habits);
    let transaction = connection.transaction()?;
    let former = transaction.query_row("SELECT device FROM machine", [], |row| row.get(0))?;
    let former = (former, device::end(&transaction, former)?);
    let device = device::renew(&transaction, former, &options.entropy, &options.clock)?;
    for chain in present.and_then(written).unwrap_or_default() {
        device::give_up(&transaction, chain)?;
    }
    transaction.execute("DELETE FROM preference WHERE name IN (?, ?)", [MADE, HOME])?;
    if let Some(habits) = habits {
        transaction.execute("DELETE FROM preference WHERE name LIKE ? || '%'", [HABITS])?;
        for (name, value) in habits {
            transaction.execute("INSERT INTO preference (name, value) VALUES (?, ?)", params![name, value])?;
        }
    }
    transaction.commit()?;
    let (holds, wanted) = (look::contents(&connection)?, kept::wanted(&connection)?);
    connection.close().map_err(|(_, error)| error)?;
    disk::sync(coming).map_err(|error| disk::unrestored(coming, &error))?;
    disk::sync_folder_of(coming);
    Ok((device, holds, wanted))
}

/// Where backups go and what was proven of them, as the present has it; nothing where it cannot be read.
fn habits(present: &Path) -> Option<Vec<(String, String)>> {
    let read = || -> Result<Vec<(String, String)>> {
        let connection = reader(present)?;
        let mut statement = connection.prepare("SELECT name, value FROM preference WHERE name LIKE ? || '%'")?;
        let rows = statement.query_map([HABITS], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    read().ok()
}

/// The chains the present has written, each up to where it stands: they stay this machine's own, although the backup may lack
/// their ends. Nothing where it cannot be read; where an older program wrote it, only the last of them is known.
fn written(present: &Path) -> Option<Vec<(DeviceId, u64)>> {
    let read = || -> Result<Vec<(DeviceId, u64)>> {
        let connection = reader(present)?;
        let device = connection.query_row("SELECT device FROM machine", [], |row| row.get(0))?;
        let own = Own::read(&connection).ok();
        let mut chains: Vec<_> = own.iter().flat_map(Own::chains).filter(|(former, _)| *former != device).collect();
        chains.push((device, device::end(&connection, device)?));
        Ok(chains)
    };
    read().ok()
}

/// Folds the present's log into it. Returns whether the present is one file now; `false` for one too broken to say.
fn fold(present: &Path) -> Result<bool> {
    let fold = || -> Result<bool> {
        let connection = Connection::open_with_flags(present, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        configure(&connection)?;
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        // The last to close it takes the log away; a file that is no log at all is none.
        connection.close().map_err(|(_, error)| error)?;
        Ok(busy == 0)
    };
    match fold() {
        Ok(true) => {
            let log = disk::beside(present, "-wal");
            Ok(!log.metadata().is_ok_and(|about| about.len() > 0))
        }
        Ok(false) => Err(in_use()),
        Err(problem) if problem.kind == Kind::Busy => Err(in_use()),
        Err(problem) if problem.kind == Kind::Io => Err(problem),
        Err(_) => Ok(false),
    }
}

fn in_use() -> Problem {
    Problem::new(Kind::Busy, "数据库正被另一个程序占用，没有恢复，现在的数据没有改动。")
        .next("请关闭另一个程序后重试。")
}

/// Gives the present a second name, and takes away what would be replayed on whatever comes in its place. A log without its
/// database is no less dangerous, and is kept as well.
fn set_aside(present: &Path, aside: &Path, there: bool, whole: bool) -> std::io::Result<()> {
    // Where a file system has no second names, a copy is as good.
    if there && (!whole || fs::hard_link(present, aside).is_err()) {
        disk::copy(present, aside)?;
    }
    let logs = BESIDE.map(|what| (disk::beside(present, what), disk::beside(aside, what)));
    let logs = logs.iter().filter(|(log, _)| log.exists());
    if !whole {
        for (log, kept) in logs.clone() {
            disk::copy(log, kept)?;
        }
    }
    disk::sync_folder_of(aside);
    for (log, _) in logs {
        fs::remove_file(log)?;
    }
    disk::sync_folder_of(present);
    Ok(())
}

/// A free name for the present: `kebao-before-restore-2026-08-24-1530.db`.
fn free(folder: &Path, at: NaiveDateTime) -> PathBuf {
    let minute = at.format("%Y-%m-%d-%H%M");
    let mut n = 1;
    loop {
        let name = if n == 1 {
            format!("kebao-before-restore-{minute}.db")
        } else {
            format!("kebao-before-restore-{minute}-{n}.db")
        };
        let path = folder.join(name);
        if !path.exists() && !disk::beside(&path, "-wal").exists() {
            return path;
        }
        n += 1;
    }
}
