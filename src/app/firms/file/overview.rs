//! 概况: the fields in their groups. What is not filled in is folded; what is personal is covered until asked for.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{File, Message};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::words;
use crate::domain::changes::show_firm;
use crate::domain::firm::{FIELDS, FieldDef, Group, Shape, key};
use crate::domain::people::Permission;
use crate::domain::seal;
use crate::store::queries::FirmFile;
use crate::ui::widget::button;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::block;
use crate::ui::{Element, Icon, Tone, space as sp, text};

/// 法定代表人证件号 in the small size.
const LABEL: f32 = 116.0;

impl File {
    pub(super) fn overview<'a>(&'a self, data: &'a FirmFile, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let mut all = column![].spacing(sp::S12);
        let mut empty = 0;
        for (at, group) in Group::ALL.into_iter().enumerate() {
            let edit = || {
                let edit = button::quiet("修改").icon(Icon::PencilLine).small().tip("Ctrl E");
                if self.frozen() { None } else { Some(edit.on_press(FirmsMessage::Edit(self.id)).into()) }
            };
            let mut lines = column![block(group.label(), None, if at == 0 { edit() } else { None })];
            let mut filled = 0;
            for def in FIELDS.iter().filter(|def| def.group == group) {
                let value = self.value(def, data);
                empty += usize::from(value.is_none());
                if value.is_none() && !self.unfolded {
                    continue;
                }
                filled += 1;
                lines = lines.push(self.line(def, value, ctx)).push(rule::across(Weight::Hair));
            }
            if filled > 0 {
                all = all.push(lines);
            }
        }
        let fold = match (empty, self.unfolded) {
            (0, _) => None,
            (_, true) => Some("收起没填的".to_owned()),
            (n, false) => Some(format!("其余 {n} 项未填")),
        };
        let fold = fold.map(|words| {
            button::quiet(words)
                .after(if self.unfolded { Icon::ChevronUp } else { Icon::ChevronDown })
                .small()
                .on_press(FirmsMessage::File(Message::Unfold))
        });
        let source = self.source_words(data.firm.source).map(|words| text::toned(text::SMALL, Tone::Quiet, words));
        all.push(row![].push(fold).push(space().width(Length::Fill))).push(source).into()
    }

    /// A field's value as it may show. Names it bore before count as former names even when nobody typed them.
    fn value(&self, def: &FieldDef, data: &FirmFile) -> Option<String> {
        if def.key == key::FORMER_NAMES {
            return (!data.firm.former_names.is_empty()).then(|| data.firm.former_names.join("；"));
        }
        let value = data.firm.fields.get(def.key)?;
        Some(match def.shape {
            _ if def.personal && self.revealed.contains(def.key) => seal::readable(value).to_owned(),
            _ if def.personal => words::private(def, value),
            Shape::Industry => words::industry(value).into_owned(),
            _ => show_firm(def.key, value),
        })
    }

    fn line<'a>(&'a self, def: &'static FieldDef, value: Option<String>, ctx: &Ctx) -> Element<'a, FirmsMessage> {
        let label = container(text::line(text::SMALL, Tone::Quiet, def.label)).width(LABEL);
        // What cannot be opened here is not uncovered either.
        let there = value.as_deref().is_some_and(|value| value != seal::COVERED);
        let eye = (def.personal && there && ctx.may(Permission::Reveal)).then(|| {
            let shown = self.revealed.contains(def.key);
            let (which, tip) = if shown { (Icon::EyeOff, "遮盖") } else { (Icon::Eye, "显示这一项") };
            button::icon_only(which).tip(tip).on_press(FirmsMessage::File(Message::Reveal(def.key)))
        });
        let words = match value {
            Some(value) => text::toned(text::BODY, Tone::Plain, value),
            None => text::toned(text::BODY, Tone::Faint, "未填"),
        };
        let vertical = if eye.is_some() { 0.0 } else { 3.0 };
        row![label, container(words).width(Length::Fill)]
            .push(eye)
            .spacing(sp::S8)
            .align_y(Vertical::Center)
            .padding(Padding { top: vertical, bottom: vertical, left: sp::S4, right: 0.0 })
            .into()
    }
}
