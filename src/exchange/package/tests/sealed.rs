//! Packages that bring the key of sealed numbers: to a machine of the office, to one that knows nothing of keys, and without it.

use super::*;
use crate::domain::Kind;
use crate::domain::people::Permission;
use crate::domain::seal::is_sealed;
use crate::exchange::package::Manifest;
use crate::exchange::package::format::{FIRST_LINE, FIRST_LINE_KEYS};

const PHONE: &str = "13800005206";
const PASSWORD: &str = "qinglan-2026";

fn enter_firm(seat: &Seat, name: &str) -> RecordId {
    let set = values(&[("name", name), ("phone", PHONE)]);
    let entered = seat.db.act(seat.user, "新增", move |act| act.create_firm(set, Vec::new(), None));
    entered.wait().expect("entered").value
}

fn phone(seat: &Seat, firm: RecordId) -> String {
    seat.db.firm(firm).wait().expect("read").expect("a firm").firm.fields.text("phone")
}

fn sign_in(seat: &Seat, user: RecordId) {
    seat.db.sign_in(user, PASSWORD, "登录").wait().expect("in");
}

/// An officer's machine with sealing switched on and a firm, and the supervisor's, which has heard nothing yet.
fn offices() -> (Seat, Seat, RecordId) {
    let (officer, supervisor, _) = pair(1);
    officer.db.set_password(officer.user, PASSWORD).wait().expect("set");
    sign_in(&officer, officer.user);
    officer.db.seal_numbers(officer.user, true).wait().expect("on");
    let firm = enter_firm(&officer, "青澜丁厂");
    (officer, supervisor, firm)
}

fn first_line(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a package")[..FIRST_LINE.len()].to_vec()
}

#[test]
fn a_package_brings_the_key_and_whoever_takes_it_in_holds_it_from_then_on() {
    let (officer, supervisor, firm) = offices();
    let made = officer.send(&supervisor, Wanted::Exchange).expect("made");
    assert_eq!(first_line(&made.path), FIRST_LINE_KEYS);
    // Somebody works there already, with a password of their own.
    let chief = supervisor.user;
    supervisor.take(&made.path).expect("taken");
    supervisor.db.set_password(chief, PASSWORD).wait().expect("set");
    assert_eq!(phone(&supervisor, firm), PHONE);
    assert!(supervisor.last_logged().contains("密钥"), "{}", supervisor.last_logged());
    supervisor.db.forget_keys();
    assert!(is_sealed(&phone(&supervisor, firm)));
    sign_in(&supervisor, chief);
    assert_eq!(phone(&supervisor, firm), PHONE);
    assert!(supervisor.db.ledger().office.seals, "the switch is the office's");
    // What is entered there is sealed with the same key, and read at home.
    supervisor
        .db
        .rights(chief)
        .wait()
        .expect("read")
        .may(Permission::EnterFirms)
        .expect_err("a supervisor enters none");
    assert_eq!(supervisor.tables(), {
        supervisor.db.rebuild().wait().expect("rebuilt");
        supervisor.tables()
    });
}

#[test]
fn a_machine_that_was_not_given_the_key_shows_nothing_and_gets_it_from_the_same_package_later() {
    let (officer, supervisor, firm) = offices();
    officer.db.forget_keys();
    let without = officer.send(&supervisor, Wanted::Exchange).expect("made");
    assert_eq!(first_line(&without.path), FIRST_LINE, "whoever holds no key sends none");
    supervisor.take(&without.path).expect("taken");
    assert!(is_sealed(&phone(&supervisor, firm)));
    sign_in(&officer, officer.user);
    let with = officer.send(&supervisor, Wanted::Exchange).expect("made");
    supervisor.take(&with.path).expect("taken");
    assert_eq!(phone(&supervisor, firm), PHONE);
    // Let go before anybody there had a password: the package gives it once more.
    supervisor.db.forget_keys();
    assert!(is_sealed(&phone(&supervisor, firm)));
    assert!(supervisor.take(&with.path).expect("again").repeated);
    assert_eq!(phone(&supervisor, firm), PHONE);
}

#[test]
fn a_program_that_knows_nothing_of_keys_refuses_the_package_as_too_new() {
    // What version 1 of the reader asked of the first line.
    let of_version_1 = |line: &[u8]| line == b"kebao-package 1\n";
    let (officer, supervisor, _) = offices();
    let made = officer.send(&supervisor, Wanted::Exchange).expect("made");
    assert!(!of_version_1(&first_line(&made.path)));
    // The same for this program and whatever comes after it.
    let mut bytes = std::fs::read(&made.path).expect("a package");
    bytes[FIRST_LINE.len() - 2] = b'3';
    let path = supervisor.disk().join("更新的.kbp");
    std::fs::write(&path, bytes).expect("written");
    assert_eq!(supervisor.open(&path).expect_err("refused").kind, Kind::TooNew);
}

#[test]
fn a_package_with_keys_under_the_line_of_one_without_is_refused() {
    let (officer, supervisor, _) = offices();
    let made = officer.send(&supervisor, Wanted::Exchange).expect("made");
    let mut bytes = std::fs::read(&made.path).expect("a package");
    bytes[..FIRST_LINE.len()].copy_from_slice(FIRST_LINE);
    let path = supervisor.disk().join("改过的.kbp");
    std::fs::write(&path, bytes).expect("written");
    let problem = supervisor.open(&path).expect_err("refused");
    assert!(problem.kind == Kind::Damaged && problem.says.contains("被改动过"), "{problem}");
}

#[test]
fn a_number_sealed_with_a_key_nobody_here_has_stays_sealed_and_both_keys_travel() {
    let (officer, supervisor, firm) = offices();
    let plain = officer.send(&supervisor, Wanted::Exchange).expect("made");
    // The other machine had switched it on by itself, unaware of this one: an office of two keys.
    let (other, ..) = offices();
    let theirs = other.db.keys();
    supervisor.take(&plain.path).expect("taken");
    let own: Vec<String> = supervisor.db.keys().iter().map(|key| key.id()).collect();
    assert!(theirs.iter().all(|key| !own.contains(&key.id())));
    let sealed = theirs.sealed(crate::domain::seal::Sort::Phone, PHONE).remove(0);
    let set = values(&[("name", "青澜戊厂"), ("phone", &sealed)]);
    let stranger = officer.db.act(officer.user, "新增", move |act| act.create_firm(set, Vec::new(), None));
    let stranger = stranger.wait().expect("entered").value;
    assert_eq!(phone(&officer, stranger), sealed, "nothing here opens it, and nothing breaks it");
    assert_eq!(phone(&officer, firm), PHONE);
}

#[test]
fn the_key_in_a_manifest_is_read_whole_or_not_at_all_and_never_shown() {
    let (officer, supervisor, _) = offices();
    let made = officer.send(&supervisor, Wanted::Exchange).expect("made");
    let opened = supervisor.open(&made.path).expect("opened");
    let manifest = opened.manifest();
    assert_eq!(manifest.keys.len(), 1);
    assert!(!format!("{manifest:?}").contains(&format!("{:?}", manifest.keys[0].0)));
    let mut told = serde_json::to_value(manifest).expect("JSON");
    assert_eq!(serde_json::from_value::<Manifest>(told.clone()).expect("read back"), *manifest);
    told["keys"][0] = "c2hvcnQ".into();
    assert!(serde_json::from_value::<Manifest>(told).is_err(), "too short to be one");
}
