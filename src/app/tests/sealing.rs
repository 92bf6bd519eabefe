//! 号码加密 at the window: the switch, what shows with the key and without it, and the window that locks itself.

use iced::keyboard::key::Named;

use super::support::{Seat, new_seat};
use crate::app::place::{Place, SettingsTab};
use crate::app::{desk, window::Message};
use crate::domain::firm::key;
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::domain::seal::is_sealed;

const PASSWORD: &str = "sui shi ke gai";
const PHONE: &str = "13800005206";

fn go(seat: &mut Seat, place: Place) {
    seat.window.send(Message::Desk(desk::Message::Go(place)));
}

/// An office of its own, its founder at the desk, everything of a page in sight.
fn founded() -> Seat {
    let mut seat = new_seat();
    for (text, key) in [("青澜区科学技术局", Named::Enter), ("周敏", Named::Enter), (PASSWORD, Named::Tab)] {
        seat.type_text(text);
        seat.key(key);
    }
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    seat.press_on("已收好，进入科报");
    seat.resize(iced::Size::new(1440.0, 1800.0));
    seat
}

fn switch_on(seat: &mut Seat) {
    go(seat, Place::Settings(SettingsTab::Office));
    seat.press_on("加密保存身份证号和电话");
    seat.must_see("开启加密");
    seat.key(Named::Enter);
    seat.must_see("已开启号码加密");
}

fn type_into(seat: &mut Seat, field: &'static str, text: &str) {
    seat.focus(field);
    seat.retype(text);
}

/// Enters a firm with a phone by the form.
fn enter_firm(seat: &mut Seat) -> RecordId {
    go(seat, Place::NewFirm);
    seat.type_text("青澜恒砚新材料有限公司");
    type_into(seat, "firm-phone", "138 0000 5206");
    seat.ctrl("s");
    seat.must_see("已新增：青澜恒砚新材料有限公司");
    let ledger = seat.db().ledger();
    ledger.firms().next().expect("a firm").id
}

fn stored(seat: &Seat, firm: RecordId) -> String {
    seat.db().ledger().firm(firm).expect("a row").phone.to_string()
}

#[test]
fn the_switch_says_what_it_guards_against_and_seals_what_is_entered_from_then_on() {
    let mut seat = founded();
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.press_on("加密保存身份证号和电话");
    seat.must_see("开启加密");
    seat.key(Named::Escape);
    assert!(!seat.sees("开启加密") && !seat.db().ledger().office.seals, "thought better of it");
    switch_on(&mut seat);
    assert!(seat.db().ledger().office.seals);
    let firm = enter_firm(&mut seat);
    assert!(is_sealed(&stored(&seat, firm)));
    seat.must_see("138****5206");
    assert!(!seat.sees(PHONE), "covered as ever");
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.press_on("加密保存身份证号和电话");
    seat.must_see("新写入的身份证号和电话以明文保存");
    seat.press_on("关闭加密");
    seat.must_see("已关闭号码加密");
    assert!(!seat.db().ledger().office.seals);
    seat.assert_whole();
}

#[test]
fn a_locked_window_holds_no_key_and_the_password_brings_it_back() {
    let mut seat = founded();
    switch_on(&mut seat);
    let firm = enter_firm(&mut seat);
    let db = seat.db();
    assert!(!db.keys().is_empty());
    seat.window.send(Message::Idle);
    seat.must_see("已锁屏");
    assert!(db.keys().is_empty());
    seat.type_text("wrong wrong");
    seat.key(Named::Enter);
    assert!(db.keys().is_empty());
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    assert!(!db.keys().is_empty());
    go(&mut seat, Place::firm(firm));
    seat.must_see("138****5206");
    seat.window.send(Message::Desk(desk::Message::SignOut));
    assert!(db.keys().is_empty(), "gone with whoever signed out");
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
    seat.must_see("工作台");
    assert!(!db.keys().is_empty());
}

#[test]
fn without_the_key_the_number_is_said_to_be_sealed_and_survives_what_is_edited_beside_it() {
    let mut seat = founded();
    switch_on(&mut seat);
    let firm = enter_firm(&mut seat);
    let before = stored(&seat, firm);
    // Somebody whose account has not been given the key yet.
    seat.db().forget_keys();
    go(&mut seat, Place::firms());
    go(&mut seat, Place::firm(firm));
    seat.must_see("已加密");
    assert!(!seat.sees("138****5206"));
    seat.ctrl("e");
    seat.must_see("修改企业");
    seat.must_see("已加密");
    type_into(&mut seat, "firm-contact", "秦川");
    seat.ctrl("s");
    seat.must_see("已修改：青澜恒砚新材料有限公司");
    assert_eq!(stored(&seat, firm), before);
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.must_see("您在这台电脑上还没有拿到密钥");
    go(&mut seat, Place::NewFirm);
    seat.type_text("青澜乙厂");
    type_into(&mut seat, "firm-phone", PHONE);
    seat.ctrl("s");
    seat.must_see("还没有拿到密钥");
    assert_eq!(seat.db().ledger().firm_count(), 1, "nothing was written in the clear");
    let file = seat.db().firm(firm).wait().expect("read").expect("a firm");
    assert_eq!(file.firm.fields.get(key::CONTACT), Some("秦川"));
    seat.assert_whole();
}

#[test]
fn only_whoever_changes_the_office_is_offered_the_switch() {
    let mut seat = founded();
    let db = seat.db();
    let admin = db.ledger().users[0].id;
    let add = db.act(admin, "新增人员", |act| act.add_user_with_password("陈岚", &[Role::Officer], "chu shi mima"));
    let officer = add.wait().expect("added").value;
    db.change_password(officer, "chu shi mima", "wo de mima 1").wait().expect("changed");
    seat.window.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("周敏");
    seat.press_on("陈岚");
    seat.type_text("wo de mima 1");
    seat.key(Named::Enter);
    seat.must_see("陈岚·经办人");
    go(&mut seat, Place::Settings(SettingsTab::Office));
    seat.press_on("加密保存身份证号和电话");
    assert!(!seat.sees("开启加密"));
    assert!(!seat.db().ledger().office.seals);
}

#[test]
fn whoever_will_not_set_a_password_of_their_own_leaves_no_key_behind() {
    let mut seat = founded();
    switch_on(&mut seat);
    let db = seat.db();
    let admin = db.ledger().users[0].id;
    let add = db.act(admin, "新增人员", |act| act.add_user_with_password("陈岚", &[Role::Officer], "chu shi mima"));
    add.wait().expect("added");
    seat.window.send(Message::Desk(desk::Message::SignOut));
    seat.press_on("周敏");
    seat.press_on("陈岚");
    seat.type_text("chu shi mima");
    seat.key(Named::Enter);
    seat.must_see("先改成自己的密码");
    assert!(!db.keys().is_empty(), "it is needed to set the password anew");
    seat.press_on("返回登录");
    assert!(db.keys().is_empty());
}
