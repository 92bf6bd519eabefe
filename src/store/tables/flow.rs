//! Rows of what flows: editions, filings, shortlists with their frozen versions.

use rusqlite::{Connection, params};

use super::{fields_json, stamps};
use crate::domain::Result;
use crate::domain::edition::Edition;
use crate::domain::event::Fact;
use crate::domain::filing::{Filing, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::shortlist::{Shortlist, write_items};
#[cfg(test)]
use crate::domain::testing;
use crate::store::ledger::pack_filing;

pub(super) fn project_filing(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM filing WHERE id = ?")?.execute([id])?;
        connection.prepare_cached("DELETE FROM attachment WHERE filing = ?")?.execute([id])?;
    }
    project_files(connection, id, history)?;
    let Some(filing) = Filing::replay(id, history) else { return Ok(()) };
    let (created, _) = stamps(history);
    #[cfg(test)]
    if testing::is_broken(testing::Break::NumberIsKey) {
        let same = params![filing.edition, filing.fields.text(key::NUMBER), id];
        if connection.prepare("SELECT 1 FROM filing WHERE edition = ? AND number = ? AND id < ?")?.exists(same)? {
            return Ok(());
        }
        connection.execute("DELETE FROM filing WHERE edition = ? AND number = ? AND id > ?", same)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO filing (id, firm, edition, program, number, created, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            filing.firm,
            filing.edition,
            filing.program,
            filing.fields.text(key::NUMBER),
            created,
            pack_filing(&filing, history.is_read_only()),
        ])?;
    Ok(())
}

/// Also of a filing that was taken back: what brings it back brings its files.
fn project_files(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    for (n, entry) in history.entries().iter().enumerate() {
        let Some(Fact::FilingAttached(attached)) = history.fact(n) else { continue };
        connection
            .prepare_cached(
                "INSERT INTO attachment (event, filing, item, digest, name, size, device) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                entry.hash,
                id,
                attached.item,
                attached.file,
                attached.name,
                // More than SQLite can count is no file of this world.
                i64::try_from(attached.size).unwrap_or(i64::MAX),
                entry.event.device
            ])?;
    }
    Ok(())
}

pub(super) fn project_edition(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    connection.prepare_cached("DELETE FROM edition WHERE id = ?")?.execute([id])?;
    let Some(edition) = Edition::replay(id, history) else { return Ok(()) };
    connection
        .prepare_cached("INSERT INTO edition (id, program, version, year, batch, name, quota, closed, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            id,
            edition.program,
            edition.version,
            edition.year,
            edition.batch,
            edition.name,
            edition.quota,
            edition.closed,
            fields_json(edition.fields.values())
        ])?;
    Ok(())
}

pub(super) fn project_shortlist(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    for sql in ["DELETE FROM shortlist WHERE id = ?", "DELETE FROM shortlist_version WHERE shortlist = ?"] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    let Some(shortlist) = Shortlist::replay(id, history) else { return Ok(()) };
    let (created, changed) = stamps(history);
    connection
        .prepare_cached(
            "INSERT INTO shortlist (id, edition, title, items, created, changed) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![id, shortlist.edition, shortlist.title, write_items(&shortlist.items), created, changed])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO shortlist_version (shortlist, n, hash, day, title, heads, rows, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for version in &shortlist.versions {
        let frozen = &version.frozen;
        insert.execute(params![
            id,
            frozen.number,
            version.hash,
            frozen.on.to_string(),
            frozen.title,
            serde_json::to_string(&frozen.heads).unwrap_or_default(),
            serde_json::to_string(&frozen.rows).unwrap_or_default(),
            version.actor,
            version.at.0
        ])?;
    }
    Ok(())
}
