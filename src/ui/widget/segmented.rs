//! A choice of a few, side by side: 表格 看板 日历, 我经办的 全科.

use iced::alignment::Vertical;
use iced::widget::{container, row};
use iced::{Border, border};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::radius;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, space, text};

/// One option.
#[derive(Debug, Clone)]
pub struct Segment<T> {
    pub value: T,
    pub label: String,
    pub icon: Option<Icon>,
}

impl<T> Segment<T> {
    /// An option with a word.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self { value, label: label.into(), icon: None }
    }

    /// With an icon in front.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// The options, `chosen` filled. Pressing another one sends `on_choose`.
pub fn segmented<'a, T: Clone + PartialEq, M: Clone + 'a>(
    segments: impl IntoIterator<Item = Segment<T>>,
    chosen: &T,
    on_choose: impl Fn(T) -> M,
) -> Element<'a, M> {
    const HEIGHT: f32 = 28.0;
    let segments: Vec<_> = segments.into_iter().collect();
    let last = segments.len().saturating_sub(1);
    let mut line = row![];
    for (at, segment) in segments.into_iter().enumerate() {
        let on = segment.value == *chosen;
        let style = if on { text::SMALL.bold() } else { text::SMALL };
        let content = row![]
            .push(segment.icon.map(|which| icon::icon(which, icon::size::INLINE)))
            .push(text::styled(style, segment.label).wrapping(iced::widget::text::Wrapping::None))
            .spacing(space::S6)
            .align_y(Vertical::Center);
        // The outer corners are round on the inside of the frame.
        let inner = radius::CONTROL - 1.0;
        let left = if at == 0 { inner } else { 0.0 };
        let right = if at == last { inner } else { 0.0 };
        let corners = border::Radius { top_left: left, bottom_left: left, top_right: right, bottom_right: right };
        if at > 0 {
            line = line.push(container(separator()).height(HEIGHT - 2.0));
        }
        line = line.push(
            Press::new(content, move |theme, status| {
                let t = theme.tokens;
                let look = match (on, status.hovered) {
                    (true, _) => Look::bare(t.on_fill).ground(t.accent_fill),
                    (false, true) => Look::bare(t.t1).ground(t.hover),
                    (false, false) => Look::bare(t.t2).ground(t.sheet),
                };
                look.radius(corners)
            })
            .on_press(on_choose(segment.value))
            .padding([0, 10])
            .height(HEIGHT - 2.0),
        );
    }
    container(line)
        .padding(1)
        .style(|theme: &Theme| container::Style {
            border: Border { radius: radius::CONTROL.into(), width: theme.hair(1.0), color: theme.tokens.line_ctl },
            ..container::Style::default()
        })
        .into()
}

fn separator<'a, M: 'a>() -> Element<'a, M> {
    container(rule::down(Weight::Strong)).style(|theme: &Theme| container::background(theme.tokens.line_ctl)).into()
}
