//! 变更历史 of a firm, newest first: how many changes show, and which of them whole.

use iced::widget::column;

use super::{File, Message};
use crate::app::changes;
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::domain::event::RecordKind;
use crate::domain::people::Permission;
use crate::store::queries::FirmFile;
use crate::ui::widget::button;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::{Element, Icon};

impl File {
    pub(super) fn history<'a>(&'a self, data: &'a FirmFile, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let print = ctx.may(Permission::Export).then(|| {
            let print = FirmsMessage::File(Message::PrintHistory);
            button::quiet("打印…").icon(Icon::Printer).small().on_press(print).into()
        });
        let mut all = column![heading("变更历史", Some("新的在前，个人信息遮盖"), print), rule::across(Weight::Heavy)];
        let count = data.changes.len();
        for (at, change) in data.changes.iter().enumerate().take(self.changes) {
            // Counted from the oldest, so that a new change does not fold others.
            let number = count - at;
            let whole = (!self.whole.contains(&number)).then_some(FirmsMessage::File(Message::Whole(number)));
            let change = changes::change(change, Some(RecordKind::Firm), &data.lists, whole, ctx);
            all = all.push(change).push(rule::across(Weight::Hair));
        }
        let rest = count.saturating_sub(self.changes);
        let more = (rest > 0).then(|| {
            let words = format!("再早的 {rest} 次");
            button::quiet(words).after(Icon::ChevronDown).small().on_press(FirmsMessage::File(Message::More))
        });
        all.push(more).into()
    }
}
