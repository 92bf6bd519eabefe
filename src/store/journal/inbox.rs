//! Events from elsewhere: taken in once, in any order; what comes before its parents waits and is never dropped.

use std::collections::{BTreeSet, HashSet, VecDeque};

use rusqlite::{Connection, OptionalExtension, params};

use super::rows;
use crate::domain::Result;
use crate::domain::event::{Entry, Event, Hash};
use crate::domain::id::{DeviceId, RecordId};
#[cfg(test)]
use crate::domain::testing;

/// What became of events that arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// New here, among them such as had been waiting.
    pub taken: usize,
    /// Had been here already.
    pub known: usize,
    /// Waiting for parents, with what waited before.
    pub waiting: usize,
    /// Records that got something new, whose tables must be made again.
    pub records: BTreeSet<RecordId>,
}

/// Takes events in: accepted and waiting together are what was there and what came (architecture law 2).
///
/// Runs inside the caller's transaction. Entries must carry their true hash, as [`Event::from_wire`] computes it.
pub fn accept(connection: &Connection, arrived: Vec<Entry>) -> Result<Accepted> {
    let mut accepted = Accepted::default();
    let mut fresh: VecDeque<Entry> = VecDeque::new();
    let mut seen: HashSet<Hash> = HashSet::new();
    for entry in arrived {
        if !seen.insert(entry.hash) || is_here(connection, &entry.hash)? {
            accepted.known += 1;
        } else {
            fresh.push_back(entry);
        }
    }
    // What waited may be ready now.
    fresh.extend(waiting(connection)?.into_iter().filter(|entry| !seen.contains(&entry.hash)));
    loop {
        let mut late = VecDeque::new();
        let before = fresh.len();
        while let Some(entry) = fresh.pop_front() {
            if parents_are_here(connection, &entry)? {
                take(connection, &entry)?;
                accepted.taken += 1;
                accepted.records.insert(entry.event.record);
            } else {
                late.push_back(entry);
            }
        }
        fresh = late;
        if fresh.len() == before || fresh.is_empty() {
            break;
        }
    }
    #[cfg(test)]
    if testing::is_broken(testing::Break::OrphansDropped) {
        fresh.clear();
    }
    for entry in &fresh {
        connection
            .prepare_cached("INSERT INTO waiting (hash, event) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![entry.hash, entry.event.to_wire()])?;
    }
    accepted.waiting = fresh.len();
    Ok(accepted)
}

/// Events still waiting for their parents, in hash order.
pub fn waiting(connection: &Connection) -> Result<Vec<Entry>> {
    let mut statement = connection.prepare_cached("SELECT event FROM waiting ORDER BY hash")?;
    let mut rows = statement.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        // Written by `accept` from an event that had been read whole; damage shows in `check`.
        entries.extend(Event::from_wire(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?));
    }
    Ok(entries)
}

fn take(connection: &Connection, entry: &Entry) -> Result<()> {
    let event = &entry.event;
    let follows_here = event.seq == 1 && event.prev == Hash::ZERO
        || predecessor(connection, event.device, event.seq)? == Some(event.prev);
    let twin = connection
        .prepare_cached("SELECT count(*) FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ?")?
        .query_row(params![event.device, event.seq as i64], |row| row.get(0))?;
    #[cfg(test)]
    if twin > 0 && testing::is_broken(testing::Break::TwinsDropped) {
        return Ok(());
    }
    rows::Pen::new(connection, event.device)?.insert(entry, &rows::Place { twin, follows_here })?;
    connection.prepare_cached("DELETE FROM waiting WHERE hash = ?")?.execute([entry.hash])?;
    Ok(())
}

fn predecessor(connection: &Connection, device: DeviceId, seq: u64) -> Result<Option<Hash>> {
    let Some(before) = seq.checked_sub(1) else { return Ok(None) };
    let hash = connection
        .prepare_cached(
            "SELECT hash FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ? AND twin = 0",
        )?
        .query_row(params![device, before as i64], |row| row.get(0))
        .optional()?;
    Ok(hash)
}

fn is_here(connection: &Connection, hash: &Hash) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM event WHERE mark = ? AND hash = ?")?
        .exists(params![rows::mark(hash), hash])?)
}

/// All parents are here, and are parents of the same record: an event may not reach into another record's history.
fn parents_are_here(connection: &Connection, entry: &Entry) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM event WHERE mark = ? AND hash = ? AND record = ?")?;
    for parent in &entry.event.parents {
        if !statement.exists(params![rows::mark(parent), parent, entry.event.record])? {
            return Ok(false);
        }
    }
    Ok(true)
}
