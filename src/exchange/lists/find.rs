//! Finding the tables in a document: where each begins and ends, and which are one list going on.

use super::build::Building;
use super::document::{Block, Document, FileKind, Paragraph, RawRow, RawTable, Text};
use super::found::{FoundTable, GroupKind, Passed};
use super::header::{self, Column};
use super::hints::{Letter, has_date};
use super::label::{self, Label};
use super::meaning::{Meaning, Sure};
use super::sections::{LISTS, Looks, Section, TITLE, divide, names_new_list, only_text};
use super::values;
use crate::domain::problem::Problem;

/// Most cells of all lists, empty ones counted; rows are dense.
const ROOM: usize = 2_500_000;

/// The lists in a document, in source order. Tables that go on with one another (the same header again in a further Word
/// table, a header repeated on each page) are one list; sheets are never put together.
pub fn find(doc: &Document) -> Vec<FoundTable> {
    let stem = doc.file.rsplit_once('.').map_or(doc.file.as_str(), |(stem, _)| stem);
    let mut finder = Finder {
        stem,
        is_word: doc.kind == FileKind::Docx,
        is_pasted: doc.kind == FileKind::Pasted,
        paragraphs: Vec::new(),
        all_paragraphs: Vec::new(),
        current: None,
        found: Vec::new(),
        looks: Looks::default(),
        room: ROOM,
    };
    for block in &doc.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                finder.paragraphs.push(paragraph);
                finder.all_paragraphs.push(&paragraph.text);
            }
            Block::Table(table) => finder.table(table),
        }
    }
    finder.close();
    let letter = Letter::of(&finder.all_paragraphs);
    for table in &mut finder.found {
        table.finish(stem, &letter);
    }
    finder.found.into_iter().filter_map(Building::into_found).collect()
}

/// The sentence for a document in which [`find`] finds nothing.
pub fn nothing_found(doc: &Document) -> Problem {
    Problem::foreign(format!("在“{}”里没有找到名单表格。", doc.file))
        .next("请确认文件里有带表头（如“企业名称”）的表格；如果名单是图片，请向发布单位要 Excel 或 Word 版。")
}

struct Finder<'d> {
    stem: &'d str,
    is_word: bool,
    is_pasted: bool,
    /// Since the last table.
    paragraphs: Vec<&'d Paragraph>,
    all_paragraphs: Vec<&'d str>,
    current: Option<Building<'d>>,
    found: Vec<Building<'d>>,
    looks: Looks,
    /// How many cells lists may still have.
    room: usize,
}

impl<'d> Finder<'d> {
    fn close(&mut self) {
        self.found.extend(self.current.take());
    }

    fn table(&mut self, table: &'d RawTable) {
        if !self.is_word {
            self.close();
        }
        let sections = divide(&table.rows, &mut self.looks);
        if sections.is_empty() {
            self.headless(table);
        }
        for (i, section) in sections.into_iter().enumerate() {
            self.section(table, section, i == 0);
            // What stands before the table belongs to its first list.
            self.paragraphs.clear();
        }
        self.paragraphs.clear();
    }

    fn section(&mut self, table: &'d RawTable, section: Section, is_first: bool) {
        let rows = &table.rows;
        let (headings, title) = self.around(&rows[section.from..section.header.first], table.sheet.as_deref());
        let goes_on = self.is_word
            && is_first
            && !self.paragraphs.iter().any(|p| begins_list(&p.text))
            && self.current.as_ref().is_some_and(|current| current.goes_on(&section.header));
        if !goes_on {
            self.close();
        }
        let columns = section.header.columns.clone();
        let building = self.current.get_or_insert_with(|| {
            Building::new(title.unwrap_or_default(), table, columns.clone(), section.header.blocks)
        });
        building.layout(&columns, &rows[section.header.last + 1..section.to], table, self.is_word, &mut self.room);
        if let Some(at) = rows.get(section.from).map(|row| row.at) {
            for (label, raw) in headings {
                building.start_group(label, &raw, at, GroupKind::Heading);
            }
        }
        for (i, row) in rows.iter().enumerate().take(section.header.first).skip(section.from) {
            building.title_row(row, i + 1 == section.header.first, goes_on);
        }
        for row in &rows[section.header.first..=section.header.last] {
            building.pass(row, if goes_on { Passed::RepeatedHeader } else { Passed::Header });
        }
        let mut repeated = section.repeated.iter().peekable();
        let mut at = section.header.last + 1;
        while at < section.to {
            if let Some((first, last)) = repeated.next_if(|(first, _)| *first == at) {
                for row in &rows[*first..=*last] {
                    building.pass(row, Passed::RepeatedHeader);
                }
                building.end_stretch();
                at = last + 1;
                continue;
            }
            building.row(&rows[at]);
            at += 1;
        }
        building.end_stretch();
        if !self.is_word {
            self.close();
        }
    }

    /// A table without a header: the rest of the list before it, or one whose values speak for themselves.
    fn headless(&mut self, table: &'d RawTable) {
        let rows = &table.rows;
        let goes_on = self.is_word
            && !self.paragraphs.iter().any(|p| begins_list(&p.text))
            && self.current.as_ref().is_some_and(|current| current.takes(rows));
        if goes_on {
            if let Some(current) = &mut self.current {
                rows.iter().for_each(|row| current.row(row));
                current.end_stretch();
            }
            return;
        }
        let Some((first, columns)) = columns_by_value(rows, if self.is_pasted { 1 } else { 2 }) else { return };
        self.close();
        let (_, title) = self.around(&rows[..first], table.sheet.as_deref());
        let mut building = Building::new(title.unwrap_or_default(), table, columns.clone(), 1);
        building.layout(&columns, &rows[first..], table, self.is_word, &mut self.room);
        for row in &rows[..first] {
            building.title_row(row, false, false);
        }
        for row in &rows[first..] {
            building.row(row);
        }
        building.end_stretch();
        self.current = Some(building);
        if !self.is_word {
            self.close();
        }
    }

    /// Headings directly before a table, outermost first, and its title: from the rows above its header, the paragraphs
    /// before it, the sheet or the file.
    fn around(&self, above: &[RawRow], sheet: Option<&str>) -> (Vec<(Label, String)>, Option<String>) {
        let mut paragraphs: &[&Paragraph] = &self.paragraphs;
        let mut headings: Vec<(Label, String)> = Vec::new();
        while let Some((last, before)) = paragraphs.split_last() {
            if headings.is_empty() && label::is_note(&last.text) && last.text.chars().count() < 20 {
                // 单位：万元
                paragraphs = before;
                continue;
            }
            let Some(label) = heading(last) else { break };
            // Further up only what the ones below can stand in: of 1. 2. 3. in a letter just the last heads the table.
            let is_outer = headings.last().is_none_or(|(inner, _)| match (label.style.rank(), inner.style.rank()) {
                (Some(outer), Some(inner)) => outer < inner,
                (outer, _) => outer.is_some(),
            });
            if !is_outer {
                break;
            }
            headings.push((label, last.text.to_string()));
            paragraphs = before;
        }
        headings.reverse();
        let rows: Vec<&str> = above.iter().filter_map(only_text).collect();
        let texts: Vec<&str> = paragraphs.iter().map(|p| &*p.text).collect();
        let of_document =
            || self.all_paragraphs.iter().take(5).find(|text| is_title(text)).map(|text| clean_title(text));
        let is_named = |sheet: &&str| {
            sheet.chars().count() >= 4 && sheet.chars().any(|c| c > '\u{2E80}') && !sheet.starts_with("工作表")
        };
        let title = title_of(&rows)
            .or_else(|| title_of(&texts))
            .or_else(|| of_document().or(sheet.filter(is_named)).map(str::to_owned))
            .or_else(|| (!self.stem.is_empty()).then(|| self.stem.to_owned()));
        (headings, title)
    }
}

/// Whether a paragraph says that another list begins, not merely another part of the same.
fn begins_list(text: &str) -> bool {
    names_new_list(text) && Label::of(text).is_none_or(|label| label.style.rank().is_none())
}

/// A heading in a paragraph.
fn heading(paragraph: &Paragraph) -> Option<Label> {
    let text = &*paragraph.text;
    if text.chars().count() > 40 || text.ends_with(['。', '；', ';', '：', ':']) || text.starts_with("附件") {
        return None;
    }
    let label = Label::of(text)?;
    (label.style.rank().is_some() || label.declared.is_some() || paragraph.numbered).then_some(label)
}

fn is_title(text: &str) -> bool {
    let len = text.chars().count();
    (4..=TITLE).contains(&len)
        && !text.ends_with(['。', '；', '：', ':', '，'])
        && !clean_title(text).is_empty()
        && !text.starts_with(['(', '（'])
        && text.chars().any(|c| c.is_alphabetic() && !matches!(c, '年' | '月' | '日'))
}

/// A title without 附件1： before it and （截至2025年6月20日） after it.
fn clean_title(text: &str) -> &str {
    let is_mark = |c: char| matches!(c, '-' | '－' | '：' | ':' | ' ' | '.' | '、');
    let mut title = text.trim();
    if let Some(rest) = title.strip_prefix("附件").or_else(|| title.strip_prefix("附表")) {
        // 附件2 is a number, 附件：2020年… is not.
        let after = rest.trim_start_matches(|c: char| c.is_numeric() || is_mark(c));
        let is_year = after.starts_with('年');
        title = if is_year { rest.trim_start_matches(is_mark) } else { after };
    }
    if let Some((before, inside)) = title.rsplit_once(['（', '(']).filter(|_| title.ends_with(['）', ')']))
        && has_date(inside)
        && !before.trim().is_empty()
    {
        title = before.trim_end();
    }
    title
}

/// The title among the lines above a table, which may have been broken over two of them.
fn title_of(lines: &[&str]) -> Option<String> {
    let named = lines.iter().rposition(|line| is_title(line) && LISTS.iter().any(|word| line.contains(word)));
    let at = named.or_else(|| lines.iter().rposition(|line| is_title(line) && !label::is_note(line)))?;
    let title = clean_title(lines[at]);
    let has_year = |text: &str| text.contains("20") && text.contains('年');
    let before = at.checked_sub(1).map(|i| lines[i]).filter(|line| {
        is_title(line) && !line.starts_with("附件") && has_year(line) && !has_year(title) && line.chars().count() <= 40
    });
    Some(match before {
        Some(before) => format!("{before}{title}"),
        None => title.to_owned(),
    })
}

/// Columns of a table without a header, if one of them plainly holds at least so many firms or credit codes; and the row it
/// begins at.
fn columns_by_value(rows: &[RawRow], least: usize) -> Option<(usize, Vec<Column>)> {
    const SAMPLE: usize = 200;
    let tells = |text: &str| values::is_company(text) || values::is_credit_code(text);
    let first =
        rows.iter().take(header::LOOK).position(|row| row.cells.iter().take(64).any(|cell| tells(&cell.text)))?;
    let rows = &rows[first..rows.len().min(first + SAMPLE)];
    let mut columns: Vec<(u16, Vec<&str>)> = Vec::new();
    for cell in rows.iter().flat_map(|row| row.cells.iter().take(64)).filter(|cell| !cell.text.is_empty()) {
        match columns.iter_mut().find(|(col, _)| *col == cell.col) {
            Some((_, texts)) => texts.push(&cell.text),
            None => columns.push((cell.col, vec![&cell.text])),
        }
    }
    columns.sort_by_key(|(col, _)| *col);
    let named = |meaning| Some((meaning, Sure::Vague));
    let mut key = false;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|(col, texts): (u16, Vec<&str>)| {
            // At least half of the rows: a page of prose mentions firms too.
            let is_full = texts.len() * 2 >= rows.len() && texts.iter().filter(|text| tells(text)).count() >= least;
            let meaning = if is_full && values::mostly(&texts, 60, values::is_firm) {
                named(Meaning::Name)
            } else if is_full && values::mostly(&texts, 60, values::is_credit_code) {
                named(Meaning::Code)
            } else {
                None
            };
            key |= meaning.is_some();
            Column { header: String::new(), start: col, end: col.saturating_add(1), meaning }
        })
        .collect();
    key.then_some((first, columns))
}

/// The text of a row's cells in one line, for showing what was passed over.
pub(super) fn line_of(row: &RawRow) -> Text {
    /// Bytes after which no further cell is added.
    const LONG: usize = 400;
    let mut texts = row.cells.iter().filter(|cell| !cell.text.is_empty()).map(|cell| &cell.text);
    let Some(first) = texts.next() else { return Text::default() };
    let mut line = String::new();
    for text in texts {
        if line.is_empty() {
            line.push_str(first);
        }
        if line.len() > LONG {
            break;
        }
        line.push(' ');
        line.push_str(text);
    }
    if line.is_empty() { Text::clone(first) } else { Text::from(line) }
}
