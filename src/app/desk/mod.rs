//! The desk of whoever is signed in: the shell around the screens, the way back, the palette, undo, and what is told.
//! It passes messages to the screen they are for and does what screens ask of it.
//! No screen knows another; they lead to places, and the desk knows who lives there.

mod as_of;
mod asked;
mod backup;
mod find;
mod keys;
pub mod lock;
mod past;
pub mod road;
mod told;
mod undo;
mod view;

use std::path::PathBuf;

use iced::{Size, Subscription, Task};

use super::ctx::Ctx;
use super::look::Look;
use super::opening::Opened;
use super::place::{Place, Stop};
use super::screen::{Offer, Screen};
use super::update::{Event, Update};
use super::{data, filings, firms, import, print, review, settings, shortlist, workbench};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::store::acts::Undid;
use crate::store::backup::State;
use crate::store::ledger::{FilingRow, Ledger, StatusGroup};
use crate::store::queries::RecordFile;
use as_of::AsOf;
use find::Find;
use lock::Lock;
use past::Past;
use told::Told;
use undo::{Undo, Way};

/// Everything that can happen at the desk.
#[derive(Debug, Clone)]
pub enum Message {
    Workbench(workbench::Message),
    Firms(firms::Message),
    Filings(filings::Message),
    Review(review::Message),
    Shortlist(shortlist::Message),
    Import(import::Message),
    Data(data::Message),
    Settings(settings::Message),
    Go(Place),
    Back,
    Forward,
    Year(i32),
    /// The ledger of another working year is there.
    YearRead(i32, Result<std::sync::Arc<Ledger>>),
    Find(find::Message),
    Past(past::Message),
    AsOf(as_of::Message),
    Lock(lock::Message),
    OpenFind,
    /// Takes the last action back.
    Undo,
    Redo,
    /// Takes this one back: a toast's 撤销.
    TakeBack(RecordId),
    Undone(RecordId, Way, Result<Done<Undid>>),
    Remembered(Result<()>),
    /// How backups stand was read.
    Backups(Result<State>),
    /// The day's own backup is made.
    BackedUp(Result<PathBuf>),
    /// The log said it, or could not.
    Noted(Result<()>),
    /// A page went to the printer, or did not.
    Printed(Box<print::Done>),
    /// The history to be printed was read.
    PrintHistory(Result<Box<Option<RecordFile>>>),
    CloseTold(u64),
    /// 打开 of what was told.
    OpenTold(u64),
    Road(road::Message),
    Detail(u64),
    CloseDetail,
    Dark(bool),
    Larger(Option<bool>),
    Fold(bool),
    SignOut,
    Nothing,
}

/// What the window has to do.
#[derive(Debug)]
pub enum Outcome {
    Look(Look),
    SignedOut(Opened),
    /// Put this backup in place of the office that is open.
    Restore(PathBuf),
}

/// The screens, one of which shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Workbench,
    Firms,
    Filings,
    Review,
    Shortlist,
    Import,
    Data,
    Settings,
}

/// The state of the desk.
pub struct Desk {
    ctx: Ctx,
    look: Look,
    screen: f32,
    shown: Shown,
    workbench: workbench::Workbench,
    firms: firms::Firms,
    filings: filings::Filings,
    review: review::Review,
    shortlist: shortlist::Shortlist,
    import: import::Import,
    data: data::Data,
    settings: settings::Settings,
    back: Vec<Place>,
    forward: Vec<Place>,
    find: Option<Find>,
    past: Option<Past>,
    as_of: Option<AsOf>,
    /// Set while the window is locked.
    lock: Option<Lock>,
    /// The working year of the present, while an earlier day is looked at.
    present: Option<i32>,
    /// What pages that always show the present are given meanwhile.
    now: Option<Box<Ctx>>,
    told: Vec<Told>,
    next_told: u64,
    undo: Undo,
    detail: Option<Problem>,
    /// Filings of the working year that wait for us, counted when the ledger changes and not at every look.
    waiting: usize,
    /// Those of them that can be decided: not in conflict.
    to_review: usize,
    backups: backup::Watch,
    road: road::Watch,
}

/// How many steps back are kept.
const STEPS: usize = 100;

/// The name by which the rail's fold is remembered.
const FOLDED: &str = "rail.folded";

/// Does something with the screen that shows and the wrapper of its messages.
macro_rules! with_shown {
    ($desk:expr, |$screen:ident, $wrap:ident| $body:expr) => {
        match $desk.shown {
            Shown::Workbench => with_shown!(@ $desk.workbench, Message::Workbench, $screen, $wrap, $body),
            Shown::Firms => with_shown!(@ $desk.firms, Message::Firms, $screen, $wrap, $body),
            Shown::Filings => with_shown!(@ $desk.filings, Message::Filings, $screen, $wrap, $body),
            Shown::Review => with_shown!(@ $desk.review, Message::Review, $screen, $wrap, $body),
            Shown::Shortlist => with_shown!(@ $desk.shortlist, Message::Shortlist, $screen, $wrap, $body),
            Shown::Import => with_shown!(@ $desk.import, Message::Import, $screen, $wrap, $body),
            Shown::Data => with_shown!(@ $desk.data, Message::Data, $screen, $wrap, $body),
            Shown::Settings => with_shown!(@ $desk.settings, Message::Settings, $screen, $wrap, $body),
        }
    };
    (@ $field:expr, $variant:path, $screen:ident, $wrap:ident, $body:expr) => {{
        #[allow(unused_mut, reason = "some uses change the screen, some only look")]
        let $screen = &mut $field;
        let $wrap = $variant;
        $body
    }};
    (ref $desk:expr, |$screen:ident, $wrap:ident| $body:expr) => {
        match $desk.shown {
            Shown::Workbench => with_shown!(@@ $desk.workbench, Message::Workbench, $screen, $wrap, $body),
            Shown::Firms => with_shown!(@@ $desk.firms, Message::Firms, $screen, $wrap, $body),
            Shown::Filings => with_shown!(@@ $desk.filings, Message::Filings, $screen, $wrap, $body),
            Shown::Review => with_shown!(@@ $desk.review, Message::Review, $screen, $wrap, $body),
            Shown::Shortlist => with_shown!(@@ $desk.shortlist, Message::Shortlist, $screen, $wrap, $body),
            Shown::Import => with_shown!(@@ $desk.import, Message::Import, $screen, $wrap, $body),
            Shown::Data => with_shown!(@@ $desk.data, Message::Data, $screen, $wrap, $body),
            Shown::Settings => with_shown!(@@ $desk.settings, Message::Settings, $screen, $wrap, $body),
        }
    };
    (@@ $field:expr, $variant:path, $screen:ident, $wrap:ident, $body:expr) => {{
        let $screen = &$field;
        let $wrap = $variant;
        $body
    }};
}
use with_shown;

type Step = (Task<Message>, Option<Outcome>);

/// The surroundings of a screen: those of the day that is looked at, or of the present for screens that have no other.
fn around<'a>(ctx: &'a Ctx, now: &'a Option<Box<Ctx>>, shown: Shown) -> &'a Ctx {
    match shown {
        Shown::Workbench | Shown::Firms | Shown::Filings => ctx,
        Shown::Review | Shown::Shortlist | Shown::Import | Shown::Data | Shown::Settings => {
            now.as_deref().unwrap_or(ctx)
        }
    }
}

impl Desk {
    /// Sits somebody down, at the workbench.
    pub fn new(opened: Opened, user: RecordId, look: Look, size: Size, screen: f32) -> (Self, Task<Message>) {
        use chrono::Datelike;
        let Opened { db, ledger, habits, .. } = opened;
        let now = db.clock().now();
        let mut ctx = Ctx {
            year: now.date().year(),
            now,
            today: now.date(),
            theme: look.theme(size, screen),
            size,
            folded: None,
            db,
            ledger,
            user,
            habits,
        };
        ctx.folded = ctx.habit(FOLDED);
        let mut desk = Self {
            workbench: workbench::Workbench::new(&ctx),
            firms: firms::Firms::new(&ctx),
            filings: filings::Filings::new(&ctx),
            review: review::Review::new(&ctx),
            shortlist: shortlist::Shortlist::new(&ctx),
            import: import::Import::new(&ctx),
            data: data::Data::new(&ctx),
            settings: settings::Settings::new(&ctx),
            ctx,
            look,
            screen,
            shown: Shown::Workbench,
            back: Vec::new(),
            forward: Vec::new(),
            find: None,
            past: None,
            as_of: None,
            lock: None,
            present: None,
            now: None,
            told: Vec::new(),
            next_told: 0,
            undo: Undo::default(),
            detail: None,
            waiting: 0,
            to_review: 0,
            backups: backup::Watch::default(),
            road: road::Watch::default(),
        };
        desk.count();
        let (task, _) = desk.arrive(&Place::Workbench);
        let how = if desk.ctx.ledger.office.example { "示例单位，不用密码" } else { "" };
        let came = desk.note(Logged::new(DeedKind::SignIn, how));
        let backups = desk.read_backups();
        (desk, Task::batch([task, came, backups]))
    }

    /// What stands over the window.
    pub fn title(&self) -> String {
        format!("科报 · {}", self.ctx.ledger.office.name)
    }

    /// The surroundings of the screens.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// The place that shows.
    pub fn place(&self) -> Place {
        with_shown!(ref self, |screen, _wrap| screen.place())
    }

    /// Tells a problem of the start.
    pub fn warn(&mut self, problem: Problem) -> Task<Message> {
        self.tell_problem(problem);
        Task::none()
    }

    /// Time may have passed.
    pub fn tick(&mut self) -> Step {
        let before = self.ctx.today;
        self.ctx.tick();
        self.tell_now();
        let due = self.back_up_if_due();
        if self.ctx.today == before {
            return (due, None);
        }
        let (task, outcome) = self.refresh();
        (Task::batch([task, due]), outcome)
    }

    /// The window's look or size changed.
    pub fn relook(&mut self, look: Look, size: Size, screen: f32) -> Step {
        self.look = look;
        self.screen = screen;
        self.ctx.size = size;
        self.ctx.theme = look.theme(size, screen);
        self.tell_now();
        (Task::none(), None)
    }

    /// A file was dropped onto the window: the screen that shows may want it, else it is a list to be taken in.
    pub fn dropped(&mut self, file: PathBuf) -> Step {
        if self.lock.is_some() {
            return (Task::none(), None);
        }
        if let Err(problem) = self.ctx.permit(Permission::Import) {
            return self.event(Event::Failed(problem));
        }
        let wanted = with_shown!(ref self, |screen, wrap| screen.dropped(&file).map(wrap));
        if let Some(message) = wanted {
            return self.update(message);
        }
        let (going, outcome) = self.go(Place::Import);
        match self.import.dropped(&file) {
            Some(message) => {
                let (taking, _) = self.update(Message::Import(message));
                (Task::batch([going, taking]), outcome)
            }
            None => (going, outcome),
        }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Step {
        self.ctx.tick();
        let due = self.back_up_if_due();
        let (task, outcome) = self.take_in(message);
        self.tell_now();
        (Task::batch([task, due]), outcome)
    }

    fn take_in(&mut self, message: Message) -> Step {
        match message {
            Message::Workbench(message) => {
                let update = self.workbench.update(message, &self.ctx).map(Message::Workbench);
                self.follow(update)
            }
            Message::Firms(message) => {
                let update = self.firms.update(message, &self.ctx).map(Message::Firms);
                self.follow(update)
            }
            Message::Filings(message) => {
                let update = self.filings.update(message, &self.ctx).map(Message::Filings);
                self.follow(update)
            }
            Message::Review(message) => {
                let update =
                    self.review.update(message, around(&self.ctx, &self.now, Shown::Review)).map(Message::Review);
                self.follow(update)
            }
            Message::Shortlist(message) => {
                let update = self
                    .shortlist
                    .update(message, around(&self.ctx, &self.now, Shown::Shortlist))
                    .map(Message::Shortlist);
                self.follow(update)
            }
            Message::Import(message) => {
                let update =
                    self.import.update(message, around(&self.ctx, &self.now, Shown::Import)).map(Message::Import);
                self.follow(update)
            }
            Message::Data(message) => {
                let update = self.data.update(message, around(&self.ctx, &self.now, Shown::Data)).map(Message::Data);
                self.follow(update)
            }
            Message::Settings(message) => {
                let update =
                    self.settings.update(message, around(&self.ctx, &self.now, Shown::Settings)).map(Message::Settings);
                self.follow(update)
            }
            Message::Go(place) => self.go(place),
            Message::Back => self.step_back(),
            Message::Forward => self.step_forward(),
            Message::Year(year) => {
                if let Some(day) = self.ctx.db.day() {
                    return self.look_at(day, year);
                }
                let answer = self.ctx.db.load_ledger(year - 1);
                (self.ctx.ask(answer, move |ledger| Message::YearRead(year, ledger)), None)
            }
            // Somebody went to an earlier day meanwhile.
            Message::YearRead(..) if self.ctx.db.day().is_some() => (Task::none(), None),
            Message::YearRead(year, Ok(ledger)) => {
                self.ctx.year = year;
                self.ctx.ledger = ledger;
                self.count();
                self.refresh()
            }
            Message::YearRead(_, Err(problem)) => {
                self.tell_problem(problem);
                (Task::none(), None)
            }
            Message::OpenFind => {
                let own: Vec<Offer<Message>> = with_shown!(ref self, |screen, wrap| {
                    let offers = screen.offers(&self.ctx).into_iter();
                    offers.map(|Offer { icon, words, does }| Offer { icon, words, does: wrap(does) }).collect()
                });
                self.find = Some(Find::new(own, &self.ctx));
                (Find::focus(), None)
            }
            Message::Find(message) => self.find(message),
            Message::Past(message) => self.past(message),
            Message::AsOf(message) => self.as_of(message),
            Message::Lock(message) => self.at_lock(message),
            Message::Undo => self.take_back(Way::Undo),
            Message::Redo => self.take_back(Way::Redo),
            Message::TakeBack(action) => (self.undo_action(action, Way::Named(action)), None),
            Message::Undone(action, way, done) => self.undone(action, way, done),
            // Whoever looks at the log sees the new line.
            Message::Noted(Ok(())) if self.shown == Shown::Data => self.refresh(),
            Message::Remembered(Ok(())) | Message::Noted(Ok(())) | Message::Nothing => (Task::none(), None),
            Message::Remembered(Err(problem)) | Message::Noted(Err(problem)) => {
                self.tell_problem(problem);
                (Task::none(), None)
            }
            Message::Printed(done) => self.follow(done.tell()),
            Message::PrintHistory(Ok(file)) => match *file {
                Some(file) => self.follow(Update::print(print::pages::history(&file, &self.ctx))),
                None => (Task::none(), None),
            },
            Message::PrintHistory(Err(problem)) => self.event(Event::Failed(problem)),
            Message::Backups(state) => self.backups_read(state),
            Message::BackedUp(done) => self.backed_up(done),
            Message::CloseTold(id) => {
                self.told.retain(|told| told.id != id);
                (Task::none(), None)
            }
            Message::OpenTold(id) => {
                let place = self.told.iter().find(|told| told.id == id).and_then(|told| told.open.clone());
                self.told.retain(|told| told.id != id);
                place.map_or_else(|| (Task::none(), None), |place| self.go(place))
            }
            Message::Road(message) => self.road(message),
            Message::Detail(id) => {
                self.detail = self.told.iter().find(|told| told.id == id).and_then(|told| told.problem.clone());
                (Task::none(), None)
            }
            Message::CloseDetail => {
                self.detail = None;
                (Task::none(), None)
            }
            Message::Dark(dark) => self.change_look(Look { dark, ..self.look }),
            Message::Larger(larger) => self.change_look(self.look.stepped(larger)),
            Message::Fold(folded) => {
                self.ctx.folded = Some(folded);
                (self.remember(FOLDED, serde_json::to_string(&folded).unwrap_or_default()), None)
            }
            Message::SignOut => {
                let left = self.leave_now().unwrap_or_else(Task::none);
                let gone = Task::batch([self.note(Logged::new(DeedKind::SignOut, "")), left]);
                self.ctx.db.forget_keys();
                let Ctx { db, habits, .. } = self.ctx.clone();
                let db = db.looking_at_now();
                let ledger = db.ledger();
                (gone, Some(Outcome::SignedOut(Opened { db, ledger, habits, seated: None, key: None, after: None })))
            }
        }
    }

    /// A key nobody took.
    pub fn key(&mut self, pressed: &crate::ui::root::Pressed) -> Step {
        let message = if self.lock.is_some() { self.locked_key(pressed) } else { self.shortcut(pressed) };
        match message {
            Some(message) => self.update(message),
            None => (Task::none(), None),
        }
    }

    /// Toasts go by themselves.
    pub fn subscription(&self) -> Subscription<Message> {
        let toasts = self.told.iter().filter(|told| told.goes).map(|told| told::clock(told.id));
        Subscription::batch(toasts.chain(self.looks()))
    }

    fn arrive(&mut self, place: &Place) -> Step {
        self.shown = match place {
            Place::Workbench => Shown::Workbench,
            Place::Firms { .. } | Place::NewFirm => Shown::Firms,
            Place::Filings { .. } | Place::NewFiling { .. } => Shown::Filings,
            Place::Review { .. } => Shown::Review,
            Place::Shortlist(_) => Shown::Shortlist,
            Place::Import => Shown::Import,
            Place::Data(_) | Place::Answer(_) | Place::Pack(_) | Place::Package(_) => Shown::Data,
            Place::Settings(_) => Shown::Settings,
        };
        let update =
            with_shown!(self, |screen, wrap| screen.arrive(place, around(&self.ctx, &self.now, self.shown)).map(wrap));
        self.follow(update)
    }

    fn go(&mut self, place: Place) -> Step {
        self.find = None;
        if let Some(Err(problem)) = place.needs().map(|permission| self.ctx.permit(permission)) {
            return self.event(Event::Failed(problem));
        }
        let here = self.place();
        if here != place {
            self.back.push(here);
            if self.back.len() > STEPS {
                self.back.remove(0);
            }
            self.forward.clear();
        }
        self.arrive(&place)
    }

    fn step_back(&mut self) -> Step {
        let Some(place) = self.back.pop() else { return (Task::none(), None) };
        self.forward.push(self.place());
        self.arrive(&place)
    }

    fn step_forward(&mut self) -> Step {
        let Some(place) = self.forward.pop() else { return (Task::none(), None) };
        self.back.push(self.place());
        self.arrive(&place)
    }

    /// Something was written: lists show it.
    fn reread(&mut self) -> Step {
        self.was_written();
        self.ctx.ledger = self.ctx.db.ledger();
        self.count();
        self.refresh()
    }

    fn count(&mut self) {
        let waiting = |ctx: &Ctx, groups: &[StatusGroup]| {
            let this_year =
                |filing: &FilingRow| ctx.ledger.edition_of(filing).is_some_and(|edition| edition.year == ctx.year);
            ctx.ledger.filings().filter(|filing| groups.contains(&filing.group()) && this_year(filing)).count()
        };
        self.waiting = waiting(&self.ctx, &[StatusGroup::Ours, StatusGroup::Split]);
        self.to_review = waiting(around(&self.ctx, &self.now, Shown::Review), &[StatusGroup::Ours]);
    }

    fn refresh(&mut self) -> Step {
        let update =
            with_shown!(self, |screen, wrap| screen.refresh(around(&self.ctx, &self.now, self.shown)).map(wrap));
        self.follow(update)
    }

    /// The stop on the rail that is lit.
    fn stop(&self) -> Stop {
        self.place().stop()
    }
}
