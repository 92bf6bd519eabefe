//! 操作日志: everything that was done and everything noted beside it, newest first, a page at a time.
//! A deed can be taken back here, what was taken back restored; every line opens what it did.
//! What passes the filters is the store's question; nothing is filtered here.

mod export;
mod view;

use iced::Task;

use super::{Message as Out, ROWS};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::domain::date::parse_day;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::queries::{LogFilter, LogRow};
use crate::ui::Tone;
use crate::ui::grid::{Column, GridAction, GridEvent, GridState};
use export::Export;

/// How many are read at a time.
const PAGE: u32 = 200;

/// The tab's state.
pub struct Log {
    rows: Option<Vec<LogRow>>,
    /// How many pass the filters in all.
    count: u64,
    person: Option<RecordId>,
    kind: Option<DeedKind>,
    /// Days as typed.
    from: String,
    to: String,
    text: String,
    ids: Vec<RecordId>,
    grid: GridState<RecordId>,
    columns: Vec<Column>,
    export: Option<Export>,
    turn: u64,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(u64, Result<(Vec<LogRow>, u64)>),
    /// Older ones, to be put under what shows.
    ReadMore(u64, Result<Vec<LogRow>>),
    Grid(GridEvent<RecordId>),
    Person(Option<RecordId>),
    Kind(Option<DeedKind>),
    From(String),
    To(String),
    Text(String),
    More,
    /// Takes the current line back, or restores it.
    Deed,
    /// The action whose undoing restores a line.
    Restore(Result<Option<RecordId>>),
    Export(export::Message),
}

impl Default for Log {
    fn default() -> Self {
        Self {
            rows: None,
            count: 0,
            person: None,
            kind: None,
            from: String::new(),
            to: String::new(),
            text: String::new(),
            ids: Vec::new(),
            grid: GridState::default(),
            columns: vec![
                Column::text("at", "时间", 136.0).secondary().frozen().unsortable(),
                Column::text("who", "谁", 80.0).frozen().unsortable(),
                Column::text("kind", "类别", 104.0).secondary().unsortable(),
                Column::name("name", "做了什么").unsortable(),
                Column::number("count", "条数", 60.0).unsortable(),
                Column::text("device", "电脑", 100.0).secondary().unsortable(),
                Column::text("state", "", 88.0).unsortable(),
                Column::text("deed", "", 76.0).unsortable().fixed(),
                Column::go("go", 88.0),
            ],
            export: None,
            turn: 0,
        }
    }
}

impl Log {
    /// Reads the log anew, as far as it was read before.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        let shown = self.rows.as_ref().map_or(0, Vec::len);
        self.read(u32::try_from(shown).unwrap_or(u32::MAX).max(PAGE), ctx)
    }

    fn read(&mut self, limit: u32, ctx: &Ctx) -> Update<Out> {
        self.turn += 1;
        let (turn, filter) = (self.turn, self.filter(ctx));
        let (rows, count) = (ctx.db.log(&filter, None, limit), ctx.db.log_count(&filter));
        let both = async move { Ok((rows.await?, count.await?)) };
        Task::perform(both, move |read| Out::Log(Message::Read(turn, read))).into()
    }

    /// A filter changed: from the top again.
    fn narrowed(&mut self, ctx: &Ctx) -> Update<Out> {
        self.grid.scroll_to_top();
        self.read(PAGE, ctx)
    }

    /// What is asked for; a day that cannot be read narrows nothing.
    fn filter(&self, ctx: &Ctx) -> LogFilter {
        let day = |typed: &str| parse_day(typed, ctx.year).ok();
        LogFilter {
            person: self.person,
            kind: self.kind,
            from: day(&self.from),
            to: day(&self.to),
            text: self.text.clone(),
        }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Read(turn, _) | Message::ReadMore(turn, _) if turn != self.turn => Update::none(),
            Message::Read(_, Ok((rows, count))) => {
                self.rows = Some(rows);
                self.count = count;
                self.relist();
                Update::none()
            }
            Message::ReadMore(_, Ok(rows)) => {
                self.rows.get_or_insert_default().extend(rows);
                self.relist();
                Update::none()
            }
            Message::Read(_, Err(problem)) | Message::ReadMore(_, Err(problem)) | Message::Restore(Err(problem)) => {
                problem.into()
            }
            Message::Person(person) => {
                self.person = person;
                self.narrowed(ctx)
            }
            Message::Kind(kind) => {
                self.kind = kind;
                self.narrowed(ctx)
            }
            Message::From(typed) => {
                self.from = typed;
                self.narrowed(ctx)
            }
            Message::To(typed) => {
                self.to = typed;
                self.narrowed(ctx)
            }
            Message::Text(text) => {
                self.text = text;
                self.narrowed(ctx)
            }
            Message::More => {
                let Some(last) = self.rows.as_ref().and_then(|rows| rows.last()) else { return Update::none() };
                self.turn += 1;
                let (turn, before) = (self.turn, Some((last.at, last.id)));
                let more = ctx.db.log(&self.filter(ctx), before, PAGE);
                ctx.ask(more, move |rows| Out::Log(Message::ReadMore(turn, rows))).into()
            }
            Message::Deed => match self.grid.current() {
                Some(id) => self.take_back(id, ctx),
                None => Update::none(),
            },
            Message::Restore(Ok(Some(undo))) => Task::done(Out::Undo(undo)).into(),
            Message::Restore(Ok(None)) => {
                Problem::refused("这一步已经恢复了。").next("列表会重新读取，请再看一遍。").into()
            }
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::Choose { id, .. } => self.take_back(id, ctx),
                GridAction::Open(id) => Update::event(Event::Deed(id)),
                GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("操作日志", rows)),
                }),
                _ => Update::none(),
            },
            Message::Export(message) => self.exporting(message, ctx),
        }
    }

    /// What a key does.
    pub fn deed(&self, n: usize) -> Option<Out> {
        (n == 0 && self.export.is_none() && self.grid.current().is_some()).then_some(Out::Log(Message::Deed))
    }

    fn relist(&mut self) {
        self.ids = self.rows.iter().flatten().map(|row| row.id).collect();
        self.grid.rows_changed(&self.ids);
        if self.grid.current().is_none() {
            self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
        }
    }

    fn take_back(&self, id: RecordId, ctx: &Ctx) -> Update<Out> {
        let row = self.rows.iter().flatten().find(|row| row.id == id);
        match row.filter(|row| way_back(row).is_some()) {
            None => Update::told(Tone::Info, "这一条不能撤销"),
            Some(row) if row.undone => ctx.ask(ctx.db.undo_of(id), |undo| Out::Log(Message::Restore(undo))).into(),
            Some(_) => Task::done(Out::Undo(id)).into(),
        }
    }
}

/// What can be done about a line, in a word.
fn way_back(row: &LogRow) -> Option<&'static str> {
    // The founding made whoever could take it back; what was only noted is no deed.
    if !row.deed || row.actor == RecordId::OFFICE {
        return None;
    }
    Some(if row.undone == row.words.starts_with("撤销：") { "撤销" } else { "恢复" })
}
