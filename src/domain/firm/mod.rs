//! An enterprise (企业) as its history leaves it: its fields, the names it has borne, its figures year by year.
//!
//! What the fields are stands in [`fields`]; how a value is spelled and warned about in `check` of the same folder.
//! Its certificates are part of it ([`super::certificate`]); filings are records of their own and only point here.

pub mod check;
pub mod fields;

use std::collections::BTreeMap;

use super::certificate::Certificate;
use super::event::Source;
use super::history::{History, Registers};
use super::id::RecordId;
use super::text::name_key;

pub use fields::{FIELDS, FactUnit, FieldDef, Group, Shape, YEAR_FACTS, YearFact, key};

/// A firm as its history leaves it.
#[derive(Debug, Clone)]
pub struct Firm {
    pub id: RecordId,
    pub fields: Registers,
    /// Names it had before, newest first, without the present one.
    pub former_names: Vec<String>,
    pub certificates: Vec<Certificate>,
    /// The list and row it was created from, if it was.
    pub source: Option<Source>,
}

impl Firm {
    /// Replays it. `None`: taken back, or without a name.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let mut names: Vec<&str> = Vec::new();
        let mut source = None;
        for (n, _, fact) in history.standing() {
            let Some(set) = fact.fields() else { continue };
            // Also where the creation was erased and is told again.
            if &*history.entries()[history.stands_at(n)].event.kind == "firm.created" {
                source = set.source;
            }
            names.extend(set.get(key::NAME));
        }
        let source_of = |n: usize| history.fact(n)?.fields()?.source;
        if !history.is_created("firm.created") {
            return None;
        }
        Self::build(id, Registers::replay(history), &names, source, source_of)
    }

    /// What [`Firm::replay`] gives of a firm of which nothing has happened but its creation.
    pub fn created(id: RecordId, set: BTreeMap<String, Option<String>>, source: Option<Source>) -> Option<Self> {
        let registers = Registers::from_values(set.into_iter().filter_map(|(key, value)| Some((key, value?))));
        Self::build(id, registers, &[], source, |_| source)
    }

    /// `names`: every name that was ever set and stands, oldest first.
    fn build(
        id: RecordId,
        fields: Registers,
        names: &[&str],
        source: Option<Source>,
        source_of: impl Fn(usize) -> Option<Source>,
    ) -> Option<Self> {
        let name = fields.get(key::NAME)?;
        let typed = fields.get(key::FORMER_NAMES).unwrap_or_default().split(['；', ';', '\n']).map(str::trim);
        // Most firms have borne one name only.
        let mut former_names: Vec<String> = names
            .iter()
            .rev()
            .copied()
            .chain(typed)
            .filter(|former| !former.is_empty() && *former != name)
            .map(str::to_owned)
            .collect();
        if !former_names.is_empty() {
            let mut seen = vec![name_key(name)];
            former_names.retain(|name| {
                let key = name_key(name);
                let new = !key.is_empty() && !seen.contains(&key);
                seen.push(key);
                new
            });
        }
        let certificates = Certificate::all(&fields, source_of);
        Some(Self { id, fields, former_names, certificates, source })
    }

    /// The present name.
    pub fn name(&self) -> &str {
        self.fields.get(key::NAME).unwrap_or_default()
    }

    /// Figures by year and fact key; values as the fields spell them, missing ones absent.
    pub fn years(&self) -> BTreeMap<i32, BTreeMap<&str, &str>> {
        let mut years: BTreeMap<i32, BTreeMap<&str, &str>> = BTreeMap::new();
        for (name, value) in self.fields.values() {
            if let Some((year, fact)) = key::split_year(name) {
                years.entry(year).or_default().insert(fact, value);
            }
        }
        years
    }
}
