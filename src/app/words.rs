//! How things of the domain are shown: which badge, which tone, which words. Said once, so that a status looks the same
//! in a grid, on a page and in the palette.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};

use super::assign;
use super::ctx::Ctx;
use crate::catalog::Catalog;
use crate::domain::calendar::{Tone as DueTone, due_words};
use crate::domain::certificate::Validity;
use crate::domain::date::{Due as Moment, clock, short};
use crate::domain::filing::deadline::NextDue;
use crate::domain::id::RecordId;
use crate::domain::identity::{phone, resident};
use crate::domain::material::State;
use crate::domain::money::Money;
use crate::domain::program::Effect;
use crate::store::ledger::{Certificate, FilingRow, Reviewing};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::calendar;
use crate::ui::widget::due::{Due, Urgency};
use crate::ui::{Icon, Tone};

/// The status of a filing.
pub fn status(filing: &FilingRow) -> Badge<'static> {
    status_word(filing.status_word())
}

/// What becomes of a row of a list, by its word.
pub fn verdict(word: &'static str) -> Badge<'static> {
    match word {
        "新增" => Badge::soft(Tone::Success, Icon::Plus, word),
        "变更" => Badge::soft(Tone::Accent, Icon::PencilLine, word),
        "待确认" => Badge::soft(Tone::Warn, Icon::CircleHelp, word),
        "损坏" => Badge::soft(Tone::Danger, Icon::TriangleAlert, word),
        "不变" => Badge::outline(Icon::Equal, word),
        _ => Badge::outline(Icon::Minus, word),
    }
}

/// The badge of a status by its word.
pub fn status_word(word: &'static str) -> Badge<'static> {
    match word {
        "冲突" => Badge::framed(Tone::Danger, Icon::Split, word),
        "已取得" => Badge::framed(Tone::Success, Icon::BadgeCheck, word),
        "不推荐" => Badge::framed(Tone::Danger, Icon::Ban, word),
        "不通过" => Badge::soft(Tone::Danger, Icon::X, word),
        "逾期" => Badge::fill(Icon::AlarmClock, word),
        "已撤回" => Badge::outline(Icon::LogOut, word),
        "退回待补" => Badge::soft(Tone::Warn, Icon::CornerUpLeft, word),
        "结果未公布" => Badge::outline(Icon::Hourglass, word),
        "公示中" => Badge::soft(Tone::Info, Icon::Megaphone, word),
        "暂缓" => Badge::outline(Icon::CircleMinus, word),
        "培育中" => Badge::outline(Icon::CircleDashed, word),
        "填报中" => Badge::outline(Icon::PencilLine, word),
        "待初审" => Badge::soft(Tone::Accent, Icon::CircleDot, word),
        "已推荐" => Badge::soft(Tone::Success, Icon::Check, word),
        _ => Badge::outline(Icon::Circle, word),
    }
}

/// People by name, as a list shows them.
pub fn people(ids: &[RecordId], ctx: &Ctx) -> String {
    ids.iter().map(|id| ctx.ledger.user_name(*id)).collect::<Vec<_>>().join("、")
}

/// Who is to review, as a filter says it.
pub fn reviewing(which: Reviewing, ctx: &Ctx) -> String {
    match which {
        Reviewing::Nobody => "未分派".to_owned(),
        Reviewing::By(id) if id == ctx.user => "我的".to_owned(),
        Reviewing::By(id) => ctx.ledger.user_name(id).to_owned(),
        Reviewing::ByOrNobody(id) => format!("{}或未分派", ctx.ledger.user_name(id)),
    }
}

/// What a filter by 审核人 offers: everybody, one's own, those nobody was named for, each person.
pub fn reviewing_items(ctx: &Ctx) -> Vec<(Option<Reviewing>, String)> {
    let own = [None, Some(Reviewing::By(ctx.user)), Some(Reviewing::Nobody)].into_iter();
    let others = assign::candidates(&ctx.ledger).filter(|user| user.id != ctx.user);
    own.chain(others.map(|user| Some(Reviewing::By(user.id))))
        .map(|which| (which, which.map_or_else(|| "全部审核人".to_owned(), |one| reviewing(one, ctx))))
        .collect()
}

/// The picture of what a decision does.
pub fn effect_icon(effect: Effect) -> Icon {
    match effect {
        Effect::Pass => Icon::Check,
        Effect::Return => Icon::CornerUpLeft,
        Effect::Decline => Icon::Ban,
        Effect::Fail => Icon::X,
        Effect::Lapse => Icon::AlarmClock,
        Effect::Withdraw => Icon::LogOut,
        Effect::Hold => Icon::CircleMinus,
        Effect::Enter => Icon::MoveRight,
        Effect::Pending => Icon::Hourglass,
        Effect::Publish => Icon::Megaphone,
    }
}

/// A decision by what it did, in the program's own word.
pub fn decision(effect: Effect, word: &str) -> Badge<'_> {
    let icon = effect_icon(effect);
    match effect {
        Effect::Pass => Badge::soft(Tone::Success, icon, word),
        Effect::Return => Badge::soft(Tone::Warn, icon, word),
        Effect::Decline => Badge::framed(Tone::Danger, icon, word),
        Effect::Fail | Effect::Lapse => Badge::soft(Tone::Danger, icon, word),
        Effect::Publish => Badge::soft(Tone::Info, icon, word),
        Effect::Withdraw | Effect::Hold | Effect::Enter | Effect::Pending => Badge::outline(icon, word),
    }
}

/// What a calendar says of a day from which a deadline is picked: holidays, days worked in exchange, weekends.
pub fn calendar_day(ctx: &Ctx, day: NaiveDate) -> calendar::Day {
    let calendar = ctx.calendar();
    let mark = calendar.row(day).map(|row| if row.off { '休' } else { '班' });
    calendar::Day { rest: !calendar.is_workday(day).worked(), mark, closed: false }
}

/// In what state an item of the materials is.
pub fn material(state: State) -> Badge<'static> {
    match state {
        State::Missing => Badge::outline(Icon::CircleDashed, state.label()),
        State::Given => Badge::soft(Tone::Accent, Icon::Paperclip, state.label()),
        State::Fit => Badge::soft(Tone::Success, Icon::Check, state.label()),
        State::Unfit => Badge::soft(Tone::Danger, Icon::X, state.label()),
        State::Waived => Badge::outline(Icon::Minus, state.label()),
    }
}

/// Whether a certificate counts today.
pub fn validity(validity: Validity) -> Badge<'static> {
    match validity {
        Validity::Valid => Badge::framed(Tone::Success, Icon::BadgeCheck, "有效"),
        Validity::EndsThisYear => Badge::framed(Tone::Warn, Icon::Clock, "本年到期"),
        Validity::Expired => Badge::outline(Icon::CircleSlash, "已到期"),
        Validity::Revoked => Badge::soft(Tone::Danger, Icon::Ban, "已撤销"),
        Validity::Unknown => Badge::outline(Icon::BadgeCheck, "持有"),
    }
}

/// The certificate of one kind in one word, where a firm has one.
pub fn certificate(held: Option<&Certificate>, today: NaiveDate) -> Option<Badge<'static>> {
    held.map(|certificate| validity(certificate.validity(today)))
}

/// A deadline in words.
pub fn due(next: Option<NextDue>, ctx: &Ctx) -> Due<'static> {
    moment(next.map(|next| next.due), ctx.now, ctx)
}

/// A moment something is due at, in words.
pub fn moment(due: Option<Moment>, now: NaiveDateTime, ctx: &Ctx) -> Due<'static> {
    let words = due_words(due, now, ctx.calendar());
    let urgency = match words.tone {
        DueTone::None => Urgency::Unknown,
        DueTone::Plain => Urgency::Calm,
        DueTone::Warn => Urgency::Soon,
        DueTone::Danger => Urgency::Urgent,
        DueTone::Late => Urgency::Late,
    };
    // Where no arrangement of holidays is known, the count is a guess and is said to be one.
    let text = if words.assumed { format!("约{}", words.text) } else { words.text };
    Due::new(urgency, text)
}

/// A day: without its year inside the working year.
pub fn day(day: NaiveDate, ctx: &Ctx) -> String {
    short(day, ctx.year)
}

/// A day and a time.
pub fn when(at: NaiveDateTime, ctx: &Ctx) -> String {
    use chrono::Timelike;
    let minute = u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
    format!("{} {}", short(at.date(), ctx.year), clock(minute))
}

/// The moment of an event, as the machine's clock had it.
pub fn stamp(at: crate::domain::event::Stamp, ctx: &Ctx) -> String {
    when(ctx.db.clock().local(at.millis()), ctx)
}

/// The machine something was written on.
pub fn machine(device: crate::domain::id::DeviceId, ctx: &Ctx) -> String {
    ctx.ledger.machine_name(device, ctx.db.device())
}

/// What sort of thing a record is.
pub fn record_kind(kind: Option<crate::domain::event::RecordKind>) -> &'static str {
    use crate::domain::event::RecordKind;
    match kind {
        Some(RecordKind::Firm) => "企业",
        Some(RecordKind::Filing) => "申报",
        Some(RecordKind::Edition) => "批次",
        Some(RecordKind::Shortlist) => "推荐名单",
        Some(RecordKind::Import) => "名单导入",
        Some(RecordKind::User) => "人员",
        Some(RecordKind::Office) => "单位",
        Some(RecordKind::Action | RecordKind::Log) => "日志",
        Some(RecordKind::Machine) => "电脑",
        Some(RecordKind::Package) => "交换包",
        None => "新版内容",
    }
}

/// Money as a cell has it, in 万元 with two places.
pub fn wan(fen: i64) -> String {
    Money::from_fen(fen).cell()
}

/// The industry's code with its name.
pub fn industry(code: &str) -> Cow<'_, str> {
    match crate::catalog::industries::industry(code) {
        Some(found) => Cow::Owned(format!("{code} {}", found.name)),
        None => Cow::Borrowed(code),
    }
}

/// The short name of a kind of certificate.
pub fn certificate_kind(kind: &str) -> &str {
    Catalog::builtin().certificate(kind).map_or(kind, |known| known.short.as_str())
}

/// A person's number or name as it is shown until somebody asks for all of it.
pub fn masked(shape: crate::domain::firm::Shape, value: &str) -> String {
    match shape {
        crate::domain::firm::Shape::Phone => phone::mask(value),
        crate::domain::firm::Shape::ResidentId => resident::mask(value),
        _ => value.to_owned(),
    }
}

/// A field of a firm as it is shown until somebody asks for all of it: numbers with their middle covered, names and
/// addresses with their beginning. What is not personal stands as it is.
pub fn private(field: &crate::domain::firm::FieldDef, value: &str) -> String {
    use crate::domain::firm::Shape;
    match field.shape {
        _ if !field.personal => value.to_owned(),
        Shape::Phone | Shape::ResidentId => masked(field.shape, value),
        _ => match value.split_once('@') {
            Some((own, host)) => format!("{}***@{host}", own.chars().take(1).collect::<String>()),
            None => {
                let rest = value.chars().count().saturating_sub(1);
                format!("{}{}", value.chars().take(1).collect::<String>(), "*".repeat(rest.min(4)))
            }
        },
    }
}

/// A name in a toast, which has room for one line.
pub fn in_short(name: &str) -> Cow<'_, str> {
    const MOST: usize = 18;
    match name.char_indices().nth(MOST) {
        Some((at, _)) if name.chars().count() > MOST + 1 => Cow::Owned(format!("{}…", &name[..at])),
        _ => Cow::Borrowed(name),
    }
}

/// A problem in the one sentence a toast has room for.
pub fn problem(problem: &crate::domain::Problem) -> String {
    problem.to_string()
}

/// The size of a file: 12 KB, 3.4 MB.
pub fn bytes(size: u64) -> String {
    const MB: u64 = 1 << 20;
    match size {
        0..1024 => format!("{size} B"),
        1024..MB => format!("{} KB", size.div_ceil(1024)),
        _ => format!("{}.{} MB", size / MB, size % MB * 10 / MB),
    }
}
