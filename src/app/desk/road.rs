//! The shared folder while somebody sits here: looked at every so often, told of once, and left what is new.
//!
//! Nothing ticks where no folder is set: a thread that sleeps between two looks, and one look at a time on a thread of its own.
//! What is out of reach is said in the status bar, not again and again.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use iced::futures::channel::mpsc::{UnboundedReceiver, unbounded};
use iced::{Subscription, Task};

use super::told::Told;
use super::{Desk, Message as DeskMessage, Step};
use crate::app::away::away;
use crate::app::data::packages::SHARED;
use crate::app::place::{DataTab, Place};
use crate::domain::Problem;
use crate::domain::people::Permission;
use crate::exchange::package::shared::{self, Found, Leaves, Looked, Memory, Shared, Visited};
use crate::store::packages::{Outcome, Taken};
use crate::ui::Tone;
use crate::ui::icon::Icon;
use crate::ui::widget::shell::Note;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(30);

/// Between two packages left for the same machines.
const PAUSE: TimeDelta = TimeDelta::minutes(3);

/// What the desk knows of the folder.
#[derive(Debug, Default)]
pub struct Watch {
    memory: Memory,
    running: bool,
    /// Why the folder is out of reach.
    lost: Option<Problem>,
    /// Packages that wait for a person.
    waiting: Vec<Found>,
    /// How often something was written here, and how often when packages were left last. What was written before somebody sat
    /// down may not have been left, either.
    written: u64,
    left: Option<u64>,
    left_at: Option<NaiveDateTime>,
}

#[derive(Debug, Clone)]
pub enum Message {
    /// It is time for a look.
    Look,
    /// A visit came to its end; with how much had been written when it began.
    Visited(u64, Box<Visited>),
}

/// Says that it is time for a look, at once and then every so often, as long as somebody listens.
fn clock() -> UnboundedReceiver<()> {
    let (send, receiver) = unbounded();
    let started = std::thread::Builder::new().name("shared folder".to_owned()).spawn(move || {
        while send.unbounded_send(()).is_ok() {
            std::thread::sleep(EVERY);
        }
    });
    // Without a thread nobody looks by itself; packages can still be opened by hand.
    drop(started);
    receiver
}

impl Desk {
    /// The folder in use; none for whoever may not exchange packages, and while an earlier day is looked at.
    fn shared(&self) -> Option<Shared> {
        let shared: Shared = self.ctx.habit(SHARED)?;
        let here = self.ctx.db.day().is_none() && self.ctx.may(Permission::Exchange);
        (here && shared.path().is_some()).then_some(shared)
    }

    /// The clock of looks, where there is a folder to look at.
    pub(super) fn looks(&self) -> Option<Subscription<DeskMessage>> {
        let shared = self.shared().filter(|_| self.lock.is_none())?;
        let clock = Subscription::run_with(shared.folder, |_| clock());
        Some(clock.map(|()| DeskMessage::Road(Message::Look)))
    }

    /// Something was written here: others will want to hear of it.
    pub(super) fn was_written(&mut self) {
        self.road.written += 1;
    }

    fn has_news(&self) -> bool {
        self.road.left != Some(self.road.written)
    }

    pub(super) fn road(&mut self, message: Message) -> Step {
        match message {
            Message::Look => {
                let Some(shared) = self.shared().filter(|_| self.lock.is_none()) else {
                    self.road.waiting.clear();
                    self.road.lost = None;
                    return (Task::none(), None);
                };
                let rested = self.road.left_at.is_none_or(|at| {
                    // A clock that was set back has rested, too.
                    self.ctx.now < at || self.ctx.now - at >= PAUSE
                });
                let leaves = match shared.leave && rested {
                    true if self.has_news() => Leaves::News,
                    true => Leaves::Lost,
                    false => Leaves::Nothing,
                };
                (self.visit(shared, true, leaves), None)
            }
            Message::Visited(written, visited) => self.visited(written, *visited),
        }
    }

    /// Goes there, unless somebody is on the way.
    fn visit(&mut self, shared: Shared, looks: bool, leaves: Leaves) -> Task<DeskMessage> {
        if self.road.running {
            return Task::none();
        }
        self.road.running = true;
        let written = self.road.written;
        let (db, user, memory) = (self.ctx.db.clone(), self.ctx.user, self.road.memory.clone());
        let visit = away(move || Ok(Box::new(shared::visit(&db, user, &shared, memory, looks, leaves))));
        Task::perform(visit, move |visited| {
            let visited = visited
                .unwrap_or_else(|problem| Box::new(Visited { looked: Some(Err(problem)), ..Visited::default() }));
            DeskMessage::Road(Message::Visited(written, visited))
        })
    }

    /// Somebody closes the window: what is new is left first. `None`: there is nothing to wait for.
    pub fn closing(&mut self) -> Option<Task<DeskMessage>> {
        let task = self.leave_now()?;
        let words = "正在把新变更放进共享文件夹，马上退出；再关一次就直接退出".to_owned();
        self.tell(Told { tone: Tone::Info, words, goes: false, ..Told::default() });
        Some(task)
    }

    /// Leaves what is new before the window is locked or closed. `None`: there is nothing to leave.
    pub(super) fn leave_now(&mut self) -> Option<Task<DeskMessage>> {
        let shared = self.shared().filter(|shared| shared.leave)?;
        (self.has_news() && !self.road.running).then(|| self.visit(shared, false, Leaves::News))
    }

    fn visited(&mut self, written: u64, visited: Visited) -> Step {
        let Visited { memory, looked, left } = visited;
        self.road.running = false;
        self.road.memory = memory;
        let failed = matches!(left, Some(Err(_)));
        match left {
            Some(Ok(_)) => {
                self.road.left = Some(written);
                self.road.left_at = Some(self.ctx.now);
                self.road.lost = None;
            }
            Some(Err(problem)) => self.road.lost = Some(problem),
            None => {}
        }
        match looked {
            None => (Task::none(), None),
            Some(Err(problem)) => {
                self.road.lost = Some(problem);
                (Task::none(), None)
            }
            Some(Ok(looked)) => {
                if !failed {
                    self.road.lost = None;
                }
                self.looked(looked)
            }
        }
    }

    fn looked(&mut self, looked: Looked) -> Step {
        let Looked { waiting, fresh, taken, refused } = looked;
        self.road.waiting = waiting;
        if let Some(first) = fresh.first() {
            let words = match fresh.len() {
                1 => format!("共享文件夹里有来自“{}”的{}", first.from, first.purpose.label()),
                many => format!("共享文件夹里有 {many} 个给本机的包"),
            };
            let open = Some(Place::Package(first.path.clone()));
            self.tell(Told { tone: Tone::Info, words, open, goes: false, ..Told::default() });
        }
        for (name, problem) in refused {
            self.tell_problem(Problem { says: format!("共享文件夹里的 {name}：{}", problem.says), ..problem });
        }
        if taken.is_empty() {
            return (Task::none(), None);
        }
        for one in &taken {
            let (words, conflicts) = told(one);
            let tab = if conflicts { DataTab::Conflicts } else { DataTab::Packages };
            let tone = if conflicts { Tone::Warn } else { Tone::Success };
            // A conflict waits for a person, so what tells of it does, too.
            self.tell(Told { tone, words, open: Some(Place::Data(tab)), goes: !conflicts, ..Told::default() });
        }
        self.reread()
    }

    /// What the status bar says of the folder.
    pub(super) fn road_note(&self) -> Option<Note<DeskMessage>> {
        self.shared()?;
        if let Some(problem) = &self.road.lost {
            let open = Some(DeskMessage::Go(Place::Data(DataTab::Packages)));
            let tip = problem.to_string();
            return Some(Note {
                open,
                tone: Some(Tone::Warn),
                tip,
                ..Note::new(Icon::TriangleAlert, "共享文件夹连不上")
            });
        }
        let first = self.road.waiting.first()?;
        let open = Some(DeskMessage::Go(Place::Package(first.path.clone())));
        let words = format!("共享文件夹有 {} 个包", self.road.waiting.len());
        Some(Note { open, ..Note::new(Icon::Package, words) })
    }
}

/// What was taken in, in a sentence, and whether anything in it waits for a person.
fn told(taken: &Taken) -> (String, bool) {
    let conflicts = taken.brought.count(Outcome::Conflict);
    let mut words = format!("已自动收下来自“{}”的{}，新记录 {} 条", taken.from, taken.purpose.label(), taken.taken);
    if conflicts > 0 {
        words.push_str(&format!("；有 {conflicts} 个决定冲突，等人选定"));
    }
    (words, conflicts > 0)
}
