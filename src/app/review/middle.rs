//! What is reviewed, drawn: who, the tabs, and below them the differences, the fields, the materials or the history.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::content::{Became, Content, Line, NOTHING, Row, Tab};
use super::room::{Room, STRIP};
use super::{Message, Review, list};
use crate::app::changes;
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::event::RecordKind;
use crate::domain::wording::Piece;
use crate::store::ledger::FilingRow;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{button, empty, keycap, keys, scroll, tooltip};
use crate::ui::{Color, Element, measure, space as sp, text};

/// What the middle scrolls in.
pub const SCROLL: &str = "review.content";
/// Left and right of everything in the middle.
const MARGIN: f32 = 20.0;
const MARGIN_NARROW: f32 = 12.0;
/// Columns of before, after and last year.
const VALUE: f32 = 116.0;
const LAST: f32 = 96.0;
const SIGN: f32 = 24.0;
/// Narrower than this, what a difference was and is stands below its label; narrower than that, a field's value as well.
const DIFFERENCES_BESIDE: f32 = 440.0;
const FIELDS_BESIDE: f32 = 360.0;
/// Narrower than this, the badge and the way to the filing's page stand below the firm's name.
const HEAD_BESIDE: f32 = 380.0;
/// The longest histories are shown from their end.
const MOST: usize = 200;

/// The name of a difference's line, by which it is brought into sight.
pub fn difference_id(n: usize) -> String {
    format!("review.difference.{n}")
}

impl Review {
    /// The screen.
    pub(super) fn page<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let room = Room::of(ctx);
        let nothing = self.queue.current.is_none();
        let body: Element<'a, Message> = if nothing && self.queue.done.is_empty() && !self.queue.is_narrowed() {
            container(empty::empty(
                "没有等我们审核的申报",
                "企业提交、走到本单位审核阶段的申报会排在这里，按期限先后。",
                [],
                None,
            ))
            .padding(Padding { top: sp::S32, left: sp::S24, right: sp::S24, ..Padding::ZERO })
            .width(Length::Fill)
            .height(Length::Fill)
            .into()
        } else {
            let (queue, width) = if room.folded { (self.strip(), STRIP) } else { (self.list(ctx), list::WIDTH) };
            let listed = self.listed && room.folded;
            let middle = if listed { self.list(ctx) } else { self.middle(room, ctx) };
            row![
                container(queue).width(width).height(Length::Fill),
                rule::down(Weight::Strong),
                container(middle).width(Length::Fill).height(Length::Fill),
                rule::down(Weight::Strong),
                container(self.panel(room.panel, ctx)).width(room.panel).height(Length::Fill),
            ]
            .into()
        };
        let page = column![].push(self.band(ctx)).push(container(body).height(Length::Fill)).push(self.line_menu(ctx));
        // Also while one types: the next filing is one key away.
        keys::keys(page, |pressed| {
            use iced::keyboard::{Key, key::Named};
            let bare = pressed.modifiers.alt() && !pressed.modifiers.command();
            match pressed.key {
                Key::Named(Named::ArrowDown) if bare => Some(Message::Move(1, false)),
                Key::Named(Named::ArrowUp) if bare => Some(Message::Move(-1, false)),
                _ => None,
            }
        })
    }

    fn middle<'a>(&'a self, room: Room, ctx: &'a Ctx) -> Element<'a, Message> {
        let margin = if room.middle < DIFFERENCES_BESIDE { MARGIN_NARROW } else { MARGIN };
        let inner = room.middle - 2.0 * margin;
        let Some(content) = self.content.as_ref().filter(|content| self.is_open(content)) else {
            let words = match (self.queue.current, self.queue.is_narrowed()) {
                (Some(_), _) => "",
                (None, true) => "按现在的筛选没有待审的申报",
                (None, false) => "都审完了",
            };
            let done = column![text::title(words)].spacing(sp::S8);
            let done = done.push(
                (self.queue.current.is_none() && !self.queue.is_narrowed())
                    .then(|| text::body("今天审过的列在左边，点开可以再看；登记错了按 Ctrl Z 撤销。")),
            );
            return container(done).padding(Padding { top: sp::S24, left: margin, ..Padding::ZERO }).into();
        };
        let Some(row) = ctx.ledger.filing(content.read.file.filing.id) else { return space().into() };
        let tabs = tabs(fitting(content.tabs(), inner), &self.tab, Message::Tab, None);
        let body = match self.tab {
            Tab::Differences => self.differences(content, inner, ctx),
            Tab::Fields => fields(content, inner),
            Tab::Materials => self.materials_view(&content.read.file, inner, ctx),
            Tab::History => history(content, ctx),
        };
        let head = head(row, content, inner, ctx);
        // What scrolls begins with whose it is, where there is no room to leave it standing.
        let (fixed, scrolled) = match room.lowest {
            false => (column![head, tabs], column![body]),
            true => (column![tabs], column![head, body]),
        };
        let scrolled =
            container(scrolled).padding(Padding { top: sp::S8, left: margin, right: margin, bottom: sp::S20 });
        column![
            container(fixed).padding([0.0, margin]),
            container(scroll::scroll(scrolled).id(SCROLL)).height(Length::Fill),
        ]
        .into()
    }

    fn differences<'a>(&'a self, content: &'a Content, width: f32, ctx: &'a Ctx) -> Element<'a, Message> {
        let round = content.read.file.filing.track.round;
        let mut page = column![heads(
            [format!("第 {} 轮", round.saturating_sub(1)), format!("第 {round} 轮")],
            last_head(content),
            width,
        )];
        let mut n = 0;
        for row in &content.rows {
            let current = row.is_difference() && n == self.difference;
            let line = difference(row, current, width, ctx.theme);
            page = page.push(if row.is_difference() {
                let line = container(line).id(iced::advanced::widget::Id::from(difference_id(n))).width(Length::Fill);
                n += 1;
                column![line, rule::across(Weight::Hair)]
            } else {
                column![line, rule::across(Weight::Hair)]
            });
        }
        let foot = row![
            text::line(
                text::SMALL,
                Tone::Quiet,
                format!("其余 {} 项与第 {} 轮一致", content.same, round.saturating_sub(1))
            ),
            button::quiet("看全部字段").small().on_press(Message::Tab(Tab::Fields)),
            space().width(Length::Fill),
            keycap::keycap("F4"),
            text::note("下一处差异"),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let foot: Element<'a, Message> = if width < HEAD_BESIDE { foot.wrap().into() } else { foot.into() };
        let none = (content.differences == 0).then(|| text::body("退回以后申报表和材料都还没有改动。"));
        page.push(none).push(container(foot).padding(Padding { top: sp::S8, ..Padding::ZERO })).into()
    }
}

/// Tabs with their counts, or their bare words where those have no room.
fn fitting(tabs: Vec<(Tab, String)>, width: f32) -> Vec<(Tab, String)> {
    let all: f32 = tabs.iter().map(|(_, words)| measure::width(words, text::BODY.size, true) + 18.0).sum();
    if all <= width + 18.0 {
        return tabs;
    }
    tabs.into_iter().map(|(tab, _)| (tab, tab.short().to_owned())).collect()
}

fn last_head(content: &Content) -> String {
    content.read.last_year.as_ref().map_or_else(|| "往年".to_owned(), |last| format!("{} 年", last.year))
}

fn head<'a>(of: &'a FilingRow, content: &'a Content, width: f32, ctx: &'a Ctx) -> Element<'a, Message> {
    let edition = ctx.ledger.edition_of(of).map(|edition| edition.label()).unwrap_or_default();
    let badge = match of.round {
        1 => Badge::outline(Icon::CircleDot, "第 1 轮"),
        n => Badge::soft(Tone::Warn, Icon::CornerUpLeft, format!("第 {n} 轮补正后")),
    };
    let beside = width >= HEAD_BESIDE;
    let room = if beside { width - measure::width(&badge.word, text::NOTE.size, false) - 172.0 } else { width };
    let name = &*ctx.ledger.firm_of(of).name;
    let short = measure::cut(name, text::TITLE.size, true, room).into_owned();
    let whole = short == name;
    let title = text::styled(text::TITLE, short);
    let title: Element<'a, Message> = if whole { title.into() } else { tooltip::tip(title, name.to_owned()) };
    let page = button::quiet("申报页").key("Ctrl O").small().on_press(Message::Page);
    let officer = of.officer.map_or("未定", |id| ctx.ledger.user_name(id));
    let reviewers = match words::people(&of.reviewers, ctx) {
        names if names.is_empty() => "审核人未分派".to_owned(),
        names => format!("审核 {names}"),
    };
    let about =
        [format!("受理号 {}", of.number), edition, format!("经办 {officer}"), reviewers, of.stage().short.clone()];
    let handover = content.read.file.filing.fields.get(crate::domain::filing::key::HANDOVER);
    let handover = handover.map(|note| {
        let words = measure::cut(note, text::SMALL.size, false, (width - 80.0).max(80.0)).into_owned();
        text::line(text::SMALL, Tone::Info, format!("转交说明：{words}"))
    });
    // Where it would be cut short it takes the lines it needs.
    let about = about.join("　");
    let about: Element<'a, Message> = match beside {
        true => text::line(text::SMALL, Tone::Quiet, measure::cut(&about, text::SMALL.size, false, width).into_owned())
            .into(),
        false => text::toned(text::SMALL, Tone::Quiet, about).into(),
    };
    let line = match beside {
        true => column![
            row![title, badge.view(), space().width(Length::Fill), page].spacing(sp::S8).align_y(Vertical::Center)
        ],
        false => column![title, row![badge.view(), space().width(Length::Fill), page].align_y(Vertical::Center)],
    };
    line.push(about)
        .push(handover)
        .spacing(sp::S2)
        .padding(Padding { top: sp::S8, bottom: sp::S4, ..Padding::ZERO })
        .into()
}

/// Widths of the columns before, after and last year in a table of this width.
fn columns(width: f32) -> (bool, [f32; 3]) {
    let beside = width >= DIFFERENCES_BESIDE;
    (beside, if beside { [VALUE, VALUE, LAST] } else { [(width - SIGN).max(0.0) / 3.0; 3] })
}

/// The head of a table of values.
fn heads<'a>(rounds: [String; 2], last: String, width: f32) -> Element<'a, Message> {
    let cell = |words: String, width: f32| {
        container(text::line(text::SMALL.bold(), Tone::Quiet, words)).width(width).align_x(iced::Alignment::End)
    };
    let (beside, columns) = columns(width);
    let label = beside.then(|| container(text::line(text::SMALL.bold(), Tone::Quiet, "字段")).width(Length::Fill));
    let [before, after] = rounds;
    let line = row![space().width(SIGN)]
        .push(label)
        .push(cell(before, columns[0]))
        .push(cell(after, columns[1]))
        .push(cell(last, columns[2]))
        .height(30)
        .align_y(Vertical::Center);
    column![rule::across(Weight::Heavy), line, rule::across(Weight::Strong)].into()
}

/// How something became what it is: its picture, its tone, its ground.
fn sign(became: Became) -> (Icon, Tone, &'static str) {
    match became {
        Became::Changed => (Icon::PencilLine, Tone::Warn, "改动"),
        Became::Added => (Icon::Plus, Tone::Success, "新增"),
        Became::Gone => (Icon::Minus, Tone::Danger, "删去"),
        Became::StillMissing => (Icon::CircleDashed, Tone::Warn, "仍缺"),
        Became::Untouched => (Icon::Circle, Tone::Warn, "没有改动"),
        Became::Unclear => (Icon::CircleHelp, Tone::Quiet, "请核对"),
    }
}

fn difference<'a>(row_of: &'a Row, current: bool, width: f32, theme: Theme) -> Element<'a, Message> {
    let (beside, columns) = columns(width);
    let label_room = if beside { width - SIGN - 2.0 * VALUE - LAST - sp::S8 } else { width - SIGN };
    let body: Element<'a, Message> = match row_of {
        Row::Head(words) => {
            let words = text::line(text::NOTE.bold(), Tone::Quiet, *words);
            return container(words)
                .padding(Padding { top: sp::S8, bottom: sp::S2, left: SIGN, ..Padding::ZERO })
                .into();
        }
        Row::Defect { words, became } => {
            let (picture, tone, word) = sign(*became);
            row![
                container(icon::toned(picture, icon::size::INLINE, tone)).width(SIGN),
                container(text::toned(text::SMALL, Tone::Plain, words.as_str())).width(Length::Fill),
                text::line(text::SMALL, tone, if *became == Became::Changed { "有改动" } else { word }),
            ]
            .align_y(Vertical::Center)
            .padding([5, 0])
            .into()
        }
        Row::Value { label, before, after, last, became } => {
            let (picture, tone, _) = sign(*became);
            let label = row![
                container(icon::toned(picture, icon::size::INLINE, tone)).width(SIGN),
                container(cut(label, text::BODY, Tone::Plain, label_room)).width(Length::Fill),
            ]
            .align_y(Vertical::Center);
            let values = [
                value(before, Tone::Quiet, None, columns[0]),
                value(after, Tone::Plain, Some(*became), columns[1]),
                value(last, Tone::Quiet, None, columns[2]),
            ];
            match beside {
                true => row![label].extend(values).align_y(Vertical::Center).into(),
                false => {
                    let values = row![space().width(SIGN)].extend(values);
                    column![label.padding(iced::padding::top(5)), values].into()
                }
            }
        }
        Row::Words { label, pieces, became } => {
            let (picture, tone, _) = sign(*became);
            let sign = container(icon::toned(picture, icon::size::INLINE, tone)).width(SIGN);
            let words = container(marked(pieces, theme)).width(Length::Fill);
            let label = cut(label, text::BODY, Tone::Plain, if beside { 110.0 } else { label_room });
            match beside {
                true => row![sign, container(label).width(120), words].padding([5, 0]).into(),
                false => row![sign, column![label, words].width(Length::Fill)].padding([5, 0]).into(),
            }
        }
    };
    container(body)
        .width(Length::Fill)
        .style(move |theme: &Theme| match current {
            true => container::background(theme.tokens.hover),
            false => container::Style::default(),
        })
        .into()
}

/// A value at the right of its column, on the ground of what became of it.
fn value<'a>(words: &'a str, tone: Tone, became: Option<Became>, width: f32) -> Element<'a, Message> {
    let ground: fn(&Theme) -> Option<Color> = match became {
        Some(Became::Added) => |theme| Some(theme.tokens.success_soft),
        Some(Became::Gone) => |theme| Some(theme.tokens.danger_soft),
        Some(Became::StillMissing | Became::Changed) => |theme| Some(theme.tokens.warn_soft),
        _ => |_| None,
    };
    container(cut(words, text::SMALL, tone, width - 16.0))
        .width(width)
        .height(31)
        .padding([0, 8])
        .align_x(iced::Alignment::End)
        .align_y(Vertical::Center)
        .style(move |theme: &Theme| ground(theme).map_or_else(container::Style::default, container::background))
        .into()
}

fn cut<'a>(words: &'a str, style: text::Style, tone: Tone, room: f32) -> Element<'a, Message> {
    let short = measure::cut(words, style.size, style.bold, room).into_owned();
    let whole = short == words;
    let line = text::line(style, tone, short);
    if whole { line.into() } else { tooltip::tip(line, words.to_owned()) }
}

/// A text with its changes inside it: what went is struck through, what came is underlined.
fn marked<'a>(pieces: &'a [Piece], theme: Theme) -> Element<'a, Message> {
    let t = theme.tokens;
    let spans: Vec<iced::widget::text::Span<'a, (), iced::Font>> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Same(words) => iced::widget::span(words.as_str()),
            Piece::Gone(words) => {
                iced::widget::span(words.as_str()).color(t.danger).background(t.danger_soft).strikethrough(true)
            }
            Piece::Come(words) => {
                iced::widget::span(words.as_str()).color(t.success).background(t.success_soft).underline(true)
            }
        })
        .collect();
    iced::widget::rich_text(spans)
        .size(text::BODY.size)
        .line_height(text::BODY.line_height())
        .font(text::BODY.font())
        .into()
}

/// All fields with last year's beside them; in a narrow place both below the label.
fn fields<'a>(content: &'a Content, width: f32) -> Element<'a, Message> {
    let beside = width >= FIELDS_BESIDE;
    let (now, last) = match beside {
        true => (((width - LAST - 60.0) / 2.0).clamp(120.0, 260.0), LAST + 40.0),
        false => ((width - sp::S8).max(0.0) * 0.6, (width - sp::S8).max(0.0) * 0.4),
    };
    let head = |words: String, width: f32| {
        container(text::line(text::SMALL.bold(), Tone::Quiet, words)).width(width).align_x(iced::Alignment::End)
    };
    let label = beside.then(|| container(text::line(text::SMALL.bold(), Tone::Quiet, "字段")).width(Length::Fill));
    let head = row![]
        .push(label)
        .push(head("本次申报".to_owned(), now))
        .push(head(last_head(content), last))
        .spacing(sp::S8)
        .height(30)
        .align_y(Vertical::Center);
    let mut page = column![rule::across(Weight::Heavy), head, rule::across(Weight::Strong)];
    let room = if beside { (width - now - last - 2.0 * sp::S8).max(80.0) } else { width };
    for line in &content.lines {
        page = page.push(field_line(line, beside, [room, now, last])).push(rule::across(Weight::Hair));
    }
    if content.read.last_year.is_none() {
        let words = "这家企业前几年没有报过这个事项，没有可比的。";
        page = page.push(container(text::small(words)).padding(Padding { top: sp::S8, ..Padding::ZERO }));
    }
    page.into()
}

fn field_line<'a>(line: &'a Line, beside: bool, [room, now, before]: [f32; 3]) -> Element<'a, Message> {
    let (words, tone) = match (&line.now, line.required) {
        (Some(words), _) => (words.as_str(), Tone::Plain),
        (None, true) => (NOTHING, Tone::Warn),
        (None, false) => ("—", Tone::Faint),
    };
    let last = line.last.as_deref().unwrap_or("—");
    let same = line.last.is_some() && line.last == line.now;
    // Long texts are read here, so they are not cut.
    let long = !line.number && measure::width(words, text::BODY.size, false) > now;
    let shown: Element<'a, Message> =
        if long { text::toned(text::BODY, tone, words).into() } else { text::line(text::BODY, tone, words).into() };
    let last_tone = if same { Tone::Faint } else { Tone::Quiet };
    let label = container(cut(&line.label, text::SMALL, Tone::Quiet, room)).width(Length::Fill);
    let shown = container(shown).width(now).align_x(if long { iced::Alignment::Start } else { iced::Alignment::End });
    let last = container(cut(last, text::SMALL, last_tone, before - 4.0)).width(before).align_x(iced::Alignment::End);
    let line: Element<'a, Message> = match beside {
        true => row![label, shown, last].spacing(sp::S8).align_y(Vertical::Center).into(),
        false => column![label, row![shown, last].spacing(sp::S8).align_y(Vertical::Center)].into(),
    };
    container(line).padding([4, 0]).into()
}

/// 变更历史, the newest first.
fn history<'a>(content: &'a Content, ctx: &'a Ctx) -> Element<'a, Message> {
    let file = &content.read.file;
    let mut page = column![rule::across(Weight::Heavy)];
    for change in file.changes.iter().take(MOST) {
        let change = changes::change(change, Some(RecordKind::Filing), &file.lists, None, ctx);
        page = page.push(change).push(rule::across(Weight::Hair));
    }
    let rest = file.changes.len().saturating_sub(MOST);
    if rest > 0 {
        page = page.push(container(text::small(format!("更早的还有 {rest} 处。"))).padding(sp::S8));
    }
    page.into()
}
