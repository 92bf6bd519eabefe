//! Events made up one by one: what each says and of which record, whom it had seen, and how it is out of order. They come to
//! the reader in a package that is right in every other way.
//!
//! One event is `kind record shape length(2) body`; in a body `$xx` stands for the hash and `%xx` for the record of one that is
//! known, so that what speaks of others can be made up without guessing their names.

use std::collections::{BTreeMap, HashMap};

use kebao::domain::event::{Body, Entry, Event, Hash, Stamp};
use kebao::domain::id::{DeviceId, RecordId};
use serde_json::json;
use uuid::Uuid;

use super::office::{Office, reader_keys, sender_keys};
use super::seal;

/// Every kind this version knows, and one it does not.
const KINDS: [&str; 28] = [
    "action.taken",
    "record.undone",
    "record.erased",
    "office.changed",
    "user.added",
    "user.changed",
    "firm.created",
    "firm.changed",
    "edition.opened",
    "edition.changed",
    "filing.created",
    "filing.changed",
    "filing.moved",
    "filing.resolved",
    "filing.attached",
    "filing.detached",
    "filing.checked",
    "filing.reviewed",
    "shortlist.made",
    "shortlist.changed",
    "shortlist.frozen",
    "import.done",
    "log.noted",
    "machine.met",
    "machine.changed",
    "package.made",
    "package.taken",
    "visit.made",
];

/// More events in one input show nothing new.
const MOST: usize = 24;

const SENDERS_OTHER: DeviceId = DeviceId(Uuid::from_u128(0x5EED));

/// Names that stand in bodies.
struct Names {
    hashes: Vec<Hash>,
    records: Vec<RecordId>,
}

impl Names {
    fn of(office: &Office) -> Self {
        let mut records = vec![RecordId::OFFICE];
        for entry in office.known.iter().chain(&office.news) {
            if !records.contains(&entry.event.record) {
                records.push(entry.event.record);
            }
        }
        Self { hashes: office.known.iter().map(|entry| entry.hash).collect(), records }
    }

    fn spell(&self, body: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(body.len() * 2);
        let mut rest = body;
        while let Some((byte, more)) = rest.split_first() {
            let number = more.get(..2).and_then(|two| usize::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
            match (byte, number) {
                (b'$', Some(n)) => out.extend(self.hashes[n % self.hashes.len()].to_string().bytes()),
                (b'%', Some(n)) => out.extend(self.records[n % self.records.len()].to_string().bytes()),
                _ => {
                    out.push(*byte);
                    rest = more;
                    continue;
                }
            }
            rest = &more[2..];
        }
        out
    }
}

/// A package of made-up events. The first byte says in which order they come and whether some come twice.
pub fn package(office: &Office, bytes: &[u8]) -> Vec<u8> {
    let Some((order, mut rest)) = bytes.split_first() else { return seal::inside(b"{}", &[]) };
    let mut names = Names::of(office);
    let mut heads: BTreeMap<RecordId, Vec<Hash>> = BTreeMap::new();
    for entry in &office.known {
        follow(&mut heads, entry);
    }
    let own = office.known.iter().max_by_key(|entry| entry.event.seq).expect("an office");
    let mut ends: HashMap<DeviceId, (u64, Hash)> = HashMap::from([(own.event.device, (own.event.seq, own.hash))]);
    let action = RecordId(Uuid::from_u128(0xAC7));
    let mut entries: Vec<Entry> = Vec::new();
    while let Some(([kind, record, shape, high, low], more)) = rest.split_first_chunk::<5>() {
        if entries.len() == MOST {
            break;
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (body, more) = more.split_at(more.len().min(length));
        rest = more;
        let kind = KINDS[usize::from(*kind) % KINDS.len()];
        let record = match usize::from(*record) {
            n if n < names.records.len() => names.records[n],
            n => RecordId(Uuid::from_u128(0xFEED + n as u128 % 4)),
        };
        let record = if kind == "action.taken" { action } else { record };
        let device = match shape >> 4 & 3 {
            0 | 1 => own.event.device,
            2 => SENDERS_OTHER,
            // As the reader itself: a cloned machine.
            _ => office.device(),
        };
        let end = ends.entry(device).or_insert((0, Hash::ZERO));
        let (seq, prev) = match shape >> 6 {
            0 | 1 => (end.0 + 1, end.1),
            2 => (end.0 + 3, end.1),
            _ => (end.0.max(1), Hash::ZERO),
        };
        let parents = match shape & 3 {
            0 => heads.get(&record).cloned().unwrap_or_default(),
            1 => Vec::new(),
            2 => vec![names.hashes[usize::from(*low) % names.hashes.len()]],
            _ => vec![Hash([*low; 32])],
        };
        let at = match shape >> 2 & 3 {
            0 | 1 => Stamp(own.event.at.0 + entries.len() as i64 + 1),
            2 => Stamp(i64::from_be_bytes([*high, *low, 255, 0, 0, 0, 0, 0])),
            _ => Stamp(i64::MAX),
        };
        let body = match body.split_first() {
            Some((0, more)) => Body::Erased { digest: Hash::of(&[more]) },
            _ => Body::Present { salt: [1; 16], bytes: names.spell(body).into() },
        };
        let actor = office.user;
        let version = 1 + u16::from(*order == 255);
        let event = Event { device, seq, prev, record, action, kind: kind.into(), version, actor, at, parents, body };
        let entry = Entry::seal(event);
        if seq > end.0 {
            *end = (seq, entry.hash);
        }
        names.hashes.push(entry.hash);
        follow(&mut heads, &entry);
        entries.push(entry);
    }
    if order & 1 == 1 {
        entries.reverse();
    }
    if order & 2 == 2
        && let Some(last) = entries.last().cloned()
    {
        entries.insert(0, last);
    }
    let purpose = ["review", "answer", "exchange"][usize::from(order >> 2) % 3];
    write(office, purpose, &names, &entries)
}

/// What a record's next event would have seen.
fn follow(heads: &mut BTreeMap<RecordId, Vec<Hash>>, entry: &Entry) {
    let ends = heads.entry(entry.event.record).or_default();
    ends.retain(|hash| !entry.event.parents.contains(hash));
    if !ends.contains(&entry.hash) {
        ends.push(entry.hash);
    }
}

fn write(office: &Office, purpose: &str, names: &Names, entries: &[Entry]) -> Vec<u8> {
    let block: Vec<u8> = entries
        .iter()
        .flat_map(|entry| {
            let wire = entry.event.to_wire();
            [&(wire.len() as u32).to_be_bytes()[..], &wire].concat()
        })
        .collect();
    let ((sign, seal), (to_sign, to_seal)) = (sender_keys(), reader_keys());
    let device = office.known[0].event.device;
    let roots: Vec<Hash> = office
        .known
        .iter()
        .filter(|entry| entry.event.record == RecordId::OFFICE && entry.event.parents.is_empty())
        .map(|entry| entry.hash)
        .collect();
    let heads: Vec<_> = entries
        .iter()
        .map(|e| json!({"device": e.event.device, "seq": e.event.seq, "hash": e.hash, "whole": true}))
        .collect();
    let manifest = json!({
        "format": 1,
        "package": RecordId(Uuid::from_u128(0xB0C)),
        "purpose": purpose,
        "at": 1_790_000_000_000_i64,
        "from": {"name": "周敏的电脑", "device": device, "sign": sign, "seal": seal},
        "by": {"user": office.user, "name": "周敏"},
        "to": {"name": "张科长的电脑", "sign": to_sign, "seal": to_seal},
        "office": "青澜区科学技术局",
        "roots": roots,
        "heads": heads,
        "filings": names.records,
        "events": {"count": entries.len(), "bytes": block.len(), "digest": Hash::of(&[&block])},
        "files": [],
        "missing": 0,
    });
    seal::inside(&serde_json::to_vec(&manifest).expect("a manifest"), &block)
}

/// What the sender really did, spelled as inputs: each deed alone, and all after one another.
pub fn seeds(office: &Office) -> Vec<Vec<u8>> {
    let names = Names::of(office);
    let mut spelled: Vec<(String, String)> = Vec::new();
    for (n, hash) in names.hashes.iter().chain(office.news.iter().map(|entry| &entry.hash)).enumerate().take(256) {
        spelled.push((hash.to_string(), format!("${n:02x}")));
    }
    for (n, record) in names.records.iter().enumerate().take(256) {
        spelled.push((record.to_string(), format!("%{n:02x}")));
    }
    let one = |entry: &Entry| {
        let Body::Present { bytes, .. } = &entry.event.body else { return Vec::new() };
        let mut body = String::from_utf8_lossy(bytes).into_owned();
        for (old, new) in &spelled {
            body = body.replace(old, new);
        }
        let kind = KINDS.iter().position(|kind| *kind == &*entry.event.kind).unwrap_or_default() as u8;
        let record = names.records.iter().position(|known| *known == entry.event.record).unwrap_or(255).min(255) as u8;
        [&[kind, record, 0][..], &(body.len() as u16).to_be_bytes(), body.as_bytes()].concat()
    };
    let mut all: Vec<Vec<u8>> = office.news.iter().map(|entry| [&[0][..], &one(entry)].concat()).collect();
    for some in office.news.chunks(6) {
        all.push([vec![0], some.iter().flat_map(one).collect()].concat());
    }
    all
}
