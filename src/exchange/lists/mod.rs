//! A published list, from a file to tables whose rows can be matched: [`read`] makes a [`Document`], [`find`] its tables.
//! Reading knows formats, finding knows how 科技厅 and 火炬中心 lay out a list; neither knows firms, programs or the store.
//! Every reader works in one bounded pass (see `bounds`), so a hostile file costs a sentence and not the machine.

mod ahead;
mod biff;
mod bounds;
mod build;
mod columns;
mod compound;
mod delimited;
mod document;
mod docx;
mod find;
mod found;
mod grid;
mod groups;
mod header;
mod hints;
mod label;
mod meaning;
mod number;
mod package;
mod read;
mod rows;
mod sections;
mod sheet;
mod sniff;
#[cfg(test)]
mod tests;
mod values;
mod xls;
mod xlsx;
mod xlsx_parts;
mod xml;

pub use document::{
    Block, CellKind, CellNote, Document, FileKind, Paragraph, Progress, RawCell, RawRow, RawTable, Text,
};
pub use find::{find, nothing_found};
pub use found::{Cell, Day, FoundColumn, FoundTable, Group, GroupKind, Hints, ListRow, Passed, PassedOver};
pub use meaning::Meaning;
pub use read::{read, read_bytes, read_pasted};
