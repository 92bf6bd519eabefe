//! The fuzzer's own writing of packages: what was made up is put under a seal, and under a signature, that are right, so that
//! it is read to the end. It follows docs/package-format.md and nothing else.

use std::collections::HashMap;
use std::io::Write;

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use kebao::domain::event::{Body, Event, Hash};
use kebao::exchange::package::age::Sealer;
use serde_json::{Value, json};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use super::office::{READER_SEAL, public, reader_keys, sender_keys, sign};

pub const FIRST_LINE: &[u8] = b"kebao-package 1\n";

/// The line of packages that bring keys; as long as the other.
const FIRST_LINE_KEYS: &[u8] = b"kebao-package 2\n";

/// Seals anything for the reader, under the line its manifest belongs under.
pub fn seal(inside: &[u8]) -> Vec<u8> {
    let manifest: Value = serde_json::from_slice(split(inside).0).unwrap_or_default();
    let brings = manifest["keys"].as_array().is_some_and(|keys| !keys.is_empty());
    let line = if brings { FIRST_LINE_KEYS } else { FIRST_LINE };
    let mut sealer = Sealer::new(line.to_vec(), &[public(READER_SEAL)]).expect("a header");
    sealer.write_all(inside).expect("memory");
    sealer.finish().expect("memory")
}

/// What stands in a package: length, manifest, signature, the rest.
pub fn inside(manifest: &[u8], rest: &[u8]) -> Vec<u8> {
    let signed = [&b"kebao package manifest 1\0"[..], &Hash::of(&[manifest]).0].concat();
    [&(manifest.len() as u32).to_be_bytes()[..], manifest, &sign(&signed), rest].concat()
}

/// Splits made-up bytes as a reader would, as far as they go.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return (bytes, &[]) };
    let (manifest, rest) = rest.split_at(rest.len().min(u32::from_be_bytes(*length) as usize));
    (manifest, rest.get(64..).unwrap_or_default())
}

/// How much is put right in what was made up.
#[derive(Clone, Copy)]
pub struct Mend(pub u8);

impl Mend {
    fn has(self, bit: u8) -> bool {
        self.0 >> bit & 1 == 1
    }
}

/// Signs made-up bytes in the sender's name. Whose it is, the counts and hashes of the manifest, the digests and the links
/// between events are each put right where `mend` says so.
pub fn signed(bytes: &[u8], mend: Mend) -> Vec<u8> {
    let (manifest, rest) = split(bytes);
    let mut rest = rest.to_vec();
    let Ok(mut value) = serde_json::from_slice::<Value>(manifest) else { return inside(manifest, &rest) };
    if mend.0 == 0 || !value.is_object() {
        return inside(manifest, &rest);
    }
    if mend.has(0) {
        let ((sign, seal), (to_sign, to_seal)) = (sender_keys(), reader_keys());
        if value["from"].is_object() {
            value["from"]["sign"] = json!(sign);
            value["from"]["seal"] = json!(seal);
        }
        if value["to"].is_object() {
            value["to"]["sign"] = json!(to_sign);
            value["to"]["seal"] = json!(to_seal);
        }
    }
    if mend.has(1) && value["events"].is_object() {
        let told = value["events"]["bytes"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
        let (events, files) = rest.split_at(rest.len().min(told));
        let mut wires = frames(events);
        if mend.has(2) {
            mend_events(&mut wires);
        }
        let block: Vec<u8> =
            wires.iter().flat_map(|wire| [&(wire.len() as u32).to_be_bytes()[..], wire].concat()).collect();
        value["events"]["count"] = json!(wires.len());
        value["events"]["bytes"] = json!(block.len());
        value["events"]["digest"] = json!(Hash::of(&[&block]));
        rest = [&block[..], files].concat();
        if let Some(all) = value["files"].as_array_mut().filter(|_| mend.has(3)) {
            let mut left = &rest[block.len()..];
            let count = all.len();
            for (n, file) in all.iter_mut().enumerate().filter(|(_, file)| file.is_object()) {
                let told = file["bytes"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
                let (content, more) = left.split_at(if n + 1 == count { left.len() } else { left.len().min(told) });
                file["bytes"] = json!(content.len());
                file["hash"] = json!(Hash::of(&[content]));
                left = more;
            }
            if count == 0 {
                rest.truncate(block.len());
            }
        }
    }
    inside(&serde_json::to_vec(&value).expect("it was read"), &rest)
}

/// Events as they are framed; a last one that is too long is cut.
fn frames(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (wire, more) = rest.split_at(rest.len().min(u32::from_be_bytes(*length) as usize));
        all.push(wire.to_vec());
        bytes = more;
    }
    all
}

/// Puts digests right, and lets later events name the ones before by their new hashes.
fn mend_events(wires: &mut [Vec<u8>]) {
    let mut renamed: HashMap<Hash, Hash> = HashMap::new();
    for wire in wires {
        let Some(length) = wire.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize) else { continue };
        let Some(end) = length.checked_add(4).filter(|end| *end < wire.len() && length > 32) else { continue };
        let was = Hash::of(&[&wire[4..end]]);
        if wire[end] == 1 {
            let digest = Hash::of(&[&wire[end + 1..]]);
            wire[end - 32..end].copy_from_slice(&digest.0);
        }
        let Some(mut entry) = Event::from_wire(wire) else { continue };
        let rename = |hash: &mut Hash| *hash = renamed.get(hash).copied().unwrap_or(*hash);
        rename(&mut entry.event.prev);
        entry.event.parents.iter_mut().for_each(rename);
        if let Body::Present { bytes, .. } = &mut entry.event.body
            && !renamed.is_empty()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            let mut text = text.to_owned();
            for (old, new) in &renamed {
                text = text.replace(&old.to_string(), &new.to_string());
            }
            *bytes = text.into_bytes().into();
        }
        *wire = entry.event.to_wire();
        let now = entry.event.hash();
        if now != was {
            renamed.insert(was, now);
        }
    }
}

/// A header with made-up lines in it that is authenticated all the same.
pub fn with_header(lines: &[u8]) -> Vec<u8> {
    let (file_key, secret) = ([3; 16], StaticSecret::from([5; 32]));
    let (share, own) = (PublicKey::from(&secret).to_bytes(), public(READER_SEAL));
    let shared = secret.diffie_hellman(&PublicKey::from(own));
    let key = derive(&[&share[..], &own[..]].concat(), shared.as_bytes(), b"age-encryption.org/v1/X25519");
    let wrapped = closed(&key, file_key.to_vec());
    let mut header = b"age-encryption.org/v1\n".to_vec();
    header.extend(lines);
    header.extend(format!("-> X25519 {}\n{}\n---", base64(&share), base64(&wrapped)).bytes());
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&derive(&[], &file_key, b"header")).expect("any length");
    mac.update(&header);
    header.extend(format!(" {}\n", base64(&mac.finalize().into_bytes())).bytes());
    header.extend([9; 16]);
    let mut nonce = [0; 12];
    nonce[11] = 1;
    let mut chunk = b"inside".to_vec();
    let cipher = ChaCha20Poly1305::new(&derive(&[9; 16], &file_key, b"payload").into());
    let tag = cipher.encrypt_inout_detached(&nonce.into(), &[], InOutBuf::from(&mut chunk[..])).expect("short");
    [&header[..], &chunk, &tag[..]].concat()
}

fn closed(key: &[u8; 32], mut bytes: Vec<u8>) -> Vec<u8> {
    let cipher = ChaCha20Poly1305::new(&(*key).into());
    let tag = cipher.encrypt_inout_detached(&[0; 12].into(), &[], InOutBuf::from(&mut bytes[..])).expect("short");
    bytes.extend(tag);
    bytes
}

fn derive(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut out).expect("short");
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1)).collect();
    bits.chunks(6)
        .map(|six| char::from(DIGITS[(0..6).fold(0, |sum, n| sum << 1 | usize::from(*six.get(n).unwrap_or(&0)))]))
        .collect()
}
