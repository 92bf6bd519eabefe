//! From what a person typed into a firm's field to what is stored, with what there is to say about it.
//!
//! Only what would break the data is an error (an impossible date, money that is no number); everything else is a finding
//! that can be confirmed with a reason (domain reference B1: "我确认无误").

use chrono::{Datelike, NaiveDate};

use super::fields::{self, FactUnit, Shape, YEAR_FACTS, key};
use crate::domain::identity::{Finding, Severity, org_code, phone, resident, uscc};
use crate::domain::money::{self, Unit};
use crate::domain::text::tidy;
use crate::domain::{Problem, Result, date, seal};

/// A value ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// `None`: cleared.
    pub value: Option<String>,
    pub findings: Vec<Finding>,
}

/// Whether a finding must be confirmed with a reason before the value is stored.
pub fn needs_reason(finding: &Finding) -> bool {
    finding.severity != Severity::Info
}

/// Checks what was typed into a field (or a figure of a year) of a firm. Money is typed in 万元.
///
/// # Errors
/// Bad input for a date or number that cannot be one.
pub fn check(field: &str, typed: &str, today: NaiveDate) -> Result<Checked> {
    if seal::is_sealed(typed) {
        // Nobody here can read it; it stays what it is.
        return Ok(Checked { value: Some(typed.to_owned()), findings: Vec::new() });
    }
    let text = tidy(typed);
    let plain = |value: String, findings| Ok(Checked { value: Some(value), findings });
    if text.is_empty() {
        return Ok(Checked { value: None, findings: Vec::new() });
    }
    if let Some((_, fact)) = key::split_year(field) {
        return check_figure(fact, &text);
    }
    match fields::find(field).map(|f| f.shape) {
        Some(Shape::CreditCode) => {
            let verdict = uscc::check(&text);
            plain(verdict.value, verdict.findings)
        }
        Some(Shape::OrgCode) => {
            let verdict = org_code::check(&text);
            plain(verdict.value, verdict.findings)
        }
        Some(Shape::ResidentId) => {
            let verdict = resident::check(&text, today);
            plain(verdict.value, verdict.findings)
        }
        Some(Shape::Phone) => {
            let verdict = phone::check(&text);
            plain(verdict.value, verdict.findings)
        }
        Some(Shape::Date) => {
            let day = date::parse_day(&text, today.year())?;
            let mut findings = Vec::new();
            if day > today {
                findings.push(Finding::warning(format!("日期 {day} 在今天之后")));
            }
            plain(day.to_string(), findings)
        }
        Some(Shape::Money) => match money::parse(&text, Unit::Wan)? {
            Some(amount) => plain(amount.fen().to_string(), Vec::new()),
            None => Ok(Checked { value: None, findings: Vec::new() }),
        },
        Some(Shape::Choice(words)) => {
            let findings = if words.contains(&text.as_str()) {
                Vec::new()
            } else {
                vec![Finding::warning(format!("“{text}”不在常用选项里（{}）", words.join("、")))]
            };
            plain(text, findings)
        }
        Some(Shape::YesNo) => match text.as_str() {
            "是" | "否" => plain(text, Vec::new()),
            "规上" | "y" | "Y" | "1" | "√" => plain("是".to_owned(), Vec::new()),
            "规下" | "n" | "N" | "0" | "×" => plain("否".to_owned(), Vec::new()),
            _ => Err(Problem::bad_input(format!("“{text}”看不出是还是否。")).next("请填“是”或“否”，不清楚就留空。")),
        },
        Some(Shape::Lines) => {
            let lines: Vec<String> = typed.split(['\n', '；', ';']).map(tidy).filter(|line| !line.is_empty()).collect();
            plain(lines.join("；"), Vec::new())
        }
        Some(Shape::Text | Shape::Township | Shape::Industry) | None => plain(text, Vec::new()),
    }
}

fn check_figure(fact: &str, text: &str) -> Result<Checked> {
    let unit = YEAR_FACTS.iter().find(|f| f.key == fact).map(|f| f.unit);
    let value = match unit {
        Some(FactUnit::Money) => money::parse(text, Unit::Wan)?.map(|amount| amount.fen().to_string()),
        Some(FactUnit::People | FactUnit::Items) => {
            let digits: String =
                text.chars().map(crate::domain::text::fold).filter(|c| !matches!(c, ',' | ' ')).collect();
            let digits = digits.trim_end_matches(['人', '件', '项', '个']);
            let number: u32 = digits.parse().map_err(|_| {
                Problem::bad_input(format!("“{text}”不是整数。"))
                    .next("请填阿拉伯数字的整数；没有报数就留空，不要填 0。")
            })?;
            Some(number.to_string())
        }
        Some(FactUnit::Basis) | None => Some(text.to_owned()),
    };
    Ok(Checked { value, findings: Vec::new() })
}

/// A stored value as a person edits it: money in 万元, everything else as it is.
pub fn editable(field: &str, value: &str) -> String {
    let money = match key::split_year(field) {
        Some((_, fact)) => YEAR_FACTS.iter().any(|f| f.key == fact && f.unit == FactUnit::Money),
        None => fields::find(field).is_some_and(|f| f.shape == Shape::Money),
    };
    match value.parse() {
        Ok(fen) if money => money::Money::from_fen(fen).lossless(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 8, 24).expect("a day")
    }

    fn stored(field: &str, typed: &str) -> Option<String> {
        check(field, typed, today()).expect("accepted").value
    }

    #[test]
    fn what_is_typed_is_stored_in_one_spelling() {
        assert_eq!(stored(key::EST_DATE, "2019.3.12"), Some("2019-03-12".into()));
        assert_eq!(stored("reg_capital", "3,208.16"), Some("3208160000".into()));
        assert_eq!(stored("y2025.revenue", "１２３．４５"), Some("123450000".into()));
        assert_eq!(stored("y2025.staff", "68人"), Some("68".into()));
        assert_eq!(stored(key::CODE, " 91370200264574251e"), Some("91370200264574251E".into()));
        assert_eq!(stored("former_names", "甲厂；乙厂\n丙厂"), Some("甲厂；乙厂；丙厂".into()));
        assert_eq!(stored(key::PHONE, "  "), None);
        assert_eq!(editable("y2025.revenue", "123450000"), "123.45");
    }

    #[test]
    fn a_wrong_check_digit_warns_and_an_impossible_date_is_refused() {
        let checked = check(key::CODE, "91370200264574251F", today()).unwrap();
        assert!(checked.findings.iter().any(needs_reason));
        assert_eq!(checked.value.as_deref(), Some("91370200264574251F"));
        assert!(check(key::EST_DATE, "2019-02-30", today()).is_err());
        assert!(check("y2025.staff", "很多", today()).is_err());
    }

    #[test]
    fn missing_stays_missing_and_zero_is_a_value() {
        assert_eq!(stored("y2025.revenue", ""), None);
        assert_eq!(stored("y2025.revenue", "0"), Some("0".into()));
    }
}
