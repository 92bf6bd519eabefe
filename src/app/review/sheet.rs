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
    let mut group = "";
    for item in &look.form.items {
        if item.group != group {
            group = item.group.as_str();
            if let Some(limit) = look.form.groups.iter().find(|known| known.name == group) {
                let words = format!("{group}（合计不超过 {} 分）", limit.max);
                page = page.push(container(text::line(text::SMALL.bold(), Tone::Plain, words)).padding([4, 0]));
                page = page.push(rule::across(Weight::Hair));
            }
        }
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
            let zero: Vec<&str> = form
                .items
                .iter()
                .filter(|item| scores.zero.contains(&item.id))
                .map(|item| item.text.as_str())
                .collect();
            if !zero.is_empty() {
                let words = format!("{}不能为 0 分", zero.join("、"));
                line = line.push(text::line(text::SMALL, Tone::Danger, words));
            }
            line = line.push(form.limit().map(|limit| text::line(text::SMALL, Tone::Quiet, format!("合格线 {limit}"))));
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

#[cfg(test)]
mod tests {
    use super::super::drafts::answers;
    use super::*;
    use crate::domain::event::{Hash, Stamp};
    use crate::domain::id::RecordId;
    use crate::domain::program::Confidence;
    use crate::domain::review::tally::tally;
    use crate::domain::review::{Answer, Given, Reviewer};
    use crate::ui::{Theme, picture};
    use iced::Size;

    /// A scoring table; lives as long as the test run, as those of the catalogue do.
    fn form(kind: FormKind) -> &'static ReviewForm {
        let item = |id: &str, text: &str, max, weight| ReviewItem {
            id: id.into(),
            text: text.into(),
            max: Points::whole(max),
            weight,
            note: String::new(),
            group: String::new(),
            nonzero: false,
        };
        let items = vec![item("a", "知识产权", 30, 100), item("b", "研发组织管理", 20, 50)];
        let (groups, confidence) = (Vec::new(), Confidence::General);
        Box::leak(Box::new(ReviewForm { kind, items, reviewers: 3, confidence, groups, own: None }))
    }

    fn scores() -> FormKind {
        FormKind::Scores { aggregate: Aggregate::DropExtremes, pass: Some(Points::whole(25)), over: false }
    }

    fn review(name: &str, a: u16, b: u16) -> Standing {
        let points = |points| Answer { found: Found::Points(Points::whole(points)), note: String::new() };
        Standing {
            event: Hash::of(&[name.as_bytes()]),
            given: Given {
                reviewer: Reviewer { user: None, name: name.into(), employer: String::new() },
                round: 1,
                content: Hash::ZERO,
                answers: [("a".to_owned(), points(a)), ("b".to_owned(), points(b))].into(),
                note: String::new(),
                recused: None,
                form: None,
            },
            actor: RecordId::OFFICE,
            at: Stamp(0),
            outdated: false,
            contested: false,
        }
    }

    #[test]
    fn points_are_typed_checked_and_taken() {
        let form = form(scores());
        let mut sheet = Sheet::new();
        assert_eq!(answers(&sheet, form).expect("nothing yet"), None);
        edit(&mut sheet, form, Edit::Points("a", "22.5".into()));
        edit(&mut sheet, form, Edit::Points("b", "二十".into()));
        assert!(answers(&sheet, form).expect_err("no number").says.contains("“二十”看不懂"));
        edit(&mut sheet, form, Edit::Points("b", "14".into()));
        let given = answers(&sheet, form).expect("numbers").expect("some");
        assert_eq!(given["a"].found, Found::Points(Points(2250)));
        edit(&mut sheet, form, Edit::RestYes);
        assert_eq!(sheet.len(), 2, "nothing of a scoring table is simply yes");
        edit(&mut sheet, form, Edit::Clear);
        assert!(sheet.is_empty());
    }

    #[test]
    fn the_rest_is_yes_and_what_was_answered_stays() {
        let form = form(FormKind::Checklist);
        let mut sheet = Sheet::new();
        edit(&mut sheet, form, Edit::Found("a", Found::No));
        edit(&mut sheet, form, Edit::RestYes);
        let given = answers(&sheet, form).expect("answers").expect("some");
        assert_eq!((given["a"].found, given["b"].found), (Found::No, Found::Yes));
    }

    #[test]
    fn several_reviewers_come_to_one_line_with_how_far_they_are_apart() {
        let form = form(scores());
        let reviews = [review("甲", 20, 10), review("乙", 22, 14), review("丙", 28, 20)];
        let tally = tally(form, &reviews);
        let found = tally.scores.as_ref().expect("points");
        assert_eq!(scores_words(found, Aggregate::DropExtremes), "3 人，去掉最高最低后平均 29，相差 13");
        assert_eq!(found.passes, Some(true));
        assert_eq!(others_said(&reviews, "a"), "", "points are no ticks");
    }

    #[test]
    fn a_scoring_table_is_drawn_with_what_others_gave() {
        let form = form(scores());
        let reviews = [review("甲", 20, 10), review("乙", 22, 14)];
        let mut sheet = Sheet::new();
        edit(&mut sheet, form, Edit::Points("a", "99".into()));
        let draw = |others: &[Standing]| {
            let look = Look { form, sheet: &sheet, others, can: true, width: 360.0, prefix: "test" };
            picture::draw(view(&look, |_| ()), Size::new(360.0, 200.0), &Theme::LIGHT).expect("a picture").rgba
        };
        assert_ne!(draw(&reviews), draw(&[]), "what others gave shows");
    }
}
