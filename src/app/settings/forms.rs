//! 评审表 of a program: what it is judged by now, and the office's own in its place: items, points, weights, how several
//! reviewers come to one result, and what that must reach.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::lists::trust;
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::catalog::forms::{self, Published};
use crate::domain::people::Permission;
use crate::domain::program::{Confidence, Program, Version};
use crate::domain::review::{Aggregate, FormKind, Group, Points, ReviewForm, ReviewItem, own};
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, checkbox, input, menu};
use crate::ui::{Element, space as sp, text};

/// Width of a field for points or per cent.
const NUMBER: f32 = 72.0;

/// One item as it is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    text: String,
    max: String,
    weight: String,
    note: String,
    group: String,
    nonzero: bool,
}

/// A form being written.
#[derive(Debug, Clone)]
struct Draft {
    program: String,
    scores: bool,
    lines: Vec<Line>,
    groups: Vec<Group>,
    reviewers: String,
    drop: bool,
    pass: String,
    over: bool,
    problem: Option<Problem>,
    busy: bool,
}

/// What of it is being changed.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    draft: Option<Draft>,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    /// Begins with the form that is used.
    Edit(&'static Program, &'static Version),
    /// Begins anew with a published table.
    Take(&'static Published),
    Scores(bool),
    Text(usize, String),
    Max(usize, String),
    Weight(usize, String),
    Note(usize, String),
    Nonzero(usize, bool),
    Up(usize),
    Remove(usize),
    Add,
    Reviewers(String),
    Drop(bool),
    Pass(String),
    Over(bool),
    Save,
    Saved(Result<Done<bool>>),
    /// The form of the policy version again.
    Back(String),
    WentBack(Result<Done<bool>>),
    Close,
}

impl Draft {
    fn of(program: &str, form: Option<&ReviewForm>) -> Self {
        let mut this = Self {
            program: program.to_owned(),
            scores: false,
            lines: Vec::new(),
            groups: Vec::new(),
            reviewers: "1".to_owned(),
            drop: false,
            pass: String::new(),
            over: false,
            problem: None,
            busy: false,
        };
        let Some(form) = form else {
            this.add();
            return this;
        };
        if let FormKind::Scores { aggregate, pass, over } = form.kind {
            (this.scores, this.over, this.drop) = (true, over, aggregate == Aggregate::DropExtremes);
            this.pass = pass.map(|pass| pass.to_string()).unwrap_or_default();
        }
        this.reviewers = form.reviewers.to_string();
        this.groups.clone_from(&form.groups);
        let line = |item: &ReviewItem| Line {
            id: item.id.clone(),
            text: item.text.clone(),
            max: if item.max.0 == 0 { String::new() } else { item.max.to_string() },
            weight: item.weight.to_string(),
            note: item.note.clone(),
            group: item.group.clone(),
            nonzero: item.nonzero,
        };
        this.lines = form.items.iter().map(line).collect();
        this
    }

    fn add(&mut self) {
        // Its name must be one no item has: an answer is kept under it.
        let free = (1..).map(|n| format!("own{n}")).find(|id| !self.lines.iter().any(|line| line.id == *id));
        self.lines.push(Line {
            id: free.unwrap_or_default(),
            text: String::new(),
            max: String::new(),
            weight: "100".to_owned(),
            note: String::new(),
            group: String::new(),
            nonzero: false,
        });
    }

    /// The form that is written there.
    fn form(&self) -> Result<ReviewForm> {
        let number = |what: &str, typed: &str, says: &str| {
            Problem::bad_input(format!("{what}“{typed}”看不懂。")).next(format!("请写{says}。"))
        };
        let mut items = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let (max, weight) = if self.scores {
                let max = Points::read(&line.max).ok_or_else(|| number("满分", &line.max, "数字，例如 20 或 7.5"))?;
                let weight = line.weight.trim().trim_end_matches(['%', '％']);
                (max, weight.parse().map_err(|_| number("权重", &line.weight, "百分数，例如 100 或 50"))?)
            } else {
                (Points::default(), 100)
            };
            items.push(ReviewItem {
                id: line.id.clone(),
                text: line.text.trim().to_owned(),
                max,
                weight,
                note: line.note.trim().to_owned(),
                group: if self.scores { line.group.clone() } else { String::new() },
                nonzero: self.scores && line.nonzero,
            });
        }
        let pass = match self.pass.trim() {
            "" => None,
            typed => Some(Points::read(typed).ok_or_else(|| number("合格线", typed, "数字，没有就留空"))?),
        };
        let aggregate = if self.drop { Aggregate::DropExtremes } else { Aggregate::Mean };
        let kind = match self.scores {
            true => FormKind::Scores { aggregate, pass, over: self.over && pass.is_some() },
            false => FormKind::Checklist,
        };
        let reviewers = self.reviewers.trim();
        let reviewers = reviewers.parse().map_err(|_| number("评审人数", reviewers, "整数，例如 3"))?;
        let used = |group: &&Group| items.iter().any(|item| item.group == group.name);
        let groups = self.groups.iter().filter(used).cloned().collect();
        let form = ReviewForm { kind, items, reviewers, confidence: Confidence::Report, groups, own: None };
        own::check(&form)?;
        Ok(form)
    }
}

impl Forms {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Edit(program, version) => {
                if let Err(problem) = ctx.permit(Permission::ChangeOffice) {
                    return problem.into();
                }
                self.draft = Some(Draft::of(&program.id, ctx.ledger.office.review_form(&program.id, version)));
            }
            Message::Take(table) => self.draft = Some(Draft::of(&table.program, Some(&table.form))),
            Message::Close => self.draft = None,
            Message::Back(program) => {
                let deed = move |act: &mut crate::store::Act<'_>| act.set_review_form(&program, None);
                return Update::task(ctx.act("恢复事项自带的评审表", deed, Message::WentBack));
            }
            Message::WentBack(Ok(done)) => return Update::saved(&done, "已恢复事项自带的评审表"),
            Message::WentBack(Err(problem)) => return problem.into(),
            Message::Saved(Ok(done)) => {
                self.draft = None;
                return Update::saved(&done, "已保存评审表，正在评的轮次仍用开始时的那张");
            }
            other => return self.fill(other, ctx),
        }
        Update::none()
    }

    fn fill(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        let Some(draft) = &mut self.draft else { return Update::none() };
        draft.problem = None;
        let count = draft.lines.len();
        let mut line = |n: usize, change: &dyn Fn(&mut Line)| draft.lines.get_mut(n).into_iter().for_each(change);
        match message {
            Message::Scores(scores) => draft.scores = scores,
            Message::Text(n, typed) => line(n, &|line| line.text.clone_from(&typed)),
            Message::Max(n, typed) => line(n, &|line| line.max.clone_from(&typed)),
            Message::Weight(n, typed) => line(n, &|line| line.weight.clone_from(&typed)),
            Message::Note(n, typed) => line(n, &|line| line.note.clone_from(&typed)),
            Message::Nonzero(n, on) => line(n, &|line| line.nonzero = on),
            Message::Up(n) if n > 0 && n < count => draft.lines.swap(n, n - 1),
            Message::Remove(n) if n < count => drop(draft.lines.remove(n)),
            Message::Add => {
                draft.add();
                return Update::task(iced::widget::operation::focus(field_id(count)));
            }
            Message::Reviewers(typed) => draft.reviewers = typed,
            Message::Drop(on) => draft.drop = on,
            Message::Pass(typed) => draft.pass = typed,
            Message::Over(on) => draft.over = on,
            Message::Saved(Err(problem)) => {
                draft.busy = false;
                draft.problem = Some(problem);
            }
            Message::Save if !draft.busy => match draft.form() {
                Ok(form) => {
                    draft.busy = true;
                    let program = draft.program.clone();
                    let deed = move |act: &mut crate::store::Act<'_>| act.set_review_form(&program, Some(&form));
                    return Update::task(ctx.act("定评审表", deed, Message::Saved));
                }
                Err(problem) => draft.problem = Some(problem),
            },
            _ => {}
        }
        Update::none()
    }

    /// The form of a program, being changed or not.
    pub fn view<'a>(&'a self, program: &'static Program, version: &'static Version, ctx: &Ctx) -> Element<'a, Message> {
        if let Some(draft) = self.draft.as_ref().filter(|draft| draft.program == program.id) {
            return draft.view();
        }
        let form = ctx.ledger.office.review_form(&program.id, version);
        let changes = ctx.may(Permission::ChangeOffice);
        let tools = changes.then(|| {
            let word = if form.is_some() { "修改…" } else { "定评审表…" };
            let edit = button::normal(word).icon(Icon::PencilLine).small();
            let tables = forms::published(&program.id).map(|table| Item::new(table, table.name.clone()));
            let tables: Vec<Item<&'static Published>> = tables.collect();
            let take = (!tables.is_empty()).then(|| {
                let opener = button::quiet("用公布的评分表").after(Icon::ChevronDown).small().on_press(());
                menu::menu(opener, tables, Message::Take)
            });
            let back = form
                .is_some_and(|form| form.own.is_some())
                .then(|| button::quiet("恢复事项自带的").small().on_press(Message::Back(program.id.clone())));
            row![].push(take).push(back).push(edit.on_press(Message::Edit(program, version))).spacing(sp::S8).into()
        });
        let Some(form) = form else {
            let words = text::toned(text::SMALL, Tone::Quiet, "没有评审表：审核时直接登记决定。");
            return column![heading("评审表", None, tools), rule::across(Weight::Heavy), words].into();
        };
        let from = if form.own.is_some() { "本单位自定" } else { trust(form.confidence) };
        let mut all = column![
            heading("评审表", None, tools),
            text::small(format!("{}　{from}", how(form))),
            rule::across(Weight::Heavy)
        ];
        for item in &form.items {
            let points = match form.kind {
                FormKind::Checklist => String::new(),
                FormKind::Scores { .. } if item.weight == 100 => format!("{} 分", item.max),
                FormKind::Scores { .. } => format!("{} 分 × {}%", item.max, item.weight),
            };
            let group = (!item.group.is_empty()).then(|| text::line(text::SMALL, Tone::Quiet, item.group.as_str()));
            let line = row![]
                .push(group)
                .push(container(text::toned(text::SMALL, Tone::Plain, item.text.as_str())).width(Length::Fill))
                .push(text::line(text::SMALL, Tone::Quiet, points))
                .spacing(sp::S8);
            all = all.push(container(line).padding([3, 0])).push(rule::across(Weight::Hair));
        }
        all.into()
    }
}

fn field_id(n: usize) -> iced::advanced::widget::Id {
    format!("settings.form.{n}").into()
}

/// How filings are judged by it, in one line.
fn how(form: &ReviewForm) -> String {
    let FormKind::Scores { aggregate, .. } = form.kind else {
        return match form.reviewers {
            1 => "逐项核对".to_owned(),
            n => format!("逐项核对，至少 {n} 人"),
        };
    };
    let how = match aggregate {
        Aggregate::Mean => "取平均",
        Aggregate::DropExtremes => "去掉一个最高、一个最低后取平均",
    };
    let pass = form.limit().map(|limit| format!("，{limit}合格")).unwrap_or_default();
    let groups: Vec<String> =
        form.groups.iter().map(|group| format!("{}不超过 {} 分", group.name, group.max)).collect();
    let groups = if groups.is_empty() { String::new() } else { format!("；{}", groups.join("，")) };
    format!("满分 {}，{how}{pass}，至少 {} 人{groups}", form.full().points(), form.reviewers)
}

impl Draft {
    fn view(&self) -> Element<'_, Message> {
        let kinds = [Segment::new(false, "核对表"), Segment::new(true, "评分表")];
        let head = row![
            segmented(kinds, &self.scores, Message::Scores),
            text::small("核对表每项选是、否、不适用；评分表每项打分"),
        ]
        .spacing(sp::S12)
        .align_y(Vertical::Center);
        let mut all = column![heading("评审表", None, None), head, rule::across(Weight::Heavy)].spacing(sp::S6);
        for (n, line) in self.lines.iter().enumerate() {
            all = all.push(self.line(n, line)).push(rule::across(Weight::Hair));
        }
        let add = button::quiet("加一项").icon(Icon::Plus).small().on_press(Message::Add);
        all = all.push(add).push(self.rules());
        all =
            all.push(self.problem.as_ref().map(|problem| text::toned(text::SMALL, Tone::Danger, problem.to_string())));
        let save = button::primary(if self.busy { "正在保存…" } else { "保存评审表" });
        all.push(
            row![
                save.on_press((!self.busy).then_some(Message::Save)),
                button::normal("取消").on_press(Message::Close),
                text::small("从下一轮起用；正在评的轮次仍用开始时的那张，评过的结果不变。"),
            ]
            .spacing(sp::S8)
            .align_y(Vertical::Center),
        )
        .into()
    }

    fn line<'a>(&'a self, n: usize, line: &'a Line) -> Element<'a, Message> {
        let compact =
            |value, placeholder: &'static str| input::input(value).placeholder(placeholder).density(Density::Compact);
        let words = compact(&line.text, "这一项看什么").on_input(move |typed| Message::Text(n, typed)).id(field_id(n));
        let mut head = row![text::line(text::SMALL, Tone::Faint, (n + 1).to_string()), words]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        if self.scores {
            let number = |value, placeholder| compact(value, placeholder).number().width(NUMBER);
            head = head
                .push(number(&line.max, "满分").on_input(move |typed| Message::Max(n, typed)))
                .push(text::small("分 ×"))
                .push(number(&line.weight, "权重").on_input(move |typed| Message::Weight(n, typed)))
                .push(text::small("%"))
                .push(checkbox::checkbox("不得 0 分", line.nonzero, Some(move |on| Message::Nonzero(n, on))));
        }
        head = head
            .push(button::icon_only(Icon::ArrowUp).tip("上移").small().on_press((n > 0).then_some(Message::Up(n))))
            .push(button::icon_only(Icon::X).tip("去掉这一项").small().on_press(Message::Remove(n)));
        let group =
            (self.scores && !line.group.is_empty()).then(|| text::line(text::SMALL, Tone::Quiet, line.group.as_str()));
        let note = compact(&line.note, "怎么评，可以不写").on_input(move |typed| Message::Note(n, typed));
        let under = row![space().width(14)].push(group).push(note).spacing(sp::S8).align_y(Vertical::Center);
        container(column![head, under].spacing(sp::S4)).padding([3, 0]).into()
    }

    fn rules(&self) -> Element<'_, Message> {
        let number = |value| input::input(value).number().density(Density::Compact).width(NUMBER);
        let mut line =
            row![text::small("至少"), number(&self.reviewers).on_input(Message::Reviewers), text::small("人评"),]
                .spacing(sp::S8)
                .align_y(Vertical::Center);
        if self.scores {
            let ways = [Segment::new(false, "取平均"), Segment::new(true, "去掉最高最低后平均")];
            line = line
                .push(segmented(ways, &self.drop, Message::Drop))
                .push(text::small("合格线"))
                .push(number(&self.pass).placeholder("没有").on_input(Message::Pass))
                .push(text::small("分"))
                .push(checkbox::checkbox("要高于这个分数", self.over, Some(Message::Over)));
        }
        line.wrap().into()
    }
}
