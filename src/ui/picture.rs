//! Drawing any element to pixels without a display, with the program's own software renderer. The manual's pictures and
//! `kebao demo --out` are made this way, and so are the tests that look at pixels.

use std::io::Write;

use iced::advanced::renderer::{Headless, Style};
use iced::advanced::{clipboard, mouse};
use iced::{Event, Point, Size, window};
use iced_runtime::user_interface::{Cache, UserInterface};

use crate::ui::theme::Theme;
use crate::ui::{Element, Renderer, fonts};

/// A picture: 8 bits each of red, green, blue and alpha, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `width` × `height` × 4 bytes.
    pub rgba: Vec<u8>,
}

/// A software renderer that draws to memory. `None` when this build has none, which no build of ours lacks.
pub fn renderer() -> Option<Renderer> {
    fonts::load();
    let make = <Renderer as Headless>::new(fonts::REGULAR, 14.0.into(), Some("tiny-skia"));
    iced::futures::executor::block_on(make)
}

/// Draws an element at a size in logical pixels. The picture is `theme.scale` times as large.
pub fn draw<'a, M>(element: impl Into<Element<'a, M>>, size: Size, theme: &Theme) -> Option<Picture> {
    draw_after(element, size, theme, None, &[])
}

/// Draws an element after some events (keys, clicks), with the pointer at a place. Messages are dropped: what the picture
/// shows beyond hover and focus must already be in the element.
pub fn draw_after<'a, M>(
    element: impl Into<Element<'a, M>>,
    size: Size,
    theme: &Theme,
    pointer: Option<Point>,
    events: &[Event],
) -> Option<Picture> {
    let mut renderer = renderer()?;
    let mut ui = UserInterface::build(element, size, Cache::new(), &mut renderer);
    let cursor = pointer.map_or(mouse::Cursor::Unavailable, mouse::Cursor::Available);
    let mut messages: Vec<M> = Vec::new();
    let redraw = Event::Window(window::Event::RedrawRequested(iced::time::Instant::now()));
    let moved = pointer.map(|position| Event::Mouse(mouse::Event::CursorMoved { position }));
    let events: Vec<Event> =
        std::iter::once(redraw.clone()).chain(moved).chain(events.iter().cloned()).chain([redraw]).collect();
    // One by one, because an event may open what the next one is meant for.
    for event in events {
        ui.update(&[event], cursor, &mut renderer, &mut clipboard::Null, &mut messages);
    }
    let base = iced::theme::Base::base(theme);
    ui.draw(&mut renderer, theme, &Style { text_color: base.text_color }, cursor);
    let (width, height) = ((size.width * theme.scale).round() as u32, (size.height * theme.scale).round() as u32);
    let rgba = Headless::screenshot(&mut renderer, Size::new(width, height), theme.scale, base.background_color);
    Some(Picture { width, height, rgba })
}

impl Picture {
    /// The picture as a PNG file's bytes.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        self.write_png(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes the picture as PNG.
    pub fn write_png(&self, into: impl Write) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(into, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgba)?;
        writer.finish()
    }

    /// The colour of one pixel; `None` outside.
    pub fn at(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let start = (y as usize * self.width as usize + x as usize) * 4;
        self.rgba.get(start..start + 4)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced::widget::{container, space};

    #[test]
    fn a_page_is_drawn_without_a_display_at_the_size_and_scale_asked_for() {
        let theme = Theme::DARK.scale(1.5);
        let page: Element<'_, ()> = container(space().width(10).height(10))
            .style(|t: &Theme| container::background(t.tokens.accent_fill))
            .into();
        let picture = draw(page, Size::new(40.0, 20.0), &theme).unwrap();
        assert_eq!((picture.width, picture.height), (60, 30));
        assert_eq!(picture.at(3, 3), Some([0x22, 0x66, 0x7A, 255]));
        assert_eq!(picture.at(50, 3), Some([0x1A, 0x22, 0x25, 255]), "the rest is the sheet");
        assert_eq!(picture.at(60, 0), None);
        assert_eq!(&picture.png().unwrap()[1..4], b"PNG");
    }
}
