//! 交换包: the machines that know each other, what was sent and what came, and the three deeds: open one, make one, meet a machine.
//! The lists are here; each deed has a dialog in a file of its own, and all long work is on a thread of its own.
//! What a package is and what becomes of it is the floors' below; nothing is taken in before it was shown.

mod editing;
mod known;
mod making;
mod meeting;
mod opening;
mod recovery;
mod renewing;
mod sharing;

use std::path::PathBuf;

use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, space};
use iced::{Length, Task};

use super::Message as Out;
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::machine::{Card, Key as MachineKey, Machine};
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};

use crate::exchange::package::{self, Keys};
use crate::store::Done;
use crate::store::packages::PackageRow;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::{scroll, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// The name by which this machine remembers its shared folder.
pub(in crate::app) const SHARED: &str = "shared.folder";

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
    /// What is to be opened once the machines are read.
    wanted: Option<Wanted>,
    /// Why this machine's keys cannot be read.
    no_keys: Option<Problem>,
    /// 交换包恢复密钥, where the office has one.
    recovery: Option<String>,
}

/// What a link leads to.
enum Wanted {
    /// The answer for the machine with this key.
    Answer(MachineKey),
    /// A package of these filings.
    Pack(Vec<RecordId>),
    /// A package that lies here.
    Package(PathBuf),
}

enum Dialog {
    Open(Box<opening::Form>),
    Make(making::Form),
    Meet(meeting::Form),
    Edit(editing::Form),
    Recovery(recovery::Form),
    Renew(renewing::Form),
    Share(sharing::Form),
}

/// What the tab shows, read at once.
#[derive(Debug, Clone)]
pub struct Read {
    machines: Vec<Machine>,
    rows: Vec<PackageRow>,
    card: Result<Card>,
    recovery: Option<String>,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(Result<Box<Read>>),
    OpenPackage,
    MakePackage,
    MeetMachine,
    Opening(opening::Message),
    Making(making::Message),
    Meeting(meeting::Message),
    /// Another name, another user: of this machine, or of one in the list.
    Edit(Option<usize>),
    Editing(editing::Message),
    OpenRecovery,
    Recovery(recovery::Message),
    OpenRenew,
    Renewing(renewing::Message),
    OpenShare,
    Sharing(sharing::Message),
    SaveCard,
    CardSaved(Result<PathBuf>),
    Retire(usize),
    Retired(Result<Done<()>>),
    Close,
}

fn out(message: Message) -> Out {
    Out::Packages(message)
}

impl Packages {
    /// Reads the lists anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        let db = ctx.db.clone();
        let read = away(move || {
            let (machines, rows) = (db.machines().wait()?, db.packages().wait()?);
            let card = Keys::of(&db).map(|keys| keys.card(&db));
            Ok(Box::new(Read { machines, rows, card, recovery: db.recovery().wait()? }))
        });
        Task::perform(read, |read| out(Message::Read(read))).into()
    }

    /// Offers to make the answer for a machine as soon as the lists are there.
    pub fn answer(&mut self, machine: MachineKey) {
        self.wanted = Some(Wanted::Answer(machine));
    }

    /// Offers to make a package of exactly these filings as soon as the lists are there.
    pub fn pack(&mut self, filings: Vec<RecordId>) {
        self.wanted = Some(Wanted::Pack(filings));
    }

    /// Looks into a package as soon as the lists are there.
    pub fn look_at(&mut self, path: PathBuf) {
        self.wanted = Some(Wanted::Package(path));
    }

    /// This machine among those that are known: others met it, and that came back.
    fn own_record(&self) -> Option<&Machine> {
        let own = self.card.as_ref()?.sign;
        self.machines.iter().find(|machine| machine.sign == own)
    }

    fn start(&mut self, wanted: Wanted, ctx: &Ctx) -> Update<Out> {
        match wanted {
            Wanted::Answer(_) | Wanted::Pack(_) if self.others().is_empty() => {
                self.dialog = Some(Dialog::Meet(meeting::Form::default()));
                let first = Update::told(Tone::Warn, "先认识对方的电脑，才能给它做包");
                return first.and(meeting::Form::focus());
            }
            Wanted::Answer(machine) => {
                self.dialog = Some(Dialog::Make(making::Form::answer(self.others(), machine, ctx)));
            }
            Wanted::Pack(filings) => {
                self.dialog = Some(Dialog::Make(making::Form::of(self.others(), filings, ctx)));
            }
            Wanted::Package(path) => {
                self.dialog = Some(Dialog::Open(Box::new(opening::Form::at(&path))));
                return self.opening(opening::Message::Open, ctx);
            }
        }
        Update::none()
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
            Message::Read(Ok(read)) => {
                let Read { machines, rows, card, recovery } = *read;
                self.machines = machines;
                self.rows = Some(rows);
                self.recovery = recovery;
                (self.card, self.no_keys) = match card {
                    Ok(card) => (Some(card), None),
                    Err(problem) => (None, Some(problem)),
                };
                self.wanted.take().map_or_else(Update::none, |wanted| self.start(wanted, ctx))
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
            Message::Edit(which) => self.open_edit(which, ctx),
            Message::Editing(message) => self.editing(message, ctx),
            Message::OpenRecovery => self.open_recovery(ctx),
            Message::Recovery(message) => self.recovering(message, ctx),
            Message::OpenRenew => {
                self.dialog = Some(Dialog::Renew(renewing::Form::default()));
                Update::none()
            }
            Message::Renewing(message) => self.renewing(message, ctx),
            Message::OpenShare => self.open_share(ctx),
            Message::Sharing(message) => self.sharing(message),
            Message::SaveCard => {
                let Some(card) = self.card.clone() else { return Update::none() };
                let path = files::papers().join(package::card_name(&card));
                let saved = away(move || package::write_card(&path, &card).map(|()| path));
                Task::perform(saved, |saved| out(Message::CardSaved(saved))).into()
            }
            Message::CardSaved(Ok(path)) => {
                let words = format!("名片已存为 {}，拷给对方，再在电话里核对指纹", path.display());
                Update::told(Tone::Success, words).and_event(Event::Note(Logged::export("本机名片", &path, 1)))
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
        let page = column![self.own(ctx), self.known(ctx), packages(rows, ctx)].spacing(sp::S20);
        column![]
            .push(ctx.may(Permission::Exchange).then(|| self.deeds(ctx)))
            .push(scroll::scroll(container(page).padding(iced::padding::right(sp::S12))))
            .spacing(sp::S8)
            .into()
    }

    /// What Ctrl+Enter does in the dialog that is open: its main button, wherever the keyboard is.
    pub fn dialog_key(&self, pressed: &Pressed) -> Option<Out> {
        if pressed.key != Key::Named(Named::Enter) || !pressed.modifiers.command() {
            return None;
        }
        let message = match self.dialog.as_ref()? {
            Dialog::Open(form) => Message::Opening(form.main()?),
            Dialog::Make(form) => Message::Making(form.main()?),
            Dialog::Meet(form) => Message::Meeting(form.main()),
            Dialog::Edit(_) => Message::Editing(editing::Message::Save),
            Dialog::Recovery(form) => Message::Recovery(form.main(self.recovery.is_some())?),
            Dialog::Share(_) => Message::Sharing(sharing::Message::Save),
            // What everybody else has to follow is not done by a key.
            Dialog::Renew(_) => return None,
        };
        Some(out(message))
    }

    /// A dialog above the window, and what closing it sends.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Out>, Out)> {
        let sheet = match self.dialog.as_ref()? {
            Dialog::Open(form) => form.view(self.busy.is_some(), ctx),
            Dialog::Make(form) => form.view(self.busy.is_some(), ctx),
            Dialog::Meet(form) => form.view(self.busy.is_some(), ctx),
            Dialog::Edit(form) => form.view(ctx),
            Dialog::Recovery(form) => form.view(self.recovery.as_deref(), ctx),
            Dialog::Renew(form) => form.view(self.busy.is_some()),
            Dialog::Share(form) => form.view(),
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
