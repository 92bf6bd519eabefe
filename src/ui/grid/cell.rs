//! What a cell shows. Drawn in `paint_cell.rs`, copied as text by `copy.rs`.

use std::borrow::Cow;

use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::due::Due;

/// The content of one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// “—”: does not apply. What is missing is said in words instead (未报).
    Empty,
    /// Nothing at all, for columns where a dash would be noise.
    Blank,
    /// The row is still being fetched.
    Loading,
    /// Words, with an optional quieter remark after them.
    Text { words: Cow<'a, str>, tone: Option<Tone>, strong: bool, remark: Option<Cow<'a, str>> },
    /// A status.
    Badge(Badge<'a>),
    /// A deadline.
    Due(Due<'a>),
    /// A single icon with the word it stands for, which is what gets copied.
    Icon(Icon, Tone, Cow<'a, str>),
    /// What Enter does in this row: the word and the key show in the current row and under the pointer, a chevron elsewhere.
    Go { word: Cow<'a, str>, key: &'static str },
    /// A choice made in the row: the options, and which one is chosen.
    Choice { options: Vec<Cow<'a, str>>, chosen: Option<usize> },
}

impl<'a> Cell<'a> {
    /// Words in the column's own tone.
    pub fn text(words: impl Into<Cow<'a, str>>) -> Self {
        Self::Text { words: words.into(), tone: None, strong: false, remark: None }
    }

    /// Words in a tone.
    pub fn toned(tone: Tone, words: impl Into<Cow<'a, str>>) -> Self {
        Self::Text { words: words.into(), tone: Some(tone), strong: false, remark: None }
    }

    /// Adds a quieter remark after the words.
    #[must_use]
    pub fn remark(mut self, words: impl Into<Cow<'a, str>>) -> Self {
        if let Self::Text { remark, .. } = &mut self {
            *remark = Some(words.into());
        }
        self
    }

    /// Sets the words in 700.
    #[must_use]
    pub fn strong(mut self) -> Self {
        if let Self::Text { strong, .. } = &mut self {
            *strong = true;
        }
        self
    }

    /// Words, or “—” when there are none.
    pub fn or_empty(words: Option<impl Into<Cow<'a, str>>>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// The cell as plain text, as it is copied: a status by its word, a number as it stands, nothing for “—”.
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty | Cell::Blank | Cell::Loading | Cell::Go { .. } => Cow::Borrowed(""),
            Cell::Text { words, remark: None, .. } => Cow::Borrowed(words),
            Cell::Text { words, remark: Some(remark), .. } => Cow::Owned(format!("{words} {remark}")),
            Cell::Badge(badge) => Cow::Borrowed(&badge.word),
            Cell::Due(due) if due.urgency == crate::ui::widget::due::Urgency::Unknown => Cow::Borrowed(""),
            Cell::Due(due) => Cow::Borrowed(&due.words),
            Cell::Icon(_, _, word) => Cow::Borrowed(word),
            Cell::Choice { options, chosen } => {
                chosen.and_then(|i| options.get(i)).map_or(Cow::Borrowed(""), |word| Cow::Borrowed(word))
            }
        }
    }
}
