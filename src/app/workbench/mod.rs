//! 工作台: what waits, what is due, and how far this year's filings got. Every number on it opens exactly its rows.
//! Everything is counted when the ledger changes ([`figures`]); drawing ([`view`]) only looks up.
//! Nothing is decided or written here: it leads to the screens where that is done.

mod figures;
mod reach;
mod rows;
mod view;

use super::ctx::{self, Ctx};
use super::place::{Place, SettingsTab};
use super::screen::Screen;
use super::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::ui::Element;
use crate::ui::grid::{GridAction, GridEvent, GridState, Sort};
pub(super) use figures::{Figures, Question, Scope};
pub(super) use reach::Reach;

/// The name by which the scope is remembered.
const SCOPE: &str = "workbench.scope";
/// The name the list of rows is focused by.
const ROWS: &str = "workbench-rows";

/// The screen.
pub struct Workbench {
    scope: Scope,
    chosen: Question,
    figures: Figures,
    /// The rows of the chosen question, in the order shown.
    ids: Vec<RecordId>,
    grid: GridState<RecordId>,
    columns: Vec<crate::ui::grid::Column>,
}

/// What people do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Scope(Scope),
    /// Shows the rows of a question.
    Choose(Question),
    /// Opens the whole list of a question.
    All(Question),
    Grid(GridEvent<RecordId>),
    /// Opens the filings of a program that got so far.
    Reached(String, Reach),
    /// Opens the filings that still stand before this deadline.
    Waiting(usize),
    Go(Box<Place>),
}

impl Workbench {
    /// At the question that comes first.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            scope: ctx.habit(SCOPE).unwrap_or(Scope::Mine),
            chosen: Question::Ours,
            figures: Figures::default(),
            ids: Vec::new(),
            grid: GridState::new(Default::default(), by_due()),
            columns: rows::columns(rows::Kind::Filings, narrow(ctx)),
        }
    }

    fn count(&mut self, ctx: &Ctx) {
        self.figures = Figures::count(ctx, self.scope);
        // A question that nothing asks any more is not shown, so it cannot stay chosen.
        if self.figures.of(self.chosen).is_none() {
            self.chosen = Question::Ours;
        }
        self.list(ctx);
    }

    fn list(&mut self, ctx: &Ctx) {
        self.columns = rows::columns(self.chosen.kind(), narrow(ctx));
        self.ids = match self.chosen.filter(self.scope, ctx) {
            Some(filter) => {
                let order = self.grid.sort().and_then(|sort| Some((rows::order(&sort.column)?, sort.descending)));
                ctx.ledger.list_filings(&filter, order)
            }
            None if self.chosen == Question::Ending => self.figures.endings.iter().map(|e| e.firm).collect(),
            None => self.figures.conflicts.clone(),
        };
        self.grid.rows_changed(&self.ids);
        if self.grid.current().is_none() {
            self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
        }
    }

    fn choose(&mut self, question: Question, ctx: &Ctx) {
        self.chosen = question;
        let sort = by_due().filter(|_| question.kind() == rows::Kind::Filings);
        self.grid = GridState::new(Default::default(), sort);
        self.list(ctx);
    }

    /// Opens a row beside the list it stands in.
    fn open(&self, id: RecordId, ctx: &Ctx) -> Place {
        match self.figures.place(self.chosen, self.scope, ctx) {
            Place::Filings { filter, .. } => Place::Filings { filter, open: Some(id) },
            Place::Firms { filter, .. } => Place::Firms { filter, open: Some(id) },
            other => other,
        }
    }
}

impl Screen for Workbench {
    type Message = Message;

    fn arrive(&mut self, _place: &Place, ctx: &Ctx) -> Update<Message> {
        self.count(ctx);
        // The rows have the keyboard, so that ↓ and Enter work at once.
        Update::task(iced::widget::operation::focus(ROWS))
    }

    fn place(&self) -> Place {
        Place::Workbench
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        self.count(ctx);
        Update::none()
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Scope(scope) => {
                self.scope = scope;
                self.count(ctx);
                Update::event(ctx::remember(SCOPE, &scope))
            }
            Message::Choose(question) => {
                self.choose(question, ctx);
                Update::task(iced::widget::operation::focus(ROWS))
            }
            Message::All(question) => Update::event(Event::Go(self.figures.place(question, self.scope, ctx))),
            // One press opens a row here: there is nothing else to do with it.
            Message::Grid(GridEvent::Pressed { place, extend: false, toggle: false, .. }) => {
                self.grid.set_current(Some(place.id), &self.ids, usize::MAX);
                Update::event(Event::Go(self.open(place.id, ctx)))
            }
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::Open(id) => Update::event(Event::Go(self.open(id, ctx))),
                GridAction::SortBy(_) => {
                    self.list(ctx);
                    Update::none()
                }
                GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("工作台", rows)),
                }),
                _ => Update::none(),
            },
            Message::Reached(program, reach) => {
                Update::event(Event::Go(self.figures.reached(&program, reach, self.scope, ctx)))
            }
            Message::Waiting(at) => match self.figures.ahead.get(at) {
                Some(ahead) => Update::event(Event::Go(self.figures.waiting(ahead, self.scope, ctx))),
                None => Update::none(),
            },
            Message::Go(place) => Update::event(Event::Go(*place)),
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        if self.figures.nothing { view::nothing(ctx) } else { self.page(ctx) }
    }
}

/// Whether some columns have no room.
fn narrow(ctx: &Ctx) -> bool {
    ctx.page_width() < 1180.0
}

/// What presses most comes first.
fn by_due() -> Option<Sort> {
    Some(Sort { column: "due".into(), descending: false })
}

/// Where a batch is opened.
fn editions() -> Place {
    Place::Settings(SettingsTab::Programs)
}

/// Where an edition's filings are.
fn edition(id: RecordId) -> Place {
    let filter = crate::store::ledger::FilingFilter { edition: Some(id), ..Default::default() };
    Place::Filings { filter, open: None }
}
