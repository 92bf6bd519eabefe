//! Somebody else's judgement: an expert's sheet entered by name and employer, what ties them to the firm shown before it is
//! taken; and 回避, an expert's or one's own, with its reason.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::drafts::{Sheet, answers};
use super::sheet::{self, Edit, Look};
use super::{Dialog, Message as Outer, QUEUE, Review};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::app::words;
use crate::domain::event::Hash;
use crate::domain::id::RecordId;
use crate::domain::review::conflicts::Tie;
use crate::domain::review::{Given, ReviewForm, Reviewer};
use crate::domain::{Problem, Result};
use crate::store::Done;
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{button, dialog, input, scroll};
use crate::ui::{Element, space as sp, text};

const NAME: &str = "expert.name";
const REASON: &str = "expert.reason";

/// The dialog.
#[derive(Debug)]
pub struct Expert {
    filing: RecordId,
    round: u16,
    content: Hash,
    /// What is judged by. `None`: nothing is laid down, and all there is to say is 回避.
    form: Option<&'static ReviewForm>,
    /// It is about whoever sits here.
    own: bool,
    name: String,
    employer: String,
    phone: String,
    /// What ties them to the firm, for what is typed now. `None`: not known yet.
    ties: Option<Vec<Tie>>,
    asked: u64,
    recuses: bool,
    reason: String,
    sheet: Sheet,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Name(String),
    Employer(String),
    Phone(String),
    Ties(u64, Result<Vec<Tie>>),
    Recuses(bool),
    Reason(String),
    Sheet(Edit),
    Save,
    Saved(Result<Done<Hash>>),
}

/// Ties in words, for whoever may choose somebody all the same.
pub fn ties_view<'a, M: 'a>(ties: Option<&[Tie]>, known: bool) -> Element<'a, M> {
    match ties {
        _ if !known => text::small("写上姓名，就查他和申报企业有没有关联").into(),
        None => text::small("正在查和申报企业的关联……").into(),
        Some([]) => {
            let words = "没有查到和申报企业的关联（同单位、同名、同电话、近三年申报）";
            row![crate::ui::icon::toned(Icon::Check, 14.0, Tone::Success), text::small(words)]
                .spacing(sp::S6)
                .align_y(Vertical::Center)
                .into()
        }
        Some(ties) => {
            let head = row![
                crate::ui::icon::toned(Icon::TriangleAlert, 14.0, Tone::Warn),
                text::line(text::SMALL.bold(), Tone::Warn, "可能需要回避"),
            ]
            .spacing(sp::S6)
            .align_y(Vertical::Center);
            ties.iter()
                .take(4)
                .fold(column![head].spacing(sp::S2), |page, tie| {
                    page.push(text::toned(text::SMALL, Tone::Plain, format!("· {}", tie.says())))
                })
                .into()
        }
    }
}

impl Expert {
    fn given(&self) -> Result<Given> {
        let answers = match self.form.filter(|_| !self.recuses) {
            Some(form) => answers(&self.sheet, form)?,
            None => None,
        };
        Ok(Given {
            reviewer: Reviewer {
                user: None,
                name: self.name.trim().to_owned(),
                employer: self.employer.trim().to_owned(),
            },
            round: self.round,
            content: self.content,
            answers: answers.unwrap_or_default(),
            note: String::new(),
            recused: self.recuses.then(|| self.reason.trim().to_owned()),
            // Whoever does not judge, judges by no form.
            form: self.form.filter(|_| !self.recuses).and_then(|form| form.own),
        })
    }

    /// # Errors
    /// Refused where the sheet does not fit the form, or a 回避 has no reason.
    fn check(&self, given: &Given) -> Result<()> {
        match self.form {
            Some(form) => form.check(given),
            None => given.is_recusal().map(drop),
        }
    }

    /// The dialog drawn.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let wrap = Outer::Expert;
        let mut page = column![].spacing(sp::S8);
        if !self.own {
            let name = input::input(&self.name)
                .placeholder("专家姓名")
                .on_input(move |typed| wrap(Message::Name(typed)))
                .id(NAME);
            let employer = input::input(&self.employer)
                .placeholder("工作单位，同名的人靠它分清")
                .on_input(move |typed| wrap(Message::Employer(typed)));
            let phone = input::input(&self.phone)
                .placeholder("只用来查关联，不保存")
                .on_input(move |typed| wrap(Message::Phone(typed)));
            page =
                page.push(field("姓名", name).required()).push(field("工作单位", employer)).push(field("电话", phone));
            let known = !self.name.trim().is_empty();
            let judged = ties_view(self.ties.as_deref(), known);
            page = page.push(field("关联", judged));
            let both = [Segment::new(false, "评审"), Segment::new(true, "回避")];
            page = page.push(field("结果", segmented(both, &self.recuses, move |on| wrap(Message::Recuses(on)))));
        }
        if let Some(form) = self.form.filter(|_| !self.recuses) {
            let look = Look { form, sheet: &self.sheet, others: &[], can: true, width: 580.0, prefix: "expert" };
            let height = (ctx.size.height - 420.0).clamp(140.0, 380.0);
            let form = sheet::view(&look, move |edit| wrap(Message::Sheet(edit)));
            page = page
                .push(container(scroll::scroll(container(form).padding(iced::padding::right(sp::S12)))).height(height));
        } else {
            let reason = input::input(&self.reason)
                .placeholder("例如：与申报企业有合作关系")
                .on_input(move |typed| wrap(Message::Reason(typed)))
                .id(REASON);
            page = page.push(field("回避原因", reason).required());
            if self.own {
                page = page.push(text::small("回避以后，这一轮您不能再作决定，可以转交给别人。"));
            }
        }
        if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        }
        let (title, word) = match (self.own, self.recuses) {
            (true, _) => ("我要回避", "回避"),
            (false, true) => ("专家评审表", "记下回避"),
            (false, false) => ("专家评审表", "记入评审"),
        };
        let save = button::primary(word).key("Enter").on_press((!self.busy).then_some(wrap(Message::Save)));
        dialog::dialog(
            title,
            container(page).width(Length::Fill),
            [button::normal("取消").key("Esc").on_press(Outer::CloseDialog).into(), save.into()],
            dialog::Width::Wide,
        )
    }
}

impl Review {
    /// Opens the sheet of an expert, or one's own 回避.
    pub(super) fn open_expert(&mut self, own: bool, ctx: &Ctx) -> Update<Outer> {
        let Some(content) = self.content.as_ref().filter(|content| self.is_open(content)) else {
            return Update::none();
        };
        let filing = &content.read.file.filing;
        let form = content.read.file.form;
        if form.is_none() && !own {
            return Update::told(Tone::Info, "这个事项没有定评审表，请直接写意见、作决定");
        }
        let name = if own { ctx.person().map(|person| person.name.clone()).unwrap_or_default() } else { String::new() };
        self.dialog = Some(Dialog::Expert(Box::new(Expert {
            filing: filing.id,
            round: filing.track.round,
            content: filing.whole(),
            form,
            own,
            name,
            employer: String::new(),
            phone: String::new(),
            ties: None,
            asked: 0,
            recuses: own,
            reason: String::new(),
            sheet: Sheet::new(),
            problem: None,
            busy: false,
        })));
        Update::task(iced::widget::operation::focus(if own { REASON } else { NAME }))
    }

    pub(super) fn on_expert(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let asked = self.ask_number();
        let Some(Dialog::Expert(expert)) = &mut self.dialog else { return Update::none() };
        if !matches!(message, Message::Save | Message::Saved(_) | Message::Ties(..)) {
            expert.problem = None;
        }
        match message {
            Message::Name(typed) => expert.name = typed,
            Message::Employer(typed) => expert.employer = typed,
            Message::Phone(typed) => expert.phone = typed,
            Message::Ties(asked, _) if asked != expert.asked => return Update::none(),
            Message::Ties(_, Ok(ties)) => {
                expert.ties = Some(ties);
                return Update::none();
            }
            Message::Ties(_, Err(problem)) => return problem.into(),
            Message::Recuses(recuses) => {
                expert.recuses = recuses;
                return if recuses { Update::task(iced::widget::operation::focus(REASON)) } else { Update::none() };
            }
            Message::Reason(typed) => {
                expert.reason = typed;
                return Update::none();
            }
            Message::Sheet(edit) => {
                if let Some(form) = expert.form {
                    sheet::edit(&mut expert.sheet, form, edit);
                }
                return Update::none();
            }
            Message::Save => return self.save_expert(ctx),
            Message::Saved(Err(problem)) => {
                expert.busy = false;
                expert.problem = Some(problem);
                return Update::none();
            }
            Message::Saved(Ok(done)) => {
                self.dialog = None;
                return Update::saved(&done, done.name.clone())
                    .and(Update::task(iced::widget::operation::focus(QUEUE)));
            }
        }
        // Somebody else is meant now: what ties them is asked anew.
        expert.ties = None;
        expert.asked = asked;
        if expert.name.trim().is_empty() {
            return Update::none();
        }
        let (name, employer, phone) = (expert.name.clone(), expert.employer.clone(), expert.phone.clone());
        let ties = ctx.db.ties(expert.filing, name, employer, phone);
        ctx.ask(ties, move |ties| Outer::Expert(Message::Ties(asked, ties))).into()
    }

    fn save_expert(&mut self, ctx: &Ctx) -> Update<Outer> {
        let user = ctx.user;
        let Some(Dialog::Expert(expert)) = &mut self.dialog else { return Update::none() };
        if expert.busy {
            return Update::none();
        }
        let given = expert.given().and_then(|mut given| {
            if expert.own {
                given.reviewer.user = Some(user);
            }
            if given.reviewer.name.is_empty() {
                return Err(Problem::bad_input("评审人的姓名没有填。").next("请写上姓名。"));
            }
            expert.check(&given).map(|()| given)
        });
        let given = match given {
            Ok(given) => given,
            Err(problem) => {
                expert.problem = Some(problem);
                return Update::none();
            }
        };
        if !expert.own && expert.ties.is_none() {
            expert.problem = Some(Problem::refused("还在查他和申报企业的关联。").next("请看过结果再记。"));
            return Update::none();
        }
        expert.busy = true;
        let id = expert.filing;
        let word = if given.recused.is_some() { "回避" } else { "评审" };
        let firm = ctx.ledger.filing(id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        let name = format!("{}{word}“{}”", given.reviewer.name, words::in_short(&firm));
        ctx.act(name, move |act| act.give_review(id, given), |done| Outer::Expert(Message::Saved(done))).into()
    }
}
