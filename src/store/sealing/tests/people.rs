//! How the key comes to people without their password being known, and what brings it back when one was forgotten.

use super::*;

#[test]
fn people_are_given_the_key_without_their_password_being_known() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    // Added now: the key is theirs at once, also behind a password of their own.
    let officer = bureau.add("秦川", Role::Officer);
    bureau.db.forget_keys();
    bureau.enter(officer, OTHER);
    assert_eq!(bureau.phone(firm), CONTACT);
    bureau.db.change_password(officer, OTHER, "wo zi ji de").wait().expect("changed");
    bureau.db.forget_keys();
    bureau.enter(officer, "wo zi ji de");
    assert_eq!(bureau.phone(firm), CONTACT);
    // Reset by whoever manages the office and holds it.
    bureau.enter(bureau.founder, PASSWORD);
    let once = bureau.db.reset_password(bureau.founder, officer).wait().expect("reset");
    bureau.db.forget_keys();
    bureau.enter(officer, &once);
    assert_eq!(bureau.phone(firm), CONTACT);
}

#[test]
fn an_account_of_an_older_program_gets_its_pair_when_it_signs_in_and_the_key_when_somebody_who_holds_it_does() {
    let bureau = Bureau::new();
    let officer = bureau.add("秦川", Role::Officer);
    let forget = move |connection: &rusqlite::Connection| {
        connection.execute("DELETE FROM seal_pair WHERE holder = ?", [officer])?;
        Ok(())
    };
    bureau.db.local(forget).wait().expect("as an older program left it");
    bureau.db.seal_numbers(bureau.founder, true).wait().expect("on");
    let firm = bureau.firm();
    bureau.db.forget_keys();
    bureau.enter(officer, OTHER);
    assert!(is_sealed(&bureau.phone(firm)), "a pair by now, but no key yet");
    assert_eq!(bureau.db.seal_holders().wait().expect("counted"), 1);
    bureau.enter(bureau.founder, PASSWORD);
    assert_eq!(bureau.db.seal_holders().wait().expect("counted"), 2);
    bureau.enter(officer, OTHER);
    assert_eq!(bureau.phone(firm), CONTACT);
    // Who has left keeps nothing, once somebody signs in who shares.
    bureau.act(move |act| act.change_user(officer, &values(&[("active", "否")]))).expect("left");
    bureau.enter(bureau.founder, PASSWORD);
    assert_eq!(bureau.db.seal_holders().wait().expect("counted"), 1);
}

#[test]
fn the_recovery_key_brings_the_numbers_back_and_so_does_the_next_one() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let key = bureau.db.new_recovery_key(bureau.founder).wait().expect("a key");
    bureau.db.forget_keys();
    let next = bureau.db.recover(&key.to_lowercase(), bureau.founder, "xin de mima").wait().expect("recovered").key;
    assert_eq!(bureau.phone(firm), CONTACT);
    bureau.db.forget_keys();
    bureau.enter(bureau.founder, "xin de mima");
    assert_eq!(bureau.phone(firm), CONTACT);
    bureau.db.forget_keys();
    bureau.db.recover(&next, bureau.founder, "you yi ge mima").wait().expect("recovered");
    assert_eq!(bureau.phone(firm), CONTACT);
}

#[test]
fn an_office_whose_recovery_key_opens_nothing_gets_another_with_the_switch() {
    let bureau = Bureau::new();
    let forget = |connection: &rusqlite::Connection| {
        connection.execute("DELETE FROM seal_pair WHERE holder = ?", [RecordId::OFFICE])?;
        Ok(())
    };
    bureau.db.local(forget).wait().expect("as an older program left it");
    let done = bureau.db.seal_numbers(bureau.founder, true).wait().expect("on").value;
    let firm = bureau.firm();
    bureau.db.forget_keys();
    let key = done.recovery.expect("a key to be shown");
    bureau.db.recover(&key, bureau.founder, "xin de mima").wait().expect("recovered");
    assert_eq!(bureau.phone(firm), CONTACT);
}

#[test]
fn who_lost_password_and_recovery_key_cannot_read_them_and_the_office_goes_on_with_another_key() {
    let bureau = Bureau::sealed();
    let firm = bureau.firm();
    let first: Vec<String> = bureau.db.keys().iter().map(|key| key.id()).collect();
    bureau.db.forget_keys();
    // Nobody signed in holds it: both are set anew without it.
    bureau.db.new_recovery_key(bureau.founder).wait().expect("a key");
    bureau.db.set_password(bureau.founder, "xin de mima").wait().expect("set");
    bureau.enter(bureau.founder, "xin de mima");
    assert!(is_sealed(&bureau.phone(firm)));
    bureau.db.seal_numbers(bureau.founder, false).wait().expect("off");
    bureau.db.seal_numbers(bureau.founder, true).wait().expect("on");
    assert!(bureau.db.keys().iter().all(|key| !first.contains(&key.id())), "another key");
    let new = bureau.act(|act| act.create_firm(values(&[(key::NAME, "青澜乙厂"), (key::PHONE, RD)]), vec![], None));
    assert_eq!((bureau.phone(new.expect("entered")), is_sealed(&bureau.phone(firm))), (RD.to_owned(), true));
}
