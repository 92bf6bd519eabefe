//! 交换包恢复密钥: the office's key every package is sealed for besides its recipient. Its secret is written once, printed and put
//! into the safe; its public half may be seen by everybody.

use std::path::PathBuf;

use iced::Task;
use iced::widget::{column, row};

use super::{Dialog, Message as TabMessage, Out, Packages, out, saved};
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::package::Recovery;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, space as sp, text};

const PATH: &str = "recovery-path";

/// The dialog.
pub struct Form {
    path: String,
    /// A new one is to take the place of the one there is.
    anew: bool,
    /// Where the secret was just written.
    written: Option<PathBuf>,
    problem: Option<Problem>,
    busy: bool,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Path(String),
    Anew(bool),
    Make,
    Made(Result<PathBuf>),
    /// Opens the page with the secret, or with the public half, to be printed.
    Print,
    PrintPublic,
    Written(Result<PathBuf>),
    Copy,
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Recovery(message))
}

impl Form {
    /// What its main button does now; `known`: the office has a key.
    pub fn main(&self, known: bool) -> Option<Message> {
        match self.written {
            Some(_) => Some(Message::Print),
            None => (!known || self.anew).then_some(Message::Make),
        }
    }

    /// The dialog.
    pub fn view<'a>(&'a self, known: Option<&'a str>, ctx: &'a Ctx) -> Element<'a, Out> {
        let close = |word| button::normal(word).key("Esc").on_press(out(TabMessage::Close));
        let mut page = column![].spacing(sp::S12);
        if let Some(public) = known {
            let copy = button::normal("复制公钥").icon(Icon::Copy).on_press(wrap(Message::Copy));
            let print = button::normal("打印公钥").icon(Icon::Printer).on_press(wrap(Message::PrintPublic));
            page = page
                .push(field("公钥", text::body(public)))
                .push(row![copy, print].spacing(sp::S8))
                .push(text::small("公钥可以给人看，用来和保险柜里那张纸上的核对。密钥本身不在电脑上。"));
        }
        if let Some(path) = &self.written {
            let words = format!("密钥已写到 {}：打印两份放进保险柜，然后删掉这个文件。", path.display());
            let print = button::primary("打开去打印").icon(Icon::Printer).on_press(wrap(Message::Print));
            page = page.push(text::body(words)).push(self.problem.as_ref().and_then(|p| says(p).view()));
            return dialog::dialog("交换包恢复密钥", page, [close("已收好").into(), print.into()], dialog::Width::Wide);
        }
        let manages = ctx.may(Permission::ChangeOffice);
        if known.is_some() && manages {
            page = page.push(checkbox::checkbox(
                "换一个新的：以后的包用新的，以前的包仍要用旧的那张纸打开",
                self.anew,
                Some(|on| wrap(Message::Anew(on))),
            ));
        }
        let makes = manages && (known.is_none() || self.anew);
        let mut buttons: Vec<Element<'a, Out>> = vec![close(if makes { "取消" } else { "关闭" }).into()];
        if makes {
            let hint = "凭它能打开本单位今后发出的每一个包。写成文件，打印封存后删掉文件。";
            let says = self.problem.as_ref().map_or_else(|| Says::Hint(hint.into()), says);
            let path = input::input(&self.path)
                .on_input(|text| wrap(Message::Path(text)))
                .on_submit(wrap(Message::Make))
                .tone(says.tone())
                .id(PATH);
            page = page.push(field("写到", path).says(says).below());
            let make = button::primary("生成").key("Ctrl Enter").on_press((!self.busy).then_some(wrap(Message::Make)));
            buttons.push(make.into());
        }
        dialog::dialog("交换包恢复密钥", page, buttons, dialog::Width::Wide)
    }
}

fn says(problem: &Problem) -> Says {
    Says::Error(problem.to_string())
}

/// That the secret was written to a file, not what it is.
fn written(path: &std::path::Path) -> Event {
    Event::Note(Logged::export("交换包恢复密钥", path, 1))
}

/// Makes a key, writes it, and has the office seal for it; what nobody seals for does not lie about.
fn make(db: &crate::store::Db, user: crate::domain::id::RecordId, office: &str, path: PathBuf) -> Result<PathBuf> {
    db.permit(user, Permission::ChangeOffice).wait()?;
    let recovery = Recovery::make()?;
    recovery.write(&path, office)?;
    let recipient = recovery.recipient();
    db.act(user, "启用交换包恢复密钥", move |act| act.set_recovery(&recipient)).wait().inspect_err(|_| {
        let _ = std::fs::remove_file(&path);
    })?;
    Ok(path)
}

impl Packages {
    /// Opens the dialog.
    pub(super) fn open_recovery(&mut self, ctx: &Ctx) -> Update<Out> {
        let path = files::papers().join(format!("科报交换包恢复密钥{}.txt", ctx.today));
        let path = files::free(path).display().to_string();
        self.dialog = Some(Dialog::Recovery(Form { path, anew: false, written: None, problem: None, busy: false }));
        if self.recovery.is_none() { iced::widget::operation::focus(PATH).into() } else { Update::none() }
    }

    /// Takes in what happened in the dialog.
    pub(super) fn recovering(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let public = self.recovery.clone();
        let Some(Dialog::Recovery(form)) = &mut self.dialog else {
            return match message {
                Message::Made(Ok(path)) => {
                    saved(format!("交换包恢复密钥已写到 {}", path.display())).and_event(written(&path))
                }
                Message::Made(Err(problem)) => problem.into(),
                _ => Update::none(),
            };
        };
        match message {
            Message::Path(path) => {
                form.path = path;
                form.problem = None;
            }
            Message::Anew(on) => form.anew = on,
            Message::Make if form.busy => {}
            Message::Make => {
                let Some(path) = files::typed_paper(&form.path) else { return Update::none() };
                form.busy = true;
                form.problem = None;
                let (db, user, office) = (ctx.db.clone(), ctx.user, ctx.ledger.office.name.clone());
                let made = away(move || make(&db, user, &office, path));
                return Task::perform(made, |made| wrap(Message::Made(made))).into();
            }
            Message::Made(Ok(path)) => {
                form.busy = false;
                let logged = written(&path);
                form.written = Some(path);
                return saved("交换包恢复密钥已启用，请打印封存").and_event(logged);
            }
            Message::Made(Err(problem)) | Message::Written(Err(problem)) => {
                form.busy = false;
                form.problem = Some(problem);
            }
            Message::Print => {
                if let Some(Err(problem)) = form.written.as_deref().map(files::show) {
                    form.problem = Some(problem);
                }
            }
            Message::PrintPublic => {
                let Some(public) = public else { return Update::none() };
                let office = ctx.ledger.office.name.clone();
                let path = files::free(files::papers().join("科报交换包恢复密钥-公钥.txt"));
                let write = away(move || {
                    // Notepad of old systems guesses the encoding without the mark.
                    let text = format!("\u{feff}{office} 交换包恢复密钥的公钥\r\n{public}\r\n");
                    std::fs::write(&path, text).map_err(|error| {
                        Problem::io("公钥没有写成文件。")
                            .next("请换一个能写入的文件夹，或用“复制公钥”。")
                            .detail(format!("{}: {error}", path.display()))
                    })?;
                    Ok(path)
                });
                return Task::perform(write, |written| wrap(Message::Written(written))).into();
            }
            Message::Written(Ok(path)) => {
                let logged = Logged::export("交换包恢复密钥的公钥", &path, 1);
                let told = Update::told(crate::ui::Tone::Success, format!("公钥已写到 {}", path.display()))
                    .and_event(Event::Note(logged));
                return match files::show(&path) {
                    Ok(()) => told,
                    Err(problem) => told.and(problem.into()),
                };
            }
            Message::Copy => {
                let Some(text) = public else { return Update::none() };
                let logged = Some(Logged::copied("交换包恢复密钥的公钥", 1));
                return Update::event(Event::Copy { text, words: "已复制公钥".to_owned(), logged });
            }
        }
        Update::none()
    }
}
