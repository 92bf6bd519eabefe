//! 补正通知 as a page of an official document: title, whom it is to, paragraphs, signature (GB/T 9704 page and type).

use std::path::Path;

use super::paper::{Paper, Style};
use crate::domain::Result;

/// The page of a notice: its first line is the title, the second part is whom it is to, what follows the last empty line is
/// the signature (see [`crate::domain::filing::notice::correction`]).
pub fn paper(text: &str) -> Paper {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let signature = lines.iter().rposition(|line| line.is_empty()).unwrap_or(lines.len());
    let mut to = true;
    let mut paper = Paper::new();
    for (n, line) in lines.iter().enumerate() {
        let style = match n {
            0 => Style::Title,
            n if n > signature => Style::Signed,
            _ if to && !line.is_empty() => {
                to = false;
                Style::To
            }
            _ => Style::Body,
        };
        paper.text(style, *line);
    }
    paper
}

/// Writes a notice as a Word file.
///
/// # Errors
/// Io where the file cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    paper(text).write_docx(path)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
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
