//! Undo and redo of what was done since signing in, action by action. Each is itself an action: nothing is rewritten.

use iced::Task;

use super::told::Told;
use super::{Desk, Message};
use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::store::Done;
use crate::store::acts::Undid;
use crate::ui::Tone;

/// The actions that can be taken back, and the undos that can be taken back again.
#[derive(Debug, Default)]
pub struct Undo {
    done: Vec<RecordId>,
    undone: Vec<RecordId>,
}

/// Which way an undo goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Ctrl+Z.
    Undo,
    /// Ctrl+Y.
    Redo,
    /// This action, wherever it lies in the row.
    Named(RecordId),
}

impl Undo {
    /// Something was done; what was undone before cannot be redone any more.
    pub fn did(&mut self, action: Option<RecordId>) {
        if let Some(action) = action {
            self.done.push(action);
            self.undone.clear();
        }
    }
}

impl Desk {
    pub(super) fn undo_action(&self, action: RecordId, way: Way) -> Task<Message> {
        self.ctx.act("撤销", move |act| act.undo(action), move |done| Message::Undone(action, way, done))
    }

    pub(super) fn take_back(&mut self, way: Way) -> (Task<Message>, Option<super::Outcome>) {
        // It leaves its row at once: a second press while the first is still at work means the one before it.
        let (last, way) = match way {
            Way::Redo => (self.undo.undone.pop(), Way::Redo),
            Way::Undo | Way::Named(_) => (self.undo.done.pop(), Way::Undo),
        };
        match last {
            Some(action) => (self.undo_action(action, way), None),
            None => {
                let words = if way == Way::Redo {
                    "没有可以恢复的操作"
                } else {
                    "登录以来没有可以撤销的操作"
                };
                self.tell(Told { tone: Tone::Info, words: words.to_owned(), ..Told::default() });
                (Task::none(), None)
            }
        }
    }

    pub(super) fn undone(
        &mut self,
        action: RecordId,
        way: Way,
        done: Result<Done<Undid>>,
    ) -> (Task<Message>, Option<super::Outcome>) {
        let done = match done {
            Ok(done) => done,
            Err(problem) => {
                // It was not taken back, so it can still be.
                match way {
                    Way::Undo => self.undo.done.push(action),
                    Way::Redo => self.undo.undone.push(action),
                    Way::Named(_) => {}
                }
                self.tell_problem(problem);
                return (Task::none(), None);
            }
        };
        if let Some(action) = done.action {
            match way {
                Way::Undo => self.undo.undone.push(action),
                Way::Redo => self.undo.done.push(action),
                Way::Named(named) => {
                    self.undo.done.retain(|done| *done != named);
                    self.undo.undone.push(action);
                }
            }
        }
        let words = format!("{}，涉及 {} 条", done.name, done.value.records);
        self.tell(Told { tone: Tone::Success, words, ..Told::default() });
        self.reread()
    }
}
