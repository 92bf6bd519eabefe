//! `kebao seal` tells whether identity and telephone numbers are sealed; `on` and `off` turn it.

use clap::{Args, Subcommand};

use super::output::Output;
use super::session::Session;
use super::{Common, Done};

#[derive(Args)]
pub struct SealArgs {
    #[command(subcommand)]
    command: Option<SealCommand>,
}

#[derive(Subcommand)]
enum SealCommand {
    /// 开启：以后写入的身份证号和电话以密文保存
    On,
    /// 关闭：以后写入的以明文保存，已加密的仍然加密
    Off,
}

/// Tells how it stands, or turns the switch.
pub fn run(common: &Common, args: &SealArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let on = match args.command {
        None => {
            let on = session.ledger.office.seals;
            let holders = session.db.seal_holders().wait()?;
            output.result(
                || {
                    vec![format!(
                        "号码加密：{}；这台电脑上能看的有 {holders} 人。",
                        if on { "已开启" } else { "没有开启" }
                    )]
                },
                &serde_json::json!({ "on": on, "holders": holders }),
            );
            return Ok(0);
        }
        Some(SealCommand::On) => true,
        Some(SealCommand::Off) => false,
    };
    let actor = session.actor(common)?;
    let done = session.db.seal_numbers(actor, on).wait()?.value;
    output.result(
        || {
            let word = match (done.changed, on) {
                (false, _) => "没有改动。",
                (true, true) => "已开启号码加密。",
                (true, false) => "已关闭号码加密；已加密的仍然加密。",
            };
            let key = done
                .recovery
                .as_ref()
                .map(|key| format!("新的恢复密钥（只显示这一次，旧的已作废，请抄写后封存）：{key}"));
            [word.to_owned()].into_iter().chain(key).collect()
        },
        &serde_json::json!({ "on": on, "changed": done.changed, "recovery_key": done.recovery }),
    );
    Ok(0)
}
