//! Reviews by script: machines meet, a package goes out and comes home, a conflict is resolved. A file of its own, because a program
//! that starts others holds for a moment what every other test of its process has locked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that vanishes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kebao-reviews-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn kebao(data: &Path, user: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(data)
        .args(words)
        .env("KEBAO_PASSWORD", "qinglan-2026")
        .env("KEBAO_USER", user)
        .env_remove("DISPLAY")
        .output()
        .expect("it runs")
}

fn json(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

/// What it says to people.
fn says(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path").to_owned()
}

fn print(card: &serde_json::Value) -> String {
    card["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

fn refused(output: &Output, code: i32, word: &str) {
    let says = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{says}");
    assert!(says.contains(word), "{says}");
}

#[test]
fn a_script_packs_opens_decides_answers_and_merges() {
    let folder = Folder::new("all");
    let (office, desk) = (folder.file("office"), folder.file("desk"));
    let officer = |words: &[&str]| kebao(&office, "周敏", &[&["--json"], words].concat());
    let chief = |words: &[&str]| kebao(&desk, "周敏", &[&["--json", "review"], words].concat());
    json(&officer(&["init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    json(&officer(&["firms", "add", "企业名称=青澜恒砚新材料有限公司", "联系人=周敏"]));
    json(&officer(&["editions", "add", "gaoqi/2026/2"]));
    let filing = json(&officer(&["filings", "add", "恒砚", "gaoqi/2026/2", "职工总数=80", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a number").to_owned();
    json(&officer(&["move", &number, "pass", "--on", "2026-03-03"]));

    // They get to know each other; a wrong fingerprint is refused.
    let (card_a, card_b) = (folder.file("officer.kbc"), folder.file("chief.kbc"));
    let own = json(&officer(&["review", "card", "--name", "周敏的电脑", "--out", &text(&card_a)]));
    // What is refused leaves nothing that would stand in the way of the next try.
    refused(&chief(&["join", "--name", " ", "--out", &text(&card_b)]), 3, "60 个字");
    refused(&chief(&["join", "--name", "张科长的电脑", "--out", &text(&card_a)]), 3, "没有覆盖");
    let other = json(&chief(&["join", "--name", "张科长的电脑", "--out", &text(&card_b)]));
    // A card takes no file's place.
    refused(&officer(&["review", "card", "--out", &text(&card_b)]), 3, "没有覆盖");
    refused(&officer(&["review", "meet", &text(&card_b), "--fingerprint", &print(&own)]), 4, "指纹不符");
    json(&officer(&["review", "meet", &text(&card_b), "--fingerprint", &print(&other)]));
    json(&officer(&["review", "recovery", "--out", &text(&folder.file("恢复密钥.txt"))]));
    let second = ["review", "recovery", "--out", &text(&folder.file("第二把.txt"))];
    refused(&officer(&second), 4, "已经有交换包恢复密钥");
    assert!(!folder.file("第二把.txt").exists());
    json(&officer(&[&second[..], &["--replace"]].concat()));
    let pack = folder.file("送审.kbp");
    // Who is to review is said first; what waits for them is what is packed.
    let assigned = json(&officer(&["review", "assign", "--unassigned", "--to", "周敏"]));
    assert_eq!((assigned["changed"].as_u64(), assigned["filings"].as_array().map(Vec::len)), (Some(1), Some(1)));
    let ties = assigned["ties"][0]["says"].as_str().expect("ties");
    assert!(ties.starts_with("与申报企业联系人同名"), "{ties}");
    assert_eq!(json(&officer(&["review", "assign", &number, "--to", "周敏"]))["changed"], 0);
    refused(&officer(&["review", "assign", "--unassigned", "--to", "周敏"]), 4, "没有这样的待初审申报");
    let to = ["review", "pack", "--to", "张科长的电脑", "--reviewer", "周敏", "--out"];
    let made = json(&officer(&[&to[..], &[&text(&pack)]].concat()));
    assert_eq!((made["filings"].as_u64(), made["no_recovery"].as_bool()), (Some(1), Some(false)));

    // On the other machine: held until the sender is known, seen before it is taken in.
    let seen = json(&chief(&["open", &text(&pack)]));
    assert_eq!(seen["held"]["kind"], "refused");
    assert_eq!(seen["preview"]["filings"][0][2], "青澜恒砚新材料有限公司");
    json(&chief(&["meet", &text(&pack), "--fingerprint", &print(&own)]));
    assert_eq!(json(&chief(&["open", &text(&pack), "--take"]))["waiting"], 0);
    refused(&chief(&["decide", &number, "pass"]), 4, "密码不对");
    json(&chief(&["password"]));
    refused(&chief(&["password"]), 4, "已经有人设过密码");
    assert_eq!(json(&chief(&["decide", &number, "通过/推荐", "--on", "2026-03-05"]))["stage"], "city");
    let back = folder.file("回传.kbp");
    json(&chief(&["answer", "--to", "周敏的电脑", "--out", &text(&back)]));

    // Meanwhile the officer returned it.
    json(&officer(&["move", &number, "return", "--reason", "缺页", "--on", "2026-03-04"]));
    let look = json(&officer(&["review", "merge", "--look", &text(&back)]));
    assert_eq!(look[0]["result"]["preview"]["decisions"][0]["outcome"], "conflict");
    assert_eq!(json(&officer(&["review", "conflicts"])).as_array().map(Vec::len), Some(0));
    json(&officer(&["review", "merge", &text(&back)]));
    let conflicts = json(&officer(&["review", "conflicts"]));
    let sides = conflicts[0]["sides"].as_array().expect("sides");
    let machines: Vec<&str> = sides.iter().filter_map(|side| side["machine"].as_str()).collect();
    assert!(machines.contains(&"张科长的电脑") && machines.contains(&"本机"), "{machines:?}");
    let wanted =
        sides.iter().position(|side| side["says"].as_str().is_some_and(|says| says.contains("推荐"))).expect("a side")
            + 1;
    let resolve = ["review", "resolve", &number, "--side", &wanted.to_string(), "--reason"];
    refused(&officer(&[&resolve[..], &[""]].concat()), 4, "写明原因");
    json(&officer(&[&resolve[..], &["以科长意见为准"]].concat()));
    assert_eq!(json(&officer(&["filings"]))[0]["number"], number.as_str());
    assert_eq!(json(&officer(&["review", "conflicts"])).as_array().map(Vec::len), Some(0));
    assert_eq!(json(&officer(&["review", "packages"]))[0]["machine"], "张科长的电脑");
    for data in [&office, &desk] {
        assert_eq!(json(&kebao(data, "周敏", &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
    }
    // A shared folder: what is for others is passed over, what was taken in says so.
    let again = json(&officer(&["review", "merge", &text(&folder.0)]));
    let files: Vec<&str> =
        again.as_array().expect("results").iter().map(|one| one["file"].as_str().expect("a name")).collect();
    assert_eq!((files, again[0]["result"]["repeated"].as_bool()), (vec!["回传.kbp"], Some(true)));
    // A card that left is in the log, whoever had it written.
    json(&officer(&["review", "card", "--out", &text(&folder.file("再一张.kbc"))]));
    let left = says(&kebao(&office, "周敏", &["log", "--kind", "导出"]));
    assert!(left.contains("本机名片：officer.kbc") && left.contains("本机名片：再一张.kbc"), "{left}");
    // Somebody else's, and nothing but a file: each with its code.
    refused(&officer(&["review", "open", &text(&pack)]), 4, "不是做给这台电脑的");
    refused(&officer(&["review", "open", &text(&card_a)]), 7, "不是科报的包");
}

#[test]
fn a_folder_says_of_each_file_what_is_wrong_with_it_and_that_there_is_nothing() {
    let folder = Folder::new("folder");
    let (office, shared) = (folder.file("office"), folder.file("共享"));
    fs::create_dir_all(&shared).expect("a folder");
    let officer = |words: &[&str]| kebao(&office, "周敏", words);
    assert!(officer(&["init", "--office", "青澜区科学技术局", "--name", "周敏"]).status.success());
    let merge = ["review", "merge", &text(&shared)];
    assert!(says(&officer(&merge)).contains("没有给这台电脑的包"));
    let files = [
        ("新版.kbp", &b"kebao-package 3\nwhatever comes then"[..], "更新版本"),
        ("空的.kbp", b"", "不是科报的包"),
        ("说明.kbp", b"read me", "不是科报的包"),
        ("半截.kbp", b"kebao-package 1\nage-encryption.org/v1\n-> X25519 ", "不完整或被改动过"),
    ];
    for (name, bytes, _) in files {
        fs::write(shared.join(name), bytes).expect("written");
    }
    let merged = officer(&merge);
    let told = String::from_utf8_lossy(&merged.stderr).into_owned();
    assert_eq!(merged.status.code(), Some(7), "{told}");
    let log = says(&officer(&["log", "--kind", "被拒绝"]));
    for (name, _, word) in files {
        let line = |text: &str| text.lines().any(|line| line.contains(name) && line.contains(word));
        assert!(line(&told) && line(&log), "{name}: {told} {log}");
    }
}

/// Everything goes from one to the other.
fn carry(folder: &Folder, from: &Path, to: &Path, name: &str, n: usize) {
    let path = text(&folder.file(&format!("交换{n}.kbp")));
    json(&kebao(from, "周敏", &["--json", "review", "pack", "--all", "--to", name, "--out", &path]));
    json(&kebao(to, "周敏", &["--json", "review", "open", "--take", &path]));
}

#[test]
fn of_two_filings_of_one_number_the_one_that_is_meant_is_settled_and_only_by_those_who_may() {
    let folder = Folder::new("numbers");
    let (a, b) = (folder.file("a"), folder.file("b"));
    let one = |words: &[&str]| json(&kebao(&a, "周敏", &[&["--json"], words].concat()));
    let other = |words: &[&str]| json(&kebao(&b, "周敏", &[&["--json"], words].concat()));
    one(&["init", "--office", "青澜区科学技术局", "--name", "周敏"]);
    for firm in ["青澜甲厂", "青澜乙厂"] {
        one(&["firms", "add", &format!("企业名称={firm}")]);
    }
    one(&["editions", "add", "gaoqi/2026/2"]);
    let (card_a, card_b) = (folder.file("a.kbc"), folder.file("b.kbc"));
    let own = one(&["review", "card", "--name", "甲的电脑", "--out", &text(&card_a)]);
    let new = other(&["review", "join", "--name", "乙的电脑", "--out", &text(&card_b)]);
    one(&["review", "meet", &text(&card_b), "--fingerprint", &print(&new)]);
    other(&["review", "meet", &text(&card_a), "--fingerprint", &print(&own)]);
    carry(&folder, &a, &b, "乙的电脑", 1);
    other(&["review", "password"]);
    // Each goes on alone, and both give out the same number.
    let file = |add: &dyn Fn(&[&str]) -> serde_json::Value, firm: &str| {
        let filing = add(&["filings", "add", firm, "gaoqi/2026/2", "职工总数=80", "--on", "2026-03-02"]);
        let word = |key: &str| filing[key].as_str().expect("a word").to_owned();
        (word("number"), word("id"))
    };
    let ((number, id), (same, _)) = (file(&one, "青澜甲厂"), file(&other, "青澜乙厂"));
    assert_eq!(number, same);
    one(&["move", &id, "pass", "--on", "2026-03-03"]);
    carry(&folder, &a, &b, "乙的电脑", 2);
    carry(&folder, &b, &a, "甲的电脑", 3);
    one(&["move", &id, "pass", "--on", "2026-03-04"]);
    other(&["move", &id, "return", "--reason", "缺页", "--on", "2026-03-04"]);
    carry(&folder, &b, &a, "甲的电脑", 4);
    let resolve = |what: &str| {
        kebao(&a, "周敏", &["--json", "review", "resolve", what, "--side", "1", "--reason", "以先到的为准"])
    };
    refused(&resolve(&number), 3, "有多件申报");
    assert_eq!(json(&resolve(&id))["record"], id.as_str());
    assert_eq!(one(&["review", "conflicts"]).as_array().map(Vec::len), Some(0));

    // Somebody who may not is refused, and nothing left the machine or came.
    let added = one(&["people", "add", "陈岚", "--role", "审计员"]);
    let auditor = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kebao"));
        command.arg("--data").arg(&a).args(words).env_remove("DISPLAY").env("KEBAO_USER", "陈岚");
        command
    };
    let passwd = auditor(&["passwd"])
        .env("KEBAO_PASSWORD", added["password"].as_str().expect("a password"))
        .env("KEBAO_NEW_PASSWORD", "qinglan-2026")
        .output()
        .expect("it runs");
    assert!(passwd.status.success(), "{}", String::from_utf8_lossy(&passwd.stderr));
    let out = text(&folder.file("审计.kbp"));
    let came = text(&folder.file("交换4.kbp"));
    for words in [
        &["review", "pack", "--all", "--to", "乙的电脑", "--out", &out][..],
        &["review", "answer", "--to", "乙的电脑", "--out", &out],
        &["review", "open", "--take", &came],
        &["review", "card", "--name", "别的名字"],
    ] {
        let output = auditor(words).env("KEBAO_PASSWORD", "qinglan-2026").output().expect("it runs");
        refused(&output, 4, "审计员不能认识电脑、收发审核包");
    }
    assert!(!folder.file("审计.kbp").exists());
    refused(&kebao(&a, "没这人", &["review", "card", "--name", "别的名字"]), 5, "没有“没这人”");
    assert_eq!(one(&["review", "card"])["name"], "甲的电脑");
    let log = says(&kebao(&a, "周敏", &["log", "--kind", "被拒绝"]));
    assert_eq!(log.lines().filter(|line| line.contains("审计员不能")).count(), 4, "{log}");
}

#[test]
fn a_decision_whose_ground_was_taken_back_is_called_so() {
    let folder = Folder::new("ground");
    let (a, b) = (folder.file("a"), folder.file("b"));
    let one = |words: &[&str]| json(&kebao(&a, "周敏", &[&["--json"], words].concat()));
    let other = |words: &[&str]| json(&kebao(&b, "周敏", &[&["--json"], words].concat()));
    one(&["init", "--office", "青澜区科学技术局", "--name", "周敏"]);
    one(&["firms", "add", "企业名称=青澜甲厂"]);
    one(&["editions", "add", "gaoqi/2026/2"]);
    let filing = one(&["filings", "add", "青澜甲厂", "gaoqi/2026/2", "职工总数=80", "--on", "2026-03-02"]);
    let id = filing["id"].as_str().expect("an id").to_owned();
    let (card_a, card_b) = (folder.file("a.kbc"), folder.file("b.kbc"));
    let own = one(&["review", "card", "--name", "甲的电脑", "--out", &text(&card_a)]);
    let new = other(&["review", "join", "--name", "乙的电脑", "--out", &text(&card_b)]);
    one(&["review", "meet", &text(&card_b), "--fingerprint", &print(&new)]);
    other(&["review", "meet", &text(&card_a), "--fingerprint", &print(&own)]);
    let moved = one(&["move", &id, "pass", "--on", "2026-03-03"]);
    carry(&folder, &a, &b, "乙的电脑", 1);
    other(&["review", "password"]);
    other(&["move", &id, "pass", "--on", "2026-03-04"]);
    one(&["actions", "--undo", moved["action"].as_str().expect("an action")]);
    carry(&folder, &b, &a, "甲的电脑", 2);
    let told = says(&kebao(&a, "周敏", &["review", "conflicts"]));
    assert!(told.contains("依据已撤销") && !told.contains("互不知情的决定"), "{told}");
}
