//! What fields of a record have ever said of a person, and where else the same is said: in the firm's other records, and
//! in lists of it that went out.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Fact, RecordKind, ShortlistFrozen};
use super::filing::key as filing_key;
use super::firm::{FIELDS, Group};
use super::history::History;
use super::id::RecordId;
use super::seal::Keys;

/// Everything that some fields of a record have said, and whose it is.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The fields that said it, by what they said.
    values: BTreeMap<String, BTreeSet<String>>,
    /// The firm's filings: only their lines of a list are meant.
    filings: BTreeSet<RecordId>,
    keys: Keys,
}

impl Said {
    /// What these fields have said in any event of a record. `keys` open what is sealed.
    pub fn of(history: &History, fields: &[String], filings: BTreeSet<RecordId>, keys: Keys) -> Self {
        let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for said in (0..history.len()).filter_map(|n| history.fact(n)?.fields()) {
            for field in fields {
                let Some(value) = said.get(field).map(str::trim).filter(|value| !value.is_empty()) else { continue };
                values.entry(keys.opened(value).into_owned()).or_default().insert(field.clone());
            }
        }
        Self { values, filings, keys }
    }

    /// The fields that have said the same as a text.
    fn by(&self, text: &str) -> Option<&BTreeSet<String>> {
        self.values.get(self.keys.opened(text.trim()).as_ref())
    }

    /// Those of the fields whose words another record repeats.
    pub fn repeated(&self, history: &History) -> BTreeSet<String> {
        let may = may_repeat(history.record_kind());
        let mut found = BTreeSet::new();
        for fact in (0..history.len()).filter_map(|n| history.fact(n)) {
            if let Fact::ShortlistFrozen(frozen) = fact {
                found.extend(self.cells(frozen).filter_map(|(_, text)| self.by(text)).flatten().cloned());
            }
            for (key, value) in fact.fields().into_iter().flat_map(|fields| &fields.set) {
                if may(key) {
                    found.extend(value.as_deref().and_then(|value| self.by(value)).into_iter().flatten().cloned());
                }
            }
        }
        found
    }

    /// Fields of another firm's or filing's record that have said the same.
    pub fn fields_of(&self, history: &History) -> Vec<String> {
        let may = may_repeat(history.record_kind());
        let facts = (0..history.len()).filter_map(|n| history.fact(n)?.fields());
        let all = facts
            .flat_map(|fields| &fields.set)
            .filter(|(key, value)| may(key) && value.as_deref().is_some_and(|value| self.by(value).is_some()));
        all.map(|(key, _)| key.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Leaves the cells of a list empty that say the same. Returns the heads of their columns.
    pub fn blank(&self, frozen: &mut ShortlistFrozen) -> BTreeSet<String> {
        let same: BTreeSet<String> =
            self.cells(frozen).filter(|(_, text)| self.by(text).is_some()).map(|(_, text)| text.to_owned()).collect();
        let mut heads = BTreeSet::new();
        for row in frozen.rows.iter_mut().filter(|row| self.filings.contains(&row.filing)) {
            for (n, cell) in row.cells.iter_mut().enumerate().filter(|(_, cell)| same.contains(cell.as_str())) {
                cell.clear();
                heads.insert(frozen.heads.get(n).cloned().unwrap_or_default());
            }
        }
        heads
    }

    fn cells<'f>(&'f self, frozen: &'f ShortlistFrozen) -> impl Iterator<Item = (usize, &'f str)> {
        let rows = frozen.rows.iter().filter(|row| self.filings.contains(&row.filing));
        rows.flat_map(|row| row.cells.iter().map(String::as_str).enumerate())
    }
}

/// The fields of a record that speak of people, as far as its kind tells.
fn may_repeat(kind: Option<RecordKind>) -> impl Fn(&str) -> bool {
    move |key| match kind {
        Some(RecordKind::Firm) => FIELDS.iter().any(|field| field.group == Group::People && field.key == key),
        Some(RecordKind::Filing) => key.starts_with(filing_key::FORM) || key == filing_key::NOTE,
        _ => false,
    }
}
