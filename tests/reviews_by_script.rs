//! Reviews by script: machines meet, a package goes out and comes home, a conflict is resolved. A file of its own, because a program
//! that starts others holds for a moment what every other test of its process has locked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that vanishes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("kebao-reviews-{}", std::process::id()));
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

fn refused(output: &Output, code: i32, word: &str) {
    let says = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{says}");
    assert!(says.contains(word), "{says}");
}

#[test]
fn a_script_packs_opens_decides_answers_and_merges() {
    let folder = Folder::new();
    let (office, desk) = (folder.file("office"), folder.file("desk"));
    let text = |path: &PathBuf| path.to_str().expect("a path").to_owned();
    let officer = |words: &[&str]| kebao(&office, "周敏", &[&["--json"], words].concat());
    let chief = |words: &[&str]| kebao(&desk, "周敏", &[&["--json", "review"], words].concat());
    json(&officer(&["init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    json(&officer(&["firms", "add", "企业名称=青澜恒砚新材料有限公司"]));
    json(&officer(&["editions", "add", "gaoqi/2026/2"]));
    let filing = json(&officer(&["filings", "add", "恒砚", "gaoqi/2026/2", "职工总数=80", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a number").to_owned();
    json(&officer(&["move", &number, "pass", "--on", "2026-03-03"]));

    // They get to know each other; a wrong fingerprint is refused.
    let (card_a, card_b) = (folder.file("officer.kbc"), folder.file("chief.kbc"));
    let own = json(&officer(&["review", "card", "--name", "周敏的电脑", "--out", &text(&card_a)]));
    let other = json(&chief(&["join", "--name", "张科长的电脑", "--out", &text(&card_b)]));
    let print = |card: &serde_json::Value| card["fingerprint"].as_str().expect("a fingerprint").to_owned();
    refused(&officer(&["review", "meet", &text(&card_b), "--fingerprint", &print(&own)]), 4, "指纹不符");
    json(&officer(&["review", "meet", &text(&card_b), "--fingerprint", &print(&other)]));
    json(&officer(&["review", "recovery", "--out", &text(&folder.file("恢复密钥.txt"))]));
    let pack = folder.file("送审.kbp");
    // Who is to review is said first; what waits for them is what is packed.
    let assigned = json(&officer(&["review", "assign", "--unassigned", "--to", "周敏"]));
    assert_eq!((assigned["changed"].as_u64(), assigned["filings"].as_array().map(Vec::len)), (Some(1), Some(1)));
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
    // Somebody else's, and nothing but a file: each with its code.
    refused(&officer(&["review", "open", &text(&pack)]), 4, "不是做给这台电脑的");
    refused(&officer(&["review", "open", &text(&card_a)]), 7, "不是科报的包");
}
