//! 补正通知 as a Word file to print: a title, paragraphs, nothing else (GB/T 9704 page and type).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::domain::{Problem, Result};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// Type of a paragraph: font, half points, where it stands, the first line's indent.
struct Shape {
    font: &'static str,
    size: u8,
    align: &'static str,
    indent: bool,
}

/// 二号小标宋.
const TITLE: Shape = Shape { font: "方正小标宋简体", size: 44, align: "center", indent: false };
/// 三号仿宋.
const BODY: Shape = Shape { font: "仿宋", size: 32, align: "both", indent: true };
const TO: Shape = Shape { indent: false, ..BODY };
const SIGNED: Shape = Shape { align: "right", indent: false, ..BODY };

/// Writes a notice: its first line is the title, the second part is whom it is to, what follows the last empty line is the
/// signature (see [`crate::domain::filing::notice::correction`]).
///
/// # Errors
/// Io where the file cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| {
        Problem::io("文件没有写成。")
            .next("请检查文件夹和磁盘空间，或关闭正打开着它的程序。")
            .detail(format!("{}: {error}", path.display()))
    };
    let mut package = ZipWriter::new(BufWriter::new(File::create(path).map_err(|error| failed(&error))?));
    let document = document(text);
    for (name, part) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &document)] {
        package.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        package.write_all(part.as_bytes()).map_err(|error| failed(&error))?;
    }
    let file = package.finish().map_err(|error| failed(&error))?;
    let file = file.into_inner().map_err(|error| failed(&error))?;
    file.sync_all().map_err(|error| failed(&error))
}

fn document(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let signature = lines.iter().rposition(|line| line.is_empty()).unwrap_or(lines.len());
    let mut to = true;
    let mut body = String::new();
    for (n, line) in lines.iter().enumerate() {
        let shape = match n {
            0 => &TITLE,
            n if n > signature => &SIGNED,
            _ if to && !line.is_empty() => {
                to = false;
                &TO
            }
            _ => &BODY,
        };
        body.push_str(&paragraph(line, shape));
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#
    )
}

fn paragraph(line: &str, shape: &Shape) -> String {
    let Shape { font, size, align, indent } = shape;
    let indent = if *indent { r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"# } else { "" };
    format!(
        r#"<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>{indent}<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}"/><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r></w:p>"#,
        escaped(line)
    )
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use quick_xml::events::Event;

    use super::*;

    fn part(path: &Path, name: &str) -> String {
        let mut package = zip::ZipArchive::new(File::open(path).expect("there")).expect("a package");
        let mut text = String::new();
        package.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn a_notice_is_a_word_file_with_every_line_in_its_place() {
        let path = std::env::temp_dir().join(format!("kebao-notice-{}.docx", std::process::id()));
        let text = "补正通知\n\n青澜<恒砚>公司：\n请补正 A&B\u{1}。\n\n青澜区科学技术局\n2026年8月24日\n";
        write(&path, text).expect("written");
        let document = part(&path, "word/document.xml");
        for name in ["[Content_Types].xml", "_rels/.rels"] {
            assert!(part(&path, name).starts_with("<?xml"));
        }
        std::fs::remove_file(&path).expect("gone");
        let mut reader = quick_xml::Reader::from_str(&document);
        let mut lines: Vec<(String, String)> = Vec::new();
        loop {
            match reader.read_event().expect("well formed") {
                Event::Eof => break,
                Event::Empty(tag) if tag.name().as_ref() == "w:jc" => {
                    let align = tag.try_get_attribute("w:val").expect("right").expect("there");
                    lines.push((align.value.into_owned(), String::new()));
                }
                Event::Text(words) => {
                    if let Some((_, line)) = lines.last_mut() {
                        line.push_str(words.as_ref());
                    }
                }
                Event::GeneralRef(name) => {
                    if let Some((_, line)) = lines.last_mut() {
                        line.push_str(match name.as_ref() {
                            "lt" => "<",
                            "gt" => ">",
                            _ => "&",
                        });
                    }
                }
                _ => {}
            }
        }
        let told: Vec<(&str, &str)> = lines.iter().map(|(align, line)| (align.as_str(), line.trim())).collect();
        assert_eq!(
            told,
            [
                ("center", "补正通知"),
                ("both", ""),
                ("both", "青澜<恒砚>公司："),
                ("both", "请补正 A&B。"),
                ("both", ""),
                ("right", "青澜区科学技术局"),
                ("right", "2026年8月24日"),
            ]
        );
        let missing = Path::new("/nowhere/at/all.docx");
        assert!(write(missing, text).expect_err("no such folder").detail.is_some());
    }
}
