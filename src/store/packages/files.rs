//! Kept files that travel: written under their hash while they come, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};

use sm3::{Digest, Sm3};

use crate::domain::event::Hash;
use crate::domain::{Problem, Result};
use crate::store::{Db, attachments, erased, sync_folder_of};

impl Db {
    /// Keeps the next `length` bytes of a stream under the hash they must have. Returns whether the file is new here; one that
    /// is here already is only read past.
    ///
    /// # Errors
    /// Damaged when the bytes are others; io when the disk says so. The reader's own trouble comes through as it is.
    pub fn keep_from(&self, hash: &Hash, length: u64, from: &mut impl Read) -> Result<Result<bool>, io::Error> {
        let place = attachments::kept_in(self.folder(), hash);
        let trouble = |error: io::Error| {
            Problem::io("包里的附件没有存下来，包没有取入。")
                .next("请检查磁盘空间和数据文件夹的权限。")
                .detail(format!("{}: {error}", place.display()))
        };
        let file = *hash;
        // What was erased here is only read past.
        let gone = match self.ask_now(move |connection| erased::is_erased(connection, &file)) {
            Ok(gone) => gone,
            Err(problem) => return Ok(Err(problem)),
        };
        let here = gone || place.exists();
        let beside = place.with_extension(format!("{}.tmp", std::process::id()));
        let mut out = None;
        if !here {
            let made = place.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(&beside));
            match made {
                Ok(file) => out = Some(file),
                Err(error) => return Ok(Err(trouble(error))),
            }
        }
        let done = copy(length, from, out.as_mut());
        let kept = match done {
            Ok(Ok(found)) if found == *hash => out
                .map_or(Ok(false), |file| file.sync_all().and_then(|()| fs::rename(&beside, &place)).map(|()| true))
                .inspect(|_| sync_folder_of(&place))
                .map_err(trouble),
            Ok(Ok(_)) => Err(Problem::damaged("包里有一份附件和它的指纹不符，包没有取入。").next("请对方重新做包。")),
            Ok(Err(error)) => Err(trouble(error)),
            Err(error) => {
                let _ = fs::remove_file(&beside);
                return Err(error);
            }
        };
        if kept.is_err() {
            let _ = fs::remove_file(&beside);
        }
        Ok(kept)
    }
}

/// Copies and hashes; the outer error is the reader's, the inner one the writer's.
fn copy(length: u64, from: &mut impl Read, mut out: Option<&mut File>) -> io::Result<io::Result<Hash>> {
    let mut sm3 = Sm3::new();
    let mut buffer = vec![0; 64 << 10];
    let mut left = length;
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        from.read_exact(&mut buffer[..n])?;
        sm3.update(&buffer[..n]);
        if let Some(file) = &mut out
            && let Err(error) = file.write_all(&buffer[..n])
        {
            return Ok(Err(error));
        }
        left -= n as u64;
    }
    Ok(Ok(Hash(sm3.finalize().into())))
}
