//! What somebody may do here, read from the tables in the transaction that depends on it.
//!
//! Every event an action writes is judged by the one gate below, so that a new deed cannot forget to ask and a script cannot do
//! what the window does not offer. Not judged: events from elsewhere, which were judged where they were made and are taken in
//! whole or the journals would differ; what the log says beside deeds; and whatever is done before an office has its first
//! person, for there is nobody yet to be kept from anything.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::{Act, Answer, Db};
use crate::catalog::Catalog;
use crate::domain::event::{DeedKind, Fact, Logged, RecordKind};
use crate::domain::filing::key as filing_key;
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::people::{Permission, Rights, Role, office_key};
use crate::domain::program::Stage;
use crate::domain::{Problem, Result};

/// Who acts, as the tables stood when the action wrote its first event.
pub(super) struct Standing {
    rights: Rights,
    /// Somebody could manage the office then, so somebody must be able to afterwards.
    managed: bool,
}

/// The office's fields as the tables hold them.
pub(super) fn office_fields(connection: &Connection) -> Result<HashMap<String, String>> {
    let fields: Option<String> = connection
        .prepare_cached("SELECT fields FROM office WHERE id = ?")?
        .query_row([RecordId::OFFICE], |row| row.get(0))
        .optional()?;
    Ok(fields.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Whether somebody who works here is an administrator.
pub(super) fn has_administrator(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT roles FROM user WHERE active")?;
    let roles = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(roles.iter().any(|roles| Role::list(roles).contains(&Role::Administrator)))
}

/// What somebody may do now.
pub(super) fn rights_of(connection: &Connection, actor: RecordId) -> Result<Rights> {
    let user: Option<(String, bool)> = connection
        .prepare_cached("SELECT roles, active FROM user WHERE id = ?")?
        .query_row([actor], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((roles, active)) = user else {
        let anybody: bool =
            connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM user)")?.query_row([], |row| row.get(0))?;
        return Ok(if anybody { Rights::default() } else { Rights::founding() });
    };
    let strict = office_fields(connection)?.get(office_key::SUPERVISOR_DECIDES).is_some_and(|value| value == "是");
    Ok(Rights::of(&Role::list(&roles), active, strict))
}

impl Standing {
    pub fn read(connection: &Connection, actor: RecordId) -> Result<Self> {
        Ok(Self { rights: rights_of(connection, actor)?, managed: has_administrator(connection)? })
    }

    /// The machine acting for whoever proved to hold the recovery key.
    pub fn recovering() -> Self {
        Self { rights: Rights::founding(), managed: false }
    }

    /// Whether a fact may be written at the end of a record's history.
    ///
    /// # Errors
    /// Refused, in words for whoever acts.
    pub fn judge(&self, history: &History, fact: &Fact) -> Result<()> {
        match fact {
            Fact::FilingMoved(moved) => match stage_of(history, &moved.stage) {
                Some(stage) => self.rights.may(Permission::of_move(stage.desk, stage.kind, moved.effect)),
                // A program this version does not know: a decision, until somebody says it is not.
                None => self.rights.may(Permission::Decide),
            },
            // Taking back needs the right to have done it; an undo of an undo leads to the same facts.
            Fact::Undone(undone) => {
                self.rights.may(Permission::Undo)?;
                let mut open: Vec<usize> = undone.events.iter().filter_map(|hash| history.position(hash)).collect();
                let mut left = history.len() + open.len();
                while let (Some(n), true) = (open.pop(), left > 0) {
                    left -= 1;
                    match history.fact(n) {
                        Some(Fact::Undone(earlier)) => {
                            open.extend(earlier.events.iter().filter_map(|hash| history.position(hash)));
                        }
                        Some(fact) => self.judge(history, fact)?,
                        None => {}
                    }
                }
                Ok(())
            }
            fact => Permission::of_fact(fact).map_or(Ok(()), |any| self.rights.may_any(any)),
        }
    }

    /// What a closing action must not leave behind: an office nobody can manage any more.
    pub fn leaves(&self, connection: &Connection, touched: &[(RecordId, Option<RecordKind>)]) -> Result<()> {
        let people = touched.iter().any(|(_, kind)| *kind == Some(RecordKind::User));
        if !people || !self.managed || has_administrator(connection)? {
            return Ok(());
        }
        Err(Problem::refused("这是最后一位在用的管理员，不能停用，也不能去掉管理员身份。")
            .next("请先把管理员身份给另一位，再做这一步。"))
    }
}

/// The stage of a filing's program, as it was bound when the filing was made.
fn stage_of(history: &History, stage: &str) -> Option<&'static Stage> {
    let created = history.entries().iter().enumerate().find_map(|(n, _)| match history.fact(n) {
        Some(Fact::FilingCreated(fields)) => Some(fields),
        _ => None,
    })?;
    let version =
        Catalog::builtin().program(created.get(filing_key::PROGRAM)?)?.version(created.get(filing_key::VERSION)?)?;
    version.stages.iter().find(|known| known.id == stage)
}

impl Act<'_> {
    /// Refuses what whoever acts may not do, where that is known before anything is written.
    ///
    /// # Errors
    /// Refused, in words for whoever acts.
    pub fn permit(&mut self, permission: Permission) -> Result<()> {
        self.standing()?.rights.may(permission)
    }
}

impl Db {
    /// What somebody may do here now.
    pub fn rights(&self, user: RecordId) -> Answer<Rights> {
        self.read(move |connection| rights_of(connection, user))
    }

    /// Judges what writes no event: an export, a look at what is covered, a backup. A refusal is logged.
    ///
    /// # Errors
    /// Refused, in words for whoever asked.
    pub fn permit(&self, user: RecordId, permission: Permission) -> Answer<()> {
        self.write_or_refuse(user, "", move |act| {
            let judged = act.permit(permission);
            if let Err(problem) = &judged {
                act.note(Logged::new(DeedKind::Refused, problem.says.clone()));
            }
            Ok(judged)
        })
    }
}
