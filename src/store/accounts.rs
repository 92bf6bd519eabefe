//! Signing in on this machine: passwords, failures, lockout, one-time passwords, the recovery key.
//!
//! A password hash is a secret of this machine: it must not travel in packages nor stay in a journal that is never
//! shortened, so it is the one thing people enter that is not an event. That one was set, tried or reset is: every attempt
//! is in the log, written in the same transaction as what came of it.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rusqlite::{Connection, OptionalExtension, params};

use super::rights::{Standing, has_administrator, office_fields};
use super::sealing::{give_pair, keys_of};
use super::{Act, Answer, Db};
use crate::domain::event::{DeedKind, Fact, Fields, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::{Permission, Role, Signing, User, user_key};
use crate::domain::seal::Keys;
use crate::domain::{Problem, Result};

/// What came of an attempt to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The password is right. `must_change`: somebody else knows it, so it must be set anew before anything else.
    In { must_change: bool },
    /// Wrong; so many more may be wrong before the account is locked.
    Wrong { left: u16 },
    /// Locked for so many minutes more, whatever the password.
    Locked { minutes: u32 },
    /// Does not work here any more, or has no role.
    Out,
}

impl Entry {
    /// What is said to whoever tried. `None`: they are in.
    pub fn problem(self) -> Option<Problem> {
        match self {
            Self::In { .. } => None,
            Self::Wrong { left } => Some(
                Problem::refused("密码不对。").next(format!("请再输一遍，注意大小写和输入法；再错 {left} 次将锁定。")),
            ),
            Self::Locked { minutes } => Some(
                Problem::refused(format!("连续输错次数太多，这个账号已锁定，{minutes} 分钟后再试。"))
                    .next("急用请找管理员重设密码；管理员可以用恢复密钥。"),
            ),
            Self::Out => Some(Problem::refused("这个账号已停用，不能登录。").next("请找管理员。")),
        }
    }
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// A password was set on this machine.
    pub has_password: bool,
    pub must_change: bool,
    /// Minutes until it can be tried again; 0: not locked.
    pub locked_minutes: u32,
}

/// A key that was set aside for whoever forgot everything, and how it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub user: RecordId,
    /// The key that replaces the one just used.
    pub key: String,
}

/// Argon2id, 19 MiB, two passes: the least OWASP recommends, half a tenth of a second on an old office PC.
pub(super) fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

fn hash(secret: &str) -> Result<String> {
    Ok(argon2().hash_password(secret.as_bytes()).map_err(Problem::bug)?.to_string())
}

fn verify(secret: &str, phc: &str) -> Result<bool> {
    let hash = PasswordHash::new(phc).map_err(|error| {
        Problem::damaged("密码记录已损坏，不能登录。").next("请从备份恢复，或由管理员重设密码。").detail(error)
    })?;
    Ok(argon2().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// The office's rules on passwords and locks, as the tables hold them.
fn rules(connection: &Connection) -> Result<Signing> {
    let fields = office_fields(connection)?;
    Ok(Signing::read(|key| fields.get(key).map(String::as_str)))
}

/// Sets a password, and with it a key pair that only it unlocks; the keys at hand are wrapped for that.
fn write_password(connection: &Connection, keys: &Keys, user: RecordId, secret: &str, must_change: bool) -> Result<()> {
    connection.execute(
        "INSERT INTO credential (user, phc) VALUES (?, ?) ON CONFLICT DO UPDATE SET phc = excluded.phc",
        params![user, hash(secret)?],
    )?;
    connection.execute(
        "INSERT INTO account (user, must_change, failures, locked) VALUES (?, ?, 0, NULL)
         ON CONFLICT DO UPDATE SET must_change = excluded.must_change, failures = 0, locked = NULL",
        params![user, must_change],
    )?;
    give_pair(connection, keys, user, secret)
}

fn password_is(connection: &Connection, user: RecordId, password: &str) -> Result<bool> {
    let phc: Option<String> =
        connection.query_row("SELECT phc FROM credential WHERE user = ?", [user], |row| row.get(0)).optional()?;
    phc.map_or(Ok(false), |phc| verify(password, &phc))
}

/// Symbols of one-time passwords and keys: nothing that reads like something else.
const SYMBOLS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Random groups of four symbols: five bits each, from the source ids and salts come from.
fn groups<const N: usize>(bytes: [u8; N]) -> String {
    let symbols: Vec<char> = bytes.iter().map(|byte| char::from(SYMBOLS[usize::from(byte & 31)])).collect();
    symbols.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A key as it was printed, however it is typed again.
fn plain_key(typed: &str) -> String {
    typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Attempts on the recovery key are counted as those on an account of its own.
const KEY: RecordId = RecordId::OFFICE;

impl Act<'_> {
    /// Minutes an account is still locked. A clock that was set back does not lock longer than the rule says.
    fn locked_minutes(&self, connection: &Connection, user: RecordId, rules: Signing) -> Result<u32> {
        let locked: Option<i64> = connection
            .query_row("SELECT locked FROM account WHERE user = ?", [user], |row| row.get(0))
            .optional()?
            .flatten();
        let left = locked.map_or(0, |until| until.saturating_sub(self.millis()));
        let longest = i64::from(rules.minutes) * 60_000;
        Ok(u32::try_from(left.clamp(0, longest).div_ceil_minutes()).unwrap_or(0))
    }

    /// Tries a secret against a lock that counts failures, and has the log say how it went.
    fn attempt(
        &mut self,
        user: RecordId,
        whence: &str,
        right: impl FnOnce(&Connection) -> Result<bool>,
    ) -> Result<Entry> {
        let connection = self.connection()?;
        let rules = rules(connection)?;
        let minutes = self.locked_minutes(connection, user, rules)?;
        if minutes > 0 {
            self.note(Logged::new(DeedKind::SignInFailed, format!("{whence}：锁定期间又试了一次")));
            return Ok(Entry::Locked { minutes });
        }
        if right(connection)? {
            connection.execute("UPDATE account SET failures = 0, locked = NULL WHERE user = ?", [user])?;
            let must_change: Option<bool> = connection
                .query_row("SELECT must_change FROM account WHERE user = ?", [user], |row| row.get(0))
                .optional()?;
            return Ok(Entry::In { must_change: must_change.unwrap_or(false) });
        }
        let failures: u16 = connection.query_row(
            "INSERT INTO account (user, must_change, failures, locked) VALUES (?, 0, 1, NULL)
             ON CONFLICT DO UPDATE SET failures = failures + 1, locked = NULL RETURNING failures",
            [user],
            |row| row.get(0),
        )?;
        self.note(Logged::new(DeedKind::SignInFailed, format!("{whence}：不对")));
        if failures < rules.tries {
            return Ok(Entry::Wrong { left: rules.tries - failures });
        }
        let until = self.millis().saturating_add(i64::from(rules.minutes) * 60_000);
        connection.execute("UPDATE account SET failures = 0, locked = ? WHERE user = ?", params![until, user])?;
        self.note(Logged::new(
            DeedKind::Lock,
            format!("{whence}：连续 {failures} 次不对，锁定 {} 分钟", rules.minutes),
        ));
        Ok(Entry::Locked { minutes: u32::from(rules.minutes) })
    }

    /// Sets a user's password together with whatever else the action does. The hash itself is no event.
    ///
    /// # Errors
    /// Bad input for one the office's rules do not accept.
    pub(super) fn set_password(&mut self, user: RecordId, password: &str, must_change: bool) -> Result<()> {
        let connection = self.connection()?;
        rules(connection)?.accept(password)?;
        write_password(connection, self.keys(), user, password, must_change)
    }

    /// A new recovery key. It is given what is at hand, as anybody with a password is.
    pub(super) fn make_key(&mut self) -> Result<String> {
        let key = groups::<32>(self.chance());
        let made = self.millis();
        self.connection()?.execute(
            "INSERT INTO recovery (only, phc, made) VALUES (1, ?, ?)
             ON CONFLICT DO UPDATE SET phc = excluded.phc, made = excluded.made",
            params![hash(&plain_key(&key))?, made],
        )?;
        give_pair(self.connection()?, self.keys(), KEY, &plain_key(&key))?;
        self.note(Logged::new(DeedKind::Recovery, "生成新的恢复密钥，旧的作废"));
        Ok(key)
    }

    fn user(&mut self, id: RecordId) -> Result<User> {
        User::replay(id, self.history(id)?).ok_or_else(|| Problem::not_found("没有这位人员。").next("请刷新后再试。"))
    }
}

trait Minutes {
    fn div_ceil_minutes(self) -> i64;
}

impl Minutes for i64 {
    fn div_ceil_minutes(self) -> i64 {
        self.saturating_add(59_999) / 60_000
    }
}

impl Db {
    /// Tries to sign in. `whence` tells the log where: 登录, 解锁, 命令行.
    pub fn sign_in(&self, user: RecordId, password: &str, whence: &str) -> Answer<Entry> {
        let (password, whence) = (password.to_owned(), whence.to_owned());
        self.write_or_refuse(user, "", move |act| Ok(act.sign_in(user, &password, &whence)))
    }

    /// Sets one's own password, the present one being known.
    ///
    /// # Errors
    /// Bad input for a new one the rules do not accept, or that is the old one.
    pub fn change_password(&self, user: RecordId, old: &str, new: &str) -> Answer<Entry> {
        let (old, new) = (old.to_owned(), new.to_owned());
        self.write_or_refuse(user, "", move |act| Ok(act.change_password(user, &old, &new)))
    }

    /// Gives somebody a password to be used once: it is told to whoever manages the office, and must be changed at the next
    /// sign-in. A locked account is open again.
    ///
    /// # Errors
    /// Refused to whoever may not manage people; not found for nobody.
    pub fn reset_password(&self, actor: RecordId, user: RecordId) -> Answer<String> {
        self.guarded_local(actor, "重设密码", move |act| {
            act.permit(Permission::ManagePeople)?;
            let name = act.user(user)?.name;
            let once = groups::<12>(act.chance());
            write_password(act.connection()?, act.keys(), user, &once, true)?;
            let says = format!("给“{name}”重设为一次性密码");
            act.note(Logged::new(DeedKind::Password, says).about(user));
            Ok(once)
        })
    }

    /// A new recovery key; whichever was there before is void. It is shown once, only its hash is kept.
    ///
    /// # Errors
    /// Refused to whoever may not manage people.
    pub fn new_recovery_key(&self, actor: RecordId) -> Answer<String> {
        self.guarded_local(actor, "生成恢复密钥", |act| {
            act.permit(Permission::ManagePeople)?;
            act.make_key()
        })
    }

    /// Whether there is a recovery key, and since when, in milliseconds.
    pub fn recovery_key_since(&self) -> Answer<Option<i64>> {
        self.read(|connection| {
            Ok(connection.query_row("SELECT made FROM recovery", [], |row| row.get(0)).optional()?)
        })
    }

    /// Sets an administrator's password with the recovery key, which is replaced by a new one. Where merging has left the office
    /// without any administrator, whoever is named becomes one.
    ///
    /// # Errors
    /// Refused for a wrong key, a locked one, or somebody who is no administrator; bad input for a password the rules do not
    /// accept. All of it is logged.
    pub fn recover(&self, key: &str, user: RecordId, password: &str) -> Answer<Recovered> {
        let (key, password) = (plain_key(key), password.to_owned());
        self.write_or_refuse(user, "用恢复密钥恢复管理员", move |act| Ok(act.recover(&key, user, &password)))
    }

    /// How an account stands on this machine.
    pub fn account(&self, user: RecordId) -> Answer<Account> {
        let now = self.clock().millis();
        self.read(move |connection| {
            let has_password =
                connection
                    .query_row("SELECT EXISTS (SELECT 1 FROM credential WHERE user = ?)", [user], |row| row.get(0))?;
            let row: Option<(bool, Option<i64>)> = connection
                .query_row("SELECT must_change, locked FROM account WHERE user = ?", [user], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let (must_change, locked) = row.unwrap_or_default();
            let longest = i64::from(rules(connection)?.minutes) * 60_000;
            let left = locked.map_or(0, |until| until.saturating_sub(now)).clamp(0, longest);
            let locked_minutes = u32::try_from(left.div_ceil_minutes()).unwrap_or(0);
            Ok(Account { has_password, must_change, locked_minutes })
        })
    }

    /// Does what belongs to this machine alone and needs a right; a refusal is logged under this name.
    fn guarded_local<T, F>(&self, actor: RecordId, name: &'static str, deed: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        if let Err(problem) = self.may_change() {
            return Answer::ready(Err(problem));
        }
        self.write_or_refuse(actor, name, move |act| {
            let done = deed(act);
            if let Err(problem) = &done {
                act.note(Logged::new(DeedKind::Refused, format!("{name}：{}", problem.says)));
            }
            Ok(done)
        })
    }

    /// Sets the first password on a machine that joined an office and on which nobody can sign in yet.
    ///
    /// # Errors
    /// Refused as soon as anybody has a password here; bad input for one the office's rules do not accept.
    pub fn set_first_password(&self, user: RecordId, password: &str) -> Answer<()> {
        // A package taken in a moment ago may have brought keys, and nobody had a pair to be given them.
        let (password, keys) = (password.to_owned(), self.keys());
        self.local(move |connection| {
            if connection.prepare("SELECT 1 FROM credential")?.exists([])? {
                return Err(Problem::refused("这台电脑上已经有人设过密码。").next("请由管理员在设置里为新用户设密码。"));
            }
            rules(connection)?.accept(&password)?;
            write_password(connection, &keys, user, &password, false)
        })
    }

    /// Sets a password without asking anybody.
    #[cfg(test)]
    pub fn set_password(&self, user: RecordId, password: &str) -> Answer<()> {
        let password = password.to_owned();
        if let Err(problem) = self.may_change() {
            return Answer::ready(Err(problem));
        }
        let keys = self.keys();
        self.local(move |connection| {
            rules(connection)?.accept(&password)?;
            write_password(connection, &keys, user, &password, false)
        })
    }

    /// Whether this is the user's password, counting nothing.
    #[cfg(test)]
    pub fn check_password(&self, user: RecordId, password: &str) -> Answer<bool> {
        let password = password.to_owned();
        self.read(move |connection| password_is(connection, user, &password))
    }
}

impl Act<'_> {
    fn sign_in(&mut self, user: RecordId, password: &str, whence: &str) -> Result<Entry> {
        let works_here = User::replay(user, self.history(user)?)
            .is_some_and(|person| person.active && !Role::list(&person.roles).is_empty());
        if !works_here {
            self.note(Logged::new(DeedKind::SignInFailed, format!("{whence}：账号已停用")));
            return Ok(Entry::Out);
        }
        let entry = self.attempt(user, whence, |connection| password_is(connection, user, password))?;
        if matches!(entry, Entry::In { .. }) {
            self.hold(user, password)?;
        }
        Ok(entry)
    }

    fn change_password(&mut self, user: RecordId, old: &str, new: &str) -> Result<Entry> {
        rules(self.connection()?)?.accept(new)?;
        if old == new {
            return Err(Problem::bad_input("新密码和现在的一样。").next("请换一个不同的密码。"));
        }
        let entry = self.sign_in(user, old, "改密码")?;
        if matches!(entry, Entry::In { .. }) {
            write_password(self.connection()?, self.keys(), user, new, false)?;
            self.note(Logged::new(DeedKind::Password, "改了自己的密码"));
        }
        Ok(entry)
    }

    fn recover(&mut self, key: &str, user: RecordId, password: &str) -> Result<Recovered> {
        rules(self.connection()?)?.accept(password)?;
        let person = self.user(user)?;
        let administrator = person.active && Role::list(&person.roles).contains(&Role::Administrator);
        let managed = has_administrator(self.connection()?)?;
        if !administrator && managed {
            self.note(Logged::new(DeedKind::Refused, "恢复密钥：不是管理员").about(user));
            return Err(
                Problem::refused("恢复密钥只能重设管理员的密码。").next("请选一位管理员，由管理员再重设别人的。")
            );
        }
        let phc: Option<String> =
            self.connection()?.query_row("SELECT phc FROM recovery", [], |row| row.get(0)).optional()?;
        let Some(phc) = phc else {
            self.note(Logged::new(DeedKind::SignInFailed, "恢复密钥：这台电脑上没有生成过"));
            return Err(Problem::refused("这台电脑上没有生成过恢复密钥。").next("请从带有密码的备份恢复。"));
        };
        match self.attempt(KEY, "恢复密钥", |_| verify(key, &phc))? {
            Entry::In { .. } => {}
            Entry::Wrong { left } => {
                return Err(
                    Problem::refused("恢复密钥不对。").next(format!("请对照纸上的再输一遍；再错 {left} 次将锁定。"))
                );
            }
            Entry::Locked { minutes } => {
                return Err(Problem::refused(format!("恢复密钥连续输错，{minutes} 分钟后再试。")).next("请稍后再试。"));
            }
            Entry::Out => return Err(Problem::bug("the key has no account to leave")),
        }
        if !administrator {
            let roles: Vec<Role> = Role::list(&person.roles).into_iter().chain([Role::Administrator]).collect();
            let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            self.stand_as(Standing::recovering());
            let set = Fields::set([(user_key::ROLES, roles.join(" ")), (user_key::ACTIVE, "是".to_owned())]);
            self.append(user, Fact::UserChanged(set))?;
        }
        if let Some(keys) = keys_of(self.connection()?, KEY, key)? {
            self.hold_keys(keys)?;
        }
        write_password(self.connection()?, self.keys(), user, password, false)?;
        self.note(Logged::new(DeedKind::Recovery, format!("用恢复密钥重设了“{}”的密码", person.name)).about(user));
        Ok(Recovered { user, key: self.make_key()? })
    }
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
