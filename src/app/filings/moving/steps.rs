//! What can be done with a filing, with many at once, and which results of the superiors can be recorded: the stage
//! machine's choices, kept beyond the filing they were read from.

use std::collections::HashSet;

use crate::domain::filing::machine::{Choice, choices};
use crate::domain::filing::{Standing, Track};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::{Days, Desk, Effect, StageKind, Version};
use crate::store::ledger::{FilingRow, Ledger};

/// Something that can be done, kept beyond the filing it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub effect: Effect,
    pub word: String,
    pub needs_reason: bool,
    pub takes_until: bool,
    /// Where it leads, in words: 到“市审推荐”.
    pub leads: String,
    /// Days the stage allows, which a publicity lasts.
    pub days: Option<Days>,
    /// What whoever takes it must be allowed.
    pub needs: Permission,
}

impl Step {
    fn of(choice: &Choice<'_>) -> Self {
        let leads = match (choice.effect, choice.to) {
            (Effect::Hold | Effect::Pending | Effect::Publish, _) => format!("仍在“{}”", choice.stage.short),
            (Effect::Return, Some(to)) => format!("回到“{}”，开始新的一轮", to.short),
            (_, Some(to)) => format!("转到“{}”", to.short),
            (Effect::Pass, None) => "全部办完".to_owned(),
            (Effect::Withdraw, None) => "申报结束，名额退回".to_owned(),
            (_, None) => "申报结束".to_owned(),
        };
        Self {
            effect: choice.effect,
            word: choice.word.clone(),
            needs_reason: choice.needs_reason,
            takes_until: choice.takes_until,
            leads,
            days: choice.stage.days,
            needs: Permission::of_move(choice.stage.desk, choice.stage.kind, choice.effect),
        }
    }

    /// Whether it is the same word with the same effect, wherever it leads.
    pub fn is(&self, other: &Self) -> bool {
        self.effect == other.effect && self.word == other.word
    }
}

/// What can be done with a filing now.
pub fn steps(track: &Track, version: &Version) -> Vec<Step> {
    choices(track, version).iter().map(Step::of).collect()
}

/// What can be done with all of these at once: the words every one of them offers.
pub fn steps_of_all(ledger: &Ledger, ids: impl IntoIterator<Item = RecordId>) -> Vec<Step> {
    // What a filing offers depends on its policy, its stage and its standing alone.
    let mut seen = HashSet::new();
    let kind = |row: &FilingRow| {
        (std::ptr::from_ref(row.version), row.stage, row.standing, row.split, row.frozen, row.awarded.is_some())
    };
    let mut ids = ids.into_iter().filter_map(|id| ledger.filing(id)).filter(|row| seen.insert(kind(row)));
    let of = |row: &FilingRow| if row.frozen { Vec::new() } else { steps(&row.as_track(), row.version) };
    let Some(first) = ids.next() else { return Vec::new() };
    let mut all = of(first);
    for row in ids {
        if all.is_empty() {
            break;
        }
        let other = of(row);
        all.retain_mut(|step| {
            let Some(same) = other.iter().find(|same| same.is(step)) else { return false };
            if same.leads != step.leads {
                step.leads = "各自的下一步".to_owned();
            }
            step.needs_reason |= same.needs_reason;
            step.takes_until |= same.takes_until;
            step.needs = step.needs.max(same.needs);
            true
        });
    }
    all
}

/// A stage of the superiors whose result may be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub stage: String,
    pub name: String,
    pub steps: Vec<Step>,
}

/// The stages at and ahead of where a filing lies whose published result can be recorded; none while it is ours.
pub fn outcomes(track: &Track, version: &Version) -> Vec<Outcome> {
    let Some(now) = version.stage_index(&track.stage) else { return Vec::new() };
    if track.split.is_some() || track.end().is_some() || version.stages[now].desk != Desk::Superior {
        return Vec::new();
    }
    let ahead = version.stages[now..].iter().take_while(|stage| stage.desk == Desk::Superior || stage.optional);
    ahead
        .filter(|stage| stage.desk == Desk::Superior && (!stage.optional || stage.id == track.stage))
        .map(|stage| {
            let there = if stage.id == track.stage {
                track.clone()
            } else {
                Track { stage: stage.id.clone(), standing: Standing::Open, ..track.clone() }
            };
            let steps = steps(&there, version)
                .into_iter()
                .filter(|step| !matches!(step.effect, Effect::Enter | Effect::Withdraw))
                .collect();
            Outcome { stage: stage.id.clone(), name: stage.name.clone(), steps }
        })
        .filter(|outcome| !outcome.steps.is_empty())
        .collect()
}

/// Whether something is handed in at a stage.
pub fn is_submission(version: &Version, stage: &str) -> bool {
    version.stage_index(stage).is_some_and(|n| version.stages[n].kind == StageKind::Submit)
}
