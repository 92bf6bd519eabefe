//! 材料 on a filing's page: handing in, checking, replacing, opening, and what comes back after a return.

use std::fs;
use std::path::PathBuf;

use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use crate::app::tests::support::{Folder, example_seat, example_seat_of};
use crate::domain::event::DeedKind;
use crate::domain::filing::Standing;
use crate::domain::material::State;
use crate::store::journal::Fault;
use crate::store::queries::LogFilter;

use super::*;

/// A file an applicant brings.
fn paper(folder: &Folder, name: &str, content: &str) -> PathBuf {
    let path = folder.0.join(name);
    fs::write(&path, content).expect("a file");
    path
}

fn alt(seat: &mut Seat, digit: &str) {
    seat.key_with(Key::Character(digit.into()), Modifiers::ALT, None);
}

fn below(seat: &mut Seat) {
    seat.key(Named::F9);
}

/// Hands files to the current item in by their paths.
fn hand_in(seat: &mut Seat, paths: &[&PathBuf]) {
    seat.ctrl("o");
    let typed: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    seat.type_text(&typed.join("；"));
    seat.key(Named::Enter);
}

fn state(seat: &Seat, id: RecordId, item: &str) -> State {
    file(seat, id).filing.materials.item(item).state()
}

#[test]
fn materials_are_handed_in_and_checked_by_the_keyboard_alone() {
    let mut seat = example_seat();
    let papers = Folder::new();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.ctrl("m");
    seat.must_see("缺 8 项必交材料");
    below(&mut seat);
    let (one, two) = (paper(&papers, "申请书.pdf", "一"), paper(&papers, "附件.pdf", "二"));
    hand_in(&mut seat, &[&one, &two]);
    seat.must_see("申请书.pdf");
    seat.must_see("附件.pdf");
    assert_eq!(row(&seat, id).materials, (1, 8));
    seat.must_see("材料 1/8");
    alt(&mut seat, "2");
    assert_eq!(state(&seat, id, "application"), State::Fit);
    // The next one on paper, the one after that is not needed.
    below(&mut seat);
    alt(&mut seat, "1");
    below(&mut seat);
    alt(&mut seat, "4");
    assert_eq!((state(&seat, id, "license"), state(&seat, id, "results")), (State::Given, State::Waived));
    seat.must_see("缺 5 项必交材料");
    // Unfit needs a word why.
    below(&mut seat);
    alt(&mut seat, "3");
    seat.key(Named::Enter);
    seat.must_see("要写明哪里不对");
    seat.type_text("质检报告过期");
    seat.key(Named::Enter);
    assert_eq!(state(&seat, id, "product"), State::Unfit);
    seat.must_see("质检报告过期");
    // Taken back, alone and by undo.
    alt(&mut seat, "0");
    assert_eq!(state(&seat, id, "product"), State::Missing);
    seat.ctrl("z");
    assert_eq!(state(&seat, id, "product"), State::Unfit);
    seat.assert_whole();
}

#[test]
fn the_item_keys_act_on_is_brought_into_sight() {
    let mut seat = example_seat_of(Size::new(1366.0, 768.0));
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.ctrl("m");
    let last = "其他材料";
    assert!(!seat.sees(last), "it is scrolled out of sight");
    for _ in 0..9 {
        below(&mut seat);
    }
    seat.must_see(last);
    seat.key_with(Key::Named(Named::F9), Modifiers::SHIFT, None);
    alt(&mut seat, "2");
    assert_eq!(state(&seat, id, "tax"), State::Fit);
}

#[test]
fn a_file_that_is_not_there_is_said_and_one_that_is_there_already_is_not_stored_again() {
    let mut seat = example_seat();
    let papers = Folder::new();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.ctrl("m");
    below(&mut seat);
    hand_in(&mut seat, &[&papers.0.join("没有.pdf")]);
    seat.must_see("文件读不出来");
    seat.retype(&paper(&papers, "申请书.pdf", "一").display().to_string());
    seat.key(Named::Enter);
    seat.must_see("申请书.pdf");
    hand_in(&mut seat, &[&papers.0.join("申请书.pdf")]);
    seat.must_see("已经在这一项里");
    assert_eq!(file(&seat, id).filing.materials.files().count(), 1);
    // A program that is not there does not open it, and says so; the log says nothing was opened.
    seat.press_on("申请书.pdf");
    seat.must_see("没有找到能打开它的程序");
}

#[test]
fn a_file_lost_on_the_disk_is_told_when_one_opens_it_and_by_the_check() {
    let mut seat = example_seat();
    let papers = Folder::new();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.ctrl("m");
    below(&mut seat);
    hand_in(&mut seat, &[&paper(&papers, "申请书.pdf", "一")]);
    let kept = file(&seat, id).filing.materials.item("application").files[0].file;
    fs::remove_file(seat.db().kept_file(&kept)).expect("lost");
    seat.press_on("申请书.pdf");
    seat.must_see("的存件不在这台电脑上");
    let faults = seat.db().check().wait().expect("a check").faults;
    assert!(matches!(&faults[..], [Fault::Material { name, .. }] if name == "申请书.pdf"), "{faults:?}");
}

#[test]
fn what_was_found_unfit_goes_back_as_a_defect_and_what_comes_back_is_told() {
    let mut seat = example_seat_of(Size::new(1440.0, 1100.0));
    let papers = Folder::new();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.ctrl("m");
    below(&mut seat);
    hand_in(&mut seat, &[&paper(&papers, "申请书.pdf", "一")]);
    alt(&mut seat, "3");
    seat.type_text("第 7 页没有盖章");
    seat.key(Named::Enter);
    seat.key(Named::F7);
    seat.must_see("补正内容，逐条写");
    seat.must_see("第 7 页没有盖章");
    // One more from the phrase book, and ten working days.
    seat.press_on("从短语里选");
    seat.press_on("附件看不清，请重新扫描上传");
    seat.press_on("10");
    seat.must_see("2026-09-07 星期一，10 个工作日");
    seat.press_on("保存");
    let back = row(&seat, id);
    assert_eq!((back.round, back.standing), (2, Standing::Returned));
    assert_eq!(back.until.map(|day| day.to_string()).as_deref(), Some("2026-09-07"));
    let moved = file(&seat, id).filing.track.decisions.last().expect("returned").moved.clone();
    assert_eq!(moved.defects.len(), 2);
    assert_eq!(moved.defects[1].phrase, "unreadable");
    assert!(moved.reason.contains("1. 《高新技术企业认定申请书》：第 7 页没有盖章"), "{}", moved.reason);
    seat.must_see("没有改动");
    seat.must_see("最后一天 2026年9月7日（星期一，10个工作日）");
    seat.press_on("复制补正通知");
    seat.must_see("补正通知已复制");
    let left = LogFilter { kind: Some(DeedKind::Export), ..LogFilter::default() };
    let left = seat.db().log(&left, None, 9).wait().expect("the log");
    assert!(left.len() == 1 && left[0].words.contains("第 1 轮）：复制到剪贴板"), "{left:?}");
    // The firm brings a better one.
    let renewed = paper(&papers, "申请书（盖章）.pdf", "二");
    let event = file(&seat, id).filing.materials.item("application").files[0].events[0];
    let (db, user) = (seat.db(), seat.db().ledger().users[0].id);
    let kept = db.keep(&renewed).expect("kept");
    db.act(user, "换一份", move |act| act.attach(id, "application", &kept, &[event])).wait().expect("replaced");
    look_again(&mut seat);
    open(&mut seat, id);
    seat.must_see("有改动");
    seat.must_see("替换 申请书.pdf → 申请书（盖章）.pdf");
    seat.must_see("以后文件换过，要重新核对");
    // The round before is as it was.
    // The table of rounds stands above.
    assert!(seat.click_nth("第 1 轮", 1));
    assert!(!seat.sees("申请书（盖章）.pdf"));
    seat.must_see("申请书.pdf");
    seat.assert_whole();
}

#[test]
fn a_notice_is_written_as_a_word_file_and_logged() {
    let mut seat = example_seat();
    let id = some_filing(&seat, at_district).id;
    open(&mut seat, id);
    seat.key(Named::F7);
    seat.type_text("研发费用缺明细");
    seat.key(Named::Enter);
    seat.ctrl("m");
    seat.press_on("写成 Word");
    let number = row(&seat, id).number.to_string();
    seat.must_see("补正通知已写到");
    let all = fs::read_dir(std::env::temp_dir()).expect("papers").flatten().map(|entry| entry.path());
    let written: Vec<PathBuf> = all
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with(&format!("补正通知_{number}_第1轮")) && name.ends_with(".docx")
        })
        .collect();
    assert!(!written.is_empty());
    written.iter().for_each(|path| fs::remove_file(path).expect("gone"));
}
