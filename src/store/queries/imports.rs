//! What was imported, and what was done altogether.

use rusqlite::{Connection, Row};

use super::taken_back::undos_of;
use crate::domain::Result;
use crate::domain::event::{Hash, Stamp};
use crate::domain::id::RecordId;
use crate::store::{Answer, Db};

/// A list that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    pub id: RecordId,
    /// The action that undo takes back.
    pub action: RecordId,
    pub file: String,
    pub digest: Hash,
    pub title: String,
    pub purpose: String,
    pub rows: i64,
    pub created: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub passed_over: i64,
    pub undone: bool,
    pub actor: RecordId,
    pub at: Stamp,
}

/// Something somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRow {
    pub id: RecordId,
    pub name: String,
    pub actor: RecordId,
    pub at: Stamp,
    /// How many events it wrote.
    pub events: i64,
    pub undoes: Option<RecordId>,
    /// Another action took it back, and that still holds.
    pub undone: bool,
}

impl Db {
    /// Lists that were taken in, newest first.
    pub fn imports(&self) -> Answer<Vec<ImportRow>> {
        self.read(|connection| imports_where(connection, "TRUE", []))
    }

    /// Earlier imports of the very same file that still stand.
    pub fn imports_of(&self, digest: Hash) -> Answer<Vec<ImportRow>> {
        self.read(move |connection| imports_where(connection, "digest = ? AND undone = 0", [digest]))
    }

    /// The action that took another back, where that still holds: undoing it restores what was taken back.
    pub fn undo_of(&self, action: RecordId) -> Answer<Option<RecordId>> {
        self.read(move |connection| Ok(undos_of(connection, action)?.pop()))
    }

    /// The last things done, newest first.
    pub fn actions(&self, limit: u32) -> Answer<Vec<ActionRow>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, name, actor, at, last - first + 1, undoes,
                    EXISTS (SELECT 1 FROM action AS later WHERE later.undoes = action.id)
                 FROM action ORDER BY at DESC, id DESC LIMIT ?",
            )?;
            let all = statement
                .query_map([limit], |row| {
                    Ok(ActionRow {
                        id: row.get(0)?,
                        name: row.get(1)?,
                        actor: row.get(2)?,
                        at: Stamp(row.get(3)?),
                        events: row.get(4)?,
                        undoes: row.get(5)?,
                        undone: row.get(6)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<ActionRow>>>()?;
            let settled = all.into_iter().map(|row| {
                // Only one that was taken back once can be so still.
                let undone = row.undone && !undos_of(connection, row.id)?.is_empty();
                Ok(ActionRow { undone, ..row })
            });
            settled.collect()
        })
    }
}

fn imports_where(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<ImportRow>> {
    let sql = format!(
        "SELECT id, action, file, digest, title, purpose, rows, created, changed, unchanged, passed_over, undone, actor, at
         FROM import WHERE {condition} ORDER BY at DESC, id DESC"
    );
    let read = |row: &Row<'_>| {
        Ok(ImportRow {
            id: row.get(0)?,
            action: row.get(1)?,
            file: row.get(2)?,
            digest: row.get(3)?,
            title: row.get(4)?,
            purpose: row.get(5)?,
            rows: row.get(6)?,
            created: row.get(7)?,
            changed: row.get(8)?,
            unchanged: row.get(9)?,
            passed_over: row.get(10)?,
            undone: row.get(11)?,
            actor: row.get(12)?,
            at: Stamp(row.get(13)?),
        })
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let all = statement.query_map(parameters, read)?.collect::<rusqlite::Result<_>>()?;
    Ok(all)
}
