//! What an import did: its numbers, each opening its records, and whether it still stands.

use std::collections::BTreeSet;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::Message;
use super::review::Review;
use crate::app::ctx::Ctx;
use crate::app::place::{DataTab, Place};
use crate::domain::event::RecordKind;
use crate::domain::id::RecordId;
use crate::exchange::import::Applied;
use crate::store::Done;
use crate::store::ledger::{FilingFilter, FirmFilter};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::tokens::radius;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::{button, section};
use crate::ui::{Element, Tone, space as sp, text};

/// An import that was written.
pub struct Written {
    pub name: String,
    pub title: String,
    pub action: Option<RecordId>,
    pub applied: Applied,
    /// Not entered, changed or filed by it: what waits for a person.
    pub open: usize,
    new: BTreeSet<RecordId>,
    firms: BTreeSet<RecordId>,
    filings: BTreeSet<RecordId>,
    /// It was taken back.
    pub undone: bool,
}

impl Written {
    /// What was done to what `ctx` still shows as it was before.
    pub fn new(review: &Review, done: &Done<Applied>, ctx: &Ctx) -> Self {
        let of = |wanted: RecordKind| -> BTreeSet<RecordId> {
            done.touched.iter().filter(|(_, kind)| *kind == Some(wanted)).map(|(id, _)| *id).collect()
        };
        let firms = of(RecordKind::Firm);
        let (doubtful, damaged) = review.open();
        Self {
            name: review.loaded.name.clone(),
            title: review.table.title.clone(),
            action: done.action,
            applied: done.value,
            open: doubtful + damaged,
            new: firms.iter().copied().filter(|id| ctx.ledger.firm(*id).is_none()).collect(),
            filings: of(RecordKind::Filing),
            firms,
            undone: false,
        }
    }

    /// In one sentence, for the toast.
    pub fn words(&self) -> String {
        let Applied { rows, certificates, results, filings, changed, .. } = self.applied;
        let parts = [
            ("新企业", self.new.len(), "家"),
            ("证书", certificates, "张"),
            ("申报", filings, "件"),
            ("结果", results, "件"),
            ("改动企业", if certificates == 0 { changed } else { 0 }, "家"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(_, n, _)| *n > 0).map(|(what, n, unit)| format!("{what} {n} {unit}")).collect();
        if parts.is_empty() {
            format!("导入 {rows} 行")
        } else {
            format!("导入 {rows} 行：{}", parts.join("，"))
        }
    }

    /// The page.
    pub fn view<'a>(&'a self, _ctx: &'a Ctx) -> Element<'a, Message> {
        let firms = |among: &BTreeSet<RecordId>| {
            let filter = FirmFilter { among: Some(among.clone()), ..FirmFilter::default() };
            (!among.is_empty()).then_some(Message::Go(Place::Firms { filter, open: None }))
        };
        let filings = {
            let filter = FilingFilter { among: Some(self.filings.clone()), ..FilingFilter::default() };
            (!self.filings.is_empty()).then_some(Message::Go(Place::Filings { filter, open: None }))
        };
        let Applied { certificates, results, filings: opened, .. } = self.applied;
        let known: BTreeSet<RecordId> = self.firms.difference(&self.new).copied().collect();
        let figures = [
            ("新建企业", self.new.len(), "家", firms(&self.new)),
            ("改动原有企业", known.len(), "家", firms(&known)),
            ("记证书", certificates, "张", firms(&self.firms)),
            ("新增申报", opened, "件", filings.clone()),
            ("登记结果", results, "件", filings),
        ];
        let mut table = column![];
        for (label, n, unit, go) in figures.into_iter().filter(|(_, n, ..)| *n > 0) {
            table = table
                .push(figure(label, n, unit, if self.undone { None } else { go }))
                .push(rule::across(Weight::Hair));
        }
        let (icon_, tone, title) = if self.undone {
            (Icon::Undo2, Tone::Quiet, "这次导入已经撤销，写入的都收回了".to_owned())
        } else {
            (Icon::CircleCheck, Tone::Success, format!("已写入 {} 行", self.applied.rows))
        };
        let head = row![icon::toned(icon_, icon::size::PALETTE, tone), text::title(title)]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
        let from = if self.title.is_empty() { self.name.clone() } else { format!("{}（{}）", self.title, self.name) };
        let open = (self.open > 0 && !self.undone).then(|| {
            text::toned(
                text::BODY,
                Tone::Warn,
                format!("还有 {} 行没有写入（待确认或损坏），可以再导一次这份名单接着处理。", self.open),
            )
        });
        let buttons = row![
            button::primary("再导一份").icon(Icon::Upload).on_press(Message::Another),
            button::normal("看企业").icon(Icon::Building2).on_press(if self.undone {
                None
            } else {
                firms(&self.firms)
            }),
            button::normal("看导入记录").icon(Icon::History).on_press(Message::Go(Place::Data(DataTab::Imports))),
        ]
        .push(
            (!self.undone)
                .then_some(self.action)
                .flatten()
                .map(|action| button::quiet("撤销这次导入").icon(Icon::Undo2).on_press(Message::Undo(action))),
        )
        .spacing(sp::S8);
        let page = column![head, text::small(from)]
            .push(section::section("写入了什么", Some("点数字看是哪些"), None))
            .push(table)
            .push(open)
            .push(buttons)
            .spacing(sp::S12)
            .max_width(720);
        container(page).padding(iced::Padding { top: 20.0, left: 24.0, right: 20.0, bottom: 20.0 }).into()
    }
}

fn figure<'a>(label: &'a str, n: usize, unit: &'a str, go: Option<Message>) -> Element<'a, Message> {
    let goes = go.is_some();
    let line = row![
        container(text::body(label)).width(160),
        container(text::figure(n.to_string())).width(96).align_x(iced::alignment::Horizontal::Right),
        text::small(unit),
        space().width(Length::Fill),
    ]
    .push(goes.then(|| icon::toned(Icon::ChevronRight, icon::size::BUTTON, Tone::Quiet)))
    .spacing(sp::S8)
    .align_y(Vertical::Center);
    Press::new(line, |theme, status| {
        let t = theme.tokens;
        let look = Look::bare(t.t1).radius(radius::CONTROL).ring_inside();
        if status.hovered { look.ground(t.hover) } else { look }
    })
    .on_press(go)
    .padding([0, 8])
    .width(Length::Fill)
    .height(44)
    .into()
}
