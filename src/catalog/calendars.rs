//! The State Council's holiday arrangements, one file per year (`assets/calendars/`), and calendars made from them.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::calendar::own::Year;
use crate::domain::calendar::{Calendar, Row};
use crate::domain::problem::{Problem, Result};

macro_rules! embedded {
    ($($year:literal)*) => { &[$(include_str!(concat!("../../assets/calendars/", $year, ".json"))),*] };
}

/// The years built in, ascending.
const FILES: &[&str] = embedded!("2007" "2008" "2009" "2010" "2011" "2012" "2013" "2014" "2015" "2016" "2017" "2018" "2019" "2020" "2021" "2022" "2023" "2024" "2025" "2026");

/// What one year's file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearFile {
    pub year: i32,
    /// Addresses of the papers it rests on.
    pub papers: Vec<String>,
    /// In the file's order; days of the December before may be among them.
    pub rows: Vec<Row>,
}

#[derive(Deserialize)]
struct File {
    year: i32,
    #[serde(default)]
    papers: Vec<String>,
    days: Vec<Day>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Day {
    name: String,
    date: NaiveDate,
    is_off_day: bool,
}

/// Reads a year's file, such as a newer one brought on a USB stick. `name` is only said in errors.
///
/// # Errors
/// When it is no such file, or a day lies neither in its year nor in the month before or after.
pub fn read(name: &str, text: &str) -> Result<YearFile> {
    let file: File = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(|e| {
        Problem::foreign(format!("“{name}”不是放假安排文件。")).next("请选择按年份命名的放假安排 JSON 文件。").detail(e)
    })?;
    let rows: Vec<Row> =
        file.days.into_iter().map(|day| Row { date: day.date, off: day.is_off_day, name: day.name }).collect();
    let near = |date: &NaiveDate| {
        let start = NaiveDate::from_ymd_opt(file.year - 1, 12, 1);
        let end = NaiveDate::from_ymd_opt(file.year + 1, 1, 31);
        start.is_some_and(|start| *date >= start) && end.is_some_and(|end| *date <= end)
    };
    if let Some(row) = rows.iter().find(|row| !near(&row.date)) {
        let says = format!("“{name}”是 {} 年的放假安排，里面却有 {}。", file.year, row.date);
        return Err(Problem::damaged(says).detail(format!("{name}: days")));
    }
    Ok(YearFile { year: file.year, papers: file.papers, rows })
}

/// A calendar from year files, in any order, and the office's own rows on top. A file without days (a year not yet
/// arranged) leaves its year unknown; of two files for one year the later in the slice wins.
pub fn calendar(files: &[YearFile], own: impl IntoIterator<Item = Row>) -> Calendar {
    let mut files: Vec<&YearFile> = files.iter().filter(|file| !file.rows.is_empty()).collect();
    files.sort_by_key(|file| file.year);
    let rows = files.iter().flat_map(|file| file.rows.iter().cloned());
    Calendar::new(rows, files.iter().map(|file| file.year)).with(own)
}

static BUILTIN: LazyLock<(Vec<YearFile>, Calendar)> = LazyLock::new(|| {
    let files: Result<Vec<YearFile>> = FILES.iter().map(|text| read("embedded", text)).collect();
    // The files are part of the program, and a test reads every one of them.
    let files = files.expect("embedded calendars");
    let calendar = calendar(&files, []);
    (files, calendar)
});

/// The years the program was built with.
pub fn years() -> &'static [YearFile] {
    &BUILTIN.0
}

/// The calendar of an office: the years it took in in the place of those built in, and its own days on top.
pub fn of_office(years: &[Year], days: &[Row]) -> Calendar {
    // Of a year an earlier version took in only the name is kept here; its rows are among the days.
    let (whole, named): (Vec<&Year>, Vec<&Year>) = years.iter().partition(|year| !year.rows.is_empty());
    let mut files = BUILTIN.0.clone();
    files.retain(|file| !whole.iter().any(|year| year.year == file.year));
    files.extend(whole.iter().map(|year| YearFile { year: year.year, papers: Vec::new(), rows: year.rows.clone() }));
    calendar(&files, []).knowing(named.iter().map(|year| year.year)).with(days.iter().cloned())
}

/// A calendar of the years the program was built with.
pub fn builtin() -> &'static Calendar {
    &BUILTIN.1
}

#[cfg(test)]
mod tests {
    use crate::domain::calendar::Workday;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a real day")
    }

    #[test]
    fn every_year_built_in_is_known_and_names_its_papers() {
        let years: Vec<i32> = years().iter().map(|file| file.year).collect();
        assert_eq!(years, (2007..=2026).collect::<Vec<_>>());
        assert!(super::years().iter().all(|file| !file.papers.is_empty() && file.rows.len() > 25));
        assert!(builtin().knows_year(2026) && !builtin().knows_year(2027) && !builtin().knows_year(2006));
    }

    #[test]
    fn working_days_of_whole_years() {
        for (year, days) in [(2020, 249), (2025, 248), (2026, 248)] {
            let before = day(&format!("{}-12-31", year - 1));
            assert_eq!(builtin().between(before, day(&format!("{year}-12-31"))).days, days, "{year}");
        }
    }

    #[test]
    fn the_worked_examples_come_out() {
        let calendar = builtin();
        for (start, n, end) in [
            ("2020-01-20", 10, "2020-02-11"),
            ("2020-09-24", 10, "2020-10-14"),
            ("2026-04-30", 10, "2026-05-18"),
            ("2025-09-26", 5, "2025-10-10"),
            ("2026-02-12", 5, "2026-02-26"),
            ("2025-12-29", 5, "2026-01-06"),
        ] {
            let reckoned = calendar.after(day(start), n);
            assert_eq!((reckoned.date, reckoned.assumed), (day(end), false), "{start} +{n}");
        }
        for (start, n, end) in
            [("2020-09-10", 5, "2020-09-16"), ("2020-09-24", 10, "2020-10-13"), ("2026-09-18", 10, "2026-10-08")]
        {
            assert_eq!(calendar.through(day(start), n).date, day(end), "{start} +{n}");
        }
    }

    #[test]
    fn make_up_days_and_the_second_paper_of_2020_are_followed() {
        for worked in [
            "2026-01-04",
            "2026-02-14",
            "2026-02-28",
            "2026-05-09",
            "2026-09-20",
            "2026-10-10",
            "2018-12-29",
            "2020-02-03",
        ] {
            assert_eq!(builtin().is_workday(day(worked)), Workday::Known(true), "{worked}");
        }
        for off in ["2020-01-31", "2018-12-31", "2022-12-31", "2007-12-31", "2026-10-07"] {
            assert_eq!(builtin().is_workday(day(off)), Workday::Known(false), "{off}");
        }
        assert_eq!(builtin().is_workday(day("2027-01-01")), Workday::Assumed(false), "off by law");
        assert_eq!(builtin().is_workday(day("2027-01-04")), Workday::Assumed(true));
    }

    #[test]
    fn a_newer_file_is_taken_in_and_a_strange_one_refused() {
        let text = r#"{"year":2027,"papers":["x"],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}"#;
        let mut files = years().to_vec();
        files.push(read("2027.json", text).expect("a year file"));
        assert_eq!(calendar(&files, []).is_workday(day("2027-01-01")), Workday::Known(false));
        let empty = read("2028.json", r#"{"year":2028,"days":[]}"#).expect("not arranged yet");
        assert!(!calendar(&[empty], []).knows_year(2028));
        assert!(read("x.json", "[]").expect_err("no year file").says.contains("x.json"));
        let far = text.replace("2027-01-01", "2025-01-01");
        assert!(read("2027.json", &far).expect_err("wrong year").says.contains("2025-01-01"));
    }
}
