//! Money in whole 分, and the shares, growth rates and changes computed from it.
//! Arithmetic is exact and checked; rounding happens once, when a figure is shown, and is half-up (四舍五入).
//! A missing amount is `None`, never zero; nothing here turns one into the other.

mod ratio;
mod read;

pub use ratio::{Points, Ratio};
pub use read::{Unit, parse};

use serde::{Deserialize, Serialize};

/// An amount in 分. Sums and differences are checked: an overflow is `None`, not a wrong number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// 分 in one 元, 万元 and 亿元.
const FEN_YUAN: i64 = 100;
const FEN_WAN: i64 = 10_000 * FEN_YUAN;
const FEN_YI: i64 = 10_000 * FEN_WAN;

impl Money {
    /// Nothing at all, which is a value and not a missing one.
    pub const ZERO: Self = Self(0);

    /// An amount given in 分.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount given in whole 元.
    pub const fn from_yuan(yuan: i64) -> Option<Self> {
        match yuan.checked_mul(FEN_YUAN) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// An amount given in whole 万元.
    pub const fn from_wan(wan: i64) -> Option<Self> {
        match wan.checked_mul(FEN_WAN) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount in 分.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum, unless it overflows.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The difference, unless it overflows.
    pub const fn minus(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum of amounts that are all there; none when one is missing or the sum overflows.
    pub fn sum(amounts: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, |sum, amount| sum.plus(amount?))
    }

    /// 万元 with two places, for a cell whose head says （万元）: `12,077.90`.
    pub fn cell(self) -> String {
        decimal(self.0.into(), FEN_WAN.into(), 2, true)
    }

    /// 万元 without losing a 分, for storing a form's value: `12077.90`, `0.000123`. [`parse`] reads it back.
    pub fn lossless(self) -> String {
        let text = decimal(self.0.into(), FEN_WAN.into(), 6, false).replace('−', "-");
        let least = text.len() - 4;
        let kept = text.trim_end_matches('0').len().max(least);
        text[..kept].to_owned()
    }

    /// In a sentence on screen: `12.35 万元`, from one 亿 on `3.24 亿元`.
    pub fn sentence(self) -> String {
        let (number, unit) = self.in_words();
        format!("{number} {unit}")
    }

    /// In a document, where no blank stands between digits and words: `12.35万元`.
    pub fn document(self) -> String {
        let (number, unit) = self.in_words();
        number + unit
    }

    fn in_words(self) -> (String, &'static str) {
        // What rounds to 10,000.00 万元 is said as 1.00 亿元.
        let (scale, unit) = if self.0.unsigned_abs() + 5_000 >= FEN_YI.unsigned_abs() {
            (FEN_YI, "亿元")
        } else {
            (FEN_WAN, "万元")
        };
        (decimal(self.0.into(), scale.into(), 2, true), unit)
    }
}

/// `number / scale` with that many places, half-up away from zero, a true minus sign, and commas when `grouped`.
///
/// `scale` must be positive.
fn decimal(number: i128, scale: i128, places: u32, grouped: bool) -> String {
    let (negative, magnitude, scale) = (number < 0, number.unsigned_abs(), scale.unsigned_abs());
    let mut whole = magnitude / scale;
    let mut rest = magnitude % scale;
    let mut fraction = String::new();
    // Digit by digit: the remainder stays below the scale, so nothing overflows however long the number.
    for _ in 0..places {
        rest *= 10;
        fraction.push(char::from(b'0' + (rest / scale) as u8));
        rest %= scale;
    }
    if rest * 2 >= scale {
        let mut digits = fraction.into_bytes();
        let mut at = digits.len();
        loop {
            if at == 0 {
                whole += 1;
                break;
            }
            at -= 1;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
        fraction = digits.into_iter().map(char::from).collect();
    }
    let digits = whole.to_string();
    let mut out = String::new();
    if negative && (whole > 0 || fraction.bytes().any(|b| b != b'0')) {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if grouped && i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if places > 0 {
        out.push('.');
        out.push_str(&fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wan(text: &str) -> Money {
        parse(text, Unit::Wan).expect("readable").expect("there")
    }

    #[test]
    fn a_cell_shows_wan_with_two_places() {
        assert_eq!(wan("12077.9").cell(), "12,077.90");
        assert_eq!(wan("0").cell(), "0.00");
        assert_eq!(wan("0.005").cell(), "0.01");
        assert_eq!(wan("0.004999").cell(), "0.00");
        assert_eq!(wan("999999.995").cell(), "1,000,000.00");
        assert_eq!(wan("-3.5").cell(), "−3.50");
        assert_eq!(wan("-0.001").cell(), "0.00");
        assert_eq!(Money::from_fen(i64::MIN).cell(), "−9,223,372,036,854.78");
    }

    #[test]
    fn a_sentence_takes_yi_from_one_hundred_million_on() {
        assert_eq!(wan("12.35").sentence(), "12.35 万元");
        assert_eq!(wan("12.35").document(), "12.35万元");
        assert_eq!(wan("32400").sentence(), "3.24 亿元");
        assert_eq!(wan("9999.99").sentence(), "9,999.99 万元");
        assert_eq!(wan("9999.995").sentence(), "1.00 亿元");
        assert_eq!(wan("9999.994999").sentence(), "9,999.99 万元");
    }

    #[test]
    fn a_stored_amount_keeps_every_fen() {
        assert_eq!(wan("12077.9").lossless(), "12077.90");
        assert_eq!(wan("12").lossless(), "12.00");
        assert_eq!(Money::from_fen(123).lossless(), "0.000123");
        assert_eq!(Money::from_fen(-123_450_000).lossless(), "-123.45");
    }

    #[test]
    fn a_sum_with_a_missing_part_is_missing() {
        let one = Money::from_wan(1);
        assert_eq!(Money::sum([one, one]), Money::from_wan(2));
        assert_eq!(Money::sum([one, None]), None);
        assert_eq!(Money::sum([Some(Money::from_fen(i64::MAX)), one]), None);
        assert_eq!(Money::from_yuan(120), Some(Money::from_fen(12_000)));
        assert_eq!(Money::from_wan(i64::MAX), None);
        assert_eq!(Money::from_fen(i64::MIN).minus(Money::from_fen(1)), None);
    }

    proptest! {
        #[test]
        fn what_is_stored_reads_back(fen in -9_000_000_000_000_000i64..9_000_000_000_000_000) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(parse(&money.lossless(), Unit::Wan), Ok(Some(money)));
        }

        #[test]
        fn a_shown_amount_is_never_off_by_more_than_half_its_last_place(fen in any::<i64>()) {
            let shown: i128 = Money::from_fen(fen).cell().replace('−', "-").replace([',', '.'], "").parse().expect("digits");
            prop_assert!((shown * 10_000 - i128::from(fen)).abs() <= 5_000);
        }

        #[test]
        fn nothing_overflows_while_showing(fen in any::<i64>()) {
            let money = Money::from_fen(fen);
            let _ = (money.cell(), money.sentence(), money.document(), money.lossless());
        }
    }
}
