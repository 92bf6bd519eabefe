//! What a program's file may say, and how it becomes a [`Program`].

use chrono::NaiveDate;
use serde::Deserialize;

use super::lists::{MaterialRow, PhraseRow, ReviewRow};
use super::wrong;
use crate::domain::problem::Result;
use crate::domain::program::{
    ColumnShape, ColumnSource, Confidence, Days, Desk, Effect, Field, FieldKind, Level, Outcome, Policy, Prefill,
    Program, ShortlistColumn, ShortlistLayout, Stage, StageKind, Version,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgramRow {
    name: String,
    short: String,
    mark: String,
    level: Level,
    category: String,
    applicant: String,
    decider: String,
    certificate: Option<String>,
    version: Vec<VersionRow>,
    shortlist: ShortlistRow,
}

/// Lists that are missing, not empty, are taken over from the version named by `like`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionRow {
    id: String,
    effective: NaiveDate,
    like: Option<String>,
    policies: Option<Vec<Policy>>,
    stage: Option<Vec<StageRow>>,
    field: Option<Vec<FieldRow>>,
    materials: Option<Vec<MaterialRow>>,
    materials_confidence: Option<Confidence>,
    phrase: Option<Vec<PhraseRow>>,
    review: Option<ReviewRow>,
    notes: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageRow {
    id: String,
    short: String,
    name: String,
    actor: String,
    desk: Desk,
    kind: StageKind,
    days: Option<Days>,
    #[serde(default)]
    days_confidence: Confidence,
    #[serde(default)]
    window: String,
    outcomes: Vec<(String, Effect)>,
    returns_to: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    awards: bool,
    #[serde(default)]
    confidence: Confidence,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRow {
    id: String,
    label: String,
    kind: KindRow,
    choices: Option<Vec<String>>,
    places: Option<u8>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unit: String,
    from: Option<String>,
    #[serde(default)]
    hint: String,
    /// Where the kind does not say it: a name, a day of birth.
    personal: Option<bool>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum KindRow {
    Text,
    Note,
    Integer,
    Decimal,
    Money,
    Date,
    Choice,
    Phone,
    ResidentId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShortlistRow {
    title: String,
    columns: Vec<ColumnRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnRow {
    title: String,
    source: Option<String>,
    part: Option<Vec<String>>,
    whole: Option<Vec<String>>,
    width: u8,
    shape: ColumnShape,
    #[serde(default)]
    total: bool,
}

impl ProgramRow {
    pub(super) fn into_program(self, file: &str, id: &str) -> Result<Program> {
        let mut versions: Vec<Version> = Vec::with_capacity(self.version.len());
        for row in self.version {
            let version = row.into_version(file, &versions)?;
            versions.push(version);
        }
        let columns = self.shortlist.columns.into_iter().map(|row| row.into_column(file)).collect::<Result<_>>()?;
        Ok(Program {
            id: id.to_owned(),
            name: self.name,
            short: self.short,
            mark: self.mark,
            level: self.level,
            category: self.category,
            applicant: self.applicant,
            decider: self.decider,
            certificate: self.certificate,
            versions,
            shortlist: ShortlistLayout { title: self.shortlist.title, columns },
        })
    }
}

impl VersionRow {
    fn into_version(self, file: &str, earlier: &[Version]) -> Result<Version> {
        let path = format!("version {}", self.id);
        let like = match &self.like {
            None => None,
            Some(id) => {
                let known = earlier.iter().find(|version| version.id == *id);
                Some(known.ok_or_else(|| wrong(file, &format!("{path} / like"), &format!("前面没有版本“{id}”")))?)
            }
        };
        let form = match self.field {
            Some(rows) => rows.into_iter().map(|row| row.into_field(file, &path)).collect::<Result<_>>()?,
            None => like.map_or_else(Vec::new, |v| v.form.clone()),
        };
        let own_materials = self.materials.is_some();
        let materials = match self.materials {
            Some(rows) => rows.into_iter().zip(1..).map(|(row, n)| row.into_material(n)).collect(),
            None => like.map_or_else(Vec::new, |v| v.materials.clone()),
        };
        let phrases = match self.phrase {
            Some(rows) => rows.into_iter().map(|row| row.into_phrase(file, &path)).collect::<Result<_>>()?,
            None => like.map_or_else(Vec::new, |v| v.phrases.clone()),
        };
        let review = match self.review {
            Some(row) => Some(row.into_form(file, &path)?),
            None => like.and_then(|v| v.review.clone()),
        };
        let materials_confidence = match (own_materials, like) {
            (false, Some(like)) => self.materials_confidence.unwrap_or(like.materials_confidence),
            _ => self.materials_confidence.unwrap_or_default(),
        };
        Ok(Version {
            id: self.id,
            effective: self.effective,
            policies: self.policies.or_else(|| like.map(|v| v.policies.clone())).unwrap_or_default(),
            stages: match self.stage {
                Some(rows) => rows.into_iter().map(StageRow::into_stage).collect(),
                None => like.map_or_else(Vec::new, |v| v.stages.clone()),
            },
            form,
            materials,
            materials_confidence,
            phrases,
            review,
            notes: self.notes.or_else(|| like.map(|v| v.notes.clone())).unwrap_or_default(),
        })
    }
}

impl StageRow {
    fn into_stage(self) -> Stage {
        Stage {
            id: self.id,
            short: self.short,
            name: self.name,
            actor: self.actor,
            desk: self.desk,
            kind: self.kind,
            days: self.days,
            days_confidence: self.days_confidence,
            window: self.window,
            outcomes: self.outcomes.into_iter().map(|(word, effect)| Outcome { word, effect }).collect(),
            returns_to: self.returns_to,
            optional: self.optional,
            awards: self.awards,
            confidence: self.confidence,
            note: self.note,
        }
    }
}

impl FieldRow {
    fn into_field(self, file: &str, version: &str) -> Result<Field> {
        let path = |field: &str| format!("{version} / field {} / {field}", self.id);
        let kind = match (self.kind, self.choices, self.places) {
            (KindRow::Choice, Some(words), None) if words.len() > 1 => FieldKind::Choice(words),
            (KindRow::Choice, _, _) => return Err(wrong(file, &path("choices"), "选择项至少要有两个")),
            (_, Some(_), _) => return Err(wrong(file, &path("choices"), "只有 kind = \"choice\" 才有选择项")),
            (KindRow::Decimal, None, Some(places @ 1..=6)) => FieldKind::Decimal(places),
            (KindRow::Decimal, ..) => return Err(wrong(file, &path("places"), "小数位数应为 1 至 6")),
            (_, _, Some(_)) => return Err(wrong(file, &path("places"), "只有 kind = \"decimal\" 才有小数位数")),
            (KindRow::Text, ..) => FieldKind::Text,
            (KindRow::Note, ..) => FieldKind::Note,
            (KindRow::Integer, ..) => FieldKind::Integer,
            (KindRow::Money, ..) => FieldKind::Money,
            (KindRow::Date, ..) => FieldKind::Date,
            (KindRow::Phone, ..) => FieldKind::Phone,
            (KindRow::ResidentId, ..) => FieldKind::ResidentId,
        };
        let from = match self.from.as_deref() {
            None => None,
            Some(text) => Some(prefill(text).ok_or_else(|| {
                wrong(file, &path("from"), &format!("看不懂“{text}”，应为 firm.…、year-1.… 或 last"))
            })?),
        };
        // Amounts are always in 万元; writing it at every field would only invite another unit.
        let unit = if kind == FieldKind::Money && self.unit.is_empty() { "万元".to_owned() } else { self.unit };
        // Free text may say anything of anybody.
        let personal = matches!(kind, FieldKind::Phone | FieldKind::ResidentId | FieldKind::Note);
        Ok(Field {
            id: self.id,
            label: self.label,
            kind,
            required: self.required,
            unit,
            from,
            hint: self.hint,
            personal: self.personal.unwrap_or(personal),
        })
    }
}

/// `firm.phone`, `year-2.revenue`, `last`.
fn prefill(text: &str) -> Option<Prefill> {
    if text == "last" {
        return Some(Prefill::LastFiling);
    }
    let (source, field) = text.split_once('.')?;
    if source == "firm" {
        return Some(Prefill::Firm(field.to_owned()));
    }
    let ago = source.strip_prefix("year-")?.parse().ok()?;
    Some(Prefill::Year { fact: field.to_owned(), ago })
}

impl ColumnRow {
    fn into_column(self, file: &str) -> Result<ShortlistColumn> {
        let path = format!("shortlist / {}", self.title);
        let source = match (self.source.as_deref(), self.part, self.whole) {
            (None, Some(part), Some(whole)) => ColumnSource::Share { part, whole },
            (Some("serial"), None, None) => ColumnSource::Serial,
            (Some("number"), None, None) => ColumnSource::Number,
            (Some("blank"), None, None) => ColumnSource::Blank,
            (Some(source), None, None) => match source.split_once('.') {
                Some(("firm", field)) => ColumnSource::Firm(field.to_owned()),
                Some(("form", field)) => ColumnSource::Form(field.to_owned()),
                _ => return Err(wrong(file, &path, &format!("看不懂来源“{source}”"))),
            },
            _ => return Err(wrong(file, &path, "要么写 source，要么同时写 part 和 whole")),
        };
        Ok(ShortlistColumn { title: self.title, source, width: self.width, shape: self.shape, total: self.total })
    }
}
