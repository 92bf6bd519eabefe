//! Working days: weekends, the State Council's holidays and make-up days, and the office's own corrections.
//! Counting is exact where the year's paper is known; where it is not, weekends and what the law fixes by its date count, and
//! the answer says so.
//! No tables of holidays here (they are the catalog's), and no clock.

mod count;
mod explain;
mod law;
pub mod own;
mod until;
mod words;

pub use explain::{Step, Why};
pub use until::Until;
pub use words::{DueWords, Tone, due_words};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

/// The years a calendar can know: no holiday paper is older, and a slip of the hand must not make the sums run for ever.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// One day a paper speaks of: off although it is a weekday (or a weekend day named as part of the holiday), or worked
/// although it is a weekend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub date: NaiveDate,
    /// Off (放假) or worked (调休上班).
    pub off: bool,
    /// The holiday it belongs to: 国庆节.
    pub name: String,
}

/// Whether a day is worked, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Workday {
    /// The paper that governs the day is known.
    Known(bool),
    /// It is not: Monday to Friday were taken as worked, but for the days the law itself fixes.
    Assumed(bool),
}

impl Workday {
    /// Whether the day is worked.
    pub fn worked(self) -> bool {
        match self {
            Self::Known(worked) | Self::Assumed(worked) => worked,
        }
    }
}

/// A day that was counted out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reckoned {
    pub date: NaiveDate,
    /// Some of the days counted lie where no paper is known; to be said aloud.
    pub assumed: bool,
}

/// A number of working days that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counted {
    pub days: u32,
    /// As in [`Reckoned`].
    pub assumed: bool,
}

/// What is known of holidays, ready to count with. Built once; counting takes a few array look-ups.
#[derive(Debug, Clone)]
pub struct Calendar {
    rows: BTreeMap<NaiveDate, Row>,
    known: BTreeSet<i32>,
    /// First day of the span the prefix sums cover.
    first: NaiveDate,
    /// `worked[i]` is the number of working days among the first `i` days of the span.
    worked: Vec<u32>,
    /// The same for days that no known paper governs.
    unknown: Vec<u32>,
}

impl Calendar {
    /// A calendar from the rows of all papers, older paper first: where two speak of one day, the later one wins, also
    /// across years (a December day may be governed by the next year's paper). `known` are the years whose paper is there.
    pub fn new(rows: impl IntoIterator<Item = Row>, known: impl IntoIterator<Item = i32>) -> Self {
        let known = known.into_iter().filter(|year| YEARS.contains(year)).collect();
        Self { rows: BTreeMap::new(), known, first: NaiveDate::MIN, worked: Vec::new(), unknown: Vec::new() }.with(rows)
    }

    /// The same calendar with the office's own rows on top: a typhoon day, a paper that arrived late.
    #[must_use]
    pub fn with(&self, overrides: impl IntoIterator<Item = Row>) -> Self {
        let mut calendar = self.clone();
        let rows = overrides.into_iter().filter(|row| YEARS.contains(&row.date.year()));
        calendar.rows.extend(rows.map(|row| (row.date, row)));
        calendar.sum_up();
        calendar
    }

    /// The same calendar with the papers of more years known; their rows come by [`Calendar::with`].
    #[must_use]
    pub fn knowing(&self, years: impl IntoIterator<Item = i32>) -> Self {
        let mut calendar = self.clone();
        calendar.known.extend(years.into_iter().filter(|year| YEARS.contains(year)));
        calendar.sum_up();
        calendar
    }

    /// Whether a day is worked.
    pub fn is_workday(&self, day: NaiveDate) -> Workday {
        let worked = self.works(day);
        if self.knows(day) { Workday::Known(worked) } else { Workday::Assumed(worked) }
    }

    /// What a paper or the office says of a day, if anything.
    pub fn row(&self, day: NaiveDate) -> Option<&Row> {
        self.rows.get(&day)
    }

    /// Whether the year's paper is known.
    pub fn knows_year(&self, year: i32) -> bool {
        self.known.contains(&year)
    }

    /// The last year whose paper is known.
    pub fn last_known_year(&self) -> Option<i32> {
        self.known.last().copied()
    }

    fn works(&self, day: NaiveDate) -> bool {
        let usual = || day.weekday().number_from_monday() <= 5 && self.fixed(day).is_none();
        self.rows.get(&day).map_or_else(usual, |row| !row.off)
    }

    /// The holiday a day belongs to by law where the year's paper is not known.
    fn fixed(&self, day: NaiveDate) -> Option<&'static str> {
        law::holiday(day).filter(|_| !self.knows_year(day.year()))
    }

    /// The last three days of a year may still be changed by the next year's paper (2007-12-29, 2018-12-29 were), so they
    /// are known only together with it.
    fn knows(&self, day: NaiveDate) -> bool {
        let tail = (day.month(), day.day()) >= (12, 29);
        self.rows.contains_key(&day)
            || (self.known.contains(&day.year()) && (!tail || self.known.contains(&(day.year() + 1))))
    }

    /// Whether every day from `from` to `to` is known.
    fn knows_all(&self, from: NaiveDate, to: NaiveDate) -> bool {
        let place = |day: NaiveDate| usize::try_from((day - self.first).num_days()).ok();
        let (Some(from), Some(to)) = (place(from), place(to)) else { return false };
        self.unknown.get(to + 1).is_some_and(|sum| *sum == self.unknown[from.min(to + 1)])
    }

    fn sum_up(&mut self) {
        let years = self.rows.keys().map(|d| d.year()).chain(self.known.iter().copied());
        let (low, high) = years.fold((i32::MAX, i32::MIN), |(low, high), y| (low.min(y), high.max(y)));
        self.worked = vec![0];
        self.unknown = vec![0];
        let ends = (NaiveDate::from_ymd_opt(low, 1, 1), NaiveDate::from_ymd_opt(high, 12, 31));
        // Without any row or year the span is empty: everything lies outside it.
        let (Some(first), Some(last)) = ends else {
            self.first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
            return;
        };
        self.first = first;
        let (mut worked, mut unknown) = (0, 0);
        for day in first.iter_days().take_while(|day| *day <= last) {
            worked += u32::from(self.works(day));
            unknown += u32::from(!self.knows(day));
            self.worked.push(worked);
            self.unknown.push(unknown);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().expect("a real day")
    }

    pub(crate) fn row(date: &str, off: bool, name: &str) -> Row {
        Row { date: day(date), off, name: name.to_owned() }
    }

    fn span(from: &str, to: &str, name: &str) -> Vec<Row> {
        day(from)
            .iter_days()
            .take_while(|d| *d <= day(to))
            .map(|d| Row { date: d, off: true, name: name.into() })
            .collect()
    }

    /// The days of the papers that the worked examples touch (国办发明电 for 2020, 2025, 2026; 2019 for its December).
    pub(crate) fn some_papers() -> Calendar {
        let mut rows = vec![
            row("2018-12-29", false, "元旦"),
            row("2018-12-30", true, "元旦"),
            row("2018-12-31", true, "元旦"),
            row("2019-01-01", true, "元旦"),
        ];
        rows.extend(span("2020-01-24", "2020-01-30", "春节"));
        rows.push(row("2020-02-01", false, "春节"));
        // The second paper of 2020 took the make-up day back.
        rows.extend(span("2020-01-31", "2020-02-02", "春节"));
        rows.push(row("2020-01-19", false, "春节"));
        rows.extend(span("2020-10-01", "2020-10-08", "国庆节、中秋节"));
        rows.extend([row("2020-09-27", false, "国庆节、中秋节"), row("2020-10-10", false, "国庆节、中秋节")]);
        rows.extend(span("2025-10-01", "2025-10-08", "国庆节、中秋节"));
        rows.extend([row("2025-09-28", false, "国庆节、中秋节"), row("2025-10-11", false, "国庆节、中秋节")]);
        rows.extend(span("2026-01-01", "2026-01-03", "元旦"));
        rows.push(row("2026-01-04", false, "元旦"));
        rows.extend(span("2026-02-15", "2026-02-23", "春节"));
        rows.extend([row("2026-02-14", false, "春节"), row("2026-02-28", false, "春节")]);
        rows.extend(span("2026-05-01", "2026-05-05", "劳动节"));
        rows.push(row("2026-05-09", false, "劳动节"));
        rows.extend(span("2026-09-25", "2026-09-27", "中秋节"));
        rows.extend(span("2026-10-01", "2026-10-07", "国庆节"));
        rows.extend([row("2026-09-20", false, "国庆节"), row("2026-10-10", false, "国庆节")]);
        Calendar::new(rows, [2018, 2019, 2020, 2025, 2026])
    }

    #[test]
    fn a_day_is_worked_as_the_paper_says() {
        let calendar = some_papers();
        for (date, worked) in [
            ("2026-10-07", Workday::Known(false)),
            ("2026-10-10", Workday::Known(true)),
            ("2026-10-11", Workday::Known(false)),
            ("2026-10-12", Workday::Known(true)),
            ("2020-02-01", Workday::Known(false)),
            ("2027-10-01", Workday::Assumed(false)),
            ("2027-10-02", Workday::Assumed(false)),
            ("2027-10-05", Workday::Assumed(true)),
        ] {
            assert_eq!(calendar.is_workday(day(date)), worked, "{date}");
        }
    }

    #[test]
    fn the_end_of_december_waits_for_the_next_paper() {
        let calendar = some_papers();
        assert_eq!(calendar.is_workday(day("2018-12-29")), Workday::Known(true), "a Saturday made up by 2019's paper");
        assert_eq!(calendar.is_workday(day("2018-12-31")), Workday::Known(false));
        assert_eq!(calendar.is_workday(day("2019-12-31")), Workday::Known(true), "2020 is known");
        assert_eq!(calendar.is_workday(day("2026-12-28")), Workday::Known(true));
        assert_eq!(calendar.is_workday(day("2026-12-31")), Workday::Assumed(true), "2027 is not");
    }

    #[test]
    fn the_office_has_the_last_word() {
        let calendar = some_papers().with([row("2026-10-12", true, "台风停工"), row("2027-01-01", true, "元旦")]);
        assert_eq!(calendar.is_workday(day("2026-10-12")), Workday::Known(false));
        assert_eq!(calendar.is_workday(day("2027-01-01")), Workday::Known(false), "its own word is knowledge");
        assert_eq!(calendar.is_workday(day("2027-01-04")), Workday::Assumed(true));
        assert_eq!(calendar.row(day("2026-10-12")).map(|r| r.name.as_str()), Some("台风停工"));
        assert_eq!(calendar.last_known_year(), Some(2026));
        assert!(!calendar.knows_year(2027));
    }

    #[test]
    fn a_year_taken_in_later_is_known_and_governs_the_december_before_it() {
        let calendar = some_papers().knowing([2027]).with([row("2027-01-01", true, "元旦")]);
        assert_eq!(
            calendar.is_workday(day("2026-12-31")),
            Workday::Known(true),
            "its own paper could have said otherwise"
        );
        assert_eq!(calendar.is_workday(day("2027-01-01")), Workday::Known(false));
        assert_eq!(calendar.after(day("2026-12-30"), 2), Reckoned { date: day("2027-01-04"), assumed: false });
        assert_eq!(calendar.is_workday(day("2027-12-31")), Workday::Assumed(true));
        assert_eq!(calendar.knowing([1_000_000]).last_known_year(), Some(2027), "a slip of the hand");
    }

    #[test]
    fn a_calendar_that_knows_nothing_counts_weekends_and_what_the_law_fixes() {
        let calendar = Calendar::new([], []);
        assert_eq!(calendar.is_workday(day("2026-10-01")), Workday::Assumed(false));
        assert_eq!(calendar.is_workday(day("2026-09-25")), Workday::Assumed(true), "中秋节 follows the moon");
        assert_eq!(calendar.after(day("2026-09-30"), 2), Reckoned { date: day("2026-10-06"), assumed: true });
    }
}
