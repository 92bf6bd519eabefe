//! Invented rows without end, made from their number alone: the same number is always the same firm.

use crate::ui::grid::{Cell, Column};
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::due::{Due, Urgency};

const PLACES: [&str; 6] = ["青澜", "望川", "临湖", "白石", "双河", "柳泉"];
const WORDS: [&str; 24] = [
    "恒砚", "拓微", "山岚", "禾序", "景铄", "澄源", "鹭云", "朴石", "衡远", "合畛", "铭栎", "岱西", "星垣", "启泓",
    "海盈", "砺锋", "云陌", "卓帆", "昭明", "沐阳", "川禾", "瑞舫", "信禾", "博岸",
];
const TRADES: [&str; 12] = [
    "新材料",
    "智能装备",
    "轴承科技",
    "生物科技",
    "铝业",
    "环保工程",
    "信息技术",
    "陶瓷材料",
    "检测技术",
    "农业科技",
    "软件",
    "仪器仪表",
];
const TOWNS: [&str; 6] = ["望川街道", "临湖街道", "柳泉镇", "双河镇", "白石镇", "桃源乡"];
const FIELDS: [&str; 7] =
    ["新材料", "先进制造与自动化", "电子信息", "生物与新医药", "资源与环境", "高技术服务", "新能源与节能"];

/// A number that looks like chance and is not.
fn mix(id: u64, salt: u64) -> u64 {
    let mut x = id.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 29;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 32)
}

fn pick<T: Copy>(from: &[T], id: u64, salt: u64) -> T {
    from[(mix(id, salt) % from.len() as u64) as usize]
}

/// An amount with thousands separated, in 万元.
fn amount(hundredths: u64) -> String {
    let whole = (hundredths / 100).to_string();
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{:02}", hundredths % 100)
}

fn sales(id: u64) -> u64 {
    80_000 + mix(id, 5) % 9_000_000
}

fn research(id: u64) -> u64 {
    sales(id) * (200 + mix(id, 6) % 2000) / 10_000
}

/// The firm's name.
pub fn name(id: u64) -> String {
    format!("{}{}{}有限公司", pick(&PLACES, id, 1), pick(&WORDS, id, 2), pick(&TRADES, id, 3))
}

/// The columns of the sample grid.
pub fn columns() -> Vec<Column> {
    vec![
        Column::check(),
        Column::name("name", "企业名称"),
        Column::code("code", "统一社会信用代码", 164.0),
        Column::text("town", "乡镇街道", 80.0),
        Column::text("field", "技术领域", 140.0),
        Column::number("sales", "销售收入（万元）", 126.0),
        Column::number("research", "研发费用（万元）", 126.0),
        Column::number("share", "研发占比", 84.0),
        Column::text("status", "高企", 104.0),
        Column::text("due", "本阶段期限", 144.0).secondary(),
    ]
}

/// What a cell of the sample grid shows.
pub fn cell(id: u64, column: &Column) -> Cell<'static> {
    match column.key.as_ref() {
        "name" => Cell::text(name(id)),
        "code" => Cell::text(format!("91379905MA{:08}", mix(id, 4) % 100_000_000)),
        "town" => Cell::text(pick(&TOWNS, id, 7)),
        "field" if mix(id, 8).is_multiple_of(9) => Cell::Empty,
        "field" => Cell::text(pick(&FIELDS, id, 9)),
        "sales" => Cell::text(amount(sales(id))),
        "research" if mix(id, 10).is_multiple_of(17) => Cell::toned(Tone::Warn, "未报"),
        "research" => Cell::text(amount(research(id))),
        "share" => {
            let share = research(id) * 10_000 / sales(id);
            Cell::text(format!("{}.{:02}%", share / 100, share % 100))
        }
        "status" => match mix(id, 11) % 7 {
            0 => Cell::Badge(Badge::framed(Tone::Warn, Icon::Clock, "本年到期")),
            1 => Cell::Badge(Badge::outline(Icon::PencilLine, "填报中")),
            2 => Cell::Badge(Badge::soft(Tone::Accent, Icon::FileText, "申报中")),
            3 => Cell::Empty,
            _ => Cell::Badge(Badge::framed(Tone::Success, Icon::BadgeCheck, "有效")),
        },
        "due" => Cell::Due(due(mix(id, 12) % 13)),
        _ => Cell::Empty,
    }
}

/// A deadline so many working days away; the last two numbers are “over” and “unknown”.
fn due(days: u64) -> Due<'static> {
    match days {
        11 => Due::new(Urgency::Late, "已逾期 3 天"),
        12 => Due::unknown(),
        0 => Due::new(Urgency::Urgent, "今天 17:00 截止"),
        1 => Due::new(Urgency::Urgent, "还剩 1 个工作日"),
        2 | 3 => Due::new(Urgency::Soon, format!("还剩 {days} 个工作日")),
        _ => Due::new(Urgency::Calm, format!("还剩 {days} 个工作日")),
    }
}

/// Puts ids in the order of a column.
pub fn sort(ids: &mut [u64], column: &str, descending: bool) {
    match column {
        "sales" => ids.sort_by_key(|id| sales(*id)),
        "research" => ids.sort_by_key(|id| research(*id)),
        "share" => ids.sort_by_key(|id| research(*id) * 10_000 / sales(*id)),
        _ => ids.sort_by_cached_key(|id| {
            let column = Column::text(column.to_owned(), "", 1.0);
            cell(*id, &column).plain().into_owned()
        }),
    }
    if descending {
        ids.reverse();
    }
}
