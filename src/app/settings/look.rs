//! 外观: light or dark, how high rows are, how large everything is. A habit of this machine.

use iced::widget::column;

use crate::app::ctx::{self, Ctx};
use crate::app::look::{HABIT, Look, Rows, ZOOMS};
use crate::app::update::Update;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::section::section;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::{Density, Element, space as sp, text};

/// What people do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Dark(bool),
    Rows(Rows),
    Zoom(u16),
}

fn look(ctx: &Ctx) -> Look {
    ctx.habit(HABIT).unwrap_or_default()
}

/// Takes in what happened: the window puts it on at once.
pub fn update(message: Message, ctx: &Ctx) -> Update<Message> {
    let look = look(ctx);
    let look = match message {
        Message::Dark(dark) => Look { dark, ..look },
        Message::Rows(rows) => Look { rows, ..look },
        Message::Zoom(percent) => Look { zoom: f32::from(percent) / 100.0, ..look },
    };
    Update::event(ctx::remember(HABIT, &look))
}

/// The choices.
pub fn view<'a>(ctx: &'a Ctx) -> Element<'a, Message> {
    let look = look(ctx);
    let dark = [Segment::new(false, "浅色").icon(Icon::Sun), Segment::new(true, "深色").icon(Icon::Moon)];
    let rows = [
        Segment::new(Rows::Auto, "自动"),
        Segment::new(Rows::Comfortable, "舒适"),
        Segment::new(Rows::Compact, "紧凑"),
        Segment::new(Rows::Large, "大字"),
    ];
    let percent = |zoom: f32| (zoom * 100.0).round() as u16;
    let zooms = ZOOMS.iter().map(|zoom| Segment::new(percent(*zoom), format!("{}%", percent(*zoom))));
    let now = match ctx.theme.density {
        Density::Comfortable => "舒适",
        Density::Compact => "紧凑",
        Density::Large => "大字",
    };
    let hint = if look.rows == Rows::Auto { format!("照窗口大小，现在是{now}。") } else { String::new() };
    let says = if hint.is_empty() { Says::Nothing } else { Says::Hint(hint) };
    column![
        section("外观", Some("只影响这台电脑，改了就生效"), None),
        field("颜色", segmented(dark, &look.dark, Message::Dark)),
        field("行高", segmented(rows, &look.rows, Message::Rows)).says(says),
        field("大小", segmented(zooms, &percent(look.zoom()), Message::Zoom))
            .says(Says::Hint("Ctrl + 放大，Ctrl - 缩小，Ctrl 0 还原。".into())),
        text::small("右上角的姓名菜单里也能换颜色、放大缩小、收起左栏。"),
    ]
    .spacing(sp::S12)
    .into()
}
