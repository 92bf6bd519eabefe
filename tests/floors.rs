//! The house stands on its floors: no file may name a floor above its own (docs/CONTRIBUTING.md).

use std::path::{Path, PathBuf};

/// Floor of each top-level module. Two modules on one floor do not know each other, except where `NEIGHBOURS` says so.
const FLOORS: &[(&str, u8)] = &[
    ("domain", 1),
    ("catalog", 2),
    ("store", 3),
    ("exchange", 4),
    ("report", 4),
    ("example", 5),
    ("ui", 5),
    ("app", 6),
    ("cli", 6),
];

/// What a module must not name at all, besides the floors above it.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("domain", &["rusqlite", "iced", "std::fs", "std::net", "Utc::now", "Local::now", "SystemTime::now", "getrandom"]),
    ("catalog", &["rusqlite", "iced"]),
    ("store", &["iced", "calamine", "rust_xlsxwriter", "quick_xml"]),
    ("exchange", &["iced", "rusqlite"]),
    ("report", &["iced", "rusqlite"]),
    ("example", &["iced", "rusqlite"]),
    ("ui", &["rusqlite", "crate::domain", "crate::catalog", "crate::store", "crate::exchange"]),
    ("app", &["rusqlite"]),
    ("cli", &["rusqlite", "iced"]),
];

fn rust_files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("source folder").map(|e| e.expect("entry").path()) {
        if entry.is_dir() {
            rust_files(&entry, into);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            into.push(entry);
        }
    }
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// Every `crate::module` named in code (comments left out), with its line number.
fn named_modules(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (n, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            if let Some(group) = rest.strip_prefix('{') {
                for part in group.split(['{', '}', ',']) {
                    found.push((n + 1, part.trim().split("::").next().unwrap_or_default().to_owned()));
                }
            } else {
                found.push((n + 1, rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()));
            }
        }
    }
    found
}

fn faults(module: &str, file: &Path, source: &str) -> Vec<String> {
    let own = floor(module).unwrap_or_else(|| panic!("src/{module} has no floor: give it one in tests/floors.rs"));
    let mut faults = Vec::new();
    for (line, named) in named_modules(source) {
        if let Some(other) = floor(&named)
            && named != module
            && other >= own
            && !(module == "app" && named == "cli")
        {
            faults.push(format!("{}:{line}: {module} (floor {own}) uses {named} (floor {other})", file.display()));
        }
    }
    let forbidden = FORBIDDEN.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, words)| words);
    for (n, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in forbidden {
            if code.contains(word) {
                faults.push(format!("{}:{}: {module} must not know {word}", file.display(), n + 1));
            }
        }
    }
    faults
}

#[test]
fn no_floor_reaches_upward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut all = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).expect("below src");
        let Some(module) = inside.components().next().and_then(|c| c.as_os_str().to_str()) else { continue };
        if module.ends_with(".rs") {
            continue;
        }
        all.extend(faults(module, inside, &std::fs::read_to_string(&file).expect("readable source")));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn every_folder_says_what_lives_there() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    for file in files.iter().filter(|f| f.ends_with("mod.rs")) {
        let source = std::fs::read_to_string(file).expect("readable source");
        let opening = source.lines().take_while(|line| line.starts_with("//!")).count();
        assert!(opening >= 3, "{} does not open with three lines on what lives there", file.display());
    }
}

#[test]
fn an_upward_import_is_found() {
    let bad = "use crate::store::Db;\nfn f() { crate::ui::theme(); } // crate::app is only a comment\n";
    let found = faults("catalog", Path::new("catalog/bad.rs"), bad);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(faults("domain", Path::new("domain/bad.rs"), "use crate::{catalog::Program, domain::Kind};").len(), 1);
}
