//! 依法清除: what is said of people is taken out of every event of a record that ever held it. It cannot be undone, so it is
//! asked for field by field, with the reason, and says what stays behind.

use std::collections::BTreeSet;

use iced::Length;
use iced::widget::column;

use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, checkbox, dialog, input};
use crate::ui::{Element, Icon, space as sp, text};

/// The name of the field for the reason.
pub const REASON: &str = "erase-reason";
const LABEL: f32 = 44.0;
/// What the menu and the dialog call it.
pub const TITLE: &str = "依法清除个人信息";

/// What is chosen to go.
#[derive(Debug)]
pub struct EraseForm {
    /// 这家企业, 这件申报.
    subject: &'static str,
    /// Fields the record's history holds, with what people call them.
    held: Vec<(String, String)>,
    chosen: BTreeSet<String>,
    reason: String,
    tried: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Choose(String),
    Reason(String),
    Erase,
    Close,
}

/// What is to be erased, as somebody has said it.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub keys: Vec<String>,
    pub labels: Vec<String>,
    pub reason: String,
}

impl EraseForm {
    /// Offers these fields of a record.
    pub fn new(subject: &'static str, held: Vec<(String, String)>) -> Self {
        Self { subject, held, chosen: BTreeSet::new(), reason: String::new(), tried: false }
    }

    /// Takes in what was chosen or typed.
    pub fn edit(&mut self, message: Message) {
        match message {
            Message::Choose(key) => {
                if !self.chosen.remove(&key) {
                    self.chosen.insert(key);
                }
            }
            Message::Reason(typed) => self.reason = typed,
            Message::Open | Message::Erase | Message::Close => {}
        }
    }

    /// What is to go; `None` while something is missing, which the form says from then on.
    pub fn wanted(&mut self) -> Option<Wanted> {
        self.tried = true;
        let reason = self.reason.trim();
        if self.chosen.is_empty() || reason.is_empty() {
            return None;
        }
        let chosen = self.held.iter().filter(|(key, _)| self.chosen.contains(key));
        let (keys, labels) = chosen.cloned().unzip();
        Some(Wanted { keys, labels, reason: reason.to_owned() })
    }

    /// The dialog.
    pub fn view<'a, M: Clone + 'a>(&'a self, send: impl Fn(Message) -> M + Copy + 'a) -> Element<'a, M> {
        let cancel = button::normal("取消").key("Esc").on_press(send(Message::Close));
        if self.held.is_empty() {
            let words = text::body(format!("{}的流水里没有个人信息，不需要清除。", self.subject));
            return dialog::dialog(TITLE, words, [cancel.into()], dialog::Width::Usual);
        }
        let mut content = column![text::body(format!(
            "勾选的内容会从{}的全部流水里抹去，连同它的旧值，谁也找不回来，也不能撤销。流水的指纹不变，核验照样通过。以前的备份和导出的文件里还有，请一并处理。",
            self.subject
        ))]
        .spacing(sp::S12);
        for (key, label) in &self.held {
            let choose = Some(move |_| send(Message::Choose(key.clone())));
            content = content.push(checkbox::checkbox(label.clone(), self.chosen.contains(key), choose));
        }
        let says = match (self.tried, self.chosen.is_empty(), self.reason.trim().is_empty()) {
            (true, true, _) => Says::Error("请先勾选要清除的内容".into()),
            (true, false, true) => Says::Error("请写明谁要求的、依据什么".into()),
            _ => Says::Hint("谁要求的、依据什么；会留在变更历史里".into()),
        };
        let reason =
            input::input(&self.reason).id(REASON).tone(says.tone()).on_input(move |typed| send(Message::Reason(typed)));
        content = content.push(field("原因", reason).required().label_width(LABEL).says(says).below());
        let go = button::danger("清除").icon(Icon::Trash2).on_press(send(Message::Erase));
        dialog::dialog(TITLE, content.width(Length::Fill), [cancel.into(), go.into()], dialog::Width::Usual)
    }
}

impl Wanted {
    /// What the action is called.
    pub fn name(&self, of: &str) -> String {
        format!("依法清除“{of}”的{}", self.labels.join("、"))
    }

    /// What is said when it is done.
    pub fn done(&self) -> String {
        format!("已清除{}，以前的备份里还有，请一并处理", self.labels.join("、"))
    }
}
