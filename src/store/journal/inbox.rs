//! Events from elsewhere: taken in once, in any order; what comes before its parents waits and is never dropped.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::rows;
use crate::domain::Result;
use crate::domain::event::{Body, Entry, Event, Fact, Hash};
use crate::domain::id::{DeviceId, RecordId};
#[cfg(test)]
use crate::domain::testing;

/// Kind of the events that decree an erasure.
const ERASED: &str = "record.erased";

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
///
/// An event whose body was erased elsewhere is taken only together with the decree that says so: without it, a machine that
/// has the body and one that has not would show different things while holding the same events.
pub fn accept(connection: &Connection, arrived: Vec<Entry>) -> Result<Accepted> {
    let (fresh, known) = fresh(connection, arrived)?;
    let mut accepted = Accepted { known, ..Accepted::default() };
    let ready = ready(connection, &fresh)?;
    let mut rest: Vec<Option<Entry>> = fresh.into_iter().map(Some).collect();
    for at in ready {
        if let Some(entry) = rest[at].take() {
            take(connection, &entry)?;
            accepted.taken += 1;
            accepted.records.insert(entry.event.record);
        }
    }
    #[allow(unused_mut, reason = "tests break it")]
    let mut fresh: Vec<Entry> = rest.into_iter().flatten().collect();
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

/// What [`accept`] would take of events that arrive, parents first: they themselves, and what waited here and is ready then.
pub fn foresee(connection: &Connection, arrived: Vec<Entry>) -> Result<Vec<Entry>> {
    let (fresh, _) = fresh(connection, arrived)?;
    let ready = ready(connection, &fresh)?;
    let mut fresh: Vec<Option<Entry>> = fresh.into_iter().map(Some).collect();
    Ok(ready.into_iter().filter_map(|at| fresh[at].take()).collect())
}

/// Events that are not here yet, each once, with those that wait here; and how many were here or came twice.
fn fresh(connection: &Connection, arrived: Vec<Entry>) -> Result<(Vec<Entry>, usize)> {
    let mut known = 0;
    let mut fresh: Vec<Entry> = Vec::new();
    let mut seen: HashMap<Hash, usize> = HashMap::new();
    for entry in arrived {
        match seen.get(&entry.hash) {
            Some(at) => {
                known += 1;
                // The one that still says something is worth more.
                if is_erased(&fresh[*at]) {
                    fresh[*at] = entry;
                }
            }
            None if is_here(connection, &entry)? => known += 1,
            None => {
                seen.insert(entry.hash, fresh.len());
                fresh.push(entry);
            }
        }
    }
    // What waited may be ready now.
    fresh.extend(waiting(connection)?.into_iter().filter(|entry| !seen.contains_key(&entry.hash)));
    Ok((fresh, known))
}

fn is_erased(entry: &Entry) -> bool {
    matches!(entry.event.body, Body::Erased { .. })
}

/// Which of these events can be taken, in an order that puts parents first.
fn ready(connection: &Connection, fresh: &[Entry]) -> Result<Vec<usize>> {
    let mut decrees: HashMap<Hash, Vec<Hash>> = HashMap::new();
    for entry in fresh.iter().filter(|entry| &*entry.event.kind == ERASED) {
        if let Some(Fact::Erased(erased)) = entry.fact() {
            for event in erased.events {
                decrees.entry(event).or_default().push(entry.hash);
            }
        }
    }
    let mut barred: HashSet<Hash> =
        fresh.iter().filter(|e| is_erased(e) && !decrees.contains_key(&e.hash)).map(|e| e.hash).collect();
    let mut known = Known { connection, hashes: HashMap::new() };
    loop {
        let order = settle(&mut known, fresh, &barred)?;
        let taken: HashSet<Hash> = order.iter().map(|at| fresh[*at].hash).collect();
        // Its decree rests on something that is not here: then it waits with it, and so does what rests on it.
        let early: Vec<Hash> = order
            .iter()
            .map(|at| &fresh[*at])
            .filter(|entry| is_erased(entry))
            .filter(|entry| !decrees[&entry.hash].iter().any(|decree| taken.contains(decree)))
            .map(|entry| entry.hash)
            .collect();
        if early.is_empty() {
            return Ok(order);
        }
        barred.extend(early);
    }
}

/// Events all of whose parents are here or among those taken before them.
fn settle(known: &mut Known<'_>, fresh: &[Entry], barred: &HashSet<Hash>) -> Result<Vec<usize>> {
    let mut order = Vec::new();
    let mut taken: HashMap<Hash, RecordId> = HashMap::new();
    let mut open: Vec<usize> = (0..fresh.len()).filter(|at| !barred.contains(&fresh[*at].hash)).collect();
    loop {
        let before = open.len();
        let mut late = Vec::new();
        for at in open {
            if parents_are_here(known, &fresh[at], &taken)? {
                taken.insert(fresh[at].hash, fresh[at].event.record);
                order.push(at);
            } else {
                late.push(at);
            }
        }
        open = late;
        if open.is_empty() || open.len() == before {
            return Ok(order);
        }
    }
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

/// Whether an event is in the journal; what waits is not.
pub(in crate::store) fn is_here(connection: &Connection, entry: &Entry) -> Result<bool> {
    stands(connection, entry.event.device, entry.event.seq, entry.hash)
}

/// Whether an event of this hash stands at this place of a device's chain: elsewhere it cannot stand, the place is under its
/// hash.
pub(in crate::store) fn stands(connection: &Connection, device: DeviceId, seq: u64, hash: Hash) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ? AND hash = ?",
        )?
        .exists(params![device, seq as i64, hash])?)
}

/// What is here of records, each read once however many events of it arrive.
struct Known<'c> {
    connection: &'c Connection,
    hashes: HashMap<RecordId, HashSet<Hash>>,
}

impl Known<'_> {
    fn of(&mut self, record: RecordId) -> Result<&HashSet<Hash>> {
        match self.hashes.entry(record) {
            MapEntry::Occupied(known) => Ok(known.into_mut()),
            MapEntry::Vacant(unknown) => {
                let mut statement = self.connection.prepare_cached("SELECT hash FROM event WHERE record = ?")?;
                let hashes = statement.query_map([record], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                Ok(unknown.insert(hashes))
            }
        }
    }
}

/// All parents are here or about to be, and are parents of the same record: an event may not reach into another record's
/// history.
fn parents_are_here(known: &mut Known<'_>, entry: &Entry, taken: &HashMap<Hash, RecordId>) -> Result<bool> {
    let record = entry.event.record;
    for parent in &entry.event.parents {
        if taken.get(parent) != Some(&record) && !known.of(record)?.contains(parent) {
            return Ok(false);
        }
    }
    Ok(true)
}
