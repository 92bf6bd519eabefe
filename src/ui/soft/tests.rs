//! What is stamped looks like what iced's renderer would have drawn, whatever lies above it and however little is redrawn.

use std::sync::Arc;

use iced::advanced::Renderer as _;
use iced::advanced::renderer::Quad;
use iced::{Color, Rectangle, Size};
use proptest::prelude::*;

use super::area::{Area, apart};
use super::{Offscreen, Picture, Renderer, Stamp};
use crate::ui::fonts;

const SIZE: Size<u32> = Size::new(90, 60);

/// Something drawn, for tests: what it is, where, in which colour, and whether in a layer of its own.
#[derive(Debug, Clone, Copy)]
struct Item {
    sort: Sort,
    bounds: Rectangle,
    color: Color,
    alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Quad,
    Field,
    Text,
    Badge,
}

fn text() -> Picture {
    // Everything from nothing to full cover, in an uneven pattern.
    let cover = (0..12 * 9).map(|at: u32| if at.is_multiple_of(5) { 0 } else { (at * 37 % 256) as u8 }).collect();
    Picture::ink(12, 9, [20, 60, 200], cover)
}

fn badge() -> Picture {
    let rgba: Vec<u8> = (0..17 * 8u32).flat_map(|at| [(at * 3) as u8, 120, 40, (at * 53 % 256) as u8]).collect();
    Picture::colours(17, 8, &rgba)
}

thread_local! {
    static PICTURES: [Arc<Picture>; 2] = [Arc::new(text()), Arc::new(badge())];
}

fn record(items: &[Item], scale: f32) -> Renderer {
    fonts::load();
    let mut renderer = Renderer::new(fonts::REGULAR, 14.0.into());
    let whole = Rectangle::with_size(Size::new(SIZE.width as f32 / scale, SIZE.height as f32 / scale));
    renderer.reset(whole);
    for item in items {
        let draw = |renderer: &mut Renderer| match item.sort {
            Sort::Quad => {
                renderer.fill_quad(Quad { bounds: item.bounds, ..Quad::default() }, item.color);
            }
            Sort::Field => renderer.stamp(Stamp::Field { bounds: item.bounds, color: item.color }),
            Sort::Text | Sort::Badge => {
                let picture = PICTURES.with(|kept| kept[usize::from(item.sort == Sort::Badge)].clone());
                let at = item.bounds.position();
                renderer.stamp(Stamp::Picture { picture, at, offset: (1, -1), clip: item.bounds });
            }
        };
        if item.alone {
            renderer.with_layer(whole, draw);
        } else {
            draw(&mut renderer);
        }
    }
    renderer
}

/// The whole frame.
fn full(items: &[Item], scale: f32) -> Vec<u32> {
    let mut screen = Offscreen::new(SIZE).unwrap();
    screen.draw(&mut record(items, scale), scale, Color::WHITE);
    screen.pixels().to_vec()
}

/// The frame as iced's renderer draws it when told of the stamps as images and quads.
fn replayed(items: &[Item], scale: f32) -> Vec<u32> {
    // A clear quad over everything, in a layer above, has everything drawn that way.
    let whole = Rectangle::with_size(Size::new(SIZE.width as f32 / scale, SIZE.height as f32 / scale));
    let above = Item { sort: Sort::Quad, bounds: whole, color: Color::TRANSPARENT, alone: true };
    let all: Vec<Item> = items.iter().copied().chain([above]).collect();
    full(&all, scale)
}

/// The largest difference of any channel.
fn apart_by(a: &[u32], b: &[u32]) -> u8 {
    let bytes = |pixels: &[u32]| pixels.iter().flat_map(|p| p.to_be_bytes()).collect::<Vec<u8>>();
    bytes(a).iter().zip(bytes(b)).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let sort = prop_oneof![Just(Sort::Quad), Just(Sort::Field), Just(Sort::Text), Just(Sort::Badge)];
    let color = prop_oneof![
        Just(Color::from_rgb8(200, 30, 30)),
        Just(Color::from_rgb8(240, 244, 250)),
        Just(Color::from_rgba8(0, 90, 40, 0.4)),
    ];
    // Whole pixels, as the brush snaps everything to them; none beyond the upper edge, where iced misplaces pictures.
    let item = (sort, 0..80i32, 1..50i32, 1..30i32, 1..20i32, color, prop::bool::weighted(0.25)).prop_map(
        |(sort, x, y, width, height, color, alone)| Item {
            sort,
            bounds: Rectangle { x: x as f32, y: y as f32, width: width as f32, height: height as f32 },
            color,
            alone,
        },
    );
    prop::collection::vec(item, 0..14)
}

fn at_scale(items: &[Item], scale: f32) -> Vec<Item> {
    let part = |v: f32| v / scale;
    let moved = |b: Rectangle| Rectangle { x: part(b.x), y: part(b.y), width: part(b.width), height: part(b.height) };
    items.iter().map(|item| Item { bounds: moved(item.bounds), ..*item }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn stamps_look_like_what_the_plain_renderer_draws(items in items(), scale in prop_oneof![Just(1.0f32), Just(1.25), Just(1.5), Just(2.0)]) {
        let items = at_scale(&items, scale);
        // Each layer over another rounds once more.
        let apart = apart_by(&full(&items, scale), &replayed(&items, scale));
        prop_assert!(apart <= 3, "differs by {apart}");
    }

    #[test]
    fn redrawing_what_changed_gives_the_frame_redrawn_whole(
        frames in prop::collection::vec(items(), 2..6),
        scale in prop_oneof![Just(1.0f32), Just(1.25), Just(2.0)],
    ) {
        let mut screen = Offscreen::new(SIZE).unwrap();
        for frame in frames {
            let items = at_scale(&frame, scale);
            screen.draw(&mut record(&items, scale), scale, Color::WHITE);
            prop_assert_eq!(apart_by(screen.pixels(), &full(&items, scale)), 0);
        }
    }

    #[test]
    fn areas_kept_apart_cover_the_same_and_share_no_pixel(
        given in prop::collection::vec((0..900i32, 0..900i32, 0..300i32, 0..300i32), 0..24),
    ) {
        let given: Vec<Area> = given
            .into_iter()
            .map(|(left, top, w, h)| Area { left, top, right: left + w, bottom: top + h })
            .collect();
        let kept = apart(given.iter().copied());
        for (at, area) in kept.iter().enumerate() {
            prop_assert!(kept[at + 1..].iter().all(|other| area.both(other).is_none()));
        }
        for area in given.iter().filter(|area| !area.is_empty()) {
            prop_assert!(kept.iter().any(|kept| kept.both(area) == Some(*area)));
        }
    }
}

#[test]
fn what_lies_above_a_stamp_hides_it_and_only_there_iced_draws_again() {
    let field = Item {
        sort: Sort::Field,
        bounds: Rectangle { x: 0.0, y: 0.0, width: 90.0, height: 60.0 },
        color: Color::from_rgb8(10, 20, 30),
        alone: false,
    };
    let menu = Item {
        sort: Sort::Quad,
        bounds: Rectangle { x: 10.0, y: 10.0, width: 20.0, height: 20.0 },
        color: Color::WHITE,
        alone: true,
    };
    let pixels = full(&[field, menu], 1.0);
    let at = |x: usize, y: usize| pixels[y * SIZE.width as usize + x];
    assert_eq!(at(5, 5), 0xFF0A_141E);
    assert_eq!(at(15, 15), 0xFFFF_FFFF);
    assert_eq!(at(50, 50), 0xFF0A_141E);
    // A point off any stamp keeps what lies below.
    let off = full(&[Item { bounds: Rectangle { width: 5.0, ..field.bounds }, ..field }], 1.0);
    assert_eq!(off[50], 0xFFFF_FFFF);
}
