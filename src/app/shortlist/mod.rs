//! 推荐名单: filings put in order by hand, frozen as numbered versions, written as the sheet that goes to the city.
//! What is changed stays on the screen (and in a draft of this machine) until 保存 makes one action of it.
//! Who is on the list is decided here by a person; how the sheet looks is decided in `exchange::shortlist`.

mod deeds;
mod freeze;
mod order;
mod sheet;
mod state;
mod view;

use std::collections::HashSet;
use std::path::PathBuf;

use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::operation;

use super::ctx::Ctx;
use super::files;
use super::place::Place;
use super::screen::Screen;
use super::update::{Event, Update};
use crate::domain::Result;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::shortlist::FrozenVersion;
use crate::exchange::shortlist::Gathered;
use crate::store::Done;
use crate::store::ledger::FilingFilter;
use crate::store::queries::ShortlistFile;
use crate::ui::grid::{GridAction, GridEvent, GridState};
use crate::ui::root::Pressed;
use crate::ui::widget::shell::Note;
use crate::ui::{Element, Icon};
use freeze::{Freeze, Sent, Then};
use order::{Apart, Draft, Move};
use sheet::Sheet;

/// The names fields and the table are focused by.
const ROWS: &str = "shortlist-rows";
const RANK: &str = "shortlist-rank";
const ADD: &str = "shortlist-add";

/// The screen.
pub struct Shortlist {
    id: Option<RecordId>,
    /// As the database has it; `None` until it was read, or where there is none.
    file: Option<File>,
    /// It was looked for and is not there.
    lost: bool,
    draft: Draft,
    /// Orders before the changes not saved yet, newest last.
    past: Vec<Draft>,
    now: Sheet,
    /// The title its program's layout gives.
    offered: String,
    missing: usize,
    /// Filings on the list that are no longer recommended, and those taken back.
    fallen: usize,
    gone: usize,
    /// What sets the list apart from the version that went out last.
    apart: Option<(u16, Apart)>,
    /// An older version that shows instead.
    shown: Option<(u16, Sheet)>,
    grid: GridState<RecordId>,
    ids: Vec<RecordId>,
    rank: String,
    adding: String,
    found: Vec<RecordId>,
    /// Filings that could be on the list and are not.
    left: usize,
    freeze: Option<Freeze>,
    written: Option<PathBuf>,
    saving: bool,
    asked: u64,
}

struct File {
    id: RecordId,
    edition: RecordId,
    base: Draft,
    versions: Vec<FrozenVersion>,
}

/// What a read of the database brings.
#[derive(Debug, Clone)]
pub struct Read {
    file: Option<ShortlistFile>,
    draft: Option<String>,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Read(u64, Result<Read>),
    Gathered(u64, Result<Gathered>),
    Title(String),
    Grid(GridEvent<RecordId>),
    Move(Move),
    Rank(String),
    RankGo,
    ToRank,
    Remove,
    Typed(String),
    Add(RecordId),
    AddAll,
    Save,
    Saved(Result<Done<bool>>),
    Back,
    Discard,
    Drafted(Result<()>),
    /// Shows a version that went out; `None`: the list as it stands.
    Show(Option<u16>),
    OpenFreeze,
    /// Prints the list, or the version that shows.
    Print,
    Freeze(freeze::Message),
    Sent(Result<Sent>),
    OpenFile,
    OpenFolder,
    /// 变更历史.
    History,
    Go(Place),
}

impl Shortlist {
    /// Nothing is shown yet.
    pub fn new(_ctx: &Ctx) -> Self {
        Self {
            id: None,
            file: None,
            lost: false,
            draft: Draft::default(),
            past: Vec::new(),
            now: Sheet::default(),
            offered: String::new(),
            missing: 0,
            fallen: 0,
            gone: 0,
            apart: None,
            shown: None,
            grid: GridState::default(),
            ids: Vec::new(),
            rank: String::new(),
            adding: String::new(),
            found: Vec::new(),
            left: 0,
            freeze: None,
            written: None,
            saving: false,
            asked: 0,
        }
    }
}

impl Screen for Shortlist {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        if let Place::Shortlist(id) = place
            && self.id != Some(*id)
        {
            // What was changed and not saved lies in its draft.
            *self = Self { id: Some(*id), asked: self.asked, ..Self::new(ctx) };
        }
        self.read(ctx).and(Update::task(operation::focus(ROWS)))
    }

    fn place(&self) -> Place {
        self.id.map_or(Place::Data(super::place::DataTab::Shortlists), Place::Shortlist)
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        self.read(ctx)
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Read(asked, read) if asked == self.asked => match read {
                Ok(read) => {
                    // The rows have the keyboard as soon as they are there.
                    let first = self.file.is_none().then(|| operation::focus(ROWS));
                    let update = self.take_in(read, ctx);
                    first.map_or_else(Update::none, Update::task).and(update)
                }
                Err(problem) => problem.into(),
            },
            Message::Gathered(asked, rows) if asked == self.asked => match rows {
                Ok(Gathered { title, heads, rows }) => {
                    self.offered = title;
                    self.now = Sheet::new(heads, rows, self.layout(ctx), true);
                    self.relist(ctx);
                    Update::none()
                }
                Err(problem) => problem.into(),
            },
            // Somebody asked again meanwhile.
            Message::Read(..) | Message::Gathered(..) => Update::none(),
            Message::Title(title) => self.edit(ctx, |draft| {
                draft.title = title;
                true
            }),
            Message::Grid(event) => self.grid_did(event, ctx),
            Message::Move(to) => self.put(to, ctx),
            Message::Rank(rank) => {
                self.rank = rank.chars().filter(char::is_ascii_digit).take(5).collect();
                Update::none()
            }
            Message::RankGo => {
                let rank = std::mem::take(&mut self.rank).parse().ok();
                let update = rank.map_or_else(Update::none, |rank| self.put(Move::Rank(rank), ctx));
                update.and(Update::task(operation::focus(ROWS)))
            }
            Message::ToRank => Update::task(operation::focus(RANK)),
            Message::Remove => {
                let ticked = self.grid.selected();
                let ids: HashSet<RecordId> =
                    if ticked.is_empty() { self.grid.current().into_iter().collect() } else { ticked.clone() };
                self.edit(ctx, |draft| draft.remove(&ids))
            }
            Message::Typed(words) => {
                self.adding = words;
                self.find(ctx);
                Update::none()
            }
            Message::Add(id) => {
                self.adding.clear();
                let update = self.edit(ctx, |draft| draft.add([id]));
                self.grid.set_current(Some(id), &self.ids, 8);
                update.and(Update::task(operation::focus(ADD)))
            }
            Message::AddAll => {
                self.adding.clear();
                self.find(ctx);
                let all = self.found.clone();
                self.edit(ctx, |draft| draft.add(all))
            }
            Message::Save => self.save(ctx),
            Message::Saved(Ok(done)) => {
                self.saving = false;
                self.past.clear();
                if let Some(file) = &mut self.file {
                    self.draft.title = self.draft.title.trim().to_owned();
                    file.base = self.draft.clone();
                }
                Update::saved(&done, "已保存推荐名单").and(self.keep(ctx))
            }
            Message::Saved(Err(problem)) => {
                self.saving = false;
                problem.into()
            }
            Message::Back => match self.past.pop() {
                Some(before) => {
                    self.draft = before;
                    self.changed(ctx).and(self.keep(ctx))
                }
                None => self.update(Message::Discard, ctx),
            },
            Message::Discard => {
                if let Some(file) = &self.file {
                    self.draft = file.base.clone();
                }
                self.past.clear();
                self.changed(ctx).and(self.keep(ctx))
            }
            Message::Drafted(Ok(())) => Update::none(),
            Message::Drafted(Err(problem)) => problem.into(),
            Message::Show(number) => {
                self.show(number, ctx);
                Update::task(operation::focus(ROWS))
            }
            Message::OpenFreeze => self.open_freeze(ctx),
            Message::Print => self.print(ctx),
            Message::Freeze(message) => match self.freeze.as_mut().map(|dialog| dialog.update(message, ctx)) {
                Some(Then::Task(task)) => Update::task(task.map(Message::Freeze)),
                Some(Then::Begin) => self.begin(ctx),
                Some(Then::Close) => {
                    self.freeze = None;
                    Update::none()
                }
                None => Update::none(),
            },
            Message::Sent(Ok(sent)) => self.sent(sent, ctx),
            Message::Sent(Err(problem)) => {
                if let Some(dialog) = &mut self.freeze {
                    dialog.busy = false;
                }
                problem.into()
            }
            Message::OpenFile => {
                let name = self.written.as_deref().map(files::name_of).unwrap_or_default();
                let update = self.opened(files::show);
                let opened = update.events.is_empty();
                if opened { update.and_event(Event::Note(Logged::new(DeedKind::Open, name))) } else { update }
            }
            Message::OpenFolder => self.opened(|path| files::show(freeze::folder(path)?)),
            Message::History => self.id.map_or_else(Update::none, |id| Update::event(Event::History(id))),
            Message::Go(place) => Update::event(Event::Go(place)),
        }
    }

    fn key(&self, pressed: &Pressed, ctx: &Ctx) -> Option<Message> {
        if self.freeze.is_some() {
            // Enter anywhere in the dialog; every other key is the dialog's own.
            let enter = pressed.key == Key::Named(Named::Enter);
            return enter.then_some(Message::Freeze(freeze::Message::Go));
        }
        if pressed.modifiers.command() && pressed.latin == Some('p') {
            return Some(Message::Print);
        }
        if !ctx.may(Permission::Shortlist) {
            return None;
        }
        let (ctrl, alt) = (pressed.modifiers.command(), pressed.modifiers.alt());
        match (&pressed.key, pressed.latin) {
            (Key::Named(Named::ArrowUp), _) if (alt || ctrl) && pressed.modifiers.shift() => {
                Some(Message::Move(Move::Top))
            }
            (Key::Named(Named::ArrowUp), _) if alt || ctrl => Some(Message::Move(Move::Up)),
            (Key::Named(Named::ArrowDown), _) if alt || ctrl => Some(Message::Move(Move::Down)),
            (Key::Named(Named::Delete), _) => Some(Message::Remove),
            (Key::Named(Named::F2), _) => Some(Message::ToRank),
            (_, Some('s')) if ctrl => Some(Message::Save),
            (_, Some('z')) if ctrl && !pressed.modifiers.shift() && self.dirty() => Some(Message::Back),
            _ => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        self.page(ctx)
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let dialog = self.freeze.as_ref()?;
        let sheet = dialog.view(self.draft.items.len(), ctx).map(Message::Freeze);
        Some((sheet, Message::Freeze(freeze::Message::Close)))
    }

    fn note(&self, _ctx: &Ctx) -> Option<Note<Message>> {
        self.dirty().then(|| Note::new(Icon::PencilLine, "推荐名单有改动，还没有保存"))
    }
}

impl Shortlist {
    fn opened(&self, show: impl FnOnce(&std::path::Path) -> Result<()>) -> Update<Message> {
        match self.written.as_deref().map(show) {
            Some(Err(problem)) => problem.into(),
            _ => Update::none(),
        }
    }

    fn grid_did(&mut self, event: GridEvent<RecordId>, ctx: &Ctx) -> Update<Message> {
        let sheet = self.shown.as_ref().map_or(&self.now, |(_, sheet)| sheet);
        match self.grid.update(event, &sheet.columns, &self.ids) {
            GridAction::Open(id) if ctx.ledger.filing(id).is_some() => {
                let filter = FilingFilter { among: Some(self.ids.iter().copied().collect()), ..Default::default() };
                Update::event(Event::Go(Place::Filings { filter, open: Some(id) }))
            }
            GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                text,
                words: format!("已复制 {rows} 行"),
                logged: Some(Logged::copied("推荐名单", rows)),
            }),
            _ => Update::none(),
        }
    }
}

/// The name under which what is not saved is kept.
fn draft_name(id: RecordId) -> String {
    format!("shortlist.{id}")
}
