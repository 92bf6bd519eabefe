//! Opening what was read, for whoever holds the keys. What is told about a record (its stage, what a decision was taken on) is
//! worked out of the sealed values, which are the same on every machine; only what is shown is opened.

use super::Keys;
use crate::domain::event::Fact;
use crate::domain::history::{History, Registers};

/// Opens the values of a history in place. What cannot be opened stays as it is.
pub fn open_history(history: &mut History, keys: &Keys) {
    if keys.is_empty() {
        return;
    }
    let open = |text: &mut String| {
        if let Some(plain) = keys.open(text) {
            *text = plain;
        }
    };
    history.alter_facts(|fact| match fact {
        Fact::ShortlistFrozen(frozen) => frozen.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(open),
        fact => {
            if let Some(fields) = fact.fields_mut() {
                fields.set.values_mut().flatten().for_each(open);
                fields.confirmed.iter_mut().for_each(|confirmed| open(&mut confirmed.says));
            }
        }
    });
}

/// Opens the values of fields in place.
pub fn open_registers(fields: &mut Registers, keys: &Keys) {
    if !keys.is_empty() {
        fields.alter_values(|value| {
            if let Some(plain) = keys.open(value) {
                *value = plain;
            }
        });
    }
}
