//! 统一社会信用代码, GB 32100-2015: 18 characters of a 31-character set, issued once and for life.
//!
//! The check character is advice, not law: genuine codes of the early pilot (Fujian 2015) fail it while the organisation
//! code inside them passes. And the region inside is that of the registration: after a county became a district the
//! code stays, so nothing about today's district or township may be read from it.

use serde::Serialize;

use super::{Finding, Verdict, org_code};
use crate::domain::text::number_key;

/// The set of GB 32100: digits and capital letters without I, O, S, V, Z. A character's value is its place here.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// `3^(i−1) mod 31` for positions 1 to 17 (GB 32100-2015).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// What a code of the right shape is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// 登记管理部门, position 1.
    pub department: char,
    /// 机构类别, position 2.
    pub kind: char,
    /// 登记机关行政区划码 at the time of registration, positions 3–8; it says nothing about today.
    pub region: String,
    /// 主体标识码 written as an organisation code, `XXXXXXXX-X`.
    pub org_code: String,
}

impl Parts {
    /// 登记管理部门 in words, where the standard is commonly known.
    pub fn department_word(&self) -> Option<&'static str> {
        match self.department {
            '1' => Some("机构编制"),
            '5' => Some("民政"),
            '9' => Some("市场监管"),
            'Y' => Some("其他"),
            _ => None,
        }
    }

    /// 机构类别 in words; only the market regulator's are told apart.
    pub fn kind_word(&self) -> Option<&'static str> {
        match (self.department, self.kind) {
            ('9', '1') => Some("企业"),
            ('9', '2') => Some("个体工商户"),
            ('9', '3') => Some("农民专业合作社"),
            _ => None,
        }
    }
}

/// The check character of the first 17 characters; nothing when one of them is outside the set.
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.bytes().zip(WEIGHTS) {
        sum += ALPHABET.iter().position(|c| *c == byte)? as u32 * weight;
    }
    Some(char::from(ALPHABET[(31 - sum % 31) as usize % 31]))
}

/// Whether 18 characters carry their own check character.
pub fn passes(code: &str) -> bool {
    code.len() == 18 && code.is_char_boundary(17) && check_character(&code[..17]) == code.chars().last()
}

/// The organisation code inside a code of the right length, `XXXXXXXX-X`.
pub fn org_code(code: &str) -> Option<String> {
    let shaped = code.len() == 18 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    shaped.then(|| format!("{}-{}", &code[8..16], &code[16..17]))
}

/// Looks at a code as typed or as found in a list. Never refuses; an empty text is simply missing.
pub fn check(text: &str) -> Verdict<Parts> {
    let value: String = number_key(text).chars().filter(|c| *c != '-').collect();
    let verdict = Verdict::bare(value.clone());
    if value.is_empty() {
        return verdict;
    }
    if lost_digits(&value) {
        return verdict.with(Finding::strong(
            "这个代码像是被表格软件当成数字存过，末尾几位已经丢失，无法还原，请从执照重新录入。",
        ));
    }
    if value.chars().any(|c| !c.is_ascii_alphanumeric()) {
        return verdict.with(Finding::strong("统一社会信用代码只能由数字和大写字母组成，请核对执照。"));
    }
    if value.len() != 18 {
        return verdict.with(wrong_length(&value));
    }
    if let Some(finding) = illegal_letters(&value) {
        return verdict.with(finding);
    }
    // From here on: 18 characters of the set, so every slice below lies on a boundary.
    let parts = Parts {
        department: char::from(value.as_bytes()[0]),
        kind: char::from(value.as_bytes()[1]),
        region: value[2..8].to_owned(),
        org_code: format!("{}-{}", &value[8..16], &value[16..17]),
    };
    let verdict = Verdict { reads: Some(parts), ..verdict };
    let expected = check_character(&value[..17]);
    if expected == value.chars().last() {
        return verdict;
    }
    let expected = expected.map_or_else(String::new, |c| format!("（按前 17 位推算，末位应为 {c}）"));
    verdict.with(if org_code::passes(&value[8..17]) {
        Finding::warning(format!("疑似试点期代码或抄录错误，请核对执照{expected}。"))
    } else {
        Finding::strong("校验位和其中的组织机构代码都不符，多半抄错了，请对照执照逐位核对。")
    })
}

/// A spreadsheet keeps 15 significant digits: an all-digit code comes back with `000` at its end, or as `9.13E+17`.
fn lost_digits(value: &str) -> bool {
    let scientific = value.contains('.') && value.contains('E') && value.parse::<f64>().is_ok();
    let rounded = value.len() == 18 && value.ends_with("000") && value.bytes().all(|b| b.is_ascii_digit());
    scientific || (rounded && !passes(value))
}

fn wrong_length(value: &str) -> Finding {
    match value.len() {
        9 if org_code::passes(value) => Finding::strong("这像是组织机构代码（9 位），统一社会信用代码应为 18 位。"),
        15 if value.bytes().all(|b| b.is_ascii_digit()) => {
            Finding::strong("这像是旧的工商注册号（15 位），请记入其他证号；统一社会信用代码应为 18 位。")
        }
        length => Finding::strong(format!("统一社会信用代码应为 18 位，现在是 {length} 位。")),
    }
}

fn illegal_letters(value: &str) -> Option<Finding> {
    let mut illegal: Vec<char> = value.chars().filter(|c| matches!(c, 'I' | 'O' | 'S' | 'V' | 'Z')).collect();
    if illegal.is_empty() {
        return None;
    }
    illegal.sort_unstable();
    illegal.dedup();
    let letters: Vec<String> = illegal.iter().map(char::to_string).collect();
    let says = format!("统一社会信用代码里不会出现字母 {}，请核对执照。", letters.join("、"));
    let meant: String = value
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' => '1',
            'Z' => '2',
            'S' => '5',
            other => other,
        })
        .collect();
    // V looks like no single other character, so a code with V is left to the person.
    if meant.contains('V') {
        return Some(Finding::strong(says));
    }
    let finding = if passes(&meant) { Finding::warning(says) } else { Finding::strong(says) };
    Some(finding.suggest(meant))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Severity;
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_pass() {
        for code in [
            "91370200264574251E",
            "9144030071526726XG",
            "91330100799655058B",
            "914403001922038216",
            "91350200776049653A",
            "123502001549897397",
            "51370000MJD6177755",
        ] {
            assert_eq!(check(code).findings, vec![], "{code}");
        }
        assert_eq!(org_code("91370200264574251E").as_deref(), Some("26457425-1"));
        assert_eq!(org_code("9144030071526726XG").as_deref(), Some("71526726-X"));
    }

    #[test]
    fn genuine_pilot_codes_are_a_warning_and_keep_their_parts() {
        for (code, computed) in [("91350100M0001TGQXM", '1'), ("91350211M0000XUF46", 'R')] {
            let verdict = check(code);
            assert_eq!(verdict.worst(), Some(Severity::Warning), "{code}");
            assert!(verdict.findings[0].says.starts_with("疑似试点期代码或抄录错误，请核对执照"));
            assert_eq!(check_character(&code[..17]), Some(computed));
            assert!(verdict.reads.is_some());
        }
        assert_eq!(check("91370200264574251F").worst(), Some(Severity::Warning));
    }

    #[test]
    fn a_slip_inside_the_organisation_part_is_a_strong_warning() {
        assert_eq!(check("91370200264574252E").worst(), Some(Severity::Strong));
    }

    #[test]
    fn the_code_is_read_however_it_was_pasted() {
        let verdict = check(" '９１３７０２００ 264574251ｅ\n");
        assert_eq!(verdict.value, "91370200264574251E");
        let parts = verdict.reads.expect("right shape");
        assert_eq!((parts.department_word(), parts.kind_word()), (Some("市场监管"), Some("企业")));
        assert_eq!(parts.region, "370200");
        assert_eq!(parts.org_code, "26457425-1");
    }

    #[test]
    fn letters_outside_the_set_are_corrected_by_suggestion_only() {
        let verdict = check("9137O2OO26457425IE");
        assert_eq!(verdict.value, "9137O2OO26457425IE");
        assert_eq!(verdict.worst(), Some(Severity::Warning));
        assert_eq!(verdict.findings[0].suggestion.as_deref(), Some("91370200264574251E"));
        assert_eq!(check("9137020026457425SE").worst(), Some(Severity::Strong));
        assert_eq!(check("9137020026457425VE").findings[0].suggestion, None);
    }

    #[test]
    fn digits_lost_to_a_spreadsheet_are_named_as_such() {
        for lost in ["123502001549897000", "1.23502001549897E+17"] {
            let verdict = check(lost);
            assert_eq!(verdict.worst(), Some(Severity::Strong), "{lost}");
            assert!(verdict.findings[0].says.contains("丢失"), "{lost}");
        }
    }

    #[test]
    fn other_lengths_say_what_they_look_like() {
        assert!(check("26457425-1").findings[0].says.contains("组织机构代码"));
        assert!(check("370200018012345").findings[0].says.contains("工商注册号"));
        assert!(check("9137020026457425").findings[0].says.contains("16 位"));
        assert!(check("青澜区").findings[0].says.contains("只能由"));
        assert!(check(" 　").findings.is_empty());
    }

    proptest! {
        #[test]
        fn one_wrong_character_never_passes(body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..17, other in 0usize..31) {
            let last = check_character(&body).expect("17 of the set");
            let mut bytes = body.clone().into_bytes();
            bytes[at] = ALPHABET[other];
            let changed = String::from_utf8(bytes).expect("ascii");
            prop_assert_eq!(passes(&format!("{changed}{last}")), changed == body);
        }

        #[test]
        fn any_text_is_looked_at_without_a_panic(text in "\\PC{0,30}") {
            let once = check(&text).value;
            prop_assert_eq!(check(&once).value, once);
        }
    }
}
