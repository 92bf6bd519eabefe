//! The head of the list: program and edition, what can be done, the deadlines of the edition, the chips.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::filter::Change;
use super::{Filings, Message, SEARCH};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::catalog::Catalog;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::store::ledger::{Edition, StatusGroup};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::size;
use crate::ui::widget::due::{Due, Urgency};
use crate::ui::widget::list::Item;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, chip, input, menu, select, tooltip};
use crate::ui::{Element, Tone, measure, space as sp, text};

/// What the select of editions offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pick {
    All,
    One(RecordId),
    New,
}

/// Why a filing is not entered into a batch that is over.
pub(super) const CLOSED: &str = "这个批次已经关闭，不再收申报";

impl Filings {
    /// Title, program, edition, and what can be done.
    pub(super) fn head<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let density = ctx.controls();
        // Below this the keys are not drawn.
        let roomy = ctx.page_width() >= 1060.0;
        let programs = [Item::new(None, "全部事项")].into_iter().chain(
            Catalog::builtin()
                .programs()
                .iter()
                .map(|program| Item::new(Some(program.id.clone()), program.name.clone())),
        );
        let program = select::select(programs, Some(self.filter.program.clone()))
            .on_choose(|program| Message::Filter(Change::Program(program)))
            .density(density);
        let tight = ctx.page_width() < 760.0;
        let shortlist = button::normal(if tight { "汇总表" } else { "导出推荐汇总表" });
        let shortlist = shortlist.icon(Icon::FileSpreadsheet).density(density);
        let shortlist = match self.no_shortlist {
            None => shortlist.on_press(Message::Shortlist),
            Some(why) => shortlist.refused(why),
        };
        let export = button::normal("导出").icon(Icon::Download).density(density);
        let export = if self.ids.is_empty() {
            export.refused("表里没有申报，没有可以导出的")
        } else {
            export.on_press(Message::OpenExport)
        };
        let new = button::primary("新增申报").icon(Icon::Plus).density(density);
        let new = if roomy { new.key("Ctrl N") } else { new };
        let new = match self.chosen_edition(ctx) {
            Some(edition) if edition.closed => new.refused(CLOSED),
            None if !self.has_begun(ctx) => new.refused("先新增一个批次，申报都登记在批次里"),
            _ => new.on_press(Message::New),
        };
        let line = row![text::title("申报"), program, self.editions(ctx), space().width(Length::Fill)]
            .push(ctx.may(Permission::Shortlist).then_some(shortlist))
            .push(ctx.may(Permission::Export).then_some(export))
            .push(ctx.may(Permission::EnterFilings).then_some(new))
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        container(line)
            .height(52)
            .align_y(Vertical::Center)
            .padding(Padding { right: size::PAGE_RIGHT, left: size::PAGE_LEFT, ..Padding::ZERO })
            .into()
    }

    fn editions<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let wanted =
            |edition: &&Edition| self.filter.program.as_ref().is_none_or(|program| edition.program == *program);
        let name = |edition: &Edition| {
            let name = if self.filter.program.is_some() { edition.name.clone() } else { edition.label() };
            if edition.closed { format!("{name}（已关闭）") } else { name }
        };
        let year = ctx.ledger.editions_of(self.filter.year.unwrap_or(ctx.year));
        let mut items = vec![Item::new(Pick::All, "全部批次")];
        items
            .extend(year.iter().copied().filter(wanted).map(|edition| Item::new(Pick::One(edition.id), name(edition))));
        if let Some(other) = self.chosen_edition(ctx)
            && !year.iter().any(|edition| edition.id == other.id)
        {
            items.push(Item::new(Pick::One(other.id), name(other)));
        }
        if ctx.may(Permission::OpenEditions) {
            items.push(Item::line());
            items.push(Item::new(Pick::New, "新增批次…").icon(Icon::Plus));
        }
        select::select(items, Some(self.filter.edition.map_or(Pick::All, Pick::One)))
            .on_choose(|pick| match pick {
                Pick::All => Message::Filter(Change::Edition(None)),
                Pick::One(id) => Message::Filter(Change::Edition(Some(id))),
                Pick::New => Message::NewEdition,
            })
            .density(ctx.controls())
            .into()
    }

    pub(super) fn chosen_edition<'a>(&self, ctx: &'a Ctx) -> Option<&'a Edition> {
        ctx.ledger.edition(self.filter.edition?)
    }

    /// The deadlines and the quota of the edition that is chosen.
    pub(super) fn strip<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let edition = self.chosen_edition(ctx)?;
        let (_, version) = edition.known?;
        let quota = match edition.quota.map(|n| n as usize) {
            None => format!("不限名额，已推荐 {}", self.used),
            Some(n) if self.used > n => format!("名额 {n}，已推荐 {}，超出 {}", self.used, self.used - n),
            Some(n) => format!("名额 {n}，已推荐 {}，还剩 {}", self.used, n - self.used),
        };
        let wide = |words: &str, bold| measure::width(words, text::SMALL.size, bold);
        let mut all = Vec::new();
        for ((stage, dates), channel) in version.stages.iter().zip(&edition.dates).zip(&edition.channels) {
            for (internal, due) in [(true, dates.internal), (false, dates.due)] {
                let Some(moment) = due else { continue };
                let name = if internal { format!("{}·区内部", stage.short) } else { stage.short.clone() };
                let at = match (internal, channel.as_str()) {
                    (true, _) | (_, "") => moment.short(ctx.year),
                    (false, channel) => format!("{}，{channel}", moment.short(ctx.year)),
                };
                // A deadline of an edition that is over is nobody's fault.
                let left = match words::moment(due, ctx.now, ctx) {
                    left if left.urgency == Urgency::Late => Due::new(Urgency::Calm, "已截止"),
                    left => left,
                };
                let icon = if left.look().1.is_some() { 20.0 } else { 0.0 };
                let width =
                    wide(&name, true) + wide(&at, false) + wide(&left.words, false) + icon + 2.0 * sp::S8 + sp::S20;
                all.push((name, at, left, width));
            }
        }
        // Margins, the flag, the quota, the button; and what says that there are more, where not all have room.
        let room = ctx.page_width() - size::PAGE_LEFT - size::PAGE_RIGHT - 36.0 - wide(&quota, false) - 160.0;
        let need: f32 = all.iter().map(|(.., width)| width).sum();
        let mut room = if need <= room { room } else { room - 76.0 };
        let none = all.is_empty();
        let mut left_out: Vec<String> = Vec::new();
        let flag = icon::toned(Icon::Flag, icon::size::BUTTON, Tone::Quiet);
        let mut line = row![flag].spacing(sp::S20).align_y(Vertical::Center);
        for (name, at, left, width) in all {
            if width > room || !left_out.is_empty() {
                left_out.push(format!("{name} {at} {}", left.words));
                continue;
            }
            room -= width;
            line = line.push(
                row![
                    text::line(text::SMALL.bold(), Tone::Plain, name),
                    text::line(text::SMALL, Tone::Plain, at),
                    left.view(text::SMALL),
                ]
                .spacing(sp::S8)
                .align_y(Vertical::Center),
            );
        }
        if !left_out.is_empty() {
            let more = text::line(text::SMALL, Tone::Quiet, format!("另有 {} 个", left_out.len()));
            line = line.push(tooltip::tip(more, left_out.join("\n")));
        } else if none {
            line = line.push(text::line(text::SMALL, Tone::Quiet, "这个批次还没有填截止时间"));
        }
        let over = edition.quota.is_some_and(|n| self.used > n as usize);
        let closed = edition.closed.then(|| text::line(text::SMALL, Tone::Warn, "已关闭"));
        let line = line
            .push(space().width(Length::Fill))
            .push(closed)
            .push(text::line(text::SMALL, if over { Tone::Warn } else { Tone::Plain }, quota))
            .push(ctx.may(Permission::OpenEditions).then(|| {
                button::quiet("编辑批次").icon(Icon::SquarePen).small().on_press(Message::EditEdition(edition.id))
            }));
        let inset = container(line)
            .width(Length::Fill)
            .height(34)
            .align_y(Vertical::Center)
            .padding(Padding { right: size::PAGE_RIGHT, left: size::PAGE_LEFT, ..Padding::ZERO })
            .style(|theme: &Theme| container::background(theme.tokens.inset));
        Some(column![rule::across(Weight::Strong), inset, rule::across(Weight::Strong)].into())
    }

    /// The chips over the list.
    pub(super) fn chips<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let filter = &self.filter;
        let group = |group: Option<StatusGroup>| Message::Filter(Change::Group(group));
        let mut chips: Vec<Element<'a, Message>> =
            vec![chip::toggle(format!("全部 {}", self.tally.all), filter.groups.is_empty(), group(None))];
        for known in StatusGroup::ALL {
            let (count, on) = (self.tally.of(known), filter.groups.contains(&known));
            // A conflict is rare; its chip is there when there is one.
            if known == StatusGroup::Split && count == 0 && !on {
                continue;
            }
            chips.push(chip::toggle(format!("{} {count}", known.label()), on, group(Some(known))));
        }
        let late = self.only_overdue(ctx);
        chips.push(chip::toggle(format!("逾期 {}", self.tally.overdue), late, Message::Filter(Change::Overdue)));
        if !ctx.ledger.office.townships.is_empty() {
            chips.push(self.townships(ctx));
        }
        chips.push(self.reviewers(ctx));
        for (label, part) in self.extras(ctx) {
            let label = measure::cut(&label, text::SMALL.size, false, 240.0).into_owned();
            chips.push(chip::removable(label, None, Message::Filter(Change::Drop(part))));
        }
        if self.is_narrowed(ctx) {
            let clear = Message::Filter(Change::Clear);
            chips.push(button::quiet("清除筛选").small().on_press(clear).into());
        }
        let chips = row(chips).spacing(sp::S6).align_y(Vertical::Center).wrap().vertical_spacing(sp::S6);
        let mine = filter.mine == Some(ctx.user);
        let whose = [Segment::new(false, "全科"), Segment::new(true, "我的")];
        let search = input::input(&filter.text)
            .placeholder("企业、拼音、受理号")
            .icon(Icon::Search)
            .on_input(|text| Message::Filter(Change::Text(text)))
            .density(crate::ui::Density::Compact)
            .width(190)
            .id(SEARCH);
        let tools = row![segmented(whose, &mine, |mine| Message::Filter(Change::Mine(mine))), search]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let content: Element<'a, Message> = if self.list_width(ctx) >= 1180.0 {
            row![container(chips).width(Length::Fill), tools].spacing(sp::S12).align_y(Vertical::Center).into()
        } else {
            column![tools, chips].spacing(sp::S6).into()
        };
        container(content)
            .padding(Padding { top: sp::S8, bottom: sp::S8, left: size::PAGE_LEFT, right: size::PAGE_RIGHT })
            .into()
    }

    /// Who is to review.
    fn reviewers<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let chosen = self.filter.reviewer;
        let label = match chosen {
            None => "审核人".to_owned(),
            Some(reviewer) => format!("审核人：{}", words::reviewing(reviewer, ctx)),
        };
        let items = words::reviewing_items(ctx)
            .into_iter()
            .map(|(which, word)| Item::new(Change::Reviewer(which), word).checked(which == chosen));
        menu::menu(chip::opener(label, chosen.is_some(), ()), items, Message::Filter).into()
    }

    fn townships<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let chosen = &self.filter.townships;
        let label = match chosen.len() {
            0 => "乡镇街道".to_owned(),
            1 => format!("乡镇街道：{}", chosen.first().map_or("", String::as_str)),
            n => format!("乡镇街道：{n} 个"),
        };
        let mut items: Vec<Item<Change>> = ctx
            .ledger
            .office
            .townships
            .iter()
            .map(|town| Item::new(Change::Township(town.clone()), town.clone()).checked(chosen.contains(town)))
            .collect();
        if !chosen.is_empty() {
            items.push(Item::line());
            items.push(Item::new(Change::Townships, "全部乡镇街道"));
        }
        menu::menu(chip::opener(label, !chosen.is_empty(), ()), items, Message::Filter).stays().into()
    }
}
