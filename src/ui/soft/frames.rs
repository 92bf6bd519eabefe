//! Frame after frame: only what differs from what the pixels already show is drawn.

use std::collections::VecDeque;

use iced::advanced::graphics::damage;
use iced::{Color, Size};
use iced_tiny_skia::Layer;
use tiny_skia::Mask;

use super::area::Area;
use super::draw::Canvas;
use super::{Renderer, Stamp};

/// Stamps changed in one layer beyond which they are one change: a page was turned.
const SINGLY: usize = 32;

/// A frame as it was shown, to be compared with the next one.
#[derive(Debug)]
struct Shown {
    layers: Vec<Layer>,
    stamps: Vec<Vec<Stamp>>,
    background: Color,
    scale: f32,
}

impl Shown {
    fn of(renderer: &mut Renderer, background: Color, scale: f32) -> Self {
        Self { stamps: renderer.stamps.clone(), layers: renderer.inner.layers().to_vec(), background, scale }
    }

    /// Where the renderer's frame looks different from this one; `None`: everywhere.
    fn changed(&self, renderer: &mut Renderer, background: Color, scale: f32) -> Option<Vec<Area>> {
        if background != self.background || scale != self.scale {
            return None;
        }
        let layers = renderer.inner.layers();
        let changed = damage::diff(&self.layers, layers, |layer| vec![layer.bounds], Layer::damage);
        let mut areas: Vec<Area> = changed.iter().map(|bounds| Area::around(bounds, scale)).collect();
        let none = Vec::new();
        for at in 0..self.stamps.len().max(renderer.stamps.len()) {
            let before = self.stamps.get(at).unwrap_or(&none);
            let now = renderer.stamps.get(at).unwrap_or(&none);
            stamps_changed(before, now, scale, &mut areas);
        }
        Some(areas)
    }
}

fn stamps_changed(before: &[Stamp], now: &[Stamp], scale: f32, areas: &mut Vec<Area>) {
    let pairs = before.iter().zip(now).filter(|(before, now)| before != now);
    let both = before.len().min(now.len());
    let rest = before[both..].iter().chain(&now[both..]);
    let changed = pairs.flat_map(|(before, now)| [before, now]).chain(rest).filter_map(|stamp| stamp.seen(scale));
    let from = areas.len();
    areas.extend(changed);
    if areas.len() - from > SINGLY
        && let Some(whole) = areas.drain(from..).reduce(|a, b| a.around_both(&b))
    {
        areas.push(whole);
    }
}

/// The frames that may still be in a window's buffers, the newest first.
#[derive(Debug, Default)]
pub(super) struct Frames {
    shown: VecDeque<Shown>,
    /// The oldest buffer seen so far, in frames.
    oldest: u8,
}

impl Frames {
    /// Draws the renderer's frame on pixels that show the frame before (age 1), one of `age` frames ago, or nothing (0).
    pub fn draw(&mut self, renderer: &mut Renderer, canvas: &mut Canvas<'_>, age: u8, scale: f32, background: Color) {
        self.oldest = self.oldest.max(age);
        let last = age.checked_sub(1).and_then(|age| self.shown.get(usize::from(age)));
        let changed = last.and_then(|last| last.changed(renderer, background, scale));
        let changed = changed.unwrap_or_else(|| vec![Area::whole(canvas.size)]);
        if !changed.is_empty() {
            canvas.draw(renderer, scale, changed, background);
        }
        self.shown.push_front(Shown::of(renderer, background, scale));
        self.shown.truncate(usize::from(self.oldest).max(1));
    }

    /// The pixels show nothing of it any more.
    pub fn forget(&mut self) {
        self.shown.clear();
    }
}

/// Pixels in memory, drawn on frame after frame as those of a window are.
#[derive(Debug)]
pub struct Offscreen {
    size: Size<u32>,
    pixels: Vec<u32>,
    mask: Mask,
    frames: Frames,
}

impl Offscreen {
    /// Pixels of a size. `None` when it is nothing, or beyond what can be drawn.
    pub fn new(size: Size<u32>) -> Option<Self> {
        let mask = Mask::new(size.width, size.height)?;
        let pixels = vec![0; size.width as usize * size.height as usize];
        Some(Self { size, pixels, mask, frames: Frames::default() })
    }

    /// Draws what differs from the frame before, at a scale in pixels per logical pixel.
    pub fn draw(&mut self, renderer: &mut Renderer, scale: f32, background: Color) {
        let age = u8::from(!self.frames.shown.is_empty());
        let mut canvas = Canvas { pixels: &mut self.pixels, size: self.size, mask: &mut self.mask };
        self.frames.draw(renderer, &mut canvas, age, scale, background);
    }

    /// 0xAARRGGBB, row by row.
    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }
}

#[cfg(test)]
mod tests {
    use iced::advanced::Renderer as _;
    use iced::{Point, Rectangle};

    use super::super::Picture;
    use super::*;

    #[test]
    fn a_page_that_is_turned_is_one_change() {
        let picture = std::sync::Arc::new(Picture::ink(10, 8, [0; 3], vec![255; 80]));
        let page = |first: usize| {
            let mut renderer = Renderer::new(iced::Font::DEFAULT, 14.0.into());
            let whole = Rectangle::with_size(Size::new(90.0, 60.0));
            renderer.reset(whole);
            for at in 0..40 {
                let at = Point::new((at % 7) as f32 * 12.0, ((at + first) % 6) as f32 * 9.0);
                renderer.stamp(Stamp::Picture { picture: picture.clone(), at, offset: (0, 0), clip: whole });
            }
            renderer
        };
        let shown = Shown::of(&mut page(0), Color::WHITE, 1.0);
        let changed = shown.changed(&mut page(1), Color::WHITE, 1.0).unwrap();
        assert_eq!(changed.len(), 1, "{changed:?}");
        let same = shown.changed(&mut page(0), Color::WHITE, 1.0).unwrap();
        assert!(same.is_empty(), "{same:?}");
    }
}
