//! `kebao log`: what was done and noted, newest first, narrowed as the window narrows it; as a sheet with `--out`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use super::session::Session;
use super::{Common, Done, Limit};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::table;
use crate::store::queries::{LogFilter, LogRow};

#[derive(Args)]
pub struct LogArgs {
    /// 从哪一天起（含）
    #[arg(long, value_name = "日期")]
    from: Option<String>,
    /// 到哪一天止（含）
    #[arg(long, value_name = "日期")]
    to: Option<String>,
    /// 只看这个人；离开的、撤销了新增的也可以，“科报”是程序自己做的
    #[arg(long, value_name = "姓名")]
    who: Option<String>,
    #[arg(long, value_name = "类别", help = format!("只看这一类：{}", DeedKind::labels()))]
    kind: Option<String>,
    /// 只看做了什么里有这几个字的
    #[arg(long, short, default_value = "")]
    search: String,
    /// 写成 .xlsx 或 .csv（全部，不受 --limit 限制；导出本身也记入日志）
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    limit: Limit,
}

const HEADS: [&str; 8] = ["时间", "谁", "电脑", "类别", "做了什么", "条数", "状态", "编号"];
const KEYS: [&str; 8] = ["at", "user", "device", "kind", "what", "count", "state", "id"];

pub fn run(common: &Common, args: &LogArgs, output: &Output) -> Done {
    let session = Session::open(common)?;
    let filter = LogFilter {
        person: args.who.as_deref().map(|name| user(&session, name)).transpose()?,
        kind: args.kind.as_deref().map(kind).transpose()?,
        from: args.from.as_deref().map(|day| session.day(Some(day))).transpose()?,
        to: args.to.as_deref().map(|day| session.day(Some(day))).transpose()?,
        text: args.search.clone(),
    };
    match &args.out {
        Some(path) => {
            // Before anything is written: a file that left is in somebody's name.
            let actor = session.actor_who_may(common, Permission::Export)?;
            let rows = sheet(&session, &filter, path)?;
            session.db.note(actor, Logged::export("操作日志", path, rows)).wait()?;
            output.result(
                || vec![format!("操作日志 {rows} 条，已写到 {}", path.display())],
                &serde_json::json!({ "rows": rows, "file": path.display().to_string() }),
            );
        }
        None => {
            let limit = u32::try_from(args.limit.rows()).unwrap_or(u32::MAX);
            let rows = session.db.log(&filter, None, limit).wait()?;
            let all = usize::try_from(session.db.log_count(&filter).wait()?).unwrap_or(usize::MAX);
            let cells: Vec<Vec<String>> = rows.iter().map(|row| line(&session, row)).collect();
            output.table(&HEADS, &cells, &KEYS, all);
        }
    }
    Ok(0)
}

fn sheet(session: &Session, filter: &LogFilter, path: &Path) -> Result<usize> {
    let rows = session.db.log(filter, None, u32::MAX).wait()?;
    let cells: Vec<Vec<String>> = rows.iter().map(|row| line(session, row)).collect();
    let numbers: Vec<bool> = KEYS.iter().map(|key| *key == "count").collect();
    table::write(path, "操作日志", &HEADS.map(str::to_owned), &cells, &numbers)?;
    Ok(rows.len())
}

fn line(session: &Session, row: &LogRow) -> Vec<String> {
    let at = session.db.clock().local(row.at.millis()).format("%Y-%m-%d %H:%M:%S").to_string();
    vec![
        at,
        session.ledger.user_name(row.actor).to_owned(),
        session.ledger.machine_name(row.device, session.db.device()),
        row.kind.label().to_owned(),
        row.words.clone(),
        row.count.map(|count| count.to_string()).unwrap_or_default(),
        if row.undone { "已撤销" } else { "" }.to_owned(),
        row.id.to_string(),
    ]
}

fn user(session: &Session, name: &str) -> Result<RecordId> {
    let asked = session.user(name, |_| true);
    if asked.is_ok() || session.ledger.users.iter().any(|user| user.name == name) {
        return asked.map(|user| user.id);
    }
    // Whoever was taken back is still in the log, and so is what the program did itself.
    match session.ledger.actors().find(|(_, known)| *known == name) {
        Some((id, _)) => Ok(id),
        None => asked.map(|user| user.id),
    }
}

fn kind(word: &str) -> Result<DeedKind> {
    DeedKind::of(word).ok_or_else(|| {
        Problem::bad_input(format!("没有“{word}”这一类。")).next(format!("可写：{}。", DeedKind::labels()))
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::domain::people::Role;
    use crate::store::testing::{OFFICER, Office, employ};

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        _args: LogArgs,
    }

    #[test]
    fn the_help_names_every_sort_that_can_be_asked_for() {
        let help = Alone::command().render_long_help().to_string();
        let help: String = help.split_whitespace().collect();
        for kind in DeedKind::ALL {
            assert!(help.contains(kind.label()), "{} is missing: {help}", kind.label());
        }
    }

    #[test]
    fn the_log_is_asked_for_whoever_it_speaks_of() {
        let Office { db, folder: _folder } = Office::new(1);
        db.act(OFFICER, "启用", |act| employ(act, OFFICER, "周敏", &Role::ALL)).wait().expect("founded");
        let added = db.act(OFFICER, "新增人员", |act| act.add_user("王芳", &[Role::Officer])).wait().expect("added");
        let adding = added.action.expect("an action");
        db.act(OFFICER, "撤销", move |act| act.undo(adding)).wait().expect("taken back");
        db.note(RecordId::OFFICE, Logged::new(DeedKind::Backup, "备份.zip")).wait().expect("noted");
        let ledger = db.load_ledger(2025).wait().expect("a ledger");
        let session = Session { db, ledger };
        let found = ["周敏", "王芳", "科报"].map(|name| user(&session, name).expect(name));
        assert_eq!(found, [OFFICER, added.value, RecordId::OFFICE]);
        let filter = LogFilter { person: Some(RecordId::OFFICE), ..LogFilter::default() };
        let rows = session.db.log(&filter, None, 10).wait().expect("a log");
        assert_eq!(line(&session, &rows[0])[1], "科报");
        assert!(user(&session, "李岚").is_err());
    }
}
