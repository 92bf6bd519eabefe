//! What screens and subcommands ask: answers in the domain's words, read from the journal and the derived tables.
//! Nothing here writes.
//! SQL of a question stands next to the type of its answer.

mod imports;
mod records;
mod shortlists;

pub use imports::{ActionRow, ImportRow};
pub use records::{EditionFile, FilingFile, FirmFile};
pub use shortlists::{ShortlistFile, ShortlistRow};
