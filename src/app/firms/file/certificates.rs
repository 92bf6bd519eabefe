//! 证书: what the firm holds, the ones that count first, each with the list it came from.

use std::cmp::Reverse;

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use super::{File, Message, certificate_form, nothing};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::words;
use crate::catalog::Catalog;
use crate::domain::certificate::{Certificate, attr, validity};
use crate::store::queries::FirmFile;
use crate::ui::widget::button;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::section::heading;
use crate::ui::{Element, Icon, Theme, Tone, space as sp, text};

/// The whole name of a certificate: its kind, and its own name where it has one.
fn name(certificate: &Certificate) -> String {
    let kind = Catalog::builtin().certificate(&certificate.kind);
    let kind = kind.map_or(certificate.kind.as_str(), |kind| kind.name.as_str());
    match certificate.get(attr::NAME) {
        Some(own) => format!("{kind}：{own}"),
        None => kind.to_owned(),
    }
}

impl File {
    pub(super) fn certificates<'a>(&'a self, data: &'a FirmFile, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let send = |message| FirmsMessage::File(Message::Certificate(message));
        let new = button::normal("新增证书").icon(Icon::Plus).small();
        let new = (!self.frozen()).then(|| new.on_press(send(certificate_form::Message::New)).into());
        let mut all = column![heading("证书", None, new), rule::across(Weight::Heavy)];
        if data.firm.certificates.is_empty() {
            all = all.push(nothing("还没有证书。导入名单时会自动记到企业上，也可以在这里新增。"));
        }
        let stands = |certificate: &Certificate| {
            validity(certificate.day(attr::ENDS), certificate.day(attr::REVOKED), ctx.today)
        };
        let mut held: Vec<&Certificate> = data.firm.certificates.iter().collect();
        held.sort_by_key(|held| (stands(held), Reverse(held.day(attr::ENDS)), Reverse(held.day(attr::ISSUED))));
        for certificate in held {
            let first = row![
                container(text::strong(name(certificate))).width(Length::Fill),
                words::validity(stands(certificate)).view(),
            ]
            .spacing(sp::S8)
            .align_y(Vertical::Center);
            let day = |attr: &str, word: &str| certificate.day(attr).map(|day| format!("{day} {word}"));
            let facts = [
                certificate.get(attr::NUMBER).map(str::to_owned),
                certificate.get(attr::LEVEL).map(str::to_owned),
                certificate.get(attr::PERSON).map(|person| format!("人选：{person}")),
                day(attr::ISSUED, "发证"),
                day(attr::ENDS, "到期"),
                day(attr::REVOKED, "撤销"),
                certificate.get(attr::BATCH).map(str::to_owned),
                certificate.get(attr::DOCUMENT).map(str::to_owned),
            ];
            let facts: Vec<String> = facts.into_iter().flatten().collect();
            let facts = if facts.is_empty() { "编号、日期都还没有填".to_owned() } else { facts.join("　") };
            let source = self.source_words(certificate.source);
            let line = column![first, text::toned(text::SMALL, Tone::Quiet, facts)]
                .push(source.map(|words| text::toned(text::NOTE, Tone::Faint, words)))
                .spacing(sp::S2);
            let edit = certificate_form::Message::Edit(certificate.kind.clone(), certificate.slug.clone());
            let press = Press::new(container(line).padding([7, 8]), |theme: &Theme, status| {
                let look = Look::bare(theme.tokens.t1).ring_inside();
                if status.hovered { look.ground(theme.tokens.hover) } else { look }
            })
            .left()
            .width(Length::Fill)
            .on_press((!self.frozen()).then(|| send(edit)));
            all = all.push(press).push(rule::across(Weight::Hair));
        }
        all.into()
    }
}
