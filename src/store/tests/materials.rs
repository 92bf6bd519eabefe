//! Files handed in with filings, on the real store: kept once, verified, carried by backups, shared by two desks; returns
//! with their defects, and reviews.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::seen::entries;
use super::world::values;
use crate::catalog::{Catalog, calendars};
use crate::domain::calendar::{Row, Workday};
use crate::domain::defect::{self, About, Defect, own};
use crate::domain::event::Hash;
use crate::domain::filing::machine::Wish;
use crate::domain::filing::rounds::ended_by;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::material::{Mark, State};
use crate::domain::program::Effect;
use crate::domain::review::conflicts::Tie;
use crate::domain::review::{Answer, Found, Given, Reviewer};
use crate::domain::{Kind, Problem, Result};
use crate::store::acts::{NewFiling, Values};
use crate::store::backup::{self, By};
use crate::store::queries::FilingFile;
use crate::store::testing::{OFFICER, Office, TODAY, TempFolder, options};
use crate::store::{Act, Clock, Db, Entropy, Kept, Options, journal};

/// A filing at our own review, whose firm has been entered.
fn filing(db: &Db) -> RecordId {
    db.act(OFFICER, "新增申报", |act| {
        let firm =
            [("name", "青澜恒砚新材料有限公司"), ("legal_rep", "秦川"), ("contact", "周敏"), ("phone", "13800005206")];
        let firm = act.create_firm(values(&firm), Vec::new(), None)?;
        let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
        let form = values(&[("contact", "吴桐"), ("staff", "20")]);
        let new = NewFiling { stage: "district".to_owned(), form, ..NewFiling::default() };
        act.open_filing(firm, edition, new)
    })
    .wait()
    .expect("a filing")
    .value
}

fn act<T: Send + 'static>(
    db: &Db,
    deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Problem> {
    db.act(OFFICER, "材料", deed).wait().map(|done| done.value)
}

fn page(db: &Db, id: RecordId) -> FilingFile {
    db.filing(id).wait().expect("an answer").expect("it is there")
}

/// Files written to a folder of the applicant's.
struct Applicant(TempFolder);

impl Applicant {
    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.0.join(name);
        fs::write(&path, content).expect("a file");
        path
    }
}

fn attach(db: &Db, id: RecordId, item: &'static str, kept: &Kept, replaces: &[Hash]) -> Option<Hash> {
    let (kept, replaces) = (kept.clone(), replaces.to_vec());
    act(db, move |act| act.attach(id, item, &kept, &replaces)).expect("attached")
}

fn names(db: &Db, id: RecordId, item: &str) -> Vec<String> {
    page(db, id).filing.materials.item(item).files.iter().map(|file| file.name.clone()).collect()
}

#[test]
fn a_file_is_kept_once_however_often_it_is_handed_in() {
    let office = Office::new(1);
    let (db, id, applicant) = (&office.db, filing(&office.db), Applicant(TempFolder::new()));
    let kept = db.keep(&applicant.file("审计报告.pdf", "审计")).expect("kept");
    assert_eq!((kept.name.as_str(), kept.size), ("审计报告.pdf", 6));
    assert!(attach(db, id, "accounts", &kept, &[]).is_some());
    assert_eq!(attach(db, id, "accounts", &kept, &[]), None, "it is there already");
    let again = db.keep(&applicant.file("副本.pdf", "审计")).expect("kept");
    assert_eq!(again.hash, kept.hash);
    assert!(attach(db, id, "tax", &again, &[]).is_some());
    assert_eq!(
        (names(db, id, "accounts"), names(db, id, "tax")),
        (vec!["审计报告.pdf".into()], vec!["副本.pdf".into()])
    );
    let shelves = fs::read_dir(office.folder.0.join("files")).expect("shelves");
    let files: usize = shelves.map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum();
    assert_eq!(files, 1, "one content, one file, nothing unfinished beside it");
    let kept = kept.clone();
    let odd = act(db, move |act| act.attach(id, "moon", &kept, &[])).expect_err("no such item");
    assert_eq!(odd.kind, Kind::NotFound);
    assert!(odd.next.unwrap_or_default().contains("accounts"), "says which there are");
}

#[test]
fn a_file_that_is_lost_or_changed_is_found_with_its_filing_and_mended_by_handing_it_in_again() {
    let office = Office::new(1);
    let (db, id, applicant) = (&office.db, filing(&office.db), Applicant(TempFolder::new()));
    let path = applicant.file("审计报告.pdf", "审计");
    let kept = db.keep(&path).expect("kept");
    let event = attach(db, id, "accounts", &kept, &[]).expect("new");
    let faults = || db.check().wait().expect("a check").faults;
    assert_eq!(faults(), []);
    let number = page(db, id).filing.fields.text("number");
    let expected = [journal::Fault::Material { name: "审计报告.pdf".into(), filing: number.clone() }];
    for spoil in [true, false] {
        let place = db.kept_file(&kept.hash);
        if spoil { fs::write(&place, "审汁") } else { fs::remove_file(&place) }.expect("spoiled");
        assert_eq!(faults(), expected);
        assert!(!expected[0].is_serious() && expected[0].says().contains(&number));
        let out = TempFolder::new();
        assert!(db.copy_out(&kept.hash, "审计报告.pdf", &out.0).is_err(), "what is not whole is not shown");
        assert_eq!(db.keep(&path).expect("kept again").hash, kept.hash);
        assert_eq!(faults(), []);
    }
    // Taken away, it stays on the disk and is still verified: an undo brings it back.
    act(db, move |act| act.detach(id, &[event])).expect("removed");
    assert!(names(db, id, "accounts").is_empty());
    assert!(db.kept_file(&kept.hash).exists());
    fs::remove_file(db.kept_file(&kept.hash)).expect("lost");
    assert_eq!(faults(), expected);
}

#[test]
fn a_file_is_opened_from_a_read_only_copy_under_its_own_name() {
    let office = Office::new(1);
    let applicant = Applicant(TempFolder::new());
    let kept = office.db.keep(&applicant.file("审计.pdf", "审计")).expect("kept");
    let out = TempFolder::new();
    let copy = office.db.copy_out(&kept.hash, "审计:报告?.pdf", &out.0).expect("a copy");
    assert_eq!(copy.file_name().and_then(|name| name.to_str()), Some("审计_报告_.pdf"));
    assert!(copy.metadata().expect("there").permissions().readonly());
    assert_eq!(office.db.copy_out(&kept.hash, "审计:报告?.pdf", &out.0).expect("again"), copy);
    let up = office.db.copy_out(&kept.hash, "../../..", &out.0).expect("a copy");
    assert!(up.starts_with(&out.0), "{up:?}");
}

#[test]
fn what_two_desks_hand_in_unaware_of_each_other_both_keep_and_undo_takes_back_ones_own() {
    let office = Office::new(1);
    let id = filing(&office.db);
    let folder = TempFolder::new();
    let other =
        Db::open(&folder.0, Options { clock: Clock::fixed(TODAY), entropy: Entropy::seeded(2) }).expect("opens");
    other.accept(entries(&office.db)).wait().expect("accepted");
    let applicant = Applicant(TempFolder::new());
    let one = office.db.keep(&applicant.file("一.pdf", "一")).expect("kept");
    let two = other.keep(&applicant.file("二.pdf", "二")).expect("kept");
    attach(&office.db, id, "tax", &one, &[]);
    let (kept, name) = (two.clone(), "交材料");
    let done = other.act(OFFICER, name, move |act| act.attach(id, "tax", &kept, &[])).wait().expect("attached");
    other.accept(entries(&office.db)).wait().expect("accepted");
    office.db.accept(entries(&other)).wait().expect("accepted");
    for db in [&office.db, &other] {
        assert_eq!(names(db, id, "tax"), names(&other, id, "tax"));
        assert_eq!(names(db, id, "tax").len(), 2);
    }
    // The other's file never came here: no fault, but it is said when somebody wants to open it.
    assert_eq!(office.db.check().wait().expect("a check").faults, []);
    let out = TempFolder::new();
    let problem = office.db.copy_out(&two.hash, "二.pdf", &out.0).expect_err("not here");
    assert_eq!(problem.kind, Kind::NotFound);
    let action = done.action.expect("an action");
    act(&other, move |act| act.undo(action)).expect("undone");
    assert_eq!(names(&other, id, "tax"), ["一.pdf"]);
}

#[test]
fn a_backup_carries_the_files_and_a_restore_brings_them_back() {
    let office = Office::new(1);
    let (id, applicant) = (filing(&office.db), Applicant(TempFolder::new()));
    let kept = office.db.keep(&applicant.file("审计报告.pdf", "审计")).expect("kept");
    attach(&office.db, id, "accounts", &kept, &[]);
    let fresh = office.db.back_up(By::Hand, None).wait().expect("a backup");
    assert_eq!((fresh.files.copied, fresh.files.damaged), (1, 0));
    let Office { db, folder } = office;
    let place = db.kept_file(&kept.hash);
    drop(db);
    fs::remove_file(&place).expect("lost");
    let restored = backup::restore(&folder.0, &fresh.backup.path, &options(3)).expect("restored");
    assert_eq!((restored.files, restored.missing), (1, 0));
    let db = Db::open(&folder.0, options(4)).expect("opens");
    assert_eq!(names(&db, id, "accounts"), ["审计报告.pdf"]);
    assert_eq!(fs::read_to_string(place).expect("back"), "审计");
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn a_return_with_defects_opens_a_round_and_what_comes_back_is_told() {
    let office = Office::new(1);
    let (db, id, applicant) = (&office.db, filing(&office.db), Applicant(TempFolder::new()));
    let first = db.keep(&applicant.file("审计报告.pdf", "旧")).expect("kept");
    let first = attach(db, id, "accounts", &first, &[]).expect("new");
    let refused = act(db, move |act| act.check_material(id, "accounts", Some(Mark::Unfit), " ")).expect_err("why?");
    assert_eq!(refused.kind, Kind::Refused);
    assert!(act(db, move |act| act.check_material(id, "accounts", Some(Mark::Unfit), "缺 2025 年度")).unwrap());
    assert!(!act(db, move |act| act.check_material(id, "accounts", Some(Mark::Unfit), "缺 2025 年度")).unwrap());
    assert_eq!(db.load_ledger(2025).wait().unwrap().filing(id).unwrap().materials, (0, 8));
    let version = page(db, id).known.expect("known").1;
    let phrase = version.phrases.iter().find(|phrase| phrase.id == "accounts_differ").expect("built in");
    let mut defects = vec![phrase.defect(), Defect::new(About::Field("staff".into()), "与社保不符")];
    defects[0].says = "缺 2025 年度，请补齐".into();
    let wish = Wish { defects, until: Some(TODAY), ..Wish::new(Effect::Return, TODAY) };
    act(db, move |act| act.move_filing(id, &wish)).expect("returned");
    let renewed = db.keep(&applicant.file("审计报告.pdf", "新")).expect("kept");
    attach(db, id, "accounts", &renewed, &[first]);
    let file = page(db, id);
    assert_eq!((file.filing.track.round, file.earlier.len()), (2, 1));
    assert_eq!(file.earlier[0].item("accounts").state(), State::Unfit, "as it was when it went back");
    assert_eq!(file.filing.materials.item("accounts").state(), State::Given);
    assert!(file.filing.materials.item("accounts").must_be_checked_again());
    let told = file.differences.expect("a second round");
    assert_eq!((told.fields.len(), told.files.len(), told.files[0].word()), (0, 1, "替换"));
    let answered: Vec<Option<bool>> = told.defects.iter().map(|(_, touched)| *touched).collect();
    assert_eq!(answered, [Some(true), Some(false)]);
    let moved = &ended_by(&file.filing.track, 1).expect("returned").moved;
    assert_eq!(moved.defects[0].phrase, "accounts_differ");
    assert!(moved.reason.starts_with("1. 近三个会计年度财务会计报告：缺 2025 年度，请补齐；2. 职工总数："));
    assert!(moved.materials.is_some());
    // Approved with these files, then changed.
    act(db, move |act| act.move_filing(id, &Wish::new(Effect::Pass, TODAY))).expect("handed in");
    act(db, move |act| act.move_filing(id, &Wish::new(Effect::Pass, TODAY))).expect("passed");
    assert!(!db.ledger().filing(id).unwrap().outdated);
    let third = db.keep(&applicant.file("补.pdf", "补")).expect("kept");
    attach(db, id, "other", &third, &[]);
    assert!(db.ledger().filing(id).unwrap().outdated);
    assert_eq!(db.ledger().filing(id).unwrap().materials, (1, 8));
}

#[test]
fn the_offices_own_phrases_are_kept_per_program() {
    let office = Office::new(1);
    let about = About::Material("tax".into());
    let id =
        act(&office.db, move |act| act.set_phrase("gaoqi", None, &about, " 纳税申报表\n没有盖章 ")).expect("added");
    let book = |db: &Db| {
        let fields = db
            .read(|connection| Ok(Registers::replay(&journal::history(connection, RecordId::OFFICE)?)))
            .wait()
            .expect("fields");
        let version = &Catalog::builtin().program("gaoqi").expect("there").versions[0];
        let own = own::read(fields.values(), "gaoqi");
        (defect::book(version, own), version.phrases.len())
    };
    let (all, built_in) = book(&office.db);
    assert_eq!((all.len(), all[0].text.as_str(), all[0].own), (built_in + 1, "纳税申报表 没有盖章", true));
    let again = id.clone();
    act(&office.db, move |act| act.set_phrase("gaoqi", Some(&again), &About::Whole, "改过的")).expect("changed");
    assert_eq!(book(&office.db).0[0].text, "改过的");
    assert!(act(&office.db, move |act| act.set_phrase("gaoqi", None, &About::Whole, " ")).is_err());
    assert!(act(&office.db, move |act| act.drop_phrase("gaoqi", &id)).expect("gone"));
    assert_eq!(book(&office.db).0.len(), built_in);
}

#[test]
fn a_review_is_given_on_the_content_seen_and_shows_when_that_changed() {
    let office = Office::new(1);
    let (db, id) = (&office.db, filing(&office.db));
    let file = page(db, id);
    let form = file.known.expect("known").1.review.as_ref().expect("a form");
    let yes = |id: &str| (id.to_owned(), Answer { found: Found::Yes, note: String::new() });
    let answers: BTreeMap<String, Answer> = form.items.iter().map(|item| yes(&item.id)).collect();
    let given = Given {
        reviewer: Reviewer { user: Some(OFFICER), name: "郑一".into(), employer: String::new() },
        round: 1,
        content: file.filing.whole(),
        answers,
        note: String::new(),
        recused: None,
        form: None,
    };
    let half = Given { answers: BTreeMap::new(), ..given.clone() };
    assert!(act(db, move |act| act.give_review(id, half)).expect_err("unanswered").says.contains("还没有评"));
    let later = Given { round: 2, ..given.clone() };
    assert!(act(db, move |act| act.give_review(id, later)).expect_err("no such round").says.contains("第 1 轮"));
    act(db, move |act| act.give_review(id, given)).expect("given");
    let reviews = page(db, id).reviews;
    assert_eq!((reviews.len(), reviews[0].outdated), (1, false));
    act(db, move |act| act.change_filing(id, &values(&[("form.staff", "21")]))).expect("changed");
    assert!(page(db, id).reviews[0].outdated);
    assert_eq!(page(db, id).changes[1].what, "评审");
}

#[test]
fn ties_to_the_firm_are_told_before_a_reviewer_is_chosen() {
    let office = Office::new(1);
    let (db, id) = (&office.db, filing(&office.db));
    let rival = act(db, |act| {
        let firm = act.create_firm(values(&[("name", "青澜泽远机械有限公司")]), Vec::new(), None)?;
        let edition = act.open_edition("gaoqi", 2025, 1, Values::new())?;
        act.open_filing(firm, edition, NewFiling::default())
    })
    .expect("a rival");
    let ties = |name: &str, employer: &str, phone: &str| {
        db.ties(id, name.into(), employer.into(), phone.into()).wait().expect("an answer")
    };
    assert_eq!(
        ties("秦川", "青澜恒砚新材料有限公司", "138-0000-5206"),
        [Tie::Employer, Tie::LegalRepresentative, Tie::Phone]
    );
    let number = page(db, id).filing.fields.text("number");
    assert_eq!(ties("吴桐", "", ""), [Tie::NamedOn { number, year: 2026 }]);
    let number = page(db, rival).filing.fields.text("number");
    assert_eq!(ties("郑一", "青澜泽远机械有限公司", ""), [Tie::Rival { number, year: 2025 }]);
    assert_eq!(ties("郑一", "青澜理工学院", ""), []);
    // Every telephone and everybody the firm names.
    let firm = page(db, id).filing.firm;
    let people = [
        ("legal_phone", "13900001111"),
        ("finance_contact", "孟岩"),
        ("finance_phone", "13900002222"),
        ("rd_contact", "林舟"),
        ("rd_phone", "13900003333"),
    ];
    act(db, move |act| act.change_firm(firm, &values(&people), Vec::new(), None)).expect("named");
    for phone in ["13900001111", "139-0000-2222", "+86 139 0000 3333"] {
        assert_eq!(ties("郑一", "", phone), [Tie::Phone], "{phone}");
    }
    assert_eq!((ties("孟岩", "", ""), ties("林舟", "", "")), (vec![Tie::FinanceContact], vec![Tie::RdContact]));
    let (lin, other) = (RecordId(uuid::Uuid::from_u128(7)), RecordId(uuid::Uuid::from_u128(8)));
    let tied = db.tied(vec![rival, id], vec![(lin, "林舟".into()), (other, "郑一".into())]).wait().expect("an answer");
    assert_eq!(tied, [(lin, vec![(id, vec![Tie::RdContact])])].into());
}

#[test]
fn the_offices_own_days_move_deadlines_at_once_and_a_new_years_paper_is_known() {
    let office = Office::new(1);
    let (db, id) = (&office.db, filing(&office.db));
    db.load_ledger(2025).wait().expect("a ledger");
    let due = || db.ledger().filing(id).expect("a row").due.expect("our review").due.date().to_string();
    assert_eq!(due(), "2026-08-31", "five working days");
    let storm = Row { date: TODAY.succ_opt().unwrap(), off: true, name: "台风停工".into() };
    let nameless = Row { name: " ".into(), ..storm.clone() };
    assert!(act(db, move |act| act.set_day(&nameless)).is_err());
    act(db, move |act| act.set_day(&storm)).expect("set");
    assert_eq!(due(), "2026-09-01");
    assert_eq!(db.load_ledger(2025).wait().unwrap().filing(id).unwrap().due.unwrap().due.date().to_string(), due());
    act(db, |act| act.drop_day(TODAY.succ_opt().unwrap())).expect("dropped");
    assert_eq!(due(), "2026-08-31");
    let text = r#"{"year":2027,"papers":[],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}"#;
    let file = calendars::read("2027.json", text).expect("a year file");
    assert!(!db.ledger().calendar().knows_year(2027));
    act(db, move |act| act.take_year(&file)).expect("taken");
    let ledger = db.ledger();
    let reckoned = ledger.calendar().after("2026-12-30".parse().unwrap(), 2);
    assert_eq!((reckoned.date.to_string().as_str(), reckoned.assumed), ("2027-01-04", false));
    // A corrected arrangement takes the place of the first, the built-in one of a year as well; the office's own word stays.
    let storm = Row { date: "2027-01-01".parse().unwrap(), off: false, name: "值守".into() };
    let own = storm.clone();
    act(db, move |act| act.set_day(&own)).expect("set");
    let work = |day: &str| db.ledger().calendar().is_workday(day.parse().unwrap()).worked();
    for (days, friday, saturday) in [
        (
            r#"{"name":"元旦","date":"2026-12-31","isOffDay":true},{"name":"元旦","date":"2027-01-09","isOffDay":false}"#,
            false,
            true,
        ),
        (r#"{"name":"元旦","date":"2027-01-01","isOffDay":true}"#, true, false),
    ] {
        let file = calendars::read("2027.json", &format!(r#"{{"year":2027,"papers":[],"days":[{days}]}}"#)).unwrap();
        assert!(act(db, move |act| act.take_year(&file)).expect("taken"));
        assert_eq!((work("2026-12-31"), work("2027-01-09"), work("2027-01-01")), (friday, saturday, true));
        assert_eq!(db.ledger().office.days, std::slice::from_ref(&storm));
    }
    assert!(!work("2026-10-02"));
    let built_in = r#"{"year":2026,"papers":[],"days":[{"name":"国庆节","date":"2026-10-01","isOffDay":true}]}"#;
    let file = calendars::read("2026.json", built_in).unwrap();
    act(db, move |act| act.take_year(&file)).expect("taken");
    assert!(work("2026-10-02") && !work("2026-10-01"));
    let empty = calendars::read("2028.json", r#"{"year":2028,"days":[]}"#).expect("not arranged yet");
    assert!(act(db, move |act| act.take_year(&empty)).expect_err("empty").says.contains("还没有公布"));
}

#[test]
fn a_year_an_earlier_version_took_in_is_read_and_makes_room_for_a_corrected_file() {
    let office = Office::new(1);
    let db = &office.db;
    db.load_ledger(2025).wait().expect("a ledger");
    // The rows lay among the office's own days, the year only named its papers.
    let earlier = values(&[
        ("day.2026-12-31", "off 元旦"),
        ("day.2027-01-01", "off 元旦"),
        ("day.2027-01-09", "worked 元旦"),
        ("days.2027", "2027"),
    ]);
    act(db, move |act| act.change_office(&earlier)).expect("as it was written then");
    let storm = Row { date: "2027-08-10".parse().unwrap(), off: true, name: "台风停工".into() };
    let own = storm.clone();
    act(db, move |act| act.set_day(&own)).expect("set");
    let work = |day: &str| db.ledger().calendar().is_workday(day.parse().unwrap());
    assert_eq!((work("2026-12-31"), work("2027-01-09")), (Workday::Known(false), Workday::Known(true)));
    let days = r#"{"name":"元旦","date":"2027-01-01","isOffDay":true}"#;
    let file = calendars::read("2027.json", &format!(r#"{{"year":2027,"papers":[],"days":[{days}]}}"#)).unwrap();
    act(db, move |act| act.take_year(&file)).expect("taken");
    assert_eq!((work("2026-12-31"), work("2027-01-09")), (Workday::Known(true), Workday::Known(false)));
    let office = db.ledger().office.clone();
    assert_eq!((office.days, office.years[0].rows.len()), (vec![storm], 1));
}
