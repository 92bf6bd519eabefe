//! 操作日志: everything that was done and everything the log says beside it, in one list, newest first, a page at a time.

use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::taken_back::undos_of;
use crate::domain::Result;
use crate::domain::event::{DeedKind, Stamp};
use crate::domain::id::{DeviceId, RecordId};
use crate::store::as_of::end_of;
use crate::store::{Answer, Clock, Db};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The action's own id, or that of what was noted.
    pub id: RecordId,
    pub kind: DeedKind,
    /// What was done: the action's name, or the detail of what was noted.
    pub words: String,
    /// Records it touched, or rows it was about. `None`: not counted.
    pub count: Option<i64>,
    /// The one record it was about, where it was noted of one.
    pub record: Option<RecordId>,
    pub device: DeviceId,
    pub actor: RecordId,
    pub at: Stamp,
    pub undoes: Option<RecordId>,
    /// Another action took it back, and that still holds.
    pub undone: bool,
    /// An action, which undo can take back; the rest is only noted.
    pub deed: bool,
}

/// Which lines are wanted. The default is all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    pub person: Option<RecordId>,
    pub kind: Option<DeedKind>,
    /// First and last day, both included, as this machine's clock has days.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Part of what was done.
    pub text: String,
}

/// Columns of both halves, in the order [`read`] expects. Whether what took an action back still holds is for [`settle`].
const DEEDS: &str = "SELECT id, sort, name, records, NULL, device, actor, at, undoes,
        EXISTS (SELECT 1 FROM action AS later WHERE later.undoes = action.id), 1
    FROM action";
const NOTES: &str = "SELECT id, sort, detail, count, record, device, actor, at, NULL, 0, 0 FROM log";

impl Db {
    /// The newest lines that pass a filter, at most `limit`; those before a line where one is given.
    ///
    /// Each half is walked down its index, so a page costs what it shows and not what there is.
    pub fn log(&self, filter: &LogFilter, before: Option<(Stamp, RecordId)>, limit: u32) -> Answer<Vec<LogRow>> {
        let wanted = Wanted::new(filter, before, self.clock());
        self.read(move |connection| page(connection, &wanted, limit))
    }

    /// How many lines pass a filter.
    pub fn log_count(&self, filter: &LogFilter) -> Answer<u64> {
        let wanted = Wanted::new(filter, None, self.clock());
        self.read(move |connection| {
            let mut all = 0;
            for (table, text) in wanted.halves() {
                let (condition, parameters) = wanted.condition(text);
                let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
                let n: i64 =
                    connection.prepare_cached(&sql)?.query_row(params_from_iter(parameters), |row| row.get(0))?;
                all += n.unsigned_abs();
            }
            Ok(all)
        })
    }

    /// Whether a refusal about a record that ends in these words was noted before.
    pub fn was_refused(&self, record: RecordId, end: &str) -> Answer<bool> {
        let end = end.to_owned();
        self.read(move |connection| {
            let sql = "SELECT 1 FROM log WHERE sort = ?1 AND record = ?2 AND substr(detail, -length(?3)) = ?3";
            Ok(connection.prepare_cached(sql)?.exists(params![DeedKind::Refused.word(), record, end])?)
        })
    }

    /// One line of the log.
    pub fn log_row(&self, id: RecordId) -> Answer<Option<LogRow>> {
        self.read(move |connection| row_of(connection, id))
    }
}

/// The line of an action or of what was noted.
pub(super) fn row_of(connection: &Connection, id: RecordId) -> Result<Option<LogRow>> {
    let mut statement = connection.prepare_cached(&format!("{DEEDS} WHERE id = ?1 UNION ALL {NOTES} WHERE id = ?1"))?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(|row| settle(connection, read(row)?)).transpose()
}

/// A line that somebody took back once, with whether that still holds.
fn settle(connection: &Connection, mut row: LogRow) -> Result<LogRow> {
    row.undone = row.undone && !undos_of(connection, row.id)?.is_empty();
    Ok(row)
}

/// A filter in the terms of the tables.
struct Wanted {
    person: Option<RecordId>,
    kind: Option<DeedKind>,
    from: i64,
    /// The newest moment that counts.
    until: i64,
    /// At exactly `until` only ids before this one.
    before: Option<RecordId>,
    text: String,
}

impl Wanted {
    fn new(filter: &LogFilter, before: Option<(Stamp, RecordId)>, clock: &Clock) -> Self {
        let end = filter.to.map_or(i64::MAX, |day| end_of(day, clock).0);
        let (until, before) = match before {
            Some((at, id)) if at.0 <= end => (at.0, Some(id)),
            _ => (end, None),
        };
        Self {
            person: filter.person,
            kind: filter.kind,
            from: filter.from.and_then(|day| day.pred_opt()).map_or(i64::MIN, |before| end_of(before, clock).0 + 1),
            until,
            before,
            text: filter.text.trim().to_owned(),
        }
    }

    /// The tables it can be found in, with the column that holds the words. A sort is either done or noted, never both.
    fn halves(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let noted = self.kind.map(DeedKind::is_noted);
        let deeds = (noted != Some(true)).then_some(("action", "name"));
        let notes = (noted != Some(false)).then_some(("log", "detail"));
        deeds.into_iter().chain(notes)
    }

    fn condition(&self, text: &str) -> (String, Vec<Value>) {
        let blob = |id: RecordId| Value::Blob(id.bytes().to_vec());
        let mut sql = "at >= ? AND at <= ?".to_owned();
        let mut parameters = vec![Value::Integer(self.from), Value::Integer(self.until)];
        if let Some(id) = self.before {
            sql += " AND (at < ? OR id < ?)";
            parameters.extend([Value::Integer(self.until), blob(id)]);
        }
        if let Some(person) = self.person {
            sql += " AND actor = ?";
            parameters.push(blob(person));
        }
        if let Some(kind) = self.kind {
            sql += " AND sort = ?";
            parameters.push(Value::Text(kind.word().to_owned()));
        }
        if !self.text.is_empty() {
            sql += &format!(" AND instr({text}, ?) > 0");
            parameters.push(Value::Text(self.text.clone()));
        }
        (sql, parameters)
    }
}

fn statement(wanted: &Wanted) -> (String, Vec<Value>) {
    let mut parameters = Vec::new();
    let halves: Vec<String> = wanted
        .halves()
        .map(|(table, text)| {
            let (condition, more) = wanted.condition(text);
            parameters.extend(more);
            format!("{} WHERE {condition}", if table == "action" { DEEDS } else { NOTES })
        })
        .collect();
    // By place: the two halves call their columns differently.
    (format!("{} ORDER BY 8 DESC, 1 DESC LIMIT ?", halves.join(" UNION ALL ")), parameters)
}

fn page(connection: &Connection, wanted: &Wanted, limit: u32) -> Result<Vec<LogRow>> {
    let (sql, mut parameters) = statement(wanted);
    parameters.push(Value::Integer(i64::from(limit)));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(parameters), read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(|row| settle(connection, row)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    let sort: String = row.get(1)?;
    Ok(LogRow {
        id: row.get(0)?,
        // The tables are made by this program, so it knows every word in them.
        kind: DeedKind::of(&sort).unwrap_or(DeedKind::Change),
        words: row.get(2)?,
        count: row.get(3)?,
        record: row.get(4)?,
        device: row.get(5)?,
        actor: row.get(6)?,
        at: Stamp(row.get(7)?),
        undoes: row.get(8)?,
        undone: row.get(9)?,
        deed: row.get(10)?,
    })
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
