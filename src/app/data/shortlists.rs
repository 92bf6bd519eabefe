//! 推荐名单: every shortlist, with the edition it is for and the versions that went out.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::{Message as Out, ROWS};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::Result;
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::store::queries::ShortlistRow;
use crate::ui::grid::{Cell, Column, Grid, GridAction, GridEvent, GridState};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::button;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::{Element, Tone, text};

/// The tab's state.
pub struct Shortlists {
    rows: Option<Vec<ShortlistRow>>,
    ids: Vec<RecordId>,
    grid: GridState<RecordId>,
    columns: Vec<Column>,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(Result<Vec<ShortlistRow>>),
    Grid(GridEvent<RecordId>),
}

impl Default for Shortlists {
    fn default() -> Self {
        Self {
            rows: None,
            ids: Vec::new(),
            grid: GridState::default(),
            columns: vec![
                Column::name("title", "推荐名单").unsortable(),
                Column::text("edition", "批次", 260.0).secondary().unsortable(),
                Column::number("filings", "件数", 64.0).unsortable(),
                Column::text("versions", "已定版本", 110.0).unsortable(),
                Column::text("changed", "最后改动", 136.0).secondary().unsortable(),
                Column::go("go", 88.0),
            ],
        }
    }
}

impl Shortlists {
    /// Reads the list anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        ctx.ask(ctx.db.shortlists(), |rows| Out::Shortlists(Message::Read(rows))).into()
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Update<Out> {
        match message {
            Message::Read(Ok(rows)) => {
                self.ids = rows.iter().map(|row| row.id).collect();
                self.rows = Some(rows);
                self.grid.rows_changed(&self.ids);
                if self.grid.current().is_none() {
                    self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
                }
                Update::none()
            }
            Message::Read(Err(problem)) => problem.into(),
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::Open(id) => Update::event(Event::Go(Place::Shortlist(id))),
                GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("推荐名单", rows)),
                }),
                _ => Update::none(),
            },
        }
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        if rows.is_empty() {
            let way = Way {
                icon: Icon::FileText,
                title: "去申报里选",
                why: "在申报列表里选好件，加入推荐名单，再排序、定稿、导出",
                button: button::normal("看申报").on_press(Out::Go(Place::filings(ctx.year))).into(),
            };
            return empty(
                "还没有推荐名单",
                "推荐名单把一个批次里审核通过的件排好顺序，导出成盖章的汇总表。",
                [way],
                None,
            );
        }
        let row_of = |id: RecordId| rows.iter().find(|row| row.id == id);
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            move |place, column| row_of(place.id).map_or(Cell::Blank, |row| cell(row, &column.key, ctx)),
            |event| Out::Shortlists(Message::Grid(event)),
        )
        .id(ROWS);
        let head =
            row![text::small(format!("共 {} 份", rows.len())), space().width(Length::Fill)].align_y(Vertical::Center);
        column![container(head).padding(iced::padding::bottom(8)), grid].into()
    }
}

fn cell<'a>(row: &'a ShortlistRow, column: &str, ctx: &'a Ctx) -> Cell<'a> {
    match column {
        "title" => Cell::text(row.title.as_str()),
        "edition" => Cell::or_empty(ctx.ledger.edition(row.edition).map(|edition| edition.label())),
        "filings" => Cell::text(row.filings.to_string()),
        "versions" if row.versions == 0 => Cell::Badge(Badge::outline(Icon::PencilLine, "未定稿")),
        "versions" => Cell::Badge(Badge::soft(Tone::Success, Icon::Lock, format!("第 {} 版", row.versions))),
        "changed" => Cell::text(words::stamp(row.changed, ctx)),
        _ => Cell::Go { word: "打开".into(), key: "Enter" },
    }
}
