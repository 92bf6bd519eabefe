//! Entering filings one after the other, by keyboard.

use iced::keyboard::key::Named;

use crate::app::desk;
use crate::app::headless::Headless;
use crate::app::place::Place;
use crate::app::tests::support::{Seat, example_seat, options};
use crate::app::window::Message;

use super::*;

#[test]
fn two_filings_are_entered_by_keyboard_alone() {
    let mut seat = example_seat();
    let edition = edition(&seat, "kexiao");
    let firms = free_firms(&seat, &edition, 2);
    let before = filings_in(&seat, edition.id);
    go(&mut seat, in_edition(&edition, None));
    seat.ctrl("n");
    for (_, name, typed) in &firms {
        seat.type_text(typed);
        seat.key(Named::Enter);
        seat.must_see(name);
        // The caret is in the form; whatever is still missing may come later.
        ctrl_enter(&mut seat);
        seat.must_see(&format!("：{name}"));
    }
    assert_eq!(filings_in(&seat, edition.id), before + 2);
    seat.must_see("刚录入 2 件");
    for (firm, _, _) in &firms {
        let ledger = seat.db().ledger();
        let row = ledger.filings_of(*firm).find(|row| ledger.edition_of(row).is_some_and(|e| e.id == edition.id));
        let row = row.expect("it was entered").clone();
        assert_eq!(row.round, 1);
        // What the office knew of the firm came along.
        assert!(file(&seat, row.id).filing.fields.get("form.staff").is_some());
    }
    // The last one is taken back like any deed.
    seat.ctrl("z");
    assert_eq!(filings_in(&seat, edition.id), before + 1);
    seat.must_see("刚录入 1 件");
    seat.assert_whole();
}

#[test]
fn enter_in_a_field_saves_and_the_caret_is_back_in_the_firm() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    let firms = free_firms(&seat, &edition, 2);
    let before = filings_in(&seat, edition.id);
    go(&mut seat, in_edition(&edition, None));
    seat.ctrl("n");
    seat.type_text(&firms[0].2);
    seat.key(Named::Enter);
    // The first thing nobody knows yet is a choice: it is made with arrows, and the caret goes on.
    seat.key(Named::Enter);
    seat.key(Named::ArrowDown);
    seat.key(Named::Enter);
    seat.must_see("首次认定");
    seat.key(Named::Enter);
    assert_eq!(filings_in(&seat, edition.id), before + 1);
    seat.type_text(&firms[1].2);
    seat.must_see(&firms[1].1);
    let ledger = seat.db().ledger();
    let row = ledger.filings_of(firms[0].0).find(|row| row.number.starts_with("2026-GQ2")).expect("entered").clone();
    assert_eq!(file(&seat, row.id).filing.fields.get("form.apply_kind"), Some("首次认定"));
}

#[test]
fn a_second_filing_of_a_firm_in_an_edition_is_warned_at_once_and_needs_a_reason() {
    let mut seat = example_seat();
    let first = some_filing(&seat, at_district);
    let name = firm_name(&seat, &first);
    let edition = seat.db().ledger().edition_of(&first).expect("an edition").clone();
    let before = filings_in(&seat, edition.id);
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    seat.type_text(&name);
    seat.key(Named::Enter);
    seat.must_see(&format!("这家企业在这个批次里已经有申报：{}", first.number));
    ctrl_enter(&mut seat);
    seat.must_see("要再报一件，请写明原因。");
    assert_eq!(filings_in(&seat, edition.id), before);
    seat.type_text("上一件材料作废，重新受理");
    seat.key(Named::Enter);
    assert_eq!(filings_in(&seat, edition.id), before + 1);
    let ledger = seat.db().ledger();
    let second =
        ledger.filings_of(first.firm_id).filter(|row| ledger.edition_of(row).is_some_and(|e| e.id == edition.id));
    let second = second.max_by(|a, b| a.number.cmp(&b.number)).expect("the second one").clone();
    let changes = file(&seat, second.id).changes;
    assert_eq!(changes[0].confirmed[0].reason, "上一件材料作废，重新受理");
}

#[test]
fn the_filing_that_is_there_already_can_be_opened_from_the_warning() {
    let mut seat = example_seat();
    let first = some_filing(&seat, at_district);
    let edition = seat.db().ledger().edition_of(&first).expect("an edition").id;
    go(&mut seat, Place::NewFiling { firm: Some(first.firm_id), edition: Some(edition) });
    seat.press_on("打开已有的那件");
    assert!(matches!(place(&seat), Place::Filings { open, .. } if open == Some(first.id)));
}

#[test]
fn a_firm_nobody_knows_leads_to_its_form_and_what_was_typed_stays() {
    let mut seat = example_seat();
    go(&mut seat, Place::NewFiling { firm: None, edition: None });
    seat.type_text("绝无此名制造厂");
    seat.must_see("新增企业“绝无此名制造厂”…");
    seat.key(Named::Enter);
    assert_eq!(place(&seat), Place::NewFirm);
    seat.send(Message::Desk(desk::Message::Back));
    seat.must_see("绝无此名制造厂");
}

#[test]
fn what_was_being_entered_when_the_power_went_is_offered_again() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    let (_, name, typed) = free_firms(&seat, &edition, 1).remove(0);
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    seat.type_text(&typed);
    seat.key(Named::Enter);
    seat.focus("entry.form.auditor");
    seat.type_text("青澜公正事务所");
    let Seat { window, folder } = seat;
    drop(window);
    let window = Headless::open(&folder.0, options(), iced::Size::new(1440.0, 900.0)).expect("a window");
    let mut seat = Seat { window, folder };
    seat.ctrl("n");
    seat.must_see(&format!("上次没录完：{name}"));
    seat.press_on("接着录");
    seat.must_see("青澜公正事务所");
    ctrl_enter(&mut seat);
    let ledger = seat.db().ledger();
    assert!(ledger.filings().any(|row| *ledger.firm_of(row).name == *name && row.number.starts_with("2026-GQ2")));
    assert_eq!(seat.db().draft("filing.new").wait().expect("an answer").filter(|draft| !draft.is_empty()), None);
}

#[test]
fn an_impossible_value_is_said_beside_its_field_and_nothing_is_saved() {
    let mut seat = example_seat();
    let edition = edition(&seat, "kexiao");
    let (_, _, typed) = free_firms(&seat, &edition, 1).remove(0);
    let before = filings_in(&seat, edition.id);
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    seat.type_text(&typed);
    seat.key(Named::Enter);
    seat.focus("entry.form.staff");
    seat.retype("很多");
    seat.must_see("“很多”不是整数。");
    seat.key(Named::Enter);
    assert_eq!(filings_in(&seat, edition.id), before);
    seat.retype("31");
    seat.key(Named::Enter);
    assert_eq!(filings_in(&seat, edition.id), before + 1);
}

#[test]
fn a_name_typed_out_and_not_picked_is_meant_all_the_same() {
    let mut seat = example_seat();
    let edition = edition(&seat, "kexiao");
    let (firm, name, _) = free_firms(&seat, &edition, 1).remove(0);
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    seat.type_text(&name);
    // The list is closed with Esc; the firm is known all the same.
    seat.key(Named::Escape);
    ctrl_enter(&mut seat);
    seat.must_see("已从档案带出");
    ctrl_enter(&mut seat);
    assert!(seat.db().ledger().filings_of(firm).any(|row| row.number.starts_with("2026-KX")));
}

#[test]
fn a_filing_without_a_firm_says_what_is_missing() {
    let mut seat = example_seat();
    let edition = edition(&seat, "kexiao");
    let before = seat.db().ledger().filings().count();
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    ctrl_enter(&mut seat);
    seat.must_see("请先选一家企业");
    assert_eq!(seat.db().ledger().filings().count(), before);
}

#[test]
fn a_filing_is_entered_at_our_own_review_with_the_day_it_came() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    let (firm, _, typed) = free_firms(&seat, &edition, 1).remove(0);
    go(&mut seat, Place::NewFiling { firm: None, edition: Some(edition.id) });
    seat.type_text(&typed);
    seat.key(Named::Enter);
    seat.press_on("网上填报");
    seat.press_on("区审核");
    seat.focus("entry.opened");
    seat.retype("8-20");
    seat.key(Named::Enter);
    let ledger = seat.db().ledger();
    let row = ledger.filings_of(firm).find(|row| row.number.starts_with("2026-GQ2")).expect("entered");
    assert_eq!((row.stage().id.as_str(), row.since.to_string().as_str()), ("district", "2026-08-20"));
}

#[test]
fn ctrl_n_in_a_closed_batch_says_so_and_does_not_enter_into_another() {
    let mut seat = example_seat();
    let closed = seat.db().ledger().editions.iter().find(|edition| edition.closed).expect("one is closed").clone();
    go(&mut seat, in_edition(&closed, None));
    seat.ctrl("n");
    seat.must_see("这个批次已经关闭，不再收申报");
    assert!(matches!(place(&seat), Place::Filings { .. }));
}
