//! Promise: a package costs little more than its bytes. 1 000 filings with 200 MB of files packed, synced, read back and proven
//! ≤ 3 × copying (synced) and hashing those bytes; a package of 1 000 filings opened and looked through in 500 ms; 10 000 events
//! taken in within a second.

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{line, median, open, ratio, today};
use kebao::domain::event::{Hash, ImportDone, Source};
use kebao::domain::filing::machine::Wish;
use kebao::domain::id::RecordId;
use kebao::domain::machine::Machine;
use kebao::domain::people::Role;
use kebao::domain::program::Effect;
use kebao::exchange::package::{self, Keys};
use kebao::store::Db;
use kebao::store::acts::{NewFiling, Values};
use kebao::store::packages::{NewMachine, Wanted};

const FILINGS: usize = 1_000;
/// Scans of half a megabyte, as materials are.
const FILES: usize = 400;
const FILE: usize = 512 << 10;

fn main() {
    let folder = std::env::temp_dir().join(format!("kebao-bench-package-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let office = office(&folder);
    packing(&folder, &office);
    opening(&folder, &office);
    merging(&folder);
    let _ = fs::remove_dir_all(&folder);
}

struct Office {
    db: Db,
    user: RecordId,
    filings: Vec<RecordId>,
    other: Db,
    to: Machine,
}

fn values(pairs: &[(&str, String)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some(value.clone()))).collect::<BTreeMap<_, _>>()
}

fn meet(db: &Db, by: RecordId, other: &Db, name: &str) -> Machine {
    let card = Keys::of(other).expect("keys").card(other);
    let sign = card.sign;
    let new = NewMachine { card, name: name.to_owned(), user: None };
    db.act(by, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
    db.machine_of(sign).wait().expect("an answer").expect("a machine")
}

/// A thousand filings handed in, each firm with a file it came from, edited a few times.
fn office(folder: &Path) -> Office {
    eprintln!("making {FILINGS} filings and {} MB of files …", (FILES * FILE) >> 20);
    let db = open(&folder.join("office"));
    let kept: Vec<Hash> = (0..FILES)
        .map(|n| {
            let path = folder.join("scan");
            let mut state = n as u64 + 1;
            let bytes: Vec<u8> = (0..FILE / 8)
                .flat_map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state ^ state >> 29).to_le_bytes()
                })
                .collect();
            fs::write(&path, bytes).expect("a scan");
            db.keep_file(&path).expect("kept")
        })
        .collect();
    let made = db.act(RecordId::OFFICE, "启用", move |act| {
        act.change_office(&values(&[("name", "青澜区科学技术局".to_owned())]))?;
        let user = act.add_user("周敏", &[Role::Officer])?;
        let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
        let imports: Vec<RecordId> = kept.iter().map(|_| act.new_id()).collect();
        let mut all = Vec::new();
        for n in 0..FILINGS {
            let source = Some(Source { import: imports[n % imports.len()], row: 1 });
            let firm =
                act.create_firm(values(&[("name", format!("青澜第{n}号新材料科技有限公司"))]), Vec::new(), source)?;
            let form = values(&[("staff", (n % 300).to_string()), ("revenue", (n * 1000).to_string())]);
            let filing = act.open_filing(firm, edition, NewFiling { form, ..NewFiling::default() })?;
            for staff in 0..3 {
                act.change_filing(filing, &values(&[("form.staff", (n % 300 + staff + 1).to_string())]))?;
            }
            act.move_filing(filing, &Wish::new(Effect::Pass, today()))?;
            all.push(filing);
        }
        for (import, digest) in imports.into_iter().zip(kept) {
            let done = ImportDone {
                file: format!("{import}.pdf"),
                digest,
                title: String::new(),
                purpose: "企业".to_owned(),
                rows: 1,
                created: 1,
                changed: 0,
                unchanged: 0,
                passed_over: 0,
            };
            act.record_import(import, done)?;
        }
        Ok((user, all))
    });
    let (user, filings) = made.wait().expect("an office").value;
    let other = open(&folder.join("other"));
    other.load_ledger(2025).wait().expect("a ledger");
    let to = meet(&db, user, &other, "张科长的电脑");
    // Nobody works there yet.
    meet(&other, RecordId::OFFICE, &db, "周敏的电脑");
    Office { db, user, filings, other, to }
}

fn pack(office: &Office, path: &Path) -> Duration {
    let start = Instant::now();
    let wanted = Wanted::Review(office.filings.clone());
    let made = package::make(&office.db, office.user, &office.to, wanted, None, path).expect("a package");
    assert_eq!((made.filings, made.files), (FILINGS, FILES));
    start.elapsed()
}

fn packing(folder: &Path, office: &Office) {
    let files: Vec<PathBuf> = all_files(&office.db.folder().join("files"));
    let mut theirs = Vec::new();
    let mut ours = Vec::new();
    // Turn by turn, so that a slow moment of the disk hits both.
    for n in 0..3 {
        let start = Instant::now();
        let mut copy = File::create(folder.join("copy")).expect("a file");
        for path in &files {
            let bytes = fs::read(path).expect("a scan");
            black_box(Hash::of(&[&bytes]));
            copy.write_all(&bytes).expect("written");
        }
        copy.sync_all().expect("synced");
        theirs.push(start.elapsed());
        let path = folder.join(format!("{n}.kbp"));
        ours.push(pack(office, &path));
        if n < 2 {
            fs::remove_file(&path).expect("gone");
        }
    }
    ours.sort();
    theirs.sort();
    ratio("packing 1 000 filings with 200 MB, read back", ours[1], theirs[1], 3.0);
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(all_files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

fn opening(folder: &Path, office: &Office) {
    let path = folder.join("2.kbp");
    let took = median(5, || {
        let opened = package::open(&office.other, RecordId::OFFICE, &path, None).expect("it opens");
        assert_eq!(opened.preview.filings.len(), FILINGS);
    });
    line("opening a package of 1 000 filings, all of it looked through", took, 500.0);
}

/// Two thousand filings decided elsewhere, each in two steps, with what belongs to it.
fn merging(folder: &Path) {
    let mut times: Vec<(Duration, usize)> = (0..3)
        .map(|n| {
            let db = open(&folder.join(format!("from-{n}")));
            let home = open(&folder.join(format!("home-{n}")));
            home.load_ledger(2025).wait().expect("a ledger");
            let made = db.act(RecordId::OFFICE, "启用", |act| {
                act.change_office(&values(&[("name", "青澜区科学技术局".to_owned())]))?;
                let edition = act.open_edition("gaoqi", 2026, 2, Values::new())?;
                for n in 0..2_000 {
                    let firm = act.create_firm(values(&[("name", format!("青澜第{n}号厂"))]), Vec::new(), None)?;
                    let filing = act.open_filing(firm, edition, NewFiling::default())?;
                    act.change_filing(filing, &values(&[("form.staff", n.to_string())]))?;
                    act.move_filing(filing, &Wish::new(Effect::Pass, today()))?;
                    act.move_filing(filing, &Wish::new(Effect::Pass, today()))?;
                }
                act.add_user("周敏", &[Role::Officer])
            });
            let user = made.wait().expect("an office").value;
            let to = meet(&db, user, &home, "家里的电脑");
            meet(&home, RecordId::OFFICE, &db, "外面的电脑");
            let path = folder.join(format!("merge-{n}.kbp"));
            package::make(&db, user, &to, Wanted::Exchange, None, &path).expect("a package");
            let opened = package::open(&home, user, &path, None).expect("it opens");
            let start = Instant::now();
            let taken = package::take(&home, user, &opened, None).expect("taken in");
            (start.elapsed(), taken.taken)
        })
        .collect();
    times.sort();
    let (took, events) = times[1];
    assert!(events >= 10_000, "{events} events");
    line(&format!("taking in {events} events, lists fresh again"), took, 1000.0);
}
