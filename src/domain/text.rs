//! How names and numbers are folded so that two spellings of one thing compare equal.

/// Folds one character: full-width forms to ASCII, every bracket to `(` `)`, every dash to `-`, every blank to a space.
///
/// This is the part of NFKC that matters in Chinese office files, without the parts that would change a name.
pub fn fold(c: char) -> char {
    match c {
        '\u{3000}' | '\u{00A0}' | '\u{2002}'..='\u{200A}' | '\t' | '\r' | '\n' | '\u{000B}' => ' ',
        '（' | '〔' | '［' | '｛' | '【' | '﹙' | '[' | '{' | '「' | '『' => '(',
        '）' | '〕' | '］' | '｝' | '】' | '﹚' | ']' | '}' | '」' | '』' => ')',
        '\u{2010}'..='\u{2015}' | '－' | '−' | '﹣' => '-',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Whether a character carries no meaning inside a name or number: blanks, zero-width marks, middle dots, quotes.
pub fn is_noise(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E000}'..='\u{F8FF}'
                | '·' | '•' | '・' | '‧' | '\'' | '"' | '‘' | '’' | '“' | '”'
        )
}

/// What a person sees of a cell: blanks folded and collapsed to one, ends trimmed, characters kept as written.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let blank =
            matches!(fold(c), ' ') || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}') || c.is_control();
        if blank {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// The key under which two spellings of a firm's name meet: widths, brackets, blanks, dots and case do not count.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars().map(fold).filter(|c| !is_noise(*c)) {
        key.extend(c.to_lowercase());
    }
    key
}

/// A weaker key: as [`name_key`], with 有限责任公司 read as 有限公司. A match on it alone needs a person's eye.
pub fn loose_name_key(name: &str) -> String {
    name_key(name).replace("有限责任公司", "有限公司")
}

/// The key of a code, certificate or document number: folded, upper case, without blanks, dashes kept.
pub fn number_key(number: &str) -> String {
    number.chars().map(fold).filter(|c| !is_noise(*c)).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_firm_share_a_key() {
        assert_eq!(name_key("青澜 （山东）　新材料·有限公司\n"), name_key("青澜(山东)新材料有限公司"));
        assert_eq!(name_key("ＡＢＣ科技"), name_key("abc科技"));
        assert_ne!(name_key("青澜恒砚新材料有限责任公司"), name_key("青澜恒砚新材料有限公司"));
        assert_eq!(loose_name_key("青澜恒砚新材料有限责任公司"), loose_name_key("青澜恒砚新材料有限公司"));
    }

    #[test]
    fn what_a_person_sees_keeps_its_characters() {
        assert_eq!(tidy("　青澜\n新材料  有限公司\u{200B} "), "青澜 新材料 有限公司");
        assert_eq!(tidy("ＡＢ（一）"), "ＡＢ（一）");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in '\0'..=char::MAX {
            assert_eq!(fold(fold(c)), fold(c), "{c:?}");
        }
    }

    #[test]
    fn numbers_lose_blanks_and_width_but_not_dashes() {
        assert_eq!(number_key(" gr２０２０ 37000001"), "GR202037000001");
        assert_eq!(number_key("26457425－1"), "26457425-1");
    }
}
