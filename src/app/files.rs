//! Choosing files through the desktop's own dialogs, and opening what was written with its own program.
//!
//! A dialog that cannot be shown looks like one that was closed, so wherever a file is chosen a path can also be typed.
//! Tests have no desktop: every dialog of theirs is closed at once, and their papers go to a temporary folder.

use std::path::{Path, PathBuf};

use crate::domain::{Problem, Result};

/// Asks for a list to be taken in. `None`: closed without a choice.
pub async fn choose_list() -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog = rfd::AsyncFileDialog::new()
        .set_title("选择名单文件")
        .add_filter("名单（Word、Excel、CSV）", &["docx", "xlsx", "xls", "csv", "txt"])
        .add_filter("所有文件", &["*"]);
    dialog.pick_file().await.map(|file| file.path().to_owned())
}

/// Asks where a sheet is to be written; `name` is offered. `None`: closed without a choice.
pub async fn choose_sheet(name: String) -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog =
        rfd::AsyncFileDialog::new().set_title("导出到").set_file_name(&name).add_filter("Excel 表格", &["xlsx"]);
    dialog.save_file().await.map(|file| file.path().to_owned())
}

/// Where papers go unless somebody says otherwise: 文档, else the user's folder.
pub fn papers() -> PathBuf {
    if cfg!(test) {
        return std::env::temp_dir();
    }
    let dirs = directories::UserDirs::new();
    let documents = dirs.as_ref().and_then(|dirs| dirs.document_dir().map(Path::to_owned));
    documents.or_else(|| dirs.map(|dirs| dirs.home_dir().to_owned())).unwrap_or_else(std::env::temp_dir)
}

/// Opens a file or folder with the program the desktop has for it.
///
/// # Errors
/// Where there is none.
pub fn show(path: &Path) -> Result<()> {
    let opened = if cfg!(test) { Err(std::io::ErrorKind::Unsupported.into()) } else { open::that_detached(path) };
    opened.map_err(|error: std::io::Error| {
        Problem::io("没有找到能打开它的程序。")
            .next("请在文件管理器里打开。")
            .detail(format!("{}: {error}", path.display()))
    })
}
