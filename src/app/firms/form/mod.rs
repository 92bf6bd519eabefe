//! The form of a firm, new or known: what is typed, what is to be said about it, what is confirmed, what is kept as a draft.
//! How values are checked is the domain's; whether they may be stored is the store's.
//! Nothing typed is lost: leaving keeps a draft, and a refusal keeps the form as it stands.

mod confirm;
mod draft;
mod names;
mod view;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use iced::Task;
use iced::advanced::widget::Id;

use super::{Firms, Message as FirmsMessage};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::catalog::industries::{self, Industry};
use crate::domain::event::{Confirmed, DeedKind, Logged};
use crate::domain::firm::check::{self, Checked, needs_reason};
use crate::domain::firm::{FIELDS, FieldDef, Firm, Shape, fields, key};
use crate::domain::id::RecordId;
use crate::domain::identity::{Finding, uscc};
use crate::domain::pinyin::{Query, Reader};
use crate::domain::text::number_key;
use crate::domain::{Problem, Result, seal};
use crate::store::Done;
use crate::store::acts::Values;
use crate::store::queries::FirmFile;
use confirm::Confirm;
use draft::Draft;
use names::{Like, Names};

/// Classes of industry offered for what is typed.
const OFFERED: usize = 12;

/// A form being filled in.
#[derive(Debug)]
pub struct Form {
    /// `None`: a new firm.
    pub id: Option<RecordId>,
    /// What it was called when the form was opened.
    called: String,
    /// Nothing to type yet: the file is still being read.
    loading: bool,
    typed: BTreeMap<&'static str, String>,
    /// As stored, spelled as a person edits it.
    stored: BTreeMap<&'static str, String>,
    checks: BTreeMap<&'static str, Result<Checked>>,
    /// 保存 was pressed: what is missing is said.
    tried: bool,
    names: Names,
    /// A firm called nearly so.
    like: Option<Like>,
    /// The firm that has this credit code.
    twin: Option<(RecordId, String)>,
    towns: Vec<String>,
    classes: Vec<Industry>,
    draft: Draft,
    confirm: Option<Confirm>,
    busy: bool,
    refused: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    /// The file of the firm to be changed is here.
    Read(RecordId, Result<Option<FirmFile>>),
    /// What was left unfinished last time.
    DraftRead(Option<RecordId>, Result<Option<String>>),
    DraftKept(Result<()>),
    TakeDraft,
    DropDraft,
    Typed(&'static str, String),
    Save,
    Reason(String),
    Unconfirm,
    Confirm,
    Created(Result<Done<RecordId>>),
    Changed(Result<Done<bool>>),
    /// Opens the firm that is known already.
    Known(RecordId),
    Close,
}

/// The name by which the keyboard is given to a field.
fn field_id(key: &str) -> Id {
    Id::from(format!("firm-{key}"))
}

impl Form {
    /// An empty form.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            id: None,
            called: String::new(),
            loading: false,
            typed: BTreeMap::new(),
            stored: BTreeMap::new(),
            checks: BTreeMap::new(),
            tried: false,
            names: Names::of(&ctx.ledger, None),
            like: None,
            twin: None,
            towns: ctx.ledger.office.townships.clone(),
            classes: Vec::new(),
            draft: Draft::default(),
            confirm: None,
            busy: false,
            refused: None,
        }
    }

    /// The form of a firm whose file is being read.
    pub fn edit(id: RecordId, ctx: &Ctx) -> Self {
        let called = ctx.ledger.firm(id).map(|firm| firm.name.to_string()).unwrap_or_default();
        Self { id: Some(id), called, loading: true, names: Names::of(&ctx.ledger, Some(id)), ..Self::new(ctx) }
    }

    /// Reads what it needs and puts the caret into the first field.
    pub fn begin(&self, ctx: &Ctx) -> Task<FirmsMessage> {
        let id = self.id;
        let draft =
            ctx.ask(ctx.db.draft(&draft::name(id)), move |draft| FirmsMessage::Form(Message::DraftRead(id, draft)));
        let file = id.map(|id| ctx.ask(ctx.db.firm(id), move |file| FirmsMessage::Form(Message::Read(id, file))));
        Task::batch([draft].into_iter().chain(file).chain([iced::widget::operation::focus(field_id(key::NAME))]))
    }

    fn load(&mut self, firm: &Firm) {
        self.loading = false;
        self.called = firm.name().to_owned();
        for field in FIELDS {
            if let Some(value) = firm.fields.get(field.key) {
                let shown = check::editable(field.key, value);
                self.typed.insert(field.key, shown.clone());
                self.stored.insert(field.key, shown);
            }
        }
    }

    fn text(&self, key: &str) -> &str {
        self.typed.get(key).map_or("", String::as_str)
    }

    /// Whether what stands in a field is not what is stored.
    fn differs(&self, key: &str) -> bool {
        self.text(key).trim() != self.stored.get(key).map_or("", |value| value.trim())
    }

    fn changed(&self) -> impl Iterator<Item = &'static FieldDef> {
        FIELDS.iter().filter(|field| self.differs(field.key))
    }

    fn type_into(&mut self, key: &'static str, text: String, ctx: &Ctx) {
        self.typed.insert(key, text);
        self.refused = None;
        self.look_at(key, ctx);
        if key == key::CODE || key == "org_code" {
            self.look_at(if key == key::CODE { "org_code" } else { key::CODE }, ctx);
        }
    }

    /// Works out what there is to say about a field.
    fn look_at(&mut self, key: &'static str, ctx: &Ctx) {
        let text = self.text(key).to_owned();
        match key {
            key::NAME => self.like = if self.differs(key) { self.names.like(&text) } else { None },
            key::CODE => self.twin = self.twin_of(&text, ctx),
            key::TOWNSHIP => self.towns = towns_like(&text, ctx),
            key::INDUSTRY => self.classes = industries::search(&text, OFFERED),
            _ => {}
        }
        // A class is known by its digits, however it was typed.
        let text = match key {
            key::INDUSTRY => class_code(&text),
            _ => text,
        };
        let mut checked = check::check(key, &text, ctx.today);
        if let Ok(checked) = &mut checked {
            checked.findings.extend(self.own_findings(key, &text));
        }
        self.checks.insert(key, checked);
    }

    /// What the form alone can see.
    fn own_findings(&self, key: &str, text: &str) -> Option<Finding> {
        match key {
            key::NAME => self.like.as_ref().map(Like::finding),
            "org_code" => {
                let inside = uscc::org_code(&number_key(self.text(key::CODE)))?;
                let bare = |code: &str| number_key(code).replace('-', "");
                let differs = !text.trim().is_empty() && bare(text) != bare(&inside);
                differs.then(|| Finding::warning("与统一社会信用代码里的组织机构代码不一致").suggest(inside))
            }
            key::INDUSTRY if !text.trim().is_empty() && industries::industry(text).is_none() => {
                Some(Finding::warning("不是国民经济行业分类里的代码，请按名称或代码选一个"))
            }
            "email" if !text.trim().is_empty() && !is_address(text.trim()) => {
                Some(Finding::warning("不像电子邮箱地址，请核对"))
            }
            _ => None,
        }
    }

    fn twin_of(&self, code: &str, ctx: &Ctx) -> Option<(RecordId, String)> {
        let code = number_key(code).replace('-', "");
        if code.len() != 18 {
            return None;
        }
        let twin = ctx.ledger.firms().find(|firm| *firm.code == *code && Some(firm.id) != self.id)?;
        Some((twin.id, twin.name.to_string()))
    }

    /// The fields that cannot be stored as they stand, in the order of the form.
    fn wrong(&self) -> Vec<&'static FieldDef> {
        let wrong = |field: &&FieldDef| match field.key {
            key::NAME => self.text(key::NAME).trim().is_empty(),
            key => self.differs(key) && matches!(self.checks.get(key), Some(Err(_))),
        };
        FIELDS.iter().filter(wrong).collect()
    }

    /// What must be confirmed with a reason: field and words.
    fn doubts(&self) -> Vec<(&'static FieldDef, String)> {
        let of = |field: &'static FieldDef| {
            let findings = self.checks.get(field.key).and_then(|check| check.as_ref().ok()).map(|c| &c.findings);
            let doubts = findings.into_iter().flatten().filter(|finding| needs_reason(finding));
            doubts.map(move |finding| (field, finding.says.clone())).collect::<Vec<_>>()
        };
        self.changed().flat_map(of).collect()
    }

    /// What is to be written.
    fn values(&self) -> Values {
        let value = |field: &'static FieldDef| {
            let checked = self.checks.get(field.key).and_then(|check| check.as_ref().ok());
            (field.key.to_owned(), checked.and_then(|checked| checked.value.clone()))
        };
        self.changed().map(value).collect()
    }

    fn save(&mut self, confirmed: Vec<Confirmed>, ctx: &Ctx) -> Task<FirmsMessage> {
        self.busy = true;
        let values = self.values();
        let name = values.get(key::NAME).cloned().flatten().unwrap_or_else(|| self.called.clone());
        match self.id {
            None => ctx.act(
                format!("新增“{name}”"),
                move |act| act.create_firm(values, confirmed, None),
                |done| FirmsMessage::Form(Message::Created(done)),
            ),
            Some(id) => ctx.act(
                format!("修改“{name}”"),
                move |act| act.change_firm(id, &values, confirmed, None),
                |done| FirmsMessage::Form(Message::Changed(done)),
            ),
        }
    }
}

/// `C3611` and `3611` are one class.
fn class_code(text: &str) -> String {
    let text = crate::domain::text::tidy(text);
    let code = text.split(' ').next().unwrap_or_default();
    industries::industry(code).map_or(text.clone(), |own| own.code.to_owned())
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(own, host)| {
        !own.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    })
}

/// Townships of the office that match what is typed, by characters or pinyin; all of them while nothing is.
fn towns_like(text: &str, ctx: &Ctx) -> Vec<String> {
    let query = Query::new(text);
    let all = ctx.ledger.office.townships.iter();
    if query.is_empty() {
        return all.cloned().collect();
    }
    all.filter(|town| query.quality(&Reader::builtin().haystack(town)).is_some()).cloned().collect()
}

impl Firms {
    /// Takes in what happened in the form.
    pub(super) fn form(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some(form) = &mut self.form else { return Update::none() };
        match message {
            Message::Read(id, file) if form.id == Some(id) => match file {
                Ok(Some(file)) => {
                    form.load(&file.firm);
                    let update = Update::task(iced::widget::operation::focus(field_id(key::NAME)));
                    // What is edited stands in full.
                    let there = |key| file.firm.fields.get(key).is_some_and(|value| !seal::is_sealed(value));
                    let personal = |field: &&FieldDef| field.personal && there(field.key);
                    let shown = FIELDS.iter().filter(personal).count();
                    if shown == 0 {
                        return update;
                    }
                    let words = format!("修改“{}”时的 {shown} 项个人信息", form.called);
                    let logged = Logged::new(DeedKind::Reveal, words).count(shown).about(file.firm.id);
                    return update.and_event(Event::Note(logged));
                }
                Ok(None) => {
                    self.form = None;
                    return Problem::not_found("找不到这家企业。").next("它可能已被撤销。").into();
                }
                Err(problem) => {
                    self.form = None;
                    return problem.into();
                }
            },
            Message::DraftRead(id, Ok(Some(text))) if form.id == id => form.draft.found(&text),
            Message::Read(..) | Message::DraftRead(..) => {}
            Message::DraftKept(kept) => {
                if let Err(problem) = kept {
                    return problem.into();
                }
                if form.draft.kept() {
                    return form.keep_draft(ctx).into();
                }
            }
            Message::TakeDraft => {
                for (key, text) in form.draft.take() {
                    if let Some(field) = fields::find(&key) {
                        form.type_into(field.key, text, ctx);
                    }
                }
                return iced::widget::operation::focus(field_id(key::NAME)).into();
            }
            Message::DropDraft => {
                form.draft.take();
                return form.keep_draft(ctx).into();
            }
            Message::Typed(key, text) if !form.loading => {
                form.type_into(key, text, ctx);
                return form.keep_draft(ctx).into();
            }
            Message::Typed(..) => {}
            Message::Save => return self.try_save(ctx),
            Message::Reason(reason) => {
                if let Some(confirm) = &mut form.confirm {
                    confirm.reason = reason;
                }
            }
            Message::Unconfirm => form.confirm = None,
            Message::Confirm => {
                let Some(confirmed) = form.confirm.as_ref().and_then(Confirm::confirmed) else {
                    return iced::widget::operation::focus(confirm::REASON).into();
                };
                if !form.busy {
                    form.confirm = None;
                    return form.save(confirmed, ctx).into();
                }
            }
            Message::Created(Ok(done)) => {
                let name = form.text(key::NAME).trim().to_owned();
                let forget = form.forget_draft(ctx);
                self.form = None;
                self.reveal = Some(done.value);
                let open = self.open(done.value, ctx);
                return Update::task(forget)
                    .and(open)
                    .and(Update::saved(&done, format!("已新增：{}", words::in_short(&name))));
            }
            Message::Changed(Ok(done)) => {
                let name = form.text(key::NAME).trim().to_owned();
                let forget = form.forget_draft(ctx);
                self.form = None;
                let back = self.focus_grid();
                return Update::task(forget)
                    .and(back)
                    .and(Update::saved(&done, format!("已修改：{}", words::in_short(&name))));
            }
            Message::Created(Err(problem)) | Message::Changed(Err(problem)) => {
                form.busy = false;
                form.refused = Some(problem);
                let key = if form.twin.is_some() { key::CODE } else { key::NAME };
                return iced::widget::operation::focus(field_id(key)).into();
            }
            Message::Known(id) => return Update::event(Event::Go(Place::firm(id))),
            Message::Close => return self.close_form(),
        }
        Update::none()
    }

    /// Leaves the form; what was typed stays as a draft.
    pub(super) fn close_form(&mut self) -> Update<FirmsMessage> {
        let Some(form) = self.form.take() else { return Update::none() };
        let typed = form.changed().next().is_some();
        let mut update = if form.id.is_none() { Update::event(Event::Back) } else { self.focus_grid() };
        if typed {
            let words = "没有保存；填的内容留作草稿，下次打开可以接着填";
            update = update.and(Update::told(crate::ui::Tone::Quiet, words));
        }
        update
    }

    fn try_save(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some(form) = &mut self.form else { return Update::none() };
        if form.busy || form.loading {
            return Update::none();
        }
        form.tried = true;
        if let Some(first) = form.wrong().first() {
            return iced::widget::operation::focus(field_id(first.key)).into();
        }
        let doubts = form.doubts();
        if doubts.is_empty() {
            return form.save(Vec::new(), ctx).into();
        }
        form.confirm = Some(Confirm::new(doubts));
        iced::widget::operation::focus(confirm::REASON).into()
    }
}

/// A day that is typed, as far as it can be read.
fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    crate::domain::date::parse_day(text, today.year()).ok()
}

/// Whether a field holds what needs the whole width.
fn is_wide(field: &FieldDef) -> bool {
    matches!(field.key, key::NAME | "address_reg" | "address_ops" | "products" | "note" | "other_numbers")
        || field.shape == Shape::Industry
}
