//! 变更历史 of a filing, the newest first.

use iced::widget::{column, container, row};

use super::super::Message as Outer;
use super::Page;
use crate::app::ctx::Ctx;
use crate::app::{changes, erase};
use crate::domain::event::RecordKind;
use crate::domain::people::Permission;
use crate::store::queries::FilingFile;
use crate::ui::widget::button;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, Icon, space as sp, text};

/// The longest histories are shown from their end.
const MOST: usize = 200;

impl Page {
    /// All changes.
    pub(super) fn history<'a>(&'a self, file: &'a FilingFile, ctx: &'a Ctx) -> Element<'a, Outer> {
        let mut tools = row![].spacing(sp::S8);
        if ctx.may(Permission::Export) {
            let print = button::quiet("打印…").small().icon(Icon::Printer).on_press(Outer::PrintHistory);
            tools = tools.push(print);
        }
        if ctx.may(Permission::Erase) && !file.frozen {
            let open = Outer::Erase(erase::Message::Open);
            let button = button::quiet(format!("{}…", erase::TITLE)).small().icon(Icon::Trash2).on_press(open);
            tools = tools.push(button);
        }
        let tools = container(tools).padding(iced::padding::bottom(sp::S8));
        let mut page = column![tools, rule::across(Weight::Heavy)];
        for change in file.changes.iter().take(MOST) {
            let change = changes::change(change, Some(RecordKind::Filing), &file.lists, None, ctx);
            page = page.push(change).push(rule::across(Weight::Hair));
        }
        let rest = file.changes.len().saturating_sub(MOST);
        if rest > 0 {
            page = page.push(container(text::small(format!("更早的还有 {rest} 处。"))).padding(sp::S8));
        }
        page.into()
    }
}
