//! What stands on the pages that are printed.

use chrono::{NaiveDate, NaiveDateTime};

use super::Job;
use crate::app::changes;
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::date::document;
use crate::domain::event::ShortlistFrozen;
use crate::domain::program::{ColumnShape, ColumnSource, ShortlistColumn};
use crate::exchange::paper::{Column, Paper, Style, Table};
use crate::store::journal::Head;
use crate::store::queries::RecordFile;

/// 链头: where every machine's chain ends.
pub fn heads(office: &str, now: NaiveDateTime, heads: &[Head]) -> Job {
    let mut paper = Paper::new();
    let page = Head::page(office, now, heads);
    for (n, line) in page.lines().enumerate() {
        paper.text(if n == 0 { Style::Head } else { Style::Plain }, line);
    }
    for line in ["", "打印人：　　　　　　　　　　封存人：　　　　　　　　　　"] {
        paper.text(Style::Plain, line);
    }
    Job::new("链头", format!("科报链头-{}", now.format("%Y-%m-%d-%H%M")), paper).rows(heads.len()).harmless()
}

/// The recovery key, to be sealed.
pub fn recovery_key(office: &str, today: NaiveDate, key: &str, lines: &[&str]) -> Job {
    let mut paper = Paper::new();
    paper.text(Style::Head, format!("{office} 科报恢复密钥"));
    paper.text(Style::Plain, format!("生成日期：{}", document(today)));
    paper.text(Style::Plain, "");
    let half = key.len().div_ceil(2);
    let (first, second) = key.split_at_checked(half).unwrap_or((key, ""));
    for part in [first, second] {
        paper.text(Style::Large, part.trim_matches('-'));
    }
    paper.text(Style::Plain, "");
    for line in lines {
        paper.text(Style::Plain, *line);
    }
    Job::new("恢复密钥", format!("科报恢复密钥{today}"), paper).secret()
}

/// 变更历史 of a record, as it is shown: personal data covered.
pub fn history(file: &RecordFile, ctx: &Ctx) -> Job {
    let name = &file.subject.name;
    let mut paper = Paper::new();
    paper.text(Style::Head, format!("变更历史：{name}"));
    let kind = words::record_kind(file.subject.kind);
    paper.text(
        Style::Small,
        format!("{}　{kind}　共 {} 次变更，新的在前，个人信息遮盖", ctx.ledger.office.name, file.changes.len()),
    );
    paper.text(Style::Small, printed(ctx));
    let mut rows = Vec::new();
    for change in &file.changes {
        let at = ctx.db.clock().local(change.at.millis()).format("%Y-%m-%d %H:%M").to_string();
        let who = format!("{}·{}", ctx.ledger.user_name(change.actor), words::machine(change.device, ctx));
        let mut what = change.what.clone();
        if change.taken_back {
            what.push_str("（已撤销）");
        }
        if change.conflict {
            what.push_str("（冲突）");
        }
        let mut first = Some([at, who, what]);
        for (label, words) in changes::said(change, file.subject.kind, &file.lists, ctx) {
            let [at, who, what] = first.take().unwrap_or_default();
            rows.push(vec![at, who, what, label, words]);
        }
        if let Some([at, who, what]) = first {
            rows.push(vec![at, who, what]);
        }
    }
    let columns = [("时间", 16), ("谁", 16), ("做了什么", 18), ("哪一项", 16), ("原来 → 现在", 44)];
    paper.table(Table { columns: columns.map(|(head, width)| Column::new(head, width)).into(), rows });
    let safe: String = name.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).take(40).collect();
    let job = Job::new(format!("变更历史“{name}”"), format!("变更历史_{safe}"), paper);
    job.rows(file.changes.len()).about(file.subject.id)
}

/// A shortlist: title, 推荐单位, day, rows, totals, as its sheet has them.
pub fn shortlist(
    version: &ShortlistFrozen,
    layout: &[ShortlistColumn],
    office: &str,
    totals: &[Option<String>],
    draft: bool,
) -> Job {
    let mut paper = Paper { across: true, ..Paper::new() };
    paper.text(Style::Head, version.title.clone());
    let state = if draft { "　（未定稿）" } else { "" };
    paper.text(Style::Plain, format!("推荐单位（盖章）：{office}　　　　填报日期：{}{state}", document(version.on)));
    let known = |head: &String| layout.iter().find(|column| column.title == *head);
    let columns: Vec<Column> = version
        .heads
        .iter()
        .map(|head| {
            let known = known(head);
            let number = known.is_some_and(|column| {
                matches!(column.shape, ColumnShape::Count | ColumnShape::Money | ColumnShape::Share)
                    && column.source != ColumnSource::Serial
            });
            // A code or a phone number on two lines is read wrong.
            let width = known.map_or(12, |column| match column.shape {
                ColumnShape::Code => u16::from(column.width) * 5 / 4,
                _ => column.width.into(),
            });
            Column { number, ..Column::new(head, width) }
        })
        .collect();
    let mut rows: Vec<Vec<String>> = version.rows.iter().map(|row| row.cells.clone()).collect();
    if totals.iter().any(Option::is_some) {
        let name = usize::from(version.heads.len() > 1);
        let sum = |(at, sum): (usize, &Option<String>)| match sum {
            Some(sum) => sum.clone(),
            None if at == name => "合计".to_owned(),
            None => String::new(),
        };
        rows.push(totals.iter().enumerate().map(sum).collect());
    }
    paper.table(Table { columns, rows });
    let what =
        if draft { "推荐名单（未定稿）".to_owned() } else { format!("推荐名单 v{}", version.number) };
    let name = format!(
        "推荐名单{}_{}",
        if draft { "_未定稿".to_owned() } else { format!("_v{}", version.number) },
        version.on
    );
    Job::new(format!("{what}“{}”，联系人和电话不隐去", version.title), name, paper).rows(version.rows.len())
}

fn printed(ctx: &Ctx) -> String {
    let who = ctx.person().map_or("", |person| person.name.as_str());
    // The hour is the real one, whatever day is looked at.
    let now = ctx.db.clock().now();
    let day = ctx.db.day().map(|day| format!("，截至 {day} 的数据")).unwrap_or_default();
    format!("{} {who} 打印{day}", now.format("%Y-%m-%d %H:%M"))
}
