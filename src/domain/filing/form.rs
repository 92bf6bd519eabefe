//! From what a person typed into a program's form to what is stored, with what there is to say about it.

use chrono::{Datelike, NaiveDate};

use crate::domain::firm::check::Checked;
use crate::domain::identity::{Finding, phone, resident};
use crate::domain::money::{self, Unit};
use crate::domain::program::{Field, FieldKind};
use crate::domain::text::{fold, tidy};
use crate::domain::{Problem, Result, date, seal};

/// Checks what was typed into a field. Money is typed in 万元.
///
/// # Errors
/// Bad input for a date or number that cannot be one.
pub fn check(field: &Field, typed: &str, today: NaiveDate) -> Result<Checked> {
    if seal::is_sealed(typed) {
        // Nobody here can read it; it stays what it is.
        return Ok(Checked { value: Some(typed.to_owned()), findings: Vec::new() });
    }
    let text = tidy(typed);
    if text.is_empty() {
        return Ok(Checked { value: None, findings: Vec::new() });
    }
    let number = || text.chars().map(fold).filter(|c| !matches!(c, ',' | ' ' | '%')).collect::<String>();
    let not_a_number = |what: &str| {
        Problem::bad_input(format!("{}：“{text}”不是{what}。", field.label))
            .next("请填阿拉伯数字；没有就留空，不要填 0。")
    };
    let mut findings = Vec::new();
    let value = match &field.kind {
        FieldKind::Text => text,
        FieldKind::Note => typed.trim().to_owned(),
        FieldKind::Integer => number().parse::<u32>().map_err(|_| not_a_number("整数"))?.to_string(),
        FieldKind::Decimal(places) => {
            let text = number();
            let whole: f64 = text.parse().map_err(|_| not_a_number("数字"))?;
            if !whole.is_finite() || whole < 0.0 {
                return Err(not_a_number("数字"));
            }
            if text.split_once('.').is_some_and(|(_, behind)| behind.len() > usize::from(*places)) {
                findings.push(Finding::info(format!("小数最多 {places} 位，导出时会四舍五入")));
            }
            text
        }
        FieldKind::Money => match money::parse(&text, Unit::Wan)? {
            Some(amount) => amount.fen().to_string(),
            None => return Ok(Checked { value: None, findings }),
        },
        FieldKind::Date => date::parse_day(&text, today.year())?.to_string(),
        FieldKind::Choice(words) => {
            if !words.contains(&text) {
                findings.push(Finding::warning(format!("“{text}”不在选项里（{}）", words.join("、"))));
            }
            text
        }
        FieldKind::Phone => {
            let verdict = phone::check(&text);
            findings = verdict.findings;
            verdict.value
        }
        FieldKind::ResidentId => {
            let verdict = resident::check(&text, today);
            findings = verdict.findings;
            verdict.value
        }
    };
    Ok(Checked { value: Some(value), findings })
}

/// A stored value as a person edits it: money in 万元, everything else as it is.
pub fn editable(field: &Field, value: &str) -> String {
    match (&field.kind, value.parse()) {
        (FieldKind::Money, Ok(fen)) => money::Money::from_fen(fen).lossless(),
        _ => value.to_owned(),
    }
}

/// Labels of the required fields that have no value.
pub fn missing(form: &[Field], value: impl Fn(&str) -> bool) -> Vec<&str> {
    form.iter().filter(|field| field.required && !value(&field.id)).map(|field| field.label.as_str()).collect()
}
