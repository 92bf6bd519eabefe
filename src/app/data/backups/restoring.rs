//! 恢复: what a backup holds, what would be lost against the present, and the button that does it.

use std::path::{Path, PathBuf};

use iced::Length;
use iced::widget::column;

use super::{Message, Out, problem_view};
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::{Problem, Result};
use crate::store::backup::{Backup, Contents, Lost, Preview};
use crate::ui::theme::Density;
use crate::ui::widget::field::Says;
use crate::ui::widget::ledger::{Cell, Column, ledger};
use crate::ui::widget::section::block_heading;
use crate::ui::widget::{button, checkbox, dialog};
use crate::ui::{Element, Tone, space as sp, text};

/// A backup being looked at.
pub struct Look {
    pub path: PathBuf,
    at: chrono::NaiveDateTime,
    stand: Stand,
    /// Somebody has said that they saw what will be lost: neither Enter nor a hasty press is enough.
    pub seen: bool,
}

enum Stand {
    Looking,
    Shown(Box<Preview>),
    Refused(Problem),
}

impl Look {
    /// Nothing read yet.
    pub fn new(backup: &Backup) -> Self {
        Self { path: backup.path.clone(), at: backup.at, stand: Stand::Looking, seen: false }
    }

    /// What was found; of another backup it is not wanted any more.
    pub fn shown(&mut self, path: &Path, shown: Result<Box<Preview>>) {
        if path == self.path {
            self.stand = match shown {
                Ok(preview) => Stand::Shown(preview),
                Err(problem) => Stand::Refused(problem),
            };
        }
    }

    /// Whether it can be restored and somebody wants it.
    pub fn may_go(&self) -> bool {
        self.seen && matches!(self.stand, Stand::Shown(_))
    }

    /// The dialog.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Out> {
        let content: Element<'a, Out> = match &self.stand {
            Stand::Looking => text::body("正在验证这份备份，并和现在的数据比较……").into(),
            Stand::Refused(problem) => problem_view(problem),
            Stand::Shown(preview) => shown(preview, self.seen, ctx),
        };
        let can = matches!(self.stand, Stand::Shown(_));
        let close = button::normal(if can { "不恢复" } else { "关闭" }).key("Esc");
        let close = close.on_press(Out::Backups(Message::Close)).into();
        let go = button::danger("用这份备份恢复").on_press(self.may_go().then_some(Out::Backups(Message::Restore)));
        let title = format!("恢复到 {} 的备份", self.at.format("%Y-%m-%d %H:%M"));
        let buttons = if can { vec![close, go.into()] } else { vec![close] };
        dialog::dialog(title, content, buttons, dialog::Width::Wide)
    }
}

/// One of the numbers of what a database holds.
type Count = fn(&Contents) -> u64;

fn shown<'a>(preview: &'a Preview, seen: bool, ctx: &'a Ctx) -> Element<'a, Out> {
    let columns = [Column::left("", 96), Column::left("这份备份", Length::Fill), Column::left("现在", Length::Fill)];
    let mut table = ledger(columns, Density::Compact);
    let last = |holds: &Contents| {
        let deed = holds.last.as_ref();
        deed.map_or_else(
            || "—".to_owned(),
            |deed| format!("{} {}", words::stamp(deed.at, ctx), words::in_short(&deed.name)),
        )
    };
    let rows: [(&str, Count); 4] = [
        ("企业", |holds| holds.firms),
        ("申报", |holds| holds.filings),
        ("操作", |holds| holds.actions),
        ("流水", |holds| holds.events),
    ];
    let present =
        |count: Count| preview.present.as_ref().map_or_else(|| "读不出来".to_owned(), |holds| count(holds).to_string());
    for (name, count) in rows {
        table = table.push(line(name, count(&preview.holds).to_string(), present(count)));
    }
    table = table.push(line("最后一步", last(&preview.holds), preview.present.as_ref().map(last).unwrap_or_default()));
    let lost: Element<'a, Out> = match &preview.lost {
        None => text::body("现在的数据读不出来，比不出会失去什么。").into(),
        Some(lost) if lost.events == 0 => {
            let says = "现在的内容这份备份里都有，恢复不会失去什么。".to_owned();
            column![].push(Says::Valid(says).view()).into()
        }
        Some(lost) => lost_view(lost, ctx),
    };
    let after = "恢复前的数据不会删除，改名留在数据文件夹里。恢复后要重新登录，密码是备份时的密码。";
    let seen = checkbox::checkbox("看清了，要恢复到这份备份", seen, Some(|seen| Out::Backups(Message::Seen(seen))));
    column![Element::from(table), lost, text::small(after), seen].spacing(sp::S12).into()
}

fn line<'a>(name: &'a str, backup: String, present: String) -> Vec<Cell<'a, Out>> {
    vec![
        text::line(text::SMALL, Tone::Quiet, name).into(),
        text::line(text::SMALL, Tone::Plain, backup).into(),
        text::line(text::SMALL, Tone::Plain, present).into(),
    ]
}

fn lost_view<'a>(lost: &'a Lost, ctx: &'a Ctx) -> Element<'a, Out> {
    let words = format!("恢复后不再看得到 {} 步操作（{} 条流水）", lost.actions, lost.events);
    let columns = [Column::left("", 128), Column::left("", 96), Column::left("", Length::Fill)];
    let mut table = ledger(columns, Density::Compact).headless();
    for deed in &lost.newest {
        table = table.push(vec![
            text::line(text::SMALL, Tone::Quiet, words::stamp(deed.at, ctx)).into(),
            text::line(text::SMALL, Tone::Plain, ctx.ledger.user_name(deed.actor)).into(),
            text::line(text::SMALL, Tone::Plain, words::in_short(&deed.name)).into(),
        ]);
    }
    let more = lost.actions.saturating_sub(lost.newest.len() as u64);
    let more = (more > 0).then(|| text::small(format!("……还有 {more} 步")));
    let head = block_heading("会失去什么", None, None);
    let says = Says::Warning(words).view();
    column![head].push(says).push(Element::from(table)).push(more).spacing(sp::S4).into()
}
