//! The one gate through which facts pass on their way into the journal: numbers of persons in them are sealed where the office
//! has it so, whichever command wrote them. What is sealed already passes as it is.

use rusqlite::OptionalExtension;

use super::Sealing;
use crate::catalog::Catalog;
use crate::domain::event::{Fact, Fields};
use crate::domain::filing::key as filing_key;
use crate::domain::history::{History, Registers};
use crate::domain::id::RecordId;
use crate::domain::program::Field;
use crate::domain::seal::{Sort, column_sort, firm_sort, form_sort, is_sealed};
use crate::domain::shortlist::key as shortlist_key;
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::acts::Values;

/// The fields of a form, as its filing was bound to them. `None`: a policy version that is not known here.
type Form = Option<&'static [Field]>;

fn form(program: Option<&str>, version: Option<&str>) -> Form {
    Some(Catalog::builtin().program(program?)?.version(version?)?.form.as_slice())
}

/// The form of a filing, by what its creation said.
fn form_of(history: &History) -> Form {
    let created = (0..history.len()).find_map(|n| match history.fact(n)? {
        Fact::FilingCreated(fields) => Some(fields),
        _ => None,
    })?;
    form(created.get(filing_key::PROGRAM), created.get(filing_key::VERSION))
}

/// The numbers that fields say, and what was remarked on them.
fn numbers(fields: &mut Fields, sort: impl Fn(&str) -> Option<Sort>) -> Vec<(Sort, &mut String)> {
    // A form's remarks name its fields without the prefix.
    let is_one = |field: &str| sort(field).or_else(|| sort(&format!("{}{field}", filing_key::FORM))).is_some();
    let Fields { set, confirmed, .. } = fields;
    let remarks = confirmed.iter_mut().filter(|one| is_one(&one.field)).map(|one| (Sort::Words, &mut one.says));
    let remarks: Vec<_> = remarks.collect();
    set.iter_mut().filter_map(|(key, value)| Some((sort(key)?, value.as_mut()?))).chain(remarks).collect()
}

/// Those that are still to be sealed.
fn plain(found: &mut Vec<(Sort, &mut String)>) -> bool {
    found.retain(|(_, text)| !text.is_empty() && !is_sealed(text));
    !found.is_empty()
}

impl Sealing {
    /// What a new firm's event may say.
    ///
    /// # Errors
    /// As [`Act::close`].
    pub(in crate::store) fn close_firm(&self, fields: &mut Fields) -> Result<()> {
        if matches!(self, Self::Off) {
            return Ok(());
        }
        let mut found = numbers(fields, firm_sort);
        if plain(&mut found) { self.close(found) } else { Ok(()) }
    }

    fn close(&self, found: Vec<(Sort, &mut String)>) -> Result<()> {
        match self {
            Self::Off => Ok(()),
            Self::On(key) => {
                found.into_iter().for_each(|(sort, text)| *text = key.seal(sort, text));
                Ok(())
            }
            Self::Without => Err(Problem::refused(
                "单位已开启身份证号和电话的加密，您在这台电脑上还没有拿到密钥，不能写这些号码。",
            )
            .next(
                "请由拿着密钥的人在这台电脑上登录一次，或从有密钥的电脑取入一个包，您再重新登录；也可以先不填号码。",
            )),
        }
    }
}

impl Act<'_> {
    /// A fact as it may be written; `record` is what it speaks of, where that is there already.
    ///
    /// # Errors
    /// Refused where a number must be sealed and the office's key is not at hand.
    pub(in crate::store) fn close(&mut self, record: Option<RecordId>, mut fact: Fact) -> Result<Fact> {
        let form = match (&fact, record) {
            (Fact::FilingCreated(fields), _) => form(fields.get(filing_key::PROGRAM), fields.get(filing_key::VERSION)),
            (Fact::FilingChanged(_), Some(record)) => form_of(self.history(record)?),
            _ => None,
        };
        let columns = match (&fact, record) {
            (Fact::ShortlistFrozen(frozen), Some(record)) => self.columns(record, &frozen.heads)?,
            _ => Vec::new(),
        };
        let mut found = match &mut fact {
            Fact::FirmCreated(fields) | Fact::FirmChanged(fields) => numbers(fields, firm_sort),
            Fact::FilingCreated(fields) | Fact::FilingChanged(fields) => {
                numbers(fields, |key| form_sort(key, form, Catalog::builtin().programs().iter()))
            }
            Fact::ShortlistFrozen(frozen) => {
                let cells = frozen.rows.iter_mut().flat_map(|row| row.cells.iter_mut().zip(&columns));
                cells.filter_map(|(cell, sort)| Some(((*sort)?, cell))).collect()
            }
            _ => Vec::new(),
        };
        if !plain(&mut found) {
            return Ok(fact);
        }
        self.sealing()?.close(found)?;
        Ok(fact)
    }

    /// What sort each column of a shortlist is sealed as, by the heads it goes out with.
    fn columns(&mut self, shortlist: RecordId, heads: &[String]) -> Result<Vec<Option<Sort>>> {
        let edition: Option<RecordId> =
            Registers::replay(self.history(shortlist)?).get(shortlist_key::EDITION).and_then(|id| id.parse().ok());
        let program: Option<String> = self
            .connection()?
            .prepare_cached("SELECT program FROM edition WHERE id = ?")?
            .query_row([edition], |row| row.get(0))
            .optional()?;
        let Some(program) = program.and_then(|id| Catalog::builtin().program(&id)) else { return Ok(Vec::new()) };
        let columns = &program.shortlist.columns;
        let of = |head: &String| column_sort(columns.iter().find(|column| column.title == *head)?, program);
        Ok(heads.iter().map(of).collect())
    }

    /// What of `wanted` differs from what stands in fields that may be sealed, either of them.
    pub(in crate::store) fn differing(&self, stands: &Registers, wanted: &Values) -> Values {
        stands.difference_by(wanted, |one, other| self.keys().same(one, other))
    }
}
