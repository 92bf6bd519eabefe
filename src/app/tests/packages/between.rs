//! The whole road between three offices: an officer sends two hundred filings to two supervisors, goes on working meanwhile, and
//! takes their answers in, in either order, to the same tables. Each sits before a window of their own, and what travels are
//! files in a folder, some of which get lost, come twice or come late, on machines whose clocks are wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::NaiveDate;
use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

use crate::app::headless::Headless;
use crate::app::place::{DataTab, Place};
use crate::app::tests::support::{Folder, today};
use crate::app::{desk, window};
use crate::domain::id::RecordId;
use crate::domain::people::Role;
use crate::exchange::package::{self, Keys, write_card};
use crate::store::acts::{NewFiling, Values};
use crate::store::ledger::{FilingFilter, FilingRow, StatusGroup};
use crate::store::packages::NewMachine;
use crate::store::{Clock, Db, Entropy, Options};

const PASSWORD: &str = "sui shi ke gai";
const FILINGS: usize = 200;

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned()))).collect()
}

/// A clock that begins at noon of a day and goes on by a fifth of a second whenever somebody looks at it.
fn options(day: NaiveDate, seed: u64) -> Options {
    let noon = Clock::fixed(day).millis();
    let beats = AtomicI64::new(0);
    let zone = chrono::FixedOffset::east_opt(8 * 3600).expect("China time");
    let clock = Clock::from_fn(move || {
        let millis = noon + 200 * beats.fetch_add(1, Ordering::Relaxed);
        chrono::DateTime::from_timestamp_millis(millis).expect("a moment").with_timezone(&zone)
    });
    Options { clock, entropy: Entropy::seeded(seed << 24) }
}

/// Somebody before the window of their machine.
struct Seat {
    window: Headless,
}

impl std::ops::Deref for Seat {
    type Target = Headless;

    fn deref(&self) -> &Headless {
        &self.window
    }
}

impl std::ops::DerefMut for Seat {
    fn deref_mut(&mut self) -> &mut Headless {
        &mut self.window
    }
}

impl Seat {
    /// Opens the window on a folder and signs in.
    fn sign_in(folder: &Path, options: Options, name: &str) -> Self {
        let window = Headless::open(folder, options, Size::new(1440.0, 900.0)).expect("a window");
        let mut seat = Self { window };
        let all = ["周敏", "张远", "李岚"];
        let offered = all.into_iter().find(|name| seat.sees(name)).expect("somebody is offered");
        if offered != name {
            seat.press_on(offered);
            seat.press_on(name);
        }
        seat.focus("sign-in-password");
        seat.type_text(PASSWORD);
        seat.key(Named::Enter);
        assert!(seat.window().desk().is_some(), "{name} signs in");
        seat
    }

    fn db(&self) -> Db {
        self.window.db().expect("somebody is signed in")
    }

    fn press_on(&mut self, words: &str) {
        if !self.window.click(words) {
            let seen: Vec<String> = self.window.seen().into_iter().map(|seen| seen.words).collect();
            panic!("“{words}” is not to be seen among {seen:?}");
        }
    }

    fn must_see(&mut self, words: &str) {
        if !self.window.sees(words) {
            let seen: Vec<String> = self.window.seen().into_iter().map(|seen| seen.words).collect();
            panic!("“{words}” is not to be seen among {seen:?}");
        }
    }

    fn go(&mut self, place: Place) {
        self.send(window::Message::Desk(desk::Message::Go(place)));
    }

    fn review_from(&mut self, open: RecordId) {
        self.go(Place::Review { filter: FilingFilter::default(), open: Some(open) });
    }

    fn row(&self, id: RecordId) -> FilingRow {
        (**self.db().ledger().filing(id).expect("it is there")).clone()
    }

    /// What waits for a review, in the order of the queue.
    fn waiting(&self) -> Vec<RecordId> {
        let filter = FilingFilter { groups: [StatusGroup::Ours].into(), year: Some(2026), ..FilingFilter::default() };
        self.db().ledger().list_filings(&filter, None)
    }

    /// Meets a machine by its card, as the dialog does it.
    fn meet(&mut self, card: &Path) {
        self.go(Place::Data(DataTab::Packages));
        self.press_on("认识电脑…");
        self.type_text(&card.display().to_string());
        self.key(Named::Enter);
        self.press_on("给对方打过电话，念的指纹和这里一样");
        self.press_on("认识这台电脑");
    }

    /// Makes a package in the dialog and gives the file it says.
    fn make(&mut self, to: &str, purpose: &str, folder: &Path) -> PathBuf {
        self.go(Place::Data(DataTab::Packages));
        self.press_on("做包…");
        if self.sees("选一台认识的电脑") {
            self.press_on("选一台认识的电脑");
            // The name stands in the lists below as well; in the dialog it is the last.
            let place = self.window.seen().into_iter().rfind(|seen| seen.words == to).expect("the machine").bounds;
            self.press(place.center());
        }
        self.press_on(purpose);
        self.focus("package-folder");
        self.type_text(&folder.display().to_string());
        let before = packages_in(folder);
        assert!(self.window.click_nth("做包", 1), "the button under the title");
        self.must_see("读回核对无误");
        self.press_on("关闭");
        let made: Vec<PathBuf> = packages_in(folder).difference(&before).cloned().collect();
        let [made] = made.as_slice() else { panic!("one package: {made:?}") };
        made.clone()
    }

    /// Opens a package; what it would bring is on the screen.
    fn open(&mut self, path: &Path) {
        self.go(Place::Data(DataTab::Packages));
        self.press_on("打开包…");
        self.type_text(&path.display().to_string());
        self.key(Named::Enter);
    }

    /// Opens a package, looks at it and takes it in.
    fn take(&mut self, path: &Path) {
        self.open(path);
        self.press_on("取入");
        self.must_see("已取入");
        self.press_on("关闭");
    }

    fn shift(&mut self, named: Named) {
        self.key_with(Key::Named(named), Modifiers::SHIFT, None);
    }

    fn alt(&mut self, letter: &str) {
        self.key_with(Key::Character(letter.into()), Modifiers::ALT, None);
    }

    fn assert_whole(&self) {
        assert_eq!(self.db().check().wait().expect("a check").faults, []);
    }
}

fn packages_in(folder: &Path) -> BTreeSet<PathBuf> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "kbp")).collect()
}

/// A machine on which nobody works yet, as `kebao review join` leaves it, with its card in the folder that goes round.
fn joining(folder: &Path, day: NaiveDate, seed: u64, name: &str, stick: &Path) -> Db {
    fs::create_dir_all(folder).expect("a folder");
    let db = Db::open(folder, options(day, seed)).expect("it opens");
    let mut keys = Keys::of(&db).expect("keys");
    keys.rename(&db, name).expect("a name");
    write_card(&stick.join(format!("{name}.kbc")), &keys.card(&db)).expect("a card");
    db
}

/// `kebao review meet`, `open --take` and `password`, which is how a machine joins its office.
fn join(db: &Db, card: &Path, first: &Path, user: &str) {
    let card = package::read_card(card).expect("a card");
    let new = NewMachine { card, name: "周敏的电脑".to_owned(), user: None };
    db.act(RecordId::OFFICE, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
    let opened = package::open(db, RecordId::OFFICE, first, None).expect("it opens");
    package::take(db, RecordId::OFFICE, &opened, None).expect("taken in");
    let ledger = db.load_ledger(2025).wait().expect("a ledger");
    let id = ledger.users.iter().find(|known| known.name == user).expect("they came along").id;
    db.set_first_password(id, PASSWORD).wait().expect("a password");
}

/// The officer's office with two supervisors in it.
fn founded(folder: &Path, stick: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let db = Db::open(folder, options(today(), 1)).expect("it opens");
    let founding = db.act(RecordId::OFFICE, "启用科报", |act| {
        let officer = act.found_office("青澜区科学技术局", "", "周敏", PASSWORD)?;
        act.add_user("张远", &[Role::Supervisor])?;
        act.add_user("李岚", &[Role::Supervisor])?;
        Ok(officer)
    });
    founding.wait().expect("founded");
    let mut keys = Keys::of(&db).expect("keys");
    keys.rename(&db, "周敏的电脑").expect("a name");
    write_card(&stick.join("周敏的电脑.kbc"), &keys.card(&db)).expect("a card");
}

/// What came in over the year: a batch with two hundred filings at our own desk.
fn hand_in(seat: &Seat) {
    let db = seat.db();
    let user = db.ledger().users.iter().find(|user| user.name == "周敏").expect("the officer").id;
    let entered = db.act(user, "新增申报", |act| {
        let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
        for n in 0..FILINGS {
            let name = format!("青澜第{n:03}号新材料有限公司");
            let firm = act.create_firm(values(&[("name", &name)]), Vec::new(), None)?;
            let form = values(&[("staff", "80")]);
            let new = NewFiling { stage: "district".into(), opened: Some(today()), form, ..NewFiling::default() };
            act.open_filing(firm, edition, new)?;
        }
        Ok(())
    });
    entered.wait().expect("entered");
}

/// Tables that differ between two machines with the same events, and why. Everything else must be equal to the byte.
const OF_ONE_MACHINE: [(&str, &str); 11] = [
    ("log", "操作日志: each machine notes what was done at it; the sign-ins and takings-in here are its own"),
    ("package_taken", "when and by whom a package was taken in at this machine, and what it had then"),
    ("machine", "this installation's own device, which a copy of the data changes"),
    ("preference", "habits of this machine, and where the data lie"),
    ("draft", "what is being typed at this machine"),
    ("credential", "passwords as an older version kept them at this machine"),
    ("account", "passwords and attempts at this machine; they never travel"),
    ("recovery", "the key this machine's administrator was given"),
    ("device", "short numbers for devices, in the order they were met; no derived table holds one"),
    ("event", "the journal, by those numbers; compared by its events below"),
    ("waiting", "events that wait; compared with the journal below"),
];

/// Every row of every table that the events alone must determine.
fn derived(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut tables = crate::store::tests::seen::everything(db);
    for (name, why) in OF_ONE_MACHINE {
        assert!(tables.remove(name).is_some(), "there is no table {name} to leave out ({why})");
    }
    tables
}

/// The journal: each event as it travels, but for what this machine noted since it was copied.
fn journal(db: &Db) -> BTreeSet<Vec<u8>> {
    let entries = crate::store::tests::seen::entries(db);
    let waiting = crate::store::tests::seen::inbox(db);
    assert!(waiting.is_empty(), "nothing waits");
    let own = db.device();
    let (noted, all): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.event.device == own);
    let odd = noted.iter().find(|entry| !["log.noted", "package.taken"].contains(&&*entry.event.kind));
    assert!(odd.is_none(), "the machine did more than take in: {odd:?}");
    all.into_iter().map(|entry| entry.event.to_wire()).collect()
}

/// What stands under “合并后” for the new decisions of a package that is being looked at.
fn outcomes(seat: &mut Seat) -> String {
    let seen = seat.seen();
    let line = seen.iter().find(|seen| seen.words.starts_with("有效 ")).map(|seen| seen.words.clone());
    line.unwrap_or_else(|| {
        panic!("no decisions to be seen among {:?}", seen.iter().map(|s| &s.words).collect::<Vec<_>>())
    })
}

#[test]
fn two_hundred_filings_go_to_two_supervisors_and_their_answers_come_home_in_either_order() {
    let folder = Folder::new();
    let at = |name: &str| folder.0.join(name);
    let stick = at("U盘");
    fs::create_dir_all(&stick).expect("a folder");
    founded(&at("周敏"), &stick);
    // The deputy's clock is three months ahead.
    let ahead = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a real day");
    let chief = joining(&at("张远"), today(), 2, "张科长的电脑", &stick);
    let deputy = joining(&at("李岚"), ahead, 3, "李局长的电脑", &stick);

    // The three get to know each other.
    let mut officer = Seat::sign_in(&at("周敏"), options(today(), 4), "周敏");
    officer.meet(&stick.join("张科长的电脑.kbc"));
    officer.meet(&stick.join("李局长的电脑.kbc"));
    officer.must_see("李局长的电脑");
    for (machine, name, user) in [(chief, "张科长的电脑", "张远"), (deputy, "李局长的电脑", "李岚")] {
        let first = officer.make(name, "全部交换", &stick);
        join(&machine, &stick.join("周敏的电脑.kbc"), &first, user);
    }

    // Two hundred filings wait and are sent. One package never arrives; another is made in its place.
    hand_in(&officer);
    officer.send(window::Message::Desk(desk::Message::Year(2026)));
    let all = officer.waiting();
    assert_eq!(all.len(), FILINGS);
    let lost = officer.make("张科长的电脑", "送审", &stick);
    fs::remove_file(lost).expect("lost");
    let to_chief = officer.make("张科长的电脑", "送审", &stick);
    let to_deputy = officer.make("李局长的电脑", "送审", &stick);

    let mut chief = Seat::sign_in(&at("张远"), options(today(), 5), "张远");
    chief.open(&to_chief);
    chief.must_see("送审包");
    chief.must_see("申报 200 件");
    assert!(chief.waiting().is_empty(), "looking takes nothing in");
    chief.press_on("取入");
    chief.must_see("已取入");
    chief.press_on("关闭");
    assert_eq!(chief.waiting(), all);
    // Repeated.
    chief.open(&to_chief);
    chief.must_see("再取一次不会有变化。");
    chief.press_on("取入");
    chief.must_see("以前取入过，没有新内容。");
    chief.press_on("关闭");
    let mut deputy = Seat::sign_in(&at("李岚"), options(ahead, 6), "李岚");
    deputy.open(&to_chief);
    deputy.must_see("这个包不是做给这台电脑的。");
    deputy.press_on("取消");

    // The officer goes on: five are changed and sent once more, to the deputy, who takes the later package first.
    let edit = |officer: &mut Seat, id: RecordId, staff: &str| {
        officer.go(Place::Filings { filter: FilingFilter::default(), open: Some(id) });
        officer.focus("page.form.staff");
        officer.retype(staff);
        officer.ctrl("s");
        let file = officer.db().filing(id).wait().expect("an answer").expect("it is there");
        assert_eq!(file.filing.fields.get("form.staff"), Some(staff));
    };
    for id in &all[100..105] {
        edit(&mut officer, *id, "90");
    }
    let later = officer.make("李局长的电脑", "送审", &stick);
    deputy.take(&later);
    deputy.take(&to_deputy);
    assert_eq!(deputy.waiting(), all);

    // The chief: thirty by a key each, one of them taken back and passed again, the others at once; one is not theirs to judge.
    chief.review_from(all[0]);
    for id in &all[..30] {
        assert!(
            matches!(chief.window().desk().map(|desk| desk.place()), Some(Place::Review { open: Some(open), .. }) if open == *id)
        );
        chief.key(Named::F6);
    }
    chief.ctrl("z");
    assert_eq!(chief.waiting(), all[29..], "the last one is back");
    chief.key(Named::F6);
    chief.review_from(all[150]);
    chief.alt("r");
    chief.type_text("亲属在该企业任职");
    chief.key(Named::Enter);
    chief.must_see("您已回避：亲属在该企业任职");
    chief.review_from(all[30]);
    tick(&mut chief, 90);
    chief.must_see("已选 90 件");
    chief.key(Named::F6);
    assert_eq!(chief.waiting(), all[120..]);
    // All ninety are one step.
    chief.ctrl("z");
    assert_eq!(chief.waiting(), all[30..]);
    chief.review_from(all[30]);
    tick(&mut chief, 90);
    chief.key(Named::F6);
    assert_eq!(chief.waiting(), all[120..]);

    // The deputy: one by hand, then all the rest at once, forty of which the chief has passed.
    deputy.review_from(all[80]);
    deputy.key(Named::F5);
    deputy.type_text("职工总数：与社保人数不一致");
    deputy.key(Named::F7);
    deputy.review_from(all[81]);
    deputy.shift(Named::End);
    deputy.must_see("已选 119 件");
    deputy.key(Named::F5);
    deputy.type_text("研发费用明细缺页");
    deputy.key(Named::F7);
    assert_eq!(deputy.waiting(), all[..80]);

    // Meanwhile at home: ten of those the chief passes are changed, five of those the deputy returns are withdrawn.
    for id in &all[..10] {
        edit(&mut officer, *id, "81");
    }
    for id in &all[190..195] {
        officer.go(Place::Filings { filter: FilingFilter::default(), open: Some(*id) });
        officer.press_on("企业撤回…");
        officer.key(Named::Enter);
        assert_ne!(officer.row(*id).group(), StatusGroup::Ours);
    }

    // The answers. The chief's first one is lost; the review offers the deputy's.
    let lost = chief.make("周敏的电脑", "回传决定", &stick);
    fs::remove_file(lost).expect("lost");
    let from_chief = chief.make("周敏的电脑", "回传决定", &stick);
    deputy.go(Place::review(2026));
    deputy.press_on("导出回包（已审 120 件）");
    deputy.focus("package-folder");
    deputy.type_text(&stick.display().to_string());
    let before = packages_in(&stick);
    assert!(deputy.window.click_nth("做包", 1), "the button under the title");
    deputy.must_see("读回核对无误");
    let from_deputy = packages_in(&stick).difference(&before).next().expect("a package").clone();
    drop((officer, chief, deputy));

    // The officer's data twice over, as they were. In the one the chief's answer comes first, in the other the deputy's, on a
    // machine whose clock has fallen back to the spring.
    for copy in ["甲", "乙"] {
        fs::create_dir_all(at(copy)).expect("a folder");
        for name in ["kebao.db", "kebao.key"] {
            fs::copy(at("周敏").join(name), at(copy).join(name)).expect("a copy");
        }
    }
    let spring = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a real day");
    let merged = |copy: &str, day: NaiveDate, seed: u64, order: [(&Path, &str); 2]| {
        let mut seat = Seat::sign_in(&at(copy), options(day, seed), "周敏");
        for (path, told) in order {
            let before = seat.db().heads().wait().expect("heads");
            seat.open(path);
            seat.must_see("回传包");
            assert_eq!(outcomes(&mut seat), told, "{copy}");
            assert_eq!(seat.db().heads().wait().expect("heads"), before, "looking changes nothing");
            seat.press_on("取入");
            seat.must_see("已取入");
            seat.press_on("关闭");
        }
        // Both once more.
        for (path, _) in order {
            seat.open(path);
            seat.must_see("再取一次不会有变化。");
            seat.press_on("取入");
            seat.must_see("以前取入过，没有新内容。");
            seat.press_on("关闭");
        }
        let ledger = seat.db().ledger();
        let count = |test: fn(&FilingRow) -> bool| ledger.filings().filter(|row| test(row)).count();
        assert_eq!((count(|row| row.split), count(|row| row.outdated)), (40 + 5, 10), "{copy}");
        seat.go(Place::Data(DataTab::Conflicts));
        seat.must_see("有 2 个互不知情的决定，要先定以哪个为准，才能往下办。");
        seat.assert_whole();
        seat
    };
    let one = merged(
        "甲",
        today(),
        7,
        [
            (&from_chief, "有效 105，有冲突 0，针对旧版本 15，不计入 91"),
            (&from_deputy, "有效 75，有冲突 45，针对旧版本 0，不计入 0"),
        ],
    );
    let other = merged(
        "乙",
        spring,
        8,
        [
            (&from_deputy, "有效 115，有冲突 5，针对旧版本 0，不计入 0"),
            (&from_chief, "有效 70，有冲突 40，针对旧版本 10，不计入 91"),
        ],
    );
    let journals = [&one, &other].map(|seat| journal(&seat.db()));
    assert!(journals[0] == journals[1], "the journals hold the same events");
    let conflicts = [&one, &other].map(|seat| seat.db().conflicts().wait().expect("conflicts"));
    assert_eq!(conflicts[0], conflicts[1]);
    let [one, other] = [one, other].map(|seat| derived(&seat.db()));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    assert!(one.values().map(Vec::len).sum::<usize>() > 2 * FILINGS, "there is something to compare");
    for (table, rows) in &one {
        assert!(rows == &other[table], "{table}: {:?}", rows.iter().find(|row| !other[table].contains(row)));
    }
}

/// Ticks so many from the one that is looked at on, by steps of ten.
fn tick(seat: &mut Seat, count: usize) {
    for _ in 0..count / 10 - 1 {
        seat.shift(Named::PageDown);
    }
    for _ in 0..9 {
        seat.shift(Named::ArrowDown);
    }
}
