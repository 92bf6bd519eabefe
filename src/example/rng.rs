//! Chance that is the same every time (xorshift64*), and what the example draws from it.

/// The example's only source of chance.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 to `n - 1`; 0 where there is nothing to choose from.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { ((self.next() >> 32) as usize) % n }
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, p: usize) -> bool {
        self.below(100) < p
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One character of a word.
    pub fn letter(&mut self, of: &str) -> char {
        let n = self.below(of.chars().count());
        of.chars().nth(n).unwrap_or('0')
    }

    /// A sum in 分 whose size is spread over orders of magnitude, as firms' figures are.
    pub fn money(&mut self, low_wan: f64, high_wan: f64) -> i64 {
        let t = self.below(10_000) as f64 / 10_000.0;
        let wan = low_wan * (high_wan / low_wan).powf(t);
        // Whole tens of yuan, as accounts that were typed by hand.
        (wan * 1000.0).round() as i64 * 1000
    }
}
