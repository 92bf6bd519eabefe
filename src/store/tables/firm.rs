//! Rows of a firm: itself, its certificates, its figures per year.

use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::stamps;
use crate::domain::Result;
use crate::domain::certificate::attr;
use crate::domain::firm::{FactUnit, Firm, YEAR_FACTS, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;

pub(super) fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        for sql in [
            "DELETE FROM firm WHERE id = ?",
            "DELETE FROM certificate WHERE firm = ?",
            "DELETE FROM firm_year WHERE firm = ?",
        ] {
            connection.prepare_cached(sql)?.execute([id])?;
        }
    }
    match Firm::replay(id, history) {
        None => Ok(()),
        Some(firm) => write(connection, &firm, stamps(history), history.is_read_only()),
    }
}

/// Writes the rows of a firm the tables hold nothing of. `frozen`: it holds events this version cannot read.
pub(in crate::store) fn write(
    connection: &Connection,
    firm: &Firm,
    (created, changed): (i64, i64),
    frozen: bool,
) -> Result<()> {
    let id = firm.id;
    let fields = &firm.fields;
    let scale = fields.get(key::SCALE).map(|word| word == "是");
    connection
        .prepare_cached(
            "INSERT INTO firm (id, name, code, township, park, industry, hi_field, scale, est_date, legal, contact, phone, short, tags, former,
                conflicts, frozen, created, changed, import, row)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            firm.name(),
            fields.get(key::CODE).map(number_key),
            fields.get(key::TOWNSHIP),
            fields.get(key::PARK),
            fields.get(key::INDUSTRY),
            fields.get(key::HI_FIELD),
            scale,
            fields.get(key::EST_DATE),
            fields.get(key::LEGAL),
            fields.get(key::CONTACT),
            fields.get(key::PHONE),
            fields.get(key::SHORT),
            fields.get(key::TAGS),
            (!firm.former_names.is_empty()).then(|| firm.former_names.join("\n")),
            fields.conflicts().count() as i64,
            frozen,
            created,
            changed,
            firm.source.map(|source| source.import),
            firm.source.map(|source| source.row),
        ])?;
    for certificate in &firm.certificates {
        connection
            .prepare_cached(
                "INSERT INTO certificate (firm, kind, slug, number, name, level, issued, ends, batch, document, revoked, import, row)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                id,
                certificate.kind,
                certificate.slug,
                certificate.get(attr::NUMBER),
                certificate.get(attr::NAME),
                certificate.get(attr::LEVEL),
                certificate.get(attr::ISSUED),
                certificate.get(attr::ENDS),
                certificate.get(attr::BATCH),
                certificate.get(attr::DOCUMENT),
                certificate.get(attr::REVOKED),
                certificate.source.map(|source| source.import),
                certificate.source.map(|source| source.row),
            ])?;
    }
    let years = firm.years();
    if !years.is_empty() {
        let columns: Vec<&str> = YEAR_FACTS.iter().map(|fact| fact.key).collect();
        let sql = format!(
            "INSERT INTO firm_year (year, firm, {}) VALUES (?, ?{})",
            columns.join(", "),
            ", ?".repeat(columns.len())
        );
        let mut insert = connection.prepare_cached(&sql)?;
        for (year, facts) in years {
            let mut row: Vec<Value> = vec![i64::from(year).into(), id.bytes().to_vec().into()];
            row.extend(YEAR_FACTS.iter().map(|fact| match (facts.get(fact.key), fact.unit) {
                (None, _) => Value::Null,
                (Some(text), FactUnit::Basis) => Value::Text((*text).to_owned()),
                (Some(text), _) => text.parse::<i64>().map_or(Value::Null, Value::Integer),
            }));
            insert.execute(params_from_iter(row))?;
        }
    }
    Ok(())
}
