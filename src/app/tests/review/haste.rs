//! Thirty in five minutes, and none by accident: keys held down, pressed twice, meant for another.

use iced::Event;
use iced::keyboard::key::{NativeCode, Physical};
use iced::keyboard::{self, Location};

use super::*;
use crate::app::review;
use crate::domain::program::{Desk, Effect, StageKind};

fn press(seat: &mut Seat, named: Named, repeat: bool) {
    let key = Key::Named(named);
    seat.act(&[Event::Keyboard(keyboard::Event::KeyPressed {
        key: key.clone(),
        modified_key: key,
        physical_key: Physical::Unidentified(NativeCode::Unidentified),
        location: Location::Standard,
        modifiers: Modifiers::empty(),
        text: None,
        repeat,
    })]);
}

fn decisions(seat: &Seat, id: RecordId) -> usize {
    let stage = row(seat, id).version.stages.iter().find(|s| s.desk == Desk::Ours && s.kind == StageKind::Review);
    let stage = stage.expect("a review of ours").id.clone();
    file(seat, id).filing.track.line().filter(|decision| decision.moved.stage == stage).count()
}

#[test]
fn thirty_simple_reviews_take_a_key_each_and_the_last_is_taken_back() {
    let mut seat = example_seat();
    hand_in(&mut seat, 20);
    let mut keys = 0;
    seat.ctrl("4");
    keys += 1;
    let before = waiting(&seat);
    assert!(before.len() >= 32, "{} wait", before.len());
    seat.must_see(&format!("1/{}", before.len()));
    let mut passed = Vec::new();
    for wanted in &before[..30] {
        let id = looked_at(&seat).expect("the next one opened by itself");
        assert_eq!(id, *wanted, "in the order of the queue");
        seat.must_see(&firm(&seat, id));
        seat.key(Named::F6);
        keys += 1;
        passed.push(id);
    }
    assert_eq!(keys, 31, "one to come here, one for each");
    for id in &passed {
        assert_eq!(decisions(&seat, *id), 1, "{}", row(&seat, *id).number);
        assert_ne!(row(&seat, *id).group(), StatusGroup::Ours);
    }
    assert_eq!(waiting(&seat), before[30..], "and nothing else was decided");
    let last = passed[29];
    seat.ctrl("z");
    assert_eq!(row(&seat, last).group(), StatusGroup::Ours);
    assert_eq!(looked_at(&seat), Some(last), "it shows again");
    assert!(passed[..29].iter().all(|id| row(&seat, *id).group() != StatusGroup::Ours));
    seat.assert_whole();
}

#[test]
fn a_key_held_down_decides_once() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    press(&mut seat, Named::F6, false);
    for _ in 0..20 {
        press(&mut seat, Named::F6, true);
    }
    assert_eq!(waiting(&seat), before[1..]);
    // Another press is another decision.
    press(&mut seat, Named::F6, false);
    assert_eq!(waiting(&seat), before[2..]);
}

#[test]
fn a_key_pressed_twice_in_haste_decides_once() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    seat.hold();
    seat.key(Named::F6);
    // The decision is being written.
    seat.key(Named::F6);
    seat.release_some();
    // It was written and the next one shows, but has not been read.
    assert_eq!(looked_at(&seat), Some(before[1]));
    seat.key(Named::F6);
    assert_eq!(waiting(&seat), before[1..]);
    // It was read, but has not stood there long enough.
    seat.release_some();
    seat.key(Named::F6);
    assert_eq!(waiting(&seat), before[1..]);
    seat.release();
    assert_eq!(waiting(&seat), before[1..], "nothing that was pressed meanwhile comes later");
    seat.key(Named::F6);
    assert_eq!(waiting(&seat), before[2..]);
}

#[test]
fn a_decision_meant_for_another_filing_is_dropped() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    let meant = review::Message::Decide(review::Meant::One(before[1]), Effect::Pass);
    seat.send(Message::Desk(desk::Message::Review(meant)));
    let many = review::Message::Decide(review::Meant::Ticked(2), Effect::Pass);
    seat.send(Message::Desk(desk::Message::Review(many)));
    assert_eq!(waiting(&seat), before);
}

#[test]
fn a_space_after_a_press_on_the_button_ticks_and_does_not_decide_the_next() {
    let mut seat = example_seat();
    open_one(&mut seat, "gaoqi");
    let before = waiting(&seat);
    seat.press_on("通过/推荐");
    assert_eq!(waiting(&seat).len(), before.len() - 1);
    seat.key(Named::Space);
    seat.must_see("已选 1 件");
    assert_eq!(waiting(&seat).len(), before.len() - 1);
}

#[test]
fn what_was_changed_since_it_was_read_is_not_decided() {
    let mut seat = example_seat();
    let id = open_one(&mut seat, "gaoqi");
    let db = seat.db();
    let user = db.ledger().users[0].id;
    let change = [("form.staff".to_owned(), Some("77".to_owned()))].into();
    db.act(user, "修改", move |act| act.change_filing(id, &change)).wait().expect("changed");
    seat.key(Named::F6);
    seat.must_see("刚刚又改过，决定没有登记");
    assert_eq!(row(&seat, id).group(), StatusGroup::Ours);
}

#[test]
fn two_ticked_filings_are_decided_in_one_step_and_taken_back_in_one() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("已选 2 件");
    seat.must_see("同时处理 2 件");
    seat.key(Named::F7);
    seat.must_see("要写明补正什么");
    assert_eq!(waiting(&seat), before);
    seat.type_text("附件看不清");
    seat.key(Named::F7);
    for id in &before[..2] {
        let back = file(&seat, *id);
        let moved = &back.filing.track.line().next_back().expect("a decision").moved;
        assert_eq!((moved.effect, moved.defects[0].says.as_str()), (Effect::Return, "附件看不清"));
    }
    assert_eq!(waiting(&seat), before[2..]);
    assert!(!seat.sees("已选"));
    seat.ctrl("z");
    assert_eq!(waiting(&seat), before);
    // With Shift, and all of them.
    seat.key_with(Key::Named(Named::ArrowDown), Modifiers::SHIFT, None);
    seat.key_with(Key::Named(Named::ArrowDown), Modifiers::SHIFT, None);
    seat.must_see("已选 3 件");
    seat.ctrl("a");
    seat.must_see(&format!("已选 {} 件", before.len()));
    seat.key(Named::Escape);
    assert!(!seat.sees("已选"));
    seat.assert_whole();
}

#[test]
fn after_some_are_decided_together_the_one_that_followed_opens() {
    let mut seat = example_seat();
    go(&mut seat, Place::review(2026));
    let before = waiting(&seat);
    for _ in 0..3 {
        seat.key(Named::ArrowDown);
    }
    seat.key(Named::Space);
    seat.key(Named::ArrowDown);
    seat.key(Named::Space);
    seat.must_see("同时处理 2 件");
    seat.key(Named::F5);
    seat.type_text("附件看不清");
    seat.key(Named::F7);
    assert_eq!(waiting(&seat).len(), before.len() - 2);
    assert_eq!(looked_at(&seat), Some(before[5]), "the one after them");
}
