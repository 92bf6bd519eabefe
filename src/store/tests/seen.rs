//! What an office holds, taken down so that tests can look at it.

use rusqlite::Connection;

use crate::domain::Result;
use crate::domain::event::Entry;
use crate::domain::id::DeviceId;
use crate::store::{Db, journal};

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

/// Asks the database itself.
pub fn ask<T: Send + 'static>(db: &Db, question: impl FnOnce(&Connection) -> Result<T> + Send + 'static) -> T {
    db.read(question).wait().expect("an answer")
}
