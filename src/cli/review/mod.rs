//! `kebao review`: machines that know each other, packages made, opened, decided on, answered and merged, conflicts resolved.
//! Who is to review what is said in `assign`. The same steps as 数据 › 交换包 and 数据 › 冲突, for scripts; `machines` holds who knows whom, `packages` what travels.
//! No SQL and no iced.

mod assign;
mod conflicts;
mod machines;
mod packages;

use clap::{Args, Subcommand};

use super::filings::MoveArgs;
use super::output::Output;
use super::session::Session;
use super::{Common, Done, filings};
use crate::domain::id::RecordId;
use crate::domain::machine::Machine;
use crate::domain::{Problem, Result};

#[derive(Args)]
pub struct ReviewArgs {
    #[command(subcommand)]
    command: ReviewCommand,
}

#[derive(Subcommand)]
enum ReviewCommand {
    /// 新电脑加入已有单位：建空的数据，生成密钥和名片；之后认识对方、打开对方的包
    Join(machines::JoinArgs),
    /// 取入第一个包以后，为自己设这台电脑上的第一个密码（用 --user 指明是谁）
    Password,
    /// 本机名片和指纹；给对方的电脑用
    Card(machines::CardArgs),
    /// 认识的电脑
    Machines,
    /// 认识一台电脑：读它的名片或它的包，指纹要与电话里念的相符
    Meet(machines::MeetArgs),
    /// 停用一台电脑：不再取入它的包，也不再给它做包
    Retire { machine: String },
    /// 生成单位的交换包恢复密钥：公钥进单位资料，密钥写到文件，打印后放保险柜
    Recovery(machines::RecoveryArgs),
    /// 分派审核人：说明哪些申报由谁审；不写姓名加 --nobody 就是不分派
    Assign(assign::AssignArgs),
    /// 给一台电脑做送审包，或用 --all 做交换包（它还没有的全部）
    Pack(packages::PackArgs),
    /// 打开一个包看内容；加 --take 取入
    Open(packages::OpenArgs),
    /// 对一件申报作出决定（同 kebao move）
    Decide(MoveArgs),
    /// 把在这台电脑上作出的决定做成回传包
    Answer(packages::AnswerArgs),
    /// 取入回传包、交换包：文件或文件夹，可写多个；--look 只看不取
    Merge(packages::MergeArgs),
    /// 做过和取入过的包
    Packages,
    /// 等人处理的冲突，双方并列
    Conflicts,
    /// 处理冲突：以哪个决定或哪个值为准
    Resolve(conflicts::ResolveArgs),
}

pub fn run(common: &Common, args: &ReviewArgs, output: &Output) -> Done {
    match &args.command {
        ReviewCommand::Join(args) => machines::join(common, args, output),
        ReviewCommand::Password => machines::password(common, output),
        ReviewCommand::Card(args) => machines::card(common, args, output),
        ReviewCommand::Machines => machines::list(common, output),
        ReviewCommand::Meet(args) => machines::meet(common, args, output),
        ReviewCommand::Retire { machine } => machines::retire(common, machine, output),
        ReviewCommand::Recovery(args) => machines::recovery(common, args, output),
        ReviewCommand::Assign(args) => assign::assign(common, args, output),
        ReviewCommand::Pack(args) => packages::pack(common, args, output),
        ReviewCommand::Open(args) => packages::open(common, args, output),
        ReviewCommand::Decide(args) => filings::move_filing(common, args, output),
        ReviewCommand::Answer(args) => packages::answer(common, args, output),
        ReviewCommand::Merge(args) => packages::merge(common, args, output),
        ReviewCommand::Packages => packages::list(common, output),
        ReviewCommand::Conflicts => conflicts::list(common, output),
        ReviewCommand::Resolve(args) => conflicts::resolve(common, args, output),
    }
}

/// In whose name: nobody's on a machine that has just joined and has not taken anything in.
fn actor(session: &Session, common: &Common) -> Result<RecordId> {
    if session.ledger.users.is_empty() { Ok(RecordId::OFFICE) } else { session.actor(common) }
}

/// The machine a word means: its name or its id.
fn machine(session: &Session, word: &str) -> Result<Machine> {
    let known = session.db.machines().wait()?;
    let mut found: Vec<&Machine> = known.iter().filter(|m| m.name == word || m.id.to_string() == word).collect();
    if found.len() > 1 {
        found.retain(|machine| !machine.retired);
    }
    match found.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Problem::not_found(format!("不认识叫“{word}”的电脑。"))
            .next("用 kebao review machines 查看；还没认识就先 kebao review meet。")),
        _ => Err(Problem::bad_input(format!("有几台电脑都叫“{word}”。")).next("请用 --json 列出的 id 指明。")),
    }
}
