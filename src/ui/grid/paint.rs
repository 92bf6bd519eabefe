//! Drawing the grid: head, rows, totals, scrollbars, and what lies above them while something is dragged.
//!
//! Everything is stamped: laid on whole pixels in the order drawn, above what the page's layer shows otherwise. The same
//! items come in the same order at every frame, so that a hovered row repaints two rows and not all below it.

use iced::Rectangle;

use super::geometry::{Geometry, Slot, start};
use super::paint_cell::{RowLook, Styles};
use super::{Align, Cell, Grid, Hold, Inner, RowId};
use crate::ui::icon::{self, Icon};
use crate::ui::paint::{Brush, key};
use crate::ui::theme::Theme;
use crate::ui::theme::tokens::{radius, size};
use crate::ui::{Renderer, measure, text};

/// The accent bar at the left of the current row.
const CURRENT_BAR: f32 = 3.0;

impl<Id: RowId, M> Grid<'_, Id, M> {
    pub(super) fn paint(&self, inner: &Inner<Id>, renderer: &mut Renderer, theme: &Theme, g: &Geometry) {
        if g.bounds.width < 1.0 || g.bounds.height < 1.0 {
            return;
        }
        let mut shaped = inner.shaped.borrow_mut();
        shaped.begin(theme.scale);
        let mut brush = Brush::fast(renderer, &mut shaped, theme, g.bounds);
        self.paint_head(&mut brush, g);
        self.paint_rows(&mut brush, inner, g);
        self.paint_totals(&mut brush, g);
        self.paint_bars(&mut brush, inner, g);
        // From here on the number of items varies.
        if g.left > 0 {
            let edge = Rectangle { x: g.frozen, width: g.hair, ..g.body };
            brush.fill(edge, theme.tokens.line_strong);
        }
        self.paint_actions(&mut brush, inner, g);
        self.paint_focus(&mut brush, inner, g);
        if let Hold::Head { key, dragging: true, .. } = &inner.hold
            && let (Some(pointer), Some(slot)) =
                (inner.pointer, g.slots.iter().find(|s| self.columns[s.column].key == key.as_str()))
        {
            self.paint_drag(&mut brush, g, slot, pointer.x);
        }
    }

    fn paint_head(&self, brush: &mut Brush<'_>, g: &Geometry) {
        let t = brush.theme.tokens;
        let style = Styles::of(brush.theme.density).head;
        brush.fill(Rectangle { height: g.rule, ..g.bounds }, t.rule);
        brush.fill(g.head, t.inset);
        brush.fill(Rectangle { y: g.head.y + g.head.height - g.hair, height: g.hair, ..g.head }, t.line_strong);
        let line = Rectangle { height: g.head.height - g.hair, ..g.head };
        for slot in &g.slots {
            let column = &self.columns[slot.column];
            let inner = g.inner(slot, &line, size::CELL_PAD);
            if column.check {
                let (all, some) = (self.state.selected().len() == self.ids.len(), !self.state.selected().is_empty());
                let mark = match (all && some, some) {
                    (true, _) => Some(Icon::Check),
                    (false, true) => Some(Icon::Minus),
                    (false, false) => None,
                };
                checkbox(brush, &inner, mark);
                continue;
            }
            let arrow = self
                .state
                .sort()
                .filter(|s| s.column == column.key)
                .map(|s| if s.descending { Icon::ArrowDown } else { Icon::ArrowUp });
            let room = arrow.map_or(0.0, |_| icon::size::INLINE + 4.0);
            let words = measure::cut(&column.title, style.size, style.bold, (inner.width - room).max(0.0));
            let width = measure::width(&words, style.size, style.bold);
            let x = start(column.align, &inner, width + room).max(inner.x);
            // The arrow stands in front of a number's head, so that the head keeps its edge with the numbers.
            let (arrow_x, words_x) = match column.align {
                Align::Right => (x, x + room),
                _ => (x + width + 4.0, x),
            };
            match arrow {
                Some(arrow) if inner.width >= room => {
                    brush.icon(arrow, icon::size::INLINE, t.accent, arrow_x, &line);
                }
                _ => brush.nothing(),
            }
            let ink = if arrow.is_some() { t.t1 } else { t.t2 };
            brush.text(&words, style, ink, words_x, &line);
        }
    }

    fn paint_bars(&self, brush: &mut Brush<'_>, inner: &Inner<Id>, g: &Geometry) {
        let t = brush.theme.tokens;
        let ink = |held: bool| if held { t.line_ctl } else { t.line_strong };
        if let Some(bar) = &g.vertical {
            brush.block(bar.thumb, ink(matches!(inner.hold, Hold::Vertical { .. })), radius::SMALL, None);
        }
        if let Some(bar) = &g.horizontal {
            brush.block(bar.thumb, ink(matches!(inner.hold, Hold::Horizontal { .. })), radius::SMALL, None);
        }
    }

    fn look(&self, inner: &Inner<Id>, id: Id, theme: &Theme) -> (RowLook, bool) {
        let t = theme.tokens;
        let current = self.state.current() == Some(id);
        let on_selected = current || self.state.is_selected(id);
        let hovered = inner.hover == Some(id);
        let ground = match (on_selected, hovered) {
            (true, _) => t.selected,
            (false, true) => t.hover,
            (false, false) => t.sheet,
        };
        (RowLook { current, on_selected, ground }, hovered)
    }

    fn paint_rows(&self, brush: &mut Brush<'_>, inner: &Inner<Id>, g: &Geometry) {
        let t = brush.theme.tokens;
        let styles = Styles::of(brush.theme.density);
        for at in 0..g.shown {
            let Some(place) = self.place(g.top + at) else { break };
            let rect = g.row_rect(at);
            let (look, _) = self.look(inner, place.id, brush.theme);
            // The grid stands on a sheet, so rows of that colour need no fill.
            brush.fill_if(look.ground != t.sheet, rect, look.ground);
            let bar = Rectangle { width: brush.theme.hair(CURRENT_BAR), height: rect.height - g.hair, ..rect };
            brush.fill_if(look.current, bar, t.accent);
            brush.fill(Rectangle { y: rect.y + rect.height - g.hair, height: g.hair, ..rect }, t.line);
            let line = Rectangle { height: rect.height - g.hair, ..rect };
            for slot in &g.slots {
                let column = &self.columns[slot.column];
                let cell_rect = g.inner(slot, &line, size::CELL_PAD);
                if column.check {
                    checkbox(brush, &cell_rect, self.state.is_selected(place.id).then_some(Icon::Check));
                    continue;
                }
                let cell = (self.cell)(place, column);
                if slot.partial && column.align == Align::Right {
                    // Half a number would lie; its mark alone does not.
                    brush.cut("…", styles.main, t.t3, &cell_rect, 0.0);
                } else {
                    brush.cell(&cell, column, &cell_rect, styles, look);
                }
            }
        }
    }

    fn paint_totals(&self, brush: &mut Brush<'_>, g: &Geometry) {
        let Some(rect) = g.totals else { return };
        let t = brush.theme.tokens;
        let styles = Styles::of(brush.theme.density);
        let styles = Styles { main: styles.main.bold(), secondary: styles.secondary.bold(), ..styles };
        brush.fill(rect, t.sheet);
        brush.fill(Rectangle { y: rect.y - g.hair, height: g.hair, ..rect }, t.rule);
        brush.fill(Rectangle { y: rect.y + rect.height - g.rule, height: g.rule, ..rect }, t.rule);
        let line = Rectangle { height: rect.height - g.rule, ..rect };
        let look = RowLook { current: false, on_selected: false, ground: t.sheet };
        for slot in &g.slots {
            let column = &self.columns[slot.column];
            if let Some((_, cell)) = self.totals.iter().find(|(key, _)| *key == column.key) {
                brush.cell(cell, column, &g.inner(slot, &line, size::CELL_PAD), styles, look);
            }
        }
    }

    /// What Enter does: words and key in the current row and under the pointer, a chevron elsewhere.
    fn paint_actions(&self, brush: &mut Brush<'_>, inner: &Inner<Id>, g: &Geometry) {
        let t = brush.theme.tokens;
        for slot in g.slots.iter().filter(|slot| self.columns[slot.column].go) {
            let column = &self.columns[slot.column];
            for at in 0..g.shown {
                let Some(place) = self.place(g.top + at) else { break };
                let Cell::Go { word, key: cap_words } = (self.cell)(place, column) else { continue };
                let row = g.row_rect(at);
                let line = Rectangle { height: row.height - g.hair, ..row };
                let cell = g.inner(slot, &line, size::CELL_PAD);
                let (look, hovered) = self.look(inner, place.id, brush.theme);
                let right = cell.x + cell.width;
                if !(hovered || look.current) {
                    brush.icon(Icon::ChevronRight, icon::size::INLINE, t.t2, right - icon::size::INLINE, &line);
                    continue;
                }
                let cap = measure::width(cap_words, text::NOTE.size, false) + 12.0;
                let words = measure::width(&word, text::SMALL.size, false);
                if words + cap + 6.0 > cell.width {
                    brush.icon(Icon::ChevronRight, icon::size::INLINE, t.accent, right - icon::size::INLINE, &line);
                    continue;
                }
                let height = size::BADGE;
                let frame = Rectangle { x: right - cap, y: brush.centre(&line, height), width: cap, height };
                brush.block(frame, t.inset, radius::SMALL, Some(t.line_strong));
                brush.text(cap_words, text::NOTE, t.t2, frame.x + 6.0, &frame);
                brush.text(&word, text::SMALL, t.accent, frame.x - 6.0 - words, &line);
            }
        }
    }

    /// Focus by the keyboard: a ring inside the current row, or inside the body when no row is current.
    fn paint_focus(&self, brush: &mut Brush<'_>, inner: &Inner<Id>, g: &Geometry) {
        if !(inner.focused && inner.by_key) {
            return;
        }
        let accent = brush.theme.tokens.accent;
        let current = self.state.current_place().and_then(|place| place.find(self.ids));
        let row = current.filter(|row| (g.top..g.top + g.shown).contains(row)).map(|row| g.row_rect(row - g.top));
        let shown = Rectangle { height: (g.shown.max(1) as f32 * g.row).min(g.bounds.height), ..g.body };
        brush.ring(row.map_or(shown, |row| Rectangle { height: row.height - g.hair, ..row }), accent, 2.0);
    }

    /// A head on its way to another place: a slip under the pointer and a bar where it would fall.
    fn paint_drag(&self, brush: &mut Brush<'_>, g: &Geometry, slot: &Slot, x: f32) {
        let t = brush.theme.tokens;
        let style = Styles::of(brush.theme.density).head;
        let (_, drop) = g.drop_at(x, self.columns, slot.column);
        let bar = Rectangle { x: drop - 1.0, y: g.head.y, width: 2.0, height: g.head.height + g.body.height };
        brush.fill(bar, t.accent);
        let width = slot.width.min(g.bounds.width);
        let left = (x - width / 2.0).clamp(g.bounds.x, g.bounds.x + g.bounds.width - width);
        let slip = Rectangle { x: left, y: g.head.y + 2.0, width, height: g.head.height - 5.0 };
        brush.block(slip, t.pop, radius::CONTROL, Some(t.accent));
        let inner = Rectangle { x: slip.x + size::CELL_PAD, width: (width - 2.0 * size::CELL_PAD).max(0.0), ..slip };
        brush.cut(&self.columns[slot.column].title, style, t.t1, &inner, 0.0);
    }
}

/// A checkbox inside a cell.
fn checkbox(brush: &mut Brush<'_>, inner: &Rectangle, mark: Option<Icon>) {
    let t = brush.theme.tokens;
    let side = size::CHECK;
    let frame = Rectangle { x: inner.x, y: brush.centre(inner, side), width: side, height: side };
    brush.group(key(("check", mark, t.dark)), frame, |brush| {
        let (ground, line) = if mark.is_some() { (t.accent_fill, t.accent_fill) } else { (t.sheet, t.line_ctl) };
        brush.block(frame, ground, radius::SMALL, Some(line));
        if let Some(mark) = mark {
            brush.icon(mark, icon::size::BADGE, t.on_fill, frame.x + (side - icon::size::BADGE) / 2.0, &frame);
        }
    });
}
