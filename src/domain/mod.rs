//! What things are and what is allowed: firms, filings, stages, deadlines, identifiers, events and their replay.
//! Pure: no files, no database, no clock, no randomness; whatever a rule needs is handed to it.
//! Nothing here may know a floor above it.

pub mod problem;
pub mod program;
pub mod text;

pub use problem::{Kind, Problem, Result};
