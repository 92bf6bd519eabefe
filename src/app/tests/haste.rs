//! Somebody presses anything anywhere, very fast: nothing panics, and the office is whole afterwards.

use std::time::{Duration, Instant};

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};
use iced::{Point, Size};

use super::support::{Seat, example_seat, example_seat_of, new_seat};
use crate::app::{desk, window};
use crate::example::rng::Rng;

const NAMED: [Named; 22] = [
    Named::Enter,
    Named::Enter,
    Named::Escape,
    Named::Tab,
    Named::Tab,
    Named::ArrowDown,
    Named::ArrowUp,
    Named::ArrowLeft,
    Named::ArrowRight,
    Named::Home,
    Named::End,
    Named::PageUp,
    Named::PageDown,
    Named::Space,
    Named::Backspace,
    Named::Delete,
    Named::F2,
    Named::F3,
    Named::F5,
    Named::F6,
    Named::F7,
    Named::F8,
];

const TYPED: [&str; 18] = [
    "qinglan",
    "青lan",
    "（）",
    "2026-2-30",
    "20260901",
    "9-1",
    "0",
    "-1",
    "999999999999999999999",
    "91371503MA3C8X1234",
    "a\tb\nc",
    "=1+1",
    "\u{1F600}𠮷",
    "　",
    "\u{202E}倒",
    "理由",
    "重庆长清曾单仇",
    "0.00001",
];

const SIZES: [Size; 6] = [
    Size::new(1366.0, 768.0),
    Size::new(960.0, 600.0),
    Size::new(683.0, 384.0),
    Size::new(1920.0, 1080.0),
    Size::new(300.0, 200.0),
    Size::new(1440.0, 900.0),
];

/// One thing a hand does, told in words.
fn deed(seat: &mut Seat, chance: &mut Rng) -> String {
    match chance.below(100) {
        0..45 => {
            let seen = seat.seen();
            if seen.is_empty() {
                return "nothing to press".into();
            }
            let at = chance.pick(&seen).clone();
            seat.press(at.bounds.center());
            format!("press {:?}", at.words)
        }
        45..50 => {
            let at = Point::new(chance.below(1920) as f32, chance.below(1080) as f32);
            seat.press(at);
            format!("press at {at:?}")
        }
        50..70 => {
            let key = *chance.pick(&NAMED);
            let modifiers = match chance.below(10) {
                0 => Modifiers::CTRL,
                1 => Modifiers::SHIFT,
                2 => Modifiers::ALT,
                3 => Modifiers::CTRL | Modifiers::SHIFT,
                _ => Modifiers::empty(),
            };
            seat.key_with(Key::Named(key), modifiers, None);
            format!("{modifiers:?} {key:?}")
        }
        70..80 => {
            let letter = chance.letter("abcdefghijklmnopqrstuvwxyz0123456789=-/").to_string();
            seat.ctrl(&letter);
            format!("ctrl {letter}")
        }
        80..92 => {
            let text = *chance.pick(&TYPED);
            seat.type_text(text);
            format!("type {text:?}")
        }
        92..96 => {
            let lines = chance.between(-20, 20) as f32;
            seat.wheel(lines);
            format!("wheel {lines}")
        }
        96..98 => {
            let size = *chance.pick(&SIZES);
            seat.resize(size);
            format!("resize {size:?}")
        }
        _ => {
            let dark = chance.percent(50);
            seat.send(window::Message::Desk(desk::Message::Dark(dark)));
            seat.picture();
            format!("look, dark {dark}")
        }
    }
}

/// Goes on for a time. What was done last is printed where it panics.
fn hurry(mut seat: Seat, seed: u64, long: Duration) {
    struct Last(u64, Vec<String>);
    impl Drop for Last {
        fn drop(&mut self) {
            if std::thread::panicking() {
                let from = self.1.len().saturating_sub(25);
                eprintln!("seed {}, {} deeds, the last: {:#?}", self.0, self.1.len(), &self.1[from..]);
            }
        }
    }
    let mut chance = Rng::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut last = Last(seed, Vec::new());
    let end = Instant::now() + long;
    while Instant::now() < end {
        let done = deed(&mut seat, &mut chance);
        last.1.push(done);
    }
    if let Some(db) = seat.window.db() {
        assert_eq!(db.check().wait().expect("a check").faults, []);
    }
}

/// How long each hand hurries; `KEBAO_HASTE` gives other seconds and `KEBAO_SEED` other luck.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn whatever_is_pressed_in_the_example_office_nothing_breaks() {
    hurry(example_seat(), number("KEBAO_SEED", 1), Duration::from_secs(number("KEBAO_HASTE", 2)));
}

#[test]
fn whatever_is_pressed_in_a_tiny_window_nothing_breaks() {
    let seat = example_seat_of(Size::new(683.0, 384.0));
    hurry(seat, number("KEBAO_SEED", 1) + 1000, Duration::from_secs(number("KEBAO_HASTE", 1)));
}

#[test]
fn whatever_is_pressed_on_the_first_day_nothing_breaks() {
    hurry(new_seat(), number("KEBAO_SEED", 1) + 2000, Duration::from_secs(number("KEBAO_HASTE", 1)));
}
