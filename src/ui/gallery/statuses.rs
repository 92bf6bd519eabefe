//! Badges, deadlines, stages, tabs, targets.

use iced::alignment::Vertical;
use iced::widget::{column, container, row};
use iced::{Length, Padding};

use super::{Gallery, Message, page};
use crate::ui::icon::Icon;
use crate::ui::theme::{Theme, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::due::{Due, Urgency};
use crate::ui::widget::section::{block, section};
use crate::ui::widget::stages::{Stage, Standing, stages, steps};
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{progress, ring};
use crate::ui::{Element, icon, text};

fn badges() -> Vec<Badge<'static>> {
    vec![
        Badge::outline(Icon::CircleDashed, "未启动"),
        Badge::outline(Icon::PencilLine, "填报中"),
        Badge::soft(Tone::Info, Icon::Check, "已提交"),
        Badge::soft(Tone::Accent, Icon::CircleDot, "待初审"),
        Badge::soft(Tone::Accent, Icon::FileText, "申报中"),
        Badge::soft(Tone::Warn, Icon::CornerUpLeft, "退回修改"),
        Badge::soft(Tone::Success, Icon::Check, "通过"),
        Badge::framed(Tone::Danger, Icon::Ban, "不推荐"),
        Badge::soft(Tone::Danger, Icon::X, "不符合"),
        Badge::fill(Icon::AlarmClock, "已逾期 3 天"),
        Badge::soft(Tone::Info, Icon::Megaphone, "公示中"),
        Badge::outline(Icon::Hourglass, "结果未公布"),
        Badge::framed(Tone::Success, Icon::BadgeCheck, "有效"),
        Badge::framed(Tone::Warn, Icon::Clock, "本年到期"),
        Badge::soft(Tone::Warn, Icon::CircleDashed, "缺数据"),
        Badge::soft(Tone::Info, Icon::Eye, "待核"),
        Badge::outline(Icon::LogOut, "已撤回"),
        Badge::framed(Tone::Danger, Icon::Split, "冲突"),
        Badge::soft(Tone::Success, Icon::Plus, "新增"),
        Badge::soft(Tone::Accent, Icon::PencilLine, "变更"),
        Badge::outline(Icon::Equal, "不变"),
        Badge::soft(Tone::Warn, Icon::CircleHelp, "待确认"),
        Badge::soft(Tone::Danger, Icon::TriangleAlert, "损坏"),
    ]
}

impl Gallery {
    pub(super) fn statuses(&self) -> Element<'_, Message> {
        let all = iced::widget::Row::with_children(badges().into_iter().map(Badge::view))
            .spacing(8)
            .wrap()
            .vertical_spacing(8);
        let chosen = badges().into_iter().take(8).map(Badge::on_selected);
        let chosen = container(row(chosen).spacing(8))
            .padding(6)
            .width(Length::Fill)
            .style(|theme: &Theme| container::background(theme.tokens.selected));
        let due = [
            Due::new(Urgency::Calm, "还剩 9 个工作日"),
            Due::new(Urgency::Soon, "还剩 3 个工作日"),
            Due::new(Urgency::Urgent, "还剩 1 个工作日"),
            Due::new(Urgency::Urgent, "今天 17:00 截止"),
            Due::new(Urgency::Late, "已逾期 2 天"),
            Due::unknown(),
        ];
        let due = row(due.map(|due| due.view(text::SMALL))).spacing(20).align_y(Vertical::Center);
        let rows = column![
            section("状态", Some("形状、图标、词，颜色最后"), None),
            all,
            chosen,
            section("期限", None, None),
            due,
            section("阶段", None, None),
            stages(line(None)),
            stages(line(Some(Standing::Returned))),
            container(stages(line(None))).width(430),
            steps(["选文件", "找表格", "对应列", "核对每一行", "写入"], 3),
            tabs(
                ["与上一轮的差异 9", "全部字段 38", "材料 7/8", "条件 9", "历史"]
                    .iter()
                    .enumerate()
                    .map(|(n, w)| (n as u8, (*w).to_owned())),
                &self.tab,
                Message::Tab,
                None,
            ),
            row![self.targets(), self.funnels()].spacing(32),
            section("图标", Some("都来自一个子集"), None),
            icons(),
        ]
        .spacing(12);
        page(rows)
    }

    fn targets(&self) -> Element<'_, Message> {
        let rows = [
            ("高企推荐", 0.8, "快 15.3 个百分点"),
            ("技术合同成交额", 0.54, "慢 10.7 个百分点"),
            ("已经完成", 1.2, "快 55.3 个百分点"),
        ];
        let rows = rows.map(|(name, done, words)| {
            let (tone, arrow) =
                if done > 0.647 { (Tone::Success, Icon::ArrowUp) } else { (Tone::Warn, Icon::ArrowDown) };
            row![
                ring::ring(done, Some(0.647)),
                container(text::body(name)).width(140),
                container(text::body(format!("{:.1}%", done * 100.0))).width(60),
                icon::toned(arrow, icon::size::INLINE, tone),
                text::toned(text::SMALL, tone, words),
            ]
            .spacing(8)
            .height(40)
            .align_y(Vertical::Center)
            .into()
        });
        column![block("年度目标", Some("环上短线为时间进度 64.7%"), None), column(rows)]
            .width(Length::FillPortion(1))
            .into()
    }

    fn funnels(&self) -> Element<'_, Message> {
        let rows = [
            ("高新技术企业认定", [Some(58), Some(47), Some(41), Some(36), None]),
            ("市级企业重点实验室", [Some(9), Some(4), Some(1), None, None]),
        ];
        let rows = rows.map(|(name, counts)| {
            let greatest = counts.iter().flatten().copied().max().unwrap_or(0);
            let numbers = counts.map(|n| progress::funnel(n, greatest, 58.0, Some(Message::Nothing)));
            row![container(text::body(name)).width(Length::Fill)]
                .extend(numbers)
                .spacing(14)
                .height(40)
                .align_y(Vertical::Center)
                .into()
        });
        let bars = row![progress::progress(0.0, 120.0), progress::progress(0.4, 120.0), progress::progress(1.0, 120.0)]
            .spacing(16)
            .padding(Padding { top: 8.0, ..Padding::ZERO });
        column![block("本年申报走到哪一步", None, None), column(rows), bars].width(Length::FillPortion(1)).into()
    }
}

fn line(here: Option<Standing>) -> Vec<Stage> {
    let words = [
        "入培育库",
        "企业自评",
        "网上填报",
        "区审核",
        "市审推荐",
        "专家评审",
        "综合审查",
        "备案公示",
        "备案编号",
        "颁发证书",
    ];
    let dates = ["03-16", "05-08", "08-18", "08-25 前", "09-04 前"];
    words
        .iter()
        .enumerate()
        .map(|(at, word)| {
            let standing = match at.cmp(&3) {
                std::cmp::Ordering::Less => Standing::Done,
                std::cmp::Ordering::Equal => here.unwrap_or(Standing::Now),
                std::cmp::Ordering::Greater => Standing::Later,
            };
            Stage::new(*word, standing, dates.get(at).copied())
        })
        .collect()
}

fn icons<'a>() -> Element<'a, Message> {
    iced::widget::Row::with_children(
        Icon::ALL.iter().map(|which| icon::toned(*which, icon::size::RAIL, Tone::Quiet).into()),
    )
    .spacing(14)
    .wrap()
    .vertical_spacing(12)
    .into()
}
