//! A new password typed twice, or once where it is shown.

use iced::widget::row;
use iced::{Length, Task};

use crate::domain::people::Signing;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::input;
use crate::ui::{Element, space as sp, text};

/// The first of the two fields.
pub const FIELD: &str = "new-password";

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct NewPassword {
    password: String,
    again: String,
    shown: bool,
    /// It was tried: what is missing is said.
    pub tried: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Password(String),
    Again(String),
    Show,
}

impl NewPassword {
    /// Puts the caret into it.
    pub fn focus<M: Send + 'static>() -> Task<M> {
        iced::widget::operation::focus(FIELD)
    }

    /// Takes in what was typed.
    pub fn update(&mut self, message: Message) {
        match message {
            Message::Password(text) => self.password = text,
            Message::Again(text) => self.again = text,
            Message::Show => self.shown = !self.shown,
        }
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.password
    }

    /// What is wrong with it under these rules.
    pub fn wrong(&self, rules: &Signing) -> Option<String> {
        let differs = !self.shown && self.password != self.again;
        rules.lacks(&self.password).or_else(|| differs.then(|| "两遍密码不一样，请再输一遍。".to_owned()))
    }

    /// What is said under it.
    pub fn says(&self, rules: &Signing) -> Says {
        match self.wrong(rules) {
            Some(wrong) if self.tried => Says::Error(wrong),
            _ => Says::Hint(format!("{}。", rules.asks())),
        }
    }

    /// The two fields; `go` is what Enter sends.
    pub fn view<'a, M: Clone + 'a>(
        &'a self,
        tone: Option<Tone>,
        style: text::Style,
        wrap: fn(Message) -> M,
        go: M,
    ) -> Element<'a, M> {
        let again = (!self.shown).then(|| {
            input::input(&self.again)
                .placeholder("再输一遍")
                .on_input(move |text| wrap(Message::Again(text)))
                .on_submit(go.clone())
                .style(style)
                .secure(false, wrap(Message::Show))
                .width(Length::FillPortion(1))
        });
        row![
            input::input(&self.password)
                .placeholder("新密码")
                .on_input(move |text| wrap(Message::Password(text)))
                .on_submit(go.clone())
                .style(style)
                .secure(self.shown, wrap(Message::Show))
                .tone(tone)
                .width(Length::FillPortion(1))
                .id(FIELD)
        ]
        .push(again)
        .spacing(sp::S12)
        .into()
    }
}
