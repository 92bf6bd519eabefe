//! The grid as a screen has it: heading, chips, grid, a bar while rows are selected, the detail beside.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::{Gallery, Message, sample};
use crate::ui::grid::{Cell, Grid};
use crate::ui::icon::Icon;
use crate::ui::theme::tokens::size;
use crate::ui::theme::{Density, Tone};
use crate::ui::widget::list::Item;
use crate::ui::widget::section::{heading, section};
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{badge, button, chip, keycap, ledger, menu, rule, split};
use crate::ui::{Element, text};

impl Gallery {
    pub(super) fn grid_page(&self) -> Element<'_, Message> {
        let density = self.theme.density;
        let control = if density == Density::Large { Density::Comfortable } else { Density::Compact };
        let densities = [
            Item::new(Density::Comfortable, "舒适").checked(density == Density::Comfortable),
            Item::new(Density::Compact, "紧凑").checked(density == Density::Compact),
            Item::new(Density::Large, "大字").checked(density == Density::Large),
        ];
        let title = row![
            text::title("企业"),
            text::small(format!("共 {} 家，筛出 {} 家", self.ids.len(), self.ids.len())),
            space().width(Length::Fill),
            menu::menu(
                button::normal("视图：高企培育").after(Icon::ChevronDown).density(control).on_press(()),
                densities,
                Message::Density,
            ),
            button::normal("列").icon(Icon::Columns3).density(control).on_press(Message::Nothing),
            button::primary("新增企业").icon(Icon::Plus).density(control).on_press(Message::Toast(Tone::Success)),
        ]
        .spacing(10)
        .height(40)
        .align_y(Vertical::Center);
        let chips = row![
            menu::menu(
                chip::opener("数据年份：2025", true, ()),
                [2023u16, 2024, 2025].map(|year| Item::new(year, year.to_string()).checked(year == 2025)),
                Message::Year,
            ),
            chip::removable("标签：重点培育", None, Message::Nothing),
            chip::removable("乡镇街道：6 个", Some(Message::Nothing), Message::Nothing),
            chip::add("筛选", Message::Nothing),
            space().width(Length::Fill),
            button::quiet("清除").small().on_press(Message::Nothing),
            button::quiet("存为视图").icon(Icon::Bookmark).small().on_press(Message::Nothing),
        ]
        .spacing(8)
        .align_y(Vertical::Center);
        let grid = Grid::new(
            &self.theme,
            &self.grid,
            &self.columns,
            &self.ids,
            |place, column| sample::cell(place.id, column),
            Message::Grid,
        );
        let grid = if self.ids.len() < 30 {
            grid.totals(vec![
                ("name".into(), Cell::text("合计").strong()),
                ("sales".into(), Cell::text("1,208,430.77").strong()),
                ("research".into(), Cell::text("64,120.05").strong()),
            ])
        } else {
            grid
        };
        // The grid's own left edge is that of the page, less the cell's padding.
        let grid = container(grid).width(Length::Fill).height(Length::Fill);
        let head = container(column![title, chips].spacing(4)).padding(Padding {
            top: 4.0,
            bottom: 10.0,
            right: size::PAGE_RIGHT,
            left: 8.0,
        });
        let list = column![head, grid].height(Length::Fill);
        let list = container(list).padding(Padding { left: 12.0, ..Padding::ZERO }).height(Length::Fill);
        let selected = self.grid.selected().len();
        let list: Element<'_, Message> = if selected > 0 {
            let bar = row![
                text::strong(format!("已选 {selected} 家")),
                space().width(Length::Fill),
                button::normal("加入申报…").icon(Icon::FilePlus2).small().on_press(Message::Nothing),
                button::normal("记一次走访").icon(Icon::UsersRound).small().on_press(Message::Nothing),
                button::normal(format!("导出 {selected} 家")).icon(Icon::Download).small().on_press(Message::Nothing),
                button::quiet("取消选择").key("Esc").small().on_press(Message::Nothing),
            ]
            .spacing(8)
            .align_y(Vertical::Center);
            column![list, split::selection_bar(bar)].into()
        } else {
            list.into()
        };
        let rail = if crate::ui::widget::shell::folds(self.window.width) { size::RAIL_FOLDED } else { size::RAIL };
        let width = split::panel_width(self.window.width, self.window.width - rail, size::PANEL_USUAL);
        let page = split::split(list, self.panel.then(|| self.detail()), width);
        let menu = self.menu.map(|(_, at)| {
            let items = [
                Item::new(0u8, "打开").icon(Icon::FolderOpen).key("Enter"),
                Item::new(1, "复制").icon(Icon::Copy).key("Ctrl C"),
                Item::line(),
                Item::new(2, "删除…").icon(Icon::Trash2).tone(Tone::Danger),
            ];
            menu::at(at, items, density, |_| Message::CloseMenu, Message::CloseMenu)
        });
        column![page].push(menu).into()
    }

    fn detail(&self) -> Element<'_, Message> {
        let id = self.grid.current().unwrap_or(3);
        let tools = row![
            button::icon_only(Icon::ArrowUp).tip("上一家").on_press(Message::Nothing),
            button::icon_only(Icon::ArrowDown).tip("下一家").on_press(Message::Nothing),
            button::icon_only(Icon::Ellipsis).tip("更多").on_press(Message::Nothing),
            button::icon_only(Icon::X).tip("关闭").on_press(Message::Panel(false)),
        ]
        .spacing(4);
        let head = row![text::toned(text::SECTION, Tone::Plain, sample::name(id)), space().width(Length::Fill), tools]
            .align_y(Vertical::Center);
        let open = tabs(
            [(0u8, "概况"), (1, "年度数据"), (2, "申报 6"), (3, "证书 2"), (4, "知识产权 11")]
                .map(|(n, w)| (n, w.to_owned())),
            &self.tab,
            Message::Tab,
            Some(button::quiet("更多").after(Icon::ChevronDown).small().on_press(Message::Nothing).into()),
        );
        let number = |words: &str| text::line(text::SMALL, Tone::Plain, words.to_owned());
        let mut years = ledger::ledger(
            [
                ledger::Column::left("项目", Length::Fill),
                ledger::Column::right("2022", 72),
                ledger::Column::right("2023", 72),
                ledger::Column::right("2024", 72),
                ledger::Column::right("2025", 72),
                ledger::Column::right("同比", 62),
            ],
            Density::Compact,
        )
        .row_height(26.0);
        for (name, cells, growth) in [
            ("职工总数（人）", ["46", "52", "61", "68"], "+11.5%"),
            ("销售收入", ["1,482.90", "1,907.44", "2,466.03", "3,208.16"], "+30.1%"),
            ("研发费用", ["88.12", "126.35", "183.20", "294.57"], "+60.8%"),
            ("净资产", ["690.00", "812.45", "978.11", "未报"], "—"),
        ] {
            let mut line = vec![number(name).into()];
            for value in cells {
                let tone = if value == "未报" { Tone::Warn } else { Tone::Plain };
                line.push(text::toned(text::SMALL, tone, value.to_owned()).into());
            }
            let tone = if growth == "—" { Tone::Faint } else { Tone::Success };
            line.push(text::toned(text::SMALL, tone, growth.to_owned()).into());
            years = years.push(line);
        }
        let verdicts = column![
            verdict(
                "高企认定（申报中）",
                badge::Badge::soft(Tone::Warn, Icon::CircleDashed, "还差一步"),
                "缺 2025 年净资产，创新能力得分只能算出 66 至 76 分；近三年研发占比 7.97%，不低于 5%，符合"
            ),
            verdict(
                "科小评价",
                badge::Badge::soft(Tone::Success, Icon::Check, "可以报"),
                "自评 100 分；登记编号已于 2026-03-31 到期，须重新评价"
            ),
            verdict(
                "市级企业重点实验室",
                badge::Badge::soft(Tone::Danger, Icon::X, "不能报"),
                "研发设备原值 312.00 万元，须不少于 500.00 万元"
            ),
        ];
        let body = column![
            head,
            text::small("91379905MA3F5Q9W3L　柳泉镇　2019-03-12 成立　规上"),
            open,
            heading(
                "年度数据",
                Some("财务口径，单位：万元（人数除外）"),
                Some(row![keycap::keycap("Tab"), text::note("下一格")].spacing(6).align_y(Vertical::Center).into())
            ),
            years,
            section("还能报什么", Some("按 2026 年政策，数据截至今天"), None),
            verdicts,
        ]
        .spacing(4);
        crate::ui::widget::scroll::scroll(container(body).padding(16)).into()
    }
}

fn verdict<'a>(program: &'a str, badge: badge::Badge<'a>, why: &'a str) -> Element<'a, Message> {
    let head = row![text::strong(program), space().width(Length::Fill), badge.view()].align_y(Vertical::Center);
    column![container(column![head, text::small(why)]).padding([6, 4]), rule::across(rule::Weight::Hair)].into()
}
