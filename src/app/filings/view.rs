//! The list drawn: head, deadlines, chips, grid, the bar while rows are selected, the page of one filing beside.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::filter::Change;
use super::{Filings, GRID, Message, columns};
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::app::words;
use crate::domain::people::Permission;
use crate::ui::grid::Grid;
use crate::ui::icon::Icon;
use crate::ui::theme::tokens::size;
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::{button, split};
use crate::ui::{Element, space as sp, text};

impl Filings {
    /// The width a page wants: more than half of what there is.
    pub(super) fn panel_width(&self, ctx: &Ctx) -> Option<f32> {
        ctx.panel_width(ctx.page_width() * 0.54)
    }

    /// The width of the list beside the page.
    pub(super) fn list_width(&self, ctx: &Ctx) -> f32 {
        let panel = self.page.as_ref().and_then(|_| self.panel_width(ctx)).unwrap_or(0.0);
        ctx.page_width() - panel
    }

    pub(super) fn list_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let detail = self.page.as_ref().map(|page| page.view(self, ctx));
        let body: Element<'a, Message> = match self.nothing(ctx) {
            Some(empty) => empty,
            None => self.grid(ctx),
        };
        let chips: Element<'a, Message> =
            if self.has_begun(ctx) { self.chips(ctx) } else { space().height(sp::S8).into() };
        let list = column![chips, body].push(self.selection(ctx));
        let split = split::split(list, detail, self.panel_width(ctx));
        let strip = self.strip(ctx);
        let line = strip
            .is_none()
            .then(|| crate::ui::widget::rule::across::<Message>(crate::ui::widget::rule::Weight::Strong));
        column![self.head(ctx)].push(strip).push(line).push(split).push(self.row_menu(ctx)).into()
    }

    /// Whether there is an edition to file in, or a filing.
    pub(super) fn has_begun(&self, ctx: &Ctx) -> bool {
        self.tally.all > 0 || self.is_narrowed(ctx) || !ctx.ledger.editions.is_empty()
    }

    fn grid<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            self.columns.of(self.page.is_some(), self.list_width(ctx)),
            &self.ids,
            move |place, column| columns::cell(ctx, place.id, column),
            Message::Grid,
        )
        .id(GRID);
        container(grid)
            .padding(Padding { left: size::PAGE_LEFT - size::CELL_PAD, ..Padding::ZERO })
            .height(Length::Fill)
            .into()
    }

    /// What stands instead of the grid where it would be empty.
    fn nothing<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        if !self.ids.is_empty() {
            return None;
        }
        let year = self.filter.year.unwrap_or(ctx.year);
        let in_year = ctx.ledger.editions.iter().any(|edition| edition.year == year);
        let new = |label: &'static str| button::primary(label).width(Length::Fill).on_press(Message::New);
        let import = button::normal("选名单…").width(Length::Fill).on_press(Message::Go(Place::Import));
        let import = Way {
            icon: Icon::FileSpreadsheet,
            title: "导入名单",
            why: "上级公布的名单可以直接登记成结果，写入前逐行给您看。",
            button: import.into(),
        };
        let body = if self.is_narrowed(ctx) {
            let clear = button::primary("清除筛选").width(Length::Fill).on_press(Message::Filter(Change::Clear));
            let way = Way {
                icon: Icon::ListFilter,
                title: "清除筛选",
                why: "只留年度、事项和批次，其他条件都去掉。",
                button: clear.into(),
            };
            empty("没有符合条件的申报", "现在的筛选条件下一件也没有。", [way], None)
        } else if !in_year && self.filter.edition.is_none() {
            let open = button::primary("新增批次…").width(Length::Fill).on_press(Message::NewEdition);
            let first = Way {
                icon: Icon::CalendarDays,
                title: "新增批次",
                why: "选事项、年度和批次，填上通知里的截止时间和名额；申报都登记在批次里。",
                button: open.into(),
            };
            let first = ctx.may(Permission::OpenEditions).then_some(first).into_iter();
            let ways = first.chain(ctx.may(Permission::Import).then_some(import));
            empty("这个年度还没有批次", "先按上级的申报通知开一个批次，再往里登记企业的申报。", ways, None)
        } else {
            let first = Way {
                icon: Icon::PencilLine,
                title: "新增申报",
                why: "企业打拼音首字母就能找到，档案里有的数会自动带出；回车接着录下一件。",
                button: new("新增申报").into(),
            };
            let first = ctx.may(Permission::EnterFilings).then_some(first).into_iter();
            let ways = first.chain(ctx.may(Permission::Import).then_some(import));
            empty("还没有申报", "登记第一件，或者把已有的名单导进来。", ways, None)
        };
        let place = Padding { top: 56.0, left: size::PAGE_LEFT, right: size::PAGE_RIGHT, bottom: 0.0 };
        Some(container(body).padding(place).width(Length::Fill).height(Length::Fill).into())
    }

    /// What can be done with the selected rows.
    fn selection<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        let count = self.grid.selected().len();
        if count == 0 {
            return None;
        }
        let mut line = row![text::strong(format!("已选 {count} 件")), space().width(Length::Fill)];
        if self.bulk.is_empty() {
            line = line.push(text::small("没有它们都能做的一步"));
        }
        // The list beside a page has little room: the first words, which are those of our own work.
        let most = if self.list_width(ctx) < 760.0 { 3 } else { 6 };
        for (n, step) in self.bulk.iter().enumerate().take(most) {
            let icon = words::effect_icon(step.effect);
            line = line.push(button::normal(format!("{}…", step.word)).icon(icon).small().on_press(Message::Bulk(n)));
        }
        if self.list_width(ctx) >= 760.0 && ctx.may(Permission::Shortlist) {
            let shortlist = button::normal("导出推荐汇总表").icon(Icon::FileSpreadsheet).small();
            line = line.push(match self.no_shortlist {
                None => shortlist.on_press(Message::Shortlist),
                Some(why) => shortlist.refused(why),
            });
        }
        // Beside a page there is no room for words; the menu of a row and the palette have both.
        if self.list_width(ctx) >= 760.0 {
            let open = Message::Assign(crate::app::assign::Message::Open);
            let assign = button::normal("分派审核人…").icon(Icon::UserPlus).small().on_press(open);
            let pack = button::normal("打包送审…").icon(Icon::Package).small().on_press(Message::Pack);
            line = line
                .push(ctx.may(Permission::Assign).then_some(assign))
                .push(ctx.may(Permission::Exchange).then_some(pack));
        }
        let line = line.push(button::quiet("取消选择").key("Esc").small().on_press(Message::ClearSelection));
        Some(split::selection_bar(line.spacing(sp::S8).align_y(Vertical::Center)))
    }
}
