//! Entering filings, one after the other: firm by pinyin, program and edition, the form with what is known already, Enter.
//! What keeps a filing from being saved is said beside the field; what merely looks odd can be saved with a reason.
//! Drawing is in `view.rs`, what survives the program's end in `draft.rs`.

mod brought;
mod draft;
mod save;
mod view;

use iced::Task;

use super::form::{Doubt, Edit, Form, Known, field_id};
use super::{Filings, filter};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::domain::Result;
use crate::domain::date::iso;
use crate::domain::id::RecordId;
use crate::store::Done;
use crate::store::acts::{entry_stages, submit_stage};
use crate::store::ledger::FilingFilter;
use crate::ui::widget::area;
use crate::ui::widget::list::Item;
use draft::{Draft, Keeper};

pub use view::{Pick, banner};

/// Names of the fields the caret is put into.
pub const FIRM: &str = "entry.firm";
const EDITION: &str = "entry.edition";
const AGAIN: &str = "entry.again";
const REASON: &str = "entry.reason";
const OPENED: &str = "entry.opened";
const FORM: &str = "entry.form";
/// The edition last entered into is remembered by this name.
const HABIT: &str = "filings.entry";
/// How many firms are listed while one types.
const MOST: usize = 8;

/// A filing being entered, and those that were.
pub struct Entry {
    typed: String,
    firm: Option<RecordId>,
    /// Firms found for what is typed, as they are listed.
    listed: Vec<Item<Pick>>,
    program: Option<String>,
    edition: Option<RecordId>,
    stage: String,
    opened: String,
    form: Option<Form>,
    note: area::Content,
    /// The firm's filing in the edition that is there already.
    second: Option<RecordId>,
    /// Why there should be another one.
    again: String,
    /// Why what looks odd is right.
    reason: String,
    /// Entered since the form was opened, the last one first.
    just: Vec<RecordId>,
    problem: Option<(&'static str, String)>,
    asked: u64,
    /// The caret goes into the form once it is filled.
    caret: bool,
    /// The firm of whose numbers the log heard that they stand here in full.
    revealed: Option<RecordId>,
    busy: bool,
    offered: Option<Draft>,
    keeper: Keeper,
}

#[derive(Debug, Clone)]
pub enum Message {
    Typed(String),
    Picked(Pick),
    Program(String),
    Edition(RecordId),
    Stage(String),
    Opened(String),
    Form(Edit),
    Note(area::Action),
    Again(String),
    Reason(String),
    Known(u64, Result<Option<Known>>),
    /// Enter in the firm's field.
    Enter,
    Save,
    Saved(Result<Done<RecordId>>),
    Clear,
    Close,
    Open(RecordId),
    Drafted(Result<Option<String>>),
    TakeDraft,
    DropDraft,
    Kept(Result<()>),
}

impl Entry {
    /// Nothing entered yet.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            typed: String::new(),
            firm: None,
            listed: Vec::new(),
            program: None,
            edition: None,
            stage: String::new(),
            opened: iso(ctx.today),
            form: None,
            note: area::Content::new(),
            second: None,
            again: String::new(),
            reason: String::new(),
            just: Vec::new(),
            problem: None,
            asked: 0,
            caret: false,
            revealed: None,
            busy: false,
            offered: None,
            keeper: Keeper::default(),
        }
    }

    /// The place to come back to.
    pub fn place(&self) -> Place {
        Place::NewFiling { firm: self.firm, edition: self.edition }
    }

    /// The program chosen.
    pub fn program(&self) -> Option<String> {
        self.program.clone()
    }

    /// An edition that was just opened from here: taken over at the next look at the ledger.
    pub fn prefer(&mut self, edition: RecordId) {
        self.edition = Some(edition);
        self.form = None;
        self.program = None;
    }

    /// Whether anything would be lost.
    fn is_touched(&self) -> bool {
        self.firm.is_some()
            || !self.typed.trim().is_empty()
            || self.form.as_ref().is_some_and(Form::is_touched)
            || !self.note.text().trim().is_empty()
    }

    /// The firm whose whole name or code is typed, where none was picked.
    fn exact(&self, ctx: &Ctx) -> Option<RecordId> {
        let typed = self.typed.trim();
        if self.firm.is_some() || typed.is_empty() {
            return None;
        }
        let of = |pick: &Option<Pick>| match pick {
            Some(Pick::Firm(id)) => ctx.ledger.firm(*id),
            _ => None,
        };
        let mut found = self.listed.iter().filter_map(|item| of(&item.value));
        found.find(|row| *row.name == *typed || row.code.eq_ignore_ascii_case(typed)).map(|row| row.id)
    }

    fn doubts(&self) -> Vec<Doubt> {
        self.form.as_ref().map(|form| form.doubts(|_| true)).unwrap_or_default()
    }

    /// Ready for the next one: program, edition, stage and day stay.
    fn clear(&mut self, ctx: &Ctx) {
        self.typed.clear();
        self.firm = None;
        self.listed.clear();
        self.note = area::Content::new();
        self.second = None;
        self.again.clear();
        self.reason.clear();
        self.problem = None;
        self.asked += 1;
        let year = self.edition.and_then(|id| ctx.ledger.edition(id)).map(|edition| edition.year);
        if let (Some(form), Some(year)) = (&self.form, year) {
            self.form = Some(Form::blank(form.version, year, ctx.today));
        }
    }

    /// Looks the chosen edition up: its form, its stages.
    fn settle(&mut self, ctx: &Ctx) {
        let Some(edition) = self.edition.and_then(|id| ctx.ledger.edition(id)) else {
            self.edition = None;
            self.form = None;
            return;
        };
        self.program = Some(edition.program.clone());
        let Some((_, version)) = edition.known else {
            self.form = None;
            return;
        };
        if !entry_stages(version).any(|stage| stage == self.stage) {
            self.stage = submit_stage(version).to_owned();
        }
        if self.form.as_ref().is_none_or(|form| !std::ptr::eq(form.version, version) || form.year != edition.year) {
            let before = self.form.take().map(|form| form.touched()).unwrap_or_default();
            let mut form = Form::blank(version, edition.year, ctx.today);
            form.restore(&before);
            self.form = Some(form);
        }
    }

    fn find_second(&mut self, ctx: &Ctx) {
        self.second = match (self.firm, self.edition) {
            (Some(firm), Some(edition)) => ctx
                .ledger
                .filings_of(firm)
                .find(|row| filter::edition_id(&ctx.ledger, row) == Some(edition))
                .map(|row| row.id),
            _ => None,
        };
    }

    /// Another firm or edition was chosen.
    fn chosen(&mut self, ctx: &Ctx) -> Task<super::Message> {
        self.problem = None;
        self.settle(ctx);
        self.find_second(ctx);
        if self.second.is_some() {
            // It must be said why before anything else is worth typing.
            return Task::batch([self.ask(ctx), focus(AGAIN)]);
        }
        self.ask(ctx)
    }
}

fn focus(id: impl Into<iced::advanced::widget::Id>) -> Task<super::Message> {
    crate::ui::focus::to(id)
}

impl Filings {
    /// Somebody comes to enter a filing.
    pub(super) fn enter(
        &mut self,
        firm: Option<RecordId>,
        edition: Option<RecordId>,
        ctx: &Ctx,
    ) -> Update<super::Message> {
        let wrap = super::Message::Entry;
        let entry = &mut self.entry;
        entry.problem = None;
        if let Some(edition) = edition.filter(|id| ctx.ledger.edition(*id).is_some_and(|edition| !edition.closed)) {
            entry.edition = Some(edition);
        }
        let usable = |id: &RecordId| {
            let known = ctx.ledger.edition(*id);
            known.is_some_and(|known| !known.closed && (known.year == ctx.year || Some(*id) == edition))
        };
        if !entry.edition.as_ref().is_some_and(usable) {
            // The program that shows, else the one entered last, else whatever there is.
            let last = ctx.habit::<RecordId>(HABIT).filter(usable);
            let editions = ctx.ledger.editions_of(ctx.year);
            let shown = editions.iter().filter(|known| self.filter.program.as_ref() == Some(&known.program));
            let shown = shown.map(|known| known.id).find(usable);
            entry.edition = shown.or(last).or_else(|| editions.iter().map(|known| known.id).find(usable));
        }
        let fresh = !entry.is_touched();
        let task = match firm.and_then(|id| ctx.ledger.firm(id)) {
            Some(row) if entry.firm != Some(row.id) => {
                entry.firm = Some(row.id);
                entry.typed = row.name.to_string();
                entry.caret = true;
                entry.chosen(ctx)
            }
            _ => {
                entry.settle(ctx);
                entry.find_second(ctx);
                focus(FIRM)
            }
        };
        let draft = if fresh && firm.is_none() {
            ctx.ask(ctx.db.draft(Keeper::NAME), move |draft| wrap(Message::Drafted(draft)))
        } else {
            Task::none()
        };
        Task::batch([task, draft]).into()
    }

    /// The ledger changed: what was entered may have been taken back.
    pub(super) fn refresh_entry(&mut self, ctx: &Ctx) -> Update<super::Message> {
        self.entry.just.retain(|id| ctx.ledger.filing(*id).is_some());
        if self.entering {
            self.entry.settle(ctx);
            self.entry.find_second(ctx);
        }
        Update::none()
    }

    pub(super) fn on_entry(&mut self, message: Message, ctx: &Ctx) -> Update<super::Message> {
        let entry = &mut self.entry;
        match message {
            Message::Typed(typed) => {
                let same = entry.firm.and_then(|id| ctx.ledger.firm(id)).is_some_and(|row| *row.name == *typed.trim());
                if !same {
                    entry.firm = None;
                    entry.second = None;
                }
                entry.problem = None;
                let found = ctx.ledger.find(&typed, MOST).firms;
                entry.listed = found.iter().filter_map(|found| view::listed(ctx, found)).collect();
                entry.typed = typed;
            }
            Message::Picked(Pick::New) => {
                return self.keep(ctx).and(super::moving::go(Place::NewFirm));
            }
            Message::Picked(Pick::Firm(id)) => {
                let Some(row) = ctx.ledger.firm(id) else { return Update::none() };
                entry.firm = Some(id);
                entry.typed = row.name.to_string();
                entry.listed.clear();
                entry.caret = true;
                let task = entry.chosen(ctx);
                let ready = entry.form.is_some();
                let caret = if ready { Task::none() } else { focus(EDITION) };
                return Update::task(Task::batch([task, caret])).and(self.keep(ctx));
            }
            Message::Program(program) => {
                if entry.program.as_deref() != Some(program.as_str()) {
                    let editions = ctx.ledger.editions_of(ctx.year);
                    let first = editions.iter().find(|edition| edition.program == program && !edition.closed);
                    entry.edition = first.map(|edition| edition.id);
                    entry.program = Some(program);
                    let task = entry.chosen(ctx);
                    return Update::task(task).and(self.keep(ctx));
                }
            }
            Message::Edition(edition) => {
                entry.edition = Some(edition);
                let task = entry.chosen(ctx);
                return Update::task(task).and(self.keep(ctx));
            }
            Message::Stage(stage) => entry.stage = stage,
            Message::Opened(typed) => {
                entry.problem = None;
                entry.opened = typed;
            }
            Message::Form(edit) => {
                entry.problem = None;
                if let Some(form) = &mut entry.form {
                    // A choice is made at once: the caret goes on to the next field.
                    let next = form.after_choice(&edit);
                    form.edit(edit);
                    if let Some(next) = next {
                        return Update::task(focus(field_id(FORM, next))).and(self.keep(ctx));
                    }
                }
            }
            Message::Note(action) => entry.note.perform(action),
            Message::Again(typed) => {
                entry.problem = None;
                entry.again = typed;
            }
            Message::Reason(typed) => {
                entry.problem = None;
                entry.reason = typed;
            }
            Message::Known(asked, known) => return self.known(asked, known, ctx),
            Message::Enter | Message::Save if entry.exact(ctx).is_some() => {
                // Typed out and not picked: it is meant all the same.
                let firm = entry.exact(ctx).map_or(Pick::New, Pick::Firm);
                return self.on_entry(Message::Picked(firm), ctx);
            }
            Message::Enter if entry.firm.is_none() => {
                entry.problem = Some((FIRM, "请先选一家企业：打几个字或首字母，回车选中。".to_owned()));
                return Update::none();
            }
            Message::Enter | Message::Save if entry.busy => return Update::none(),
            Message::Enter | Message::Save => return self.save_entry(ctx),
            Message::Saved(done) => return self.entered(done, ctx),
            Message::Clear => {
                entry.clear(ctx);
                let task = focus(FIRM);
                return Update::task(task).and(self.keep(ctx));
            }
            Message::Close => {
                self.entering = false;
                self.reload(ctx);
                return self.keep(ctx).and_event(Event::Back);
            }
            Message::Open(id) => {
                let edition = ctx.ledger.filing(id).and_then(|row| ctx.ledger.edition_of(row));
                let filter = FilingFilter {
                    edition: edition.map(|edition| edition.id),
                    program: edition.map(|edition| edition.program.clone()),
                    year: edition.map(|edition| edition.year),
                    ..FilingFilter::default()
                };
                return self.keep(ctx).and(super::moving::go(Place::Filings { filter, open: Some(id) }));
            }
            Message::Drafted(Ok(draft)) => {
                if !entry.is_touched() {
                    entry.offered = draft.as_deref().and_then(Draft::read).filter(|draft| draft.is_worth_offering());
                }
                return Update::none();
            }
            Message::Drafted(Err(problem)) => return problem.into(),
            Message::TakeDraft => return self.take_draft(ctx),
            Message::DropDraft => {
                entry.offered = None;
                let task = entry.keeper.keep(String::new(), ctx);
                return Update::task(Task::batch([task, focus(FIRM)]));
            }
            Message::Kept(kept) => {
                let next = entry.keeper.kept(ctx);
                return match kept {
                    Ok(()) => Update::task(next),
                    Err(problem) => Update::task(next).and(problem.into()),
                };
            }
        }
        self.keep(ctx)
    }
}
