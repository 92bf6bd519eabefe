//! What must hold of the store whatever people do, machines do to it, and disks do to machines.
//! `keeps`, `many`, `materials`, `erased`, `forms`, `undo` and `desk` are single cases; `laws` holds the seven laws of the journal (`law`) against told histories (`world`, `seen`).
//! Nothing here is compiled outside tests.

mod desk;
mod disk;
mod erased;
mod forms;
mod keeps;
pub(crate) mod law;
pub(crate) mod laws;
mod many;
mod materials;
mod migrate;
mod old;
mod power;
mod rights;
pub(crate) mod seen;
mod twice;
mod undo;
pub(crate) mod world;
