//! 材料: what a program asks to be handed in, and in what state each piece can be.
//!
//! What was handed in with one filing is replayed in [`super::filing::materials`].

use serde::{Deserialize, Serialize};

/// Where files go that belong to no item of the list.
pub const OTHER: &str = "other";

/// What it is called.
pub const OTHER_NAME: &str = "其他材料";

/// One item of a program's list of materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Stable within the program; never shown.
    pub id: String,
    /// As the notice calls it.
    pub name: String,
    pub need: Need,
    /// For whom it is needed, where that depends: 走直通条件的. Empty otherwise.
    pub when: String,
    /// What an officer should look for; may be empty.
    pub note: String,
}

/// Whether an item must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Need {
    #[default]
    #[serde(rename = "必交")]
    Required,
    #[serde(rename = "可选")]
    Optional,
    /// Depends on the firm; whoever looks decides.
    #[serde(rename = "条件")]
    Conditional,
}

impl Need {
    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Required => "必交",
            Self::Optional => "可选",
            Self::Conditional => "条件",
        }
    }
}

/// What somebody found of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// 已交: handed in on paper, or a file nobody has looked at yet.
    Given,
    /// 合格.
    Fit,
    /// 不合格.
    Unfit,
    /// 不适用: this firm need not hand it in.
    Waived,
}

impl Mark {
    /// All of them, in the order a menu offers them.
    pub const ALL: [Self; 4] = [Self::Given, Self::Fit, Self::Unfit, Self::Waived];

    /// The state it makes of an item.
    pub fn state(self) -> State {
        match self {
            Self::Given => State::Given,
            Self::Fit => State::Fit,
            Self::Unfit => State::Unfit,
            Self::Waived => State::Waived,
        }
    }

    /// By its stored word or its label.
    pub fn of(word: &str) -> Option<Self> {
        let stored = ["given", "fit", "unfit", "waived"];
        let at = stored.iter().position(|known| *known == word);
        at.map(|n| Self::ALL[n]).or_else(|| Self::ALL.into_iter().find(|mark| mark.state().label() == word))
    }
}

/// In what state an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Missing,
    Given,
    Fit,
    Unfit,
    Waived,
}

impl State {
    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Missing => "未交",
            Self::Given => "已交",
            Self::Fit => "合格",
            Self::Unfit => "不合格",
            Self::Waived => "不适用",
        }
    }

    /// Whether the item is there and nobody has found fault with it.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Given | Self::Fit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_by_its_word_and_its_label() {
        for mark in Mark::ALL {
            assert_eq!(Mark::of(mark.state().label()), Some(mark));
            let stored = serde_json::to_string(&mark).unwrap();
            assert_eq!(Mark::of(stored.trim_matches('"')), Some(mark));
        }
        assert_eq!(Mark::of("未交"), None, "nobody marks what is not there; a mark is taken back");
    }
}
