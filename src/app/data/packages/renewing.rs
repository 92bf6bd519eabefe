//! 更换本机密钥: the old keys are lost or somebody else may have them. Every other machine meets this one anew, so it is said first
//! what that means.

use iced::Task;
use iced::widget::column;

use super::{Dialog, Message as TabMessage, Out, Packages, out, saved};
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::event::{DeedKind, Logged};
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::package::Keys;
use crate::ui::widget::field::Says;
use crate::ui::widget::{button, checkbox, dialog};
use crate::ui::{Element, space as sp, text};

/// The dialog.
#[derive(Default)]
pub struct Form {
    understood: bool,
    problem: Option<Problem>,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Understood(bool),
    Renew,
    Renewed(Result<String>),
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Renewing(message))
}

impl Form {
    /// The dialog.
    pub fn view(&self, busy: bool) -> Element<'_, Out> {
        let mut page = column![
            text::body("密钥文件丢了、坏了，或者可能被别人拿到了，才用更换。换了以后："),
            text::body("· 做给旧密钥、还没有取入的包打不开，请对方另做；"),
            text::body("· 其他电脑要重新认识本机：存一张新名片拷过去，电话里核对新的指纹；"),
            text::body("· 旧密钥在本单位停用；可能被别人拿到的，请打电话让其他电脑现在就停用旧的那台。"),
            checkbox::checkbox(
                "我明白，其他电脑要重新认识本机",
                self.understood,
                Some(|on| wrap(Message::Understood(on)))
            ),
        ]
        .spacing(sp::S8);
        if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        }
        let close = button::normal("取消").key("Esc").on_press(out(TabMessage::Close));
        let may = self.understood && !busy;
        let renew = button::danger("更换密钥").on_press(may.then_some(wrap(Message::Renew)));
        dialog::dialog("更换本机密钥", page, [close.into(), renew.into()], dialog::Width::Wide)
    }
}

impl Packages {
    /// Takes in what happened in the dialog.
    pub(super) fn renewing(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let old = self.own_record().filter(|machine| !machine.retired).map(|machine| machine.id);
        if let Message::Renewed(_) = message {
            self.busy = None;
        }
        let form = match &mut self.dialog {
            Some(Dialog::Renew(form)) => Some(form),
            _ => None,
        };
        match (message, form) {
            (Message::Understood(on), Some(form)) => form.understood = on,
            (Message::Renew, Some(form)) if form.understood && self.busy.is_none() => {
                if let Err(problem) = ctx.permit(Permission::Exchange) {
                    form.problem = Some(problem);
                    return Update::none();
                }
                self.busy = Some("正在更换密钥");
                let (db, user) = (ctx.db.clone(), ctx.user);
                let renew = away(move || {
                    db.permit(user, Permission::Exchange).wait()?;
                    let card = Keys::renew(&db)?.card(&db);
                    if let Some(old) = old {
                        let name = format!("停用“{}”的旧密钥", card.name);
                        db.act(user, name, move |act| act.retire_machine(old)).wait()?;
                    }
                    db.note(user, Logged::new(DeedKind::Recovery, format!("更换本机密钥，“{}”", card.name))).wait()?;
                    Ok(format!("已更换密钥，新的指纹 {}；请存名片，让其他电脑重新认识", card.fingerprint()))
                });
                return Task::perform(renew, |done| wrap(Message::Renewed(done))).into();
            }
            (Message::Renewed(Ok(words)), _) => {
                self.dialog = None;
                return saved(words);
            }
            (Message::Renewed(Err(problem)), Some(form)) => form.problem = Some(problem),
            (Message::Renewed(Err(problem)), None) => return problem.into(),
            _ => {}
        }
        Update::none()
    }
}
