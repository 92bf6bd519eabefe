//! Offices as older programs wrote them, one builder per released schema that is no longer the newest.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, params};

use crate::domain::event::{Body, Entry, Hash};
use crate::domain::id::{DeviceId, RecordId};
use crate::store::schema;

/// The schema as version 1 was released.
const VERSION_1: &str = include_str!("../schema/1.sql");

/// The step that made version 2 of it.
const VERSION_2: &str = include_str!("../schema/2.sql");

/// The step that made version 3 of it.
const VERSION_3: &str = include_str!("../schema/3.sql");

/// The step that made version 4 of it.
const VERSION_4: &str = include_str!("../schema/4.sql");

/// Writes an office of version 1 with these events; `device` is the machine's own. Its derived tables are empty or hold a
/// firm's row of that shape.
pub fn version_1(path: &Path, entries: &[Entry], device: DeviceId, filled: bool) {
    let connection = Connection::open(path).expect("a database");
    connection.execute_batch(VERSION_1).expect("the schema of version 1");
    connection.pragma_update(None, "application_id", schema::APPLICATION_ID).expect("ours");
    connection.pragma_update(None, "user_version", 1).expect("version 1");
    connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
        .expect("a write-ahead log");
    // Version 1 left out the predecessor where it was the lowest hash at the place before.
    let mut lowest: BTreeMap<(DeviceId, u64), Hash> = BTreeMap::new();
    for entry in entries {
        let first = lowest.entry((entry.event.device, entry.event.seq)).or_insert(entry.hash);
        *first = entry.hash.min(*first);
    }
    let write = connection.unchecked_transaction().expect("a transaction");
    for entry in entries {
        let event = &entry.event;
        write.execute("INSERT INTO device (id) VALUES (?) ON CONFLICT DO NOTHING", [event.device]).expect("a device");
        let implied = if event.seq == 1 { Hash::ZERO } else { lowest[&(event.device, event.seq - 1)] };
        let prev = (implied != event.prev).then_some(event.prev);
        let Body::Present { salt, bytes } = &event.body else { panic!("version 1 erased nothing") };
        let parents: Vec<u8> = event.parents.iter().flat_map(|hash| hash.0).collect();
        let mark = i64::from_be_bytes(entry.hash.0[..8].try_into().expect("eight bytes"));
        write
            .execute(
                "INSERT INTO event (device, seq, hash, prev, record, action, kind, version, actor, at, parents, salt, body, mark)
                 VALUES ((SELECT n FROM device WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    event.device,
                    event.seq as i64,
                    entry.hash,
                    prev,
                    event.record,
                    event.action,
                    event.kind,
                    event.version,
                    event.actor,
                    event.at.0,
                    parents,
                    salt.as_slice(),
                    &**bytes,
                    mark
                ],
            )
            .expect("an event");
    }
    if filled {
        write
            .execute(
                "INSERT INTO firm (id, name, conflicts, frozen, created, changed) VALUES (?, '旧表里的厂', 0, 0, 0, 0)",
                [entries[0].event.record],
            )
            .expect("a row of that shape");
    }
    write.execute("INSERT INTO machine (only, device, shape) VALUES (1, ?, 1)", [device]).expect("the machine");
    write.execute("INSERT INTO preference (name, value) VALUES ('theme', '深色')", []).expect("a habit");
    write.commit().expect("written");
}

/// Writes an office of version 2 with these events and somebody's password.
pub fn version_2(path: &Path, entries: &[Entry], device: DeviceId, user: RecordId) {
    version_1(path, entries, device, false);
    let connection = Connection::open(path).expect("a database");
    connection.execute_batch(VERSION_2).expect("the schema of version 2");
    connection.pragma_update(None, "user_version", 2).expect("version 2");
    connection
        .execute(
            "INSERT INTO credential (user, phc) VALUES (?, '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA')",
            [user],
        )
        .expect("a password");
}

/// Writes an office of version 3 with these events, a recovery key, and somebody who must set a new password.
pub fn version_3(path: &Path, entries: &[Entry], device: DeviceId, user: RecordId) {
    version_2(path, entries, device, user);
    let connection = Connection::open(path).expect("a database");
    connection.execute_batch(VERSION_3).expect("the schema of version 3");
    connection.pragma_update(None, "user_version", 3).expect("version 3");
    connection
        .execute("INSERT INTO account (user, must_change, failures, locked) VALUES (?, 1, 2, NULL)", [user])
        .expect("how the account stands");
    connection
        .execute(
            "INSERT INTO recovery (only, phc, made) VALUES (1, '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 5)",
            [],
        )
        .expect("a recovery key");
}

/// Writes an office of version 4 with these events, and somebody who can hold the key that opens sealed numbers.
pub fn version_4(path: &Path, entries: &[Entry], device: DeviceId, user: RecordId) {
    version_3(path, entries, device, user);
    let connection = Connection::open(path).expect("a database");
    connection.execute_batch(VERSION_4).expect("the schema of version 4");
    connection.pragma_update(None, "user_version", 4).expect("version 4");
    connection
        .execute(
            "INSERT INTO seal_pair (holder, public, salt, locked) VALUES (?, zeroblob(32), zeroblob(16), x'01')",
            [user],
        )
        .expect("a pair of keys");
}
