//! Offices that send each other packages, each in a folder of its own with keys of its own.
//! `road` is what happens to good packages, `bad` what happens to bad ones, `sealed` what happens to those with keys in them,
//! `machines` what happens where one machine has several records or wrote under several names,
//! `shared` what a folder does that several machines look into, `laws` the laws of the journal with packages between.
//! Not compiled outside tests.

mod bad;
mod laws;
mod machines;
mod road;
mod sealed;
mod shared;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;

use super::{Keys, Made, Opened, make, open, take};
use crate::domain::Result;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::machine::Machine;
use crate::domain::people::Role;
use crate::domain::program::Effect;
use crate::store::acts::{NewFiling, Values};
use crate::store::packages::{NewMachine, Taken, Wanted};
use crate::store::{Clock, Db, Entropy, Options};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day");

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned()))).collect()
}

/// A machine with the program on it.
struct Seat {
    db: Db,
    user: RecordId,
    folder: PathBuf,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Seat {
    /// A new one on which nobody has entered anything.
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("kebao-package-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("盘")).expect("a folder");
        let db = Db::open(&folder, Self::options()).expect("an office opens");
        db.load_ledger(2025).wait().expect("a ledger");
        Self { db, user: RecordId::OFFICE, folder }
    }

    /// How a program starts: always with chances of its own.
    fn options() -> Options {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Options { clock: Clock::fixed(DAY), entropy: Entropy::seeded(NEXT.fetch_add(1, Ordering::Relaxed) << 24) }
    }

    /// Closes the program, has something done to its folder, and opens it again where that lies then.
    fn reopen(&mut self, deed: impl FnOnce(&Path) -> PathBuf) {
        let meanwhile = Self::new();
        self.db = meanwhile.db.clone();
        self.folder = deed(&self.folder);
        self.db = Db::open(&self.folder, Self::options()).expect("the office opens again");
        self.db.load_ledger(2025).wait().expect("a ledger");
    }

    /// An office with an officer, a supervisor and so many filings waiting for review.
    fn officer(filings: usize) -> (Self, RecordId, Vec<RecordId>) {
        let mut seat = Self::new();
        let made = seat
            .db
            .act(RecordId::OFFICE, "启用", move |act| {
                act.change_office(&values(&[("name", "青澜区科学技术局")]))?;
                let officer = act.add_user("周敏", &[Role::Officer, Role::Administrator])?;
                let chief = act.add_user("张远", &[Role::Supervisor])?;
                let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
                let mut all = Vec::new();
                for n in 0..filings {
                    let firm = act.create_firm(values(&[("name", &format!("青澜第{n}厂"))]), Vec::new(), None)?;
                    let new = NewFiling { form: values(&[("staff", "80")]), ..NewFiling::default() };
                    let filing = act.open_filing(firm, edition, new)?;
                    act.move_filing(filing, &Wish::new(Effect::Pass, DAY))?;
                    all.push(filing);
                }
                Ok((officer, chief, all))
            })
            .wait()
            .expect("an office");
        let (officer, chief, all) = made.value;
        seat.user = officer;
        (seat, chief, all)
    }

    /// Meets another machine: its fingerprint was compared aloud.
    fn meet(&self, other: &Self, name: &str) -> Machine {
        let card = Keys::of(&other.db).expect("keys").card(&other.db);
        let sign = card.sign;
        let new = NewMachine { card, name: name.to_owned(), user: None };
        self.db.act(self.user, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
        self.db.machine_of(sign).wait().expect("an answer").expect("a machine")
    }

    fn known(&self, other: &Self) -> Machine {
        let sign = Keys::of(&other.db).expect("keys").sign_key();
        self.db.machine_of(sign).wait().expect("an answer").expect("a machine")
    }

    fn disk(&self) -> PathBuf {
        self.folder.join("盘")
    }

    fn send(&self, to: &Self, wanted: Wanted) -> Result<Made> {
        make(&self.db, self.user, &self.known(to), wanted, None, &self.free())
    }

    /// A file that is not there yet.
    fn free(&self) -> PathBuf {
        (1..).map(|n| self.disk().join(format!("包{n}.kbp"))).find(|path| !path.exists()).expect("a free name")
    }

    fn open(&self, path: &Path) -> Result<Opened> {
        open(&self.db, self.user, path, None)
    }

    fn take(&self, path: &Path) -> Result<Taken> {
        take(&self.db, self.user, &self.open(path)?, None)
    }

    fn decide(&self, filing: RecordId, effect: Effect) -> Result<()> {
        let wish = Wish { reason: "材料缺页".to_owned(), ..Wish::new(effect, DAY) };
        self.db.act(self.user, "登记进展", move |act| act.move_filing(filing, &wish)).wait().map(drop)
    }

    fn edit(&self, filing: RecordId, staff: &str) {
        let set = values(&[("form.staff", staff)]);
        self.db.act(self.user, "修改", move |act| act.change_filing(filing, &set)).wait().expect("edited");
    }

    /// Hashes of all it holds, waiting or not.
    fn held(&self) -> BTreeSet<crate::domain::event::Hash> {
        crate::store::tests::seen::held(&self.db)
    }

    fn tables(&self) -> Vec<String> {
        crate::store::tests::seen::dump(&self.db)
    }

    /// The last line of the log.
    fn last_logged(&self) -> String {
        let rows = self.db.log(&crate::store::queries::LogFilter::default(), None, 1).wait().expect("the log");
        rows.first().map(|row| row.words.clone()).unwrap_or_default()
    }
}

/// An officer and a supervisor who know each other; the supervisor's machine is new.
fn pair(filings: usize) -> (Seat, Seat, Vec<RecordId>) {
    let (officer, chief, all) = Seat::officer(filings);
    let mut supervisor = Seat::new();
    officer.meet(&supervisor, "张科长的电脑");
    supervisor.meet(&officer, "周敏的电脑");
    supervisor.user = chief;
    (officer, supervisor, all)
}
