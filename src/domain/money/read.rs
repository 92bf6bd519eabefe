//! Reading amounts: `12,077.90`, `1200元`, `3.24 亿元`, `（３.５）`, with the unit of the column as default.

use super::{FEN_WAN, FEN_YI, FEN_YUAN, Money};
use crate::domain::problem::{Problem, Result};
use crate::domain::text::{fold, is_noise};

/// The unit a bare number stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// 元
    Yuan,
    /// 千元
    Qian,
    /// 万元
    Wan,
    /// 亿元
    Yi,
}

impl Unit {
    fn fen(self) -> i64 {
        match self {
            Self::Yuan => FEN_YUAN,
            Self::Qian => 1_000 * FEN_YUAN,
            Self::Wan => FEN_WAN,
            Self::Yi => FEN_YI,
        }
    }

    /// The unit a column's head names: `销售收入（万元）`. None when it names none.
    pub fn in_head(head: &str) -> Option<Self> {
        [("亿元", Self::Yi), ("万元", Self::Wan), ("千元", Self::Qian), ("元", Self::Yuan)]
            .into_iter()
            .find(|(word, _)| head.contains(word))
            .map(|(_, unit)| unit)
    }
}

/// Beyond this (90 万亿元) an amount is a slip; below it, sums of thousands of rows stay within 64 bits.
const LARGEST: i128 = 9_000_000_000_000_000;

/// Reads an amount. A unit written behind the number wins over `unit`; what is finer than a 分 is rounded half-up.
///
/// An empty text, a lone dash or slash, 无 and 未报 are missing, which is not zero.
///
/// # Errors
/// One sentence when the text is no amount, or one beyond all measure.
pub fn parse(text: &str, unit: Unit) -> Result<Option<Money>> {
    let folded: String = text.chars().map(fold).filter(|c| !is_noise(*c)).collect();
    if matches!(folded.as_str(), "" | "-" | "--" | "/" | "无" | "未报" | "不适用") {
        return Ok(None);
    }
    let unreadable = || Problem::bad_input(format!("“{}”不是金额，请写成 12077.90。", text.trim()));
    let bare = folded.trim_start_matches("人民币").trim_start_matches(['¥', '￥']);
    let (bare, bracketed) = match bare.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (bare, false),
    };
    let (number, unit) = split_unit(bare, unit);
    let (number, minus) = match number.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (number.strip_prefix('+').unwrap_or(number), false),
    };
    if bracketed && minus {
        return Err(unreadable());
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = ungroup(whole).ok_or_else(unreadable)?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(&whole) || !digits(fraction) {
        return Err(unreadable());
    }
    let magnitude = fen(&whole, fraction, unit.fen()).filter(|fen| *fen <= LARGEST);
    let magnitude =
        magnitude.ok_or_else(|| Problem::bad_input(format!("“{}”大得不合常理，请核对单位。", text.trim())))?;
    // Below LARGEST, so it fits.
    let fen = i64::try_from(magnitude).map_err(|_| unreadable())?;
    Ok(Some(Money::from_fen(if minus || bracketed { -fen } else { fen })))
}

fn split_unit(text: &str, unit: Unit) -> (&str, Unit) {
    let words = [
        ("亿元", Unit::Yi),
        ("亿", Unit::Yi),
        ("万元", Unit::Wan),
        ("万", Unit::Wan),
        ("千元", Unit::Qian),
        ("元", Unit::Yuan),
    ];
    words.into_iter().find_map(|(word, unit)| text.strip_suffix(word).map(|rest| (rest, unit))).unwrap_or((text, unit))
}

/// Takes the commas out, which must stand every three digits: `12,34` is no number anybody meant.
fn ungroup(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let shaped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    shaped.then(|| whole.replace(',', ""))
}

/// The digits as 分, half-up; none when out of all measure.
fn fen(whole: &str, fraction: &str, scale: i64) -> Option<i128> {
    let scale = i128::from(scale);
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Past the 13th place a digit weighs less than a hundredth of a 分 even in 亿元; what it could round is settled before.
    let kept = &fraction[..fraction.len().min(13)];
    let mut rest: i128 = 0;
    let mut unit: i128 = 1;
    for byte in kept.bytes() {
        rest = rest * 10 + i128::from(byte - b'0');
        unit *= 10;
    }
    let rounded = (rest * scale * 2 + unit) / (unit * 2);
    whole.checked_mul(scale)?.checked_add(rounded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fen(text: &str, unit: Unit) -> Option<i64> {
        parse(text, unit).unwrap_or_else(|p| panic!("{text}: {p}")).map(Money::fen)
    }

    #[test]
    fn an_amount_is_read_in_every_spelling_of_the_lists() {
        for text in [
            "12077.9",
            "12,077.90",
            "12077.90万元",
            "１２，０７７．９０ 万元",
            "120779000元",
            "1.20779亿",
            "¥120,779,000元",
            "+12077.9",
        ] {
            assert_eq!(fen(text, Unit::Wan), Some(12_077_900_000), "{text}");
        }
        assert_eq!(fen("1200", Unit::Yuan), Some(120_000));
        assert_eq!(fen("3.24亿元", Unit::Yuan), Some(32_400_000_000));
        assert_eq!(fen("50千元", Unit::Yuan), Some(5_000_000));
        assert_eq!(fen(".5", Unit::Wan), Some(500_000));
        assert_eq!(fen("5.", Unit::Wan), Some(5_000_000));
        for text in ["-3.5", "−3.5", "（3.5）", "(3.5)"] {
            assert_eq!(fen(text, Unit::Wan), Some(-3_500_000), "{text}");
        }
    }

    #[test]
    fn missing_stays_missing_and_zero_is_a_value() {
        for text in ["", "  ", "-", "—", "——", "/", "无", "未报"] {
            assert_eq!(fen(text, Unit::Wan), None, "{text}");
        }
        assert_eq!(fen("0", Unit::Wan), Some(0));
        assert_eq!(fen("0.00", Unit::Yuan), Some(0));
    }

    #[test]
    fn what_is_finer_than_a_fen_is_rounded_half_up() {
        assert_eq!(fen("0.005", Unit::Yuan), Some(1));
        assert_eq!(fen("0.0049999999", Unit::Yuan), Some(0));
        assert_eq!(fen("-0.005", Unit::Yuan), Some(-1));
        assert_eq!(fen("1.00000000005", Unit::Yi), Some(10_000_000_001));
    }

    #[test]
    fn what_is_no_amount_is_one_sentence() {
        for text in ["很多", "12,34", "1.2.3", "12万5", "1e5", "(-3)", "元", "12 或 13"] {
            let problem = parse(text, Unit::Wan).expect_err(text);
            assert!(problem.says.contains("不是金额"), "{text}: {}", problem.says);
        }
        let huge = parse("99999999999999亿", Unit::Wan).expect_err("huge");
        assert!(huge.says.contains("请核对单位"));
        assert!(parse(&"9".repeat(60), Unit::Wan).is_err());
    }

    #[test]
    fn the_head_of_a_column_names_its_unit() {
        assert_eq!(Unit::in_head("上年销售收入（万元）"), Some(Unit::Wan));
        assert_eq!(Unit::in_head("成交额(元)"), Some(Unit::Yuan));
        assert_eq!(Unit::in_head("企业名称"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,24}|[-0-9.,()亿万元]{0,40}") {
            for unit in [Unit::Yuan, Unit::Qian, Unit::Wan, Unit::Yi] {
                let _ = parse(&text, unit);
            }
        }
    }
}
