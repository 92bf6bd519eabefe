//! 放假与调休: up to which year the State Council's arrangements are known, a newer year's file, and the office's own days.

use std::path::PathBuf;

use chrono::Datelike;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Task};

use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::catalog::calendars::{self, YearFile};
use crate::domain::calendar::Row;
use crate::domain::calendar::own::Year;
use crate::domain::date::{iso, parse_day, weekday};
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, input};
use crate::ui::{Element, space as sp, text};

const DAY: &str = "settings.day";
const FILE: &str = "settings.year-file";

/// What is being written.
#[derive(Debug, Clone, Default)]
pub struct Days {
    day: String,
    worked: bool,
    name: String,
    /// Where a year's file lies.
    path: String,
    problem: Option<String>,
    busy: bool,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Day(String),
    Worked(bool),
    Name(String),
    Add,
    Done(&'static str, Result<Done<bool>>),
    Drop(chrono::NaiveDate),
    Path(String),
    Choose,
    Chosen(Option<PathBuf>),
    Take,
    Read(Result<YearFile>),
}

impl Days {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        if !matches!(message, Message::Done(..)) {
            self.problem = None;
        }
        match message {
            Message::Day(typed) => self.day = typed,
            Message::Worked(worked) => self.worked = worked,
            Message::Name(typed) => self.name = typed,
            Message::Path(typed) => self.path = typed,
            Message::Choose => return Task::perform(files::choose_year(), Message::Chosen).into(),
            Message::Chosen(Some(path)) => {
                self.path = path.display().to_string();
                return self.update(Message::Take, ctx);
            }
            Message::Chosen(None) => {}
            _ if self.busy && !matches!(message, Message::Done(..) | Message::Read(_)) => {}
            Message::Add => match parse_day(&self.day, ctx.today.year()) {
                Ok(date) => {
                    let row = Row { date, off: !self.worked, name: self.name.clone() };
                    self.busy = true;
                    let name = format!("{date} {}", if row.off { "放假" } else { "上班" });
                    return Update::task(ctx.act(
                        name,
                        move |act| act.set_day(&row),
                        |done| Message::Done("期限已按新的放假安排重算", done),
                    ));
                }
                Err(problem) => self.problem = Some(problem.to_string()),
            },
            Message::Drop(day) => {
                return Update::task(ctx.act(
                    format!("{day} 恢复按放假安排"),
                    move |act| act.drop_day(day),
                    |done| Message::Done("期限已按放假安排重算", done),
                ));
            }
            Message::Take => {
                let Some(path) = files::typed(&self.path) else {
                    self.problem = Some("没有写文件的位置。".to_owned());
                    return Update::none();
                };
                self.busy = true;
                let read = async move {
                    let text = std::fs::read_to_string(&path).map_err(|error| {
                        Problem::io("放假安排文件读不出来。").next("请核对文件的位置。").detail(error)
                    })?;
                    calendars::read(&files::name_of(&path), &text)
                };
                return Task::perform(read, Message::Read).into();
            }
            Message::Read(Ok(file)) => {
                let name = format!("{} 年放假安排", file.year);
                return Update::task(ctx.act(
                    name,
                    move |act| act.take_year(&file),
                    |done| Message::Done("放假安排已收下，期限已重算", done),
                ));
            }
            Message::Read(Err(problem)) | Message::Done(_, Err(problem)) => {
                self.busy = false;
                self.problem = Some(problem.to_string());
            }
            Message::Done(words, Ok(done)) => {
                *self = Self::default();
                return Update::saved(&done, words);
            }
        }
        Update::none()
    }

    /// The section drawn.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let last = ctx.ledger.calendar().last_known_year();
        let known = last.map_or_else(String::new, |year| {
            format!("国务院办公厅的安排已有到 {year} 年的；以后的年份先按周一至周五、减去元旦等日期法定的节日算，期限前写“约”")
        });
        let mut all = column![heading("放假与调休", None, None), rule::across(Weight::Heavy), text::small(known)];
        let office = &ctx.ledger.office;
        // A whole year that was taken in is said in one line.
        for Year { year, rows, .. } in &office.years {
            let words = match rows.len() {
                // Taken in by an earlier version, which kept the days one by one.
                0 => format!("{year} 年的安排已收下，逐日列在下面；再收一次文件就并成一行"),
                count => format!("{year} 年的安排已收下，{count} 天"),
            };
            all = all.push(text::line(text::SMALL, Tone::Quiet, words));
        }
        for own in &office.days {
            let line = row![
                container(text::line(text::SMALL, Tone::Plain, format!("{} {}", iso(own.date), weekday(own.date))))
                    .width(160),
                container(text::line(text::SMALL, Tone::Plain, if own.off { "放假" } else { "上班" })).width(44),
                text::line(text::SMALL, Tone::Quiet, own.name.as_str()),
                space().width(Length::Fill),
                button::icon_only(Icon::X).tip("去掉，按放假安排算").small().on_press(Message::Drop(own.date)),
            ]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
            all = all.push(line).push(rule::across(Weight::Hair));
        }
        let day = input::input(&self.day)
            .placeholder("10-12")
            .on_input(Message::Day)
            .on_submit(Message::Add)
            .density(Density::Compact)
            .width(120)
            .id(DAY);
        let name = input::input(&self.name)
            .placeholder("为什么：台风停工、省里调休")
            .on_input(Message::Name)
            .on_submit(Message::Add)
            .density(Density::Compact);
        let which = [Segment::new(false, "放假".to_owned()), Segment::new(true, "上班".to_owned())];
        let add = button::normal("记上这一天").icon(Icon::Plus).small().on_press((!self.busy).then_some(Message::Add));
        let add = row![day, segmented(which, &self.worked, Message::Worked), name, add]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let path = input::input(&self.path)
            .placeholder("新一年的放假安排文件（.json）")
            .on_input(Message::Path)
            .on_submit(Message::Take)
            .density(Density::Compact)
            .id(FILE);
        let choose = button::quiet("选文件…").icon(Icon::FolderOpen).small().on_press(Message::Choose);
        let take = button::normal("收下").small().on_press((!self.busy).then_some(Message::Take));
        let take = row![path, choose, take].spacing(sp::S8).align_y(Vertical::Center);
        let problem = self.problem.as_deref().map(|words| text::toned(text::SMALL, Tone::Danger, words));
        all.push(add).push(take).push(problem).spacing(sp::S6).into()
    }
}
