//! The opening page of an account book: a double frame on the desk, a title, and rows to fill in.

use iced::alignment::Horizontal;
use iced::widget::{column, container, row};
use iced::{Border, Length};

use crate::ui::theme::Tone;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, Theme, space as sp, text};

/// Width of the page.
const WIDTH: f32 = 800.0;

/// The page in its double frame, in the middle of the desk; `foot` stands under it.
pub fn page<'a, M: 'a>(content: impl Into<Element<'a, M>>, foot: impl Into<Element<'a, M>>) -> Element<'a, M> {
    let inner = container(content).padding([40.0, 72.0]).width(Length::Fill).style(|theme: &Theme| container::Style {
        border: Border { width: theme.hair(1.0), color: theme.tokens.rule, ..Border::default() },
        ..container::Style::default()
    });
    let outer = container(inner).padding(6).width(WIDTH).style(|theme: &Theme| container::Style {
        background: Some(theme.tokens.sheet.into()),
        border: Border { width: theme.hair(2.0), color: theme.tokens.rule, ..Border::default() },
        ..container::Style::default()
    });
    let foot = container(foot).width(WIDTH).padding(iced::padding::top(sp::S16));
    let all = container(column![outer, foot]).center_x(Length::Fill).padding([sp::S24, 0.0]);
    let all = container(crate::ui::widget::scroll::scroll(all).height(Length::Shrink)).center_y(Length::Fill);
    container(all)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(|theme: &Theme| container::Style {
            background: Some(theme.tokens.desk.into()),
            text_color: Some(theme.tokens.t1),
            ..container::Style::default()
        })
        .into()
}

/// The title and the line under it.
pub fn title<'a, M: 'a>(words: impl Into<String>, under: impl Into<String>) -> Element<'a, M> {
    let under = text::toned(text::BODY, Tone::Quiet, under.into());
    container(column![text::display(words.into()), under].spacing(sp::S8).align_x(Horizontal::Center))
        .center_x(Length::Fill)
        .padding(iced::padding::bottom(sp::S24))
        .into()
}

/// One row: what it is at the left on its inset, the field and a hint at the right.
pub fn line<'a, M: 'a>(
    label: &'a str,
    field: impl Into<Element<'a, M>>,
    hint: Option<Element<'a, M>>,
) -> Element<'a, M> {
    let label = container(text::toned(text::SECTION, Tone::Plain, label))
        .width(132)
        .height(Length::Fill)
        .padding([18.0, 16.0])
        .style(|theme: &Theme| container::background(theme.tokens.inset));
    let field = container(column![field.into()].push(hint).spacing(sp::S6)).padding([14.0, 16.0]).width(Length::Fill);
    row![label, rule::down(Weight::Hair), field].height(Length::Shrink).into()
}

/// Rows under the heavy rule, hairlines between.
pub fn lines<'a, M: 'a>(lines: impl IntoIterator<Item = Element<'a, M>>) -> Element<'a, M> {
    let mut all = column![rule::across(Weight::Heavy)];
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            all = all.push(rule::across(Weight::Hair));
        }
        all = all.push(line);
    }
    all.push(rule::across(Weight::Heavy)).into()
}
