//! Columns of the grid: what a screen declares, and what a person made of it (order, widths, hidden), which can be stored.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Where the text of a column stands; its head stands there too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Text, dates, badges.
    #[default]
    Left,
    /// Numbers.
    Right,
    /// Single icons.
    Centre,
}

/// One column as the screen declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its lasting name, by which a stored arrangement and a sort refer to it.
    pub key: Cow<'static, str>,
    /// Its head; the unit stands here, once.
    pub title: Cow<'static, str>,
    /// Its width in logical pixels until a person drags it.
    pub width: f32,
    /// It is never narrower than this.
    pub min: f32,
    pub align: Align,
    /// Takes the room that is left. One column at most; of several the first does.
    pub stretch: bool,
    /// Stays when the others scroll sideways.
    pub frozen: bool,
    /// Smaller and quieter than the name.
    pub secondary: bool,
    /// Set in 700 in the current row.
    pub name: bool,
    /// A click on the head sorts.
    pub sortable: bool,
    /// May be dragged to another place, resized and hidden.
    pub movable: bool,
    /// The checkbox column: drawn and handled by the grid itself.
    pub check: bool,
    /// Holds codes: when copied, a code of digits alone is kept from becoming a number.
    pub code: bool,
    /// What Enter does, shown at the right end of the row: its cells are [`super::Cell::Go`].
    pub go: bool,
}

impl Column {
    /// A column of text.
    pub fn text(key: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>, width: f32) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
            width,
            min: width.min(48.0),
            align: Align::Left,
            stretch: false,
            frozen: false,
            secondary: false,
            name: false,
            sortable: true,
            movable: true,
            check: false,
            code: false,
            go: false,
        }
    }

    /// The column of names: stays in place, takes the room that is left, bold in the current row, cut last
    /// (twelve characters are never cut).
    pub fn name(key: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>) -> Self {
        Self { min: 184.0, stretch: true, frozen: true, name: true, ..Self::text(key, title, 184.0) }
    }

    /// A column of numbers, to the right.
    pub fn number(key: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>, width: f32) -> Self {
        Self { align: Align::Right, ..Self::text(key, title, width) }
    }

    /// The checkbox column. Declare it first.
    pub fn check() -> Self {
        Self { min: 34.0, frozen: true, sortable: false, movable: false, check: true, ..Self::text("check", "", 34.0) }
    }

    /// A column of codes (统一社会信用代码, 登记编号), to the left; they are copied so that a spreadsheet keeps every digit.
    pub fn code(key: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>, width: f32) -> Self {
        Self { code: true, ..Self::text(key, title, width) }
    }

    /// A narrow column of single icons.
    pub fn icon(key: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>) -> Self {
        Self { align: Align::Centre, sortable: false, min: 32.0, ..Self::text(key, title, 32.0) }
    }

    /// The column at the right end that says what Enter does.
    pub fn go(key: impl Into<Cow<'static, str>>, width: f32) -> Self {
        Self { align: Align::Right, sortable: false, movable: false, go: true, ..Self::text(key, "", width) }
    }

    /// Smaller and quieter than the name.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.secondary = true;
        self
    }

    /// Stays when the others scroll sideways.
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.frozen = true;
        self
    }

    /// A click on its head does nothing.
    #[must_use]
    pub fn unsortable(mut self) -> Self {
        self.sortable = false;
        self
    }

    /// Neither moved, resized nor hidden.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.movable = false;
        self
    }

    /// Takes the room that is left.
    #[must_use]
    pub fn stretch(mut self) -> Self {
        self.stretch = true;
        self
    }
}

/// What a person made of the columns. Unknown keys are kept, so that a column that comes back finds its place again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Keys in the order shown; columns not named keep the place the screen gave them.
    pub order: Vec<String>,
    /// Dragged widths in logical pixels.
    pub widths: BTreeMap<String, f32>,
    /// Keys of hidden columns.
    pub hidden: BTreeSet<String>,
}

/// The widest a column can be dragged.
const WIDEST: f32 = 960.0;

impl Arrangement {
    /// The columns shown, frozen ones first, as indices into `columns`.
    pub fn shown(&self, columns: &[Column]) -> Vec<usize> {
        let mut shown = self.all(columns);
        shown.retain(|&i| !self.hidden.contains(columns[i].key.as_ref()) || !columns[i].movable);
        shown
    }

    /// All columns in their order, hidden ones too.
    pub fn all(&self, columns: &[Column]) -> Vec<usize> {
        // A column the arrangement does not name goes right after its left neighbour of the declaration.
        let mut keys: Vec<usize> = Vec::with_capacity(columns.len());
        for key in &self.order {
            if let Some(i) = columns.iter().position(|c| c.key == key.as_str())
                && !keys.contains(&i)
            {
                keys.push(i);
            }
        }
        for i in 0..columns.len() {
            if keys.contains(&i) {
                continue;
            }
            let after = (0..i).rev().find_map(|left| keys.iter().position(|k| *k == left));
            keys.insert(after.map_or(0, |at| at + 1), i);
        }
        // A stable sort keeps the order within both groups.
        keys.sort_by_key(|&i| !columns[i].frozen);
        keys
    }

    /// The width of a column before the stretching one takes the rest.
    pub fn width(&self, column: &Column) -> f32 {
        match self.widths.get(column.key.as_ref()) {
            Some(w) if w.is_finite() => w.clamp(column.min, WIDEST.max(column.min)),
            _ => column.width.max(column.min),
        }
    }

    /// Records a dragged width.
    pub fn resize(&mut self, column: &Column, width: f32) {
        if column.movable && width.is_finite() {
            self.widths.insert(column.key.to_string(), width.clamp(column.min, WIDEST.max(column.min)).round());
        }
    }

    /// Puts `key` in front of `before`, or last. Frozen and other columns keep to their own side.
    pub fn reorder(&mut self, columns: &[Column], key: &str, before: Option<&str>) {
        let mut keys: Vec<String> = self.all(columns).into_iter().map(|i| columns[i].key.to_string()).collect();
        let Some(from) = keys.iter().position(|k| k == key) else { return };
        let moved = keys.remove(from);
        let to = before.and_then(|b| keys.iter().position(|k| k == b)).unwrap_or(keys.len());
        keys.insert(to, moved);
        // Columns that are not here now keep their stored place at the end.
        keys.extend(self.order.iter().filter(|k| !columns.iter().any(|c| c.key == k.as_str())).cloned());
        self.order = keys;
    }

    /// Hides or shows a column. The last one that can be hidden stays.
    pub fn hide(&mut self, columns: &[Column], key: &str, hide: bool) {
        if !hide {
            self.hidden.remove(key);
            return;
        }
        let others = columns.iter().any(|c| !c.check && c.key != key && !self.hidden.contains(c.key.as_ref()));
        if others && columns.iter().any(|c| c.key == key && c.movable) {
            self.hidden.insert(key.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        vec![
            Column::check(),
            Column::name("name", "企业名称"),
            Column::text("code", "代码", 164.0),
            Column::text("town", "乡镇街道", 80.0),
            Column::number("sales", "销售收入（万元）", 122.0),
        ]
    }

    fn keys(a: &Arrangement, columns: &[Column]) -> Vec<String> {
        a.shown(columns).into_iter().map(|i| columns[i].key.to_string()).collect()
    }

    #[test]
    fn a_dragged_column_stays_where_it_was_dropped_and_frozen_ones_stay_left() {
        let (columns, mut a) = (columns(), Arrangement::default());
        a.reorder(&columns, "sales", Some("code"));
        assert_eq!(keys(&a, &columns), ["check", "name", "sales", "code", "town"]);
        a.reorder(&columns, "sales", Some("check"));
        assert_eq!(keys(&a, &columns), ["check", "name", "sales", "code", "town"], "not in front of frozen columns");
        a.reorder(&columns, "code", None);
        assert_eq!(keys(&a, &columns), ["check", "name", "sales", "town", "code"]);
    }

    #[test]
    fn a_column_that_is_new_in_this_version_appears_beside_its_neighbour() {
        let a = Arrangement { order: vec!["sales".into(), "gone".into(), "code".into()], ..Arrangement::default() };
        assert_eq!(keys(&a, &columns()), ["check", "name", "sales", "code", "town"]);
    }

    #[test]
    fn hiding_spares_the_checkbox_and_the_last_column() {
        let (columns, mut a) = (columns(), Arrangement::default());
        for key in ["check", "code", "town", "sales", "name"] {
            a.hide(&columns, key, true);
        }
        assert_eq!(keys(&a, &columns), ["check", "name"]);
        a.hide(&columns, "town", false);
        assert_eq!(keys(&a, &columns), ["check", "name", "town"]);
    }

    #[test]
    fn widths_keep_within_bounds_and_survive_being_stored() {
        let (columns, mut a) = (columns(), Arrangement::default());
        a.resize(&columns[2], 3.0);
        a.resize(&columns[3], 1e9);
        a.resize(&columns[4], f32::NAN);
        assert_eq!(a.width(&columns[2]), 48.0);
        assert_eq!(a.width(&columns[3]), WIDEST);
        assert_eq!(a.width(&columns[4]), 122.0);
        let back: Arrangement = serde_json::from_str(&serde_json::to_string(&a).unwrap()).unwrap();
        assert_eq!(back, a);
        let old: Arrangement = serde_json::from_str("{}").unwrap();
        assert_eq!(old, Arrangement::default());
    }
}
