//! The journal, the tables derived from it, and the handle through which everything above reaches them.
//! One file per office, one writer, a few readers; every change is an action made of events, whole or not at all.
//! Nothing here may know iced or the formats of other programs' files; SQL stays below this floor's roof.

pub mod accounts;
pub mod act;
pub mod acts;
mod as_of;
mod attachments;
pub mod backup;
mod clock;
mod db;
mod device;
mod erased;
mod file;
pub mod journal;
pub mod ledger;
pub mod local;
pub mod packages;
pub mod queries;
mod rights;
mod schema;
mod sealing;
mod sql;
pub mod tables;
mod whole;

pub use act::{Act, Done};
pub use as_of::Watch;
pub use attachments::{Kept, wipe};
pub(crate) use backup::sync_folder_of;
pub use clock::{Clock, Entropy};
pub use db::{Answer, Db, Options};
pub use file::{DATABASE_FILE, default_folder};
pub use sealing::Switched;
pub use whole::check_unopened;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod tests;
