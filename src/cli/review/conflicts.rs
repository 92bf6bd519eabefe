//! Conflicts: both sides next to each other, and a person's choice.

use clap::Args;

use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::{Common, Done};
use crate::domain::id::RecordId;
use crate::domain::{Kind, Problem, Result};
use crate::store::packages::{Conflict, ConflictKind, Side};

#[derive(Args)]
pub struct ResolveArgs {
    /// 受理号或企业名称；有几件、几家同样的，写完整编号
    what: String,
    /// 以第几个为准（kebao review conflicts 列出的序号，从 1 起）
    #[arg(long)]
    side: usize,
    /// 哪个字段（字段冲突才写，按列出的名称）
    #[arg(long)]
    field: Option<String>,
    /// 为什么
    #[arg(long)]
    reason: String,
}

pub fn list(common: &Common, output: &Output) -> Done {
    let session = Session::open(common)?;
    let all = session.db.conflicts().wait()?;
    output.result(
        || {
            let mut lines = Vec::new();
            for conflict in &all {
                let what = match &conflict.what {
                    ConflictKind::Decisions if conflict.sides.len() < 2 => "依据已撤销".to_owned(),
                    ConflictKind::Decisions => "互不知情的决定".to_owned(),
                    ConflictKind::Outdated => "批准的是旧版本".to_owned(),
                    ConflictKind::Field(_) => format!("“{}”有不同的值", conflict.label),
                };
                lines.push(format!("{} {}：{what}", conflict.number, conflict.firm).trim_start().to_owned());
                for (n, side) in conflict.sides.iter().enumerate() {
                    lines.push(format!("  {}. {}", n + 1, told(side, &session)));
                }
            }
            lines.push(format!("共 {}", all.len()));
            lines
        },
        &all,
    );
    Ok(0)
}

fn told(side: &Side, session: &Session) -> String {
    let at = |millis| session.db.clock().local(millis).format("%Y-%m-%d %H:%M").to_string();
    let mut text = format!(
        "{}，{}，{}，{}",
        side.says.as_deref().unwrap_or("清空"),
        session.ledger.user_name(side.actor),
        side.machine,
        at(side.at.millis())
    );
    if !side.reason.is_empty() {
        text.push_str(&format!("，{}", side.reason));
    }
    for chosen in &side.chosen {
        let who = session.ledger.user_name(chosen.actor);
        text.push_str(&format!("；{who} {} 已选它：{}", at(chosen.at.millis()), chosen.reason));
    }
    if let Some((who, seen)) = side.seen {
        text.push_str(&format!("；当时看到 {} {} 为止的内容", session.ledger.user_name(who), at(seen.millis())));
    }
    for (label, was, is) in &side.differs {
        let say = |value: &Option<String>| value.clone().unwrap_or_else(|| "空".to_owned());
        text.push_str(&format!("；{label} 当时 {}，现在 {}", say(was), say(is)));
    }
    text
}

/// The filing of a number or id, or the firm of a name or id.
fn record(session: &Session, text: &str) -> Result<RecordId> {
    match session.filing(text) {
        Err(problem) if problem.kind == Kind::NotFound => {}
        found => return found.map(|filing| filing.id),
    }
    let mut firms = session.ledger.firms().filter(|firm| *firm.name == *text || firm.id.to_string() == text);
    match (firms.next(), firms.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(no_such(text)),
        (Some(_), Some(_)) => Err(Problem::bad_input(format!("有几家企业都叫“{text}”。"))
            .next("请改用企业的完整编号（kebao review conflicts --json 列出的 record）。")),
    }
}

fn no_such(text: &str) -> Problem {
    Problem::not_found(format!("“{text}”没有这样的冲突。")).next("用 kebao review conflicts 查看。")
}

pub fn resolve(common: &Common, args: &ResolveArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    let all = session.db.conflicts().wait()?;
    let record = record(&session, &args.what)?;
    let meant = |conflict: &&Conflict| {
        let field = match &conflict.what {
            ConflictKind::Field(key) => {
                args.field.as_ref().is_some_and(|field| *field == conflict.label || field == key)
            }
            ConflictKind::Decisions => args.field.is_none(),
            ConflictKind::Outdated => false,
        };
        field && conflict.record == record
    };
    let conflict = all.iter().find(meant).ok_or_else(|| no_such(&args.what))?;
    let side = args.side.checked_sub(1).and_then(|n| conflict.sides.get(n)).ok_or_else(|| {
        Problem::bad_input(format!("没有第 {} 个。", args.side)).next("用 kebao review conflicts 查看序号。")
    })?;
    let (id, hash, reason) = (conflict.record, side.hash, args.reason.clone());
    let name = format!("处理冲突“{}”", conflict.firm);
    match &conflict.what {
        ConflictKind::Field(key) => {
            let key = key.clone();
            session.db.act(actor, name, move |act| act.settle_field(id, &key, hash)).wait()?;
        }
        _ => {
            session.db.act(actor, name, move |act| act.resolve_filing(id, hash, &reason)).wait()?;
        }
    }
    output.result(
        || vec![format!("已处理：以“{}”为准。", side.says.as_deref().unwrap_or("清空"))],
        &serde_json::json!({ "record": id, "stands": hash }),
    );
    Ok(0)
}
