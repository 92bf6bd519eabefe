//! A list with its detail beside it, not instead of it; in a narrow window the detail covers the list.

use iced::widget::row;
use iced::{Length, Padding, widget::container};

use crate::ui::Element;
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::size;
use crate::ui::widget::rule::{self, Weight};

/// How wide the panel beside a list is in a page of this width; `None` when it covers the list. `wanted` is the width a
/// person dragged it to, or the screen's own.
pub fn panel_width(window: f32, page: f32, wanted: f32) -> Option<f32> {
    if window < size::PANEL_COVERS_BELOW {
        return None;
    }
    // The list keeps at least its name column with a status.
    let most = (page - 420.0).min(size::PANEL_MAX);
    Some(if wanted.is_finite() { wanted } else { size::PANEL_USUAL }.min(most).max(size::PANEL_MIN))
}

/// The list alone, or with its detail beside or above it. `width` comes from [`panel_width`].
pub fn split<'a, M: 'a>(
    list: impl Into<Element<'a, M>>,
    detail: Option<Element<'a, M>>,
    width: Option<f32>,
) -> Element<'a, M> {
    // Alone or not, the list keeps its place in the tree: the keyboard stays on it when a detail opens beside it.
    match (detail, width) {
        (None, _) => row![container(list).width(Length::Fill).height(Length::Fill)].into(),
        (Some(detail), Some(width)) => row![
            container(list).width(Length::Fill).height(Length::Fill),
            rule::down(Weight::Strong),
            container(detail).width(width).height(Length::Fill),
        ]
        .into(),
        (Some(detail), None) => container(detail).width(Length::Fill).height(Length::Fill).into(),
    }
}

/// A page's margins: 24 left, 20 right.
pub const PAGE: Padding = Padding { top: 0.0, right: size::PAGE_RIGHT, bottom: 0.0, left: size::PAGE_LEFT };

/// The name of whatever stands at the foot of a page and has buttons: what is told stays above it.
pub const FOOT: &str = "page-foot";

/// The name of a panel at the right in which one decision follows the other: what is told stays left of it.
pub const SIDE: &str = "page-side";

/// The bar at the foot of a page where decisions are made: inset, a line above.
pub fn action_bar<'a, M: 'a>(content: impl Into<Element<'a, M>>) -> Element<'a, M> {
    bar(content, |theme| (theme.tokens.inset, theme.tokens.line_strong))
}

/// The same while rows are selected: on the selected ground.
pub fn selection_bar<'a, M: 'a>(content: impl Into<Element<'a, M>>) -> Element<'a, M> {
    bar(content, |theme| (theme.tokens.selected, theme.tokens.accent))
}

fn bar<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    colors: fn(&Theme) -> (crate::ui::Color, crate::ui::Color),
) -> Element<'a, M> {
    let line = container(iced::widget::space().width(Length::Fill).height(1))
        .style(move |theme: &Theme| container::background(colors(theme).1));
    let body = container(content)
        .id(FOOT)
        .width(Length::Fill)
        .height(47)
        .align_y(iced::alignment::Vertical::Center)
        .padding(PAGE)
        .style(move |theme: &Theme| container::background(colors(theme).0));
    iced::widget::column![line, body].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panel_keeps_to_its_widths_and_leaves_the_list_room() {
        assert_eq!(panel_width(1100.0, 1036.0, 480.0), None);
        assert_eq!(panel_width(1366.0, 1302.0, 480.0), Some(480.0));
        assert_eq!(panel_width(1366.0, 1302.0, 100.0), Some(440.0));
        assert_eq!(panel_width(1920.0, 1784.0, 2000.0), Some(768.0));
        assert_eq!(panel_width(1190.0, 800.0, 700.0), Some(440.0));
        assert_eq!(panel_width(1920.0, 1784.0, f32::NAN), Some(480.0));
    }
}
