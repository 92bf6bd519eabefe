//! Windows and what they show: iced asks for a surface per window and hands over each frame.

use std::num::NonZeroU32;

use iced::advanced::graphics::compositor::{Display, Information, SurfaceError, Window};
use iced::advanced::graphics::{self, Error, Settings, Shell, Viewport, error};
use iced::{Color, Font, Pixels, Size};
use tiny_skia::Mask;

use super::Renderer;
use super::draw::Canvas;
use super::frames::Frames;

/// Makes surfaces and puts frames on them.
pub struct Compositor {
    context: softbuffer::Context<Box<dyn Display>>,
    font: Font,
    text_size: Pixels,
}

/// A window's pixels.
pub struct Surface {
    /// Nothing where the window system refused: then there is nothing to draw on.
    window: Option<softbuffer::Surface<Box<dyn Display>, Box<dyn Window>>>,
    size: Size<u32>,
    mask: Option<Mask>,
    frames: Frames,
}

impl graphics::Compositor for Compositor {
    type Renderer = Renderer;
    type Surface = Surface;

    async fn with_backend(
        settings: Settings,
        display: impl Display + Clone,
        _window: impl Window + Clone,
        _shell: Shell,
        backend: Option<&str>,
    ) -> Result<Self, Error> {
        let refused = |reason| Error::GraphicsAdapterNotFound { backend: "tiny-skia", reason };
        match backend {
            None | Some("tiny-skia" | "tiny_skia") => {}
            Some(other) => {
                return Err(refused(error::Reason::DidNotMatch { preferred_backend: other.to_owned() }));
            }
        }
        let context = softbuffer::Context::new(Box::new(display) as Box<dyn Display>)
            .map_err(|error| refused(error::Reason::RequestFailed(error.to_string())))?;
        Ok(Self { context, font: settings.default_font, text_size: settings.default_text_size })
    }

    fn create_renderer(&self) -> Renderer {
        Renderer::new(self.font, self.text_size)
    }

    fn create_surface<W: Window + Clone>(&mut self, window: W, width: u32, height: u32) -> Surface {
        let window = softbuffer::Surface::new(&self.context, Box::new(window) as Box<dyn Window>).ok();
        let mut surface = Surface { window, size: Size::new(0, 0), mask: None, frames: Frames::default() };
        self.configure_surface(&mut surface, width, height);
        surface
    }

    fn configure_surface(&mut self, surface: &mut Surface, width: u32, height: u32) {
        surface.frames.forget();
        surface.size = Size::new(width, height);
        surface.mask = Mask::new(width, height);
        if let (Some(window), Some(width), Some(height)) =
            (&mut surface.window, NonZeroU32::new(width), NonZeroU32::new(height))
            && window.resize(width, height).is_err()
        {
            surface.mask = None;
        }
    }

    fn information(&self) -> Information {
        Information { adapter: "CPU".to_owned(), backend: "tiny-skia".to_owned() }
    }

    fn present(
        &mut self,
        renderer: &mut Renderer,
        surface: &mut Surface,
        viewport: &Viewport,
        background: Color,
        before: impl FnOnce(),
    ) -> Result<(), SurfaceError> {
        let Surface { window: Some(window), size, mask: Some(mask), frames } = surface else {
            return Err(SurfaceError::Lost);
        };
        let mut buffer = window.buffer_mut().map_err(|_| SurfaceError::Lost)?;
        let age = buffer.age();
        let mut canvas = Canvas { pixels: &mut buffer, size: *size, mask };
        frames.draw(renderer, &mut canvas, age, viewport.scale_factor(), background);
        before();
        buffer.present().map_err(|_| SurfaceError::Lost)
    }

    fn screenshot(&mut self, renderer: &mut Renderer, viewport: &Viewport, background: Color) -> Vec<u8> {
        Canvas::screenshot(renderer, viewport.physical_size(), viewport.scale_factor(), background)
    }
}
