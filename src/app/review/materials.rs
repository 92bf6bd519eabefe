//! 材料 of what is reviewed: each item with its files, opened beside the review, and found fit or unfit.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row};
use iced::{Length, Padding, Task};

use super::drafts::Unfit;
use super::{Message as Outer, QUEUE, Review};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::app::{files, words};
use crate::domain::Result;
use crate::domain::event::{DeedKind, Hash, Logged};
use crate::domain::filing::Checklist;
use crate::domain::id::RecordId;
use crate::domain::material::{Mark, OTHER};
use crate::domain::people::Permission;
use crate::domain::program::Version;
use crate::store::Done;
use crate::store::queries::FilingFile;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::{button, input, keycap};
use crate::ui::{Element, measure, space as sp, text};

/// The word on what is not fit.
pub const REMARK: &str = "review.material";

/// What of the checklist is being looked at and written.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The item keys act on.
    pub current: usize,
    problem: Option<String>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Current(usize),
    /// Opens the files of the current item.
    OpenAll,
    Open(Hash, String),
    Opened(String, Result<()>),
    Fit(usize),
    Unfit(usize),
    Remark(String),
    Save,
    Cancel,
    /// An item of a filing was marked.
    Marked(RecordId, String, Result<Done<bool>>),
}

/// Items as they stand in the list, those without anything and not asked for left out.
fn rows<'a>(file: &'a FilingFile, version: &'a Version) -> Vec<crate::domain::filing::materials::Row<'a>> {
    let list = Checklist::new(&version.materials, &file.filing.materials);
    list.rows.into_iter().filter(|row| row.id != OTHER || !row.item.files.is_empty()).collect()
}

impl Review {
    /// What a key does to the checklist, where it shows.
    pub(super) fn material_key(&self, pressed: &Pressed) -> Option<Outer> {
        let at = self.materials.current;
        let message = match pressed.key {
            Key::Named(Named::Enter) if !self.is_marking() => Message::OpenAll,
            Key::Named(Named::F2) => Message::Fit(at),
            Key::Named(Named::F3) => Message::Unfit(at),
            Key::Named(Named::F4) => {
                let last = self.material_count().checked_sub(1)?;
                Message::Current(if pressed.modifiers.shift() { at.saturating_sub(1) } else { (at + 1).min(last) })
            }
            _ => return None,
        };
        Some(Outer::Materials(message))
    }

    fn material_count(&self) -> usize {
        let file = self.content.as_ref().map(|content| &content.read.file);
        file.and_then(|file| Some(rows(file, file.known?.1).len())).unwrap_or(0)
    }

    pub(super) fn on_materials(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let Some(content) = &self.content else { return Update::none() };
        let file = &content.read.file;
        let (id, Some((_, version))) = (file.filing.id, file.known) else { return Update::none() };
        let item = |at: usize| rows(file, version).get(at).map(|row| (row.id.to_owned(), row.name.to_owned()));
        let sheet = &mut self.materials;
        let draft = self.drafts.of(id);
        if !matches!(message, Message::Marked(..)) {
            sheet.problem = None;
        }
        match message {
            Message::Current(at) => sheet.current = at,
            Message::OpenAll => {
                let all = rows(file, version);
                let Some(row) = all.get(sheet.current) else { return Update::none() };
                if row.item.files.is_empty() {
                    return Update::told(Tone::Quiet, "这一项没有交电子文件");
                }
                let open = row.item.files.iter().map(|file| open(file.file, file.name.clone(), ctx));
                return Task::batch(open).into();
            }
            Message::Open(file, name) => return open(file, name, ctx).into(),
            Message::Opened(name, Ok(())) => {
                let number = ctx.ledger.filing(id).map(|row| row.number.to_string()).unwrap_or_default();
                let logged = Logged::new(DeedKind::Open, format!("申报 {number} 的材料 {name}")).about(id);
                return Update::event(Event::Note(logged));
            }
            Message::Opened(_, Err(problem)) => return problem.into(),
            Message::Fit(at) => {
                let Some((item, name)) = item(at) else { return Update::none() };
                sheet.current = at;
                return self.mark(item, &name, Mark::Fit, String::new(), ctx);
            }
            Message::Unfit(at) => {
                let Some((item, _)) = item(at) else { return Update::none() };
                if let Err(problem) = ctx.permit(Permission::Judge) {
                    return problem.into();
                }
                let known = file.filing.materials.item(&item).marked.as_ref();
                let remark = known.filter(|marked| marked.mark == Mark::Unfit).map(|marked| marked.remark.clone());
                if draft.unfit().is_some_and(|unfit| unfit.item != item) {
                    sheet.problem = Some("这一条还没有存：按 Enter 存下，或按 Esc 不要，再写别的。".to_owned());
                    return Update::task(crate::ui::focus::to(REMARK));
                }
                sheet.current = at;
                if draft.unfit().is_none() {
                    draft.unfit = Some(Unfit { item, remark: remark.unwrap_or_default() });
                }
                return Update::task(iced::widget::operation::focus(REMARK));
            }
            Message::Remark(typed) => {
                if let Some(unfit) = &mut draft.unfit {
                    unfit.remark = typed;
                }
                self.problem = None;
                return self.drafts.keep(ctx).into();
            }
            Message::Cancel => {
                draft.unfit = None;
                self.problem = None;
                let kept = self.drafts.keep(ctx);
                return Task::batch([kept, iced::widget::operation::focus(QUEUE)]).into();
            }
            Message::Save => {
                let Some(Unfit { item, remark }) = draft.unfit.clone() else { return Update::none() };
                if remark.trim().is_empty() {
                    sheet.problem = Some("“不合格”要写明哪里不对，退回时直接用它。".to_owned());
                    return Update::task(iced::widget::operation::focus(REMARK));
                }
                let name = crate::domain::defect::About::Material(item.clone()).name(version).to_owned();
                return self.mark(item, &name, Mark::Unfit, remark, ctx);
            }
            Message::Marked(of, item, Ok(done)) => {
                sheet.busy = false;
                let draft = self.drafts.of(of);
                draft.unfit.take_if(|unfit| unfit.item == item);
                let kept = self.drafts.keep(ctx);
                let focus = if of == id { iced::widget::operation::focus(QUEUE) } else { Task::none() };
                return Update::saved(&done, done.name.clone()).and(Task::batch([kept, focus]).into());
            }
            Message::Marked(of, _, Err(problem)) => {
                sheet.busy = false;
                sheet.problem = Some(problem.to_string());
                if of != id || draft.unfit.is_none() {
                    return problem.into();
                }
            }
        }
        Update::none()
    }

    fn mark(&mut self, item: String, name: &str, mark: Mark, remark: String, ctx: &Ctx) -> Update<Outer> {
        let Some(id) = self.queue.current.filter(|_| !self.materials.busy) else { return Update::none() };
        self.materials.busy = true;
        let name = format!("{}：{}", words::in_short(name), mark.state().label());
        let of = item.clone();
        Update::task(ctx.act(
            name,
            move |act| act.check_material(id, &item, Some(mark), &remark),
            move |done| Outer::Materials(Message::Marked(id, of, done)),
        ))
    }

    /// The checklist.
    pub(super) fn materials_view<'a>(&'a self, file: &'a FilingFile, width: f32, ctx: &'a Ctx) -> Element<'a, Outer> {
        let Some((_, version)) = file.known else {
            return text::body("这件申报的事项不在本机的事项目录里。").into();
        };
        let can = ctx.may(Permission::Judge) && !file.frozen;
        let mut page = column![rule::across(Weight::Heavy)];
        for (at, line) in rows(file, version).into_iter().enumerate() {
            let current = at == self.materials.current;
            page = page.push(self.item(at, line, current, can, width)).push(rule::across(Weight::Hair));
        }
        let keys = row![
            keycap::keycap("F4"),
            text::note("下一项"),
            keycap::keycap("Enter"),
            text::note("打开文件"),
            keycap::keycap("F2"),
            text::note("合格"),
            keycap::keycap("F3"),
            text::note("不合格"),
        ]
        .spacing(sp::S6)
        .align_y(Vertical::Center)
        .wrap();
        page.push(container(keys).padding(Padding { top: sp::S8, ..Padding::ZERO })).into()
    }

    fn item<'a>(
        &'a self,
        at: usize,
        line: crate::domain::filing::materials::Row<'a>,
        current: bool,
        can: bool,
        width: f32,
    ) -> Element<'a, Outer> {
        const STATE: f32 = 84.0;
        const TOOLS: f32 = 150.0;
        // Where there is no room beside the name, what it needs and how it is found stand below it.
        let beside = width >= 400.0;
        let room = if beside { width - STATE - TOOLS - 60.0 } else { (width - STATE - sp::S6).max(40.0) };
        let indent = if beside { STATE + sp::S6 } else { sp::S12 };
        let style = if current { text::BODY.bold() } else { text::BODY };
        let name = measure::cut(line.name, style.size, current, room).into_owned();
        let name = Press::new(text::styled(style, name), |theme: &Theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.accent } else { t.t1 }).ring_inside()
        })
        .on_press(Outer::Materials(Message::Current(at)));
        let head = row![
            container(words::material(line.item.state()).view()).width(STATE),
            container(name).width(Length::Fill)
        ]
        .spacing(sp::S6)
        .align_y(Vertical::Center);
        let mut tools =
            row![text::line(text::NOTE, Tone::Quiet, line.need.label())].spacing(sp::S6).align_y(Vertical::Center);
        if can {
            let mark = |word: &str, message| button::quiet(word).small().on_press(Outer::Materials(message));
            tools = tools.push(mark("合格", Message::Fit(at))).push(mark("不合格…", Message::Unfit(at)));
        }
        let mut body = match beside {
            true => column![head.push(tools)],
            false => column![head, container(tools).padding(iced::padding::left(indent))],
        }
        .spacing(sp::S2);
        let gone = |one: &Hash| self.content.as_ref().is_some_and(|content| content.read.file.erased.contains(one));
        for file in &line.item.files {
            if gone(&file.file) {
                let words = format!("{}　内容已依法清除", file.name);
                let words =
                    measure::cut(&words, text::SMALL.size, false, (width - indent - 20.0).max(80.0)).into_owned();
                let said = text::line(text::SMALL, Tone::Faint, words);
                body = body.push(container(said).padding(iced::padding::left(indent)));
                continue;
            }
            let about = format!("{}　第 {} 轮", words::bytes(file.size), file.round);
            let room = (width - indent - 20.0 - measure::width(&about, text::NOTE.size, false)).max(80.0);
            let short = measure::cut(&file.name, text::SMALL.size, false, room).into_owned();
            let open = Press::new(text::styled(text::SMALL, short), |theme: &Theme, status| {
                let t = theme.tokens;
                Look::bare(if status.hovered { t.t1 } else { t.accent }).ring_inside()
            })
            .on_press(Outer::Materials(Message::Open(file.file, file.name.clone())));
            let line = row![open, text::line(text::NOTE, Tone::Faint, about)].spacing(sp::S8).align_y(Vertical::Center);
            body = body.push(container(line).padding(iced::padding::left(indent)));
        }
        if let Some(marked) = line.item.marked.as_ref().filter(|marked| !marked.remark.is_empty()) {
            let tone = if marked.mark == Mark::Unfit { Tone::Danger } else { Tone::Quiet };
            body = body.push(
                container(text::toned(text::SMALL, tone, marked.remark.as_str())).padding(iced::padding::left(indent)),
            );
        }
        if line.item.must_be_checked_again() {
            let words = "核对以后文件换过，要重新核对";
            body =
                body.push(container(text::toned(text::SMALL, Tone::Warn, words)).padding(iced::padding::left(indent)));
        }
        if let Some(unfit) = self.marking().filter(|unfit| unfit.item == line.id) {
            let missing = self.materials.problem.is_some();
            let why = input::input(&unfit.remark)
                .placeholder("哪里不对、要怎么改；退回时直接用它")
                .on_input(|typed| Outer::Materials(Message::Remark(typed)))
                .on_submit(Outer::Materials(Message::Save))
                .tone(missing.then_some(Tone::Danger))
                .density(Density::Compact)
                .id(REMARK);
            let save = button::normal("不合格").key("Enter").small().on_press(Outer::Materials(Message::Save));
            let cancel =
                button::icon_only(Icon::X).tip("取消  Esc").small().on_press(Outer::Materials(Message::Cancel));
            body = body.push(row![why, save, cancel].spacing(sp::S6).align_y(Vertical::Center));
            if let Some(problem) = &self.materials.problem {
                body = body.push(text::toned(text::SMALL, Tone::Danger, problem.as_str()));
            }
        }
        container(body)
            .width(Length::Fill)
            .padding([5, 0])
            .style(move |theme: &Theme| match current {
                true => container::background(theme.tokens.hover),
                false => container::Style::default(),
            })
            .into()
    }

    /// Whether somebody is writing why an item is not fit.
    pub(super) fn is_marking(&self) -> bool {
        self.marking().is_some()
    }

    fn marking(&self) -> Option<&Unfit> {
        self.drafts.get(self.queue.current?)?.unfit.as_ref()
    }
}

fn open(file: Hash, name: String, ctx: &Ctx) -> Task<Outer> {
    let (db, named) = (ctx.db.clone(), name.clone());
    let open = async move {
        let copy = db.copy_out(&file, &named, &files::copies())?;
        files::show(&copy)
    };
    Task::perform(open, move |opened| Outer::Materials(Message::Opened(name.clone(), opened)))
}
