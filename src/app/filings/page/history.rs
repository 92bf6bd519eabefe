//! 变更历史: what was changed, by whom, from what to what, the newest first.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::super::Message as Outer;
use super::Page;
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::store::queries::FilingFile;
use crate::ui::theme::Tone;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, space as sp, text};

/// The longest histories are shown from their end.
const MOST: usize = 200;

impl Page {
    /// All changes.
    pub(super) fn history<'a>(&'a self, file: &'a FilingFile, ctx: &'a Ctx) -> Element<'a, Outer> {
        let mut page = column![rule::across(Weight::Heavy)];
        for change in file.changes.iter().take(MOST) {
            let at = words::when(ctx.db.clock().local(change.at.millis()), ctx);
            let tone = if change.taken_back { Tone::Faint } else { Tone::Plain };
            let head = row![
                text::line(text::SMALL.bold(), tone, change.what.as_str()),
                text::line(text::SMALL, Tone::Quiet, ctx.ledger.user_name(change.actor)),
            ]
            .push(change.taken_back.then(|| text::line(text::SMALL, Tone::Warn, "已撤销")))
            .push(space().width(Length::Fill))
            .push(text::line(text::SMALL, Tone::Quiet, at))
            .spacing(sp::S8)
            .align_y(Vertical::Center);
            let mut lines = column![head].spacing(sp::S2);
            for field in &change.fields {
                // A filing that ended lies nowhere any more.
                let none = if field.key == "stage" { "结束" } else { "（空）" };
                let value = |value: &Option<String>| value.clone().unwrap_or_else(|| none.to_owned());
                let words = match &field.old {
                    None => format!("{}：{}", field.label, value(&field.new)),
                    Some(_) => format!("{}：{} → {}", field.label, value(&field.old), value(&field.new)),
                };
                lines = lines.push(text::small(words));
            }
            if !change.remark.is_empty() {
                lines = lines.push(text::small(change.remark.as_str()));
            }
            for sure in &change.confirmed {
                lines = lines.push(text::toned(
                    text::SMALL,
                    Tone::Warn,
                    format!("确认：{}。原因：{}", sure.says, sure.reason),
                ));
            }
            page = page
                .push(container(lines).padding(Padding { top: sp::S6, bottom: sp::S6, left: sp::S8, right: sp::S8 }))
                .push(rule::across(Weight::Hair));
        }
        let rest = file.changes.len().saturating_sub(MOST);
        if rest > 0 {
            page = page.push(container(text::small(format!("更早的还有 {rest} 处。"))).padding(sp::S8));
        }
        page.into()
    }
}
