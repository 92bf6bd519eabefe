//! An empty screen: one sentence of what is missing, one line why, then at most three ways to begin, as rows.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Tone;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, space as sp, text};

/// A way to begin.
pub struct Way<'a, M> {
    pub icon: Icon,
    pub title: &'a str,
    pub why: &'a str,
    pub button: Element<'a, M>,
}

/// An empty screen. `foot` is a last quiet remark.
pub fn empty<'a, M: 'a>(
    missing: &'a str,
    why: &'a str,
    ways: impl IntoIterator<Item = Way<'a, M>>,
    foot: Option<Element<'a, M>>,
) -> Element<'a, M> {
    let mut rows = column![
        text::title(missing),
        container(text::toned(text::BODY, Tone::Quiet, why)).padding(Padding { bottom: 16.0, ..Padding::ZERO }),
        rule::across(Weight::Heavy),
    ];
    for way in ways {
        let words = column![text::strong(way.title), text::small(way.why)];
        let line = row![
            container(icon::toned(way.icon, icon::size::PALETTE, Tone::Accent)).center_x(36),
            container(words).width(Length::Fill),
            container(way.button).width(150),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center)
        .height(75)
        .padding(Padding { right: 8.0, ..Padding::ZERO });
        rows = rows.push(line).push(rule::across(Weight::Hair));
    }
    let foot = foot.map(|foot| container(foot).padding(iced::padding::top(14)));
    container(rows.push(foot)).max_width(880).into()
}
