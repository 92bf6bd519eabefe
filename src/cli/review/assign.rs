//! 分派: who is to review which filings.

use clap::Args;

use crate::cli::output::Output;
use crate::cli::session::Session;
use crate::cli::{Common, Done};
use crate::domain::id::RecordId;
use crate::domain::review::conflicts::Tie;
use crate::domain::{Problem, Result};
use crate::store::ledger::{FilingFilter, Reviewing, StatusGroup};

#[derive(Args)]
pub struct AssignArgs {
    /// 由谁审（姓名，可写多个）；原来的审核人不在其中的就去掉
    #[arg(long = "to", value_name = "姓名", required_unless_present = "nobody")]
    to: Vec<String>,
    /// 不分派给任何人
    #[arg(long, conflicts_with = "to")]
    nobody: bool,
    /// 所有还没有分派的待初审申报
    #[arg(long, conflicts_with = "filings")]
    unassigned: bool,
    /// 只要这个批次的，如 gaoqi/2026/2
    #[arg(long, conflicts_with = "filings")]
    edition: Option<String>,
    /// 受理号
    #[arg(required_unless_present_any = ["unassigned", "edition"])]
    filings: Vec<String>,
}

pub fn assign(common: &Common, args: &AssignArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let actor = session.actor(common)?;
    let people = args.to.iter().map(|name| person(&session, name)).collect::<Result<Vec<_>>>()?;
    let mut chosen = Vec::new();
    if args.unassigned || args.edition.is_some() {
        let edition =
            args.edition.as_deref().map(|text| session.edition(text).map(|edition| edition.id)).transpose()?;
        let groups = [StatusGroup::Ours].into();
        let reviewer = args.unassigned.then_some(Reviewing::Nobody);
        let filter = FilingFilter { edition, groups, reviewer, ..FilingFilter::default() };
        chosen.extend(session.ledger.list_filings(&filter, None));
    }
    for number in &args.filings {
        chosen.push(session.filing(number)?.id);
    }
    if chosen.is_empty() {
        return Err(Problem::refused("没有这样的待初审申报，没有分派。").next("用 kebao filings 查看申报所在的阶段。"));
    }
    let who = if args.to.is_empty() { "无人".to_owned() } else { args.to.join("、") };
    let name = format!("{} 件分派给{who}审核", chosen.len());
    let named = people.iter().copied().zip(args.to.iter().cloned()).collect();
    let tied = session.db.tied(chosen.clone(), named).wait()?;
    let mut ties = Vec::new();
    for (person, filings) in &tied {
        for (filing, how) in filings {
            let number = session.ledger.filing(*filing).map(|row| row.number.to_string()).unwrap_or_default();
            let says = how.iter().map(Tie::says).collect::<Vec<_>>().join("；");
            ties.push((session.ledger.user_name(*person), number, says));
        }
    }
    let ids = chosen.clone();
    let done = session.db.act(actor, name, move |act| {
        let mut changed = 0;
        for id in &ids {
            changed += usize::from(act.assign_filing(*id, &people)?);
        }
        Ok(changed)
    });
    let done = done.wait()?;
    output.result(
        || {
            let told = format!("共 {} 件，改了 {} 件，审核人：{who}。", chosen.len(), done.value);
            let ties = ties.iter().map(|(name, number, says)| format!("可能需要回避：{name}，{number}，{says}"));
            [told].into_iter().chain(ties).collect()
        },
        &serde_json::json!({ "filings": chosen, "changed": done.value, "action": done.action,
            "ties": ties.iter().map(|(name, filing, says)| serde_json::json!({ "name": name, "filing": filing, "says": says }))
                .collect::<Vec<_>>() }),
    );
    Ok(0)
}

/// The user a name means.
pub(super) fn person(session: &Session, name: &str) -> Result<RecordId> {
    session.user(name, |user| user.active).map(|user| user.id)
}
