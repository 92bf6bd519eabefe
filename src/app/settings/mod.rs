//! 设置: the office and its people, the programs and this year's editions, how the window looks, what the program is.
//! One tab a file; each knows its own fields and nothing of the others.
//! No policy is decided here: programs come from the catalog, editions from the store.

mod about;
mod days;
mod forms;
mod lists;
mod look;
mod office;
mod people;
mod programs;
mod sealing;
mod signing;

use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container};
use iced::{Length, Padding};

use super::ctx::Ctx;
use super::place::{Place, SettingsTab};
use super::screen::Screen;
use super::update::Update;
use crate::ui::root::Pressed;
use crate::ui::widget::shell::Note;
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{scroll, split};
use crate::ui::{Element, Icon, space as sp, text};

/// The screen.
pub struct Settings {
    tab: SettingsTab,
    office: office::Office,
    people: people::People,
    signing: signing::Signing,
    sealing: sealing::Sealing,
    programs: programs::Programs,
    days: days::Days,
    about: about::About,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Tab(SettingsTab),
    Office(office::Message),
    People(people::Message),
    Signing(signing::Message),
    Sealing(sealing::Message),
    Programs(programs::Message),
    Days(days::Message),
    Look(look::Message),
    About(about::Message),
}

#[cfg(test)]
impl Message {
    /// Somebody presses 重设 in the row of a person.
    pub fn reset_password(user: crate::domain::id::RecordId) -> Self {
        Self::People(people::Message::Reset(user))
    }
}

impl Settings {
    /// At the first tab.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            tab: SettingsTab::default(),
            office: office::Office::new(ctx),
            people: people::People::default(),
            signing: signing::Signing::new(ctx),
            sealing: sealing::Sealing::default(),
            programs: programs::Programs::new(ctx),
            days: days::Days::default(),
            about: about::About::default(),
        }
    }
}

impl Screen for Settings {
    type Message = Message;

    fn arrive(&mut self, place: &Place, ctx: &Ctx) -> Update<Message> {
        if let Place::Settings(tab) = place {
            self.tab = *tab;
        }
        self.refresh(ctx)
    }

    fn place(&self) -> Place {
        Place::Settings(self.tab)
    }

    fn refresh(&mut self, ctx: &Ctx) -> Update<Message> {
        self.office.refresh(ctx);
        self.programs.refresh(ctx);
        Update::task(self.signing.refresh(ctx).map(Message::Signing))
    }

    fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Tab(tab) => {
                self.tab = tab;
                self.refresh(ctx)
            }
            Message::Office(message) => self.office.update(message, ctx).map(Message::Office),
            Message::People(message) => self.people.update(message, ctx).map(Message::People),
            Message::Signing(message) => self.signing.update(message, ctx).map(Message::Signing),
            Message::Sealing(message) => self.sealing.update(message, ctx).map(Message::Sealing),
            Message::Programs(message) => self.programs.update(message, ctx).map(Message::Programs),
            Message::Days(message) => self.days.update(message, ctx).map(Message::Days),
            Message::Look(message) => look::update(message, ctx).map(Message::Look),
            Message::About(message) => self.about.update(message, ctx).map(Message::About),
        }
    }

    fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let open = [
            (SettingsTab::Office, "单位"),
            (SettingsTab::Programs, "事项与批次"),
            (SettingsTab::Look, "外观"),
            (SettingsTab::About, "关于"),
        ];
        let open = open.map(|(tab, name)| (tab, name.to_owned()));
        let head = column![
            container(text::title("设置")).height(44).align_y(iced::alignment::Vertical::Center),
            tabs(open, &self.tab, Message::Tab, None),
        ];
        let page: Element<'a, Message> = match self.tab {
            SettingsTab::Office => column![
                self.office.view(ctx).map(Message::Office),
                self.people.view(ctx).map(Message::People),
                self.signing.view(ctx).map(Message::Signing),
            ]
            .push((!ctx.ledger.office.example).then(|| self.sealing.view(ctx).map(Message::Sealing)))
            .spacing(sp::S32)
            .into(),
            SettingsTab::Programs => {
                column![self.programs.view(ctx).map(Message::Programs), self.days.view(ctx).map(Message::Days)]
                    .spacing(sp::S32)
                    .into()
            }
            SettingsTab::Look => look::view(ctx).map(Message::Look),
            SettingsTab::About => self.about.view(ctx).map(Message::About),
        };
        let page = container(page).padding(Padding { top: 16.0, bottom: 24.0, ..split::PAGE }).width(Length::Fill);
        let head = container(head).padding(Padding { top: 8.0, ..split::PAGE });
        column![head, scroll::scroll(page).main()].into()
    }

    fn above<'a>(&'a self, ctx: &'a Ctx) -> Option<(Element<'a, Message>, Message)> {
        let programs =
            self.programs.above(ctx).map(|(sheet, close)| (sheet.map(Message::Programs), Message::Programs(close)));
        let people =
            || self.people.above(ctx).map(|(sheet, close)| (sheet.map(Message::People), Message::People(close)));
        let about = || self.about.above().map(|(sheet, close)| (sheet.map(Message::About), Message::About(close)));
        let signing =
            || self.signing.above().map(|(sheet, close)| (sheet.map(Message::Signing), Message::Signing(close)));
        let sealing =
            || self.sealing.above().map(|(sheet, close)| (sheet.map(Message::Sealing), Message::Sealing(close)));
        programs.or_else(people).or_else(signing).or_else(sealing).or_else(about)
    }

    fn key(&self, pressed: &Pressed, _ctx: &Ctx) -> Option<Message> {
        if pressed.key != Key::Named(Named::Enter) {
            return None;
        }
        let people = || self.people.enter().map(Message::People);
        let sealing = || self.sealing.enter().map(Message::Sealing);
        self.programs.enter().map(Message::Programs).or_else(people).or_else(sealing)
    }

    fn note(&self, _ctx: &Ctx) -> Option<Note<Message>> {
        let office = self.office.dirty().then(|| Note::new(Icon::PencilLine, "单位信息有改动，还没有保存"));
        office.or_else(|| self.signing.dirty().then(|| Note::new(Icon::PencilLine, "登录与权限有改动，还没有保存")))
    }
}
