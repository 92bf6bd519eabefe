//! What every screen is given: the office, what its lists hold, who is signed in, which year is worked in, how it looks.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use iced::{Size, Task};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::update::Event;
use crate::domain::Result;
use crate::domain::calendar::Calendar;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::{Permission, Rights};
use crate::store::ledger::{Ledger, User};
use crate::store::{Act, Answer, Db, Done};
use crate::ui::theme::tokens::size;
use crate::ui::widget::{shell, split};
use crate::ui::{Density, Theme};

/// The surroundings of a screen. Only the window changes them.
#[derive(Clone)]
pub struct Ctx {
    pub db: Db,
    /// As of the last commit, or of the day that is looked at.
    pub ledger: Arc<Ledger>,
    pub user: RecordId,
    /// 年度 in the top bar.
    pub year: i32,
    pub now: NaiveDateTime,
    pub today: NaiveDate,
    pub theme: Theme,
    /// The window's inside, in logical pixels.
    pub size: Size,
    /// What a person said of the rail; the window's width decides where they said nothing.
    pub folded: Option<bool>,
    /// Habits of this machine, by name.
    pub habits: BTreeMap<String, String>,
}

impl Ctx {
    /// Looks at the clock again.
    pub fn tick(&mut self) {
        // On an earlier day it is that day's last minute: what was due, late or valid then shows so.
        let then = self.db.day().and_then(|day| day.and_hms_opt(23, 59, 59));
        self.now = then.unwrap_or_else(|| self.db.clock().now());
        self.today = self.now.date();
    }

    /// Does something in the name of who is signed in.
    pub fn act<T, M>(
        &self,
        name: impl Into<String>,
        deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
        then: impl FnOnce(Result<Done<T>>) -> M + Send + 'static,
    ) -> Task<M>
    where
        T: Send + 'static,
        M: Send + 'static,
    {
        Task::perform(self.db.act(self.user, name, deed), then)
    }

    /// Waits for an answer without keeping the window waiting.
    pub fn ask<T, M>(&self, answer: Answer<T>, then: impl FnOnce(Result<T>) -> M + Send + 'static) -> Task<M>
    where
        T: Send + 'static,
        M: Send + 'static,
    {
        Task::perform(answer, then)
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<&User> {
        self.ledger.users.iter().find(|user| user.id == self.user)
    }

    /// Whether who is signed in may do something: what is not allowed is not offered. The store refuses it as well.
    pub fn may(&self, permission: Permission) -> bool {
        self.rights().has(permission)
    }

    /// The same with the reason, for a deed that a key or a link can still ask for. That somebody asked and was refused is
    /// logged, so what is only drawn asks [`Self::may`].
    ///
    /// # Errors
    /// Refused, in words for whoever asked.
    pub fn permit(&self, permission: Permission) -> Result<()> {
        self.rights().may(permission).inspect_err(|problem| {
            // The person hears of the refusal whether or not it could be logged.
            drop(self.db.note(self.user, Logged::new(DeedKind::Refused, problem.says.clone())));
        })
    }

    fn rights(&self) -> Rights {
        // Roles are those of the present, whatever day is looked at.
        let present = self.db.looking_at_now().ledger();
        let user = present.users.iter().find(|user| user.id == self.user);
        user.map_or_else(Rights::default, |user| user.rights(&present.office))
    }

    /// The working days this office goes by.
    pub fn calendar(&self) -> &Calendar {
        self.ledger.calendar()
    }

    /// The height of controls above a grid: those of a compact window are smaller.
    pub fn controls(&self) -> Density {
        if self.theme.density == Density::Large { Density::Comfortable } else { self.theme.density }
    }

    /// Whether the rail is folded.
    pub fn rail_folded(&self) -> bool {
        self.folded.unwrap_or_else(|| shell::folds(self.size.width))
    }

    /// The width of the page beside the rail.
    pub fn page_width(&self) -> f32 {
        self.size.width - if self.rail_folded() { size::RAIL_FOLDED } else { size::RAIL }
    }

    /// The width of a panel beside a list; `None` where it covers the list.
    pub fn panel_width(&self, wanted: f32) -> Option<f32> {
        split::panel_width(self.size.width, self.page_width(), wanted)
    }

    /// A habit, where one is remembered and still understood.
    pub fn habit<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.habits.get(name)?).ok()
    }
}

/// Asks the window to remember a habit.
pub fn remember(name: &str, value: &impl Serialize) -> Event {
    // Habits are numbers, strings and maps of them: there is nothing JSON could refuse.
    Event::Remember { name: name.to_owned(), value: serde_json::to_string(value).unwrap_or_default() }
}
