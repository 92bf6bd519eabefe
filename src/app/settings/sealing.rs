//! 号码加密: the switch for sealing identity and telephone numbers, what it does and does not guard against, asked once more
//! before it is turned. A recovery key that had to be made for it is shown once.

use iced::widget::{column, container, space};
use iced::{Length, Padding};

use super::signing::LABEL;
use crate::app::ctx::Ctx;
use crate::app::start::key::{self, Paper};
use crate::app::update::{Event, Update};
use crate::domain::Result;
use crate::domain::people::Permission;
use crate::store::{Done, Switched};
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::section::section;
use crate::ui::widget::{button, checkbox, dialog};
use crate::ui::{Element, space as sp, text};

/// What it guards against, and what not: the same words before and after it is switched on.
const GUARDS: &str =
    "开启后写入的企业电话、证件号，申报表里的身份证号、电话，以密文存进数据、备份和包。拿到硬盘的人没有密码就读不到。";
const LIMITS: [&str; 3] = [
    "开启以前录入的号码，仍以明文留在旧的流水里，要用“依法清除”才能抹去；导入的名单和申报材料的原件照原样保存。",
    "忘了密码、恢复密钥也丢了，就再也看不到这些号码：请先收好恢复密钥。",
    "别的电脑取入一个从这里做的包，就拿到密钥；没拿到以前，那里显示“已加密”。",
];

/// What is open, if anything.
#[derive(Debug, Clone, Default)]
pub struct Sealing {
    /// Asked: to be switched so.
    asked: Option<bool>,
    busy: bool,
    paper: Option<Paper>,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Ask(bool),
    Close,
    Go,
    Switched(bool, Result<Done<Switched>>),
    Paper(key::Message),
}

impl Sealing {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Ask(on) => self.asked = Some(on),
            Message::Close if self.busy => {}
            Message::Close => self.asked = None,
            Message::Go => {
                let Some(on) = self.asked.filter(|_| !self.busy) else { return Update::none() };
                self.busy = true;
                let answer = ctx.db.seal_numbers(ctx.user, on);
                return Update::task(ctx.ask(answer, move |done| Message::Switched(on, done)));
            }
            Message::Switched(on, done) => {
                (self.busy, self.asked) = (false, None);
                let done = match done {
                    Ok(done) => done,
                    Err(problem) => return problem.into(),
                };
                let paper = |key: &String| Paper::new(key.clone(), &ctx.ledger.office.name, ctx.db.clock().today());
                self.paper = done.value.recovery.as_ref().map(paper);
                let words =
                    if on { "已开启号码加密" } else { "已关闭号码加密；已加密的仍然加密" };
                return Update::saved(&done, words);
            }
            Message::Paper(key::Message::Kept) => self.paper = None,
            Message::Paper(message) => {
                let logged = message.logged().map(Event::Note);
                if let Some(paper) = &mut self.paper {
                    let task = paper.update(message).map(Message::Paper);
                    return Update { task, events: logged.into_iter().collect() };
                }
            }
        }
        Update::none()
    }

    /// Enter in the question.
    pub fn enter(&self) -> Option<Message> {
        self.asked.map(|_| Message::Go)
    }

    /// The switch.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let on = ctx.ledger.office.seals;
        let changes = ctx.may(Permission::ChangeOffice) && !self.busy;
        let tick = changes.then_some(Message::Ask);
        let switch = checkbox::explained("加密保存身份证号和电话", Some(GUARDS), on, tick);
        let without = on && ctx.db.keys().is_empty();
        let without = without.then(|| {
            let words = "您在这台电脑上还没有拿到密钥：号码显示为“已加密”，也不能写新的。请由拿着密钥的人在这里登录一次，\
                         或取入一个从有密钥的电脑做的包，您再重新登录。";
            Says::Warning(words.into()).view()
        });
        let limits = LIMITS.iter().map(|words| text::toned(text::SMALL, Tone::Quiet, *words).into());
        let under = Padding { left: LABEL + sp::S12 + sp::S24, ..Padding::ZERO };
        let more = column![].push(without.flatten()).extend(limits).spacing(sp::S4);
        column![
            section("号码加密", Some("对所有人、所有电脑都一样"), None),
            field("号码", switch).label_width(LABEL),
            container(more).padding(under).width(Length::Fill),
        ]
        .spacing(sp::S12)
        .into()
    }

    /// The question, or the key just made.
    pub fn above(&self) -> Option<(Element<'_, Message>, Message)> {
        if let Some(paper) = &self.paper {
            let content = column![
                text::body("号码加密要有一个能打开它的恢复密钥，旧的已作废。这一个只显示这一次，请打印或抄写后封存。"),
                paper.view().map(Message::Paper),
            ]
            .spacing(sp::S12);
            let kept = Message::Paper(key::Message::Kept);
            let close = button::primary("已收好").on_press(kept.clone());
            return Some((dialog::dialog("新的恢复密钥", content, [close.into()], dialog::Width::Wide), kept));
        }
        let on = self.asked?;
        let content = if on {
            column![text::body(GUARDS), space().height(sp::S4)]
                .extend(LIMITS.iter().map(|words| text::toned(text::SMALL, Tone::Quiet, *words).into()))
                .spacing(sp::S6)
        } else {
            column![
                text::body("关闭以后，新写入的身份证号和电话以明文保存。"),
                text::toned(text::SMALL, Tone::Quiet, "已经加密的仍然是密文，有密钥的人照样看得到。"),
            ]
            .spacing(sp::S6)
        };
        let (title, verb) = if on {
            ("加密保存身份证号和电话", "开启加密")
        } else {
            ("关闭号码加密", "关闭加密")
        };
        let go = button::primary(if self.busy { "正在保存…" } else { verb })
            .icon(Icon::KeyRound)
            .key("Enter")
            .on_press((!self.busy).then_some(Message::Go));
        let close = button::normal("取消").key("Esc").on_press(Message::Close);
        Some((dialog::dialog(title, content, [close.into(), go.into()], dialog::Width::Wide), Message::Close))
    }
}
