//! The derived tables: what each record's history comes to, one row or a few per record.
//! A row is a pure function of its own record's events, so step by step equals rebuilt, and no order of arrival shows.
//! Only this folder writes derived tables.

mod firm;
mod flow;
mod office;
mod packages;
mod rebuild;

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::domain::Result;
use crate::domain::event::{Fact, RecordKind};
use crate::domain::history::History;
use crate::domain::id::RecordId;

pub(in crate::store) use firm::{FirmLine, FirmPen};
pub(in crate::store) use rebuild::fill_as_of;
pub use rebuild::{DERIVED, compare, rebuild};

/// Makes a record's rows anew from its history.
///
/// `fresh`: the caller knows that the tables hold nothing of this record yet, which saves the deletes.
pub fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    let kind = history.record_kind();
    if !fresh {
        let sorts = history.entries().iter().filter_map(|entry| RecordKind::of(&entry.event.kind));
        // Nobody's program writes two sorts on one record, but somebody's may; which sort it is may change with what comes.
        for odd in sorts.filter(|sort| Some(*sort) != kind).collect::<BTreeSet<_>>() {
            clear(connection, odd, id)?;
        }
    }
    match kind {
        Some(RecordKind::Firm) => firm::project(connection, id, history, fresh),
        Some(RecordKind::Filing) => {
            project_erased(connection, id, history, fresh)?;
            flow::project_filing(connection, id, history, fresh)
        }
        Some(RecordKind::Edition) => flow::project_edition(connection, id, history),
        Some(RecordKind::Shortlist) => flow::project_shortlist(connection, id, history),
        Some(RecordKind::Import) => {
            project_erased(connection, id, history, fresh)?;
            office::project_import(connection, id, history)
        }
        Some(RecordKind::Action) => office::project_action(connection, id, history, fresh),
        Some(RecordKind::Log) => office::project_log(connection, id, history, fresh),
        Some(RecordKind::Office) => office::project_office(connection, id, history),
        Some(RecordKind::User) => office::project_user(connection, id, history),
        Some(RecordKind::Machine) => packages::project_machine(connection, id, history),
        Some(RecordKind::Package) => packages::project_package(connection, id, history),
        // A newer version's sort of record: kept in the journal, without a table here.
        None => Ok(()),
    }
}

/// Files a record's decrees name. A decree is never taken back, nor does it end with its record.
fn project_erased(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM erased_file WHERE record = ?")?.execute([id])?;
    }
    for n in 0..history.len() {
        let Some(Fact::Erased(erased)) = history.fact(n) else { continue };
        for file in &erased.files {
            connection
                .prepare_cached("INSERT INTO erased_file (record, digest) VALUES (?, ?) ON CONFLICT DO NOTHING")?
                .execute(params![id, file])?;
        }
    }
    Ok(())
}

/// Takes away what the tables of one sort of record hold of it.
fn clear(connection: &Connection, kind: RecordKind, id: RecordId) -> Result<()> {
    let tables: &[&str] = match kind {
        RecordKind::Firm => &["DELETE FROM firm WHERE id = ?"],
        RecordKind::Filing => &[
            "DELETE FROM filing WHERE id = ?",
            "DELETE FROM attachment WHERE filing = ?",
            "DELETE FROM erased_file WHERE record = ?",
        ],
        RecordKind::Edition => &["DELETE FROM edition WHERE id = ?"],
        RecordKind::Shortlist => {
            &["DELETE FROM shortlist WHERE id = ?", "DELETE FROM shortlist_version WHERE shortlist = ?"]
        }
        RecordKind::Import => &["DELETE FROM import WHERE id = ?", "DELETE FROM erased_file WHERE record = ?"],
        RecordKind::Action => &["DELETE FROM action WHERE id = ?"],
        RecordKind::Log => &["DELETE FROM log WHERE id = ?"],
        RecordKind::Office => &["DELETE FROM office WHERE id = ?"],
        RecordKind::User => &["DELETE FROM user WHERE id = ?", "DELETE FROM gone_user WHERE id = ?"],
        RecordKind::Machine => &["DELETE FROM known_machine WHERE id = ?"],
        RecordKind::Package => {
            &["DELETE FROM package_made WHERE package = ?", "DELETE FROM package_taken WHERE package = ?"]
        }
    };
    for sql in tables {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// Fields and their values as JSON, for the columns that keep whole records.
fn fields_json<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let map: std::collections::BTreeMap<&str, &str> = fields.collect();
    // A map of strings has nothing JSON could refuse.
    serde_json::to_string(&map).unwrap_or_default()
}

/// Stamps of the first and last standing event.
fn stamps(history: &History) -> (i64, i64) {
    let all = || history.standing().map(|(_, entry, _)| entry.event.at.0);
    (all().min().unwrap_or(0), all().max().unwrap_or(0))
}
