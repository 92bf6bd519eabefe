//! 审核: what waits at our own desk, one filing after the other: the queue, what is reviewed, the decision, side by side.
//! The queue's order is the ledger's, what differs is the domain's, which decisions there are is the stage machine's; here stands
//! what is shown, typed and asked. A decision made here is the same event as one made on the filing's page.
//! No SQL, and no stage, program or item of a form by name.

mod band;
mod content;
mod deciding;
mod drafts;
mod expert;
mod list;
mod materials;
mod middle;
mod opening;
mod panel;
mod queue;
mod room;
mod routing;
mod sheet;
mod transfer;

use iced::Task;
use iced::keyboard::Key;
use iced::keyboard::Modifiers;
use iced::keyboard::key::Named;

use super::assign::{self, AssignForm};
use super::ctx::Ctx;
use super::filings::moving::Step;
use super::notices;
use super::place::Place;
use super::screen::{Offer, Screen};
use super::update::{Event, Update};
use crate::domain::Result;
use crate::domain::defect::Phrase;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::domain::review::conflicts::Tie;
use crate::domain::review::tally::{Standing, Tally};
use crate::domain::review::{ReviewForm, opinion};
use crate::store::Done;
use crate::store::ledger::FilingFilter;
use crate::store::packages::PackageRow;
use crate::store::queries::{Decided, FilingFile, ReviewFile};
use crate::ui::Element;
use crate::ui::Tone;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::widget::{area, queue as line};
use band::Package;
use content::{Content, Tab};
pub use deciding::Meant;
use deciding::{Last, Taken};
use drafts::{Draft, Drafts};
use queue::Queue;
use room::Room;

/// The queue, by which the keyboard is given to it.
const QUEUE: &str = "review.queue";
/// What it lies in.
const LIST: &str = "review.list";
/// The search above it.
const SEARCH: &str = "review.search";
/// 处理意见.
const OPINION: &str = "review.opinion";

/// The screen.
pub struct Review {
    queue: Queue,
    /// Who sits here.
    user: RecordId,
    /// The working year the filter was made for.
    year: i32,
    /// The filing that is looked at, once it was read.
    content: Option<Content>,
    tab: Tab,
    /// The difference F4 stopped at.
    difference: usize,
    /// What can be done with it, and with everything ticked.
    steps: Vec<Step>,
    bulk: Vec<Step>,
    phrases: Vec<Phrase>,
    tally: Option<Tally>,
    /// What ties whoever sits here to the firm.
    ties: Vec<Tie>,
    materials: materials::Sheet,
    drafts: Drafts,
    /// Drafts that became decisions, the last one at the end, should one be taken back.
    taken: Vec<Taken>,
    last: Option<Last>,
    package: Option<Package>,
    package_counts: Option<(usize, usize)>,
    dialog: Option<Dialog>,
    /// The folded queue shows in the content's place.
    listed: bool,
    /// Where the menu of what is chosen hangs.
    menu: Option<iced::Point>,
    problem: Option<crate::domain::Problem>,
    /// A decision is being written.
    busy: bool,
    /// This one opened by itself and has not been seen yet.
    settling: Option<RecordId>,
    /// The next one is to open by itself.
    advance: bool,
    /// What was looked at lies with somebody else now.
    passed_on: bool,
    /// The last question asked; older answers are dropped.
    asked: u64,
    reading: u64,
}

/// What lies above the screen.
enum Dialog {
    Expert(Box<expert::Expert>),
    Transfer(transfer::Transfer),
    Assign(AssignForm),
}

/// What people and answers do to the screen.
#[derive(Debug, Clone)]
pub enum Message {
    Press(usize, Modifiers),
    /// So many places on; with Shift everything on the way is ticked.
    Move(i32, bool),
    /// Where the queue is folded: shows it, or what is looked at.
    List(bool),
    Tick,
    TickAll,
    Untick,
    Search,
    Filter(queue::Change),
    Loaded(u64, Result<Option<Box<ReviewFile>>>),
    Ties(u64, Result<Vec<Tie>>),
    Day(Result<(Vec<Decided>, Vec<PackageRow>)>),
    Drafts(Result<Option<String>>),
    Kept(Result<()>),
    Tab(Tab),
    /// The next tab, or the one before.
    NextTab(bool),
    Difference(bool),
    Materials(materials::Message),
    Opinion(area::Action),
    ToOpinion,
    Phrase(usize),
    Until(String),
    Sheet(sheet::Edit),
    SaveSheet,
    Reviewed(Result<Done<Hash>>),
    /// What is to become of what it was meant for, and of nothing else.
    Decide(Meant, Effect),
    Moved(Box<Last>, Result<Done<usize>>),
    /// What opened by itself has stood there long enough.
    Settled(RecordId),
    OpenExpert,
    Recuse,
    Expert(expert::Message),
    OpenTransfer,
    Transfer(transfer::Message),
    /// 分派审核人: of what is ticked, else of what is looked at.
    Assign(assign::Message),
    /// 打包送审: the same.
    Pack,
    /// The menu of a line.
    Menu(usize, iced::Point),
    CloseMenu,
    CopyNotice,
    WriteNotice,
    PrintNotice,
    /// The return it is about was read for its notice.
    Noticed(Take, Result<Option<Box<FilingFile>>>),
    NoticeWritten(RecordId, Result<std::path::PathBuf>),
    /// The same of several returned at once.
    AllNoticed(Result<Vec<FilingFile>>),
    AllWritten(Vec<(RecordId, Result<std::path::PathBuf>)>),
    Go(Place),
    /// The filing's own page.
    Page,
    CloseDialog,
    Confirm,
}

/// What becomes of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    Copy,
    Write,
    Print,
}

impl Review {
    /// Nothing asked for yet.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            queue: Queue::new(ctx.year),
            user: ctx.user,
            year: ctx.year,
            content: None,
            tab: Tab::default(),
            difference: 0,
            steps: Vec::new(),
            bulk: Vec::new(),
            phrases: Vec::new(),
            tally: None,
            ties: Vec::new(),
            materials: materials::Sheet::default(),
            drafts: Drafts::default(),
            taken: Vec::new(),
            last: None,
            package: None,
            package_counts: None,
            dialog: None,
            listed: false,
            menu: None,
            problem: None,
            busy: false,
            settling: None,
            advance: false,
            passed_on: false,
            asked: 0,
            reading: 0,
        }
    }

    /// A number for a question.
    fn ask_number(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// Whether a content is that of the filing looked at.
    fn is_open(&self, content: &Content) -> bool {
        Some(content.read.file.filing.id) == self.queue.current
    }

    /// Whether the queue lies where what is looked at would show.
    fn is_covered(&self, ctx: &Ctx) -> bool {
        self.listed && Room::of(ctx).folded
    }

    /// The form of what is looked at.
    fn form(&self) -> Option<&'static ReviewForm> {
        self.content.as_ref()?.read.file.form
    }

    fn reviews(&self) -> &[Standing] {
        self.content.as_ref().map_or(&[], |content| content.read.file.reviews.as_slice())
    }

    /// The review of whoever sits here, as it stands.
    fn own_review(&self) -> Option<&Standing> {
        self.reviews().iter().find(|review| review.given.reviewer.user == Some(self.user))
    }

    /// Where a phrase is written: on what is ticked, else on what is looked at.
    fn draft(&mut self) -> Option<&mut Draft> {
        if !self.queue.ticked.is_empty() {
            return Some(&mut self.drafts.ticked);
        }
        let id = self.queue.current?;
        Some(self.drafts.of(id))
    }

    fn insert(&mut self, n: usize, ctx: &Ctx) -> Update<Message> {
        let Some(phrase) = self.phrases.get(n).cloned() else { return Update::none() };
        let known = self.content.as_ref().and_then(|content| content.read.file.known);
        let (Some((_, version)), Some(draft)) = (known, self.draft()) else { return Update::none() };
        let words = opinion::toggle(&draft.words(), &phrase, version);
        draft.write(&words);
        self.problem = None;
        self.drafts.keep(ctx).into()
    }

    fn turn_tab(&mut self, forward: bool) {
        let Some(content) = &self.content else { return };
        let tabs = content.tabs();
        let at = tabs.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        let to = if forward { (at + 1) % tabs.len() } else { (at + tabs.len() - 1) % tabs.len() };
        self.tab = tabs[to].0;
    }

    fn turn_difference(&mut self, forward: bool) -> Update<Message> {
        let Some(content) = &self.content else { return Update::none() };
        if content.differences == 0 {
            return Update::told(Tone::Quiet, "和上一轮没有差异");
        }
        let was_there = self.tab == Tab::Differences;
        self.tab = Tab::Differences;
        if was_there {
            let all = content.differences;
            self.difference = if forward { (self.difference + 1) % all } else { (self.difference + all - 1) % all };
        }
        line::reveal(middle::SCROLL, middle::difference_id(self.difference)).into()
    }

    /// The filings whose notices are meant: the returned one looked at, else those returned last.
    fn notices_of(&self) -> Vec<RecordId> {
        if let Some(done) = self.queue.decided().filter(|done| done.effect == Effect::Return) {
            return vec![done.filing];
        }
        let last = self.last.as_ref().filter(|last| last.effect == Effect::Return);
        last.map(|last| last.ids.clone()).unwrap_or_default()
    }

    fn ask_notice(&self, take: Take, ctx: &Ctx) -> Update<Message> {
        match (self.notices_of().as_slice(), take) {
            ([], _) => Update::told(Tone::Quiet, "今天还没有退回的申报；在“已审”里点一件退回的，也能出补正通知"),
            ([id], _) => ctx
                .ask(ctx.db.filing(*id), move |file| Message::Noticed(take, file.map(|file| file.map(Box::new))))
                .into(),
            (many, Take::Write) => {
                if let Err(problem) = ctx.permit(Permission::Export) {
                    return problem.into();
                }
                let files: Vec<_> = many.iter().map(|id| ctx.db.filing(*id)).collect();
                let read = async move {
                    let mut all = Vec::new();
                    for file in files {
                        all.extend(file.await?);
                    }
                    Ok(all)
                };
                Task::perform(read, Message::AllNoticed).into()
            }
            (many, _) => Update::told(
                Tone::Quiet,
                format!("上一步退回了 {} 件：Alt W 都写成 Word；要复制、打印，在“今天已审”里打开那一件", many.len()),
            ),
        }
    }
}

impl Screen for Review {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        self.dialog = None;
        let mut wanted = None;
        if let Place::Review { filter, open } = place {
            let year = filter.year.or(Some(ctx.year));
            self.queue.filter = FilingFilter { year, ..filter.clone() };
            wanted = *open;
        }
        self.year = ctx.year;
        self.last = None;
        if let Some(id) = wanted {
            self.turn_to(id);
        }
        // What was taken back elsewhere has its draft again; what is looked at is for whoever comes here to say.
        self.queue.reload(ctx);
        let (_, kept) = self.came_back(ctx);
        let drafts = Task::batch([self.drafts.load(ctx), kept]);
        let update = self.reload(ctx);
        let shown = self.queue.stretch().map_or_else(Task::none, |(from, to)| line::show(LIST, from, to));
        let focus = iced::widget::operation::focus(QUEUE);
        update.and(Task::batch([drafts, self.load_day(ctx), focus, shown]).into())
    }

    fn place(&self) -> Place {
        Place::Review { filter: self.queue.filter.clone(), open: self.queue.current }
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        if self.year != ctx.year {
            self.year = ctx.year;
            self.queue.change(queue::Change::Clear);
            self.queue.filter.year = Some(ctx.year);
        }
        self.reload(ctx).and(self.load_day(ctx).into())
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        // What is only an answer to a question leaves an open menu where it is.
        if !matches!(message, Message::Loaded(..) | Message::Ties(..) | Message::Settled(_)) {
            self.menu = None;
        }
        match message {
            Message::Press(at, modifiers) => {
                let to = self.queue.press(at, modifiers);
                self.reckon_bulk(ctx);
                self.listed &= to.is_none() || modifiers.shift();
                to.map_or_else(Update::none, |id| self.open(id, ctx))
            }
            Message::Move(by, ticking) => {
                let Some(to) = self.queue.beyond(by) else { return Update::none() };
                if ticking {
                    self.queue.tick_to(to);
                    self.reckon_bulk(ctx);
                }
                self.open(to, ctx)
            }
            Message::List(shown) => {
                self.listed = shown;
                let line = self.queue.stretch().filter(|_| shown);
                let line = line.map_or_else(Task::none, |(from, to)| line::show(LIST, from, to));
                Task::batch([line, iced::widget::operation::focus(QUEUE)]).into()
            }
            Message::Tick => {
                self.queue.tick();
                self.reckon_bulk(ctx);
                Update::none()
            }
            Message::TickAll => {
                self.queue.tick_all();
                self.reckon_bulk(ctx);
                Update::none()
            }
            Message::Untick => {
                self.queue.untick();
                self.reckon_bulk(ctx);
                Update::task(iced::widget::operation::focus(QUEUE))
            }
            Message::Search => {
                self.listed = true;
                Update::task(iced::widget::operation::focus(SEARCH))
            }
            Message::Filter(change) => {
                self.queue.change(change);
                self.reload(ctx)
            }
            Message::Loaded(asked, _) if asked != self.reading => Update::none(),
            Message::Loaded(_, Ok(Some(read))) => self.loaded(*read, ctx),
            Message::Loaded(_, Ok(None)) => {
                self.content = None;
                Update::told(Tone::Warn, "找不到这件申报，它可能已被撤销")
            }
            Message::Loaded(_, Err(problem)) => problem.into(),
            Message::Ties(asked, Ok(ties)) if asked == self.reading => {
                self.ties = ties;
                Update::none()
            }
            Message::Ties(_, Ok(_)) => Update::none(),
            Message::Ties(_, Err(problem)) => problem.into(),
            Message::Day(Ok((done, packages))) => {
                self.package = Package::find(&packages);
                let same = self.queue.done == done;
                self.queue.done = done;
                self.count_package(ctx);
                if same {
                    return Update::none();
                }
                self.queue.reload(ctx);
                Update::none()
            }
            Message::Day(Err(problem)) => problem.into(),
            Message::Drafts(Ok(kept)) => {
                self.drafts.loaded(kept);
                Update::none()
            }
            Message::Kept(Ok(())) => self.drafts.kept(ctx).into(),
            Message::Drafts(Err(problem)) => problem.into(),
            Message::Kept(Err(problem)) => {
                let again = self.drafts.kept(ctx);
                Update::from(problem).and(again.into())
            }
            Message::Tab(tab) => {
                self.tab = tab;
                Update::task(iced::widget::operation::focus(QUEUE))
            }
            Message::NextTab(forward) => {
                self.turn_tab(forward);
                Update::none()
            }
            Message::Difference(forward) => self.turn_difference(forward),
            Message::Materials(message) => self.on_materials(message, ctx),
            Message::Opinion(action) => {
                let edits = action.is_edit();
                if let Some(draft) = self.draft() {
                    draft.opinion.perform(action);
                }
                if !edits {
                    return Update::none();
                }
                self.problem = None;
                self.drafts.keep(ctx).into()
            }
            Message::ToOpinion => crate::ui::focus::to(OPINION).into(),
            Message::Phrase(n) => self.insert(n, ctx),
            Message::Until(typed) => {
                self.problem = None;
                if let Some(draft) = self.draft() {
                    draft.until = typed;
                }
                self.drafts.keep(ctx).into()
            }
            Message::Sheet(edit) => {
                self.problem = None;
                let form = self.form().filter(|_| self.recused().is_none());
                if let (Some(form), Some(id)) = (form, self.queue.current) {
                    sheet::edit(&mut self.drafts.of(id).sheet, form, edit);
                }
                self.drafts.keep(ctx).into()
            }
            Message::SaveSheet => self.save_sheet(ctx),
            Message::Reviewed(Ok(done)) => {
                self.busy = false;
                Update::saved(&done, done.name.clone())
            }
            Message::Reviewed(Err(problem)) => {
                self.busy = false;
                self.problem = Some(problem);
                Update::none()
            }
            Message::Decide(meant, effect) => self.decide(meant, effect, ctx),
            Message::Moved(last, done) => self.moved(*last, done, ctx),
            Message::Settled(id) => {
                if self.settling == Some(id) {
                    self.settling = None;
                }
                Update::none()
            }
            Message::OpenExpert => self.open_expert(false, ctx),
            Message::Recuse => self.open_expert(true, ctx),
            Message::Expert(message) => self.on_expert(message, ctx),
            Message::OpenTransfer => self.open_transfer(ctx),
            Message::Transfer(message) => self.on_transfer(message, ctx),
            Message::Assign(message) => self.assigning(message, ctx),
            Message::Pack => match self.chosen() {
                chosen if chosen.is_empty() => Update::told(Tone::Warn, "没有可以送审的申报"),
                chosen => Update::event(Event::Go(Place::Pack(chosen))),
            },
            Message::Menu(line, at) => {
                let Some(queue::Entry::Filing(id)) = self.queue.entries.get(line).cloned() else {
                    return Update::none();
                };
                self.menu = Some(at);
                // The menu is about what is ticked where the line is one of it, else about the line alone.
                if self.queue.ticked.contains(&id) {
                    return Update::none();
                }
                self.queue.untick();
                self.reckon_bulk(ctx);
                self.open(id, ctx)
            }
            Message::CloseMenu => Update::none(),
            Message::CopyNotice => self.ask_notice(Take::Copy, ctx),
            Message::WriteNotice => self.ask_notice(Take::Write, ctx),
            Message::PrintNotice => self.ask_notice(Take::Print, ctx),
            Message::Noticed(take, Ok(file)) => {
                let notice = file.and_then(|file| notices::notice(&file, ctx));
                let Some(notice) = notice else {
                    return Update::told(Tone::Warn, "这次退回已经不在了，没有补正通知");
                };
                let id = notice.filing;
                match take {
                    Take::Copy => notices::copy(notice),
                    Take::Print => notices::print(notice),
                    Take::Write => notices::write(notice, ctx, move |written| Message::NoticeWritten(id, written)),
                }
            }
            Message::Noticed(_, Err(problem)) => problem.into(),
            Message::NoticeWritten(id, written) => notices::written(id, written),
            Message::AllNoticed(Ok(files)) => {
                let all: Vec<_> = files.iter().filter_map(|file| notices::notice(file, ctx)).collect();
                if all.is_empty() {
                    return Update::told(Tone::Warn, "这次退回已经不在了，没有补正通知");
                }
                Task::perform(notices::write_all(all), Message::AllWritten).into()
            }
            Message::AllNoticed(Err(problem)) => problem.into(),
            Message::AllWritten(all) => notices::all_written(all),
            Message::Go(place) => Update::event(Event::Go(place)),
            Message::Page => {
                let Some(row) = self.queue.current.and_then(|id| ctx.ledger.filing(id)) else { return Update::none() };
                let edition = ctx.ledger.edition_of(row);
                let filter = FilingFilter {
                    edition: edition.map(|edition| edition.id),
                    program: edition.map(|edition| edition.program.clone()),
                    year: edition.map(|edition| edition.year),
                    ..FilingFilter::default()
                };
                Update::event(Event::Go(Place::Filings { filter, open: Some(row.id) }))
            }
            Message::CloseDialog => {
                self.dialog = None;
                Update::task(iced::widget::operation::focus(QUEUE))
            }
            Message::Confirm => match &self.dialog {
                Some(Dialog::Expert(_)) => self.on_expert(expert::Message::Save, ctx),
                Some(Dialog::Transfer(_)) => self.on_transfer(transfer::Message::Save, ctx),
                Some(Dialog::Assign(_)) => self.assigning(assign::Message::Save, ctx),
                None => Update::none(),
            },
        }
    }

    fn key(&self, pressed: &Pressed, ctx: &Ctx) -> Option<Message> {
        if self.dialog.is_some() {
            return (pressed.key == Key::Named(Named::Enter)).then_some(Message::Confirm);
        }
        let (ctrl, alt, shift) = (pressed.modifiers.command(), pressed.modifiers.alt(), pressed.modifiers.shift());
        let decide = |effect| {
            // A key held down repeats itself, and would decide one after the other.
            if pressed.repeat { None } else { Some(Message::Decide(self.meant()?, effect)) }
        };
        match (&pressed.key, pressed.latin) {
            (Key::Named(Named::PageDown), _) if ctrl => Some(Message::NextTab(true)),
            (Key::Named(Named::PageUp), _) if ctrl => Some(Message::NextTab(false)),
            (Key::Named(Named::F6), _) => decide(Effect::Pass),
            (Key::Named(Named::F7), _) => decide(Effect::Return),
            (Key::Named(Named::F8), _) => decide(Effect::Decline),
            (Key::Named(Named::F9), _) => (!pressed.repeat).then_some(Message::OpenTransfer),
            (Key::Named(Named::F5), _) => Some(Message::ToOpinion),
            (Key::Named(Named::Escape), _) if self.tab == Tab::Materials && self.is_marking() => {
                Some(Message::Materials(materials::Message::Cancel))
            }
            (Key::Named(Named::Enter), _) if self.is_covered(ctx) => Some(Message::List(false)),
            _ if self.tab == Tab::Materials && self.material_key(pressed).is_some() => self.material_key(pressed),
            (Key::Named(Named::F4), _) => Some(Message::Difference(!shift)),
            (Key::Named(Named::ArrowDown), _) if !ctrl && !alt => Some(Message::Move(1, shift)),
            (Key::Named(Named::ArrowUp), _) if !ctrl && !alt => Some(Message::Move(-1, shift)),
            (Key::Named(Named::PageDown), _) => Some(Message::Move(10, shift)),
            (Key::Named(Named::PageUp), _) => Some(Message::Move(-10, shift)),
            (Key::Named(Named::Home), _) => Some(Message::Move(i32::MIN, shift)),
            (Key::Named(Named::End), _) => Some(Message::Move(i32::MAX, shift)),
            (Key::Named(Named::Space), _) => Some(Message::Tick),
            (Key::Named(Named::Escape), _) if !self.queue.ticked.is_empty() => Some(Message::Untick),
            (_, Some('a')) if ctrl => Some(Message::TickAll),
            (_, Some('f')) if ctrl => Some(Message::Search),
            (_, Some('s')) if ctrl => Some(Message::SaveSheet),
            (_, Some('o')) if ctrl => Some(Message::Page),
            (_, Some('c')) if alt => Some(Message::CopyNotice),
            (_, Some('w')) if alt => Some(Message::WriteNotice),
            (_, Some('y')) if alt => Some(Message::PrintNotice),
            (_, Some('0')) if alt => Some(Message::Sheet(sheet::Edit::RestYes)),
            (_, Some('e')) if alt => Some(Message::OpenExpert),
            (_, Some('a')) if alt => Some(Message::Assign(assign::Message::Open)),
            (_, Some('l')) if alt && Room::of(ctx).folded => Some(Message::List(!self.listed)),
            (_, Some('p')) if alt => Some(Message::Pack),
            (_, Some('r')) if alt => Some(Message::Recuse),
            (_, Some(digit @ '1'..='9')) if alt => Some(Message::Phrase(digit as usize - '1' as usize)),
            _ => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        self.page(ctx)
    }

    fn offers(&self, ctx: &Ctx) -> Vec<Offer<Message>> {
        let count = self.chosen().len();
        if self.dialog.is_some() || count == 0 {
            return Vec::new();
        }
        let open = Message::Assign(assign::Message::Open);
        let assign = Offer::new(Icon::UserPlus, format!("分派审核人（{count} 件）"), open);
        let pack = Offer::new(Icon::Package, format!("打包送审（{count} 件）"), Message::Pack);
        let assign = ctx.may(Permission::Assign).then_some(assign);
        assign.into_iter().chain(ctx.may(Permission::Exchange).then_some(pack)).collect()
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let sheet = match self.dialog.as_ref()? {
            Dialog::Expert(expert) => expert.view(ctx),
            Dialog::Transfer(transfer) => transfer.view(ctx),
            Dialog::Assign(form) => form.view(Message::Assign),
        };
        Some((sheet, Message::CloseDialog))
    }
}
