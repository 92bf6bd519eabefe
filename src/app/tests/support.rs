//! Offices to work in: the example district, made once and copied; an empty one; clocks that stand still.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use iced::Size;

use crate::app::headless::Headless;
use crate::domain::id::RecordId;
use crate::example::{self, Size as District};
use crate::store::{Clock, Db, Entropy, Options};

/// The day all this happens on, a Monday.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day")
}

/// A folder that vanishes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("kebao-window-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn options() -> Options {
    Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(4711) }
}

/// Somebody before a window.
pub struct Seat {
    pub window: Headless,
    pub folder: Folder,
}

impl std::ops::Deref for Seat {
    type Target = Headless;

    fn deref(&self) -> &Headless {
        &self.window
    }
}

impl std::ops::DerefMut for Seat {
    fn deref_mut(&mut self) -> &mut Headless {
        &mut self.window
    }
}

impl Seat {
    pub fn db(&self) -> Db {
        self.window.db().expect("somebody is signed in")
    }

    /// Presses on words that must be there.
    pub fn press_on(&mut self, words: &str) {
        if !self.window.click(words) {
            let seen: Vec<String> = self.window.seen().into_iter().map(|seen| seen.words).collect();
            panic!("“{words}” is not to be seen among {seen:?}");
        }
    }

    /// Presses on the words that lie uppermost, as in an open menu.
    pub fn press_last(&mut self, words: &str) {
        let at = self.window.seen().into_iter().rfind(|seen| seen.words == words);
        let at = at.unwrap_or_else(|| panic!("“{words}” is not to be seen")).bounds.center();
        self.press(at);
    }

    /// Words that must be there.
    pub fn must_see(&mut self, words: &str) {
        if !self.window.sees(words) {
            let seen: Vec<String> = self.window.seen().into_iter().map(|seen| seen.words).collect();
            panic!("“{words}” is not to be seen among {seen:?}");
        }
    }

    /// Nothing that was done left the database or its tables in doubt.
    pub fn assert_whole(&self) {
        assert_eq!(self.db().check().wait().expect("a check").faults, []);
    }
}

/// The example district in a window of a usual size, its officer at the desk.
pub fn example_seat() -> Seat {
    example_seat_of(Size::new(1440.0, 900.0))
}

/// The same in a window of any size.
pub fn example_seat_of(size: Size) -> Seat {
    static MADE: OnceLock<(Folder, RecordId)> = OnceLock::new();
    let (made, _) = MADE.get_or_init(|| {
        let folder = Folder::new();
        let officer =
            example::build(&folder.0, District::DISTRICT, today(), &mut |_, _| {}).expect("the example is made");
        (folder, officer)
    });
    let folder = Folder::new();
    fs::copy(made.0.join("kebao.db"), folder.0.join("kebao.db")).expect("a copy of the example");
    let window = Headless::open(&folder.0, options(), size).expect("a window");
    Seat { window, folder }
}

/// A window on a folder where nobody has begun yet.
pub fn new_seat() -> Seat {
    let folder = Folder::new();
    let window = Headless::open(&folder.0, options(), Size::new(1440.0, 900.0)).expect("a window");
    Seat { window, folder }
}
