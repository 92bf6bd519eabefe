//! 打印: what is printed reaches the printer of this machine, is told and logged; nobody takes records to paper who may not.
#![cfg(unix)]

use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Folder, Seat, example_seat, example_seat_of, new_seat};
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::print::printer::fake;
use crate::app::{desk, files, window::Message};
use crate::domain::event::DeedKind;
use crate::domain::people::Role;
use crate::store::ledger::{FilingFilter, StatusGroup};
use crate::store::queries::LogFilter;
use crate::ui::Icon;

fn go(seat: &mut Seat, place: Place) {
    seat.window.send(Message::Desk(desk::Message::Go(place)));
}

/// A machine with a printer, and the folder where what it was given lies.
fn with_printer() -> Folder {
    let folder = Folder::new();
    fake::put(fake::lp(&folder.0, 0));
    folder
}

/// Names of the files the printer was given; each is a PDF that is gone by now.
fn printed(folder: &Folder) -> Vec<String> {
    let given = fake::given(&folder.0);
    assert!(given.iter().all(|(path, page)| page.starts_with(b"%PDF-") && !std::path::Path::new(path).exists()));
    given.into_iter().map(|(path, _)| files::name_of(path.as_ref())).collect()
}

fn logged(seat: &Seat) -> Vec<(String, Option<i64>)> {
    let only = LogFilter { kind: Some(DeedKind::Print), ..LogFilter::default() };
    seat.db().log(&only, None, 100).wait().expect("the log").into_iter().map(|row| (row.words, row.count)).collect()
}

#[test]
fn the_ends_of_the_chains_go_to_paper() {
    let mut seat = example_seat();
    let printer = with_printer();
    go(&mut seat, Place::Data(DataTab::Check));
    seat.press_on("开始核验");
    seat.press_on("打印…");
    seat.must_see("链头已交给打印程序");
    assert_eq!(printed(&printer), ["科报链头-2026-08-24-1200.pdf"]);
    let count = seat.db().heads().wait().expect("heads").len() as i64;
    assert_eq!(logged(&seat), [("链头：已交给打印程序".to_owned(), Some(count))]);
    go(&mut seat, Place::Data(DataTab::Log));
    seat.must_see("打印");
    seat.assert_whole();
}

#[test]
fn without_a_printer_the_page_is_kept_and_the_person_is_told_where() {
    let mut seat = example_seat();
    go(&mut seat, Place::Data(DataTab::Check));
    seat.press_on("开始核验");
    seat.press_on("打印…");
    seat.must_see("没有找到打印程序，已存为");
    seat.must_see("请打开后打印");
    assert_eq!(logged(&seat)[0].0, "链头：没有找到打印程序，没有打印");
    let kept = files::papers().join("科报链头-2026-08-24-1200.pdf");
    assert!(std::fs::read(&kept).expect("kept").starts_with(b"%PDF-"));
    std::fs::remove_file(kept).expect("gone");
}

#[test]
fn a_notice_of_a_return_is_printed_from_the_filing_and_from_the_review() {
    let mut seat = example_seat_of(Size::new(1440.0, 1200.0));
    let printer = with_printer();
    let ledger = seat.db().ledger();
    let ours = FilingFilter { groups: [StatusGroup::Ours].into(), year: Some(2026), ..FilingFilter::default() };
    let filing = ledger.list_filings(&ours, None)[0];
    let number = ledger.filing(filing).expect("there").number.to_string();
    go(&mut seat, Place::Filings { filter: FilingFilter::default(), open: Some(filing) });
    seat.key(Named::F7);
    seat.type_text("研发费用缺明细");
    seat.key(Named::Enter);
    seat.ctrl("m");
    seat.press_on(Icon::Printer.glyph());
    let what = format!("补正通知（{number}，第 1 轮）");
    seat.must_see(&format!("{what}已交给打印程序"));
    assert_eq!(printed(&printer), [format!("补正通知_{number}_第1轮.pdf")]);
    assert_eq!(logged(&seat), [(format!("{what}：已交给打印程序"), None)]);
    // The same where it was sent back during the review.
    let next = ledger.list_filings(&ours, None)[1];
    let number = ledger.filing(next).expect("there").number.to_string();
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(next) });
    seat.key(Named::F5);
    seat.type_text("缺签字");
    seat.key(Named::F7);
    seat.key_with(Key::Character("y".into()), Modifiers::ALT, None);
    seat.must_see(&format!("补正通知（{number}，第 1 轮）已交给打印程序"));
    assert_eq!(printed(&printer).len(), 2);
    seat.assert_whole();
}

#[test]
fn the_recovery_key_is_printed_at_first_run_and_only_that_it_was_is_kept() {
    let mut seat = new_seat();
    let printer = with_printer();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("qing lan qu 2026", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("qing lan qu 2026");
    seat.key(Named::Enter);
    seat.press_on("打印…");
    seat.must_see("恢复密钥已交给打印程序");
    assert_eq!(printed(&printer), ["科报恢复密钥2026-08-24.pdf"]);
    seat.press_on("已收好，进入科报");
    assert_eq!(logged(&seat), [("恢复密钥：已交给打印程序".to_owned(), None)]);
    // Another one later, from the settings.
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.resize(Size::new(1440.0, 2400.0));
    seat.press_on("换新的…");
    seat.press_on("打印…");
    seat.must_see("恢复密钥已交给打印程序");
    assert_eq!(printed(&printer).len(), 2);
    assert_eq!(logged(&seat).len(), 2);
    seat.assert_whole();
}

#[test]
fn the_history_of_a_firm_is_printed_with_personal_data_covered() {
    let mut seat = example_seat();
    let printer = with_printer();
    let firm = seat.db().ledger().firms().find(|firm| !firm.phone.is_empty()).expect("one").clone();
    go(&mut seat, Place::firm(firm.id));
    seat.press_on("变更历史");
    seat.press_on("打印…");
    seat.must_see("已交给打印程序");
    assert_eq!(printed(&printer).len(), 1);
    let file = seat.db().history(firm.id).wait().expect("read").expect("there");
    let ctx = seat.window.window().desk().expect("a desk").ctx().clone();
    let job = crate::app::print::pages::history(&file, &ctx);
    let page = format!("{:?}", job.paper);
    assert!(page.contains(&*firm.name) && !page.contains(&*firm.phone));
    assert_eq!(logged(&seat), [(format!("变更历史“{}”：已交给打印程序", firm.name), Some(file.changes.len() as i64))]);
}

#[test]
fn a_shortlist_is_printed_as_it_stands_and_says_that_it_is_no_version_yet() {
    let mut seat = example_seat();
    let printer = with_printer();
    let ledger = seat.db().ledger();
    let edition = ledger.editions.iter().find(|edition| ledger.recommended(edition.id).len() > 2).expect("one").id;
    let items: Vec<_> = ledger.recommended(edition).into_iter().take(3).collect();
    let (db, user) = (seat.db(), ledger.users[0].id);
    let made = db.act(user, "新建推荐名单", move |act| act.make_shortlist(edition, "打印用", &items)).wait();
    go(&mut seat, Place::Shortlist(made.expect("made").value));
    seat.ctrl("p");
    seat.must_see("已交给打印程序");
    assert_eq!(printed(&printer), ["推荐名单_未定稿_2026-08-24.pdf"]);
    let lines = logged(&seat);
    assert!(lines[0].0.starts_with("推荐名单（未定稿）") && lines[0].1 == Some(3), "{lines:?}");
}

#[test]
fn an_administrator_may_print_the_ends_of_the_chains_and_no_records() {
    let mut seat = example_seat();
    let printer = with_printer();
    let db = seat.db();
    let admin = db.ledger().users[0].id;
    let ledger = db.ledger();
    let edition = ledger.editions.iter().find(|edition| !ledger.recommended(edition.id).is_empty()).expect("one").id;
    let items = ledger.recommended(edition);
    let made = db.act(admin, "新建推荐名单", move |act| act.make_shortlist(edition, "打印用", &items)).wait();
    let list = made.expect("made").value;
    db.act(admin, "新增人员", |act| act.add_user("林舟", &[Role::Administrator])).wait().expect("added");
    seat.window.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("周敏");
    seat.press_on("林舟");
    seat.press_on("登录");
    let firm = db.ledger().firms().next().expect("one").id;
    go(&mut seat, Place::firm(firm));
    seat.press_on("变更历史");
    assert!(!seat.sees("打印…"));
    // A key asks all the same.
    go(&mut seat, Place::Shortlist(list));
    seat.ctrl("p");
    seat.must_see("管理员不能导出");
    assert!(printed(&printer).is_empty());
    go(&mut seat, Place::Data(DataTab::Check));
    seat.press_on("开始核验");
    seat.press_on("打印…");
    assert_eq!(printed(&printer).len(), 1);
}
