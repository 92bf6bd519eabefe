//! A whole year in one sitting, from an empty office to the sheet for the stamp; everything taken back and brought again.
//! What several screens do to one another is looked at here, what one does alone in its own file.
//! Undo is pressed as people press it: often, fast, and on things that cannot be taken back.

use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Seat, example_seat, example_seat_of, new_seat};
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::{desk, window};
use crate::domain::id::RecordId;
use crate::store::ledger::{FilingFilter, StatusGroup};

fn go(seat: &mut Seat, place: Place) {
    seat.send(window::Message::Desk(desk::Message::Go(place)));
}

fn type_into(seat: &mut Seat, field: &'static str, text: &str) {
    seat.focus(field);
    seat.retype(text);
}

fn ctrl_enter(seat: &mut Seat) {
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
}

fn founded() -> Seat {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("sui shi ke gai", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    seat
}

/// Presses Ctrl and a letter until there is nothing more to do. Returns how often it did something.
fn press_out(seat: &mut Seat, letter: &str, until: &str) -> usize {
    for n in 0..50 {
        seat.ctrl(letter);
        if seat.sees(until) {
            return n;
        }
    }
    panic!("there is no end to Ctrl+{letter}");
}

#[test]
fn a_year_from_an_empty_office_to_the_stamp_is_taken_back_step_by_step_and_brought_again() {
    let mut seat = founded();
    go(&mut seat, Place::NewFirm);
    seat.type_text("青澜试点新材料有限公司");
    type_into(&mut seat, "firm-code", "91370200264574251E");
    seat.ctrl("s");
    go(&mut seat, Place::Settings(SettingsTab::Programs));
    seat.press_on("新增批次…");
    seat.key(Named::Enter);
    seat.must_see("已新增批次");
    seat.ctrl("n");
    seat.type_text("qlsd");
    seat.key(Named::Enter);
    ctrl_enter(&mut seat);
    seat.must_see("已新增申报 2026-GQ-0001");
    let filing = seat.db().ledger().filings().next().expect("a filing").id;
    go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
    let pass = |seat: &mut Seat| {
        seat.key(Named::F6);
        seat.key(Named::Enter);
    };
    pass(&mut seat);
    seat.key(Named::F7);
    seat.type_text("缺研发费用明细");
    seat.key(Named::Enter);
    pass(&mut seat);
    pass(&mut seat);
    go(&mut seat, Place::filings(2026));
    seat.key(Named::Space);
    seat.press_on("导出推荐汇总表");
    seat.press_on("定稿 v1…");
    let sheet = seat.folder.0.join("汇总表.xlsx");
    let at = seat.find("写到").expect("where it goes").center();
    seat.press(iced::Point::new(at.x + 120.0, at.y));
    let path = sheet.display().to_string();
    seat.retype(&path);
    seat.key(Named::Enter);
    seat.must_see("定稿 v2…");
    assert!(sheet.is_file());

    let state = |seat: &Seat| {
        let ledger = seat.db().ledger();
        let mut rows: Vec<_> = ledger.filings().map(|f| (f.number.clone(), f.stage, f.round, f.group())).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        (ledger.firm_count(), ledger.editions.len(), rows)
    };
    let done = state(&seat);
    assert_eq!(done.2.len(), 1);
    assert_eq!((done.2[0].2, done.2[0].3), (2, StatusGroup::Upward));
    assert_eq!(press_out(&mut seat, "z", "登录以来没有可以撤销的操作"), 9);
    assert_eq!(state(&seat), (0, 0, Vec::new()));
    seat.assert_whole();
    // What was written stays written: papers that went out are not called back.
    assert!(sheet.is_file());
    assert_eq!(press_out(&mut seat, "y", "没有可以恢复的操作"), 9);
    assert_eq!(state(&seat), done);
    seat.assert_whole();
}

fn change_park(seat: &mut Seat, firm: RecordId, park: &str) {
    go(seat, Place::firm(firm));
    seat.ctrl("e");
    type_into(seat, "firm-park", park);
    seat.ctrl("s");
}

#[test]
fn ctrl_z_pressed_twice_in_haste_takes_two_deeds_back() {
    let mut seat = example_seat();
    let firm = seat.db().ledger().firms().next().expect("a firm").clone();
    change_park(&mut seat, firm.id, "甲园区");
    change_park(&mut seat, firm.id, "乙园区");
    let park = |seat: &Seat| seat.db().ledger().firm(firm.id).expect("a firm").park.to_string();
    for (letter, park_after) in [("z", firm.park.to_string()), ("y", "乙园区".to_owned())] {
        seat.hold();
        seat.ctrl(letter);
        seat.ctrl(letter);
        seat.release();
        assert_eq!(park(&seat), park_after, "after Ctrl+{letter} twice");
        assert!(!seat.sees("已经撤销过了"));
    }
    // A new deed ends what could be brought again.
    seat.ctrl("z");
    change_park(&mut seat, firm.id, "丙园区");
    seat.ctrl("y");
    seat.must_see("没有可以恢复的操作");
    seat.ctrl("z");
    assert_eq!(park(&seat), "甲园区");
    seat.assert_whole();
}

#[test]
fn an_import_whose_firms_have_filings_is_not_taken_back_until_these_are() {
    let mut seat = example_seat();
    let path = seat.folder.0.join("名单.csv");
    std::fs::write(&path, "企业名称\n青澜绝新一号有限公司\n青澜绝新二号有限公司\n").expect("a list");
    seat.ctrl("i");
    type_into(&mut seat, "import-path", &format!("\"{}\"", path.display()));
    seat.key(Named::Enter);
    ctrl_enter(&mut seat);
    seat.must_see("已写入 2 行");
    let ledger = seat.db().ledger();
    let firm = ledger.firms().find(|f| &*f.name == "青澜绝新一号有限公司").expect("entered").id;
    let edition = ledger.editions.iter().find(|e| !e.closed && e.program == "kexiao").expect("an edition").id;
    go(&mut seat, Place::NewFiling { firm: Some(firm), edition: Some(edition) });
    ctrl_enter(&mut seat);
    go(&mut seat, Place::Data(DataTab::Imports));
    let count = seat.db().ledger().firm_count();
    seat.key_with(Key::Character("1".into()), Modifiers::empty(), Some("1"));
    seat.must_see("不能撤销：其中有企业后来又有了申报");
    assert_eq!(seat.db().ledger().firm_count(), count);
    seat.ctrl("z");
    seat.ctrl("z");
    assert_eq!(seat.db().ledger().firm_count(), count - 2);
    seat.ctrl("y");
    seat.ctrl("y");
    assert!(seat.db().ledger().filings_of(firm).next().is_some());
    seat.assert_whole();
}

#[test]
fn what_is_told_does_not_lie_on_the_buttons_below() {
    for size in [Size::new(1440.0, 900.0), Size::new(960.0, 600.0), Size::new(683.0, 384.0)] {
        let mut seat = example_seat_of(size);
        let ledger = seat.db().ledger();
        let filing = ledger.filings().find(|f| f.program.id == "gaoqi" && f.group() == StatusGroup::Ours);
        let filing = filing.expect("a filing on our desk").id;
        go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
        seat.key(Named::F6);
        seat.key(Named::Enter);
        let told = seat.find("撤销").expect("what was done, with its way back");
        for button in ["通过/推荐…", "结果未公布…"] {
            let button = seat.find(button).expect("a button");
            assert!(told.y + told.height < button.y, "{size:?}: {told:?} above {button:?}");
        }
        go(&mut seat, Place::filings(2026));
        let free = seat.find("撤销").expect("still there").y;
        seat.key(Named::Space);
        let raised = seat.find("撤销").expect("still there").y;
        assert!(raised < free, "{size:?}: it makes room for the bar of the selection");
    }
}

#[test]
fn a_very_long_name_stays_within_the_dialog() {
    let mut seat = example_seat();
    go(&mut seat, Place::NewFirm);
    let name = format!("青澜{}有限公司", "超长名称".repeat(14));
    seat.type_text(&name);
    seat.ctrl("s");
    let ledger = seat.db().ledger();
    let firm = ledger.firms().find(|f| *f.name == *name).expect("entered").id;
    let edition = ledger.editions.iter().find(|e| !e.closed && e.program == "gaoqi").expect("an edition").id;
    go(&mut seat, Place::NewFiling { firm: Some(firm), edition: Some(edition) });
    ctrl_enter(&mut seat);
    let filing = seat.db().ledger().filings_of(firm).next().expect("entered").id;
    go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
    seat.key(Named::F6);
    let cut = seat.seen().into_iter().rfind(|seen| seen.words.starts_with("青澜超长") && seen.words.ends_with('…'));
    let leads = seat.find("转到“区审核”").expect("where it goes");
    let cut = cut.expect("the name, cut").bounds;
    assert!(cut.x + cut.width <= leads.x && leads.x + leads.width < 1040.0, "{cut:?} {leads:?}");
}
