//! What belongs to this machine alone and to no journal: window habits, drafts. Passwords are in `accounts`.

use rusqlite::OptionalExtension;

use super::{Answer, Db};
use crate::domain::Result;

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
