//! Which automatic backups stay: the newest of each of the last days, weeks and months that have one.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// How many days, weeks and months keep one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub days: u16,
    pub weeks: u16,
    pub months: u16,
}

impl Default for Counts {
    fn default() -> Self {
        Self { days: 7, weeks: 4, months: 12 }
    }
}

/// A backup as thinning sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment<'a> {
    pub at: NaiveDateTime,
    pub name: &'a str,
}

/// Names of those that stay. Only days, weeks and months that have a backup count, so that a long holiday lets nothing go.
///
/// One dated after today was made by a clock that went wrong: it stays and takes nobody's place. The newest always stays.
pub fn keep<'a>(backups: &[Moment<'a>], today: NaiveDate, counts: Counts) -> BTreeSet<&'a str> {
    let mut newest_first: Vec<Moment<'a>> = backups.to_vec();
    newest_first.sort_unstable_by(|a, b| b.cmp(a));
    let (later, past): (Vec<_>, Vec<_>) = newest_first.into_iter().partition(|backup| backup.at.date() > today);
    let mut kept: BTreeSet<&str> = later.iter().chain(past.first()).map(|backup| backup.name).collect();
    let mut slots = |most: u16, slot: fn(NaiveDate) -> (i32, u32)| {
        let mut seen = BTreeSet::new();
        for backup in &past {
            if seen.len() == usize::from(most) {
                return;
            }
            if seen.insert(slot(backup.at.date())) {
                kept.insert(backup.name);
            }
        }
    };
    slots(counts.days, |day| (day.year(), day.ordinal()));
    slots(counts.weeks, |day| (day.iso_week().year(), day.iso_week().week()));
    slots(counts.months, |day| (day.year(), day.month()));
    kept
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, NaiveTime};
    use proptest::prelude::*;

    use super::*;
    use crate::store::testing::TODAY;

    fn named(days_and_minutes: &[(i64, u32)]) -> Vec<(NaiveDateTime, String)> {
        let time = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap_or_default();
        days_and_minutes
            .iter()
            .enumerate()
            .map(|(n, (day, minute))| ((TODAY - Duration::days(*day)).and_time(time(*minute)), format!("{n:03}")))
            .collect()
    }

    fn moments(all: &[(NaiveDateTime, String)]) -> Vec<Moment<'_>> {
        all.iter().map(|(at, name)| Moment { at: *at, name }).collect()
    }

    /// The day, week or month a day lies in.
    type Slot = fn(NaiveDate) -> String;

    proptest! {
        #[test]
        fn the_newest_stays_and_every_slot_has_its_newest_and_nothing_else_stays(
            made in prop::collection::vec((-3_i64..900, 0_u32..1440), 0..80),
            counts in (0_u16..10, 0_u16..6, 0_u16..14),
            turn in any::<prop::sample::Index>(),
        ) {
            let counts = Counts { days: counts.0, weeks: counts.1, months: counts.2 };
            let all = named(&made);
            let mut backups = moments(&all);
            let kept = keep(&backups, TODAY, counts);
            let newest = backups.iter().max();
            prop_assert!(newest.is_none_or(|newest| kept.contains(newest.name)));
            // Each of the last days, weeks and months that have one keeps exactly its newest.
            let slots: [(u16, Slot); 3] = [
                (counts.days, |day| day.format("%Y-%m-%d").to_string()),
                (counts.weeks, |day| day.format("%G-%V").to_string()),
                (counts.months, |day| day.format("%Y-%m").to_string()),
            ];
            let past: Vec<&Moment<'_>> = backups.iter().filter(|backup| backup.at.date() <= TODAY).collect();
            let mut wanted: BTreeSet<&str> = backups.iter().filter(|b| b.at.date() > TODAY).map(|b| b.name).collect();
            wanted.extend(past.iter().max().map(|newest| newest.name));
            for (most, slot) in slots {
                let with_one: BTreeSet<String> = past.iter().map(|backup| slot(backup.at.date())).collect();
                for last in with_one.iter().rev().take(usize::from(most)) {
                    let best = past.iter().filter(|backup| slot(backup.at.date()) == *last).max();
                    wanted.extend(best.map(|best| best.name));
                }
            }
            prop_assert_eq!(&kept, &wanted);
            // Neither the order nor a second thinning changes anything.
            if !backups.is_empty() {
                let at = turn.index(backups.len());
                backups.rotate_left(at);
                backups.reverse();
                prop_assert_eq!(&keep(&backups, TODAY, counts), &kept);
                backups.retain(|backup| kept.contains(backup.name));
                prop_assert_eq!(&keep(&backups, TODAY, counts), &kept);
            }
        }
    }

    #[test]
    fn two_years_of_daily_backups_leave_seven_days_four_weeks_and_twelve_months() {
        let counts = Counts::default();
        let all = named(&(0..730).map(|day| (day, 540)).collect::<Vec<_>>());
        let mut kept: Vec<Moment<'_>> = Vec::new();
        // As it really goes: one more each day, thinned each time.
        for backup in moments(&all).into_iter().rev() {
            kept.push(backup);
            let stays = keep(&kept, backup.at.date(), counts);
            kept.retain(|backup| stays.contains(backup.name));
        }
        let days = |least: i64| kept.iter().filter(|b| b.at.date() > TODAY - Duration::days(least)).count();
        assert_eq!(days(7), 7, "each of the last seven days");
        let months: BTreeSet<String> = kept.iter().map(|backup| backup.at.format("%Y-%m").to_string()).collect();
        assert_eq!(months.len(), 12, "{months:?}");
        assert!(kept.len() <= 23, "{}", kept.len());
    }

    #[test]
    fn a_long_holiday_lets_nothing_go() {
        let all = named(&[(40, 0), (41, 0), (42, 0), (43, 0)]);
        assert_eq!(keep(&moments(&all), TODAY, Counts::default()).len(), 4);
    }
}
