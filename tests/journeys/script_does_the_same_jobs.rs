//! The same jobs without a window: exit codes that mean something, JSON a script can read.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::Folder;

fn kebao(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(data)
        .args(words)
        .env("KEBAO_PASSWORD", "qinglan-2026")
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
    assert!(!says.contains("panicked"), "{says}");
}

#[test]
fn an_office_is_founded_filled_and_reported_on_by_script() {
    let folder = Folder::new();
    let data = folder.file("office");
    refused(&kebao(&data, &["firms"]), 5, "还没有科报的数据");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    refused(&kebao(&data, &["init", "--office", "乙局", "--name", "周敏"]), 4, "已经有一份");

    let list = folder.file("高新技术企业备案名单.csv");
    std::fs::write(
        &list,
        "序号,企业名称,证书编号\n1,青澜恒砚新材料有限公司,GR202637000001\n2,望川精密铸造有限公司,GR202637000002\n",
    )
    .unwrap();
    let list = list.to_str().unwrap();
    let first = json(&kebao(&data, &["--json", "import", list, "--date", "2026-01-15"]));
    assert_eq!((first["rows"].as_u64(), first["written"].as_u64()), (Some(2), Some(2)));
    let again = json(&kebao(&data, &["--json", "import", list, "--date", "2026-01-15"]));
    assert_eq!((again["same"].as_u64(), again["written"].as_u64()), (Some(2), Some(0)));

    let found = json(&kebao(&data, &["--json", "firms", "-s", "hyxcl"]));
    assert_eq!(found[0]["name"], "青澜恒砚新材料有限公司");
    refused(&kebao(&data, &["firms", "set", "恒砚", "统一社会信用代码=91370200264574251F"]), 4, "--confirm");
    json(&kebao(
        &data,
        &["--json", "firms", "set", "恒砚", "2025.销售收入=3208.16", "统一社会信用代码=91370200264574251E"],
    ));

    json(&kebao(&data, &["--json", "editions", "add", "gaoqi/2026/2", "--internal", "fill=2026-08-27 17:00"]));
    let filing =
        json(&kebao(&data, &["--json", "filings", "add", "恒砚", "gaoqi/2026/2", "科技人员=26", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a running number");
    refused(&kebao(&data, &["filings", "add", "恒砚", "gaoqi/2026/2"]), 4, "已经有申报");
    // A variable that was never set: not the first firm without a code.
    refused(&kebao(&data, &["firms", "set", "", "简称=无名"]), 3, "没有写是哪家企业");
    refused(&kebao(&data, &["move", number, "decline"]), 4, "现在可以做");
    assert_eq!(json(&kebao(&data, &["--json", "move", number, "pass", "--on", "2026-03-03"]))["stage"], "district");
    refused(&kebao(&data, &["move", number, "return"]), 4, "必须写明原因");
    assert_eq!(json(&kebao(&data, &["--json", "move", number, "通过/推荐", "--on", "2026-03-05"]))["stage"], "city");

    let made = json(&kebao(&data, &["--json", "shortlist", "make", "gaoqi/2026/2"]));
    let out = folder.file("导出");
    let frozen = json(&kebao(
        &data,
        &["--json", "shortlist", "freeze", made["id"].as_str().unwrap(), "--out", out.to_str().unwrap()],
    ));
    assert!(Path::new(frozen["file"].as_str().unwrap()).exists());

    let actions = json(&kebao(&data, &["--json", "actions"]));
    let import = actions.as_array().unwrap().iter().find(|a| a["name"] == "导入 2 家").expect("the import");
    refused(&kebao(&data, &["actions", "--undo", import["id"].as_str().unwrap()]), 4, "不能撤销");
    assert_eq!(json(&kebao(&data, &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_firm_that_stands_twice_in_a_list_is_filed_once() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    json(&kebao(&data, &["--json", "firms", "add", "企业名称=望川精密铸造有限公司"]));
    json(&kebao(&data, &["--json", "editions", "add", "gaoqi/2026/2"]));
    let list = folder.file("申报名单.csv");
    std::fs::write(
        &list,
        "序号,企业名称,备注\n1,青澜恒砚新材料有限公司,\n2,望川精密铸造有限公司,\n3,青澜恒砚新材料有限公司,\n4,望川精密铸造有限公司,补报\n",
    )
    .unwrap();
    let words = ["--json", "import", list.to_str().unwrap(), "--as", "filings", "--edition", "gaoqi/2026/2"];
    let done = json(&kebao(&data, &words));
    assert!(done["written"].as_u64().is_some_and(|n| n >= 2), "{done}");
    assert_eq!(json(&kebao(&data, &["--json", "filings"])).as_array().map(Vec::len), Some(2));
    assert_eq!(json(&kebao(&data, &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_bad_file_gets_one_sentence_and_its_code() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    refused(&kebao(&data, &["import", folder.file("没有.xlsx").to_str().unwrap()]), 5, "找不到文件");
    let bad = folder.file("坏的.xlsx");
    std::fs::write(&bad, b"PK\x03\x04 not a workbook at all").unwrap();
    let output = kebao(&data, &["import", bad.to_str().unwrap()]);
    assert!(
        matches!(output.status.code(), Some(3 | 7)),
        "{:?} {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    refused(&kebao(&data, &["bogus"]), 2, "bogus");
}

#[test]
fn the_wrong_password_changes_nothing() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    let wrong = Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(&data)
        .args(["firms", "add", "企业名称=甲厂"])
        .env("KEBAO_PASSWORD", "wrong-password")
        .output()
        .expect("it runs");
    refused(&wrong, 4, "密码不对");
    assert_eq!(json(&kebao(&data, &["--json", "firms"])).as_array().map(Vec::len), Some(0));
}

#[test]
fn a_script_reads_the_log_and_has_it_written_as_a_sheet() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    json(&kebao(&data, &["--json", "firms", "add", "企业名称=青澜恒砚新材料有限公司"]));
    let add = ["firms", "add", "企业名称=青澜恒砚二厂", "统一社会信用代码=91370200264574251E"];
    json(&kebao(&data, &[&["--json"], &add[..]].concat()));
    refused(&kebao(&data, &add), 4, "已经是");
    let wrong = Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(&data)
        .args(["firms", "add", "企业名称=甲厂"])
        .env("KEBAO_PASSWORD", "wrong-password")
        .output()
        .expect("it runs");
    refused(&wrong, 4, "密码不对");
    let log = |words: &[&str]| json(&kebao(&data, &[&["--json", "log"], words].concat()));
    let kinds = |rows: &serde_json::Value| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&log(&[])), ["登录失败", "被拒绝", "登录", "新增", "登录", "新增", "登录", "恢复密钥", "新增"]);
    assert_eq!(kinds(&log(&["--kind", "登录失败", "--who", "周敏"])), ["登录失败"]);
    assert_eq!(kinds(&log(&["--to", "2020-01-01"])), [""; 0]);
    refused(&kebao(&data, &["log", "--kind", "别的"]), 3, "查看隐去内容");
    refused(&kebao(&data, &["log", "--who", "无名"]), 5, "无名");
    let sheet = folder.file("日志.xlsx");
    let written = json(&kebao(&data, &["--json", "log", "--kind", "新增", "--out", sheet.to_str().unwrap()]));
    assert_eq!(written["rows"], 3);
    assert!(sheet.is_file());
    assert_eq!(log(&["--kind", "导出"])[0]["what"], "操作日志：日志.xlsx");
    assert_eq!(json(&kebao(&data, &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_script_asks_how_things_stood_on_an_earlier_day() {
    let folder = Folder::new();
    let data = folder.file("office");
    let made = kebao(&data, &["demo", "--only-data", "--firms", "40", "--filings", "60"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let count = |words: &[&str]| json(&kebao(&data, words)).as_array().map_or(0, Vec::len);
    let now = count(&["--json", "filings", "--limit", "0"]);
    let earlier = (chrono::Local::now().date_naive() - chrono::Days::new(300)).to_string();
    let then = count(&["--json", "filings", "--limit", "0", "--as-of", &earlier]);
    assert!(then > 0 && then < now, "{then} of {now}");
    assert_eq!(count(&["--json", "firms", "--limit", "0", "--as-of", "2000-01-01"]), 0);
    refused(&kebao(&data, &["firms", "--as-of", &earlier, "add", "企业名称=甲厂"]), 4, "只读");
}

#[test]
fn a_script_hands_materials_in_sends_a_filing_back_and_has_the_notice_written() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    json(&kebao(&data, &["--json", "firms", "add", "企业名称=青澜恒砚新材料有限公司"]));
    json(&kebao(&data, &["--json", "editions", "add", "gaoqi/2026/2"]));
    let filing = json(&kebao(&data, &["--json", "filings", "add", "恒砚", "gaoqi/2026/2", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a running number");
    let paper = folder.file("审计报告.pdf");
    std::fs::write(&paper, "审计").unwrap();
    let materials = |words: &[&str]| kebao(&data, &[&["--json", "filings", "materials", number], words].concat());
    refused(&materials(&["--attach", "moon", paper.to_str().unwrap()]), 3, "没有“moon”这一项");
    refused(&materials(&["--check", "accounts=不合格"]), 4, "要写明哪里不对");
    refused(&materials(&["--check", "accounts=好"]), 3, "材料=结果");
    let told = json(&materials(&[
        "--attach",
        "accounts",
        paper.to_str().unwrap(),
        "--check",
        "license=已交",
        "--check",
        "accounts=不合格：缺 2025 年度",
    ]));
    assert_eq!((told["have"].as_u64(), told["required"].as_u64()), (Some(1), Some(8)));
    let accounts = told["items"].as_array().unwrap().iter().find(|item| item["id"] == "accounts").unwrap();
    assert_eq!(
        (accounts["state"].as_str(), accounts["files"][0]["name"].as_str()),
        (Some("unfit"), Some("审计报告.pdf"))
    );
    refused(&kebao(&data, &["filings", "notice", number]), 5, "没有退回过");
    json(&kebao(&data, &["--json", "move", number, "pass", "--on", "2026-03-03"]));
    let back = [
        "--on",
        "2026-03-05",
        "--until",
        "10 个工作日",
        "--defect",
        "material.accounts=缺 2025 年度",
        "--defect",
        "缺盖章",
    ];
    let no_deadline = |until: &str| {
        let words = ["move", number, "return", "--reason", "缺盖章", "--on", "2026-03-05", "--until", until];
        refused(&kebao(&data, &words), 3, "不是 1 到 250 个工作日");
    };
    no_deadline("0个工作日");
    no_deadline("300个工作日");
    json(&kebao(&data, &[&["--json", "move", number, "return"], &back[..]].concat()));
    let notice = json(&kebao(&data, &["--json", "filings", "notice", number]));
    assert_eq!(notice["until"], "2026-03-19");
    let text = notice["text"].as_str().unwrap();
    assert!(text.contains("1. 近三个会计年度财务会计报告：缺 2025 年度。\n2. 缺盖章。"), "{text}");
    assert!(text.contains("2026年3月19日（星期四，10个工作日）"), "{text}");
    let word = folder.file("通知.docx");
    json(&kebao(&data, &["--json", "filings", "notice", number, "--out", word.to_str().unwrap()]));
    assert!(word.is_file());
    assert_eq!(json(&kebao(&data, &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
    std::fs::remove_dir_all(data.join("files")).unwrap();
    let lost = kebao(&data, &["check"]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&lost.stdout).contains(&format!("申报 {number} 的材料“审计报告.pdf”")));
}

#[test]
fn of_two_people_with_one_name_a_script_says_which_by_id() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    let admin = |user: &str, words: &[&str]| as_user(&data, user, "qinglan-2026", words);
    let add = ["--json", "people", "add", "周敏", "--role", "审计员"];
    refused(&admin("周敏", &add), 4, "已有叫“周敏”的人");
    let second = json(&admin("周敏", &[&add[..], &["--confirm"]].concat()))["id"].as_str().expect("an id").to_owned();
    let list = json(&kebao(&data, &["--json", "people"]));
    let ids = list.as_array().expect("people").iter().map(|row| row["id"].as_str().expect("an id").to_owned());
    let first = ids.into_iter().find(|id| *id != second).expect("the founder");
    // From now on the name alone means neither.
    refused(&admin("周敏", &["people", "set", &second, "--section", "监督科"]), 3, "有 2 位用户都叫“周敏”");
    refused(&admin(&first, &["people", "set", "周敏", "--leave"]), 3, &second);
    refused(&admin(&first, &["people", "reset", "周敏"]), 3, "请改用编号");
    json(&admin(&first, &["--json", "people", "set", &second, "--leave"]));
    // Of those who work here it is one again.
    json(&admin("周敏", &["--json", "people", "set", &second, "--back"]));
    refused(&admin("周敏", &["firms", "add", "企业名称=青澜甲厂"]), 3, "有 2 位用户");
}

/// The same as somebody else.
fn as_user(data: &Path, user: &str, password: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kebao"))
        .arg("--data")
        .arg(data)
        .args(words)
        .envs([("KEBAO_USER", user), ("KEBAO_PASSWORD", password), ("KEBAO_NEW_PASSWORD", "zi ji de mima 1")])
        .env_remove("DISPLAY")
        .output()
        .expect("it runs")
}

#[test]
fn a_script_may_what_its_role_may_and_is_refused_with_4_and_logged_otherwise() {
    let folder = Folder::new();
    let data = folder.file("office");
    let founded = json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    assert_eq!(founded["recovery_key"].as_str().map(str::len), Some(39));
    let admin = |words: &[&str]| as_user(&data, "周敏", "qinglan-2026", words);
    let add = |name: &str, role: &str| {
        let added = json(&admin(&["--json", "people", "add", name, "--role", role]));
        let once = added["password"].as_str().expect("a password").to_owned();
        refused(&as_user(&data, name, &once, &["firms", "add", "企业名称=青澜甲厂"]), 4, "kebao passwd");
        assert!(as_user(&data, name, &once, &["passwd"]).status.success());
    };
    add("林舟", "审计员");
    add("陈岚", "科长");
    let own = "zi ji de mima 1";
    let auditor = |words: &[&str]| as_user(&data, "林舟", own, words);
    refused(&auditor(&["firms", "add", "企业名称=青澜甲厂"]), 4, "审计员不能录入、修改企业");
    refused(&auditor(&["editions", "add", "gaoqi/2026/2"]), 4, "审计员不能");
    refused(&auditor(&["people", "add", "某人", "--role", "管理员"]), 4, "审计员不能管理人员");
    refused(&auditor(&["people", "reset", "周敏"]), 4, "审计员不能管理人员");
    let sheet = folder.file("日志.xlsx");
    assert!(auditor(&["log", "--out", sheet.to_str().unwrap()]).status.success(), "an auditor takes the log along");
    let supervisor = as_user(&data, "陈岚", own, &["firms", "add", "企业名称=青澜甲厂"]);
    refused(&supervisor, 4, "科长不能录入、修改企业");
    json(&admin(&["--json", "firms", "add", "企业名称=青澜甲厂"]));
    json(&admin(&["--json", "editions", "add", "gaoqi/2026/2"]));
    let filing = json(&admin(&["--json", "filings", "add", "青澜甲厂", "gaoqi/2026/2", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a running number");
    json(&admin(&["--json", "move", number, "pass", "--on", "2026-03-03"]));
    json(&admin(&["--json", "move", number, "return", "--reason", "缺页", "--on", "2026-03-04"]));
    // The founder is an officer as well; whoever only keeps the office reads a notice and takes none along.
    json(&admin(&["--json", "people", "set", "陈岚", "--role", "管理员"]));
    let keeper = |words: &[&str]| as_user(&data, "陈岚", own, words);
    let notice = folder.file("通知.docx");
    assert!(keeper(&["filings", "notice", number]).status.success());
    refused(&keeper(&["filings", "notice", number, "--out", notice.to_str().unwrap()]), 4, "管理员不能导出");
    assert!(!notice.exists());
    json(&admin(&["--json", "people", "set", "陈岚", "--role", "科长"]));
    let backup = json(&admin(&["--json", "backup"]));
    let path = backup["backup"]["path"].as_str().expect("a path").to_owned();
    refused(&auditor(&["restore", &path, "--yes"]), 4, "审计员不能从备份恢复");
    refused(&auditor(&["check", "--rebuild"]), 4, "审计员不能");
    let log = json(&admin(&["--json", "log", "--kind", "被拒绝"])).to_string();
    assert!(log.contains("从备份恢复") && log.contains("重建"), "{log}");
    refused(&admin(&["people", "set", "周敏", "--role", "经办人"]), 4, "最后一位在用的管理员");
    refused(&admin(&["people", "add", "某人", "--role", "局长"]), 3, "没有“局长”这种身份");
    json(&admin(&["--json", "people", "set", "林舟", "--leave"]));
    refused(&auditor(&["firms", "add", "企业名称=青澜乙厂"]), 5, "没有“林舟”这位用户");
    for _ in 0..5 {
        assert_eq!(as_user(&data, "陈岚", "wrong", &["firms", "add", "企业名称=青澜丙厂"]).status.code(), Some(4));
    }
    refused(&as_user(&data, "陈岚", own, &["firms", "add", "企业名称=青澜丙厂"]), 4, "已锁定");
    let rows = json(&kebao(&data, &["--json", "log", "--limit", "0"]));
    let count = |kind: &str| rows.as_array().unwrap().iter().filter(|row| row["kind"] == kind).count();
    assert_eq!((count("账号锁定"), count("登录失败")), (1, 6));
    assert!(count("被拒绝") >= 7, "{rows}");
}

#[test]
fn a_script_erases_what_a_person_asked_for_here_alone_or_wherever_it_is_repeated_and_the_lists_it_came_from() {
    let folder = Folder::new();
    let data = folder.file("office");
    json(&kebao(&data, &["--json", "init", "--office", "青澜区科学技术局", "--name", "周敏"]));
    let list = folder.file("企业通讯录.csv");
    std::fs::write(&list, "序号,企业名称,联系人,联系电话\n1,青澜恒砚新材料有限公司,王五,13911112222\n").unwrap();
    json(&kebao(&data, &["--json", "import", list.to_str().unwrap(), "--date", "2026-01-15"]));
    json(&kebao(&data, &["--json", "editions", "add", "gaoqi/2026/2"]));
    let filing = json(&kebao(&data, &["--json", "filings", "add", "恒砚", "gaoqi/2026/2", "--on", "2026-03-02"]));
    let number = filing["number"].as_str().expect("a running number");
    let still = |phone: &str| {
        let shown = kebao(&data, &["--json", "firms", "show", "恒砚"]);
        String::from_utf8_lossy(&shown.stdout).contains(phone)
    };
    let erase = |words: &[&str]| kebao(&data, &[&["--json"], words, &["--reason", "本人来函要求"]].concat());

    // First what would go, and where else it stands.
    let here = ["firms", "erase", "恒砚", "联系电话"];
    let asked = erase(&here);
    refused(&asked, 4, "--yes");
    refused(&asked, 4, &format!("申报 {number}里重复的一起清除"));
    refused(&asked, 4, "“企业通讯录.csv”里可能也有");
    refused(&erase(&["firms", "erase", "恒砚", "手机"]), 3, "没有“手机”这个字段");
    // The firm's file alone; the filing keeps it until it is asked for as well.
    let done = json(&erase(&[&here[..], &["--only-here", "--yes"]].concat()));
    assert_eq!((done["elsewhere"][0].as_str(), done["files"].as_u64()), (Some(&*format!("申报 {number}")), Some(0)));
    assert!(!still("13911112222"));
    refused(&erase(&["filings", "erase", number, "手机", "--yes"]), 3, "联系电话");
    let done = json(&erase(&["filings", "erase", number, "联系电话", "--yes"]));
    assert!(done["events"].as_u64().is_some_and(|n| n > 0), "{done}");
    refused(&erase(&["filings", "erase", number, "联系电话", "--yes"]), 5, "没有这些内容");
    // The contact goes everywhere at once, with the list.
    let kept = |data: &Path| -> usize {
        let all = std::fs::read_dir(data.join("files")).into_iter().flatten();
        all.map(|folder| std::fs::read_dir(folder.unwrap().path()).map_or(0, Iterator::count)).sum()
    };
    let before = kept(&data);
    refused(&erase(&["firms", "erase", "恒砚", "--file", "别的.csv", "--yes"]), 5, "存着的有：企业通讯录.csv");
    let done = json(&erase(&["firms", "erase", "恒砚", "联系人", "--file", "企业通讯录.csv", "--yes"]));
    assert_eq!((done["elsewhere"].as_array().map(Vec::len), done["files"].as_u64()), (Some(1), Some(1)));
    assert_eq!(kept(&data), before - 1, "the list's content is gone");
    refused(&erase(&["filings", "erase", number, "联系人", "--yes"]), 5, "没有这些内容");
    assert_eq!(json(&kebao(&data, &["--json", "check"]))["faults"].as_array().map(Vec::len), Some(0));
}
