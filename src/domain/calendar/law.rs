//! Days off that the law itself fixes by their date (全国年节及纪念日放假办法, as amended from 2025), known before any year's paper.
//! The other holidays follow the moon or the sun, and which days around them are exchanged only the paper says.

use chrono::{Datelike, NaiveDate};

/// The years the amended rules are taken to hold in: from when they came into force, as far as a calendar can know.
const YEARS: std::ops::RangeInclusive<i32> = 2025..=*super::YEARS.end();

const DAYS: [(u32, u32, &str); 6] =
    [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")];

/// The holiday a day belongs to by its date alone.
pub(super) fn holiday(day: NaiveDate) -> Option<&'static str> {
    let (.., name) = DAYS.iter().find(|(m, d, _)| (*m, *d) == (day.month(), day.day()))?;
    YEARS.contains(&day.year()).then_some(*name)
}

/// Those on Mondays to Fridays after `from`, up to and including `to`.
pub(super) fn on_weekdays(from: NaiveDate, to: NaiveDate) -> i64 {
    let years = from.year().max(*YEARS.start())..=to.year().min(*YEARS.end());
    let all = years.flat_map(|year| DAYS.iter().filter_map(move |(m, d, _)| NaiveDate::from_ymd_opt(year, *m, *d)));
    all.filter(|day| from < *day && *day <= to && day.weekday().number_from_monday() <= 5).count() as i64
}

#[cfg(test)]
mod tests {
    use super::super::tests::day;
    use super::*;

    #[test]
    fn new_years_day_is_a_holiday_before_its_paper_is_out() {
        assert_eq!(holiday(day("2027-01-01")), Some("元旦"));
        assert_eq!(holiday(day("2027-10-03")), Some("国庆节"));
        assert_eq!(holiday(day("2027-10-04")), None, "the paper's to say");
        assert_eq!(holiday(day("2024-05-02")), None, "two days of 劳动节 came with 2025");
        assert_eq!(holiday(day("2101-01-01")), None);
    }

    #[test]
    fn of_a_span_only_those_within_it_on_weekdays_are_counted() {
        assert_eq!(
            on_weekdays(day("2026-12-31"), day("2027-12-31")),
            2,
            "01-01 and 10-01 are Fridays, the others fall on weekends"
        );
        assert_eq!(on_weekdays(day("2027-01-01"), day("2027-09-30")), 0);
        assert_eq!(on_weekdays(NaiveDate::MIN, NaiveDate::MAX), on_weekdays(day("2024-12-31"), day("2100-12-31")));
        assert_eq!(on_weekdays(day("2027-12-31"), day("2026-12-31")), 0);
    }
}
