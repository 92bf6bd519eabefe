//! The laws of the journal with packages between the offices: made, lost, repeated, late and in any order.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::*;
use crate::domain::event::Hash;
use crate::domain::testing::{Break, what_is_broken};
use crate::exchange::package::Package;
use crate::exchange::package::format::By;
use crate::exchange::package::write::{Order, write};
use crate::store::testing::{OFFICER, TempFolder};
use crate::store::tests::law::{LAWS, Met};
use crate::store::tests::laws::notices;
use crate::store::tests::world::{Dice, Evidence, Road, Step, What, World, histories};

/// A package under way.
struct Parcel {
    to: crate::domain::machine::Key,
    path: PathBuf,
}

/// What happened to the packages of histories.
#[derive(Debug, Default, Clone, Copy)]
struct Posted {
    made: u64,
    /// With only a part of the filings, and with events left out that others rest on.
    parts: u64,
    thinned: u64,
    answers: u64,
    lost: u64,
    late: u64,
    twice: u64,
    held: u64,
    /// Between two copies of one machine, which cannot tell each other apart.
    to_itself: u64,
}

impl Posted {
    fn add(&mut self, other: &Self) {
        let Self { made, parts, thinned, answers, lost, late, twice, held, to_itself } = other;
        self.made += made;
        self.parts += parts;
        self.thinned += thinned;
        self.answers += answers;
        self.lost += lost;
        self.late += late;
        self.twice += twice;
        self.held += held;
        self.to_itself += to_itself;
    }
}

/// The post: everything is made as people make it, some of it is lost, some comes late, some comes twice; and some was packed
/// by a program that leaves out what the rest needs.
fn post(posted: Rc<RefCell<Posted>>) -> Road {
    let folder = TempFolder::new();
    let mut under_way: Vec<Parcel> = Vec::new();
    let mut n = 0;
    Box::new(move |from: &Db, to: &Db, dice: &mut Dice| {
        let posted = &mut *posted.borrow_mut();
        let (ours, theirs) = (Keys::of(from).expect("keys"), Keys::of(to).expect("keys"));
        if ours.sign_key() == theirs.sign_key() {
            posted.to_itself += 1;
            return None;
        }
        if !meet(from, &theirs, to) || !meet(to, &ours, from) {
            return None;
        }
        let machine = from.machine_of(theirs.sign_key()).wait().expect("an answer").expect("met");
        let mut filings = crate::store::tests::seen::ids(from, "SELECT id FROM filing ORDER BY id");
        let wanted = match dice.below(5) {
            0 | 1 if !filings.is_empty() => {
                let all = filings.len();
                filings.retain(|_| dice.below(3) > 0);
                posted.parts += u64::from(filings.len() < all);
                Wanted::Review(filings)
            }
            2 => Wanted::Answer,
            _ => Wanted::Exchange,
        };
        n += 1;
        let path = folder.0.join(format!("{n}.kbp"));
        let answers = u64::from(wanted == Wanted::Answer);
        // Nothing to send is a refusal like any other, and so is a machine somebody let go.
        match dice.below(4) {
            0 => posted.thinned += u64::from(make_thin(from, &ours, &machine, wanted, &path, dice)),
            _ => drop(make(from, OFFICER, &machine, wanted, None, &path)),
        }
        if path.exists() {
            posted.made += 1;
            posted.answers += answers;
            under_way.push(Parcel { to: theirs.sign_key(), path });
        }
        if dice.below(6) == 0 && under_way.pop().is_some() {
            posted.lost += 1;
        }
        let mine: Vec<usize> = (0..under_way.len()).filter(|n| under_way[*n].to == theirs.sign_key()).collect();
        let at = *mine.get(dice.below(mine.len() as u64) as usize)?;
        posted.late += u64::from(Some(&at) != mine.last());
        let path = under_way[at].path.clone();
        if dice.below(4) > 0 {
            under_way.remove(at);
        } else {
            // It comes once more.
            posted.twice += 1;
        }
        let came: BTreeSet<Hash> =
            Package::open(&path, &theirs, None).expect("a good package").entries.iter().map(|e| e.hash).collect();
        let opened = open(to, OFFICER, &path, None).expect("it opens");
        if let Some(problem) = opened.held() {
            // Whoever met the sender was told so and then took it back.
            assert!(problem.says.contains("还不认识"), "{problem}");
            posted.held += 1;
            return None;
        }
        let taken = match take(to, OFFICER, &opened, None) {
            // The events that make somebody an officer may be what a package lacked.
            Err(problem) if problem.says.contains("没有在用的身份") => {
                posted.held += 1;
                return None;
            }
            taken => taken.expect("taken in"),
        };
        if what_is_broken().is_none() {
            assert!(taken.known + taken.taken + taken.waiting >= came.len());
            assert_eq!(opened.preview.new, came.len() - opened.preview.known);
        }
        Some((came, taken.taken))
    })
}

/// A package by the real writer, with some events left out and the rest in no order. Whether there was something to pack.
fn make_thin(
    from: &Db,
    keys: &Keys,
    to: &crate::domain::machine::Machine,
    wanted: Wanted,
    path: &Path,
    dice: &mut Dice,
) -> bool {
    let Ok(mut cargo) = from.gather(wanted, to.sign).wait() else { return false };
    cargo.entries.retain(|_| dice.below(4) > 0);
    let count = cargo.entries.len() as u64;
    (1..cargo.entries.len()).for_each(|n| cargo.entries.swap(n, dice.below(count) as usize));
    let order = Order {
        package: RecordId(from.entropy().id(from.clock().millis())),
        keys,
        to,
        by: By { user: OFFICER, name: "周敏".to_owned() },
        recovery: None,
        seal_keys: from.keys(),
        answers: None,
    };
    write(from, &cargo, &order, path).is_ok()
}

/// Whether they know each other; whoever works at neither meets nobody.
fn meet(db: &Db, other: &Keys, at: &Db) -> bool {
    if db.machine_of(other.sign_key()).wait().expect("an answer").is_some() {
        return true;
    }
    let new = NewMachine { card: other.card(at), name: "另一台".to_owned(), user: None };
    db.act(OFFICER, "认识电脑", move |act| act.meet_machine(&new)).wait().is_ok()
}

fn tell(steps: &[Step]) -> (Evidence, Posted) {
    let posted = Rc::new(RefCell::new(Posted::default()));
    let mut world = World::by(post(Rc::clone(&posted)));
    for step in steps {
        world.step(step);
    }
    let evidence = world.tell_to_the_end(steps.iter().fold(7, |sum, step| sum ^ step.seed));
    let posted = *posted.borrow();
    (evidence, posted)
}

/// Histories of one stream of chance, until one breaks a law.
fn hold_laws(stream: u8, cases: u32) -> Result<(Met, Posted), String> {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[stream + 101; 32]);
    let seen = RefCell::new((Met::default(), Posted::default()));
    let told = TestRunner::new_with_rng(config, rng).run(&histories(22, &[]), |steps| {
        let (evidence, posted) = tell(&steps);
        let (met, all) = &mut *seen.borrow_mut();
        met.count(&evidence);
        all.add(&posted);
        LAWS.iter().try_for_each(|(_, law)| law(&evidence).map_err(TestCaseError::fail))
    });
    // Said at once: the other streams may have long to go.
    told.map_err(|error| error.to_string()).inspect_err(|broken| eprintln!("{broken}"))?;
    Ok(seen.into_inner())
}

#[test]
fn laws_hold_with_packages_between_the_offices() {
    let wanted: u32 = std::env::var("KEBAO_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let streams = thread::available_parallelism().map_or(2, |n| n.get().min(8)) as u32;
    let (mut met, mut posted) = (Met::default(), Posted::default());
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..streams).map(|stream| scope.spawn(move || hold_laws(stream as u8, wanted.div_ceil(streams)))).collect();
        for one in all {
            let (seen, sent) = one.join().expect("a stream of histories").unwrap_or_else(|broken| panic!("{broken}"));
            met.add(&seen);
            posted.add(&sent);
        }
    });
    println!("{met:?} {posted:?}");
    for (what, times) in [
        ("a conflict", met.conflicts),
        ("a settlement", met.settled),
        ("a cloned device", met.twins),
        ("waiting", met.waited),
        ("somebody who does not judge", met.recused),
        ("a filing passed on", met.transfers),
        ("a part of the filings", posted.parts),
        ("a package that lacks what it needs", posted.thinned),
        ("an answer", posted.answers),
        ("a lost package", posted.lost),
        ("a late package", posted.late),
        ("a package that comes twice", posted.twice),
    ] {
        assert!(times > 0, "no history met {what}: the laws had little to show ({met:?} {posted:?})");
    }
}

/// With packages between the offices, too, some history breaks exactly this law, in these words.
fn bites(what: Break, law: u8, says: &str, without: &[What]) {
    notices(|steps| tell(steps).0, what, law, says, without);
}

#[test]
fn by_packages_law_1_notices_an_order_that_is_only_the_order_of_arrival() {
    bites(Break::ArrivalOrder, 1, "hold the same events and", &[]);
}

#[test]
fn by_packages_law_2_notices_events_dropped_because_their_parents_are_missing() {
    bites(Break::OrphansDropped, 2, "lost", &[]);
}

#[test]
fn by_packages_law_2_notices_that_a_cloned_device_loses_its_second_event() {
    bites(Break::TwinsDropped, 2, "lost", &[]);
}

#[test]
fn by_packages_law_3_notices_a_winner_nobody_chose() {
    bites(Break::LastDecisionWins, 3, "nobody who had seen it chose another", &[]);
}

#[test]
fn by_packages_law_3_notices_a_file_that_nobody_took_away() {
    bites(Break::LastFileWins, 3, "file of", &[]);
}

#[test]
fn by_packages_law_4_notices_an_approval_that_does_not_show_as_outdated() {
    bites(Break::ContentNotCompared, 4, "批准的是旧版本 is true", &[]);
}

#[test]
fn by_packages_law_5_notices_a_table_that_is_not_kept_up() {
    bites(Break::StaleShortlists, 5, "where its journal gives", &[]);
}

#[test]
fn by_packages_law_6_notices_half_an_action() {
    bites(Break::HalfActions, 6, "did not come to its end and left", &[]);
}

#[test]
fn by_packages_law_7_notices_a_number_taken_for_a_key() {
    // Undoing the filing that took the other's place would break law 5 as well.
    bites(Break::NumberIsKey, 7, "and the list disagree", &[What::Undo]);
}
