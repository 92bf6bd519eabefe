//! A labelled field: the label with its required star, the control, and what is to be said about the value.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::{Element, measure, space, text};

/// What is said about a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Says {
    #[default]
    Nothing,
    /// How to fill it in, or what it is used for.
    Hint(String),
    /// It is right, and why that is known (校验通过).
    Valid(String),
    /// It may stay, but should be looked at.
    Warning(String),
    /// It cannot stay.
    Error(String),
}

impl Says {
    /// The colour of the control's border, when something is wrong.
    pub fn tone(&self) -> Option<Tone> {
        match self {
            Says::Warning(_) => Some(Tone::Warn),
            Says::Error(_) => Some(Tone::Danger),
            _ => None,
        }
    }

    /// The words with their icon.
    pub fn view<'a, M: 'a>(self) -> Option<Element<'a, M>> {
        let (tone, picture, words) = match self {
            Says::Nothing => return None,
            Says::Hint(words) => (Tone::Quiet, None, words),
            Says::Valid(words) => (Tone::Success, Some(Icon::Check), words),
            Says::Warning(words) => (Tone::Warn, Some(Icon::TriangleAlert), words),
            Says::Error(words) => (Tone::Danger, Some(Icon::CircleAlert), words),
        };
        let words = text::toned(text::SMALL, tone, words);
        Some(match picture {
            None => words.into(),
            // The icon keeps to the first line when the words take two.
            Some(picture) => {
                row![container(icon::toned(picture, icon::size::INLINE, tone)).padding(iced::padding::top(3)), words]
                    .spacing(space::S4)
                    .into()
            }
        })
    }
}

/// Width of the required star with the gap behind it.
const STAR: f32 = 11.0;

/// A labelled field being put together.
pub struct Field<'a, M> {
    label: &'a str,
    required: bool,
    control: Element<'a, M>,
    says: Says,
    below: bool,
    label_width: f32,
    height: f32,
}

/// A field: the label at the left of its control.
pub fn field<'a, M: 'a>(label: &'a str, control: impl Into<Element<'a, M>>) -> Field<'a, M> {
    Field {
        label,
        required: false,
        control: control.into(),
        says: Says::Nothing,
        below: false,
        label_width: 84.0,
        height: 32.0,
    }
}

impl<'a, M: 'a> Field<'a, M> {
    /// It must be filled in: a star before the label.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What is said about the value, at the right of the control.
    #[must_use]
    pub fn says(mut self, says: Says) -> Self {
        self.says = says;
        self
    }

    /// Puts what is said below the control instead of beside it.
    #[must_use]
    pub fn below(mut self) -> Self {
        self.below = true;
        self
    }

    /// The height of the control at this density, beside which the label stands in the middle.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.height = density.control();
        self
    }

    /// The label's width, the same for all fields of a form.
    #[must_use]
    pub fn label_width(mut self, width: f32) -> Self {
        self.label_width = width;
        self
    }
}

impl<'a, M: 'a> From<Field<'a, M>> for Element<'a, M> {
    fn from(field: Field<'a, M>) -> Self {
        let star = field.required.then(|| text::toned(text::BODY, Tone::Danger, "*"));
        let room = field.label_width - if field.required { STAR } else { 0.0 };
        // A name too long for its line is set smaller on two, at the height of a control.
        let long = measure::width(field.label, text::BODY.size, false) > room;
        let (style, height) =
            if long { (text::NOTE, field.height.max(2.0 * text::NOTE.line)) } else { (text::BODY, field.height) };
        let label = container(
            row![]
                .push(star)
                .push(text::toned(style, Tone::Quiet, field.label))
                .spacing(space::S4)
                .align_y(Vertical::Center),
        )
        .width(field.label_width)
        .height(height)
        .align_right(field.label_width)
        .align_y(Vertical::Center);
        let says = field.says.view();
        // The control keeps its place in the tree whether something is said or not, or whoever types would lose the caret.
        let control: Element<'a, M> = if field.below {
            column![field.control].push(says).spacing(space::S4).into()
        } else {
            let top = Padding { top: (field.height - text::SMALL.line) / 2.0, ..Padding::ZERO };
            row![field.control].push(says.map(|says| container(says).padding(top))).spacing(space::S12).into()
        };
        row![label, container(control).width(Length::Fill)].spacing(space::S12).into()
    }
}
