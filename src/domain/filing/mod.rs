//! A filing (申报): one firm in one edition of one program, and its way through the stages.
//!
//! [`track`] replays where it stands, [`machine`] says which moves are legal, [`deadline`] when the next one is due,
//! [`materials`] what was handed in, [`rounds`] what came back after a return, [`reviewers`] who is to review it, [`notice`] what
//! the firm is told.
//! What a program's stages are comes from the catalog; no stage name stands here.

pub mod deadline;
pub mod form;
pub mod machine;
pub mod materials;
pub mod notice;
pub mod prefill;
pub mod reviewers;
pub mod rounds;
pub mod track;

use super::event::{Fact, Hash};
use super::history::{History, Registers};
use super::id::RecordId;
use super::program::Effect;
use super::seal::{Keys, open_registers};

pub use materials::{Attachment, Checklist, Item, Materials};
pub use track::{Decision, End, Split, Standing, Track};

/// Keys of a filing's fields.
pub mod key {
    /// Record of the firm.
    pub const FIRM: &str = "firm";
    /// Record of the edition; never changes.
    pub const EDITION: &str = "edition";
    /// Program and policy version, copied from the edition so that the filing is read without it.
    pub const PROGRAM: &str = "program";
    pub const VERSION: &str = "version";
    /// 受理号, for people; never a key.
    pub const NUMBER: &str = "number";
    /// The user who looks after it.
    pub const OFFICER: &str = "officer";
    /// 转交说明: what whoever handed it over last said to who looks after it now.
    pub const HANDOVER: &str = "handover";
    /// The stage it was entered at, and the day.
    pub const STAGE: &str = "stage";
    pub const OPENED: &str = "opened";
    pub const NOTE: &str = "note";
    /// Prefix of the form's own fields.
    pub const FORM: &str = "form.";
}

/// A filing as its history leaves it.
#[derive(Debug, Clone)]
pub struct Filing {
    pub id: RecordId,
    pub firm: RecordId,
    pub edition: RecordId,
    pub program: String,
    pub version: String,
    pub fields: Registers,
    pub track: Track,
    pub materials: Materials,
    /// The form's digest of now, then those it had before something of it was erased.
    contents: Vec<Hash>,
    /// 审核人: who is to review it at the stage it stands in, by id; nobody where nobody was named.
    pub reviewers: Vec<RecordId>,
}

impl Filing {
    /// Replays it. `None`: taken back, or without a firm or edition (not a whole filing).
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let fields = Registers::replay(history);
        let firm = fields.get(key::FIRM)?.parse().ok()?;
        let edition = fields.get(key::EDITION)?.parse().ok()?;
        let track = Track::replay(history, &fields)?;
        Some(Self {
            id,
            firm,
            edition,
            program: fields.text(key::PROGRAM),
            version: fields.text(key::VERSION),
            reviewers: reviewers::replay(history, &track.stage),
            track,
            materials: Materials::replay(history),
            contents: contents(history, &fields),
            fields,
        })
    }

    /// Digest of the form as it stands in the journal, sealed values as they are: what a decision is taken on.
    pub fn content(&self) -> Hash {
        self.contents[0]
    }

    /// Opens the form's sealed values for whoever reads it. What was worked out of them stays as it was.
    pub fn open(&mut self, keys: &Keys) {
        open_registers(&mut self.fields, keys);
    }

    /// Digest of form and files together: what a review is given on.
    pub fn whole(&self) -> Hash {
        self.with_files(&self.content())
    }

    /// Whether a review was given on this form with these files, or on what they were before something was lawfully erased.
    pub fn is_what_was_judged(&self, whole: &Hash) -> bool {
        self.contents.iter().any(|content| self.with_files(content) == *whole)
    }

    fn with_files(&self, content: &Hash) -> Hash {
        Hash::of(&[&content.0, &self.materials.digest().unwrap_or(Hash::ZERO).0])
    }

    /// Whether files were added, replaced or removed after the decision that let it through. Where there were none at all
    /// (nothing but paper, or an older program), there is nothing to hold them against.
    pub fn files_changed_since_approval(&self) -> bool {
        let moves = self.track.line().rev().map(|decision| &decision.moved);
        let mut since_return = moves.take_while(|moved| moved.effect != Effect::Return);
        let approved = since_return.find(|moved| matches!(moved.effect, Effect::Pass | Effect::Enter));
        approved.is_some_and(|moved| moved.materials.is_some() && moved.materials != self.materials.digest())
    }
}

/// The form's digest of now, then those it had before something of it was lawfully erased, as far as nothing else has changed.
fn contents(history: &History, fields: &Registers) -> Vec<Hash> {
    let mut all = vec![content(fields)];
    for erased in (0..history.len()).rev().filter_map(|n| match history.fact(n) {
        Some(Fact::Erased(erased)) => erased.form,
        _ => None,
    }) {
        if all.contains(&erased.now) {
            all.push(erased.was);
        }
    }
    all
}

/// Digest over the form's fields, keys and values with their lengths, in key order.
pub fn content(fields: &Registers) -> Hash {
    let mut bytes = Vec::new();
    for (name, value) in fields.below(key::FORM) {
        for part in [name, value] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
    }
    Hash::of(&[&bytes])
}

#[cfg(test)]
mod tests;
