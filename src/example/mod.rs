//! 示例数据: an invented district with its firms, three working years and filings in every state, the same on every run.
//! Made through the same commands a person uses; larger offices for measuring come from the same hand.
//! Nothing here is real: no such district, firm, person or number exists.

mod firms;
mod forms;
mod list;
pub(crate) mod rng;
mod roads;
mod words;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::domain::people::{Role, office_key};
use crate::store::acts::Values;
use crate::store::{Clock, Db, Entropy, Options};
use firms::Firm;
pub use list::document;
use rng::Rng;

/// How large an example is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub firms: usize,
    pub filings: usize,
}

impl Size {
    /// What a district has.
    pub const DISTRICT: Self = Self { firms: 300, filings: 620 };
}

/// The people of the example office: the officer everything is entered by comes first, and looks after the program too.
pub const PEOPLE: &[(&str, &[Role])] =
    &[("周敏", &[Role::Officer, Role::Administrator]), ("陈岚", &[Role::Supervisor])];

/// Name of the example office.
pub const OFFICE: &str = "青澜区科学技术局";

/// The list that ships with the example.
pub const LIST_NAME: &str = "2026年第四批入库科技型中小企业名单（示例）.docx";

/// Makes the example office in an empty folder, as of a day, and returns who signs in.
///
/// `watch` hears how many of how many steps are done.
///
/// # Errors
/// Whatever opening a database in that folder may refuse; refused for a folder that already holds an office.
pub fn build(folder: &Path, size: Size, today: NaiveDate, watch: &mut dyn FnMut(usize, usize)) -> Result<RecordId> {
    build_until(folder, size, today, None, watch)
}

/// The same deeds in the same order, but nobody does anything after the day `until`.
fn build_until(
    folder: &Path,
    size: Size,
    today: NaiveDate,
    until: Option<NaiveDate>,
    watch: &mut dyn FnMut(usize, usize),
) -> Result<RecordId> {
    let now = Arc::new(AtomicI64::new(0));
    let hand = Arc::clone(&now);
    // +08:00 is a valid offset.
    let china = FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Local::now().fixed_offset().timezone());
    let clock = Clock::from_fn(move || {
        DateTime::from_timestamp_millis(hand.load(Ordering::Relaxed)).unwrap_or_default().with_timezone(&china)
    });
    let set = |day: NaiveDate| {
        let morning = day.and_hms_opt(1, 30, 0).unwrap_or_default();
        now.store(morning.and_utc().timestamp_millis(), Ordering::Relaxed);
    };
    let first = NaiveDate::from_ymd_opt(today.year() - 2, 1, 4).unwrap_or(today);
    set(first);
    let db = Db::open(folder, Options { clock, entropy: Entropy::seeded(0x9E37_2026) })?;
    let mut rng = Rng::new(20_260_824);
    let people = found(&db)?;
    let all = firms::invent(size.firms, today.year(), &mut rng);
    let steps = all.len() + size.filings;
    let mut ids = Vec::with_capacity(all.len());
    for (n, part) in all.chunks(500).enumerate() {
        ids.extend(enter_firms(&db, people[0], part)?);
        watch((n + 1) * 500, steps);
    }
    let days = roads::Days { today, until };
    roads::travel(&db, &people, &all, &ids, size.filings, days, &mut rng, &set, &mut |n| watch(all.len() + n, steps))?;
    Ok(people[0])
}

fn found(db: &Db) -> Result<Vec<RecordId>> {
    // The founding has no user yet to act in whose name.
    db.act(RecordId::OFFICE, "启用科报（示例数据）", |act| {
        // No region: the table of regions knows no invented district, and a real one would be untrue.
        let values: Values = [
            (office_key::NAME.to_owned(), Some(OFFICE.to_owned())),
            (office_key::TOWNSHIPS.to_owned(), Some(words::TOWNSHIPS.join("；"))),
            (office_key::EXAMPLE.to_owned(), Some("是".to_owned())),
        ]
        .into();
        act.change_office(&values)?;
        PEOPLE.iter().map(|(name, roles)| act.add_user(name, roles)).collect()
    })
    .wait()
    .map(|done: crate::store::Done<Vec<RecordId>>| done.value)
}

fn enter_firms(db: &Db, officer: RecordId, part: &[Firm]) -> Result<Vec<RecordId>> {
    let values: Vec<Values> = part.iter().map(Firm::values).collect();
    let name = format!("导入企业台账 {} 家", part.len());
    let done = db.act(officer, name, move |act| {
        act.enter_firms(values.into_iter().map(|values| (values, None)).collect(), &mut || Ok(()))
    });
    Ok(done.wait()?.value)
}

#[cfg(test)]
mod tests;
