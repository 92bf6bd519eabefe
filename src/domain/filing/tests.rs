//! What officers do with filings, and what the laws of the journal say about it.

use proptest::prelude::*;

use super::machine::{Wish, choices, decide, published_result};
use super::{End, Filing, Standing};
use crate::domain::event::{Fact, Fields, Hash, Resolved, Undone};
use crate::domain::history::History;
use crate::domain::problem::Kind;
use crate::domain::program::Effect;
use crate::domain::testing::{Teller, day, opened, version};

struct Desk {
    teller: Teller,
}

impl Desk {
    fn with_filing() -> Self {
        let mut teller = Teller::new(1);
        teller.tell(&opened("fill", day(8, 1)));
        Self { teller }
    }

    fn filing(&self) -> Filing {
        Filing::replay(self.teller.record, &self.teller.history()).expect("a filing")
    }

    fn wish(&self, effect: Effect, month: u32, d: u32) -> Wish {
        Wish { reason: "审计报告缺页".into(), ..Wish::new(effect, day(month, d)) }
    }

    fn fact(&self, wish: &Wish) -> crate::domain::Result<Fact> {
        let filing = self.filing();
        decide(&filing.track, &version(), wish, filing.content(), day(12, 31)).map(Fact::FilingMoved)
    }

    fn go(&mut self, effect: Effect, month: u32, d: u32) -> Hash {
        let fact = self.fact(&self.wish(effect, month, d)).expect("a legal move");
        self.teller.tell(&fact)
    }

    /// Two desks that know only what is known now each take a decision.
    fn unaware(&mut self, one: &Wish, other: &Wish) -> (Hash, Hash) {
        let heads = self.teller.history().heads();
        let (a, b) = (self.fact(one).expect("legal"), self.fact(other).expect("legal"));
        (self.teller.tell_after(1, &heads, &a), self.teller.tell_after(2, &heads, &b))
    }
}

#[test]
fn a_filing_goes_all_the_way_to_the_award() {
    let mut desk = Desk::with_filing();
    for (n, effect) in [Effect::Pass, Effect::Pass, Effect::Pass, Effect::Publish, Effect::Pass].into_iter().enumerate()
    {
        desk.go(effect, 8, 2 + n as u32);
    }
    assert_eq!(desk.filing().track.stage, "record");
    desk.go(Effect::Pass, 9, 1);
    let track = desk.filing().track;
    assert_eq!(track.standing, Standing::Ended(End::Done));
    assert_eq!(track.awarded, Some(day(9, 1)));
    assert_eq!(track.passed["district"], day(8, 3));
}

#[test]
fn a_return_is_a_new_round_of_the_same_filing_with_reason_and_date() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let without_reason = Wish::new(Effect::Return, day(8, 3));
    assert_eq!(desk.fact(&without_reason).unwrap_err().kind, Kind::Refused);
    let fact = desk.fact(&Wish { until: Some(day(8, 10)), ..desk.wish(Effect::Return, 8, 3) }).unwrap();
    desk.teller.tell(&fact);
    let track = desk.filing().track;
    assert_eq!((track.stage.as_str(), track.round, track.standing), ("fill", 2, Standing::Returned));
    assert_eq!(track.until, Some(day(8, 10)));
    desk.go(Effect::Pass, 8, 9);
    assert_eq!(desk.filing().track.round, 2);
    assert_eq!(desk.filing().track.standing, Standing::Open);
}

#[test]
fn not_recommending_needs_a_reason_and_withdrawing_ends_before_publicity() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    assert!(desk.fact(&Wish::new(Effect::Decline, day(8, 3))).is_err());
    assert!(desk.fact(&Wish::new(Effect::Withdraw, day(8, 3))).is_ok());
    desk.go(Effect::Pass, 8, 3);
    desk.go(Effect::Pass, 8, 4);
    assert_eq!(desk.filing().track.stage, "publicity");
    let refused = desk.fact(&Wish::new(Effect::Withdraw, day(8, 5))).unwrap_err();
    assert!(refused.says.contains("没有“撤回”"), "{}", refused.says);
    assert!(refused.next.unwrap().contains("无异议"));
}

#[test]
fn an_optional_stage_is_passed_over_unless_entered_on_purpose() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let words: Vec<String> = choices(&desk.filing().track, &version()).into_iter().map(|c| c.word).collect();
    assert_eq!(words, ["通过/推荐", "转visit", "退回修改", "不推荐", "企业撤回"]);
    desk.go(Effect::Enter, 8, 3);
    assert_eq!(desk.filing().track.stage, "visit");
    desk.go(Effect::Pass, 8, 4);
    assert_eq!(desk.filing().track.stage, "city");
}

#[test]
fn an_award_can_be_revoked_by_a_spot_check() {
    let mut desk = Desk::with_filing();
    for n in 0..5 {
        desk.go(Effect::Pass, 8, 2 + n);
    }
    assert_eq!(desk.filing().track.end(), Some(End::Done));
    desk.go(Effect::Enter, 9, 1);
    desk.go(Effect::Fail, 9, 2);
    assert_eq!(desk.filing().track.end(), Some(End::Failed));
    assert_eq!(desk.filing().track.awarded, None);
}

#[test]
fn a_published_list_covers_the_superiors_steps_but_never_ours() {
    let mut desk = Desk::with_filing();
    let wish = Wish::new(Effect::Pass, day(11, 1));
    let result = |desk: &Desk| {
        let filing = desk.filing();
        published_result(&filing.track, &version(), "record", &wish, filing.content(), day(12, 31))
    };
    assert!(result(&desk).unwrap_err().says.contains("还在“fill”"));
    desk.go(Effect::Pass, 8, 2);
    assert!(result(&desk).unwrap_err().says.contains("还在“district”"));
    desk.go(Effect::Pass, 8, 3);
    let moved = result(&desk).unwrap();
    assert_eq!(moved.through, ["city", "publicity"]);
    desk.teller.tell(&Fact::FilingMoved(moved));
    let track = desk.filing().track;
    assert_eq!(track.awarded, Some(day(11, 1)));
    assert_eq!(
        track.passed.keys().map(String::as_str).collect::<Vec<_>>(),
        ["city", "district", "fill", "publicity", "record"]
    );
    assert!(result(&desk).unwrap_err().says.contains("已经结束"));
}

#[test]
fn days_run_forward_and_nothing_happens_tomorrow() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 10);
    assert!(desk.fact(&desk.wish(Effect::Pass, 8, 9)).unwrap_err().says.contains("早于上一步"));
    let filing = desk.filing();
    let tomorrow = decide(&filing.track, &version(), &desk.wish(Effect::Pass, 8, 12), filing.content(), day(8, 11));
    assert!(tomorrow.unwrap_err().says.contains("还没有发生"));
    // Where the clock was ahead when the last step was written, today is as early as can be.
    let later = |wish: &Wish| decide(&filing.track, &version(), wish, filing.content(), day(8, 5));
    assert!(later(&desk.wish(Effect::Pass, 8, 5)).is_ok());
    assert!(later(&desk.wish(Effect::Pass, 8, 4)).unwrap_err().says.contains("早于上一步"));
}

#[test]
fn two_decisions_unaware_of_each_other_open_one_conflict_and_advance_nothing() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let (pass, back) = desk.unaware(&desk.wish(Effect::Pass, 8, 3), &desk.wish(Effect::Return, 8, 3));
    let track = desk.filing().track;
    assert_eq!(track.stage, "district");
    let mut rivals = track.split.clone().expect("a conflict").rivals;
    rivals.sort();
    let mut both = vec![pass, back];
    both.sort();
    assert_eq!(rivals, both);
    assert!(choices(&track, &version()).is_empty());
    assert!(desk.fact(&desk.wish(Effect::Pass, 8, 4)).unwrap_err().says.contains("冲突"));

    desk.teller.tell(&Fact::FilingResolved(Resolved { stands: back, reason: "以退回为准".into() }));
    assert_eq!(desk.filing().track.split, None);
    assert_eq!(desk.filing().track.stage, "fill");
    desk.go(Effect::Pass, 8, 9);
    assert_eq!(desk.filing().track.stage, "district");
    assert_eq!(desk.filing().track.round, 2);
}

#[test]
fn an_edit_after_the_approval_shows() {
    let mut desk = Desk::with_filing();
    desk.teller.tell(&Fact::FilingChanged(Fields::set([("form.staff", "68")])));
    desk.go(Effect::Pass, 8, 2);
    desk.go(Effect::Pass, 8, 3);
    assert!(!desk.filing().track.outdated_approval);
    desk.teller.tell(&Fact::FilingChanged(Fields::set([("form.staff", "69")])));
    assert!(desk.filing().track.outdated_approval);
}

#[test]
fn an_undone_decision_never_happened_and_redo_brings_it_back() {
    let mut desk = Desk::with_filing();
    let pass = desk.go(Effect::Pass, 8, 2);
    let undo = desk.teller.tell(&Fact::Undone(Undone { events: vec![pass] }));
    assert_eq!(desk.filing().track.stage, "fill");
    desk.teller.tell(&Fact::Undone(Undone { events: vec![undo] }));
    assert_eq!(desk.filing().track.stage, "district");
}

#[test]
fn a_decision_on_one_that_was_taken_back_meanwhile_waits_for_a_person() {
    let mut desk = Desk::with_filing();
    let submit = desk.go(Effect::Pass, 8, 2);
    let heads = desk.teller.history().heads();
    let approve = desk.fact(&desk.wish(Effect::Pass, 8, 3)).unwrap();
    let approve = desk.teller.tell_after(2, &heads, &approve);
    desk.teller.tell_after(1, &heads, &Fact::Undone(Undone { events: vec![submit] }));
    let track = desk.filing().track;
    assert_eq!(track.stage, "fill");
    assert_eq!(track.split.expect("a conflict").rivals, [approve]);
}

#[test]
fn a_filing_taken_back_unaware_of_a_decision_on_it_stays_until_a_person_has_looked() {
    let mut desk = Desk::with_filing();
    let created = desk.teller.history().heads();
    let submit = desk.fact(&desk.wish(Effect::Pass, 8, 2)).unwrap();
    let submit = desk.teller.tell_after(2, &created, &submit);
    let undo = desk.teller.tell_after(1, &created, &Fact::Undone(Undone { events: created.clone() }));
    let track = desk.filing().track;
    assert_eq!((track.stage.as_str(), track.split.expect("a conflict").rivals), ("fill", vec![submit]));

    let mut kept = desk.teller.entries.clone();
    desk.teller.tell(&Fact::FilingResolved(Resolved { stands: submit, reason: "企业已经提交".into() }));
    assert_eq!((desk.filing().track.stage.as_str(), desk.filing().track.split), ("district", None));

    // The decision taken back as well: nothing is left that would be lost with the filing.
    std::mem::swap(&mut desk.teller.entries, &mut kept);
    desk.teller.tell(&Fact::Undone(Undone { events: vec![submit] }));
    assert!(Filing::replay(desk.teller.record, &desk.teller.history()).is_none());
    desk.teller.tell(&Fact::Undone(Undone { events: vec![undo] }));
    assert_eq!(desk.filing().track.stage, "fill");
}

#[test]
fn a_decision_nobody_had_seen_opens_a_settled_conflict_again() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let (pass, hold) = desk.unaware(&desk.wish(Effect::Pass, 8, 3), &desk.wish(Effect::Return, 8, 3));
    // The second desk goes on after its own decision, knowing neither the first one's nor the settlement.
    let heads = desk.teller.history().heads();
    let own: Vec<_> = desk.teller.entries.iter().filter(|e| e.hash != pass).cloned().collect();
    let all = std::mem::replace(&mut desk.teller.entries, own);
    let again = desk.fact(&desk.wish(Effect::Pass, 8, 4)).unwrap();
    desk.teller.entries = all;
    desk.teller.tell_after(1, &heads, &Fact::FilingResolved(Resolved { stands: pass, reason: "以通过为准".into() }));
    assert_eq!(desk.filing().track.stage, "city");
    desk.teller.tell_after(2, &[hold], &again);
    let track = desk.filing().track;
    assert_eq!((track.stage.as_str(), track.split.map(|split| split.rivals.len())), ("district", Some(2)));
    desk.teller.tell(&Fact::FilingResolved(Resolved { stands: pass, reason: "以通过为准".into() }));
    assert_eq!((desk.filing().track.stage.as_str(), desk.filing().track.split), ("city", None));
}

#[test]
fn two_people_who_settle_a_conflict_differently_unaware_of_each_other_leave_it_open() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let (pass, back) = desk.unaware(&desk.wish(Effect::Pass, 8, 3), &desk.wish(Effect::Return, 8, 3));
    let heads = desk.teller.history().heads();
    let choose = |stands| Fact::FilingResolved(Resolved { stands, reason: "以盖章的为准".into() });
    desk.teller.tell_after(1, &heads, &choose(pass));
    desk.teller.tell_after(2, &heads, &choose(back));
    let track = desk.filing().track;
    assert_eq!((track.stage.as_str(), track.split.map(|split| split.rivals.len())), ("district", Some(2)));
    desk.teller.tell(&choose(back));
    assert_eq!((desk.filing().track.stage.as_str(), desk.filing().track.split), ("fill", None));
}

#[test]
fn a_settlement_between_fewer_rivals_is_not_passed_over_by_one_who_had_not_seen_it() {
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 2);
    let (pass, back) = desk.unaware(&desk.wish(Effect::Pass, 8, 3), &desk.wish(Effect::Return, 8, 3));
    let two = vec![pass, back];
    let before: Vec<_> = desk.teller.entries.iter().filter(|e| !two.contains(&e.hash)).cloned().collect();
    let third = {
        let all = std::mem::replace(&mut desk.teller.entries, before);
        let (heads, fact) = (desk.teller.history().heads(), desk.fact(&desk.wish(Effect::Decline, 8, 3)).unwrap());
        desk.teller.entries = all;
        desk.teller.tell_after(3, &heads, &fact)
    };
    let choose = |stands| Fact::FilingResolved(Resolved { stands, reason: "以盖章的为准".into() });
    // One has seen all three and takes the first; another has seen two and takes the other of them.
    desk.teller.tell_after(1, &[pass, back, third], &choose(pass));
    desk.teller.tell_after(2, &two, &choose(back));
    let track = desk.filing().track;
    assert_eq!((track.stage.as_str(), track.split.map(|split| split.rivals.len())), ("district", Some(3)));
    desk.teller.tell(&choose(pass));
    assert_eq!((desk.filing().track.stage.as_str(), desk.filing().track.split), ("city", None));
}

fn effect() -> impl Strategy<Value = Effect> {
    prop::sample::select(vec![
        Effect::Pass,
        Effect::Pass,
        Effect::Pass,
        Effect::Return,
        Effect::Decline,
        Effect::Withdraw,
        Effect::Hold,
        Effect::Enter,
        Effect::Pending,
        Effect::Fail,
        Effect::Lapse,
        Effect::Publish,
    ])
}

proptest! {
    /// Law: what the machine offers it accepts, what it does not offer it refuses.
    #[test]
    fn the_machine_does_exactly_what_it_offers(effects in prop::collection::vec(effect(), 1..14)) {
        let mut desk = Desk::with_filing();
        for effect in effects {
            let offered = choices(&desk.filing().track, &version()).iter().any(|c| c.effect == effect);
            let fact = desk.fact(&desk.wish(effect, 8, 2));
            prop_assert_eq!(offered, fact.is_ok());
            if let Ok(fact) = fact {
                desk.teller.tell(&fact);
                prop_assert!(version().stage_index(&desk.filing().track.stage).is_some());
                prop_assert!(desk.filing().track.split.is_none());
            }
        }
    }

    /// Laws 1 and 3: any order of arrival and any repetition gives the same filing, and whatever desks decide unaware of
    /// each other, a decision is shown, superseded by somebody who had seen it, or one of the rivals of the one conflict.
    #[test]
    fn a_filing_is_a_function_of_the_set_of_its_events(
        steps in prop::collection::vec((effect(), 0..3_u128, any::<prop::sample::Index>()), 1..10),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let mut desk = Desk::with_filing();
        for (effect, device, seen) in steps {
            // Each desk has seen a causally whole part of the story: a prefix of the agreed order.
            let all = desk.teller.history();
            let prefix = History::new(all.entries()[..seen.index(all.len()) + 1].to_vec());
            let Some(filing) = Filing::replay(desk.teller.record, &prefix) else { continue };
            let wish = desk.wish(effect, 8, 2);
            if let Ok(moved) = decide(&filing.track, &version(), &wish, filing.content(), day(12, 31)) {
                desk.teller.tell_after(10 + device, &prefix.heads(), &Fact::FilingMoved(moved));
            }
        }
        let reference = desk.filing();
        let mut entries = desk.teller.entries.clone();
        for index in &shuffle {
            let n = index.index(entries.len());
            let entry = entries.remove(n);
            entries.push(entry.clone());
            entries.insert(0, entry);
            entries.dedup_by(|a, b| a.hash == b.hash);
        }
        let shuffled = Filing::replay(desk.teller.record, &History::new(entries)).expect("a filing");
        prop_assert_eq!(&shuffled.track, &reference.track);
        let history = desk.teller.history();
        let track = &reference.track;
        for decision in track.decisions.iter().filter(|d| !d.stands) {
            let rival = track.split.as_ref().is_some_and(|split| {
                split.rivals.iter().any(|r| *r == decision.hash || history.knew(decision.position, history.position(r).unwrap()))
            });
            prop_assert!(rival, "a decision vanished: {:?}", decision.moved.effect);
        }
    }
}

#[test]
fn a_return_may_give_its_defects_instead_of_a_reason() {
    use crate::domain::defect::{About, Defect};
    let mut desk = Desk::with_filing();
    desk.go(Effect::Pass, 8, 5);
    let defects = vec![Defect::new(About::Material("audit".into()), " 缺页 "), Defect::new(About::Whole, "缺盖章")];
    let wish = |defects| Wish { defects, ..Wish::new(Effect::Return, day(8, 6)) };
    let Fact::FilingMoved(moved) = desk.fact(&wish(defects.clone())).unwrap() else { panic!("a move") };
    assert_eq!(moved.reason, "1. 审计报告：缺页；2. 缺盖章");
    assert_eq!(moved.defects[0].says, "缺页");
    let empty = desk.fact(&wish(vec![Defect::new(About::Whole, " ")])).expect_err("says nothing");
    assert!(empty.says.contains("是空的"), "{empty}");
    assert!(desk.fact(&wish(Vec::new())).expect_err("nothing at all").says.contains("必须写明原因"));
    let pass = Wish { defects, ..Wish::new(Effect::Pass, day(8, 6)) };
    let Fact::FilingMoved(passed) = desk.fact(&pass).unwrap() else { panic!("a move") };
    assert!(passed.defects.is_empty() && passed.reason.is_empty(), "only a return has any");
}
