//! 名单导入: every list that was taken in, what it brought, and its own file.

use std::borrow::Cow;
use std::path::PathBuf;

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::{Message as Out, ROWS, hints};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::update::{Event, Update};
use crate::app::{files, words};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::queries::ImportRow;
use crate::ui::grid::{Cell, Column, Grid, GridAction, GridEvent, GridState};
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::{Element, Tone, text};

/// The tab's state.
pub struct Imports {
    rows: Option<Vec<ImportRow>>,
    ids: Vec<RecordId>,
    grid: GridState<RecordId>,
    columns: Vec<Column>,
    /// Where kept files lie.
    db: Option<crate::store::Db>,
    /// Whoever sits here may take imports back.
    undoes: bool,
}

/// What happens on the tab.
#[derive(Debug, Clone)]
pub enum Message {
    Read(Result<Vec<ImportRow>>),
    Grid(GridEvent<RecordId>),
    /// The first or second thing that can be done to the current row.
    Deed(usize),
    /// The action whose undoing brings a list back.
    Restore(Result<Option<RecordId>>),
    /// The file of this name was opened with its own program.
    Shown(String, Result<()>),
}

impl Default for Imports {
    fn default() -> Self {
        Self {
            rows: None,
            ids: Vec::new(),
            grid: GridState::default(),
            columns: vec![
                Column::text("at", "时间", 136.0).secondary().frozen().unsortable(),
                Column::name("name", "名单").unsortable(),
                Column::text("purpose", "导入为", 176.0).secondary().unsortable(),
                Column::number("rows", "名单行数", 76.0).unsortable(),
                Column::number("created", "新增", 60.0).unsortable(),
                Column::number("changed", "变更", 60.0).unsortable(),
                Column::number("unchanged", "不变", 60.0).unsortable(),
                Column::number("passed", "没有导入", 76.0).unsortable(),
                Column::text("who", "经手人", 72.0).secondary().unsortable(),
                Column::text("deed", "", 172.0).unsortable().fixed(),
            ],
            db: None,
            undoes: false,
        }
    }
}

impl Imports {
    /// Reads the list anew.
    pub fn load(&mut self, ctx: &Ctx) -> Update<Out> {
        self.db = Some(ctx.db.clone());
        self.undoes = ctx.may(Permission::Import);
        ctx.ask(ctx.db.imports(), |rows| Out::Imports(Message::Read(rows))).into()
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
            Message::Read(Err(problem)) | Message::Shown(_, Err(problem)) => problem.into(),
            Message::Shown(name, Ok(())) => Update::event(Event::Note(Logged::new(DeedKind::Open, name))),
            Message::Restore(Ok(Some(undo))) => Task::done(Out::Undo(undo)).into(),
            Message::Restore(Ok(None)) => {
                Problem::refused("这次导入不是整份撤销的，恢复不了。").next("请在“操作日志”里逐步恢复。").into()
            }
            Message::Restore(Err(problem)) => problem.into(),
            Message::Deed(n) => match self.grid.current() {
                Some(id) => self.do_to(id, n),
                None => Update::none(),
            },
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                // Where nothing can be taken back, opening the file is the only choice.
                GridAction::Choose { id, option, .. } => self.do_to(id, if self.undoes { option } else { 1 }),
                GridAction::Open(id) => self.do_to(id, 1),
                GridAction::Copy { text, rows, .. } => Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("名单导入", rows)),
                }),
                _ => Update::none(),
            },
        }
    }

    /// What a key does.
    pub fn deed(&self, n: usize) -> Option<Out> {
        self.grid.current().map(|_| Out::Imports(Message::Deed(n)))
    }

    fn row(&self, id: RecordId) -> Option<&ImportRow> {
        self.rows.as_ref()?.iter().find(|row| row.id == id)
    }

    fn do_to(&self, id: RecordId, n: usize) -> Update<Out> {
        let Some(row) = self.row(id) else { return Update::none() };
        let Some(db) = &self.db else { return Update::none() };
        if n == 0 && row.undone {
            return Task::perform(db.undo_of(row.action), |found| Out::Imports(Message::Restore(found))).into();
        }
        if n == 0 {
            return Task::done(Out::Undo(row.action)).into();
        }
        let (kept, name) = (db.kept_file(&row.digest), row.file.clone());
        let folder = std::env::temp_dir().join("kebao-lists").join(&row.digest.to_string()[..12]);
        let called = name.clone();
        let show = async move { show_copy(&kept, folder, &name) };
        Task::perform(show, move |shown| Out::Imports(Message::Shown(called, shown))).into()
    }

    /// The tab.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let Some(rows) = &self.rows else { return space().into() };
        if rows.is_empty() {
            let way = ctx.may(Permission::Import).then(|| Way {
                icon: Icon::Upload,
                title: "导入名单",
                why: "Word、Excel、CSV 都行，公布的原件不用整理",
                button: crate::ui::widget::button::normal("导入名单")
                    .key("Ctrl I")
                    .on_press(Out::Go(Place::Import))
                    .into(),
            });
            return empty(
                "还没有导入过名单",
                "导入的每份名单都会列在这里：带来了什么、原件在哪、怎么整份撤销。",
                way,
                None,
            );
        }
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            |place, column| self.row(place.id).map_or(Cell::Blank, |row| cell(row, &column.key, ctx)),
            |event| Out::Imports(Message::Grid(event)),
        )
        .id(ROWS);
        let stand = rows.iter().filter(|row| !row.undone).count();
        let head = row![
            text::small(format!("共 {} 份，有效 {stand} 份", rows.len())),
            space().width(Length::Fill),
            hints(if ctx.may(Permission::Import) {
                &[("1", "撤销或恢复"), ("2", "打开原文件")]
            } else {
                &[("2", "打开原文件")]
            }),
        ]
        .align_y(Vertical::Center);
        column![container(head).padding(iced::padding::bottom(8)), grid].into()
    }
}

fn cell<'a>(row: &'a ImportRow, column: &str, ctx: &'a Ctx) -> Cell<'a> {
    let number = |n: i64| if n == 0 { Cell::toned(Tone::Faint, "0") } else { Cell::text(n.to_string()) };
    match column {
        "at" => Cell::text(words::stamp(row.at, ctx)),
        "name" => {
            let name = if row.title.is_empty() { &row.file } else { &row.title };
            if row.undone {
                Cell::toned(Tone::Faint, name.as_str()).remark("已撤销")
            } else {
                Cell::text(name.as_str())
            }
        }
        "purpose" if row.undone => Cell::Badge(Badge::outline(Icon::Undo2, "已撤销")),
        "purpose" => Cell::text(row.purpose.as_str()),
        "rows" => number(row.rows),
        "created" => number(row.created),
        "changed" => number(row.changed),
        "unchanged" => number(row.unchanged),
        "passed" => number(row.passed_over),
        "who" => Cell::text(ctx.ledger.user_name(row.actor)),
        _ => {
            let undo = Cow::Borrowed(if row.undone { "恢复" } else { "撤销" });
            let undo = ctx.may(Permission::Import).then_some(undo);
            let options = undo.into_iter().chain([Cow::Borrowed("打开原文件")]).collect();
            Cell::Choice { options, chosen: None }
        }
    }
}

/// Opens a copy under the file's own name: the kept one is named by its content and stays untouched.
fn show_copy(kept: &std::path::Path, folder: PathBuf, name: &str) -> Result<()> {
    if !kept.is_file() {
        return Err(Problem::not_found("原文件不在这台电脑上。")
            .next("它可能是在另一台电脑上导入的，或数据文件夹没有整个搬过来。")
            .detail(kept.display()));
    }
    let failed = |error: std::io::Error| {
        Problem::io("原文件打不开。").next("请检查磁盘空间后重试。").detail(format!("{}: {error}", kept.display()))
    };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    // Only the last part of the name: what was kept is data, not a path.
    let name = std::path::Path::new(name).file_name().map_or_else(|| "名单".into(), |name| name.to_owned());
    let copy = folder.join(name);
    std::fs::copy(kept, &copy).map_err(failed)?;
    files::show(&copy)
}
