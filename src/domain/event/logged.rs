//! What the log says beside the deeds themselves: who came, what left the machine, who looked at what is covered.

use serde::{Deserialize, Serialize};

use crate::domain::id::RecordId;

/// What sort of thing the log speaks of: first the deeds, the weightier later, then what changed no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeedKind {
    Change,
    Create,
    Move,
    Freeze,
    Import,
    Erase,
    Undo,
    SignIn,
    SignInFailed,
    SignOut,
    Export,
    Open,
    Reveal,
    TakeIn,
    Refused,
    Lock,
    Password,
    Recovery,
    Backup,
    Restore,
    Print,
    Upkeep,
}

impl DeedKind {
    /// All sorts, in the order a menu offers them.
    pub const ALL: [Self; 22] = [
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::Lock,
        Self::Password,
        Self::Recovery,
        Self::Export,
        Self::Print,
        Self::Open,
        Self::Reveal,
        Self::TakeIn,
        Self::Backup,
        Self::Restore,
        Self::Upkeep,
        Self::Refused,
        Self::Create,
        Self::Change,
        Self::Move,
        Self::Freeze,
        Self::Import,
        Self::Undo,
        Self::Erase,
    ];

    /// Whether it is only ever noted; the rest are sorts of actions.
    pub fn is_noted(self) -> bool {
        self >= Self::SignIn
    }

    /// As stored, and as a command names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Create => "create",
            Self::Move => "move",
            Self::Freeze => "freeze",
            Self::Import => "import",
            Self::Undo => "undo",
            Self::Erase => "erase",
            Self::SignIn => "sign-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignOut => "sign-out",
            Self::Export => "export",
            Self::Open => "open",
            Self::Reveal => "reveal",
            Self::TakeIn => "take-in",
            Self::Refused => "refused",
            Self::Lock => "lock",
            Self::Password => "password",
            Self::Recovery => "recovery",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Print => "print",
            Self::Upkeep => "upkeep",
        }
    }

    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Change => "修改",
            Self::Create => "新增",
            Self::Move => "推进",
            Self::Freeze => "定稿",
            Self::Import => "导入",
            Self::Undo => "撤销",
            Self::Erase => "依法清除",
            Self::SignIn => "登录",
            Self::SignInFailed => "登录失败",
            Self::SignOut => "退出",
            Self::Export => "导出",
            Self::Open => "打开文件",
            Self::Reveal => "查看隐去内容",
            Self::TakeIn => "取入",
            Self::Refused => "被拒绝",
            Self::Lock => "账号锁定",
            Self::Password => "改密码",
            Self::Recovery => "恢复密钥",
            Self::Backup => "备份",
            Self::Restore => "从备份恢复",
            Self::Print => "打印",
            Self::Upkeep => "维护",
        }
    }

    /// All of them as people say them, for a help text or a refusal.
    pub fn labels() -> String {
        Self::ALL.map(Self::label).join("、")
    }

    /// By its stored word or its label.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word || kind.label() == word)
    }

    /// What an event makes of the action it belongs to; the weightiest of an action's events names it.
    pub fn of_event(kind: &str) -> Self {
        match kind {
            "record.erased" => Self::Erase,
            "import.done" => Self::Import,
            "shortlist.frozen" => Self::Freeze,
            "filing.moved" | "filing.resolved" => Self::Move,
            "machine.met" | "user.added" | "firm.created" | "edition.opened" | "filing.created" | "shortlist.made" => {
                Self::Create
            }
            _ => Self::Change,
        }
    }

    /// What an action written before its sort was kept is called by its name.
    pub fn of_name(name: &str) -> Self {
        let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        if starts(&["撤销：", "恢复："]) {
            Self::Undo
        } else if starts(&["导入"]) {
            Self::Import
        } else if starts(&["定稿"]) {
            Self::Freeze
        } else if starts(&["新增", "新建", "启用"]) {
            Self::Create
        } else if starts(&["登记", "通过", "退回", "不推荐", "企业撤回", "处理冲突"]) {
            Self::Move
        } else {
            Self::Change
        }
    }
}

/// Something that changed no record and is worth knowing later. It stands on a record of its own, so that no record's
/// history grows by it, and is never taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub what: DeedKind,
    /// Names of records and files, reasons. Never personal data: the log outlives what may lawfully be erased.
    pub detail: String,
    /// How many rows or records it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The one record it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
}

impl Logged {
    /// Something with its detail.
    pub fn new(what: DeedKind, detail: impl Into<String>) -> Self {
        Self { what, detail: detail.into(), count: None, record: None }
    }

    /// How many rows or records it was about.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(u32::try_from(count).unwrap_or(u32::MAX));
        self
    }

    /// The one record it was about.
    #[must_use]
    pub fn about(mut self, record: RecordId) -> Self {
        self.record = Some(record);
        self
    }

    /// A backup was made.
    pub fn backup(file: &std::path::Path, automatic: bool) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let how = if automatic { "自动" } else { "手工" };
        Self::new(DeedKind::Backup, format!("{how}：{name}"))
    }

    /// A backup took the place of the present.
    pub fn restored(file: &std::path::Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Self::new(DeedKind::Restore, name)
    }

    /// This machine was set or put right: tables made anew, where backups go, which folder it shares.
    pub fn upkeep(what: impl Into<String>) -> Self {
        Self::new(DeedKind::Upkeep, what)
    }

    /// Rows that left by the clipboard.
    pub fn copied(what: &str, rows: usize) -> Self {
        Self::new(DeedKind::Export, format!("{what}：复制到剪贴板")).count(rows)
    }

    /// A file that left: its name without the folders, which may name people.
    pub fn export(what: &str, path: &std::path::Path, rows: usize) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::new(DeedKind::Export, format!("{what}：{name}")).count(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_found_by_its_word_and_its_label() {
        for kind in DeedKind::ALL {
            assert_eq!(DeedKind::of(kind.word()), Some(kind));
            assert_eq!(DeedKind::of(kind.label()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.word()));
        }
        assert_eq!(DeedKind::of("whatever"), None);
    }

    #[test]
    fn an_action_is_called_by_the_weightiest_of_its_events() {
        let kinds = ["firm.created", "firm.changed", "import.done", "filing.moved"];
        assert_eq!(kinds.into_iter().map(DeedKind::of_event).max(), Some(DeedKind::Import));
    }
}
