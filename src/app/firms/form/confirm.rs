//! “我确认无误”: what looks wrong is saved when somebody says why it is right.

use iced::widget::{column, container, row};

use super::Message;
use crate::app::firms::Message as FirmsMessage;
use crate::domain::event::Confirmed;
use crate::domain::firm::FieldDef;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::{button, chip, dialog, input};
use crate::ui::{Element, Icon, Tone, icon, space as sp, text};

/// The field of the reason.
pub const REASON: &str = "firm-reason";

/// What is said most often.
pub const USUAL: [&str; 4] = ["营业执照就是这样写的", "企业盖章材料如此", "主管部门名单如此", "老数据，待核实"];

/// The open question.
#[derive(Debug)]
pub struct Confirm {
    doubts: Vec<(&'static FieldDef, String)>,
    pub reason: String,
}

impl Confirm {
    /// Asks about doubts.
    pub fn new(doubts: Vec<(&'static FieldDef, String)>) -> Self {
        Self { doubts, reason: String::new() }
    }

    /// What is written with the change; nothing while no reason is given.
    pub fn confirmed(&self) -> Option<Vec<Confirmed>> {
        let reason = self.reason.trim();
        let confirmed = self.doubts.iter().map(|(field, says)| Confirmed {
            field: field.key.to_owned(),
            says: says.clone(),
            reason: reason.to_owned(),
        });
        (!reason.is_empty()).then(|| confirmed.collect())
    }

    /// The dialog.
    pub fn view(&self) -> Element<'_, FirmsMessage> {
        let send = FirmsMessage::Form;
        let doubts = self.doubts.iter().map(|(field, says)| {
            row![
                container(icon::toned(Icon::TriangleAlert, icon::size::INLINE, Tone::Warn))
                    .padding(iced::padding::top(4)),
                text::styled(text::BODY, format!("{}：{}", field.label, says.trim_end_matches('。'))),
            ]
            .spacing(sp::S8)
            .into()
        });
        let reason = input::input(&self.reason)
            .id(REASON)
            .placeholder("为什么没有错")
            .on_input(move |reason| send(Message::Reason(reason)))
            .on_submit(send(Message::Confirm));
        let usual =
            USUAL.map(|words| chip::toggle(words, self.reason == words, send(Message::Reason(words.to_owned()))));
        let content = column![
            column(doubts).spacing(sp::S6),
            field("原因", reason)
                .required()
                .label_width(44.0)
                .says(Says::Hint("提醒和原因会记在变更历史里，以后查得到。".into()))
                .below(),
            row(usual).spacing(sp::S8).wrap().vertical_spacing(sp::S6),
        ]
        .spacing(sp::S12);
        let confirm = button::primary("确认无误，保存").key("Enter");
        let confirm = if self.confirmed().is_some() {
            confirm.on_press(send(Message::Confirm))
        } else {
            confirm.refused("请先写明原因")
        };
        let buttons = [button::normal("回去修改").key("Esc").on_press(send(Message::Unconfirm)).into(), confirm.into()];
        let title = format!("有 {} 处提醒，确认无误再保存", self.doubts.len());
        dialog::dialog(title, content, buttons, dialog::Width::Wide)
    }
}
