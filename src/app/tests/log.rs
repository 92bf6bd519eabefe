//! 操作日志 and 变更历史: whoever comes, what leaves and what is looked at is found there, and every line opens what it did.

use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Seat, example_seat, new_seat};
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::{desk, window::Message};
use crate::domain::event::DeedKind;
use crate::domain::identity::phone;
use crate::domain::people::Role;
use crate::store::queries::{LogFilter, LogRow};
use crate::ui::Icon;

fn logged(seat: &Seat, kind: DeedKind) -> Vec<LogRow> {
    seat.db().log(&LogFilter { kind: Some(kind), ..LogFilter::default() }, None, 100).wait().expect("the log")
}

fn go(seat: &mut Seat, place: Place) {
    seat.window.send(Message::Desk(desk::Message::Go(place)));
}

/// Chooses a sort in the filter. The menu lies over the rows, so the last text of these words is the menu's own.
fn only(seat: &mut Seat, kind: &str) {
    seat.press_on("所有类别");
    let found = seat.seen().into_iter().rfind(|seen| seen.words == kind).expect("in the menu");
    seat.press(found.bounds.center());
}

#[test]
fn whoever_signs_in_and_out_or_fails_to_is_in_the_log() {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("qing lan qu 2026", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("qing lan qu 2026");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    let db = seat.db();
    seat.window.send(Message::Desk(desk::Message::SignOut));
    seat.type_text("qing lan qu 2025");
    seat.key(Named::Enter);
    seat.must_see("密码不对");
    seat.type_text("qing lan qu 2026");
    seat.key(Named::Enter);
    let rows = db.log(&LogFilter::default(), None, 10).wait().expect("the log");
    let kinds: Vec<&str> = rows.iter().map(|row| row.kind.label()).collect();
    assert_eq!(kinds, ["登录", "登录失败", "退出", "备份", "登录", "恢复密钥", "新增"]);
    assert!(rows[..6].iter().all(|row| row.actor == db.ledger().users[0].id));
    assert!(!rows.iter().any(|row| row.words.contains("2025")), "no password is kept");
    seat.assert_whole();
}

#[test]
fn whoever_closes_the_window_is_signed_out_in_the_log() {
    let mut seat = example_seat();
    let db = seat.db();
    seat.window.send(Message::CloseAsked);
    assert!(seat.closed, "the window is closed once the log has it");
    let rows = db.log(&LogFilter { kind: Some(DeedKind::SignOut), ..LogFilter::default() }, None, 10);
    let rows = rows.wait().expect("the log");
    let told: Vec<&str> = rows.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(told, ["关闭窗口"]);
    assert_eq!(rows[0].actor, db.ledger().users[0].id);
}

#[test]
fn a_window_that_is_locked_or_that_nobody_sits_at_closes_without_another_line() {
    let mut seat = new_seat();
    seat.window.send(Message::CloseAsked);
    assert!(seat.closed, "nobody has begun here");
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("qing lan qu 2026", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("qing lan qu 2026");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    let db = seat.db();
    seat.ctrl("l");
    seat.window.send(Message::CloseAsked);
    assert!(seat.closed);
    let rows = db.log(&LogFilter { kind: Some(DeedKind::SignOut), ..LogFilter::default() }, None, 10);
    let told: Vec<String> = rows.wait().expect("the log").into_iter().map(|row| row.words).collect();
    assert_eq!(told, ["锁屏"]);
}

#[test]
fn a_list_that_leaves_as_a_file_is_in_the_log() {
    let mut seat = example_seat();
    seat.ctrl("2");
    seat.press_on("导出");
    let path = seat.folder.0.join("全部企业.xlsx");
    seat.retype(&path.display().to_string());
    seat.key(Named::Enter);
    assert!(path.is_file());
    let rows = logged(&seat, DeedKind::Export);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].words.as_str(), rows[0].count), ("企业：全部企业.xlsx", Some(300)));
    seat.assert_whole();
}

#[test]
fn rows_copied_from_any_list_are_in_the_log() {
    let mut seat = example_seat();
    let path = seat.folder.0.join(crate::example::LIST_NAME);
    std::fs::write(&path, crate::example::document().expect("the list")).expect("a file");
    seat.window.send(Message::Dropped(path));
    let copied = |seat: &mut Seat, id: &'static str| {
        seat.focus(id);
        seat.ctrl("c");
        let rows = logged(seat, DeedKind::Export);
        rows.first().map(|row| (row.words.clone(), row.count)).unwrap_or_default()
    };
    assert_eq!(copied(&mut seat, "import-rows"), ("导入名单的预览：复制到剪贴板".to_owned(), Some(1)));
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    seat.must_see("已写入 28 行");
    go(&mut seat, Place::Data(DataTab::Imports));
    assert_eq!(copied(&mut seat, "data-rows"), ("名单导入：复制到剪贴板".to_owned(), Some(1)));
    go(&mut seat, Place::Data(DataTab::Backups));
    seat.press_on("立即备份");
    assert_eq!(copied(&mut seat, "data-rows"), ("备份：复制到剪贴板".to_owned(), Some(1)));
    assert_eq!(logged(&seat, DeedKind::Export).len(), 3);
}

#[test]
fn a_number_shown_in_full_is_in_the_log_without_the_number() {
    let mut seat = example_seat();
    let firm = seat.db().ledger().firms().find(|firm| !firm.phone.is_empty()).expect("one with a phone").clone();
    go(&mut seat, Place::firm(firm.id));
    let covered = seat.find(&phone::mask(&firm.phone)).expect("its ends are shown");
    let near = |seen: &crate::app::headless::Seen| (seen.bounds.center_y() - covered.center_y()).abs() < 8.0;
    // The grid behind shows it covered too; the eye stands in the panel only.
    let eyes: Vec<_> = seat.seen().into_iter().filter(|seen| seen.words == Icon::Eye.glyph()).collect();
    let eye = eyes.iter().find(|eye| near(eye)).or(eyes.last()).expect("an eye").bounds;
    seat.press(eye.center());
    let rows = logged(&seat, DeedKind::Reveal);
    assert_eq!((rows.len(), rows[0].record), (1, Some(firm.id)));
    assert!(rows[0].words.contains(&*firm.name) && !rows[0].words.contains(&*firm.phone));
    // Covering it again is nothing to log, nor does the firm's own history grow.
    let before = seat.db().history(firm.id).wait().expect("read").expect("there").changes.len();
    seat.press(eye.center());
    assert_eq!(logged(&seat, DeedKind::Reveal).len(), 1);
    assert_eq!(seat.db().firm(firm.id).wait().expect("read").expect("there").changes.len(), before);
}

#[test]
fn what_a_form_shows_in_full_is_in_the_log_once() {
    let mut seat = example_seat();
    let ledger = seat.db().ledger();
    let firm = ledger.firms().find(|firm| !firm.phone.is_empty()).expect("one with a phone").clone();
    go(&mut seat, Place::firm(firm.id));
    seat.ctrl("e");
    let rows = logged(&seat, DeedKind::Reveal);
    assert_eq!((rows.len(), rows[0].record), (1, Some(firm.id)));
    assert!(rows[0].words.contains("修改") && !rows[0].words.contains(&*firm.phone));
    let edition = ledger.editions_of(2026).into_iter().find(|e| e.program == "gaoqi").expect("an edition").id;
    go(&mut seat, Place::NewFiling { firm: Some(firm.id), edition: Some(edition) });
    let rows = logged(&seat, DeedKind::Reveal);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].words.contains("联系电话") && !rows[0].words.contains(&*firm.phone));
}

#[test]
fn the_log_is_narrowed_by_person_sort_day_and_words() {
    let mut seat = example_seat();
    go(&mut seat, Place::Data(DataTab::Log));
    let all = seat.db().log_count(&LogFilter::default()).wait().expect("counted");
    seat.must_see(&format!("共 {all} 条"));
    only(&mut seat, "登录");
    seat.must_see("共 1 条");
    seat.must_see("示例单位，不用密码");
    seat.press_on("登录");
    let everything = seat.seen().into_iter().rfind(|seen| seen.words == "所有类别").expect("in the menu");
    seat.press(everything.bounds.center());
    seat.press_on("找操作");
    seat.type_text("企业台账");
    seat.must_see("共 1 条");
    seat.press_on("所有人");
    seat.press_on("陈岚");
    seat.must_see("共 0 条");
}

#[test]
fn a_line_of_the_log_opens_what_it_did_and_from_there_the_record() {
    let mut seat = example_seat();
    let user = seat.db().ledger().users[0].id;
    let firm = seat.db().ledger().firms().next().expect("a firm").clone();
    let town = if &*firm.township == "白石镇" { "柳泉镇" } else { "白石镇" };
    let values = [("township".to_owned(), Some(town.to_owned()))].into();
    let (id, name) = (firm.id, format!("修改“{}”", firm.name));
    seat.db().act(user, name.clone(), move |act| act.change_firm(id, &values, Vec::new(), None)).wait().expect("done");
    go(&mut seat, Place::Data(DataTab::Log));
    seat.press_on("找操作");
    seat.type_text(&name);
    seat.must_see("共 1 条");
    seat.focus("data-rows");
    seat.key(Named::Enter);
    seat.must_see(&format!("{} → {town}", firm.township));
    seat.must_see("本机");
    seat.press_on("变更历史");
    seat.must_see(&format!("变更历史：{}", firm.name));
    // More than the one change the line was about.
    assert!(seat.seen().iter().filter(|seen| seen.words == "修改").count() > 1 || seat.sees("新增"));
    seat.press_on("打开");
    assert_eq!(seat.window.window().desk().expect("a desk").place(), Place::firm(id));
}

#[test]
fn the_log_goes_out_as_a_sheet_and_says_so_itself() {
    let mut seat = example_seat();
    go(&mut seat, Place::Data(DataTab::Log));
    let all = seat.db().log_count(&LogFilter::default()).wait().expect("counted");
    seat.press_on("导出…");
    let path = seat.folder.0.join("日志.xlsx");
    seat.retype(&path.display().to_string());
    seat.key(Named::Enter);
    seat.must_see(&format!("已导出 {all} 条"));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).expect("a sheet");
    let range = calamine::Reader::worksheet_range(&mut book, "操作日志").expect("its page");
    assert_eq!(range.height() as u64, all + 1);
    assert_eq!(range.get_value((1, 3)).map(ToString::to_string).as_deref(), Some("登录"));
    assert_eq!(logged(&seat, DeedKind::Export)[0].words, "操作日志：日志.xlsx");
    seat.must_see("操作日志：日志.xlsx");
}

#[test]
fn a_refused_attempt_is_in_the_log() {
    let mut seat = example_seat();
    let action = seat.db().actions(500).wait().expect("actions").into_iter().rfind(|a| a.name.contains("导入企业台账"));
    let name = action.expect("the firms").name;
    go(&mut seat, Place::Data(DataTab::Log));
    seat.press_on("找操作");
    seat.type_text(&name);
    assert!(seat.window.click_nth("撤销", 0), "the row has its way back");
    seat.must_see("不能撤销");
    let rows = logged(&seat, DeedKind::Refused);
    assert!(rows.len() == 1 && rows[0].words.contains("不能撤销"), "{rows:?}");
}

#[test]
fn the_office_its_people_editions_and_shortlists_have_their_history_where_they_are_shown() {
    let mut seat = example_seat();
    let ledger = seat.db().ledger();
    let user = ledger.users[0].clone();
    let added = seat.db().act(user.id, "新增人员“林舟”", |act| act.add_user("林舟", &[Role::Auditor]));
    let added = added.wait().expect("added").value;
    let edition = ledger.editions_of(2026).into_iter().find(|e| e.program == "gaoqi").expect("an edition").id;
    let items = ledger.recommended(edition);
    let first = items[0];
    let list =
        seat.db().act(user.id, "新建推荐名单", move |act| act.make_shortlist(edition, "第二批推荐", &items));
    let list = list.wait().expect("made").value;
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.window.send(Message::Desk(desk::Message::Year(2026)));
    seat.press_on("变更历史");
    seat.must_see("变更历史：青澜区科学技术局");
    seat.must_see("乡镇街道");
    seat.key(Named::Escape);
    assert!(!seat.sees("变更历史：青澜区科学技术局"));
    let press_last_clock = |seat: &mut Seat| {
        let clocks: Vec<_> = seat.seen().into_iter().filter(|seen| seen.words == Icon::History.glyph()).collect();
        seat.press(clocks.last().expect("a button").bounds.center());
    };
    press_last_clock(&mut seat);
    let last = seat.db().ledger().users.iter().max_by_key(|user| user.id).expect("a user").name.clone();
    seat.must_see(&format!("变更历史：{last}"));
    seat.must_see("身份");
    assert_eq!(seat.db().history(added).wait().expect("read").expect("there").subject.name, "林舟");
    seat.key(Named::Escape);
    go(&mut seat, Place::Settings(SettingsTab::Programs));
    press_last_clock(&mut seat);
    seat.must_see("变更历史：高企认定·2026 年");
    seat.must_see("上级截止");
    seat.key(Named::Escape);
    go(&mut seat, Place::Shortlist(list));
    press_last_clock(&mut seat);
    seat.must_see("变更历史：第二批推荐");
    seat.must_see("名单名称");
    seat.must_see("第 1 位");
    let first = ledger.filing(first).expect("there");
    seat.must_see(&format!("{} {}", ledger.firm_of(first).name, first.number));
}

#[test]
fn an_earlier_day_is_looked_at_and_nothing_can_be_changed_until_one_returns() {
    let mut seat = example_seat();
    let user = seat.db().ledger().users[0].id;
    let (now, filings) = (seat.db().ledger().firm_count(), seat.db().ledger().filings().count());
    seat.ctrl("2");
    seat.must_see(&format!("{now} 家"));
    go(&mut seat, Place::Data(DataTab::Imports));
    seat.press_on("查看历史时点…");
    seat.must_see("当天最后一刻的样子");
    seat.retype("2027-01-01");
    seat.key(Named::Enter);
    seat.must_see("请选今天以前的一天。");
    seat.retype("2025-08-31");
    seat.key(Named::Enter);
    seat.must_see("截至 2025-08-31 的数据，只读");
    let then = seat.db().ledger();
    assert!(then.filings().count() < filings, "what began later is not there");
    assert_eq!(seat.window.window().desk().expect("a desk").place(), Place::Workbench);
    seat.must_see("2025 年度");
    seat.ctrl("3");
    seat.must_see("截至 2025-08-31 的数据，只读");
    let told = seat.window.window().desk().expect("a desk").ctx().clone();
    assert_eq!(told.today.to_string(), "2025-08-31");
    // A filing's own page tells it as it was.
    let moved = then.filings().find(|row| {
        let later = seat.db().looking_at_now().filing(row.id).wait().expect("read").expect("there");
        later.filing.track.decisions.iter().any(|decision| decision.moved.on > told.today)
    });
    let moved = moved.expect("one that went on afterwards").id;
    let file = seat.db().filing(moved).wait().expect("read").expect("there");
    assert!(file.filing.track.decisions.iter().all(|decision| decision.moved.on <= told.today));
    // Screens without a past show the present, and say so.
    let review = seat.window.window().desk().expect("a desk").place();
    assert!(matches!(review, Place::Filings { .. }));
    for (place, present) in [
        (Place::review(2026), true),
        (Place::Data(DataTab::Imports), true),
        (Place::Settings(SettingsTab::Programs), true),
        (Place::Workbench, false),
    ] {
        go(&mut seat, place.clone());
        let words = "这一页总是现在的数据，暂时只读；企业、申报、工作台显示截至 2025-08-31 的数据";
        assert_eq!(seat.sees(words), present, "{place:?}");
        seat.must_see("回到今天");
    }
    go(&mut seat, Place::review(2026));
    let waiting = seat
        .db()
        .looking_at_now()
        .ledger()
        .filings()
        .filter(|row| row.group() == crate::store::ledger::StatusGroup::Ours && row.number.starts_with("2026"))
        .count();
    assert!(waiting > 0);
    seat.must_see(&format!("1/{waiting}"));
    seat.key(Named::F6);
    seat.key(Named::Enter);
    // Whatever one tries is refused with one sentence.
    let events = seat.db().check().wait().expect("a check").events;
    seat.ctrl("z");
    let sentence = "现在看的是截至 2025-08-31 的数据，只读，这一步没有做。";
    go(&mut seat, Place::Settings(SettingsTab::Office));
    let name = seat.find("青澜区科学技术局").expect("the office").center();
    seat.press(name);
    seat.retype("青澜区科技局");
    seat.press_on("保存单位信息");
    seat.must_see(sentence);
    let refused = seat.db().act(user, "新增人员", |act| act.add_user("林舟", &[Role::Officer])).wait();
    assert_eq!(refused.expect_err("refused").says, sentence);
    assert_eq!(seat.db().check().wait().expect("a check").events, events);
    // Another year of that day, another day, and back.
    seat.press_on("放弃改动");
    seat.window.send(Message::Desk(desk::Message::Year(2024)));
    seat.must_see("截至 2025-08-31 的数据，只读");
    assert_eq!(seat.window.window().desk().expect("a desk").ctx().year, 2024);
    seat.press_on("回到今天");
    assert!(!seat.sees("换一天…"), "the band is gone");
    assert_eq!(seat.window.window().desk().expect("a desk").ctx().year, 2026);
    assert_eq!(seat.db().ledger().filings().count(), filings);
    let done = seat.db().act(user, "新增人员", |act| act.add_user("林舟", &[Role::Officer])).wait();
    assert!(done.is_ok(), "the present can be changed again");
    seat.assert_whole();
}
