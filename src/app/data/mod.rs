//! 数据: lists that were taken in, shortlists, packages and conflicts, everything that was done, the proof that all of it is whole, and backups.
//! Each tab has a file: what it holds, what happens to it, how it looks.
//! Nothing here changes records by itself; taking back is the store's own act, refused with its own sentence.

pub(super) mod backups;
mod conflicts;
mod imports;
mod log;
pub(super) mod packages;
mod shortlists;
pub(super) mod verify;

use iced::alignment::Vertical;
use iced::widget::{column, container, operation, row, space};
use iced::{Length, Padding};

use super::ctx::Ctx;
use super::place::{DataTab, Place};
use super::screen::Screen;
use super::update::{Event, Update};
use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::store::Done;
use crate::store::acts::Undid;
use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::widget::shell::Note;
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{button, keycap};
use crate::ui::{Element, space as sp, text};

/// The rows of whichever tab is open.
const ROWS: &str = "data-rows";

/// The screen.
pub struct Data {
    tab: DataTab,
    imports: imports::Imports,
    shortlists: shortlists::Shortlists,
    log: log::Log,
    verify: verify::Verify,
    backups: backups::Backups,
    packages: packages::Packages,
    conflicts: conflicts::Conflicts,
}

/// What happens here.
#[derive(Debug, Clone)]
pub enum Message {
    Tab(DataTab),
    Imports(imports::Message),
    Shortlists(shortlists::Message),
    Log(log::Message),
    Verify(verify::Message),
    Backups(backups::Message),
    Packages(packages::Message),
    Conflicts(conflicts::Message),
    /// Takes an action back.
    Undo(RecordId),
    Undone(Result<Done<Undid>>),
    Go(Place),
    /// 变更历史 of a record.
    History(RecordId),
    /// 查看历史时点.
    AsOf,
}

impl Data {
    /// The tabs, nothing read yet.
    pub fn new(_ctx: &Ctx) -> Self {
        Self {
            tab: DataTab::default(),
            imports: imports::Imports::default(),
            shortlists: shortlists::Shortlists::default(),
            log: log::Log::default(),
            verify: verify::Verify::default(),
            backups: backups::Backups::default(),
            packages: packages::Packages::default(),
            conflicts: conflicts::Conflicts::default(),
        }
    }

    fn load(&mut self, ctx: &Ctx) -> Update<Message> {
        match self.tab {
            DataTab::Imports => self.imports.load(ctx),
            DataTab::Shortlists => self.shortlists.load(ctx),
            DataTab::Log => self.log.load(ctx),
            DataTab::Check => Update::none(),
            DataTab::Backups => self.backups.load(ctx),
            DataTab::Packages => self.packages.load(ctx),
            DataTab::Conflicts => self.conflicts.load(ctx),
        }
    }
}

impl Screen for Data {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        match place {
            Place::Data(tab) => self.tab = *tab,
            Place::Answer(machine) => {
                self.tab = DataTab::Packages;
                self.packages.answer(*machine);
            }
            Place::Pack(filings) => {
                self.tab = DataTab::Packages;
                self.packages.pack(filings.clone());
            }
            Place::Package(path) => {
                self.tab = DataTab::Packages;
                self.packages.look_at(path.clone());
            }
            _ => {}
        }
        self.load(ctx).and(operation::focus(ROWS).into())
    }

    fn place(&self) -> Place {
        Place::Data(self.tab)
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        self.load(ctx)
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Tab(tab) => Update::event(Event::Go(Place::Data(tab))),
            Message::Imports(message) => self.imports.update(message),
            Message::Shortlists(message) => self.shortlists.update(message),
            Message::Log(message) => self.log.update(message, ctx),
            Message::Verify(message) => self.verify.update(message, ctx),
            Message::Backups(message) => self.backups.update(message, ctx),
            Message::Packages(message) => self.packages.update(message, ctx),
            Message::Conflicts(message) => self.conflicts.update(message, ctx),
            Message::Undo(action) => ctx.act("撤销", move |act| act.undo(action), Message::Undone).into(),
            Message::Undone(Ok(done)) => {
                let words = format!("{}，涉及 {} 条", done.name, done.value.records);
                Update::saved(&done, words)
            }
            // The refusal is a line of the log itself.
            Message::Undone(Err(problem)) => self.load(ctx).and(problem.into()),
            Message::Go(place) => Update::event(Event::Go(place)),
            Message::History(record) => Update::event(Event::History(record)),
            Message::AsOf => Update::event(Event::AsOf),
        }
    }

    fn key(&self, pressed: &Pressed, ctx: &Ctx) -> Option<Message> {
        if self.tab == DataTab::Backups && self.backups.has_dialog() {
            return self.backups.dialog_key(&pressed.key);
        }
        if self.tab == DataTab::Packages {
            return self.packages.dialog_key(pressed);
        }
        let iced::keyboard::Key::Character(key) = &pressed.key else { return None };
        if pressed.modifiers.command() || pressed.modifiers.alt() {
            return None;
        }
        let n = ["1", "2"].iter().position(|known| key == known)?;
        let first = match self.tab {
            DataTab::Backups => Permission::Restore,
            DataTab::Imports => Permission::Import,
            _ => Permission::Undo,
        };
        if n == 0 && !ctx.may(first) {
            return None;
        }
        match self.tab {
            DataTab::Imports => self.imports.deed(n),
            DataTab::Backups => self.backups.deed(n),
            DataTab::Log => self.log.deed(n),
            DataTab::Shortlists | DataTab::Check | DataTab::Packages | DataTab::Conflicts => None,
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let title = row![
            text::title("数据"),
            space().width(Length::Fill),
            button::quiet("查看历史时点…").icon(Icon::CalendarDays).density(ctx.controls()).on_press(Message::AsOf),
        ]
        .push(ctx.may(Permission::Import).then(|| {
            button::primary("导入名单")
                .icon(Icon::Upload)
                .key("Ctrl I")
                .density(ctx.controls())
                .on_press(Message::Go(Place::Import))
        }))
        .spacing(sp::S8)
        .height(40)
        .align_y(Vertical::Center);
        let all = [
            (DataTab::Imports, "名单导入"),
            (DataTab::Shortlists, "推荐名单"),
            (DataTab::Log, "操作日志"),
            (DataTab::Packages, "交换包"),
            (DataTab::Conflicts, "冲突"),
            (DataTab::Check, "核验"),
            (DataTab::Backups, "备份"),
        ];
        let open = tabs(all.map(|(tab, word)| (tab, word.to_owned())), &self.tab, Message::Tab, None);
        let body = match self.tab {
            DataTab::Imports => self.imports.view(ctx),
            DataTab::Shortlists => self.shortlists.view(ctx),
            DataTab::Log => self.log.view(ctx),
            DataTab::Check => self.verify.view(ctx.may(Permission::Repair)),
            DataTab::Backups => self.backups.view(ctx),
            DataTab::Packages => self.packages.view(ctx),
            DataTab::Conflicts => self.conflicts.view(ctx),
        };
        let head = container(column![title, open]).padding(Padding {
            top: 4.0,
            bottom: 10.0,
            ..crate::ui::widget::split::PAGE
        });
        column![head, container(body).height(Length::Fill).padding(crate::ui::widget::split::PAGE)]
            .height(Length::Fill)
            .into()
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        match self.tab {
            DataTab::Backups => self.backups.above(ctx),
            DataTab::Packages => self.packages.above(ctx),
            DataTab::Log => Some((self.log.above()?, self.log.closing())),
            _ => None,
        }
    }

    fn note(&self, _ctx: &Ctx) -> Option<Note<Message>> {
        if let Some(words) = self.packages.busy() {
            return Some(Note::new(Icon::Package, words));
        }
        let verifying = self.verify.is_running().then(|| Note::new(Icon::ShieldCheck, "正在核验全部流水"));
        verifying.or_else(|| Some(Note::new(Icon::HardDrive, self.backups.busy()?)))
    }
}

/// The keys that do something to the current row: 1 撤销, 2 打开原文件.
fn hints<'a>(deeds: &[(&'a str, &'a str)]) -> Element<'a, Message> {
    let mut line = row![keycap::keycap("↑ ↓"), text::note("选行")].spacing(sp::S6).align_y(Vertical::Center);
    for (key, word) in deeds {
        line = line.push(keycap::keycap(key)).push(text::note(*word));
    }
    line.into()
}
