//! What there is to filter by: townships, industries and certificates among the firms, counted once per commit.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::columns::BADGES;
use crate::catalog::{Catalog, industries};
use crate::domain::certificate::Validity;
use crate::domain::id::RecordId;
use crate::store::ledger::{CertificateFilter, Ledger, StatusGroup};

/// How many days ahead “soon” reaches.
const SOON: u64 = 90;

/// Counts over all firms.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    pub firms: usize,
    /// In the office's order, then what else is written, then those without.
    pub townships: Vec<(String, usize)>,
    /// 规上, 规下, not known.
    pub scale: [usize; 3],
    pub sections: Vec<Section>,
    /// Kinds of certificate anybody holds, in the catalogue's order.
    pub certificates: Vec<(&'static str, Held)>,
    /// Firms with a filing under way for a kind of certificate that has a column.
    pub applying: HashSet<(RecordId, &'static str)>,
}

/// A 门类, its firms, and the 大类 in it with theirs.
pub type Section = (&'static str, usize, Vec<(&'static str, usize)>);

/// How many firms hold a certificate of one kind, and how it stands with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub valid: usize,
    pub this_year: usize,
    pub soon: usize,
    pub expired: usize,
    pub unknown: usize,
    pub revoked: usize,
}

impl Held {
    /// Firms that have one, whatever it is worth.
    pub fn firms(self) -> usize {
        self.valid + self.expired + self.unknown + self.revoked
    }
}

/// The last day that is still soon.
pub fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(SOON)).unwrap_or(today)
}

/// What can be asked of a kind of certificate: words, filter, how many firms.
pub fn questions(
    kind: &str,
    held: Held,
    all: usize,
    today: NaiveDate,
) -> Vec<(&'static str, CertificateFilter, usize)> {
    let ask = |validity, ends_by| CertificateFilter { kind: kind.to_owned(), validity, ends_by };
    [
        ("有效", ask(Some(Validity::Valid), None), held.valid),
        ("本年到期", ask(Some(Validity::EndsThisYear), None), held.this_year),
        ("90 天内到期", ask(Some(Validity::Valid), Some(soon(today))), held.soon),
        ("已到期", ask(Some(Validity::Expired), None), held.expired),
        ("持有，不知期限", ask(Some(Validity::Unknown), None), held.unknown),
        ("已撤销", ask(Some(Validity::Revoked), None), held.revoked),
        ("没有", ask(None, None), all - held.firms()),
    ]
    .into_iter()
    .filter(|(.., firms)| *firms > 0)
    .collect()
}

impl Facets {
    /// Counts everything anew.
    pub fn of(ledger: &Ledger, today: NaiveDate) -> Self {
        let mut facets = Self::default();
        let mut townships: HashMap<&str, usize> = HashMap::new();
        let mut codes: HashMap<&str, usize> = HashMap::new();
        let mut held: HashMap<&str, Held> = HashMap::new();
        for firm in ledger.firms() {
            facets.firms += 1;
            *townships.entry(&firm.township).or_default() += 1;
            *codes.entry(&firm.industry).or_default() += 1;
            facets.scale[match firm.scale {
                Some(true) => 0,
                Some(false) => 1,
                None => 2,
            }] += 1;
            let kinds: HashSet<&str> = firm.certificates.iter().map(|certificate| &*certificate.kind).collect();
            for kind in kinds {
                let Some(certificate) = firm.certificate(kind) else { continue };
                let held = held.entry(kind).or_default();
                let validity = certificate.validity(today);
                match validity {
                    Validity::Valid | Validity::EndsThisYear => held.valid += 1,
                    Validity::Expired => held.expired += 1,
                    Validity::Revoked => held.revoked += 1,
                    Validity::Unknown => held.unknown += 1,
                }
                held.this_year += usize::from(validity == Validity::EndsThisYear);
                let ends_soon = certificate.ends.is_some_and(|ends| ends <= soon(today));
                let counts = matches!(validity, Validity::Valid | Validity::EndsThisYear);
                held.soon += usize::from(counts && ends_soon);
            }
        }
        facets.townships = in_order(ledger, townships);
        facets.sections = sections(codes);
        let known = Catalog::builtin().certificates().iter();
        facets.certificates = known.filter_map(|kind| Some((kind.id.as_str(), *held.get(kind.id.as_str())?))).collect();
        let under_way = |group| !matches!(group, StatusGroup::Awarded | StatusGroup::Ended);
        for filing in ledger.filings().filter(|filing| under_way(filing.group())) {
            let kind = filing.program.certificate.as_deref();
            if let Some(kind) = BADGES.into_iter().find(|known| Some(*known) == kind) {
                facets.applying.insert((filing.firm_id, kind));
            }
        }
        facets
    }
}

fn in_order(ledger: &Ledger, mut counted: HashMap<&str, usize>) -> Vec<(String, usize)> {
    let without = counted.remove("");
    let official = ledger.office.townships.iter();
    let mut all: Vec<(String, usize)> =
        official.filter_map(|name| Some((name.clone(), counted.remove(name.as_str())?))).collect();
    let rest: BTreeMap<&str, usize> = counted.into_iter().collect();
    all.extend(rest.into_iter().map(|(name, firms)| (name.to_owned(), firms)));
    all.extend(without.map(|firms| (String::new(), firms)));
    all
}

fn sections(counted: HashMap<&str, usize>) -> Vec<Section> {
    let mut sections: BTreeMap<&'static str, (usize, BTreeMap<&'static str, usize>)> = BTreeMap::new();
    for (code, firms) in counted {
        let Some(own) = industries::industry(code) else { continue };
        let (all, divisions) = sections.entry(own.section).or_default();
        *all += firms;
        if let Some(division) = own.code.get(..2).and_then(industries::industry) {
            *divisions.entry(division.code).or_default() += firms;
        }
    }
    sections
        .into_iter()
        .map(|(section, (firms, divisions))| (section, firms, divisions.into_iter().collect()))
        .collect()
}
