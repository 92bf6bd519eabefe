//! The menu of a head: sort, fit, hide, and which columns are shown.

use iced::advanced::overlay;
use iced::{Point, Rectangle, Vector};

use super::geometry::Geometry;
use super::{Grid, GridEvent, Inner, RowId};
use crate::ui::Renderer;
use crate::ui::icon::Icon;
use crate::ui::theme::Theme;
use crate::ui::widget::list::{self, Item, Marked};
use crate::ui::widget::menu::Floating;

/// What was picked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pick {
    Sort { column: String, descending: bool },
    Fit { column: String, width: f32 },
    Hide { column: String, hide: bool },
    Reset,
}

impl Pick {
    pub fn event<Id>(self) -> GridEvent<Id> {
        match self {
            Pick::Sort { column, descending } => GridEvent::Sorted { column, descending: Some(descending) },
            Pick::Fit { column, width } => GridEvent::Resized { column, width },
            Pick::Hide { column, hide } => GridEvent::Hid { column, hide },
            Pick::Reset => GridEvent::ResetColumns,
        }
    }
}

impl<Id: RowId, M> Grid<'_, Id, M> {
    pub(super) fn open_head_menu(&self, inner: &mut Inner<Id>, slot: usize, at: Point, g: &Geometry) {
        let key = self.columns[g.slots[slot].column].key.to_string();
        // It hangs under the head, at the pointer.
        let anchor = Rectangle { x: at.x, y: g.head.y, width: 0.0, height: g.head.height };
        inner.menu_open = Some(Marked::at(list::next(&self.menu_items(&key, g), None, true)));
        inner.menu = Some((key, anchor));
    }

    fn menu_items(&self, key: &str, g: &Geometry) -> Vec<Item<Pick>> {
        let mut items = Vec::new();
        let slot = g.slots.iter().position(|slot| self.columns[slot.column].key == key);
        if let Some(slot) = slot {
            let column = &self.columns[g.slots[slot].column];
            let sort = |descending| Pick::Sort { column: key.to_owned(), descending };
            if column.sortable {
                items.push(Item::new(sort(false), "升序").icon(Icon::ArrowUp));
                items.push(Item::new(sort(true), "降序").icon(Icon::ArrowDown));
                items.push(Item::line());
            }
            if column.movable {
                let fit = Pick::Fit { column: key.to_owned(), width: self.fitting(slot, g) };
                items.push(Item::new(fit, "列宽适合内容").icon(Icon::Columns3));
                let hide = Pick::Hide { column: key.to_owned(), hide: true };
                items.push(Item::new(hide, "隐藏这一列").icon(Icon::EyeOff));
                items.push(Item::line());
            }
        }
        items.push(Item::heading("显示的列"));
        let arrangement = self.state.arrangement();
        for at in arrangement.all(self.columns) {
            let column = &self.columns[at];
            if column.movable {
                let shown = !arrangement.hidden.contains(column.key.as_ref());
                let pick = Pick::Hide { column: column.key.to_string(), hide: shown };
                items.push(Item::new(pick, column.title.as_ref()).checked(shown));
            }
        }
        items.push(Item::line());
        items.push(Item::new(Pick::Reset, "恢复默认的列").icon(Icon::RotateCcw));
        items
    }

    pub(super) fn head_menu<'b>(
        &'b mut self,
        inner: &'b mut Inner<Id>,
        g: &Geometry,
        translation: Vector,
    ) -> Option<overlay::Element<'b, M, Theme, Renderer>> {
        inner.menu_open.as_ref()?;
        let (key, anchor) = inner.menu.as_ref()?;
        self.menu = self.menu_items(key, g);
        Some(overlay::Element::new(Box::new(Floating {
            open: &mut inner.menu_open,
            items: &self.menu,
            on_pick: &*self.on_pick,
            on_close: None,
            anchor: *anchor + translation,
            least: 168.0,
            density: self.theme.density,
            stays: true,
            typing: false,
        })))
    }
}
