//! What a command prints: lines for people or one JSON value for scripts; trouble goes to the error stream.

use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use crate::domain::Problem;

/// Where and how to print.
pub struct Output {
    json: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// One result: `lines` for people, `value` for scripts.
    pub fn result(&self, lines: impl FnOnce() -> Vec<String>, value: &impl Serialize) {
        let text = if self.json { serde_json::to_string_pretty(value).unwrap_or_default() } else { lines().join("\n") };
        print(&text);
    }

    /// A table for people, objects for scripts.
    pub fn table(&self, heads: &[&str], rows: &[Vec<String>], keys: &[&str], in_all: usize) {
        if self.json {
            let objects: Vec<Value> = rows
                .iter()
                .map(|row| {
                    keys.iter()
                        .zip(row)
                        .map(|(key, cell)| ((*key).to_owned(), Value::from(cell.as_str())))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                })
                .collect();
            print(&serde_json::to_string_pretty(&objects).unwrap_or_default());
            return;
        }
        let widths: Vec<usize> = heads
            .iter()
            .enumerate()
            .map(|(n, head)| rows.iter().map(|row| width(&row[n])).chain([width(head)]).max().unwrap_or(0))
            .collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded: Vec<String> =
                cells.zip(&widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell)))).collect();
            padded.join("  ").trim_end().to_owned()
        };
        let mut lines = vec![line(&mut heads.iter().copied())];
        lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
        lines.push(if in_all > rows.len() {
            format!("共 {in_all}，列出 {}（用 --limit 0 看全部）", rows.len())
        } else {
            format!("共 {in_all}")
        });
        print(&lines.join("\n"));
    }

    /// A remark on the way; not part of the result.
    pub fn note(&self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// Trouble, on the error stream.
    pub fn problem(&self, problem: &Problem) {
        let text = if self.json {
            serde_json::to_string(&serde_json::json!({ "error": problem })).unwrap_or_default()
        } else {
            let mut text = problem.to_string();
            if let Some(detail) = &problem.detail {
                text.push_str(&format!("\n（详情：{detail}）"));
            }
            text
        };
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// A closed pipe ends the printing, not the program.
fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Columns a text takes on a terminal.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
