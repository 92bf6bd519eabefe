//! The recovery key on paper: shown once, to be copied, saved and printed. At first run as a page of its own, later in a dialog.

use std::path::PathBuf;

use chrono::NaiveDate;
use iced::alignment::{Horizontal, Vertical};
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use super::frame;
use crate::app::files;
use crate::app::opening::Opened;
use crate::app::print;
use crate::domain::event::Logged;
use crate::domain::id::RecordId;
use crate::domain::{Problem, Result};
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, input};
use crate::ui::{Element, Theme, space as sp, text};

const USE: &str = "管理员忘记密码时：登录页点“忘记密码”，输入这个密钥，设新密码。";
const DANGER: &str = "用过一次即作废，换成新的。谁拿到它，谁就能设管理员的密码";

/// A key nobody will see again.
#[derive(Debug, Clone)]
pub struct Paper {
    key: String,
    office: String,
    today: NaiveDate,
    path: String,
    saved: Option<PathBuf>,
    copied: bool,
    printing: bool,
    /// What became of printing it.
    printed: Option<String>,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Copy,
    Path(String),
    Save,
    Saved(Result<PathBuf>),
    Print,
    Printed(Box<print::Done>),
    /// The log said what became of the key, or could not.
    Noted(Result<()>),
    /// The key is in safe keeping.
    Kept,
}

impl Message {
    /// What the log has to say of it; never the key.
    pub fn logged(&self) -> Option<Logged> {
        match self {
            Self::Copy => Some(Logged::copied("恢复密钥", 1)),
            Self::Saved(Ok(path)) => Some(Logged::export("恢复密钥", path, 1)),
            Self::Printed(done) => Some(done.logged.clone()),
            _ => None,
        }
    }
}

impl Paper {
    /// A key just made for an office.
    pub fn new(key: String, office: &str, today: NaiveDate) -> Self {
        let path = files::papers().join(format!("科报恢复密钥{today}.txt")).display().to_string();
        Self {
            key,
            office: office.to_owned(),
            today,
            path,
            saved: None,
            copied: false,
            printing: false,
            printed: None,
            problem: None,
        }
    }

    fn text(&self) -> String {
        let lines = [
            format!("{} 科报恢复密钥", self.office),
            format!("生成日期：{}", self.today),
            String::new(),
            self.key.clone(),
            String::new(),
            USE.to_owned(),
            format!("{DANGER}：请打印后封存，并删除电脑上的这份文件。"),
        ];
        // Notepad of old systems shows one long line otherwise, and guesses the encoding without the mark.
        format!("\u{feff}{}\r\n", lines.join("\r\n"))
    }

    /// Takes in what happened; [`Message::Kept`] is for whoever shows it, and [`Message::logged`] for the log.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Copy => {
                self.copied = true;
                return iced::clipboard::write(self.key.clone());
            }
            Message::Path(path) => {
                self.path = path;
                self.saved = None;
            }
            Message::Save => {
                self.problem = None;
                let Some(path) = files::typed_paper(&self.path) else { return Task::none() };
                let text = self.text();
                let write = async move {
                    std::fs::write(&path, text).map(|()| path.clone()).map_err(|error| {
                        Problem::io("恢复密钥没有存成文件。")
                            .next("请换一个文件夹，或把密钥抄下来。")
                            .detail(format!("{}: {error}", path.display()))
                    })
                };
                return Task::perform(write, Message::Saved);
            }
            Message::Saved(Ok(path)) => self.saved = Some(path),
            Message::Saved(Err(problem)) => self.problem = Some(problem),
            Message::Print if self.printing => {}
            Message::Print => {
                self.printing = true;
                (self.problem, self.printed) = (None, None);
                let danger = format!("{DANGER}：请封存，不要和这台电脑放在一起。");
                let job = print::pages::recovery_key(&self.office, self.today, &self.key, &[USE, &danger]);
                return Task::perform(print::print(job), |done| Message::Printed(Box::new(done)));
            }
            Message::Printed(done) => {
                self.printing = false;
                match done.says() {
                    Ok(words) => self.printed = Some(words),
                    Err(problem) => self.problem = Some(problem),
                }
            }
            Message::Noted(Err(problem)) => self.problem = Some(problem),
            Message::Noted(Ok(())) | Message::Kept => {}
        }
        Task::none()
    }

    /// The key, and what can be done with it.
    pub fn view(&self) -> Element<'_, Message> {
        let half = self.key.len().div_ceil(2);
        let (first, second) = self.key.split_at_checked(half).unwrap_or((&self.key, ""));
        let lines = [first, second].map(|line| text::title(line.trim_matches('-').to_owned()));
        let [first, second] = lines;
        let key = container(column![first, second].spacing(sp::S8).align_x(Horizontal::Center))
            .center_x(Length::Fill)
            .padding([16.0, 16.0])
            .style(|theme: &Theme| container::background(theme.tokens.inset));
        let says = match (&self.problem, &self.printed, &self.saved) {
            (Some(problem), ..) => Says::Error(problem.to_string()),
            (None, Some(words), _) => Says::Hint(words.clone()),
            (None, None, Some(_)) => Says::Valid("已存好。打印封存后，请删除电脑上的这份文件。".to_owned()),
            (None, None, None) => Says::Hint("打印后封存，或存成文字文件。不要和这台电脑放在一起。".to_owned()),
        };
        let copy = button::normal(if self.copied { "已复制" } else { "复制" }).icon(Icon::Copy).on_press(Message::Copy);
        let save = button::normal("存为文件").icon(Icon::Save);
        let save = save.on_press(self.saved.is_none().then_some(Message::Save));
        let print = button::normal(if self.printing { "正在打印…" } else { "打印…" }).icon(Icon::Printer);
        let print = print.on_press((!self.printing).then_some(Message::Print));
        let path = input::input(&self.path).on_input(Message::Path).on_submit(Message::Save).tone(says.tone());
        let path = row![path, save, print, copy].spacing(sp::S8).align_y(Vertical::Center);
        column![key, field("存到", path).label_width(44.0).says(says).below()].spacing(sp::S12).into()
    }
}

/// The page at first run and after a key was used.
#[derive(Debug, Clone)]
pub struct KeyPage {
    pub opened: Opened,
    pub user: RecordId,
    paper: Paper,
}

impl KeyPage {
    /// For whoever sits down next.
    pub fn new(opened: Opened, user: RecordId, key: String) -> Self {
        let paper = Paper::new(key, &opened.ledger.office.name, opened.db.clock().today());
        Self { opened, user, paper }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        let logged = message.logged();
        let task = self.paper.update(message);
        match logged {
            Some(logged) => Task::batch([task, Task::perform(self.opened.db.note(self.user, logged), Message::Noted)]),
            None => task,
        }
    }

    /// The page.
    pub fn view(&self) -> Element<'_, Message> {
        let content = column![
            frame::title("请收好恢复密钥", "管理员忘记密码时，只有它能设新密码。只显示这一次，离开这一页就看不到了。"),
            self.paper.view(),
            row![
                text::toned(text::SMALL, Tone::Quiet, "丢了可以在 设置 › 单位 里重新生成，旧的随即作废。"),
                space().width(Length::Fill),
                button::primary("已收好，进入科报").decision().on_press(Message::Kept),
            ]
            .spacing(sp::S12)
            .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        frame::page(content, text::small("谁拿到恢复密钥，谁就能设管理员的密码。请打印或抄写后封存。"))
    }
}
