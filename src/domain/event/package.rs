//! What is kept of a sealed package: that it was made, and each time it was taken in. Both stand on the package's own record,
//! are never taken back, and travel like everything else, so that who sent it learns that it arrived.

use serde::{Deserialize, Serialize};

use super::Hash;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::Key;

/// What a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Filings to be decided elsewhere, with all that is needed for it.
    Review,
    /// What was decided, on its way back.
    Answer,
    /// Everything the other machine may lack.
    Exchange,
}

impl Purpose {
    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Answer => "answer",
            Self::Exchange => "exchange",
        }
    }

    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Review => "送审包",
            Self::Answer => "回传包",
            Self::Exchange => "交换包",
        }
    }

    /// By its stored word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Review, Self::Answer, Self::Exchange].into_iter().find(|purpose| purpose.word() == word)
    }
}

/// End of one machine's chain as somebody had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEnd {
    pub device: DeviceId,
    pub seq: u64,
    /// Covers all of the chain before it.
    pub hash: Hash,
    /// Nothing of the chain before it was missing.
    pub whole: bool,
}

/// A package was written, read back and found whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageMade {
    pub purpose: Purpose,
    /// Signature key of the machine it is for.
    pub to: Key,
    /// What that machine was called.
    pub name: String,
    /// The filings it was made of, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filings: Vec<RecordId>,
    pub events: u32,
    pub files: u32,
    /// Size of the file.
    pub bytes: u64,
}

/// A package was taken in on the machine that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageTaken {
    pub purpose: Purpose,
    /// Signature key of the machine it came from, the chain it wrote then, and what it is called here.
    pub from: Key,
    pub device: DeviceId,
    pub name: String,
    /// Events new here, here already, waiting for others.
    pub taken: u32,
    pub known: u32,
    pub waiting: u32,
    /// The filings it was made of; not kept by older programs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filings: Vec<RecordId>,
    /// Filings it brought decisions on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<RecordId>,
    /// Filings in conflict since.
    pub conflicts: u32,
    /// What the sender had of every chain.
    pub heads: Vec<ChainEnd>,
    /// Machines whose chains are here only in part because of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<DeviceId>,
}
