//! The form of a new filing drawn: the firm first, then where it files, then the program's own form; beside it what was
//! just entered.

use std::ops::Range;

use chrono::Datelike;
use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{AGAIN, EDITION, FIRM, FORM, Message, OPENED, REASON};
use crate::app::ctx::Ctx;
use crate::app::filings::form::{LABEL, Look, remark};
use crate::app::filings::{Filings, Message as Outer};
use crate::app::words;
use crate::catalog::Catalog;
use crate::domain::date::parse_day;
use crate::domain::id::RecordId;
use crate::domain::pinyin::Hit;
use crate::store::acts::entry_stages;
use crate::ui::icon::Icon;
use crate::ui::theme::tokens::size;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::{block, section};
use crate::ui::widget::{area, button, combo, date_field, input, keycap, keys, ledger, scroll, select, split};
use crate::ui::{Element, space as sp, text};

/// What can be picked in the firm's field.
#[derive(Debug, Clone)]
pub enum Pick {
    Firm(RecordId),
    /// There is no such firm yet.
    New,
}

/// The form is never wider than this: a line longer than that is hard to follow.
const WIDEST: f32 = 820.0;
/// What was just entered stands beside the form from this width on.
const BESIDE: f32 = 1080.0;

fn marks(name: &str, hit: Option<&Hit>) -> Vec<Range<usize>> {
    let Some(hit) = hit else { return Vec::new() };
    let starts: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    let at = |n: usize| starts.get(n).copied().unwrap_or(name.len());
    hit.ranges.iter().map(|range| at(range.start)..at(range.end)).collect()
}

impl Filings {
    pub(in crate::app::filings) fn entry_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let beside = ctx.page_width() >= BESIDE;
        let margins = size::PAGE_LEFT + size::PAGE_RIGHT + if beside { 320.0 + sp::S32 } else { 0.0 };
        let width = (ctx.page_width() - margins).min(WIDEST);
        let form = column![]
            .push(self.offer())
            .push(self.where_to(ctx))
            .push(self.twice(ctx))
            .push(self.own_form(ctx, width))
            .spacing(sp::S12)
            .width(width);
        let form = scroll::scroll(container(form).padding(Padding {
            top: sp::S12,
            bottom: sp::S20,
            left: size::PAGE_LEFT,
            right: size::PAGE_RIGHT,
        }));
        let body: Element<'a, Outer> = if beside {
            let just = container(scroll::scroll(container(self.just(ctx)).padding(Padding {
                top: sp::S12,
                right: size::PAGE_RIGHT,
                left: sp::S16,
                bottom: sp::S12,
            })))
            .width(336);
            row![container(form).width(Length::Fill), rule::down(Weight::Strong), just].height(Length::Fill).into()
        } else {
            container(form).height(Length::Fill).into()
        };
        let page =
            column![self.entry_head(ctx), rule::across(Weight::Strong), body].push(self.unsure()).push(self.foot(ctx));
        keys::keys(page, |pressed| match pressed.key {
            Key::Named(Named::Enter) if pressed.modifiers.command() => Some(Outer::Entry(Message::Save)),
            _ if pressed.latin == Some('s') && pressed.modifiers.command() => Some(Outer::Entry(Message::Save)),
            _ => None,
        })
    }

    fn entry_head<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let count = self.entry.just.len();
        let said = (count > 0).then(|| text::small(format!("刚录入 {count} 件")));
        let line = row![text::title("新增申报")]
            .push(said)
            .push(space().width(Length::Fill))
            .push(
                button::quiet("关闭")
                    .icon(Icon::X)
                    .key("Esc")
                    .density(ctx.controls())
                    .on_press(Outer::Entry(Message::Close)),
            )
            .spacing(sp::S12)
            .align_y(Vertical::Center);
        container(line)
            .height(52)
            .align_y(Vertical::Center)
            .padding(Padding { right: size::PAGE_RIGHT, left: size::PAGE_LEFT, ..Padding::ZERO })
            .into()
    }

    /// What was being typed when the program last ended.
    fn offer<'a>(&'a self) -> Option<Element<'a, Outer>> {
        let draft = self.entry.offered.as_ref()?;
        let name = if draft.typed.trim().is_empty() { "一件申报" } else { draft.typed.trim() };
        let line = row![
            remark(Icon::History, Tone::Info, format!("上次没录完：{name}")),
            space().width(Length::Fill),
            button::normal("接着录").small().on_press(Outer::Entry(Message::TakeDraft)),
            button::quiet("不要了").small().on_press(Outer::Entry(Message::DropDraft)),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        Some(banner(line, Tone::Info))
    }

    /// Firm, program, edition, stage, day.
    fn where_to<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let entry = &self.entry;
        let wrap = Outer::Entry;
        let density = ctx.controls();
        let wrong = |place: &str| entry.problem.as_ref().filter(|(at, _)| *at == place).map(|(_, says)| says.clone());
        let error = |place: &str| wrong(place).map_or(Says::Nothing, Says::Error);

        let firm = field("企业", self.firm_field(density))
            .required()
            .label_width(LABEL)
            .density(density)
            .says(self.firm_says(ctx))
            .below();
        let programs =
            Catalog::builtin().programs().iter().map(|known| Item::new(known.id.clone(), known.name.clone()));
        let program = select::select(programs, entry.program.clone())
            .placeholder("请选择")
            .on_choose(move |program| wrap(Message::Program(program)))
            .density(density)
            .width(Length::Fill);
        let wanted = |edition: &&crate::store::ledger::Edition| {
            entry.program.as_ref().is_none_or(|program| edition.program == *program)
        };
        let mut items: Vec<Item<Option<RecordId>>> = ctx
            .ledger
            .editions_of(ctx.year)
            .into_iter()
            .filter(wanted)
            .map(|edition| {
                let name =
                    if edition.closed { format!("{}（已关闭）", edition.name) } else { edition.name.clone() };
                Item::new(Some(edition.id), name).disabled(edition.closed)
            })
            .collect();
        if let Some(other) =
            entry.edition.and_then(|id| ctx.ledger.edition(id)).filter(|edition| edition.year != ctx.year)
        {
            items.push(Item::new(Some(other.id), other.name.clone()));
        }
        items.push(Item::line());
        items.push(Item::new(None, "新增批次…").icon(Icon::Plus));
        let edition = select::select(items, entry.edition.map(Some))
            .placeholder("请选择")
            .on_choose(move |edition| match edition {
                Some(id) => wrap(Message::Edition(id)),
                None => Outer::NewEdition,
            })
            .density(density)
            .width(Length::Fill)
            .id(EDITION);
        let two = |left: Element<'a, Outer>, right: Element<'a, Outer>| {
            row![container(left).width(Length::FillPortion(1)), container(right).width(Length::FillPortion(1))]
                .spacing(sp::S16)
        };
        let mut page = column![
            firm,
            two(
                field("事项", program).required().label_width(LABEL).density(density).into(),
                field("批次", edition)
                    .required()
                    .label_width(LABEL)
                    .density(density)
                    .says(error(EDITION))
                    .below()
                    .into(),
            ),
        ]
        .spacing(sp::S8);
        if let Some(form) = &entry.form {
            let stages = entry_stages(form.version).filter_map(|id| {
                let stage = &form.version.stages[form.version.stage_index(id)?];
                Some(Item::new(stage.id.clone(), stage.short.clone()).detail(stage.actor.clone()))
            });
            let stage = select::select(stages, Some(entry.stage.clone()))
                .on_choose(move |stage| wrap(Message::Stage(stage)))
                .density(density)
                .width(Length::Fill);
            let read = parse_day(&entry.opened, ctx.today.year()).ok();
            let opened = date_field::date_field(
                &entry.opened,
                read,
                ctx.today,
                move |typed| wrap(Message::Opened(typed)),
                move |day| wrap(Message::Opened(day.to_string())),
            )
            .days(|day| words::calendar_day(ctx, day))
            .tone(wrong(OPENED).map(|_| Tone::Danger))
            .on_submit(wrap(Message::Save))
            .density(density)
            .id(OPENED);
            page = page.push(two(
                field("登记在", stage).label_width(LABEL).density(density).into(),
                field("收到日期", opened).label_width(LABEL).density(density).says(error(OPENED)).below().into(),
            ));
        }
        page.into()
    }

    fn firm_field<'a>(&'a self, density: Density) -> Element<'a, Outer> {
        let entry = &self.entry;
        let wrap = Outer::Entry;
        let line = input::input(&entry.typed)
            .placeholder("汉字、拼音、首字母、信用代码")
            .icon(Icon::Search)
            .on_input(move |typed| wrap(Message::Typed(typed)))
            .on_submit(wrap(Message::Enter))
            .density(density)
            .id(FIRM);
        let mut items: Vec<Item<Pick>> = Vec::new();
        // The list hangs under what is being typed; what was picked needs none.
        if entry.firm.is_none() {
            items.extend(entry.listed.iter().cloned());
            let typed = entry.typed.trim();
            if !typed.is_empty() {
                if !items.is_empty() {
                    items.push(Item::line());
                }
                items.push(Item::new(Pick::New, format!("新增企业“{typed}”…")).icon(Icon::Plus));
            }
        }
        combo::combo(line, items, move |pick| wrap(Message::Picked(pick))).density(density).into()
    }

    fn firm_says(&self, ctx: &Ctx) -> Says {
        let entry = &self.entry;
        if let Some((_, says)) = entry.problem.as_ref().filter(|(at, _)| *at == FIRM) {
            return Says::Error(says.clone());
        }
        let Some(row) = entry.firm.and_then(|id| ctx.ledger.firm(id)) else { return Says::Nothing };
        let code = if row.code.is_empty() { "没有信用代码" } else { &row.code };
        let town = if row.township.is_empty() { "乡镇街道未填" } else { &row.township };
        Says::Hint(format!("{code}　{town}"))
    }

    /// The firm has a filing in this edition already.
    fn twice<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Outer>> {
        let entry = &self.entry;
        let row_of = ctx.ledger.filing(entry.second?)?;
        let wrap = Outer::Entry;
        let says = format!("这家企业在这个批次里已经有申报：{}", row_of.number);
        let reason = input::input(&entry.again)
            .placeholder("确实要再报一件，请写明原因")
            .on_input(move |typed| wrap(Message::Again(typed)))
            .on_submit(wrap(Message::Save))
            .tone(entry.problem.as_ref().filter(|(at, _)| *at == AGAIN).map(|_| Tone::Danger))
            .density(Density::Compact)
            .id(AGAIN);
        let line = column![
            row![
                remark(Icon::TriangleAlert, Tone::Warn, says),
                words::status(row_of).view(),
                space().width(Length::Fill),
                button::normal("打开已有的那件").small().on_press(wrap(Message::Open(row_of.id))),
            ]
            .spacing(sp::S8)
            .align_y(Vertical::Center),
            reason,
        ]
        .spacing(sp::S8);
        Some(banner(line, Tone::Warn))
    }

    /// The program's own form, the note, what must be confirmed.
    fn own_form<'a>(&'a self, ctx: &'a Ctx, width: f32) -> Option<Element<'a, Outer>> {
        let entry = &self.entry;
        let wrap = Outer::Entry;
        let form = entry.form.as_ref()?;
        let density = ctx.controls();
        let look = Look { ctx, width, prefix: FORM, submit: Some(wrap(Message::Save)), frozen: false };
        let brought = form.brought();
        let tail = (brought > 0).then(|| text::small(format!("已从档案带出 {brought} 项")).into());
        let page = column![
            section("申报表", Some("带 * 为必填，可以以后补"), tail),
            form.view(look, move |edit| wrap(Message::Form(edit))),
            field("备注", area::area(&entry.note, "", 54.0, None, Some(move |action| wrap(Message::Note(action)))))
                .label_width(LABEL)
                .density(density),
        ]
        .spacing(sp::S12);
        Some(page.into())
    }

    /// What must be confirmed with a reason, always in sight while there is something.
    fn unsure<'a>(&'a self) -> Option<Element<'a, Outer>> {
        let entry = &self.entry;
        let doubts = entry.doubts();
        if doubts.is_empty() {
            return None;
        }
        let mut lines = column![].spacing(sp::S4);
        for doubt in doubts {
            lines = lines.push(remark(Icon::TriangleAlert, Tone::Warn, format!("{}：{}", doubt.label, doubt.says)));
        }
        let reason = input::input(&entry.reason)
            .placeholder("核对无误，照录的原因")
            .on_input(|typed| Outer::Entry(Message::Reason(typed)))
            .on_submit(Outer::Entry(Message::Save))
            .tone(entry.problem.as_ref().filter(|(at, _)| *at == REASON).map(|_| Tone::Danger))
            .density(Density::Compact)
            .width(WIDEST)
            .id(REASON);
        let lines = container(lines.push(reason)).padding(iced::padding::left(size::PAGE_LEFT - sp::S12));
        Some(banner(lines, Tone::Warn))
    }

    /// What was just entered.
    fn just<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let mut page = column![].spacing(sp::S12);
        let count = self.entry.just.len();
        if count > 0 {
            let columns = [ledger::Column::left("受理号", 116), ledger::Column::left("企业名称", Length::Fill)];
            let mut table = ledger::ledger(columns, Density::Compact).row_height(28.0);
            for row in self.entry.just.iter().filter_map(|id| ctx.ledger.filing(*id)).take(50) {
                let name = &*ctx.ledger.firm_of(row).name;
                let cells = vec![
                    text::line(text::SMALL, Tone::Quiet, &*row.number).into(),
                    text::line(text::SMALL, Tone::Plain, crate::ui::measure::cut(name, text::SMALL.size, false, 160.0))
                        .into(),
                ];
                table = table.push_row(cells, Some(Outer::Entry(Message::Open(row.id))), false);
            }
            page = page
                .push(crate::ui::widget::section::block_heading(
                    "刚录入",
                    None,
                    Some(text::small(format!("{count} 件")).into()),
                ))
                .push(table);
        }
        let hint = |key: &'static str, words: &'static str| {
            row![container(keycap::keycap(key)).width(86), text::small(words)].spacing(sp::S8).align_y(Vertical::Center)
        };
        page.push(block("全用键盘", None, None))
            .push(
                column![
                    hint("首字母", "找企业，↑ ↓ 选，Enter 选中"),
                    hint("Tab", "下一格"),
                    hint("Enter", "保存，接着录下一件"),
                    hint("Ctrl Enter", "在备注里也能保存"),
                    hint("Ctrl Z", "撤销刚录的一件"),
                ]
                .spacing(sp::S6),
            )
            .into()
    }

    fn foot<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let entry = &self.entry;
        let save = button::primary("保存，录下一件")
            .icon(Icon::Check)
            .key("Enter")
            .density(ctx.controls())
            .on_press((!entry.busy).then_some(Outer::Entry(Message::Save)));
        // Without a firm everything is missing, which goes without saying.
        let missing =
            entry.form.as_ref().filter(|_| entry.firm.is_some()).map(|form| form.missing()).unwrap_or_default();
        let said: Element<'a, Outer> = match (&entry.problem, missing.as_slice()) {
            (Some((_, says)), _) => remark(Icon::CircleAlert, Tone::Danger, says.clone()),
            (None, []) => space().into(),
            (None, missing) => {
                let most: Vec<&str> = missing.iter().copied().take(4).collect();
                let more = if missing.len() > most.len() { "等" } else { "" };
                let words = format!("缺 {} 项：{}{more}", missing.len(), most.join("、"));
                text::line(text::SMALL, Tone::Warn, words).into()
            }
        };
        let clear = entry
            .is_touched()
            .then(|| button::quiet("清空").density(ctx.controls()).on_press(Outer::Entry(Message::Clear)));
        split::action_bar(row![save].push(clear).push(said).spacing(sp::S12).align_y(Vertical::Center))
    }
}

/// Something that must be seen before going on, on the soft ground of its tone.
pub fn banner<'a>(content: impl Into<Element<'a, Outer>>, tone: Tone) -> Element<'a, Outer> {
    container(content)
        .width(Length::Fill)
        .padding(Padding { top: sp::S8, bottom: sp::S8, left: sp::S12, right: sp::S12 })
        .style(move |theme: &Theme| container::background(tone.soft(theme.tokens)))
        .into()
}

/// A firm that was found, as it is listed.
pub fn listed(ctx: &Ctx, found: &crate::store::ledger::FoundFirm) -> Option<Item<Pick>> {
    let row = ctx.ledger.firm(found.id)?;
    let by = found.by.as_deref().filter(|by| *by != &*row.code);
    let detail: Vec<&str> =
        [by.unwrap_or_default(), &row.township, &row.code].into_iter().filter(|w| !w.is_empty()).collect();
    let item = Item::new(Pick::Firm(row.id), row.name.to_string()).icon(Icon::Building2);
    Some(item.marks(marks(&row.name, found.hit.as_ref())).detail(detail.join("　")))
}
