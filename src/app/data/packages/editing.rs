//! What a machine is called and who sits at it: this one, or one that is known.

use iced::Task;
use iced::widget::column;

use super::{Dialog, Message as TabMessage, Out, Packages, out, saved};
use crate::app::away::away;
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::exchange::package::Keys;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, dialog, input, select};
use crate::ui::{Element, space as sp};

const NAME: &str = "machine-name";

/// The dialog.
pub struct Form {
    /// It is this machine: its own card says the name, too.
    own: bool,
    /// Its record, where it has one.
    record: Option<RecordId>,
    name: String,
    user: Option<RecordId>,
    problem: Option<Problem>,
    busy: bool,
}

/// What happens in it.
#[derive(Debug, Clone)]
pub enum Message {
    Name(String),
    User(Option<RecordId>),
    Save,
    Saved(Result<String>),
}

fn wrap(message: Message) -> Out {
    out(TabMessage::Editing(message))
}

/// Who can sit at a machine: whoever works here, or nobody in particular.
pub fn users(ctx: &Ctx) -> impl Iterator<Item = Item<Option<RecordId>>> {
    let people = ctx.ledger.users.iter().filter(|user| user.active);
    [Item::new(None, "没有固定的人")].into_iter().chain(people.map(|user| Item::new(Some(user.id), user.name.clone())))
}

impl Form {
    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let says = match (&self.problem, self.own) {
            (Some(problem), _) => Says::Error(problem.to_string()),
            (None, true) => Says::Hint("别的电脑上显示的名称，以后存的名片和做的包都用它。".into()),
            (None, false) => Says::Hint("只改这里怎么叫它，密钥和指纹不变。".into()),
        };
        let name = input::input(&self.name)
            .on_input(|text| wrap(Message::Name(text)))
            .on_submit(wrap(Message::Save))
            .tone(says.tone())
            .id(NAME);
        let mut page = column![field("名称", name).says(says).below()].spacing(sp::S12);
        if self.record.is_some() {
            let user =
                select::select(users(ctx), Some(self.user)).on_choose(|user| wrap(Message::User(user))).width(240);
            let hint = Says::Hint("做包给这个人审核时，自动选好这台电脑。".into());
            page = page.push(field("使用人", user).says(hint).below());
        }
        let save = button::primary("保存").key("Ctrl Enter").on_press((!self.busy).then_some(wrap(Message::Save)));
        let close = button::normal("取消").key("Esc").on_press(out(TabMessage::Close));
        dialog::dialog(
            if self.own { "本机名称" } else { "修改电脑" },
            page,
            [close.into(), save.into()],
            dialog::Width::Usual,
        )
    }
}

impl Packages {
    /// Opens the dialog, for this machine or one of the list.
    pub(super) fn open_edit(&mut self, which: Option<usize>, ctx: &Ctx) -> Update<Out> {
        if let Err(problem) = ctx.permit(Permission::Exchange) {
            return problem.into();
        }
        let own = self.card.as_ref().map(|card| card.sign);
        let machine = match which {
            Some(n) => self.machines.get(n),
            None => self.own_record(),
        };
        let (name, record, user) = match (machine, which, &self.card) {
            (Some(machine), Some(_), _) => (machine.name.clone(), Some(machine.id), machine.user),
            (record, None, Some(card)) => {
                (card.name.clone(), record.map(|own| own.id), record.and_then(|own| own.user))
            }
            _ => return Update::none(),
        };
        let own = which.is_none() || machine.is_some_and(|machine| Some(machine.sign) == own);
        self.dialog = Some(Dialog::Edit(Form { own, record, name, user, problem: None, busy: false }));
        iced::widget::operation::focus(NAME).into()
    }

    /// Takes in what happened in the dialog.
    pub(super) fn editing(&mut self, message: Message, ctx: &Ctx) -> Update<Out> {
        let Some(Dialog::Edit(form)) = &mut self.dialog else {
            return match message {
                Message::Saved(Ok(words)) => saved(words),
                Message::Saved(Err(problem)) => problem.into(),
                _ => Update::none(),
            };
        };
        match message {
            Message::Name(name) => {
                form.name = name;
                form.problem = None;
            }
            Message::User(user) => form.user = user,
            Message::Save if form.busy => {}
            Message::Save => {
                form.busy = true;
                let (db, actor) = (ctx.db.clone(), ctx.user);
                let (own, record, name, user) = (form.own, form.record, form.name.clone(), form.user);
                let save = away(move || {
                    let told = name.trim().to_owned();
                    if own {
                        Keys::of(&db)?.rename(&db, &name)?;
                    }
                    if let Some(id) = record {
                        let called = format!("修改电脑“{told}”");
                        db.act(actor, called, move |act| act.change_machine(id, &name, user)).wait()?;
                    }
                    Ok(format!("已保存，叫“{told}”"))
                });
                return Task::perform(save, |done| wrap(Message::Saved(done))).into();
            }
            Message::Saved(Ok(words)) => {
                self.dialog = None;
                return saved(words);
            }
            Message::Saved(Err(problem)) => {
                form.busy = false;
                form.problem = Some(problem);
            }
        }
        Update::none()
    }
}
