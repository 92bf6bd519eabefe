//! Bech32 (BIP 173) for keys of 32 bytes, as age spells them: `age1…` and `AGE-SECRET-KEY-1…`.

const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

fn checksum(prefix: &str, values: &[u8]) -> u32 {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let all = high.chain([0]).chain(low).chain(values.iter().copied());
    all.fold(1_u32, |sum, value| {
        let top = sum >> 25;
        let sum = (sum & 0x1ff_ffff) << 5 ^ u32::from(value);
        let parts = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        parts.iter().enumerate().fold(sum, |sum, (n, part)| if top >> n & 1 == 1 { sum ^ part } else { sum })
    })
}

fn regroup(values: &[u8], from: u32, to: u32, pad: bool) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut out) = (0_u32, 0, Vec::new());
    for value in values {
        held = held << from & 0xffff | u32::from(*value);
        bits += from;
        while bits >= to {
            bits -= to;
            out.push((held >> bits & ((1 << to) - 1)) as u8);
        }
    }
    let rest = (held << (to - bits) & ((1 << to) - 1)) as u8;
    if pad && bits > 0 {
        out.push(rest);
    } else if !pad && (bits >= from || rest != 0) {
        return None;
    }
    Some(out)
}

/// Spells a key. The prefix is `age` or `AGE-SECRET-KEY-`; in capitals the whole is.
pub fn spell(prefix: &str, key: &[u8; 32]) -> String {
    let lower = prefix.to_ascii_lowercase();
    let mut values = regroup(key, 8, 5, true).unwrap_or_default();
    let sum = checksum(&lower, &[&values[..], &[0; 6]].concat()) ^ 1;
    values.extend((0..6).map(|n| (sum >> (5 * (5 - n)) & 31) as u8));
    let digits: String = values.iter().map(|value| char::from(DIGITS[usize::from(*value)])).collect();
    let text = format!("{lower}1{digits}");
    if lower == prefix { text } else { text.to_ascii_uppercase() }
}

/// Reads a key spelled with the prefix. `None`: it is not one, or was mistyped.
pub fn read(prefix: &str, text: &str) -> Option<[u8; 32]> {
    let lower = prefix.to_ascii_lowercase();
    let text = text.trim().to_ascii_lowercase();
    let digits = text.strip_prefix(&lower)?.strip_prefix('1')?;
    let values: Option<Vec<u8>> =
        digits.bytes().map(|byte| DIGITS.iter().position(|known| *known == byte).map(|n| n as u8)).collect();
    let values = values.filter(|values| values.len() == 58 && checksum(&lower, values) == 1)?;
    regroup(&values[..52], 5, 8, false)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_and_a_mistyped_one_does_not() {
        for prefix in ["age", "AGE-SECRET-KEY-"] {
            let text = spell(prefix, &[77; 32]);
            assert_eq!(read(prefix, &text), Some([77; 32]));
            for at in 0..text.len() {
                let mut wrong = text.clone().into_bytes();
                wrong[at] = if wrong[at] == b'q' || wrong[at] == b'Q' { b'p' } else { b'q' };
                assert_eq!(read(prefix, &String::from_utf8(wrong).unwrap()), None, "mistyped at {at}");
            }
        }
    }
}
