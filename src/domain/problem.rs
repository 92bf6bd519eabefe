//! What went wrong, said once, in words an officer understands.

use std::fmt;

use serde::Serialize;

/// The outcome of anything that can fail in front of a person.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// What sort of trouble it is. Decides the exit code of a command and how a screen shows it, never the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What was typed or chosen cannot be used as it is.
    BadInput,
    /// A rule of the field forbids it (an illegal move, a missing reason).
    Refused,
    /// The thing named does not exist.
    NotFound,
    /// Somebody else is at it: a second instance, a record changed meanwhile.
    Busy,
    /// A file or database is broken.
    Damaged,
    /// A file is whole, but not one of ours or not of a sort we read.
    Foreign,
    /// A file was written by a newer version of the program.
    TooNew,
    /// The disk, a folder or the display did not do what was asked.
    Io,
    /// The person stopped it.
    Cancelled,
    /// Our own fault; the detail says where.
    Bug,
}

/// One sentence on what happened, one on what to do next, and the technical detail for whoever wants to unfold it.
///
/// `says` and `next` are Chinese and complete sentences; `detail` may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub kind: Kind,
    pub says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// A problem with its one sentence.
    pub fn new(kind: Kind, says: impl Into<String>) -> Self {
        Self { kind, says: says.into(), next: None, detail: None }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Adds the technical detail, folded away on screen.
    #[must_use]
    pub fn detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// What was typed or chosen cannot be used as it is.
    pub fn bad_input(says: impl Into<String>) -> Self {
        Self::new(Kind::BadInput, says)
    }

    /// A rule of the field forbids it.
    pub fn refused(says: impl Into<String>) -> Self {
        Self::new(Kind::Refused, says)
    }

    /// The thing named does not exist.
    pub fn not_found(says: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, says)
    }

    /// A file or database is broken.
    pub fn damaged(says: impl Into<String>) -> Self {
        Self::new(Kind::Damaged, says)
    }

    /// A file that is not one of ours, or not of a sort we read.
    pub fn foreign(says: impl Into<String>) -> Self {
        Self::new(Kind::Foreign, says)
    }

    /// The disk, a folder or the display did not do what was asked.
    pub fn io(says: impl Into<String>) -> Self {
        Self::new(Kind::Io, says)
    }

    /// Our own fault.
    pub fn bug(detail: impl fmt::Display) -> Self {
        Self::new(Kind::Bug, "程序内部出错，这一步没有做，已有数据没有受影响。")
            .next("请重试；如果再次出现，请把“详情”里的文字发给维护人员。")
            .detail(detail)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)?;
        if let Some(next) = &self.next {
            f.write_str(next)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
