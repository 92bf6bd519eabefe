//! 组织机构代码, GB 11714-1997: eight characters and a check character, written `XXXXXXXX-X`.
//!
//! It lives on as positions 9–17 of the [统一社会信用代码](super::uscc).

use super::{Finding, Verdict};
use crate::domain::text::number_key;

/// Weights of the eight characters (GB 11714-1997).
const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of eight characters from `0-9A-Z` (letters count 10 to 35); nothing for any other text.
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != 8 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.bytes().zip(WEIGHTS) {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            _ => return None,
        };
        sum += value * weight;
    }
    Some(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    })
}

/// Whether nine characters without a dash carry their own check character.
pub fn passes(nine: &str) -> bool {
    nine.len() == 9 && nine.is_char_boundary(8) && check_character(&nine[..8]) == nine.chars().last()
}

/// Looks at an organisation code. The value is spelt `XXXXXXXX-X` whenever it has nine characters.
pub fn check(text: &str) -> Verdict<()> {
    let bare: String = number_key(text).chars().filter(|c| *c != '-').collect();
    if bare.is_empty() {
        return Verdict::bare(bare);
    }
    let length = bare.chars().count();
    if length != 9 {
        return Verdict::bare(bare).with(Finding::strong(format!("组织机构代码应为 9 位，现在是 {length} 位。")));
    }
    if !bare.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Verdict::bare(bare).with(Finding::strong("组织机构代码只能由数字和大写字母组成。"));
    }
    let verdict = Verdict { value: format!("{}-{}", &bare[..8], &bare[8..]), reads: Some(()), findings: Vec::new() };
    if passes(&bare) {
        verdict
    } else {
        verdict.with(Finding::warning("组织机构代码的校验位不符，请核对证件。"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_vectors_of_the_standard_pass() {
        assert_eq!(check_character("26457425"), Some('1'));
        assert_eq!(check_character("71526726"), Some('X'));
        assert_eq!(check("26457425-1"), Verdict { value: "26457425-1".into(), reads: Some(()), findings: vec![] });
        assert_eq!(check(" ７１５２６７２６x ").value, "71526726-X");
        assert!(!check("71526726x").needs_a_look());
    }

    #[test]
    fn a_wrong_code_is_remarked_on_and_kept() {
        let wrong = check("26457425-2");
        assert_eq!(wrong.value, "26457425-2");
        assert!(wrong.needs_a_look());
        assert!(check("2645742").needs_a_look());
        assert!(check("264574-25号").needs_a_look());
        assert!(check("").findings.is_empty());
    }

    proptest! {
        #[test]
        fn the_computed_character_always_passes(body in "[0-9A-Z]{8}") {
            let check = check_character(&body).expect("eight characters");
            let code = format!("{body}{check}");
            prop_assert!(passes(&code));
        }

        #[test]
        fn one_wrong_digit_never_passes(body in "[0-9]{8}", at in 0usize..8, other in 0u8..10) {
            let check = check_character(&body).expect("eight digits");
            let mut bytes = body.clone().into_bytes();
            bytes[at] = b'0' + other;
            let changed = String::from_utf8(bytes).expect("digits");
            prop_assert_eq!(passes(&format!("{changed}{check}")), changed == body);
        }

        #[test]
        fn any_text_is_looked_at_without_a_panic(text in "\\PC{0,24}") {
            let once = check(&text).value;
            prop_assert_eq!(check(&once).value, once);
        }
    }
}
