//! Shortlists and the versions that went out.

use crate::domain::event::Stamp;
use crate::domain::id::RecordId;
use crate::domain::shortlist::Shortlist;
use crate::store::{Answer, Db};

/// A shortlist in a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortlistRow {
    pub id: RecordId,
    pub edition: RecordId,
    pub title: String,
    pub filings: usize,
    /// Number of the last version that went out; 0: none yet.
    pub versions: u16,
    pub changed: Stamp,
}

/// A shortlist, whole.
#[derive(Debug, Clone)]
pub struct ShortlistFile {
    pub shortlist: Shortlist,
}

impl Db {
    /// All shortlists, last changed first.
    pub fn shortlists(&self) -> Answer<Vec<ShortlistRow>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, edition, title, items, changed,
                    coalesce((SELECT max(n) FROM shortlist_version WHERE shortlist = shortlist.id), 0)
                 FROM shortlist ORDER BY changed DESC, id DESC",
            )?;
            let all = statement
                .query_map([], |row| {
                    let items: String = row.get(3)?;
                    Ok(ShortlistRow {
                        id: row.get(0)?,
                        edition: row.get(1)?,
                        title: row.get(2)?,
                        filings: items.split_whitespace().count(),
                        versions: row.get(5)?,
                        changed: Stamp(row.get(4)?),
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(all)
        })
    }

    /// A shortlist with its frozen versions.
    pub fn shortlist(&self, id: RecordId) -> Answer<Option<ShortlistFile>> {
        let telling = self.telling();
        self.read(move |connection| {
            let history = telling.history(connection, id)?;
            Ok(Shortlist::replay(id, &history).map(|shortlist| ShortlistFile { shortlist }))
        })
    }
}
