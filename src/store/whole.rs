//! The proof that an office is whole: its file, every event and chain, and tables that are what the journal gives.

use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;

use super::db::reader;
use super::journal::{self, Fault, Report};
use super::{DATABASE_FILE, file, schema, tables};
use crate::domain::Result;

/// Making the tables again takes about three times as long as the events.
const EVENTS: f32 = 0.25;

/// Verifies all of it and names each fault. Changes nothing.
pub(super) fn check(connection: &Connection) -> Result<Report> {
    check_watched(connection, &mut |_| ControlFlow::Continue(()))
}

/// The same, telling how far it is (0 to 1) and stopping when nobody wants the rest.
pub(super) fn check_watched(connection: &Connection, watch: &mut dyn FnMut(f32) -> ControlFlow<()>) -> Result<Report> {
    let all: i64 = connection.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap_or(0);
    // One transaction, so that journal and tables are of the same moment.
    connection.execute_batch("BEGIN")?;
    let mut events = |done: u64| watch(EVENTS * done as f32 / all.max(1) as f32);
    let report = journal::check_watched(connection, &mut events).and_then(|mut report| {
        let model = schema::model()?;
        let lacking = report.tell(schema::lacking(connection, &model))?;
        let unfound = lacking.iter().any(|part| part.name == journal::BY_RECORD);
        report.faults.extend(lacking.iter().map(|part| match part.is_remade() {
            true => Fault::Missing { what: part.says() },
            false => Fault::Database { says: format!("缺少{}", part.says()) },
        }));
        // Without its index every record would be looked for in the whole journal.
        if unfound {
            return Ok(report);
        }
        let mut records = |done: usize, all: usize| watch(EVENTS + (1.0 - EVENTS) * done as f32 / all.max(1) as f32);
        let different = tables::compare(connection, &model, &mut records);
        let different = report.tell(different)?;
        report.faults.extend(
            different
                .into_iter()
                .filter(|(name, _)| lacking.iter().all(|part| part.name != *name))
                .map(|(name, rows)| Fault::Table { name, rows }),
        );
        Ok(report)
    });
    connection.execute_batch("ROLLBACK")?;
    report
}

/// The same for a database that does not open for work: the journal and the tables, by reading alone.
///
/// # Errors
/// As [`Db::open`](super::Db::open) where the file is not one of ours, or somebody else has it.
pub fn check_unopened(folder: &Path) -> Result<Report> {
    let _lock = file::lock(folder)?;
    let path = folder.join(DATABASE_FILE);
    file::inspect(&path)?;
    check(&reader(&path)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::firm::key;
    use crate::store::Db;
    use crate::store::testing::{OFFICER, Office, TempFolder, options, spoil};

    fn office(firms: usize) -> Office {
        let office = Office::new(1);
        for n in 0..firms {
            let values = [(key::NAME.to_owned(), Some(format!("青澜{n}厂")))].into();
            office.db.act(OFFICER, "新增", move |act| act.create_firm(values, Vec::new(), None)).wait().unwrap();
        }
        office
    }

    /// Does something to the closed file of an office, then checks it.
    fn after(office: Office, sql: &str) -> (Office, Vec<Fault>) {
        let Office { db, folder } = office;
        drop(db);
        spoil(&folder.0, sql);
        let office = Office { db: Db::open(&folder.0, options(2)).unwrap(), folder };
        let faults = office.db.check().wait().unwrap().faults;
        (office, faults)
    }

    const UNGUARD: &str = "DROP TRIGGER event_is_never_deleted; DROP TRIGGER event_is_never_changed;";

    #[test]
    fn a_journal_whose_end_was_cut_off_is_said_to_be_and_its_tables_stay() {
        let (_, faults) = after(office(5), &format!("{UNGUARD} DELETE FROM event WHERE seq > 4"));
        assert!(faults.iter().any(|fault| matches!(fault, Fault::CutShort { last: 4, known: 10, .. })), "{faults:?}");
        let report = Report { faults, ..Report::default() };
        assert!(report.permits_rebuild().unwrap_err().says.contains("没有重建"));
    }

    #[test]
    fn a_computer_of_which_not_an_event_is_left_is_named() {
        let (office, faults) = after(office(2), &format!("{UNGUARD} DELETE FROM event"));
        assert!(faults.iter().any(|fault| matches!(fault, Fault::CutShort { last: 0, .. })), "{faults:?}");
        // Even when the tables were made again all the same.
        office.db.rebuild().wait().unwrap();
        let faults = office.db.check().wait().unwrap().faults;
        assert!(matches!(&faults[..], [Fault::CutShort { last: 0, known: 0, .. }]), "{faults:?}");
    }

    #[test]
    fn an_index_a_trigger_or_a_table_that_is_gone_is_named_and_made_again() {
        let gone = format!("{UNGUARD} DROP INDEX event_record; DROP TABLE firm");
        let (office, faults) = after(office(2), &gone);
        let missing: Vec<&str> = faults
            .iter()
            .map(|fault| match fault {
                Fault::Missing { what } => what.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        for what in ["触发器 event_is_never_deleted", "触发器 event_is_never_changed", "索引 event_record", "表 firm"]
        {
            assert!(missing.contains(&what), "{what}: {missing:?}");
        }
        office.db.rebuild().wait().unwrap();
        assert_eq!(office.db.check().wait().unwrap().faults, []);
    }

    #[test]
    fn one_row_too_few_is_one_row_that_differs() {
        let (_, faults) = after(office(6), "DELETE FROM firm WHERE id = (SELECT min(id) FROM firm)");
        assert_eq!(faults, [Fault::Table { name: "firm".to_owned(), rows: 1 }]);
    }

    #[test]
    fn what_no_program_wrote_into_an_event_is_a_fault_and_ends_no_check() {
        for set in [
            "kind = CAST(x'FF' AS TEXT)",
            "hash = x'00'",
            "salt = x'00'",
            "version = 99999999",
            "version = -1",
            "parents = x'0011'",
            "record = x'00'",
        ] {
            let (_, faults) = after(office(3), &format!("{UNGUARD} UPDATE event SET {set} WHERE seq = 3"));
            assert!(faults.iter().any(|fault| matches!(fault, Fault::Altered { seq: 3, .. })), "{set}: {faults:?}");
        }
    }

    /// Pages of the tree of events.
    fn pages(path: &Path, bytes: &[u8]) -> Vec<usize> {
        let connection = Connection::open(path).unwrap();
        let root: usize = connection
            .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'event'", [], |row| row.get::<_, i64>(0))
            .unwrap() as usize;
        let number = |at: usize, long: usize| {
            bytes[at..at + long].iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
        };
        let (mut open, mut all) = (vec![root], Vec::new());
        while let Some(page) = open.pop() {
            all.push(page);
            let start = (page - 1) * 4096;
            if bytes[start] == 2 {
                let cells = number(start + 3, 2);
                open.extend((0..cells).map(|n| number(start + number(start + 12 + 2 * n, 2), 4)));
                open.push(number(start + 8, 4));
            }
        }
        all
    }

    fn rows(path: &Path) -> Option<Vec<String>> {
        let connection = reader(path).ok()?;
        let mut statement = connection.prepare("SELECT * FROM event ORDER BY device, seq, twin").ok()?;
        let mut rows = statement.query([]).ok()?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().ok()? {
            let values: Vec<String> = (0..15).map(|n| format!("{:?}", row.get_ref(n))).collect();
            all.push(values.join(" "));
        }
        Some(all)
    }

    /// Single bits of the file itself, wherever the events lie in it: every one that changes what is read is named by the
    /// event it is in, or those beside it.
    #[test]
    fn a_bit_that_turned_on_the_disk_is_found_and_its_event_named() {
        let Office { db, folder } = office(80);
        drop(db);
        let path = folder.0.join(DATABASE_FILE);
        let bytes = std::fs::read(&path).unwrap();
        let before = rows(&path).unwrap();
        let pages = pages(&path, &bytes);
        assert!(pages.len() > 5, "{pages:?}");
        let mut chance = 0x2545_F491_4F6C_DD1D_u64;
        let mut next = || {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            chance as usize
        };
        let (mut changed, mut unreadable) = (0, 0);
        for n in 0..160 {
            // Every other one in the head of a page or among its first cells' places, where a bit does most.
            let within = if n % 2 == 0 { next() % 4096 } else { next() % 40 };
            let (at, bit) = ((pages[next() % pages.len()] - 1) * 4096 + within, next() % 8);
            let copy = TempFolder::new();
            let path = copy.0.join(DATABASE_FILE);
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            std::fs::write(&path, bytes).unwrap();
            let now = rows(&path);
            if now.as_ref() == Some(&before) {
                continue;
            }
            changed += 1;
            unreadable += u64::from(now.is_none());
            let report =
                check(&reader(&path).unwrap()).unwrap_or_else(|problem| panic!("byte {at} bit {bit}: {problem:?}"));
            // A row that was never written, read out of nothing, is no event that could be named.
            let lost = now.is_none_or(|now| before.iter().any(|row| !now.contains(row)));
            let tells = |fault: &Fault| fault.is_serious() && (!lost || !matches!(fault, Fault::Database { .. }));
            let named = report.faults.iter().any(tells);
            assert!(named, "byte {at} bit {bit}: {:?}", report.faults);
        }
        assert!(changed > 40 && unreadable > 2, "{changed} changed, {unreadable} of them unreadable");
    }

    #[test]
    fn an_office_that_does_not_open_any_more_is_checked_all_the_same() {
        let Office { db, folder } = office(40);
        drop(db);
        let path = folder.0.join(DATABASE_FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        let all = pages(&path, &bytes);
        // Every page of events but the first of the tree.
        for page in &all[1..] {
            bytes[(page - 1) * 4096] = 0xFF;
        }
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(Db::open(&folder.0, options(2)).unwrap_err().kind, crate::domain::Kind::Damaged);
        let faults = check_unopened(&folder.0).unwrap().faults;
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Unread { .. })), "{faults:?}");
    }
}
