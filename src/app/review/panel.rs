//! The decision drawn: the program's form with what others gave, who judged, phrases, the opinion, the deadline, the buttons.

use chrono::Datelike;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::deciding::{CORRECTION, last_day, until};
use super::drafts::{Draft, Sheet};
use super::expert::ties_view;
use super::room::Room;
use super::sheet::{self, Look};
use super::{Message, OPINION, Review};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::calendar::{Reckoned, Until};
use crate::domain::date::{document, weekday};
use crate::domain::defect::Phrase;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::domain::review::tally::Standing;
use crate::domain::review::{FormKind, opinion};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::badge::Badge;
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look as Shape, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::split::SIDE;
use crate::ui::widget::{area, button, input, keycap, menu, scroll};
use crate::ui::{Element, measure, space as sp, text};

/// Left and right of everything on the panel.
const MARGIN: f32 = 14.0;
/// Phrases that have a key.
const KEYED: usize = 9;
const KEYS: [&str; KEYED] = ["Alt 1", "Alt 2", "Alt 3", "Alt 4", "Alt 5", "Alt 6", "Alt 7", "Alt 8", "Alt 9"];
const DIGITS: [&str; KEYED] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

impl Review {
    /// The right column.
    pub(super) fn panel<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Element<'a, Message> {
        let inner = width - 2.0 * MARGIN;
        let many = self.queue.ticked.len();
        let open = self.content.as_ref().filter(|content| self.is_open(content));
        let round = open.map(|content| content.read.file.filing.track.round);
        let stage = self.queue.current.and_then(|id| ctx.ledger.filing(id)).map(|row| row.stage().short.as_str());
        let about = match (many, stage, round) {
            (0, Some(stage), Some(round)) => format!("{stage}，第 {round} 轮"),
            (0, ..) => String::new(),
            (many, ..) => format!("同时处理 {many} 件"),
        };
        let head = row![
            text::styled(text::SECTION, "处理意见"),
            space().width(Length::Fill),
            text::line(text::SMALL, Tone::Quiet, about),
        ]
        .height(40)
        .align_y(Vertical::Center);
        let head = container(head).padding([0.0, MARGIN]);
        if many == 0 && open.is_none() {
            return panel(column![head, space().height(Length::Fill)].push(self.last_line(inner, ctx)));
        }
        if many == 0 && self.queue.position().is_none() {
            let decided = container(self.decided_view(ctx)).padding(Padding { bottom: sp::S8, ..[0.0, MARGIN].into() });
            return panel(column![head, container(scroll::scroll(decided)).height(Length::Fill)]);
        }
        let mut body = column![].spacing(sp::S12);
        if many == 0 {
            body = body.push(self.own_ties()).push(self.form_view(inner, ctx)).push(self.reviewers(inner, ctx));
        } else {
            let words = format!("选中的 {many} 件一起处理：意见、期限对每一件都一样，一步登记，一步撤销。");
            body = body.push(text::small(words));
        }
        // In a low window what is written scrolls with what is judged; the decisions keep their place.
        let low = Room::of(ctx).low;
        let body = if low { body.push(self.writing(inner, ctx)).push(self.routing(ctx)) } else { body };
        let body = container(body).padding(Padding { left: MARGIN, right: MARGIN, bottom: sp::S8, ..Padding::ZERO });
        panel(column![head, container(scroll::scroll(body)).height(Length::Fill)].push(self.foot(inner, low, ctx)))
    }

    fn shown_draft(&self) -> Option<&Draft> {
        if !self.queue.ticked.is_empty() {
            return Some(&self.drafts.ticked);
        }
        self.drafts.get(self.queue.current?)
    }

    fn own_ties(&self) -> Option<Element<'_, Message>> {
        (!self.ties.is_empty() && self.recused().is_none()).then(|| {
            let recuse = button::normal("我要回避…").key("Alt R").small().on_press(Message::Recuse);
            let ties = column![
                text::line(text::SMALL.bold(), Tone::Warn, "您本人："),
                ties_view(Some(&self.ties), true),
                recuse
            ];
            container(ties.spacing(sp::S4))
                .padding(sp::S8)
                .width(Length::Fill)
                .style(|theme: &Theme| container::background(theme.tokens.warn_soft))
                .into()
        })
    }

    pub(super) fn recused(&self) -> Option<&str> {
        self.own_review().and_then(|review| review.given.recused.as_deref())
    }

    fn form_view<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        if let Some(reason) = self.recused() {
            let words = format!("您已回避：{reason}。请转交给别人（F9）。");
            return Some(
                row![
                    icon::toned(Icon::Ban, icon::size::BUTTON, Tone::Warn),
                    text::toned(text::BODY, Tone::Warn, words)
                ]
                .spacing(sp::S6)
                .into(),
            );
        }
        let form = self.form()?;
        static NONE: Sheet = Sheet::new();
        let sheet = self.queue.current.and_then(|id| self.drafts.get(id)).map_or(&NONE, |draft| &draft.sheet);
        let can = ctx.may(Permission::Judge) && !self.busy;
        let others = self.reviews();
        let look = Look { form, sheet, others, can, width, prefix: "review" };
        let filled = !sheet.is_empty();
        let tools = row![
            text::line(
                text::SMALL.bold(),
                Tone::Plain,
                if form.kind == FormKind::Checklist { "核对表" } else { "评分表" }
            ),
            space().width(Length::Fill),
        ]
        .push(
            (form.kind == FormKind::Checklist && can)
                .then(|| button::quiet("其余都是").key("Alt 0").small().on_press(Message::Sheet(sheet::Edit::RestYes))),
        )
        .push((filled && can).then(|| button::quiet("清空").small().on_press(Message::Sheet(sheet::Edit::Clear))))
        .push((filled && can).then(|| button::quiet("只存评审").key("Ctrl S").small().on_press(Message::SaveSheet)))
        .height(30)
        .align_y(Vertical::Center);
        let together = self.tally.as_ref().and_then(|tally| sheet::together(form, tally));
        Some(column![tools].push(together).push(sheet::view(&look, Message::Sheet)).spacing(sp::S4).into())
    }

    /// Who judged, who does not, and how to add somebody. Where no form is laid down nobody judges, but one may still say 回避.
    fn reviewers<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let (may, judged_by) = (ctx.may(Permission::Judge), self.form().is_some());
        if !judged_by && !may && self.reviews().is_empty() {
            return None;
        }
        let tools = row![text::line(text::SMALL.bold(), Tone::Plain, "评审人"), space().width(Length::Fill)]
            .push(
                (may && judged_by)
                    .then(|| button::quiet("加专家评审…").key("Alt E").small().on_press(Message::OpenExpert)),
            )
            .push(
                (may && self.recused().is_none())
                    .then(|| button::quiet("回避…").key("Alt R").small().on_press(Message::Recuse)),
            )
            .height(30)
            .align_y(Vertical::Center);
        let mut page = column![tools].spacing(sp::S2);
        if self.reviews().is_empty() {
            let words = if judged_by {
                "这一轮还没有人评过。"
            } else {
                "这个事项没有评审表，直接写意见、作决定。"
            };
            page = page.push(text::note(words));
        }
        for review in self.reviews() {
            page = page.push(self.reviewer(review, width));
        }
        Some(page.into())
    }

    fn reviewer<'a>(&'a self, review: &'a Standing, width: f32) -> Element<'a, Message> {
        let given = &review.given;
        let who = match given.reviewer.employer.as_str() {
            "" => given.reviewer.name.clone(),
            employer => format!("{}（{employer}）", given.reviewer.name),
        };
        let total = self.tally.as_ref().and_then(|tally| {
            let scores = tally.scores.as_ref()?;
            let (_, total) = scores.totals.iter().find(|(reviewer, _)| *reviewer == given.reviewer)?;
            let dropped = if scores.dropped.contains(&given.reviewer) { "，不计" } else { "" };
            Some(format!("{} 分{dropped}", total.points()))
        });
        let (badge, note) = match (&given.recused, review.contested, review.outdated) {
            (Some(reason), ..) => (Some(Badge::outline(Icon::Ban, "回避")), reason.clone()),
            (_, true, _) => (Some(Badge::soft(Tone::Danger, Icon::Split, "两份不一致")), "都不计，请重评".to_owned()),
            (_, _, true) => (Some(Badge::soft(Tone::Warn, Icon::TriangleAlert, "评的是旧内容")), String::new()),
            _ => (None, String::new()),
        };
        let said = total.unwrap_or_default();
        let used = measure::width(&said, text::SMALL.size, false)
            + badge.as_ref().map_or(0.0, |badge| measure::width(&badge.word, text::NOTE.size, false) + 36.0);
        let who = measure::cut(&who, text::SMALL.size, false, (width - used - 24.0).max(60.0)).into_owned();
        let line = row![text::line(text::SMALL, Tone::Plain, who)]
            .push(badge.map(|badge| badge.view::<Message>()))
            .push(space().width(Length::Fill))
            .push(text::line(text::SMALL, Tone::Quiet, said))
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        column![line].push((!note.is_empty()).then(|| text::note(note))).into()
    }

    /// The first ones in sight, all of them in a menu.
    fn phrases<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let (_, version) = self.content.as_ref().and_then(|content| content.read.file.known)?;
        if self.phrases.is_empty() || !ctx.may(Permission::Judge) {
            return None;
        }
        let shown = match ctx.size.height {
            height if height < 820.0 => 3,
            height if height < 1000.0 => 4,
            _ => KEYED,
        };
        let words = self.shown_draft().map(Draft::words).unwrap_or_default();
        let cut = |phrase: &Phrase, bold: bool, room: f32| {
            measure::cut(&phrase.defect().line(version), text::SMALL.size, bold, room).into_owned()
        };
        let all = self.phrases.iter().enumerate().map(|(n, phrase)| {
            let item = Item::new(n, cut(phrase, false, 420.0)).checked(opinion::says(&words, phrase, version));
            match KEYS.get(n) {
                Some(key) => item.key(key),
                None => item,
            }
        });
        let opener =
            button::quiet(format!("全部 {} 条", self.phrases.len())).after(Icon::ChevronDown).small().on_press(());
        let head = row![
            text::line(text::SMALL.bold(), Tone::Plain, "常用语"),
            keycap::keycap("Alt 1–9"),
            space().width(Length::Fill),
            menu::menu(opener, all, Message::Phrase).density(Density::Compact),
        ]
        .spacing(sp::S6)
        .height(28)
        .align_y(Vertical::Center);
        let mut page = column![head];
        for (n, phrase) in self.phrases.iter().take(shown).enumerate() {
            let said = opinion::says(&words, phrase, version);
            let style = if said { text::SMALL.bold() } else { text::SMALL };
            let inside = row![
                keycap::keycap(DIGITS[n]),
                text::styled(style, cut(phrase, said, width - 62.0)),
                space().width(Length::Fill),
            ]
            .push(said.then(|| icon::toned(Icon::Check, icon::size::INLINE, Tone::Accent)))
            .spacing(sp::S8)
            .align_y(Vertical::Center);
            page = page.push(
                Press::new(inside, |theme: &Theme, status| {
                    let t = theme.tokens;
                    let look = Shape::bare(if status.hovered { t.t1 } else { t.t2 }).ring_inside();
                    if status.hovered { look.ground(t.hover) } else { look }
                })
                .on_press(Message::Phrase(n))
                .width(Length::Fill)
                .height(25)
                .left(),
            );
        }
        Some(page.into())
    }

    /// Phrases, the opinion, the deadline.
    fn writing<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Column<'a> {
        let can = ctx.may(Permission::Judge);
        let opinion: Option<Element<'a, Message>> = self.shown_draft().map(|draft| {
            let tone = self.problem.is_some().then_some(Tone::Danger);
            let on_action = can.then_some(Message::Opinion);
            let height = if ctx.size.height < 820.0 { 76.0 } else { 98.0 };
            area::named(OPINION, &draft.opinion, "意见；退回时一行是一条补正内容　F5", height, tone, on_action)
        });
        column![].push(self.phrases(width, ctx)).push(opinion).push(self.deadline(width, ctx)).spacing(sp::S8)
    }

    /// What is written and the decisions: always in sight, in a low window the decisions alone.
    fn foot<'a>(&'a self, width: f32, low: bool, ctx: &'a Ctx) -> Element<'a, Message> {
        let problem = self.problem.as_ref().map(|problem| {
            row![
                container(icon::toned(Icon::CircleAlert, icon::size::INLINE, Tone::Danger)).padding([3, 0]),
                text::toned(text::SMALL, Tone::Danger, problem.to_string()),
            ]
            .spacing(sp::S6)
        });
        let content = column![]
            .push((!low).then(|| self.writing(width, ctx)))
            .push(problem)
            .push(self.buttons(ctx))
            .push(self.routing(ctx).filter(|_| !low))
            .push(self.last_line(width, ctx))
            .spacing(sp::S8);
        let content = container(content).width(Length::Fill).padding(Padding {
            top: sp::S8,
            bottom: sp::S8,
            left: MARGIN,
            right: MARGIN,
        });
        column![rule::across(Weight::Strong), content].into()
    }

    fn deadline<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        self.step(Effect::Return).filter(|step| ctx.may(step.needs))?;
        let typed = self.shown_draft().map_or("", |draft| draft.until.as_str());
        let (tone, words) = match last_day(typed, ctx) {
            Ok(Reckoned { date: day, assumed }) => {
                let on = match day.year() == ctx.today.year() {
                    true => format!("{}月{}日 {}", day.month(), day.day(), weekday(day)),
                    false => format!("{} {}", document(day), weekday(day)),
                };
                let about = |assumed| if assumed { "约" } else { "" };
                // A day that was typed is told in working days, working days as the day they lead to.
                let words = if let Ok(Until::Day(_)) = until(typed, ctx.today) {
                    let count = ctx.calendar().between(ctx.today, day);
                    format!("{on}，{}{} 个工作日", about(count.assumed), count.days)
                } else {
                    format!("最后一天{} {on}", about(assumed))
                };
                (if day <= ctx.today { Tone::Warn } else { Tone::Quiet }, words)
            }
            Err(_) => (Tone::Danger, "写几个工作日，或到哪一天".to_owned()),
        };
        const FIELD: f32 = 104.0;
        static USUAL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| format!("{CORRECTION} 个工作日"));
        let field = input::input(typed)
            .placeholder(&USUAL)
            .on_input(Message::Until)
            .tone((tone == Tone::Danger).then_some(Tone::Danger))
            .density(Density::Compact)
            .width(FIELD)
            .id("review.until");
        const LABEL: &str = "补正期限";
        let wide = |words: &str| measure::width(words, text::SMALL.size, false);
        let room = width - wide(LABEL) - FIELD - 2.0 * sp::S8;
        let line = row![text::line(text::SMALL, Tone::Quiet, LABEL), field].spacing(sp::S8).align_y(Vertical::Center);
        let under = wide(&words) > room;
        let words = text::line(text::SMALL, tone, words);
        // A year in it does not fit beside the field of a narrow panel.
        Some(if under { column![line, words].spacing(sp::S4).into() } else { line.push(words).into() })
    }

    fn buttons<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let many = self.queue.ticked.len();
        let recused = many == 0 && self.recused().is_some();
        let meant = self.meant();
        let decide = |effect: Effect, key: &'static str| -> Option<Element<'a, Message>> {
            let step = self.step(effect).filter(|step| ctx.may(step.needs) && !recused)?;
            let words = if many > 0 { format!("{} {many} 件", step.word) } else { step.word.clone() };
            let button = if effect == Effect::Pass { button::primary(words) } else { button::normal(words) };
            let button = button
                .icon(words::effect_icon(effect))
                .key(key)
                .decision()
                .width(Length::Fill)
                .on_press(meant.filter(|_| !self.busy).map(|meant| Message::Decide(meant, effect)));
            Some(button.into())
        };
        let transfer = (ctx.may(Permission::Judge) && meant.is_some()).then(|| {
            let button = button::normal("转交…").icon(Icon::Send).key("F9").decision().width(Length::Fill);
            Element::from(button.on_press(Message::OpenTransfer))
        });
        let all = [decide(Effect::Pass, "F6"), decide(Effect::Return, "F7"), decide(Effect::Decline, "F8"), transfer];
        let all: Vec<Element<'a, Message>> = all.into_iter().flatten().collect();
        let mut page = column![].spacing(sp::S8);
        let mut line = Vec::new();
        for one in all {
            line.push(one);
            if line.len() == 2 {
                page = page.push(row(std::mem::take(&mut line)).spacing(sp::S8));
            }
        }
        if !line.is_empty() {
            page = page.push(row(line).spacing(sp::S8));
        }
        let no_decision = self.steps.iter().all(|step| !ctx.may(step.needs)) && many == 0 && !recused;
        let words = "决定不由您的身份登记；可以填评审表、写意见、转交。";
        page.push(no_decision.then(|| text::note(words))).into()
    }

    /// What comes next, and what can be done about what was decided last.
    fn last_line<'a>(&'a self, width: f32, ctx: &'a Ctx) -> Element<'a, Message> {
        let notice = self.last.as_ref().filter(|last| last.effect == Effect::Return && last.ids.len() == 1);
        if let Some(last) = notice {
            let words = format!("上一件 {}：{}", last.word, last.of);
            let words = measure::cut(&words, text::NOTE.size, false, width).into_owned();
            let exports = ctx.may(Permission::Export);
            let tools = row![
                button::quiet("复制补正通知").icon(Icon::Copy).key("Alt C").small().on_press(Message::CopyNotice),
            ]
            .push(exports.then(|| {
                button::quiet("写成 Word").icon(Icon::FileText).key("Alt W").small().on_press(Message::WriteNotice)
            }))
            .push(exports.then(|| {
                button::icon_only(Icon::Printer).tip("打印补正通知 (Alt Y)").small().on_press(Message::PrintNotice)
            }))
            .spacing(sp::S4);
            return container(column![text::line(text::NOTE, Tone::Quiet, words), tools])
                .padding(if self.content.is_some() { [0.0, 0.0] } else { [sp::S8, MARGIN] })
                .into();
        }
        let many = self.last.as_ref().filter(|last| last.effect == Effect::Return && last.ids.len() > 1);
        if let Some(last) = many.filter(|_| self.queue.ticked.is_empty()) {
            let words = format!("上一步 {} {}，一件一份补正通知", last.word, last.of);
            let words = measure::cut(&words, text::NOTE.size, false, width).into_owned();
            let write = ctx.may(Permission::Export).then(|| {
                let words = format!("{} 份都写成 Word", last.ids.len());
                button::quiet(words).icon(Icon::FileText).key("Alt W").small().on_press(Message::WriteNotice)
            });
            return container(column![text::line(text::NOTE, Tone::Quiet, words)].push(write))
                .padding(if self.content.is_some() { [0.0, 0.0] } else { [sp::S8, MARGIN] })
                .into();
        }
        let Some(next) = self.next_name(ctx).filter(|_| self.queue.ticked.is_empty()) else { return space().into() };
        let words = format!("下一件：{next}，自动打开");
        let words = measure::cut(&words, text::NOTE.size, false, width - 90.0).into_owned();
        row![
            text::line(text::NOTE, Tone::Quiet, words),
            space().width(Length::Fill),
            keycap::keycap("Ctrl Z"),
            text::note("撤销"),
        ]
        .spacing(sp::S6)
        .align_y(Vertical::Center)
        .into()
    }

    /// What was decided about a filing that waits no longer.
    fn decided_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let Some(done) = self.queue.decided() else {
            return text::body("这件现在不在待审里。").into();
        };
        let file = self.content.as_ref().map(|content| &content.read.file);
        let decision =
            file.and_then(|file| file.filing.track.line().rev().find(|decision| decision.moved.effect == done.effect));
        let mut page = column![
            row![words::decision(done.effect, &done.word).view::<Message>(), text::small(words::stamp(done.at, ctx)),]
                .spacing(sp::S8)
                .align_y(Vertical::Center)
        ]
        .spacing(sp::S8);
        if let Some(decision) = decision {
            for words in [&decision.moved.reason, &decision.moved.note].into_iter().filter(|words| !words.is_empty()) {
                page = page.push(text::body(words.as_str()));
            }
            if let Some(until) = decision.moved.until {
                page = page.push(text::small(format!("补正到 {}，{}", document(until), weekday(until))));
            }
        }
        if done.effect == Effect::Return {
            page =
                page.push(button::normal("复制补正通知").icon(Icon::Copy).key("Alt C").on_press(Message::CopyNotice));
            page = page.push(ctx.may(Permission::Export).then(|| {
                row![
                    button::normal("写成 Word").icon(Icon::FileText).key("Alt W").on_press(Message::WriteNotice),
                    button::normal("打印…").icon(Icon::Printer).key("Alt Y").on_press(Message::PrintNotice),
                ]
                .spacing(sp::S8)
            }));
        }
        page.push(text::small("登记错了：Ctrl Z 撤销，或在“数据 › 操作日志”里撤销那一步。")).into()
    }
}

type Column<'a> = iced::widget::Column<'a, Message, Theme, crate::ui::Renderer>;

fn panel<'a>(content: Column<'a>) -> Element<'a, Message> {
    container(content)
        .id(SIDE)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(|theme: &Theme| container::background(theme.tokens.inset))
        .into()
}
