//! `kebao import`: a list shown as it would be taken in, then taken in.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output::Output;
use super::session::Session;
use super::{Common, Done};
use crate::catalog::Catalog;
use crate::domain::program::Effect;
use crate::domain::{Problem, Result};
use crate::exchange::import::{Counts, Plan, Purpose, Settings, Watch, apply, plan, suggest};
use crate::exchange::lists::{FoundTable, find, nothing_found, read};

#[derive(Args)]
pub struct ImportArgs {
    /// 名单文件：.docx .xlsx .xls .csv
    file: PathBuf,
    /// 当作什么导入（默认按标题和列判断）
    #[arg(long = "as", value_enum)]
    purpose: Option<As>,
    /// 证书种类，如 gaoqi、kexiao（--as certificates 时）
    #[arg(long)]
    kind: Option<String>,
    /// 批次，如 gaoqi/2026/2（--as results 或 filings 时）
    #[arg(long)]
    edition: Option<String>,
    /// 结果所在阶段，如 record（--as results 时；默认是取得资格的那个阶段）
    #[arg(long)]
    stage: Option<String>,
    /// 名单上的企业结果是什么：pass 或 fail
    #[arg(long, default_value = "pass")]
    result: String,
    /// 只导入这些地区（可写多个）；写 all 表示全部
    #[arg(long)]
    area: Vec<String>,
    /// 发证、公告或公布日期
    #[arg(long)]
    date: Option<String>,
    /// 发文字号
    #[arg(long)]
    document: Option<String>,
    /// 第几张表（文件里有多张时，从 1 数）
    #[arg(long, default_value_t = 1)]
    table: usize,
    /// 档案里没有的企业不新建
    #[arg(long)]
    no_new_firms: bool,
    /// 名单与档案不同时以名单为准（默认只补空白）
    #[arg(long)]
    list_wins: bool,
    /// 只看预览，不写入
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    Firms,
    Certificates,
    Results,
    Filings,
}

pub fn run(common: &Common, args: &ImportArgs, output: &Output) -> Done {
    // The file is read before the office is opened: a bad file should not even lock it.
    let (table, tables) = read_table(&args.file, args.table)?;
    let session = Session::open(common)?;
    let settings = settings(&session, args, &table)?;
    // Sealed numbers are compared by whoever holds their key.
    let actor = if args.dry_run { None } else { Some(session.actor(common)?) };
    let plan = plan(&session.db, &table, &settings, &HashMap::new())?;
    let counts = plan.counts();
    let groups: Vec<&crate::exchange::lists::Group> =
        table.groups.iter().filter(|g| g.declared.is_some_and(|n| n != g.counted)).collect();
    let mut report = serde_json::json!({
        "file": args.file.display().to_string(), "title": table.title, "tables": tables, "purpose": settings.purpose.label(),
        "source_rows": table.source_rows, "rows": counts.rows, "new": counts.new, "changed": counts.changed, "same": counts.same,
        "doubtful": counts.doubtful, "damaged": counts.damaged, "left_out": counts.left_out, "groups": table.groups.len(),
        "group_differences": groups.iter().map(|g| serde_json::json!({ "group": g.raw, "declared": g.declared, "counted": g.counted })).collect::<Vec<_>>(),
        "list": plan.rows.iter().map(|row| serde_json::json!({ "row": row.at, "name": row.name, "verdict": row.verdict.word(), "says": row.says(),
            "by": row.firm.map(|(_, by)| by.label()), "remarks": row.remarks })).collect::<Vec<_>>(),
        "written": 0,
    });
    let Some(actor) = actor else {
        output.result(|| preview(&table, &plan, counts), &report);
        return Ok(0);
    };
    let lines = preview(&table, &plan, counts);
    let done = apply(&session.db, actor, &table, plan, &args.file, Watch::default()).wait()?;
    let applied = done.value;
    report["written"] = applied.rows.into();
    report["action"] = done.action.map(|id| id.to_string()).into();
    output.result(
        || {
            let mut lines = lines;
            lines.push(if applied.rows == 0 {
                "没有要写入的：名单上的都已经在档案里，或还需要人工确认。".to_owned()
            } else {
                format!(
                    "已写入 {} 行：新企业 {} 家，证书 {} 张，结果 {} 件，申报 {} 件，修改 {} 处。撤销：kebao actions --undo {}",
                    applied.rows, applied.firms, applied.certificates, applied.results, applied.filings, applied.changed,
                    done.action.map(|id| id.to_string()).unwrap_or_default()
                )
            });
            lines
        },
        &report,
    );
    Ok(0)
}

/// The n-th table of a file, and how many there are.
pub fn read_table(file: &Path, n: usize) -> Result<(FoundTable, usize)> {
    let document = read(file, &mut |_| ControlFlow::Continue(()))?;
    let mut tables = find(&document);
    let count = tables.len();
    if count == 0 {
        return Err(nothing_found(&document));
    }
    if n == 0 || n > count {
        return Err(
            Problem::bad_input(format!("文件里只有 {count} 张名单。")).next("请用 --table 指定 1 到这个数之间。")
        );
    }
    Ok((tables.swap_remove(n - 1), count))
}

fn settings(session: &Session, args: &ImportArgs, table: &FoundTable) -> Result<Settings> {
    let file = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let mut settings = suggest(table, &file, &session.ledger);
    let edition = || -> Result<_> {
        let text = args
            .edition
            .as_deref()
            .ok_or_else(|| Problem::bad_input("还要说明是哪个批次。").next("请加上 --edition，如 gaoqi/2026/2。"))?;
        session.edition(text)
    };
    match args.purpose {
        None => {}
        Some(As::Firms) => settings.purpose = Purpose::Firms,
        Some(As::Filings) => settings.purpose = Purpose::Filings { edition: edition()?.id },
        Some(As::Results) => {
            let edition = edition()?;
            let (_, version) = edition.known.ok_or_else(|| Problem::not_found("这个批次的事项不在本机目录里。"))?;
            let awards = version.stages.iter().find(|stage| stage.awards).map(|stage| stage.id.clone());
            let stage = args
                .stage
                .clone()
                .or(awards)
                .ok_or_else(|| Problem::bad_input("还要说明结果属于哪个阶段。").next("请加上 --stage。"))?;
            let effect =
                Effect::from_word(&args.result).ok_or_else(|| Problem::bad_input("--result 只能是 pass 或 fail。"))?;
            settings.purpose = Purpose::Results { edition: edition.id, stage, effect };
        }
        Some(As::Certificates) if args.kind.is_none() && !matches!(settings.purpose, Purpose::Certificates { .. }) => {
            return Err(Problem::bad_input("还要说明是哪种证书。").next("请加上 --kind，如 gaoqi、kexiao。"));
        }
        Some(As::Certificates) => {}
    }
    if let Some(kind) = &args.kind {
        let known = Catalog::builtin().certificate(kind).ok_or_else(|| {
            let all: Vec<&str> = Catalog::builtin().certificates().iter().map(|k| k.id.as_str()).collect();
            Problem::bad_input(format!("没有“{kind}”这种证书。")).next(format!("可用的有：{}。", all.join("、")))
        })?;
        settings.purpose = Purpose::Certificates { kind: known.id.clone() };
    }
    match args.area.as_slice() {
        [] => {}
        [all] if all == "all" => settings.areas = None,
        areas => settings.areas = Some(areas.iter().cloned().collect::<BTreeSet<_>>()),
    }
    if args.date.is_some() {
        settings.date = Some(session.day(args.date.as_deref())?);
    }
    if let Some(document) = &args.document {
        settings.document.clone_from(document);
    }
    settings.create_firms = !args.no_new_firms;
    settings.list_wins = args.list_wins;
    Ok(settings)
}

fn preview(table: &FoundTable, plan: &Plan, counts: Counts) -> Vec<String> {
    let mut lines = vec![
        format!("标题：{}", if table.title.is_empty() { "（没有）" } else { &table.title }),
        format!("当作：{}", plan.settings.purpose.label()),
        format!(
            "{} 行 = 新增 {} + 变更 {} + 不变 {} + 待确认 {} + 损坏 {} + 不导入 {}",
            counts.rows, counts.new, counts.changed, counts.same, counts.doubtful, counts.damaged, counts.left_out
        ),
    ];
    let declared: Vec<_> = table.groups.iter().filter(|group| group.declared.is_some()).collect();
    let differ: Vec<_> = declared.iter().filter(|group| group.declared != Some(group.counted)).collect();
    if !declared.is_empty() {
        lines.push(format!("分组 {} 个，家数对得上 {} 个", declared.len(), declared.len() - differ.len()));
    }
    lines.extend(
        differ.iter().map(|g| format!("  {}：写 {} 家，实有 {} 家", g.raw, g.declared.unwrap_or(0), g.counted)),
    );
    for row in plan.rows.iter().filter(|row| matches!(row.verdict.word(), "待确认" | "损坏")).take(20) {
        lines.push(format!("  {} 第 {} 行 {}：{}", row.verdict.word(), row.at, row.name, row.says()));
    }
    lines
}
