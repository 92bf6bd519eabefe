//! The page drawn: who and where, the rail, the rounds, the tabs, and what can be done at the foot.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::super::entry::banner;
use super::super::form::remark;
use super::super::{Filings, Message as Outer};
use super::{Message, Page, Tab};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::store::ledger::{FilingRow, StatusGroup};
use crate::store::queries::FilingFile;
use crate::ui::icon::Icon;
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::split::FOOT;
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{button, input, menu, rule, scroll};
use crate::ui::{Element, measure, space as sp, text};

/// The reason for settling a conflict.
pub const RESOLVE: &str = "page.resolve";
/// Left and right of everything on the page.
pub const MARGIN: f32 = 24.0;

impl Page {
    /// The page in its panel.
    pub(in crate::app::filings) fn view<'a>(&'a self, screen: &'a Filings, ctx: &'a Ctx) -> Element<'a, Outer> {
        let panel = screen.panel_width(ctx).unwrap_or_else(|| ctx.page_width());
        let width = panel - 2.0 * MARGIN;
        let Some(row) = ctx.ledger.filing(self.id) else {
            let words = self.problem.clone().unwrap_or_else(|| "找不到这件申报，它可能已被撤销。".to_owned());
            return container(remark(Icon::CircleAlert, Tone::Danger, words)).padding(MARGIN).into();
        };
        let head = self.head(row, screen, width, ctx);
        let Some(file) = &self.file else {
            return column![container(head).padding([0.0, MARGIN]), space().height(Length::Fill)].into();
        };
        let edition = screen.page_edition(self.id, ctx);
        let mut body = column![].spacing(sp::S12);
        if let Some((_, version)) = file.known {
            body = body.push(self.rail(file, version, edition, ctx));
        }
        body = body.push(self.said(file, ctx));
        if let Some((_, version)) = file.known {
            body = body.push(self.rounds(file, version, width, ctx));
        }
        let count = |word: &str, n: usize| if n == 0 { word.to_owned() } else { format!("{word} {n}") };
        let materials = match row.materials {
            (_, 0) => "材料".to_owned(),
            (have, all) => format!("材料 {have}/{all}"),
        };
        let open = tabs(
            [
                (Tab::Form, "申报表".to_owned()),
                (Tab::Materials, materials),
                (Tab::Decisions, count("办理经过", file.filing.track.decisions.len())),
                (Tab::Changes, count("变更历史", file.changes.len())),
            ],
            &self.tab,
            |tab| Outer::Page(Message::Tab(tab)),
            None,
        );
        body = body.push(open).push(match (self.tab, file.known) {
            (Tab::Form, _) => self.form_view(width, ctx),
            (Tab::Materials, Some((_, version))) => self.materials_view(file, version, width, ctx),
            (Tab::Decisions, Some((_, version))) => self.decisions(file, version, width, ctx),
            (Tab::Materials | Tab::Decisions, None) => {
                remark(Icon::TriangleAlert, Tone::Warn, super::unknown_program().to_string())
            }
            (Tab::Changes, _) => self.history(file, ctx),
        });
        let body = container(body).padding(Padding { left: MARGIN, right: MARGIN, top: sp::S4, bottom: sp::S20 });
        column![container(head).padding([0.0, MARGIN]), container(scroll::scroll(body).main()).height(Length::Fill)]
            .push(self.save_bar())
            .push(self.foot(file))
            .into()
    }

    fn head<'a>(&'a self, row_of: &'a FilingRow, screen: &'a Filings, width: f32, ctx: &'a Ctx) -> Element<'a, Outer> {
        let wrap = Outer::Page;
        let firm = ctx.ledger.firm_of(row_of);
        let badge = words::status(row_of);
        let room = width - 150.0 - measure::width(&badge.word, text::NOTE.size, false) - 40.0;
        let name = measure::cut(&firm.name, text::TITLE.size, true, room);
        let name = Press::new(text::styled(text::TITLE, name), |theme: &Theme, status| {
            let t = theme.tokens;
            Look::bare(if status.hovered { t.accent } else { t.t1 }).ring_inside()
        })
        .on_press(wrap(Message::Firm));
        let turn = |icon, tip: &str, forward| {
            let can = screen.next_place(forward).is_some();
            button::icon_only(icon).tip(tip).small().on_press(can.then_some(wrap(Message::Turn(forward))))
        };
        let tools = row![
            turn(Icon::ArrowUp, "上一件  Alt ↑", false),
            turn(Icon::ArrowDown, "下一件  Alt ↓", true),
            button::icon_only(Icon::X).tip("关闭  Esc").small().on_press(wrap(Message::Close)),
        ]
        .spacing(sp::S4);
        let title =
            row![name, badge.view(), space().width(Length::Fill), tools].spacing(sp::S8).align_y(Vertical::Center);
        let officer = row_of.officer.map_or("未定", |id| ctx.ledger.user_name(id));
        let people = ctx.ledger.users.iter().filter(|user| user.active);
        let people = people.map(|user| Item::new(user.id, user.name.clone()).checked(row_of.officer == Some(user.id)));
        let officer: Element<'a, Outer> = if row_of.frozen || !ctx.may(Permission::EnterFilings) {
            text::line(text::SMALL, Tone::Quiet, format!("经办 {officer}")).into()
        } else {
            let opener = button::quiet(format!("经办 {officer}")).after(Icon::ChevronDown).small().on_press(());
            menu::menu(opener, people, move |id| wrap(Message::Officer(id))).density(Density::Compact).into()
        };
        let reviewers = self.reviewers(row_of, ctx);
        let edition = screen.page_edition(self.id, ctx).map(|edition| edition.label()).unwrap_or_default();
        let kind = self.kind();
        let about = row![text::line(text::SMALL, Tone::Quiet, format!("受理号 {}", row_of.number))]
            .push(text::line(text::SMALL, Tone::Quiet, edition))
            .push(kind.map(|kind| text::line(text::SMALL, Tone::Quiet, kind)))
            .push(officer)
            .push(reviewers)
            .push(row_of.due.map(|_| words::due(row_of.due, ctx).view(text::SMALL)))
            .spacing(sp::S12)
            .align_y(Vertical::Center)
            .wrap()
            .vertical_spacing(0);
        container(column![title, about].spacing(sp::S2))
            .padding(Padding { top: sp::S12, bottom: sp::S4, ..Padding::ZERO })
            .into()
    }

    /// Who is to review it, where it waits for us or anybody was named.
    fn reviewers<'a>(&'a self, row_of: &'a FilingRow, ctx: &'a Ctx) -> Option<Element<'a, Outer>> {
        let waits = matches!(row_of.group(), StatusGroup::Ours | StatusGroup::Split);
        if !waits && row_of.reviewers.is_empty() {
            return None;
        }
        let names = match words::people(&row_of.reviewers, ctx) {
            names if names.is_empty() => "未分派".to_owned(),
            names => names,
        };
        let words = format!("审核 {names}");
        if !waits || row_of.frozen || !ctx.may(Permission::Assign) {
            return Some(text::line(text::SMALL, Tone::Quiet, words).into());
        }
        let open = Outer::AssignOne(self.id);
        Some(button::quiet(words).after(Icon::ChevronDown).small().on_press(open).into())
    }

    /// What must be known before anything is done: read-only, an approval of an older form, a conflict.
    fn said<'a>(&'a self, file: &'a FilingFile, ctx: &'a Ctx) -> Option<Element<'a, Outer>> {
        let track = &file.filing.track;
        let mut all = column![].spacing(sp::S6);
        let mut some = false;
        if file.frozen {
            some = true;
            let words = "这件申报里有新版科报写的内容，这个版本只能看，不能改。请升级到新版后再改。";
            all = all.push(banner(remark(Icon::Lock, Tone::Info, words), Tone::Info));
        }
        let files_changed = file.filing.files_changed_since_approval();
        if track.outdated_approval || files_changed {
            some = true;
            let back = self.steps.iter().any(|step| step.effect == Effect::Return);
            let then =
                if back { "不一致就退回修改，重新走一轮" } else { "不一致就和上级联系更正" };
            let what = match (track.outdated_approval, files_changed) {
                (true, true) => "申报表和材料都又改过",
                (true, false) => "申报表又改过",
                (false, _) => "材料又换过",
            };
            let words = format!("批准的是旧版本：通过之后{what}。核对无误可以不管；{then}。");
            all = all.push(banner(remark(Icon::TriangleAlert, Tone::Warn, words), Tone::Warn));
        }
        if let Some(split) = &track.split {
            some = true;
            all = all.push(self.conflict(file, &split.rivals, ctx));
        }
        some.then(|| all.into())
    }

    fn conflict<'a>(
        &'a self,
        file: &'a FilingFile,
        rivals: &'a [crate::domain::event::Hash],
        ctx: &'a Ctx,
    ) -> Element<'a, Outer> {
        let wrap = Outer::Page;
        let words = if rivals.len() > 1 {
            format!("有 {} 个互不知情的决定，要先定以哪个为准，才能往下办。", rivals.len())
        } else {
            "这个决定依据的上一步已被撤销，要先定它还算不算数，才能往下办。".to_owned()
        };
        let mut page = column![remark(Icon::Split, Tone::Danger, words)].spacing(sp::S6);
        let decisions = file.filing.track.decisions.iter().zip(&file.actors);
        for (decision, actor) in decisions.filter(|(decision, _)| rivals.contains(&decision.hash)) {
            let moved = &decision.moved;
            let parts = [&moved.document, &moved.reason, &moved.note];
            let rest: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            let about = format!("{}　{}", ctx.ledger.user_name(*actor), rest.join("；"));
            let stands = ctx.may(Permission::Decide).then(|| {
                let stands = button::normal("以此为准").small();
                stands.on_press((!file.frozen).then_some(wrap(Message::Resolve(decision.hash))))
            });
            page = page.push(
                row![
                    text::line(text::SMALL, Tone::Plain, words::day(moved.on, ctx)),
                    words::decision(moved.effect, &moved.word).view(),
                    container(text::small(about)).width(Length::Fill),
                ]
                .push(stands)
                .spacing(sp::S8)
                .align_y(Vertical::Center),
            );
        }
        let reason = input::input(&self.resolve)
            .placeholder("为什么以它为准")
            .on_input(move |typed| wrap(Message::ResolveReason(typed)))
            .tone((self.problem.is_some() && self.resolve.trim().is_empty()).then_some(Tone::Danger))
            .density(Density::Compact)
            .id(RESOLVE);
        page = page.push(reason);
        if let (Some(problem), 0) = (&self.problem, self.unsaved()) {
            page = page.push(remark(Icon::CircleAlert, Tone::Danger, problem.clone()));
        }
        banner(page, Tone::Danger)
    }

    /// Exactly what the stage machine offers.
    fn foot<'a>(&'a self, file: &'a FilingFile) -> Option<Element<'a, Outer>> {
        if file.frozen || file.filing.track.split.is_some() {
            return None;
        }
        let wrap = Outer::Page;
        let first = |effect: Effect| self.steps.iter().position(|step| step.effect == effect);
        let mut line = row![].spacing(sp::S8).align_y(Vertical::Center);
        if self.steps.is_empty() {
            let over = file.filing.track.end().is_some();
            let words = if over {
                "已经办结，没有下一步；登记错了可以撤销。"
            } else {
                "下一步不由您的身份登记。"
            };
            line = line.push(text::small(words));
        }
        let lead = first(Effect::Pass);
        for (n, step) in self.steps.iter().enumerate() {
            let words = format!("{}…", step.word);
            let button = if Some(n) == lead { button::primary(words) } else { button::normal(words) };
            let button = match step.effect {
                Effect::Pass if Some(n) == lead => button.key("F6"),
                Effect::Return if Some(n) == first(Effect::Return) => button.key("F7"),
                Effect::Decline if Some(n) == first(Effect::Decline) => button.key("F8"),
                _ => button,
            };
            line = line.push(button.icon(words::effect_icon(step.effect)).on_press(wrap(Message::Step(n))));
        }
        if !self.outcomes.is_empty() {
            let results = button::quiet("登记结果…").icon(Icon::FileCheck2).on_press(wrap(Message::Results));
            line = line.push(results);
        }
        let edge = rule::across(rule::Weight::Strong);
        let body = container(line.wrap().vertical_spacing(sp::S6))
            .id(FOOT)
            .width(Length::Fill)
            .padding(Padding { top: sp::S8, bottom: sp::S8, left: MARGIN, right: MARGIN })
            .style(|theme: &Theme| container::background(theme.tokens.inset));
        Some(column![edge, body].into())
    }
}
