//! Which device this installation writes as. A copy of the data must not go on writing under the same name: two chains would
//! grow from one end, and neither could be told from the other.
//!
//! Noticed in two ways: at opening, when the data no longer lie where they were first opened; and when events come home that
//! bear this machine's name and were not written here. Either way it goes on under a new device; what was written stays.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::db::Options;
use super::{Clock, Entropy, schema, tables};
use crate::domain::Result;
use crate::domain::event::{DeedKind, Entry, Hash, Logged};
use crate::domain::id::DeviceId;

/// Where the data were when they were last opened, among what belongs to this machine alone.
pub(super) const HOME: &str = "device.home";

/// What opening found.
pub(super) struct Here {
    pub device: DeviceId,
    /// The data are a copy, or were moved: the device is a new one.
    pub moved: bool,
}

/// The device this installation writes as, made at the first start; tables of another shape are made again.
pub(super) fn open(connection: &mut Connection, path: &Path, options: &Options) -> Result<Here> {
    let known: Option<(DeviceId, i64)> = connection
        .query_row("SELECT device, shape FROM machine", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let device = match known {
        Some((device, schema::SHAPE)) => device,
        Some((device, _)) => {
            schema::remake_derived(&transaction)?;
            tables::rebuild(&transaction, &mut |_, _| ControlFlow::Continue(()))?;
            transaction.execute("UPDATE machine SET shape = ?", [schema::SHAPE])?;
            device
        }
        None => {
            schema::remake_derived(&transaction)?;
            // At the first start there is nothing to make them from; where only this row is gone there is.
            tables::rebuild(&transaction, &mut |_, _| ControlFlow::Continue(()))?;
            let device = new(&options.entropy, &options.clock);
            transaction.execute(
                "INSERT INTO machine (only, device, shape) VALUES (1, ?, ?)",
                params![device, schema::SHAPE],
            )?;
            device
        }
    };
    let was: Option<String> =
        transaction.query_row("SELECT value FROM preference WHERE name = ?", [HOME], |row| row.get(0)).optional()?;
    let home = home(path);
    let moved = known.is_some() && was.as_ref().is_some_and(|was| *was != home);
    if was.as_ref() != Some(&home) {
        transaction.execute(
            "INSERT INTO preference (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            params![HOME, home],
        )?;
    }
    let device = match moved {
        true => renew(&transaction, (device, end(&transaction, device)?), &options.entropy, &options.clock)?,
        false => device,
    };
    transaction.commit()?;
    Ok(Here { device, moved })
}

/// Goes on under a new device. What was written under the former one, up to its end here, stays this machine's own.
pub(super) fn renew(
    connection: &Connection,
    former: (DeviceId, u64),
    entropy: &Entropy,
    clock: &Clock,
) -> Result<DeviceId> {
    let device = new(entropy, clock);
    give_up(connection, former)?;
    connection.execute("UPDATE machine SET device = ?", [device])?;
    Ok(device)
}

/// Keeps that this machine wrote as a device, up to an event of it.
pub(super) fn give_up(connection: &Connection, (device, last): (DeviceId, u64)) -> Result<()> {
    connection.execute(
        "INSERT INTO former_device (device, last) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
        params![device, last as i64],
    )?;
    Ok(())
}

/// Where a device's chain ends here; 0 where there is none.
pub(super) fn end(connection: &Connection, device: DeviceId) -> Result<u64> {
    let sql = "SELECT coalesce(max(seq), 0) FROM event WHERE device = (SELECT n FROM device WHERE id = ?)";
    Ok(connection.query_row(sql, [device], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// The chains this machine has written: the present one, and each it gave up, up to where it did. What stands further on in one
/// of those was written by a copy, or lost here and never seen again.
pub(super) struct Own {
    pub present: DeviceId,
    former: BTreeMap<DeviceId, u64>,
}

impl Own {
    /// As this machine remembers them.
    pub fn read(connection: &Connection) -> Result<Self> {
        let present = connection.query_row("SELECT device FROM machine", [], |row| row.get(0))?;
        let mut statement = connection.prepare_cached("SELECT device, last FROM former_device")?;
        let former = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(Self { present, former: former.collect::<rusqlite::Result<_>>()? })
    }

    /// Whether this machine wrote the event at a place.
    pub fn wrote(&self, device: DeviceId, seq: u64) -> bool {
        device == self.present || self.former.get(&device).is_some_and(|last| seq <= *last)
    }

    /// Every chain, with the last number in it that is this machine's.
    pub fn chains(&self) -> impl Iterator<Item = (DeviceId, u64)> {
        let former = self.former.iter().map(|(device, last)| (*device, *last));
        former.filter(|(device, _)| *device != self.present).chain([(self.present, i64::MAX as u64)])
    }
}

fn new(entropy: &Entropy, clock: &Clock) -> DeviceId {
    DeviceId(entropy.id(clock.millis()))
}

/// Whether somebody else writes under this device: an event of it arrives that was not written here.
pub(super) fn is_forked(connection: &Connection, device: DeviceId, arriving: &[Entry]) -> Result<bool> {
    for entry in arriving.iter().filter(|entry| entry.event.device == device) {
        if !super::journal::is_here(connection, entry)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the log says when the data are found elsewhere.
pub(super) fn copied() -> Logged {
    Logged::new(DeedKind::TakeIn, "数据是复制或搬动过来的，从此用新的机器编号记流水")
}

/// What the log says when events come that were written under this machine's name.
pub(super) fn forked() -> Logged {
    Logged::new(DeedKind::TakeIn, "收到以本机编号写在别处的流水（数据被整份复制过），从此用新的机器编号")
}

/// A digest of the computer, the path, and when the file was made there: together they differ for every copy, and a copy of the
/// whole computer differs at least in its name.
fn home(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let made = fs::metadata(path).and_then(|about| about.created()).ok();
    let made = made.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_millis());
    let computer = if cfg!(windows) {
        ["COMPUTERNAME", "USERDOMAIN"].map(|name| std::env::var(name).unwrap_or_default()).join("/")
    } else {
        ["/etc/machine-id", "/etc/hostname"].map(|file| fs::read_to_string(file).unwrap_or_default()).join("/")
    };
    Hash::of(&[computer.as_bytes(), whole.to_string_lossy().as_bytes(), &made.to_be_bytes()]).to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::event::{Entry, Event};
    use crate::domain::id::RecordId;
    use crate::store::acts::Values;
    use crate::store::queries::LogFilter;
    use crate::store::testing::{Office, TempFolder, hide, options};
    use crate::store::tests::seen::{entries, held};
    use crate::store::{DATABASE_FILE, Db};

    fn firm(db: &Db, name: &str) -> RecordId {
        let values: Values = [("name".to_owned(), Some(name.to_owned()))].into();
        db.act(RecordId::OFFICE, "新增企业", move |act| act.create_firm(values, Vec::new(), None)).wait().unwrap().value
    }

    fn open(folder: &Path, seed: u64) -> Db {
        Db::open(folder, options(seed)).expect("it opens")
    }

    /// A copy that cannot be told from the original by where it lies.
    fn hidden_copy(office: &TempFolder) -> TempFolder {
        let copy = TempFolder::new();
        fs::copy(office.0.join(DATABASE_FILE), copy.0.join(DATABASE_FILE)).unwrap();
        hide(&copy.0.join(DATABASE_FILE));
        copy
    }

    fn says(db: &Db, words: &str) -> bool {
        db.log(&LogFilter::default(), None, 50).wait().unwrap().iter().any(|row| row.words.contains(words))
    }

    #[test]
    fn a_copy_of_the_data_goes_on_under_a_device_of_its_own() {
        let Office { db, folder } = Office::new(1);
        firm(&db, "青澜甲厂");
        let device = db.device();
        drop(db);
        let copy = TempFolder::new();
        fs::copy(folder.0.join(DATABASE_FILE), copy.0.join(DATABASE_FILE)).unwrap();
        let (here, there) = (open(&folder.0, 2), open(&copy.0, 3));
        assert_eq!(here.device(), device, "where it always was");
        assert_ne!(there.device(), device);
        assert!(says(&there, "复制或搬动") && !says(&here, "复制或搬动"));
        let own = there.device();
        drop(there);
        let there = open(&copy.0, 4);
        assert_eq!(there.device(), own, "asked once");
        firm(&here, "青澜乙厂");
        firm(&there, "青澜丙厂");
        here.accept(entries(&there)).wait().unwrap();
        assert_eq!(here.check().wait().unwrap().faults, vec![]);
        assert_eq!(here.device(), device);
    }

    #[test]
    fn a_copy_takes_for_its_own_what_was_written_before_and_nothing_the_original_writes_later() {
        let Office { db, folder } = Office::new(1);
        firm(&db, "青澜甲厂");
        let (device, last) = (db.device(), entries(&db).len() as u64);
        drop(db);
        let copy = TempFolder::new();
        fs::copy(folder.0.join(DATABASE_FILE), copy.0.join(DATABASE_FILE)).unwrap();
        let (here, there) = (open(&folder.0, 2), open(&copy.0, 3));
        firm(&here, "青澜乙厂");
        there.accept(entries(&here)).wait().unwrap();
        let own = there.read(Own::read).wait().unwrap();
        assert!(own.wrote(device, 1) && own.wrote(device, last) && !own.wrote(device, last + 1));
        assert!(own.wrote(there.device(), last + 1));
        let chains: Vec<_> = own.chains().collect();
        assert_eq!(chains, [(device, last), (there.device(), i64::MAX as u64)]);
        assert_eq!(here.read(Own::read).wait().unwrap().chains().count(), 1);
    }

    #[test]
    fn events_written_elsewhere_in_this_machines_name_are_kept_and_it_takes_another_name() {
        let Office { db, folder } = Office::new(1);
        firm(&db, "青澜甲厂");
        let device = db.device();
        drop(db);
        let copy = hidden_copy(&folder);
        let (here, there) = (open(&folder.0, 2), open(&copy.0, 3));
        assert_eq!((here.device(), there.device()), (device, device), "nobody could tell");
        firm(&here, "青澜乙厂");
        firm(&there, "青澜丙厂");
        firm(&there, "青澜戊厂");
        let (came, last) = (entries(&there), entries(&here).len() as u64);
        here.accept(came.clone()).wait().unwrap();
        assert_ne!(here.device(), device);
        let mine = here.read(Own::read).wait().unwrap();
        assert!(
            mine.wrote(device, last) && !mine.wrote(device, last + 1),
            "what the copy wrote further on is not its own"
        );
        for entry in &came {
            assert!(held(&here).contains(&entry.hash));
        }
        firm(&here, "青澜丁厂");
        let last = entries(&here).into_iter().filter(|entry| entry.event.device == here.device()).count();
        assert!(last >= 2, "it writes under the new one");
        // The same again changes nothing more.
        let own = here.device();
        here.accept(came).wait().unwrap();
        assert_eq!(here.device(), own);
        drop(here);
        assert_eq!(open(&folder.0, 5).device(), own);
    }

    #[test]
    fn an_event_with_the_last_number_there_is_in_this_machines_name_stops_nobody_from_writing() {
        let Office { db, .. } = Office::new(1);
        firm(&db, "青澜甲厂");
        let mine = entries(&db).pop().unwrap();
        let forged = Entry::seal(Event { seq: i64::MAX as u64, prev: mine.hash, ..mine.event });
        db.accept(vec![forged]).wait().unwrap();
        firm(&db, "青澜乙厂");
        assert!(entries(&db).len() > 3);
    }
}
