//! 字段加密 in the store: who holds the office's key and how they are given it ([`hold`]), switching it on and off
//! ([`switch`]), and sealing numbers on their way into the journal ([`close`]).
//! The key itself is in memory while somebody who holds it is signed in, and nowhere else. Opening values is up to whoever
//! shows them; the tables keep what the journal says, so they are made again without any key.

mod close;
mod hold;
mod switch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::rights::office_fields;
use super::{Answer, Db};
use crate::domain::Result;
use crate::domain::people::office_key;
use crate::domain::seal::{FieldKey, Keys, Sort, is_sealed};

pub(super) use hold::{give_pair, keys_of};
pub use switch::Switched;

/// How an office stands to sealing, for whoever holds these keys.
#[derive(Clone)]
pub(super) enum Sealing {
    Off,
    On(Arc<FieldKey>),
    /// It is switched on, and the office's key is not among these.
    Without,
}

impl Sealing {
    /// As the tables have it.
    pub(super) fn read(connection: &Connection, keys: &Keys) -> Result<Self> {
        let fields = office_fields(connection)?;
        if fields.get(office_key::SEALS).is_none_or(|word| word != "是") {
            return Ok(Self::Off);
        }
        let key = fields.get(office_key::SEAL_KEY).and_then(|id| keys.get(id));
        Ok(key.map_or(Self::Without, |key| Self::On(Arc::clone(key))))
    }

    /// A draft as it may lie on the disk: it holds whatever was being typed. `None`: it may not.
    pub(super) fn draft(&self, text: &str) -> Option<String> {
        match self {
            Self::Off => Some(text.to_owned()),
            Self::On(_) if is_sealed(text) => Some(text.to_owned()),
            Self::On(key) => Some(key.seal(Sort::Words, text)),
            Self::Without => None,
        }
    }
}

impl Db {
    /// The keys of whoever is signed in: what sealed numbers are opened with.
    pub fn keys(&self) -> Keys {
        self.ring().keys()
    }

    /// Lets the keys go: the window is locked, or somebody signs out. They come back with the password.
    pub fn forget_keys(&self) {
        self.ring().forget();
    }

    /// How many people on this machine can open sealed numbers, whoever is signed in.
    pub fn seal_holders(&self) -> Answer<usize> {
        self.read(|connection| {
            let sql = "SELECT count(DISTINCT holder) FROM seal_key WHERE holder <> ?";
            let count: i64 = connection.query_row(sql, [hold::RECOVERY], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }
}

/// The keys in memory, shared by every handle on the office.
#[derive(Debug, Clone, Default)]
pub(super) struct Ring(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    keys: Keys,
    /// How often they were let go.
    epoch: u64,
}

impl Ring {
    /// As they are now.
    pub fn keys(&self) -> Keys {
        self.lock().keys.clone()
    }

    /// The same with the time they are of, for [`Ring::hold`].
    pub fn now(&self) -> (Keys, u64) {
        let held = self.lock();
        (held.keys.clone(), held.epoch)
    }

    /// Puts others in their place, unless they were let go since: work that ends while the window is locked brings nothing back.
    pub fn hold(&self, keys: Keys, epoch: u64) {
        let mut held = self.lock();
        if held.epoch == epoch {
            held.keys = keys;
        }
    }

    /// Lets them go.
    pub fn forget(&self) {
        let mut held = self.lock();
        held.keys = Keys::default();
        held.epoch += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
