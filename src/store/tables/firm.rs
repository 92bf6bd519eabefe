//! The row of a firm, its certificates and figures in its line.

use rusqlite::{Connection, params};

use crate::domain::Result;
use crate::domain::firm::{Firm, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::store::ledger::pack_firm;

pub(super) fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM firm WHERE id = ?")?.execute([id])?;
    }
    match Firm::replay(id, history) {
        None => Ok(()),
        Some(firm) => {
            let code = firm.fields.get(key::CODE).map(number_key);
            write(connection, id, firm.name(), code.as_deref(), &pack_firm(&firm, history.is_read_only()))
        }
    }
}

/// Writes the row of a firm the table holds nothing of. `code` as matching folds it.
pub(in crate::store) fn write(
    connection: &Connection,
    id: RecordId,
    name: &str,
    code: Option<&str>,
    line: &[u8],
) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO firm (id, name, code, line) VALUES (?, ?, ?, ?)")?
        .execute(params![id, name, code, line])?;
    Ok(())
}
