//! 科报: what a district science & technology bureau files, decides and reports in a year, in one local file.
//!
//! One idea carries everything: what anyone enters is an event in an append-only journal, what a screen shows is a table
//! derived from it. The house has floors, each using only the floors below it; `tests/floors.rs` reads the imports and
//! fails on an upward one. From the ground up: [`domain`], [`catalog`], [`store`], [`exchange`] and [`example`],
//! [`ui`], and on top [`app`] and [`cli`].

pub mod app;
pub mod catalog;
pub mod cli;
pub mod domain;
pub mod example;
pub mod exchange;
pub mod store;
pub mod ui;
