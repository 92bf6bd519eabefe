//! The hybrid logical clock: wall time while clocks behave, a counter while they do not.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970 (UTC) in the upper 48 bits, a counter in the lower 16. Never goes back on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(pub i64);

impl Stamp {
    /// Before everything.
    pub const ZERO: Self = Self(0);

    /// The stamp of a moment, counter zero. Moments before 1970 count as 1970.
    pub fn at_millis(millis: i64) -> Self {
        Self(millis.clamp(0, i64::MAX >> 16) << 16)
    }

    /// The moment, in milliseconds since 1970 (UTC).
    pub fn millis(self) -> i64 {
        self.0 >> 16
    }

    /// The stamp after `self`, given what the wall clock says now: a clock set back only makes the counter run.
    #[must_use]
    pub fn next(self, now_millis: i64) -> Self {
        Self::at_millis(now_millis).max(Self(self.0.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_ten_years_does_not_turn_time_around() {
        let now = Stamp::at_millis(1_790_000_000_000);
        let later = now.next(1_790_000_000_000 - 10 * 365 * 86_400_000);
        assert!(later > now);
        assert_eq!(later.millis(), now.millis());
        assert_eq!(later.next(1_790_000_000_500).millis(), 1_790_000_000_500);
    }
}
