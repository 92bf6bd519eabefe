//! A page as a Word file: paragraphs and tables, nothing else.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Align, Paper, Part, Shape, Style, Table, cell};
use crate::domain::{Problem, Result};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// Twentieths of a point, in which Word measures.
fn twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

/// The file.
pub fn bytes(paper: &Paper) -> Result<Vec<u8>> {
    let failed = |error: zip::result::ZipError| Problem::bug(error);
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let document = document(paper);
    for (name, part) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &document)] {
        package.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
        package.write_all(part.as_bytes()).map_err(Problem::bug)?;
    }
    Ok(package.finish().map_err(failed)?.into_inner())
}

fn document(paper: &Paper) -> String {
    let sheet = paper.sheet();
    let mut body = String::new();
    for part in &paper.parts {
        match part {
            Part::Text(style, words) => body.push_str(&paragraph(words, &style.shape())),
            Part::Table(table) => body.push_str(&grid(table, twips(sheet.width - sheet.left - sheet.right))),
        }
    }
    let [width, height, top, right, bottom, left] =
        [sheet.width, sheet.height, sheet.top, sheet.right, sheet.bottom, sheet.left].map(twips);
    let orient = if paper.across { r#" w:orient="landscape""# } else { "" };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{orient}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#
    )
}

fn paragraph(line: &str, shape: &Shape) -> String {
    let Shape { font, size, leading, align, indent, bold } = shape;
    let indent = match indent {
        true => format!(r#"<w:ind w:firstLineChars="200" w:firstLine="{}"/>"#, twips(size * 2.0)),
        false => String::new(),
    };
    let align = match align {
        Align::Left => "both",
        Align::Center => "center",
        Align::Right => "right",
    };
    // 小标宋 and 黑体 are heavy by themselves.
    let bold = if *bold && *font == "宋体" { "<w:b/>" } else { "" };
    format!(
        r#"<w:p><w:pPr><w:spacing w:line="{}" w:lineRule="exact"/>{indent}<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}"/>{bold}<w:sz w:val="{}"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r></w:p>"#,
        twips(*leading),
        (size * 2.0).round() as i32,
        escaped(line)
    )
}

fn grid(table: &Table, room: i32) -> String {
    let whole: i32 = table.columns.iter().map(|column| i32::from(column.width)).sum::<i32>().max(1);
    let widths: Vec<i32> = table.columns.iter().map(|column| room * i32::from(column.width) / whole).collect();
    let sides: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#))
        .concat();
    let mut out = format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>"#,
        widths.iter().sum::<i32>()
    );
    for width in &widths {
        // Writing into a string cannot fail.
        let _ = write!(out, r#"<w:gridCol w:w="{width}"/>"#);
    }
    out.push_str("</w:tblGrid>");
    let heads = table.columns.iter().map(|column| column.head.as_str());
    row(&mut out, &widths, heads.map(|head| (head, Style::Strong.shape(), Align::Center)), true);
    for cells in &table.rows {
        let cells = table.columns.iter().enumerate().map(|(n, column)| {
            let words = cells.get(n).map_or("", String::as_str);
            (words, cell(widths.len()), if column.number { Align::Right } else { Align::Left })
        });
        row(&mut out, &widths, cells, false);
    }
    out.push_str("</w:tbl>");
    // Word wants a paragraph between a table and whatever comes next.
    out.push_str(&paragraph("", &cell(widths.len())));
    out
}

fn row<'a>(out: &mut String, widths: &[i32], cells: impl Iterator<Item = (&'a str, Shape, Align)>, head: bool) {
    let repeat = if head { "<w:tblHeader/>" } else { "" };
    out.push_str(&format!("<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>"));
    for ((words, shape, align), width) in cells.zip(widths) {
        let Shape { size, leading, .. } = cell(widths.len());
        let shape = Shape { size, leading, align, ..shape };
        let words = paragraph(words, &shape);
        out.push_str(&format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>"#
        ));
    }
    out.push_str("</w:tr>");
}

/// What XML would read something into; what it cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
