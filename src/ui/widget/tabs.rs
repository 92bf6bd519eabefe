//! Tabs: words with counts, a line of accent under the one that is open.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use crate::ui::theme::Theme;
use crate::ui::theme::tokens::size;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, text};

/// Tabs over their hairline; pressing one sends `on_open`. `tail` stands at the right end (更多).
pub fn tabs<'a, T: Clone + PartialEq, M: Clone + 'a>(
    tabs: impl IntoIterator<Item = (T, String)>,
    open: &T,
    on_open: impl Fn(T) -> M,
    tail: Option<Element<'a, M>>,
) -> Element<'a, M> {
    let line = row(tabs.into_iter().map(|(value, label)| {
        let on = value == *open;
        let style = if on { text::BODY.bold() } else { text::BODY };
        let words = container(text::styled(style, label).wrapping(iced::widget::text::Wrapping::None))
            .height(size::TABS - 2.0)
            .align_y(Vertical::Center);
        let bar = container(iced::widget::space().height(2)).width(Length::Fill).style(move |theme: &Theme| {
            if on { container::background(theme.tokens.accent) } else { container::Style::default() }
        });
        // The bar is as wide as the words, which is why the column must not fill.
        Press::new(column![words, bar].width(Length::Shrink), move |theme, status| {
            let t = theme.tokens;
            Look::bare(match (on, status.hovered) {
                (true, _) => t.accent,
                (false, true) => t.t1,
                (false, false) => t.t2,
            })
            .ring_inside()
        })
        .on_press(on_open(value))
        .height(size::TABS)
        .into()
    }))
    .spacing(18);
    let line = row![line, iced::widget::space::horizontal()].push(tail).align_y(Vertical::Center);
    // The hairline runs under all of them; the bar of the open tab lies on it.
    rule::under(line.width(Length::Fill).height(size::TABS), Weight::Hair)
}
