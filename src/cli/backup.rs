//! `kebao backup` makes one, `kebao backups` lists them, `kebao restore` shows what one holds and puts it in place.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::Kind;
use crate::domain::event::{Logged, Stamp};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::store::backup::{self, By, Deed, Preview, Verified};
use crate::store::{Clock, DATABASE_FILE, Db, Options, default_folder};

#[derive(Args)]
pub struct BackupArgs {
    /// 备份到哪个文件夹（不写就用窗口里选定的，默认是数据文件夹里的 backups）
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// 记作自动备份：按设定的份数清理旧的自动备份，供定时任务用
    #[arg(long)]
    auto: bool,
}

/// 0: made and proven.
pub fn backup(common: &Common, args: &BackupArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let by = if args.auto { By::Automatic } else { By::Hand };
    // Nobody has to say who they are for a copy they could make by other means; whoever does stands in the log.
    let actor = match common.user {
        Some(_) if !args.auto => session.actor(common)?,
        _ => RecordId::OFFICE,
    };
    let fresh = session.db.back_up(by, args.to.clone()).wait()?;
    session.db.note(actor, Logged::backup(&fresh.backup.path, args.auto)).wait()?;
    output.result(
        || {
            let made = fresh.backup.made.as_ref();
            let holds =
                made.map(|made| format!("企业 {} 家，申报 {} 件，流水 {} 条", made.firms, made.filings, made.events));
            let mut lines = vec![
                format!("已备份并验证：{}", fresh.backup.path.display()),
                format!(
                    "{}；名单原件和材料 {} 份，新增 {} 份。",
                    holds.unwrap_or_default(),
                    fresh.files.all,
                    fresh.files.copied
                ),
            ];
            lines.extend(
                fresh.files.lacking().says().map(|says| format!("{says}，没有备份；请运行 kebao check 看是哪些。")),
            );
            if fresh.thinned > 0 {
                lines.push(format!("清理旧的自动备份 {} 份。", fresh.thinned));
            }
            lines
        },
        &fresh,
    );
    Ok(0)
}

#[derive(Args)]
pub struct BackupsArgs {
    /// 看哪个文件夹（不写就用窗口里选定的）
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

pub fn backups(common: &Common, args: &BackupsArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let all = session.db.backups(args.from.clone()).wait()?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|backup| {
            let made = backup.made.as_ref();
            let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
            vec![
                backup.at.format("%Y-%m-%d %H:%M").to_string(),
                made.map_or("—", |made| by(made.by)).to_owned(),
                backup.size.to_string(),
                count(made.map(|made| made.events)),
                match &backup.verified {
                    Verified::Yes { at } => format!("已验证 {}", at.format("%Y-%m-%d %H:%M")),
                    Verified::No => "未在本机验证".to_owned(),
                    Verified::Broken { says } => says.clone(),
                },
                backup.path.display().to_string(),
            ]
        })
        .collect();
    let keys = ["at", "by", "size", "events", "verified", "file"];
    output.table(&["时间", "方式", "字节", "流水", "验证", "文件"], &rows, &keys, rows.len());
    Ok(0)
}

fn by(by: By) -> &'static str {
    match by {
        By::Hand => "手工",
        By::Automatic => "自动",
    }
}

#[derive(Args)]
pub struct RestoreArgs {
    /// 备份文件，或备份文件夹里的文件名
    file: PathBuf,
    /// 确认恢复；不写只看这份备份有什么、会失去什么
    #[arg(long)]
    yes: bool,
}

/// What a look at a backup prints for scripts.
#[derive(Serialize)]
struct Look<'a> {
    restored: bool,
    #[serde(flatten)]
    preview: &'a Preview,
}

/// 0: restored. 130: only looked at, nothing was done.
pub fn restore(common: &Common, args: &RestoreArgs, output: &Output) -> Done {
    let folder = common.data.clone().map_or_else(default_folder, Ok)?;
    let here = folder.join(backup::FOLDER).join(&args.file);
    let file = if !args.file.exists() && here.is_file() { here } else { args.file.clone() };
    let options = Options::default();
    let shown = backup::preview(&folder, &file)?;
    if !args.yes {
        output.result(|| says(&shown, &options.clock), &Look { restored: false, preview: &shown });
        output.note("只是看一看，什么也没有改。确认恢复请加 --yes。");
        return Ok(super::exit_code(Kind::Cancelled));
    }
    let actor = if folder.join(DATABASE_FILE).exists() {
        Session::who_may_mend(common, Permission::Restore)?
    } else {
        RecordId::OFFICE
    };
    output.note(&says(&shown, &options.clock).join("\n"));
    let restored = backup::restore(&folder, &file, &options)?;
    // Whoever opens it next finds it brought to this version.
    Db::open(&folder, options)?.note(actor, Logged::restored(&file)).wait()?;
    output.result(
        || {
            let mut lines = vec![format!("已恢复到 {}。", file.display())];
            if let Some(aside) = &restored.aside {
                lines.push(format!("原来的数据另存为 {}，改名为 {DATABASE_FILE} 就能换回。", aside.display()));
            }
            if restored.files > 0 {
                lines.push(format!("找回名单原件和材料 {} 份。", restored.files));
            }
            if restored.missing > 0 {
                lines.push(format!("还有 {} 份名单原件和材料没有找到，不影响其他内容。", restored.missing));
            }
            lines
        },
        &restored,
    );
    Ok(0)
}

fn says(shown: &Preview, clock: &Clock) -> Vec<String> {
    let when = |at: Stamp| clock.local(at.millis()).format("%Y-%m-%d %H:%M").to_string();
    let holds = &shown.holds;
    let mut lines = vec![format!("备份 {}", shown.file.display())];
    if let Some(made) = &shown.made {
        lines.push(format!("做于 {}，{}", made.at.format("%Y-%m-%d %H:%M"), by(made.by)));
    }
    lines.push(format!(
        "{}：企业 {} 家，申报 {} 件，流水 {} 条，操作 {} 步",
        holds.office, holds.firms, holds.filings, holds.events, holds.actions
    ));
    if let Some(Deed { name, at, .. }) = &holds.last {
        lines.push(format!("最后一步：{} {name}", when(*at)));
    }
    match &shown.lost {
        None => lines.push("现在的数据打不开，比不出会失去什么；它会另存一份，不会删除。".to_owned()),
        Some(lost) if lost.events == 0 => {
            lines.push("现在的数据里没有这份备份之外的内容，恢复不会失去什么。".to_owned())
        }
        Some(lost) => {
            lines.push(format!("恢复后，现在的数据里有 {} 步操作（{} 条流水）不再看得到：", lost.actions, lost.events));
            lines.extend(lost.newest.iter().map(|deed| format!("  {} {}", when(deed.at), deed.name)));
            if lost.actions > lost.newest.len() as u64 {
                lines.push(format!("  ……还有 {} 步", lost.actions - lost.newest.len() as u64));
            }
        }
    }
    lines
}
