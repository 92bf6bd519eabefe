//! The columns of the list of firms: what each is called, what stands in its cells, what it sorts by.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use crate::app::words;
use crate::domain::certificate::Validity;
use crate::domain::firm::{fields, key};
use crate::domain::id::RecordId;
use crate::domain::money::{Money, Ratio};
use crate::domain::seal::Keys;
use crate::store::ledger::{FirmOrder, FirmRow, Ledger};
use crate::ui::grid::{Arrangement, Cell, Column};
use crate::ui::widget::badge::Badge;
use crate::ui::{Icon, Tone};

/// The kinds of certificate that have a column of their own.
pub const BADGES: [&str; 3] = ["gaoqi", "kexiao", "zjtx"];

/// All columns, in the order of a new window.
pub fn all() -> Vec<Column> {
    let mut all = vec![
        Column::check(),
        Column::name("name", "企业名称"),
        Column::code("code", "统一社会信用代码", 180.0),
        Column::text("township", "乡镇街道", 84.0),
        Column::number("revenue", "销售收入（万元）", 126.0),
        Column::number("share", "研发占比", 84.0),
    ];
    all.extend(BADGES.iter().map(|kind| Column::text(*kind, words::certificate_kind(kind).to_owned(), 96.0)));
    all.extend([
        Column::number("rd", "研发费用（万元）", 126.0),
        Column::number("staff", "职工（人）", 92.0),
        Column::number("tech", "科技人员（人）", 116.0),
        Column::text("industry", "国民经济行业", 200.0).secondary(),
        Column::text("hi_field", "高新技术领域", 132.0).secondary(),
        Column::text("scale", "规上", 72.0),
        Column::text("founded", "成立日期", 100.0),
        Column::text("park", "所在园区", 120.0).secondary().unsortable(),
        Column::text("legal", "法定代表人", 92.0).secondary().unsortable(),
        Column::text("contact", "联系人", 80.0).secondary().unsortable(),
        Column::text("phone", "联系电话", 116.0).secondary().unsortable(),
        Column::text("tags", "标签", 140.0).secondary().unsortable(),
    ]);
    all
}

/// What a new window shows: the columns of the everyday question, the others ready in the menu.
pub fn usual() -> Arrangement {
    let shown = ["check", "name", "code", "township", "revenue", "share", "gaoqi"];
    let hidden = all().into_iter().map(|column| column.key.to_string()).filter(|key| !shown.contains(&key.as_str()));
    Arrangement { hidden: hidden.collect::<BTreeSet<_>>(), ..Arrangement::default() }
}

/// The order a column sorts by.
pub fn order(column: &str) -> Option<FirmOrder> {
    Some(match column {
        "name" => FirmOrder::Name,
        "code" => FirmOrder::Code,
        "township" => FirmOrder::Township,
        "revenue" => FirmOrder::Revenue,
        "share" => FirmOrder::RdShare,
        "rd" => FirmOrder::Rd,
        "staff" => FirmOrder::Staff,
        "tech" => FirmOrder::TechStaff,
        "industry" => FirmOrder::Industry,
        "hi_field" => FirmOrder::HiField,
        "scale" => FirmOrder::Scale,
        "founded" => FirmOrder::Founded,
        other => FirmOrder::Certificate(BADGES.into_iter().find(|kind| *kind == other)?),
    })
}

/// Whether a column holds plain numbers, for a spreadsheet.
pub fn is_number(column: &str) -> bool {
    matches!(column, "revenue" | "share" | "rd" | "staff" | "tech")
}

/// What a cell is worked out from.
pub struct Rows<'a> {
    pub ledger: &'a Ledger,
    pub applying: &'a HashSet<(RecordId, &'static str)>,
    pub today: NaiveDate,
    /// What sealed numbers are opened with.
    pub keys: Keys,
}

impl<'a> Rows<'a> {
    /// The cell of a firm in a column.
    pub fn cell(&self, id: RecordId, column: &str) -> Cell<'a> {
        let Some(firm) = self.ledger.firm(id) else { return Cell::Blank };
        match column {
            "name" => Cell::text(&*firm.name),
            "code" => text(&firm.code),
            "township" => text(&firm.township),
            "revenue" => money(firm.figures.revenue),
            "share" => match rd_share(firm) {
                Some(share) => Cell::text(share.as_percent(2)),
                // A year without sales has no share; a year without figures lacks them.
                None if firm.figures.revenue == Some(0) => Cell::Empty,
                None => Cell::toned(Tone::Faint, "缺数据"),
            },
            "rd" => money(firm.figures.rd),
            "staff" => count(firm.figures.staff),
            "tech" => count(firm.figures.tech_staff),
            "industry" if firm.industry.is_empty() => Cell::Empty,
            "industry" => Cell::text(words::industry(&firm.industry)),
            "hi_field" => text(&firm.hi_field),
            "scale" => match firm.scale {
                Some(true) => Cell::text("规上"),
                Some(false) => Cell::text("规下"),
                None => Cell::toned(Tone::Faint, "不清楚"),
            },
            "founded" => Cell::or_empty(firm.founded.map(|day| day.to_string())),
            "park" => text(&firm.park),
            "legal" => private(key::LEGAL, &firm.legal),
            "contact" => text(&firm.contact),
            "phone" => private(key::PHONE, &self.keys.opened(&firm.phone)),
            "tags" => text(&firm.tags),
            kind => self.badge(firm, kind),
        }
    }

    /// The certificate of a kind; where none counts, a filing for one that is under way.
    fn badge(&self, firm: &'a FirmRow, kind: &str) -> Cell<'a> {
        let held = firm.certificate(kind);
        let counts = held.is_some_and(|held| {
            matches!(held.validity(self.today), Validity::Valid | Validity::EndsThisYear | Validity::Unknown)
        });
        let applying = BADGES.into_iter().find(|known| *known == kind);
        if !counts && applying.is_some_and(|kind| self.applying.contains(&(firm.id, kind))) {
            return Cell::Badge(Badge::soft(Tone::Accent, Icon::FileText, "申报中"));
        }
        words::certificate(held, self.today).map_or(Cell::Empty, Cell::Badge)
    }
}

/// 研发费用 ÷ 销售收入. `None` where one of them is not reported.
fn rd_share(firm: &FirmRow) -> Option<Ratio> {
    Ratio::of(firm.figures.rd.map(Money::from_fen), firm.figures.revenue.map(Money::from_fen))
}

fn text(words: &str) -> Cell<'_> {
    if words.is_empty() { Cell::Empty } else { Cell::text(words) }
}

fn missing<'a>() -> Cell<'a> {
    Cell::toned(Tone::Faint, "未报")
}

fn money<'a>(fen: Option<i64>) -> Cell<'a> {
    fen.map_or_else(missing, |fen| Cell::text(words::wan(fen)))
}

fn count<'a>(number: Option<i64>) -> Cell<'a> {
    number.map_or_else(missing, |number| Cell::text(number.to_string()))
}

fn private<'a>(key: &str, value: &str) -> Cell<'a> {
    match fields::find(key) {
        Some(field) if !value.is_empty() => Cell::text(words::private(field, value)),
        _ => Cell::Empty,
    }
}
