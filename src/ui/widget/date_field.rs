//! A date: typed as one likes (2020.9.1, 20200901, 9-1), or picked from a month. Reading what was typed is the screen's.

use chrono::NaiveDate;

use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::radius;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::calendar::{self, Day};
use crate::ui::widget::input;
use crate::ui::widget::popover::{Signal, popover};
use crate::ui::widget::press::{Look, Press};
use crate::ui::{Element, Theme};

/// A date field being put together.
pub struct DateField<'a, M> {
    typed: &'a str,
    read: Option<NaiveDate>,
    today: NaiveDate,
    on_input: Box<dyn Fn(String) -> M + 'a>,
    on_pick: Box<dyn Fn(NaiveDate) -> M + 'a>,
    on_submit: Option<M>,
    day: Option<Box<dyn Fn(NaiveDate) -> Day + 'a>>,
    placeholder: &'a str,
    tone: Option<Tone>,
    width: f32,
    density: Density,
    id: Option<iced::advanced::widget::Id>,
}

/// A date field showing what was `typed`; `read` is what the screen made of it, and is where the month opens.
pub fn date_field<'a, M: Clone + 'a>(
    typed: &'a str,
    read: Option<NaiveDate>,
    today: NaiveDate,
    on_input: impl Fn(String) -> M + 'a,
    on_pick: impl Fn(NaiveDate) -> M + 'a,
) -> DateField<'a, M> {
    DateField {
        typed,
        read,
        today,
        on_input: Box::new(on_input),
        on_pick: Box::new(on_pick),
        on_submit: None,
        day: None,
        placeholder: "年-月-日",
        tone: None,
        width: 172.0,
        density: Density::Comfortable,
        id: None,
    }
}

impl<'a, M: Clone + 'a> DateField<'a, M> {
    /// What Enter sends.
    #[must_use]
    pub fn on_submit(mut self, message: M) -> Self {
        self.on_submit = Some(message);
        self
    }

    /// What is known of each day.
    #[must_use]
    pub fn days(mut self, day: impl Fn(NaiveDate) -> Day + 'a) -> Self {
        self.day = Some(Box::new(day));
        self
    }

    /// The border in the colour of a warning or an error.
    #[must_use]
    pub fn tone(mut self, tone: Option<Tone>) -> Self {
        self.tone = tone;
        self
    }

    /// Its width; with a time of day it needs more.
    #[must_use]
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// The height of controls at this density.
    #[must_use]
    pub fn density(mut self, density: Density) -> Self {
        self.density = density;
        self
    }

    /// A name by which focus can be given to it.
    #[must_use]
    pub fn id(mut self, id: impl Into<iced::advanced::widget::Id>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl<'a, M: Clone + 'a> From<DateField<'a, M>> for Element<'a, M> {
    fn from(field: DateField<'a, M>) -> Self {
        let DateField { typed, read, today, on_input, on_pick, on_submit, day, placeholder, tone, width, .. } = field;
        let opener = Press::new(icon::icon(Icon::Calendar, icon::size::BUTTON), |theme: &Theme, status| {
            let t = theme.tokens;
            let look = Look::bare(if status.hovered { t.t1 } else { t.t2 }).radius(radius::CONTROL).ring_inside();
            if status.hovered { look.ground(t.hover) } else { look }
        })
        .on_press(Signal::Toggle)
        .width(26)
        .height(field.density.control() - 6.0);
        let mut line = input::input(typed)
            .placeholder(placeholder)
            .on_input(move |typed| Signal::Out(on_input(typed)))
            .tone(tone)
            .density(field.density)
            .width(width)
            .after(iced::widget::container(opener).padding(iced::padding::right(3)));
        if let Some(message) = on_submit {
            line = line.on_submit(Signal::Out(message));
        }
        if let Some(id) = field.id {
            line = line.id(id);
        }
        let month = calendar::calendar(read, today, move |date| Signal::Done(on_pick(date)));
        let month = match day {
            Some(day) => month.days(day),
            None => month,
        };
        popover(line, month).into()
    }
}
