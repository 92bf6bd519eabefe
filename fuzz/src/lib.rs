//! The floors of the program a package passes through, compiled here without the window above them: what is fuzzed is the
//! program's own source, and every branch in it is counted.
//! Nothing lives here; `main.rs` and its modules are the fuzzer.

// What only the window asks for is not asked for here.
#![allow(dead_code)]

#[path = "../../src/catalog/mod.rs"]
pub mod catalog;
#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/exchange/mod.rs"]
pub mod exchange;
#[path = "../../src/store/mod.rs"]
pub mod store;
