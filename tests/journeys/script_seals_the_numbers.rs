//! Field encryption without a window: turned on and off by whoever may, nothing plain in any file, opened by a password.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::Folder;

const PHONE: &str = "13953200417";
const LATER: &str = "13864210093";

fn kebao_as(data: &Path, user: &str, password: &str, new: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(data)
        .arg("--json")
        .args(words)
        .env("KEBAO_PASSWORD", password)
        .env("KEBAO_NEW_PASSWORD", new)
        .env("KEBAO_USER", user)
        .env_remove("DISPLAY")
        .output()
        .expect("it runs")
}

fn kebao(data: &Path, words: &[&str]) -> Output {
    kebao_as(data, "周敏", "qinglan-2026", "", words)
}

fn json(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

/// Whether a text stands in any file below a folder.
fn lies_in(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).any(|path| {
        if path.is_dir() {
            return lies_in(&path, words);
        }
        let bytes = std::fs::read(&path).expect("a file");
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

#[test]
fn an_office_seals_its_numbers_by_script_and_opens_them_by_its_password() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    let state = json(&kebao(&data, &["seal"]));
    assert_eq!((state["on"].as_bool(), state["holders"].as_u64()), (Some(false), Some(0)));

    // On, once; whoever sits here with a password holds the key.
    let on = json(&kebao(&data, &["seal", "on"]));
    assert_eq!((on["on"].as_bool(), on["changed"].as_bool()), (Some(true), Some(true)));
    assert_eq!(json(&kebao(&data, &["seal", "on"]))["changed"], false);
    let state = json(&kebao(&data, &["seal"]));
    assert_eq!((state["on"].as_bool(), state["holders"].as_u64()), (Some(true), Some(1)));

    // What is entered now lies in no file of the office, nor in a backup of it.
    let phone = format!("联系电话={PHONE}");
    json(&kebao(&data, &["firms", "add", "企业名称=青澜恒砚新材料有限公司", &phone]));
    json(&kebao(&data, &["backup"]));
    assert!(!lies_in(&folder.0, PHONE), "a plain number in a file");

    // A command that asks for no password covers it.
    let shown = kebao(&data, &["firms", "show", "恒砚"]);
    assert!(shown.status.success() && !String::from_utf8_lossy(&shown.stdout).contains(PHONE), "{shown:?}");

    // A new person gets the key with the password, and keeps it through a change of the password.
    let added = json(&kebao(&data, &["people", "add", "陈岚", "--role", "经办人"]));
    let once = added["password"].as_str().expect("a password for once").to_owned();
    json(&kebao_as(&data, "陈岚", &once, "wangchuan-2026", &["passwd"]));
    let seal = |words: &[&str]| kebao_as(&data, "陈岚", "wangchuan-2026", "", words);
    assert_eq!(json(&seal(&["seal"]))["holders"], 2);
    // It is no officer's to turn.
    let refused = seal(&["seal", "off"]);
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(4) && !says.contains("panicked"), "{says}");
    assert_eq!(json(&seal(&["seal"]))["on"], true);

    // Off: what comes now is plain, what is sealed stays sealed.
    let off = json(&kebao(&data, &["seal", "off"]));
    assert_eq!((off["on"].as_bool(), off["changed"].as_bool()), (Some(false), Some(true)));
    let phone = format!("联系电话={LATER}");
    json(&kebao(&data, &["firms", "add", "企业名称=望川精密铸造有限公司", &phone]));
    assert!(lies_in(&data, LATER), "the search finds what is plain");
    assert!(!lies_in(&data, PHONE));
    assert_eq!(json(&kebao(&data, &["check"]))["faults"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_wrong_password_seals_nothing() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    let wrong = kebao_as(&data, "周敏", "not-this-one-2026", "", &["seal", "on"]);
    assert_eq!(wrong.status.code(), Some(4), "{}", String::from_utf8_lossy(&wrong.stderr));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("密码不对"));
    assert_eq!(json(&kebao(&data, &["seal"]))["on"], false);
}
