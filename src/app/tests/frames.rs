//! What the window shows on a screen, where each frame redraws only what changed, is what it shows drawn whole.
#![cfg(not(feature = "gpu"))]

use iced::keyboard::key::Named;
use iced::{Point, Size};

use super::support::example_seat_of;
use crate::app::headless::Headless;
use crate::app::window::Message;

/// Of a channel's 255 steps.
const ROUNDING: u8 = 2;

/// Draws the next frame and holds it against the window drawn whole. Returns a digest of what is shown.
fn shown(window: &mut Headless, after: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    window.stand_still();
    // What was only just opened learns its place in the first pass.
    window.act(&[]);
    let frame = window.frame().expect("a frame").to_vec();
    let whole = window.picture().expect("a picture");
    let bytes = |pixel: &u32| pixel.rotate_left(8).to_be_bytes();
    // iced rounds an edge otherwise where a part of it lies outside what is redrawn.
    let far = |(_, (a, b)): &(usize, ([u8; 4], &[u8]))| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > ROUNDING);
    let apart = frame.iter().map(bytes).zip(whole.rgba.chunks_exact(4)).enumerate().filter(far);
    let at = |pixel: usize| (pixel % whole.width as usize, pixel / whole.width as usize);
    let apart: Vec<(usize, usize)> = apart.map(|(pixel, _)| at(pixel)).collect();
    assert!(apart.is_empty(), "{after}: {} pixels differ, the first at {:?}", apart.len(), apart[0]);
    let mut hasher = DefaultHasher::new();
    frame.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn every_frame_of_a_working_day_shows_what_the_window_drawn_whole_shows() {
    let mut seat = example_seat_of(Size::new(1366.0, 768.0));
    let window = &mut seat.window;
    shown(window, "the workbench");
    window.send(Message::go_firms());
    let before = shown(window, "the firms");
    window.point(Point::new(600.0, 400.0));
    shown(window, "a row under the pointer");
    window.wheel(1.0);
    let turned = shown(window, "a turn of the wheel");
    assert_ne!(before, turned, "the wheel turns the page");
    window.wheel(-1.0);
    shown(window, "a turn back");
    window.press(Point::new(600.0, 400.0));
    shown(window, "a row taken");
    window.key(Named::ArrowDown);
    shown(window, "the next row");
    window.ctrl("k");
    shown(window, "the palette above the grid");
    window.type_text("bai");
    shown(window, "something found");
    window.key(Named::Escape);
    shown(window, "the palette closed");
    window.key(Named::Enter);
    shown(window, "a file beside the grid");
    window.wheel(1.0);
    shown(window, "the page turned behind it");
    window.send(Message::go_filings(None));
    shown(window, "the filings");
    assert!(window.click("状态"), "a chip");
    shown(window, "a menu above the grid");
    window.resize(Size::new(1440.0, 900.0));
    shown(window, "a larger window");
    window.wheel(2.0);
    shown(window, "two turns of the wheel");
}
