//! An edition (批次): a year and batch of a program, bound for ever to one policy version, with its deadlines and quota.

use super::event::Fact;
use super::history::{History, Registers};
use super::id::RecordId;

/// Keys of an edition's fields.
pub mod key {
    pub const PROGRAM: &str = "program";
    /// Policy version; never changes once the edition is open.
    pub const VERSION: &str = "version";
    pub const YEAR: &str = "year";
    /// Number of the batch within the year, from 1; 0 where a program has no batches.
    pub const BATCH: &str = "batch";
    pub const NAME: &str = "name";
    pub const QUOTA: &str = "quota";
    pub const CLOSED: &str = "closed";

    /// The superior's deadline for a stage: day and clock time, `2026-09-04 17:00`.
    pub fn due(stage: &str) -> String {
        format!("due.{stage}")
    }

    /// The bureau's own deadline for a stage, earlier than the superior's.
    pub fn internal(stage: &str) -> String {
        format!("internal.{stage}")
    }

    /// 线上, 纸质, 线上与纸质.
    pub fn channel(stage: &str) -> String {
        format!("channel.{stage}")
    }
}

/// An edition as its history leaves it.
#[derive(Debug, Clone)]
pub struct Edition {
    pub id: RecordId,
    pub program: String,
    pub version: String,
    pub year: i32,
    pub batch: u16,
    pub name: String,
    pub quota: Option<u32>,
    pub closed: bool,
    pub fields: Registers,
}

impl Edition {
    /// Replays it. `None`: taken back, or without a program and a year.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        history.standing().find(|(_, _, fact)| matches!(fact, Fact::EditionOpened(_)))?;
        let fields = Registers::replay(history);
        Some(Self {
            id,
            program: fields.get(key::PROGRAM)?.to_owned(),
            version: fields.text(key::VERSION),
            year: fields.get(key::YEAR)?.parse().ok()?,
            batch: fields.get(key::BATCH).and_then(|n| n.parse().ok()).unwrap_or(0),
            name: fields.text(key::NAME),
            quota: fields.get(key::QUOTA).and_then(|n| n.parse().ok()),
            closed: fields.get(key::CLOSED) == Some("是"),
            fields,
        })
    }
}

/// What people call it: 2026 年第二批, 2026 年度.
pub fn default_name(year: i32, batch: u16) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match batch {
        0 => format!("{year} 年度"),
        1..=10 => format!("{year} 年第{}批", DIGITS[usize::from(batch)]),
        _ => format!("{year} 年第 {batch} 批"),
    }
}
