//! What belongs to this machine alone and to no journal: password hashes, window habits, drafts.
//!
//! A password hash is a secret of this machine: it must not travel in packages nor stay in a journal that is never
//! shortened, so it is the one thing people enter that is not an event.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Act, Answer, Db};
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};

/// Shortest password accepted.
pub const PASSWORD_MIN: usize = 8;

/// Argon2id, 19 MiB, two passes: the least OWASP recommends, half a tenth of a second on an old office PC.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// Writes the hash of a password, which must have [`PASSWORD_MIN`] characters at least.
pub(super) fn write_password(connection: &Connection, user: RecordId, password: &str) -> Result<()> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(Problem::bad_input(format!("密码太短，至少 {PASSWORD_MIN} 位。")).next("请换一个长一些的密码。"));
    }
    let phc = argon2().hash_password(password.as_bytes()).map_err(Problem::bug)?.to_string();
    connection.execute(
        "INSERT INTO credential (user, phc) VALUES (?, ?) ON CONFLICT DO UPDATE SET phc = excluded.phc",
        params![user, phc],
    )?;
    Ok(())
}

impl Act<'_> {
    /// Sets a user's password together with whatever else the action does. The hash itself is no event.
    ///
    /// # Errors
    /// As [`Db::set_password`].
    pub(super) fn set_password(&mut self, user: RecordId, password: &str) -> Result<()> {
        write_password(self.connection()?, user, password)
    }
}

impl Db {
    /// Sets a user's password.
    ///
    /// # Errors
    /// Bad input when it is shorter than [`PASSWORD_MIN`] characters; refused while this handle looks at an earlier day.
    pub fn set_password(&self, user: RecordId, password: &str) -> Answer<()> {
        if let Err(problem) = self.may_change() {
            return Answer::ready(Err(problem));
        }
        let password = password.to_owned();
        self.local(move |connection| write_password(connection, user, &password))
    }

    /// Whether this is the user's password. A user without one never signs in with a password.
    pub fn check_password(&self, user: RecordId, password: &str) -> Answer<bool> {
        let password = password.to_owned();
        self.read(move |connection| {
            let phc: Option<String> = connection
                .query_row("SELECT phc FROM credential WHERE user = ?", [user], |row| row.get(0))
                .optional()?;
            let Some(phc) = phc else { return Ok(false) };
            let hash = PasswordHash::new(&phc).map_err(|error| {
                Problem::damaged("这位用户的密码记录已损坏，不能登录。")
                    .next("请从备份恢复，或由管理员重设密码。")
                    .detail(error)
            })?;
            Ok(argon2().verify_password(password.as_bytes(), &hash).is_ok())
        })
    }

    /// A habit of the window: column widths, theme, last screen. `None`: never set.
    pub fn preference(&self, name: &str) -> Answer<Option<String>> {
        self.value("SELECT value FROM preference WHERE name = ?", name)
    }

    /// Remembers a habit of the window.
    pub fn set_preference(&self, name: &str, value: &str) -> Answer<()> {
        self.set_value(
            "INSERT INTO preference (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            name,
            value,
        )
    }

    /// All habits.
    pub fn preferences(&self) -> Answer<Vec<(String, String)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT name, value FROM preference ORDER BY name")?;
            let all =
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
            Ok(all)
        })
    }

    /// What was being typed when the program last ended. `None`: nothing.
    pub fn draft(&self, name: &str) -> Answer<Option<String>> {
        self.value("SELECT value FROM draft WHERE name = ?", name)
    }

    /// Keeps what is being typed; an empty value forgets it.
    pub fn set_draft(&self, name: &str, value: &str) -> Answer<()> {
        if value.is_empty() {
            let name = name.to_owned();
            return self.local(move |connection| {
                connection.prepare_cached("DELETE FROM draft WHERE name = ?")?.execute([name])?;
                Ok(())
            });
        }
        self.set_value(
            "INSERT INTO draft (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            name,
            value,
        )
    }

    fn value(&self, sql: &'static str, name: &str) -> Answer<Option<String>> {
        let name = name.to_owned();
        self.read(move |connection| -> Result<Option<String>> {
            Ok(connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
        })
    }

    fn set_value(&self, sql: &'static str, name: &str, value: &str) -> Answer<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.local(move |connection| {
            connection.prepare_cached(sql)?.execute([name, value])?;
            Ok(())
        })
    }
}
