//! The locked window: what was being done stays as it is behind a page that asks for the password.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, row, space};
use iced::{Length, Task};

use super::{Desk, Message as DeskMessage, Step};
use crate::app::ctx::Ctx;
use crate::app::start::frame;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::{Problem, Result};
use crate::store::Answer;
use crate::store::accounts::Entry;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::{button, input};
use crate::ui::{Element, space as sp, text};

const PASSWORD: &str = "lock-password";

/// The page.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    password: String,
    shown: bool,
    busy: bool,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    /// Somebody goes away and says so.
    Lock,
    Password(String),
    Show,
    Enter,
    Checked(Result<Entry>),
}

impl Lock {
    fn key(pressed: &Pressed) -> Option<Message> {
        (pressed.key == Key::Named(Named::Enter)).then_some(Message::Enter)
    }

    /// The page over everything.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, DeskMessage> {
        let large = text::Style { line: 24.0, ..text::SECTION.regular() };
        let name = ctx.person().map_or("", |person| person.name.as_str());
        let wrap = DeskMessage::Lock;
        let says = self.problem.as_ref().map(|problem| Says::Error(problem.to_string()));
        let password = input::input(&self.password)
            .on_input(move |text| wrap(Message::Password(text)))
            .on_submit(wrap(Message::Enter))
            .style(large)
            .secure(self.shown, wrap(Message::Show))
            .tone(says.as_ref().and_then(Says::tone))
            .width(320)
            .id(PASSWORD);
        let busy = self.busy.then(|| text::toned(text::BODY, Tone::Accent, "正在核对……"));
        let enter = button::primary("解锁").key("Enter").decision();
        let enter = enter.on_press((!self.busy).then_some(wrap(Message::Enter)));
        let content = column![
            frame::title("已锁屏", "没有保存的内容还在原处，解锁后接着做。"),
            frame::lines([
                frame::line("姓名", text::toned(text::SECTION, Tone::Plain, name), None),
                frame::line("密码", password, says.and_then(Says::view)),
            ]),
            row![button::quiet("换人登录").on_press(DeskMessage::SignOut), space().width(Length::Fill)]
                .push(busy)
                .push(enter)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        frame::page(content, text::small("换人登录会丢下没有保存的内容，自动存下的草稿除外。"))
    }
}

impl Desk {
    /// Nobody was there for too long.
    pub fn idle(&mut self) -> Step {
        let office = &self.ctx.ledger.office;
        if office.example || office.signing.idle == 0 {
            (Task::none(), None)
        } else {
            self.lock("空闲，自动锁屏")
        }
    }

    /// The window closes: the log is told. `None`: nobody sits there, as the log says already.
    pub fn leave(&self) -> Option<Answer<()>> {
        let gone = || self.ctx.db.note(self.ctx.user, Logged::new(DeedKind::SignOut, "关闭窗口"));
        self.lock.is_none().then(gone)
    }

    /// Minutes after which it locks itself. `None`: never, or it has.
    pub fn locks_after(&self) -> Option<u16> {
        let office = &self.ctx.ledger.office;
        Some(office.signing.idle).filter(|minutes| *minutes > 0 && self.lock.is_none() && !office.example)
    }

    fn lock(&mut self, why: &str) -> Step {
        // Nobody has a password in the invented district.
        if self.lock.is_some() || self.ctx.ledger.office.example {
            return (Task::none(), None);
        }
        self.lock = Some(Lock::default());
        self.ctx.db.forget_keys();
        let gone = self.note(Logged::new(DeedKind::SignOut, why));
        let left = self.leave_now().unwrap_or_else(Task::none);
        (Task::batch([gone, left, iced::widget::operation::focus(PASSWORD)]), None)
    }

    /// What a key means on the page.
    pub(super) fn locked_key(&self, pressed: &Pressed) -> Option<DeskMessage> {
        Lock::key(pressed).map(DeskMessage::Lock)
    }

    pub(super) fn at_lock(&mut self, message: Message) -> Step {
        let nothing = (Task::none(), None);
        if matches!(message, Message::Lock) {
            return self.lock("锁屏");
        }
        let Some(lock) = &mut self.lock else { return nothing };
        match message {
            Message::Lock => {}
            Message::Password(text) => lock.password = text,
            Message::Show => lock.shown = !lock.shown,
            Message::Enter if lock.busy => {}
            Message::Enter => {
                lock.busy = true;
                lock.problem = None;
                let answer = self.ctx.db.sign_in(self.ctx.user, &lock.password, "解锁");
                let checked = |entry| DeskMessage::Lock(Message::Checked(entry));
                return (self.ctx.ask(answer, checked), None);
            }
            Message::Checked(Ok(Entry::In { must_change })) => {
                self.lock = None;
                let back = self.note(Logged::new(DeedKind::SignIn, "解锁"));
                if must_change {
                    // Reset meanwhile: whoever signs in is asked for a password of their own.
                    return self.update(DeskMessage::SignOut);
                }
                return (back, None);
            }
            Message::Checked(done) => {
                lock.busy = false;
                lock.password.clear();
                lock.problem = match done {
                    Ok(entry) => entry.problem(),
                    Err(problem) => Some(problem),
                };
                return (iced::widget::operation::focus(PASSWORD), None);
            }
        }
        nothing
    }
}
