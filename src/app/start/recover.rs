//! An administrator has forgotten the password: the recovery key printed at first run sets it anew.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, row, space};
use iced::{Length, Task};

use super::frame;
use super::new_password::{self, NewPassword};
use crate::app::opening::Opened;
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::domain::{Problem, Result};
use crate::store::accounts::Recovered;
use crate::store::ledger::User;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, input, select};
use crate::ui::{Element, space as sp, text};

const KEY: &str = "recovery-key";

/// What was typed so far.
#[derive(Debug, Clone)]
pub struct Recover {
    opened: Opened,
    user: Option<RecordId>,
    key: String,
    new: NewPassword,
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    User(RecordId),
    Key(String),
    New(new_password::Message),
    Go,
    Recovered(Result<Recovered>),
    Back,
}

/// What the window has to do.
pub enum Outcome {
    Task(Task<Message>),
    /// The password is set; the key that replaces the used one is to be shown.
    Recovered(Opened, Recovered),
    Back(Opened),
}

impl Recover {
    /// Nothing typed yet.
    pub fn new(opened: Opened) -> Self {
        let user = who(&opened).first().map(|user| user.id);
        Self { opened, user, key: String::new(), new: NewPassword::default(), busy: false, problem: None }
    }

    /// Puts the caret into the key.
    pub fn focus() -> Task<Message> {
        iced::widget::operation::focus(KEY)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Outcome {
        match message {
            Message::User(user) => self.user = Some(user),
            Message::Key(text) => self.key = text,
            Message::New(message) => self.new.update(message),
            Message::Back => return Outcome::Back(self.opened.clone()),
            Message::Go => {
                self.new.tried = true;
                self.problem = None;
                let Some(user) = self.user.filter(|_| !self.busy) else { return Outcome::Task(Task::none()) };
                if self.key.trim().is_empty() {
                    self.problem = Some(Problem::bad_input("请输入恢复密钥。").next("大小写和横线都不要紧。"));
                    return Outcome::Task(Self::focus());
                }
                if self.new.wrong(&self.opened.ledger.office.signing).is_some() {
                    return Outcome::Task(NewPassword::focus());
                }
                self.busy = true;
                let answer = self.opened.db.recover(&self.key, user, self.new.typed());
                return Outcome::Task(Task::perform(answer, Message::Recovered));
            }
            Message::Recovered(done) => {
                self.busy = false;
                match done {
                    Ok(recovered) => {
                        let opened = Opened { ledger: self.opened.db.ledger(), ..self.opened.clone() };
                        return Outcome::Recovered(opened, recovered);
                    }
                    Err(problem) => self.problem = Some(problem),
                }
            }
        }
        Outcome::Task(Task::none())
    }

    /// Enter anywhere.
    pub fn key(&self, pressed: &Pressed) -> Option<Message> {
        (pressed.key == Key::Named(Named::Enter)).then_some(Message::Go)
    }

    /// The page.
    pub fn view(&self) -> Element<'_, Message> {
        let large = text::Style { line: 24.0, ..text::SECTION.regular() };
        let people = who(&self.opened).into_iter().map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            Item::new(user.id, user.name.clone()).detail(roles.join("、"))
        });
        let wrong = self.problem.as_ref().map(|problem| Says::Error(problem.to_string()));
        let hint = Says::Hint("启用时印下的 32 位密钥，用过一次就换新的。".to_owned());
        let tone = wrong.as_ref().and_then(Says::tone);
        let new = self.new.says(&self.opened.ledger.office.signing);
        let lines = frame::lines([
            frame::line("管理员", select::select(people, self.user).on_choose(Message::User).width(240), None),
            frame::line(
                "恢复密钥",
                input::input(&self.key)
                    .placeholder("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
                    .on_input(Message::Key)
                    .on_submit(Message::Go)
                    .style(large)
                    .tone(tone)
                    .id(KEY),
                wrong.unwrap_or(hint).view(),
            ),
            frame::line("新密码", self.new.view(new.tone(), large, Message::New, Message::Go), new.view()),
        ]);
        let busy = self.busy.then(|| text::toned(text::BODY, Tone::Accent, "正在核对……"));
        let go = button::primary("设新密码").key("Enter").decision().on_press((!self.busy).then_some(Message::Go));
        let content = column![
            frame::title("忘记密码", "管理员用恢复密钥设新密码；其他人请找管理员重设，不用密钥。"),
            lines,
            row![button::quiet("返回登录").on_press(Message::Back), space().width(Length::Fill)]
                .push(busy)
                .push(go)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        frame::page(content, text::small("每一次使用恢复密钥，对的错的，都记入操作日志。"))
    }
}

/// The administrators; everybody where there is none.
fn who(opened: &Opened) -> Vec<&User> {
    let admins: Vec<&User> =
        opened.ledger.users.iter().filter(|user| user.active && user.roles.contains(&Role::Administrator)).collect();
    if admins.is_empty() { opened.ledger.users.iter().collect() } else { admins }
}
