//! The list drawn: its name and what is to be said of it, its versions as tabs, what can be done with a row, the rows.

use iced::alignment::Vertical;
use iced::keyboard::Key;
use iced::keyboard::key::Named;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::order::Move;
use super::{ADD, Message, RANK, ROWS, Shortlist};
use crate::app::ctx::Ctx;
use crate::app::place::{DataTab, Place};
use crate::domain::date::iso;
use crate::domain::people::Permission;
use crate::store::ledger::FilingFilter;
use crate::ui::grid::Grid;
use crate::ui::icon::{self, Icon};
use crate::ui::widget::empty::{Way, empty};
use crate::ui::widget::list::Item;
use crate::ui::widget::tabs::tabs;
use crate::ui::widget::{button, combo, input, keys, menu, split};
use crate::ui::{Element, Tone, space as sp, text};

/// The versions that stand as tabs; older ones are in a menu.
const TABS: usize = 5;
/// Suggestions at most.
const FOUND: usize = 12;

impl Shortlist {
    pub(super) fn page<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        if self.lost {
            let all = button::primary("全部推荐名单").width(Length::Fill).on_press(Message::Go(lists()));
            let way = Way {
                icon: Icon::ListChecks,
                title: "看看其他名单",
                why: "名单都在“数据 › 推荐名单”里；撤销掉的可以在操作日志里再找回来。",
                button: all.into(),
            };
            let body = empty("这份推荐名单不在了", "它可能已经被撤销。", [way], None);
            return container(body).padding(Padding { top: 96.0, left: 66.0, right: 42.0, bottom: 0.0 }).into();
        }
        let Some(file) = &self.file else { return space().width(Length::Fill).height(Length::Fill).into() };
        let head = container(column![self.head(ctx, file.edition), self.says(ctx)].spacing(sp::S4)).padding(Padding {
            top: 8.0,
            bottom: 4.0,
            ..split::PAGE
        });
        let versions = container(self.versions()).padding(split::PAGE);
        let tools = match self.shown {
            Some(_) => self.old(ctx),
            None if ctx.may(Permission::Shortlist) => self.tools(ctx),
            None => space().height(32).into(),
        };
        let tools = container(tools).padding(Padding { top: 6.0, bottom: 6.0, ..split::PAGE });
        let rows = container(self.rows(ctx)).padding(split::PAGE).width(Length::Fill).height(Length::Fill);
        column![head, versions, tools, rows].push(self.result()).into()
    }

    fn head<'a>(&'a self, ctx: &'a Ctx, edition: crate::domain::id::RecordId) -> Element<'a, Message> {
        let control = ctx.controls();
        let makes = ctx.may(Permission::Shortlist);
        let ready = self.shown.is_none() && !self.saving && makes;
        let title = input::input(&self.draft.title).placeholder("名单名称").style(text::SECTION).width(Length::Fill);
        let title = if ready { title.on_input(Message::Title).on_submit(Message::Save) } else { title };
        let edition_label = ctx.ledger.edition(edition).map(|edition| edition.label()).unwrap_or_default();
        let filter = FilingFilter { edition: Some(edition), ..FilingFilter::default() };
        let open = button::quiet(edition_label)
            .icon(Icon::FileText)
            .density(control)
            .on_press(Message::Go(Place::Filings { filter, open: None }));
        let dirty = self.dirty();
        let discard = dirty
            .then(|| button::quiet("放弃改动").density(control).on_press((!self.saving).then_some(Message::Discard)));
        let save = button::normal(if self.saving { "正在保存…" } else { "保存" })
            .key("Ctrl S")
            .density(control)
            .on_press((dirty && !self.saving).then_some(Message::Save));
        let freeze = match &self.shown {
            Some((number, _)) => {
                button::primary(format!("再导出 v{number}…")).icon(Icon::FileSpreadsheet).on_press(Message::OpenFreeze)
            }
            None => {
                let freeze = button::primary(format!("定稿 v{}…", self.next_number())).icon(Icon::FileSpreadsheet);
                if self.draft.items.is_empty() {
                    freeze.refused("名单里还没有申报，先加入几件")
                } else if self.gone > 0 {
                    freeze.refused("名单里有已撤销的申报，先移出它们")
                } else {
                    freeze.on_press((!self.saving).then_some(Message::OpenFreeze))
                }
            }
        };
        let goes_out = if self.shown.is_some() { ctx.may(Permission::Export) } else { makes };
        let back = button::icon_only(Icon::ListChecks).tip("全部推荐名单").on_press(Message::Go(lists()));
        row![text::line(text::TITLE, Tone::Plain, "推荐名单"), container(title).max_width(460), open]
            .push(space().width(Length::Fill))
            .push(discard)
            .push(button::icon_only(Icon::History).tip("变更历史").on_press(Message::History))
            .push(back)
            .push(ctx.may(Permission::Export).then(|| {
                let words = "打印 (Ctrl P)";
                button::icon_only(Icon::Printer).tip(words).on_press((!self.ids.is_empty()).then_some(Message::Print))
            }))
            .push(makes.then_some(save))
            .push(goes_out.then(|| freeze.density(control)))
            .spacing(sp::S8)
            .height(40)
            .align_y(Vertical::Center)
            .into()
    }

    /// What is to be said of the list as it stands.
    fn says<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let count = self.draft.items.len();
        let apart = match self.apart {
            None => quiet("还没有定过稿".to_owned()),
            Some((number, apart)) => match apart.words() {
                Some(words) => note(Tone::Accent, Icon::Diff, format!("与 v{number} 相比：{words}")),
                None => quiet(format!("成员和顺序与 v{number} 一致")),
            },
        };
        let mut line = if self.shown.is_some() {
            row![quiet(format!("现在的名单 {count} 件"))]
        } else {
            let quota = match self.quota(ctx).map(|quota| (quota, (quota as usize).checked_sub(count))) {
                Some((quota, None)) => {
                    warn(format!("名额 {quota}，名单 {count} 件，超出 {} 件", count - quota as usize))
                }
                Some((quota, Some(left))) => quiet(format!("名额 {quota}，还余 {left} 个")),
                None => quiet("没有名额限制".to_owned()),
            };
            let missing = match self.missing {
                0 if count > 0 => Some(quiet("没有缺项".to_owned())),
                0 => None,
                missing => Some(warn(format!("缺 {missing} 处"))),
            };
            let fallen = (self.fallen > 0).then(|| warn(format!("{} 件现在不是推荐状态", self.fallen)));
            row![text::line(text::SMALL, Tone::Plain, format!("共 {count} 件")), quota].push(missing).push(fallen)
        };
        line = line.push(apart);
        line.spacing(sp::S16).height(24).align_y(Vertical::Center).into()
    }

    fn versions<'a>(&'a self) -> Element<'a, Message> {
        let mut all: Vec<_> = self.file.iter().flat_map(|file| &file.versions).collect();
        all.sort_by_key(|version| std::cmp::Reverse(version.frozen.number));
        let shown = self.shown.as_ref().map(|(number, _)| *number);
        let name = |version: &crate::domain::shortlist::FrozenVersion| {
            format!("v{}　{}　{} 件", version.frozen.number, iso(version.frozen.on), version.frozen.rows.len())
        };
        let now = (None, format!("现在的名单　{} 件", self.draft.items.len()));
        // An older one that shows stands among the tabs as well.
        let recent = all.iter().enumerate().filter(|(at, version)| *at < TABS || Some(version.frozen.number) == shown);
        let open = std::iter::once(now).chain(recent.map(|(_, version)| (Some(version.frozen.number), name(version))));
        let older: Vec<_> = all.iter().skip(TABS).map(|v| Item::new(v.frozen.number, name(v))).collect();
        let tail = (!older.is_empty()).then(|| {
            menu::menu(button::quiet("更早的").after(Icon::ChevronDown).small().on_press(()), older, |number| {
                Message::Show(Some(number))
            })
            .into()
        });
        let hint = (all.is_empty()).then(|| text::note("定稿后，每一版都留在这里，不会被后来的改动影响").into());
        tabs(open, &shown, Message::Show, tail.or(hint))
    }

    /// What can be done with the rows.
    fn tools<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let current = self.grid.current().and_then(|id| self.ids.iter().position(|other| *other == id));
        let last = self.ids.len().saturating_sub(1);
        let up = current.is_some_and(|at| at > 0) && !self.saving;
        let down = current.is_some_and(|at| at < last) && !self.saving;
        // In a narrow window the keys are left out; they stand under 关于 as well.
        let wide = ctx.page_width() >= 1180.0;
        let key = |button: button::Button<'a, Message>, key: &'static str| if wide { button.key(key) } else { button };
        let moves = row![
            key(button::normal("上移"), "Alt ↑")
                .icon(Icon::ArrowUp)
                .small()
                .on_press(up.then_some(Message::Move(Move::Up))),
            key(button::normal("下移"), "Alt ↓")
                .icon(Icon::ArrowDown)
                .small()
                .on_press(down.then_some(Message::Move(Move::Down))),
            button::normal("置顶").small().on_press(up.then_some(Message::Move(Move::Top))),
        ]
        .spacing(sp::S6);
        let mut rank = input::input(&self.rank).number().in_cell().width(44).id(RANK);
        if current.is_some() {
            rank = rank.on_input(Message::Rank).on_submit(Message::RankGo);
        }
        let place = current.map_or_else(String::new, |at| (at + 1).to_string());
        let rank = row![
            text::line(text::SMALL, Tone::Quiet, format!("第 {place} 位，排到第")),
            rank,
            text::line(text::SMALL, Tone::Quiet, "位"),
        ]
        .push(wide.then(|| crate::ui::widget::keycap::keycap("F2")))
        .spacing(sp::S6)
        .align_y(Vertical::Center);
        let ticked = self.grid.selected().len();
        let words = if ticked > 0 { format!("移出 {ticked} 件") } else { "移出名单".to_owned() };
        let remove = key(button::quiet(words), "Del")
            .icon(Icon::X)
            .small()
            .on_press((current.is_some() && !self.saving).then_some(Message::Remove));
        let found = self.found.iter().take(FOUND).filter_map(|id| {
            let filing = ctx.ledger.filing(*id)?;
            let firm = ctx.ledger.firm_of(filing);
            Some(Item::new(*id, &*firm.name).detail(&*filing.number).icon(Icon::Building2))
        });
        let add: Element<'a, Message> = if self.left == 0 && self.adding.is_empty() {
            text::line(text::SMALL, Tone::Quiet, "本区已推荐的都在名单里").into()
        } else {
            let field = input::input(&self.adding)
                .placeholder(if wide {
                    "加入申报：企业名称、首字母或受理号"
                } else {
                    "加入申报：企业或受理号"
                })
                .icon(Icon::Plus)
                .density(crate::ui::Density::Compact)
                .width(if wide { 264 } else { 200 })
                .id(ADD)
                .on_input(Message::Typed);
            let all = button::quiet(format!("加入其余 {} 件", self.left)).small().on_press(Message::AddAll);
            row![combo::combo(field, found, Message::Add).density(crate::ui::Density::Compact), all]
                .spacing(sp::S6)
                .align_y(Vertical::Center)
                .into()
        };
        row![moves, rank, remove, space().width(Length::Fill), add]
            .spacing(sp::S16)
            .height(32)
            .align_y(Vertical::Center)
            .into()
    }

    /// What is said over a version that went out.
    fn old<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let version = self.shown.as_ref().and_then(|(number, _)| self.version(*number));
        let Some(version) = version else { return space().height(32).into() };
        let frozen = &version.frozen;
        let words = format!(
            "v{}，填报日期 {}，{} 件，{} 定稿；表头：{}。只能看，要改请回到“现在的名单”。",
            frozen.number,
            iso(frozen.on),
            frozen.rows.len(),
            ctx.ledger.user_name(version.actor),
            frozen.title,
        );
        row![icon::toned(Icon::Lock, icon::size::INLINE, Tone::Quiet), text::line(text::SMALL, Tone::Quiet, words)]
            .spacing(sp::S6)
            .height(32)
            .align_y(Vertical::Center)
            .into()
    }

    fn rows<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let (sheet, live) = match &self.shown {
            Some((_, sheet)) => (sheet, false),
            None => (&self.now, true),
        };
        if self.ids.is_empty() {
            let words = "名单是空的。在右上方加入本区已推荐的申报，或到“申报”里选中几件再建名单。";
            return container(text::toned(text::BODY, Tone::Quiet, words)).padding([24.0, 8.0]).into();
        }
        let grid = Grid::new(
            &ctx.theme,
            &self.grid,
            &sheet.columns,
            &self.ids,
            move |place, column| sheet.cell(place, column, live, ctx),
            Message::Grid,
        )
        .totals(sheet.totals())
        .id(ROWS);
        // Ctrl with an arrow moves the row; the grid alone would move the cursor.
        keys::keys(grid, move |pressed| {
            let held = (pressed.modifiers.command() || pressed.modifiers.alt()) && live;
            match &pressed.key {
                Key::Named(Named::ArrowUp) if held && pressed.modifiers.shift() => Some(Message::Move(Move::Top)),
                Key::Named(Named::ArrowUp) if held => Some(Message::Move(Move::Up)),
                Key::Named(Named::ArrowDown) if held => Some(Message::Move(Move::Down)),
                _ => None,
            }
        })
    }

    /// What was written last, and ways to look at it.
    fn result<'a>(&'a self) -> Option<Element<'a, Message>> {
        let path = self.written.as_ref()?;
        let line = row![
            icon::toned(Icon::Check, icon::size::BUTTON, Tone::Success),
            text::line(text::SMALL, Tone::Plain, "已写到"),
            // At the left: what was just told stands at the right, over this bar.
            button::normal("打开文件").icon(Icon::FileSpreadsheet).small().on_press(Message::OpenFile),
            button::normal("打开文件夹").icon(Icon::FolderOpen).small().on_press(Message::OpenFolder),
            container(text::line(text::SMALL, Tone::Quiet, path.display().to_string())).clip(true).width(Length::Fill),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        Some(split::action_bar(line))
    }
}

/// Where all shortlists are.
fn lists() -> Place {
    Place::Data(DataTab::Shortlists)
}

fn quiet<'a>(words: String) -> Element<'a, Message> {
    text::line(text::SMALL, Tone::Quiet, words).into()
}

fn warn<'a>(words: String) -> Element<'a, Message> {
    note(Tone::Warn, Icon::TriangleAlert, words)
}

fn note<'a>(tone: Tone, which: Icon, words: String) -> Element<'a, Message> {
    row![icon::toned(which, icon::size::INLINE, tone), text::line(text::SMALL, tone, words)]
        .spacing(sp::S4)
        .align_y(Vertical::Center)
        .into()
}
