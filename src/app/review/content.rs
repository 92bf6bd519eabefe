//! What is reviewed: the filing's file as it was read, and what of it differs from the last round, stands beside last year's,
//! or is missing. Worked out once when the file arrives, and only looked up when drawn.

use crate::domain::changes::show_field;
use crate::domain::defect::About;
use crate::domain::filing::key;
use crate::domain::program::{Field, FieldKind, Version};
use crate::domain::wording::{Piece, pieces};
use crate::store::queries::ReviewFile;

/// What the middle shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// 与上一轮的差异.
    Differences,
    /// 全部字段.
    #[default]
    Fields,
    /// 材料.
    Materials,
    /// 历史.
    History,
}

impl Tab {
    /// What it is called without its count.
    pub fn short(self) -> &'static str {
        match self {
            Self::Differences => "差异",
            Self::Fields => "字段",
            Self::Materials => "材料",
            Self::History => "历史",
        }
    }
}

/// What became of something since the last round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Changed,
    Added,
    Gone,
    /// It must be filled in, was not, and is not.
    StillMissing,
    /// It was to be put right and has not been touched.
    Untouched,
    /// Only a person can say whether it was put right.
    Unclear,
}

/// One line of the differences.
#[derive(Debug, Clone)]
pub enum Row {
    Head(&'static str),
    /// A defect of the return, with what became of it.
    Defect {
        words: String,
        became: Became,
    },
    /// A value, in short.
    Value {
        label: String,
        before: String,
        after: String,
        last: String,
        became: Became,
    },
    /// A text, its changes inside it.
    Words {
        label: String,
        pieces: Vec<Piece>,
        became: Became,
    },
}

impl Row {
    /// Whether it is a place F4 stops at.
    pub fn is_difference(&self) -> bool {
        !matches!(self, Self::Head(_))
    }
}

/// A field of the form with last year's beside it.
#[derive(Debug, Clone)]
pub struct Line {
    pub label: String,
    pub now: Option<String>,
    pub last: Option<String>,
    pub required: bool,
    /// A number, which stands at the right.
    pub number: bool,
}

/// A filing made ready to be looked at.
#[derive(Debug)]
pub struct Content {
    pub read: ReviewFile,
    pub rows: Vec<Row>,
    pub lines: Vec<Line>,
    /// How many places F4 stops at.
    pub differences: usize,
    /// Fields of the form that are as they were in the last round.
    pub same: usize,
}

impl Content {
    /// Makes a file ready.
    pub fn new(read: ReviewFile) -> Self {
        let version = read.file.known.map(|(_, version)| version);
        let rows = version.map(|version| rows(&read, version)).unwrap_or_default();
        let lines = version.map(|version| lines(&read, version)).unwrap_or_default();
        let differences = rows.iter().filter(|row| row.is_difference()).count();
        let changed = read.file.differences.as_ref().map_or(0, |found| found.fields.len());
        let same = lines.len().saturating_sub(changed);
        Self { read, rows, lines, differences, same }
    }

    /// The tabs there are, with their words. Another tab is another line.
    pub fn tabs(&self) -> Vec<(Tab, String)> {
        let file = &self.read.file;
        let materials = file.known.map_or((0, 0), |(_, version)| {
            crate::domain::filing::Checklist::new(&version.materials, &file.filing.materials).count()
        });
        let mut all = Vec::new();
        if file.differences.is_some() {
            all.push((Tab::Differences, format!("与上一轮的差异 {}", self.differences)));
        }
        all.push((Tab::Fields, format!("全部字段 {}", self.lines.len())));
        all.push((Tab::Materials, format!("材料 {}/{}", materials.0, materials.1)));
        all.push((Tab::History, format!("历史 {}", file.changes.len())));
        all
    }

    /// Where a reviewer begins.
    pub fn first_tab(&self) -> Tab {
        if self.read.file.differences.is_some() { Tab::Differences } else { Tab::Fields }
    }
}

/// What stands where nothing does.
pub const NOTHING: &str = "未报";

fn shown(field: &Field, value: Option<&str>) -> Option<String> {
    value.map(|value| {
        let unit = if matches!(field.kind, FieldKind::Money) { "" } else { field.unit.as_str() };
        match unit {
            "" => show_field(&field.kind, value),
            unit => format!("{} {unit}", show_field(&field.kind, value)),
        }
    })
}

fn is_number(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Integer | FieldKind::Decimal(_) | FieldKind::Money)
}

fn last_of(read: &ReviewFile, field: &Field) -> Option<String> {
    let last = read.last_year.as_ref()?;
    shown(field, last.fields.get(&format!("{}{}", key::FORM, field.id)))
}

fn lines(read: &ReviewFile, version: &'static Version) -> Vec<Line> {
    let line = |field: &'static Field| Line {
        label: field.label.clone(),
        now: shown(field, read.file.filing.fields.get(&format!("{}{}", key::FORM, field.id))),
        last: last_of(read, field),
        required: field.required,
        number: is_number(&field.kind),
    };
    version.form.iter().map(line).collect()
}

fn rows(read: &ReviewFile, version: &'static Version) -> Vec<Row> {
    let Some(found) = &read.file.differences else { return Vec::new() };
    let mut all = Vec::new();
    let mut block = |head: &'static str, rows: Vec<Row>| {
        if !rows.is_empty() {
            all.push(Row::Head(head));
            all.extend(rows);
        }
    };
    let defect = |(defect, touched): &(crate::domain::defect::Defect, Option<bool>)| Row::Defect {
        words: defect.line(version),
        became: match touched {
            Some(true) => Became::Changed,
            Some(false) => Became::Untouched,
            None => Became::Unclear,
        },
    };
    block("上一轮要补正的", found.defects.iter().map(defect).collect());
    let (mut values, mut words) = (Vec::new(), Vec::new());
    for field in &version.form {
        let differs = found.fields.iter().find(|difference| difference.id == field.id);
        let Some(differs) = differs else {
            let now = read.file.filing.fields.get(&format!("{}{}", key::FORM, field.id));
            if field.required && now.is_none() {
                values.push(Row::Value {
                    label: field.label.clone(),
                    before: NOTHING.to_owned(),
                    after: format!("仍{NOTHING}"),
                    last: last_of(read, field).unwrap_or_else(|| "—".to_owned()),
                    became: Became::StillMissing,
                });
            }
            continue;
        };
        let (before, after) = (shown(field, differs.before.as_deref()), shown(field, differs.after.as_deref()));
        let became = became(before.is_some(), after.is_some());
        if matches!(field.kind, FieldKind::Text | FieldKind::Note) {
            let pieces = pieces(before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
            words.push(Row::Words { label: field.label.clone(), pieces, became });
        } else {
            values.push(Row::Value {
                label: field.label.clone(),
                before: before.unwrap_or_else(|| NOTHING.to_owned()),
                after: after.unwrap_or_else(|| NOTHING.to_owned()),
                last: last_of(read, field).unwrap_or_else(|| "—".to_owned()),
                became,
            });
        }
    }
    // Fields of an older form that this version does not know are told all the same.
    for differs in found.fields.iter().filter(|found| !version.form.iter().any(|field| field.id == found.id)) {
        let (before, after) = (differs.before.clone(), differs.after.clone());
        let became = became(before.is_some(), after.is_some());
        let pieces = pieces(&before.unwrap_or_default(), &after.unwrap_or_default());
        words.push(Row::Words { label: differs.id.clone(), pieces, became });
    }
    block("申报表", values);
    let files = found.files.iter().map(|file| {
        let name = |of: &Option<crate::domain::filing::Attachment>| {
            of.as_ref().map_or_else(|| "—".to_owned(), |file| file.name.clone())
        };
        Row::Value {
            label: About::Material(file.item.clone()).name(version).to_owned(),
            before: name(&file.before),
            after: if file.after.is_some() {
                format!("{}　{}", file.word(), name(&file.after))
            } else {
                file.word().to_owned()
            },
            last: "—".to_owned(),
            became: became(file.before.is_some(), file.after.is_some()),
        }
    });
    block("材料", files.collect());
    block("文字", words);
    all
}

fn became(before: bool, after: bool) -> Became {
    match (before, after) {
        (false, _) => Became::Added,
        (_, false) => Became::Gone,
        _ => Became::Changed,
    }
}
