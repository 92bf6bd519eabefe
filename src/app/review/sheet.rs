//! The program's form as a reviewer fills it in: a checklist, or items with points; what others gave stands beside it.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::drafts::{Sheet, Written};
use crate::domain::review::tally::{Scores, Standing, Tally};
use crate::domain::review::{Aggregate, FormKind, Found, Points, ReviewForm, ReviewItem};
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{input, tooltip};
use crate::ui::{Element, measure, space as sp, text};

/// Something done to a sheet.
#[derive(Debug, Clone)]
pub enum Edit {
    Found(&'static str, Found),
    Points(&'static str, String),
    Note(&'static str, String),
    /// Whatever has no answer yet is in order.
    RestYes,
    Clear,
}

/// Does it.
pub fn edit(sheet: &mut Sheet, form: &ReviewForm, edit: Edit) {
    match edit {
        Edit::Found(item, found) => sheet.entry(item.to_owned()).or_default().found = Some(found),
        Edit::Points(item, typed) => sheet.entry(item.to_owned()).or_default().points = typed,
        Edit::Note(item, typed) => sheet.entry(item.to_owned()).or_default().note = typed,
        Edit::RestYes if form.kind == FormKind::Checklist => {
            for item in &form.items {
                sheet.entry(item.id.clone()).or_default().found.get_or_insert(Found::Yes);
            }
        }
        Edit::RestYes => {}
        Edit::Clear => sheet.clear(),
    }
    sheet.retain(|_, written| *written != Written::default());
}

/// How a form is shown.
pub struct Look<'a> {
    pub form: &'static ReviewForm,
    pub sheet: &'a Sheet,
    /// Reviews of others, which stand beside it.
    pub others: &'a [Standing],
    pub can: bool,
    pub width: f32,
    /// In front of the names of its fields, so that two forms never share one.
    pub prefix: &'static str,
}

/// The form, its items under a heavy rule.
pub fn view<'a, M: Clone + 'a>(look: &Look<'a>, wrap: impl Fn(Edit) -> M + Copy + 'a) -> Element<'a, M> {
    let mut page = column![];
    if let FormKind::Scores { .. } = look.form.kind {
        let head =
            |words: &'static str, width| container(text::line(text::NOTE.bold(), Tone::Quiet, words)).width(width);
        page = page.push(
            row![
                head("评分项", Length::Fill),
                head("满分", Length::Fixed(56.0)),
                head("别人打的", Length::Fixed(64.0)),
                head("评分", Length::Fixed(64.0)),
            ]
            .spacing(sp::S6)
            .height(26)
            .align_y(Vertical::Center),
        );
    }
    page = page.push(rule::across(Weight::Heavy));
    for item in &look.form.items {
        page = page.push(match look.form.kind {
            FormKind::Checklist => ticked(look, item, wrap),
            FormKind::Scores { .. } => scored(look, item, wrap),
        });
        page = page.push(rule::across(Weight::Hair));
    }
    page.into()
}

fn name<'a, M: 'a>(item: &'static ReviewItem, room: f32) -> Element<'a, M> {
    // Two lines of the small style; the whole under the pointer.
    let short = measure::cut(&item.text, text::SMALL.size, false, 2.0 * room - 20.0).into_owned();
    let whole = short == item.text && item.note.is_empty();
    let words = text::toned(text::SMALL, Tone::Plain, short);
    if whole {
        return words.into();
    }
    let tip = if item.note.is_empty() { item.text.clone() } else { format!("{}\n{}", item.text, item.note) };
    tooltip::tip(words, tip)
}

fn ticked<'a, M: Clone + 'a>(
    look: &Look<'a>,
    item: &'static ReviewItem,
    wrap: impl Fn(Edit) -> M + Copy + 'a,
) -> Element<'a, M> {
    const CHOICE: f32 = 132.0;
    let id = item.id.as_str();
    let written = look.sheet.get(id);
    let found = written.and_then(|written| written.found);
    let answers = [(Found::Yes, "是"), (Found::No, "否"), (Found::NotApplicable, "不适用")];
    let choice: Element<'a, M> = if look.can {
        let all = answers.map(|(found, word)| Segment::new(Some(found), word));
        segmented(all, &found, move |found| wrap(Edit::Found(id, found.unwrap_or(Found::NotApplicable))))
    } else {
        let word = answers.iter().find(|(known, _)| Some(*known) == found).map_or("—", |(_, word)| word);
        text::line(text::SMALL, Tone::Quiet, word).into()
    };
    let room = look.width - CHOICE - sp::S8;
    let mut names = column![name(item, room)];
    let said = others_said(look.others, id);
    if !said.is_empty() {
        names = names.push(text::line(text::NOTE, Tone::Faint, said));
    }
    let head = row![container(names).width(Length::Fill), choice].spacing(sp::S8).align_y(Vertical::Center);
    let mut body = column![head].spacing(sp::S4);
    if found == Some(Found::No) {
        let note = written.map_or("", |written| written.note.as_str());
        let mut line = input::input(note)
            .placeholder("为什么；退回时它就是要补正的内容")
            .tone(note.trim().is_empty().then_some(Tone::Warn))
            .density(Density::Compact)
            .id(format!("{}.note.{id}", look.prefix));
        if look.can {
            line = line.on_input(move |typed| wrap(Edit::Note(id, typed)));
        }
        body = body.push(line);
    }
    container(body).padding(Padding { top: 4.0, bottom: 4.0, ..Padding::ZERO }).into()
}

/// 2 是 1 否.
fn others_said(others: &[Standing], item: &str) -> String {
    let given = |found: Found| {
        others
            .iter()
            .filter(|review| review.given.recused.is_none())
            .filter(|review| review.given.answers.get(item).is_some_and(|answer| answer.found == found))
            .count()
    };
    let all = [(Found::Yes, "是"), (Found::No, "否"), (Found::NotApplicable, "不适用")];
    let parts: Vec<String> = all
        .into_iter()
        .map(|(found, word)| (given(found), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} 人{word}"))
        .collect();
    parts.join("，")
}

fn scored<'a, M: Clone + 'a>(
    look: &Look<'a>,
    item: &'static ReviewItem,
    wrap: impl Fn(Edit) -> M + Copy + 'a,
) -> Element<'a, M> {
    let id = item.id.as_str();
    let typed = look.sheet.get(id).map_or("", |written| written.points.as_str());
    let wrong = !typed.trim().is_empty() && Points::read(typed).is_none_or(|points| points > item.max);
    let mut field = input::input(typed)
        .number()
        .tone(wrong.then_some(Tone::Danger))
        .density(Density::Compact)
        .width(64)
        .id(format!("{}.points.{id}", look.prefix));
    if look.can {
        field = field.on_input(move |typed| wrap(Edit::Points(id, typed)));
    }
    let points = look.others.iter().filter(|review| review.given.recused.is_none()).filter_map(|review| {
        match review.given.answers.get(id)?.found {
            Found::Points(points) => Some(points),
            _ => None,
        }
    });
    let (low, high) = points.fold((None, None), |(low, high): (Option<Points>, Option<Points>), points| {
        (Some(low.map_or(points, |low| low.min(points))), Some(high.map_or(points, |high| high.max(points))))
    });
    let reference = match (low, high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("{low} 至 {high}"),
        _ => "—".to_owned(),
    };
    let max = if item.weight == 100 { item.max.to_string() } else { format!("{}×{}%", item.max, item.weight) };
    let line = row![
        container(name(item, look.width - 210.0)).width(Length::Fill),
        container(text::line(text::SMALL, Tone::Quiet, max)).width(56),
        container(text::line(text::SMALL, Tone::Quiet, reference)).width(64),
        field,
    ]
    .spacing(sp::S6)
    .align_y(Vertical::Center);
    container(line).padding(Padding { top: 3.0, bottom: 3.0, ..Padding::ZERO }).into()
}

/// What several found together, in one line, with whether it suffices.
pub fn together<'a, M: 'a>(form: &ReviewForm, tally: &Tally) -> Option<Element<'a, M>> {
    let mut line = row![].spacing(sp::S8).align_y(Vertical::Center);
    match (&tally.scores, &tally.ticks, form.kind) {
        (Some(scores), _, FormKind::Scores { aggregate, .. }) => {
            line = line.push(text::line(text::SMALL.bold(), Tone::Plain, scores_words(scores, aggregate)));
            line = line.push(scores.passes.map(|passes| {
                if passes {
                    Badge::soft(Tone::Success, Icon::Check, "达到").view()
                } else {
                    Badge::soft(Tone::Danger, Icon::X, "未达到").view()
                }
            }));
        }
        (_, Some(ticks), _) => {
            let words = match (ticks.faults.len(), ticks.differing.len()) {
                (0, 0) => format!("{} 人评过，都没有选“否”", tally.counted),
                (faults, 0) => format!("{} 人评过，{faults} 项有“否”", tally.counted),
                (faults, differing) => {
                    format!("{} 人评过，{faults} 项有“否”，{differing} 项意见不一", tally.counted)
                }
            };
            line = line.push(text::line(text::SMALL.bold(), Tone::Plain, words));
        }
        _ => return None,
    }
    if tally.wanting > 0 {
        line = line.push(text::line(text::SMALL, Tone::Warn, format!("还差 {} 人", tally.wanting)));
    }
    Some(line.wrap().vertical_spacing(0).into())
}

/// 3 人，去掉最高最低后平均 82.5，相差 6.
fn scores_words(scores: &Scores, aggregate: Aggregate) -> String {
    let count = scores.totals.len();
    let how = match (aggregate, scores.dropped.is_empty()) {
        (Aggregate::DropExtremes, false) => "去掉最高最低后平均",
        _ if count == 1 => "得分",
        _ => "平均",
    };
    let spread = if count > 1 { format!("，相差 {}", scores.spread()) } else { String::new() };
    format!("{count} 人，{how} {}{spread}", scores.result)
}
