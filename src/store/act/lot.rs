//! New firms made ready for writing, many at a time: what a second thread hands to the one that writes.
//!
//! All parts of a lot lie in one buffer: memory that one thread takes and the other gives back makes both wait, and a list of
//! ten thousand has a hundred thousand small texts.

use std::ops::Range;

use crate::domain::event::{Fact, Fields, Hash};
use crate::domain::firm::{Firm, key};
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::store::ledger::pack_firm;

/// Firms per lot: waking the other thread for each one costs as much as the work.
pub(super) const LOT: usize = 128;

/// Some new firms, in their order.
pub(super) struct Lot {
    bytes: Vec<u8>,
    pub firms: Vec<Prepared>,
}

/// One new firm; its texts are ranges of its lot's bytes.
pub(super) struct Prepared {
    pub kind: &'static str,
    pub version: u16,
    body: Range<usize>,
    pub digest: Hash,
    row: Option<Row>,
}

struct Row {
    name: Range<usize>,
    code: Option<Range<usize>>,
    line: Range<usize>,
}

impl Lot {
    /// Spells out, digests and replays each firm.
    pub fn prepare(firms: impl Iterator<Item = (Fields, (RecordId, [u8; 16]))>) -> Self {
        let mut lot = Self { bytes: Vec::with_capacity(LOT * 512), firms: Vec::with_capacity(LOT) };
        for (fields, (id, salt)) in firms {
            let row = Firm::created(id, &fields).map(|firm| Row {
                name: lot.keep(firm.name().as_bytes()),
                code: firm.fields.get(key::CODE).map(|code| lot.keep(number_key(code).as_bytes())),
                line: lot.keep(&pack_firm(&firm, false)),
            });
            let fact = Fact::FirmCreated(fields);
            let body = fact.encode();
            let digest = Hash::of(&[&salt, &body]);
            let body = lot.keep(&body);
            lot.firms.push(Prepared { kind: fact.kind(), version: fact.version(), body, digest, row });
        }
        lot
    }

    fn keep(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }

    /// What the event of a firm says.
    pub fn body(&self, firm: &Prepared) -> &[u8] {
        &self.bytes[firm.body.clone()]
    }

    /// Name, code and line of a firm's row. `None`: it has no name, so no list shows it.
    pub fn row(&self, firm: &Prepared) -> Option<(&str, Option<&str>, &[u8])> {
        let row = firm.row.as_ref()?;
        // They were texts when they went in.
        let text = |range: &Range<usize>| std::str::from_utf8(&self.bytes[range.clone()]).unwrap_or_default();
        Some((text(&row.name), row.code.as_ref().map(text), &self.bytes[row.line.clone()]))
    }
}
