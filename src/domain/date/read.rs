//! Reading days: `2020-9-1`, `2020.9.1`, `20200901`, `2020年9月1日`, `9-1`, `2020年9月`, 二〇二〇年九月一日.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::domain::problem::{Problem, Result};
use crate::domain::text::fold;

/// Years outside this span are slips of the hand, not days of this work.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// How exactly a day was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    Day,
    /// Only the month is known; the day is its first.
    Month,
}

/// A day as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Read {
    pub date: NaiveDate,
    pub precision: Precision,
}

/// Reads a day or a month. `year` completes `9-1` and `9月1日`. A clock time behind the day is ignored.
///
/// # Errors
/// One sentence when the text is no date, or names a day that does not exist.
pub fn parse(text: &str, year: i32) -> Result<Read> {
    let tokens = tokens(text);
    let (read, rest) = day(text, &tokens, year)?;
    match super::due::clock_time(rest) {
        Some((_, [])) => Ok(read),
        _ if rest.is_empty() => Ok(read),
        _ => Err(unreadable(text)),
    }
}

/// As [`parse`], but a month alone is not enough.
///
/// # Errors
/// As [`parse`], and when only a month was given.
pub fn parse_day(text: &str, year: i32) -> Result<NaiveDate> {
    let read = parse(text, year)?;
    match read.precision {
        Precision::Day => Ok(read.date),
        Precision::Month => Err(Problem::bad_input(format!("“{}”只有年月，这里要写到日。", text.trim()))),
    }
}

/// As [`parse_day`], for a day that is still to come: without a year it is the next of its name, `from` itself included.
///
/// # Errors
/// As [`parse_day`].
pub fn parse_day_from(text: &str, from: NaiveDate) -> Result<NaiveDate> {
    let near = parse_day(text, from.year());
    match near {
        Ok(day) if day >= from => near,
        // A year that was written stays the same, whichever completes the others.
        _ => parse_day(text, from.year() + 1).or(near),
    }
}

/// The day behind a spreadsheet's serial number in the 1900 system: 44173 is 2020-12-08. The fraction, a time, is dropped.
///
/// Serials below 61 are refused: spreadsheets believe in a 29 February 1900 and disagree there.
pub fn from_serial(serial: f64) -> Option<NaiveDate> {
    let base = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    // 73 415 is 2100-12-31, the end of the span read here.
    if !(61.0..73_416.0).contains(&serial) {
        return None;
    }
    base.checked_add_signed(TimeDelta::days(serial as i64))
}

/// A piece of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A number and how many digits it was written with.
    Number(u32, usize),
    /// A separator or a word's character.
    Mark(char),
}

/// Folds widths and Chinese numerals and cuts the text into numbers and marks; blanks only separate.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().map(fold).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_ascii_digit() {
            let run: String = chars[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
            at += run.len();
            // More digits than any date has; the value no longer matters.
            tokens.push(Token::Number(run.parse().unwrap_or(u32::MAX), run.len()));
        } else if chinese_digit(c).is_some() || c == '十' {
            let mut run: Vec<char> = Vec::new();
            // The letter O and the digit 0 stand in for 〇 often enough: 二O二O年.
            while let Some(c) =
                chars.get(at).filter(|c| chinese_digit(**c).is_some() || matches!(c, '十' | 'O' | 'o' | '0'))
            {
                run.push(*c);
                at += 1;
            }
            tokens.push(chinese_number(&run));
        } else {
            if !c.is_whitespace()
                && !matches!(c, 'T' | '\'')
                && !('\u{200B}'..='\u{200F}').contains(&c)
                && c != '\u{FEFF}'
            {
                tokens.push(Token::Mark(c));
            }
            at += 1;
        }
    }
    tokens
}

fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '○' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 二〇二〇 digit by digit, 二十一 by tens.
fn chinese_number(run: &[char]) -> Token {
    let digit = |c: &char| chinese_digit(*c).unwrap_or(0);
    let value = match run.iter().position(|c| *c == '十') {
        None => run.iter().map(digit).try_fold(0u32, |n, d| n.checked_mul(10)?.checked_add(d)),
        Some(0) if run.len() <= 2 => Some(10 + run.get(1).map_or(0, digit)),
        Some(1) if run.len() <= 3 => Some(digit(&run[0]) * 10 + run.get(2).map_or(0, digit)),
        Some(_) => None,
    };
    // With 十 the count of characters says nothing; two digits is what such a number stands for.
    let digits = if run.contains(&'十') { 2 } else { run.len() };
    Token::Number(value.unwrap_or(u32::MAX), digits)
}

/// The day at the head of the tokens, and what stands behind it.
pub(super) fn day<'t>(text: &str, tokens: &'t [Token], year: i32) -> Result<(Read, &'t [Token])> {
    use Token::{Mark, Number};
    let same = |a: char, b: char| a == b && matches!(a, '-' | '.' | '/' | '、');
    let full = |y: u32, m: u32, d: u32, rest: &'t [Token]| Ok((whole(y, m, d)?, rest));
    let own_year = u32::try_from(year).unwrap_or(0);
    match tokens {
        [Number(y, 4), Mark('年'), Number(m, _), Mark('月'), Number(d, _), Mark('日' | '号'), rest @ ..] => {
            full(*y, *m, *d, rest)
        }
        [Number(y, 4), Mark('年'), Number(m, _), Mark('月'), Number(d, _), rest @ ..] => full(*y, *m, *d, rest),
        [Number(y, 4), Mark('年'), Number(m, _), Mark('月'), rest @ ..] => {
            let rest = rest.strip_prefix(&[Mark('份')]).unwrap_or(rest);
            Ok((month(*y, *m)?, rest))
        }
        [Number(y, 4), Mark(a), Number(m, 1 | 2), Mark(b), Number(d, 1 | 2), rest @ ..] if same(*a, *b) => {
            full(*y, *m, *d, rest)
        }
        [Number(_, 1 | 2), Mark(a), Number(_, 1 | 2), Mark(b), Number(_, _), ..] if same(*a, *b) => {
            Err(Problem::bad_input(format!("“{}”的年份请写在最前面并写全四位，如 2020-09-01。", text.trim())))
        }
        [Number(y, 4), Mark('-' | '.' | '/'), Number(m, 1 | 2), rest @ ..] => Ok((month(*y, *m)?, rest)),
        [Number(m, 1 | 2), Mark('月'), Number(d, 1 | 2), Mark('日' | '号'), rest @ ..] => {
            full(own_year, *m, *d, rest)
        }
        [Number(m, 1 | 2), Mark('月'), Number(d, 1 | 2), rest @ ..] => full(own_year, *m, *d, rest),
        [Number(m, 1 | 2), Mark('-' | '.' | '/'), Number(d, 1 | 2), rest @ ..] => full(own_year, *m, *d, rest),
        [Number(n, 8), rest @ ..] => full(n / 10_000, n / 100 % 100, n % 100, rest),
        _ => Err(unreadable(text)),
    }
}

pub(super) fn unreadable(text: &str) -> Problem {
    let text = text.trim();
    if text.is_empty() {
        return Problem::bad_input("日期还没有填。");
    }
    Problem::bad_input(format!("“{text}”不是能识别的日期，请写成 2020-09-01 或 2020年9月1日。"))
}

fn whole(y: u32, m: u32, d: u32) -> Result<Read> {
    let first = month(y, m)?;
    match first.date.with_day(d) {
        Some(date) => Ok(Read { date, precision: Precision::Day }),
        None => {
            let last = first.date.num_days_in_month();
            Err(Problem::bad_input(format!("{y} 年 {m} 月只有 {last} 天，没有 {d} 日。")))
        }
    }
}

fn month(y: u32, m: u32) -> Result<Read> {
    let year = i32::try_from(y).ok().filter(|y| YEARS.contains(y));
    let year = year.ok_or_else(|| Problem::bad_input(format!("年份 {y} 不合常理，请核对。")))?;
    NaiveDate::from_ymd_opt(year, m, 1)
        .map(|date| Read { date, precision: Precision::Month })
        .ok_or_else(|| Problem::bad_input(format!("一年只有 12 个月，没有 {m} 月。")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{document, iso};
    use super::*;

    fn read(text: &str) -> String {
        match parse(text, 2026) {
            Ok(read) if read.precision == Precision::Day => iso(read.date),
            Ok(read) => super::super::month_iso(read.date),
            Err(problem) => problem.says,
        }
    }

    #[test]
    fn a_day_is_read_in_every_spelling_officers_use() {
        for text in [
            "2020-9-1",
            "2020.9.1",
            "2020/9/1",
            "2020-09-01",
            "20200901",
            "2020年9月1日",
            "2020 年 9 月 1 日",
            "2020年9月1号",
            "２０２０－９－１",
            "２０２０．９．１",
            "二〇二〇年九月一日",
            "二○二○年九月一日",
            "二O二O年九月一日",
            "二零二零年九月一日",
            " 2020-09-01 00:00:00 ",
            "2020-09-01T00:00:00",
            "2020/9/1 0:00",
        ] {
            assert_eq!(read(text), "2020-09-01", "{text}");
        }
        assert_eq!(read("二〇二〇年十二月三十一日"), "2020-12-31");
        assert_eq!(read("二〇二〇年十月二十日"), "2020-10-20");
        assert_eq!(read("二〇二〇年十月十一日"), "2020-10-11");
    }

    #[test]
    fn a_day_without_a_year_belongs_to_the_year_at_hand() {
        for text in ["9-1", "9.1", "9/1", "9月1日", "09-01", "九月一日"] {
            assert_eq!(read(text), "2026-09-01", "{text}");
        }
    }

    #[test]
    fn a_day_to_come_without_a_year_is_the_next_of_its_name() {
        let ahead = |text: &str, from: &str| {
            parse_day_from(text, from.parse().expect("a real day")).map_or_else(|problem| problem.says, iso)
        };
        assert_eq!(ahead("1-8", "2026-11-27"), "2027-01-08");
        assert_eq!(ahead("12月31日", "2026-11-27"), "2026-12-31");
        assert_eq!(ahead("11-27", "2026-11-27"), "2026-11-27");
        assert_eq!(ahead("2-29", "2027-11-27"), "2028-02-29");
        assert_eq!(ahead("2026-1-8", "2026-11-27"), "2026-01-08", "a year that was written");
        assert_eq!(ahead("2-30", "2026-11-27"), "2026 年 2 月只有 28 天，没有 30 日。");
        assert_eq!(ahead("1-8", "2100-11-27"), "2100-01-08", "at the end of the years");
    }

    #[test]
    fn a_month_is_its_first_day_and_says_so() {
        for text in ["2020年9月", "2020-09", "2020.9", "2020/09", "二〇二〇年九月", "2020年9月份"] {
            assert_eq!(read(text), "2020-09", "{text}");
            assert!(parse_day(text, 2026).expect_err(text).says.contains("只有年月"));
        }
        assert_eq!(parse("2020-09", 2026).expect("a month").date.day(), 1);
    }

    #[test]
    fn an_impossible_day_is_one_sentence() {
        assert_eq!(read("2023-2-30"), "2023 年 2 月只有 28 天，没有 30 日。");
        assert_eq!(read("2-30"), "2026 年 2 月只有 28 天，没有 30 日。");
        assert_eq!(read("2023-13-1"), "一年只有 12 个月，没有 13 月。");
        assert_eq!(read("20231301"), "一年只有 12 个月，没有 13 月。");
        assert_eq!(read("2202-9-1"), "年份 2202 不合常理，请核对。");
        assert!(read("20-9-1").contains("写全四位"));
        assert!(read("1/9/2020").contains("写全四位"));
        assert_eq!(read(""), "日期还没有填。");
        for text in
            ["昨天", "202009", "2020", "2020-9-1-1", "44173", "2020年", "9-1 左右", "99999999999999999999", "2020-9/1"]
        {
            assert!(read(text).contains("不是能识别的日期"), "{text}: {}", read(text));
        }
    }

    #[test]
    fn a_spreadsheet_serial_is_a_day_only_where_asked_for() {
        assert_eq!(from_serial(44173.0).map(iso).as_deref(), Some("2020-12-08"));
        assert_eq!(from_serial(44173.75).map(iso).as_deref(), Some("2020-12-08"));
        assert_eq!(from_serial(61.0).map(iso).as_deref(), Some("1900-03-01"));
        assert_eq!(from_serial(73_415.0).map(iso).as_deref(), Some("2100-12-31"));
        for wrong in [0.0, 60.0, -1.0, 73_416.0, f64::NAN, f64::INFINITY] {
            assert_eq!(from_serial(wrong), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(days in 0i64..70_000) {
            let date = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a real day") + TimeDelta::days(days);
            for text in [iso(date), document(date), date.format("%Y%m%d").to_string(), date.format("%Y.%-m.%-d").to_string()] {
                prop_assert_eq!(parse(&text, 1999), Ok(Read { date, precision: Precision::Day }));
            }
            let serial = (date - NaiveDate::from_ymd_opt(1899, 12, 30).expect("a real day")).num_days();
            prop_assert_eq!(from_serial(serial as f64), (serial >= 61).then_some(date));
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,24}|[-0-9年月日./十一二〇 :]{0,16}", year in any::<i32>()) {
            let _ = parse(&text, year);
            let _ = NaiveDate::from_ymd_opt(year, 3, 1).map(|from| parse_day_from(&text, from));
        }
    }
}
