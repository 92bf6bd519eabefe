//! Buttons, fields and choices in all their states.

use chrono::{Datelike, NaiveDate};
use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::{Above, Gallery, Message, page, sample};
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::calendar::{Day, calendar};
use crate::ui::widget::checkbox::{Tick, checkbox, explained};
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::section::section;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{area, button, chip, combo, date_field, input, keycap, menu, select};
use crate::ui::{Element, text};

impl Gallery {
    pub(super) fn controls(&self) -> Element<'_, Message> {
        let left = column![
            section("按钮", Some("主要的一个界面只有一个"), None),
            self.buttons(),
            section("字段", Some("带 * 为必填，随输随存"), None),
            self.fields(),
        ]
        .spacing(12)
        .width(Length::FillPortion(3));
        let right = column![section("选择", None, None), self.choices(), section("日期", None, None), self.dates()]
            .spacing(12)
            .width(Length::FillPortion(2));
        page(row![left, right].spacing(32))
    }

    fn buttons(&self) -> Element<'_, Message> {
        let go = || Message::Nothing;
        let refused = "先在“设置 › 单位”里填写单位名称";
        column![
            line(vec![
                button::primary("新增申报").icon(Icon::Plus).key("Ctrl N").on_press(go()).into(),
                button::normal("导出推荐汇总表").icon(Icon::FileSpreadsheet).on_press(go()).into(),
                button::quiet("移动到…").on_press(go()).into(),
                button::danger("删除…").icon(Icon::Trash2).on_press(go()).into(),
                button::icon_only(Icon::Ellipsis).tip("更多").on_press(go()).into(),
            ]),
            line(vec![
                button::primary("新增申报").icon(Icon::Plus).refused(refused).into(),
                button::normal("导出推荐汇总表").icon(Icon::FileSpreadsheet).refused(refused).into(),
                button::quiet("移动到…").refused(refused).into(),
                button::danger("删除…").refused(refused).into(),
                button::icon_only(Icon::ArrowRight).into(),
            ]),
            line(vec![
                button::primary("通过").icon(Icon::Check).key("F6").decision().on_press(go()).into(),
                button::normal("退回修改").icon(Icon::CornerUpLeft).key("F7").decision().on_press(go()).into(),
                button::normal("小按钮").small().on_press(go()).into(),
                button::primary("小按钮").small().on_press(go()).into(),
                keycap::keycap("↑ ↓"),
                text::note("选件").into(),
            ]),
            line(vec![
                button::normal("对话框").on_press(Message::Show(Some(Above::Dialog))).into(),
                button::normal("完成提示").on_press(Message::Toast(Tone::Success)).into(),
                button::normal("出错提示").on_press(Message::Toast(Tone::Danger)).into(),
                menu::menu(
                    button::normal("菜单").after(Icon::ChevronDown).on_press(()),
                    [
                        Item::heading("这一件"),
                        Item::new(0u8, "打印").icon(Icon::Printer).key("Ctrl P"),
                        Item::new(1, "变更历史").icon(Icon::History).detail("41 处"),
                        Item::new(2, "导出").icon(Icon::Download).disabled(true),
                        Item::line(),
                        Item::new(3, "删除…").icon(Icon::Trash2).tone(Tone::Danger),
                    ],
                    |_| Message::Nothing,
                )
                .into(),
            ]),
        ]
        .spacing(10)
        .into()
    }

    fn fields(&self) -> Element<'_, Message> {
        let found = (0..40).filter(|id| !self.firm.is_empty() && sample::name(*id).contains(self.firm.trim())).take(6);
        let found = found.map(|id| {
            let name = sample::name(id);
            let mark = name.find(self.firm.trim()).map(|at| at..at + self.firm.trim().len());
            Item::new(id, name).icon(Icon::Building2).detail("柳泉镇").marks(mark.into_iter().collect())
        });
        let number = |value: &'_ str| -> Says {
            match value.parse::<u32>() {
                Ok(n) if n > 68 => Says::Error("不能多于职工总数 68 人".into()),
                Ok(n) if n > 40 => Says::Warning("比上年多一倍，请再看一眼".into()),
                Ok(_) => Says::Valid("占 38.24%".into()),
                Err(_) => Says::Error("请填整数".into()),
            }
        };
        let says = number(&self.number);
        column![
            field("企业名称", input::input(&self.name).on_input(Message::Name)).required(),
            field(
                "企业",
                combo::combo(
                    input::input(&self.firm)
                        .placeholder("汉字、代码；试试“恒砚”")
                        .icon(Icon::Search)
                        .on_input(Message::Firm),
                    found,
                    Message::PickFirm,
                ),
            )
            .says(Says::Hint("输入时列出".into())),
            field(
                "科技人员",
                input::input(&self.number).number().unit("人").width(140).tone(says.tone()).on_input(Message::Number)
            )
            .required()
            .says(says),
            field("职工总数", input::input("68").number().unit("人").width(140))
                .says(Says::Hint("由年度数据带出，不能在此修改".into())),
            field(
                "登录密码",
                input::input(&self.secret).secure(self.shown, Message::Reveal).width(240).on_input(Message::Secret)
            )
            .says(Says::Hint("至少 8 位。忘记密码无法找回，但可以用恢复码重设。".into()))
            .below(),
            field(
                "所属领域",
                select::select(
                    [Item::new(1u8, "生物与新医药 › 农业生物技术"), Item::new(2, "新材料"), Item::new(3, "电子信息")],
                    Some(self.choice),
                )
                .on_choose(Message::Choose)
                .width(Length::Fill),
            )
            .required(),
            field("意见", area::area(&self.area, "写给企业的话", 76.0, None, Some(Message::Area))),
        ]
        .spacing(10)
        .into()
    }

    fn choices(&self) -> Element<'_, Message> {
        let views = || {
            [
                Segment::new(1u8, "表格").icon(Icon::Table2),
                Segment::new(2, "看板").icon(Icon::SquareKanban),
                Segment::new(3, "日历").icon(Icon::CalendarDays),
            ]
        };
        column![
            segmented(views(), &self.choice, Message::Choose),
            row![
                chip::toggle("全部 24", self.choice == 1, Message::Choose(1)),
                chip::toggle("填报中 5", self.choice == 2, Message::Choose(2)),
                chip::toggle("待初审 6", self.choice == 3, Message::Choose(3)),
                chip::add("筛选", Message::Nothing),
            ]
            .spacing(8),
            explained(
                "先装入示例数据看一看",
                Some("24 家虚构企业、3 个申报批次。随时可以一键清空。"),
                self.tick,
                Some(Message::Tick),
            ),
            row![
                checkbox("夜间", self.theme.tokens.dark, Some(Message::Dark)),
                checkbox("选了一部分", Tick::Some, Some(Message::Tick)),
                checkbox("不能改", true, None::<fn(bool) -> Message>),
            ]
            .spacing(20),
            row![
                text::small("缩放"),
                select::select(
                    [0.8f32, 1.0, 1.25, 1.5, 2.0].map(|z| Item::new(z, format!("{:.0} %", z * 100.0))),
                    Some(self.zoom)
                )
                .on_choose(Message::Zoom)
                .density(Density::Compact),
                select::select([Item::new(1u8, "不能选")], None).density(Density::Compact),
            ]
            .spacing(8)
            .align_y(Vertical::Center),
        ]
        .spacing(12)
        .into()
    }

    fn dates(&self) -> Element<'_, Message> {
        let read = NaiveDate::parse_from_str(&self.date, "%Y-%m-%d").ok();
        let says = match read {
            Some(date) => Says::Hint(format!("{} 月 {} 日", date.month(), date.day())),
            None => Says::Error("请写成 2026-08-27".into()),
        };
        let line = date_field::date_field(&self.date, read, Self::today(), Message::DateTyped, Message::DatePicked)
            .tone(says.tone())
            .days(day);
        let month = calendar(read, Self::today(), Message::DatePicked).days(day);
        column![field("补正期限", line).says(says), container(month).padding(Padding { left: 96.0, ..Padding::ZERO }),]
            .spacing(12)
            .into()
    }
}

/// Buttons side by side.
fn line<'a>(content: Vec<Element<'a, Message>>) -> Element<'a, Message> {
    row(content).spacing(8).align_y(Vertical::Center).into()
}

/// Weekends rest; one Sunday is worked in exchange, one Monday is a holiday.
fn day(date: NaiveDate) -> Day {
    let weekend = date.weekday().num_days_from_monday() > 4;
    match (date.month(), date.day()) {
        (8, 30) => Day { mark: Some('班'), ..Day::default() },
        (8, 31) => Day { rest: true, mark: Some('休'), ..Day::default() },
        _ => Day { rest: weekend, ..Day::default() },
    }
}
