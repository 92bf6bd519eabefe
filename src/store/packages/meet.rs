//! Getting to know another machine, and letting it go.

use crate::domain::event::{Fact, Fields};
use crate::domain::id::RecordId;
use crate::domain::machine::{Card, Key, Machine, key, named};
use crate::domain::people::office_key;
use crate::domain::{Problem, Result};
use crate::store::acts::Values;
use crate::store::{Act, Answer, Db};

/// A machine somebody has met.
#[derive(Debug, Clone)]
pub struct NewMachine {
    pub card: Card,
    /// What people here call it; empty: what it calls itself.
    pub name: String,
    /// The user who sits at it.
    pub user: Option<RecordId>,
}

impl Act<'_> {
    /// Notes that a machine was met and its fingerprint compared.
    ///
    /// # Errors
    /// Refused when a machine with one of these keys is known already and not retired, or only one of the keys is its; bad
    /// input for a name that is none.
    pub fn meet_machine(&mut self, new: &NewMachine) -> Result<RecordId> {
        let known = super::list::machines(self.connection()?)?;
        let same = |machine: &&Machine| machine.sign == new.card.sign || machine.seal == new.card.seal;
        if let Some(machine) = known.iter().find(same) {
            if !machine.retired {
                return Err(Problem::refused(format!("已经认识这台电脑，叫“{}”。", machine.name)));
            }
            if (machine.sign, machine.seal) != (new.card.sign, new.card.seal) {
                let says = format!("这张名片有一半密钥和已停用的“{}”相同，没有认识。", machine.name);
                return Err(Problem::refused(says).next("请对方更换本机密钥，另存一张名片。"));
            }
            self.say_retired(machine.sign, "否")?;
            return Ok(machine.id);
        }
        let name = named(if new.name.trim().is_empty() { &new.card.name } else { &new.name })?;
        let mut fields = Fields::set([
            (key::NAME, name),
            (key::SIGN, new.card.sign.to_string()),
            (key::SEAL, new.card.seal.to_string()),
        ]);
        if let Some(user) = new.user {
            fields.set.insert(key::USER.to_owned(), Some(user.to_string()));
        }
        self.create(Fact::MachineMet(fields))
    }

    /// The machine a record is of, and every record of it that is here: whoever says something of a machine says it of all, so
    /// that one made by somebody unaware is told apart.
    fn records_of(&mut self, id: RecordId) -> Result<(Machine, Vec<Machine>)> {
        let record = Machine::replay(id, self.history(id)?)
            .ok_or_else(|| Problem::not_found("找不到这台电脑。").next("请刷新后再试。"))?;
        let connection = self.connection()?;
        let machine = super::list::machines(connection)?
            .into_iter()
            .find(|machine| (machine.sign, machine.seal) == (record.sign, record.seal))
            .unwrap_or(record);
        let records = super::list::records(connection)?.into_iter();
        let records = records.filter(|record| (record.sign, record.seal) == (machine.sign, machine.seal)).collect();
        Ok((machine, records))
    }

    /// Says of every record with a signature key whether its machine is retired.
    fn say_retired(&mut self, sign: Key, word: &str) -> Result<()> {
        for record in super::list::records(self.connection()?)? {
            if record.sign == sign && record.retired != (word == "是") {
                self.append(record.id, Fact::MachineChanged(Fields::set([(key::RETIRED, word)])))?;
            }
        }
        Ok(())
    }

    /// Gives a machine another name here, and says who sits at it. Returns whether anything differed.
    ///
    /// # Errors
    /// Not found; bad input for an empty name or one that is too long.
    pub fn change_machine(&mut self, id: RecordId, name: &str, user: Option<RecordId>) -> Result<bool> {
        let name = named(name)?;
        let (machine, records) = self.records_of(id)?;
        if machine.name == name && machine.user == user {
            return Ok(false);
        }
        for record in records {
            let mut fields = Fields::default();
            if record.name != name {
                fields.set.insert(key::NAME.to_owned(), Some(name.clone()));
            }
            if record.user != user {
                fields.set.insert(key::USER.to_owned(), user.map(|user| user.to_string()));
            }
            if !fields.set.is_empty() {
                self.append(record.id, Fact::MachineChanged(fields))?;
            }
        }
        Ok(true)
    }

    /// Retires a machine: nothing it signs is taken in any more, and nothing is sealed for it.
    ///
    /// # Errors
    /// Not found; refused where it was retired already.
    pub fn retire_machine(&mut self, id: RecordId) -> Result<()> {
        let (machine, _) = self.records_of(id)?;
        if machine.retired {
            return Err(Problem::refused("这台电脑已经停用。"));
        }
        self.say_retired(machine.sign, "是")
    }

    /// Sets the key every package is sealed for besides its recipient.
    pub fn set_recovery(&mut self, recipient: &str) -> Result<bool> {
        let values: Values = [(office_key::RECOVERY.to_owned(), Some(recipient.to_owned()))].into();
        self.change_office(&values)
    }
}

impl Db {
    /// All machines met, by name; retired ones last.
    pub fn machines(&self) -> Answer<Vec<Machine>> {
        self.read(super::list::machines)
    }

    /// What a user is called; nothing for somebody unknown here.
    pub fn user_name(&self, user: RecordId) -> Answer<String> {
        self.read(move |connection| {
            let history = crate::store::journal::history(connection, user)?;
            Ok(crate::domain::people::User::replay(user, &history).map(|user| user.name).unwrap_or_default())
        })
    }

    /// The key every package is sealed for besides its recipient, where the office has one.
    pub fn recovery(&self) -> Answer<Option<String>> {
        self.read(|connection| {
            let office = crate::store::journal::history(connection, RecordId::OFFICE)?;
            let fields = crate::domain::history::Registers::replay(&office);
            Ok(fields.get(office_key::RECOVERY).map(str::to_owned))
        })
    }
}
