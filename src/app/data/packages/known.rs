//! What the tab says of machines: this one with its fingerprint, its shared folder and the key in the safe; those that are known.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, row, space};

use super::{Message, Out, Packages, out};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::people::Permission;
use crate::exchange::package::shared::Shared;
use crate::ui::icon::Icon;
use crate::ui::widget::badge::Badge;
use crate::ui::widget::field::Says;
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::{button, section};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// The width of what each line of 本机 is about.
const ABOUT: f32 = 120.0;

impl Packages {
    /// What can be done.
    pub(super) fn deeds<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let controls = ctx.controls();
        let make = button::normal("做包…").icon(Icon::Package).density(controls);
        let make = match self.others().is_empty() {
            false => make.on_press(out(Message::MakePackage)),
            true => make.refused("先认识一台电脑，才知道给谁做"),
        };
        let card = button::quiet("存名片").icon(Icon::Download).density(controls);
        row![
            button::normal("打开包…").icon(Icon::FolderOpen).density(controls).on_press(out(Message::OpenPackage)),
            make,
            button::quiet("认识电脑…").icon(Icon::Monitor).density(controls).on_press(out(Message::MeetMachine)),
            card.on_press(self.card.is_some().then_some(out(Message::SaveCard))),
            space().width(Length::Fill),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center)
        .into()
    }

    /// This machine.
    pub(super) fn own<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let may = ctx.may(Permission::Exchange);
        let line = |about: &'a str, content: Element<'a, Out>| -> Element<'a, Out> {
            row![iced::widget::container(text::small(about)).width(ABOUT), content]
                .spacing(sp::S8)
                .align_y(Vertical::Center)
                .into()
        };
        let mut page = column![section::heading("本机", None, None)].spacing(sp::S4);
        let renew = || button::quiet("更换本机密钥…").icon(Icon::RefreshCw).small().on_press(out(Message::OpenRenew));
        if let Some(card) = &self.card {
            let rename = button::quiet("改名…").icon(Icon::PencilLine).small().on_press(out(Message::Edit(None)));
            let name = row![text::strong(card.name.clone())].push(may.then_some(rename)).spacing(sp::S8);
            page = page.push(line("名称", name.align_y(Vertical::Center).into()));
            let print = row![text::styled(text::BODY, card.fingerprint())].push(may.then(renew)).spacing(sp::S8);
            page = page.push(line("指纹", print.align_y(Vertical::Center).into()));
        } else if let Some(problem) = &self.no_keys {
            page = page.push(Says::Error(problem.to_string()).view()).push(may.then(renew));
        }
        let shared: Shared = ctx.habit(super::SHARED).unwrap_or_default();
        let words = match (shared.path(), shared.take, shared.leave) {
            (None, ..) => "没有设；设了以后，同事的包放进去就会提示".to_owned(),
            (Some(path), take, leave) => {
                let mut words = path.display().to_string();
                words.push_str(if take { "；自动收下" } else { "；有包就提示" });
                words.push_str(if leave { "，自动放进去" } else { "" });
                words
            }
        };
        let set = button::quiet("设置…").icon(Icon::Folder).small().on_press(out(Message::OpenShare));
        let content = row![text::body(words)].push(may.then_some(set)).spacing(sp::S8).align_y(Vertical::Center);
        page = page.push(line("共享文件夹", content.into()));
        let manages = ctx.may(Permission::ChangeOffice);
        let (tone, words) = match (&self.recovery, manages) {
            (Some(_), _) => (Tone::Plain, "已启用：收件电脑坏了，凭保险柜里的那张纸也能打开"),
            (None, true) => (Tone::Warn, "还没有：收件电脑坏了，包就没人打得开"),
            (None, false) => (Tone::Warn, "还没有：收件电脑坏了，包就没人打得开；请管理员生成"),
        };
        let label = if self.recovery.is_some() { "查看…" } else { "生成…" };
        let open = button::quiet(label).icon(Icon::KeyRound).small().on_press(out(Message::OpenRecovery));
        let open = (manages || self.recovery.is_some()).then_some(open);
        let content = row![text::toned(text::BODY, tone, words)].push(open).spacing(sp::S8);
        page.push(line("交换包恢复密钥", content.align_y(Vertical::Center).into())).into()
    }

    /// The machines that are known.
    pub(super) fn known<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let heading = section::heading("认识的电脑", Some("指纹要在电话里念着核对一次；停用的不再收发"), None);
        if self.machines.is_empty() {
            let words = "还没有认识的电脑。两台电脑各存一张名片，拷给对方，按“认识电脑”读入，电话里核对指纹。";
            return column![heading, text::body(words)].spacing(sp::S8).into();
        }
        let columns = [
            Column::left("电脑", Length::Fill),
            Column::left("使用人", 88),
            Column::left("指纹", 272),
            Column::left("认识于", 128),
            Column::left("核对人", 88),
            Column::left("", 88),
            Column::left("", 88),
        ];
        let may = ctx.may(Permission::Exchange);
        let mut table = ledger(columns, Density::Compact).row_height(32.0);
        for (n, machine) in self.machines.iter().enumerate() {
            let tone = if machine.retired { Tone::Faint } else { Tone::Plain };
            let user = machine.user.map_or("—", |user| ctx.ledger.user_name(user));
            let own = self.card.as_ref().is_some_and(|card| card.sign == machine.sign);
            let edit: Element<'a, Out> = if may {
                button::quiet("修改…").small().on_press(out(Message::Edit(Some(n)))).into()
            } else {
                space().into()
            };
            let last: Element<'a, Out> = if own {
                // Others met it; it came back with what they sent.
                Badge::outline(Icon::Monitor, "本机").view()
            } else if machine.retired {
                Badge::outline(Icon::Ban, "已停用").view()
            } else if may {
                button::quiet("停用").small().on_press(out(Message::Retire(n))).into()
            } else {
                space().into()
            };
            table = table.push(vec![
                text::line(text::SMALL, tone, machine.name.as_str()).into(),
                text::line(text::SMALL, tone, user).into(),
                text::line(text::BODY, tone, machine.fingerprint()).into(),
                text::line(text::SMALL, Tone::Quiet, words::stamp(crate::domain::event::Stamp(machine.met_at), ctx))
                    .into(),
                text::line(text::SMALL, tone, ctx.ledger.user_name(machine.met_by)).into(),
                edit.into(),
                last.into(),
            ]);
        }
        column![heading, Element::from(table)].into()
    }
}
