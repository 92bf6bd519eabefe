//! Writing the list to a file as it stands on screen: the columns shown, the rows in their order.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Filings, columns};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::{Problem, Result};
use crate::exchange::table;
use crate::ui::grid::Align;
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::field;
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, space as sp, text};

/// The open dialog.
pub struct Export {
    path: String,
    title: String,
    rows: usize,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Path(String),
    Choose,
    Chosen(Option<PathBuf>),
    Save,
    Written(Result<()>),
}

const PATH: &str = "filings.export";

impl Export {
    /// The dialog drawn.
    pub fn view(&self) -> Element<'_, super::Message> {
        let wrap = super::Message::Export;
        let path = input::input(&self.path)
            .on_input(move |path| wrap(Message::Path(path)))
            .on_submit(wrap(Message::Save))
            .tone(self.problem.is_some().then_some(Tone::Danger))
            .id(PATH);
        let choose = button::normal("选位置…").icon(Icon::FolderOpen).on_press(wrap(Message::Choose));
        let mut content = column![
            text::body(format!("{}，{} 行，与屏幕上的列和次序一样。", self.title, self.rows)),
            field("写到", row![path, choose].spacing(sp::S8)).label_width(44.0),
        ]
        .spacing(sp::S12);
        if let Some(problem) = &self.problem {
            content = content.push(super::form::remark(Icon::CircleAlert, Tone::Danger, problem.to_string()));
        }
        let save = button::primary(format!("导出 {} 行", self.rows))
            .key("Enter")
            .on_press((!self.busy).then_some(wrap(Message::Save)));
        dialog::dialog(
            "导出",
            content,
            [button::normal("取消").key("Esc").on_press(super::Message::CloseDialog).into(), save.into()],
            dialog::Width::Wide,
        )
    }
}

impl Filings {
    pub(super) fn open_export(&mut self, ctx: &Ctx) -> Update<super::Message> {
        let what = match (self.chosen_edition(ctx), &self.filter.program) {
            (Some(edition), _) => edition.label(),
            (None, Some(program)) => {
                crate::catalog::Catalog::builtin().program(program).map_or(program.clone(), |known| known.short.clone())
            }
            (None, None) => "全部事项".to_owned(),
        };
        let title = format!("申报·{what}");
        let name = format!("申报_{}_{}.xlsx", what.replace(['·', ' ', '/', '\\', ':'], ""), ctx.today.format("%Y%m%d"));
        self.dialog = Some(Dialog::Export(Export {
            path: files::papers().join(name).display().to_string(),
            title,
            rows: self.ids.len(),
            problem: None,
            busy: false,
        }));
        Update::task(iced::widget::operation::focus(PATH))
    }

    pub(super) fn exporting(&mut self, message: Message, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Export(export)) = &mut self.dialog else { return Update::none() };
        let wrap = super::Message::Export;
        match message {
            Message::Path(path) => {
                export.path = path;
                export.problem = None;
                Update::none()
            }
            Message::Choose => {
                let name = PathBuf::from(&export.path).file_name().map(|name| name.to_string_lossy().into_owned());
                Task::perform(files::choose_sheet(name.unwrap_or_default()), move |path| wrap(Message::Chosen(path)))
                    .into()
            }
            Message::Chosen(Some(path)) => {
                export.path = path.display().to_string();
                Update::none()
            }
            Message::Chosen(None) => Update::none(),
            Message::Save if export.busy => Update::none(),
            Message::Save if files::typed(&export.path).is_none() => {
                export.problem =
                    Some(Problem::bad_input("没有写文件的位置。").next("请填写路径，例如 D:\\申报.xlsx。"));
                Update::none()
            }
            Message::Save => {
                export.busy = true;
                let Some(path) = files::typed_paper(&export.path) else { return Update::none() };
                let title = export.title.clone();
                let (heads, rows, numbers) = self.sheet(ctx);
                let write = async move { table::write(&path, &title, &heads, &rows, &numbers) };
                Task::perform(write, move |written| wrap(Message::Written(written))).into()
            }
            Message::Written(Err(problem)) => {
                export.busy = false;
                export.problem = Some(problem);
                Update::none()
            }
            Message::Written(Ok(())) => {
                let words = format!("已导出 {} 行到 {}", export.rows, export.path.trim());
                let path = files::typed_paper(&export.path).unwrap_or_default();
                let logged = Logged::export(&export.title, &path, export.rows);
                self.dialog = None;
                Update::told(Tone::Success, words)
                    .and_event(Event::Note(logged))
                    .and(Update::task(iced::widget::operation::focus(super::GRID)))
            }
        }
    }

    /// Heads, rows, and which columns hold numbers.
    fn sheet(&self, ctx: &Ctx) -> (Vec<String>, Vec<Vec<String>>, Vec<bool>) {
        // Beside a page the grid shows fewer columns for want of room; the file has them all.
        let all = self.columns.of(false, 0.0);
        let shown: Vec<_> =
            self.grid.arrangement().shown(all).into_iter().map(|n| &all[n]).filter(|column| !column.check).collect();
        let heads = shown.iter().map(|column| column.title.to_string()).collect();
        let numbers = shown.iter().map(|column| column.align == Align::Right).collect();
        let rows = self
            .ids
            .iter()
            .map(|id| shown.iter().map(|column| columns::cell(ctx, *id, column).plain().into_owned()).collect())
            .collect();
        (heads, rows, numbers)
    }
}
