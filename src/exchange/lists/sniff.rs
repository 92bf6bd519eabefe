//! What a file really is, whatever its name says, and the sentence for each sort that is not a list we can read.

use super::bounds::Budget;
use super::compound::{Compound, MAGIC};
use super::package::Package;
use super::xml::damaged;
use crate::domain::problem::{Kind, Problem, Result};

/// What to read, found out from the first bytes and the parts inside.
pub(super) enum Sort<'a> {
    /// A Word document: its package and the name of its main part.
    Docx(Package<'a>, String),
    /// A workbook: its package and the name of its main part.
    Xlsx(Package<'a>, String),
    /// The `Workbook` stream of an old workbook.
    Xls(Vec<u8>),
    /// Text, encoding not yet known.
    Text,
}

/// Finds out what to read.
///
/// # Errors
/// It is something else (the sentence says what), it has a password, or it is broken.
pub(super) fn sort<'a>(bytes: &'a [u8], budget: &mut Budget<'_>) -> Result<Sort<'a>> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes, budget);
    }
    if bytes.starts_with(MAGIC) {
        return compound(bytes);
    }
    match other(bytes) {
        Some(problem) => Err(problem),
        None => Ok(Sort::Text),
    }
}

fn package<'a>(bytes: &'a [u8], budget: &mut Budget<'_>) -> Result<Sort<'a>> {
    let mut package = Package::open(bytes)?;
    let relations = package.relations("", budget)?;
    let main = relations.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target).filter(|t| package.has(t));
    let main = main.or_else(|| {
        ["word/document.xml", "xl/workbook.xml", "xl/workbook.bin"]
            .into_iter()
            .find(|n| package.has(n))
            .map(str::to_owned)
    });
    match main {
        Some(main) if main.ends_with(".bin") => {
            Err(foreign("这是 Excel 二进制工作簿（.xlsb），读不了。", "请用 Excel 打开，另存为 .xlsx 再导入。"))
        }
        Some(main) if main.starts_with("word/") => Ok(Sort::Docx(package, main)),
        Some(main) if main.starts_with("xl/") => Ok(Sort::Xlsx(package, main)),
        Some(main) if main.starts_with("ppt/") => Err(presentation()),
        // Some programs put the parts into other folders.
        Some(main) if main.contains("workbook") => Ok(Sort::Xlsx(package, main)),
        Some(main) if main.contains("document") => Ok(Sort::Docx(package, main)),
        _ if package.has("content.xml") && package.has("mimetype") => Err(foreign(
            "这是 OpenDocument 文件（.ods 或 .odt），读不了。",
            "请用 WPS 打开，另存为 .xlsx 或 .docx 再导入。",
        )),
        _ if package.has("ofd.xml") => Err(foreign(
            "这是版式文件（OFD），里面的表格读不准。",
            "请向发布单位要 Excel 或 Word 版的名单，或转换成 .xlsx 再导入。",
        )),
        _ if package.is_empty() => Err(foreign("这是一个空的压缩包。", "请选择其中的名单文件，而不是压缩包。")),
        _ if package.has_folder("word/") || package.has_folder("xl/") => Err(damaged("no main part")),
        _ => Err(archive()),
    }
}

/// A compound file: old Office formats, and new ones with a password.
fn compound<'a>(bytes: &[u8]) -> Result<Sort<'a>> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(password());
    }
    for name in ["Workbook", "Book"] {
        if let Some(stream) = file.stream(name)? {
            return Ok(Sort::Xls(stream));
        }
    }
    if file.has("WordDocument") {
        return Err(foreign("这是旧版 Word 文档（.doc 或 .wps），读不了。", "请用 WPS 打开，另存为 .docx 再导入。"));
    }
    Err(if file.has("PowerPoint Document") { presentation() } else { unknown() })
}

/// Everything recognised by its first bytes alone; `None` if it may be text.
fn other(bytes: &[u8]) -> Option<Problem> {
    let has = |magic: &[u8]| bytes.starts_with(magic);
    if has(b"%PDF") {
        return Some(foreign(
            "这是 PDF 文件，里面的表格读不准。",
            "请向发布单位要 Excel 或 Word 版的名单，或用 WPS 转换成 .xlsx，核对后再导入。",
        ));
    }
    if has(b"\x89PNG")
        || has(b"\xFF\xD8\xFF")
        || has(b"GIF8")
        || has(b"II*\0")
        || has(b"MM\0*")
        || is_bitmap(bytes)
        || is_webp(bytes)
    {
        return Some(foreign("这是图片，读不出表格。", "请向发布单位要 Excel 或 Word 版的名单。"));
    }
    if has(b"Rar!") || has(b"7z\xBC\xAF") || has(b"\x1F\x8B") {
        return Some(archive());
    }
    if has(b"{\\rtf") {
        return Some(foreign("这是 RTF 格式的文档，读不了。", "请用 WPS 打开，另存为 .docx 再导入。"));
    }
    // The Excel formats before compound files: a record that says "beginning", of 4 to 8 bytes (16 if written bare).
    if matches!(bytes, [0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04..=0x10, 0x00, ..]) {
        return Some(foreign(
            "这是很旧的 Excel 格式（95 以前），读不了。",
            "请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。",
        ));
    }
    markup(bytes)
}

fn is_bitmap(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0, 0, 0, 0])
}

fn is_webp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// Web pages and XML that many systems export under the name `.xls`.
fn markup(bytes: &[u8]) -> Option<Problem> {
    // Enough for the declarations at the top; UTF-16 is read as if it were ASCII with gaps.
    let head: String = bytes
        .iter()
        .take(8 << 10)
        .filter(|b| b.is_ascii() && **b != 0)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    let head = head.trim_start();
    if head.starts_with("mime-version:") {
        return Some(foreign("这是网页存档（MHT），读不了。", "请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"));
    }
    if !head.starts_with('<') {
        return None;
    }
    if head.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Some(foreign("这是 XML 表格 2003 格式，读不了。", "请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"));
    }
    if head.contains("schemas.microsoft.com/office/") && !head.contains("<html") {
        return Some(foreign("这是 XML 格式的 Office 文件，读不了。", "请用 WPS 打开，另存为 .docx 或 .xlsx 再导入。"));
    }
    if ["<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<div", "<style"]
        .iter()
        .any(|tag| head.contains(tag))
    {
        return Some(foreign("这其实是一个网页，不是 Excel 工作簿。", "请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"));
    }
    head.starts_with("<?xml")
        .then(|| foreign("这是 XML 数据文件，读不了。", "请用 WPS 或 Excel 打开，另存为 .xlsx 再导入。"))
}

fn foreign(says: &str, next: &str) -> Problem {
    Problem::new(Kind::Foreign, says).next(next)
}

fn archive() -> Problem {
    foreign("这是压缩包，不是名单文件。", "请先解压，再导入其中的名单。")
}

fn presentation() -> Problem {
    foreign("这是演示文稿，读不了。", "请选择 .xlsx、.xls、.docx 或 .csv 格式的名单。")
}

/// The file opens only with a password.
pub(super) fn password() -> Problem {
    foreign("这个文件有密码，打不开。", "请在 WPS 里去掉密码后另存一份再导入。")
}

/// Nothing we know.
pub(super) fn unknown() -> Problem {
    foreign("认不出这个文件的格式。", "请选择 .xlsx、.xls、.docx 或 .csv 格式的名单。")
}
