use std::sync::atomic::AtomicI64;

use chrono::{DateTime, FixedOffset};

use super::*;
use crate::domain::event::ShortlistRow;
use crate::domain::filing::machine::Wish;
use crate::domain::program::Effect;
use crate::store::acts::{NewFiling, Values};
use crate::store::testing::{OFFICER, TempFolder};
use crate::store::tests::seen::entries;
use crate::store::{Entropy, Options};

/// A clock that is turned by hand, at noon of a day counted from the first.
struct Hand(Arc<AtomicI64>);

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a real day");

fn day(n: u64) -> NaiveDate {
    FIRST + Days::new(n)
}

impl Hand {
    fn new() -> Self {
        let hand = Self(Arc::new(AtomicI64::new(0)));
        hand.turn(0);
        hand
    }

    fn turn(&self, n: u64) {
        let noon = day(n).and_hms_opt(4, 0, 0).expect("a time").and_utc().timestamp_millis();
        self.0.store(noon, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let now = Arc::clone(&self.0);
        let china = FixedOffset::east_opt(8 * 3600).expect("an offset");
        Clock::from_fn(move || {
            DateTime::from_timestamp_millis(now.load(Ordering::Relaxed)).expect("a moment").with_timezone(&china)
        })
    }
}

/// Chance that falls the same way on every run.
struct Dice(Entropy);

impl Dice {
    fn below(&self, n: usize) -> usize {
        usize::try_from(u64::from_le_bytes(self.0.fill()) % n as u64).expect("small")
    }
}

fn set(pairs: &[(&str, String)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some(value.clone()))).collect()
}

/// The same deeds for the same seed, on so many days: firms entered and changed, filings opened and moved, actions taken back
/// and restored, the office and its editions changed. What a rule refuses does not happen; that is the same each time, too.
fn live(folder: &TempFolder, seed: u64, days: u64) -> Db {
    let hand = Hand::new();
    let db = Db::open(&folder.0, Options { clock: hand.clock(), entropy: Entropy::seeded(seed) }).expect("an office");
    let dice = Dice(Entropy::seeded(seed ^ 0xD1CE));
    let edition = db
        .act(OFFICER, "新增批次", |act| {
            act.change_office(&set(&[("name", "青澜区科学技术局".to_owned())]))?;
            crate::store::testing::employ(act, OFFICER, "周敏", &crate::domain::people::Role::ALL)?;
            act.open_edition("gaoqi", 2026, 1, Values::new())
        })
        .wait()
        .expect("an edition")
        .value;
    let (mut firms, mut filings, mut actions) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..days {
        hand.turn(n);
        for _ in 0..6 {
            let roll = dice.below(100);
            let pick = |all: &[RecordId]| (!all.is_empty()).then(|| all[dice.below(all.len())]);
            let value = dice.below(1000).to_string();
            let on = day(n);
            let done = match roll {
                0..30 => {
                    let values = set(&[("name", format!("青澜第{seed}厂{n}-{value}")), ("staff_note", value)]);
                    let done = db.act(OFFICER, "新增", move |act| act.create_firm(values, Vec::new(), None)).wait();
                    firms.extend(done.as_ref().ok().map(|done| done.value));
                    done.map(|done| done.action)
                }
                30..50 => {
                    let Some(firm) = pick(&firms) else { continue };
                    let values = set(&[("township", format!("{value}镇")), ("y2025.revenue", value)]);
                    let deed = move |act: &mut crate::store::Act<'_>| act.change_firm(firm, &values, Vec::new(), None);
                    db.act(OFFICER, "修改", deed).wait().map(|done| done.action)
                }
                50..65 => {
                    let Some(firm) = pick(&firms) else { continue };
                    let new = NewFiling { opened: Some(on), ..NewFiling::default() };
                    let done = db.act(OFFICER, "新增申报", move |act| act.open_filing(firm, edition, new)).wait();
                    filings.extend(done.as_ref().ok().map(|done| done.value));
                    done.map(|done| done.action)
                }
                65..80 => {
                    let Some(filing) = pick(&filings) else { continue };
                    let effect = if roll.is_multiple_of(3) { Effect::Return } else { Effect::Pass };
                    let reason = if effect == Effect::Return { "缺一页".to_owned() } else { String::new() };
                    let wish = Wish { reason, ..Wish::new(effect, on) };
                    db.act(OFFICER, "推进", move |act| act.move_filing(filing, &wish)).wait().map(|done| done.action)
                }
                80..95 => {
                    let Some(action) = pick(&actions) else { continue };
                    db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().map(|done| done.action)
                }
                _ => {
                    let values = set(&[("quota", (1 + dice.below(50)).to_string())]);
                    let deed = move |act: &mut crate::store::Act<'_>| act.change_edition(edition, &values);
                    db.act(OFFICER, "改批次", deed).wait().map(|done| done.action)
                }
            };
            match done {
                Ok(action) => actions.extend(action),
                // Some of it was taken back meanwhile.
                Err(problem) => assert!(matches!(problem.kind, Kind::Refused | Kind::NotFound), "{problem}"),
            }
        }
    }
    db
}

#[test]
fn the_ledger_as_of_a_day_is_the_one_the_office_had_that_day() {
    for seed in 1..=4 {
        let whole = TempFolder::new();
        let office = live(&whole, seed, 24);
        let now = office.load_ledger(2025).wait().expect("a ledger").told();
        for stop in [1, 9, 17, 24] {
            let stopped = TempFolder::new();
            let then = live(&stopped, seed, stop).load_ledger(2025).wait().expect("a ledger").told();
            let told = office.ledger_as_of(day(stop - 1), 2025, Watch::default()).wait().expect("a ledger").told();
            assert_eq!(told, then, "seed {seed}, day {stop}");
            assert_eq!(told == now, stop == 24, "seed {seed}: something happened after day {stop}");
        }
        assert_eq!(office.check().wait().expect("a check").faults, []);
    }
}

#[test]
fn what_is_stopped_gives_nothing() {
    let folder = TempFolder::new();
    let office = live(&folder, 5, 3);
    let watch = Watch::default();
    watch.stop();
    let stopped = office.ledger_as_of(day(2), 2025, watch).wait().unwrap_err();
    assert_eq!(stopped.kind, Kind::Cancelled);
    let watch = Watch::default();
    office.ledger_as_of(day(2), 2025, watch.clone()).wait().expect("a ledger");
    let (done, all) = watch.done();
    assert!(done == all && all > 0, "{done} of {all}");
}

#[test]
fn whoever_looks_at_a_day_reads_records_as_they_were_and_changes_nothing() {
    let folder = TempFolder::new();
    let hand = Hand::new();
    let db = Db::open(&folder.0, Options { clock: hand.clock(), entropy: Entropy::seeded(9) }).expect("an office");
    let values = set(&[("name", "甲厂".to_owned())]);
    let firm = db.act(OFFICER, "新增", |act| act.create_firm(values, Vec::new(), None)).wait().expect("made").value;
    hand.turn(5);
    let values = set(&[("name", "乙厂".to_owned())]);
    let renamed = db.act(OFFICER, "修改", move |act| act.change_firm(firm, &values, Vec::new(), None));
    renamed.wait().expect("renamed");
    let events = db.check().wait().expect("a check").events;
    let ledger = db.ledger_as_of(day(2), 2025, Watch::default()).wait().expect("a ledger");
    let then = db.looking_at(day(2), ledger);
    let name = |db: &Db| db.firm(firm).wait().expect("read").map(|file| file.firm.name().to_owned());
    assert_eq!((name(&then).as_deref(), name(&db).as_deref()), (Some("甲厂"), Some("乙厂")));
    assert_eq!(&*then.ledger().firm(firm).expect("a row").name, "甲厂");
    let values = set(&[("name", "丙厂".to_owned())]);
    let refused = then.act(OFFICER, "修改", move |act| act.change_firm(firm, &values, Vec::new(), None)).wait();
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.says.contains("2026-03-04") && refused.next.is_some(), "{refused}");
    assert!(then.set_password(OFFICER, "long enough").wait().is_err());
    assert_eq!(db.check().wait().expect("a check").events, events, "nothing was written");
    assert!(then.looking_at_now().act(OFFICER, "修改", |_| Ok(())).wait().is_ok());
}

#[test]
fn a_firm_some_of_which_was_erased_since_is_still_there_on_the_days_before() {
    let folder = TempFolder::new();
    let hand = Hand::new();
    let db = Db::open(&folder.0, Options { clock: hand.clock(), entropy: Entropy::seeded(9) }).expect("an office");
    let pairs = [("name", "甲厂"), ("phone", "13911112222"), ("township", "柳泉镇")];
    let values = set(&pairs.map(|(key, value)| (key, value.to_owned())));
    let firm = db.act(OFFICER, "新增", |act| act.create_firm(values, Vec::new(), None)).wait().expect("made").value;
    hand.turn(1);
    let values = set(&[("park", "高新园".to_owned())]);
    let changed = db.act(OFFICER, "修改", move |act| act.change_firm(firm, &values, Vec::new(), None));
    changed.wait().expect("changed");
    hand.turn(5);
    let fields = ["phone".to_owned()];
    db.act(OFFICER, "清除个人信息", move |act| act.erase(firm, &fields, "本人要求")).wait().expect("erased");
    let ledger = db.ledger_as_of(day(2), 2025, Watch::default()).wait().expect("a ledger");
    let row = ledger.firm(firm).expect("the firm stands");
    assert_eq!((&*row.name, &*row.township, &*row.park, &*row.phone), ("甲厂", "柳泉镇", "高新园", ""));
    assert_eq!(row.conflicts, 0);
    let kinds = db.log(&Default::default(), None, 10).wait().expect("the log");
    assert_eq!(kinds.iter().map(|row| row.kind.label()).collect::<Vec<_>>(), ["依法清除", "修改", "新增"]);
}

#[test]
fn a_machine_whose_clock_was_years_ahead_dates_nothing_but_what_it_wrote_itself() {
    let (folder, away) = (TempFolder::new(), TempFolder::new());
    let (hand, ahead) = (Hand::new(), Hand::new());
    let open = |folder: &TempFolder, hand: &Hand, seed| {
        Db::open(&folder.0, Options { clock: hand.clock(), entropy: Entropy::seeded(seed) }).expect("an office")
    };
    let (db, other) = (open(&folder, &hand, 9), open(&away, &ahead, 10));
    let name = |name: &str| set(&[("name", name.to_owned())]);
    let values = name("甲厂");
    let firm = db.act(OFFICER, "新增", |act| act.create_firm(values, Vec::new(), None)).wait().expect("made").value;
    other.accept(entries(&db)).wait().expect("taken along");
    ahead.turn(3650);
    let values = name("乙厂");
    other.act(OFFICER, "修改", move |act| act.change_firm(firm, &values, Vec::new(), None)).wait().expect("renamed");
    db.accept(entries(&other)).wait().expect("brought home");

    // What is written here from now on, on what came and beside it, is of its own day.
    hand.turn(1);
    let values = set(&[("township", "柳泉镇".to_owned())]);
    db.act(OFFICER, "修改", move |act| act.change_firm(firm, &values, Vec::new(), None)).wait().expect("changed");
    let values = name("丙厂");
    let third = db.act(OFFICER, "新增", |act| act.create_firm(values, Vec::new(), None)).wait().expect("made").value;
    let rows = db.log(&Default::default(), None, 10).wait().expect("the log");
    let days: Vec<NaiveDate> = rows.iter().map(|row| hand.clock().local(row.at.millis()).date()).collect();
    assert_eq!(days, [day(3650), day(1), day(1), day(0)]);
    // On that day the firm had the name that was written on it by then, whatever the other clock said.
    let as_of = |n| db.ledger_as_of(day(n), 2025, Watch::default()).wait().expect("a ledger");
    let (before, then) = (as_of(0), as_of(1));
    assert_eq!(&*before.firm(firm).expect("there").name, "甲厂");
    assert!(before.firm(third).is_none());
    let row = then.firm(firm).expect("there");
    assert_eq!((&*row.name, &*row.township, row.conflicts), ("乙厂", "柳泉镇", 0));
    assert_eq!(&*then.firm(third).expect("there").name, "丙厂");
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn a_list_some_of_which_was_erased_since_has_on_a_day_before_the_versions_of_that_day() {
    let folder = TempFolder::new();
    let hand = Hand::new();
    let db = Db::open(&folder.0, Options { clock: hand.clock(), entropy: Entropy::seeded(9) }).expect("an office");
    let made = db.act(OFFICER, "定稿", |act| {
        let firm =
            act.create_firm(set(&[("name", "甲厂".into()), ("phone", "13911112222".into())]), Vec::new(), None)?;
        let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
        let new = NewFiling { stage: "district".to_owned(), ..NewFiling::default() };
        let filing = act.open_filing(firm, edition, new)?;
        Ok((firm, filing, act.make_shortlist(edition, "汇总", &[filing])?))
    });
    let (firm, filing, list) = made.wait().expect("made").value;
    let freeze = || {
        let rows = vec![ShortlistRow { filing, cells: vec!["13911112222".to_owned()] }];
        let heads = vec!["联系电话".to_owned()];
        let frozen = db.act(OFFICER, "定稿", move |act| act.freeze_shortlist(list, act.today(), "汇总", heads, rows));
        frozen.wait().expect("frozen");
    };
    freeze();
    hand.turn(5);
    freeze();
    hand.turn(6);
    let fields = ["phone".to_owned()];
    db.act(OFFICER, "清除", move |act| act.erase_with(firm, &fields, &[list], "本人要求")).wait().expect("erased");
    let ledger = db.ledger_as_of(day(2), 2025, Watch::default()).wait().expect("a ledger");
    let versions = |db: &Db| {
        let list = db.shortlist(list).wait().expect("read").expect("a list").shortlist;
        list.versions.iter().map(|one| (one.frozen.number, one.frozen.rows[0].cells.concat())).collect::<Vec<_>>()
    };
    assert_eq!(versions(&db), [(1, String::new()), (2, String::new())]);
    assert_eq!(versions(&db.looking_at(day(2), ledger)), [(1, String::new())]);
}
