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
