//! age v1 (age-encryption.org/v1) with X25519 recipients, by the letter: sealed for several, opened by one, in chunks of 64 KiB,
//! so that nothing large is ever held in memory. What this writes the `age` tool opens, and the other way round.
//!
//! A file key is wrapped for each recipient (X25519, HKDF-SHA-256, ChaCha20-Poly1305), the header is authenticated by it (HMAC),
//! and the payload is a STREAM of ChaCha20-Poly1305 chunks: none can be altered, dropped, repeated or put elsewhere.

use std::io::{self, BufRead, ErrorKind, Read, Write};

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

use super::base64;

/// Plain bytes per chunk.
pub const CHUNK: usize = 64 << 10;

/// What a chunk grows by.
const TAG: usize = 16;

const VERSION: &str = "age-encryption.org/v1";
const WRAP: &[u8] = b"age-encryption.org/v1/X25519";

/// Longest line of a header, and most lines: ours has seven.
const LONGEST_LINE: usize = 256;
const MOST_LINES: usize = 200;

/// Why sealed bytes did not open.
#[derive(Debug)]
pub enum Fault {
    /// Not an age file.
    Foreign,
    /// A later version of age.
    TooNew,
    /// Sealed for others.
    ForOthers,
    /// Not what was sealed.
    Altered,
    /// It ends too early.
    CutShort,
    /// Altered, or without its end: which of the two cannot be told.
    Broken,
    /// The file could not be read or written.
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::UnexpectedEof { Self::CutShort } else { Self::Io(error) }
    }
}

/// Random bytes of the system. Keys are never made of anything less.
///
/// # Errors
/// Where the system has none.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    // Refused only for more than 8160 bytes.
    let _ = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut out);
    out
}

/// The key that wraps the file key for a recipient. `None`: the shared secret is the same for everybody.
fn wrapping(secret: &StaticSecret, other: &[u8; 32], share: &[u8; 32], recipient: &[u8; 32]) -> Option<[u8; 32]> {
    let shared = secret.diffie_hellman(&PublicKey::from(*other));
    if !shared.was_contributory() {
        return None;
    }
    let salt = [&share[..], &recipient[..]].concat();
    Some(derive(&salt, shared.as_bytes(), WRAP))
}

fn header_mac(file_key: &[u8; 16], header: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&derive::<32>(&[], file_key, b"header")).ok()?;
    mac.update(header);
    Some(mac)
}

/// Seals what is written to it. [`Sealer::finish`] closes the last chunk; without it the file is cut short.
pub struct Sealer<W: Write> {
    /// Opens what is sealed here, for reading it back.
    pub file_key: [u8; 16],
    out: W,
    cipher: ChaCha20Poly1305,
    counter: u64,
    chunk: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the header for these X25519 public keys.
    ///
    /// # Errors
    /// What the system says; a key that is none.
    pub fn new(mut out: W, recipients: &[[u8; 32]]) -> io::Result<Self> {
        let file_key: [u8; 16] = random()?;
        let mut header = format!("{VERSION}\n").into_bytes();
        for recipient in recipients {
            let secret = StaticSecret::from(random::<32>()?);
            let share = PublicKey::from(&secret).to_bytes();
            let key = wrapping(&secret, recipient, &share, recipient)
                .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "not a recipient's key"))?;
            let mut wrapped = file_key;
            let tag = ChaCha20Poly1305::new(&key.into())
                .encrypt_inout_detached(&[0; 12].into(), &[], InOutBuf::from(&mut wrapped[..]))
                .map_err(io::Error::other)?;
            let wrapped = [&wrapped[..], &tag[..]].concat();
            header.extend(format!("-> X25519 {}\n{}\n", base64::encode(&share), base64::encode(&wrapped)).bytes());
        }
        header.extend(b"---");
        let mac = header_mac(&file_key, &header).ok_or_else(|| io::Error::other("no header key"))?;
        out.write_all(&header)?;
        out.write_all(format!(" {}\n", base64::encode(&mac.finalize().into_bytes())).as_bytes())?;
        let nonce: [u8; 16] = random()?;
        out.write_all(&nonce)?;
        let cipher = ChaCha20Poly1305::new(&derive::<32>(&nonce, &file_key, b"payload").into());
        Ok(Self { file_key, out, cipher, counter: 0, chunk: Vec::with_capacity(CHUNK + TAG) })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce(self.counter, last).into(), &[], InOutBuf::from(&mut self.chunk[..]))
            .map_err(io::Error::other)?;
        self.counter += 1;
        self.out.write_all(&self.chunk)?;
        self.out.write_all(&tag)?;
        self.chunk.clear();
        Ok(())
    }

    /// Closes the last chunk and gives the file back.
    ///
    /// # Errors
    /// What writing says.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk is sealed only once more comes: the last one is marked as such.
        if self.chunk.len() == CHUNK {
            self.seal(false)?;
        }
        let n = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counter and mark of the last chunk.
fn nonce(counter: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&counter.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// Gives out what was sealed; every byte of it is proven before it is given.
pub struct Opener<R: BufRead> {
    input: R,
    cipher: ChaCha20Poly1305,
    counter: u64,
    chunk: Vec<u8>,
    given: usize,
    ended: bool,
    /// Bytes of header and nonce read before the first chunk.
    pub head: u64,
    /// Why reading stopped, in more than an I/O error can say.
    pub fault: Option<Fault>,
}

impl<R: BufRead> Opener<R> {
    /// Reads the header and opens it with one of these X25519 secrets.
    ///
    /// # Errors
    /// Each [`Fault`] a header can have.
    pub fn new(input: R, secrets: &[[u8; 32]]) -> Result<Self, Fault> {
        Self::with(input, |share, wrapped| secrets.iter().find_map(|secret| unwrap(secret, share, wrapped)))
    }

    /// Opens what was sealed a moment ago, by the file key itself.
    ///
    /// # Errors
    /// Each [`Fault`] a header can have.
    pub fn again(input: R, file_key: [u8; 16]) -> Result<Self, Fault> {
        Self::with(input, |_, _| Some(file_key))
    }

    fn with(mut input: R, unwrap: impl Fn(&[u8; 32], &[u8]) -> Option<[u8; 16]>) -> Result<Self, Fault> {
        let mut header: Vec<u8> = Vec::new();
        let first = line(&mut input)?.ok_or(Fault::Foreign)?;
        if first != VERSION {
            let newer = first.starts_with("age-encryption.org/v");
            return Err(if newer { Fault::TooNew } else { Fault::Foreign });
        }
        header.extend(first.bytes());
        header.push(b'\n');
        let mut lines = 0;
        let mut file_key = None;
        let mut share: Option<[u8; 32]> = None;
        let mac = loop {
            lines += 1;
            let line = line(&mut input)?.filter(|_| lines <= MOST_LINES).ok_or(Fault::Foreign)?;
            if let Some(mac) = line.strip_prefix("--- ") {
                header.extend(b"---");
                break base64::decode(mac).ok_or(Fault::Altered)?;
            }
            header.extend(line.bytes());
            header.push(b'\n');
            if let Some(stanza) = line.strip_prefix("-> ") {
                share = stanza.strip_prefix("X25519 ").and_then(base64::decode).and_then(|key| key.try_into().ok());
            } else if let Some(share) = share.take()
                && file_key.is_none()
                && let Some(wrapped) = base64::decode(&line).filter(|wrapped| wrapped.len() == 32)
            {
                file_key = unwrap(&share, &wrapped);
            }
        };
        let file_key = file_key.ok_or(Fault::ForOthers)?;
        let right = header_mac(&file_key, &header).is_some_and(|known| known.verify_slice(&mac).is_ok());
        if !right {
            return Err(Fault::Altered);
        }
        let mut nonce = [0; 16];
        input.read_exact(&mut nonce)?;
        let head = header.len() as u64 + 1 + base64::encode(&mac).len() as u64 + 1 + 16;
        let cipher = ChaCha20Poly1305::new(&derive::<32>(&nonce, &file_key, b"payload").into());
        let chunk = Vec::with_capacity(CHUNK + TAG);
        Ok(Self { input, cipher, counter: 0, chunk, given: 0, ended: false, head, fault: None })
    }

    fn next(&mut self) -> Result<(), Fault> {
        self.chunk.clear();
        self.given = 0;
        (&mut self.input).take((CHUNK + TAG) as u64).read_to_end(&mut self.chunk).map_err(Fault::Io)?;
        let last = self.input.fill_buf().map_err(Fault::Io)?.is_empty();
        let Some(length) = self.chunk.len().checked_sub(TAG) else { return Err(Fault::CutShort) };
        let tag: [u8; TAG] = self.chunk[length..].try_into().unwrap_or_default();
        self.chunk.truncate(length);
        let open = |chunk: &mut [u8], last| {
            let nonce = nonce(self.counter, last).into();
            self.cipher.decrypt_inout_detached(&nonce, &[], InOutBuf::from(chunk), &tag.into()).is_ok()
        };
        if last && length == CHUNK {
            // Cut exactly between two chunks: it is whole, but says that another one follows.
            let mut copy = self.chunk.clone();
            if open(&mut copy, false) {
                return Err(Fault::CutShort);
            }
        }
        if !open(&mut self.chunk, last) {
            // What is no whole chunk may be one that lost its end.
            return Err(if last && length < CHUNK { Fault::Broken } else { Fault::Altered });
        }
        self.counter += 1;
        self.ended = last;
        Ok(())
    }
}

impl<R: BufRead> Read for Opener<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.chunk.len() {
            if self.ended || out.is_empty() {
                return Ok(0);
            }
            if let Err(fault) = self.next() {
                let kind =
                    if matches!(fault, Fault::CutShort) { ErrorKind::UnexpectedEof } else { ErrorKind::InvalidData };
                self.chunk.clear();
                self.given = 0;
                self.fault = Some(fault);
                return Err(kind.into());
            }
        }
        let n = out.len().min(self.chunk.len() - self.given);
        out[..n].copy_from_slice(&self.chunk[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

fn unwrap(secret: &[u8; 32], share: &[u8; 32], wrapped: &[u8]) -> Option<[u8; 16]> {
    let secret = StaticSecret::from(*secret);
    let own = PublicKey::from(&secret).to_bytes();
    let key = wrapping(&secret, share, share, &own)?;
    let (body, tag) = wrapped.split_at_checked(16)?;
    let mut file_key: [u8; 16] = body.try_into().ok()?;
    let tag: [u8; TAG] = tag.try_into().ok()?;
    ChaCha20Poly1305::new(&key.into())
        .decrypt_inout_detached(&[0; 12].into(), &[], InOutBuf::from(&mut file_key[..]), &tag.into())
        .ok()?;
    Some(file_key)
}

/// A line without its end. `None`: no line of a header.
fn line(input: &mut impl BufRead) -> Result<Option<String>, Fault> {
    let mut bytes = Vec::new();
    input.take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes).map_err(Fault::Io)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    Ok(String::from_utf8(bytes).ok().filter(|line| line.is_ascii()))
}

/// How many plain bytes so many sealed ones hold, header and nonce not counted. `None`: no number of chunks is that long.
pub fn plain_length(sealed: u64) -> Option<u64> {
    let (chunk, tag) = (CHUNK as u64, TAG as u64);
    let chunks = sealed.div_ceil(chunk + tag).max(1);
    let plain = sealed.checked_sub(chunks * tag)?;
    (plain.div_ceil(chunk).max(1) == chunks).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(plain: &[u8], recipients: &[[u8; 32]]) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), recipients).unwrap();
        sealer.write_all(plain).unwrap();
        sealer.finish().unwrap()
    }

    fn public(secret: [u8; 32]) -> [u8; 32] {
        PublicKey::from(&StaticSecret::from(secret)).to_bytes()
    }

    #[test]
    fn what_is_sealed_opens_for_each_recipient_and_nobody_else() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
            let plain: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let bytes = sealed(&plain, &[public([1; 32]), public([2; 32])]);
            for secret in [[1; 32], [2; 32]] {
                let mut opener = Opener::new(&bytes[..], &[secret]).unwrap();
                let mut out = Vec::new();
                opener.read_to_end(&mut out).unwrap();
                assert_eq!(out, plain);
                assert_eq!(plain_length(bytes.len() as u64 - opener.head), Some(length as u64));
            }
            assert!(matches!(Opener::new(&bytes[..], &[[3; 32]]).err(), Some(Fault::ForOthers)));
        }
    }

    #[test]
    fn whatever_is_cut_off_or_turned_shows() {
        let plain: Vec<u8> = (0..CHUNK + 100).map(|n| n as u8).collect();
        let bytes = sealed(&plain, &[public([1; 32])]);
        let opened = |bytes: &[u8]| -> Result<Vec<u8>, Fault> {
            let mut opener = Opener::new(bytes, &[[1; 32]])?;
            let mut out = Vec::new();
            match opener.read_to_end(&mut out) {
                Ok(_) => Ok(out),
                Err(error) => Err(opener.fault.take().unwrap_or(Fault::Io(error))),
            }
        };
        let head = Opener::new(&bytes[..], &[[1; 32]]).unwrap().head as usize;
        for at in (0..bytes.len()).step_by(997).chain([head, head + CHUNK + TAG, bytes.len() - 1]) {
            assert!(opened(&bytes[..at]).is_err(), "cut at {at}");
            let mut turned = bytes.clone();
            turned[at] ^= 1;
            assert!(opened(&turned).is_err(), "turned at {at}");
        }
        assert!(matches!(opened(&bytes[..head + CHUNK + TAG]), Err(Fault::CutShort)));
    }

    /// Sealed by age itself.
    #[test]
    fn what_the_age_tool_seals_opens_here() {
        let secret = super::super::bech32::read("AGE-SECRET-KEY-", VECTOR_KEY).unwrap();
        let file = base64::decode(VECTOR_FILE).unwrap();
        let mut out = String::new();
        Opener::new(&file[..], &[secret]).unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, "青澜区科学技术局");
    }

    const VECTOR_KEY: &str = "AGE-SECRET-KEY-1MT58T2WUX7HPCWXFFXGEUJ0TVMLN9T5NWDLQZE6PLMZLTHEM5GJSLRH0UC";
    const VECTOR_FILE: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBVZW43NElQam5iTDI1VWZCb2VNeVFHYVFhcHRXWTRibThHdTdUUTFpa2dJCnZpdmxKYkdLdDE1ckpWVHRtVjVTcFlrRjFienlOZTJZSFlIYzBuWG5KdEkKLT4gT3U1LWdyZWFzZSBBZSBSemNAVyBRQiw2KkoKeC9kNTJUSVJxVmtZVVZUdjlmU2xoK005cndhN2I3NXZ5N3JoZWI3Wk5GVk1BdEhGT3UyMGE0bVJDVXZ4b0ZINQpaOHU5a1B3MFFkUjRCakFORjk5a2hhVkF1ZW92eVhaVDl4M3J0dmxQcXRzCi0tLSB5TTREWjdtdTd3dWRGVU9EOUszdVNML2RDSlFoQWNYNGo4Mkk1bk5jckJZCiUk75qtYD4eSH4yCuaFIF/QE53BhrdN5Yi9SkjUkQeXadIYZX8gKf8l7847xqJQuNkDxHCb4V9G";
}
