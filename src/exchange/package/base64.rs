//! Base64 without padding, as headers of sealed files spell it (RFC 4648, canonical only).

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Spells bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..=chunk.len() {
            out.push(char::from(DIGITS[(word >> (18 - 6 * n) & 63) as usize]));
        }
    }
    out
}

/// Reads them back. `None`: not spelled as [`encode`] does.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut word = 0_u32;
        for digit in chunk {
            word = word << 6 | DIGITS.iter().position(|known| known == digit)? as u32;
        }
        word <<= 6 * (4 - chunk.len());
        out.extend(&word.to_be_bytes()[1..chunk.len()]);
    }
    (encode(&out) == text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10.
    #[test]
    fn it_is_the_standard_and_only_canonical() {
        let pairs = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")];
        for (plain, spelled) in pairs {
            assert_eq!(encode(plain.as_bytes()), spelled);
            assert_eq!(decode(spelled).as_deref(), Some(plain.as_bytes()));
        }
        for wrong in ["Z", "Zh", "Zg==", "Zm9v\n", "é"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
