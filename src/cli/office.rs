//! `kebao init` founds an office without a window; `kebao actions` lists and takes back what was done.

use clap::Args;

use super::output::Output;
use super::session::{Session, read_password};
use super::{Common, Done, Limit};
use crate::domain::Problem;
use crate::domain::id::RecordId;
use crate::store::{DATABASE_FILE, Db, Options, default_folder};

#[derive(Args)]
pub struct InitArgs {
    /// 单位名称，如 青澜区科学技术局
    #[arg(long)]
    office: String,
    /// 您的姓名
    #[arg(long)]
    name: String,
    /// 行政区划代码（6 位，可不填）
    #[arg(long, default_value = "")]
    region: String,
}

/// The password comes from `KEBAO_PASSWORD` or the first line of the input.
pub fn init(common: &Common, args: &InitArgs, output: &Output) -> Done {
    let folder = common.data.clone().map_or_else(default_folder, Ok)?;
    if folder.join(DATABASE_FILE).exists() {
        return Err(Problem::refused("这个文件夹里已经有一份科报数据。")
            .next("请换一个文件夹。")
            .detail(folder.display()));
    }
    let password = std::env::var("KEBAO_PASSWORD").map_or_else(|_| read_password(), Ok)?;
    let db = Db::open(&folder, Options::default())?;
    let (office, region, name) = (args.office.clone(), args.region.clone(), args.name.clone());
    let founding =
        db.act(RecordId::OFFICE, "启用科报", move |act| act.found_office(&office, &region, &name, &password));
    let key = db.new_recovery_key(founding.wait()?.value).wait()?;
    output.result(
        || {
            vec![
                format!("已启用：{}，{}。数据在 {}", args.office, args.name, folder.display()),
                format!("恢复密钥（只显示这一次，请抄写后封存；管理员忘记密码时用它设新密码）：{key}"),
            ]
        },
        &serde_json::json!({
            "office": args.office, "user": args.name, "data": folder.display().to_string(), "recovery_key": key,
        }),
    );
    Ok(0)
}

#[derive(Args)]
pub struct ActionsArgs {
    /// 撤销这一步（用列出的编号；撤销一次“撤销”就是恢复）
    #[arg(long, value_name = "ID")]
    undo: Option<RecordId>,
    #[command(flatten)]
    limit: Limit,
}

pub fn actions(common: &Common, args: &ActionsArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    if let Some(action) = args.undo {
        let actor = session.actor(common)?;
        let done = session.db.act(actor, "撤销", move |act| act.undo(action)).wait()?;
        output.result(
            || vec![format!("{}，涉及 {} 条档案。", done.name, done.value.records)],
            &serde_json::json!({ "action": done.action, "name": done.name, "records": done.value.records }),
        );
        return Ok(0);
    }
    let all = session.db.actions(u32::try_from(args.limit.rows()).unwrap_or(u32::MAX)).wait()?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|action| {
            let state = if action.undone { "已撤销" } else { "" };
            let at = session.db.clock().local(action.at.millis()).format("%Y-%m-%d %H:%M").to_string();
            vec![
                action.id.to_string(),
                at,
                session.ledger.user_name(action.actor).to_owned(),
                action.name.clone(),
                state.to_owned(),
            ]
        })
        .collect();
    output.table(
        &["编号", "时间", "谁", "做了什么", "状态"],
        &rows,
        &["id", "at", "user", "name", "state"],
        rows.len(),
    );
    Ok(0)
}
