//! What a screen gives back after it took a message in: work to be done, and what the window should hear of.

use std::path::PathBuf;

use iced::Task;

use super::place::Place;
use super::print::Job;
use crate::domain::Problem;
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::store::Done;
use crate::ui::Tone;

/// The outcome of a screen's `update`.
#[must_use = "tasks and events must reach the window"]
pub struct Update<M> {
    pub task: Task<M>,
    pub events: Vec<Event>,
}

/// What a screen tells the window.
#[derive(Debug, Clone)]
pub enum Event {
    /// Go to another place, with the way back kept.
    Go(Place),
    /// Go back to where one came from.
    Back,
    /// Something happened that is worth a word.
    Told { tone: Tone, words: String },
    /// Something was written: lists are read anew, and the words come with 撤销 where there is an action to take back.
    Saved { action: Option<RecordId>, words: String },
    /// Something went wrong.
    Failed(Problem),
    /// A habit to be remembered on this machine.
    Remember { name: String, value: String },
    /// A backup was made: how backups stand is read anew.
    BackedUp,
    /// Put this backup in place of the present.
    Restore(PathBuf),
    /// Put this on the clipboard, and have the log say what left; `None`: nothing that has to be known later.
    Copy { text: String, words: String, logged: Option<Logged> },
    /// Ask for an earlier day to look at.
    AsOf,
    /// Show the history of a record.
    History(RecordId),
    /// Show what a line of the log did.
    Deed(RecordId),
    /// Have the log say this.
    Note(Logged),
    /// Print this.
    Print(Box<Job>),
    /// Print the history of a record.
    PrintHistory(RecordId),
}

impl<M> Update<M> {
    /// Nothing to do, nothing to tell.
    pub fn none() -> Self {
        Self { task: Task::none(), events: Vec::new() }
    }

    /// Work whose result comes back as a message.
    pub fn task(task: Task<M>) -> Self {
        Self { task, events: Vec::new() }
    }

    /// Something the window should hear of.
    pub fn event(event: Event) -> Self {
        Self { task: Task::none(), events: vec![event] }
    }

    /// A word on what happened.
    pub fn told(tone: Tone, words: impl Into<String>) -> Self {
        Self::event(Event::Told { tone, words: words.into() })
    }

    /// Something to be printed.
    pub fn print(job: Job) -> Self {
        Self::event(Event::Print(Box::new(job)))
    }

    /// What an action left behind: nothing is said where nothing had to be written.
    pub fn saved<T>(done: &Done<T>, words: impl Into<String>) -> Self {
        match done.action {
            Some(action) => Self::event(Event::Saved { action: Some(action), words: words.into() }),
            None => Self::told(Tone::Quiet, "没有改动，不用保存"),
        }
    }

    /// Also does this.
    pub fn and(mut self, more: Self) -> Self
    where
        M: 'static,
    {
        self.task = Task::batch([self.task, more.task]);
        self.events.extend(more.events);
        self
    }

    /// Also tells this.
    pub fn and_event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// The same for whoever wraps this screen's messages.
    pub fn map<N>(self, wrap: impl Fn(M) -> N + Send + Clone + 'static) -> Update<N>
    where
        M: Send + 'static,
        N: Send + 'static,
    {
        Update { task: self.task.map(wrap), events: self.events }
    }
}

impl<M> From<Task<M>> for Update<M> {
    fn from(task: Task<M>) -> Self {
        Self::task(task)
    }
}

impl<M> From<Problem> for Update<M> {
    fn from(problem: Problem) -> Self {
        Self::event(Event::Failed(problem))
    }
}
