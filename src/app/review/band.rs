//! The band over the queue while filings of a package that was taken in wait here: from whom, how many, and the way back.

use iced::alignment::Vertical;
use iced::widget::{container, row, space};
use iced::{Length, Padding};

use super::{Message, Review};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::words;
use crate::domain::event::{Purpose, Stamp};
use crate::domain::id::RecordId;
use crate::domain::machine::Key;
use crate::domain::people::Permission;
use crate::store::packages::PackageRow;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::button;
use crate::ui::{Element, measure, space as sp, text};

/// The last package that brought filings for review.
#[derive(Debug)]
pub struct Package {
    from: Key,
    name: String,
    at: Stamp,
    filings: Vec<RecordId>,
}

impl Package {
    /// The newest one taken in here that was made for review; those of before are over.
    pub fn find(rows: &[PackageRow]) -> Option<Self> {
        rows.iter().find_map(|row| {
            let taken = row.taken.iter().find(|taken| taken.own && taken.fact.purpose == Purpose::Review)?;
            let fact = &taken.fact;
            Some(Self { from: fact.from, name: fact.name.clone(), at: taken.at, filings: fact.filings.clone() })
        })
    }
}

impl Review {
    /// How many of the package's filings wait, and how many were decided today. `None`: there is none, or nothing of it is here.
    pub(super) fn count_package(&mut self, ctx: &Ctx) {
        self.package_counts = self.package.as_ref().and_then(|package| {
            let waits = |id: &RecordId| {
                let row = ctx.ledger.filing(*id);
                row.is_some_and(|row| row.group() == crate::store::ledger::StatusGroup::Ours)
            };
            let waiting = package.filings.iter().filter(|id| waits(id)).count();
            let done =
                package.filings.iter().filter(|id| self.queue.done.iter().any(|done| done.filing == **id)).count();
            (waiting + done > 0).then_some((waiting, done))
        });
    }

    /// The band.
    pub(super) fn band<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let (package, (waiting, done)) = (self.package.as_ref()?, self.package_counts?);
        let words = format!(
            "由 {} 封装，{} 取入，共 {} 件，待审 {waiting} 件",
            package.name,
            words::stamp(package.at, ctx),
            package.filings.len()
        );
        let answer = ctx.may(Permission::Exchange).then(|| {
            button::normal(format!("导出回包（已审 {done} 件）"))
                .icon(Icon::Upload)
                .density(Density::Compact)
                .on_press(Message::Go(Place::Answer(package.from)))
        });
        // Where not all of it has room, the package is told and the advice is not.
        const ADVICE: &str = "审完导出回包，带回经办电脑合并";
        let width = |words: &str| measure::width(words, text::SMALL.size, false);
        let room = ctx.page_width() - if answer.is_some() { 340.0 } else { 150.0 };
        let advice = (width(&words) + width(ADVICE) <= room).then(|| text::line(text::SMALL, Tone::Quiet, ADVICE));
        let words = measure::cut(&words, text::SMALL.size, false, room.max(60.0)).into_owned();
        let line = row![
            icon::toned(Icon::Package, icon::size::BUTTON, Tone::Info),
            text::line(text::BODY.bold(), Tone::Info, "离线审核包"),
            text::line(text::SMALL, Tone::Plain, words),
            space().width(Length::Fill),
        ]
        .push(advice)
        .push(answer)
        .spacing(sp::S8)
        .height(38)
        .align_y(Vertical::Center);
        let band = container(line)
            .width(Length::Fill)
            .padding(Padding { left: 14.0, right: 14.0, ..Padding::ZERO })
            .style(|theme: &Theme| container::background(theme.tokens.info_soft));
        Some(band.into())
    }
}
