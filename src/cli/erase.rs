//! `kebao firms erase`, `kebao filings erase`: 依法清除 of what a record says of a person, where the same is repeated, and of the
//! files that hold it.

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::queries::Erasable;

#[derive(Args)]
pub struct EraseArgs {
    /// 清除哪些字段，如 联系人 联系电话
    #[arg(required_unless_present_any = ["files", "file"])]
    pub fields: Vec<String>,
    /// 谁要求的、依据什么
    #[arg(long)]
    reason: String,
    /// 只清除这一份档案里的；不写的话，同一家企业的档案、申报表和定稿的推荐名单里重复的一起清除
    #[arg(long)]
    only_here: bool,
    /// 清除存着的全部文件：来源名单的原件（里面还有别的企业），申报的全部材料；可以不写字段
    #[arg(long)]
    files: bool,
    /// 清除这个名称的文件（可写多个）；可以不写字段
    #[arg(long, value_name = "文件名", conflicts_with = "files")]
    file: Vec<String>,
    /// 真的清除；不写只说会清除什么
    #[arg(long)]
    yes: bool,
}

/// Whose fields go.
pub struct Subject {
    pub record: RecordId,
    /// The firm's name, the filing's number.
    pub name: String,
    /// 企业档案, 这件申报.
    pub here: &'static str,
    /// The fields, with what people call them.
    pub fields: Vec<(String, String)>,
}

/// 0: erased. 4: said what would go, or refused.
pub fn run(common: &Common, session: &Session, subject: Subject, args: &EraseArgs, output: &Output) -> Done {
    let Subject { record, name, here, fields } = subject;
    let (keys, mut parts): (Vec<String>, Vec<String>) = fields.into_iter().unzip();
    // Signed in first: what is sealed is only found by whoever can open it.
    let actor = if args.yes { Some(session.actor(common)?) } else { None };
    let echoes = session.db.echoes(record, keys.clone()).wait()?;
    let (going, staying) = chosen(session.db.erasable(record).wait()?, args)?;
    let others: Vec<String> = echoes.iter().map(|echo| echo.says.clone()).collect();
    let staying: Vec<String> = staying.iter().map(|file| format!("“{}”", file.name)).collect();
    if !going.is_empty() {
        parts.push(format!("文件 {} 份", going.len()));
    }
    let what = format!("“{name}”的{}", parts.join("、"));
    let Some(actor) = actor else {
        let mut next = "确认无误请加上 --yes；以前的备份里还有，请一并处理。".to_owned();
        let hint = format!("里重复的一起清除，只清除{here}里的请加 --only-here。");
        next.extend(told(&others, &hint).filter(|_| !args.only_here));
        next.extend(told(&staying, "里可能也有，一起清除请加 --files，只清除其中几份请加 --file 文件名。"));
        return Err(Problem::refused(format!("将从全部流水里清除{what}，之后谁也找不回来。")).next(next));
    };
    let reason = args.reason.clone();
    let with: Vec<RecordId> = echoes.iter().map(|echo| echo.record).filter(|_| !args.only_here).collect();
    let files: Vec<(RecordId, Hash)> = going.iter().map(|file| (file.record, file.file)).collect();
    let deed = move |act: &mut Act<'_>| {
        let events = if keys.is_empty() { 0 } else { act.erase_with(record, &keys, &with, &reason)? };
        for (record, file) in files {
            act.erase_files(record, &[file], &reason)?;
        }
        Ok(events)
    };
    let done = session.db.act(actor, format!("依法清除{what}"), deed).wait()?;
    output.result(
        || {
            let mut lines = vec![format!("已清除{what}，涉及 {} 条记录；以前的备份里还有，请一并处理。", done.value)];
            lines.extend(told(&others, "里重复的也已清除。").filter(|_| !args.only_here));
            lines.extend(told(&others, "里还有，没有清除。").filter(|_| args.only_here));
            let hint = "里可能还有，没有清除；要清除请再运行一次，不写字段，加 --files 或 --file 文件名。";
            lines.extend(told(&staying, hint));
            lines
        },
        &serde_json::json!({
            "events": done.value, "action": done.action, "files": going.len(), "elsewhere": others, "originals": staying,
        }),
    );
    Ok(0)
}

/// The files that go, and those that stay.
fn chosen(all: Vec<Erasable>, args: &EraseArgs) -> Result<(Vec<Erasable>, Vec<Erasable>)> {
    if let Some(unknown) = args.file.iter().find(|name| !all.iter().any(|file| file.name == **name)) {
        let names: Vec<&str> = all.iter().map(|file| file.name.as_str()).collect();
        let next = match names.as_slice() {
            [] => "这里没有存着的文件。".to_owned(),
            names => format!("存着的有：{}。", names.join("、")),
        };
        return Err(Problem::not_found(format!("没有存着名为“{unknown}”的文件。")).next(next));
    }
    Ok(all.into_iter().partition(|file| args.files || args.file.contains(&file.name)))
}

/// Says of names what is told of them; nothing where there are none.
fn told(names: &[String], says: &str) -> Option<String> {
    (!names.is_empty()).then(|| format!("{}{says}", names.join("、")))
}
