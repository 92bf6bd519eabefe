//! Inflating a part on a thread of its own while its XML is read on this one: half of reading a large list is inflating it.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use zip::ZipArchive;

/// Bytes handed over at a time, and how many such pieces may lie ready: the reader's limits are never far behind.
const PIECE: usize = 128 << 10;
const READY: usize = 4;

/// What the other thread has inflated.
pub(super) struct Ahead {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
}

impl Ahead {
    /// Begins to inflate an entry of a zip. Dropping the reader ends it.
    pub fn begin<'scope, 'a: 'scope>(scope: &'scope Scope<'scope, '_>, zip: &'a [u8], index: usize) -> Self {
        let (send, pieces) = sync_channel(READY);
        scope.spawn(move || {
            let inflate = || -> io::Result<()> {
                let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(io::Error::other)?;
                let mut part = archive.by_index(index).map_err(io::Error::other)?;
                loop {
                    let mut piece = Vec::with_capacity(PIECE);
                    part.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
                    // Nobody listens any more: the reader has had enough.
                    if piece.is_empty() || send.send(Ok(piece)).is_err() {
                        return Ok(());
                    }
                }
            };
            if let Err(error) = inflate() {
                let _ = send.send(Err(error));
            }
        });
        Self { pieces, piece: Vec::new(), at: 0 }
    }
}

impl Read for Ahead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.pieces.recv() {
                Ok(piece) => self.piece = piece?,
                // The other end is gone: the part is over.
                Err(_) => return Ok(0),
            }
            self.at = 0;
        }
        let n = out.len().min(self.piece.len() - self.at);
        out[..n].copy_from_slice(&self.piece[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
