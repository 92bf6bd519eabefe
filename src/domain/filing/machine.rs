//! Which moves are legal: the stage machine of domain reference A0.2.
//!
//! The window offers what [`choices`] lists; [`decide`] and [`published_result`] refuse everything else, so that an
//! illegal move is impossible on screen and an error on the command line.

use chrono::NaiveDate;

use super::track::{End, Standing, Track};
use crate::domain::defect::{self, Defect};
use crate::domain::event::{Hash, Moved, Source};
use crate::domain::problem::{Problem, Result};
use crate::domain::program::{Desk, Effect, Outcome, Stage, StageKind, Version};

/// One thing that can be done with a filing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<'v> {
    pub effect: Effect,
    /// In the program's words.
    pub word: String,
    /// The stage whose outcome it is.
    pub stage: &'v Stage,
    /// Where the filing lies afterwards; `None`: it ends.
    pub to: Option<&'v Stage>,
    /// A reason must be given.
    pub needs_reason: bool,
    /// A last day belongs to it: correction deadline, end of publicity.
    pub takes_until: bool,
}

/// What somebody wants to do with a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub effect: Effect,
    /// Which of several outcomes with this effect; empty: the first.
    pub word: String,
    pub on: NaiveDate,
    pub document: String,
    pub reason: String,
    pub note: String,
    pub until: Option<NaiveDate>,
    pub source: Option<Source>,
    /// What is wrong, one by one; only a return takes them.
    pub defects: Vec<Defect>,
}

impl Wish {
    /// A plain wish on a day.
    pub fn new(effect: Effect, on: NaiveDate) -> Self {
        Self {
            effect,
            word: String::new(),
            on,
            document: String::new(),
            reason: String::new(),
            note: String::new(),
            until: None,
            source: None,
            defects: Vec::new(),
        }
    }
}

/// Word used where a program names none.
fn default_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Pass => "通过",
        Effect::Return => "退回修改",
        Effect::Decline => "不推荐",
        Effect::Fail => "不通过",
        Effect::Lapse => "逾期",
        Effect::Withdraw => "撤回",
        Effect::Hold => "暂缓",
        Effect::Enter => "转入",
        Effect::Pending => "结果未公布",
        Effect::Publish => "公示",
    }
}

/// Everything that can be done with a filing now, in the order buttons stand.
pub fn choices<'v>(track: &Track, version: &'v Version) -> Vec<Choice<'v>> {
    if track.split.is_some() {
        return Vec::new();
    }
    let Some(index) = version.stage_index(&track.stage) else { return Vec::new() };
    let stage = &version.stages[index];
    let optional = |from: usize| version.stages[from..].iter().take_while(|s| s.optional);
    let enter = |to: &'v Stage| Choice {
        effect: Effect::Enter,
        word: format!("转{}", to.short),
        stage,
        to: Some(to),
        needs_reason: false,
        takes_until: false,
    };
    match track.end() {
        Some(End::Done) => return optional(index + 1).map(enter).collect(),
        Some(_) => return Vec::new(),
        None => {}
    }
    let next = next_mandatory(version, index);
    let mut all = Vec::new();
    for outcome in &stage.outcomes {
        let to = match outcome.effect {
            Effect::Pass => next,
            Effect::Return => match stage.returns_to.as_deref().and_then(|id| version.stage_index(id)) {
                Some(back) => Some(&version.stages[back]),
                None => continue,
            },
            Effect::Hold => Some(stage),
            Effect::Decline | Effect::Fail | Effect::Lapse | Effect::Withdraw => None,
            // Not outcomes a program lists; offered below where they belong.
            Effect::Enter | Effect::Pending | Effect::Publish => continue,
        };
        if outcome.effect == Effect::Withdraw && !may_withdraw(version, index) {
            continue;
        }
        all.push(choice(stage, to, outcome.effect, outcome.word.clone()));
        if outcome.effect == Effect::Pass && !all.iter().any(|c: &Choice| c.effect == Effect::Enter) {
            all.extend(optional(index + 1).map(enter));
        }
    }
    let plain = |effect, to| choice(stage, to, effect, default_word(effect).to_owned());
    if stage.kind == StageKind::Publicity {
        all.insert(0, plain(Effect::Publish, Some(stage)));
    }
    if stage.desk == Desk::Superior
        && track.standing != Standing::Pending
        && !matches!(stage.kind, StageKind::Draft | StageKind::Submit)
    {
        all.push(plain(Effect::Pending, Some(stage)));
    }
    if may_withdraw(version, index) && !all.iter().any(|c| c.effect == Effect::Withdraw) {
        all.push(plain(Effect::Withdraw, None));
    }
    all
}

fn choice<'v>(stage: &'v Stage, to: Option<&'v Stage>, effect: Effect, word: String) -> Choice<'v> {
    Choice {
        effect,
        word,
        stage,
        to,
        needs_reason: matches!(effect, Effect::Return | Effect::Decline),
        takes_until: matches!(effect, Effect::Return | Effect::Publish),
    }
}

/// The stage a passed filing goes to: optional ones are entered only on purpose.
fn next_mandatory(version: &Version, index: usize) -> Option<&Stage> {
    version.stages[index + 1..].iter().find(|stage| !stage.optional)
}

/// By the applicant, any time before publicity (domain reference A0.2).
fn may_withdraw(version: &Version, index: usize) -> bool {
    version.stages[..=index].iter().all(|stage| stage.kind != StageKind::Publicity)
        && version.stages[index].kind != StageKind::Decision
}

/// Turns a wish into a move of the stage the filing stands in.
///
/// # Errors
/// [`crate::domain::Kind::Refused`] with the reason where the machine forbids it: an outcome this stage does not have, a
/// missing reason, a day before the last step or after today, an open conflict, a filing that has ended.
pub fn decide(track: &Track, version: &Version, wish: &Wish, content: Hash, today: NaiveDate) -> Result<Moved> {
    if track.split.is_some() {
        return Err(Problem::refused("这件申报有两个互不知情的决定，先要处理冲突。")
            .next("请打开这件申报，在两个决定中选定一个。"));
    }
    let offered = choices(track, version);
    let wanted = wish.word.trim();
    let chosen = offered.iter().find(|choice| {
        choice.effect == wish.effect
            && (wanted.is_empty() || choice.word == wanted || choice.to.is_some_and(|to| to.id == wanted))
    });
    let Some(choice) = chosen else {
        let stage = version.stage_index(&track.stage).map_or(track.stage.as_str(), |n| version.stages[n].name.as_str());
        let wanted = if wanted.is_empty() { default_word(wish.effect) } else { wanted };
        let says = match track.end() {
            Some(_) => format!("这件申报已经结束，不能再“{wanted}”。"),
            None => format!("“{stage}”阶段没有“{wanted}”这一步。"),
        };
        let words: Vec<String> = offered.iter().map(|choice| format!("“{}”", choice.word)).collect();
        let next = if words.is_empty() {
            "没有可以做的下一步；登记错了可以撤销。".to_owned()
        } else {
            format!("现在可以做：{}。", words.join("、"))
        };
        return Err(Problem::refused(says).next(next));
    };
    let mut defects = Vec::new();
    if choice.effect == Effect::Return {
        defects = wish.defects.iter().map(|d| Defect { says: d.says.trim().to_owned(), ..d.clone() }).collect();
        if defects.iter().any(|defect| defect.says.is_empty()) {
            return Err(Problem::refused("有一条补正内容是空的。").next("请写明哪里不对、要怎么改，或删掉这一条。"));
        }
    }
    let mut reason = wish.reason.trim().to_owned();
    if reason.is_empty() {
        // Whoever reads only the reason reads what is wrong all the same.
        reason = defect::reason(&defects, version);
    }
    if choice.needs_reason && reason.is_empty() {
        return Err(Problem::refused(format!("“{}”必须写明原因。", choice.word)).next("请填写原因，企业会来问。"));
    }
    check_days(track, wish, choice.effect, today)?;
    Ok(Moved {
        stage: choice.stage.id.clone(),
        round: track.round,
        to: choice.to.map(|stage| stage.id.clone()),
        through: Vec::new(),
        awards: choice.effect == Effect::Pass && choice.stage.awards,
        effect: choice.effect,
        word: choice.word.clone(),
        on: wish.on,
        content,
        document: wish.document.trim().to_owned(),
        reason,
        note: wish.note.trim().to_owned(),
        until: if choice.takes_until { wish.until } else { None },
        source: wish.source,
        defects,
        materials: None,
    })
}

/// Turns a published result into a move: the outcome of a stage at or ahead of where the filing stands.
///
/// Steps of the superiors in between count as passed on the same day; a step of ours or of the applicant does not pass
/// itself, however good the list looks.
///
/// # Errors
/// [`crate::domain::Kind::Refused`] where the filing has not got that far, is past it, or has ended.
pub fn published_result(
    track: &Track,
    version: &Version,
    stage: &str,
    wish: &Wish,
    content: Hash,
    today: NaiveDate,
) -> Result<Moved> {
    let unknown = || Problem::refused("这个事项没有要登记结果的那个阶段。");
    let target = version.stage_index(stage).ok_or_else(unknown)?;
    let now = version.stage_index(&track.stage).ok_or_else(unknown)?;
    if target == now || track.split.is_some() || track.end().is_some() {
        if track.end().is_some() && target <= now {
            return Err(Problem::refused("这件申报已经结束，不再登记结果。"));
        }
        return decide(track, version, wish, content, today);
    }
    let name = &version.stages[target].name;
    if target < now {
        return Err(Problem::refused(format!("这件申报已经过了“{name}”阶段。")));
    }
    let between: Vec<&Stage> = version.stages[now..target].iter().filter(|stage| !stage.optional).collect();
    if let Some(ours) = between.iter().find(|stage| stage.desk != Desk::Superior) {
        return Err(Problem::refused(format!("这件申报还在“{}”，没有走到“{name}”。", ours.name))
            .next("请先登记前面的步骤，再登记结果。"));
    }
    let ahead = Track { stage: stage.to_owned(), standing: Standing::Open, ..track.clone() };
    let mut moved = decide(&ahead, version, wish, content, today)?;
    moved.through = between.iter().map(|stage| stage.id.clone()).collect();
    Ok(moved)
}

fn check_days(track: &Track, wish: &Wish, effect: Effect, today: NaiveDate) -> Result<()> {
    let mut last = track.last_day();
    // A day still to come, but of a publicity, was written where the clock was ahead: it keeps nobody from going on.
    if last > today && track.line().next_back().is_none_or(|decision| decision.moved.effect != Effect::Publish) {
        last = today;
    }
    if wish.on < last {
        return Err(Problem::refused(format!("日期 {} 早于上一步的 {last}。", wish.on))
            .next("请核对日期；上一步登记错了可以先撤销。"));
    }
    // A publicity may be announced before it begins; nothing else has happened before its day.
    if wish.on > today && effect != Effect::Publish {
        return Err(
            Problem::refused(format!("日期 {} 在今天之后，还没有发生。", wish.on)).next("请填写实际发生的日期。")
        );
    }
    if let Some(until) = wish.until
        && until < wish.on
    {
        return Err(Problem::refused(format!("截止日期 {until} 早于起始日期 {}。", wish.on)).next("请核对两个日期。"));
    }
    Ok(())
}

/// The word a stage's outcome carries, for lists that only say "passed" or "failed".
pub fn word_for(stage: &Stage, effect: Effect) -> String {
    stage.outcome(effect).map_or_else(|| default_word(effect).to_owned(), |Outcome { word, .. }| word.clone())
}
