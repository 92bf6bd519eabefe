//! Shares, growth rates and their changes, as exact fractions: compared exactly, rounded only when shown.

use std::cmp::Ordering;

use super::{Money, decimal};

/// An exact fraction of two whole numbers. Two ratios compare by value: 620/12200 is above 5/100.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    over: i128,
    /// Always positive.
    under: i128,
}

/// A difference of two shares, counted in 百分点.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(Ratio);

impl Ratio {
    /// A fraction; none when there is nothing below the line.
    pub fn new(over: i64, under: i64) -> Option<Self> {
        Self::reduced(over.into(), under.into())
    }

    /// So many hundredths: `Ratio::percent(5)` is the 5% of a threshold.
    pub const fn percent(hundredths: i64) -> Self {
        Self { over: hundredths as i128, under: 100 }
    }

    /// One amount over another; none when one is missing or the lower one is zero.
    pub fn of(part: Option<Money>, whole: Option<Money>) -> Option<Self> {
        Self::new(part?.fen(), whole?.fen())
    }

    /// How much an amount grew over an earlier one, relative to the earlier one's size; none when that is zero or missing.
    pub fn growth(now: Option<Money>, before: Option<Money>) -> Option<Self> {
        let (now, before) = (i128::from(now?.fen()), i128::from(before?.fen()));
        Self::reduced(now - before, before.abs())
    }

    fn reduced(over: i128, under: i128) -> Option<Self> {
        if under == 0 {
            return None;
        }
        let divisor = gcd(over.unsigned_abs(), under.unsigned_abs());
        // Divisors of i64-sized numbers fit easily.
        let divisor = i128::try_from(divisor).ok()? * under.signum();
        Some(Self { over: over / divisor, under: under / divisor })
    }

    /// `7.97%` with that many places, a true minus sign and thousands commas.
    pub fn as_percent(self, places: u32) -> String {
        format!("{}%", decimal(self.over.saturating_mul(100), self.under, places, true))
    }

    /// Growth said with its sign: `+30.1%`, `−3.0%`, 持平 only when it is exactly zero.
    pub fn as_growth(self) -> String {
        match self.signed_percent() {
            Some((sign, number)) => format!("{sign}{number}%"),
            None => "持平".to_owned(),
        }
    }

    /// Growth in a sentence: `增长 30.1%`, `下降 3.0%`, 持平.
    pub fn growth_sentence(self) -> String {
        match self.signed_percent() {
            Some(("+", number)) => format!("增长 {number}%"),
            Some((_, number)) => format!("下降 {number}%"),
            None => "持平".to_owned(),
        }
    }

    /// The change of a share since an earlier one; none when the numbers are too large to subtract exactly.
    pub fn change_from(self, before: Self) -> Option<Points> {
        let over = self.over.checked_mul(before.under)?.checked_sub(before.over.checked_mul(self.under)?)?;
        let points = Self::reduced(over, self.under.checked_mul(before.under)?)?;
        // Showing multiplies by a hundred and then digit by digit by ten.
        (points.over.checked_mul(100).is_some() && points.under.checked_mul(20).is_some()).then_some(Points(points))
    }

    /// Sign and magnitude in percent. One place, more (up to four) when the first one would hide the change.
    fn signed_percent(self) -> Option<(&'static str, String)> {
        if self.over == 0 {
            return None;
        }
        let sign = if self.over > 0 { "+" } else { "−" };
        let magnitude = self.over.saturating_abs().saturating_mul(100);
        let shown = |places| decimal(magnitude, self.under, places, true);
        let places = (1..=4).find(|places| shown(*places).bytes().any(|b| matches!(b, b'1'..=b'9'))).unwrap_or(4);
        Some((sign, shown(places)))
    }
}

impl Points {
    /// In a sentence: `提高 1.2 个百分点`, `下降 0.4 个百分点`, 持平.
    pub fn sentence(self) -> String {
        match self.0.signed_percent() {
            Some(("+", number)) => format!("提高 {number} 个百分点"),
            Some((_, number)) => format!("下降 {number} 个百分点"),
            None => "持平".to_owned(),
        }
    }

    /// In a narrow cell: `+1.2 百分点`, `−0.4 百分点`, 持平.
    pub fn cell(self) -> String {
        match self.0.signed_percent() {
            Some((sign, number)) => format!("{sign}{number} 百分点"),
            None => "持平".to_owned(),
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        // Cross-multiplying could overflow for points; whole parts first and then continued fractions need no product.
        let (a, b) = (self.over.div_euclid(self.under), other.over.div_euclid(other.under));
        a.cmp(&b).then_with(|| {
            let (mut ra, mut ua) = (self.over.rem_euclid(self.under), self.under);
            let (mut rb, mut ub) = (other.over.rem_euclid(other.under), other.under);
            loop {
                match (ra, rb) {
                    (0, 0) => return Ordering::Equal,
                    (0, _) => return Ordering::Less,
                    (_, 0) => return Ordering::Greater,
                    _ => {}
                }
                let (qa, qb) = (ua / ra, ub / rb);
                if qa != qb {
                    return qb.cmp(&qa);
                }
                (ra, ua, rb, ub) = (ub % rb, rb, ua % ra, ra);
            }
        })
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wan(amount: i64) -> Option<Money> {
        Money::from_wan(amount)
    }

    fn ratio(over: i64, under: i64) -> Ratio {
        Ratio::new(over, under).expect("not over zero")
    }

    #[test]
    fn a_share_is_compared_before_it_is_rounded() {
        // 620 over 12,200: the worked example of the high-tech rules.
        let share =
            Ratio::of(Money::sum([wan(150), wan(210), wan(260)]), Money::sum([wan(3000), wan(4200), wan(5000)]));
        let share = share.expect("nothing missing");
        assert_eq!(share.as_percent(2), "5.08%");
        assert!(share >= Ratio::percent(5));
        let under = ratio(4_999_999, 100_000_000);
        assert_eq!(under.as_percent(2), "5.00%");
        assert!(under < Ratio::percent(5), "shown as 5.00%, still below 5%");
        assert_eq!(Ratio::percent(10), ratio(1, 10));
        assert_eq!(ratio(797, 10_000).as_percent(2), "7.97%");
    }

    #[test]
    fn a_share_of_nothing_or_of_a_missing_amount_is_missing() {
        assert!(Ratio::of(wan(1), Some(Money::ZERO)).is_none());
        assert!(Ratio::of(None, wan(1)).is_none());
        assert!(Ratio::growth(wan(1), Some(Money::ZERO)).is_none());
        assert!(Ratio::growth(wan(1), None).is_none());
    }

    #[test]
    fn growth_carries_its_sign() {
        let growth = |now, before| Ratio::growth(wan(now), wan(before)).expect("not over zero");
        assert_eq!(growth(1301, 1000).as_growth(), "+30.1%");
        assert_eq!(growth(970, 1000).as_growth(), "−3.0%");
        assert_eq!(growth(1000, 1000).as_growth(), "持平");
        assert_eq!(growth(100_040, 100_000).as_growth(), "+0.04%", "never +0.0%");
        assert_eq!(growth(970, 1000).growth_sentence(), "下降 3.0%");
        assert_eq!(growth(1301, 1000).growth_sentence(), "增长 30.1%");
        assert_eq!(growth(50, -100).as_growth(), "+150.0%", "out of the red is growth");
    }

    #[test]
    fn a_change_of_share_is_counted_in_points() {
        let change = |a, b| ratio(a, 1000).change_from(ratio(b, 1000)).expect("small numbers");
        assert_eq!(change(532, 520).sentence(), "提高 1.2 个百分点");
        assert_eq!(change(532, 520).cell(), "+1.2 百分点");
        assert_eq!(change(516, 520).sentence(), "下降 0.4 个百分点");
        assert_eq!(change(516, 520).cell(), "−0.4 百分点");
        assert_eq!(change(520, 520).cell(), "持平");
        assert!(change(532, 520) > change(531, 520));
    }

    #[test]
    fn half_is_rounded_up_on_both_sides_of_zero() {
        assert_eq!(ratio(125, 100_000).as_percent(2), "0.13%");
        assert_eq!(ratio(-125, 100_000).as_percent(2), "−0.13%");
        assert_eq!(ratio(99_995, 100_000).as_percent(2), "100.00%");
        assert_eq!(ratio(12_345_678, 1).as_percent(0), "1,234,567,800%");
    }

    proptest! {
        #[test]
        fn comparing_agrees_with_cross_products(a in any::<i64>(), b in any::<i64>(), c in any::<i64>(), d in any::<i64>()) {
            prop_assume!(b != 0 && d != 0);
            let sign = |n: i64| i128::from(n.signum());
            let left = i128::from(a) * i128::from(d) * sign(b) * sign(d);
            let right = i128::from(c) * i128::from(b) * sign(b) * sign(d);
            prop_assert_eq!(ratio(a, b).cmp(&ratio(c, d)), left.cmp(&right));
        }

        #[test]
        fn a_change_there_and_back_is_level(a in -1_000_000i64..1_000_000, b in 1i64..1_000_000) {
            prop_assert_eq!(ratio(a, b).change_from(ratio(a, b)).expect("small").sentence(), "持平");
        }

        #[test]
        fn nothing_overflows_while_showing(a in any::<i64>(), b in any::<i64>(), c in any::<i64>(), d in any::<i64>()) {
            prop_assume!(b != 0 && d != 0);
            let (one, other) = (ratio(a, b), ratio(c, d));
            let _ = (one.as_percent(2), one.as_growth(), one.change_from(other).map(|p| (p.cell(), p.sentence())));
        }
    }
}
