//! `kebao filings materials`, `kebao filings notice`: what was handed in with a filing, and what its firm is told to put right.

use std::path::PathBuf;

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::domain::filing::rounds::ended_by;
use crate::domain::filing::{Checklist, notice};
use crate::domain::material::Mark;
use crate::domain::people::Permission;
use crate::domain::program::Version;
use crate::domain::{Problem, Result, event::Logged};
use crate::exchange;
use crate::store::Kept;

#[derive(Args)]
pub struct MaterialsArgs {
    /// 受理号
    filing: String,
    /// 交文件：材料的名称或代号，再加文件；几份就写几次
    #[arg(long, num_args = 2, value_names = ["材料", "文件"])]
    attach: Vec<String>,
    /// 核对：材料=已交、合格、不合格、不适用（不合格用 材料=不合格：哪里不对）；材料= 取消核对
    #[arg(long, value_name = "材料=结果")]
    check: Vec<String>,
}

#[derive(Args)]
pub struct NoticeArgs {
    /// 受理号
    filing: String,
    /// 写成 Word 文件（.docx）；不写就把文字显示出来
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
}

pub fn materials(common: &Common, session: &Session, args: &MaterialsArgs, output: &Output) -> Done {
    let row = session.filing(&args.filing)?;
    let id = row.id;
    if !args.attach.is_empty() || !args.check.is_empty() {
        let actor = session.actor(common)?;
        // All files are read before anything is written down.
        let attached = args
            .attach
            .chunks_exact(2)
            .map(|pair| Ok((item(row.version, &pair[0])?, session.db.keep(&PathBuf::from(&pair[1]))?)))
            .collect::<Result<Vec<(String, Kept)>>>()?;
        let checked = args.check.iter().map(|word| check(row.version, word)).collect::<Result<Vec<_>>>()?;
        let name = format!("材料“{}”", session.ledger.firm_of(&row).name);
        let deed = move |act: &mut crate::store::Act<'_>| {
            for (item, kept) in &attached {
                act.attach(id, item, kept, &[])?;
            }
            for (item, mark, remark) in &checked {
                act.check_material(id, item, *mark, remark)?;
            }
            Ok(())
        };
        session.db.act(actor, name, deed).wait()?;
    }
    let file = session.db.filing(id).wait()?.ok_or_else(|| Problem::not_found("找不到这件申报。"))?;
    let list = Checklist::new(&row.version.materials, &file.filing.materials);
    let (have, all) = list.count();
    let rows: Vec<serde_json::Value> = list
        .rows
        .iter()
        .map(|line| {
            let files: Vec<serde_json::Value> = line
                .item
                .files
                .iter()
                .map(|f| serde_json::json!({ "name": f.name, "size": f.size, "round": f.round, "hash": f.file }))
                .collect();
            let remark = line.item.marked.as_ref().map(|marked| marked.remark.as_str()).unwrap_or_default();
            serde_json::json!({ "id": line.id, "name": line.name, "need": line.need, "state": line.item.state(), "remark": remark,
                "check_again": line.item.must_be_checked_again(), "files": files })
        })
        .collect();
    output.result(
        || {
            let mut lines = vec![format!(
                "{} {} 第 {} 轮，必交 {have}/{all}",
                row.number,
                session.ledger.firm_of(&row).name,
                file.filing.track.round
            )];
            for line in &list.rows {
                let again = if line.item.must_be_checked_again() { "，文件换过，要重新核对" } else { "" };
                let state = line.item.state().label();
                lines.push(format!("  {state} {}（{}，{}）{again}", line.name, line.id, line.need.label()));
                lines.extend(line.item.files.iter().map(|f| format!("      {} 第 {} 轮", f.name, f.round)));
                let remark = line.item.marked.iter().map(|marked| &marked.remark).filter(|words| !words.is_empty());
                lines.extend(remark.map(|words| format!("      {words}")));
            }
            lines.push(list.says_missing().unwrap_or_else(|| "必交的都有了。".to_owned()));
            lines
        },
        &serde_json::json!({ "id": id, "number": row.number.as_str(), "round": file.filing.track.round, "have": have, "required": all,
            "missing": list.missing(), "items": rows }),
    );
    Ok(0)
}

pub fn notice(common: &Common, session: &Session, args: &NoticeArgs, output: &Output) -> Done {
    let row = session.filing(&args.filing)?;
    let file = session.db.filing(row.id).wait()?.ok_or_else(|| Problem::not_found("找不到这件申报。"))?;
    let track = &file.filing.track;
    let returned = track.round.checked_sub(1).and_then(|round| ended_by(track, round));
    let Some(decision) = returned else {
        return Err(Problem::not_found("这件申报没有退回过。").next("退回修改以后才有补正通知。"));
    };
    let edition = session.ledger.edition_of(&row).map(|edition| edition.name.clone()).unwrap_or_default();
    let subject = notice::Subject {
        office: &session.ledger.office.name,
        firm: &session.ledger.firm_of(&row).name,
        number: &row.number,
        edition: &edition,
        program: row.program,
        version: row.version,
    };
    let text = notice::correction(subject, decision, session.ledger.calendar());
    if let Some(path) = &args.out {
        let actor = session.actor_who_may(common, Permission::Export)?;
        exchange::notice::write(path, &text)?;
        session.db.note(actor, Logged::export("补正通知", path, 1).about(row.id)).wait()?;
    }
    output.result(
        || match &args.out {
            Some(path) => vec![format!("补正通知已写到 {}", path.display())],
            None => text.lines().map(str::to_owned).collect(),
        },
        &serde_json::json!({ "number": row.number.as_str(), "round": decision.moved.round, "until": decision.moved.until,
            "defects": decision.moved.defects, "text": text }),
    );
    Ok(0)
}

/// An item by its name or id.
fn item(version: &Version, word: &str) -> Result<String> {
    use crate::domain::material::{OTHER, OTHER_NAME};
    if word == OTHER || word == OTHER_NAME {
        return Ok(OTHER.to_owned());
    }
    let known = version.materials.iter().find(|material| material.id == word || material.name == word);
    known.map(|material| material.id.clone()).ok_or_else(|| {
        let all: Vec<String> = version.materials.iter().map(|m| format!("{}（{}）", m.name, m.id)).collect();
        Problem::bad_input(format!("材料清单里没有“{word}”这一项。")).next(format!("有的是：{}。", all.join("、")))
    })
}

/// `审计=不合格：缺页` → item, mark, remark; nothing behind the sign takes the mark back.
fn check(version: &Version, word: &str) -> Result<(String, Option<Mark>, String)> {
    let wrong = || {
        Problem::bad_input(format!("“{word}”不是 材料=结果 的写法。"))
            .next("例如：accounts=合格，或 accounts=不合格：缺 2025 年度。")
    };
    let (name, found) = word.split_once('=').ok_or_else(wrong)?;
    let item = item(version, name.trim())?;
    let (mark, remark) = found.split_once(['：', ':']).unwrap_or((found, ""));
    let mark = match mark.trim() {
        "" => None,
        mark => Some(Mark::of(mark).ok_or_else(wrong)?),
    };
    Ok((item, mark, remark.trim().to_owned()))
}
