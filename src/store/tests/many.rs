//! Many firms entered in one go: what they leave is what entering each alone leaves, in the journal, the tables and the lists.

use crate::domain::Kind;
use crate::domain::firm::key;
use crate::domain::id::RecordId;
use crate::store::Act;
use crate::store::acts::Values;
use crate::store::ledger::Ledger;
use crate::store::testing::{OFFICER, Office};

fn firm(n: usize) -> Values {
    [
        (key::NAME, format!("青澜第{n}号新材料科技有限公司")),
        (key::CODE, format!("91379905MA3C{n:06}")),
        (key::TOWNSHIP, format!("第{}街道", n % 12)),
        (key::PHONE, format!("0539-{n:07}")),
        (key::CONTACT, if n.is_multiple_of(3) { "  周岚 ".to_owned() } else { String::new() }),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), Some(value)))
    .collect()
}

fn enter(act: &mut Act<'_>, firms: Vec<Values>) -> crate::domain::Result<Vec<RecordId>> {
    act.enter_firms(firms.into_iter().map(|values| (values, None)).collect(), &mut || Ok(()))
}

/// What lists show, without what is only worked out for searching.
fn shown(ledger: &Ledger) -> Vec<String> {
    let mut shown: Vec<String> = ledger
        .firms()
        .map(|firm| {
            format!(
                "{} {} {} {} {} {} {:?}",
                firm.id, firm.name, firm.code, firm.township, firm.phone, firm.contact, firm.certificates
            )
        })
        .collect();
    shown.sort();
    shown
}

#[test]
fn a_list_taken_in_at_once_shows_as_it_does_when_read_again() {
    let office = Office::new(1);
    office.db.load_ledger(2025).wait().unwrap();
    // Not a multiple of anything that is written together.
    let firms: Vec<Values> = (0..3 * 128 + 21).map(firm).collect();
    let done = office.db.act(OFFICER, "导入", move |act| enter(act, firms)).wait().unwrap();
    assert_eq!(done.touched.len(), done.value.len());
    let at_once = shown(&office.db.ledger());
    assert_eq!(at_once.len(), 405);
    assert!(at_once.iter().any(|row| row.contains("周岚 []")), "{}", at_once[0]);
    assert_eq!(shown(&office.db.load_ledger(2025).wait().unwrap()), at_once);
    assert_eq!(office.db.check().wait().unwrap().faults, []);
    office.db.rebuild().wait().unwrap();
    assert_eq!(shown(&office.db.ledger()), at_once);
}

#[test]
fn a_firm_changed_in_the_action_that_entered_it_shows_the_change() {
    let office = Office::new(1);
    office.db.load_ledger(2025).wait().unwrap();
    let done = office
        .db
        .act(OFFICER, "导入", |act| {
            let ids = enter(act, (0..40).map(firm).collect())?;
            act.change_firm(
                ids[7],
                &[(key::PHONE.to_owned(), Some("0539-7654321".to_owned()))].into(),
                Vec::new(),
                None,
            )?;
            Ok(ids[7])
        })
        .wait()
        .unwrap();
    assert_eq!(done.touched.len(), 40);
    let ledger = office.db.ledger();
    assert_eq!((ledger.firm_count(), &*ledger.firm(done.value).unwrap().phone), (40, "0539-7654321"));
    assert_eq!(shown(&office.db.load_ledger(2025).wait().unwrap()), shown(&ledger));
}

#[test]
fn a_credit_code_met_twice_far_down_a_list_leaves_nothing_of_it() {
    let office = Office::new(1);
    office.db.load_ledger(2025).wait().unwrap();
    let first = office.db.act(OFFICER, "新增", |act| enter(act, vec![firm(900)])).wait().unwrap();
    let twice: Vec<Values> = (0..300).chain([12]).map(firm).collect();
    let refused = office.db.act(OFFICER, "导入", |act| enter(act, twice)).wait().unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.says.contains("出现了两次"), "{}", refused.says);
    let known: Vec<Values> = (0..300).chain([900]).map(firm).collect();
    let refused = office.db.act(OFFICER, "导入", |act| enter(act, known)).wait().unwrap_err();
    assert!(refused.says.contains("已经是“青澜第900号新材料科技有限公司”的"), "{}", refused.says);
    let nameless: Vec<Values> = (0..300).map(firm).chain([Values::new()]).collect();
    let refused = office.db.act(OFFICER, "导入", |act| enter(act, nameless)).wait().unwrap_err();
    assert_eq!(refused.kind, Kind::BadInput);
    let report = office.db.check().wait().unwrap();
    assert_eq!(report.faults, []);
    let ledger = office.db.load_ledger(2025).wait().unwrap();
    assert_eq!(ledger.firms().map(|firm| firm.id).collect::<Vec<_>>(), first.value);
    // And the chain goes on where it ended.
    office.db.act(OFFICER, "导入", |act| enter(act, (0..300).map(firm).collect())).wait().unwrap();
    assert_eq!(office.db.check().wait().unwrap().faults, []);
}

#[test]
fn whoever_watches_may_stop_a_list_in_the_middle() {
    let office = Office::new(1);
    let stopped = office
        .db
        .act(OFFICER, "导入", |act| {
            let mut left = 200;
            act.enter_firms((0..400).map(|n| (firm(n), None)).collect(), &mut || {
                left -= 1;
                if left == 0 { Err(crate::domain::Problem::new(Kind::Cancelled, "已取消。")) } else { Ok(()) }
            })
        })
        .wait()
        .unwrap_err();
    assert_eq!(stopped.kind, Kind::Cancelled);
    assert_eq!(office.db.load_ledger(2025).wait().unwrap().firm_count(), 0);
}
