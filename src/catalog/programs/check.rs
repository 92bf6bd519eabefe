//! What must hold of a program before anybody works with it.

use std::collections::BTreeSet;

use super::{FIRM_FIELDS, YEAR_FACTS, wrong};
use crate::domain::defect::About;
use crate::domain::material::{Need, OTHER};
use crate::domain::problem::Result;
use crate::domain::program::{ColumnShape, ColumnSource, Effect, Field, FieldKind, Prefill, Program, Version};
use crate::domain::review::{FormKind, ReviewForm};

/// Checks a program whole; the first thing that does not fit is the error.
pub(super) fn program(file: &str, program: &Program) -> Result<()> {
    filled(file, "name", &program.name)?;
    filled(file, "short", &program.short)?;
    filled(file, "category", &program.category)?;
    filled(file, "applicant", &program.applicant)?;
    filled(file, "decider", &program.decider)?;
    if program.mark.len() != 2 || !program.mark.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(wrong(file, "mark", "应为两个大写字母"));
    }
    if program.versions.is_empty() {
        return Err(wrong(file, "version", "至少要有一个版本"));
    }
    unique(file, "version", program.versions.iter().map(|version| version.id.as_str()))?;
    if let Some(pair) = program.versions.windows(2).find(|pair| pair[0].effective >= pair[1].effective) {
        return Err(wrong(file, &format!("version {} / effective", pair[1].id), "应晚于前一个版本的生效日"));
    }
    for version in &program.versions {
        self::version(file, version)?;
    }
    shortlist(file, program)
}

fn version(file: &str, version: &Version) -> Result<()> {
    let path = format!("version {}", version.id);
    filled(file, "version / id", &version.id)?;
    if version.stages.is_empty() {
        return Err(wrong(file, &format!("{path} / stage"), "至少要有一个阶段"));
    }
    unique(file, &format!("{path} / stage"), version.stages.iter().map(|stage| stage.id.as_str()))?;
    for at in 0..version.stages.len() {
        stage(file, &path, version, at)?;
    }
    match version.stages.iter().filter(|stage| stage.awards).count() {
        0 => return Err(wrong(file, &path, "没有取得结果的阶段（awards = true）")),
        1 => {}
        _ => return Err(wrong(file, &path, "只能有一个取得结果的阶段（awards = true）")),
    }
    unique(file, &format!("{path} / field"), version.form.iter().map(|field| field.id.as_str()))?;
    version.form.iter().try_for_each(|field| self::field(file, &path, field))?;
    materials(file, &path, version)?;
    phrases(file, &path, version)?;
    version.review.iter().try_for_each(|form| review(file, &path, form))
}

fn materials(file: &str, version_path: &str, version: &Version) -> Result<()> {
    unique(file, &format!("{version_path} / materials"), version.materials.iter().map(|item| item.id.as_str()))?;
    for material in &version.materials {
        let path = |part: &str| format!("{version_path} / materials {} / {part}", material.id);
        filled(file, &path("name"), &material.name)?;
        shaped(file, &path("id"), &material.id)?;
        if material.id == OTHER {
            return Err(wrong(file, &path("id"), "这个编号留给“其他材料”"));
        }
        if (material.need == Need::Conditional) == material.when.trim().is_empty() {
            return Err(wrong(file, &path("when"), "need = \"条件\" 的要写什么时候要交，其他的不写"));
        }
    }
    Ok(())
}

fn phrases(file: &str, version_path: &str, version: &Version) -> Result<()> {
    unique(file, &format!("{version_path} / phrase"), version.phrases.iter().map(|phrase| phrase.id.as_str()))?;
    for phrase in &version.phrases {
        let path = |part: &str| format!("{version_path} / phrase {} / {part}", phrase.id);
        filled(file, &path("text"), &phrase.text)?;
        shaped(file, &path("id"), &phrase.id)?;
        let known = match &phrase.about {
            About::Whole => true,
            About::Material(id) => version.materials.iter().any(|material| material.id == *id),
            About::Field(id) => version.form.iter().any(|field| field.id == *id),
        };
        if !known {
            return Err(wrong(file, &path("about"), &format!("没有“{}”这一项", phrase.about.write())));
        }
    }
    Ok(())
}

pub(in crate::catalog) fn review(file: &str, version_path: &str, form: &ReviewForm) -> Result<()> {
    let path = |part: &str| format!("{version_path} / review / {part}");
    if form.items.is_empty() {
        return Err(wrong(file, &path("item"), "至少要有一项"));
    }
    unique(file, &path("item"), form.items.iter().map(|item| item.id.as_str()))?;
    if form.reviewers == 0 {
        return Err(wrong(file, &path("reviewers"), "至少一人"));
    }
    for item in &form.items {
        filled(file, &path(&format!("item {} / text", item.id)), &item.text)?;
        shaped(file, &path(&format!("item {} / id", item.id)), &item.id)?;
        if !item.group.is_empty() && !form.groups.iter().any(|group| group.name == item.group) {
            return Err(wrong(file, &path(&format!("item {} / group", item.id)), &format!("没有“{}”组", item.group)));
        }
        if form.kind != FormKind::Checklist && (item.max.0 == 0 || item.weight == 0) {
            return Err(wrong(file, &path(&format!("item {} / max", item.id)), "满分和权重不能是 0"));
        }
    }
    if let FormKind::Scores { pass: Some(pass), .. } = form.kind
        && pass > form.full().points()
    {
        return Err(wrong(file, &path("pass"), &format!("合格线高于满分 {}", form.full().points())));
    }
    Ok(())
}

/// An id that can stand in keys and commands.
fn shaped(file: &str, path: &str, id: &str) -> Result<()> {
    let fits = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits { Ok(()) } else { Err(wrong(file, path, "只能用小写字母、数字和下划线，以字母开头")) }
}

fn stage(file: &str, version_path: &str, version: &Version, at: usize) -> Result<()> {
    let stage = &version.stages[at];
    let path = |field: &str| format!("{version_path} / stage {} / {field}", stage.id);
    for (name, text) in [("short", &stage.short), ("name", &stage.name), ("actor", &stage.actor)] {
        filled(file, &path(name), text)?;
    }
    if stage.short.chars().count() > 5 {
        return Err(wrong(file, &path("short"), "最多五个字"));
    }
    if stage.days.is_some_and(|days| days.n == 0) {
        return Err(wrong(file, &path("days"), "天数不能是 0，不知道就不写"));
    }
    if stage.outcomes.is_empty() {
        return Err(wrong(file, &path("outcomes"), "至少要有一个结果"));
    }
    unique(file, &path("outcomes"), stage.outcomes.iter().map(|outcome| outcome.word.as_str()))?;
    let ends_in = |effect| stage.outcome(effect).is_some();
    if !ends_in(Effect::Pass) {
        return Err(wrong(file, &path("outcomes"), "没有能往下走的结果（pass）"));
    }
    match &stage.returns_to {
        None if ends_in(Effect::Return) => {
            return Err(wrong(file, &path("returns_to"), "有退回的结果，却没有写退回到哪里"));
        }
        Some(target) => match version.stage_index(target) {
            None => return Err(wrong(file, &path("returns_to"), &format!("没有阶段“{target}”"))),
            Some(to) if to > at => return Err(wrong(file, &path("returns_to"), "只能退回到本阶段或之前的阶段")),
            Some(_) if !ends_in(Effect::Return) => return Err(wrong(file, &path("returns_to"), "没有退回的结果")),
            Some(_) => {}
        },
        None => {}
    }
    let follows_optional = version.stages.get(at + 1).is_some_and(|next| next.optional);
    if ends_in(Effect::Enter) && !follows_optional {
        return Err(wrong(file, &path("outcomes"), "有转入的结果（enter），下一个阶段却不是可选的"));
    }
    if stage.optional && at == 0 {
        return Err(wrong(file, &path("optional"), "第一个阶段不能是可选的"));
    }
    // An award must lie on the normal road: what is optional is passed over.
    if stage.optional && stage.awards {
        return Err(wrong(file, &path("awards"), "可选的阶段不能是取得结果的阶段"));
    }
    Ok(())
}

fn field(file: &str, version_path: &str, field: &Field) -> Result<()> {
    let path = |part: &str| format!("{version_path} / field {} / {part}", field.id);
    filled(file, &path("id"), &field.id)?;
    filled(file, &path("label"), &field.label)?;
    if let FieldKind::Choice(words) = &field.kind {
        unique(file, &path("choices"), words.iter().map(String::as_str))?;
    }
    match &field.from {
        Some(Prefill::Firm(name)) if !FIRM_FIELDS.contains(&name.as_str()) => {
            Err(wrong(file, &path("from"), &format!("企业没有“{name}”这一项")))
        }
        Some(Prefill::Year { fact, .. }) if !YEAR_FACTS.contains(&fact.as_str()) => {
            Err(wrong(file, &path("from"), &format!("年度数据没有“{fact}”这一项")))
        }
        Some(Prefill::Year { ago, .. }) if !(1..=5).contains(ago) => {
            Err(wrong(file, &path("from"), "只能取前 1 至 5 年的数据"))
        }
        _ => Ok(()),
    }
}

fn shortlist(file: &str, program: &Program) -> Result<()> {
    let layout = &program.shortlist;
    let bare =
        ["{year}", "{office}", "{program}"].iter().fold(layout.title.clone(), |title, mark| title.replace(mark, ""));
    if bare.contains(['{', '}']) || layout.title.trim().is_empty() {
        return Err(wrong(file, "shortlist / title", "只能用 {year}、{office}、{program}"));
    }
    if layout.columns.is_empty() {
        return Err(wrong(file, "shortlist / columns", "至少要有一列"));
    }
    unique(file, "shortlist / columns", layout.columns.iter().map(|column| column.title.as_str()))?;
    // An older version may lack a field: its cells stay empty. No version having it is a slip.
    let in_form = |id: &str| program.versions.iter().any(|version| version.form.iter().any(|field| field.id == id));
    for column in &layout.columns {
        let path = format!("shortlist / {}", column.title);
        if column.width == 0 {
            return Err(wrong(file, &path, "列宽不能是 0"));
        }
        if column.total && !matches!(column.shape, ColumnShape::Count | ColumnShape::Money) {
            return Err(wrong(file, &path, "只有数量和金额能合计"));
        }
        let share = matches!(column.source, ColumnSource::Share { .. });
        if share != (column.shape == ColumnShape::Share) {
            return Err(wrong(file, &path, "占比列要写 part、whole 和 shape = \"share\""));
        }
        let unknown = match &column.source {
            ColumnSource::Firm(name) => (!FIRM_FIELDS.contains(&name.as_str())).then_some(name),
            ColumnSource::Form(name) => (!in_form(name)).then_some(name),
            ColumnSource::Share { part, whole } if part.is_empty() || whole.is_empty() => {
                return Err(wrong(file, &path, "part 和 whole 都要有内容"));
            }
            ColumnSource::Share { part, whole } => part.iter().chain(whole).find(|name| !in_form(name)),
            ColumnSource::Serial | ColumnSource::Number | ColumnSource::Blank => None,
        };
        if let Some(name) = unknown {
            return Err(wrong(file, &path, &format!("没有“{name}”这一项")));
        }
    }
    Ok(())
}

fn filled(file: &str, path: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(wrong(file, path, "不能是空的")) } else { Ok(()) }
}

fn unique<'a>(file: &str, path: &str, words: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for word in words {
        filled(file, path, word)?;
        if !seen.insert(word) {
            return Err(wrong(file, path, &format!("“{word}”重复")));
        }
    }
    Ok(())
}
