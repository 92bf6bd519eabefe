//! 这一行是哪一家: the dialog in which a row is given a firm, from those it may mean or from all.

use iced::Length;
use iced::widget::{column, container, row};

use super::lines::Doubt;
use super::{Message, review::Review};
use crate::app::ctx::Ctx;
use crate::domain::id::RecordId;
use crate::exchange::import::Choice;
use crate::ui::icon::Icon;
use crate::ui::widget::ledger::{self, ledger};
use crate::ui::widget::{button, dialog, input, scroll};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// How many firms a search shows.
const MOST: usize = 8;

/// The dialog's state.
pub struct Pick {
    pub row: usize,
    typed: String,
    found: Vec<RecordId>,
    in_all: usize,
}

impl Pick {
    /// For a row, with nothing looked for yet.
    pub fn new(row: usize) -> Self {
        Self { row, typed: String::new(), found: Vec::new(), in_all: 0 }
    }

    /// Looks for a firm.
    pub fn look(&mut self, typed: String, ctx: &Ctx) {
        let found = ctx.ledger.find(&typed, MOST);
        self.found = found.firms.iter().map(|firm| firm.id).collect();
        self.in_all = found.firms_in_all;
        self.typed = typed;
    }

    /// The first one found, which Enter takes.
    pub fn first(&self) -> Option<RecordId> {
        self.found.first().copied()
    }

    /// The dialog.
    pub fn view<'a>(&'a self, review: &'a Review, ctx: &'a Ctx) -> Element<'a, Message> {
        let planned = review.plan.as_ref().and_then(|plan| plan.rows.get(self.row));
        let at = planned.map_or(0, |row| row.at);
        let name = planned.map(|row| row.name.as_str()).unwrap_or_default();
        let doubt = review.doubts.get(&self.row);
        let head = row![text::small("名单上写"), text::line(text::BODY.bold(), Tone::Plain, name)].spacing(sp::S8);
        let search = input::input(&self.typed)
            .placeholder("从全部企业里找：名称、拼音首字母、信用代码、证书编号")
            .icon(Icon::Search)
            .on_input(Message::PickLook)
            .on_submit(Message::PickFirst);
        let remark = match (self.typed.trim().is_empty(), self.in_all) {
            (true, _) => None,
            (false, 0) => Some("没有找到这样的企业".to_owned()),
            (false, n) if n > MOST => Some(format!("共 {n} 家，列出前 {MOST} 家；请写得更具体一些")),
            (false, _) => None,
        };
        let body = column![head, search].push(self.table(doubt, ctx)).push(remark.map(text::small)).spacing(sp::S12);
        let may_enter = review.form.new_firms && planned.is_some_and(|row| !row.name.is_empty());
        let chosen = review.choices.contains_key(&self.row);
        let decide = |choice| Message::Decide(self.row, choice);
        let buttons = [
            chosen.then(|| button::quiet("不指定，按规则对").on_press(decide(None)).into()),
            Some(button::normal("跳过这一行").on_press(decide(Some(Choice::Skip))).into()),
            may_enter.then(|| button::normal("当作新企业").on_press(decide(Some(Choice::Create))).into()),
            Some(button::normal("关闭").key("Esc").on_press(Message::CloseAbove).into()),
        ];
        dialog::dialog(format!("第 {at} 行是哪一家？"), body, buttons.into_iter().flatten(), dialog::Width::Wide)
    }

    fn table<'a>(&'a self, doubt: Option<&'a Doubt>, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let looking = !self.typed.trim().is_empty();
        let candidates = doubt.map(|doubt| doubt.candidates.as_slice()).unwrap_or_default();
        let shown: Vec<(RecordId, &str)> = if looking {
            self.found.iter().map(|id| (*id, "")).collect()
        } else {
            candidates.iter().map(|candidate| (candidate.firm, candidate.why.as_str())).collect()
        };
        if shown.is_empty() {
            return None;
        }
        let rows = shown.len();
        let columns = [
            ledger::Column::left(if looking { "找到的企业" } else { "可能是" }, Length::Fill),
            ledger::Column::left("统一社会信用代码", 176),
            ledger::Column::left(if looking { "乡镇街道" } else { "依据" }, 128),
        ];
        let mut table = ledger(columns, Density::Comfortable);
        for (id, why) in shown {
            let Some(firm) = ctx.ledger.firm(id) else { continue };
            let last = if looking { &*firm.township } else { why };
            let cells = vec![
                text::line(text::BODY, Tone::Plain, &*firm.name).into(),
                text::line(text::SMALL, Tone::Quiet, if firm.code.is_empty() { "—" } else { &*firm.code }).into(),
                text::line(text::SMALL, Tone::Quiet, if last.is_empty() { "—" } else { last }).into(),
            ];
            table = table.push_row(cells, Some(Message::Decide(self.row, Some(Choice::Same(id)))), false);
        }
        // Same names by the dozen happen; more than fit are scrolled.
        let room = Density::Comfortable.head() + (MOST as f32 + 1.0) * Density::Comfortable.row();
        Some(if rows > MOST { container(scroll::scroll(table)).height(room).into() } else { table.into() })
    }
}
