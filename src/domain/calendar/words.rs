//! How a deadline is said on screen, and how loudly.

use chrono::{Datelike, NaiveDateTime};

use super::Calendar;
use crate::domain::date::{Due, clock, short};

/// How loudly a deadline is said; the screen chooses colour and icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// No deadline is known.
    None,
    /// Four working days or more.
    Plain,
    /// Two or three working days.
    Warn,
    /// Today, or one working day.
    Danger,
    /// Past.
    Late,
}

/// A deadline in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueWords {
    pub text: String,
    pub tone: Tone,
    /// The working days were counted where no paper is known; to be said beside it.
    pub assumed: bool,
}

/// Says how much time is left: `今天 17:00 截止`, `还剩 2 个工作日`, `已逾期 2 天` (calendar days), `—` when nothing is known.
///
/// Where only days off lie between, working days would say nothing: `明天 17:00 截止`, `10-07 17:00 截止`.
pub fn due_words(due: Option<Due>, now: NaiveDateTime, calendar: &Calendar) -> DueWords {
    let Some(due) = due else {
        return DueWords { text: "—".to_owned(), tone: Tone::None, assumed: false };
    };
    let today = now.date();
    let ahead = (due.date() - today).num_days();
    let say = |text, tone| DueWords { text, tone, assumed: false };
    let time = clock(due.minute_of_day());
    if due.is_past(now) {
        return match ahead {
            0 => say(format!("今天 {time} 已截止"), Tone::Late),
            _ => say(format!("已逾期 {} 天", -ahead), Tone::Late),
        };
    }
    match ahead {
        // Yesterday's 24:00 in its very minute.
        ..0 => return say("今天 00:00 截止".to_owned(), Tone::Danger),
        0 => return say(format!("今天 {time} 截止"), Tone::Danger),
        _ => {}
    }
    let left = calendar.between(today, due.date());
    let (text, tone) = match (left.days, ahead) {
        (0, 1) => (format!("明天 {time} 截止"), Tone::Danger),
        (0, 2) => (format!("后天 {time} 截止"), Tone::Danger),
        (0, _) => (format!("{} {time} 截止", short(due.date(), today.year())), Tone::Danger),
        (1, _) => ("还剩 1 个工作日".to_owned(), Tone::Danger),
        (n @ 2..=3, _) => (format!("还剩 {n} 个工作日"), Tone::Warn),
        (n, _) => (format!("还剩 {n} 个工作日"), Tone::Plain),
    };
    DueWords { text, tone, assumed: left.assumed }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, some_papers};
    use super::*;

    fn words(due: &str, now: &str) -> (String, Tone) {
        let due = Due::parse(due, 2026).expect("a moment");
        let now = NaiveDateTime::parse_from_str(now, "%Y-%m-%d %H:%M").expect("a moment");
        let words = due_words(Some(due), now, &some_papers());
        (words.text, words.tone)
    }

    #[test]
    fn a_deadline_is_said_in_working_days_and_grows_louder() {
        let said = |due: &str, now: &str, text: &str, tone| {
            assert_eq!(words(due, now), (text.to_owned(), tone), "{due} {now}")
        };
        said("2026-08-24 17:00", "2026-08-24 09:00", "今天 17:00 截止", Tone::Danger);
        said("2026-08-24 24:00", "2026-08-24 23:59", "今天 24:00 截止", Tone::Danger);
        said("2026-08-25", "2026-08-24 09:00", "还剩 1 个工作日", Tone::Danger);
        said("2026-08-31", "2026-08-28 09:00", "还剩 1 个工作日", Tone::Danger);
        said("2026-08-26", "2026-08-24 18:00", "还剩 2 个工作日", Tone::Warn);
        said("2026-08-27", "2026-08-24 09:00", "还剩 3 个工作日", Tone::Warn);
        said("2026-08-28", "2026-08-24 09:00", "还剩 4 个工作日", Tone::Plain);
        said("2026-10-09", "2026-09-24 09:00", "还剩 5 个工作日", Tone::Plain);
    }

    #[test]
    fn what_is_past_is_counted_in_calendar_days() {
        assert_eq!(words("2026-08-21", "2026-08-24 09:00"), ("已逾期 3 天".into(), Tone::Late));
        assert_eq!(words("2026-08-23 24:00", "2026-08-24 09:00"), ("已逾期 1 天".into(), Tone::Late));
        assert_eq!(words("2026-08-24 12:00", "2026-08-24 12:01"), ("今天 12:00 已截止".into(), Tone::Late));
        assert_eq!(words("2026-08-24 12:00", "2026-08-24 12:00"), ("今天 12:00 截止".into(), Tone::Danger));
        assert_eq!(words("2026-08-23 24:00", "2026-08-24 00:00"), ("今天 00:00 截止".into(), Tone::Danger));
    }

    #[test]
    fn a_deadline_behind_nothing_but_days_off_is_said_by_its_day() {
        assert_eq!(words("2026-08-29", "2026-08-28 09:00"), ("明天 17:00 截止".into(), Tone::Danger));
        assert_eq!(words("2026-08-30", "2026-08-28 09:00"), ("后天 17:00 截止".into(), Tone::Danger));
        assert_eq!(words("2026-10-07", "2026-09-30 18:00"), ("10-07 17:00 截止".into(), Tone::Danger));
    }

    #[test]
    fn an_unknown_deadline_is_a_dash_and_an_unknown_year_is_told() {
        let now = day("2026-12-28").and_hms_opt(9, 0, 0).expect("a moment");
        let none = due_words(None, now, &some_papers());
        assert_eq!((none.text.as_str(), none.tone), ("—", Tone::None));
        let far = due_words(Some(Due::at_close(day("2027-01-08"))), now, &some_papers());
        assert!(far.assumed);
        assert_eq!(far.text, "还剩 8 个工作日", "New Year's Day is off by law");
    }
}
