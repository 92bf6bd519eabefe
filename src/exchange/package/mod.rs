//! Sealed packages (`.kbp`): what one machine sends another, signed by the one and sealed for the other and the office's safe.
//! Keys, the format, writing and reading it, and the few steps a person takes; docs/package-format.md describes the bytes.
//! Nothing here decides what goes in or what becomes of it (that is the store's), and nothing trusts a byte before it is proven.

pub mod age;
mod base64;
mod bech32;
mod card;
mod format;
mod keys;
mod read;
pub mod shared;
mod steps;
mod write;

pub use card::{card_name, read_card, write_card};
pub use format::{EXTENSION, Manifest};
pub use keys::{Keys, Recovery};
pub use read::{Package, refused_with};
pub use steps::{Made, Opened, Sender, file_name, inbox, make, open, take};

#[cfg(test)]
mod tests;
