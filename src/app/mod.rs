//! The window: the application on its one database, a folder per screen, the shell around them.
//! It speaks to the store through actions and questions, and to the design system through strings, tones and ids.
//! No SQL here, no drawing of its own, and nothing that a command without a window would also need.

mod assign;
mod away;
mod changes;
mod ctx;
mod data;
mod desk;
mod erase;
mod files;
mod filings;
mod firms;
pub mod headless;
mod idle;
mod import;
mod launch;
mod look;
mod notices;
mod opening;
mod pictures;
mod place;
mod print;
mod review;
mod screen;
mod settings;
mod shortlist;
mod start;
#[cfg(test)]
mod tests;
mod update;
mod window;
mod words;
mod workbench;

pub use launch::{display, run};
pub use pictures::draw as draw_pictures;
pub use window::{Message, Window};
