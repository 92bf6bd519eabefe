//! The office's own word on days: a typhoon day, an arrangement of the province, a paper that came after the program did.
//! Kept as fields of the office: `day.2026-10-12` says whether that day is worked and why, `days.2027` holds the whole year's
//! paper. The single days are the office's own word and stand on top of every paper.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Row;

/// Prefix of the keys of single days.
pub const DAY: &str = "day.";
/// Prefix of the keys of years whose paper was taken in.
pub const YEAR: &str = "days.";

const OFF: &str = "off";
const WORKED: &str = "worked";

/// A year whose paper was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    /// The papers it rests on, or the year where none are named.
    pub papers: String,
    /// What it says, in its order. None where an earlier version of the program took it in: that one kept the rows among the
    /// office's single days.
    pub rows: Vec<Row>,
}

/// The key of a day.
pub fn key(day: NaiveDate) -> String {
    format!("{DAY}{day}")
}

/// The key of a year.
pub fn year_key(year: i32) -> String {
    format!("{YEAR}{year}")
}

/// The value of a day.
pub fn write(row: &Row) -> String {
    format!("{} {}", if row.off { OFF } else { WORKED }, row.name.trim()).trim_end().to_owned()
}

/// The value of a year: its papers, then a day in each line.
pub fn write_year(year: &Year) -> String {
    let line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows = year.rows.iter().map(|row| line(format!("{} {}", row.date, write(row))));
    [line(year.papers.clone())].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// A day from its key and value.
pub fn read_day(key: &str, value: &str) -> Option<Row> {
    read_row(key.strip_prefix(DAY)?, value)
}

/// A year from its key and value. A line that cannot be read says nothing.
pub fn read_year(key: &str, value: &str) -> Option<Year> {
    let year = key.strip_prefix(YEAR)?.parse().ok()?;
    let mut lines = value.lines();
    let papers = lines.next().unwrap_or_default().to_owned();
    let rows = lines.filter_map(|line| line.split_once(' ').and_then(|(date, rest)| read_row(date, rest))).collect();
    Some(Year { year, papers, rows })
}

fn read_row(date: &str, value: &str) -> Option<Row> {
    let date = date.parse().ok()?;
    let (word, name) = value.split_once(' ').unwrap_or((value, ""));
    let off = match word {
        OFF => true,
        WORKED => false,
        _ => return None,
    };
    Some(Row { date, off, name: name.to_owned() })
}

/// Days and years among the fields of the office, in their order.
pub fn read<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> (Vec<Row>, Vec<Year>) {
    let (mut rows, mut years) = (Vec::new(), Vec::new());
    for (key, value) in fields {
        rows.extend(read_day(key, value));
        years.extend(read_year(key, value));
    }
    rows.sort_by_key(|row| row.date);
    years.sort_by_key(|year| year.year);
    (rows, years)
}

/// Whether a single day is one of a year's paper as an earlier version took it in, seen by what was set together with it: the
/// office says one day at a time.
pub fn is_of_paper(day: NaiveDate, year: i32, set: &BTreeMap<String, Option<String>>) -> bool {
    let mut years = set.keys().filter(|key| key.starts_with(YEAR)).peekable();
    if years.peek().is_some() {
        return years.any(|key| *key == year_key(year));
    }
    // A corrected paper of the same address did not set the year again.
    day.year() == year && set.keys().filter(|key| key.starts_with(DAY)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, row};
    use super::*;

    #[test]
    fn days_and_years_come_back_from_the_offices_fields() {
        let storm = row("2026-10-12", true, "台风停工");
        let plain = row("2026-10-17", false, "");
        let paper = "国办发明电〔2026〕9号".to_owned();
        let taken = Year {
            year: 2027,
            papers: paper,
            rows: vec![row("2026-12-31", true, "元旦"), row("2027-01-04", false, "元旦")],
        };
        let earlier = Year { year: 2026, papers: "国办发明电〔2025〕7号".to_owned(), rows: Vec::new() };
        let fields = [
            (key(plain.date), write(&plain)),
            (key(storm.date), write(&storm)),
            (year_key(2027), write_year(&taken)),
            (year_key(2026), "国办发明电〔2025〕7号".to_owned()),
            ("name".to_owned(), "青澜区科学技术局".to_owned()),
            (key(day("2026-10-18")), "maybe".to_owned()),
            (format!("{DAY}2026-13-01"), "off".to_owned()),
        ];
        let read = read(fields.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        assert_eq!(read, (vec![storm, plain], vec![earlier, taken]));
    }

    #[test]
    fn days_an_earlier_version_took_in_with_a_year_are_told_from_the_offices_own() {
        let set = |keys: &[String]| keys.iter().map(|key| (key.clone(), Some("off 元旦".to_owned()))).collect();
        let (new_year, storm) = (day("2027-01-01"), day("2027-08-10"));
        let file = set(&[key(day("2026-12-31")), key(new_year), year_key(2027)]);
        assert!(is_of_paper(new_year, 2027, &file) && is_of_paper(day("2026-12-31"), 2027, &file));
        assert!(!is_of_paper(day("2026-12-31"), 2026, &file), "of the next year's paper");
        assert!(is_of_paper(storm, 2027, &set(&[key(storm), key(new_year)])));
        assert!(!is_of_paper(storm, 2027, &set(&[key(storm)])));
    }
}
