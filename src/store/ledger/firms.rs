//! Lists of firms: which, and in what order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Ledger;
use super::rows::FirmRow;
use crate::domain::certificate::Validity;
use crate::domain::id::RecordId;
use crate::domain::identity::phone;
use crate::domain::money::{Money, Ratio};
use crate::domain::pinyin::Query;
use crate::domain::seal::Sort;
use crate::store::sealing::Ring;

/// Which firms a list shows. Conditions of different kinds all hold; within one kind, any of the named ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FirmFilter {
    /// Name by characters, pinyin or initials; code or certificate number by a part; a telephone number whole.
    pub text: String,
    pub townships: BTreeSet<String>,
    /// `Some(None)`: those of whom it is not known.
    pub scale: Option<Option<bool>>,
    /// Codes of any length of GB/T 4754; a firm's code need only begin so.
    pub industries: BTreeSet<String>,
    pub certificate: Option<CertificateFilter>,
    /// Firms a caller already knows, whatever else holds: the rows behind a figure.
    pub among: Option<BTreeSet<RecordId>>,
}

/// Firms by a certificate they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFilter {
    pub kind: String,
    /// `None`: those without any of this kind.
    pub validity: Option<Validity>,
    /// Ends at the latest on this day (and counts today).
    pub ends_by: Option<NaiveDate>,
}

/// The orders a list of firms knows, by column key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirmOrder {
    Name,
    Code,
    /// The office's official order, not pinyin.
    Township,
    Industry,
    Scale,
    Founded,
    HiField,
    Revenue,
    Rd,
    RdShare,
    Staff,
    TechStaff,
    /// By the day a certificate of this kind ends.
    Certificate(&'static str),
}

impl FirmFilter {
    /// Whether nothing is asked for, so that every firm shows.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Ledger {
    /// Firms that pass a filter, in an order. With a search text and no order asked for, best matches come first.
    pub fn list_firms(&self, filter: &FirmFilter, order: Option<(FirmOrder, bool)>, today: NaiveDate) -> Vec<RecordId> {
        let query = Query::new(&filter.text);
        let number = Needle::new(&filter.text, &self.ring);
        let mut hits: Vec<(u32, u8)> = Vec::new();
        for (at, firm) in self.firms.iter().enumerate() {
            if firm.gone || !self.passes(firm, filter, today) {
                continue;
            }
            let rank = if filter.text.trim().is_empty() { Some(0) } else { match_rank(firm, &query, number.as_ref()) };
            if let Some(rank) = rank {
                hits.push((at as u32, rank));
            }
        }
        match order {
            None => {
                let ranks = self.name_ranks();
                hits.sort_by_key(|(at, rank)| (*rank, ranks[*at as usize]));
            }
            Some((order, descending)) => self.sort_firms(&mut hits, order, descending),
        }
        hits.into_iter().map(|(at, _)| self.firms[at as usize].id).collect()
    }

    fn passes(&self, firm: &FirmRow, filter: &FirmFilter, today: NaiveDate) -> bool {
        (filter.townships.is_empty() || filter.townships.contains(&*firm.township))
            && filter.scale.is_none_or(|scale| firm.scale == scale)
            && (filter.industries.is_empty()
                || filter.industries.iter().any(|code| firm.industry.starts_with(code.as_str())))
            && filter.among.as_ref().is_none_or(|ids| ids.contains(&firm.id))
            && filter.certificate.as_ref().is_none_or(|wanted| {
                let held = firm.certificate(&wanted.kind);
                match (held, wanted.validity) {
                    (None, None) => true,
                    (Some(held), Some(validity)) => {
                        let now = held.validity(today);
                        let fits = now == validity || validity == Validity::Valid && now == Validity::EndsThisYear;
                        fits && wanted.ends_by.is_none_or(|day| held.ends.is_some_and(|ends| ends <= day))
                    }
                    _ => false,
                }
            })
    }

    fn sort_firms(&self, hits: &mut [(u32, u8)], order: FirmOrder, descending: bool) {
        let names = self.name_ranks();
        let firm = |at: u32| &*self.firms[at as usize];
        // Each order is worked out once per row into something small, so that comparing is cheap.
        let place = |township: &str| self.office.townships.iter().position(|t| t == township).unwrap_or(usize::MAX);
        match order {
            FirmOrder::Name => hits.sort_by_key(|(at, _)| names[*at as usize]),
            FirmOrder::Code => hits.sort_by(|a, b| by_text(&firm(a.0).code, &firm(b.0).code, descending)),
            FirmOrder::Industry => hits.sort_by(|a, b| by_text(&firm(a.0).industry, &firm(b.0).industry, descending)),
            FirmOrder::HiField => hits.sort_by(|a, b| by_text(&firm(a.0).hi_field, &firm(b.0).hi_field, descending)),
            FirmOrder::Township => hits.sort_by_cached_key(|(at, _)| (place(&firm(*at).township), names[*at as usize])),
            FirmOrder::Scale => by_value(hits, descending, |at| firm(at).scale.map(i64::from)),
            FirmOrder::Founded => by_value(hits, descending, |at| firm(at).founded),
            FirmOrder::Revenue => by_value(hits, descending, |at| firm(at).figures.revenue),
            FirmOrder::Rd => by_value(hits, descending, |at| firm(at).figures.rd),
            FirmOrder::RdShare => by_value(hits, descending, |at| rd_share(firm(at))),
            FirmOrder::Staff => by_value(hits, descending, |at| firm(at).figures.staff),
            FirmOrder::TechStaff => by_value(hits, descending, |at| firm(at).figures.tech_staff),
            FirmOrder::Certificate(kind) => {
                by_value(hits, descending, |at| firm(at).certificate(kind).map(|c| (c.revoked.is_none(), c.ends)))
            }
        }
        let already = matches!(
            order,
            FirmOrder::Code
                | FirmOrder::Industry
                | FirmOrder::HiField
                | FirmOrder::Scale
                | FirmOrder::Founded
                | FirmOrder::Revenue
                | FirmOrder::Rd
                | FirmOrder::RdShare
                | FirmOrder::Staff
                | FirmOrder::TechStaff
                | FirmOrder::Certificate(_)
        );
        if descending && !already {
            hits.reverse();
        }
    }
}

/// 研发费用 ÷ 销售收入 of the year. `None` where one of them is not reported.
pub fn rd_share(firm: &FirmRow) -> Option<Ratio> {
    Ratio::of(firm.figures.rd.map(Money::from_fen), firm.figures.revenue.map(Money::from_fen))
}

/// Missing values come last whichever way the order runs: nobody looks for them first.
fn by_value<K: Ord + Copy>(hits: &mut [(u32, u8)], descending: bool, key: impl Fn(u32) -> Option<K>) {
    hits.sort_by_cached_key(|(at, _)| {
        let key = key(*at);
        (key.is_none(), if descending { Err(std::cmp::Reverse(key)) } else { Ok(key) })
    });
}

fn by_text(a: &str, b: &str, descending: bool) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (false, false) if descending => b.cmp(a),
        (false, false) => a.cmp(b),
        (missing_a, missing_b) => missing_a.cmp(&missing_b),
    }
}

/// A part of a code, certificate or running number that is looked for among a hundred thousand of them.
#[derive(Debug)]
pub(super) struct Needle {
    part: memchr::memmem::Finder<'static>,
    /// A whole telephone number, as it may lie there: in the clear, and as each key seals it.
    phones: Vec<String>,
}

impl Needle {
    /// What to look for: three letters or digits at least, one of them a digit, because every number has one and most of
    /// what is typed is pinyin.
    pub fn new(text: &str, ring: &Ring) -> Option<Self> {
        let key = crate::domain::text::number_key(text);
        let number = key.len() >= 3
            && key.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && key.bytes().any(|c| c.is_ascii_digit());
        let phone = phone::check(text);
        let phones = match phone.reads {
            Some(_) => ring.keys().sealed(Sort::Phone, &phone.value).into_iter().chain([phone.value]).collect(),
            None => Vec::new(),
        };
        let part = || memchr::memmem::Finder::new(&key).into_owned();
        (number || !phones.is_empty()).then(|| Self { part: part(), phones })
    }

    /// Whether this is the telephone number that was typed whole.
    pub fn is_phone(&self, number: &str) -> bool {
        !number.is_empty() && self.phones.iter().any(|phone| phone == number)
    }

    /// Whether a number holds it.
    pub fn lies_in(&self, number: &str) -> bool {
        self.part.find(number.as_bytes()).is_some()
    }
}

/// How well a firm matches: 0 is best. Names count before numbers, the present name before former ones.
pub(super) fn match_rank(firm: &FirmRow, query: &Query, number: Option<&Needle>) -> Option<u8> {
    if let Some(quality) = query.quality(&firm.ready().hay) {
        return Some(quality as u8);
    }
    if let Some(number) = number
        && (number.lies_in(&firm.code)
            || firm.certificates.iter().any(|c| number.lies_in(&c.number))
            || number.is_phone(&firm.phone))
    {
        return Some(6);
    }
    firm.ready().other_hay.iter().filter_map(|hay| query.quality(hay)).min().map(|quality| 10 + quality as u8)
}
