//! The laws of the journal with packages between the offices: made, lost, repeated, late and in any order.

use std::path::PathBuf;
use std::thread;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::*;
use crate::domain::event::Hash;
use crate::exchange::package::Package;
use crate::store::testing::{OFFICER, TempFolder};
use crate::store::tests::law::{LAWS, Met};
use crate::store::tests::world::{Dice, Evidence, Road, Step, World, histories};

/// A package under way.
struct Parcel {
    to: crate::domain::machine::Key,
    path: PathBuf,
}

/// The post: everything is made as people make it, some of it is lost, some comes late, some comes twice.
fn post() -> Road {
    let folder = TempFolder::new();
    let mut under_way: Vec<Parcel> = Vec::new();
    let mut n = 0;
    Box::new(move |from: &Db, to: &Db, dice: &mut Dice| {
        let (ours, theirs) = (Keys::of(from).expect("keys"), Keys::of(to).expect("keys"));
        meet(from, &theirs, to);
        meet(to, &ours, from);
        let machine = from.machine_of(theirs.sign_key()).wait().expect("an answer").expect("met");
        let filings = crate::store::tests::seen::ids(from, "SELECT id FROM filing ORDER BY id");
        let wanted = match dice.below(5) {
            0 | 1 if !filings.is_empty() => Wanted::Review(filings),
            2 => Wanted::Answer,
            _ => Wanted::Exchange,
        };
        n += 1;
        let path = folder.0.join(format!("{n}.kbp"));
        // Nothing to send is a refusal like any other.
        let _ = make(from, OFFICER, &machine, wanted, None, &path);
        if path.exists() {
            under_way.push(Parcel { to: theirs.sign_key(), path });
        }
        if dice.below(6) == 0 {
            // Lost.
            under_way.pop();
        }
        let mine: Vec<usize> = (0..under_way.len()).filter(|n| under_way[*n].to == theirs.sign_key()).collect();
        let at = *mine.get(dice.below(mine.len() as u64) as usize)?;
        let path = under_way[at].path.clone();
        if dice.below(4) > 0 {
            // Otherwise it comes once more.
            under_way.remove(at);
        }
        let came: BTreeSet<Hash> =
            Package::open(&path, &theirs, None).expect("a good package").entries.iter().map(|e| e.hash).collect();
        let opened = open(to, OFFICER, &path, None).expect("it opens");
        if let Some(problem) = opened.held() {
            // Whoever met the sender was told so and then took it back.
            assert!(problem.says.contains("还不认识"), "{problem}");
            return None;
        }
        let taken = take(to, OFFICER, &opened, None).expect("taken in");
        assert_eq!(
            (taken.known + taken.taken >= came.len(), opened.preview.new),
            (true, came.len() - opened.preview.known)
        );
        Some((came, taken.taken))
    })
}

fn meet(db: &Db, other: &Keys, at: &Db) {
    if db.machine_of(other.sign_key()).wait().expect("an answer").is_none() {
        let new = NewMachine { card: other.card(at), name: "另一台".to_owned(), user: None };
        db.act(OFFICER, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
    }
}

fn tell(steps: &[Step]) -> Evidence {
    let mut world = World::by(post());
    for step in steps {
        world.step(step);
    }
    world.tell_to_the_end(steps.iter().fold(7, |sum, step| sum ^ step.seed))
}

#[test]
fn laws_hold_with_packages_between_the_offices() {
    let wanted: u32 = std::env::var("KEBAO_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let streams = thread::available_parallelism().map_or(2, |n| n.get().min(8)) as u32;
    let mut met = Met::default();
    thread::scope(|scope| {
        let all: Vec<_> = (0..streams)
            .map(|stream| {
                scope.spawn(move || {
                    let config = Config {
                        cases: wanted.div_ceil(streams),
                        failure_persistence: None,
                        max_shrink_iters: 60,
                        ..Config::default()
                    };
                    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[stream as u8 + 101; 32]);
                    let met = std::cell::RefCell::new(Met::default());
                    let told = TestRunner::new_with_rng(config, rng).run(&histories(22, &[]), |steps| {
                        let evidence = tell(&steps);
                        met.borrow_mut().count(&evidence);
                        LAWS.iter().try_for_each(|(_, law)| law(&evidence).map_err(TestCaseError::fail))
                    });
                    told.map_err(|error| error.to_string()).map(|()| met.into_inner())
                })
            })
            .collect();
        for one in all {
            met.add(&one.join().expect("a stream of histories").unwrap_or_else(|broken| panic!("{broken}")));
        }
    });
    println!("{met:?}");
    assert!(met.conflicts > 0 && met.settled > 0 && met.twins > 0, "the laws had little to show: {met:?}");
}
