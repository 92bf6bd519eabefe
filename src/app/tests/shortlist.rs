//! 推荐名单: put in order by hand, saved as one action, frozen, and written as a sheet that reads back right.

use calamine::{Data, Reader, Xlsx, open_workbook};
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Seat, example_seat};
use crate::app::place::Place;
use crate::app::{desk, window};
use crate::domain::id::RecordId;
use crate::domain::shortlist::Shortlist;
use crate::store::ledger::FilingFilter;

/// A list of the first filings of an edition that were recommended, open on the screen.
fn open_list(seat: &mut Seat, program: &str, most: usize) -> (RecordId, Vec<RecordId>) {
    let db = seat.db();
    let ledger = db.ledger();
    let mut editions = ledger.editions_of(2026).into_iter().filter(|edition| edition.program == program);
    let edition = editions.next().expect("an edition").clone();
    let filter = FilingFilter { edition: Some(edition.id), ..FilingFilter::default() };
    let recommended = |id: &RecordId| ledger.filing(*id).is_some_and(|filing| filing.was_recommended());
    let items: Vec<RecordId> = ledger.list_filings(&filter, None).into_iter().filter(recommended).take(most).collect();
    assert!(items.len() > 3, "{} of {program}", items.len());
    let (user, wanted) = (ledger.users[0].id, items.clone());
    let made = db.act(user, "新建推荐名单", move |act| act.make_shortlist(edition.id, "推荐名单一", &wanted));
    let id = made.wait().expect("a list").value;
    seat.send(window::Message::Desk(desk::Message::Go(Place::Shortlist(id))));
    (id, items)
}

fn stored(seat: &Seat, id: RecordId) -> Shortlist {
    seat.db().shortlist(id).wait().expect("readable").expect("a list").shortlist
}

fn actions(seat: &Seat) -> usize {
    seat.db().actions(1000).wait().expect("actions").len()
}

fn name(seat: &Seat, filing: RecordId) -> String {
    let ledger = seat.db().ledger();
    ledger.firm_of(ledger.filing(filing).expect("a filing")).name.to_string()
}

fn alt(seat: &mut Seat, key: Named) {
    seat.key_with(Key::Named(key), Modifiers::ALT, None);
}

#[test]
fn a_row_is_moved_by_keys_and_all_of_it_is_one_action() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "gaoqi", 6);
    let before = actions(&seat);
    alt(&mut seat, Named::ArrowDown);
    alt(&mut seat, Named::ArrowDown);
    seat.must_see("第 3 位，排到第");
    seat.must_see("推荐名单有改动，还没有保存");
    assert_eq!(stored(&seat, id).items, items, "nothing is written yet");
    // Ctrl does the same as Alt, in the grid too.
    seat.key_with(Key::Named(Named::ArrowUp), Modifiers::CTRL, None);
    seat.must_see("第 2 位，排到第");
    seat.ctrl("s");
    let mut wanted = items.clone();
    wanted.swap(0, 1);
    assert_eq!(stored(&seat, id).items, wanted);
    assert_eq!(actions(&seat), before + 1);
    seat.press_on("撤销");
    assert_eq!(stored(&seat, id).items, items);
    seat.must_see("第 1 位，排到第");
    seat.assert_whole();
}

#[test]
fn a_rank_can_be_typed() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "gaoqi", 6);
    seat.key(Named::End);
    seat.key(Named::F2);
    seat.type_text("2");
    seat.key(Named::Enter);
    seat.must_see("第 2 位，排到第");
    seat.press_on("置顶");
    seat.must_see("第 1 位，排到第");
    seat.must_see("推荐名单有改动，还没有保存");
    seat.press_on("保存");
    seat.must_see("已保存推荐名单");
    let mut wanted = items.clone();
    let last = wanted.pop().expect("some");
    wanted.insert(0, last);
    assert_eq!(stored(&seat, id).items, wanted);
}

#[test]
fn what_is_not_saved_is_taken_back_step_by_step_and_survives_a_visit_elsewhere() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "gaoqi", 6);
    alt(&mut seat, Named::ArrowDown);
    alt(&mut seat, Named::ArrowDown);
    seat.ctrl("z");
    seat.must_see("第 2 位，排到第");
    seat.ctrl("1");
    // Another list in between, so that the screen forgets the first one.
    let (other, _) = open_list(&mut seat, "gaoqi", 4);
    seat.must_see("共 4 件");
    assert_ne!(other, id);
    seat.send(window::Message::Desk(desk::Message::Go(Place::Shortlist(id))));
    seat.must_see("放弃改动");
    seat.press_on("保存");
    let mut wanted = items.clone();
    wanted.swap(0, 1);
    assert_eq!(stored(&seat, id).items, wanted);
}

#[test]
fn rows_leave_and_others_join() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "gaoqi", 4);
    seat.key(Named::Delete);
    seat.must_see("共 3 件");
    let gone = name(&seat, items[0]);
    seat.focus("shortlist-add");
    seat.type_text(&gone);
    seat.key(Named::Enter);
    seat.must_see("共 4 件");
    seat.press_on("保存");
    let wanted: Vec<RecordId> = items[1..].iter().chain([&items[0]]).copied().collect();
    assert_eq!(stored(&seat, id).items, wanted);
}

#[test]
fn what_is_missing_and_what_exceeds_the_quota_is_said() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "taishan_startup", 9);
    let over = items.len() - 6;
    seat.must_see(&format!("名额 6，名单 {} 件，超出 {over} 件", items.len()));
    seat.must_see("没有缺项");
    // Two applicants have not said what they studied.
    let user = seat.db().ledger().users[0].id;
    let two = items[..2].to_vec();
    let cleared = seat.db().act(user, "清空学历学位", move |act| {
        let nothing = [("form.degree".to_owned(), None)].into();
        two.into_iter().try_for_each(|filing| act.change_filing(filing, &nothing).map(|_| ()))
    });
    cleared.wait().expect("cleared");
    seat.send(window::Message::Desk(desk::Message::Go(Place::Workbench)));
    seat.send(window::Message::Desk(desk::Message::Go(Place::Shortlist(id))));
    seat.must_see("未报");
    seat.must_see("缺 2 处");
    seat.press_on("定稿 v1…");
    seat.must_see(&format!("超出名额 {over} 件。"));
    seat.must_see("有 2 处未报，表里会留空。");
}

#[test]
fn a_version_goes_out_as_a_sheet_and_stays_as_it_was() {
    let mut seat = example_seat();
    let (id, items) = open_list(&mut seat, "gaoqi", 5);
    alt(&mut seat, Named::ArrowDown);
    seat.press_on("定稿 v1…");
    seat.must_see("2026年度青澜区高新技术企业认定推荐汇总表");
    let path = seat.folder.0.join("送市局.xlsx");
    let offered = seat
        .seen()
        .into_iter()
        .find(|seen| seen.words.ends_with("_v1_20260824.xlsx"))
        .expect("a place to write to is offered");
    seat.press(offered.bounds.center());
    seat.retype(&path.display().to_string());
    seat.key(Named::Enter);
    seat.must_see("已定稿 v1，5 件");
    seat.must_see("打开文件夹");
    // The move that was not saved is part of it.
    let mut wanted = items.clone();
    wanted.swap(0, 1);
    let list = stored(&seat, id);
    assert_eq!(list.items, wanted);
    assert_eq!(list.versions.len(), 1);
    assert_eq!(list.versions[0].frozen.rows.iter().map(|row| row.filing).collect::<Vec<_>>(), wanted);

    let mut book: Xlsx<_> = open_workbook(&path).expect("a workbook");
    let sheet = book.worksheet_range("推荐汇总表").expect("its sheet");
    let text = |row: u32, column: u32| match sheet.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => panic!("{row},{column} is {other:?}"),
    };
    assert_eq!(text(0, 0), "2026年度青澜区高新技术企业认定推荐汇总表");
    assert_eq!(text(1, 0), "推荐单位（盖章）：青澜区科学技术局");
    let head: Vec<String> = (0..16).map(|column| text(2, column)).collect();
    let (codes, phones) = (2, head.iter().position(|head| head == "联系电话").expect("phones") as u32);
    for (at, filing) in wanted.iter().enumerate() {
        let row = 3 + at as u32;
        assert_eq!(text(row, 0), (at + 1).to_string());
        assert_eq!(text(row, 1), name(&seat, *filing));
        let code = text(row, codes);
        assert_eq!(code.len(), 18, "{code}");
        assert!(text(row, phones).len() >= 7);
    }
    assert_eq!(text(8, 1), "合计");
    let money = |row: u32| match sheet.get_value((row, 6)) {
        Some(Data::Float(value)) => *value,
        other => panic!("{row} is {other:?}"),
    };
    let sum: f64 = (3..8).map(money).sum();
    assert!((sum - money(8)).abs() < 0.005, "{sum} against {}", money(8));

    // Later changes leave it alone, and are told apart from it.
    seat.must_see("成员和顺序与 v1 一致");
    seat.key(Named::Home);
    seat.key(Named::Delete);
    seat.must_see("与 v1 相比：移出 1 件");
    seat.press_on("v1　2026-08-24　5 件");
    seat.must_see("只能看");
    seat.must_see(&name(&seat, wanted[0]).clone());
    assert!(!seat.sees("移出名单"));
    seat.press_on("再导出 v1…");
    seat.press_on("常用字体");
    seat.must_see("再导出 v1，5 件");
    seat.key(Named::Escape);
    seat.assert_whole();
}

#[test]
fn a_file_that_cannot_be_written_is_said_and_nothing_is_frozen_before_the_place_is_right() {
    let mut seat = example_seat();
    let (id, _) = open_list(&mut seat, "gaoqi", 4);
    seat.press_on("定稿 v1…");
    let offered = seat.seen().into_iter().find(|seen| seen.words.ends_with(".xlsx")).expect("an offer");
    seat.press(offered.bounds.center());
    seat.retype("/没有/这个/文件夹/名单.xlsx");
    seat.key(Named::Enter);
    seat.must_see("这个文件夹不存在，请换一个位置。");
    assert!(stored(&seat, id).versions.is_empty());
}

#[test]
fn a_list_that_was_taken_back_says_so() {
    let mut seat = example_seat();
    let (id, _) = open_list(&mut seat, "gaoqi", 4);
    let db = seat.db();
    let (user, last) = (db.ledger().users[0].id, db.actions(1).wait().expect("actions")[0].id);
    db.act(user, "撤销", move |act| act.undo(last)).wait().expect("taken back");
    seat.ctrl("1");
    seat.send(window::Message::Desk(desk::Message::Go(Place::Shortlist(id))));
    seat.must_see("这份推荐名单不在了");
}
