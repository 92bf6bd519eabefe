//! Kept files whose content was lawfully erased: found in the tables, taken from the disk, and never kept again.
//!
//! The decree is an event of the record the file belonged to; every machine that has it removes its own copy, after the
//! commit that brought it and once more whenever the office is opened, so that a pulled plug leaves no file behind.

use std::path::Path;

use rusqlite::Connection;

use super::attachments::{FILES, place, wipe};
use crate::domain::event::Hash;
use crate::domain::{Problem, Result};

/// Whether a file's content was decreed to go.
pub fn is_erased(connection: &Connection, file: &Hash) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM erased_file WHERE digest = ?")?.exists([file])?)
}

/// What is said to whoever wants to keep such a file again.
pub fn refusal(name: &str) -> Problem {
    Problem::refused(format!("“{name}”的内容已依法清除，不能再存进来。"))
        .next("确需重新提交的，请去掉应清除的内容，另做一份文件。")
}

/// Removes every such file that still lies in an office's folder. One that cannot be removed now is told by the check, and
/// goes when the office is opened again.
pub fn remove(connection: &Connection, folder: &Path) -> Result<()> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT digest FROM erased_file")?;
    let all = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Hash>>>()?;
    for file in all {
        let path = place(&folder.join(FILES), &file);
        if path.exists() {
            wipe(&path);
        }
    }
    Ok(())
}
