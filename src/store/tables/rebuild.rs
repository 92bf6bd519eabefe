//! The derived tables made again from nothing but the journal, and the proof that they had been right.

use std::ops::ControlFlow;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::project;
use crate::domain::event::Stamp;
use crate::domain::{Kind, Problem, Result};
use crate::store::journal;

/// Hears how many of how many records are done, and may stop it.
pub type Watch<'w> = dyn FnMut(usize, usize) -> ControlFlow<()> + 'w;

/// Every derived table, in the order a dump lists them.
pub const DERIVED: &[&str] = &[
    "action",
    "log",
    "office",
    "user",
    "gone_user",
    "firm",
    "edition",
    "filing",
    "attachment",
    "erased_file",
    "shortlist",
    "shortlist_version",
    "import",
    "known_machine",
    "package_made",
    "package_taken",
];

/// Empties the derived tables and makes them again. Runs inside the caller's transaction.
///
/// `watch` hears (records done, records in all) and may stop it.
///
/// # Errors
/// [`Kind::Cancelled`] when it was stopped.
pub fn rebuild(connection: &Connection, watch: &mut Watch<'_>) -> Result<()> {
    for table in DERIVED {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    refill(connection, connection, watch)
}

/// Fills empty derived tables of `into` from the journal of `from`.
fn refill(from: &Connection, into: &Connection, watch: &mut Watch<'_>) -> Result<()> {
    let records = journal::all_records(from)?;
    for (n, record) in records.iter().enumerate() {
        project(into, *record, &journal::history(from, *record)?, true)?;
        if n % 1000 == 0 && watch(n, records.len()).is_break() {
            return Err(Problem::new(Kind::Cancelled, "已停止，各表还是原来的样子。"));
        }
    }
    Ok(())
}

/// Fills empty derived tables of `into` with what lists show, as the journal of `from` tells it up to a moment.
///
/// `watch` hears (records done, records in all) and may stop it with an error.
pub(in crate::store) fn fill_as_of(
    from: &Connection,
    into: &Connection,
    last: Stamp,
    watch: &mut dyn FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    let records = journal::listed_until(from, last)?;
    for (n, record) in records.iter().enumerate() {
        if n % 100 == 0 {
            watch(n, records.len())?;
        }
        project(into, *record, &journal::history(from, *record)?.as_of(last), true)?;
    }
    watch(records.len(), records.len())
}

/// Tables of `connection` that differ from what its journal gives, with how many rows differ.
///
/// The comparison tables are made in `scratch`, an empty database of the same schema.
pub fn compare(connection: &Connection, scratch: &Connection, watch: &mut Watch<'_>) -> Result<Vec<(String, u64)>> {
    scratch.execute_batch("BEGIN")?;
    refill(connection, scratch, watch)?;
    let mut different = Vec::new();
    for table in DERIVED {
        let rows = differing_rows(connection, scratch, table)?;
        if rows > 0 {
            different.push(((*table).to_owned(), rows));
        }
    }
    scratch.execute_batch("ROLLBACK")?;
    Ok(different)
}

fn differing_rows(a: &Connection, b: &Connection, table: &str) -> Result<u64> {
    // Tables without rowid come in the order of their primary key, which both sides share.
    let sql = format!("SELECT * FROM {table}");
    let (mut a, mut b) = (a.prepare(&sql)?, b.prepare(&sql)?);
    let columns = a.column_count();
    let (mut a, mut b) = (a.query([])?, b.query([])?);
    let mut different = 0;
    loop {
        let left = a
            .next()?
            .map(|row| (0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<Vec<Value>>>())
            .transpose()?;
        let right = b
            .next()?
            .map(|row| (0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<Vec<Value>>>())
            .transpose()?;
        match (left, right) {
            (None, None) => return Ok(different),
            (left, right) => different += u64::from(left != right),
        }
    }
}
