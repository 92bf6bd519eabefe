//! Saying day by day how a deadline came about, for whoever doubts it.

use chrono::NaiveDate;

use super::count::next;
use super::{Calendar, Workday};
use crate::domain::date;
use crate::domain::program::{DayUnit, Days};

/// One day of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub date: NaiveDate,
    /// Which day of the span it is, from 1; none when it does not count.
    pub counted: Option<u16>,
    pub why: Why,
    /// No paper is known for the day.
    pub assumed: bool,
}

/// Why a day counts or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// An ordinary working day, or any day of a span of 自然日.
    Ordinary,
    /// 调休上班, with the holiday it makes up for.
    MakeUp(String),
    /// 周末.
    Weekend,
    /// 放假, with the holiday's name.
    Holiday(String),
    /// The first day, which is not counted (民法典 201).
    Start,
    /// The last day of a span of 自然日 is off; the deadline moves on (民法典 203).
    Rolled(Box<Why>),
}

impl Step {
    /// `09-27 星期日 调休上班（国庆节），第 2 日`
    pub fn says(&self, working_year: i32) -> String {
        let mut text = format!("{} {}", date::short(self.date, working_year), date::weekday(self.date));
        let (why, rolled) = match &self.why {
            Why::Rolled(why) => (why.as_ref(), true),
            why => (why, false),
        };
        match why {
            Why::Ordinary | Why::Rolled(_) => {}
            Why::MakeUp(name) => text.push_str(&format!(" 调休上班（{name}）")),
            Why::Weekend => text.push_str(" 周末"),
            Why::Holiday(name) => text.push_str(&format!(" 放假（{name}）")),
            Why::Start => text.push_str(" 当日"),
        }
        match self.counted {
            _ if rolled => text.push_str("，顺延"),
            Some(n) => text.push_str(&format!("，第 {n} 日")),
            None => text.push_str("，不计"),
        }
        if self.assumed {
            text.push_str("（放假安排未知）");
        }
        text
    }
}

impl Calendar {
    /// Every day from `start` to the end of the span, with what it counts for.
    pub fn explain(&self, start: NaiveDate, days: Days) -> Vec<Step> {
        let end = self.deadline(start, days).date;
        let mut steps = vec![Step { date: start, counted: None, why: Why::Start, assumed: false }];
        let mut counted = 0;
        let mut date = start;
        while date < end {
            date = next(date);
            let plain = self.why(date);
            let assumed = matches!(self.is_workday(date), Workday::Assumed(_));
            let (counts, why) = match days.unit {
                DayUnit::Working => (self.is_workday(date).worked(), plain),
                DayUnit::Calendar if counted < days.n => (true, plain),
                DayUnit::Calendar => (false, Why::Rolled(Box::new(plain))),
            };
            counted += u16::from(counts);
            // A 自然日 needs no paper, except where the end moves on.
            let assumed = assumed && (days.unit == DayUnit::Working || counted == days.n);
            steps.push(Step { date, counted: counts.then_some(counted), why, assumed });
        }
        steps
    }

    fn why(&self, day: NaiveDate) -> Why {
        match self.row(day) {
            Some(row) if row.off => Why::Holiday(row.name.clone()),
            Some(row) => Why::MakeUp(row.name.clone()),
            None => match self.fixed(day) {
                Some(name) => Why::Holiday(name.to_owned()),
                None if self.is_workday(day).worked() => Why::Ordinary,
                None => Why::Weekend,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, some_papers};
    use super::*;

    fn told(start: &str, n: u16, unit: DayUnit) -> Vec<String> {
        some_papers().explain(day(start), Days { n, unit }).iter().map(|s| s.says(2026)).collect()
    }

    #[test]
    fn working_days_are_told_one_by_one() {
        assert_eq!(
            told("2026-09-18", 4, DayUnit::Working),
            [
                "09-18 星期五 当日，不计",
                "09-19 星期六 周末，不计",
                "09-20 星期日 调休上班（国庆节），第 1 日",
                "09-21 星期一，第 2 日",
                "09-22 星期二，第 3 日",
                "09-23 星期三，第 4 日",
            ]
        );
        let over = told("2026-09-24", 2, DayUnit::Working);
        assert_eq!(over[1], "09-25 星期五 放假（中秋节），不计");
        assert_eq!(over.last().map(String::as_str), Some("09-29 星期二，第 2 日"));
    }

    #[test]
    fn natural_days_tell_where_the_end_moved() {
        assert_eq!(
            told("2026-08-27", 2, DayUnit::Calendar),
            [
                "08-27 星期四 当日，不计",
                "08-28 星期五，第 1 日",
                "08-29 星期六 周末，第 2 日",
                "08-30 星期日 周末，顺延",
                "08-31 星期一，顺延",
            ]
        );
    }

    #[test]
    fn a_day_without_a_paper_says_so() {
        let told = told("2026-12-30", 1, DayUnit::Working);
        assert_eq!(told.last().map(String::as_str), Some("12-31 星期四，第 1 日（放假安排未知）"));
        let over = self::told("2026-12-31", 1, DayUnit::Working);
        assert_eq!(over[1], "2027-01-01 星期五 放假（元旦），不计（放假安排未知）");
    }

    #[test]
    fn the_last_day_told_is_the_deadline() {
        let calendar = some_papers();
        for offset in 0..400 {
            let start = day("2025-12-01") + chrono::Days::new(offset);
            for days in [Days { n: 7, unit: DayUnit::Working }, Days { n: 7, unit: DayUnit::Calendar }] {
                let steps = calendar.explain(start, days);
                assert_eq!(steps.last().map(|s| s.date), Some(calendar.deadline(start, days).date));
            }
        }
    }
}
