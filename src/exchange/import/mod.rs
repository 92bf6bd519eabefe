//! Taking a published list in: each row matched to a firm, every change shown before it is made, one transaction, undo.
//! [`plan`] says what would happen and writes nothing; [`apply`] does exactly that. Reading the file is `lists`' business.
//! No SQL, no iced.

mod apply;
mod matching;
mod plan;
mod settings;
mod values;
mod verdict;

pub use apply::{Applied, Watch, apply};
pub use matching::{Candidate, Index, MatchedBy};
pub use plan::{Choice, Counts, Effect, Plan, PlannedRow, Verdict, plan};
pub use settings::{Purpose, Settings, areas_of, suggest};
