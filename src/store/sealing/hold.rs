//! Who holds the office's key. Everybody with a password has a key pair whose private half only the password unlocks; whoever is
//! signed in and holds the key wraps it for everybody else who works here and has a pair. So nobody's password need be known, and
//! nobody does anything for it.

use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::domain::id::RecordId;
use crate::domain::seal::{FieldKey, Keys, Pair, Secret, wrap};
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::accounts::argon2;

/// Under which the recovery key's pair stands.
pub(super) const RECOVERY: RecordId = RecordId::OFFICE;

/// Random bytes of the system. Keys are never made of anything less, fixed chance in tests included.
pub(super) fn chance<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|error| {
        Problem::io("系统给不出随机数，没有生成密钥。").next("请重新启动电脑后再试。").detail(error)
    })?;
    Ok(bytes)
}

/// What a password locks its holder's private half with: argon2id at the cost of signing in, salted for this alone.
fn password_key(password: &str, salt: &[u8]) -> Result<Secret> {
    let mut key = Zeroizing::new([0; 32]);
    argon2().hash_password_into(password.as_bytes(), salt, &mut key[..]).map_err(Problem::bug)?;
    Ok(key)
}

/// Gives somebody a new pair under a password, and the keys at hand with it. Whatever was wrapped for the pair before goes.
pub(in crate::store) fn give_pair(
    connection: &Connection,
    keys: &Keys,
    holder: RecordId,
    password: &str,
) -> Result<()> {
    let (pair, salt) = (Pair::new(&chance()?), chance::<16>()?);
    let locked = pair.lock(&password_key(password, &salt[..])?, *chance::<24>()?, holder.0.as_bytes());
    connection.execute(
        "INSERT INTO seal_pair (holder, public, salt, locked) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET public = excluded.public, salt = excluded.salt, locked = excluded.locked",
        params![holder, pair.public(), &salt[..], locked],
    )?;
    connection.execute("DELETE FROM seal_key WHERE holder = ?", [holder])?;
    wrap_for(connection, keys, holder, &pair.public())
}

fn wrap_for(connection: &Connection, keys: &Keys, holder: RecordId, public: &[u8; 32]) -> Result<()> {
    for key in keys.iter() {
        // A row that holds no public half is damage; its holder gets another pair with the next password.
        let Some(wrapped) = wrap(key.secret(), public, &chance()?) else { continue };
        connection
            .prepare_cached("INSERT INTO seal_key (key, holder, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![key.id(), holder, wrapped])?;
    }
    Ok(())
}

/// What somebody's password opens. `None`: they have no pair that it unlocks.
pub(in crate::store) fn keys_of(connection: &Connection, holder: RecordId, password: &str) -> Result<Option<Keys>> {
    let row: Option<([u8; 16], Vec<u8>)> = connection
        .query_row("SELECT salt, locked FROM seal_pair WHERE holder = ?", [holder], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((salt, locked)) = row else { return Ok(None) };
    let Some(pair) = Pair::unlock(&locked, &password_key(password, &salt)?, holder.0.as_bytes()) else {
        return Ok(None);
    };
    let mut statement = connection.prepare("SELECT wrapped FROM seal_key WHERE holder = ? ORDER BY key")?;
    let wrapped = statement.query_map([holder], |row| row.get(0))?.collect::<rusqlite::Result<Vec<Vec<u8>>>>()?;
    let mut keys = Keys::default();
    for secret in wrapped.iter().filter_map(|wrapped| pair.open(wrapped)) {
        keys.add(FieldKey::new(secret));
    }
    Ok(Some(keys))
}

/// Whether somebody has a pair.
pub(super) fn has_pair(connection: &Connection, holder: RecordId) -> Result<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM seal_pair WHERE holder = ?)", [holder], |row| row.get(0))?)
}

/// Wraps the keys for everybody here who has a pair and not yet the key, the recovery key among them. Who does not work here any
/// more is left nothing.
fn share(connection: &Connection, keys: &Keys) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    connection.execute(
        "DELETE FROM seal_key WHERE holder <> ? AND holder NOT IN (SELECT id FROM user WHERE active)",
        [RECOVERY],
    )?;
    let mut statement = connection.prepare(
        "SELECT holder, public FROM seal_pair WHERE holder = ? OR holder IN (SELECT id FROM user WHERE active)",
    )?;
    let holders = statement
        .query_map([RECOVERY], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(RecordId, [u8; 32])>>>()?;
    for (holder, public) in holders {
        wrap_for(connection, keys, holder, &public)?;
    }
    Ok(())
}

impl Act<'_> {
    /// Whoever has just proven their password holds what it opens, and shares it with the others. Who has no pair yet gets one.
    pub(in crate::store) fn hold(&mut self, user: RecordId, password: &str) -> Result<()> {
        let connection = self.connection()?;
        let keys = match keys_of(connection, user, password)? {
            Some(keys) => keys,
            None => {
                give_pair(connection, &Keys::default(), user, password)?;
                Keys::default()
            }
        };
        self.hold_keys(keys)
    }

    /// Whoever acts holds these keys from now on, and with them everybody here who has a pair.
    pub(in crate::store) fn hold_keys(&mut self, keys: Keys) -> Result<()> {
        share(self.connection()?, &keys)?;
        self.set_keys(keys);
        Ok(())
    }

    /// Takes in keys that came from another machine of the office. Returns how many were not here.
    pub(in crate::store) fn learn_keys(&mut self, secrets: Vec<Secret>) -> Result<usize> {
        let mut keys = self.keys().clone();
        let count = secrets.into_iter().filter(|secret| keys.add(FieldKey::new(secret.clone()))).count();
        if count > 0 {
            self.hold_keys(keys)?;
        }
        Ok(count)
    }
}
