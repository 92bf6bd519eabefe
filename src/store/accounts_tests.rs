//! Signing in, failing to, being locked out, resetting, recovering: what is let in and what the log says of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::domain::Kind;
use crate::domain::people::office_key;
use crate::store::queries::LogFilter;
use crate::store::testing::{TODAY, TempFolder};
use crate::store::{Clock, Entropy, Options};

/// An office whose founder is an administrator, and whose clock is turned by hand.
struct Bureau {
    db: Db,
    founder: RecordId,
    minutes: Arc<AtomicI64>,
    _folder: TempFolder,
}

const PASSWORD: &str = "qinglan-2026";

impl Bureau {
    fn new() -> Self {
        let folder = TempFolder::new();
        let minutes = Arc::new(AtomicI64::new(0));
        let (start, turned) = (Clock::fixed(TODAY), Arc::clone(&minutes));
        let zone = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
        let clock = Clock::from_fn(move || {
            let millis = start.millis() + turned.load(Ordering::Relaxed) * 60_000;
            chrono::DateTime::from_timestamp_millis(millis).unwrap().with_timezone(&zone)
        });
        let db = Db::open(&folder.0, Options { clock, entropy: Entropy::seeded(5) }).unwrap();
        let found = |act: &mut Act<'_>| act.found_office("青澜区科学技术局", "", "周敏", PASSWORD);
        let founder = db.act(RecordId::OFFICE, "启用", found).wait().unwrap().value;
        Self { db, founder, minutes, _folder: folder }
    }

    fn add(&self, name: &'static str, role: Role) -> RecordId {
        let add = move |act: &mut Act<'_>| act.add_user_with_password(name, &[role], "chu shi mima");
        self.db.act(self.founder, "新增人员", add).wait().unwrap().value
    }

    fn sign_in(&self, user: RecordId, password: &str) -> Entry {
        self.db.sign_in(user, password, "登录").wait().unwrap()
    }

    fn log(&self) -> Vec<String> {
        let rows = self.db.log(&LogFilter::default(), None, 100).wait().unwrap();
        rows.into_iter().rev().map(|row| format!("{} {}", row.kind.label(), row.words)).collect()
    }
}

#[test]
fn failures_in_a_row_lock_the_account_for_a_while_and_all_of_it_is_in_the_log() {
    let bureau = Bureau::new();
    let user = bureau.founder;
    for left in (1..5).rev() {
        assert_eq!(bureau.sign_in(user, "wrong wrong"), Entry::Wrong { left });
    }
    assert_eq!(bureau.sign_in(user, "wrong wrong"), Entry::Locked { minutes: 10 });
    assert_eq!(bureau.sign_in(user, PASSWORD), Entry::Locked { minutes: 10 }, "even the right one");
    bureau.minutes.store(9, Ordering::Relaxed);
    assert_eq!(bureau.sign_in(user, PASSWORD), Entry::Locked { minutes: 1 });
    bureau.minutes.store(10, Ordering::Relaxed);
    assert_eq!(bureau.sign_in(user, PASSWORD), Entry::In { must_change: false });
    // Right once, and the count begins anew.
    assert_eq!(bureau.sign_in(user, "wrong wrong"), Entry::Wrong { left: 4 });
    let log = bureau.log();
    assert_eq!(log.iter().filter(|line| line.starts_with("登录失败")).count(), 8, "{log:#?}");
    assert_eq!(log.iter().filter(|line| line.starts_with("账号锁定")).count(), 1, "{log:#?}");
    assert!(!log.iter().any(|line| line.contains("wrong") || line.contains(PASSWORD)), "no password is kept");
}

#[test]
fn a_clock_set_back_does_not_lock_longer_than_the_rule() {
    let bureau = Bureau::new();
    for _ in 0..5 {
        bureau.sign_in(bureau.founder, "wrong wrong");
    }
    bureau.minutes.store(-100_000, Ordering::Relaxed);
    assert_eq!(bureau.sign_in(bureau.founder, PASSWORD), Entry::Locked { minutes: 10 });
}

#[test]
fn the_offices_own_rules_count() {
    let bureau = Bureau::new();
    let rules = [
        (office_key::PASSWORD_MIN.to_owned(), Some("12".to_owned())),
        (office_key::PASSWORD_SORTS.to_owned(), Some("3".to_owned())),
        (office_key::LOCK_AFTER.to_owned(), Some("3".to_owned())),
        (office_key::LOCK_MINUTES.to_owned(), Some("30".to_owned())),
    ];
    bureau.db.act(bureau.founder, "改规则", move |act| act.change_office(&rules.into())).wait().unwrap();
    let too_low = [(office_key::PASSWORD_MIN.to_owned(), Some("4".to_owned()))];
    let refused = bureau.db.act(bureau.founder, "改规则", move |act| act.change_office(&too_low.into())).wait();
    assert_eq!(refused.unwrap_err().kind, Kind::BadInput);
    let weak = bureau.db.change_password(bureau.founder, PASSWORD, "abcdefgh-ijk").wait().unwrap_err();
    assert!(weak.says.contains("3 类"), "{weak:?}");
    assert_eq!(bureau.sign_in(bureau.founder, "wrong wrong"), Entry::Wrong { left: 2 });
    bureau.sign_in(bureau.founder, "wrong wrong");
    assert_eq!(bureau.sign_in(bureau.founder, "wrong wrong"), Entry::Locked { minutes: 30 });
}

#[test]
fn whoever_was_given_a_password_must_set_their_own_first() {
    let bureau = Bureau::new();
    let user = bureau.add("陈岚", Role::Supervisor);
    assert_eq!(bureau.sign_in(user, "chu shi mima"), Entry::In { must_change: true });
    let same = bureau.db.change_password(user, "chu shi mima", "chu shi mima").wait().unwrap_err();
    assert!(same.says.contains("一样"));
    let wrong = bureau.db.change_password(user, "chu shi", "wo de mima 1").wait().unwrap();
    assert_eq!(wrong, Entry::Wrong { left: 4 });
    assert!(matches!(
        bureau.db.change_password(user, "chu shi mima", "wo de mima 1").wait().unwrap(),
        Entry::In { .. }
    ));
    assert_eq!(bureau.sign_in(user, "wo de mima 1"), Entry::In { must_change: false });
    assert_eq!(bureau.sign_in(user, "chu shi mima"), Entry::Wrong { left: 4 });
    assert!(bureau.log().iter().any(|line| line.starts_with("改密码 改了自己的密码")));
}

#[test]
fn an_administrator_resets_to_a_password_for_once_and_nobody_else_does() {
    let bureau = Bureau::new();
    let user = bureau.add("陈岚", Role::Officer);
    for _ in 0..5 {
        bureau.sign_in(user, "wrong wrong");
    }
    let refused = bureau.db.reset_password(user, bureau.founder).wait().unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert_eq!(bureau.sign_in(bureau.founder, PASSWORD), Entry::In { must_change: false }, "nothing was reset");
    let once = bureau.db.reset_password(bureau.founder, user).wait().unwrap();
    assert_eq!(once.len(), 14);
    assert_ne!(once, bureau.db.reset_password(bureau.founder, user).wait().unwrap(), "never the same twice");
    let once = bureau.db.reset_password(bureau.founder, user).wait().unwrap();
    assert_eq!(bureau.sign_in(user, &once), Entry::In { must_change: true }, "and the lock is open");
    let log = bureau.log();
    assert!(log.iter().any(|line| line.contains("重设密码：经办人不能管理人员")), "{log:#?}");
    assert!(log.iter().any(|line| line.starts_with("改密码 给“陈岚”重设")), "{log:#?}");
    assert!(!log.iter().any(|line| line.contains(&once)));
    assert_eq!(bureau.db.reset_password(bureau.founder, RecordId::OFFICE).wait().unwrap_err().kind, Kind::NotFound);
}

#[test]
fn whoever_left_cannot_sign_in_with_the_right_password() {
    let bureau = Bureau::new();
    let user = bureau.add("陈岚", Role::Officer);
    let gone = [(user_key::ACTIVE.to_owned(), Some("否".to_owned()))];
    bureau.db.act(bureau.founder, "停用", move |act| act.change_user(user, &gone.into())).wait().unwrap();
    assert_eq!(bureau.sign_in(user, "chu shi mima"), Entry::Out);
    assert!(bureau.log().iter().any(|line| line.contains("账号已停用")));
}

#[test]
fn the_recovery_key_sets_an_administrators_password_once() {
    let bureau = Bureau::new();
    let officer = bureau.add("陈岚", Role::Officer);
    let (db, founder) = (&bureau.db, bureau.founder);
    assert_eq!(
        db.recover("ABCD", founder, "xin de mima 1").wait().unwrap_err().kind,
        Kind::Refused,
        "there is none yet"
    );
    assert_eq!(db.new_recovery_key(officer).wait().unwrap_err().kind, Kind::Refused);
    let key = db.new_recovery_key(founder).wait().unwrap();
    assert_eq!(key.len(), 39);
    assert!(db.recovery_key_since().wait().unwrap().is_some());
    assert!(db.recover(&key, officer, "xin de mima 1").wait().unwrap_err().says.contains("管理员"));
    assert!(db.recover("wrong", founder, "xin de mima 1").wait().unwrap_err().says.contains("不对"));
    assert!(db.recover(&key, founder, "short").wait().is_err());
    assert_eq!(bureau.sign_in(founder, PASSWORD), Entry::In { must_change: false }, "nothing was set yet");
    // Typed again from paper: small letters, blanks for dashes.
    let typed = key.to_lowercase().replace('-', " ");
    let recovered = db.recover(&typed, founder, "xin de mima 1").wait().unwrap();
    assert_ne!(recovered.key, key);
    assert_eq!(bureau.sign_in(founder, "xin de mima 1"), Entry::In { must_change: false });
    assert!(db.recover(&key, founder, "xin de mima 2").wait().is_err(), "the used one is void");
    assert!(db.recover(&recovered.key, founder, "xin de mima 2").wait().is_ok());
    let log = bureau.log();
    assert!(log.iter().any(|line| line.contains("用恢复密钥重设了“周敏”的密码")), "{log:#?}");
    assert!(!log.iter().any(|line| line.contains(&key) || line.contains(&recovered.key)), "no key is kept");
    for _ in 0..4 {
        assert!(db.recover("wrong", founder, "xin de mima 1").wait().is_err());
    }
    let locked = db.recover("wrong", founder, "xin de mima 1").wait().unwrap_err();
    assert!(locked.says.contains("10 分钟"), "{locked:?}");
}

#[test]
fn an_office_that_merging_left_without_administrators_is_opened_by_its_key() {
    let bureau = Bureau::new();
    let (db, founder) = (&bureau.db, bureau.founder);
    let key = db.new_recovery_key(founder).wait().unwrap();
    // Another desk took the role away, unaware that it was the last: events from elsewhere are taken in as they are.
    let entries = db.read(move |c| Ok(crate::store::journal::history(c, founder)?.entries().to_vec())).wait().unwrap();
    let mut event = entries[0].event.clone();
    event.device = crate::domain::id::DeviceId(uuid::Uuid::from_u128(77));
    (event.seq, event.prev, event.kind) = (1, crate::domain::event::Hash::ZERO, "user.changed".into());
    event.parents = vec![entries[0].hash];
    let fields = Fields::set([(user_key::ROLES, "officer")]);
    event.body =
        crate::domain::event::Body::Present { salt: [1; 16], bytes: Fact::UserChanged(fields).encode().into() };
    let entry = crate::domain::event::Entry { hash: event.hash(), event };
    assert_eq!(db.accept(vec![entry]).wait().unwrap().taken, 1);
    assert!(db.new_recovery_key(founder).wait().is_err(), "no administrator any more");
    db.recover(&key, founder, "xin de mima 1").wait().unwrap();
    assert!(db.new_recovery_key(founder).wait().is_ok(), "an administrator again");
}
