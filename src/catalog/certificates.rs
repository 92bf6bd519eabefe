//! Kinds of certificate and registration (`assets/certificates.toml`): how long they last, what their numbers look like,
//! which program awards them, and by which words a published list gives itself away.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use crate::domain::identity::certificate::NumberShape;
use crate::domain::problem::{Problem, Result};
use crate::domain::program::{Confidence, Level};
use crate::domain::text::name_key;

/// The embedded file, name and text.
pub(super) const FILE: (&str, &str) = ("certificates.toml", include_str!("../../assets/certificates.toml"));

/// A kind of certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateKind {
    pub id: String,
    pub name: String,
    /// For narrow places: 高企.
    pub short: String,
    #[serde(default)]
    pub level: Option<Level>,
    pub validity: Validity,
    #[serde(default)]
    pub number: NumberShape,
    /// The program that awards it, when it is one of ours.
    #[serde(default)]
    pub program: Option<String>,
    /// Groups of words; a title that holds all words of one reveals the kind.
    pub reveals: Vec<Vec<String>>,
    /// How far the validity rule can be trusted.
    #[serde(default)]
    pub confidence: Confidence,
    /// Where the rule stands.
    #[serde(default)]
    pub source: String,
}

/// How long a certificate lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ValidityRow")]
pub enum Validity {
    /// So many months from the day of issue.
    Months(u32),
    /// Until this month and day of the year after the issue.
    NextYear { month: u32, day: u32 },
    /// Without a term; reviewed from time to time.
    Open,
    /// As the document itself says: ask.
    Document,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidityRow {
    months: Option<u32>,
    next_year: Option<String>,
    open: Option<bool>,
    document: Option<bool>,
}

impl TryFrom<ValidityRow> for Validity {
    type Error = String;

    fn try_from(row: ValidityRow) -> Result<Self, String> {
        match (row.months, row.next_year, row.open, row.document) {
            (Some(months @ 1..=1200), None, None, None) => Ok(Self::Months(months)),
            (None, Some(day), None, None) => NaiveDate::parse_from_str(&format!("2001-{day}"), "%Y-%m-%d")
                .map(|day| Self::NextYear { month: day.month(), day: day.day() })
                .map_err(|_| format!("next_year = \"{day}\" is no MM-DD")),
            (None, None, Some(true), None) => Ok(Self::Open),
            (None, None, None, Some(true)) => Ok(Self::Document),
            _ => Err("validity needs exactly one of months, next_year, open, document".to_owned()),
        }
    }
}

impl Validity {
    /// The last day a certificate issued on a day is valid; none when it has no term or the document must be asked.
    ///
    /// A span of months ends on the day of the same number, or on the last of the month (民法典 202).
    pub fn last_day(self, issued: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Months(months) => issued.checked_add_months(Months::new(months)),
            // 29 February is no such day: the rule is read on a year without one.
            Self::NextYear { month, day } => NaiveDate::from_ymd_opt(issued.year() + 1, month, day),
            Self::Open | Self::Document => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<CertificateKind>,
}

/// Reads the kinds from their file; `file` is only said in errors.
///
/// # Errors
/// Names the file and the kind that does not fit.
pub fn read(file: &str, text: &str) -> Result<Vec<CertificateKind>> {
    let kinds = toml::from_str::<File>(text)
        .map_err(|e| Problem::damaged(format!("证书种类文件“{file}”看不懂。")).detail(format!("{file}: {e}")))?
        .kind;
    let mut ids = BTreeSet::new();
    for kind in &kinds {
        let wrong = if kind.id.is_empty() || !ids.insert(&kind.id) {
            "编号为空或重复"
        } else if kind.name.trim().is_empty() || kind.short.trim().is_empty() {
            "没有名称或简称"
        } else if kind.reveals.iter().any(|g| g.is_empty() || g.iter().any(|w| w.trim().is_empty())) {
            // No group at all is fine: such a kind is only ever chosen by a person.
            "用来认出名单标题的词是空的"
        } else {
            continue;
        };
        let says = format!("证书种类文件“{file}”里的“{}”{wrong}。", kind.name);
        return Err(Problem::damaged(says).detail(format!("{file}: {}", kind.id)));
    }
    Ok(kinds)
}

/// The kinds whose words stand in a title, the most telling first.
pub(super) fn in_title<'k>(kinds: &'k [CertificateKind], title: &str) -> Vec<&'k CertificateKind> {
    let title = name_key(title);
    let weight = |kind: &CertificateKind| {
        let groups = kind.reveals.iter().filter(|group| group.iter().all(|word| title.contains(&name_key(word))));
        groups.map(|group| group.iter().map(|word| word.chars().count()).sum::<usize>()).max()
    };
    let mut found: Vec<_> = kinds.iter().filter_map(|kind| Some((weight(kind)?, kind))).collect();
    // Stable: of equally telling ones the file's order decides.
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    found.into_iter().map(|(_, kind)| kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a real day")
    }

    fn last_day(id: &str, issued: &str) -> Option<NaiveDate> {
        Catalog::builtin().certificate(id).expect("a kind").validity.last_day(day(issued))
    }

    fn revealed(title: &str) -> Option<&'static str> {
        Catalog::builtin().certificates_in_title(title).first().map(|kind| kind.id.as_str())
    }

    #[test]
    fn a_certificate_lasts_as_its_rule_says() {
        assert_eq!(last_day("gaoqi", "2020-12-08"), Some(day("2023-12-08")));
        assert_eq!(last_day("gaoqi", "2024-02-29"), Some(day("2027-02-28")));
        assert_eq!(last_day("kexiao", "2026-07-15"), Some(day("2027-03-31")));
        assert_eq!(last_day("kexiao", "2026-02-15"), Some(day("2027-03-31")), "次年 is the year after");
        assert_eq!(last_day("taishan", "2020-06-01"), Some(day("2024-06-01")));
        assert_eq!(last_day("zckj_national", "2020-06-01"), None);
        assert_eq!(last_day("kexiao_province", "2020-06-01"), None);
        assert_eq!(Validity::Months(36).last_day(NaiveDate::MAX), None);
    }

    #[test]
    fn a_list_gives_itself_away_by_its_title() {
        for (title, kind) in [
            ("山东省2020年第一批高新技术企业备案名单", Some("gaoqi")),
            ("关于认定715家企业为2018年第一批青澜市级高新技术企业的通知", Some("gaoqi_city")),
            ("2021年高新技术企业培育库入库名单", Some("gaoqi_seed")),
            ("山东省2021年第三批拟入库科技型中小企业名单", Some("kexiao")),
            ("省科学技术厅2017年度浙江省科技型中小企业", Some("kexiao_province")),
            ("关于2020年青澜市市级众创空间拟认定名单的公示", Some("zckj_city")),
            ("2020年度国家备案众创空间名单", Some("zckj_national")),
            ("山东省省级众创空间备案名单", Some("zckj_province")),
            ("关于公布2016年度泰山产业领军人才名单的通知", Some("taishan")),
            ("第五批专精特新“小巨人”企业公示名单", Some("xiaojuren")),
            ("2023年度专精特新中小企业名单", Some("zjtx")),
            ("职工运动会报名表", None),
        ] {
            assert_eq!(revealed(title), kind, "{title}");
        }
    }

    #[test]
    fn a_broken_file_names_what_is_wrong() {
        let kind =
            "[[kind]]\nid = \"a\"\nname = \"甲\"\nshort = \"甲\"\nvalidity = { open = true }\nreveals = [[\"甲\"]]\n";
        assert_eq!(read("c.toml", kind).map(|kinds| kinds.len()), Ok(1));
        for (text, word) in [
            (kind.repeat(2), "重复"),
            (kind.replace("[[\"甲\"]]", "[[\" \"]]"), "标题"),
            (kind.replace("short = \"甲\"", "short = \"\""), "简称"),
            (kind.replace("open = true", "open = true, months = 3"), "看不懂"),
            (kind.replace("open = true", "next_year = \"02-29\""), "看不懂"),
            (kind.replace("short", "shrot"), "看不懂"),
        ] {
            let problem = read("c.toml", &text).expect_err(word);
            assert!(problem.says.contains(word) && problem.says.contains("c.toml"), "{problem}");
            assert!(problem.detail.is_some());
        }
    }
}
