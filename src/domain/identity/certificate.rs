//! Numbers of certificates and registrations: what shape they have and what can be read from it.
//!
//! Which kind of certificate has which shape is data (`assets/certificates.toml`); a kind whose numbers follow no known
//! rule is [`NumberShape::Free`].

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Finding, Verdict};
use crate::domain::text::number_key;

/// The shapes of number the program can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberShape {
    /// 高新技术企业证书编号: `GR` + year 4 + province 2 + serial 6, `GR202037000001`.
    Gaoqi,
    /// 科技型中小企业入库登记编号, 18 characters (国科发政〔2018〕11号).
    Kexiao,
    /// Anything.
    #[default]
    Free,
}

/// What a number tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The year in the number.
    pub year: i32,
    /// 行政区划 in the number: two digits of the province, or six of the county.
    pub region: String,
    /// 第 11 位 of a 科小 number.
    pub timing: Option<Timing>,
}

/// 第 11 位 of a 科小 number: when the firm was founded and when it filed its self-evaluation (国科发政〔2018〕11号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// `0`: founded before the year, filed by 31 May; may use the benefit in the previous year's settlement.
    ByMay,
    /// `A`: founded before the year, filed from 1 June.
    FromJune,
    /// `B`: founded in the year itself.
    FoundedThatYear,
}

/// Looks at a number of a known shape. Never refuses; an empty text is simply missing.
pub fn check(shape: NumberShape, text: &str) -> Verdict<Reading> {
    let value = number_key(text);
    let verdict = Verdict::bare(value.clone());
    if value.is_empty() {
        return verdict;
    }
    match shape {
        NumberShape::Free => verdict,
        NumberShape::Gaoqi => match gaoqi(&value) {
            Some(reading) => Verdict { reads: Some(reading), ..verdict },
            None => {
                let mut finding = Finding::warning("高新技术企业证书编号应为 GR 加 12 位数字，如 GR202037000001。");
                let meant = value.replacen("CR", "GR", 1).replace('O', "0").replace('I', "1");
                if gaoqi(&meant).is_some() {
                    finding = finding.suggest(meant);
                }
                verdict.with(finding)
            }
        },
        NumberShape::Kexiao => match kexiao(&value) {
            // A spreadsheet keeps 15 significant digits, so an all-digit number comes back with 000 at its end.
            Some(reading) if value.ends_with("000") && value.bytes().all(|b| b.is_ascii_digit()) => {
                Verdict { reads: Some(reading), ..verdict }
                    .with(Finding::warning("这个登记编号末三位是 000，可能被表格软件当成数字存过，请核对公告。"))
            }
            Some(reading) => Verdict { reads: Some(reading), ..verdict },
            None => verdict.with(Finding::warning(
                "科技型中小企业登记编号应为 18 位：年 4 位、区划 6 位、第 11 位为 0、A 或 B、第 12 位、顺序号 6 位。",
            )),
        },
    }
}

/// `^GR(20\d{2})(\d{2})(\d{6})$`
fn gaoqi(value: &str) -> Option<Reading> {
    let digits = value.strip_prefix("GR")?;
    if digits.len() != 12 || !digits.starts_with("20") || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Reading { year: digits[..4].parse().ok()?, region: digits[4..6].to_owned(), timing: None })
}

/// `^(20\d{2})(\d{6})([0AB])([0-9A-Z])(\d{6})$`; what the 12th character means is published nowhere.
fn kexiao(value: &str) -> Option<Reading> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if value.len() != 18 || !value.is_ascii() || !value.starts_with("20") {
        return None;
    }
    let timing = match value.as_bytes()[10] {
        b'0' => Timing::ByMay,
        b'A' => Timing::FromJune,
        b'B' => Timing::FoundedThatYear,
        _ => return None,
    };
    let twelfth = value.as_bytes()[11];
    let shaped =
        digits(&value[..10]) && (twelfth.is_ascii_digit() || twelfth.is_ascii_uppercase()) && digits(&value[12..]);
    shaped.then_some(())?;
    Some(Reading { year: value[..4].parse().ok()?, region: value[4..10].to_owned(), timing: Some(timing) })
}

/// What speaks against a 科小 number when the day of founding is known: the 11th character tells whether the firm was
/// founded in the year of entry.
pub fn disagrees_with_founding(reading: &Reading, founded: NaiveDate) -> Option<Finding> {
    let that_year = founded.year() == reading.year;
    match reading.timing? {
        _ if founded.year() > reading.year => {
            Some(Finding::warning(format!("登记编号是 {} 年的，企业却成立于 {} 年。", reading.year, founded.year())))
        }
        Timing::FoundedThatYear if !that_year => {
            Some(Finding::warning("登记编号第 11 位是 B（入库当年成立），与成立日期不符。"))
        }
        Timing::ByMay | Timing::FromJune if that_year => {
            Some(Finding::warning("企业成立于入库当年，登记编号第 11 位却不是 B。"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gaoqi_number_tells_its_year_and_province() {
        let verdict = check(NumberShape::Gaoqi, "ｇｒ２０２０37 002773");
        assert_eq!(verdict.value, "GR202037002773");
        assert_eq!(verdict.findings, vec![]);
        assert_eq!(verdict.reads, Some(Reading { year: 2020, region: "37".into(), timing: None }));
        for wrong in ["GR20203700277", "GR199937002773", "202037002773", "GR2020370027731"] {
            assert!(check(NumberShape::Gaoqi, wrong).needs_a_look(), "{wrong}");
        }
        let slip = check(NumberShape::Gaoqi, "GR2O2037002773");
        assert_eq!(slip.findings[0].suggestion.as_deref(), Some("GR202037002773"));
    }

    #[test]
    fn the_eleventh_character_of_a_kexiao_number_tells_when_it_was_filed() {
        for (number, timing) in [
            ("202137150300000123", Timing::ByMay),
            ("2021371503A8000123", Timing::FromJune),
            ("2021371503B0000123", Timing::FoundedThatYear),
        ] {
            let reading = check(NumberShape::Kexiao, number).reads.expect(number);
            assert_eq!((reading.year, reading.region.as_str(), reading.timing), (2021, "371503", Some(timing)));
        }
        for wrong in ["2021371503C0000123", "20213715030000012", "1999371503000000123", "20213715030000012X"] {
            assert!(check(NumberShape::Kexiao, wrong).needs_a_look(), "{wrong}");
        }
        assert!(check(NumberShape::Kexiao, "202137150300001000").findings[0].says.contains("000"));
    }

    #[test]
    fn the_day_of_founding_is_held_against_the_eleventh_character() {
        let founded = |year| NaiveDate::from_ymd_opt(year, 5, 1).expect("a real day");
        let read = |number: &str| check(NumberShape::Kexiao, number).reads.expect("shaped");
        assert_eq!(disagrees_with_founding(&read("202137150300000123"), founded(2019)), None);
        assert_eq!(disagrees_with_founding(&read("2021371503B0000123"), founded(2021)), None);
        assert!(disagrees_with_founding(&read("2021371503B0000123"), founded(2019)).is_some());
        assert!(disagrees_with_founding(&read("2021371503A0000123"), founded(2021)).is_some());
        assert!(disagrees_with_founding(&read("202137150300000123"), founded(2022)).is_some());
    }

    #[test]
    fn a_free_number_is_kept_as_it_is() {
        let verdict = check(NumberShape::Free, "鲁科众创 2020-15");
        assert_eq!((verdict.value.as_str(), verdict.reads, verdict.findings.len()), ("鲁科众创2020-15", None, 0));
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_a_panic(text in "\\PC{0,24}|20[0-9]{8}[0ABC][0-9A-Z][0-9]{6}|GR[0-9]{12}") {
            for shape in [NumberShape::Gaoqi, NumberShape::Kexiao, NumberShape::Free] {
                let once = check(shape, &text).value;
                prop_assert_eq!(check(shape, &once).value, once);
            }
        }
    }
}
