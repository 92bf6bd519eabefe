//! Where one can be in the window: a screen with what it shows. Places are what links lead to and what 后退 returns to.

use std::path::PathBuf;

use crate::domain::id::RecordId;
use crate::domain::machine::Key;
use crate::domain::people::Permission;
use crate::store::ledger::{FilingFilter, FirmFilter};

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Workbench,
    /// Firms, those that pass a filter, with perhaps one file open beside them.
    Firms {
        filter: FirmFilter,
        open: Option<RecordId>,
    },
    /// The form of a new firm.
    NewFirm,
    /// Filings, those that pass a filter, with perhaps one open beside them.
    Filings {
        filter: FilingFilter,
        open: Option<RecordId>,
    },
    /// The form of a new filing; firm and edition are filled in where known.
    NewFiling {
        firm: Option<RecordId>,
        edition: Option<RecordId>,
    },
    /// What waits at our own desk, narrowed by a filter, with one of them looked at.
    Review {
        filter: FilingFilter,
        open: Option<RecordId>,
    },
    /// A shortlist being ordered.
    Shortlist(RecordId),
    /// Taking a list in.
    Import,
    Data(DataTab),
    /// The answer to a package, for the machine with this key: 数据 with its dialog open.
    Answer(Key),
    /// A package of exactly these filings: 数据 with its dialog open.
    Pack(Vec<RecordId>),
    /// A package that lies in a file: 数据 with it opened.
    Package(PathBuf),
    Settings(SettingsTab),
}

/// A stop on the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stop {
    Workbench,
    Firms,
    Filings,
    Review,
    Data,
    Settings,
}

/// What 数据 shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DataTab {
    /// 名单导入.
    #[default]
    Imports,
    /// 推荐名单.
    Shortlists,
    /// 操作日志.
    Log,
    /// 核验.
    Check,
    /// 备份.
    Backups,
    /// 交换包.
    Packages,
    /// 冲突.
    Conflicts,
}

/// What 设置 shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SettingsTab {
    /// 单位.
    #[default]
    Office,
    /// 事项与批次.
    Programs,
    /// 外观.
    Look,
    /// 关于.
    About,
}

impl Place {
    /// All firms.
    pub fn firms() -> Self {
        Self::Firms { filter: FirmFilter::default(), open: None }
    }

    /// One firm's file, beside all firms.
    pub fn firm(id: RecordId) -> Self {
        Self::Firms { filter: FirmFilter::default(), open: Some(id) }
    }

    /// All filings of a working year.
    pub fn filings(year: i32) -> Self {
        Self::Filings { filter: FilingFilter { year: Some(year), ..FilingFilter::default() }, open: None }
    }

    /// All that waits for review in a working year.
    pub fn review(year: i32) -> Self {
        Self::Review { filter: FilingFilter { year: Some(year), ..FilingFilter::default() }, open: None }
    }

    /// What somebody must be allowed to come here. `None`: everybody may look.
    pub fn needs(&self) -> Option<Permission> {
        match self {
            Self::NewFirm => Some(Permission::EnterFirms),
            Self::NewFiling { .. } => Some(Permission::EnterFilings),
            Self::Import => Some(Permission::Import),
            Self::Review { .. } => Some(Permission::Judge),
            Self::Answer(_) | Self::Pack(_) | Self::Package(_) => Some(Permission::Exchange),
            _ => None,
        }
    }

    /// The stop on the rail that is lit here.
    pub fn stop(&self) -> Stop {
        match self {
            Self::Workbench => Stop::Workbench,
            Self::Firms { .. } | Self::NewFirm => Stop::Firms,
            Self::Filings { .. } | Self::NewFiling { .. } => Stop::Filings,
            Self::Review { .. } => Stop::Review,
            Self::Shortlist(_) | Self::Import | Self::Data(_) | Self::Answer(_) | Self::Pack(_) | Self::Package(_) => {
                Stop::Data
            }
            Self::Settings(_) => Stop::Settings,
        }
    }
}
