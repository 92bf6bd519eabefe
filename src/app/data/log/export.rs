//! The log as a sheet for the auditor: every line that passes the filters, in the order shown. That it left is logged, too.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::view::said;
use super::{Log, Out};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::app::words;
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::table;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, Tone, space as sp, text};

const PATH: &str = "log-export-path";

/// The open dialog.
pub struct Export {
    path: String,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Path(String),
    Choose,
    Chosen(Option<PathBuf>),
    Save,
    Written(Result<(PathBuf, usize)>),
    Close,
}

fn send(message: Message) -> Out {
    Out::Log(super::Message::Export(message))
}

impl Export {
    /// What closing it sends.
    pub fn close() -> Out {
        send(Message::Close)
    }
}

impl Log {
    /// The dialog, where it is open.
    pub fn above(&self) -> Option<Element<'_, Out>> {
        let export = self.export.as_ref()?;
        let says = match &export.problem {
            Some(problem) => Says::Error(problem.to_string()),
            None => Says::Hint("文件名以 .csv 结尾则存为 CSV；导出本身也记入日志".into()),
        };
        let path = input::input(&export.path)
            .on_input(|path| send(Message::Path(path)))
            .on_submit(send(Message::Save))
            .tone(says.tone())
            .id(PATH);
        let choose = button::normal("选位置…").icon(Icon::FolderOpen).on_press(send(Message::Choose));
        let content = column![
            text::body(format!("把筛选出的 {} 条写成一张表。", self.count)),
            field("写到", row![path, choose].spacing(sp::S8)).label_width(44.0).says(says).below(),
        ]
        .spacing(sp::S12);
        let save = button::primary(format!("导出 {} 条", self.count))
            .key("Enter")
            .on_press((!export.busy).then_some(send(Message::Save)));
        let close = button::normal("取消").key("Esc").on_press(send(Message::Close));
        Some(dialog::dialog("导出操作日志", content, [close.into(), save.into()], dialog::Width::Wide))
    }

    /// What closing the dialog sends.
    pub fn closing(&self) -> Out {
        Export::close()
    }

    pub(super) fn exporting(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        if matches!(message, Message::Open) {
            if let Err(problem) = ctx.permit(Permission::Export) {
                return problem.into();
            }
            let path = files::papers().join(format!("操作日志{}.xlsx", ctx.today));
            self.export = Some(Export { path: path.display().to_string(), problem: None, busy: false });
            return iced::widget::operation::focus(PATH).into();
        }
        let filter = self.filter(ctx);
        let Some(export) = &mut self.export else { return Update::none() };
        match message {
            Message::Path(path) => {
                export.path = path;
                export.problem = None;
            }
            Message::Choose => {
                let name = files::typed(&export.path).as_deref().map(files::name_of).unwrap_or_default();
                return Task::perform(files::choose_sheet(name), |path| send(Message::Chosen(path))).into();
            }
            Message::Chosen(Some(path)) => export.path = path.display().to_string(),
            Message::Save if export.busy => {}
            Message::Save => {
                let Some(path) = files::typed_paper(&export.path) else {
                    let problem = Problem::bad_input("没有写文件的位置。").next("请填写路径，例如 D:\\操作日志.xlsx。");
                    export.problem = Some(problem);
                    return Update::none();
                };
                export.busy = true;
                let (rows, around) = (ctx.db.log(&filter, None, u32::MAX), ctx.clone());
                let write = async move {
                    let rows = rows.await?;
                    let cells: Vec<Vec<String>> = rows
                        .iter()
                        .map(|row| {
                            let at = around.db.clock().local(row.at.millis());
                            vec![
                                at.format("%Y-%m-%d %H:%M:%S").to_string(),
                                around.ledger.user_name(row.actor).to_owned(),
                                words::machine(row.device, &around),
                                row.kind.label().to_owned(),
                                said(row).to_owned(),
                                row.count.map(|count| count.to_string()).unwrap_or_default(),
                                if row.undone { "已撤销" } else { "" }.to_owned(),
                            ]
                        })
                        .collect();
                    let heads = ["时间", "谁", "电脑", "类别", "做了什么", "条数", "状态"].map(str::to_owned);
                    let numbers = [false, false, false, false, false, true, false];
                    table::write(&path, "操作日志", &heads, &cells, &numbers).map(|()| (path, cells.len()))
                };
                return Task::perform(write, |written| send(Message::Written(written))).into();
            }
            Message::Written(Err(problem)) => {
                export.busy = false;
                export.problem = Some(problem);
            }
            Message::Written(Ok((path, rows))) => {
                self.export = None;
                let logged = Logged::export("操作日志", &path, rows);
                let words = format!("已导出 {rows} 条到 {}", path.display());
                return Update::told(Tone::Success, words).and_event(Event::Note(logged));
            }
            Message::Close => self.export = None,
            Message::Open | Message::Chosen(None) => {}
        }
        Update::none()
    }
}
