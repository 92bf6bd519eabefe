//! What goes into a package: whole histories of all that is needed, so that nothing waits for a parent at the other end.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::list;
use crate::domain::event::{ChainEnd, Entry, Fact, Hash, Purpose};
use crate::domain::filing::key as filing_key;
use crate::domain::history::{History, Registers};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::Key;
use crate::domain::people::office_key;
use crate::domain::{Problem, Result};
use crate::store::device::Own;
use crate::store::{Answer, Db, erased, journal};

/// What is to be packed, for the machine with this signature key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// These filings for review.
    Review(Vec<RecordId>),
    /// What was decided and done here.
    Answer,
    /// Everything it may lack.
    Exchange,
}

impl Wanted {
    /// What the package is called.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Review(_) => Purpose::Review,
            Self::Answer => Purpose::Answer,
            Self::Exchange => Purpose::Exchange,
        }
    }
}

/// What is packed.
#[derive(Debug, Clone)]
pub struct Cargo {
    pub purpose: Purpose,
    /// The filings it was made of; those of an answer are the ones decided.
    pub filings: Vec<RecordId>,
    /// Events, in the order of their devices' chains, so that parents mostly come first.
    pub entries: Vec<Entry>,
    /// Kept files the events speak of, with their names and sizes.
    pub files: Vec<(Hash, String, u64)>,
    /// Kept files they speak of that are not on this machine.
    pub missing: usize,
    /// Kept files they speak of whose content was lawfully erased.
    pub erased: usize,
    /// What this machine has of every chain.
    pub heads: Vec<ChainEnd>,
    pub office: String,
    /// First events of the office's record: two journals of one office share one.
    pub roots: Vec<Hash>,
}

impl Db {
    /// Gathers what goes into a package.
    ///
    /// # Errors
    /// Not found for a filing that is not here; refused when there is nothing to send.
    pub fn gather(&self, wanted: Wanted, to: Key) -> Answer<Cargo> {
        let folder = self.folder().to_owned();
        self.read(move |connection| {
            // One view of the journal, whatever is written meanwhile.
            let view = connection.unchecked_transaction()?;
            let mut cargo = gather(&view, &wanted, to)?;
            for (hash, name) in files_of(&cargo.entries) {
                if erased::is_erased(&view, &hash)? {
                    cargo.erased += 1;
                    continue;
                }
                let place = crate::store::attachments::kept_in(&folder, &hash);
                match std::fs::metadata(place) {
                    Ok(about) => cargo.files.push((hash, name, about.len())),
                    Err(_) => cargo.missing += 1,
                }
            }
            Ok(cargo)
        })
    }
}

/// Kinds of events that tell only of packages and of the log, and the closing of actions: no news to others by themselves.
const NO_NEWS: &str = "'package.made', 'package.taken', 'log.noted', 'action.taken'";

impl Db {
    /// How many events there are that another machine would want to hear of. It only ever grows.
    pub fn news(&self) -> Answer<u64> {
        self.read(|connection| {
            let sql = format!("SELECT count(*) FROM event WHERE kind NOT IN ({NO_NEWS})");
            let count: i64 = connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }
}

/// Whether an event is something to answer with: not of packages and of the log, nor of machines, which everything brings along.
fn is_answer(kind: &str) -> bool {
    !kind.starts_with("machine.") && !NO_NEWS.contains(&format!("'{kind}'"))
}

/// The kept files that events speak of, with their names.
pub(super) fn files_of(entries: &[Entry]) -> BTreeMap<Hash, String> {
    entries
        .iter()
        .filter_map(|entry| match entry.fact()? {
            Fact::ImportDone(done) => Some((done.digest, done.file)),
            Fact::FilingAttached(attached) => Some((attached.file, attached.name)),
            _ => None,
        })
        .collect()
}

fn gather(connection: &Connection, wanted: &Wanted, to: Key) -> Result<Cargo> {
    let mut cargo = Cargo {
        purpose: wanted.purpose(),
        filings: Vec::new(),
        entries: Vec::new(),
        files: Vec::new(),
        missing: 0,
        erased: 0,
        heads: heads(connection)?,
        office: String::new(),
        roots: Vec::new(),
    };
    let office = journal::history(connection, RecordId::OFFICE)?;
    cargo.office = Registers::replay(&office).text(office_key::NAME);
    cargo.roots = roots(&office);
    let mut chosen = Chosen::default();
    match wanted {
        Wanted::Review(filings) => {
            for filing in filings {
                if chosen.add(connection, *filing)? == 0 {
                    return Err(
                        Problem::not_found("选中的申报里有一件找不到了。").next("它可能已被撤销，请刷新后重选。")
                    );
                }
            }
            cargo.filings.clone_from(filings);
            for filing in unanswered_fates(connection, to)? {
                chosen.add(connection, filing)?;
            }
            chosen.close(connection)?;
        }
        Wanted::Answer => {
            let mut decided = BTreeSet::new();
            let mut answers = false;
            for (own, last) in Own::read(connection)?.chains() {
                let from = known_of_own(connection, to, own)?;
                for entry in journal::chain_range(connection, own, from.saturating_add(1), last)? {
                    if matches!(&*entry.event.kind, "filing.moved" | "filing.resolved") {
                        decided.insert(entry.event.record);
                    }
                    answers |= is_answer(&entry.event.kind);
                    chosen.add(connection, entry.event.record)?;
                }
            }
            if !answers {
                return Err(nothing());
            }
            cargo.filings = decided.into_iter().collect();
            chosen.close(connection)?;
        }
        Wanted::Exchange => chosen.add_unseen(connection, to)?,
    }
    if chosen.entries.is_empty() {
        return Err(nothing());
    }
    cargo.entries = chosen.entries.into_values().collect();
    Ok(cargo)
}

fn nothing() -> Problem {
    Problem::refused("没有要发的内容。").next("先选申报或作出决定，再做包。")
}

/// First events of a record.
pub(super) fn roots(history: &History) -> Vec<Hash> {
    history.entries().iter().filter(|entry| entry.event.parents.is_empty()).map(|entry| entry.hash).collect()
}

/// Events by their places, and the records they are of.
#[derive(Default)]
struct Chosen {
    entries: BTreeMap<(DeviceId, u64, Hash), Entry>,
    records: BTreeSet<RecordId>,
}

impl Chosen {
    fn put(&mut self, entry: Entry) {
        self.entries.insert((entry.event.device, entry.event.seq, entry.hash), entry);
    }

    /// The whole history of a record; how many events that is.
    fn add(&mut self, connection: &Connection, record: RecordId) -> Result<usize> {
        if !self.records.insert(record) {
            return Ok(1);
        }
        let entries = journal::record_entries(connection, record)?;
        let count = entries.len();
        entries.into_iter().for_each(|entry| self.put(entry));
        Ok(count)
    }

    /// Adds whatever the events speak of: firms, editions, the lists they came from, who acted and in which action, the office,
    /// its people and machines. What these speak of in turn goes along.
    fn close(&mut self, connection: &Connection) -> Result<()> {
        let mut wanted: BTreeSet<RecordId> = [RecordId::OFFICE].into();
        for sql in ["SELECT id FROM user", "SELECT id FROM known_machine"] {
            let mut statement = connection.prepare_cached(sql)?;
            for id in statement.query_map([], |row| row.get::<_, RecordId>(0))? {
                wanted.insert(id?);
            }
        }
        let mut read: BTreeSet<Hash> = BTreeSet::new();
        loop {
            for entry in self.entries.values().filter(|entry| !read.contains(&entry.hash)) {
                wanted.extend([entry.event.actor, entry.event.action]);
                wanted.extend(spoken_of(entry));
            }
            read.extend(self.entries.values().map(|entry| entry.hash));
            let missing: Vec<RecordId> = wanted.difference(&self.records).copied().collect();
            if missing.is_empty() {
                return Ok(());
            }
            for record in missing {
                self.add(connection, record)?;
            }
        }
    }

    /// Every event a machine has not shown to have, and all that waits here for others.
    fn add_unseen(&mut self, connection: &Connection, to: Key) -> Result<()> {
        let mut shown: BTreeMap<DeviceId, (u64, Hash)> = BTreeMap::new();
        for end in shown_by(connection, to)?.filter(|end| end.whole) {
            let known = shown.entry(end.device).or_insert((end.seq, end.hash));
            if end.seq > known.0 {
                *known = (end.seq, end.hash);
            }
        }
        for head in heads(connection)? {
            let from = match shown.get(&head.device) {
                // Where a device was cloned, its number says nothing of what is there.
                Some((seq, hash))
                    if !is_cloned(connection, head.device)?
                        && journal::stands(connection, head.device, *seq, *hash)? =>
                {
                    seq + 1
                }
                _ => 1,
            };
            for entry in journal::chain_range(connection, head.device, from, i64::MAX as u64)? {
                self.put(entry);
            }
        }
        for entry in journal::waiting(connection)? {
            self.put(entry);
        }
        // A decree alone would leave what it speaks of where the other machine has it, and is all it needs.
        Ok(())
    }
}

/// Records an event speaks of.
fn spoken_of(entry: &Entry) -> Vec<RecordId> {
    let Some(fact) = entry.fact() else { return Vec::new() };
    let mut all = Vec::new();
    if let Some(fields) = fact.fields() {
        if entry.event.kind.starts_with("filing.") {
            let keys = [filing_key::FIRM, filing_key::EDITION, filing_key::OFFICER];
            all.extend(keys.iter().filter_map(|key| fields.get(key)?.parse::<RecordId>().ok()));
        }
        all.extend(fields.source.map(|source| source.import));
    }
    if let Fact::FilingMoved(moved) = &fact {
        all.extend(moved.source.map(|source| source.import));
    }
    all
}

/// What this machine has of every chain: its last event, and whether all before it is here.
pub(super) fn heads(connection: &Connection) -> Result<Vec<ChainEnd>> {
    let mut statement = connection.prepare_cached(
        "SELECT device.id, max(event.seq), count(*), max(event.twin), device.n FROM event JOIN device ON device.n = event.device
         GROUP BY event.device ORDER BY device.id",
    )?;
    let mut at = connection.prepare_cached("SELECT hash FROM event WHERE device = ? AND seq = ? AND twin = 0")?;
    let mut rows = statement.query([])?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next()? {
        let (last, count, twins): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let hash = at.query_row(params![row.get::<_, i64>(4)?, last], |row| row.get(0))?;
        heads.push(ChainEnd {
            device: row.get(0)?,
            seq: last.unsigned_abs(),
            hash,
            whole: twins == 0 && count == last,
        });
    }
    Ok(heads)
}

fn is_cloned(connection: &Connection, device: DeviceId) -> Result<bool> {
    let sql = "SELECT 1 FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND twin > 0";
    Ok(connection.prepare_cached(sql)?.exists([device])?)
}

/// Up to where a machine has shown to have one of this one's own chains.
fn known_of_own(connection: &Connection, to: Key, own: DeviceId) -> Result<u64> {
    let mut known = 0;
    for end in shown_by(connection, to)?.filter(|end| end.device == own && end.whole) {
        if end.seq > known && journal::stands(connection, own, end.seq, end.hash)? {
            known = end.seq;
        }
    }
    Ok(known)
}

/// Where the chains ended that a machine showed in its packages: in those it wrote as the device of the newest. A restored
/// backup goes on as another, and has no more than what it shows since.
fn shown_by(connection: &Connection, to: Key) -> Result<impl Iterator<Item = ChainEnd>> {
    let mut taken = list::taken(connection)?;
    taken.retain(|taken| taken.own && taken.fact.from == to);
    let newest = taken.last().map(|taken| taken.fact.device);
    Ok(taken.into_iter().filter(move |taken| Some(taken.fact.device) == newest).flat_map(|taken| taken.fact.heads))
}

/// Filings a machine decided of which it has not been told yet what became of them: those it brought since the last package it
/// is known to have taken in. A package that was lost counts for nothing, so they go along again. By their moments, which grow
/// from one chain of this machine to its next.
fn unanswered_fates(connection: &Connection, to: Key) -> Result<BTreeSet<RecordId>> {
    let taken = list::taken(connection)?;
    let arrived: BTreeSet<RecordId> = taken.iter().filter(|taken| !taken.own).map(|taken| taken.package).collect();
    let told = list::own_made(connection)?
        .into_iter()
        .filter(|(package, _, made)| made.to == to && arrived.contains(package))
        .map(|(_, at, _)| at)
        .max();
    let brought = taken.into_iter().filter(|taken| taken.own && taken.fact.from == to && Some(taken.at) > told);
    let mut filings = BTreeSet::new();
    for filing in brought.flat_map(|taken| taken.fact.decided) {
        let here: Option<i64> = connection
            .prepare_cached("SELECT 1 FROM event WHERE record = ? LIMIT 1")?
            .query_row([filing], |row| row.get(0))
            .optional()?;
        if here.is_some() {
            filings.insert(filing);
        }
    }
    Ok(filings)
}
