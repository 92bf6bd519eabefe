//! What was told at the bottom right: a deed with 撤销, an error with 详情.

use std::time::Duration;

use iced::Subscription;
use iced::futures::stream::{self, Stream};

use super::{Desk, Message};
use crate::app::place::Place;
use crate::domain::Problem;
use crate::domain::id::RecordId;
use crate::ui::Tone;

/// Something told.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: u64,
    pub tone: Tone,
    pub words: String,
    /// What 撤销 takes back.
    pub action: Option<RecordId>,
    /// It goes by itself.
    pub goes: bool,
    pub problem: Option<Problem>,
    /// Where 打开 leads.
    pub open: Option<Place>,
}

impl Default for Told {
    fn default() -> Self {
        Self { id: 0, tone: Tone::Success, words: String::new(), action: None, goes: true, problem: None, open: None }
    }
}

impl Desk {
    /// Tells something at the bottom right.
    pub(super) fn tell(&mut self, mut told: Told) {
        /// More than these hide the page.
        const MOST: usize = 3;
        told.id = self.next_told;
        self.next_told += 1;
        // What can be taken back is offered for the last deed only; older ones are in the log.
        self.told.retain(|old| !old.goes);
        self.told.push(told);
        while self.told.len() > MOST {
            self.told.remove(0);
        }
    }

    /// Tells what went wrong; it stays until somebody has read it.
    pub(super) fn tell_problem(&mut self, problem: Problem) {
        self.tell(Told {
            tone: Tone::Danger,
            words: problem.to_string(),
            goes: false,
            problem: Some(problem),
            ..Told::default()
        });
    }
}

/// How long it stays.
const STAYS: Duration = Duration::from_secs(8);

/// Sends its close when its time is over. A thread that sleeps costs nothing meanwhile.
pub fn clock(id: u64) -> Subscription<Message> {
    Subscription::run_with(id, |id| after(*id))
}

fn after(id: u64) -> impl Stream<Item = Message> {
    let (over, wait) = futures_channel::oneshot::channel();
    let sleeper = std::thread::Builder::new().name("toast".to_owned()).spawn(move || {
        std::thread::sleep(STAYS);
        let _ = over.send(());
    });
    drop(sleeper);
    stream::once(async move {
        let _ = wait.await;
        Message::CloseTold(id)
    })
}
