//! `kebao check`: is the database whole, is every event as it was written, are the tables what the journal gives.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Kind, Problem, Result};
use crate::store::journal::{Fault, Head, Report, Since};
use crate::store::{Db, check_unopened};

#[derive(Args)]
pub struct CheckArgs {
    /// 表与流水不符时，从流水重建各表；流水有损坏或缺失时不重建
    #[arg(long)]
    rebuild: bool,
    /// 流水有损坏或缺失也照样重建：各表里还留着、流水里已经没有的内容会丢掉，先复制整个数据文件夹
    #[arg(long, requires = "rebuild")]
    despite_damage: bool,
    /// 把各机器流水的链头写成一页文字，打印后留存
    #[arg(long, value_name = "FILE")]
    write_heads: Option<PathBuf>,
    /// 与以前留存的链头比对：流水被截短或改写就对不上
    #[arg(long, value_name = "FILE")]
    compare_heads: Option<PathBuf>,
}

/// 0: whole. 1: faults, each named.
pub fn run(common: &Common, args: &CheckArgs, output: &Output) -> Done {
    let mender = if args.rebuild { Some(Session::who_may_mend(common, Permission::Repair)?) } else { None };
    // Without what lists show: it is made from tables that may be what has to be mended.
    let db = match Session::database(common) {
        Err(problem) if problem.kind == Kind::Damaged => {
            let report = check_unopened(&Session::folder(common)?)?;
            output.result(|| says(&report, Some(&problem)), &report);
            return Ok(1);
        }
        db => db?,
    };
    let mut report = db.check().wait()?;
    let mut refused = None;
    if let Some(actor) = mender {
        match report.permits_rebuild() {
            Err(problem) if !args.despite_damage => refused = Some(problem),
            _ => {
                db.rebuild().wait()?;
                db.note(actor, Logged::upkeep("按流水重建各表")).wait()?;
                report = db.check().wait()?;
            }
        }
    }
    let (compared, wrong) = match &args.compare_heads {
        Some(file) => compare(&db, file)?,
        None => (Vec::new(), Vec::new()),
    };
    if let Some(file) = &args.write_heads {
        let heads = db.heads().wait()?;
        // A page without the office's name is better than none.
        let office = db.load_people().wait().map(|ledger| ledger.office.name.clone()).unwrap_or_default();
        let page = Head::page(&office, db.clock().now(), &heads);
        fs::write(file, page).map_err(|error| {
            Problem::io("链头没有写成文件。")
                .next("请换一个能写入的位置。")
                .detail(format!("{}: {error}", file.display()))
        })?;
        // It is written: a journal that takes no line any more takes nothing away from that.
        let _ = db.note(RecordId::OFFICE, Logged::export("链头", file, heads.len())).wait();
    }
    let mut json = serde_json::json!(report);
    if args.compare_heads.is_some() {
        json["heads"] = serde_json::json!(compared);
        json["heads_wrong"] = serde_json::json!(wrong);
    }
    output.result(
        || {
            let mut lines = says(&report, refused.as_ref());
            lines.extend(
                compared
                    .iter()
                    .map(|(head, since)| format!("链头 机器 {} 第 {} 条：{}", head.device, head.seq, since.says())),
            );
            lines.extend(wrong.iter().map(|wrong| format!("链头 {wrong}")));
            lines.extend(args.write_heads.iter().map(|file| format!("链头已写入 {}", file.display())));
            lines
        },
        &json,
    );
    let agrees = wrong.is_empty() && compared.iter().all(|(_, since)| since.is_fine());
    Ok(u8::from(!(report.faults.is_empty() && agrees)))
}

/// What was found, and what to do about it; `refused`: why what was asked for was not done.
fn says(report: &Report, refused: Option<&Problem>) -> Vec<String> {
    let mut lines =
        vec![format!("流水 {} 条，来自 {} 台电脑，等待前序的 {} 条。", report.events, report.devices, report.waiting)];
    if report.erased_files > 0 {
        lines.push(format!("{} 份文件已依法清除。", report.erased_files));
    }
    if report.faults.is_empty() {
        lines.push("核验通过：数据库完整，每条记录与指纹相符，各表与流水一致。".to_owned());
    } else {
        lines.push(format!("发现 {} 处问题：", report.faults.len()));
        lines.extend(report.faults.iter().map(|fault| format!("  {}", fault.says())));
        if let Some(problem) = refused {
            lines.push(problem.to_string());
        } else if report.faults.iter().any(Fault::is_serious) {
            lines.push("请不要删除任何文件；先复制整个数据文件夹，再从备份恢复。".to_owned());
        } else if report.faults.iter().any(Fault::is_rebuilt) {
            lines.push("流水完好；运行 kebao check --rebuild 可以从流水重建各表。".to_owned());
        } else {
            lines.push("流水完好，各表与流水一致。".to_owned());
        }
    }
    lines
}

/// What became of heads, and what of them cannot be compared.
type Compared = (Vec<(Head, Since)>, Vec<String>);

/// Reads heads that were written down, wherever they stand in the text.
fn compare(db: &Db, file: &Path) -> Result<Compared> {
    let text = fs::read(file).map_err(|error| {
        Problem::io("留存的链头读不出来。").next("请核对文件名。").detail(format!("{}: {error}", file.display()))
    })?;
    let written = Head::find(&String::from_utf8_lossy(&text));
    if written.is_empty() {
        return Err(
            Problem::bad_input("这个文件里没有链头。").next("请选择用 --write-heads 或窗口里“链头”存下来的那页文字。")
        );
    }
    let wrong = written.wrong();
    Ok((db.compare_heads(written.heads).wait()?, wrong))
}
