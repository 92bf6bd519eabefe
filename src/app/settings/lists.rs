//! What a policy version asks for: the list of materials, the phrase book with the office's own phrases.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::Result;
use crate::domain::defect::{About, Phrase};
use crate::domain::program::{Confidence, Program, Version};
use crate::store::Done;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::widget::{button, input, select};
use crate::ui::{Element, measure, space as sp, text};

const TEXT: &str = "settings.phrase";
/// What a phrase is about stands in this width.
const ABOUT: f32 = 196.0;

/// A phrase being written.
#[derive(Debug, Clone)]
struct Form {
    program: String,
    /// `None`: a new one.
    id: Option<String>,
    about: About,
    text: String,
    problem: Option<String>,
    busy: bool,
}

/// What of it is being changed.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    form: Option<Form>,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    New(String),
    Edit(String, Phrase),
    About(About),
    Text(String),
    Save,
    Saved(Result<Done<String>>),
    Drop(String, String),
    Dropped(Result<Done<bool>>),
    Close,
}

impl Lists {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::New(program) => return self.write(program, None, About::Whole, String::new()),
            Message::Edit(program, phrase) => return self.write(program, Some(phrase.id), phrase.about, phrase.text),
            Message::Close => self.form = None,
            Message::Drop(program, id) => {
                let deed = ctx.act("删除补正短语", move |act| act.drop_phrase(&program, &id), Message::Dropped);
                return Update::task(deed);
            }
            Message::Dropped(Ok(done)) => {
                self.form = None;
                return Update::saved(&done, "已删除这条短语");
            }
            Message::Saved(Ok(done)) => {
                self.form = None;
                return Update::saved(&done, "已保存补正短语");
            }
            Message::Dropped(Err(problem)) => return problem.into(),
            other => return self.fill(other, ctx),
        }
        Update::none()
    }

    fn write(&mut self, program: String, id: Option<String>, about: About, text: String) -> Update<Message> {
        self.form = Some(Form { program, id, about, text, problem: None, busy: false });
        Update::task(iced::widget::operation::focus(TEXT))
    }

    fn fill(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        let Some(form) = &mut self.form else { return Update::none() };
        form.problem = None;
        match message {
            Message::About(about) => form.about = about,
            Message::Text(typed) => form.text = typed,
            Message::Saved(Err(problem)) => {
                form.busy = false;
                form.problem = Some(problem.to_string());
            }
            Message::Save if !form.busy => {
                form.busy = true;
                let Form { program, id, about, text, .. } = form.clone();
                let name = if id.is_some() { "修改补正短语" } else { "新增补正短语" };
                let deed =
                    move |act: &mut crate::store::Act<'_>| act.set_phrase(&program, id.as_deref(), &about, &text);
                return Update::task(ctx.act(name, deed, Message::Saved));
            }
            _ => {}
        }
        Update::none()
    }

    /// The lists of a version.
    pub fn view<'a>(&'a self, program: &'static Program, version: &'static Version, ctx: &Ctx) -> Element<'a, Message> {
        column![materials(version), self.phrases(program, version, ctx)].spacing(sp::S16).into()
    }

    fn phrases<'a>(&'a self, program: &'static Program, version: &'static Version, ctx: &Ctx) -> Element<'a, Message> {
        let new = button::normal("新增短语").icon(Icon::Plus).small().on_press(Message::New(program.id.clone()));
        let title = heading("补正短语", Some("退回修改时从这里选，选了还能改；书签是本单位自己的"), Some(new.into()));
        let mut all = column![title, rule::across(Weight::Heavy)];
        let form = self.form.as_ref().filter(|form| form.program == program.id);
        if let Some(form) = form.filter(|form| form.id.is_none()) {
            all = all.push(form.view(version)).push(rule::across(Weight::Hair));
        }
        for phrase in ctx.ledger.office.phrases(&program.id) {
            let line: Element<'a, Message> = match form.filter(|form| form.id.as_ref() == Some(&phrase.id)) {
                Some(form) => form.view(version),
                None => {
                    let edit = Message::Edit(program.id.clone(), phrase.clone());
                    let drop = Message::Drop(program.id.clone(), phrase.id.clone());
                    row![
                        said(version, &phrase),
                        space().width(Length::Fill),
                        button::icon_only(Icon::PencilLine).tip("修改").small().on_press(edit),
                        button::icon_only(Icon::X).tip("删除，可以撤销").small().on_press(drop),
                    ]
                    .spacing(sp::S4)
                    .align_y(Vertical::Center)
                    .into()
                }
            };
            all = all.push(container(line).padding([3, 0])).push(rule::across(Weight::Hair));
        }
        for phrase in &version.phrases {
            all = all.push(container(said(version, phrase)).padding([3, 0])).push(rule::across(Weight::Hair));
        }
        all.into()
    }
}

impl Form {
    fn view<'a>(&'a self, version: &'static Version) -> Element<'a, Message> {
        let short = |name: &str| measure::cut(name, text::SMALL.size, false, 300.0).into_owned();
        let items = std::iter::once(Item::new(About::Whole, "整件"))
            .chain([Item::heading("材料")])
            .chain(version.materials.iter().map(|m| Item::new(About::Material(m.id.clone()), short(&m.name))))
            .chain([Item::heading("申报表")])
            .chain(version.form.iter().map(|f| Item::new(About::Field(f.id.clone()), short(&f.label))));
        let about = select::select(items, Some(self.about.clone()))
            .on_choose(Message::About)
            .density(Density::Compact)
            .width(ABOUT);
        let words = input::input(&self.text)
            .placeholder("哪里不对、要怎么改")
            .on_input(Message::Text)
            .on_submit(Message::Save)
            .tone(self.problem.is_some().then_some(Tone::Danger))
            .density(Density::Compact)
            .id(TEXT);
        let line = row![
            about,
            words,
            button::normal("保存").key("Enter").small().on_press((!self.busy).then_some(Message::Save)),
            button::quiet("取消").small().on_press(Message::Close),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let problem = self.problem.as_deref().map(|words| text::toned(text::SMALL, Tone::Danger, words));
        container(column![line].push(problem).spacing(sp::S2)).padding([3, 0]).into()
    }
}

fn said<'a>(version: &'static Version, phrase: &Phrase) -> Element<'a, Message> {
    let about = match phrase.about.name(version) {
        "" => "整件",
        name => name,
    };
    let about = measure::cut(about, text::SMALL.size, false, ABOUT - 28.0).into_owned();
    let own = phrase.own.then(|| icon::toned(Icon::Bookmark, icon::size::INLINE, Tone::Accent));
    row![
        container(row![text::line(text::SMALL, Tone::Quiet, about)].push(own).spacing(sp::S6)).width(ABOUT),
        text::toned(text::SMALL, Tone::Plain, phrase.text.clone()),
    ]
    .spacing(sp::S8)
    .align_y(Vertical::Center)
    .into()
}

/// How well something is known.
pub(super) fn trust(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Source => "有据可查",
        Confidence::Report => "局报告",
        Confidence::General => "一般经验，按当年通知核对",
    }
}

fn materials<'a>(version: &'static Version) -> Element<'a, Message> {
    let title = heading("材料", Some(trust(version.materials_confidence)), None);
    let mut all = column![title, rule::across(Weight::Heavy)];
    for material in &version.materials {
        let about: Vec<&str> =
            [material.when.as_str(), &material.note].into_iter().filter(|words| !words.is_empty()).collect();
        let line = row![
            container(text::line(text::SMALL, Tone::Quiet, material.need.label())).width(44),
            text::toned(text::SMALL, Tone::Plain, material.name.as_str()),
            text::toned(text::SMALL, Tone::Quiet, about.join("；")),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        all = all.push(container(line).padding([3, 0])).push(rule::across(Weight::Hair));
    }
    all.into()
}
