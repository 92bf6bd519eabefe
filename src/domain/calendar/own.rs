//! The office's own word on days: a typhoon day, an arrangement of the province, a paper that came after the program did.
//! Kept as fields of the office: `day.2026-10-12` says whether that day is worked and why, `days.2027` that the whole year's
//! paper is known.

use chrono::NaiveDate;

use super::Row;

/// Prefix of the keys of single days.
pub const DAY: &str = "day.";
/// Prefix of the keys of years whose paper was taken in.
pub const YEAR: &str = "days.";

const OFF: &str = "off";
const WORKED: &str = "worked";

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

/// A day from its key and value.
pub fn read_day(key: &str, value: &str) -> Option<Row> {
    let date = key.strip_prefix(DAY)?.parse().ok()?;
    let (word, name) = value.split_once(' ').unwrap_or((value, ""));
    let off = match word {
        OFF => true,
        WORKED => false,
        _ => return None,
    };
    Some(Row { date, off, name: name.to_owned() })
}

/// Days and years among the fields of the office, in their order.
pub fn read<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> (Vec<Row>, Vec<i32>) {
    let (mut rows, mut years) = (Vec::new(), Vec::new());
    for (key, value) in fields {
        rows.extend(read_day(key, value));
        years.extend(key.strip_prefix(YEAR).and_then(|year| year.parse::<i32>().ok()));
    }
    rows.sort_by_key(|row| row.date);
    years.sort_unstable();
    (rows, years)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, row};
    use super::*;

    #[test]
    fn days_and_years_come_back_from_the_offices_fields() {
        let storm = row("2026-10-12", true, "台风停工");
        let plain = row("2026-10-17", false, "");
        let fields = [
            (key(plain.date), write(&plain)),
            (key(storm.date), write(&storm)),
            (year_key(2027), "国办发明电〔2026〕9号".to_owned()),
            ("name".to_owned(), "青澜区科学技术局".to_owned()),
            (key(day("2026-10-18")), "maybe".to_owned()),
            (format!("{DAY}2026-13-01"), "off".to_owned()),
        ];
        let read = read(fields.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        assert_eq!(read, (vec![storm, plain], vec![2027]));
    }
}
