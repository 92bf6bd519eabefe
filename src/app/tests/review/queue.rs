//! The queue: what is in it, in what order and groups, how one moves, and what it says when nothing waits.

use super::*;
use crate::app::tests::packages;
use crate::app::tests::support::{example_seat_of, new_seat};
use crate::domain::firm::key as firm_key;
use crate::exchange::package;
use crate::store::packages::Wanted;
use iced::Size;

#[test]
fn the_queue_is_moved_in_by_keys_and_says_where_one_is() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    let count = ids.len();
    assert_eq!(looked_at(&seat), Some(ids[0]));
    seat.key(Named::ArrowDown);
    seat.key(Named::ArrowDown);
    assert_eq!(looked_at(&seat), Some(ids[2]));
    seat.must_see(&format!("3/{count}"));
    seat.key(Named::PageDown);
    assert_eq!(looked_at(&seat), Some(ids[12]));
    seat.key(Named::PageDown);
    assert_eq!(looked_at(&seat), ids.last().copied(), "the end of what waits holds");
    seat.key(Named::Home);
    seat.key(Named::End);
    assert_eq!(looked_at(&seat), ids.last().copied());
    let last = firm(&seat, ids[count - 1]);
    seat.must_see(&last);
    seat.key(Named::Home);
    assert_eq!(looked_at(&seat), Some(ids[0]));
    // Where it was left, one comes back to.
    seat.key(Named::ArrowDown);
    go(&mut seat, Place::Workbench);
    seat.key_with(Key::Named(Named::ArrowLeft), Modifiers::ALT, None);
    assert_eq!(looked_at(&seat), Some(ids[1]));
}

#[test]
fn it_is_narrowed_and_put_into_groups() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    let programs: std::collections::BTreeSet<_> = ids.iter().map(|id| row(&seat, *id).program.short.clone()).collect();
    assert!(programs.len() > 1, "the example has several programs waiting");
    let gaoqi = ids.iter().filter(|id| row(&seat, **id).program.id == "gaoqi").count();
    let filter = FilingFilter { program: Some("gaoqi".into()), ..FilingFilter::default() };
    go(&mut seat, Place::Review { filter, open: None });
    seat.must_see(&format!("待审 {gaoqi} 件"));
    seat.must_see("只看 高企认定");
    seat.press_on("清除");
    seat.must_see(&format!("待审 {} 件", ids.len()));
    seat.press_on(crate::ui::Icon::ListFilter.glyph());
    seat.press_on("按事项分组");
    let short = &row(&seat, ids[0]).program.short;
    let of_it = ids.iter().filter(|id| row(&seat, **id).program.short == *short).count();
    assert!(
        seat.seen().iter().any(|seen| seen.words == format!("{short}　{of_it}")) || programs.first() != Some(short)
    );
    for grouping in ["按期限分组", "按阶段分组", "按经办人分组"] {
        seat.press_on(crate::ui::Icon::ListFilter.glyph());
        seat.press_on(grouping);
        seat.must_see(&format!("待审 {} 件", ids.len()));
    }
    seat.must_see("周敏　");
    // By name, as it is typed.
    seat.ctrl("f");
    let name = firm(&seat, ids[3]);
    seat.type_text(&name);
    assert_eq!(looked_at(&seat), Some(ids[3]));
    seat.must_see("待审 1 件");
    seat.retype("没有这样的企业");
    seat.must_see("按现在的筛选没有待审的申报");
    assert_eq!(looked_at(&seat), None);
    seat.key(Named::F6);
    assert_eq!(waiting(&seat).len(), ids.len());
}

#[test]
fn due_today_is_what_falls_due_today_and_nothing_that_is_late() {
    let mut seat = example_seat();
    let day = |n| chrono::NaiveDate::from_ymd_opt(2026, 8, n).expect("a real day");
    // Five working days each: until today, and until two weeks ago.
    hand_in_on(&mut seat, 2, day(17));
    hand_in_on(&mut seat, 3, day(3));
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    let due = |id: &RecordId| row(&seat, *id).due.map(|next| next.due.date());
    let (today, late) = (
        ids.iter().filter(|id| due(id) == Some(today())).count(),
        ids.iter().filter(|id| due(id).is_some_and(|day| day < today())).count(),
    );
    assert!(today >= 2 && late >= 3, "{today} {late}");
    seat.press_on(crate::ui::Icon::ListFilter.glyph());
    seat.press_on("今天到期");
    seat.must_see(&format!("待审 {today} 件"));
    seat.assert_whole();
}

#[test]
fn what_was_decided_today_stands_below_and_shows_again() {
    let mut seat = example_seat_of(Size::new(1440.0, 1600.0));
    let id = open_one(&mut seat, "gaoqi");
    seat.key(Named::F5);
    seat.type_text("联系电话打不通");
    seat.key(Named::F7);
    seat.must_see("今天已审 ");
    let name = firm(&seat, id);
    seat.press_on(&name);
    assert_eq!(looked_at(&seat), Some(id));
    seat.must_see("联系电话打不通");
    seat.must_see("补正到 2026年8月31日，星期一");
    seat.must_see("复制补正通知");
    // It waits no longer: no key decides it again.
    let before = file(&seat, id).filing.track.line().count();
    seat.key(Named::F6);
    assert_eq!(file(&seat, id).filing.track.line().count(), before);
}

#[test]
fn nothing_that_waits_is_said_so() {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("sui shi ke gai", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    seat.ctrl("4");
    seat.must_see("没有等我们审核的申报");
    for key in [Named::F4, Named::F6, Named::F7, Named::F8, Named::F9, Named::Space, Named::ArrowDown] {
        seat.key(key);
    }
    seat.ctrl("a");
    alt(&mut seat, "1");
    alt(&mut seat, "e");
    seat.must_see("没有等我们审核的申报");
}

#[test]
fn the_last_one_decided_leaves_a_word_and_an_empty_queue() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    for _ in 0..waiting(&seat).len() {
        seat.key(Named::F6);
    }
    assert!(waiting(&seat).is_empty());
    seat.must_see("都审完了");
    seat.must_see("待审 0 件");
    seat.key(Named::F6);
    seat.ctrl("z");
    assert_eq!(waiting(&seat).len(), 1);
    assert_eq!(looked_at(&seat), waiting(&seat).first().copied());
}

#[test]
fn names_of_any_length_are_cut_and_told_whole_under_the_pointer() {
    let mut seat = example_seat_of(Size::new(1100.0, 700.0));
    let id = open_one(&mut seat, "gaoqi");
    let long = "青澜".repeat(40) + "有限公司";
    let (db, of, name) = (seat.db(), row(&seat, id).firm_id, long.clone());
    let user = db.ledger().users[0].id;
    let values = [(firm_key::NAME.to_owned(), Some(name))].into();
    db.act(user, "更名", move |act| act.change_firm(of, &values, Vec::new(), None)).wait().expect("renamed");
    look_again(&mut seat);
    assert!(seat.picture().is_some());
    let width = 1100.0;
    for seen in seat.seen() {
        let right = seen.bounds.x + seen.bounds.width;
        assert!(right <= width + 1.0, "“{}” reaches beyond the window", seen.words);
    }
    seat.key(Named::F9);
    seat.key(Named::Escape);
    seat.key(Named::F6);
    assert_ne!(row(&seat, id).group(), StatusGroup::Ours);
}

#[test]
fn filings_of_a_package_say_whose_they_are_and_lead_to_the_answer() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1440.0, 900.0));
    go(&mut seat, Place::review(2026));
    assert!(!seat.sees("离线审核包"), "what went out is no package to be reviewed here");
    let path = other.make(&seat, Wanted::Review(waiting[..3].to_vec()));
    let db = seat.db();
    let user = db.ledger().users[0].id;
    let opened = package::open(&db, user, std::path::Path::new(&path), None).expect("it opens");
    package::take(&db, user, &opened, None).expect("taken in");
    look_again(&mut seat);
    seat.must_see("离线审核包");
    seat.must_see("共 3 件，待审 3 件");
    seat.must_see("由 张科长的电脑");
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(waiting[0]) });
    seat.key(Named::F6);
    seat.must_see("共 3 件，待审 2 件");
    seat.press_on("导出回包（已审 1 件）");
    seat.must_see("做包");
    seat.must_see("张科长的电脑");
    seat.must_see("这台电脑上作的决定和记录，带回给对方。");
}

#[test]
fn what_was_decided_today_is_reached_by_keys_also_when_nothing_waits() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    for _ in 0..2 {
        seat.key(Named::F6);
    }
    seat.key(Named::End);
    assert_eq!(looked_at(&seat), before.last().copied());
    for decided in [before[1], before[0]] {
        seat.key(Named::ArrowDown);
        assert_eq!(looked_at(&seat), Some(decided), "below what waits, the newest first");
    }
    seat.key(Named::Home);
    assert_eq!(looked_at(&seat), Some(before[1]));
    seat.key(Named::ArrowUp);
    assert_eq!(looked_at(&seat), before.last().copied(), "and up leads back to what waits");
    seat.key(Named::Home);
    for _ in 0..waiting(&seat).len() {
        seat.key(Named::F6);
    }
    seat.must_see("都审完了");
    seat.key(Named::ArrowDown);
    assert_eq!(looked_at(&seat), before.last().copied());
    seat.key(Named::ArrowDown);
    assert_eq!(looked_at(&seat), Some(before[before.len() - 2]));
}

#[test]
fn of_several_returned_at_once_every_notice_is_written() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let ids: Vec<RecordId> = waiting(&seat)[..2].to_vec();
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.key(Named::F5);
    seat.type_text("附件看不清");
    seat.key(Named::F7);
    seat.must_see("2 份都写成 Word");
    alt(&mut seat, "c");
    seat.must_see("上一步退回了 2 件");
    alt(&mut seat, "w");
    seat.must_see("2 份补正通知已写到");
    for id in ids {
        assert_eq!(row(&seat, id).round, 2);
    }
}
