//! `kebao init` founds an office without a window; `kebao actions` lists and takes back what was done.

use std::path::Path;

use chrono::Datelike;
use clap::Args;

use super::output::Output;
use super::session::{Session, read_password};
use super::{Common, Done, Limit};
use crate::domain::id::RecordId;
use crate::domain::people::Signing;
use crate::domain::{Problem, Result};
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
    let key = found(&folder, args, || std::env::var("KEBAO_PASSWORD").map_or_else(|_| read_password(), Ok))?;
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

/// Founds the office and returns its recovery key. A try that was broken off or refused is gone on with.
fn found(folder: &Path, args: &InitArgs, password: impl FnOnce() -> Result<String>) -> Result<String> {
    // What the first try left holds nobody.
    let there = folder.join(DATABASE_FILE).exists().then(|| Db::open(folder, Options::default())).transpose()?;
    if let Some(db) = &there
        && !db.load_ledger(db.clock().today().year() - 1).wait()?.users.is_empty()
    {
        let taken = Problem::refused("这个文件夹里已经有一份科报数据。").detail(folder.display());
        return Err(match db.recovery_key_since().wait()? {
            Some(_) => taken.next("请换一个文件夹。"),
            None => taken.next(NO_KEY),
        });
    }
    let password = password()?;
    // Before there is a folder.
    Signing::USUAL.accept(&password)?;
    let db = there.map_or_else(|| Db::open(folder, Options::default()), Ok)?;
    let (office, region, name) = (args.office.clone(), args.region.clone(), args.name.clone());
    let founding =
        db.act(RecordId::OFFICE, "启用科报", move |act| act.found_office(&office, &region, &name, &password));
    db.new_recovery_key(founding.wait()?.value).wait()
}

/// What to do where the first try got as far as the office and not as far as its recovery key.
const NO_KEY: &str =
    "它还没有恢复密钥：请打开窗口用设好的密码登录，在“设置 › 单位 › 登录与权限”里生成；要另起一份，请换一个文件夹。";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TempFolder;

    fn args() -> InitArgs {
        InitArgs { office: "青澜区科学技术局".into(), name: "周敏".into(), region: String::new() }
    }

    #[test]
    fn founding_again_after_a_refused_password_or_a_broken_off_try_goes_through_once() {
        let folder = TempFolder::new();
        let try_with = |password: &str| found(&folder.0, &args(), || Ok(password.to_owned()));
        assert!(try_with("short").expect_err("refused").says.contains("8 位"));
        assert!(!folder.0.join(DATABASE_FILE).exists(), "nothing was begun");
        // As a full disk leaves it, and as a program that was ended leaves it.
        std::fs::write(folder.0.join(DATABASE_FILE), "").expect("an empty file");
        drop(Db::open(&folder.0, Options::default()).expect("opened"));
        assert!(!try_with("qinglan-2026").expect("founded").is_empty());
        let again = try_with("qinglan-2026").expect_err("it is there");
        assert!(again.says.contains("已经有一份") && !again.to_string().contains("恢复密钥"), "{again}");
    }

    #[test]
    fn an_office_that_never_got_its_recovery_key_says_how_to_make_one() {
        let folder = TempFolder::new();
        let db = Db::open(&folder.0, Options::default()).expect("opened");
        let founding = |act: &mut crate::store::Act<'_>| act.found_office("青澜局", "", "周敏", "qinglan-2026");
        db.act(RecordId::OFFICE, "启用科报", founding).wait().expect("founded");
        drop(db);
        let refused = found(&folder.0, &args(), || Ok("qinglan-2026".into())).expect_err("it is there");
        assert!(refused.to_string().contains("恢复密钥"), "{refused}");
    }
}
