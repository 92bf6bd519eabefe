//! What things are and what is allowed: firms, filings, stages, deadlines, identifiers, events and their replay.
//! Pure: no files, no database, no clock, no randomness; whatever a rule needs is handed to it.
//! Nothing here may know a floor above it.

pub mod calendar;
pub mod certificate;
pub mod changes;
pub mod date;
pub mod defect;
pub mod edition;
pub mod erasure;
pub mod event;
pub mod filing;
pub mod firm;
pub mod history;
pub mod id;
pub mod identity;
pub mod machine;
pub mod material;
pub mod money;
pub mod people;
pub mod pinyin;
pub mod problem;
pub mod program;
pub mod review;
pub mod seal;
pub mod shortlist;
pub mod text;
pub mod wording;

#[cfg(test)]
pub(crate) mod testing;

pub use problem::{Kind, Problem, Result};
