//! First values of a filing's form, so that nobody types twice what the office already knows.

use std::collections::BTreeMap;

use crate::domain::firm::key;
use crate::domain::history::Registers;
use crate::domain::program::{Prefill, Version};

/// Values by field id: from the firm, from its figures of the years before `year`, from its last filing.
pub fn prefill(version: &Version, firm: &Registers, year: i32, last: &[(String, String)]) -> BTreeMap<String, String> {
    version
        .form
        .iter()
        .filter_map(|field| {
            let value = match field.from.as_ref()? {
                Prefill::Firm(name) => firm.get(name)?.to_owned(),
                Prefill::Year { fact, ago } => firm.get(&key::of_year(year - i32::from(*ago), fact))?.to_owned(),
                Prefill::LastFiling => last.iter().find(|(id, _)| *id == field.id)?.1.clone(),
            };
            Some((field.id.clone(), value))
        })
        .collect()
}
