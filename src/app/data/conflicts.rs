//! 冲突: what people decided or wrote without knowing of each other, both sides next to each other: who, when, having seen what.
//! A person chooses; nothing here offers a winner.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::Message as Out;
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::packages::{Conflict, ConflictKind, Side};
use crate::ui::icon::Icon;
use crate::ui::theme::Theme;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::empty::empty;
use crate::ui::widget::field::Says;
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::{button, input, scroll, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

const REASON: &str = "conflict-reason";

/// Rows drawn at once; the rest comes as these are settled.
const MOST: usize = 200;

/// The tab's state.
#[derive(Default)]
pub struct Conflicts {
    rows: Option<Vec<Conflict>>,
    at: usize,
    reason: String,
    problem: Option<Problem>,
    busy: bool,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(Result<Vec<Conflict>>),
    Choose(usize),
    Reason(String),
    /// This side stands.
    Stands(Hash),
    Settled(Result<Done<()>>),
}

impl Conflicts {
    /// Reads them anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        ctx.ask(ctx.db.conflicts(), |rows| Out::Conflicts(Message::Read(rows))).into()
    }

    fn current(&self) -> Option<&Conflict> {
        self.rows.as_ref()?.get(self.at)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Read(Ok(rows)) => {
                let same = |a: &Conflict, b: &Conflict| (a.record, &a.what) == (b.record, &b.what);
                let at = self.current().and_then(|old| rows.iter().position(|row| same(row, old)));
                self.at = at.unwrap_or(self.at.min(rows.len().saturating_sub(1)));
                self.rows = Some(rows);
                Update::none()
            }
            Message::Read(Err(problem)) => problem.into(),
            Message::Choose(at) => {
                self.at = at;
                self.reason.clear();
                self.problem = None;
                Update::none()
            }
            Message::Reason(typed) => {
                self.reason = typed;
                self.problem = None;
                Update::none()
            }
            Message::Stands(hash) => self.stands(hash, ctx),
            Message::Settled(Ok(done)) => {
                self.busy = false;
                self.reason.clear();
                Update::saved(&done, "冲突已处理")
            }
            Message::Settled(Err(problem)) => {
                self.busy = false;
                self.problem = Some(problem);
                Update::none()
            }
        }
    }

    fn stands(&mut self, hash: Hash, ctx: &Ctx) -> Update<Out> {
        let Some(conflict) = self.current().filter(|_| !self.busy) else { return Update::none() };
        let (id, name) = (conflict.record, format!("处理冲突“{}”", conflict.firm));
        let settled = |done| Out::Conflicts(Message::Settled(done));
        let task = match conflict.what.clone() {
            ConflictKind::Field(key) => ctx.act(name, move |act| act.settle_field(id, &key, hash), settled),
            _ => {
                let reason = self.reason.trim().to_owned();
                if reason.is_empty() {
                    let says = "处理冲突必须写明原因：以哪个决定为准、为什么。";
                    self.problem = Some(Problem::refused(says));
                    return Update::task(crate::ui::focus::to(REASON));
                }
                ctx.act(name, move |act| act.resolve_filing(id, hash, &reason), settled)
            }
        };
        self.busy = true;
        task.into()
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        if rows.is_empty() {
            return empty(
                "没有等人处理的冲突",
                "两台电脑各自对同一件作了决定、或改了同一个字段，合到一起时会列在这里，双方并列，由人选定；程序不替人选。",
                [],
                None,
            );
        }
        let columns = [Column::left("申报或企业", Length::Fill), Column::left("冲突", 132)];
        let mut list = ledger(columns, Density::Compact).row_height(44.0);
        for (n, conflict) in rows.iter().take(MOST).enumerate() {
            let (_, icon, tone, word) = look(conflict);
            let badge: Element<'a, Out> = Badge::soft(tone, icon, word).view();
            let name = column![
                text::line(text::SMALL, Tone::Plain, conflict.firm.as_str()),
                text::line(text::NOTE, Tone::Quiet, conflict.number.as_str()),
            ];
            let cells = vec![name.into(), badge.into()];
            list = list.push_row(cells, Some(Out::Conflicts(Message::Choose(n))), n == self.at);
        }
        let more = rows.len().saturating_sub(MOST);
        let list = column![Element::from(list)].push((more > 0).then(|| text::small(format!("……还有 {more} 处"))));
        let detail: Element<'a, Out> =
            self.current().map_or_else(|| space().into(), |conflict| self.detail(conflict, ctx));
        let head = text::small(format!("共 {} 处，选定以后才能往下办", rows.len()));
        let body = row![
            container(scroll::scroll(list)).width(348),
            scroll::scroll(container(detail).padding(Padding { right: sp::S12, ..Padding::ZERO })),
        ]
        .spacing(sp::S24)
        .height(Length::Fill);
        column![container(head).padding(iced::padding::bottom(8)), body].into()
    }

    fn detail<'a>(&'a self, conflict: &'a Conflict, ctx: &'a Ctx) -> Element<'a, Out> {
        let (says, ..) = look(conflict);
        let open = button::quiet(if conflict.is_filing { "打开申报" } else { "打开企业" })
            .icon(Icon::ExternalLink)
            .small()
            .on_press(Out::Go(place(conflict, ctx)));
        let history = button::quiet("变更历史").icon(Icon::History).small().on_press(Out::History(conflict.record));
        let head = section::section(
            conflict.firm.as_str(),
            Some(conflict.number.as_str()),
            Some(row![history, open].spacing(sp::S4).into()),
        );
        let mut page = column![head, text::body(says)].spacing(sp::S12);
        let mut sides = row![].spacing(sp::S12);
        for side in &conflict.sides {
            sides = sides.push(self.side(conflict, side, ctx));
        }
        page = page.push(sides);
        if conflict.what == ConflictKind::Decisions {
            let says = match &self.problem {
                Some(problem) => Says::Error(problem.to_string()),
                None => {
                    Says::Hint("写明以哪个为准、为什么，再按“以此为准”；原因会记入这件申报，对方下次也看得到。".into())
                }
            };
            let reason = input::input(&self.reason)
                .placeholder("为什么以它为准")
                .on_input(|typed| Out::Conflicts(Message::Reason(typed)))
                .tone(says.tone())
                .id(REASON);
            page = page.push(reason).push(says.view());
        } else if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        }
        page.into()
    }

    /// One side: what it says, whose it is, when, having seen what.
    fn side<'a>(&'a self, conflict: &'a Conflict, side: &'a Side, ctx: &'a Ctx) -> Element<'a, Out> {
        let said = side.says.as_deref().unwrap_or("清空");
        let title: Element<'a, Out> = match side.effect {
            Some(effect) => words::decision(effect, said).view(),
            None => text::strong(said).into(),
        };
        let line = |head: &'a str, words: String| {
            row![
                container(text::line(text::SMALL, Tone::Quiet, head)).width(64),
                container(text::toned(text::SMALL, Tone::Plain, words)).width(Length::Fill)
            ]
        };
        let who = format!("{}　{}", ctx.ledger.user_name(side.actor), side.machine);
        let mut lines = column![title, line("谁", who), line("录入于", words::stamp(side.at, ctx))].spacing(sp::S6);
        if let Some(on) = side.on {
            lines = lines.push(line("日期", words::day(on, ctx)));
        }
        if !side.reason.is_empty() {
            lines = lines.push(line("原因", side.reason.clone()));
        }
        for chosen in &side.chosen {
            let who = ctx.ledger.user_name(chosen.actor);
            let words = format!("{who} {}，{}", words::stamp(chosen.at, ctx), chosen.reason);
            lines = lines.push(line("已选它", words));
        }
        let seen = match side.seen {
            Some((who, at)) => format!("{} {} 写的为止", ctx.ledger.user_name(who), words::stamp(at, ctx)),
            None => "还什么都没有".to_owned(),
        };
        lines = lines.push(line("当时看到", seen));
        for (label, was, is) in &side.differs {
            let say = |value: &Option<String>| value.clone().unwrap_or_else(|| "空".to_owned());
            let words = format!("{label}　当时 {}，现在 {}", say(was), say(is));
            lines = lines.push(row![
                container(text::line(text::SMALL, Tone::Quiet, "")).width(64),
                container(text::toned(text::SMALL, Tone::Warn, words)).width(Length::Fill)
            ]);
        }
        if conflict.what != ConflictKind::Outdated {
            let stands = button::normal("以此为准").icon(Icon::Check);
            let stands = stands.on_press((!self.busy).then_some(Out::Conflicts(Message::Stands(side.hash))));
            lines = lines.push(row![space().width(Length::Fill), stands].align_y(Vertical::Center));
        }
        container(lines)
            .width(Length::Fill)
            .padding(sp::S12)
            .style(|theme: &Theme| container::Style {
                background: Some(theme.tokens.inset.into()),
                border: iced::Border { radius: 4.0.into(), width: 1.0, color: theme.tokens.line_strong },
                ..container::Style::default()
            })
            .into()
    }
}

/// What a conflict is, in a sentence and in a badge.
fn look(conflict: &Conflict) -> (String, Icon, Tone, &'static str) {
    match (&conflict.what, conflict.sides.len()) {
        (ConflictKind::Decisions, 0 | 1) => (
            "这个决定依据的上一步已被撤销，要先定它还算不算数，才能往下办。".to_owned(),
            Icon::Split,
            Tone::Danger,
            "依据已撤销",
        ),
        (ConflictKind::Decisions, n) => (
            format!("有 {n} 个互不知情的决定，要先定以哪个为准，才能往下办。"),
            Icon::Split,
            Tone::Danger,
            "决定不一致",
        ),
        (ConflictKind::Outdated, _) => (
            "通过之后申报表又改过。核对无误可以不管；不一致就打开申报，退回修改或和上级联系更正。".to_owned(),
            Icon::TriangleAlert,
            Tone::Warn,
            "批准的是旧版本",
        ),
        (ConflictKind::Field(_), n) => (
            format!("“{}”有 {n} 个互不知情的值；现在显示的是最后一个，要由人选定。", conflict.label),
            Icon::Diff,
            Tone::Warn,
            "字段不一致",
        ),
    }
}

fn place(conflict: &Conflict, ctx: &Ctx) -> Place {
    let id: RecordId = conflict.record;
    if !conflict.is_filing {
        return Place::firm(id);
    }
    match Place::filings(ctx.year) {
        Place::Filings { mut filter, .. } => {
            filter.year = None;
            Place::Filings { filter, open: Some(id) }
        }
        other => other,
    }
}
