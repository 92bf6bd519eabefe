//! Meeting a machine: its card is read, its fingerprint compared aloud, then it is known to the whole office.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::editing;
use super::{Dialog, Message as TabMessage, Out, Packages, out};
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::domain::id::RecordId;
use crate::domain::machine::Card;
use crate::domain::{Problem, Result};
use crate::exchange::package;
use crate::store::Done;
use crate::store::packages::NewMachine;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input, select};
use crate::ui::{Element, space as sp, text};

const PATH: &str = "card-path";

/// The dialog.
#[derive(Default)]
pub struct Form {
    path: String,
    card: Option<Card>,
    name: String,
    /// Who sits at it.
    user: Option<RecordId>,
    compared: bool,
    problem: Option<Problem>,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Path(String),
    Browse,
    Chosen(Option<PathBuf>),
    Read,
    Card(Result<Card>),
    Name(String),
    User(Option<RecordId>),
    Compared(bool),
    Meet,
    Met(Result<Done<RecordId>>),
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Meeting(message))
}

impl Form {
    /// Puts the caret into the path.
    pub fn focus() -> Update<Out> {
        iced::widget::operation::focus(PATH).into()
    }

    /// What its main button does now.
    pub fn main(&self) -> Message {
        if self.card.is_some() { Message::Meet } else { Message::Read }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, busy: bool, ctx: &'a Ctx) -> Element<'a, Out> {
        let close = button::normal("取消").key("Esc").on_press(out(TabMessage::Close));
        let says = match &self.problem {
            Some(problem) => Says::Error(problem.to_string()),
            None => Says::Hint("对方在它的电脑上按“存名片”，把文件拷过来；名片里没有秘密。".into()),
        };
        let path = input::input(&self.path)
            .placeholder("对方电脑的名片（.kbc）")
            .on_input(|text| wrap(Message::Path(text)))
            .on_submit(wrap(Message::Read))
            .tone(says.tone())
            .id(PATH);
        let browse = button::normal("浏览…").icon(Icon::FolderOpen).on_press(wrap(Message::Browse));
        let mut page = column![field("名片", row![path, browse].spacing(sp::S8)).says(says).below()].spacing(sp::S12);
        let mut buttons: Vec<Element<'a, Out>> = vec![close.into()];
        match &self.card {
            None => buttons.push(button::primary("读入").key("Enter").on_press(wrap(Message::Read)).into()),
            Some(card) => {
                let name = input::input(&self.name).placeholder(&card.name).on_input(|text| wrap(Message::Name(text)));
                let user = select::select(editing::users(ctx), Some(self.user))
                    .on_choose(|user| wrap(Message::User(user)))
                    .width(240);
                page = page
                    .push(field("它的指纹", text::styled(text::BODY, card.fingerprint())))
                    .push(field("叫它什么", name))
                    .push(field("使用人", user))
                    .push(checkbox::checkbox(
                        "给对方打过电话，念的指纹和这里一样",
                        self.compared,
                        Some(|compared| wrap(Message::Compared(compared))),
                    ));
                let may = self.compared && !busy;
                buttons.push(
                    button::primary("认识这台电脑")
                        .key("Ctrl Enter")
                        .on_press(may.then_some(wrap(Message::Meet)))
                        .into(),
                );
            }
        }
        dialog::dialog("认识电脑", page, buttons, dialog::Width::Wide)
    }
}

impl Packages {
    /// Takes in what happened in the dialog.
    pub(super) fn meeting(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let own = self.card.as_ref().map(|card| card.sign);
        let Some(Dialog::Meet(form)) = &mut self.dialog else {
            return match message {
                Message::Met(Ok(done)) => Update::saved(&done, done.name.clone()),
                Message::Met(Err(problem)) => problem.into(),
                _ => Update::none(),
            };
        };
        match message {
            Message::Path(path) => {
                form.path = path;
                form.card = None;
                form.compared = false;
                form.problem = None;
            }
            Message::Browse => {
                return Task::perform(files::choose_card(), |path| wrap(Message::Chosen(path))).into();
            }
            Message::Chosen(None) => {}
            Message::Chosen(Some(path)) => {
                form.path = path.to_string_lossy().into_owned();
                return self.meeting(Message::Read, ctx);
            }
            Message::Read => {
                let Some(path) = files::typed(&form.path) else { return Update::none() };
                let read = away(move || package::read_card(&path));
                return Task::perform(read, |card| wrap(Message::Card(card))).into();
            }
            Message::Card(Ok(card)) if Some(card.sign) == own => {
                form.problem = Some(Problem::refused("这是本机自己的名片。").next("请读入对方电脑的名片。"));
            }
            Message::Card(Ok(card)) => {
                form.problem = None;
                form.card = Some(card);
            }
            Message::Card(Err(problem)) | Message::Met(Err(problem)) => form.problem = Some(problem),
            Message::Name(name) => form.name = name,
            Message::User(user) => form.user = user,
            Message::Compared(compared) => form.compared = compared,
            Message::Meet => {
                let Some(card) = form.card.clone().filter(|_| form.compared) else { return Update::none() };
                let name = if form.name.trim().is_empty() { card.name.clone() } else { form.name.trim().to_owned() };
                let new = NewMachine { card, name: name.clone(), user: form.user };
                let met = |done| wrap(Message::Met(done));
                return ctx.act(format!("认识电脑“{name}”"), move |act| act.meet_machine(&new), met).into();
            }
            Message::Met(Ok(done)) => {
                self.dialog = None;
                return Update::saved(&done, done.name.clone());
            }
        }
        Update::none()
    }
}
