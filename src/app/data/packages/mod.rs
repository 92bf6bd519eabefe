//! 交换包: the machines that know each other, what was sent and what came, and the three deeds: open one, make one, meet a machine.
//! The lists are here; each deed has a dialog in a file of its own, and all long work is on a thread of its own.
//! What a package is and what becomes of it is the floors' below; nothing is taken in before it was shown.

mod making;
mod meeting;
mod opening;

use std::path::PathBuf;
use std::thread;

use futures_channel::oneshot;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::Message as Out;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::machine::{Card, Key, Machine};
use crate::domain::{Problem, Result};
use crate::exchange::package::{self, Keys};
use crate::store::Done;
use crate::store::packages::PackageRow;
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::{button, scroll, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// Packages drawn; older ones stand in the log.
const MOST: usize = 100;

/// The tab's state.
#[derive(Default)]
pub struct Packages {
    machines: Vec<Machine>,
    rows: Option<Vec<PackageRow>>,
    card: Option<Card>,
    dialog: Option<Dialog>,
    busy: Option<&'static str>,
    /// The machine an answer is to be made for, once the machines are read.
    answers: Option<Key>,
}

enum Dialog {
    Open(Box<opening::Form>),
    Make(making::Form),
    Meet(meeting::Form),
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(Result<(Vec<Machine>, Vec<PackageRow>, Card)>),
    OpenPackage,
    MakePackage,
    MeetMachine,
    Opening(opening::Message),
    Making(making::Message),
    Meeting(meeting::Message),
    SaveCard,
    CardSaved(Result<PathBuf>),
    Retire(usize),
    Retired(Result<Done<()>>),
    Close,
}

fn out(message: Message) -> Out {
    Out::Packages(message)
}

/// Does long work on a thread of its own, so that the window stays awake.
async fn away<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (send, receive) = oneshot::channel();
    let started = thread::Builder::new().name("package".to_owned()).spawn(move || {
        // Nobody waits any more when the window was closed meanwhile.
        let _ = send.send(job());
    });
    match started {
        Ok(_) => receive.await.unwrap_or_else(|_| Err(Problem::bug("the package thread ended"))),
        Err(error) => Err(Problem::io("系统资源不足，这一步没有做。").next("请关闭其他程序后重试。").detail(error)),
    }
}

impl Packages {
    /// Reads the lists anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        let db = ctx.db.clone();
        let read = away(move || Ok((db.machines().wait()?, db.packages().wait()?, Keys::of(&db)?.card(&db))));
        Task::perform(read, |read| out(Message::Read(read))).into()
    }

    /// Offers to make the answer for a machine as soon as the lists are there.
    pub fn answer(&mut self, machine: Key) {
        self.answers = Some(machine);
    }

    /// Machines a package can be made for.
    fn others(&self) -> Vec<Machine> {
        let own = self.card.as_ref().map(|card| card.sign);
        self.machines.iter().filter(|machine| !machine.retired && Some(machine.sign) != own).cloned().collect()
    }

    /// What it is busy with, for the status bar.
    pub fn busy(&self) -> Option<&'static str> {
        self.busy
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Read(Ok((machines, rows, card))) => {
                self.machines = machines;
                self.rows = Some(rows);
                self.card = Some(card);
                if let Some(machine) = self.answers.take() {
                    self.dialog = Some(Dialog::Make(making::Form::answer(self.others(), machine, ctx)));
                }
                Update::none()
            }
            Message::Read(Err(problem)) => {
                self.rows.get_or_insert_default();
                problem.into()
            }
            Message::OpenPackage => {
                self.dialog = Some(Dialog::Open(Box::default()));
                opening::Form::focus()
            }
            Message::MakePackage => {
                self.dialog = Some(Dialog::Make(making::Form::new(self.others(), ctx)));
                Update::none()
            }
            Message::MeetMachine => {
                self.dialog = Some(Dialog::Meet(meeting::Form::default()));
                meeting::Form::focus()
            }
            Message::Opening(message) => self.opening(message, ctx),
            Message::Making(message) => self.making(message, ctx),
            Message::Meeting(message) => self.meeting(message, ctx),
            Message::SaveCard => {
                let Some(card) = self.card.clone() else { return Update::none() };
                let name = format!("科报名片-{}.kbc", card.name.replace(['/', '\\', ':'], "_"));
                let path = files::papers().join(name);
                let saved = away(move || package::write_card(&path, &card).map(|()| path));
                Task::perform(saved, |saved| out(Message::CardSaved(saved))).into()
            }
            Message::CardSaved(Ok(path)) => {
                let words = format!("名片已存为 {}，拷给对方，再在电话里核对指纹", path.display());
                Update::told(Tone::Success, words)
            }
            Message::CardSaved(Err(problem)) | Message::Retired(Err(problem)) => problem.into(),
            Message::Retire(n) => {
                let Some(machine) = self.machines.get(n) else { return Update::none() };
                let id = machine.id;
                let name = format!("停用电脑“{}”", machine.name);
                ctx.act(name, move |act| act.retire_machine(id), |done| out(Message::Retired(done))).into()
            }
            Message::Retired(Ok(done)) => Update::saved(&done, done.name.clone()),
            Message::Close => {
                self.dialog = None;
                Update::none()
            }
        }
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        let controls = ctx.controls();
        let some = !self.others().is_empty();
        let make = button::normal("做包…").icon(Icon::Package).density(controls);
        let make = match some {
            true => make.on_press(out(Message::MakePackage)),
            false => make.refused("先认识一台电脑，才知道给谁做"),
        };
        let head = row![
            button::normal("打开包…").icon(Icon::FolderOpen).density(controls).on_press(out(Message::OpenPackage)),
            make,
            button::quiet("认识电脑…").icon(Icon::Monitor).density(controls).on_press(out(Message::MeetMachine)),
            button::quiet("存名片").icon(Icon::Download).density(controls).on_press(out(Message::SaveCard)),
            space().width(Length::Fill),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let own = self.card.as_ref().map(|card| {
            row![
                text::small("本机"),
                text::strong(card.name.clone()),
                text::small("指纹"),
                text::styled(text::BODY, card.fingerprint())
            ]
            .spacing(sp::S8)
            .align_y(Vertical::Center)
        });
        let page = column![self.known(ctx), packages(rows, ctx)].spacing(sp::S20);
        column![head]
            .push(own)
            .push(scroll::scroll(container(page).padding(iced::padding::right(sp::S12))))
            .spacing(sp::S8)
            .into()
    }

    fn known<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let heading = section::heading("认识的电脑", Some("指纹要在电话里念着核对一次；停用的不再收发"), None);
        if self.machines.is_empty() {
            let words = "还没有认识的电脑。两台电脑各存一张名片，拷给对方，按“认识电脑”读入，电话里核对指纹。";
            return column![heading, text::body(words)].spacing(sp::S8).into();
        }
        let columns = [
            Column::left("电脑", Length::Fill),
            Column::left("使用人", 88),
            Column::left("指纹", 272),
            Column::left("认识于", 128),
            Column::left("核对人", 88),
            Column::left("", 88),
        ];
        let mut table = ledger(columns, Density::Compact).row_height(32.0);
        for (n, machine) in self.machines.iter().enumerate() {
            let tone = if machine.retired { Tone::Faint } else { Tone::Plain };
            let user = machine.user.map_or("—", |user| ctx.ledger.user_name(user));
            let own = self.card.as_ref().is_some_and(|card| card.sign == machine.sign);
            let last: Element<'a, Out> = if own {
                // Others met it; it came back with what they sent.
                Badge::outline(Icon::Monitor, "本机").view()
            } else if machine.retired {
                Badge::outline(Icon::Ban, "已停用").view()
            } else {
                button::quiet("停用").small().on_press(out(Message::Retire(n))).into()
            };
            table = table.push(vec![
                text::line(text::SMALL, tone, machine.name.as_str()).into(),
                text::line(text::SMALL, tone, user).into(),
                text::line(text::BODY, tone, machine.fingerprint()).into(),
                text::line(text::SMALL, Tone::Quiet, words::stamp(crate::domain::event::Stamp(machine.met_at), ctx))
                    .into(),
                text::line(text::SMALL, tone, ctx.ledger.user_name(machine.met_by)).into(),
                last.into(),
            ]);
        }
        column![heading, Element::from(table)].into()
    }

    /// A dialog above the window, and what closing it sends.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Out>, Out)> {
        let sheet = match self.dialog.as_ref()? {
            Dialog::Open(form) => form.view(self.busy.is_some(), ctx),
            Dialog::Make(form) => form.view(self.busy.is_some()),
            Dialog::Meet(form) => form.view(self.busy.is_some()),
        };
        Some((sheet, out(Message::Close)))
    }
}

fn packages<'a>(rows: &'a [PackageRow], ctx: &'a Ctx) -> Element<'a, Out> {
    let heading = section::heading("做过和取入过的包", None, None);
    if rows.is_empty() {
        return column![heading, text::body("还没有。")].spacing(sp::S8).into();
    }
    let columns = [
        Column::left("时间", 128),
        Column::left("包", 72),
        Column::left("对方", Length::Fill),
        Column::right("申报", 64),
        Column::right("冲突", 64),
        Column::left("经手人", 88),
        Column::left("状态", 200),
    ];
    let mut table = ledger(columns, Density::Compact).row_height(32.0);
    for row in rows.iter().take(MOST) {
        let here = row.taken.iter().find(|taken| taken.own);
        let (purpose, name, filings) = match (&row.made, here) {
            (_, Some(taken)) => (taken.fact.purpose, taken.fact.name.as_str(), taken.fact.decided.len()),
            (Some(made), None) => (made.purpose, made.name.as_str(), made.filings.len()),
            (None, None) => continue,
        };
        let there = row.taken.iter().find(|taken| !taken.own);
        let state = match (here, there) {
            (Some(taken), _) => {
                Badge::soft(Tone::Success, Icon::PackageCheck, format!("已取入，新记录 {} 条", taken.fact.taken))
            }
            (None, Some(taken)) => {
                Badge::soft(Tone::Info, Icon::PackageCheck, format!("对方 {} 取入", words::stamp(taken.at, ctx)))
            }
            (None, None) => Badge::outline(Icon::Package, "已做好，等对方取入"),
        };
        let conflicts = here.map_or(0, |taken| taken.fact.conflicts);
        let (tone, conflicts) =
            if conflicts > 0 { (Tone::Danger, conflicts.to_string()) } else { (Tone::Faint, "—".to_owned()) };
        let actor = here.map_or(row.actor, |taken| taken.actor);
        table = table.push(vec![
            text::line(text::SMALL, Tone::Quiet, words::stamp(row.at, ctx)).into(),
            text::line(text::SMALL, Tone::Plain, purpose.label()).into(),
            text::line(text::SMALL, Tone::Plain, name).into(),
            text::line(text::SMALL, Tone::Plain, filings.to_string()).into(),
            text::line(text::SMALL, tone, conflicts).into(),
            text::line(text::SMALL, Tone::Plain, ctx.ledger.user_name(actor)).into(),
            state.view::<Out>().into(),
        ]);
    }
    column![heading, Element::from(table)].into()
}

/// What was written: the lists of the window are read anew.
fn saved(words: impl Into<String>) -> Update<Out> {
    Update::event(Event::Saved { action: None, words: words.into() })
}
