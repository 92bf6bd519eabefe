//! Between SQLite's words and ours: errors as sentences, ids and hashes as blobs, many rows with one statement.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Error, ErrorCode};

use crate::domain::event::Hash;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::{Kind, Problem, Result};

/// Says what went wrong in the database in words an officer can act on.
pub fn problem(error: Error) -> Problem {
    let code = error.sqlite_error_code();
    let problem = match code {
        Some(ErrorCode::DiskFull) => {
            Problem::io("磁盘已满，这一步没有保存，已有数据没有受影响。").next("请清理磁盘空间后重试。")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            Problem::io("数据文件夹不能写入，这一步没有保存。").next("请检查文件夹权限，或换一个位置启动。")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Problem::damaged("数据库文件有损坏，这一步没有做。")
                .next("请不要删除任何文件；用“数据”里的“核验”查看哪里损坏，或从备份恢复。")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Problem::new(Kind::Busy, "数据库正被另一个程序占用，这一步没有保存。").next("请关闭另一个程序后重试。")
        }
        Some(ErrorCode::SystemIoFailure) => Problem::io("读写磁盘失败，这一步没有保存，已有数据没有受影响。")
            .next("可能是磁盘满、U 盘拔出或磁盘故障，请检查后重试。"),
        Some(ErrorCode::OperationInterrupted) => Problem::new(Kind::Cancelled, "已取消。"),
        Some(ErrorCode::OutOfMemory) => Problem::io("内存不足，这一步没有做。").next("请关闭其他程序后重试。"),
        _ => return Problem::bug(error),
    };
    problem.detail(error)
}

/// What SQLite errors become with `?` inside this floor.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        problem(error)
    }
}

macro_rules! blobs {
    ($($name:ty, $len:literal, $make:expr, $bytes:expr;)*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let bytes: fn(&$name) -> &[u8] = $bytes;
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(bytes(self))))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let bytes: [u8; $len] = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
                Ok($make(bytes))
            }
        }
    )*};
}

blobs! {
    RecordId, 16, RecordId::from_bytes, |id| id.bytes();
    DeviceId, 16, DeviceId::from_bytes, |id| id.bytes();
    Hash, 32, Hash, |hash| &hash.0;
}

/// Rows a statement of [`Rows`] writes: starting a statement costs as much as writing a short row.
const AT_ONCE: usize = 16;

/// Writes rows into one table, [`AT_ONCE`] with a statement where there are as many.
pub struct Rows<'c> {
    many: CachedStatement<'c>,
    one: CachedStatement<'c>,
    /// Where the first row's own values stand among the parameters, less one.
    shared: usize,
    own: usize,
}

/// The place of one row in a statement.
pub struct Slot<'s, 'c> {
    statement: &'s mut CachedStatement<'c>,
    next: usize,
}

impl Slot<'_, '_> {
    /// The row's next own value.
    pub fn put(&mut self, value: impl ToSql) -> Result<()> {
        self.next += 1;
        self.statement.raw_bind_parameter(self.next, value)?;
        Ok(())
    }
}

impl<'c> Rows<'c> {
    /// `insert` names table and columns: first those with the same value in every row, spelled in `shared` (`?1` … `?n` for
    /// what [`Rows::share`] gives), then `own` ones.
    pub fn new(connection: &'c Connection, insert: &str, shared: &[&str], own: usize) -> Result<Self> {
        let first = shared.iter().filter(|value| value.starts_with('?')).count();
        let sql = |rows: usize| {
            let row = |row: usize| {
                let numbers = (0..own).map(|n| format!("?{}", first + row * own + n + 1));
                let values: Vec<String> = shared.iter().map(|value| (*value).to_owned()).chain(numbers).collect();
                format!("({})", values.join(", "))
            };
            format!("{insert} VALUES {}", (0..rows).map(row).collect::<Vec<_>>().join(", "))
        };
        Ok(Self {
            many: connection.prepare_cached(&sql(AT_ONCE))?,
            one: connection.prepare_cached(&sql(1))?,
            shared: first,
            own,
        })
    }

    /// The value of a shared parameter, for all rows to come.
    pub fn share(&mut self, parameter: usize, value: impl ToSql + Copy) -> Result<()> {
        self.many.raw_bind_parameter(parameter, value)?;
        self.one.raw_bind_parameter(parameter, value)?;
        Ok(())
    }

    /// Writes rows; `put` puts a row's own values in their order.
    pub fn write<T>(
        &mut self,
        mut rows: impl ExactSizeIterator<Item = T>,
        put: impl Fn(&mut Slot<'_, 'c>, T) -> Result<()>,
    ) -> Result<()> {
        while rows.len() > 0 {
            let (statement, count) = if rows.len() >= AT_ONCE { (&mut self.many, AT_ONCE) } else { (&mut self.one, 1) };
            for (n, row) in rows.by_ref().take(count).enumerate() {
                put(&mut Slot { statement: &mut *statement, next: self.shared + n * self.own }, row)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}
