//! 备份设置: the folder backups go to, and how many days, weeks and months keep one.

use std::path::PathBuf;

use iced::Task;
use iced::alignment::Vertical;
use iced::widget::{column, row};

use super::{Backups, Dialog, Message as TabMessage, Out};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::{Problem, Result};
use crate::store::backup::{Counts, Settings};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, dialog, input};
use crate::ui::{Element, Icon, Tone, space as sp, text};

const PATH: &str = "backup-folder";

/// More would keep everything, which is what counting is to avoid.
const MOST: u16 = 999;

/// The form as it is being filled in.
pub struct Form {
    /// Empty: the folder inside the data folder.
    folder: String,
    days: String,
    weeks: String,
    months: String,
    saving: bool,
    problem: Option<Problem>,
}

/// What happens in the dialog.
#[derive(Debug, Clone)]
pub enum Message {
    Folder(String),
    Days(String),
    Weeks(String),
    Months(String),
    Browse,
    Chosen(Option<PathBuf>),
    Save,
    /// They are set, as the words say.
    Saved(Result<String>),
}

fn out(message: Message) -> Out {
    Out::Backups(TabMessage::Settings(message))
}

/// For the log: without the path, whose folders may name people.
fn in_words(settings: &Settings) -> String {
    let Counts { days, weeks, months } = settings.counts;
    let place = if settings.folder.is_some() { "另选的文件夹" } else { "数据文件夹里的 backups" };
    format!("备份设置：备份到{place}，保留 {days} 天、{weeks} 周、{months} 个月")
}

impl Form {
    /// As the settings are.
    pub fn new(settings: &Settings, _ctx: &Ctx) -> Self {
        let counts = settings.counts;
        Self {
            folder: settings.folder.as_ref().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default(),
            days: counts.days.to_string(),
            weeks: counts.weeks.to_string(),
            months: counts.months.to_string(),
            saving: false,
            problem: None,
        }
    }

    /// Puts the caret into the folder.
    pub fn focus() -> Update<Out> {
        iced::widget::operation::focus(PATH).into()
    }

    fn count(text: &str) -> Option<u16> {
        text.trim().parse().ok().filter(|n| *n <= MOST)
    }

    fn settings(&self) -> Option<Settings> {
        let [days, weeks, months] = [&self.days, &self.weeks, &self.months].map(|text| Self::count(text));
        let counts = Counts { days: days?, weeks: weeks?, months: months? };
        Some(Settings { folder: files::typed(&self.folder), counts })
    }

    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let says = match &self.problem {
            Some(problem) => Says::Error(problem.to_string()),
            None => {
                Says::Hint("不写就备份到数据文件夹里的 backups。最好选另一块硬盘：同一块坏了，备份也没有了。".into())
            }
        };
        let path = input::input(&self.folder)
            .placeholder("数据文件夹里的 backups")
            .on_input(|text| out(Message::Folder(text)))
            .tone(says.tone())
            .id(PATH);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(out(Message::Browse));
        let folder = row![path, browse].spacing(sp::S8);
        let number = |value: &'a str, unit: &'a str, message: fn(String) -> Message| {
            let wrong = Self::count(value).is_none().then_some(Tone::Danger);
            input::input(value).on_input(move |text| out(message(text))).number().unit(unit).tone(wrong).width(110)
        };
        let counts = row![
            number(&self.days, "天", Message::Days),
            number(&self.weeks, "周", Message::Weeks),
            number(&self.months, "个月", Message::Months),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let counts_say = if self.settings().is_some() {
            Says::Hint("每天、每周、每月各留最后一份，只数有备份的。手工备份不清理。".into())
        } else {
            Says::Error(format!("请写 0 到 {MOST} 的整数。"))
        };
        let example = ctx.ledger.office.example.then(|| text::small("示例数据不自动备份。"));
        let content =
            column![field("文件夹", folder).says(says).below(), field("自动备份", counts).says(counts_say).below(),]
                .push(example)
                .spacing(sp::S12);
        let save = button::primary("保存").key("Enter").on_press((!self.saving).then_some(out(Message::Save)));
        let close = button::normal("取消").key("Esc").on_press(Out::Backups(TabMessage::Close));
        dialog::dialog("备份设置", content, [close.into(), save.into()], dialog::Width::Wide)
    }
}

impl Backups {
    /// Takes in what happened in the dialog.
    pub(super) fn set(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let Some(Dialog::Settings(form)) = &mut self.dialog else { return Update::none() };
        match message {
            Message::Folder(folder) => {
                form.folder = folder;
                form.problem = None;
            }
            Message::Days(text) => form.days = text,
            Message::Weeks(text) => form.weeks = text,
            Message::Months(text) => form.months = text,
            Message::Browse => {
                return Task::perform(files::choose_folder(), |folder| out(Message::Chosen(folder))).into();
            }
            Message::Chosen(folder) => {
                if let Some(folder) = folder {
                    form.folder = folder.to_string_lossy().into_owned();
                    form.problem = None;
                }
            }
            Message::Save => {
                let Some(settings) = form.settings().filter(|_| !form.saving) else { return Update::none() };
                form.saving = true;
                let words = in_words(&settings);
                let answer = ctx.db.set_backup_settings(settings);
                return ctx.ask(answer, |saved| out(Message::Saved(saved.map(|()| words)))).into();
            }
            Message::Saved(Ok(words)) => {
                self.dialog = None;
                let told = Update::told(Tone::Success, "已保存备份设置").and(self.load(ctx));
                return told.and_event(Event::Note(Logged::upkeep(words)));
            }
            Message::Saved(Err(problem)) => {
                form.saving = false;
                form.problem = Some(problem);
            }
        }
        Update::none()
    }
}
