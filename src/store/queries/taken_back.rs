//! What took an action back and still holds, however often it went back and forth.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::domain::Result;
use crate::domain::id::RecordId;

/// The actions that took one back and were not taken back themselves, the last one last.
///
/// One undo may be taken back in turn, and so on; journals of older programs hold such rows of any length, and two machines
/// may have taken the same action back. So the whole tree of undos is read, and judged from its ends.
pub(super) fn undos_of(connection: &Connection, action: RecordId) -> Result<Vec<RecordId>> {
    // An undo is found through what it undoes, so that stands before it whatever the order; rows that go round in a circle end.
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE below (id, undoes, at) AS (
             SELECT id, undoes, at FROM action WHERE undoes = ?1
             UNION
             SELECT action.id, action.undoes, action.at FROM below JOIN action ON action.undoes = below.id)
         SELECT id, undoes, at FROM below",
    )?;
    let below = statement
        .query_map([action], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(RecordId, RecordId, i64)>>>()?;
    let mut taken_back: HashSet<RecordId> = HashSet::new();
    for (id, undoes, _) in below.iter().rev() {
        if !taken_back.contains(id) {
            taken_back.insert(*undoes);
        }
    }
    let mut standing: Vec<(i64, RecordId)> = below
        .into_iter()
        .filter(|(id, undoes, _)| *undoes == action && !taken_back.contains(id))
        .map(|(id, _, at)| (at, id))
        .collect();
    standing.sort_unstable();
    Ok(standing.into_iter().map(|(_, id)| id).collect())
}
