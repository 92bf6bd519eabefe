//! Every event against its own hash, its chain, its parents, and the indexes that find it; one pass in the order of the
//! chains. What it would look up it keeps: a few bytes per event cost less than a million questions.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, Row, params};

use super::check::{Fault, Report, Watch, is_damage};
use crate::domain::event::{Hash, Parts, Stamp};
use crate::domain::id::{DeviceId, IdHasher, RecordId};
use crate::domain::{Kind, Problem, Result};

/// Events between two looks at whether somebody wants it stopped.
const WATCH_EVERY: u64 = 2048;

/// Where a device's chain has been followed to.
struct Tip {
    device: DeviceId,
    seq: u64,
    /// Hashes at that number: several where a PC was cloned, in the order of their twins.
    heads: Vec<Hash>,
    /// Hashes at the number before; none after a gap.
    before: Vec<Hash>,
}

/// An event that names a parent not met before it.
struct Late {
    parent: i64,
    record: u64,
    device: DeviceId,
    seq: u64,
}

/// What is remembered on the way.
#[derive(Default)]
struct Pass {
    tips: HashMap<i64, Tip>,
    /// Record of every event met, by the first bytes of its hash.
    records: HashMap<i64, u64, BuildHasherDefault<IdHasher>>,
    late: Vec<Late>,
    /// Where it stands: a device's number and a number in its chain.
    at: (i64, i64),
    /// What stood before the next event could not be read.
    unread: bool,
    /// What the index by record must hold.
    sum: u64,
    buffer: Vec<u8>,
}

/// Every event from a place on, in the order of the chains.
const EVENTS: &str =
    "SELECT hash, device, seq, twin, prev, record, action, kind, version, actor, at, parents, salt, body, digest
     FROM event WHERE (device, seq) >= (?, ?) ORDER BY device, seq, twin";

/// Verifies every event. Reads only. `known` is how far each device's chain is known to have come. Returns what the index by
/// record must hold, as one number that does not depend on the order; nothing where pages could not be read.
///
/// Damage ends nothing: it is named, and the reading goes on behind it.
pub(super) fn events(
    connection: &Connection,
    known: &HashMap<DeviceId, u64>,
    report: &mut Report,
    watch: &mut Watch<'_>,
) -> Result<Option<u64>> {
    let devices = devices(connection);
    let devices = report.tell(devices)?;
    let mut pass = Pass::default();
    let mut whole = true;
    let mut from = (i64::MIN, i64::MIN);
    while let Some(error) = pass.walk(connection, from, &devices, report, watch)? {
        if !is_damage(&error) {
            return Err(error.into());
        }
        whole = false;
        let next = next_readable(connection, &devices, pass.at.max(from));
        report.faults.push(pass.step_over(next, &devices));
        let Some(next) = next else { break };
        from = next;
    }
    for late in &pass.late {
        if pass.records.get(&late.parent) != Some(&late.record) {
            report.faults.push(Fault::Orphan { device: late.device.to_string(), seq: late.seq });
        }
    }
    pass.cut_short(&devices, known, &mut report.faults);
    Ok(whole.then_some(pass.sum))
}

/// Devices by their number; one whose name cannot be read is as if it were not there.
fn devices(connection: &Connection) -> Result<BTreeMap<i64, DeviceId>> {
    let mut devices = BTreeMap::new();
    let mut statement = connection.prepare("SELECT n, id FROM device")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let (Ok(n), Ok(id)) = (row.get(0), row.get(1)) {
            devices.insert(n, id);
        }
    }
    Ok(devices)
}

/// The first place behind damage from which events can be read again: tried in ever longer steps, then narrowed down.
fn next_readable(
    connection: &Connection,
    devices: &BTreeMap<i64, DeviceId>,
    (device, seq): (i64, i64),
) -> Option<(i64, i64)> {
    // `None`: it cannot be read. `Some(false)`: nothing follows.
    let read = |device: i64, seq: i64| -> Option<bool> {
        let mut statement = connection.prepare_cached(EVENTS).ok()?;
        statement.query(params![device, seq]).ok()?.next().ok().map(|row| row.is_some())
    };
    let later = devices.keys().filter(|n| **n > device).map(|n| (*n, 0));
    for (device, seq) in [(device, seq.max(0))].into_iter().chain(later) {
        let (mut bad, mut step) = (seq, 1_i64);
        while let Some(mut good) = seq.checked_add(step) {
            match read(device, good) {
                Some(false) => return None,
                Some(true) => {
                    while good - bad > 1 {
                        let middle = bad + (good - bad) / 2;
                        if read(device, middle).is_some() { good = middle } else { bad = middle }
                    }
                    // Not where the event found says that it stands: that may be damaged, and the reading must go forward.
                    return Some((device, good));
                }
                None => bad = good,
            }
            let Some(longer) = step.checked_mul(2) else { break };
            step = longer;
        }
    }
    None
}

impl Pass {
    /// Verifies what stands from a place on; returns the error that stopped it.
    fn walk(
        &mut self,
        connection: &Connection,
        from: (i64, i64),
        devices: &BTreeMap<i64, DeviceId>,
        report: &mut Report,
        watch: &mut Watch<'_>,
    ) -> Result<Option<rusqlite::Error>> {
        let mut statement = connection.prepare(EVENTS)?;
        let mut rows = statement.query(params![from.0, from.1])?;
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(None),
                Err(error) => return Ok(Some(error)),
            };
            report.events += 1;
            if report.events.is_multiple_of(WATCH_EVERY) && watch(report.events).is_break() {
                return Err(Problem::new(Kind::Cancelled, "核验已停止。"));
            }
            self.event(row, devices, &mut report.faults);
        }
    }

    /// Names what could not be read between the last event and the next.
    fn step_over(&mut self, next: Option<(i64, i64)>, devices: &BTreeMap<i64, DeviceId>) -> Fault {
        self.unread = true;
        let last = self.tips.get(&self.at.0).map(|tip| (tip.device, tip.seq));
        let (device, after) = last.unwrap_or_else(|| {
            // Nothing was read yet.
            (devices.values().next().copied().unwrap_or(DeviceId::from_bytes([0; 16])), 0)
        });
        let next = next.filter(|(n, _)| last.is_none() || *n == self.at.0).map(|(_, seq)| seq.unsigned_abs());
        Fault::Unread { device: device.to_string(), after, next }
    }

    /// Chains that end before what is known of them. A device gets its number with its first event.
    fn cut_short(&self, devices: &BTreeMap<i64, DeviceId>, known: &HashMap<DeviceId, u64>, faults: &mut Vec<Fault>) {
        let mut ends: BTreeMap<DeviceId, u64> = known.keys().map(|device| (*device, 0)).collect();
        for (n, device) in devices {
            ends.insert(*device, self.tips.get(n).map_or(0, |tip| tip.seq));
        }
        for (device, last) in ends {
            let known = known.get(&device).copied().unwrap_or(0);
            if last == 0 || known > last {
                faults.push(Fault::CutShort { device: device.to_string(), last, known });
            }
        }
    }

    fn event(&mut self, row: &Row<'_>, devices: &BTreeMap<i64, DeviceId>, faults: &mut Vec<Fault>) {
        let mut whole = true;
        let nobody = RecordId::from_bytes([0; 16]);
        let stored: Option<Hash> = row.get(0).ok();
        let number: i64 = value(row, 1, 0, &mut whole);
        let seq: i64 = value(row, 2, 0, &mut whole);
        let twin: i64 = value(row, 3, 0, &mut whole);
        let record: RecordId = value(row, 5, nobody, &mut whole);
        let unread = std::mem::take(&mut self.unread);
        self.at = (number, seq);
        let known = devices.get(&number).copied();
        let device = known.unwrap_or(DeviceId::from_bytes([0; 16]));
        let tip = self.tips.entry(number).or_insert_with(|| Tip {
            device,
            seq: 0,
            heads: vec![Hash::ZERO],
            before: Vec::new(),
        });
        let place = seq.unsigned_abs();
        let fork = place == tip.seq;
        if !fork {
            tip.before.clear();
            if place == tip.seq + 1 {
                std::mem::swap(&mut tip.before, &mut tip.heads);
            } else if !unread {
                faults.push(Fault::Gap { device: device.to_string(), after: tip.seq, next: place });
            }
            tip.heads.clear();
            tip.seq = place;
        }
        // What orders a cloned event is not under its hash, so it is compared with what it must be.
        whole &= unread || twin == tip.heads.len() as i64;
        // The predecessor it follows by its place may be what could not be read: then its hash cannot be reckoned.
        let mut reckoned = true;
        let prev = match row.get_ref(4) {
            Ok(ValueRef::Null) => {
                reckoned = !(unread && tip.before.is_empty());
                tip.before.first().copied().unwrap_or_default()
            }
            _ => value(row, 4, Hash::ZERO, &mut whole),
        };
        let parents = match row.get_ref(11) {
            Ok(ValueRef::Blob(bytes)) => bytes,
            _ => {
                whole = false;
                &[]
            }
        };
        let digest = match (row.get_ref(12), row.get_ref(13)) {
            // Where one ends and the other begins is not under the digest.
            (Ok(ValueRef::Blob(salt)), Ok(ValueRef::Blob(body))) if salt.len() == 16 => {
                whole &= row.get_ref(14) == Ok(ValueRef::Null);
                Hash::of(&[salt, body])
            }
            (Ok(ValueRef::Null), Ok(ValueRef::Null)) => value(row, 14, Hash::ZERO, &mut whole),
            _ => {
                whole = false;
                Hash::ZERO
            }
        };
        let kind = row.get_ref(7).ok().and_then(|kind| kind.as_str().ok()).unwrap_or_default();
        let at = Stamp(value(row, 10, 0, &mut whole));
        let parts = Parts {
            device,
            seq: place,
            prev,
            record,
            action: value(row, 6, nobody, &mut whole),
            kind,
            version: value(row, 8, 0, &mut whole),
            actor: value(row, 9, nobody, &mut whole),
            at,
            parents,
            digest,
        };
        let given = parts.hash(&mut self.buffer);
        let altered = known.is_none() || !whole || stored.is_none() || reckoned && stored != Some(given);
        // One that cannot be read is what the rest gives.
        let hash = stored.unwrap_or(given);
        tip.heads.push(hash);
        if altered {
            faults.push(Fault::Altered {
                device: device.to_string(),
                seq: place,
                kind: kind.to_owned(),
                record: record.to_string(),
                day: chrono::DateTime::from_timestamp_millis(at.millis()).unwrap_or_default().date_naive().to_string(),
            });
        }
        if fork {
            faults.push(Fault::Fork { device: device.to_string(), seq: place });
        }
        // After a gap nothing is known of what it should follow.
        if !altered && !tip.before.is_empty() && !tip.before.contains(&prev) {
            faults.push(Fault::Broken { device: device.to_string(), seq: place });
        }
        let device = tip.device;
        let short = fold(record);
        self.records.insert(mark(&hash), short);
        self.sum = self.sum.wrapping_add(mix(short, number, seq, twin));
        for parent in parents.chunks_exact(32) {
            // The rest of a parent's hash is under this event's own.
            let parent = mark(&Hash(parent.try_into().unwrap_or_default()));
            if self.records.get(&parent) != Some(&short) {
                self.late.push(Late { parent, record: short, device, seq: place });
            }
        }
    }
}

/// A value, or something in its stead where it is no such value.
fn value<T: FromSql>(row: &Row<'_>, column: usize, instead: T, whole: &mut bool) -> T {
    row.get(column).unwrap_or_else(|_| {
        *whole = false;
        instead
    })
}

/// What the index by which a record's events are found does hold: one that misses an event would hide it. `None` where there is
/// no such index.
pub(super) fn index(connection: &Connection) -> Result<Option<u64>> {
    if !connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'event_record'")?.exists([])? {
        return Ok(None);
    }
    let mut statement =
        connection.prepare("SELECT record, device, seq, twin FROM event INDEXED BY event_record ORDER BY record")?;
    let mut rows = statement.query([])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        sum = sum.wrapping_add(mix(fold(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?));
    }
    Ok(Some(sum))
}

/// The first eight bytes of a hash.
fn mark(hash: &Hash) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = hash.0;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// A record's id in half its length.
fn fold(record: RecordId) -> u64 {
    let (high, low) = record.0.as_u64_pair();
    high.rotate_left(32) ^ low
}

/// One entry of an index as a number; their sum does not depend on the order.
fn mix(key: u64, device: i64, seq: i64, twin: i64) -> u64 {
    let step = |hash: u64, part: u64| (hash.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = step(step(step(step(0, key), device as u64), seq as u64), twin as u64);
    (hash ^ hash >> 31).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}
