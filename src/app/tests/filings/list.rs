//! The list: chips, links, editions, files, shortlists.

use std::collections::BTreeSet;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use crate::app::desk;
use crate::app::place::Place;
use crate::app::tests::support::{Seat, example_seat, new_seat};
use crate::app::window::Message;
use crate::domain::date::Due;
use crate::store::ledger::{FilingFilter, StatusGroup};

use super::*;

#[test]
fn an_edition_is_opened_with_the_deadlines_of_its_notice() {
    let mut seat = example_seat();
    go(&mut seat, Place::filings(2026));
    seat.press_on("全部批次");
    seat.press_on("新增批次…");
    seat.must_see("上级截止");
    seat.press_on("不限");
    seat.type_text("8");
    // The superior's deadline of our own review.
    let line = seat.find("区审核").expect("the stage is listed");
    let column = seat.find("上级截止").expect("its head");
    seat.press(iced::Point::new(column.center_x(), line.center_y()));
    seat.type_text("9-4 17:00");
    seat.key(Named::Enter);
    let made = edition(&seat, "gaoqi");
    assert_eq!((made.batch, made.quota, made.name.as_str()), (3, Some(8), "2026 年第三批"));
    let due = made.dates.iter().find_map(|dates| dates.due);
    assert_eq!(due.map(|due| due.to_string()).as_deref(), Some("2026-09-04 17:00"));
    // It is the one that shows, with nothing in it yet.
    seat.must_see("名额 8，已推荐 0，还剩 8");
    seat.must_see("09-04 17:00");
    seat.must_see("还没有申报");
}

#[test]
fn a_deadline_that_is_no_moment_is_said_and_nothing_is_opened() {
    let mut seat = example_seat();
    let before = seat.db().ledger().editions.len();
    let shown = edition(&seat, "gaoqi");
    go(&mut seat, in_edition(&shown, None));
    seat.press_on("编辑批次");
    let line = seat.find("专家评审").expect("the stage is listed");
    let column = seat.find("上级截止").expect("its head");
    seat.press(iced::Point::new(column.center_x(), line.center_y()));
    seat.type_text("九月中");
    seat.key(Named::Enter);
    seat.must_see("编辑批次");
    seat.must_see("专家评审：");
    assert_eq!(seat.db().ledger().editions.len(), before);
}

#[test]
fn a_new_office_is_led_to_its_first_edition() {
    let mut seat = new_seat();
    for (words, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("sui shi ke gai", Named::Tab)]
    {
        seat.type_text(words);
        seat.key(key);
    }
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    go(&mut seat, Place::filings(2026));
    seat.must_see("这个年度还没有批次");
    seat.press_on("新增批次…");
    seat.press_on("保存");
    seat.must_see("还没有申报");
    assert_eq!(seat.db().ledger().editions.len(), 1);
}

#[test]
fn what_the_list_shows_is_what_the_chips_say() {
    let mut seat = example_seat();
    go(&mut seat, Place::filings(2026));
    let filter = FilingFilter { year: Some(2026), ..FilingFilter::default() };
    let now = seat.db().clock().now();
    let tally = seat.db().ledger().tally(&filter, now);
    seat.must_see(&format!("全部 {}", tally.all));
    let returned = tally.of(StatusGroup::Returned);
    seat.press_on(&format!("退回待补 {returned}"));
    let Place::Filings { filter, .. } = place(&seat) else { panic!("filings show") };
    assert_eq!(filter.groups, BTreeSet::from([StatusGroup::Returned]));
    let ids = seat.db().ledger().list_filings(&filter, None);
    assert_eq!(ids.len(), returned);
    let name = firm_name(&seat, &row(&seat, ids[0]));
    seat.must_see(&name);
    seat.press_on(&format!("全部 {}", tally.all));
    seat.press_on(&format!("逾期 {}", tally.overdue));
    let Place::Filings { filter, .. } = place(&seat) else { panic!("filings show") };
    assert_eq!(seat.db().ledger().list_filings(&filter, None).len(), tally.overdue);
    seat.press_on("清除筛选");
    assert_eq!(place(&seat), Place::filings(2026));
}

#[test]
fn what_came_along_in_a_link_stands_as_chips_that_can_be_taken_away() {
    let mut seat = example_seat();
    let limit = Due::parse("2026-08-27 17:00", 2026).expect("a moment");
    let filter = FilingFilter {
        year: Some(2026),
        program: Some("gaoqi".into()),
        due_by: Some(limit),
        stages: ["district".to_owned()].into(),
        ..FilingFilter::default()
    };
    go(&mut seat, Place::Filings { filter, open: None });
    seat.must_see("期限在 08-27 17:00 前");
    seat.must_see("阶段：区审核");
    seat.press_on("期限在 08-27 17:00 前");
    seat.press_on("阶段：区审核");
    let Place::Filings { filter, .. } = place(&seat) else { panic!("filings show") };
    assert_eq!((filter.due_by, filter.stages.len()), (None, 0));
}

#[test]
fn a_firm_is_found_in_the_list_by_its_initials() {
    let mut seat = example_seat();
    let wanted = some_filing(&seat, at_district);
    let name = firm_name(&seat, &wanted);
    go(&mut seat, Place::filings(2026));
    seat.ctrl("f");
    seat.type_text(&initials(&name));
    seat.must_see(&name);
    let Place::Filings { filter, .. } = place(&seat) else { panic!("filings show") };
    assert!(seat.db().ledger().list_filings(&filter, None).contains(&wanted.id));
}

#[test]
fn arrows_turn_the_pages_and_escape_closes_them() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    go(&mut seat, in_edition(&edition, None));
    let filter = FilingFilter { edition: Some(edition.id), ..FilingFilter::default() };
    let ids = seat.db().ledger().list_filings(&filter, None);
    let opened = |seat: &Seat| match place(seat) {
        Place::Filings { open, .. } => open,
        _ => None,
    };
    seat.key(Named::Enter);
    assert_eq!(opened(&seat), Some(ids[0]));
    seat.key(Named::ArrowDown);
    assert_eq!(opened(&seat), Some(ids[1]));
    seat.must_see(&format!("受理号 {}", row(&seat, ids[1]).number));
    seat.key_with(Key::Named(Named::ArrowUp), Modifiers::ALT, None);
    assert_eq!(opened(&seat), Some(ids[0]));
    seat.key(Named::Escape);
    assert_eq!(opened(&seat), None);
}

#[test]
fn the_list_is_written_to_a_file_as_it_stands() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    go(&mut seat, in_edition(&edition, None));
    seat.press_on("导出");
    let path = seat.folder.0.join("申报.xlsx");
    seat.retype(&path.display().to_string());
    seat.key(Named::Enter);
    seat.must_see("已导出");
    assert!(path.exists());
}

#[test]
fn a_shortlist_is_made_of_what_is_recommended_or_of_what_is_selected() {
    let mut seat = example_seat();
    let edition = edition(&seat, "gaoqi");
    go(&mut seat, in_edition(&edition, None));
    let recommended = seat.db().ledger().recommended(edition.id);
    seat.press_on("导出推荐汇总表");
    let Place::Shortlist(id) = place(&seat) else { panic!("the shortlist shows") };
    let made = seat.db().shortlist(id).wait().expect("an answer").expect("it is there").shortlist;
    assert_eq!((made.edition, &made.items), (edition.id, &recommended));
    // Selected ones of several editions are no shortlist.
    go(&mut seat, Place::filings(2026));
    seat.ctrl("a");
    let before = seat.db().shortlists().wait().expect("an answer").len();
    seat.press_on("导出推荐汇总表");
    assert_eq!(seat.db().shortlists().wait().expect("an answer").len(), before);
}

#[test]
fn another_working_year_shows_its_own_filings() {
    let mut seat = example_seat();
    go(&mut seat, Place::filings(2026));
    seat.send(Message::Desk(desk::Message::Year(2025)));
    let Place::Filings { filter, .. } = place(&seat) else { panic!("filings show") };
    assert_eq!((filter.year, filter.edition), (Some(2025), None));
    let ids = seat.db().ledger().list_filings(&filter, None);
    assert!(row(&seat, ids[0]).number.starts_with("2025"));
}
