//! Which firm a row means: by credit code, then certificate number, then name, then a former name; what is only similar
//! is a candidate for a person's eye, never a match.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::domain::id::RecordId;
use crate::domain::text::{loose_name_key, name_key, number_key};
use crate::store::ledger::Ledger;

/// How a firm was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    Code,
    Number,
    Name,
    FormerName,
    /// A person said so.
    Chosen,
}

impl MatchedBy {
    /// In the column 依据.
    pub fn label(self) -> &'static str {
        match self {
            Self::Code => "代码一致",
            Self::Number => "编号一致",
            Self::Name => "名称一致",
            Self::FormerName => "与曾用名相同",
            Self::Chosen => "人工指定",
        }
    }
}

/// A firm a row may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub firm: RecordId,
    /// 差一个字, 只差“责任”二字 …
    pub why: String,
}

/// Firms by everything a list may name them by. Built once per plan.
pub struct Index<'l> {
    ledger: &'l Ledger,
    codes: HashMap<SmolStr, RecordId>,
    numbers: HashMap<Box<str>, Vec<RecordId>>,
    names: HashMap<String, Vec<RecordId>>,
    former: HashMap<String, Vec<RecordId>>,
    loose: HashMap<String, Vec<RecordId>>,
    /// Names with one character left out, by hash; made when first needed.
    near: Option<HashMap<u64, Vec<RecordId>>>,
}

/// What became of the search for a row's firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    Firm(RecordId, MatchedBy),
    /// Nobody, or several: a person must look.
    Candidates(Vec<Candidate>),
    Nobody,
}

impl<'l> Index<'l> {
    pub fn new(ledger: &'l Ledger) -> Self {
        let mut index = Self {
            ledger,
            codes: HashMap::new(),
            numbers: HashMap::new(),
            names: HashMap::new(),
            former: HashMap::new(),
            loose: HashMap::new(),
            near: None,
        };
        for firm in ledger.firms() {
            if !firm.code.is_empty() {
                index.codes.insert(firm.code.clone(), firm.id);
            }
            for certificate in firm.certificates.iter().filter(|c| !c.number.is_empty()) {
                index.numbers.entry(number_key(&certificate.number).into()).or_default().push(firm.id);
            }
            index.names.entry(name_key(&firm.name)).or_default().push(firm.id);
            for name in &firm.former {
                index.former.entry(name_key(name)).or_default().push(firm.id);
            }
            index.loose.entry(loose_name_key(&firm.name)).or_default().push(firm.id);
        }
        index
    }

    /// The firm with a credit code.
    pub fn by_code(&self, code: &str) -> Option<RecordId> {
        self.codes.get(number_key(code).as_str()).copied()
    }

    /// The firm a row means, in the order the field trusts: code, certificate number, name, former name.
    /// `key` is the name as matching folds it.
    pub fn find(&mut self, code: &str, number: &str, key: &str) -> Match {
        if let Some(firm) = (!code.is_empty()).then(|| self.by_code(code)).flatten() {
            return Match::Firm(firm, MatchedBy::Code);
        }
        if !number.is_empty()
            && let Some([firm]) = self.numbers.get(number_key(number).as_str()).map(Vec::as_slice)
        {
            return Match::Firm(*firm, MatchedBy::Number);
        }
        if key.is_empty() {
            return Match::Nobody;
        }
        // A row with another code than the firm of the same name: one of the two is wrong, or they are two firms.
        let other_code =
            |firm: &RecordId| !code.is_empty() && self.ledger.firm(*firm).is_some_and(|f| !f.code.is_empty());
        for (names, by) in [(&self.names, MatchedBy::Name), (&self.former, MatchedBy::FormerName)] {
            match names.get(key).map(Vec::as_slice) {
                None => {}
                Some([firm]) if other_code(firm) => {
                    return Match::Candidates(vec![Candidate {
                        firm: *firm,
                        why: format!("{}，但信用代码不同", by.label()),
                    }]);
                }
                Some([firm]) => return Match::Firm(*firm, by),
                Some(several) => {
                    let why =
                        format!("{}的有 {} 家", if by == MatchedBy::Name { "同名" } else { "曾用此名" }, several.len());
                    return Match::Candidates(
                        several.iter().map(|firm| Candidate { firm: *firm, why: why.clone() }).collect(),
                    );
                }
            }
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        for firm in self.loose.get(&loose_name_key(key)).into_iter().flatten() {
            candidates.push(Candidate { firm: *firm, why: "只差“责任”二字".to_owned() });
        }
        for firm in self.similar(key) {
            if !candidates.iter().any(|c| c.firm == firm) {
                candidates.push(Candidate { firm, why: "名称只差一个字".to_owned() });
            }
        }
        if candidates.is_empty() { Match::Nobody } else { Match::Candidates(candidates) }
    }

    /// Firms whose name differs by one character: changed, missing or too much. Short names are not compared, because
    /// one character in eight is another firm.
    fn similar(&mut self, key: &str) -> Vec<RecordId> {
        const SHORTEST: usize = 9;
        if key.chars().count() < SHORTEST {
            return Vec::new();
        }
        if self.near.is_none() {
            let mut near: HashMap<u64, Vec<RecordId>> = HashMap::new();
            for firm in self.ledger.firms() {
                let name = name_key(&firm.name);
                if name.chars().count() >= SHORTEST {
                    for hash in shortened(&name) {
                        near.entry(hash).or_default().push(firm.id);
                    }
                }
            }
            self.near = Some(near);
        }
        let Some(near) = &self.near else { return Vec::new() };
        let mut found: Vec<RecordId> = shortened(key).filter_map(|hash| near.get(&hash)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        // Hashes may collide; the names themselves decide.
        found.retain(|id| self.ledger.firm(*id).is_some_and(|firm| differ_by_one(&name_key(&firm.name), key)));
        found
    }
}

/// Hashes of a name whole and with each character left out: two names a step apart share one.
fn shortened(name: &str) -> impl Iterator<Item = u64> {
    let chars: Vec<char> = name.chars().collect();
    (0..=chars.len()).map(move |skip| {
        chars.iter().enumerate().filter(|(n, _)| *n != skip).fold(0xcbf2_9ce4_8422_2325_u64, |hash, (_, c)| {
            (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3)
        })
    })
}

fn differ_by_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (a.len() - head - tail, b.len() - head - tail);
    rest_a.max(rest_b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_apart_is_seen_and_two_are_not() {
        assert!(differ_by_one("青澜禾叙生物科技有限公司", "青澜禾序生物科技有限公司"));
        assert!(differ_by_one("青澜禾序生物科技有限公司", "青澜禾序生物科有限公司"));
        assert!(!differ_by_one("青澜禾序生物科技有限公司", "青澜禾序生物科技有限公司"));
        assert!(!differ_by_one("青澜禾叙生物科学有限公司", "青澜禾序生物科技有限公司"));
    }
}
