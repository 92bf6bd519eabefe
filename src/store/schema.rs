//! The shape of the database and how an older one becomes it.

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::{Kind, Problem, Result};

/// Marks the file as ours in its header: "keba".
pub const APPLICATION_ID: i32 = 0x6b65_6261;

/// Schema of journal and local tables this program writes. Every one that was ever written stays as a step in [`STEPS`].
pub const VERSION: i32 = STEPS.len() as i32;

/// Shape and meaning of the derived tables. Raised whenever one of them, a line or a replay changes; a database of another
/// shape has them made anew from its journal.
pub const SHAPE: i64 = 9;

/// Step n turns a database of version n into version n + 1; the first makes an empty one.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];

const DERIVED: &str = include_str!("schema/derived.sql");

/// Tables that are not derived: the journal, and what belongs to this machine.
const KEPT: &[&str] = &[
    "device",
    "event",
    "waiting",
    "machine",
    "former_device",
    "credential",
    "account",
    "recovery",
    "seal_pair",
    "seal_key",
    "preference",
    "draft",
];

/// Brings journal and local tables to this program's schema, one transaction per step.
///
/// # Errors
/// [`Kind::TooNew`] when a newer program has written it, [`Kind::Foreign`] when it is somebody else's; nothing is changed.
pub fn migrate(connection: &mut Connection) -> Result<()> {
    let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    judge(application, version, tables == 0)?;
    for (n, step) in STEPS.iter().enumerate().skip(usize::try_from(version).unwrap_or(0)) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", n as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Drops the derived tables, whatever shape they have, and makes this program's, empty. Runs inside the caller's transaction.
pub fn remake_derived(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for table in tables {
        if !KEPT.contains(&table.as_str()) && !table.starts_with("sqlite_") {
            connection.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
        }
    }
    connection.execute_batch(DERIVED)?;
    Ok(())
}

/// A part of this program's schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    kind: String,
    pub name: String,
    sql: String,
}

impl Part {
    /// Whether making the derived tables again, and [`mend`], bring it back.
    pub fn is_remade(&self) -> bool {
        self.kind != "table" || !KEPT.contains(&self.name.as_str())
    }

    /// 表 firm, 索引 event_record.
    pub fn says(&self) -> String {
        let kind = match self.kind.as_str() {
            "table" => "表",
            "index" => "索引",
            _ => "触发器",
        };
        format!("{kind} {}", self.name)
    }
}

/// A database without a row, as this program makes one.
pub fn model() -> Result<Connection> {
    let mut model = Connection::open("")?;
    super::db::configure(&model)?;
    migrate(&mut model)?;
    remake_derived(&model)?;
    Ok(model)
}

/// What a database has not that a model has. A trigger guards by its words, so another one of its name is none.
pub fn lacking(connection: &Connection, model: &Connection) -> Result<Vec<Part>> {
    let parts = |connection: &Connection| -> Result<Vec<Part>> {
        let mut statement = connection.prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
        )?;
        let parts =
            statement.query_map([], |row| Ok(Part { kind: row.get(0)?, name: row.get(1)?, sql: row.get(2)? }))?;
        Ok(parts.collect::<rusqlite::Result<_>>()?)
    };
    let here = parts(connection)?;
    let is_here = |part: &Part| {
        let same = |other: &&Part| (&other.kind, &other.name) == (&part.kind, &part.name);
        here.iter().find(same).is_some_and(|other| part.kind != "trigger" || other.sql == part.sql)
    };
    Ok(parts(model)?.into_iter().filter(|part| !is_here(part)).collect())
}

/// Makes indexes and triggers again that are gone: nothing in them is data. Runs inside the caller's transaction.
pub fn mend(connection: &Connection) -> Result<()> {
    for part in lacking(connection, &model()?)? {
        if part.kind == "trigger" {
            connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {}", part.name))?;
        }
        if part.kind != "table" {
            connection.execute_batch(&part.sql)?;
        }
    }
    Ok(())
}

/// Whether a database with this header may be opened for writing.
pub fn judge(application: i32, version: i32, empty: bool) -> Result<()> {
    if application != APPLICATION_ID && !(empty && application == 0) {
        return Err(Problem::new(Kind::Foreign, "这个文件夹里的 kebao.db 是别的程序的数据库，没有打开，也没有改动。")
            .next("请换一个文件夹，或把那个文件移走。")
            .detail(format!("application_id {application:#x}")));
    }
    if version > VERSION {
        return Err(Problem::new(Kind::TooNew, "这份数据由更新版本的科报写成，这个版本打不开，数据没有改动。")
            .next("请安装新版科报后再打开。")
            .detail(format!("user_version {version}，本程序支持到 {VERSION}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables;

    #[test]
    fn every_table_is_either_kept_or_derived() {
        let mut connection = Connection::open_in_memory().expect("a database");
        migrate(&mut connection).expect("migrated");
        remake_derived(&connection).expect("made");
        let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("a query");
        let mut found: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").map(Result::unwrap).collect();
        let mut known: Vec<&str> = KEPT.iter().chain(tables::DERIVED).copied().collect();
        found.sort();
        known.sort();
        assert_eq!(found, known);
    }
}
