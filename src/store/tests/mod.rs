//! What must hold of the store whatever people do and machines do to it.
//! `keeps` are single cases, `seen` looks into an office.
//! Nothing here is compiled outside tests.

mod keeps;
mod seen;
