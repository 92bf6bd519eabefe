//! The proof that an office is whole: its file, every event and chain, and tables that are what the journal gives.

use std::ops::ControlFlow;

use rusqlite::Connection;

use super::db::configure;
use super::journal::{self, Fault, Report};
use super::{schema, tables};
use crate::domain::Result;

/// Making the tables again takes about three times as long as the events.
const EVENTS: f32 = 0.25;

/// Verifies all of it and names each fault. Changes nothing.
pub(super) fn check(connection: &Connection) -> Result<Report> {
    check_watched(connection, &mut |_| ControlFlow::Continue(()))
}

/// The same, telling how far it is (0 to 1) and stopping when nobody wants the rest.
pub(super) fn check_watched(connection: &Connection, watch: &mut dyn FnMut(f32) -> ControlFlow<()>) -> Result<Report> {
    let all: i64 = connection.query_row("SELECT count(*) FROM event", [], |row| row.get(0))?;
    // One transaction, so that journal and tables are of the same moment.
    connection.execute_batch("BEGIN")?;
    let mut events = |done: u64| watch(EVENTS * done as f32 / all.max(1) as f32);
    let report = journal::check_watched(connection, &mut events).and_then(|mut report| {
        let mut scratch = Connection::open("")?;
        configure(&scratch)?;
        schema::migrate(&mut scratch)?;
        schema::remake_derived(&scratch)?;
        let mut records = |done: usize, all: usize| watch(EVENTS + (1.0 - EVENTS) * done as f32 / all.max(1) as f32);
        for (name, rows) in tables::compare(connection, &scratch, &mut records)? {
            report.faults.push(Fault::Table { name, rows });
        }
        Ok(report)
    });
    connection.execute_batch("ROLLBACK")?;
    report
}
