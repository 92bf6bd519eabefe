//! Helpers for the tests of this floor: offices in folders of their own that vanish with them.
//! Clock and chance are fixed, so that a failing test fails again.
//! Not compiled outside tests.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Act, Clock, Db, Entropy, Options};
use crate::domain::Result;
use crate::domain::event::{Fact, Fields};
use crate::domain::id::RecordId;
use crate::domain::people::{Role, user_key};

/// A folder that is removed when dropped.
pub struct TempFolder(pub PathBuf);

impl TempFolder {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("kebao-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Self::parent().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl TempFolder {
    /// Memory, where the system has a folder of it: every commit waits for its disk, and hundreds of offices commit here.
    fn parent() -> PathBuf {
        let memory = PathBuf::from("/dev/shm");
        let fits = std::fs::metadata(&memory).is_ok_and(|at| at.is_dir() && !at.permissions().readonly());
        if fits { memory } else { std::env::temp_dir() }
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day");

/// Somebody who acts.
pub const OFFICER: RecordId = RecordId(Uuid::from_u128(0x0FF1_CE00));

pub fn options(seed: u64) -> Options {
    Options { clock: Clock::fixed(TODAY), entropy: Entropy::seeded(seed) }
}

/// An open office in a folder of its own.
pub struct Office {
    pub db: Db,
    pub folder: TempFolder,
}

impl Office {
    pub fn new(seed: u64) -> Self {
        let folder = TempFolder::new();
        Self { db: Db::open(&folder.0, options(seed)).expect("an office opens"), folder }
    }
}

/// Does to the closed file of an office what no program would.
pub fn spoil(folder: &std::path::Path, sql: &str) {
    let connection = rusqlite::Connection::open(folder.join(super::DATABASE_FILE)).expect("a database");
    connection.execute_batch(sql).expect("spoiled");
}

/// Has a database forget where it lies, so that a copy cannot be told from its original.
pub fn hide(database: &std::path::Path) {
    let connection = rusqlite::Connection::open(database).expect("a database");
    connection.execute("DELETE FROM preference WHERE name = ?", [super::device::HOME]).expect("hidden");
}

/// Makes somebody who works here, under an id known beforehand.
pub fn employ(act: &mut Act<'_>, id: RecordId, name: &str, roles: &[Role]) -> Result<()> {
    let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    let fields = Fields::set([(user_key::NAME, name.to_owned()), (user_key::ROLES, roles.join(" "))]);
    act.append(id, Fact::UserAdded(fields)).map(drop)
}
