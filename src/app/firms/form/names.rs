//! Whether a name is one that is known already, or nearly so: the same firm must not get a second file.

use crate::domain::id::RecordId;
use crate::domain::identity::Finding;
use crate::domain::text::{loose_name_key, name_key};
use crate::store::ledger::Ledger;

/// Names shorter than this differ by one character without being alike.
const SHORTEST: usize = 6;

/// The names of all firms, ready to be compared.
#[derive(Debug, Default)]
pub struct Names {
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    id: RecordId,
    /// The name as it stands.
    name: String,
    /// It is a former one of this firm's.
    now: Option<String>,
    key: Vec<char>,
    loose: String,
}

/// A firm that is called so, or nearly.
#[derive(Debug, Clone)]
pub struct Like {
    pub id: RecordId,
    says: String,
}

impl Like {
    /// As a remark on the name.
    pub fn finding(&self) -> Finding {
        Finding::strong(self.says.clone())
    }
}

impl Names {
    /// All names but those of one firm.
    pub fn of(ledger: &Ledger, but: Option<RecordId>) -> Self {
        let mut known = Vec::with_capacity(ledger.firm_count());
        for firm in ledger.firms().filter(|firm| Some(firm.id) != but) {
            let of = |name: &str, now: Option<String>| Known {
                id: firm.id,
                name: name.to_owned(),
                now,
                key: name_key(name).chars().collect(),
                loose: loose_name_key(name),
            };
            known.push(of(&firm.name, None));
            known.extend(firm.former.iter().map(|former| of(former, Some(firm.name.to_string()))));
        }
        Self { known }
    }

    /// The nearest one: the same name first, then the same in other words, then one that differs by a character.
    pub fn like(&self, name: &str) -> Option<Like> {
        let key: Vec<char> = name_key(name).chars().collect();
        if key.is_empty() {
            return None;
        }
        let loose = loose_name_key(name);
        let same = self.known.iter().find(|known| known.key == key);
        let near = || self.known.iter().find(|known| known.loose == loose);
        let close = || self.known.iter().find(|known| key.len() >= SHORTEST && one_apart(&known.key, &key));
        let (known, exact) = match same {
            Some(known) => (known, true),
            None => (near().or_else(close)?, false),
        };
        let says = match (&known.now, exact) {
            (Some(now), true) => format!("这是“{now}”的曾用名"),
            (None, true) => "已有同名的企业".to_owned(),
            (_, false) => format!("与已有的“{}”只差一点，请看是不是同一家", known.name),
        };
        Some(Like { id: known.id, says })
    }
}

/// Whether one character changed, added or left out makes one of the other.
fn one_apart(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let rest = if short.len() == long.len() { &short[(same + 1).min(short.len())..] } else { &short[same..] };
    long.get(same + 1..).unwrap_or_default() == rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(a: &str, b: &str) -> bool {
        one_apart(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    #[test]
    fn one_character_is_near_and_two_are_not() {
        assert!(apart("青澜恒砚新材料", "青澜恒研新材料"));
        assert!(apart("青澜恒砚新材料", "青澜恒砚材料"));
        assert!(apart("青澜恒砚", "青澜恒砚新"));
        assert!(apart("恒砚", "恒砚"));
        assert!(!apart("青澜恒砚新材料", "青澜衡研新材料"));
        assert!(!apart("青澜", "青澜恒砚"));
    }
}
