//! What screens ask of the desk, done: going, telling, remembering, logging.

use iced::Task;

use super::past::About;
use super::told::Told;
use super::{Desk, Message, Outcome, Step, as_of, past};
use crate::app::ctx;
use crate::app::look::{self, Look};
use crate::app::print;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::ui::Tone;

impl Desk {
    /// Does what a screen asked for.
    pub(super) fn follow(&mut self, update: Update<Message>) -> Step {
        let Update { task, events } = update;
        let mut tasks = vec![task];
        let mut outcome = None;
        for event in events {
            let (task, then) = self.event(event);
            tasks.push(task);
            outcome = outcome.or(then);
        }
        (Task::batch(tasks), outcome)
    }

    pub(super) fn event(&mut self, event: Event) -> Step {
        match event {
            Event::Go(place) => self.go(place),
            Event::Back => self.step_back(),
            Event::Told { tone, words } => {
                self.tell(Told { tone, words, ..Told::default() });
                (Task::none(), None)
            }
            Event::Saved { action, words } => {
                self.undo.did(action);
                self.tell(Told { tone: Tone::Success, words, action, ..Told::default() });
                self.reread()
            }
            Event::Failed(problem) => {
                self.tell_problem(problem);
                (Task::none(), None)
            }
            Event::Remember { name, value } if name == look::HABIT => {
                let look = serde_json::from_str(&value).unwrap_or(self.look);
                self.change_look(look)
            }
            Event::Remember { name, value } => (self.remember(&name, value), None),
            Event::Copy { text, words, logged } => {
                self.tell(Told { tone: Tone::Success, words, ..Told::default() });
                let noted = logged.map_or_else(Task::none, |logged| self.note(logged));
                (Task::batch([iced::clipboard::write(text), noted]), None)
            }
            Event::BackedUp => (self.read_backups(), None),
            Event::Restore(backup) => match self.ctx.permit(Permission::Restore) {
                Ok(()) => self.restore(backup),
                Err(problem) => self.event(Event::Failed(problem)),
            },
            Event::AsOf => self.as_of(as_of::Message::Open),
            Event::History(id) => self.past(past::Message::Ask(About::Record(id))),
            Event::Deed(id) => self.past(past::Message::Ask(About::Deed(id))),
            Event::Note(logged) => (self.note(logged), None),
            Event::Print(job) => match job.exports.then(|| self.ctx.permit(Permission::Export)) {
                Some(Err(problem)) => self.event(Event::Failed(problem)),
                _ => (Task::perform(print::print(*job), |done| Message::Printed(Box::new(done))), None),
            },
            Event::PrintHistory(id) => {
                (self.ctx.ask(self.ctx.db.history(id), |file| Message::PrintHistory(file.map(Box::new))), None)
            }
        }
    }

    /// Has the log say something in the name of who is signed in.
    pub(super) fn note(&self, logged: Logged) -> Task<Message> {
        self.ctx.ask(self.ctx.db.note(self.ctx.user, logged), Message::Noted)
    }

    pub(super) fn remember(&mut self, name: &str, value: String) -> Task<Message> {
        let answer = self.ctx.db.set_preference(name, &value);
        self.ctx.habits.insert(name.to_owned(), value);
        self.ctx.ask(answer, Message::Remembered)
    }

    pub(super) fn change_look(&mut self, look: Look) -> Step {
        let Event::Remember { name, value } = ctx::remember(look::HABIT, &look) else { return (Task::none(), None) };
        (self.remember(&name, value), Some(Outcome::Look(look)))
    }
}
