//! Where time and chance come in: the machine's own in real use, fixed ones in tests and for 示例数据.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime};
use uuid::{Builder, Uuid};

/// The wall clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<FixedOffset> + Send + Sync>);

impl Clock {
    /// The machine's clock in its own time zone.
    pub fn system() -> Self {
        Self(Arc::new(|| Local::now().fixed_offset()))
    }

    /// Any other source of time.
    pub fn from_fn(now: impl Fn() -> DateTime<FixedOffset> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands at noon of a day, China time.
    pub fn fixed(day: NaiveDate) -> Self {
        let noon = day.and_hms_opt(4, 0, 0).unwrap_or_default().and_utc();
        // +08:00 is a valid offset.
        let china = FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| Local::now().fixed_offset().timezone());
        Self(Arc::new(move || noon.with_timezone(&china)))
    }

    /// Milliseconds since 1970 (UTC).
    pub fn millis(&self) -> i64 {
        (self.0)().timestamp_millis()
    }

    /// Today, where the machine is.
    pub fn today(&self) -> NaiveDate {
        (self.0)().date_naive()
    }

    /// Now, where the machine is.
    pub fn now(&self) -> NaiveDateTime {
        (self.0)().naive_local()
    }

    /// The moment of a local day and time: what [`Clock::local`] takes back.
    pub fn millis_at(&self, local: NaiveDateTime) -> i64 {
        let offset = *(self.0)().offset();
        local.and_utc().timestamp_millis() - i64::from(offset.local_minus_utc()) * 1000
    }

    /// The local day and time of a moment.
    pub fn local(&self, millis: i64) -> NaiveDateTime {
        let offset = *(self.0)().offset();
        DateTime::from_timestamp_millis(millis).map(|utc| utc.with_timezone(&offset).naive_local()).unwrap_or_default()
    }
}

/// Source of salts and ids.
#[derive(Clone)]
pub struct Entropy(Arc<Mutex<State>>);

struct State {
    /// `None`: the system's; `Some`: a generator that gives the same on every run.
    seeded: Option<u64>,
    pool: [u8; 4096],
    used: usize,
    last_millis: i64,
    last_id: u128,
}

impl Entropy {
    /// The operating system's randomness.
    pub fn system() -> Self {
        Self::with(None)
    }

    /// The same bytes on every run, for 示例数据 and tests. Never for real data.
    pub fn seeded(seed: u64) -> Self {
        Self::with(Some(seed))
    }

    fn with(seeded: Option<u64>) -> Self {
        Self(Arc::new(Mutex::new(State { seeded, pool: [0; 4096], used: 4096, last_millis: 0, last_id: 0 })))
    }

    /// Fills a buffer.
    pub fn fill<const N: usize>(&self) -> [u8; N] {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.take()
    }

    /// A new UUIDv7; ids made within one millisecond count up, so that records of one import lie side by side.
    pub fn id(&self, millis: i64) -> Uuid {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if millis > state.last_millis {
            let random: [u8; 10] = state.take();
            let id = Builder::from_unix_timestamp_millis(millis.max(0).unsigned_abs(), &random).into_uuid().as_u128();
            state.last_millis = millis;
            // Room to count up without running into the fixed bits.
            state.last_id = id & !(1 << 60);
        } else {
            state.last_id += 1 + u128::from(state.take::<1>()[0]);
        }
        Uuid::from_u128(state.last_id)
    }
}

impl State {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > self.pool.len() {
            self.refill();
        }
        let mut out = [0; N];
        out.copy_from_slice(&self.pool[self.used..self.used + N]);
        self.used += N;
        out
    }

    fn refill(&mut self) {
        self.used = 0;
        match &mut self.seeded {
            None => {
                if getrandom::fill(&mut self.pool).is_err() {
                    // No machine we run on lacks a random source; were one to, time still keeps ids apart.
                    let now = Local::now().timestamp_nanos_opt().unwrap_or_default().to_be_bytes();
                    self.pool
                        .chunks_mut(8)
                        .zip(0_u8..)
                        .for_each(|(chunk, n)| chunk.iter_mut().zip(now).for_each(|(a, b)| *a = b ^ n));
                }
            }
            // SplitMix64: small, good enough to be the same every time.
            Some(seed) => {
                for chunk in self.pool.chunks_mut(8) {
                    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
                    let mut z = *seed;
                    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                    chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_count_up_and_never_repeat() {
        let entropy = Entropy::system();
        let ids: Vec<Uuid> = (0..100_000).map(|n| entropy.id(1_790_000_000_000 + n / 40_000)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn a_seed_gives_the_same_every_time() {
        let (a, b) = (Entropy::seeded(7), Entropy::seeded(7));
        assert_eq!((a.id(5), a.fill::<16>()), (b.id(5), b.fill::<16>()));
        assert_ne!(Entropy::seeded(7).fill::<16>(), Entropy::seeded(8).fill::<16>());
    }
}
