//! Looking at backups without changing them: which are there, whether they can be restored, what they hold, what is lost.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::Serialize;

use super::{Backup, ENDING, MADE, Made, Proofs, Verified, disk, kept};
use crate::domain::event::{Hash, Stamp};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::{Kind, Problem, Result};
use crate::store::clock::Clock;
use crate::store::db::{configure, reader};
use crate::store::journal::Fault;
use crate::store::{DATABASE_FILE, file, schema, tables, whole};

/// How many of the deeds that would be lost are named.
const NAMED: usize = 5;

/// What a database holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    pub office: String,
    pub firms: u64,
    pub filings: u64,
    pub events: u64,
    pub actions: u64,
    pub last: Option<Deed>,
}

/// An action, as far as a list of them names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deed {
    pub name: String,
    pub actor: RecordId,
    pub at: Stamp,
}

/// What the present holds and a backup does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lost {
    pub events: u64,
    pub actions: u64,
    /// The last few of them, newest first.
    pub newest: Vec<Deed>,
}

/// What restoring a backup would bring and lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    pub file: PathBuf,
    pub made: Option<Made>,
    pub holds: Contents,
    /// What there is at present, where it can be read.
    pub present: Option<Contents>,
    /// `None` where the present cannot be read; nothing where there is none.
    pub lost: Option<Lost>,
}

/// Backups in a folder, newest first; each file only as far as it says something of itself.
pub fn list(folder: &Path, proofs: &Proofs, clock: &Clock) -> Result<Vec<Backup>> {
    let entries = fs::read_dir(folder).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => disk::missing(folder),
        _ => Problem::io("备份文件夹读不出来。")
            .next("请检查权限，或换一个文件夹。")
            .detail(format!("{}: {error}", folder.display())),
    })?;
    let mut all = Vec::new();
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(about) = fs::metadata(&path) else { continue };
        if !about.is_file() || !is_backup(&path) {
            continue;
        }
        let (size, made) = (about.len(), made(&path));
        let told = proofs.get(&path).filter(|proof| proof.size == size);
        let verified = match (inspect(&path), told) {
            (Err(problem), _) => Verified::Broken { says: problem.says },
            (_, Some(proof)) => match &proof.fault {
                Some(says) => Verified::Broken { says: says.clone() },
                None => Verified::Yes { at: proof.at },
            },
            _ => Verified::No,
        };
        let written = || {
            let since = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
            Some(clock.local(i64::try_from(since.as_millis()).ok()?))
        };
        let at = made.as_ref().map(|made| made.at).or_else(written).unwrap_or_default();
        all.push(Backup { path, name, at, size, made, verified });
    }
    all.sort_by(|a, b| (b.at, &b.name).cmp(&(a.at, &a.name)));
    Ok(all)
}

/// Whole backups in a folder by name, with what they say of themselves.
pub fn signed(folder: &Path) -> Vec<(String, Made)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| is_backup(&entry.path()))
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, made(&entry.path())?)))
        .collect()
}

fn is_backup(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ENDING))
}

/// What a file says of itself; nothing where it is damaged or not a backup.
fn made(path: &Path) -> Option<Made> {
    inspect(path).ok()?;
    signature(&Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?).ok()?
}

pub(super) fn signature(connection: &Connection) -> Result<Option<Made>> {
    let text: Option<String> =
        connection.query_row("SELECT value FROM preference WHERE name = ?", [MADE], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Looks at a file's head: is it there, one of ours, of a version we read?
pub fn inspect(path: &Path) -> Result<()> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(100).read_to_end(&mut head));
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::not_found("找不到这份备份。")
            .next("请核对文件名；在 U 盘或共享文件夹上的请先接上。")
            .detail(path.display()),
        _ => {
            Problem::io("备份文件读不出来。").next("请检查权限和磁盘。").detail(format!("{}: {error}", path.display()))
        }
    })?;
    // Cut short inside the head it may still have been ours.
    if !b"SQLite format 3\0".starts_with(&head[..head.len().min(16)]) {
        return Err(foreign(path));
    }
    if head.len() < 100 {
        return Err(damaged("文件不完整").detail(path.display()));
    }
    file::inspect(path).map_err(|problem| about(path, problem))
}

fn foreign(path: &Path) -> Problem {
    Problem::foreign("这个文件不是科报的备份，没有改动任何数据。")
        .next("请选科报做的备份（kebao-日期.kbk）。")
        .detail(path.display())
}

fn damaged(why: &str) -> Problem {
    Problem::damaged(format!("这份备份已损坏，恢复不了（{why}），没有改动任何数据。")).next("请换一份备份。")
}

/// What went wrong with a backup, where the words at hand speak of the office's own database.
pub(super) fn about(path: &Path, problem: Problem) -> Problem {
    let detail = problem.detail.clone().unwrap_or_else(|| problem.says.clone());
    let detail = format!("{}: {detail}", path.display());
    match problem.kind {
        Kind::Foreign => foreign(path),
        Kind::TooNew => {
            Problem::new(Kind::TooNew, "这份备份由更新版本的科报做成，这个版本恢复不了，没有改动任何数据。")
                .next("请安装新版科报后再恢复。")
                .detail(detail)
        }
        // A statement that does not fit means tables that are not there.
        Kind::Damaged | Kind::Bug => damaged("数据库读不下去").detail(detail),
        _ => problem,
    }
}

/// Proves that a backup can be restored, on nothing but the file: opened, brought to this version, everything verified.
/// `scratch` is a folder in which an older version may be brought to this one. Returns the kept files that it speaks of.
///
/// # Errors
/// One sentence that names the first fault.
pub fn prove(path: &Path, scratch: &Path) -> Result<Vec<Hash>> {
    let opened = open(path, scratch)?;
    whole(path, &opened.connection, true)?;
    kept::wanted(&opened.connection)
}

/// Whether everything in a backup is as it was written. Two events at one place are a cloned PC's, not damage; tables that
/// drifted are none either where a restore makes them again.
pub(super) fn whole(path: &Path, connection: &Connection, tables: bool) -> Result<()> {
    let report = whole::check(connection).map_err(|problem| about(path, problem))?;
    let wrong = |fault: &&Fault| fault.is_serious() || tables && matches!(fault, Fault::Table { .. });
    let faults: Vec<&Fault> = report.faults.iter().filter(wrong).collect();
    let Some(first) = faults.first() else { return Ok(()) };
    let others = if faults.len() > 1 { format!("，共 {} 处", faults.len()) } else { String::new() };
    Err(damaged(&format!("{}{others}", first.says().trim_end_matches('。'))).detail(path.display()))
}

/// A backup open for reading, and the copy that was brought to this version where it had to be.
pub(super) struct Opened {
    pub connection: Connection,
    _copy: Option<Copy>,
}

/// A file of this process alone, gone when dropped.
struct Copy(PathBuf);

/// What the names of such copies begin with.
const COPY: &str = ".kebao-look-";

impl Copy {
    fn in_folder(folder: &Path) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(folder.join(format!("{COPY}{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))))
    }
}

/// Removes copies that a crash has left.
pub fn clear_away(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(COPY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for what in ["", "-wal", "-shm", "-journal"] {
            // Left behind it is only a file in the way of nobody.
            let _ = fs::remove_file(disk::beside(&self.0, what));
        }
    }
}

/// Opens a backup without changing it.
pub(super) fn open(path: &Path, scratch: &Path) -> Result<Opened> {
    inspect(path)?;
    // A database with a log would get files beside it by being read.
    let fits = if logs(path) { Ok(None) } else { plain(path) };
    match fits.map_err(|problem| about(path, problem))? {
        Some(connection) => Ok(Opened { connection, _copy: None }),
        None => {
            let copy = Copy::in_folder(scratch);
            copy_with_log(path, &copy.0).map_err(|error| disk::unrestored(&copy.0, &error))?;
            let connection = bring_up(&copy.0).map_err(|problem| about(path, problem))?;
            Ok(Opened { connection, _copy: Some(copy) })
        }
    }
}

/// The file itself, where it needs nothing done to it.
fn plain(path: &Path) -> Result<Option<Connection>> {
    let connection = reader(path)?;
    let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let shape: i64 = connection.query_row("SELECT shape FROM machine", [], |row| row.get(0))?;
    Ok((version == schema::VERSION && shape == schema::SHAPE).then_some(connection))
}

/// Whether a database keeps a write-ahead log, as the office's own does and a backup does not.
fn logs(path: &Path) -> bool {
    let mut head = [0; 20];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head[18] == 2
}

/// Copies a database with what SQLite keeps beside it: commits that were not folded in yet.
pub(super) fn copy_with_log(from: &Path, to: &Path) -> std::io::Result<()> {
    disk::copy(from, to)?;
    for what in ["-wal", "-journal"] {
        let log = disk::beside(from, what);
        if log.exists() {
            disk::copy(&log, &disk::beside(to, what))?;
        }
    }
    Ok(())
}

/// Opens a copy for writing and brings it to this version; tables of another shape are made again from the journal.
pub(super) fn bring_up(copy: &Path) -> Result<Connection> {
    let mut connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    configure(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    schema::migrate(&mut connection)?;
    let shape: i64 = connection.query_row("SELECT shape FROM machine", [], |row| row.get(0))?;
    if shape != schema::SHAPE {
        remake(&mut connection)?;
    }
    Ok(connection)
}

/// Makes all derived tables again from the journal.
pub(super) fn remake(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    schema::remake_derived(&transaction)?;
    tables::rebuild(&transaction, &mut |_, _| std::ops::ControlFlow::Continue(()))?;
    transaction.execute("UPDATE machine SET shape = ?", [schema::SHAPE])?;
    transaction.commit()?;
    Ok(())
}

/// What a database holds, by its tables.
pub fn contents(connection: &Connection) -> Result<Contents> {
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let fields: Option<String> = connection
        .query_row("SELECT fields FROM office WHERE id = ?", [RecordId::OFFICE], |row| row.get(0))
        .optional()?;
    let fields: Option<serde_json::Value> = fields.and_then(|fields| serde_json::from_str(&fields).ok());
    let office = fields.as_ref().and_then(|fields| fields.get(crate::domain::people::office_key::NAME)?.as_str());
    Ok(Contents {
        office: office.unwrap_or_default().to_owned(),
        firms: count("SELECT count(*) FROM firm")?,
        filings: count("SELECT count(*) FROM filing")?,
        events: count("SELECT count(*) FROM event")?,
        actions: count("SELECT count(*) FROM action")?,
        last: deeds(connection, "SELECT name, actor, at FROM action ORDER BY at DESC, id DESC LIMIT ?", 1)?.pop(),
    })
}

fn deeds(connection: &Connection, sql: &str, most: usize) -> Result<Vec<Deed>> {
    let mut statement = connection.prepare(sql)?;
    let deed = |row: &rusqlite::Row<'_>| Ok(Deed { name: row.get(0)?, actor: row.get(1)?, at: Stamp(row.get(2)?) });
    let all = statement.query_map([most as i64], deed)?.collect::<rusqlite::Result<_>>()?;
    Ok(all)
}

/// What restoring a backup into a data folder would bring and lose. Verifies the backup; changes nothing.
///
/// # Errors
/// One sentence where it cannot be restored: not ours, damaged, too new.
pub fn preview(folder: &Path, path: &Path) -> Result<Preview> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let scratch = if folder.is_dir() { folder.to_owned() } else { std::env::temp_dir() };
    let opened = open(&path, &scratch)?;
    let backup = &opened.connection;
    whole(&path, backup, false)?;
    let database = folder.join(DATABASE_FILE);
    let (present, lost) = if database.exists() {
        // A present that cannot be read is a reason to restore, not to refuse.
        match compare(&database, backup) {
            Ok((present, lost)) => (Some(present), Some(lost)),
            Err(_) => (None, None),
        }
    } else {
        (None, Some(Lost::default()))
    };
    Ok(Preview { made: signature(backup)?, holds: contents(backup)?, present, lost, file: path })
}

/// What the present holds, and what of it a backup does not.
fn compare(database: &Path, backup: &Connection) -> Result<(Contents, Lost)> {
    let present = reader(database)?;
    // Read one beside the other: attaching would want the backup's path in words that SQLite takes.
    let mut lost = Lost::default();
    let mut known = backup
        .prepare("SELECT 1 FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ? AND hash = ?")?;
    let mut events =
        present.prepare("SELECT device.id, event.seq, event.hash FROM event JOIN device ON device.n = event.device")?;
    let mut rows = events.query([])?;
    while let Some(row) = rows.next()? {
        let (device, seq, hash): (DeviceId, i64, Hash) = (row.get(0)?, row.get(1)?, row.get(2)?);
        lost.events += u64::from(!known.exists(rusqlite::params![device, seq, hash])?);
    }
    let mut known = backup.prepare("SELECT 1 FROM action WHERE id = ?")?;
    let mut actions = present.prepare("SELECT id, name, actor, at FROM action ORDER BY at DESC, id DESC")?;
    let mut rows = actions.query([])?;
    while let Some(row) = rows.next()? {
        if known.exists([row.get::<_, RecordId>(0)?])? {
            continue;
        }
        lost.actions += 1;
        if lost.newest.len() < NAMED {
            lost.newest.push(Deed { name: row.get(1)?, actor: row.get(2)?, at: Stamp(row.get(3)?) });
        }
    }
    Ok((contents(&present)?, lost))
}
