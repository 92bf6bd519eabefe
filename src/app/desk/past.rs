//! What lies above any page when one asks for the past: the history of a record, or what a line of the log did.

use std::collections::HashSet;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::find::filing_place;
use super::{Desk, Message as DeskMessage, Step};
use crate::app::changes;
use crate::app::ctx::Ctx;
use crate::app::place::{DataTab, Place, SettingsTab};
use crate::app::print;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::event::RecordKind;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::ledger::FilingFilter;
use crate::store::queries::{DeedFile, LogRow, RecordFile, Subject};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::scroll::scroll;
use crate::ui::widget::{button, dialog};
use crate::ui::{Element, Icon, Tone, space as sp, text};

/// Records of one deed, or changes of one record, that show at first, and how many more each time.
const STEP: usize = 40;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// 变更历史 of a record.
    Record(RecordId),
    /// What a line of the log did.
    Deed(RecordId),
}

/// The answer.
#[derive(Debug, Clone)]
pub enum Told {
    Record(Box<RecordFile>),
    Deed(Box<DeedFile>),
}

/// The open sheet.
#[derive(Debug)]
pub struct Past {
    about: About,
    told: Option<Told>,
    /// How many show.
    most: usize,
    /// Changes all of whose fields show: place of the record, place of the change from the oldest on.
    whole: HashSet<(usize, usize)>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Ask(About),
    Read(About, Result<Option<Told>>),
    Whole(usize, usize),
    More,
    Go(Place),
    /// Prints the history that shows.
    Print,
    Close,
}

impl Desk {
    pub(super) fn past(&mut self, message: Message) -> Step {
        match message {
            Message::Ask(about) => {
                self.past = Some(Past { about, told: None, most: STEP, whole: HashSet::new() });
                (self.ask_past(), None)
            }
            Message::Read(about, answer) => {
                let Some(past) = self.past.as_mut().filter(|past| past.about == about) else {
                    return (iced::Task::none(), None);
                };
                match answer {
                    Ok(Some(told)) => past.told = Some(told),
                    other => {
                        self.past = None;
                        let missing =
                            || Problem::not_found("找不到这条记录。").next("它可能在另一台电脑上，还没有合并到这里。");
                        self.tell_problem(other.err().unwrap_or_else(missing));
                    }
                }
                (iced::Task::none(), None)
            }
            Message::Whole(record, change) => {
                self.past.iter_mut().for_each(|past| {
                    past.whole.insert((record, change));
                });
                (iced::Task::none(), None)
            }
            Message::More => {
                self.past.iter_mut().for_each(|past| past.most += STEP);
                (self.ask_past(), None)
            }
            Message::Go(place) => {
                self.past = None;
                self.go(place)
            }
            Message::Print => match self.past.as_ref().and_then(|past| past.told.as_ref()) {
                Some(Told::Record(file)) => self.follow(Update::print(print::pages::history(file, &self.ctx))),
                _ => (iced::Task::none(), None),
            },
            Message::Close => {
                self.past = None;
                (iced::Task::none(), None)
            }
        }
    }

    fn ask_past(&self) -> iced::Task<DeskMessage> {
        let Some(past) = &self.past else { return iced::Task::none() };
        let about = past.about;
        let send = move |answer| DeskMessage::Past(Message::Read(about, answer));
        match about {
            About::Record(id) => self.ctx.ask(self.ctx.db.history(id), move |answer| {
                send(answer.map(|file| file.map(|file| Told::Record(Box::new(file)))))
            }),
            About::Deed(id) => self.ctx.ask(self.ctx.db.deed(id, past.most), move |answer| {
                send(answer.map(|file| file.map(|file| Told::Deed(Box::new(file)))))
            }),
        }
    }
}

impl Past {
    /// What closing it sends.
    pub const CLOSE: Message = Message::Close;

    /// The sheet.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let close = button::primary("关闭").key("Esc").on_press(Message::Close).into();
        let print = matches!(self.told, Some(Told::Record(_))) && ctx.may(Permission::Export);
        let print = print.then(|| button::normal("打印…").icon(Icon::Printer).on_press(Message::Print).into());
        let (title, content): (String, Element<'a, Message>) = match &self.told {
            None => ("变更历史".to_owned(), text::toned(text::BODY, Tone::Faint, "正在读取…").into()),
            Some(Told::Record(file)) => (format!("变更历史：{}", file.subject.name), self.record(file, ctx)),
            Some(Told::Deed(file)) => (file.row.kind.label().to_owned(), self.deed(file, ctx)),
        };
        let room = (ctx.size.height - 260.0).clamp(160.0, 460.0);
        let content = container(scroll(content)).height(room);
        dialog::dialog(title, content, print.into_iter().chain([close]), dialog::Width::Wide)
    }

    fn record<'a>(&'a self, file: &'a RecordFile, ctx: &'a Ctx) -> Element<'a, Message> {
        let mut all = column![self.subject(&file.subject, false, ctx), rule::across(Weight::Heavy)];
        all = all.push(self.changes(0, file, self.most, ctx));
        let rest = file.changes.len().saturating_sub(self.most);
        all.push((rest > 0).then(|| more(format!("再早的 {rest} 次")))).into()
    }

    fn deed<'a>(&'a self, file: &'a DeedFile, ctx: &'a Ctx) -> Element<'a, Message> {
        let mut all = column![about(&file.row, ctx)].spacing(sp::S4);
        for (at, record) in file.records.iter().enumerate() {
            all = all.push(self.subject(&record.subject, true, ctx)).push(rule::across(Weight::Heavy));
            all = all.push(self.changes(at, record, usize::MAX, ctx));
        }
        all.push((file.more > 0).then(|| more(format!("其余 {} 条", file.more)))).into()
    }

    /// What a record is called, and the ways to it.
    fn subject<'a>(&self, subject: &'a Subject, with_history: bool, ctx: &Ctx) -> Element<'a, Message> {
        let open = place_of(subject, ctx)
            .map(|place| button::quiet("打开").icon(Icon::ArrowRight).small().on_press(Message::Go(place)));
        let history = with_history.then(|| {
            let ask = Message::Ask(About::Record(subject.id));
            button::quiet("变更历史").icon(Icon::History).small().on_press(ask)
        });
        row![
            text::line(text::SMALL, Tone::Quiet, words::record_kind(subject.kind)),
            container(text::line(text::BODY.bold(), Tone::Plain, subject.name.as_str())).clip(true).width(Length::Fill),
        ]
        .push(history)
        .push(open)
        .spacing(sp::S8)
        .height(32)
        .align_y(Vertical::Center)
        .into()
    }

    fn changes<'a>(&'a self, record: usize, file: &'a RecordFile, most: usize, ctx: &'a Ctx) -> Element<'a, Message> {
        let count = file.changes.len();
        let mut all = column![];
        for (at, change) in file.changes.iter().enumerate().take(most) {
            let number = count - at;
            let whole = (!self.whole.contains(&(record, number))).then_some(Message::Whole(record, number));
            let change = changes::change(change, file.subject.kind, &file.lists, whole, ctx);
            all = all.push(change).push(rule::across(Weight::Hair));
        }
        all.into()
    }
}

fn more<'a>(words: String) -> Element<'a, Message> {
    button::quiet(words).after(Icon::ChevronDown).small().on_press(Message::More).into()
}

/// Who did it, when, where.
fn about<'a>(row: &'a LogRow, ctx: &'a Ctx) -> Element<'a, Message> {
    let facts = format!(
        "{}·{}　{}",
        ctx.ledger.user_name(row.actor),
        words::machine(row.device, ctx),
        words::stamp(row.at, ctx)
    );
    let count = row.count.map(|n| text::line(text::SMALL, Tone::Quiet, format!("{n} 条")));
    let head = row![text::line(text::SMALL, Tone::Quiet, facts)]
        .push(count)
        .push(row.undone.then(|| Badge::outline(Icon::Undo2, "已撤销").view()))
        .push(space().width(Length::Fill))
        .spacing(sp::S8)
        .align_y(Vertical::Center);
    column![text::body(row.words.as_str()), head].spacing(sp::S2).into()
}

/// Where a record is at home. `None`: it was taken back, or has no page.
fn place_of(subject: &Subject, ctx: &Ctx) -> Option<Place> {
    let id = subject.id;
    match subject.kind? {
        RecordKind::Firm => ctx.ledger.firm(id).map(|_| Place::firm(id)),
        RecordKind::Filing => ctx.ledger.filing(id).map(|_| filing_place(ctx, id)),
        RecordKind::Edition => ctx.ledger.edition(id).map(|_| {
            let filter = FilingFilter { edition: Some(id), ..FilingFilter::default() };
            Place::Filings { filter, open: None }
        }),
        RecordKind::Shortlist => Some(Place::Shortlist(id)),
        RecordKind::Import => Some(Place::Data(DataTab::Imports)),
        RecordKind::Office | RecordKind::User => Some(Place::Settings(SettingsTab::Office)),
        RecordKind::Machine | RecordKind::Package => Some(Place::Data(DataTab::Packages)),
        RecordKind::Action | RecordKind::Log => None,
    }
}
