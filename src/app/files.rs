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

/// Asks for a page of chain heads that was kept. `None`: closed without a choice.
pub async fn choose_heads() -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog = rfd::AsyncFileDialog::new()
        .set_title("选择以前存下的链头")
        .add_filter("文字", &["txt"])
        .add_filter("所有文件", &["*"]);
    dialog.pick_file().await.map(|file| file.path().to_owned())
}

/// Asks for a year's holiday arrangement. `None`: closed without a choice.
pub async fn choose_year() -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog = rfd::AsyncFileDialog::new().set_title("选择放假安排文件").add_filter("放假安排", &["json"]);
    dialog.pick_file().await.map(|file| file.path().to_owned())
}

/// Asks for files to be handed in, several at once; `title` says for what. Empty: closed without a choice.
pub async fn choose_materials(title: String, several: bool) -> Vec<PathBuf> {
    if cfg!(test) {
        return Vec::new();
    }
    let dialog = rfd::AsyncFileDialog::new()
        .set_title(&title)
        .add_filter("所有文件", &["*"])
        .add_filter("文档和扫描件", &["pdf", "docx", "doc", "xlsx", "xls", "jpg", "jpeg", "png", "ofd", "wps", "et"]);
    let chosen = match several {
        true => dialog.pick_files().await,
        false => dialog.pick_file().await.map(|file| vec![file]),
    };
    chosen.unwrap_or_default().iter().map(|file| file.path().to_owned()).collect()
}

/// Where copies of kept files go that other programs open: a folder of this window's own, gone when it is closed.
pub fn copies() -> PathBuf {
    all_copies().join(std::process::id().to_string())
}

fn all_copies() -> PathBuf {
    let cache = directories::ProjectDirs::from("", "", "kebao").map(|dirs| dirs.cache_dir().join("opened"));
    let temporary = || std::env::temp_dir().join("kebao-opened");
    if cfg!(test) { temporary() } else { cache.unwrap_or_else(temporary) }
}

/// Takes this window's copies away, and those of windows that ended otherwise: they may hold personal papers. What a viewer
/// still holds stays until another day.
pub fn clear_copies() {
    const LEFT: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
    let _ = std::fs::remove_dir_all(copies());
    for folder in std::fs::read_dir(all_copies()).into_iter().flatten().flatten() {
        let old = folder.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        if old.is_some_and(|age| age > LEFT) {
            let _ = std::fs::remove_dir_all(folder.path());
        }
    }
}

/// The path, or the same with a number where a file of that name is there: nothing is ever written over.
pub fn free(path: PathBuf) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let mut all = (2..).map(|n| path.with_file_name(format!("{stem}-{n}{ending}")));
    if !path.exists() {
        return path;
    }
    // The numbers do not end before a free one is found.
    all.find(|path| !path.exists()).unwrap_or(path.clone())
}

/// Asks for a package. `None`: closed without a choice.
pub async fn choose_package() -> Option<PathBuf> {
    choose("选择包", "科报的包", "kbp").await
}

/// Asks for a machine's card. `None`: closed without a choice.
pub async fn choose_card() -> Option<PathBuf> {
    choose("选择对方电脑的名片", "名片", "kbc").await
}

async fn choose(title: &str, what: &str, ending: &str) -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog =
        rfd::AsyncFileDialog::new().set_title(title).add_filter(what, &[ending]).add_filter("所有文件", &["*"]);
    dialog.pick_file().await.map(|file| file.path().to_owned())
}

/// Asks for a folder. `None`: closed without a choice.
pub async fn choose_folder() -> Option<PathBuf> {
    if cfg!(test) {
        return None;
    }
    let dialog = rfd::AsyncFileDialog::new().set_title("选择文件夹");
    dialog.pick_folder().await.map(|folder| folder.path().to_owned())
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

/// The file a typed text means: `~` is the user's folder; copied from a file manager it may stand in quotes or be an address.
/// Nothing where nothing was typed.
pub fn typed(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let quoted = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let text =
        [('"', '"'), ('\'', '\''), ('“', '”')].into_iter().find_map(|(a, b)| quoted(a, b)).unwrap_or(text).trim();
    if text.is_empty() {
        return None;
    }
    if let Some(address) = text.strip_prefix("file://") {
        return Some(PathBuf::from(plain(address)));
    }
    let home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    match (home, directories::UserDirs::new()) {
        (Some(rest), Some(dirs)) => Some(dirs.home_dir().join(rest.trim_start_matches(['/', '\\']))),
        _ => Some(PathBuf::from(text)),
    }
}

/// The same for a file to be written: a bare name goes to where papers go, not to wherever the program was started.
pub fn typed_paper(text: &str) -> Option<PathBuf> {
    typed(text).map(|path| if path.is_relative() { papers().join(path) } else { path })
}

/// The name of a file without its folders, as the log keeps it.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A path with an ending put behind whatever it ends in.
pub fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    let mut path = path.into_os_string();
    path.push(ending);
    path.into()
}

/// An address with its `%20`s undone.
fn plain(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes[at] == b'%').then(|| address.get(at + 1..at + 3)).flatten();
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    let path = String::from_utf8_lossy(&out).into_owned();
    // file:///C:/名单.xlsx
    let drive = path.strip_prefix('/').filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    drive.map(str::to_owned).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_be_quoted_an_address_or_begin_at_home() {
        let path = |text: &str| typed(text).map(|path| path.display().to_string()).unwrap_or_default();
        assert_eq!(path("  \"/tmp/带 空格.csv\" "), "/tmp/带 空格.csv");
        assert_eq!(path("/tmp/a'b\"c"), "/tmp/a'b\"c");
        assert_eq!(path("file:///tmp/%E5%90%8D%E5%8D%95%20a.csv"), "/tmp/名单 a.csv");
        assert_eq!(path("file:///C:/a%zz.csv"), "C:/a%zz.csv");
        assert_eq!(path("“ ”"), "");
        let home = directories::UserDirs::new().expect("a home").home_dir().to_owned();
        assert_eq!(typed("~/名单.csv"), Some(home.join("名单.csv")));
        assert_eq!(typed("~"), Some(home.join("")));
        assert_eq!(path("~名单.csv"), "~名单.csv");
        assert_eq!(typed_paper("表.xlsx"), Some(papers().join("表.xlsx")));
    }
}
