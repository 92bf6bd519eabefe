//! An office is backed up, goes wrong, and comes back: the same tables, a journal that is whole, a device of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use kebao::domain::firm::key;
use kebao::domain::id::RecordId;
use kebao::example;
use kebao::store::backup::{self, By, Verified};
use kebao::store::ledger::Ledger;
use kebao::store::{Clock, Db, Entropy, Options};

use crate::support::{Folder, empty_office, example_office, today};

/// Everything the lists show, in an order of its own.
fn shown(ledger: &Ledger) -> Vec<String> {
    let mut all: Vec<String> = ledger.firms().map(|firm| format!("{} {} {}", firm.id, firm.name, firm.code)).collect();
    all.extend(ledger.filings().map(|filing| format!("{} {} {}", filing.id, filing.number, filing.status_word())));
    all.sort();
    all
}

#[test]
fn the_example_office_is_backed_up_changed_and_restored() {
    let office = example_office();
    let list = office.folder.file(example::LIST_NAME);
    fs::write(&list, example::document().expect("the list")).expect("a file");
    let kept = office.db.keep_file(&list).expect("kept");
    let before = (shown(&office.db.ledger()), office.db.check().wait().expect("a check"));
    let fresh = office.db.back_up(By::Hand, None).wait().expect("a backup");
    assert!(matches!(fresh.backup.verified, Verified::Yes { .. }));
    assert_eq!(fresh.files.copied, 1);
    // As the file was then: what a restore is measured by.
    let proof = backup::preview(&office.folder.0, &fresh.backup.path).expect("a look");
    let ledger = office.db.ledger();
    let counts = (ledger.firm_count() as u64, ledger.filings().count() as u64, before.1.events);
    assert_eq!((proof.holds.firms, proof.holds.filings, proof.holds.events), counts);

    let firm = office.db.ledger().firms().next().expect("a firm").id;
    let values = [(key::TOWNSHIP.to_owned(), Some("双河镇之外".to_owned()))].into();
    let change =
        office.db.act(office.officer, "修改企业", move |act| act.change_firm(firm, &values, Vec::new(), None));
    change.wait().expect("a change");
    let values = [(key::NAME.to_owned(), Some("后来的厂".to_owned()))].into();
    let entering = office.db.act(office.officer, "新增企业", move |act| act.create_firm(values, Vec::new(), None));
    entering.wait().expect("a firm");
    assert_ne!(shown(&office.db.ledger()), before.0);
    let lost = backup::preview(&office.folder.0, &fresh.backup.path).expect("a look").lost.expect("comparable");
    assert_eq!((lost.actions, lost.events), (2, 4));

    let kebao = office.folder.0.join("kebao.db");
    drop(office.db);
    let now = fs::read(&kebao).expect("the present");
    let options = Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(12) };
    let restored = backup::restore(&office.folder.0, &fresh.backup.path, &options).expect("restored");
    let db = Db::open(&office.folder.0, options).expect("it opens");
    let ledger = db.load_ledger(2025).wait().expect("a ledger");
    assert_eq!(shown(&ledger), before.0);
    // The check compares every table with what the journal gives, row by row; the journal is the backup's to the event.
    let report = db.check().wait().expect("a check");
    assert_eq!(report, before.1);
    let again = backup::preview(&office.folder.0, &fresh.backup.path).expect("a look");
    assert_eq!(again.lost, Some(backup::Lost::default()));
    let done = db.act(office.officer, "新增企业", |act| {
        act.create_firm([(key::NAME.to_owned(), Some("又一家厂".to_owned()))].into(), Vec::new(), None)
    });
    assert!(done.wait().expect("a firm").action.is_some());
    let report = db.check().wait().expect("a check");
    assert_eq!((report.devices, report.faults.len()), (before.1.devices + 1, 0), "on a chain of its own");
    assert_eq!(fs::read(restored.aside.expect("kept")).expect("the old one"), now, "to the byte as it was");
    assert!(db.kept_file(&kept).is_file());
}

fn kebao(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kebao"));
    command.arg("--data").arg(data).args(words).env("KEBAO_PASSWORD", "qinglan-2026").env_remove("DISPLAY");
    command.output().expect("it runs")
}

fn json(output: &Output, code: i32) -> serde_json::Value {
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn a_script_backs_up_lists_looks_and_restores() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]), 0);
    let stick = folder.file("stick");
    let made = json(&kebao(&data, &["--json", "backup", "--to", stick.to_str().unwrap()]), 0);
    let file = made["backup"]["path"].as_str().expect("a path").to_owned();
    assert_eq!(made["backup"]["verified"]["state"], "yes");
    let listed = json(&kebao(&data, &["--json", "backups", "--from", stick.to_str().unwrap()]), 0);
    assert_eq!(listed[0]["file"], file.as_str());
    assert_eq!(listed[0]["by"], "手工");
    assert_eq!(json(&kebao(&data, &["--json", "backups"]), 0).as_array().map(Vec::len), Some(0));
    json(&kebao(&data, &["--json", "firms", "add", "企业名称=甲厂"]), 0);
    // Wherever it is started from, what was proven is proven.
    let mut here = Command::new(env!("CARGO_BIN_EXE_kebao"));
    let from = here.current_dir(&folder.0).args(["--json", "--data", "office", "backups", "--from", "stick"]);
    let listed = json(&from.output().expect("it runs"), 0);
    assert!(listed[0]["verified"].as_str().expect("words").starts_with("已验证"), "{listed}");

    // Looking changes nothing and says so by its code.
    let look = json(&kebao(&data, &["--json", "restore", &file]), 130);
    assert_eq!((look["restored"].as_bool(), look["lost"]["actions"].as_u64()), (Some(false), Some(1)));
    assert_eq!(json(&kebao(&data, &["--json", "firms"]), 0).as_array().map(Vec::len), Some(1));
    let words = String::from_utf8_lossy(&kebao(&data, &["restore", &file]).stdout).into_owned();
    assert!(words.contains("不再看得到") && words.contains("青澜区科学技术局"), "{words}");

    let wrong = Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(&data)
        .args(["restore", &file, "--yes"])
        .env("KEBAO_PASSWORD", "wrong-password")
        .output()
        .expect("it runs");
    assert_eq!(wrong.status.code(), Some(4), "{}", String::from_utf8_lossy(&wrong.stderr));
    let done = json(&kebao(&data, &["--json", "restore", &file, "--yes"]), 0);
    assert!(Path::new(done["aside"].as_str().expect("the old one is kept")).is_file());
    assert_eq!(json(&kebao(&data, &["--json", "firms"]), 0).as_array().map(Vec::len), Some(0));
    assert_eq!(json(&kebao(&data, &["--json", "check"]), 0)["faults"].as_array().map(Vec::len), Some(0));
    // The log says whose password it was, and who a backup was made by where somebody said so.
    let noted = json(&kebao(&data, &["--json", "log", "--kind", "从备份恢复"]), 0);
    assert_eq!(noted[0]["user"], "周敏", "{noted}");
    let own = folder.file("own");
    json(&kebao(&data, &["--json", "--user", "周敏", "backup", "--to", own.to_str().unwrap()]), 0);
    let noted = json(&kebao(&data, &["--json", "log", "--kind", "备份"]), 0);
    assert_eq!(noted[0]["user"], "周敏", "{noted}");

    // A new machine knows nothing yet and asks for nobody's password.
    let new = folder.file("new machine");
    json(&kebao(&new, &["--json", "restore", &file, "--yes"]), 0);
    assert_eq!(json(&kebao(&new, &["--json", "check"]), 0)["faults"].as_array().map(Vec::len), Some(0));
    let other = folder.file("名单.kbk");
    fs::write(&other, "名称,代码\n").expect("a file");
    let refused = kebao(&data, &["restore", other.to_str().unwrap(), "--yes"]);
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(7), "{says}");
    assert!(says.contains("不是科报的备份"), "{says}");
}

#[test]
fn whoever_writes_meanwhile_is_in_no_backups_way() {
    let office = empty_office();
    let backups: Vec<_> = (0..4)
        .map(|n| {
            let answer = office.db.back_up(By::Hand, None);
            let values = [(key::NAME.to_owned(), Some(format!("青澜{n}厂")))].into();
            let entering = office.db.act(office.officer, "新增企业", move |act| {
                act.create_firm(values, Vec::new(), None).map(|_: RecordId| ())
            });
            entering.wait().expect("a firm");
            answer
        })
        .collect();
    for answer in backups {
        let made = answer.wait().expect("a backup").backup.made.expect("it says of itself");
        assert!(made.firms <= 4);
    }
    assert_eq!(office.db.backups(None).wait().expect("a list").len(), 4);
    office.assert_whole();
}
