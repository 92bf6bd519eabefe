//! A deadline's moment: a day and a clock time, where 24:00 stays 24:00 of that day, as the notice says.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

use super::read::{self, Precision, Token};
use super::{document, iso, parse_day, short};
use crate::domain::problem::{Problem, Result};

/// A day and a minute of it. Ordered by time; stored and sent as `2026-08-27 17:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Due {
    date: NaiveDate,
    minute: u16,
}

/// `17:00`, `24:00`.
pub fn clock(minute_of_day: u16) -> String {
    format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
}

impl Due {
    /// 17:00, what 截止 means when a notice names no time.
    pub const CLOSE: u16 = 17 * 60;
    /// 24:00.
    pub const MIDNIGHT: u16 = 24 * 60;

    /// A day with a minute of it, at most [`Due::MIDNIGHT`].
    pub fn new(date: NaiveDate, minute_of_day: u16) -> Option<Self> {
        (minute_of_day <= Self::MIDNIGHT).then_some(Self { date, minute: minute_of_day })
    }

    /// A day at 17:00.
    pub fn at_close(date: NaiveDate) -> Self {
        Self { date, minute: Self::CLOSE }
    }

    /// The day the notice names, also for 24:00.
    pub fn date(self) -> NaiveDate {
        self.date
    }

    /// Minutes since the day began, 0 to 1440.
    pub fn minute_of_day(self) -> u16 {
        self.minute
    }

    /// Reads `8月5日24:00`, `2026-08-27 17:00`, `8月5日下午5时`, or a day alone, which closes at 17:00.
    ///
    /// # Errors
    /// One sentence when the text is no moment, names a day that does not exist, or only a month.
    pub fn parse(text: &str, year: i32) -> Result<Self> {
        let tokens = read::tokens(text);
        let (read, rest) = read::day(text, &tokens, year)?;
        if read.precision == Precision::Month {
            return parse_day(text, year).map(Self::at_close);
        }
        if rest.is_empty() {
            return Ok(Self::at_close(read.date));
        }
        let before = |rest: &[Token]| matches!(rest, [Token::Mark('前')] | [Token::Mark('之'), Token::Mark('前')]);
        if before(rest) {
            let says = format!("“{}”是否包含当天不明确。", text.trim());
            return Err(Problem::bad_input(says).next(format!("请写明时刻，如 {} 17:00。", iso(read.date))));
        }
        match clock_time(rest) {
            Some((minute, rest)) if rest.is_empty() || before(rest) => Ok(Self { date: read.date, minute }),
            _ => Err(Problem::bad_input(format!("“{}”里的时刻看不懂，请写成 17:00。", text.trim()))),
        }
    }

    /// Whether the moment has passed; at the very minute it has not.
    pub fn is_past(self, now: NaiveDateTime) -> bool {
        let start = self.date.and_time(chrono::NaiveTime::MIN);
        // At the end of chrono's calendar nothing can be later.
        start.checked_add_signed(TimeDelta::minutes(i64::from(self.minute))).is_some_and(|moment| now > moment)
    }

    /// `08-27 17:00` inside the working year, else with the year.
    pub fn short(self, working_year: i32) -> String {
        format!("{} {}", short(self.date, working_year), clock(self.minute))
    }

    /// `2026年8月27日17:00`.
    pub fn document(self) -> String {
        format!("{}{}", document(self.date), clock(self.minute))
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", iso(self.date), clock(self.minute))
    }
}

impl From<Due> for String {
    fn from(due: Due) -> Self {
        due.to_string()
    }
}

impl TryFrom<String> for Due {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self> {
        // The stored spelling always carries its year, so the year handed in is never used.
        Self::parse(&text, 0)
    }
}

impl From<NaiveDateTime> for Due {
    fn from(at: NaiveDateTime) -> Self {
        // Minutes of a day stay below 1440.
        Self { date: at.date(), minute: (at.hour() * 60 + at.minute()) as u16 }
    }
}

/// A clock time at the head of the tokens, in minutes, and what stands behind it.
pub(super) fn clock_time(tokens: &[Token]) -> Option<(u16, &[Token])> {
    use Token::{Mark, Number};
    let (afternoon, tokens) = match tokens {
        [Mark('下' | '晚'), Mark('午' | '上'), rest @ ..] => (true, rest),
        [Mark('上' | '中'), Mark('午'), rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (hour, minute, rest) = match tokens {
        [Number(h, 1 | 2), Mark(':'), Number(m, 2), Mark(':'), Number(s, 2), rest @ ..] if *s < 60 => (*h, *m, rest),
        [Number(h, 1 | 2), Mark(':'), Number(m, 2), rest @ ..] => (*h, *m, rest),
        [Number(h, 1 | 2), Mark('时' | '点'), Number(m, 1 | 2), Mark('分'), rest @ ..] => (*h, *m, rest),
        [Number(h, 1 | 2), Mark('时' | '点'), Mark('半'), rest @ ..] => (*h, 30, rest),
        [Number(h, 1 | 2), Mark('时' | '点'), Mark('整'), rest @ ..] => (*h, 0, rest),
        [Number(h, 1 | 2), Mark('时' | '点'), rest @ ..] => (*h, 0, rest),
        _ => return None,
    };
    let hour = if afternoon && hour < 12 { hour + 12 } else { hour };
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    let real = minute < 60 && total <= u32::from(Due::MIDNIGHT);
    Some((u16::try_from(total).ok().filter(|_| real)?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn due(text: &str) -> String {
        Due::parse(text, 2026).map_or_else(|p| p.says, |d| d.to_string())
    }

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("a moment")
    }

    #[test]
    fn a_deadline_is_read_as_the_notice_says_it() {
        assert_eq!(due("8月5日24:00"), "2026-08-05 24:00");
        assert_eq!(due("8月5日24：00前"), "2026-08-05 24:00");
        assert_eq!(due("2026-08-27 17:00"), "2026-08-27 17:00");
        assert_eq!(due("2026年8月27日17时30分"), "2026-08-27 17:30");
        assert_eq!(due("8月27日下午5点"), "2026-08-27 17:00");
        assert_eq!(due("8月27日中午12点"), "2026-08-27 12:00");
        assert_eq!(due("8月27日上午9点半"), "2026-08-27 09:30");
        assert_eq!(due("10-20 12:00"), "2026-10-20 12:00");
        assert_eq!(due("10-20"), "2026-10-20 17:00");
        assert_eq!(due("20261020"), "2026-10-20 17:00");
    }

    #[test]
    fn what_a_deadline_cannot_be_is_one_sentence() {
        assert!(due("8月5日前").contains("是否包含当天"));
        assert!(due("2026年8月").contains("只有年月"));
        assert!(due("8月5日25:00").contains("时刻看不懂"));
        assert!(due("8月5日24:01").contains("时刻看不懂"));
        assert!(due("8月5日 17:60").contains("时刻看不懂"));
        assert!(due("8月32日 17:00").contains("没有 32 日"));
    }

    #[test]
    fn midnight_belongs_to_the_day_it_ends() {
        let midnight = Due::parse("8月5日24:00", 2026).expect("a moment");
        let next = Due::parse("8月6日 0:00", 2026).expect("a moment");
        assert_eq!(midnight.date(), NaiveDate::from_ymd_opt(2026, 8, 5).expect("a real day"));
        assert_eq!(midnight.short(2026), "08-05 24:00");
        assert_eq!(midnight.document(), "2026年8月5日24:00");
        assert!(midnight < next);
        assert!(!midnight.is_past(at("2026-08-05 23:59:59")));
        assert!(!midnight.is_past(at("2026-08-06 00:00:00")));
        assert!(midnight.is_past(at("2026-08-06 00:00:01")));
    }

    #[test]
    fn a_deadline_is_kept_until_its_very_minute() {
        let close = Due::parse("2026-08-27", 2026).expect("a day");
        assert!(!close.is_past(at("2026-08-27 17:00:00")));
        assert!(close.is_past(at("2026-08-27 17:00:01")));
        assert!(!Due::at_close(NaiveDate::MAX).is_past(at("2026-08-27 17:00:01")));
    }

    proptest! {
        #[test]
        fn a_stored_deadline_comes_back(days in 0i64..70_000, minute in 0u16..=1440) {
            let date = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a real day") + TimeDelta::days(days);
            let due = Due::new(date, minute).expect("within the day");
            let text = serde_json::to_string(&due).expect("a string");
            prop_assert_eq!(serde_json::from_str::<Due>(&text).expect("our own spelling"), due);
            prop_assert_eq!(Due::parse(&due.document(), 1999), Ok(due));
        }

        #[test]
        fn stored_spellings_sort_by_time(a in (0i64..70_000, 0u16..=1440), b in (0i64..70_000, 0u16..=1440)) {
            let base = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a real day");
            let make = |(days, minute)| Due::new(base + TimeDelta::days(days), minute).expect("within the day");
            prop_assert_eq!(make(a).cmp(&make(b)), make(a).to_string().cmp(&make(b).to_string()));
        }
    }
}
