//! 交换包 and 冲突 at the window: a machine is met, a package made, an answer opened, looked at and taken in, a conflict resolved.
//! `between` is the whole road between three offices, each with a window of its own.
//! Files lie in real folders; nothing is handed over but them.

mod between;

use std::path::PathBuf;

use chrono::NaiveDate;
use iced::Size;
use iced::keyboard::key::Named;

use super::support::{Folder, Seat, example_seat_of, today};
use crate::app::place::{DataTab, Place};
use crate::app::{desk, window};
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::exchange::package::{self, Keys, write_card};
use crate::store::packages::{NewMachine, Wanted};
use crate::store::queries::LogFilter;
use crate::store::{Clock, Db, Entropy, Options};

fn go(seat: &mut Seat, tab: DataTab) {
    seat.send(window::Message::Desk(desk::Message::Go(Place::Data(tab))));
}

/// Another machine of the same office, with nobody at it yet.
pub struct Other {
    pub db: Db,
    folder: Folder,
    pub user: RecordId,
}

impl Other {
    fn new() -> Self {
        let folder = Folder::new();
        let db = Db::open(&folder.0, Options { clock: Clock::fixed(today()), entropy: Entropy::seeded(77) })
            .expect("it opens");
        db.load_ledger(2025).wait().expect("a ledger");
        let mut keys = Keys::of(&db).expect("keys");
        keys.rename(&db, "张科长的电脑").expect("a name");
        write_card(&folder.0.join("名片.kbc"), &keys.card(&db)).expect("a card");
        Self { db, folder, user: RecordId::OFFICE }
    }

    /// The same with its clock set to another day.
    fn on(self, day: NaiveDate) -> Self {
        let Self { db, folder, user } = self;
        drop(db);
        let options = Options { clock: Clock::fixed(day), entropy: Entropy::seeded(78) };
        let db = Db::open(&folder.0, options).expect("it opens again");
        db.load_ledger(2025).wait().expect("a ledger");
        Self { db, folder, user }
    }

    fn file(&self, name: &str) -> String {
        self.folder.0.join(name).display().to_string()
    }

    /// Where its data and what was carried to it lie.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder.0
    }

    fn meet(&self, seat: &Seat) {
        let db = seat.db();
        let new =
            NewMachine { card: Keys::of(&db).expect("keys").card(&db), name: "周敏的电脑".to_owned(), user: None };
        self.db.act(self.user, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
    }

    /// The only package in its folder.
    fn arrived(&self) -> PathBuf {
        package::inbox(&self.db, &self.folder.0).expect("a folder").pop().expect("a package")
    }

    fn take(&self, path: &std::path::Path) {
        let opened = package::open(&self.db, self.user, path, None).expect("it opens");
        package::take(&self.db, self.user, &opened, None).expect("taken in");
    }

    pub fn decide(&self, filing: RecordId, effect: Effect) {
        let wish = Wish { reason: "研发费用明细缺页".to_owned(), ..Wish::new(effect, today()) };
        self.db.act(self.user, "审核", move |act| act.move_filing(filing, &wish)).wait().expect("decided");
    }

    pub fn answer(&self, seat: &Seat) -> String {
        self.make(seat, Wanted::Answer)
    }

    /// A package of its own making, for the machine at the seat.
    pub fn make(&self, seat: &Seat, wanted: Wanted) -> String {
        let sign = Keys::of(&seat.db()).expect("keys").sign_key();
        let machine = self.db.machine_of(sign).wait().expect("an answer").expect("met");
        let path = self.folder.0.join("回传.kbp");
        package::make(&self.db, self.user, &machine, wanted, None, &path).expect("made");
        path.display().to_string()
    }
}

/// The officer has met the other machine and sent it what waits for review; there it was taken in.
pub fn sent(size: Size) -> (Seat, Other, Vec<RecordId>) {
    let mut seat = example_seat_of(size);
    let mut other = Other::new();
    go(&mut seat, DataTab::Packages);
    seat.must_see("还没有认识的电脑。");
    seat.press_on("认识电脑…");
    let card = other.file("名片.kbc");
    seat.type_text(&card);
    seat.key(Named::Enter);
    let print = Keys::of(&other.db).expect("keys").card(&other.db).fingerprint();
    seat.must_see(&print);
    // Not before somebody says that it was compared.
    seat.press_on("认识这台电脑");
    assert!(seat.db().machines().wait().expect("machines").is_empty());
    seat.press_on("给对方打过电话，念的指纹和这里一样");
    seat.press_on("认识这台电脑");
    assert_eq!(seat.db().machines().wait().expect("machines").len(), 1);
    seat.must_see("张科长的电脑");
    other.meet(&seat);
    let waiting: Vec<RecordId> = seat.db().ledger().waiting_for_review().iter().map(|filing| filing.id).collect();
    seat.press_on("做包…");
    seat.must_see(&format!("待初审的 {} 件", waiting.len()));
    seat.focus("package-folder");
    let folder = other.folder.0.display().to_string();
    seat.type_text(&folder);
    assert!(seat.window.click_nth("做包", 1), "the button under the title");
    seat.must_see("读回核对无误");
    seat.press_on("关闭");
    seat.must_see("已做好，等对方取入");
    other.take(&other.arrived());
    other.user = other.db.ledger().users[0].id;
    (seat, other, waiting)
}

#[test]
fn an_officer_meets_a_machine_sends_a_package_and_takes_the_answer_in() {
    let (mut seat, other, waiting) = sent(Size::new(1440.0, 900.0));
    other.decide(waiting[0], Effect::Pass);
    let answer = other.answer(&seat);
    let before = seat.db().heads().wait().expect("heads");
    seat.press_on("打开包…");
    seat.type_text("/没有/这个.kbp");
    seat.key(Named::Enter);
    seat.must_see("找不到这个包。请核对文件名。");
    seat.retype(&answer);
    seat.key(Named::Enter);
    seat.must_see("回传包");
    seat.must_see("新决定");
    seat.must_see("有效");
    assert_eq!(seat.db().heads().wait().expect("heads"), before, "looking changes nothing");
    seat.press_on("取入");
    seat.must_see("已取入");
    seat.press_on("关闭");
    assert!(!seat.sees("已做好，等对方取入"), "the answer told that it arrived");
    let stage = seat.db().ledger().filing(waiting[0]).expect("the filing").stage().id.clone();
    assert_ne!(stage, "district");
    // The same once more.
    seat.press_on("打开包…");
    seat.type_text(&answer);
    seat.key(Named::Enter);
    seat.must_see("再取一次不会有变化。");
    seat.press_on("不取入");
    seat.press_on("停用");
    seat.must_see("已停用");
    // What was decided there stands in the log by the name of the machine.
    go(&mut seat, DataTab::Log);
    seat.must_see("张科长的电脑");
    seat.assert_whole();
}

#[test]
fn what_a_clock_years_ahead_wrote_is_said_before_it_is_taken_in_and_dates_nothing_here() {
    let (mut seat, other, waiting) = sent(Size::new(1366.0, 768.0));
    let other = other.on(today() + chrono::Months::new(36));
    other.decide(waiting[0], Effect::Pass);
    let answer = other.answer(&seat);
    seat.press_on("打开包…");
    seat.type_text(&answer);
    seat.key(Named::Enter);
    seat.must_see("请核对两台电脑的日期和时间");
    seat.press_on("取入");
    seat.must_see("已取入");
    seat.press_on("关闭");
    // What is done here afterwards is of today.
    seat.press_on("停用");
    seat.must_see("已停用");
    let log = seat.db().log(&LogFilter::default(), None, 200).wait().expect("a log");
    let retired = log.iter().find(|row| row.words.starts_with("停用电脑")).expect("the deed");
    assert_eq!(seat.db().clock().local(retired.at.millis()).date(), today());
    seat.assert_whole();
}

#[test]
fn two_decisions_stand_next_to_each_other_until_a_person_chooses() {
    let (mut seat, other, waiting) = sent(Size::new(1366.0, 768.0));
    let filing = waiting[0];
    other.decide(filing, Effect::Pass);
    let user = seat.db().ledger().users[0].id;
    let wish = Wish { reason: "缺页".to_owned(), ..Wish::new(Effect::Return, today()) };
    seat.db().act(user, "退回修改", move |act| act.move_filing(filing, &wish)).wait().expect("returned");
    let answer = other.answer(&seat);
    go(&mut seat, DataTab::Conflicts);
    seat.must_see("没有等人处理的冲突");
    go(&mut seat, DataTab::Packages);
    seat.press_on("打开包…");
    seat.type_text(&answer);
    seat.key(Named::Enter);
    seat.must_see("有冲突，等人处理");
    seat.press_on("取入");
    seat.must_see("有 1 个决定和这里的冲突，在“数据 › 冲突”里等人选定。");
    seat.press_on("关闭");
    go(&mut seat, DataTab::Conflicts);
    seat.must_see("有 2 个互不知情的决定，要先定以哪个为准，才能往下办。");
    seat.must_see("缺页");
    assert!(seat.window.click_nth("以此为准", 0));
    seat.must_see("处理冲突必须写明原因：以哪个决定为准、为什么。");
    assert!(seat.db().ledger().filing(filing).expect("the filing").split);
    seat.type_text("以科长意见为准");
    assert!(seat.window.click_nth("以此为准", 0));
    seat.must_see("没有等人处理的冲突");
    assert!(!seat.db().ledger().filing(filing).expect("the filing").split);
    seat.assert_whole();
}

#[test]
fn a_field_written_twice_is_settled_by_choosing_a_value() {
    let (mut seat, other, waiting) = sent(Size::new(1366.0, 768.0));
    let firm = seat.db().ledger().filing(waiting[0]).expect("the filing").firm_id;
    let change = |value: &str| [(crate::domain::firm::key::PARK.to_owned(), Some(value.to_owned()))].into();
    let (ours, theirs) = (change("青澜科创园"), change("东湖智造园"));
    let user = seat.db().ledger().users[0].id;
    seat.db().act(user, "修改", move |act| act.change_firm(firm, &ours, Vec::new(), None)).wait().expect("changed");
    other
        .db
        .act(other.user, "修改", move |act| act.change_firm(firm, &theirs, Vec::new(), None))
        .wait()
        .expect("changed");
    let answer = other.answer(&seat);
    let opened = package::open(&seat.db(), user, std::path::Path::new(&answer), None).expect("it opens");
    package::take(&seat.db(), user, &opened, None).expect("taken in");
    go(&mut seat, DataTab::Conflicts);
    seat.must_see("字段不一致");
    seat.must_see("青澜科创园");
    seat.must_see("东湖智造园");
    assert!(seat.window.click_nth("以此为准", 0));
    seat.must_see("没有等人处理的冲突");
    let row = seat.db().ledger().firm(firm).expect("the firm").clone();
    assert_eq!((row.conflicts, &*row.park == "青澜科创园" || &*row.park == "东湖智造园"), (0, true));
    seat.assert_whole();
}
