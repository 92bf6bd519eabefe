//! A list as it stands on screen, written to a file: .xlsx, or .csv that Excel and WPS open as it is.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::shortlist::looks_like_formula;
use crate::domain::{Problem, Result};

/// Writes a table by the file's ending: `.csv` as UTF-8 with a mark, anything else as `.xlsx`. All cells are text except
/// those that are plain numbers in a column the caller marks.
pub fn write(path: &Path, title: &str, heads: &[String], rows: &[Vec<String>], numbers: &[bool]) -> Result<()> {
    let csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let bytes =
        if csv { csv_bytes(heads, rows)? } else { xlsx_bytes(title, heads, rows, numbers).map_err(Problem::bug)? };
    save(path, &bytes)
}

fn csv_bytes(heads: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    // The mark tells Excel that this is UTF-8.
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(heads).map_err(Problem::bug)?;
    for row in rows {
        let safe = row
            .iter()
            .map(|cell| if looks_like_formula(cell) && !is_number(cell) { format!("'{cell}") } else { cell.clone() });
        writer.write_record(safe).map_err(Problem::bug)?;
    }
    writer.into_inner().map_err(Problem::bug)
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok()
}

fn xlsx_bytes(
    title: &str,
    heads: &[String],
    rows: &[Vec<String>],
    numbers: &[bool],
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let name: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    sheet.set_name(if name.is_empty() { "名单" } else { &name })?;
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    let mut widths: Vec<usize> = Vec::with_capacity(heads.len());
    for (n, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(0, n as u16, head, &bold)?;
        widths.push(width(head));
    }
    for (r, row) in rows.iter().enumerate() {
        for (n, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = (r as u32 + 1, n as u16);
            let number =
                numbers.get(n).copied().unwrap_or(false).then(|| cell.replace(',', "").parse::<f64>().ok()).flatten();
            match number {
                Some(number) => sheet.write_number(at.0, at.1, number)?,
                None => sheet.write_string_with_format(
                    at.0,
                    at.1,
                    cell,
                    if looks_like_formula(cell) { &quoted } else { &text },
                )?,
            };
            if let Some(known) = widths.get_mut(n) {
                *known = (*known).max(width(cell));
            }
        }
    }
    for (n, chars) in widths.into_iter().enumerate() {
        sheet.set_column_width(n as u16, (chars as f64 + 2.0).clamp(6.0, 50.0))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_footer("&C第 &P 页，共 &N 页");
    Ok(workbook.save_to_buffer()?.to_vec())
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Writes a whole file or none: beside it first, then under its name.
pub(in crate::exchange) fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = beside(path);
    let written = File::create(&beside).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    let moved = written.and_then(|()| std::fs::rename(&beside, path));
    moved.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Problem::io(format!("“{}”没有写成。", path.file_name().unwrap_or_default().to_string_lossy()))
            .next("请检查文件是不是正在 WPS 里打开、文件夹能不能写入、磁盘是否已满。")
            .detail(format!("{}: {error}", path.display()))
    })
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_opens_as_text_and_runs_nothing() {
        let rows = vec![vec!["青澜“云”,有限公司".to_owned(), "=1+1".to_owned(), "-3.5".to_owned()]];
        let text =
            String::from_utf8(csv_bytes(&["名称".into(), "备注".into(), "增幅".into()], &rows).unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}名称,备注,增幅\r\n\"青澜“云”,有限公司\",'=1+1,-3.5\r\n");
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("kebao-table-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("taken.xlsx")).unwrap();
        let refused = write(&folder.join("taken.xlsx"), "名单", &["名称".into()], &[], &[]).unwrap_err();
        assert!(refused.next.unwrap().contains("WPS"));
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
