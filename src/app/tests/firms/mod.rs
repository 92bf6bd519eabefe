//! 企业: finding and choosing firms, reading and changing one, entering a new one.
//! What is remembered, what is covered and what is refused is looked at in the window and in the database.
//! Here stands what these tests do with their hands; nothing of the screen is stood in for.

mod file;
mod form;
mod list;

use iced::keyboard::{Key, Modifiers};
use iced::{Point, Size};

use super::support::{Seat, example_seat, options};
use crate::app::desk::Message as Desk;
use crate::app::headless::Headless;
use crate::app::place::Place;
use crate::app::window::Message;
use crate::domain::id::RecordId;
use crate::store::ledger::FirmRow;
use crate::store::queries::FirmFile;

/// At the list of firms.
fn at_firms() -> Seat {
    let mut seat = example_seat();
    seat.press_on("企业");
    seat
}

impl Seat {
    fn go(&mut self, place: Place) {
        self.window.send(Message::Desk(Desk::Go(place)));
    }

    fn place(&self) -> Place {
        self.window.window().desk().expect("somebody is signed in").place()
    }

    /// The names in the list, from the top.
    fn names(&mut self) -> Vec<String> {
        let ledger = self.db().ledger();
        let known: std::collections::HashSet<String> = ledger.firms().map(|firm| firm.name.to_string()).collect();
        self.window.seen().into_iter().map(|seen| seen.words).filter(|words| known.contains(words)).collect()
    }

    fn firm(&self, fits: impl Fn(&FirmRow) -> bool) -> FirmRow {
        let ledger = self.db().ledger();
        let mut firms: Vec<_> = ledger.firms().filter(|firm| fits(firm)).collect();
        firms.sort_by(|a, b| a.code.cmp(&b.code));
        FirmRow::clone(firms.first().expect("such a firm"))
    }

    fn file(&self, id: RecordId) -> FirmFile {
        self.db().firm(id).wait().expect("an answer").expect("a firm")
    }

    /// Opens a firm's file at a tab.
    fn open(&mut self, id: RecordId, tab: &str) {
        self.go(Place::firm(id));
        self.press_in_panel(tab);
    }

    /// Presses on words in the panel at the right.
    fn press_in_panel(&mut self, words: &str) {
        let left = self.panel_left();
        let at = self.window.seen().into_iter().find(|seen| seen.words.starts_with(words) && seen.bounds.x > left);
        let at = at.unwrap_or_else(|| panic!("“{words}” is not in the panel")).bounds.center();
        self.press(at);
    }

    fn panel_left(&mut self) -> f32 {
        1440.0 - 481.0
    }

    fn sees_in_panel(&mut self, words: &str) -> bool {
        let left = self.panel_left();
        self.window.seen().into_iter().any(|seen| seen.words.contains(words) && seen.bounds.x > left)
    }

    /// The cell of a figure in a year's column.
    fn year_cell(&mut self, label: &str, year: &str) -> Point {
        let left = self.panel_left();
        let seen = self.window.seen();
        let line = seen.iter().find(|seen| seen.words == label && seen.bounds.x > left).expect("a row").bounds;
        let head = seen.iter().find(|seen| seen.words == year && seen.bounds.x > left).expect("a year").bounds;
        Point::new(head.center_x(), line.center_y())
    }

    fn ctrl_shift(&mut self, letter: &str) {
        self.key_with(Key::Character(letter.into()), Modifiers::CTRL | Modifiers::SHIFT, None);
    }

    /// The same office in a new window.
    fn again(self) -> Seat {
        let Seat { window, folder } = self;
        drop(window);
        let folder_path = folder.0.clone();
        Seat { window: Headless::open(&folder_path, options(), Size::new(1440.0, 900.0)).expect("a window"), folder }
    }
}

fn type_into(seat: &mut Seat, field: &'static str, text: &str) {
    seat.focus(field);
    seat.retype(text);
}
