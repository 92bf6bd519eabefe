//! The log drawn: its filters, its lines, what may be done with each.

use std::borrow::Cow;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::super::hints;
use super::{Log, Message, Out, PAGE, ROWS, export, way_back};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::date::{iso, parse_day};
use crate::domain::event::DeedKind;
use crate::domain::people::Permission;
use crate::store::queries::LogRow;
use crate::ui::grid::{Cell, Grid};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, date_field, input, select};
use crate::ui::{Element, Tone, space as sp, text};

impl Log {
    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            |place, column| {
                let row = place.find(&self.ids).and_then(|at| rows.get(at));
                row.map_or(Cell::Blank, |row| cell(row, &column.key, ctx))
            },
            |event| Out::Log(Message::Grid(event)),
        )
        .id(ROWS);
        let more = ((rows.len() as u64) < self.count).then(|| {
            let button = button::quiet(format!("再列 {PAGE} 条更早的")).icon(Icon::ChevronDown).small();
            container(button.on_press(Out::Log(Message::More))).padding([6, 0])
        });
        let head = column![self.filters(ctx), self.tools(rows.len(), ctx)].spacing(sp::S6);
        column![container(head).padding(iced::padding::bottom(8)), container(grid).height(Length::Fill)]
            .push(more)
            .into()
    }

    fn filters<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let people = std::iter::once(Item::new(None, "所有人"))
            .chain(ctx.ledger.actors().map(|(id, name)| Item::new(Some(id), name.to_owned())));
        let kinds = std::iter::once(Item::new(None, "所有类别"))
            .chain(DeedKind::ALL.into_iter().map(|kind| Item::new(Some(kind), kind.label())));
        let day = |typed: &'a str, put: fn(String) -> Message| {
            let read = parse_day(typed, ctx.year).ok();
            let wrong = read.is_none() && !typed.trim().is_empty();
            date_field::date_field(
                typed,
                read,
                ctx.today,
                move |typed| Out::Log(put(typed)),
                move |day| Out::Log(put(iso(day))),
            )
            .tone(wrong.then_some(Tone::Danger))
            .width(140.0)
            .density(ctx.controls())
        };
        row![
            select::select(people, Some(self.person))
                .on_choose(|person| Out::Log(Message::Person(person)))
                .density(ctx.controls()),
            select::select(kinds, Some(self.kind))
                .on_choose(|kind| Out::Log(Message::Kind(kind)))
                .density(ctx.controls()),
            day(&self.from, Message::From),
            text::small("至"),
            day(&self.to, Message::To),
            input::input(&self.text)
                .placeholder("找操作")
                .icon(Icon::Search)
                .on_input(|text| Out::Log(Message::Text(text)))
                .width(200)
                .density(ctx.controls()),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center)
        .into()
    }

    fn tools<'a>(&self, shown: usize, ctx: &Ctx) -> Element<'a, Out> {
        let count = self.count;
        let counted = if (shown as u64) < count {
            format!("共 {count} 条，列出 {shown}")
        } else {
            format!("共 {count} 条")
        };
        let open = (count > 0).then_some(Out::Log(Message::Export(export::Message::Open)));
        row![
            text::small(counted),
            space().width(Length::Fill),
            hints(if ctx.may(Permission::Undo) {
                &[("Enter", "详情"), ("1", "撤销或恢复")]
            } else {
                &[("Enter", "详情")]
            }),
        ]
        .push(
            ctx.may(Permission::Export)
                .then(|| button::normal("导出…").icon(Icon::FileSpreadsheet).density(ctx.controls()).on_press(open)),
        )
        .spacing(sp::S12)
        .align_y(Vertical::Center)
        .into()
    }
}

/// What was done, in words: what was only noted may have nothing but its sort.
pub fn said(row: &LogRow) -> &str {
    if row.words.is_empty() { row.kind.label() } else { &row.words }
}

fn cell<'a>(row: &'a LogRow, column: &str, ctx: &'a Ctx) -> Cell<'a> {
    match column {
        "at" => Cell::text(words::stamp(row.at, ctx)),
        "who" => Cell::text(ctx.ledger.user_name(row.actor)),
        "kind" if matches!(row.kind, DeedKind::SignInFailed | DeedKind::Refused | DeedKind::Lock) => {
            Cell::toned(Tone::Danger, row.kind.label())
        }
        "kind" => Cell::text(row.kind.label()),
        "name" if row.undone => Cell::toned(Tone::Faint, said(row)),
        "name" => Cell::text(said(row)),
        "count" => row.count.map_or(Cell::Blank, |count| Cell::text(count.to_string())),
        "device" => Cell::text(words::machine(row.device, ctx)),
        "state" if row.undone => Cell::Badge(Badge::outline(Icon::Undo2, "已撤销")),
        "state" => Cell::Blank,
        "deed" => match way_back(row).filter(|_| ctx.may(Permission::Undo)) {
            Some(word) => Cell::Choice { options: vec![Cow::Borrowed(word)], chosen: None },
            None => Cell::Blank,
        },
        _ => Cell::Go { word: "详情".into(), key: "Enter" },
    }
}
