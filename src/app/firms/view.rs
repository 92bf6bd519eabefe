//! The list drawn: its head, its chips, the grid, the bar while rows are selected, what there is when nothing is.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::columns::Rows;
use super::filters::Change;
use super::{Firms, GRID, Message, SEARCH, export};
use crate::app::ctx::Ctx;
use crate::domain::people::Permission;
use crate::ui::grid::Grid;
use crate::ui::theme::tokens::size;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::list::Item;
use crate::ui::widget::{button, input, keycap, keys, menu, split};
use crate::ui::{Density, Element, Icon, Tone, space as sp, text};

/// What the button 列 does.
#[derive(Debug, Clone)]
pub enum ColumnPick {
    Toggle(String),
    Reset,
}

/// What a row's own menu does.
#[derive(Debug, Clone, Copy)]
enum RowPick {
    Open,
    Edit,
    NewFiling,
    CopyName,
    CopyCode,
}

impl Firms {
    /// What cells are worked out from.
    pub(super) fn rows<'a>(&'a self, ctx: &'a Ctx) -> Rows<'a> {
        Rows { ledger: &ctx.ledger, applying: &self.facets.applying, today: ctx.today, keys: ctx.db.keys() }
    }

    /// The width of the panel; `None` where it covers the list.
    fn panel(&self, ctx: &Ctx) -> Option<f32> {
        // In a wide window the file has room for more years, and the list keeps all its columns.
        let wanted = if ctx.page_width() > 1500.0 { 620.0 } else { size::PANEL_USUAL };
        ctx.panel_width(wanted)
    }

    /// The page.
    pub(super) fn page<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let width = self.panel(ctx);
        let open = self.file.is_some();
        let room = match (open, width) {
            (true, Some(width)) => ctx.page_width() - width - 1.0,
            _ => ctx.page_width(),
        };
        let list = self.list_page(room, ctx);
        let detail = self.file.as_ref().map(|file| file.view(width.unwrap_or(ctx.page_width()), ctx));
        let page = split::split(list, detail, width);
        let menu = self.menu.map(|(id, at)| {
            let frozen = ctx.ledger.firm(id).is_some_and(|firm| firm.frozen);
            let edit = Item::new(RowPick::Edit, "修改…").icon(Icon::PencilLine).disabled(frozen);
            let file = Item::new(RowPick::NewFiling, "新增申报…").icon(Icon::FilePlus2);
            let own =
                [ctx.may(Permission::EnterFirms).then_some(edit), ctx.may(Permission::EnterFilings).then_some(file)];
            let open = Item::new(RowPick::Open, "打开").icon(Icon::PanelRight).key("Enter");
            let items = [open].into_iter().chain(own.into_iter().flatten()).chain([
                Item::line(),
                Item::new(RowPick::CopyName, "复制企业名称").icon(Icon::Copy),
                Item::new(RowPick::CopyCode, "复制统一社会信用代码").icon(Icon::Copy),
            ]);
            let pick = move |pick| match pick {
                RowPick::Open => Message::Open(id),
                RowPick::Edit => Message::Edit(id),
                RowPick::NewFiling => Message::NewFiling(id),
                RowPick::CopyName => Message::CopyName(id),
                RowPick::CopyCode => Message::CopyCode(id),
            };
            menu::at(at, items, ctx.theme.density, pick, Message::CloseMenu)
        });
        column![page].push(menu).into()
    }

    fn list_page<'a>(&'a self, room: f32, ctx: &'a Ctx) -> Element<'a, Message> {
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            {
                let rows = self.rows(ctx);
                move |place, column| rows.cell(place.id, &column.key)
            },
            Message::Grid,
        )
        .id(GRID);
        let body: Element<'a, Message> = if !self.ids.is_empty() {
            grid.into()
        } else {
            // The head of the grid stays, so that one sees what would stand there.
            let none = if self.facets.firms == 0 { self.first_steps(ctx) } else { self.no_match() };
            let left = 42.0;
            let none = container(none).padding(Padding { top: 36.0, left, right: sp::S20, bottom: 0.0 });
            column![grid.height(ctx.theme.density.head() + 4.0), none].height(Length::Fill).into()
        };
        let mut head = column![self.head(room, ctx)].spacing(sp::S4);
        if self.facets.firms > 0 {
            head = head.push(self.chips(ctx));
        }
        let head =
            container(head).padding(Padding { top: sp::S4, bottom: 10.0, right: size::PAGE_RIGHT, left: sp::S12 });
        let list = column![head, container(body).width(Length::Fill).height(Length::Fill)].height(Length::Fill);
        let list = container(list).padding(Padding { left: sp::S12, ..Padding::ZERO }).height(Length::Fill);
        column![list].push(self.selection_bar(ctx)).into()
    }

    fn head<'a>(&'a self, room: f32, ctx: &'a Ctx) -> Element<'a, Message> {
        let density = ctx.controls();
        let (all, shown) = (self.facets.firms, self.ids.len());
        let count = if self.filter.is_empty() {
            format!("共 {} 家", grouped(all))
        } else {
            format!("共 {} 家，筛出 {} 家", grouped(all), grouped(shown))
        };
        let new = button::primary("新增企业").icon(Icon::Plus).density(density).on_press(Message::New);
        let new = if room >= 1060.0 { new.key("Ctrl Shift N") } else { new };
        let new = ctx.may(Permission::EnterFirms).then_some(new);
        let mut line = row![text::title("企业"), text::line(text::SMALL, Tone::Quiet, count)];
        if all == 0 {
            line = line.push(space().width(Length::Fill)).push(
                ctx.may(Permission::Import)
                    .then(|| button::normal("导入名单").icon(Icon::Upload).density(density).on_press(Message::Import)),
            );
        } else {
            let export = match shown {
                0 => button::normal("导出").refused("列表里没有企业"),
                _ => button::normal("导出").on_press(Message::Export(export::Message::Open)),
            };
            line = line
                .push(space().width(Length::Fill))
                .push(self.search(room, density))
                .push(self.column_menu(density))
                .push(ctx.may(Permission::Export).then(|| export.icon(Icon::Download).density(density)));
        }
        line.push(new).spacing(sp::S8).height(40).align_y(Vertical::Center).into()
    }

    fn search<'a>(&'a self, room: f32, density: Density) -> Element<'a, Message> {
        // What the words and buttons of the head leave.
        let width = (room - 560.0).clamp(150.0, 340.0);
        let field = input::input(&self.filter.text)
            .placeholder("名称、拼音、代码、证书号")
            .icon(Icon::Search)
            .id(SEARCH)
            .density(density)
            .width(width)
            .on_input(|text| Message::Filter(Change::Text(text)))
            .on_submit(Message::ToList);
        let field = if self.filter.text.is_empty() {
            if width > 250.0 { field.after(container(keycap::keycap("Ctrl F")).padding([0, 6])) } else { field }
        } else {
            let clear = button::icon_only(Icon::X).tip("清除").on_press(Message::Filter(Change::Text(String::new())));
            field.after(container(clear).padding([0, 1]))
        };
        let typed = !self.filter.text.is_empty();
        keys::while_typing(field, move |pressed| match pressed.key {
            Key::Named(Named::Escape) if typed => Some(Message::Filter(Change::Text(String::new()))),
            Key::Named(Named::ArrowDown) => Some(Message::ToList),
            _ => None,
        })
    }

    fn column_menu<'a>(&'a self, density: Density) -> Element<'a, Message> {
        let arrangement = self.grid.arrangement();
        let mut items: Vec<Item<ColumnPick>> = arrangement
            .all(&self.columns)
            .into_iter()
            .map(|at| &self.columns[at])
            .filter(|column| column.movable)
            .map(|column| {
                Item::new(ColumnPick::Toggle(column.key.to_string()), column.title.as_ref())
                    .checked(!arrangement.hidden.contains(column.key.as_ref()))
            })
            .collect();
        items.push(Item::line());
        items.push(Item::new(ColumnPick::Reset, "恢复默认的列").icon(Icon::RotateCcw));
        let trigger = button::normal("列").icon(Icon::Columns3).density(density).on_press(());
        menu::menu(trigger, items, Message::Columns).stays().into()
    }

    fn selection_bar(&self, ctx: &Ctx) -> Option<Element<'_, Message>> {
        let selected = self.grid.selected();
        let only = (selected.len() == 1).then(|| selected.iter().next().copied()).flatten();
        if selected.is_empty() {
            return None;
        }
        let count = selected.len();
        let only = only.filter(|_| ctx.may(Permission::EnterFilings));
        let export = ctx.may(Permission::Export).then(|| {
            button::normal(format!("导出 {} 家", grouped(count)))
                .icon(Icon::Download)
                .small()
                .on_press(Message::Export(export::Message::Open))
        });
        let bar =
            row![text::strong(format!("已选 {} 家", grouped(count))), space().width(Length::Fill)]
                .push(only.map(|id| {
                    button::normal("新增申报…").icon(Icon::FilePlus2).small().on_press(Message::NewFiling(id))
                }))
                .push(button::normal("复制").icon(Icon::Copy).small().tip("Ctrl C").on_press(Message::CopySelected))
                .push(export)
                .push(button::quiet("取消选择").key("Esc").small().on_press(Message::Unselect))
                .spacing(sp::S8)
                .align_y(Vertical::Center);
        Some(split::selection_bar(bar))
    }

    fn first_steps(&self, ctx: &Ctx) -> Element<'_, Message> {
        let ways = [
            Way {
                icon: Icon::FileSpreadsheet,
                title: "导入现有名单",
                why: "高企台账、科小公告、规上名录都行，Word、Excel、CSV 都读得了，写入前逐行给您看。",
                button: button::primary("选文件…").width(Length::Fill).on_press(Message::Import).into(),
            },
            Way {
                icon: Icon::PencilLine,
                title: "手工新增一家",
                why: "只要企业名称，其余可以以后补；没填的记作“未报”，不当作 0。",
                button: button::normal("新增").width(Length::Fill).on_press(Message::New).into(),
            },
        ];
        let may = [ctx.may(Permission::Import), ctx.may(Permission::EnterFirms)];
        let ways = ways.into_iter().zip(may).filter_map(|(way, may)| may.then_some(way));
        empty("还没有企业", "先把手头的名单导进来，后面的申报和推荐名单都从这里取数。", ways, None)
    }

    fn no_match(&self) -> Element<'_, Message> {
        let ways = [Way {
            icon: Icon::ListFilter,
            title: "清除筛选",
            why: "看全部企业。名称、全拼、首字母、代码和证书编号都能找。",
            button: button::normal("清除").width(Length::Fill).on_press(Message::Filter(Change::Clear)).into(),
        }];
        empty("没有符合条件的企业", "放宽上面的条件，或者换个说法找。", ways, None)
    }
}

/// A count with commas.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut words = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}
