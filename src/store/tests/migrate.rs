//! Every schema ever released becomes this program's: same shape as a new office, every event as it was, whatever
//! interrupts it. Cuts at every write are in `power`.

use std::collections::BTreeSet;
use std::ffi::{c_int, c_void};
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::ffi::sqlite3_progress_handler;

use super::disk::read_image;
use super::old;
use super::seen::{Seen, ask, dump, entries};
use super::world::{Step, What, World};
use crate::domain::Kind;
use crate::domain::event::Entry;
use crate::domain::id::DeviceId;
use crate::store::accounts::Account;
use crate::store::journal::Fault;
use crate::store::testing::{OFFICER, Office, TempFolder, options};
use crate::store::{DATABASE_FILE, Db, schema};

/// Everything a database is made of, blanks and comments left out.
pub fn shape_of(connection: &Connection) -> crate::domain::Result<BTreeSet<String>> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")?;
    let all = statement.query_map([], |row| {
        let sql: String = row.get(3)?;
        let bare: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        let words: Vec<&str> = bare.iter().flat_map(|line| line.split_whitespace()).collect();
        Ok([row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, words.join(" ")].join("|"))
    })?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}

/// The shape of an office made today.
fn fresh_shape() -> BTreeSet<String> {
    ask(&Office::new(1).db, shape_of)
}

/// Events of an office in which a good deal happened, a cloned device's twins among them, and its own device.
fn eventful() -> (Vec<Entry>, DeviceId) {
    let mut world = World::new();
    let deeds = [
        (What::Certify, 0, 0, 0),
        (What::Move, 0, 0, 0),
        (What::Clone, 0, 0, 0),
        (What::Enter, 0, 1, 1),
        (What::Move, 0, 0, 0),
        (What::Enter, 4, 2, 2),
        (What::Move, 4, 0, 255),
        (What::Import, 4, 3, 0),
        (What::List, 1, 0, 0),
        (What::Freeze, 1, 0, 0),
        (What::Edit, 2, 0, 3),
        (What::Undo, 0, 0, 0),
    ];
    for (seed, (what, desk, a, b)) in (0..).zip(deeds) {
        world.step(&Step { what, desk, a, b, seed });
    }
    let evidence = world.tell_to_the_end(1);
    let seen = &evidence.late[0];
    assert!(seen.faults.iter().any(|fault| matches!(fault, Fault::Fork { .. })), "twins");
    let all: Vec<Entry> = seen.events.values().cloned().collect();
    let first = all.iter().min_by_key(|entry| entry.event.at).expect("events").event.device;
    (all, first)
}

fn version_1(filled: bool) -> (TempFolder, Vec<Entry>) {
    let (all, device) = eventful();
    let folder = TempFolder::new();
    old::version_1(&folder.0.join(DATABASE_FILE), &all, device, filled);
    (folder, all)
}

fn assert_as_it_was(folder: &Path, before: &[Entry]) {
    let db = Db::open(folder, options(9)).expect("it opens");
    assert_eq!(ask(&db, shape_of), fresh_shape());
    let mut after = entries(&db);
    let mut before = before.to_vec();
    after.sort_by_key(|entry| entry.hash);
    before.sort_by_key(|entry| entry.hash);
    assert_eq!(after, before);
    let seen = Seen::of("migrated", &db);
    assert_eq!(seen.kept, seen.rebuilt);
    assert!(seen.kept.len() > 10, "{:#?}", seen.kept);
    assert!(seen.faults.iter().all(|fault| matches!(fault, Fault::Fork { .. })), "{:?}", seen.faults);
    assert_eq!(db.preference("theme").wait().expect("an answer").as_deref(), Some("深色"));
}

#[test]
fn an_office_of_version_1_becomes_what_a_new_office_is_and_keeps_every_event() {
    for filled in [false, true] {
        let (folder, before) = version_1(filled);
        assert_as_it_was(&folder.0, &before);
        // And once more, now that there is nothing left to do.
        assert_as_it_was(&folder.0, &before);
    }
}

#[test]
fn an_office_of_version_2_keeps_its_passwords_and_owes_nobody_a_change() {
    let (all, device) = eventful();
    let folder = TempFolder::new();
    old::version_2(&folder.0.join(DATABASE_FILE), &all, device, OFFICER);
    assert_as_it_was(&folder.0, &all);
    let db = Db::open(&folder.0, options(9)).expect("it opens");
    let account = db.account(OFFICER).wait().expect("an answer");
    assert_eq!(account, Account { has_password: true, must_change: false, locked_minutes: 0 });
    assert_eq!(db.recovery_key_since().wait().expect("an answer"), None);
}

#[test]
fn an_office_of_version_3_finds_every_event_without_its_index_over_hashes_and_keeps_its_accounts() {
    let (all, device) = eventful();
    let folder = TempFolder::new();
    old::version_3(&folder.0.join(DATABASE_FILE), &all, device, OFFICER);
    assert_as_it_was(&folder.0, &all);
    let db = Db::open(&folder.0, options(9)).expect("it opens");
    let account = db.account(OFFICER).wait().expect("an answer");
    assert_eq!(account, Account { has_password: true, must_change: true, locked_minutes: 0 });
    assert_eq!(db.recovery_key_since().wait().expect("an answer"), Some(5));
    assert_eq!(db.seal_holders().wait().expect("counted"), 0);
    let again = db.accept(all.clone()).wait().expect("taken");
    assert_eq!((again.taken, again.known), (0, all.len()), "each is known at its place");
}

#[test]
fn an_office_of_version_4_keeps_its_keys_and_remembers_from_then_on_what_it_wrote_as() {
    let (all, device) = eventful();
    let folder = TempFolder::new();
    old::version_4(&folder.0.join(DATABASE_FILE), &all, device, OFFICER);
    assert_as_it_was(&folder.0, &all);
    let db = Db::open(&folder.0, options(9)).expect("it opens");
    let count = |sql: &'static str| ask(&db, move |c| Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?));
    assert_eq!(count("SELECT count(*) FROM seal_pair"), 1);
    assert_eq!((db.device(), count("SELECT count(*) FROM former_device")), (device, 0));
    drop(db);
    let copy = TempFolder::new();
    fs::copy(folder.0.join(DATABASE_FILE), copy.0.join(DATABASE_FILE)).expect("copied");
    let db = Db::open(&copy.0, options(10)).expect("it opens");
    let former =
        ask(&db, |c| Ok(c.query_row("SELECT device FROM former_device", [], |row| row.get::<_, DeviceId>(0))?));
    assert_eq!(former, device);
}

#[test]
fn a_migration_that_ended_between_its_steps_is_finished_at_the_next_start() {
    let (folder, before) = version_1(true);
    let mut connection = Connection::open(folder.0.join(DATABASE_FILE)).expect("a database");
    schema::migrate(&mut connection).expect("migrated");
    // The program ends here: the journal is new, the derived tables are gone, and the machine's shape is the old one.
    drop(connection);
    assert_as_it_was(&folder.0, &before);
}

#[test]
fn a_migration_that_fails_at_any_statement_leaves_the_old_version_and_is_finished_later() {
    let (folder, before) = version_1(true);
    let path = folder.0.join(DATABASE_FILE);
    let original = fs::read(&path).expect("the file");
    let steps = [
        include_str!("../schema/2.sql"),
        include_str!("../schema/3.sql"),
        include_str!("../schema/4.sql"),
        include_str!("../schema/5.sql"),
    ];
    let statements: usize = steps.iter().map(|step| step.matches(';').count()).sum();
    let mut failed = 0;
    // Stops SQLite once so many steps of its machine are done.
    unsafe extern "C" fn stop(left: *mut c_void) -> c_int {
        // SAFETY: the pointer handed over below.
        let left = unsafe { &mut *left.cast::<i64>() };
        *left -= 1;
        c_int::from(*left <= 0)
    }
    for steps in (1..).map(|n| n * 40) {
        let mut connection = Connection::open(&path).expect("a database");
        let mut left: i64 = steps;
        // SAFETY: the counter outlives the handler, which is taken away again before the connection goes.
        unsafe { sqlite3_progress_handler(connection.handle(), 1, Some(stop), (&raw mut left).cast()) };
        let done = schema::migrate(&mut connection);
        // SAFETY: as above; no handler needs no counter.
        unsafe { sqlite3_progress_handler(connection.handle(), 0, None, std::ptr::null_mut()) };
        if done.is_ok() {
            break;
        }
        failed += 1;
        let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
        drop(connection);
        if version == schema::VERSION {
            // Stopped right after the commit: nothing was left to do.
            break;
        }
        assert!((1..schema::VERSION).contains(&version), "version {version} after {steps} steps");
        if failed % 10 == 0 {
            assert_as_it_was(&folder.0, &before);
            fs::write(&path, &original).expect("the old file again");
        }
    }
    assert!(failed > statements, "only {failed} stops in {statements} statements");
    assert_as_it_was(&folder.0, &before);
}

#[test]
fn data_of_a_newer_program_is_refused_and_left_as_it_is() {
    let office = Office::new(1);
    let Office { db, folder } = office;
    drop(db);
    let connection = Connection::open(folder.0.join(DATABASE_FILE)).expect("a database");
    // Once in the file itself, once only in the log of a program that did not end well.
    connection.execute_batch("PRAGMA user_version = 98; PRAGMA wal_checkpoint(TRUNCATE)").expect("newer");
    for only_in_log in [false, true] {
        if only_in_log {
            let version = schema::VERSION;
            connection
                .execute_batch(&format!("PRAGMA user_version = {version}; PRAGMA wal_checkpoint(TRUNCATE)"))
                .expect("ours");
            connection.execute_batch("PRAGMA user_version = 99").expect("newer");
        }
        let copy = TempFolder::new();
        super::disk::write_image(&copy.0, &read_image(&folder.0));
        let before = read_image(&copy.0);
        let refused = Db::open(&copy.0, options(1)).expect_err("refused");
        assert_eq!(refused.kind, Kind::TooNew);
        assert!(refused.says.contains("更新版本的科报") && refused.next.is_some(), "{refused:?}");
        assert_eq!(read_image(&copy.0), before, "only in the log: {only_in_log}");
    }
}

#[test]
fn derived_tables_of_another_shape_are_made_again_be_it_older_or_newer() {
    for shape in [schema::SHAPE - 1, schema::SHAPE + 1] {
        let (folder, before) = version_1(false);
        let right = dump(&Db::open(&folder.0, options(1)).expect("it opens"));
        let connection = Connection::open(folder.0.join(DATABASE_FILE)).expect("a database");
        connection
            .execute_batch(&format!(
                "UPDATE machine SET shape = {shape}; DROP TABLE firm; CREATE TABLE firm (id, other); CREATE TABLE visit (id);
                 INSERT INTO visit VALUES (1); DELETE FROM filing"
            ))
            .expect("another shape");
        drop(connection);
        assert_as_it_was(&folder.0, &before);
        assert_eq!(dump(&Db::open(&folder.0, options(2)).expect("it opens")), right);
    }
}
