//! The queue drawn: its head with where one is, its filter, the lines, what was decided.

use std::borrow::Cow;

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::queue::{By, Change, Entry, Within};
use super::room::STRIP;
use super::{LIST, Message, QUEUE, Review, SEARCH};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::store::ledger::Reviewing;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::queue::{Line, queue};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::{button, input, keys, menu, scroll};
use crate::ui::{Element, measure, space as sp, text};

/// Width of the queue.
pub const WIDTH: f32 = 264.0;

impl Review {
    /// The left column.
    pub(super) fn list<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let place = match self.queue.position() {
            Some(at) => format!("{}/{}", at + 1, self.queue.ids.len()),
            None => String::new(),
        };
        let head = row![
            text::styled(text::SECTION, format!("待审 {} 件", self.queue.ids.len())),
            text::line(text::SMALL, Tone::Quiet, place),
            space().width(Length::Fill),
            self.filter_menu(ctx),
        ]
        .spacing(sp::S8)
        .height(40)
        .align_y(Vertical::Center);
        let search = input::input(&self.queue.filter.text)
            .placeholder("企业、拼音、受理号")
            .icon(Icon::Search)
            .on_input(|typed| Message::Filter(Change::Text(typed)))
            .density(Density::Compact)
            .id(SEARCH);
        let search = keys::while_typing(search, |pressed| {
            use iced::keyboard::{Key, key::Named};
            match pressed.key {
                Key::Named(Named::Escape | Named::Enter) => Some(Message::Untick),
                Key::Named(Named::ArrowDown) => Some(Message::Move(1, false)),
                Key::Named(Named::ArrowUp) => Some(Message::Move(-1, false)),
                _ => None,
            }
        });
        let top = column![head, search].push(self.says_filter(ctx)).push(self.says_ticked()).spacing(sp::S4);
        let padding = Padding { left: 14.0, right: 10.0, bottom: sp::S6, ..Padding::ZERO };
        let list = queue(QUEUE, &self.queue.tops, move |at| self.line(at, ctx), Message::Press).on_menu(Message::Menu);
        column![
            container(top).padding(padding),
            rule::across(Weight::Heavy),
            container(scroll::scroll(list).id(LIST)).height(Length::Fill),
        ]
        .into()
    }

    /// The folded queue: a way to it, where one is, and the next and the one before.
    pub(super) fn strip<'a>(&'a self) -> Element<'a, Message> {
        let place = match self.queue.position() {
            Some(at) => format!("{}/{}", at + 1, self.queue.ids.len()),
            None => self.queue.ids.len().to_string(),
        };
        let (picture, tip) = match self.listed {
            true => (Icon::FileText, "看这件的内容 (Alt L)"),
            false => (Icon::ListChecks, "待审列表 (Alt L)"),
        };
        column![
            button::icon_only(picture).tip(tip).on_press(Message::List(!self.listed)),
            text::line(text::NOTE, Tone::Quiet, measure::cut(&place, text::NOTE.size, false, STRIP - 2.0).into_owned()),
            button::icon_only(Icon::ChevronUp).tip("上一件 (↑)").on_press(Message::Move(-1, false)),
            button::icon_only(Icon::ChevronDown).tip("下一件 (↓)").on_press(Message::Move(1, false)),
        ]
        .spacing(sp::S4)
        .padding([sp::S6, 0.0])
        .width(STRIP)
        .align_x(iced::Alignment::Center)
        .into()
    }

    /// A line as it is shown; asked for what is in sight only.
    fn line<'a>(&'a self, at: usize, ctx: &'a Ctx) -> Line<'a> {
        let nothing = || Line::Head(Cow::Borrowed(""));
        match self.queue.entries.get(at) {
            None => nothing(),
            Some(Entry::Head(words)) => Line::Head(Cow::Borrowed(words)),
            Some(Entry::Done(n)) => {
                let Some(done) = self.queue.done.get(*n) else { return nothing() };
                let firm = ctx.ledger.filing(done.filing).map_or("", |row| &*ctx.ledger.firm_of(row).name);
                let badge = words::decision(done.effect, &done.word);
                let current = self.queue.current == Some(done.filing) && self.queue.position().is_none();
                Line::One { words: Cow::Borrowed(firm), badge: Some(badge), current }
            }
            Some(Entry::Filing(id)) => {
                let Some(row) = ctx.ledger.filing(*id) else { return nothing() };
                let again = row.round > 1;
                // With a reviewer's name there is no room for what goes without saying.
                let about = match row.reviewers.is_empty() || again {
                    true => format!("{}·第 {} 轮", row.program.short, row.round),
                    false => row.program.short.clone(),
                };
                let mut below = vec![(if again { Tone::Warn } else { Tone::Quiet }, None, Cow::Owned(about))];
                let due = words::due(row.due, ctx);
                if row.due.is_some() {
                    let (tone, icon) = due.look();
                    below.push((tone, icon, due.words));
                }
                if let Some(first) = row.reviewers.first() {
                    let first = ctx.ledger.user_name(*first);
                    let who = match row.reviewers.len() {
                        1 => first.to_owned(),
                        count => format!("{first}等 {count} 人"),
                    };
                    below.push((Tone::Quiet, Some(Icon::UserRound), Cow::Owned(who)));
                }
                Line::Two {
                    words: Cow::Borrowed(&*ctx.ledger.firm_of(row).name),
                    below,
                    current: self.queue.current == Some(*id),
                    ticked: self.queue.ticked.contains(id),
                }
            }
        }
    }

    /// One menu for what narrows and groups the queue.
    fn filter_menu<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let queue = &self.queue;
        let mut items: Vec<Item<Change>> = vec![Item::heading("分组")];
        items.extend(By::ALL.map(|(by, word)| Item::new(Change::By(by), word).checked(queue.by == by)));
        items.push(Item::heading("期限"));
        let within = |(within, word)| Item::new(Change::Within(within), word).checked(queue.within == within);
        items.extend(Within::ALL.map(within));
        items.push(Item::heading("事项"));
        let all = Item::new(Change::Program(None), "全部事项").checked(queue.filter.program.is_none());
        items.push(all);
        let mut programs: Vec<(&str, &str)> = ctx
            .ledger
            .editions
            .iter()
            .filter(|edition| Some(edition.year) == queue.filter.year)
            .filter_map(|edition| Some((edition.program.as_str(), edition.known?.0.short.as_str())))
            .collect();
        programs.sort_unstable();
        programs.dedup();
        items.extend(programs.into_iter().map(|(id, short)| {
            Item::new(Change::Program(Some(id.to_owned())), short).checked(queue.filter.program.as_deref() == Some(id))
        }));
        let version = queue.filter.program.as_ref().and_then(|program| {
            let mut known = ctx.ledger.editions.iter().filter(|edition| edition.program == *program);
            known.find_map(|edition| edition.known.map(|(_, version)| version))
        });
        if let Some(version) = version {
            items.push(Item::heading("阶段"));
            items.push(Item::new(Change::Stage(None), "全部阶段").checked(queue.filter.stages.is_empty()));
            let ours = version.stages.iter().filter(|stage| stage.desk == crate::domain::program::Desk::Ours);
            items.extend(ours.map(|stage| {
                Item::new(Change::Stage(Some(stage.id.clone())), stage.short.clone())
                    .checked(queue.filter.stages.contains(&stage.id))
            }));
        }
        items.push(Item::heading("经办人"));
        items.push(Item::new(Change::Officer(None), "全部经办人").checked(queue.filter.officer.is_none()));
        let people = ctx.ledger.users.iter().filter(|user| user.active);
        items.extend(people.map(|user| {
            Item::new(Change::Officer(Some(user.id)), user.name.clone()).checked(queue.filter.officer == Some(user.id))
        }));
        items.push(Item::heading("审核人"));
        items.extend(
            words::reviewing_items(ctx)
                .into_iter()
                .map(|(which, word)| Item::new(Change::Reviewer(which), word).checked(queue.filter.reviewer == which)),
        );
        let opener = button::icon_only(Icon::ListFilter).tip("分组、筛选").small().on_press(());
        menu::menu(opener, items, Message::Filter).density(Density::Compact).into()
    }

    fn says_filter<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        if !self.queue.is_narrowed() {
            return None;
        }
        let filter = &self.queue.filter;
        let program = filter.program.as_deref().map(|id| {
            crate::catalog::Catalog::builtin().program(id).map_or(id, |known| known.short.as_str()).to_owned()
        });
        let within = Within::ALL.iter().find(|(within, _)| *within == self.queue.within && *within != Within::Any);
        let parts: Vec<String> = program
            .into_iter()
            .chain(filter.stages.iter().map(|id| self.stage_name(id, ctx)))
            .chain(within.map(|(_, word)| (*word).to_owned()))
            .chain(filter.officer.map(|id| ctx.ledger.user_name(id).to_owned()))
            .chain(filter.reviewer.map(|which| match which {
                Reviewing::Nobody => "未分派的".to_owned(),
                which => format!("审核人 {}", words::reviewing(which, ctx)),
            }))
            .chain(filter.mine.map(|id| format!("{}的", if id == ctx.user { "我" } else { ctx.ledger.user_name(id) })))
            .collect();
        let words = if parts.is_empty() { "已筛选".to_owned() } else { format!("只看 {}", parts.join("、")) };
        let words = measure::cut(&words, text::NOTE.size, false, WIDTH - 110.0).into_owned();
        let clear = button::quiet("清除").small().on_press(Message::Filter(Change::Clear));
        let line = row![text::line(text::NOTE, Tone::Accent, words), space().width(Length::Fill), clear];
        Some(line.align_y(Vertical::Center).into())
    }

    fn stage_name(&self, id: &str, ctx: &Ctx) -> String {
        let mut versions = ctx.ledger.editions.iter().filter_map(|edition| edition.known.map(|(_, version)| version));
        let short = versions.find_map(|version| Some(version.stages[version.stage_index(id)?].short.clone()));
        short.unwrap_or_else(|| id.to_owned())
    }

    fn says_ticked(&self) -> Option<Element<'_, Message>> {
        let count = self.queue.ticked.len();
        if count == 0 {
            return None;
        }
        let line = row![
            icon::toned(Icon::CircleCheck, icon::size::INLINE, Tone::Accent),
            text::line(text::SMALL.bold(), Tone::Accent, format!("已选 {count} 件")),
            space().width(Length::Fill),
            button::quiet("取消选择").key("Esc").small().on_press(Message::Untick),
        ]
        .spacing(sp::S6)
        .align_y(Vertical::Center);
        Some(line.into())
    }

    /// The name of what opens after this one.
    pub(super) fn next_name<'a>(&'a self, ctx: &'a Ctx) -> Option<&'a str> {
        let next: RecordId = self.queue.next().filter(|next| Some(*next) != self.queue.current)?;
        let row = ctx.ledger.filing(next)?;
        Some(&ctx.ledger.firm_of(row).name)
    }
}
