//! What is being entered, kept so that a crash or a pulled plug loses at most the word being typed.

use iced::Task;
use serde::{Deserialize, Serialize};

use super::{Entry, FIRM, FORM, Message, focus};
use crate::app::ctx::Ctx;
use crate::app::filings::form::{Typed, field_id};
use crate::app::filings::{Filings, Message as Outer};
use crate::app::update::Update;
use crate::domain::id::RecordId;
use crate::ui::widget::area;

/// A filing half entered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub typed: String,
    pub firm: Option<RecordId>,
    pub edition: Option<RecordId>,
    pub stage: String,
    pub opened: String,
    pub form: Typed,
    pub note: String,
    pub again: String,
    pub reason: String,
}

impl Draft {
    /// What stands in the fields now.
    pub fn of(entry: &Entry) -> Self {
        Self {
            typed: entry.typed.clone(),
            firm: entry.firm,
            edition: entry.edition,
            stage: entry.stage.clone(),
            opened: entry.opened.clone(),
            form: entry.form.as_ref().map(|form| form.typed()).unwrap_or_default(),
            note: entry.note.text().trim_end().to_owned(),
            again: entry.again.clone(),
            reason: entry.reason.clone(),
        }
    }

    /// As kept.
    pub fn write(&self) -> String {
        // Texts and ids: there is nothing JSON could refuse.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From what was kept; `None` where nothing was, or it is not understood any more.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether somebody had begun.
    pub fn is_worth_offering(&self) -> bool {
        !self.typed.trim().is_empty() || !self.form.is_empty()
    }
}

/// Writes drafts one at a time, so that fast typing never queues up behind the disk: of several the last one counts.
#[derive(Debug, Default)]
pub struct Keeper {
    /// What the database holds, or is being given.
    held: String,
    writing: bool,
    next: Option<String>,
}

impl Keeper {
    /// The name the draft is kept under.
    pub const NAME: &str = "filing.new";

    /// Keeps a draft; an empty one forgets it.
    pub fn keep(&mut self, draft: String, ctx: &Ctx) -> Task<Outer> {
        if self.writing {
            self.next = Some(draft);
            return Task::none();
        }
        self.write(draft, ctx)
    }

    fn write(&mut self, draft: String, ctx: &Ctx) -> Task<Outer> {
        // Forgetting is always done: what an earlier session kept is not known here.
        if draft == self.held && !draft.is_empty() {
            return Task::none();
        }
        self.writing = true;
        self.held = draft;
        let answer = ctx.db.set_draft(Self::NAME, &self.held);
        ctx.ask(answer, |kept| Outer::Entry(Message::Kept(kept)))
    }

    /// One was written.
    pub fn kept(&mut self, ctx: &Ctx) -> Task<Outer> {
        self.writing = false;
        match self.next.take() {
            Some(draft) => self.write(draft, ctx),
            None => Task::none(),
        }
    }
}

impl Filings {
    /// Keeps what is being typed.
    pub(super) fn keep(&mut self, ctx: &Ctx) -> Update<Outer> {
        let entry = &mut self.entry;
        if entry.offered.is_some() && !entry.is_touched() {
            // What was offered is still waiting for an answer.
            return Update::none();
        }
        let draft = if entry.is_touched() { Draft::of(entry).write() } else { String::new() };
        entry.keeper.keep(draft, ctx).into()
    }

    /// Goes on where somebody left off.
    pub(super) fn take_draft(&mut self, ctx: &Ctx) -> Update<Outer> {
        let entry = &mut self.entry;
        let Some(draft) = entry.offered.take() else { return Update::none() };
        entry.edition = draft.edition.filter(|id| ctx.ledger.edition(*id).is_some()).or(entry.edition);
        entry.firm = draft.firm.filter(|id| ctx.ledger.firm(*id).is_some());
        entry.typed = draft.typed;
        entry.opened = draft.opened;
        entry.again = draft.again;
        entry.reason = draft.reason;
        entry.note = area::Content::with_text(&draft.note);
        entry.form = None;
        entry.settle(ctx);
        if !draft.stage.is_empty() {
            entry.stage = draft.stage;
            entry.settle(ctx);
        }
        entry.find_second(ctx);
        let mut caret = FIRM.to_owned();
        if let Some(form) = &mut entry.form {
            form.restore(&draft.form);
            if let Some(first) = form.first().filter(|_| entry.firm.is_some()) {
                caret = field_id(FORM, first);
            }
        }
        Update::task(focus(caret))
    }
}
