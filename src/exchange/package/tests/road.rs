//! Packages on their way: what goes in, what is seen before it is taken in, what comes of it at home.

use super::*;
use crate::domain::event::DeedKind;
use crate::domain::filing::Filing;
use crate::exchange::package::{Recovery, Sender};
use crate::store::packages::{ConflictKind, Outcome};

fn stage(seat: &Seat, filing: RecordId) -> String {
    seat.db.filing(filing).wait().expect("a page").expect("a filing").filing.track.stage
}

fn track(seat: &Seat, filing: RecordId) -> Filing {
    seat.db.filing(filing).wait().expect("a page").expect("a filing").filing
}

#[test]
fn what_waits_for_the_supervisor_is_seen_taken_in_decided_and_comes_home() {
    let (officer, supervisor, all) = pair(5);
    let made = officer.send(&supervisor, Wanted::Review(all[..3].to_vec())).unwrap();
    assert_eq!((made.filings, made.files, made.no_recovery), (3, 0, true));
    let before = (supervisor.held(), supervisor.tables());
    let opened = supervisor.open(&made.path).unwrap();
    assert_eq!(opened.sender, Sender::Known { name: "周敏的电脑".to_owned() });
    assert_eq!(
        opened.preview.filings.iter().map(|(_, _, firm)| firm.as_str()).collect::<Vec<_>>(),
        ["青澜第0厂", "青澜第1厂", "青澜第2厂"]
    );
    assert_eq!((opened.preview.waiting, opened.preview.known), (0, 0));
    assert_eq!((supervisor.held(), supervisor.tables()), before, "looking changes nothing");

    let taken = supervisor.take(&made.path).unwrap();
    assert_eq!((taken.waiting, taken.repeated), (0, false));
    // Exactly what is needed: the two others stayed at home.
    assert_eq!(supervisor.db.load_ledger(2025).wait().unwrap().filings().count(), 3);
    assert_eq!(supervisor.db.ledger().firm_count(), 3);
    assert_eq!(supervisor.db.ledger().user_name(supervisor.user), "张远");
    let report = supervisor.db.check().wait().unwrap();
    assert_eq!(report.faults, [], "a part of a chain is no damage");
    assert!(report.partial > 0, "and it is a part");

    let empty = supervisor.send(&officer, Wanted::Answer).unwrap_err();
    assert!(empty.says.contains("没有要发的内容"), "{empty}");
    supervisor.decide(all[0], Effect::Pass).unwrap();
    supervisor.decide(all[1], Effect::Return).unwrap();
    let answer = supervisor.send(&officer, Wanted::Answer).unwrap();
    assert_eq!(answer.filings, 2);
    let preview = officer.open(&answer.path).unwrap().preview;
    assert_eq!((preview.count(Outcome::Stands), preview.decisions.len(), preview.waiting), (2, 2, 0));
    assert!(preview.decisions.iter().all(|decided| decided.by == "张远"));
    officer.take(&answer.path).unwrap();
    assert_eq!(stage(&officer, all[0]), "city");
    assert_eq!(track(&officer, all[1]).track.round, 2);
    assert_eq!(officer.db.check().wait().unwrap().faults, []);
    // The officer sees that the package arrived.
    let rows = officer.db.packages().wait().unwrap();
    let sent = rows.iter().find(|row| row.id == made.package).unwrap();
    assert!(sent.own && sent.taken.iter().any(|taken| !taken.own && taken.actor == supervisor.user));
}

#[test]
fn a_repeated_package_changes_nothing_and_says_so() {
    let (officer, supervisor, all) = pair(2);
    let made = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    supervisor.take(&made.path).unwrap();
    let before = supervisor.tables();
    let opened = supervisor.open(&made.path).unwrap();
    assert!(opened.preview.before.is_some() && opened.preview.new == 0);
    let again = supervisor.take(&made.path).unwrap();
    assert!(again.repeated && again.taken == 0);
    let changed: Vec<String> = supervisor.tables().into_iter().filter(|line| !before.contains(line)).collect();
    assert!(changed.iter().all(|line| line.starts_with("log: ")), "{changed:?}");
    assert!(supervisor.last_logged().contains("以前取入过"), "{}", supervisor.last_logged());
}

#[test]
fn decisions_meanwhile_become_conflicts_that_a_person_resolves() {
    let (officer, supervisor, all) = pair(4);
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    supervisor.take(&made.path).unwrap();
    for filing in &all[..3] {
        supervisor.decide(*filing, Effect::Pass).unwrap();
    }
    officer.decide(all[0], Effect::Return).unwrap();
    officer.edit(all[1], "81");
    officer.decide(all[2], Effect::Withdraw).unwrap();
    let answer = supervisor.send(&officer, Wanted::Answer).unwrap();
    let preview = officer.open(&answer.path).unwrap().preview;
    assert_eq!(
        (preview.count(Outcome::Conflict), preview.count(Outcome::Outdated)),
        (2, 1),
        "{:#?}",
        preview.decisions
    );
    let taken = officer.take(&answer.path).unwrap();
    assert_eq!(taken.brought.count(Outcome::Conflict), 2);
    // Nothing advanced by itself.
    assert_eq!(stage(&officer, all[0]), "district");
    let conflicts = officer.db.conflicts().wait().unwrap();
    let kinds: Vec<(&ConflictKind, usize)> =
        conflicts.iter().map(|conflict| (&conflict.what, conflict.sides.len())).collect();
    assert_eq!(kinds, [(&ConflictKind::Decisions, 2), (&ConflictKind::Decisions, 2), (&ConflictKind::Outdated, 1)]);
    let outdated = &conflicts[2].sides[0];
    assert_eq!((outdated.actor, outdated.differs.len()), (supervisor.user, 1));
    assert_eq!((outdated.differs[0].1.as_deref(), outdated.differs[0].2.as_deref()), (Some("80"), Some("81")));
    let split = conflicts.iter().find(|conflict| conflict.record == all[0]).unwrap();
    let chosen = split.sides.iter().find(|side| side.actor == supervisor.user).unwrap();
    assert!(chosen.seen.is_some());
    let (id, hash) = (all[0], chosen.hash);
    officer.db.act(officer.user, "处理冲突", move |act| act.resolve_filing(id, hash, "以科长意见为准")).wait().unwrap();
    assert_eq!(officer.db.conflicts().wait().unwrap().len(), 2);
    assert_eq!(stage(&officer, all[0]), "city");

    // The supervisor sees next time what became of each decision.
    let next = officer.send(&supervisor, Wanted::Review(vec![all[3]])).unwrap();
    let preview = supervisor.open(&next.path).unwrap().preview;
    let became: Vec<(RecordId, Outcome)> =
        preview.became.iter().map(|became| (became.filing, became.outcome)).collect();
    assert!(became.contains(&(all[0], Outcome::Stands)), "{:#?}", preview.became);
    assert!(became.contains(&(all[1], Outcome::Outdated)), "{:#?}", preview.became);
    assert!(became.contains(&(all[2], Outcome::Conflict)), "{:#?}", preview.became);
    supervisor.take(&next.path).unwrap();
    assert_eq!(supervisor.db.check().wait().unwrap().faults, []);
}

#[test]
fn two_who_settle_a_conflict_differently_are_shown_each_others_choice() {
    let (officer, supervisor, all) = pair(1);
    let swap = || {
        supervisor.take(&officer.send(&supervisor, Wanted::Exchange).unwrap().path).unwrap();
        officer.take(&supervisor.send(&officer, Wanted::Exchange).unwrap().path).unwrap();
    };
    swap();
    officer.decide(all[0], Effect::Return).unwrap();
    supervisor.decide(all[0], Effect::Pass).unwrap();
    swap();
    supervisor.take(&officer.send(&supervisor, Wanted::Exchange).unwrap().path).unwrap();
    for (seat, reason) in [(&officer, "以退回为准"), (&supervisor, "以推荐为准")] {
        let split = seat.db.conflicts().wait().unwrap().remove(0);
        assert!(split.sides.iter().all(|side| side.chosen.is_empty()), "nobody chose yet");
        let stands = split.sides.iter().find(|side| side.actor == seat.user).unwrap().hash;
        let id = all[0];
        seat.db.act(seat.user, "处理冲突", move |act| act.resolve_filing(id, stands, reason)).wait().unwrap();
    }
    swap();
    let split = officer.db.conflicts().wait().unwrap().remove(0);
    let chosen: Vec<_> = split.sides.iter().map(|side| (side.actor, side.chosen.as_slice())).collect();
    for (decided, chosen) in chosen {
        let [choice] = chosen else { panic!("{split:#?}") };
        let reason = if decided == officer.user { "以退回为准" } else { "以推荐为准" };
        assert_eq!((choice.actor, choice.reason.as_str()), (decided, reason));
    }
}

#[test]
fn two_officers_exchange_and_hold_the_same_tables() {
    let (a, _, all) = Seat::officer(3);
    let mut b = Seat::new();
    a.meet(&b, "乙的电脑");
    b.meet(&a, "甲的电脑");
    let first = a.send(&b, Wanted::Exchange).unwrap();
    b.take(&first.path).unwrap();
    b.user = a.user;
    a.edit(all[0], "90");
    b.edit(all[1], "91");
    b.decide(all[2], Effect::Pass).unwrap();
    let back = b.send(&a, Wanted::Exchange).unwrap();
    a.take(&back.path).unwrap();
    let more = a.send(&b, Wanted::Exchange).unwrap();
    assert!(
        more.events < first.events,
        "only what the other has not shown to have: {} of {}",
        more.events,
        first.events
    );
    b.take(&more.path).unwrap();
    assert_eq!((a.db.check().wait().unwrap().partial, b.db.check().wait().unwrap().partial), (0, 0));
    // What each noted of the last package is still its own; everything people entered is the same.
    let entered = |seat: &Seat| -> Vec<String> {
        let notes = ["log: ", "package_made: ", "package_taken: ", "action: "];
        seat.tables().into_iter().filter(|line| !notes.iter().any(|note| line.starts_with(note))).collect()
    };
    assert_eq!(entered(&a), entered(&b));
    assert_eq!((a.db.check().wait().unwrap().faults, b.db.check().wait().unwrap().faults), (vec![], vec![]));
}

#[test]
fn a_lost_answer_is_told_again_by_the_next() {
    let (officer, supervisor, all) = pair(2);
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    supervisor.take(&made.path).unwrap();
    supervisor.decide(all[0], Effect::Pass).unwrap();
    let lost = supervisor.send(&officer, Wanted::Answer).unwrap();
    std::fs::remove_file(&lost.path).unwrap();
    supervisor.decide(all[1], Effect::Return).unwrap();
    let answer = supervisor.send(&officer, Wanted::Answer).unwrap();
    officer.take(&answer.path).unwrap();
    assert_eq!((stage(&officer, all[0]).as_str(), track(&officer, all[1]).track.round), ("city", 2));
    assert_eq!(officer.db.check().wait().unwrap().faults, []);
}

#[test]
fn files_the_events_speak_of_go_along_and_a_spoilt_one_stops_the_packing() {
    use crate::domain::event::{Hash, ImportDone, Source};
    let (officer, supervisor, all) = pair(1);
    let list = officer.disk().join("名单.csv");
    std::fs::write(&list, "企业名称\n青澜第0厂\n").unwrap();
    let digest = officer.db.keep_file(&list).unwrap();
    let filing = all[0];
    let firm = track(&officer, filing).firm;
    officer
        .db
        .act(officer.user, "导入", move |act| {
            let import = act.new_id();
            let source = Some(Source { import, row: 1 });
            act.change_firm(firm, &values(&[("township", "东湖街道")]), Vec::new(), source)?;
            let done = ImportDone {
                file: "名单.csv".to_owned(),
                digest,
                title: String::new(),
                purpose: "企业".to_owned(),
                rows: 1,
                created: 0,
                changed: 1,
                unchanged: 0,
                passed_over: 0,
            };
            act.record_import(import, done)
        })
        .wait()
        .unwrap();
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    assert_eq!((made.files, made.missing), (1, 0));
    assert!(!supervisor.db.kept_file(&digest).exists());
    supervisor.take(&made.path).unwrap();
    assert_eq!(Hash::of(&[&std::fs::read(supervisor.db.kept_file(&digest)).unwrap()]), digest);
    std::fs::write(officer.db.kept_file(&digest), "企业名称\n别家\n").unwrap();
    let count = std::fs::read_dir(officer.disk()).unwrap().count();
    let refused = officer.send(&supervisor, Wanted::Review(all)).unwrap_err();
    assert!(refused.says.contains("名单.csv"), "{refused}");
    assert_eq!(std::fs::read_dir(officer.disk()).unwrap().count(), count, "no half package");
}

#[test]
fn the_key_from_the_safe_opens_what_the_recipient_cannot_any_more() {
    let (officer, supervisor, all) = pair(1);
    let recovery = Recovery::make().unwrap();
    let recipient = recovery.recipient();
    officer.db.act(officer.user, "启用恢复密钥", move |act| act.set_recovery(&recipient)).wait().unwrap();
    let made = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    assert!(!made.no_recovery);
    // The recipient's machine broke; another one is set up.
    let mut other = Seat::new();
    other.meet(&officer, "周敏的电脑");
    other.user = supervisor.user;
    assert!(other.open(&made.path).unwrap_err().says.contains("不是做给这台电脑的"));
    let opened = open(&other.db, other.user, &made.path, Some(&recovery)).unwrap();
    assert!(opened.package.by_recovery);
    assert_eq!(take(&other.db, other.user, &opened, Some(&recovery)).unwrap().waiting, 0);
    assert_eq!(other.db.load_ledger(2025).wait().unwrap().filings().count(), 1);
}

#[test]
fn an_auditor_neither_makes_nor_takes_in_packages_and_the_log_says_so() {
    let (officer, supervisor, all) = pair(2);
    let employ = |act: &mut crate::store::Act<'_>| act.add_user("陈岚", &[Role::Auditor]);
    let auditor = officer.db.act(officer.user, "新增", employ).wait().unwrap().value;
    let first = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    supervisor.take(&first.path).unwrap();
    supervisor.decide(all[0], Effect::Pass).unwrap();
    let answer = supervisor.send(&officer, Wanted::Answer).unwrap();
    for wanted in [Wanted::Review(all.clone()), Wanted::Exchange, Wanted::Answer] {
        let (path, before) = (officer.free(), officer.held().len());
        let refused = make(&officer.db, auditor, &officer.known(&supervisor), wanted, None, &path).unwrap_err();
        assert!(refused.says.contains("审计员不能"), "{refused}");
        assert!(!path.exists() && officer.held().len() == before + 1 && officer.last_logged() == refused.says);
    }
    let opened = officer.open(&answer.path).unwrap();
    let before = officer.held().len();
    let refused = take(&officer.db, auditor, &opened, None).unwrap_err();
    assert!(refused.says.contains("审计员不能") && officer.last_logged() == refused.says, "{refused}");
    assert_eq!((officer.held().len(), stage(&officer, all[0]).as_str()), (before + 1, "district"));
    // Taken in before, it would bring nothing but its keys: those are not for everybody either.
    officer.take(&answer.path).unwrap();
    assert!(take(&officer.db, auditor, &officer.open(&answer.path).unwrap(), None).is_err());
}

#[test]
fn whoever_takes_the_first_package_in_has_the_rights_of_before_and_nobody_the_rights_it_brings() {
    let (officer, supervisor, all) = pair(1);
    let employ = |act: &mut crate::store::Act<'_>| act.add_user("陈岚", &[Role::Auditor]);
    let auditor = officer.db.act(officer.user, "新增", employ).wait().unwrap().value;
    let first = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    let opened = open(&supervisor.db, RecordId::OFFICE, &first.path, None).unwrap();
    take(&supervisor.db, RecordId::OFFICE, &opened, None).expect("nobody works there yet");
    // The next one makes the auditor an officer.
    let roles = values(&[("roles", "officer")]);
    officer.db.act(officer.user, "改身份", move |act| act.change_user(auditor, &roles)).wait().unwrap();
    let next = officer.send(&supervisor, Wanted::Exchange).unwrap();
    let opened = supervisor.open(&next.path).unwrap();
    for nobody in [auditor, RecordId::OFFICE] {
        assert!(take(&supervisor.db, nobody, &opened, None).is_err());
    }
    supervisor.take(&next.path).unwrap();
}

#[test]
fn everything_about_packages_stands_in_the_log() {
    let (officer, supervisor, all) = pair(1);
    let made = officer.send(&supervisor, Wanted::Review(all)).unwrap();
    assert!(officer.last_logged().contains("送审包，给“张科长的电脑”"), "{}", officer.last_logged());
    supervisor.take(&made.path).unwrap();
    assert!(supervisor.last_logged().contains("来自“周敏的电脑”：取入"), "{}", supervisor.last_logged());
    assert_eq!(DeedKind::of("取入"), Some(DeedKind::TakeIn));
}

#[test]
fn materials_handed_in_travel_with_their_filing_and_answer_for_themselves_there() {
    let (officer, supervisor, all) = pair(1);
    let paper = officer.disk().join("审计报告.pdf");
    std::fs::write(&paper, "审计 2025 年度").unwrap();
    let kept = officer.db.keep(&paper).unwrap();
    let (filing, file) = (all[0], kept.clone());
    officer.db.act(officer.user, "收材料", move |act| act.attach(filing, "accounts", &file, &[])).wait().unwrap();
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    supervisor.take(&made.path).unwrap();
    assert_eq!(std::fs::read(supervisor.db.kept_file(&kept.hash)).unwrap(), "审计 2025 年度".as_bytes());
    assert_eq!(supervisor.db.check().wait().unwrap().faults, vec![]);
}

/// Events as a package would bring them, without a package around them.
fn coming(entries: &[crate::domain::event::Entry]) -> crate::store::packages::Coming {
    crate::store::packages::Coming {
        package: RecordId(uuid::Uuid::from_u128(0xC0)),
        entries: entries.to_vec(),
        heads: Vec::new(),
        roots: Vec::new(),
        filings: Vec::new(),
    }
}

#[test]
fn an_exchange_says_which_records_it_adds_and_changes_before_it_is_taken_in() {
    let (officer, supervisor, all) = pair(2);
    let first = officer.send(&supervisor, Wanted::Exchange).unwrap();
    assert_eq!(first.of_filings(), "");
    let preview = supervisor.open(&first.path).unwrap().preview;
    let names: Vec<&str> = preview.touched[..4].iter().map(|touched| touched.name.as_str()).collect();
    assert!(names[0].ends_with("青澜第0厂") && names[1].ends_with("青澜第1厂"), "{names:?}");
    assert_eq!(names[2..], ["青澜第0厂", "青澜第1厂"]);
    assert!(preview.touched[..4].iter().all(|touched| touched.new));
    supervisor.take(&first.path).unwrap();
    officer.edit(all[1], "81");
    let second = officer.send(&supervisor, Wanted::Exchange).unwrap();
    let preview = supervisor.open(&second.path).unwrap().preview;
    assert_eq!(preview.touches(), (0, 1), "{:?}", preview.touched);
    assert_eq!((preview.touched[0].record, preview.ahead), (all[1], None));
}

#[test]
fn values_in_conflict_are_told_as_lists_tell_them() {
    let (officer, supervisor, all) = pair(1);
    supervisor.take(&officer.send(&supervisor, Wanted::Exchange).unwrap().path).unwrap();
    let firm = track(&officer, all[0]).firm;
    for (seat, revenue, phone) in [(&officer, "100000000", "13800005206"), (&supervisor, "200000000", "13900005207")] {
        let new = values(&[("y2025.revenue", revenue), ("phone", phone)]);
        let by = officer.user;
        let deed = seat.db.act(by, "改", move |act| act.change_firm(firm, &new, Vec::new(), None));
        deed.wait().expect("changed");
        let (id, to) = (all[0], seat.user);
        let handed = seat.db.act(by, "转交", move |act| act.transfer_filing(id, to, ""));
        handed.wait().expect("handed over");
    }
    officer.take(&supervisor.send(&officer, Wanted::Exchange).unwrap().path).unwrap();
    let conflicts = officer.db.conflicts().wait().unwrap();
    let said = |label: &str| {
        let conflict = conflicts.iter().find(|conflict| conflict.label == label).expect("a conflict");
        let mut said: Vec<&str> = conflict.sides.iter().filter_map(|side| side.says.as_deref()).collect();
        said.sort_unstable();
        said
    };
    assert_eq!(said("2025 年销售收入"), ["100.00 万元", "200.00 万元"]);
    assert_eq!(said("联系电话"), ["138****5206", "139****5207"]);
    let mut people = [officer.user, supervisor.user].map(|user| officer.db.ledger().user_name(user).to_owned());
    people.sort_unstable();
    assert_eq!(said("经办人"), people);
}

#[test]
fn what_was_emptied_is_said_to_wait_until_the_decree_comes_and_does() {
    let (officer, supervisor, all) = pair(1);
    let firm = track(&officer, all[0]).firm;
    let phone = values(&[("phone", "13800005206")]);
    let deed = officer.db.act(officer.user, "改", move |act| act.change_firm(firm, &phone, Vec::new(), None));
    deed.wait().expect("changed");
    let deed = officer.db.act(officer.user, "清除", move |act| act.erase(firm, &["phone".to_owned()], "本人要求"));
    deed.wait().expect("erased");
    let to = officer.known(&supervisor).sign;
    let mut entries = officer.db.gather(Wanted::Exchange, to).wait().expect("a cargo").entries;
    entries.retain(|entry| &*entry.event.kind != "record.erased");
    let told = supervisor.db.preview(coming(&entries)).wait().expect("a preview");
    let done = supervisor.db.accept(entries).wait().expect("taken in");
    assert!(told.waiting > 0, "a body is gone and nothing says why");
    assert_eq!((told.new - told.waiting, told.waiting), (done.taken, done.waiting));
}

#[test]
fn a_decision_that_waited_is_told_of_with_what_it_waited_for() {
    let (officer, supervisor, all) = pair(2);
    officer.decide(all[0], Effect::Pass).expect("decided");
    let to = officer.known(&supervisor).sign;
    let entries = officer.db.gather(Wanted::Exchange, to).wait().expect("a cargo").entries;
    let (early, late): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| &*entry.event.kind == "filing.moved");
    let told = supervisor.db.preview(coming(&early)).wait().expect("a preview");
    assert_eq!((told.new, told.waiting, told.decisions.len()), (early.len(), early.len(), 0));
    supervisor.db.accept(early).wait().expect("kept waiting");
    let told = supervisor.db.preview(coming(&late)).wait().expect("a preview");
    assert_eq!((told.waiting, told.decisions.len()), (0, 3), "three steps, two of them of handing in");
    let done = supervisor.db.accept(late).wait().expect("taken in");
    assert_eq!((done.waiting, done.taken), (0, told.new + 3));
}
