//! Drawing inside some areas: iced's layers, then the stamps, then what covers them.

use iced::advanced::Renderer as _;
use iced::advanced::graphics::geometry::Renderer as _;
use iced::advanced::graphics::{Image, Text, Viewport};
use iced::advanced::image::{self, FilterMethod, Renderer as _};
use iced::advanced::renderer::Quad;
use iced::{Color, Radians, Rectangle, Size, Transformation};
use iced_tiny_skia::{Geometry, Layer, Primitive};
use tiny_skia::{Mask, PixmapMut};

use super::area::{Area, apart};
use super::{Renderer, Stamp};

/// Pixels to draw on, 0xAARRGGBB, and the mask iced's renderer needs.
pub(super) struct Canvas<'a> {
    pub pixels: &'a mut [u32],
    pub size: Size<u32>,
    pub mask: &'a mut Mask,
}

impl Canvas<'_> {
    /// Draws the renderer's frame inside some areas.
    pub fn draw(&mut self, renderer: &mut Renderer, scale: f32, areas: Vec<Area>, background: Color) {
        let viewport = Viewport::with_physical_size(self.size, scale);
        let whole = Area::whole(self.size);
        let areas = apart(areas.iter().filter_map(|area| area.both(&whole)));
        self.plain(&mut renderer.inner, &viewport, &areas, background);
        let layers = renderer.inner.layers();
        let bounds = layers.iter().map(|layer| Area::inside(&layer.bounds, scale));
        for (stamps, layer) in renderer.stamps.iter().zip(bounds) {
            for region in areas.iter().filter_map(|area| area.both(&layer)) {
                for stamp in stamps {
                    stamp.draw(self.pixels, self.size.width as usize, &region, scale);
                }
            }
        }
        let covers = covers(layers, &renderer.stamps, scale);
        let again: Vec<Area> =
            covers.iter().flat_map(|cover| areas.iter().filter_map(|area| area.both(cover))).collect();
        if !again.is_empty() {
            let mut above = renderer.above.take().unwrap_or_else(|| Box::new(renderer.plain()));
            replay(&mut above, renderer, &viewport);
            self.plain(&mut above, &viewport, &again, background);
            renderer.above = Some(above);
        }
    }

    /// Draws with iced's renderer alone.
    fn plain(
        &mut self,
        renderer: &mut iced_tiny_skia::Renderer,
        viewport: &Viewport,
        areas: &[Area],
        background: Color,
    ) {
        let (width, height) = (self.size.width, self.size.height);
        let Some(mut pixels) = PixmapMut::from_bytes(bytemuck::cast_slice_mut(self.pixels), width, height) else {
            return;
        };
        let areas: Vec<Rectangle> = areas.iter().map(|area| area.logical(viewport.scale_factor())).collect();
        renderer.draw(&mut pixels, self.mask, viewport, &areas, background);
    }

    /// Draws the renderer's frame to memory: red, green, blue and alpha per pixel.
    pub fn screenshot(renderer: &mut Renderer, size: Size<u32>, scale: f32, background: Color) -> Vec<u8> {
        let mut pixels = vec![0; size.width as usize * size.height as usize];
        let Some(mut mask) = Mask::new(size.width, size.height) else { return Vec::new() };
        let whole = vec![Area::whole(size)];
        Canvas { pixels: &mut pixels, size, mask: &mut mask }.draw(renderer, scale, whole, background);
        pixels.into_iter().flat_map(|pixel: u32| pixel.rotate_left(8).to_be_bytes()).collect()
    }
}

/// Where something of a later layer lies above stamps.
fn covers(layers: &[Layer], stamps: &[Vec<Stamp>], scale: f32) -> Vec<Area> {
    let mut stamped: Option<Area> = None;
    let mut covers = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let bounds = Area::around(&layer.bounds, scale);
        let own = stamps.get(at).map_or(&[][..], Vec::as_slice);
        if let Some(below) = stamped.and_then(|stamped| stamped.both(&bounds)) {
            let shown = shown(layer).map(|bounds| Area::around(&bounds, scale));
            let shown = shown.chain(own.iter().filter_map(|stamp| stamp.seen(scale)));
            covers.extend(shown.filter_map(|area| area.both(&below)));
        }
        let own = own.iter().filter_map(|stamp| stamp.seen(scale)?.both(&bounds));
        stamped = stamped.into_iter().chain(own).reduce(|a, b| a.around_both(&b));
    }
    apart(covers)
}

/// Where a layer of iced's shows something, in logical pixels.
fn shown(layer: &Layer) -> impl Iterator<Item = Rectangle> + '_ {
    let quads = layer.quads.iter().map(|(quad, _)| {
        let Quad { bounds, shadow, .. } = quad;
        let reach = shadow.blur_radius + shadow.offset.x.abs().max(shadow.offset.y.abs());
        if shadow.color.a > 0.0 { bounds.expand(reach) } else { *bounds }
    });
    let primitives = layer.primitives.iter().flat_map(|item| {
        let (moved, clip) = (item.transformation(), item.clip_bounds());
        item.as_slice().iter().filter_map(move |part: &Primitive| (part.visible_bounds() * moved).intersection(&clip))
    });
    let images = layer.images.iter().map(Image::bounds);
    // Ink may stand out of the box of its text.
    let texts = layer.text.iter().flat_map(|item| {
        let moved = item.transformation();
        item.as_slice().iter().filter_map(move |text| Some(text.visible_bounds()?.expand(2.0) * moved))
    });
    quads.chain(primitives).chain(images).chain(texts)
}

/// Tells a renderer of iced's the whole frame, stamps included, each where it belongs between the layers.
fn replay(above: &mut iced_tiny_skia::Renderer, renderer: &mut Renderer, viewport: &Viewport) {
    let scale = viewport.scale_factor();
    let everything = Rectangle::with_size(viewport.logical_size());
    above.reset(everything);
    let Renderer { inner, stamps, .. } = renderer;
    for (at, layer) in inner.layers().iter().enumerate() {
        let own = stamps.get(at).map_or(&[][..], Vec::as_slice);
        let own: Vec<&Stamp> = own.iter().filter(|stamp| stamp.seen(scale).is_some()).collect();
        above.with_layer(layer.bounds, |above| {
            replay_layer(above, layer, everything);
        });
        // Inside a layer of iced's, fields lie below pictures: one that lies above a picture begins a layer.
        let mut rest = &own[..];
        while !rest.is_empty() {
            let together = together(rest, scale);
            // iced's software renderer passes over the clip of a picture.
            let clip = match rest[0] {
                Stamp::Picture { clip, .. } if is_clipped(rest[0], scale) => *clip,
                _ => layer.bounds,
            };
            above.with_layer(layer.bounds.intersection(&clip).unwrap_or_default(), |above| {
                for stamp in &rest[..together] {
                    replay_stamp(above, stamp, scale);
                }
            });
            rest = &rest[together..];
        }
    }
}

/// Whether a part of it is not to be seen.
fn is_clipped(stamp: &Stamp, scale: f32) -> bool {
    stamp.seen(scale) != Some(stamp.area(scale))
}

/// How many of these stamps, at least one, may be drawn in one layer: fields first, then pictures, all of them whole.
fn together(stamps: &[&Stamp], scale: f32) -> usize {
    let mut pictures: Vec<Area> = Vec::new();
    if matches!(stamps[0], Stamp::Picture { .. }) && is_clipped(stamps[0], scale) {
        return 1;
    }
    for (at, stamp) in stamps.iter().enumerate() {
        let Some(area) = stamp.seen(scale) else { continue };
        match stamp {
            Stamp::Field { .. } if pictures.iter().any(|picture| picture.both(&area).is_some()) => return at,
            Stamp::Field { .. } => {}
            Stamp::Picture { .. } if is_clipped(stamp, scale) => return at,
            Stamp::Picture { .. } => pictures.push(area),
        }
    }
    stamps.len()
}

fn replay_layer(above: &mut iced_tiny_skia::Renderer, layer: &Layer, everything: Rectangle) {
    for (quad, background) in &layer.quads {
        above.fill_quad(*quad, *background);
    }
    for item in &layer.primitives {
        let moved = item.transformation();
        let clip = item.clip_bounds().intersection(&everything).unwrap_or_default() * moved.inverse();
        above.with_transformation(moved, |above| {
            above.draw_geometry(geometry(item.as_slice().to_vec(), Vec::new(), clip));
        });
    }
    for image in &layer.images {
        if let Image::Raster { image, bounds, clip_bounds } = image {
            above.draw_image(image.clone(), *bounds, *clip_bounds);
        }
    }
    for item in &layer.text {
        let moved = item.transformation();
        above.with_transformation(moved, |above| {
            above.draw_geometry(geometry(Vec::new(), item.as_slice().to_vec(), Rectangle::default()));
        });
    }
}

fn geometry(primitives: Vec<Primitive>, text: Vec<Text>, clip_bounds: Rectangle) -> Geometry {
    Geometry::Live { primitives, text, images: Vec::new(), clip_bounds }
}

fn replay_stamp(above: &mut iced_tiny_skia::Renderer, stamp: &Stamp, scale: f32) {
    match stamp {
        Stamp::Field { color, .. } => {
            let bounds = stamp.area(scale).logical(scale);
            above.fill_quad(Quad { bounds, ..Quad::default() }, *color);
        }
        Stamp::Picture { picture, clip, .. } => {
            let area = stamp.area(scale);
            // iced's renderer cuts off fractions of a pixel; a quarter keeps a rounding error from taking a whole one.
            let quarter = Transformation::translate(0.25 / scale, 0.25 / scale);
            let image = image::Image {
                handle: picture.handle().clone(),
                filter_method: FilterMethod::Nearest,
                rotation: Radians(0.0),
                border_radius: 0.0.into(),
                opacity: 1.0,
                snap: true,
            };
            above.draw_image(image, area.logical(scale) * quarter, *clip);
        }
    }
}
