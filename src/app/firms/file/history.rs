//! 变更历史: who changed what and when, old and new, newest first; warnings that were overruled with the reason given.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{File, Message};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::words;
use crate::domain::certificate;
use crate::domain::changes::{Change, FieldChange};
use crate::domain::firm::{Shape, fields};
use crate::store::queries::FirmFile;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::button;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::{Element, Icon, Tone, space as sp, text};

/// Fields of one change that show before it is asked for all.
const FEW: usize = 6;

impl File {
    pub(super) fn history<'a>(&'a self, data: &'a FirmFile, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let mut all = column![heading("变更历史", Some("新的在前，个人信息遮盖"), None), rule::across(Weight::Heavy)];
        let count = data.changes.len();
        for (at, change) in data.changes.iter().enumerate().take(self.changes) {
            // Counted from the oldest, so that a new change does not fold others.
            all = all.push(self.change(count - at, change, ctx)).push(rule::across(Weight::Hair));
        }
        let rest = count.saturating_sub(self.changes);
        let more = (rest > 0).then(|| {
            let words = format!("再早的 {rest} 次");
            button::quiet(words).after(Icon::ChevronDown).small().on_press(FirmsMessage::File(Message::More))
        });
        all.push(more).into()
    }

    fn change<'a>(&'a self, number: usize, change: &'a Change, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let at = ctx.db.clock().local(change.at.millis());
        let tone = if change.taken_back { Tone::Faint } else { Tone::Plain };
        let head = row![
            text::line(text::BODY.bold(), tone, change.what.as_str()),
            text::line(text::SMALL, Tone::Quiet, ctx.ledger.user_name(change.actor)),
        ]
        .push(change.taken_back.then(|| Badge::outline(Icon::Undo2, "已撤销").view()))
        .push(space().width(Length::Fill))
        .push(text::line(text::SMALL, Tone::Quiet, words::when(at, ctx)))
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let mut all = column![head].spacing(sp::S2);
        let whole = self.whole.contains(&number);
        let few = if whole { change.fields.len() } else { FEW };
        let mut last = None;
        for field in change.fields.iter().take(few) {
            // The parts of one certificate stand together under its name.
            let own = certificate::split_key(&field.key);
            let whose = own.map(|(kind, slug, _)| (kind, slug));
            if let Some((kind, slug)) = whose
                && whose != last
            {
                let number = if slug.starts_with('~') { "" } else { slug };
                let words = format!("{}证书 {number}", words::certificate_kind(kind));
                all = all.push(text::toned(text::SMALL, Tone::Quiet, words));
            }
            last = whose;
            all = all.push(line(own.map_or(field.label.as_str(), |(.., attr)| certificate::label(attr)), field, tone));
        }
        let rest = change.fields.len().saturating_sub(few);
        if rest > 0 {
            let words = format!("其余 {rest} 项");
            let more = button::quiet(words).after(Icon::ChevronDown).small();
            all = all.push(more.on_press(FirmsMessage::File(Message::Whole(number))));
        }
        if !change.remark.is_empty() {
            all = all.push(text::toned(text::SMALL, Tone::Quiet, change.remark.as_str()));
        }
        for confirmed in &change.confirmed {
            let label = fields::label(&confirmed.field);
            let says = confirmed.says.trim_end_matches('。');
            let words = format!("已确认 {label}：{says}。原因：{}", confirmed.reason);
            all = all.push(text::toned(text::SMALL, Tone::Warn, words));
        }
        if let Some(words) = self.source_words(change.source) {
            all = all.push(text::toned(text::NOTE, Tone::Faint, words));
        }
        container(all)
            .width(Length::Fill)
            .padding(Padding { top: 7.0, bottom: 7.0, left: sp::S8, right: sp::S8 })
            .into()
    }
}

/// A value as the history may show it: names of persons are covered like their numbers.
fn shown(field: &FieldChange, value: &str) -> String {
    match fields::find(&field.key) {
        Some(def) if def.personal && !matches!(def.shape, Shape::Phone | Shape::ResidentId) => {
            words::private(def, value)
        }
        Some(def) if def.shape == Shape::Industry => words::industry(value).into_owned(),
        _ => value.to_owned(),
    }
}

fn line<'a>(label: &'a str, field: &FieldChange, tone: Tone) -> Element<'a, FirmsMessage> {
    let words = match (&field.old, &field.new) {
        (None, Some(new)) => shown(field, new),
        (Some(old), Some(new)) => format!("{} → {}", shown(field, old), shown(field, new)),
        (Some(old), None) => format!("{} → 清空", shown(field, old)),
        (None, None) => "—".to_owned(),
    };
    row![
        container(text::toned(text::SMALL, Tone::Quiet, label)).width(Length::FillPortion(2)),
        container(text::toned(text::SMALL, tone, words)).width(Length::FillPortion(5)),
    ]
    .spacing(sp::S8)
    .into()
}
