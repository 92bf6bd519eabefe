//! 依法清除 of what is said of people in a firm's file.

use super::{File, Message as FileMessage};
use crate::app::ctx::Ctx;
use crate::app::erase::{EraseForm, Message, REASON};
use crate::app::firms::Message as FirmsMessage;
use crate::app::update::Update;
use crate::domain::changes::Change;
use crate::domain::firm::{FIELDS, Group, fields};

/// Every field about people that any change speaks of, in the order of the form.
fn held(changes: &[Change]) -> Vec<(String, String)> {
    let told = |key: &str| changes.iter().flat_map(|change| &change.fields).any(|field| field.key == key);
    FIELDS
        .iter()
        .filter(|field| field.group == Group::People && told(field.key))
        .map(|field| (field.key.to_owned(), fields::label(field.key)))
        .collect()
}

impl File {
    /// Takes in what happened in the form.
    pub(super) fn erase(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        match message {
            Message::Open => {
                self.erase = self.data.as_ref().map(|data| EraseForm::new("这家企业", held(&data.changes)));
                let files = ctx.ask(ctx.db.erasable(self.id), |files| {
                    FirmsMessage::File(FileMessage::Erase(Message::Files(files)))
                });
                let fields = self.erase.as_ref().map(EraseForm::fields).unwrap_or_default();
                let echoes = ctx.ask(ctx.db.echoes(self.id, fields), |echoes| {
                    FirmsMessage::File(FileMessage::Erase(Message::Echoes(echoes)))
                });
                return Update::task(files).and(echoes.into()).and(iced::widget::operation::focus(REASON).into());
            }
            Message::Close => self.erase = None,
            Message::Erase => return self.erase_now(ctx),
            message => {
                if let Some(form) = &mut self.erase {
                    form.edit(message);
                }
            }
        }
        Update::none()
    }

    fn erase_now(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some(wanted) = self.erase.as_mut().and_then(EraseForm::wanted) else { return Update::none() };
        let id = self.id;
        self.erase = None;
        self.revealed.clear();
        let name = ctx.ledger.firm(id).map_or_else(String::new, |firm| firm.name.to_string());
        let (what, words) = (wanted.name(&name), wanted.done());
        ctx.act(
            what,
            move |act| wanted.erase(id, act),
            move |done| FirmsMessage::File(FileMessage::Erased(words.clone(), done)),
        )
        .into()
    }
}
