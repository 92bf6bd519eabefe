//! From a path, bytes or the clipboard to a [`Document`].

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::bounds::{self, Budget};
use super::document::{Block, Document, FileKind, Progress};
use super::sniff::{self, Sort};
use super::{delimited, docx, xls, xlsx};
use crate::domain::problem::{Kind, Problem, Result};

/// Reads a list file of any sort we know. `watch` is told how far it is and may stop it.
///
/// # Errors
/// One sentence saying what is wrong with the file; [`Kind::Cancelled`] when stopped.
pub fn read(path: &Path, watch: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Document> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let bytes = load(path, &name)?;
    read_bytes(&name, &bytes, watch)
}

/// Reads a list that is already in memory; `name` is only remembered.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(name: &str, bytes: &[u8], watch: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Document> {
    if bytes.is_empty() {
        return Err(Problem::bad_input("这个文件是空的（0 字节）。").next("请检查下载或复制是否完成，再重新导入。"));
    }
    // Readers do not panic on any input; should one do so after all, the person loses a file and not their window.
    let blocks = catch_unwind(AssertUnwindSafe(|| blocks(bytes, watch)));
    let (kind, blocks) = blocks.unwrap_or_else(|_| Err(Problem::bug(format!("list reader panicked on {name}"))))?;
    if blocks.is_empty() {
        return Err(match kind {
            FileKind::Docx => Problem::foreign("这个 Word 文档里没有文字。"),
            FileKind::Xlsx | FileKind::Xls => Problem::foreign("这个工作簿是空的，没有任何内容。"),
            FileKind::Delimited | FileKind::Pasted => Problem::foreign("这个文件里没有文字。"),
        }
        .next("请检查是否选错了文件；如果名单是图片，请向发布单位要 Excel 或 Word 版。"));
    }
    Ok(Document { file: name.to_owned(), kind, bytes: bytes.len() as u64, blocks })
}

/// Reads cells copied from WPS or Excel.
///
/// # Errors
/// Nothing was pasted, or more than a list can hold.
pub fn read_pasted(text: &str) -> Result<Document> {
    if text.len() as u64 > bounds::TEXT_FILE {
        return Err(bounds::too_large(text.len() as u64, bounds::TEXT_FILE));
    }
    let mut watch = |_| ControlFlow::Continue(());
    let table = delimited::pasted(text, &mut Budget::new(&mut watch))?;
    if table.rows.iter().all(|row| row.cells.is_empty()) {
        return Err(Problem::bad_input("剪贴板里没有文字。").next("请先在 WPS 或 Excel 里选中名单，复制后再粘贴。"));
    }
    let blocks = vec![Block::Table(table)];
    Ok(Document { file: "剪贴板".to_owned(), kind: FileKind::Pasted, bytes: text.len() as u64, blocks })
}

fn blocks(bytes: &[u8], watch: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<(FileKind, Vec<Block>)> {
    let mut budget = Budget::new(watch);
    budget.ask(0)?;
    match sniff::sort(bytes, &mut budget)? {
        Sort::Docx(mut package, main) => Ok((FileKind::Docx, docx::read(&mut package, &main, &mut budget)?)),
        Sort::Xlsx(mut package, main) => Ok((FileKind::Xlsx, xlsx::read(&mut package, &main, &mut budget)?)),
        Sort::Xls(stream) => Ok((FileKind::Xls, xls::read(&stream, &mut budget)?)),
        Sort::Text => {
            let table = delimited::read(bytes, &mut budget)?;
            let is_empty = table.rows.iter().all(|row| row.cells.is_empty());
            Ok((FileKind::Delimited, if is_empty { Vec::new() } else { vec![Block::Table(table)] }))
        }
    }
}

fn load(path: &Path, name: &str) -> Result<Vec<u8>> {
    let failed = |error: io::Error| cannot_open(name, &error);
    let about = std::fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(Problem::bad_input(format!("“{name}”是一个文件夹。")).next("请选择里面的名单文件。"));
    }
    if !about.is_file() {
        return Err(Problem::bad_input(format!("“{name}”不是普通文件。")).next("请选择一个名单文件。"));
    }
    if about.len() > bounds::FILE {
        return Err(bounds::too_large(about.len(), bounds::FILE));
    }
    let mut bytes = Vec::with_capacity(about.len() as usize);
    // One byte more than allowed, for a file that grows meanwhile.
    File::open(path).map_err(failed)?.take(bounds::FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > bounds::FILE {
        return Err(bounds::too_large(bytes.len() as u64, bounds::FILE));
    }
    Ok(bytes)
}

fn cannot_open(name: &str, error: &io::Error) -> Problem {
    // Windows: the file is open in Excel or WPS, which lock it.
    const SHARING_VIOLATION: i32 = 32;
    match error.kind() {
        io::ErrorKind::NotFound => Problem::not_found(format!("找不到文件“{name}”。"))
            .next("它可能被移动、改名，或在已经拔掉的 U 盘上，请重新选择。"),
        io::ErrorKind::PermissionDenied => Problem::io(format!("没有权限打开文件“{name}”。"))
            .next("请把它复制到自己的文件夹，或请管理员开放权限后再试。"),
        _ if cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION) => {
            Problem::new(Kind::Busy, format!("文件“{name}”正被别的程序打开。"))
                .next("请在 WPS 或 Excel 里关闭它，再重新导入。")
        }
        _ => Problem::io(format!("读不了文件“{name}”。")).next("请检查磁盘或 U 盘，或把文件复制到本机后再试。"),
    }
    .detail(error)
}
