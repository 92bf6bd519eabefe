//! Proof that the journal is whole: every hash, every chain, every parent; each fault is named.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::rows;
use crate::domain::Result;
use crate::domain::event::Hash;

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Fault {
    /// SQLite itself finds the file inconsistent.
    Database { says: String },
    /// An event's content does not give its hash.
    Altered { device: String, seq: u64, kind: String, record: String, day: String },
    /// A device's chain skips from one number to a later one.
    Gap { device: String, after: u64, next: u64 },
    /// A device's chain does not follow its own predecessor.
    Broken { device: String, seq: u64 },
    /// Two events claim the same place: a cloned PC. Both are kept.
    Fork { device: String, seq: u64 },
    /// An event rests on one that is not here.
    Orphan { device: String, seq: u64 },
    /// A derived table differs from what the journal gives.
    Table { name: String, rows: u64 },
}

impl Fault {
    /// One sentence for people.
    pub fn says(&self) -> String {
        match self {
            Self::Database { says } => format!("数据库文件内部不一致：{says}"),
            Self::Altered { device, seq, kind, record, day } => {
                format!("{day} 的第 {seq} 条记录（{kind}，档案 {record}，机器 {device}）内容与指纹不符，被改动或损坏。")
            }
            Self::Gap { device, after, next } => format!("机器 {device} 的记录在第 {after} 条之后缺到第 {next} 条。"),
            Self::Broken { device, seq } => format!("机器 {device} 的第 {seq} 条记录接不上前一条。"),
            Self::Fork { device, seq } => format!("机器 {device} 的第 {seq} 条有两份，可能是克隆的电脑，两份都保留。"),
            Self::Orphan { device, seq } => format!("机器 {device} 的第 {seq} 条记录依据的前一条不在这里。"),
            Self::Table { name, rows } => format!("表 {name} 有 {rows} 行与流水不符，可以从流水重建。"),
        }
    }

    /// Whether the journal itself is hurt; a table can be made again.
    pub fn is_serious(&self) -> bool {
        !matches!(self, Self::Table { .. } | Self::Fork { .. })
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    pub events: u64,
    pub devices: u64,
    pub waiting: u64,
    pub faults: Vec<Fault>,
}

/// Verifies SQLite's own structures and every event. Reads only.
pub fn check(connection: &Connection) -> Result<Report> {
    let mut report = Report::default();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    for line in statement.query_map([], |row| row.get::<_, String>(0))? {
        let says = line?;
        if says != "ok" {
            report.faults.push(Fault::Database { says });
        }
    }
    drop(statement);
    verify_events(connection, &mut report)?;
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    report.devices = count("SELECT count(*) FROM device")?;
    report.waiting = count("SELECT count(*) FROM waiting")?;
    Ok(report)
}

fn verify_events(connection: &Connection, report: &mut Report) -> Result<()> {
    let mut statement = connection.prepare(&rows::select("TRUE ORDER BY event.device, event.seq, event.twin"))?;
    let mut cursor = statement.query([])?;
    let mut parent = connection.prepare("SELECT record FROM event WHERE mark = ? AND hash = ?")?;
    // Per device: last number seen and the hashes at it (several on a fork).
    let mut last: HashMap<i64, (u64, Vec<Hash>)> = HashMap::new();
    while let Some(row) = cursor.next()? {
        let (mut entry, follows_here, device) = rows::read_row(row)?;
        report.events += 1;
        let (seq, name) = (entry.event.seq, entry.event.device.to_string());
        let (before, heads) = last.entry(device).or_insert_with(|| (0, vec![Hash::ZERO]));
        if follows_here {
            entry.event.prev = heads.first().copied().unwrap_or_default();
        }
        let altered = entry.event.hash() != entry.hash;
        if altered {
            report.faults.push(Fault::Altered {
                device: name.clone(),
                seq,
                kind: entry.event.kind.to_string(),
                record: entry.event.record.to_string(),
                day: chrono::DateTime::from_timestamp_millis(entry.event.at.millis())
                    .unwrap_or_default()
                    .date_naive()
                    .to_string(),
            });
        }
        if seq == *before {
            report.faults.push(Fault::Fork { device: name.clone(), seq });
            heads.push(entry.hash);
        } else {
            if seq != *before + 1 {
                report.faults.push(Fault::Gap { device: name.clone(), after: *before, next: seq });
            } else if !altered && !heads.contains(&entry.event.prev) {
                report.faults.push(Fault::Broken { device: name.clone(), seq });
            }
            *before = seq;
            *heads = vec![entry.hash];
        }
        for hash in &entry.event.parents {
            let record = parent
                .query_row(rusqlite::params![rows::mark(hash), hash], |row| {
                    row.get::<_, crate::domain::id::RecordId>(0)
                })
                .optional()?;
            if record != Some(entry.event.record) {
                report.faults.push(Fault::Orphan { device: name.clone(), seq });
            }
        }
    }
    Ok(())
}
