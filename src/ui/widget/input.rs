//! A line to type into, in its frame: with a unit, an icon, an eye for passwords, numbers to the right.

use std::rc::Rc;

use iced::advanced::widget::Id;
use iced::alignment::{Horizontal, Vertical};
use iced::widget::{container, row, text_input};
use iced::{Length, Padding};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::frame::Frame;
use crate::ui::widget::guard::Guard;
use crate::ui::widget::{button, press};
use crate::ui::{Element, space, text};

/// A text input being put together.
pub struct Input<'a, M> {
    value: &'a str,
    placeholder: &'a str,
    on_input: Option<Box<dyn Fn(String) -> M + 'a>>,
    on_submit: Option<M>,
    unit: Option<&'a str>,
    icon: Option<Icon>,
    after: Option<Element<'a, M>>,
    right: bool,
    secure: Option<(bool, M)>,
    style: text::Style,
    height: f32,
    width: Length,
    pad: f32,
    tone: Option<Tone>,
    in_cell: bool,
    id: Option<Id>,
}

/// A text input showing `value`. Without [`Input::on_input`] it is disabled.
pub fn input<'a, M: Clone + 'a>(value: &'a str) -> Input<'a, M> {
    Input {
        value,
        placeholder: "",
        on_input: None,
        on_submit: None,
        unit: None,
        icon: None,
        after: None,
        right: false,
        secure: None,
        style: text::BODY,
        height: Density::Comfortable.control(),
        width: Length::Fill,
        pad: 10.0,
        tone: None,
        in_cell: false,
        id: None,
    }
}

impl<'a, M: Clone + 'a> Input<'a, M> {
    /// What to write when nothing is written.
    #[must_use]
    pub fn placeholder(mut self, words: &'a str) -> Self {
        self.placeholder = words;
        self
    }

    /// What typing sends: the whole new value.
    #[must_use]
    pub fn on_input(mut self, message: impl Fn(String) -> M + 'a) -> Self {
        self.on_input = Some(Box::new(message));
        self
    }

    /// What Enter sends.
    #[must_use]
    pub fn on_submit(mut self, message: M) -> Self {
        self.on_submit = Some(message);
        self
    }

    /// The unit behind the value (人, 万元).
    #[must_use]
    pub fn unit(mut self, unit: &'a str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// An icon in front.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Something behind the value, inside the frame.
    #[must_use]
    pub fn after(mut self, element: impl Into<Element<'a, M>>) -> Self {
        self.after = Some(element.into());
        self
    }

    /// Numbers stand at the right.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.right = true;
        self
    }

    /// A password: hidden unless `shown`; the eye sends `toggle`.
    #[must_use]
    pub fn secure(mut self, shown: bool, toggle: M) -> Self {
        self.secure = Some((shown, toggle));
        self
    }

    /// Another type style, such as the larger fields of the first run.
    #[must_use]
    pub fn style(mut self, style: text::Style) -> Self {
        self.style = style;
        self.height = (style.line + 12.0).max(self.height);
        self
    }

    /// The height of controls at this density.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.height = density.control();
        if density == Density::Compact {
            self.style = text::SMALL;
        }
        self
    }

    /// A cell of a table being edited: low, narrow padding, the ring on the border.
    #[must_use]
    pub fn in_cell(mut self) -> Self {
        self.in_cell = true;
        self.pad = 6.0;
        self.height = 26.0;
        self.style = text::SMALL;
        self
    }

    /// Its width; it fills what there is unless told.
    #[must_use]
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
        self
    }

    /// The border in the colour of a warning or an error.
    #[must_use]
    pub fn tone(mut self, tone: Option<Tone>) -> Self {
        self.tone = tone;
        self
    }

    /// A name by which focus can be given to it.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl<'a, M: Clone + 'a> From<Input<'a, M>> for Element<'a, M> {
    fn from(input: Input<'a, M>) -> Self {
        let Input { value, placeholder, on_input, on_submit, unit, icon, after, right, secure, style, .. } = input;
        let disabled = on_input.is_none();
        let shown = secure.as_ref().is_none_or(|(shown, _)| *shown);
        let vertical = ((input.height - style.line) / 2.0).max(0.0);
        let on_input: Option<Rc<dyn Fn(String) -> M + 'a>> = on_input.map(Rc::from);
        let typed = on_input.clone();
        let mut line = text_input(placeholder, value)
            .on_input_maybe(typed.map(|on_input| move |text| on_input(text)))
            .on_submit_maybe(on_submit)
            .secure(!shown)
            .font(style.font())
            .size(style.size)
            .line_height(style.line_height())
            .align_x(if right { Horizontal::Right } else { Horizontal::Left })
            .padding(Padding {
                top: vertical,
                bottom: vertical,
                left: if icon.is_some() { space::S8 } else { input.pad },
                right: if unit.is_some() || secure.is_some() || after.is_some() { space::S6 } else { input.pad },
            });
        if let Some(id) = input.id {
            line = line.id(id);
        }
        let eye = secure.map(|(shown, toggle)| {
            let (which, tip) = if shown { (Icon::EyeOff, "不显示密码") } else { (Icon::Eye, "显示密码") };
            // Between two passwords Tab would land on it, and Enter there would show what was typed.
            let eye = button::icon_only(which).tip(tip).on_press(toggle).no_stop();
            container(eye).padding(iced::padding::right(2))
        });
        let unit = unit
            .map(|unit| container(text::line(text::SMALL, Tone::Faint, unit)).padding(iced::padding::right(input.pad)));
        let content = row![]
            .push(icon.map(|which| {
                container(icon::toned(which, icon::size::BUTTON, Tone::Faint)).padding(iced::padding::left(input.pad))
            }))
            .push(Guard::new(line, value).on_undo(on_input))
            .push(unit)
            .push(eye)
            .push(after)
            .height(input.height)
            .align_y(Vertical::Center);
        let frame = Frame::new(container(content).width(input.width)).tone(input.tone).disabled(disabled);
        if input.in_cell { frame.ring_inside().into() } else { frame.into() }
    }
}

/// The look of a control that opens a list: a field without a caret.
pub(super) fn control_look(theme: &crate::ui::theme::Theme, status: press::Status) -> press::Look {
    let t = theme.tokens;
    let look = if status.disabled {
        press::Look::bare(t.t3).ground(t.inset).frame(t.line)
    } else {
        let ground = if status.hovered { t.hover } else { t.sheet };
        press::Look::bare(t.t1).ground(ground).frame(if status.pressed { t.accent } else { t.line_ctl })
    };
    look.radius(crate::ui::theme::tokens::radius::CONTROL)
}
