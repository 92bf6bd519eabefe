//! `kebao check`: is the database whole, is every event as it was written, are the tables what the journal gives.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::{Problem, Result};
use crate::store::journal::{Head, Since};

#[derive(Args)]
pub struct CheckArgs {
    /// 表与流水不符时，从流水重建各表
    #[arg(long)]
    rebuild: bool,
    /// 把各机器流水的链头写成一页文字，打印后留存
    #[arg(long, value_name = "FILE")]
    write_heads: Option<PathBuf>,
    /// 与以前留存的链头比对：流水被截短或改写就对不上
    #[arg(long, value_name = "FILE")]
    compare_heads: Option<PathBuf>,
}

/// 0: whole. 1: faults, each named.
pub fn run(common: &Common, args: &CheckArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    if args.rebuild {
        session.db.rebuild().wait()?;
    }
    let report = session.db.check().wait()?;
    let compared = match &args.compare_heads {
        Some(file) => compare(&session, file)?,
        None => Vec::new(),
    };
    if let Some(file) = &args.write_heads {
        let heads = session.db.heads().wait()?;
        let page = Head::page(&session.ledger.office.name, session.db.clock().now(), &heads);
        fs::write(file, page).map_err(|error| {
            Problem::io("链头没有写成文件。")
                .next("请换一个能写入的位置。")
                .detail(format!("{}: {error}", file.display()))
        })?;
    }
    let mut json = serde_json::json!(report);
    if args.compare_heads.is_some() {
        json["heads"] = serde_json::json!(compared);
    }
    output.result(
        || {
            let mut lines = vec![format!(
                "流水 {} 条，来自 {} 台电脑，等待前序的 {} 条。",
                report.events, report.devices, report.waiting
            )];
            if report.erased_files > 0 {
                lines.push(format!("{} 份文件已依法清除。", report.erased_files));
            }
            if report.faults.is_empty() {
                lines.push("核验通过：数据库完整，每条记录与指纹相符，各表与流水一致。".to_owned());
            } else {
                lines.push(format!("发现 {} 处问题：", report.faults.len()));
                lines.extend(report.faults.iter().map(|fault| format!("  {}", fault.says())));
                lines.push(if report.faults.iter().any(|fault| fault.is_serious()) {
                    "请不要删除任何文件；先复制整个数据文件夹，再从备份恢复。".to_owned()
                } else {
                    "流水完好；运行 kebao check --rebuild 可以从流水重建各表。".to_owned()
                });
            }
            lines.extend(
                compared
                    .iter()
                    .map(|(head, since)| format!("链头 机器 {} 第 {} 条：{}", head.device, head.seq, since.says())),
            );
            lines.extend(args.write_heads.iter().map(|file| format!("链头已写入 {}", file.display())));
            lines
        },
        &json,
    );
    let fine = report.faults.is_empty() && compared.iter().all(|(_, since)| since.is_fine());
    Ok(u8::from(!fine))
}

/// Reads heads that were written down, wherever they stand in the text.
fn compare(session: &Session, file: &Path) -> Result<Vec<(Head, Since)>> {
    let text = fs::read(file).map_err(|error| {
        Problem::io("留存的链头读不出来。").next("请核对文件名。").detail(format!("{}: {error}", file.display()))
    })?;
    let heads = Head::find(&String::from_utf8_lossy(&text));
    if heads.is_empty() {
        return Err(
            Problem::bad_input("这个文件里没有链头。").next("请选择用 --write-heads 或窗口里“链头”存下来的那页文字。")
        );
    }
    session.db.compare_heads(heads).wait()
}
