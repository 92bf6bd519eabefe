//! Several records of one machine, and one machine under several names in its chain: what people know of each other stays one.

use super::*;
use crate::store::backup::{self, By};

/// What was written before under another name of the same machine counts all the same, whichever way it got the other name.
#[test]
fn decisions_from_before_the_folder_was_moved_or_a_backup_restored_go_home_with_the_others() {
    for restored in [false, true] {
        let (officer, mut supervisor, all) = pair(3);
        let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
        supervisor.take(&made.path).unwrap();
        supervisor.decide(all[0], Effect::Return).unwrap();
        let device = supervisor.db.device();
        if restored {
            let fresh = supervisor.db.back_up(By::Hand, None).wait().unwrap();
            supervisor.reopen(|folder| {
                backup::restore(folder, &fresh.backup.path, &Seat::options()).unwrap();
                folder.to_owned()
            });
        } else {
            supervisor.reopen(|folder| {
                let moved = folder.with_extension("搬走");
                std::fs::rename(folder, &moved).unwrap();
                moved
            });
        }
        assert_ne!(supervisor.db.device(), device, "it goes on under another");
        supervisor.decide(all[1], Effect::Return).unwrap();
        let answer = supervisor.send(&officer, Wanted::Answer).unwrap();
        assert_eq!(answer.filings, 2, "restored: {restored}");
        officer.take(&answer.path).unwrap();
        for filing in &all[..2] {
            let filing = officer.db.filing(*filing).wait().unwrap().expect("a filing");
            assert_eq!(filing.filing.track.round, 2);
        }
        let rows = supervisor.db.packages().wait().unwrap();
        let row = rows.iter().find(|row| row.id == made.package).expect("taken in here");
        assert!(row.taken.iter().any(|taken| taken.own));
        assert!(supervisor.open(&made.path).unwrap().preview.before.is_some(), "taken in before");
    }
}

#[test]
fn what_became_of_a_decision_is_told_by_an_officer_who_restored_a_backup_since() {
    let (mut officer, supervisor, all) = pair(2);
    let made = officer.send(&supervisor, Wanted::Review(all.clone())).unwrap();
    supervisor.take(&made.path).unwrap();
    supervisor.decide(all[0], Effect::Pass).unwrap();
    officer.take(&supervisor.send(&officer, Wanted::Answer).unwrap().path).unwrap();
    let fresh = officer.db.back_up(By::Hand, None).wait().unwrap();
    officer.reopen(|folder| {
        backup::restore(folder, &fresh.backup.path, &Seat::options()).unwrap();
        folder.to_owned()
    });
    officer.edit(all[0], "90");
    let rows = officer.db.packages().wait().unwrap();
    assert_eq!(rows.iter().filter(|row| row.own).count(), 1, "what was sent before is sent still");
    let next = officer.send(&supervisor, Wanted::Review(vec![all[1]])).unwrap();
    let became = supervisor.open(&next.path).unwrap().preview.became;
    assert_eq!(became.iter().map(|became| became.filing).collect::<Vec<_>>(), [all[0]]);
}

#[test]
fn what_a_restored_backup_lost_comes_back_from_the_other_machine() {
    let (mut officer, supervisor, all) = pair(1);
    let exchange = |from: &Seat, to: &Seat| {
        let made = from.send(to, Wanted::Exchange).unwrap();
        to.take(&made.path).unwrap();
    };
    exchange(&officer, &supervisor);
    exchange(&supervisor, &officer);
    let fresh = officer.db.back_up(By::Hand, None).wait().unwrap();
    officer.edit(all[0], "81");
    exchange(&officer, &supervisor);
    officer.reopen(|folder| {
        backup::restore(folder, &fresh.backup.path, &Seat::options()).unwrap();
        folder.to_owned()
    });
    let staff = |seat: &Seat| {
        let file = seat.db.filing(all[0]).wait().unwrap().expect("a filing");
        file.filing.fields.get("form.staff").map(str::to_owned)
    };
    assert_eq!(staff(&officer).as_deref(), Some("80"));
    // The restored machine shows what it has, and gets what it had.
    exchange(&officer, &supervisor);
    exchange(&supervisor, &officer);
    assert_eq!(staff(&officer).as_deref(), Some("81"));
}

/// An officer and two supervisors. Each of these met the officer by himself before he had a package, as joining goes, and then
/// everybody heard of everything.
fn three() -> (Seat, Seat, Seat) {
    let (officer, chief, _) = Seat::officer(1);
    let (mut a, mut b) = (Seat::new(), Seat::new());
    for (seat, name) in [(&mut a, "甲科长的电脑"), (&mut b, "乙科长的电脑")] {
        officer.meet(seat, name);
        seat.meet(&officer, "周敏的电脑");
        seat.user = chief;
    }
    for (from, to) in [(&officer, &a), (&a, &officer), (&officer, &b), (&b, &officer), (&officer, &a)] {
        tell(from, to);
    }
    (officer, a, b)
}

/// Everything goes from one to the other.
fn tell(from: &Seat, to: &Seat) {
    to.take(&from.send(to, Wanted::Exchange).unwrap().path).unwrap();
}

fn retire(seat: &Seat, id: RecordId) {
    seat.db.act(seat.user, "停用", move |act| act.retire_machine(id)).wait().unwrap();
}

fn names(seat: &Seat) -> Vec<(String, bool)> {
    seat.db.machines().wait().unwrap().into_iter().map(|machine| (machine.name, machine.retired)).collect()
}

#[test]
fn a_machine_everybody_met_by_himself_is_one_machine_for_everybody() {
    let (officer, a, b) = three();
    let all = [("乙科长的电脑", false), ("周敏的电脑", false), ("甲科长的电脑", false)];
    let all = all.map(|(name, retired)| (name.to_owned(), retired));
    for seat in [&officer, &a, &b] {
        assert_eq!(names(seat), all);
        let records = crate::store::tests::seen::ask(&seat.db, |connection| {
            Ok(connection.query_row("SELECT count(*) FROM known_machine", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(records, 4, "he was met twice");
    }
    let id = a.known(&officer).id;
    assert_eq!(b.known(&officer).id, id, "and goes by one id");
    let user = Some(a.user);
    a.db.act(a.user, "修改电脑", move |act| act.change_machine(id, "周科的电脑", user)).wait().unwrap();
    tell(&a, &b);
    for seat in [&a, &b] {
        let machine = seat.known(&officer);
        assert_eq!((machine.name.as_str(), machine.user), ("周科的电脑", user));
    }
}

#[test]
fn a_machine_retired_once_is_retired_in_every_record_of_it_until_somebody_meets_it_again() {
    let (officer, a, b) = three();
    let again = officer.send(&a, Wanted::Exchange).unwrap();
    retire(&b, b.known(&officer).id);
    assert!(b.known(&officer).retired);
    let sent = officer.send(&b, Wanted::Exchange).unwrap();
    assert!(b.take(&sent.path).unwrap_err().says.contains("已停用"));
    tell(&b, &a);
    assert!(a.known(&officer).retired, "everybody hears of it");
    assert!(a.take(&again.path).unwrap_err().says.contains("已停用"));
    // Somebody who met it unaware of that does not bring it back by his record.
    let mut late = Seat::new();
    late.meet(&officer, "周敏的电脑");
    late.meet(&b, "乙科长的电脑");
    b.meet(&late, "新来的电脑");
    late.user = b.user;
    tell(&b, &late);
    assert!(late.known(&officer).retired);
    tell(&late, &b);
    assert!(b.known(&officer).retired);
    // Who is aware of it does, for every record.
    b.meet(&officer, "");
    assert!(!b.known(&officer).retired);
    b.take(&sent.path).unwrap();
    tell(&b, &a);
    assert!(!a.known(&officer).retired);
    a.take(&again.path).unwrap();
}

#[test]
fn a_card_that_shares_one_key_with_a_retired_machine_does_not_bring_that_one_back() {
    let (officer, supervisor, _) = pair(1);
    retire(&officer, officer.known(&supervisor).id);
    let mut card = Keys::of(&Seat::new().db).unwrap().card(&officer.db);
    card.seal = Keys::of(&supervisor.db).unwrap().seal_key();
    let new = NewMachine { card, name: "生人的电脑".to_owned(), user: None };
    let refused = officer.db.act(officer.user, "认识电脑", move |act| act.meet_machine(&new)).wait().unwrap_err();
    assert!(refused.says.contains("一半密钥") && refused.next.is_some(), "{refused}");
    assert!(officer.known(&supervisor).retired);
}
