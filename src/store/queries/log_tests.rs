use rusqlite::StatementStatus;

use super::*;
use crate::domain::event::Logged;
use crate::store::act::Act;
use crate::store::testing::{OFFICER, Office, TODAY};

fn firm(act: &mut Act<'_>, name: &str) -> Result<RecordId> {
    let values = [("name".to_owned(), Some(name.to_owned()))].into();
    act.create_firm(values, Vec::new(), None)
}

fn words(rows: &[LogRow]) -> Vec<(&'static str, &str)> {
    rows.iter().map(|row| (row.kind.label(), row.words.as_str())).collect()
}

fn all(office: &Office, filter: &LogFilter) -> Vec<LogRow> {
    office.db.log(filter, None, 1000).wait().unwrap()
}

#[test]
fn deeds_and_what_was_noted_stand_in_one_list_newest_first() {
    let office = Office::new(1);
    office.db.note(OFFICER, Logged::new(DeedKind::SignIn, "")).wait().unwrap();
    let made = office.db.act(OFFICER, "新增“甲厂”", |act| firm(act, "甲厂")).wait().unwrap();
    let action = made.action.unwrap();
    office.db.note(OFFICER, Logged::new(DeedKind::Export, "企业：企业名单.xlsx").count(1)).wait().unwrap();
    office.db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().unwrap();
    let rows = all(&office, &LogFilter::default());
    let told = [("撤销", "撤销：新增“甲厂”"), ("导出", "企业：企业名单.xlsx"), ("新增", "新增“甲厂”"), ("登录", "")];
    assert_eq!(words(&rows), told);
    assert_eq!(rows.iter().map(|row| row.undone).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(rows.iter().map(|row| row.count).collect::<Vec<_>>(), [Some(1), Some(1), Some(1), None]);
    let kind = |kind| all(&office, &LogFilter { kind: Some(kind), ..LogFilter::default() });
    assert_eq!(words(&kind(DeedKind::Export)), [("导出", "企业：企业名单.xlsx")]);
    assert_eq!(words(&kind(DeedKind::Create)), [("新增", "新增“甲厂”")]);
    let text = LogFilter { text: "甲厂".to_owned(), ..LogFilter::default() };
    assert_eq!(all(&office, &text).len(), 2);
    assert_eq!(office.db.log_count(&text).wait().unwrap(), 2);
    let day = |from, to| all(&office, &LogFilter { from: Some(from), to: Some(to), ..LogFilter::default() }).len();
    assert_eq!(day(TODAY, TODAY), 4);
    assert_eq!(day(TODAY.succ_opt().unwrap(), TODAY.succ_opt().unwrap()), 0);
    assert_eq!(day(TODAY.pred_opt().unwrap(), TODAY.pred_opt().unwrap()), 0);
    let nobody = LogFilter { person: Some(RecordId::OFFICE), ..LogFilter::default() };
    assert_eq!(all(&office, &nobody).len(), 0);
    // Tables made anew say the same, and nothing about it is in doubt.
    assert_eq!(office.db.check().wait().unwrap().faults, []);
}

#[test]
fn what_is_noted_with_a_deed_stands_or_falls_with_it_and_undo_leaves_it_alone() {
    let office = Office::new(2);
    let failed = office.db.act(OFFICER, "新增“甲厂”", |act| {
        firm(act, "甲厂")?;
        act.note(Logged::new(DeedKind::Export, "甲"));
        Err::<(), _>(crate::domain::Problem::bad_input("不行。"))
    });
    assert!(failed.wait().is_err());
    assert_eq!(all(&office, &LogFilter::default()), []);
    let done = office.db.act(OFFICER, "新增“甲厂”", |act| {
        act.note(Logged::new(DeedKind::Export, "甲"));
        firm(act, "甲厂")
    });
    let done = done.wait().unwrap();
    let deed = office.db.deed(done.action.unwrap(), 10).wait().unwrap().unwrap();
    assert_eq!((deed.records.len(), deed.more), (1, 0));
    assert_eq!(deed.records[0].subject.name, "甲厂");
    let undone = office.db.act(OFFICER, "撤销", move |act| act.undo(done.action.unwrap())).wait().unwrap();
    assert_eq!(undone.value.records, 1);
    assert_eq!(words(&all(&office, &LogFilter::default()))[1], ("导出", "甲"));
    let note = all(&office, &LogFilter { kind: Some(DeedKind::Export), ..LogFilter::default() })[0].id;
    let refused = office.db.act(OFFICER, "撤销", move |act| act.undo(note)).wait();
    assert!(refused.is_err(), "what was noted is no action");
    assert_eq!(office.db.check().wait().unwrap().faults, []);
}

#[test]
fn what_a_rule_refuses_is_logged_and_changes_nothing_else() {
    let office = Office::new(3);
    let firm = office.db.act(OFFICER, "新增“甲厂”", |act| firm(act, "甲厂")).wait().unwrap();
    let action = firm.action.unwrap();
    office.db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().unwrap();
    let refused = office.db.act(OFFICER, "撤销", move |act| act.undo(action)).wait().unwrap_err();
    let rows = all(&office, &LogFilter { kind: Some(DeedKind::Refused), ..LogFilter::default() });
    assert_eq!(words(&rows), [("被拒绝", format!("撤销：{}", refused.says).as_str())]);
    assert_eq!(office.db.history(firm.value).wait().unwrap().unwrap().changes.len(), 2);
}

#[test]
fn an_office_that_was_closed_goes_on_after_its_last_note() {
    let office = Office::new(4);
    office.db.act(OFFICER, "新增“甲厂”", |act| firm(act, "甲厂")).wait().unwrap();
    office.db.note(OFFICER, Logged::new(DeedKind::SignOut, "")).wait().unwrap();
    let Office { db, folder } = office;
    drop(db);
    let db = Db::open(&folder.0, crate::store::testing::options(5)).unwrap();
    db.note(OFFICER, Logged::new(DeedKind::SignIn, "")).wait().unwrap();
    let rows = db.log(&LogFilter::default(), None, 10).wait().unwrap();
    assert_eq!(rows.iter().map(|row| row.kind.label()).collect::<Vec<_>>(), ["登录", "退出", "新增"]);
    assert!(rows.windows(2).all(|pair| pair[0].at > pair[1].at), "no two at one moment");
}

/// A database with so many actions and a hundredth as many notes.
fn long_log(actions: i64) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    crate::store::schema::remake_derived(&connection).unwrap();
    let sql = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
        INSERT INTO action SELECT randomblob(16), '修改“第 ' || n || ' 家”', zeroblob(16), n, n,
            CASE n % 5000 WHEN 0 THEN x'0000000000000000000000000ff1ce00' ELSE zeroblob(16) END, n * 65536, NULL,
            CASE n % 5000 WHEN 0 THEN 'import' ELSE 'change' END, 1 FROM n";
    connection.execute(sql, [actions]).unwrap();
    let sql = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
        INSERT INTO log SELECT randomblob(16), 'sign-in', '', NULL, NULL, zeroblob(16), zeroblob(16), n * 6553600 FROM n";
    connection.execute(sql, [actions / 100]).unwrap();
    connection
}

fn wanted(filter: &LogFilter, before: Option<(Stamp, RecordId)>) -> Wanted {
    Wanted::new(filter, before, &Clock::fixed(TODAY))
}

/// How many steps SQLite's machine takes for a page, and whether it sorted.
fn cost(connection: &Connection, wanted: &Wanted) -> (i32, i32) {
    let (sql, mut parameters) = statement(wanted);
    parameters.push(Value::Integer(200));
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map(params_from_iter(parameters), read).unwrap().count();
    assert!(rows <= 200);
    (statement.get_status(StatementStatus::VmStep), statement.get_status(StatementStatus::Sort))
}

#[test]
fn a_page_of_a_hundred_thousand_actions_costs_what_a_page_of_two_thousand_does() {
    let (small, large) = (long_log(2_000), long_log(100_000));
    let imports = LogFilter { kind: Some(DeedKind::Import), ..LogFilter::default() };
    let officer = LogFilter { person: Some(OFFICER), ..LogFilter::default() };
    let middle = Some((Stamp(1_000 * 65536), RecordId::OFFICE));
    for (what, filter, before) in [
        ("the newest", LogFilter::default(), None),
        ("further down", LogFilter::default(), middle),
        ("a rare sort", imports, None),
        ("a rare person", officer, None),
    ] {
        let ((few, _), (many, sorted)) =
            (cost(&small, &wanted(&filter, before)), cost(&large, &wanted(&filter, before)));
        assert_eq!(sorted, 0, "{what} is sorted instead of read down an index");
        // Twenty rare rows against none; a walk over everything would be fifty times as much.
        assert!(many < few.max(4_000) * 2, "{what}: {many} steps, in a small office {few}");
    }
}

#[test]
fn pages_join_without_a_gap_or_a_repetition() {
    let connection = long_log(2_000);
    let everything = page(&connection, &wanted(&LogFilter::default(), None), u32::MAX).unwrap();
    assert_eq!(everything.len(), 2_020);
    let (mut joined, mut before): (Vec<LogRow>, _) = (Vec::new(), None);
    loop {
        let part = page(&connection, &wanted(&LogFilter::default(), before), 300).unwrap();
        let Some(last) = part.last() else { break };
        before = Some((last.at, last.id));
        joined.extend(part);
    }
    assert_eq!(joined, everything);
}
