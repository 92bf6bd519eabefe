//! What records, devices, actions and people are called: UUIDv7, made on one machine, unique on all.

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The sixteen bytes, as stored.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From the sixteen bytes as stored.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A firm, certificate, edition, filing, shortlist, import, user, action: whatever has a history.
    RecordId;
    /// One installation. A restored backup or a cloned PC becomes a new one.
    DeviceId;
}

impl DeviceId {
    /// What people tell machines apart by: the end of the id, for its beginning is the time it was made.
    pub fn label(&self) -> String {
        let id = self.to_string();
        format!("电脑 {}", &id[id.len() - 6..])
    }
}

/// Hashes ids and parts of hashes for tables in memory: they are random or count up, so mixing their halves once is enough,
/// and a start looks up some two hundred thousand of them.
#[derive(Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks_exact(8) {
            let half = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
            self.0 = (self.0.rotate_left(29) ^ half).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        // A table takes its tag from the highest bits and its place from the lowest.
        self.0 ^ self.0 >> 32
    }
}

impl RecordId {
    /// The office itself: one record, known under the same id on every machine.
    pub const OFFICE: Self = Self(Uuid::from_u128(0x6b65_6261_6f00_7000_8000_0000_0000_0001));
}
