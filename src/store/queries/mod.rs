//! What screens and subcommands ask: answers in the domain's words, read from the journal and the derived tables.
//! Nothing here writes.
//! SQL of a question stands next to the type of its answer.

mod desk;
mod erasable;
mod history;
mod imports;
mod log;
mod records;
mod review;
mod shortlists;
mod taken_back;

pub use desk::{Decided, LastYear, ReviewFile};
pub(in crate::store) use erasable::filings_of;
pub use erasable::{Echo, Erasable};
pub(in crate::store) use history::name_of;
pub use history::{DeedFile, Lists, RecordFile, Subject};
pub use imports::{ActionRow, ImportRow};
pub use log::{LogFilter, LogRow};
pub use records::{EditionFile, FilingFile, FirmFile};
pub use review::Tied;
pub use shortlists::{ShortlistFile, ShortlistRow};
