//! What is done to the list: changed, kept, saved, frozen.

use iced::Task;

use super::freeze::{self, Freeze, Out, Sent};
use super::order::{Draft, Move};
use super::{Message, Shortlist, draft_name};
use crate::app::ctx::Ctx;
use crate::app::print;
use crate::app::update::{Event, Update};
use crate::domain::Problem;
use crate::domain::event::{Logged, ShortlistFrozen};
use crate::domain::people::Permission;
use crate::ui::Tone;

impl Shortlist {
    /// Does something to the list and keeps the way back.
    pub(super) fn edit(&mut self, ctx: &Ctx, deed: impl FnOnce(&mut Draft) -> bool) -> Update<Message> {
        if self.shown.is_some() || self.file.is_none() || self.saving {
            return Update::none();
        }
        let before = self.draft.clone();
        if !deed(&mut self.draft) {
            return Update::none();
        }
        self.past.push(before);
        let known = self.draft.items.iter().all(|id| self.now.knows(*id) || ctx.ledger.filing(*id).is_none());
        let rows = if known {
            self.relist(ctx);
            Update::none()
        } else {
            self.changed(ctx)
        };
        rows.and(self.keep(ctx))
    }

    /// Keeps what is not saved on this machine, so that closing the window loses nothing.
    pub(super) fn keep(&self, ctx: &Ctx) -> Update<Message> {
        let Some(id) = self.id else { return Update::none() };
        let text = if self.dirty() { self.draft.write() } else { String::new() };
        Update::task(ctx.ask(ctx.db.set_draft(&draft_name(id), &text), Message::Drafted))
    }

    /// Brings the current row into sight after it was moved.
    pub(super) fn follow_current(&mut self) {
        let current = self.grid.current();
        let page = 8;
        self.grid.set_current(current, &self.ids, page);
    }

    pub(super) fn put(&mut self, to: Move, ctx: &Ctx) -> Update<Message> {
        let Some(id) = self.grid.current() else { return Update::none() };
        let update = self.edit(ctx, |draft| draft.put(id, to));
        self.follow_current();
        update
    }

    pub(super) fn save(&mut self, ctx: &Ctx) -> Update<Message> {
        if !self.dirty() || self.saving {
            return Update::none();
        }
        let Some(id) = self.id else { return Update::none() };
        if self.draft.title.trim().is_empty() {
            return Problem::bad_input("名单名称不能为空。").next("请先填写名称再保存。").into();
        }
        self.saving = true;
        let (title, items) = (self.draft.title.trim().to_owned(), self.draft.items.clone());
        let name = format!("改推荐名单“{title}”");
        Update::task(ctx.act(name, move |act| act.change_shortlist(id, &title, &items), Message::Saved))
    }

    pub(super) fn open_freeze(&mut self, ctx: &Ctx) -> Update<Message> {
        let needs = if self.shown.is_some() { Permission::Export } else { Permission::Shortlist };
        if let Err(problem) = ctx.permit(needs) {
            return problem.into();
        }
        let Some(file) = &self.file else { return Update::none() };
        let dialog = match self.shown.as_ref().and_then(|(number, _)| self.version(*number)) {
            Some(version) => Freeze::new(Out::Again(version.frozen.clone()), String::new(), ctx.today, Vec::new()),
            None => {
                let last = file.versions.iter().max_by_key(|version| version.frozen.number);
                let title = last.map_or_else(|| self.offered.clone(), |version| version.frozen.title.clone());
                Freeze::new(Out::Next(self.next_number()), title, ctx.today, self.warnings(ctx))
            }
        };
        self.freeze = Some(dialog);
        Update::task(Freeze::focus().map(Message::Freeze))
    }

    /// Prints what shows: a version that went out, or the list as it stands, which says that it is no such version.
    pub(super) fn print(&self, ctx: &Ctx) -> Update<Message> {
        let Some(file) = &self.file else { return Update::none() };
        let (sheet, number) = match &self.shown {
            Some((number, sheet)) => (sheet, Some(*number)),
            None => (&self.now, None),
        };
        let version = match number.map(|number| self.version(number)) {
            Some(Some(version)) => version.frozen.clone(),
            Some(None) => return Update::none(),
            None => {
                let (heads, rows) = sheet.for_paper(&self.draft.items);
                if rows.is_empty() {
                    return Update::told(Tone::Quiet, "名单里还没有申报，没有可以打印的");
                }
                ShortlistFrozen { number: 0, on: ctx.today, title: self.offered.clone(), heads, rows, restates: None }
            }
        };
        let office = &ctx.ledger.office.name;
        let job = print::pages::shortlist(&version, self.layout(ctx), office, sheet.sums(), number.is_none());
        Update::print(job.about(file.id))
    }

    pub(super) fn begin(&mut self, ctx: &Ctx) -> Update<Message> {
        let (Some(dialog), Some(file)) = (&self.freeze, &self.file) else { return Update::none() };
        let Some(order) = dialog.order(ctx.today) else { return Update::none() };
        let (office, layout) = (ctx.ledger.office.name.clone(), self.layout(ctx).to_vec());
        match dialog.out.clone() {
            Out::Next(_) => {
                let ids = (file.id, file.edition);
                let work = freeze::send(ctx.db.clone(), ctx.user, ids, self.draft.clone(), office, layout, order);
                Update::task(Task::perform(work, Message::Sent))
            }
            Out::Again(version) => {
                let work = async move {
                    let written = freeze::again(&version, &office, &layout, &order);
                    Ok(Sent { number: version.number, filings: version.rows.len(), done: None, written })
                };
                Update::task(Task::perform(work, Message::Sent))
            }
        }
    }

    pub(super) fn sent(&mut self, sent: Sent, ctx: &Ctx) -> Update<Message> {
        self.freeze = None;
        let mut update = Update::none();
        if let Some(done) = &sent.done {
            if let Some(file) = &mut self.file {
                file.base = self.draft.clone();
            }
            self.past.clear();
            let words = format!("已定稿 v{}，{} 件", sent.number, sent.filings);
            update = update.and(Update::saved(done, words)).and(self.keep(ctx));
        }
        match sent.written {
            Ok(path) => {
                if sent.done.is_none() {
                    update = update.and(Update::told(Tone::Success, format!("已写出 v{}", sent.number)));
                }
                let title = self.draft.title.trim();
                let what = format!("推荐名单“{title}”v{}，联系人和电话不隐去", sent.number);
                let logged = Logged::export(&what, &path, sent.filings);
                self.written = Some(path);
                update.and_event(Event::Note(match self.id {
                    Some(id) => logged.about(id),
                    None => logged,
                }))
            }
            Err(problem) => update.and(problem.into()),
        }
    }
}
