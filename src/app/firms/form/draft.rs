//! What was typed and not saved: kept on this machine while one types, offered when the form is opened again.

use std::collections::BTreeMap;

use iced::Task;

use super::{Form, Message};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::domain::firm::key;
use crate::domain::id::RecordId;

/// The state of the draft of one form.
#[derive(Debug, Default)]
pub struct Draft {
    /// Left from last time, not yet taken over or thrown away.
    offered: BTreeMap<String, String>,
    /// It is being written, and something was typed meanwhile.
    writing: bool,
    waiting: bool,
}

/// What a form's draft is called.
pub fn name(id: Option<RecordId>) -> String {
    id.map_or_else(|| "firm.new".to_owned(), |id| format!("firm.{id}"))
}

impl Draft {
    /// Something was left from last time.
    pub fn found(&mut self, text: &str) {
        // What an older version kept may not be read any more; there is nothing to offer then.
        self.offered = serde_json::from_str(text).unwrap_or_default();
    }

    /// Takes what is offered.
    pub fn take(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.offered)
    }

    /// It is written. Returns whether it must be written again.
    pub fn kept(&mut self) -> bool {
        self.writing = false;
        std::mem::take(&mut self.waiting)
    }

    /// What is offered, in words.
    pub fn words(&self) -> Option<String> {
        let filled = self.offered.values().filter(|text| !text.trim().is_empty()).count();
        if self.offered.is_empty() {
            return None;
        }
        let named = self.offered.get(key::NAME).map(|name| name.trim()).filter(|name| !name.is_empty());
        Some(match named {
            Some(name) => format!("上次填了没有保存：{name}，共 {filled} 项"),
            None => format!("上次填了 {filled} 项没有保存"),
        })
    }
}

impl Form {
    /// Keeps what is typed. While one write is under way the next waits, so that quick typing writes once, not per letter.
    pub(super) fn keep_draft(&mut self, ctx: &Ctx) -> Task<FirmsMessage> {
        if self.draft.writing {
            self.draft.waiting = true;
            return Task::none();
        }
        self.draft.writing = true;
        let typed = self.changed().map(|field| (field.key.to_owned(), self.text(field.key).to_owned()));
        // What is still offered is not thrown away by typing something else first.
        let mut all = self.draft.offered.clone();
        all.extend(typed);
        // Strings by strings: there is nothing JSON could refuse.
        let text = if all.is_empty() { String::new() } else { serde_json::to_string(&all).unwrap_or_default() };
        ctx.ask(ctx.db.set_draft(&name(self.id), &text), |kept| FirmsMessage::Form(Message::DraftKept(kept)))
    }

    /// It was saved: there is nothing to keep.
    pub(super) fn forget_draft(&mut self, ctx: &Ctx) -> Task<FirmsMessage> {
        let answer = ctx.db.set_draft(&name(self.id), "");
        ctx.ask(answer, |kept| FirmsMessage::Form(Message::DraftKept(kept)))
    }
}
