//! The renderer widgets draw with: iced's, which records layers, and beside each layer a list of stamps.

use iced::advanced::graphics::{self, compositor, geometry};
use iced::advanced::image::{self, Allocation, Handle, Image};
use iced::advanced::renderer::{Headless, Quad};
use iced::advanced::text::Text;
use iced::{Background, Color, Font, Pixels, Point, Rectangle, Size, Transformation};
use iced_tiny_skia::graphics::core::{self, image::Error};

use super::draw::Canvas;
use super::{Compositor, Stamp};

/// Draws with the processor alone.
#[derive(Debug)]
pub struct Renderer {
    pub(super) inner: iced_tiny_skia::Renderer,
    /// By layer; as many as layers or fewer.
    pub(super) stamps: Vec<Vec<Stamp>>,
    /// Draws what lies above stamps; made when something does.
    pub(super) above: Option<Box<iced_tiny_skia::Renderer>>,
    font: Font,
    text_size: Pixels,
    // The inner renderer keeps to itself which layer is being recorded and under which transformation.
    current: usize,
    layers: usize,
    outer: Vec<usize>,
    transformations: Vec<Transformation>,
}

impl Renderer {
    /// A renderer with this font and size where a text names none.
    pub fn new(font: Font, text_size: Pixels) -> Self {
        Self {
            inner: iced_tiny_skia::Renderer::new(font, text_size),
            stamps: Vec::new(),
            above: None,
            font,
            text_size,
            current: 0,
            layers: 1,
            outer: Vec::new(),
            transformations: Vec::new(),
        }
    }

    /// A renderer of iced's own with the same font.
    pub(super) fn plain(&self) -> iced_tiny_skia::Renderer {
        iced_tiny_skia::Renderer::new(self.font, self.text_size)
    }

    /// Lays something on the current layer, after all else of it.
    pub(crate) fn stamp(&mut self, stamp: Stamp) {
        let stamp = match self.transformations.last() {
            None => stamp,
            Some(moved) => match stamp {
                Stamp::Field { bounds, color } => Stamp::Field { bounds: bounds * *moved, color },
                Stamp::Picture { picture, at, offset, clip } => {
                    Stamp::Picture { picture, at: at * *moved, offset, clip: clip * *moved }
                }
            },
        };
        if self.stamps.len() <= self.current {
            self.stamps.resize_with(self.current + 1, Vec::new);
        }
        self.stamps[self.current].push(stamp);
    }
}

impl core::Renderer for Renderer {
    fn start_layer(&mut self, bounds: Rectangle) {
        self.outer.push(self.current);
        self.current = self.layers;
        self.layers += 1;
        self.inner.start_layer(bounds);
    }

    fn end_layer(&mut self) {
        self.current = self.outer.pop().unwrap_or(0);
        self.inner.end_layer();
    }

    fn start_transformation(&mut self, transformation: Transformation) {
        let outer = self.transformations.last().copied().unwrap_or(Transformation::IDENTITY);
        self.transformations.push(outer * transformation);
        self.inner.start_transformation(transformation);
    }

    fn end_transformation(&mut self) {
        self.transformations.pop();
        self.inner.end_transformation();
    }

    fn fill_quad(&mut self, quad: Quad, background: impl Into<Background>) {
        self.inner.fill_quad(quad, background);
    }

    fn reset(&mut self, bounds: Rectangle) {
        self.stamps.iter_mut().for_each(Vec::clear);
        (self.current, self.layers) = (0, 1);
        self.outer.clear();
        self.inner.reset(bounds);
    }

    fn allocate_image(&mut self, handle: &Handle, callback: impl FnOnce(Result<Allocation, Error>) + Send + 'static) {
        self.inner.allocate_image(handle, callback);
    }
}

impl core::text::Renderer for Renderer {
    type Font = Font;
    type Paragraph = graphics::text::Paragraph;
    type Editor = graphics::text::Editor;

    const ICON_FONT: Font = iced_tiny_skia::Renderer::ICON_FONT;
    const CHECKMARK_ICON: char = iced_tiny_skia::Renderer::CHECKMARK_ICON;
    const ARROW_DOWN_ICON: char = iced_tiny_skia::Renderer::ARROW_DOWN_ICON;
    const SCROLL_UP_ICON: char = iced_tiny_skia::Renderer::SCROLL_UP_ICON;
    const SCROLL_DOWN_ICON: char = iced_tiny_skia::Renderer::SCROLL_DOWN_ICON;
    const SCROLL_LEFT_ICON: char = iced_tiny_skia::Renderer::SCROLL_LEFT_ICON;
    const SCROLL_RIGHT_ICON: char = iced_tiny_skia::Renderer::SCROLL_RIGHT_ICON;
    const ICED_LOGO: char = iced_tiny_skia::Renderer::ICED_LOGO;

    fn default_font(&self) -> Font {
        self.inner.default_font()
    }

    fn default_size(&self) -> Pixels {
        self.inner.default_size()
    }

    fn fill_paragraph(&mut self, text: &Self::Paragraph, position: Point, color: Color, clip: Rectangle) {
        self.inner.fill_paragraph(text, position, color, clip);
    }

    fn fill_editor(&mut self, editor: &Self::Editor, position: Point, color: Color, clip: Rectangle) {
        self.inner.fill_editor(editor, position, color, clip);
    }

    fn fill_text(&mut self, text: Text<String, Font>, position: Point, color: Color, clip: Rectangle) {
        self.inner.fill_text(text, position, color, clip);
    }
}

impl core::image::Renderer for Renderer {
    type Handle = Handle;

    fn load_image(&self, handle: &Handle) -> Result<Allocation, image::Error> {
        self.inner.load_image(handle)
    }

    fn measure_image(&self, handle: &Handle) -> Option<Size<u32>> {
        self.inner.measure_image(handle)
    }

    fn draw_image(&mut self, image: Image, bounds: Rectangle, clip: Rectangle) {
        self.inner.draw_image(image, bounds, clip);
    }
}

impl geometry::Renderer for Renderer {
    type Geometry = iced_tiny_skia::Geometry;
    type Frame = iced_tiny_skia::geometry::Frame;

    fn new_frame(&self, bounds: Rectangle) -> Self::Frame {
        self.inner.new_frame(bounds)
    }

    fn draw_geometry(&mut self, geometry: Self::Geometry) {
        self.inner.draw_geometry(geometry);
    }
}

impl compositor::Default for Renderer {
    type Compositor = Compositor;
}

impl Headless for Renderer {
    async fn new(font: Font, text_size: Pixels, backend: Option<&str>) -> Option<Self> {
        matches!(backend, None | Some("tiny-skia" | "tiny_skia")).then(|| Self::new(font, text_size))
    }

    fn name(&self) -> String {
        self.inner.name()
    }

    fn screenshot(&mut self, size: Size<u32>, scale: f32, background: Color) -> Vec<u8> {
        Canvas::screenshot(self, size, scale, background)
    }
}
