//! Everything enlarged, in the usual small window: nothing lies on anything, and all of it can be reached.

use super::*;
use crate::app::tests::support::example_seat_of;
use iced::{Rectangle, Size};

const SCREEN: Size = Size::new(1366.0, 768.0);

/// The window enlarged step by step, as somebody does it.
fn enlarged(zoom: f32) -> Seat {
    let mut seat = example_seat_of(SCREEN);
    while seat.window().zoom() < zoom {
        seat.ctrl("+");
    }
    seat
}

/// Puts the picture where somebody wants to look at it.
fn draw(seat: &mut Seat, name: &str) {
    if let Some(folder) = std::env::var_os("KEBAO_PICTURES") {
        let picture = seat.picture().expect("a picture");
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, picture.png().expect("a png")).expect("written");
    }
}

/// Texts that reach beyond the window, or lie on another.
fn amiss(seat: &mut Seat, when: &str) -> Vec<String> {
    let inside = Size::new(SCREEN.width / seat.window().zoom(), SCREEN.height / seat.window().zoom());
    let seen = seat.seen();
    let within = |bounds: &Rectangle| {
        let (right, bottom) = (bounds.x + bounds.width, bounds.y + bounds.height);
        bounds.x >= -1.0 && bounds.y >= -1.0 && right <= inside.width + 1.0 && bottom <= inside.height + 1.0
    };
    let mut all = Vec::new();
    for (n, one) in seen.iter().enumerate() {
        if !within(&one.bounds) {
            all.push(format!("{when}: “{}” reaches beyond the window: {:?}", one.words, one.bounds));
        }
        // A line of the queue tells all its words in one place.
        for other in seen[n + 1..].iter().filter(|other| other.bounds != one.bounds) {
            let common = one.bounds.intersection(&other.bounds);
            if common.is_some_and(|common| common.width > 2.0 && common.height > 4.0) {
                all.push(format!("{when}: “{}” lies on “{}”", one.words, other.words));
            }
        }
    }
    all
}

#[test]
fn a_review_enlarged_in_a_small_window_can_be_read_and_decided() {
    let mut wrong = Vec::new();
    for zoom in [1.0, 1.1, 1.25, 1.5, 1.75, 2.0] {
        let mut seat = enlarged(zoom);
        let id = open_one(&mut seat, "gaoqi");
        let name = firm(&seat, id);
        for tab in ["fields", "materials", "history"] {
            draw(&mut seat, &format!("{zoom}-{tab}"));
            wrong.extend(amiss(&mut seat, &format!("{tab} at {zoom}")));
            for words in ["通过/推荐", "退回修改", "转交…", "设置"] {
                seat.must_see(words);
            }
            seat.key_with(Key::Named(Named::PageDown), Modifiers::CTRL, None);
        }
        seat.must_see(name.get(..12).unwrap_or(&name));
        seat.key(Named::F5);
        seat.type_text("职工总数：与社保人数不一致");
        draw(&mut seat, &format!("{zoom}-opinion"));
        seat.key(Named::F7);
        assert_eq!(row(&seat, id).round, 2, "at {zoom}");
        draw(&mut seat, &format!("{zoom}-returned"));
        let db = seat.db();
        let user = db.ledger().users[0].id;
        let again = [("form.staff".to_owned(), Some("52".to_owned()))].into();
        db.act(user, "修改", move |act| {
            act.change_filing(id, &again)?;
            act.move_filing(
                id,
                &crate::domain::filing::machine::Wish::new(crate::domain::program::Effect::Pass, today()),
            )
        })
        .wait()
        .expect("handed in again");
        look_again(&mut seat);
        go(&mut seat, Place::Review { filter: FilingFilter::default(), open: Some(id) });
        // What was told lies over the page until it is closed.
        seat.click(crate::ui::Icon::X.glyph());
        draw(&mut seat, &format!("{zoom}-differences"));
        wrong.extend(amiss(&mut seat, &format!("differences at {zoom}")));
        assert!(seat.picture().is_some());
        seat.send(Message::Desk(desk::Message::Dark(true)));
        draw(&mut seat, &format!("{zoom}-dark"));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_remembered_zoom_is_in_force_from_the_start() {
    let Seat { window, folder } = enlarged(1.5);
    let inside = window.window().desk().expect("a desk").ctx().size;
    assert!((inside.width - SCREEN.width / 1.5).abs() < 1.0, "{inside:?}");
    drop(window);
    let again = crate::app::headless::Headless::open(&folder.0, crate::app::tests::support::options(), SCREEN);
    let again = again.expect("a window");
    assert!((again.window().zoom() - 1.5).abs() < 0.001);
    let inside = again.window().desk().expect("a desk").ctx().size;
    assert!((inside.width - SCREEN.width / 1.5).abs() < 1.0, "{inside:?}");
}

#[test]
fn a_size_no_event_told_is_noticed_when_the_window_is_drawn() {
    let mut seat = enlarged(1.25);
    // What the system said last was said at another zoom.
    seat.send(Message::Resized(SCREEN));
    seat.act(&[]);
    let inside = seat.window().desk().expect("a desk").ctx().size;
    assert!((inside.width - SCREEN.width / 1.25).abs() < 1.0, "{inside:?}");
}

#[test]
fn the_folded_queue_shows_when_it_is_asked_for_and_gives_way_to_what_is_opened() {
    let mut seat = enlarged(1.5);
    go(&mut seat, Place::review(2026));
    let ids = waiting(&seat);
    seat.must_see(&format!("1/{}", ids.len()));
    assert!(!seat.sees(&format!("待审 {} 件", ids.len())));
    alt(&mut seat, "l");
    seat.must_see(&format!("待审 {} 件", ids.len()));
    draw(&mut seat, "1.5-queue");
    assert_eq!(amiss(&mut seat, "the queue"), Vec::<String>::new());
    // What is not seen is not decided.
    seat.key(Named::F6);
    assert_eq!(waiting(&seat), ids);
    seat.must_see("先看这件的内容");
    seat.ctrl("f");
    seat.key(Named::Enter);
    seat.key(Named::ArrowDown);
    assert_eq!(looked_at(&seat), Some(ids[1]));
    let name = firm(&seat, ids[2]);
    seat.press_on(&name);
    assert_eq!(looked_at(&seat), Some(ids[2]));
    assert!(!seat.sees(&format!("待审 {} 件", ids.len())), "what was opened shows");
    seat.key(Named::F6);
    assert_eq!(waiting(&seat).len(), ids.len() - 1);
}
