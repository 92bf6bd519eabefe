//! The queue: which filings wait at our own desk, in what order and groups, which one is looked at, which ones are ticked, and
//! below them what was decided today.

use std::collections::{BTreeSet, HashMap, HashSet};

use iced::keyboard::Modifiers;

use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::date::Due;
use crate::domain::id::RecordId;
use crate::store::ledger::{FilingFilter, FilingRow, Reviewing, StatusGroup};
use crate::store::queries::Decided;
use crate::ui::widget::due::Urgency;
use crate::ui::widget::queue::{HEAD, ONE, TWO, tops};

/// What lines are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    #[default]
    Nothing,
    Program,
    Stage,
    Due,
    Officer,
    Reviewer,
}

impl By {
    /// All of them with their words.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Nothing, "不分组"),
        (Self::Program, "按事项分组"),
        (Self::Stage, "按阶段分组"),
        (Self::Due, "按期限分组"),
        (Self::Officer, "按经办人分组"),
        (Self::Reviewer, "按审核人分组"),
    ];
}

/// Which deadlines count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Within {
    #[default]
    Any,
    Late,
    Today,
    /// 三个工作日内.
    Soon,
}

impl Within {
    /// All of them with their words.
    pub const ALL: [(Self, &str); 4] =
        [(Self::Any, "全部期限"), (Self::Late, "已逾期"), (Self::Today, "今天到期"), (Self::Soon, "三个工作日内")];
}

/// Something changed in the filter.
#[derive(Debug, Clone)]
pub enum Change {
    Text(String),
    Program(Option<String>),
    Stage(Option<String>),
    Officer(Option<RecordId>),
    Reviewer(Option<Reviewing>),
    Within(Within),
    By(By),
    Clear,
}

/// One line of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Head(String),
    Filing(RecordId),
    /// A place among what was decided.
    Done(usize),
}

/// The queue as it stands.
#[derive(Debug, Default)]
pub struct Queue {
    pub filter: FilingFilter,
    pub by: By,
    pub within: Within,
    /// What waits, in the order shown.
    pub ids: Vec<RecordId>,
    pub entries: Vec<Entry>,
    /// Every filing there is a line of, once, in the order shown.
    lines: Vec<RecordId>,
    pub tops: Vec<f32>,
    /// What is looked at: something that waits, or that was decided.
    pub current: Option<RecordId>,
    /// Where it stood when it last did.
    at: usize,
    pub ticked: BTreeSet<RecordId>,
    /// Where ticking with Shift began.
    anchor: Option<usize>,
    /// What was decided today, the newest first.
    pub done: Vec<Decided>,
}

impl Queue {
    /// All that waits in a working year.
    pub fn new(year: i32) -> Self {
        Self { filter: FilingFilter { year: Some(year), ..FilingFilter::default() }, ..Self::default() }
    }

    /// Makes the list again from the ledger.
    pub fn reload(&mut self, ctx: &Ctx) {
        let due_by = match self.within {
            Within::Any => self.filter.due_by,
            Within::Late => Some(Due::from(ctx.now - chrono::TimeDelta::seconds(1))),
            Within::Today => Some(Due::at_close(ctx.today).max(end_of(ctx.today))),
            Within::Soon => Some(end_of(ctx.calendar().after(ctx.today, 3).date)),
        };
        let filter = FilingFilter { groups: [StatusGroup::Ours].into(), due_by, ..self.filter.clone() };
        let mut ids = ctx.ledger.list_filings(&filter, None);
        if self.within == Within::Today {
            // What fell due before is late.
            let due = |id: &RecordId| ctx.ledger.filing(*id).and_then(|row| row.due);
            ids.retain(|id| due(id).is_some_and(|next| next.due.date() >= ctx.today));
        }
        self.entries.clear();
        let before = std::mem::take(&mut self.ids);
        if self.by == By::Nothing {
            self.entries.extend(ids.iter().copied().map(Entry::Filing));
            self.ids = ids;
        } else {
            let mut keyed: Vec<((u8, String), RecordId)> =
                ids.into_iter().filter_map(|id| Some((group(ctx.ledger.filing(id)?, self.by, ctx), id))).collect();
            // The order by deadline stays within each group.
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            let mut start = 0;
            while start < keyed.len() {
                let end = start + keyed[start..].iter().take_while(|(key, _)| *key == keyed[start].0).count();
                self.entries.push(Entry::Head(format!("{}　{}", keyed[start].0.1, end - start)));
                self.entries.extend(keyed[start..end].iter().map(|(_, id)| Entry::Filing(*id)));
                self.ids.extend(keyed[start..end].iter().map(|(_, id)| *id));
                start = end;
            }
        }
        if !self.done.is_empty() {
            self.entries.push(Entry::Head(format!("今天已审 {} 件", self.done.len())));
            self.entries.extend((0..self.done.len()).map(Entry::Done));
        }
        let mut known = HashSet::new();
        let lines = self.entries.iter().filter_map(|entry| match entry {
            Entry::Head(_) => None,
            Entry::Filing(id) => Some(*id),
            Entry::Done(n) => self.done.get(*n).map(|done| done.filing),
        });
        self.lines = lines.filter(|id| known.insert(*id)).collect();
        self.tops = tops(self.entries.iter().map(|entry| match entry {
            Entry::Head(_) => HEAD,
            Entry::Filing(_) => TWO,
            Entry::Done(_) => ONE,
        }));
        if !self.ticked.is_empty() {
            let there: BTreeSet<RecordId> = self.ids.iter().copied().collect();
            self.ticked.retain(|id| there.contains(id));
        }
        match self.position() {
            Some(at) => self.at = at,
            None if self.ids.is_empty() => {}
            // It left, alone or with others: what followed it in the old order and is still there takes its place.
            None => {
                let places: HashMap<RecordId, usize> = self.ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
                let follows = before.iter().skip(self.at).find_map(|id| places.get(id).copied());
                self.at = if before.is_empty() { self.at } else { follows.unwrap_or(self.ids.len()) };
            }
        }
    }

    /// Where what is looked at stands among what waits.
    pub fn position(&self) -> Option<usize> {
        let current = self.current?;
        // Where it stood is where it mostly still stands.
        if self.ids.get(self.at) == Some(&current) {
            return Some(self.at);
        }
        self.ids.iter().position(|id| *id == current)
    }

    /// What takes the place of something that left the queue: what follows it, else the last.
    pub fn successor(&self) -> Option<RecordId> {
        self.ids.get(self.at).or(self.ids.last()).copied()
    }

    /// What was decided about the filing looked at, where it waits no longer.
    pub fn decided(&self) -> Option<&Decided> {
        let current = self.current.filter(|_| self.position().is_none())?;
        self.done.iter().find(|done| done.filing == current)
    }

    /// The filing so many lines on, from what waits into what was decided and back. The ends hold; those of the part one is in
    /// hold a jump as well, and the next leads beyond.
    pub fn beyond(&self, by: i32) -> Option<RecordId> {
        let last = self.lines.len().checked_sub(1)?;
        let from = match self.current.and_then(|current| self.lines.iter().position(|id| *id == current)) {
            Some(at) => at,
            None if by < 0 => return self.lines.last().copied(),
            None => return self.lines.first().copied(),
        };
        // What waits stands first.
        let waiting = self.ids.len();
        let (low, high) = match from {
            _ if from + 1 < waiting => (0, waiting - 1),
            _ if from > waiting => (waiting, last),
            _ => (0, last),
        };
        let to = (from as i64 + i64::from(by)).clamp(low as i64, high as i64);
        self.lines.get(usize::try_from(to).unwrap_or(0)).copied()
    }

    /// What waits after what is looked at; the last has itself.
    pub fn next(&self) -> Option<RecordId> {
        let next = self.position().map_or(0, |at| at + 1);
        self.ids.get(next).or(self.ids.last()).copied()
    }

    /// Looks at another filing.
    pub fn look_at(&mut self, id: RecordId) {
        self.current = Some(id);
        if let Some(at) = self.ids.iter().position(|known| *known == id) {
            self.at = at;
        }
    }

    /// Ticks or unticks what is looked at.
    pub fn tick(&mut self) {
        if let Some(id) = self.current.filter(|_| self.position().is_some())
            && !self.ticked.remove(&id)
        {
            self.ticked.insert(id);
        }
        self.anchor = self.position();
    }

    /// Ticks everything from where ticking began to a place.
    pub fn tick_to(&mut self, to: RecordId) {
        let Some(end) = self.ids.iter().position(|id| *id == to) else { return };
        let start = *self.anchor.get_or_insert_with(|| self.at.min(self.ids.len().saturating_sub(1)));
        let (low, high) = (start.min(end), start.max(end));
        self.ticked = self.ids.get(low..=high).into_iter().flatten().copied().collect();
    }

    /// Ticks all of them; unticks where all are.
    pub fn tick_all(&mut self) {
        self.ticked =
            if self.ticked.len() == self.ids.len() { BTreeSet::new() } else { self.ids.iter().copied().collect() };
        self.anchor = None;
    }

    /// Unticks all.
    pub fn untick(&mut self) {
        self.ticked.clear();
        self.anchor = None;
    }

    /// What a press on a line means: with Ctrl it is ticked, with Shift all up to it. Returns what is to be looked at.
    pub fn press(&mut self, line: usize, modifiers: Modifiers) -> Option<RecordId> {
        let id = match self.entries.get(line)? {
            Entry::Head(_) => return None,
            Entry::Done(n) => return self.done.get(*n).map(|done| done.filing),
            Entry::Filing(id) => *id,
        };
        if modifiers.command() {
            if !self.ticked.remove(&id) {
                self.ticked.insert(id);
            }
            self.anchor = self.ids.iter().position(|known| *known == id);
            return None;
        }
        if modifiers.shift() {
            self.tick_to(id);
        } else {
            self.untick();
        }
        Some(id)
    }

    /// Where the line of what is looked at lies, from the list's top.
    pub fn stretch(&self) -> Option<(f32, f32)> {
        let current = self.current?;
        let line = self.entries.iter().position(|entry| match entry {
            Entry::Head(_) => false,
            Entry::Filing(id) => *id == current,
            Entry::Done(n) => self.done.get(*n).is_some_and(|done| done.filing == current),
        })?;
        Some((*self.tops.get(line)?, *self.tops.get(line + 1)?))
    }

    /// Takes a change of the filter in; the list is to be made again.
    pub fn change(&mut self, change: Change) {
        match change {
            Change::Text(text) => self.filter.text = text,
            Change::Program(program) => {
                self.filter.program = program;
                self.filter.stages.clear();
            }
            Change::Stage(stage) => self.filter.stages = stage.into_iter().collect(),
            Change::Officer(officer) => self.filter.officer = officer,
            Change::Reviewer(reviewer) => self.filter.reviewer = reviewer,
            Change::Within(within) => {
                self.within = within;
                self.filter.due_by = None;
            }
            Change::By(by) => self.by = by,
            Change::Clear => {
                self.filter = FilingFilter { year: self.filter.year, ..FilingFilter::default() };
                self.within = Within::Any;
            }
        }
    }

    /// Whether it shows less than all that waits in the year.
    pub fn is_narrowed(&self) -> bool {
        self.within != Within::Any || self.filter != FilingFilter { year: self.filter.year, ..FilingFilter::default() }
    }
}

/// The last moment of a day.
fn end_of(day: chrono::NaiveDate) -> Due {
    Due::new(day, 24 * 60 - 1).unwrap_or_else(|| Due::at_close(day))
}

/// What a filing is put under: a rank that orders the groups, and their word.
fn group(row: &FilingRow, by: By, ctx: &Ctx) -> (u8, String) {
    match by {
        By::Nothing => (0, String::new()),
        By::Program => (0, row.program.short.clone()),
        By::Stage => (row.stage, row.stage().short.clone()),
        By::Due => match words::due(row.due, ctx).urgency {
            Urgency::Late => (0, "已逾期".to_owned()),
            Urgency::Urgent => (1, "今天或还剩一个工作日".to_owned()),
            Urgency::Soon => (2, "还剩两三个工作日".to_owned()),
            Urgency::Calm => (3, "期限还远".to_owned()),
            Urgency::Unknown => (4, "没有期限".to_owned()),
        },
        By::Officer => match row.officer {
            Some(id) => (0, ctx.ledger.user_name(id).to_owned()),
            None => (1, "未定经办人".to_owned()),
        },
        By::Reviewer if row.reviewers.is_empty() => (0, "未分派审核人".to_owned()),
        By::Reviewer => (1, words::people(&row.reviewers, ctx)),
    }
}
