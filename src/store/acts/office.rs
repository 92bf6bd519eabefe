//! The office and its people.

use super::firm::{Values, written};
use crate::domain::event::{Fact, Fields, ImportDone};
use crate::domain::history::Registers;
use crate::domain::id::RecordId;
use crate::domain::people::{Role, office_key, signing, user_key};
use crate::domain::{Problem, Result};
use crate::store::Act;

impl Act<'_> {
    /// Sets fields of the office. Returns whether anything differed.
    pub fn change_office(&mut self, values: &Values) -> Result<bool> {
        let set = Registers::replay(self.history(RecordId::OFFICE)?).difference(values);
        if set.is_empty() {
            return Ok(false);
        }
        if set.get(office_key::NAME).is_some_and(Option::is_none) {
            return Err(Problem::bad_input("单位名称不能为空。").next("请填写单位名称，它会印在推荐汇总表的抬头上。"));
        }
        for setting in &signing::SETTINGS {
            if let Some(Some(value)) = set.get(setting.key) {
                setting.read(value)?;
            }
        }
        self.append(RecordId::OFFICE, Fact::OfficeChanged(Fields { set, ..Fields::default() }))?;
        Ok(true)
    }

    /// Changes somebody's name, roles, section, programs, or whether they work here. Returns whether anything differed.
    ///
    /// # Errors
    /// Bad input for an empty name or no role; refused where the office would have no administrator any more.
    pub fn change_user(&mut self, id: RecordId, values: &Values) -> Result<bool> {
        let mut set = self.standing_fields(id, "人员")?.difference(values);
        set.retain(|key, _| {
            [user_key::NAME, user_key::ROLES, user_key::ACTIVE, user_key::SECTION, user_key::PROGRAMS]
                .contains(&key.as_str())
        });
        if set.is_empty() {
            return Ok(false);
        }
        if set.get(user_key::NAME).is_some_and(|name| name.as_deref().is_none_or(|name| name.trim().is_empty())) {
            return Err(no_name());
        }
        if set.get(user_key::ROLES).is_some_and(|roles| Role::list(roles.as_deref().unwrap_or_default()).is_empty()) {
            return Err(no_role());
        }
        self.append(id, Fact::UserChanged(Fields { set, ..Fields::default() }))?;
        Ok(true)
    }

    /// Adds somebody who signs in.
    pub fn add_user(&mut self, name: &str, roles: &[Role]) -> Result<RecordId> {
        if name.trim().is_empty() {
            return Err(no_name());
        }
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        let set = written(
            [(user_key::NAME.to_owned(), Some(name.to_owned())), (user_key::ROLES.to_owned(), Some(roles.join(" ")))]
                .into_iter()
                .collect(),
        );
        self.create(Fact::UserAdded(Fields { set, ..Fields::default() }))
    }

    /// Adds somebody together with the password to sign in with for the first time: one action, so that nobody is added who
    /// cannot enter. Whoever adds them knows it, so it must be changed then.
    ///
    /// # Errors
    /// Bad input for an empty name, no role, or a password that is too short.
    pub fn add_user_with_password(&mut self, name: &str, roles: &[Role], password: &str) -> Result<RecordId> {
        if roles.is_empty() {
            return Err(no_role());
        }
        let user = self.add_user(name.trim(), roles)?;
        self.set_password(user, password, true)?;
        Ok(user)
    }

    /// Founds the office with its first user, who may do everything until others are added. One action: an office whose only
    /// user has no password yet could never be entered again.
    ///
    /// # Errors
    /// Bad input for an empty name or a password that is too short; refused where the office has users already.
    pub fn found_office(&mut self, office: &str, region: &str, name: &str, password: &str) -> Result<RecordId> {
        let some: bool = self.connection()?.query_row("SELECT EXISTS (SELECT 1 FROM user)", [], |row| row.get(0))?;
        if some {
            return Err(Problem::refused("这里已经启用过了。").next("请直接登录；要另起一份，请换一个数据文件夹。"));
        }
        if office.trim().is_empty() {
            return Err(Problem::bad_input("单位名称没有填。").next("请填写单位名称，它会印在推荐汇总表的抬头上。"));
        }
        let values = [(office_key::NAME, office), (office_key::REGION, region)]
            .map(|(key, value)| (key.to_owned(), Some(value.trim().to_owned())));
        self.change_office(&written(values.into()))?;
        let user = self.add_user(name.trim(), &[Role::Officer, Role::Administrator])?;
        self.set_password(user, password, false)?;
        Ok(user)
    }

    /// Notes that a list was taken in, under an id its facts already name.
    pub fn record_import(&mut self, id: RecordId, done: ImportDone) -> Result<()> {
        self.append(id, Fact::ImportDone(done))?;
        Ok(())
    }
}

fn no_name() -> Problem {
    Problem::bad_input("姓名没有填。").next("请填写姓名，每一次录入和决定都会记上它。")
}

fn no_role() -> Problem {
    Problem::bad_input("没有选身份。").next("请至少选一个身份，它决定这个人能做什么。")
}
