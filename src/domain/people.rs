//! The office and the people who sign in: what they are called and what they may do.

use super::event::Fact;
use super::history::{History, Registers};
use super::id::RecordId;

/// Keys of the office's fields.
pub mod office_key {
    pub const NAME: &str = "name";
    /// GB/T 2260 code of the district.
    pub const REGION: &str = "region";
    /// Townships and streets in official order, parted by ；, where the office keeps its own list.
    pub const TOWNSHIPS: &str = "townships";
    /// 是 for the invented office of 示例数据, which asks for no password.
    pub const EXAMPLE: &str = "example";
    /// The key every package is sealed for besides its recipient, as age spells it; its secret lies in the office's safe.
    pub const RECOVERY: &str = "recovery";
}

/// Keys of a user's fields.
pub mod user_key {
    pub const NAME: &str = "name";
    /// Role words parted by blanks.
    pub const ROLES: &str = "roles";
    /// 否 for somebody who left.
    pub const ACTIVE: &str = "active";
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Officer,
    Supervisor,
    Administrator,
    Auditor,
}

impl Role {
    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Officer => "经办人",
            Self::Supervisor => "科长",
            Self::Administrator => "管理员",
            Self::Auditor => "审计员",
        }
    }

    /// All roles in a stored list; unknown words are passed over.
    pub fn list(words: &str) -> Vec<Self> {
        [Self::Officer, Self::Supervisor, Self::Administrator, Self::Auditor]
            .into_iter()
            .filter(|role| words.split_whitespace().any(|word| word == role.word()))
            .collect()
    }
}

/// A user as the history leaves them.
#[derive(Debug, Clone)]
pub struct User {
    pub id: RecordId,
    pub name: String,
    pub roles: String,
    pub active: bool,
}

impl User {
    /// Replays a user. `None`: taken back, or without a name.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        history.standing().find(|(_, _, fact)| matches!(fact, Fact::UserAdded(_)))?;
        let fields = Registers::replay(history);
        Some(Self {
            id,
            name: fields.get(user_key::NAME)?.to_owned(),
            roles: fields.text(user_key::ROLES),
            active: fields.get(user_key::ACTIVE) != Some("否"),
        })
    }
}
