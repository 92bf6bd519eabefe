//! The two machines of the fuzzer: one that makes packages, and one that reads them and is put back before each input.
//! Their keys, clock and chance are fixed, so that an input means the same in every run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ed25519_dalek::{Signer, SigningKey};
use kebao::domain::event::{Entry, Hash};
use kebao::domain::filing::machine::Wish;
use kebao::domain::id::{DeviceId, RecordId};
use kebao::domain::machine::Key;
use kebao::domain::material::Mark;
use kebao::domain::people::Role;
use kebao::domain::program::Effect;
use kebao::domain::review::{Answer, Found, Given, Reviewer};
use kebao::exchange::package::{self, Keys, Package};
use kebao::store::acts::{NewFiling, Values};
use kebao::store::packages::{NewMachine, Wanted};
use kebao::store::{Clock, Db, Entropy, Options};
use x25519_dalek::{PublicKey, StaticSecret};

pub const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 8, 24).expect("a real day");

/// Keys of nobody: the same byte thirty-two times.
const SENDER: (&str, u8, u8, &str) =
    ("周敏的电脑", 7, 0x11, "AGE-SECRET-KEY-1ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYGSUZRZYL");
const READER: (&str, u8, u8, &str) =
    ("张科长的电脑", 8, 0x22, "AGE-SECRET-KEY-1YG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3ZYG3Q0KAHAN");

/// Secret the reader's seal opens with.
pub const READER_SEAL: [u8; 32] = [READER.2; 32];

pub fn public(secret: [u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(secret)).to_bytes()
}

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[SENDER.1; 32])
}

/// The sender's public keys.
pub fn sender_keys() -> (Key, Key) {
    (Key::from_bytes(signing().verifying_key().to_bytes()), Key::from_bytes(public([SENDER.2; 32])))
}

/// The reader's public keys.
pub fn reader_keys() -> (Key, Key) {
    let sign = SigningKey::from_bytes(&[READER.1; 32]).verifying_key().to_bytes();
    (Key::from_bytes(sign), Key::from_bytes(public(READER_SEAL)))
}

/// Signs as the sender.
pub fn sign(message: &[u8]) -> [u8; 64] {
    signing().sign(message).to_bytes()
}

pub fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned()))).collect()
}

/// Both machines.
pub struct Office {
    pub folder: PathBuf,
    pub keys: Keys,
    /// Whoever sits at the reader.
    pub user: RecordId,
    /// The reader's database as every input finds it, and the hashes in it.
    start: Vec<u8>,
    pub held: BTreeSet<Hash>,
    /// What the reader writes as.
    device: DeviceId,
    reader: Option<Db>,
    /// Another office, whose keys may be anything.
    bystander: Option<Db>,
    /// What the reader knows of the sender's records.
    pub known: Vec<Entry>,
    /// What the sender did since.
    pub news: Vec<Entry>,
    /// Packages as they were really made for the reader.
    pub packages: Vec<Vec<u8>>,
}

fn open(folder: &Path, seed: u64) -> Db {
    Db::open(folder, Options { clock: Clock::fixed(DAY), entropy: Entropy::seeded(seed) }).expect("it opens")
}

fn settle(folder: &Path, (name, sign, _, seal): (&str, u8, u8, &str)) {
    fs::create_dir_all(folder).expect("a folder");
    let text = format!("name {name}\nsign {}\nseal {seal}\n", Key::from_bytes([sign; 32]));
    fs::write(folder.join("kebao.key"), text).expect("keys");
}

fn meet(db: &Db, user: RecordId, other: &Db) {
    let new = NewMachine { card: Keys::of(other).expect("keys").card(other), name: String::new(), user: None };
    db.act(user, "认识电脑", move |act| act.meet_machine(&new)).wait().expect("met");
}

impl Office {
    /// Makes both below a folder that is nobody else's.
    pub fn new(folder: PathBuf) -> Self {
        let (here, there) = (folder.join("sender"), folder.join("reader"));
        settle(&here, SENDER);
        settle(&there, READER);
        let (sender, reader) = (open(&here, 1 << 24), open(&there, 2 << 24));
        let (user, chief, filings) = found(&sender);
        meet(&sender, user, &reader);
        meet(&reader, RecordId::OFFICE, &sender);
        let to = sender.machine_of(reader_keys().0).wait().expect("an answer").expect("met");
        let keys = Keys::of(&reader).expect("keys");
        let path = folder.join("made.kbp");
        let mut packages = Vec::new();
        let mut send = |wanted: Wanted| {
            package::make(&sender, user, &to, wanted, None, &path).expect("made");
            let entries = Package::open(&path, &keys, None).expect("it opens").entries;
            packages.push(fs::read(&path).expect("a package"));
            entries
        };
        let known = send(Wanted::Review(filings.clone()));
        let opened = package::open(&reader, chief, &path, None).expect("it opens");
        package::take(&reader, chief, &opened, None).expect("taken in");
        fs::remove_file(&path).expect("removed");
        decide(&reader, chief, filings[0], Effect::Pass);
        edit(&reader, chief, filings[1], "81");
        let device = reader.device();
        drop((opened, reader));
        let start = fs::read(there.join("kebao.db")).expect("a database");
        go_on(&sender, user, chief, &filings, &here);
        let mut news = Vec::new();
        for wanted in [Wanted::Review(filings), Wanted::Answer, Wanted::Exchange] {
            news = send(wanted);
            fs::remove_file(&path).expect("removed");
        }
        let told: BTreeSet<Hash> = known.iter().map(|entry| entry.hash).collect();
        news.retain(|entry| !told.contains(&entry.hash));
        let held = super::settled::held(&there);
        Self { folder, keys, user: chief, start, held, reader: None, bystander: None, device, known, news, packages }
    }

    /// Where the reader lies.
    pub fn there(&self) -> PathBuf {
        self.folder.join("reader")
    }

    /// The reader as it was before every other input.
    pub fn reader(&mut self) -> Db {
        self.reader = None;
        let there = self.there();
        for left in ["kebao.db-wal", "kebao.db-shm"] {
            let _ = fs::remove_file(there.join(left));
        }
        let _ = fs::remove_dir_all(there.join("files"));
        // Into the same file: it lies where it lay, and so remains the same machine.
        fs::write(there.join("kebao.db"), &self.start).expect("put back");
        let db = open(&there, 4 << 24);
        self.reader = Some(db.clone());
        db
    }

    /// What the reader writes as.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// An office nobody sends anything to.
    pub fn bystander(&mut self) -> Db {
        let folder = self.folder.join("bystander");
        self.bystander.get_or_insert_with(|| open(&folder, 5 << 24)).clone()
    }

    /// Lets the reader go, so that its last word is in its file.
    pub fn close(&mut self) {
        self.reader = None;
    }
}

fn found(db: &Db) -> (RecordId, RecordId, Vec<RecordId>) {
    let made = db.act(RecordId::OFFICE, "启用", |act| {
        act.change_office(&values(&[("name", "青澜区科学技术局")]))?;
        let user = act.add_user("周敏", &Role::ALL)?;
        let chief = act.add_user("张远", &Role::ALL)?;
        let edition = act.open_edition("gaoqi", 2026, 1, Values::new())?;
        let mut filings = Vec::new();
        for n in 0..2 {
            let firm = act.create_firm(
                values(&[("name", &format!("青澜第{n}厂")), ("phone", "13800005206")]),
                Vec::new(),
                None,
            )?;
            let new = NewFiling { form: values(&[("staff", "80")]), ..NewFiling::default() };
            let filing = act.open_filing(firm, edition, new)?;
            act.move_filing(filing, &Wish::new(Effect::Pass, DAY))?;
            filings.push(filing);
        }
        Ok((user, chief, filings))
    });
    made.wait().expect("an office").value
}

fn decide(db: &Db, user: RecordId, filing: RecordId, effect: Effect) {
    let wish = Wish { reason: "材料缺页".to_owned(), ..Wish::new(effect, DAY) };
    db.act(user, "登记进展", move |act| act.move_filing(filing, &wish)).wait().expect("decided");
}

fn edit(db: &Db, user: RecordId, filing: RecordId, staff: &str) {
    let set = values(&[("form.staff", staff)]);
    db.act(user, "修改", move |act| act.change_filing(filing, &set)).wait().expect("edited");
}

/// One of every sort of deed a package may bring.
fn go_on(db: &Db, user: RecordId, chief: RecordId, filings: &[RecordId], folder: &Path) {
    let (one, other) = (filings[0], filings[1]);
    decide(db, user, one, Effect::Return);
    decide(db, user, other, Effect::Pass);
    edit(db, user, other, "82");
    let file = folder.join("证照.pdf");
    fs::write(&file, "看不清").expect("a file");
    let kept = db.keep(&file).expect("kept");
    let page = db.filing(other).wait().expect("a page").expect("a filing");
    let form = page.known.and_then(|(_, version)| version.review.as_ref()).expect("a form");
    let answer = Answer { found: Found::Yes, note: String::new() };
    let given = Given {
        reviewer: Reviewer { user: None, name: "甲".into(), employer: String::new() },
        round: page.filing.track.round,
        content: page.filing.whole(),
        form: None,
        answers: form.items.iter().map(|item| (item.id.clone(), answer.clone())).collect(),
        note: String::new(),
        recused: Some("曾任职".to_owned()),
    };
    let firm = page.filing.firm;
    let edition = page.filing.edition;
    let done = db.act(user, "各样都做一次", move |act| {
        act.attach(other, "application", &kept, &[])?;
        act.check_material(other, "license", Some(Mark::Unfit), "缺页")?;
        act.give_review(other, given)?;
        act.transfer_filing(other, chief, "请接着办")?;
        act.record_certificate(
            firm,
            "gaoqi",
            "GR2026",
            values(&[("number", "GR2026"), ("issued", "2026-01-15")]),
            None,
        )?;
        act.change_firm(firm, &values(&[("township", "某镇"), ("name", "青澜改名厂")]), Vec::new(), None)?;
        act.change_edition(edition, &values(&[("quota", "5")]))?;
        let list = act.make_shortlist(edition, "推荐", &[other])?;
        let row = kebao::domain::event::ShortlistRow { filing: other, cells: vec!["甲厂".into()] };
        act.freeze_shortlist(list, DAY, "推荐", vec!["企业名称".into()], vec![row])?;
        let import = act.new_id();
        let done = kebao::domain::event::ImportDone {
            file: "名单.csv".to_owned(),
            digest: Hash::of(&[b"list"]),
            title: "名单".to_owned(),
            purpose: "企业".to_owned(),
            rows: 1,
            created: 1,
            changed: 0,
            unchanged: 0,
            passed_over: 0,
        };
        act.create_firm(
            values(&[("name", "名单一厂")]),
            Vec::new(),
            Some(kebao::domain::event::Source { import, row: 1 }),
        )?;
        act.record_import(import, done)
    });
    done.wait().expect("done");
    let undone =
        db.act(user, "改", move |act| act.change_filing(one, &values(&[("note", "x")]))).wait().expect("changed");
    let action = undone.action.expect("an action");
    db.act(user, "撤销", move |act| act.undo(action).map(drop)).wait().expect("undone");
    db.act(user, "清除", move |act| act.erase(firm, &["phone".to_owned()], "本人要求").map(drop))
        .wait()
        .expect("erased");
    // A settlement, of two words on one filing that did not know of each other.
    let track = db.filing(one).wait().expect("a page").expect("a filing").filing.track;
    let stands = track.line().next_back().map(|decision| decision.hash).expect("a decision");
    let resolved = kebao::domain::event::Resolved { stands, reason: "以盖章的为准".to_owned() };
    db.act(user, "处理冲突", move |act| {
        act.append(one, kebao::domain::event::Fact::FilingResolved(resolved)).map(drop)
    })
    .wait()
    .expect("settled");
}
