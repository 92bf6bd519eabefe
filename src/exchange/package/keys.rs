//! This machine's own keys, and the office's key in the safe.
//!
//! They lie in a file of their own beside the database, readable by its owner alone, and never in a backup: a backup in wrong
//! hands must not be able to sign. A database restored here keeps this machine's keys and gets another chain; restored on another
//! machine it finds none, so that one makes its own and is met anew.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey};
use x25519_dalek::{PublicKey, StaticSecret};

use super::{age, bech32};
use crate::domain::machine::{Card, Key, named};
use crate::domain::{Problem, Result};
use crate::store::Db;

/// Beside the database.
pub const KEY_FILE: &str = "kebao.key";

const SECRET: &str = "AGE-SECRET-KEY-";
const PUBLIC: &str = "age";

/// Keys of this machine.
#[derive(Clone)]
pub struct Keys {
    name: String,
    sign: SigningKey,
    seal: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("name", &self.name).finish_non_exhaustive()
    }
}

fn public(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

fn no_chance(error: std::io::Error) -> Problem {
    Problem::io("系统给不出随机数，没有生成密钥。").next("请重新启动电脑后再试。").detail(error)
}

impl Keys {
    /// The keys of the machine an office lies on, made at first need.
    ///
    /// # Errors
    /// Io when the file cannot be read or made; damaged when it is not one of ours. It is never replaced by itself.
    pub fn of(db: &Db) -> Result<Self> {
        let path = db.folder().join(KEY_FILE);
        match File::open(&path) {
            Ok(file) => Self::read(file, &path),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(&path, &db.device().label()),
            Err(error) => Err(Problem::io("本机密钥读不出来。")
                .next("请检查数据文件夹的权限。")
                .detail(format!("{}: {error}", path.display()))),
        }
    }

    fn make(path: &Path, name: &str) -> Result<Self> {
        let keys = Self {
            name: name.to_owned(),
            sign: SigningKey::from_bytes(&age::random().map_err(no_chance)?),
            seal: age::random().map_err(no_chance)?,
        };
        keys.write(path)?;
        Ok(keys)
    }

    fn write(&self, path: &Path) -> Result<()> {
        let sign = Key::from_bytes(self.sign.to_bytes());
        let text = format!(
            "科报本机密钥 1\n不要复制，不要发给任何人；丢了就在新密钥上重新认识一次。\nname {}\nsign {sign}\nseal {}\n",
            self.name,
            bech32::spell(SECRET, &self.seal)
        );
        write_private(path, text.as_bytes()).map_err(|error| {
            Problem::io("本机密钥没有存下来。")
                .next("请检查数据文件夹的权限和磁盘空间。")
                .detail(format!("{}: {error}", path.display()))
        })
    }

    fn read(file: File, path: &Path) -> Result<Self> {
        let mut text = String::new();
        let read = file.take(64 << 10).read_to_string(&mut text);
        let line = |word: &str| text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
        let keys = || {
            Some(Self {
                name: line("name")?.to_owned(),
                sign: SigningKey::from_bytes(Key::parse(line("sign")?)?.bytes()),
                seal: bech32::read(SECRET, line("seal")?)?,
            })
        };
        read.ok().and_then(|_| keys()).ok_or_else(|| {
            Problem::damaged("本机密钥文件已损坏，没有改动它。")
                .next("请把它移到别处，程序会生成新的密钥；之后要和各台电脑重新认识。")
                .detail(path.display())
        })
    }

    /// Makes new keys for this machine, under its old name: the old are lost, or somebody else may have them. What was sealed for
    /// the old opens no longer, and every other machine meets this one anew. A file that is not one of ours is put aside.
    ///
    /// # Errors
    /// Io when they cannot be kept; the old ones are there still then.
    pub fn renew(db: &Db) -> Result<Self> {
        let path = db.folder().join(KEY_FILE);
        let old = File::open(&path).ok().and_then(|file| Self::read(file, &path).ok());
        if old.is_none() && path.exists() {
            let aside = path.with_extension(format!("damaged-{}", db.clock().now().format("%Y%m%d%H%M%S")));
            fs::rename(&path, &aside).map_err(|error| {
                Problem::io("损坏的密钥文件移不开，没有换成新的。")
                    .next("请检查数据文件夹的权限。")
                    .detail(format!("{}: {error}", path.display()))
            })?;
        }
        Self::make(&path, &old.map_or_else(|| db.device().label(), |old| old.name))
    }

    /// Gives this machine another name in front of others.
    ///
    /// # Errors
    /// Bad input for an empty one; io when it cannot be kept.
    pub fn rename(&mut self, db: &Db, name: &str) -> Result<()> {
        self.name = named(name)?;
        self.write(&db.folder().join(KEY_FILE))
    }

    /// What this machine says of itself.
    pub fn card(&self, db: &Db) -> Card {
        Card { name: self.name.clone(), device: db.device(), sign: self.sign_key(), seal: self.seal_key() }
    }

    /// Its public key of signatures.
    pub fn sign_key(&self) -> Key {
        Key::from_bytes(self.sign.verifying_key().to_bytes())
    }

    /// Its public key packages are sealed for.
    pub fn seal_key(&self) -> Key {
        Key::from_bytes(public(&self.seal))
    }

    /// Opens what was sealed for this machine.
    pub(super) fn secret(&self) -> [u8; 32] {
        self.seal
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign.sign(message).to_bytes()
    }
}

/// The office's recovery key: its public half is an office field, its secret is printed and put into the safe.
pub struct Recovery {
    secret: [u8; 32],
}

impl Recovery {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn make() -> Result<Self> {
        Ok(Self { secret: age::random().map_err(no_chance)? })
    }

    /// What the office keeps: `age1…`.
    pub fn recipient(&self) -> String {
        bech32::spell(PUBLIC, &public(&self.secret))
    }

    /// Writes the page for the safe; a file only its owner may read.
    ///
    /// # Errors
    /// Io when it cannot be written, or is there already.
    pub fn write(&self, path: &Path, office: &str) -> Result<()> {
        let taken = path.exists().then(|| std::io::Error::from(ErrorKind::AlreadyExists));
        let text = format!(
            "# 科报交换包恢复密钥：{office}\n# 打印后放进保险柜，并删除这个文件。凭它能打开本单位今后发出的每一个包。\n# 公钥 {}\n{}\n",
            self.recipient(),
            bech32::spell(SECRET, &self.secret)
        );
        taken.map_or_else(|| write_private(path, text.as_bytes()), Err).map_err(|error| {
            Problem::io("交换包恢复密钥没有写出来，没有启用。")
                .next("请换一个能写入的位置，不要覆盖已有的文件。")
                .detail(format!("{}: {error}", path.display()))
        })
    }

    /// Reads it back from the safe's page.
    ///
    /// # Errors
    /// Io when it cannot be read; bad input when no key stands in it.
    pub fn read(path: &Path) -> Result<Self> {
        let mut text = String::new();
        File::open(path).and_then(|file| file.take(64 << 10).read_to_string(&mut text)).map_err(|error| {
            Problem::io("交换包恢复密钥读不出来。").next("请核对文件。").detail(format!("{}: {error}", path.display()))
        })?;
        let secret = text.lines().find_map(|line| bech32::read(SECRET, line));
        secret.map(|secret| Self { secret }).ok_or_else(|| {
            Problem::bad_input("这个文件里没有交换包恢复密钥，或抄错了一个字。")
                .next("请核对以 AGE-SECRET-KEY 开头的那一行。")
        })
    }

    pub(super) fn secret(&self) -> [u8; 32] {
        self.secret
    }
}

/// The key of a recovery recipient as the office keeps it.
pub(super) fn recipient(text: &str) -> Option<[u8; 32]> {
    bech32::read(PUBLIC, text)
}

/// Writes a file its owner alone may read, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = PathBuf::from(path);
    beside.as_mut_os_string().push(".tmp");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let named = written.and_then(|()| fs::rename(&beside, path));
    if named.is_err() {
        let _ = fs::remove_file(&beside);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::Office;

    #[test]
    fn new_keys_take_the_place_of_old_ones_and_of_a_damaged_file_which_is_put_aside() {
        let office = Office::new(1);
        let mut old = Keys::of(&office.db).unwrap();
        old.rename(&office.db, "周敏的电脑").unwrap();
        let new = Keys::renew(&office.db).unwrap();
        assert_eq!(new.name, "周敏的电脑");
        assert_ne!((new.sign_key(), new.seal_key()), (old.sign_key(), old.seal_key()));
        assert_eq!(Keys::of(&office.db).unwrap().sign_key(), new.sign_key());
        fs::write(office.folder.0.join(KEY_FILE), "不是密钥").unwrap();
        assert!(Keys::of(&office.db).is_err());
        let again = Keys::renew(&office.db).unwrap();
        assert_eq!(Keys::of(&office.db).unwrap().sign_key(), again.sign_key());
        let aside = fs::read_dir(&office.folder.0).unwrap().flatten();
        let aside = aside.filter(|file| file.file_name().to_string_lossy().contains("damaged")).count();
        assert_eq!(aside, 1, "a person may still want to look at it");
    }

    #[test]
    fn keys_come_back_from_their_file_and_nobody_else_reads_it() {
        let folder = std::env::temp_dir().join(format!("kebao-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(KEY_FILE);
        let keys = Keys::make(&path, "周敏的电脑").unwrap();
        let again = Keys::read(File::open(&path).unwrap(), &path).unwrap();
        assert_eq!(
            (again.name.as_str(), again.sign_key(), again.seal_key()),
            ("周敏的电脑", keys.sign_key(), keys.seal_key())
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "name 甲\nsign 12\n").unwrap();
        let broken = Keys::read(File::open(&path).unwrap(), &path).unwrap_err();
        assert!(broken.says.contains("已损坏"), "{broken}");
        let recovery = Recovery::make().unwrap();
        let page = folder.join("恢复密钥.txt");
        recovery.write(&page, "青澜区科学技术局").unwrap();
        assert_eq!(Recovery::read(&page).unwrap().recipient(), recovery.recipient());
        assert!(recovery.write(&page, "青澜区科学技术局").is_err(), "an older one is never overwritten");
        assert_eq!(recipient(&recovery.recipient()), Some(public(&recovery.secret)));
        fs::remove_dir_all(&folder).unwrap();
    }
}
