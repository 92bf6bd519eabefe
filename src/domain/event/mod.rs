//! The event: what somebody did, sealed so that a change or a gap shows.
//!
//! Everything anyone enters is an event; everything a screen shows is derived from events ([`super::history`]).
//! Events are never edited or deleted here; only a body can be lawfully erased, and the chain stays verifiable.

mod encode;
mod fact;
mod logged;
mod package;
mod stamp;
mod wire;

pub use encode::{ENCODING_SUITE, Hash, Parts};
pub use fact::{
    Assigned, Attached, Checked, Confirmed, Detached, Erased, Fact, Fields, FormErased, ImportDone, Moved, RecordKind,
    Resolved, ShortlistFrozen, ShortlistRow, Source, Taken, Undone,
};
pub use logged::{DeedKind, Logged};
pub use package::{ChainEnd, PackageMade, PackageTaken, Purpose};
pub use stamp::Stamp;

use crate::domain::id::{DeviceId, RecordId};

/// One thing that happened to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub device: DeviceId,
    /// Counts from 1 on each device without a gap.
    pub seq: u64,
    /// Hash of the device's preceding event; zero for its first.
    pub prev: Hash,
    pub record: RecordId,
    /// The user action it belongs to: one action is one transaction, undone as a whole.
    pub action: RecordId,
    /// `firm.created`, `filing.moved` … An unknown one is kept and passed on.
    pub kind: Box<str>,
    pub version: u16,
    /// The user who did it.
    pub actor: RecordId,
    /// For display and tie-breaks only, never to decide a conflict.
    pub at: Stamp,
    /// Heads of this record that the author had seen: how unawareness, hence a conflict, is found.
    pub parents: Vec<Hash>,
    pub body: Body,
}

/// What the event says, or what is left of it after a lawful erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// JSON as it was sealed, with the salt that keeps an erased body from being guessed by its digest.
    Present { salt: [u8; 16], bytes: Box<[u8]> },
    /// Only the digest, which is all the event's own hash needs.
    Erased { digest: Hash },
}

/// An event together with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub hash: Hash,
    pub event: Event,
}

impl Entry {
    /// Seals an event.
    pub fn seal(event: Event) -> Self {
        Self { hash: event.hash(), event }
    }

    /// What the event says. `None` where this version cannot know it: a newer kind, an erased or unreadable body.
    pub fn fact(&self) -> Option<Fact> {
        match &self.event.body {
            Body::Present { bytes, .. } => Fact::decode(&self.event.kind, self.event.version, bytes),
            Body::Erased { .. } => None,
        }
    }
}
