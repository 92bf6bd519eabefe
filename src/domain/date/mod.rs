//! Days and clock times as officers type them, as lists contain them and as screens and documents show them.
//! A day is a `chrono::NaiveDate`; a deadline is a [`Due`], which knows that 24:00 belongs to the day it ends.
//! No calendar of holidays here, and no clock: today and the working year are handed in.

mod due;
mod read;

pub use due::{Due, clock};
pub use read::{Precision, Read, from_serial, parse, parse_day, parse_day_from};

use chrono::{Datelike, NaiveDate, Weekday};

/// `2020-09-01`, for screens and files.
pub fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// `08-24` inside the working year, `2025-08-24` outside it.
pub fn short(day: NaiveDate, working_year: i32) -> String {
    if day.year() == working_year { day.format("%m-%d").to_string() } else { iso(day) }
}

/// `2020年9月1日`, for documents (GB/T 9704: no leading zeros, no blanks).
pub fn document(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `8 月 24 日 星期一`, for headings on screen.
pub fn heading(day: NaiveDate) -> String {
    format!("{} 月 {} 日 {}", day.month(), day.day(), weekday(day))
}

/// `2020-09`, for screens.
pub fn month_iso(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// `2020年9月`, for documents.
pub fn month_document(day: NaiveDate) -> String {
    format!("{}年{}月", day.year(), day.month())
}

/// 星期一 … 星期日.
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
    }

    #[test]
    fn a_day_is_shown_as_its_place_asks() {
        let monday = day(2026, 8, 24);
        assert_eq!(iso(monday), "2026-08-24");
        assert_eq!(short(monday, 2026), "08-24");
        assert_eq!(short(monday, 2027), "2026-08-24");
        assert_eq!(document(day(2020, 9, 1)), "2020年9月1日");
        assert_eq!(heading(monday), "8 月 24 日 星期一");
        assert_eq!(month_iso(day(2020, 9, 1)), "2020-09");
        assert_eq!(month_document(day(2020, 9, 1)), "2020年9月");
    }

    #[test]
    fn a_week_has_its_seven_words() {
        let words: Vec<_> = (24..31).map(|d| weekday(day(2026, 8, d))).collect();
        assert_eq!(words, ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]);
    }
}
