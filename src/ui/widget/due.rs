//! How long there is still: words with an icon when it presses, a filled badge when it is over. Counting is the caller's.

use std::borrow::Cow;

use iced::alignment::Vertical;
use iced::widget::row;

use crate::ui::icon::{self, Icon};
use crate::ui::theme::Tone;
use crate::ui::widget::badge::Badge;
use crate::ui::{Element, space, text};

/// How much a deadline presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// More than three working days: plain words.
    Calm,
    /// Two or three working days.
    Soon,
    /// Today or one working day.
    Urgent,
    /// Over: a filled badge.
    Late,
    /// No date known: “—”.
    Unknown,
}

/// A deadline in words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due<'a> {
    pub urgency: Urgency,
    pub words: Cow<'a, str>,
}

impl<'a> Due<'a> {
    /// A deadline in the caller's words (还剩 2 个工作日).
    pub fn new(urgency: Urgency, words: impl Into<Cow<'a, str>>) -> Self {
        Self { urgency, words: words.into() }
    }

    /// No date known.
    pub fn unknown() -> Self {
        Self::new(Urgency::Unknown, "—")
    }

    /// Its tone and icon as plain words, on whatever ground they stand; only [`Due::view`] and the grid fill a badge.
    pub fn look(&self) -> (Tone, Option<Icon>) {
        match self.urgency {
            Urgency::Calm => (Tone::Quiet, None),
            Urgency::Soon => (Tone::Warn, Some(Icon::Clock)),
            Urgency::Urgent | Urgency::Late => (Tone::Danger, Some(Icon::AlarmClock)),
            Urgency::Unknown => (Tone::Faint, None),
        }
    }

    /// The deadline as an element in a text style.
    pub fn view<M: 'a>(self, style: text::Style) -> Element<'a, M> {
        if self.urgency == Urgency::Late {
            return Badge::fill(Icon::AlarmClock, self.words).view();
        }
        let (tone, picture) = self.look();
        let words = text::line(style, tone, self.words);
        match picture {
            None => words.into(),
            Some(picture) => row![icon::toned(picture, icon::size::INLINE, tone), words]
                .spacing(space::S4)
                .align_y(Vertical::Center)
                .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Theme, contrast};

    #[test]
    fn every_deadline_is_read_on_the_sheet_in_light_and_in_dark() {
        for theme in [Theme::LIGHT, Theme::DARK] {
            let t = theme.tokens;
            for urgency in [Urgency::Calm, Urgency::Soon, Urgency::Urgent, Urgency::Late] {
                let (tone, _) = Due::new(urgency, "今天 17:00 已截止").look();
                for ground in [t.sheet, t.hover, t.selected] {
                    assert!(contrast::contrast(tone.ink(t), ground) >= 4.0, "{urgency:?}, dark {}", t.dark);
                }
            }
        }
    }
}
