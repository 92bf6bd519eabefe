//! The append-only journal: events go in sealed, come out as they were, and nothing that arrives is dropped.
//! Every device writes its own hash chain; a record's events carry who had seen what.
//! What events mean is the domain's business; here they are only kept, ordered and checked.

mod check;
mod erase;
mod heads;
mod inbox;
mod rows;
mod verify;

pub use check::{Fault, Report, Watch, check, check_watched};
/// The index that finds a record's events.
pub const BY_RECORD: &str = "event_record";

pub use erase::{carry_out, erase};
pub use heads::{Head, Since, Written, compare, heads};
pub use inbox::{Accepted, accept, foresee, waiting};
pub(in crate::store) use inbox::{is_here, stands};
pub use rows::{
    Chain, First, ManyPen, Pen, Shared, all_records, chain_range, history, listed_until, own_chain, record_entries,
};
