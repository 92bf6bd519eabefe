//! Kept files that may hold what was asked to be erased: those of a filing, and the lists a record's values came from.

use std::collections::BTreeSet;

use crate::domain::Result;
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

impl Db {
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

/// Files of a filing whose content was erased.
pub(super) fn erased_of(connection: &rusqlite::Connection, filing: RecordId) -> Result<BTreeSet<Hash>> {
    let mut statement = connection.prepare_cached(
        "SELECT digest FROM attachment WHERE filing = ? AND digest IN (SELECT digest FROM erased_file)",
    )?;
    let all = statement.query_map([filing], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(all)
}
