//! The page as a whole: its head with the steps, and what stands under it at each of them.

use iced::alignment::Vertical;
use iced::widget::{column, container, row, space};
use iced::{Length, Padding};

use super::lines::Room;
use super::review::Review;
use super::{BROWSE, Import, Message, Page};
use crate::app::ctx::Ctx;
use crate::app::place::{DataTab, Place};
use crate::app::words;
use crate::domain::Problem;
use crate::ui::icon::{self, Icon};
use crate::ui::widget::ledger::{self, ledger};
use crate::ui::widget::rule::{self, Weight};
use crate::ui::widget::segmented::{Segment, segmented};
use crate::ui::widget::split::{PAGE, action_bar};
use crate::ui::widget::{button, input, progress, section, stages};
use crate::ui::{Density, Element, Tone, space as sp, text};

/// The field a path is typed into.
pub const PATH: &str = "import-path";

const STEPS: [&str; 5] = ["选文件", "找表格", "对应列", "核对每一行", "写入"];

/// Width of what was found, beside the rows.
const LEFT: f32 = 316.0;

impl Import {
    pub(super) fn page_view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let (step, body): (usize, Element<'a, Message>) = match (&self.page, &self.review) {
            (Page::Reading { name, done, .. }, _) => (1, reading(name, *done)),
            (Page::Written(written), _) => (STEPS.len(), written.view(ctx)),
            (Page::Review, Some(review)) => {
                let step = match () {
                    () if review.writing.is_some() => 4,
                    () if review.problem.is_some() => 2,
                    () => 3,
                };
                (step, self.look_over(review, ctx))
            }
            (Page::Choose | Page::Review, _) => (0, self.choose(ctx)),
        };
        // No room for both sides: they take turns.
        let narrow = self.review.as_ref().is_some_and(|review| review.room == Room::Narrow);
        let sides = (narrow && matches!(self.page, Page::Review)).then(|| {
            let sides = [Segment::new(false, "每一行"), Segment::new(true, "名单与列")];
            row![space().width(Length::Fill), segmented(sides, &self.side, Message::Side)]
        });
        let head = row![text::title(if narrow { "导入" } else { "导入名单" })]
            .push(stages::steps(STEPS, step))
            .push(sides)
            .spacing(sp::S32)
            .height(48)
            .align_y(Vertical::Center);
        column![container(head).padding(PAGE), body].height(Length::Fill).into()
    }

    fn choose<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let buttons = row![
            button::primary("浏览…").icon(Icon::FolderOpen).id(BROWSE).on_press(Message::Browse),
            button::normal("粘贴表格").icon(Icon::ClipboardPaste).key("Ctrl V").on_press(Message::Paste),
            space().width(sp::S4),
            text::small("也可以把文件拖到窗口里"),
        ]
        .spacing(sp::S8)
        .align_y(Vertical::Center);
        let path = row![
            input::input(&self.path)
                .placeholder("或者输入文件的路径")
                .icon(Icon::FileText)
                .id(PATH)
                .on_input(Message::Path)
                .on_submit(Message::TakeTyped),
            button::normal("读取").key("Enter").on_press((!self.path.trim().is_empty()).then_some(Message::TakeTyped)),
        ]
        .spacing(sp::S8);
        let waiting = self.review.as_ref().map(|review| {
            let words = format!("还有一份没写入的名单：{}", review.loaded.name);
            let line = row![
                icon::toned(Icon::Info, icon::size::BUTTON, Tone::Info),
                text::line(text::BODY, Tone::Plain, words),
                space().width(Length::Fill),
                button::normal("回到核对").small().on_press(Message::BackToReview),
                button::quiet("放弃它").small().on_press(Message::GiveUp),
            ];
            line.spacing(sp::S8).align_y(Vertical::Center)
        });
        let left = column![section::section("选文件", Some("Word、Excel（.xlsx .xls）、CSV"), None), buttons, path]
            .push(self.problem.as_ref().map(trouble))
            .push(waiting)
            .push(text::small(
                "公布的名单原样拿来就行：标题、通知正文、分组行、合计和注释会自动跳过，列按名称对应，每一行对到企业。\
                 写入之前逐行都能看，写入之后一步可撤销。",
            ))
            .spacing(sp::S12);
        let body = column![left, self.recent(ctx)].spacing(sp::S24).max_width(760);
        crate::ui::widget::scroll::scroll(container(body).padding(Padding { top: 8.0, bottom: 20.0, ..PAGE })).into()
    }

    fn recent<'a>(&'a self, ctx: &'a Ctx) -> Option<Element<'a, Message>> {
        if self.recent.is_empty() {
            return None;
        }
        let all = button::quiet("全部导入记录").small().on_press(Message::Go(Place::Data(DataTab::Imports)));
        let columns = [
            ledger::Column::left("时间", 136),
            ledger::Column::left("名单", Length::Fill),
            ledger::Column::left("导入为", 176),
            ledger::Column::right("行数", 64),
        ];
        let mut table = ledger(columns, Density::Comfortable);
        for import in self.recent.iter().take(6) {
            let name = if import.title.is_empty() { &import.file } else { &import.title };
            let tone = if import.undone { Tone::Faint } else { Tone::Plain };
            let purpose = if import.undone { "已撤销".to_owned() } else { import.purpose.clone() };
            table = table.push(vec![
                text::line(text::SMALL, Tone::Quiet, words::stamp(import.at, ctx)).into(),
                text::line(text::BODY, tone, name.as_str()).into(),
                text::line(text::SMALL, Tone::Quiet, purpose).into(),
                text::line(text::BODY, tone, import.rows.to_string()).into(),
            ]);
        }
        Some(column![section::heading("最近导入", None, Some(all.into())), Element::from(table)].into())
    }

    fn look_over<'a>(&'a self, review: &'a Review, ctx: &'a Ctx) -> Element<'a, Message> {
        let left = column![review.found_view(ctx), review.taken_as_view(ctx), review.columns_view()].spacing(sp::S20);
        // The scrollbar lies beside the content, not on it.
        let left = crate::ui::widget::scroll::scroll(container(left).padding(Padding {
            right: 10.0,
            bottom: 16.0,
            ..Padding::ZERO
        }));
        let (left_shows, rows_show) = if review.room == Room::Narrow { (self.side, !self.side) } else { (true, true) };
        let both = row![]
            .push(left_shows.then(|| container(left).width(LEFT + 10.0).height(Length::Fill)))
            .push(rows_show.then(|| container(review.rows_view(ctx)).width(Length::Fill).height(Length::Fill)))
            .spacing(sp::S16);
        column![container(both).padding(PAGE).height(Length::Fill), foot(review)].height(Length::Fill).into()
    }
}

/// What went wrong, with what to do next.
pub fn trouble<'a>(problem: &'a Problem) -> Element<'a, Message> {
    let words = column![text::toned(text::BODY.bold(), Tone::Danger, problem.says.as_str())]
        .push(problem.next.as_deref().map(text::body));
    let picture =
        container(icon::toned(Icon::CircleAlert, icon::size::BUTTON, Tone::Danger)).padding(iced::padding::top(3));
    container(row![picture, words].spacing(sp::S8)).padding([8, 0]).into()
}

fn reading<'a>(name: &'a str, done: f32) -> Element<'a, Message> {
    let words = format!("正在读“{name}”，找名单表格……");
    let line =
        row![progress::progress(done, 320.0), button::normal("停止").key("Esc").small().on_press(Message::Stop),]
            .spacing(sp::S12)
            .align_y(Vertical::Center);
    let body = column![section::section("找表格", None, None), text::body(words), line].spacing(sp::S12).max_width(760);
    container(body).padding(Padding { top: 8.0, ..PAGE }).into()
}

/// The bar where it is decided.
fn foot<'a>(review: &'a Review) -> Element<'a, Message> {
    let (doubtful, damaged) = review.open();
    let writes = review.writes();
    let open = match (doubtful, damaged) {
        (0, 0) => String::new(),
        (n, 0) => format!("还有 {n} 行待确认"),
        (0, n) => format!("还有 {n} 行损坏"),
        (n, m) => format!("还有 {n} 行待确认、{m} 行损坏"),
    };
    let (tone, says) = match (&review.plan, writes) {
        _ if review.writing.is_some() => (Tone::Quiet, String::new()),
        (None, _) => (Tone::Quiet, String::new()),
        (Some(_), 0) if open.is_empty() => (Tone::Quiet, "没有要写入的：名单上的都已经在档案里".to_owned()),
        (Some(_), 0) => (Tone::Warn, format!("没有要写入的：{open}，处理了才会写入")),
        (Some(_), _) if open.is_empty() => (Tone::Quiet, "每一行都有着落".to_owned()),
        (Some(_), _) => (Tone::Quiet, format!("{open}，没处理的不写入，不影响其余")),
    };
    let unit = if matches!(review.form.purpose, super::purpose::As::Firms | super::purpose::As::Certificates) {
        "家"
    } else {
        "件"
    };
    let primary = match (&review.writing, writes) {
        (Some(writing), _) if writing.stopping => button::primary("正在停止……"),
        (Some(writing), _) => {
            button::primary(format!("正在写入 {} / {}", writing.done.min(writing.rows), writing.rows))
        }
        (None, 0) => button::primary("没有要写入的"),
        (None, n) => button::primary(format!("写入 {n} {unit}，一步可撤销"))
            .icon(Icon::Check)
            .key("Ctrl Enter")
            .on_press((!review.is_planning()).then_some(Message::Write)),
    };
    let stop = review
        .writing
        .as_ref()
        .filter(|writing| !writing.stopping)
        .map(|_| button::normal("停止，什么都不留").key("Esc").decision().on_press(Message::Stop));
    let idle = review.writing.is_none();
    let line = row![
        button::normal("换文件").icon(Icon::ArrowLeft).decision().on_press(idle.then_some(Message::OtherFile)),
        button::quiet("放弃导入").decision().on_press(idle.then_some(Message::GiveUp)),
        container(text::line(text::SMALL, tone, says)).width(Length::Fill).align_x(iced::alignment::Horizontal::Right),
    ]
    .push(stop)
    .push(primary.decision())
    .spacing(sp::S12)
    .align_y(Vertical::Center);
    action_bar(line)
}

/// A hairline under a short table of names and values.
pub fn hair<'a>() -> Element<'a, Message> {
    rule::across(Weight::Hair)
}
