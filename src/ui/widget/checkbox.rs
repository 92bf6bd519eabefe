//! A box to tick, with its words, and perhaps a line of explanation under them.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Border, Color};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::{radius, size};
use crate::ui::widget::press::{Look, Press};
use crate::ui::{Element, space, text};

/// Whether a box is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    On,
    Off,
    /// Some of what it stands for.
    Some,
}

impl From<bool> for Tick {
    fn from(on: bool) -> Self {
        if on { Tick::On } else { Tick::Off }
    }
}

/// The box alone.
pub fn mark<'a, M: 'a>(tick: Tick, disabled: bool) -> Element<'a, M> {
    let picture = match tick {
        Tick::On => Some(Icon::Check),
        Tick::Some => Some(Icon::Minus),
        Tick::Off => None,
    };
    container(iced::widget::row![].push(picture.map(|which| icon::icon(which, icon::size::BADGE))))
        .center(size::CHECK)
        .style(move |theme: &Theme| {
            let t = theme.tokens;
            let (ground, line) = match (tick, disabled) {
                (Tick::Off, false) => (t.sheet, t.line_ctl),
                (Tick::Off, true) => (t.inset, t.line_strong),
                (_, false) => (t.accent_fill, t.accent_fill),
                (_, true) => (t.line_strong, t.line_strong),
            };
            container::Style {
                text_color: Some(if disabled { t.sheet } else { t.on_fill }),
                background: Some(ground.into()),
                border: Border { radius: radius::SMALL.into(), width: theme.hair(1.0), color: line },
                ..container::Style::default()
            }
        })
        .into()
}

/// A box with its words; `on_toggle` gets the new state, `None` disables it.
pub fn checkbox<'a, M: Clone + 'a>(
    label: impl Into<String>,
    tick: impl Into<Tick>,
    on_toggle: Option<impl Fn(bool) -> M>,
) -> Element<'a, M> {
    explained(label, None::<String>, tick, on_toggle)
}

/// A box with its words and a line under them.
pub fn explained<'a, M: Clone + 'a>(
    label: impl Into<String>,
    note: Option<impl Into<String>>,
    tick: impl Into<Tick>,
    on_toggle: Option<impl Fn(bool) -> M>,
) -> Element<'a, M> {
    let tick = tick.into();
    let disabled = on_toggle.is_none();
    let message = on_toggle.map(|on_toggle| on_toggle(tick != Tick::On));
    let words = column![text::styled(text::BODY, label.into())].push(note.map(|note| text::small(note.into())));
    // The box is centred on the first line.
    let side = container(mark(tick, disabled)).padding(iced::padding::top((text::BODY.line - size::CHECK) / 2.0));
    Press::new(row![side, words].spacing(space::S8).align_y(Vertical::Top), move |theme, status| {
        let t = theme.tokens;
        Look { ground: None, ..Look::bare(if status.disabled { t.t3 } else { t.t1 }).ground(Color::TRANSPARENT) }
            .radius(radius::SMALL)
    })
    .on_press(message)
    .left()
    .into()
}
