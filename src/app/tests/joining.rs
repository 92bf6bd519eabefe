//! A new computer joins an office that is there already; and what machines are called, keyed and known by, all in the window.

use iced::Size;
use iced::keyboard::key::Named;

use super::support::{Folder, Seat, example_seat_of, today};
use crate::app::headless::Headless;
use crate::app::place::{DataTab, Place};
use crate::app::{desk, files, window};
use crate::domain::people::Role;
use crate::exchange::package::{self, Keys, Recovery, write_card};
use crate::store::packages::{NewMachine, Wanted};
use crate::store::{Clock, Entropy, Options};

fn go(seat: &mut Seat, tab: DataTab) {
    seat.send(window::Message::Desk(desk::Message::Go(Place::Data(tab))));
}

/// Another computer: it draws ids of its own.
fn other(seed: u64) -> Options {
    Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(seed) }
}

#[test]
fn a_new_computer_joins_in_four_steps_and_its_person_sits_down() {
    let seat = example_seat_of(Size::new(1366.0, 768.0));
    let db = seat.db();
    let user = db.ledger().users[0].id;
    let mut ours = Keys::of(&db).expect("keys");
    ours.rename(&db, "周敏的电脑").expect("named");
    let card = seat.folder.0.join("周敏.kbc");
    write_card(&card, &ours.card(&db)).expect("a card");
    // On the new computer.
    let folder = Folder::new();
    let window = Headless::open(&folder.0, other(91), Size::new(1366.0, 900.0)).expect("a window");
    let mut new = Seat { window, folder };
    new.press_on("加入已有单位…");
    new.must_see("1 这台电脑");
    new.type_text("张科长的电脑");
    new.key(Named::Enter);
    new.must_see("名片已存为");
    let saved = files::papers().join("科报名片-张科长的电脑.kbc");
    let theirs = package::read_card(&saved).expect("a card");
    new.must_see(&theirs.fingerprint());
    new.type_text(&card.display().to_string());
    new.key(Named::Enter);
    new.must_see(&ours.card(&db).fingerprint());
    new.key(Named::Enter);
    new.must_see("还没有核对指纹");
    new.press_on("给对方打过电话，念的指纹和这里一样");
    new.press_on("认识这台电脑");
    new.must_see("已认识 周敏的电脑");
    // The officer meets it, too, and makes the first package.
    let meet = NewMachine { card: theirs, name: String::new(), user: None };
    let met = db.act(user, "认识", move |act| act.meet_machine(&meet)).wait().expect("met").value;
    let machine = db.machines().wait().expect("machines").into_iter().find(|one| one.id == met).expect("known");
    let pack = seat.folder.0.join("第一个.kbp");
    package::make(&db, user, &machine, Wanted::Exchange, None, &pack).expect("made");
    new.type_text(&pack.display().to_string());
    new.key(Named::Enter);
    new.must_see("4 您是谁");
    // Half-way closed and opened again, it goes on where it was.
    let Seat { window, folder } = new;
    drop(window);
    let window = Headless::open(&folder.0, other(92), Size::new(1366.0, 900.0)).expect("a window");
    let mut new = Seat { window, folder };
    new.must_see("4 您是谁");
    if new.sees("选您的姓名") {
        new.press_on("选您的姓名");
        let name = db.ledger().users[0].name.clone();
        new.press_on(&name);
    }
    new.focus("new-password");
    new.type_text("qinglan-2026");
    new.key(Named::Tab);
    new.type_text("qinglan-2026");
    new.key(Named::Enter);
    new.must_see("工作台");
    assert_eq!(new.db().ledger().told(), db.ledger().told());
    assert_eq!(new.db().preference("joining").wait().expect("an answer"), None);
    new.assert_whole();
}

#[test]
fn a_machine_gets_another_name_and_user_and_this_one_tells_its_own() {
    let (mut seat, other, _) = super::packages::sent(Size::new(1366.0, 768.0));
    go(&mut seat, DataTab::Packages);
    seat.press_on("修改…");
    seat.retype("张远的电脑");
    seat.press_on("没有固定的人");
    let name = seat.db().ledger().users[0].name.clone();
    seat.press_last(&name);
    seat.press_on("保存");
    let machines = seat.db().machines().wait().expect("machines");
    assert_eq!((machines[0].name.as_str(), machines[0].user), ("张远的电脑", Some(seat.db().ledger().users[0].id)));
    seat.press_on("改名…");
    seat.retype("   ");
    seat.key(Named::Enter);
    seat.must_see("电脑名称要有 1 到 60 个字。");
    seat.retype("经办电脑");
    seat.key(Named::Enter);
    seat.must_see("经办电脑");
    assert_eq!(Keys::of(&seat.db()).expect("keys").card(&seat.db()).name, "经办电脑");
    drop(other);
    seat.assert_whole();
}

#[test]
fn new_keys_are_made_only_knowingly_and_a_damaged_key_file_has_a_way_out() {
    let mut seat = example_seat_of(Size::new(1366.0, 768.0));
    go(&mut seat, DataTab::Packages);
    let old = Keys::of(&seat.db()).expect("keys").sign_key();
    seat.press_on("更换本机密钥…");
    assert!(seat.window.click_nth("更换密钥", 0));
    assert_eq!(Keys::of(&seat.db()).expect("keys").sign_key(), old, "not before somebody says they understood");
    seat.press_on("我明白，其他电脑要重新认识本机");
    seat.press_on("更换密钥");
    let new = Keys::of(&seat.db()).expect("keys");
    assert_ne!(new.sign_key(), old);
    seat.must_see(&new.card(&seat.db()).fingerprint());
    std::fs::write(seat.folder.0.join("kebao.key"), "坏了").expect("damaged");
    go(&mut seat, DataTab::Log);
    go(&mut seat, DataTab::Packages);
    seat.must_see("本机密钥文件已损坏");
    seat.must_see("做过和取入过的包");
    seat.press_on("更换本机密钥…");
    seat.press_on("我明白，其他电脑要重新认识本机");
    seat.press_on("更换密钥");
    assert!(Keys::of(&seat.db()).is_ok());
    assert!(!seat.sees("本机密钥文件已损坏"));
}

#[test]
fn an_administrator_makes_the_key_for_the_safe_and_the_reminder_goes() {
    let mut seat = example_seat_of(Size::new(1366.0, 768.0));
    let db = seat.db();
    let own = db.ledger().users[0].clone();
    assert!(own.roles.contains(&Role::Administrator), "whoever sits at the example manages it");
    go(&mut seat, DataTab::Packages);
    seat.must_see("还没有：收件电脑坏了，包就没人打得开");
    seat.press_on("生成…");
    let path = seat.folder.0.join("密钥.txt");
    seat.retype(&path.display().to_string());
    seat.key(Named::Enter);
    seat.must_see("打印两份放进保险柜");
    let public = db.recovery().wait().expect("an answer").expect("a key");
    assert_eq!(Recovery::read(&path).expect("the page").recipient(), public);
    seat.press_on("已收好");
    assert!(!seat.sees("还没有：收件电脑坏了"));
    seat.press_on("查看…");
    seat.must_see(&public);
    seat.press_on("复制公钥");
    assert_eq!(seat.clipboard.as_deref(), Some(public.as_str()));
    seat.key(Named::Escape);
    // Where one is there it is not made again by accident.
    seat.press_on("查看…");
    assert!(!seat.sees("生成"));
    seat.press_on("换一个新的：以后的包用新的，以前的包仍要用旧的那张纸打开");
    seat.must_see("生成");
    seat.assert_whole();
}
