//! Whose work it is: 分派审核人 and 打包送审 of what is selected, open or current; the bar, the menu of a row and the palette offer both.

use super::{Dialog, Filings, GRID, Message};
use crate::app::assign::{self, AssignForm};
use crate::app::ctx::Ctx;
use crate::app::screen::{Offer, Screen};
use crate::app::update::Update;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::ui::Element;
use crate::ui::icon::Icon;
use crate::ui::widget::list::Item;
use crate::ui::widget::menu;

impl Filings {
    /// What a deed is about: the selected rows, else the filing that is open, else the row the keyboard is at.
    pub(super) fn chosen(&self) -> Vec<RecordId> {
        let selected = self.selected();
        if !selected.is_empty() {
            return selected;
        }
        let open = self.page.as_ref().map(|page| page.id);
        let current = self.grid.current().filter(|id| self.ids.contains(id));
        open.or(current).into_iter().collect()
    }

    pub(super) fn open_assign(&mut self, ids: &[RecordId], ctx: &Ctx) -> Update<Message> {
        match AssignForm::new(ids, ctx) {
            Ok(form) => {
                let tied = form.ask_tied(ctx, Message::Assign);
                self.dialog = Some(Dialog::Assign(form));
                tied.into()
            }
            Err(problem) => problem.into(),
        }
    }

    /// 分派审核人 of what is chosen.
    pub(super) fn assigning(&mut self, message: assign::Message, ctx: &Ctx) -> Update<Message> {
        match (&message, &mut self.dialog) {
            (assign::Message::Open, _) => {
                let chosen = self.chosen();
                return self.open_assign(&chosen, ctx);
            }
            (assign::Message::Close, _) => return self.update(Message::CloseDialog, ctx),
            (assign::Message::Saved(Ok(done)), _) => {
                self.dialog = None;
                return Update::saved(done, done.name.clone()).and(Update::task(iced::widget::operation::focus(GRID)));
            }
            (_, Some(Dialog::Assign(form))) => {
                return form.edit(&message, ctx, Message::Assign).map_or_else(Update::none, Update::task);
            }
            _ => {}
        }
        Update::none()
    }

    /// What the palette offers of it.
    pub(super) fn deeds_of_chosen(&self, ctx: &Ctx) -> Vec<Offer<Message>> {
        let count = self.chosen().len();
        if self.entering || self.dialog.is_some() || count == 0 {
            return Vec::new();
        }
        let assign =
            || Offer::new(Icon::UserPlus, format!("分派审核人（{count} 件）"), Message::Assign(assign::Message::Open));
        let pack = || Offer::new(Icon::Package, format!("打包送审（{count} 件）"), Message::Pack);
        let assign = ctx.may(Permission::Assign).then(assign);
        assign.into_iter().chain(ctx.may(Permission::Exchange).then(pack)).collect()
    }

    /// The menu of a row: of all that are selected where it is one of them.
    pub(super) fn row_menu<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let (id, at) = self.menu?;
        let count = self.grid.selected().len();
        let many = |words: &str| if count > 1 { format!("{words}（{count} 件）…") } else { format!("{words}…") };
        let open = Item::new(Message::Open(id), "打开").icon(Icon::PanelRight).key("Enter");
        let assign = ctx.may(Permission::Assign).then(|| {
            let open = Message::Assign(assign::Message::Open);
            Item::new(open, many("分派审核人")).icon(Icon::UserPlus).key("Alt A")
        });
        let pack = ctx
            .may(Permission::Exchange)
            .then(|| Item::new(Message::Pack, many("打包送审")).icon(Icon::Package).key("Alt P"));
        let items = [open].into_iter().chain(assign).chain(pack);
        Some(menu::at(at, items, ctx.theme.density, |message| message, Message::CloseMenu))
    }
}
