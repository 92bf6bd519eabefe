//! 变更历史 of a filing, the newest first.

use iced::widget::{column, container};

use super::super::Message as Outer;
use super::Page;
use crate::app::changes;
use crate::app::ctx::Ctx;
use crate::domain::event::RecordKind;
use crate::store::queries::FilingFile;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, space as sp, text};

/// The longest histories are shown from their end.
const MOST: usize = 200;

impl Page {
    /// All changes.
    pub(super) fn history<'a>(&'a self, file: &'a FilingFile, ctx: &'a Ctx) -> Element<'a, Outer> {
        let mut page = column![rule::across(Weight::Heavy)];
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
