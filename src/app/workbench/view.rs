//! The workbench drawn: questions with their rows on top, deadlines and the funnel below.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::figures::{AHEAD, Ahead, Asked, ENDING, Funnel};
use super::{Message, Question, ROWS, Reach, Scope, Workbench, rows};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::words;
use crate::domain::date::{heading, weekday};
use crate::domain::people::Permission;
use crate::ui::grid::Grid;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::size;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, progress, scroll, split};
use crate::ui::{Element, measure, space as sp, text};

/// Width of the column of questions.
const QUESTIONS: f32 = 248.0;
/// Height of a question, without the line under it.
const QUESTION: f32 = 63.0;
/// Height of the page's head.
const HEAD: f32 = 44.0;
/// Rows in sight at most, however high the window is: what lies below should not be far away.
const MOST: usize = 16;
/// Below the rows: the link to the whole list.
const FOOT: f32 = 30.0;

impl Workbench {
    pub(super) fn page<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let density = ctx.theme.density;
        let scopes = [Segment::new(Scope::Mine, "我的"), Segment::new(Scope::All, "全科")];
        let head = row![
            text::line(text::TITLE, Tone::Plain, heading(ctx.today)),
            text::small(self.remark(ctx)).wrapping(iced::widget::text::Wrapping::None),
            space().width(Length::Fill),
            segmented(scopes, &self.scope, Message::Scope),
        ]
        .spacing(sp::S12)
        .height(HEAD)
        .align_y(Vertical::Center);
        let height = self.upper_height(ctx);
        let upper = row![
            container(self.questions(ctx)).width(QUESTIONS),
            container(self.rows(ctx, height)).width(Length::Fill),
        ]
        .height(height)
        .spacing(sp::S24);
        let (deadlines, funnel) = (self.deadlines(ctx, density), self.funnel(ctx, density));
        let lower: Element<'a, Message> = if stacked(ctx) {
            column![deadlines, funnel].spacing(sp::S12).into()
        } else {
            let half = |content| container(content).width(Length::FillPortion(1));
            row![half(deadlines), half(funnel)].spacing(sp::S32).into()
        };
        let page = column![head, upper, lower].spacing(sp::S12);
        let page = container(page).padding(Padding { top: 8.0, bottom: 16.0, ..split::PAGE }).width(Length::Fill);
        scroll::scroll(page).main().into()
    }

    /// As high as its rows ask for, between what the questions need and what the window leaves.
    fn upper_height(&self, ctx: &Ctx) -> f32 {
        let density = ctx.theme.density;
        let least = self.figures.asked.len() as f32 * (QUESTION + 1.0) + 2.0;
        let table = |rows: usize| rows.max(1) as f32 * density.row() + density.head() + 32.0 + 2.0;
        let (deadlines, funnel) = (table(self.figures.ahead.len()), table(self.figures.funnels.len()));
        let lower = if stacked(ctx) { deadlines + funnel + sp::S12 } else { deadlines.max(funnel) };
        let page = ctx.size.height - size::TOP_BAR - size::STATUS_BAR;
        let room = page - 8.0 - HEAD - lower - 16.0 - 2.0 * sp::S12 - 8.0;
        let around = density.head() + 2.0 + FOOT;
        let fits = ((room.max(least) - around) / density.row()).floor().max(1.0);
        // Whole rows only, and the same whichever question is chosen, so that nothing below jumps.
        let most = self.figures.asked.iter().map(|asked| asked.count).max().unwrap_or(0).min(MOST);
        (around + fits.min(most as f32) * density.row()).max(least)
    }

    /// What is nearest, in a sentence.
    fn remark(&self, ctx: &Ctx) -> String {
        let late = self.figures.of(Question::Near).map_or(0, |asked| asked.overdue);
        let mut words = match self.figures.nearest {
            Some((due, count)) => {
                let (day, clock) = (day_word(due.date(), ctx), crate::domain::date::clock(due.minute_of_day()));
                match count {
                    1 => format!("{day} {clock} 有 1 件到期"),
                    _ => format!("{day}有 {count} 件到期，最早 {clock}"),
                }
            }
            None => "近期没有到期的申报".to_owned(),
        };
        if let Some(ahead) = self.figures.ahead.first() {
            let day = day_word(ahead.due.date(), ctx);
            words += &format!("；{day}是{}的{}{}", ahead.label, ahead.stage_name, whose(ahead));
        }
        if late > 0 {
            words += &format!("；{late} 件已逾期");
        }
        let taken = 190.0 + 170.0 + 2.0 * sp::S24 + size::PAGE_LEFT + size::PAGE_RIGHT;
        let room = (ctx.page_width() - taken).max(120.0);
        measure::cut(&words, text::SMALL.size, false, room).into_owned()
    }

    fn questions<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let lines = self.figures.asked.iter().map(|asked| {
            let line = question(asked, asked.question == self.chosen, ctx);
            column![line, rule::across(Weight::Hair)].into()
        });
        column![rule::across(Weight::Heavy)].extend(lines).into()
    }

    fn rows<'a>(&'a self, ctx: &'a Ctx, height: f32) -> Element<'a, Message> {
        if self.ids.is_empty() {
            let words = container(text::toned(text::BODY, Tone::Quiet, nothing_of(self.chosen)))
                .center_x(Length::Fill)
                .center_y((height - 2.0).min(220.0));
            return column![rule::across(Weight::Heavy), words].into();
        }
        let density = ctx.theme.density;
        let own = density.head() + 2.0 + self.ids.len() as f32 * density.row();
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            move |place, column| rows::cell(self.chosen, &self.figures, ctx, place, column),
            Message::Grid,
        )
        .id(ROWS)
        .height(own.min(height - FOOT));
        let unit = if self.chosen.kind() == rows::Kind::Filings { "件" } else { "家" };
        let all = button::quiet(format!("全部 {} {unit}", self.ids.len()))
            .after(Icon::ArrowRight)
            .small()
            .on_press(Message::All(self.chosen));
        let foot = row![text::note("Enter 打开，↑ ↓ 选行"), space().width(Length::Fill), all]
            .height(FOOT)
            .align_y(Vertical::Center);
        column![grid, foot].into()
    }

    fn deadlines<'a>(&'a self, ctx: &'a Ctx, density: Density) -> Element<'a, Message> {
        let remark = format!("{AHEAD} 个工作日以内，按批次");
        let head = row![text::styled(text::SECTION, "近期期限"), space().width(Length::Fill), text::note(remark),]
            .height(32)
            .align_y(Vertical::Center);
        if self.figures.ahead.is_empty() {
            let words = if ctx.ledger.editions.iter().any(|edition| !edition.closed) {
                "15 个工作日以内没有批次到截止日。"
            } else {
                "还没有开着的批次。"
            };
            let add =
                button::quiet("新增批次").icon(Icon::Plus).small().on_press(Message::Go(super::editions().into()));
            let add = ctx.may(Permission::OpenEditions).then_some(add);
            let words = row![text::toned(text::BODY, Tone::Quiet, words), space().width(Length::Fill)]
                .push(add)
                .height(44)
                .align_y(Vertical::Center);
            return column![head, rule::across(Weight::Heavy), words].into();
        }
        let mut table = ledger(
            [
                Column::left("批次", Length::Fill),
                Column::left("阶段", 100),
                Column::left("截止", 98),
                Column::left("还有", 132),
                Column::right("未完成", 62),
            ],
            density,
        );
        for (at, ahead) in self.figures.ahead.iter().enumerate() {
            let label = text::line(text::BODY, Tone::Plain, ahead.label.as_str());
            let stage = format!("{}{}", ahead.stage_name, if ahead.internal { "（内）" } else { "" });
            let when = ahead.due.short(ctx.year);
            let count = link(ahead.before, Message::Waiting(at));
            table = table.push_row(
                vec![
                    clipped(label).into(),
                    text::line(text::SMALL, Tone::Quiet, stage).into(),
                    text::line(text::SMALL, Tone::Quiet, when).into(),
                    words::moment(Some(ahead.due), ctx.now, ctx).view(text::SMALL).into(),
                    count.into(),
                ],
                Some(Message::Go(super::edition(ahead.edition).into())),
                false,
            );
        }
        column![head, Element::from(table)].into()
    }

    fn funnel<'a>(&'a self, ctx: &'a Ctx, density: Density) -> Element<'a, Message> {
        let head = row![
            text::styled(text::SECTION, "本年申报走到哪一步"),
            space().width(Length::Fill),
            text::note("单位：家（项）；点数字看名单"),
        ]
        .height(32)
        .align_y(Vertical::Center);
        if self.figures.funnels.is_empty() {
            let words = format!("{} 年度还没有批次，也没有申报。", ctx.year);
            let words = container(text::toned(text::BODY, Tone::Quiet, words)).height(44).align_y(Vertical::Center);
            return column![head, rule::across(Weight::Heavy), words].into();
        }
        let (step, note) = if ctx.page_width() < 1500.0 { (42.0, 134.0) } else { (60.0, 152.0) };
        let mut columns = vec![Column::left("事项", Length::Fill)];
        let width = |label: &str| if label.chars().count() > 3 { step + 24.0 } else { step + 16.0 };
        columns.extend(Reach::ALL.map(|reach| Column::right(reach.label(), width(reach.label()))));
        columns.push(Column::left("说明", note));
        let mut table = ledger(columns, density);
        for funnel in &self.figures.funnels {
            let name = text::line(text::BODY, Tone::Plain, funnel.program.short.as_str());
            let mut cells = vec![clipped(name).into()];
            cells.extend(steps(funnel, step));
            let words = measure::cut(&funnel.note, text::NOTE.size, false, note - 2.0 * size::CELL_PAD);
            cells.push(text::line(text::NOTE, Tone::Quiet, words.into_owned()).into());
            table = table.push(cells);
        }
        column![head, Element::from(table)].into()
    }
}

/// Whether the page is too narrow for two tables side by side.
fn stacked(ctx: &Ctx) -> bool {
    ctx.page_width() < 1180.0
}

/// The numbers of a program, each with its bar.
fn steps<'a>(funnel: &'a Funnel, width: f32) -> Vec<crate::ui::widget::ledger::Cell<'a, Message>> {
    let greatest = funnel.steps[0].unwrap_or(0) as u64;
    let cell = |(reach, count): (Reach, Option<usize>)| {
        let open = || Message::Reached(funnel.program.id.clone(), reach);
        progress::funnel(count.map(|n| n as u64), greatest, width, count.map(|_| open())).into()
    };
    Reach::ALL.into_iter().zip(funnel.steps).map(cell).collect()
}

/// A question: icon, name and remark choose it; its number opens the whole list.
fn question<'a>(asked: &'a Asked, chosen: bool, ctx: &Ctx) -> Element<'a, Message> {
    let (which, name) = face(asked.question);
    let (tone, style) = if chosen { (Tone::Accent, text::BODY.bold()) } else { (Tone::Plain, text::BODY) };
    let (remark_tone, remark) = remark(asked, ctx);
    let count = asked.count.to_string();
    let room = QUESTIONS - 36.0 - 22.0 - measure::width(&count, text::FIGURE.size, false);
    let remark = measure::cut(&remark, text::NOTE.size, false, room).into_owned();
    let words = column![text::line(style, tone, name), text::line(text::NOTE, remark_tone, remark)];
    let left = row![icon::toned(which, icon::size::RAIL, if chosen { Tone::Accent } else { Tone::Quiet }), words]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
    let ground = move |theme: &Theme, hovered: bool| {
        let t = theme.tokens;
        let look = Look::bare(t.t1).ring_inside();
        match (chosen, hovered) {
            (true, _) => look.ground(t.selected),
            (false, true) => look.ground(t.hover),
            (false, false) => look,
        }
    };
    let choose = Press::new(left, move |theme, status| ground(theme, status.hovered))
        .on_press(Message::Choose(asked.question))
        .padding(Padding { left: 10.0, ..Padding::ZERO })
        .left()
        .width(Length::Fill)
        .height(QUESTION);
    let number = text::styled(text::FIGURE, count);
    let open = Press::new(number, move |theme, status| {
        let look = ground(theme, status.hovered && !chosen);
        Look { ink: if status.hovered || chosen { theme.tokens.accent } else { theme.tokens.t1 }, ..look }
    })
    .on_press(Message::All(asked.question))
    .padding(Padding { right: 12.0, left: 8.0, ..Padding::ZERO })
    .height(QUESTION);
    row![choose, open].into()
}

fn face(question: Question) -> (Icon, &'static str) {
    match question {
        Question::Ours => (Icon::Stamp, "待初审"),
        Question::Returned => (Icon::CornerUpLeft, "退回待补"),
        Question::Near => (Icon::Clock, "临近截止"),
        Question::Upward => (Icon::Hourglass, "等上级结果"),
        Question::Ending => (Icon::Award, "证书到期"),
        Question::Split => (Icon::Split, "冲突待处理"),
        Question::FirmConflicts => (Icon::Building2, "档案冲突"),
    }
}

/// The one line under a question.
fn remark(asked: &Asked, ctx: &Ctx) -> (Tone, String) {
    let quiet = |words: String| (Tone::Quiet, words);
    let soonest = |before: &str| match asked.next {
        Some(due) => {
            let says = words::moment(Some(due), ctx.now, ctx);
            format!("{before}{}", says.words)
        }
        None => String::new(),
    };
    match asked.question {
        Question::Near if asked.overdue > 0 => {
            (Tone::Danger, format!("{AHEAD} 个工作日以内，{} 件逾期", asked.overdue))
        }
        Question::Near => quiet(format!("{AHEAD} 个工作日以内")),
        Question::Ending => quiet(format!("全区企业，{ENDING} 天以内")),
        Question::Split => quiet("两个决定互不知情，等人选定".to_owned()),
        Question::FirmConflicts => quiet("同一栏有两种写法".to_owned()),
        _ if asked.count == 0 => quiet("没有".to_owned()),
        Question::Upward if asked.pending > 0 => quiet(format!("{} 件结果未公布", asked.pending)),
        Question::Upward => quiet("已推荐，等评审和公布".to_owned()),
        _ if asked.overdue > 0 => (Tone::Danger, format!("{} 件已逾期", asked.overdue)),
        Question::Returned if asked.next.is_some() => quiet(soonest("补正最早的")),
        _ if asked.next.is_some() => quiet(soonest("最早的")),
        _ => quiet("都没有定期限".to_owned()),
    }
}

fn nothing_of(question: Question) -> &'static str {
    match question {
        Question::Ours => "没有等着初审的申报。",
        Question::Returned => "没有退回待补的申报。",
        Question::Near => "15 个工作日以内没有到期的申报。",
        Question::Upward => "没有等上级结果的申报。",
        Question::Ending => "90 天以内没有到期的证书。",
        Question::Split | Question::FirmConflicts => "没有冲突。",
    }
}

/// 今天, 明天, 周四, 09-14.
fn day_word(day: chrono::NaiveDate, ctx: &Ctx) -> String {
    match (day - ctx.today).num_days() {
        0 => "今天".to_owned(),
        1 => "明天".to_owned(),
        2..=6 => weekday(day).replace("星期", "周"),
        _ => words::day(day, ctx),
    }
}

fn whose(ahead: &Ahead) -> &'static str {
    if ahead.internal { "内部截止" } else { "截止" }
}

/// A number that opens its rows.
fn link<'a>(count: usize, message: Message) -> Element<'a, Message> {
    Press::new(text::styled(text::BODY, count.to_string()), |theme, status| {
        let t = theme.tokens;
        Look::bare(if status.hovered { t.accent } else { t.t1 }).ring_inside()
    })
    .on_press(message)
    .padding([0, 2])
    .into()
}

/// A text that is cut off by its cell instead of running into the next one.
fn clipped<'a>(words: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    container(words).clip(true).into()
}

/// Where nothing was entered yet: what to do first.
pub(super) fn nothing<'a>(ctx: &Ctx) -> Element<'a, Message> {
    let ways = [
        Way {
            icon: Icon::FileSpreadsheet,
            title: "导入名单",
            why: "手头的台账、上级公布的名单都行，Word、Excel、CSV 一样读，写入前逐行给您看。",
            button: button::primary("导入名单").width(Length::Fill).on_press(Message::Go(Place::Import.into())).into(),
        },
        Way {
            icon: Icon::Building2,
            title: "新增企业",
            why: "只要企业名称，其余以后补；没填的记作“未报”，不当作 0。",
            button: button::normal("新增企业").width(Length::Fill).on_press(Message::Go(Place::NewFirm.into())).into(),
        },
        Way {
            icon: Icon::CalendarDays,
            title: "新增批次",
            why: "今年要组织申报的事项先开一个批次，填上截止时间，期限就会自己算、自己提醒。",
            button: button::normal("新增批次")
                .width(Length::Fill)
                .on_press(Message::Go(super::editions().into()))
                .into(),
        },
    ];
    let may = [Permission::Import, Permission::EnterFirms, Permission::OpenEditions].map(|one| ctx.may(one));
    let ways = ways.into_iter().zip(may).filter_map(|(way, may)| may.then_some(way));
    let body = empty("从哪里开始", "这里会列出待审、临期和全年进度；先有企业和批次。", ways, None);
    let page = container(body).padding(Padding { top: 96.0, bottom: 32.0, left: 66.0, right: 42.0 });
    scroll::scroll(page).main().into()
}
