//! Taking a list in: choosing it, seeing what was found, correcting it, deciding what is doubtful, writing, taking back.

use std::path::PathBuf;
use std::sync::Arc;

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Seat, example_seat};
use crate::app::desk;
use crate::app::window::Message;
use crate::domain::id::RecordId;
use crate::example;
use crate::store::ledger::FirmRow;

/// A file of the seat's own folder.
fn file(seat: &Seat, name: &str, bytes: &[u8]) -> PathBuf {
    let path = seat.folder.0.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// Goes to the wizard and types a path.
fn type_path(seat: &mut Seat, path: &str) {
    seat.ctrl("i");
    seat.focus("import-path");
    seat.retype(path);
    seat.key(Named::Enter);
}

fn ctrl_enter(seat: &mut Seat) {
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
}

fn press_key(seat: &mut Seat, key: &str) {
    seat.key_with(Key::Character(key.into()), Modifiers::empty(), Some(key));
}

/// Firms of the example by name, those with a long enough name for a slip of the pen to be seen as one.
fn firms(seat: &Seat) -> Vec<Arc<FirmRow>> {
    let mut all: Vec<Arc<FirmRow>> =
        seat.db().ledger().firms().filter(|f| f.name.chars().count() >= 10).cloned().collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn firm(seat: &Seat, id: RecordId) -> Arc<FirmRow> {
    Arc::clone(seat.db().ledger().firm(id).expect("the firm is here"))
}

fn named(seat: &Seat, name: &str) -> Option<Arc<FirmRow>> {
    seat.db().ledger().firms().find(|firm| &*firm.name == name).cloned()
}

/// A list with everything lists have: titles, groups of which one counts wrongly, a repeated head, a total, a note, a
/// blank row, a firm known by code, one by name, one with a slip of the pen, a damaged code, a new one, and others' firms.
fn thorny(seat: &Seat) -> String {
    let firms = firms(seat);
    let slip = {
        let mut name: Vec<char> = firms[2].name.chars().collect();
        name[3] = if name[3] == '某' { '亩' } else { '某' };
        name.into_iter().collect::<String>()
    };
    let rows = [
        "青澜区2026年第二批省级科技型中小企业备案名单,,,".to_owned(),
        "公告日期：2026年8月3日,,,".to_owned(),
        "序号,企业名称,统一社会信用代码,备案编号".to_owned(),
        "青澜区（6家）,,,".to_owned(),
        format!("1,{},{},20263799050001", firms[0].name, firms[0].code),
        format!("2,{},,20263799050002", firms[1].name),
        "序号,企业名称,统一社会信用代码,备案编号".to_owned(),
        format!("3,{slip},,20263799050003"),
        format!("4,{},9.13799E+17,20263799050004", firms[3].name),
        "5,青澜新野光电有限公司,,20263799050005".to_owned(),
        "云岭区（2家）,,,".to_owned(),
        "6,云岭启明电子有限公司,,20263799060001".to_owned(),
        "7,云岭高分子材料有限公司,,20263799060002".to_owned(),
        ",,,".to_owned(),
        "合计,7家,,".to_owned(),
        "注：以上企业排名不分先后。,,,".to_owned(),
    ];
    rows.join("\n")
}

#[test]
fn a_csv_of_any_encoding_is_chosen_by_its_path_and_every_row_is_accounted_for() {
    let mut seat = example_seat();
    let text = thorny(&seat);
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    for (name, bytes) in [("utf8.csv", text.as_bytes()), ("gb.csv", &gb)] {
        let path = file(&seat, name, bytes);
        type_path(&mut seat, &path.to_string_lossy());
        seat.must_see("核对每一行");
        // 16 rows of the table are 5 of ours, 2 of others, groups and total, titles and heads, a note, a blank row.
        for words in ["16", "表内总行数", "外区，不导入", "分组与合计行", "标题与表头行", "注释行", "空行"]
        {
            seat.must_see(words);
        }
        seat.must_see("省级科技型中小企业备案名单");
        seat.must_see("2026-08-03");
        seat.must_see("分组 2 个，1 个对不上");
        seat.must_see("青澜区：写 6 家，实有 5 家");
        seat.must_see("写入 3 家，一步可撤销");
        seat.must_see("还有 1 行待确认、1 行损坏");
        seat.press_on("放弃导入");
        seat.must_see("已放弃这次导入");
    }
    assert!(seat.db().imports().wait().expect("imports").is_empty());
}

#[test]
fn every_number_opens_its_rows_and_all_groups_can_be_read() {
    let mut seat = example_seat();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.press_on("外区，不导入");
    seat.must_see("云岭启明电子有限公司");
    assert!(!seat.sees("青澜新野光电有限公司"));
    seat.press_on("标题与表头行");
    seat.must_see("重复的表头，不是企业");
    seat.press_on("新增");
    seat.must_see("青澜新野光电有限公司");
    seat.must_see("建企业档案，记省科小 20263799050005");
    seat.press_on("分组 2 个，1 个对不上");
    seat.must_see("云岭区（2家）");
    seat.must_see("对得上");
    seat.key(Named::Escape);
    assert!(!seat.sees("云岭区（2家）"));
}

#[test]
fn what_is_doubtful_is_decided_by_keys_written_in_one_step_and_taken_back_as_a_whole() {
    let mut seat = example_seat();
    let firms = firms(&seat);
    let before = seat.db().ledger().firm_count();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.press_on("要看的 2");
    seat.key(Named::Home);
    // 1: the same firm; then the damaged row is current, and 1 means to go by its name.
    press_key(&mut seat, "1");
    press_key(&mut seat, "1");
    seat.must_see("每一行都有着落");
    seat.must_see("写入 5 家，一步可撤销");
    ctrl_enter(&mut seat);
    seat.must_see("已写入 5 行");
    seat.must_see("新建企业");
    let new = named(&seat, "青澜新野光电有限公司").expect("the new firm");
    assert_eq!(&*new.certificates.first().expect("a certificate").number, "20263799050005");
    for (n, old) in firms.iter().take(4).enumerate() {
        let number = format!("2026379905000{}", n + 1);
        let held = firm(&seat, old.id);
        assert!(held.certificates.iter().any(|c| *c.number == *number), "{}: {number}", held.name);
    }
    assert_eq!(seat.db().ledger().firm_count(), before + 1);
    // Source file and row stay with the fact.
    let record = seat.db().firm(new.id).wait().expect("a file").expect("the firm");
    let source = record.firm.certificates[0].source.expect("a source");
    let import = seat.db().imports().wait().expect("imports").remove(0);
    assert_eq!((source.row, source.import), (10, import.id));
    assert_eq!(import.file, "list.csv");
    assert_eq!((import.created, import.changed), (1, 4));
    assert!(seat.db().kept_file(&import.digest).is_file());
    // Once more, all of it is here.
    seat.press_on("再导一份");
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("已由周敏导入过");
    seat.must_see("没有要写入的");
    ctrl_enter(&mut seat);
    assert_eq!(seat.db().imports().wait().expect("imports").len(), 1);
    // And back.
    seat.press_on("放弃导入");
    seat.ctrl("z");
    seat.must_see("撤销：导入 5 家");
    assert_eq!(seat.db().ledger().firm_count(), before);
    assert!(named(&seat, "青澜新野光电有限公司").is_none());
    for (n, old) in firms.iter().take(4).enumerate() {
        assert_eq!(firm(&seat, old.id).certificates.len(), old.certificates.len(), "{n}");
    }
    seat.assert_whole();
}

#[test]
fn a_decision_pressed_again_is_taken_back_and_another_firm_can_be_looked_for() {
    let mut seat = example_seat();
    let other = firms(&seat)[20].clone();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.press_on("要看的 2");
    seat.key(Named::Home);
    press_key(&mut seat, "3");
    seat.must_see("写入 3 家");
    seat.must_see("还有 1 行损坏");
    seat.key(Named::Home);
    press_key(&mut seat, "3");
    seat.must_see("还有 1 行待确认、1 行损坏");
    seat.key(Named::Home);
    seat.key(Named::Enter);
    seat.must_see("是哪一家？");
    seat.type_text(&other.code);
    seat.key(Named::Enter);
    seat.must_see("写入 4 家");
    seat.must_see("人工指定");
    ctrl_enter(&mut seat);
    assert!(firm(&seat, other.id).certificates.iter().any(|c| &*c.number == "20263799050003"));
}

#[test]
fn a_column_is_corrected_and_the_rows_are_planned_anew() {
    let mut seat = example_seat();
    let name = firms(&seat)[0].name.to_string();
    let text = format!("序号,企业名称,所在位置,其他\n1,{name},柳泉镇某处,x\n2,青澜新野光电有限公司,双河镇某处,y\n");
    let path = file(&seat, "list.csv", text.as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("写入 1 家");
    choose(&mut seat, "其他", "地址");
    seat.must_see("建企业档案");
    ctrl_enter(&mut seat);
    let new = named(&seat, "青澜新野光电有限公司").expect("the new firm");
    let record = seat.db().firm(new.id).wait().expect("a file").expect("the firm");
    assert_eq!(record.firm.fields.text("address_reg"), "y");
}

#[test]
fn the_example_list_in_word_brings_certificates_to_known_firms_and_enters_new_ones() {
    let mut seat = example_seat();
    let path = file(&seat, example::LIST_NAME, &example::document().expect("the list"));
    let before = seat.db().ledger().firm_count();
    seat.window.send(Message::Dropped(path));
    seat.must_see("青科字〔2026〕21号");
    seat.must_see("分组 3 个，家数都对得上");
    ctrl_enter(&mut seat);
    seat.must_see("已写入 28 行");
    assert_eq!(seat.db().ledger().firm_count(), before + 4);
    seat.press_on("撤销这次导入");
    seat.must_see("这次导入已经撤销");
    assert_eq!(seat.db().ledger().firm_count(), before);
    seat.assert_whole();
}

#[test]
fn cells_are_pasted_from_the_clipboard() {
    let mut seat = example_seat();
    seat.window.clipboard =
        Some("企业名称\t法定代表人\n青澜新野光电有限公司\t陆川\n双河长庚机电有限公司\t齐岳\n".to_owned());
    seat.ctrl("i");
    seat.ctrl("v");
    seat.must_see("剪贴板");
    ctrl_enter(&mut seat);
    assert!(named(&seat, "双河长庚机电有限公司").is_some_and(|firm| &*firm.legal == "齐岳"));
    let import = seat.db().imports().wait().expect("imports").remove(0);
    assert!(seat.db().kept_file(&import.digest).is_file(), "what was pasted is kept like a file");
    assert_eq!(import.file, "剪贴板粘贴的名单.txt");
}

#[test]
fn a_list_sets_the_results_of_an_editions_filings() {
    let mut seat = example_seat();
    let ledger = seat.db().ledger();
    // Filings that only wait for their superiors: the list is what they wait for.
    let (edition, stage) = ledger
        .editions
        .iter()
        .filter(|edition| !edition.closed)
        .find_map(|edition| {
            let stages = &edition.known?.1.stages;
            let awards = stages.iter().find(|stage| stage.awards)?;
            let here = |f: &&Arc<crate::store::ledger::FilingRow>| {
                ledger.edition_of(f).is_some_and(|e| e.id == edition.id)
                    && f.stage().id == awards.id
                    && f.status_word() == "已推荐"
            };
            (ledger.filings().filter(here).count() >= 2).then(|| (edition.clone(), awards.id.clone()))
        })
        .expect("an edition with filings before the award");
    let waiting: Vec<_> = ledger
        .filings()
        .filter(|f| {
            ledger.edition_of(f).is_some_and(|e| e.id == edition.id)
                && f.stage().id == stage
                && f.status_word() == "已推荐"
        })
        .take(2)
        .cloned()
        .collect();
    let names: Vec<String> = waiting.iter().map(|f| ledger.firm_of(f).name.to_string()).collect();
    let text = format!("通过企业名单\n企业名称\n{}\n青澜没有申报有限公司\n", names.join("\n"));
    let path = file(&seat, "results.csv", text.as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    choose(&mut seat, "作为", "申报结果");
    seat.must_see("还没有选批次");
    choose(&mut seat, "批次", &edition.label());
    seat.must_see("写入 2 件");
    seat.must_see("档案里没有这家，也就没有它的申报");
    ctrl_enter(&mut seat);
    seat.must_see("登记结果");
    for filing in &waiting {
        let now = seat.db().ledger().filing(filing.id).cloned().expect("the filing");
        let index = now.version.stage_index(&stage).expect("the stage");
        assert_eq!(now.passed >> index & 1, 1, "{} has passed", now.number);
    }
    seat.ctrl("z");
    for filing in &waiting {
        let now = seat.db().ledger().filing(filing.id).cloned().expect("the filing");
        assert_eq!(now.status_word(), filing.status_word());
    }
    seat.assert_whole();
}

#[test]
fn a_row_that_says_not_passed_fails_though_the_list_is_taken_as_passed() {
    let mut seat = example_seat();
    let ledger = seat.db().ledger();
    let open = |f: &&Arc<crate::store::ledger::FilingRow>, edition| {
        ledger.edition_of(f).is_some_and(|e| e.id == edition)
            // With the superiors, so that their list can settle it; what lies with us or the firm cannot be skipped.
            && f.group() == crate::store::ledger::StatusGroup::Upward
            && f.version.stages.iter().any(|s| s.outcome(crate::domain::program::Effect::Fail).is_some())
    };
    let edition = ledger
        .editions
        .iter()
        .filter(|e| !e.closed && e.year == 2026)
        .find(|e| ledger.filings().filter(|f| open(f, e.id)).count() >= 4)
        .expect("an edition with filings in review")
        .clone();
    let all: Vec<_> = ledger.filings().filter(|f| open(f, edition.id)).take(4).cloned().collect();
    let name = |n: usize| ledger.firm_of(&all[n]).name.to_string();
    let text = format!(
        "评审结果\n企业名称,评审结论\n{},通过\n{},不予认定\n{},待上会\n{},\n",
        name(0),
        name(1),
        name(2),
        name(3)
    );
    let path = file(&seat, "results.csv", text.as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    choose(&mut seat, "作为", "申报结果");
    choose(&mut seat, "批次", &edition.label());
    seat.must_see("结论“待上会”看不出是通过还是不通过");
    seat.must_see("写入 3 件");
    ctrl_enter(&mut seat);
    seat.must_see("登记结果");
    let now = |n: usize| seat.db().ledger().filing(all[n].id).cloned().expect("the filing");
    let failed = crate::domain::filing::Standing::Ended(crate::domain::filing::End::Failed);
    assert_eq!(now(1).standing, failed, "{}", now(1).status_word());
    assert_eq!(now(2).status_word(), all[2].status_word(), "nobody knows what 待上会 means");
    for passed in [0, 3] {
        let index = all[passed].version.stages.iter().position(|s| s.awards).expect("an awarding stage");
        assert_eq!(now(passed).passed >> index & 1, 1, "{}", now(passed).status_word());
    }
    // The same list again adds nothing.
    seat.press_on("再导一份");
    type_path(&mut seat, &path.to_string_lossy());
    choose(&mut seat, "作为", "申报结果");
    choose(&mut seat, "批次", &edition.label());
    seat.must_see("没有要写入的");
    seat.assert_whole();
}

#[test]
fn who_a_list_denies_gets_no_certificate_from_it() {
    let mut seat = example_seat();
    let (yes, no) = (firms(&seat)[0].clone(), firms(&seat)[1].clone());
    let text = format!(
        "2026年第二批高新技术企业认定结果\n企业名称,证书编号,认定结果\n{},GR202699000001,拟认定\n{},GR202699000002,不予认定\n",
        yes.name, no.name
    );
    let path = file(&seat, "certificates.csv", text.as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("名单写明“不予认定”，不记证书");
    ctrl_enter(&mut seat);
    let has = |id, number: &str| firm(&seat, id).certificates.iter().any(|c| &*c.number == number);
    assert!(has(yes.id, "GR202699000001"));
    assert!(!has(no.id, "GR202699000002"));
}

/// Opens the select beside a label and picks a word.
fn choose(seat: &mut Seat, label: &str, word: &str) {
    let at = seat.window.find(label).unwrap_or_else(|| panic!("“{label}” is not to be seen"));
    seat.window.press(iced::Point::new(at.x + 200.0, at.center_y()));
    for _ in 0..60 {
        let opened = seat.window.seen().into_iter().rfind(|seen| seen.words == word);
        if let Some(seen) = opened {
            return seat.window.press(seen.bounds.center());
        }
        seat.window.wheel(3.0);
    }
    panic!("“{word}” is not among what can be chosen for {label}");
}

#[test]
fn a_stopped_import_leaves_nothing_behind() {
    let mut seat = example_seat();
    let before = seat.db().ledger().firm_count();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.window.hold();
    ctrl_enter(&mut seat);
    seat.must_see("正在写入 0 / 3");
    seat.key(Named::Escape);
    seat.must_see("正在停止");
    seat.window.release();
    seat.must_see("导入已停止，什么都没有写入");
    seat.must_see("写入 3 家，一步可撤销");
    assert_eq!(seat.db().ledger().firm_count(), before);
    assert!(seat.db().imports().wait().expect("imports").is_empty());
    let kept = seat.folder.0.join("files");
    let files = walk(&kept);
    assert!(files.is_empty(), "{files:?}");
    seat.assert_whole();
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(all) = std::fs::read_dir(folder) else { return Vec::new() };
    let all = all.filter_map(Result::ok).map(|entry| entry.path());
    all.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_file_that_cannot_be_used_says_why_and_the_wizard_goes_on() {
    let mut seat = example_seat();
    let broken = file(&seat, "broken.docx", b"PK\x03\x04 this was a document once");
    type_path(&mut seat, &broken.to_string_lossy());
    seat.must_see("选文件");
    let said: Vec<String> = seat.window.seen().into_iter().map(|seen| seen.words).collect();
    assert!(
        said.iter().any(|words| words.contains("损坏") || words.contains("不完整") || words.contains("打不开")),
        "{said:?}"
    );
    type_path(&mut seat, "/no/such/list.csv");
    seat.must_see("找不到文件“list.csv”。");
    let nothing = file(&seat, "letter.csv", "这里只有一句话\n".as_bytes());
    type_path(&mut seat, &nothing.to_string_lossy());
    seat.must_see("没有找到名单表格");
    let good = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &good.to_string_lossy());
    seat.must_see("核对每一行");
    seat.must_see("写入 3 家");
}

#[test]
fn the_wizard_keeps_its_state_while_one_looks_elsewhere() {
    let mut seat = example_seat();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.press_on("要看的 2");
    seat.key(Named::Home);
    press_key(&mut seat, "1");
    seat.ctrl("2");
    assert!(!seat.sees("每一行怎么处理"));
    seat.ctrl("i");
    seat.must_see("还有 1 行损坏");
    seat.must_see("写入 4 家");
    seat.press_on("换文件");
    seat.must_see("还有一份没写入的名单：list.csv");
    seat.press_on("回到核对");
    seat.must_see("写入 4 家");
}

#[test]
fn what_the_list_becomes_is_changed_and_the_preview_follows() {
    let mut seat = example_seat();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    // All areas instead of ours.
    choose(&mut seat, "地区", "全部地区");
    seat.key(Named::Escape);
    seat.must_see("名单有 2 个地区，现在全部导入");
    seat.must_see("写入 5 家");
    // A day that cannot be read is said at once; a day in words is understood.
    let day = seat.window.find("2026-08-03").expect("the day of the letter");
    let field = seat.window.seen().into_iter().rfind(|seen| seen.words == "2026-08-03").expect("and the field").bounds;
    assert!(field.y > day.y);
    seat.window.press(field.center());
    seat.retype("八月");
    seat.must_see("日期读不懂");
    seat.retype("2026.8.5");
    seat.must_see("写入 5 家");
    // Nobody new: the firms nobody knows stay out, and the sum says so.
    seat.press_on("档案里没有的企业，新建档案");
    seat.must_see("不导入");
    seat.must_see("写入 2 家");
    // Keys with Ctrl act in fields, too.
    seat.window.press(field.center());
    ctrl_enter(&mut seat);
    seat.must_see("已写入 2 行");
    let known = &firms(&seat)[0];
    let held = known.certificates.iter().find(|c| &*c.number == "20263799050001").expect("the certificate");
    assert_eq!(held.issued, chrono::NaiveDate::from_ymd_opt(2026, 8, 5));
}

#[test]
fn rows_with_the_same_trouble_are_decided_together() {
    let mut seat = example_seat();
    let rows: Vec<String> =
        (1..=40).map(|n| format!("{n},青澜新野{n}号光电有限公司,9.13799E+17,2026379905{n:04}")).collect();
    let text = format!("省级科技型中小企业备案名单\n序号,企业名称,统一社会信用代码,备案编号\n{}\n", rows.join("\n"));
    let path = file(&seat, "list.csv", text.as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("还有 40 行损坏");
    seat.press_on("一起处理");
    seat.press_on("损坏的：坏的格空着，其余照导");
    seat.must_see("写入 40 家");
    seat.must_see("每一行都有着落");
    ctrl_enter(&mut seat);
    let new = named(&seat, "青澜新野7号光电有限公司").expect("a new firm");
    assert_eq!(&*new.code, "", "what was lost is not made up");
    assert_eq!(&*new.certificates[0].number, "20263799050007");
}

#[test]
fn a_workbook_of_several_sheets_lets_one_choose_and_opens_filings_in_an_edition() {
    let mut seat = example_seat();
    let ledger = seat.db().ledger();
    let edition = ledger.editions.iter().find(|e| !e.closed && e.program == "gaoqi").expect("an open edition").clone();
    let without = |firm: &Arc<FirmRow>| {
        !ledger.filings_of(firm.id).any(|f| ledger.edition_of(f).is_some_and(|e| e.id == edition.id))
    };
    let two: Vec<Arc<FirmRow>> = firms(&seat).into_iter().filter(without).take(2).collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let many = book.add_worksheet().set_name("别的").expect("a name");
    many.write(0, 0, "企业名称").expect("a cell");
    for n in 0..5 {
        many.write(n + 1, 0, format!("青澜新野{n}号光电有限公司")).expect("a cell");
    }
    let ours = book.add_worksheet().set_name("拟申报").expect("a name");
    ours.write(0, 0, "拟申报企业名单").expect("a cell");
    ours.write(1, 0, "企业名称").expect("a cell");
    for (n, firm) in (2..).zip(&two) {
        ours.write(n, 0, &*firm.name).expect("a cell");
    }
    let path = file(&seat, "book.xlsx", &book.save_to_buffer().expect("a workbook"));
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("写入 5 家");
    choose(&mut seat, "第几张表", "2/2 拟申报");
    seat.must_see("拟申报企业名单");
    choose(&mut seat, "作为", "申报");
    choose(&mut seat, "批次", &edition.label());
    seat.must_see("写入 2 件，一步可撤销");
    ctrl_enter(&mut seat);
    seat.must_see("新增申报");
    let opened = |seat: &Seat| {
        let ledger = seat.db().ledger();
        let of = |firm: &Arc<FirmRow>| {
            ledger.filings_of(firm.id).filter(|f| ledger.edition_of(f).is_some_and(|e| e.id == edition.id)).count()
        };
        two.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(opened(&seat), [1, 1]);
    seat.ctrl("z");
    assert_eq!(opened(&seat), [0, 0]);
    seat.assert_whole();
}

#[test]
fn of_several_firms_of_one_name_a_person_chooses() {
    let mut seat = example_seat();
    let user = seat.db().ledger().users[0].id;
    let name = "双河同名机电有限公司";
    let twins = seat
        .db()
        .act(user, "两家同名", move |act| {
            let mut one = |township: &str| {
                let values = [("name", name), ("township", township)];
                let values = values.map(|(key, value)| (key.to_owned(), Some(value.to_owned())));
                act.create_firm(values.into(), Vec::new(), None)
            };
            Ok([one("柳泉镇")?, one("双河镇")?])
        })
        .wait()
        .expect("two firms")
        .value;
    // Nobody at the window did it, so it is told to look again.
    seat.window.send(Message::Desk(desk::Message::Year(2026)));
    let path = file(&seat, "list.csv", format!("企业名称,法定代表人\n{name},齐岳\n").as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    seat.must_see("同名的有 2 家");
    press_key(&mut seat, "1");
    seat.must_see("是哪一家？");
    assert!(seat.window.click_nth(name, 1), "both are offered below the list's own words");
    seat.must_see("写入 1 家");
    ctrl_enter(&mut seat);
    let legal: Vec<String> = twins.iter().map(|id| firm(&seat, *id).legal.to_string()).collect();
    assert_eq!(legal.iter().filter(|legal| *legal == "齐岳").count(), 1, "{legal:?}");
}

#[test]
fn a_file_changed_while_it_was_looked_over_is_not_written() {
    let mut seat = example_seat();
    let before = seat.db().ledger().firm_count();
    let path = file(&seat, "list.csv", thorny(&seat).as_bytes());
    type_path(&mut seat, &path.to_string_lossy());
    std::fs::write(&path, "企业名称\n青澜别的有限公司\n").expect("another content");
    ctrl_enter(&mut seat);
    seat.must_see("名单文件在核对期间被改过");
    assert_eq!(seat.db().ledger().firm_count(), before);
}
