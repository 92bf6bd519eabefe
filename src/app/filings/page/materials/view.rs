//! The checklist drawn.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::super::super::Message as Outer;
use super::super::super::form::remark;
use super::{Message, Page, REMARK, item_id, wrap};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::filing::materials::Row;
use crate::domain::filing::{Attachment, Checklist};
use crate::domain::material::{Mark, Need, State};
use crate::domain::program::Version;
use crate::store::queries::FilingFile;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, input, menu, tooltip};
use crate::ui::{Element, measure, space as sp, text};

/// Where an item's name begins: behind its state.
const STATE: f32 = 84.0;
/// What stands at the right end of an item: its need, handing in, checking.
const TOOLS: f32 = 196.0;

impl Page {
    /// The whole tab.
    pub(in crate::app::filings::page) fn materials_view<'a>(
        &'a self,
        file: &'a FilingFile,
        version: &'static Version,
        width: f32,
        ctx: &'a Ctx,
    ) -> Element<'a, Outer> {
        let (materials, round) = self.looked_at(file);
        let current = round == file.filing.track.round;
        let list = Checklist::new(&version.materials, materials);
        let mut page = column![self.materials_head(file, &list, round, current)].spacing(sp::S6);
        if current {
            page = page.push(self.came_back(file, version, width, ctx));
        }
        let mut rows = column![rule::across(Weight::Heavy)];
        for line in list.rows {
            // 其他材料 only takes room where there is something or something can be put.
            if !current && line.item.files.is_empty() && line.id == crate::domain::material::OTHER {
                continue;
            }
            rows = rows.push(self.material(line, current, width, ctx)).push(rule::across(Weight::Hair));
        }
        page.push(rows).into()
    }

    fn materials_head<'a>(
        &'a self,
        file: &'a FilingFile,
        list: &Checklist<'_>,
        round: u16,
        current: bool,
    ) -> Element<'a, Outer> {
        let (have, all) = list.count();
        let words = format!("必交 {have}/{all}");
        let said = match list.says_missing() {
            None => text::line(text::SMALL, Tone::Quiet, format!("{words}，都有了")),
            Some(_) => {
                let missing = list.missing();
                let names = if missing.len() > 1 { format!("{}…", missing[0]) } else { missing[0].to_owned() };
                let names = measure::cut(&names, text::SMALL.size, false, 260.0).into_owned();
                let words = format!("{words}，缺 {} 项必交材料：{names}", missing.len());
                text::line(text::SMALL, if current { Tone::Warn } else { Tone::Quiet }, words)
            }
        };
        let rounds = (file.filing.track.round > 1).then(|| {
            let all = (1..=file.filing.track.round).map(|n| Segment::new(n, format!("第 {n} 轮")));
            segmented(all, &round, |n| wrap(Message::Round(n)))
        });
        row![said, space().width(Length::Fill)].push(rounds).spacing(sp::S8).align_y(Vertical::Center).into()
    }

    fn material<'a>(&'a self, line: Row<'a>, can: bool, width: f32, ctx: &'a Ctx) -> Element<'a, Outer> {
        let can = can && !self.is_frozen();
        let item = line.item;
        let chosen = self.materials.current.as_deref() == Some(line.id);
        let room = width - STATE - TOOLS - 3.0 * sp::S8;
        let short = measure::cut(line.name, text::BODY.size, chosen, room).into_owned();
        let whole = short == line.name;
        let style = if chosen { text::BODY.bold() } else { text::BODY };
        let id = line.id.to_owned();
        let name = Press::new(text::styled(style, short), |theme: &Theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.accent } else { t.t1 }).ring_inside()
        })
        .on_press(wrap(Message::Current(id.clone())))
        .id(item_id(line.id));
        let name: Element<'a, Outer> = if whole { name.into() } else { tooltip::tip(name, line.name.to_owned()) };
        let need = match line.need {
            Need::Required => text::line(text::NOTE, Tone::Quiet, line.need.label()),
            _ => text::line(text::NOTE, Tone::Faint, line.need.label()),
        };
        let mut head = row![
            container(words::material(item.state()).view()).width(STATE),
            container(name).width(Length::Fill),
            need,
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        if can {
            let attach = button::quiet("交文件…").icon(Icon::Paperclip).small();
            let attach = attach.on_press(wrap(Message::Attach(id.clone(), Vec::new())));
            head = head.push(attach).push(check(&line));
        }
        let mut body = column![head].spacing(sp::S2);
        for file in &item.files {
            body = body.push(indent(self.attachment(line.id, file, can, width, ctx)));
        }
        for (tone, said) in remarks(&line, chosen, ctx) {
            body = body.push(indent(text::toned(text::SMALL, tone, said)));
        }
        if let Some((_, typed)) = self.materials.marking.as_ref().filter(|(marking, _)| *marking == line.id) {
            body = body.push(indent(self.why_unfit(typed)));
        }
        container(body)
            .width(Length::Fill)
            .padding(Padding { top: 5.0, bottom: 5.0, ..Padding::ZERO })
            .style(move |theme: &Theme| match chosen {
                true => container::background(theme.tokens.hover),
                false => container::Style::default(),
            })
            .into()
    }

    fn attachment<'a>(
        &'a self,
        item: &str,
        file: &'a Attachment,
        can: bool,
        width: f32,
        ctx: &'a Ctx,
    ) -> Element<'a, Outer> {
        let when = words::stamp(file.at, ctx);
        let about =
            format!("{}　{} {when}　第 {} 轮", words::bytes(file.size), ctx.ledger.user_name(file.actor), file.round);
        let about_width = measure::width(&about, text::NOTE.size, false);
        let room = (width - STATE - about_width - 96.0).max(80.0);
        let short = measure::cut(&file.name, text::SMALL.size, false, room).into_owned();
        let whole = short == file.name;
        let gone = self.file.as_ref().is_some_and(|known| known.erased.contains(&file.file));
        if gone {
            let name = text::line(text::SMALL, Tone::Faint, short);
            let said = text::line(text::NOTE, Tone::Faint, format!("内容已依法清除　第 {} 轮", file.round));
            return row![name, said].spacing(sp::S8).align_y(Vertical::Center).into();
        }
        let name = Press::new(text::styled(text::SMALL, short), |theme: &Theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.t1 } else { t.accent }).ring_inside()
        })
        .on_press(wrap(Message::Open(file.file, file.name.clone())));
        let name: Element<'a, Outer> = if whole { name.into() } else { tooltip::tip(name, file.name.clone()) };
        let mut line = row![name, text::line(text::NOTE, Tone::Faint, about), space().width(Length::Fill)]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        if can {
            let replace = Message::Attach(item.to_owned(), file.events.clone());
            let remove = Message::Remove(file.events.clone(), file.name.clone());
            line = line
                .push(button::icon_only(Icon::FileUp).tip("换一份").small().on_press(wrap(replace)))
                .push(button::icon_only(Icon::X).tip("移除，可以撤销").small().on_press(wrap(remove)));
        }
        line.into()
    }

    fn why_unfit<'a>(&'a self, typed: &'a str) -> Element<'a, Outer> {
        let missing = self.materials.problem.is_some() && typed.trim().is_empty();
        let why = input::input(typed)
            .placeholder("哪里不对、要怎么改；退回时直接用它")
            .on_input(|typed| wrap(Message::Remark(typed)))
            .on_submit(wrap(Message::SaveRemark))
            .tone(missing.then_some(Tone::Danger))
            .density(Density::Compact)
            .id(REMARK);
        let line = row![
            why,
            button::normal("不合格").key("Enter").small().on_press(wrap(Message::SaveRemark)),
            button::quiet("取消").key("Esc").small().on_press(wrap(Message::CancelRemark)),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let problem = self.materials.problem.clone();
        column![line].push(problem.map(|words| remark(Icon::CircleAlert, Tone::Danger, words))).spacing(sp::S2).into()
    }
}

/// 核对: what can be found of an item.
fn check<'a>(line: &Row<'a>) -> Element<'a, Outer> {
    let state = line.item.state();
    let keys = ["Alt 1", "Alt 2", "Alt 3", "Alt 4"];
    let words = ["已交（纸质）", "合格", "不合格…", "不适用"];
    let items = Mark::ALL.into_iter().zip(keys.into_iter().zip(words)).map(|(mark, (key, words))| {
        let marked = line.item.marked.as_ref().is_some_and(|marked| marked.mark == mark && marked.current);
        Item::new(Some(mark), words).key(key).checked(marked || (mark.state() == state && state != State::Given))
    });
    let back = line.item.marked.is_some().then(|| [Item::line(), Item::new(None, "取消核对").key("Alt 0")]);
    let opener = button::quiet("核对").after(Icon::ChevronDown).small().on_press(());
    let id = line.id.to_owned();
    let items: Vec<Item<Option<Mark>>> = items.chain(back.into_iter().flatten()).collect();
    menu::menu(opener, items, move |mark| wrap(Message::Mark(id.clone(), mark))).density(Density::Compact).into()
}

/// What is to be said below an item.
fn remarks(line: &Row<'_>, chosen: bool, ctx: &Ctx) -> Vec<(Tone, String)> {
    let item = line.item;
    let mut all = Vec::new();
    if !line.when.is_empty() {
        all.push((Tone::Quiet, format!("{}要交", line.when)));
    }
    if chosen && !line.note.is_empty() {
        all.push((Tone::Quiet, line.note.to_owned()));
    }
    if let Some(marked) = &item.marked {
        let who = ctx.ledger.user_name(marked.actor);
        let word = marked.mark.state().label();
        let tone = if marked.mark == Mark::Unfit { Tone::Danger } else { Tone::Quiet };
        if item.must_be_checked_again() {
            let why = if marked.remark.is_empty() { String::new() } else { format!("（{}）", marked.remark) };
            all.push((Tone::Warn, format!("{who}核对为{word}{why}以后文件换过，要重新核对")));
        } else if !marked.remark.is_empty() {
            all.push((tone, format!("{who}：{}", marked.remark)));
        } else if chosen {
            all.push((tone, format!("{who}核对为{word}，第 {} 轮", marked.round)));
        }
    }
    if item.contested {
        all.push((Tone::Danger, "两个人互不知情，核对得不一样；请再核对一次".to_owned()));
    }
    all
}

fn indent<'a>(content: impl Into<Element<'a, Outer>>) -> Element<'a, Outer> {
    container(content).width(Length::Fill).padding(Padding { left: STATE + sp::S8, ..Padding::ZERO }).into()
}
