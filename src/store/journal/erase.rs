//! Emptying events whose content was decreed to go. The digest of what they said stays, so every hash and chain still holds.

use rusqlite::{Connection, OptionalExtension, params};

use super::rows::mark;
use crate::domain::Result;
use crate::domain::event::{Body, Hash};
use crate::domain::history::History;

/// Empties events. Those that are empty already, or not here, stay as they are.
pub fn erase(connection: &Connection, events: &[Hash]) -> Result<()> {
    for hash in events {
        let body: Option<([u8; 16], Vec<u8>)> = connection
            .prepare_cached("SELECT salt, body FROM event WHERE mark = ? AND hash = ? AND body IS NOT NULL")?
            .query_row(params![mark(hash), hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((salt, bytes)) = body else { continue };
        let digest = Body::Present { salt, bytes: bytes.into() }.digest();
        connection
            .prepare_cached("UPDATE event SET salt = NULL, body = NULL, digest = ? WHERE mark = ? AND hash = ?")?
            .execute(params![digest, mark(hash), hash])?;
    }
    Ok(())
}

/// Carries out what a record's history decrees; says whether anything was still to be emptied.
pub fn carry_out(connection: &Connection, history: &History) -> Result<bool> {
    let due: Vec<Hash> = history
        .entries()
        .iter()
        .enumerate()
        .filter(|(n, entry)| history.is_erased(*n) && matches!(entry.event.body, Body::Present { .. }))
        .map(|(_, entry)| entry.hash)
        .collect();
    erase(connection, &due)?;
    Ok(!due.is_empty())
}
