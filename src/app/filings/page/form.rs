//! The program's form on the page, edited in place: what waits to be saved, what must be confirmed, what can be brought.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::super::Message as Outer;
use super::super::entry::banner;
use super::super::form::{LABEL, Look, remark};
use super::view::MARGIN;
use super::{Message, Page};
use crate::app::ctx::Ctx;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::field::field;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::{area, button, input};
use crate::ui::{Element, space as sp, text};

/// The reason for what looks odd.
pub const REASON: &str = "page.reason";
pub const PREFIX: &str = "page.form";

impl Page {
    /// Form and note.
    pub(super) fn form_view<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Element<'a, Outer> {
        let wrap = Outer::Page;
        let Some(form) = &self.form else {
            return remark(Icon::TriangleAlert, Tone::Warn, super::unknown_program().to_string());
        };
        let frozen = self.is_frozen();
        let look = Look { ctx, width, prefix: PREFIX, submit: Some(wrap(Message::Save)), frozen };
        let on_note = (!frozen).then_some(move |action| wrap(Message::Note(action)));
        let note =
            field("备注", area::area(&self.note, "", 54.0, None, on_note)).label_width(LABEL).density(ctx.controls());
        let body = column![form.view(look, move |edit| wrap(Message::Edit(edit))), note].spacing(sp::S12);
        column![self.form_head(), rule::across(Weight::Heavy), container(body).padding(iced::padding::top(sp::S6))]
            .spacing(sp::S6)
            .into()
    }

    fn form_head(&self) -> Element<'_, Outer> {
        let missing = self.form.as_ref().map(|form| form.missing()).unwrap_or_default();
        let said = match missing.as_slice() {
            [] => text::line(text::SMALL, Tone::Quiet, "带 * 的都有了"),
            [one] => text::line(text::SMALL, Tone::Warn, format!("缺 1 项必填：{one}")),
            many => text::line(text::SMALL, Tone::Warn, format!("缺 {} 项必填：{}…", many.len(), many[0])),
        };
        let bring = button::quiet("带出企业数据").icon(Icon::History).small();
        let bring = (!self.is_frozen()).then(|| bring.on_press(Outer::Page(Message::Bring)));
        row![said, space().width(Length::Fill)].push(bring).spacing(sp::S8).align_y(Vertical::Center).into()
    }

    /// What waits to be saved, always in sight while something does.
    pub(super) fn save_bar(&self) -> Option<Element<'_, Outer>> {
        let wrap = Outer::Page;
        let changed = self.changed();
        let unsaved = changed.len() + usize::from(self.note_changed());
        if unsaved == 0 || self.is_frozen() {
            return None;
        }
        let save = button::normal("保存").icon(Icon::Save).key("Ctrl S").small();
        // At the left, for what is told stands at the right.
        let line = row![
            save.on_press((!self.busy).then_some(wrap(Message::Save))),
            button::quiet("放弃改动").small().on_press(wrap(Message::Discard)),
            text::line(text::SMALL, Tone::Warn, format!("{unsaved} 处改动没有保存")),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let mut page = column![line].spacing(sp::S6);
        let doubts = self.form.as_ref().map(|form| form.doubts(|field| changed.contains(&field))).unwrap_or_default();
        if !doubts.is_empty() {
            for doubt in doubts {
                page = page.push(remark(Icon::TriangleAlert, Tone::Warn, format!("{}：{}", doubt.label, doubt.says)));
            }
            let reason = input::input(&self.reason)
                .placeholder("核对无误，照存的原因")
                .on_input(move |typed| wrap(Message::Reason(typed)))
                .on_submit(wrap(Message::Save))
                .density(Density::Compact)
                .id(REASON);
            page = page.push(reason);
        }
        if let Some(problem) = &self.problem {
            page = page.push(remark(Icon::CircleAlert, Tone::Danger, problem.clone()));
        }
        // The banner keeps its own distance from the edge.
        Some(banner(container(page).padding(iced::padding::left(MARGIN - sp::S12)), Tone::Warn))
    }
}
