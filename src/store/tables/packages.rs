//! Rows of machines met and of packages made and taken in.

use rusqlite::{Connection, params};

use crate::domain::Result;
use crate::domain::event::Fact;
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::machine::Machine;

pub(super) fn project_machine(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    connection.prepare_cached("DELETE FROM known_machine WHERE id = ?")?.execute([id])?;
    let Some(machine) = Machine::replay(id, history) else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO known_machine (id, name, sign, seal, user, retired, actor, at, said)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            machine.name,
            machine.sign.to_string(),
            machine.seal.to_string(),
            machine.user,
            machine.retired,
            machine.met_by,
            machine.met_at,
            machine.said_at
        ])?;
    Ok(())
}

/// A package that left or came cannot be taken back, so every event of it counts.
pub(super) fn project_package(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    for sql in ["DELETE FROM package_made WHERE package = ?", "DELETE FROM package_taken WHERE package = ?"] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    for (n, entry) in history.entries().iter().enumerate() {
        let (sql, other, fact) = match history.fact(n) {
            Some(Fact::PackageMade(made)) => (
                "INSERT INTO package_made (package, hash, device, seq, actor, at, other, fact) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                made.to,
                serde_json::to_string(made),
            ),
            Some(Fact::PackageTaken(taken)) => (
                "INSERT INTO package_taken (package, hash, device, seq, actor, at, other, fact) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                taken.from,
                serde_json::to_string(taken),
            ),
            _ => continue,
        };
        let event = &entry.event;
        connection.prepare_cached(sql)?.execute(params![
            id,
            entry.hash,
            event.device,
            event.seq as i64,
            event.actor,
            event.at.0,
            other.to_string(),
            // Numbers, hashes and texts: nothing JSON could refuse.
            fact.unwrap_or_default()
        ])?;
    }
    Ok(())
}
