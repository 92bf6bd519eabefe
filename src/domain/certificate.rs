//! A certificate or qualification (证书) a firm holds: 高企, 科小 登记编号, 众创空间, 人才入选 …
//!
//! It is part of the firm's own record: its facts are fields of the firm under a key made of kind and number. Two desks that
//! take in the same list therefore write the same fields, not two certificates.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::event::{Hash, Source};
use super::history::Registers;
use super::text::{name_key, number_key};

/// Parts of a certificate.
pub mod attr {
    pub const NUMBER: &str = "number";
    /// Name of the carrier or platform, where it has one of its own.
    pub const NAME: &str = "name";
    pub const LEVEL: &str = "level";
    pub const ISSUED: &str = "issued";
    pub const ENDS: &str = "ends";
    pub const BATCH: &str = "batch";
    pub const DOCUMENT: &str = "document";
    /// Person it was given to, for talent programs.
    pub const PERSON: &str = "person";
    /// Where the list placed the firm.
    pub const AREA: &str = "area";
    /// Day it was revoked.
    pub const REVOKED: &str = "revoked";
    /// Present for a certificate nothing else is known of.
    pub const HELD: &str = "held";
}

const PREFIX: &str = "cert.";

/// Name of a part on screen.
pub fn label(attr: &str) -> &str {
    match attr {
        attr::NUMBER => "编号",
        attr::NAME => "名称",
        attr::LEVEL => "级别",
        attr::ISSUED => "发证日期",
        attr::ENDS => "有效期止",
        attr::BATCH => "批次",
        attr::DOCUMENT => "发文字号",
        attr::PERSON => "人选",
        attr::AREA => "名单所属地区",
        attr::REVOKED => "撤销日期",
        attr::HELD => "持有",
        other => other,
    }
}

/// Which of a firm's certificates: its number as matching folds it, or, where it has none, a digest of what tells it apart.
pub fn slug(number: &str, name: &str, apart: &str) -> String {
    let number = number_key(number).replace('.', "_");
    if number.is_empty() {
        format!("~{}", Hash::of(&[name_key(name).as_bytes(), b"|", apart.as_bytes()]).short())
    } else {
        number
    }
}

/// Key of a part among the firm's fields.
pub fn field_key(kind: &str, slug: &str, attr: &str) -> String {
    // Thousands of them are made for one list; one piece of memory each is enough.
    [PREFIX, kind, ".", slug, ".", attr].concat()
}

/// Kind, slug and part of such a key.
pub fn split_key(key: &str) -> Option<(&str, &str, &str)> {
    let mut parts = key.strip_prefix(PREFIX)?.splitn(3, '.');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// A certificate as the firm's history leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Id of the kind in the catalog.
    pub kind: String,
    pub slug: String,
    pub parts: BTreeMap<String, String>,
    /// The list and row it was first recorded from.
    pub source: Option<Source>,
}

impl Certificate {
    /// A part, or nothing.
    pub fn get(&self, attr: &str) -> Option<&str> {
        self.parts.get(attr).map(String::as_str)
    }

    /// A part that is a day.
    pub fn day(&self, attr: &str) -> Option<NaiveDate> {
        self.get(attr)?.parse().ok()
    }

    /// All certificates among a firm's fields, by kind and number. `source` tells where the event at a position took its
    /// facts from.
    pub fn all(fields: &Registers, source: impl Fn(usize) -> Option<Source>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (key, value) in fields.values() {
            let Some((kind, slug, attr)) = split_key(key) else { continue };
            // Keys come in order, so the parts of one certificate follow each other.
            if all.last().is_none_or(|last| last.kind != kind || last.slug != slug) {
                let source = fields.writer(key).and_then(&source);
                all.push(Self { kind: kind.to_owned(), slug: slug.to_owned(), parts: BTreeMap::new(), source });
            }
            if let Some(last) = all.last_mut() {
                last.parts.insert(attr.to_owned(), value.to_owned());
            }
        }
        all
    }
}

/// Whether a certificate counts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    Valid,
    /// Valid, but ends within the working year: 本年到期.
    EndsThisYear,
    Expired,
    Revoked,
    /// Nothing says until when.
    Unknown,
}

/// Whether it counts on a day, given when it ends and whether it was revoked.
pub fn validity(ends: Option<NaiveDate>, revoked: Option<NaiveDate>, today: NaiveDate) -> Validity {
    use chrono::Datelike;
    match (revoked, ends) {
        (Some(day), _) if day <= today => Validity::Revoked,
        (_, None) => Validity::Unknown,
        (_, Some(day)) if day < today => Validity::Expired,
        (_, Some(day)) if day.year() == today.year() => Validity::EndsThisYear,
        _ => Validity::Valid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_that_name_one_certificate_mean_one() {
        assert_eq!(slug(" gr２０２６37000001", "", ""), "GR202637000001");
        assert_eq!(slug("", "领航 众创空间", "2026-09-22"), slug("", "领航众创空间", "2026-09-22"));
        assert_ne!(slug("", "领航众创空间", "2026-09-22"), slug("", "领航众创空间", "2025-09-22"));
        let key = field_key("gaoqi", "GR202637000001", attr::ISSUED);
        assert_eq!(split_key(&key), Some(("gaoqi", "GR202637000001", "issued")));
    }

    #[test]
    fn a_certificate_counts_until_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let today = day("2026-08-24").expect("a day");
        assert_eq!(validity(day("2027-01-01"), None, today), Validity::Valid);
        assert_eq!(validity(day("2026-08-24"), None, today), Validity::EndsThisYear);
        assert_eq!(validity(day("2026-08-23"), None, today), Validity::Expired);
        assert_eq!(validity(None, None, today), Validity::Unknown);
        assert_eq!(validity(day("2027-01-01"), day("2026-05-01"), today), Validity::Revoked);
    }
}
