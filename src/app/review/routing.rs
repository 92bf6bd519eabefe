//! Whose work it is: 分派审核人 and 打包送审 of what is ticked, else of what is looked at; the menu of a line offers both.

use iced::widget::row;

use super::{Dialog, Message, QUEUE, Review};
use crate::app::assign::{self, AssignForm};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::people::Permission;
use crate::ui::icon::Icon;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, menu};
use crate::ui::{Element, space as sp};

impl Review {
    pub(super) fn assigning(&mut self, message: assign::Message, ctx: &Ctx) -> Update<Message> {
        match (&message, &mut self.dialog) {
            (assign::Message::Open, _) => match AssignForm::new(&self.chosen(), ctx) {
                Ok(form) => {
                    let tied = form.ask_tied(ctx, Message::Assign);
                    self.dialog = Some(Dialog::Assign(form));
                    return tied.into();
                }
                Err(problem) => return problem.into(),
            },
            (assign::Message::Close, _) => {
                self.dialog = None;
                return Update::task(iced::widget::operation::focus(QUEUE));
            }
            (assign::Message::Saved(Ok(done)), _) => {
                self.dialog = None;
                self.queue.untick();
                return Update::saved(done, done.name.clone()).and(Update::task(iced::widget::operation::focus(QUEUE)));
            }
            (_, Some(Dialog::Assign(form))) => {
                return form.edit(&message, ctx, Message::Assign).map_or_else(Update::none, Update::task);
            }
            _ => {}
        }
        Update::none()
    }

    /// Both as buttons, below the decisions.
    pub(super) fn routing<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        self.meant()?;
        let open = Message::Assign(assign::Message::Open);
        let assign = button::quiet("分派审核人…").icon(Icon::UserPlus).key("Alt A").small().on_press(open);
        let pack = button::quiet("打包送审…").icon(Icon::Package).key("Alt P").small().on_press(Message::Pack);
        let assign = ctx.may(Permission::Assign).then_some(assign);
        let pack = ctx.may(Permission::Exchange).then_some(pack);
        Some(row![].push(assign).push(pack).spacing(sp::S8).wrap().into())
    }

    /// The menu of what is chosen, where it is open.
    pub(super) fn line_menu<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let at = self.menu?;
        let count = self.queue.ticked.len();
        let many = |words: &str| if count > 1 { format!("{words}（{count} 件）…") } else { format!("{words}…") };
        let assign = Message::Assign(assign::Message::Open);
        let all = [
            (Permission::Judge, "转交", Icon::Send, "F9", Message::OpenTransfer),
            (Permission::Assign, "分派审核人", Icon::UserPlus, "Alt A", assign),
            (Permission::Exchange, "打包送审", Icon::Package, "Alt P", Message::Pack),
        ];
        let items = all
            .into_iter()
            .filter(|(needs, ..)| ctx.may(*needs))
            .map(|(_, words, icon, key, does)| Item::new(does, many(words)).icon(icon).key(key));
        Some(menu::at(at, items, ctx.theme.density, |message| message, Message::CloseMenu))
    }
}
