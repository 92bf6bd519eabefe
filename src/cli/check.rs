//! `kebao check`: is the database whole, is every event as it was written, are the tables what the journal gives.

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};

#[derive(Args)]
pub struct CheckArgs {
    /// 表与流水不符时，从流水重建各表
    #[arg(long)]
    rebuild: bool,
}

/// 0: whole. 1: faults, each named.
pub fn run(common: &Common, args: &CheckArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    if args.rebuild {
        session.db.rebuild().wait()?;
    }
    let report = session.db.check().wait()?;
    output.result(
        || {
            let mut lines = vec![format!(
                "流水 {} 条，来自 {} 台电脑，等待前序的 {} 条。",
                report.events, report.devices, report.waiting
            )];
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
            lines
        },
        &report,
    );
    Ok(u8::from(!report.faults.is_empty()))
}
