//! The gallery of components: in a window, or as pictures with `--out FOLDER`.
//!
//! `cargo run --example gallery -- [--dark] [--compact] [--page NAME] [--rows N] [--zoom 1.25] [--size 1920x1080] [--out FOLDER]`

use std::path::PathBuf;

use iced::{Size, Task};
use kebao::ui::gallery::{Above, Gallery, Message, Page};
use kebao::ui::{Density, Element, Theme, fonts, picture};

struct App(Gallery);

#[derive(Debug, Clone)]
enum Event {
    Gallery(Message),
    Resized(Size),
}

fn option(name: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name)?;
    Some(arguments.get(at + 1).cloned().unwrap_or_default())
}

fn gallery() -> Gallery {
    let theme = if option("--dark").is_some() { Theme::DARK } else { Theme::LIGHT };
    let theme = if option("--compact").is_some() { theme.density(Density::Compact) } else { theme };
    let rows = option("--rows").and_then(|rows| rows.parse().ok()).unwrap_or(100_000);
    let mut gallery = Gallery::new(theme, rows);
    if let Some(zoom) = option("--zoom").and_then(|zoom| zoom.parse().ok()) {
        gallery.update(Message::Zoom(zoom));
    }
    if let Some(page) = option("--page").and_then(|name| Page::ALL.into_iter().find(|page| page.name() == name)) {
        gallery.page = page;
    }
    gallery
}

fn view(app: &App) -> Element<'_, Event> {
    app.0.view().map(Event::Gallery)
}

fn update(app: &mut App, event: Event) -> Task<Event> {
    match event {
        Event::Gallery(message) => match app.0.update(message) {
            Some(text) => iced::clipboard::write(text),
            None => Task::none(),
        },
        Event::Resized(size) => {
            app.0.window = size;
            Task::none()
        }
    }
}

/// Every page, light and dark, comfortable and compact, at the sizes of the design's pictures.
fn pictures(folder: &PathBuf) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let sizes = [(1366.0, 768.0), (1440.0, 900.0), (1920.0, 1080.0)];
    let only = option("--page");
    for (name, theme) in [("light", Theme::LIGHT), ("dark", Theme::DARK)] {
        for (width, height) in sizes {
            for page in Page::ALL {
                if only.as_deref().is_some_and(|only| only != page.name()) {
                    continue;
                }
                let density = if width < 1400.0 { Density::Compact } else { Density::Comfortable };
                let zoom: f32 = option("--zoom").and_then(|zoom| zoom.parse().ok()).unwrap_or(1.0);
                for above in [None, Some(Above::Palette), Some(Above::Dialog)] {
                    if above.is_some() && (page != Page::Grid || width != 1440.0) {
                        continue;
                    }
                    let mut gallery = Gallery::new(theme.density(density), 1284);
                    gallery.page = page;
                    gallery.above = above;
                    gallery.window = Size::new(width / zoom, height / zoom);
                    gallery.panel = page == Page::Grid && above.is_none() && width < 1900.0;
                    gallery.update(Message::Zoom(zoom));
                    if page == Page::Grid || page == Page::Empty {
                        gallery.pose();
                    }
                    let look = gallery.theme();
                    let size = gallery.window;
                    let Some(picture) = picture::draw(gallery.view(), size, &look) else { continue };
                    let suffix = above.map_or(String::new(), |above| format!("-{above:?}").to_lowercase());
                    let file = format!("{}-{name}-{width}{suffix}.png", page.name());
                    std::fs::write(folder.join(file), picture.png().map_err(std::io::Error::other)?)?;
                }
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fonts::preload();
    if let Some(folder) = option("--out") {
        return Ok(pictures(&PathBuf::from(folder))?);
    }
    let size = option("--size").and_then(|size| {
        let (width, height) = size.split_once('x')?;
        Some(Size::new(width.parse().ok()?, height.parse().ok()?))
    });
    iced::application(|| App(gallery()), update, view)
        .title("科报 · 组件")
        .theme(|app: &App| app.0.theme())
        .scale_factor(|app: &App| app.0.zoom)
        .subscription(|_| iced::window::resize_events().map(|(_, size)| Event::Resized(size)))
        .default_font(fonts::REGULAR)
        .window_size(size.unwrap_or(Size::new(1440.0, 900.0)))
        .run()?;
    Ok(())
}
