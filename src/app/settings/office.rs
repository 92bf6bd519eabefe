//! 单位: the name that stands over every sheet, the district, its townships in official order.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, row, space};

use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::catalog::regions::{self, Region};
use crate::domain::Result;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::people::office_key;
use crate::store::Done;
use crate::store::acts::Values;
use crate::ui::icon::Icon;
use crate::ui::widget::field::{Says, field};
use crate::ui::widget::list::Item;
use crate::ui::widget::section::section;
use crate::ui::widget::{area, button, combo, input};
use crate::ui::{Element, space as sp, text};

/// Labels of the form are as wide as the longest.
const LABEL: f32 = 92.0;
/// Suggestions at most.
const FOUND: usize = 10;

/// What the form holds.
pub struct Office {
    name: String,
    /// As typed; the code is read from it.
    region: String,
    found: Vec<Region>,
    townships: area::Content,
    base: Written,
    saving: bool,
    tried: bool,
}

/// The form's values as they would be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Written {
    name: String,
    region: String,
    townships: Vec<String>,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Name(String),
    Region(String),
    Pick(&'static str),
    Townships(area::Action),
    /// Puts the official townships of the district in.
    Fill,
    Save,
    Saved(Result<Done<bool>>),
    Discard,
    /// 变更历史.
    History,
}

impl Office {
    /// As the ledger has it.
    pub fn new(ctx: &Ctx) -> Self {
        let mut this = Self {
            name: String::new(),
            region: String::new(),
            found: Vec::new(),
            townships: area::Content::new(),
            base: Written::default(),
            saving: false,
            tried: false,
        };
        this.read(ctx);
        this
    }

    fn read(&mut self, ctx: &Ctx) {
        let office = &ctx.ledger.office;
        self.base =
            Written { name: office.name.clone(), region: office.region.clone(), townships: office.townships.clone() };
        self.reset();
    }

    fn reset(&mut self) {
        self.name.clone_from(&self.base.name);
        self.region = spoken(&self.base.region);
        self.townships = area::Content::with_text(&self.base.townships.join("\n"));
        self.found.clear();
        self.tried = false;
    }

    /// The office may have been changed elsewhere; what is being typed stays.
    pub fn refresh(&mut self, ctx: &Ctx) {
        if !self.dirty() {
            self.read(ctx);
        }
    }

    /// Whether something is not saved.
    pub fn dirty(&self) -> bool {
        self.written() != self.base
    }

    fn written(&self) -> Written {
        let mut townships: Vec<String> = Vec::new();
        for name in self.townships.text().split(['\n', '；', ';', '、']) {
            let name = name.trim();
            if !name.is_empty() && !townships.iter().any(|known| known == name) {
                townships.push(name.to_owned());
            }
        }
        Written { name: self.name.trim().to_owned(), region: code(&self.region), townships }
    }

    /// What is wrong with the district, if anything.
    fn says_region(&self) -> Says {
        let code = code(&self.region);
        match (self.region.trim().is_empty(), regions::region(&code)) {
            (true, _) => Says::Hint("写名称或代码，输入时列出。".into()),
            (false, Some(_)) if code.len() == 6 => Says::Nothing,
            (false, _) if code.len() == 6 && code.bytes().all(|c| c.is_ascii_digit()) => {
                Says::Warning("区划表里没有这个代码，请核对。".into())
            }
            _ => Says::Error("请从列表里选一个，或写 6 位代码。".into()),
        }
    }

    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Name(name) => self.name = name,
            Message::Region(typed) => {
                self.found = regions::find(&typed, FOUND);
                self.region = typed;
            }
            Message::Pick(code) => {
                self.region = spoken(code);
                self.found.clear();
            }
            Message::Townships(action) => self.townships.perform(action),
            Message::Fill => {
                let names: Vec<&str> = regions::children(&code(&self.region)).iter().map(|r| r.name).collect();
                self.townships = area::Content::with_text(&names.join("\n"));
            }
            Message::Discard => self.reset(),
            Message::History => return Update::event(Event::History(RecordId::OFFICE)),
            Message::Save => {
                self.tried = true;
                let wrong = self.name.trim().is_empty() || matches!(self.says_region(), Says::Error(_));
                if wrong || self.saving || !self.dirty() {
                    return Update::none();
                }
                self.saving = true;
                let Written { name, region, townships } = self.written();
                let some = |text: String| (!text.is_empty()).then_some(text);
                let values: Values = [
                    (office_key::NAME.to_owned(), some(name)),
                    (office_key::REGION.to_owned(), some(region)),
                    (office_key::TOWNSHIPS.to_owned(), some(townships.join("；"))),
                ]
                .into();
                return Update::task(ctx.act("改单位信息", move |act| act.change_office(&values), Message::Saved));
            }
            Message::Saved(Ok(done)) => {
                self.saving = false;
                self.base = self.written();
                self.reset();
                return Update::saved(&done, "已保存单位信息");
            }
            Message::Saved(Err(problem)) => {
                self.saving = false;
                return problem.into();
            }
        }
        Update::none()
    }

    /// The form.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let changes = ctx.may(Permission::ChangeOffice);
        let name = if self.name.trim().is_empty() {
            Says::Error("单位名称不能为空。".into())
        } else {
            Says::Hint("印在推荐汇总表的“推荐单位（盖章）”上。".into())
        };
        let region = self.says_region();
        let found = self.found.iter().map(|region| {
            Item::new(region.code, regions::full_name(region.code).unwrap_or_default()).detail(region.code)
        });
        let region_field =
            input::input(&self.region).placeholder("如 371503，或写区县名称").tone(region.tone()).width(360);
        let region_field = if changes { region_field.on_input(Message::Region) } else { region_field };
        let written = self.written();
        let official = regions::children(&written.region);
        let count = written.townships.len();
        let fill = button::quiet("从行政区划带出").icon(Icon::MapPin).small();
        let fill = if official.is_empty() {
            fill.refused("区划表里没有这个区县的乡镇街道（目前只有山东省的），请自己列")
        } else {
            fill.on_press(Message::Fill)
        };
        let same = official.len() == count && official.iter().zip(&written.townships).all(|(a, b)| a.name == b);
        let hint = match (count, same) {
            (0, _) => "一行一个，按官方顺序。名单和报表都照这个顺序排。".to_owned(),
            (_, true) => format!("共 {count} 个，与行政区划一致。"),
            (_, false) => format!("共 {count} 个，名单和报表照这个顺序排。"),
        };
        let townships = column![
            area::area(&self.townships, "一行一个，按官方顺序", 230.0, None, changes.then_some(Message::Townships)),
            row![text::small(hint), space().width(Length::Fill)]
                .push(changes.then_some(fill))
                .align_y(Vertical::Center),
        ]
        .width(360)
        .spacing(sp::S4);
        let history = button::quiet("变更历史").icon(Icon::History).small().on_press(Message::History);
        let dirty = self.dirty();
        let save = button::primary(if self.saving { "正在保存…" } else { "保存单位信息" })
            .on_press((dirty && !self.saving).then_some(Message::Save));
        let discard = dirty.then(|| button::quiet("放弃改动").on_press(Message::Discard));
        let buttons = row![space().width(LABEL + sp::S12 - sp::S8), save].push(discard).spacing(sp::S8);
        let name_field = input::input(&self.name).tone(name.tone()).width(360);
        let name_field = if changes { name_field.on_input(Message::Name).on_submit(Message::Save) } else { name_field };
        column![
            section("单位", Some("写在表头和报告上，也决定乡镇街道怎么排"), Some(history.into())),
            field("单位名称", name_field).label_width(LABEL).required().says(name),
            field("所在区县", combo::combo(region_field, found, Message::Pick)).label_width(LABEL).says(region),
            field("乡镇街道", townships).label_width(LABEL),
        ]
        .push(changes.then_some(buttons))
        .spacing(sp::S12)
        .into()
    }
}

/// The code in what was typed: its first word where that is one, else all of it.
fn code(typed: &str) -> String {
    typed.split_whitespace().next().unwrap_or_default().to_owned()
}

/// A code with its name behind it.
fn spoken(code: &str) -> String {
    match regions::full_name(code) {
        Some(name) => format!("{code} {name}"),
        None => code.to_owned(),
    }
}
