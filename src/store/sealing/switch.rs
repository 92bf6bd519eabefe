//! Switching 字段加密 on and off. What the journal says already stays as it was written; new numbers follow the switch.

use std::sync::Arc;

use rusqlite::params;

use super::Sealing;
use super::hold::{RECOVERY, chance, has_pair};
use crate::domain::people::{Permission, office_key};
use crate::domain::seal::{FieldKey, Keys};
use crate::domain::{Problem, Result};
use crate::store::acts::Values;
use crate::store::rights::office_fields;
use crate::store::{Act, Answer, Db, Done};

/// What switching came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// It stood the other way before.
    pub changed: bool,
    /// A recovery key that had to be made, because the one there was can open nothing. Shown once.
    pub recovery: Option<String>,
}

impl Db {
    /// Switches sealing of identity and telephone numbers on or off for the whole office, in the name of an administrator.
    ///
    /// # Errors
    /// Refused to whoever may not change the office, in the invented office, and where the key in use is not at hand.
    pub fn seal_numbers(&self, actor: crate::domain::id::RecordId, on: bool) -> Answer<Done<Switched>> {
        let name = if on { "开启身份证号和电话的加密" } else { "关闭身份证号和电话的加密" };
        self.act(actor, name, move |act| act.seal_numbers(on))
    }
}

impl Act<'_> {
    /// See [`Db::seal_numbers`].
    fn seal_numbers(&mut self, on: bool) -> Result<Switched> {
        self.permit(Permission::ChangeOffice)?;
        let fields = office_fields(self.connection()?)?;
        if fields.get(office_key::SEALS).is_some_and(|word| word == "是") == on {
            return Ok(Switched { changed: false, recovery: None });
        }
        if !on {
            self.change_office(&[(office_key::SEALS.to_owned(), None)].into())?;
            self.forget_sealing();
            return Ok(Switched { changed: true, recovery: None });
        }
        if fields.get(office_key::EXAMPLE).is_some_and(|word| word == "是") {
            return Err(Problem::refused("示例单位没有密码，不能加密。").next("请在自己的单位里开启。"));
        }
        let actor = self.actor();
        if !has_pair(self.connection()?, actor)? {
            return Err(Problem::refused("您在这台电脑上还没有用密码登录过，不能开启加密。")
                .next("请先设密码、重新登录一次，再开启。"));
        }
        let key = self.office_key(fields.get(office_key::SEAL_KEY))?;
        let recovery = match has_pair(self.connection()?, RECOVERY)? {
            true => None,
            false => Some(self.make_key()?),
        };
        let set: Values =
            [(office_key::SEALS.to_owned(), Some("是".to_owned())), (office_key::SEAL_KEY.to_owned(), Some(key.id()))]
                .into();
        self.change_office(&set)?;
        self.forget_sealing();
        self.seal_drafts(&Sealing::On(key))?;
        Ok(Switched { changed: true, recovery })
    }

    /// The key the office seals with: the one it had, or a new one that from now on everybody here holds.
    fn office_key(&mut self, known: Option<&String>) -> Result<Arc<FieldKey>> {
        if let Some(known) = known {
            if let Some(key) = self.keys().get(known) {
                return Ok(Arc::clone(key));
            }
            let held: bool = self.connection()?.query_row(
                "SELECT EXISTS (SELECT 1 FROM seal_key WHERE key = ?)",
                [known],
                |row| row.get(0),
            )?;
            if held {
                return Err(Problem::refused("单位以前加密用的密钥，您还没有拿到。").next(
                    "请由拿着密钥的人在这台电脑上登录一次，您重新登录后再开启；没有这样的人，可以用恢复密钥取回。",
                ));
            }
        } else if let Some(key) = self.keys().iter().next() {
            return Ok(Arc::clone(key));
        }
        let key = FieldKey::new(chance()?);
        let id = key.id();
        let mut keys: Keys = self.keys().clone();
        keys.add(key);
        self.hold_keys(keys)?;
        self.keys().get(&id).cloned().ok_or_else(|| Problem::bug("a key just made is not held"))
    }

    /// What was being typed lies on the disk, too.
    fn seal_drafts(&mut self, sealing: &Sealing) -> Result<()> {
        let connection = self.connection()?;
        let mut statement = connection.prepare("SELECT name, value FROM draft")?;
        let drafts = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        for (name, value) in drafts {
            if let Some(sealed) = sealing.draft(&value) {
                connection.execute("UPDATE draft SET value = ? WHERE name = ?", params![sealed, name])?;
            }
        }
        // The write-ahead log still holds them as they were.
        self.set_erased();
        Ok(())
    }
}
