//! Base 32 of RFC 4648 without padding: capitals and the digits 2 to 7.

const SYMBOLS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut group = [0; 5];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let symbols = (chunk.len() * 8).div_ceil(5);
        out.extend((0..symbols).map(|n| char::from(SYMBOLS[(bits >> (35 - 5 * n) & 31) as usize])));
    }
    out
}

/// Text as bytes. `None`: a symbol that is none, or a spelling no bytes have.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    for chunk in text.as_bytes().chunks(8) {
        let mut bits = 0_u64;
        for symbol in chunk {
            bits = bits << 5 | SYMBOLS.iter().position(|known| known == symbol)? as u64;
        }
        let whole = chunk.len() * 5 / 8;
        let spare = chunk.len() * 5 - whole * 8;
        if spare >= 5 || bits & ((1 << spare) - 1) != 0 {
            return None;
        }
        let bits = bits >> spare;
        out.extend((0..whole).map(|n| (bits >> (8 * (whole - 1 - n))) as u8));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        for (plain, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(decode("MZ1"), None, "no such symbol");
        assert_eq!(decode("MZ"), None, "bits no byte has");
        assert_eq!(decode("A"), None, "no byte is that short");
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
