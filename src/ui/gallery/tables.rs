//! Short tables, and an empty screen.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::{Gallery, Message, page};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::ledger::{Cell, Column, ledger};
use crate::ui::widget::section::heading;
use crate::ui::widget::{button, input};
use crate::ui::{Element, text};

impl Gallery {
    pub(super) fn tables(&self) -> Element<'_, Message> {
        let body = |words: &'static str| text::body(words);
        let years = ["销售收入", "研发费用", "净资产"].iter().zip([
            ["1,907.44", "2,466.03", "3,208.16", "7,581.63"],
            ["126.35", "183.20", "294.57", "604.12"],
            ["812.45", "978.11", "未报", "—"],
        ]);
        let mut form = ledger(
            [
                Column::left("单位：万元", Length::Fill),
                Column::right("2023 年", 110),
                Column::right("2024 年", 110),
                Column::right("2025 年", 110),
                Column::right("合计", 110),
            ],
            self.theme.density,
        );
        for (name, values) in years {
            let mut cells: Vec<Cell<'_, Message>> = vec![body(name).into()];
            for (at, value) in values.iter().enumerate() {
                let tone = match *value {
                    "未报" => Tone::Warn,
                    "—" => Tone::Faint,
                    _ => Tone::Plain,
                };
                let style = if at == 3 { text::BODY.bold() } else { text::BODY };
                cells.push(text::toned(style, tone, *value).into());
            }
            form = form.push(cells);
        }
        let form = form.totals(vec![
            text::strong("合计").into(),
            text::strong("2,846.24").into(),
            text::strong("3,627.34").into(),
            text::strong("3,502.73").into(),
            text::strong("8,185.75").into(),
        ]);
        let rounds = ledger(
            [
                Column::left("轮次", 76),
                Column::left("提交", 72),
                Column::left("区审结果", 180),
                Column::left("经手人", 80),
                Column::left("意见与期限", Length::Fill),
            ],
            Density::Comfortable,
        )
        .push_row(
            vec![
                text::strong("第 2 轮").into(),
                body("08-18").into(),
                Badge::soft(Tone::Accent, Icon::CircleDot, "待初审").view().into(),
                body("周敏").into(),
                text::toned(text::BODY, Tone::Danger, "08-25 17:00 前提出意见").into(),
            ],
            None,
            true,
        )
        .push(vec![
            body("第 1 轮").into(),
            body("08-10").into(),
            row![Badge::soft(Tone::Warn, Icon::CornerUpLeft, "退回修改").view(), text::small("08-12")]
                .spacing(6)
                .align_y(Vertical::Center)
                .into(),
            body("周敏").into(),
            text::small("审计报告缺研发费用明细；科技人员名单与社保月份对不上").into(),
        ]);
        let changes = ledger(
            [
                Column::centre("", 36),
                Column::left("字段", Length::Fill),
                Column::right("第 1 轮", 120),
                Column::right("第 2 轮", 150),
                Column::right("上年同项", 100),
            ],
            Density::Comfortable,
        )
        .row_height(34.0)
        .heading("人员")
        .push(vec![
            icon::toned(Icon::PencilLine, icon::size::INLINE, Tone::Warn).into(),
            body("科技人员（人）").into(),
            text::toned(text::BODY, Tone::Quiet, "29").into(),
            Cell::changed(body("26"), Tone::Warn),
            text::toned(text::BODY, Tone::Quiet, "21").into(),
        ])
        .heading("知识产权（件）")
        .push(vec![
            icon::toned(Icon::Plus, icon::size::INLINE, Tone::Success).into(),
            body("II 类").into(),
            text::toned(text::BODY, Tone::Quiet, "7").into(),
            Cell::changed(body("9"), Tone::Success),
            text::toned(text::BODY, Tone::Quiet, "4").into(),
        ]);
        let scores = ledger(
            [
                Column::left("评分项", Length::Fill),
                Column::right("满分", 60),
                Column::right("参考", 80),
                Column::right("评分", 80),
            ],
            Density::Compact,
        )
        .push(vec![
            text::strong("知识产权").into(),
            text::strong("30").into(),
            body("").into(),
            text::strong("22").into(),
        ])
        .push(vec![
            container(text::small("先进程度")).padding(Padding { left: 16.0, ..Padding::ZERO }).into(),
            text::small("8").into(),
            text::small("7 至 8").into(),
            input::input(&self.number).number().in_cell().width(48).on_input(Message::Number).into(),
        ])
        .push_row(
            vec![body("点得开的一行").into(), body("6").into(), body("—").into(), body("4").into()],
            Some(Message::Nothing),
            false,
        );
        page(
            column![
                heading(
                    "申报表",
                    Some("带 * 为必填"),
                    Some(button::quiet("带出上年数").icon(Icon::History).small().on_press(Message::Nothing).into())
                ),
                form,
                heading("轮次", None, None),
                rounds,
                heading("与上一轮的差异", None, None),
                changes,
                heading("评分", None, None),
                container(scores).width(420),
            ]
            .spacing(8),
        )
    }

    pub(super) fn empty(&self) -> Element<'_, Message> {
        let ways = [
            Way {
                icon: Icon::FileSpreadsheet,
                title: "导入现有台账",
                why: "高企台账、科小名单、规上名录都行。表头两行、合并单元格、左右两栏也认得，写入前逐行给您看。",
                button: button::primary("选文件…").width(Length::Fill).on_press(Message::Nothing).into(),
            },
            Way {
                icon: Icon::Table2,
                title: "从 WPS 表格粘贴",
                why: "复制几行几列，回到这里按 Ctrl V，同样先预览。",
                button: button::normal("粘贴").width(Length::Fill).on_press(Message::Nothing).into(),
            },
            Way {
                icon: Icon::PencilLine,
                title: "手工新增一家",
                why: "只要企业名称，其余以后补；没填的记作“未报”，不当作 0。",
                button: button::normal("新增").width(Length::Fill).on_press(Message::Nothing).into(),
            },
        ];
        let foot = row![
            icon::toned(Icon::Info, icon::size::INLINE, Tone::Quiet),
            text::small("只想看看样子？可以装入示例数据，随时能一键清空。"),
        ]
        .spacing(8)
        .align_y(Vertical::Center);
        let body =
            empty("还没有企业", "先把手头的台账导进来，后面的申报、目标、报告都从这里取数。", ways, Some(foot.into()));
        page(container(body).padding(Padding { top: 120.0, left: 42.0, ..Padding::ZERO }))
    }
}
