//! An enterprise (企业) as its history leaves it: its fields, the names it has borne, its figures year by year.
//!
//! What the fields are stands in [`fields`]; how a value is spelled and warned about in `check` of the same folder.
//! Certificates and filings are records of their own and only point here.

pub mod check;
pub mod fields;

use std::collections::BTreeMap;

use super::event::{Fact, Source};
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
    /// The list and row it was created from, if it was.
    pub source: Option<Source>,
}

impl Firm {
    /// Replays it. `None`: taken back, or without a name.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let fields = Registers::replay(history);
        let name = fields.get(key::NAME)?;
        let mut former_names: Vec<String> = Vec::new();
        let mut source = None;
        let mut created = false;
        for (_, _, fact) in history.standing() {
            let Some(set) = fact.fields() else { continue };
            if let Fact::FirmCreated(_) = fact {
                created = true;
                source = set.source;
            }
            if let Some(old) = set.get(key::NAME) {
                former_names.insert(0, old.to_owned());
            }
        }
        if !created {
            return None;
        }
        former_names.extend(fields.text(key::FORMER_NAMES).split(['；', ';', '\n']).map(|name| name.trim().to_owned()));
        let mut seen = vec![name_key(name)];
        former_names.retain(|name| {
            let key = name_key(name);
            let new = !key.is_empty() && !seen.contains(&key);
            seen.push(key);
            new
        });
        Some(Self { id, fields, former_names, source })
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
