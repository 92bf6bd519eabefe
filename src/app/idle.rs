//! Whether anybody is still there: when a key or a hand was last felt, and one sleeper that wakes when nobody was for long.
//!
//! Nothing ticks. Every press only writes down when it was; the sleeper wakes once when the time would be over, looks, and
//! sleeps for what is left.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use iced::Subscription;
use iced::futures::channel::mpsc::{UnboundedReceiver, unbounded};

/// When somebody was last felt, and how long nobody may be; both in milliseconds. One window, so one of each.
#[derive(Debug)]
struct Presence {
    last: AtomicI64,
    /// 0: for ever.
    limit: AtomicI64,
}

static PRESENCE: Presence = Presence::new();

fn now() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

impl Presence {
    const fn new() -> Self {
        Self { last: AtomicI64::new(0), limit: AtomicI64::new(0) }
    }

    fn begin(&self, limit: i64, now: i64) {
        self.last.store(now, Ordering::Relaxed);
        self.limit.store(limit, Ordering::Relaxed);
    }

    fn felt(&self, now: i64) -> bool {
        let over = self.left(now).is_some_and(|left| left <= 0);
        self.last.store(now, Ordering::Relaxed);
        over
    }

    /// How long until nobody was there for too long. A clock that was set back counts from now.
    fn left(&self, now: i64) -> Option<i64> {
        let limit = self.limit.load(Ordering::Relaxed);
        let gone = now.saturating_sub(self.last.load(Ordering::Relaxed)).max(0);
        (limit > 0).then(|| limit - gone)
    }

    /// Sleeps until nobody was there for too long. `false`: nobody waits for that any more.
    fn sleep(&self, wanted: impl Fn() -> bool) -> bool {
        while let Some(left) = self.left(now()).filter(|left| *left > 0) {
            std::thread::sleep(Duration::from_millis(left.unsigned_abs()));
            if !wanted() {
                return false;
            }
        }
        wanted()
    }
}

/// A key or a hand was felt. Returns whether nobody had been there for too long before: the machine may have slept.
pub fn felt() -> bool {
    PRESENCE.felt(now())
}

/// Whether nobody was there for too long.
pub fn is_over() -> bool {
    PRESENCE.left(now()).is_some_and(|left| left <= 0)
}

/// Says once that nobody was there for so many minutes.
pub fn after(minutes: u16) -> Subscription<()> {
    Subscription::run_with(minutes, |minutes| sleeper(*minutes))
}

fn sleeper(minutes: u16) -> UnboundedReceiver<()> {
    PRESENCE.begin(i64::from(minutes) * 60_000, now());
    let (send, receiver) = unbounded();
    let started = std::thread::Builder::new().name("idle".to_owned()).spawn(move || {
        if PRESENCE.sleep(|| !send.is_closed()) {
            // Nobody listens any more when the window was closed meanwhile.
            let _ = send.unbounded_send(());
        }
    });
    // Without a thread the window does not lock by itself; it still does at the first key after too long.
    drop(started);
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_begins_the_time_anew_and_one_that_comes_too_late_says_so() {
        let here = Presence::new();
        assert!(!here.felt(1_000_000), "no limit, never over");
        here.begin(60_000, 1_000_000);
        assert!(!here.felt(1_059_999));
        assert_eq!(here.left(1_060_000), Some(59_999));
        assert!(here.felt(1_119_999));
        assert!(!here.felt(1_120_000), "said once");
        assert_eq!(here.left(0), Some(60_000), "a clock set back");
    }

    #[test]
    fn the_sleeper_wakes_only_when_the_time_is_over() {
        let here = Presence::new();
        here.begin(30, now());
        assert!(here.sleep(|| true));
        assert!(here.left(now()).is_some_and(|left| left <= 0));
        here.begin(30, now());
        assert!(!here.sleep(|| false), "nobody waits any more");
    }
}
