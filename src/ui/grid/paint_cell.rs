//! Drawing one cell.

use iced::{Color, Rectangle};

use super::cell::Cell;
use super::column::{Align, Column};
use super::geometry::start;
use crate::ui::icon;
use crate::ui::measure;
use crate::ui::paint::{Brush, key};
use crate::ui::text::{self, Style};
use crate::ui::theme::tokens::{radius, size};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::due::{Due, Urgency};

/// The type styles of a grid at one density.
#[derive(Debug, Clone, Copy)]
pub(super) struct Styles {
    pub head: Style,
    pub main: Style,
    pub secondary: Style,
}

impl Styles {
    pub fn of(density: Density) -> Self {
        match density {
            Density::Comfortable => Self { head: text::SMALL.bold(), main: text::BODY, secondary: text::SMALL },
            Density::Compact => Self { head: text::NOTE.bold(), main: text::SMALL, secondary: text::SMALL },
            Density::Large => Self { head: text::BODY.bold(), main: text::SECTION.regular(), secondary: text::BODY },
        }
    }
}

/// What a cell must know of its row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowLook {
    pub current: bool,
    /// Selected or current: stands on the selected fill.
    pub on_selected: bool,
    /// What the row is filled with.
    pub ground: Color,
}

/// Height of a choice button inside a row.
const CHOICE: f32 = 24.0;

/// Where the options of a choice cell stand.
pub(super) fn choices(options: &[std::borrow::Cow<'_, str>], inner: &Rectangle, style: Style) -> Vec<Rectangle> {
    let height = CHOICE.min(inner.height - 4.0);
    let mut x = inner.x;
    options
        .iter()
        .map(|word| {
            let width = (measure::width(word, style.size, true) + 16.0).ceil();
            let at = Rectangle { x, y: inner.y + (inner.height - height) / 2.0, width, height };
            x += width + 4.0;
            at
        })
        .collect()
}

impl Brush<'_> {
    pub(super) fn cell(&mut self, cell: &Cell<'_>, column: &Column, inner: &Rectangle, styles: Styles, row: RowLook) {
        let t = self.theme.tokens;
        let style = if column.secondary { styles.secondary } else { styles.main };
        let place = match column.align {
            Align::Left => 0.0,
            Align::Right => 1.0,
            Align::Centre => 0.5,
        };
        match cell {
            Cell::Blank => self.nothing(),
            Cell::Empty => {
                self.cut("—", style, t.t3, inner, place);
            }
            Cell::Loading => {
                self.cut("…", style, t.t3, inner, place);
            }
            Cell::Text { words, tone, strong, remark } => {
                let own = if column.secondary { Tone::Quiet } else { Tone::Plain };
                let ink = tone.unwrap_or(own).ink(t);
                let style = if *strong || (column.name && row.current) { style.bold() } else { style };
                match remark {
                    None => {
                        self.cut(words, style, ink, inner, place);
                    }
                    Some(remark) => {
                        let (x, width) = self.cut(words, style, ink, inner, 0.0);
                        let from = x + width + 8.0;
                        let rest = Rectangle { x: from, width: inner.x + inner.width - from, ..*inner };
                        // The remark is cut first: it vanishes before the words lose a character.
                        self.cut(remark, styles.secondary, t.t2, &rest, 0.0);
                    }
                }
            }
            Cell::Badge(badge) => self.badge(badge, inner, column.align, row),
            Cell::Due(due) if due.urgency == Urgency::Late => {
                let badge = Badge::fill(icon::Icon::AlarmClock, due.words.as_ref());
                self.badge(&badge, inner, column.align, row);
            }
            Cell::Due(due) => self.due(due, inner, column.align, styles.secondary),
            Cell::Icon(which, tone, _) => {
                let x = start(column.align, inner, icon::size::INLINE);
                self.icon(*which, icon::size::INLINE, tone.ink(t), x, inner);
            }
            // Drawn last of all by the grid, because what it shows varies with the pointer.
            Cell::Go { .. } => self.nothing(),
            Cell::Choice { options, chosen } => {
                for (at, (word, button)) in options.iter().zip(choices(options, inner, text::SMALL)).enumerate() {
                    if button.x + button.width > inner.x + inner.width + 0.5 {
                        break;
                    }
                    let on = *chosen == Some(at);
                    let (ground, ink) = if on { (t.accent_fill, t.on_fill) } else { (t.sheet, t.t1) };
                    let frame = if on { t.accent_fill } else { t.line_ctl };
                    self.block(button, ground, radius::CONTROL, Some(frame));
                    let style = if on { text::SMALL.bold() } else { text::SMALL };
                    self.cut(word, style, ink, &button, 0.5);
                }
            }
        }
    }

    fn badge(&mut self, badge: &Badge<'_>, inner: &Rectangle, align: Align, row: RowLook) {
        let look = badge.look(self.theme.tokens, row.on_selected);
        let style = text::NOTE;
        // 5 before the icon, 4 between, 6 after; the rest is for the word.
        let around = 5.0 + icon::size::BADGE + 4.0 + 6.0 + 1.0;
        let word = measure::cut(&badge.word, style.size, style.bold, (inner.width - around).max(0.0));
        let width = (around + measure::width(&word, style.size, style.bold)).ceil();
        if width > inner.width + 1.0 {
            // Not even the icon's box fits: the icon alone says most of it.
            if inner.width >= icon::size::BADGE {
                self.icon(badge.icon, icon::size::BADGE, look.ink, inner.x, inner);
            }
            return;
        }
        let height = size::BADGE.min(inner.height);
        let frame = Rectangle { x: start(align, inner, width), y: self.centre(inner, height), width, height };
        // Filled even where one sees the row through it: a see-through fill costs the renderer far more than a solid one.
        let ground = look.ground.unwrap_or(if row.on_selected { self.theme.tokens.sheet } else { row.ground });
        let looks = (word.as_ref(), badge.icon, badge.form, badge.tone, row.on_selected, self.theme.tokens.dark);
        self.group(key((looks, ground.into_rgba8())), frame, |brush| {
            brush.block(frame, ground, radius::SMALL, look.frame);
            brush.icon(badge.icon, icon::size::BADGE, look.ink, frame.x + 5.5, &frame);
            brush.text(&word, style, look.ink, frame.x + 5.0 + icon::size::BADGE + 4.5, &frame);
        });
    }

    fn due(&mut self, due: &Due<'_>, inner: &Rectangle, align: Align, style: Style) {
        let (tone, picture) = due.look();
        let ink = tone.ink(self.theme.tokens);
        let lead = if picture.is_some() { icon::size::INLINE + 4.0 } else { 0.0 };
        let words = measure::cut(&due.words, style.size, style.bold, (inner.width - lead).max(0.0));
        let x = start(align, inner, lead + measure::width(&words, style.size, style.bold)).max(inner.x);
        match picture {
            Some(picture) if inner.width >= icon::size::INLINE => {
                self.icon(picture, icon::size::INLINE, ink, x, inner);
            }
            _ => self.nothing(),
        }
        self.text(&words, style, ink, x + lead, inner);
    }
}
