//! 操作记录: everything somebody did, newest first; each can be taken back, and what was taken back restored.

use std::borrow::Cow;

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::{Message as Out, ROWS, hints};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::store::queries::ActionRow;
use crate::ui::grid::{Cell, Column, Grid, GridAction, GridEvent, GridState};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::empty::empty;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, input, select};
use crate::ui::{Element, Tone, space as sp, text};

/// How many are read at first, and more at a time.
const PAGE: u32 = 200;

/// The tab's state.
pub struct Actions {
    rows: Option<Vec<ActionRow>>,
    /// How many were asked for.
    limit: u32,
    person: Option<RecordId>,
    text: String,
    ids: Vec<RecordId>,
    grid: GridState<RecordId>,
    columns: Vec<Column>,
    turn: u64,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(u64, Result<Vec<ActionRow>>),
    Grid(GridEvent<RecordId>),
    Person(Option<RecordId>),
    Text(String),
    More,
    Deed,
}

impl Default for Actions {
    fn default() -> Self {
        Self {
            rows: None,
            limit: PAGE,
            person: None,
            text: String::new(),
            ids: Vec::new(),
            grid: GridState::default(),
            columns: vec![
                Column::text("at", "时间", 136.0).secondary().frozen().unsortable(),
                Column::text("who", "谁", 88.0).frozen().unsortable(),
                Column::name("name", "做了什么").unsortable(),
                Column::number("events", "流水条数", 84.0).unsortable(),
                Column::text("state", "", 96.0).unsortable(),
                Column::text("deed", "", 88.0).unsortable().fixed(),
            ],
            turn: 0,
        }
    }
}

impl Actions {
    /// Reads the log anew, as far as it was read before.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        self.turn += 1;
        let turn = self.turn;
        ctx.ask(ctx.db.actions(self.limit), move |rows| Out::Actions(Message::Read(turn, rows))).into()
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        match message {
            Message::Read(turn, _) if turn != self.turn => Update::none(),
            Message::Read(_, Ok(rows)) => {
                self.rows = Some(rows);
                self.relist();
                Update::none()
            }
            Message::Read(_, Err(problem)) => problem.into(),
            Message::Person(person) => {
                self.person = person;
                self.relist();
                Update::none()
            }
            Message::Text(text) => {
                self.text = text;
                self.relist();
                Update::none()
            }
            Message::More => {
                self.limit = self.limit.saturating_add(PAGE);
                self.load(ctx)
            }
            Message::Deed => match self.grid.current() {
                Some(id) => self.take_back(id),
                None => Update::none(),
            },
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::Choose { id, .. } => self.take_back(id),
                GridAction::Copy { text, rows, .. } => {
                    Update::event(Event::Copy { text, words: format!("已复制 {rows} 行") })
                }
                _ => Update::none(),
            },
        }
    }

    /// What a key does.
    pub fn deed(&self, n: usize) -> Option<Out> {
        (n == 0 && self.grid.current().is_some()).then_some(Out::Actions(Message::Deed))
    }

    fn relist(&mut self) {
        let rows = self.rows.as_deref().unwrap_or_default();
        let text = self.text.trim();
        let fits = |row: &&ActionRow| self.person.is_none_or(|who| row.actor == who) && row.name.contains(text);
        self.ids = rows.iter().filter(fits).map(|row| row.id).collect();
        self.grid.rows_changed(&self.ids);
        if self.grid.current().is_none() {
            self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
        }
    }

    fn row(&self, id: RecordId) -> Option<&ActionRow> {
        self.rows.as_ref()?.iter().find(|row| row.id == id)
    }

    /// What can be done about an action: its word, and the action that is to be taken back for it.
    fn way_back(&self, row: &ActionRow) -> Option<(&'static str, RecordId)> {
        // The founding made whoever could take it back.
        if row.actor == RecordId::OFFICE {
            return None;
        }
        if row.undone {
            let undo = self.rows.as_ref()?.iter().find(|other| other.undoes == Some(row.id) && !other.undone)?;
            return Some((if row.name.starts_with("撤销：") { "撤销" } else { "恢复" }, undo.id));
        }
        Some((if row.name.starts_with("撤销：") { "恢复" } else { "撤销" }, row.id))
    }

    fn take_back(&self, id: RecordId) -> Update<Out> {
        match self.row(id).and_then(|row| self.way_back(row)) {
            Some((_, action)) => Task::done(Out::Undo(action)).into(),
            None => Update::told(Tone::Info, "这一步不能撤销"),
        }
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        if rows.is_empty() {
            return empty("还没有操作记录", "每一步操作都会记在这里：谁、什么时候、做了什么，都能撤销。", [], None);
        }
        let people = std::iter::once(Item::new(None, "所有人"))
            .chain(ctx.ledger.users.iter().map(|user| Item::new(Some(user.id), user.name.clone())));
        let head = row![
            select::select(people, Some(self.person))
                .on_choose(|person| Out::Actions(Message::Person(person)))
                .density(ctx.controls()),
            input::input(&self.text)
                .placeholder("找操作")
                .icon(Icon::Search)
                .on_input(|text| Out::Actions(Message::Text(text)))
                .width(240)
                .density(ctx.controls()),
            text::small(self.counted(rows.len())),
            space().width(Length::Fill),
            hints(&[("1", "撤销或恢复")]),
        ]
        .spacing(sp::S12)
        .align_y(Vertical::Center);
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            |place, column| self.row(place.id).map_or(Cell::Blank, |row| self.cell(row, &column.key, ctx)),
            |event| Out::Actions(Message::Grid(event)),
        )
        .id(ROWS);
        let more = (rows.len() as u32 >= self.limit).then(|| {
            let button = button::quiet(format!("再列 {PAGE} 条更早的")).icon(Icon::ChevronDown).small();
            container(button.on_press(Out::Actions(Message::More))).padding([6, 0])
        });
        column![container(head).padding(iced::padding::bottom(8)), container(grid).height(Length::Fill)]
            .push(more)
            .into()
    }

    fn counted(&self, all: usize) -> String {
        let more = if all as u32 >= self.limit { "最近 " } else { "共 " };
        if self.ids.len() == all {
            format!("{more}{all} 步")
        } else {
            format!("{more}{all} 步，筛出 {} 步", self.ids.len())
        }
    }

    fn cell<'a>(&'a self, row: &'a ActionRow, column: &str, ctx: &'a Ctx) -> Cell<'a> {
        match column {
            "at" => Cell::text(words::stamp(row.at, ctx)),
            "who" => Cell::text(ctx.ledger.user_name(row.actor)),
            "name" if row.undone => Cell::toned(Tone::Faint, row.name.as_str()),
            "name" => Cell::text(row.name.as_str()),
            "events" => Cell::text(row.events.to_string()),
            "state" if row.undone => Cell::Badge(Badge::outline(Icon::Undo2, "已撤销")),
            "state" => Cell::Blank,
            _ => match self.way_back(row) {
                Some((word, _)) => Cell::Choice { options: vec![Cow::Borrowed(word)], chosen: None },
                None => Cell::Blank,
            },
        }
    }
}
