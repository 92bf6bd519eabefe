//! Who reviews what: 分派审核人 for one and for many, the filter by it, and a package of exactly what was chosen.

use super::*;
use crate::app::place::DataTab;
use crate::app::tests::packages;
use crate::domain::people::Role;
use crate::exchange::package::{self, Keys};
use crate::store::ledger::Reviewing;
use crate::store::packages::NewMachine;
use iced::Size;
use iced::mouse;

/// Another supervisor.
fn employ(seat: &mut Seat, name: &str) -> RecordId {
    let db = seat.db();
    let admin = db.ledger().users.iter().find(|user| user.roles.contains(&Role::Administrator)).expect("one").id;
    let owned = name.to_owned();
    let added = db.act(admin, "新增人员", move |act| act.add_user(&owned, &[Role::Supervisor]));
    let id = added.wait().expect("added").value;
    look_again(seat);
    id
}

fn right_press(seat: &mut Seat, words: &str) {
    let at = seat.find(words).expect("it is there").center();
    seat.point(at);
    seat.act(&[
        iced::Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)),
        iced::Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Right)),
    ]);
}

#[test]
fn a_filing_is_given_to_a_reviewer_and_the_queue_shows_whose_it_is() {
    let mut seat = example_seat();
    let lin = employ(&mut seat, "林舟");
    let id = open_one(&mut seat, "gaoqi");
    alt(&mut seat, "a");
    seat.must_see("分派审核人");
    seat.press_on("林舟（科长，手上 0 件）");
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    assert_eq!(*row(&seat, id).reviewers, [lin]);
    seat.must_see("审核 林舟");
    // 未分派 leaves it out, 林舟 shows nothing else.
    let count = waiting(&seat).len();
    seat.press_on(crate::ui::Icon::ListFilter.glyph());
    seat.key(Named::End);
    seat.must_see("未分派");
    seat.press_on("未分派");
    seat.must_see(&format!("待审 {} 件", count - 1));
    seat.must_see("只看 未分派的");
    seat.press_on("清除");
    let filter = FilingFilter { reviewer: Some(Reviewing::By(lin)), ..FilingFilter::default() };
    go(&mut seat, Place::Review { filter, open: None });
    seat.must_see("待审 1 件");
    // Taken back like anything else.
    seat.ctrl("z");
    assert!(row(&seat, id).reviewers.is_empty());
    seat.assert_whole();
}

#[test]
fn whoever_is_named_at_the_firm_is_marked_before_a_reviewer_or_a_successor_is_chosen() {
    let mut seat = example_seat();
    let lin = employ(&mut seat, "林舟");
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    let (id, firm_id) = (ids[0], row(&seat, ids[0]).firm_id);
    assert_ne!(row(&seat, ids[1]).firm_id, firm_id);
    let named = [("rd_contact".to_owned(), Some("林舟".to_owned()))].into();
    let db = seat.db();
    let user = db.ledger().users[0].id;
    db.act(user, "改企业", move |act| act.change_firm(firm_id, &named, Vec::new(), None)).wait().expect("changed");
    look_again(&mut seat);
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
    alt(&mut seat, "a");
    seat.must_see("可能需要回避：与申报企业研发负责人同名");
    seat.press_on("林舟（科长，手上 0 件）");
    seat.key(Named::Escape);
    seat.key(Named::F9);
    seat.press_on("选一位");
    seat.press_on("林舟");
    seat.must_see("可能需要回避");
    seat.must_see("· 与申报企业研发负责人同名");
    seat.key(Named::Escape);
    // The same of many: to how many, and whose.
    seat.focus("review.queue");
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("已选 2 件");
    alt(&mut seat, "a");
    seat.must_see("可能需要回避：1 件");
    seat.key(Named::Escape);
    seat.key(Named::F9);
    seat.press_on("选一位");
    seat.press_on("林舟");
    let name = firm(&seat, id);
    seat.must_see(&format!("可能需要回避：1 件（{name}）"));
    assert_eq!(seat.db().ledger().user_name(lin), "林舟");
    seat.assert_whole();
}

#[test]
fn many_are_given_away_at_once_by_the_menu_of_a_line() {
    let mut seat = example_seat();
    let lin = employ(&mut seat, "林舟");
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("已选 2 件");
    let name = firm(&seat, ids[1]);
    right_press(&mut seat, &name);
    seat.press_on("分派审核人（2 件）…");
    seat.press_on("林舟（科长，手上 0 件）");
    seat.press_on("分派");
    assert_eq!(ids[..2].iter().map(|id| row(&seat, *id).reviewers.to_vec()).collect::<Vec<_>>(), [[lin], [lin]]);
    assert!(row(&seat, ids[2]).reviewers.is_empty());
    // By person in groups.
    seat.press_on(crate::ui::Icon::ListFilter.glyph());
    seat.press_on("按审核人分组");
    seat.must_see(&format!("未分派审核人　{}", ids.len() - 2));
    seat.assert_whole();
}

#[test]
fn what_waits_for_a_person_is_packed_for_the_machine_they_work_at() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1366.0, 768.0));
    let lin = employ(&mut seat, "林舟");
    // A second machine, so that none is the only one.
    let db = seat.db();
    let card = Keys::of(&other.db).expect("keys").card(&other.db);
    let second = crate::domain::machine::Card {
        name: "林舟的电脑".to_owned(),
        sign: crate::domain::machine::Key::from_bytes([3; 32]),
        seal: crate::domain::machine::Key::from_bytes([4; 32]),
        ..card
    };
    let user = db.ledger().users[0].id;
    let new = NewMachine { card: second, name: String::new(), user: Some(lin) };
    db.act(user, "认识", move |act| act.meet_machine(&new)).wait().expect("met");
    let given = waiting[..2].to_vec();
    db.act(user, "分派", move |act| given.iter().try_for_each(|id| act.assign_filing(*id, &[lin]).map(drop)))
        .wait()
        .expect("assigned");
    look_again(&mut seat);
    go(&mut seat, Place::Data(DataTab::Packages));
    seat.press_on("做包…");
    seat.must_see("选一台认识的电脑");
    seat.press_on(&format!("全部待初审的 {} 件", waiting.len()));
    seat.press_on("等林舟审核的 2 件");
    seat.must_see("林舟的电脑");
    seat.must_see("这 2 件");
    seat.press_on(&format!("连同还没有分派的 {} 件", waiting.len() - 2));
    seat.must_see(&format!("这 {} 件", waiting.len()));
}

#[test]
fn a_selection_leads_into_the_dialog_and_exactly_it_is_packed() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1366.0, 768.0));
    for old in std::fs::read_dir(other.folder()).expect("a folder").flatten() {
        if old.path().extension().is_some_and(|ext| ext == "kbp") {
            std::fs::remove_file(old.path()).expect("removed");
        }
    }
    // From the queue, by the keyboard alone.
    go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(waiting[0]) });
    seat.key(Named::Space);
    seat.key_with(Key::Named(Named::ArrowDown), Modifiers::SHIFT, None);
    let chosen = seat.seen().iter().filter(|seen| seen.words.contains("已选 2 件")).count();
    assert_eq!(chosen, 1);
    alt(&mut seat, "p");
    seat.must_see("选中的 2 件");
    seat.must_see("这 2 件");
    seat.key(Named::Escape);
    // From 申报, by the palette.
    let among = waiting[..3].iter().copied().collect();
    go(
        &mut seat,
        Place::Filings { filter: FilingFilter { among: Some(among), ..FilingFilter::default() }, open: None },
    );
    seat.ctrl("a");
    seat.must_see("打包送审…");
    seat.ctrl("k");
    seat.type_text("打包送审");
    seat.key(Named::Enter);
    seat.must_see("选中的 3 件");
    seat.focus("package-folder");
    let folder = other.folder().display().to_string();
    seat.type_text(&folder);
    assert!(seat.window.click_nth("做包", 1), "the button under the title");
    seat.must_see("申报 3 件");
    let path = package::inbox(&other.db, other.folder()).expect("a folder").pop().expect("a package");
    let opened = package::open(&other.db, other.user, &path, None).expect("it opens");
    let mut packed = opened.manifest().filings.clone();
    packed.sort_unstable();
    let mut wanted = waiting[..3].to_vec();
    wanted.sort_unstable();
    assert_eq!(packed, wanted);
}

#[test]
fn the_list_of_filings_offers_the_same_on_a_right_press_and_shows_the_reviewers() {
    let mut seat = example_seat();
    let lin = employ(&mut seat, "林舟");
    let id = waiting(&seat)[0];
    let filter = FilingFilter { among: Some([id].into()), ..FilingFilter::default() };
    go(&mut seat, Place::Filings { filter, open: None });
    let name = firm(&seat, id);
    right_press(&mut seat, &name);
    seat.press_on("分派审核人…");
    seat.press_on("林舟（科长，手上 0 件）");
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    assert_eq!(*row(&seat, id).reviewers, [lin]);
    // The filing's page says it, and changes it.
    seat.key(Named::Enter);
    seat.press_on("审核 林舟");
    seat.press_on("林舟（科长，手上 1 件）");
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    assert!(row(&seat, id).reviewers.is_empty());
    seat.must_see("审核 未分派");
    // What does not wait for us is nobody's to review.
    let ledger = seat.db().ledger();
    let ended = ledger.filings().find(|row| row.group() == StatusGroup::Awarded).expect("one").id;
    let filter = FilingFilter { among: Some([ended].into()), ..FilingFilter::default() };
    go(&mut seat, Place::Filings { filter, open: None });
    alt(&mut seat, "a");
    seat.must_see("都不在本单位审核");
}
