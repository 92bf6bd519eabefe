//! Machines that know each other: the keys one signs and opens packages with, met once, by fingerprints compared aloud.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::{Fact, Hash};
use super::history::{History, Registers};
use super::id::{DeviceId, RecordId};
use super::{Problem, Result};

/// Keys of a machine's fields.
pub mod key {
    /// What people call it: 张科长的电脑.
    pub const NAME: &str = "name";
    /// Public key of its signatures, hexadecimal.
    pub const SIGN: &str = "sign";
    /// Public key packages are sealed with for it, hexadecimal.
    pub const SEAL: &str = "seal";
    /// The user who sits at it, where it is one.
    pub const USER: &str = "user";
    /// 是 once nothing from it is taken in any more.
    pub const RETIRED: &str = "retired";
}

/// A public key: 32 bytes, hexadecimal where people or files see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub Hash);

impl Key {
    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0.0
    }

    /// From the bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Hash(bytes))
    }

    /// From its spelling.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.0.short())
    }
}

/// Longest name of a machine.
const NAME_MAX: usize = 60;

fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// A name as people may give one to a machine.
///
/// # Errors
/// Bad input for an empty one and for one too long to stand in a list or in a file's name.
pub fn named(name: &str) -> Result<String> {
    let name = printable(name);
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(
            Problem::bad_input(format!("电脑名称要有 1 到 {NAME_MAX} 个字。")).next("请起个名字，如“张科长的电脑”。")
        );
    }
    Ok(name)
}

/// A name another machine says of itself: before anybody has met it, it is shown in messages and stands in the log.
fn told<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    Ok(printable(&name).chars().take(NAME_MAX).collect())
}

/// What a machine says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Of a card that was read: no longer than names are, and nothing in it that cannot be shown.
    #[serde(deserialize_with = "told")]
    pub name: String,
    /// Its chain at present; a restored backup continues under another one, with the same keys.
    pub device: DeviceId,
    pub sign: Key,
    pub seal: Key,
}

impl Card {
    /// What two people compare aloud.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.sign, &self.seal)
    }
}

/// Six groups of five digits over both keys: some hundred bits, read aloud in half a minute.
pub fn fingerprint(sign: &Key, seal: &Key) -> String {
    let hash = Hash::of(&[b"kebao machine", sign.bytes(), seal.bytes()]);
    let group = |five: &[u8]| {
        let number = five.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:05}", number % 100_000)
    };
    hash.0.chunks_exact(5).take(6).map(group).collect::<Vec<_>>().join(" ")
}

/// Whether a typed fingerprint is this one, however it is spaced.
pub fn same_fingerprint(typed: &str, fingerprint: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(typed) == digits(fingerprint)
}

/// A machine as the history leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    pub id: RecordId,
    pub name: String,
    pub sign: Key,
    pub seal: Key,
    pub user: Option<RecordId>,
    pub retired: bool,
    /// Who met it, and when.
    pub met_by: RecordId,
    pub met_at: i64,
    /// When its name or its user was last said.
    pub said_at: i64,
}

/// Machines as people know them, out of the records there are: whoever met one before hearing of another's meeting made a record
/// of his own. Those with the same keys are one machine.
///
/// Whoever retires a machine, or meets it again, says so of every record he knows. So one that is not retired beside one that is
/// was made by somebody unaware, and the safer word counts, for every record that bears the signature key. Name and user are
/// those said last.
pub fn fold(mut records: Vec<Machine>) -> Vec<Machine> {
    records.sort_by_key(|machine| (machine.said_at, machine.id));
    let retired: BTreeSet<Key> = records.iter().filter(|machine| machine.retired).map(|machine| machine.sign).collect();
    let mut machines: BTreeMap<(Key, Key), Machine> = BTreeMap::new();
    for record in records {
        let Some(machine) = machines.get_mut(&(record.sign, record.seal)) else {
            machines.insert((record.sign, record.seal), record);
            continue;
        };
        machine.name = record.name;
        machine.user = record.user.or(machine.user);
        machine.said_at = record.said_at;
        if (record.met_at, record.id) < (machine.met_at, machine.id) {
            (machine.id, machine.met_by, machine.met_at) = (record.id, record.met_by, record.met_at);
        }
    }
    machines.into_values().map(|machine| Machine { retired: retired.contains(&machine.sign), ..machine }).collect()
}

impl Machine {
    /// Replays a machine. `None`: the meeting was taken back, or it has no keys.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let (_, met, _) = history.standing().find(|(_, _, fact)| matches!(fact, Fact::MachineMet(_)))?;
        let fields = Registers::replay(history);
        let said = [key::NAME, key::USER].iter().filter_map(|name| fields.writer(name));
        let said = said.map(|n| history.entries()[n].event.at.0).max();
        // Where two people disagree, unaware of each other, the safer word counts until they agree.
        let rival_retires = fields.conflicts().any(|(name, register)| {
            name == key::RETIRED
                && register.rivals.iter().any(|n| {
                    history.fact(*n).and_then(Fact::fields).and_then(|fields| fields.get(key::RETIRED)) == Some("是")
                })
        });
        Some(Self {
            id,
            name: fields.get(key::NAME)?.to_owned(),
            sign: Key::parse(fields.get(key::SIGN)?)?,
            seal: Key::parse(fields.get(key::SEAL)?)?,
            user: fields.get(key::USER).and_then(|user| user.parse().ok()),
            retired: rival_retires || fields.get(key::RETIRED) == Some("是"),
            met_by: met.event.actor,
            met_at: met.event.at.0,
            said_at: said.unwrap_or(met.event.at.0),
        })
    }

    /// What two people compare aloud.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.sign, &self.seal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Fields;
    use crate::domain::testing::Teller;

    fn met() -> Fact {
        let keys = [(key::NAME, "张科长的电脑".to_owned()), (key::SIGN, "1".repeat(64)), (key::SEAL, "2".repeat(64))];
        Fact::MachineMet(Fields::set(keys))
    }

    #[test]
    fn a_fingerprint_is_six_groups_and_any_other_key_has_another() {
        let (a, b) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        let print = fingerprint(&a, &b);
        assert_eq!(print.split(' ').map(str::len).collect::<Vec<_>>(), [5; 6]);
        assert_ne!(print, fingerprint(&b, &a));
        assert!(same_fingerprint(&print.replace(' ', "-"), &print));
        assert!(!same_fingerprint("", &print) && !same_fingerprint(&print[1..], &print));
    }

    #[test]
    fn a_card_says_a_name_that_can_be_shown() {
        let card = Card {
            name: format!("张科长\n的电脑\u{7}{}", "长".repeat(99)),
            device: DeviceId(uuid::Uuid::from_u128(1)),
            sign: Key::from_bytes([1; 32]),
            seal: Key::from_bytes([2; 32]),
        };
        let read: Card = serde_json::from_str(&serde_json::to_string(&card).unwrap()).unwrap();
        assert!(read.name.starts_with("张科长的电脑长") && read.name.chars().count() == NAME_MAX, "{}", read.name);
        assert_eq!(named(&read.name).unwrap(), read.name);
        assert!(named(" \n").is_err() && named(&card.name).is_err());
    }

    #[test]
    fn several_records_of_one_machine_are_one_whatever_their_order_and_retired_where_one_is() {
        let record = |id: u128, sign: u8, name: &str, said_at: i64| Machine {
            id: RecordId(uuid::Uuid::from_u128(id)),
            name: name.to_owned(),
            sign: Key::from_bytes([sign; 32]),
            seal: Key::from_bytes([sign + 1; 32]),
            user: None,
            retired: false,
            met_by: RecordId::OFFICE,
            met_at: said_at.min(10),
            said_at,
        };
        let user = Some(RecordId(uuid::Uuid::from_u128(9)));
        let records = [
            record(1, 1, "周敏的电脑", 10),
            Machine { user, ..record(2, 1, "周敏的旧电脑", 20) },
            record(3, 1, "经办的电脑", 30),
            record(4, 5, "经办的电脑", 30),
        ];
        let folded = fold(records.to_vec());
        assert_eq!(folded.len(), 2, "the same name is not the same machine");
        let one = &folded[0];
        assert_eq!((one.id, one.name.as_str(), one.user, one.retired), (records[0].id, "经办的电脑", user, false));
        assert_eq!(fold(records.iter().rev().cloned().collect()), folded);
        for n in 0..3 {
            let mut records = records.to_vec();
            records[n].retired = true;
            assert_eq!(fold(records).iter().map(|machine| machine.retired).collect::<Vec<_>>(), [true, false], "{n}");
        }
        // Another key to seal for under the same signature: two machines to look at, and one that is retired retires both.
        let other = Machine { seal: Key::from_bytes([9; 32]), retired: true, ..record(5, 1, "生人的电脑", 5) };
        let folded = fold(records.iter().cloned().chain([other]).collect());
        assert_eq!(folded.iter().map(|machine| machine.retired).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn of_two_unaware_words_on_a_machine_the_safer_counts() {
        let mut teller = Teller::new(1);
        let first = teller.tell(&met());
        teller.tell_after(2, &[first], &Fact::MachineChanged(Fields::set([(key::RETIRED, "是")])));
        teller.tell_after(3, &[first], &Fact::MachineChanged(Fields::set([(key::RETIRED, "否")])));
        assert!(Machine::replay(teller.record, &teller.history()).unwrap().retired);
        teller.tell(&Fact::MachineChanged(Fields::set([(key::RETIRED, "否")])));
        assert!(!Machine::replay(teller.record, &teller.history()).unwrap().retired);
    }
}
