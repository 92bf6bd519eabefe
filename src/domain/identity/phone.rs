//! Telephone numbers: mobiles of eleven digits, landlines with area code and extension, and their masks.
//!
//! The shapes are those of the national numbering plan: a mobile begins with 13 to 19, an area code with 0, a local number
//! with 2 to 9.

use serde::Serialize;

use super::{Finding, Verdict, cover};
use crate::domain::seal;
use crate::domain::text::{fold, is_noise};

/// Which network a number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phone {
    /// 手机.
    Mobile,
    /// 固定电话.
    Landline,
}

/// Looks at one number. Its one spelling is `13800005206`, or `0635-8288888-801` with area code and extension where given.
pub fn check(text: &str) -> Verdict<Phone> {
    let folded: String = text.chars().map(fold).filter(|c| !is_noise(*c)).collect();
    if folded.is_empty() {
        return Verdict::bare(folded);
    }
    if let Some(mobile) = mobile(&folded) {
        return Verdict { value: mobile, reads: Some(Phone::Mobile), findings: Vec::new() };
    }
    if let Some(landline) = landline(&folded) {
        return Verdict { value: landline, reads: Some(Phone::Landline), findings: Vec::new() };
    }
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let finding = if folded.chars().any(|c| matches!(c, '/' | '、' | ',' | ';')) || digits > 18 {
        Finding::warning("这里像是不止一个号码，请只留一个，其余记入其他联系人。")
    } else if folded.starts_with('1') && digits == folded.len() {
        Finding::warning(format!("手机号应为 11 位、以 13 至 19 开头，现在是 {digits} 位。"))
    } else {
        Finding::warning("这不像手机号，也不像“区号-号码-分机”式的固定电话，请核对。")
    };
    Verdict::bare(folded).with(finding)
}

/// Eleven digits after 13–19, with or without +86 and dashes.
fn mobile(folded: &str) -> Option<String> {
    let bare: String = folded.chars().filter(|c| *c != '-').collect();
    let bare = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086")).unwrap_or(&bare);
    let bytes = bare.as_bytes();
    let shaped = bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1]);
    shaped.then(|| bare.to_owned())
}

/// Area code, local number and extension in all the ways people write them.
fn landline(folded: &str) -> Option<String> {
    let (number, extension) = match folded.split_once('转') {
        Some((number, extension)) => (number, Some(extension.trim_start_matches(['分', '机', '-', ':']))),
        None => (folded, None),
    };
    let number = number.strip_prefix("+86").map_or_else(|| number.to_owned(), |rest| format!("0{}", trim_zero(rest)));
    let plain = number.replace(['(', ')'], "-");
    let mut groups: Vec<&str> = plain.split('-').filter(|g| !g.is_empty()).collect();
    groups.extend(extension);
    if groups.is_empty() || groups.iter().any(|g| g.is_empty() || !g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    // The area code may be glued to the number: 010 and 02x have three digits, all others four.
    let (area, rest) = if groups[0].starts_with('0') {
        let cut = if groups[0].starts_with("010") || groups[0].starts_with("02") { 3 } else { 4 };
        let (area, glued) = groups[0].split_at_checked(cut)?;
        let rest: Vec<&str> =
            std::iter::once(glued).filter(|g| !g.is_empty()).chain(groups[1..].iter().copied()).collect();
        (Some(area), rest)
    } else {
        (None, groups.clone())
    };
    let local = *rest.first()?;
    let local_fits = (7..=8).contains(&local.len()) && (b'2'..=b'9').contains(&local.as_bytes()[0]);
    let extension_fits = rest.len() == 1 || (rest.len() == 2 && rest[1].len() <= 6);
    if !local_fits || !extension_fits {
        return None;
    }
    let parts: Vec<&str> = area.into_iter().chain(rest).collect();
    Some(parts.join("-"))
}

fn trim_zero(text: &str) -> &str {
    text.trim_start_matches('-').trim_start_matches('0')
}

/// The number with its middle covered: `138****5206`, `0635-****888`; anything else keeps its last two characters. A sealed
/// one is covered by a word.
pub fn mask(text: &str) -> String {
    if seal::is_sealed(text) {
        return seal::COVERED.to_owned();
    }
    let verdict = check(text);
    match verdict.reads {
        Some(Phone::Mobile) => cover(&verdict.value, 3, 4),
        Some(Phone::Landline) => {
            let groups: Vec<&str> = verdict.value.split('-').collect();
            let local = usize::from(groups[0].starts_with('0'));
            let covered: Vec<String> = groups
                .iter()
                .enumerate()
                .map(|(i, group)| if i == local { cover(group, 0, 3) } else { (*group).to_owned() })
                .collect();
            covered.join("-")
        }
        None => cover(&verdict.value, 0, 2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> (String, Option<Phone>) {
        let verdict = check(text);
        assert_eq!(verdict.reads.is_none(), verdict.needs_a_look(), "{text}");
        (verdict.value, verdict.reads)
    }

    #[test]
    fn a_mobile_is_read_however_it_was_written() {
        for text in [
            "13800005206",
            "138 0000 5206",
            "138-0000-5206",
            "+86 13800005206",
            "１３８００００５２０６",
            "'13800005206",
        ] {
            assert_eq!(value(text), ("13800005206".into(), Some(Phone::Mobile)), "{text}");
        }
    }

    #[test]
    fn a_landline_is_read_with_area_code_and_extension() {
        for (text, meant) in [
            ("8288888", "8288888"),
            ("0635-8288888", "0635-8288888"),
            ("06358288888", "0635-8288888"),
            ("（0635）8288888", "0635-8288888"),
            ("0635－8288888转801", "0635-8288888-801"),
            ("0635-8288888转分机801", "0635-8288888-801"),
            ("0635-8288888-801", "0635-8288888-801"),
            ("01062345678", "010-62345678"),
            ("010-62345678", "010-62345678"),
            ("+86-635-8288888", "0635-8288888"),
        ] {
            assert_eq!(value(text), (meant.into(), Some(Phone::Landline)), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_remarked_on_and_kept() {
        assert_eq!(check("").findings, vec![]);
        assert!(check("1380000520").findings[0].says.contains("10 位"));
        assert!(check("13800005206/0635-8288888").findings[0].says.contains("不止一个"));
        assert!(check("见名片").needs_a_look());
        assert_eq!(check("见名片").value, "见名片");
        assert!(check("12800005206").needs_a_look());
        assert!(check("01012345678").needs_a_look(), "a local number begins with 2 to 9");
    }

    #[test]
    fn a_masked_number_cannot_be_dialled() {
        assert_eq!(mask("138 0000 5206"), "138****5206");
        assert_eq!(mask("0635-8288888"), "0635-****888");
        assert_eq!(mask("8288888-801"), "****888-801");
        assert_eq!(mask("张先生家"), "**生家");
    }

    proptest! {
        #[test]
        fn the_one_spelling_reads_as_itself(area in "(0[3-9][0-9]{2}-)?", local in "[2-9][0-9]{6,7}", ext in "(-[0-9]{1,6})?") {
            let text = format!("{area}{local}{ext}");
            let verdict = check(&text);
            prop_assert_eq!(verdict.reads, Some(Phone::Landline));
            prop_assert_eq!(verdict.value, text);
        }

        #[test]
        fn any_text_is_looked_at_without_a_panic(text in "\\PC{0,24}|[-0-9转()+]{0,24}") {
            let once = check(&text).value;
            prop_assert_eq!(check(&once).value, once.clone());
            mask(&once);
        }
    }
}
