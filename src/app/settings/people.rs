//! 人员: who signs in here and as what, how somebody is added, and one's own password.

use iced::Length;
use iced::widget::{column, row, space};

use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::local::PASSWORD_MIN;
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::list::Item;
use crate::ui::widget::section::heading;
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, Tone, space as sp, text};

const NAME: &str = "people-name";
const OLD: &str = "people-old";

/// What is being filled in, if anything.
#[derive(Debug, Clone, Default)]
pub struct People {
    form: Option<Form>,
}

#[derive(Debug, Clone)]
struct Form {
    what: What,
    name: String,
    role: Role,
    old: String,
    password: String,
    again: String,
    shown: bool,
    tried: bool,
    busy: bool,
    /// The old password was not the right one.
    wrong: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Add,
    Password,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Open,
    OpenPassword,
    Name(String),
    Role(Role),
    Old(String),
    Password(String),
    Again(String),
    Show,
    Go,
    Added(Result<Done<RecordId>>),
    Changed(Result<bool>),
    Close,
    /// 变更历史 of somebody.
    History(RecordId),
}

impl Form {
    fn new(what: What) -> Self {
        Self {
            what,
            name: String::new(),
            role: Role::Officer,
            old: String::new(),
            password: String::new(),
            again: String::new(),
            shown: false,
            tried: false,
            busy: false,
            wrong: false,
        }
    }

    fn wrong_name(&self, ctx: &Ctx) -> Says {
        let name = self.name.trim();
        if name.is_empty() {
            return if self.tried { Says::Error("请填写姓名。".into()) } else { Says::Nothing };
        }
        match ctx.ledger.users.iter().any(|user| user.name == name) {
            true => Says::Warning("已有同名的人，登录时不好分辨。".into()),
            false => Says::Nothing,
        }
    }

    fn wrong_password(&self) -> Option<String> {
        if self.password.chars().count() < PASSWORD_MIN {
            return Some(format!("密码至少 {PASSWORD_MIN} 位。"));
        }
        (!self.shown && self.password != self.again).then(|| "两遍密码不一样，请再输一遍。".to_owned())
    }
}

impl People {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Open => {
                self.form = Some(Form::new(What::Add));
                return Update::task(iced::widget::operation::focus(NAME));
            }
            Message::OpenPassword => {
                self.form = Some(Form::new(What::Password));
                return Update::task(iced::widget::operation::focus(OLD));
            }
            Message::Close => {
                self.form = None;
                return Update::none();
            }
            Message::History(user) => return Update::event(Event::History(user)),
            _ => {}
        }
        let Some(form) = &mut self.form else { return Update::none() };
        match message {
            Message::Name(name) => form.name = name,
            Message::Role(role) => form.role = role,
            Message::Old(old) => {
                form.old = old;
                form.wrong = false;
            }
            Message::Password(password) => form.password = password,
            Message::Again(again) => form.again = again,
            Message::Show => form.shown = !form.shown,
            Message::Go => return self.go(ctx),
            Message::Added(Ok(done)) => {
                let words = format!("已新增人员“{}”", form.name.trim());
                self.form = None;
                return Update::saved(&done, words);
            }
            Message::Added(Err(problem)) | Message::Changed(Err(problem)) => {
                form.busy = false;
                return problem.into();
            }
            Message::Changed(Ok(true)) => {
                self.form = None;
                return Update::told(Tone::Success, "密码已改，下次登录用新密码");
            }
            Message::Changed(Ok(false)) => {
                form.busy = false;
                form.wrong = true;
                return Update::task(iced::widget::operation::focus(OLD));
            }
            Message::Open | Message::OpenPassword | Message::Close | Message::History(_) => {}
        }
        Update::none()
    }

    fn go(&mut self, ctx: &Ctx) -> Update<Message> {
        let Some(form) = &mut self.form else { return Update::none() };
        form.tried = true;
        let nameless = form.what == What::Add && form.name.trim().is_empty();
        if form.busy || nameless || form.wrong_password().is_some() {
            return Update::none();
        }
        form.busy = true;
        let password = form.password.clone();
        match form.what {
            What::Add => {
                if !may_add(ctx) {
                    let logged = Logged::new(DeedKind::Refused, format!("新增人员“{}”：不是管理员", form.name.trim()));
                    let refused = Problem::refused("只有管理员能新增人员。").next("请管理员登录后再加。");
                    return Update::from(refused).and_event(Event::Note(logged));
                }
                let (name, role) = (form.name.trim().to_owned(), form.role);
                let deed = format!("新增人员“{name}”");
                let act =
                    ctx.act(deed, move |act| act.add_user_with_password(&name, &[role], &password), Message::Added);
                Update::task(act)
            }
            What::Password => {
                let (db, user, old) = (ctx.db.clone(), ctx.user, form.old.clone());
                let work = async move {
                    if !db.check_password(user, &old).await? {
                        // Whoever is told of the wrong password hears of nothing else.
                        let _ = db.note(user, Logged::new(DeedKind::Refused, "改密码：现在的密码不对")).await;
                        return Ok(false);
                    }
                    db.set_password(user, &password).await.map(|()| true)
                };
                Update::task(iced::Task::perform(work, Message::Changed))
            }
        }
    }

    /// Enter anywhere in the form.
    pub fn enter(&self) -> Option<Message> {
        self.form.is_some().then_some(Message::Go)
    }

    /// The list of people.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let own = (!ctx.ledger.office.example)
            .then(|| button::quiet("改我的密码…").icon(Icon::KeyRound).small().on_press(Message::OpenPassword));
        let add = button::normal("新增人员…").icon(Icon::UserPlus).small();
        let add = if may_add(ctx) { add.on_press(Message::Open) } else { add.refused(who_may(ctx)) };
        let tail = row![].push(own).push(add).spacing(sp::S8);
        let remark = if ctx.ledger.office.example {
            "示例单位不用密码"
        } else {
            "每一次录入和决定都记上姓名"
        };
        let mut table = ledger(
            [
                Column::left("姓名", 200),
                Column::left("身份", 240),
                Column::left("", Length::Fill),
                Column::right("", 44),
            ],
            ctx.theme.density,
        );
        for user in &ctx.ledger.users {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            let state: Element<'a, Message> = if !user.active {
                Badge::outline(Icon::LogOut, "已离开").view()
            } else if user.id == ctx.user {
                text::line(text::SMALL, Tone::Quiet, "正在用").into()
            } else {
                space().into()
            };
            table = table.push(vec![
                text::line(text::BODY, Tone::Plain, user.name.as_str()).into(),
                text::line(text::BODY, Tone::Quiet, roles.join("、")).into(),
                state.into(),
                button::icon_only(Icon::History).tip("变更历史").on_press(Message::History(user.id)).into(),
            ]);
        }
        let who = (!may_add(ctx)).then(|| text::small(who_may(ctx)));
        column![heading("人员", Some(remark), Some(tail.into())), Element::from(table)].push(who).spacing(sp::S4).into()
    }

    /// The form above the page.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let form = self.form.as_ref()?;
        let mut content = column![].spacing(sp::S12);
        if form.what == What::Add {
            let says = form.wrong_name(ctx);
            let roles = [Role::Officer, Role::Supervisor, Role::Administrator, Role::Auditor];
            let roles = roles.map(|role| Item::new(role, role.label()));
            content = content
                .push(
                    field(
                        "姓名",
                        input::input(&form.name)
                            .on_input(Message::Name)
                            .on_submit(Message::Go)
                            .tone(says.tone())
                            .id(NAME),
                    )
                    .required()
                    .says(says)
                    .below(),
                )
                .push(
                    field("身份", select::select(roles, Some(form.role)).on_choose(Message::Role).width(200))
                        .required(),
                );
        } else {
            let says = match (form.wrong, form.tried && form.old.is_empty()) {
                (true, _) => Says::Error("现在的密码不对，请再输一遍。".into()),
                (_, true) => Says::Error("请先输入现在的密码。".into()),
                _ => Says::Nothing,
            };
            content = content.push(
                field(
                    "现在的密码",
                    input::input(&form.old)
                        .on_input(Message::Old)
                        .on_submit(Message::Go)
                        .secure(form.shown, Message::Show)
                        .tone(says.tone())
                        .id(OLD),
                )
                .required()
                .says(says)
                .below(),
            );
        }
        let says = match form.wrong_password() {
            Some(wrong) if form.tried => Says::Error(wrong),
            _ => Says::Hint(format!("至少 {PASSWORD_MIN} 位。忘记了无法找回。")),
        };
        let label = if form.what == What::Add { "登录密码" } else { "新密码" };
        content = content.push(
            field(
                label,
                input::input(&form.password)
                    .on_input(Message::Password)
                    .on_submit(Message::Go)
                    .secure(form.shown, Message::Show)
                    .tone(says.tone()),
            )
            .required()
            .says(says)
            .below(),
        );
        let again = (!form.shown).then(|| {
            field(
                "再输一遍",
                input::input(&form.again).on_input(Message::Again).on_submit(Message::Go).secure(false, Message::Show),
            )
            .required()
        });
        content = content.push(again.map(Element::from));
        let (title, verb) = match form.what {
            What::Add => ("新增人员", "新增人员"),
            What::Password => ("改我的密码", "改密码"),
        };
        let go = button::primary(verb).key("Enter").on_press((!form.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        Some((dialog::dialog(title, content, [close.into(), go.into()], dialog::Width::Usual), Message::Close))
    }
}

fn may_add(ctx: &Ctx) -> bool {
    ctx.person().is_some_and(|person| person.roles.contains(&Role::Administrator))
}

/// Who may add people, by name.
fn who_may(ctx: &Ctx) -> String {
    let admins = ctx.ledger.users.iter().filter(|user| user.active && user.roles.contains(&Role::Administrator));
    let names: Vec<&str> = admins.map(|user| user.name.as_str()).collect();
    match names.as_slice() {
        [] => "只有管理员能新增人员，这里还没有管理员。".to_owned(),
        names => format!("只有管理员能新增人员：{}。", names.join("、")),
    }
}
