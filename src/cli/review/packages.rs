//! What travels: packages made, opened, taken in, listed.

use std::path::PathBuf;

use clap::Args;

use super::{actor, machine};
use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::{Common, Done};
use crate::domain::Problem;
use crate::domain::event::Purpose;
use crate::domain::id::RecordId;
use crate::exchange::package::{self, Made, Opened, Recovery, Sender};
use crate::store::ledger::Reviewing;
use crate::store::packages::{Outcome, Preview, Taken, Wanted};

#[derive(Args)]
pub struct PackArgs {
    /// 给哪台电脑（kebao review machines 列出的名称）
    #[arg(long)]
    to: String,
    /// 写到哪个文件或文件夹
    #[arg(long, short)]
    out: PathBuf,
    /// 所有待本局审核的申报
    #[arg(long, conflicts_with_all = ["all", "filings"])]
    waiting: bool,
    /// 只要等这个人审核的
    #[arg(long, value_name = "姓名", conflicts_with_all = ["all", "filings"])]
    reviewer: Option<String>,
    /// 连同还没有分派审核人的
    #[arg(long, requires = "reviewer")]
    unassigned: bool,
    /// 只要这个批次的，如 gaoqi/2026/2
    #[arg(long, conflicts_with = "all")]
    edition: Option<String>,
    /// 交换包：对方还没有的全部
    #[arg(long, conflicts_with = "filings")]
    all: bool,
    /// 受理号
    filings: Vec<String>,
}

#[derive(Args)]
pub struct AnswerArgs {
    /// 给哪台电脑
    #[arg(long)]
    to: String,
    /// 写到哪个文件或文件夹
    #[arg(long, short)]
    out: PathBuf,
    /// 回的是哪个包（编号，可不写）
    #[arg(long)]
    answers: Option<RecordId>,
}

#[derive(Args)]
pub struct OpenArgs {
    package: PathBuf,
    /// 取入
    #[arg(long)]
    take: bool,
    /// 用保险柜里的交换包恢复密钥打开
    #[arg(long, value_name = "FILE")]
    recovery: Option<PathBuf>,
}

#[derive(Args)]
pub struct MergeArgs {
    /// 包，或放包的文件夹（U 盘、共享文件夹）
    #[arg(required = true)]
    packages: Vec<PathBuf>,
    /// 只看会带来什么，不取入
    #[arg(long)]
    look: bool,
}

pub fn pack(common: &Common, args: &PackArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    let to = machine(&session, &args.to)?;
    let wanted = if args.all {
        Wanted::Exchange
    } else {
        let edition =
            args.edition.as_deref().map(|text| session.edition(text).map(|edition| edition.id)).transpose()?;
        let mut chosen = Vec::new();
        let reviewer = args.reviewer.as_deref().map(|name| super::assign::person(&session, name)).transpose()?;
        let reviewing =
            reviewer.map(|who| if args.unassigned { Reviewing::ByOrNobody(who) } else { Reviewing::By(who) });
        if args.waiting || args.filings.is_empty() {
            if !args.waiting && edition.is_none() && reviewer.is_none() {
                return Err(Problem::bad_input("没有说明要送审哪些申报。")
                    .next("请写受理号，或用 --waiting、--reviewer、--edition；全部交换用 --all。"));
            }
            let waiting = session.ledger.waiting_for_review();
            let of = |row| session.ledger.edition_of(row).map(|edition| edition.id);
            let waiting = waiting.into_iter().filter(|row| edition.is_none() || of(row) == edition);
            let waiting = waiting.filter(|row| reviewing.is_none_or(|wanted| wanted.fits(&row.reviewers)));
            chosen.extend(waiting.map(|row| row.id));
        }
        for number in &args.filings {
            chosen.push(session.filing(number)?.id);
        }
        if chosen.is_empty() {
            return Err(Problem::refused("没有待审的申报，包没有做。").next("用 kebao filings 查看申报所在的阶段。"));
        }
        Wanted::Review(chosen)
    };
    told(&package::make(&session.db, actor, &to, wanted, None, &args.out)?, output)
}

pub fn answer(common: &Common, args: &AnswerArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    let to = machine(&session, &args.to)?;
    told(&package::make(&session.db, actor, &to, Wanted::Answer, args.answers, &args.out)?, output)
}

fn told(made: &Made, output: &Output) -> Done {
    output.result(
        || {
            let mut lines = vec![format!(
                "{}，给“{}”：{}记录 {} 条，附件 {} 份。已写到 {}，读回核对无误。",
                made.purpose.label(),
                made.to,
                made.of_filings(),
                made.events,
                made.files,
                made.path.display()
            )];
            if made.missing > 0 {
                lines.push(format!("另有 {} 份附件不在这台电脑上，没有带上。", made.missing));
            }
            if made.erased > 0 {
                lines.push(format!("另有 {} 份附件已依法清除，不再带上。", made.erased));
            }
            if made.no_recovery {
                lines.push(
                    "本单位还没有交换包恢复密钥：对方电脑坏了就没人打得开；用 kebao review recovery 生成。".to_owned(),
                );
            }
            lines
        },
        made,
    );
    Ok(0)
}

pub fn open(common: &Common, args: &OpenArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = actor(&session, common)?;
    let recovery = args.recovery.as_deref().map(Recovery::read).transpose()?;
    let opened = package::open(&session.db, actor, &args.package, recovery.as_ref())?;
    if args.take {
        let taken = package::take(&session.db, actor, &opened, recovery.as_ref())?;
        output.result(|| report(&taken), &taken);
    } else {
        output.result(|| seen(&opened), &json(&opened));
    }
    Ok(0)
}

pub fn merge(common: &Common, args: &MergeArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = actor(&session, common)?;
    let mut paths = Vec::new();
    let mut lines = Vec::new();
    for path in &args.packages {
        if path.is_dir() {
            let there = package::inbox(&session.db, path)?;
            if there.is_empty() {
                lines.push(format!("{}：没有给这台电脑的包。", path.display()));
            }
            paths.extend(there);
        } else {
            paths.push(path.clone());
        }
    }
    let mut all = Vec::new();
    let mut first = None;
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let done = package::open(&session.db, actor, &path, None).and_then(|opened| {
            if args.look {
                return Ok((seen(&opened), json(&opened)));
            }
            let taken = package::take(&session.db, actor, &opened, None)?;
            Ok((report(&taken), serde_json::json!(taken)))
        });
        match done {
            Ok((told, value)) => {
                lines.push(format!("{name}："));
                lines.extend(told.into_iter().map(|line| format!("  {line}")));
                all.push(serde_json::json!({ "file": name, "result": value }));
            }
            // Each is by itself: what is wrong with one does not keep the others.
            Err(problem) => {
                output.note(&format!("{name}：{problem}"));
                all.push(serde_json::json!({ "file": name, "error": problem }));
                first.get_or_insert(problem);
            }
        }
    }
    output.result(|| lines, &all);
    first.map_or(Ok(0), Err)
}

fn json(opened: &Opened) -> serde_json::Value {
    serde_json::json!({
        "manifest": opened.manifest(),
        "sender": opened.sender,
        "held": opened.held(),
        "preview": opened.preview,
    })
}

/// What a package holds and would bring.
fn seen(opened: &Opened) -> Vec<String> {
    let manifest = opened.manifest();
    let preview = &opened.preview;
    let from = match &opened.sender {
        Sender::Known { name } => format!("来自“{name}”"),
        Sender::Stranger { name, fingerprint } => format!("来自还不认识的“{name}”，指纹 {fingerprint}"),
        Sender::Retired { name } => format!("来自已停用的“{name}”"),
    };
    let mut lines = vec![format!(
        "{}，{from}，由{}做{}。",
        manifest.purpose.label(),
        manifest.by.name,
        match manifest.purpose {
            Purpose::Exchange => String::new(),
            _ => format!("；申报 {} 件", preview.filings.len()),
        }
    )];
    lines.extend(preview.filings.iter().take(50).map(|(_, number, firm)| format!("  {number}  {firm}")));
    if preview.filings.len() > 50 {
        lines.push(format!("  ……共 {} 件", preview.filings.len()));
    }
    lines.extend(brought(preview));
    lines.push(match opened.held() {
        Some(problem) => problem.to_string(),
        None => "还没有取入；加 --take 取入。".to_owned(),
    });
    lines
}

fn brought(preview: &Preview) -> Vec<String> {
    let mut lines = Vec::new();
    if preview.before.is_some() {
        lines.push("这个包以前取入过。".to_owned());
    }
    lines.push(format!("新记录 {} 条，已有 {} 条，要等前序的 {} 条。", preview.new, preview.known, preview.waiting));
    if let Some(ahead) = preview.ahead {
        let at = ahead.millis() / 1000;
        let day = chrono::DateTime::from_timestamp(at, 0).map(|at| at.date_naive().to_string()).unwrap_or_default();
        lines.push(format!("注意：包里有的时间是 {day}，按这台电脑的时钟还没有到；请核对两台电脑的日期和时间。"));
    }
    if preview.filings.is_empty() && !preview.touched.is_empty() {
        let (new, changed) = preview.touches();
        lines.push(format!("新增 {new} 份档案，改动 {changed} 份："));
        let shown = preview.touched.iter().take(50);
        lines.extend(shown.map(|touched| format!("  {} {}", if touched.new { "新增" } else { "改动" }, touched.name)));
        if preview.touched.len() > 50 {
            lines.push(format!("  ……共 {} 份", preview.touched.len()));
        }
    }
    if !preview.decisions.is_empty() {
        lines.push(format!(
            "新决定 {} 个：有效 {}，有冲突 {}，针对旧版本 {}，不计入 {}。",
            preview.decisions.len(),
            preview.count(Outcome::Stands),
            preview.count(Outcome::Conflict),
            preview.count(Outcome::Outdated),
            preview.count(Outcome::PassedOver)
        ));
    }
    let flagged = preview.decisions.iter().filter(|decided| decided.outcome != Outcome::Stands);
    lines.extend(
        flagged.map(|d| format!("  {} {}：{}（{}，{}）{}", d.number, d.firm, d.word, d.by, d.on, d.outcome.label())),
    );
    let became = preview.became.iter();
    lines.extend(became.map(|b| {
        format!("  您的决定 {} {}“{}”：{}{}", b.number, b.firm, b.word, b.outcome.label(), reason(&b.reason))
    }));
    if !preview.forked.is_empty() {
        lines.push("注意：有电脑的记录与这里的不是同一条链，可能被克隆或改写过，双方都会保留。".to_owned());
    }
    if preview.in_own_name > 0 {
        lines
            .push(format!("注意：包里有 {} 条以本机名义写、本机却没有的记录，可能有克隆的电脑。", preview.in_own_name));
    }
    lines
}

fn reason(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("（{text}）") }
}

/// What was taken in.
fn report(taken: &Taken) -> Vec<String> {
    if taken.repeated {
        return vec![format!("来自“{}”的这个{}以前取入过，没有新内容。", taken.from, taken.purpose.label())];
    }
    let mut lines = vec![format!("已取入来自“{}”的{}：新记录 {} 条。", taken.from, taken.purpose.label(), taken.taken)];
    lines.extend(brought(&taken.brought).into_iter().skip(usize::from(taken.brought.before.is_some())));
    if taken.brought.count(Outcome::Conflict) > 0 {
        lines.push("冲突要由人处理：kebao review conflicts。".to_owned());
    }
    lines
}

pub fn list(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let all = session.db.packages().wait()?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|row| {
            let at = session.db.clock().local(row.at.millis()).format("%Y-%m-%d %H:%M").to_string();
            let (what, other, count) = match (&row.made, row.taken.first()) {
                (Some(made), _) => (made.purpose.label(), made.name.clone(), made.filings.len()),
                (None, Some(taken)) => (taken.fact.purpose.label(), taken.fact.name.clone(), taken.fact.decided.len()),
                (None, None) => ("", String::new(), 0),
            };
            let state = if row.own {
                if row.taken.iter().any(|taken| !taken.own) { "对方已取入" } else { "已做好" }
            } else {
                "已取入"
            };
            vec![at, what.to_owned(), other, count.to_string(), state.to_owned(), row.id.to_string()]
        })
        .collect();
    output.table(
        &["时间", "包", "对方", "申报", "状态", "编号"],
        &rows,
        &["at", "purpose", "machine", "filings", "state", "id"],
        rows.len(),
    );
    Ok(0)
}
