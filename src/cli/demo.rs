//! `kebao demo`: the whole job once, on an invented office: made, a list taken in, filings moved, the shortlist written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::shortlist::save;
use super::{Common, import};
use crate::domain::event::ShortlistFrozen;
use crate::domain::filing::machine::{Wish, choices};
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::domain::{Problem, Result};
use crate::example::{self, Size};
use crate::exchange::import::{Watch, apply, plan, suggest};
use crate::exchange::shortlist::gather;
use crate::store::DATABASE_FILE;
use crate::store::ledger::{FilingFilter, StatusGroup};

/// Where the demo's papers go, below its data, when nobody says otherwise.
pub const PAPERS: &str = "导出";

#[derive(Args)]
pub struct DemoArgs {
    /// 不开窗口：把推荐汇总表和主要界面的图片写到这里
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 企业数
    #[arg(long, default_value_t = Size::DISTRICT.firms)]
    firms: usize,
    /// 申报数
    #[arg(long, default_value_t = Size::DISTRICT.filings)]
    filings: usize,
    /// 只建示例单位，不开窗口也不画图
    #[arg(long)]
    only_data: bool,
}

/// Where the demo's office is, and where pictures go if they are wanted.
pub struct Demo {
    pub data: PathBuf,
    pub out: Option<PathBuf>,
    pub only_data: bool,
}

/// Makes the example office and does the main job in it.
pub fn run(common: &Common, args: &DemoArgs, output: &Output) -> Result<Demo> {
    let data = folder(common, args)?;
    let today = chrono::Local::now().date_naive();
    output.note(&format!("建示例单位：{} 家企业、约 {} 件申报……", args.firms, args.filings));
    example::build(
        &data,
        Size { firms: args.firms.clamp(1, 100_000), filings: args.filings.clamp(1, 500_000) },
        today,
        &mut |_, _| {},
    )?;
    let data_only = Demo { data: data.clone(), out: None, only_data: true };
    if args.only_data {
        output.note(&format!("数据在 {}", data.display()));
        return Ok(data_only);
    }
    let session = Session::open(&Common { data: Some(data.clone()), user: None })?;
    let actor = session.actor(common)?;
    let papers = args.out.clone().unwrap_or_else(|| data.join(PAPERS));
    std::fs::create_dir_all(&papers).map_err(|error| {
        Problem::io("导出文件夹建不起来。")
            .next("请检查权限，或用 --out 换一个位置。")
            .detail(format!("{}: {error}", papers.display()))
    })?;
    take_in(&session, actor, &papers, output)?;
    let edition = move_on(&session, actor, output)?;
    let sheet = send_up(&session, actor, edition, &papers)?;
    output.note(&format!("推荐汇总表：{}", sheet.display()));
    Ok(Demo { data, out: args.out.clone(), only_data: false })
}

/// A folder of its own, unless one was named; never one that already holds an office.
fn folder(common: &Common, args: &DemoArgs) -> Result<PathBuf> {
    let folder = match (&common.data, &args.out) {
        (Some(data), _) => data.clone(),
        (None, Some(out)) => out.join("示例单位"),
        (None, None) => {
            let base = std::env::temp_dir();
            (0..)
                .map(|n| {
                    base.join(format!(
                        "kebao-demo-{}{}",
                        std::process::id(),
                        if n == 0 { String::new() } else { format!("-{n}") }
                    ))
                })
                .find(|path| !path.exists())
                .unwrap_or(base)
        }
    };
    if folder.join(DATABASE_FILE).exists() {
        return Err(Problem::refused("这个文件夹里已经有一份科报数据，示例不会写进去。")
            .next("请用 --data 或 --out 换一个空文件夹。")
            .detail(folder.display()));
    }
    Ok(folder)
}

fn take_in(session: &Session, actor: RecordId, papers: &Path, output: &Output) -> Result<()> {
    let list = papers.join(example::LIST_NAME);
    let bytes = example::document()?;
    std::fs::write(&list, bytes).map_err(|error| {
        Problem::io("示例名单没有写成。").next("请检查磁盘空间和权限。").detail(format!("{}: {error}", list.display()))
    })?;
    let (table, _) = import::read_table(&list, 1)?;
    let settings = suggest(&table, example::LIST_NAME, &session.ledger);
    let planned = plan(&session.db, &table, &settings, &HashMap::new())?;
    let counts = planned.counts();
    let done = apply(&session.db, actor, &table, planned, &list, Watch::default()).wait()?;
    output.note(&format!(
        "导入示例名单：{} 行，新增 {}，变更 {}，待确认 {}，外区 {}；写入 {} 行",
        counts.rows, counts.new, counts.changed, counts.doubtful, counts.left_out, done.value.rows
    ));
    Ok(())
}

/// Recommends what waits on our desk in the edition that has most of it, and returns that edition.
fn move_on(session: &Session, actor: RecordId, output: &Output) -> Result<RecordId> {
    let ledger = session.db.ledger();
    let waiting =
        ledger.list_filings(&FilingFilter { groups: [StatusGroup::Ours].into(), ..FilingFilter::default() }, None);
    let mut by_edition: HashMap<RecordId, Vec<RecordId>> = HashMap::new();
    for id in waiting {
        if let Some(edition) = ledger.filing(id).and_then(|filing| ledger.edition_of(filing)) {
            by_edition.entry(edition.id).or_default().push(id);
        }
    }
    let fullest = by_edition.into_iter().max_by_key(|(id, filings)| (filings.len(), *id));
    let (edition, filings) = fullest.ok_or_else(|| Problem::bug("the example has nothing waiting"))?;
    // A third is recommended, one goes back; the rest is left for whoever looks at the example.
    let some: Vec<RecordId> = filings.iter().copied().take(filings.len().div_ceil(3)).collect();
    let today = session.today();
    let count = some.len();
    session
        .db
        .act(actor, format!("通过并推荐 {count} 件"), move |act| {
            some.into_iter().try_for_each(|id| act.move_filing(id, &Wish::new(Effect::Pass, today)).map(|_| ()))
        })
        .wait()?;
    if let Some(last) = filings.last().copied().filter(|_| filings.len() > count) {
        let can = ledger
            .filing(last)
            .is_some_and(|f| choices(&f.as_track(), f.version).iter().any(|c| c.effect == Effect::Return));
        if can {
            let wish = Wish {
                reason: "近三年纳税申报表缺 1 年".into(),
                until: today.checked_add_days(chrono::Days::new(7)),
                ..Wish::new(Effect::Return, today)
            };
            session.db.act(actor, "退回修改 1 件", move |act| act.move_filing(last, &wish)).wait()?;
        }
    }
    output.note(&format!("登记进展：推荐 {count} 件"));
    Ok(edition)
}

fn send_up(session: &Session, actor: RecordId, edition: RecordId, papers: &Path) -> Result<PathBuf> {
    let items = session.db.ledger().recommended(edition);
    let ledger = session.db.ledger();
    let title = format!("{}推荐名单", ledger.edition(edition).map(|e| e.label()).unwrap_or_default());
    let gathered = gather(&session.db, edition, &items)?;
    let today = session.today();
    let frozen = gathered.clone();
    let done = session
        .db
        .act(actor, format!("定稿推荐名单 {} 件", items.len()), move |act| {
            let id = act.make_shortlist(edition, &title, &items)?;
            act.freeze_shortlist(id, today, &frozen.title, frozen.heads, frozen.rows)
        })
        .wait()?;
    let version = ShortlistFrozen {
        number: done.value,
        on: today,
        title: gathered.title,
        heads: gathered.heads,
        rows: gathered.rows,
        restates: None,
    };
    save(session, actor, edition, &version, papers, false)
}
