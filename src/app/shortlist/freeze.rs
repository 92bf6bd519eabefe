//! 定稿 and 再导出: what is asked before a version goes out, and the work itself.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use iced::widget::{column, row};
use iced::{Length, Task};

use super::order::Draft;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::domain::date::{iso, parse_day};
use crate::domain::event::ShortlistFrozen;
use crate::domain::id::RecordId;
use crate::domain::program::ShortlistColumn;
use crate::domain::{Problem, Result};
use crate::exchange::shortlist::{Fonts, Frozen, file_name, gathering, write};
use crate::store::{Db, Done};
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, date_field, dialog, input};
use crate::ui::{Element, Tone, space as sp, text};

/// The name of the field that is typed into first.
const DATE: &str = "freeze-date";

/// What goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// The list as it stands becomes this version.
    Next(u16),
    /// A version that went out before, once more.
    Again(ShortlistFrozen),
}

/// The dialog.
#[derive(Debug, Clone)]
pub struct Freeze {
    pub out: Out,
    /// Printed over the table.
    title: String,
    date: String,
    fonts: Fonts,
    path: String,
    /// The path was typed or chosen: it no longer follows date and title.
    own_path: bool,
    taken: bool,
    /// What should be looked at before it goes out.
    warnings: Vec<String>,
    tried: bool,
    pub busy: bool,
}

/// What people do in it.
#[derive(Debug, Clone)]
pub enum Message {
    Title(String),
    Date(String),
    Picked(NaiveDate),
    Fonts(Fonts),
    Path(String),
    Browse,
    Chosen(Option<PathBuf>),
    Go,
    Close,
}

/// What the screen has to do.
pub enum Then {
    Task(Task<Message>),
    /// Everything is there: begin.
    Begin,
    Close,
}

/// Everything the work needs.
#[derive(Debug, Clone)]
pub struct Order {
    pub title: String,
    pub on: NaiveDate,
    pub fonts: Fonts,
    pub path: PathBuf,
}

/// A version that went out.
#[derive(Debug, Clone)]
pub struct Sent {
    pub number: u16,
    pub filings: usize,
    /// `None` where an older version was only written again.
    pub done: Option<Done<u16>>,
    pub written: Result<PathBuf>,
}

impl Freeze {
    /// Asks for what goes out; `title` is offered for the head of the table.
    pub fn new(out: Out, title: String, today: NaiveDate, warnings: Vec<String>) -> Self {
        let (title, on) = match &out {
            Out::Next(_) => (title, today),
            Out::Again(version) => (version.title.clone(), version.on),
        };
        let mut this = Self {
            out,
            title,
            date: iso(on),
            fonts: Fonts::default(),
            path: String::new(),
            own_path: false,
            taken: false,
            warnings,
            tried: false,
            busy: false,
        };
        this.repath(on);
        this
    }

    /// Where the keyboard begins.
    pub fn focus() -> Task<Message> {
        iced::widget::operation::focus(DATE)
    }

    fn number(&self) -> u16 {
        match &self.out {
            Out::Next(number) => *number,
            Out::Again(version) => version.number,
        }
    }

    fn on(&self, today: NaiveDate) -> Result<NaiveDate> {
        use chrono::Datelike;
        match &self.out {
            Out::Again(version) => Ok(version.on),
            Out::Next(_) => parse_day(&self.date, today.year()),
        }
    }

    fn repath(&mut self, on: NaiveDate) {
        if !self.own_path {
            let path = files::papers().join(file_name(&self.title, self.number(), on));
            self.path = path.display().to_string();
        }
        self.taken = self.target().is_some_and(|path| path.exists());
    }

    /// The file that is meant: a folder gets the file's proper name, a name without ending gets one.
    fn target(&self) -> Option<PathBuf> {
        let path = files::typed_paper(&self.path)?;
        let xlsx = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        Some(if xlsx { path } else { files::with_ending(path, ".xlsx") })
    }

    fn wrong_path(&self) -> Option<String> {
        let Some(path) = self.target() else { return Some("请填写要写到哪个文件。".into()) };
        if path.is_dir() {
            return Some("这是一个文件夹，请在后面加上文件名。".into());
        }
        match path.parent() {
            Some(folder) if folder.as_os_str().is_empty() || folder.is_dir() => None,
            _ => Some("这个文件夹不存在，请换一个位置。".into()),
        }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Then {
        if self.busy {
            return Then::Task(Task::none());
        }
        let today = ctx.today;
        match message {
            Message::Title(title) => self.title = title,
            Message::Date(date) => self.date = date,
            Message::Picked(date) => self.date = iso(date),
            Message::Fonts(fonts) => self.fonts = fonts,
            Message::Path(path) => {
                self.own_path = true;
                self.path = path;
            }
            Message::Browse => {
                let name = self.target().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
                return Then::Task(Task::perform(files::choose_sheet(name.unwrap_or_default()), Message::Chosen));
            }
            Message::Chosen(Some(path)) => {
                self.own_path = true;
                self.path = path.display().to_string();
            }
            Message::Chosen(None) => {}
            Message::Close => return Then::Close,
            Message::Go => {
                self.tried = true;
                let ready = !self.title.trim().is_empty() && self.on(today).is_ok() && self.wrong_path().is_none();
                if ready {
                    self.busy = true;
                    return Then::Begin;
                }
            }
        }
        if let Ok(on) = self.on(today) {
            self.repath(on);
        }
        Then::Task(Task::none())
    }

    /// What was asked for, once [`Then::Begin`] was said.
    pub fn order(&self, today: NaiveDate) -> Option<Order> {
        Some(Order {
            title: self.title.trim().to_owned(),
            on: self.on(today).ok()?,
            fonts: self.fonts,
            path: self.target()?,
        })
    }

    /// The dialog's sheet.
    pub fn view<'a>(&'a self, filings: usize, ctx: &'a Ctx) -> Element<'a, Message> {
        let next = matches!(self.out, Out::Next(_));
        let mut content = column![].spacing(sp::S12);
        if !self.warnings.is_empty() {
            let said = self.warnings.iter().filter_map(|warning| Says::Warning(warning.clone()).view());
            content = content.push(iced::widget::column(said).spacing(sp::S2));
        }
        if next {
            let read = self.on(ctx.today);
            let title = if self.tried && self.title.trim().is_empty() {
                Says::Error("请填写表头标题。".into())
            } else {
                Says::Hint("印在表的最上面，居中。".into())
            };
            let date = match &read {
                Err(problem) => Says::Error(problem.says.clone()),
                Ok(_) => Says::Nothing,
            };
            content = content
                .push(
                    field(
                        "表头标题",
                        input::input(&self.title).on_input(Message::Title).on_submit(Message::Go).tone(title.tone()),
                    )
                    .required()
                    .says(title)
                    .below(),
                )
                .push(
                    field(
                        "填报日期",
                        date_field::date_field(&self.date, read.ok(), ctx.today, Message::Date, Message::Picked)
                            .on_submit(Message::Go)
                            .tone(date.tone())
                            .id(DATE),
                    )
                    .required()
                    .says(date),
                );
        }
        let fonts = [Segment::new(Fonts::Official, "公文字体"), Segment::new(Fonts::Common, "常用字体")];
        let names = match self.fonts {
            Fonts::Official => "方正小标宋、仿宋_GB2312、黑体",
            Fonts::Common => "宋体、仿宋、黑体，每台 Windows 都有",
        };
        content =
            content.push(field("字体", segmented(fonts, &self.fonts, Message::Fonts)).says(Says::Hint(names.into())));
        let wrong = self.wrong_path().filter(|_| self.tried);
        let says = match wrong {
            Some(wrong) => Says::Error(wrong),
            None if self.taken => Says::Warning("已有同名文件，会被这一份替换。".into()),
            None => Says::Nothing,
        };
        let path = row![
            input::input(&self.path)
                .on_input(Message::Path)
                .on_submit(Message::Go)
                .tone(says.tone())
                .width(Length::Fill),
            button::normal("浏览…").on_press(Message::Browse),
        ]
        .spacing(sp::S8);
        content = content.push(field("写到", path).required().says(says).below());
        let privacy = "文件里有联系人的姓名和完整电话，请只交给该看的人。";
        content = content.push(text::toned(text::SMALL, Tone::Quiet, privacy));
        let (title, verb) = match &self.out {
            Out::Next(number) => (format!("定稿 v{number}，{filings} 件"), "定稿并导出"),
            Out::Again(version) => (format!("再导出 v{}，{} 件", version.number, version.rows.len()), "导出"),
        };
        let go = button::primary(if self.busy { "正在写…" } else { verb })
            .icon(Icon::FileSpreadsheet)
            .key("Enter")
            .on_press((!self.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        dialog::dialog(title, content, [close.into(), go.into()], dialog::Width::Wide)
    }
}

/// Freezes the list as it stands and writes it. What was changed and not saved yet is part of the same action.
pub async fn send(
    db: Db,
    actor: RecordId,
    shortlist: (RecordId, RecordId),
    draft: Draft,
    office: String,
    layout: Vec<ShortlistColumn>,
    order: Order,
) -> Result<Sent> {
    let (id, edition) = shortlist;
    let gathered = gathering(db.clone(), edition, draft.items.clone()).await?;
    let (heads, rows, title, on) = (gathered.heads, gathered.rows, order.title.clone(), order.on);
    let (kept_heads, kept_rows, kept_title) = (heads.clone(), rows.clone(), title.clone());
    let done = db
        .act(actor, format!("定稿推荐名单“{}”", draft.title.trim()), move |act| {
            act.change_shortlist(id, draft.title.trim(), &draft.items)?;
            act.freeze_shortlist(id, on, &kept_title, kept_heads, kept_rows)
        })
        .await?;
    let version = ShortlistFrozen { number: done.value, on, title, heads, rows, restates: None };
    let written = again(&version, &office, &layout, &order);
    Ok(Sent { number: version.number, filings: version.rows.len(), done: Some(done), written })
}

/// Writes a version.
pub fn again(version: &ShortlistFrozen, office: &str, layout: &[ShortlistColumn], order: &Order) -> Result<PathBuf> {
    write(&order.path, &Frozen { version, columns: layout, office, fonts: order.fonts })?;
    Ok(order.path.clone())
}

/// The folder a file lies in.
pub fn folder(path: &Path) -> Result<&Path> {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .ok_or_else(|| Problem::io("不知道文件在哪个文件夹。").next("请在文件管理器里查找。").detail(path.display()))
}
