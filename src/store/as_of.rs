//! 查看历史时点: the office as it was at the end of a day, told anew from the journal beside the tables, which stay as they are.
//!
//! A handle that looks at a day answers from that day and refuses every deed, so whoever holds it cannot mix the two.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::{Days, NaiveDate, NaiveTime};
use rusqlite::Connection;

use super::journal;
use super::ledger::{self, Ledger};
use super::{Answer, Clock, Db, schema, tables};
use crate::domain::event::Stamp;
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::seal::{Keys, open_history};
use crate::domain::{Kind, Problem, Result};

/// A day that is looked at.
pub(super) struct Moment {
    day: NaiveDate,
    last: Stamp,
    pub(super) ledger: Arc<Ledger>,
}

/// How far a long reading is, and whether somebody wants it stopped. Shared with whoever shows it.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    done: AtomicUsize,
    all: AtomicUsize,
    stop: AtomicBool,
}

impl Watch {
    /// Records told so far, and how many there are; 0 until that is known.
    pub fn done(&self) -> (usize, usize) {
        (self.0.done.load(Ordering::Relaxed), self.0.all.load(Ordering::Relaxed))
    }

    /// Asks for it to be stopped.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }

    fn at(&self, done: usize, all: usize) -> Result<()> {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.all.store(all, Ordering::Relaxed);
        if self.0.stop.load(Ordering::Relaxed) {
            return Err(Problem::new(Kind::Cancelled, "已停止，没有换到那一天。"));
        }
        Ok(())
    }
}

/// The last stamp a day can have, as this machine's clock has days.
pub(super) fn end_of(day: NaiveDate, clock: &Clock) -> Stamp {
    day.checked_add_days(Days::new(1)).map_or(Stamp(i64::MAX), |next| {
        Stamp(Stamp::at_millis(clock.millis_at(next.and_time(NaiveTime::MIN))).0.saturating_sub(1))
    })
}

impl Db {
    /// What the lists showed at the end of a day: every record's history cut there and told anew. What was taken back only
    /// later stands. The tables are not touched.
    ///
    /// # Errors
    /// [`Kind::Cancelled`] when `watch` was told to stop.
    pub fn ledger_as_of(&self, day: NaiveDate, figures_year: i32, watch: Watch) -> Answer<Arc<Ledger>> {
        let last = end_of(day, self.clock());
        let ring = self.ring().clone();
        self.read(move |connection| {
            // One transaction, so that all of it is of the same moment whatever is written meanwhile.
            connection.execute_batch("BEGIN")?;
            let told = tell(connection, last, figures_year, &watch);
            connection.execute_batch("ROLLBACK")?;
            let mut ledger = told?;
            ledger.ring = ring;
            Ok(Arc::new(ledger))
        })
    }

    /// A handle that looks at a day, whose ledger is given: records are told as they were, every deed is refused.
    #[must_use]
    pub fn looking_at(&self, day: NaiveDate, ledger: Arc<Ledger>) -> Self {
        Self(Arc::clone(&self.0), Some(Arc::new(Moment { day, last: end_of(day, self.clock()), ledger })))
    }

    /// A handle that looks at the present again.
    #[must_use]
    pub fn looking_at_now(&self) -> Self {
        Self(Arc::clone(&self.0), None)
    }

    /// The same handle for a page that shows the present all the while: it reads what is there now, and refuses every deed.
    #[must_use]
    pub fn reading_now(&self) -> Self {
        let now = self.looking_at_now();
        match self.day() {
            Some(day) => {
                let ledger = now.ledger();
                Self(now.0, Some(Arc::new(Moment { day, last: Stamp(i64::MAX), ledger })))
            }
            None => now,
        }
    }

    /// The day it looks at. `None`: the present.
    pub fn day(&self) -> Option<NaiveDate> {
        self.1.as_ref().map(|moment| moment.day)
    }

    /// Refuses whatever would change something while one looks at an earlier day.
    pub(super) fn may_change(&self) -> Result<()> {
        match self.day() {
            None => Ok(()),
            Some(day) => Err(Problem::refused(format!("现在看的是截至 {day} 的数据，只读，这一步没有做。"))
                .next("请先点“回到今天”，再做这一步。")),
        }
    }

    /// How this handle reads a record's history: whole, or up to the day it looks at.
    pub(super) fn telling(&self) -> Telling {
        Telling { until: self.1.as_ref().map(|moment| moment.last), keys: self.keys() }
    }
}

/// Up to when histories are told, and to whom.
#[derive(Clone)]
pub(super) struct Telling {
    until: Option<Stamp>,
    pub keys: Keys,
}

impl Telling {
    /// A record's history, sealed values opened.
    pub fn history(&self, connection: &Connection, record: RecordId) -> Result<History> {
        let mut history = self.sealed(connection, record)?;
        open_history(&mut history, &self.keys);
        Ok(history)
    }

    /// The same as the journal has it: what is worked out of it is the same on every machine.
    pub fn sealed(&self, connection: &Connection, record: RecordId) -> Result<History> {
        let history = journal::history(connection, record)?;
        Ok(match self.until {
            Some(last) => history.as_of(last),
            None => history,
        })
    }
}

fn tell(connection: &Connection, last: Stamp, figures_year: i32, watch: &Watch) -> Result<Ledger> {
    // A database of its own that vanishes with its connection.
    let scratch = Connection::open("")?;
    scratch.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;")?;
    schema::remake_derived(&scratch)?;
    scratch.execute_batch("BEGIN")?;
    tables::fill_as_of(connection, &scratch, last, &mut |done, all| watch.at(done, all))?;
    scratch.execute_batch("COMMIT")?;
    ledger::load(&scratch, None, figures_year)
}

#[cfg(test)]
#[path = "as_of_tests.rs"]
mod tests;
