//! The canonical bytes of an event and their SM3 hash (GB/T 32905-2016).
//!
//! The body enters as its own digest, so that an erased body leaves every hash above it as it was.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sm3::{Digest, Sm3};

use super::{Body, Event, Stamp};
use crate::domain::id::{DeviceId, RecordId};

/// First byte of every encoding: which hash and layout follow. 1 = SM3 over the layout below.
pub const ENCODING_SUITE: u8 = 1;

/// An SM3 hash: identity of an event, of a body, of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first event of a device has before it.
    pub const ZERO: Self = Self([0; 32]);

    /// SM3 over the parts, in order.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut sm3 = Sm3::new();
        for part in parts {
            sm3.update(part);
        }
        Self(sm3.finalize().into())
    }

    /// The first eight hex digits, for people.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.short())
    }
}

impl FromStr for Hash {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(());
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |c: u8| (c as char).to_digit(16).ok_or(());
            *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
        }
        Ok(Self(hash))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a hash"))
    }
}

impl Body {
    /// SM3 over salt and bytes.
    pub fn digest(&self) -> Hash {
        match self {
            Self::Present { salt, bytes } => Hash::of(&[salt, bytes]),
            Self::Erased { digest } => *digest,
        }
    }
}

/// What an event's hash covers, borrowed from wherever it lies: verifying a million events should not copy them first.
pub struct Parts<'a> {
    pub device: DeviceId,
    pub seq: u64,
    pub prev: Hash,
    pub record: RecordId,
    pub action: RecordId,
    pub kind: &'a str,
    pub version: u16,
    pub actor: RecordId,
    pub at: Stamp,
    /// Hashes one after another.
    pub parents: &'a [u8],
    pub digest: Hash,
}

impl Parts<'_> {
    /// Every field in a fixed order, lengths before what varies, numbers big-endian.
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(ENCODING_SUITE);
        out.extend(self.device.bytes());
        out.extend(self.seq.to_be_bytes());
        out.extend(self.prev.0);
        out.extend(self.record.bytes());
        out.extend(self.action.bytes());
        // A kind is our own short word; a longer one from elsewhere is cut here and so can never verify.
        let kind = &self.kind.as_bytes()[..self.kind.len().min(u16::MAX as usize)];
        out.extend((kind.len() as u16).to_be_bytes());
        out.extend(kind);
        out.extend(self.version.to_be_bytes());
        out.extend(self.actor.bytes());
        out.extend(self.at.0.to_be_bytes());
        out.extend(((self.parents.len() / 32) as u32).to_be_bytes());
        out.extend(self.parents);
        out.extend(self.digest.0);
    }

    /// The event's identity; `buffer` is used again and again.
    pub fn hash(&self, buffer: &mut Vec<u8>) -> Hash {
        buffer.clear();
        self.encode(buffer);
        Hash::of(&[buffer])
    }
}

impl Event {
    /// The bytes the hash covers: every field but the hash itself, in a fixed order, lengths before what varies,
    /// numbers big-endian.
    pub fn canonical(&self) -> Vec<u8> {
        let parents: Vec<u8> = self.parents.iter().flat_map(|hash| hash.0).collect();
        let mut out = Vec::with_capacity(192 + parents.len());
        let parts = Parts {
            device: self.device,
            seq: self.seq,
            prev: self.prev,
            record: self.record,
            action: self.action,
            kind: &self.kind,
            version: self.version,
            actor: self.actor,
            at: self.at,
            parents: &parents,
            digest: self.body.digest(),
        };
        parts.encode(&mut out);
        out
    }

    /// The event's identity.
    pub fn hash(&self) -> Hash {
        Hash::of(&[&self.canonical()])
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event() -> Event {
        let record = RecordId(Uuid::from_u128(7));
        Event {
            device: DeviceId(Uuid::from_u128(1)),
            seq: 1,
            prev: Hash::ZERO,
            record,
            action: RecordId(Uuid::from_u128(8)),
            kind: "firm.created".into(),
            version: 1,
            actor: RecordId(Uuid::from_u128(9)),
            at: Stamp::at_millis(1_790_000_000_000),
            parents: vec![Hash([3; 32])],
            body: Body::Present { salt: [5; 16], bytes: b"{}".as_slice().into() },
        }
    }

    /// GB/T 32905-2016, appendix A, example 1.
    #[test]
    fn sm3_is_the_national_standard() {
        assert_eq!(Hash::of(&[b"abc"]).to_string(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }

    #[test]
    fn a_flipped_bit_anywhere_changes_the_hash() {
        let sealed = event().hash();
        let changes: Vec<fn(&mut Event)> = vec![
            |e| e.device = DeviceId(Uuid::from_u128(2)),
            |e| e.seq = 2,
            |e| e.prev = Hash([1; 32]),
            |e| e.record = RecordId(Uuid::from_u128(6)),
            |e| e.action = RecordId(Uuid::from_u128(6)),
            |e| e.kind = "firm.changed".into(),
            |e| e.version = 2,
            |e| e.actor = RecordId(Uuid::from_u128(6)),
            |e| e.at = Stamp(e.at.0 + 1),
            |e| e.parents.clear(),
            |e| e.body = Body::Present { salt: [5; 16], bytes: b"[]".as_slice().into() },
            |e| e.body = Body::Present { salt: [6; 16], bytes: b"{}".as_slice().into() },
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let mut other = event();
            change(&mut other);
            assert_ne!(other.hash(), sealed, "change {n} did not show");
        }
    }

    #[test]
    fn an_erased_body_leaves_the_hash_as_it_was() {
        let mut erased = event();
        erased.body = Body::Erased { digest: erased.body.digest() };
        assert_eq!(erased.hash(), event().hash());
    }

    #[test]
    fn a_hash_survives_text() {
        let hash = event().hash();
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("xyz".parse::<Hash>(), Err(()));
        assert_eq!("é".repeat(32).parse::<Hash>(), Err(()));
    }
}
