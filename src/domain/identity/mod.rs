//! The numbers by which firms, persons and certificates are known: their shapes, check digits and masks.
//! A number that looks wrong is a finding which a person can confirm with a reason, never a wall: nothing here refuses.
//! No tables of regions, programs or certificates: those are the catalog's.

pub mod certificate;
pub mod org_code;
pub mod phone;
pub mod resident;
pub mod uscc;

use serde::Serialize;

/// How much a finding should worry the person who reads it; each can be confirmed with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Info,
    /// May well be right, but look once.
    Warning,
    /// Almost certainly wrong.
    Strong,
}

/// One remark on a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// One Chinese sentence.
    pub says: String,
    /// What was probably meant, ready to be taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Finding {
    /// Worth knowing, nothing to do.
    pub fn info(says: impl Into<String>) -> Self {
        Self { severity: Severity::Info, says: says.into(), suggestion: None }
    }

    /// May well be right, but look once.
    pub fn warning(says: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, says: says.into(), suggestion: None }
    }

    /// Almost certainly wrong.
    pub fn strong(says: impl Into<String>) -> Self {
        Self { severity: Severity::Strong, says: says.into(), suggestion: None }
    }

    /// Adds what was probably meant.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

/// What is known of a number after looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict<T> {
    /// The number in its one spelling, which is what gets stored; empty when nothing was written.
    pub value: String,
    /// What the number tells, when its shape allows to read it.
    pub reads: Option<T>,
    /// Nothing found is the good case.
    pub findings: Vec<Finding>,
}

impl<T> Verdict<T> {
    fn bare(value: String) -> Self {
        Self { value, reads: None, findings: Vec::new() }
    }

    fn with(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// The worst finding's severity.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }

    /// Whether a person has to look: anything above [`Severity::Info`].
    pub fn needs_a_look(&self) -> bool {
        self.worst() > Some(Severity::Info)
    }
}

/// Covers the middle of a text, leaving `head` and `tail` characters; a text too short for that is covered whole.
pub(crate) fn cover(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    if length <= head + tail {
        return "*".repeat(length);
    }
    text.chars().enumerate().map(|(i, c)| if i < head || i >= length - tail { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides_whether_a_person_looks() {
        let bare: Verdict<()> = Verdict::bare("x".into());
        assert!(!bare.needs_a_look());
        let told = bare.with(Finding::info("知道即可。"));
        assert!(!told.needs_a_look());
        let bad = told.with(Finding::strong("多半写错。").suggest("y"));
        assert_eq!(bad.worst(), Some(Severity::Strong));
        assert!(bad.needs_a_look());
    }

    #[test]
    fn a_text_too_short_to_cover_in_part_is_covered_whole() {
        assert_eq!(cover("13800001111", 3, 4), "138****1111");
        assert_eq!(cover("1234567", 3, 4), "*******");
        assert_eq!(cover("", 3, 4), "");
    }
}
