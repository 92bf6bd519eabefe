//! 字段加密: numbers of persons as sealed text inside events, so that who holds the disk and no password reads none of them.
//! The text's form and the keys that open it ([`keys`]), key pairs by which people are given such a key ([`pair`]), which
//! values are sealed ([`fields`]), and opening what was read ([`opened`]).
//! Pure like the rest of the floor: random bytes are handed in, and where keys are kept is the store's.
//!
//! A sealed value is `密1`, a letter for the sort, and in base 32 without padding: 5 bytes naming the key, a nonce of 24
//! bytes, the ciphertext, a tag of 16 bytes (XChaCha20-Poly1305; all in front of the ciphertext is authenticated with it).
//! The nonce is a keyed hash of sort and plain text, so one number is always sealed to one text under one key: values compare
//! equal without being opened. Only digits and capitals follow the prefix, because programs that know nothing of sealing
//! tidy, fold and capitalise what they hold.

mod base32;
mod fields;
mod keys;
mod opened;
mod pair;

pub use fields::{column_sort, firm_sort, form_sort, kind_sort};
pub use keys::{FieldKey, Keys, Secret};
pub use opened::{open_history, open_registers};
pub use pair::{Pair, wrap};

/// What every sealed text begins with; the digit is the version of its form.
pub const PREFIX: &str = "密1";

/// What people see in place of a value whose key is not here.
pub const COVERED: &str = "已加密";

/// Bytes that name a key.
const ID: usize = 5;
const NONCE: usize = 24;
const TAG: usize = 16;

/// What sort of value is sealed. The same number as two sorts is two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Phone,
    ResidentId,
    /// Words that may hold such a number: a draft, a remark on a value.
    Words,
}

impl Sort {
    const ALL: [Self; 3] = [Self::Phone, Self::ResidentId, Self::Words];

    /// As it stands in sealed text.
    fn letter(self) -> char {
        match self {
            Self::Phone => 'P',
            Self::ResidentId => 'R',
            Self::Words => 'W',
        }
    }
}

/// The parts of a sealed text.
struct Parts<'t> {
    /// Prefix, letter and key: authenticated with the rest.
    bytes: Vec<u8>,
    head: &'t str,
}

/// Takes a text apart. `None`: it is not sealed text of this version.
fn parts(text: &str) -> Option<Parts<'_>> {
    let rest = text.strip_prefix(PREFIX)?;
    let letter = rest.chars().next()?;
    if !Sort::ALL.iter().any(|sort| sort.letter() == letter) {
        return None;
    }
    let bytes = base32::decode(&rest[letter.len_utf8()..])?;
    (bytes.len() >= ID + NONCE + TAG).then_some(Parts { bytes, head: &text[..PREFIX.len() + letter.len_utf8()] })
}

/// Whether a value is sealed, by whatever key.
pub fn is_sealed(text: &str) -> bool {
    // Most values end here.
    text.starts_with(PREFIX) && parts(text).is_some()
}

/// A value as people may read it: what is still sealed is covered by a word.
pub fn readable(text: &str) -> &str {
    if is_sealed(text) { COVERED } else { text }
}

#[cfg(test)]
mod tests;
