//! An action: everything one deed of a person changes, in one transaction, under one name for undo and the log.

mod lot;

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::acts::Values;
use super::clock::{Clock, Entropy};
use super::journal::{self, Chain};
use super::ledger::{FirmRow, Words};
use super::rights::Standing;
use super::sealing::Sealing;
use super::tables;
use crate::domain::event::{Body, DeedKind, Entry, Event, Fact, Fields, Hash, Logged, RecordKind, Source, Taken};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::seal::Keys;
use crate::domain::{Problem, Result};
use lot::{AHEAD, Press, Stop};

/// How many touched records are held in memory before their rows are written.
const HELD: usize = 64;

/// What an action left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// `None` when nothing had to be written.
    pub action: Option<RecordId>,
    /// What undo and the log call it.
    pub name: String,
    /// Records touched, with their sort.
    pub touched: Vec<(RecordId, Option<RecordKind>)>,
    pub value: T,
}

/// An action that only has to be committed.
pub(super) struct Finished<T> {
    pub done: Done<T>,
    /// Where the chain ends behind it.
    pub chain: Chain,
    /// Firms created many at once, as lists show them.
    pub entered: Vec<FirmRow>,
    /// The other records touched.
    pub changed: Vec<(RecordId, Option<RecordKind>)>,
}

/// An open action. Given to the closure of [`super::Db::act`]; nothing it writes stands before that closure returns well.
pub struct Act<'t> {
    connection: &'t Connection,
    clock: &'t Clock,
    entropy: &'t Entropy,
    chain: Chain,
    /// Made with the first event.
    pen: Option<journal::Pen<'t>>,
    action: RecordId,
    actor: RecordId,
    /// What the actor may do, read before the first event is written.
    standing: Option<Standing>,
    name: String,
    undoes: Option<RecordId>,
    written: u64,
    /// What the weightiest event so far makes of the action.
    sort: DeedKind,
    /// What the log is to say beside the deed, and facts that no undo takes back, on the records they speak of.
    notes: Vec<(Option<RecordId>, Fact)>,
    held: HashMap<RecordId, Held>,
    touched: Vec<(RecordId, Option<RecordKind>)>,
    /// Firms created many at once, in the order of their ids, and what lists show of them where there are lists.
    entered: (Vec<RecordId>, Vec<FirmRow>),
    figures_year: Option<i32>,
    /// Events were emptied: what they said must not survive in the write-ahead log.
    erased: bool,
    /// What sealed numbers are opened with, as whoever acts holds it.
    keys: Keys,
    /// Whoever acts holds other keys once the action stands.
    other_keys: bool,
    /// Whether the office has numbers sealed, read when the first of them is written.
    sealing: Option<Sealing>,
    /// Last running number given out per edition within this action.
    counters: HashMap<RecordId, i64>,
}

/// A firm of this credit code, as the list says it, is there already.
pub(super) struct SecondCode(pub String);

struct Held {
    history: History,
    /// The tables hold nothing of it yet.
    fresh: bool,
    changed: bool,
}

impl<'t> Act<'t> {
    pub(super) fn begin(
        connection: &'t Connection,
        clock: &'t Clock,
        entropy: &'t Entropy,
        chain: Chain,
        (actor, keys): (RecordId, Keys),
        name: &str,
    ) -> Self {
        let action = RecordId(entropy.id(clock.millis()));
        Self {
            connection,
            clock,
            entropy,
            chain,
            pen: None,
            action,
            actor,
            standing: None,
            name: name.to_owned(),
            undoes: None,
            written: 0,
            sort: DeedKind::Change,
            notes: Vec::new(),
            held: HashMap::new(),
            touched: Vec::new(),
            entered: Default::default(),
            figures_year: None,
            erased: false,
            keys,
            other_keys: false,
            sealing: None,
            counters: HashMap::new(),
        }
    }

    /// Has what lists show of new firms made along with them, with the figures of this year.
    pub(super) fn keep_rows(&mut self, figures_year: Option<i32>) {
        self.figures_year = figures_year;
    }

    /// Today, as the machine's clock has it.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// Now, in milliseconds of the machine's clock.
    pub(super) fn millis(&self) -> i64 {
        self.clock.millis()
    }

    /// Bytes nobody can guess.
    pub(super) fn chance<const N: usize>(&self) -> [u8; N] {
        self.entropy.fill()
    }

    /// What sealed numbers are opened with.
    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whoever acts holds these keys once the action stands.
    pub(super) fn set_keys(&mut self, keys: Keys) {
        self.keys = keys;
        self.other_keys = true;
    }

    /// The keys that are to be held from now on. `None`: as before.
    pub(super) fn new_keys(&self) -> Option<Keys> {
        self.other_keys.then(|| self.keys.clone())
    }

    /// Whether numbers are sealed, and with what.
    pub(super) fn sealing(&mut self) -> Result<&Sealing> {
        let sealing = match self.sealing.take() {
            Some(sealing) => sealing,
            None => Sealing::read(self.connection()?, &self.keys)?,
        };
        Ok(self.sealing.insert(sealing))
    }

    /// The switch was turned: it is read again.
    pub(super) fn forget_sealing(&mut self) {
        self.sealing = None;
    }

    /// What the actor may do.
    pub(super) fn standing(&mut self) -> Result<&Standing> {
        let standing = match self.standing.take() {
            Some(standing) => standing,
            None => Standing::read(self.connection, self.actor)?,
        };
        Ok(self.standing.insert(standing))
    }

    /// Goes on with other rights than the actor's own.
    pub(super) fn stand_as(&mut self, standing: Standing) {
        self.standing = Some(standing);
    }

    /// Refuses a fact the actor may not write. Every event passes here, but an action's own and what the log says.
    fn judge(&mut self, record: Option<RecordId>, fact: &Fact) -> Result<()> {
        self.standing()?;
        let Some(standing) = &self.standing else { return Ok(()) };
        match record.and_then(|record| self.held.get(&record)) {
            Some(held) => standing.judge(&held.history, fact),
            None => standing.judge(&History::default(), fact),
        }
    }

    /// Who acts.
    pub fn actor(&self) -> RecordId {
        self.actor
    }

    /// The action's own id.
    pub fn id(&self) -> RecordId {
        self.action
    }

    /// Names the action when its name is only known at the end: 导入 715 家.
    pub fn rename(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// Has the log say this too, in the same transaction. It is no part of the action: undo leaves it alone.
    pub fn note(&mut self, logged: Logged) {
        self.notes.push((None, Fact::Logged(logged)));
    }

    /// States a fact of a record after the action, in the same transaction: no part of it, so undo leaves it alone.
    ///
    /// # Errors
    /// Refused for what the actor may not do.
    pub(super) fn state(&mut self, record: RecordId, fact: Fact) -> Result<()> {
        self.judge(Some(record), &fact)?;
        self.notes.push((Some(record), fact));
        Ok(())
    }

    pub(super) fn set_undoes(&mut self, action: RecordId) {
        self.undoes = Some(action);
    }

    pub(super) fn set_erased(&mut self) {
        self.erased = true;
    }

    pub(super) fn has_erased(&self) -> bool {
        self.erased
    }

    /// The database with the tables as this action has left them so far.
    pub(super) fn connection(&mut self) -> Result<&'t Connection> {
        for (record, held) in self.held.iter_mut().filter(|(_, held)| held.changed) {
            tables::project(self.connection, *record, &held.history, held.fresh)?;
            (held.changed, held.fresh) = (false, false);
        }
        Ok(self.connection)
    }

    /// The next running number under a record, `last` telling the one in use before this action.
    pub(super) fn next_number_in(
        &mut self,
        record: RecordId,
        last: impl FnOnce(&Connection) -> Result<i64>,
    ) -> Result<i64> {
        let before = match self.counters.get(&record) {
            Some(n) => *n,
            None => last(self.connection)?,
        };
        self.counters.insert(record, before + 1);
        Ok(before + 1)
    }

    /// An id for a new record.
    pub fn new_id(&self) -> RecordId {
        RecordId(self.entropy.id(self.clock.millis()))
    }

    /// Everything that happened to a record, this action's own events included.
    pub fn history(&mut self, record: RecordId) -> Result<&History> {
        if !self.held.contains_key(&record) {
            self.make_room()?;
            let history = journal::history(self.connection, record)?;
            self.held.insert(record, Held { fresh: history.is_empty(), history, changed: false });
        }
        Ok(&self.held[&record].history)
    }

    /// Writes an event for a record, knowing all that is here of it.
    ///
    /// # Errors
    /// Refused for a record holding something a newer version wrote, and for what the actor may not do.
    pub fn append(&mut self, record: RecordId, fact: Fact) -> Result<Hash> {
        self.history(record)?;
        self.judge(Some(record), &fact)?;
        self.append_judged(record, fact)
    }

    /// The same where what is written only follows from a deed that was judged itself.
    pub(super) fn append_judged(&mut self, record: RecordId, fact: Fact) -> Result<Hash> {
        let history = self.history(record)?;
        if history.is_read_only() {
            return Err(
                Problem::refused("这条档案里有新版科报写的内容，这个版本只能看，不能改。").next("请升级到新版后再改。")
            );
        }
        let parents = history.heads();
        let latest = history.entries().iter().map(|entry| entry.event.at).max();
        if let Some(latest) = latest {
            self.chain.stamp = self.chain.stamp.max(latest);
        }
        let fact = self.close(Some(record), fact)?;
        let entry = self.seal(record, parents, &fact)?;
        let hash = entry.hash;
        if let Some(held) = self.held.get_mut(&record) {
            held.history.push(entry, fact);
            if !held.changed {
                held.changed = true;
                self.touched.push((record, held.history.record_kind()));
            }
        }
        Ok(hash)
    }

    /// Writes the first event of a new record; cheaper than [`Act::append`], because there is nothing to look up.
    pub fn create(&mut self, fact: Fact) -> Result<RecordId> {
        self.judge(None, &fact)?;
        let fact = self.close(None, fact)?;
        self.make_room()?;
        let record = self.new_id();
        let entry = self.seal(record, Vec::new(), &fact)?;
        let mut history = History::default();
        history.push(entry, fact);
        self.touched.push((record, history.record_kind()));
        self.held.insert(record, Held { history, fresh: true, changed: true });
        Ok(record)
    }

    /// Creates many firms that are not among those of these credit codes, which are folded as matching does. What needs no
    /// database is done on a second thread while this one writes, because a list of ten thousand is what people wait for.
    ///
    /// `each` hears of every firm written and may stop it all with an error.
    ///
    /// # Errors
    /// As for each alone; two of one code in the list; [`SecondCode`] with what the list says for one of a code known here.
    pub(super) fn create_firms(
        &mut self,
        firms: Vec<(Values, Option<Source>)>,
        known: HashSet<String>,
        each: &mut dyn FnMut() -> Result<()>,
    ) -> Result<Result<Vec<RecordId>, SecondCode>> {
        let (count, sample) = (firms.len(), Fact::FirmCreated(Fields::default()));
        self.judge(None, &sample)?;
        if count == 0 {
            return Ok(Ok(Vec::new()));
        }
        let shared =
            journal::Shared { action: self.action, kind: sample.kind(), version: sample.version(), actor: self.actor };
        let mut events = journal::ManyPen::new(self.connection, self.chain.device, &shared)?;
        let mut rows = tables::FirmPen::new(self.connection)?;
        let sealing = self.sealing()?.clone();
        let press = Press {
            clock: self.clock,
            entropy: self.entropy,
            chain: self.chain,
            action: self.action,
            actor: self.actor,
            sealing,
            known,
            fresh: HashSet::with_capacity(count),
            figures_year: self.figures_year,
            words: Words::default(),
            buffer: Vec::new(),
        };
        let (mut ids, mut shown) = (Vec::with_capacity(count), Vec::new());
        let stopped = thread::scope(|scope| {
            let (send, lots) = sync_channel(AHEAD);
            let (give_back, back) = channel();
            scope.spawn(move || press.run(firms, &send, &back));
            while let Ok(lot) = lots.recv() {
                let mut lot = match lot {
                    Ok(lot) => lot,
                    Err(Stop::Problem(problem)) => return Err(problem),
                    Err(Stop::SecondCode(code)) => return Ok(Some(SecondCode(code))),
                };
                events.append(lot.events())?;
                rows.write(lot.lines())?;
                for firm in &lot.firms {
                    ids.push(firm.id);
                    each()?;
                }
                self.chain = lot.chain;
                shown.append(&mut lot.rows);
                // Its maker may have ended already.
                let _ = give_back.send(lot);
            }
            Ok(None)
        })?;
        if let Some(stopped) = stopped {
            return Ok(Err(stopped));
        }
        if ids.len() != count {
            return Err(Problem::bug("preparing firms ended early"));
        }
        if self.figures_year.is_some() && shown.len() != count {
            // Not to be made in memory: then they are read like everything else.
            self.touched.extend(ids.iter().map(|id| (*id, Some(RecordKind::Firm))));
        } else {
            self.entered.0.extend(&ids);
            self.entered.1.append(&mut shown);
        }
        self.written += count as u64;
        self.sort = self.sort.max(DeedKind::of_event(sample.kind()));
        Ok(Ok(ids))
    }

    fn seal(&mut self, record: RecordId, parents: Vec<Hash>, fact: &Fact) -> Result<Entry> {
        let stamp = self.chain.stamp.next(self.clock.millis());
        let event = Event {
            device: self.chain.device,
            seq: self.chain.seq + 1,
            prev: self.chain.head,
            record,
            action: self.action,
            kind: fact.kind().into(),
            version: fact.version(),
            actor: self.actor,
            at: stamp,
            parents,
            body: Body::Present { salt: self.entropy.fill(), bytes: fact.encode().into() },
        };
        let entry = Entry::seal(event);
        if self.pen.is_none() {
            self.pen = Some(journal::Pen::new(self.connection, self.chain.device)?);
        }
        if let Some(pen) = &mut self.pen {
            pen.append(&entry)?;
        }
        self.chain = Chain { seq: entry.event.seq, head: entry.hash, stamp, ..self.chain };
        self.written += 1;
        self.sort = self.sort.max(DeedKind::of_event(fact.kind()));
        Ok(entry)
    }

    fn make_room(&mut self) -> Result<()> {
        if self.held.len() >= HELD {
            self.write_tables()?;
        }
        Ok(())
    }

    fn write_tables(&mut self) -> Result<()> {
        for (record, held) in self.held.drain().filter(|(_, held)| held.changed) {
            tables::project(self.connection, record, &held.history, held.fresh)?;
        }
        Ok(())
    }

    /// After the action's own event, so that its range holds nothing that could not be taken back.
    fn write_notes(&mut self) -> Result<()> {
        for (record, fact) in std::mem::take(&mut self.notes) {
            let (record, before) = match record {
                Some(record) => (record, journal::history(self.connection, record)?),
                None => (self.new_id(), History::default()),
            };
            self.action = record;
            let latest = before.entries().iter().map(|entry| entry.event.at).max().unwrap_or(self.chain.stamp);
            self.chain.stamp = self.chain.stamp.max(latest);
            let entry = self.seal(record, before.heads(), &fact)?;
            let fresh = before.is_empty();
            let entries = before.entries().iter().cloned().chain([entry]).collect();
            tables::project(self.connection, record, &History::new(entries), fresh)?;
        }
        Ok(())
    }

    /// What must never happen: the writing of a deed that failed stays. Only to show that a law notices.
    #[cfg(test)]
    pub(super) fn leave_half(mut self) -> Result<Chain> {
        self.write_tables()?;
        Ok(self.chain)
    }

    /// Closes the action: its own event, its tables, what the log says beside it. The caller commits.
    pub(super) fn finish<T>(mut self, value: T) -> Result<Finished<T>> {
        if self.written == 0 {
            self.write_notes()?;
            let done = Done { action: None, name: self.name, touched: Vec::new(), value };
            return Ok(Finished { done, chain: self.chain, entered: Vec::new(), changed: Vec::new() });
        }
        // A record touched twice around a flush stands twice.
        self.touched.sort_unstable();
        self.touched.dedup_by_key(|(record, _)| *record);
        let (ids, mut entered) = std::mem::take(&mut self.entered);
        let changed = self.touched.clone();
        let stands = |id: &RecordId| changed.binary_search_by_key(id, |(record, _)| *record).is_err();
        self.touched.extend(ids.iter().filter(|id| stands(id)).map(|id| (*id, Some(RecordKind::Firm))));
        self.touched.sort_unstable();
        // What lists show of a firm that was changed again is read again.
        entered.retain(|firm| stands(&firm.id));
        let taken = Fact::Taken(Taken {
            name: self.name.clone(),
            events: self.written,
            undoes: self.undoes,
            sort: Some(if self.undoes.is_some() { DeedKind::Undo } else { self.sort }),
            records: u32::try_from(self.touched.len()).ok(),
        });
        let action = self.action;
        let entry = self.seal(action, Vec::new(), &taken)?;
        self.held.insert(action, Held { history: History::new(vec![entry]), fresh: true, changed: true });
        self.write_tables()?;
        if let Some(standing) = &self.standing {
            standing.leaves(self.connection, &self.touched)?;
        }
        self.write_notes()?;
        let done = Done { action: Some(action), name: self.name, touched: self.touched, value };
        Ok(Finished { done, chain: self.chain, entered, changed })
    }
}
