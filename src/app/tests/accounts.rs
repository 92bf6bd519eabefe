//! Passwords at the window: given, changed, forgotten, reset; the recovery key; the window that locks itself.

use iced::keyboard::key::Named;

use super::support::{Seat, example_seat, new_seat};
use crate::app::place::{Place, SettingsTab};
use crate::app::{desk, window::Message};
use crate::domain::event::DeedKind;
use crate::domain::people::Role;
use crate::store::queries::LogFilter;

const PASSWORD: &str = "sui shi ke gai";

fn go(seat: &mut Seat, place: Place) {
    seat.window.send(Message::Desk(desk::Message::Go(place)));
}

fn logged(seat: &Seat, kind: DeedKind) -> Vec<String> {
    let only = LogFilter { kind: Some(kind), ..LogFilter::default() };
    seat.db().log(&only, None, 100).wait().expect("the log").into_iter().map(|row| row.words).collect()
}

/// The recovery key that stands on the page, in two lines.
fn key_on_page(seat: &mut Seat) -> String {
    let is_half = |words: &str| words.len() == 19 && words.split('-').all(|group| group.len() == 4);
    let halves: Vec<String> = seat.seen().into_iter().map(|seen| seen.words).filter(|words| is_half(words)).collect();
    assert_eq!(halves.len(), 2, "the key stands there");
    halves.join("-")
}

/// An office just founded by 周敏; returns the recovery key.
fn founded() -> (Seat, String) {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), (PASSWORD, Named::Tab)] {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    let key = key_on_page(&mut seat);
    (seat, key)
}

fn add(seat: &Seat, name: &'static str, roles: &'static [Role]) {
    let db = seat.db();
    let admin = db.ledger().users[0].id;
    db.act(admin, "新增人员", move |act| act.add_user_with_password(name, roles, "chu shi mima"))
        .wait()
        .expect("added");
}

fn sign_out(seat: &mut Seat) {
    seat.window.send(Message::Desk(desk::Message::SignOut));
}

fn sign_in_as(seat: &mut Seat, name: &str, password: &str) {
    if seat.sees("周敏") && name != "周敏" {
        seat.press_on("周敏");
        seat.press_on(name);
    }
    seat.type_text(password);
    seat.key(Named::Enter);
}

#[test]
fn the_recovery_key_is_shown_once_at_first_run_and_can_be_saved() {
    let (mut seat, key) = founded();
    let path = seat.folder.0.join("密钥.txt");
    let shown = std::env::temp_dir().join("科报恢复密钥2026-08-24.txt").display().to_string();
    seat.press_on(&shown);
    seat.retype(&path.display().to_string());
    seat.press_on("存为文件");
    seat.must_see("已存好");
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(text.contains(&key) && text.contains("青澜区科学技术局"), "{text}");
    seat.press_on("复制");
    assert_eq!(seat.clipboard.as_deref(), Some(key.as_str()));
    seat.press_on("已收好，进入科报");
    seat.must_see("工作台");
    assert_eq!(logged(&seat, DeedKind::Recovery), ["生成新的恢复密钥，旧的作废"]);
    assert_eq!(logged(&seat, DeedKind::Export), ["恢复密钥：复制到剪贴板", "恢复密钥：密钥.txt"]);
    assert!(!seat.sees(&key[..19]));
    seat.assert_whole();
}

#[test]
fn an_administrator_who_forgot_the_password_gets_in_with_the_key_and_gets_another() {
    let (mut seat, key) = founded();
    seat.press_on("已收好，进入科报");
    let db = seat.db();
    sign_out(&mut seat);
    seat.press_on("忘记密码…");
    seat.type_text("ABCD-EFGH");
    seat.focus("new-password");
    seat.type_text("xin de mima");
    seat.key(Named::Tab);
    seat.type_text("xin de mima");
    seat.key(Named::Enter);
    seat.must_see("恢复密钥不对");
    seat.focus("recovery-key");
    seat.retype(&key.to_lowercase());
    seat.key(Named::Enter);
    let next = key_on_page(&mut seat);
    assert_ne!(next, key);
    seat.press_on("已收好，进入科报");
    seat.must_see("周敏·经办人");
    let user = db.ledger().users[0].id;
    assert!(db.check_password(user, "xin de mima").wait().expect("checked"));
    assert!(logged(&seat, DeedKind::SignInFailed).iter().any(|line| line.contains("恢复密钥")));
    assert!(logged(&seat, DeedKind::Recovery)[0].contains("生成新的") || logged(&seat, DeedKind::Recovery).len() == 3);
    seat.assert_whole();
}

#[test]
fn five_failures_lock_the_account_and_the_page_says_for_how_long() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    sign_out(&mut seat);
    for left in (1..5).rev() {
        seat.type_text("wrong wrong");
        seat.key(Named::Enter);
        seat.must_see(&format!("再错 {left} 次将锁定"));
    }
    seat.type_text("wrong wrong");
    seat.key(Named::Enter);
    seat.must_see("这个账号已锁定，10 分钟后再试");
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    seat.must_see("这个账号已锁定");
}

#[test]
fn whoever_was_added_sets_a_password_of_their_own_before_anything_else() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    add(&seat, "陈岚", &[Role::Supervisor]);
    sign_out(&mut seat);
    sign_in_as(&mut seat, "陈岚", "chu shi mima");
    seat.must_see("先改成自己的密码");
    assert!(!seat.sees("工作台"));
    seat.type_text("short");
    seat.key(Named::Enter);
    seat.must_see("密码至少 8 位。");
    seat.retype("wo de mima 1");
    seat.key(Named::Tab);
    seat.type_text("wo de mima 1");
    seat.key(Named::Enter);
    seat.must_see("陈岚·科长");
    assert!(logged(&seat, DeedKind::Password).contains(&"改了自己的密码".to_owned()));
    sign_out(&mut seat);
    sign_in_as(&mut seat, "陈岚", "wo de mima 1");
    seat.must_see("陈岚·科长");
}

#[test]
fn an_administrator_resets_a_password_and_reads_it_out() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    add(&seat, "陈岚", &[Role::Officer]);
    seat.window.send(Message::Desk(desk::Message::Year(2026)));
    go(&mut seat, Place::Settings(SettingsTab::Office));
    let user = seat.db().ledger().users.iter().find(|user| user.name == "陈岚").expect("there").id;
    let reset = crate::app::settings::Message::reset_password(user);
    seat.window.send(Message::Desk(desk::Message::Settings(reset)));
    seat.must_see("一次性密码");
    let once = seat
        .seen()
        .into_iter()
        .map(|seen| seen.words)
        .find(|words| words.len() == 14 && words.split('-').all(|group| group.len() == 4));
    let once = once.expect("it is shown");
    seat.press_on("知道了");
    assert!(!seat.sees(&once));
    sign_out(&mut seat);
    sign_in_as(&mut seat, "陈岚", &once);
    seat.must_see("先改成自己的密码");
}

#[test]
fn an_idle_window_locks_and_what_was_typed_is_still_there() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    go(&mut seat, Place::NewFirm);
    seat.type_text("青澜恒砚新材料有限公司");
    seat.window.send(Message::Idle);
    seat.must_see("已锁屏");
    assert!(!seat.sees("青澜恒砚"), "nothing of the office shows");
    seat.ctrl("1");
    seat.ctrl("k");
    seat.must_see("已锁屏");
    seat.type_text("wrong wrong");
    seat.key(Named::Enter);
    seat.must_see("密码不对");
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    assert!(!seat.sees("已锁屏"));
    seat.must_see("青澜恒砚新材料有限公司");
    assert_eq!(logged(&seat, DeedKind::SignOut), ["空闲，自动锁屏"]);
    assert!(logged(&seat, DeedKind::SignIn).contains(&"解锁".to_owned()));
    seat.ctrl("l");
    seat.must_see("已锁屏");
    seat.press_on("换人登录");
    seat.must_see("登录后，每一次录入");
}

#[test]
fn the_invented_district_never_locks() {
    let mut seat = example_seat();
    seat.window.send(Message::Idle);
    seat.ctrl("l");
    seat.must_see("工作台");
    assert_eq!(seat.window.window().desk().expect("at the desk").locks_after(), None);
}

#[test]
fn rules_on_passwords_are_set_in_the_settings_and_count_at_once() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    seat.resize(iced::Size::new(1440.0, 1800.0));
    go(&mut seat, Place::Settings(SettingsTab::Office));
    let at = seat.find("密码最短").expect("the label").center();
    seat.press(iced::Point::new(at.x + 76.0, at.y));
    seat.retype("4");
    seat.must_see("要填 8 到 64 之间的整数");
    seat.press_on("保存登录与权限");
    assert_eq!(seat.db().ledger().office.signing.least, 8, "nothing was saved");
    seat.press(iced::Point::new(at.x + 76.0, at.y));
    seat.retype("12");
    seat.press_on("审核决定只由科长登记");
    seat.press_on("保存登录与权限");
    seat.must_see("已保存登录与权限");
    let office = seat.db().ledger().office.clone();
    assert_eq!((office.signing.least, office.supervisor_decides), (12, true));
    seat.press_on("改我的密码…");
    seat.must_see("至少 12 位");
    seat.key(Named::Escape);
    seat.press_on("换新的…");
    seat.must_see("新的恢复密钥");
    seat.press_on("已收好");
    assert_eq!(logged(&seat, DeedKind::Recovery).len(), 2);
    seat.assert_whole();
}

#[test]
fn people_get_roles_section_and_programs_and_the_last_administrator_stays() {
    let (mut seat, _) = founded();
    seat.press_on("已收好，进入科报");
    seat.resize(iced::Size::new(1440.0, 1200.0));
    go(&mut seat, Place::Settings(SettingsTab::Office));
    let pencils: Vec<_> =
        seat.seen().into_iter().filter(|seen| seen.words == crate::ui::Icon::PencilLine.glyph()).collect();
    seat.press(pencils.last().expect("a pencil").bounds.center());
    seat.press_on("如：高新技术科");
    seat.type_text("高新技术科");
    seat.press_on("科小入库");
    seat.press_on("科长");
    seat.press_on("保存");
    seat.must_see("已修改人员“周敏”");
    let user = seat.db().ledger().users[0].clone();
    assert_eq!(user.roles, [Role::Officer, Role::Supervisor, Role::Administrator]);
    assert_eq!((user.section.as_str(), user.programs.len()), ("高新技术科", 1));
    seat.must_see("高新技术科");
    let pencils: Vec<_> =
        seat.seen().into_iter().filter(|seen| seen.words == crate::ui::Icon::PencilLine.glyph()).collect();
    seat.press(pencils.last().expect("a pencil").bounds.center());
    seat.press_on("管理员");
    seat.press_on("保存");
    seat.must_see("这是最后一位在用的管理员");
    assert!(seat.db().ledger().users[0].roles.contains(&Role::Administrator));
    seat.assert_whole();
}
