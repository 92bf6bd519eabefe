//! The columns of the list and what their cells show.

use std::borrow::Cow;

use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::id::RecordId;
use crate::store::ledger::{FilingOrder, StatusGroup};
use crate::ui::Tone;
use crate::ui::grid::{Cell, Column, Sort};

/// The columns for every room the list may have, made once.
pub struct Columns {
    all: Vec<Column>,
    /// Beside a page in a wide window.
    some: Vec<Column>,
    /// Beside a page in a usual one: who, how it stands, until when.
    few: Vec<Column>,
}

impl Columns {
    /// Without the edition where one is chosen.
    pub fn new(one_edition: bool) -> Self {
        let number = || Column::code("number", "受理号", 124.0).secondary();
        let name = || Column::name("firm", "企业名称");
        let status = || Column::text("status", "状态", 102.0);
        let town = || Column::text("township", "乡镇街道", 88.0);
        let stage = || Column::text("stage", "阶段", 84.0);
        let days = || Column::number("days", "本阶段天数", 96.0);
        let due = || Column::text("due", "下一期限", 140.0);
        let mut all = vec![Column::check(), number().frozen(), name(), town()];
        if !one_edition {
            all.push(Column::text("edition", "事项与批次", 196.0).secondary());
        }
        all.extend([
            stage(),
            status(),
            Column::number("round", "轮次", 56.0),
            days(),
            due(),
            Column::number("materials", "材料", 60.0).unsortable(),
            Column::text("last", "最近进展", 168.0).secondary(),
            Column::text("officer", "经办人", 76.0).secondary(),
            Column::text("reviewers", "审核人", 92.0).secondary(),
        ]);
        let some = vec![Column::check(), number().frozen(), name(), town(), stage(), status(), days(), due()];
        let few = vec![
            Column::check(),
            name(),
            status(),
            Column::text("due", "下一期限", 136.0).secondary(),
            Column::code("number", "受理号", 114.0).secondary(),
        ];
        Self { all, some, few }
    }

    /// Those a list of this width shows; `beside`: the page of one filing is beside it.
    pub fn of(&self, beside: bool, width: f32) -> &[Column] {
        match (beside, width) {
            (false, _) => &self.all,
            (true, width) if width >= 920.0 => &self.some,
            (true, _) => &self.few,
        }
    }
}

/// The order of rows a column's head asks for.
pub fn order(sort: &Sort) -> Option<(FilingOrder, bool)> {
    let order = match sort.column.as_str() {
        "number" => FilingOrder::Number,
        "firm" => FilingOrder::Firm,
        "township" => FilingOrder::Township,
        "edition" => FilingOrder::Edition,
        "stage" => FilingOrder::Stage,
        "status" => FilingOrder::Status,
        "round" => FilingOrder::Round,
        // The more days, the earlier it began.
        "days" => return Some((FilingOrder::Since, !sort.descending)),
        "due" => FilingOrder::Due,
        "last" => FilingOrder::LastDay,
        "officer" => FilingOrder::Officer,
        "reviewers" => FilingOrder::Reviewer,
        _ => return None,
    };
    Some((order, sort.descending))
}

/// What a cell shows.
pub fn cell<'a>(ctx: &'a Ctx, id: RecordId, column: &Column) -> Cell<'a> {
    let Some(row) = ctx.ledger.filing(id) else { return Cell::Loading };
    let ended = matches!(row.standing, crate::domain::filing::Standing::Ended(_));
    match column.key.as_ref() {
        "number" => Cell::text(&*row.number),
        "firm" => Cell::text(&*ctx.ledger.firm_of(row).name),
        "township" => match &*ctx.ledger.firm_of(row).township {
            "" => Cell::toned(Tone::Warn, "未填"),
            town => Cell::text(town),
        },
        "edition" => Cell::or_empty(ctx.ledger.edition_of(row).map(|edition| Cow::Owned::<str>(edition.label()))),
        "stage" => Cell::text(row.stage().short.as_str()),
        "status" => Cell::Badge(words::status(row)),
        "round" => Cell::text(row.round.to_string()),
        "days" if ended => Cell::Empty,
        "days" => Cell::text((ctx.today - row.since).num_days().max(0).to_string()),
        "due" => Cell::Due(words::due(row.due, ctx)),
        // Where the program asks for nothing there is nothing to count.
        "materials" if row.materials.1 == 0 => Cell::Empty,
        "materials" => Cell::text(format!("{}/{}", row.materials.0, row.materials.1)),
        "last" if row.last_word.is_empty() => Cell::text("登记").remark(words::day(row.last_day, ctx)),
        "last" => Cell::text(&*row.last_word).remark(words::day(row.last_day, ctx)),
        "officer" => Cell::or_empty(row.officer.map(|id| ctx.ledger.user_name(id))),
        "reviewers" if row.reviewers.is_empty() && row.group() == StatusGroup::Ours => {
            Cell::toned(Tone::Quiet, "未分派")
        }
        "reviewers" if row.reviewers.is_empty() => Cell::Empty,
        "reviewers" => Cell::text(words::people(&row.reviewers, ctx)),
        _ => Cell::Empty,
    }
}
