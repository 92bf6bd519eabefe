//! 依法清除 of what a filing's form says of people.

use super::{Dialog, Filings, Message as Outer};
use crate::app::ctx::Ctx;
use crate::app::erase::{EraseForm, Message, REASON};
use crate::app::update::Update;
use crate::domain::filing::key;
use crate::domain::program::Version;
use crate::store::queries::FilingFile;

/// Every field that speaks of people and that any change sets, in the order of the form; the note last.
fn held(file: &FilingFile) -> Vec<(String, String)> {
    let told = |key: &str| file.changes.iter().flat_map(|change| &change.fields).find(|field| field.key == key);
    let form = file.known.map(|(_, version): (_, &Version)| &version.form).into_iter().flatten();
    let fields = form.filter(|field| field.personal).map(|field| format!("{}{}", key::FORM, field.id));
    fields.chain([key::NOTE.to_owned()]).filter_map(|key| Some((key.clone(), told(&key)?.label.clone()))).collect()
}

impl Filings {
    /// Takes in what happened in the form.
    pub(super) fn erasing(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        match (message, &mut self.dialog) {
            (Message::Open, _) => {
                let Some(file) = self.page.as_ref().and_then(|page| page.file()) else { return Update::none() };
                let id = file.filing.id;
                let form = EraseForm::new("这件申报", held(file));
                let echoes = ctx.ask(ctx.db.echoes(id, form.fields()), |echoes| Outer::Erase(Message::Echoes(echoes)));
                self.dialog = Some(Dialog::Erase(form));
                let files = ctx.ask(ctx.db.erasable(id), |files| Outer::Erase(Message::Files(files)));
                Update::task(files).and(echoes.into()).and(iced::widget::operation::focus(REASON).into())
            }
            (Message::Close, _) => {
                self.dialog = None;
                Update::none()
            }
            (Message::Erase, Some(Dialog::Erase(form))) => {
                let (Some(wanted), Some(id)) = (form.wanted(), self.page.as_ref().map(|page| page.id)) else {
                    return Update::none();
                };
                self.dialog = None;
                let row = ctx.ledger.filing(id);
                let name = row.map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
                let (what, words) = (wanted.name(&name), wanted.done());
                ctx.act(what, move |act| wanted.erase(id, act), move |done| Outer::Erased(words.clone(), done)).into()
            }
            (message, Some(Dialog::Erase(form))) => {
                form.edit(message);
                Update::none()
            }
            _ => Update::none(),
        }
    }
}
