//! The laws of the journal over many histories, and each law shown to notice when it is broken.
//!
//! `KEBAO_HISTORIES=10000 cargo test --release --lib laws` tells more histories than an ordinary run.

use std::thread;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::law::{LAWS, Met};
use super::world::{Evidence, Step, What, World, histories};
use crate::domain::testing::{Break, break_it};

/// Histories of an ordinary run.
const HISTORIES: u32 = 256;

/// Steps of a history at most: short ones are many, and every law can be broken by a few steps.
const STEPS: usize = 22;

fn wanted() -> u32 {
    std::env::var("KEBAO_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(HISTORIES)
}

fn tell(steps: &[Step]) -> Evidence {
    let mut world = World::new();
    for step in steps {
        world.step(step);
    }
    world.tell_to_the_end(steps.iter().fold(7, |sum, step| sum ^ step.seed))
}

/// Histories of one stream of chance, until one breaks a law; that one is made as short as it goes.
fn hold_laws(stream: u8, cases: u32) -> Result<Met, String> {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 150, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[stream; 32]));
    let met = std::cell::RefCell::new(Met::default());
    let told = runner.run(&histories(STEPS, &[]), |steps| {
        let evidence = tell(&steps);
        met.borrow_mut().count(&evidence);
        for (_, law) in LAWS {
            law(&evidence).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
    // Said at once: the other streams may have long to go.
    told.map_err(|error| error.to_string()).inspect_err(|broken| eprintln!("{broken}"))?;
    Ok(met.into_inner())
}

#[test]
fn laws_hold_whatever_people_do_and_however_events_travel() {
    let streams = thread::available_parallelism().map_or(2, |n| n.get().min(8)) as u32;
    let cases = wanted().div_ceil(streams);
    let mut met = Met::default();
    thread::scope(|scope| {
        let all: Vec<_> = (0..streams).map(|n| scope.spawn(move || hold_laws(n as u8 + 1, cases))).collect();
        for one in all {
            met.add(&one.join().expect("a stream of histories").unwrap_or_else(|broken| panic!("{broken}")));
        }
    });
    println!("{met:?}");
    // Two people passing one filing on, and several who are to review it, are rare here; that law 3 watches both is shown by
    // its breaks, over histories in which little else happens.
    for (what, times) in [
        ("waiting", met.waited),
        ("a cloned device", met.twins),
        ("a conflict", met.conflicts),
        ("a settlement", met.settled),
        ("an outdated approval", met.outdated),
        ("one number twice", met.same_numbers),
        ("an undo", met.undone),
        ("an item with two files", met.files),
        ("a review", met.reviews),
        ("somebody who does not judge", met.recused),
        ("a filing passed on", met.transfers),
        ("a lawful erasure", met.erased),
        ("a refusal", met.refusals),
    ] {
        assert!(
            times * 50 > met.histories,
            "only {times} of {} histories met {what}: the laws had little to show",
            met.histories
        );
    }
}

/// With this broken some history breaks exactly this law, in these words; no history breaks another.
fn bites(what: Break, law: u8, says: &str, without: &[What]) {
    notices(tell, what, law, says, without);
}

/// The same for histories that are told in another way.
pub(crate) fn notices(tell: impl Fn(&[Step]) -> Evidence, what: Break, law: u8, says: &str, without: &[What]) {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[law; 32]));
    let histories = histories(STEPS, without);
    break_it(Some(what));
    for _ in 0..200 {
        let steps = histories.new_tree(&mut runner).expect("a history").current();
        let evidence = tell(&steps);
        let broken: Vec<(u8, String)> = LAWS.iter().filter_map(|(n, law)| Some((*n, law(&evidence).err()?))).collect();
        match broken.as_slice() {
            [] => {}
            [(n, told)] if *n == law => {
                assert!(told.starts_with(&format!("law {law}: ")) && told.contains(says), "{told}");
                return;
            }
            others => panic!("{what:?} should break law {law} alone: {others:#?}"),
        }
    }
    panic!("no law saw {what:?}");
}

#[test]
fn law_1_notices_an_order_that_is_only_the_order_of_arrival() {
    bites(Break::ArrivalOrder, 1, "hold the same events and", &[]);
}

#[test]
fn law_2_notices_events_dropped_because_their_parents_are_missing() {
    bites(Break::OrphansDropped, 2, "lost", &[]);
}

#[test]
fn law_2_notices_that_a_cloned_device_loses_its_second_event() {
    bites(Break::TwinsDropped, 2, "lost", &[]);
}

#[test]
fn law_3_notices_a_winner_nobody_chose() {
    bites(Break::LastDecisionWins, 3, "nobody who had seen it chose another", &[]);
}

#[test]
fn law_3_notices_a_file_that_nobody_took_away() {
    bites(Break::LastFileWins, 3, "file of", &[]);
}

#[test]
fn law_3_notices_a_reviewer_whose_name_nobody_took_off() {
    // Little else happens, or two people would seldom name somebody for one filing.
    let without = [
        What::Enter,
        What::Change,
        What::Certify,
        What::Open,
        What::File,
        What::Edit,
        What::Attach,
        What::Check,
        What::Review,
        What::Recuse,
        What::Transfer,
        What::Move,
        What::Decide,
        What::Settle,
        What::List,
        What::Rank,
        What::Freeze,
        What::Import,
        What::Undo,
        What::Staff,
        What::Fail,
        What::Panic,
        What::PutAside,
        What::Restore,
        What::Clone,
    ];
    bites(Break::LastReviewerWins, 3, "reviewers are", &without);
}

#[test]
fn law_3_notices_a_word_shown_to_somebody_else() {
    bites(Break::WordsComeApart, 3, "without it", &[]);
}

#[test]
fn law_4_notices_an_approval_that_does_not_show_as_outdated() {
    bites(Break::ContentNotCompared, 4, "批准的是旧版本 is true", &[]);
}

#[test]
fn law_5_notices_a_table_that_is_not_kept_up() {
    bites(Break::StaleShortlists, 5, "where its journal gives", &[]);
}

#[test]
fn law_6_notices_half_an_action() {
    bites(Break::HalfActions, 6, "did not come to its end and left", &[]);
}

#[test]
fn law_7_notices_a_number_taken_for_a_key() {
    // Undoing the filing that took the other's place would break law 5 as well.
    bites(Break::NumberIsKey, 7, "and the list disagree", &[What::Undo]);
}
