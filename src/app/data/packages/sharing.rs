//! 共享文件夹: which one this machine looks at, and what it may do there by itself.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Message as TabMessage, Out, Packages, SHARED, out};
use crate::app::ctx::{self, Ctx};
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::Problem;
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::exchange::package::shared::Shared;
use crate::ui::Tone;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, space as sp};

const FOLDER: &str = "shared-folder";

/// The dialog.
pub struct Form {
    shared: Shared,
    problem: Option<Problem>,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Folder(String),
    Browse,
    Chosen(Option<PathBuf>),
    Take(bool),
    Leave(bool),
    Save,
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Sharing(message))
}

/// For the log: without the path, whose folders may name people.
fn in_words(shared: &Shared) -> String {
    if shared.folder.is_empty() {
        return "不用共享文件夹".to_owned();
    }
    let by_itself = |on| if on { "自动" } else { "不自动" };
    format!("设共享文件夹：{}收下，{}放进去", by_itself(shared.take), by_itself(shared.leave))
}

impl Form {
    /// The dialog.
    pub fn view(&self) -> Element<'_, Out> {
        let hint = "几台电脑都看得到的文件夹，或一直插着的 U 盘；留空就不用。只在这台电脑上算数。";
        let says = self.problem.as_ref().map_or_else(|| Says::Hint(hint.into()), |p| Says::Error(p.to_string()));
        let folder = input::input(&self.shared.folder)
            .placeholder("如 \\\\服务器\\科报交换")
            .on_input(|text| wrap(Message::Folder(text)))
            .on_submit(wrap(Message::Save))
            .tone(says.tone())
            .id(FOLDER);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(wrap(Message::Browse));
        let take = checkbox::explained(
            "自动收下同事的完整交换包",
            Some("认识的电脑做的“全部交换”直接取入；有冲突照样等人选定。送审包、回传包只提示，由您打开。"),
            self.shared.take,
            Some(|on| wrap(Message::Take(on))),
        );
        let leave = checkbox::explained(
            "自动把本机的新变更放进去",
            Some("有新变更时给每台认识的电脑放一个“全部交换”，几分钟最多一次，锁屏和退出时也放；新的顶替旧的。"),
            self.shared.leave,
            Some(|on| wrap(Message::Leave(on))),
        );
        let page = column![field("文件夹", row![folder, browse].spacing(sp::S8)).says(says).below(), take, leave]
            .spacing(sp::S12);
        let close = button::normal("取消").key("Esc").on_press(out(TabMessage::Close));
        let save = button::primary("保存").key("Ctrl Enter").on_press(wrap(Message::Save));
        dialog::dialog("共享文件夹", page, [close.into(), save.into()], dialog::Width::Wide)
    }
}

impl Packages {
    /// Opens the dialog.
    pub(super) fn open_share(&mut self, ctx: &Ctx) -> Update<Out> {
        if let Err(problem) = ctx.permit(Permission::Exchange) {
            return problem.into();
        }
        let shared = ctx.habit(SHARED).unwrap_or_default();
        self.dialog = Some(Dialog::Share(Form { shared, problem: None }));
        iced::widget::operation::focus(FOLDER).into()
    }

    /// Takes in what happened in the dialog.
    pub(super) fn sharing(&mut self, message: Message) -> Update<Out> {
        let Some(Dialog::Share(form)) = &mut self.dialog else { return Update::none() };
        match message {
            Message::Folder(folder) => {
                form.shared.folder = folder;
                form.problem = None;
            }
            Message::Browse => {
                return Task::perform(files::choose_folder(), |folder| wrap(Message::Chosen(folder))).into();
            }
            Message::Chosen(folder) => {
                if let Some(folder) = folder {
                    form.shared.folder = folder.to_string_lossy().into_owned();
                    form.problem = None;
                }
            }
            Message::Take(on) => form.shared.take = on,
            Message::Leave(on) => form.shared.leave = on,
            Message::Save => {
                let folder = files::typed(&form.shared.folder);
                if let Some(folder) = folder.as_ref().filter(|folder| !folder.is_dir()) {
                    form.problem = Some(
                        Problem::not_found("找不到这个文件夹。")
                            .next("请确认网络或 U 盘连着，或换一个文件夹。")
                            .detail(folder.display()),
                    );
                    return Update::none();
                }
                form.shared.folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
                let remember = ctx::remember(SHARED, &form.shared);
                let words = if form.shared.folder.is_empty() {
                    "已不用共享文件夹"
                } else {
                    "共享文件夹已设好，开始看"
                };
                let logged = Logged::upkeep(in_words(&form.shared));
                self.dialog = None;
                return Update::told(Tone::Success, words).and_event(remember).and_event(Event::Note(logged));
            }
        }
        Update::none()
    }
}
