//! Undo: what the log says of it is what the records say, and what something else still needs is not taken back.

use uuid::Uuid;

use crate::domain::event::{DeedKind, Fact, Hash, ImportDone, Logged, Undone};
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::domain::{Kind, Problem, Result, firm};
use crate::store::acts::{NewFiling, Values};
use crate::store::queries::LogFilter;
use crate::store::testing::{OFFICER, Office, employ};
use crate::store::tests::seen::entries;
use crate::store::{Act, Db};

const WANG: RecordId = RecordId(Uuid::from_u128(0x3A26));

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect()
}

/// What a deed gives, and the action it was.
fn act<T: Send + 'static>(
    db: &Db,
    name: &str,
    deed: impl FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
) -> (T, RecordId) {
    let done = db.act(OFFICER, name, deed).wait().expect(name);
    (done.value, done.action.expect("something was written"))
}

fn undo(db: &Db, action: RecordId) -> RecordId {
    act(db, "撤销", move |act| act.undo(action)).1
}

fn refused(db: &Db, action: RecordId) -> Problem {
    let problem = db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().expect_err("refused");
    assert_eq!(problem.kind, Kind::Refused, "{problem:?}");
    problem
}

/// A firm that a list brought, and the action.
fn imported(db: &Db) -> (RecordId, RecordId) {
    act(db, "导入“名单”", |act| {
        let firm = act.create_firm(values(&[(firm::key::NAME, "青澜戊厂")]), Vec::new(), None)?;
        let done = ImportDone {
            file: "名单.csv".to_owned(),
            digest: Hash::of(&[b"list"]),
            title: "名单".to_owned(),
            purpose: "企业".to_owned(),
            rows: 1,
            created: 1,
            changed: 0,
            unchanged: 0,
            passed_over: 0,
        };
        let id = act.new_id();
        act.record_import(id, done)?;
        Ok(firm)
    })
}

/// Whether an action still stands, as the firm it entered, the log, the list of actions, the line of the log and the list of
/// imports have it: they all say the same.
fn stands(db: &Db, firm: RecordId, action: RecordId) -> bool {
    let there = db.firm(firm).wait().expect("read").is_some();
    let rows = db.log(&LogFilter::default(), None, 1000).wait().expect("a log");
    let row = rows.iter().find(|row| row.id == action).expect("a line");
    let listed = db.actions(1000).wait().expect("actions").into_iter().find(|row| row.id == action).expect("listed");
    let alone = db.log_row(action).wait().expect("read").expect("a line");
    let import = db.imports().wait().expect("imports").remove(0);
    let way_back = db.undo_of(action).wait().expect("an answer");
    assert_eq!([row.undone, listed.undone, alone.undone, import.undone, way_back.is_some()], [!there; 5]);
    there
}

#[test]
fn whoever_takes_back_and_redoes_in_turn_reads_in_the_log_how_it_ended() {
    let office = Office::new(1);
    let db = &office.db;
    let (firm, action) = imported(db);
    let mut last = action;
    for turn in 0..6 {
        assert_eq!(stands(db, firm, action), turn % 2 == 0, "turn {turn}");
        let done = db.act(OFFICER, "撤销", move |act| act.undo(last)).wait().expect("undone");
        let words = if turn % 2 == 0 { "撤销：导入“名单”" } else { "恢复：导入“名单”" };
        assert_eq!(done.name, words);
        last = done.action.expect("an action");
    }
    assert!(stands(db, firm, action));
    // By the line of the log instead of the keys, and back by what the list of imports offers.
    undo(db, action);
    assert!(!stands(db, firm, action));
    assert!(refused(db, last).says.contains("已经撤销过了"), "the redo before it did the same thing");
    undo(db, db.undo_of(action).wait().expect("an answer").expect("an undo that holds"));
    assert!(stands(db, firm, action));
}

/// Takes an action back as older programs did: a redo by an undo of its own.
fn undo_of_redo(db: &Db, redo: RecordId) -> RecordId {
    let of =
        entries(db).into_iter().filter(|entry| entry.event.action == redo && &*entry.event.kind == "record.undone");
    let of: Vec<(RecordId, Hash)> = of.map(|entry| (entry.event.record, entry.hash)).collect();
    assert_eq!(of.len(), 2, "the firm and the import");
    let taken = act(db, "撤销：导入“名单”", move |act| {
        for (record, hash) in of {
            act.append(record, Fact::Undone(Undone { events: vec![hash] }))?;
        }
        act.set_undoes(redo);
        Ok(())
    });
    taken.1
}

#[test]
fn a_row_of_undos_that_an_older_program_left_is_told_as_the_records_have_it() {
    let office = Office::new(1);
    let db = &office.db;
    let (firm, action) = imported(db);
    let first = undo(db, action);
    let redo = undo(db, first);
    let third = undo_of_redo(db, redo);
    assert!(!stands(db, firm, action));
    let fourth = undo(db, third);
    assert!(stands(db, firm, action));
    // From here on it goes back to the import itself.
    undo(db, fourth);
    assert!(!stands(db, firm, action));
}

#[test]
fn nobody_takes_the_founding_of_the_office_back() {
    let office = Office::new(1);
    let db = &office.db;
    let found = |act: &mut Act<'_>| act.found_office("青澜区科学技术局", "", "周敏", "qinglan-2026");
    let founded = db.act(RecordId::OFFICE, "启用科报", found).wait().expect("founded");
    let (founder, founding) = (founded.value, founded.action.expect("an action"));
    let add = |act: &mut Act<'_>| act.add_user("赵六", &[Role::Officer, Role::Administrator]);
    let second = db.act(founder, "新增人员", add).wait().expect("added").value;
    let problem = db.act(second, "撤销", move |act| act.undo(founding)).wait().expect_err("refused");
    assert!(problem.kind == Kind::Refused && problem.says.contains("启用"), "{problem:?}");
    let ledger = db.load_ledger(2025).wait().expect("a ledger");
    assert_eq!((ledger.user_name(founder), ledger.office.name.as_str()), ("周敏", "青澜区科学技术局"));
}

#[test]
fn somebody_who_has_worked_here_is_let_go_but_not_taken_back() {
    let office = Office::new(1);
    let db = &office.db;
    act(db, "启用", |act| employ(act, OFFICER, "周敏", &Role::ALL));
    let add = |name: &'static str| act(db, "新增人员", move |act| act.add_user(name, &[Role::Officer]));
    let name = |id: RecordId| db.load_ledger(2025).wait().expect("a ledger").user_name(id).to_owned();
    // Nobody ever heard of this one.
    let (idle, adding) = add("李岚");
    let taken = undo(db, adding);
    assert_eq!(name(idle), "李岚", "and still the history of her says her name");
    undo(db, taken);
    undo(db, adding);
    // This one signed in once.
    let (seen, adding) = add("王芳");
    db.note(seen, Logged::new(DeedKind::SignIn, "")).wait().expect("noted");
    let problem = refused(db, adding);
    assert!(problem.says.contains("办过事") && problem.next.unwrap_or_default().contains("停用"));
    // And to this one a filing was given.
    let (given, adding) = add("陈岚");
    let (filing, _) = act(db, "新增申报", |act| {
        let firm = act.create_firm(values(&[(firm::key::NAME, "青澜甲厂")]), Vec::new(), None)?;
        let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
        act.open_filing(firm, edition, NewFiling { stage: "district".to_owned(), ..NewFiling::default() })
    });
    let assigned = act(db, "分派", move |act| act.assign_filing(filing, &[given])).1;
    assert!(refused(db, adding).says.contains("名下有申报"));
    undo(db, assigned);
    let officer = act(db, "转交", move |act| act.transfer_filing(filing, given, "")).1;
    assert!(refused(db, adding).says.contains("名下有申报"));
    undo(db, officer);
    undo(db, adding);
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn somebody_whom_an_older_program_took_back_keeps_the_name_of_what_she_did() {
    let office = Office::new(1);
    let db = &office.db;
    act(db, "启用", |act| employ(act, OFFICER, "周敏", &Role::ALL));
    act(db, "新增人员", |act| employ(act, WANG, "王芳", &[Role::Officer]));
    let create = |act: &mut Act<'_>| act.create_firm(values(&[(firm::key::NAME, "青澜甲厂")]), Vec::new(), None);
    db.act(WANG, "新增企业", create).wait().expect("entered");
    db.load_ledger(2025).wait().expect("a ledger");
    let added = entries(db).into_iter().find(|entry| entry.event.record == WANG).expect("her first").hash;
    act(db, "撤销", move |act| act.append(WANG, Fact::Undone(Undone { events: vec![added] })));
    for ledger in [db.ledger(), db.load_ledger(2025).wait().expect("a ledger")] {
        assert_eq!(ledger.user_name(WANG), "王芳");
        let names: Vec<&str> = ledger.actors().map(|(_, name)| name).collect();
        assert_eq!(names, ["周敏", "王芳", "科报"]);
        assert!(ledger.users.iter().all(|user| user.id != WANG), "she works here no more");
    }
    assert_eq!(db.check().wait().expect("a check").faults, []);
}

#[test]
fn a_filing_that_stands_in_a_shortlist_is_not_taken_from_under_it() {
    let office = Office::new(1);
    let db = &office.db;
    let ((firm, edition), _) = act(db, "新增", |act| {
        let firm = act.create_firm(values(&[(firm::key::NAME, "青澜乙厂")]), Vec::new(), None)?;
        Ok((firm, act.open_edition("gaoqi", 2026, 1, Values::new())?))
    });
    let (filing, entered) = act(db, "新增申报", move |act| act.open_filing(firm, edition, NewFiling::default()));
    let taken = undo(db, entered);
    undo(db, taken);
    let (list, made) = act(db, "新增名单", move |act| act.make_shortlist(edition, "推荐", &[filing]));
    let problem = refused(db, entered);
    assert!(problem.says.contains("推荐名单"), "{problem:?}");
    assert_eq!(db.shortlist(list).wait().expect("read").expect("there").shortlist.items, [filing]);
    undo(db, made);
    undo(db, entered);
    assert_eq!(db.check().wait().expect("a check").faults, []);
}
