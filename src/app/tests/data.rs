//! 数据: what was imported and done is listed, taken back and restored; the journal is checked.

use std::path::Path;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Folder, Seat, example_seat};
use crate::app::data::{self, verify};
use crate::app::desk;
use crate::app::window::Message;
use crate::domain::event::DeedKind;
use crate::example;
use crate::store::journal::{Fault, Head, Report};
use crate::store::queries::LogFilter;

fn logged(seat: &Seat, kind: DeedKind) -> Vec<String> {
    let only = LogFilter { kind: Some(kind), ..LogFilter::default() };
    seat.db().log(&only, None, 100).wait().expect("the log").into_iter().map(|row| row.words).collect()
}

fn imported() -> Seat {
    let mut seat = example_seat();
    let path = seat.folder.0.join(example::LIST_NAME);
    std::fs::write(&path, example::document().expect("the list")).expect("a file");
    seat.window.send(Message::Dropped(path));
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    seat.must_see("已写入 28 行");
    seat
}

#[test]
fn an_import_is_taken_back_from_the_list_of_imports_and_by_ctrl_z_comes_back() {
    let mut seat = imported();
    let with = seat.db().ledger().firm_count();
    seat.ctrl("5");
    seat.must_see("2026年第四批入库科技型中小企业名单");
    seat.must_see("共 1 份，有效 1 份");
    seat.key_with(Key::Character("1".into()), Modifiers::empty(), Some("1"));
    seat.must_see("撤销：导入 28 家");
    seat.must_see("共 1 份，有效 0 份");
    assert_eq!(seat.db().ledger().firm_count(), with - 4);
    seat.ctrl("z");
    seat.must_see("恢复：导入 28 家");
    seat.must_see("共 1 份，有效 1 份");
    assert_eq!(seat.db().ledger().firm_count(), with);
    // And the same by the buttons of its row.
    assert!(seat.window.click_nth("撤销", 0), "the row has its way back");
    seat.must_see("共 1 份，有效 0 份");
    assert!(seat.window.click_nth("恢复", 0), "and forth again");
    seat.must_see("共 1 份，有效 1 份");
    assert_eq!(seat.db().ledger().firm_count(), with);
    seat.assert_whole();
}

#[test]
fn what_somebody_did_is_found_in_the_log_taken_back_and_restored() {
    let mut seat = imported();
    let with = seat.db().ledger().firm_count();
    seat.ctrl("5");
    seat.press_on("操作日志");
    seat.press_on("找操作");
    seat.type_text("导入 28");
    seat.must_see("共 1 条");
    assert!(seat.window.click_nth("撤销", 0), "the row has its way back");
    seat.must_see("已撤销");
    assert_eq!(seat.db().ledger().firm_count(), with - 4);
    assert!(seat.window.click_nth("恢复", 0), "and what was taken back can be restored");
    assert_eq!(seat.db().ledger().firm_count(), with);
    seat.press_on("所有人");
    seat.press_on("陈岚");
    seat.must_see("共 0 条");
}

#[test]
fn an_action_others_rest_on_is_refused_with_the_stores_sentence() {
    let mut seat = example_seat();
    seat.ctrl("5");
    seat.press_on("操作日志");
    let first = seat
        .db()
        .actions(500)
        .wait()
        .expect("actions")
        .into_iter()
        .rfind(|a| a.name.contains("导入企业台账"))
        .expect("firms");
    seat.press_on("找操作");
    seat.type_text(&first.name);
    assert!(seat.window.click_nth("撤销", 0), "each row has its way back");
    seat.must_see("不能撤销");
}

#[test]
fn the_check_says_that_everything_is_whole() {
    let mut seat = example_seat();
    seat.ctrl("5");
    seat.press_on("核验");
    seat.press_on("开始核验");
    let events = seat.db().check().wait().expect("a check").events;
    seat.must_see(&format!("全部 {events} 条流水完好"));
}

#[test]
fn a_fault_in_the_tables_is_named_and_they_are_made_again_from_the_journal() {
    let mut seat = example_seat();
    seat.ctrl("5");
    seat.press_on("核验");
    let faults = vec![Fault::Table { name: "firm".to_owned(), rows: 3 }];
    let report = Report { events: 7, devices: 1, waiting: 0, partial: 0, erased_files: 0, faults };
    let checked = data::Message::Verify(verify::Message::Checked(Ok(report)));
    seat.window.send(Message::Desk(desk::Message::Data(checked)));
    seat.must_see("流水完好，另有 1 处要看");
    seat.must_see("表 firm 有 3 行与流水不符");
    seat.press_on("按流水重建各表");
    seat.must_see("各表已按流水重建");
    seat.must_see("各表与流水相符");
    assert_eq!(logged(&seat, DeedKind::Upkeep), ["按流水重建各表"]);
    // What is hurt in the journal itself cannot be made again.
    let faults =
        vec![Fault::Broken { device: "甲".to_owned(), seq: 4 }, Fault::Table { name: "firm".to_owned(), rows: 3 }];
    let report = Report { events: 7, devices: 1, waiting: 0, partial: 0, erased_files: 0, faults };
    let checked = data::Message::Verify(verify::Message::Checked(Ok(report)));
    seat.window.send(Message::Desk(desk::Message::Data(checked)));
    seat.must_see("有 1 处流水被改动或损坏");
    assert!(!seat.sees("按流水重建各表"));
}

#[test]
fn nothing_imported_yet_says_so_and_leads_to_the_wizard() {
    let mut seat = example_seat();
    seat.ctrl("5");
    seat.must_see("还没有导入过名单");
    seat.press_on("推荐名单");
    seat.must_see("还没有推荐名单");
    seat.press_on("名单导入");
    seat.ctrl("i");
    seat.must_see("选文件");
}

#[test]
fn the_ends_of_the_chains_are_kept_on_paper_and_compared_later() {
    let mut seat = example_seat();
    let page = Head::page("青澜区科学技术局", seat.db().clock().now(), &seat.db().heads().wait().expect("heads"));
    let folder = Folder::new();
    let kept = folder.0.join("链头.txt");
    std::fs::write(&kept, &page).expect("kept");
    seat.ctrl("5");
    seat.press_on("核验");
    seat.press_on("开始核验");
    seat.must_see("存成文字…");
    let chosen = |path: &Path| {
        let chosen = verify::Message::HeadsChosen(Some(path.to_owned()));
        Message::Desk(desk::Message::Data(data::Message::Verify(chosen)))
    };
    seat.window.send(chosen(&kept));
    seat.must_see("相符，之后没有新记录");
    // A line copied from paper with a digit too few.
    let first = page.lines().find(|line| line.contains("指纹")).expect("a head");
    std::fs::write(&kept, page.replace(first, &first[..first.len() - 1])).expect("kept");
    seat.window.send(chosen(&kept));
    seat.must_see("行读不出来，没有比对");
    // A head that is further on than the journal: what followed is gone.
    let later = page.lines().map(|line| line.replace(" 条 指纹", "9 条 指纹")).collect::<Vec<_>>().join("\n");
    std::fs::write(&kept, later).expect("kept");
    seat.window.send(chosen(&kept));
    seat.must_see("之后的记录不见了");
    std::fs::write(&kept, "购物清单").expect("kept");
    seat.window.send(chosen(&kept));
    seat.must_see("这个文件里没有链头");
}

#[test]
fn that_the_ends_of_the_chains_were_written_to_a_file_is_in_the_log() {
    let mut seat = example_seat();
    seat.ctrl("5");
    seat.press_on("核验");
    let written = verify::Message::HeadsWritten(Ok("/tmp/某人/链头.txt".into()));
    seat.window.send(Message::Desk(desk::Message::Data(data::Message::Verify(written))));
    assert_eq!(logged(&seat, DeedKind::Export), ["链头：链头.txt"]);
}
