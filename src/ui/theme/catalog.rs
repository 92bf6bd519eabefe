//! How iced's own widgets look under our theme. Each class is a closure over the theme, so that any widget can be given
//! its own look in place; the defaults here are what a page gets when it says nothing.

use iced::widget::{button, container, rule, scrollable, text, text_editor, text_input};
use iced::{Background, Border, Color, Shadow};

use super::Theme;
use super::tokens::radius;

impl text::Catalog for Theme {
    type Class<'a> = text::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        // No colour of its own: it takes the colour of what it stands in.
        Box::new(|_| text::Style::default())
    }

    fn style(&self, class: &Self::Class<'_>) -> text::Style {
        class(self)
    }
}

impl container::Catalog for Theme {
    type Class<'a> = container::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|_| container::Style::default())
    }

    fn style(&self, class: &Self::Class<'_>) -> container::Style {
        class(self)
    }
}

impl rule::Catalog for Theme {
    type Class<'a> = rule::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|theme| rule::Style {
            color: theme.tokens.line,
            radius: 0.0.into(),
            fill_mode: rule::FillMode::Full,
            snap: true,
        })
    }

    fn style(&self, class: &Self::Class<'_>) -> rule::Style {
        class(self)
    }
}

impl button::Catalog for Theme {
    type Class<'a> = button::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|theme, status| {
            let t = theme.tokens;
            button::Style {
                background: matches!(status, button::Status::Hovered | button::Status::Pressed)
                    .then_some(t.hover.into()),
                text_color: if status == button::Status::Disabled { t.t3 } else { t.accent },
                border: Border { radius: radius::CONTROL.into(), ..Border::default() },
                ..button::Style::default()
            }
        })
    }

    fn style(&self, class: &Self::Class<'_>, status: button::Status) -> button::Style {
        class(self, status)
    }
}

impl text_input::Catalog for Theme {
    type Class<'a> = text_input::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(bare_input)
    }

    fn style(&self, class: &Self::Class<'_>, status: text_input::Status) -> text_input::Style {
        class(self, status)
    }
}

/// A text input without a frame: the field around it draws that.
pub fn bare_input(theme: &Theme, status: text_input::Status) -> text_input::Style {
    let t = theme.tokens;
    text_input::Style {
        background: Background::Color(Color::TRANSPARENT),
        border: Border::default(),
        icon: t.t2,
        placeholder: t.t3,
        value: if matches!(status, text_input::Status::Disabled) { t.t2 } else { t.t1 },
        selection: t.accent_soft,
    }
}

impl text_editor::Catalog for Theme {
    type Class<'a> = text_editor::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|theme, status| {
            let t = theme.tokens;
            text_editor::Style {
                background: Background::Color(Color::TRANSPARENT),
                border: Border::default(),
                placeholder: t.t3,
                value: if matches!(status, text_editor::Status::Disabled) { t.t2 } else { t.t1 },
                selection: t.accent_soft,
            }
        })
    }

    fn style(&self, class: &Self::Class<'_>, status: text_editor::Status) -> text_editor::Style {
        class(self, status)
    }
}

impl scrollable::Catalog for Theme {
    type Class<'a> = scrollable::StyleFn<'a, Theme>;

    fn default<'a>() -> Self::Class<'a> {
        Box::new(|theme, status| {
            let t = theme.tokens;
            let held = matches!(status, scrollable::Status::Dragged { .. });
            let rail = scrollable::Rail {
                background: None,
                border: Border::default(),
                scroller: scrollable::Scroller {
                    background: (if held { t.line_ctl } else { t.line_strong }).into(),
                    border: Border { radius: radius::SMALL.into(), ..Border::default() },
                },
            };
            scrollable::Style {
                container: container::Style::default(),
                vertical_rail: rail,
                horizontal_rail: rail,
                gap: None,
                auto_scroll: scrollable::AutoScroll {
                    background: t.pop.into(),
                    border: Border { radius: radius::POP.into(), width: theme.hair(1.0), color: t.line_strong },
                    shadow: Shadow::default(),
                    icon: t.t2,
                },
            }
        })
    }

    fn style(&self, class: &Self::Class<'_>, status: scrollable::Status) -> scrollable::Style {
        class(self, status)
    }
}
