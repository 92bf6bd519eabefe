//! The decision dialog drawn.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, row};

use super::{FIRST, Message, Moving, Step};
use crate::app::ctx::Ctx;
use crate::app::filings::Message as Outer;
use crate::app::filings::form::remark;
use crate::app::words;
use crate::domain::date::{iso, weekday};
use crate::domain::program::Effect;
use crate::ui::icon::Icon;
use crate::ui::theme::Tone;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, chip, date_field, dialog, input, select};
use crate::ui::{Element, measure, space as sp, text};

/// How much of a firm's name stands in the dialog, so that where its filing goes stands beside it.
const NAME: f32 = 400.0;

impl Moving {
    /// The dialog drawn.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Outer> {
        let wrap = Outer::Moving;
        let Some(step) = self.step() else { return text::body("").into() };
        let save = wrap(Message::Save);
        let label = 76.0;
        let mut lines = column![].spacing(sp::S8);
        if !self.outcomes.is_empty() {
            let stages = self.outcomes.iter().enumerate().map(|(n, outcome)| Item::new(n, outcome.name.clone()));
            let stage = select::select(stages, Some(self.at)).on_choose(move |n| wrap(Message::Stage(n)));
            let words = self.steps.iter().enumerate().map(|(n, step)| Item::new(n, step.word.clone()));
            let word = select::select(words, Some(self.chosen)).on_choose(move |n| wrap(Message::Step(n)));
            lines = lines
                .push(field("哪一步", stage.width(Length::Fill)).label_width(label))
                .push(field("结果", word.width(Length::Fill)).label_width(label));
        }
        let itemised = step.effect == Effect::Return && !self.defects.all().is_empty();
        let reason = input::input(&self.reason)
            .placeholder(match step.effect {
                Effect::Return if itemised => "下面逐条写了，这里可以不写",
                _ if step.needs_reason => "写清楚是什么、要怎么改；企业会来问",
                _ => "",
            })
            .on_input(move |typed| wrap(Message::Reason(typed)))
            .on_submit(save.clone());
        let reason = if step.needs_reason { reason.id(FIRST) } else { reason };
        let missing = step.needs_reason && self.problem.is_some() && self.reason.trim().is_empty() && !itemised;
        let mut reason = field("原因", reason.tone(missing.then_some(Tone::Danger))).label_width(label);
        if step.needs_reason && !itemised {
            reason = reason.required();
        }
        let phrases = phrases(step.effect);
        let phrases = (!phrases.is_empty()).then(|| {
            let chips = phrases.iter().map(|words| chip::add(*words, wrap(Message::Reason((*words).to_owned()))));
            let indent = iced::padding::left(label + sp::S12);
            iced::widget::container(row(chips).spacing(sp::S4).wrap().vertical_spacing(sp::S2)).padding(indent)
        });
        let takes = |effect| matches!(effect, Effect::Return | Effect::Decline | Effect::Fail | Effect::Hold);
        let with_reason =
            step.needs_reason || takes(step.effect) || matches!(step.effect, Effect::Lapse | Effect::Withdraw);
        if step.effect == Effect::Return {
            lines = lines.push(reason).push(self.defects.view(label));
            lines = lines.push(self.on_field(step, ctx, label, save.clone()));
        } else if step.needs_reason {
            lines = lines.push(reason).push(phrases);
            lines = lines.push(self.on_field(step, ctx, label, save.clone()));
        } else {
            lines = lines.push(self.on_field(step, ctx, label, save.clone()));
            if with_reason {
                lines = lines.push(reason).push(phrases);
            }
        }
        if step.takes_until {
            lines = lines.push(self.until_field(step, ctx, label, save.clone()));
        }
        let document = input::input(&self.document)
            .placeholder("发文字号，没有就留空")
            .on_input(move |typed| wrap(Message::Document(typed)))
            .on_submit(save.clone());
        let note = input::input(&self.note).on_input(move |typed| wrap(Message::Note(typed))).on_submit(save.clone());
        lines = lines.push(field("文号", document).label_width(label)).push(field("备注", note).label_width(label));
        if let Some(problem) = &self.problem {
            lines =
                lines.push(field("", remark(Icon::CircleAlert, Tone::Danger, problem.to_string())).label_width(label));
        }
        let about = row![
            text::line(text::BODY.bold(), Tone::Plain, measure::cut(&self.of, text::BODY.size, true, NAME)),
            text::line(text::BODY, Tone::Quiet, step.leads.as_str()),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let title = if self.outcomes.is_empty() { step.word.clone() } else { "登记结果".to_owned() };
        let confirm = match self.ids.len() {
            1 => "保存".to_owned(),
            n => format!("{} {n} 件", step.word),
        };
        let confirm = button::primary(confirm).key("Enter").on_press((!self.busy).then_some(save));
        dialog::dialog(
            title,
            column![about, lines].spacing(sp::S12),
            [button::normal("取消").key("Esc").on_press(Outer::CloseDialog).into(), confirm.into()],
            dialog::Width::Wide,
        )
    }

    fn on_field<'a>(&'a self, step: &Step, ctx: &'a Ctx, label: f32, save: Outer) -> Element<'a, Outer> {
        let wrap = Outer::Moving;
        let read = self.day(&self.on, ctx);
        let says = match read {
            None => Says::Error("请写成 2026-08-27、8-27 或 20260827。".into()),
            Some(day) if day == ctx.today => Says::Hint("今天".into()),
            Some(day) => Says::Hint(weekday(day).into()),
        };
        let on = date_field::date_field(
            &self.on,
            read,
            ctx.today,
            move |typed| wrap(Message::On(typed)),
            move |day| wrap(Message::On(iso(day))),
        )
        .days(|day| words::calendar_day(ctx, day))
        .tone(says.tone())
        .on_submit(save);
        let on = if step.needs_reason { on } else { on.id(FIRST) };
        let name = if step.effect == Effect::Publish { "公示开始" } else { "日期" };
        field(name, on).required().says(says).label_width(label).into()
    }

    fn until_field<'a>(&'a self, step: &Step, ctx: &'a Ctx, label: f32, save: Outer) -> Element<'a, Outer> {
        let wrap = Outer::Moving;
        let read = self.last_day(&self.until, ctx).ok();
        let says = match (read, self.day(&self.on, ctx)) {
            (None, _) if self.until.trim().is_empty() => Says::Hint("不定期限".into()),
            (None, _) => Says::Error("请写成 2026-08-27、8-27，或 10 个工作日。".into()),
            (Some(until), Some(on)) if until < on => Says::Error("早于起始日期。".into()),
            (Some(until), Some(on)) => {
                let count = ctx.calendar().between(on, until);
                let about = if count.assumed { "约 " } else { "" };
                let rests = if ctx.calendar().is_workday(until).worked() { "" } else { "，这天休息" };
                // The paper of that year is not here yet: weekends alone were counted.
                let unknown = if count.assumed { "（那一年的放假安排还没有）" } else { "" };
                let day = format!("{} {}", iso(until), weekday(until));
                Says::Hint(format!("{day}，{about}{} 个工作日{rests}{unknown}", count.days))
            }
            (Some(_), None) => Says::Nothing,
        };
        let until = date_field::date_field(
            &self.until,
            read,
            ctx.today,
            move |typed| wrap(Message::Until(typed)),
            move |day| wrap(Message::Until(iso(day))),
        )
        .days(|day| words::calendar_day(ctx, day))
        .tone(says.tone())
        .on_submit(save);
        if step.effect == Effect::Publish {
            return field("公示结束", until).says(says).label_width(label).into();
        }
        let days = [3_u16, 5, 10, 15].map(|n| {
            let typed = format!("{n} 个工作日");
            let it = self.day(&self.on, ctx).map(|on| ctx.calendar().after(on, n).date);
            chip::toggle(n.to_string(), it.is_some() && it == read, wrap(Message::Until(typed)))
        });
        let days = row(days).push(text::small("个工作日")).spacing(sp::S4).align_y(Vertical::Center);
        field("补正截止", row![until, days].spacing(sp::S8).align_y(Vertical::Center))
            .says(says)
            .below()
            .label_width(label)
            .into()
    }
}

/// Reasons given again and again, to be picked and then made precise.
fn phrases(effect: Effect) -> &'static [&'static str] {
    match effect {
        Effect::Decline => {
            &["不符合申报条件", "研发占比达不到要求", "材料真实性存疑", "有重大安全、环保问题或失信", "超出名额"]
        }
        Effect::Fail => &["评审未通过", "综合得分不够"],
        Effect::Withdraw => &["企业自愿放弃本批次", "材料来不及准备，转下一批"],
        Effect::Lapse => &["到期未提交", "企业放弃"],
        Effect::Hold => &["有异议，正在核实", "等补充材料"],
        // A return's come from the phrase book.
        Effect::Return | Effect::Pass | Effect::Enter | Effect::Pending | Effect::Publish => &[],
    }
}
