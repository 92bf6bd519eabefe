//! Rows of the office itself: who works here, what was done, what was imported.

use rusqlite::{Connection, params};

use super::fields_json;
use crate::domain::Result;
use crate::domain::event::{DeedKind, Fact};
use crate::domain::history::{History, Registers};
use crate::domain::id::RecordId;
use crate::domain::people::{User, user_key};
use crate::domain::review::own;

pub(super) fn project_office(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    let (fields, forms) = (Registers::replay(history), own::fields(history));
    let forms = forms.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    connection
        .prepare_cached(
            "INSERT INTO office (id, fields) VALUES (?, ?) ON CONFLICT DO UPDATE SET fields = excluded.fields",
        )?
        .execute(params![id, fields_json(fields.values().chain(forms))])?;
    Ok(())
}

pub(super) fn project_user(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    for sql in ["DELETE FROM user WHERE id = ?", "DELETE FROM gone_user WHERE id = ?"] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    let Some(user) = User::replay(id, history) else {
        if let Some(name) = history.said(user_key::NAME) {
            connection.prepare_cached("INSERT INTO gone_user (id, name) VALUES (?, ?)")?.execute(params![id, name])?;
        }
        return Ok(());
    };
    connection
        .prepare_cached("INSERT INTO user (id, name, roles, active, section, programs) VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![id, user.name, user.roles, user.active, user.section, user.programs])?;
    Ok(())
}

pub(super) fn project_action(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    // Nobody's program closes an action twice, but somebody's may, and then what comes later may be the earlier one.
    if !fresh {
        connection.prepare_cached("DELETE FROM action WHERE id = ?")?.execute([id])?;
    }
    let taken = history.standing().find_map(|(_, entry, fact)| match fact {
        Fact::Taken(taken) => Some((entry, taken)),
        _ => None,
    });
    let Some((entry, taken)) = taken else { return Ok(()) };
    let event = &entry.event;
    let last = event.seq.saturating_sub(1);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO action (id, name, device, first, last, actor, at, undoes, sort, records)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            taken.name,
            event.device,
            event.seq.saturating_sub(taken.events) as i64,
            last as i64,
            event.actor,
            event.at.0,
            taken.undoes,
            taken.sort.unwrap_or_else(|| DeedKind::of_name(&taken.name)).word(),
            taken.records
        ])?;
    Ok(())
}

pub(super) fn project_log(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM log WHERE id = ?")?.execute([id])?;
    }
    let noted = history.standing().find_map(|(_, entry, fact)| match fact {
        Fact::Logged(logged) => Some((&entry.event, logged)),
        _ => None,
    });
    let Some((event, logged)) = noted else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO log (id, sort, detail, count, record, device, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            logged.what.word(),
            logged.detail,
            logged.count,
            logged.record,
            event.device,
            event.actor,
            event.at.0
        ])?;
    Ok(())
}

/// An import stays in its table when it is taken back, marked so: people look for it there.
pub(super) fn project_import(connection: &Connection, id: RecordId, history: &History) -> Result<()> {
    connection.prepare_cached("DELETE FROM import WHERE id = ?")?.execute([id])?;
    let found = history.entries().iter().enumerate().find_map(|(n, entry)| match history.fact(n) {
        Some(Fact::ImportDone(done)) => Some((n, entry, done)),
        _ => None,
    });
    let Some((n, entry, done)) = found else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO import (id, action, file, digest, title, purpose, rows, created, changed, unchanged, passed_over, undone, actor, at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            entry.event.action,
            done.file,
            done.digest,
            done.title,
            done.purpose,
            done.rows,
            done.created,
            done.changed,
            done.unchanged,
            done.passed_over,
            history.is_taken_back(n),
            entry.event.actor,
            entry.event.at.0
        ])?;
    Ok(())
}
