//! Machines met, packages made and taken in, as tables hold them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Type;

use crate::domain::Result;
use crate::domain::event::{PackageMade, PackageTaken, Stamp};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::{self, Key, Machine};
use crate::store::device::Own;
use crate::store::{Answer, Db};

/// A package in a list: made here, or only taken in here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PackageRow {
    pub id: RecordId,
    /// What was made, where its maker's word is here.
    pub made: Option<PackageMade>,
    /// Made on this machine.
    pub own: bool,
    pub actor: RecordId,
    pub at: Stamp,
    /// Each taking in that is known here, the earliest first.
    pub taken: Vec<TakenRow>,
}

/// One taking in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TakenRow {
    pub package: RecordId,
    /// On this machine.
    pub own: bool,
    pub device: DeviceId,
    pub seq: u64,
    pub actor: RecordId,
    pub at: Stamp,
    pub fact: PackageTaken,
}

fn key(text: &str, column: usize) -> rusqlite::Result<Key> {
    Key::parse(text).ok_or(rusqlite::Error::InvalidColumnType(column, "key".to_owned(), Type::Text))
}

/// All machines met, by name; retired ones last. Several records of one machine are one here.
pub(super) fn machines(connection: &Connection) -> Result<Vec<Machine>> {
    let mut machines = machine::fold(records(connection)?);
    machines.sort_by(|a, b| (a.retired, &a.name, a.id).cmp(&(b.retired, &b.name, b.id)));
    Ok(machines)
}

/// Every record of a machine, as it was met here or there.
pub(super) fn records(connection: &Connection) -> Result<Vec<Machine>> {
    let mut statement = connection
        .prepare_cached("SELECT id, name, sign, seal, user, retired, actor, at, said FROM known_machine ORDER BY id")?;
    let records = statement
        .query_map([], |row| {
            Ok(Machine {
                id: row.get(0)?,
                name: row.get(1)?,
                sign: key(&row.get::<_, String>(2)?, 2)?,
                seal: key(&row.get::<_, String>(3)?, 3)?,
                user: row.get(4)?,
                retired: row.get(5)?,
                met_by: row.get(6)?,
                met_at: row.get(7)?,
                said_at: row.get(8)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(records)
}

/// Every taking in, by package.
pub(super) fn taken(connection: &Connection) -> Result<Vec<TakenRow>> {
    let own = Own::read(connection)?;
    let mut statement = connection
        .prepare_cached("SELECT package, device, seq, actor, at, fact FROM package_taken ORDER BY at, package, hash")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (device, seq) = (row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs());
        let Ok(fact) = serde_json::from_str(&row.get::<_, String>(5)?) else { continue };
        all.push(TakenRow {
            package: row.get(0)?,
            own: own.wrote(device, seq),
            device,
            seq,
            actor: row.get(3)?,
            at: Stamp(row.get(4)?),
            fact,
        });
    }
    Ok(all)
}

/// What each machine is called here, by the chains its packages came from; the name it has now, where it is still known.
pub(in crate::store) fn machine_names(connection: &Connection) -> Result<BTreeMap<DeviceId, String>> {
    let known = machines(connection)?;
    let name = |fact: PackageTaken| {
        let now = known.iter().find(|machine| machine.sign == fact.from).map(|machine| machine.name.clone());
        (fact.device, now.unwrap_or(fact.name))
    };
    let mut statement = connection.prepare_cached("SELECT fact FROM package_taken ORDER BY at, package, hash")?;
    let facts = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(facts.iter().filter_map(|fact| serde_json::from_str(fact).ok()).map(name).collect())
}

/// Packages made on this machine, with their moments, the earliest first.
pub(super) fn own_made(connection: &Connection) -> Result<Vec<(RecordId, Stamp, PackageMade)>> {
    let own = Own::read(connection)?;
    let mut statement =
        connection.prepare_cached("SELECT package, device, seq, at, fact FROM package_made ORDER BY at, package")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        if !own.wrote(row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs()) {
            continue;
        }
        if let Ok(fact) = serde_json::from_str(&row.get::<_, String>(4)?) {
            all.push((row.get(0)?, Stamp(row.get(3)?), fact));
        }
    }
    Ok(all)
}

impl Db {
    /// Packages made or taken in here, the latest first. Those only others know of are left out.
    pub fn packages(&self) -> Answer<Vec<PackageRow>> {
        self.read(|connection| {
            let own = Own::read(connection)?;
            let mut statement = connection
                .prepare_cached("SELECT package, device, seq, actor, at, fact FROM package_made ORDER BY at")?;
            let mut rows = statement.query([])?;
            let mut all: std::collections::BTreeMap<RecordId, PackageRow> = std::collections::BTreeMap::new();
            while let Some(row) = rows.next()? {
                let Ok(made) = serde_json::from_str(&row.get::<_, String>(5)?) else { continue };
                let id: RecordId = row.get(0)?;
                let (actor, at) = (row.get(3)?, Stamp(row.get(4)?));
                let own = own.wrote(row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs());
                all.insert(id, PackageRow { id, made: Some(made), own, actor, at, taken: Vec::new() });
            }
            for taken in taken(connection)? {
                let row = all.entry(taken.package).or_insert_with(|| PackageRow {
                    id: taken.package,
                    made: None,
                    own: false,
                    actor: taken.actor,
                    at: taken.at,
                    taken: Vec::new(),
                });
                row.taken.push(taken);
            }
            let mut rows: Vec<PackageRow> =
                all.into_values().filter(|row| row.own || row.taken.iter().any(|taken| taken.own)).collect();
            rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
            Ok(rows)
        })
    }
}
