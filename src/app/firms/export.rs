//! 导出: the rows that show or the ones selected, written to a sheet at a place that is chosen or typed.

use std::path::{Path, PathBuf};

use iced::Task;
use iced::alignment::Vertical;
use iced::widget::{column, row};

use super::columns::{self, Rows};
use super::{Firms, Message as FirmsMessage};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::event::{DeedKind, Logged};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::table;
use crate::ui::grid::{Cell, Column, copied_code, copied_field};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, Icon, Tone, space as sp, text};

const PATH: &str = "firms-export-path";

/// The open dialog.
#[derive(Debug)]
pub struct Export {
    ids: Vec<RecordId>,
    /// Only those that were selected.
    selected: bool,
    every_column: bool,
    path: String,
    /// Why nothing can be written there.
    wrong: Option<&'static str>,
    /// A file of this name is there.
    exists: bool,
    stand: Stand,
}

#[derive(Debug)]
enum Stand {
    Asking,
    Writing,
    Failed(Problem),
    Written(PathBuf),
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Path(String),
    Browse,
    Chosen(Option<PathBuf>),
    EveryColumn(bool),
    Write,
    Written(Result<PathBuf>),
    ShowFile,
    ShowFolder,
    Close,
}

/// A table of texts: its heads, its rows, which columns hold numbers.
struct Sheet {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    numbers: Vec<bool>,
}

/// Where a typed path leads: its ending is added where it has none.
fn target(typed: &str) -> Option<PathBuf> {
    let path = files::typed_paper(typed)?;
    let known = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx") || end.eq_ignore_ascii_case("csv"));
    Some(if known { path } else { files::with_ending(path, ".xlsx") })
}

fn wrong(path: &Path) -> Option<&'static str> {
    if path.is_dir() {
        return Some("这是一个文件夹，请在后面写上文件名");
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.is_some_and(|folder| !folder.is_dir()).then_some("没有这个文件夹")
}

impl Firms {
    /// Takes in what happened in the dialog.
    pub(super) fn export(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        if matches!(message, Message::Open) {
            return self.open_export(ctx);
        }
        let Some(export) = &mut self.export else { return Update::none() };
        match message {
            Message::Open => {}
            Message::Path(path) => export.set_path(path),
            Message::EveryColumn(every) => export.every_column = every,
            Message::Browse => {
                let name = target(&export.path)
                    .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                    .unwrap_or_else(|| "企业名单.xlsx".to_owned());
                let chosen = |path| FirmsMessage::Export(Message::Chosen(path));
                return Task::perform(files::choose_sheet(name), chosen).into();
            }
            Message::Chosen(path) => {
                if let Some(path) = path {
                    export.set_path(path.to_string_lossy().into_owned());
                }
                return iced::widget::operation::focus(PATH).into();
            }
            Message::Write => {
                // Folders come and go while a dialog is open.
                export.wrong = target(&export.path).as_deref().map_or(export.wrong, wrong);
                let Some(path) = target(&export.path).filter(|_| export.wrong.is_none()) else {
                    return iced::widget::operation::focus(PATH).into();
                };
                if matches!(export.stand, Stand::Writing) {
                    return Update::none();
                }
                export.stand = Stand::Writing;
                let (ids, every) = (export.ids.clone(), export.every_column);
                let sheet = self.sheet(&ids, every, ctx);
                let write = async move {
                    table::write(&path, "企业", &sheet.heads, &sheet.rows, &sheet.numbers).map(|()| path)
                };
                return Task::perform(write, |done| FirmsMessage::Export(Message::Written(done))).into();
            }
            Message::Written(Ok(path)) => {
                let logged = Logged::export("企业", &path, export.ids.len());
                export.stand = Stand::Written(path);
                return Update::event(Event::Note(logged));
            }
            Message::Written(Err(problem)) => export.stand = Stand::Failed(problem),
            Message::ShowFile | Message::ShowFolder => {
                let Stand::Written(path) = &export.stand else { return Update::none() };
                let folder = matches!(message, Message::ShowFolder);
                let what = if folder { path.parent().unwrap_or(path) } else { path.as_path() };
                let opened = Logged::new(DeedKind::Open, files::name_of(path));
                return match files::show(what) {
                    Ok(()) => {
                        self.export = None;
                        if folder { Update::none() } else { Update::event(Event::Note(opened)) }
                    }
                    Err(problem) => problem.into(),
                };
            }
            Message::Close => {
                self.export = None;
                return self.focus_grid();
            }
        }
        Update::none()
    }

    fn open_export(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        if let Err(problem) = ctx.permit(Permission::Export) {
            return problem.into();
        }
        let selected = !self.grid.selected().is_empty();
        let wanted = |id: &RecordId| !selected || self.grid.is_selected(*id);
        let ids: Vec<RecordId> = self.ids.iter().copied().filter(wanted).collect();
        let name = format!("企业名单{}.xlsx", ctx.today);
        let mut export = Export {
            ids,
            selected,
            every_column: false,
            path: String::new(),
            wrong: None,
            exists: false,
            stand: Stand::Asking,
        };
        export.set_path(files::papers().join(name).to_string_lossy().into_owned());
        self.export = Some(export);
        iced::widget::operation::focus(PATH).into()
    }

    /// The columns that show, or all of them, without the checkbox.
    fn exported_columns(&self, every: bool) -> Vec<&Column> {
        let arrangement = self.grid.arrangement();
        let places = if every { arrangement.all(&self.columns) } else { arrangement.shown(&self.columns) };
        places.into_iter().map(|at| &self.columns[at]).filter(|column| !column.check).collect()
    }

    fn sheet(&self, ids: &[RecordId], every: bool, ctx: &Ctx) -> Sheet {
        let columns = self.exported_columns(every);
        let rows = self.rows(ctx);
        let cell = |id: RecordId, column: &Column| {
            let words = rows.cell(id, &column.key).plain().into_owned();
            // The head says the unit, so that a spreadsheet can reckon with the cell.
            if column.key == "share" { words.trim_end_matches('%').to_owned() } else { words }
        };
        let head = |column: &&Column| {
            if column.key == "share" { "研发占比（%）".to_owned() } else { column.title.to_string() }
        };
        Sheet {
            heads: columns.iter().map(head).collect(),
            rows: ids.iter().map(|id| columns.iter().map(|column| cell(*id, column)).collect()).collect(),
            numbers: columns.iter().map(|column| columns::is_number(&column.key)).collect(),
        }
    }

    /// The selected rows as text for a spreadsheet, heads first, as Ctrl+C in the list has it.
    pub(super) fn selected_as_text(&self, ctx: &Ctx) -> (String, usize) {
        let columns = self.exported_columns(false);
        let rows = self.rows(ctx);
        let line = |cells: Vec<String>| cells.join("\t") + "\n";
        let mut text = line(columns.iter().map(|column| copied_field(&column.title)).collect());
        let chosen: Vec<RecordId> = self.ids.iter().copied().filter(|id| self.grid.is_selected(*id)).collect();
        for id in &chosen {
            text += &line(columns.iter().map(|column| copied(&rows, *id, column)).collect());
        }
        (text, chosen.len())
    }
}

fn copied(rows: &Rows<'_>, id: RecordId, column: &Column) -> String {
    let cell: Cell<'_> = rows.cell(id, &column.key);
    if column.code { copied_code(&cell.plain()) } else { copied_field(&cell.plain()) }
}

impl Export {
    /// What closing it sends.
    pub const CLOSE: FirmsMessage = FirmsMessage::Export(Message::Close);

    fn set_path(&mut self, path: String) {
        let target = target(&path);
        self.exists = target.as_ref().is_some_and(|path| path.is_file());
        self.wrong = target.as_deref().map_or(Some("请写明存到哪里"), wrong);
        self.path = path;
        self.stand = Stand::Asking;
    }

    fn says(&self) -> Says {
        match (self.wrong, &self.stand) {
            (Some(wrong), _) => Says::Error(wrong.into()),
            (None, Stand::Failed(problem)) => Says::Error(problem.to_string()),
            (None, _) if self.exists => Says::Warning("已有同名文件，导出会替换它".into()),
            _ => Says::Hint("文件名以 .csv 结尾则存为 CSV".into()),
        }
    }

    /// The dialog.
    pub fn view(&self) -> Element<'_, FirmsMessage> {
        let send = FirmsMessage::Export;
        let count = self.ids.len();
        if let Stand::Written(path) = &self.stand {
            let words = column![
                text::body(format!("已导出 {count} 家到")),
                text::toned(text::SMALL, Tone::Quiet, path.to_string_lossy().into_owned()),
            ]
            .spacing(sp::S4);
            let buttons = [
                button::normal("打开文件夹").icon(Icon::FolderOpen).on_press(send(Message::ShowFolder)).into(),
                button::normal("打开文件").icon(Icon::FileSpreadsheet).on_press(send(Message::ShowFile)).into(),
                button::primary("完成").on_press(send(Message::Close)).into(),
            ];
            return dialog::dialog("导出完成", words, buttons, dialog::Width::Usual);
        }
        let busy = matches!(self.stand, Stand::Writing);
        let says = self.says();
        let path = input::input(&self.path)
            .id(PATH)
            .tone(says.tone())
            .on_input(move |path| send(Message::Path(path)))
            .on_submit(send(Message::Write));
        let path = row![path, button::normal("浏览…").on_press(send(Message::Browse))]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let which = segmented(
            [Segment::new(false, "显示的列"), Segment::new(true, "所有列")],
            &self.every_column,
            move |every| send(Message::EveryColumn(every)),
        );
        let what = if self.selected { "选中的" } else { "列表里的" };
        let content = column![
            text::body(format!("把{what} {count} 家写成一张表，次序和列表一样，电话等个人信息仍然遮盖。")),
            field("存到", path).label_width(36.0).says(says).below(),
            field("内容", which).label_width(36.0),
        ]
        .spacing(sp::S12);
        let go = if busy {
            button::primary("正在导出…").into()
        } else {
            button::primary(format!("导出 {count} 家")).key("Enter").on_press(send(Message::Write)).into()
        };
        let buttons = [button::normal("取消").key("Esc").on_press(send(Message::Close)).into(), go];
        dialog::dialog("导出企业", content, buttons, dialog::Width::Wide)
    }
}
