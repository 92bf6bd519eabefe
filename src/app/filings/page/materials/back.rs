//! What came back: the defects of the return with what became of each, and what of form and files differs since.

use iced::alignment::Vertical;
use iced::widget::{column, row, space};
use iced::{Length, Padding};

use super::super::super::Message as Outer;
use super::super::super::entry::banner;
use super::{Message, Page, wrap};
use crate::app::ctx::Ctx;
use crate::app::notices;
use crate::domain::changes::show_field;
use crate::domain::defect::About;
use crate::domain::filing::notice;
use crate::domain::filing::rounds::Differences;
use crate::domain::people::Permission;
use crate::domain::program::Version;
use crate::store::queries::FilingFile;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::Tone;
use crate::ui::widget::button;
use crate::ui::{Element, measure, space as sp, text};

impl Page {
    /// Nothing in the first round.
    pub(super) fn came_back<'a>(
        &'a self,
        file: &'a FilingFile,
        version: &'static Version,
        width: f32,
        ctx: &'a Ctx,
    ) -> Option<Element<'a, Outer>> {
        let differences = file.differences.as_ref()?;
        let returned = notices::returned(file)?;
        let word = format!("第 {} 轮退回要补正的", returned.moved.round);
        let mut head = row![text::line(text::SMALL.bold(), Tone::Plain, word)].spacing(sp::S8);
        if self.is_returned()
            && let Some(day) = notice::last_day(returned, ctx.calendar())
        {
            head = head.push(text::line(text::SMALL, Tone::Quiet, format!("最后一天 {day}")));
        }
        let copy = button::quiet("复制补正通知").icon(Icon::Copy).small().on_press(wrap(Message::CopyNotice));
        let exports = ctx.may(Permission::Export);
        let write = exports
            .then(|| button::quiet("写成 Word").icon(Icon::FileText).small().on_press(wrap(Message::WriteNotice)));
        let print =
            exports.then(|| button::quiet("打印…").icon(Icon::Printer).small().on_press(wrap(Message::PrintNotice)));
        // On a line of their own: beside the last day there is no room for three.
        let tools = row![copy].push(write).push(print).spacing(sp::S8).align_y(Vertical::Center);
        let head = head.align_y(Vertical::Center);
        let mut body = column![head].spacing(sp::S2);
        let room = width - 2.0 * sp::S12 - 110.0;
        if differences.defects.is_empty() {
            body = body.push(said(Icon::CornerUpLeft, Tone::Quiet, &returned.moved.reason, "", room));
        }
        for (defect, touched) in &differences.defects {
            let (icon, tone, word) = match touched {
                Some(true) => (Icon::Check, Tone::Success, "有改动"),
                Some(false) => (Icon::Circle, Tone::Warn, "没有改动"),
                None => (Icon::CircleDashed, Tone::Quiet, "请核对"),
            };
            body = body.push(said(icon, tone, &defect.line(version), word, room));
        }
        for words in changed(differences, version) {
            body = body.push(said(Icon::Diff, Tone::Info, &words, "", room + 100.0));
        }
        if differences.fields.is_empty() && differences.files.is_empty() {
            body = body.push(text::line(text::SMALL, Tone::Quiet, "退回以后申报表和材料都还没有改动。"));
        }
        body = body.push(tools);
        Some(banner(iced::widget::container(body).padding(Padding::ZERO), Tone::Warn))
    }
}

/// Each difference in one line.
fn changed(differences: &Differences, version: &Version) -> Vec<String> {
    let mut all = Vec::new();
    for file in &differences.files {
        let about = About::Material(file.item.clone());
        let names: Vec<&str> =
            [&file.before, &file.after].into_iter().flatten().map(|file| file.name.as_str()).collect();
        all.push(format!("{}：{} {}", about.name(version), file.word(), names.join(" → ")));
    }
    for field in &differences.fields {
        let known = version.form.iter().find(|known| known.id == field.id);
        let show = |value: &Option<String>| match value {
            None => "未报".to_owned(),
            Some(value) => known.map_or_else(|| value.clone(), |known| show_field(&known.kind, value)),
        };
        let label = known.map_or(field.id.as_str(), |known| known.label.as_str());
        all.push(format!("{label}：{} → {}", show(&field.before), show(&field.after)));
    }
    all
}

fn said<'a>(picture: Icon, tone: Tone, words: &str, word: &'static str, room: f32) -> Element<'a, Outer> {
    let cut = measure::cut(words, text::SMALL.size, false, room).into_owned();
    row![
        icon::toned(picture, icon::size::INLINE, tone),
        text::line(text::SMALL, Tone::Plain, cut),
        space().width(Length::Fill),
        text::line(text::SMALL, tone, word),
    ]
    .spacing(sp::S6)
    .align_y(Vertical::Center)
    .into()
}
