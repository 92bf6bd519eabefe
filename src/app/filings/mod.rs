//! 申报: the filings that pass a filter, one of them open beside the list; the form of a new one; the dialogs that move
//! them, open an edition, write the list to a file.
//! Which moves are legal is the stage machine's, which rows there are the ledger's; here stands what is shown and asked.
//! No SQL, and no stage or program by name.

mod attach;
mod columns;
mod edition;
mod entry;
mod erase;
mod export;
mod filter;
mod form;
mod head;
pub(super) mod moving;
mod page;
mod routing;
mod view;

use std::collections::HashMap;

use iced::keyboard::Key;
use iced::keyboard::key::Named;
use serde::{Deserialize, Serialize};

use super::assign::{self, AssignForm};
use super::ctx::{self, Ctx};
use super::place::Place;
use super::screen::{Offer, Screen};
use super::update::{Event, Update};
use crate::domain::Result;
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::store::Done;
use crate::store::ledger::{FilingFilter, Tally};
use crate::ui::grid::{Arrangement, GridAction, GridEvent, GridState, Sort};
use crate::ui::root::Pressed;
use crate::ui::{Element, Tone};
use columns::Columns;
use moving::{Moving, Step};

/// The grid, by which the keyboard is given to it.
const GRID: &str = "filings.grid";
/// The search above it.
const SEARCH: &str = "filings.search";
/// The name its columns and order are remembered by.
const HABIT: &str = "filings.grid";

/// What a person made of the grid.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Habit {
    arrangement: Arrangement,
    sort: Option<Sort>,
}

/// The screen.
pub struct Filings {
    filter: FilingFilter,
    /// The working year the filter was made for.
    year: i32,
    ids: Vec<RecordId>,
    tally: Tally,
    grid: GridState<RecordId>,
    columns: Columns,
    /// Of the chosen edition: what a shortlist would hold, and how much of the quota is taken.
    recommended: Vec<RecordId>,
    used: usize,
    /// What keeps a shortlist from being made now.
    no_shortlist: Option<&'static str>,
    /// What can be done with everything that is selected.
    bulk: Vec<Step>,
    page: Option<page::Page>,
    /// Forms that were left with something unsaved, by filing.
    unsaved: HashMap<RecordId, page::Unsaved>,
    entry: entry::Entry,
    entering: bool,
    dialog: Option<Dialog>,
    /// The menu of a row, and where it hangs.
    menu: Option<(RecordId, iced::Point)>,
    /// The last question asked; older answers are dropped.
    asked: u64,
}

/// What lies above the screen.
enum Dialog {
    Moving(Moving),
    Erase(crate::app::erase::EraseForm),
    Edition(edition::EditionForm),
    Export(export::Export),
    Attach(attach::Attach),
    Assign(AssignForm),
}

/// What people and answers do to the screen.
#[derive(Debug, Clone)]
pub enum Message {
    Grid(GridEvent<RecordId>),
    Filter(filter::Change),
    Search,
    New,
    Go(Place),
    Shortlist,
    ShortlistMade(Result<Done<RecordId>>),
    Export(export::Message),
    OpenExport,
    NewEdition,
    EditEdition(RecordId),
    Edition(edition::Message),
    Moving(moving::Message),
    Attach(attach::Message),
    /// One of the words all selected rows offer.
    Bulk(usize),
    ClearSelection,
    /// 分派审核人: of what is selected, else of what is open or current.
    Assign(assign::Message),
    /// 分派审核人 of the filing whose page is open.
    AssignOne(RecordId),
    /// 打包送审: of what is selected, else of what is open or current.
    Pack,
    Open(RecordId),
    CloseMenu,
    Page(page::Message),
    Entry(entry::Message),
    /// Prints the history of the one that is open.
    PrintHistory,
    Erase(crate::app::erase::Message),
    Erased(String, Result<Done<bool>>),
    CloseDialog,
    /// Enter in a dialog, wherever the keyboard is.
    Confirm,
}

impl Filings {
    /// Nothing asked for yet.
    pub fn new(ctx: &Ctx) -> Self {
        let Habit { arrangement, sort } = ctx.habit(HABIT).unwrap_or_default();
        Self {
            filter: FilingFilter { year: Some(ctx.year), ..FilingFilter::default() },
            year: ctx.year,
            ids: Vec::new(),
            tally: Tally::default(),
            grid: GridState::new(arrangement, sort),
            columns: Columns::new(false),
            no_shortlist: None,
            recommended: Vec::new(),
            used: 0,
            bulk: Vec::new(),
            page: None,
            unsaved: HashMap::new(),
            entry: entry::Entry::new(ctx),
            entering: false,
            dialog: None,
            menu: None,
            asked: 0,
        }
    }

    /// A number for a question.
    fn ask_number(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// Makes the list again from the ledger.
    fn reload(&mut self, ctx: &Ctx) {
        let order = self.grid.sort().and_then(columns::order);
        self.ids = ctx.ledger.list_filings(&self.filter, order);
        self.tally = ctx.ledger.tally(&self.filter, ctx.now);
        self.grid.rows_changed(&self.ids);
        if let Some(page) = &mut self.page
            && let Some(at) = self.ids.iter().position(|id| *id == page.id)
        {
            page.at = at;
        }
        self.columns = Columns::new(self.filter.edition.is_some());
        (self.recommended, self.used) = match self.filter.edition {
            Some(edition) => (ctx.ledger.recommended(edition), ctx.ledger.quota_used(edition)),
            None => (Vec::new(), 0),
        };
        self.reckon_bulk(ctx);
    }

    fn reckon_bulk(&mut self, ctx: &Ctx) {
        self.bulk = moving::steps_of_all(&ctx.ledger, self.grid.selected().iter().copied());
        self.bulk.retain(|step| ctx.may(step.needs));
        self.no_shortlist = self.why_no_shortlist(ctx);
    }

    /// The selected rows in the order shown.
    fn selected(&self) -> Vec<RecordId> {
        self.ids.iter().copied().filter(|id| self.grid.is_selected(*id)).collect()
    }

    fn remember(&self) -> Event {
        let habit = Habit { arrangement: self.grid.arrangement().clone(), sort: self.grid.sort().cloned() };
        ctx::remember(HABIT, &habit)
    }

    fn on_grid(&mut self, event: GridEvent<RecordId>, ctx: &Ctx) -> Update<Message> {
        let columns = self.columns.of(self.page.is_some(), self.list_width(ctx));
        match self.grid.update(event, columns, &self.ids) {
            GridAction::None | GridAction::Choose { .. } => Update::none(),
            GridAction::ContextMenu { id, at } => {
                // The menu is about the selection where the row is one of it, else about the row alone.
                if !self.grid.selected().is_empty() && !self.grid.is_selected(id) {
                    self.grid.set_selected([], &self.ids);
                    self.reckon_bulk(ctx);
                }
                self.menu = Some((id, at));
                Update::none()
            }
            GridAction::CurrentChanged => match (self.page.is_some(), self.grid.current()) {
                (true, Some(id)) => self.open_page(id, ctx),
                _ => Update::none(),
            },
            GridAction::SelectionChanged => {
                self.reckon_bulk(ctx);
                Update::none()
            }
            GridAction::SortBy(_) => {
                self.reload(ctx);
                self.grid.scroll_to_top();
                Update::event(self.remember())
            }
            GridAction::Open(id) => self.open_page(id, ctx),
            GridAction::ColumnsChanged => Update::event(self.remember()),
            GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                text,
                words: format!("已复制 {rows} 行，可以粘贴到 WPS 表格"),
                logged: Some(Logged::copied("申报", rows)),
            }),
        }
    }

    /// Opens a new filing's form, for the edition that shows.
    fn start_new(&mut self) -> Update<Message> {
        moving::go(Place::NewFiling { firm: None, edition: self.filter.edition })
    }

    /// What keeps a shortlist from being made now.
    fn why_no_shortlist(&self, ctx: &Ctx) -> Option<&'static str> {
        if self.grid.selected().is_empty() {
            return match self.filter.edition {
                None => Some("先选一个批次，或在表里选中同一批次的申报"),
                Some(_) if self.recommended.is_empty() => Some("这个批次还没有推荐的申报"),
                Some(_) => None,
            };
        }
        let mut editions =
            self.grid.selected().iter().filter_map(|id| filter::edition_id(&ctx.ledger, ctx.ledger.filing(*id)?));
        let first = editions.next();
        let one = first.is_some() && editions.all(|other| Some(other) == first);
        (!one).then_some("选中的申报不在同一个批次里，一张汇总表只能是一个批次的")
    }

    fn make_shortlist(&mut self, ctx: &Ctx) -> Update<Message> {
        if let Some(why) = self.no_shortlist {
            return Update::told(Tone::Warn, why);
        }
        let selected = self.selected();
        let (edition, items) = match (selected.first(), self.filter.edition) {
            (Some(first), _) => {
                let edition = ctx.ledger.filing(*first).and_then(|row| filter::edition_id(&ctx.ledger, row));
                (edition, selected)
            }
            (None, edition) => (edition, self.recommended.clone()),
        };
        let Some(edition) = edition.and_then(|id| ctx.ledger.edition(id)) else { return Update::none() };
        let (id, title) = (edition.id, format!("{}推荐名单", edition.label()));
        let name = format!("新建推荐名单 {} 件", items.len());
        Update::task(ctx.act(name, move |act| act.make_shortlist(id, &title, &items), Message::ShortlistMade))
    }

    /// Opens the decision dialog for one word on everything selected.
    fn open_bulk(&mut self, n: usize, ctx: &Ctx) -> Update<Message> {
        match self.bulk.get(n).cloned() {
            Some(step) => self.open_moving(Moving::plain(self.selected(), step, ctx)),
            None => Update::none(),
        }
    }

    /// F6 通过, F7 退回, F8 不推荐: on what is selected, else on the open filing.
    fn by_key(&self, effect: Effect) -> Option<Message> {
        if !self.grid.selected().is_empty() {
            return self.bulk.iter().position(|step| step.effect == effect).map(Message::Bulk);
        }
        let page = self.page.as_ref()?;
        page.steps.iter().position(|step| step.effect == effect).map(|n| Message::Page(page::Message::Step(n)))
    }
}

impl Screen for Filings {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        self.dialog = None;
        match place {
            Place::NewFiling { firm, edition } => {
                self.entering = true;
                let edition = edition.or(self.filter.edition);
                self.enter(*firm, edition, ctx)
            }
            Place::Filings { filter, open } => {
                self.entering = false;
                let same = self.filter == *filter;
                self.filter = filter.clone();
                self.year = ctx.year;
                self.know_program(ctx);
                if !same {
                    self.grid.set_selected([], &self.ids);
                    self.grid.scroll_to_top();
                }
                let update = match open {
                    Some(id) => self.open_page(*id, ctx),
                    None => {
                        let update = self.leave_page(ctx);
                        self.page = None;
                        update
                    }
                };
                self.reload(ctx);
                // The keyboard has a row to start from.
                let current = open.or(self.grid.current()).or(self.ids.first().copied());
                self.grid.set_current(current, &self.ids, 16);
                update.and(Update::task(iced::widget::operation::focus(GRID)))
            }
            _ => Update::none(),
        }
    }

    fn place(&self) -> Place {
        if self.entering {
            return self.entry.place();
        }
        Place::Filings { filter: self.filter.clone(), open: self.page.as_ref().map(|page| page.id) }
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        if self.year != ctx.year {
            self.year = ctx.year;
            self.filter.among = None;
            self.filter.edition = None;
            self.filter.year = Some(ctx.year);
        }
        self.reload(ctx);
        let page = match self.page.as_ref().map(|page| page.id) {
            Some(id) if ctx.ledger.filing(id).is_none() => {
                self.page = None;
                self.unsaved.remove(&id);
                self.reload(ctx);
                Update::none()
            }
            Some(id) => self.load_page(id, ctx),
            None => Update::none(),
        };
        page.and(self.refresh_entry(ctx))
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        self.menu = None;
        match message {
            Message::Grid(event) => self.on_grid(event, ctx),
            Message::Filter(change) => self.change_filter(change, ctx),
            Message::Search => Update::task(iced::widget::operation::focus(SEARCH)),
            // Ctrl N says what the button says; it must not end in another batch than the one looked at.
            Message::New if self.chosen_edition(ctx).is_some_and(|edition| edition.closed) => {
                Update::told(Tone::Warn, head::CLOSED)
            }
            Message::New => self.start_new(),
            Message::Go(place) => moving::go(place),
            Message::Shortlist => self.make_shortlist(ctx),
            Message::ShortlistMade(Ok(done)) => {
                let count =
                    if self.grid.selected().is_empty() { self.recommended.len() } else { self.grid.selected().len() };
                let words = format!("已新建推荐名单，{count} 件");
                Update::saved(&done, words).and_event(Event::Go(Place::Shortlist(done.value)))
            }
            Message::ShortlistMade(Err(problem)) => problem.into(),
            Message::OpenExport => match ctx.permit(Permission::Export) {
                Ok(()) => self.open_export(ctx),
                Err(problem) => problem.into(),
            },
            Message::Export(message) => self.exporting(message, ctx),
            Message::NewEdition | Message::EditEdition(_) if !ctx.may(Permission::OpenEditions) => {
                ctx.permit(Permission::OpenEditions).err().map_or_else(Update::none, Update::from)
            }
            Message::NewEdition => self.open_edition(None, ctx),
            Message::EditEdition(id) => self.open_edition(Some(id), ctx),
            Message::Edition(message) => self.edit_edition(message, ctx),
            Message::Moving(message) => self.moving(message, ctx),
            Message::Attach(message) => self.attaching(message, ctx),
            Message::Bulk(n) => self.open_bulk(n, ctx),
            Message::ClearSelection => {
                self.grid.set_selected([], &self.ids);
                self.reckon_bulk(ctx);
                Update::task(iced::widget::operation::focus(GRID))
            }
            Message::Assign(message) => self.assigning(message, ctx),
            Message::AssignOne(id) => self.open_assign(&[id], ctx),
            Message::Pack => match self.chosen() {
                chosen if chosen.is_empty() => Update::told(Tone::Warn, "先在表里选中要送审的申报"),
                chosen => moving::go(Place::Pack(chosen)),
            },
            Message::Open(id) => self.open_page(id, ctx),
            Message::CloseMenu => Update::none(),
            Message::Page(message) => self.on_page(message, ctx),
            Message::Entry(message) => self.on_entry(message, ctx),
            Message::PrintHistory => {
                let id = self.page.as_ref().map(|page| page.id);
                id.map_or_else(Update::none, |id| Update::event(Event::PrintHistory(id)))
            }
            Message::Erase(message) => self.erasing(message, ctx),
            // No action to take back is named: it cannot be.
            Message::Erased(words, Ok(_)) => {
                // Copies that were opened may be of what was erased.
                super::files::clear_copies();
                Update::event(Event::Saved { action: None, words })
            }
            Message::Erased(_, Err(problem)) => problem.into(),
            Message::CloseDialog => {
                self.dialog = None;
                let back = if self.entering { entry::FIRM } else { GRID };
                Update::task(iced::widget::operation::focus(back))
            }
            Message::Confirm => match &self.dialog {
                Some(Dialog::Moving(_)) => self.moving(moving::Message::Save, ctx),
                Some(Dialog::Edition(_)) => self.edit_edition(edition::Message::Save, ctx),
                Some(Dialog::Export(_)) => self.exporting(export::Message::Save, ctx),
                Some(Dialog::Attach(_)) => self.attaching(attach::Message::Save, ctx),
                Some(Dialog::Assign(_)) => self.assigning(assign::Message::Save, ctx),
                // What cannot be undone is not done by Enter.
                Some(Dialog::Erase(_)) => Update::none(),
                None => Update::none(),
            },
        }
    }

    fn key(&self, pressed: &Pressed, _ctx: &Ctx) -> Option<Message> {
        let (ctrl, alt) = (pressed.modifiers.command(), pressed.modifiers.alt());
        if self.dialog.is_some() {
            return (pressed.key == Key::Named(Named::Enter)).then_some(Message::Confirm);
        }
        if self.entering {
            return match (&pressed.key, pressed.latin) {
                (Key::Named(Named::Escape), _) => Some(Message::Entry(entry::Message::Close)),
                (Key::Named(Named::Enter), _) if ctrl => Some(Message::Entry(entry::Message::Save)),
                _ => None,
            };
        }
        let page = self.page.is_some();
        if let Some(message) = self.page.as_ref().and_then(|page| page.material_key(pressed)) {
            return Some(message);
        }
        match (&pressed.key, pressed.latin) {
            (_, Some('m')) if ctrl && page => Some(Message::Page(page::Message::Tab(page::Tab::Materials))),
            (_, Some('f')) if ctrl => Some(Message::Search),
            (_, Some('n')) if ctrl => Some(Message::New),
            (_, Some('s')) if ctrl && page => Some(Message::Page(page::Message::Save)),
            (Key::Named(Named::F6), _) => self.by_key(Effect::Pass),
            (Key::Named(Named::F7), _) => self.by_key(Effect::Return),
            (Key::Named(Named::F8), _) => self.by_key(Effect::Decline),
            (_, Some('a')) if alt => Some(Message::Assign(assign::Message::Open)),
            (_, Some('p')) if alt => Some(Message::Pack),
            (Key::Named(Named::ArrowUp), _) if alt && page => Some(Message::Page(page::Message::Turn(false))),
            (Key::Named(Named::ArrowDown), _) if alt && page => Some(Message::Page(page::Message::Turn(true))),
            (Key::Named(Named::Escape), _) if !self.grid.selected().is_empty() => Some(Message::ClearSelection),
            (Key::Named(Named::Escape), _) if page => Some(Message::Page(page::Message::Close)),
            _ => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        if self.entering { self.entry_view(ctx) } else { self.list_view(ctx) }
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer<Message>> {
        self.deeds_of_chosen(ctx)
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let dialog = match self.dialog.as_ref()? {
            Dialog::Moving(moving) => moving.view(ctx),
            Dialog::Edition(form) => form.view(ctx),
            Dialog::Export(export) => export.view(),
            Dialog::Attach(attach) => attach.view(),
            Dialog::Erase(form) => form.view(Message::Erase),
            Dialog::Assign(form) => form.view(Message::Assign),
        };
        Some((dialog, Message::CloseDialog))
    }
}
