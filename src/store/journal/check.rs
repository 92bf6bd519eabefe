//! Proof that the journal is whole: every hash, every chain, every parent; each fault is named.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::thread::{self, ScopedJoinHandle};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::verify;
use crate::domain::event::{Event, Hash, PackageTaken};
use crate::domain::id::DeviceId;
use crate::domain::{Kind, Problem, Result};

/// Hears how many events were verified, and may stop it.
pub type Watch<'w> = dyn FnMut(u64) -> ControlFlow<()> + 'w;

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Fault {
    /// SQLite itself finds the file inconsistent.
    Database { says: String },
    /// An event's content does not give its hash.
    Altered { device: String, seq: u64, kind: String, record: String, day: String },
    /// A device's chain skips from one number to a later one.
    Gap { device: String, after: u64, next: u64 },
    /// Pages are damaged: what stands between two events of a device cannot be read.
    Unread { device: String, after: u64, next: Option<u64> },
    /// A device's chain ends before what the tables, or its own entry, know of it.
    CutShort { device: String, last: u64, known: u64 },
    /// A device's chain does not follow its own predecessor.
    Broken { device: String, seq: u64 },
    /// Two events claim the same place: a cloned PC. Both are kept.
    Fork { device: String, seq: u64 },
    /// An event rests on one that is not here.
    Orphan { device: String, seq: u64 },
    /// An event that waits for others cannot be read, or is not the one it is kept as.
    Waiting { hash: String },
    /// A source file kept beside the database is not what it was.
    File { name: String },
    /// A file handed in with a filing is not what it was.
    Material { name: String, filing: String },
    /// A file whose content was lawfully erased still lies on this machine.
    NotErased { name: String },
    /// A derived table differs from what the journal gives.
    Table { name: String, rows: u64 },
    /// A derived table, an index or a trigger is gone, or is another than this program makes.
    Missing { what: String },
}

impl Fault {
    /// One sentence for people.
    pub fn says(&self) -> String {
        match self {
            Self::Database { says } => format!("数据库文件内部不一致：{says}"),
            Self::Altered { device, seq, kind, record, day } => {
                format!("{day} 的第 {seq} 条记录（{kind}，档案 {record}，机器 {device}）内容与指纹不符，被改动或损坏。")
            }
            Self::Gap { device, after, next } => format!("机器 {device} 的记录在第 {after} 条之后缺到第 {next} 条。"),
            Self::Unread { device, after, next: Some(next) } => {
                format!("机器 {device} 的记录在第 {after} 条之后有一段读不出来，到第 {next} 条又读得出。")
            }
            Self::Unread { device, after, next: None } => {
                format!("机器 {device} 的记录在第 {after} 条之后读不出来。")
            }
            Self::CutShort { device, last: 0, .. } => format!("机器 {device} 的记录一条都不在了，只剩下它的编号。"),
            Self::CutShort { device, last, known } => {
                format!("机器 {device} 的记录只到第 {last} 条，各表却记着它到过第 {known} 条：末尾的记录不见了。")
            }
            Self::Broken { device, seq } => format!("机器 {device} 的第 {seq} 条记录接不上前一条。"),
            Self::Fork { device, seq } => format!("机器 {device} 的第 {seq} 条有两份，可能是克隆的电脑，两份都保留。"),
            Self::Orphan { device, seq } => format!("机器 {device} 的第 {seq} 条记录依据的前一条不在这里。"),
            Self::Waiting { hash } => format!("等待前序的一条记录（{hash}）内容与指纹不符，被改动或损坏。"),
            Self::File { name } => format!("来源文件“{name}”的存件丢失或被改动，相关记录还在，只是原件打不开。"),
            Self::Material { name, filing } => {
                format!("申报 {filing} 的材料“{name}”的存件丢失或被改动，记录还在，只是文件打不开。")
            }
            Self::NotErased { name } => {
                format!("“{name}”已依法清除，文件却还在这台电脑上；请关闭打开它的程序，重新打开科报再核验。")
            }
            Self::Table { name, rows } => format!("表 {name} 有 {rows} 行与流水不符，可以从流水重建。"),
            Self::Missing { what } => format!("数据库里的{what}不在了，或不是本程序的样子，可以随各表一起重建。"),
        }
    }

    /// Whether the journal itself is hurt; a table can be made again.
    pub fn is_serious(&self) -> bool {
        !matches!(
            self,
            Self::Table { .. }
                | Self::Missing { .. }
                | Self::Fork { .. }
                | Self::File { .. }
                | Self::Material { .. }
                | Self::NotErased { .. }
        )
    }

    /// Whether making the tables again from the journal mends it.
    pub fn is_rebuilt(&self) -> bool {
        matches!(self, Self::Table { .. } | Self::Missing { .. })
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    pub events: u64,
    pub devices: u64,
    pub waiting: u64,
    /// Gaps in chains of which packages brought only a part: nothing is wrong with them.
    pub partial: u64,
    /// Kept files whose content was lawfully erased: they are not missing.
    pub erased_files: u64,
    pub faults: Vec<Fault>,
}

impl Report {
    /// Whether the tables may be made again from this journal. Where it is hurt they may hold the only trace of what is gone.
    ///
    /// # Errors
    /// Damaged, in one sentence.
    pub fn permits_rebuild(&self) -> Result<()> {
        match self.faults.iter().filter(|fault| fault.is_serious()).count() {
            0 => Ok(()),
            n => Err(Problem::damaged(format!("流水有 {n} 处损坏或缺失，没有重建各表：重建会丢掉各表里仅存的痕迹。"))
                .next("请不要删除任何文件；先复制整个数据文件夹，再从备份恢复。")),
        }
    }

    /// Keeps what could be verified, or the fault why it could not; only what is no damage to the file ends a check.
    pub(in crate::store) fn tell<T: Default>(&mut self, found: Result<T>) -> Result<T> {
        found.or_else(|problem| match problem.kind {
            Kind::Damaged | Kind::Bug => {
                let fault = Fault::Database { says: problem.detail.unwrap_or(problem.says) };
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
                Ok(T::default())
            }
            _ => Err(problem),
        })
    }
}

/// Verifies SQLite's own structures and every event. Reads only.
pub fn check(connection: &Connection) -> Result<Report> {
    check_watched(connection, &mut |_| ControlFlow::Continue(()))
}

/// The same, telling how many events were verified and stopping when nobody wants the rest.
///
/// # Errors
/// [`crate::domain::Kind::Cancelled`] when it was stopped.
pub fn check_watched(connection: &Connection, watch: &mut Watch<'_>) -> Result<Report> {
    let mut report = Report::default();
    // The file's structures on a second connection beside the events: each takes about as long.
    let beside = connection.path().filter(|path| !path.is_empty()).and_then(|path| {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, flags).ok()
    });
    let structure = thread::scope(|scope| {
        let beside = beside
            .map(|second| scope.spawn(move || Ok::<_, Problem>((verify_structure(&second)?, verify::index(&second)?))));
        let wanted = verify::events(connection, &known_ends(connection), &mut report, watch)?;
        let (mut structure, index) = match beside.map(ScopedJoinHandle::join) {
            Some(Ok(Ok((structure, index)))) => (structure, index),
            // No second connection, or it ended early: here, then.
            _ => (report.tell(verify_structure(connection))?, None),
        };
        // The other connection may have seen a later commit; only what differs here does differ.
        if let Some(wanted) = wanted
            && index != Some(wanted)
            && report.tell(verify::index(connection))?.is_some_and(|index| index != wanted)
        {
            structure.push(Fault::Database { says: "索引 event_record 与流水不符".to_owned() });
        }
        Ok::<_, Problem>(structure)
    })?;
    report.faults.splice(0..0, structure);
    let waiting = verify_waiting(connection);
    let waiting = report.tell(waiting)?;
    report.faults.extend(waiting);
    let aside = set_partial_aside(connection, &mut report);
    report.tell(aside)?;
    let count = |sql| Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs());
    report.devices = report.tell(count("SELECT count(*) FROM device"))?;
    report.waiting = report.tell(count("SELECT count(*) FROM waiting"))?;
    Ok(report)
}

/// How far the tables know each device's chain to have come. They are made from events, so a chain that ends earlier was cut;
/// tables that cannot be read know nothing.
fn known_ends(connection: &Connection) -> HashMap<DeviceId, u64> {
    let mut known = HashMap::new();
    for sql in [
        "SELECT device, max(last) + 1 FROM action GROUP BY device",
        "SELECT device, max(seq) FROM package_made GROUP BY device",
        "SELECT device, max(seq) FROM package_taken GROUP BY device",
    ] {
        let Ok(mut statement) = connection.prepare(sql) else { continue };
        let Ok(rows) = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))) else { continue };
        for (device, seq) in rows.flatten() {
            let end: &mut u64 = known.entry(device).or_default();
            *end = (*end).max(u64::try_from(seq).unwrap_or(0));
        }
    }
    known
}

/// Whether an error of SQLite means that the file is not as it was written.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure | ErrorCode::TooBig)
    )
}

/// What SQLite itself finds inconsistent: the pages of the whole file, and the indexes of every table but the events', which
/// are verified with them.
fn verify_structure(connection: &Connection) -> Result<Vec<Fault>> {
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'event'")?;
    let tables = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let checks = ["PRAGMA quick_check(20)".to_owned()]
        .into_iter()
        .chain(tables.iter().map(|table| format!("PRAGMA integrity_check(\"{}\")", table.replace('"', "\"\""))));
    let mut faults: Vec<Fault> = Vec::new();
    let mut tell = |says: String| {
        let fault = Fault::Database { says };
        if fault != (Fault::Database { says: "ok".to_owned() }) && !faults.contains(&fault) {
            faults.push(fault);
        }
    };
    for sql in checks {
        let mut lines = || -> rusqlite::Result<()> {
            let mut statement = connection.prepare(&sql)?;
            for line in statement.query_map([], |row| row.get::<_, String>(0))? {
                tell(line?);
            }
            Ok(())
        };
        match lines() {
            Err(error) if is_damage(&error) => tell(error.to_string()),
            other => other?,
        }
    }
    Ok(faults)
}

/// A package made for a purpose carries a part of its sender's chain, and says so: what lies between is no damage. This machine's
/// own chain has no such excuse.
fn set_partial_aside(connection: &Connection, report: &mut Report) -> Result<()> {
    if !report.faults.iter().any(|fault| matches!(fault, Fault::Gap { .. })) {
        return Ok(());
    }
    let own: Option<DeviceId> = connection.query_row("SELECT device FROM machine", [], |row| row.get(0)).optional()?;
    let mut partial: BTreeSet<String> = BTreeSet::new();
    // The last one taken in here told how every chain stood; a restored copy has none of its own yet and believes all.
    let mut statement = connection.prepare(
        "SELECT fact FROM package_taken WHERE device = ?1 AND seq = (SELECT max(seq) FROM package_taken WHERE device = ?1)
         OR NOT EXISTS (SELECT 1 FROM package_taken WHERE device = ?1)",
    )?;
    let mut rows = statement.query([own])?;
    while let Some(row) = rows.next()? {
        if let Ok(taken) = serde_json::from_str::<PackageTaken>(&row.get::<_, String>(0)?) {
            partial.extend(taken.parts.iter().filter(|device| own != Some(**device)).map(ToString::to_string));
        }
    }
    let before = report.faults.len();
    report.faults.retain(|fault| !matches!(fault, Fault::Gap { device, .. } if partial.contains(device)));
    report.partial = (before - report.faults.len()) as u64;
    Ok(())
}

/// What waits for its parents is part of the journal too: losing it in silence would lose what somebody decided elsewhere.
fn verify_waiting(connection: &Connection) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut statement = connection.prepare("SELECT hash, event FROM waiting")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let hash: Hash = row.get(0).unwrap_or_default();
        let read = Event::from_wire(row.get_ref(1)?.as_blob().unwrap_or_default());
        if read.is_none_or(|entry| entry.hash != hash) {
            faults.push(Fault::Waiting { hash: hash.short() });
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::firm::key;
    use crate::store::testing::{OFFICER, Office};
    use rusqlite::types::Value;

    fn enter(office: &Office, name: &str) {
        let values = [(key::NAME.to_owned(), Some(name.to_owned()))].into();
        office.db.act(OFFICER, "新增", move |act| act.create_firm(values, Vec::new(), None)).wait().unwrap();
    }

    /// Every value of every event with each of its bits turned, one at a time. Bits of the file itself are turned where the
    /// whole office is checked.
    #[test]
    fn a_flipped_bit_anywhere_in_an_event_is_found_and_named() {
        let office = Office::new(1);
        enter(&office, "青澜甲厂");
        enter(&office, "青澜乙厂");
        let connection = Connection::open(office.folder.0.join(crate::store::DATABASE_FILE)).unwrap();
        connection.execute_batch("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted;").unwrap();
        let columns: Vec<String> = connection
            .prepare("SELECT name FROM pragma_table_info('event')")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut turned = 0;
        for seq in 1..=4_i64 {
            for column in &columns {
                let value: Value = connection
                    .query_row(&format!("SELECT {column} FROM event WHERE seq = ?"), [seq], |row| row.get(0))
                    .unwrap();
                for bit in 0..bits(&value) {
                    let other = flip(&value, bit);
                    connection.execute_batch("SAVEPOINT flip").unwrap();
                    let set = format!("UPDATE event SET {column} = ? WHERE seq = ?");
                    // What SQLite itself refuses (a second event at one place) cannot be read back.
                    if connection.execute(&set, rusqlite::params![other, seq]).is_ok() {
                        turned += 1;
                        let faults = super::check(&connection).unwrap().faults;
                        assert!(
                            faults.iter().any(|fault| names(fault, seq.unsigned_abs())),
                            "bit {bit} of {column} of event {seq}: {faults:?}"
                        );
                    }
                    connection.execute_batch("ROLLBACK TO flip; RELEASE flip").unwrap();
                }
            }
        }
        assert!(turned > 4000, "only {turned} bits were turned");
        assert_eq!(super::check(&connection).unwrap().faults, [], "each was turned back");
    }

    /// Whether a fault says of an event that it is altered, or of its place that it does not stand there.
    fn names(fault: &Fault, event: u64) -> bool {
        match fault {
            Fault::Altered { seq, .. } | Fault::Broken { seq, .. } | Fault::Fork { seq, .. } => *seq == event,
            Fault::Gap { after, next, .. } => (after + 1..*next).contains(&event),
            Fault::CutShort { last, .. } => *last < event,
            _ => false,
        }
    }

    #[test]
    fn an_event_missing_from_the_index_is_found() {
        let office = Office::new(1);
        enter(&office, "青澜甲厂");
        let path = office.folder.0.join(crate::store::DATABASE_FILE);
        // An index made over some of the events, then said to be over all of them.
        let sql = "DROP INDEX event_record; CREATE INDEX event_record ON event (record) WHERE seq <> 1;
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE INDEX event_record ON event (record)' WHERE name = 'event_record';";
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let report = super::check(&Connection::open(&path).unwrap()).unwrap();
        let fault = Fault::Database { says: "索引 event_record 与流水不符".to_owned() };
        assert!(report.faults.contains(&fault), "{:?}", report.faults);
    }

    fn bits(value: &Value) -> usize {
        match value {
            Value::Null | Value::Real(_) => 0,
            Value::Integer(_) => 63,
            Value::Text(text) => text.len() * 8,
            Value::Blob(bytes) => bytes.len() * 8,
        }
    }

    fn flip(value: &Value, bit: usize) -> Value {
        let turn = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        };
        match value {
            Value::Integer(number) => Value::Integer(number ^ 1 << bit),
            Value::Text(text) => Value::Text(String::from_utf8_lossy(&turn(text.as_bytes())).into_owned()),
            Value::Blob(bytes) => Value::Blob(turn(bytes)),
            other => other.clone(),
        }
    }
}
