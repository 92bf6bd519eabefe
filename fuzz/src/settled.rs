//! What must hold of the reader whatever it was given: unchanged, or with exactly what came; tables as the journal gives
//! them; every question answered.

use std::collections::BTreeSet;
use std::path::Path;

use kebao::domain::event::{Entry, Hash};
use kebao::domain::filing::machine::{Wish, choices};
use kebao::domain::id::RecordId;
use kebao::domain::{Kind, Problem};
use kebao::exchange::package::{self, Opened};
use kebao::store::Db;
use kebao::store::journal::Fault;
use kebao::store::ledger::FilingFilter;
use kebao::store::packages::Wanted;
use kebao::store::queries::LogFilter;
use rusqlite::{Connection, OpenFlags};

use super::office::{DAY, Office, sender_keys};

/// Hashes of all a database holds, waiting or not.
pub fn held(folder: &Path) -> BTreeSet<Hash> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join("kebao.db"), flags).expect("a database");
    let mut statement =
        connection.prepare("SELECT hash FROM event UNION ALL SELECT hash FROM waiting").expect("a question");
    let hashes = statement.query_map([], |row| row.get::<_, [u8; 32]>(0)).expect("an answer");
    hashes.map(|hash| Hash(hash.expect("a hash"))).collect()
}

/// A refusal is a sentence; a fault of the program's own is what is looked for here.
fn fair<T>(what: &str, outcome: Result<T, Problem>) -> Option<T> {
    outcome
        .inspect_err(|problem| {
            assert!(problem.kind != Kind::Bug, "{what}: {problem} {:?}", problem.detail);
            assert!(!problem.says.is_empty());
        })
        .ok()
}

/// Opens a package as a person does, takes it in where that is offered, and holds the reader to what must be.
pub fn take(office: &mut Office, path: &Path) {
    let db = office.reader();
    let user = office.user;
    let Some(opened) = fair("open", package::open(&db, user, path, None)) else {
        return unchanged(office, &db);
    };
    let taken = fair("take", package::take(&db, user, &opened, None));
    let Some(taken) = taken else { return unchanged(office, &db) };
    let told = (opened.preview.new - opened.preview.waiting, opened.preview.waiting);
    assert_eq!((taken.taken, taken.waiting), told, "it was told otherwise before it was taken in");
    came(office, &db, &opened.package.entries);
    let entries = opened.package.entries.iter();
    let new: Vec<&Entry> = entries.filter(|entry| !office.held.contains(&entry.hash)).collect();
    questions(&db, user, &opened, &new);
    deeds(&db, user, &new);
    whole(&db);
    again(office, &db, &opened);
    drop(db);
    office.close();
}

/// Nothing but lines of the log.
fn unchanged(office: &Office, db: &Db) {
    let now = held(&office.there());
    assert!(office.held.is_subset(&now), "something is gone");
    let rows = db.log(&LogFilter::default(), None, 200).wait().expect("the log");
    // A refusal is one action with one line; whatever else is new would be more than the log says.
    assert!(now.len() - office.held.len() <= 2 && !rows.is_empty(), "{} events came of a refusal", now.len());
}

/// What was there is there, what came is there, and the rest is the reader's own word.
fn came(office: &Office, db: &Db, entries: &[Entry]) {
    let now = held(&office.there());
    assert!(office.held.is_subset(&now), "something is gone");
    let came: BTreeSet<Hash> = entries.iter().map(|entry| entry.hash).collect();
    assert!(came.is_subset(&now), "something that came was dropped");
    let own = now.difference(&office.held).filter(|hash| !came.contains(hash)).count();
    assert!(own <= 4, "{own} events of neither ({})", db.device().label());
}

/// All that a person may look at is answered.
fn questions(db: &Db, user: RecordId, opened: &Opened, new: &[&Entry]) {
    fair("ledger", db.load_ledger(2026).wait());
    let ledger = db.ledger();
    ledger.make_ready();
    ledger.list_filings(&FilingFilter::default(), None);
    ledger.tally(&FilingFilter::default(), db.clock().now());
    ledger.find("青澜", 5);
    for filing in ledger.filings() {
        let _ =
            (filing.status_word(), filing.group(), filing.as_track(), filing.was_submitted(), filing.was_recommended());
    }
    ledger.waiting_for_review();
    fair("conflicts", db.conflicts().wait());
    fair("packages", db.packages().wait());
    fair("machines", db.machines().wait());
    fair("log", db.log(&LogFilter::default(), None, 100).wait());
    fair("lists", db.shortlists().wait());
    fair("imports", db.imports().wait());
    fair("decided", db.decided_on(user, DAY).wait());
    fair("preview", package::open(db, user, &opened.package.path, None));
    let mut records: BTreeSet<RecordId> = new.iter().map(|entry| entry.event.record).collect();
    records.extend(new.last().map(|entry| entry.event.action));
    for id in records.into_iter().take(16) {
        fair("filing", db.review_file(id).wait());
        fair("firm", db.firm(id).wait());
        fair("edition", db.edition(id).wait());
        fair("list", db.shortlist(id).wait());
        fair("history", db.history(id).wait());
        fair("deed", db.deed(id, 50).wait());
        fair("ties", db.ties(id, "甲".into(), "青澜第0厂".into(), "13800005206".into()).wait());
        fair("tied", db.tied(vec![id], vec![(user, "甲".into())]).wait());
        fair("echoes", db.echoes(id, vec!["phone".into(), "form.phone".into()]).wait());
        fair("erasable", db.erasable(id).wait());
    }
    // What came goes on as it came.
    if let Some(cargo) = fair("gather", db.gather(Wanted::Exchange, sender_keys().0).wait()) {
        for entry in cargo.entries {
            let wire = entry.event.to_wire();
            assert_eq!(kebao::domain::event::Event::from_wire(&wire).as_ref(), Some(&entry), "it does not travel on");
        }
    }
}

/// The next deed on what came is done or refused, and never a fault.
fn deeds(db: &Db, user: RecordId, entries: &[&Entry]) {
    let records: BTreeSet<RecordId> = entries
        .iter()
        .filter(|entry| entry.event.kind.starts_with("filing."))
        .map(|entry| entry.event.record)
        .collect();
    for id in records.into_iter().take(3) {
        let Some(Some(file)) = fair("page", db.filing(id).wait()) else { continue };
        let Some((_, version)) = file.known else { continue };
        let track = &file.filing.track;
        if let Some(split) = &track.split {
            let stands = split.rivals[0];
            fair("settle", db.act(user, "处理冲突", move |act| act.resolve_filing(id, stands, "定了")).wait());
        }
        let choice = choices(track, version).into_iter().next();
        if let Some(choice) = choice {
            let wish = Wish { reason: "缺页".to_owned(), word: choice.word, ..Wish::new(choice.effect, DAY) };
            fair("decide", db.act(user, "登记进展", move |act| act.decide_filing(id, &wish, None).map(drop)).wait());
        }
        let set = super::office::values(&[("form.staff", "83"), ("note", "再看")]);
        fair("change", db.act(user, "修改", move |act| act.change_filing(id, &set).map(drop)).wait());
    }
    let last = entries.last().map(|entry| entry.event.action);
    if let Some(action) = last {
        fair("undo", db.act(user, "撤销", move |act| act.undo(action).map(drop)).wait());
    }
}

/// The file is whole, every hash is right, and the tables are what the journal gives. What a chain lacks or has twice is the
/// sender's affair.
fn whole(db: &Db) {
    let report = db.check().wait().expect("a check");
    let ours = report.faults.iter().find(|fault| {
        !matches!(
            fault,
            Fault::Gap { .. } | Fault::Broken { .. } | Fault::Fork { .. } | Fault::File { .. } | Fault::Material { .. }
        )
    });
    assert!(ours.is_none(), "{ours:?}");
}

/// Once more is nothing more.
fn again(office: &Office, db: &Db, opened: &Opened) {
    let before = held(&office.there());
    if let Some(taken) = fair("again", package::take(db, office.user, opened, None)) {
        assert_eq!(taken.taken, 0, "taken in twice");
    }
    let now = held(&office.there());
    assert!(before.is_subset(&now) && now.len() - before.len() <= 2, "once more left something");
}
