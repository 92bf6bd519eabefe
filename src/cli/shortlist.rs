//! `kebao shortlist`: make, look, freeze a version, write the sheet.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::event::{Logged, ShortlistFrozen};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::shortlist::FrozenVersion;
use crate::domain::{Problem, Result};
use crate::exchange::shortlist::{Fonts, Frozen, file_name, gather, write};

#[derive(Args)]
pub struct ShortlistArgs {
    #[command(subcommand)]
    command: Option<ShortlistCommand>,
}

#[derive(Subcommand)]
enum ShortlistCommand {
    /// 从批次新建：默认取本区已推荐的，或用受理号按顺序列出
    Make {
        edition: String,
        /// 受理号，按推荐顺序
        filings: Vec<String>,
    },
    /// 定稿一个带编号的版本，并写出 .xlsx
    Freeze {
        /// 名单编号（kebao shortlist 列出）
        shortlist: RecordId,
        /// 写到哪个文件或文件夹
        #[arg(long, short)]
        out: PathBuf,
        /// 填报日期（默认今天）
        #[arg(long)]
        on: Option<String>,
        /// 用系统自带字体（宋体、仿宋），不用公文字体
        #[arg(long)]
        common_fonts: bool,
    },
    /// 把已定稿的版本再写一份 .xlsx
    Export {
        shortlist: RecordId,
        /// 第几版（默认最后一版）
        #[arg(long)]
        version: Option<u16>,
        #[arg(long, short)]
        out: PathBuf,
        #[arg(long)]
        common_fonts: bool,
    },
}

pub fn run(common: &Common, args: &ShortlistArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    match &args.command {
        None => {
            let all = session.db.shortlists().wait()?;
            let rows: Vec<Vec<String>> = all
                .iter()
                .map(|row| {
                    let edition = session.ledger.edition(row.edition).map(|e| e.label()).unwrap_or_default();
                    let version = if row.versions == 0 { "未定稿".to_owned() } else { format!("v{}", row.versions) };
                    vec![row.title.clone(), edition, row.filings.to_string(), version, row.id.to_string()]
                })
                .collect();
            output.table(
                &["名单", "事项与批次", "件数", "版本", "编号"],
                &rows,
                &["title", "edition", "filings", "version", "id"],
                rows.len(),
            );
            Ok(0)
        }
        Some(ShortlistCommand::Make { edition, filings }) => {
            let edition = session.edition(edition)?;
            let items = if filings.is_empty() {
                session.db.ledger().recommended(edition.id)
            } else {
                filings.iter().map(|number| session.filing(number).map(|f| f.id)).collect::<Result<Vec<_>>>()?
            };
            let actor = session.actor(common)?;
            let (id, title) = (edition.id, format!("{}推荐名单", edition.label()));
            let count = items.len();
            let name = format!("新建推荐名单 {count} 件");
            let made = title.clone();
            let done = session.db.act(actor, name, move |act| act.make_shortlist(id, &made, &items)).wait()?;
            output.result(
                || vec![format!("已新建“{title}”，{count} 件，编号 {}", done.value)],
                &serde_json::json!({ "id": done.value, "filings": count, "action": done.action }),
            );
            Ok(0)
        }
        Some(ShortlistCommand::Freeze { shortlist, out, on, common_fonts }) => {
            let on = session.day(on.as_deref())?;
            let file = session.db.shortlist(*shortlist).wait()?.ok_or_else(missing)?;
            // Sealed numbers are opened by whoever holds their key.
            let actor = session.actor(common)?;
            let gathered = gather(&session.db, file.shortlist.edition, &file.shortlist.items)?;
            let (id, kept) = (*shortlist, gathered.clone());
            let name = format!("定稿“{}”", gathered.title);
            let done = session
                .db
                .act(actor, name, move |act| act.freeze_shortlist(id, on, &kept.title, kept.heads, kept.rows))
                .wait()?;
            let version = ShortlistFrozen {
                number: done.value,
                on,
                title: gathered.title,
                heads: gathered.heads,
                rows: gathered.rows,
                restates: None,
            };
            let path = save(&session, actor, file.shortlist.edition, &version, out, *common_fonts)?;
            say(output, &version, &path);
            Ok(0)
        }
        Some(ShortlistCommand::Export { shortlist, version, out, common_fonts }) => {
            let is_version = |v: &FrozenVersion| version.is_none_or(|n| v.frozen.number == n);
            let file = session.db.shortlist(*shortlist).wait()?.ok_or_else(missing)?;
            let none = || Problem::not_found("这份名单还没有这一版。").next("请先定稿：kebao shortlist freeze。");
            if !file.shortlist.versions.iter().any(is_version) {
                return Err(none());
            }
            // Sealed numbers are opened by whoever holds their key.
            let actor = session.actor_who_may(common, Permission::Export)?;
            let file = session.db.shortlist(*shortlist).wait()?.ok_or_else(missing)?;
            let wanted = file.shortlist.versions.iter().rev().find(|v| is_version(v)).ok_or_else(none)?;
            let path = save(&session, actor, file.shortlist.edition, &wanted.frozen, out, *common_fonts)?;
            say(output, &wanted.frozen, &path);
            Ok(0)
        }
    }
}

/// Writes a frozen version to a file, or into a folder under its proper name, and has the log say who did.
pub fn save(
    session: &Session,
    actor: RecordId,
    edition: RecordId,
    version: &ShortlistFrozen,
    out: &std::path::Path,
    common_fonts: bool,
) -> Result<PathBuf> {
    let ledger = session.db.ledger();
    let columns = ledger
        .edition(edition)
        .and_then(|e| e.known)
        .map(|(program, _)| program.shortlist.columns.as_slice())
        .unwrap_or_default();
    let folder = out.is_dir() || out.extension().is_none();
    if folder {
        std::fs::create_dir_all(out).map_err(|error| {
            Problem::io("导出文件夹建不起来。")
                .next("请检查权限，或换一个位置。")
                .detail(format!("{}: {error}", out.display()))
        })?;
    }
    let path = if folder { out.join(file_name(&version.title, version.number, version.on)) } else { out.to_owned() };
    let fonts = if common_fonts { Fonts::Common } else { Fonts::Official };
    write(&path, &Frozen { version, columns, office: &ledger.office.name, fonts })?;
    let what = format!("推荐名单“{}”v{}，联系人和电话不隐去", version.title, version.number);
    session.db.note(actor, Logged::export(&what, &path, version.rows.len())).wait()?;
    Ok(path)
}

fn missing() -> Problem {
    Problem::not_found("找不到这份推荐名单。").next("用 kebao shortlist 查看已有名单的编号。")
}

fn say(output: &Output, version: &ShortlistFrozen, path: &std::path::Path) {
    output.result(
        || vec![format!("{} v{}，{} 件，已写到 {}", version.title, version.number, version.rows.len(), path.display())],
        &serde_json::json!({ "version": version.number, "filings": version.rows.len(), "file": path.display().to_string() }),
    );
}
