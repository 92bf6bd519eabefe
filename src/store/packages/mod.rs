//! What goes into a package, what a package would bring, and taking it in: events in, events out, all by their hashes.
//! Machines met and packages made and taken are asked for here as well.
//! Nothing here knows how a package is sealed or written; that is `exchange`'s.

mod conflicts;
mod files;
mod gather;
mod list;
mod meet;
mod preview;
mod take;

pub use conflicts::{Conflict, ConflictKind, Side};
pub use gather::{Cargo, Wanted};
pub(super) use list::machine_names;
pub use list::{PackageRow, TakenRow};
pub use meet::NewMachine;
pub use preview::{Became, Coming, Decided, Outcome, Preview};
pub use take::{Arrived, Taken};
