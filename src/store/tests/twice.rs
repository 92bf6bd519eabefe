//! Records that somebody else's program closed or noted twice: nobody's ours does, and the tables are what the journal gives all
//! the same.

use super::seen::{entries, held};
use crate::domain::event::{Body, Entry, Event, Fact, Hash, Stamp};
use crate::domain::firm::key;
use crate::domain::id::{DeviceId, RecordId};
use crate::store::acts::Values;
use crate::store::testing::{OFFICER, Office};

/// The same event as another machine's first, said a little before or after, in other words.
fn again(entry: &Entry, device: u128, later: i64, words: (&str, &str)) -> Entry {
    let Body::Present { salt, bytes } = &entry.event.body else { panic!("an event with its words") };
    let said = String::from_utf8(bytes.to_vec()).expect("text").replace(words.0, words.1);
    assert!(said.contains(words.1), "{said}");
    Entry::seal(Event {
        device: DeviceId(uuid::Uuid::from_u128(device)),
        seq: 1,
        prev: Hash::ZERO,
        parents: Vec::new(),
        at: Stamp(entry.event.at.0 + later),
        body: Body::Present { salt: *salt, bytes: said.into_bytes().into() },
        ..entry.event.clone()
    })
}

#[test]
fn an_action_closed_twice_and_a_line_noted_twice_are_told_as_the_journal_tells_them_whichever_came_first() {
    let office = Office::new(1);
    let values: Values = [(key::NAME.to_owned(), Some("青澜甲厂".to_owned()))].into();
    let done = office.db.act(OFFICER, "新增甲厂", |act| act.create_firm(values, Vec::new(), None)).wait().unwrap();
    let action = done.action.expect("an action");
    let refused =
        office.db.act(OFFICER, "不许", |act| act.change_firm(RecordId::OFFICE, &Values::new(), Vec::new(), None));
    assert!(refused.wait().is_err());
    office.db.note(OFFICER, crate::domain::event::Logged::upkeep("甲文件夹")).wait().unwrap();
    let all = entries(&office.db);
    let closing = all.iter().find(|e| e.event.record == action && matches!(e.fact(), Some(Fact::Taken(_)))).unwrap();
    let noted =
        all.iter().find(|e| matches!(e.fact(), Some(Fact::Logged(logged)) if logged.detail == "甲文件夹")).unwrap();
    for (n, later) in [(1, -1), (2, 1), (3, -2)] {
        let twice =
            [again(closing, 0xA0 + n, later, ("甲厂", "乙厂")), again(noted, 0xB0 + n, later, ("甲文", "乙文"))];
        let before = held(&office.db).len();
        office.db.accept(twice.to_vec()).wait().unwrap();
        assert_eq!(held(&office.db).len(), before + 2, "both are kept");
        assert_eq!(office.db.check().wait().unwrap().faults, [], "{later}");
    }
}
