//! What a program's file says of materials, of phrases for defects, and of how filings are judged.

use serde::Deserialize;

use super::wrong;
use crate::domain::defect::{About, Phrase};
use crate::domain::material::{Material, Need};
use crate::domain::problem::Result;
use crate::domain::program::Confidence;
use crate::domain::review::{Aggregate, FormKind, Group, Points, ReviewForm, ReviewItem};

/// A bare name is an item that must be there, called after its place in the list.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum MaterialRow {
    Name(String),
    Whole(WholeMaterial),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WholeMaterial {
    id: String,
    name: String,
    #[serde(default)]
    need: Need,
    #[serde(default)]
    when: String,
    #[serde(default)]
    note: String,
}

impl MaterialRow {
    /// `place` counts from 1.
    pub(super) fn into_material(self, place: usize) -> Material {
        match self {
            Self::Name(name) => Material {
                id: format!("m{place}"),
                name,
                need: Need::Required,
                when: String::new(),
                note: String::new(),
            },
            Self::Whole(row) => Material { id: row.id, name: row.name, need: row.need, when: row.when, note: row.note },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseRow {
    id: String,
    #[serde(default)]
    about: String,
    text: String,
}

impl PhraseRow {
    pub(super) fn into_phrase(self, file: &str, version: &str) -> Result<Phrase> {
        let about = About::read(&self.about).ok_or_else(|| {
            let field = format!("{version} / phrase {} / about", self.id);
            wrong(file, &field, &format!("看不懂“{}”，应为 material.… 或 field.…", self.about))
        })?;
        Ok(Phrase { id: self.id, about, text: self.text, own: false })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::catalog) struct ReviewRow {
    kind: KindRow,
    aggregate: Option<Aggregate>,
    pass: Option<u16>,
    #[serde(default)]
    over: bool,
    #[serde(default)]
    group: Vec<GroupRow>,
    reviewers: Option<u8>,
    #[serde(default)]
    confidence: Confidence,
    item: Vec<ItemRow>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum KindRow {
    Checklist,
    Scores,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemRow {
    id: String,
    text: String,
    /// Whole points.
    max: Option<u16>,
    /// In per cent.
    weight: Option<u16>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    nonzero: bool,
}

/// Items whose points together are limited.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    name: String,
    /// Whole points.
    max: u16,
}

impl ReviewRow {
    pub(in crate::catalog) fn into_form(self, file: &str, version: &str) -> Result<ReviewForm> {
        let path = |field: &str| format!("{version} / review / {field}");
        let kind = match self.kind {
            KindRow::Scores => {
                let (aggregate, pass) = (self.aggregate.unwrap_or_default(), self.pass.map(Points::whole));
                FormKind::Scores { aggregate, pass, over: self.over }
            }
            KindRow::Checklist if self.aggregate.is_some() || self.pass.is_some() => {
                return Err(wrong(file, &path("kind"), "打分表（scores）才有 aggregate 和 pass"));
            }
            KindRow::Checklist => FormKind::Checklist,
        };
        let mut items = Vec::with_capacity(self.item.len());
        for row in self.item {
            let path = |field: &str| path(&format!("item {} / {field}", row.id));
            let max = match (self.kind, row.max) {
                (KindRow::Scores, Some(max)) => Points::whole(max),
                (KindRow::Scores, None) => return Err(wrong(file, &path("max"), "打分项要写满分")),
                (KindRow::Checklist, None) => Points::default(),
                (KindRow::Checklist, Some(_)) => return Err(wrong(file, &path("max"), "核对项没有满分")),
            };
            if self.kind == KindRow::Checklist && row.weight.is_some() {
                return Err(wrong(file, &path("weight"), "核对项没有权重"));
            }
            items.push(ReviewItem {
                id: row.id,
                text: row.text,
                max,
                weight: row.weight.unwrap_or(100),
                note: row.note,
                group: row.group,
                nonzero: row.nonzero,
            });
        }
        let groups = self.group.into_iter().map(|row| Group { name: row.name, max: Points::whole(row.max) }).collect();
        let reviewers = self.reviewers.unwrap_or(1);
        Ok(ReviewForm { kind, items, reviewers, confidence: self.confidence, groups, own: None })
    }
}
