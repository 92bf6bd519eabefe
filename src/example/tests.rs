//! What the example promises: the same on every run, every state in it, a whole journal.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{Size, build};
use crate::domain::filing::{End, Standing};
use crate::store::{Clock, Db, Entropy, Options};

struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kebao-example-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day")
}

fn open(folder: &Folder) -> Db {
    Db::open(&folder.0, Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(1) }).expect("opens")
}

#[test]
fn the_example_district_has_filings_in_every_state_and_is_the_same_every_time() {
    let (one, other) = (Folder::new("one"), Folder::new("other"));
    for folder in [&one, &other] {
        build(&folder.0, Size::DISTRICT, today(), &mut |_, _| {}).expect("an example");
    }
    let (a, b) = (open(&one), open(&other));
    let ledger = a.load_ledger(today().year() - 1).wait().expect("a ledger");
    assert_eq!(ledger.firm_count(), 300);
    let mut standings = BTreeSet::new();
    let mut stages = BTreeSet::new();
    let mut years = BTreeSet::new();
    for filing in ledger.filings() {
        standings.insert(filing.standing);
        stages.insert((filing.program.id.clone(), filing.stage().kind as u8));
        years.insert(ledger.edition_of(filing).expect("an edition").year);
    }
    for standing in [
        Standing::Open,
        Standing::Returned,
        Standing::Ended(End::Done),
        Standing::Ended(End::Declined),
        Standing::Ended(End::Failed),
        Standing::Ended(End::Lapsed),
        Standing::Ended(End::Withdrawn),
    ] {
        assert!(standings.contains(&standing), "{standing:?} is missing: {standings:?}");
    }
    assert_eq!(years.into_iter().collect::<Vec<_>>(), [2024, 2025, 2026]);
    assert!(stages.len() >= 12, "{stages:?}");
    let report = a.check().wait().expect("a check");
    assert_eq!(report.faults, []);
    let heads = |db: &Db| db.check().wait().map(|report| report.events);
    assert_eq!(heads(&a), heads(&b));
    let names = |db: &Db| {
        let ledger = db.load_ledger(2025).wait().expect("a ledger");
        let mut all: Vec<String> =
            ledger.filings().map(|f| format!("{} {} {}", f.id, f.number, ledger.firm_of(f).name)).collect();
        all.sort();
        all
    };
    assert_eq!(names(&a), names(&b));
}
