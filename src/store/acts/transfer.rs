//! 转交: a filing on its way between our own people.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use super::firm::Values;
use crate::domain::filing::key;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::Act;

impl Act<'_> {
    /// Says who looks after a filing from now on, with a word to them. The word of an earlier hand-over goes with it. Returns
    /// whether anything differed.
    ///
    /// # Errors
    /// Not found for somebody who does not work here; refused where it lies with them already.
    pub fn transfer_filing(&mut self, id: RecordId, to: RecordId, note: &str) -> Result<bool> {
        let known: Option<(String, bool)> = self
            .connection()?
            .prepare_cached("SELECT name, active FROM user WHERE id = ?")?
            .query_row([to], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let name = match known {
            Some((name, true)) => name,
            Some((name, false)) => {
                return Err(Problem::refused(format!("{name}已经停用，不能再接手申报。")).next("请转给在用的人员。"));
            }
            None => return Err(Problem::not_found("找不到要转给的人。").next("请从人员里选一位。")),
        };
        let filing = self.filing(id)?;
        if filing.fields.get(key::OFFICER) == Some(to.to_string().as_str()) {
            return Err(Problem::refused(format!("这件申报本来就由{name}经办。")).next("请选另外一位。"));
        }
        let note = note.trim();
        let values: Values = BTreeMap::from([
            (key::OFFICER.to_owned(), Some(to.to_string())),
            (key::HANDOVER.to_owned(), (!note.is_empty()).then(|| note.to_owned())),
        ]);
        self.change_filing(id, &values)
    }

    /// Whether somebody looks after a filing.
    pub fn looked_after_by(&mut self, id: RecordId, user: RecordId) -> Result<bool> {
        Ok(self.filing(id)?.fields.get(key::OFFICER) == Some(user.to_string().as_str()))
    }
}
