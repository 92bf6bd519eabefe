//! What mouse and keys do to the grid. The pointer's own affairs (hover, drags) stay in the widget; everything else
//! becomes a [`GridEvent`].

use iced::advanced::{Shell, mouse};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key};
use iced::{Event, Point};

use super::geometry::{Geometry, Spot};
use super::paint_cell::{Styles, choices};
use super::{Cell, Grid, GridEvent, Hold, Inner, RowId, Step};
use crate::ui::measure;
use crate::ui::text;
use crate::ui::theme::tokens::size;

/// Rows per notch of the wheel.
const NOTCH: f32 = 3.0;
/// How far a pressed head must move before it is dragged.
const DRAG: f32 = 6.0;

impl<Id: RowId, M> Grid<'_, Id, M> {
    pub(super) fn input(
        &self,
        inner: &mut Inner<Id>,
        event: &Event,
        g: &Geometry,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, M>,
    ) {
        match event {
            Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)) => inner.modifiers = *modifiers,
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, physical_key, .. }) if inner.focused => {
                inner.modifiers = *modifiers;
                let latin = key.to_latin(*physical_key);
                self.key(inner, key, latin, *modifiers, g, shell);
            }
            Event::Mouse(mouse::Event::ButtonPressed(button)) => self.press(inner, *button, g, cursor, shell),
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => self.release(inner, g, shell),
            Event::Mouse(mouse::Event::CursorMoved { .. }) => self.moved(inner, g, cursor, shell),
            Event::Mouse(mouse::Event::CursorLeft) => self.hover(inner, None, shell),
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(g.bounds) => {
                self.wheel(inner, *delta, g, shell);
            }
            // The rows may have moved under a resting pointer.
            Event::Window(iced::window::Event::RedrawRequested(_)) => {
                let row = cursor.position_over(g.bounds).and_then(|p| g.row_at(p));
                inner.hover_row = row;
                inner.hover = row.and_then(|row| self.ids.get(row).copied());
            }
            _ => {}
        }
    }

    fn send(&self, shell: &mut Shell<'_, M>, event: GridEvent<Id>) {
        shell.publish((self.on_event)(event));
        shell.capture_event();
    }

    fn hover(&self, inner: &mut Inner<Id>, row: Option<usize>, shell: &mut Shell<'_, M>) {
        let id = row.and_then(|row| self.ids.get(row).copied());
        if inner.hover != id {
            shell.request_redraw();
        }
        inner.hover = id;
        inner.hover_row = row;
    }

    fn key(
        &self,
        inner: &mut Inner<Id>,
        key: &Key,
        latin: Option<char>,
        modifiers: keyboard::Modifiers,
        g: &Geometry,
        shell: &mut Shell<'_, M>,
    ) {
        // Alt belongs to the window (Alt+← goes back).
        if modifiers.alt() || modifiers.logo() {
            return;
        }
        let page = g.page;
        let mut stepped = |step| {
            inner.by_key = true;
            self.send(shell, GridEvent::Stepped { step, extend: modifiers.shift(), page });
        };
        match key {
            Key::Named(Named::ArrowUp) => stepped(Step::Up),
            Key::Named(Named::ArrowDown) => stepped(Step::Down),
            Key::Named(Named::PageUp) => stepped(Step::PageUp),
            Key::Named(Named::PageDown) => stepped(Step::PageDown),
            Key::Named(Named::Home) => stepped(Step::First),
            Key::Named(Named::End) => stepped(Step::Last),
            Key::Named(Named::ArrowLeft) if g.left > 0 => {
                self.send(shell, GridEvent::ScrolledSideways { left: g.left - 1 });
            }
            Key::Named(Named::ArrowRight) if g.horizontal.is_some_and(|bar| g.left < bar.max) => {
                self.send(shell, GridEvent::ScrolledSideways { left: g.left + 1 });
            }
            Key::Named(Named::Space) => self.send(shell, GridEvent::CheckedCurrent),
            Key::Named(Named::Enter) if !modifiers.command() && self.state.current().is_some() => {
                self.send(shell, GridEvent::OpenedCurrent);
            }
            Key::Named(Named::Escape) if !self.state.selected().is_empty() => self.send(shell, GridEvent::Cleared),
            Key::Named(Named::ContextMenu) => self.menu_of_current(g, shell),
            Key::Named(Named::F10) if modifiers.shift() => self.menu_of_current(g, shell),
            _ if modifiers.command() && latin == Some('a') => self.send(shell, GridEvent::CheckedAll { on: true }),
            _ if modifiers.command() && latin == Some('c') => {
                if let Some(event) = self.copied() {
                    self.send(shell, event);
                }
            }
            _ => {}
        }
    }

    fn menu_of_current(&self, g: &Geometry, shell: &mut Shell<'_, M>) {
        let Some(row) = self.state.current_place().and_then(|place| place.find(self.ids)) else { return };
        let Some(place) = self.place(row) else { return };
        let at = row.checked_sub(g.top).filter(|at| *at < g.shown).unwrap_or(0);
        let rect = g.row_rect(at);
        let at = Point::new(rect.x + 48.0, rect.y + rect.height);
        self.send(shell, GridEvent::Menu { place, at });
    }

    fn press(
        &self,
        inner: &mut Inner<Id>,
        button: mouse::Button,
        g: &Geometry,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, M>,
    ) {
        let Some(at) = cursor.position_over(g.bounds).filter(|_| !shell.is_event_captured()) else {
            if inner.focused {
                inner.focused = false;
                inner.by_key = false;
                shell.request_redraw();
            }
            return;
        };
        inner.focused = true;
        inner.by_key = false;
        inner.pointer = Some(at);
        let spot = g.spot(at, self.columns);
        match button {
            mouse::Button::Left => {
                let click = mouse::Click::new(at, button, inner.last_click);
                let double = click.kind() == mouse::click::Kind::Double;
                inner.last_click = Some(click);
                self.press_left(inner, spot, at, double, g, shell);
            }
            mouse::Button::Right => match spot {
                Spot::Row { row, .. } => {
                    if let Some(place) = self.place(row) {
                        self.send(shell, GridEvent::Menu { place, at });
                    }
                }
                Spot::Head { slot } | Spot::Border { slot } => {
                    self.open_head_menu(inner, slot, at, g);
                    shell.capture_event();
                }
                _ => {}
            },
            _ => {}
        }
        shell.request_redraw();
    }

    fn press_left(
        &self,
        inner: &mut Inner<Id>,
        spot: Spot,
        at: Point,
        double: bool,
        g: &Geometry,
        shell: &mut Shell<'_, M>,
    ) {
        let page = g.page;
        let key = |slot: usize| self.columns[g.slots[slot].column].key.to_string();
        match spot {
            Spot::Border { slot } if double => {
                let column = &self.columns[g.slots[slot].column];
                let width = self.fitting(slot, g);
                inner.hold = Hold::Nothing;
                self.send(shell, GridEvent::Resized { column: column.key.to_string(), width });
            }
            Spot::Border { slot } => {
                inner.hold = Hold::Border { key: key(slot), from: at.x, width: g.slots[slot].width };
                shell.capture_event();
            }
            Spot::Head { slot } if self.columns[g.slots[slot].column].check => {
                let all = !self.ids.is_empty() && self.state.selected().len() == self.ids.len();
                self.send(shell, GridEvent::CheckedAll { on: !all });
            }
            Spot::Head { slot } => {
                inner.hold = Hold::Head { key: key(slot), from: at, dragging: false };
                shell.capture_event();
            }
            Spot::Vertical { on_thumb: true } => {
                if let Some(bar) = &g.vertical {
                    inner.hold = Hold::Vertical { grab: at.y - bar.thumb.y };
                    shell.capture_event();
                }
            }
            Spot::Vertical { on_thumb: false } => {
                if let Some(bar) = &g.vertical {
                    let by = page.saturating_sub(1).max(1);
                    let top = if at.y < bar.thumb.y { g.top.saturating_sub(by) } else { g.top + by };
                    self.send(shell, GridEvent::ScrolledTo { top: top.min(bar.max), page });
                }
            }
            Spot::Horizontal { on_thumb: true } => {
                if let Some(bar) = &g.horizontal {
                    inner.hold = Hold::Horizontal { grab: at.x - bar.thumb.x };
                    shell.capture_event();
                }
            }
            Spot::Horizontal { on_thumb: false } => {
                if let Some(bar) = &g.horizontal {
                    let left = if at.x < bar.thumb.x { g.left.saturating_sub(1) } else { (g.left + 1).min(bar.max) };
                    self.send(shell, GridEvent::ScrolledSideways { left });
                }
            }
            Spot::Row { row, slot } => self.press_row(inner, row, slot, at, double, g, shell),
            Spot::Nothing => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what was pressed, where and how; a struct would only rename it")]
    fn press_row(
        &self,
        inner: &mut Inner<Id>,
        row: usize,
        slot: Option<usize>,
        at: Point,
        double: bool,
        g: &Geometry,
        shell: &mut Shell<'_, M>,
    ) {
        let Some(place) = self.place(row) else { return };
        let (extend, toggle) = (inner.modifiers.shift(), inner.modifiers.command());
        let slot = slot.map(|slot| &g.slots[slot]);
        let column = slot.map(|slot| &self.columns[slot.column]);
        if let (Some(slot), Some(column)) = (slot, column) {
            if column.check {
                return self.send(shell, GridEvent::Checked { place, extend });
            }
            match (self.cell)(place, column) {
                Cell::Choice { options, .. } => {
                    let line = g.row_rect(row - g.top);
                    let cell = g.inner(slot, &line, size::CELL_PAD);
                    // As they are drawn, in a column of any kind.
                    let buttons = choices(&options, &cell, text::SMALL);
                    if let Some(option) = buttons.iter().position(|button| button.contains(at)) {
                        let column = column.key.to_string();
                        return self.send(shell, GridEvent::Chose { place, column, option });
                    }
                }
                Cell::Go { .. } if !extend && !toggle => return self.send(shell, GridEvent::Opened(place)),
                _ => {}
            }
        }
        if double && !extend && !toggle {
            return self.send(shell, GridEvent::Opened(place));
        }
        self.send(shell, GridEvent::Pressed { place, extend, toggle, page: g.page });
    }

    fn release(&self, inner: &mut Inner<Id>, g: &Geometry, shell: &mut Shell<'_, M>) {
        match std::mem::replace(&mut inner.hold, Hold::Nothing) {
            Hold::Nothing => return,
            Hold::Head { key, dragging: false, .. } => {
                if self.columns.iter().any(|c| c.key == key.as_str() && c.sortable) {
                    self.send(shell, GridEvent::Sorted { column: key, descending: None });
                }
            }
            Hold::Head { key, dragging: true, .. } => {
                let dragged = self.columns.iter().position(|c| c.key == key.as_str());
                if let (Some(dragged), Some(pointer)) = (dragged, inner.pointer) {
                    let (before, _) = g.drop_at(pointer.x, self.columns, dragged);
                    let before = before.map(|slot| self.columns[g.slots[slot].column].key.to_string());
                    if before.as_deref() != Some(key.as_str()) {
                        self.send(shell, GridEvent::Reordered { column: key, before });
                    }
                }
            }
            Hold::Border { .. } | Hold::Vertical { .. } | Hold::Horizontal { .. } => shell.capture_event(),
        }
        shell.request_redraw();
    }

    fn moved(&self, inner: &mut Inner<Id>, g: &Geometry, cursor: mouse::Cursor, shell: &mut Shell<'_, M>) {
        let Some(at) = cursor.position() else { return self.hover(inner, None, shell) };
        inner.pointer = Some(at);
        match &mut inner.hold {
            Hold::Nothing => {
                let row = cursor.position_over(g.bounds).and_then(|p| g.row_at(p));
                self.hover(inner, row, shell);
            }
            Hold::Head { key, from, dragging } => {
                let movable = self.columns.iter().any(|c| c.key == key.as_str() && c.movable);
                *dragging |= movable && (at.x - from.x).abs() > DRAG;
                if *dragging {
                    shell.request_redraw();
                }
                shell.capture_event();
            }
            Hold::Border { key, from, width } => {
                // What is remembered is the width for text of the usual size.
                let (column, width) = (key.clone(), (*width + at.x - *from) / self.theme.density.widening());
                self.send(shell, GridEvent::Resized { column, width });
            }
            Hold::Vertical { grab } => {
                if let Some(bar) = &g.vertical {
                    let top = Geometry::offset(bar, at.y - *grab, false);
                    if top != g.top {
                        self.send(shell, GridEvent::ScrolledTo { top, page: g.page });
                    }
                }
            }
            Hold::Horizontal { grab } => {
                if let Some(bar) = &g.horizontal {
                    let left = Geometry::offset(bar, at.x - *grab, true);
                    if left != g.left {
                        self.send(shell, GridEvent::ScrolledSideways { left });
                    }
                }
            }
        }
    }

    fn wheel(&self, inner: &mut Inner<Id>, delta: mouse::ScrollDelta, g: &Geometry, shell: &mut Shell<'_, M>) {
        let (x, y) = match delta {
            mouse::ScrollDelta::Lines { x, y } => (x, y * NOTCH),
            mouse::ScrollDelta::Pixels { x, y } => (x / 120.0, y / g.row),
        };
        let (x, y) = if inner.modifiers.shift() && x == 0.0 { (y / NOTCH, 0.0) } else { (x, y) };
        if let Some(bar) = g.horizontal.filter(|_| x.abs() > 0.4) {
            let left = if x > 0.0 { g.left.saturating_sub(1) } else { (g.left + 1).min(bar.max) };
            if left != g.left {
                self.send(shell, GridEvent::ScrolledSideways { left });
            }
            return shell.capture_event();
        }
        let Some(bar) = g.vertical else { return };
        // A touchpad turns by parts of a row; they add up.
        inner.wheel -= y;
        let rows = inner.wheel.trunc();
        inner.wheel -= rows;
        let top = (g.top as i64).saturating_add(rows as i64).clamp(0, bar.max as i64) as usize;
        if top != g.top {
            self.send(shell, GridEvent::ScrolledTo { top, page: g.page });
        }
        shell.capture_event();
    }

    /// The width at which nothing in sight of this column is cut.
    pub(super) fn fitting(&self, slot: usize, g: &Geometry) -> f32 {
        let column = &self.columns[g.slots[slot].column];
        let styles = Styles::of(self.theme.density);
        let style = if column.secondary { styles.secondary } else { styles.main };
        let head = measure::width(&column.title, styles.head.size, true) + 18.0;
        let widest = (g.top..g.top + g.shown)
            .filter_map(|row| self.place(row))
            .map(|place| {
                let cell = (self.cell)(place, column);
                let icon = if matches!(cell, Cell::Badge(_) | Cell::Due(_)) { 22.0 } else { 0.0 };
                // The current row's name is bold, which is wider for digits and letters.
                measure::width(&cell.plain(), style.size, column.name) + icon
            })
            .fold(head, f32::max);
        ((widest + 2.0 * size::CELL_PAD + 1.0) / self.theme.density.widening()).ceil()
    }

    pub(super) fn pointer_shape(&self, inner: &Inner<Id>, g: &Geometry, cursor: mouse::Cursor) -> mouse::Interaction {
        match inner.hold {
            Hold::Border { .. } => return mouse::Interaction::ResizingHorizontally,
            Hold::Head { dragging: true, .. } => return mouse::Interaction::Grabbing,
            _ => {}
        }
        let Some(at) = cursor.position_over(g.bounds) else { return mouse::Interaction::None };
        match g.spot(at, self.columns) {
            Spot::Border { .. } => mouse::Interaction::ResizingHorizontally,
            Spot::Head { slot } if self.columns[g.slots[slot].column].sortable => mouse::Interaction::Pointer,
            Spot::Row { slot: Some(slot), .. } if self.columns[g.slots[slot].column].go => mouse::Interaction::Pointer,
            _ => mouse::Interaction::Idle,
        }
    }
}
