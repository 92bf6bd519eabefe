//! The seven laws of the journal, each a check of what is known of a history. A law says which one it is and what broke it.
//!
//! They reckon for themselves where they can: who had seen what comes from the events' parents here, not from the replay
//! that is on trial.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::seen::Seen;
use super::world::{Evidence, What};
use crate::domain::event::{Assigned, Body, Entry, Fact, Hash, Moved};
use crate::domain::filing::{Filing, Materials, key};
use crate::domain::history::{History, Registers};
use crate::domain::program::Effect;
use crate::domain::review::Given;
use crate::domain::review::tally::Standing;
use crate::store::journal::Fault;

/// One law: its number and its check.
pub type Law = (u8, fn(&Evidence) -> Result<(), String>);

/// All of them.
pub const LAWS: [Law; 7] = [(1, law_1), (2, law_2), (3, law_3), (4, law_4), (5, law_5), (6, law_6), (7, law_7)];

fn all(evidence: &Evidence) -> impl Iterator<Item = &Seen> {
    evidence.early.iter().chain(&evidence.partial).chain(&evidence.late)
}

/// State is a function of the set of events: who holds the same events shows the same, however they came.
pub fn law_1(evidence: &Evidence) -> Result<(), String> {
    let mut by_set: BTreeMap<Vec<&Hash>, &Seen> = BTreeMap::new();
    for seen in all(evidence) {
        let first = by_set.entry(seen.events.keys().collect()).or_insert(seen);
        if first.rebuilt != seen.rebuilt {
            let odd = seen.rebuilt.iter().find(|line| !first.rebuilt.contains(line));
            return Err(format!(
                "law 1: {} and {} hold the same events and show different rows: {odd:?}",
                first.who, seen.who
            ));
        }
        for (id, track) in &seen.pages {
            let same = first.pages.get(id).map(told) == Some(told(track))
                && first.materials.get(id) == seen.materials.get(id)
                && first.reviews.get(id) == seen.reviews.get(id)
                && first.reviewers.get(id) == seen.reviewers.get(id);
            if !same {
                return Err(format!(
                    "law 1: {} and {} hold the same events and tell filing {id} differently",
                    first.who, seen.who
                ));
            }
        }
    }
    Ok(())
}

/// What a page tells, without positions in a history.
fn told(track: &crate::domain::filing::Track) -> String {
    format!("{track:?}")
}

/// Nothing is dropped and nothing is taken twice; what waits does so for a reason, and the order of portions is the same.
pub fn law_2(evidence: &Evidence) -> Result<(), String> {
    for exchange in &evidence.exchanges {
        let wanted: BTreeSet<Hash> = exchange.before.union(&exchange.came).copied().collect();
        if exchange.after != wanted {
            let (lost, odd) = (wanted.difference(&exchange.after).count(), exchange.after.difference(&wanted).count());
            return Err(format!(
                "law 2: desk {} lost {lost} events of what it had and what came, and has {odd} of neither",
                exchange.to
            ));
        }
        if exchange.again && exchange.taken != 0 {
            return Err(format!("law 2: desk {} took {} events in a second time", exchange.to, exchange.taken));
        }
    }
    for seen in all(evidence) {
        // One that came without what it said waits for the decree that says so.
        let mut whole = seen.waiting.values().filter(|entry| matches!(entry.event.body, Body::Present { .. }));
        let ready = whole.find(|entry| entry.event.parents.iter().all(|hash| seen.events.contains_key(hash)));
        if let Some(ready) = ready {
            return Err(format!("law 2: {} lets {:?} wait, whose parents are here", seen.who, ready.hash));
        }
        if let Some(both) = seen.waiting.keys().find(|hash| seen.events.contains_key(hash)) {
            return Err(format!("law 2: {} has {both:?} both in the journal and waiting", seen.who));
        }
        let entries = seen.events.values().chain(seen.waiting.values());
        if let Some(altered) = entries.clone().find(|entry| entry.event.hash() != entry.hash) {
            return Err(format!("law 2: {} gives {:?} out otherwise than it came", seen.who, altered.hash));
        }
        if let Some(fault) = seen
            .faults
            .iter()
            .find(|f| matches!(f, Fault::Altered { .. } | Fault::Database { .. } | Fault::Orphan { .. }))
        {
            return Err(format!("law 2: {}: {}", seen.who, fault.says()));
        }
    }
    let [one, other] = &evidence.partial;
    if one.hashes() != other.hashes() {
        return Ok(()); // Somebody lost an event, which was said above.
    }
    if one.waiting.keys().ne(other.waiting.keys()) {
        return Err("law 2: the same events in other portions leave others waiting".to_owned());
    }
    Ok(())
}

/// One record's events with who had seen what, reckoned from the parents alone.
struct Story<'e> {
    events: Vec<(&'e Entry, Option<Fact>)>,
    seen: BTreeMap<Hash, HashSet<Hash>>,
}

impl<'e> Story<'e> {
    /// `None`: an event rests on one that is not here, which the second law says.
    fn new(entries: &[&'e Entry]) -> Option<Self> {
        let by_hash: BTreeMap<Hash, &Entry> = entries.iter().map(|entry| (entry.hash, *entry)).collect();
        let mut seen: BTreeMap<Hash, HashSet<Hash>> = BTreeMap::new();
        while seen.len() < by_hash.len() {
            let before = seen.len();
            for (hash, entry) in &by_hash {
                if !seen.contains_key(hash) && entry.event.parents.iter().all(|parent| seen.contains_key(parent)) {
                    let known =
                        entry.event.parents.iter().flat_map(|parent| seen[parent].iter().copied().chain([*parent]));
                    seen.insert(*hash, known.collect());
                }
            }
            if seen.len() == before {
                return None;
            }
        }
        Some(Self { events: entries.iter().map(|entry| (*entry, entry.fact())).collect(), seen })
    }

    fn knew(&self, later: Hash, earlier: Hash) -> bool {
        self.seen[&later].contains(&earlier)
    }

    fn unaware(&self, a: Hash, b: Hash) -> bool {
        a != b && !self.knew(a, b) && !self.knew(b, a)
    }

    /// Undos that stand and speak of an event they had seen.
    fn undos(&self, of: Hash) -> Vec<Hash> {
        self.events
            .iter()
            .filter(|(entry, fact)| {
                matches!(fact, Some(Fact::Undone(undone)) if undone.events.contains(&of))
                    && self.knew(entry.hash, of)
                    && self.undos(entry.hash).is_empty()
            })
            .map(|(entry, _)| entry.hash)
            .collect()
    }

    fn standing(&self) -> impl Iterator<Item = (Hash, &Fact)> {
        self.events
            .iter()
            .filter_map(|(entry, fact)| Some((entry.hash, fact.as_ref()?)))
            .filter(|(hash, _)| self.undos(*hash).is_empty())
    }

    /// Decisions nobody has taken back.
    fn decisions(&self) -> Vec<(Hash, &Moved)> {
        self.standing()
            .filter_map(|(hash, fact)| match fact {
                Fact::FilingMoved(moved) => Some((hash, moved)),
                _ => None,
            })
            .collect()
    }

    /// Settlements nobody has taken back, with what they let stand.
    fn settlements(&self) -> Vec<(Hash, Hash)> {
        self.standing()
            .filter_map(|(hash, fact)| match fact {
                Fact::FilingResolved(resolved) => Some((hash, resolved.stands)),
                _ => None,
            })
            .collect()
    }

    fn creation(&self) -> Option<Hash> {
        self.events.iter().find(|(_, fact)| matches!(fact, Some(Fact::FilingCreated(_)))).map(|(entry, _)| entry.hash)
    }

    /// The history as the author of an event knew it.
    fn known_to(&self, author: Hash) -> History {
        History::new(self.events.iter().filter(|(e, _)| self.knew(author, e.hash)).map(|(e, _)| (*e).clone()).collect())
    }

    fn whole(&self) -> History {
        History::new(self.events.iter().map(|(entry, _)| (*entry).clone()).collect())
    }
}

/// A decision is shown, or superseded by somebody who had seen it; two unaware of each other wait for a person.
pub fn law_3(evidence: &Evidence) -> Result<(), String> {
    for seen in all(evidence) {
        for (id, events) in seen.filings() {
            let Some(story) = Story::new(&events) else { continue };
            decisions_are_kept(seen, id, &story)
                .and_then(|()| files_are_kept(seen, id, &story))
                .and_then(|()| reviews_are_kept(seen, id, &story))
                .and_then(|()| reviewers_are_kept(seen, id, &story))
                .and_then(|()| words_are_with_whom_they_were_said_to(&story))
                .map_err(|says| format!("law 3: {}, filing {id}: {says}", seen.who))?;
        }
    }
    Ok(())
}

/// A file stays until somebody who had seen it removes or replaces it.
fn files_are_kept(seen: &Seen, id: crate::domain::id::RecordId, story: &Story<'_>) -> Result<(), String> {
    let Some(materials) = seen.materials.get(&id) else { return Ok(()) };
    let shown: BTreeSet<Hash> = materials.files().flat_map(|(_, file)| file.events.iter().copied()).collect();
    for (hash, fact) in story.standing() {
        let Fact::FilingAttached(_) = fact else { continue };
        let removed = story.standing().any(|(later, fact)| {
            let named = match fact {
                Fact::FilingDetached(detached) => &detached.attached,
                Fact::FilingAttached(attached) => &attached.replaces,
                _ => return false,
            };
            named.contains(&hash) && story.knew(later, hash)
        });
        if removed == shown.contains(&hash) {
            return Err(format!("file of {hash:?} is removed: {removed}, shown: {}", shown.contains(&hash)));
        }
    }
    Ok(())
}

/// A review stays until its reviewer says something else having seen it; two sheets unaware of each other wait for a person.
fn reviews_are_kept(seen: &Seen, id: crate::domain::id::RecordId, story: &Story<'_>) -> Result<(), String> {
    let (Some(shown), Some(track)) = (seen.reviews.get(&id), seen.pages.get(&id)) else { return Ok(()) };
    let given: Vec<(Hash, &Given)> = story
        .standing()
        .filter_map(|(hash, fact)| match fact {
            Fact::FilingReviewed(given) if given.round == track.round => Some((hash, given)),
            _ => None,
        })
        .collect();
    let live = |hash: Hash, one: &Given| {
        !given.iter().any(|(later, other)| other.reviewer == one.reviewer && story.knew(*later, hash))
    };
    for (hash, one) in &given {
        let told = shown.iter().find(|told| told.given == **one);
        let differing = given
            .iter()
            .any(|(other, sheet)| sheet.reviewer == one.reviewer && live(*other, sheet) && **sheet != **one);
        match told {
            // What was said again stands for what it repeats.
            Some(told) if live(*hash, one) && told.contested != differing => {
                return Err(format!("review {hash:?} is contested: {differing}, shown: {}", told.contested));
            }
            None if live(*hash, one) => return Err(format!("review {hash:?} is not shown")),
            _ => {}
        }
    }
    match shown.iter().find(|told| !given.iter().any(|(hash, one)| *hash == told.event && live(*hash, one))) {
        Some(odd) => Err(format!("review {:?} is shown, and its reviewer has said something else since", odd.event)),
        None => Ok(()),
    }
}

/// Whoever was asked to review is, until somebody who had seen that takes their name off; on the page and in the list.
fn reviewers_are_kept(seen: &Seen, id: crate::domain::id::RecordId, story: &Story<'_>) -> Result<(), String> {
    let (Some(shown), Some(track)) = (seen.reviewers.get(&id), seen.pages.get(&id)) else { return Ok(()) };
    let said: Vec<(Hash, &Assigned)> = story
        .standing()
        .filter_map(|(hash, fact)| match fact {
            Fact::FilingAssigned(assigned) if assigned.stage == track.stage => Some((hash, assigned)),
            _ => None,
        })
        .collect();
    let mut wanted = BTreeSet::new();
    for (hash, assigned) in &said {
        wanted.extend(
            assigned
                .to
                .iter()
                .filter(|who| !said.iter().any(|(later, other)| other.off.contains(who) && story.knew(*later, *hash))),
        );
    }
    let shown: BTreeSet<_> = shown.iter().collect();
    if shown != wanted {
        return Err(format!("reviewers are {wanted:?}, shown: {shown:?}"));
    }
    match seen.rows.get(&id) {
        Some(row) if row.reviewers.iter().collect::<BTreeSet<_>>() != wanted => {
            Err(format!("reviewers are {wanted:?}, in the list: {:?}", row.reviewers))
        }
        _ => Ok(()),
    }
}

/// The word on passing a filing on is shown to whoever it was said to: by one who knew both, never by the order of two.
fn words_are_with_whom_they_were_said_to(story: &Story<'_>) -> Result<(), String> {
    let whole = story.whole();
    let fields = Registers::replay(&whole);
    let (Some(officer), Some(word)) = (fields.writer(key::OFFICER), fields.writer(key::HANDOVER)) else {
        return Ok(());
    };
    let [officer, word] = [officer, word].map(|at| whole.entries()[at].hash);
    match fields.get(key::HANDOVER) {
        Some(says) if story.unaware(officer, word) || story.knew(officer, word) => {
            Err(format!("shows “{says}” of {word:?} to somebody who was named by {officer:?} without it"))
        }
        _ => Ok(()),
    }
}

fn decisions_are_kept(seen: &Seen, id: crate::domain::id::RecordId, story: &Story<'_>) -> Result<(), String> {
    let decisions = story.decisions();
    let settlements = story.settlements();
    let Some(track) = seen.pages.get(&id) else {
        // Gone as a whole: right only if whoever took it back had seen every decision.
        let undos = story.creation().map(|created| story.undos(created)).unwrap_or_default();
        return match decisions.iter().find(|(d, _)| !undos.iter().any(|undo| story.knew(*undo, *d))) {
            Some((lost, _)) => Err(format!("is gone with decision {lost:?}, which nobody who took it back had seen")),
            None => Ok(()),
        };
    };
    let stands: BTreeSet<Hash> = track.line().map(|decision| decision.hash).collect();
    let split = track.split.is_some();
    for (decision, _) in decisions.iter().filter(|(hash, _)| !stands.contains(hash)) {
        if !track.decisions.iter().any(|shown| shown.hash == *decision) {
            return Err(format!("decision {decision:?} is not shown"));
        }
        // Its author had seen the other one set aside, and somebody took that back having seen what came of it.
        let built_on_another = |chosen: Hash| {
            settlements.iter().any(|(before, other)| {
                story.knew(*decision, *before) && story.knew(*before, chosen) && story.unaware(*other, chosen)
            })
        };
        let superseded = settlements.iter().any(|(settled, chosen)| {
            story.knew(*settled, *decision) && (story.unaware(*chosen, *decision) || built_on_another(*chosen))
        });
        if !split && !superseded {
            return Err(format!(
                "decision {decision:?} neither stands nor waits, and nobody who had seen it chose another"
            ));
        }
    }
    for one in &stands {
        if !decisions.iter().any(|(hash, _)| hash == one) {
            return Err(format!("decision {one:?} stands though it was taken back"));
        }
        for other in decisions.iter().map(|(hash, _)| hash).filter(|other| story.unaware(*one, **other)) {
            if stands.contains(other) {
                return Err(format!("{one:?} and {other:?} both stand, unaware of each other"));
            }
            let chosen = settlements
                .iter()
                .any(|(settled, chosen)| story.knew(*settled, *other) && (chosen == one || story.knew(*one, *chosen)));
            if !chosen {
                return Err(format!("{one:?} won over {other:?} without anybody choosing"));
            }
        }
    }
    for (n, (one, choice)) in settlements.iter().enumerate() {
        for (other, rival) in settlements[n + 1..].iter().filter(|(other, _)| story.unaware(*one, *other)) {
            let over = settlements.iter().any(|(later, _)| story.knew(*later, *one) && story.knew(*later, *other));
            let live = |hash| decisions.iter().any(|(decision, _)| decision == hash);
            if story.unaware(*choice, *rival)
                && !over
                && live(choice)
                && live(rival)
                && (stands.contains(choice) || stands.contains(rival))
            {
                return Err(format!(
                    "two people chose {choice:?} and {rival:?} unaware of each other, and one of them won"
                ));
            }
        }
    }
    let last = track.line().next_back().map(|decision| &decision.moved);
    let fields = Registers::replay(&story.whole());
    let stage =
        last.map_or_else(|| fields.text("stage"), |moved| moved.to.clone().unwrap_or_else(|| moved.stage.clone()));
    if stage != track.stage
        && last.is_none_or(|moved| !matches!(moved.effect, Effect::Hold | Effect::Pending | Effect::Publish))
    {
        return Err(format!("shows stage {} where its decisions lead to {stage}", track.stage));
    }
    match seen.rows.get(&id) {
        Some(row) if row.split != split => Err(format!("conflict {split} on its page, {} in the list", row.split)),
        Some(row) if row.stage != track.stage => {
            Err(format!("stage {} on its page, {} in the list", track.stage, row.stage))
        }
        _ => Ok(()),
    }
}

/// A decision names the round and the content it was taken on; a later edit shows.
pub fn law_4(evidence: &Evidence) -> Result<(), String> {
    for seen in all(evidence) {
        for (id, events) in seen.filings() {
            let (Some(track), Some(row)) = (seen.pages.get(&id), seen.rows.get(&id)) else { continue };
            let Some(story) = Story::new(&events) else { continue };
            let fail = |says: String| Err(format!("law 4: {}, filing {id}: {says}", seen.who));
            let form = |history: &History| -> BTreeMap<String, String> {
                let fields = Registers::replay(history);
                fields.below("form.").map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
            };
            // What was lawfully erased cannot be reckoned again; that it makes no approval outdated has a test of its own.
            let gone = events.iter().any(|entry| matches!(entry.event.body, Body::Erased { .. }));
            for (hash, moved) in story.decisions().into_iter().filter(|_| !gone) {
                let known = story.known_to(hash);
                if Filing::replay(id, &known).is_none_or(|filing| filing.content() != moved.content) {
                    return fail(format!("decision {hash:?} does not name the content its author saw"));
                }
            }
            let mut round = 1;
            let mut approved: Option<Hash> = None;
            for decision in track.line() {
                if decision.moved.round != round {
                    return fail(format!(
                        "decision {:?} names round {} in round {round}",
                        decision.hash, decision.moved.round
                    ));
                }
                match decision.moved.effect {
                    Effect::Pass | Effect::Enter => approved = Some(decision.hash),
                    Effect::Return => (round, approved) = (round + 1, None),
                    _ => {}
                }
            }
            let outdated = approved.is_some_and(|hash| form(&story.known_to(hash)) != form(&story.whole()));
            let files = |history: &History| -> BTreeSet<(String, Hash)> {
                let materials = Materials::replay(history);
                materials.files().map(|(item, file)| (item.to_owned(), file.file)).collect()
            };
            let other_files = approved.is_some_and(|hash| {
                let then = files(&story.known_to(hash));
                !then.is_empty() && then != files(&story.whole())
            });
            let as_it_is = row.outdated == (outdated || other_files) && track.outdated_approval == outdated;
            if !(as_it_is || gone) || row.round != round {
                return fail(format!("批准的是旧版本 is {outdated}, round {round}; shown: {row:?}"));
            }
        }
    }
    Ok(())
}

/// Tables kept step by step are what the journal gives, byte for byte.
pub fn law_5(evidence: &Evidence) -> Result<(), String> {
    for seen in all(evidence) {
        if seen.kept != seen.rebuilt {
            let stale = seen.kept.iter().find(|line| !seen.rebuilt.contains(line));
            let missing = seen.rebuilt.iter().find(|line| !seen.kept.contains(line));
            return Err(format!("law 5: {} keeps {stale:?} where its journal gives {missing:?}", seen.who));
        }
    }
    Ok(())
}

/// One action is one transaction, whole or not at all.
pub fn law_6(evidence: &Evidence) -> Result<(), String> {
    for tried in &evidence.tried {
        match tried.told {
            None if tried.before != tried.after => {
                let left = tried.after.held.difference(&tried.before.held).count();
                return Err(format!("law 6: {:?} did not come to its end and left {left} events behind", tried.what));
            }
            Some(told) if told != tried.written => {
                return Err(format!(
                    "law 6: {:?} says it wrote {told} events, there are {}",
                    tried.what, tried.written
                ));
            }
            Some(_) if matches!(tried.what, What::Fail | What::Panic) => {
                return Err(format!("law 6: {:?} was taken for done", tried.what));
            }
            Some(_) if !tried.before.held.is_subset(&tried.after.held) => {
                return Err(format!("law 6: {:?} lost what was there before", tried.what));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Numbers people see are never keys: every filing that stands is in the list, whatever its 受理号.
pub fn law_7(evidence: &Evidence) -> Result<(), String> {
    for seen in all(evidence) {
        for (id, events) in seen.filings() {
            let history = History::new(events.into_iter().cloned().collect());
            let filing = Filing::replay(id, &history);
            if filing.is_some() != seen.rebuilt.iter().any(|line| line.starts_with(&row_start(id))) {
                let number = filing.map(|filing| filing.fields.text("number"));
                return Err(format!(
                    "law 7: {}: filing {id}, number {number:?}, and the list disagree that it is there",
                    seen.who
                ));
            }
        }
    }
    Ok(())
}

/// How the row of a filing begins in a dump.
fn row_start(id: crate::domain::id::RecordId) -> String {
    format!("filing: {:?}|", Ok::<_, rusqlite::Error>(rusqlite::types::ValueRef::Blob(id.bytes())))
}

/// What the histories brought about, summed up: a law that met nothing has shown nothing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    pub histories: u64,
    pub actions: u64,
    pub refusals: u64,
    pub events: u64,
    pub waited: u64,
    pub twins: u64,
    pub conflicts: u64,
    pub settled: u64,
    pub outdated: u64,
    pub same_numbers: u64,
    pub undone: u64,
    /// An item with more than one file.
    pub files: u64,
    /// A review that counts.
    pub reviews: u64,
    pub reviewers: u64,
    /// Somebody who said that they do not judge.
    pub recused: u64,
    /// A filing passed on, and one passed on to two people.
    pub transfers: u64,
    pub passed_twice: u64,
    /// What a field said, lawfully erased.
    pub erased: u64,
}

impl Met {
    pub fn count(&mut self, evidence: &Evidence) {
        self.histories += 1;
        self.actions += evidence.tried.iter().filter(|tried| tried.told.is_some()).count() as u64;
        self.refusals += evidence.tried.iter().filter(|tried| tried.told.is_none()).count() as u64;
        self.waited += u64::from(evidence.early.iter().chain(&evidence.partial).any(|seen| !seen.waiting.is_empty()));
        let Some(last) = evidence.late.last() else { return };
        self.events += last.events.len() as u64;
        self.twins += u64::from(last.faults.iter().any(|fault| matches!(fault, Fault::Fork { .. })));
        self.conflicts += u64::from(last.pages.values().any(|track| track.split.is_some()));
        self.outdated += u64::from(last.rows.values().any(|row| row.outdated));
        let kind = |wanted: &str| last.events.values().any(|entry| &*entry.event.kind == wanted);
        self.settled += u64::from(kind("filing.resolved"));
        self.undone += u64::from(kind("record.undone"));
        self.erased += u64::from(kind("record.erased"));
        let shared = |item: &crate::domain::filing::Item| item.files.len() > 1;
        self.files += u64::from(last.materials.values().any(|all| all.items().any(|(_, item)| shared(item))));
        self.reviews += u64::from(last.reviews.values().any(|all| !all.is_empty()));
        self.reviewers += u64::from(last.reviewers.values().any(|all| all.len() > 1));
        let recused = |all: &Vec<Standing>| all.iter().any(|review| review.given.recused.is_some());
        self.recused += u64::from(last.reviews.values().any(recused));
        let passed = |entry: &&Entry| {
            let fact = entry.fact();
            fact.as_ref().and_then(Fact::fields).is_some_and(|fields| fields.set.contains_key(key::HANDOVER))
        };
        self.transfers += u64::from(last.events.values().any(|entry| passed(&entry)));
        let twice = |history: &History| Registers::replay(history).conflicts().any(|(name, _)| name == key::OFFICER);
        self.passed_twice +=
            u64::from(last.filings().values().any(|all| Story::new(all).is_some_and(|story| twice(&story.whole()))));
        let mut numbers = HashSet::new();
        let all = last.rebuilt.iter().filter_map(|line| line.strip_prefix("filing: "));
        let mut keys = all.filter_map(|line| Some((line.split('|').nth(2)?, line.split('|').nth(4)?)));
        self.same_numbers += u64::from(keys.any(|key| !numbers.insert(key)));
    }

    pub fn add(&mut self, other: &Self) {
        self.histories += other.histories;
        self.actions += other.actions;
        self.refusals += other.refusals;
        self.events += other.events;
        self.waited += other.waited;
        self.twins += other.twins;
        self.conflicts += other.conflicts;
        self.settled += other.settled;
        self.outdated += other.outdated;
        self.same_numbers += other.same_numbers;
        self.undone += other.undone;
        self.erased += other.erased;
        self.files += other.files;
        self.reviews += other.reviews;
        self.reviewers += other.reviewers;
        self.recused += other.recused;
        self.transfers += other.transfers;
        self.passed_twice += other.passed_twice;
    }
}
