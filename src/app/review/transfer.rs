//! 转交: another of our people looks after these filings from now on, with a word to them. What ties whoever can be chosen to the
//! firms is shown first.

use iced::Length;
use iced::widget::{column, container};

use super::expert::ties_view;
use super::{Dialog, Message as Outer, QUEUE, Review};
use crate::app::assign;
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::ledger::User;
use crate::store::queries::Tied;
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, space as sp, text};

const NOTE: &str = "transfer.note";
/// Firms that are named where there are ties to several.
const NAMED: usize = 3;

/// The dialog.
#[derive(Debug)]
pub struct Transfer {
    ids: Vec<RecordId>,
    /// Firm's name, or how many.
    of: String,
    to: Option<RecordId>,
    /// What ties whom to these filings, where that is known already.
    tied: Option<Tied>,
    asked: u64,
    note: String,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    To(RecordId),
    Tied(u64, Result<Tied>),
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
            let item = Item::new(user.id, user.name.clone());
            match self.tied.as_ref().and_then(|tied| assign::warns(tied, user.id, self.ids.len())) {
                Some(warning) => item.icon(Icon::TriangleAlert).tone(Tone::Warn).detail(warning),
                None => item.detail(roles.join("、")),
            }
        });
        let to =
            select::select(people, self.to).placeholder("选一位").on_choose(move |to| wrap(Message::To(to))).width(320);
        let note = input::input(&self.note)
            .placeholder("交代一句，对方在历史里看得到")
            .on_input(move |typed| wrap(Message::Note(typed)))
            .on_submit(wrap(Message::Save))
            .id(NOTE);
        let mut page = column![text::strong(self.of.as_str()), field("转给", to).required()].spacing(sp::S8);
        if let Some(to) = self.to {
            page = page.push(field("关联", self.ties_of(to, ctx)));
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

impl Transfer {
    /// What ties somebody to these: of one filing how, of many to which firms.
    fn ties_of<'a>(&self, to: RecordId, ctx: &Ctx) -> Element<'a, Outer> {
        let Some(tied) = &self.tied else { return ties_view(None, true) };
        let ties = tied.get(&to).map_or(&[][..], Vec::as_slice);
        match ties {
            [] => ties_view(Some(&[]), true),
            [(_, how)] if self.ids.len() == 1 => ties_view(Some(how), true),
            many => {
                let firm = |id: &RecordId| ctx.ledger.filing(*id).map(|row| ctx.ledger.firm_of(row).name.to_string());
                let mut firms: Vec<String> = many.iter().take(NAMED).filter_map(|(id, _)| firm(id)).collect();
                firms.dedup();
                let rest = if many.len() > NAMED { "等" } else { "" };
                let count = assign::warns(tied, to, self.ids.len()).unwrap_or_default();
                text::toned(text::SMALL, Tone::Warn, format!("{count}（{}{rest}）", firms.join("、"))).into()
            }
        }
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
        let people = assign::names(candidates(&ids, ctx));
        let only = if let [(only, _)] = people.as_slice() { Some(*only) } else { None };
        let (asked, about) = (self.ask_number(), ids.clone());
        self.dialog = Some(Dialog::Transfer(Transfer {
            ids,
            of,
            to: None,
            tied: None,
            asked,
            note: String::new(),
            problem: None,
            busy: false,
        }));
        let tied = ctx.ask(ctx.db.tied(about, people), move |tied| Outer::Transfer(Message::Tied(asked, tied)));
        let chosen = only.map(|only| self.on_transfer(Message::To(only), ctx));
        chosen.unwrap_or_else(Update::none).and(tied.into())
    }

    pub(super) fn on_transfer(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let Some(Dialog::Transfer(transfer)) = &mut self.dialog else { return Update::none() };
        match message {
            Message::To(to) => {
                transfer.to = Some(to);
                transfer.problem = None;
                return Update::task(iced::widget::operation::focus(NOTE));
            }
            Message::Tied(asked, _) if asked != transfer.asked => {}
            Message::Tied(_, Ok(tied)) => transfer.tied = Some(tied),
            Message::Tied(_, Err(problem)) => return problem.into(),
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
