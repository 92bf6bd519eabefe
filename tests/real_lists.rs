//! Lists as offices really published them, where there are any: run with KEBAO_LISTS set to their folder. They and the
//! firms in them are not part of this repository.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kebao::exchange::lists::{CellNote, FileKind, FoundTable, GroupKind, Meaning, find, read};

/// The one file in the folder whose name contains `part`.
fn file(folder: &Path, part: &str) -> PathBuf {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("folder of lists").map(|e| e.expect("entry").path()).collect();
    files.retain(|path| path.to_string_lossy().contains(part));
    assert_eq!(files.len(), 1, "{part}: {files:?}");
    files.remove(0)
}

/// The one list in that file, its rows adding up.
fn list(folder: &Path, part: &str) -> FoundTable {
    let doc = read(&file(folder, part), &mut |_| ControlFlow::Continue(())).expect("a readable list");
    let mut tables = find(&doc);
    assert_eq!(tables.len(), 1, "{part}");
    let table = tables.remove(0);
    let passed: u32 = table.passed_over.iter().map(|p| p.rows).sum();
    assert_eq!(table.rows.len() as u32 + passed, table.source_rows, "{part}");
    table
}

fn texts(table: &FoundTable, meaning: Meaning) -> Vec<&str> {
    let column = table.column(meaning).unwrap_or_else(|| panic!("{meaning:?}"));
    table.rows.iter().map(|row| &*row.cells[column].text).collect()
}

/// Groups whose heading announces another number of rows than they have.
fn differing(table: &FoundTable) -> Vec<String> {
    let differs = table.groups.iter().filter(|g| g.declared.is_some_and(|n| n != g.counted));
    differs.map(|g| format!("{}: {:?} announced, {} counted", g.raw, g.declared, g.counted)).collect()
}

#[test]
fn real_lists() {
    let Some(folder) = std::env::var_os("KEBAO_LISTS").map(PathBuf::from) else {
        println!("skipped: KEBAO_LISTS is not set");
        return;
    };
    statewide(&folder);
    city(&folder);
    text(&folder);
    schools(&folder);
    makerspaces(&folder);
}

/// 8775 firms of a province in one Word table: cities in rows of their own, counties in a column.
fn statewide(folder: &Path) {
    let table = list(folder, "2017年度");
    assert_eq!(table.rows.len(), 8775);
    assert!(
        texts(&table, Meaning::CertificateNumber)
            .iter()
            .all(|n| n.len() == 14 && n.bytes().all(|b| b.is_ascii_digit()))
    );
    assert!(texts(&table, Meaning::Name).iter().all(|n| n.chars().count() >= 4));
    assert!(texts(&table, Meaning::Area).iter().all(|area| !area.is_empty() && !area.contains('家')));
    for (n, row) in table.rows.iter().enumerate() {
        assert_eq!(row.serial, Some(n as u32 + 1));
        let kinds: Vec<GroupKind> = row.groups.iter().map(|i| table.groups[*i as usize].kind).collect();
        assert_eq!(kinds, [GroupKind::Row, GroupKind::Column]);
    }
    let cities: Vec<u32> =
        table.groups.iter().filter(|g| g.kind == GroupKind::Row).filter_map(|g| g.declared).collect();
    assert_eq!((cities.len(), cities.iter().sum::<u32>()), (11, 8775));
    assert_eq!(differing(&table), Vec::<String>::new());
    assert_eq!(table.hints.year, Some(2017));
}

/// 715 firms in a Word table with a covering letter's title as its name.
fn city(folder: &Path) {
    let table = list(folder, "715家");
    assert_eq!(table.rows.len(), 715);
    assert_eq!(texts(&table, Meaning::Area).iter().filter(|area| area.is_empty()).count(), 0);
    assert_eq!((table.hints.declared_total, table.hints.year, table.hints.batch), (Some(715), Some(2018), Some(1)));
}

/// 692 firms in a text file in GB18030.
fn text(folder: &Path) {
    let doc = read(&file(folder, ".csv"), &mut |_| ControlFlow::Continue(())).expect("a readable list");
    assert_eq!(doc.kind, FileKind::Delimited);
    let table = list(folder, ".csv");
    assert_eq!(table.rows.len(), 692);
    assert!(
        texts(&table, Meaning::CertificateNumber).iter().all(|n| n.len() >= 9 && n.bytes().all(|b| b.is_ascii_digit()))
    );
    assert!(texts(&table, Meaning::Name).iter().all(|name| !name.contains('\u{FFFD}')));
}

/// 2919 schools in an old workbook, their codes kept as numbers.
fn schools(folder: &Path) {
    let table = list(folder, ".xls");
    assert_eq!(table.rows.len(), 2919);
    let codes: BTreeSet<&str> = texts(&table, Meaning::CertificateNumber).into_iter().collect();
    assert_eq!(codes.len(), 2919);
    assert!(codes.iter().all(|code| code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit())));
    assert!(table.rows.iter().flat_map(|row| row.cells.iter()).all(|cell| cell.note != Some(CellNote::LostDigits)));
    assert_eq!(table.groups.len(), 31);
    assert_eq!(differing(&table), Vec::<String>::new());
    assert_eq!(table.hints.date, Some((2025, 6, 20)));
}

/// Makerspaces in three Word tables under headings, each with the firm that runs it.
fn makerspaces(folder: &Path) {
    let table = list(folder, "众创空间");
    let counted: Vec<u32> = table.groups.iter().map(|g| g.counted).collect();
    assert_eq!(counted, [29, 4, 3]);
    assert!(table.groups.iter().all(|g| g.kind == GroupKind::Heading));
    assert!(texts(&table, Meaning::Operator).iter().all(|name| name.chars().count() > 4));
    assert_eq!(table.firm_column(), table.column(Meaning::Operator));
    assert_eq!(table.column(Meaning::ItemName), Some(1));
    assert_eq!(table.hints.publicity, Some(((2020, 9, 22), (2020, 9, 29))));
    assert_eq!(table.hints.date, Some((2020, 9, 21)));
    assert_eq!(table.hints.declared_total, Some(36));
}
