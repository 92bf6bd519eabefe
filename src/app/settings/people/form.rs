//! The form in which somebody is added or changed: name, roles, section, programs, and the first password.

use std::collections::BTreeSet;

use iced::widget::{column, row};

use super::Message;
use crate::app::ctx::Ctx;
use crate::app::start::new_password::NewPassword;
use crate::catalog::Catalog;
use crate::domain::Problem;
use crate::domain::id::RecordId;
use crate::domain::people::{Role, user_key};
use crate::store::acts::Values;
use crate::store::ledger::User;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, space as sp, text};

pub const NAME: &str = "people-name";

/// What is being filled in.
#[derive(Debug, Clone)]
pub struct Form {
    /// Who is changed; `None`: somebody is added.
    pub id: Option<RecordId>,
    pub name: String,
    pub roles: BTreeSet<Role>,
    pub section: String,
    /// Programs answered for; none: all.
    pub programs: BTreeSet<String>,
    pub active: bool,
    pub password: NewPassword,
    pub tried: bool,
    pub busy: bool,
    /// Why it was not saved.
    pub problem: Option<Problem>,
}

/// What is changed in it.
#[derive(Debug, Clone)]
pub enum Typed {
    Name(String),
    Role(Role, bool),
    Section(String),
    Program(String, bool),
    Active(bool),
    Password(crate::app::start::new_password::Message),
}

impl Form {
    /// Of somebody new, an officer as most are.
    pub fn new() -> Self {
        Self {
            id: None,
            name: String::new(),
            roles: [Role::Officer].into(),
            section: String::new(),
            programs: BTreeSet::new(),
            active: true,
            password: NewPassword::default(),
            tried: false,
            busy: false,
            problem: None,
        }
    }

    /// Of somebody who is here.
    pub fn of(user: &User) -> Self {
        Self {
            id: Some(user.id),
            name: user.name.clone(),
            roles: user.roles.iter().copied().collect(),
            section: user.section.clone(),
            programs: user.programs.iter().cloned().collect(),
            active: user.active,
            ..Self::new()
        }
    }

    /// Takes in what was typed or ticked.
    pub fn update(&mut self, typed: Typed) {
        fn tick<T: Ord>(all: &mut BTreeSet<T>, one: T, on: bool) {
            if on {
                all.insert(one);
            } else {
                all.remove(&one);
            }
        }
        self.problem = None;
        match typed {
            Typed::Name(name) => self.name = name,
            Typed::Section(section) => self.section = section,
            Typed::Role(role, on) => tick(&mut self.roles, role, on),
            Typed::Program(program, on) => tick(&mut self.programs, program, on),
            Typed::Active(active) => self.active = active,
            Typed::Password(message) => self.password.update(message),
        }
    }

    /// Whether somebody new needs a password here.
    fn has_password(&self, ctx: &Ctx) -> bool {
        self.id.is_none() && !ctx.ledger.office.example
    }

    /// Whether it can be saved.
    pub fn is_right(&self, ctx: &Ctx) -> bool {
        let password = !self.has_password(ctx) || self.password.wrong(&ctx.ledger.office.signing).is_none();
        !self.name.trim().is_empty() && !self.roles.is_empty() && password
    }

    /// Roles in the order people know them.
    pub fn roles(&self) -> Vec<Role> {
        self.roles.iter().copied().collect()
    }

    /// The fields as they are stored.
    pub fn values(&self) -> Values {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let roles: Vec<&str> = self.roles.iter().map(|role| role.word()).collect();
        let programs: Vec<&str> = self.programs.iter().map(String::as_str).collect();
        [
            (user_key::NAME.to_owned(), some(self.name.trim().to_owned())),
            (user_key::ROLES.to_owned(), Some(roles.join(" "))),
            (user_key::SECTION.to_owned(), some(self.section.trim().to_owned())),
            (user_key::PROGRAMS.to_owned(), some(programs.join(" "))),
            (user_key::ACTIVE.to_owned(), (!self.active).then(|| "否".to_owned())),
        ]
        .into()
    }

    fn says_name(&self, ctx: &Ctx) -> Says {
        let name = self.name.trim();
        if name.is_empty() {
            return if self.tried { Says::Error("请填写姓名。".into()) } else { Says::Nothing };
        }
        match ctx.ledger.users.iter().any(|user| user.name == name && Some(user.id) != self.id) {
            true => Says::Warning("已有同名的人，登录时不好分辨。".into()),
            false => Says::Nothing,
        }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let says = self.says_name(ctx);
        let name = input::input(&self.name)
            .on_input(|text| Message::Typed(Typed::Name(text)))
            .on_submit(Message::Go)
            .tone(says.tone())
            .id(NAME);
        let roles = Role::ALL.map(|role| {
            let tick = move |on| Message::Typed(Typed::Role(role, on));
            checkbox::explained(role.label(), Some(role.does()), self.roles.contains(&role), Some(tick))
        });
        let none = (self.roles.is_empty() && self.tried).then_some("请至少选一个身份。");
        let section = input::input(&self.section)
            .placeholder("如：高新技术科")
            .on_input(|text| Message::Typed(Typed::Section(text)))
            .on_submit(Message::Go);
        let programs = Catalog::builtin().programs().iter().map(|program| {
            let id = program.id.clone();
            let tick = move |on| Message::Typed(Typed::Program(id.clone(), on));
            checkbox::checkbox(program.short.clone(), self.programs.contains(&program.id), Some(tick))
        });
        let programs =
            column![row(programs).spacing(sp::S16).wrap(), text::small("不勾就是全部事项。")].spacing(sp::S4);
        let roles_says = none.map_or(Says::Nothing, |words| Says::Error(words.into()));
        let mut content = column![
            field("姓名", name).required().says(says).below(),
            field("身份", column(roles).spacing(sp::S8)).required().says(roles_says).below(),
            field("科室", section),
            field("负责事项", programs),
        ]
        .spacing(sp::S12);
        if self.has_password(ctx) {
            let says = match self.password.says(&ctx.ledger.office.signing) {
                Says::Hint(rules) => Says::Hint(format!("{rules}本人第一次登录时必须改掉。")),
                says => says,
            };
            let wrap = |message| Message::Typed(Typed::Password(message));
            let fields = self.password.view(says.tone(), text::BODY, wrap, Message::Go);
            content = content.push(field("初始密码", fields).required().says(says).below());
        }
        if self.id.is_some() {
            let tick = |on| Message::Typed(Typed::Active(on));
            let note = "停用后不能登录；以前的录入和决定还记在名下";
            let active = checkbox::explained("在用", Some(note), self.active, Some(tick));
            content = content.push(field("状态", active));
        }
        let refused = self.problem.as_ref().and_then(|problem| Says::Error(problem.to_string()).view());
        let content = content.push(refused);
        let (title, verb) =
            if self.id.is_none() { ("新增人员", "新增人员") } else { ("修改人员", "保存") };
        let go = button::primary(verb).key("Enter").on_press((!self.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        dialog::dialog(title, content, [close.into(), go.into()], dialog::Width::Wide)
    }
}
