//! 导入为: what the rows of a list become, and how. What is typed stays as typed; [`Form::settings`] makes sense of it.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::catalog::Catalog;
use crate::domain::Result;
use crate::domain::date;
use crate::domain::id::RecordId;
use crate::domain::program::{Effect, Stage};
use crate::exchange::import::{Purpose, Settings, suggest};
use crate::exchange::lists::FoundTable;
use crate::store::ledger::{Edition, Ledger};

/// What rows can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum As {
    Firms,
    Certificates,
    Results,
    Filings,
}

impl As {
    /// All of them, in the order offered.
    pub const ALL: [Self; 4] = [Self::Certificates, Self::Firms, Self::Results, Self::Filings];

    /// In the select.
    pub fn label(self) -> &'static str {
        match self {
            Self::Firms => "企业",
            Self::Certificates => "证书",
            Self::Results => "申报结果",
            Self::Filings => "申报",
        }
    }
}

/// A change of the form.
#[derive(Debug, Clone)]
pub enum Change {
    As(As),
    Kind(String),
    Edition(RecordId),
    Stage(String),
    Passed(bool),
    /// This area is taken or not; the first `false` leaves all others taken.
    Area(String, bool),
    AllAreas,
    Date(String),
    Day(NaiveDate),
    Document(String),
    Batch(String),
    NewFirms(bool),
    ListWins(bool),
}

/// The form as filled in.
#[derive(Debug, Clone)]
pub struct Form {
    pub purpose: As,
    pub kind: String,
    pub edition: Option<RecordId>,
    pub stage: String,
    pub passed: bool,
    pub areas: Option<BTreeSet<String>>,
    pub date: String,
    pub document: String,
    pub batch: String,
    pub new_firms: bool,
    pub list_wins: bool,
}

impl Form {
    /// As a table suggests.
    pub fn suggested(table: &FoundTable, stem: &str, ledger: &Ledger) -> Self {
        let Settings { purpose, areas, create_firms, list_wins, date, document, batch } = suggest(table, stem, ledger);
        let title = if table.title.is_empty() { stem } else { &table.title };
        let edition = likely_edition(table, title, ledger);
        let stage = edition.and_then(|id| ledger.edition(id)).map(awarding_stage).unwrap_or_default();
        let (purpose, kind) = match purpose {
            Purpose::Certificates { kind } => (As::Certificates, kind),
            _ => (As::Firms, Catalog::builtin().certificates().first().map(|k| k.id.clone()).unwrap_or_default()),
        };
        Self {
            purpose,
            kind,
            edition,
            stage,
            passed: true,
            areas,
            date: date.map(date::iso).unwrap_or_default(),
            document,
            batch,
            new_firms: create_firms,
            list_wins,
        }
    }

    /// Takes a change in. `areas` are all of the list.
    pub fn change(&mut self, change: Change, areas: &[String], ledger: &Ledger) {
        match change {
            Change::As(purpose) => self.purpose = purpose,
            Change::Kind(kind) => self.kind = kind,
            Change::Edition(id) => {
                self.edition = Some(id);
                self.stage = ledger.edition(id).map(awarding_stage).unwrap_or_default();
            }
            Change::Stage(stage) => self.stage = stage,
            Change::Passed(passed) => self.passed = passed,
            Change::AllAreas => self.areas = None,
            Change::Area(area, on) => {
                let mut taken = self.areas.take().unwrap_or_else(|| areas.iter().cloned().collect());
                if on {
                    taken.insert(area);
                } else {
                    taken.remove(&area);
                }
                self.areas = (taken.len() < areas.len()).then_some(taken);
            }
            Change::Date(typed) => self.date = typed,
            Change::Day(day) => self.date = date::iso(day),
            Change::Document(text) => self.document = text,
            Change::Batch(text) => self.batch = text,
            Change::NewFirms(on) => self.new_firms = on,
            Change::ListWins(on) => self.list_wins = on,
        }
    }

    /// The day as typed: nothing, a day, or what is wrong with it.
    pub fn day(&self, today: NaiveDate) -> Result<Option<NaiveDate>> {
        let typed = self.date.trim();
        if typed.is_empty() { Ok(None) } else { date::parse_day(typed, today.year()).map(Some) }
    }

    /// What the plan is made with, or what is still missing.
    pub fn settings(&self, today: NaiveDate) -> Result<Settings, &'static str> {
        let edition = self.edition.ok_or("还没有选批次。请在“导入为”里选择这份名单属于哪个批次。");
        let purpose = match self.purpose {
            As::Firms => Purpose::Firms,
            As::Certificates => Purpose::Certificates { kind: self.kind.clone() },
            As::Filings => Purpose::Filings { edition: edition? },
            As::Results => Purpose::Results {
                edition: edition?,
                stage: self.stage.clone(),
                effect: if self.passed { Effect::Pass } else { Effect::Fail },
            },
        };
        let date = self.day(today).map_err(|_| "日期读不懂。请写成 2026-08-14 这样，或者留空。")?;
        Ok(Settings {
            purpose,
            areas: self.areas.clone(),
            create_firms: self.new_firms,
            list_wins: self.list_wins,
            date,
            document: self.document.trim().to_owned(),
            batch: self.batch.trim().to_owned(),
        })
    }
}

/// Editions a list may belong to, newest first.
pub fn editions(ledger: &Ledger) -> Vec<&Edition> {
    let mut all: Vec<&Edition> = ledger.editions.iter().filter(|edition| edition.known.is_some()).collect();
    all.sort_by(|a, b| (b.year, &a.program, b.batch).cmp(&(a.year, &b.program, a.batch)));
    all
}

/// Stages of an edition that end in a yes or a no.
pub fn stages(edition: &Edition) -> Vec<&'static Stage> {
    let all = edition.known.map(|(_, version)| version.stages.as_slice()).unwrap_or_default();
    all.iter().filter(|stage| stage.outcome(Effect::Pass).is_some()).collect()
}

fn awarding_stage(edition: &Edition) -> String {
    let all = stages(edition);
    all.iter().find(|stage| stage.awards).or(all.last()).map(|stage| stage.id.clone()).unwrap_or_default()
}

/// The edition a title speaks of: of the program whose certificate it names, of its year and batch where it says them.
fn likely_edition(table: &FoundTable, title: &str, ledger: &Ledger) -> Option<RecordId> {
    let catalog = Catalog::builtin();
    // Without a program there is nothing to go by.
    let program = catalog.certificates_in_title(title).into_iter().find_map(|kind| kind.program.clone())?;
    let fits =
        |edition: &&Edition| edition.program == program && table.hints.year.is_none_or(|year| edition.year == year);
    let mut likely: Vec<&Edition> = editions(ledger).into_iter().filter(fits).collect();
    likely.sort_by_key(|edition| table.hints.batch.is_none_or(|batch| u32::from(edition.batch) != batch));
    likely.first().map(|edition| edition.id)
}
