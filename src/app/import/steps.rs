//! What happens to the wizard, step by step: a list taken, read, revised, decided, written, stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use iced::widget::operation;

use super::lines::{self, Deed, Line};
use super::review::{Above, Review, Writing};
use super::work::{self, Loaded, Order};
use super::written::Written;
use super::{BROWSE, Import, Message, Page, ROWS, firm, page};
use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::{Event, Update};
use crate::domain::event::Logged;
use crate::domain::{Kind, Result};
use crate::exchange::import::{Applied, Choice, Watch};
use crate::store::Done;
use crate::ui::Tone;
use crate::ui::grid::{GridAction, GridEvent};
use crate::ui::icon::Icon;
use crate::ui::widget::shell::Note;

impl Import {
    pub(super) fn take(&mut self, path: PathBuf) -> Update<Message> {
        if self.is_busy() {
            return Update::told(Tone::Info, "正在处理上一份名单，请先等它完成或停止");
        }
        self.turn += 1;
        let stop = Arc::new(AtomicBool::new(false));
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.problem = None;
        self.page = Page::Reading { turn: self.turn, name, done: 0.0, stop: Arc::clone(&stop) };
        work::reading(self.turn, path, stop).into()
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(self.page, Page::Reading { .. }) || self.writing().is_some()
    }

    /// What is under way, wherever one looks meanwhile.
    pub fn busy(&self) -> Option<Note<Message>> {
        if let Page::Reading { name, done, .. } = &self.page {
            let words = format!("正在读 {name}");
            return Some(Note { done: Some(*done), cancel: Some(Message::Stop), ..Note::new(Icon::FileText, words) });
        }
        let writing = self.writing()?;
        let words = if writing.stopping {
            "正在停止，已写的会全部收回".to_owned()
        } else {
            format!("正在写入 {} / {} 行", writing.done.min(writing.rows), writing.rows)
        };
        let done = writing.done as f32 / writing.rows.max(1) as f32;
        let cancel = (!writing.stopping).then_some(Message::Stop);
        Some(Note { done: Some(done), cancel, ..Note::new(Icon::Upload, words) })
    }

    pub(super) fn writing(&self) -> Option<&Writing> {
        self.review.as_ref()?.writing.as_ref()
    }

    pub(super) fn take_typed(&mut self) -> Update<Message> {
        match files::typed(&self.path) {
            Some(path) => self.take(path),
            None => operation::focus(page::PATH).into(),
        }
    }

    pub(super) fn pasted(&mut self, text: Option<String>) -> Update<Message> {
        let text = text.unwrap_or_default();
        let line = text.trim();
        let one = (!line.contains('\n') && !line.contains('\t')).then(|| files::typed(line)).flatten();
        if let Some(path) = one.filter(|path| path.is_file()) {
            return self.take(path);
        }
        if self.is_busy() {
            return Update::none();
        }
        self.turn += 1;
        self.problem = None;
        let stop = Arc::new(AtomicBool::new(false));
        self.page = Page::Reading { turn: self.turn, name: "剪贴板".to_owned(), done: 0.0, stop };
        work::pasting(self.turn, text).into()
    }

    pub(super) fn read(&mut self, loaded: Result<Arc<Loaded>>, ctx: &Ctx) -> Update<Message> {
        match loaded {
            Ok(loaded) => {
                let digest = loaded.digest;
                let Some(review) = Review::new(loaded, ctx) else { return Update::none() };
                self.review = Some(Box::new(review));
                self.page = Page::Review;
                let before = ctx.ask(ctx.db.imports_of(digest), move |before| Message::Before(digest, before));
                self.replan(ctx).and(before.into()).and(operation::focus(ROWS).into())
            }
            Err(problem) => {
                self.page = Page::Choose;
                if problem.kind != Kind::Cancelled {
                    self.problem = Some(problem);
                }
                operation::focus(BROWSE).into()
            }
        }
    }

    pub(super) fn replan(&mut self, ctx: &Ctx) -> Update<Message> {
        match &mut self.review {
            Some(review) => review.replan(&mut self.turn, ctx).into(),
            None => Update::none(),
        }
    }

    /// Does something to the review, then plans anew.
    pub(super) fn revise(&mut self, ctx: &Ctx, change: impl FnOnce(&mut Review)) -> Update<Message> {
        let Some(review) = self.review.as_mut().filter(|review| review.writing.is_none()) else {
            return Update::none();
        };
        change(review);
        self.replan(ctx)
    }

    pub(super) fn decide(&mut self, row: usize, choice: Option<Choice>, ctx: &Ctx) -> Update<Message> {
        let asked = self.review.as_ref().is_some_and(|review| review.above.is_some());
        let update = self.revise(ctx, |review| {
            review.above = None;
            match choice {
                // Pressed again, it is taken back.
                Some(choice) if review.choices.get(&row) != Some(&choice) => {
                    review.choices.insert(row, choice);
                }
                _ => {
                    review.choices.remove(&row);
                }
            }
        });
        // From the dialog back to the rows.
        if asked { update.and(operation::focus(ROWS).into()) } else { update }
    }

    pub(super) fn deed(&mut self, row: usize, n: usize, ctx: &Ctx) -> Update<Message> {
        let Some(review) = &mut self.review else { return Update::none() };
        let Some(doubt) = review.doubts.get(&row) else { return Update::none() };
        match lines::deeds(doubt, review).get(n) {
            Some((_, Deed::Is(choice))) => {
                let choice = *choice;
                self.decide(row, Some(choice), ctx)
            }
            Some((_, Deed::Pick)) => {
                review.above = Some(Above::Firm(firm::Pick::new(row)));
                Update::none()
            }
            None => Update::none(),
        }
    }

    /// The current row's choice by its key; then the next row that waits becomes current.
    pub(super) fn deed_by_key(&mut self, n: usize, ctx: &Ctx) -> Update<Message> {
        let Some(row) = self.review.as_ref().and_then(|review| review.current()) else { return Update::none() };
        let update = self.deed(row, n, ctx);
        if let Some(review) = self.review.as_mut().filter(|review| review.above.is_none()) {
            let waits = |line: &&Line| matches!(line, Line::Row(n) if review.doubts.contains_key(n) && !review.choices.contains_key(n));
            let here = review.lines.iter().position(|line| *line == Line::Row(row)).unwrap_or(0);
            let next = review.lines[here..].iter().skip(1).find(waits).copied();
            if let (Some(next), true) = (next, review.choices.contains_key(&row)) {
                review.grid.set_current(Some(next), &review.lines, 8);
            }
        }
        update
    }

    pub(super) fn grid(&mut self, event: GridEvent<Line>, ctx: &Ctx) -> Update<Message> {
        let Some(review) = &mut self.review else { return Update::none() };
        match review.grid.update(event, &review.columns, &review.lines) {
            GridAction::SortBy(sort) => {
                review.sort = Some(sort);
                review.relist();
            }
            GridAction::Open(Line::Row(row)) => {
                let planned = review.plan.as_ref().and_then(|plan| plan.rows.get(row));
                if planned.is_some_and(|row| !row.name.is_empty() && !row.is_elsewhere()) {
                    review.above = Some(Above::Firm(firm::Pick::new(row)));
                }
            }
            GridAction::Choose { id: Line::Row(row), option, .. } => return self.deed(row, option, ctx),
            GridAction::Copy { text, rows, .. } => {
                return Update::event(Event::Copy {
                    text,
                    words: format!("已复制 {rows} 行"),
                    logged: Some(Logged::copied("导入名单的预览", rows)),
                });
            }
            _ => {}
        }
        Update::none()
    }

    pub(super) fn write(&mut self, ctx: &Ctx) -> Update<Message> {
        let Some(review) = self.review.as_mut().filter(|review| review.writing.is_none()) else {
            return Update::none();
        };
        let Some(plan) = review.plan.clone().filter(|plan| plan.writes() > 0 && !review.is_planning()) else {
            return Update::none();
        };
        self.turn += 1;
        let watch = Watch::default();
        review.writing =
            Some(Writing { turn: self.turn, watch: watch.clone(), done: 0, rows: plan.writes(), stopping: false });
        let order = Order {
            db: ctx.db.clone(),
            actor: ctx.user,
            loaded: Arc::clone(&review.loaded),
            table: Arc::clone(&review.table),
            plan,
        };
        work::writing(self.turn, order, watch).into()
    }

    pub(super) fn wrote(&mut self, turn: u64, done: Result<Box<Done<Applied>>>, ctx: &Ctx) -> Update<Message> {
        let Some(review) = &mut self.review else { return Update::none() };
        if review.writing.take_if(|writing| writing.turn == turn).is_none() {
            return Update::none();
        }
        match done {
            Ok(done) if done.action.is_none() => Update::told(Tone::Quiet, "没有要写入的：名单上的都已经在档案里"),
            Ok(done) => {
                let written = Written::new(review, &done, ctx);
                let words = written.words();
                self.review = None;
                self.page = Page::Written(Box::new(written));
                Update::saved(&*done, words)
            }
            Err(problem) if problem.kind == Kind::Cancelled => {
                self.replan(ctx).and(Update::told(Tone::Quiet, "导入已停止，什么都没有写入"))
            }
            Err(problem) => self.replan(ctx).and(problem.into()),
        }
    }

    pub(super) fn stop(&mut self) {
        match &mut self.page {
            Page::Reading { stop, .. } => stop.store(true, Ordering::Relaxed),
            _ => {
                if let Some(writing) = self.review.as_mut().and_then(|review| review.writing.as_mut()) {
                    writing.watch.stop();
                    writing.stopping = true;
                }
            }
        }
    }

    pub(super) fn begin_again(&mut self, ctx: &Ctx) -> Update<Message> {
        self.page = Page::Choose;
        self.path.clear();
        self.problem = None;
        let recent = ctx.ask(ctx.db.imports(), Message::Recent);
        Update::task(recent).and(operation::focus(BROWSE).into())
    }
}
