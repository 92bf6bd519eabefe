//! 登录与权限: how long a password is, when one is locked out, when the window locks itself, who decides, and the recovery key.

use iced::alignment::Vertical;
use iced::widget::{column, row, space};
use iced::{Length, Task};

use crate::app::ctx::Ctx;
use crate::app::start::key::{self, Paper};
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::Result;
use crate::domain::event::Stamp;
use crate::domain::people::signing::SETTINGS;
use crate::domain::people::{Permission, office_key};
use crate::store::Done;
use crate::store::acts::Values;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::section::section;
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, space as sp, text};

/// Labels of this tab are as wide as the longest.
pub const LABEL: f32 = 92.0;

/// What is typed, and the key being shown.
pub struct Signing {
    typed: [String; 5],
    strict: bool,
    /// As the office has it.
    base: ([String; 5], bool),
    saving: bool,
    /// When the recovery key was made, in milliseconds. The outer `None`: not read yet.
    since: Option<Option<i64>>,
    paper: Option<Paper>,
    busy: bool,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Rule(usize, String),
    Strict(bool),
    Save,
    Saved(Result<Done<bool>>),
    Discard,
    Since(Result<Option<i64>>),
    NewKey,
    Made(Result<String>),
    Paper(key::Message),
}

fn base(ctx: &Ctx) -> ([String; 5], bool) {
    let office = &ctx.ledger.office;
    (office.signing.rules().map(|rule| rule.to_string()), office.supervisor_decides)
}

impl Signing {
    /// As the office has it.
    pub fn new(ctx: &Ctx) -> Self {
        let base = base(ctx);
        let (typed, strict) = base.clone();
        Self { typed, strict, base, saving: false, since: None, paper: None, busy: false }
    }

    /// The office changed: what was not touched here follows.
    pub fn refresh(&mut self, ctx: &Ctx) -> Task<Message> {
        let fresh = base(ctx);
        if !self.dirty() {
            (self.typed, self.strict) = fresh.clone();
        }
        self.base = fresh;
        ctx.ask(ctx.db.recovery_key_since(), Message::Since)
    }

    /// Whether something is not saved.
    pub fn dirty(&self) -> bool {
        self.typed.iter().map(|text| text.trim()).ne(self.base.0.iter().map(String::as_str))
            || self.strict != self.base.1
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Rule(n, text) => self.typed.iter_mut().skip(n).take(1).for_each(|typed| typed.clone_from(&text)),
            Message::Strict(strict) => self.strict = strict,
            Message::Discard => (self.typed, self.strict) = self.base.clone(),
            Message::Save => {
                let right = SETTINGS.iter().zip(&self.typed).all(|(setting, text)| setting.read(text).is_ok());
                if self.saving || !right || !self.dirty() {
                    return Update::none();
                }
                self.saving = true;
                let mut values: Values = SETTINGS
                    .iter()
                    .zip(&self.typed)
                    .map(|(setting, text)| (setting.key.to_owned(), Some(text.trim().to_owned())))
                    .collect();
                let strict = self.strict.then(|| "是".to_owned());
                values.insert(office_key::SUPERVISOR_DECIDES.to_owned(), strict);
                return Update::task(ctx.act("改登录与权限", move |act| act.change_office(&values), Message::Saved));
            }
            Message::Saved(Ok(done)) => {
                self.saving = false;
                return Update::saved(&done, "已保存登录与权限");
            }
            Message::Saved(Err(problem)) => {
                self.saving = false;
                return problem.into();
            }
            Message::Since(Ok(since)) => self.since = Some(since),
            Message::Since(Err(problem)) => return problem.into(),
            Message::NewKey if self.busy => {}
            Message::NewKey => {
                self.busy = true;
                return Update::task(ctx.ask(ctx.db.new_recovery_key(ctx.user), Message::Made));
            }
            Message::Made(made) => {
                self.busy = false;
                match made {
                    Ok(key) => self.paper = Some(Paper::new(key, &ctx.ledger.office.name, ctx.db.clock().today())),
                    Err(problem) => return problem.into(),
                }
            }
            Message::Paper(key::Message::Kept) => {
                self.paper = None;
                return Update::task(ctx.ask(ctx.db.recovery_key_since(), Message::Since));
            }
            Message::Paper(message) => {
                let logged = message.logged().map(Event::Note);
                if let Some(paper) = &mut self.paper {
                    let task = paper.update(message).map(Message::Paper);
                    return Update { task, events: logged.into_iter().collect() };
                }
            }
        }
        Update::none()
    }

    /// The form.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let changes = ctx.may(Permission::ChangeOffice);
        let rules = SETTINGS.iter().zip(&self.typed).enumerate().map(|(n, (setting, typed))| {
            let says = match setting.read(typed) {
                Ok(_) => Says::Hint(setting.unit.to_owned()),
                Err(problem) => Says::Error(problem.says),
            };
            let input = input::input(typed).number().tone(says.tone()).width(96);
            let input = if changes { input.on_input(move |text| Message::Rule(n, text)) } else { input };
            field(setting.label, input).label_width(LABEL).says(says).into()
        });
        let note = "勾上后经办人只能提交、登记上级结果；推荐、退回、不推荐要由科长登记";
        let tick = changes.then_some(Message::Strict);
        let strict = checkbox::explained("审核决定只由科长登记", Some(note), self.strict, tick);
        let dirty = self.dirty();
        let save = button::primary(if self.saving { "正在保存…" } else { "保存登录与权限" })
            .on_press((dirty && !self.saving).then_some(Message::Save));
        let discard = dirty.then(|| button::quiet("放弃改动").on_press(Message::Discard));
        let buttons = row![space().width(LABEL + sp::S12 - sp::S8), save].push(discard).spacing(sp::S8);
        column![section("登录与权限", Some("对所有人、所有电脑都一样"), None)]
            .extend(rules)
            .push(field("权限", strict).label_width(LABEL))
            .push(changes.then_some(buttons))
            .push((!ctx.ledger.office.example).then(|| self.key(ctx)))
            .spacing(sp::S12)
            .into()
    }

    /// Where the recovery key stands.
    fn key<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let words = match self.since {
            None => String::new(),
            Some(None) => "还没有生成。管理员忘记密码时，没有它就进不来。".to_owned(),
            Some(Some(at)) => format!("{} 生成，只有纸上那一份。", words::stamp(Stamp::at_millis(at), ctx)),
        };
        let make = (ctx.may(Permission::ManagePeople) && self.since.is_some()).then(|| {
            let label = if self.since == Some(None) { "生成…" } else { "换新的…" };
            button::normal(label).icon(Icon::KeyRound).small().on_press((!self.busy).then_some(Message::NewKey))
        });
        let line = row![text::body(words)].push(make).spacing(sp::S12).align_y(Vertical::Center);
        field("恢复密钥", line.width(Length::Fill)).label_width(LABEL).into()
    }

    /// The key just made, above the page.
    pub fn above(&self) -> Option<(Element<'_, Message>, Message)> {
        let paper = self.paper.as_ref()?;
        let content = column![
            text::body("旧的密钥已作废。这一个只显示这一次，请打印或抄写后封存。"),
            paper.view().map(Message::Paper),
        ]
        .spacing(sp::S12);
        let kept = Message::Paper(key::Message::Kept);
        let close = button::primary("已收好").on_press(kept.clone());
        Some((dialog::dialog("新的恢复密钥", content, [close.into()], dialog::Width::Wide), kept))
    }
}
