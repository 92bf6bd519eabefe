//! A shortlist (推荐名单): filings in the order of recommendation, frozen as numbered versions when they go out.

use std::collections::BTreeMap;

use super::event::{Fact, Hash, ShortlistFrozen, Stamp};
use super::history::{History, Registers};
use super::id::RecordId;

/// Keys of a shortlist's fields.
pub mod key {
    pub const EDITION: &str = "edition";
    pub const TITLE: &str = "title";
    /// Filings in rank order, their ids parted by blanks.
    pub const ITEMS: &str = "items";
}

/// One version that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenVersion {
    pub hash: Hash,
    pub frozen: ShortlistFrozen,
    pub actor: RecordId,
    pub at: Stamp,
}

/// A shortlist as its history leaves it.
#[derive(Debug, Clone)]
pub struct Shortlist {
    pub id: RecordId,
    pub edition: RecordId,
    pub title: String,
    pub items: Vec<RecordId>,
    /// Oldest first.
    pub versions: Vec<FrozenVersion>,
}

impl Shortlist {
    /// Replays it. `None`: taken back, or without an edition.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        history.standing().find(|(_, _, fact)| matches!(fact, Fact::ShortlistMade(_)))?;
        let fields = Registers::replay(history);
        // A version that is told again after an erasure is the one that went out.
        let mut versions: BTreeMap<usize, FrozenVersion> = BTreeMap::new();
        for (n, _, fact) in history.standing() {
            let Fact::ShortlistFrozen(frozen) = fact else { continue };
            let place = history.stands_at(n);
            let entry = &history.entries()[place];
            let (actor, at) = (entry.event.actor, entry.event.at);
            versions.insert(place, FrozenVersion { hash: entry.hash, frozen: frozen.clone(), actor, at });
        }
        let versions = versions.into_values().collect();
        Some(Self {
            id,
            edition: fields.get(key::EDITION)?.parse().ok()?,
            title: fields.text(key::TITLE),
            items: parse_items(&fields.text(key::ITEMS)),
            versions,
        })
    }
}

/// Ids out of the stored list; what is not one is passed over.
pub fn parse_items(text: &str) -> Vec<RecordId> {
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// The stored list of ids.
pub fn write_items(items: &[RecordId]) -> String {
    items.iter().map(RecordId::to_string).collect::<Vec<_>>().join(" ")
}
