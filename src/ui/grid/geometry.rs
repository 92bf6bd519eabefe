//! Where everything of a grid is, on whole physical pixels, and what lies under the pointer.
//!
//! Only whole rows are shown and only whole columns scroll away, so nothing ever needs a clip mask.

use iced::{Point, Rectangle};

use super::column::{Align, Arrangement, Column};
use crate::ui::theme::Theme;

/// Width of the strip the vertical scrollbar stands in.
const BAR: f32 = 12.0;
/// Height of the strip the horizontal scrollbar stands in.
const BAR_FLAT: f32 = 12.0;
/// Thickness of the thumb.
const THUMB: f32 = 6.0;
/// The thumb never gets shorter than this.
pub(super) const THUMB_MIN: f32 = 24.0;
/// The rule above the head.
const RULE: f32 = 2.0;
/// How near a column's border counts as on it.
const GRAB: f32 = 4.0;

/// A column as it stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot {
    /// Index into the screen's columns.
    pub column: usize,
    pub x: f32,
    pub width: f32,
    /// It reaches beyond the right edge and is shown in part.
    pub partial: bool,
}

/// A scrollbar: where its thumb can go and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar {
    pub track: Rectangle,
    pub thumb: Rectangle,
    /// The greatest offset, in rows or columns.
    pub max: usize,
}

/// Everything's place in one frame.
#[derive(Debug, Clone)]
pub(super) struct Geometry {
    pub bounds: Rectangle,
    /// The heavy rule's height, the hairline's height.
    pub rule: f32,
    pub hair: f32,
    pub head: Rectangle,
    pub body: Rectangle,
    pub totals: Option<Rectangle>,
    pub row: f32,
    /// Whole rows that fit.
    pub page: usize,
    /// First row shown.
    pub top: usize,
    /// Rows shown.
    pub shown: usize,
    pub slots: Vec<Slot>,
    /// Where the frozen columns end.
    pub frozen: f32,
    /// Scrolling columns hidden on the left.
    pub left: usize,
    pub vertical: Option<Bar>,
    pub horizontal: Option<Bar>,
}

/// What lies under the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spot {
    Head {
        slot: usize,
    },
    /// The right border of a column.
    Border {
        slot: usize,
    },
    Row {
        row: usize,
        slot: Option<usize>,
    },
    Vertical {
        on_thumb: bool,
    },
    Horizontal {
        on_thumb: bool,
    },
    Nothing,
}

/// The numbers a geometry is computed from.
pub(super) struct Ask<'a> {
    pub bounds: Rectangle,
    pub theme: &'a Theme,
    pub columns: &'a [Column],
    pub arrangement: &'a Arrangement,
    pub rows: usize,
    pub top: usize,
    pub left: usize,
    pub totals: bool,
}

impl Geometry {
    pub fn of(ask: Ask<'_>) -> Self {
        let theme = ask.theme;
        let bounds = theme.snap_rect(ask.bounds);
        let (rule, hair) = (theme.hair(RULE), theme.hair(1.0));
        let row = theme.snap(theme.density.row()).max(hair);
        let head = Rectangle { y: bounds.y + rule, height: theme.snap(theme.density.head()), ..bounds };
        let totals = if ask.totals { theme.snap(theme.density.totals()) } else { 0.0 };

        // Which scrollbars are needed depends on each other only through the body's height.
        let body_y = head.y + head.height;
        let room = (bounds.y + bounds.height - body_y - totals).max(0.0);
        let fits = |room: f32| ((room + 0.01) / row).floor().max(0.0) as usize;
        let order = ask.arrangement.shown(ask.columns);
        let widening = |column: &Column| if column.check { 1.0 } else { theme.density.widening() };
        let width = |column: &Column| ask.arrangement.width(column) * widening(column);
        let widths: Vec<f32> = order.iter().map(|&i| width(&ask.columns[i])).collect();
        let total: f32 = widths.iter().sum();
        let bar = |rows: usize, page: usize| if rows > page { theme.snap(BAR) } else { 0.0 };

        let mut page = fits(room);
        let mut strip = bar(ask.rows, page);
        let wide = total > bounds.width - strip + 0.5;
        let mut flat = 0.0;
        if wide {
            flat = theme.snap(BAR_FLAT);
            page = fits(room - flat);
            strip = bar(ask.rows, page);
        }
        let top = ask.top.min(ask.rows.saturating_sub(page));
        let shown = ask.rows.saturating_sub(top).min(page);
        let body = Rectangle { y: body_y, height: page as f32 * row, ..bounds };
        let edge = bounds.x + bounds.width - strip;

        let (slots, frozen, left, hidden_max) =
            Self::columns(&order, &widths, ask.columns, theme, bounds.x, edge, if wide { ask.left } else { 0 });
        let totals = ask.totals.then_some(Rectangle { y: body.y + shown as f32 * row, height: totals, ..bounds });

        let vertical = (strip > 0.0 && page > 0).then(|| {
            let track = Rectangle { x: edge, y: body.y, width: strip, height: body.height };
            let max = ask.rows - page;
            let height = (track.height * page as f32 / ask.rows as f32).max(THUMB_MIN).min(track.height);
            let y = track.y + (track.height - height) * (top as f32 / max as f32);
            let width = theme.snap(THUMB);
            let x = track.x + theme.snap((strip - width) / 2.0);
            Bar { track, thumb: theme.snap_rect(Rectangle { x, y, width, height }), max }
        });
        let horizontal = (wide && hidden_max > 0).then(|| {
            let track = Rectangle {
                x: frozen,
                y: bounds.y + bounds.height - flat,
                width: (edge - frozen).max(0.0),
                height: flat,
            };
            let width =
                (track.width * track.width / (total - (frozen - bounds.x)).max(1.0)).max(THUMB_MIN).min(track.width);
            let x = track.x + (track.width - width) * (left as f32 / hidden_max as f32);
            let height = theme.snap(THUMB);
            let y = track.y + theme.snap((flat - height) / 2.0);
            Bar { track, thumb: theme.snap_rect(Rectangle { x, y, width, height }), max: hidden_max }
        });
        Self {
            bounds,
            rule,
            hair,
            head,
            body,
            totals,
            row,
            page,
            top,
            shown,
            slots,
            frozen,
            left,
            vertical,
            horizontal,
        }
    }

    /// Places the columns between `x` and `edge`; also where the frozen ones end, how many scrolling ones are hidden, and
    /// how many can be.
    fn columns(
        order: &[usize],
        widths: &[f32],
        columns: &[Column],
        theme: &Theme,
        x: f32,
        edge: f32,
        left: usize,
    ) -> (Vec<Slot>, f32, usize, usize) {
        let total: f32 = widths.iter().sum();
        let slack = (edge - x - total).max(0.0);
        let stretch = order.iter().position(|&i| columns[i].stretch);
        let width = |at: usize| widths[at] + if stretch == Some(at) { slack } else { 0.0 };
        let fixed = order.iter().take_while(|&&i| columns[i].frozen).count();

        // The furthest left offset that still leaves the last column whole.
        let frozen: f32 = (0..fixed).map(width).sum();
        let mut tail = 0.0;
        let mut most = order.len() - fixed;
        for at in (fixed..order.len()).rev() {
            tail += width(at);
            // At least one scrolling column stays, however narrow the grid is.
            if x + frozen + tail > edge + 0.5 && most < order.len() - fixed {
                break;
            }
            most = at - fixed;
        }
        let left = left.min(most);

        let mut slots = Vec::with_capacity(order.len());
        let mut at_x = x;
        let mut frozen_end = x;
        for (at, &column) in order.iter().enumerate() {
            if at >= fixed && at < fixed + left {
                continue;
            }
            let (from, to) = (theme.snap(at_x), theme.snap(at_x + width(at)));
            if from + 1.0 >= edge {
                break;
            }
            let partial = to > edge + 0.5;
            slots.push(Slot { column, x: from, width: to.min(edge) - from, partial });
            at_x += width(at);
            if at < fixed {
                frozen_end = to.min(edge);
            }
        }
        (slots, frozen_end, left, most)
    }

    /// The rectangle of a shown row, counted from the first one shown.
    pub fn row_rect(&self, at: usize) -> Rectangle {
        Rectangle { y: self.body.y + at as f32 * self.row, height: self.row, ..self.body }
    }

    /// The part of a cell its content may use.
    pub fn inner(&self, slot: &Slot, row: &Rectangle, pad: f32) -> Rectangle {
        Rectangle { x: slot.x + pad, width: (slot.width - 2.0 * pad).max(0.0), ..*row }
    }

    /// What lies at a point.
    pub fn spot(&self, p: Point, columns: &[Column]) -> Spot {
        if let Some(bar) = &self.vertical
            && bar.track.contains(p)
        {
            return Spot::Vertical { on_thumb: p.y >= bar.thumb.y && p.y < bar.thumb.y + bar.thumb.height };
        }
        if let Some(bar) = &self.horizontal
            && bar.track.contains(p)
        {
            return Spot::Horizontal { on_thumb: p.x >= bar.thumb.x && p.x < bar.thumb.x + bar.thumb.width };
        }
        if self.head.contains(p) {
            let border = self
                .slots
                .iter()
                .position(|s| !s.partial && columns[s.column].movable && (p.x - (s.x + s.width)).abs() <= GRAB);
            return match (border, self.slot_at(p.x)) {
                (Some(slot), _) => Spot::Border { slot },
                (None, Some(slot)) => Spot::Head { slot },
                (None, None) => Spot::Nothing,
            };
        }
        match self.row_at(p) {
            Some(row) => Spot::Row { row, slot: self.slot_at(p.x) },
            None => Spot::Nothing,
        }
    }

    /// The row at a point, as an index into all rows.
    pub fn row_at(&self, p: Point) -> Option<usize> {
        if !self.body.contains(p) {
            return None;
        }
        let at = ((p.y - self.body.y) / self.row).floor() as usize;
        (at < self.shown).then_some(self.top + at)
    }

    fn slot_at(&self, x: f32) -> Option<usize> {
        self.slots.iter().position(|s| x >= s.x && x < s.x + s.width)
    }

    /// In front of which slot a dragged column would fall, and the x of that place.
    pub fn drop_at(&self, x: f32, columns: &[Column], dragged: usize) -> (Option<usize>, f32) {
        let group = |c: usize| columns[c].frozen;
        let mut last = None;
        for (at, slot) in self.slots.iter().enumerate() {
            if group(slot.column) != group(dragged) || !columns[slot.column].movable {
                continue;
            }
            if x < slot.x + slot.width / 2.0 {
                return (Some(at), slot.x);
            }
            last = Some((at, slot.x + slot.width));
        }
        // Behind the last of its group: in front of the first column after it, if there is one.
        let Some((at, x)) = last else { return (None, x) };
        ((at + 1 < self.slots.len()).then_some(at + 1), x)
    }

    /// The scroll offset for a thumb whose start was dragged to `at` along its track.
    pub fn offset(bar: &Bar, at: f32, flat: bool) -> usize {
        let (start, room) = if flat {
            (bar.track.x, bar.track.width - bar.thumb.width)
        } else {
            (bar.track.y, bar.track.height - bar.thumb.height)
        };
        if room <= 0.0 {
            return 0;
        }
        (((at - start) / room).clamp(0.0, 1.0) * bar.max as f32).round() as usize
    }
}

/// Where a content of some width begins in a cell.
pub(super) fn start(align: Align, inner: &Rectangle, width: f32) -> f32 {
    match align {
        Align::Left => inner.x,
        Align::Right => inner.x + inner.width - width,
        Align::Centre => inner.x + (inner.width - width) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Density;

    fn columns() -> Vec<Column> {
        vec![
            Column::check(),
            Column::name("name", "企业名称"),
            Column::text("code", "代码", 164.0),
            Column::text("town", "乡镇街道", 80.0),
            Column::number("sales", "销售收入（万元）", 122.0),
        ]
    }

    fn geometry(width: f32, height: f32, rows: usize, top: usize, left: usize, scale: f32) -> Geometry {
        let theme = Theme::LIGHT.density(Density::Comfortable).scale(scale);
        Geometry::of(Ask {
            bounds: Rectangle { x: 10.0, y: 20.0, width, height },
            theme: &theme,
            columns: &columns(),
            arrangement: &Arrangement::default(),
            rows,
            top,
            left,
            totals: false,
        })
    }

    #[test]
    fn only_whole_rows_are_shown_and_the_thumb_never_vanishes() {
        let g = geometry(800.0, 2.0 + 32.0 + 10.0 * 32.0 + 17.0, 100_000, 99_999, 0, 1.0);
        assert_eq!((g.page, g.shown, g.top), (10, 10, 99_990));
        assert!(g.body.y + g.body.height <= g.bounds.y + g.bounds.height);
        let bar = g.vertical.unwrap();
        assert_eq!(bar.thumb.height, THUMB_MIN);
        assert!((bar.thumb.y + bar.thumb.height - (bar.track.y + bar.track.height)).abs() < 1.0);
    }

    #[test]
    fn the_name_takes_what_is_left_and_every_edge_is_on_a_pixel() {
        for scale in [0.8, 1.0, 1.1, 1.25, 1.5, 2.0] {
            let g = geometry(900.0, 400.0, 5, 0, 0, scale);
            let last = g.slots.last().unwrap();
            assert!((last.x + last.width - 910.0).abs() < 1.0, "{scale}");
            for v in g.slots.iter().flat_map(|s| [s.x, s.x + s.width]).chain([g.body.y, g.head.y, g.row]) {
                let physical = v * scale;
                assert!((physical - physical.round()).abs() < 0.02, "{scale}: {v}");
            }
        }
    }

    #[test]
    fn larger_text_gets_wider_columns() {
        let of = |density: Density| {
            let theme = Theme::LIGHT.density(density);
            let (columns, arrangement) = (columns(), Arrangement::default());
            let bounds = Rectangle { x: 0.0, y: 0.0, width: 1200.0, height: 400.0 };
            let (theme, columns, arrangement) = (&theme, columns.as_slice(), &arrangement);
            Geometry::of(Ask { bounds, theme, columns, arrangement, rows: 5, top: 0, left: 0, totals: false })
        };
        let (usual, large) = (of(Density::Comfortable), of(Density::Large));
        assert_eq!(usual.slots[0].width, large.slots[0].width, "a tick is a tick");
        assert_eq!(usual.slots[2].width, 164.0);
        assert!((large.slots[2].width - 187.0).abs() <= 1.0, "{}", large.slots[2].width);
    }

    #[test]
    fn a_narrow_grid_scrolls_sideways_by_whole_columns_and_keeps_the_name() {
        let g = geometry(420.0, 400.0, 5, 0, 9, 1.0);
        assert!(g.horizontal.is_some());
        assert_eq!(g.slots[0].column, 0);
        assert_eq!(g.slots[1].column, 1);
        assert_eq!(g.slots.last().unwrap().column, 4, "the last column can be reached");
        assert!(!g.slots.last().unwrap().partial);
        let narrow = geometry(200.0, 400.0, 5, 0, 9, 1.0);
        assert!(narrow.slots.iter().all(|s| s.x + s.width <= 210.1));
    }

    #[test]
    fn no_size_and_no_rows_are_survived() {
        for (w, h) in [(0.0, 0.0), (1.0, 1.0), (50.0, 20.0), (4000.0, 36.0)] {
            for rows in [0, 1, 100] {
                let g = geometry(w, h, rows, 7, 3, 1.0);
                assert!(g.shown <= rows && g.top <= rows);
                let _ = g.spot(Point::new(30.0, 40.0), &columns());
            }
        }
    }

    #[test]
    fn a_point_is_told_from_its_neighbours() {
        let columns = columns();
        let g = geometry(800.0, 400.0, 50, 3, 0, 1.0);
        assert_eq!(g.spot(Point::new(15.0, 30.0), &columns), Spot::Head { slot: 0 });
        let border = g.slots[1].x + g.slots[1].width;
        assert_eq!(g.spot(Point::new(border - 3.0, 30.0), &columns), Spot::Border { slot: 1 });
        assert_eq!(g.spot(Point::new(60.0, 55.0), &columns), Spot::Row { row: 3, slot: Some(1) });
        assert!(matches!(g.spot(Point::new(805.0, 60.0), &columns), Spot::Vertical { .. }));
    }
}
