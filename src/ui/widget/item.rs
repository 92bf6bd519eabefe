//! A row of a list that opens: of a select, a menu, suggestions.

use std::ops::Range;

use crate::ui::icon::Icon;
use crate::ui::measure;
use crate::ui::text::{self, Style};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::PAD;

/// One row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    /// What picking it means; `None` for headings and lines, which cannot be picked.
    pub value: Option<T>,
    pub label: String,
    /// Parts of the label that matched what was typed, as byte ranges.
    pub marks: Vec<Range<usize>>,
    /// Quieter words at the right.
    pub detail: Option<String>,
    pub icon: Option<Icon>,
    /// The key that does the same.
    pub key: Option<&'static str>,
    /// Ticked, not ticked, or nothing to tick.
    pub checked: Option<bool>,
    pub tone: Tone,
    pub disabled: bool,
}

impl<T> Item<T> {
    /// A row with a word.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        Self { value: Some(value), ..Self::heading(label) }
    }

    /// A heading over the rows that follow.
    pub fn heading(label: impl Into<String>) -> Self {
        Self {
            value: None,
            label: label.into(),
            marks: Vec::new(),
            detail: None,
            icon: None,
            key: None,
            checked: None,
            tone: Tone::Plain,
            disabled: false,
        }
    }

    /// A line between rows.
    pub fn line() -> Self {
        Self::heading("")
    }

    /// With an icon in front.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With quieter words at the right.
    #[must_use]
    pub fn detail(mut self, words: impl Into<String>) -> Self {
        self.detail = Some(words.into());
        self
    }

    /// With the key that does the same.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Ticked or not.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// With the parts that matched.
    #[must_use]
    pub fn marks(mut self, marks: Vec<Range<usize>>) -> Self {
        self.marks = marks;
        self
    }

    /// In a tone: danger for what takes something away.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Shown, but cannot be picked now.
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    pub(crate) fn pickable(&self) -> bool {
        self.value.is_some() && !self.disabled
    }

    pub(super) fn height(&self, density: Density) -> f32 {
        match (&self.value, self.label.is_empty()) {
            (None, true) => 9.0,
            (None, false) => 26.0,
            _ => density.row() - 2.0,
        }
    }

    pub(super) fn width(&self) -> f32 {
        let of = |words: &str, style: Style| measure::width(words, style.size, style.bold);
        let mut width = of(&self.label, text::BODY.bold()) + 2.0 * PAD;
        width += self.checked.map_or(0.0, |_| 22.0) + self.icon.map_or(0.0, |_| 24.0);
        width += self.detail.as_deref().map_or(0.0, |words| of(words, text::SMALL) + 24.0);
        width + self.key.map_or(0.0, |words| of(words, text::NOTE) + 12.0 + 24.0)
    }
}
