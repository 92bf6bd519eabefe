//! 设置: the office, its people, a new batch, the look.

use iced::Size;
use iced::keyboard::key::Named;

use super::support::{Folder, Seat, example_seat, example_seat_of, new_seat};
use crate::app::place::{Place, SettingsTab};
use crate::app::{desk, window};
use crate::domain::people::Role;

fn go(seat: &mut Seat, tab: SettingsTab) {
    seat.send(window::Message::Desk(desk::Message::Go(Place::Settings(tab))));
}

/// An office of its own, its founder at the desk.
fn founded() -> Seat {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), ("sui shi ke gai", Named::Tab)]
    {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text("sui shi ke gai");
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    seat
}

/// Presses into the field that stands on the line of a label, right of it.
fn into_field(seat: &mut Seat, label: &str) {
    let at = seat.find(label).expect("the label").center();
    seat.press(iced::Point::new(at.x + 76.0, at.y));
}

#[test]
fn the_office_gets_its_district_and_the_townships_come_with_it() {
    let mut seat = founded();
    go(&mut seat, SettingsTab::Office);
    into_field(&mut seat, "所在区县");
    seat.type_text("茌平");
    seat.must_see("山东省聊城市茌平区");
    seat.key(Named::Enter);
    seat.must_see("371503 山东省聊城市茌平区");
    seat.press_on("从行政区划带出");
    seat.must_see("共 14 个，与行政区划一致。");
    seat.press_on("保存单位信息");
    seat.must_see("已保存单位信息");
    let office = seat.db().ledger().office.clone();
    assert_eq!(office.region, "371503");
    assert_eq!(office.townships.len(), 14);
    assert_eq!(office.townships[0], "振兴街道");
    assert!(!seat.sees("单位信息有改动，还没有保存"));
    seat.assert_whole();
}

#[test]
fn an_office_without_a_name_is_not_saved() {
    let mut seat = example_seat();
    go(&mut seat, SettingsTab::Office);
    into_field(&mut seat, "单位名称");
    seat.ctrl("a");
    seat.key(Named::Backspace);
    seat.must_see("单位名称不能为空。");
    seat.press_on("保存单位信息");
    assert_eq!(seat.db().ledger().office.name, "青澜区科学技术局");
    seat.press_on("放弃改动");
    seat.must_see("青澜区科学技术局");
}

#[test]
fn an_administrator_adds_somebody_who_can_sign_in_at_once() {
    let mut seat = founded();
    go(&mut seat, SettingsTab::Office);
    seat.press_on("新增人员…");
    seat.type_text("陈岚");
    seat.press_on("经办人");
    seat.press_on("科长");
    seat.press_on("新密码");
    seat.type_text("qing cao");
    seat.press_on("再输一遍");
    seat.type_text("qing ca");
    seat.key(Named::Enter);
    seat.must_see("两遍密码不一样，请再输一遍。");
    seat.type_text("o");
    seat.key(Named::Enter);
    seat.must_see("已新增人员“陈岚”");
    let ledger = seat.db().ledger();
    let user = ledger.users.iter().find(|user| user.name == "陈岚").expect("she is here");
    assert_eq!(user.roles, [Role::Supervisor]);
    assert!(seat.db().check_password(user.id, "qing cao").wait().expect("checked"));
    seat.assert_whole();
}

#[test]
fn nobody_is_added_with_a_password_that_is_too_short() {
    let seat = example_seat();
    let (db, user) = (seat.db(), seat.db().ledger().users[0].id);
    let refused =
        db.act(user, "新增人员", |act| act.add_user_with_password("陈岚岚", &[Role::Officer], "1234567")).wait();
    assert!(refused.is_err());
    assert_eq!(db.ledger().users.len(), 2);
    assert!(db.act(user, "新增人员", |act| act.add_user_with_password("陈岚岚", &[], "12345678")).wait().is_err());
}

#[test]
fn nobody_but_an_administrator_adds_people() {
    let mut seat = example_seat();
    seat.press_on("周敏·经办人");
    seat.key(Named::End);
    seat.key(Named::Enter);
    seat.press_on("周敏");
    seat.press_on("陈岚");
    seat.press_on("登录");
    go(&mut seat, SettingsTab::Office);
    seat.must_see("只有管理员能管理人员：周敏。");
    assert!(!seat.sees("新增人员…"), "what is not allowed is not offered");
}

#[test]
fn a_password_is_changed_only_by_whoever_knows_the_old_one() {
    let mut seat = founded();
    go(&mut seat, SettingsTab::Office);
    let user = seat.db().ledger().users[0].id;
    seat.press_on("改我的密码…");
    seat.type_text("wrong wrong");
    into_field(&mut seat, "新密码");
    seat.type_text("xin de mima");
    into_field(&mut seat, "再输一遍");
    seat.type_text("xin de mima");
    seat.key(Named::Enter);
    seat.must_see("现在的密码不对，请再输一遍。");
    assert!(seat.db().check_password(user, "sui shi ke gai").wait().expect("checked"));
    into_field(&mut seat, "现在的密码");
    seat.retype("sui shi ke gai");
    seat.key(Named::Enter);
    seat.must_see("密码已改");
    assert!(seat.db().check_password(user, "xin de mima").wait().expect("checked"));
}

#[test]
fn a_new_batch_is_opened_with_its_quota_and_shown() {
    let mut seat = example_seat();
    go(&mut seat, SettingsTab::Programs);
    seat.press_on("新增批次…");
    seat.must_see("叫作“2026 年第三批”");
    seat.retype("2");
    seat.must_see("已经有“2026 年第二批”，请换一个批次号。");
    seat.key(Named::Enter);
    assert_eq!(seat.db().ledger().editions_of(2026).len(), 7);
    seat.retype("3");
    into_field(&mut seat, "名额");
    seat.type_text("12");
    seat.key(Named::Enter);
    let ledger = seat.db().ledger();
    let edition = ledger.editions.iter().find(|e| e.program == "gaoqi" && e.year == 2026 && e.batch == 3);
    let edition = edition.expect("it was opened");
    assert_eq!((edition.quota, edition.name.as_str()), (Some(12), "2026 年第三批"));
    let there = seat.window.window().desk().expect("at the desk").place();
    let Place::Filings { filter, .. } = there else { panic!("{there:?}") };
    assert_eq!(filter.edition, Some(edition.id));
}

#[test]
fn programs_say_how_far_their_facts_can_be_trusted() {
    let mut seat = example_seat();
    seat.resize(Size::new(1440.0, 1600.0));
    go(&mut seat, SettingsTab::Programs);
    for words in [
        "国科发火〔2016〕32号《高新技术企业认定管理办法》",
        "有据可查",
        "一般经验，按当年通知核对",
        "区科技局审核把关",
        "2026 年第二批",
    ] {
        seat.must_see(words);
    }
    seat.press_on("泰山创业");
    seat.must_see("会评、答辩（2020 年为网络答辩）");
}

#[test]
fn the_look_is_put_on_at_once_and_remembered() {
    let mut seat = example_seat();
    go(&mut seat, SettingsTab::Look);
    seat.press_on("深色");
    assert!(seat.window.window().theme().tokens.dark);
    seat.press_on("大字");
    assert_eq!(seat.window.window().theme().density, crate::ui::Density::Large);
    seat.press_on("110%");
    assert!((seat.window.window().zoom() - 1.1).abs() < 0.001);
    let kept = seat.db().preference("look").wait().expect("a preference").expect("remembered");
    assert!(kept.contains("\"dark\":true") && kept.contains("Large"), "{kept}");
}

#[test]
fn a_licence_can_be_read_whole() {
    let mut seat = example_seat();
    seat.resize(Size::new(1440.0, 1200.0));
    go(&mut seat, SettingsTab::About);
    seat.must_see(&format!("科报 {}", env!("CARGO_PKG_VERSION")));
    seat.must_see("找企业、编号、界面、操作");
    let folder = seat.folder.0.display().to_string();
    seat.must_see(&folder);
    seat.press_on("Apache");
    seat.must_see("Apache License");
    seat.key(Named::Escape);
    assert!(!seat.sees("Apache License"));
}

#[test]
fn the_office_writes_its_own_phrases_for_corrections() {
    let mut seat = example_seat_of(Size::new(1440.0, 2400.0));
    go(&mut seat, SettingsTab::Programs);
    seat.must_see("缺签字或盖章，请补齐后重新上传");
    seat.press_on("新增短语");
    seat.key(Named::Enter);
    seat.must_see("短语是空的");
    seat.type_text("名单请附 Excel 版");
    seat.key(Named::Enter);
    seat.must_see("已保存补正短语");
    let own = |seat: &Seat| seat.db().ledger().office.phrases("gaoqi");
    assert_eq!(own(&seat).iter().map(|phrase| phrase.text.as_str()).collect::<Vec<_>>(), ["名单请附 Excel 版"]);
    assert!(seat.db().ledger().office.phrases("kexiao").is_empty());
    seat.must_see("名单请附 Excel 版");
    seat.ctrl("z");
    assert!(own(&seat).is_empty());
    assert!(!seat.sees("名单请附 Excel 版"));
    seat.assert_whole();
}

#[test]
fn a_corrected_arrangement_takes_the_place_of_the_first_and_ones_own_day_stays_in_sight() {
    let mut seat = example_seat_of(Size::new(1440.0, 3000.0));
    let folder = Folder::new();
    let path = folder.0.join("2027.json");
    let take = |seat: &mut Seat, days: &[(&str, bool)]| {
        let days: Vec<_> = days
            .iter()
            .map(|(date, off)| serde_json::json!({ "name": "元旦", "date": date, "isOffDay": off }))
            .collect();
        let text = serde_json::json!({ "year": 2027, "papers": [], "days": days }).to_string();
        std::fs::write(&path, text).expect("written");
        seat.focus("settings.year-file");
        seat.retype(path.to_str().expect("a path"));
        seat.key(Named::Enter);
    };
    go(&mut seat, SettingsTab::Programs);
    take(&mut seat, &[("2026-12-31", true), ("2027-01-01", true), ("2027-01-09", false)]);
    seat.must_see("2027 年的安排已收下，3 天");
    seat.focus("settings.day");
    seat.type_text("2027-8-10");
    seat.press_on("为什么：台风停工、省里调休");
    seat.type_text("台风停工");
    seat.key(Named::Enter);
    seat.must_see("2027-08-10 星期二");
    seat.must_see("2027 年的安排已收下，3 天");
    take(&mut seat, &[("2027-01-01", true)]);
    seat.must_see("放假安排已收下，期限已重算");
    seat.must_see("2027 年的安排已收下，1 天");
    seat.must_see("2027-08-10 星期二");
    let ledger = seat.db().ledger();
    let worked = |day: &str| ledger.calendar().is_workday(day.parse().expect("a real day")).worked();
    assert_eq!((worked("2026-12-31"), worked("2027-01-09"), worked("2027-08-10")), (true, false, false));
    seat.assert_whole();
}

#[test]
fn a_typhoon_day_is_written_down_and_deadlines_move() {
    let mut seat = example_seat_of(Size::new(1440.0, 3000.0));
    go(&mut seat, SettingsTab::Programs);
    seat.must_see("国务院办公厅的安排已有到 2026 年的");
    seat.focus("settings.day");
    seat.type_text("8-26");
    seat.key(Named::Enter);
    seat.must_see("没有写为什么");
    seat.key(Named::Tab);
    seat.press_on("为什么：台风停工、省里调休");
    seat.type_text("台风停工");
    let day = |n| chrono::NaiveDate::from_ymd_opt(2026, 8, n).expect("a real day");
    let before = seat.db().ledger().calendar().after(day(24), 5).date;
    seat.key(Named::Enter);
    seat.must_see("2026-08-26 星期三");
    let after = seat.db().ledger().calendar().after(day(24), 5).date;
    assert_eq!((before, after), (day(31), day(31).succ_opt().expect("a day")));
    seat.ctrl("z");
    assert_eq!(seat.db().ledger().calendar().after(day(24), 5).date, before);
    seat.assert_whole();
}
