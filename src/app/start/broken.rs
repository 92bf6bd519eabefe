//! A start that failed: what happened, what can be done, the detail folded under it.

use iced::widget::{column, row, space};
use iced::{Length, alignment::Vertical};

use super::frame;
use crate::app::window::Message;
use crate::domain::{Kind, Problem};
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::button;
use crate::ui::{Element, space as sp, text};

/// The page; `again` where trying again makes sense.
pub fn view(problem: &Problem, again: bool) -> Element<'_, Message> {
    let next = problem.next.as_deref().unwrap_or("请联系维护人员。");
    let detail = problem.detail.as_deref().map(|detail| {
        column![text::small("详情"), text::toned(text::SMALL, Tone::Quiet, detail.to_owned())].spacing(sp::S4)
    });
    let restore = (problem.kind == Kind::Damaged).then(|| {
        text::body("备份通常在数据文件夹的 backups 里：在命令行用 kebao restore 看它有什么，加 --yes 恢复；损坏的会另存，不会删除。")
    });
    let again = again.then(|| button::primary("再试一次").icon(Icon::RefreshCw).decision().on_press(Message::Again));
    // Most likely it is the tables that cannot be read; where it is the journal, that is said then.
    let rebuilds = again.is_some() && matches!(problem.kind, Kind::Damaged | Kind::Bug);
    let rebuild = rebuilds.then(|| button::normal("按流水重建各表").icon(Icon::RefreshCw).on_press(Message::Rebuild));
    let content = column![text::toned(text::TITLE, Tone::Danger, problem.says.clone()), text::body(next.to_owned()),]
        .push(restore)
        .push(detail)
        .push(row![space().width(Length::Fill)].push(rebuild).push(again).spacing(sp::S12).align_y(Vertical::Center))
        .spacing(sp::S16);
    frame::page(content, text::small("科报没有改动任何文件。"))
}
