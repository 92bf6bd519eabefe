//! What lies above a page: palette and dialog.

use iced::widget::column;

use super::{Gallery, Message};
use crate::ui::icon::Icon;
use crate::ui::widget::palette::{Found, Group, Marked, palette};
use crate::ui::widget::{button, dialog};
use crate::ui::{Element, text};

/// One matching part.
fn mark(part: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    std::iter::once(part).collect()
}

/// Things found for “hy”.
pub(super) fn found() -> Vec<Group<u8>> {
    // The initials of the third and the fourth syllable.
    let initials = |second: &str| {
        let starts = second.match_indices(' ').map(|(at, _)| at + 1).skip(1).take(2);
        starts.map(|at| at..at + 1).collect()
    };
    let firm = |value, words: &str, marks: Vec<std::ops::Range<usize>>, second: &str, detail: &str| Found {
        value,
        icon: Icon::Building2,
        words: Marked::new(words, marks),
        second: Some(Marked::new(second, initials(second))),
        detail: detail.into(),
    };
    let line = |value, icon, words: &str, marks: Vec<std::ops::Range<usize>>, detail: &str| Found {
        value,
        icon,
        words: Marked::new(words, marks),
        second: None,
        detail: detail.into(),
    };
    vec![
        Group {
            title: "企业".into(),
            found: vec![
                firm(
                    0,
                    "青澜恒砚新材料有限公司",
                    mark(6..12),
                    "qīng lán héng yàn xīn cái liào　91379905MA3C7H2K4U",
                    "柳泉镇　高企有效",
                ),
                firm(
                    1,
                    "青澜衡远检测技术有限公司",
                    mark(6..12),
                    "qīng lán héng yuǎn jiǎn cè　91379905MA3M4Y7H0P",
                    "望川街道　高企有效",
                ),
                firm(
                    2,
                    "青澜海盈水产食品有限公司",
                    mark(6..12),
                    "qīng lán hǎi yíng shuǐ chǎn　91379905789201466E",
                    "临湖街道　科小审核中",
                ),
            ],
        },
        Group {
            title: "申报".into(),
            found: vec![
                line(3, Icon::FileText, "恒砚新材料：市重点实验室·2026 年度", mark(0..6), "填报中，10-20 12:00 截止"),
                line(
                    4,
                    Icon::FileText,
                    "海盈食品：科小评价·2026 年第五批",
                    mark(0..6),
                    "第 2 轮待初审，还剩 4 个工作日",
                ),
            ],
        },
        Group {
            title: "界面与操作".into(),
            found: vec![
                line(5, Icon::UsersRound, "活动 › 会议", mark(11..17), "huì yì"),
                line(6, Icon::RotateCcw, "还原备份…", mark(0..6), "huán yuán"),
                line(7, Icon::ShieldCheck, "核验备份", mark(0..6), "hé yàn"),
            ],
        },
    ]
}

impl Gallery {
    pub(super) fn palette(&self) -> Element<'_, Message> {
        palette(&self.typed, &self.found, self.current, Message::Typed, Message::Moved, |_, _| Message::Show(None))
            .placeholder("找企业、编号、界面、操作")
            .remark("拼音首字母，全部 8 条")
            .hints([("↑ ↓", "选择"), ("Enter", "打开"), ("Tab", "在旁边打开"), ("Ctrl Enter", "为这家新增申报")])
            .foot("汉字、全拼、首字母、代码、证书号都能找")
            .into()
    }

    pub(super) fn dialog(&self) -> Element<'_, Message> {
        let words = column![
            text::body("将把 3 家的推荐汇总表写到 U 盘。文件里有联系人的姓名和手机号，已按默认规则遮盖中间四位。"),
            text::small("写出后不能撤销；这一次会记在变更历史里。"),
        ]
        .spacing(8);
        dialog::dialog(
            "导出推荐汇总表",
            words,
            [
                button::normal("取消").key("Esc").on_press(Message::Show(None)).into(),
                button::primary("导出 3 家").key("Enter").on_press(Message::Show(None)).into(),
            ],
            dialog::Width::Usual,
        )
    }
}
