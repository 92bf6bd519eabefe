//! 依法清除: personal fields of a firm are taken out of every event that ever held them. It cannot be undone, so it is asked
//! for field by field, with the reason, and says what stays behind.

use std::collections::BTreeSet;

use iced::Length;
use iced::widget::column;

use super::{File, Message as FileMessage};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::update::Update;
use crate::domain::changes::Change;
use crate::domain::firm::{FIELDS, Group, fields};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, Icon, space as sp, text};

const REASON: &str = "erase-reason";
const LABEL: f32 = 44.0;

/// What is chosen to go.
#[derive(Debug)]
pub struct EraseForm {
    /// Personal fields the firm's history holds, in the order of the form.
    held: Vec<&'static str>,
    chosen: BTreeSet<&'static str>,
    reason: String,
    tried: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Choose(&'static str),
    Reason(String),
    Erase,
    Close,
}

fn send(message: Message) -> FirmsMessage {
    FirmsMessage::File(FileMessage::Erase(message))
}

impl EraseForm {
    /// Offers every field about people that any change speaks of.
    fn new(changes: &[Change]) -> Self {
        let told = |key: &str| changes.iter().flat_map(|change| &change.fields).any(|field| field.key == key);
        let held: Vec<&'static str> = FIELDS
            .iter()
            .filter(|field| field.group == Group::People && told(field.key))
            .map(|field| field.key)
            .collect();
        Self { chosen: BTreeSet::new(), held, reason: String::new(), tried: false }
    }

    /// The dialog.
    pub fn view(&self) -> Element<'_, FirmsMessage> {
        let cancel = button::normal("取消").key("Esc").on_press(send(Message::Close));
        if self.held.is_empty() {
            let words = text::body("这家企业的流水里没有个人信息，不需要清除。");
            return dialog::dialog("依法清除个人信息", words, [cancel.into()], dialog::Width::Usual);
        }
        let mut content = column![text::body(
            "勾选的内容会从这家企业的全部流水里抹去，连同它的旧值，谁也找不回来，也不能撤销。流水的指纹不变，核验照样通过。以前的备份和导出的文件里还有，请一并处理。"
        )]
        .spacing(sp::S12);
        for key in self.held.iter().copied() {
            let on = self.chosen.contains(key);
            let choose = Some(move |_| send(Message::Choose(key)));
            content = content.push(checkbox::checkbox(fields::label(key), on, choose));
        }
        let says = match (self.tried, self.chosen.is_empty(), self.reason.trim().is_empty()) {
            (true, true, _) => Says::Error("请先勾选要清除的内容".into()),
            (true, false, true) => Says::Error("请写明谁要求的、依据什么".into()),
            _ => Says::Hint("谁要求的、依据什么；会留在变更历史里".into()),
        };
        let reason =
            input::input(&self.reason).id(REASON).tone(says.tone()).on_input(|typed| send(Message::Reason(typed)));
        content = content.push(field("原因", reason).required().label_width(LABEL).says(says).below());
        let go = button::danger("清除").icon(Icon::Trash2).on_press(send(Message::Erase));
        dialog::dialog(
            "依法清除个人信息",
            content.width(Length::Fill),
            [cancel.into(), go.into()],
            dialog::Width::Usual,
        )
    }
}

impl File {
    /// Takes in what happened in the form.
    pub(super) fn erase(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        match message {
            Message::Open => {
                self.erase = self.data.as_ref().map(|data| EraseForm::new(&data.changes));
                return iced::widget::operation::focus(REASON).into();
            }
            Message::Close => self.erase = None,
            Message::Choose(key) => {
                if let Some(form) = &mut self.erase
                    && !form.chosen.remove(key)
                {
                    form.chosen.insert(key);
                }
            }
            Message::Reason(typed) => {
                if let Some(form) = &mut self.erase {
                    form.reason = typed;
                }
            }
            Message::Erase => return self.erase_now(ctx),
        }
        Update::none()
    }

    fn erase_now(&mut self, ctx: &Ctx) -> Update<FirmsMessage> {
        let Some(form) = &mut self.erase else { return Update::none() };
        form.tried = true;
        if form.chosen.is_empty() || form.reason.trim().is_empty() {
            return Update::none();
        }
        let keys: Vec<String> = form.chosen.iter().map(|key| (*key).to_owned()).collect();
        let labels: Vec<String> = form.chosen.iter().map(|key| fields::label(key)).collect();
        let (id, reason) = (self.id, form.reason.clone());
        self.erase = None;
        self.revealed.clear();
        let name = ctx.ledger.firm(id).map_or_else(String::new, |firm| firm.name.to_string());
        let what = format!("依法清除“{name}”的{}", labels.join("、"));
        let words = format!("已清除{}，以前的备份里还有，请一并处理", labels.join("、"));
        ctx.act(
            what,
            move |act| act.erase(id, &keys, &reason).map(|events| events > 0),
            move |done| FirmsMessage::File(FileMessage::Saved(words.clone(), done)),
        )
        .into()
    }
}
