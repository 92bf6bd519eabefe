//! Kept files that were lawfully erased: gone from the disk here and everywhere, never missing, never back.

use std::fs;
use std::path::PathBuf;

use super::seen::entries;
use super::world::values;
use crate::domain::event::{Fact, Hash, ImportDone};
use crate::domain::id::RecordId;
use crate::domain::{Kind, Problem, Result};
use crate::store::acts::{NewFiling, Values};
use crate::store::backup::{self, By};
use crate::store::journal::Fault;
use crate::store::testing::{OFFICER, Office, TempFolder, options};
use crate::store::{Act, Db, Kept};

fn act<T: Send + 'static>(
    db: &Db,
    deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Problem> {
    db.act(OFFICER, "清除", deed).wait().map(|done| done.value)
}

/// Two filings with the same scan, and a list one firm came from.
struct Case {
    office: Office,
    papers: TempFolder,
    filings: [RecordId; 2],
    import: RecordId,
    scan: Kept,
    list: Kept,
}

impl Case {
    fn new() -> Self {
        let (office, papers) = (Office::new(1), TempFolder::new());
        let keep = |name: &str, content: &str| {
            let path = papers.0.join(name);
            fs::write(&path, content).expect("a paper");
            office.db.keep(&path).expect("kept")
        };
        let (scan, list) = (keep("身份证.pdf", "秦川 3707"), keep("名单.csv", "青澜甲厂,秦川"));
        let (scan_, list_) = (scan.clone(), list.clone());
        let (filings, import) = act(&office.db, move |act| {
            let import = act.new_id();
            let source = crate::domain::event::Source { import, row: 2 };
            let firm =
                act.create_firm(values(&[("name", "青澜甲厂"), ("legal_rep", "秦川")]), Vec::new(), Some(source))?;
            act.record_import(
                import,
                ImportDone {
                    file: list_.name.clone(),
                    digest: list_.hash,
                    title: String::new(),
                    purpose: "企业".to_owned(),
                    rows: 1,
                    created: 1,
                    changed: 0,
                    unchanged: 0,
                    passed_over: 0,
                },
            )?;
            let mut filings = Vec::new();
            for batch in [1, 2] {
                let edition = act.open_edition("gaoqi", 2026, batch, Values::new())?;
                let new = NewFiling { stage: "district".to_owned(), ..NewFiling::default() };
                let filing = act.open_filing(firm, edition, new)?;
                act.attach(filing, "license", &scan_, &[])?;
                filings.push(filing);
            }
            Ok(([filings[0], filings[1]], import))
        })
        .expect("entered");
        Self { office, papers, filings, import, scan, list }
    }

    fn place(&self, file: &Kept) -> PathBuf {
        self.office.db.kept_file(&file.hash)
    }

    fn erase(&self) {
        let (filing, import, scan, list) = (self.filings[0], self.import, self.scan.hash, self.list.hash);
        let done = act(&self.office.db, move |act| {
            act.erase_files(filing, &[scan], "本人要求")?;
            act.erase_files(import, &[list], "本人要求")
        });
        assert_eq!(done.expect("erased"), 1);
    }
}

#[test]
fn a_file_that_is_erased_is_gone_from_the_disk_and_the_check_does_not_miss_it() {
    let case = Case::new();
    let db = &case.office.db;
    let before = db.check().wait().expect("a check");
    let offered: Vec<(String, bool)> =
        db.erasable(case.filings[0]).wait().expect("files").into_iter().map(|one| (one.name, one.list)).collect();
    assert_eq!(offered, [("身份证.pdf".to_owned(), false)]);
    let firm = db.filing(case.filings[0]).wait().expect("read").expect("there").filing.firm;
    let of_firm = db.erasable(firm).wait().expect("files");
    assert_eq!((of_firm.len(), of_firm[0].list, of_firm[0].size), (1, true, Some(case.list.size)));
    case.erase();
    assert!(!case.place(&case.scan).exists() && !case.place(&case.list).exists());
    let report = db.check().wait().expect("a check");
    assert_eq!((report.faults.as_slice(), report.erased_files), (&[][..], 2));
    assert!(report.events > before.events, "the decree is an event");
    // Told where it was, also on the other filing that had the same content.
    for filing in case.filings {
        let page = db.filing(filing).wait().expect("read").expect("there");
        assert!(page.erased.contains(&case.scan.hash));
        assert_eq!(page.filing.materials.item("license").files.len(), 1, "that it was handed in stays");
    }
    let page = db.filing(case.filings[0]).wait().expect("read").expect("there");
    assert_eq!(page.changes[0].what, "依法清除文件 1 份");
    assert!(page.changes[0].remark.contains("身份证.pdf") && page.changes[0].remark.contains("本人要求"));
    let opened = db.copy_out(&case.scan.hash, "身份证.pdf", &case.papers.0).expect_err("gone");
    assert!(opened.says.contains("已依法清除"), "{}", opened.says);
    assert_eq!(db.erasable(case.filings[0]).wait().expect("files"), []);
}

#[test]
fn the_list_a_firm_came_from_is_still_found_after_its_fields_were_erased_and_the_import_taken_back() {
    let case = Case::new();
    let db = &case.office.db;
    let firm = db.filing(case.filings[0]).wait().expect("read").expect("there").filing.firm;
    let fields = ["legal_rep".to_owned()];
    act(db, move |act| act.erase(firm, &fields, "本人要求")).expect("erased");
    let found = |record| -> Vec<RecordId> {
        db.erasable(record).wait().expect("files").into_iter().map(|one| one.record).collect()
    };
    assert_eq!(found(firm), [case.import]);
    let source = db.firm(firm).wait().expect("read").expect("there").firm.source;
    assert_eq!(source.map(|source| source.import), Some(case.import), "where it came from is told again");
    // What an import changed and was taken back.
    let import = act(db, |act| Ok(act.new_id())).expect("an id");
    let digest = case.scan.hash;
    let done = db.act(OFFICER, "导入", move |act| {
        let source = crate::domain::event::Source { import, row: 3 };
        act.change_firm(firm, &values(&[("contact", "秦川")]), Vec::new(), Some(source))?;
        let done = ImportDone {
            file: "第二份.csv".to_owned(),
            digest,
            title: String::new(),
            purpose: "企业".to_owned(),
            rows: 1,
            created: 0,
            changed: 1,
            unchanged: 0,
            passed_over: 0,
        };
        act.record_import(import, done)
    });
    let action = done.wait().expect("imported").action.expect("an action");
    act(db, move |act| act.undo(action)).expect("taken back");
    assert_eq!(found(firm), [case.import, import]);
}

#[test]
fn an_erased_file_is_not_taken_in_again_and_the_erasure_not_taken_back() {
    let case = Case::new();
    case.erase();
    let db = &case.office.db;
    let again = db.keep(&case.papers.0.join("身份证.pdf")).expect_err("refused");
    assert_eq!(again.kind, Kind::Refused);
    assert!(!case.place(&case.scan).exists());
    let (filing, scan) = (case.filings[0], case.scan.hash);
    assert!(act(db, move |act| act.erase_files(filing, &[scan], "再来")).is_err(), "nothing is left");
    assert!(act(db, move |act| act.erase_files(filing, &[Hash::ZERO], "别的")).is_err(), "not a file of this filing");
    let second = case.filings[1];
    assert!(act(db, move |act| act.erase_files(second, &[scan], "  ")).expect_err("why").says.contains("原因"));
    let last = db.actions(1).wait().expect("actions")[0].id;
    let refused = act(db, move |act| act.undo(last)).expect_err("refused");
    assert!(refused.says.contains("依法清除"), "{}", refused.says);
}

#[test]
fn another_machine_removes_its_own_copy_when_the_decree_arrives() {
    let case = Case::new();
    let other = Office::new(7);
    other.db.accept(entries(&case.office.db)).wait().expect("taken in");
    for name in ["身份证.pdf", "名单.csv"] {
        other.db.keep(&case.papers.0.join(name)).expect("kept there as well");
    }
    case.erase();
    other.db.accept(entries(&case.office.db)).wait().expect("taken in");
    for file in [&case.scan, &case.list] {
        assert!(!other.db.kept_file(&file.hash).exists(), "{}", file.name);
    }
    assert_eq!(other.db.check().wait().expect("a check").faults, []);
    // What comes later in a package is only read past.
    let mut bytes = "秦川 3707".as_bytes();
    let kept = other.db.keep_from(&case.scan.hash, case.scan.size, &mut bytes).expect("read").expect("no trouble");
    assert!(!kept && bytes.is_empty() && !other.db.kept_file(&case.scan.hash).exists());
}

#[test]
fn a_file_that_could_not_be_removed_is_told_and_goes_when_the_office_is_opened() {
    let case = Case::new();
    case.erase();
    let place = case.place(&case.scan);
    fs::create_dir_all(place.parent().expect("a shelf")).expect("a shelf");
    fs::write(&place, "秦川 3707").expect("somebody put it back");
    let faults = case.office.db.check().wait().expect("a check").faults;
    assert_eq!(faults, [Fault::NotErased { name: "身份证.pdf".to_owned() }]);
    assert!(!faults[0].is_serious());
    let Office { db, folder } = case.office;
    drop(db);
    let db = Db::open(&folder.0, options(2)).expect("opened");
    assert!(!place.exists());
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

/// Where a file lies below a folder of kept files.
fn kept_below(files: &std::path::Path, hash: &Hash) -> PathBuf {
    let name = hash.to_string();
    files.join(&name[..2]).join(&name[2..])
}

#[test]
fn a_backup_made_before_still_has_the_file_and_one_made_after_does_not_bring_it_back() {
    let case = Case::new();
    let backed_up = |db: &Db| db.back_up(By::Hand, None).wait().expect("a backup").backup.path;
    backed_up(&case.office.db);
    case.erase();
    let after = backed_up(&case.office.db);
    let beside = after.parent().expect("a folder").join("files");
    let old = kept_below(&beside, &case.scan.hash);
    assert!(old.exists(), "the older backup may need it");
    let Case { office, scan, .. } = case;
    let Office { db, folder } = office;
    drop(db);
    let restored = backup::restore(&folder.0, &after, &options(3)).expect("restored");
    assert_eq!((restored.files, restored.missing), (0, 0), "it is neither brought back nor missed");
    let db = Db::open(&folder.0, options(4)).expect("opened");
    assert!(!db.kept_file(&scan.hash).exists());
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn a_decree_of_before_files_could_be_erased_keeps_its_bytes() {
    let bytes = br#"{"events":[],"fields":["phone"],"reason":"x"}"#;
    let fact = Fact::decode("record.erased", 1, bytes).expect("read");
    assert_eq!(fact.encode(), bytes);
}
