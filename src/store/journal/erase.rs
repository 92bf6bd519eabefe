//! Emptying events whose content was decreed to go. The digest of what they said stays, so every hash and chain still holds.

use rusqlite::{Connection, params};

use crate::domain::Result;
use crate::domain::event::{Body, Entry};
use crate::domain::history::History;

/// Empties events. Those that are empty already, or not here, stay as they are.
pub fn erase<'e>(connection: &Connection, events: impl IntoIterator<Item = &'e Entry>) -> Result<()> {
    for Entry { hash, event } in events {
        if matches!(event.body, Body::Erased { .. }) {
            continue;
        }
        connection
            .prepare_cached(
                "UPDATE event SET salt = NULL, body = NULL, digest = ?
                 WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ? AND hash = ? AND body IS NOT NULL",
            )?
            .execute(params![event.body.digest(), event.device, event.seq as i64, hash])?;
    }
    Ok(())
}

/// Carries out what a record's history decrees; says whether anything was still to be emptied.
pub fn carry_out(connection: &Connection, history: &History) -> Result<bool> {
    let due: Vec<&Entry> = history
        .entries()
        .iter()
        .enumerate()
        .filter(|(n, entry)| history.is_erased(*n) && matches!(entry.event.body, Body::Present { .. }))
        .map(|(_, entry)| entry)
        .collect();
    erase(connection, due.iter().copied())?;
    Ok(!due.is_empty())
}
