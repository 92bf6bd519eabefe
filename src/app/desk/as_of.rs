//! 查看历史时点: a day is chosen, the lists and numbers are told as they were at its end, and nothing can be changed until one
//! returns to the present. What refuses the changes is the database handle itself.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use iced::alignment::Vertical;
use iced::futures::FutureExt;
use iced::futures::channel::mpsc::unbounded;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding, Task};

use super::{Desk, Message as DeskMessage, Step};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::domain::date::{iso, parse_day};
use crate::domain::{Kind, Result};
use crate::store::ledger::Ledger;
use crate::store::{Db, Watch};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::progress::progress;
use crate::ui::widget::{button, date_field, dialog};
use crate::ui::{Element, Icon, Tone, icon, space as sp, text};

const DAY: &str = "as-of-day";

/// How often work under way is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The open dialog.
#[derive(Debug)]
pub struct AsOf {
    typed: String,
    tried: bool,
    /// The reading under way: its number, its watch, how far it is.
    reading: Option<(u64, Watch, f32)>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Typed(String),
    Picked(NaiveDate),
    Go,
    /// How far a reading is.
    At(u64, f32),
    Read(u64, (NaiveDate, i32), Result<Arc<Ledger>>),
    /// Stops what is under way and closes the dialog.
    Close,
    /// Back to the present.
    Return,
}

impl Desk {
    pub(super) fn as_of(&mut self, message: Message) -> Step {
        let nothing = (Task::none(), None);
        match message {
            Message::Open => {
                // The end of last month is what is asked for most.
                let first = self.real_today().with_day(1).unwrap_or_default();
                let day = self.ctx.db.day().or(first.pred_opt()).unwrap_or(first);
                self.as_of = Some(AsOf { typed: iso(day), tried: false, reading: None });
                return (iced::widget::operation::focus(DAY), None);
            }
            Message::Typed(typed) => self.as_of.iter_mut().for_each(|open| open.typed.clone_from(&typed)),
            Message::Picked(day) => self.as_of.iter_mut().for_each(|open| open.typed = iso(day)),
            Message::Go => {
                let today = self.real_today();
                let Some(open) = self.as_of.as_mut().filter(|open| open.reading.is_none()) else { return nothing };
                open.tried = true;
                if let Ok(day) = open.day(today) {
                    return self.look_at(day, day.year());
                }
            }
            Message::At(number, done) => {
                if let Some((_, _, at)) = self.reading(number) {
                    *at = done;
                }
            }
            Message::Read(number, (day, year), read) => {
                if self.reading(number).is_none() {
                    return nothing;
                }
                self.as_of = None;
                match read {
                    Ok(ledger) => {
                        self.present.get_or_insert(self.ctx.year);
                        self.ctx.db = self.ctx.db.looking_at(day, Arc::clone(&ledger));
                        self.ctx.year = year;
                        return self.turn(ledger);
                    }
                    Err(problem) if problem.kind == Kind::Cancelled => {}
                    Err(problem) => self.tell_problem(problem),
                }
            }
            Message::Close => {
                if let Some(AsOf { reading: Some((_, watch, _)), .. }) = self.as_of.take() {
                    watch.stop();
                }
            }
            Message::Return => {
                self.ctx.db = self.ctx.db.looking_at_now();
                self.ctx.year = self.present.take().unwrap_or(self.ctx.year);
                return self.turn(self.ctx.db.ledger());
            }
        }
        nothing
    }

    /// Another time is looked at: numbers first, they lead to everything else.
    fn turn(&mut self, ledger: Arc<Ledger>) -> Step {
        self.ctx.ledger = ledger;
        self.ctx.tick();
        self.tell_now();
        self.count();
        match self.place() {
            place @ (Place::Workbench | Place::Firms { .. } | Place::Filings { .. }) => self.arrive(&place),
            _ => self.go(Place::Workbench),
        }
    }

    /// What pages that always show the present are given while an earlier day is looked at.
    pub(super) fn tell_now(&mut self) {
        self.now = self.ctx.db.day().map(|_| {
            let db = self.ctx.db.reading_now();
            let now = db.clock().now();
            let year = self.present.unwrap_or(self.ctx.year);
            Box::new(Ctx { ledger: db.ledger(), db, year, now, today: now.date(), ..self.ctx.clone() })
        });
    }

    /// Begins telling the lists of a day, with the working year to be shown then.
    pub(super) fn look_at(&mut self, day: NaiveDate, year: i32) -> Step {
        self.next_told += 1;
        let (number, watch) = (self.next_told, Watch::default());
        let open = self.as_of.get_or_insert_with(|| AsOf { typed: iso(day), tried: false, reading: None });
        open.reading = Some((number, watch.clone(), 0.0));
        (reading(self.ctx.db.clone(), number, (day, year), watch).map(DeskMessage::AsOf), None)
    }

    fn reading(&mut self, number: u64) -> Option<&mut (u64, Watch, f32)> {
        self.as_of.as_mut()?.reading.as_mut().filter(|(own, ..)| *own == number)
    }

    fn real_today(&self) -> NaiveDate {
        self.ctx.db.clock().today()
    }

    /// The band over the page while an earlier day is looked at.
    pub(super) fn band(&self) -> Option<Element<'_, DeskMessage>> {
        let day = self.ctx.db.day()?;
        let words = match self.place() {
            Place::Workbench
            | Place::Firms { .. }
            | Place::NewFirm
            | Place::Filings { .. }
            | Place::NewFiling { .. } => format!("截至 {day} 的数据，只读"),
            // Screens that know no other day: they are given the present.
            Place::Review { .. }
            | Place::Shortlist(_)
            | Place::Import
            | Place::Data(_)
            | Place::Answer(_)
            | Place::Pack(_)
            | Place::Package(_)
            | Place::Settings(_) => {
                format!("这一页总是现在的数据，暂时只读；企业、申报、工作台显示截至 {day} 的数据")
            }
        };
        let back = button::normal("回到今天").icon(Icon::Undo2).small().on_press(DeskMessage::AsOf(Message::Return));
        let other = button::quiet("换一天…").small().on_press(DeskMessage::AsOf(Message::Open));
        let line = row![
            icon::toned(Icon::History, icon::size::INLINE, Tone::Warn),
            text::line(text::BODY.bold(), Tone::Warn, words),
            space().width(Length::Fill),
            other,
            back,
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let padding = Padding { top: 4.0, bottom: 4.0, ..crate::ui::widget::split::PAGE };
        Some(container(line).padding(padding).width(Length::Fill).into())
    }
}

/// Reads on a thread that says how far it is.
fn reading(db: Db, number: u64, (day, year): (NaiveDate, i32), watch: Watch) -> Task<Message> {
    let begin = async move {
        let (send, receiver) = unbounded();
        let started = thread::Builder::new().name("as-of".to_owned()).spawn(move || {
            let (over, ended) = channel::<()>();
            let (looker, watched) = (send.clone(), watch.clone());
            let looking = thread::Builder::new().name("as-of-watch".to_owned()).spawn(move || {
                while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    let (done, all) = watched.done();
                    // Nobody listens any more when the window was closed meanwhile.
                    let _ = looker.unbounded_send(Message::At(number, done as f32 / all.max(1) as f32));
                }
            });
            let read = db.ledger_as_of(day, year - 1, watch).wait();
            drop(over);
            // Without its thread nobody had looked; that is all that is missing then.
            let _ = looking.map(thread::JoinHandle::join);
            let _ = send.unbounded_send(Message::Read(number, (day, year), read));
        });
        // Without a thread the sender is gone and the stream ends; the dialog still has its way out.
        drop(started);
        receiver
    };
    Task::stream(begin.flatten_stream())
}

impl AsOf {
    /// What closing it sends.
    pub const CLOSE: Message = Message::Close;

    fn day(&self, today: NaiveDate) -> Result<NaiveDate, &'static str> {
        let day = parse_day(&self.typed, today.year()).map_err(|_| "请填写一个日期，如 2026-08-31。")?;
        if day < today { Ok(day) } else { Err("请选今天以前的一天。") }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &Ctx) -> Element<'a, Message> {
        let today = ctx.db.clock().today();
        let day = self.day(today);
        let says = match &day {
            Err(wrong) if self.tried => Says::Error((*wrong).into()),
            _ => Says::Hint("当天最后一刻的样子；后来撤销的当时还在。".into()),
        };
        let picked = date_field::date_field(&self.typed, day.ok(), today, Message::Typed, Message::Picked)
            .on_submit(Message::Go)
            .tone(says.tone())
            .id(DAY);
        let mut content = column![
            text::body("企业、申报和工作台按流水重新推算到那一天，只读，现在的数据不动。"),
            field("截至", picked).label_width(44.0).says(says).below(),
        ]
        .spacing(sp::S12);
        if let Some((_, _, done)) = &self.reading {
            content = content.push(progress(*done, 436.0));
        }
        let close = button::normal(if self.reading.is_some() { "停止" } else { "取消" }).key("Esc");
        let go = button::primary(if self.reading.is_some() { "正在推算…" } else { "查看" })
            .key("Enter")
            .on_press(self.reading.is_none().then_some(Message::Go));
        let buttons = [close.on_press(Message::Close).into(), go.into()];
        dialog::dialog("查看历史时点", content, buttons, dialog::Width::Usual)
    }
}
