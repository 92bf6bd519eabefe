//! Offices to travel in: the example district, made once and copied for each journey; clocks that stand still.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use kebao::domain::id::RecordId;
use kebao::example::{self, Size};
use kebao::store::{Clock, Db, Entropy, Options};

/// The day all journeys take place on, a Monday.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day")
}

/// A folder that vanishes with the journey.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let path = std::env::temp_dir().join(format!(
            "kebao-journey-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An open office in a folder of its own.
pub struct Office {
    pub db: Db,
    pub officer: RecordId,
    pub folder: Folder,
}

pub fn open(folder: &Path) -> Db {
    Db::open(folder, Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(4711) })
        .expect("the office opens")
}

/// The example district. Small, because a journey needs states, not numbers.
pub fn example_office() -> Office {
    static MADE: OnceLock<(Folder, RecordId)> = OnceLock::new();
    let (made, officer) = MADE.get_or_init(|| {
        let folder = Folder::new();
        let officer = example::build(&folder.0, Size::DISTRICT, today(), &mut |_, _| {}).expect("the example is made");
        (folder, officer)
    });
    let folder = Folder::new();
    fs::copy(made.0.join("kebao.db"), folder.0.join("kebao.db")).expect("a copy of the example");
    let db = open(&folder.0);
    db.load_ledger(2025).wait().expect("a ledger");
    Office { db, officer: *officer, folder }
}

/// An office with nobody and nothing in it but its first user.
pub fn empty_office() -> Office {
    use kebao::domain::people::Role;
    let folder = Folder::new();
    let db = open(&folder.0);
    let done = db.act(RecordId::OFFICE, "启用科报", |act| {
        act.change_office(&[("name".to_owned(), Some("青澜区科学技术局".to_owned()))].into())?;
        act.add_user("周敏", &[Role::Officer, Role::Administrator])
    });
    let officer = done.wait().expect("founded").value;
    db.load_ledger(2025).wait().expect("a ledger");
    Office { db, officer, folder }
}

impl Office {
    /// Nothing that was done left the database or its tables in doubt.
    pub fn assert_whole(&self) {
        assert_eq!(self.db.check().wait().expect("a check").faults, []);
    }
}
