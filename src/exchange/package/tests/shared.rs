//! A shared folder between machines: what is left there is found, taken in where that is wanted, and comes to an end.

use super::*;
use crate::domain::Kind;
use crate::domain::event::Purpose;
use crate::exchange::package::shared::{Leaves, Memory, Shared, leave, look, visit};
use crate::store::packages::Outcome;

/// A folder both see.
struct Place(PathBuf);

impl Place {
    fn new(seat: &Seat) -> Self {
        let path = seat.folder.join("共享");
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn files(&self) -> Vec<String> {
        let all = std::fs::read_dir(&self.0).expect("a folder").flatten();
        let mut names: Vec<String> = all.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Somebody who goes to the folder now and then.
struct Visitor<'s> {
    seat: &'s Seat,
    shared: Shared,
    memory: Memory,
}

impl<'s> Visitor<'s> {
    fn new(seat: &'s Seat, place: &Place) -> Self {
        let shared = Shared { folder: place.0.display().to_string(), take: true, leave: true };
        Self { seat, shared, memory: Memory::default() }
    }

    fn look(&mut self) -> crate::exchange::package::shared::Looked {
        look(&self.seat.db, self.seat.user, &self.shared, &mut self.memory).expect("a look")
    }

    fn leave(&mut self) -> usize {
        leave(&self.seat.db, self.seat.user, &self.shared, &mut self.memory).expect("left")
    }

    /// Looks, then leaves; whether anything came of it.
    fn visit(&mut self) -> bool {
        let taken = self.look().taken.len();
        self.leave() + taken > 0
    }
}

/// What lists and pages are made of; who sent and took what when is each machine's own story.
fn shown(seat: &Seat) -> Vec<String> {
    let own = ["package_", "log: ", "action: "];
    seat.tables().into_iter().filter(|line| !own.iter().any(|table| line.starts_with(table))).collect()
}

#[test]
fn two_machines_that_share_a_folder_come_to_hold_the_same_tables_and_then_rest() {
    let (officer, supervisor, all) = pair(3);
    let place = Place::new(&officer);
    let (mut a, mut b) = (Visitor::new(&officer, &place), Visitor::new(&supervisor, &place));
    a.visit();
    assert!(b.visit(), "what was left is taken in");
    // Both go on working, unaware of each other, and meet only in the folder.
    officer.edit(all[0], "81");
    officer.decide(all[1], Effect::Pass).expect("decided");
    supervisor.decide(all[2], Effect::Return).expect("decided");
    let chief = supervisor.user;
    let assigned = officer.db.act(officer.user, "分派", move |act| act.assign_filing(all[0], &[chief]));
    assigned.wait().expect("assigned");
    let mut rounds = 0;
    while a.visit() | b.visit() {
        rounds += 1;
        assert!(rounds < 6, "acknowledgements of acknowledgements never end");
    }
    assert_eq!(shown(&officer), shown(&supervisor));
    let told = |seat: &Seat| seat.db.load_ledger(2025).wait().expect("a ledger").told();
    assert_eq!(told(&officer), told(&supervisor));
    let assigned = told(&officer).iter().filter(|line| line.contains(&chief.to_string())).count();
    assert!(assigned > 1, "the user, and the filing they are to review");
    for seat in [&officer, &supervisor] {
        assert_eq!(seat.db.check().wait().expect("a check").faults, []);
    }
    assert!(!a.visit() && !b.visit(), "nobody has anything new");
}

#[test]
fn a_newer_package_takes_the_place_of_one_nobody_has_read_and_names_never_collide() {
    let (officer, supervisor, all) = pair(2);
    let place = Place::new(&officer);
    let (mut a, mut b) = (Visitor::new(&officer, &place), Visitor::new(&supervisor, &place));
    assert_eq!(a.leave(), 1);
    let first = place.files();
    assert_eq!(a.leave(), 0, "nothing new, nothing written");
    officer.edit(all[0], "82");
    assert_eq!(a.leave(), 1);
    let second = place.files();
    assert_eq!((first.len(), second.len()), (1, 1), "{first:?} {second:?}");
    assert_ne!(first, second, "within one second, under another name");
    assert!(second[0].ends_with(".kbp") && second[0].contains("张科长的电脑"), "{second:?}");
    // The last holds everything the first did.
    assert_eq!(b.look().taken.len(), 1);
    let told = |seat: &Seat| seat.db.load_ledger(2025).wait().expect("a ledger").told();
    assert_eq!(told(&officer), told(&supervisor));
    // Somebody who begins anew remembers from the database what was left before.
    let mut again = Memory::default();
    let kept = visit(&officer.db, officer.user, &a.shared, std::mem::take(&mut again), true, Leaves::News);
    assert!(kept.looked.expect("looked").is_ok());
    officer.edit(all[0], "83");
    let later = visit(&officer.db, officer.user, &a.shared, kept.memory, false, Leaves::News);
    assert_eq!(later.left.expect("wanted").expect("left"), 1);
    assert!(place.files().iter().all(|name| !name.ends_with(".part")));
}

#[test]
fn what_is_for_a_person_waits_for_a_person() {
    let (officer, supervisor, all) = pair(2);
    let place = Place::new(&officer);
    let mut b = Visitor::new(&supervisor, &place);
    let path = place.0.join("送审.kbp");
    make(&officer.db, officer.user, &officer.known(&supervisor), Wanted::Review(all.clone()), None, &path).unwrap();
    let looked = b.look();
    assert!(looked.taken.is_empty());
    assert_eq!(looked.fresh.iter().map(|found| found.purpose).collect::<Vec<_>>(), [Purpose::Review]);
    let looked = b.look();
    assert_eq!((looked.fresh.len(), looked.waiting.len()), (0, 1), "told of once, and waits still");
    supervisor.take(&path).unwrap();
    assert!(b.look().waiting.is_empty(), "a person took it in");
    // Without the switch an exchange package waits, too; with it, it does not.
    b.shared.take = false;
    let path = place.0.join("交换.kbp");
    officer.edit(all[0], "84");
    make(&officer.db, officer.user, &officer.known(&supervisor), Wanted::Exchange, None, &path).unwrap();
    assert_eq!(b.look().waiting.len(), 1);
    b.shared.take = true;
    assert_eq!(b.look().taken.len(), 1);
}

#[test]
fn a_conflict_that_comes_by_itself_waits_and_advances_nothing() {
    let (officer, supervisor, all) = pair(1);
    let place = Place::new(&officer);
    let (mut a, mut b) = (Visitor::new(&officer, &place), Visitor::new(&supervisor, &place));
    a.leave();
    b.look();
    officer.decide(all[0], Effect::Return).unwrap();
    supervisor.decide(all[0], Effect::Pass).unwrap();
    b.leave();
    let looked = a.look();
    assert_eq!(looked.taken[0].brought.count(Outcome::Conflict), 1);
    let row = officer.db.load_ledger(2025).wait().unwrap().filing(all[0]).expect("a row").clone();
    assert!(row.split, "two decisions wait for a person");
    assert!(
        officer.last_logged().contains("全部交换") || officer.last_logged().contains("交换"),
        "{}",
        officer.last_logged()
    );
}

#[test]
fn a_stranger_waits_until_it_is_met_and_a_bad_file_is_said_once() {
    let (officer, supervisor, all) = pair(1);
    let mut stranger = Seat::new();
    let place = Place::new(&officer);
    let mut a = Visitor::new(&officer, &place);
    // The stranger knows us; we do not know it.
    stranger.meet(&officer, "周敏的电脑");
    stranger.db.accept(crate::store::tests::seen::entries(&officer.db)).wait().expect("the same office");
    stranger.db.load_ledger(2025).wait().expect("a ledger");
    stranger.user = officer.user;
    stranger.edit(all[0], "90");
    let path = place.0.join("生人.kbp");
    make(&stranger.db, stranger.user, &stranger.known(&officer), Wanted::Exchange, None, &path).unwrap();
    let looked = a.look();
    assert_eq!((looked.taken.len(), looked.waiting.len()), (0, 1));
    officer.meet(&stranger, "李科员的电脑");
    assert_eq!(a.look().taken.len(), 1, "met, it is taken in");
    // A file that was cut off on its way.
    let whole = place.0.join("完整.kbp");
    make(&supervisor.db, supervisor.user, &supervisor.known(&officer), Wanted::Exchange, None, &whole).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::remove_file(&whole).unwrap();
    std::fs::write(place.0.join("半截.kbp"), &bytes[..bytes.len() - 40]).unwrap();
    assert_eq!(a.look().refused.len(), 1);
    assert_eq!(a.look().refused.len(), 0, "said once");
    // The folder is gone: an error, and nothing else.
    std::fs::remove_dir_all(&place.0).unwrap();
    assert!(look(&officer.db, officer.user, &a.shared, &mut a.memory).is_err());
    assert!(leave(&officer.db, officer.user, &a.shared, &mut a.memory).is_err());
}

#[test]
fn what_cannot_be_opened_is_said_once_and_what_was_too_new_again_by_a_newer_program() {
    let (officer, _, _) = pair(1);
    let place = Place::new(&officer);
    let a = Visitor::new(&officer, &place);
    for (name, bytes) in [
        ("新版.kbp", &b"kebao-package 3\nwhatever comes then"[..]),
        ("空的.kbp", b""),
        ("说明.kbp", "请看这里".as_bytes()),
    ] {
        std::fs::write(place.0.join(name), bytes).unwrap();
    }
    let looked_through = |memory| {
        let visited = visit(&officer.db, officer.user, &a.shared, memory, true, Leaves::Nothing);
        (visited.looked.expect("looked").expect("read").refused, visited.memory)
    };
    let (refused, memory) = looked_through(Memory::default());
    let kinds: Vec<Kind> = refused.iter().map(|(_, problem)| problem.kind).collect();
    assert_eq!((kinds.len(), kinds.iter().filter(|kind| **kind == Kind::TooNew).count()), (3, 1), "{refused:?}");
    let before = officer.held().len();
    assert_eq!(
        (looked_through(memory).0.len(), looked_through(Memory::default()).0.len()),
        (0, 0),
        "said once, and kept so"
    );
    assert_eq!(officer.held().len(), before, "and logged once");
    // As a program left it that read fewer sorts of packages.
    let kept = officer.db.preference("shared.memory").wait().unwrap().expect("kept");
    let mut kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    kept["reads"] = 1.into();
    officer.db.set_preference("shared.memory", &kept.to_string()).wait().unwrap();
    let again = looked_through(Memory::default()).0;
    assert!(again.iter().any(|(name, problem)| name == "新版.kbp" && problem.kind == Kind::TooNew), "{again:?}");
}

#[test]
fn what_was_left_is_left_again_where_somebody_cleared_the_folder_or_set_another() {
    let (officer, supervisor, _) = pair(1);
    let place = Place::new(&officer);
    let mut a = Visitor::new(&officer, &place);
    assert_eq!(a.leave(), 1);
    let gone_there = |a: &mut Visitor<'_>| {
        let visited = visit(&officer.db, officer.user, &a.shared, std::mem::take(&mut a.memory), false, Leaves::Lost);
        a.memory = visited.memory;
        visited.left.map(|left| left.expect("left"))
    };
    assert_eq!((a.leave(), place.files().len()), (0, 1), "it lies there");
    // The program remembers from the database what it left.
    visit(&officer.db, officer.user, &a.shared, a.memory.clone(), false, Leaves::News);
    assert_eq!(gone_there(&mut a), None, "nothing is lost");
    for file in place.files() {
        std::fs::remove_file(place.0.join(file)).unwrap();
    }
    assert_eq!((gone_there(&mut a), place.files().len()), (Some(1), 1));
    let other = Place(officer.folder.join("另一处"));
    std::fs::create_dir_all(&other.0).unwrap();
    a.shared.folder = other.0.display().to_string();
    assert_eq!((gone_there(&mut a), other.files().len()), (Some(1), 1));
    assert_eq!((gone_there(&mut a), a.leave()), (None, 0));
    let mut b = Visitor::new(&supervisor, &other);
    assert_eq!(b.look().taken.len(), 1);
}

#[test]
fn a_package_the_disk_did_not_take_is_said_once_and_taken_in_as_soon_as_it_does() {
    let (officer, supervisor, all) = pair(1);
    let paper = officer.disk().join("审计报告.pdf");
    std::fs::write(&paper, "审计 2025 年度").unwrap();
    let (filing, file) = (all[0], officer.db.keep(&paper).unwrap());
    officer.db.act(officer.user, "收材料", move |act| act.attach(filing, "accounts", &file, &[])).wait().unwrap();
    let place = Place::new(&officer);
    let (mut a, mut b) = (Visitor::new(&officer, &place), Visitor::new(&supervisor, &place));
    a.leave();
    // Where its files should go, nothing can be written.
    let files = supervisor.folder.join("files");
    std::fs::write(&files, "").unwrap();
    let looked = b.look();
    assert_eq!((looked.taken.len(), looked.refused.len()), (0, 1));
    assert_eq!(looked.refused[0].1.kind, crate::domain::Kind::Io);
    let looked = b.look();
    assert_eq!((looked.taken.len(), looked.refused.len()), (0, 0), "said once");
    std::fs::remove_file(&files).unwrap();
    assert_eq!(b.look().taken.len(), 1);
    assert_eq!(supervisor.db.check().wait().unwrap().faults, []);
}
