//! Files and folders of backups: written whole, synced, and each trouble in one sentence.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::domain::{Kind, Problem, Result};

/// Puts a file's content on the disk.
pub fn sync(file: &Path) -> io::Result<()> {
    // Windows syncs only what is open for writing.
    File::options().write(true).open(file)?.sync_all()
}

/// Puts a folder's names on the disk, where the system has a way to.
pub fn sync_folder_of(file: &Path) {
    if cfg!(unix)
        && let Some(folder) = file.parent()
    {
        // A file system that cannot sync folders keeps its names by other means.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Copies a file and syncs the copy.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let copied = fs::copy(from, to).and_then(|_| {
        // A copy of a write-protected file would be write-protected as well.
        #[cfg(windows)]
        {
            let mut rights = fs::metadata(to)?.permissions();
            #[allow(clippy::permissions_set_readonly_false, reason = "on Windows it is but one flag")]
            rights.set_readonly(false);
            fs::set_permissions(to, rights)?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(to)?.permissions().mode();
            fs::set_permissions(to, fs::Permissions::from_mode(mode | 0o600))?;
        }
        sync(to)
    });
    if copied.is_err() {
        let _ = fs::remove_file(to);
    }
    copied
}

/// The file SQLite keeps beside a database: its name with something behind.
pub fn beside(file: &Path, what: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(what);
    path.into()
}

/// Makes a folder of backups.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))
}

/// Whether a folder can be written, tried with a small file.
pub fn must_take(folder: &Path) -> Result<()> {
    if !folder.is_absolute() {
        return Err(Problem::bad_input("备份文件夹要写完整的路径。").next("请从盘符或根目录写起，或点“浏览…”选。"));
    }
    if !folder.is_dir() {
        return Err(missing(folder));
    }
    let trial = folder.join(format!(".kebao-{}", std::process::id()));
    let written = fs::write(&trial, b"kebao").and_then(|()| fs::remove_file(&trial));
    written.map_err(|error| unwritten(folder, &error))
}

/// The chosen folder is not there: a drive may have been pulled out.
pub fn missing(folder: &Path) -> Problem {
    Problem::not_found("找不到备份文件夹。")
        .next("如果在 U 盘或共享文件夹上，请先接上；也可以在“数据 › 备份”里换一个文件夹。")
        .detail(folder.display())
}

/// A backup could not be written.
pub fn unwritten(path: &Path, error: &io::Error) -> Problem {
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let says = if full { FULL } else { UNWRITABLE };
    Problem::io(says).next(ELSEWHERE).detail(format!("{}: {error}", path.display()))
}

/// The same for what SQLite met while writing into the folder.
pub fn sqlite(path: &Path, error: rusqlite::Error) -> Problem {
    use rusqlite::ErrorCode;
    let says = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => FULL,
        Some(
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen | ErrorCode::SystemIoFailure,
        ) => UNWRITABLE,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            return Problem::damaged("现在的数据库有损坏，备份没有做成，以前的备份都还在。")
                .next("请在“数据 › 核验”里查看哪里损坏。")
                .detail(error);
        }
        _ => return error.into(),
    };
    Problem::io(says).next(ELSEWHERE).detail(format!("{}: {error}", path.display()))
}

const FULL: &str = "备份文件夹所在的磁盘已满，备份没有做成。";
const UNWRITABLE: &str = "备份文件夹不能写入，备份没有做成。";
const ELSEWHERE: &str = "请清理磁盘、检查权限，或在“数据 › 备份”里换一个文件夹。";

/// A step of a restore that the disk refused; nothing was exchanged yet.
pub fn unrestored(path: &Path, error: &io::Error) -> Problem {
    let says = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘已满，没有恢复，现在的数据没有改动。",
        _ => "读写文件失败，没有恢复，现在的数据没有改动。",
    };
    Problem::new(Kind::Io, says)
        .next("请检查磁盘空间和数据文件夹的权限后重试。")
        .detail(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_closed_folder_get_their_own_sentences() {
        let path = Path::new("/somewhere/kebao.kbk");
        assert!(unwritten(path, &ErrorKind::StorageFull.into()).says.contains("磁盘已满"));
        assert!(unwritten(path, &ErrorKind::PermissionDenied.into()).says.contains("不能写入"));
        let met = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        assert!(sqlite(path, met(rusqlite::ffi::SQLITE_FULL)).says.contains("磁盘已满"));
        assert!(sqlite(path, met(rusqlite::ffi::SQLITE_CANTOPEN)).says.contains("不能写入"));
        assert_eq!(sqlite(path, met(rusqlite::ffi::SQLITE_CORRUPT)).kind, Kind::Damaged);
        assert!(unrestored(path, &ErrorKind::StorageFull.into()).says.contains("没有改动"));
    }
}
