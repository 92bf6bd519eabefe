//! Histories: several offices with clocks that disagree, what their people do (`deeds`), and how events travel between them.
//!
//! A history is a list of numbers ([`Step`]), so that a failing one can be made shorter; what cannot be done at a step is
//! refused by the program or passed over here, and the laws hold either way.

mod deeds;

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use deeds::COLLEAGUES;

use super::seen::{Seen, ask, dump, entries, held, ids, inbox};
use crate::domain::event::{Confirmed, Entry, Event, Fact, Hash, ImportDone, ShortlistRow, Source};
use crate::domain::filing::machine::{Wish, choices};
use crate::domain::id::RecordId;
use crate::domain::material::Mark;
use crate::domain::people::{Role, user_key};
use crate::domain::program::Effect;
use crate::domain::review::{Answer, Found, Given, Reviewer};
use crate::domain::{Problem, Result, firm};
use crate::store::acts::{NewFiling, Values};
use crate::store::journal;
use crate::store::testing::{OFFICER, TODAY, TempFolder, employ, hide};
use crate::store::{Act, Clock, DATABASE_FILE, Db, Entropy, Kept, Options};

/// Offices a history begins with.
pub const DESKS: usize = 4;

/// The day all decisions are dated: past on every clock.
const DAY: NaiveDate = NaiveDate::from_ymd_opt(2016, 1, 4).expect("a real day");

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Enter,
    Change,
    Certify,
    Open,
    File,
    Edit,
    /// A file is put to a filing, beside others or in their place, or taken away again.
    Attach,
    /// Somebody says what they found of an item.
    Check,
    /// A reviewer's sheet is entered.
    Review,
    /// Somebody says who is to review a filing.
    Assign,
    /// Whoever sits there says that they do not judge this one, or judges again after all.
    Recuse,
    /// A filing goes to another of our own people, with a word to them.
    Transfer,
    Move,
    /// A reviewer decides on what they looked at, which may be another version by now.
    Decide,
    /// Two decisions, or two values of a field.
    Resolve,
    Settle,
    List,
    Rank,
    Freeze,
    Import,
    Undo,
    /// What a firm's file or a filing ever said of a field is lawfully erased.
    Erase,
    /// Somebody is added, gets other roles, or leaves.
    Staff,
    Fail,
    Panic,
    Carry,
    CarryAll,
    /// One desk is told everything by all others and settles what has come into conflict.
    Gather,
    /// A copy of the folder is put aside, and comes back later over the newer one.
    PutAside,
    Restore,
    /// The folder is copied to another machine, which goes on as the same device.
    Clone,
}

/// Items of the materials of the program most filings are in.
const ITEMS: [&str; 2] = ["application", "license"];

/// How often each happens.
const WEIGHTS: &[(u32, What)] = &[
    (3, What::Enter),
    (6, What::Change),
    (2, What::Certify),
    (2, What::Open),
    (9, What::File),
    (5, What::Edit),
    (9, What::Attach),
    (3, What::Check),
    (5, What::Review),
    (6, What::Assign),
    (3, What::Recuse),
    (6, What::Transfer),
    (14, What::Move),
    (6, What::Decide),
    (8, What::Resolve),
    (3, What::Settle),
    (2, What::List),
    (3, What::Rank),
    (2, What::Freeze),
    (2, What::Import),
    (7, What::Undo),
    (3, What::Erase),
    (3, What::Staff),
    (2, What::Fail),
    (1, What::Panic),
    (10, What::Carry),
    (6, What::CarryAll),
    (6, What::Gather),
    (2, What::PutAside),
    (2, What::Restore),
    (4, What::Clone),
];

/// One thing that happens at one desk; `a` and `b` choose among what is there, `seed` what is carried and in which order.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub what: What,
    pub desk: u8,
    pub a: u8,
    pub b: u8,
    pub seed: u64,
}

/// Any history of at most so many steps, in which some things do not happen.
pub fn histories(longest: usize, without: &[What]) -> impl Strategy<Value = Vec<Step>> + use<> {
    let happening = WEIGHTS.iter().filter(|(_, what)| !without.contains(what));
    let what = prop::strategy::Union::new_weighted(happening.map(|(weight, what)| (*weight, Just(*what))).collect());
    let step = (what, any::<u8>(), any::<u8>(), any::<u8>(), any::<u64>()).prop_map(|(what, desk, a, b, seed)| Step {
        what,
        desk,
        a,
        b,
        seed,
    });
    prop::collection::vec(step, 4..=longest)
}

/// A deed somebody tried, for law 6.
#[derive(Debug, Clone)]
pub struct Tried {
    pub what: What,
    /// The action, and how many events its closing says it wrote; `None` where it failed or wrote nothing.
    pub told: Option<u64>,
    /// Events of the action in the journal, its closing not counted.
    pub written: u64,
    pub before: Whole,
    pub after: Whole,
}

/// Everything in an office, briefly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub held: BTreeSet<Hash>,
    pub tables: Vec<String>,
}

impl Whole {
    fn of(db: &Db) -> Self {
        // What the log says of a refusal is written after it, by itself: no part of the deed, so it proves nothing about it.
        let mut whole = Self { held: held(db), tables: dump(db) };
        let noted = entries(db).into_iter().filter(|entry| &*entry.event.kind == "log.noted");
        noted.for_each(|entry| {
            whole.held.remove(&entry.hash);
        });
        whole.tables.retain(|line| !line.starts_with("log: "));
        whole
    }
}

/// Events that reached an office, for law 2.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub to: usize,
    pub before: BTreeSet<Hash>,
    pub came: BTreeSet<Hash>,
    pub after: BTreeSet<Hash>,
    pub taken: usize,
    /// The very same events once more, right after they had come.
    pub again: bool,
}

/// All that is known of a history once it was told to its end.
pub struct Evidence {
    pub tried: Vec<Tried>,
    pub exchanges: Vec<Exchange>,
    /// The offices before they told each other everything.
    pub early: Vec<Seen>,
    /// Two new offices after the same events in different portions, some held back.
    pub partial: [Seen; 2],
    /// All offices, the new ones last, after everybody was told everything.
    pub late: Vec<Seen>,
}

struct Desk {
    db: Option<Db>,
    folder: TempFolder,
    clock: Clock,
    aside: Option<Vec<u8>>,
    /// As it was after the last deed, where nothing has come since.
    whole: Option<Whole>,
}

impl Desk {
    fn db(&self) -> &Db {
        self.db.as_ref().expect("an open office")
    }
}

/// How events get from one desk to another: what came of it, and how many of it were new. `None`: nothing arrived.
pub type Road = Box<dyn FnMut(&Db, &Db, &mut Dice) -> Option<(BTreeSet<Hash>, usize)>>;

/// The offices while a history is being told.
pub struct World {
    /// Where events do not simply reach the other desk.
    road: Option<Road>,
    desks: Vec<Desk>,
    tried: Vec<Tried>,
    exchanges: Vec<Exchange>,
    openings: u64,
}

/// Clocks that run on, lie ten years back, five years ahead, and go backwards.
fn clock(n: usize) -> Clock {
    let (days, step) = [(0, 1), (-3700, 1), (1800, 1), (400, -86_400)][n % 4];
    let start = Clock::fixed(TODAY + TimeDelta::days(days));
    let beats = AtomicI64::new(0);
    let zone = chrono::FixedOffset::east_opt(8 * 3600).expect("China time");
    Clock::from_fn(move || {
        let seconds = (beats.fetch_add(1, Ordering::Relaxed) * step).max(-2000 * 86_400);
        let millis = start.millis() + seconds * 1000;
        chrono::DateTime::from_timestamp_millis(millis).expect("a moment").with_timezone(&zone)
    })
}

pub fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
}

fn pick<T: Copy>(all: &[T], n: u8) -> Option<T> {
    (!all.is_empty()).then(|| all[usize::from(n) % all.len()])
}

/// Small and the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for n in (1..all.len()).rev() {
            all.swap(n, self.below(n as u64 + 1) as usize);
        }
    }
}

impl World {
    /// Offices that know the same first things: a firm or two, an edition, two filings of which one was recommended.
    pub fn new() -> Self {
        Self::with(None)
    }

    /// The same, with events that travel by a road of their own.
    pub fn by(road: Road) -> Self {
        Self::with(Some(road))
    }

    fn with(road: Option<Road>) -> Self {
        let mut world = Self { road, desks: Vec::new(), tried: Vec::new(), exchanges: Vec::new(), openings: 0 };
        for n in 0..DESKS {
            world.add_desk(TempFolder::new(), clock(n));
        }
        let everything = |act: &mut Act<'_>| {
            employ(act, OFFICER, "周敏", &Role::ALL)?;
            COLLEAGUES.iter().try_for_each(|id| employ(act, *id, "李岚", &[Role::Supervisor]))
        };
        world.act(0, What::Staff, "启用".to_owned(), everything);
        for (what, a) in [(What::Enter, 0), (What::Enter, 1), (What::Open, 0), (What::File, 0), (What::File, 1)] {
            world.step(&Step { what, desk: 0, a, b: 0, seed: 0 });
        }
        for desk in 1..DESKS {
            world.carry(0, desk, &mut Dice(desk as u64), 100);
        }
        world
    }

    fn add_desk(&mut self, folder: TempFolder, clock: Clock) {
        self.desks.push(Desk { db: None, folder, clock, aside: None, whole: None });
        self.reopen(self.desks.len() - 1);
    }

    /// Every opening draws its own ids and salts, as the system's randomness would give.
    fn reopen(&mut self, desk: usize) {
        self.openings += 1;
        let desk = &mut self.desks[desk];
        let options = Options { clock: desk.clock.clone(), entropy: Entropy::seeded(self.openings << 20) };
        desk.whole = None;
        desk.db = Some(Db::open(&desk.folder.0, options).expect("an office opens"));
    }

    /// Tells one step.
    pub fn step(&mut self, step: &Step) {
        let desk = usize::from(step.desk) % self.desks.len();
        match step.what {
            What::Carry => self.carry(desk, usize::from(step.a) % self.desks.len(), &mut Dice(step.seed), 55),
            What::CarryAll => self.carry(desk, usize::from(step.a) % self.desks.len(), &mut Dice(step.seed), 100),
            What::Gather => {
                for other in (0..self.desks.len()).filter(|other| *other != desk) {
                    self.carry(other, desk, &mut Dice(step.seed), 100);
                }
                self.resolve_one(desk, step.a, step.b);
            }
            What::PutAside => {
                self.desks[desk].db = None;
                self.desks[desk].aside = fs::read(self.desks[desk].folder.0.join(DATABASE_FILE)).ok();
                self.reopen(desk);
            }
            What::Restore => {
                let Some(older) = self.desks[desk].aside.take() else { return };
                self.desks[desk].db = None;
                fs::write(self.desks[desk].folder.0.join(DATABASE_FILE), older).expect("a restored copy");
                self.reopen(desk);
            }
            What::Clone if self.desks.len() < DESKS + 2 => {
                let copy = TempFolder::new();
                self.desks[desk].db = None;
                // The database alone, or the whole folder with the keys of the machine in it.
                let all = fs::read_dir(&self.desks[desk].folder.0).expect("a folder").map(|file| file.expect("a file"));
                let files = all.filter(|file| file.path().is_file());
                for file in files.filter(|file| step.b.is_multiple_of(2) || file.file_name() == DATABASE_FILE) {
                    fs::copy(file.path(), copy.0.join(file.file_name())).expect("a clone");
                }
                // One that cannot be told from the original, or it would take another name at once.
                hide(&copy.0.join(DATABASE_FILE));
                self.reopen(desk);
                let clock = self.desks[desk].clock.clone();
                self.add_desk(copy, clock);
            }
            What::Clone => {}
            _ => self.deed(desk, step),
        }
    }

    fn act<F>(&mut self, desk: usize, what: What, name: String, deed: F)
    where
        F: FnOnce(&mut Act<'_>) -> Result<()> + Send + 'static,
    {
        let db = self.desks[desk].db();
        let before = self.desks[desk].whole.clone().unwrap_or_else(|| Whole::of(db));
        let done = db.act(OFFICER, name, deed).wait();
        let action = done.ok().and_then(|done| done.action);
        let (told, written) = action.map_or((None, 0), |action| {
            ask(db, move |connection| {
                let count = "SELECT count(*) FROM event WHERE action = ? AND kind <> 'action.taken'";
                let written = connection.query_row(count, [action], |row| row.get::<_, i64>(0))?;
                let closing = journal::history(connection, action)?;
                let told = match (closing.len(), closing.standing().next()) {
                    (1, Some((_, _, Fact::Taken(taken)))) => Some(taken.events),
                    _ => Some(u64::MAX),
                };
                Ok((told, written.unsigned_abs()))
            })
        });
        let after = Whole::of(db);
        self.desks[desk].whole = Some(after.clone());
        self.tried.push(Tried { what, told, written, before, after });
    }

    /// A part of what one desk has, in per cent, reaches another: shuffled, some of it twice, through its bytes.
    fn carry(&mut self, from: usize, to: usize, dice: &mut Dice, part: u64) {
        if self.road.is_some() {
            return self.carry_by_road(from, to, dice);
        }
        let db = self.desks[from].db();
        let all: Vec<Entry> = entries(db).into_iter().chain(inbox(db)).filter(|_| dice.below(100) < part).collect();
        self.bring(to, all, dice, false);
    }

    fn carry_by_road(&mut self, from: usize, to: usize, dice: &mut Dice) {
        let Some(road) = &mut self.road else { return };
        if from == to {
            return;
        }
        self.desks[from].whole = None;
        self.desks[to].whole = None;
        let (from, db) = (self.desks[from].db(), self.desks[to].db());
        let (before, device) = (held(db), db.device());
        let Some((came, taken)) = road(from, db, dice) else { return };
        // What the desk noted of it is its own word, not what came; it may have taken another name on the way.
        let noted: BTreeSet<Hash> = entries(db)
            .into_iter()
            .filter(|entry| [device, db.device()].contains(&entry.event.device))
            .map(|entry| entry.hash)
            .filter(|hash| !before.contains(hash) && !came.contains(hash))
            .collect();
        let after = held(db).difference(&noted).copied().collect();
        self.exchanges.push(Exchange { to, before, came, after, taken, again: false });
    }

    fn bring(&mut self, to: usize, mut package: Vec<Entry>, dice: &mut Dice, again: bool) {
        let twice: Vec<Entry> = package.iter().filter(|_| dice.below(4) == 0).cloned().collect();
        package.extend(twice);
        dice.shuffle(&mut package);
        let package: Vec<Entry> =
            package.iter().map(|entry| Event::from_wire(&entry.event.to_wire()).expect("it travels")).collect();
        let came = package.iter().map(|entry| entry.hash).collect();
        self.desks[to].whole = None;
        let db = self.desks[to].db();
        let before = held(db);
        let taken = db.accept(package).wait().expect("events are taken in").taken;
        self.exchanges.push(Exchange { to, before, came, after: held(db), taken, again });
    }

    /// Everybody tells everybody, two new offices learn it in other portions, and all is taken down.
    pub fn tell_to_the_end(mut self, seed: u64) -> Evidence {
        let dice = &mut Dice(seed);
        let early: Vec<Seen> = (0..self.desks.len()).map(|n| self.seen(n)).collect();
        let mut union: Vec<Entry> = Vec::new();
        let mut known = BTreeSet::new();
        for entry in early.iter().flat_map(|seen| seen.events.values().chain(seen.waiting.values())) {
            if known.insert(entry.hash) {
                union.push(entry.clone());
            }
        }
        let (one, other) = (self.desks.len(), self.desks.len() + 1);
        self.add_desk(TempFolder::new(), clock(0));
        self.add_desk(TempFolder::new(), clock(2));
        let mut parts: [Vec<Entry>; 4] = Default::default();
        for entry in &union {
            parts[dice.below(4) as usize].push(entry.clone());
        }
        let [p, q, r, _held_back] = parts;
        self.bring(one, p.clone(), dice, false);
        self.bring(one, p.clone(), dice, true);
        self.bring(one, q.clone(), dice, false);
        self.bring(one, r.clone(), dice, false);
        self.bring(other, r, dice, false);
        self.bring(other, p.into_iter().chain(q).collect(), dice, false);
        let partial = [self.seen(one), self.seen(other)];
        if self.road.is_some() {
            // The two new ones are told everything by everybody, in opposite orders.
            (0..one).for_each(|desk| self.carry(desk, one, dice, 100));
            (0..one).rev().for_each(|desk| self.carry(desk, other, dice, 100));
            self.gather_into(&mut union, &mut known);
            self.bring(0, union.clone(), dice, false);
            // Whoever knows all of it settles what has come into conflict, or leaves it, and tells it on.
            if dice.below(2) == 0 {
                self.resolve_one(0, 0, 1);
            }
            (1..=other).for_each(|desk| self.carry(0, desk, dice, 100));
            self.gather_into(&mut union, &mut known);
        }
        for desk in 0..self.desks.len() {
            self.bring(desk, union.clone(), dice, false);
        }
        let late = (0..self.desks.len()).map(|n| self.seen(n)).collect();
        Evidence { tried: self.tried, exchanges: self.exchanges, early, partial, late }
    }

    /// Adds what any desk has.
    fn gather_into(&self, union: &mut Vec<Entry>, known: &mut BTreeSet<Hash>) {
        for desk in &self.desks {
            union.extend(
                entries(desk.db()).into_iter().chain(inbox(desk.db())).filter(|entry| known.insert(entry.hash)),
            );
        }
    }

    fn seen(&self, desk: usize) -> Seen {
        Seen::of(format!("desk {desk}"), self.desks[desk].db())
    }
}
