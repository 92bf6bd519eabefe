//! What the built program lives through: being killed, disks that are full, folders that cannot be written, a second
//! instance, a clock set back. Nothing is lost, one sentence says what happened, the exit code says of what sort.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use kebao::domain::Kind;
use kebao::domain::id::RecordId;
use kebao::domain::people::Role;
use kebao::store::acts::Values;
use kebao::store::{Clock, Db, Entropy, Options};

const KEBAO: &str = env!("CARGO_BIN_EXE_kebao");

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("kebao-survives-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().expect("a plain path")
    }

    /// An office with one user, who needs no password, as in the example.
    fn founded() -> Self {
        let folder = Self::new();
        found(&folder.0);
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::set_permissions(&self.0, fs::Permissions::from_mode(0o755));
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn found(folder: &Path) {
    let db = Db::open(folder, Options::default()).expect("an office opens");
    let done = db.act(RecordId::OFFICE, "启用科报", |act| {
        let office = [("name", "青澜区科学技术局"), ("example", "是")];
        act.change_office(&office.map(|(key, value)| (key.to_owned(), Some(value.to_owned()))).into())?;
        act.add_user("周敏", &[Role::Officer, Role::Administrator])
    });
    done.wait().expect("founded");
}

fn kebao(folder: &Path) -> Command {
    let mut command = Command::new(KEBAO);
    command.arg("--data").arg(folder).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    kebao(folder).args(words).output().expect("it runs")
}

/// A script around the program, which it knows as `$KEBAO` and the office as `$DATA`.
fn script(folder: &Path, text: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(text).env("KEBAO", KEBAO).env("DATA", folder).env_remove("DISPLAY").stdin(Stdio::null());
    command
}

fn assert_clean(folder: &Path) {
    let check = run(folder, &["check"]);
    let says = String::from_utf8_lossy(&check.stdout);
    assert_eq!(check.status.code(), Some(0), "{says}{}", String::from_utf8_lossy(&check.stderr));
    assert!(says.contains("核验通过"), "{says}");
}

fn names(folder: &Path) -> BTreeSet<String> {
    let listed = run(folder, &["--json", "firms", "--limit", "0"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let rows: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    rows.as_array().expect("rows").iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

/// One sentence for people, no panic, and the code of its sort.
fn assert_says(output: &Output, code: i32, words: &[&str]) {
    let says = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{says}");
    assert!(words.iter().any(|word| says.contains(word)), "{says}");
    assert!(!says.contains("panicked"), "{says}");
}

/// What sets the firms of one list apart from those of another: names that differ by a character would be taken for misspelt.
fn mark(n: u32) -> String {
    char::from_u32('一' as u32 + 37 * n).unwrap_or('甲').to_string().repeat(4)
}

fn list(path: &Path, mark: &str, rows: usize) {
    let mut text = "序号,企业名称,证书编号,备注\n".to_owned();
    for n in 1..=rows {
        text.push_str(&format!("{n},{mark}第{n}精密铸造有限公司,GR2026{mark}{n:04},\n"));
    }
    fs::write(path, text).expect("a list");
}

#[test]
fn killed_at_any_moment_it_keeps_what_it_had_acknowledged() {
    let folder = Folder::founded();
    let lists = Folder::new();
    let mut acknowledged = BTreeSet::new();
    let mut imports = 0;
    let mut moment = 0x2545_F491_4F6C_DD1D_u64;
    for round in 0..36 {
        let mark = mark(round);
        list(&lists.0.join("名单.csv"), &mark, 40);
        let said = lists.0.join(format!("said-{round}"));
        // Its own process group, so that the program dies with the loop around it.
        let mut child = script(
            &folder.0,
            &format!(
                r#"exec >"{}"; i=0
                   while :; do
                       i=$((i+1))
                       "$KEBAO" --data "$DATA" firms add "企业名称=乙{round}-$i厂"
                       [ $i != 2 ] || {{ "$KEBAO" --data "$DATA" import "{}/名单.csv" --date 2026-01-15 >/dev/null && echo 导入了; }}
                   done"#,
                said.display(),
                lists.text()
            ),
        )
        .process_group(0)
        .stderr(Stdio::null())
        .spawn()
        .expect("a loop");
        moment ^= moment << 13;
        moment ^= moment >> 7;
        moment ^= moment << 17;
        thread::sleep(Duration::from_millis(20 + moment % 420));
        let killed = Command::new("kill").args(["-9", "--", &format!("-{}", child.id())]).status().expect("kill");
        assert!(killed.success());
        child.wait().expect("it is over");
        for line in fs::read_to_string(&said).expect("what it said").lines() {
            if let Some(name) = line.strip_prefix("已新增：") {
                acknowledged.insert(name.to_owned());
            } else if line == "导入了" {
                imports += 1;
                acknowledged.extend((1..=40).map(|n| format!("{mark}第{n}精密铸造有限公司")));
            }
        }
        // The system may take a moment to clear away what was killed, its lock with it.
        let gone = (0..100).any(|_| {
            thread::sleep(Duration::from_millis(20));
            run(&folder.0, &["actions", "--limit", "1"]).status.code() != Some(6)
        });
        assert!(gone, "round {round}: the lock outlived the program");
        assert_clean(&folder.0);
        let here = names(&folder.0);
        let lost: Vec<&String> = acknowledged.difference(&here).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
        let imported = here.iter().filter(|name| name.starts_with(&format!("{mark}第"))).count();
        assert!(imported == 0 || imported == 40, "round {round}: {imported} rows of an import of 40");
    }
    println!("36 kills, {} firms acknowledged, {imports} imports among them", acknowledged.len());
    assert!(acknowledged.len() > 36, "the loop hardly ever came to anything: {}", acknowledged.len());
}

#[test]
fn at_a_limit_on_file_size_it_says_so_and_loses_nothing() {
    let folder = Folder::founded();
    let lists = Folder::new();
    let path = lists.0.join("名单.csv");
    assert!(run(&folder.0, &["firms", "add", "企业名称=青澜恒砚新材料有限公司"]).status.success());
    list(&path, "乙", 300);
    let blocks = fs::metadata(folder.0.join("kebao.db")).expect("the file").len() / 512;
    let mut refused = 0;
    for limit in [0, 1, 9, 30, 64, blocks / 2, blocks, blocks + 16, blocks + 64, blocks + 200] {
        let before = names(&folder.0);
        let limited = script(
            &folder.0,
            &format!(
                r#"ulimit -f {limit}; exec "$KEBAO" --data "$DATA" import "{}" --date 2026-01-15"#,
                path.display()
            ),
        )
        .output()
        .expect("it runs");
        assert_clean(&folder.0);
        let after = names(&folder.0);
        if limited.status.success() {
            assert_eq!(after.len(), before.len() + 300, "limit {limit}");
            break;
        }
        refused += 1;
        assert_says(&limited, 8, &["磁盘"]);
        assert_eq!(after, before, "limit {limit}");
    }
    assert!(refused >= 5, "{refused}");
    assert!(run(&folder.0, &["import", path.to_str().expect("a path"), "--date", "2026-01-15"]).status.success());
    assert_eq!(names(&folder.0).len(), 301);
    assert_clean(&folder.0);
}

#[test]
fn a_backup_at_a_limit_on_file_size_says_so_and_leaves_nothing() {
    let folder = Folder::founded();
    let limit = fs::metadata(folder.0.join("kebao.db")).expect("the file").len() / 512 - 16;
    let text = format!(r#"ulimit -f {limit}; exec "$KEBAO" --data "$DATA" backup"#);
    let limited = script(&folder.0, &text).output().expect("it runs");
    assert_says(&limited, 8, &["备份没有做成"]);
    let left = fs::read_dir(folder.0.join("backups")).expect("a folder").count();
    assert_eq!(left, 0);
    assert_clean(&folder.0);
}

fn spoil(folder: &Path, sql: &str) {
    rusqlite::Connection::open(folder.join("kebao.db")).expect("a database").execute_batch(sql).expect("spoiled");
}

#[test]
fn a_journal_cut_short_is_named_and_not_built_upon() {
    let folder = Folder::founded();
    for name in ["甲厂", "乙厂"] {
        assert!(run(&folder.0, &["firms", "add", &format!("企业名称={name}")]).status.success());
    }
    spoil(
        &folder.0,
        "DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq > (SELECT max(seq) FROM event) - 3",
    );
    for words in [&["check"][..], &["check", "--rebuild"]] {
        let check = run(&folder.0, words);
        let says = String::from_utf8_lossy(&check.stdout);
        assert_eq!(check.status.code(), Some(1), "{says}");
        assert!(says.contains("末尾的记录不见了") && !says.contains("流水完好"), "{says}");
        assert_eq!(says.contains("没有重建各表"), words.len() > 1, "{says}");
        assert_eq!(names(&folder.0).len(), 2, "the only trace is still there");
    }
    let forced = run(&folder.0, &["check", "--rebuild", "--despite-damage"]);
    assert!(forced.status.success(), "{}", String::from_utf8_lossy(&forced.stdout));
    assert_eq!(names(&folder.0), ["甲厂".to_owned()].into());
}

#[test]
fn only_tables_that_differ_are_said_to_be_mended_by_making_them_again() {
    let folder = Folder::founded();
    let lists = Folder::new();
    list(&lists.0.join("名单.csv"), "甲", 3);
    let path = lists.0.join("名单.csv");
    assert!(run(&folder.0, &["import", path.to_str().expect("a path"), "--date", "2026-01-15"]).status.success());
    let says = |words: &[&str]| String::from_utf8_lossy(&run(&folder.0, words).stdout).into_owned();
    spoil(&folder.0, "UPDATE firm SET line = x'FF'");
    let check = says(&["check"]);
    assert!(check.contains("表 firm 有 3 行") && check.contains("kebao check --rebuild"), "{check}");
    assert!(says(&["check", "--rebuild"]).contains("核验通过"));
    let _ = fs::remove_dir_all(folder.0.join("files"));
    let check = says(&["check"]);
    assert!(check.contains("来源文件") && !check.contains("--rebuild"), "{check}");
}

#[test]
fn heads_typed_with_a_digit_too_few_are_not_taken_for_fine() {
    let folder = Folder::founded();
    let page = folder.0.join("链头.txt");
    let path = page.to_str().expect("a path");
    assert!(run(&folder.0, &["check", "--write-heads", path]).status.success());
    assert!(run(&folder.0, &["check", "--compare-heads", path]).status.success());
    let text = fs::read_to_string(&page).expect("the page");
    let line = text.lines().find(|line| line.contains("指纹")).expect("a head");
    fs::write(&page, text.replace(line, &line[..line.len() - 1])).expect("typed");
    let compared = run(&folder.0, &["check", "--compare-heads", path]);
    assert_eq!(compared.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&compared.stdout).contains("行读不出来"));
}

#[test]
fn a_backup_is_put_in_place_only_by_those_whom_the_data_still_know() {
    let folder = Folder::new();
    let db = Db::open(&folder.0, Options::default()).expect("an office opens");
    db.act(RecordId::OFFICE, "启用科报", |act| act.found_office("青澜区科学技术局", "", "周敏", "qinglan-2026"))
        .wait()
        .expect("founded");
    drop(db);
    let backups = folder.0.join("backups");
    assert!(run(&folder.0, &["backup"]).status.success());
    let backup = fs::read_dir(&backups)
        .expect("backups")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|end| end == "kbk"))
        .expect("a backup");
    let restore = || run(&folder.0, &["restore", backup.to_str().expect("a path"), "--yes"]);
    // Lists that cannot be read do not open the door: the people can.
    spoil(&folder.0, "DROP TABLE firm");
    assert_says(&restore(), 4, &["密码"]);
    spoil(&folder.0, "PRAGMA user_version = 99");
    assert_says(&restore(), 7, &["更新版本"]);
    // Where nobody can be known any more, the backup is the way back.
    spoil(&folder.0, "PRAGMA user_version = 4; DROP TABLE user");
    assert!(restore().status.success());
    assert_clean(&folder.0);
}

/// Mounts a file system of 600 KB where the system lets an ordinary user do so in a namespace of his own; elsewhere the limit
/// on file size above stands for it.
#[test]
#[cfg(target_os = "linux")]
fn on_a_full_disk_it_says_so_and_loses_nothing() {
    let (folder, lists, out) = (Folder::founded(), Folder::new(), Folder::new());
    let small = Folder::new();
    for n in 0..12 {
        list(&lists.0.join(format!("{n}.csv")), &mark(n), 200);
    }
    let text = format!(
        r#"mount -t tmpfs -o size=600k none "{small}" || exit 99
           cp "$DATA/kebao.db" "{small}/"
           for n in 0 1 2 3 4 5 6 7 8 9 10 11; do
               "$KEBAO" --data "{small}" import "{lists}/$n.csv" --date 2026-01-15 >/dev/null 2>"{out}/says-$n"
               echo $? >"{out}/code-$n"
           done
           cp -r "{small}"/kebao.db* "{small}"/files "{out}/""#,
        small = small.text(),
        lists = lists.text(),
        out = out.text()
    );
    let ran = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &text])
        .env("KEBAO", KEBAO)
        .env("DATA", folder.text())
        .env_remove("DISPLAY")
        .output();
    let possible = ran.as_ref().is_ok_and(|ran| ran.status.code().is_some_and(|code| code == 0));
    if !possible {
        println!("no file system can be mounted here: {ran:?}");
        return;
    }
    let read = |name: String| fs::read_to_string(out.0.join(name)).expect("what it said");
    let codes: Vec<i32> = (0..12).map(|n| read(format!("code-{n}")).trim().parse().expect("a code")).collect();
    println!("exit codes on a disk of 600 KB: {codes:?}");
    assert!(codes.contains(&0) && codes.contains(&8), "{codes:?}");
    assert!(codes.iter().all(|code| [0, 8].contains(code)), "{codes:?}");
    for (n, _) in codes.iter().enumerate().filter(|(_, code)| **code == 8) {
        let says = read(format!("says-{n}"));
        assert!(says.contains("磁盘") && !says.contains("panicked"), "{says}");
    }
    let _ = fs::remove_file(out.0.join("kebao.db-shm"));
    assert_clean(&out.0);
    let here = names(&out.0);
    for (n, code) in (0..).zip(&codes) {
        let rows = here.iter().filter(|name| name.starts_with(&format!("{}第", mark(n)))).count();
        assert_eq!(rows, if *code == 0 { 200 } else { 0 }, "list {n}");
    }
}

#[test]
fn in_a_folder_that_cannot_be_written_it_says_so() {
    let folder = Folder::founded();
    let before = fs::read(folder.0.join("kebao.db")).expect("the file");
    let root = fs::metadata(&folder.0).expect("a folder").uid() == 0;
    for name in ["kebao.db", "kebao.lock"] {
        fs::set_permissions(folder.0.join(name), fs::Permissions::from_mode(0o444)).expect("read-only");
    }
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).expect("read-only");
    for words in [&["firms", "add", "企业名称=甲厂"][..], &["firms"], &["check"]] {
        let mut command = kebao(&folder.0);
        if root {
            // Root may write anywhere, so somebody else does it.
            command.uid(65_534).gid(65_534);
        }
        match command.args(words).output() {
            Ok(output) => assert_says(&output, 8, &["不能写入"]),
            Err(error) => return println!("the program cannot be run as somebody else here: {error}"),
        }
    }
    assert_eq!(fs::read(folder.0.join("kebao.db")).expect("the file"), before);
}

#[test]
fn a_write_protected_database_is_refused_and_opens_when_it_is_no_longer() {
    let folder = Folder::founded();
    let database = folder.0.join("kebao.db");
    let root = fs::metadata(&folder.0).expect("a folder").uid() == 0;
    let rights = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
    rights(&folder.0, 0o777);
    rights(&folder.0.join("kebao.lock"), 0o666);
    for (mode, code) in [(0o444, 8), (0o666, 0)] {
        rights(&database, mode);
        let mut command = kebao(&folder.0);
        if root {
            // Root may write anywhere, so somebody else does it.
            command.uid(65_534).gid(65_534);
        }
        match command.arg("firms").output() {
            Ok(output) if code == 0 => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
            Ok(output) => assert_says(&output, code, &["不能写入"]),
            Err(error) => return println!("the program cannot be run as somebody else here: {error}"),
        }
    }
}

#[test]
fn of_two_at_once_one_works_and_the_other_is_told_so() {
    let folder = Folder::founded();
    let held = Db::open(&folder.0, Options::default()).expect("it opens");
    assert_says(&run(&folder.0, &["firms", "add", "企业名称=甲厂"]), 6, &["已经打开"]);
    assert_eq!(Db::open(&folder.0, Options::default()).expect_err("refused").kind, Kind::Busy);
    drop(held);
    // A short deed is waited for; who waits too long is told. Nobody is told of success that was none.
    let mut done = BTreeSet::new();
    for round in 0..8 {
        let both: Vec<_> = (0..3)
            .map(|n| {
                let name = format!("丁{round}-{n}厂");
                let child = kebao(&folder.0)
                    .args(["firms", "add", &format!("企业名称={name}")])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("it runs");
                (name, child)
            })
            .collect();
        for (name, child) in both {
            let output = child.wait_with_output().expect("it ends");
            if output.status.success() {
                done.insert(name);
            } else {
                assert_says(&output, 6, &["已经打开"]);
            }
        }
    }
    assert!(done.len() >= 8, "{} done", done.len());
    assert_eq!(names(&folder.0), done);
    assert_clean(&folder.0);
}

#[test]
fn a_clock_set_back_ten_years_loses_nothing_and_keeps_the_order() {
    let folder = Folder::new();
    let name = |n: usize| format!("戊{n}厂");
    for (n, year) in [2026, 2016, 2026, 2036, 2016].into_iter().enumerate() {
        let clock = Clock::fixed(NaiveDate::from_ymd_opt(year, 8, 24).expect("a real day"));
        let db = Db::open(&folder.0, Options { clock, entropy: Entropy::system() }).expect("it opens");
        let values: Values = [("name".to_owned(), Some(name(n)))].into();
        db.act(RecordId::OFFICE, format!("新增“{}”", name(n)), move |act| {
            act.create_firm(values, Vec::new(), None)
        })
        .wait()
        .expect("entered");
        let newest_first: Vec<String> =
            db.actions(10).wait().expect("actions").into_iter().map(|action| action.name).collect();
        let expected: Vec<String> = (0..=n).rev().map(|n| format!("新增“{}”", name(n))).collect();
        assert_eq!(newest_first, expected);
    }
    assert_clean(&folder.0);
    assert_eq!(names(&folder.0), (0..5).map(name).collect());
}
