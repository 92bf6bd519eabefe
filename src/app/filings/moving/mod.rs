//! The decision dialog: one word for one filing or for many, with its day, document, reason, deadline; and the results the
//! superiors publish. What is offered comes from the stage machine, and what it refuses is said in its words.
//! Drawing is in `view.rs`; what can be done at all in `steps.rs`.

mod defects;
mod steps;
mod view;

use chrono::{Datelike, NaiveDate};

use super::{Dialog, Filings, GRID};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::domain::calendar::Until;
use crate::domain::date::{iso, parse_day};
use crate::domain::filing::Materials;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::domain::{Problem, Result};
use crate::store::Done;

use defects::Defects;
pub use steps::{Outcome, Step, is_submission, outcomes, steps, steps_of_all};

/// The open dialog.
#[derive(Debug, Clone)]
pub struct Moving {
    ids: Vec<RecordId>,
    /// Firm's name, or how many.
    of: String,
    /// Stages to choose from; empty: a move of the stage each stands in.
    outcomes: Vec<Outcome>,
    at: usize,
    steps: Vec<Step>,
    chosen: usize,
    on: String,
    until: String,
    /// Somebody typed the last day; else it follows the first.
    until_typed: bool,
    document: String,
    reason: String,
    note: String,
    /// What is to be put right; only a return shows them.
    defects: Defects,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Stage(usize),
    Step(usize),
    On(String),
    Until(String),
    Document(String),
    Reason(String),
    Note(String),
    Defects(defects::Message),
    Save,
    Saved(Result<Done<usize>>),
}

const FIRST: &str = "moving.first";

impl Moving {
    /// One word for these filings.
    pub fn plain(ids: Vec<RecordId>, step: Step, ctx: &Ctx) -> Self {
        Self::new(ids, Vec::new(), vec![step], ctx)
    }

    /// With what was found unfit of the one filing it is about, where it goes back.
    #[must_use]
    pub fn with_unfit(mut self, materials: Option<&Materials>) -> Self {
        if let Some(materials) = materials.filter(|_| self.step().is_some_and(|step| step.effect == Effect::Return)) {
            self.defects.found(materials);
        }
        self
    }

    /// A published result of one filing.
    pub fn result(id: RecordId, outcomes: Vec<Outcome>, ctx: &Ctx) -> Self {
        let steps = outcomes.first().map(|outcome| outcome.steps.clone()).unwrap_or_default();
        Self::new(vec![id], outcomes, steps, ctx)
    }

    fn new(ids: Vec<RecordId>, outcomes: Vec<Outcome>, steps: Vec<Step>, ctx: &Ctx) -> Self {
        let of = match ids.as_slice() {
            [only] => ctx.ledger.filing(*only).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default(),
            many => format!("{} 件", many.len()),
        };
        let mut moving = Self {
            ids,
            of,
            outcomes,
            at: 0,
            steps,
            chosen: 0,
            on: iso(ctx.today),
            until: String::new(),
            until_typed: false,
            document: String::new(),
            reason: String::new(),
            note: String::new(),
            defects: Defects::default(),
            problem: None,
            busy: false,
        };
        moving.defects = Defects::new(&moving.ids, ctx);
        moving.choose(0, ctx);
        moving
    }

    fn choose(&mut self, chosen: usize, ctx: &Ctx) {
        self.chosen = chosen.min(self.steps.len().saturating_sub(1));
        self.follow(ctx);
    }

    fn step(&self) -> Option<&Step> {
        self.steps.get(self.chosen)
    }

    /// The last day follows the first until somebody says otherwise.
    fn follow(&mut self, ctx: &Ctx) {
        /// What is usual for a correction.
        const CORRECTION: u16 = 5;
        if self.until_typed {
            return;
        }
        let day = self.day(&self.on, ctx).and_then(|on| {
            let step = self.step().filter(|step| step.takes_until)?;
            Some(match (step.effect, step.days) {
                (Effect::Publish, Some(days)) => ctx.calendar().deadline(on, days).date,
                _ => ctx.calendar().after(on, CORRECTION).date,
            })
        });
        self.until = day.map(iso).unwrap_or_default();
    }

    /// A last day as it is typed: a day, or how many working days from the first (`10 个工作日`, `+10`).
    fn last_day(&self, typed: &str, ctx: &Ctx) -> Result<NaiveDate> {
        let on = parse_day(&self.on, ctx.today.year())?;
        Ok(Until::parse(typed, on)?.last(on, ctx.calendar()).date)
    }

    fn day(&self, typed: &str, ctx: &Ctx) -> Option<NaiveDate> {
        parse_day(typed, ctx.today.year()).ok()
    }

    fn wish(&self, ctx: &Ctx) -> Result<Wish> {
        let step = self.step().ok_or_else(|| Problem::bug("no outcome to choose from"))?;
        let on = parse_day(&self.on, ctx.today.year())?;
        let until = match self.until.trim() {
            "" => None,
            typed if step.takes_until => Some(self.last_day(typed, ctx)?),
            _ => None,
        };
        let defects = if step.effect == Effect::Return { self.defects.all() } else { Vec::new() };
        Ok(Wish {
            defects,
            word: step.word.clone(),
            document: self.document.clone(),
            reason: self.reason.clone(),
            note: self.note.clone(),
            until,
            ..Wish::new(step.effect, on)
        })
    }
}

impl Filings {
    /// Opens the dialog for a word.
    pub(super) fn open_moving(&mut self, moving: Moving) -> Update<super::Message> {
        self.dialog = Some(Dialog::Moving(moving));
        Update::task(iced::widget::operation::focus(FIRST))
    }

    pub(super) fn moving(&mut self, message: Message, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Moving(moving)) = &mut self.dialog else { return Update::none() };
        if !matches!(message, Message::Save | Message::Saved(_)) {
            moving.problem = None;
        }
        match message {
            Message::Stage(at) => {
                moving.at = at;
                moving.steps = moving.outcomes.get(at).map(|outcome| outcome.steps.clone()).unwrap_or_default();
                moving.choose(0, ctx);
            }
            Message::Step(chosen) => moving.choose(chosen, ctx),
            Message::On(typed) => {
                moving.on = typed;
                moving.follow(ctx);
            }
            Message::Until(typed) => {
                moving.until = typed;
                moving.until_typed = true;
            }
            Message::Document(typed) => moving.document = typed,
            Message::Reason(typed) => moving.reason = typed,
            Message::Note(typed) => moving.note = typed,
            Message::Defects(message) => return moving.defects.update(message),
            Message::Save if moving.busy => {}
            Message::Save => return self.save_move(ctx),
            Message::Saved(Err(problem)) => {
                moving.busy = false;
                moving.problem = Some(problem);
            }
            Message::Saved(Ok(done)) => {
                let words = match (moving.ids.as_slice(), moving.step()) {
                    ([_], Some(step)) => format!("{}：{}，{}", step.word, moving.of, step.leads),
                    (_, Some(step)) => format!("{} {} 件", step.word, done.value),
                    _ => done.name.clone(),
                };
                self.dialog = None;
                self.grid.set_selected([], &self.ids);
                return Update::saved(&done, words).and(Update::task(iced::widget::operation::focus(GRID)));
            }
        }
        Update::none()
    }

    fn save_move(&mut self, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Moving(moving)) = &mut self.dialog else { return Update::none() };
        let wish = match moving.wish(ctx) {
            Ok(wish) => wish,
            Err(problem) => {
                moving.problem = Some(problem);
                return Update::none();
            }
        };
        moving.busy = true;
        moving.problem = None;
        let stage = moving.outcomes.get(moving.at).map(|outcome| outcome.stage.clone());
        let word = wish.word.clone();
        let name = match moving.ids.as_slice() {
            [_] => format!("{word}“{}”", moving.of),
            many => format!("{word} {} 件", many.len()),
        };
        // In a list of many the machine's words need a name.
        let ids: Vec<(RecordId, String)> = moving
            .ids
            .iter()
            .map(|id| {
                let firm = ctx.ledger.filing(*id).map(|row| ctx.ledger.firm_of(row).name.to_string());
                (*id, if moving.ids.len() > 1 { firm.unwrap_or_default() } else { String::new() })
            })
            .collect();
        Update::task(ctx.act(
            name,
            move |act| {
                for (id, firm) in &ids {
                    let moved = match &stage {
                        Some(stage) => act.record_result(*id, stage, &wish),
                        None => act.move_filing(*id, &wish),
                    };
                    moved.map_err(|problem| named(problem, firm))?;
                }
                Ok(ids.len())
            },
            |done| super::Message::Moving(Message::Saved(done)),
        ))
    }
}

/// A refusal with the name of the firm it is about.
fn named(problem: Problem, firm: &str) -> Problem {
    if firm.is_empty() {
        return problem;
    }
    Problem { says: format!("“{firm}”：{}一件都没有登记。", problem.says), ..problem }
}

/// What a save tells the window where there is no action to take back.
pub fn go(place: Place) -> Update<super::Message> {
    Update::event(Event::Go(place))
}
