//! A reviewer's desk: what a filing is held against, what was decided on a day, decisions taken on what was seen, 转交.

use uuid::Uuid;

use crate::domain::event::Hash;
use crate::domain::filing::key;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::people::{Role, user_key};
use crate::domain::program::Effect;
use crate::domain::review::{Answer, Found, Given, Reviewer};
use crate::domain::{Problem, Result};
use crate::store::acts::{NewFiling, Values};
use crate::store::queries::FilingFile;
use crate::store::testing::{OFFICER, Office, TODAY, employ};
use crate::store::tests::seen::entries;
use crate::store::{Act, Db};

const OTHER: RecordId = RecordId(Uuid::from_u128(0x0FF1_CE01));

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
}

fn act<T: Send + 'static>(
    db: &Db,
    actor: RecordId,
    deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Problem> {
    db.act(actor, "审核", deed).wait().map(|done| done.value)
}

/// Two people, a firm with a filing of each of two years, and another firm with one of this year.
fn bureau(db: &Db) -> [RecordId; 3] {
    act(db, OFFICER, |act| {
        employ(act, OFFICER, "周敏", &Role::ALL)?;
        employ(act, OTHER, "陈岚", &[Role::Officer])?;
        let firm = |act: &mut Act<'_>, name: &str| act.create_firm(values(&[("name", name)]), Vec::new(), None);
        let (one, two) = (firm(act, "青澜甲厂")?, firm(act, "青澜乙厂")?);
        let before = act.open_edition("gaoqi", 2025, 1, Values::new())?;
        let now = act.open_edition("gaoqi", 2026, 1, Values::new())?;
        let new = |staff: &str| NewFiling {
            stage: "district".to_owned(),
            form: values(&[("staff", staff)]),
            ..NewFiling::default()
        };
        let last = act.open_filing(one, before, new("18"))?;
        Ok([last, act.open_filing(one, now, new("20"))?, act.open_filing(two, now, new("30"))?])
    })
    .expect("set up")
}

fn file(db: &Db, id: RecordId) -> FilingFile {
    db.filing(id).wait().expect("an answer").expect("it is there")
}

#[test]
fn a_filing_is_held_against_the_same_firms_last_one_in_the_program() {
    let office = Office::new(1);
    let [last, now, other] = bureau(&office.db);
    let read = office.db.review_file(now).wait().expect("an answer").expect("it is there");
    let before = read.last_year.expect("last year's");
    assert_eq!((before.filing, before.year, before.fields.get("form.staff")), (last, 2025, Some("18")));
    assert!(office.db.review_file(other).wait().expect("an answer").expect("there").last_year.is_none());
    assert!(office.db.review_file(last).wait().expect("an answer").expect("there").last_year.is_none());
    assert!(office.db.review_file(RecordId(Uuid::from_u128(9))).wait().expect("an answer").is_none());
}

#[test]
fn what_somebody_decided_on_a_day_is_theirs_stands_and_is_told_once() {
    let office = Office::new(1);
    let db = &office.db;
    let [_, one, two] = bureau(db);
    let decided = |actor, day| -> Vec<(RecordId, Effect)> {
        let all = db.decided_on(actor, day).wait().expect("an answer");
        all.into_iter().map(|decided| (decided.filing, decided.effect)).collect()
    };
    assert_eq!(decided(OFFICER, TODAY), []);
    let back = Wish { reason: "缺页".into(), ..Wish::new(Effect::Return, TODAY) };
    act(db, OFFICER, move |act| act.decide_filing(one, &back, None)).expect("returned");
    // Handed in again is no decision of ours; the second one is.
    act(db, OFFICER, move |act| act.move_filing(one, &Wish::new(Effect::Pass, TODAY))).expect("handed in");
    act(db, OTHER, move |act| act.decide_filing(two, &Wish::new(Effect::Pass, TODAY), None)).expect("passed");
    assert_eq!(decided(OFFICER, TODAY), [(one, Effect::Return)]);
    assert_eq!(decided(OTHER, TODAY), [(two, Effect::Pass)]);
    assert_eq!(decided(OFFICER, TODAY.pred_opt().expect("a day")), []);
    let pass = Wish::new(Effect::Pass, TODAY);
    let done = db.act(OFFICER, "通过", move |act| act.decide_filing(one, &pass, None)).wait().expect("passed");
    assert_eq!(decided(OFFICER, TODAY), [(one, Effect::Pass)], "the last word of each");
    let action = done.action.expect("an action");
    db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().expect("taken back");
    assert_eq!(decided(OFFICER, TODAY), [(one, Effect::Return)]);
}

#[test]
fn a_decision_on_what_is_no_longer_there_is_refused() {
    let office = Office::new(1);
    let db = &office.db;
    let [_, one, _] = bureau(db);
    let seen = file(db, one).filing.whole();
    act(db, OTHER, move |act| act.change_filing(one, &values(&[("form.staff", "21")]))).expect("changed");
    let pass = Wish::new(Effect::Pass, TODAY);
    let again = pass.clone();
    let refused = act(db, OFFICER, move |act| act.decide_filing(one, &pass, Some(seen))).expect_err("refused");
    assert!(refused.says.contains("刚刚又改过"), "{refused:?}");
    assert!(file(db, one).filing.track.decisions.is_empty());
    let seen = file(db, one).filing.whole();
    act(db, OFFICER, move |act| act.decide_filing(one, &again, Some(seen))).expect("passed");
}

#[test]
fn whoever_recused_decides_nothing_in_this_round_and_others_do() {
    let office = Office::new(1);
    let db = &office.db;
    let [_, one, _] = bureau(db);
    let content = file(db, one).filing.whole();
    let given = |reason: &str| Given {
        reviewer: Reviewer { user: Some(OFFICER), name: "周敏".into(), employer: String::new() },
        round: 1,
        content,
        answers: Default::default(),
        note: String::new(),
        recused: Some(reason.to_owned()),
        form: None,
    };
    let silent = given(" ");
    assert!(act(db, OFFICER, move |act| act.give_review(one, silent)).is_err(), "not without a reason");
    let spoken = given("亲属在该企业任职");
    act(db, OFFICER, move |act| act.give_review(one, spoken)).expect("said");
    let pass = || Wish::new(Effect::Pass, TODAY);
    let refused = act(db, OFFICER, move |act| act.decide_filing(one, &pass(), None)).expect_err("refused");
    assert!(refused.says.contains("回避"), "{refused:?}");
    let refused = act(db, OFFICER, move |act| act.move_filing(one, &pass())).expect_err("on the filing's page as well");
    assert!(refused.says.contains("回避"), "{refused:?}");
    let form = file(db, one).form.expect("a form");
    let sheet = Given {
        answers: form
            .items
            .iter()
            .map(|item| (item.id.clone(), Answer { found: Found::Yes, note: String::new() }))
            .collect(),
        recused: None,
        ..given("")
    };
    let refused = act(db, OFFICER, move |act| {
        act.give_review(one, sheet)?;
        act.decide_filing(one, &pass(), None)
    });
    assert!(refused.expect_err("a sheet takes no recusal back").says.contains("已回避"));
    act(db, OTHER, move |act| act.decide_filing(one, &pass(), None)).expect("somebody else may");
}

#[test]
fn whoever_recused_does_not_choose_between_two_decisions_either() {
    let (home, away) = (Office::new(1), Office::new(2));
    let [_, one, _] = bureau(&home.db);
    away.db.accept(entries(&home.db)).wait().expect("taken along");
    let pass = Wish::new(Effect::Pass, TODAY);
    act(&home.db, OTHER, move |act| act.decide_filing(one, &pass, None)).expect("passed at home");
    let decline = Wish { reason: "材料不实".to_owned(), ..Wish::new(Effect::Decline, TODAY) };
    act(&away.db, OTHER, move |act| act.decide_filing(one, &decline, None)).expect("declined away");
    home.db.accept(entries(&away.db)).wait().expect("brought home");
    let db = &home.db;
    let filing = file(db, one).filing;
    let stands = filing.track.split.as_ref().expect("both decided").rivals[0];
    let recusal = Given {
        reviewer: Reviewer { user: Some(OFFICER), name: "周敏".into(), employer: String::new() },
        round: filing.track.round,
        content: filing.whole(),
        answers: Default::default(),
        note: String::new(),
        recused: Some("亲属在该企业任职".to_owned()),
        form: None,
    };
    act(db, OFFICER, move |act| act.give_review(one, recusal)).expect("said");
    let refused = act(db, OFFICER, move |act| act.resolve_filing(one, stands, "以盖章的为准")).expect_err("refused");
    assert!(refused.says.contains("回避"), "{refused:?}");
    act(db, OTHER, move |act| act.resolve_filing(one, stands, "以盖章的为准")).expect("somebody else chooses");
}

#[test]
fn a_filing_passed_on_lies_with_the_other_and_keeps_only_the_last_word() {
    let office = Office::new(1);
    let db = &office.db;
    let [_, one, _] = bureau(db);
    let pass_on = |to: RecordId, note: &'static str| act(db, OFFICER, move |act| act.transfer_filing(one, to, note));
    assert!(pass_on(OFFICER, "").expect_err("has it already").says.contains("本来就由周敏经办"));
    assert!(pass_on(OTHER, " 请接着办 ").expect("passed on"));
    let fields = file(db, one).filing.fields;
    assert_eq!(
        (fields.get(key::OFFICER), fields.get(key::HANDOVER)),
        (Some(OTHER.to_string().as_str()), Some("请接着办"))
    );
    let ledger = db.load_ledger(2025).wait().expect("a ledger");
    assert_eq!(ledger.filing(one).expect("a row").officer, Some(OTHER));
    let labels: Vec<String> = file(db, one).changes[0].fields.iter().map(|field| field.label.clone()).collect();
    assert_eq!(labels, ["转交说明", "经办人"]);
    pass_on(OFFICER, "").expect("and back");
    assert_eq!(file(db, one).filing.fields.get(key::HANDOVER), None);
    act(db, OFFICER, |act| act.change_user(OTHER, &values(&[(user_key::ACTIVE, "否")]))).expect("left");
    assert!(pass_on(OTHER, "").expect_err("left").says.contains("已经停用"));
    assert!(pass_on(RecordId(Uuid::from_u128(9)), "").is_err());
    assert_ne!(file(db, one).filing.content(), Hash::ZERO);
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn whoever_is_to_review_is_named_for_what_waits_here_and_stays_named_when_it_comes_back() {
    let office = Office::new(1);
    let db = &office.db;
    let [_, one, _] = bureau(db);
    let assign = |who: Vec<RecordId>| act(db, OFFICER, move |act| act.assign_filing(one, &who));
    assert!(assign(vec![OTHER]).expect("assigned"));
    assert!(!assign(vec![OTHER]).expect("the same again"), "nothing to write");
    let listed = || db.load_ledger(2025).wait().expect("a ledger").filing(one).expect("a row").reviewers.to_vec();
    assert_eq!((file(db, one).filing.reviewers, listed()), (vec![OTHER], vec![OTHER]));
    let change = file(db, one).changes[0].clone();
    assert_eq!((change.what.as_str(), change.fields[0].label.as_str()), ("分派审核人", "审核人"));
    assert!(assign(vec![RecordId(Uuid::from_u128(9))]).is_err(), "nobody knows them");
    // Returned, it is with the applicant: nobody reviews it now, and nobody can be named.
    let returned = Wish { reason: "缺页".into(), ..Wish::new(Effect::Return, TODAY) };
    act(db, OFFICER, move |act| act.move_filing(one, &returned)).expect("returned");
    assert_eq!(listed(), []);
    assert!(assign(vec![OFFICER]).expect_err("not here").says.contains("不在本单位审核"));
    while file(db, one).filing.track.stage != "district" {
        act(db, OFFICER, move |act| act.move_filing(one, &Wish::new(Effect::Pass, TODAY))).expect("handed in again");
    }
    assert_eq!((file(db, one).filing.track.round, listed()), (2, vec![OTHER]));
    act(db, OFFICER, |act| act.change_user(OTHER, &values(&[(user_key::ACTIVE, "否")]))).expect("left");
    assert!(assign(vec![OFFICER]).expect("somebody else now"));
    assert!(assign(vec![OTHER]).expect_err("left").says.contains("停用"));
    assert!(assign(Vec::new()).expect("nobody"));
    assert_eq!(listed(), []);
    assert_eq!(db.check().wait().expect("a check").faults, []);
}
