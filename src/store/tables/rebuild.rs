//! The derived tables made again from nothing but the journal, and the proof that they had been right.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, Rows};

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
        // What cannot be read differs in every row.
        let all = || scratch.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        let rows =
            differing_rows(connection, scratch, table).or_else(|_| Ok::<_, Problem>(all()?.unsigned_abs().max(1)))?;
        if rows > 0 {
            different.push(((*table).to_owned(), rows));
        }
    }
    scratch.execute_batch("ROLLBACK")?;
    Ok(different)
}

/// Rows by which a table differs, one that only either side has among them.
fn differing_rows(a: &Connection, b: &Connection, table: &str) -> Result<u64> {
    let mut key = b.prepare("SELECT cid, name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")?;
    let key = key
        .query_map([table], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    let (places, names): (Vec<usize>, Vec<String>) = key.into_iter().map(|(at, name)| (at as usize, name)).unzip();
    let sql = format!("SELECT * FROM {table} ORDER BY {}", names.join(", "));
    let (mut a, mut b) = (a.prepare(&sql)?, b.prepare(&sql)?);
    let columns = a.column_count();
    let (mut a, mut b) = (a.query([])?, b.query([])?);
    let next = |rows: &mut Rows<'_>| -> Result<Option<Vec<Value>>> {
        let row = rows.next()?.map(|row| (0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<_>>());
        Ok(row.transpose()?)
    };
    let order = |left: &[Value], right: &[Value]| {
        let by_key = places.iter().map(|at| order(&left[*at], &right[*at]));
        by_key.fold(Ordering::Equal, Ordering::then)
    };
    let mut different = 0;
    let (mut left, mut right) = (next(&mut a)?, next(&mut b)?);
    loop {
        let sides = match (&left, &right) {
            (None, None) => return Ok(different),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => order(left, right),
        };
        different += u64::from(sides != Ordering::Equal || left != right);
        if sides != Ordering::Greater {
            left = next(&mut a)?;
        }
        if sides != Ordering::Less {
            right = next(&mut b)?;
        }
    }
}

/// The order in which SQLite sorts two values of one column.
fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Blob(left), Value::Blob(right)) => left.cmp(right),
        // Only damage puts another sort of value into a key.
        _ => format!("{left:?}").cmp(&format!("{right:?}")),
    }
}
