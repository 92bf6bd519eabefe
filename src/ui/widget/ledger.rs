//! Short tables that stand still: a form's years, a filing's rounds, the rows of a review. 三线表: the heavy rule, the head on
//! its inset, hairlines, totals between a thin and a heavy rule. For many rows there is the grid.

use std::borrow::Cow;

use iced::alignment::{Horizontal, Vertical};
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use crate::ui::theme::tokens::size::CELL_PAD;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::{Element, text};

/// A column: its head, its width, where its content stands.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    head: Cow<'a, str>,
    width: Length,
    align: Horizontal,
}

impl<'a> Column<'a> {
    /// Text, to the left.
    pub fn left(head: impl Into<Cow<'a, str>>, width: impl Into<Length>) -> Self {
        Self { head: head.into(), width: width.into(), align: Horizontal::Left }
    }

    /// Numbers, to the right.
    pub fn right(head: impl Into<Cow<'a, str>>, width: impl Into<Length>) -> Self {
        Self { head: head.into(), width: width.into(), align: Horizontal::Right }
    }

    /// Single icons.
    pub fn centre(head: impl Into<Cow<'a, str>>, width: impl Into<Length>) -> Self {
        Self { head: head.into(), width: width.into(), align: Horizontal::Center }
    }
}

/// A cell: any element, perhaps on a soft ground (a changed value).
pub struct Cell<'a, M> {
    content: Element<'a, M>,
    ground: Option<Tone>,
}

impl<'a, M: 'a> Cell<'a, M> {
    /// On a soft ground: only the new value of a difference.
    pub fn changed(content: impl Into<Element<'a, M>>, tone: Tone) -> Self {
        Self { content: content.into(), ground: Some(tone) }
    }
}

impl<'a, M: 'a, E: Into<Element<'a, M>>> From<E> for Cell<'a, M> {
    fn from(content: E) -> Self {
        Self { content: content.into(), ground: None }
    }
}

enum Row<'a, M> {
    Cells { cells: Vec<Cell<'a, M>>, on_press: Option<M>, current: bool },
    Heading(String),
}

/// A table being put together.
pub struct Ledger<'a, M> {
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a, M>>,
    totals: Option<Vec<Cell<'a, M>>>,
    row: f32,
    head: f32,
    head_style: text::Style,
    headless: bool,
}

/// A table with these columns, at the heights of a density.
pub fn ledger<'a, M: Clone + 'a>(columns: impl IntoIterator<Item = Column<'a>>, density: Density) -> Ledger<'a, M> {
    Ledger {
        columns: columns.into_iter().collect(),
        rows: Vec::new(),
        totals: None,
        row: density.row(),
        head: density.head(),
        head_style: if density == Density::Compact { text::NOTE.bold() } else { text::SMALL.bold() },
        headless: false,
    }
}

impl<'a, M: Clone + 'a> Ledger<'a, M> {
    /// Another height of rows: 26 in panels, 34 or more where one reads and decides.
    #[must_use]
    pub fn row_height(mut self, height: f32) -> Self {
        self.row = height;
        self
    }

    /// No head: the rows speak for themselves.
    #[must_use]
    pub fn headless(mut self) -> Self {
        self.headless = true;
        self
    }

    /// A row.
    #[must_use]
    pub fn push(mut self, cells: Vec<Cell<'a, M>>) -> Self {
        self.rows.push(Row::Cells { cells, on_press: None, current: false });
        self
    }

    /// A row that opens something; `current` when it is open.
    #[must_use]
    pub fn push_row(mut self, cells: Vec<Cell<'a, M>>, on_press: Option<M>, current: bool) -> Self {
        self.rows.push(Row::Cells { cells, on_press, current });
        self
    }

    /// A small heading over the rows that follow.
    #[must_use]
    pub fn heading(mut self, words: impl Into<String>) -> Self {
        self.rows.push(Row::Heading(words.into()));
        self
    }

    /// The totals; their texts should be bold.
    #[must_use]
    pub fn totals(mut self, cells: Vec<Cell<'a, M>>) -> Self {
        self.totals = Some(cells);
        self
    }
}

fn cells<'a, M: Clone + 'a>(columns: &[Column<'a>], cells: Vec<Cell<'a, M>>, height: f32) -> Element<'a, M> {
    let line = columns.iter().zip(cells).map(|(column, cell)| {
        let ground = cell.ground;
        container(cell.content)
            .width(column.width)
            .height(Length::Fill)
            .align_x(column.align)
            .align_y(Vertical::Center)
            .padding(Padding { left: CELL_PAD, right: CELL_PAD, ..Padding::ZERO })
            .style(move |theme: &Theme| match ground {
                Some(tone) => container::background(tone.soft(theme.tokens)),
                None => container::Style::default(),
            })
            .into()
    });
    row(line).height(height).into()
}

impl<'a, M: Clone + 'a> From<Ledger<'a, M>> for Element<'a, M> {
    fn from(ledger: Ledger<'a, M>) -> Self {
        let Ledger { columns, rows, totals, row: height, head, head_style, headless } = ledger;
        let mut all = column![rule::across(Weight::Heavy)];
        if !headless {
            let heads =
                columns.iter().map(|column| text::line(head_style, Tone::Quiet, column.head.clone()).into()).collect();
            let heads = container(cells(&columns, heads, head - 1.0))
                .style(|theme: &Theme| container::background(theme.tokens.inset));
            all = all.push(heads).push(rule::across(Weight::Strong));
        }
        let last = rows.len().saturating_sub(1);
        for (at, line) in rows.into_iter().enumerate() {
            match line {
                Row::Heading(words) => {
                    let words = text::line(text::NOTE.bold(), Tone::Quiet, words);
                    all = all.push(
                        container(words).height(height.min(30.0)).align_y(Vertical::Center).padding([0.0, CELL_PAD]),
                    );
                }
                Row::Cells { cells: line, on_press, current } => {
                    let line = cells(&columns, line, height - 1.0);
                    all = all.push(match (on_press, current) {
                        (None, false) => line,
                        (None, true) => {
                            container(line).style(|theme: &Theme| container::background(theme.tokens.hover)).into()
                        }
                        (Some(message), current) => Press::new(line, move |theme, status| {
                            let t = theme.tokens;
                            let look = Look::bare(t.t1).ring_inside();
                            match (current, status.hovered) {
                                (true, _) => look.ground(t.selected),
                                (false, true) => look.ground(t.hover),
                                (false, false) => look,
                            }
                        })
                        .on_press(message)
                        .left()
                        .width(Length::Fill)
                        .into(),
                    });
                }
            }
            // Under the last row the totals' own rule stands.
            if at < last || totals.is_none() {
                all = all.push(rule::across(Weight::Hair));
            }
        }
        if let Some(totals) = totals {
            all = all
                .push(rule::across(Weight::Thin))
                .push(cells(&columns, totals, height.max(30.0) - 3.0))
                .push(rule::across(Weight::Heavy));
        }
        all.width(Length::Fill).into()
    }
}
