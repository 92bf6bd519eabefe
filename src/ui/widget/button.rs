//! Buttons: a verb with what it touches, perhaps an icon in front and the key that does the same behind.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::row;

use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::{radius, size};
use crate::ui::theme::{Density, Theme};
use crate::ui::widget::press::{Look, Press, Status};
use crate::ui::widget::{keycap, tooltip};
use crate::ui::{Element, space, text};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Normal,
    Quiet,
    Danger,
}

/// A button being put together; turn it into an element when it is complete.
pub struct Button<'a, M> {
    kind: Kind,
    label: Option<String>,
    icon: Option<Icon>,
    after: Option<Icon>,
    key: Option<&'a str>,
    on_press: Option<M>,
    reason: Option<String>,
    height: f32,
    small: bool,
    width: Length,
    id: Option<iced::advanced::widget::Id>,
    stop: bool,
}

impl<'a, M: Clone + 'a> Button<'a, M> {
    fn new(kind: Kind, label: Option<String>, icon: Option<Icon>) -> Self {
        Self {
            kind,
            label,
            icon,
            after: None,
            key: None,
            on_press: None,
            reason: None,
            height: Density::Comfortable.control(),
            small: false,
            width: Length::Shrink,
            id: None,
            stop: true,
        }
    }

    /// What it sends; without it, or with `None`, it is disabled.
    #[must_use]
    pub fn on_press(mut self, message: impl Into<Option<M>>) -> Self {
        self.on_press = message.into();
        self
    }

    /// An icon in front of the word.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// An icon behind the word, such as the arrow of something that opens.
    #[must_use]
    pub fn after(mut self, icon: Icon) -> Self {
        self.after = Some(icon);
        self
    }

    /// The key that does the same. Showing it is all this does; the screen handles the key.
    #[must_use]
    pub fn key(mut self, key: &'a str) -> Self {
        self.key = Some(key);
        self
    }

    /// Disables it and says why under the pointer.
    #[must_use]
    pub fn refused(mut self, reason: impl Into<String>) -> Self {
        self.on_press = None;
        self.reason = Some(reason.into());
        self
    }

    /// What it does, under the pointer; for buttons without a word.
    #[must_use]
    pub fn tip(mut self, words: impl Into<String>) -> Self {
        self.reason = Some(words.into());
        self
    }

    /// The height of controls at this density.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.height = density.control();
        self
    }

    /// 28 px with 13 px text, whatever the density: inside panels and table rows.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.height = 28.0;
        self.small = true;
        self
    }

    /// 36 px: a decision.
    #[must_use]
    pub fn decision(mut self) -> Self {
        self.height = size::DECISION;
        self
    }

    /// Its width; that of its words unless told.
    #[must_use]
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
        self
    }

    /// A name by which focus can be given to it.
    #[must_use]
    pub fn id(mut self, id: impl Into<iced::advanced::widget::Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Tab passes it over.
    #[must_use]
    pub fn no_stop(mut self) -> Self {
        self.stop = false;
        self
    }
}

/// What the page is for: filled, in 700. One per screen.
pub fn primary<'a, M: Clone + 'a>(label: impl Into<String>) -> Button<'a, M> {
    Button::new(Kind::Primary, Some(label.into()), None)
}

/// Any other thing to do.
pub fn normal<'a, M: Clone + 'a>(label: impl Into<String>) -> Button<'a, M> {
    Button::new(Kind::Normal, Some(label.into()), None)
}

/// A thing to do that reads as a link.
pub fn quiet<'a, M: Clone + 'a>(label: impl Into<String>) -> Button<'a, M> {
    Button::new(Kind::Quiet, Some(label.into()), None)
}

/// What takes something away.
pub fn danger<'a, M: Clone + 'a>(label: impl Into<String>) -> Button<'a, M> {
    Button::new(Kind::Danger, Some(label.into()), None)
}

/// ↑ ↓ × …: a square without a word. Give it a [`Button::tip`].
pub fn icon_only<'a, M: Clone + 'a>(icon: Icon) -> Button<'a, M> {
    Button { height: 28.0, ..Button::new(Kind::Quiet, None, Some(icon)) }
}

fn look(kind: Kind, bare: bool, theme: &Theme, status: Status) -> Look {
    let t = theme.tokens;
    let lit = status.hovered || status.pressed;
    let look = match (kind, status.disabled) {
        (Kind::Quiet, true) => Look::bare(if bare { t.line_strong } else { t.t3 }),
        (_, true) => Look::bare(t.t3).ground(t.inset).frame(t.line),
        (Kind::Primary, false) => Look::bare(t.on_fill).ground(t.accent_fill).frame(t.accent_fill),
        (Kind::Normal, false) => Look::bare(t.t1)
            .ground(if lit { t.hover } else { t.sheet })
            .frame(if status.pressed { t.accent } else { t.line_ctl }),
        (Kind::Danger, false) => Look::bare(t.danger).ground(if lit { t.danger_soft } else { t.sheet }).frame(t.danger),
        (Kind::Quiet, false) => {
            let ink = if bare { t.t2 } else { t.accent };
            if lit { Look::bare(if bare { t.t1 } else { ink }).ground(t.hover) } else { Look::bare(ink) }
        }
    };
    let look = if kind == Kind::Primary && lit && !status.disabled {
        // The fill has no second tone; a frame of the text's colour says that it is under the hand.
        look.frame(t.accent)
    } else {
        look
    };
    look.radius(radius::CONTROL)
}

impl<'a, M: Clone + 'a> From<Button<'a, M>> for Element<'a, M> {
    fn from(button: Button<'a, M>) -> Self {
        let Button { kind, label, icon, after, key, on_press, reason, height, small, width, id, stop } = button;
        let bare = label.is_none();
        let (style, picture) = if small { (text::SMALL, icon::size::INLINE) } else { (text::BODY, icon::size::BUTTON) };
        let style = if kind == Kind::Primary { style.bold() } else { style };
        let line = |words: String| text::styled(style, words).wrapping(iced::widget::text::Wrapping::None);
        let content = row![]
            .push(icon.map(|which| icon::icon(which, if bare { icon::size::BUTTON } else { picture })))
            .push(label.map(line))
            .push(after.map(|which| icon::icon(which, icon::size::INLINE)))
            .push(key.map(|key| {
                let cap: Element<'a, M> = if kind == Kind::Primary && on_press.is_some() {
                    keycap::on_fill(key)
                } else {
                    keycap::keycap(key)
                };
                iced::widget::container(cap).padding(iced::padding::left(space::S4))
            }))
            .spacing(space::S6)
            .align_y(Vertical::Center);
        let side = match (bare, kind, small) {
            (true, ..) => 0.0,
            (_, Kind::Quiet, _) => space::S8,
            (_, _, true) => 10.0,
            _ => space::S12,
        };
        let mut press = Press::new(content, move |theme, status| look(kind, bare, theme, status))
            .on_press(on_press)
            .padding([0.0, side])
            .height(height)
            .width(if bare && width == Length::Shrink { Length::Fixed(height) } else { width });
        if let Some(id) = id {
            press = press.id(id);
        }
        if !stop {
            press = press.no_stop();
        }
        match reason {
            Some(reason) => tooltip::tip(press, reason),
            None => press.into(),
        }
    }
}
