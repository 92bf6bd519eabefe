//! 转交: another of our people looks after these filings from now on, with a word to them. What ties the one chosen to the firm
//! is shown first.

use iced::Length;
use iced::widget::{column, container};

use super::expert::ties_view;
use super::{Dialog, Message as Outer, QUEUE, Review};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::review::conflicts::Tie;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::ledger::User;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, space as sp, text};

const NOTE: &str = "transfer.note";

/// The dialog.
#[derive(Debug)]
pub struct Transfer {
    ids: Vec<RecordId>,
    /// Firm's name, or how many.
    of: String,
    to: Option<RecordId>,
    ties: Option<Vec<Tie>>,
    asked: u64,
    note: String,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    To(RecordId),
    Ties(u64, Result<Vec<Tie>>),
    Note(String),
    Save,
    Saved(Result<Done<usize>>),
}

impl Transfer {
    /// The dialog drawn.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let wrap = Outer::Transfer;
        let people = candidates(&self.ids, ctx).map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            Item::new(user.id, user.name.clone()).detail(roles.join("、"))
        });
        let to =
            select::select(people, self.to).placeholder("选一位").on_choose(move |to| wrap(Message::To(to))).width(240);
        let note = input::input(&self.note)
            .placeholder("交代一句，对方在历史里看得到")
            .on_input(move |typed| wrap(Message::Note(typed)))
            .on_submit(wrap(Message::Save))
            .id(NOTE);
        let mut page = column![text::strong(self.of.as_str()), field("转给", to).required()].spacing(sp::S8);
        if self.to.is_some() && self.ids.len() == 1 {
            page = page.push(field("关联", ties_view(self.ties.as_deref(), true)));
        }
        page = page.push(field("说明", note));
        page = page.push(text::small("转交以后经办人就是对方，这件仍在待审里，可按经办人筛选。"));
        if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        }
        let save = button::primary("转交").key("Enter").on_press((!self.busy).then_some(wrap(Message::Save)));
        dialog::dialog(
            "转交",
            container(page).width(Length::Fill),
            [button::normal("取消").key("Esc").on_press(Outer::CloseDialog).into(), save.into()],
            dialog::Width::Usual,
        )
    }
}

/// Who can be given them: whoever judges here and has not got the only one of them already.
fn candidates<'a>(ids: &[RecordId], ctx: &'a Ctx) -> impl Iterator<Item = &'a User> + use<'a> {
    let officer = match ids {
        [only] => ctx.ledger.filing(*only).and_then(|row| row.officer),
        _ => None,
    };
    let may = move |user: &&User| {
        user.active && user.rights(&ctx.ledger.office).has(Permission::Judge) && Some(user.id) != officer
    };
    ctx.ledger.users.iter().filter(may)
}

impl Review {
    /// Opens the dialog for what is ticked, else for what is looked at.
    pub(super) fn open_transfer(&mut self, ctx: &Ctx) -> Update<Outer> {
        if let Err(problem) = ctx.permit(Permission::Judge) {
            return problem.into();
        }
        let ids = match self.chosen() {
            ids if ids.is_empty() => return Update::none(),
            ids => ids,
        };
        let of = match ids.as_slice() {
            [only] => ctx.ledger.filing(*only).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default(),
            many => format!("{} 件", many.len()),
        };
        // Where there is but one, it is them.
        let mut people = candidates(&ids, ctx);
        let only = people.next().map(|user| user.id).filter(|_| people.next().is_none());
        self.dialog = Some(Dialog::Transfer(Transfer {
            ids,
            of,
            to: None,
            ties: None,
            asked: 0,
            note: String::new(),
            problem: None,
            busy: false,
        }));
        match only {
            Some(only) => self.on_transfer(Message::To(only), ctx),
            None => Update::none(),
        }
    }

    pub(super) fn on_transfer(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let asked = self.ask_number();
        let Some(Dialog::Transfer(transfer)) = &mut self.dialog else { return Update::none() };
        match message {
            Message::To(to) => {
                transfer.to = Some(to);
                transfer.problem = None;
                transfer.ties = None;
                transfer.asked = asked;
                let caret = Update::task(iced::widget::operation::focus(NOTE));
                let [only] = transfer.ids.as_slice() else { return caret };
                let name = ctx.ledger.user_name(to).to_owned();
                let ties = ctx.db.ties(*only, name, String::new(), String::new());
                return caret.and(ctx.ask(ties, move |ties| Outer::Transfer(Message::Ties(asked, ties))).into());
            }
            Message::Ties(asked, _) if asked != transfer.asked => {}
            Message::Ties(_, Ok(ties)) => transfer.ties = Some(ties),
            Message::Ties(_, Err(problem)) => return problem.into(),
            Message::Note(typed) => transfer.note = typed,
            Message::Save if transfer.busy => {}
            Message::Save => {
                let Some(to) = transfer.to else {
                    transfer.problem = Some(Problem::bad_input("还没有选转给谁。").next("请选一位。"));
                    return Update::none();
                };
                transfer.busy = true;
                let (ids, note) = (transfer.ids.clone(), transfer.note.clone());
                let name = format!("转交“{}”给{}", words::in_short(&transfer.of), ctx.ledger.user_name(to));
                let deed = move |act: &mut crate::store::Act<'_>| {
                    let mut count = 0;
                    for id in &ids {
                        match act.transfer_filing(*id, to, &note) {
                            Ok(changed) => count += usize::from(changed),
                            // Of many, those that lie there already stay there.
                            Err(_) if ids.len() > 1 && act.looked_after_by(*id, to)? => {}
                            Err(problem) => return Err(problem),
                        }
                    }
                    Ok(count)
                };
                return ctx.act(name, deed, |done| Outer::Transfer(Message::Saved(done))).into();
            }
            Message::Saved(Err(problem)) => {
                transfer.busy = false;
                transfer.problem = Some(problem);
            }
            Message::Saved(Ok(done)) => {
                self.dialog = None;
                self.queue.untick();
                self.passed_on = true;
                return Update::saved(&done, done.name.clone())
                    .and(Update::task(iced::widget::operation::focus(QUEUE)));
            }
        }
        Update::none()
    }
}
