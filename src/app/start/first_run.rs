//! First run: the office's name, one's own, a password; or 示例数据 to look around first.

use chrono::NaiveDate;
use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Size, Task};

use super::frame;
use crate::domain::Problem;
use crate::domain::date::document;
use crate::domain::people::Signing;

use crate::ui::icon::Icon;
use crate::ui::root::Pressed;
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::{button, input};
use crate::ui::{Element, space as sp, text};

/// Before there is an office, its rules are the usual ones.
const RULES: Signing = Signing::USUAL;

const OFFICE: &str = "first-office";
const NAME: &str = "first-name";
const PASSWORD: &str = "first-password";

/// What was filled in so far.
#[derive(Debug, Clone)]
pub struct FirstRun {
    today: NaiveDate,
    office: String,
    name: String,
    password: String,
    again: String,
    shown: bool,
    /// 启用 was pressed: what is missing is said.
    tried: bool,
    busy: Option<&'static str>,
    problem: Option<Problem>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Office(String),
    Name(String),
    Password(String),
    Again(String),
    Show,
    Found,
    Example,
    /// The office is there already, on other machines.
    Join,
    To(&'static str),
}

/// What the window has to do.
pub enum Outcome {
    Task(Task<Message>),
    Found { office: String, name: String, password: String },
    Example,
    Join,
}

impl FirstRun {
    /// Nothing filled in yet.
    pub fn new(today: NaiveDate) -> Self {
        Self {
            today,
            office: String::new(),
            name: String::new(),
            password: String::new(),
            again: String::new(),
            shown: false,
            tried: false,
            busy: None,
            problem: None,
        }
    }

    /// Puts the caret into the first field.
    pub fn focus() -> Task<Message> {
        iced::widget::operation::focus(OFFICE)
    }

    /// It could not be done; what was typed stays.
    pub fn failed(&mut self, problem: Problem) {
        self.busy = None;
        self.problem = Some(problem);
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message) -> Outcome {
        if self.busy.is_some() {
            return Outcome::Task(Task::none());
        }
        match message {
            Message::Office(text) => self.office = text,
            Message::Name(text) => self.name = text,
            Message::Password(text) => self.password = text,
            Message::Again(text) => self.again = text,
            Message::Show => self.shown = !self.shown,
            Message::To(id) => return Outcome::Task(iced::widget::operation::focus(id)),
            Message::Join => return Outcome::Join,
            Message::Example => {
                self.problem = None;
                self.busy = Some("正在建示例单位……");
                return Outcome::Example;
            }
            Message::Found => {
                self.tried = true;
                self.problem = None;
                if self.wrong_office().is_some() {
                    return Outcome::Task(iced::widget::operation::focus(OFFICE));
                }
                if self.wrong_name().is_some() {
                    return Outcome::Task(iced::widget::operation::focus(NAME));
                }
                if self.wrong_password().is_some() {
                    return Outcome::Task(iced::widget::operation::focus(PASSWORD));
                }
                self.busy = Some("正在启用……");
                return Outcome::Found {
                    office: self.office.trim().to_owned(),
                    name: self.name.trim().to_owned(),
                    password: self.password.clone(),
                };
            }
        }
        Outcome::Task(Task::none())
    }

    /// Enter anywhere begins.
    pub fn key(&self, pressed: &Pressed) -> Option<Message> {
        (pressed.key == Key::Named(Named::Enter)).then_some(Message::Found)
    }

    fn wrong_office(&self) -> Option<&'static str> {
        self.office.trim().is_empty().then_some("请填写单位名称。")
    }

    fn wrong_name(&self) -> Option<&'static str> {
        self.name.trim().is_empty().then_some("请填写您的姓名。")
    }

    fn wrong_password(&self) -> Option<String> {
        if let Some(lacks) = RULES.lacks(&self.password) {
            return Some(lacks);
        }
        (!self.shown && self.password != self.again).then(|| "两遍密码不一样，请再输一遍。".to_owned())
    }

    fn says(&self, wrong: Option<String>, hint: &str) -> Says {
        match wrong {
            Some(wrong) if self.tried => Says::Error(wrong),
            _ => Says::Hint(hint.to_owned()),
        }
    }

    /// The page.
    pub fn view(&self, _window: Size) -> Element<'_, Message> {
        let large = text::Style { line: 24.0, ..text::SECTION.regular() };
        let office = self.says(self.wrong_office().map(str::to_owned), "印在推荐汇总表和报告的抬头上，以后可以改。");
        let name = self.says(self.wrong_name().map(str::to_owned), "每一次录入和决定都会记上姓名。");
        let password = self.says(self.wrong_password(), &format!("{}。密码只在这台电脑上。", RULES.asks()));
        let again = (!self.shown).then(|| {
            input::input(&self.again)
                .placeholder("再输一遍")
                .on_input(Message::Again)
                .on_submit(Message::Found)
                .style(large)
                .secure(false, Message::Show)
                .width(Length::FillPortion(1))
        });
        let lines = frame::lines([
            frame::line(
                "单位名称",
                input::input(&self.office)
                    .placeholder("如：某某区科学技术局")
                    .on_input(Message::Office)
                    .on_submit(Message::To(NAME))
                    .style(large)
                    .tone(office.tone())
                    .id(OFFICE),
                office.view(),
            ),
            frame::line(
                "您的姓名",
                input::input(&self.name)
                    .on_input(Message::Name)
                    .on_submit(Message::To(PASSWORD))
                    .style(large)
                    .tone(name.tone())
                    .width(240)
                    .id(NAME),
                name.view(),
            ),
            frame::line(
                "登录密码",
                row![
                    input::input(&self.password)
                        .on_input(Message::Password)
                        .on_submit(Message::Found)
                        .style(large)
                        .secure(self.shown, Message::Show)
                        .tone(password.tone())
                        .width(Length::FillPortion(1))
                        .id(PASSWORD)
                ]
                .push(again)
                .spacing(sp::S12),
                password.view(),
            ),
        ]);
        let ready = self.busy.is_none();
        let example = row![
            button::quiet("先用示例数据看一看").icon(Icon::BookOpen).on_press(ready.then_some(Message::Example)),
            button::quiet("加入已有单位…").icon(Icon::Monitor).on_press(ready.then_some(Message::Join)),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let begin = button::primary("启用").key("Enter").decision().on_press(ready.then_some(Message::Found));
        let busy = self.busy.map(|words| text::toned(text::BODY, Tone::Accent, words));
        let problem = self.problem.as_ref().map(|problem| Says::Error(problem.to_string()).view());
        let content = column![
            frame::title("启用科报", "三项填好就能用。数据只在这台电脑上，不需要联网。"),
            lines,
            row![].push(problem.flatten()),
            row![example, space().width(Length::Fill)]
                .push(busy)
                .push(begin)
                .spacing(sp::S12)
                .align_y(Vertical::Center),
        ]
        .spacing(sp::S20);
        let foot = row![
            text::small(format!("{}启用", document(self.today))),
            space().width(Length::Fill),
            text::small("请勿录入涉密内容"),
        ];
        frame::page(content, container(foot))
    }
}
