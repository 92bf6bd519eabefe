//! 列对应: what each column of the list means, as recognised by its name, and how to say otherwise.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::review::Review;
use super::{Message, page};
use crate::exchange::lists::{FoundColumn, Meaning};
use crate::ui::icon::{self, Icon};
use crate::ui::widget::list::Item;
use crate::ui::widget::{section, select};
use crate::ui::{Density, Element, Tone, measure, space as sp, text};

/// Width of a column's own name.
const HEADER: f32 = 112.0;

impl Review {
    pub(super) fn columns_view(&self) -> Element<'_, Message> {
        let columns = &self.table.columns;
        let unknown = columns.iter().filter(|column| column.meaning.is_none()).count();
        let guessed = columns.iter().filter(|column| column.guessed).count();
        let remark = match (unknown, guessed) {
            (0, 0) => "都认出来了",
            (_, 0) => "没认出的不写入",
            _ => "有猜的，请看一眼",
        };
        let mut table = column![section::section("列对应", Some(remark), None)];
        for (n, column) in columns.iter().enumerate() {
            table = table.push(self.column_view(n, column)).push(page::hair());
        }
        table.into()
    }

    fn column_view<'a>(&'a self, n: usize, column: &'a FoundColumn) -> Element<'a, Message> {
        let header = if column.header.is_empty() { format!("第 {} 列", n + 1) } else { column.header.clone() };
        let header = measure::cut(&header, text::SMALL.size, false, HEADER - 4.0).into_owned();
        let (tone, note) = self.note(n, column);
        let left = column![
            text::line(text::SMALL, Tone::Plain, header),
            text::line(text::NOTE, tone, measure::cut(&note, text::NOTE.size, false, HEADER - 4.0).into_owned()),
        ]
        .width(HEADER);
        let items = std::iter::once(Item::new(None, "不写入"))
            .chain(Meaning::all().iter().map(|meaning| Item::new(Some(*meaning), meaning.label())));
        let meaning = select::select(items, Some(column.meaning))
            .on_choose(move |meaning| Message::Means(n, meaning))
            .width(Length::Fill)
            .density(Density::Compact);
        let line = row![
            left,
            icon::toned(Icon::ArrowRight, icon::size::INLINE, Tone::Quiet),
            container(Element::from(meaning)).width(Length::Fill),
        ]
        .spacing(sp::S6)
        .align_y(Vertical::Center);
        container(line).padding(iced::Padding { top: 3.0, bottom: 3.0, left: 8.0, right: 0.0 }).into()
    }

    /// How full the column is, and what deserves a look.
    fn note(&self, n: usize, column: &FoundColumn) -> (Tone, String) {
        let lost = self.facts.lost.get(n).copied().unwrap_or_default();
        let rows = self.table.rows.len();
        if lost > 0 {
            return (Tone::Danger, format!("{lost} 个末位丢失"));
        }
        if column.guessed {
            return (Tone::Warn, "按内容猜的".to_owned());
        }
        let hidden = if column.hidden { "，隐藏列" } else { "" };
        match column.filled as usize {
            0 => (Tone::Faint, format!("全是空的{hidden}")),
            filled if filled >= rows => (Tone::Quiet, format!("每行都有{hidden}")),
            filled => (Tone::Quiet, format!("{filled} 行有{hidden}")),
        }
    }
}
