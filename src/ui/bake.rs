//! Texts and badges drawn once into small pictures, to be stamped whole from then on.
//!
//! iced's software renderer blits every glyph and strokes every frame on its own, and preparing that costs more than the
//! pixels: a page of a grid has some 2 000 glyphs and 60 round frames, but only 300 cells. With the graphics card there is
//! nothing to gain, so that build draws piece by piece.

use std::cell::RefCell;
use std::sync::Arc;

use iced::advanced::graphics::text::cosmic_text::{SwashCache, SwashContent};
use iced::advanced::graphics::text::{Paragraph, font_system};
use iced::advanced::image::{FilterMethod, Handle, Image, Renderer as _};
use iced::{Color, Point, Radians, Rectangle};

use crate::ui::Renderer;
use crate::ui::soft::{Picture, Stamp};

/// Glyph pictures kept; beyond it all are dropped and made anew. Some 200 bytes each.
const GLYPHS: usize = 20_000;

thread_local! {
    /// One for all grids, so that a screen that is left and entered again finds its glyphs.
    static SWASH: RefCell<SwashCache> = RefCell::new(SwashCache::new());
}

/// What a picture is made of, back to front. Positions are physical pixels from the picture's own origin.
#[derive(Clone)]
pub(crate) enum Part {
    /// A rectangle with round corners and perhaps a frame inside its edge.
    Block { x: f32, y: f32, width: f32, height: f32, radius: f32, fill: Color, frame: Option<(Color, f32)> },
    /// A line of text with its box's corner at a point.
    Text { paragraph: Paragraph, ink: Color, x: i32, y: i32 },
}

/// A picture and where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Baked {
    picture: Arc<Picture>,
    /// From the origin to the picture's corner, in physical pixels.
    offset: (i32, i32),
}

/// Coverage of a colour over a rectangle of pixels: what both kinds of parts come down to.
struct Piece {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    ink: Color,
    /// One byte of cover per pixel, or four of colour for an emoji.
    data: Vec<u8>,
    coloured: bool,
}

fn glyphs(paragraph: &Paragraph, ink: Color, at: (i32, i32), scale: f32, pieces: &mut Vec<Piece>) {
    // A poisoned lock means another thread died while drawing text; then there is no text.
    let Ok(mut system) = font_system().write() else { return };
    SWASH.with_borrow_mut(|swash| {
        if swash.image_cache.len() > GLYPHS {
            swash.image_cache.clear();
        }
        for run in paragraph.buffer().layout_runs() {
            let line_y = (run.line_y * scale).round() as i32;
            for glyph in run.glyphs {
                // The same rounding as the renderer's own, so that both ways of drawing give the same pixels.
                let physical = glyph.physical((0.0, 0.0), scale);
                let Some(image) = swash.get_image(system.raw(), physical.cache_key) else { continue };
                let place = image.placement;
                if place.width == 0 || place.height == 0 {
                    continue;
                }
                pieces.push(Piece {
                    x: at.0 + physical.x + place.left,
                    y: at.1 + physical.y - place.top + line_y,
                    width: place.width as i32,
                    height: place.height as i32,
                    ink,
                    data: image.data.clone(),
                    coloured: image.content == SwashContent::Color,
                });
            }
        }
    });
}

/// How much of each pixel lies inside a round rectangle, shrunk by `inset` on all sides.
fn cover(width: i32, height: i32, size: (f32, f32), radius: f32, inset: f32) -> Vec<u8> {
    let (half_w, half_h) = (size.0 / 2.0 - inset, size.1 / 2.0 - inset);
    let radius = (radius - inset).clamp(0.0, half_w.min(half_h).max(0.0));
    let mut data = Vec::with_capacity((width * height).max(0) as usize);
    for py in 0..height {
        for px in 0..width {
            // Distance of the pixel's centre from the edge, negative inside.
            let dx = (px as f32 + 0.5 - size.0 / 2.0).abs() - half_w + radius;
            let dy = (py as f32 + 0.5 - size.1 / 2.0).abs() - half_h + radius;
            let outside = dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius;
            data.push(((0.5 - outside).clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
    data
}

fn pieces(parts: &[Part], scale: f32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in parts {
        match part {
            Part::Text { paragraph, ink, x, y } => glyphs(paragraph, *ink, (*x, *y), scale, &mut pieces),
            Part::Block { x, y, width, height, radius, fill, frame } => {
                let (w, h) = (width.round() as i32, height.round() as i32);
                let mut block = |ink: Color, inset: f32| {
                    pieces.push(Piece {
                        x: x.round() as i32,
                        y: y.round() as i32,
                        width: w,
                        height: h,
                        ink,
                        data: cover(w, h, (*width, *height), *radius, inset),
                        coloured: false,
                    });
                };
                match frame {
                    None => block(*fill, 0.0),
                    Some((line, thickness)) => {
                        block(*line, 0.0);
                        block(*fill, *thickness);
                    }
                }
            }
        }
    }
    pieces
}

/// Draws parts into a picture. Nothing to see makes [`Baked::nothing`].
pub(crate) fn bake(parts: &[Part], scale: f32) -> Baked {
    let pieces = pieces(parts, scale);
    let (Some(left), Some(top), Some(right), Some(bottom)) = (
        pieces.iter().map(|p| p.x).min(),
        pieces.iter().map(|p| p.y).min(),
        pieces.iter().map(|p| p.x + p.width).max(),
        pieces.iter().map(|p| p.y + p.height).max(),
    ) else {
        return Baked::nothing();
    };
    let (width, height) = ((right - left) as usize, (bottom - top) as usize);
    // All in one colour, which is the case of every plain text: only the cover has to be worked out.
    let one_ink = matches!(parts, [Part::Text { .. }]) && pieces.iter().all(|piece| !piece.coloured);
    let mut pixels = vec![0; width * height * if one_ink { 1 } else { 4 }];
    for piece in &pieces {
        let (at_x, at_y) = ((piece.x - left) as usize, (piece.y - top) as usize);
        let bytes = if piece.coloured { 4 } else { 1 };
        for (row, source) in piece.data.chunks_exact(piece.width as usize * bytes).enumerate() {
            let start = (at_y + row) * width + at_x;
            if one_ink {
                add_cover(&mut pixels[start..start + piece.width as usize], source, piece.ink);
            } else {
                lay(&mut pixels[start * 4..(start + piece.width as usize) * 4], source, piece);
            }
        }
    }
    let (w, h) = (width as u32, height as u32);
    let picture = if one_ink {
        let [r, g, b, _] = pieces[0].ink.into_rgba8();
        Picture::ink(w, h, [r, g, b], pixels)
    } else {
        Picture::colours(w, h, &pixels)
    };
    Baked { picture: Arc::new(picture), offset: (left, top) }
}

/// Adds a row of a glyph's cover to what others cover already.
fn add_cover(target: &mut [u8], source: &[u8], ink: Color) {
    let [.., a] = ink.into_rgba8();
    for (to, from) in target.iter_mut().zip(source) {
        let cover = u32::from(*from) * u32::from(a) / 255;
        let under = u32::from(*to);
        *to = (cover + under - cover * under / 255) as u8;
    }
}

/// Lays one row of a piece over what is there, both with straight alpha.
fn lay(target: &mut [u8], source: &[u8], piece: &Piece) {
    let [r, g, b, a] = piece.ink.into_rgba8();
    if piece.coloured {
        for (to, from) in target.chunks_exact_mut(4).zip(source.chunks_exact(4)) {
            over(to, [from[0], from[1], from[2]], u32::from(from[3]));
        }
    } else {
        for (to, from) in target.chunks_exact_mut(4).zip(source) {
            over(to, [r, g, b], u32::from(*from) * u32::from(a) / 255);
        }
    }
}

/// Puts a colour with some alpha over a pixel with straight alpha.
fn over(to: &mut [u8], ink: [u8; 3], alpha: u32) {
    let under = u32::from(to[3]) * (255 - alpha) / 255;
    let sum = alpha + under;
    if alpha == 0 || sum == 0 {
        return;
    }
    for (to, ink) in to.iter_mut().zip(ink) {
        *to = ((u32::from(ink) * alpha + u32::from(*to) * under + sum / 2) / sum) as u8;
    }
    to[3] = sum as u8;
}

impl Baked {
    /// One clear pixel, which keeps the place of an item in the order of drawing.
    pub fn nothing() -> Self {
        Self { picture: Arc::new(Picture::ink(1, 1, [0; 3], vec![0])), offset: (0, 0) }
    }

    /// The picture with its origin at a logical point, which must lie on a whole pixel.
    pub fn stamp(&self, at: Point, clip: Rectangle) -> Stamp {
        Stamp::Picture { picture: self.picture.clone(), at, offset: self.offset, clip }
    }
}

/// Draws a picture pixel for pixel, `offset` physical pixels from a logical point that lies on a whole pixel.
pub(crate) fn blit(
    renderer: &mut Renderer,
    picture: &Handle,
    at: Point,
    offset: (i32, i32),
    size: (u32, u32),
    scale: f32,
    clip: Rectangle,
) {
    // The renderer cuts off fractions of a pixel; a quarter keeps a rounding error from taking a whole one.
    let place = |v: f32, offset: i32| ((v * scale).round() + offset as f32 + 0.25) / scale;
    let bounds = Rectangle {
        x: place(at.x, offset.0),
        y: place(at.y, offset.1),
        width: size.0 as f32 / scale,
        height: size.1 as f32 / scale,
    };
    let image = Image {
        handle: picture.clone(),
        filter_method: FilterMethod::Nearest,
        rotation: Radians(0.0),
        border_radius: 0.0.into(),
        opacity: 1.0,
        snap: true,
    };
    renderer.draw_image(image, bounds, clip);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(baked: &Baked) -> Vec<[u8; 4]> {
        baked.picture.rgba().chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect()
    }

    #[test]
    fn a_framed_block_has_its_frame_and_its_fill_and_round_corners() {
        let (red, white) = (Color::from_rgb8(200, 0, 0), Color::WHITE);
        let part = Part::Block {
            x: 0.0,
            y: 0.0,
            width: 16.0,
            height: 10.0,
            radius: 3.0,
            fill: white,
            frame: Some((red, 1.0)),
        };
        let baked = bake(&[part], 1.0);
        let pixels = pixels(&baked);
        assert_eq!((pixels.len(), baked.offset), (16 * 10, (0, 0)));
        assert!(pixels[0][3] < 60, "the corner is round");
        assert_eq!(pixels[8], [200, 0, 0, 255], "the top edge is the frame");
        assert_eq!(pixels[5 * 16 + 8], [255, 255, 255, 255], "inside is the fill");
        assert_eq!(pixels[5 * 16], [200, 0, 0, 255], "the left edge is the frame, one pixel wide");
        assert_eq!(pixels[5 * 16 + 1], [255, 255, 255, 255]);
    }

    #[test]
    fn nothing_to_see_is_a_clear_pixel() {
        assert_eq!(pixels(&bake(&[], 1.0)), [[0; 4]]);
    }
}
