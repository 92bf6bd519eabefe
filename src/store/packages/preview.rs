//! What a package would bring, worked out without writing anything: its filings, its decisions and what each would meet here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::Connection;
use serde::Serialize;

use super::{gather, list};
use crate::domain::Result;
use crate::domain::event::{ChainEnd, Entry, Fact, Hash, RecordKind, Stamp};
use crate::domain::filing::{Filing, key};
use crate::domain::history::{History, Registers};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::Machine;
use crate::domain::{firm, people};
use crate::store::device::Own;
use crate::store::queries::name_of;
use crate::store::{Answer, Db, journal};

/// What arrives, as the package says.
#[derive(Debug, Clone)]
pub struct Coming {
    pub package: RecordId,
    pub entries: Vec<Entry>,
    pub heads: Vec<ChainEnd>,
    /// First events of the sender's office.
    pub roots: Vec<Hash>,
    /// Filings the package was made of.
    pub filings: Vec<RecordId>,
}

/// What would become of a decision here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It meets another decision, or what it rests on is gone: a person must look.
    Conflict,
    /// It stands, on a version that was edited since.
    Outdated,
    /// It stands.
    Stands,
    /// It does not count: another was chosen, or it was taken back.
    PassedOver,
}

impl Outcome {
    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Conflict => "有冲突，等人处理",
            Self::Outdated => "针对旧版本",
            Self::Stands => "有效",
            Self::PassedOver => "不计入",
        }
    }
}

/// One decision the package brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    pub filing: RecordId,
    pub number: String,
    pub firm: String,
    pub hash: Hash,
    /// In the program's words.
    pub word: String,
    pub on: chrono::NaiveDate,
    pub reason: String,
    pub by: String,
    pub outcome: Outcome,
}

/// What became of a decision taken on this machine, as the package tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Became {
    pub filing: RecordId,
    pub number: String,
    pub firm: String,
    pub word: String,
    pub outcome: Outcome,
    /// Why, where a person chose.
    pub reason: String,
}

/// A record a package would add or change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    pub record: RecordId,
    /// `None`: of a sort a newer version made.
    pub sort: Option<RecordKind>,
    /// What people call it: a filing's number and firm, a firm's name.
    pub name: String,
    /// It is not here yet.
    pub new: bool,
}

/// What a package would bring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Events not here yet, here already, and such as would wait for others.
    pub new: usize,
    pub known: usize,
    pub waiting: usize,
    /// Filings the package was made of: number and firm, in its order.
    pub filings: Vec<(RecordId, String, String)>,
    /// Records that would be new here or would change, filings first; what is told elsewhere (actions, the log, packages)
    /// left out.
    pub touched: Vec<Touched>,
    /// New decisions, conflicts first.
    pub decisions: Vec<Decided>,
    /// Decisions that are here already.
    pub decisions_known: usize,
    pub became: Vec<Became>,
    /// It was taken in here before, at this moment.
    pub before: Option<Stamp>,
    /// The sender's office is another one.
    pub foreign: bool,
    /// Chains of which another version is here: a machine was cloned, or its history written anew.
    pub forked: Vec<DeviceId>,
    /// New events in this machine's own name: a copy of it works elsewhere, or it lost its end.
    pub in_own_name: usize,
    /// The latest moment any new event names, where this machine's clock says it is still to come: one of the two is wrong.
    pub ahead: Option<Stamp>,
}

impl Preview {
    /// How many new decisions would have this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.decisions.iter().filter(|decided| decided.outcome == outcome).count()
    }

    /// How many records would be new here, and how many would change.
    pub fn touches(&self) -> (usize, usize) {
        let new = self.touched.iter().filter(|touched| touched.new).count();
        (new, self.touched.len() - new)
    }
}

impl Db {
    /// Works out what a package would bring. Nothing is written.
    pub fn preview(&self, coming: Coming) -> Answer<Preview> {
        let limit = Stamp::limit(self.clock().millis());
        self.read(move |connection| {
            let view = connection.unchecked_transaction()?;
            preview(&view, &coming, limit)
        })
    }

    /// The machine with a signature key, if it was met.
    pub fn machine_of(&self, sign: crate::domain::machine::Key) -> Answer<Option<Machine>> {
        self.read(move |connection| Ok(list::machines(connection)?.into_iter().find(|machine| machine.sign == sign)))
    }
}

/// Records as they would be, replayed once each.
struct Merged<'c> {
    connection: &'c Connection,
    coming: HashMap<RecordId, Vec<Entry>>,
    names: HashMap<RecordId, String>,
}

impl Merged<'_> {
    fn history(&self, record: RecordId) -> Result<History> {
        let here = journal::history(self.connection, record)?;
        let Some(coming) = self.coming.get(&record) else { return Ok(here) };
        Ok(History::new(here.entries().iter().chain(coming).cloned().collect()))
    }

    fn name(&mut self, record: RecordId, field: &str) -> Result<String> {
        if let Some(name) = self.names.get(&record) {
            return Ok(name.clone());
        }
        let name = Registers::replay(&self.history(record)?).text(field);
        self.names.insert(record, name.clone());
        Ok(name)
    }
}

/// `limit`: what lies beyond it is still to come, as this machine's clock says.
pub(super) fn preview(connection: &Connection, coming: &Coming, limit: Stamp) -> Result<Preview> {
    let own = Own::read(connection)?;
    let mut found = Preview {
        before: list::taken(connection)?
            .into_iter()
            .filter(|taken| taken.own && taken.package == coming.package)
            .map(|taken| taken.at)
            .max(),
        foreign: is_foreign(connection, &coming.roots)?,
        ..Preview::default()
    };
    for end in &coming.heads {
        let last: Option<i64> = connection
            .prepare_cached("SELECT max(seq) FROM event WHERE device = (SELECT n FROM device WHERE id = ?)")?
            .query_row([end.device], |row| row.get(0))?;
        let there = connection
            .prepare_cached("SELECT 1 FROM event WHERE device = (SELECT n FROM device WHERE id = ?) AND seq = ?")?
            .exists(rusqlite::params![end.device, end.seq as i64])?;
        let other = last.is_some() && there && !journal::stands(connection, end.device, end.seq, end.hash)?;
        if other {
            found.forked.push(end.device);
        }
    }
    let mut merged = Merged { connection, coming: HashMap::new(), names: HashMap::new() };
    let mut new: HashSet<Hash> = HashSet::new();
    for entry in &coming.entries {
        if new.contains(&entry.hash) || journal::is_here(connection, entry)? {
            found.known += 1;
            found.decisions_known += usize::from(&*entry.event.kind == "filing.moved");
            continue;
        }
        new.insert(entry.hash);
        found.in_own_name += usize::from(entry.event.device == own.present);
        found.ahead = found.ahead.max(Some(entry.event.at).filter(|at| *at > limit));
    }
    // By the same judgement that will take them in; what waited here and is ready then is part of what it brings.
    found.new = new.len();
    found.waiting = new.len();
    for entry in journal::foresee(connection, coming.entries.clone())? {
        found.waiting -= usize::from(new.contains(&entry.hash));
        merged.coming.entry(entry.event.record).or_default().push(entry);
    }
    for filing in &coming.filings {
        let history = merged.history(*filing)?;
        let (number, firm) = called(&mut merged, &history)?;
        found.filings.push((*filing, number, firm));
    }
    let records: BTreeSet<RecordId> = merged.coming.keys().copied().collect();
    for record in records {
        let coming = &merged.coming[&record];
        let kind = coming.iter().find_map(|entry| RecordKind::of(&entry.event.kind));
        if matches!(kind, Some(RecordKind::Action | RecordKind::Log | RecordKind::Package)) {
            continue;
        }
        let new: HashSet<Hash> = coming.iter().map(|entry| entry.hash).collect();
        let history = merged.history(record)?;
        let sort = kind.or_else(|| history.record_kind());
        let is_new = history.len() == new.len();
        let name = if kind == Some(RecordKind::Filing) || history.record_kind() == Some(RecordKind::Filing) {
            let (number, firm) = called(&mut merged, &history)?;
            let name = format!("{number} {firm}").trim().to_owned();
            look_at_filing(&mut found, &mut merged, (record, &own), (number, firm), &history, &new)?;
            name
        } else {
            name_of(&history)
        };
        found.touched.push(Touched { record, sort, name, new: is_new });
    }
    found.decisions.sort_by(|a, b| (a.outcome, &a.number, a.on, a.hash).cmp(&(b.outcome, &b.number, b.on, b.hash)));
    let rank = |touched: &Touched| (touched.sort != Some(RecordKind::Filing), touched.sort != Some(RecordKind::Firm));
    found.touched.sort_by(|a, b| (rank(a), a.sort, &a.name, a.record).cmp(&(rank(b), b.sort, &b.name, b.record)));
    found.became.sort_by(|a, b| (a.outcome, &a.number).cmp(&(b.outcome, &b.number)));
    Ok(found)
}

/// Both offices have a beginning, and no common one.
pub(super) fn is_foreign(connection: &Connection, roots: &[Hash]) -> Result<bool> {
    let here = gather::roots(&journal::history(connection, RecordId::OFFICE)?);
    Ok(!here.is_empty() && !roots.is_empty() && !roots.iter().any(|root| here.contains(root)))
}

/// A filing's number and its firm's name.
fn called(merged: &mut Merged<'_>, history: &History) -> Result<(String, String)> {
    let fields = Registers::replay(history);
    let firm = match fields.get(key::FIRM).and_then(|id| id.parse().ok()) {
        Some(firm) => merged.name(firm, firm::key::NAME)?,
        None => String::new(),
    };
    Ok((fields.text(key::NUMBER), firm))
}

fn look_at_filing(
    found: &mut Preview,
    merged: &mut Merged<'_>,
    (id, own): (RecordId, &Own),
    (number, firm): (String, String),
    history: &History,
    new: &HashSet<Hash>,
) -> Result<()> {
    let track = Filing::replay(id, history).map(|filing| filing.track);
    let last = track.as_ref().and_then(|track| track.line().next_back().map(|decision| decision.hash));
    let reasons: BTreeMap<Hash, String> = history
        .standing()
        .filter_map(|(_, _, fact)| match fact {
            Fact::FilingResolved(resolved) => Some((resolved.stands, resolved.reason.clone())),
            _ => None,
        })
        .collect();
    for (n, entry) in history.entries().iter().enumerate() {
        let Some(Fact::FilingMoved(moved)) = history.fact(n) else { continue };
        let decision = track.as_ref().and_then(|track| track.decisions.iter().find(|d| d.hash == entry.hash));
        let split = track.as_ref().and_then(|track| track.split.as_ref());
        let outcome = match (decision, split) {
            (None, _) => Outcome::PassedOver,
            (Some(decision), _) if decision.stands => {
                let outdated = track.as_ref().is_some_and(|track| track.outdated_approval);
                if outdated && last == Some(entry.hash) { Outcome::Outdated } else { Outcome::Stands }
            }
            (Some(_), Some(_)) => Outcome::Conflict,
            (Some(_), None) => Outcome::PassedOver,
        };
        if new.contains(&entry.hash) {
            found.decisions.push(Decided {
                filing: id,
                number: number.clone(),
                firm: firm.clone(),
                hash: entry.hash,
                word: moved.word.clone(),
                on: moved.on,
                reason: moved.reason.clone(),
                by: merged.name(entry.event.actor, people::user_key::NAME)?,
                outcome,
            });
        } else if own.wrote(entry.event.device, entry.event.seq) {
            // Of several decisions on one filing the last is the one somebody wonders about.
            found.became.retain(|became| became.filing != id);
            found.became.push(Became {
                filing: id,
                number: number.clone(),
                firm: firm.clone(),
                word: moved.word.clone(),
                outcome,
                reason: reasons.values().next_back().cloned().unwrap_or_default(),
            });
        }
    }
    Ok(())
}
