//! Every event against its own hash, its chain, its parents, and the indexes that find it; one pass in the order of the
//! chains. What it would look up it keeps: a few bytes per event cost less than a million questions.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::check::{Fault, Report, Watch};
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
    /// What the index by record must hold.
    sum: u64,
    buffer: Vec<u8>,
}

/// Verifies every event. Reads only. Returns what the index by record must hold, as one number that does not depend on the
/// order.
pub(super) fn events(connection: &Connection, report: &mut Report, watch: &mut Watch<'_>) -> Result<u64> {
    let mut devices = connection.prepare("SELECT n, id FROM device")?;
    let devices: HashMap<i64, DeviceId> =
        devices.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare(
        "SELECT hash, device, seq, twin, prev, record, action, kind, version, actor, at, parents, salt, body, digest
         FROM event ORDER BY device, seq, twin",
    )?;
    let mut rows = statement.query([])?;
    let mut pass = Pass::default();
    while let Some(row) = rows.next()? {
        report.events += 1;
        if report.events.is_multiple_of(WATCH_EVERY) && watch(report.events).is_break() {
            return Err(Problem::new(Kind::Cancelled, "核验已停止。"));
        }
        pass.event(row, &devices, &mut report.faults)?;
    }
    for late in &pass.late {
        if pass.records.get(&late.parent) != Some(&late.record) {
            report.faults.push(Fault::Orphan { device: late.device.to_string(), seq: late.seq });
        }
    }
    Ok(pass.sum)
}

impl Pass {
    fn event(&mut self, row: &Row<'_>, devices: &HashMap<i64, DeviceId>, faults: &mut Vec<Fault>) -> Result<()> {
        let hash: Hash = row.get(0)?;
        let number: i64 = row.get(1)?;
        let seq: i64 = row.get(2)?;
        let twin: i64 = row.get(3)?;
        let record: RecordId = row.get(5)?;
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
            } else {
                faults.push(Fault::Gap { device: device.to_string(), after: tip.seq, next: place });
            }
            tip.heads.clear();
            tip.seq = place;
        }
        // What orders a cloned event is not under its hash, so it is compared with what it must be.
        let in_order = twin == tip.heads.len() as i64;
        tip.heads.push(hash);
        let prev = match row.get_ref(4)? {
            ValueRef::Null => tip.before.first().copied().unwrap_or_default(),
            _ => row.get(4)?,
        };
        let parents = bytes(row, 11)?;
        let digest = match (row.get_ref(12)?, row.get_ref(13)?) {
            (ValueRef::Blob(salt), ValueRef::Blob(body)) => Hash::of(&[salt, body]),
            _ => row.get::<_, Option<Hash>>(14)?.unwrap_or_default(),
        };
        let kind = row.get_ref(7)?.as_str().unwrap_or_default();
        let at = Stamp(row.get(10)?);
        let parts = Parts {
            device,
            seq: place,
            prev,
            record,
            action: row.get(6)?,
            kind,
            version: row.get(8).unwrap_or_default(),
            actor: row.get(9)?,
            at,
            parents,
            digest,
        };
        let altered = known.is_none() || !in_order || parts.hash(&mut self.buffer) != hash;
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
        Ok(())
    }
}

/// What the index by which a record's events are found does hold: one that misses an event would hide it.
pub(super) fn index(connection: &Connection) -> Result<u64> {
    let mut statement =
        connection.prepare("SELECT record, device, seq, twin FROM event INDEXED BY event_record ORDER BY record")?;
    let mut rows = statement.query([])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        sum = sum.wrapping_add(mix(fold(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?));
    }
    Ok(sum)
}

/// The first eight bytes of a hash.
fn mark(hash: &Hash) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = hash.0;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn bytes<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8]> {
    Ok(row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)?)
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
