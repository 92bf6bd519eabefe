//! The rows behind the chosen question: their columns, and what each cell says.

use chrono::NaiveDate;

use super::figures::{Ending, Figures, Question};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::store::ledger::FilingOrder;
use crate::ui::Tone;
use crate::ui::grid::{Cell, Column, Place};

/// What the rows of a question are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Filings,
    Certificates,
    Firms,
}

impl Question {
    /// What its rows are.
    pub fn kind(self) -> Kind {
        match self {
            Self::Ending => Kind::Certificates,
            Self::FirmConflicts => Kind::Firms,
            _ => Kind::Filings,
        }
    }
}

/// The columns of a question's rows; a narrow page leaves out what the filing itself says first.
pub fn columns(kind: Kind, narrow: bool) -> Vec<Column> {
    let fixed = |column: Column| column.fixed();
    let mut all = match kind {
        Kind::Filings => vec![
            Column::name("name", "企业名称").fixed(),
            fixed(Column::text("edition", "事项与批次", 216.0)),
            fixed(Column::text("round", "轮次", 68.0)),
            fixed(Column::text("since", "收到", 64.0).secondary()),
            fixed(Column::text("stage", "阶段", 84.0).secondary()),
            fixed(Column::text("due", "期限", 152.0)),
            Column::go("go", 96.0),
        ],
        Kind::Certificates => vec![
            Column::name("name", "企业名称").unsortable().fixed(),
            fixed(Column::text("kind", "证书", 132.0).unsortable()),
            fixed(Column::code("number", "编号", 168.0).unsortable().secondary()),
            fixed(Column::text("ends", "有效期止", 96.0).unsortable()),
            fixed(Column::text("left", "还有", 92.0).unsortable()),
            Column::go("go", 96.0),
        ],
        Kind::Firms => vec![
            Column::name("name", "企业名称").unsortable().fixed(),
            fixed(Column::text("town", "乡镇街道", 96.0).unsortable().secondary()),
            fixed(Column::number("fields", "冲突（处）", 88.0).unsortable()),
            Column::go("go", 96.0),
        ],
    };
    all.retain(|column| !narrow || !matches!(column.key.as_ref(), "stage" | "since"));
    all
}

/// The order a column stands for.
pub fn order(column: &str) -> Option<FilingOrder> {
    match column {
        "name" => Some(FilingOrder::Firm),
        "edition" => Some(FilingOrder::Edition),
        "round" => Some(FilingOrder::Round),
        "since" => Some(FilingOrder::Since),
        "stage" => Some(FilingOrder::Stage),
        "due" => Some(FilingOrder::Due),
        _ => None,
    }
}

/// What Enter does with a row of a question.
fn verb(question: Question) -> &'static str {
    match question {
        Question::Ours => "审核",
        Question::Split | Question::FirmConflicts => "处理",
        _ => "打开",
    }
}

/// A cell. It looks up, and counts nothing.
pub fn cell<'a>(
    question: Question,
    figures: &'a Figures,
    ctx: &'a Ctx,
    place: Place<RecordId>,
    column: &Column,
) -> Cell<'a> {
    if column.go {
        return Cell::Go { word: verb(question).into(), key: "Enter" };
    }
    match question.kind() {
        Kind::Filings => filing(ctx, place.id, &column.key),
        // The rows stand as the figures have them.
        Kind::Certificates => match figures.endings.get(place.row).filter(|ending| ending.firm == place.id) {
            Some(ending) => certificate(ctx, ending, &column.key),
            None => Cell::Blank,
        },
        Kind::Firms => firm(ctx, place.id, &column.key),
    }
}

fn filing<'a>(ctx: &'a Ctx, id: RecordId, column: &str) -> Cell<'a> {
    let ledger = &ctx.ledger;
    let Some(filing) = ledger.filing(id) else { return Cell::Blank };
    match column {
        "name" => Cell::text(&*ledger.firm_of(filing).name),
        "edition" => Cell::or_empty(ledger.edition_of(filing).map(|edition| edition.label())),
        "round" if filing.round > 1 => Cell::toned(Tone::Warn, format!("第 {} 轮", filing.round)),
        "round" => Cell::toned(Tone::Quiet, "第 1 轮"),
        "since" => Cell::text(words::day(filing.since, ctx)),
        "stage" => Cell::text(filing.stage().short.as_str()),
        "due" => match filing.due {
            Some(_) => Cell::Due(words::due(filing.due, ctx)),
            None => Cell::Empty,
        },
        _ => Cell::Blank,
    }
}

fn certificate<'a>(ctx: &'a Ctx, ending: &'a Ending, column: &str) -> Cell<'a> {
    match column {
        "name" => match ctx.ledger.firm(ending.firm) {
            Some(firm) => Cell::text(&*firm.name),
            None => Cell::Blank,
        },
        "kind" => {
            let cell = Cell::text(words::certificate_kind(&ending.kind));
            if ending.more > 0 { cell.remark(format!("等 {} 项", ending.more + 1)) } else { cell }
        }
        "number" if ending.number.is_empty() => Cell::Empty,
        "number" => Cell::text(ending.number.as_str()),
        "ends" => Cell::text(words::day(ending.ends, ctx)),
        "left" => left(ending.ends, ctx.today),
        _ => Cell::Blank,
    }
}

/// Days until a certificate ends, in words.
fn left(ends: NaiveDate, today: NaiveDate) -> Cell<'static> {
    match (ends - today).num_days() {
        0 => Cell::toned(Tone::Danger, "今天到期"),
        days @ 1..=30 => Cell::toned(Tone::Warn, format!("{days} 天")),
        days => Cell::toned(Tone::Quiet, format!("{days} 天")),
    }
}

fn firm<'a>(ctx: &'a Ctx, id: RecordId, column: &str) -> Cell<'a> {
    let Some(firm) = ctx.ledger.firm(id) else { return Cell::Blank };
    match column {
        "name" => Cell::text(&*firm.name),
        "town" if firm.township.is_empty() => Cell::Empty,
        "town" => Cell::text(&*firm.township),
        "fields" => Cell::text(firm.conflicts.to_string()),
        _ => Cell::Blank,
    }
}
