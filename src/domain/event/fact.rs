//! What events say: one payload per kind, JSON in the journal.
//!
//! Most records are a set of named fields, so `created` and `changed` carry the same [`Fields`]; only what is more than a
//! field (a move through the stages, a frozen list) has a payload of its own.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DeedKind, Hash, Logged, PackageMade, PackageTaken};
use crate::domain::defect::Defect;
use crate::domain::id::RecordId;
use crate::domain::material::Mark;
use crate::domain::program::Effect;
use crate::domain::review::Given;

macro_rules! facts {
    ($($variant:ident($payload:ty) = $kind:literal;)*) => {
        /// Everything this version can say. All payloads are version 1.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Fact {
            $($variant($payload),)*
        }

        impl Fact {
            /// The word stored with the event.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $kind,)*
                }
            }

            /// The version of its payload.
            pub fn version(&self) -> u16 {
                1
            }

            /// The payload as the journal keeps it.
            pub fn encode(&self) -> Vec<u8> {
                let json = match self {
                    $(Self::$variant(payload) => serde_json::to_vec(payload),)*
                };
                // Payloads are maps with string keys, strings and numbers: there is nothing JSON could refuse.
                json.unwrap_or_default()
            }

            /// Reads a payload. `None`: a kind or version this program does not know, or bytes that are not it.
            pub fn decode(kind: &str, version: u16, bytes: &[u8]) -> Option<Self> {
                if version != 1 {
                    return None;
                }
                match kind {
                    $($kind => serde_json::from_slice(bytes).ok().map(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

facts! {
    Taken(Taken) = "action.taken";
    Undone(Undone) = "record.undone";
    Erased(Erased) = "record.erased";
    OfficeChanged(Fields) = "office.changed";
    UserAdded(Fields) = "user.added";
    UserChanged(Fields) = "user.changed";
    FirmCreated(Fields) = "firm.created";
    FirmChanged(Fields) = "firm.changed";
    EditionOpened(Fields) = "edition.opened";
    EditionChanged(Fields) = "edition.changed";
    FilingCreated(Fields) = "filing.created";
    FilingChanged(Fields) = "filing.changed";
    FilingMoved(Moved) = "filing.moved";
    FilingResolved(Resolved) = "filing.resolved";
    FilingAttached(Attached) = "filing.attached";
    FilingDetached(Detached) = "filing.detached";
    FilingChecked(Checked) = "filing.checked";
    FilingReviewed(Given) = "filing.reviewed";
    FilingAssigned(Assigned) = "filing.assigned";
    ShortlistMade(Fields) = "shortlist.made";
    ShortlistChanged(Fields) = "shortlist.changed";
    ShortlistFrozen(ShortlistFrozen) = "shortlist.frozen";
    ImportDone(ImportDone) = "import.done";
    Logged(Logged) = "log.noted";
    MachineMet(Fields) = "machine.met";
    MachineChanged(Fields) = "machine.changed";
    PackageMade(PackageMade) = "package.made";
    PackageTaken(PackageTaken) = "package.taken";
}

impl Fact {
    /// Whether it is a filing's beginning or a step of its way: what later decisions rest on.
    pub fn is_way_of_filing(&self) -> bool {
        matches!(self, Self::FilingCreated(_) | Self::FilingMoved(_) | Self::FilingResolved(_))
    }

    /// The fields it sets, for the kinds that do nothing else.
    pub fn fields(&self) -> Option<&Fields> {
        match self {
            Self::OfficeChanged(fields)
            | Self::UserAdded(fields)
            | Self::UserChanged(fields)
            | Self::FirmCreated(fields)
            | Self::FirmChanged(fields)
            | Self::EditionOpened(fields)
            | Self::EditionChanged(fields)
            | Self::FilingCreated(fields)
            | Self::FilingChanged(fields)
            | Self::ShortlistMade(fields)
            | Self::ShortlistChanged(fields)
            | Self::MachineMet(fields)
            | Self::MachineChanged(fields) => Some(fields),
            _ => None,
        }
    }

    /// The erased event that it tells again, without what had to go.
    pub fn restates(&self) -> Option<Hash> {
        match self {
            Self::ShortlistFrozen(frozen) => frozen.restates,
            fact => fact.fields()?.restates,
        }
    }

    /// The same as [`Fact::fields`], to be altered before it is written or after it was read.
    pub fn fields_mut(&mut self) -> Option<&mut Fields> {
        match self {
            Self::OfficeChanged(fields)
            | Self::UserAdded(fields)
            | Self::UserChanged(fields)
            | Self::FirmCreated(fields)
            | Self::FirmChanged(fields)
            | Self::EditionOpened(fields)
            | Self::EditionChanged(fields)
            | Self::FilingCreated(fields)
            | Self::FilingChanged(fields)
            | Self::ShortlistMade(fields)
            | Self::ShortlistChanged(fields)
            | Self::MachineMet(fields)
            | Self::MachineChanged(fields) => Some(fields),
            _ => None,
        }
    }
}

/// Decrees that what some events of the record say is erased, on every machine that has them. Never taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The events whose bodies go; their hashes, and the chains, stay.
    pub events: Vec<Hash>,
    /// Which fields it was about, by key.
    pub fields: Vec<String>,
    /// Why, in a person's words: who asked, under which rule.
    pub reason: String,
    /// Kept files of the record whose content goes, by its SM3. A program that does not know of them keeps the decree as it
    /// is, and leaves the files to the one that comes after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Hash>,
    /// What a filing's form became by it. A program that does not know of it says that approvals are of an older form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormErased>,
}

/// The digests of a filing's form before and after something of it was erased: whoever judged the one has judged the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormErased {
    pub was: Hash,
    pub now: Hash,
}

/// What sort of thing a record is, by the kinds of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    Action,
    Office,
    User,
    Firm,
    Edition,
    Filing,
    Shortlist,
    Import,
    Log,
    Machine,
    Package,
}

impl RecordKind {
    /// From an event's kind. `record.undone` and `record.erased` say nothing of its record, and newer versions may know more sorts.
    pub fn of(kind: &str) -> Option<Self> {
        Some(match kind.split_once('.')?.0 {
            "action" => Self::Action,
            "office" => Self::Office,
            "user" => Self::User,
            "firm" => Self::Firm,
            "edition" => Self::Edition,
            "filing" => Self::Filing,
            "shortlist" => Self::Shortlist,
            "import" => Self::Import,
            "log" => Self::Log,
            "machine" => Self::Machine,
            "package" => Self::Package,
            _ => return None,
        })
    }
}

/// Names the action that the preceding events of this device belong to. The last event of every action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What undo and the log call it: 导入 715 家, 退回修改 2 件.
    pub name: String,
    /// How many events of the device's chain right before this one belong to the action.
    pub events: u64,
    /// Set when the action takes another one back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<RecordId>,
    /// What sort of deed it was; older actions are told by their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<DeedKind>,
    /// How many records it touched; not kept by older actions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u32>,
}

/// Takes earlier events of the same record back; replay passes over them. May itself be taken back, which is redo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub events: Vec<Hash>,
}

/// Sets fields of a record. A value is text in the one canonical spelling of its field's kind; `None` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fields {
    pub set: BTreeMap<String, Option<String>>,
    /// Warnings the person saw and confirmed, with the reason given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<Confirmed>,
    /// Where a value came from, when it came from a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The erased event that had said this: it is told here again without what had to go, and counts as said there. A
    /// program that does not know of it takes it for said now, which shows a conflict where there is none, and loses nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restates: Option<Hash>,
}

impl Fields {
    /// One or more fields set.
    pub fn set<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { set: pairs.into_iter().map(|(k, v)| (k.into(), Some(v.into()))).collect(), ..Self::default() }
    }

    /// The value set for a field, if it is set and not cleared.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.set.get(key)?.as_deref()
    }
}

/// A warning that was seen and overruled: 我确认无误.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    pub field: String,
    pub says: String,
    pub reason: String,
}

/// The list and row a fact came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub import: RecordId,
    /// Row in the source as a person counts it, from 1.
    pub row: u32,
}

/// A filing moved through its stages. Taken on a stage, a round and a content, so that a later edit shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The stage this outcome belongs to. May lie ahead of where the filing stood, when a published result covers steps
    /// of the superiors that were never told one by one.
    pub stage: String,
    pub round: u16,
    /// Where the filing lies afterwards; `None` when it has ended. Kept in the event, so that replay needs no catalogue
    /// and a filing stays what it was when next year's stages differ.
    pub to: Option<String>,
    /// Stages of the superiors passed on the way without having been told one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<String>,
    /// Whether this is the award: 备案通过, 已入库.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awards: bool,
    pub effect: Effect,
    /// The outcome in the program's words: 通过/推荐.
    pub word: String,
    /// The day it happened, which need not be the day it was entered.
    pub on: NaiveDate,
    /// Digest of the form's fields as the person saw them.
    pub content: Hash,
    /// 发文字号.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Correction deadline of a return; end of a publicity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What a return found wrong, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
    /// Digest of the files that were there; none where nothing had been handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub materials: Option<Hash>,
}

/// A file was put to an item of the filing's materials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Item of the program's list, by id.
    pub item: String,
    /// The round it was handed in, as the person saw it; for people only.
    pub round: u16,
    /// SM3 of the content, under which the file is kept beside the database.
    pub file: Hash,
    /// The file's own name, without folders.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Events whose files it takes the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Hash>,
}

/// Files no longer belong to the filing. Only events its author had seen can be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detached {
    /// The events that had put them there.
    pub attached: Vec<Hash>,
    pub round: u16,
}

/// Somebody looked at an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub item: String,
    pub round: u16,
    /// `None` takes an earlier mark back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// Digest of the item's files as the person saw them: with other files the mark does not hold.
    pub content: Hash,
}

/// Somebody said who is to review the filing at a stage of ours. What was said unaware of it stands beside it: people named
/// twice are all there, and a name is taken off only by somebody who had seen it put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The stage they are to review at.
    pub stage: String,
    /// The round it was said in, as the person saw it; for people only.
    pub round: u16,
    /// Users who are to review from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<RecordId>,
    /// Users who no longer are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<RecordId>,
}

/// A person settled two decisions that did not know of each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The decision that stands.
    pub stands: Hash,
    pub reason: String,
}

/// A shortlist version that went out: frozen with what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistFrozen {
    /// 1, 2, … shown as v1, v2; never a key.
    pub number: u16,
    pub on: NaiveDate,
    pub title: String,
    pub heads: Vec<String>,
    pub rows: Vec<ShortlistRow>,
    /// The erased event that had frozen it: the same version without what had to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restates: Option<Hash>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortlistRow {
    pub filing: RecordId,
    pub cells: Vec<String>,
}

/// A list was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDone {
    pub file: String,
    /// SM3 of the source file, under which it is kept beside the database.
    pub digest: Hash,
    /// Title found in the list.
    pub title: String,
    /// What it was read as: 证书, 企业, 结果.
    pub purpose: String,
    /// Rows of the list, and what became of them.
    pub rows: u32,
    pub created: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub passed_over: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_comes_back_from_the_journal_as_it_went_in() {
        let fact = Fact::FirmCreated(Fields::set([("name", "青澜恒砚新材料有限公司")]));
        assert_eq!(Fact::decode(fact.kind(), fact.version(), &fact.encode()), Some(fact));
    }

    #[test]
    fn a_decision_of_before_there_were_defects_keeps_its_bytes() {
        let bytes = r#"{"stage":"district","round":1,"to":"fill","effect":"return","word":"退回","on":"2026-08-06","content":"0000000000000000000000000000000000000000000000000000000000000000","reason":"缺页"}"#;
        let fact = Fact::decode("filing.moved", 1, bytes.as_bytes()).expect("it is read");
        let Fact::FilingMoved(moved) = &fact else { panic!("a move") };
        assert!(moved.defects.is_empty() && moved.materials.is_none());
        assert_eq!(String::from_utf8(fact.encode()).as_deref(), Ok(bytes));
    }

    #[test]
    fn what_is_told_again_says_for_what_and_everything_else_keeps_its_bytes() {
        let bytes = br#"{"set":{"name":"x"}}"#;
        let Some(Fact::FirmChanged(mut fields)) = Fact::decode("firm.changed", 1, bytes) else { panic!("fields") };
        assert_eq!(Fact::FirmChanged(fields.clone()).encode(), bytes);
        fields.restates = Some(Hash::ZERO);
        let fact = Fact::FirmChanged(fields);
        assert_eq!(Fact::decode(fact.kind(), fact.version(), &fact.encode()), Some(fact));
        let bytes = br#"{"number":1,"on":"2026-08-24","title":"t","heads":[],"rows":[]}"#;
        assert_eq!(Fact::decode("shortlist.frozen", 1, bytes).map(|fact| fact.encode()).as_deref(), Some(&bytes[..]));
    }

    #[test]
    fn a_defect_is_written_with_no_more_than_it_says() {
        use crate::domain::defect::{About, Defect};
        let one = Defect { about: About::Material("audit".into()), says: "缺页".into(), phrase: "p".into() };
        assert_eq!(
            serde_json::to_string(&one).unwrap(),
            r#"{"about":{"material":"audit"},"says":"缺页","phrase":"p"}"#
        );
        let whole = Defect::new(About::Whole, "缺页");
        assert_eq!(serde_json::to_string(&whole).unwrap(), r#"{"says":"缺页"}"#);
        assert_eq!(serde_json::from_str::<Defect>(r#"{"says":"缺页"}"#).unwrap(), whole);
    }

    #[test]
    fn who_is_to_review_is_written_with_no_more_than_it_says() {
        let who = RecordId(uuid::Uuid::from_u128(7));
        let fact =
            Fact::FilingAssigned(Assigned { stage: "district".into(), round: 1, to: vec![who], off: Vec::new() });
        let bytes = format!(r#"{{"stage":"district","round":1,"to":["{who}"]}}"#);
        assert_eq!(String::from_utf8(fact.encode()).as_deref(), Ok(bytes.as_str()));
        assert_eq!(Fact::decode("filing.assigned", 1, bytes.as_bytes()), Some(fact));
    }

    #[test]
    fn what_a_newer_version_wrote_is_not_guessed_at() {
        assert_eq!(Fact::decode("visit.made", 1, b"{}"), None);
        assert_eq!(Fact::decode("firm.created", 2, br#"{"set":{}}"#), None);
        assert_eq!(Fact::decode("firm.created", 1, b"not json"), None);
    }

    #[test]
    fn every_kind_belongs_to_a_sort_of_record() {
        for kind in [
            "firm.created",
            "filing.moved",
            "import.done",
            "action.taken",
            "office.changed",
            "log.noted",
            "machine.met",
            "package.made",
        ] {
            assert!(RecordKind::of(kind).is_some(), "{kind}");
        }
        assert_eq!(RecordKind::of("record.undone"), None);
    }
}
