//! Signing in: who, and the password.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, row, space};
use iced::{Length, Task};

use super::frame;
use crate::app::opening::{After, Opened};
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::accounts::Entry;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, input, select};
use crate::ui::{Element, space as sp, text};

const PASSWORD: &str = "sign-in-password";

/// The open office, and who wants in.
#[derive(Debug, Clone)]
pub struct SignIn {
    opened: Opened,
    user: Option<RecordId>,
    password: String,
    shown: bool,
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    User(RecordId),
    Password(String),
    Show,
    Enter,
    Checked(Result<Entry>),
    /// The password was forgotten.
    Forgotten,
}

/// What the window has to do.
pub enum Outcome {
    Task(Task<Message>),
    Signed(RecordId),
    /// The password is right but must be set anew first; it is handed over for that.
    MustChange(RecordId, String),
    /// An administrator has forgotten the password.
    Recover,
}

impl SignIn {
    /// The first who may sign in is offered.
    pub fn new(opened: Opened) -> Self {
        let user = opened.ledger.users.iter().find(|user| user.active).map(|user| user.id);
        Self { opened, user, password: String::new(), shown: false, busy: false, problem: None }
    }

    /// The office that is open.
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Puts the caret into the password.
    pub fn focus() -> Task<Message> {
        iced::widget::operation::focus(PASSWORD)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Outcome {
        match message {
            Message::User(user) => {
                self.user = Some(user);
                self.problem = None;
                return Outcome::Task(Self::focus());
            }
            Message::Password(text) => self.password = text,
            Message::Show => self.shown = !self.shown,
            Message::Enter => {
                let Some(user) = self.user.filter(|_| !self.busy) else { return Outcome::Task(Task::none()) };
                if self.opened.ledger.office.example {
                    return Outcome::Signed(user);
                }
                self.busy = true;
                self.problem = None;
                let answer = self.opened.db.sign_in(user, &self.password, "登录");
                return Outcome::Task(Task::perform(answer, Message::Checked));
            }
            Message::Checked(checked) => {
                self.busy = false;
                match (checked, self.user) {
                    (Ok(Entry::In { must_change: false }), Some(user)) => return Outcome::Signed(user),
                    (Ok(Entry::In { must_change: true }), Some(user)) => {
                        return Outcome::MustChange(user, std::mem::take(&mut self.password));
                    }
                    (Ok(entry), _) => {
                        self.password.clear();
                        self.problem = entry.problem();
                        return Outcome::Task(Self::focus());
                    }
                    (Err(problem), _) => self.problem = Some(problem),
                }
            }
            Message::Forgotten => return Outcome::Recover,
        }
        Outcome::Task(Task::none())
    }

    /// Enter anywhere signs in.
    pub fn key(&self, pressed: &Pressed) -> Option<Message> {
        (pressed.key == Key::Named(Named::Enter)).then_some(Message::Enter)
    }

    /// The page.
    pub fn view(&self) -> Element<'_, Message> {
        let office = &self.opened.ledger.office;
        let people = self.opened.ledger.users.iter().filter(|user| user.active).map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            Item::new(user.id, user.name.clone()).detail(roles.join("、"))
        });
        let large = text::Style { line: 24.0, ..text::SECTION.regular() };
        let mut lines =
            vec![frame::line("姓名", select::select(people, self.user).on_choose(Message::User).width(240), None)];
        if !office.example {
            lines.push(frame::line(
                "密码",
                input::input(&self.password)
                    .on_input(Message::Password)
                    .on_submit(Message::Enter)
                    .style(large)
                    .secure(self.shown, Message::Show)
                    .tone(self.problem.is_some().then_some(Tone::Danger))
                    .width(320)
                    .id(PASSWORD),
                self.problem.as_ref().and_then(|problem| Says::Error(problem.to_string()).view()),
            ));
        }
        let busy = self.busy.then(|| text::toned(text::BODY, Tone::Accent, "正在核对……"));
        let enter = button::primary("登录").key("Enter").decision().on_press((!self.busy).then_some(Message::Enter));
        let forgotten = (!office.example).then(|| button::quiet("忘记密码…").on_press(Message::Forgotten));
        let under = match &self.opened.after {
            Some(After::Restored(words)) => words.as_str(),
            _ => "登录后，每一次录入和决定都记在您的名下。",
        };
        let name = if office.name.is_empty() { "科报" } else { &office.name };
        let content = column![
            frame::title(name, under),
            frame::lines(lines),
            row![]
                .push(forgotten)
                .push(space().width(Length::Fill))
                .push(busy)
                .push(enter)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        let foot = row![text::small("科报"), space().width(Length::Fill), text::small("请勿录入涉密内容")];
        frame::page(content, foot)
    }
}
