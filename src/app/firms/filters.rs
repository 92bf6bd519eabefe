//! The chips above the list: what is asked for, changed by menus with ticks, taken away one by one or all together.

use std::collections::BTreeSet;

use iced::alignment::Vertical;
use iced::widget::row;

use super::facets::{self, Facets};
use super::{Firms, Message};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::catalog::industries;
use crate::domain::certificate::Validity;
use crate::store::ledger::{CertificateFilter, FirmFilter};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, chip, menu};
use crate::ui::{Element, Tone, space as sp, text};

/// What a person does to the filter.
#[derive(Debug, Clone)]
pub enum Change {
    Text(String),
    /// Ticked or not any more.
    Township(String),
    AnyTownship,
    Scale(Option<Option<bool>>),
    /// A 门类 or 大类, ticked or not any more.
    Industry(String),
    AnyIndustry,
    Certificate(Option<CertificateFilter>),
    /// No longer only the firms a figure counted.
    Everyone,
    /// All firms.
    Clear,
}

/// Codes that stand for a class: a 门类 counts by its letter and by its 大类, because a firm's code begins with digits.
fn codes(class: &str) -> Vec<String> {
    let mut codes = vec![class.to_owned()];
    if industries::industry(class).is_some_and(|own| own.code == own.section) {
        codes.extend(industries::children(class).into_iter().map(|division| division.code.to_owned()));
    }
    codes
}

/// Whether all that a class stands for is asked for.
fn ticked(wanted: &BTreeSet<String>, class: &str) -> bool {
    codes(class).iter().all(|code| wanted.contains(code))
}

/// Does a change.
pub fn apply(filter: &mut FirmFilter, change: Change) {
    match change {
        Change::Text(text) => filter.text = text,
        Change::Township(name) => {
            if !filter.townships.remove(&name) {
                filter.townships.insert(name);
            }
        }
        Change::AnyTownship => filter.townships.clear(),
        Change::Scale(scale) => filter.scale = scale,
        Change::Industry(class) => {
            let codes = codes(&class);
            let on = ticked(&filter.industries, &class);
            // A 门类 is whole or not at all: what is taken out of it takes its letter along.
            if let Some(own) = industries::industry(&class)
                && on
            {
                filter.industries.remove(own.section);
            }
            for code in codes {
                if on {
                    filter.industries.remove(&code);
                } else {
                    filter.industries.insert(code);
                }
            }
        }
        Change::AnyIndustry => filter.industries.clear(),
        Change::Certificate(certificate) => filter.certificate = certificate,
        Change::Everyone => filter.among = None,
        Change::Clear => *filter = FirmFilter::default(),
    }
}

/// Several names in the room of a chip.
fn several(mut names: Vec<String>, unit: &str) -> String {
    match names.len() {
        1 => names.remove(0),
        2 if names.iter().map(|name| name.chars().count()).sum::<usize>() <= 10 => names.join("、"),
        n => format!("{n} {unit}"),
    }
}

fn industries_in_words(wanted: &BTreeSet<String>) -> String {
    let whole: Vec<&str> =
        wanted.iter().map(String::as_str).filter(|code| code.len() == 1 && ticked(wanted, code)).collect();
    let in_whole = |code: &str| {
        industries::industry(code).is_some_and(|own| whole.contains(&own.section) && own.code != own.section)
    };
    let names = wanted.iter().filter(|code| !in_whole(code));
    let names = names.map(|code| industries::industry(code).map_or_else(|| code.clone(), |own| own.name.to_owned()));
    several(names.collect(), "类")
}

fn certificate_in_words(wanted: &CertificateFilter, ctx: &Ctx) -> String {
    let kind = words::certificate_kind(&wanted.kind);
    let state = match (wanted.validity, wanted.ends_by) {
        (None, _) => "没有".to_owned(),
        (_, Some(day)) if day == facets::soon(ctx.today) => "90 天内到期".to_owned(),
        (_, Some(day)) => format!("{} 前到期", words::day(day, ctx)),
        (Some(Validity::Valid), None) => "有效".to_owned(),
        (Some(Validity::EndsThisYear), None) => "本年到期".to_owned(),
        (Some(Validity::Expired), None) => "已到期".to_owned(),
        (Some(Validity::Revoked), None) => "已撤销".to_owned(),
        (Some(Validity::Unknown), None) => "持有，不知期限".to_owned(),
    };
    format!("{kind}{state}")
}

fn scale_word(scale: Option<bool>) -> &'static str {
    match scale {
        Some(true) => "规上",
        Some(false) => "规下",
        None => "不清楚",
    }
}

/// An opener, or while it is in force the chip with its ×.
fn chip_of<'a>(
    name: &'a str,
    chosen: Option<String>,
    items: Vec<Item<Change>>,
    remove: Change,
    several: bool,
) -> Element<'a, Message> {
    let menu_of = |trigger: Element<'a, ()>, items| {
        let menu = menu::menu(trigger, items, Message::Filter);
        if several { menu.stays() } else { menu }
    };
    // Both stand in the same place of the view, so that a menu with ticks stays open when the first one is ticked.
    let line = match chosen {
        None => row![menu_of(chip::opener(name, false, ()), items)],
        Some(words) => row![
            menu_of(chip::opener_half(format!("{name}：{words}"), ()), items),
            chip::taker(Message::Filter(remove))
        ],
    };
    line.into()
}

impl Firms {
    /// The chips.
    pub(super) fn chips<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let (filter, facets) = (&self.filter, &self.facets);
        let mut line = row![
            self.township_chip(filter, facets),
            self.scale_chip(filter, facets),
            self.certificate_chip(filter, facets, ctx),
            self.industry_chip(filter, facets),
        ];
        if let Some(among) = &filter.among {
            line = line.push(chip::removable(
                format!("指定的 {} 家", among.len()),
                None,
                Message::Filter(Change::Everyone),
            ));
        }
        if !filter.is_empty() {
            line = line
                .push(button::quiet("清除").small().tip("不筛选，看全部企业").on_press(Message::Filter(Change::Clear)));
        }
        if ctx.ledger.figures_year > 0 {
            let year = format!("数字为 {} 年度", ctx.ledger.figures_year);
            line = line.push(text::line(text::NOTE, Tone::Faint, year));
        }
        line.spacing(sp::S8).align_y(Vertical::Center).wrap().vertical_spacing(sp::S6).into()
    }

    fn township_chip<'a>(&'a self, filter: &FirmFilter, facets: &Facets) -> Element<'a, Message> {
        let name = |town: &str| if town.is_empty() { "未填".to_owned() } else { town.to_owned() };
        let chosen = (!filter.townships.is_empty())
            .then(|| several(filter.townships.iter().map(|town| name(town)).collect(), "个"));
        let items = facets.townships.iter().map(|(town, firms)| {
            Item::new(Change::Township(town.clone()), name(town))
                .checked(filter.townships.contains(town))
                .detail(firms.to_string())
        });
        chip_of("乡镇街道", chosen, items.collect(), Change::AnyTownship, true)
    }

    fn scale_chip<'a>(&'a self, filter: &FirmFilter, facets: &Facets) -> Element<'a, Message> {
        let chosen = filter.scale.map(|scale| scale_word(scale).to_owned());
        let items = [Some(true), Some(false), None].into_iter().zip(facets.scale).map(|(scale, firms)| {
            Item::new(Change::Scale(Some(scale)), scale_word(scale))
                .checked(filter.scale == Some(scale))
                .detail(firms.to_string())
        });
        chip_of("规模", chosen, items.collect(), Change::Scale(None), false)
    }

    fn certificate_chip<'a>(&'a self, filter: &FirmFilter, facets: &Facets, ctx: &Ctx) -> Element<'a, Message> {
        let chosen = filter.certificate.as_ref().map(|wanted| certificate_in_words(wanted, ctx));
        let mut items = Vec::new();
        for (kind, held) in &facets.certificates {
            items.push(Item::heading(words::certificate_kind(kind)));
            for (word, ask, firms) in facets::questions(kind, *held, facets.firms, ctx.today) {
                let on = filter.certificate.as_ref() == Some(&ask);
                items.push(Item::new(Change::Certificate(Some(ask)), word).checked(on).detail(firms.to_string()));
            }
        }
        if items.is_empty() {
            items.push(Item::heading("还没有录入证书"));
        }
        chip_of("证书", chosen, items, Change::Certificate(None), false)
    }

    fn industry_chip<'a>(&'a self, filter: &FirmFilter, facets: &Facets) -> Element<'a, Message> {
        let wanted = &filter.industries;
        let chosen = (!wanted.is_empty()).then(|| industries_in_words(wanted));
        let mut items = Vec::new();
        let item = |code: &str, name: String, firms: usize| {
            Item::new(Change::Industry(code.to_owned()), name)
                .checked(wanted.contains(code) && ticked(wanted, code))
                .detail(firms.to_string())
        };
        let name = |code: &str| industries::industry(code).map_or("", |own| own.name);
        for (section, firms, divisions) in &facets.sections {
            items.push(item(section, format!("{section} {}", name(section)), *firms));
            items.extend(divisions.iter().map(|(code, firms)| item(code, format!("　{code} {}", name(code)), *firms)));
        }
        if items.is_empty() {
            items.push(Item::heading("还没有录入行业代码"));
        }
        chip_of("行业", chosen, items, Change::AnyIndustry, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_ticked_whole_and_loses_its_name_when_a_part_is_taken_out() {
        let mut filter = FirmFilter::default();
        apply(&mut filter, Change::Industry("C".into()));
        assert!(filter.industries.contains("36") && filter.industries.len() == 32);
        assert_eq!(industries_in_words(&filter.industries), "制造业");
        apply(&mut filter, Change::Industry("36".into()));
        assert!(!filter.industries.contains("C") && !filter.industries.contains("36"));
        assert_eq!(industries_in_words(&filter.industries), "30 类");
        apply(&mut filter, Change::Industry("C".into()));
        apply(&mut filter, Change::Industry("C".into()));
        assert!(filter.is_empty());
    }
}
