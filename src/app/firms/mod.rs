//! 企业: all firms in a list that sorts, filters and is copied from, one firm's file beside it, the form of a new or known one.
//! The list's rows come from the ledger and are worked out when filter, order or ledger change, never while drawing.
//! What a firm is, how its fields are checked and what may be written is the domain's and the store's.

mod columns;
mod export;
mod facets;
mod file;
mod filters;
mod form;
mod view;

use std::sync::Arc;

use iced::Point;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use serde::{Deserialize, Serialize};

use super::ctx::{self, Ctx};
use super::place::Place;
use super::screen::Screen;
use super::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::store::ledger::{FilingFilter, FirmFilter, FirmOrder, Ledger};
use crate::ui::Element;
use crate::ui::grid::{Arrangement, Column, GridAction, GridEvent, GridState, Sort, Step};
use crate::ui::root::Pressed;
use export::Export;
use facets::Facets;
use file::{File, Tab};
use filters::Change;
use form::Form;
use view::ColumnPick;

/// The list, for the keyboard.
const GRID: &str = "firms-grid";
/// The list's own search.
const SEARCH: &str = "firms-search";
/// The name by which columns and order are remembered.
const HABIT: &str = "firms.columns";
/// Rows that surely fit until the list said how many do.
const PAGE: usize = 12;

/// What is remembered of the list.
#[derive(Debug, Serialize, Deserialize)]
struct Habit {
    arrangement: Arrangement,
    sort: Option<Sort>,
}

/// The screen.
pub struct Firms {
    columns: Vec<Column>,
    grid: GridState<RecordId>,
    filter: FirmFilter,
    ids: Vec<RecordId>,
    facets: Facets,
    /// The ledger and day the counts are of.
    counted: Option<(Arc<Ledger>, chrono::NaiveDate)>,
    file: Option<File>,
    form: Option<Form>,
    export: Option<Export>,
    menu: Option<(RecordId, Point)>,
    /// To be made current when the list is there.
    reveal: Option<RecordId>,
    /// Rows that fit, as the list last said.
    page: usize,
    next: u64,
}

#[derive(Debug, Clone)]
pub enum Message {
    Grid(GridEvent<RecordId>),
    Filter(Change),
    Columns(ColumnPick),
    Export(export::Message),
    File(file::Message),
    Form(form::Message),
    Search,
    ToList,
    New,
    Import,
    Open(RecordId),
    Edit(RecordId),
    NewFiling(RecordId),
    Filing(RecordId),
    CopyName(RecordId),
    CopyCode(RecordId),
    CopySelected,
    Unselect,
    /// The next firm, or the one before.
    Step(bool),
    Close,
    CloseMenu,
}

impl Firms {
    /// The list as it was last arranged.
    pub fn new(ctx: &Ctx) -> Self {
        let habit = ctx.habit::<Habit>(HABIT);
        let (arrangement, sort) =
            habit.map_or_else(|| (columns::usual(), None), |habit| (habit.arrangement, habit.sort));
        Self {
            columns: columns::all(),
            grid: GridState::new(arrangement, sort),
            filter: FirmFilter::default(),
            ids: Vec::new(),
            facets: Facets::default(),
            counted: None,
            file: None,
            form: None,
            export: None,
            menu: None,
            reveal: None,
            page: PAGE,
            next: 0,
        }
    }

    /// Works the list out anew.
    fn list(&mut self, ctx: &Ctx) {
        let counted = self.counted.as_ref();
        if !counted.is_some_and(|(ledger, day)| Arc::ptr_eq(ledger, &ctx.ledger) && *day == ctx.today) {
            self.facets = Facets::of(&ctx.ledger, ctx.today);
            self.counted = Some((ctx.ledger.clone(), ctx.today));
        }
        let order: Option<(FirmOrder, bool)> =
            self.grid.sort().and_then(|sort| Some((columns::order(&sort.column)?, sort.descending)));
        self.ids = ctx.ledger.list_firms(&self.filter, order, ctx.today);
        self.grid.rows_changed(&self.ids);
        if let Some(id) = self.reveal.filter(|id| self.ids.contains(id)) {
            self.grid.set_current(Some(id), &self.ids, self.page);
            self.reveal = None;
        }
    }

    fn filtered(&mut self, change: Change, ctx: &Ctx) -> Update<Message> {
        filters::apply(&mut self.filter, change);
        self.grid.scroll_to_top();
        self.list(ctx);
        Update::none()
    }

    fn remember(&self) -> Update<Message> {
        let habit = Habit { arrangement: self.grid.arrangement().clone(), sort: self.grid.sort().cloned() };
        Update::event(ctx::remember(HABIT, &habit))
    }

    /// Gives the list the keyboard.
    fn focus_grid(&self) -> Update<Message> {
        if self.ids.is_empty() {
            return Update::none();
        }
        iced::widget::operation::focus(GRID).into()
    }

    /// Opens a firm's file beside the list; the tab stays the one that was open.
    fn open(&mut self, id: RecordId, ctx: &Ctx) -> Update<Message> {
        self.menu = None;
        if self.grid.current() != Some(id) {
            self.grid.set_current(Some(id), &self.ids, self.page);
        }
        if self.file.as_ref().is_some_and(|file| file.id == id) {
            return self.read(ctx);
        }
        let tab = self.file.as_ref().map_or(Tab::default(), File::tab);
        self.file = Some(File::new(id, tab, &ctx.ledger));
        self.read(ctx)
    }

    fn read(&mut self, ctx: &Ctx) -> Update<Message> {
        self.next += 1;
        let number = self.next;
        match &mut self.file {
            Some(file) => file.read(number, ctx).into(),
            None => Update::none(),
        }
    }

    fn close_file(&mut self) -> Update<Message> {
        self.file = None;
        self.focus_grid()
    }

    fn edit(&mut self, id: RecordId, ctx: &Ctx) -> Update<Message> {
        self.menu = None;
        if let Err(problem) = ctx.permit(Permission::EnterFirms) {
            return problem.into();
        }
        if ctx.ledger.firm(id).is_none_or(|firm| firm.frozen) {
            return Update::none();
        }
        let open = self.open(id, ctx);
        let form = Form::edit(id, ctx);
        let begin = form.begin(ctx);
        self.form = Some(form);
        open.and(begin.into())
    }

    fn grid_event(&mut self, event: GridEvent<RecordId>, ctx: &Ctx) -> Update<Message> {
        match &event {
            GridEvent::Pressed { page, .. } | GridEvent::Stepped { page, .. } | GridEvent::ScrolledTo { page, .. } => {
                self.page = *page;
            }
            // The usual columns are a choice of all there are, which only this screen knows.
            GridEvent::ResetColumns => return self.reset_columns(),
            _ => {}
        }
        match self.grid.update(event, &self.columns, &self.ids) {
            GridAction::None | GridAction::Choose { .. } => Update::none(),
            // An open file goes along with the current row.
            GridAction::CurrentChanged | GridAction::SelectionChanged => match self.grid.current() {
                Some(id) if self.file.as_ref().is_some_and(|file| file.id != id) => self.open(id, ctx),
                _ => Update::none(),
            },
            GridAction::SortBy(_) => {
                self.list(ctx);
                if let Some(id) = self.grid.current() {
                    self.grid.set_current(Some(id), &self.ids, self.page);
                }
                self.remember()
            }
            GridAction::Open(id) => self.open(id, ctx),
            GridAction::ColumnsChanged => self.remember(),
            GridAction::Copy { text, rows, .. } => copied(text, rows),
            GridAction::ContextMenu { id, at } => {
                self.menu = Some((id, at));
                Update::none()
            }
        }
    }

    fn reset_columns(&mut self) -> Update<Message> {
        let sort = self.grid.sort().cloned();
        let (current, selected) = (self.grid.current(), self.grid.selected().clone());
        self.grid = GridState::new(columns::usual(), sort);
        self.grid.set_selected(selected, &self.ids);
        self.grid.set_current(current, &self.ids, self.page);
        self.remember()
    }

    fn step(&mut self, down: bool, ctx: &Ctx) -> Update<Message> {
        let step = if down { Step::Down } else { Step::Up };
        self.grid_event(GridEvent::Stepped { step, extend: false, page: self.page }, ctx)
    }

    /// The filing among those of its edition.
    fn filing_place(id: RecordId, ctx: &Ctx) -> Option<Place> {
        let edition = ctx.ledger.edition_of(ctx.ledger.filing(id)?)?;
        let filter = FilingFilter {
            edition: Some(edition.id),
            program: Some(edition.program.clone()),
            year: Some(edition.year),
            ..FilingFilter::default()
        };
        Some(Place::Filings { filter, open: Some(id) })
    }
}

fn copied(text: String, rows: usize) -> Update<Message> {
    Update::event(Event::Copy {
        text,
        words: format!("已复制 {rows} 家，可以粘贴到表格里"),
        logged: Some(Logged::copied("企业", rows)),
    })
}

impl Screen for Firms {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        (self.form, self.export, self.menu) = (None, None, None);
        match place {
            Place::NewFirm => {
                self.list(ctx);
                let form = Form::new(ctx);
                let begin = form.begin(ctx);
                self.form = Some(form);
                begin.into()
            }
            Place::Firms { filter, open } => {
                if self.filter != *filter {
                    self.filter = filter.clone();
                    self.grid.scroll_to_top();
                }
                self.list(ctx);
                match open {
                    Some(id) => {
                        let open = self.open(*id, ctx);
                        open.and(self.focus_grid())
                    }
                    None => self.close_file(),
                }
            }
            _ => Update::none(),
        }
    }

    fn place(&self) -> Place {
        if self.form.as_ref().is_some_and(|form| form.id.is_none()) {
            return Place::NewFirm;
        }
        Place::Firms { filter: self.filter.clone(), open: self.file.as_ref().map(|file| file.id) }
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        self.list(ctx);
        match &mut self.file {
            Some(file) => {
                file.refresh(&ctx.ledger);
                self.read(ctx)
            }
            None => Update::none(),
        }
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Grid(event) => self.grid_event(event, ctx),
            Message::Filter(change) => self.filtered(change, ctx),
            Message::Columns(ColumnPick::Toggle(key)) => {
                let hide = !self.grid.arrangement().hidden.contains(&key);
                self.grid_event(GridEvent::Hid { column: key, hide }, ctx)
            }
            Message::Columns(ColumnPick::Reset) => self.reset_columns(),
            Message::Export(message) => self.export(message, ctx),
            Message::File(message) => self.file(message, ctx),
            Message::Form(message) => self.form(message, ctx),
            Message::Search => {
                let all = iced::widget::operation::select_all(SEARCH);
                iced::widget::operation::focus(SEARCH).chain(all).into()
            }
            Message::ToList => {
                if self.grid.current().is_none() {
                    self.grid.set_current(self.ids.first().copied(), &self.ids, self.page);
                }
                self.focus_grid()
            }
            Message::New => Update::event(Event::Go(Place::NewFirm)),
            Message::Import => Update::event(Event::Go(Place::Import)),
            Message::Open(id) => self.open(id, ctx),
            Message::Edit(id) => self.edit(id, ctx),
            Message::NewFiling(id) => Update::event(Event::Go(Place::NewFiling { firm: Some(id), edition: None })),
            Message::Filing(id) => {
                Self::filing_place(id, ctx).map_or_else(Update::none, |place| Update::event(Event::Go(place)))
            }
            Message::CopyName(id) | Message::CopyCode(id) => {
                self.menu = None;
                let Some(firm) = ctx.ledger.firm(id) else { return Update::none() };
                let (text, words) = if matches!(message, Message::CopyName(_)) {
                    (firm.name.to_string(), "已复制企业名称")
                } else {
                    (firm.code.to_string(), "已复制统一社会信用代码")
                };
                if text.is_empty() {
                    return Update::told(crate::ui::Tone::Warn, "这家企业没有填统一社会信用代码");
                }
                Update::event(Event::Copy { text, words: words.to_owned(), logged: None })
            }
            Message::CopySelected => {
                let (text, rows) = self.selected_as_text(ctx);
                copied(text, rows)
            }
            Message::Unselect => {
                self.grid.set_selected([], &self.ids);
                self.focus_grid()
            }
            Message::Step(down) => self.step(down, ctx),
            Message::Close => self.close_file(),
            Message::CloseMenu => {
                self.menu = None;
                Update::none()
            }
        }
    }

    fn key(&self, pressed: &Pressed, ctx: &Ctx) -> Option<Message> {
        if self.above(ctx).is_some() {
            return None;
        }
        let (ctrl, alt, shift) = (pressed.modifiers.command(), pressed.modifiers.alt(), pressed.modifiers.shift());
        if self.form.is_some() {
            return match (&pressed.key, pressed.latin) {
                (Key::Named(Named::Escape), _) => Some(Message::Form(form::Message::Close)),
                (Key::Named(Named::Enter), _) if ctrl => Some(Message::Form(form::Message::Save)),
                (_, Some('s')) if ctrl => Some(Message::Form(form::Message::Save)),
                _ => None,
            };
        }
        match (&pressed.key, pressed.latin) {
            (_, Some('n')) if ctrl && shift => Some(Message::New),
            (_, Some('f')) if ctrl => Some(Message::Search),
            (_, Some('e')) if ctrl => self.file.as_ref().map(|file| Message::Edit(file.id)),
            (_, Some(digit @ '1'..='5')) if alt && self.file.is_some() => {
                let at = digit.to_digit(10)?.checked_sub(1)? as usize;
                Some(Message::File(file::Message::Tab(*Tab::ALL.get(at)?)))
            }
            (Key::Named(Named::Escape), _) if !self.grid.selected().is_empty() => Some(Message::Unselect),
            (Key::Named(Named::Escape), _) if self.file.is_some() => Some(Message::Close),
            _ => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        match &self.form {
            Some(form) => form.view(ctx),
            None => self.page(ctx),
        }
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        if let Some(export) = &self.export {
            return Some((export.view(), Export::CLOSE));
        }
        if let Some(form) = &self.form {
            return form.above();
        }
        self.file.as_ref()?.above(ctx)
    }
}
