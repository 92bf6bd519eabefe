//! Two hundred filings go to two supervisors on machines of their own, who decide some of the same ones while the officer goes on
//! working; the answers come home in either order and give the same tables.

use std::path::{Path, PathBuf};

use kebao::domain::filing::machine::Wish;
use kebao::domain::id::RecordId;
use kebao::domain::people::Role;
use kebao::domain::program::Effect;
use kebao::exchange::package::{self, Keys};
use kebao::store::acts::{NewFiling, Values};
use kebao::store::packages::{NewMachine, Outcome, Wanted};
use kebao::store::{Clock, Db, Entropy, Options};
use rusqlite::types::Value;

use crate::support::{Folder, today};

fn open(folder: &Path, seed: u64) -> Db {
    let db =
        Db::open(folder, Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(seed) }).expect("it opens");
    db.load_ledger(2025).wait().expect("a ledger");
    db
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned()))).collect()
}

fn meet(db: &Db, by: RecordId, other: &Db, name: &str) {
    let card = Keys::of(other).expect("keys").card(other);
    let new = NewMachine { card, name: name.to_owned(), user: None };
    db.act(by, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
}

fn send(from: &Db, user: RecordId, to: &Db, wanted: Wanted, folder: &Folder, name: &str) -> PathBuf {
    let sign = Keys::of(to).expect("keys").sign_key();
    let machine = from.machine_of(sign).wait().expect("an answer").expect("met");
    package::make(from, user, &machine, wanted, None, &folder.file(name)).expect("a package").path
}

fn take(db: &Db, user: RecordId, path: &Path) -> kebao::store::packages::Taken {
    let opened = package::open(db, user, path, None).expect("it opens");
    package::take(db, user, &opened, None).expect("taken in")
}

fn decide(db: &Db, user: RecordId, filings: &[RecordId], effect: Effect) {
    let filings = filings.to_vec();
    db.act(user, "审核", move |act| {
        for filing in &filings {
            act.move_filing(*filing, &Wish { reason: "研发费用明细缺页".to_owned(), ..Wish::new(effect, today()) })?;
        }
        Ok(())
    })
    .wait()
    .expect("decided");
}

/// Every row of the derived tables, but for what each machine notes of its own doings.
fn tables(folder: &Path) -> Vec<(String, Vec<Value>)> {
    let connection = rusqlite::Connection::open(folder.join("kebao.db")).expect("a database");
    let mut all = Vec::new();
    for table in [
        "office",
        "user",
        "firm",
        "edition",
        "filing",
        "shortlist",
        "shortlist_version",
        "import",
        "action",
        "known_machine",
        "package_made",
    ] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a table");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect()).expect("rows");
        all.extend(rows.map(|row| (table.to_owned(), row.expect("a row"))));
    }
    all
}

#[test]
fn overlapping_answers_come_home_in_either_order() {
    let folder = Folder::new();
    let at = |name: &str| folder.file(name);
    let officer = open(&at("officer"), 1);
    let (user, chief, deputy, all) = officer
        .act(RecordId::OFFICE, "启用", |act| {
            act.change_office(&values(&[("name", "青澜区科学技术局")]))?;
            let user = act.add_user("周敏", &[Role::Officer])?;
            let chief = act.add_user("张远", &[Role::Supervisor])?;
            let deputy = act.add_user("李岚", &[Role::Supervisor])?;
            let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
            let mut all = Vec::new();
            for n in 0..200 {
                let firm =
                    act.create_firm(values(&[("name", &format!("青澜第{n:03}号新材料有限公司"))]), Vec::new(), None)?;
                let new = NewFiling { form: values(&[("staff", "80")]), ..NewFiling::default() };
                let filing = act.open_filing(firm, edition, new)?;
                act.move_filing(filing, &Wish::new(Effect::Pass, today()))?;
                all.push(filing);
            }
            Ok((user, chief, deputy, all))
        })
        .wait()
        .expect("an office")
        .value;
    let (a, b) = (open(&at("a"), 2), open(&at("b"), 3));
    for (machine, name) in [(&a, "张科长的电脑"), (&b, "李局长的电脑")] {
        meet(&officer, user, machine, name);
        // Nobody works there yet.
        meet(machine, RecordId::OFFICE, &officer, "周敏的电脑");
    }
    let to_a = send(&officer, user, &a, Wanted::Review(all.clone()), &folder, "a.kbp");
    let to_b = send(&officer, user, &b, Wanted::Review(all.clone()), &folder, "b.kbp");
    for (machine, who, package) in [(&a, chief, &to_a), (&b, deputy, &to_b)] {
        let taken = take(machine, who, package);
        assert_eq!((taken.waiting, taken.brought.filings.len()), (0, 200));
    }
    // A decides 0..120, B 80..200: they agree on nothing in between. The officer edits some and withdraws others.
    decide(&a, chief, &all[..120], Effect::Pass);
    decide(&b, deputy, &all[80..], Effect::Return);
    let edited = all[..10].to_vec();
    officer
        .act(user, "补填", move |act| {
            edited.iter().try_for_each(|filing| act.change_filing(*filing, &values(&[("form.staff", "81")])).map(drop))
        })
        .wait()
        .expect("edited");
    decide(&officer, user, &all[190..195], Effect::Withdraw);
    let from_a = send(&a, chief, &officer, Wanted::Answer, &folder, "from-a.kbp");
    let from_b = send(&b, deputy, &officer, Wanted::Answer, &folder, "from-b.kbp");
    drop(officer);
    // The officer's machine twice over, as it was.
    for name in ["kebao.db", "kebao.key"] {
        std::fs::create_dir_all(at("other")).expect("a folder");
        std::fs::copy(at("officer").join(name), at("other").join(name)).expect("a copy");
    }
    let merge = |folder: &Path, order: [&PathBuf; 2], seed| {
        let db = open(folder, seed);
        let outcomes: Vec<[usize; 3]> = order
            .into_iter()
            .map(|path| {
                let brought = take(&db, user, path).brought;
                [Outcome::Stands, Outcome::Outdated, Outcome::Conflict].map(|outcome| brought.count(outcome))
            })
            .collect();
        assert_eq!(db.check().wait().expect("checked").faults, []);
        let split = db.ledger().filings().filter(|filing| filing.split).count();
        let outdated = db.ledger().filings().filter(|filing| filing.outdated).count();
        assert_eq!((split, outdated), (40 + 5, 10));
        assert_eq!(db.conflicts().wait().expect("conflicts").len(), 55);
        outcomes
    };
    assert_eq!(merge(&at("officer"), [&from_a, &from_b], 4), [[110, 10, 0], [75, 0, 45]]);
    assert_eq!(merge(&at("other"), [&from_b, &from_a], 5), [[115, 0, 5], [70, 10, 40]]);
    assert_eq!(tables(&at("officer")), tables(&at("other")));
}
