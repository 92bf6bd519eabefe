//! One box that finds firms and filings: by characters, pinyin, initials, code, certificate or running number, and by a whole
//! telephone number.

use super::Ledger;
use super::firms::{Needle, match_rank};
use crate::domain::id::RecordId;
use crate::domain::identity::phone;
use crate::domain::pinyin::{Hit, Query};

/// What a search came to: the best of each sort, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub firms: Vec<FoundFirm>,
    pub firms_in_all: usize,
    pub filings: Vec<RecordId>,
    pub filings_in_all: usize,
}

/// A firm that was found.
#[derive(Debug, Clone)]
pub struct FoundFirm {
    pub id: RecordId,
    /// Which characters of the name matched; `None` when it was found by something else.
    pub hit: Option<Hit>,
    /// The other name, code or certificate number it was found by.
    pub by: Option<String>,
}

impl Ledger {
    /// The best matches of a text, at most `limit` of each sort.
    pub fn find(&self, text: &str, limit: usize) -> Found {
        let query = Query::new(text);
        let number = Needle::new(text, &self.ring);
        if query.is_empty() {
            return Found::default();
        }
        let mut firms: Vec<(u8, u32)> = self
            .firms
            .iter()
            .enumerate()
            .filter(|(_, firm)| !firm.gone)
            .filter_map(|(at, firm)| Some((match_rank(firm, &query, number.as_ref())?, at as u32)))
            .collect();
        let ranks = self.name_ranks();
        firms.sort_unstable_by_key(|(rank, at)| (*rank, ranks[*at as usize]));
        let mut found = Found { firms_in_all: firms.len(), ..Found::default() };
        for (_, at) in firms.iter().take(limit) {
            let firm = &self.firms[*at as usize];
            let hit = query.find(&firm.ready().hay);
            let by = if hit.is_some() { None } else { self.found_by(*at, &query, number.as_ref()) };
            found.firms.push(FoundFirm { id: firm.id, hit, by });
        }
        self.find_filings(&firms, number.as_ref(), limit, &mut found);
        found
    }

    fn found_by(&self, at: u32, query: &Query, number: Option<&Needle>) -> Option<String> {
        let firm = &self.firms[at as usize];
        if let Some(number) = number {
            if number.lies_in(&firm.code) {
                return Some(firm.code.to_string());
            }
            if let Some(certificate) = firm.certificates.iter().find(|c| number.lies_in(&c.number)) {
                return Some(certificate.number.to_string());
            }
            if number.is_phone(&firm.phone) {
                return Some(phone::mask(&self.ring.keys().opened(&firm.phone)));
            }
        }
        let names = firm.former.iter().chain((!firm.short.is_empty()).then_some(&firm.short));
        names
            .zip(&firm.ready().other_hay)
            .find(|(_, hay)| query.quality(hay).is_some())
            .map(|(name, _)| name.to_string())
    }

    /// Filings of the firms that matched, newest first, after those whose own number matched.
    fn find_filings(&self, firms: &[(u8, u32)], number: Option<&Needle>, limit: usize, found: &mut Found) {
        let mut place: Vec<u32> = vec![u32::MAX; self.firms.len()];
        for (n, (_, at)) in firms.iter().enumerate() {
            place[*at as usize] = n as u32;
        }
        let mut filings: Vec<(u32, std::cmp::Reverse<chrono::NaiveDate>, u32)> = self
            .filings
            .iter()
            .enumerate()
            .filter(|(_, filing)| !filing.gone)
            .filter_map(|(at, filing)| {
                let own = number.is_some_and(|number| number.lies_in(&filing.number));
                let rank = if own { 0 } else { place[filing.firm as usize].checked_add(1)? };
                Some((rank, std::cmp::Reverse(filing.last_day), at as u32))
            })
            .collect();
        found.filings_in_all = filings.len();
        if filings.len() > limit && limit > 0 {
            filings.select_nth_unstable(limit - 1);
            filings.truncate(limit);
        }
        filings.sort_unstable();
        found.filings = filings.into_iter().map(|(_, _, at)| self.filings[at as usize].id).collect();
    }
}
