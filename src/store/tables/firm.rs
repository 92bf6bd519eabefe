//! The row of a firm, its certificates and figures in its line.

use rusqlite::{Connection, params};

use crate::domain::Result;
use crate::domain::firm::{Firm, key};
use crate::domain::history::History;
use crate::domain::id::RecordId;
use crate::domain::text::number_key;
use crate::store::ledger::pack_firm;
use crate::store::sql::Rows;

pub(super) fn project(connection: &Connection, id: RecordId, history: &History, fresh: bool) -> Result<()> {
    if !fresh {
        connection.prepare_cached("DELETE FROM firm WHERE id = ?")?.execute([id])?;
    }
    match Firm::replay(id, history) {
        None => Ok(()),
        Some(firm) => {
            let code = firm.fields.get(key::CODE).map(number_key);
            let line = pack_firm(&firm, history.is_read_only());
            connection
                .prepare_cached("INSERT INTO firm (id, name, code, line) VALUES (?, ?, ?, ?)")?
                .execute(params![id, firm.name(), code, line])?;
            Ok(())
        }
    }
}

/// A firm as its table holds it: id, name, credit code as matching folds it, line.
pub(in crate::store) type FirmLine<'a> = (RecordId, &'a str, Option<&'a str>, &'a [u8]);

/// Writes rows of firms the table holds nothing of.
pub(in crate::store) struct FirmPen<'c>(Rows<'c>);

impl<'c> FirmPen<'c> {
    pub fn new(connection: &'c Connection) -> Result<Self> {
        Ok(Self(Rows::new(connection, "INSERT OR FAIL INTO firm (id, name, code, line)", &[], 4)?))
    }

    pub fn write<'a>(&mut self, firms: impl ExactSizeIterator<Item = FirmLine<'a>>) -> Result<()> {
        self.0.write(firms, |row, (id, name, code, line)| {
            row.put(id)?;
            row.put(name)?;
            row.put(code)?;
            row.put(line)
        })
    }
}
