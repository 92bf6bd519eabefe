//! What the example promises: the same on every run, every state in it, a whole journal.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{PEOPLE, Size, build, build_until, words};
use crate::domain::filing::{End, Standing, form, key};
use crate::domain::firm::key as firm_key;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::identity::{phone, resident};
use crate::domain::people::Role;
use crate::store::{Clock, Db, Entropy, Options, Watch};

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

/// A part never outgrows its whole; a figure nobody reported says nothing.
fn agree(of: &Registers, prefix: &str, suffix: &str, pairs: &[(&str, &str)]) {
    let figure = |fact: &str| of.get(&format!("{prefix}{fact}{suffix}")).and_then(|value| value.parse::<i64>().ok());
    for (part, whole) in pairs {
        if let (Some(less), Some(more)) = (figure(part), figure(whole)) {
            assert!(less <= more, "{prefix}{part}{suffix} {less} > {whole} {more}");
        }
    }
}

#[test]
fn figures_of_the_example_agree_with_each_other_in_files_and_forms() {
    const PAIRS: &[(&str, &str)] = &[
        ("tech_staff", "staff"),
        ("rd_staff", "tech_staff"),
        ("rd_domestic", "rd"),
        ("rd", "revenue"),
        ("hi_income", "total_income"),
        ("revenue", "total_income"),
        ("net_assets", "assets"),
    ];
    let folder = Folder::new("figures");
    build(&folder.0, Size::DISTRICT, today(), &mut |_, _| {}).expect("an example");
    let db = open(&folder);
    let ledger = db.load_ledger(today().year() - 1).wait().expect("a ledger");
    let ids: Vec<RecordId> = ledger.filings().map(|filing| filing.id).collect();
    let read = db.filings_with_firms(ids.clone()).wait().expect("filings");
    let (mut seen, mut applicants) = (0, 0);
    for (id, both) in ids.iter().zip(read) {
        let (fields, firm) = both.expect("a filing with its firm");
        let filing = ledger.filing(*id).expect("in the ledger");
        let edition = ledger.edition_of(filing).expect("an edition");
        for year in edition.year - 4..edition.year {
            agree(&firm, &format!("y{year}."), "", PAIRS);
        }
        for suffix in ["", "_y1", "_y2", "_y3"] {
            agree(&fields, key::FORM, suffix, PAIRS);
        }
        agree(&fields, key::FORM, "", &[("grant", "own_funds")]);
        if filing.program.id == "gaoqi" {
            let number = |field: &str| fields.get(&format!("form.{field}")).and_then(|text| text.parse::<i64>().ok());
            assert!(number("rd_y1").expect("research") * 100 >= number("revenue_y1").expect("sales") * 3);
            assert!(number("tech_staff").expect("some") * 10 >= number("staff").expect("staff"));
        }
        seen += usize::from(fields.get("form.staff").is_some());
        let has = |field: &str| fields.get(&format!("{}{field}", key::FORM)).is_some();
        assert_eq!(form::missing(&filing.version.form, has), <Vec<&str>>::new(), "{}", filing.number);
        assert_eq!(firm.get(firm_key::REGION), Some(words::DISTRICT));
        assert!(phone::check(&firm.text(firm_key::PHONE)).findings.is_empty());
        if filing.program.id == "taishan_startup" {
            applicants += 1;
            let born = fields.get("form.born").and_then(|day| day.parse::<NaiveDate>().ok()).expect("a birthday");
            assert!((25..=60).contains(&(edition.year - born.year())), "{born}");
            let number = resident::check(&fields.text("form.id_number"), today());
            assert!(number.findings.is_empty(), "{:?}", number.findings);
            let person = number.reads.expect("somebody");
            assert_eq!((person.born, Some(person.sex.word())), (born, fields.get("form.sex")));
        }
    }
    assert!(seen > 100 && applicants > 3, "{seen} {applicants}");
}

#[test]
fn the_example_office_has_an_administrator_and_claims_no_real_district() {
    let folder = Folder::new("office");
    build(&folder.0, Size { firms: 5, filings: 5 }, today(), &mut |_, _| {}).expect("an example");
    let ledger = open(&folder).load_ledger(today().year() - 1).wait().expect("a ledger");
    assert_eq!(ledger.office.region, "");
    assert_eq!(ledger.office.townships.len(), words::TOWNSHIPS.len());
    let first = ledger.users.iter().find(|user| user.name == PEOPLE[0].0).expect("the officer");
    assert_eq!(first.roles, [Role::Officer, Role::Administrator]);
}

#[test]
fn as_of_an_earlier_day_it_is_what_it_would_be_had_everybody_stopped_there() {
    let size = Size { firms: 60, filings: 90 };
    let today = NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day");
    let open = |folder: &Folder| {
        let options = Options { clock: Clock::fixed(today), entropy: Entropy::seeded(7) };
        Db::open(&folder.0, options).expect("it opens")
    };
    let whole = Folder::new("as-of");
    build(&whole.0, size, today, &mut |_, _| {}).expect("the example");
    let office = open(&whole);
    let mut before = Vec::new();
    for (year, month, day) in [(2024, 12, 31), (2025, 7, 15), (2026, 6, 30)] {
        let stop = NaiveDate::from_ymd_opt(year, month, day).expect("a real day");
        let stopped = Folder::new(&format!("as-of-{stop}"));
        build_until(&stopped.0, size, today, Some(stop), &mut |_, _| {}).expect("the example");
        let then = open(&stopped).load_ledger(2025).wait().expect("a ledger").told();
        let told = office.ledger_as_of(stop, 2025, Watch::default()).wait().expect("a ledger").told();
        assert_eq!(told, then, "{stop}");
        assert_ne!(told, before, "{stop}: nothing happened since the day before");
        before = told;
    }
}
