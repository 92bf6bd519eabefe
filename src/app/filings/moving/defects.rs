//! 补正内容: what is wrong with a filing that goes back, one by one, picked from the phrase book or written by hand.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::Message as Moving;
use crate::app::ctx::Ctx;
use crate::app::filings::Message as Outer;
use crate::app::update::Update;
use crate::domain::defect::{About, Defect, Phrase, book};
use crate::domain::id::RecordId;
use crate::domain::material::State;
use crate::domain::program::Version;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, input, menu, select};
use crate::ui::{Element, measure, space as sp, text};

const WRITTEN: &str = "moving.defect";

/// The defects of the return that is being written.
#[derive(Debug, Clone, Default)]
pub struct Defects {
    /// `None`: filings of several policies, which share no list.
    version: Option<&'static Version>,
    book: Vec<Phrase>,
    list: Vec<Defect>,
    about: About,
    written: String,
}

#[derive(Debug, Clone)]
pub enum Message {
    About(About),
    Written(String),
    Add,
    Phrase(usize),
    Edit(usize, String),
    Remove(usize),
}

impl Defects {
    /// For these filings; of a single one, what was found unfit stands there already.
    pub fn new(ids: &[RecordId], ctx: &Ctx) -> Self {
        let mut rows = ids.iter().filter_map(|id| ctx.ledger.filing(*id));
        let first = rows.next();
        let same = first.is_some_and(|first| rows.all(|row| std::ptr::eq(row.version, first.version)));
        let Some(first) = first.filter(|_| same) else { return Self::default() };
        let own = ctx.ledger.office.phrases(&first.program.id);
        Self { version: Some(first.version), book: book(first.version, own), ..Self::default() }
    }

    /// Puts what was found unfit on the list.
    pub fn found(&mut self, materials: &crate::domain::filing::Materials) {
        for (id, item) in materials.items().filter(|(_, item)| item.state() == State::Unfit) {
            let says = item.marked.as_ref().map(|marked| marked.remark.clone()).unwrap_or_default();
            self.list.push(Defect::new(About::Material(id.to_owned()), says));
        }
    }

    /// Everything on the list, with what is being written.
    pub fn all(&self) -> Vec<Defect> {
        let written = self.written.trim();
        let last = (!written.is_empty()).then(|| Defect::new(self.about.clone(), written));
        self.list.iter().cloned().chain(last).collect()
    }

    pub fn update(&mut self, message: Message) -> Update<Outer> {
        match message {
            Message::About(about) => {
                self.about = about;
                return Update::task(iced::widget::operation::focus(WRITTEN));
            }
            Message::Written(typed) => self.written = typed,
            Message::Add => {
                let written = self.written.trim();
                if !written.is_empty() {
                    self.list.push(Defect::new(std::mem::take(&mut self.about), written));
                    self.written.clear();
                }
                return Update::task(iced::widget::operation::focus(WRITTEN));
            }
            Message::Phrase(n) => {
                if let Some(phrase) = self.book.get(n) {
                    self.list.push(phrase.defect());
                }
            }
            Message::Edit(n, typed) => {
                if let Some(defect) = self.list.get_mut(n) {
                    defect.says = typed;
                }
            }
            Message::Remove(n) => {
                if n < self.list.len() {
                    self.list.remove(n);
                }
            }
        }
        Update::none()
    }

    /// The list, and what adds to it.
    pub fn view<'a>(&'a self, label: f32) -> Option<Element<'a, Outer>> {
        let version = self.version?;
        let wrap = |message| Outer::Moving(Moving::Defects(message));
        let mut lines = column![].spacing(sp::S4);
        for (n, defect) in self.list.iter().enumerate() {
            let about = match defect.about.name(version) {
                "" => "整件",
                name => name,
            };
            let about = measure::cut(about, text::SMALL.size, false, 120.0).into_owned();
            let says = input::input(&defect.says)
                .on_input(move |typed| wrap(Message::Edit(n, typed)))
                .tone(defect.says.trim().is_empty().then_some(Tone::Danger))
                .density(Density::Compact);
            lines = lines.push(
                row![
                    container(text::line(text::SMALL, Tone::Quiet, format!("{}. {about}", n + 1))).width(148),
                    says,
                    button::icon_only(Icon::X).tip("删掉这一条").small().on_press(wrap(Message::Remove(n))),
                ]
                .spacing(sp::S8)
                .align_y(Vertical::Center),
            );
        }
        let short = |name: &str| measure::cut(name, text::SMALL.size, false, 300.0).into_owned();
        let items = std::iter::once(Item::new(About::Whole, "整件"))
            .chain([Item::heading("材料")])
            .chain(version.materials.iter().map(|m| Item::new(About::Material(m.id.clone()), short(&m.name))))
            .chain([Item::heading("申报表")])
            .chain(version.form.iter().map(|f| Item::new(About::Field(f.id.clone()), short(&f.label))));
        let about = select::select(items, Some(self.about.clone()))
            .on_choose(move |about| wrap(Message::About(about)))
            .density(Density::Compact)
            .width(148);
        let written = input::input(&self.written)
            .placeholder("哪里不对、要怎么改")
            .on_input(move |typed| wrap(Message::Written(typed)))
            .on_submit(wrap(Message::Add))
            .density(Density::Compact)
            .id(WRITTEN);
        let add = button::quiet("加一条").icon(Icon::Plus).small().on_press(wrap(Message::Add));
        lines = lines.push(row![about, written, add].spacing(sp::S8).align_y(Vertical::Center));
        let phrases = self.book.iter().enumerate().map(|(n, phrase)| {
            let about = phrase.about.name(version);
            let item = Item::new(n, phrase.text.clone());
            let item = if about.is_empty() { item } else { item.detail(short(about)) };
            if phrase.own { item.icon(Icon::Bookmark) } else { item }
        });
        let opener = button::quiet("从短语里选").icon(Icon::BookOpen).after(Icon::ChevronDown).small().on_press(());
        let pick = menu::menu(opener, phrases, move |n| wrap(Message::Phrase(n))).density(Density::Compact);
        let head = row![text::line(text::SMALL, Tone::Quiet, "补正内容，逐条写"), pick]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let padding = Padding { left: label + sp::S12, ..Padding::ZERO };
        Some(container(column![head, lines].spacing(sp::S4)).padding(padding).width(Length::Fill).into())
    }
}
