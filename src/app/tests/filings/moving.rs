//! Moving filings through their stages: every sort of decision, alone and in bulk.

use iced::keyboard::key::Named;

use crate::app::place::Place;
use crate::app::tests::support::{example_seat, today};
use crate::domain::event::{Fact, Moved};
use crate::domain::filing::machine::{Wish, choices};
use crate::domain::filing::{End, Standing};
use crate::domain::program::{Desk, Effect, StageKind};
use crate::domain::testing::Teller;
use crate::store::ledger::{FilingFilter, StatusGroup};

use super::*;

#[test]
fn a_return_opens_a_new_round_which_is_handed_in_again_and_passed() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.key(Named::F7);
    seat.must_see("退回修改");
    seat.type_text("研发费用缺明细");
    seat.key(Named::Enter);
    let back = row(&seat, id);
    assert_eq!((back.round, back.standing), (2, Standing::Returned));
    assert_eq!(back.until.map(|day| day.to_string()).as_deref(), Some("2026-08-31"), "five working days later");
    seat.must_see("第 2 轮");
    seat.must_see("研发费用缺明细");
    // Handed in again, and let through.
    for _ in 0..2 {
        seat.key(Named::F6);
        seat.key(Named::Enter);
    }
    let up = row(&seat, id);
    assert_eq!((up.round, up.stage().id.as_str(), up.group()), (2, "city", StatusGroup::Upward));
    assert_eq!(file(&seat, id).filing.track.line().count(), 4);
    seat.press_on("办理经过 4");
    seat.must_see("退回修改");
    seat.assert_whole();
}

#[test]
fn not_recommending_without_a_reason_is_refused_in_the_dialog() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.key(Named::F8);
    seat.key(Named::Enter);
    seat.must_see("“不推荐”必须写明原因。请填写原因，企业会来问。");
    assert_eq!(row(&seat, id).standing, Standing::Open);
    seat.press_on("研发占比达不到要求");
    seat.press_on("保存");
    assert_eq!(row(&seat, id).standing, Standing::Ended(End::Declined));
    assert_eq!(
        file(&seat, id).filing.track.decisions.last().map(|d| d.moved.reason.as_str()),
        Some("研发占比达不到要求")
    );
    seat.must_see("已经办结，没有下一步");
}

#[test]
fn a_day_before_the_last_step_is_refused_in_the_machines_words() {
    let mut seat = example_seat();
    let before = some_filing(&seat, at_district);
    open(&mut seat, before.id);
    seat.key(Named::F6);
    seat.retype("2026-1-5");
    seat.key(Named::Enter);
    seat.must_see("日期 2026-01-05 早于上一步的");
    seat.retype("2026-8-30");
    seat.key(Named::Enter);
    seat.must_see("还没有发生");
    assert_eq!(row(&seat, before.id).stage, before.stage);
}

#[test]
fn each_decision_keeps_day_document_operator_and_note() {
    let mut seat = example_seat();
    let before = some_filing(&seat, at_district);
    open(&mut seat, before.id);
    seat.key(Named::F6);
    seat.retype("8-24");
    seat.key(Named::Tab);
    seat.key(Named::Tab);
    seat.type_text("青科字〔2026〕9号");
    seat.key(Named::Tab);
    seat.type_text("经科务会研究");
    seat.key(Named::Enter);
    let after = file(&seat, before.id);
    let last = after.filing.track.decisions.last().expect("a decision");
    assert_eq!(last.moved.document, "青科字〔2026〕9号");
    assert_eq!(last.moved.note, "经科务会研究");
    assert_eq!(last.moved.on, today());
    assert_eq!(seat.db().ledger().user_name(*after.actors.last().expect("an actor")), "周敏");
    seat.press_on("办理经过 ");
    for words in ["青科字〔2026〕9号", "经科务会研究", "通过/推荐", "周敏"] {
        seat.must_see(words);
    }
}

#[test]
fn withdrawing_frees_a_place_of_the_quota() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    let up = some_filing(&seat, |row| row.stage().id == "city" && row.number.starts_with("2026-GQ2"));
    let used = seat.db().ledger().quota_used(edition.id);
    go(&mut seat, in_edition(&edition, None));
    seat.press_on("编辑批次");
    seat.key(Named::Tab);
    seat.type_text("12");
    seat.key(Named::Enter);
    seat.must_see(&format!("名额 12，已推荐 {used}，还剩 {}", 12 - used));
    open(&mut seat, up.id);
    seat.press_on("企业撤回…");
    seat.key(Named::Enter);
    assert_eq!(row(&seat, up.id).standing, Standing::Ended(End::Withdrawn));
    seat.must_see(&format!("名额 12，已推荐 {}，还剩 {}", used - 1, 13 - used));
}

#[test]
fn a_publicity_has_a_start_and_an_end_and_may_begin_tomorrow() {
    let mut seat = example_seat();
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && row.stage().id == "city").id;
    moved(&seat, id, "cross_check", Effect::Pass);
    look_again(&mut seat);
    open(&mut seat, id);
    seat.press_on("公示…");
    seat.must_see("公示开始");
    seat.must_see("公示结束");
    seat.retype("2026-8-25");
    seat.key(Named::Enter);
    let after = row(&seat, id);
    assert_eq!(after.standing, Standing::Published);
    // Ten working days, as the programme says.
    assert_eq!(after.until.map(|day| day.to_string()).as_deref(), Some("2026-09-08"));
    seat.must_see("公示中");
    seat.press_on("无异议…");
    seat.key(Named::Enter);
    seat.must_see("早于上一步");
}

#[test]
fn a_result_that_is_not_out_is_recorded_as_pending() {
    let mut seat = example_seat();
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && row.stage().id == "city").id;
    open(&mut seat, id);
    seat.press_on("结果未公布…");
    seat.key(Named::Enter);
    assert_eq!(row(&seat, id).standing, Standing::Pending);
    seat.must_see("结果未公布");
    // It is not offered a second time.
    assert!(!seat.sees("结果未公布…"));
}

#[test]
fn a_published_result_further_ahead_is_recorded_with_the_steps_between() {
    let mut seat = example_seat();
    let id = some_filing(&seat, |row| row.program.id == "gaoqi" && row.stage().id == "city").id;
    open(&mut seat, id);
    seat.press_on("登记结果…");
    seat.press_on("市科技局会同相关部门审核推荐并公告");
    seat.press_on("备案复函、编号");
    seat.must_see("备案通过");
    seat.press_on("保存");
    let after = row(&seat, id);
    assert_eq!(after.group(), StatusGroup::Awarded);
    let track = file(&seat, id).filing.track;
    assert_eq!(track.decisions.last().map(|d| d.moved.through.len()), Some(4));
}

#[test]
fn two_selected_filings_are_recommended_at_once_and_taken_back_at_once() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    let group =
        FilingFilter { groups: [StatusGroup::Ours].into(), edition: Some(edition.id), ..FilingFilter::default() };
    go(&mut seat, Place::Filings { filter: FilingFilter { year: Some(2026), ..group.clone() }, open: None });
    let ids = seat.db().ledger().list_filings(&group, None);
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("已选 2 件");
    seat.press_on("通过/推荐…");
    seat.must_see("通过/推荐 2 件");
    seat.key(Named::Enter);
    for id in &ids[..2] {
        assert_eq!(row(&seat, *id).stage().id, "city");
    }
    assert_eq!(row(&seat, ids[2]).stage().id, "district");
    seat.ctrl("z");
    for id in &ids[..2] {
        assert_eq!(row(&seat, *id).stage().id, "district");
    }
    seat.assert_whole();
}

#[test]
fn rows_that_share_no_step_offer_none() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    go(&mut seat, in_edition(&edition, None));
    seat.ctrl("a");
    let count = filings_in(&seat, edition.id);
    seat.must_see(&format!("已选 {count} 件"));
    seat.must_see("没有它们都能做的一步");
}

#[test]
fn the_page_offers_exactly_what_the_machine_does() {
    let mut seat = example_seat();
    for group in StatusGroup::ALL {
        let found = seat.db().ledger().filings().find(|row| row.group() == group).map(|row| row.id);
        let Some(id) = found else { continue };
        open(&mut seat, id);
        let known = row(&seat, id);
        let words: Vec<String> =
            choices(&file(&seat, id).filing.track, known.version).into_iter().map(|c| format!("{}…", c.word)).collect();
        let every = known.version.stages.iter().flat_map(|stage| &stage.outcomes).map(|o| format!("{}…", o.word));
        let seen: Vec<String> = seat.seen().into_iter().map(|seen| seen.words).collect();
        for word in &words {
            assert!(seen.contains(word), "{word} is offered for {}", known.number);
        }
        for word in every.filter(|word| !words.contains(word)) {
            assert!(!seen.contains(&word), "{word} is not offered for {}", known.number);
        }
    }
}

#[test]
fn two_decisions_unaware_of_each_other_are_settled_by_a_person_with_a_reason() {
    let mut seat = example_seat();
    let before = some_filing(&seat, at_district);
    let seen = file(&seat, before.id);
    let last = seen.filing.track.decisions.last().expect("it was handed in").hash;
    // Another desk declined what this one recommended.
    let mut other = Teller::new(0);
    other.record = before.id;
    let declined = Moved {
        stage: before.stage().id.clone(),
        round: 1,
        to: None,
        through: Vec::new(),
        awards: false,
        effect: Effect::Decline,
        word: "不推荐".into(),
        on: today(),
        content: seen.filing.content(),
        document: String::new(),
        reason: "材料真实性存疑".into(),
        note: String::new(),
        until: None,
        source: None,
        defects: Vec::new(),
        materials: None,
    };
    other.tell_after(77, &[last], &Fact::FilingMoved(declined));
    let (db, id) = (seat.db(), before.id);
    let user = db.ledger().users[0].id;
    db.act(user, "通过", move |act| act.move_filing(id, &Wish::new(Effect::Pass, today()))).wait().expect("passed");
    db.accept(other.entries).wait().expect("accepted");
    look_again(&mut seat);
    open(&mut seat, id);
    seat.must_see("有 2 个互不知情的决定");
    seat.must_see("材料真实性存疑");
    assert!(!seat.sees("通过/推荐…"));
    assert!(seat.click_nth("以此为准", 0));
    seat.must_see("处理冲突必须写明原因");
    seat.type_text("以科务会的意见为准");
    assert!(seat.click_nth("以此为准", 0));
    assert!(!row(&seat, id).split);
    seat.assert_whole();
}

#[test]
fn nothing_of_ours_passes_itself_when_a_result_is_recorded() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    assert!(!seat.sees("登记结果…"), "it lies on our own desk");
    let stage = row(&seat, id).stage();
    assert_eq!((stage.desk, stage.kind), (Desk::Ours, StageKind::Review));
}
