//! What people do, as commands: each checks with the domain, then writes events through [`super::Act`].
//! One file per thing acted on. No screen and no subcommand writes an event by any other road.
//! Nothing here reads a clock or decides a rule of the field; that is the domain's.
mod assign;
mod days;
mod erase;
mod filing;
mod firm;
mod judge;
mod material;
mod office;
mod shortlist;
mod transfer;
mod undo;

pub use filing::{NewFiling, entry_stages, submit_stage};
pub use firm::{Values, certificate_fields};
pub use undo::Undid;

pub(super) use firm::named;
