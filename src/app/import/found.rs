//! 找到了什么: the file, its table, what was passed over, and whether the groups have as many rows as they say.

use std::sync::LazyLock;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::review::Review;
use super::sums::{Heap, Show};
use super::{Message, page};
use crate::app::ctx::Ctx;
use crate::exchange::lists::{FoundTable, GroupKind};
use crate::ui::grid::{Cell, Column, Grid};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::radius;
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::{button, dialog, section, select};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// Width of the names.
const NAMES: f32 = 64.0;

/// Differing groups that are named on the page itself.
const NAMED: usize = 3;

/// The columns of the groups' dialog.
pub static GROUP_COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    vec![
        Column::number("at", "原表行", 64.0).unsortable().fixed(),
        Column::name("raw", "分组").unsortable().fixed(),
        Column::number("declared", "写的", 72.0).unsortable().fixed(),
        Column::number("counted", "实有", 72.0).unsortable().fixed(),
        Column::text("says", "", 96.0).unsortable().fixed(),
    ]
});

impl Review {
    pub(super) fn found_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let table = &*self.table;
        let mut lines: Vec<Element<'a, Message>> = vec![section::section("找到了什么", None, None)];
        let mut line = |name: &'a str, value: Element<'a, Message>| {
            let name = container(text::toned(text::SMALL, Tone::Quiet, name)).width(NAMES);
            let line = row![name, container(value).width(Length::Fill)].spacing(sp::S8);
            lines.push(container(line).padding([3, 8]).into());
        };
        line("文件", said(self.loaded.name.as_str()));
        if self.loaded.tables.len() > 1 {
            line("第几张表", self.tables(ctx));
        } else if let Some(sheet) = &table.sheet {
            line("工作表", said(if table.hidden { format!("{sheet}（隐藏的）") } else { sheet.clone() }));
        }
        let blocks = if table.blocks > 1 { format!("，并排 {} 块", table.blocks) } else { String::new() };
        line(
            "表格",
            said(format!("第 {} 至 {} 行，{} 列{blocks}", table.first_row, table.last_row, table.columns.len())),
        );
        line("标题", if table.title.is_empty() { quiet("表里没有") } else { said(table.title.as_str()) });
        if let Some((from, to)) = table.hints.publicity {
            line("公示", said(format!("{} 至 {}", day(from), day(to))));
        }
        match table.hints.date {
            Some(date) => line("公告日期", said(day(date))),
            None => line("公告日期", quiet("没有找到，可以在下面填")),
        }
        if let Some(number) = &table.hints.document_number {
            line("发文字号", said(number.as_str()));
        }
        if table.hints.declared_total.is_some() || self.facts.declared > 0 {
            line("家数", self.counts());
        }
        if let Some(hidden) = hidden(table, self.facts.hidden_rows) {
            line("隐藏", toned(Tone::Warn, hidden));
        }
        if !table.passed_over.is_empty() {
            line("跳过的行", self.passed());
        }
        lines.push(page::hair());
        iced::widget::Column::with_children(lines).into()
    }

    fn tables(&self, ctx: &Ctx) -> Element<'_, Message> {
        let items = self.loaded.tables.iter().enumerate().map(|(n, table)| {
            let name = table.sheet.clone().unwrap_or_else(|| table.title.clone());
            let name = if name.is_empty() { "没有标题".to_owned() } else { name };
            let hidden = if table.hidden { "（隐藏的）" } else { "" };
            let words = crate::ui::measure::cut(&name, text::BODY.size, false, 128.0).into_owned();
            Item::new(n, format!("{}/{} {words}{hidden}", n + 1, self.loaded.tables.len()))
                .detail(format!("{} 行", table.rows.len()))
        });
        select::select(items, Some(self.n)).on_choose(Message::Table).width(Length::Fill).density(ctx.controls()).into()
    }

    /// Whether title and groups have as many rows as they say.
    fn counts(&self) -> Element<'_, Message> {
        let table = &*self.table;
        let mut lines = column![];
        if let Some(declared) = table.hints.declared_total {
            let counted = table.rows.len();
            lines = lines.push(if declared as usize == counted {
                toned(Tone::Success, format!("标题写 {declared} 家，实有 {counted} 行"))
            } else {
                toned(Tone::Warn, format!("标题写 {declared} 家，实有 {counted} 行"))
            });
        }
        let declared = self.facts.declared;
        if declared > 0 {
            let differ = self.facts.differing.len();
            let (tone, words) = match differ {
                0 => (Tone::Success, format!("分组 {declared} 个，家数都对得上")),
                n => (Tone::Warn, format!("分组 {declared} 个，{n} 个对不上")),
            };
            lines = lines.push(link(tone, words, Message::OpenGroups));
            for group in self.differing().take(NAMED) {
                let declared = group.declared.unwrap_or_default();
                lines = lines
                    .push(toned(Tone::Warn, format!("{}：写 {declared} 家，实有 {} 家", group.label, group.counted)));
            }
            if differ > NAMED {
                lines = lines.push(toned(Tone::Warn, format!("还有 {} 个，点上面看全部", differ - NAMED)));
            }
        }
        lines.into()
    }

    /// What was passed over, by sort, each opening its rows.
    fn passed(&self) -> Element<'_, Message> {
        let mut counts: Vec<(crate::exchange::lists::Passed, u32)> = Vec::new();
        for passed in &self.table.passed_over {
            match counts.iter_mut().find(|(why, _)| *why == passed.why) {
                Some((_, rows)) => *rows += passed.rows,
                None => counts.push((passed.why, passed.rows)),
            }
        }
        counts.sort();
        let links = counts.into_iter().map(|(why, rows)| {
            link(Tone::Accent, format!("{} {rows}", why.label()), Message::Show(Show::Passed(Heap::of(why))))
        });
        row(links).spacing(sp::S12).wrap().vertical_spacing(sp::S2).into()
    }
}

fn hidden(table: &FoundTable, rows: usize) -> Option<String> {
    let columns = table.columns.iter().filter(|column| column.hidden).count();
    let mut parts = Vec::new();
    if rows > 0 {
        parts.push(format!("{rows} 行是隐藏的，也读了"));
    }
    if columns > 0 {
        parts.push(format!("{columns} 列是隐藏的"));
    }
    if table.columns_left_out > 0 {
        parts.push(format!("右边 {} 列太多，没有读", table.columns_left_out));
    }
    (!parts.is_empty()).then(|| parts.join("；"))
}

fn day((year, month, day): (i32, u32, u32)) -> String {
    format!("{year}-{month:02}-{day:02}")
}

fn said<'a>(words: impl iced::widget::text::IntoFragment<'a>) -> Element<'a, Message> {
    text::toned(text::SMALL, Tone::Plain, words).into()
}

fn quiet(words: &str) -> Element<'_, Message> {
    text::toned(text::SMALL, Tone::Quiet, words).into()
}

fn toned<'a>(tone: Tone, words: String) -> Element<'a, Message> {
    text::toned(text::SMALL, tone, words).into()
}

/// Words that open something, in a tone of their own.
fn link<'a>(tone: Tone, words: String, message: Message) -> Element<'a, Message> {
    let content = row![text::styled(text::SMALL, words), icon::icon(Icon::ChevronRight, icon::size::BADGE)]
        .spacing(sp::S2)
        .align_y(Vertical::Center);
    Press::new(content, move |theme, status| {
        let t = theme.tokens;
        let look = Look::bare(tone.ink(t)).radius(radius::SMALL);
        if status.hovered { look.ground(t.hover) } else { look }
    })
    .on_press(message)
    .into()
}

/// All groups, those that differ first.
pub fn groups<'a>(review: &'a Review, ctx: &'a Ctx) -> Element<'a, Message> {
    let cell = |n: usize, column: &Column| {
        let Some(group) = review.table.groups.get(n) else { return Cell::Blank };
        let differs = group.declared.is_some_and(|declared| declared != group.counted);
        let tone = if differs { Tone::Warn } else { Tone::Plain };
        match column.key.as_ref() {
            "at" => Cell::toned(Tone::Quiet, group.at.to_string()),
            "raw" => {
                let indent = "　".repeat(usize::from(group.level.saturating_sub(1)));
                let cell = Cell::toned(tone, format!("{indent}{}", group.raw));
                if group.kind == GroupKind::Heading { cell.remark("表前的标题") } else { cell }
            }
            "declared" => group.declared.map_or(Cell::Empty, |n| Cell::toned(tone, n.to_string())),
            "counted" => Cell::toned(tone, group.counted.to_string()),
            _ if differs => Cell::toned(Tone::Warn, "对不上"),
            _ if group.declared.is_some() => Cell::toned(Tone::Success, "对得上"),
            _ => Cell::toned(Tone::Quiet, "没有写家数"),
        }
    };
    let theme = ctx.theme.density(Density::Compact);
    let grid = Grid::new(
        &theme,
        &review.group_grid,
        &GROUP_COLUMNS,
        &review.groups,
        move |place, column| cell(place.id, column),
        Message::Groups,
    );
    let differ = review.differing().len();
    let says = match differ {
        0 => "每个分组写的家数都等于它下面的行数。".to_owned(),
        n => format!("有 {n} 个分组写的家数和它下面的行数不一样，排在最前。导入的是实有的行；差的那几家请对照原件。"),
    };
    let rows = review.groups.len().min(14) as f32;
    let height = theme.density.head() + rows * theme.density.row() + 4.0;
    let body = column![text::body(says), container(grid).height(height)].spacing(sp::S12);
    let close = button::primary("知道了").key("Esc").on_press(Message::CloseAbove).into();
    dialog::dialog(format!("分组 {} 个", review.groups.len()), body, [close], dialog::Width::Wide)
}
