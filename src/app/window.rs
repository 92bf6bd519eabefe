//! The whole window as a state: opening, first run, signing in, the desk, or a screen that says what to do.

use std::path::PathBuf;

use iced::{Size, Subscription, Task};

use super::desk::{self, Desk};
use super::idle;
use super::look::{self, Look};
use super::opening::{After, Opened, Opening, Site};
use super::place::Place;
use super::start::change::{self, Change};
use super::start::first_run::{self, FirstRun};
use super::start::join::{self, Join};
use super::start::key::{self, KeyPage};
use super::start::new_password::NewPassword;
use super::start::recover::{self, Recover};
use super::start::sign_in::{self, SignIn};
use super::start::{broken, frame};
use crate::domain::{Problem, Result};
use crate::store::accounts::Recovered;
use crate::ui::root::{Pressed, Root};
use crate::ui::{Element, Theme};

/// Everything that can happen to the window.
#[derive(Debug, Clone)]
pub enum Message {
    Opened(Result<Opened>),
    FirstRun(first_run::Message),
    Join(join::Message),
    SignIn(sign_in::Message),
    Change(change::Message),
    Recover(recover::Message),
    Paper(key::Message),
    Desk(desk::Message),
    /// A key nobody took.
    Key(Pressed),
    Resized(Size),
    /// The window is there, of this size.
    Appeared(Size),
    /// The screen's own scale.
    Rescaled(f32),
    /// Somebody looks at the window again; time may have passed.
    Focused,
    /// Nobody was there for too long.
    Idle,
    Dropped(PathBuf),
    /// Somebody closes the window.
    CloseAsked,
    /// What had to be done before is done.
    Last(Box<desk::Message>),
    /// The log has it, or could not; or all of it took too long.
    Close,
    /// Try again after a problem at the start.
    Again,
    /// Makes the tables again from the journal after a start that failed.
    Rebuild,
}

impl Message {
    /// Somebody goes to the firms.
    pub fn go_firms() -> Self {
        Self::Desk(desk::Message::Go(Place::firms()))
    }

    /// Somebody goes to the filings of a year; of all years where none is said.
    pub fn go_filings(year: Option<i32>) -> Self {
        let filter = crate::store::ledger::FilingFilter { year, ..Default::default() };
        Self::Desk(desk::Message::Go(Place::Filings { filter, open: None }))
    }

    /// Somebody goes to what waits for review in a working year.
    pub fn go_review(year: i32) -> Self {
        Self::Desk(desk::Message::Go(Place::review(year)))
    }
}

/// The window's state.
pub struct Window {
    site: Option<Site>,
    stage: Stage,
    look: Look,
    /// Its inside, in logical pixels of the zoom in force.
    size: Size,
    screen: f32,
    warning: Option<Problem>,
    /// Somebody joins an office that is there already.
    joining: bool,
    /// It was closed: the log is being told, and what is new is being left.
    closing: bool,
}

enum Stage {
    Opening,
    /// A backup is taking the present's place.
    Restoring,
    FirstRun(FirstRun),
    Join(Box<Join>),
    SignIn(SignIn),
    /// A password that must be set anew before anything else.
    Change(Change),
    Recover(Recover),
    /// A recovery key is shown.
    Key(KeyPage),
    Desk(Box<Desk>),
    Broken(Problem),
}

/// How large the window is until it says so itself.
pub const USUAL: Size = Size::new(1366.0, 768.0);

impl Window {
    /// A window whose office is being opened. `warning` is told once the desk is there.
    pub fn new(site: Result<Site>, opening: Option<Opening>, warning: Option<Problem>) -> (Self, Task<Message>) {
        let (site, stage) = match site {
            Ok(site) => (Some(site), Stage::Opening),
            Err(problem) => (None, Stage::Broken(problem)),
        };
        let window = Self {
            site,
            stage,
            look: Look::default(),
            size: USUAL,
            screen: 1.0,
            warning,
            joining: false,
            closing: false,
        };
        let task = opening.map_or_else(Task::none, await_opening);
        (window, task)
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Opened(opened) => self.opened(opened),
            Message::Resized(size) => {
                self.size = size;
                self.relook()
            }
            Message::Appeared(size) => {
                self.size = size;
                let screen = iced::window::latest().and_then(iced::window::scale_factor).map(Message::Rescaled);
                Task::batch([self.relook(), screen])
            }
            Message::Rescaled(scale) => {
                self.screen = scale;
                self.relook()
            }
            Message::Again => match &self.site {
                Some(site) => {
                    self.stage = Stage::Opening;
                    await_opening(site.open())
                }
                None => Task::none(),
            },
            Message::Rebuild => match &self.site {
                Some(site) => {
                    self.stage = Stage::Opening;
                    await_opening(site.rebuild())
                }
                None => Task::none(),
            },
            Message::FirstRun(message) => {
                let (Stage::FirstRun(first), Some(site)) = (&mut self.stage, &self.site) else { return Task::none() };
                match first.update(message) {
                    first_run::Outcome::Task(task) => task.map(Message::FirstRun),
                    first_run::Outcome::Found { office, name, password } => {
                        await_opening(site.found(office, name, password))
                    }
                    first_run::Outcome::Example => await_opening(site.example()),
                    first_run::Outcome::Join => {
                        self.joining = true;
                        await_opening(site.open())
                    }
                }
            }
            Message::Join(message) => {
                let Stage::Join(join) = &mut self.stage else { return Task::none() };
                match join.update(message) {
                    join::Outcome::Task(task) => task.map(Message::Join),
                    join::Outcome::Seated(opened, user) => {
                        self.joining = false;
                        self.sit_down(opened, user)
                    }
                    join::Outcome::Back => {
                        self.joining = false;
                        // The office is let go and opened again, so that founding has it to itself.
                        self.stage = Stage::Opening;
                        self.site.as_ref().map_or_else(Task::none, |site| await_opening(site.open()))
                    }
                }
            }
            Message::SignIn(message) => {
                let Stage::SignIn(sign_in) = &mut self.stage else { return Task::none() };
                match sign_in.update(message) {
                    sign_in::Outcome::Task(task) => task.map(Message::SignIn),
                    sign_in::Outcome::Signed(user) => {
                        let opened = sign_in.opened().clone();
                        self.sit_down(opened, user)
                    }
                    sign_in::Outcome::MustChange(user, old) => {
                        self.stage = Stage::Change(Change::new(sign_in.opened().clone(), user, old));
                        NewPassword::focus()
                    }
                    sign_in::Outcome::Recover => {
                        self.stage = Stage::Recover(Recover::new(sign_in.opened().clone()));
                        Recover::focus().map(Message::Recover)
                    }
                }
            }
            Message::Change(message) => {
                let Stage::Change(change) = &mut self.stage else { return Task::none() };
                match change.update(message) {
                    change::Outcome::Task(task) => task.map(Message::Change),
                    change::Outcome::Signed(opened, user) => self.sit_down(opened, user),
                    change::Outcome::Back(opened) => self.ask_to_sign_in(opened),
                }
            }
            Message::Recover(message) => {
                let Stage::Recover(recover) = &mut self.stage else { return Task::none() };
                match recover.update(message) {
                    recover::Outcome::Task(task) => task.map(Message::Recover),
                    recover::Outcome::Recovered(opened, Recovered { user, key }) => {
                        self.stage = Stage::Key(KeyPage::new(opened, user, key));
                        Task::none()
                    }
                    recover::Outcome::Back(opened) => self.ask_to_sign_in(opened),
                }
            }
            Message::Paper(key::Message::Kept) => {
                let Stage::Key(page) = &self.stage else { return Task::none() };
                let (opened, user) = (page.opened.clone(), page.user);
                self.sit_down(opened, user)
            }
            Message::Paper(message) => match &mut self.stage {
                Stage::Key(page) => page.update(message).map(Message::Paper),
                _ => Task::none(),
            },
            Message::Desk(message) => self.at_desk(|desk| desk.update(message)),
            Message::Key(pressed) => match &mut self.stage {
                Stage::Desk(_) => self.at_desk(|desk| desk.key(&pressed)),
                Stage::FirstRun(first) => match first.key(&pressed) {
                    Some(message) => self.update(Message::FirstRun(message)),
                    None => Task::none(),
                },
                Stage::Join(join) => match join.key(&pressed) {
                    Some(message) => self.update(Message::Join(message)),
                    None => Task::none(),
                },
                Stage::SignIn(sign_in) => match sign_in.key(&pressed) {
                    Some(message) => self.update(Message::SignIn(message)),
                    None => Task::none(),
                },
                Stage::Change(change) => match change.key(&pressed) {
                    Some(message) => self.update(Message::Change(message)),
                    None => Task::none(),
                },
                Stage::Recover(recover) => match recover.key(&pressed) {
                    Some(message) => self.update(Message::Recover(message)),
                    None => Task::none(),
                },
                Stage::Opening | Stage::Restoring | Stage::Key(_) | Stage::Broken(_) => Task::none(),
            },
            Message::Focused if idle::is_over() => self.at_desk(Desk::idle),
            Message::Focused => self.at_desk(Desk::tick),
            Message::Idle => self.at_desk(Desk::idle),
            Message::CloseAsked if self.closing => iced::exit(),
            Message::CloseAsked => self.close(),
            Message::Last(message) => {
                let done = self.at_desk(|desk| desk.update(*message));
                Task::batch([done, iced::exit()])
            }
            Message::Close => iced::exit(),
            Message::Dropped(file) => self.at_desk(|desk| desk.dropped(file)),
        }
    }

    /// Closes the window. First the log is told who left, then what is new is left in the shared folder. Pressed again, it
    /// does not wait for that: something long may be writing.
    fn close(&mut self) -> Task<Message> {
        let Stage::Desk(desk) = &mut self.stage else { return iced::exit() };
        // Asked of the writer now, so it stands before anything that is packed after it.
        let noted = desk.leave();
        self.closing = true;
        match (desk.closing(), noted) {
            (Some(last), _) => {
                let last = last.map(|message| Message::Last(Box::new(message)));
                Task::batch([last, Task::perform(patience(), |()| Message::Close)])
            }
            // Where it could not be written the window closes all the same.
            (None, Some(noted)) => Task::perform(noted, |_| Message::Close),
            (None, None) => iced::exit(),
        }
    }

    fn opened(&mut self, opened: Result<Opened>) -> Task<Message> {
        match opened {
            Ok(opened) => {
                let look = opened.habits.get(look::HABIT).and_then(|text| serde_json::from_str(text).ok());
                self.wear(look.unwrap_or_default());
                if self.joining || !opened.is_new() && opened.habits.contains_key(join::JOINING) {
                    let (join, task) = Join::new(opened);
                    self.stage = Stage::Join(Box::new(join));
                    return task.map(Message::Join);
                }
                if opened.is_new() {
                    // The database is let go: what comes next opens it again in its own way.
                    let today = opened.db.clock().today();
                    self.stage = Stage::FirstRun(FirstRun::new(today));
                    return FirstRun::focus().map(Message::FirstRun);
                }
                if let (Some(user), Some(key)) = (opened.seated, opened.key.clone()) {
                    self.stage = Stage::Key(KeyPage::new(opened, user, key));
                    return Task::none();
                }
                if let Some(user) = opened.seated {
                    return self.sit_down(opened, user);
                }
                if matches!(opened.after, Some(After::Restored(_))) {
                    return self.ask_to_sign_in(opened);
                }
                let first = opened.ledger.users.iter().find(|user| user.active).map(|user| user.id);
                match first {
                    // Nobody needs a password in the invented district.
                    Some(user) if opened.ledger.office.example => self.sit_down(opened, user),
                    _ => self.ask_to_sign_in(opened),
                }
            }
            Err(problem) => {
                match &mut self.stage {
                    // What was typed stays; the sentence stands under it.
                    Stage::FirstRun(first) => first.failed(problem),
                    _ => self.stage = Stage::Broken(problem),
                }
                Task::none()
            }
        }
    }

    fn ask_to_sign_in(&mut self, opened: Opened) -> Task<Message> {
        // A right password may have been given, and what it had to be followed by was not.
        opened.db.forget_keys();
        self.stage = Stage::SignIn(SignIn::new(opened));
        SignIn::focus().map(Message::SignIn)
    }

    fn sit_down(&mut self, opened: Opened, user: crate::domain::id::RecordId) -> Task<Message> {
        let failed = match &opened.after {
            Some(After::Failed(problem)) => Some(problem.clone()),
            _ => None,
        };
        let (mut desk, task) = Desk::new(opened, user, self.look, self.size, self.screen);
        let warned: Vec<_> = self.warning.take().into_iter().chain(failed).map(|problem| desk.warn(problem)).collect();
        self.stage = Stage::Desk(Box::new(desk));
        Task::batch([task].into_iter().chain(warned)).map(Message::Desk)
    }

    fn at_desk(
        &mut self,
        work: impl FnOnce(&mut Desk) -> (Task<desk::Message>, Option<desk::Outcome>),
    ) -> Task<Message> {
        let Stage::Desk(desk) = &mut self.stage else { return Task::none() };
        let (task, outcome) = work(desk);
        let task = task.map(Message::Desk);
        match outcome {
            None => task,
            Some(desk::Outcome::Look(look)) => {
                self.wear(look);
                Task::batch([task, self.relook()])
            }
            Some(desk::Outcome::Restore(backup)) => {
                let Some(site) = &self.site else { return task };
                let user = desk.ctx().user;
                let opening = site.restore(backup, user);
                // The desk goes, and the office with it, or nobody could exchange its files.
                self.stage = Stage::Restoring;
                await_opening(opening)
            }
            Some(desk::Outcome::SignedOut(opened)) => {
                self.stage = Stage::SignIn(SignIn::new(opened));
                Task::batch([task, SignIn::focus().map(Message::SignIn)])
            }
        }
    }

    /// Puts a look on. Enlarged, the same window has less inside.
    fn wear(&mut self, look: Look) {
        self.size = self.size * (self.look.zoom() / look.zoom());
        self.look = look;
    }

    fn relook(&mut self) -> Task<Message> {
        let (look, size, screen) = (self.look, self.size, self.screen);
        self.at_desk(|desk| desk.relook(look, size, screen))
    }

    /// The look in force.
    pub fn theme(&self) -> Theme {
        self.look.theme(self.size, self.screen)
    }

    /// How much larger than usual a person wants everything.
    pub fn zoom(&self) -> f32 {
        self.look.zoom()
    }

    /// What stands over the window.
    pub fn title(&self) -> String {
        match &self.stage {
            Stage::Desk(desk) => desk.title(),
            _ => "科报".to_owned(),
        }
    }

    /// The window's content.
    pub fn view(&self) -> Element<'_, Message> {
        let content: Element<'_, Message> = match &self.stage {
            Stage::Opening => iced::widget::space().width(iced::Fill).height(iced::Fill).into(),
            Stage::Restoring => frame::page(
                frame::title("正在恢复", "正在核对备份、换上数据，请不要关机；中途断电也不会丢数据。"),
                iced::widget::space(),
            ),
            Stage::FirstRun(first) => first.view(self.size).map(Message::FirstRun),
            Stage::Join(join) => join.view().map(Message::Join),
            Stage::SignIn(sign_in) => sign_in.view().map(Message::SignIn),
            Stage::Change(change) => change.view().map(Message::Change),
            Stage::Recover(recover) => recover.view().map(Message::Recover),
            Stage::Key(page) => page.view().map(Message::Paper),
            Stage::Desk(desk) => desk.view().map(Message::Desk),
            Stage::Broken(problem) => broken::view(problem, self.site.is_some()),
        };
        Root::new(content, &self.theme(), self.look.zoom())
            .on_key(|pressed| Some(Message::Key(pressed)))
            .on_size(self.size, Message::Resized)
            .into()
    }

    /// What the window listens to: its own size and focus, files dropped, and the clock of a toast while one shows.
    pub fn subscription(&self) -> Subscription<Message> {
        let window = iced::event::listen_with(|event, _, _| match event {
            iced::Event::Window(event) => match event {
                iced::window::Event::Opened { size, .. } => Some(Message::Appeared(size)),
                iced::window::Event::Resized(size) => Some(Message::Resized(size)),
                iced::window::Event::Rescaled(scale) => Some(Message::Rescaled(scale)),
                iced::window::Event::CloseRequested => Some(Message::CloseAsked),
                iced::window::Event::Focused => Some(Message::Focused),
                iced::window::Event::FileDropped(file) => Some(Message::Dropped(file)),
                _ => None,
            },
            // Only written down; nothing is drawn for it.
            iced::Event::Keyboard(_) | iced::Event::Mouse(_) | iced::Event::Touch(_) | iced::Event::InputMethod(_) => {
                idle::felt().then_some(Message::Idle)
            }
        });
        match &self.stage {
            Stage::Desk(desk) => {
                let idle = desk.locks_after().map(|minutes| idle::after(minutes).map(|()| Message::Idle));
                let all = [window, desk.subscription().map(Message::Desk)];
                Subscription::batch(all.into_iter().chain(idle))
            }
            _ => window,
        }
    }

    /// The desk, once somebody sits at it.
    pub fn desk(&self) -> Option<&Desk> {
        match &self.stage {
            Stage::Desk(desk) => Some(desk),
            _ => None,
        }
    }
}

fn await_opening(opening: Opening) -> Task<Message> {
    Task::perform(opening.wait(), Message::Opened)
}

/// How long a closing window waits for a folder that may be out of reach.
async fn patience() {
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(10);
    let (over, wait) = futures_channel::oneshot::channel();
    let sleeper = std::thread::Builder::new().name("closing".to_owned()).spawn(move || {
        std::thread::sleep(LONGEST);
        let _ = over.send(());
    });
    // Where no thread can be had there is no waiting.
    drop(sleeper);
    let _ = wait.await;
}
