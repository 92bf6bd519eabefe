//! The parts of an `.xlsx` beside its sheets: which sheets there are, shared strings, number formats.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::bounds::Budget;
use super::document::Text;
use super::number::Format;
use super::package::{Package, Relation};
use super::sheet::{shared, tidy_into};
use super::xml::{attribute, number_attribute, on, push_reference};
use crate::domain::problem::Result;

/// Most sheets, formats and cell styles kept; office programs have similar limits.
const SHEETS: usize = 1_000;
const STYLES: usize = 65_536;

/// A sheet of the workbook.
pub(super) struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub part: String,
}

/// The workbook's own part.
#[derive(Default)]
pub(super) struct Workbook {
    pub sheets: Vec<Sheet>,
    pub is_1904: bool,
}

/// Reads which sheets there are. Charts and dialogs are not sheets.
pub(super) fn workbook(
    package: &mut Package<'_>,
    main: &str,
    relations: &[Relation],
    budget: &mut Budget<'_>,
) -> Result<Workbook> {
    let mut found = Workbook::default();
    let Some(mut xml) = package.part(main, budget)? else { return Ok(found) };
    loop {
        match xml.next()? {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "sheet" if found.sheets.len() < SHEETS => {
                    let id = attribute(&e, "id").unwrap_or_default();
                    let leads_to = relations.iter().find(|r| r.id == id && r.kind == "worksheet");
                    if let Some(relation) = leads_to {
                        found.sheets.push(Sheet {
                            name: attribute(&e, "name").unwrap_or_default(),
                            hidden: attribute(&e, "state").is_some_and(|state| state != "visible"),
                            part: relation.target.clone(),
                        });
                    }
                }
                "workbookPr" => found.is_1904 = attribute(&e, "date1904").is_some_and(|v| on(Some(&v))),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    budget.spend(xml.inflated());
    Ok(found)
}

/// Reads the texts that cells refer to by number, without their phonetic readings.
pub(super) fn shared_strings(package: &mut Package<'_>, part: &str, budget: &mut Budget<'_>) -> Result<Vec<Text>> {
    let mut strings = Vec::new();
    let Some(mut xml) = package.part(part, budget)? else { return Ok(strings) };
    let (mut text, mut folded) = (String::new(), String::new());
    let (mut in_text, mut in_reading) = (false, false);
    loop {
        match xml.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "si" => text.clear(),
                "t" => in_text = !in_reading,
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::Empty(e) if e.local_name().as_ref() == "si" => {
                budget.string(0)?;
                strings.push(shared(""));
            }
            Event::End(e) => match e.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_reading = false,
                "si" => {
                    unescape(&mut text);
                    let kept = tidy_into(&text, &mut folded);
                    budget.string(kept.len())?;
                    strings.push(shared(kept));
                    let done = strings.len();
                    if done.is_multiple_of(1024) {
                        budget.ask(xml.inflated())?;
                    }
                }
                _ => {}
            },
            Event::Text(t) if in_text => text.push_str(&t),
            Event::CData(t) if in_text => text.push_str(&t),
            Event::GeneralRef(r) if in_text => push_reference(&mut text, &r),
            Event::Eof => break,
            _ => {}
        }
    }
    budget.spend(xml.inflated());
    Ok(strings)
}

/// Reads the number format of each cell style.
pub(super) fn styles(package: &mut Package<'_>, part: &str, budget: &mut Budget<'_>) -> Result<Vec<Format>> {
    let mut formats = Vec::new();
    let mut codes = HashMap::new();
    let Some(mut xml) = package.part(part, budget)? else { return Ok(formats) };
    let mut in_cell_styles = false;
    loop {
        match xml.next()? {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "cellXfs" => in_cell_styles = true,
                "cellStyles" | "dxfs" => in_cell_styles = false,
                "numFmt" if codes.len() < STYLES => {
                    if let (Some(id), Some(code)) = (number_attribute(&e, "numFmtId"), attribute(&e, "formatCode")) {
                        codes.entry(id).or_insert_with(|| Format::from_code(&code));
                    }
                }
                "xf" if in_cell_styles && formats.len() < STYLES => {
                    let id = number_attribute(&e, "numFmtId").unwrap_or_default();
                    formats.push(codes.get(&id).copied().unwrap_or_else(|| Format::built_in(id)));
                }
                _ => {}
            },
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => in_cell_styles = false,
            Event::Eof => break,
            _ => {}
        }
    }
    budget.spend(xml.inflated());
    Ok(formats)
}

/// Resolves `_x000D_`, by which a workbook writes characters XML does not allow.
pub(super) fn unescape(text: &mut String) {
    if !text.contains("_x") {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 7)
            .and_then(|code| code.strip_suffix('_'))
            .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    *text = out;
}
