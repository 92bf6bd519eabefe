//! The head of a section: its name, a remark, what can be done with it, and the heavy rule its rows begin under.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, row, space};

use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, text};

/// A section's head: 16/700, the remark after it, `tail` at the right, the heavy rule under all.
pub fn section<'a, M: 'a>(title: &'a str, remark: Option<&'a str>, tail: Option<Element<'a, M>>) -> Element<'a, M> {
    head(text::SECTION, title, remark, tail)
}

/// A block's head: the same at 14/700.
pub fn block<'a, M: 'a>(title: &'a str, remark: Option<&'a str>, tail: Option<Element<'a, M>>) -> Element<'a, M> {
    head(text::BODY.bold(), title, remark, tail)
}

/// A section's head without a rule, over a table, which brings its own.
pub fn heading<'a, M: 'a>(title: &'a str, remark: Option<&'a str>, tail: Option<Element<'a, M>>) -> Element<'a, M> {
    words(text::SECTION, title, remark, tail)
}

/// A block's head without a rule.
pub fn block_heading<'a, M: 'a>(
    title: &'a str,
    remark: Option<&'a str>,
    tail: Option<Element<'a, M>>,
) -> Element<'a, M> {
    words(text::BODY.bold(), title, remark, tail)
}

fn head<'a, M: 'a>(
    style: text::Style,
    title: &'a str,
    remark: Option<&'a str>,
    tail: Option<Element<'a, M>>,
) -> Element<'a, M> {
    column![words(style, title, remark, tail), rule::across(Weight::Heavy)].into()
}

fn words<'a, M: 'a>(
    style: text::Style,
    title: &'a str,
    remark: Option<&'a str>,
    tail: Option<Element<'a, M>>,
) -> Element<'a, M> {
    row![text::styled(style, title)]
        .push(remark.map(text::small))
        .push(space().width(Length::Fill))
        .push(tail)
        .spacing(crate::ui::space::S12)
        .height(32)
        .align_y(Vertical::Center)
        .into()
}
