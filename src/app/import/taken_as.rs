//! 导入为, drawn: what the rows become, which areas, and what the list's covering letter says.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::Message;
use super::purpose::{self, As, Change};
use super::review::Review;
use crate::app::ctx::Ctx;
use crate::catalog::Catalog;
use crate::domain::date;
use crate::ui::widget::field::Says;
use crate::ui::widget::list::Item;
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::{checkbox, date_field, input, menu, section, select};
use crate::ui::{Density, Element, Tone, measure, space as sp, text};

/// Width of the labels.
const LABEL: f32 = 56.0;

/// Width of a control, and of the words in it.
const FIELD: f32 = 316.0 - LABEL - 8.0;
const WORDS: f32 = FIELD - 44.0;

impl Review {
    pub(super) fn taken_as_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let form = &self.form;
        // Many fields in little room: compact, however large the rows are.
        let density = Density::Compact;
        let purposes = As::ALL.map(|purpose| Item::new(purpose, purpose.label()));
        let purpose = select::select(purposes, Some(form.purpose))
            .on_choose(|purpose| Message::Change(Change::As(purpose)))
            .width(Length::Fill)
            .density(density);
        let mut fields = column![section::section("导入为", None, None), labelled("作为", purpose)].spacing(sp::S6);
        if form.purpose == As::Certificates {
            let kinds =
                Catalog::builtin().certificates().iter().map(|kind| Item::new(kind.id.clone(), cut(&kind.name)));
            let kind = select::select(kinds, Some(form.kind.clone()))
                .on_choose(|kind| Message::Change(Change::Kind(kind)))
                .width(Length::Fill)
                .density(density);
            fields = fields.push(labelled("种类", kind));
        }
        if matches!(form.purpose, As::Results | As::Filings) {
            fields = fields.push(labelled("批次", self.editions(ctx)));
        }
        if form.purpose == As::Results {
            fields = fields.push(labelled("阶段", self.stages(ctx)));
            let segments = [Segment::new(true, "通过"), Segment::new(false, "不通过")];
            let passed = segmented(segments, &form.passed, |passed| Message::Change(Change::Passed(passed)));
            fields = fields.push(labelled("结果", passed));
        }
        if !self.areas.is_empty() {
            fields = fields.push(labelled("地区", self.areas_menu()));
        }
        if matches!(form.purpose, As::Certificates | As::Results) {
            let read = form.day(ctx.today);
            let wrong = read.as_ref().err().map(|problem| problem.says.clone());
            let day = date_field::date_field(
                &form.date,
                read.unwrap_or_default(),
                ctx.today,
                |typed| Message::Change(Change::Date(typed)),
                |day| Message::Change(Change::Day(day)),
            )
            .tone(wrong.as_ref().map(|_| Tone::Danger))
            .width(FIELD)
            .density(density);
            let name = if form.purpose == As::Certificates { "发证日" } else { "公布日" };
            let says = wrong.and_then(|wrong| Says::Error(wrong).view());
            let says = says.map(|says| container(says).padding(iced::padding::left(LABEL + sp::S8)));
            fields = fields.push(labelled(name, day)).push(says);
            let document = input::input(&form.document)
                .placeholder("发文字号")
                .on_input(|typed| Message::Change(Change::Document(typed)))
                .density(density);
            fields = fields.push(labelled("文号", document));
        }
        if form.purpose == As::Certificates {
            let batch = input::input(&form.batch)
                .placeholder("第几批")
                .on_input(|typed| Message::Change(Change::Batch(typed)))
                .density(density);
            fields = fields.push(labelled("批次", batch)).push(self.certificate_hint(ctx));
        }
        if form.purpose != As::Results {
            fields = fields.push(tick("档案里没有的企业，新建档案", form.new_firms, Change::NewFirms));
        }
        fields = fields.push(tick("和档案不同时，以名单为准", form.list_wins, Change::ListWins));
        fields.into()
    }

    fn editions<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let all =
            purpose::editions(&ctx.ledger).into_iter().map(|edition| Item::new(edition.id, cut(&edition.label())));
        select::select(all, self.form.edition)
            .placeholder("请选择批次")
            .on_choose(|id| Message::Change(Change::Edition(id)))
            .width(Length::Fill)
            .density(Density::Compact)
            .into()
    }

    fn stages<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let edition = self.form.edition.and_then(|id| ctx.ledger.edition(id));
        let all = edition.map(purpose::stages).unwrap_or_default();
        let all = all.into_iter().map(|stage| {
            let item = Item::new(stage.id.clone(), cut(&stage.name));
            if stage.awards { item.detail("取得资格") } else { item }
        });
        select::select(all, edition.map(|_| self.form.stage.clone()))
            .placeholder("先选批次")
            .on_choose(|stage| Message::Change(Change::Stage(stage)))
            .width(Length::Fill)
            .density(Density::Compact)
            .into()
    }

    fn areas_menu(&self) -> Element<'_, Message> {
        let taken = self.form.areas.as_ref();
        let words = match taken {
            None => format!("全部 {} 个", self.areas.len()),
            Some(areas) if areas.is_empty() => "一个也没选".to_owned(),
            Some(areas) => {
                let names: Vec<&str> = areas.iter().map(String::as_str).collect();
                match names.as_slice() {
                    [only] => (*only).to_owned(),
                    [first, ..] => format!("{first} 等 {} 个", names.len()),
                    [] => String::new(),
                }
            }
        };
        let first = [Item::new(None, "全部地区").checked(taken.is_none()), Item::line()];
        let rest = self.areas.iter().map(|area| {
            let rows = self.area_rows.get(area).copied().unwrap_or_default();
            Item::new(Some(area.clone()), area.clone())
                .detail(format!("{rows} 行"))
                .checked(taken.is_none_or(|taken| taken.contains(area)))
        });
        menu::menu(
            select::opener(cut(&words), Density::Compact),
            first.into_iter().chain(rest),
            move |area: Option<String>| {
                Message::Change(match area {
                    None => Change::AllAreas,
                    Some(area) => {
                        // From “all”, ticking one means it alone.
                        let on = taken.is_none_or(|taken| !taken.contains(&area));
                        Change::Area(area, on)
                    }
                })
            },
        )
        .stays()
        .as_wide()
        .density(Density::Compact)
        .into()
    }

    /// What will stand on each certificate.
    fn certificate_hint(&self, ctx: &Ctx) -> Option<Element<'_, Message>> {
        let kind = Catalog::builtin().certificate(&self.form.kind)?;
        let issued = self.form.day(ctx.today).ok().flatten();
        let ends = issued.and_then(|day| kind.validity.last_day(day));
        let words = match (issued, ends) {
            (Some(_), Some(ends)) => format!("证书记为“{}”，有效期至 {}。", kind.name, date::iso(ends)),
            (Some(_), None) => format!("证书记为“{}”，没有有效期。", kind.name),
            (None, _) => format!("证书记为“{}”；没有发证日，有效期就算不出来。", kind.name),
        };
        Some(container(text::small(words)).padding(iced::padding::left(LABEL + sp::S8)).into())
    }
}

fn labelled<'a>(name: &'a str, control: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let name = container(text::toned(text::SMALL, Tone::Quiet, name)).width(LABEL).padding(iced::padding::left(8));
    row![name, container(control).width(Length::Fill)].spacing(sp::S8).align_y(Vertical::Center).into()
}

fn tick<'a>(words: &'a str, on: bool, change: fn(bool) -> Change) -> Element<'a, Message> {
    let tick = checkbox::checkbox(words, on, Some(move |on| Message::Change(change(on))));
    container(tick).padding(iced::padding::left(8)).into()
}

fn cut(words: &str) -> String {
    measure::cut(words, text::BODY.size, false, WORDS).into_owned()
}
