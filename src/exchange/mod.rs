//! What comes in from files and what goes out into them: published lists in, shortlists and tables out, sealed packages both ways.
//! Formats and their limits live here; what is stored is asked for through the store's commands and queries.
//! No SQL, no iced, and no trust in a file: every reader has limits and never panics.

pub mod import;
pub mod lists;
pub mod notice;
pub mod package;
pub mod paper;
pub mod shortlist;
pub mod table;
