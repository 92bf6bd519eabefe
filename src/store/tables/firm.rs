//! Rows of a firm: itself, the names it has borne, its figures per year.

use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::stamps;
use crate::domain::Result;
use crate::domain::firm::{FactUnit, Firm, YEAR_FACTS, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::text::{name_key, number_key};

pub(super) fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        for sql in [
            "DELETE FROM firm WHERE id = ?",
            "DELETE FROM firm_name WHERE firm = ?",
            "DELETE FROM firm_year WHERE firm = ?",
        ] {
            connection.prepare_cached(sql)?.execute([id])?;
        }
    }
    let Some(firm) = Firm::replay(id, history) else { return Ok(()) };
    let fields = &firm.fields;
    let scale = fields.get(key::SCALE).map(|word| word == "是");
    let (created, changed) = stamps(history);
    connection
        .prepare_cached(
            "INSERT INTO firm (id, name, code, township, park, industry, hi_field, scale, est_date, legal, contact, phone, short, tags,
                conflicts, frozen, created, changed, import, row)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            fields.conflicts().count() as i64,
            history.is_read_only(),
            created,
            changed,
            firm.source.map(|source| source.import),
            firm.source.map(|source| source.row),
        ])?;
    let mut name = connection
        .prepare_cached("INSERT INTO firm_name (key, firm, name, former) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?;
    name.execute(params![name_key(firm.name()), id, firm.name(), false])?;
    for former in &firm.former_names {
        name.execute(params![name_key(former), id, former, true])?;
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
