//! 申报: what the firm has filed, newest first; pressing one goes to it among those of its edition.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};

use super::{File, nothing};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::words;
use crate::domain::people::Permission;
use crate::ui::widget::button;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::{Element, Icon, Theme, Tone, space as sp, text};

impl File {
    pub(super) fn filings_table<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let new = button::normal("新增申报").icon(Icon::Plus).small().on_press(FirmsMessage::NewFiling(self.id));
        let new = ctx.may(Permission::EnterFilings).then(|| new.into());
        let mut all = column![heading("申报", None, new), rule::across(Weight::Heavy)];
        if self.filings.is_empty() {
            all = all.push(nothing("还没有申报过。"));
        }
        for filing in self.filings.iter().filter_map(|id| ctx.ledger.filing(*id)) {
            let label = ctx.ledger.edition_of(filing).map(|edition| edition.label()).unwrap_or_default();
            let first =
                row![container(text::styled(text::BODY, label)).width(Length::Fill), words::status(filing).view(),]
                    .spacing(sp::S8)
                    .align_y(Vertical::Center);
            let mut second = row![text::line(text::SMALL, Tone::Quiet, filing.stage().short.as_str())].spacing(sp::S12);
            if filing.round > 1 {
                second = second.push(text::line(text::SMALL, Tone::Quiet, format!("第 {} 轮", filing.round)));
            }
            if !filing.number.is_empty() {
                second = second.push(text::line(text::SMALL, Tone::Quiet, &*filing.number));
            }
            second = second.push(space().width(Length::Fill));
            if filing.due.is_some() {
                second = second.push(words::due(filing.due, ctx).view(text::SMALL));
            } else {
                second = second.push(text::line(text::SMALL, Tone::Faint, words::day(filing.last_day, ctx)));
            }
            let line = container(column![first, second.align_y(Vertical::Center)].spacing(sp::S2)).padding([7, 8]);
            let id = filing.id;
            all = all
                .push(
                    Press::new(line, |theme: &Theme, status| {
                        let look = Look::bare(theme.tokens.t1).ring_inside();
                        if status.hovered { look.ground(theme.tokens.hover) } else { look }
                    })
                    .left()
                    .width(Length::Fill)
                    .on_press(FirmsMessage::Filing(id)),
                )
                .push(rule::across(Weight::Hair));
        }
        all.into()
    }
}
