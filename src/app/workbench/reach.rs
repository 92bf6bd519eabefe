//! How far a filing got, for the funnel of its program.

use crate::domain::filing::Standing;
use crate::domain::program::{Desk, Stage, StageKind, Version};
use crate::store::ledger::{FilingRow, StatusGroup};

/// How far a filing got at least. Whoever got further is counted in every step before, so that a row only ever falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    Planned,
    Submitted,
    Recommended,
    Advanced,
    Publicised,
    Awarded,
}

impl Reach {
    /// In the order they stand.
    pub const ALL: [Self; 6] =
        [Self::Planned, Self::Submitted, Self::Recommended, Self::Advanced, Self::Publicised, Self::Awarded];

    /// In the head of the table.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "拟申报",
            Self::Submitted => "已提交",
            Self::Recommended => "区审通过",
            Self::Advanced => "上级推荐",
            Self::Publicised => "公示",
            Self::Awarded => "已取得",
        }
    }

    /// How far a filing got.
    pub fn of(filing: &FilingRow) -> Self {
        let at = |stage: &Stage| stage.kind == StageKind::Publicity;
        if filing.awarded.is_some() || filing.group() == StatusGroup::Awarded {
            Self::Awarded
        } else if filing.standing == Standing::Published || at(filing.stage()) || filing.passed_any(at) {
            Self::Publicised
        } else if filing.passed_any(|stage| stage.desk == Desk::Superior && stage.kind == StageKind::Review) {
            Self::Advanced
        } else if filing.was_recommended() {
            Self::Recommended
        } else if filing.was_submitted() {
            Self::Submitted
        } else {
            Self::Planned
        }
    }

    /// Whether a version of a program knows the step at all.
    pub fn known(self, version: &Version) -> bool {
        let any = |test: &dyn Fn(&Stage) -> bool| version.stages.iter().any(|stage| !stage.optional && test(stage));
        match self {
            Self::Planned | Self::Awarded => true,
            Self::Submitted => any(&|stage| stage.kind == StageKind::Submit),
            Self::Recommended => any(&|stage| stage.desk == Desk::Ours && stage.kind == StageKind::Review),
            Self::Advanced => any(&|stage| stage.desk == Desk::Superior && stage.kind == StageKind::Review),
            Self::Publicised => any(&|stage| stage.kind == StageKind::Publicity),
        }
    }
}
