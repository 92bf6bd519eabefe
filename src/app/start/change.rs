//! A password somebody else knows is set anew before anything else can be done.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, row, space};
use iced::{Length, Task};

use super::frame;
use super::new_password::{self, NewPassword};
use crate::app::opening::Opened;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::accounts::Entry;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::button;
use crate::ui::widget::field::Says;
use crate::ui::{Element, space as sp, text};

/// Whoever has just signed in with a password given to them.
#[derive(Debug, Clone)]
pub struct Change {
    opened: Opened,
    user: RecordId,
    old: String,
    new: NewPassword,
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    New(new_password::Message),
    Go,
    Changed(Result<Entry>),
    Back,
}

/// What the window has to do.
pub enum Outcome {
    Task(Task<Message>),
    /// The password is their own now.
    Signed(Opened, RecordId),
    /// Not now: back to signing in.
    Back(Opened),
}

impl Change {
    /// With the password that was right just now.
    pub fn new(opened: Opened, user: RecordId, old: String) -> Self {
        Self { opened, user, old, new: NewPassword::default(), busy: false, problem: None }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Outcome {
        match message {
            Message::New(message) => self.new.update(message),
            Message::Back => return Outcome::Back(self.opened.clone()),
            Message::Go => {
                self.new.tried = true;
                self.problem = None;
                if self.busy || self.new.wrong(&self.opened.ledger.office.signing).is_some() {
                    return Outcome::Task(NewPassword::focus());
                }
                self.busy = true;
                let answer = self.opened.db.change_password(self.user, &self.old, self.new.typed());
                return Outcome::Task(Task::perform(answer, Message::Changed));
            }
            Message::Changed(done) => {
                self.busy = false;
                match done.map(Entry::problem) {
                    Ok(None) => return Outcome::Signed(self.opened.clone(), self.user),
                    Ok(Some(problem)) | Err(problem) => self.problem = Some(problem),
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
        let says = match &self.problem {
            Some(problem) => Says::Error(problem.to_string()),
            None => self.new.says(&self.opened.ledger.office.signing),
        };
        let fields = self.new.view(says.tone(), large, Message::New, Message::Go);
        let busy = self.busy.then(|| text::toned(text::BODY, Tone::Accent, "正在保存……"));
        let go = button::primary("改好并登录").key("Enter").decision().on_press((!self.busy).then_some(Message::Go));
        let content = column![
            frame::title("先改成自己的密码", "现在的密码别人也知道。改好以后，只有您自己能用您的姓名登录。"),
            frame::lines([frame::line("新密码", fields, says.view())]),
            row![button::quiet("返回登录").on_press(Message::Back), space().width(Length::Fill)]
                .push(busy)
                .push(go)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        frame::page(content, text::small("密码只在这台电脑上，不会写进数据和备份以外的任何地方。"))
    }
}
