//! The window without a display: somebody sits before it, presses and types, and it is drawn to pictures.
//!
//! The manual's pictures, `kebao demo --out` and the tests of what people do all go through here: the same state, the same
//! widgets, the same database as in a real window; only the screen and the hand are missing.

use std::path::Path;

use iced::advanced::clipboard;
use iced::advanced::renderer::{Headless as _, Style};
use iced::advanced::widget::operation::Outcome;
use iced::advanced::widget::{Id, Operation};
use iced::advanced::{input_method, mouse};
use iced::futures::StreamExt;
use iced::keyboard::key::{Named, NativeCode, Physical};
use iced::keyboard::{self, Key, Location, Modifiers};
use iced::time::Instant;
use iced::{Color, Event, Point, Rectangle, Size, Task, Vector, window};
use iced_runtime::user_interface::{Cache, UserInterface};
use iced_runtime::{Action, clipboard as action_clipboard, task};

use super::opening::{Opened, Site};
use super::window::{Message, Window};
use crate::domain::{Problem, Result};
use crate::store::Options;
use crate::ui::picture::{self, Picture};
use crate::ui::{Renderer, Theme};

/// A window nobody sees.
pub struct Headless {
    window: Window,
    cache: Cache,
    renderer: Renderer,
    /// What was drawn frame by frame, with its size.
    #[cfg(not(feature = "gpu"))]
    screen: Option<(Size<u32>, crate::ui::Offscreen)>,
    /// As on the screen, whatever the zoom.
    size: Size,
    pointer: Option<Point>,
    modifiers: Modifiers,
    /// What was last put on the clipboard.
    pub clipboard: Option<String>,
    /// Whether the window has closed.
    pub closed: bool,
    /// Work that waits, while [`Headless::hold`] is in force.
    held: Option<Vec<Task<Message>>>,
    /// The moment everything is drawn at, where it is not the present one.
    moment: Option<Instant>,
}

/// A text that stands somewhere in the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub words: String,
    pub bounds: Rectangle,
}

impl Headless {
    /// Opens the office in a folder, in a window of a size in logical pixels, and waits until the first screen is there.
    ///
    /// # Errors
    /// Where this build has no software renderer. What goes wrong with the office shows in the window.
    pub fn open(folder: &Path, options: Options, size: Size) -> Result<Self> {
        let site = Site { folder: folder.to_owned(), options };
        let opening = site.open();
        let (window, task) = Window::new(Ok(site), Some(opening), None);
        let renderer = picture::renderer().ok_or_else(|| Problem::bug("no software renderer"))?;
        let mut this = Self {
            window,
            cache: Cache::new(),
            renderer,
            #[cfg(not(feature = "gpu"))]
            screen: None,
            size,
            pointer: None,
            modifiers: Modifiers::empty(),
            clipboard: None,
            closed: false,
            held: None,
            moment: None,
        };
        this.work(vec![Task::done(Message::Resized(size)), task]);
        Ok(this)
    }

    /// The window's state.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Another size of the window.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.send(Message::Resized(self.inside()));
    }

    /// What the window has inside: enlarged, it has less.
    fn inside(&self) -> Size {
        self.size * (1.0 / self.window.zoom())
    }

    /// Something happens to the window that no hand did.
    pub fn send(&mut self, message: Message) {
        self.work(vec![Task::done(message)]);
    }

    /// From now on work is not done but waits, as if it took long, until [`Headless::release`].
    pub fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Does the work that waited.
    pub fn release(&mut self) {
        let waiting = self.held.take().unwrap_or_default();
        self.work(waiting);
    }

    /// Does the work that waited; what follows from it waits in its turn.
    pub fn release_some(&mut self) {
        let waiting = self.held.replace(Vec::new()).unwrap_or_default();
        self.work(waiting);
    }

    /// Everything that can be read, from top to bottom; what is scrolled out of sight is not.
    pub fn seen(&mut self) -> Vec<Seen> {
        let mut read = Read::default();
        self.operate(&mut read);
        read.seen
    }

    /// Whether words stand somewhere, whole or as a part of a text.
    pub fn sees(&mut self, words: &str) -> bool {
        self.seen().iter().any(|seen| seen.words.contains(words))
    }

    /// Where words stand: the whole text first, else the first that contains them.
    pub fn find(&mut self, words: &str) -> Option<Rectangle> {
        let seen = self.seen();
        let whole = seen.iter().find(|seen| seen.words == words);
        whole.or_else(|| seen.iter().find(|seen| seen.words.contains(words))).map(|seen| seen.bounds)
    }

    /// Presses on words. Returns whether they were there.
    pub fn click(&mut self, words: &str) -> bool {
        match self.find(words) {
            Some(bounds) => {
                self.press(bounds.center());
                true
            }
            None => false,
        }
    }

    /// Presses on the `n`th text that is exactly these words, counted from 0.
    pub fn click_nth(&mut self, words: &str, n: usize) -> bool {
        let found = self.seen().into_iter().filter(|seen| seen.words == words).nth(n);
        match found {
            Some(seen) => {
                self.press(seen.bounds.center());
                true
            }
            None => false,
        }
    }

    /// Presses at a point of the window.
    pub fn press(&mut self, at: Point) {
        self.point(at);
        self.act(&[
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)),
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)),
        ]);
    }

    /// Moves the pointer.
    pub fn point(&mut self, at: Point) {
        self.pointer = Some(at);
        self.act(&[Event::Mouse(mouse::Event::CursorMoved { position: at })]);
    }

    /// Turns the wheel by lines, downwards where positive.
    pub fn wheel(&mut self, lines: f32) {
        let delta = mouse::ScrollDelta::Lines { x: 0.0, y: -lines };
        self.act(&[Event::Mouse(mouse::Event::WheelScrolled { delta })]);
    }

    /// Types a text as an input method commits it, a character at a time.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii() {
                self.key_with(Key::Character(c.to_string().into()), Modifiers::empty(), Some(&c.to_string()));
            } else {
                self.act(&[Event::InputMethod(input_method::Event::Commit(c.to_string()))]);
            }
        }
    }

    /// Replaces what stands in the field that has the keyboard.
    pub fn retype(&mut self, text: &str) {
        self.ctrl("a");
        self.key(Named::Backspace);
        self.type_text(text);
    }

    /// Gives the keyboard to a field by its name.
    pub fn focus(&mut self, id: &'static str) {
        let mut operation = iced::advanced::widget::operation::focusable::focus::<()>(Id::new(id));
        self.operate(&mut operation);
    }

    /// Presses a named key.
    pub fn key(&mut self, named: Named) {
        self.key_with(Key::Named(named), Modifiers::empty(), None);
    }

    /// Presses a letter with Ctrl.
    pub fn ctrl(&mut self, letter: &str) {
        self.key_with(Key::Character(letter.into()), Modifiers::CTRL, None);
    }

    /// Presses any key.
    pub fn key_with(&mut self, key: Key, modifiers: Modifiers, text: Option<&str>) {
        let mut events = Vec::new();
        if modifiers != self.modifiers {
            events.push(Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)));
        }
        events.push(Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key.clone(),
            physical_key: Physical::Unidentified(NativeCode::Unidentified),
            location: Location::Standard,
            modifiers,
            text: text.map(Into::into),
            repeat: false,
        }));
        events.push(Event::Keyboard(keyboard::Event::KeyReleased {
            key: key.clone(),
            modified_key: key,
            physical_key: Physical::Unidentified(NativeCode::Unidentified),
            location: Location::Standard,
            modifiers,
        }));
        if modifiers != self.modifiers {
            events.push(Event::Keyboard(keyboard::Event::ModifiersChanged(self.modifiers)));
        }
        self.act(&events);
    }

    /// Draws all that follows as of this moment, until it is said again: no caret blinks between two pictures.
    pub fn stand_still(&mut self) {
        self.moment = Some(Instant::now());
    }

    fn redraw(&self) -> Event {
        Event::Window(window::Event::RedrawRequested(self.moment.unwrap_or_else(Instant::now)))
    }

    /// The window as it stands.
    pub fn picture(&mut self) -> Option<Picture> {
        // Twice: what was only just opened learns its place in the first pass.
        self.act(&[]);
        let (theme, background) = self.draw();
        let Size { width, height } = self.pixels(theme.scale);
        let rgba = self.renderer.screenshot(Size::new(width, height), theme.scale, background);
        Some(Picture { width, height, rgba })
    }

    /// Draws what changed since the last frame, as a window on a screen does, and gives the pixels, 0xAARRGGBB. `None`:
    /// there is nothing to draw on.
    #[cfg(not(feature = "gpu"))]
    pub fn frame(&mut self) -> Option<&[u32]> {
        let (theme, background) = self.draw();
        let size = self.pixels(theme.scale);
        if self.screen.as_ref().is_none_or(|(known, _)| *known != size) {
            self.screen = crate::ui::Offscreen::new(size).map(|screen| (size, screen));
        }
        let (_, screen) = self.screen.as_mut()?;
        screen.draw(&mut self.renderer, theme.scale, background);
        Some(screen.pixels())
    }

    fn draw(&mut self) -> (Theme, Color) {
        let theme = self.window.theme();
        let (cursor, redraw) = (self.cursor(), self.redraw());
        let mut ui = UserInterface::build(
            self.window.view(),
            self.inside(),
            std::mem::take(&mut self.cache),
            &mut self.renderer,
        );
        ui.update(&[redraw], cursor, &mut self.renderer, &mut clipboard::Null, &mut Vec::new());
        let base = iced::theme::Base::base(&theme);
        ui.draw(&mut self.renderer, &theme, &Style { text_color: base.text_color }, cursor);
        self.cache = ui.into_cache();
        (theme, base.background_color)
    }

    /// The window's size in pixels.
    fn pixels(&self, scale: f32) -> Size<u32> {
        let pixels = |length: f32| (length * scale).round() as u32;
        let inside = self.inside();
        Size::new(pixels(inside.width), pixels(inside.height))
    }

    fn cursor(&self) -> mouse::Cursor {
        self.pointer.map_or(mouse::Cursor::Unavailable, mouse::Cursor::Available)
    }

    /// Lets events happen one by one, as a window does, and does all work that follows.
    pub fn act(&mut self, events: &[Event]) {
        for event in events.iter().cloned().chain([self.redraw()]) {
            let mut sent = Vec::new();
            let mut ui = UserInterface::build(
                self.window.view(),
                self.inside(),
                std::mem::take(&mut self.cache),
                &mut self.renderer,
            );
            let cursor = self.pointer.map_or(mouse::Cursor::Unavailable, mouse::Cursor::Available);
            let mut board = Board(&mut self.clipboard);
            ui.update(&[event], cursor, &mut self.renderer, &mut board, &mut sent);
            self.cache = ui.into_cache();
            if !sent.is_empty() {
                self.work(sent.into_iter().map(Task::done).collect());
            }
        }
    }

    fn operate(&mut self, operation: &mut dyn Operation) {
        let (cursor, redraw) = (self.cursor(), self.redraw());
        let mut ui = UserInterface::build(
            self.window.view(),
            self.inside(),
            std::mem::take(&mut self.cache),
            &mut self.renderer,
        );
        ui.update(&[redraw], cursor, &mut self.renderer, &mut clipboard::Null, &mut Vec::new());
        ui.operate(&self.renderer, operation);
        self.cache = ui.into_cache();
    }

    /// Does tasks, and what comes of them, until nothing is left to do.
    fn work(&mut self, tasks: Vec<Task<Message>>) {
        let mut waiting: std::collections::VecDeque<Task<Message>> = tasks.into();
        while let Some(next) = waiting.pop_front() {
            let Some(mut stream) = task::into_stream(next) else { continue };
            while let Some(action) = futures_executor::block_on(stream.next()) {
                match action {
                    Action::Output(message) => {
                        let next = self.window.update(message);
                        match &mut self.held {
                            Some(held) => held.push(next),
                            None => waiting.push_back(next),
                        }
                    }
                    Action::Widget(mut operation) => self.operate_all(&mut *operation),
                    Action::Clipboard(action_clipboard::Action::Write { contents, .. }) => {
                        self.clipboard = Some(contents);
                    }
                    Action::Clipboard(action_clipboard::Action::Read { channel, .. }) => {
                        // Nobody waits any more: the question was dropped.
                        let _ = channel.send(self.clipboard.clone());
                    }
                    Action::Exit => self.closed = true,
                    // A window's own business, or the machine's: there is neither here.
                    _ => {}
                }
            }
        }
    }

    fn operate_all(&mut self, operation: &mut dyn Operation) {
        self.operate(operation);
        let mut outcome = operation.finish();
        while let Outcome::Chain(mut next) = outcome {
            self.operate(&mut *next);
            outcome = next.finish();
        }
    }
}

/// A clipboard that remembers.
struct Board<'a>(&'a mut Option<String>);

impl iced::advanced::Clipboard for Board<'_> {
    fn read(&self, _kind: clipboard::Kind) -> Option<String> {
        self.0.clone()
    }

    fn write(&mut self, _kind: clipboard::Kind, contents: String) {
        *self.0 = Some(contents);
    }
}

/// Reads what stands in a window, with scrolled content where it really is.
struct Read {
    seen: Vec<Seen>,
    stack: Vec<(Rectangle, Vector)>,
    viewport: Rectangle,
    translation: Vector,
}

impl Default for Read {
    fn default() -> Self {
        Self {
            seen: Vec::new(),
            stack: vec![(Rectangle::INFINITE, Vector::ZERO)],
            viewport: Rectangle::INFINITE,
            translation: Vector::ZERO,
        }
    }
}

impl Operation for Read {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        self.stack.push((self.viewport, self.translation));
        operate(self);
        self.stack.pop();
        // A scrolled place changed both before it was entered; outside of it they are as they were there.
        if let Some((viewport, translation)) = self.stack.last() {
            self.viewport = *viewport;
            self.translation = *translation;
        }
    }

    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        _content: Rectangle,
        translation: Vector,
        _state: &mut dyn iced::advanced::widget::operation::Scrollable,
    ) {
        self.viewport = self.viewport.intersection(&(bounds + self.translation)).unwrap_or_default();
        self.translation -= translation;
    }

    fn text_input(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        state: &mut dyn iced::advanced::widget::operation::TextInput,
    ) {
        let words = state.text().to_owned();
        self.read(bounds, &words);
    }

    fn text(&mut self, _id: Option<&Id>, bounds: Rectangle, text: &str) {
        self.read(bounds, text);
    }
}

impl Read {
    fn read(&mut self, bounds: Rectangle, words: &str) {
        if words.is_empty() {
            return;
        }
        if let Some(bounds) = self.viewport.intersection(&(bounds + self.translation)) {
            self.seen.push(Seen { words: words.to_owned(), bounds });
        }
    }
}

impl Headless {
    /// The open office, for looking behind the window.
    pub fn db(&self) -> Option<crate::store::Db> {
        self.window.desk().map(|desk| desk.ctx().db.clone())
    }

    /// Opens an office that is open already, as after first run.
    pub fn opened(opened: Opened, size: Size) -> Result<Self> {
        let folder = opened.db.folder().to_owned();
        let site = Site { folder, options: Options::default() };
        let (window, task) = Window::new(Ok(site), None, None);
        let renderer = picture::renderer().ok_or_else(|| Problem::bug("no software renderer"))?;
        let mut this = Self {
            window,
            cache: Cache::new(),
            renderer,
            #[cfg(not(feature = "gpu"))]
            screen: None,
            size,
            pointer: None,
            modifiers: Modifiers::empty(),
            clipboard: None,
            closed: false,
            held: None,
            moment: None,
        };
        this.work(vec![Task::done(Message::Resized(size)), task, Task::done(Message::Opened(Ok(opened)))]);
        Ok(this)
    }
}
