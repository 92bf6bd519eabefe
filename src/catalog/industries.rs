//! 国民经济行业分类 GB/T 4754-2017: 门类 (a letter), 大类, 中类, 小类 (2, 3, 4 digits).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::pinyin::{Haystack, Quality, Query, Reader};

const FILE: &str = include_str!("../../assets/industries/gbt4754-2017.csv");

/// A class of industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Industry {
    /// The 门类 it lies in: `C`.
    pub section: &'static str,
    /// `C`, `36`, `361`, `3611`.
    pub code: &'static str,
    pub name: &'static str,
}

/// In the standard's order, with places by code.
static ALL: LazyLock<(Vec<Industry>, HashMap<&'static str, usize>)> = LazyLock::new(|| {
    let mut all = Vec::new();
    for line in FILE.lines().skip(1) {
        let mut cells = line.splitn(3, ',');
        if let (Some(section), Some(code), Some(name)) = (cells.next(), cells.next(), cells.next()) {
            all.push(Industry { section, code, name });
        }
    }
    let places = all.iter().enumerate().map(|(at, industry)| (industry.code, at)).collect();
    (all, places)
});

/// Names ready for searching, in the order of [`ALL`]; built when first searched.
static HAYSTACKS: LazyLock<Vec<Haystack>> =
    LazyLock::new(|| ALL.0.iter().map(|industry| Reader::builtin().haystack(industry.name)).collect());

/// All classes, in the standard's order.
pub fn all() -> &'static [Industry] {
    &ALL.0
}

/// A class by its code; a leading letter before digits (`C36`) is ignored.
pub fn industry(code: &str) -> Option<Industry> {
    let code = code.trim();
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let code = if digits.is_empty() { code.to_ascii_uppercase() } else { digits.to_owned() };
    ALL.1.get(code.as_str()).map(|at| ALL.0[*at])
}

/// Whether a class lies in another or is it: 3611 in 36, 36 in C.
pub fn lies_in(code: &str, class: &str) -> bool {
    match (industry(code), industry(class)) {
        (Some(own), Some(class)) => own.code.starts_with(class.code) || own.section == class.code,
        _ => false,
    }
}

/// The next level inside a class, in the standard's order.
pub fn children(code: &str) -> Vec<Industry> {
    let Some(class) = industry(code) else { return Vec::new() };
    let (prefix, length) = if class.code == class.section { ("", 2) } else { (class.code, class.code.len() + 1) };
    let inside = |i: &&Industry| i.section == class.section && i.code.len() == length && i.code.starts_with(prefix);
    ALL.0.iter().filter(inside).copied().collect()
}

/// The classes a code lies in, from the 门类 down to itself: 制造业, 汽车制造业, 汽车整车制造, 汽柴油车整车制造.
pub fn path(code: &str) -> Vec<Industry> {
    let Some(own) = industry(code) else { return Vec::new() };
    let levels = (2..=own.code.len()).filter_map(|n| industry(&own.code[..n]));
    industry(own.section).into_iter().chain(levels.filter(|i| i.code != i.section)).collect()
}

/// Classes by name (characters, pinyin, initials) or by the beginning of their code, best first, at most `limit`.
pub fn search(text: &str, limit: usize) -> Vec<Industry> {
    let query = Query::new(text);
    let typed = text.trim().to_ascii_uppercase();
    let found = ALL.0.iter().zip(HAYSTACKS.iter()).filter_map(|(industry, haystack)| {
        let coded = !typed.is_empty() && industry.code.starts_with(&typed);
        let quality = if coded { Some(Quality::Prefix) } else { query.quality(haystack) };
        quality.map(|quality| (quality, *industry))
    });
    let mut found: Vec<_> = found.collect();
    // Stable: of equally good ones the standard's order stays, wider classes first.
    found.sort_by_key(|(quality, _)| *quality);
    found.into_iter().take(limit).map(|(_, industry)| industry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_is_whole() {
        let count = |length: usize, digits: bool| {
            all().iter().filter(|i| i.code.len() == length && (i.code != i.section) == digits).count()
        };
        assert_eq!((count(1, false), count(2, true), count(3, true), count(4, true)), (20, 97, 473, 1381));
        assert_eq!(ALL.1.len(), all().len(), "no code twice");
        for industry in all().iter().filter(|i| i.code.len() > 2) {
            assert!(super::industry(&industry.code[..industry.code.len() - 1]).is_some(), "{industry:?}");
        }
    }

    #[test]
    fn a_code_has_a_name_and_a_place() {
        assert_eq!(industry("36").map(|i| i.name), Some("汽车制造业"));
        assert_eq!(industry("c3611").map(|i| i.code), Some("3611"));
        assert_eq!(industry("c").map(|i| i.name), Some("制造业"));
        assert_eq!(industry("3741").map(|i| i.name), Some("飞机制造"));
        assert_eq!(industry("999"), None);
        let names: Vec<_> = path("3211").iter().map(|i| i.code).collect();
        assert_eq!(names, ["C", "32", "321", "3211"]);
        assert!(lies_in("3611", "36") && lies_in("3611", "C") && !lies_in("3611", "32") && !lies_in("x", "C"));
        assert_eq!(children("C").len(), 31);
        assert!(children("36").iter().all(|i| i.code.len() == 3) && !children("36").is_empty());
        assert!(children("3611").is_empty());
    }

    #[test]
    fn a_class_is_found_by_name_pinyin_or_code() {
        assert_eq!(search("汽车制造业", 5)[0].code, "36");
        assert_eq!(search("qczzy", 5)[0].code, "36");
        assert_eq!(search("36", 2).iter().map(|i| i.code).collect::<Vec<_>>(), ["36", "361"]);
        assert!(search("", 5).is_empty());
        assert!(search("铝", 50).iter().any(|i| i.name.contains("铝")));
    }
}
