//! An event as bytes that travel: its canonical form, then what the canonical form only names by digest.

use uuid::Uuid;

use super::{Body, ENCODING_SUITE, Entry, Event, Hash, Stamp};
use crate::domain::id::{DeviceId, RecordId};

impl Event {
    /// The bytes [`Event::from_wire`] reads back.
    pub fn to_wire(&self) -> Vec<u8> {
        let canonical = self.canonical();
        let mut out = Vec::with_capacity(canonical.len() + 64);
        out.extend((canonical.len() as u32).to_be_bytes());
        out.extend(canonical);
        match &self.body {
            Body::Present { salt, bytes } => {
                out.push(1);
                out.extend(salt);
                out.extend(&**bytes);
            }
            Body::Erased { .. } => out.push(0),
        }
        out
    }

    /// Reads an event and computes its hash. `None` for anything that is not one, whatever the bytes are; a body that
    /// does not fit its digest is not one either.
    pub fn from_wire(bytes: &[u8]) -> Option<Entry> {
        let mut at = Reader(bytes);
        let length = u32::from_be_bytes(at.take()?) as usize;
        let canonical = at.slice(length)?;
        let mut head = Reader(canonical);
        if head.take::<1>()? != [ENCODING_SUITE] {
            return None;
        }
        let device = DeviceId(Uuid::from_bytes(head.take()?));
        let seq = u64::from_be_bytes(head.take()?);
        let prev = Hash(head.take()?);
        let record = RecordId(Uuid::from_bytes(head.take()?));
        let action = RecordId(Uuid::from_bytes(head.take()?));
        let kind_length = u16::from_be_bytes(head.take()?) as usize;
        let kind = std::str::from_utf8(head.slice(kind_length)?).ok()?.into();
        let version = u16::from_be_bytes(head.take()?);
        let actor = RecordId(Uuid::from_bytes(head.take()?));
        let stamp = Stamp(i64::from_be_bytes(head.take()?));
        let count = u32::from_be_bytes(head.take()?) as usize;
        let parents = head
            .slice(count.checked_mul(32)?)?
            .chunks_exact(32)
            .map(|hash| Hash(hash.try_into().unwrap_or_default()))
            .collect();
        let digest = Hash(head.take()?);
        if !head.0.is_empty() {
            return None;
        }
        let body = match at.take::<1>()? {
            [0] if at.0.is_empty() => Body::Erased { digest },
            [1] => Body::Present { salt: at.take()?, bytes: at.0.into() },
            _ => return None,
        };
        if body.digest() != digest || seq == 0 || i64::try_from(seq).is_err() {
            return None;
        }
        Some(Entry::seal(Event { device, seq, prev, record, action, kind, version, actor, at: stamp, parents, body }))
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn slice(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.slice(N)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::event::{Fact, Fields};
    use crate::domain::testing::Teller;

    fn entry() -> Entry {
        let mut teller = Teller::new(3);
        teller.tell(&Fact::FirmCreated(Fields::set([("name", "青澜恒砚新材料有限公司")])));
        teller.tell(&Fact::FirmChanged(Fields::set([("phone", "13800005206")])));
        teller.entries.remove(1)
    }

    #[test]
    fn an_event_travels_unchanged_even_with_its_body_erased() {
        let whole = entry();
        assert_eq!(Event::from_wire(&whole.event.to_wire()).as_ref(), Some(&whole));
        let mut erased = whole.clone();
        erased.event.body = Body::Erased { digest: whole.event.body.digest() };
        assert_eq!(Event::from_wire(&erased.event.to_wire()), Some(erased));
    }

    proptest! {
        #[test]
        fn no_bytes_end_the_program_and_no_altered_byte_passes(at in any::<prop::sample::Index>(), flip in 1_u8.., junk: Vec<u8>) {
            let whole = entry();
            let mut bytes = whole.event.to_wire();
            let n = at.index(bytes.len());
            bytes[n] ^= flip;
            prop_assert_ne!(Event::from_wire(&bytes).map(|e| e.hash), Some(whole.hash));
            let _ = Event::from_wire(&junk);
            bytes.truncate(n);
            prop_assert_eq!(Event::from_wire(&bytes).map(|e| e.hash), None);
        }
    }
}
