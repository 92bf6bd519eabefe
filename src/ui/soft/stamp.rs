//! What is stamped: fields of one colour and small pictures, both on whole pixels.

use std::sync::{Arc, OnceLock};

use iced::advanced::image::Handle;
use iced::{Color, Point, Rectangle};

use super::area::Area;

/// Something laid onto the pixels after all else of its layer, in the order given.
#[derive(Debug, Clone)]
pub(crate) enum Stamp {
    /// A rectangle of one colour, in logical pixels, of which those pixels are filled whose centres lie inside.
    Field { bounds: Rectangle, color: Color },
    /// A picture, `offset` physical pixels from a logical point; only what lies inside the clip is shown.
    Picture { picture: Arc<Picture>, at: Point, offset: (i32, i32), clip: Rectangle },
}

impl PartialEq for Stamp {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field { bounds, color }, Self::Field { bounds: b, color: c }) => bounds == b && color == c,
            (
                Self::Picture { picture, at, offset, clip },
                Self::Picture { picture: other, at: a, offset: o, clip: c },
            ) => at == a && offset == o && clip == c && Arc::ptr_eq(picture, other),
            _ => false,
        }
    }
}

/// A small picture.
#[derive(Debug)]
pub(crate) struct Picture {
    width: u32,
    height: u32,
    pixels: Pixels,
    /// The same for iced's renderer, made when something lies above the stamp.
    handle: OnceLock<Handle>,
}

/// How a picture's pixels are kept: most are text in one colour, which needs a quarter of the memory.
#[derive(Debug)]
enum Pixels {
    /// One byte of cover per pixel.
    Ink { ink: [u8; 3], cover: Box<[u8]> },
    /// 0xAARRGGBB, the colours multiplied by the alpha.
    Colours(Box<[u32]>),
}

impl Picture {
    /// In one colour; `cover` has a byte per pixel, row by row.
    pub fn ink(width: u32, height: u32, ink: [u8; 3], cover: Vec<u8>) -> Self {
        debug_assert_eq!(cover.len(), (width * height) as usize);
        Self { width, height, pixels: Pixels::Ink { ink, cover: cover.into() }, handle: OnceLock::new() }
    }

    /// In many colours, from red, green, blue and straight alpha per pixel.
    pub fn colours(width: u32, height: u32, rgba: &[u8]) -> Self {
        debug_assert_eq!(rgba.len(), (width * height * 4) as usize);
        let pixels = rgba.chunks_exact(4).map(|p| {
            let alpha = u32::from(p[3]);
            let part = |v: u8| (u32::from(v) * alpha + 127) / 255;
            (alpha << 24) | (part(p[0]) << 16) | (part(p[1]) << 8) | part(p[2])
        });
        Self { width, height, pixels: Pixels::Colours(pixels.collect()), handle: OnceLock::new() }
    }

    /// Red, green, blue and straight alpha per pixel.
    pub fn rgba(&self) -> Vec<u8> {
        match &self.pixels {
            Pixels::Ink { ink: [r, g, b], cover } => cover.iter().flat_map(|a| [*r, *g, *b, *a]).collect(),
            Pixels::Colours(pixels) => pixels
                .iter()
                .flat_map(|p| {
                    let alpha = p >> 24;
                    let whole = |shift: u32| match (((p >> shift) & 0xFF) * 255 + alpha / 2).checked_div(alpha) {
                        Some(v) => v.min(255) as u8,
                        None => 0,
                    };
                    [whole(16), whole(8), whole(0), alpha as u8]
                })
                .collect(),
        }
    }

    /// The same for iced's renderer.
    pub fn handle(&self) -> &Handle {
        self.handle.get_or_init(|| Handle::from_rgba(self.width, self.height, self.rgba()))
    }
}

impl Stamp {
    /// The pixels it touches, its clip left out of account.
    pub(super) fn area(&self, scale: f32) -> Area {
        match self {
            Self::Field { bounds, .. } => Area::inside(bounds, scale),
            Self::Picture { picture, at, offset, .. } => {
                let left = (at.x * scale).round() as i32 + offset.0;
                let top = (at.y * scale).round() as i32 + offset.1;
                Area { left, top, right: left + picture.width as i32, bottom: top + picture.height as i32 }
            }
        }
    }

    /// The pixels it changes.
    pub(super) fn seen(&self, scale: f32) -> Option<Area> {
        let area = self.area(scale);
        match self {
            Self::Field { color, .. } => (color.a > 0.0 && !area.is_empty()).then_some(area),
            Self::Picture { clip, .. } => area.both(&Area::inside(clip, scale)),
        }
    }

    /// Lays it onto `pixels` (0xAARRGGBB, `width` to a row) inside `region`, which lies within them.
    pub(super) fn draw(&self, pixels: &mut [u32], width: usize, region: &Area, scale: f32) {
        let Some(part) = self.seen(scale).and_then(|seen| seen.both(region)) else { return };
        let rows = part.top as usize..part.bottom as usize;
        let (from, to) = (part.left as usize, part.right as usize);
        match self {
            Self::Field { color, .. } => {
                let [r, g, b, a] = color.into_rgba8();
                let ink = Ink::of([r, g, b]);
                for y in rows {
                    let Some(row) = pixels.get_mut(y * width + from..y * width + to) else { return };
                    match a {
                        255 => row.fill(ink.solid),
                        _ => row.iter_mut().for_each(|pixel| *pixel = ink.over(*pixel, u32::from(a))),
                    }
                }
            }
            Self::Picture { picture, .. } => {
                let area = self.area(scale);
                let (skip, length) = ((part.left - area.left) as usize, to - from);
                for y in rows {
                    let start = (y as i32 - area.top) as usize * picture.width as usize + skip;
                    let Some(row) = pixels.get_mut(y * width + from..y * width + to) else { return };
                    picture.row(start, length, row);
                }
            }
        }
    }
}

impl Picture {
    /// Lays `length` of its pixels from the one at `start` onto a row of pixels.
    fn row(&self, start: usize, length: usize, row: &mut [u32]) {
        match &self.pixels {
            Pixels::Ink { ink, cover } => {
                let Some(cover) = cover.get(start..start + length) else { return };
                let ink = Ink::of(*ink);
                let mut pixels = row.chunks_exact_mut(8);
                let mut covers = cover.chunks_exact(8);
                for (pixels, cover) in pixels.by_ref().zip(covers.by_ref()) {
                    // Half of a text is nothing.
                    if cover == [0; 8] {
                        continue;
                    }
                    for (pixel, cover) in pixels.iter_mut().zip(cover) {
                        *pixel = ink.over(*pixel, u32::from(*cover));
                    }
                }
                for (pixel, cover) in pixels.into_remainder().iter_mut().zip(covers.remainder()) {
                    *pixel = ink.over(*pixel, u32::from(*cover));
                }
            }
            Pixels::Colours(colours) => {
                let Some(colours) = colours.get(start..start + length) else { return };
                for (pixel, colour) in row.iter_mut().zip(colours) {
                    *pixel = match colour >> 24 {
                        0 => continue,
                        255 => *colour,
                        alpha => over(*pixel, *colour, alpha),
                    };
                }
            }
        }
    }
}

/// Red and blue of a pixel, each with room to multiply by a byte.
const RED_BLUE: u32 = 0x00FF_00FF;

/// A byte of alpha as a share of 256, so that dividing is a shift.
fn share(alpha: u32) -> u32 {
    alpha + (alpha >> 7)
}

/// A colour split for blending two channels at a time.
struct Ink {
    solid: u32,
    red_blue: u32,
    alpha_green: u32,
}

impl Ink {
    fn of([r, g, b]: [u8; 3]) -> Self {
        let solid = u32::from_be_bytes([255, r, g, b]);
        Self { solid, red_blue: solid & RED_BLUE, alpha_green: (solid >> 8) & RED_BLUE }
    }

    /// The colour with some alpha over a pixel.
    #[inline]
    fn over(&self, under: u32, alpha: u32) -> u32 {
        const HALF: u32 = 0x0080_0080;
        let (ink, rest) = (share(alpha), 256 - share(alpha));
        let mixed = |own: u32, two: u32| ((own * ink + (two & RED_BLUE) * rest + HALF) >> 8) & RED_BLUE;
        mixed(self.red_blue, under) | (mixed(self.alpha_green, under >> 8) << 8)
    }
}

/// A colour already multiplied by its alpha over a pixel.
#[inline]
fn over(under: u32, colour: u32, alpha: u32) -> u32 {
    let rest = 256 - share(alpha);
    let faded = |two: u32| (((two & RED_BLUE) * rest) >> 8) & RED_BLUE;
    let red_blue = faded(under) + (colour & RED_BLUE);
    let alpha_green = faded(under >> 8) + ((colour >> 8) & RED_BLUE);
    (red_blue & RED_BLUE) | ((alpha_green & RED_BLUE) << 8)
}
