//! Handing files in: chosen in the desktop's own dialog, several at once, or their paths typed; kept, then put to an item.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Filings, page};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::store::{Done, Kept};
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::field;
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, space as sp, text};

/// The open dialog.
#[derive(Debug)]
pub struct Attach {
    filing: RecordId,
    item: String,
    /// The item as people call it.
    name: String,
    /// The files it is to take the place of.
    replaces: Vec<Hash>,
    /// Paths parted by ；.
    typed: String,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Typed(String),
    Choose,
    Chosen(Vec<PathBuf>),
    Save,
    Kept(Result<Vec<Kept>>),
    Saved(Result<Done<usize>>),
}

const PATHS: &str = "filings.attach";

impl Attach {
    /// Files to an item of a filing, in the place of others or beside them.
    pub fn new(filing: RecordId, item: String, name: String, replaces: Vec<Hash>) -> Self {
        Self { filing, item, name, replaces, typed: String::new(), problem: None, busy: false }
    }

    fn title(&self) -> &'static str {
        if self.replaces.is_empty() { "交文件" } else { "换一份文件" }
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.typed.split(['；', ';', '\n']).filter_map(files::typed).collect()
    }

    fn choose(&self) -> Task<super::Message> {
        let title = format!("{}：{}", self.title(), self.name);
        let choose = files::choose_materials(title, self.replaces.is_empty());
        Task::perform(choose, |chosen| super::Message::Attach(Message::Chosen(chosen)))
    }

    /// The dialog drawn.
    pub fn view(&self) -> Element<'_, super::Message> {
        let wrap = super::Message::Attach;
        let paths = input::input(&self.typed)
            .placeholder(if self.replaces.is_empty() {
                "文件的位置，几个用；隔开"
            } else {
                "文件的位置"
            })
            .on_input(move |typed| wrap(Message::Typed(typed)))
            .on_submit(wrap(Message::Save))
            .tone(self.problem.is_some().then_some(Tone::Danger))
            .id(PATHS);
        let choose = button::normal("选文件…").icon(Icon::FolderOpen).on_press(wrap(Message::Choose));
        let about = match self.replaces.as_slice() {
            [] => "存一份在本机数据文件夹里，原来的文件不动；同样内容只存一份，跟着备份走。",
            _ => "换上以后以前的那份不再列出；它还在存件里，撤销就回来。",
        };
        let mut content = column![
            text::strong(self.name.as_str()),
            text::small(about),
            field("文件", row![paths, choose].spacing(sp::S8)).label_width(44.0),
        ]
        .spacing(sp::S12);
        if let Some(problem) = &self.problem {
            content = content.push(super::form::remark(Icon::CircleAlert, Tone::Danger, problem.to_string()));
        }
        let save = button::primary(self.title()).key("Enter").on_press((!self.busy).then_some(wrap(Message::Save)));
        dialog::dialog(
            self.title(),
            content,
            [button::normal("取消").key("Esc").on_press(super::Message::CloseDialog).into(), save.into()],
            dialog::Width::Wide,
        )
    }
}

impl Filings {
    /// Opens the dialog, and the desktop's above it.
    pub(super) fn open_attach(&mut self, attach: Attach) -> Update<super::Message> {
        let choose = attach.choose();
        self.dialog = Some(Dialog::Attach(attach));
        Update::task(iced::widget::operation::focus(PATHS)).and(choose.into())
    }

    pub(super) fn attaching(&mut self, message: Message, ctx: &Ctx) -> Update<super::Message> {
        let Some(Dialog::Attach(attach)) = &mut self.dialog else { return Update::none() };
        let wrap = super::Message::Attach;
        match message {
            Message::Typed(typed) => {
                attach.typed = typed;
                attach.problem = None;
                Update::none()
            }
            Message::Choose => attach.choose().into(),
            Message::Chosen(paths) if paths.is_empty() => Update::none(),
            Message::Chosen(paths) => {
                attach.typed = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("；");
                // Chosen is meant; a slip is undone.
                self.attaching(Message::Save, ctx)
            }
            Message::Save if attach.busy => Update::none(),
            Message::Save => {
                let paths = attach.paths();
                if paths.is_empty() {
                    attach.problem = Some(Problem::bad_input("没有选文件。").next("请选文件，或写出它的位置。"));
                    return Update::none();
                }
                if paths.len() > 1 && !attach.replaces.is_empty() {
                    attach.problem =
                        Some(Problem::bad_input("换一份只能选一个文件。").next("要加几份，请用“交文件”。"));
                    return Update::none();
                }
                attach.busy = true;
                let db = ctx.db.clone();
                let keep = async move { paths.iter().map(|path| db.keep(path)).collect::<Result<Vec<_>>>() };
                Task::perform(keep, move |kept| wrap(Message::Kept(kept))).into()
            }
            Message::Kept(Ok(kept)) => {
                let (id, item, replaces) = (attach.filing, attach.item.clone(), attach.replaces.clone());
                let name = match kept.as_slice() {
                    [only] => format!("{}“{}”", attach.title(), only.name),
                    many => format!("{} {} 个", attach.title(), many.len()),
                };
                Update::task(ctx.act(
                    name,
                    move |act| {
                        let mut new = 0;
                        for kept in &kept {
                            new += usize::from(act.attach(id, &item, kept, &replaces)?.is_some());
                        }
                        Ok(new)
                    },
                    move |done| wrap(Message::Saved(done)),
                ))
            }
            Message::Kept(Err(problem)) | Message::Saved(Err(problem)) => {
                attach.busy = false;
                attach.problem = Some(problem);
                Update::none()
            }
            Message::Saved(Ok(done)) => {
                self.dialog = None;
                let focus = self.page.as_ref().map_or_else(Task::none, page::Page::focus_item);
                let focus = Update::task(focus);
                match done.action {
                    Some(_) => Update::saved(&done, done.name.clone()).and(focus),
                    None => Update::told(Tone::Quiet, "这份文件已经在这一项里，没有再存").and(focus),
                }
            }
        }
    }
}
