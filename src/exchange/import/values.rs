//! What a row says, cell by cell, in the spellings the store keeps; and what cannot be used of it.

use chrono::{Datelike, NaiveDate};

use crate::domain::date;
use crate::domain::firm::{check, key};
use crate::domain::money::Unit;
use crate::domain::text::{name_key, tidy};
use crate::exchange::lists::{CellNote, FoundTable, ListRow, Meaning};
use crate::store::acts::Values;

/// One row, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowValues {
    /// The firm's name as the list writes it.
    pub name: String,
    /// The same as matching folds it.
    pub key: String,
    pub code: String,
    pub number: String,
    /// The carrier's, platform's or project's own name.
    pub item: String,
    /// City and county as groups and columns give them, outermost first, without repetition.
    pub area: Vec<String>,
    pub person: String,
    pub result: String,
    /// Day in the row itself, which beats the one asked for.
    pub date: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub batch: String,
    pub category: String,
    /// What it says of the firm, in the firm's own fields.
    pub firm: Values,
    /// What cannot be used, and why.
    pub damage: Vec<String>,
    /// Worth a look, but usable.
    pub remarks: Vec<String>,
}

/// Reads a row.
pub fn read(table: &FoundTable, row: &ListRow, today: NaiveDate) -> RowValues {
    let mut out = RowValues::default();
    let firm_column = table.firm_column();
    for group in row.groups.iter().filter_map(|n| table.groups.get(*n as usize)) {
        push_area(&mut out.area, &group.label);
    }
    for (n, column) in table.columns.iter().enumerate() {
        let cell = &row.cells[n];
        let text = tidy(&cell.text);
        if text.is_empty() {
            continue;
        }
        if firm_column == Some(n) {
            out.name = text.replace(' ', "");
            // Latin names keep their blanks: only Chinese ones are broken across cells.
            if out.name.is_ascii() {
                out.name = text;
            }
            out.key = name_key(&out.name);
            continue;
        }
        let Some(meaning) = column.meaning else { continue };
        if cell.note == Some(CellNote::LostDigits)
            && matches!(meaning, Meaning::Code | Meaning::CertificateNumber | Meaning::OrgCode | Meaning::Phone)
        {
            out.damage.push(format!("{}“{text}”的末几位在表格里已经丢失", meaning.label()));
            continue;
        }
        take(&mut out, meaning, &column.header, text, today);
    }
    out
}

fn push_area(areas: &mut Vec<String>, area: &str) {
    if !area.is_empty() && areas.last().is_none_or(|last| last != area) {
        areas.push(area.to_owned());
    }
}

fn take(out: &mut RowValues, meaning: Meaning, header: &str, text: String, today: NaiveDate) {
    match meaning {
        Meaning::Code => {
            let verdict = crate::domain::identity::uscc::check(&text);
            out.remarks.extend(verdict.findings.iter().filter(|f| check::needs_reason(f)).map(|f| f.says.clone()));
            out.code.clone_from(&verdict.value);
            out.firm.insert(key::CODE.into(), Some(verdict.value));
        }
        Meaning::CertificateNumber => out.number = text.replace(' ', ""),
        Meaning::ItemName | Meaning::Name | Meaning::Operator => {
            if out.item.is_empty() {
                out.item = text;
            }
        }
        Meaning::Area => push_area(&mut out.area, &text),
        Meaning::Person => out.person = text,
        Meaning::Result => out.result = text,
        Meaning::Batch => out.batch = text,
        Meaning::Category => out.category = text,
        Meaning::Date => out.date = day(&text, today),
        Meaning::ValidTo => out.valid_to = day(&text, today),
        _ => {
            if let Some(field) = firm_field(meaning) {
                // A header says 元 or 亿元 where it is not 万元.
                let typed = match (field, Unit::in_head(header)) {
                    ("reg_capital", Some(unit)) => match crate::domain::money::parse(&text, unit) {
                        Ok(Some(amount)) => amount.lossless(),
                        _ => text,
                    },
                    _ => text,
                };
                match check::check(field, &typed, today) {
                    Ok(checked) => {
                        out.remarks
                            .extend(checked.findings.iter().filter(|f| check::needs_reason(f)).map(|f| f.says.clone()));
                        out.firm.insert(field.into(), checked.value);
                    }
                    Err(problem) => out.damage.push(problem.says),
                }
            }
        }
    }
}

fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    date::parse_day(text, today.year()).ok()
}

/// The firm's field a column fills.
fn firm_field(meaning: Meaning) -> Option<&'static str> {
    Some(match meaning {
        Meaning::OrgCode => "org_code",
        Meaning::Township => key::TOWNSHIP,
        Meaning::Industry => key::INDUSTRY,
        Meaning::Field => key::HI_FIELD,
        Meaning::LegalRep => key::LEGAL,
        Meaning::Contact => key::CONTACT,
        Meaning::Phone => key::PHONE,
        Meaning::Address => "address_reg",
        Meaning::Established => key::EST_DATE,
        Meaning::RegisteredCapital => "reg_capital",
        Meaning::Department => "department",
        _ => return None,
    })
}
