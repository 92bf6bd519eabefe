//! 核验: the proof that every event is as it was written and that the tables say what the events say.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use iced::alignment::Vertical;
use iced::futures::channel::mpsc::unbounded;
use iced::widget::{column, container, row};
use iced::{Length, Task};

use super::Message as Out;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::print;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::journal::{Fault, Head, Report, Since, Written};
use crate::store::{Answer, Db};
use crate::ui::icon::{self, Icon};
use crate::ui::widget::ledger::{self, ledger};
use crate::ui::widget::{button, progress, scroll, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// The tab's state.
#[derive(Default)]
pub enum Verify {
    #[default]
    Idle,
    Running(Work),
    Done {
        report: Report,
        at: String,
        /// Heads of an earlier day that were compared since, with what became of them.
        heads: Compared,
    },
}

/// What comparing heads of an earlier day came to.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    found: Vec<(Head, Since)>,
    /// What of them could not be compared.
    wrong: Vec<String>,
}

/// Work under way.
pub struct Work {
    what: &'static str,
    done: f32,
    stop: Arc<AtomicBool>,
}

/// How often work under way says how far it is.
const LOOK: Duration = Duration::from_millis(100);

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Check,
    /// So much of the work is done, 0 to 1.
    At(f32),
    Stop,
    Checked(Result<Report>),
    Rebuild,
    Rebuilt(Result<()>),
    /// Writes the chain heads down for paper.
    WriteHeads,
    HeadsWritten(Result<PathBuf>),
    /// Prints them.
    PrintHeads,
    HeadsRead(Result<Vec<Head>>),
    /// Compares heads written down earlier.
    ChooseHeads,
    HeadsChosen(Option<PathBuf>),
    Compared(Result<Compared>),
}

impl Verify {
    /// Whether it is at it.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }

    /// Begins work that says how far it is and can be stopped.
    fn begin<T: Send + 'static>(
        &mut self,
        what: &'static str,
        ctx: &Ctx,
        work: impl FnOnce(&Db, Box<dyn FnMut(f32) -> ControlFlow<()> + Send>) -> Answer<T>,
        done: impl Fn(Result<T>) -> Message + Send + 'static,
    ) -> Update<Out> {
        let stop = Arc::new(AtomicBool::new(false));
        *self = Self::Running(Work { what, done: 0.0, stop: Arc::clone(&stop) });
        let (say, said) = unbounded();
        let mut last = Instant::now();
        let watch = move |done: f32| {
            if last.elapsed() >= LOOK {
                last = Instant::now();
                // Nobody listens any more when the window was closed meanwhile.
                let _ = say.unbounded_send(Out::Verify(Message::At(done)));
            }
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let answer = work(&ctx.db, Box::new(watch));
        Task::batch([Task::stream(said), ctx.ask(answer, move |result| Out::Verify(done(result)))]).into()
    }

    fn check(&mut self, ctx: &Ctx) -> Update<Out> {
        self.begin("正在逐条核对全部流水……", ctx, |db, watch| db.check_watched(watch), Message::Checked)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Check if self.is_running() => Update::none(),
            Message::Check => self.check(ctx),
            Message::At(done) => {
                if let Self::Running(work) = self {
                    work.done = done;
                }
                Update::none()
            }
            Message::Stop => {
                if let Self::Running(work) = self {
                    work.stop.store(true, Ordering::Relaxed);
                }
                Update::none()
            }
            Message::Checked(Ok(report)) => {
                let at = ctx.now.format("%Y-%m-%d %H:%M").to_string();
                *self = Self::Done { report, at, heads: Compared::default() };
                Update::none()
            }
            Message::Checked(Err(problem)) | Message::Rebuilt(Err(problem)) => {
                *self = Self::Idle;
                problem.into()
            }
            Message::Rebuild if !ctx.may(Permission::Repair) => {
                ctx.permit(Permission::Repair).err().map_or_else(Update::none, Update::from)
            }
            Message::Rebuild => {
                self.begin("正在按流水重建各表……", ctx, |db, watch| db.rebuild_watched(watch), Message::Rebuilt)
            }
            Message::Rebuilt(Ok(())) => {
                let logged = Logged::upkeep("按流水重建各表");
                self.check(ctx)
                    .and_event(Event::Saved { action: None, words: "各表已按流水重建".to_owned() })
                    .and_event(Event::Note(logged))
            }
            Message::WriteHeads => {
                let (office, now) = (ctx.ledger.office.name.clone(), ctx.now);
                let place = files::papers().join(format!("科报链头-{}.txt", now.format("%Y-%m-%d-%H%M")));
                ctx.ask(ctx.db.heads(), move |heads| {
                    Out::Verify(Message::HeadsWritten(heads.and_then(|heads| {
                        std::fs::write(&place, Head::page(&office, now, &heads)).map(|()| place.clone()).map_err(
                            |error| {
                                Problem::io("链头没有存下来。")
                                    .next("请检查“文档”文件夹能不能写入。")
                                    .detail(format!("{}: {error}", place.display()))
                            },
                        )
                    })))
                })
                .into()
            }
            Message::PrintHeads => ctx.ask(ctx.db.heads(), |heads| Out::Verify(Message::HeadsRead(heads))).into(),
            Message::HeadsRead(Ok(heads)) => {
                Update::print(print::pages::heads(&ctx.ledger.office.name, ctx.db.clock().now(), &heads))
            }
            Message::HeadsWritten(Ok(place)) => {
                let words = format!("链头已存为 {}，请和打印的那页一起留存", place.display());
                let logged = Logged::export("链头", &place, 1);
                Update::event(Event::Saved { action: None, words }).and_event(Event::Note(logged))
            }
            Message::ChooseHeads => {
                Task::perform(files::choose_heads(), |path| Out::Verify(Message::HeadsChosen(path))).into()
            }
            Message::HeadsChosen(None) => Update::none(),
            Message::HeadsChosen(Some(path)) => match written_down(&path) {
                Ok(written) => {
                    let wrong = written.wrong();
                    let compared = move |found: Result<_>| found.map(|found| Compared { found, wrong: wrong.clone() });
                    let answer = ctx.db.compare_heads(written.heads);
                    ctx.ask(answer, move |found| Out::Verify(Message::Compared(compared(found)))).into()
                }
                Err(problem) => problem.into(),
            },
            Message::Compared(Ok(found)) => {
                if let Self::Done { heads, .. } = self {
                    *heads = found;
                }
                Update::none()
            }
            Message::HeadsWritten(Err(problem))
            | Message::HeadsRead(Err(problem))
            | Message::Compared(Err(problem)) => problem.into(),
        }
    }

    /// The tab; `repairs`: whoever looks may have the tables made anew.
    pub fn view(&self, repairs: bool) -> Element<'_, Out> {
        let start = |word: &str| button::primary(word).icon(Icon::ShieldCheck).on_press(Out::Verify(Message::Check));
        let body = match self {
            Self::Idle => column![
                section::section("核验", None, None),
                text::body(
                    "逐条核对全部流水：每条的内容和指纹是否相符、前后是否连得上，列表里的数据是否就是流水算出来的。只看不改，随时可以做。"
                ),
                start("开始核验"),
            ],
            Self::Running(work) => column![
                section::section("核验", None, None),
                text::body(work.what),
                row![
                    progress::progress(work.done, 320.0),
                    button::normal("停止").small().on_press(Out::Verify(Message::Stop))
                ]
                .spacing(sp::S12)
                .align_y(Vertical::Center),
            ],
            Self::Done { report, at, heads } => {
                self::report(report, at, start("再核验一次").into(), repairs).push(self::heads(heads))
            }
        };
        scroll::scroll(container(body.spacing(sp::S12).max_width(880)).padding(iced::padding::top(8))).into()
    }
}

/// Heads to keep on paper, and what became of those of an earlier day.
fn heads(compared: &Compared) -> iced::widget::Column<'_, Out, crate::ui::Theme, crate::ui::Renderer> {
    let mut page = column![
        section::section("链头", None, None),
        text::body(
            "链头是每台电脑最后一条流水的指纹，由它之前的全部流水算出。打印一页封存，并存一份文字，以后拿来比对：流水被截短或改写，就对不上。"
        ),
        row![
            button::normal("打印…").icon(Icon::Printer).on_press(Out::Verify(Message::PrintHeads)),
            button::normal("存成文字…").icon(Icon::Download).on_press(Out::Verify(Message::WriteHeads)),
            button::normal("与以前的比对…").icon(Icon::FileSpreadsheet).on_press(Out::Verify(Message::ChooseHeads)),
        ]
        .spacing(sp::S8),
    ]
    .spacing(sp::S12);
    if !compared.found.is_empty() || !compared.wrong.is_empty() {
        let columns = [ledger::Column::left("", 44), ledger::Column::left("比对结果", Length::Fill)];
        let mut table = ledger(columns, Density::Comfortable).row_height(44.0);
        for (head, since) in &compared.found {
            let (which, tone) = match since.is_fine() {
                true => (Icon::CircleCheck, Tone::Success),
                false => (Icon::CircleAlert, Tone::Danger),
            };
            let device = head.device.to_string();
            let says = format!("机器 {}… 第 {} 条：{}", &device[..8], head.seq, since.says());
            table = table.push(vec![
                icon::toned(which, icon::size::BUTTON, tone).into(),
                text::toned(text::SMALL, Tone::Plain, says).into(),
            ]);
        }
        for wrong in &compared.wrong {
            table = table.push(vec![
                icon::toned(Icon::CircleAlert, icon::size::BUTTON, Tone::Danger).into(),
                text::toned(text::SMALL, Tone::Plain, wrong.as_str()).into(),
            ]);
        }
        page = page.push(table);
    }
    page
}

/// Heads that stand in a text somebody kept.
fn written_down(path: &std::path::Path) -> Result<Written> {
    let text = std::fs::read(path).map_err(|error| {
        Problem::io("留存的链头读不出来。").next("请核对文件。").detail(format!("{}: {error}", path.display()))
    })?;
    match Head::find(&String::from_utf8_lossy(&text)) {
        written if written.is_empty() => {
            Err(Problem::bad_input("这个文件里没有链头。").next("请选择用“存成文字”存下来的那页文字。"))
        }
        written => Ok(written),
    }
}

fn report<'a>(
    report: &'a Report,
    at: &'a str,
    again: Element<'a, Out>,
    repairs: bool,
) -> iced::widget::Column<'a, Out, crate::ui::Theme, crate::ui::Renderer> {
    let serious = report.faults.iter().filter(|fault| fault.is_serious()).count();
    let tables = report.faults.iter().any(Fault::is_rebuilt);
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
    if report.erased_files > 0 {
        facts.push_str(&format!("；{} 份文件已依法清除", report.erased_files));
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
    let rebuild = (tables && serious == 0 && repairs)
        .then(|| button::normal("按流水重建各表").icon(Icon::RefreshCw).on_press(Out::Verify(Message::Rebuild)));
    page.push(row![again].push(rebuild).spacing(sp::S8))
}
