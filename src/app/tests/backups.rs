//! 备份: made by hand and by the day, seen in the list and the status bar, and restored with what it would lose shown first.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, FixedOffset};
use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use super::support::{Folder, Seat, example_seat, today};
use crate::app::headless::Headless;
use crate::app::place::{DataTab, Place};
use crate::app::{data, desk, window};
use crate::domain::event::DeedKind;
use crate::domain::id::RecordId;
use crate::store::backup::{By, Settings};
use crate::store::queries::LogFilter;
use crate::store::testing::spoil;
use crate::store::{Clock, Db, Entropy, Options};

fn go(seat: &mut Seat) {
    seat.send(window::Message::Desk(desk::Message::Go(Place::Data(DataTab::Backups))));
}

/// Hours since noon of the day, set by a test, and a clock that goes by them.
fn moving() -> (Arc<AtomicI64>, Options) {
    let hours = Arc::new(AtomicI64::new(0));
    let hand = Arc::clone(&hours);
    let noon = Clock::fixed(today()).millis();
    let china = FixedOffset::east_opt(8 * 3600).expect("a zone");
    let clock = Clock::from_fn(move || {
        let at = noon + Duration::hours(hand.load(Ordering::Relaxed)).num_milliseconds();
        DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&china)
    });
    (hours, Options { clock, entropy: Entropy::seeded(4711) })
}

const PASSWORD: &str = "qinglan-2026";

/// An office of one's own in a folder.
fn found(folder: &Path, options: &Options) {
    let db = Db::open(folder, options.clone()).expect("an office");
    let founding =
        db.act(RecordId::OFFICE, "启用科报", |act| act.found_office("青澜区科学技术局", "", "周敏", PASSWORD));
    founding.wait().expect("founded");
}

fn sit(folder: Folder, options: &Options) -> Seat {
    let window = Headless::open(&folder.0, options.clone(), Size::new(1440.0, 900.0)).expect("a window");
    let mut seat = Seat { window, folder };
    sign_in(&mut seat);
    seat
}

fn sign_in(seat: &mut Seat) {
    seat.type_text(PASSWORD);
    seat.key(Named::Enter);
}

/// An office of its own, its founder signed in, on a clock that a test sets.
fn own_seat() -> (Seat, Arc<AtomicI64>, Options) {
    let (hours, options) = moving();
    let folder = Folder::new();
    found(&folder.0, &options);
    (sit(folder, &options), hours, options)
}

#[test]
fn an_officer_backs_up_by_hand_and_sees_it_in_the_list_and_the_status_bar() {
    let mut seat = example_seat();
    assert!(!seat.sees("最近备份"), "nobody would miss the invented district");
    go(&mut seat);
    seat.must_see("还没有备份");
    seat.press_on("立即备份");
    seat.must_see("已备份并验证 kebao-2026-08-24-1200.kbk");
    for words in ["手工", "已验证 08-24 12:00", "kebao-2026-08-24-1200.kbk", "最近备份 今天 12:00"] {
        seat.must_see(words);
    }
    let ledger = seat.db().ledger();
    seat.must_see(&ledger.firm_count().to_string());
    seat.must_see(&ledger.filings().count().to_string());
    assert!(seat.folder.0.join("backups/kebao-2026-08-24-1200.kbk").is_file());
    seat.ctrl("1");
    seat.press_on("最近备份 今天 12:00");
    assert_eq!(seat.window.window().desk().expect("at the desk").place(), Place::Data(DataTab::Backups));
    // Proven once more by its key.
    seat.key_with(Key::Character("2".into()), Modifiers::empty(), Some("2"));
    seat.must_see("kebao-2026-08-24-1200.kbk 完好，能恢复");
    seat.assert_whole();
}

#[test]
fn a_restore_shows_what_would_be_lost_and_then_takes_the_office_back() {
    let (mut seat, ..) = own_seat();
    go(&mut seat);
    seat.press_on("立即备份");
    let user = seat.db().ledger().users[0].id;
    let name = "青澜恒砚新材料有限公司";
    let values = [(crate::domain::firm::key::NAME.to_owned(), Some(name.to_owned()))].into();
    let entering =
        seat.db().act(user, format!("新增“{name}”"), move |act| act.create_firm(values, Vec::new(), None));
    entering.wait().expect("a firm");
    let device = seat.db().check().wait().expect("a check").devices;
    assert!(seat.window.click_nth("恢复…", 0), "the row has its way back");
    seat.must_see("恢复到 2026-08-24 12:00 的备份");
    seat.must_see("恢复后不再看得到 1 步操作（");
    seat.must_see(&format!("新增“{name}”"));
    // Nothing happens before somebody says so, and Enter does not say so.
    seat.key(Named::Enter);
    seat.key(Named::Escape);
    assert_eq!(seat.db().load_ledger(2025).wait().expect("a ledger").firm_count(), 1);
    assert!(seat.window.click_nth("恢复…", 0), "again");
    seat.press_on("用这份备份恢复");
    seat.must_see("看清了，要恢复到这份备份");
    seat.press_on("看清了，要恢复到这份备份");
    seat.press_on("用这份备份恢复");
    seat.must_see("已恢复到备份时的数据，请重新登录。恢复前的数据另存为 kebao-before-restore-2026-08-24-1200.db。");
    sign_in(&mut seat);
    seat.must_see("工作台");
    assert_eq!(seat.db().ledger().firm_count(), 0);
    seat.assert_whole();
    // It goes on from there, as another device.
    let values = [(crate::domain::firm::key::NAME.to_owned(), Some("望川精密铸造有限公司".to_owned()))].into();
    seat.db().act(user, "新增企业", move |act| act.create_firm(values, Vec::new(), None)).wait().expect("a firm");
    assert_eq!(seat.db().check().wait().expect("a check").devices, device + 1);
    assert!(seat.folder.0.join("kebao-before-restore-2026-08-24-1200.db").is_file());
}

#[test]
fn a_backup_that_is_damaged_is_refused_where_somebody_wanted_to_restore_it() {
    let mut seat = example_seat();
    go(&mut seat);
    seat.press_on("立即备份");
    let path = seat.folder.0.join("backups/kebao-2026-08-24-1200.kbk");
    let bytes = fs::read(&path).expect("the backup");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("cut short");
    assert!(seat.window.click_nth("恢复…", 0), "the row is there");
    seat.must_see("这份备份已损坏，恢复不了");
    assert!(!seat.sees("用这份备份恢复"));
    seat.press_on("关闭");
    seat.assert_whole();
    fs::write(&path, "名称,代码").expect("something else");
    seat.ctrl("1");
    go(&mut seat);
    seat.must_see("不能恢复");
}

#[test]
fn the_day_has_its_backup_without_anybody_asking() {
    let (mut seat, hours, options) = own_seat();
    seat.must_see("最近备份 今天 12:00");
    let count = |seat: &Seat| seat.db().backups(None).wait().expect("a list").len();
    assert_eq!(count(&seat), 1);
    let made = seat.db().backups(None).wait().expect("a list").remove(0).made.expect("it says of itself");
    assert_eq!(made.by, By::Automatic);
    // Whatever happens on the same day, one is enough.
    hours.store(5, Ordering::Relaxed);
    seat.ctrl("2");
    seat.send(window::Message::Focused);
    assert_eq!(count(&seat), 1);
    // The window stays open over night; somebody looks at it in the morning.
    hours.store(20, Ordering::Relaxed);
    seat.send(window::Message::Focused);
    seat.must_see("最近备份 今天 08:00");
    assert_eq!(count(&seat), 2);
    // Opened again on the same day there is nothing to do; some days later there is.
    let Seat { window, folder } = seat;
    drop(window);
    let seat = sit(folder, &options);
    assert_eq!(count(&seat), 2);
    let Seat { window, folder } = seat;
    drop(window);
    hours.store(24 * 6, Ordering::Relaxed);
    let mut seat = sit(folder, &options);
    assert_eq!(count(&seat), 3);
    seat.must_see("最近备份 今天 12:00");
}

#[test]
fn a_folder_that_is_gone_is_said_in_red_and_in_one_sentence_until_another_is_chosen() {
    let (seat, hours, options) = own_seat();
    let stick = seat.folder.0.join("stick");
    fs::create_dir(&stick).expect("a folder");
    let settings = Settings { folder: Some(stick.clone()), ..Settings::default() };
    seat.db().set_backup_settings(settings).wait().expect("set");
    fs::remove_dir(&stick).expect("pulled out");
    let Seat { window, folder } = seat;
    drop(window);
    hours.store(24 * 5, Ordering::Relaxed);
    let mut seat = sit(folder, &options);
    seat.must_see("备份没有做成，最近备份 5 天前");
    let tries = seat.db().backup_state().wait().expect("a state").failed.expect("it failed").at;
    // It is not tried again at every key.
    seat.ctrl("2");
    seat.send(window::Message::Focused);
    assert_eq!(seat.db().backup_state().wait().expect("a state").failed.map(|failed| failed.at), Some(tries));
    seat.press_on("备份没有做成，最近备份 5 天前");
    seat.must_see("找不到备份文件夹。");
    seat.press_on("立即备份");
    seat.must_see("请先接上");
    // Another folder, and all is well.
    let other = seat.folder.0.join("other");
    fs::create_dir(&other).expect("a folder");
    seat.press_on("备份设置…");
    seat.retype("/no/such/folder");
    seat.key(Named::Enter);
    seat.must_see("找不到备份文件夹。");
    seat.retype(&other.display().to_string());
    seat.key(Named::Enter);
    seat.must_see("已保存备份设置");
    seat.must_see("自动备份保留 7 天、4 周、12 个月各一份");
    let set = LogFilter { kind: Some(DeedKind::Upkeep), ..LogFilter::default() };
    let set: Vec<String> =
        seat.db().log(&set, None, 9).wait().expect("a log").into_iter().map(|row| row.words).collect();
    assert_eq!(set, ["备份设置：备份到另选的文件夹，保留 7 天、4 周、12 个月"]);
    seat.press_on("立即备份");
    seat.must_see("最近备份 今天 12:00");
    assert!(!seat.sees("备份没有做成"));
    assert_eq!(fs::read_dir(&other).expect("a folder").count(), 1);
}

#[test]
fn a_folder_that_cannot_be_written_gives_one_sentence_with_what_to_do() {
    let mut seat = example_seat();
    // A file where the folder should be: nobody may write there, whoever it is.
    fs::write(seat.folder.0.join("backups"), b"in the way").expect("a file");
    go(&mut seat);
    seat.press_on("立即备份");
    seat.must_see("备份文件夹不能写入，备份没有做成。");
    seat.must_see("备份没有做成，还没有备份");
}

#[test]
fn while_a_list_is_being_read_nothing_is_restored() {
    let mut seat = example_seat();
    go(&mut seat);
    seat.press_on("立即备份");
    assert!(seat.window.click_nth("恢复…", 0), "the row is there");
    let path = seat.folder.0.join(crate::example::LIST_NAME);
    fs::write(&path, crate::example::document().expect("the list")).expect("a file");
    seat.press_on("看清了，要恢复到这份备份");
    let restore = data::Message::Backups(data::backups::Message::Restore);
    seat.hold();
    seat.send(window::Message::Dropped(path));
    seat.send(window::Message::Desk(desk::Message::Data(restore)));
    seat.must_see("还有导入、核验或备份没有做完，现在不能恢复。");
    seat.release();
    seat.assert_whole();
}

#[test]
fn an_office_whose_lists_cannot_be_read_is_made_again_from_its_journal_at_the_start() {
    let (seat, _, options) = own_seat();
    let Seat { window, folder } = seat;
    drop(window);
    spoil(&folder.0, "DROP TABLE firm");
    let window = Headless::open(&folder.0, options.clone(), Size::new(1440.0, 900.0)).expect("a window");
    let mut seat = Seat { window, folder };
    seat.press_on("按流水重建各表");
    sign_in(&mut seat);
    seat.must_see("工作台");
    seat.assert_whole();
    // A journal that is hurt itself is no ground to build on.
    let Seat { window, folder } = seat;
    drop(window);
    spoil(&folder.0, "DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq > 2; DROP TABLE firm");
    let window = Headless::open(&folder.0, options, Size::new(1440.0, 900.0)).expect("a window");
    let mut seat = Seat { window, folder };
    seat.press_on("按流水重建各表");
    seat.must_see("没有重建各表");
}

#[test]
fn a_damaged_office_says_at_the_start_how_a_backup_is_restored() {
    let (mut seat, _, options) = own_seat();
    let Seat { window, folder } = seat;
    drop(window);
    fs::write(folder.0.join("kebao.db"), "不是数据库".repeat(100)).expect("spoiled");
    let window = Headless::open(&folder.0, options.clone(), Size::new(1440.0, 900.0)).expect("a window");
    seat = Seat { window, folder };
    seat.must_see("数据库文件已损坏");
    seat.must_see("kebao restore");
    // As it says: restored without a window, and opened again.
    let backup = seat.folder.0.join("backups/kebao-2026-08-24-1200.kbk");
    crate::store::backup::restore(&seat.folder.0, &backup, &options).expect("restored");
    seat.press_on("再试一次");
    sign_in(&mut seat);
    seat.must_see("工作台");
    seat.assert_whole();
}
