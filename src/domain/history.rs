//! The history of one record: its events in an order every machine agrees on, what knew of what, what was taken back.
//!
//! State is a function of the *set* of events: arrival order and repetition do not matter. Nothing here decides what an
//! event means; that is each record's own replay (`firm`, `filing`, …), which reads a `History`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::event::{Body, Entry, Fact, Fields, Hash, RecordKind, Stamp};
use super::id::RecordId;

/// All events of one record that this machine has, parents always before children.
#[derive(Debug, Clone, Default)]
pub struct History {
    entries: Vec<Entry>,
    facts: Vec<Option<Fact>>,
    /// For each event the positions of all events before it in knowledge; `None` while the history is one line.
    known: Option<Vec<Known>>,
    taken_back: Vec<bool>,
    /// What they said is gone for good, or must go.
    erased: Vec<bool>,
}

/// A set of positions.
#[derive(Debug, Clone, Default)]
struct Known(Vec<u64>);

impl Known {
    fn contains(&self, position: usize) -> bool {
        self.0.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    fn insert(&mut self, position: usize) {
        if self.0.len() <= position / 64 {
            self.0.resize(position / 64 + 1, 0);
        }
        self.0[position / 64] |= 1 << (position % 64);
    }

    fn union(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

impl History {
    /// Builds it from any order, with or without repetitions.
    ///
    /// Parents that are not among the events are taken as never seen; the store does not hand out an event before its
    /// parents have arrived, so this only happens with histories cut on purpose (as of a date).
    pub fn new(mut entries: Vec<Entry>) -> Self {
        if !is_line(&entries) {
            entries = in_agreed_order(entries);
        }
        let facts = entries.iter().map(Entry::fact).collect();
        let mut history = Self { entries, facts, known: None, taken_back: Vec::new(), erased: Vec::new() };
        history.find_erased();
        if !is_line(&history.entries) {
            history.known = Some(history.ancestors());
        }
        history.taken_back = history.find_taken_back();
        // What was told again goes with what it was told for.
        let again: Vec<usize> =
            (0..history.len()).filter(|n| history.facts[*n].as_ref().and_then(Fact::restates).is_some()).collect();
        for n in again {
            history.taken_back[n] |= history.taken_back[history.stands_at(n)];
        }
        history
    }

    /// Adds an event written just now, saying `fact`, by somebody who knew all that is here.
    pub fn push(&mut self, entry: Entry, fact: Fact) {
        let follows = self.entries.last().map(|last| last.hash).into_iter().eq(entry.event.parents.iter().copied());
        let adds = !matches!(fact, Fact::Undone(_) | Fact::Erased(_)) && fact.restates().is_none();
        if self.known.is_none() && follows && adds {
            self.entries.push(entry);
            self.facts.push(Some(fact));
            self.taken_back.push(false);
            self.erased.push(false);
        } else {
            let mut entries = std::mem::take(&mut self.entries);
            entries.push(entry);
            *self = Self::new(entries);
        }
    }

    /// Takes events as saying nothing any more, as a decree will have it.
    pub fn erase(&mut self, events: &[Hash]) {
        for n in events.iter().filter_map(|hash| self.position(hash)).collect::<Vec<_>>() {
            (self.facts[n], self.erased[n]) = (None, true);
        }
    }

    /// The events, parents before children, ties by stamp and hash.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is known of the record.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What the event at a position says, taken back or not.
    pub fn fact(&self, position: usize) -> Option<&Fact> {
        self.facts[position].as_ref()
    }

    /// The last value a field was given, taken back or not: what a record is called even when it is gone.
    pub fn said(&self, key: &str) -> Option<&str> {
        self.facts.iter().rev().find_map(|fact| fact.as_ref()?.fields()?.get(key))
    }

    /// Alters what the events say in this telling of it; the events themselves stay as they are.
    pub fn alter_facts(&mut self, alter: impl FnMut(&mut Fact)) {
        self.facts.iter_mut().flatten().for_each(alter);
    }

    /// The facts that stand, with their positions: nothing that was taken back, nothing unreadable.
    pub fn standing(&self) -> impl Iterator<Item = (usize, &Entry, &Fact)> {
        self.entries
            .iter()
            .enumerate()
            .filter(|(n, _)| !self.taken_back[*n])
            .filter_map(|(n, entry)| Some((n, entry, self.facts[n].as_ref()?)))
    }

    /// Whether the event at a position was taken back (and that was not taken back in turn).
    pub fn is_taken_back(&self, position: usize) -> bool {
        self.taken_back[position]
    }

    /// Whether what the event at a position said was erased, or was decreed to be.
    pub fn is_erased(&self, position: usize) -> bool {
        self.erased[position]
    }

    /// The position an event counts as being at: that of the erased one it tells again, else its own.
    pub fn stands_at(&self, position: usize) -> usize {
        self.facts[position]
            .as_ref()
            .and_then(Fact::restates)
            .and_then(|hash| self.position(&hash))
            .filter(|told| self.knew(position, *told))
            .unwrap_or(position)
    }

    /// Whether the record was created and that stands. The creation may have been erased: its kind still tells.
    pub fn is_created(&self, kind: &str) -> bool {
        self.entries.iter().zip(&self.taken_back).any(|(entry, back)| !back && &*entry.event.kind == kind)
    }

    /// Where an event stands.
    pub fn position(&self, hash: &Hash) -> Option<usize> {
        self.entries.iter().position(|entry| entry.hash == *hash)
    }

    /// Whether whoever wrote `later` had seen `earlier`.
    pub fn knew(&self, later: usize, earlier: usize) -> bool {
        match &self.known {
            None => earlier < later,
            Some(known) => known[later].contains(earlier),
        }
    }

    /// The events nobody has built on yet: the parents of whatever is written next.
    pub fn heads(&self) -> Vec<Hash> {
        match &self.known {
            None => self.entries.last().map(|entry| entry.hash).into_iter().collect(),
            Some(_) => {
                let parents: BTreeSet<Hash> =
                    self.entries.iter().flat_map(|entry| entry.event.parents.iter().copied()).collect();
                let mut heads: Vec<Hash> =
                    self.entries.iter().map(|entry| entry.hash).filter(|hash| !parents.contains(hash)).collect();
                heads.sort_unstable();
                heads
            }
        }
    }

    /// Whether it is one line: nobody ever wrote unaware of somebody else.
    pub fn is_line(&self) -> bool {
        self.known.is_none()
    }

    /// What sort of record it is: what its first telling event says.
    pub fn record_kind(&self) -> Option<RecordKind> {
        self.entries.iter().find_map(|entry| RecordKind::of(&entry.event.kind))
    }

    /// Whether it holds something this version cannot read, which makes the record read-only here.
    pub fn is_read_only(&self) -> bool {
        self.facts.iter().zip(&self.erased).any(|(fact, erased)| fact.is_none() && !erased)
    }

    /// The history as whoever wrote an event knew it, that event included.
    #[must_use]
    pub fn known_to(&self, position: usize) -> Self {
        let known = |n: &usize| *n == position || self.knew(position, *n);
        Self::new((0..self.len()).filter(known).map(|n| self.entries[n].clone()).collect())
    }

    /// The history as this machine would have told it at a moment: events stamped later are left out, but for those that
    /// whoever wrote an earlier one had seen. Such a stamp is of a clock that was ahead.
    ///
    /// What was lawfully erased since is gone from every moment. What was written again for it stands in its place, or the
    /// record would have no name on all the days before; it is the last value, for those in between are gone, too.
    #[must_use]
    pub fn as_of(&self, moment: Stamp) -> Self {
        let mut told: Vec<bool> = self.entries.iter().map(|entry| entry.event.at <= moment).collect();
        // Parents stand before children, so one pass from the end reaches all that was seen.
        for n in (0..self.len()).rev() {
            if told[n] {
                for parent in self.entries[n].event.parents.iter().filter_map(|parent| self.position(parent)) {
                    told[parent] = true;
                }
            }
        }
        let told = |n: usize| told[n];
        let cut = Self::new((0..self.len()).filter(|n| told(*n)).map(|n| self.entries[n].clone()).collect());
        let later =
            || self.entries.iter().zip(&self.facts).enumerate().filter(|(n, _)| !told(*n)).map(|(_, both)| both);
        let decrees: BTreeSet<RecordId> = later()
            .filter_map(|(entry, fact)| match fact {
                Some(Fact::Erased(erased)) if erased.events.iter().any(|hash| cut.position(hash).is_some()) => {
                    Some(entry.event.action)
                }
                _ => None,
            })
            .collect();
        if decrees.is_empty() {
            return cut;
        }
        // A version of a list that had not gone out yet is not told either.
        let early = |fact: &Option<Fact>| match fact {
            Some(Fact::ShortlistFrozen(again)) => again.restates.is_some_and(|hash| cut.position(&hash).is_none()),
            _ => false,
        };
        let again: Vec<&Entry> = later()
            .filter(|(entry, fact)| decrees.contains(&entry.event.action) && !early(fact))
            .map(|(entry, _)| entry)
            .collect();
        let mut heads = cut.heads();
        let mut entries = cut.entries;
        for entry in again {
            // What lay between is left out, so it follows what was there.
            let mut entry = entry.clone();
            entry.event.parents = std::mem::replace(&mut heads, vec![entry.hash]);
            entries.push(entry);
        }
        Self::new(entries)
    }

    /// What is decreed to be erased says nothing any more, whether or not its body is still here: machines that have and
    /// have not carried it out must show the same.
    fn find_erased(&mut self) {
        let decreed: BTreeSet<Hash> = self
            .facts
            .iter()
            .filter_map(|fact| match fact {
                Some(Fact::Erased(erased)) => Some(&erased.events),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        self.erased = self
            .entries
            .iter()
            .zip(&self.facts)
            .map(|(entry, fact)| {
                // A decree itself stays, or nobody would know what was erased and why.
                let decreed = decreed.contains(&entry.hash) && !matches!(fact, Some(Fact::Erased(_)));
                decreed || matches!(entry.event.body, Body::Erased { .. })
            })
            .collect();
        for (fact, erased) in self.facts.iter_mut().zip(&self.erased) {
            if *erased {
                *fact = None;
            }
        }
    }

    fn ancestors(&self) -> Vec<Known> {
        let place: HashMap<Hash, usize> = self.entries.iter().enumerate().map(|(n, entry)| (entry.hash, n)).collect();
        let mut known: Vec<Known> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let mut seen = Known::default();
            for parent in entry.event.parents.iter().filter_map(|hash| place.get(hash).copied()) {
                seen.union(&known[parent]);
                seen.insert(parent);
            }
            known.push(seen);
        }
        known
    }

    /// What was taken back.
    ///
    /// A filing is not taken from under a decision that whoever took it back had not seen: the decision would be gone
    /// without anybody having looked at it (architecture law 3). Once the decision itself is taken back, so is the filing.
    fn find_taken_back(&self) -> Vec<bool> {
        if !self.facts.iter().any(|fact| matches!(fact, Some(Fact::Undone(_)))) {
            return vec![false; self.entries.len()];
        }
        let back = self.settle_undos(|_, _| true);
        // By its kind: a creation that was erased is one all the same.
        let creates = |n: usize| &*self.entries[n].event.kind == "filing.created";
        let gone = |n: usize| back[n] && creates(n);
        if self.is_line() || !(0..self.entries.len()).any(gone) {
            return back;
        }
        let decided: Vec<usize> = (0..self.entries.len())
            .filter(|n| !back[*n] && matches!(self.facts[*n], Some(Fact::FilingMoved(_) | Fact::FilingResolved(_))))
            .collect();
        self.settle_undos(|undo, target| {
            !creates(target) || !decided.iter().any(|n| !self.knew(undo, *n) && !self.knew(*n, undo))
        })
    }

    /// An undo stands unless a later undo takes it back, so the newest are settled first. `holds` says of an undo and what
    /// it speaks of whether it takes that back.
    fn settle_undos(&self, holds: impl Fn(usize, usize) -> bool) -> Vec<bool> {
        let mut back = vec![false; self.entries.len()];
        let place: HashMap<Hash, usize> = self.entries.iter().enumerate().map(|(n, entry)| (entry.hash, n)).collect();
        for n in (0..self.entries.len()).rev() {
            if back[n] {
                continue;
            }
            if let Some(Fact::Undone(undone)) = &self.facts[n] {
                for target in undone
                    .events
                    .iter()
                    .filter_map(|hash| place.get(hash).copied())
                    .filter(|target| self.knew(n, *target) && holds(n, *target))
                {
                    back[target] = true;
                }
            }
        }
        back
    }

    /// Undos that stand, of events known to whoever wrote `later`, who did not know that they were taken back.
    pub fn taken_from_under(&self, later: usize) -> Vec<usize> {
        self.standing()
            .filter_map(|(n, _, fact)| match fact {
                Fact::Undone(undone) if !self.knew(later, n) && !self.knew(n, later) => Some((n, undone)),
                _ => None,
            })
            .filter(|(_, undone)| {
                undone.events.iter().filter_map(|hash| self.position(hash)).any(|target| {
                    self.knew(later, target) && self.facts[target].as_ref().is_some_and(Fact::is_way_of_filing)
                })
            })
            .map(|(n, _)| n)
            .collect()
    }
}

/// Each event's only parent is the one right before it: what a record looks like that was never edited on two machines.
fn is_line(entries: &[Entry]) -> bool {
    let mut before: Option<Hash> = None;
    entries.iter().all(|entry| {
        let fits = match before {
            None => entry.event.parents.is_empty(),
            Some(hash) => entry.event.parents == [hash],
        };
        before = Some(entry.hash);
        fits
    })
}

fn in_agreed_order(entries: Vec<Entry>) -> Vec<Entry> {
    #[cfg(test)]
    let met: HashMap<Hash, Stamp> = entries.iter().zip(0..).map(|(entry, n)| (entry.hash, Stamp(n))).collect();
    let stamp = |entry: &Entry| {
        #[cfg(test)]
        if super::testing::is_broken(super::testing::Break::ArrivalOrder) {
            return met[&entry.hash];
        }
        entry.event.at
    };
    let mut by_hash: BTreeMap<Hash, Entry> = entries.into_iter().map(|entry| (entry.hash, entry)).collect();
    let mut missing: HashMap<Hash, usize> = HashMap::new();
    let mut children: HashMap<Hash, Vec<Hash>> = HashMap::new();
    let mut ready: BTreeSet<(Stamp, Hash)> = BTreeSet::new();
    for (hash, entry) in &by_hash {
        let parents: BTreeSet<&Hash> =
            entry.event.parents.iter().filter(|parent| by_hash.contains_key(*parent)).collect();
        for parent in &parents {
            children.entry(**parent).or_default().push(*hash);
        }
        if parents.is_empty() {
            ready.insert((stamp(entry), *hash));
        } else {
            missing.insert(*hash, parents.len());
        }
    }
    let mut order = Vec::with_capacity(by_hash.len());
    while let Some((_, hash)) = ready.pop_first() {
        for child in children.remove(&hash).unwrap_or_default() {
            if let Some(left) = missing.get_mut(&child) {
                *left -= 1;
                if *left == 0 {
                    ready.insert((stamp(&by_hash[&child]), child));
                }
            }
        }
        order.push(hash);
    }
    order.into_iter().filter_map(|hash| by_hash.remove(&hash)).collect()
}

/// The fields of a record as its history leaves them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registers {
    fields: BTreeMap<String, Register>,
}

/// One field: the value shown, and the values written by people who did not know of each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    pub value: Option<String>,
    /// Position of the event that wrote the value shown.
    pub writer: usize,
    /// Positions of writes of *different* values, unaware of the one shown: a conflict for a person to settle.
    pub rivals: Vec<usize>,
}

/// What was written of a field: where it counts as written, where it stands, and the value.
type Write<'h> = (usize, usize, &'h Option<String>);

impl Registers {
    /// Replays every standing event that sets fields.
    ///
    /// Where two people wrote one field unaware of each other, the later in the agreed order is shown and the other is
    /// kept as a rival; that is display only, no stage ever advances by it.
    pub fn replay(history: &History) -> Self {
        if history.is_line() {
            return Self::replay_line(history);
        }
        // By where they count as written: what was told again after an erasure is no newer than what it was told for.
        let mut told: Vec<(usize, usize, &Fields)> =
            history.standing().filter_map(|(n, _, fact)| Some((history.stands_at(n), n, fact.fields()?))).collect();
        told.sort_by_key(|(place, n, _)| (*place, *n));
        let mut writes: BTreeMap<&str, Vec<Write<'_>>> = BTreeMap::new();
        for (place, n, fields) in told {
            for (key, value) in &fields.set {
                let live = writes.entry(key).or_default();
                live.retain(|(earlier, ..)| *earlier != place && !history.knew(place, *earlier));
                live.push((place, n, value));
            }
        }
        let fields = writes
            .into_iter()
            .filter_map(|(key, live)| {
                let (_, writer, value) = *live.last()?;
                let rivals =
                    live.iter().filter(|(_, n, other)| *n != writer && *other != value).map(|(_, n, _)| *n).collect();
                Some((key.to_owned(), Register { value: value.clone(), writer, rivals }))
            })
            .collect();
        Self { fields }
    }

    /// The same where everybody knew of everything: the last write counts and there are no rivals.
    fn replay_line(history: &History) -> Self {
        let mut fields: BTreeMap<String, Register> = BTreeMap::new();
        for (writer, _, fact) in history.standing() {
            let place = history.stands_at(writer);
            for (key, value) in fact.fields().into_iter().flat_map(|fields| &fields.set) {
                let register = Register { value: value.clone(), writer, rivals: Vec::new() };
                match fields.get_mut(key) {
                    // Told again after an erasure, for what was written over since: the past as of a day is such a line.
                    Some(known) if place < writer && history.stands_at(known.writer) > place => {}
                    Some(known) => *known = register,
                    None => {
                        fields.insert(key.clone(), register);
                    }
                }
            }
        }
        Self { fields }
    }

    /// Fields as if one event had set them all, for what has not been written yet.
    pub fn from_values(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let fields = values
            .into_iter()
            .map(|(key, value)| (key, Register { value: Some(value), ..Register::default() }))
            .collect();
        Self { fields }
    }

    /// The value of a field; `None` when never set or cleared.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.get(key)?.value.as_deref()
    }

    /// Position of the event that wrote the value shown.
    pub fn writer(&self, key: &str) -> Option<usize> {
        self.fields.get(key).map(|register| register.writer)
    }

    /// The value of a field, or nothing at all.
    pub fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default().to_owned()
    }

    /// Alters the values that stand.
    pub fn alter_values(&mut self, alter: impl FnMut(&mut String)) {
        self.fields.values_mut().filter_map(|register| register.value.as_mut()).for_each(alter);
    }

    /// All fields with a value, by key.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(|(key, register)| Some((key.as_str(), register.value.as_deref()?)))
    }

    /// Fields whose key starts with a prefix, the prefix cut off.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.values().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value)))
    }

    /// Fields in conflict.
    pub fn conflicts(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.fields
            .iter()
            .filter(|(_, register)| !register.rivals.is_empty())
            .map(|(key, register)| (key.as_str(), register))
    }

    /// What of `wanted` differs from what stands: the fields worth writing. Empty text clears.
    pub fn difference(&self, wanted: &BTreeMap<String, Option<String>>) -> BTreeMap<String, Option<String>> {
        self.difference_by(wanted, |stands, wanted| stands == wanted)
    }

    /// The same where two values may say the same although they differ, because one of them is sealed.
    pub fn difference_by(
        &self,
        wanted: &BTreeMap<String, Option<String>>,
        same: impl Fn(&str, &str) -> bool,
    ) -> BTreeMap<String, Option<String>> {
        let is_same = |stands: Option<&str>, wanted: Option<&str>| match (stands, wanted) {
            (Some(stands), Some(wanted)) => same(stands, wanted),
            (stands, wanted) => stands == wanted,
        };
        wanted
            .iter()
            .map(|(key, value)| (key, value.as_deref().map(str::trim).filter(|text| !text.is_empty())))
            .filter(|(key, value)| !is_same(self.get(key), *value))
            .map(|(key, value)| (key.clone(), value.map(str::to_owned)))
            .collect()
    }
}
