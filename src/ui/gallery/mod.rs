//! The gallery: every component in all its states, on invented content, as documentation for engineers to look at.
//! `cargo run --example gallery` shows it; `--out FOLDER` draws every page to pictures.
//! Nothing here is used by the program itself, and nothing real may appear here.

mod controls;
mod floating;
mod grid_page;
pub mod sample;
mod statuses;
mod tables;

use chrono::NaiveDate;
use iced::{Length, Size};

use crate::ui::Element;
use crate::ui::grid::{GridAction, GridEvent, GridState};
use crate::ui::icon::Icon;
use crate::ui::root::{Pressed, Root};
use crate::ui::theme::{Density, Theme, Tone};
use crate::ui::widget::area;
use crate::ui::widget::list::Item;
use crate::ui::widget::rail::{Stop, rail};
use crate::ui::widget::toast::{Toast, toasts};
use crate::ui::widget::{dialog, scroll, select, shell};

/// A page of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    Grid,
    Controls,
    Statuses,
    Tables,
    Empty,
}

impl Page {
    /// All pages, in order.
    pub const ALL: [Page; 5] = [Page::Grid, Page::Controls, Page::Statuses, Page::Tables, Page::Empty];

    /// Its name, for files and arguments.
    pub const fn name(self) -> &'static str {
        match self {
            Page::Grid => "grid",
            Page::Controls => "controls",
            Page::Statuses => "statuses",
            Page::Tables => "tables",
            Page::Empty => "empty",
        }
    }
}

/// What lies above the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    Palette,
    Dialog,
}

/// What a person did.
#[derive(Debug, Clone)]
pub enum Message {
    Go(Page),
    Grid(GridEvent<u64>),
    CloseMenu,
    Year(u16),
    Density(Density),
    Dark(bool),
    Zoom(f32),
    Panel(bool),
    Show(Option<Above>),
    Typed(String),
    Moved(usize),
    Toast(Tone),
    CloseToast,
    Name(String),
    Number(String),
    Firm(String),
    PickFirm(u64),
    Secret(String),
    Reveal,
    DateTyped(String),
    DatePicked(NaiveDate),
    Area(area::Action),
    Tick(bool),
    Choose(u8),
    Tab(u8),
    Nothing,
}

/// Everything the gallery holds.
pub struct Gallery {
    pub theme: Theme,
    pub zoom: f32,
    pub page: Page,
    pub window: Size,
    pub above: Option<Above>,
    pub panel: bool,
    grid: GridState<u64>,
    columns: Vec<crate::ui::grid::Column>,
    ids: Vec<u64>,
    menu: Option<(u64, iced::Point)>,
    year: u16,
    toast: Option<Tone>,
    typed: String,
    current: usize,
    found: Vec<crate::ui::widget::palette::Group<u8>>,
    name: String,
    number: String,
    firm: String,
    secret: String,
    shown: bool,
    date: String,
    area: area::Content,
    tick: bool,
    choice: u8,
    tab: u8,
}

impl Gallery {
    /// A gallery with so many rows in its grid.
    pub fn new(theme: Theme, rows: u64) -> Self {
        Self {
            theme,
            zoom: 1.0,
            page: Page::Grid,
            window: Size::new(1440.0, 900.0),
            above: None,
            panel: false,
            grid: GridState::default(),
            columns: sample::columns(),
            ids: (0..rows).collect(),
            menu: None,
            year: 2026,
            toast: None,
            typed: "hy".into(),
            current: 0,
            found: floating::found(),
            name: "青澜恒砚新材料有限公司".into(),
            number: "26".into(),
            firm: String::new(),
            secret: "sui shi ke gai".into(),
            shown: false,
            date: "2026-08-27".into(),
            area: area::Content::with_text("请补报 2025 年末净资产，附资产负债表。\n其余各项已核对无误。"),
            tick: true,
            choice: 1,
            tab: 1,
        }
    }

    /// Ticks some rows and makes one current, as in the design's pictures.
    pub fn pose(&mut self) {
        let page = 20;
        self.grid.set_selected([0, 1, 3], &self.ids);
        self.grid.set_current(Some(3), &self.ids, page);
        self.toast = Some(Tone::Success);
    }

    /// The day the gallery believes it is.
    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 8, 24).unwrap_or_default()
    }

    /// The look in force, with the person's own scale in it.
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Takes in what a person did; some of it asks for something to be copied.
    pub fn update(&mut self, message: Message) -> Option<String> {
        match message {
            Message::Go(page) => self.page = page,
            Message::Grid(event) => match self.grid.update(event, &self.columns, &self.ids) {
                GridAction::SortBy(sort) => {
                    sample::sort(&mut self.ids, &sort.column, sort.descending);
                    self.grid.rows_changed(&self.ids);
                }
                GridAction::ContextMenu { id, at } => self.menu = Some((id, at)),
                GridAction::Open(_) => self.panel = true,
                GridAction::Copy { text, .. } => return Some(text),
                _ => {}
            },
            Message::CloseMenu => self.menu = None,
            Message::Year(year) => self.year = year,
            Message::Density(density) => self.theme = self.theme.density(density),
            Message::Dark(dark) => {
                let look = if dark { Theme::DARK } else { Theme::LIGHT };
                self.theme = Theme { tokens: look.tokens, ..self.theme };
            }
            Message::Zoom(zoom) => {
                self.theme = self.theme.scale(self.theme.scale / self.zoom * zoom);
                self.zoom = zoom;
            }
            Message::Panel(panel) => self.panel = panel,
            Message::Show(above) => self.above = above,
            Message::Typed(typed) => {
                self.typed = typed;
                self.current = 0;
            }
            Message::Moved(current) => self.current = current,
            Message::Toast(tone) => self.toast = Some(tone),
            Message::CloseToast => self.toast = None,
            Message::Name(name) => self.name = name,
            Message::Number(number) => self.number = number,
            Message::Firm(firm) => self.firm = firm,
            Message::PickFirm(id) => self.firm = sample::name(id),
            Message::Secret(secret) => self.secret = secret,
            Message::Reveal => self.shown = !self.shown,
            Message::DateTyped(date) => self.date = date,
            Message::DatePicked(date) => self.date = date.format("%Y-%m-%d").to_string(),
            Message::Area(action) => self.area.perform(action),
            Message::Tick(tick) => self.tick = tick,
            Message::Choose(choice) => self.choice = choice,
            Message::Tab(tab) => self.tab = tab,
            Message::Nothing => {}
        }
        None
    }

    /// The whole window.
    pub fn view(&self) -> Element<'_, Message> {
        let folded = shell::folds(self.window.width);
        let page: Element<'_, Message> = match self.page {
            Page::Grid => self.grid_page(),
            Page::Controls => scroll::scroll(self.controls()).main().into(),
            Page::Statuses => scroll::scroll(self.statuses()).main().into(),
            Page::Tables => scroll::scroll(self.tables()).main().into(),
            Page::Empty => self.empty(),
        };
        let stops = [
            Stop::new(Page::Grid, "企业", Icon::Building2),
            Stop::new(Page::Controls, "控件", Icon::SquarePen).count(7),
            Stop::new(Page::Statuses, "状态", Icon::Stamp).count(12),
            Stop::new(Page::Tables, "表格", Icon::Table2),
            Stop::new(Page::Empty, "空白", Icon::Database).count(1).gap(),
        ];
        let years = [2024, 2025, 2026].map(|year| Item::new(year, format!("{year} 年度")));
        let year: Element<'_, Message> =
            select::select(years, Some(self.year)).on_choose(Message::Year).density(Density::Compact).into();
        let top = shell::top_bar(
            shell::brand("科", "科报", folded),
            [
                shell::history(Some(Message::Nothing), None),
                year,
                shell::find("找企业、编号、界面、操作", "Ctrl K", 440.0, Message::Show(Some(Above::Palette))),
            ],
            [shell::person(Icon::UserRound, "周敏·经办人", Some(Message::Nothing))],
        );
        let status = shell::status_bar(
            [shell::Note::new(Icon::Check, "就绪，全部已保存")],
            [
                shell::Note {
                    done: Some(0.4),
                    cancel: Some(Message::Nothing),
                    ..shell::Note::new(Icon::Upload, "正在导入")
                },
                shell::Note::new(Icon::Package, "未打开离线包"),
                shell::Note::new(Icon::HardDrive, "上次备份：今天 12:30，校验通过"),
            ],
        );
        let window = shell::shell(top, rail(stops, &self.page, folded, Message::Go), page, status);
        let toast = self.toast.map(|tone| Toast {
            tone,
            words: match tone {
                Tone::Danger => "没有写入：磁盘已满，25 家都未改动".into(),
                _ => "已清空示例数据，共 24 家".into(),
            },
            actions: vec![match tone {
                Tone::Danger => ("详情".into(), Message::Nothing),
                _ => ("撤销".into(), Message::Nothing),
            }],
            on_close: Message::CloseToast,
        });
        let window = toasts(window, toast);
        let (above, top) = match self.above {
            None => (None, None),
            Some(Above::Palette) => (Some(self.palette()), Some(88.0)),
            Some(Above::Dialog) => (Some(self.dialog()), None),
        };
        let window = dialog::modal(window, above, Some(Message::Show(None)));
        let window = match top {
            Some(top) => window.top(top),
            None => window,
        };
        Root::new(window, &self.theme, self.zoom).on_key(shortcut).into()
    }
}

fn shortcut(pressed: Pressed) -> Option<Message> {
    match pressed.latin {
        Some('k') if pressed.modifiers.command() => Some(Message::Show(Some(Above::Palette))),
        _ => None,
    }
}

/// The margins of a page.
fn page<'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    iced::widget::container(content)
        .padding(iced::Padding { top: 12.0, bottom: 20.0, ..crate::ui::widget::split::PAGE })
        .width(Length::Fill)
        .into()
}
