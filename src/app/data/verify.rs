//! 核验: the proof that every event is as it was written and that the tables say what the events say.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::Message as Out;
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::domain::Result;
use crate::store::journal::{Fault, Report};
use crate::ui::icon::{self, Icon};
use crate::ui::widget::ledger::{self, ledger};
use crate::ui::widget::{button, scroll, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// The tab's state.
#[derive(Default)]
pub enum Verify {
    #[default]
    Idle,
    Running,
    Rebuilding,
    Done {
        report: Report,
        at: String,
    },
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Check,
    Checked(Result<Report>),
    Rebuild,
    Rebuilt(Result<()>),
}

impl Verify {
    /// Whether it is at it.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running | Self::Rebuilding)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Check if self.is_running() => Update::none(),
            Message::Check => {
                *self = Self::Running;
                ctx.ask(ctx.db.check(), |report| Out::Verify(Message::Checked(report))).into()
            }
            Message::Checked(Ok(report)) => {
                *self = Self::Done { report, at: ctx.now.format("%Y-%m-%d %H:%M").to_string() };
                Update::none()
            }
            Message::Checked(Err(problem)) | Message::Rebuilt(Err(problem)) => {
                *self = Self::Idle;
                problem.into()
            }
            Message::Rebuild => {
                *self = Self::Rebuilding;
                ctx.ask(ctx.db.rebuild(), |done| Out::Verify(Message::Rebuilt(done))).into()
            }
            Message::Rebuilt(Ok(())) => {
                *self = Self::Running;
                let again = ctx.ask(ctx.db.check(), |report| Out::Verify(Message::Checked(report)));
                Update::task(again)
                    .and_event(Event::Saved { action: None, words: "各表已按流水重建".to_owned() })
            }
        }
    }

    /// The tab.
    pub fn view(&self) -> Element<'_, Out> {
        let start = |word: &str| button::primary(word).icon(Icon::ShieldCheck).on_press(Out::Verify(Message::Check));
        let body = match self {
            Self::Idle => column![
                section::section("核验", None, None),
                text::body(
                    "逐条核对全部流水：每条的内容和指纹是否相符、前后是否连得上，列表里的数据是否就是流水算出来的。只看不改，随时可以做。"
                ),
                start("开始核验"),
            ],
            Self::Running => column![section::section("核验", None, None), text::body("正在逐条核对全部流水……")],
            Self::Rebuilding => column![section::section("核验", None, None), text::body("正在按流水重建各表……")],
            Self::Done { report, at } => self::report(report, at, start("再核验一次").into()),
        };
        scroll::scroll(container(body.spacing(sp::S12).max_width(880)).padding(iced::padding::top(8))).into()
    }
}

fn report<'a>(
    report: &'a Report,
    at: &'a str,
    again: Element<'a, Out>,
) -> iced::widget::Column<'a, Out, crate::ui::Theme, crate::ui::Renderer> {
    let serious = report.faults.iter().filter(|fault| fault.is_serious()).count();
    let tables = report.faults.iter().any(|fault| matches!(fault, Fault::Table { .. }));
    let (picture, tone, title) = match (report.faults.len(), serious) {
        (0, _) => (Icon::CircleCheck, Tone::Success, format!("全部 {} 条流水完好，各表与流水相符", report.events)),
        (n, 0) => (Icon::TriangleAlert, Tone::Warn, format!("流水完好，另有 {n} 处要看")),
        (_, n) => (Icon::CircleAlert, Tone::Danger, format!("有 {n} 处流水被改动或损坏")),
    };
    let head = row![icon::toned(picture, icon::size::PALETTE, tone), text::title(title)]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
    let mut facts = format!("核验于 {at}；{} 条流水，来自 {} 台电脑", report.events, report.devices);
    if report.waiting > 0 {
        facts.push_str(&format!("；还有 {} 条在等它们的前一条", report.waiting));
    }
    let mut page = column![head, text::small(facts)];
    if !report.faults.is_empty() {
        let columns = [ledger::Column::left("", 44), ledger::Column::left("问题", Length::Fill)];
        let mut table = ledger(columns, Density::Comfortable).row_height(44.0);
        for fault in report.faults.iter().take(200) {
            let (which, tone) =
                if fault.is_serious() { (Icon::CircleAlert, Tone::Danger) } else { (Icon::TriangleAlert, Tone::Warn) };
            table = table.push(vec![
                icon::toned(which, icon::size::BUTTON, tone).into(),
                text::toned(text::SMALL, Tone::Plain, fault.says()).into(),
            ]);
        }
        page = page.push(table);
        if report.faults.len() > 200 {
            page = page.push(text::small(format!("只列出前 200 处，共 {} 处。", report.faults.len())));
        }
    }
    if serious > 0 {
        page = page.push(text::body(
            "请停止录入，把数据文件夹整个复制一份留底，再从最近的备份恢复；拿不准时把这一页交给维护人员。",
        ));
    }
    let rebuild = (tables && serious == 0)
        .then(|| button::normal("按流水重建各表").icon(Icon::RefreshCw).on_press(Out::Verify(Message::Rebuild)));
    page.push(row![again].push(rebuild).spacing(sp::S8))
}
