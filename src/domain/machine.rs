//! Machines that know each other: the keys one signs and opens packages with, met once, by fingerprints compared aloud.

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
}

impl Machine {
    /// Replays a machine. `None`: the meeting was taken back, or it has no keys.
    pub fn replay(id: RecordId, history: &History) -> Option<Self> {
        let (_, met, _) = history.standing().find(|(_, _, fact)| matches!(fact, Fact::MachineMet(_)))?;
        let fields = Registers::replay(history);
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
