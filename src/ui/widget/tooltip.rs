//! A word of explanation that appears beside what the pointer rests on.

use iced::time::Duration;
use iced::widget::tooltip::Position;
use iced::widget::{container, tooltip};

use crate::ui::widget::slip::slip;
use crate::ui::{Element, text};

/// How long the pointer must rest.
const DELAY: Duration = Duration::from_millis(350);

/// `content` with a tip below it.
pub fn tip<'a, M: 'a>(content: impl Into<Element<'a, M>>, words: impl Into<String>) -> Element<'a, M> {
    let words: String = words.into();
    if words.is_empty() {
        return content.into();
    }
    let words = container(text::styled(text::SMALL, words)).padding([4, 8]).max_width(320);
    tooltip(content, slip(words), Position::Bottom).gap(6).delay(DELAY).into()
}
