//! 一企一档: reading one firm, changing its years and certificates in place.

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};
use iced::{Point, Size};

use super::super::support::{Seat, example_seat_of};
use super::at_firms;
use crate::app::place::Place;
use crate::domain::id::RecordId;
use crate::store::acts::Values;

#[test]
fn enter_opens_a_file_arrows_go_on_and_esc_closes_it() {
    let mut seat = at_firms();
    seat.key(Named::ArrowDown);
    seat.key(Named::ArrowDown);
    seat.key(Named::Enter);
    let names = seat.names();
    assert!(seat.sees_in_panel(&names[1]));
    seat.must_see("变更历史");
    seat.key(Named::ArrowDown);
    assert!(seat.sees_in_panel(&names[2]), "the list kept the keyboard and the file went along");
    seat.key_with(Key::Character("5".into()), Modifiers::ALT, None);
    seat.must_see("新的在前");
    seat.key(Named::ArrowUp);
    assert!(seat.sees_in_panel(&names[1]) && seat.sees("新的在前"), "the tab stays");
    seat.key(Named::Escape);
    assert!(!seat.sees("变更历史"));
    assert!(matches!(seat.place(), Place::Firms { open: None, .. }));
}

#[test]
fn what_is_personal_is_covered_until_somebody_asks_for_it() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| !firm.phone.is_empty() && !firm.legal.is_empty());
    seat.open(firm.id, "概况");
    seat.window.wheel(30.0);
    seat.point(Point::new(1200.0, 600.0));
    seat.wheel(40.0);
    let covered = crate::domain::identity::phone::mask(&firm.phone);
    assert!(seat.sees_in_panel(&covered));
    assert!(!seat.sees(&firm.phone) && !seat.sees(&firm.legal));
    let left = seat.panel_left();
    let line = seat.seen().into_iter().find(|seen| seen.words == covered && seen.bounds.x > left).expect("a line");
    seat.press(Point::new(1410.0, line.bounds.center_y()));
    assert!(seat.sees_in_panel(&firm.phone));
    assert!(!seat.sees(&firm.legal), "only the one that was asked for");
}

#[test]
fn a_figure_is_changed_in_its_cell_and_taken_back() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| firm.figures.revenue.is_some());
    seat.open(firm.id, "年度数据");
    let at = seat.year_cell("销售收入", "2025");
    seat.press(at);
    seat.retype("很多");
    seat.key(Named::Enter);
    seat.must_see("不是金额");
    seat.retype("3,208.16");
    seat.key(Named::Tab);
    seat.must_see("已保存：2025 年销售收入 3,208.16 万元");
    let figures =
        |seat: &Seat, fact: &str| seat.file(firm.id).firm.fields.get(&format!("y2025.{fact}")).map(str::to_owned);
    assert_eq!(figures(&seat, "revenue").as_deref(), Some("3208160000"));
    assert_eq!(seat.db().ledger().firm(firm.id).expect("a row").figures.revenue, Some(3_208_160_000));
    seat.retype("99.5");
    seat.key(Named::Enter);
    assert_eq!(figures(&seat, "cost").as_deref(), Some("99500000"), "Tab went to the next cell");
    seat.press(at);
    seat.retype("1");
    seat.key(Named::Escape);
    seat.must_see("99.50");
    assert_eq!(figures(&seat, "revenue").as_deref(), Some("3208160000"), "Esc gives up");
    seat.ctrl("z");
    seat.ctrl("z");
    assert_eq!(figures(&seat, "revenue").and_then(|fen| fen.parse().ok()), firm.figures.revenue);
    seat.assert_whole();
}

#[test]
fn a_year_is_added_and_what_is_missing_is_said() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| firm.figures.revenue.is_some());
    seat.open(firm.id, "年度数据");
    seat.press_in_panel("加一年");
    seat.press_on("2026 年");
    seat.type_text("75");
    seat.key(Named::Enter);
    let staff = seat.file(firm.id).firm.fields.get("y2026.staff").map(str::to_owned);
    assert_eq!(staff.as_deref(), Some("75"));
    let at = seat.year_cell("净利润", "2026");
    let words = seat.seen().into_iter().find(|seen| seen.bounds.contains(at)).map(|seen| seen.words);
    assert_eq!(words.as_deref(), Some("未报"), "never 0");
}

#[test]
fn a_certificate_is_entered_with_the_last_day_its_rule_gives() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| firm.certificates.is_empty());
    seat.open(firm.id, "证书");
    seat.press_on("新增证书");
    seat.type_text("GR2026");
    seat.must_see("应为 GR 加 12 位数字");
    seat.retype("GR202637009999");
    seat.key(Named::Tab);
    seat.key(Named::Tab);
    seat.type_text("2026-07-05");
    seat.press_on("按规定到 2029-07-05");
    seat.press_on("保存");
    seat.must_see("已保存：高企证书");
    let held = seat.db().ledger().firm(firm.id).and_then(|firm| firm.certificate("gaoqi").cloned()).expect("held");
    assert_eq!(held.ends.map(|day| day.to_string()).as_deref(), Some("2029-07-05"));
    seat.press_on("高新技术企业");
    seat.press_on("删除");
    assert!(seat.db().ledger().firm(firm.id).expect("a row").certificates.is_empty());
    seat.ctrl("z");
    assert_eq!(seat.db().ledger().firm(firm.id).expect("a row").certificates.len(), 1);
    seat.assert_whole();
}

#[test]
fn filings_of_a_firm_lead_to_their_edition() {
    let mut seat = at_firms();
    let ledger = seat.db().ledger();
    let filing = ledger.filings().max_by_key(|filing| filing.id).expect("a filing").clone();
    let label = ledger.edition_of(&filing).expect("an edition").label();
    let firm = filing.firm_id;
    seat.open(firm, "申报");
    seat.press_in_panel(&label);
    assert!(matches!(seat.place(), Place::Filings { open: Some(_), .. }));
    seat.open(firm, "申报");
    seat.press_on("新增申报");
    assert!(matches!(seat.place(), Place::NewFiling { firm: Some(id), .. } if id == firm));
}

#[test]
fn a_narrow_window_shows_the_file_instead_of_the_list() {
    let mut seat = example_seat_of(Size::new(1024.0, 768.0));
    seat.press_on("企业");
    seat.key(Named::ArrowDown);
    seat.key(Named::Enter);
    seat.must_see("变更历史");
    assert!(!seat.sees("销售收入（万元）"), "the file covers the list");
    seat.key(Named::Escape);
    assert!(!seat.sees("变更历史"));
    seat.must_see("销售收入（万元）");
}

/// Opens the dialog from the menu of the file: the third of four small buttons at the right of its head.
fn ask_to_erase(seat: &mut Seat, name: &str) {
    let left = seat.panel_left();
    let head = seat.seen().into_iter().find(|seen| seen.bounds.x > left && name.starts_with(&*seen.words));
    let y = head.expect("the name heads the panel").bounds.center_y();
    seat.press(Point::new(1440.0 - 16.0 - 28.0 - 4.0 - 14.0, y));
    seat.press_on("依法清除个人信息…");
}

#[test]
fn what_a_person_asked_to_be_forgotten_is_erased_with_the_reason_and_the_firm_stays() {
    let mut seat = at_firms();
    let firm = seat.firm(|firm| !firm.phone.is_empty() && !firm.township.is_empty());
    seat.open(firm.id, "概况");
    ask_to_erase(&mut seat, &firm.name);
    seat.must_see("谁也找不回来");
    seat.press_on("清除");
    seat.must_see("请先勾选要清除的内容");
    seat.press_on("联系电话");
    super::type_into(&mut seat, "erase-reason", "本人来函要求");
    seat.press_on("清除");
    seat.must_see("以前的备份里还有");
    assert!(!seat.sees("撤销"), "what cannot be taken back is not offered to be");
    let after = seat.db().ledger().firm(firm.id).cloned().expect("the firm");
    assert_eq!((&*after.name, &*after.phone, &*after.township), (&*firm.name, "", &*firm.township));
    seat.must_see("变更历史");
    seat.key_with(Key::Character("5".into()), Modifiers::ALT, None);
    seat.must_see("内容已依法清除");
    seat.must_see("原因：本人来函要求");
    seat.assert_whole();
}

#[test]
fn where_else_the_same_is_said_is_ticked_and_what_somebody_unticks_keeps_it_and_is_named() {
    let mut seat = example_seat_of(Size::new(1440.0, 900.0));
    seat.press_on("企业");
    let ledger = seat.db().ledger();
    let of = |firm: RecordId| ledger.filings().filter(move |filing| filing.firm_id == firm);
    let firm = seat.firm(|firm| !firm.phone.is_empty() && of(firm.id).count() == 2);
    let mut filings: Vec<(String, RecordId)> = of(firm.id).map(|one| (one.number.to_string(), one.id)).collect();
    filings.sort();
    let user = ledger.users[0].id;
    for (_, id) in filings.clone() {
        let note: Values = [("note".to_owned(), Some(firm.phone.to_string()))].into();
        seat.db().act(user, "备注", move |act| act.change_filing(id, &note).map(drop)).wait().expect("noted");
    }
    seat.open(firm.id, "概况");
    ask_to_erase(&mut seat, &firm.name);
    seat.press_on("联系电话");
    seat.must_see(&format!("申报 {}", filings[0].0));
    seat.press_on(&format!("申报 {}", filings[1].0));
    super::type_into(&mut seat, "erase-reason", "本人来函要求");
    seat.press_on("清除");
    seat.must_see(&format!("申报 {}里还有，没有清除", filings[1].0));
    let notes = filings.iter().map(|(_, id)| {
        let file = seat.db().filing(*id).wait().expect("an answer").expect("a filing");
        file.filing.fields.get("note").map(str::to_owned)
    });
    assert_eq!(notes.collect::<Vec<_>>(), [None, Some(firm.phone.to_string())]);
    seat.assert_whole();
}
