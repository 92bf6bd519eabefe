//! Programs from their TOML files (`assets/programs/`, and the office's own edits of them).
//! Every file is checked whole before anything of it is used; an error names the file and the field.
//! No rule of a program stands here: what a file may say is `rows.rs` and `lists.rs`, what must hold is `check.rs`.

mod check;
mod lists;
mod rows;

pub(super) use check::review as check_review;
pub(super) use lists::ReviewRow;

use crate::domain::problem::{Problem, Result};
use crate::domain::program::Program;

/// The embedded files, name and text, in the order an office lists its programs.
pub(super) const FILES: &[(&str, &str)] = &[
    ("gaoqi.toml", include_str!("../../../assets/programs/gaoqi.toml")),
    ("kexiao.toml", include_str!("../../../assets/programs/kexiao.toml")),
    ("taishan_startup.toml", include_str!("../../../assets/programs/taishan_startup.toml")),
    ("zckj_province.toml", include_str!("../../../assets/programs/zckj_province.toml")),
];

/// Fields of a firm that a form may be prefilled from and a shortlist may show.
pub const FIRM_FIELDS: &[&str] =
    &["name", "code", "township", "contact", "phone", "hi_field", "est_date", "legal_rep", "address_ops"];

/// Facts of a firm's year that a form may be prefilled from.
pub const YEAR_FACTS: &[&str] = &[
    "staff",
    "tech_staff",
    "revenue",
    "cost",
    "assets",
    "net_assets",
    "hi_income",
    "total_income",
    "rd",
    "rd_domestic",
    "ip1",
    "ip2",
];

/// Reads one program. The file's name without `.toml` is the program's id.
///
/// # Errors
/// Names the file and the field that does not fit.
pub fn read(file: &str, text: &str) -> Result<Program> {
    let id = file.strip_suffix(".toml").unwrap_or(file);
    let shaped = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !shaped {
        return Err(wrong(file, "文件名", "只能用小写字母、数字和下划线，以字母开头"));
    }
    let rows: rows::ProgramRow = toml::from_str(text.trim_start_matches('\u{FEFF}')).map_err(|e| {
        Problem::damaged(format!("事项文件“{file}”看不懂。"))
            .next("请按“详情”里的位置改正。")
            .detail(format!("{file}: {e}"))
    })?;
    let program = rows.into_program(file, id)?;
    check::program(file, &program)?;
    Ok(program)
}

/// A problem with one field of one file. `field` is the path a person would look for; `what` ends the sentence.
fn wrong(file: &str, field: &str, what: &str) -> Problem {
    Problem::damaged(format!("事项文件“{file}”的“{field}”不对：{what}。")).detail(format!("{file}: {field}"))
}

#[cfg(test)]
mod tests;
