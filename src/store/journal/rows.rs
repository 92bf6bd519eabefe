//! Events as rows: written once, read back exactly.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::domain::Result;
use crate::domain::event::{Body, Entry, Event, Hash, Stamp};
use crate::domain::history::History;
use crate::domain::id::{DeviceId, RecordId};
use crate::store::sql::Rows;

/// Where a device's chain ends: what the next event of this machine follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    pub device: DeviceId,
    pub seq: u64,
    pub head: Hash,
    /// Goes back only where a clock was ahead: see [`Stamp::limit`].
    pub stamp: Stamp,
}

/// The columns every reading of events selects, in the order [`read_row`] expects.
const COLUMNS: &str = "event.hash, device.id, event.seq, event.prev, event.record, event.action, event.kind, event.version, event.actor, event.at, event.parents, event.salt, event.body, event.digest, event.device";

/// A query over events with its condition; nothing from outside goes into the text.
pub(super) fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM event JOIN device ON device.n = event.device WHERE {condition}")
}

/// End of this machine's own chain. `now`: what the wall clock says, in milliseconds.
pub fn own_chain(connection: &Connection, device: DeviceId, now: i64) -> Result<Chain> {
    let last: Option<(i64, Hash)> = connection
        .prepare_cached(
            "SELECT seq, hash FROM event WHERE device = (SELECT n FROM device WHERE id = ?) ORDER BY seq DESC, twin LIMIT 1",
        )?
        .query_row([device], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    // Every action ends with its own event, and what is logged follows it, so the newest of either is as late as anything
    // that came whole. What another clock said that was ahead leads nobody.
    let limit = Stamp::limit(now);
    let newest = |table: &str| -> Result<Option<i64>> {
        let sql = format!("SELECT max(at) FROM {table} WHERE at <= ?");
        Ok(connection.query_row(&sql, [limit.0], |row| row.get(0))?)
    };
    let stamp = newest("action")?.max(newest("log")?);
    let (seq, head) = last.map_or((0, Hash::ZERO), |(seq, hash)| (seq.unsigned_abs(), hash));
    Ok(Chain { device, seq, head, stamp: Stamp(stamp.unwrap_or(0)) })
}

/// Local number of a device, made when first met.
fn device_number(connection: &Connection, device: DeviceId) -> Result<i64> {
    let known = connection
        .prepare_cached("SELECT n FROM device WHERE id = ?")?
        .query_row([device], |row| row.get(0))
        .optional()?;
    if let Some(n) = known {
        return Ok(n);
    }
    connection.prepare_cached("INSERT INTO device (id) VALUES (?)")?.execute([device])?;
    Ok(connection.last_insert_rowid())
}

/// How an event joins what is there of its device's chain.
pub(super) struct Place {
    /// How many events of the same number are there already: more than none where a PC was cloned.
    pub twin: i64,
    /// Its predecessor is the first of those at the number before.
    pub follows_here: bool,
}

/// Writes events, looking up once what they share.
pub struct Pen<'c> {
    insert: CachedStatement<'c>,
    device: i64,
}

impl<'c> Pen<'c> {
    /// A pen for events of one device.
    pub fn new(connection: &'c Connection, device: DeviceId) -> Result<Self> {
        let device = device_number(connection, device)?;
        let insert = connection.prepare_cached(
            "INSERT INTO event (hash, device, seq, twin, prev, record, action, kind, version, actor, at, parents, salt, body, digest)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        Ok(Self { insert, device })
    }

    /// Writes the next event of this machine's own chain.
    pub fn append(&mut self, entry: &Entry) -> Result<()> {
        self.insert(entry, &Place { twin: 0, follows_here: true })
    }

    /// Writes one event at its place.
    pub(super) fn insert(&mut self, entry: &Entry, place: &Place) -> Result<()> {
        let event = &entry.event;
        let prev = (!place.follows_here).then_some(event.prev);
        let parents: Vec<u8> = event.parents.iter().flat_map(|hash| hash.0).collect();
        let (salt, body, digest) = match &event.body {
            Body::Present { salt, bytes } => (Some(salt.as_slice()), Some(&**bytes), None),
            Body::Erased { digest } => (None, None, Some(digest)),
        };
        self.insert.execute(params![
            entry.hash,
            self.device,
            event.seq as i64,
            place.twin,
            prev,
            event.record,
            event.action,
            event.kind,
            event.version,
            event.actor,
            event.at.0,
            parents,
            salt,
            body,
            digest
        ])?;
        Ok(())
    }
}

/// What an event that follows nothing in its record does not share with the others of its action.
pub struct First<'e> {
    pub seq: u64,
    pub hash: &'e Hash,
    pub record: RecordId,
    pub at: Stamp,
    pub salt: &'e [u8; 16],
    pub body: &'e [u8],
}

/// What they share.
pub struct Shared<'e> {
    pub action: RecordId,
    pub kind: &'e str,
    pub version: u16,
    pub actor: RecordId,
}

/// Writes many events of this machine's own chain, each the first of its record, several with one statement.
pub struct ManyPen<'c>(Rows<'c>);

impl<'c> ManyPen<'c> {
    /// A pen for events of one device and action.
    pub fn new(connection: &'c Connection, device: DeviceId, shared: &Shared<'_>) -> Result<Self> {
        let device = device_number(connection, device)?;
        // A failure ends the whole action anyway; said so, SQLite keeps no copy of every page it touches.
        let mut rows = Rows::new(
            connection,
            "INSERT OR FAIL INTO event (device, action, kind, version, actor, twin, parents, seq, hash, record, at, salt, body)",
            &["?1", "?2", "?3", "?4", "?5", "0", "x''"],
            6,
        )?;
        rows.share(1, device)?;
        rows.share(2, shared.action)?;
        rows.share(3, shared.kind)?;
        rows.share(4, shared.version)?;
        rows.share(5, shared.actor)?;
        Ok(Self(rows))
    }

    /// Writes the next events of the chain.
    pub fn append<'e>(&mut self, events: impl ExactSizeIterator<Item = First<'e>>) -> Result<()> {
        self.0.write(events, |row, event| {
            row.put(event.seq as i64)?;
            row.put(event.hash)?;
            row.put(event.record)?;
            row.put(event.at.0)?;
            row.put(event.salt.as_slice())?;
            row.put(event.body)
        })
    }
}

/// A row as an entry, with the device's local number for whoever must look the predecessor up.
pub(super) fn read_row(row: &Row<'_>) -> rusqlite::Result<(Entry, bool, i64)> {
    let prev: Option<Hash> = row.get(3)?;
    let parents: Vec<u8> = row.get(10)?;
    let salt: Option<[u8; 16]> = row.get(11)?;
    let body = match (salt, row.get_ref(12)?.as_blob_or_null().map_err(rusqlite::Error::from)?) {
        (Some(salt), Some(bytes)) => Body::Present { salt, bytes: bytes.into() },
        _ => Body::Erased { digest: row.get::<_, Option<Hash>>(13)?.unwrap_or_default() },
    };
    let seq: i64 = row.get(2)?;
    let event = Event {
        device: row.get(1)?,
        seq: seq.unsigned_abs(),
        prev: prev.unwrap_or_default(),
        record: row.get(4)?,
        action: row.get(5)?,
        kind: row.get(6)?,
        version: row.get(7)?,
        actor: row.get(8)?,
        at: Stamp(row.get(9)?),
        parents: parents.chunks_exact(32).map(|hash| Hash(hash.try_into().unwrap_or_default())).collect(),
        body,
    };
    Ok((Entry { hash: row.get(0)?, event }, prev.is_none(), row.get(14)?))
}

/// Reads events in the order of their devices' chains, their predecessors filled in.
pub(super) fn read(connection: &Connection, condition: &str, parameters: impl rusqlite::Params) -> Result<Vec<Entry>> {
    let mut statement =
        connection.prepare_cached(&select(&format!("{condition} ORDER BY event.device, event.seq, event.twin")))?;
    let mut rows = statement.query(parameters)?;
    let mut entries = Vec::new();
    let mut implicit = Vec::new();
    while let Some(row) = rows.next()? {
        let (entry, follows_here, device) = read_row(row)?;
        if follows_here && entry.event.seq > 1 {
            implicit.push((entries.len(), device, entry.event.seq as i64 - 1));
        }
        entries.push(entry);
    }
    let mut before = connection.prepare_cached("SELECT hash FROM event WHERE device = ? AND seq = ? AND twin = 0")?;
    for (at, device, seq) in implicit {
        entries[at].event.prev = before.query_row([device, seq], |row| row.get(0)).optional()?.unwrap_or_default();
    }
    Ok(entries)
}

/// Everything that happened to a record.
pub fn history(connection: &Connection, record: RecordId) -> Result<History> {
    // The predecessors in the device's chain are not needed for a replay, so they are not looked up.
    let mut statement = connection.prepare_cached(&select("event.record = ? ORDER BY event.device, event.seq"))?;
    let mut rows = statement.query([record])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read_row(row)?.0);
    }
    Ok(History::new(entries))
}

/// Everything that happened to a record, as it travels.
pub fn record_entries(connection: &Connection, record: RecordId) -> Result<Vec<Entry>> {
    read(connection, "event.record = ?", [record])
}

/// The events of one device with `first <= seq <= last`, in their order.
pub fn chain_range(connection: &Connection, device: DeviceId, first: u64, last: u64) -> Result<Vec<Entry>> {
    read(
        connection,
        "event.device = (SELECT n FROM device WHERE id = ?) AND event.seq BETWEEN ? AND ?",
        params![device, first as i64, last as i64],
    )
}

/// Every record that has a history.
pub fn all_records(connection: &Connection) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare("SELECT DISTINCT record FROM event ORDER BY record")?;
    let records = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(records)
}

/// Every record that lists show and that had begun by a moment: what was done and noted is not among them.
pub fn listed_until(connection: &Connection, last: Stamp) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT record FROM event WHERE at <= ? AND kind NOT IN ('action.taken', 'log.noted', 'import.done')
         ORDER BY record",
    )?;
    let records = statement.query_map([last.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(records)
}
