//! 人员: who signs in here and as what, how somebody is added, changed or let go, and one's own password.
//! The form is in `form`; a one-time password is shown once, in a dialog of its own.
//! What somebody may do is the domain's table; here it only decides what is offered.

mod form;

use iced::Length;
use iced::widget::{column, row, space};

use crate::app::ctx::Ctx;
use crate::app::start::new_password::{self, NewPassword};
use crate::app::update::{Event, Update};
use crate::catalog::Catalog;
use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::domain::people::{Permission, Role};
use crate::store::accounts::Entry;
use crate::store::ledger::User;
use crate::store::{Act, Done};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::section::heading;
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, Tone, space as sp, text};
use form::{Form, Typed};

const OLD: &str = "people-old";

/// What is open above the page, if anything.
#[derive(Debug, Clone, Default)]
enum Open {
    #[default]
    Nothing,
    Form(Box<Form>),
    Own(Own),
    /// A password to be told to somebody.
    Once {
        name: String,
        password: String,
    },
}

/// One's own password being changed.
#[derive(Debug, Clone, Default)]
struct Own {
    old: String,
    new: NewPassword,
    shown: bool,
    busy: bool,
    problem: Option<String>,
}

/// The people.
#[derive(Debug, Clone, Default)]
pub struct People {
    open: Open,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Edit(RecordId),
    OpenPassword,
    Reset(RecordId),
    Typed(Typed),
    Old(String),
    ShowOld,
    New(new_password::Message),
    Copy,
    Go,
    Added(Result<Done<RecordId>>),
    Saved(Result<Done<bool>>),
    Changed(Result<Entry>),
    WasReset(String, Result<String>),
    Close,
    /// 变更历史 of somebody.
    History(RecordId),
}

impl People {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Open => {
                self.open = Open::Form(Box::new(Form::new()));
                return Update::task(iced::widget::operation::focus(form::NAME));
            }
            Message::Edit(id) => {
                if let Some(user) = ctx.ledger.users.iter().find(|user| user.id == id) {
                    self.open = Open::Form(Box::new(Form::of(user)));
                    return Update::task(iced::widget::operation::focus(form::NAME));
                }
            }
            Message::OpenPassword => {
                self.open = Open::Own(Own::default());
                return Update::task(iced::widget::operation::focus(OLD));
            }
            Message::Reset(id) => {
                let Some(user) = ctx.ledger.users.iter().find(|user| user.id == id) else { return Update::none() };
                let name = user.name.clone();
                let answer = ctx.db.reset_password(ctx.user, id);
                return Update::task(ctx.ask(answer, move |once| Message::WasReset(name, once)));
            }
            Message::WasReset(name, Ok(password)) => self.open = Open::Once { name, password },
            Message::WasReset(_, Err(problem)) => return problem.into(),
            Message::Close => self.open = Open::Nothing,
            Message::History(user) => return Update::event(Event::History(user)),
            Message::Copy => {
                if let Open::Once { password, .. } = &self.open {
                    let (text, words) = (password.clone(), "已复制一次性密码".to_owned());
                    return Update::event(Event::Copy { text, words, logged: None });
                }
            }
            Message::Go => return self.go(ctx),
            Message::Added(Ok(done)) => {
                let words = format!("已{}", done.name);
                self.open = Open::Nothing;
                return Update::saved(&done, words);
            }
            Message::Saved(Ok(done)) => {
                let words = format!("已{}", done.name);
                self.open = Open::Nothing;
                return Update::saved(&done, words);
            }
            Message::Added(Err(problem)) | Message::Saved(Err(problem)) => {
                if let Open::Form(form) = &mut self.open {
                    form.busy = false;
                    form.problem = Some(problem);
                }
            }
            Message::Typed(typed) => {
                if let Open::Form(form) = &mut self.open {
                    form.update(typed);
                }
            }
            Message::Old(_) | Message::ShowOld | Message::New(_) | Message::Changed(_) => {
                return self.own_password(message);
            }
        }
        Update::none()
    }

    fn own_password(&mut self, message: Message) -> Update<Message> {
        let Open::Own(own) = &mut self.open else { return Update::none() };
        match message {
            Message::Old(old) => {
                own.old = old;
                own.problem = None;
            }
            Message::ShowOld => own.shown = !own.shown,
            Message::New(message) => own.new.update(message),
            Message::Changed(done) => {
                own.busy = false;
                own.problem = match done {
                    Ok(Entry::In { .. }) => {
                        self.open = Open::Nothing;
                        return Update::told(Tone::Success, "密码已改，下次登录用新密码");
                    }
                    Ok(Entry::Wrong { left }) => Some(format!("现在的密码不对，请再输一遍。再错 {left} 次将锁定。")),
                    Ok(entry) => entry.problem().map(|problem| problem.to_string()),
                    Err(problem) => return problem.into(),
                };
                return Update::task(iced::widget::operation::focus(OLD));
            }
            _ => {}
        }
        Update::none()
    }

    fn go(&mut self, ctx: &Ctx) -> Update<Message> {
        match &mut self.open {
            Open::Nothing => Update::none(),
            Open::Once { .. } => {
                self.open = Open::Nothing;
                Update::none()
            }
            Open::Form(form) => {
                form.tried = true;
                form.password.tried = true;
                if form.busy || !form.is_right(ctx) {
                    return Update::none();
                }
                form.busy = true;
                let (values, name) = (form.values(), form.name.trim().to_owned());
                if let Some(id) = form.id {
                    let deed = format!("修改人员“{name}”");
                    return Update::task(ctx.act(deed, move |act| act.change_user(id, &values), Message::Saved));
                }
                let (roles, password) = (form.roles(), form.password.typed().to_owned());
                let example = ctx.ledger.office.example;
                let add = move |act: &mut Act<'_>| {
                    let user = match example {
                        true => act.add_user(&name, &roles)?,
                        false => act.add_user_with_password(&name, &roles, &password)?,
                    };
                    act.change_user(user, &values)?;
                    Ok(user)
                };
                let deed = format!("新增人员“{}”", form.name.trim());
                Update::task(ctx.act(deed, add, Message::Added))
            }
            Open::Own(own) => {
                own.new.tried = true;
                own.problem = own.old.is_empty().then(|| "请先输入现在的密码。".to_owned());
                let wrong = own.new.wrong(&ctx.ledger.office.signing).is_some();
                if own.busy || wrong || own.problem.is_some() {
                    return Update::none();
                }
                own.busy = true;
                let answer = ctx.db.change_password(ctx.user, &own.old, own.new.typed());
                Update::task(ctx.ask(answer, Message::Changed))
            }
        }
    }

    /// Enter anywhere in what is open.
    pub fn enter(&self) -> Option<Message> {
        (!matches!(self.open, Open::Nothing)).then_some(Message::Go)
    }

    /// The list of people.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let manages = ctx.may(Permission::ManagePeople);
        let own = (!ctx.ledger.office.example)
            .then(|| button::quiet("改我的密码…").icon(Icon::KeyRound).small().on_press(Message::OpenPassword));
        let add = manages.then(|| button::normal("新增人员…").icon(Icon::UserPlus).small().on_press(Message::Open));
        let tail = row![].push(own).push(add).spacing(sp::S8);
        let remark = if ctx.ledger.office.example {
            "示例单位不用密码"
        } else {
            "每一次录入和决定都记上姓名"
        };
        let mut table = ledger(
            [
                Column::left("姓名", 140),
                Column::left("身份", 210),
                Column::left("科室", 140),
                Column::left("负责事项", Length::Fill),
                Column::left("", 96),
                Column::right("", 116),
            ],
            ctx.theme.density,
        );
        for user in &ctx.ledger.users {
            table = table.push(line(user, manages, ctx));
        }
        let who = (!manages).then(|| text::small(who_manages(ctx)));
        column![heading("人员", Some(remark), Some(tail.into())), Element::from(table)].push(who).spacing(sp::S4).into()
    }

    /// What is open above the page.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let dialog = match &self.open {
            Open::Nothing => return None,
            Open::Form(form) => form.view(ctx),
            Open::Own(own) => own.view(ctx),
            Open::Once { name, password } => once(name, password),
        };
        Some((dialog, Message::Close))
    }
}

impl Own {
    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let says = self.problem.clone().map_or(Says::Nothing, Says::Error);
        let old = input::input(&self.old)
            .on_input(Message::Old)
            .on_submit(Message::Go)
            .secure(self.shown, Message::ShowOld)
            .tone(says.tone())
            .id(OLD);
        let new = self.new.says(&ctx.ledger.office.signing);
        let fields = self.new.view(new.tone(), text::BODY, Message::New, Message::Go);
        let content = column![
            field("现在的密码", old).required().says(says).below(),
            field("新密码", fields).required().says(new).below(),
        ]
        .spacing(sp::S12);
        let go = button::primary("改密码").key("Enter").on_press((!self.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        dialog::dialog("改我的密码", content, [close.into(), go.into()], dialog::Width::Usual)
    }
}

/// One person in the list.
fn line<'a>(user: &'a User, manages: bool, ctx: &'a Ctx) -> Vec<crate::ui::widget::ledger::Cell<'a, Message>> {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
    let programs: Vec<&str> = user
        .programs
        .iter()
        .map(|id| Catalog::builtin().program(id).map_or(id.as_str(), |program| program.short.as_str()))
        .collect();
    let programs = if programs.is_empty() { "全部".to_owned() } else { programs.join("、") };
    let state: Element<'a, Message> = if !user.active {
        Badge::outline(Icon::LogOut, "已停用").view()
    } else if user.id == ctx.user {
        text::line(text::SMALL, Tone::Quiet, "正在用").into()
    } else {
        space().into()
    };
    let edit = manages.then(|| button::icon_only(Icon::PencilLine).tip("修改").on_press(Message::Edit(user.id)));
    // One's own is changed with the old one, not reset.
    let reset = (manages && !ctx.ledger.office.example && user.active && user.id != ctx.user)
        .then(|| button::icon_only(Icon::KeyRound).tip("重设为一次性密码").on_press(Message::Reset(user.id)));
    let history = button::icon_only(Icon::History).tip("变更历史").on_press(Message::History(user.id));
    vec![
        text::line(text::BODY, Tone::Plain, user.name.as_str()).into(),
        text::line(text::BODY, Tone::Quiet, roles.join("、")).into(),
        text::line(text::BODY, Tone::Quiet, user.section.as_str()).into(),
        text::line(text::BODY, Tone::Quiet, programs).into(),
        state.into(),
        Element::from(row![].push(edit).push(reset).push(history)).into(),
    ]
}

/// A password that is told to somebody, shown once.
fn once<'a>(name: &'a str, password: &'a str) -> Element<'a, Message> {
    let content = column![
        text::body(format!("请把这个密码当面告诉{name}。只能用一次：登录后必须先改成自己的。离开这里就看不到了。")),
        text::title(password),
    ]
    .spacing(sp::S16);
    let copy = button::normal("复制").icon(Icon::Copy).on_press(Message::Copy);
    let close = button::primary("知道了").key("Enter").on_press(Message::Close);
    dialog::dialog("一次性密码", content, [copy.into(), close.into()], dialog::Width::Usual)
}

/// Who manages people, by name.
fn who_manages(ctx: &Ctx) -> String {
    let admins = ctx.ledger.users.iter().filter(|user| user.active && user.roles.contains(&Role::Administrator));
    let names: Vec<&str> = admins.map(|user| user.name.as_str()).collect();
    match names.as_slice() {
        [] => "只有管理员能管理人员，这里还没有管理员；可以用恢复密钥。".to_owned(),
        names => format!("只有管理员能管理人员：{}。", names.join("、")),
    }
}
