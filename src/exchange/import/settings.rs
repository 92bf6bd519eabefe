//! What a list is taken in as, and how.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::catalog::Catalog;
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::exchange::lists::{FoundTable, Hints, Meaning};
use crate::store::ledger::Ledger;

/// What a row of the list becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Firms and what the list says of them.
    Firms,
    /// A certificate of this kind for each firm.
    Certificates { kind: String },
    /// The result of each firm's filing in an edition: the outcome of a stage.
    Results { edition: RecordId, stage: String, effect: Effect },
    /// A filing of each firm in an edition.
    Filings { edition: RecordId },
}

impl Purpose {
    /// As the list of imports calls it.
    pub fn label(&self) -> String {
        match self {
            Self::Firms => "企业".to_owned(),
            Self::Certificates { kind } => {
                let name = Catalog::builtin().certificate(kind).map_or(kind.as_str(), |kind| kind.name.as_str());
                format!("证书：{name}")
            }
            Self::Results { .. } => "申报结果".to_owned(),
            Self::Filings { .. } => "申报".to_owned(),
        }
    }
}

/// How a list is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub purpose: Purpose,
    /// Only rows of these areas (a group or area text of the list); `None`: all.
    pub areas: Option<BTreeSet<String>>,
    /// A firm nobody here knows is entered; otherwise its row is left out.
    pub create_firms: bool,
    /// Where list and file differ, the list wins; otherwise only blanks are filled.
    pub list_wins: bool,
    /// 发证/公告/公布日期: usually in the covering letter, asked once per list.
    pub date: Option<NaiveDate>,
    /// 发文字号.
    pub document: String,
    pub batch: String,
}

/// The first guess at how to take a table in, from its title, its columns and what is open.
pub fn suggest(table: &FoundTable, file: &str, ledger: &Ledger) -> Settings {
    let Hints { date, document_number, .. } = &table.hints;
    let title = if table.title.is_empty() { file } else { &table.title };
    let kind = Catalog::builtin().certificates_in_title(title).first().map(|kind| kind.id.clone());
    let numbered = table.column(Meaning::CertificateNumber).is_some();
    let purpose = match kind {
        Some(kind) => Purpose::Certificates { kind },
        None if numbered => Purpose::Certificates { kind: OTHER_CERTIFICATE.to_owned() },
        None => Purpose::Firms,
    };
    let known_area = |area: &str| ledger.office.name.starts_with(area) && !area.is_empty();
    let areas: BTreeSet<String> = areas_of(table).into_iter().filter(|area| known_area(area)).collect();
    Settings {
        purpose,
        // A statewide list names many areas; ours is taken when it is among them.
        areas: if areas.is_empty() { None } else { Some(areas) },
        create_firms: true,
        list_wins: false,
        date: date.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d)),
        document: document_number.clone().unwrap_or_default(),
        batch: table.hints.batch.map(|n| n.to_string()).unwrap_or_default(),
    }
}

/// Kind of a list that numbers its firms but names no certificate we know.
pub const OTHER_CERTIFICATE: &str = "other";

/// All areas a table names, in the order met.
pub fn areas_of(table: &FoundTable) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let column = table.column(Meaning::Area);
    for group in &table.groups {
        if seen.insert(&group.label) {
            all.push(group.label.clone());
        }
    }
    if let Some(column) = column {
        for row in &table.rows {
            let text: &str = &row.cells[column].text;
            if !text.is_empty() && seen.insert(text) {
                all.push(text.to_owned());
            }
        }
    }
    all
}
