//! The shared folder while somebody sits at the window: what is told, what is taken in by itself, what is left there.

use std::path::{Path, PathBuf};

use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::packages;
use super::support::{Seat, today};
use crate::app::place::{DataTab, Place};
use crate::app::{desk, window};
use crate::domain::event::DeedKind;
use crate::domain::filing::machine::Wish;
use crate::domain::program::Effect;
use crate::exchange::package::shared::{Memory, Shared, leave, look};
use crate::store::packages::Wanted;
use crate::store::queries::LogFilter;

fn go(seat: &mut Seat, place: Place) {
    seat.send(window::Message::Desk(desk::Message::Go(place)));
}

/// The clock of looks has gone off.
fn look_now(seat: &mut Seat) {
    seat.send(window::Message::Desk(desk::Message::Road(desk::road::Message::Look)));
}

/// Sets the folder in the dialog, with the switches that are to be on.
fn set(seat: &mut Seat, folder: &Path, switches: &[&str]) {
    go(seat, Place::Data(DataTab::Packages));
    seat.press_on("设置…");
    seat.focus("shared-folder");
    seat.retype(&folder.display().to_string());
    for words in switches {
        seat.press_on(words);
    }
    seat.key_with(Key::Named(Named::Enter), Modifiers::CTRL, None);
    seat.must_see("共享文件夹已设好");
}

fn packages_in(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path());
    all.filter(|path| path.extension().is_some_and(|ext| ext == "kbp")).collect()
}

#[test]
fn a_package_in_the_folder_is_told_of_once_and_opened_from_there() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1366.0, 768.0));
    let shared = seat.folder.0.join("共享");
    std::fs::create_dir_all(&shared).expect("a folder");
    set(&mut seat, &shared, &[]);
    let noted = LogFilter { kind: Some(DeedKind::Upkeep), ..LogFilter::default() };
    let noted = seat.db().log(&noted, None, 9).wait().expect("the log");
    let noted: Vec<&str> = noted.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(noted, ["设共享文件夹：不自动收下，不自动放进去"]);
    look_now(&mut seat);
    assert!(!seat.sees("共享文件夹里有"), "nothing lies there");
    other.decide(waiting[0], Effect::Pass);
    let answer = other.answer(&seat);
    std::fs::copy(&answer, shared.join("回传.kbp")).expect("carried there");
    look_now(&mut seat);
    seat.must_see("共享文件夹里有来自“张科长的电脑”的回传包");
    seat.press_on("打开");
    seat.must_see("新决定");
    seat.press_on("取入");
    seat.must_see("已取入");
    seat.press_on("关闭");
    look_now(&mut seat);
    assert!(!seat.sees("共享文件夹有 1 个包"), "it was taken in by a person");
    seat.assert_whole();
}

#[test]
fn a_folder_out_of_reach_is_said_in_the_status_bar_and_nowhere_else() {
    let (mut seat, ..) = packages::sent(Size::new(1366.0, 768.0));
    let shared = seat.folder.0.join("共享");
    std::fs::create_dir_all(&shared).expect("a folder");
    set(&mut seat, &shared, &[]);
    std::fs::remove_dir_all(&shared).expect("unplugged");
    for _ in 0..3 {
        look_now(&mut seat);
    }
    let said = seat.seen().iter().filter(|seen| seen.words.contains("连不上")).count();
    assert_eq!(said, 1, "once, in the status bar");
    std::fs::create_dir_all(&shared).expect("plugged in again");
    look_now(&mut seat);
    assert!(!seat.sees("连不上"));
}

#[test]
fn two_machines_at_one_folder_converge_by_themselves_and_a_conflict_waits() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1366.0, 768.0));
    let shared = seat.folder.0.join("共享");
    std::fs::create_dir_all(&shared).expect("a folder");
    set(&mut seat, &shared, &["自动收下同事的完整交换包", "自动把本机的新变更放进去"]);
    look_now(&mut seat);
    assert_eq!(packages_in(&shared).len(), 1, "what is new was left for the other machine");
    let theirs = Shared { folder: shared.display().to_string(), take: true, leave: true };
    let mut memory = Memory::default();
    let taken = look(&other.db, other.user, &theirs, &mut memory).expect("a look").taken;
    assert_eq!(taken.len(), 1);
    // Both decide, unaware of each other.
    let user = seat.db().ledger().users[0].id;
    let wish = Wish { reason: "缺页".to_owned(), ..Wish::new(Effect::Return, today()) };
    let filing = waiting[0];
    seat.db().act(user, "退回修改", move |act| act.move_filing(filing, &wish)).wait().expect("returned");
    other.decide(filing, Effect::Pass);
    other.decide(waiting[1], Effect::Pass);
    leave(&other.db, other.user, &theirs, &mut memory).expect("left");
    look_now(&mut seat);
    seat.must_see("已自动收下来自“张科长的电脑”的");
    seat.must_see("有 1 个决定冲突，等人选定");
    let ledger = seat.db().ledger();
    assert!(ledger.filing(filing).expect("the filing").split, "nothing advanced by itself");
    assert_eq!(ledger.filing(waiting[1]).expect("the filing").stage().id, "city");
    go(&mut seat, Place::Data(DataTab::Packages));
    seat.must_see("已取入，新记录");
    // The window has rested no time at all; locking or closing it leaves what is new at once.
    seat.send(window::Message::CloseAsked);
    look(&other.db, other.user, &theirs, &mut memory).expect("a look");
    let told = |db: &crate::store::Db| db.load_ledger(2025).wait().expect("a ledger").told();
    assert_eq!(told(&seat.db()), told(&other.db));
    seat.assert_whole();
}

#[test]
fn without_a_folder_nothing_is_asked_and_a_review_package_is_never_taken_in_by_itself() {
    let (mut seat, other, waiting) = packages::sent(Size::new(1366.0, 768.0));
    look_now(&mut seat);
    assert!(!seat.sees("共享文件夹有"));
    let shared = seat.folder.0.join("共享");
    std::fs::create_dir_all(&shared).expect("a folder");
    set(&mut seat, &shared, &["自动收下同事的完整交换包"]);
    let path = other.make(&seat, Wanted::Review(waiting[..2].to_vec()));
    std::fs::copy(&path, shared.join("送审.kbp")).expect("carried there");
    let before = seat.db().heads().wait().expect("heads");
    look_now(&mut seat);
    assert_eq!(seat.db().heads().wait().expect("heads"), before, "it waits for a person");
    seat.must_see("共享文件夹有 1 个包");
}
