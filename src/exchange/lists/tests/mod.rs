//! Lists as offices publish them, built here with invented firms, and files built to hurt.
//! Fixtures come from a zip writer, rust_xlsxwriter and a small writer of old workbooks; none is a real file.
//! Real lists are read by `tests/real_lists.rs`, where there are any.

mod biff;
mod hostile;
mod layouts_sheet;
mod layouts_text;
mod layouts_word;
mod properties;

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Document, FoundTable, Meaning, find, read_bytes};
use crate::domain::problem::{Kind, Problem, Result};

/// Reads bytes without anybody watching.
fn read(name: &str, bytes: &[u8]) -> Result<Document> {
    read_bytes(name, bytes, &mut |_| ControlFlow::Continue(()))
}

/// The lists in a file that must be readable.
fn lists(name: &str, bytes: &[u8]) -> Vec<FoundTable> {
    let tables = find(&read(name, bytes).unwrap());
    for table in &tables {
        assert_adds_up(table);
    }
    tables
}

/// The one list in a file.
fn list(name: &str, bytes: &[u8]) -> FoundTable {
    let mut tables = lists(name, bytes);
    assert_eq!(tables.len(), 1, "{tables:#?}");
    tables.remove(0)
}

/// Every source row is either a row of the list or passed over.
fn assert_adds_up(table: &FoundTable) {
    let mut rows: Vec<u32> = table.rows.iter().map(|row| row.at).collect();
    rows.sort_unstable();
    rows.dedup();
    let passed: u32 = table.passed_over.iter().map(|p| p.rows).sum();
    assert_eq!(rows.len() as u32 + passed, table.source_rows, "{table:#?}");
    assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
    for (i, group) in table.groups.iter().enumerate() {
        let counted = table.rows.iter().filter(|row| row.groups.contains(&(i as u32))).count();
        assert_eq!(group.counted as usize, counted);
    }
}

/// The texts of the column that means this.
fn texts(table: &FoundTable, meaning: Meaning) -> Vec<&str> {
    let column = table.column(meaning).unwrap_or_else(|| panic!("no {meaning:?} in {:#?}", table.columns));
    table.rows.iter().map(|row| &*row.cells[column].text).collect()
}

/// The labels of the groups a row stands in.
fn groups_of(table: &FoundTable, row: usize) -> Vec<&str> {
    table.rows[row].groups.iter().map(|i| table.groups[*i as usize].label.as_str()).collect()
}

/// Label, level, declared and counted rows of each group.
fn groups(table: &FoundTable) -> Vec<(&str, u8, Option<u32>, u32)> {
    table.groups.iter().map(|g| (g.label.as_str(), g.level, g.declared, g.counted)).collect()
}

/// An invented firm.
fn firm(n: usize) -> String {
    const NAMES: [&str; 8] = ["恒砚", "云麓", "启瑞", "沐川", "景澄", "翰屿", "骏禾", "若谷"];
    const TRADES: [&str; 5] = ["新材料", "生物科技", "智能装备", "环保科技", "信息技术"];
    format!(
        "青澜{}{}{}有限公司",
        NAMES[n % 8],
        TRADES[n / 8 % 5],
        if n < 40 { String::new() } else { format!("第{n}") }
    )
}

/// A zip of these parts.
fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A Word document with this body.
fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"{WORD}\"><w:body>{body}</w:body></w:document>"
    );
    docx_of(document.as_bytes())
}

/// A Word document with this main part.
fn docx_of(document: &[u8]) -> Vec<u8> {
    let relations = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    );
    zip_of(&[("_rels/.rels", relations.as_bytes()), ("word/document.xml", document)])
}

/// A workbook with these parts for its only sheet, shared strings and styles.
fn xlsx_of(sheet: &[u8], strings: &[u8], styles: &[u8]) -> Vec<u8> {
    let relations = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = "<workbook><sheets><sheet name=\"名单\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let links = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{OFFICE}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    zip_of(&[
        ("_rels/.rels", relations.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}

/// A workbook whose only sheet has these rows; empty texts are left out.
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(r as u32, c as u16, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

/// A Word table; `text|3` spans three columns.
fn table(rows: &[&[&str]]) -> String {
    let mut out = String::from("<w:tbl><w:tblPr/>");
    for row in rows {
        out.push_str("<w:tr>");
        for cell in *row {
            out.push_str(&cell_of(cell));
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

fn cell_of(cell: &str) -> String {
    let (text, span) = cell.rsplit_once('|').unwrap_or((cell, "1"));
    format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/></w:tcPr>{}</w:tc>", paragraph(text))
}

/// One sentence on what is wrong, one on what to do, and not our own fault.
fn assert_one_sentence(problem: &Problem) {
    assert!(problem.says.ends_with('。') && problem.says.matches('。').count() == 1, "{problem:?}");
    let next = problem.next.as_deref().unwrap_or_default();
    assert!(next.ends_with('。') && next.matches('。').count() == 1, "{problem:?}");
    assert_ne!(problem.kind, Kind::Bug, "{problem:?}");
}
