//! What must hold of backups on real files: proven before they have a name, restored whole, nothing lost on the way.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration};
use rusqlite::Connection;

use super::restore::{Step, exchange};
use super::{By, Counts, Fresh, Restored, Settings, Verified, preview};
use crate::domain::event::{ImportDone, Source};
use crate::domain::firm::key;
use crate::domain::id::RecordId;
use crate::domain::{Kind, Problem};
use crate::store::device::{Own, end};
use crate::store::testing::{OFFICER, Office, TODAY, TempFolder, options};
use crate::store::{Clock, DATABASE_FILE, Db, Entropy, Options, file, tables};

fn firm(db: &Db, name: &str) -> RecordId {
    let values = [(key::NAME.to_owned(), Some(name.to_owned()))].into();
    let act = db.act(OFFICER, format!("新增“{name}”"), move |act| act.create_firm(values, Vec::new(), None));
    act.wait().expect("a firm").value
}

/// Every derived table as text.
fn dump(connection: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for table in tables::DERIVED {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a table");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let cells: Vec<String> = (0..columns).map(|n| format!("{:?}", row.get_ref(n))).collect();
            lines.push(format!("{table}: {}", cells.join("|")));
        }
    }
    lines
}

fn dump_of(db: &Db) -> Vec<String> {
    db.read(|connection| Ok(dump(connection))).wait().expect("a dump")
}

fn device(db: &Db) -> Vec<u8> {
    db.read(|c| Ok(c.query_row("SELECT device FROM machine", [], |row| row.get(0))?)).wait().expect("a device")
}

fn by_hand(db: &Db) -> Fresh {
    db.back_up(By::Hand, None).wait().expect("a backup")
}

/// Restores and opens what was restored.
fn restore(folder: &Path, backup: &Path, options: Options) -> crate::domain::Result<(Db, Restored)> {
    let restored = super::restore(folder, backup, &options)?;
    Ok((Db::open(folder, options)?, restored))
}

fn names(folder: &Path) -> BTreeSet<String> {
    let all = fs::read_dir(folder).expect("a folder");
    all.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// A clock that a test sets forward.
fn moving() -> (Arc<AtomicI64>, Options) {
    let days = Arc::new(AtomicI64::new(0));
    let hand = Arc::clone(&days);
    let noon = Clock::fixed(TODAY).millis();
    let clock = Clock::from_fn(move || {
        let at = noon + Duration::days(hand.load(Ordering::Relaxed)).num_milliseconds();
        DateTime::from_timestamp_millis(at).unwrap_or_default().fixed_offset()
    });
    (days, Options { clock, entropy: Entropy::seeded(5) })
}

#[test]
fn a_backup_is_whole_says_what_it_holds_and_is_listed_as_verified() {
    let office = Office::new(1);
    firm(&office.db, "青澜恒砚新材料有限公司");
    let fresh = by_hand(&office.db);
    assert_eq!(fresh.backup.name, "kebao-2026-08-24-1200.kbk");
    let second = by_hand(&office.db);
    assert_eq!(second.backup.name, "kebao-2026-08-24-1200-2.kbk", "two in one minute are two");
    let listed = office.db.backups(None).wait().unwrap();
    assert_eq!(listed.len(), 2);
    let first = listed.iter().find(|backup| backup.name == fresh.backup.name).unwrap();
    assert_eq!(*first, fresh.backup);
    let made = first.made.as_ref().expect("it says of itself");
    assert_eq!((made.by, made.firms, made.filings), (By::Hand, 1, 0));
    assert_eq!(made.events, office.db.check().wait().unwrap().events);
    assert!(matches!(first.verified, Verified::Yes { .. }));
    assert_eq!(names(&office.db.backup_folder()).len(), 2, "nothing lies beside them");
    let state = office.db.backup_state().wait().unwrap();
    assert_eq!(state.last.map(|last| last.name), Some(second.backup.name));
    assert_eq!(state.failed, None);
}

#[test]
fn a_restored_office_has_the_tables_of_the_backup_a_clean_journal_and_a_device_of_its_own() {
    let office = Office::new(1);
    let one = firm(&office.db, "甲厂");
    office.db.set_password(OFFICER, "qinglan-2026").wait().unwrap();
    let (before, old_device) = (dump_of(&office.db), device(&office.db));
    let backup = by_hand(&office.db).backup.path;
    firm(&office.db, "乙厂");
    let values = [(key::TOWNSHIP.to_owned(), Some("柳泉镇".to_owned()))].into();
    office.db.act(OFFICER, "修改甲厂", move |act| act.change_firm(one, &values, Vec::new(), None)).wait().unwrap();
    let after = dump_of(&office.db);

    let shown = office.db.preview_backup(backup.clone()).wait().unwrap();
    let lost = shown.lost.expect("the present can be read");
    assert_eq!((lost.actions, lost.events), (2, 4), "two actions, each with its own event");
    assert_eq!(lost.newest.iter().map(|deed| deed.name.as_str()).collect::<Vec<_>>(), ["修改甲厂", "新增“乙厂”"]);
    assert_eq!((shown.holds.firms, shown.present.unwrap().firms), (1, 2));
    assert_eq!(shown.holds.last.unwrap().name, "新增“甲厂”");

    let Office { db, folder } = office;
    drop(db);
    let (db, restored) = restore(&folder.0, &backup, options(9)).unwrap();
    assert_eq!(dump_of(&db), before);
    assert_eq!(db.check().wait().unwrap().faults, []);
    assert_ne!(device(&db), old_device);
    assert!(db.check_password(OFFICER, "qinglan-2026").wait().unwrap());
    // The way goes on from here, on a chain of its own.
    firm(&db, "丙厂");
    let report = db.check().wait().unwrap();
    assert_eq!((report.faults, report.devices), (vec![], 2));
    let state = db.backup_state().wait().unwrap();
    assert!(state.last.is_some(), "the present's own habits of backing up stay");
    drop(db);

    // What was there before is still there, under a name of its own, and comes back by it.
    let aside = restored.aside.expect("the old one is kept");
    assert_eq!(aside.file_name().unwrap(), "kebao-before-restore-2026-08-24-1200.db");
    fs::rename(&aside, folder.0.join(DATABASE_FILE)).unwrap();
    let db = Db::open(&folder.0, options(10)).unwrap();
    assert_eq!(dump_of(&db), after);
    assert_eq!(device(&db), old_device);
    assert_eq!(db.check().wait().unwrap().faults, []);
}

/// Copies a folder as a crash would leave it.
fn crashed(folder: &Path) -> TempFolder {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
            if entry.path().is_dir() {
                copy(&entry.path(), &to.join(entry.file_name()));
            } else {
                fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
            }
        }
    }
    let copied = TempFolder::new();
    copy(folder, &copied.0);
    copied
}

#[test]
fn a_crash_at_any_step_leaves_the_old_or_the_restored_office_and_nothing_lost() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let old_kept = office.db.backup_folder();
    let backup = by_hand(&office.db).backup.path;
    let restored = dump_of(&office.db);
    firm(&office.db, "乙厂");
    let old = dump_of(&office.db);
    // As a crash of the program leaves it: with a log that was not folded in.
    let folder = crashed(&office.folder.0);
    assert!(folder.0.join("kebao.db-wal").metadata().is_ok_and(|about| about.len() > 0), "there is a log");
    drop(office);
    let backup = folder.0.join("backups").join(backup.file_name().unwrap());
    let mut left: Vec<(Step, TempFolder)> = Vec::new();
    let lock = file::lock(&folder.0).unwrap();
    exchange(&folder.0, &backup, &options(7), &mut |step| left.push((step, crashed(&folder.0)))).unwrap();
    drop(lock);
    assert_eq!(left.len(), 5);
    assert!(!old_kept.exists(), "the first office is gone; what follows stands on its own");
    for (step, folder) in left {
        let db = Db::open(&folder.0, options(8)).unwrap_or_else(|problem| panic!("{step:?}: {problem}"));
        // That the copy lies elsewhere is logged.
        let found: Vec<String> = dump_of(&db).into_iter().filter(|line| !line.starts_with("log: ")).collect();
        assert_eq!(found, if step == Step::InPlace { restored.clone() } else { old.clone() }, "{step:?}");
        assert_eq!(db.check().wait().unwrap().faults, [], "{step:?}");
        drop(db);
        assert!(!names(&folder.0).iter().any(|name| name.contains("restoring")), "{step:?}: cleared away");
        if step == Step::InPlace {
            let aside = folder.0.join("kebao-before-restore-2026-08-24-1200.db");
            assert_eq!(dump(&Connection::open(aside).unwrap()), old, "with what had been in the log");
        }
        // And a second try goes through.
        let backup = folder.0.join("backups").join(backup.file_name().unwrap());
        let (db, _) = restore(&folder.0, &backup, options(9)).unwrap();
        assert_eq!(dump_of(&db), restored, "{step:?}");
    }
}

#[test]
fn a_present_too_broken_to_open_is_kept_as_it_is_and_the_backup_takes_its_place() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let backup = by_hand(&office.db).backup.path;
    let restored = dump_of(&office.db);
    let Office { db, folder } = office;
    drop(db);
    let present = folder.0.join(DATABASE_FILE);
    let mut bytes = fs::read(&present).unwrap();
    bytes[..16].copy_from_slice(b"not a database!!");
    fs::write(&present, &bytes).unwrap();
    fs::write(folder.0.join("kebao.db-wal"), b"what is left of a log").unwrap();
    let shown = preview(&folder.0, &backup).unwrap();
    assert_eq!((shown.lost, shown.present), (None, None), "nobody can say what is lost");
    let (db, done) = restore(&folder.0, &backup, options(7)).unwrap();
    assert_eq!(dump_of(&db), restored);
    let aside = done.aside.unwrap();
    assert_eq!(fs::read(&aside).unwrap(), bytes);
    assert_eq!(fs::read(super::disk::beside(&aside, "-wal")).unwrap(), b"what is left of a log");
}

#[test]
fn what_was_set_aside_is_restored_like_any_backup_and_so_is_a_copied_database_with_its_log() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let backup = by_hand(&office.db).backup.path;
    firm(&office.db, "乙厂");
    let old = dump_of(&office.db);
    // Copied while the program ran: what was entered last is in the log only.
    let copied = crashed(&office.folder.0);
    let Office { db, folder } = office;
    drop(db);
    let (db, first) = restore(&folder.0, &backup, options(7)).unwrap();
    drop(db);
    let aside = first.aside.unwrap();
    let shown = preview(&folder.0, &aside).unwrap();
    assert_eq!((shown.made, shown.holds.firms), (None, 2));
    let (db, second) = restore(&folder.0, &aside, options(8)).unwrap();
    assert_eq!(dump_of(&db), old);
    assert!(aside.is_file() && second.aside.unwrap() != aside, "both stay, under two names");
    assert_eq!(db.check().wait().unwrap().faults, []);
    drop(db);
    let new = TempFolder::new();
    let (db, _) = restore(&new.0, &copied.0.join(DATABASE_FILE), options(9)).unwrap();
    assert_eq!(dump_of(&db), old);
    let left = names(&new.0);
    assert!(!left.iter().any(|name| name.contains("look") || name.contains("restoring")), "{left:?}");
}

#[test]
fn a_log_whose_database_is_gone_is_not_replayed_on_the_restored_one() {
    let office = Office::new(1);
    let backup = by_hand(&office.db).backup.path;
    firm(&office.db, "甲厂");
    let folder = crashed(&office.folder.0);
    let log = fs::read(folder.0.join("kebao.db-wal")).unwrap();
    assert!(!log.is_empty());
    fs::remove_file(folder.0.join(DATABASE_FILE)).unwrap();
    let (db, done) = restore(&folder.0, &backup, options(7)).unwrap();
    assert_eq!(done.aside, None);
    assert_eq!(db.check().wait().unwrap().faults, []);
    assert_eq!(
        db.read(|c| Ok(c.query_row("SELECT count(*) FROM firm", [], |row| row.get::<_, i64>(0))?)).wait(),
        Ok(0)
    );
    let kept = folder.0.join("kebao-before-restore-2026-08-24-1200.db-wal");
    assert_eq!(fs::read(kept).unwrap(), log, "kept for whoever can read it");
}

#[test]
fn an_empty_folder_on_a_new_machine_gets_the_office_back() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let backup = by_hand(&office.db).backup.path;
    let new = TempFolder::new();
    let shown = preview(&new.0, &backup).unwrap();
    assert_eq!(shown.lost, Some(super::Lost::default()));
    let (db, restored) = restore(&new.0, &backup, options(7)).unwrap();
    assert_eq!(restored.aside, None);
    assert_eq!(dump_of(&db), dump_of(&office.db));
}

#[test]
fn what_cannot_be_restored_is_refused_in_one_sentence_and_nothing_is_touched() {
    let office = Office::new(1);
    firm(&office.db, "青澜恒砚新材料有限公司");
    let good = by_hand(&office.db).backup.path;
    let Office { db, folder } = office;
    drop(db);
    let spoil = |name: &str, work: &dyn Fn(&Path)| -> PathBuf {
        let path = folder.0.join("backups").join(name);
        fs::copy(&good, &path).unwrap();
        work(&path);
        path
    };
    let sql = |path: &Path, sql: &str| Connection::open(path).unwrap().execute_batch(sql).unwrap();
    let altered = "DROP TRIGGER event_is_never_changed; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '恒砚', '恒研') AS BLOB) WHERE kind = 'firm.created'";
    let cases: Vec<(PathBuf, Kind, &str)> = vec![
        (spoil("甲.kbk", &|path| fs::write(path, "名称,代码\n".repeat(90)).unwrap()), Kind::Foreign, "不是科报的备份"),
        (spoil("乙.kbk", &|path| fs::write(path, b"").unwrap()), Kind::Damaged, "文件不完整"),
        (
            spoil("丙.kbk", &|path| {
                fs::remove_file(path).unwrap();
                sql(path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
            }),
            Kind::Foreign,
            "不是科报的备份",
        ),
        (spoil("丁.kbk", &|path| sql(path, altered)), Kind::Damaged, "内容与指纹不符"),
        (
            spoil("戊.kbk", &|path| {
                let bytes = fs::read(path).unwrap();
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            }),
            Kind::Damaged,
            "这份备份已损坏",
        ),
        (spoil("己.kbk", &|path| sql(path, "PRAGMA user_version = 99")), Kind::TooNew, "更新版本"),
        (
            spoil("庚.kbk", &|path| sql(path, "DROP TRIGGER event_is_never_deleted; DROP TABLE event")),
            Kind::Damaged,
            "这份备份已损坏",
        ),
        (folder.0.join("没有.kbk"), Kind::NotFound, "找不到这份备份"),
        (folder.0.join(DATABASE_FILE), Kind::BadInput, "这就是现在的数据"),
    ];
    let before = (fs::read(folder.0.join(DATABASE_FILE)).unwrap(), names(&folder.0), names(&folder.0.join("backups")));
    for (path, kind, words) in cases {
        let same = |refused: Problem| {
            assert_eq!(refused.kind, kind, "{}: {refused}", path.display());
            assert!(refused.says.contains(words), "{}: {refused}", path.display());
            assert!(refused.next.is_some(), "{}: says what to do", path.display());
        };
        same(restore(&folder.0, &path, options(3)).expect_err("refused"));
        if kind != Kind::BadInput {
            same(preview(&folder.0, &path).expect_err("refused"));
        }
        let after =
            (fs::read(folder.0.join(DATABASE_FILE)).unwrap(), names(&folder.0), names(&folder.0.join("backups")));
        assert!(after == before, "{} changed something", path.display());
    }
    // Held by another window all the while.
    let db = Db::open(&folder.0, options(3)).unwrap();
    let listed = db.backups(None).wait().unwrap();
    let broken: Vec<&str> = listed
        .iter()
        .filter(|backup| matches!(backup.verified, Verified::Broken { .. }))
        .map(|backup| backup.name.as_str())
        .collect();
    assert_eq!(broken.len(), 4, "what the head gives away shows in the list: {broken:?}");
    let altered = folder.0.join("backups").join("丁.kbk");
    assert!(db.check_backup(altered.clone()).wait().is_err());
    let listed = db.backups(None).wait().unwrap();
    let found = listed.iter().find(|backup| backup.path == altered).unwrap();
    assert!(matches!(&found.verified, Verified::Broken { says } if says.contains("内容与指纹不符")), "{found:?}");
}

#[test]
fn tables_that_drifted_in_a_backup_are_made_again_from_its_journal() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let backup = by_hand(&office.db).backup.path;
    let before = dump_of(&office.db);
    Connection::open(&backup).unwrap().execute("UPDATE firm SET name = '乙厂'", []).unwrap();
    let Office { db, folder } = office;
    drop(db);
    let (db, _) = restore(&folder.0, &backup, options(7)).unwrap();
    assert_eq!(dump_of(&db), before);
}

#[test]
fn an_office_that_is_not_whole_leaves_no_backup_and_says_where_to_look() {
    let office = Office::new(1);
    firm(&office.db, "甲厂");
    let good = by_hand(&office.db);
    let Office { db, folder } = office;
    drop(db);
    Connection::open(folder.0.join(DATABASE_FILE)).unwrap().execute("UPDATE firm SET name = '乙厂'", []).unwrap();
    let db = Db::open(&folder.0, options(2)).unwrap();
    let refused = db.back_up(By::Automatic, None).wait().expect_err("refused");
    assert!(refused.says.contains("没有通过核验"), "{refused}");
    assert!(refused.detail.unwrap().contains("表 firm"));
    assert_eq!(names(&db.backup_folder()), BTreeSet::from([good.backup.name]), "the good one stays, nothing else");
    assert!(db.backup_state().wait().unwrap().failed.is_some());
}

#[test]
fn a_backup_of_an_older_version_is_brought_to_this_one() {
    let folder = TempFolder::new();
    let old = folder.0.join("old.kbk");
    let connection = Connection::open(&old).unwrap();
    connection.execute_batch(include_str!("../schema/1.sql")).unwrap();
    connection
        .execute_batch(
            "PRAGMA application_id = 0x6b656261; PRAGMA user_version = 1;
             INSERT INTO machine VALUES (1, zeroblob(16), 1); INSERT INTO preference VALUES ('look', '{}');",
        )
        .unwrap();
    drop(connection);
    let bytes = fs::read(&old).unwrap();
    assert_eq!(preview(&folder.0.join("data"), &old).unwrap().holds.events, 0);
    let (db, _) = restore(&folder.0.join("data"), &old, options(7)).unwrap();
    assert_eq!(db.preference("look").wait().unwrap().as_deref(), Some("{}"));
    assert_eq!(db.check().wait().unwrap().faults, []);
    assert_eq!(fs::read(&old).unwrap(), bytes, "the backup itself is as it was");
}

/// Takes a list in, with its original kept.
fn import(db: &Db, folder: &Path, text: &str) -> PathBuf {
    let list = folder.join("名单.csv");
    fs::write(&list, text).unwrap();
    let digest = db.keep_file(&list).unwrap();
    let done = ImportDone {
        file: "名单.csv".to_owned(),
        digest,
        title: String::new(),
        purpose: String::new(),
        rows: 1,
        created: 1,
        changed: 0,
        unchanged: 0,
        passed_over: 0,
    };
    let values = [(key::NAME.to_owned(), Some(text.to_owned()))].into();
    let act = db.act(OFFICER, "导入 1 家", move |act| {
        let import = act.new_id();
        act.create_firm(values, Vec::new(), Some(Source { import, row: 1 }))?;
        act.record_import(import, done)
    });
    act.wait().expect("an import");
    db.kept_file(&digest)
}

#[test]
fn originals_of_lists_go_along_once_each_and_come_back_with_a_restore() {
    let office = Office::new(1);
    let (one, two) = (import(&office.db, &office.folder.0, "甲厂"), import(&office.db, &office.folder.0, "乙厂"));
    let fresh = by_hand(&office.db);
    assert_eq!((fresh.files.all, fresh.files.copied, fresh.files.damaged), (2, 2, 0));
    let three = import(&office.db, &office.folder.0, "丙厂");
    fs::write(&three, "not what its name says").unwrap();
    let again = by_hand(&office.db);
    assert_eq!((again.files.all, again.files.copied, again.files.damaged), (2, 0, 1), "once each; no damaged one");
    fs::remove_file(&one).unwrap();
    fs::remove_file(&two).unwrap();
    let kept = again.backup.path.parent().unwrap().join("files");
    let spoiled = kept.join(two.parent().unwrap().file_name().unwrap()).join(two.file_name().unwrap());
    assert_eq!(fs::read_to_string(&spoiled).unwrap(), "乙厂");
    fs::write(&spoiled, "丁厂").unwrap();
    let Office { db, folder } = office;
    drop(db);
    let (_db, restored) = restore(&folder.0, &again.backup.path, options(7)).unwrap();
    assert_eq!(
        (restored.files, restored.missing),
        (1, 2),
        "a spoiled copy does not come back, and spoiled here is missing"
    );
    assert_eq!(fs::read_to_string(&one).unwrap(), "甲厂");
    assert!(!two.exists());
}

#[test]
fn kept_files_that_rot_beside_a_backup_are_told_and_made_good_by_the_next_one_and_by_a_restore() {
    let office = Office::new(1);
    let (one, two) = (import(&office.db, &office.folder.0, "甲厂"), import(&office.db, &office.folder.0, "乙厂"));
    let backup = by_hand(&office.db).backup.path;
    let kept = backup.parent().unwrap().join("files");
    let beside = |file: &Path| kept.join(file.parent().unwrap().file_name().unwrap()).join(file.file_name().unwrap());
    let lacking = |db: &Db| {
        let found = db.check_backup(backup.clone()).wait().expect("it can be restored");
        (found.damaged, found.missing)
    };
    assert_eq!(lacking(&office.db), (0, 0));
    // Of the same size, as a bad disk leaves it.
    fs::write(beside(&one), "乙厂").unwrap();
    fs::remove_file(beside(&two)).unwrap();
    assert_eq!(lacking(&office.db), (1, 1));
    let again = by_hand(&office.db).files;
    assert_eq!((again.all, again.copied, again.damaged, again.missing), (2, 2, 0, 0));
    assert_eq!((fs::read_to_string(beside(&one)).unwrap(), lacking(&office.db)), ("甲厂".to_owned(), (0, 0)));
    // Gone here and beside it: said, not passed over.
    fs::remove_file(&two).unwrap();
    fs::remove_file(beside(&two)).unwrap();
    let files = by_hand(&office.db).files;
    assert_eq!((files.all, files.damaged, files.missing), (1, 0, 1));
    assert!(files.lacking().says().is_some_and(|says| says.contains("1 份没有找到")));
    // Spoiled here, whole beside the backup.
    fs::write(&one, "丙厂").unwrap();
    let Office { db, folder } = office;
    drop(db);
    let (_db, restored) = restore(&folder.0, &backup, options(7)).unwrap();
    assert_eq!((restored.files, restored.missing), (1, 1));
    assert_eq!(fs::read_to_string(&one).unwrap(), "甲厂");
}

#[test]
fn automatic_backups_are_thinned_and_nothing_else_is() {
    let (days, options) = moving();
    let folder = TempFolder::new();
    let db = Db::open(&folder.0, options.clone()).unwrap();
    firm(&db, "甲厂");
    db.set_backup_settings(Settings { folder: None, counts: Counts { days: 2, weeks: 0, months: 0 } }).wait().unwrap();
    let hand = by_hand(&db).backup.name;
    let automatic = |day: i64| {
        days.store(day, Ordering::Relaxed);
        db.back_up(By::Automatic, None).wait().expect("a backup")
    };
    let renamed = automatic(1).backup.path;
    fs::rename(&renamed, renamed.with_file_name("年终.kbk")).unwrap();
    fs::write(db.backup_folder().join("kebao-2026-08-25-0400-7.kbk"), "somebody's").unwrap();
    automatic(2);
    let (third, fourth) = (automatic(3), automatic(4));
    assert_eq!(fourth.thinned, 1);
    let stays = BTreeSet::from([
        hand,
        "年终.kbk".to_owned(),
        "kebao-2026-08-25-0400-7.kbk".to_owned(),
        third.backup.name,
        fourth.backup.name,
    ]);
    assert_eq!(names(&db.backup_folder()), stays);
    // After a restore the chain is another: what the old one had backed up may hold what was lost, and stays.
    drop(db);
    let (db, _) = restore(&folder.0, &third.backup.path, options).unwrap();
    days.store(9, Ordering::Relaxed);
    let fifth = db.back_up(By::Automatic, None).wait().unwrap();
    assert_eq!(fifth.thinned, 0);
    assert_eq!(names(&db.backup_folder()).len(), stays.len() + 1);
}

#[test]
fn a_folder_that_cannot_take_a_backup_is_said_in_one_sentence_and_remembered() {
    let office = Office::new(1);
    let file = office.folder.0.join("a file");
    fs::write(&file, b"in the way").unwrap();
    let refused = office.db.back_up(By::Hand, Some(file.join("backups"))).wait().expect_err("refused");
    assert_eq!(refused.kind, Kind::Io);
    assert!(refused.says.contains("备份文件夹不能写入"), "{refused}");
    let failed = office.db.backup_state().wait().unwrap().failed.expect("remembered");
    assert_eq!(failed.says, refused.to_string());
    // A chosen folder that is gone, as a stick that was pulled out, is not made anew.
    let stick = office.folder.0.join("stick");
    fs::create_dir(&stick).unwrap();
    let settings = Settings { folder: Some(stick.clone()), counts: Counts::default() };
    office.db.set_backup_settings(settings).wait().unwrap();
    assert!(by_hand(&office.db).backup.path.starts_with(&stick));
    assert_eq!(office.db.backup_state().wait().unwrap().failed, None);
    fs::remove_dir_all(&stick).unwrap();
    assert_eq!(office.db.back_up(By::Hand, None).wait().expect_err("refused").kind, Kind::NotFound);
    assert_eq!(office.db.backups(None).wait().expect_err("refused").kind, Kind::NotFound);
    assert!(!stick.exists());
    let nowhere = Settings { folder: Some(stick), counts: Counts::default() };
    assert_eq!(office.db.set_backup_settings(nowhere).wait().expect_err("refused").kind, Kind::NotFound);
}

#[test]
fn what_was_written_after_the_backup_is_this_machines_own_still_and_so_after_a_second_restore() {
    let Office { db, folder } = Office::new(1);
    firm(&db, "甲厂");
    let backup = by_hand(&db).backup.path;
    let mut written = Vec::new();
    let mut db = db;
    for (n, name) in (2..).zip(["乙厂", "丙厂"]) {
        firm(&db, name);
        let device = db.device();
        written.push((device, db.read(move |connection| end(connection, device)).wait().unwrap()));
        drop(db);
        db = restore(&folder.0, &backup, options(n)).unwrap().0;
    }
    let own = db.read(Own::read).wait().unwrap();
    for (device, last) in written {
        assert!(last > 0 && own.wrote(device, last) && !own.wrote(device, last + 1));
    }
    assert!(own.wrote(db.device(), 1));
    assert_eq!(own.chains().count(), 3);
}
