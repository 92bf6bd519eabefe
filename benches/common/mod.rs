//! What the benches share: the large office they measure on, medians, and lines that say promise and figure together.
//! The office is made once and kept below `target/`, because making it takes longer than measuring it.
//! Nothing here judges by time; a person reads the lines.
#![allow(dead_code, reason = "each bench uses a part")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use kebao::example::{self, Size};
use kebao::store::{Clock, Db, Entropy, Options};

/// The day all benches live on.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day")
}

pub const LARGE: Size = Size { firms: 20_000, filings: 100_000 };

/// Folder of the large office, made when it is not there yet.
pub fn large_office() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench-office");
    let whole = folder.join("whole");
    if !whole.exists() {
        let _ = std::fs::remove_dir_all(&folder);
        eprintln!("making an office of {} firms and {} filings …", LARGE.firms, LARGE.filings);
        example::build(&folder, LARGE, today(), &mut |_, _| {}).expect("the office is made");
        std::fs::write(&whole, "").expect("marked as whole");
    }
    folder
}

pub fn open(folder: &std::path::Path) -> Db {
    Db::open(folder, Options { clock: Clock::fixed(today()), entropy: Entropy::system() }).expect("the office opens")
}

/// Median time of several runs of a piece of work.
pub fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

/// One line: what, how long, and what was promised.
pub fn line(what: &str, took: Duration, limit_ms: f64) {
    let ms = took.as_secs_f64() * 1000.0;
    println!("{what:<58} {ms:>9.2} ms   promised ≤ {limit_ms} ms   {}", if ms <= limit_ms { "kept" } else { "MISSED" });
}

/// One line of a ratio against a peer measured in the same run.
pub fn ratio(what: &str, ours: Duration, peer: Duration, limit: f64) {
    let r = ours.as_secs_f64() / peer.as_secs_f64();
    println!(
        "{what:<58} {:>9.2} ms / {:.2} ms = {r:.2}×   promised ≤ {limit}×   {}",
        ours.as_secs_f64() * 1000.0,
        peer.as_secs_f64() * 1000.0,
        if r <= limit { "kept" } else { "MISSED" }
    );
}
