//! What backups are called: by the minute they were made, never twice, in characters every file system takes.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::NaiveDateTime;

use super::{ENDING, disk};
use crate::domain::{Problem, Result};

/// What an unfinished one ends in.
const PART: &str = "part";
/// An unfinished one this old is what a pulled plug has left.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// More in one minute nobody makes.
const MOST: u32 = 1000;

/// The `n`th name of a minute, counted from 1: `kebao-2026-08-24-1530.kbk`, `kebao-2026-08-24-1530-2.kbk`.
pub fn of(at: NaiveDateTime, n: u32) -> String {
    let minute = at.format("%Y-%m-%d-%H%M");
    if n == 1 { format!("kebao-{minute}.{ENDING}") } else { format!("kebao-{minute}-{n}.{ENDING}") }
}

/// Whether a name is one that [`of`] gives. A backup somebody has renamed is theirs.
pub fn is_ours(name: &str) -> bool {
    let Some(minute) = name.strip_prefix("kebao-").and_then(|rest| rest.strip_suffix(ENDING)?.strip_suffix('.')) else {
        return false;
    };
    let (minute, n) = match minute.char_indices().nth(15) {
        None => (minute, "2"),
        Some((at, _)) => match minute[at..].strip_prefix('-') {
            Some(n) => (&minute[..at], n),
            None => return false,
        },
    };
    NaiveDateTime::parse_from_str(minute, "%Y-%m-%d-%H%M").is_ok()
        && n.bytes().all(|c| c.is_ascii_digit())
        && n.parse::<u32>().is_ok_and(|n| n > 1)
}

/// An unfinished backup, gone again unless it is finished.
pub struct Part {
    pub path: PathBuf,
    finished: PathBuf,
    done: bool,
}

impl Part {
    /// Takes a free name in a folder, for this process alone.
    pub fn begin(folder: &Path, at: NaiveDateTime) -> Result<Self> {
        clear_stale(folder);
        for n in 1..MOST {
            let finished = folder.join(of(at, n));
            let path = folder.join(format!("{}.{PART}", of(at, n)));
            match File::options().write(true).create_new(true).open(&path) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(disk::unwritten(&path, &error)),
            }
            let part = Self { path, finished, done: false };
            // Whoever finishes a name gives its part up only then, so a name that is free now stays so.
            if !part.finished.exists() {
                return Ok(part);
            }
        }
        Err(Problem::io("备份文件夹里同一分钟的备份太多，备份没有做成。")
            .next("请过一分钟再试。")
            .detail(folder.display()))
    }

    /// Gives it its name, whole and on the disk.
    pub fn finish(mut self) -> Result<PathBuf> {
        let finished = self.finished.clone();
        let named = disk::sync(&self.path).and_then(|()| fs::rename(&self.path, &finished));
        named.map_err(|error| disk::unwritten(&finished, &error))?;
        self.done = true;
        disk::sync_folder_of(&finished);
        Ok(finished)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.done {
            // Left behind it is only an unfinished file, cleared away another day.
            let _ = fs::remove_file(&self.path);
            let _ = fs::remove_file(disk::beside(&self.path, "-journal"));
        }
    }
}

fn clear_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        // A process that was killed leaves what SQLite keeps beside it as well.
        let part = |name: &str| {
            name.strip_suffix("-journal").unwrap_or(name).strip_suffix(PART)?.strip_suffix('.').map(is_ours)
        };
        let ours = name.to_str().and_then(part).unwrap_or(false);
        let age =
            entry.metadata().and_then(|about| about.modified()).map(|then| SystemTime::now().duration_since(then));
        if ours && matches!(age, Ok(Ok(age)) if age > STALE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{TODAY, TempFolder};

    #[test]
    fn a_name_tells_the_minute_and_is_known_again() {
        let at = TODAY.and_hms_opt(15, 30, 59).expect("a time");
        assert_eq!(of(at, 1), "kebao-2026-08-24-1530.kbk");
        assert_eq!(of(at, 2), "kebao-2026-08-24-1530-2.kbk");
        for n in [1, 2, 17] {
            assert!(is_ours(&of(at, n)), "{n}");
        }
        for name in [
            "kebao-2026-08-24-1530-1.kbk",
            "kebao-2026-08-24-1530-.kbk",
            "kebao-2026-08-24-1530-+2.kbk",
            "kebao-2026-08-24-1530副本.kbk",
            "kebao-2026-13-24-1530.kbk",
            "重要-别删.kbk",
            "kebao-2026-08-24-1530.db",
            "kebao-.kbk",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }

    #[test]
    fn what_a_killed_backup_left_is_cleared_away_another_day() {
        let folder = TempFolder::new();
        let old = SystemTime::now() - 2 * STALE;
        for name in ["kebao-2026-08-24-1530.kbk.part", "kebao-2026-08-24-1530.kbk.part-journal", "别删.part-journal"]
        {
            File::create(folder.0.join(name)).unwrap().set_modified(old).unwrap();
        }
        clear_stale(&folder.0);
        let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["别删.part-journal"]);
    }

    #[test]
    fn two_in_one_minute_get_two_names_and_an_abandoned_one_leaves_nothing() {
        let folder = TempFolder::new();
        let at = TODAY.and_hms_opt(15, 30, 0).expect("a time");
        let (one, two) = (Part::begin(&folder.0, at).unwrap(), Part::begin(&folder.0, at).unwrap());
        let one = one.finish().unwrap();
        assert!(one.ends_with("kebao-2026-08-24-1530.kbk"));
        let three = Part::begin(&folder.0, at).unwrap();
        assert!(two.finish().unwrap().ends_with("kebao-2026-08-24-1530-2.kbk"));
        assert!(three.path.ends_with("kebao-2026-08-24-1530-3.kbk.part"));
        drop(three);
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2);
    }
}
