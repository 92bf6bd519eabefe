//! Counting working days on prefix sums: a look-up inside the known span, arithmetic on weeks outside it.

use chrono::{Datelike, Days as Span, NaiveDate};

use super::{Calendar, Counted, Reckoned, law};
use crate::domain::program::{DayUnit, Days};

impl Calendar {
    /// The `n`th working day after `start`, which is not counted itself (民法典 201). For `n` = 0, `start`.
    pub fn after(&self, start: NaiveDate, n: u16) -> Reckoned {
        if n == 0 {
            return Reckoned { date: start, assumed: false };
        }
        let date = self.nth(self.ordinal(start) + i64::from(n));
        Reckoned { date, assumed: !self.knows_all(next(start), date) }
    }

    /// The `n`th working day when `start` is counted itself, as 公示 counts its first day. For `n` = 0, `start`.
    pub fn through(&self, start: NaiveDate, n: u16) -> Reckoned {
        match start.pred_opt() {
            Some(eve) if n > 0 => self.after(eve, n),
            _ => Reckoned { date: start, assumed: false },
        }
    }

    /// The `n`th working day before `end`, which is not counted itself: an internal deadline ahead of the superior's.
    pub fn before(&self, end: NaiveDate, n: u16) -> Reckoned {
        let (Some(eve), true) = (end.pred_opt(), n > 0) else {
            return Reckoned { date: end, assumed: false };
        };
        let date = self.nth(self.ordinal(eve) - i64::from(n) + 1);
        Reckoned { date, assumed: !self.knows_all(date, eve) }
    }

    /// Working days after `from` up to and including `to`; none when `to` does not lie later.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Counted {
        if to <= from {
            return Counted { days: 0, assumed: false };
        }
        let days = self.ordinal(to) - self.ordinal(from);
        // Not negative, and no two dates of the calendar lie four milliards of days apart.
        Counted { days: u32::try_from(days).unwrap_or(u32::MAX), assumed: !self.knows_all(next(from), to) }
    }

    /// The day itself when it is worked, else the next one that is.
    pub fn roll(&self, day: NaiveDate) -> Reckoned {
        self.through(day, 1)
    }

    /// The end of `n` 自然日 after `start`, which is not counted; a last day that is off moves to the next working day
    /// (民法典 203).
    pub fn natural(&self, start: NaiveDate, n: u16) -> Reckoned {
        self.roll(start.checked_add_days(Span::new(n.into())).unwrap_or(NaiveDate::MAX))
    }

    /// The end of a statutory span, counted from the day after `start`.
    pub fn deadline(&self, start: NaiveDate, days: Days) -> Reckoned {
        match days.unit {
            DayUnit::Working => self.after(start, days.n),
            DayUnit::Calendar => self.natural(start, days.n),
        }
    }

    /// Working days from the first day of the span to `day`, inclusive; negative before the span.
    fn ordinal(&self, day: NaiveDate) -> i64 {
        let at = (day - self.first).num_days();
        let length = self.worked.len() as i64 - 1;
        if at < 0 {
            return -assumed(day, self.first.pred_opt().unwrap_or(day));
        }
        if at < length {
            return i64::from(self.worked[at as usize + 1]);
        }
        let total = i64::from(self.worked[length as usize]);
        let last = self.first.checked_add_signed(chrono::TimeDelta::days(length - 1)).unwrap_or(day);
        total + assumed(last, day)
    }

    /// The first day whose [`Self::ordinal`] reaches `k`.
    fn nth(&self, k: i64) -> NaiveDate {
        let total = self.worked.last().copied().map_or(0, i64::from);
        if (1..=total).contains(&k) {
            // `worked` never falls, so the first entry to reach k is found by halving; entry i ends on day i − 1.
            let entry = self.worked.partition_point(|sum| i64::from(*sum) < k);
            return self.first + Span::new(entry as u64 - 1);
        }
        // Outside the span five of seven days are worked but for six a year, so the answer lies within this bracket.
        let far = (k.abs() + total) * 3 / 2 + 30 + self.worked.len() as i64;
        let far = Span::new(far.unsigned_abs());
        let mut low = self.first.checked_sub_days(far).unwrap_or(NaiveDate::MIN);
        let mut high = self.first.checked_add_days(far).unwrap_or(NaiveDate::MAX);
        while low < high {
            let middle = low + Span::new((high - low).num_days() as u64 / 2);
            if self.ordinal(middle) >= k {
                high = middle;
            } else {
                low = next(middle);
            }
        }
        low
    }
}

pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

/// The days taken as worked after `from`, up to and including `to`, where nothing is known of them.
fn assumed(from: NaiveDate, to: NaiveDate) -> i64 {
    weekdays(from, to) - law::on_weekdays(from, to)
}

/// Mondays to Fridays after `from`, up to and including `to`.
fn weekdays(from: NaiveDate, to: NaiveDate) -> i64 {
    // Days since a Monday: in each week the first five count.
    let upto = |day: NaiveDate| {
        let since = i64::from(day.num_days_from_ce()) - 1;
        since.div_euclid(7) * 5 + (since.rem_euclid(7) + 1).min(5)
    };
    upto(to) - upto(from)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::super::tests::{day, some_papers};
    use super::*;

    #[test]
    fn spans_that_leave_out_their_first_day() {
        let calendar = some_papers();
        for (start, n, end) in [
            ("2020-01-20", 10, "2020-02-11"),
            ("2020-09-24", 10, "2020-10-14"),
            ("2025-09-26", 5, "2025-10-10"),
            ("2026-02-12", 5, "2026-02-26"),
            ("2026-04-30", 10, "2026-05-18"),
            ("2025-12-29", 5, "2026-01-06"),
        ] {
            assert_eq!(calendar.after(day(start), n), Reckoned { date: day(end), assumed: false }, "{start} +{n}");
        }
        assert_eq!(calendar.after(day("2026-10-01"), 0).date, day("2026-10-01"));
    }

    #[test]
    fn spans_that_count_their_first_day() {
        let calendar = some_papers();
        for (start, n, end) in
            [("2020-09-10", 5, "2020-09-16"), ("2020-09-24", 10, "2020-10-13"), ("2026-09-18", 10, "2026-10-08")]
        {
            assert_eq!(calendar.through(day(start), n), Reckoned { date: day(end), assumed: false }, "{start} +{n}");
        }
        assert_eq!(calendar.through(day("2026-10-01"), 1).date, day("2026-10-08"));
    }

    #[test]
    fn a_natural_span_rolls_to_the_next_working_day() {
        let calendar = some_papers();
        assert_eq!(calendar.natural(day("2026-09-21"), 15).date, day("2026-10-08"), "from 10-06, in the holiday");
        assert_eq!(calendar.natural(day("2026-08-24"), 15).date, day("2026-09-08"));
        assert_eq!(calendar.natural(day("2026-08-24"), 5).date, day("2026-08-31"), "a Saturday moves to Monday");
        let days = |n, unit| Days { n, unit };
        assert_eq!(calendar.deadline(day("2026-08-24"), days(5, DayUnit::Calendar)).date, day("2026-08-31"));
        assert_eq!(calendar.deadline(day("2026-08-24"), days(5, DayUnit::Working)).date, day("2026-08-31"));
    }

    #[test]
    fn an_internal_deadline_lies_before_the_superiors() {
        let calendar = some_papers();
        assert_eq!(calendar.before(day("2026-10-09"), 3).date, day("2026-09-29"));
        assert_eq!(calendar.before(day("2026-10-09"), 0).date, day("2026-10-09"));
    }

    #[test]
    fn counting_past_the_last_paper_is_said_aloud() {
        let calendar = some_papers();
        assert_eq!(calendar.after(day("2026-12-21"), 3), Reckoned { date: day("2026-12-24"), assumed: false });
        assert_eq!(calendar.after(day("2026-12-28"), 5), Reckoned { date: day("2027-01-05"), assumed: true });
        assert_eq!(calendar.between(day("2026-12-21"), day("2026-12-31")), Counted { days: 8, assumed: true });
        assert_eq!(calendar.between(day("2026-09-24"), day("2026-10-09")), Counted { days: 5, assumed: false });
        assert_eq!(calendar.between(day("2026-10-09"), day("2026-09-24")).days, 0);
        assert!(!calendar.after(day("2031-01-01"), 1).date.to_string().is_empty());
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        let calendar = some_papers();
        for edge in [NaiveDate::MIN, NaiveDate::MAX] {
            let _ = (calendar.after(edge, 9), calendar.before(edge, 9), calendar.natural(edge, 9), calendar.roll(edge));
            let _ = (calendar.between(edge, day("2026-01-01")), calendar.between(day("2026-01-01"), edge));
        }
    }

    /// Counting one day at a time, which is what the fast path must agree with.
    fn slowly(calendar: &Calendar, start: NaiveDate, n: u16) -> NaiveDate {
        let mut date = start;
        let mut left = n;
        while left > 0 {
            date = next(date);
            left -= u16::from(calendar.is_workday(date).worked());
        }
        date
    }

    proptest! {
        #[test]
        fn the_fast_way_agrees_with_counting_on_fingers(offset in -2000i64..6000, n in 0u16..400) {
            let calendar = some_papers();
            let start = day("2017-01-01") + TimeDelta::days(offset);
            let end = calendar.after(start, n).date;
            prop_assert_eq!(end, slowly(&calendar, start, n));
            prop_assert_eq!(calendar.between(start, end).days, u32::from(n));
        }

        #[test]
        fn a_span_there_and_back_meets(offset in 0i64..4000, n in 1u16..300) {
            let calendar = some_papers();
            let start = calendar.roll(day("2017-01-01") + TimeDelta::days(offset)).date;
            prop_assert_eq!(calendar.before(calendar.after(start, n).date, n).date, start);
        }

        #[test]
        fn more_days_never_end_earlier(offset in 0i64..4000, n in 0u16..300) {
            let calendar = some_papers();
            let start = day("2017-01-01") + TimeDelta::days(offset);
            prop_assert!(calendar.after(start, n).date < calendar.after(start, n + 1).date);
            prop_assert!(calendar.natural(start, n).date <= calendar.natural(start, n + 1).date);
            prop_assert!(calendar.is_workday(calendar.natural(start, n).date).worked());
        }
    }
}
