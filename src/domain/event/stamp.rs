//! The hybrid logical clock: wall time while clocks behave, a counter while they do not.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970 (UTC) in the upper 48 bits, a counter in the lower 16. Goes back on one device only where its clock was
/// ahead: see [`Stamp::limit`].
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

    /// The latest stamp a clock that says `now_millis` lets itself be led by: a day later. What lies beyond comes from a clock
    /// that was ahead, and whoever followed it would date the rest of the office's years by it.
    pub fn limit(now_millis: i64) -> Self {
        // A clock that starts anew, as with an empty battery, says nothing against another.
        if now_millis < FIRST { Self(i64::MAX) } else { Self::at_millis(now_millis.saturating_add(AHEAD)) }
    }

    /// The stamp after `self`, given what the wall clock says now: a clock set back only makes the counter run, unless it says
    /// that `self` was ahead (see [`Stamp::limit`]).
    #[must_use]
    pub fn next(self, now_millis: i64) -> Self {
        let now = Self::at_millis(now_millis);
        if self > Self::limit(now_millis) { now } else { now.max(Self(self.0.saturating_add(1))) }
    }
}

/// How far a clock may be ahead of another: a day, in milliseconds. Time zones and a date set by hand stay within.
const AHEAD: i64 = 86_400_000;

/// The beginning of 2026 (UTC): a clock that says less is wrong, for there was no such program.
const FIRST: i64 = 1_767_225_600_000;

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

    #[test]
    fn a_clock_that_was_ten_years_ahead_is_not_followed() {
        let now = 1_790_000_000_000;
        let ahead = Stamp::at_millis(now + 10 * 365 * 86_400_000);
        let next = ahead.next(now);
        assert_eq!(next.millis(), now);
        assert!(next.next(now) > next, "and from there the counter runs");
        // Some hours are followed, or what was answered would stand before what it answers.
        let hours = Stamp::at_millis(now + 5 * 3_600_000);
        assert!(hours.next(now) > hours);
    }
}
