//! 每一行怎么处理: the two sums, the chips, the rows, and the row under the eye in full.

use iced::alignment::{Horizontal, Vertical};
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::lines::{self, Line};
use super::review::Review;
use super::sums::Show;
use super::{Message, ROWS, page};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::certificate;
use crate::domain::changes::show_firm;
use crate::domain::firm::{fields, key};
use crate::exchange::import::{Effect, PlannedRow};
use crate::ui::grid::Grid;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::{button, chip, keycap, menu, scroll, section};
use crate::ui::{Element, Tone, space as sp, text};

/// Height of the row in full.
const DETAIL: f32 = 112.0;

impl Review {
    pub(super) fn rows_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let head = section::heading("每一行怎么处理", Some("两行数字都能对平；点数字看行"), None);
        if let Some(problem) = &self.problem {
            return column![section::section("每一行怎么处理", None, None), page::trouble(problem)]
                .spacing(sp::S4)
                .into();
        }
        if self.plan.is_none() {
            return column![
                section::section("每一行怎么处理", None, None),
                container(text::small("正在比对档案……")).padding([12, 8])
            ]
            .into();
        }
        let sums = column![
            rule::across(Weight::Heavy),
            self.sum(Show::Whole, &self.sums.of_whole()),
            rule::across(Weight::Hair),
            self.sum(Show::Taken, &self.sums.of_taken()),
            rule::across(Weight::Thin),
        ];
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.lines,
            |place, column| lines::cell(self, &ctx.ledger, place.id, column),
            Message::Grid,
        )
        .id(ROWS);
        column![head, sums]
            .push(self.notice(ctx))
            .push(container(self.chips()).padding([8, 0]))
            .push(container(grid).height(Length::Fill))
            .push(self.detail.then(|| self.in_full(ctx)).flatten())
            .into()
    }

    /// One sum: the whole, then its parts.
    fn sum<'a>(&'a self, whole: Show, parts: &[Show]) -> Element<'a, Message> {
        let mut line = row![self.figure(whole, whole == Show::Taken)].align_y(Vertical::Center);
        for (n, part) in parts.iter().enumerate() {
            let sign = if n == 0 { "=" } else { "+" };
            let sign = container(text::toned(text::SECTION.regular(), Tone::Quiet, sign)).center_x(20);
            line = line.push(sign).push(self.figure(*part, whole == Show::Whole && *part == Show::Taken));
        }
        container(line)
            .padding(Padding { top: 4.0, bottom: 4.0, left: 0.0, right: sp::S8 })
            .width(Length::Fill)
            .style(|theme: &Theme| container::background(theme.tokens.inset))
            .into()
    }

    fn figure<'a>(&'a self, show: Show, strong: bool) -> Element<'a, Message> {
        let n = self.sums.get(show);
        let style = if strong { text::FIGURE_SMALL.bold() } else { text::FIGURE_SMALL };
        let label = if strong { text::NOTE.bold() } else { text::NOTE };
        let tone = match show {
            _ if n == 0 => Tone::Faint,
            Show::New => Tone::Success,
            Show::Changed => Tone::Accent,
            Show::Doubtful => Tone::Warn,
            Show::Damaged => Tone::Danger,
            Show::Same | Show::Elsewhere | Show::LeftOut => Tone::Quiet,
            _ => Tone::Plain,
        };
        let name = if show == Show::Whole && self.table.blocks > 1 { "名单条目与其他行" } else { show.label() };
        let content = column![
            text::line(style, tone, n.to_string()),
            text::line(label, if strong { Tone::Plain } else { Tone::Quiet }, name),
        ]
        .align_x(Horizontal::Right)
        .width(Length::Fill);
        // All that is taken shows unless somebody asks for a part.
        let on = self.show == show && show != Show::Taken;
        Press::new(content, move |theme, status| {
            let t = theme.tokens;
            let look = Look::bare(t.t1).radius(crate::ui::theme::tokens::radius::CONTROL).ring_inside();
            match (on, status.hovered) {
                (true, _) => look.ground(t.selected),
                (false, true) => look.ground(t.hover),
                (false, false) => look,
            }
        })
        .on_press((n > 0).then_some(Message::Show(show)))
        .padding([0, 8])
        .width(Length::FillPortion(1))
        .into()
    }

    /// What one should know before writing.
    fn notice<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let before = self.before.first().map(|before| {
            let who = ctx.ledger.user_name(before.actor);
            let at = words::stamp(before.at, ctx);
            format!("这个文件 {at} 已由{who}导入过（{}），再导一次只写入还没有的。", before.purpose)
        });
        let everywhere = (self.areas.len() > 1 && self.form.areas.is_none()).then(|| {
            format!("名单有 {} 个地区，现在全部导入；只要本区的，请在“导入为”的“地区”里勾选。", self.areas.len())
        });
        let lines: Vec<Element<'a, Message>> = before
            .into_iter()
            .chain(everywhere)
            .map(|words| {
                row![
                    icon::toned(Icon::Info, icon::size::INLINE, Tone::Info),
                    text::toned(text::SMALL, Tone::Info, words),
                ]
                .spacing(sp::S6)
                .align_y(Vertical::Center)
                .into()
            })
            .collect();
        (!lines.is_empty()).then(|| {
            let lines = iced::widget::Column::with_children(lines);
            container(lines).padding(Padding { top: 8.0, left: 8.0, ..Padding::ZERO }).into()
        })
    }

    fn chips(&self) -> Element<'_, Message> {
        let mut line = row![].spacing(sp::S8).align_y(Vertical::Center);
        let mut shown = vec![Show::Look, Show::New, Show::Changed, Show::Same, Show::Taken];
        if !shown.contains(&self.show) {
            shown.push(self.show);
        }
        for show in shown {
            let n = self.sums.get(show);
            if n > 0 || show == self.show || show == Show::Taken {
                let label = if show == Show::Taken { "全部" } else { show.label() };
                line = line.push(chip::toggle(format!("{label} {n}"), self.show == show, Message::Show(show)));
            }
        }
        let keys = (!self.doubts.is_empty()).then(|| {
            row![
                keycap::keycap("↑ ↓"),
                text::note("选行"),
                keycap::keycap("1"),
                keycap::keycap("2"),
                keycap::keycap("3")
            ]
            .push(text::note("选处理"))
            .spacing(sp::S6)
            .align_y(Vertical::Center)
        });
        let (doubtful, damaged) = self.open();
        let together = (doubtful + damaged > 1 || self.choices.len() > 1).then(|| {
            let ways =
                self.bulk.map(|(bulk, n)| Item::new(bulk, bulk.label()).detail(format!("{n} 行")).disabled(n == 0));
            let opener = button::quiet("一起处理").after(Icon::ChevronDown).small().on_press(());
            menu::menu(opener, ways, Message::DecideAll)
        });
        let hide = (!self.detail).then(|| button::quiet("看这一行").small().on_press(Message::Detail(true)));
        line.push(together).push(space().width(Length::Fill)).push(keys).push(hide).into()
    }

    /// The current row: all it says, and all that would be written for it.
    fn in_full<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let plan = self.plan.as_ref()?;
        let (title, cells, deeds) = match self.grid.current()? {
            Line::Row(n) => {
                let planned = plan.rows.get(n)?;
                (format!("原表第 {} 行", planned.at), self.cells(n), self.effects(planned, ctx))
            }
            Line::Passed(n) => {
                let passed = self.table.passed_over.get(n)?;
                let said = if passed.text.is_empty() { "（空）".to_owned() } else { passed.text.to_string() };
                (format!("原表第 {} 行", passed.at), column![text::small(said)].into(), column![].into())
            }
        };
        let tools = row![text::strong(title), space().width(Length::Fill)]
            .push(self.row_tool())
            .push(button::icon_only(Icon::X).tip("收起").on_press(Message::Detail(false)))
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let body =
            row![container(cells).width(Length::FillPortion(3)), container(deeds).width(Length::FillPortion(2)),]
                .spacing(sp::S16);
        let inside = column![tools, scroll::scroll(container(body).padding(Padding { right: 12.0, ..Padding::ZERO }))];
        let strip = container(inside)
            .padding(Padding { top: 2.0, bottom: 4.0, left: 8.0, right: 4.0 })
            .width(Length::Fill)
            .height(DETAIL)
            .style(|theme: &Theme| container::background(theme.tokens.inset));
        Some(column![rule::across(Weight::Strong), strip].into())
    }

    fn row_tool(&self) -> Option<Element<'_, Message>> {
        let row = self.current()?;
        let planned = self.plan.as_ref()?.rows.get(row)?;
        if planned.name.is_empty() || planned.is_elsewhere() {
            return None;
        }
        Some(button::quiet("指定企业…").key("Enter").small().on_press(Message::OpenPick(row)).into())
    }

    /// Every cell of the source row under its head.
    fn cells(&self, n: usize) -> Element<'_, Message> {
        let Some(list) = self.table.rows.get(n) else { return column![].into() };
        let groups = list.groups.iter().filter_map(|g| self.table.groups.get(*g as usize));
        let groups = groups.map(|group| ("分组", group.raw.as_str(), None));
        let cells = self.table.columns.iter().zip(&list.cells).filter(|(_, cell)| !cell.text.is_empty());
        let cells = cells.map(|(column, cell)| (column.header.as_str(), &*cell.text, cell.note));
        let pairs = groups.chain(cells).map(|(head, said, note)| {
            let head = if head.is_empty() { "（无列名）" } else { head };
            let note = note.map(|note| text::toned(text::NOTE, Tone::Warn, format!("（{}）", note.label())));
            row![text::note(head), text::toned(text::SMALL, Tone::Plain, said)]
                .push(note)
                .spacing(sp::S6)
                .align_y(Vertical::Center)
                .into()
        });
        row(pairs).spacing(sp::S16).wrap().vertical_spacing(sp::S2).into()
    }

    /// What would be written, old against new, each on a line of its own.
    fn effects<'a>(&'a self, planned: &'a PlannedRow, ctx: &'a Ctx) -> Element<'a, Message> {
        let mut lines = column![].spacing(sp::S2);
        let firm = planned.firm.and_then(|(id, _)| ctx.ledger.firm(id));
        let shown = |key: &str, value: &str| match certificate::split_key(key) {
            Some(_) => value.to_owned(),
            None => show_firm(key, value),
        };
        if planned.effects.is_empty() {
            lines = lines.push(text::small(planned.says()));
        }
        for effect in &planned.effects {
            match effect {
                Effect::Firm { values, old } => {
                    // The firm first, then its certificate; a new firm's name stands in the list already.
                    let (certificates, own): (Vec<_>, Vec<_>) =
                        values.iter().partition(|(key, _)| certificate::split_key(key).is_some());
                    let own = own.into_iter().filter(|(key, _)| firm.is_some() || key.as_str() != key::NAME);
                    if firm.is_none() {
                        lines = lines.push(text::small("建企业档案"));
                    }
                    for (key, new) in own.chain(certificates) {
                        let label = match certificate::split_key(key) {
                            Some((kind, _, attr)) => {
                                format!("{}{}", words::certificate_kind(kind), certificate::label(attr))
                            }
                            None => fields::label(key),
                        };
                        let new = new.as_deref().map_or_else(|| "清空".to_owned(), |new| shown(key, new));
                        let old = old.get(key).map(|old| shown(key, old));
                        let line = row![text::note(label)]
                            .push(old.map(|old| text::toned(text::SMALL, Tone::Quiet, format!("{old} →"))))
                            .push(text::toned(text::SMALL, Tone::Plain, new));
                        lines = lines.push(line.spacing(sp::S6).align_y(Vertical::Center));
                    }
                }
                Effect::RecordResult { filing, wish, .. } => {
                    let number = ctx.ledger.filing(*filing).map(|f| f.number.to_string()).unwrap_or_default();
                    lines =
                        lines.push(text::small(format!("申报 {number} 的结果记为“{}”，日期 {}", wish.word, wish.on)));
                }
                Effect::OpenFiling { edition } => {
                    let label = ctx.ledger.edition(*edition).map(|edition| edition.label()).unwrap_or_default();
                    lines = lines.push(text::small(format!("新增申报：{label}")));
                }
            }
        }
        let name = firm.map(|firm| &*firm.name).filter(|name| *name != planned.name);
        lines
            .push(name.map(|name| text::small(format!("档案里叫“{name}”"))))
            .extend(planned.remarks.iter().map(|remark| text::toned(text::SMALL, Tone::Warn, remark.as_str()).into()))
            .into()
    }
}
