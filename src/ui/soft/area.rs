//! Rectangles of whole pixels.

use iced::{Rectangle, Size};

/// A rectangle of whole pixels; empty where right is not beyond left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Area {
    /// All pixels of a picture or a window.
    pub fn whole(size: Size<u32>) -> Self {
        Self { left: 0, top: 0, right: size.width as i32, bottom: size.height as i32 }
    }

    /// The pixels whose centres lie inside a rectangle given in logical pixels.
    pub fn inside(bounds: &Rectangle, scale: f32) -> Self {
        let px = |v: f32| (v * scale).round() as i32;
        Self {
            left: px(bounds.x),
            top: px(bounds.y),
            right: px(bounds.x + bounds.width),
            bottom: px(bounds.y + bounds.height),
        }
    }

    /// All pixels a rectangle given in logical pixels touches.
    pub fn around(bounds: &Rectangle, scale: f32) -> Self {
        // A rounding error must not add a pixel at each side.
        const EDGE: f32 = 1.0 / 64.0;
        Self {
            left: (bounds.x * scale + EDGE).floor() as i32,
            top: (bounds.y * scale + EDGE).floor() as i32,
            right: ((bounds.x + bounds.width) * scale - EDGE).ceil() as i32,
            bottom: ((bounds.y + bounds.height) * scale - EDGE).ceil() as i32,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// What both have; `None` when that is nothing.
    pub fn both(&self, other: &Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (!both.is_empty()).then_some(both)
    }

    /// The smallest rectangle around both.
    pub fn around_both(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The same rectangle in logical pixels.
    pub fn logical(&self, scale: f32) -> Rectangle {
        Rectangle {
            x: self.left as f32 / scale,
            y: self.top as f32 / scale,
            width: (self.right - self.left) as f32 / scale,
            height: (self.bottom - self.top) as f32 / scale,
        }
    }

    fn size(&self) -> i64 {
        i64::from(self.right - self.left) * i64::from(self.bottom - self.top)
    }
}

/// Few rectangles without common pixels that cover all the given ones. Two are made one where that draws little in vain,
/// because every rectangle costs a walk over all that is to be drawn.
pub(super) fn apart(areas: impl IntoIterator<Item = Area>) -> Vec<Area> {
    /// Pixels drawn in vain that are cheaper than a rectangle more.
    const WASTE: i64 = 20_000;
    let mut kept: Vec<Area> = Vec::new();
    for area in areas {
        if area.is_empty() {
            continue;
        }
        let mut grown = area;
        // What was taken in may reach what had been left apart.
        while let Some(at) = kept.iter().position(|other| {
            other.both(&grown).is_some() || grown.around_both(other).size() - grown.size() - other.size() <= WASTE
        }) {
            grown = grown.around_both(&kept.swap_remove(at));
        }
        kept.push(grown);
    }
    kept
}
