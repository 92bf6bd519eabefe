//! The office and the people who sign in: what they are called, what they may do, how they sign in.
//! Which role may what stands in `permission`, how a password must look and when one is locked out in `signing`.
//! No password and no hash lives here.

pub mod permission;
pub mod signing;

use super::event::Fact;
use super::history::{History, Registers};
use super::id::RecordId;

pub use permission::{Permission, Rights};
pub use signing::Signing;

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
    /// 是 where 推荐, 退回, 不推荐 of our own stages are the supervisor's alone.
    pub const SUPERVISOR_DECIDES: &str = "supervisor_decides";
    /// 是 where identity and telephone numbers are sealed on their way into the journal.
    pub const SEALS: &str = "seals";
    /// What the key they are sealed with is known by, also while it is not in use.
    pub const SEAL_KEY: &str = "seal_key";
    /// Shortest password, in characters.
    pub const PASSWORD_MIN: &str = "password_min";
    /// How many sorts of characters a password has at least.
    pub const PASSWORD_SORTS: &str = "password_sorts";
    /// After how many failures in a row somebody is locked out.
    pub const LOCK_AFTER: &str = "lock_after";
    /// For how many minutes.
    pub const LOCK_MINUTES: &str = "lock_minutes";
    /// After how many minutes without a key or a hand the window locks itself; 0: never.
    pub const IDLE_MINUTES: &str = "idle_minutes";
}

/// Keys of a user's fields.
pub mod user_key {
    pub const NAME: &str = "name";
    /// Role words parted by blanks.
    pub const ROLES: &str = "roles";
    /// 否 for somebody who left.
    pub const ACTIVE: &str = "active";
    /// 科室.
    pub const SECTION: &str = "section";
    /// Ids of the programs somebody answers for, parted by blanks; empty: all.
    pub const PROGRAMS: &str = "programs";
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
    /// All roles, in the order people are offered them.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Supervisor, Self::Administrator, Self::Auditor];

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
        Self::ALL.into_iter().filter(|role| words.split_whitespace().any(|word| word == role.word())).collect()
    }

    /// By its stored word or as people say it.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word || role.label() == word)
    }

    /// What somebody of this role does here, in one line.
    pub fn does(self) -> &'static str {
        match self {
            Self::Officer => "录入企业和申报、导入名单、登记进展、出推荐名单",
            Self::Supervisor => "审核决定：推荐、退回、不推荐；能看全部，不录入",
            Self::Administrator => "管人员、设置、备份恢复、依法清除；不办申报",
            Self::Auditor => "只读：看全部和操作日志，可以导出，不能改任何内容",
        }
    }
}

/// A user as the history leaves them.
#[derive(Debug, Clone)]
pub struct User {
    pub id: RecordId,
    pub name: String,
    pub roles: String,
    pub active: bool,
    pub section: String,
    pub programs: String,
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
            section: fields.text(user_key::SECTION),
            programs: fields.text(user_key::PROGRAMS),
        })
    }
}
