//! A program (业务事项) as data: its policy versions, their stages, what each stage may end in, the form, the shortlist.
//!
//! Nothing of it is Rust code: stages, days, outcomes and forms change every year and come from `assets/programs/`
//! (floor `catalog`) and the office's own edits. Here stands only what a program is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::defect::Phrase;
use super::material::Material;
use super::review::ReviewForm;

/// A program an enterprise can file in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Stable id, also the file name: `gaoqi`, `kexiao` …
    pub id: String,
    /// Full name, as notices print it: 高新技术企业认定.
    pub name: String,
    /// Short name for narrow places: 高企认定.
    pub short: String,
    /// Two capital letters in a filing's running number: `2026-GQ2-007`.
    pub mark: String,
    pub level: Level,
    /// 创新主体, 人才, 载体 …
    pub category: String,
    /// Who files: 居民企业, 用人单位 …
    pub applicant: String,
    pub decider: String,
    /// What an awarded filing leaves with the firm, if anything.
    pub certificate: Option<String>,
    /// Oldest first; never empty.
    pub versions: Vec<Version>,
    pub shortlist: ShortlistLayout,
}

impl Program {
    /// The policy version in force on a day; the oldest one for days before any.
    pub fn version_on(&self, day: NaiveDate) -> &Version {
        self.versions.iter().rev().find(|v| v.effective <= day).unwrap_or(&self.versions[0])
    }

    /// The version an edition was bound to.
    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|v| v.id == id)
    }
}

/// Who has the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    #[serde(rename = "区")]
    District,
    #[serde(rename = "市")]
    City,
    #[serde(rename = "省")]
    Province,
    #[serde(rename = "国家")]
    Nation,
}

impl Level {
    /// 区 · 市 · 省 · 国家.
    pub fn word(self) -> &'static str {
        match self {
            Self::District => "区",
            Self::City => "市",
            Self::Province => "省",
            Self::Nation => "国家",
        }
    }
}

/// One state of a program's policy; an edition is bound to exactly one, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Usually the year it came into force: `2016`.
    pub id: String,
    pub effective: NaiveDate,
    /// Documents it rests on: 国科发火〔2016〕32号《高新技术企业认定管理办法》.
    pub policies: Vec<Policy>,
    /// In order; never empty.
    pub stages: Vec<Stage>,
    pub form: Vec<Field>,
    /// What must be handed in, in the order a checklist shows it.
    pub materials: Vec<Material>,
    pub materials_confidence: Confidence,
    /// Sentences that defects are written from.
    pub phrases: Vec<Phrase>,
    /// How a filing is judged; `None`: nothing is laid down.
    pub review: Option<ReviewForm>,
    /// Whether a stage's facts come from a published source or need this year's notice: shown in the settings.
    pub notes: Vec<String>,
}

impl Version {
    /// Where a stage stands in the order.
    pub fn stage_index(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|s| s.id == id)
    }
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Policy {
    pub number: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub source: String,
}

/// One step of the chain 企业 → 区 → 市 → 省 → 国家.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub id: String,
    /// At most five characters, for the stage rail: 区审核.
    pub short: String,
    pub name: String,
    /// Who acts, in the notice's words: 区科技局.
    pub actor: String,
    pub desk: Desk,
    pub kind: StageKind,
    /// Days the actor has, counted from the day after the stage was entered.
    pub days: Option<Days>,
    pub days_confidence: Confidence,
    /// When it usually happens, in the notice's words: 1–4月, 批次截止前. Empty when nothing is known.
    pub window: String,
    pub outcomes: Vec<Outcome>,
    /// The stage a returned filing goes back to.
    pub returns_to: Option<String>,
    /// Entered only on purpose (实地核查 when triggered); passing over it is the normal road.
    pub optional: bool,
    /// Passing it is the award: 备案通过, 已入库, 入选.
    pub awards: bool,
    /// Where the facts come from: a published source, the report, or general knowledge to be checked in the notice.
    pub confidence: Confidence,
    /// What an officer should know of it; may be empty.
    pub note: String,
}

impl Stage {
    /// The first outcome with this effect, which is the one a button offers.
    pub fn outcome(&self, effect: Effect) -> Option<&Outcome> {
        self.outcomes.iter().find(|o| o.effect == effect)
    }
}

/// On whose desk a stage lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Desk {
    /// Our bureau.
    Ours,
    /// The firm or unit that files.
    Applicant,
    /// City, province, nation: their decisions arrive as lists.
    Superior,
}

/// What sort of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageKind {
    /// Preparation: 摸底, 自评.
    Draft,
    /// The applicant hands it in.
    Submit,
    /// Somebody examines it.
    Review,
    /// 公示, with a start and an end.
    Publicity,
    /// 认定, 备案, 公布, 颁证.
    Decision,
}

/// A span of days and how it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Days {
    pub n: u16,
    pub unit: DayUnit,
}

/// 工作日 skip weekends and holidays and count make-up days; 自然日 count every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DayUnit {
    #[serde(rename = "工作日")]
    Working,
    #[serde(rename = "自然日")]
    Calendar,
}

/// A word a stage may end in, and what it does to the filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// In the notice's words: 通过/推荐, 拟认定, 无异议.
    pub word: String,
    pub effect: Effect,
}

/// What an outcome does; the stage machine ([`crate::domain::filing`]) knows only these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// On to the next stage; on an awarding stage, the award.
    Pass,
    /// Back for correction: a new round of the same filing, with a reason and a date.
    Return,
    /// 不推荐: we, or the city, decline; a reason is required.
    Decline,
    /// 不通过: failed in review.
    Fail,
    /// The applicant let it go: 逾期, 放弃.
    Lapse,
    /// 撤回 by the applicant, before publicity; frees the quota.
    Withdraw,
    /// Stays where it is, with a note: 暂缓, 有异议核实, 现场核查.
    Hold,
    /// Into an optional stage that was not due: 转实地核查.
    Enter,
    /// 结果未公布: the stage is over but its result is not out; stays where it is.
    Pending,
    /// A publicity's start and end became known; stays where it is.
    Publish,
}

impl Effect {
    /// From its word in the programs' files and on the command line.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word)).ok()
    }
}

/// How far a fact of the catalogue can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A stored public source says so.
    Source,
    /// The bureau's own report says so.
    Report,
    /// General knowledge: check it in this year's notice.
    #[default]
    General,
}

/// One field of a program's own form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub id: String,
    pub label: String,
    pub kind: FieldKind,
    pub required: bool,
    /// Printed behind the field: 人, 万元, %, 件.
    pub unit: String,
    /// Where the first value is taken from, so that nobody types it twice.
    pub from: Option<Prefill>,
    pub hint: String,
    /// It says something of a person: who asks for erasure may have it erased.
    pub personal: bool,
}

/// What a field holds. Values travel as text in one canonical spelling per kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    /// Several lines.
    Note,
    Integer,
    /// A decimal with at most this many places.
    Decimal(u8),
    /// 万元, two places.
    Money,
    Date,
    /// One of these words.
    Choice(Vec<String>),
    Phone,
    ResidentId,
}

/// Where a form's first value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prefill {
    /// A field of the firm: `contact`, `phone`, `hi_field` …
    Firm(String),
    /// A year fact (`revenue`, `staff` …) of the year so many years before the edition's: 1 is last year.
    Year { fact: String, ago: u8 },
    /// The firm's last filing in the same program: the field of the same id.
    LastFiling,
}

/// The recommendation table a city or province asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShortlistLayout {
    /// With `{year}`, `{office}` and `{program}`: `{year}年度{office}{program}推荐汇总表`.
    pub title: String,
    pub columns: Vec<ShortlistColumn>,
}

/// One column of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortlistColumn {
    pub title: String,
    pub source: ColumnSource,
    /// In characters of the body type.
    pub width: u8,
    pub shape: ColumnShape,
    /// Whether the 合计 row adds it up.
    pub total: bool,
}

/// Where a shortlist column's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// 序号 after ordering.
    Serial,
    /// A field of the firm.
    Firm(String),
    /// A field of the filing's form.
    Form(String),
    /// The filing's running number.
    Number,
    /// A share: the sum of some fields of the form over the sum of others, missing when one of them is.
    Share { part: Vec<String>, whole: Vec<String> },
    /// Left empty for the hand: 备注.
    Blank,
}

/// How a column's cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnShape {
    /// Left, wrapped.
    Text,
    /// Centred, always text: codes, phones, dates.
    Code,
    /// Right, a whole number.
    Count,
    /// Right, two places.
    Money,
    /// Right, percent with two places.
    Share,
}
