//! What the values of a column look like: the second look when its header says too little.

use super::label::place;
use crate::domain::identity::uscc;
use crate::domain::text::number_key;

/// 18 characters of GB 32100-2015: two of the authority, six digits of the region, ten of body and check. Not an identity
/// card number, whose characters 7 to 14 are a birthday.
pub(super) fn is_credit_code(text: &str) -> bool {
    let key = number_key(text);
    let b = key.as_bytes();
    let in_set = |b: &u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"IOSVZ".contains(b));
    b.len() == 18
        && b.iter().all(in_set)
        && b[2..8].iter().all(u8::is_ascii_digit)
        && !has_birthday(b)
        && (!is_registration(b) || uscc::passes(&key))
}

/// 入库登记编号 of 科小: year, six digits of the district, 0 A or B, one more, six digits. It has the shape of a credit code
/// and is told from one by its check character.
fn is_registration(b: &[u8]) -> bool {
    b.starts_with(b"20")
        && b[..10].iter().all(u8::is_ascii_digit)
        && b"0AB".contains(&b[10])
        && b[12..].iter().all(u8::is_ascii_digit)
}

fn has_birthday(b: &[u8]) -> bool {
    if !b[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| b[range].iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    (1900..2030).contains(&number(6..10)) && (1..=12).contains(&number(10..12)) && (1..=31).contains(&number(12..14))
}

/// GR202037000001, or 12 to 18 digits, perhaps with letters before them (入库登记编号 such as 2020379905A8000123).
pub(super) fn is_certificate(text: &str) -> bool {
    let key = number_key(text).replace('-', "");
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let only = key.bytes().all(|b| b.is_ascii_alphanumeric());
    only && (10..=18).contains(&digits) && key.len() <= 22 && key.len() - digits <= 6
}

/// GR and twelve digits, the form of 高新技术企业证书编号 since 2008 (GF in its first years).
pub(super) fn is_high_tech_certificate(text: &str) -> bool {
    let key = number_key(text);
    key.len() == 14
        && (key.starts_with("GR20") || key.starts_with("GF20"))
        && key.bytes().skip(2).all(|b| b.is_ascii_digit())
}

/// Whether a text reads like the name of a firm, school or institute.
pub(super) fn is_firm(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "公司",
        "厂",
        "集团",
        "研究院",
        "研究所",
        "大学",
        "学院",
        "学校",
        "医院",
        "中心",
        "合作社",
        "事务所",
        "合伙)",
        "合伙）",
        "合伙企业",
        "协会",
        "设计院",
        "银行",
        "农场",
        "中学",
        "小学",
        "经营部",
        "工作室",
        "科学院",
        "实验室",
        "联合社",
        "分公司)",
        "分公司）",
    ];
    let text = text.trim();
    let len = text.chars().count();
    (4..=50).contains(&len)
        && ENDS.iter().any(|end| text.ends_with(end))
        && !text.contains(['，', '。', '；', '：', '、'])
}

/// Whether a text names a company beyond doubt: 中心 and 学校 end many other things.
pub(super) fn is_company(text: &str) -> bool {
    is_firm(text)
        && (["公司", "厂", "集团", "合作社"].iter().any(|end| text.trim().ends_with(end)) || text.contains("公司"))
}

/// A mobile number or one with an area code.
pub(super) fn is_phone(text: &str) -> bool {
    let key = number_key(text);
    let b = key.as_bytes();
    (b.len() == 11 && b[0] == b'1' && (b'3'..=b'9').contains(&b[1]) && b.iter().all(u8::is_ascii_digit))
        || (b.len() > 9 && b[0] == b'0' && (b.contains(&b'-')) && b.iter().all(|b| b.is_ascii_digit() || *b == b'-'))
}

/// A township by its ending.
pub(super) fn is_township(text: &str) -> bool {
    place(text) == Some(3)
}

/// A place of any sort by its ending.
pub(super) fn is_area(text: &str) -> bool {
    place(text).is_some()
}

/// The number of a 序号 cell: 12, 12., （12）, 12.0.
pub(super) fn serial(text: &str) -> Option<u32> {
    let b = text.as_bytes();
    if !b.is_empty() && b.len() <= 7 && b.iter().all(u8::is_ascii_digit) {
        return text.parse().ok();
    }
    if text.is_empty() || text.len() > 24 {
        return None;
    }
    let key = number_key(text);
    let key = key.strip_prefix('(').and_then(|k| k.strip_suffix(')')).unwrap_or(&key);
    let key = key.strip_suffix(".0").unwrap_or(key).trim_end_matches(['.', '、', ',']);
    (key.len() <= 7 && key.bytes().all(|b| b.is_ascii_digit())).then(|| key.parse().ok()).flatten()
}

/// Whether the values only number the rows: 1, 2, 3 …, perhaps beginning again in each group.
pub(super) fn is_running(values: &[&str]) -> bool {
    let numbers: Vec<Option<u32>> = values.iter().map(|v| serial(v)).collect();
    if numbers.is_empty() || numbers.iter().filter(|n| n.is_none()).count() * 10 > numbers.len() {
        return false;
    }
    if numbers.len() == 1 {
        return numbers[0].is_some_and(|n| n <= 1);
    }
    let steps =
        numbers.windows(2).filter(|w| matches!((w[0], w[1]), (Some(a), Some(b)) if b == a.saturating_add(1) || b == 1));
    steps.count() * 10 >= (numbers.len() - 1) * 7
}

/// Whether at least `percent` of the values fit; false without values.
pub(super) fn mostly(values: &[&str], percent: usize, fits: fn(&str) -> bool) -> bool {
    !values.is_empty() && values.iter().filter(|v| fits(v)).count() * 100 >= values.len() * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_code_is_told_from_an_identity_card() {
        assert!(is_credit_code("91379905MA3UQ2K70X") && is_credit_code("９１３７９９０５ＭＡ３ＵＱ２Ｋ７０Ｘ"));
        assert!(!is_credit_code("379905199001011234") && !is_credit_code("37990519900101123X"));
        assert!(is_credit_code("913799057152672616"));
        assert!(!is_credit_code("91379905MA3UQ2K70O"));
        // A real list numbers its firms so; the column must not be taken for credit codes.
        assert!(!is_credit_code("2026379905A0000401"));
    }

    #[test]
    fn running_numbers_are_no_certificates() {
        assert!(is_running(&["1", "2", "3", "1", "2"]) && is_running(&["1."]));
        assert!(!is_running(&["20173301001090", "20173301001128"]) && !is_running(&["7", "7", "7"]));
        assert_eq!(
            [serial("12"), serial("１２、"), serial("（3）"), serial("4.0"), serial("一")],
            [Some(12), Some(12), Some(3), Some(4), None]
        );
        assert!(is_certificate("20173301001090") && is_certificate("2020379905A8000123") && !is_certificate("12"));
        assert!(is_high_tech_certificate("gr202037000001") && !is_high_tech_certificate("GR2020"));
    }
}
