//! The keys that seal and open values, as they lie in memory while somebody is signed in. Gone from it with the last of them.

use std::borrow::Cow;
use std::sync::Arc;

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::{ID, NONCE, PREFIX, Sort, TAG, base32, parts};

/// Thirty-two bytes that open something; overwritten when let go.
pub type Secret = Zeroizing<[u8; 32]>;

/// A key of an office. Everything it does is derived from its secret.
pub struct FieldKey {
    secret: Secret,
    id: [u8; ID],
    cipher: Secret,
    nonce: Secret,
}

impl std::fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("FieldKey").field(&self.id()).finish()
    }
}

fn derive<const N: usize>(secret: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    // Refused only for more than 8160 bytes.
    let _ = Hkdf::<Sha256>::new(None, secret).expand(info, &mut out[..]);
    out
}

impl FieldKey {
    /// The key of a secret, which nobody must be able to guess.
    pub fn new(secret: Secret) -> Self {
        Self {
            id: *derive(&secret, b"kebao field key id 1"),
            cipher: derive(&secret, b"kebao field encryption 1"),
            nonce: derive(&secret, b"kebao field nonce 1"),
            secret,
        }
    }

    /// What it is known by; tells nothing of the secret.
    pub fn id(&self) -> String {
        base32::encode(&self.id)
    }

    /// The secret, to be given to somebody under a seal of their own.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// A value as it is stored. The same value gives the same text.
    pub fn seal(&self, sort: Sort, plain: &str) -> String {
        let head = format!("{PREFIX}{}", sort.letter());
        let nonce = self.nonce_of(sort, plain);
        let mut bytes = [&self.id[..], &nonce[..], plain.as_bytes()].concat();
        let tag = XChaCha20Poly1305::new((&*self.cipher).into()).encrypt_inout_detached(
            &nonce.into(),
            &[head.as_bytes(), &self.id].concat(),
            InOutBuf::from(&mut bytes[ID + NONCE..]),
        );
        // Refused only for more bytes than a memory holds; what is then written opens for nobody, and nothing is told.
        match tag {
            Ok(tag) => bytes.extend(&tag[..]),
            Err(_) => bytes[ID + NONCE..].zeroize(),
        }
        head + &base32::encode(&bytes)
    }

    fn nonce_of(&self, sort: Sort, plain: &str) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        // A key of any length is taken.
        if let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.nonce[..]) {
            mac.update(sort.letter().to_string().as_bytes());
            mac.update(plain.as_bytes());
            nonce.copy_from_slice(&mac.finalize().into_bytes()[..NONCE]);
        }
        nonce
    }

    fn open(&self, head: &str, bytes: &[u8]) -> Option<String> {
        let (nonce, rest) = bytes.strip_prefix(&self.id)?.split_at_checked(NONCE)?;
        let (body, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        let (nonce, tag): ([u8; NONCE], [u8; TAG]) = (nonce.try_into().ok()?, tag.try_into().ok()?);
        let mut plain = body.to_vec();
        XChaCha20Poly1305::new((&*self.cipher).into())
            .decrypt_inout_detached(
                &nonce.into(),
                &[head.as_bytes(), &self.id].concat(),
                InOutBuf::from(&mut plain[..]),
                &tag.into(),
            )
            .ok()?;
        String::from_utf8(plain).ok()
    }
}

/// The keys somebody holds; usually one or none, more where two machines of an office began unaware of each other.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Arc<FieldKey>>);

impl Keys {
    /// Whether nothing can be opened.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a key. Returns whether it was not there.
    pub fn add(&mut self, key: FieldKey) -> bool {
        let new = self.0.iter().all(|known| known.id != key.id);
        if new {
            self.0.push(Arc::new(key));
        }
        new
    }

    /// The key known by an id.
    pub fn get(&self, id: &str) -> Option<&Arc<FieldKey>> {
        self.0.iter().find(|key| key.id() == id)
    }

    /// All of them, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<FieldKey>> {
        self.0.iter()
    }

    /// What a sealed value says. `None`: it is not sealed, or by a key that is not among these.
    pub fn open(&self, text: &str) -> Option<String> {
        if self.0.is_empty() || !text.starts_with(PREFIX) {
            return None;
        }
        let parts = parts(text)?;
        self.0.iter().find_map(|key| key.open(parts.head, &parts.bytes))
    }

    /// A value opened where that is possible, else as it stands.
    pub fn opened<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.open(text).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Whether two values say the same, as far as they can be opened.
    pub fn same(&self, one: &str, other: &str) -> bool {
        one == other || self.opened(one) == self.opened(other)
    }

    /// A value as each of the keys would have sealed it: what to look for where only sealed text lies.
    pub fn sealed(&self, sort: Sort, plain: &str) -> Vec<String> {
        self.0.iter().map(|key| key.seal(sort, plain)).collect()
    }
}
