//! Helpers for the tests of this floor: a teller that seals facts into histories as several desks would,
//! and a small invented program whose stages show every sort of step.
//! Not compiled outside tests.

use std::cell::Cell;

use chrono::NaiveDate;
use uuid::Uuid;

use super::defect::{About, Phrase};
use super::event::{Body, Entry, Event, Fact, Fields, Hash, Stamp};
use super::filing::key;
use super::history::History;
use super::id::{DeviceId, RecordId};
use super::material::{Material, Need};
use super::program::{Confidence, DayUnit, Days, Desk, Effect, Outcome, Stage, StageKind, Version};

/// What the program can be made to do wrong, so that each law is shown to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Events unaware of each other are ordered as this machine met them.
    ArrivalOrder,
    /// What comes before its parents is dropped instead of waiting.
    OrphansDropped,
    /// The second event at a place of a device's chain is passed over.
    TwinsDropped,
    /// Of two decisions unaware of each other the later wins by itself.
    LastDecisionWins,
    /// Of several files of one item the last is the only one.
    LastFileWins,
    /// Of several people asked to review unaware of each other the last is the only one.
    LastReviewerWins,
    /// The form is not held against the one a decision was taken on.
    ContentNotCompared,
    /// A filing is passed on without the word that goes with it.
    WordsComeApart,
    /// Events from elsewhere do not reach the tables of shortlists.
    StaleShortlists,
    /// A deed that fails leaves behind what it had written.
    HalfActions,
    /// Filings of one edition with one 受理号 are taken for one filing.
    NumberIsKey,
    /// Commits do not wait for the disk.
    NoSync,
}

thread_local! {
    static BROKEN: Cell<Option<Break>> = const { Cell::new(None) };
}

/// What is broken on this thread. The threads of an office opened on it break with it.
pub fn what_is_broken() -> Option<Break> {
    BROKEN.get()
}

/// Breaks it, or mends it with `None`.
pub fn break_it(what: Option<Break>) {
    BROKEN.set(what);
}

/// Whether this is broken here.
pub fn is_broken(what: Break) -> bool {
    BROKEN.get() == Some(what)
}

/// A day in the working year of all tests.
pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a real day")
}

/// Tells one record's story from several desks that may not know of each other.
pub struct Teller {
    pub record: RecordId,
    pub entries: Vec<Entry>,
    clock: i64,
}

impl Teller {
    pub fn new(record: u128) -> Self {
        Self { record: RecordId(Uuid::from_u128(record)), entries: Vec::new(), clock: 1_790_000_000_000 }
    }

    /// Adds an event of `desk` that knew exactly `parents`.
    pub fn tell_after(&mut self, desk: u128, parents: &[Hash], fact: &Fact) -> Hash {
        self.clock += 1000;
        let device = DeviceId(Uuid::from_u128(desk));
        let own: Vec<&Entry> = self.entries.iter().filter(|e| e.event.device == device).collect();
        let entry = Entry::seal(Event {
            device,
            seq: own.len() as u64 + 1,
            prev: own.last().map_or(Hash::ZERO, |e| e.hash),
            record: self.record,
            action: RecordId(Uuid::from_u128(self.clock as u128)),
            kind: fact.kind().into(),
            version: fact.version(),
            actor: RecordId(Uuid::from_u128(desk)),
            at: Stamp::at_millis(self.clock),
            parents: parents.to_vec(),
            body: Body::Present { salt: [0; 16], bytes: fact.encode().into() },
        });
        let hash = entry.hash;
        self.entries.push(entry);
        hash
    }

    /// Adds an event that knew everything told so far.
    pub fn tell(&mut self, fact: &Fact) -> Hash {
        let heads = self.history().heads();
        self.tell_after(1, &heads, fact)
    }

    pub fn history(&self) -> History {
        History::new(self.entries.clone())
    }
}

fn stage(id: &str, desk: Desk, kind: StageKind, outcomes: &[(&str, Effect)]) -> Stage {
    Stage {
        id: id.into(),
        short: id.into(),
        name: id.into(),
        actor: String::new(),
        desk,
        kind,
        days: Some(Days { n: 5, unit: DayUnit::Working }),
        days_confidence: Confidence::General,
        window: String::new(),
        note: String::new(),
        outcomes: outcomes.iter().map(|(word, effect)| Outcome { word: (*word).into(), effect: *effect }).collect(),
        returns_to: None,
        optional: false,
        awards: false,
        confidence: Confidence::General,
    }
}

/// fill → district → (visit) → city → publicity → record → (spot).
pub fn version() -> Version {
    let mut district = stage(
        "district",
        Desk::Ours,
        StageKind::Review,
        &[
            ("通过/推荐", Effect::Pass),
            ("退回修改", Effect::Return),
            ("不推荐", Effect::Decline),
            ("企业撤回", Effect::Withdraw),
        ],
    );
    district.returns_to = Some("fill".into());
    let mut visit = stage("visit", Desk::Ours, StageKind::Review, &[("属实", Effect::Pass), ("不属实", Effect::Fail)]);
    visit.optional = true;
    let mut city = stage(
        "city",
        Desk::Superior,
        StageKind::Review,
        &[("已推荐", Effect::Pass), ("未推荐", Effect::Fail), ("退回修改", Effect::Return)],
    );
    city.returns_to = Some("fill".into());
    let mut record =
        stage("record", Desk::Superior, StageKind::Decision, &[("备案通过", Effect::Pass), ("不予备案", Effect::Fail)]);
    record.awards = true;
    let mut spot =
        stage("spot", Desk::Superior, StageKind::Review, &[("维持", Effect::Pass), ("撤销编号", Effect::Fail)]);
    spot.optional = true;
    Version {
        id: "2026".into(),
        effective: day(1, 1),
        policies: Vec::new(),
        stages: vec![
            stage(
                "fill",
                Desk::Applicant,
                StageKind::Submit,
                &[("已提交", Effect::Pass), ("逾期未提交", Effect::Lapse)],
            ),
            district,
            visit,
            city,
            stage(
                "publicity",
                Desk::Superior,
                StageKind::Publicity,
                &[("无异议", Effect::Pass), ("有异议核实", Effect::Hold)],
            ),
            record,
            spot,
        ],
        form: Vec::new(),
        materials: [
            ("application", "申请书", Need::Required),
            ("audit", "审计报告", Need::Required),
            ("photo", "照片", Need::Optional),
        ]
        .map(|(id, name, need)| Material {
            id: id.into(),
            name: name.into(),
            need,
            when: String::new(),
            note: String::new(),
        })
        .into(),
        materials_confidence: Confidence::General,
        phrases: vec![Phrase { id: "seal".into(), about: About::Whole, text: "缺签字或盖章".into(), own: false }],
        review: None,
        notes: Vec::new(),
    }
}

/// The fact that opens a filing at a stage.
pub fn opened(at: &str, on: NaiveDate) -> Fact {
    Fact::FilingCreated(Fields::set([
        (key::FIRM, Uuid::from_u128(70).to_string()),
        (key::EDITION, Uuid::from_u128(71).to_string()),
        (key::PROGRAM, "test".into()),
        (key::VERSION, "2026".into()),
        (key::STAGE, at.into()),
        (key::OPENED, on.to_string()),
    ]))
}
