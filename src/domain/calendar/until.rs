//! A last day as people type it: a day, or how many working days it lies ahead.

use chrono::NaiveDate;

use super::{Calendar, Reckoned};
use crate::domain::date::parse_day_from;
use crate::domain::problem::{Problem, Result};
use crate::domain::text::fold;

/// A last day as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// So many working days, the first day not counted.
    Working(u16),
    /// A day.
    Day(NaiveDate),
}

impl Until {
    /// More is a slip of the hand: a year has about 250.
    const WORKING: std::ops::RangeInclusive<u16> = 1..=250;

    /// Reads `10 个工作日`, `10工作日`, `+10`, or a day; one without a year is the next of its name from `from` on.
    ///
    /// # Errors
    /// One sentence when it is neither, or too many working days or none.
    pub fn parse(typed: &str, from: NaiveDate) -> Result<Self> {
        let text: String = typed.chars().map(fold).filter(|c| !c.is_whitespace()).collect();
        let plus = text.strip_prefix('+');
        let words = plus.unwrap_or(&text);
        match words.strip_suffix("工作日").map(|rest| rest.strip_suffix('个').unwrap_or(rest)).or(plus) {
            Some(number) => Self::working(number),
            None => parse_day_from(typed, from).map(Self::Day),
        }
    }

    /// Reads a bare number as working days.
    ///
    /// # Errors
    /// One sentence when it is none, too large or zero.
    pub fn working(number: &str) -> Result<Self> {
        let days = number.parse().ok().filter(|days| Self::WORKING.contains(days));
        days.map(Self::Working).ok_or_else(|| {
            let (first, last) = (Self::WORKING.start(), Self::WORKING.end());
            Problem::bad_input(format!("“{number}”不是 {first} 到 {last} 个工作日。"))
                .next("请写几个工作日，如 10个工作日，或写到哪一天，如 2026-08-31。")
        })
    }

    /// Where it leads, counted from the day after `from`.
    pub fn last(self, from: NaiveDate, calendar: &Calendar) -> Reckoned {
        match self {
            Self::Working(days) => calendar.after(from, days),
            Self::Day(date) => Reckoned { date, assumed: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, some_papers};
    use super::*;

    fn read(typed: &str) -> Until {
        Until::parse(typed, day("2026-11-27")).expect(typed)
    }

    #[test]
    fn so_many_working_days_or_a_day_are_told_apart() {
        for typed in ["10个工作日", "10 个工作日", "１０工作日", "+10", "+ 10 个工作日"] {
            assert_eq!(read(typed), Until::Working(10), "{typed}");
        }
        assert_eq!(read("12-8"), Until::Day(day("2026-12-08")));
        assert_eq!(read("2026-11-20"), Until::Day(day("2026-11-20")), "what was said is taken at its word");
    }

    #[test]
    fn a_day_of_january_typed_in_november_is_the_one_that_comes() {
        assert_eq!(read("1-8"), Until::Day(day("2027-01-08")));
        assert_eq!(read("11-27"), Until::Day(day("2026-11-27")));
    }

    #[test]
    fn none_and_three_hundred_working_days_are_refused() {
        for typed in ["0个工作日", "300个工作日", "+0", "+", "个工作日", "-5个工作日", "99999999个工作日", "五个工作日"]
        {
            assert!(Until::parse(typed, day("2026-11-27")).is_err(), "{typed}");
        }
    }

    #[test]
    fn working_days_into_a_year_without_a_paper_are_assumed_and_pass_over_its_first_day() {
        let last = |days| Until::Working(days).last(day("2026-11-27"), &some_papers());
        assert_eq!(last(5), Reckoned { date: day("2026-12-04"), assumed: false });
        assert_eq!(last(24), Reckoned { date: day("2026-12-31"), assumed: true });
        assert_eq!(last(25), Reckoned { date: day("2027-01-04"), assumed: true });
    }
}
