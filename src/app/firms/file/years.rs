//! 年度数据: figures by year, edited in place, with the growth of the newest year. What was not reported is said to be so.

use std::collections::BTreeMap;

use iced::advanced::widget::Id;
use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{File, Message as FileMessage};
use crate::app::ctx::Ctx;
use crate::app::firms::Message as FirmsMessage;
use crate::app::update::Update;
use crate::domain::firm::{FactUnit, YEAR_FACTS, YearFact, check, key};
use crate::domain::money::{Money, Ratio};
use crate::store::queries::FirmFile;
use crate::ui::widget::field::Says;
use crate::ui::widget::ledger::{Cell, Column, ledger};
use crate::ui::widget::list::Item;
use crate::ui::widget::press::{Look, Press};
use crate::ui::widget::section::heading;
use crate::ui::widget::{button, input, keys, menu};
use crate::ui::{Density, Element, Icon, Theme, Tone, measure, space as sp, text};

/// The field of the cell that is being edited.
const CELL: &str = "firm-cell";
/// 职工总数（人） in the small size, with its padding.
const LABEL: f32 = 114.0;
/// +1.75 百分点 in the smallest size, with its padding.
const GROWTH: f32 = 92.0;
/// A year's column at least.
const YEAR: f32 = 78.0;
/// How many years back a year can be added.
const BACK: i32 = 10;

/// What is being edited, and which years show.
#[derive(Debug, Default)]
pub struct Years {
    cell: Option<Edit>,
    /// Years added by hand and still without a figure.
    added: Vec<i32>,
    /// How many of the newest years are passed over.
    back: usize,
}

/// A cell being edited.
#[derive(Debug)]
struct Edit {
    year: i32,
    fact: &'static YearFact,
    typed: String,
    wrong: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open(i32, &'static str),
    Typed(String),
    /// Stores the cell, and goes this many cells on.
    Save(i32),
    Stop,
    Add(i32),
    Back(bool),
}

impl Years {
    /// Nothing is edited any more.
    pub fn stop(&mut self) {
        self.cell = None;
    }
}

/// A figure as the table shows it.
fn figure(fact: &YearFact, value: &str) -> String {
    match (fact.unit, value.parse::<i64>()) {
        (FactUnit::Money, Ok(fen)) => Money::from_fen(fen).cell(),
        _ => value.to_owned(),
    }
}

fn label(fact: &YearFact) -> String {
    match fact.unit {
        FactUnit::People => format!("{}（人）", fact.label),
        FactUnit::Items => format!("{}（件）", fact.label),
        FactUnit::Money | FactUnit::Basis => fact.label.to_owned(),
    }
}

fn cell_id(year: i32, fact: &YearFact) -> Id {
    Id::from(format!("firm-{}", key::of_year(year, fact.key)))
}

fn focus_cell(year: i32, fact: &YearFact) -> Update<FirmsMessage> {
    iced::widget::operation::focus(cell_id(year, fact)).into()
}

type Figures<'a> = BTreeMap<i32, BTreeMap<&'a str, &'a str>>;

fn money(years: &Figures<'_>, year: i32, fact: &str) -> Option<Money> {
    years.get(&year)?.get(fact)?.parse().ok().map(Money::from_fen)
}

fn rd_share(years: &Figures<'_>, year: i32) -> Option<Ratio> {
    Ratio::of(money(years, year, "rd"), money(years, year, "revenue"))
}

impl File {
    /// All years of the table, oldest first: those with figures, those added, and the last one that is over.
    fn all_years(&self, data: &FirmFile, ctx: &Ctx) -> Vec<i32> {
        let mut years: Vec<i32> = data.firm.years().into_keys().chain(self.years.added.iter().copied()).collect();
        years.push(ctx.year - 1);
        years.sort_unstable();
        years.dedup();
        years
    }

    pub(super) fn years_table<'a>(&'a self, data: &'a FirmFile, room: f32, ctx: &'a Ctx) -> Element<'a, FirmsMessage> {
        let figures = data.firm.years();
        let all = self.all_years(data, ctx);
        let widest = figures.values().flatten().filter_map(|(name, value)| {
            let fact = YEAR_FACTS.iter().find(|fact| fact.key == *name)?;
            Some(measure::width(&figure(fact, value), text::SMALL.size, false) + 17.0)
        });
        let width = widest.fold(YEAR, f32::max).ceil();
        let fit = (((room - LABEL - GROWTH) / width) as usize).max(1);
        let end = all.len().saturating_sub(self.years.back).max(1);
        let shown = &all[end.saturating_sub(fit)..end];
        let newest = shown.last().copied().unwrap_or(ctx.year - 1);

        let tail = self.years_tail(&all, end > fit, ctx);
        let editing = self.years.cell.is_some();
        let remark = if editing {
            "Tab 下一格，Enter 保存，Esc 放弃"
        } else {
            "单位：万元（另注明的除外）"
        };
        let head = heading("年度数据", Some(remark), Some(tail));
        let mut columns = vec![Column::left("项目", Length::Fill)];
        columns.extend(shown.iter().map(|year| Column::right(year.to_string(), width)));
        columns.push(Column::right("同比", GROWTH));
        let mut table = ledger(columns, Density::Compact).row_height(27.0);
        for fact in YEAR_FACTS {
            let mut line: Vec<Cell<'a, FirmsMessage>> = vec![text::line(text::SMALL, Tone::Plain, label(fact)).into()];
            line.extend(shown.iter().map(|year| {
                let value = figures.get(year).and_then(|facts| facts.get(fact.key)).copied();
                self.cell(*year, fact, value, width).into()
            }));
            line.push(growth(&figures, fact, newest).into());
            table = table.push(line);
            if fact.key == "rd" {
                table = table.push(share_line(&figures, shown, newest));
            }
        }
        let wrong = self.years.cell.as_ref().and_then(|cell| cell.wrong.clone()).map(Says::Error).and_then(Says::view);
        let hint = (!editing && !self.frozen()).then(|| {
            container(text::toned(
                text::NOTE,
                Tone::Faint,
                "点一格（或用 Tab 走到那一格按 Enter）就能改；没有报数的留空，不要填 0。",
            ))
            .padding(Padding { top: sp::S6, left: sp::S8, ..Padding::ZERO })
        });
        // It keeps its place when empty, so that the cell under it keeps the keyboard.
        let wrong = match wrong {
            Some(says) => container(says).padding(Padding { bottom: sp::S4, ..Padding::ZERO }),
            None => container(space()),
        };
        column![head, wrong, table].push(hint).into()
    }

    fn years_tail<'a>(&'a self, all: &[i32], older: bool, ctx: &Ctx) -> Element<'a, FirmsMessage> {
        let send = |message| FirmsMessage::File(FileMessage::Years(message));
        let missing = (ctx.year - BACK..=ctx.year).rev().filter(|year| !all.contains(year));
        let missing: Vec<Item<i32>> = missing.map(|year| Item::new(year, format!("{year} 年"))).collect();
        let mut tail = row![].spacing(sp::S4).align_y(Vertical::Center);
        if older || self.years.back > 0 {
            let step = |icon, tip: &'static str, back, on: bool| {
                let button = button::icon_only(icon).tip(tip);
                if on { button.on_press(send(Message::Back(back))) } else { button }
            };
            tail = tail.push(step(Icon::ChevronLeft, "更早的年份", true, older));
            tail = tail.push(step(Icon::ChevronRight, "更近的年份", false, self.years.back > 0));
        }
        if !self.frozen() && !missing.is_empty() {
            let add = button::quiet("加一年").icon(Icon::Plus).small().on_press(());
            tail = tail.push(menu::menu(add, missing, move |year| send(Message::Add(year))));
        }
        tail.into()
    }

    fn cell<'a>(
        &'a self,
        year: i32,
        fact: &'static YearFact,
        value: Option<&str>,
        width: f32,
    ) -> Element<'a, FirmsMessage> {
        let send = |message| FirmsMessage::File(FileMessage::Years(message));
        if let Some(edit) = self.years.cell.as_ref().filter(|edit| edit.year == year && edit.fact.key == fact.key) {
            let field = input::input(&edit.typed)
                .number()
                .in_cell()
                .id(CELL)
                .tone(edit.wrong.as_ref().map(|_| Tone::Danger))
                .width(width - 4.0)
                .on_input(move |typed| send(Message::Typed(typed)))
                .on_submit(send(Message::Save(0)));
            return keys::while_typing(field, move |pressed| {
                Some(send(match pressed.key {
                    Key::Named(Named::Tab) if pressed.modifiers.shift() => Message::Save(-1),
                    Key::Named(Named::Tab | Named::ArrowDown) => Message::Save(1),
                    Key::Named(Named::ArrowUp) => Message::Save(-1),
                    Key::Named(Named::Escape) => Message::Stop,
                    _ => return None,
                }))
            });
        }
        let (tone, words) = match (value, fact.unit) {
            (Some(value), _) => (Tone::Plain, figure(fact, value)),
            (None, FactUnit::Basis) => (Tone::Faint, "—".to_owned()),
            (None, _) => (Tone::Faint, "未报".to_owned()),
        };
        let words = container(text::line(text::SMALL, tone, words)).align_right(Length::Fill);
        Press::new(words, |theme: &Theme, status| {
            let look = Look::bare(theme.tokens.t1).ring_inside();
            if status.hovered && !status.disabled { look.ground(theme.tokens.hover) } else { look }
        })
        .id(cell_id(year, fact))
        .width(Length::Fill)
        .height(26)
        .on_press((!self.frozen()).then(|| send(Message::Open(year, fact.key))))
        .into()
    }

    fn open_cell(&mut self, year: i32, fact: &'static YearFact) -> Update<FirmsMessage> {
        let Some(data) = &self.data else { return Update::none() };
        let name = key::of_year(year, fact.key);
        let typed = data.firm.fields.get(&name).map(|value| check::editable(&name, value)).unwrap_or_default();
        self.years.cell = Some(Edit { year, fact, typed, wrong: None });
        let all = iced::widget::operation::select_all(CELL);
        iced::widget::operation::focus(CELL).chain(all).into()
    }

    /// Takes in what happened in the table.
    pub(super) fn edit_years(&mut self, message: Message, ctx: &Ctx) -> Update<FirmsMessage> {
        match message {
            Message::Open(year, fact) => match YEAR_FACTS.iter().find(|known| known.key == fact) {
                // Pressing another cell stores this one first, as a spreadsheet does.
                Some(fact) => {
                    let stored = self.store_cell(ctx);
                    match stored {
                        Some(stored) => stored.and(self.open_cell(year, fact)),
                        None => Update::none(),
                    }
                }
                None => Update::none(),
            },
            Message::Typed(typed) => {
                if let Some(edit) = &mut self.years.cell {
                    edit.typed = typed;
                    edit.wrong = None;
                }
                Update::none()
            }
            Message::Stop => {
                let cell = self.years.cell.take();
                cell.map_or_else(Update::none, |edit| focus_cell(edit.year, edit.fact))
            }
            Message::Save(on) => {
                let next = self.years.cell.as_ref().and_then(|edit| self.cell_after(edit, on, ctx));
                let here = self.years.cell.as_ref().map(|edit| (edit.year, edit.fact));
                let Some(stored) = self.store_cell(ctx) else { return Update::none() };
                match next {
                    Some((year, fact)) if on != 0 => stored.and(self.open_cell(year, fact)),
                    // The keyboard stays where it was, for Tab and Enter to go on.
                    _ => here.map_or_else(Update::none, |(year, fact)| focus_cell(year, fact)).and(stored),
                }
            }
            Message::Add(year) => {
                self.years.added.push(year);
                let all = self.data.as_ref().map(|data| self.all_years(data, ctx)).unwrap_or_default();
                let after = all.iter().filter(|known| **known > year).count();
                self.years.back = after;
                self.open_cell(year, &YEAR_FACTS[0])
            }
            Message::Back(back) => {
                self.years.stop();
                self.years.back = if back { self.years.back + 1 } else { self.years.back.saturating_sub(1) };
                Update::none()
            }
        }
    }

    /// Down a year's column, then the top of the next year's.
    fn cell_after(&self, edit: &Edit, on: i32, ctx: &Ctx) -> Option<(i32, &'static YearFact)> {
        let all = self.all_years(self.data.as_ref()?, ctx);
        let facts = YEAR_FACTS.len();
        let column = all.iter().position(|year| *year == edit.year)?;
        let line = YEAR_FACTS.iter().position(|fact| fact.key == edit.fact.key)?;
        let at = (column * facts + line).checked_add_signed(on as isize)?;
        Some((*all.get(at / facts)?, &YEAR_FACTS[at % facts]))
    }

    /// Writes what was typed. `None`: it cannot be written, and the cell says why.
    fn store_cell(&mut self, ctx: &Ctx) -> Option<Update<FirmsMessage>> {
        let Some(edit) = &mut self.years.cell else { return Some(Update::none()) };
        let name = key::of_year(edit.year, edit.fact.key);
        let value = match check::check(&name, &edit.typed, ctx.today) {
            Ok(checked) => checked.value,
            Err(problem) => {
                edit.wrong = Some(problem.to_string());
                return None;
            }
        };
        let stored = self.data.as_ref().and_then(|data| data.firm.fields.get(&name));
        let words = format!("{} 年{}", edit.year, edit.fact.label);
        let shown = value.as_deref().map_or("未报".to_owned(), |value| figure(edit.fact, value));
        let unit = if edit.fact.unit == FactUnit::Money && value.is_some() { " 万元" } else { "" };
        let same = stored == value.as_deref();
        self.years.stop();
        if same {
            return Some(Update::none());
        }
        let (id, values) = (self.id, [(name, value)].into_iter().collect());
        let firm = ctx.ledger.firm(id).map_or("", |firm| &*firm.name);
        let said = format!("已保存：{words} {shown}{unit}");
        let task = ctx.act(
            format!("修改“{firm}”{words}"),
            move |act| act.change_firm(id, &values, Vec::new(), None),
            move |done| FirmsMessage::File(FileMessage::Saved(said, done)),
        );
        Some(task.into())
    }
}

/// How a figure of the newest year stands to that of the year before.
fn growth<'a>(figures: &Figures<'_>, fact: &YearFact, newest: i32) -> Element<'a, FirmsMessage> {
    if fact.unit == FactUnit::Basis {
        return text::toned(text::SMALL, Tone::Faint, "—").into();
    }
    // Growth is a ratio: what is counted does not matter to it.
    match Ratio::growth(money(figures, newest, fact.key), money(figures, newest - 1, fact.key)) {
        Some(growth) => {
            let words = growth.as_growth();
            text::line(text::SMALL, tone_of(&words), words).into()
        }
        None => text::toned(text::SMALL, Tone::Faint, "—").into(),
    }
}

fn tone_of(words: &str) -> Tone {
    if words.starts_with('+') { Tone::Success } else { Tone::Quiet }
}

fn share_words(figures: &Figures<'_>, year: i32) -> Option<String> {
    rd_share(figures, year).map(|share| share.as_percent(2))
}

/// 研发占比, worked out from the two figures above it.
fn share_line<'a>(figures: &Figures<'_>, shown: &[i32], newest: i32) -> Vec<Cell<'a, FirmsMessage>> {
    let mut line: Vec<Cell<'a, FirmsMessage>> = vec![text::line(text::SMALL, Tone::Quiet, "研发占比").into()];
    for year in shown {
        line.push(match share_words(figures, *year) {
            Some(words) => text::line(text::SMALL, Tone::Quiet, words).into(),
            None => text::toned(text::SMALL, Tone::Faint, "—").into(),
        });
    }
    let points =
        rd_share(figures, newest).zip(rd_share(figures, newest - 1)).and_then(|(now, old)| now.change_from(old));
    // A change too small for the two shares to show is none.
    let same = share_words(figures, newest) == share_words(figures, newest - 1);
    let words = points.map(|points| if same { "持平".to_owned() } else { points.cell() });
    line.push(match words {
        Some(words) => text::line(text::NOTE, tone_of(&words), words).into(),
        None => text::toned(text::SMALL, Tone::Faint, "—").into(),
    });
    line
}
