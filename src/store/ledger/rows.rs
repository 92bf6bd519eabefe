//! The rows of the ledger: what a list needs of a firm, a filing, an edition, and no more.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use smol_str::SmolStr;

use crate::catalog::forms;
use crate::domain::calendar::Row;
use crate::domain::calendar::own::Year;
use crate::domain::certificate::{Validity, validity};
use crate::domain::defect::{Phrase, own};
use crate::domain::filing::Standing;
use crate::domain::filing::deadline::{NextDue, StageDates};
use crate::domain::id::RecordId;
use crate::domain::people::{Rights, Role, Signing};
use crate::domain::pinyin::{Haystack, Reader};
use crate::domain::program::{Program, Stage, Version};
use crate::domain::review::ReviewForm;

/// A firm in a list.
#[derive(Debug, Clone)]
pub struct FirmRow {
    pub id: RecordId,
    pub name: Box<str>,
    pub code: SmolStr,
    pub short: Box<str>,
    pub former: Box<[Box<str>]>,
    pub township: Arc<str>,
    pub park: Arc<str>,
    pub industry: Arc<str>,
    pub hi_field: Arc<str>,
    /// 规上; `None` is not known.
    pub scale: Option<bool>,
    pub founded: Option<NaiveDate>,
    pub legal: Box<str>,
    pub contact: Box<str>,
    pub phone: Box<str>,
    pub tags: Box<str>,
    pub certificates: Box<[Certificate]>,
    pub figures: Figures,
    /// Fields two people wrote unaware of each other.
    pub conflicts: u16,
    /// Holds what a newer version wrote; read-only.
    pub frozen: bool,
    pub(super) ready: OnceLock<Ready>,
    /// Taken back; the slot stays so that places keep.
    pub(super) gone: bool,
}

/// A firm's names made ready for sorting and searching: worked out when first needed, which is half of loading a ledger.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub sort: Box<str>,
    pub hay: Haystack,
    /// Former names and the short one.
    pub other_hay: Box<[Haystack]>,
}

impl FirmRow {
    /// Its names, ready for sorting and searching.
    pub(super) fn ready(&self) -> &Ready {
        self.ready.get_or_init(|| {
            let reader = Reader::builtin();
            let others = self.former.iter().chain((!self.short.is_empty()).then_some(&self.short));
            Ready {
                sort: reader.sort_key(&self.name).into(),
                hay: reader.haystack(&self.name),
                other_hay: others.map(|name| reader.haystack(name)).collect(),
            }
        })
    }

    /// The firm's certificate of a kind that counts longest.
    pub fn certificate(&self, kind: &str) -> Option<&Certificate> {
        self.certificates.iter().filter(|c| &*c.kind == kind).max_by_key(|c| (c.revoked.is_none(), c.ends, c.issued))
    }
}

/// A certificate in a list.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub kind: Arc<str>,
    /// Which of the firm's certificates of this kind.
    pub slug: Box<str>,
    pub number: SmolStr,
    pub name: Box<str>,
    pub issued: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    pub revoked: Option<NaiveDate>,
}

impl Certificate {
    /// Whether it counts on a day.
    pub fn validity(&self, today: NaiveDate) -> Validity {
        validity(self.ends, self.revoked, today)
    }
}

/// Figures of one year; money in 分, missing ones `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub staff: Option<i64>,
    pub tech_staff: Option<i64>,
    pub revenue: Option<i64>,
    pub rd: Option<i64>,
}

/// A filing in a list.
#[derive(Debug, Clone)]
pub struct FilingRow {
    pub id: RecordId,
    /// Place of the firm in the ledger.
    pub(super) firm: u32,
    pub firm_id: RecordId,
    /// Place of the edition in the ledger.
    pub(super) edition: u16,
    pub number: SmolStr,
    pub officer: Option<RecordId>,
    /// 审核人 at the stage it stands in, by id.
    pub reviewers: Box<[RecordId]>,
    pub program: &'static Program,
    pub version: &'static Version,
    /// Place of the stage in the version.
    pub stage: u8,
    pub round: u16,
    pub standing: Standing,
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
    pub awarded: Option<NaiveDate>,
    pub last_day: NaiveDate,
    pub last_word: Arc<str>,
    /// One bit per stage passed.
    pub passed: u32,
    /// Two decisions unaware of each other wait for a person.
    pub split: bool,
    /// Form or files changed after it was approved.
    pub outdated: bool,
    /// How many of the materials that must be there are, of how many.
    pub materials: (u8, u8),
    /// Some field was given different values by people unaware of each other.
    pub contested: bool,
    pub frozen: bool,
    pub due: Option<NextDue>,
    pub(super) gone: bool,
}

impl FilingRow {
    /// The stage it stands in.
    pub fn stage(&self) -> &'static Stage {
        &self.version.stages[usize::from(self.stage)]
    }

    /// Whether it is somebody's: they enter it or are to review it.
    pub fn is_of(&self, user: RecordId) -> bool {
        self.officer == Some(user) || self.reviewers.contains(&user)
    }

    /// Whether it ever passed a stage that a test accepts.
    pub fn passed_any(&self, test: impl Fn(&Stage) -> bool) -> bool {
        self.version.stages.iter().enumerate().any(|(n, stage)| self.passed >> n & 1 == 1 && test(stage))
    }
}

/// An edition in a list.
#[derive(Debug, Clone)]
pub struct Edition {
    pub id: RecordId,
    pub program: String,
    pub version: String,
    pub year: i32,
    pub batch: u16,
    pub name: String,
    pub quota: Option<u32>,
    pub closed: bool,
    /// By stage of the version, in its order.
    pub dates: Vec<StageDates>,
    /// 线上, 纸质, 线上与纸质, by stage.
    pub channels: Vec<String>,
    pub known: Option<(&'static Program, &'static Version)>,
}

impl Edition {
    /// Short name of program and edition together: 高企认定·2026 年第二批.
    pub fn label(&self) -> String {
        format!("{}·{}", self.known.map_or(self.program.as_str(), |(program, _)| program.short.as_str()), self.name)
    }
}

/// Somebody who signs in.
#[derive(Debug, Clone)]
pub struct User {
    pub id: RecordId,
    pub name: String,
    pub roles: Vec<Role>,
    pub active: bool,
    /// 科室; empty where none is said.
    pub section: String,
    /// Programs somebody answers for; empty: all.
    pub programs: Vec<String>,
}

impl User {
    /// What this person may do in the office.
    pub fn rights(&self, office: &Office) -> Rights {
        Rights::of(&self.roles, self.active, office.supervisor_decides)
    }
}

/// The office.
#[derive(Debug, Clone, Default)]
pub struct Office {
    pub name: String,
    pub region: String,
    /// In official order, not by pinyin.
    pub townships: Vec<String>,
    /// 示例数据: nobody needs a password here.
    pub example: bool,
    /// Identity and telephone numbers are sealed on their way into the journal.
    pub seals: bool,
    /// Only the supervisor decides at our own stages.
    pub supervisor_decides: bool,
    pub signing: Signing,
    /// The office's own phrases, as its fields hold them; [`Office::phrases`] reads them.
    pub(super) phrases: BTreeMap<String, String>,
    /// The review forms it laid down, as its fields hold them; [`Office::review_form`] reads them.
    pub(super) forms: BTreeMap<String, String>,
    /// Its own days off and days worked, in their order.
    pub days: Vec<Row>,
    /// Years whose holiday paper it took in itself.
    pub years: Vec<Year>,
}

impl Office {
    /// The form by which filings of a program and policy version are judged now.
    pub fn review_form(&self, program: &str, version: &'static Version) -> Option<&'static ReviewForm> {
        let field = |key: &str| self.forms.get(key).map(String::as_str);
        forms::form(program, version, forms::used(program, field), field)
    }

    /// The office's own phrases for a program.
    pub fn phrases(&self, program: &str) -> Vec<Phrase> {
        own::read(self.phrases.iter().map(|(key, value)| (key.as_str(), value.as_str())), program)
    }
}
