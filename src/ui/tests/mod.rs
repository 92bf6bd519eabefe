//! People at the components: clicks, keys, input methods, and what is sent for it.
//! A [`Desk`] keeps what widgets remember between two views, as a window does.
//! Nothing here compares pictures; what widgets look like is seen in the gallery.

mod fields;
mod grid;
mod pages;
mod pressing;

use iced::advanced::clipboard;
use iced::advanced::mouse::{self, Button};
use iced::keyboard::key::{Named, Physical};
use iced::keyboard::{self, Key, Location, Modifiers};
use iced::{Event, Point, Rectangle, Size, window};
use iced_runtime::user_interface::{Cache, UserInterface};

use crate::ui::root::Root;
use crate::ui::{Element, Renderer, Theme, picture};

/// A screen with somebody before it: keeps what widgets remember between views.
pub(super) struct Desk {
    cache: Cache,
    renderer: Renderer,
    size: Size,
    pub at: Option<Point>,
    statuses: Vec<iced::event::Status>,
}

impl Desk {
    pub fn new(width: f32, height: f32) -> Self {
        let renderer = picture::renderer().expect("a renderer");
        Self { cache: Cache::new(), renderer, size: Size::new(width, height), at: None, statuses: Vec::new() }
    }

    /// Shows a view, lets events happen one by one with a redraw after each, and returns what was sent.
    pub fn act<'a, M>(&mut self, view: impl Into<Element<'a, M>>, events: &[Event]) -> Vec<M> {
        let cursor = self.at.map_or(mouse::Cursor::Unavailable, mouse::Cursor::Available);
        let mut ui = UserInterface::build(view, self.size, std::mem::take(&mut self.cache), &mut self.renderer);
        let mut sent = Vec::new();
        let redraw = Event::Window(window::Event::RedrawRequested(iced::time::Instant::now()));
        self.statuses.clear();
        ui.update(std::slice::from_ref(&redraw), cursor, &mut self.renderer, &mut clipboard::Null, &mut sent);
        for event in events {
            let (_, status) =
                ui.update(std::slice::from_ref(event), cursor, &mut self.renderer, &mut clipboard::Null, &mut sent);
            self.statuses.extend(status);
            ui.update(std::slice::from_ref(&redraw), cursor, &mut self.renderer, &mut clipboard::Null, &mut sent);
        }
        self.cache = ui.into_cache();
        sent
    }

    /// Where words stand.
    pub fn find<'a, M>(&mut self, view: impl Into<Element<'a, M>>, words: &str) -> Rectangle {
        let mut ui = UserInterface::build(view, self.size, std::mem::take(&mut self.cache), &mut self.renderer);
        let redraw = Event::Window(window::Event::RedrawRequested(iced::time::Instant::now()));
        ui.update(
            &[redraw],
            mouse::Cursor::Unavailable,
            &mut self.renderer,
            &mut clipboard::Null,
            &mut Vec::<M>::new(),
        );
        let mut find = iced_test::Selector::find(words);
        ui.operate(&self.renderer, &mut iced::advanced::widget::operation::black_box(&mut find));
        self.cache = ui.into_cache();
        use iced::advanced::widget::operation::{Operation as _, Outcome};
        let Outcome::Some(Some(found)) = find.finish() else { panic!("“{words}” is not to be seen") };
        found.visible_bounds().unwrap_or_else(|| panic!("“{words}” is out of sight"))
    }

    pub fn click<'a, M>(&mut self, view: impl Fn() -> Element<'a, M>, words: &str) -> Vec<M> {
        self.at = Some(self.find(view(), words).center());
        self.act(view(), &[moved(self.at), pressed(Button::Left), released(Button::Left)])
    }
}

pub(super) fn moved(at: Option<Point>) -> Event {
    Event::Mouse(mouse::Event::CursorMoved { position: at.unwrap_or_default() })
}

pub(super) fn pressed(button: Button) -> Event {
    Event::Mouse(mouse::Event::ButtonPressed(button))
}

pub(super) fn released(button: Button) -> Event {
    Event::Mouse(mouse::Event::ButtonReleased(button))
}

pub(super) fn key_with(key: Key, modifiers: Modifiers, text: Option<&str>) -> Event {
    Event::Keyboard(keyboard::Event::KeyPressed {
        key: key.clone(),
        modified_key: key,
        physical_key: Physical::Unidentified(keyboard::key::NativeCode::Unidentified),
        location: Location::Standard,
        modifiers,
        text: text.map(Into::into),
        repeat: false,
    })
}

pub(super) fn key(named: Named) -> Event {
    key_with(Key::Named(named), Modifiers::empty(), None)
}

pub(super) fn letter(c: &str) -> Event {
    key_with(Key::Character(c.into()), Modifiers::empty(), Some(c))
}

pub(super) fn ctrl(c: &str) -> Event {
    key_with(Key::Character(c.into()), Modifiers::CTRL, None)
}

pub(super) fn root<'a, M: 'a>(content: impl Into<Element<'a, M>>) -> Element<'a, M> {
    Root::new(content, &Theme::LIGHT, 1.0).into()
}
