//! A program's own form while somebody fills it in: what was typed, what is made of it, what there is to say about it.
//! New filings and the page of a filing use the same form, so that a field behaves the same in both.
//! Checking is the domain's; drawing is in `view.rs`; nothing is saved here.

mod view;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::app::ctx::Ctx;
use crate::domain::Result;
use crate::domain::event::Confirmed;
use crate::domain::filing::form::{check, editable};
use crate::domain::firm::check::needs_reason;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::identity::{Finding, phone, resident};
use crate::domain::program::{Field, FieldKind, Version};
use crate::domain::seal;
use crate::store::acts::Values;
use crate::ui::widget::area;
use crate::ui::widget::field::Says;

pub use view::{LABEL, Look, field_id, remark};

/// Something done to a field.
#[derive(Debug, Clone)]
pub enum Edit {
    Typed(&'static str, String),
    Area(&'static str, area::Action),
    /// A covered number is shown whole, to be read or changed.
    Reveal(&'static str),
}

/// What is made of a field as it stands.
#[derive(Debug, Clone, Default)]
struct Verdict {
    /// `None`: left empty, or wrong.
    value: Option<String>,
    findings: Vec<Finding>,
    /// It cannot stay so.
    wrong: Option<String>,
}

/// So many years before its edition's a form may ask for.
const HEADS: i32 = 9;

/// What was typed into a form, to be kept as a draft.
pub type Typed = BTreeMap<String, String>;

/// What a firm brings along: its fields, and the form of its last filing in a program.
pub type Known = (Registers, Vec<(String, String)>);

/// Asks for what a firm brings along. `None`: there is no such firm.
pub fn known(ctx: &Ctx, firm: RecordId, program: &str) -> impl Future<Output = Result<Option<Known>>> + use<> {
    let (file, last) = (ctx.db.firm(firm), ctx.db.last_form(firm, program));
    async move {
        let Some(file) = file.await? else { return Ok(None) };
        Ok(Some((file.firm.fields, last.await?)))
    }
}

/// A form being filled in.
pub struct Form {
    pub version: &'static Version,
    /// Year of the edition it is for.
    pub year: i32,
    today: NaiveDate,
    typed: BTreeMap<&'static str, String>,
    areas: BTreeMap<&'static str, area::Content>,
    verdicts: BTreeMap<&'static str, Verdict>,
    /// Brought along from the firm or its last filing, and untouched since.
    brought: BTreeSet<&'static str>,
    /// Stored numbers of persons as they are shown until somebody asks for all of them.
    covered: BTreeMap<&'static str, String>,
    /// 2025 年, 2024 年 …: the years before the edition's, the last one first.
    heads: Vec<String>,
}

/// A field with what must be confirmed about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub field: String,
    pub label: String,
    pub says: String,
}

impl Form {
    /// A form with stored values; `year` is the edition's, before which the years lie whose figures are asked for.
    pub fn new(
        version: &'static Version,
        year: i32,
        today: NaiveDate,
        stored: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut form = Self {
            version,
            year,
            today,
            heads: (1..=HEADS).map(|ago| format!("{} 年", year - ago)).collect(),
            typed: BTreeMap::new(),
            areas: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            brought: BTreeSet::new(),
            covered: BTreeMap::new(),
        };
        for field in &version.form {
            let value = stored(&field.id).unwrap_or_default();
            form.put(field, editable(field, &value));
        }
        form
    }

    /// A form with nothing in it.
    pub fn blank(version: &'static Version, year: i32, today: NaiveDate) -> Self {
        Self::new(version, year, today, |_| None)
    }

    /// Covers the numbers of persons, where a form is read more often than written.
    #[must_use]
    pub fn cover(mut self) -> Self {
        for field in &self.version.form {
            let value = self.verdicts.get(field.id.as_str()).and_then(|verdict| verdict.value.as_deref());
            let covered = match (&field.kind, value) {
                (FieldKind::Phone, Some(value)) => phone::mask(value),
                (FieldKind::ResidentId, Some(value)) => resident::mask(value),
                _ => continue,
            };
            self.covered.insert(&field.id, covered);
        }
        self
    }

    fn put(&mut self, field: &'static Field, typed: String) {
        if field.kind == FieldKind::Note {
            self.areas.insert(&field.id, area::Content::with_text(&typed));
        }
        self.typed.insert(&field.id, typed);
        self.judge(field);
    }

    fn judge(&mut self, field: &'static Field) {
        let typed = self.typed.get(field.id.as_str()).map_or("", String::as_str);
        let verdict = match check(field, typed, self.today) {
            Ok(checked) => Verdict { value: checked.value, findings: checked.findings, wrong: None },
            Err(problem) => {
                // The label stands beside the words already.
                let says = problem.to_string();
                let says = says.strip_prefix(&format!("{}：", field.label)).map_or(says.clone(), str::to_owned);
                Verdict { value: None, findings: Vec::new(), wrong: Some(says) }
            }
        };
        self.verdicts.insert(&field.id, verdict);
    }

    fn field(&self, id: &str) -> Option<&'static Field> {
        self.version.form.iter().find(|field| field.id == id)
    }

    /// Takes in what was done to a field.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Typed(id, typed) => {
                let Some(field) = self.field(id) else { return };
                self.brought.remove(id);
                self.typed.insert(&field.id, typed);
                self.judge(field);
            }
            Edit::Reveal(id) => {
                self.covered.remove(id);
            }
            Edit::Area(id, action) => {
                let Some(field) = self.field(id) else { return };
                let Some(content) = self.areas.get_mut(field.id.as_str()) else { return };
                let writes = action.is_edit();
                content.perform(action);
                if writes {
                    let typed = content.text().trim_end().to_owned();
                    self.brought.remove(id);
                    self.typed.insert(&field.id, typed);
                    self.judge(field);
                }
            }
        }
    }

    /// Brings stored values along into fields that are empty, or that hold what was brought before. Returns how many.
    pub fn bring(&mut self, values: &BTreeMap<String, String>) -> usize {
        let mut count = 0;
        for field in &self.version.form {
            let before = self.brought.contains(field.id.as_str());
            if !before && self.typed.get(field.id.as_str()).is_some_and(|typed| !typed.trim().is_empty()) {
                continue;
            }
            match values.get(&field.id) {
                Some(value) => {
                    self.covered.remove(field.id.as_str());
                    self.put(field, editable(field, value));
                    self.brought.insert(&field.id);
                    count += 1;
                }
                None if before => {
                    self.put(field, String::new());
                    self.brought.remove(field.id.as_str());
                }
                None => {}
            }
        }
        count
    }

    /// Puts a draft back.
    pub fn restore(&mut self, typed: &Typed) {
        for field in &self.version.form {
            if let Some(text) = typed.get(&field.id) {
                self.put(field, text.clone());
            }
        }
    }

    /// Everything typed, to be kept as a draft.
    pub fn typed(&self) -> Typed {
        self.typed
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(id, text)| ((*id).to_owned(), text.clone()))
            .collect()
    }

    /// What somebody typed; what was brought along is not among it.
    pub fn touched(&self) -> Typed {
        let mut typed = self.typed();
        typed.retain(|id, _| !self.brought.contains(id.as_str()));
        typed
    }

    /// Labels of the fields in which a person's number was brought along, and so stands in full.
    pub fn brought_private(&self) -> Vec<&'static str> {
        let sealed = |field: &Field| self.typed.get(field.id.as_str()).is_some_and(|typed| seal::is_sealed(typed));
        let private = |field: &&Field| matches!(field.kind, FieldKind::Phone | FieldKind::ResidentId) && !sealed(field);
        let brought = self.version.form.iter().filter(|field| self.brought.contains(field.id.as_str()));
        brought.filter(private).map(|field| field.label.as_str()).collect()
    }

    /// How many fields hold what was brought along.
    pub fn brought(&self) -> usize {
        self.brought.len()
    }

    /// Whether somebody typed something.
    pub fn is_touched(&self) -> bool {
        !self.touched().is_empty()
    }

    /// The values, ready to be stored; wrong ones are left out.
    pub fn values(&self) -> Values {
        self.verdicts
            .iter()
            .filter(|(_, verdict)| verdict.wrong.is_none())
            .map(|(id, verdict)| ((*id).to_owned(), verdict.value.clone()))
            .collect()
    }

    /// Fields whose value differs from what is stored, wrong ones among them.
    pub fn changed(&self, stored: impl Fn(&str) -> Option<String>) -> Vec<&'static str> {
        self.verdicts
            .iter()
            .filter(|(id, verdict)| verdict.wrong.is_some() || verdict.value != stored(id).filter(|v| !v.is_empty()))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The first field that cannot stay as it is: its label, and why.
    pub fn wrong(&self) -> Option<(&'static Field, &str)> {
        self.version.form.iter().find_map(|field| {
            let verdict = self.verdicts.get(field.id.as_str())?;
            Some((field, verdict.wrong.as_deref()?))
        })
    }

    /// What must be confirmed with a reason, of the fields named.
    pub fn doubts(&self, among: impl Fn(&str) -> bool) -> Vec<Doubt> {
        let mut all = Vec::new();
        for field in self.version.form.iter().filter(|field| among(&field.id)) {
            let Some(verdict) = self.verdicts.get(field.id.as_str()) else { continue };
            all.extend(verdict.findings.iter().filter(|finding| needs_reason(finding)).map(|finding| Doubt {
                field: field.id.clone(),
                label: field.label.clone(),
                says: finding.says.clone(),
            }));
        }
        all
    }

    /// Labels of required fields that are empty.
    pub fn missing(&self) -> Vec<&'static str> {
        let version: &'static Version = self.version;
        crate::domain::filing::form::missing(&version.form, |id| {
            self.typed.get(id).is_some_and(|typed| !typed.trim().is_empty())
        })
    }

    /// Where the caret goes: the first required field that is empty, else the first that is, else the first of all.
    pub fn first(&self) -> Option<&'static str> {
        let empty = |field: &&'static Field| self.typed.get(field.id.as_str()).is_none_or(|text| text.is_empty());
        let fields = &self.version.form;
        let next = fields.iter().filter(|f| f.required).find(empty).or_else(|| fields.iter().find(empty));
        next.or_else(|| fields.iter().find(is_typed)).map(|field| field.id.as_str())
    }

    /// Where the caret goes once a choice is made: the next field that is empty, else the next one to type into, where Enter
    /// saves.
    pub fn after_choice(&self, edit: &Edit) -> Option<&'static str> {
        let Edit::Typed(id, _) = edit else { return None };
        let fields = &self.version.form;
        let at = fields.iter().position(|field| field.id == *id)?;
        if !matches!(fields[at].kind, FieldKind::Choice(_)) {
            return None;
        }
        let rest = &fields[at + 1..];
        let empty = |field: &&'static Field| self.typed.get(field.id.as_str()).is_none_or(|text| text.is_empty());
        rest.iter()
            .filter(|field| field.required)
            .find(empty)
            .or_else(|| rest.iter().find(is_typed))
            .map(|field| field.id.as_str())
    }

    fn says(&self, field: &Field) -> Says {
        let Some(verdict) = self.verdicts.get(field.id.as_str()) else { return Says::Nothing };
        if let Some(wrong) = &verdict.wrong {
            return Says::Error(wrong.clone());
        }
        match verdict.findings.iter().max_by_key(|finding| finding.severity) {
            Some(finding) if needs_reason(finding) => Says::Warning(finding.says.clone()),
            Some(finding) => Says::Hint(finding.says.clone()),
            None => Says::Nothing,
        }
    }
}

/// Whether a field is typed into, so that Enter there saves; a choice opens its list.
fn is_typed(field: &&'static Field) -> bool {
    !matches!(field.kind, FieldKind::Choice(_) | FieldKind::Note)
}

/// The warnings as they are stored once a reason is given.
pub fn confirmed(doubts: &[Doubt], reason: &str) -> Vec<Confirmed> {
    let reason = reason.trim();
    doubts
        .iter()
        .map(|doubt| Confirmed { field: doubt.field.clone(), says: doubt.says.clone(), reason: reason.to_owned() })
        .collect()
}
