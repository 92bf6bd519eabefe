//! Histories: several offices with clocks that disagree, what their people do, and how events travel between them.
//!
//! A history is a list of numbers ([`Step`]), so that a failing one can be made shorter; what cannot be done at a step is
//! refused by the program or passed over here, and the laws hold either way.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

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
    Move,
    Resolve,
    List,
    Rank,
    Freeze,
    Import,
    Undo,
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

/// Who can be asked to review.
const REVIEWERS: [RecordId; 3] =
    [OFFICER, RecordId(uuid::Uuid::from_u128(0x0FF1_CE01)), RecordId(uuid::Uuid::from_u128(0x0FF1_CE02))];

/// How often each happens.
const WEIGHTS: &[(u32, What)] = &[
    (3, What::Enter),
    (6, What::Change),
    (2, What::Certify),
    (2, What::Open),
    (5, What::File),
    (5, What::Edit),
    (9, What::Attach),
    (3, What::Check),
    (5, What::Review),
    (6, What::Assign),
    (16, What::Move),
    (5, What::Resolve),
    (2, What::List),
    (3, What::Rank),
    (2, What::Freeze),
    (2, What::Import),
    (7, What::Undo),
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
            employ(act, REVIEWERS[1], "张远", &[Role::Supervisor])?;
            employ(act, REVIEWERS[2], "林舟", &[Role::Supervisor])
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
                fs::copy(self.desks[desk].folder.0.join(DATABASE_FILE), copy.0.join(DATABASE_FILE)).expect("a clone");
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

    /// Something a person does at a desk.
    fn deed(&mut self, desk: usize, step: &Step) {
        let Step { what, a, b, seed, .. } = *step;
        let db = self.desks[desk].db();
        let firms = || ids(db, "SELECT id FROM firm ORDER BY id");
        let filings = || ids(db, "SELECT id FROM filing ORDER BY id");
        let editions = || ids(db, "SELECT id FROM edition ORDER BY id");
        let lists = || ids(db, "SELECT id FROM shortlist ORDER BY id");
        let name = format!("{what:?}");
        let mark = format!("{a}-{b}-{}", seed % 100);
        match what {
            What::Enter => self.act(desk, what, name, move |act| {
                act.create_firm(values(&[(firm::key::NAME, &format!("青澜{mark}厂"))]), Vec::new(), None).map(drop)
            }),
            What::Change => {
                let Some(id) = pick(&firms(), a) else { return };
                let key = [firm::key::TOWNSHIP, firm::key::PHONE, firm::key::NAME][usize::from(b) % 3];
                self.act(desk, what, name, move |act| {
                    act.change_firm(id, &values(&[(key, &mark)]), Vec::new(), None).map(drop)
                });
            }
            What::Certify => {
                let Some(id) = pick(&firms(), a) else { return };
                let number = format!("GR2026{}", b % 3);
                self.act(desk, what, name, move |act| {
                    let parts = values(&[("number", &number), ("issued", "2026-01-15"), ("note", &mark)]);
                    act.record_certificate(id, "gaoqi", &number, parts, None).map(drop)
                });
            }
            What::Open => self.act(desk, what, name, move |act| {
                let program = if b % 4 == 3 { "kexiao" } else { "gaoqi" };
                act.open_edition(program, 2026, u16::from(a % 3), Values::new()).map(drop)
            }),
            What::File => {
                let (Some(firm), Some(edition)) = (pick(&firms(), a), pick(&editions(), b)) else { return };
                self.act(desk, what, name, move |act| {
                    let seen =
                        Confirmed { field: "firm".into(), says: "已有申报".into(), reason: "再报一件".into() };
                    let new = NewFiling {
                        opened: Some(DAY),
                        form: values(&[("staff", &a.to_string())]),
                        confirmed: vec![seen],
                        ..NewFiling::default()
                    };
                    act.open_filing(firm, edition, new).map(drop)
                });
            }
            What::Edit => {
                let Some(id) = pick(&filings(), a) else { return };
                self.act(desk, what, name, move |act| {
                    act.change_filing(id, &values(&[("form.staff", &(b % 8).to_string()), ("note", &mark)])).map(drop)
                });
            }
            What::Attach => self.attach_one(desk, a, b, seed),
            What::Check => {
                let Some(id) = pick(&filings(), a) else { return };
                let mark = [None, Some(Mark::Fit), Some(Mark::Unfit), Some(Mark::Waived)][usize::from(b) % 4];
                let item = ITEMS[usize::from(a) % 2];
                self.act(desk, what, name, move |act| act.check_material(id, item, mark, "看过").map(drop));
            }
            What::Review => self.review_one(desk, a, b),
            What::Assign => self.assign_one(desk, a, b),
            What::Move => self.move_one(desk, a, b),
            What::Resolve => self.resolve_one(desk, a, b),
            What::List => {
                let Some(edition) = pick(&editions(), a) else { return };
                let items = filings();
                self.act(desk, what, name, move |act| act.make_shortlist(edition, "推荐", &items).map(drop));
            }
            What::Rank => {
                let Some(id) = pick(&lists(), a) else { return };
                let mut items = filings();
                Dice(seed).shuffle(&mut items);
                self.act(desk, what, name, move |act| act.change_shortlist(id, &mark, &items).map(drop));
            }
            What::Freeze => {
                let Some(id) = pick(&lists(), a) else { return };
                let rows =
                    filings().into_iter().map(|filing| ShortlistRow { filing, cells: vec!["甲厂".into()] }).collect();
                self.act(desk, what, name, move |act| {
                    act.freeze_shortlist(id, DAY, "推荐", vec!["企业名称".into()], rows).map(drop)
                });
            }
            What::Import => self.import_one(desk, a, b),
            What::Undo => {
                let actions = ids(db, "SELECT id FROM action ORDER BY at DESC, id DESC LIMIT 6");
                let Some(action) = pick(&actions, a) else { return };
                self.act(desk, what, name, move |act| act.undo(action).map(drop));
            }
            What::Staff => {
                let users = ids(db, "SELECT id FROM user ORDER BY id");
                let roles: Vec<Role> = (0..4).filter(|n| b >> n & 1 == 1).map(|n| Role::ALL[n]).collect();
                let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
                let change = match seed % 3 {
                    0 => values(&[(user_key::ROLES, &words.join(" "))]),
                    1 => values(&[(user_key::ACTIVE, if b % 2 == 0 { "否" } else { "是" })]),
                    _ => return self.act(desk, what, name, move |act| act.add_user(&mark, &roles).map(drop)),
                };
                // Whoever acts or is asked to review in all histories stays what they are.
                let Some(id) = pick(&users, a).filter(|id| !REVIEWERS.contains(id)) else { return };
                self.act(desk, what, name, move |act| act.change_user(id, &change).map(drop));
            }
            What::Fail | What::Panic => {
                let known = pick(&firms(), a);
                self.act(desk, what, name, move |act| {
                    // More records than an action holds before it writes their rows, now and then.
                    for n in 0..if b == 0 { 70 } else { b % 4 } {
                        act.create_firm(values(&[(firm::key::NAME, &format!("没有的{n}厂"))]), Vec::new(), None)?;
                    }
                    if let Some(id) = known {
                        act.change_firm(id, &values(&[(firm::key::TOWNSHIP, "没有的镇")]), Vec::new(), None)?;
                    }
                    if what == What::Panic {
                        // Past the panic hook: nobody wants to read of it.
                        std::panic::resume_unwind(Box::new("a bug"));
                    }
                    Err(Problem::refused("改主意了"))
                });
            }
            _ => {}
        }
    }

    fn attach_one(&mut self, desk: usize, a: u8, b: u8, seed: u64) {
        let db = self.desks[desk].db();
        // Few filings, or no two desks would ever meet at one item.
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let item = ITEMS[usize::from(b.is_multiple_of(8))];
        let there: Vec<Hash> = file.filing.materials.item(item).files.iter().map(|f| f.events[0]).collect();
        let old = pick(&there, b);
        let content = format!("{}", seed % 5);
        let kept = Kept { hash: Hash::of(&[content.as_bytes()]), name: format!("{content}.pdf"), size: 1 };
        self.act(desk, What::Attach, "交材料".to_owned(), move |act| match old {
            Some(old) if seed.is_multiple_of(6) => act.detach(id, &[old]),
            Some(old) if seed % 6 == 1 => act.attach(id, item, &kept, &[old]).map(drop),
            _ => act.attach(id, item, &kept, &[]).map(drop),
        });
    }

    fn review_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let Some(form) = file.known.and_then(|(_, version)| version.review.as_ref()) else { return };
        let found = if b.is_multiple_of(2) { Found::Yes } else { Found::NotApplicable };
        let answer = Answer { found, note: String::new() };
        let given = Given {
            reviewer: Reviewer {
                user: None,
                name: ["甲", "乙"][usize::from(b / 2) % 2].into(),
                employer: String::new(),
            },
            round: file.filing.track.round,
            content: file.filing.whole(),
            answers: form.items.iter().map(|item| (item.id.clone(), answer.clone())).collect(),
            note: String::new(),
            recused: b.is_multiple_of(7).then(|| "曾任职".to_owned()),
            form: None,
        };
        self.act(desk, What::Review, "评审".to_owned(), move |act| act.give_review(id, given).map(drop));
    }

    /// Any of three people, or nobody, for a filing that waits for us.
    fn assign_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 2"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let people: Vec<RecordId> = (0..3).filter(|n| b >> n & 1 == 1).map(|n| REVIEWERS[n]).collect();
        // What has not come to us yet comes, or there would be few to review.
        let come = Wish::new(Effect::Pass, file.filing.track.last_day());
        let ours = file.filing.track.stage == "district";
        self.act(desk, What::Assign, "分派".to_owned(), move |act| match ours {
            true => act.assign_filing(id, &people).map(drop),
            false => act.move_filing(id, &come).map(drop),
        });
    }

    fn move_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        // Few filings get most of the moves, or no two desks would ever decide the same one.
        let Some(id) = pick(&ids(db, "SELECT id FROM filing ORDER BY id LIMIT 3"), a) else { return };
        let Some(file) = db.filing(id).wait().expect("a page") else { return };
        let Some((_, version)) = file.known else { return };
        let track = &file.filing.track;
        if track.split.is_some() {
            return self.resolve_one(desk, a, b);
        }
        let offered: Vec<Wish> = choices(track, version)
            .into_iter()
            .map(|choice| Wish {
                word: choice.word,
                reason: "材料缺页".to_owned(),
                until: choice.takes_until.then(|| track.last_day()),
                ..Wish::new(choice.effect, track.last_day())
            })
            .collect();
        if offered.is_empty() {
            return;
        }
        // Mostly the first: what ends a filing ends the history of its decisions.
        let wish = offered[if b < 150 { 0 } else { usize::from(b) % offered.len() }].clone();
        self.act(desk, What::Move, "登记进展".to_owned(), move |act| act.move_filing(id, &wish).map(drop));
    }

    fn resolve_one(&mut self, desk: usize, a: u8, b: u8) {
        let db = self.desks[desk].db();
        let split: Vec<(RecordId, Hash)> = ids(db, "SELECT id FROM filing ORDER BY id")
            .into_iter()
            .filter_map(|id| {
                let split = db.filing(id).wait().expect("a page")?.filing.track.split?;
                Some((id, pick(&split.rivals, b)?))
            })
            .collect();
        let Some((id, stands)) = pick(&split, a) else { return };
        self.act(desk, What::Resolve, "处理冲突".to_owned(), move |act| {
            act.resolve_filing(id, stands, "以盖章的为准")
        });
    }

    fn import_one(&mut self, desk: usize, a: u8, b: u8) {
        let known = pick(&ids(self.desks[desk].db(), "SELECT id FROM firm ORDER BY id"), b);
        self.act(desk, What::Import, "导入".to_owned(), move |act| {
            let import = act.new_id();
            let source = |row| Some(Source { import, row });
            let firms: Vec<_> = (0..u32::from(a % 5))
                .map(|n| (values(&[(firm::key::NAME, &format!("名单{a}-{n}厂"))]), source(n + 1)))
                .collect();
            let created = act.enter_firms(firms, &mut || Ok(()))?.len() as u32;
            let mut changed = 0;
            if let Some(id) = known {
                let one = values(&[(firm::key::PARK, &format!("{a}园"))]);
                changed += u32::from(act.change_firm(id, &one, Vec::new(), source(9))?);
            }
            let done = ImportDone {
                file: "名单.csv".to_owned(),
                digest: Hash::of(&[&[a]]),
                title: "名单".to_owned(),
                purpose: "企业".to_owned(),
                rows: created + changed,
                created,
                changed,
                unchanged: 0,
                passed_over: 0,
            };
            act.record_import(import, done)
        });
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
        for desk in 0..self.desks.len() {
            self.bring(desk, union.clone(), dice, false);
        }
        let late = (0..self.desks.len()).map(|n| self.seen(n)).collect();
        Evidence { tried: self.tried, exchanges: self.exchanges, early, partial, late }
    }

    fn seen(&self, desk: usize) -> Seen {
        Seen::of(format!("desk {desk}"), self.desks[desk].db())
    }
}
