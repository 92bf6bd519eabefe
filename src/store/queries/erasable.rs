//! Kept files that may hold what was asked to be erased: those of a filing, and the lists a record's values came from.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use crate::domain::Result;
use crate::domain::erasure::Said;
use crate::domain::event::{Fact, Hash};
use crate::domain::id::RecordId;
use crate::store::attachments::kept_in;
use crate::store::{Answer, Db, erased, journal};

/// A file that could be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasable {
    /// The filing it was put to, or the import it was read in.
    pub record: RecordId,
    pub file: Hash,
    pub name: String,
    /// In bytes; `None`: it is not on this machine.
    pub size: Option<u64>,
    /// A list that was taken in, which speaks of others as well.
    pub list: bool,
}

/// Another record of the same firm that repeats what was asked to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    pub record: RecordId,
    /// The fields asked for whose words it repeats.
    pub fields: Vec<String>,
    /// What people call it.
    pub says: String,
}

impl Db {
    /// The firm's file, filings and shortlists that went out, as far as they repeat what fields of a record have said.
    pub fn echoes(&self, record: RecordId, fields: Vec<String>) -> Answer<Vec<Echo>> {
        let keys = self.keys();
        self.read(move |connection| {
            let (firm, filings) = filings_of(connection, record)?;
            let said = Said::of(&journal::history(connection, record)?, &fields, filings.clone(), keys);
            let mut others: Vec<(RecordId, String)> = vec![(firm, "企业档案".to_owned())];
            let mut number = connection.prepare_cached("SELECT number FROM filing WHERE id = ?")?;
            for filing in filings {
                others.push((filing, format!("申报 {}", number.query_row([filing], |row| row.get::<_, String>(0))?)));
            }
            let mut lists = connection.prepare_cached("SELECT id, title FROM shortlist ORDER BY created, id")?;
            let list = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, format!("推荐名单“{}”", row.get::<_, String>(1)?)));
            others.extend(lists.query_map([], list)?.collect::<rusqlite::Result<Vec<_>>>()?);
            let mut all = Vec::new();
            for (other, says) in others.into_iter().filter(|(other, _)| *other != record) {
                let fields = said.repeated(&journal::history(connection, other)?);
                if !fields.is_empty() {
                    all.push(Echo { record: other, fields: fields.into_iter().collect(), says });
                }
            }
            Ok(all)
        })
    }

    /// Every kept file of a firm or filing that is not erased yet: what was ever put to the filing, also where it was removed
    /// again, then the lists its values came from.
    pub fn erasable(&self, record: RecordId) -> Answer<Vec<Erasable>> {
        let folder = self.folder().to_owned();
        self.read(move |connection| {
            let size = |file: &Hash| std::fs::metadata(kept_in(&folder, file)).map(|about| about.len()).ok();
            let mut all: Vec<Erasable> = Vec::new();
            let history = journal::history(connection, record)?;
            // Also what was taken back: the list lies there all the same.
            let sources: BTreeSet<RecordId> = (0..history.len())
                .filter_map(|n| match history.fact(n)? {
                    Fact::FilingMoved(moved) => moved.source,
                    fact => fact.fields()?.source,
                })
                .map(|source| source.import)
                .collect();
            // An emptied event names no list any more, but it was written in one action with the import.
            let emptied = history.entries().iter().enumerate().filter(|(n, _)| history.is_erased(*n));
            let actions: BTreeSet<RecordId> = emptied.map(|(_, entry)| entry.event.action).collect();
            for n in 0..history.len() {
                let Some(Fact::FilingAttached(attached)) = history.fact(n) else { continue };
                let (file, name) = (attached.file, attached.name.clone());
                all.push(Erasable { record, file, name, size: size(&file), list: false });
            }
            let mut lists = connection.prepare_cached("SELECT id, action, digest, file FROM import ORDER BY at, id")?;
            let mut rows = lists.query([])?;
            while let Some(row) = rows.next()? {
                let (import, action): (RecordId, RecordId) = (row.get(0)?, row.get(1)?);
                if sources.contains(&import) || actions.contains(&action) {
                    let (file, name) = (row.get(2)?, row.get(3)?);
                    all.push(Erasable { record: import, file, name, size: size(&file), list: true });
                }
            }
            let mut met = BTreeSet::new();
            all.retain(|one| met.insert((one.record, one.file)));
            let mut open = Vec::with_capacity(all.len());
            for one in all {
                if !erased::is_erased(connection, &one.file)? {
                    open.push(one);
                }
            }
            Ok(open)
        })
    }
}

/// The firm a record is or belongs to, and that firm's filings.
pub fn filings_of(connection: &rusqlite::Connection, record: RecordId) -> Result<(RecordId, BTreeSet<RecordId>)> {
    let firm = connection
        .prepare_cached("SELECT firm FROM filing WHERE id = ?")?
        .query_row([record], |row| row.get(0))
        .optional()?
        .unwrap_or(record);
    let mut statement = connection.prepare_cached("SELECT id FROM filing WHERE firm = ?")?;
    let filings = statement.query_map([firm], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok((firm, filings))
}

/// Files of a filing whose content was erased.
pub(super) fn erased_of(connection: &rusqlite::Connection, filing: RecordId) -> Result<BTreeSet<Hash>> {
    let mut statement = connection.prepare_cached(
        "SELECT digest FROM attachment WHERE filing = ? AND digest IN (SELECT digest FROM erased_file)",
    )?;
    let all = statement.query_map([filing], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(all)
}
