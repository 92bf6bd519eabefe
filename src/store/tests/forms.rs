//! Forms an office lays down itself: by which its filings are judged from then on, and by which a round that has begun goes on.

use std::collections::BTreeMap;

use super::seen::entries;
use super::world::values;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::program::Confidence;
use crate::domain::review::tally::tally;
use crate::domain::review::{Aggregate, Answer, FormKind, Found, Given, Points, ReviewForm, ReviewItem, Reviewer};
use crate::domain::{Problem, Result};
use crate::store::acts::{NewFiling, Values};
use crate::store::testing::{OFFICER, Office};
use crate::store::{Act, Db};

fn act<T: Send + 'static>(
    db: &Db,
    deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Problem> {
    db.act(OFFICER, "评审表", deed).wait().map(|done| done.value)
}

/// Two filings of one firm at our own review.
fn filings(db: &Db) -> [RecordId; 2] {
    act(db, |act| {
        let firm = act.create_firm(values(&[("name", "青澜甲厂")]), Vec::new(), None)?;
        let mut open = |batch| {
            let edition = act.open_edition("gaoqi", 2026, batch, Values::new())?;
            act.open_filing(firm, edition, NewFiling { stage: "district".to_owned(), ..NewFiling::default() })
        };
        Ok([open(1)?, open(2)?])
    })
    .expect("entered")
}

fn form(pass: u16) -> ReviewForm {
    let item = |id: &str, text: &str| ReviewItem {
        id: id.into(),
        text: text.into(),
        max: Points::whole(50),
        weight: 100,
        note: String::new(),
        group: String::new(),
        nonzero: false,
    };
    ReviewForm {
        kind: FormKind::Scores { aggregate: Aggregate::Mean, pass: Some(Points::whole(pass)), over: false },
        items: vec![item("a", "创新"), item("b", "效益")],
        reviewers: 2,
        confidence: Confidence::Report,
        groups: Vec::new(),
        own: None,
    }
}

fn scored(db: &Db, filing: RecordId, name: &str, points: u16) -> std::result::Result<Hash, Problem> {
    let page = db.filing(filing).wait().expect("read").expect("there");
    let form = page.form.expect("a form");
    let found = match form.kind {
        FormKind::Checklist => Found::Yes,
        FormKind::Scores { .. } => Found::Points(Points::whole(points)),
    };
    let answers: BTreeMap<String, Answer> =
        form.items.iter().map(|item| (item.id.clone(), Answer { found, note: String::new() })).collect();
    let given = Given {
        reviewer: Reviewer { user: None, name: name.into(), employer: String::new() },
        round: page.filing.track.round,
        content: page.filing.whole(),
        answers,
        note: String::new(),
        recused: None,
        form: form.own,
    };
    act(db, move |act| act.give_review(filing, given))
}

#[test]
fn an_office_lays_down_a_form_and_a_round_goes_on_with_the_one_it_began_with() {
    let office = Office::new(1);
    let (db, [one, two]) = (&office.db, filings(&office.db));
    let page = |filing| db.filing(filing).wait().expect("read").expect("there");
    let built_in = page(one).form.expect("came with the program");
    assert!(built_in.own.is_none());
    act(db, |act| act.set_review_form("gaoqi", Some(&form(60)))).expect("laid down");
    let first = page(one).form.expect("the office's own").own.expect("named");
    scored(db, one, "甲", 40).expect("judged by the first");
    // Another one takes its place: what is being judged goes on as it began.
    act(db, |act| act.set_review_form("gaoqi", Some(&form(90)))).expect("laid down");
    assert_eq!(page(one).form.and_then(|form| form.own), Some(first));
    let second = page(two).form.and_then(|form| form.own).expect("the new one");
    assert_ne!(first, second);
    scored(db, one, "乙", 30).expect("on the form of the round");
    let tally = tally(page(one).form.expect("a form"), &page(one).reviews);
    let scores = tally.scores.expect("points");
    assert_eq!((scores.result, scores.passes, scores.spread()), (Points::whole(70), Some(true), Points::whole(20)));
    // What somebody had open on the other form is refused, not added up.
    let stale = page(one);
    let given = Given { form: Some(second), ..stale.reviews[0].given.clone() };
    let refused = act(db, move |act| act.give_review(one, given)).expect_err("another form");
    assert!(refused.says.contains("不是这张评审表"), "{}", refused.says);
    // The program's own again, for whatever begins from now on.
    assert!(act(db, |act| act.set_review_form("gaoqi", None)).expect("back"));
    assert_eq!(page(two).form.map(|form| form.own), Some(None));
    assert_eq!(page(one).form.and_then(|form| form.own), Some(first));
    // Another machine judges by it too.
    let other = Office::new(7);
    other.db.accept(entries(db)).wait().expect("taken in");
    let there = other.db.filing(one).wait().expect("read").expect("there");
    assert_eq!(there.form.and_then(|form| form.own), Some(first));
    assert_eq!(db.check().wait().expect("a check").faults, []);
    let history = db.history(RecordId::OFFICE).wait().expect("read").expect("there");
    assert!(history.changes[0].fields.iter().any(|field| field.label == "高企认定评审表"), "{:?}", history.changes[0]);
}

#[test]
fn a_form_nobody_could_fill_in_is_not_laid_down() {
    let office = Office::new(1);
    let empty = ReviewForm { items: Vec::new(), ..form(60) };
    assert!(act(&office.db, move |act| act.set_review_form("gaoqi", Some(&empty))).is_err());
    assert!(act(&office.db, |act| act.set_review_form("mars", Some(&form(60)))).is_err());
    let hundred = form(101);
    assert!(act(&office.db, move |act| act.set_review_form("gaoqi", Some(&hundred))).is_err(), "nobody reaches it");
}

#[test]
fn whoever_recuses_judges_by_no_form_and_binds_no_round_to_one() {
    let office = Office::new(1);
    let (db, [one, _]) = (&office.db, filings(&office.db));
    let page = |filing| db.filing(filing).wait().expect("read").expect("there");
    act(db, |act| act.set_review_form("gaoqi", Some(&form(60)))).expect("laid down");
    let filing = page(one).filing;
    let recusal = Given {
        reviewer: Reviewer { user: None, name: "甲".into(), employer: String::new() },
        round: filing.track.round,
        content: filing.whole(),
        answers: BTreeMap::new(),
        note: String::new(),
        recused: Some("与申报企业有合作关系".into()),
        form: None,
    };
    act(db, move |act| act.give_review(one, recusal)).expect("needs no form");
    // Nobody has judged yet: the round is judged by whatever is used when somebody does.
    act(db, |act| act.set_review_form("gaoqi", Some(&form(90)))).expect("laid down");
    scored(db, one, "乙", 30).expect("on the new one");
    let read = page(one);
    let tally = tally(read.form.expect("a form"), &read.reviews);
    assert_eq!((read.reviews.len(), tally.counted), (2, 1));
}

#[test]
fn the_history_tells_a_sheet_by_the_offices_own_form_and_what_that_form_asks() {
    let office = Office::new(1);
    let db = &office.db;
    let [filing, _] = filings(db);
    act(db, |act| act.set_review_form("gaoqi", Some(&form(60)))).expect("laid down");
    scored(db, filing, "林工", 30).expect("given");
    scored(db, filing, "林工", 45).expect("given again");
    let page = db.filing(filing).wait().expect("read").expect("there").changes;
    let history = db.history(filing).wait().expect("read").expect("there").changes;
    for changes in [page, history] {
        let fields = changes[0].fields.iter();
        let told: Vec<_> =
            fields.map(|field| (field.label.as_str(), field.old.as_deref(), field.new.as_deref())).collect();
        let points = |label| (label, Some("30 分"), Some("45 分"));
        assert_eq!(told, [("合计", Some("60 分"), Some("90 分")), points("创新"), points("效益")]);
    }
    let history = db.history(RecordId::OFFICE).wait().expect("read").expect("there");
    let form = history.changes[0].fields.iter().find(|field| field.label == "高企认定评审表").expect("told");
    let (old, new) = (form.old.as_deref(), form.new.as_deref());
    let words = "本单位自定的：打分 2 项，满分 100 分，60 分以上通过，至少 2 人评";
    assert_eq!((old, new), (Some("事项自带的"), Some(words)));
}

#[test]
fn a_round_goes_on_by_its_form_after_laying_that_down_was_taken_back() {
    let office = Office::new(1);
    let (db, [one, two]) = (&office.db, filings(&office.db));
    let own = |filing| db.filing(filing).wait().expect("read").expect("there").form.and_then(|form| form.own);
    let lay = |pass| db.act(OFFICER, "定评审表", move |act| act.set_review_form("gaoqi", Some(&form(pass)))).wait();
    let laid = lay(60).expect("laid down").action.expect("an action");
    let first = own(one).expect("the office's own");
    scored(db, one, "甲", 40).expect("judged by it");
    act(db, move |act| act.undo(laid)).expect("taken back");
    assert_eq!(own(one), Some(first), "the sheet that was given still has its form");
    scored(db, one, "乙", 30).expect("and the next one is added to it");
    assert_eq!(own(two), None, "what begins now is judged by the program's");
    // One that is chosen again rests on its first laying down: its text was there already.
    let laid = lay(70).expect("laid down").action.expect("an action");
    let again = own(two).expect("the office's own");
    lay(80).expect("another");
    lay(70).expect("the one before");
    act(db, move |act| act.undo(laid)).expect("taken back");
    assert_eq!(own(two), Some(again));
    let (program, version) = db.filing(two).wait().expect("read").expect("there").known.expect("known");
    let listed = db.load_ledger(2025).wait().expect("a ledger").office.review_form(&program.id, version);
    assert_eq!(listed.and_then(|form| form.own), Some(again));
    assert_eq!(db.check().wait().expect("a check").faults, []);
}
