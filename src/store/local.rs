//! What belongs to this machine alone and to no journal: window habits, drafts. Passwords are in `accounts`.

use rusqlite::OptionalExtension;

use super::sealing::Sealing;
use super::{Answer, Db};
use crate::domain::Result;
use crate::domain::seal::is_sealed;

impl Db {
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

    /// Forgets a habit of the window.
    pub fn forget_preference(&self, name: &str) -> Answer<()> {
        let name = name.to_owned();
        self.local(move |connection| {
            connection.prepare_cached("DELETE FROM preference WHERE name = ?")?.execute([name])?;
            Ok(())
        })
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

    /// What was being typed when the program last ended. `None`: nothing, or nothing that can be opened now.
    pub fn draft(&self, name: &str) -> Answer<Option<String>> {
        let (name, keys) = (name.to_owned(), self.keys());
        self.read(move |connection| {
            let kept: Option<String> = connection
                .prepare_cached("SELECT value FROM draft WHERE name = ?")?
                .query_row([name], |row| row.get(0))
                .optional()?;
            Ok(kept.map(|text| keys.opened(&text).into_owned()).filter(|text| !is_sealed(text)))
        })
    }

    /// Keeps what is being typed, sealed where the office has numbers sealed; an empty value forgets it. Where it would have to
    /// be sealed and there is no key, nothing is kept.
    pub fn set_draft(&self, name: &str, value: &str) -> Answer<()> {
        let (name, value, keys) = (name.to_owned(), value.to_owned(), self.keys());
        self.local(move |connection| {
            let kept = match value.as_str() {
                "" => None,
                text => Sealing::read(connection, &keys)?.draft(text),
            };
            match kept {
                Some(text) => connection
                    .prepare_cached(
                        "INSERT INTO draft (name, value) VALUES (?, ?)
                         ON CONFLICT DO UPDATE SET value = excluded.value",
                    )?
                    .execute([name, text])?,
                None => connection.prepare_cached("DELETE FROM draft WHERE name = ?")?.execute([name])?,
            };
            Ok(())
        })
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
