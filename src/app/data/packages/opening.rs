//! Opening a package: where it lies, what it holds and would bring, whose it is; then the button that takes it in.

use std::path::PathBuf;
use std::sync::Arc;

use iced::widget::{column, row};
use iced::{Length, Task};

use super::editing;
use super::{Dialog, Message as TabMessage, Out, Packages, out, saved};
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, Opened, Sender};
use crate::store::Done;
use crate::store::packages::{NewMachine, Outcome, Preview, Taken};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::section::block_heading;
use crate::ui::widget::{button, checkbox, dialog, input, select};
use crate::ui::{Density, Element, Tone, space as sp, text};

const PATH: &str = "package-path";

/// Lines of a list in the dialog; the report and the tabs have all of them.
const MOST: usize = 6;

/// The dialog.
#[derive(Default)]
pub struct Form {
    path: String,
    opened: Option<Arc<Opened>>,
    problem: Option<Problem>,
    /// The fingerprint of a stranger was compared aloud.
    compared: bool,
    name: String,
    /// Who sits at it.
    user: Option<RecordId>,
    report: Option<Taken>,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Path(String),
    Browse,
    Chosen(Option<PathBuf>),
    Open,
    Opened(Result<Arc<Opened>>),
    Compared(bool),
    Name(String),
    User(Option<RecordId>),
    Meet,
    Met(Result<Done<RecordId>>),
    Take,
    Taken(Result<Box<Taken>>),
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Opening(message))
}

impl Form {
    /// About a package that lies here.
    pub fn at(path: &std::path::Path) -> Self {
        Self { path: path.display().to_string(), ..Self::default() }
    }

    /// Puts the caret into the path.
    pub fn focus() -> Update<Out> {
        iced::widget::operation::focus(PATH).into()
    }

    /// What its main button does now.
    pub fn main(&self) -> Option<Message> {
        match &self.opened {
            _ if self.report.is_some() => None,
            None => Some(Message::Open),
            Some(opened) if matches!(opened.sender, Sender::Stranger { .. }) => Some(Message::Meet),
            Some(opened) => opened.held().is_none().then_some(Message::Take),
        }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, busy: bool, ctx: &'a Ctx) -> Element<'a, Out> {
        let close = |word| button::normal(word).key("Esc").on_press(out(TabMessage::Close));
        if let Some(taken) = &self.report {
            let content = column![report(taken, ctx)];
            return dialog::dialog("已取入", content, [close("关闭").into()], dialog::Width::Wide);
        }
        let Some(opened) = &self.opened else {
            let says = match &self.problem {
                Some(problem) => Says::Error(problem.to_string()),
                None => Says::Hint("送审包、回传包、交换包都在这里打开；打开只看不取，看清了再取入。".into()),
            };
            let path = input::input(&self.path)
                .placeholder("U 盘或共享文件夹里的 .kbp 文件")
                .on_input(|text| wrap(Message::Path(text)))
                .on_submit(wrap(Message::Open))
                .tone(says.tone())
                .id(PATH);
            let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(wrap(Message::Browse));
            let content = field("包", row![path, browse].spacing(sp::S8)).says(says).below();
            let open = button::primary("打开").key("Enter").on_press((!busy).then_some(wrap(Message::Open)));
            return dialog::dialog("打开包", content, [close("取消").into(), open.into()], dialog::Width::Wide);
        };
        let content = self.shown(opened, ctx);
        let may = opened.held().is_none();
        let mut buttons: Vec<Element<'a, Out>> = vec![close(if may { "不取入" } else { "关闭" }).into()];
        if let Sender::Stranger { .. } = opened.sender {
            let meet = self.compared && !busy;
            buttons.push(
                button::primary("认识这台电脑").key("Ctrl Enter").on_press(meet.then_some(wrap(Message::Meet))).into(),
            );
        } else if may {
            buttons.push(
                button::primary("取入").key("Ctrl Enter").on_press((!busy).then_some(wrap(Message::Take))).into(),
            );
        }
        dialog::dialog(opened.manifest().purpose.label(), content, buttons, dialog::Width::Wide)
    }

    fn shown<'a>(&'a self, opened: &'a Opened, ctx: &'a Ctx) -> Element<'a, Out> {
        let manifest = opened.manifest();
        let from = match &opened.sender {
            Sender::Known { name } | Sender::Stranger { name, .. } | Sender::Retired { name } => name,
        };
        let at = words::when(ctx.db.clock().local(manifest.at), ctx);
        let head = format!(
            "来自“{from}”，{} 于对方时钟 {at} 做；记录 {} 条，附件 {} 份",
            manifest.by.name,
            manifest.events.count,
            manifest.files.len()
        );
        let mut page = column![text::small(head)].spacing(sp::S12);
        if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        } else if let Some(problem) = opened.held() {
            page = page.push(Says::Warning(problem.to_string()).view());
        }
        if let Sender::Stranger { fingerprint, .. } = &opened.sender {
            let print = text::styled(text::BODY, fingerprint.as_str());
            let name = input::input(&self.name).placeholder(from).on_input(|text| wrap(Message::Name(text)));
            let user = select::select(editing::users(ctx), Some(self.user))
                .on_choose(|user| wrap(Message::User(user)))
                .width(240);
            page = page.push(field("它的指纹", print)).push(field("叫它什么", name)).push(field("使用人", user));
            page = page.push(checkbox::checkbox(
                "给对方打过电话，念的指纹和这里一样",
                self.compared,
                Some(|compared| wrap(Message::Compared(compared))),
            ));
        }
        page.push(brought(&opened.preview, ctx)).into()
    }
}

/// What a package brings, or has brought.
fn brought<'a>(preview: &'a Preview, ctx: &'a Ctx) -> Element<'a, Out> {
    let mut page = column![].spacing(sp::S8);
    if let Some(before) = preview.before {
        let words = format!("这个包 {} 取入过，再取一次不会有变化。", words::stamp(before, ctx));
        page = page.push(Says::Warning(words).view());
    }
    let mut counts = format!("新记录 {} 条，已有 {} 条", preview.new, preview.known);
    if preview.waiting > 0 {
        counts.push_str(&format!("，要等前序的 {} 条", preview.waiting));
    }
    page = page.push(text::body(counts));
    if let Some(ahead) = preview.ahead {
        let words = format!(
            "包里有的时间是 {}，按这台电脑的时钟还没有到；请核对两台电脑的日期和时间。取入以后，这里仍按自己的时钟记。",
            words::stamp(ahead, ctx)
        );
        page = page.push(Says::Warning(words).view());
    }
    if !preview.forked.is_empty() || preview.in_own_name > 0 {
        let words = "有电脑的记录和这里的不是同一条链，可能被克隆过；双方都会保留，请向对方核实。".to_owned();
        page = page.push(Says::Warning(words).view());
    }
    if !preview.decisions.is_empty() {
        let count = |outcome: Outcome| preview.count(outcome);
        let remark = format!(
            "有效 {}，有冲突 {}，针对旧版本 {}，不计入 {}",
            count(Outcome::Stands),
            count(Outcome::Conflict),
            count(Outcome::Outdated),
            count(Outcome::PassedOver)
        );
        let columns = [
            Column::left("申报", Length::Fill),
            Column::left("决定", 132),
            Column::left("谁", 72),
            Column::left("合并后", 152),
        ];
        let mut table = ledger(columns, Density::Compact);
        for decided in preview.decisions.iter().take(MOST) {
            table = table.push(vec![
                text::line(text::SMALL, Tone::Plain, decided.firm.as_str()).into(),
                text::line(text::SMALL, Tone::Plain, decided.word.as_str()).into(),
                text::line(text::SMALL, Tone::Plain, decided.by.as_str()).into(),
                outcome(decided.outcome).into(),
            ]);
        }
        page = page
            .push(block_heading("新决定", None, None))
            .push(text::small(remark))
            .push(Element::from(table))
            .push(more(preview.decisions.len(), "件"));
    }
    if !preview.became.is_empty() {
        let columns = [Column::left("申报", Length::Fill), Column::left("您的决定", 132), Column::left("结果", 152)];
        let mut table = ledger(columns, Density::Compact);
        for became in preview.became.iter().take(MOST) {
            table = table.push(vec![
                text::line(text::SMALL, Tone::Plain, became.firm.as_str()).into(),
                text::line(text::SMALL, Tone::Plain, became.word.as_str()).into(),
                outcome(became.outcome).into(),
            ]);
        }
        page = page
            .push(block_heading("在这台电脑上作的决定后来怎样了", None, None))
            .push(Element::from(table))
            .push(more(preview.became.len(), "件"));
    }
    if preview.filings.is_empty() && !preview.touched.is_empty() {
        let columns = [Column::left("档案", Length::Fill), Column::left("类别", 96), Column::left("取入后", 72)];
        let mut table = ledger(columns, Density::Compact);
        for touched in preview.touched.iter().take(MOST) {
            let change = if touched.new { "新增" } else { "有改动" };
            table = table.push(vec![
                text::line(text::SMALL, Tone::Plain, touched.name.as_str()).into(),
                text::line(text::SMALL, Tone::Quiet, words::record_kind(touched.sort)).into(),
                text::line(text::SMALL, Tone::Quiet, change).into(),
            ]);
        }
        let (new, changed) = preview.touches();
        page = page.push(text::small(format!("新增 {new} 份档案，改动 {changed} 份"))).push(Element::from(table));
        page = page.push(more(preview.touched.len(), "份"));
    }
    if preview.decisions.is_empty() && !preview.filings.is_empty() {
        let columns = [Column::left("受理号", 144), Column::left("企业", Length::Fill)];
        let mut table = ledger(columns, Density::Compact);
        for (_, number, firm) in preview.filings.iter().take(MOST) {
            table = table.push(vec![
                text::line(text::SMALL, Tone::Plain, number.as_str()).into(),
                text::line(text::SMALL, Tone::Plain, firm.as_str()).into(),
            ]);
        }
        page = page.push(text::small(format!("申报 {} 件", preview.filings.len()))).push(Element::from(table));
        page = page.push(more(preview.filings.len(), "件"));
    }
    page.into()
}

fn more<'a>(all: usize, unit: &str) -> Option<Element<'a, Out>> {
    (all > MOST).then(|| text::small(format!("……还有 {} {unit}", all - MOST)).into())
}

fn outcome<'a>(outcome: Outcome) -> Element<'a, Out> {
    let word = outcome.label();
    match outcome {
        Outcome::Conflict => Badge::framed(Tone::Danger, Icon::Split, word).view(),
        Outcome::Outdated => Badge::soft(Tone::Warn, Icon::TriangleAlert, word).view(),
        Outcome::Stands => Badge::soft(Tone::Success, Icon::Check, word).view(),
        Outcome::PassedOver => Badge::outline(Icon::CircleSlash, word).view(),
    }
}

fn report<'a>(taken: &'a Taken, ctx: &'a Ctx) -> Element<'a, Out> {
    if taken.repeated {
        return text::body(format!("来自“{}”的这个{}以前取入过，没有新内容。", taken.from, taken.purpose.label()))
            .into();
    }
    let conflicts = taken.brought.count(Outcome::Conflict);
    let mut page = column![text::body(format!(
        "来自“{}”的{}已取入，新记录 {} 条。",
        taken.from,
        taken.purpose.label(),
        taken.taken
    ))]
    .spacing(sp::S12);
    if conflicts > 0 {
        page =
            page.push(Says::Warning(format!("有 {conflicts} 个决定和这里的冲突，在“数据 › 冲突”里等人选定。")).view());
    }
    page.push(brought(&taken.brought, ctx)).into()
}

impl Packages {
    /// Takes in what happened in the dialog.
    pub(super) fn opening(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let Some(Dialog::Open(form)) = &mut self.dialog else {
            // The dialog was closed while the work went on; what was written shows.
            if matches!(message, Message::Opened(_) | Message::Taken(_) | Message::Met(_)) {
                self.busy = None;
            }
            return match message {
                Message::Taken(Ok(taken)) => saved(format!("已取入来自“{}”的{}", taken.from, taken.purpose.label())),
                Message::Taken(Err(problem)) | Message::Met(Err(problem)) => problem.into(),
                Message::Met(Ok(done)) => Update::saved(&done, done.name.clone()),
                _ => Update::none(),
            };
        };
        match message {
            Message::Path(path) => {
                form.path = path;
                form.problem = None;
            }
            Message::Browse => {
                return Task::perform(files::choose_package(), |path| wrap(Message::Chosen(path))).into();
            }
            Message::Chosen(path) => {
                if let Some(path) = path {
                    form.path = path.to_string_lossy().into_owned();
                    form.problem = None;
                }
            }
            Message::Open => {
                let Some(path) = files::typed(&form.path).filter(|_| self.busy.is_none()) else {
                    return Update::none();
                };
                self.busy = Some("正在打开包");
                let (db, user) = (ctx.db.clone(), ctx.user);
                let opened = away(move || package::open(&db, user, &path, None).map(Arc::new));
                return Task::perform(opened, |opened| wrap(Message::Opened(opened))).into();
            }
            Message::Opened(opened) => {
                self.busy = None;
                match opened {
                    Ok(opened) => form.opened = Some(opened),
                    Err(problem) => form.problem = Some(problem),
                }
            }
            Message::Compared(compared) => form.compared = compared,
            Message::Name(name) => form.name = name,
            Message::User(user) => form.user = user,
            Message::Meet => {
                let Some(opened) = form.opened.as_ref().filter(|_| form.compared) else { return Update::none() };
                let new = NewMachine { card: opened.card().clone(), name: form.name.clone(), user: form.user };
                let name = if new.name.trim().is_empty() { new.card.name.clone() } else { new.name.trim().to_owned() };
                let met = |done| wrap(Message::Met(done));
                return ctx.act(format!("认识电脑“{name}”"), move |act| act.meet_machine(&new), met).into();
            }
            Message::Met(Err(problem)) => form.problem = Some(problem),
            Message::Met(Ok(done)) => {
                // Looked at once more, now that its sender is known.
                form.opened = None;
                let told = Update::saved(&done, done.name.clone());
                return told.and(self.opening(Message::Open, ctx));
            }
            Message::Take => {
                let Some(opened) = form.opened.clone().filter(|_| self.busy.is_none()) else { return Update::none() };
                self.busy = Some("正在取入包");
                let (db, user) = (ctx.db.clone(), ctx.user);
                let taken = away(move || package::take(&db, user, &opened, None).map(Box::new));
                return Task::perform(taken, |taken| wrap(Message::Taken(taken))).into();
            }
            Message::Taken(Ok(taken)) => {
                self.busy = None;
                let words = format!("已取入来自“{}”的{}", taken.from, taken.purpose.label());
                form.report = Some(*taken);
                return saved(words);
            }
            Message::Taken(Err(problem)) => {
                self.busy = None;
                form.problem = Some(problem);
            }
        }
        Update::none()
    }
}
