//! The row of a certificate.

use rusqlite::{Connection, params};

use super::stamps;
use crate::domain::Result;
use crate::domain::certificate::{Certificate, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;

pub(super) fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM certificate WHERE id = ?")?.execute([id])?;
    }
    let Some(certificate) = Certificate::replay(id, history) else { return Ok(()) };
    let fields = &certificate.fields;
    let (created, changed) = stamps(history);
    connection
        .prepare_cached(
            "INSERT INTO certificate (id, firm, kind, number, key, name, level, issued, starts, ends, batch, document, revoked,
                created, changed, import, row)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            certificate.firm,
            fields.get(key::KIND),
            fields.get(key::NUMBER),
            fields.get(key::NUMBER).map(number_key),
            fields.get(key::NAME),
            fields.get(key::LEVEL),
            fields.get(key::ISSUED),
            fields.get(key::STARTS),
            fields.get(key::ENDS),
            fields.get(key::BATCH),
            fields.get(key::DOCUMENT),
            fields.get(key::REVOKED),
            created,
            changed,
            certificate.source.map(|source| source.import),
            certificate.source.map(|source| source.row),
        ])?;
    Ok(())
}
