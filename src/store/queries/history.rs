//! 变更历史 of any record, and the details of any deed: the events of an action, record by record.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::log::{LogRow, row_of};
use super::records::list_name;
use crate::catalog::{Catalog, forms};
use crate::domain::Result;
use crate::domain::changes::{Change, Names, changes};
use crate::domain::edition;
use crate::domain::event::{Fact, Hash, RecordKind};
use crate::domain::filing;
use crate::domain::firm;
use crate::domain::history::History;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine;
use crate::domain::people::{office_key, user_key};
use crate::domain::program::Version;
use crate::domain::review::{ReviewForm, own};
use crate::domain::seal::open_history;
use crate::domain::shortlist;
use crate::store::{Answer, Db, journal};

/// Names of the lists something came from, by import.
pub type Lists = BTreeMap<RecordId, String>;

/// A record by what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: RecordId,
    /// `None`: a newer version's sort of record.
    pub kind: Option<RecordKind>,
    pub name: String,
}

/// Everything that happened to one record.
#[derive(Debug, Clone)]
pub struct RecordFile {
    pub subject: Subject,
    /// Newest first.
    pub changes: Vec<Change>,
    pub lists: Lists,
}

/// One line of the log with what it did.
#[derive(Debug, Clone)]
pub struct DeedFile {
    pub row: LogRow,
    /// The records it touched, in the order they were written, each with this deed's changes only.
    pub records: Vec<RecordFile>,
    /// How many more records it touched.
    pub more: usize,
}

impl Db {
    /// The history of any record. `None`: nothing is known of it.
    pub fn history(&self, record: RecordId) -> Answer<Option<RecordFile>> {
        let telling = self.telling();
        self.read(move |connection| {
            let history = telling.history(connection, record)?;
            if history.is_empty() {
                return Ok(None);
            }
            file(connection, record, &history, |_| true).map(Some)
        })
    }

    /// What a line of the log did, at most `most` records of it. `None`: there is no such line.
    pub fn deed(&self, id: RecordId, most: usize) -> Answer<Option<DeedFile>> {
        let keys = self.keys();
        self.read(move |connection| {
            let Some(row) = row_of(connection, id)? else { return Ok(None) };
            let mut records: Vec<RecordId> = Vec::new();
            if row.deed {
                records = touched(connection, id)?;
            } else {
                records.extend(row.record);
            }
            let more = records.len().saturating_sub(most);
            records.truncate(most);
            let files = records.into_iter().map(|record| {
                let mut history = journal::history(connection, record)?;
                open_history(&mut history, &keys);
                // What was only looked at was not changed.
                file(connection, record, &history, |change| row.deed && change.action == id)
            });
            Ok(Some(DeedFile { records: files.collect::<Result<_>>()?, more, row }))
        })
    }
}

/// The records an action wrote to, in the order it first did.
fn touched(connection: &Connection, action: RecordId) -> Result<Vec<RecordId>> {
    let range: Option<(DeviceId, i64, i64)> = connection
        .prepare_cached("SELECT device, first, last FROM action WHERE id = ?")?
        .query_row([action], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((device, first, last)) = range else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(
        "SELECT record FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq BETWEEN ? AND ? AND action = ?
         ORDER BY seq",
    )?;
    let mut rows = statement.query(rusqlite::params![device, first, last, action])?;
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let record: RecordId = row.get(0)?;
        if seen.insert(record) {
            all.push(record);
        }
    }
    Ok(all)
}

fn file(
    connection: &Connection,
    record: RecordId,
    history: &History,
    wanted: impl Fn(&Change) -> bool,
) -> Result<RecordFile> {
    let mut changes = changes(history, &names(connection, history)?);
    changes.retain(|change| wanted(change));
    let lists = lists_of(connection, changes.iter().filter_map(|change| Some(change.source?.import)))?;
    let name = match history.record_kind() {
        Some(RecordKind::Filing) => filing_name(connection, history)?,
        _ => name_of(history),
    };
    Ok(RecordFile { subject: Subject { id: record, kind: history.record_kind(), name }, changes, lists })
}

/// What is called what in a history.
fn names(connection: &Connection, history: &History) -> Result<Names<'static>> {
    let mut called = BTreeMap::new();
    match history.record_kind() {
        Some(RecordKind::Office | RecordKind::User) => {
            called.extend(Catalog::builtin().programs().iter().map(|known| (known.id.clone(), known.short.clone())));
        }
        Some(RecordKind::Shortlist) => {
            let items = (0..history.len()).filter_map(|n| history.fact(n)?.fields()?.get(shortlist::key::ITEMS));
            for filing in items.flat_map(shortlist::parse_items).collect::<BTreeSet<_>>() {
                let name = filing_name(connection, &journal::history(connection, filing)?)?;
                called.extend((!name.is_empty()).then(|| (filing.to_string(), name)));
            }
        }
        _ => {}
    }
    Ok(Names { version: version_of(history), forms: forms_of(connection, history)?, called })
}

/// The office's own forms a filing's sheets were given on, as far as they are here.
pub(super) fn forms_of(connection: &Connection, history: &History) -> Result<BTreeMap<Hash, &'static ReviewForm>> {
    let named: BTreeSet<Hash> = (0..history.len())
        .filter_map(|n| match history.fact(n)? {
            Fact::FilingReviewed(given) => given.form,
            _ => None,
        })
        .collect();
    let Some(program) = said(history, filing::key::PROGRAM).filter(|_| !named.is_empty()) else {
        return Ok(BTreeMap::new());
    };
    let office = journal::history(connection, RecordId::OFFICE)?;
    let form = |hash: Hash| Some((hash, forms::own_form(&said(&office, &own::key(&program, &hash))?, &hash)?));
    Ok(named.into_iter().filter_map(form).collect())
}

/// Names of lists, each looked up once.
pub(super) fn lists_of(connection: &Connection, imports: impl Iterator<Item = RecordId>) -> Result<Lists> {
    let mut lists = Lists::new();
    for import in imports.collect::<BTreeSet<_>>() {
        lists.extend(list_name(connection, import)?.map(|name| (import, name)));
    }
    Ok(lists)
}

/// What a record is called even when it is gone.
fn said(history: &History, key: &str) -> Option<String> {
    history.said(key).map(str::to_owned)
}

/// The program's version that names the fields of a filing or the stages of an edition.
fn version_of(history: &History) -> Option<&'static Version> {
    let (program, version) = match history.record_kind()? {
        RecordKind::Filing => (filing::key::PROGRAM, filing::key::VERSION),
        RecordKind::Edition => (edition::key::PROGRAM, edition::key::VERSION),
        _ => return None,
    };
    Catalog::builtin().program(&said(history, program)?)?.version(&said(history, version)?)
}

fn filing_name(connection: &Connection, history: &History) -> Result<String> {
    let number = said(history, filing::key::NUMBER).unwrap_or_default();
    let firm = said(history, filing::key::FIRM).and_then(|id| id.parse().ok());
    let firm = firm.map(|id| journal::history(connection, id)).transpose()?;
    let firm = firm.and_then(|history| said(&history, firm::key::NAME)).unwrap_or_default();
    Ok(format!("{firm} {number}").trim().to_owned())
}

pub(in crate::store) fn name_of(history: &History) -> String {
    let name = match history.record_kind() {
        Some(RecordKind::Firm) => said(history, firm::key::NAME),
        Some(RecordKind::User) => said(history, user_key::NAME),
        Some(RecordKind::Office) => said(history, office_key::NAME),
        Some(RecordKind::Shortlist) => said(history, shortlist::key::TITLE),
        Some(RecordKind::Machine) => said(history, machine::key::NAME),
        Some(RecordKind::Edition) => said(history, edition::key::NAME).map(|name| {
            let program = said(history, edition::key::PROGRAM).unwrap_or_default();
            let short = Catalog::builtin().program(&program).map_or(program.clone(), |known| known.short.clone());
            format!("{short}·{name}")
        }),
        _ => (0..history.len()).find_map(|n| match history.fact(n)? {
            Fact::ImportDone(done) if done.title.is_empty() => Some(done.file.clone()),
            Fact::ImportDone(done) => Some(done.title.clone()),
            Fact::Taken(taken) => Some(taken.name.clone()),
            Fact::Logged(logged) => Some(logged.what.label().to_owned()),
            Fact::PackageMade(made) => Some(format!("{}，给“{}”", made.purpose.label(), made.name)),
            Fact::PackageTaken(taken) => Some(format!("{}，来自“{}”", taken.purpose.label(), taken.name)),
            _ => None,
        }),
    };
    name.unwrap_or_else(|| "（没有名称）".to_owned())
}
