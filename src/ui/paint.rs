//! Drawing text and rectangles by hand, for widgets that draw their content themselves: shaped texts are kept between
//! frames, everything lies on whole physical pixels.
//!
//! The renderer redraws only what differs from the last frame, item by item in the order drawn. So a widget draws the
//! same number of items in the same order whatever is hovered or current, and what varies comes last.

use std::collections::HashMap;

use iced::advanced::Renderer as _;
use iced::advanced::graphics::text::{Paragraph, Version, font_system};
use iced::advanced::renderer::Quad;
use iced::advanced::text::{Paragraph as _, Renderer as _, Shaping, Text, Wrapping};
use iced::{Border, Color, Font, Point, Rectangle, Size};

use crate::ui::bake::{Baked, Part, bake};
use crate::ui::icon::{self, Icon};
use crate::ui::soft::Stamp;
use crate::ui::text::Style;
use crate::ui::theme::Theme;
use crate::ui::{Renderer, measure};

/// Shaped texts beyond this number are dropped when they were not drawn lately: some four pages of a dense grid, 8 MB.
const KEEP: usize = 1200;

/// A shaped text, and its pictures, one for each ink used lately.
struct Kept {
    paragraph: Paragraph,
    baked: Vec<([u8; 4], Baked)>,
    frame: u64,
}

#[derive(PartialEq, Clone, Copy)]
struct Face {
    font: Font,
    size: f32,
    line: f32,
}

/// Shaped texts and pictures of one widget, kept while they are drawn.
#[derive(Default)]
pub(crate) struct Shaped {
    faces: Vec<(Face, HashMap<Box<str>, Kept>)>,
    groups: HashMap<u64, (Baked, u64)>,
    frame: u64,
    version: Option<Version>,
    scale: f32,
}

impl Shaped {
    /// To be called once per frame, before drawing.
    pub fn begin(&mut self, scale: f32) {
        self.frame += 1;
        let version = font_system().read().map(|system| system.version()).ok();
        let many = self.faces.iter().map(|(_, texts)| texts.len()).sum::<usize>() + self.groups.len() > KEEP;
        if version != self.version || scale != self.scale {
            // A font was added, or pixels changed size: everything may look different now.
            self.faces.clear();
            self.groups.clear();
            self.version = version;
            self.scale = scale;
        } else if many {
            let oldest = self.frame.saturating_sub(4);
            for (_, texts) in &mut self.faces {
                texts.retain(|_, kept| kept.frame >= oldest);
            }
            self.groups.retain(|_, (_, frame)| *frame >= oldest);
        }
    }

    fn get(&mut self, face: Face, shaping: Shaping, content: &str) -> &mut Kept {
        let at = match self.faces.iter().position(|(known, _)| *known == face) {
            Some(at) => at,
            None => {
                self.faces.push((face, HashMap::new()));
                self.faces.len() - 1
            }
        };
        let texts = &mut self.faces[at].1;
        if !texts.contains_key(content) {
            let paragraph = Paragraph::with_text(Text {
                content,
                bounds: Size::new(f32::INFINITY, f32::INFINITY),
                size: face.size.into(),
                line_height: iced::widget::text::LineHeight::Absolute(face.line.into()),
                font: face.font,
                align_x: Default::default(),
                align_y: iced::alignment::Vertical::Top,
                shaping,
                wrapping: Wrapping::None,
            });
            texts.insert(content.into(), Kept { paragraph, baked: Vec::new(), frame: 0 });
        }
        let kept = texts.get_mut(content).expect("the text was put there on the lines above");
        kept.frame = self.frame;
        kept
    }
}

/// A hand that draws into one layer.
pub(crate) struct Brush<'a> {
    renderer: &'a mut Renderer,
    shaped: &'a mut Shaped,
    /// The look in force.
    pub theme: &'a Theme,
    /// Texts must lie inside, or the renderer needs a mask for them.
    clip: Rectangle,
    /// Everything is stamped.
    fast: bool,
    /// Parts of the group being made, and its origin.
    recording: Option<(Vec<Part>, Point)>,
}

impl<'a> Brush<'a> {
    /// A brush for a few texts.
    pub fn new(renderer: &'a mut Renderer, shaped: &'a mut Shaped, theme: &'a Theme, clip: Rectangle) -> Self {
        Self { renderer, shaped, theme, clip, fast: false, recording: None }
    }

    /// A brush for hundreds of texts that are seen again and again: all it draws is stamped, in the order drawn and above
    /// what the layer shows otherwise.
    pub fn fast(renderer: &'a mut Renderer, shaped: &'a mut Shaped, theme: &'a Theme, clip: Rectangle) -> Self {
        Self { fast: cfg!(not(feature = "gpu")), ..Self::new(renderer, shaped, theme, clip) }
    }

    /// A filled rectangle.
    pub fn fill(&mut self, bounds: Rectangle, color: Color) {
        self.framed(bounds, color, 0.0, None);
    }

    /// A filled rectangle, or nothing that keeps its place in the order of drawing.
    pub fn fill_if(&mut self, show: bool, bounds: Rectangle, color: Color) {
        let height = if show { bounds.height } else { 0.0 };
        self.fill(Rectangle { height, ..bounds }, color);
    }

    /// A rectangle with round corners and perhaps a frame of one line.
    pub fn block(&mut self, bounds: Rectangle, color: Color, radius: f32, frame: Option<Color>) {
        self.framed(bounds, color, radius, frame.map(|color| (color, 1.0)));
    }

    /// A rectangle with round corners and perhaps a frame of some thickness.
    pub fn framed(&mut self, bounds: Rectangle, color: Color, radius: f32, frame: Option<(Color, f32)>) {
        let bounds = self.theme.snap_rect(bounds);
        let thickness = frame.map_or(0.0, |(_, width)| self.theme.hair(width));
        if let Some((parts, origin)) = &mut self.recording {
            let scale = self.theme.scale;
            parts.push(Part::Block {
                x: (bounds.x - origin.x) * scale,
                y: (bounds.y - origin.y) * scale,
                width: bounds.width * scale,
                height: bounds.height * scale,
                radius: radius * scale,
                fill: color,
                frame: frame.map(|(line, _)| (line, thickness * scale)),
            });
            return;
        }
        if self.fast {
            return self.stamp_block(bounds, color, radius, frame.map(|(line, _)| (line, thickness)));
        }
        // The renderer cannot draw a negative size; an empty one it leaves out, and the item keeps its place.
        let bounds = Rectangle { width: bounds.width.max(0.0), height: bounds.height.max(0.0), ..bounds };
        let mut quad = |bounds: Rectangle, radius: f32, color: Color| {
            let border = Border { radius: radius.max(0.0).into(), ..Border::default() };
            self.renderer.fill_quad(Quad { bounds, border, ..Quad::default() }, color);
        };
        let Some((line, _)) = frame else { return quad(bounds, radius, color) };
        // Two fills instead of a stroke: a stroke of one pixel is drawn in pieces, whose joints show.
        quad(bounds, radius, line);
        if bounds.width > 2.0 * thickness && bounds.height > 2.0 * thickness {
            quad(bounds.shrink(thickness), radius - thickness, color);
        }
    }

    fn stamp_block(&mut self, bounds: Rectangle, color: Color, radius: f32, frame: Option<(Color, f32)>) {
        let line = frame.map(|(line, width)| (line.into_rgba8(), width.to_bits()));
        if radius <= 0.0 {
            let Some((line, thickness)) = frame else { return self.stamp(Stamp::Field { bounds, color }) };
            self.stamp(Stamp::Field { bounds, color: line });
            return self.stamp(Stamp::Field { bounds: bounds.shrink(thickness), color });
        }
        let size = (bounds.width.to_bits(), bounds.height.to_bits(), radius.to_bits());
        self.group(key(("block", size, color.into_rgba8(), line)), bounds, |brush| {
            brush.framed(bounds, color, radius, frame)
        });
    }

    #[cfg(not(feature = "gpu"))]
    fn stamp(&mut self, stamp: Stamp) {
        self.renderer.stamp(stamp);
    }

    /// A renderer on the graphics card takes no stamps, and no brush of this build is fast.
    #[cfg(feature = "gpu")]
    fn stamp(&mut self, _stamp: Stamp) {}

    /// A frame alone, as four rectangles: a frame around nothing would make the renderer blend its whole inside.
    pub fn ring(&mut self, bounds: Rectangle, color: Color, width: f32) {
        let (b, w) = (self.theme.snap_rect(bounds), self.theme.hair(width));
        for side in [
            Rectangle { height: w, ..b },
            Rectangle { y: b.y + b.height - w, height: w, ..b },
            Rectangle { y: b.y + w, width: w, height: (b.height - 2.0 * w).max(0.0), ..b },
            Rectangle { x: b.x + b.width - w, y: b.y + w, width: w, height: (b.height - 2.0 * w).max(0.0) },
        ] {
            self.fill(side, color);
        }
    }

    /// Several parts that always look the same, drawn as one picture when that is faster. `key` must tell apart all that
    /// looks different, and `bounds` must begin where the parts do.
    pub fn group(&mut self, key: u64, bounds: Rectangle, draw: impl FnOnce(&mut Brush<'_>)) {
        if !self.fast || self.recording.is_some() {
            return draw(self);
        }
        let origin = self.theme.snap_rect(bounds).position();
        let frame = self.shaped.frame;
        if !self.shaped.groups.contains_key(&key) {
            self.recording = Some((Vec::new(), origin));
            draw(self);
            let (parts, _) = self.recording.take().unwrap_or_default();
            self.shaped.groups.insert(key, (bake(&parts, self.theme.scale), frame));
        }
        if let Some((baked, seen)) = self.shaped.groups.get_mut(&key) {
            *seen = frame;
            let stamp = baked.stamp(origin, self.clip);
            self.stamp(stamp);
        }
    }

    /// The top of a text box of this height, centred in a row, on a whole pixel.
    pub fn centre(&self, row: &Rectangle, height: f32) -> f32 {
        self.theme.snap(row.y + (row.height - height) / 2.0)
    }

    /// A line of text with its left edge at `x`, vertically centred in `row`. Returns its width.
    pub fn text(&mut self, words: &str, style: Style, ink: Color, x: f32, row: &Rectangle) -> f32 {
        let y = self.centre(row, style.line);
        let face = Face { font: style.font(), size: style.size, line: style.line };
        self.shape(face, Shaping::Auto, words, ink, Point::new(self.theme.snap(x), y))
    }

    /// A line of text cut to a width, placed within it: 0 is left, 1 is right. Returns where it begins and its width.
    pub fn cut(&mut self, words: &str, style: Style, ink: Color, room: &Rectangle, place: f32) -> (f32, f32) {
        let kept = measure::cut(words, style.size, style.bold, room.width);
        let width = measure::width(&kept, style.size, style.bold);
        let x = room.x + ((room.width - width) * place).max(0.0);
        (x, self.text(&kept, style, ink, x, room))
    }

    /// An icon with its left edge at `x`, vertically centred in `row`.
    pub fn icon(&mut self, which: Icon, size: f32, ink: Color, x: f32, row: &Rectangle) {
        let y = self.centre(row, size);
        let face = Face { font: icon::FONT, size, line: size };
        self.shape(face, Shaping::Basic, which.glyph(), ink, Point::new(self.theme.snap(x), y));
    }

    /// Nothing, drawn: keeps the items that follow in their place when something is not shown.
    pub fn nothing(&mut self) {
        if self.fast {
            return self.stamp(Stamp::Field { bounds: Rectangle::default(), color: Color::TRANSPARENT });
        }
        let face = Face { font: icon::FONT, size: 1.0, line: 1.0 };
        let at = self.theme.snap_rect(self.clip).position();
        self.shape(face, Shaping::Basic, "", Color::BLACK, at);
    }

    fn shape(&mut self, face: Face, shaping: Shaping, words: &str, ink: Color, at: Point) -> f32 {
        let scale = self.theme.scale;
        let kept = self.shaped.get(face, shaping, words);
        let width = kept.paragraph.min_width();
        let part = |x: i32, y: i32| Part::Text { paragraph: kept.paragraph.clone(), ink, x, y };
        if let Some((parts, origin)) = &mut self.recording {
            let px = |v: f32| (v * scale).round() as i32;
            parts.push(part(px(at.x - origin.x), px(at.y - origin.y)));
        } else if self.fast {
            let key = ink.into_rgba8();
            let known = match kept.baked.iter().position(|(known, _)| *known == key) {
                Some(known) => known,
                None => {
                    let baked = bake(&[part(0, 0)], scale);
                    kept.baked.push((key, baked));
                    kept.baked.len() - 1
                }
            };
            let stamp = kept.baked[known].1.stamp(at, self.clip);
            self.stamp(stamp);
        } else {
            self.renderer.fill_paragraph(&kept.paragraph, at, ink, self.clip);
        }
        width
    }
}

/// A number that stands for everything handed in, for [`Brush::group`].
pub(crate) fn key(of: impl std::hash::Hash) -> u64 {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Element, picture, text};
    use iced::Length;
    use iced::advanced::widget::{Tree, Widget};
    use iced::advanced::{Layout, layout, mouse, renderer};
    use std::cell::RefCell;

    /// A line of text, an icon and a badge, drawn piece by piece or as pictures.
    struct Sample {
        fast: bool,
        shaped: RefCell<Shaped>,
    }

    impl Widget<(), Theme, Renderer> for Sample {
        fn size(&self) -> Size<Length> {
            Size::new(Length::Fill, Length::Fill)
        }

        fn layout(&mut self, _tree: &mut Tree, _renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
            layout::atomic(limits, Length::Fill, Length::Fill)
        }

        fn draw(
            &self,
            _tree: &Tree,
            renderer: &mut Renderer,
            theme: &Theme,
            _style: &renderer::Style,
            layout: Layout<'_>,
            _cursor: mouse::Cursor,
            _viewport: &Rectangle,
        ) {
            let (t, bounds) = (theme.tokens, layout.bounds());
            let mut shaped = self.shaped.borrow_mut();
            shaped.begin(theme.scale);
            let mut brush = Brush::new(renderer, &mut shaped, theme, bounds);
            brush.fast = self.fast;
            let row = Rectangle { x: 3.0, y: 2.0, width: 280.0, height: 31.0 };
            brush.text("青澜恒砚 91379905MA3C7H2K4U", text::BODY, t.t1, 3.0, &row);
            brush.text("Bold 12,077.90", text::SMALL.bold(), t.danger, 5.3, &Rectangle { y: 33.0, ..row });
            brush.icon(Icon::AlarmClock, 14.0, t.warn, 130.0, &Rectangle { y: 33.0, ..row });
            let badge = Rectangle { x: 160.0, y: 38.0, width: 70.0, height: 20.0 };
            brush.group(1, badge, |brush| {
                brush.block(badge, t.success_soft, 3.0, Some(t.success));
                brush.text("有效", text::NOTE, t.success, 180.0, &badge);
            });
        }
    }

    #[test]
    fn pictures_of_texts_are_pixel_for_pixel_what_the_renderer_would_draw() {
        for (theme, scale) in
            [(Theme::LIGHT, 1.0), (Theme::LIGHT, 1.25), (Theme::DARK, 1.1), (Theme::LIGHT, 1.5), (Theme::DARK, 0.8)]
        {
            let theme = theme.scale(scale);
            let draw = |fast: bool| {
                let sample: Element<'_, ()> = Element::new(Sample { fast, shaped: RefCell::default() });
                picture::draw(sample, Size::new(300.0, 70.0), &theme).unwrap()
            };
            let (pieces, pictures) = (draw(false), draw(true));
            let far = |a: &u8, b: &u8| a.abs_diff(*b) > 3;
            // The round corners of the badge are rasterised by two hands; everything else must agree.
            let badge = |at: usize| {
                let (x, y) = ((at / 4) % pieces.width as usize, at / 4 / pieces.width as usize);
                let inside = |v: usize, from: f32, to: f32| (from * scale..to * scale).contains(&(v as f32));
                inside(x, 158.0, 232.0) && inside(y, 36.0, 60.0)
            };
            let differ = pieces.rgba.iter().zip(&pictures.rgba).enumerate();
            let outside = differ.clone().filter(|(at, (a, b))| !badge(*at) && far(a, b)).count();
            assert_eq!(outside, 0, "at {scale}");
            let inside = differ.filter(|(at, (a, b))| badge(*at) && a.abs_diff(**b) > 60).count();
            assert!(inside <= 32, "at {scale}: {inside} values of the badge differ much");
        }
    }
}
