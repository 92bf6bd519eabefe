//! Bad packages: one sentence each, nothing changed, a line of the log.

use std::io::{Read, Write};

use proptest::prelude::*;

use super::*;
use crate::domain::machine::Key;
use crate::domain::{Kind, Problem};
use crate::exchange::package::age::{CHUNK, Opener, Sealer};
use crate::exchange::package::format::{FIRST_LINE, FIRST_LINE_KEYS, signed};

/// What a good package holds, opened as only its recipient could.
struct Inside {
    manifest: Vec<u8>,
    signature: Vec<u8>,
    rest: Vec<u8>,
}

fn inside(path: &Path, to: &Seat) -> Inside {
    let bytes = std::fs::read(path).unwrap();
    let secret = Keys::of(&to.db).unwrap().secret();
    let mut plain = Vec::new();
    Opener::new(&bytes[FIRST_LINE.len()..], &[secret]).unwrap().read_to_end(&mut plain).unwrap();
    let length = u32::from_be_bytes(plain[..4].try_into().unwrap()) as usize;
    Inside {
        manifest: plain[4..4 + length].to_vec(),
        signature: plain[4 + length..68 + length].to_vec(),
        rest: plain[68 + length..].to_vec(),
    }
}

impl Inside {
    fn seal(&self, path: &Path, to: &Seat) {
        let mut out = FIRST_LINE.to_vec();
        let seal = *Keys::of(&to.db).unwrap().seal_key().bytes();
        let mut sealer = Sealer::new(&mut out, &[seal]).unwrap();
        sealer.write_all(&(self.manifest.len() as u32).to_be_bytes()).unwrap();
        for part in [&self.manifest, &self.signature, &self.rest] {
            sealer.write_all(part).unwrap();
        }
        sealer.finish().unwrap();
        std::fs::write(path, out).unwrap();
    }

    /// Changes the manifest and signs it anew.
    fn change(&mut self, by: &Seat, change: impl FnOnce(&mut serde_json::Value)) {
        let mut value: serde_json::Value = serde_json::from_slice(&self.manifest).unwrap();
        change(&mut value);
        self.manifest = serde_json::to_vec(&value).unwrap();
        self.signature = Keys::of(&by.db).unwrap().sign(&signed(&self.manifest)).to_vec();
    }
}

/// The file is refused in these words, nothing changes, and the log says so.
fn refused(seat: &Seat, path: &Path, kind: Kind, says: &str) {
    let before = seat.held();
    let problem: Problem = seat.take(path).unwrap_err();
    assert_eq!(problem.kind, kind, "{problem}");
    assert!(problem.says.contains(says), "{problem}");
    assert!(problem.next.is_some());
    let new: Vec<_> = seat.held().difference(&before).copied().collect();
    assert_eq!(new.len(), 1, "nothing but the line of the log");
    assert!(seat.last_logged().contains(&problem.says), "{} {problem}", seat.last_logged());
}

#[test]
fn every_sort_of_bad_package_has_its_sentence() {
    let (officer, supervisor, all) = pair(2);
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    let good = std::fs::read(&made.path).unwrap();
    let bad = supervisor.disk().join("坏包.kbp");
    let put = |bytes: &[u8]| std::fs::write(&bad, bytes).unwrap();

    put(b"PK\x03\x04 a zip file, say");
    refused(&supervisor, &bad, Kind::Foreign, "不是科报的包");
    put(b"");
    refused(&supervisor, &bad, Kind::Foreign, "不是科报的包");
    put(b"kebao-package 3\nwhatever comes then");
    refused(&supervisor, &bad, Kind::TooNew, "更新版本");
    for length in [5, FIRST_LINE.len(), FIRST_LINE.len() + 40, good.len() / 2, good.len() - 1] {
        put(&good[..length]);
        let problem = supervisor.take(&bad).unwrap_err();
        assert_eq!(problem.kind, Kind::Damaged, "cut at {length}: {problem}");
    }
    put(&good[..7]);
    refused(&supervisor, &bad, Kind::Damaged, "缺了一截");
    // In an ordinary package nothing tells a lost end from another change.
    assert!(good.len() < CHUNK, "{} bytes", good.len());
    put(&good[..good.len() - 1]);
    refused(&supervisor, &bad, Kind::Damaged, "不完整或被改动过");
    for at in [good.len() - 1, good.len() / 2, good.len() - 400] {
        let mut turned = good.clone();
        turned[at] ^= 1;
        put(&turned);
        refused(&supervisor, &bad, Kind::Damaged, "不完整或被改动过");
    }
    let mut turned = good.clone();
    turned[FIRST_LINE.len() + 60] ^= 1;
    put(&turned);
    assert!(supervisor.take(&bad).is_err());
    for more in [&b"m"[..], b"more", &[0; 40], &[0; 4000]] {
        put(&[&good[..], more].concat());
        refused(&supervisor, &bad, Kind::Damaged, "不完整或被改动过");
    }
    // The first line alone, which no seal covers.
    let mut turned = good.clone();
    turned[..FIRST_LINE_KEYS.len()].copy_from_slice(FIRST_LINE_KEYS);
    put(&turned);
    refused(&supervisor, &bad, Kind::Damaged, "被改动过或已损坏");

    // A forged signature: everything else is right.
    let mut forged = inside(&made.path, &supervisor);
    forged.signature[10] ^= 1;
    forged.seal(&bad, &supervisor);
    refused(&supervisor, &bad, Kind::Damaged, "签名不对");
    // Signed by another machine in the officer's name.
    let stranger = Seat::new();
    let mut forged = inside(&made.path, &supervisor);
    forged.change(&stranger, |manifest| manifest["by"]["name"] = "张远".into());
    forged.seal(&bad, &supervisor);
    refused(&supervisor, &bad, Kind::Damaged, "签名不对");
    // Sent on by somebody it had been sealed for: it was meant for another machine.
    let mut resealed = inside(&made.path, &supervisor);
    resealed.seal(&bad, &stranger);
    refused(&stranger, &bad, Kind::Refused, "不是做给这台电脑的");
    // For somebody else in the first place.
    refused(&stranger, &made.path, Kind::Refused, "不是做给这台电脑的");
    // A newer inside.
    resealed.change(&officer, |manifest| manifest["format"] = 3.into());
    resealed.seal(&bad, &supervisor);
    refused(&supervisor, &bad, Kind::TooNew, "更新版本");
    // More than anybody sends.
    let mut large = inside(&made.path, &supervisor);
    large.change(&officer, |manifest| manifest["events"]["count"] = 3_000_000.into());
    large.seal(&bad, &supervisor);
    refused(&supervisor, &bad, Kind::BadInput, "大得不合情理");
    // The events are others than was signed.
    let mut altered = inside(&made.path, &supervisor);
    let at = altered.rest.len() - 3;
    altered.rest[at] ^= 1;
    altered.seal(&bad, &supervisor);
    refused(&supervisor, &bad, Kind::Damaged, "被改动过");
    // Its own.
    refused(
        &officer,
        &{
            let own = officer.disk().join("自己.kbp");
            let mut own_package = inside(&made.path, &supervisor);
            let seal = Keys::of(&officer.db).unwrap().seal_key();
            own_package.change(&officer, |manifest| manifest["to"]["seal"] = seal.to_string().into());
            own_package.seal(&own, &officer);
            own
        },
        Kind::Refused,
        "本机自己做的",
    );
    // And after all that the good one is still taken in.
    assert_eq!(supervisor.take(&made.path).unwrap().waiting, 0);
}

#[test]
fn of_a_large_package_it_is_told_whether_its_end_is_lost_or_something_was_added() {
    let (officer, supervisor, all) = pair(120);
    let made = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    let good = std::fs::read(&made.path).unwrap();
    assert!(good.len() > 2 * CHUNK, "{} bytes", good.len());
    let bad = supervisor.disk().join("坏包.kbp");
    let put = |bytes: &[u8]| std::fs::write(&bad, bytes).unwrap();
    for length in [good.len() - 100, good.len() - CHUNK, good.len() / 2, CHUNK + 3000] {
        put(&good[..length]);
        refused(&supervisor, &bad, Kind::Damaged, "缺了一截");
    }
    put(&[&good[..], &[0; 400]].concat());
    refused(&supervisor, &bad, Kind::Damaged, "被改动过或已损坏");
    let mut turned = good.clone();
    turned[CHUNK] ^= 1;
    put(&turned);
    refused(&supervisor, &bad, Kind::Damaged, "被改动过或已损坏");
}

#[test]
fn strangers_and_retired_machines_are_held_until_a_person_has_compared() {
    let (officer, chief, all) = Seat::officer(1);
    let mut supervisor = Seat::new();
    officer.meet(&supervisor, "张科长的电脑");
    supervisor.user = chief;
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    let opened = supervisor.open(&made.path).unwrap();
    let print = Keys::of(&officer.db).unwrap().card(&officer.db).fingerprint();
    let logged = supervisor.last_logged();
    assert!(logged.contains("还不认识") && logged.contains(&print), "opening alone is in the log: {logged}");
    let before = supervisor.held().len();
    assert!(supervisor.take(&made.path).is_err());
    let elsewhere = supervisor.disk().join("拷来的.kbp");
    std::fs::copy(&made.path, &elsewhere).unwrap();
    assert!(supervisor.open(&elsewhere).unwrap().held().is_some());
    assert_eq!(supervisor.held().len(), before, "once for each package");
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    assert!(matches!(&opened.sender, super::super::Sender::Stranger { fingerprint, .. } if *fingerprint == print));
    refused(&supervisor, &made.path, Kind::Refused, "还不认识");
    let machine = supervisor.meet(&officer, "周敏的电脑");
    let id = machine.id;
    supervisor.db.act(chief, "停用", move |act| act.retire_machine(id)).wait().unwrap();
    refused(&supervisor, &made.path, Kind::Refused, "已停用");
    assert!(supervisor.send(&officer, Wanted::Answer).unwrap_err().says.contains("已停用"));
    supervisor.meet(&officer, "");
    supervisor.take(&made.path).unwrap();
}

#[test]
fn a_machine_is_met_under_a_name_that_fits_and_its_packages_find_room_in_a_folder() {
    let (officer, _, all) = Seat::officer(1);
    let other = Seat::new();
    let card = Keys::of(&other.db).unwrap().card(&other.db);
    let meet = |name: String| {
        let new = NewMachine { card: card.clone(), name, user: None };
        officer.db.act(officer.user, "认识电脑", move |act| act.meet_machine(&new)).wait()
    };
    assert!(meet("长".repeat(61)).unwrap_err().says.contains("60 个字"));
    // Of four bytes each, and with what no list can show.
    meet(format!("{}\n\u{7}", "𠮷".repeat(60))).unwrap();
    let to = officer.known(&other);
    assert_eq!(to.name, "𠮷".repeat(60));
    let made = make(&officer.db, officer.user, &to, Wanted::Review(all), None, &officer.disk()).unwrap();
    assert!(made.path.exists());
}

#[test]
fn another_offices_package_is_refused() {
    let (officer, _, all) = Seat::officer(1);
    let (other, _, _) = Seat::officer(1);
    officer.meet(&other, "乙局的电脑");
    other.meet(&officer, "甲局的电脑");
    let made = officer.send(&other, Wanted::Review(all)).unwrap();
    refused(&other, &made.path, Kind::Foreign, "另一个单位");
}

#[test]
fn a_folder_that_cannot_take_it_gets_one_sentence_and_keeps_nothing() {
    let (officer, supervisor, all) = pair(1);
    let to = officer.known(&supervisor);
    let nowhere = officer.disk().join("没有").join("包.kbp");
    let problem = make(&officer.db, officer.user, &to, Wanted::Review(all.clone()), None, &nowhere).unwrap_err();
    assert!(problem.kind == Kind::Io && problem.says.contains("没有写成"), "{problem}");
    let there = officer.disk().join("已有.kbp");
    std::fs::write(&there, "别的东西").unwrap();
    let problem = make(&officer.db, officer.user, &to, Wanted::Review(all), None, &there).unwrap_err();
    assert!(problem.says.contains("同名"), "{problem}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "别的东西");
    // What a package is written as before it has its name may be somebody's, too.
    let part = officer.disk().join("新包.kbp.part");
    std::fs::write(&part, "别的东西").unwrap();
    let free = officer.disk().join("新包.kbp");
    let problem = make(&officer.db, officer.user, &to, Wanted::Exchange, None, &free).unwrap_err();
    assert!(problem.says.contains("同名") && !free.exists(), "{problem}");
    assert_eq!(std::fs::read_to_string(&part).unwrap(), "别的东西");
    assert!(officer.db.packages().wait().unwrap().is_empty());
}

#[test]
fn no_bytes_end_the_program_and_no_altered_package_is_taken_in() {
    let (officer, supervisor, all) = pair(2);
    let made = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    let good = std::fs::read(&made.path).unwrap();
    let keys = Keys::of(&supervisor.db).unwrap();
    let bad = supervisor.disk().join("坏包.kbp");
    let package = |bytes: &[u8]| {
        std::fs::write(&bad, bytes).unwrap();
        super::super::Package::open(&bad, &keys, None)
    };
    let plain = inside(&made.path, &supervisor);
    let whole =
        [&(plain.manifest.len() as u32).to_be_bytes()[..], &plain.manifest, &plain.signature, &plain.rest].concat();
    let seal = *keys.seal_key().bytes();
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), flip in 1_u8.., junk: Vec<u8>)| {
        let (n, m) = (at.index(good.len()), other.index(good.len()));
        let mut turned = good.clone();
        turned[n] ^= flip;
        prop_assert!(package(&turned).is_err());
        prop_assert!(package(&good[..n]).is_err());
        // A splice of itself, and junk in its middle.
        let joined = [&good[..n], &good[m..]].concat();
        prop_assert!(joined == good || package(&joined).is_err());
        let mixed = [&good[..n], &junk[..], &good[n..]].concat();
        prop_assert!(junk.is_empty() || package(&mixed).is_err());
        prop_assert!(package(&junk).is_err());
        // The same under a seal that is right, as somebody would send who only has the public key.
        let n = at.index(whole.len());
        let mut turned = whole.clone();
        turned[n] ^= flip;
        for inner in [turned, whole[..n].to_vec(), junk.clone()] {
            let mut out = FIRST_LINE.to_vec();
            let mut sealer = Sealer::new(&mut out, &[seal]).unwrap();
            sealer.write_all(&inner).unwrap();
            sealer.finish().unwrap();
            prop_assert!(package(&out).is_err());
        }
    });
    assert!(package(&good).is_ok());
    assert_eq!(Key::from_bytes(seal), keys.seal_key());
}
