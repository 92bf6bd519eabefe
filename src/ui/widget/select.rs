//! A choice of many: a field that opens a list.

use iced::alignment::Vertical;
use iced::widget::{row, space};
use iced::{Length, Padding};

use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::input::control_look;
use crate::ui::widget::list::Item;
use crate::ui::widget::menu;
use crate::ui::widget::press::Press;
use crate::ui::{Element, text};

/// A select being put together.
pub struct Select<'a, T, M> {
    items: Vec<Item<T>>,
    chosen: Option<T>,
    placeholder: &'a str,
    on_choose: Option<Box<dyn Fn(T) -> M + 'a>>,
    prefix: Option<&'a str>,
    width: Length,
    density: Density,
    id: Option<iced::advanced::widget::Id>,
}

/// A select over `items`; without [`Select::on_choose`] it is disabled.
pub fn select<'a, T: Clone + PartialEq + 'a, M: Clone + 'a>(
    items: impl IntoIterator<Item = Item<T>>,
    chosen: Option<T>,
) -> Select<'a, T, M> {
    Select {
        items: items.into_iter().collect(),
        chosen,
        placeholder: "请选择",
        on_choose: None,
        prefix: None,
        width: Length::Shrink,
        density: Density::Comfortable,
        id: None,
    }
}

impl<'a, T: Clone + PartialEq + 'a, M: Clone + 'a> Select<'a, T, M> {
    /// What choosing sends.
    #[must_use]
    pub fn on_choose(mut self, message: impl Fn(T) -> M + 'a) -> Self {
        self.on_choose = Some(Box::new(message));
        self
    }

    /// What to say when nothing is chosen.
    #[must_use]
    pub fn placeholder(mut self, words: &'a str) -> Self {
        self.placeholder = words;
        self
    }

    /// Words in front of what is chosen: 视图：高企培育.
    #[must_use]
    pub fn prefix(mut self, words: &'a str) -> Self {
        self.prefix = Some(words);
        self
    }

    /// Its width; that of what is chosen unless told.
    #[must_use]
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.width = width.into();
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

/// What opens a menu of several ticks and looks like a select: put it into a [`menu::menu`] that stays.
pub fn opener<'a>(words: impl Into<String>, density: Density) -> Element<'a, ()> {
    let words = text::styled(text::BODY, words.into()).wrapping(iced::widget::text::Wrapping::None);
    let content = row![words, space().width(Length::Fill), icon::icon(Icon::ChevronDown, icon::size::INLINE)]
        .spacing(6)
        .align_y(Vertical::Center);
    Press::new(content, control_look)
        .on_press(())
        .padding(Padding { top: 0.0, bottom: 0.0, left: 10.0, right: 8.0 })
        .height(density.control())
        .width(Length::Fill)
        .into()
}

impl<'a, T: Clone + PartialEq + 'a, M: Clone + 'a> From<Select<'a, T, M>> for Element<'a, M> {
    fn from(select: Select<'a, T, M>) -> Self {
        let Select { items, chosen, placeholder, on_choose, prefix, width, density, id } = select;
        let shown =
            items.iter().find(|item| item.value.is_some() && item.value == chosen).map(|item| item.label.clone());
        let (tone, words) = match (shown, prefix) {
            (Some(words), Some(prefix)) => (None, format!("{prefix}{words}")),
            (Some(words), None) => (None, words),
            (None, _) => (Some(Tone::Faint), placeholder.to_owned()),
        };
        let words = match tone {
            Some(tone) => text::line(text::BODY, tone, words),
            None => text::styled(text::BODY, words).wrapping(iced::widget::text::Wrapping::None),
        };
        let fill = width != Length::Shrink;
        let content = row![words]
            .push(fill.then(|| space().width(Length::Fill)))
            .push(icon::icon(Icon::ChevronDown, icon::size::INLINE))
            .spacing(6)
            .align_y(Vertical::Center);
        let trigger = Press::new(content, control_look)
            .on_press(on_choose.is_some().then_some(()))
            .padding(Padding { top: 0.0, bottom: 0.0, left: if fill { 10.0 } else { 8.0 }, right: 8.0 })
            .height(density.control())
            .width(width);
        let trigger = match id {
            Some(id) => trigger.id(id),
            None => trigger,
        };
        let items: Vec<Item<T>> = items
            .into_iter()
            .map(|item| {
                let ticked = item.value.is_some().then(|| item.value == chosen);
                Item { checked: ticked, ..item }
            })
            .collect();
        // Disabled, the trigger sends nothing and the list never opens; without a closure there is nothing to send.
        let items = if on_choose.is_some() { items } else { Vec::new() };
        menu::menu_maybe(trigger, items, on_choose).density(density).as_wide().into()
    }
}
