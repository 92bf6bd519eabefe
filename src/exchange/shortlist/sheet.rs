//! The sheet as domain reference C4 wants it: title, 推荐单位（盖章）, borders, A4 across, one page wide, heads repeated,
//! page numbers, codes as text, nothing a spreadsheet would run.

use std::path::Path;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::domain::event::ShortlistFrozen;
use crate::domain::program::{ColumnShape, ShortlistColumn};
use crate::domain::{Problem, Result, date, seal};

/// Which fonts the sheet names. A spreadsheet that lacks one takes another of the same family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fonts {
    /// 方正小标宋简体, 黑体, 仿宋_GB2312: what official papers ask for; on the office's PCs, not ours to ship.
    #[default]
    Official,
    /// 宋体, 黑体, 仿宋: on every Windows.
    Common,
}

impl Fonts {
    fn title(self) -> &'static str {
        match self {
            Self::Official => "方正小标宋简体",
            Self::Common => "宋体",
        }
    }

    fn body(self) -> &'static str {
        match self {
            Self::Official => "仿宋_GB2312",
            Self::Common => "仿宋",
        }
    }
}

/// A frozen version with what the sheet needs beside it.
#[derive(Debug, Clone, Copy)]
pub struct Frozen<'a> {
    pub version: &'a ShortlistFrozen,
    pub columns: &'a [ShortlistColumn],
    /// 推荐单位.
    pub office: &'a str,
    pub fonts: Fonts,
}

/// Writes the sheet: a temporary file first, then the name asked for, so that a full disk leaves no half of it.
///
/// # Errors
/// Io when the folder cannot be written or the file is open in another program.
pub fn write(path: &Path, frozen: &Frozen<'_>) -> Result<()> {
    let bytes = bytes(frozen).map_err(Problem::bug)?;
    super::super::table::save(path, &bytes)
}

/// 15 columns of 12 point do not fit across A4; beyond ten the body shrinks to 10.5.
const WIDE: usize = 10;

fn bytes(frozen: &Frozen<'_>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("推荐汇总表")?;
    let columns = columns(frozen);
    let last = columns.len().saturating_sub(1) as u16;
    let body_size = if columns.len() > WIDE { 10.5 } else { 12.0 };
    set_page(sheet)?;
    head(sheet, frozen, &columns, last)?;
    let rows = body(sheet, frozen, &columns, body_size)?;
    let next = totals(sheet, frozen, &columns, rows, body_size)?;
    foot(sheet, frozen, last, next, body_size)?;
    sheet.set_print_area(0, 0, next, last)?;
    Ok(workbook.save_to_buffer()?.to_vec())
}

/// How one column is set, whether or not the program's layout still has it.
struct Shape {
    head: String,
    width: f64,
    shape: ColumnShape,
    total: bool,
}

fn columns(frozen: &Frozen<'_>) -> Vec<Shape> {
    frozen
        .version
        .heads
        .iter()
        .map(|head| {
            let known = frozen.columns.iter().find(|column| column.title == *head);
            Shape {
                head: head.clone(),
                width: known.map_or(12.0, |column| f64::from(column.width) * 1.15),
                shape: known.map_or(ColumnShape::Text, |column| column.shape),
                total: known.is_some_and(|column| column.total),
            }
        })
        .collect()
}

fn set_page(sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
    const INCH: f64 = 2.54;
    sheet.set_paper_size(9).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(2.0 / INCH, 2.0 / INCH, 2.2 / INCH, 2.0 / INCH, 1.0 / INCH, 1.0 / INCH);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    sheet.set_print_center_horizontally(true);
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_freeze_panes(3, 0)?;
    sheet.set_screen_gridlines(false);
    Ok(())
}

/// Simplified Chinese, so that a program without the font takes another Chinese one.
const CHARSET_GB2312: u8 = 134;

fn font(name: &str, size: f64) -> Format {
    Format::new()
        .set_font_name(name)
        .set_font_size(size)
        .set_font_charset(CHARSET_GB2312)
        .set_font_family(1)
        .set_align(FormatAlign::VerticalCenter)
}

fn head(
    sheet: &mut Worksheet,
    frozen: &Frozen<'_>,
    columns: &[Shape],
    last: u16,
) -> std::result::Result<(), XlsxError> {
    let title = font(frozen.fonts.title(), 22.0).set_align(FormatAlign::Center).set_text_wrap();
    merged(sheet, 0, 0, last, &frozen.version.title, &title)?;
    let wide: f64 = columns.iter().map(|c| c.width).sum();
    let lines = (text_width(&frozen.version.title) * 22.0 / 11.0 / wide).ceil().max(1.0);
    sheet.set_row_height(0, 36.0 * lines)?;
    let small = font(frozen.fonts.body(), 12.0);
    let half = last / 2;
    merged(sheet, 1, 0, half, &format!("推荐单位（盖章）：{}", frozen.office), &small)?;
    let day = format!("填报日期：{}", date::document(frozen.version.on));
    if half < last {
        merged(sheet, 1, half + 1, last, &day, &small.clone().set_align(FormatAlign::Right))?;
    }
    sheet.set_row_height(1, 26.0)?;
    let cell = font("黑体", 12.0).set_align(FormatAlign::Center).set_border(FormatBorder::Thin).set_text_wrap();
    let mut lines: f64 = 1.0;
    for (n, column) in columns.iter().enumerate() {
        sheet.set_column_width(n as u16, column.width)?;
        sheet.write_string_with_format(2, n as u16, &column.head, &cell)?;
        lines = lines.max((text_width(&column.head) * 1.1 / column.width).ceil());
    }
    sheet.set_row_height(2, 17.0 * lines + 8.0)?;
    Ok(())
}

/// Merging one cell with itself is an error of the format.
fn merged(
    sheet: &mut Worksheet,
    row: u32,
    first: u16,
    last: u16,
    text: &str,
    format: &Format,
) -> std::result::Result<(), XlsxError> {
    if first == last {
        sheet.write_string_with_format(row, first, text, format)?;
    } else {
        sheet.merge_range(row, first, row, last, text, format)?;
    }
    Ok(())
}

fn body(
    sheet: &mut Worksheet,
    frozen: &Frozen<'_>,
    columns: &[Shape],
    size: f64,
) -> std::result::Result<u32, XlsxError> {
    let base = font(frozen.fonts.body(), size).set_border(FormatBorder::Thin).set_text_wrap();
    let left = base.clone().set_align(FormatAlign::Left);
    // "@": whatever is typed later stays text, so that a code keeps its digits.
    let code = base.clone().set_align(FormatAlign::Center).set_num_format("@");
    let count = base.clone().set_align(FormatAlign::Right).set_num_format("0");
    let money = base.clone().set_align(FormatAlign::Right).set_num_format("0.00");
    let right = base.clone().set_align(FormatAlign::Right);
    let quoted = left.clone().set_quote_prefix();
    for (r, row) in frozen.version.rows.iter().enumerate() {
        let at = r as u32 + 3;
        let mut lines: f64 = 1.0;
        for (n, column) in columns.iter().enumerate() {
            let text = seal::readable(row.cells.get(n).map_or("", String::as_str));
            let place = n as u16;
            let number =
                text.parse::<f64>().ok().filter(|_| matches!(column.shape, ColumnShape::Count | ColumnShape::Money));
            match (column.shape, number) {
                (ColumnShape::Count, Some(number)) => sheet.write_number_with_format(at, place, number, &count)?,
                (ColumnShape::Money, Some(number)) => sheet.write_number_with_format(at, place, number, &money)?,
                (ColumnShape::Code, _) => sheet.write_string_with_format(at, place, text, &code)?,
                (ColumnShape::Count | ColumnShape::Money | ColumnShape::Share, _) => {
                    sheet.write_string_with_format(at, place, text, &right)?
                }
                (ColumnShape::Text, _) => {
                    let format = if looks_like_formula(text) { &quoted } else { &left };
                    sheet.write_string_with_format(at, place, text, format)?
                }
            };
            lines = lines.max((text_width(text) * size / 11.0 / column.width).ceil());
        }
        // 0.9 cm at least, as the layout asks.
        sheet.set_row_height(at, (size * 1.35 * lines + 8.0).max(25.5))?;
    }
    Ok(frozen.version.rows.len() as u32 + 3)
}

/// A text some program might take for a formula once a cell is edited.
pub(in crate::exchange) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn totals(
    sheet: &mut Worksheet,
    frozen: &Frozen<'_>,
    columns: &[Shape],
    at: u32,
    size: f64,
) -> std::result::Result<u32, XlsxError> {
    if !columns.iter().any(|column| column.total) || frozen.version.rows.is_empty() {
        return Ok(at);
    }
    let base = font("黑体", size).set_border(FormatBorder::Thin);
    for (n, column) in columns.iter().enumerate() {
        let place = n as u16;
        if column.total {
            // In whole hundredths: sums of binary fractions drift.
            let values = frozen.version.rows.iter();
            let values: Vec<i64> = values
                .filter_map(|row| Some((row.cells.get(n)?.parse::<f64>().ok()? * 100.0).round() as i64))
                .collect();
            if values.is_empty() {
                // Nobody reported anything: that is not nothing.
                sheet.write_string_with_format(at, place, "—", &base.clone().set_align(FormatAlign::Right))?;
                continue;
            }
            let sum: i64 = values.iter().sum();
            let format = base
                .clone()
                .set_align(FormatAlign::Right)
                .set_num_format(if column.shape == ColumnShape::Count { "0" } else { "0.00" });
            sheet.write_number_with_format(at, place, sum as f64 / 100.0, &format)?;
        } else {
            let text = if n == 1 || columns.len() == 1 { "合计" } else { "" };
            sheet.write_string_with_format(at, place, text, &base.clone().set_align(FormatAlign::Center))?;
        }
    }
    sheet.set_row_height(at, 25.5)?;
    Ok(at + 1)
}

fn foot(
    sheet: &mut Worksheet,
    frozen: &Frozen<'_>,
    last: u16,
    at: u32,
    size: f64,
) -> std::result::Result<(), XlsxError> {
    let line = "填表人：　　　　　　审核人：　　　　　　分管负责人：　　　　　　联系电话：";
    merged(sheet, at, 0, last, line, &font(frozen.fonts.body(), size.max(12.0)))?;
    sheet.set_row_height(at, 32.0)?;
    Ok(())
}

/// Width of a text in half-width characters.
fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// A name for the file: 2026年度青澜区高新技术企业认定推荐汇总表_v1_20260824.xlsx, free of what Windows forbids in names.
pub fn file_name(title: &str, number: u16, on: NaiveDate) -> String {
    let safe: String =
        title.chars().map(|c| if c.is_control() || "\\/:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let safe: String = safe.trim().trim_end_matches('.').chars().take(80).collect();
    let safe = if safe.is_empty() { "推荐汇总表".to_owned() } else { safe };
    format!("{safe}_v{number}_{}.xlsx", on.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use uuid::Uuid;

    use super::*;
    use crate::domain::event::ShortlistRow;
    use crate::domain::id::RecordId;
    use crate::domain::program::ColumnSource;

    fn column(title: &str, shape: ColumnShape, total: bool) -> ShortlistColumn {
        ShortlistColumn { title: title.into(), source: ColumnSource::Blank, width: 12, shape, total }
    }

    fn frozen() -> (ShortlistFrozen, Vec<ShortlistColumn>) {
        let columns = vec![
            column("序号", ColumnShape::Code, false),
            column("企业名称", ColumnShape::Text, false),
            column("统一社会信用代码", ColumnShape::Code, false),
            column("上年销售收入（万元）", ColumnShape::Money, true),
        ];
        let row =
            |cells: [&str; 4]| ShortlistRow { filing: RecordId(Uuid::nil()), cells: cells.map(str::to_owned).to_vec() };
        let version = ShortlistFrozen {
            number: 1,
            on: NaiveDate::from_ymd_opt(2026, 8, 24).expect("a day"),
            title: "2026年度青澜区高新技术企业认定推荐汇总表".into(),
            heads: columns.iter().map(|c| c.title.clone()).collect(),
            rows: vec![
                row(["1", "青澜禾序生物科技有限公司", "91379905MA3F5Q9W3L", "3208.16"]),
                row(["2", "=HYPERLINK(\"http://x\")", "913799052649035101", "0.10"]),
            ],
            restates: None,
        };
        (version, columns)
    }

    #[test]
    fn codes_stay_text_and_nothing_runs_as_a_formula() {
        let (version, columns) = frozen();
        let bytes =
            bytes(&Frozen {
                version: &version, columns: &columns, office: "青澜区科学技术局", fonts: Fonts::Official
            })
            .unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        let range = book.worksheet_range("推荐汇总表").unwrap();
        assert_eq!(range.get((3, 2)), Some(&Data::String("91379905MA3F5Q9W3L".into())));
        assert_eq!(range.get((4, 2)), Some(&Data::String("913799052649035101".into())));
        assert_eq!(range.get((4, 1)), Some(&Data::String("=HYPERLINK(\"http://x\")".into())));
        assert_eq!(range.get((5, 1)), Some(&Data::String("合计".into())));
        assert_eq!(range.get((5, 3)), Some(&Data::Float(3208.26)));
        assert_eq!(range.get((1, 0)), Some(&Data::String("推荐单位（盖章）：青澜区科学技术局".into())));
        let formulas = book.worksheet_formula("推荐汇总表").unwrap();
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
    }

    #[test]
    fn what_nobody_reported_does_not_add_up_to_nought() {
        let (mut version, columns) = frozen();
        for row in &mut version.rows {
            row.cells[3].clear();
        }
        let frozen =
            Frozen { version: &version, columns: &columns, office: "青澜区科学技术局", fonts: Fonts::Official };
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes(&frozen).unwrap())).unwrap();
        let range = book.worksheet_range("推荐汇总表").unwrap();
        assert_eq!(range.get((5, 1)), Some(&Data::String("合计".into())));
        assert_eq!(range.get((5, 3)), Some(&Data::String("—".into())));
    }

    #[test]
    fn the_page_is_a4_across_one_wide_with_heads_repeated_and_numbers() {
        use std::io::Read;
        let (version, columns) = frozen();
        let bytes =
            bytes(&Frozen {
                version: &version, columns: &columns, office: "青澜区科学技术局", fonts: Fonts::Official
            })
            .unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let sheet = part("xl/worksheets/sheet1.xml");
        for wanted in [
            "paperSize=\"9\"",
            "orientation=\"landscape\"",
            "fitToHeight=\"0\"",
            "第 &amp;P 页，共 &amp;N 页",
            "showGridLines=\"0\"",
        ] {
            assert!(sheet.contains(wanted), "{wanted}");
        }
        let book = part("xl/workbook.xml");
        assert!(book.contains("_xlnm.Print_Titles") && book.contains("$3:$3"), "{book}");
        let styles = part("xl/styles.xml");
        for name in ["方正小标宋简体", "仿宋_GB2312", "黑体"] {
            assert!(styles.contains(name), "{name}");
        }
    }

    #[test]
    fn a_file_name_is_one_windows_accepts() {
        let on = NaiveDate::from_ymd_opt(2026, 8, 24).expect("a day");
        assert_eq!(file_name("推荐/汇总:表?", 2, on), "推荐_汇总_表__v2_20260824.xlsx");
        assert_eq!(file_name(" . ", 1, on), "推荐汇总表_v1_20260824.xlsx");
    }
}
