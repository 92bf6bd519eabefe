//! 居民身份证号码, GB 11643-1999: region, birth date, sequence and a check character.
//!
//! The region is that of the first registration, so it is not held against today's table. Numbers of 15 digits from before
//! 1999 turn up in archives and are read too.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{Finding, Verdict, cover};
use crate::domain::seal;
use crate::domain::text::number_key;

/// Weights of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character for each remainder of the weighted sum by 11.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// What a number tells of its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Person {
    pub born: NaiveDate,
    pub sex: Sex,
}

impl Person {
    /// Full years of age on a day (周岁); none before birth.
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.born)
    }
}

/// 性别 as the number carries it: the sequence is odd for men.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sex {
    #[serde(rename = "男")]
    Male,
    #[serde(rename = "女")]
    Female,
}

impl Sex {
    /// 男 · 女.
    pub fn word(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// The check character of 17 digits; nothing for any other text.
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 17 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    Some(CHECKS[(sum % 11) as usize])
}

/// Looks at a resident number. `today` bounds the birth date; an empty text is simply missing.
pub fn check(text: &str, today: NaiveDate) -> Verdict<Person> {
    let value: String = number_key(text).chars().filter(|c| *c != '-').collect();
    let verdict = Verdict::bare(value.clone());
    if value.is_empty() {
        return verdict;
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match value.len() {
        18 if value.ends_with("000") && digits(&value) && check_character(&value[..17]) != Some('0') => verdict.with(
            Finding::strong("这个号码像是被表格软件当成数字存过，末尾几位已经丢失，无法还原，请从证件重新录入。"),
        ),
        18 if value.is_ascii() && digits(&value[..17]) && (digits(&value[17..]) || value.ends_with('X')) => {
            check_current(verdict, &value, today)
        }
        15 if digits(&value) => check_old(verdict, &value, today),
        15 | 18 => verdict.with(Finding::strong("身份证号只能由数字组成，末位可以是 X，请核对证件。")),
        _ => {
            let length = value.chars().count();
            verdict.with(Finding::strong(format!("身份证号应为 18 位，现在是 {length} 位。")))
        }
    }
}

fn check_current(verdict: Verdict<Person>, value: &str, today: NaiveDate) -> Verdict<Person> {
    let verdict = born(verdict, &value[6..14], &value[16..17], today);
    let expected = check_character(&value[..17]);
    if expected == value.chars().last() {
        return verdict;
    }
    verdict.with(Finding::warning("身份证号的校验位不符，请对照证件核对。"))
}

fn check_old(verdict: Verdict<Person>, value: &str, today: NaiveDate) -> Verdict<Person> {
    let body = format!("{}19{}", &value[..6], &value[6..]);
    let verdict = born(verdict, &body[6..14], &body[16..17], today);
    let mut finding = Finding::info("这是 1999 年以前的 15 位号码。");
    if let Some(check) = check_character(&body) {
        finding = finding.suggest(format!("{body}{check}"));
    }
    verdict.with(finding)
}

/// Reads the eight digits of the birth date and the sex digit.
fn born(verdict: Verdict<Person>, date: &str, sex: &str, today: NaiveDate) -> Verdict<Person> {
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let parsed = NaiveDate::from_ymd_opt(number(&date[..4]) as i32, number(&date[4..6]), number(&date[6..]));
    let Some(born) = parsed else {
        let says = format!("身份证号里的出生日期 {} 不存在，请核对证件。", date);
        return verdict.with(Finding::strong(says));
    };
    if born > today {
        return verdict.with(Finding::strong("身份证号里的出生日期还没有到，请核对证件。"));
    }
    let sex = if number(sex) % 2 == 1 { Sex::Male } else { Sex::Female };
    let verdict = Verdict { reads: Some(Person { born, sex }), ..verdict };
    if today.year() - born.year() > 120 {
        return verdict.with(Finding::warning("按身份证号推算已超过 120 岁，请核对证件。"));
    }
    verdict
}

/// The number with its birth date and sequence covered, `110105********002X`; what is no resident number (a passport) keeps
/// two characters at each end. A sealed one is covered by a word.
pub fn mask(text: &str) -> String {
    if seal::is_sealed(text) {
        return seal::COVERED.to_owned();
    }
    let value = number_key(text);
    match value.chars().count() {
        18 => cover(&value, 6, 4),
        15 => cover(&value, 6, 3),
        _ => cover(&value, 2, 2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Severity;
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
    }

    #[test]
    fn the_vectors_of_the_standard_pass() {
        let today = day(2026, 8, 24);
        let verdict = check("11010519491231002x", today);
        assert_eq!(verdict.value, "11010519491231002X");
        assert_eq!(verdict.findings, vec![]);
        assert_eq!(verdict.reads, Some(Person { born: day(1949, 12, 31), sex: Sex::Female }));
        assert_eq!(check_character("44052418800101001"), Some('4'));
        let old = check("440524188001010014", today);
        assert_eq!(old.reads, Some(Person { born: day(1880, 1, 1), sex: Sex::Male }));
        assert_eq!(old.worst(), Some(Severity::Warning), "146 years old");
        assert_eq!(check("440524188001010014", day(1990, 1, 1)).findings, vec![]);
    }

    #[test]
    fn what_cannot_be_is_remarked_on_and_kept() {
        let today = day(2026, 8, 24);
        assert_eq!(check("110105194912310021", today).worst(), Some(Severity::Warning));
        assert!(check("110105194913310021", today).findings[0].says.contains("19491331"));
        assert!(check("110105203012310021", today).findings[0].says.contains("还没有到"));
        assert!(check("11010519491231", today).findings[0].says.contains("14 位"));
        assert!(check("110105194912310000", today).findings[0].says.contains("丢失"));
        assert!(check("1101051949123100AX", today).findings[0].says.contains("只能由数字"));
        assert!(check("", today).findings.is_empty());
    }

    #[test]
    fn a_number_of_fifteen_digits_is_read_and_its_successor_offered() {
        let verdict = check("110105491231002", day(2026, 8, 24));
        assert_eq!(verdict.worst(), Some(Severity::Info));
        assert_eq!(verdict.findings[0].suggestion.as_deref(), Some("11010519491231002X"));
        assert_eq!(verdict.reads, Some(Person { born: day(1949, 12, 31), sex: Sex::Female }));
    }

    #[test]
    fn the_age_counts_full_years() {
        let person = Person { born: day(1985, 8, 25), sex: Sex::Male };
        assert_eq!(person.age_on(day(2026, 8, 24)), Some(40));
        assert_eq!(person.age_on(day(2026, 8, 25)), Some(41));
        assert_eq!(person.age_on(day(1980, 1, 1)), None);
    }

    #[test]
    fn a_masked_number_hides_the_birth_date() {
        assert_eq!(mask("11010519491231002X"), "110105********002X");
        assert_eq!(mask("110105491231002"), "110105******002");
        assert_eq!(mask("E12345678"), "E1*****78");
        assert_eq!(mask("E12"), "***");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(body in "[0-9]{17}", at in 0usize..17, other in 0u8..10) {
            let mut bytes = body.clone().into_bytes();
            bytes[at] = b'0' + other;
            let changed = String::from_utf8(bytes).expect("digits");
            prop_assert_eq!(check_character(&changed) == check_character(&body), changed == body);
        }

        #[test]
        fn two_neighbours_swapped_never_pass(body in "[0-9]{17}", at in 0usize..16) {
            let mut bytes = body.clone().into_bytes();
            bytes.swap(at, at + 1);
            let changed = String::from_utf8(bytes).expect("digits");
            prop_assert_eq!(check_character(&changed) == check_character(&body), changed == body);
        }

        #[test]
        fn any_text_is_looked_at_without_a_panic(text in "\\PC{0,24}|[0-9]{15}|[0-9]{17}[0-9X]") {
            let once = check(&text, day(2026, 8, 24)).value;
            prop_assert_eq!(check(&once, day(2026, 8, 24)).value, once.clone());
            mask(&once);
        }
    }
}
