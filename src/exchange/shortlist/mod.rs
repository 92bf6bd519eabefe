//! The shortlist (推荐名单) that goes out: gathered from the filings, laid out as the city asks, ready for the stamp.
//! What the columns are is the program's data; how a sheet looks is domain reference C4.
//! Nothing here decides who is on the list.

mod gather;
mod sheet;

pub use gather::{Gathered, gather, gathering};
pub(in crate::exchange) use sheet::looks_like_formula;
pub use sheet::{Fonts, Frozen, file_name, write};
