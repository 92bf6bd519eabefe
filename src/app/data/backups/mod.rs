//! 备份: the backups there are, making one now, where they go and how many stay, and the way back from one.
//! The list is here; the two dialogs have a file each.
//! Restoring itself is the window's: the office must be let go for it.

mod restoring;
mod settings;

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::{Message as Out, ROWS, hints};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::backup::{Backup, By, Fresh, Lacking, Preview, Settings, Verified};
use crate::ui::grid::{Cell, Column, Grid, GridAction, GridEvent, GridState};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::button;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::field::Says;
use crate::ui::{Element, Tone, space as sp, text};

/// A row by its file's name.
type Row = u64;

/// The tab's state.
pub struct Backups {
    rows: Option<Result<Vec<Backup>>>,
    settings: Settings,
    ids: Vec<Row>,
    grid: GridState<Row>,
    columns: Vec<Column>,
    making: bool,
    checking: bool,
    dialog: Option<Dialog>,
    turn: u64,
}

enum Dialog {
    Settings(settings::Form),
    Restore(restoring::Look),
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(u64, Result<(Settings, Result<Vec<Backup>>)>),
    Make,
    Made(Result<Box<Fresh>>),
    Checked(String, Result<Lacking>),
    Grid(GridEvent<Row>),
    /// The first or second thing that can be done to the current row.
    Deed(usize),
    OpenSettings,
    Settings(settings::Message),
    Shown(PathBuf, Result<Box<Preview>>),
    Seen(bool),
    Restore,
    Close,
}

impl Default for Backups {
    fn default() -> Self {
        Self {
            rows: None,
            settings: Settings::default(),
            ids: Vec::new(),
            grid: GridState::default(),
            columns: vec![
                Column::text("at", "时间", 136.0).secondary().frozen().unsortable(),
                Column::text("by", "方式", 60.0).unsortable(),
                Column::text("verified", "验证", 176.0).unsortable(),
                Column::number("size", "大小", 88.0).unsortable(),
                Column::number("events", "流水", 76.0).unsortable(),
                Column::number("firms", "企业", 68.0).unsortable(),
                Column::number("filings", "申报", 68.0).unsortable(),
                Column::name("name", "文件").unsortable(),
                Column::text("deed", "", 148.0).unsortable().fixed(),
            ],
            making: false,
            checking: false,
            dialog: None,
            turn: 0,
        }
    }
}

impl Backups {
    /// Reads settings and list anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        self.turn += 1;
        let (turn, db) = (self.turn, ctx.db.clone());
        let read = async move {
            let settings = db.backup_settings().await?;
            Ok((settings, db.backups(None).await))
        };
        Task::perform(read, move |read| Out::Backups(Message::Read(turn, read))).into()
    }

    /// What it is busy with, for the status bar.
    pub fn busy(&self) -> Option<&'static str> {
        match (self.making, self.checking) {
            (true, _) => Some("正在备份并验证"),
            (false, true) => Some("正在验证备份"),
            (false, false) => None,
        }
    }

    /// Whether something lies above the page.
    pub fn has_dialog(&self) -> bool {
        self.dialog.is_some()
    }

    /// What a key means while a dialog is open. Restoring wants the button itself.
    pub fn dialog_key(&self, key: &Key) -> Option<Out> {
        let enter = *key == Key::Named(Named::Enter) && matches!(self.dialog, Some(Dialog::Settings(_)));
        enter.then_some(Out::Backups(Message::Settings(settings::Message::Save)))
    }

    /// What a key does to the current row.
    pub fn deed(&self, n: usize) -> Option<Out> {
        self.grid.current().map(|_| Out::Backups(Message::Deed(n)))
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Read(turn, _) if turn != self.turn => Update::none(),
            Message::Read(_, Ok((settings, rows))) => {
                self.settings = settings;
                self.ids = rows.as_ref().map(|rows| rows.iter().map(row_of).collect()).unwrap_or_default();
                self.rows = Some(rows);
                self.grid.rows_changed(&self.ids);
                if self.grid.current().is_none() {
                    self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
                }
                Update::none()
            }
            Message::Read(_, Err(problem)) => problem.into(),
            Message::Make | Message::OpenSettings | Message::Settings(_) if !ctx.may(Permission::BackUp) => {
                ctx.permit(Permission::BackUp).err().map_or_else(Update::none, Update::from)
            }
            Message::Make if self.making => Update::none(),
            Message::Make => {
                self.making = true;
                ctx.ask(ctx.db.back_up(By::Hand, None), |made| Out::Backups(Message::Made(made.map(Box::new)))).into()
            }
            Message::Made(made) => {
                self.making = false;
                let told = match made {
                    Ok(fresh) => Update::told(tone(fresh.files.lacking()), done_words(&fresh))
                        .and_event(Event::Note(Logged::backup(&fresh.backup.path, false))),
                    Err(problem) => problem.into(),
                };
                told.and_event(Event::BackedUp).and(self.load(ctx))
            }
            Message::Checked(name, found) => {
                self.checking = false;
                let told = match found {
                    Ok(lacking) => {
                        let says = match lacking.says() {
                            None => format!("{name} 完好，能恢复"),
                            Some(says) => format!("{name} 能恢复，但旁边的{says}；再备份一次会补上现在还完好的"),
                        };
                        Update::told(tone(lacking), says)
                    }
                    Err(problem) => problem.into(),
                };
                told.and(self.load(ctx))
            }
            Message::Deed(n) => match self.grid.current() {
                Some(id) => self.do_to(id, n, ctx),
                None => Update::none(),
            },
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::Choose { id, option, .. } => self.do_to(id, option, ctx),
                GridAction::Open(id) => self.do_to(id, 0, ctx),
                GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("备份", rows)),
                }),
                _ => Update::none(),
            },
            Message::OpenSettings => {
                self.dialog = Some(Dialog::Settings(settings::Form::new(&self.settings, ctx)));
                settings::Form::focus()
            }
            Message::Settings(message) => self.set(message, ctx),
            Message::Shown(path, shown) => {
                if let Some(Dialog::Restore(look)) = &mut self.dialog {
                    look.shown(&path, shown);
                }
                Update::none()
            }
            Message::Seen(seen) => {
                if let Some(Dialog::Restore(look)) = &mut self.dialog {
                    look.seen = seen;
                }
                Update::none()
            }
            Message::Restore => match &self.dialog {
                Some(Dialog::Restore(look)) if look.may_go() => {
                    let backup = look.path.clone();
                    self.dialog = None;
                    Update::event(Event::Restore(backup))
                }
                _ => Update::none(),
            },
            Message::Close => {
                self.dialog = None;
                Update::none()
            }
        }
    }

    fn row(&self, id: Row) -> Option<&Backup> {
        self.rows.as_ref()?.as_ref().ok()?.iter().find(|backup| row_of(backup) == id)
    }

    fn do_to(&mut self, id: Row, n: usize, ctx: &Ctx) -> Update<Out> {
        // Where none can be put in place, verifying is the only choice.
        let n = if ctx.may(Permission::Restore) { n } else { 1 };
        let Some(backup) = self.row(id) else { return Update::none() };
        let (path, name) = (backup.path.clone(), backup.name.clone());
        if n == 0 {
            self.dialog = Some(Dialog::Restore(restoring::Look::new(backup)));
            let asked = path.clone();
            let answer = ctx.db.preview_backup(path);
            return ctx.ask(answer, |shown| Out::Backups(Message::Shown(asked, shown.map(Box::new)))).into();
        }
        if self.checking {
            return Update::none();
        }
        self.checking = true;
        ctx.ask(ctx.db.check_backup(path), |found| Out::Backups(Message::Checked(name, found))).into()
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        let make = button::normal("立即备份").icon(Icon::HardDrive).density(ctx.controls());
        let make = make.on_press((!self.making).then_some(Out::Backups(Message::Make)));
        let choose = button::quiet("备份设置…").icon(Icon::Settings).density(ctx.controls());
        let makes = ctx.may(Permission::BackUp);
        let restores = ctx.may(Permission::Restore);
        let head = row![]
            .push(makes.then_some(make))
            .push(makes.then(|| choose.on_press(Out::Backups(Message::OpenSettings))))
            .push(text::small(self.goes(ctx)))
            .push(space().width(Length::Fill))
            .push(hints(if restores { &[("1", "恢复"), ("2", "再验证")] } else { &[("2", "再验证")] }))
            .spacing(sp::S12)
            .align_y(Vertical::Center);
        let body: Element<'a, Out> = match rows {
            Err(problem) => container(Says::Error(problem.to_string()).view()).padding([8, 0]).into(),
            Ok(rows) if rows.is_empty() => empty(
                "还没有备份",
                "每天第一次打开或改动时自动备份一份，做好马上验证能不能恢复。",
                makes.then(|| Way {
                    icon: Icon::HardDrive,
                    title: "现在就备份",
                    why: "不用退出，也不影响手头的事",
                    button: button::normal("备份一份").on_press(Out::Backups(Message::Make)).into(),
                }),
                None,
            ),
            Ok(_) => Grid::new(
                &ctx.theme,
                &self.grid,
                &self.columns,
                &self.ids,
                |place, column| self.row(place.id).map_or(Cell::Blank, |row| cell(row, &column.key, ctx)),
                |event| Out::Backups(Message::Grid(event)),
            )
            .id(ROWS)
            .into(),
        };
        column![container(head).padding(iced::padding::bottom(8)), container(body).height(Length::Fill)].into()
    }

    /// Where backups go and how many stay.
    fn goes(&self, ctx: &Ctx) -> String {
        let counts = self.settings.counts;
        let stay = format!("自动备份保留 {} 天、{} 周、{} 个月各一份", counts.days, counts.weeks, counts.months);
        match &self.settings.folder {
            Some(folder) => format!("备份到 {}；{stay}", folder.display()),
            None if ctx.ledger.office.example => "示例数据不自动备份".to_owned(),
            None => format!("备份到数据文件夹里；{stay}"),
        }
    }

    /// A dialog above the window, and what closing it sends.
    pub fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Out>, Out)> {
        let sheet = match self.dialog.as_ref()? {
            Dialog::Settings(form) => form.view(ctx),
            Dialog::Restore(look) => look.view(ctx),
        };
        Some((sheet, Out::Backups(Message::Close)))
    }
}

fn row_of(backup: &Backup) -> Row {
    let mut hasher = DefaultHasher::new();
    backup.name.hash(&mut hasher);
    hasher.finish()
}

fn tone(lacking: Lacking) -> Tone {
    if lacking == Lacking::default() { Tone::Success } else { Tone::Warn }
}

fn done_words(fresh: &Fresh) -> String {
    let mut words = format!("已备份并验证 {}", fresh.backup.name);
    if let Some(says) = fresh.files.lacking().says() {
        words.push_str(&format!("；{says}，没有备份，请在“核验”里看是哪些"));
    }
    words
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    let megabytes = bytes as f64 / f64::from(1 << 20);
    if megabytes < 1.0 { format!("{} KB", bytes.div_ceil(1024)) } else { format!("{megabytes:.1} MB") }
}

fn by(by: By) -> &'static str {
    match by {
        By::Hand => "手工",
        By::Automatic => "自动",
    }
}

fn cell<'a>(row: &'a Backup, column: &str, ctx: &'a Ctx) -> Cell<'a> {
    let made = row.made.as_ref();
    let count = |n: Option<u64>| Cell::or_empty(n.map(|n| n.to_string()));
    match column {
        "at" => Cell::text(words::when(row.at, ctx)),
        "by" => Cell::or_empty(made.map(|made| by(made.by))),
        "size" => Cell::text(size(row.size)),
        "events" => count(made.map(|made| made.events)),
        "firms" => count(made.map(|made| made.firms)),
        "filings" => count(made.map(|made| made.filings)),
        "name" => Cell::text(row.name.as_str()),
        "verified" => match &row.verified {
            Verified::Yes { at } => {
                let words = format!("已验证 {}", words::when(*at, ctx));
                Cell::Badge(Badge::framed(Tone::Success, Icon::ShieldCheck, words))
            }
            Verified::No => Cell::Badge(Badge::outline(Icon::CircleHelp, "未在本机验证")),
            Verified::Broken { .. } => Cell::Badge(Badge::soft(Tone::Danger, Icon::CircleX, "不能恢复")),
        },
        _ => {
            let restore = ctx.may(Permission::Restore).then_some(Cow::Borrowed("恢复…"));
            let options = restore.into_iter().chain([Cow::Borrowed("再验证")]).collect();
            Cell::Choice { options, chosen: None }
        }
    }
}

/// A problem as a dialog says it, its detail under it.
fn problem_view<'a>(problem: &'a Problem) -> Element<'a, Out> {
    let detail = problem.detail.as_deref().map(|detail| text::toned(text::NOTE, Tone::Quiet, detail));
    column![].push(Says::Error(problem.to_string()).view()).push(detail).spacing(sp::S8).into()
}
