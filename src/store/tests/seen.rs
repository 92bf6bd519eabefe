//! What an office holds and shows at a moment, taken down so that laws can be held against it afterwards.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::domain::Result;
use crate::domain::event::{Entry, Hash};
use crate::domain::filing::{Materials, Track};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::review::tally::Standing;
use crate::store::journal::{self, Fault};
use crate::store::{Db, schema, tables};

/// An office at a moment.
#[derive(Debug, Clone)]
pub struct Seen {
    pub who: String,
    /// What its journal holds, by hash.
    pub events: BTreeMap<Hash, Entry>,
    /// What waits for parents.
    pub waiting: BTreeMap<Hash, Entry>,
    /// The derived tables as they were kept step by step, and as made again from the journal.
    pub kept: Vec<String>,
    pub rebuilt: Vec<String>,
    /// Filings that have a page, and filings that stand in the list.
    pub pages: BTreeMap<RecordId, Track>,
    /// What was handed in, of filings that have a page.
    pub materials: BTreeMap<RecordId, Materials>,
    /// Reviews of the round each filing is in, as its page tells them.
    pub reviews: BTreeMap<RecordId, Vec<Standing>>,
    /// Who is to review each filing, as its page tells it.
    pub reviewers: BTreeMap<RecordId, Vec<RecordId>>,
    pub rows: BTreeMap<RecordId, Row>,
    pub faults: Vec<Fault>,
}

/// What the list says of a filing.
#[derive(Debug, Clone)]
pub struct Row {
    pub stage: String,
    pub round: u16,
    pub split: bool,
    pub outdated: bool,
    pub reviewers: Vec<RecordId>,
}

impl Seen {
    /// Takes an office down; nothing in it changes.
    pub fn of(who: impl Into<String>, db: &Db) -> Self {
        let entries = entries(db);
        let filings: BTreeSet<RecordId> =
            entries.iter().filter(|e| e.event.kind.starts_with("filing.")).map(|e| e.event.record).collect();
        let (mut pages, mut materials, mut reviews) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut reviewers = BTreeMap::new();
        for id in filings {
            if let Some(file) = db.filing(id).wait().expect("a page") {
                reviewers.insert(id, file.filing.reviewers);
                pages.insert(id, file.filing.track);
                materials.insert(id, file.filing.materials);
                reviews.insert(id, file.reviews);
            }
        }
        let ledger = db.load_ledger(2025).wait().expect("a ledger");
        let row = |row: &crate::store::ledger::FilingRow| Row {
            stage: row.stage().id.clone(),
            round: row.round,
            split: row.split,
            outdated: row.outdated,
            reviewers: row.reviewers.to_vec(),
        };
        Self {
            who: who.into(),
            events: by_hash(entries),
            waiting: by_hash(inbox(db)),
            kept: dump(db),
            rebuilt: rebuilt(db).expect("tables made again"),
            pages,
            materials,
            reviews,
            reviewers,
            rows: ledger.filings().map(|filing| (filing.id, row(filing))).collect(),
            faults: ask(db, journal::check).faults,
        }
    }

    /// Hashes of everything it has, waiting or not.
    pub fn hashes(&self) -> BTreeSet<Hash> {
        self.events.keys().chain(self.waiting.keys()).copied().collect()
    }

    /// Everything that happened to each filing it knows.
    pub fn filings(&self) -> BTreeMap<RecordId, Vec<&Entry>> {
        let created = self.events.values().filter(|e| &*e.event.kind == "filing.created");
        let mut all: BTreeMap<RecordId, Vec<&Entry>> = created.map(|e| (e.event.record, Vec::new())).collect();
        for entry in self.events.values() {
            if let Some(events) = all.get_mut(&entry.event.record) {
                events.push(entry);
            }
        }
        all
    }
}

/// The derived tables as the journal gives them, made beside the office.
fn rebuilt(db: &Db) -> Result<Vec<String>> {
    thread_local! {
        // Its schema takes longer to make than the tables of a history.
        static SCRATCH: RefCell<Option<Connection>> = const { RefCell::new(None) };
    }
    let histories = ask(db, |connection| {
        let records = journal::all_records(connection)?;
        records
            .into_iter()
            .map(|record| Ok((record, journal::history(connection, record)?)))
            .collect::<Result<Vec<_>>>()
    });
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.is_none() {
            let mut made = Connection::open_in_memory()?;
            schema::migrate(&mut made)?;
            schema::remake_derived(&made)?;
            *scratch = Some(made);
        }
        let scratch = scratch.as_ref().expect("made above");
        scratch.execute_batch("BEGIN")?;
        for (record, history) in &histories {
            tables::project(scratch, *record, history, true)?;
        }
        let rows = rows_of(scratch);
        scratch.execute_batch("ROLLBACK")?;
        rows
    })
}

fn by_hash(entries: Vec<Entry>) -> BTreeMap<Hash, Entry> {
    entries.into_iter().map(|entry| (entry.hash, entry)).collect()
}

/// Every event in the journal, as it would travel.
pub fn entries(db: &Db) -> Vec<Entry> {
    ask(db, |connection| {
        let mut devices = connection.prepare("SELECT id FROM device ORDER BY id")?;
        let devices = devices.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<DeviceId>>>()?;
        let mut all = Vec::new();
        for device in devices {
            all.extend(journal::chain_range(connection, device, 1, i64::MAX as u64)?);
        }
        Ok(all)
    })
}

/// Events in the inbox.
pub fn inbox(db: &Db) -> Vec<Entry> {
    ask(db, journal::waiting)
}

/// Hashes of everything an office has, waiting or not.
pub fn held(db: &Db) -> BTreeSet<Hash> {
    ask(db, |connection| {
        let mut statement = connection.prepare_cached("SELECT hash FROM event UNION ALL SELECT hash FROM waiting")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    })
}

/// The derived tables as text, every value with its type.
pub fn dump(db: &Db) -> Vec<String> {
    ask(db, rows_of)
}

fn rows_of(connection: &Connection) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for table in tables::DERIVED {
        let mut statement = connection.prepare_cached(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells: Vec<String> = (0..columns).map(|n| format!("{:?}", row.get_ref(n))).collect();
            lines.push(format!("{table}: {}", cells.join("|")));
        }
    }
    Ok(lines)
}

/// Every table with all of its rows as text, sorted: also what belongs to one machine alone.
pub fn everything(db: &Db) -> BTreeMap<String, Vec<String>> {
    ask(db, |connection| {
        let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
        let names = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        let mut all = BTreeMap::new();
        for name in names {
            let mut statement = connection.prepare(&format!("SELECT * FROM {name}"))?;
            let columns = statement.column_count();
            let cells = |row: &rusqlite::Row<'_>| {
                Ok((0..columns).map(|n| format!("{:?}", row.get_ref(n))).collect::<Vec<_>>().join("|"))
            };
            let mut rows = statement.query_map([], cells)?.collect::<rusqlite::Result<Vec<String>>>()?;
            rows.sort();
            all.insert(name, rows);
        }
        Ok(all)
    })
}

/// Asks the database itself.
pub fn ask<T: Send + 'static>(db: &Db, question: impl FnOnce(&Connection) -> Result<T> + Send + 'static) -> T {
    db.read(question).wait().expect("an answer")
}

/// The ids a query gives.
pub fn ids(db: &Db, sql: &'static str) -> Vec<RecordId> {
    ask(db, move |connection| {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    })
}
