//! The page of one filing: where it stands, its rounds, its decisions, its form edited in place, its history, and at the foot
//! exactly the words the stage machine allows.
//! What was typed and not saved is kept when another filing is looked at.

mod form;
mod history;
mod materials;
mod rail;
mod rounds;
mod view;

use iced::Task;

use super::filter;
use super::form::{Edit, Form, Known, confirmed, field_id, known};
use super::moving::{self, Moving, Outcome, Step};
use super::{Filings, Message as Outer};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::domain::event::{DeedKind, Hash, Logged};
use crate::domain::filing::{key, prefill};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::FieldKind;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::acts::Values;
use crate::store::queries::FilingFile;
use crate::ui::Tone;
use crate::ui::widget::area;

/// What the lower part of the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// 申报表.
    #[default]
    Form,
    /// 材料: the checklist of a round.
    Materials,
    /// 办理经过: every decision.
    Decisions,
    /// 变更历史.
    Changes,
}

/// What was typed into a filing and not saved.
pub struct Unsaved {
    form: Form,
    note: area::Content,
    reason: String,
}

/// The page of one filing.
pub struct Page {
    pub id: RecordId,
    /// Where it stood in the list when it last did.
    pub at: usize,
    file: Option<FilingFile>,
    form: Option<Form>,
    note: area::Content,
    /// Why what looks odd is right.
    reason: String,
    /// Why one of two decisions counts.
    resolve: String,
    tab: Tab,
    materials: materials::Sheet,
    /// What can be done now.
    pub steps: Vec<Step>,
    outcomes: Vec<Outcome>,
    problem: Option<String>,
    asked: u64,
    busy: bool,
    /// Whoever sits here may only look at the form.
    looks_only: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Loaded(u64, Result<Option<Box<FilingFile>>>),
    Tab(Tab),
    Materials(materials::Message),
    Edit(Edit),
    Note(area::Action),
    Reason(String),
    Save,
    Saved(Result<Done<bool>>),
    Discard,
    Bring,
    Brought(u64, Result<Option<Known>>),
    Officer(RecordId),
    OfficerSaved(Result<Done<bool>>),
    /// One of the words at the foot.
    Step(usize),
    Results,
    ResolveReason(String),
    Resolve(Hash),
    Resolved(Result<Done<()>>),
    /// The next one of the list, or the one before.
    Turn(bool),
    Firm,
    Close,
}

impl Page {
    fn new(id: RecordId, tab: Tab) -> Self {
        Self {
            id,
            at: 0,
            file: None,
            form: None,
            note: area::Content::new(),
            reason: String::new(),
            resolve: String::new(),
            tab,
            materials: materials::Sheet::default(),
            steps: Vec::new(),
            outcomes: Vec::new(),
            problem: None,
            asked: 0,
            busy: false,
            looks_only: true,
        }
    }

    /// What was read of it.
    pub(super) fn file(&self) -> Option<&FilingFile> {
        self.file.as_ref()
    }

    fn stored(&self, field: &str) -> Option<String> {
        let file = self.file.as_ref()?;
        file.filing.fields.get(&format!("{}{field}", key::FORM)).map(str::to_owned)
    }

    /// What sort of filing it is, where its form begins with a choice: 首次认定, 重新认定.
    fn kind(&self) -> Option<String> {
        let (_, version) = self.file.as_ref()?.known?;
        let first = version.form.first()?;
        matches!(first.kind, FieldKind::Choice(_)).then(|| self.stored(&first.id))?
    }

    fn stored_note(&self) -> String {
        self.file.as_ref().map(|file| file.filing.fields.text(key::NOTE)).unwrap_or_default()
    }

    fn note_changed(&self) -> bool {
        self.file.is_some() && self.note.text().trim() != self.stored_note().trim()
    }

    /// Fields of the form that differ from what is stored.
    fn changed(&self) -> Vec<&'static str> {
        match (&self.form, &self.file) {
            (Some(form), Some(_)) => form.changed(|field| self.stored(field)),
            _ => Vec::new(),
        }
    }

    /// How many fields wait to be saved.
    fn unsaved(&self) -> usize {
        self.changed().len() + usize::from(self.note_changed())
    }

    fn is_frozen(&self) -> bool {
        self.looks_only || self.file.as_ref().is_some_and(|file| file.frozen)
    }

    /// Takes what was read over; what is being typed stays.
    fn take(&mut self, file: FilingFile, year: i32, ctx: &Ctx) {
        let typing = self.unsaved() > 0;
        let (steps, outcomes) = match file.known.filter(|_| !file.frozen) {
            Some((_, version)) => {
                (moving::steps(&file.filing.track, version), moving::outcomes(&file.filing.track, version))
            }
            None => (Vec::new(), Vec::new()),
        };
        (self.steps, self.outcomes) = (steps, outcomes);
        self.steps.retain(|step| ctx.may(step.needs));
        self.outcomes.iter_mut().for_each(|outcome| outcome.steps.retain(|step| ctx.may(step.needs)));
        self.outcomes.retain(|outcome| !outcome.steps.is_empty());
        self.looks_only = !ctx.may(Permission::EnterFilings);
        let version = file.known.map(|(_, version)| version);
        self.file = Some(file);
        if typing {
            return;
        }
        self.reason.clear();
        self.problem = None;
        self.note = area::Content::with_text(&self.stored_note());
        self.form = version.map(|version| Form::new(version, year, ctx.today, |field| self.stored(field)).cover());
    }

    fn reset(&mut self, year: i32, ctx: &Ctx) {
        self.reason.clear();
        self.problem = None;
        self.note = area::Content::with_text(&self.stored_note());
        let version = self.form.as_ref().map(|form| form.version);
        self.form = version.map(|version| Form::new(version, year, ctx.today, |field| self.stored(field)).cover());
    }
}

impl Filings {
    /// Year of a filing's edition.
    fn year_of(&self, id: RecordId, ctx: &Ctx) -> i32 {
        let edition = ctx.ledger.filing(id).and_then(|row| ctx.ledger.edition_of(row));
        edition.map_or(ctx.year, |edition| edition.year)
    }

    /// Shows a filing beside the list.
    pub(super) fn open_page(&mut self, id: RecordId, ctx: &Ctx) -> Update<Outer> {
        if self.page.as_ref().is_some_and(|page| page.id == id) {
            return self.load_page(id, ctx);
        }
        let left = self.leave_page(ctx);
        let tab = self.page.as_ref().map(|page| page.tab).unwrap_or_default();
        let mut page = Page::new(id, tab);
        page.at = self.ids.iter().position(|other| *other == id).unwrap_or(0);
        if let Some(unsaved) = self.unsaved.remove(&id) {
            page.form = Some(unsaved.form);
            page.note = unsaved.note;
            page.reason = unsaved.reason;
        }
        self.page = Some(page);
        self.grid.set_current(Some(id), &self.ids, 16);
        left.and(self.load_page(id, ctx))
    }

    /// Keeps what is unsaved on the page that is open, and says so.
    pub(super) fn leave_page(&mut self, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = &mut self.page else { return Update::none() };
        let count = page.unsaved();
        if count == 0 {
            return Update::none();
        }
        let Some(form) = page.form.take() else { return Update::none() };
        let note = std::mem::take(&mut page.note);
        let reason = std::mem::take(&mut page.reason);
        self.unsaved.insert(page.id, Unsaved { form, note, reason });
        let name = ctx.ledger.filing(page.id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        Update::told(Tone::Warn, format!("{name}：{count} 处改动还没有保存，回到这件时还在"))
    }

    /// Reads the filing anew.
    pub(super) fn load_page(&mut self, id: RecordId, ctx: &Ctx) -> Update<Outer> {
        let asked = self.ask_number();
        let Some(page) = &mut self.page else { return Update::none() };
        page.asked = asked;
        ctx.ask(ctx.db.filing(id), move |file| Outer::Page(Message::Loaded(asked, file.map(|file| file.map(Box::new)))))
            .into()
    }

    pub(super) fn on_page(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let Some(id) = self.page.as_ref().map(|page| page.id) else { return Update::none() };
        let year = self.year_of(id, ctx);
        let Some(page) = &mut self.page else { return Update::none() };
        match message {
            Message::Loaded(asked, _) if asked != page.asked => {}
            Message::Loaded(_, Ok(Some(file))) => {
                let restored = page.file.is_none() && page.form.is_some();
                if restored {
                    // What was typed before stays; it only has to know what it is compared with.
                    let (form, note) = (page.form.take(), std::mem::take(&mut page.note));
                    let reason = std::mem::take(&mut page.reason);
                    page.take(*file, year, ctx);
                    (page.form, page.note, page.reason) = (form, note, reason);
                } else {
                    page.take(*file, year, ctx);
                }
            }
            Message::Loaded(_, Ok(None)) => {
                page.problem = Some("找不到这件申报，它可能已被撤销。".to_owned());
            }
            Message::Loaded(_, Err(problem)) => return problem.into(),
            Message::Tab(tab) => page.tab = tab,
            Message::Materials(message) => return self.on_materials(message, ctx),
            Message::Edit(edit) => {
                page.problem = None;
                if matches!(edit, Edit::Reveal(_))
                    && let Err(problem) = ctx.permit(Permission::Reveal)
                {
                    return problem.into();
                }
                let shown = if let Edit::Reveal(field) = &edit { Some(*field) } else { None };
                if let Some(form) = &mut page.form {
                    form.edit(edit);
                }
                if let Some(field) = shown {
                    let label = page.file.as_ref().and_then(|file| {
                        let (_, version) = file.known?;
                        Some(version.form.iter().find(|known| known.id == field)?.label.clone())
                    });
                    let number = ctx.ledger.filing(id).map(|filing| filing.number.to_string()).unwrap_or_default();
                    let words = format!("申报 {number} 的{}", label.as_deref().unwrap_or(field));
                    let logged = Logged::new(DeedKind::Reveal, words).about(id);
                    return Update::event(Event::Note(logged))
                        .and(Update::task(crate::ui::focus::to(field_id(form::PREFIX, field))));
                }
            }
            Message::Note(action) => page.note.perform(action),
            Message::Reason(typed) => {
                page.problem = None;
                page.reason = typed;
            }
            Message::Discard => page.reset(year, ctx),
            Message::Save if page.busy => {}
            Message::Save => return self.save_page(ctx),
            Message::Saved(Err(problem)) => {
                page.busy = false;
                page.problem = Some(problem.to_string());
            }
            Message::Saved(Ok(done)) => {
                page.busy = false;
                page.reason.clear();
                return Update::saved(&done, done.name.clone());
            }
            Message::Bring => return self.bring(ctx),
            Message::Brought(asked, known) => return self.brought(asked, known, year, ctx),
            Message::Officer(officer) => {
                let values: Values = [(key::OFFICER.to_owned(), Some(officer.to_string()))].into();
                let name = format!("经办人改为{}", ctx.ledger.user_name(officer));
                return Update::task(ctx.act(
                    name,
                    move |act| act.change_filing(id, &values),
                    |done| Outer::Page(Message::OfficerSaved(done)),
                ));
            }
            Message::OfficerSaved(Ok(done)) => return Update::saved(&done, done.name.clone()),
            Message::OfficerSaved(Err(problem)) => return problem.into(),
            Message::Step(n) => {
                let Some(step) = page.steps.get(n).cloned() else { return Update::none() };
                let materials = page.file.as_ref().map(|file| &file.filing.materials);
                let moving = Moving::plain(vec![id], step, ctx).with_unfit(materials);
                return self.open_moving(moving);
            }
            Message::Results => {
                let outcomes = page.outcomes.clone();
                return self.open_moving(Moving::result(id, outcomes, ctx));
            }
            Message::ResolveReason(typed) => {
                page.problem = None;
                page.resolve = typed;
            }
            Message::Resolve(hash) => return self.resolve(hash, ctx),
            Message::Resolved(Ok(done)) => {
                page.resolve.clear();
                return Update::saved(&done, "冲突已处理");
            }
            Message::Resolved(Err(problem)) => page.problem = Some(problem.to_string()),
            Message::Turn(forward) => return self.turn(forward, ctx),
            Message::Firm => {
                let firm = ctx.ledger.filing(id).map(|row| row.firm_id);
                return firm.map_or_else(Update::none, |firm| moving::go(Place::firm(firm)));
            }
            Message::Close => {
                let left = self.leave_page(ctx);
                self.page = None;
                return left.and(Update::task(iced::widget::operation::focus(super::GRID)));
            }
        }
        Update::none()
    }

    /// The place in the list of the filing after this one, or before; where it left the list, of what took its place.
    fn next_place(&self, forward: bool) -> Option<usize> {
        let page = self.page.as_ref()?;
        let there = self.ids.get(page.at) == Some(&page.id);
        let to = match (forward, there) {
            (true, true) => page.at + 1,
            (true, false) => page.at,
            (false, _) => page.at.checked_sub(1)?,
        };
        (to < self.ids.len()).then_some(to)
    }

    fn turn(&mut self, forward: bool, ctx: &Ctx) -> Update<Outer> {
        match self.next_place(forward).and_then(|at| self.ids.get(at)).copied() {
            Some(next) => self.open_page(next, ctx),
            None => Update::none(),
        }
    }

    fn save_page(&mut self, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = &mut self.page else { return Update::none() };
        if page.is_frozen() || page.unsaved() == 0 {
            return Update::none();
        }
        let changed = page.changed();
        let Some(form) = &page.form else { return Update::none() };
        if let Some((field, says)) = form.wrong() {
            page.problem = Some(format!("{}：{says}", field.label));
            return Update::none();
        }
        let doubts = form.doubts(|field| changed.contains(&field));
        if !doubts.is_empty() && page.reason.trim().is_empty() {
            page.problem = Some(format!("有 {} 处要确认：核对无误就写明原因。", doubts.len()));
            return Update::task(crate::ui::focus::to(form::REASON));
        }
        let sure = confirmed(&doubts, &page.reason);
        let mut values: Values = form
            .values()
            .into_iter()
            .filter(|(field, _)| changed.contains(&field.as_str()))
            .map(|(field, value)| (format!("{}{field}", key::FORM), value))
            .collect();
        if page.note_changed() {
            let note = page.note.text().trim().to_owned();
            values.insert(key::NOTE.to_owned(), (!note.is_empty()).then_some(note));
        }
        page.busy = true;
        page.problem = None;
        let id = page.id;
        let name = ctx.ledger.filing(id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        Update::task(ctx.act(
            format!("修改申报“{name}”"),
            move |act| act.change_filing_confirmed(id, &values, sure),
            |done| Outer::Page(Message::Saved(done)),
        ))
    }

    fn bring(&mut self, ctx: &Ctx) -> Update<Outer> {
        let asked = self.ask_number();
        let Some(page) = &mut self.page else { return Update::none() };
        let Some(row) = ctx.ledger.filing(page.id) else { return Update::none() };
        page.asked = asked;
        let known = known(ctx, row.firm_id, &row.program.id);
        Task::perform(known, move |known| Outer::Page(Message::Brought(asked, known))).into()
    }

    fn brought(&mut self, asked: u64, known: Result<Option<Known>>, year: i32, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = self.page.as_mut().filter(|page| page.asked == asked) else { return Update::none() };
        let (fields, last) = match known {
            Ok(Some(known)) => known,
            Ok(None) => return Update::none(),
            Err(problem) => return problem.into(),
        };
        let Some(form) = &mut page.form else { return Update::none() };
        let values = prefill::prefill(form.version, &fields, year, &last);
        let before = form.brought_private().len();
        let count = form.bring(&values);
        let shown = form.brought_private();
        let revealed = (shown.len() > before).then(|| {
            let number = ctx.ledger.filing(page.id).map(|filing| filing.number.to_string()).unwrap_or_default();
            let words = format!("申报 {number} 带出的{}", shown.join("、"));
            Event::Note(Logged::new(DeedKind::Reveal, words).count(shown.len()).about(page.id))
        });
        let told = match count {
            0 => Update::told(Tone::Info, "空着的几项企业档案里也没有，没有可以带出的"),
            n => Update::told(Tone::Info, format!("从企业档案带出 {n} 项，核对后请保存")),
        };
        revealed.into_iter().fold(told, Update::and_event)
    }

    fn resolve(&mut self, hash: Hash, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = &mut self.page else { return Update::none() };
        let (id, reason) = (page.id, page.resolve.trim().to_owned());
        if reason.is_empty() {
            page.problem = Some("处理冲突必须写明原因：以哪个决定为准、为什么。".to_owned());
            return Update::task(crate::ui::focus::to(view::RESOLVE));
        }
        let name = ctx.ledger.filing(id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        Update::task(ctx.act(
            format!("处理冲突“{name}”"),
            move |act| act.resolve_filing(id, hash, &reason),
            |done| Outer::Page(Message::Resolved(done)),
        ))
    }

    /// The edition of the filing on the page.
    fn page_edition<'a>(&self, id: RecordId, ctx: &'a Ctx) -> Option<&'a crate::store::ledger::Edition> {
        let row = ctx.ledger.filing(id)?;
        ctx.ledger.edition(filter::edition_id(&ctx.ledger, row)?)
    }
}

/// What a filing's file says when something about it cannot be shown.
pub fn unknown_program() -> Problem {
    Problem::not_found("这件申报的事项或政策版本不在本机的事项目录里。").next("请升级到带有这个事项的版本。")
}
