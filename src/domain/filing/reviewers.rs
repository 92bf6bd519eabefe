//! 审核人: who is to review a filing at a stage of ours, as people said it one after the other or unaware of each other.
//!
//! Names are a set. Two people who each name somebody unaware of the other are both heard, and nobody has to settle anything; a
//! name is taken off only by somebody who had seen it put there. What was said for a stage holds in its later rounds as well:
//! whoever sent a filing back looks at what comes again.

use std::collections::BTreeSet;

use crate::domain::event::{Assigned, Fact};
use crate::domain::history::History;
use crate::domain::id::RecordId;
#[cfg(test)]
use crate::domain::testing;

/// By which a change of them is known in the history.
pub const KEY: &str = "reviewers";

/// Who is to review at a stage, by id.
pub fn replay(history: &History, stage: &str) -> Vec<RecordId> {
    told(history, stage, |_| true)
}

/// Who was to review before an event, as far as its author knew.
pub fn before(history: &History, position: usize, stage: &str) -> Vec<RecordId> {
    told(history, stage, |n| history.knew(position, n))
}

/// The same right after it.
pub fn after(history: &History, position: usize, stage: &str) -> Vec<RecordId> {
    told(history, stage, |n| n == position || history.knew(position, n))
}

fn told(history: &History, stage: &str, counts: impl Fn(usize) -> bool) -> Vec<RecordId> {
    let said: Vec<(usize, &Assigned)> = history
        .standing()
        .filter_map(|(n, _, fact)| match fact {
            Fact::FilingAssigned(assigned) if assigned.stage == stage && counts(n) => Some((n, assigned)),
            _ => None,
        })
        .collect();
    #[cfg(test)]
    if testing::is_broken(testing::Break::LastReviewerWins) {
        return said.last().map(|(_, assigned)| assigned.to.clone()).unwrap_or_default();
    }
    let taken_off =
        |who: &RecordId, n: usize| said.iter().any(|(later, other)| other.off.contains(who) && history.knew(*later, n));
    let named = said.iter().flat_map(|(n, assigned)| assigned.to.iter().map(|who| (*n, *who)));
    let all: BTreeSet<RecordId> = named.filter(|(n, who)| !taken_off(who, *n)).map(|(_, who)| who).collect();
    all.into_iter().collect()
}

/// Ids in one text, as the history holds them.
pub fn write(people: &[RecordId]) -> String {
    people.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Ids out of it; what is none is passed over.
pub fn read(text: &str) -> Vec<RecordId> {
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::event::Undone;
    use crate::domain::testing::Teller;

    const ZHANG: RecordId = RecordId(Uuid::from_u128(11));
    const LIN: RecordId = RecordId(Uuid::from_u128(12));

    fn said(to: &[RecordId], off: &[RecordId]) -> Fact {
        Fact::FilingAssigned(Assigned { stage: "district".into(), round: 1, to: to.to_vec(), off: off.to_vec() })
    }

    #[test]
    fn whoever_is_named_unaware_of_another_stands_beside_them() {
        let mut teller = Teller::new(1);
        let first = teller.tell(&said(&[], &[]));
        teller.tell_after(2, &[first], &said(&[ZHANG], &[]));
        teller.tell_after(3, &[first], &said(&[LIN], &[]));
        assert_eq!(replay(&teller.history(), "district"), [ZHANG, LIN]);
        assert_eq!(replay(&teller.history(), "expert"), []);
        teller.tell(&said(&[], &[ZHANG]));
        assert_eq!(replay(&teller.history(), "district"), [LIN]);
    }

    #[test]
    fn a_name_is_taken_off_only_by_somebody_who_had_seen_it() {
        let mut teller = Teller::new(1);
        let first = teller.tell(&said(&[ZHANG], &[]));
        // One takes the name off, another one names the same person anew, unaware of it.
        teller.tell_after(2, &[first], &said(&[], &[ZHANG]));
        let again = teller.tell_after(3, &[first], &said(&[ZHANG], &[]));
        assert_eq!(replay(&teller.history(), "district"), [ZHANG]);
        let heads = teller.history().heads();
        teller.tell_after(3, &heads, &Fact::Undone(Undone { events: vec![again] }));
        assert_eq!(replay(&teller.history(), "district"), []);
    }

    #[test]
    fn the_history_tells_who_it_was_before_and_after() {
        let mut teller = Teller::new(1);
        teller.tell(&said(&[ZHANG], &[]));
        teller.tell(&said(&[LIN], &[ZHANG]));
        let history = teller.history();
        assert_eq!((before(&history, 1, "district"), after(&history, 1, "district")), (vec![ZHANG], vec![LIN]));
        assert_eq!(read(&write(&[ZHANG, LIN])), [ZHANG, LIN]);
        assert_eq!(read("x"), []);
    }
}
