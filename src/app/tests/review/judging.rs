//! Judging by the program's form, alone and with experts; 回避; ties shown first; 转交; who may what.

use super::*;
use crate::app::headless::Headless;
use crate::app::place::SettingsTab;
use crate::domain::people::{Role, office_key};
use crate::domain::review::Found;
use crate::store::acts::Values;

/// The example district with somebody of one role at the desk.
fn seat_of(role: Role, strict: bool) -> Seat {
    let mut seat = example_seat();
    let db = seat.db();
    let admin = db.ledger().users.iter().find(|user| user.roles.contains(&Role::Administrator)).expect("one").id;
    let added = db.act(admin, "新增人员", move |act| {
        if strict {
            let rule: Values = [(office_key::SUPERVISOR_DECIDES.to_owned(), Some("是".to_owned()))].into();
            act.change_office(&rule)?;
        }
        act.add_user("林舟", &[role])
    });
    added.wait().expect("added");
    seat.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("周敏");
    seat.press_on("林舟");
    seat.press_on("登录");
    seat
}

fn sees_exactly(window: &mut Headless, words: &str) -> bool {
    window.seen().into_iter().any(|seen| seen.words == words)
}

#[test]
fn a_checklist_filled_in_is_given_with_the_decision_and_its_faults_are_defects() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    assert!(seat.click_nth("否", 0));
    seat.key(Named::F7);
    seat.must_see("选了“否”，要写一句为什么");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours);
    seat.focus("review.note.registered");
    seat.type_text("刚成立半年");
    alt(&mut seat, "0");
    seat.key(Named::F7);
    let after = file(&seat, id);
    let moved = &after.filing.track.line().next_back().expect("a decision").moved;
    assert_eq!(moved.defects.len(), 1);
    assert!(moved.defects[0].says.ends_with("：刚成立半年"), "{:?}", moved.defects);
    assert!(after.changes.iter().any(|change| change.what.contains("评审")), "{:?}", after.changes);
    // One step: taking it back takes the sheet back as well.
    seat.ctrl("z");
    assert!(file(&seat, id).reviews.is_empty());
    seat.must_see("刚成立半年");
}

#[test]
fn a_sheet_begun_and_not_ended_keeps_the_filing_from_passing() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    assert!(seat.click_nth("是", 0));
    seat.key(Named::F6);
    seat.must_see("还没有评");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours);
    alt(&mut seat, "0");
    seat.ctrl("s");
    let reviews = file(&seat, id).reviews;
    assert_eq!(reviews.len(), 1);
    assert!(reviews[0].given.answers.values().all(|answer| answer.found == Found::Yes));
    seat.must_see("1 人评过，都没有选“否”");
    seat.key(Named::F6);
    assert_ne!(row(&seat, id).group(), StatusGroup::Ours);
    assert_eq!(file(&seat, id).reviews.len(), 1, "what was given already is not given again");
}

#[test]
fn ties_are_shown_before_an_experts_sheet_is_taken() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    let legal = seat.db().ledger().firm(row(&seat, id).firm_id).expect("the firm").legal.to_string();
    assert!(!legal.is_empty(), "the example names legal representatives");
    alt(&mut seat, "e");
    seat.must_see("写上姓名，就查他和申报企业有没有关联");
    seat.type_text(&legal);
    seat.must_see("可能需要回避");
    seat.must_see("与申报企业法定代表人同名");
    // Somebody else.
    seat.retype("郑一鸣");
    seat.must_see("没有查到和申报企业的关联");
    seat.key(Named::Tab);
    let employer = firm(&seat, id);
    seat.type_text(&employer);
    seat.must_see("就在申报企业工作");
    seat.retype("青澜学院");
    seat.key(Named::Enter);
    seat.must_see("还没有评");
    assert!(file(&seat, id).reviews.is_empty());
    let items = row(&seat, id).version.review.as_ref().expect("a form").items.len();
    let left = |seat: &mut Seat| {
        let all = seat.seen().into_iter().filter(|seen| seen.words == "是").map(|seen| seen.bounds.x);
        all.fold(f32::MAX, f32::min)
    };
    let dialog = left(&mut seat);
    for _ in 0..items {
        // Whatever of the form is in sight, and what scrolls into it.
        let places: Vec<_> =
            seat.seen().into_iter().filter(|seen| seen.words == "是" && (seen.bounds.x - dialog).abs() < 1.0).collect();
        for place in places {
            seat.press(place.bounds.center());
        }
        seat.wheel(2.0);
    }
    seat.press_on("记入评审");
    let reviews = file(&seat, id).reviews;
    assert_eq!(reviews.len(), 1);
    assert_eq!(
        (reviews[0].given.reviewer.name.as_str(), reviews[0].given.reviewer.employer.as_str()),
        ("郑一鸣", "青澜学院")
    );
    assert_eq!(reviews[0].given.reviewer.user, None);
}

#[test]
fn whoever_recuses_says_why_and_decides_no_more() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    alt(&mut seat, "r");
    seat.key(Named::Enter);
    seat.must_see("回避要写明原因");
    seat.type_text("亲属在该企业任职");
    seat.key(Named::Enter);
    seat.must_see("您已回避：亲属在该企业任职");
    assert!(!sees_exactly(&mut seat, "通过/推荐"));
    seat.key(Named::F6);
    seat.must_see("您已对这件申报回避");
    // Nor by filling in the sheet that no longer shows.
    alt(&mut seat, "0");
    seat.ctrl("s");
    seat.key(Named::F6);
    seat.must_see("您已对这件申报回避");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours);
    let reviews = file(&seat, id).reviews;
    assert_eq!(reviews[0].given.recused.as_deref(), Some("亲属在该企业任职"));
    // Nor among many.
    seat.ctrl("a");
    seat.key(Named::F6);
    seat.must_see("您已对这件申报回避");
    seat.must_see("一件都没有登记");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours);
    seat.assert_whole();
}

#[test]
fn a_filing_passed_on_lies_with_the_other_with_a_word_in_its_history() {
    let mut seat = seat_of(Role::Supervisor, true);
    let id = open_one(&mut seat, "gaoqi");
    assert_eq!(seat.db().ledger().user_name(row(&seat, id).officer.expect("an officer")), "周敏");
    seat.key(Named::F9);
    seat.press_on("选一位");
    seat.press_on("林舟");
    seat.must_see("没有查到和申报企业的关联");
    let to = seat.db().ledger().users.iter().find(|user| user.name == "林舟").expect("there").id;
    seat.focus("transfer.note");
    seat.type_text("请接着办");
    seat.key(Named::Enter);
    assert_eq!(row(&seat, id).officer, Some(to));
    assert_ne!(looked_at(&seat), Some(id), "the next one shows");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours, "it still waits");
    go(&mut seat, Place::Review { filter: FilingFilter { officer: Some(to), ..FilingFilter::default() }, open: None });
    assert_eq!(looked_at(&seat), Some(id));
    seat.must_see("待审 1 件");
    seat.must_see("转交说明：请接着办");
    seat.press_on("历史 ");
    seat.must_see("周敏 → 林舟");
    seat.assert_whole();
}

#[test]
fn each_role_is_offered_what_it_may_do_at_the_review() {
    for (role, strict, here, decides) in [
        (Role::Officer, false, true, true),
        (Role::Officer, true, true, false),
        (Role::Supervisor, true, true, true),
        (Role::Auditor, false, false, false),
        (Role::Administrator, false, false, false),
    ] {
        let mut seat = seat_of(role, strict);
        assert_eq!(sees_exactly(&mut seat, "审核"), here, "{role:?} on the rail");
        seat.ctrl("4");
        if !here {
            seat.must_see("不能评审申报");
            assert_eq!(seat.window().desk().expect("at the desk").place(), Place::Workbench);
            continue;
        }
        let id = open_one(&mut seat, "gaoqi");
        for word in ["通过/推荐", "退回修改", "不推荐"] {
            assert_eq!(sees_exactly(&mut seat, word), decides, "{role:?}, strict {strict}: {word}");
        }
        assert!(sees_exactly(&mut seat, "转交…"), "{role:?}");
        seat.key(Named::F6);
        assert_eq!(row(&seat, id).group() == StatusGroup::Ours, !decides, "{role:?}");
        if !decides {
            seat.must_see("不能登记本单位的审核决定");
        }
    }
}

#[test]
fn an_office_takes_over_a_published_table_and_the_review_scores_by_it() {
    let mut seat = example_seat();
    seat.resize(iced::Size::new(1440.0, 4200.0));
    go(&mut seat, Place::Settings(SettingsTab::Programs));
    seat.must_see("逐项核对");
    seat.press_on("用公布的评分表");
    seat.press_on("企业创新能力评价（满分 100 分）");
    // Something nobody could fill in is said and not saved.
    seat.focus("settings.form.0");
    seat.retype(" ");
    seat.press_on("保存评审表");
    seat.must_see("第 1 项没有写内容");
    seat.focus("settings.form.0");
    seat.retype("技术的先进程度");
    seat.press_on("保存评审表");
    seat.must_see("已保存评审表");
    seat.must_see("70 分以上（不含 70 分）合格");
    seat.must_see("本单位自定");
    let id = open_one(&mut seat, "gaoqi");
    seat.must_see("评分表");
    seat.must_see("知识产权（合计不超过 30 分）");
    let form = file(&seat, id).form.expect("a form");
    assert!(form.own.is_some());
    for item in &form.items {
        let field: &'static str = Box::leak(format!("review.points.{}", item.id).into_boxed_str());
        seat.focus(field);
        seat.type_text(&item.max.to_string());
    }
    seat.ctrl("s");
    seat.must_see("1 人，得分 100");
    seat.must_see("达到");
    assert_eq!(file(&seat, id).reviews[0].given.form, form.own);
    // The program's own again: this round goes on with the table, another filing has the checklist.
    go(&mut seat, Place::Settings(SettingsTab::Programs));
    seat.press_on("恢复事项自带的");
    seat.must_see("已恢复事项自带的评审表");
    assert_eq!(file(&seat, id).form.and_then(|form| form.own), form.own);
    let other = waiting(&seat).into_iter().find(|one| *one != id && row(&seat, *one).program.id == "gaoqi");
    assert!(other.is_none_or(|other| file(&seat, other).form.is_some_and(|form| form.own.is_none())));
    seat.assert_whole();
}

#[test]
fn whoever_may_not_change_the_office_is_offered_no_change_of_a_form() {
    let mut seat = seat_of(Role::Officer, false);
    seat.resize(iced::Size::new(1440.0, 4200.0));
    go(&mut seat, Place::Settings(SettingsTab::Programs));
    seat.must_see("评审表");
    assert!(!seat.sees("用公布的评分表") && !seat.sees("修改…"));
}

#[test]
fn somebody_from_a_rival_is_known_by_the_name_it_had_before() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    let db = seat.db();
    let ledger = db.ledger();
    let (firm_id, year) = (row(&seat, id).firm_id, 2026);
    let rival = ledger
        .filings()
        .find(|row| {
            let in_year = ledger.edition_of(row).is_some_and(|edition| edition.year == year);
            row.program.id == "gaoqi" && in_year && row.firm_id != firm_id
        })
        .expect("others file as well")
        .firm_id;
    let before = ledger.firm(rival).expect("there").name.to_string();
    let user = ledger.users[0].id;
    let renamed: Values = [("name".to_owned(), Some("青澜更名后的公司".to_owned()))].into();
    db.act(user, "更名", move |act| act.change_firm(rival, &renamed, Vec::new(), None)).wait().expect("renamed");
    look_again(&mut seat);
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    alt(&mut seat, "e");
    seat.type_text("郑一鸣");
    seat.must_see("没有查到和申报企业的关联");
    seat.key(Named::Tab);
    seat.type_text(&before);
    seat.must_see("所在单位 2026 年也报了这个事项");
}
