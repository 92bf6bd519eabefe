//! Review forms beside those of the policy versions: scoring tables that were published, to be taken over, and forms that an
//! office laid down itself, each read once.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::Deserialize;

use super::programs::{ReviewRow, check_review};
use crate::domain::event::Hash;
use crate::domain::problem::{Problem, Result};
use crate::domain::program::Version;
use crate::domain::review::{ReviewForm, own};

const FILES: &[(&str, &str)] = &[
    ("gaoqi_innovation.toml", include_str!("../../assets/reviews/gaoqi_innovation.toml")),
    ("kexiao_points.toml", include_str!("../../assets/reviews/kexiao_points.toml")),
];

/// A scoring table somebody has published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Id of the program it belongs to.
    pub program: String,
    pub name: String,
    /// The document and its clause.
    pub source: String,
    pub form: ReviewForm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    program: String,
    name: String,
    source: String,
    review: ReviewRow,
}

fn read(file: &str, text: &str) -> Result<Published> {
    let row: File = toml::from_str(text)
        .map_err(|e| Problem::damaged(format!("评审表文件“{file}”看不懂。")).detail(format!("{file}: {e}")))?;
    let form = row.review.into_form(file, "review")?;
    check_review(file, "review", &form)?;
    own::check(&form)?;
    Ok(Published { program: row.program, name: row.name, source: row.source, form })
}

/// The tables published for a program.
pub fn published(program: &str) -> impl Iterator<Item = &'static Published> {
    static ALL: LazyLock<Vec<Published>> = LazyLock::new(|| {
        // A test reads each of them, so that none is missing here.
        FILES.iter().filter_map(|(file, text)| read(file, text).ok()).collect()
    });
    ALL.iter().filter(move |table| table.program == program)
}

/// A form of an office, from the field that holds it. Each is kept for as long as the program runs, as those of the catalogue
/// are: an office has a handful of them.
pub fn own_form(text: &str, hash: &Hash) -> Option<&'static ReviewForm> {
    static KNOWN: LazyLock<Mutex<HashMap<Hash, &'static ReviewForm>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(form) = known.get(hash) {
        return Some(form);
    }
    let form: &'static ReviewForm = Box::leak(Box::new(own::read(text, hash)?));
    known.insert(*hash, form);
    Some(form)
}

/// The form a program is judged by now, or the one that a digest names: the office's own, where it has laid one down and it is
/// here, else the one of the policy version. `None` as well where a named one is not here yet. `field` tells of the office's
/// fields what [`own::fields`] holds: a form whose laying down was taken back is still the one its reviews were given on.
pub fn form<'f>(
    program: &str,
    version: &'static Version,
    named: Option<Hash>,
    field: impl Fn(&str) -> Option<&'f str>,
) -> Option<&'static ReviewForm> {
    match named {
        None => version.review.as_ref(),
        Some(hash) => own_form(field(&own::key(program, &hash))?, &hash),
    }
}

/// Which of an office's forms a program is judged by now. `None`: by the one of its policy version.
pub fn used<'f>(program: &str, field: impl Fn(&str) -> Option<&'f str>) -> Option<Hash> {
    field(&own::used(program))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::domain::review::tally::{Standing, tally};
    use crate::domain::review::{Answer, Found, Given, Points, Reviewer};

    fn scored(form: &ReviewForm, points: &[(&str, &str)]) -> (Points, Option<bool>) {
        let of = |id: &str| points.iter().find(|(known, _)| *known == id).map_or("0", |(_, points)| points);
        let answers = form
            .items
            .iter()
            .map(|item| {
                let found = Found::Points(Points::read(of(&item.id)).expect("points"));
                (item.id.clone(), Answer { found, note: String::new() })
            })
            .collect();
        let given = Given {
            reviewer: Reviewer { user: None, name: "周敏".into(), employer: String::new() },
            round: 1,
            content: Hash::ZERO,
            answers,
            note: String::new(),
            recused: None,
            form: None,
        };
        form.check(&given).expect("fits");
        let one = Standing {
            event: Hash::ZERO,
            given,
            actor: crate::domain::id::RecordId::OFFICE,
            at: crate::domain::event::Stamp(0),
            outdated: false,
            contested: false,
        };
        let scores = tally(form, &[one]).scores.expect("points");
        (scores.result, scores.passes)
    }

    #[test]
    fn every_published_table_is_read_belongs_to_a_program_and_names_its_source() {
        for (file, text) in FILES {
            let table = read(file, text).unwrap_or_else(|problem| panic!("{file}: {problem:?}"));
            assert!(Catalog::builtin().program(&table.program).is_some(), "{file}");
            assert!(table.source.contains('号'), "{file}");
            assert_eq!(table.form.full().points(), Points::whole(100), "{file}");
        }
    }

    #[test]
    fn innovation_of_a_high_tech_firm_must_come_to_more_than_seventy_and_its_rights_to_no_more_than_thirty() {
        let form = &published("gaoqi").next().expect("published").form;
        let all: Vec<(&str, &str)> = vec![
            ("ip_advanced", "8"),
            ("ip_core", "8"),
            ("ip_count", "8"),
            ("ip_way", "6"),
            ("ip_standard", "2"),
            ("transfer", "30"),
        ];
        assert_eq!(scored(form, &all), (Points::whole(60), Some(false)), "30 of 32, and 30");
        let seventy = [&all[..], &[("rd_rules", "6"), ("rd_unit", "4")]].concat();
        assert_eq!(scored(form, &seventy), (Points::whole(70), Some(false)), "70 itself does not suffice");
        let more = [&all[..], &[("rd_rules", "6"), ("rd_unit", "4.5")]].concat();
        assert_eq!(scored(form, &more), (Points(7050), Some(true)));
    }

    #[test]
    fn a_small_technology_firm_needs_sixty_and_a_point_for_its_people() {
        let form = &published("kexiao").next().expect("published").form;
        assert_eq!(scored(form, &[("staff", "16"), ("rd", "40"), ("results", "18")]), (Points::whole(74), Some(true)));
        assert_eq!(scored(form, &[("rd", "50"), ("results", "30")]), (Points::whole(80), Some(false)));
        assert_eq!(scored(form, &[("staff", "20"), ("rd", "40")]), (Points::whole(60), Some(true)));
        assert_eq!(scored(form, &[("staff", "4"), ("rd", "50")]), (Points::whole(54), Some(false)));
    }
}
