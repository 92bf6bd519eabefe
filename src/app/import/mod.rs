//! 导入名单: from a file to rows that are looked over one by one, then written in one step that can be taken back.
//! The page moves on by itself: what is recognised is shown, what is not is asked. Leaving it and coming back keeps it.
//! How lists are read, matched and planned is `exchange`'s business; nothing here knows a format or a rule of matching.

mod columns;
mod firm;
mod found;
mod lines;
mod lookover;
mod page;
mod purpose;
mod review;
mod steps;
mod sums;
mod taken_as;
mod work;
mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use iced::Task;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::operation;

use super::ctx::Ctx;
use super::files;
use super::place::Place;
use super::screen::Screen;
use super::update::{Event, Update};
use crate::domain::event::{Hash, Logged};
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::exchange::import::{Applied, Choice, Plan};
use crate::exchange::lists::{Meaning, Progress};
use crate::store::Done;
use crate::store::acts::Undid;
use crate::store::queries::ImportRow;
use crate::ui::grid::{GridAction, GridEvent};
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::widget::shell::Note;
use crate::ui::{Element, Tone};
use lines::{Bulk, Line, Room};
use purpose::Change;
use review::{Above, Review};
use sums::Show;
use work::Loaded;
use written::Written;

/// The button that chooses a file: the keyboard begins there, so that Ctrl+V pastes a list and Enter looks for a file.
const BROWSE: &str = "import-browse";
const ROWS: &str = "import-rows";

/// The screen.
pub struct Import {
    path: String,
    page: Page,
    review: Option<Box<Review>>,
    problem: Option<Problem>,
    recent: Vec<ImportRow>,
    /// In a narrow window: what was found shows, not the rows.
    side: bool,
    /// Number of the last work begun; answers of earlier ones are let go.
    turn: u64,
}

/// What the page shows.
enum Page {
    /// 选文件.
    Choose,
    Reading {
        turn: u64,
        name: String,
        done: f32,
        stop: Arc<AtomicBool>,
    },
    /// 核对每一行, while there is a review.
    Review,
    Written(Box<Written>),
}

/// What happens here.
#[derive(Debug, Clone)]
pub enum Message {
    Browse,
    Browsed(Option<PathBuf>),
    Path(String),
    Take(PathBuf),
    TakeTyped,
    Paste,
    Pasted(Option<String>),
    ReadTo(u64, Progress),
    Read(u64, Result<Arc<Loaded>>),
    /// Stops reading or writing.
    Stop,
    Recent(Result<Vec<ImportRow>>),
    Before(Hash, Result<Vec<ImportRow>>),
    Table(usize),
    Means(usize, Option<Meaning>),
    Change(Change),
    Planned(u64, Result<Arc<Plan>>),
    Show(Show),
    Grid(GridEvent<Line>),
    Groups(GridEvent<usize>),
    OpenGroups,
    Detail(bool),
    OpenPick(usize),
    PickLook(String),
    PickFirst,
    Decide(usize, Option<Choice>),
    DecideAll(Bulk),
    /// In a narrow window: what was found instead of the rows.
    Side(bool),
    /// The option of this key in the current row.
    Deed(usize),
    CloseAbove,
    Write,
    WrittenTo(u64, usize),
    Wrote(u64, Result<Box<Done<Applied>>>),
    OtherFile,
    BackToReview,
    GiveUp,
    Another,
    Undo(RecordId),
    Undone(Result<Done<Undid>>),
    Go(Place),
}

impl Import {
    /// Nothing chosen yet.
    pub fn new(_ctx: &Ctx) -> Self {
        Self {
            path: String::new(),
            page: Page::Choose,
            review: None,
            problem: None,
            recent: Vec::new(),
            side: false,
            turn: 0,
        }
    }
}

impl Screen for Import {
    type Message = Message;

    fn arrive(&mut self, _place: &Place, ctx: &Ctx) -> Update<Message> {
        let recent = ctx.ask(ctx.db.imports(), Message::Recent);
        let focus = match self.page {
            Page::Choose => operation::focus(BROWSE),
            Page::Review => operation::focus(ROWS),
            _ => Task::none(),
        };
        Update::task(recent).and(focus.into()).and(self.refresh(ctx))
    }

    fn place(&self) -> Place {
        Place::Import
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        if matches!(self.page, Page::Written(_)) {
            return ctx.ask(ctx.db.imports(), Message::Recent).into();
        }
        if self.writing().is_some() {
            return Update::none();
        }
        self.replan(ctx)
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        if let Some(review) = &mut self.review {
            let room = Room::of(ctx);
            if review.room != room {
                review.room = room;
                review.columns = lines::columns(room);
            }
        }
        match message {
            Message::Browse => return Task::perform(files::choose_list(), Message::Browsed).into(),
            Message::Browsed(Some(path)) | Message::Take(path) => return self.take(path),
            Message::Browsed(None) => {}
            Message::Path(typed) => self.path = typed,
            Message::TakeTyped => return self.take_typed(),
            Message::Paste => return iced::clipboard::read().map(Message::Pasted).into(),
            Message::Pasted(text) => return self.pasted(text),
            Message::ReadTo(turn, progress) => {
                if let Page::Reading { turn: now, done, .. } = &mut self.page
                    && *now == turn
                {
                    *done = if progress.total == 0 { 0.0 } else { progress.done as f32 / progress.total as f32 };
                }
            }
            Message::Read(turn, loaded) if matches!(self.page, Page::Reading { turn: now, .. } if now == turn) => {
                return self.read(loaded, ctx);
            }
            Message::Read(..) => {}
            Message::Stop => self.stop(),
            Message::Recent(Ok(recent)) => {
                if let Page::Written(written) = &mut self.page {
                    written.undone = recent.iter().any(|row| Some(row.action) == written.action && row.undone);
                }
                self.recent = recent;
            }
            Message::Recent(Err(problem)) => return problem.into(),
            Message::Before(digest, before) => {
                if let (Some(review), Ok(before)) = (&mut self.review, before)
                    && review.loaded.digest == digest
                {
                    review.before = before;
                }
            }
            Message::Table(n) => return self.revise(ctx, |review| review.choose_table(n, ctx)),
            Message::Means(column, meaning) => return self.revise(ctx, |review| review.set_meaning(column, meaning)),
            Message::Change(change) => return self.revise(ctx, |review| review.change(change, ctx)),
            Message::Planned(turn, plan) => {
                if let Some(review) = &mut self.review {
                    return review.planned(turn, plan, &mut self.turn, ctx).into();
                }
            }
            Message::Show(show) => {
                if let Some(review) = &mut self.review {
                    review.show(show);
                    return operation::focus(ROWS).into();
                }
            }
            Message::Grid(event) => return self.grid(event, ctx),
            Message::Groups(event) => {
                if let Some(review) = &mut self.review {
                    let action = review.group_grid.update(event, &found::GROUP_COLUMNS, &review.groups);
                    if let GridAction::Copy { text, rows, .. } = action {
                        return Update::event(Event::Copy {
                            text,
                            words: format!("已复制 {rows} 行"),
                            logged: Some(Logged::copied("导入名单里的同类问题", rows)),
                        });
                    }
                }
            }
            Message::OpenGroups => {
                if let Some(review) = &mut self.review {
                    review.above = Some(Above::Groups);
                }
            }
            Message::Detail(on) => {
                if let Some(review) = &mut self.review {
                    review.detail = on;
                }
            }
            Message::OpenPick(row) => {
                if let Some(review) = &mut self.review {
                    review.above = Some(Above::Firm(firm::Pick::new(row)));
                }
            }
            Message::PickLook(typed) => {
                if let Some(Above::Firm(pick)) = self.review.as_mut().and_then(|review| review.above.as_mut()) {
                    pick.look(typed, ctx);
                }
            }
            Message::PickFirst => {
                if let Some(Above::Firm(pick)) = self.review.as_ref().and_then(|review| review.above.as_ref())
                    && let Some(firm) = pick.first()
                {
                    return self.decide(pick.row, Some(Choice::Same(firm)), ctx);
                }
            }
            Message::DecideAll(bulk) => {
                let update = self.revise(ctx, |review| review.decide_all(bulk));
                return update.and(operation::focus(ROWS).into());
            }
            Message::Side(side) => self.side = side,
            Message::Decide(row, choice) => return self.decide(row, choice, ctx),
            Message::Deed(n) => return self.deed_by_key(n, ctx),
            Message::CloseAbove => {
                if let Some(review) = &mut self.review {
                    review.above = None;
                    return operation::focus(ROWS).into();
                }
            }
            Message::Write => return self.write(ctx),
            Message::WrittenTo(turn, done) => {
                if let Some(writing) = self.review.as_mut().and_then(|review| review.writing.as_mut())
                    && writing.turn == turn
                {
                    writing.done = done;
                }
            }
            Message::Wrote(turn, done) => return self.wrote(turn, done, ctx),
            Message::OtherFile => return self.begin_again(ctx),
            Message::BackToReview => {
                if self.review.is_some() {
                    self.page = Page::Review;
                    return self.replan(ctx).and(operation::focus(ROWS).into());
                }
            }
            Message::GiveUp => {
                self.review = None;
                return self.begin_again(ctx).and(Update::told(Tone::Quiet, "已放弃这次导入，什么都没有写入"));
            }
            Message::Another => {
                self.review = None;
                return self.begin_again(ctx);
            }
            Message::Undo(action) => return ctx.act("撤销", move |act| act.undo(action), Message::Undone).into(),
            Message::Undone(Ok(done)) => {
                let words = format!("{}，涉及 {} 条", done.name, done.value.records);
                return Update::saved(&done, words);
            }
            Message::Undone(Err(problem)) => return problem.into(),
            Message::Go(place) => return Update::event(Event::Go(place)),
        }
        Update::none()
    }

    fn key(&self, pressed: &Pressed, _ctx: &Ctx) -> Option<Message> {
        let (ctrl, alt) = (pressed.modifiers.command(), pressed.modifiers.alt());
        if self.review.as_ref().is_some_and(|review| review.above.is_some()) {
            return None;
        }
        let rows_show = !(self.side && self.review.as_ref().is_some_and(|review| review.room == Room::Narrow));
        match (&self.page, &pressed.key) {
            (Page::Choose | Page::Written(_), _) if ctrl && pressed.latin == Some('v') => Some(Message::Paste),
            (Page::Reading { .. }, Key::Named(Named::Escape)) => Some(Message::Stop),
            (Page::Review, Key::Named(Named::Escape)) if self.writing().is_some() => Some(Message::Stop),
            (Page::Review, Key::Named(Named::Enter)) if ctrl => Some(Message::Write),
            (Page::Review, Key::Character(c)) if !ctrl && !alt && rows_show => {
                ["1", "2", "3"].iter().position(|key| c == key).map(Message::Deed)
            }
            _ => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        self.page_view(ctx)
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let review = self.review.as_ref().filter(|_| matches!(self.page, Page::Review))?;
        let dialog = match review.above.as_ref()? {
            Above::Groups => found::groups(review, ctx),
            Above::Firm(pick) => pick.view(review, ctx),
        };
        Some((dialog, Message::CloseAbove))
    }

    fn note(&self, _ctx: &Ctx) -> Option<Note<Message>> {
        if let Some(busy) = self.busy() {
            return Some(busy);
        }
        let review = self.review.as_ref()?;
        if review.is_planning() {
            return Some(Note::new(Icon::Hourglass, "正在比对档案"));
        }
        let took = review.took?;
        let words = format!("预览完成，用时 {:.1} 秒；尚未写入任何数据", took.as_secs_f32().max(0.1));
        matches!(self.page, Page::Review).then(|| Note::new(Icon::Check, words))
    }

    fn dropped(&self, file: &Path) -> Option<Message> {
        Some(Message::Take(file.to_owned()))
    }
}
