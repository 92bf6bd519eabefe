//! 行政区划: provinces, cities, counties and districts of mainland China, and the townships of Shandong.
//!
//! Codes are GB/T 2260 (2, 4, 6 digits) and GB/T 10114 (9 digits). A firm's credit code carries a region too, that of its
//! registration; it is never looked up here to tell where the firm is today.

use std::sync::LazyLock;

const REGIONS: &str = include_str!("../../assets/regions/regions.csv");
const TOWNSHIPS: &str = include_str!("../../assets/regions/townships-37.csv");

/// A place with its official code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// 2, 4, 6 or 9 digits.
    pub code: &'static str,
    pub name: &'static str,
}

/// Every region, ordered by code, so that what lies inside a region follows it.
static ALL: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let lines = [REGIONS, TOWNSHIPS].into_iter().flat_map(|text| text.lines().skip(1));
    let mut all: Vec<Region> =
        lines.filter_map(|line| line.split_once(',')).map(|(code, name)| Region { code, name }).collect();
    all.sort_unstable_by_key(|region| region.code);
    all
});

/// A region by its code.
pub fn region(code: &str) -> Option<Region> {
    ALL.binary_search_by(|region| region.code.cmp(code)).ok().map(|at| ALL[at])
}

/// The provinces, in official order.
pub fn provinces() -> impl Iterator<Item = Region> {
    ALL.iter().copied().filter(|region| region.code.len() == 2)
}

/// Districts and counties whose code begins with what was typed, or whose full name contains all of its words; at most
/// `most`, in official order.
pub fn find(text: &str, most: usize) -> Vec<Region> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let districts = ALL.iter().filter(|region| region.code.len() == 6);
    let fits = |region: &&Region| {
        words
            .iter()
            .all(|word| region.code.starts_with(word) || full_name(region.code).is_some_and(|name| name.contains(word)))
    };
    districts.filter(fits).take(most).copied().collect()
}

/// The next level inside a region, in official code order: a district's 街道 before its 镇 before its 乡.
pub fn children(code: &str) -> Vec<Region> {
    let length = match code.len() {
        2 => 4,
        4 => 6,
        6 => 9,
        _ => return Vec::new(),
    };
    let from = ALL.partition_point(|region| region.code <= code);
    ALL[from..]
        .iter()
        .take_while(|region| region.code.starts_with(code))
        .filter(|r| r.code.len() == length)
        .copied()
        .collect()
}

/// The region one level up.
pub fn parent(code: &str) -> Option<Region> {
    let length = match code.len() {
        9 => 6,
        6 => 4,
        4 => 2,
        _ => return None,
    };
    region(code.get(..length)?)
}

/// The name with everything it lies in: 山东省聊城市茌平区. 市辖区 and the like, which nobody writes, are left out.
pub fn full_name(code: &str) -> Option<String> {
    let own = region(code)?;
    let above = [2, 4, 6].into_iter().filter(|n| *n < code.len()).filter_map(|n| region(&code[..n]));
    let spoken = above.filter(|region| region.name != "市辖区" && region.name != "县" && !region.name.contains("直辖"));
    Some(spoken.map(|region| region.name).chain([own.name]).collect())
}

/// What firms of a region put before their names: 聊城市, 聊城, 茌平区, 茌平. Without the suffix only where two characters stay.
pub fn name_prefixes(code: &str) -> Vec<&'static str> {
    let levels = [2, 4, 6].into_iter().filter_map(|n| region(code.get(..n)?));
    let mut words = Vec::new();
    for region in
        levels.filter(|region| region.name != "市辖区" && region.name != "县" && !region.name.contains("直辖"))
    {
        words.push(region.name);
        let bare = ["特别行政区", "自治区", "自治州", "自治县", "省", "市", "区", "县"]
            .iter()
            .find_map(|s| region.name.strip_suffix(s));
        words.extend(bare.filter(|bare| bare.chars().count() >= 2));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_name_and_a_place() {
        assert_eq!(region("371503").map(|r| r.name), Some("茌平区"));
        assert_eq!(full_name("371503").as_deref(), Some("山东省聊城市茌平区"));
        assert_eq!(full_name("371503105").as_deref(), Some("山东省聊城市茌平区杜郎口镇"));
        assert_eq!(full_name("110105").as_deref(), Some("北京市朝阳区"));
        assert_eq!(parent("371503").map(|r| r.name), Some("聊城市"));
        assert_eq!((region("371523"), parent("37"), parent("x"), full_name("山")), (None, None, None, None));
    }

    #[test]
    fn a_district_is_found_by_name_by_code_and_by_where_it_lies() {
        let names = |text: &str| find(text, 3).into_iter().map(|region| region.name).collect::<Vec<_>>();
        assert_eq!(names("茌平"), ["茌平区"]);
        assert_eq!(names("371503"), ["茌平区"]);
        assert_eq!(names("聊城 莘"), ["莘县"]);
        assert_eq!(names("3715").len(), 3);
        assert!(names(" ").is_empty() && names("青澜区").is_empty());
    }

    #[test]
    fn townships_stand_in_official_order() {
        let names: Vec<_> = children("371503").iter().map(|r| r.name).collect();
        assert_eq!(
            names,
            [
                "振兴街道",
                "信发街道",
                "温陈街道",
                "乐平铺镇",
                "冯官屯镇",
                "菜屯镇",
                "博平镇",
                "杜郎口镇",
                "韩屯镇",
                "胡屯镇",
                "肖家庄镇",
                "贾寨镇",
                "洪官屯镇",
                "杨官屯乡",
            ]
        );
    }

    #[test]
    fn every_region_lies_in_another() {
        assert_eq!(provinces().count(), 31);
        assert_eq!(children("3715").len(), 8);
        assert!(children("110101").is_empty(), "townships are built in for Shandong only");
        for region in ALL.iter().filter(|region| region.code.len() > 2) {
            assert!(parent(region.code).is_some(), "{region:?}");
        }
        let mut codes: Vec<_> = ALL.iter().map(|r| r.code).collect();
        codes.dedup();
        assert_eq!(codes.len(), 31 + 342 + 2978 + 1853);
        assert_eq!(children(""), []);
    }

    #[test]
    fn a_district_knows_what_its_firms_are_called() {
        assert_eq!(name_prefixes("371503"), ["山东省", "山东", "聊城市", "聊城", "茌平区", "茌平"]);
        assert_eq!(name_prefixes("371522"), ["山东省", "山东", "聊城市", "聊城", "莘县"]);
        assert!(name_prefixes("").is_empty());
    }
}
