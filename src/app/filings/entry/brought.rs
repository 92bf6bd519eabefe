//! What a firm brings along into the form of a new filing: its own fields, its figures, its last filing in the program.

use std::collections::BTreeMap;

use iced::Task;

use super::{Entry, FORM, Message, focus};
use crate::app::ctx::Ctx;
use crate::app::filings::form::{Known, field_id, known};
use crate::app::filings::{Filings, Message as Outer};
use crate::app::update::{Event, Update};
use crate::domain::Result;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::filing::prefill;

impl Entry {
    /// Asks for what the firm brings along.
    pub(super) fn ask(&mut self, ctx: &Ctx) -> Task<Outer> {
        let (Some(firm), Some(program)) = (self.firm, self.program.clone()) else { return Task::none() };
        if self.form.is_none() {
            return Task::none();
        }
        self.asked += 1;
        let asked = self.asked;
        let known = known(ctx, firm, &program);
        Task::perform(known, move |known| Outer::Entry(Message::Known(asked, known)))
    }
}

impl Filings {
    /// Takes it over into what is still empty, and puts the caret into what nobody knows.
    pub(super) fn known(&mut self, asked: u64, known: Result<Option<Known>>, ctx: &Ctx) -> Update<Outer> {
        let entry = &mut self.entry;
        if asked != entry.asked {
            return Update::none();
        }
        let (fields, last) = match known {
            Ok(Some(known)) => known,
            Ok(None) => return Update::none(),
            Err(problem) => return problem.into(),
        };
        let year = entry.edition.and_then(|id| ctx.ledger.edition(id)).map(|edition| edition.year);
        let (Some(form), Some(year)) = (&mut entry.form, year) else { return Update::none() };
        let values: BTreeMap<String, String> = prefill::prefill(form.version, &fields, year, &last);
        form.bring(&values);
        let caret = std::mem::take(&mut entry.caret) && entry.second.is_none();
        let update = match form.first().filter(|_| caret) {
            Some(first) => Update::task(focus(field_id(FORM, first))),
            None => Update::none(),
        };
        let shown = form.brought_private();
        let Some(firm) = entry.firm.filter(|firm| !shown.is_empty() && entry.revealed != Some(*firm)) else {
            return update;
        };
        entry.revealed = Some(firm);
        let words = format!("新增申报带出“{}”的{}", entry.typed.trim(), shown.join("、"));
        update.and_event(Event::Note(Logged::new(DeedKind::Reveal, words).count(shown.len()).about(firm)))
    }
}
