//! 变更历史 as it is shown everywhere: who, when, on which machine, from what to what, why, from which list; one change of any
//! record as one block. What shows how many of them, and which are unfolded, belongs to the page they stand on.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::ctx::Ctx;
use super::words;
use crate::domain::certificate;
use crate::domain::changes::{Change, FieldChange};
use crate::domain::event::RecordKind;
use crate::domain::filing::reviewers;
use crate::domain::firm::{Shape, fields};
use crate::domain::machine;
use crate::domain::review::own;
use crate::domain::seal;
use crate::domain::shortlist;
use crate::store::queries::Lists;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::button;
use crate::ui::{Element, Icon, Tone, space as sp, text};

/// Fields of one change that show before it is asked for all.
const FEW: usize = 6;

/// One change. `whole` is what asking for its folded fields sends; where it is `None` all of them show.
pub fn change<'a, M: Clone + 'a>(
    change: &'a Change,
    kind: Option<RecordKind>,
    lists: &'a Lists,
    whole: Option<M>,
    ctx: &'a Ctx,
) -> Element<'a, M> {
    let at = ctx.db.clock().local(change.at.millis());
    let tone = if change.taken_back { Tone::Faint } else { Tone::Plain };
    let who = format!("{}·{}", ctx.ledger.user_name(change.actor), words::machine(change.device, ctx));
    let head =
        row![text::line(text::BODY.bold(), tone, change.what.as_str()), text::line(text::SMALL, Tone::Quiet, who),]
            .push(change.taken_back.then(|| Badge::outline(Icon::Undo2, "已撤销").view()))
            .push(change.conflict.then(|| Badge::framed(Tone::Danger, Icon::Split, "冲突").view()))
            .spacing(sp::S8)
            .align_y(Vertical::Center)
            .wrap();
    let head = row![container(head).width(Length::Fill), text::line(text::SMALL, Tone::Quiet, words::when(at, ctx)),]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
    let mut all = column![head].spacing(sp::S2);
    let few = if whole.is_none() { change.fields.len() } else { FEW };
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
        let label = own.map_or(field.label.as_str(), |(.., attr)| certificate::label(attr));
        all = all.push(line(label, field, kind, tone, ctx));
    }
    let rest = change.fields.len().saturating_sub(few);
    if rest > 0 {
        let words = format!("其余 {rest} 项");
        all = all.push(button::quiet(words).after(Icon::ChevronDown).small().on_press(whole));
    }
    if !change.remark.is_empty() {
        all = all.push(text::toned(text::SMALL, Tone::Quiet, change.remark.as_str()));
    }
    for words in confirmed(change, kind) {
        all = all.push(text::toned(text::SMALL, Tone::Warn, words));
    }
    all = all.push(from_list(change, lists).map(|words| text::toned(text::NOTE, Tone::Faint, words)));
    container(all).width(Length::Fill).padding(Padding { top: 7.0, bottom: 7.0, left: sp::S8, right: sp::S8 }).into()
}

/// What was seen and confirmed all the same.
fn confirmed(change: &Change, kind: Option<RecordKind>) -> Vec<String> {
    let all = change.confirmed.iter().map(|confirmed| {
        // A form's fields are known by the change itself where it set them.
        let field = change.fields.iter().find(|field| field.key.ends_with(&confirmed.field));
        let label = match (kind, field) {
            (Some(RecordKind::Firm), _) => fields::label(&confirmed.field),
            (_, Some(field)) => field.label.clone(),
            _ => String::new(),
        };
        let says = seal::readable(&confirmed.says).trim_end_matches('。');
        let colon = if label.is_empty() { "" } else { "：" };
        format!("已确认 {label}{colon}{says}。原因：{}", confirmed.reason)
    });
    all.collect()
}

fn from_list(change: &Change, lists: &Lists) -> Option<String> {
    let source = change.source?;
    let list = lists.get(&source.import).map_or("已导入的名单", String::as_str);
    Some(format!("来自“{list}”第 {} 行", source.row))
}

/// All that one change says, for paper: what it is about, and before and after or a remark.
pub fn said(change: &Change, kind: Option<RecordKind>, lists: &Lists, ctx: &Ctx) -> Vec<(String, String)> {
    let fields = change.fields.iter().map(|field| {
        let label = match certificate::split_key(&field.key) {
            Some((kind, slug, attr)) => {
                let number = if slug.starts_with('~') { "" } else { slug };
                format!("{}证书 {number} {}", words::certificate_kind(kind), certificate::label(attr))
            }
            None => field.label.clone(),
        };
        (label, difference(field, kind, ctx))
    });
    let remark = (!change.remark.is_empty()).then(|| ("说明".to_owned(), change.remark.clone()));
    let confirmed = confirmed(change, kind).into_iter().map(|words| ("提醒".to_owned(), words));
    let list = from_list(change, lists).map(|words| ("来源".to_owned(), words));
    fields.chain(remark).chain(confirmed).chain(list).collect()
}

/// A value as the history may show it: names of persons are covered like their numbers.
fn shown(field: &FieldChange, kind: Option<RecordKind>, value: &str, ctx: &Ctx) -> String {
    match (kind, fields::find(&field.key)) {
        (Some(RecordKind::Firm), Some(def))
            if def.personal && !matches!(def.shape, Shape::Phone | Shape::ResidentId) =>
        {
            words::private(def, value)
        }
        (Some(RecordKind::Firm), Some(def)) if def.shape == Shape::Industry => words::industry(value).into_owned(),
        (Some(RecordKind::Filing), _) if field.key == crate::domain::filing::key::OFFICER => {
            value.parse().map_or_else(|_| value.to_owned(), |id| ctx.ledger.user_name(id).to_owned())
        }
        (Some(RecordKind::Machine), _) if field.key == machine::key::USER => {
            value.parse().map_or_else(|_| value.to_owned(), |id| ctx.ledger.user_name(id).to_owned())
        }
        (Some(RecordKind::Filing), _) if field.key == reviewers::KEY => words::people(&reviewers::read(value), ctx),
        _ => value.to_owned(),
    }
}

/// Before and after of a field.
fn difference(field: &FieldChange, kind: Option<RecordKind>, ctx: &Ctx) -> String {
    let none = match kind {
        // A filing that ended lies nowhere any more.
        Some(RecordKind::Filing) if field.key == "stage" => "结束",
        // A filing that left its shortlist, an item that the form no longer asks.
        Some(RecordKind::Shortlist) if field.key.starts_with(shortlist::key::ITEMS) => "移出",
        Some(RecordKind::Office) if field.key.starts_with(own::PREFIX) => "删去",
        _ => "清空",
    };
    let shown = |value: &str| shown(field, kind, value, ctx);
    match (&field.old, &field.new) {
        (None, Some(new)) => shown(new),
        (Some(old), Some(new)) => format!("{} → {}", shown(old), shown(new)),
        (Some(old), None) => format!("{} → {none}", shown(old)),
        (None, None) => "—".to_owned(),
    }
}

fn line<'a, M: 'a>(
    label: &'a str,
    field: &FieldChange,
    kind: Option<RecordKind>,
    tone: Tone,
    ctx: &Ctx,
) -> Element<'a, M> {
    let words = difference(field, kind, ctx);
    row![
        container(text::toned(text::SMALL, Tone::Quiet, label)).width(Length::FillPortion(2)),
        container(text::toned(text::SMALL, tone, words)).width(Length::FillPortion(5)),
    ]
    .spacing(sp::S8)
    .into()
}
