//! The lines of the preview: which, in what order, what each cell says, and what a person can do about one.

use std::borrow::Cow;
use std::collections::HashMap;

use super::purpose::As;
use super::review::Review;
use super::sums::{Heap, Show, sort_of};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::exchange::import::{Candidate, Choice, Plan, PlannedRow, Verdict};
use crate::store::ledger::Ledger;
use crate::ui::Tone;
use crate::ui::grid::{Cell, Column};
use crate::ui::theme::tokens::size;

/// A line: a row of the list, or a source row that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// Place in the list.
    Row(usize),
    /// Place among the rows passed over.
    Passed(usize),
}

/// Why a row waited, and for whom it may stand: kept when it was decided, so that a decision can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub damaged: bool,
    pub why: String,
    pub candidates: Vec<Candidate>,
    /// Matched all the same, by what was not damaged.
    pub firm: Option<RecordId>,
    /// It names nobody, so there is nothing to choose.
    pub nameless: bool,
}

/// Something a person can do about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Is(Choice),
    /// Choose one of several, or look for another.
    Pick,
}

/// How much room the rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// What was found and the rows take turns.
    Narrow,
    Usual,
    /// Long names need not be cut.
    Wide,
}

impl Room {
    /// Of a window.
    pub fn of(ctx: &Ctx) -> Self {
        match ctx.page_width() {
            width if width > 1560.0 => Self::Wide,
            _ if ctx.size.width < size::PANEL_COVERS_BELOW => Self::Narrow,
            _ => Self::Usual,
        }
    }
}

/// The columns of the grid.
pub fn columns(room: Room) -> Vec<Column> {
    let (name, why) = match room {
        Room::Narrow => (168.0, 120.0),
        Room::Usual => (192.0, 136.0),
        Room::Wide => (280.0, 220.0),
    };
    vec![
        Column { frozen: true, ..Column::text("verdict", "结果", 84.0) },
        Column { frozen: true, ..Column::number("at", "原表行", 64.0) },
        Column { min: 120.0, width: name, stretch: false, ..Column::name("name", "名单上的名称") },
        Column::text("firm", "对到的企业", name).unsortable(),
        Column::text("why", "依据", why).secondary(),
        Column {
            min: 208.0, ..Column::text("deed", "改动或处理办法", 208.0).secondary().unsortable().stretch()
        },
    ]
}

/// Keeps in mind which rows wait, and forgets those that no longer do.
pub fn note_doubts(doubts: &mut HashMap<usize, Doubt>, plan: &Plan, choices: &HashMap<usize, Choice>) {
    for row in plan.rows.iter().filter(|row| !choices.contains_key(&row.row)) {
        match &row.verdict {
            Verdict::Doubtful(why) | Verdict::Damaged(why) => {
                let doubt = Doubt {
                    damaged: matches!(row.verdict, Verdict::Damaged(_)),
                    why: why.clone(),
                    candidates: row.candidates.clone(),
                    firm: row.firm.map(|(firm, _)| firm),
                    nameless: row.name.is_empty(),
                };
                doubts.insert(row.row, doubt);
            }
            _ => {
                doubts.remove(&row.row);
            }
        }
    }
}

/// What can be done about a doubtful row, in the order of its keys 1, 2, 3.
pub fn deeds(doubt: &Doubt, review: &Review) -> Vec<(&'static str, Deed)> {
    if doubt.nameless {
        return Vec::new();
    }
    let skip = ("跳过", Deed::Is(Choice::Skip));
    let new = ("新建", Deed::Is(Choice::Create));
    // A result needs a filing, which a firm just entered cannot have.
    let may_enter = review.form.purpose != As::Results && review.form.new_firms;
    let mut deeds = match (doubt.damaged, doubt.firm, doubt.candidates.as_slice()) {
        (true, Some(firm), _) => vec![("只按名称对", Deed::Is(Choice::Same(firm)))],
        (true, None, _) if may_enter => vec![("先空着，新建", Deed::Is(Choice::Create)), ("选一家…", Deed::Pick)],
        (false, _, [only]) if may_enter => vec![("同一家", Deed::Is(Choice::Same(only.firm))), new],
        (false, _, [only]) => vec![("同一家", Deed::Is(Choice::Same(only.firm)))],
        (false, _, [_, ..]) if may_enter => vec![("选一家…", Deed::Pick), new],
        _ => vec![("选一家…", Deed::Pick)],
    };
    deeds.push(skip);
    deeds
}

/// Which of them a person chose.
pub fn chosen(deeds: &[(&'static str, Deed)], choice: Option<Choice>) -> Option<usize> {
    let choice = choice?;
    let exact = deeds.iter().position(|(_, deed)| *deed == Deed::Is(choice));
    // Another firm than the one offered was picked from the list of all.
    exact.or_else(|| matches!(choice, Choice::Same(_)).then(|| deeds.iter().position(|(_, d)| *d == Deed::Pick))?)
}

/// A decision on all rows of a sort that still wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bulk {
    /// Damaged: what is damaged is left blank, the rest is taken.
    TakeDamaged,
    /// Doubtful with one firm in question: it is that one.
    Same,
    /// Doubtful: a firm nobody knows.
    New,
    Skip,
    /// Nothing is decided any more.
    Clear,
}

impl Bulk {
    /// All of them, in the order offered.
    pub const ALL: [Self; 5] = [Self::TakeDamaged, Self::Same, Self::New, Self::Skip, Self::Clear];

    /// In the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::TakeDamaged => "损坏的：坏的格空着，其余照导",
            Self::Same => "待确认的：只像一家的都当同一家",
            Self::New => "待确认的：都当新企业",
            Self::Skip => "没处理的都跳过",
            Self::Clear => "收回全部处理",
        }
    }

    /// What it chooses for a row that waits.
    fn choice(self, doubt: &Doubt, review: &Review) -> Option<Choice> {
        let deeds = deeds(doubt, review);
        let offered = |wanted: fn(&Choice) -> bool| {
            deeds.iter().find_map(|(_, deed)| match deed {
                Deed::Is(choice) if wanted(choice) => Some(*choice),
                _ => None,
            })
        };
        match self {
            Self::TakeDamaged if doubt.damaged => offered(|choice| *choice != Choice::Skip),
            Self::Same if !doubt.damaged => offered(|choice| matches!(choice, Choice::Same(_))),
            Self::New if !doubt.damaged => offered(|choice| *choice == Choice::Create),
            Self::Skip => offered(|choice| *choice == Choice::Skip),
            Self::TakeDamaged | Self::Same | Self::New | Self::Clear => None,
        }
    }
}

/// The rows a decision on all of a sort is for, with what it chooses.
pub fn in_bulk(review: &Review, bulk: Bulk) -> Vec<(usize, Choice)> {
    let waiting = review.doubts.iter().filter(|(row, _)| !review.choices.contains_key(row));
    waiting.filter_map(|(row, doubt)| Some((*row, bulk.choice(doubt, review)?))).collect()
}

/// The lines that show, in their order.
pub fn list(review: &Review) -> Vec<Line> {
    let Some(plan) = &review.plan else { return Vec::new() };
    let passed = |heap: Option<Heap>| {
        let all = review.table.passed_over.iter().enumerate();
        all.filter(move |(_, passed)| heap.is_none_or(|heap| Heap::of(passed.why) == heap))
            .map(|(n, _)| Line::Passed(n))
    };
    let mut lines: Vec<Line> = match review.show {
        Show::Passed(heap) => passed(Some(heap)).collect(),
        Show::Whole => {
            let rows = plan.rows.iter().map(|row| Line::Row(row.row));
            let mut all: Vec<Line> = rows.chain(passed(None)).collect();
            all.sort_by_key(|line| at(review, plan, *line));
            all
        }
        show => {
            let fits = |row: &&PlannedRow| match show {
                Show::Elsewhere => row.is_elsewhere(),
                _ if row.is_elsewhere() => false,
                Show::Taken => true,
                Show::Look => review.doubts.contains_key(&row.row),
                show => sort_of(&row.verdict) == show,
            };
            let mut rows: Vec<&PlannedRow> = plan.rows.iter().filter(fits).collect();
            rows.sort_by_key(|row| (rank(review, row), row.row));
            rows.into_iter().map(|row| Line::Row(row.row)).collect()
        }
    };
    if let Some(sort) = &review.sort {
        match sort.column.as_str() {
            "at" => lines.sort_by_key(|line| at(review, plan, *line)),
            "verdict" => lines.sort_by_key(|line| match line {
                Line::Row(n) => rank(review, &plan.rows[*n]),
                Line::Passed(_) => u8::MAX,
            }),
            column => lines.sort_by_cached_key(|line| sort_text(plan, column, *line)),
        }
        if sort.descending {
            lines.reverse();
        }
    }
    lines
}

fn at(review: &Review, plan: &Plan, line: Line) -> u32 {
    match line {
        Line::Row(n) => plan.rows[n].at,
        Line::Passed(n) => review.table.passed_over[n].at,
    }
}

/// What needs a look comes first and stays there when it was decided.
fn rank(review: &Review, row: &PlannedRow) -> u8 {
    match (review.doubts.get(&row.row), &row.verdict) {
        (Some(doubt), _) => u8::from(doubt.damaged),
        (None, Verdict::Doubtful(_)) => 0,
        (None, Verdict::Damaged(_)) => 1,
        (None, Verdict::Changed) => 2,
        (None, Verdict::New) => 3,
        (None, Verdict::Same) => 4,
        (None, Verdict::LeftOut(_)) => 5,
    }
}

fn sort_text(plan: &Plan, column: &str, line: Line) -> String {
    let Line::Row(n) = line else { return String::new() };
    let row = &plan.rows[n];
    match column {
        "why" => row.firm.map_or_else(String::new, |(_, by)| by.label().to_owned()),
        _ => row.name.clone(),
    }
}

/// What a cell shows.
pub fn cell<'a>(review: &'a Review, ledger: &'a Ledger, line: Line, column: &Column) -> Cell<'a> {
    let Some(plan) = &review.plan else { return Cell::Blank };
    match line {
        Line::Row(n) => match plan.rows.get(n) {
            Some(row) => row_cell(review, ledger, row, &column.key),
            None => Cell::Blank,
        },
        Line::Passed(n) => match (column.key.as_ref(), &review.table.passed_over[n]) {
            ("verdict", _) => Cell::Blank,
            ("at", passed) if passed.rows > 1 => {
                Cell::toned(Tone::Quiet, format!("{}–{}", passed.at, passed.at + passed.rows - 1))
            }
            ("at", passed) => Cell::toned(Tone::Quiet, passed.at.to_string()),
            ("name", passed) if passed.text.is_empty() => Cell::Blank,
            ("name", passed) => Cell::toned(Tone::Quiet, passed.text.to_string()),
            ("deed", passed) => Cell::toned(Tone::Quiet, format!("{}，不是企业", passed.why.label())),
            _ => Cell::Blank,
        },
    }
}

fn row_cell<'a>(review: &'a Review, ledger: &'a Ledger, row: &'a PlannedRow, column: &str) -> Cell<'a> {
    let doubt = review.doubts.get(&row.row);
    match column {
        "verdict" => Cell::Badge(words::verdict(row.verdict.word())),
        "at" => Cell::toned(Tone::Quiet, row.at.to_string()),
        "name" if row.name.is_empty() => Cell::toned(Tone::Danger, "没有名称"),
        "name" => Cell::text(row.name.as_str()),
        "firm" => firm_cell(ledger, row, doubt),
        "why" => why_cell(row, doubt),
        _ => deed_cell(review, row, doubt),
    }
}

fn firm_cell<'a>(ledger: &'a Ledger, row: &'a PlannedRow, doubt: Option<&Doubt>) -> Cell<'a> {
    if let Some(firm) = row.firm.and_then(|(id, _)| ledger.firm(id)) {
        return Cell::text(&*firm.name);
    }
    match (row.candidates.as_slice(), doubt) {
        ([only], Some(_)) => match ledger.firm(only.firm) {
            Some(firm) => Cell::toned(Tone::Quiet, &*firm.name),
            None => Cell::Empty,
        },
        ([_, ..], Some(_)) => Cell::toned(Tone::Quiet, format!("可能是 {} 家之一", row.candidates.len())),
        _ => Cell::Empty,
    }
}

fn why_cell<'a>(row: &'a PlannedRow, doubt: Option<&'a Doubt>) -> Cell<'a> {
    match (&row.verdict, row.firm, doubt) {
        (Verdict::Doubtful(why) | Verdict::Damaged(why), ..) => Cell::text(why.as_str()),
        (_, Some((_, by)), _) => Cell::text(by.label()),
        (Verdict::LeftOut(_), None, None) => Cell::Empty,
        (_, None, Some(doubt)) => Cell::text(doubt.why.as_str()),
        (_, None, None) => Cell::text("档案里没有这家"),
    }
}

fn deed_cell<'a>(review: &'a Review, row: &'a PlannedRow, doubt: Option<&Doubt>) -> Cell<'a> {
    if let Some(doubt) = doubt {
        let deeds = deeds(doubt, review);
        if !deeds.is_empty() {
            let chosen = chosen(&deeds, review.choices.get(&row.row).copied());
            let options = deeds.into_iter().map(|(word, _)| Cow::Borrowed(word)).collect();
            return Cell::Choice { options, chosen };
        }
    }
    let cell = match row.verdict {
        Verdict::Same | Verdict::LeftOut(_) => Cell::toned(Tone::Quiet, row.says()),
        _ => Cell::toned(Tone::Plain, row.says()),
    };
    if row.remarks.is_empty() { cell } else { cell.remark(row.remarks.join("；")) }
}
