//! Fills a program's shortlist columns for filings in their order.

use chrono::NaiveDate;

use crate::domain::event::ShortlistRow;
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::money::{Money, Ratio};
use crate::domain::program::{ColumnSource, FieldKind, Program, ShortlistColumn, Version};
use crate::domain::{Problem, Result, filing, firm};
use crate::store::Db;
use crate::store::ledger::Ledger;

/// A shortlist's heads and rows as they would go out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    pub title: String,
    pub heads: Vec<String>,
    pub rows: Vec<ShortlistRow>,
}

/// Gathers the rows of filings, all of one edition, in this order; 序号 counts after ordering.
///
/// # Errors
/// Not found where a filing or its program is not here (any more).
pub fn gather(db: &Db, edition: RecordId, items: &[RecordId]) -> Result<Gathered> {
    lay_out(&db.ledger(), edition, items, &db.filings_with_firms(items.to_vec()).wait()?)
}

/// The same for whoever must not be kept waiting, such as a window.
///
/// # Errors
/// As [`gather`].
pub async fn gathering(db: Db, edition: RecordId, items: Vec<RecordId>) -> Result<Gathered> {
    let pairs = db.filings_with_firms(items.clone()).await?;
    lay_out(&db.ledger(), edition, &items, &pairs)
}

fn lay_out(
    ledger: &Ledger,
    edition: RecordId,
    items: &[RecordId],
    pairs: &[Option<(Registers, Registers)>],
) -> Result<Gathered> {
    let missing = || Problem::not_found("批次或事项不在本机。").next("请刷新后再试。");
    let edition = ledger.edition(edition).ok_or_else(missing)?;
    let (program, version) = edition.known.ok_or_else(missing)?;
    let title = title(program, edition.year, &ledger.office.name);
    let mut rows = Vec::with_capacity(items.len());
    for (n, id) in items.iter().enumerate() {
        let Some((form, firm)) = pairs.get(n).and_then(Option::as_ref) else {
            return Err(
                Problem::not_found(format!("名单第 {} 行的申报已不存在。", n + 1)).next("请从名单里去掉它再定稿。")
            );
        };
        let cells = program.shortlist.columns.iter().map(|column| cell(column, n, form, firm, version)).collect();
        rows.push(ShortlistRow { filing: *id, cells });
    }
    let heads = program.shortlist.columns.iter().map(|column| column.title.clone()).collect();
    Ok(Gathered { title, heads, rows })
}

fn title(program: &Program, year: i32, office: &str) -> String {
    // The title names the district, not the bureau: 2026年度青澜区高新技术企业认定推荐汇总表.
    let district = office.trim_end_matches("（示例）").trim_end_matches("科学技术局").trim_end_matches("科技局");
    let pattern = if program.shortlist.title.is_empty() {
        "{year}年度{office}{program}推荐汇总表"
    } else {
        &program.shortlist.title
    };
    pattern.replace("{year}", &year.to_string()).replace("{office}", district).replace("{program}", &program.name)
}

fn cell(column: &ShortlistColumn, n: usize, filing: &Registers, firm: &Registers, version: &Version) -> String {
    let form = |id: &str| filing.get(&format!("{}{id}", filing::key::FORM));
    match &column.source {
        ColumnSource::Serial => (n + 1).to_string(),
        ColumnSource::Firm(key) => firm.get(key).map(|value| firm_text(key, value)).unwrap_or_default(),
        ColumnSource::Form(id) => {
            let kind = version.form.iter().find(|field| field.id == *id).map(|field| &field.kind);
            form(id).map(|value| form_text(kind, value)).unwrap_or_default()
        }
        ColumnSource::Number => filing.text(filing::key::NUMBER),
        ColumnSource::Share { part, whole } => {
            let sum = |ids: &[String]| ids.iter().map(|id| form(id)?.parse::<i64>().ok()).sum::<Option<i64>>();
            // A share with a part missing is not known; it is never guessed from the rest.
            Ratio::of(sum(part).map(Money::from_fen), sum(whole).map(Money::from_fen))
                .map(|r| r.as_percent(2))
                .unwrap_or_default()
        }
        ColumnSource::Blank => String::new(),
    }
}

/// Unmasked: this is what the superior needs to reach people.
fn firm_text(key: &str, value: &str) -> String {
    match firm::fields::find(key).map(|field| field.shape) {
        Some(firm::Shape::Money) => money_text(value),
        Some(firm::Shape::Date) => document_day(value),
        _ => value.to_owned(),
    }
}

fn form_text(kind: Option<&FieldKind>, value: &str) -> String {
    match kind {
        Some(FieldKind::Money) => money_text(value),
        Some(FieldKind::Date) => document_day(value),
        _ => value.to_owned(),
    }
}

/// 万元 with two places, no separators and a minus a spreadsheet reads as one.
fn money_text(value: &str) -> String {
    value
        .parse()
        .map_or_else(|_| value.to_owned(), |fen| Money::from_fen(fen).cell().replace(',', "").replace('−', "-"))
}

fn document_day(value: &str) -> String {
    value.parse::<NaiveDate>().map_or_else(|_| value.to_owned(), |day| day.to_string())
}
