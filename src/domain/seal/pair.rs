//! Key pairs (X25519): a field key is wrapped for the public half, so somebody is given it without their password being known.
//! The private half lies locked under a key that only the password makes.

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::keys::Secret;
use super::{NONCE, TAG};

const WRAP: &[u8] = b"kebao field key wrap 1";
const LOCK: &[u8] = b"kebao private half 1";

/// Somebody's pair, unlocked.
pub struct Pair {
    secret: StaticSecret,
}

impl Pair {
    /// The pair of a secret, which nobody must be able to guess.
    pub fn new(secret: &Secret) -> Self {
        Self { secret: StaticSecret::from(**secret) }
    }

    /// The half others wrap keys for.
    pub fn public(&self) -> [u8; 32] {
        PublicKey::from(&self.secret).to_bytes()
    }

    /// The private half under a key made of a password. `nonce` is drawn anew each time; `holder` tells whose it is.
    pub fn lock(&self, key: &Secret, nonce: [u8; NONCE], holder: &[u8]) -> Vec<u8> {
        let mut bytes = [&nonce[..], self.secret.as_bytes()].concat();
        let tag = XChaCha20Poly1305::new((&**key).into()).encrypt_inout_detached(
            &nonce.into(),
            &[LOCK, holder].concat(),
            InOutBuf::from(&mut bytes[NONCE..]),
        );
        match tag {
            Ok(tag) => bytes.extend(&tag[..]),
            // Refused only for more bytes than a memory holds. Locked for nobody then, and nothing is told.
            Err(_) => bytes.truncate(NONCE),
        }
        bytes
    }

    /// Unlocks what [`Pair::lock`] gave. `None`: another key, another holder, or not what was locked.
    pub fn unlock(locked: &[u8], key: &Secret, holder: &[u8]) -> Option<Self> {
        let (nonce, rest) = locked.split_at_checked(NONCE)?;
        let (body, tag) = rest.split_at_checked(32)?;
        let (nonce, tag): ([u8; NONCE], [u8; TAG]) = (nonce.try_into().ok()?, tag.try_into().ok()?);
        let mut secret: Secret = Zeroizing::new(body.try_into().ok()?);
        XChaCha20Poly1305::new((&**key).into())
            .decrypt_inout_detached(
                &nonce.into(),
                &[LOCK, holder].concat(),
                InOutBuf::from(&mut secret[..]),
                &tag.into(),
            )
            .ok()?;
        Some(Self::new(&secret))
    }

    /// The secret that was wrapped for this pair. `None`: for another one, or altered.
    pub fn open(&self, wrapped: &[u8]) -> Option<Secret> {
        let (share, rest) = wrapped.split_at_checked(32)?;
        let (body, tag) = rest.split_at_checked(32)?;
        let (share, tag): ([u8; 32], [u8; TAG]) = (share.try_into().ok()?, tag.try_into().ok()?);
        let key = wrapping(&self.secret, &share, &share, &self.public())?;
        let mut secret: Secret = Zeroizing::new(body.try_into().ok()?);
        ChaCha20Poly1305::new((&*key).into())
            .decrypt_inout_detached(&[0; 12].into(), WRAP, InOutBuf::from(&mut secret[..]), &tag.into())
            .ok()?;
        Some(secret)
    }
}

/// Wraps a secret for a public half; `chance` makes the passing pair it is done with. `None`: not a public half.
pub fn wrap(secret: &Secret, public: &[u8; 32], chance: &Secret) -> Option<Vec<u8>> {
    let passing = StaticSecret::from(**chance);
    let share = PublicKey::from(&passing).to_bytes();
    let key = wrapping(&passing, public, &share, public)?;
    let mut body = Zeroizing::new(**secret);
    // Each wrapping has a key of its own, so the nonce may stand still.
    let tag = ChaCha20Poly1305::new((&*key).into())
        .encrypt_inout_detached(&[0; 12].into(), WRAP, InOutBuf::from(&mut body[..]))
        .ok()?;
    Some([&share[..], &body[..], &tag[..]].concat())
}

/// The key a secret is wrapped under. `None`: the shared secret is the same for everybody.
fn wrapping(secret: &StaticSecret, other: &[u8; 32], share: &[u8; 32], public: &[u8; 32]) -> Option<Secret> {
    let shared = secret.diffie_hellman(&PublicKey::from(*other));
    if !shared.was_contributory() {
        return None;
    }
    let salt = [&share[..], &public[..]].concat();
    let mut key = Zeroizing::new([0; 32]);
    // Refused only for more than 8160 bytes.
    let _ = Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes()).expand(WRAP, &mut key[..]);
    Some(key)
}
