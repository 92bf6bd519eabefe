//! What is looked at: a filing is opened, read and made ready; after a decision the next one opens by itself, and one that was
//! taken back shows again.

use iced::Task;

use super::content::Content;
use super::{LIST, Message, Review, deciding, drafts, materials, middle};
use crate::app::ctx::Ctx;
use crate::app::filings::moving::steps;
use crate::app::update::Update;
use crate::domain::defect::book;
use crate::domain::id::RecordId;
use crate::domain::review::tally::tally;
use crate::store::queries::ReviewFile;
use crate::ui::widget::queue as line;

impl Review {
    /// Looks at a filing.
    pub(super) fn open(&mut self, id: RecordId, ctx: &Ctx) -> Update<Message> {
        let other = self.turn_to(id);
        let shown = self.queue.stretch().map_or_else(Task::none, |(from, to)| line::show(LIST, from, to));
        // Another filing is read from its beginning.
        let top = if other { line::show(middle::SCROLL, 0.0, 0.0) } else { Task::none() };
        self.load(ctx).and(Task::batch([shown, top]).into())
    }

    /// Lets go of what was known of another filing. Returns whether it was another.
    pub(super) fn turn_to(&mut self, id: RecordId) -> bool {
        let other = self.queue.current != Some(id);
        self.queue.look_at(id);
        self.problem = None;
        if other || !self.content.as_ref().is_some_and(|content| self.is_open(content)) {
            self.content = None;
            self.settling = None;
            self.ties.clear();
            self.materials = materials::Sheet::default();
            self.steps.clear();
            self.tally = None;
        }
        other
    }

    /// Reads what is looked at anew.
    pub(super) fn load(&mut self, ctx: &Ctx) -> Update<Message> {
        let Some(id) = self.queue.current else { return Update::none() };
        // There is always something to write on.
        self.drafts.of(id);
        self.reading = self.ask_number();
        let reading = self.reading;
        ctx.ask(ctx.db.review_file(id), move |file| Message::Loaded(reading, file.map(|file| file.map(Box::new))))
            .into()
    }

    pub(super) fn loaded(&mut self, read: ReviewFile, ctx: &Ctx) -> Update<Message> {
        let id = read.file.filing.id;
        let first = self.content.is_none();
        self.steps = match read.file.known.filter(|_| !read.file.frozen && self.queue.position().is_some()) {
            Some((_, version)) => steps(&read.file.filing.track, version),
            None => Vec::new(),
        };
        self.phrases = read
            .file
            .known
            .map_or_else(Vec::new, |(program, version)| book(version, ctx.ledger.office.phrases(&program.id)));
        self.tally = read.file.form.map(|form| tally(form, &read.file.reviews));
        let content = Content::new(read);
        if first {
            self.tab = content.first_tab();
            self.difference = 0;
        }
        self.content = Some(content);
        if first {
            // What somebody gave before is what they go on from.
            let given = self.own_review().filter(|review| review.given.recused.is_none());
            if let Some(sheet) = given.map(|review| drafts::sheet_of(&review.given)) {
                let draft = self.drafts.of(id);
                if draft.sheet.is_empty() {
                    draft.sheet = sheet;
                }
            }
        }
        let mut update = Update::none();
        if self.settling == Some(id) {
            update = update.and(deciding::settle(id).into());
        }
        if first && let Some(name) = ctx.person().map(|person| person.name.clone()) {
            let reading = self.reading;
            let ties = ctx.db.ties(id, name, String::new(), String::new());
            update = update.and(ctx.ask(ties, move |ties| Message::Ties(reading, ties)).into());
        }
        update
    }

    /// What was decided today, and whose package lies here.
    pub(super) fn load_day(&self, ctx: &Ctx) -> Task<Message> {
        let (done, packages) = (ctx.db.decided_on(ctx.user, ctx.today), ctx.db.packages());
        Task::perform(async move { Ok((done.await?, packages.await?)) }, Message::Day)
    }

    /// Makes the queue again from the ledger and sees to it that something is looked at.
    pub(super) fn reload(&mut self, ctx: &Ctx) -> Update<Message> {
        let before = self.queue.position().is_some();
        self.queue.reload(ctx);
        self.count_package(ctx);
        self.reckon_bulk(ctx);
        let (advance, passed_on) = (std::mem::take(&mut self.advance), std::mem::take(&mut self.passed_on));
        let (back, kept) = if advance { (None, Task::none()) } else { self.came_back(ctx) };
        let update = match back {
            Some(back) => {
                self.reckon_bulk(ctx);
                self.open(back, ctx)
            }
            None => self.go_on(before, advance, passed_on, ctx),
        };
        update.and(kept.into())
    }

    /// Looks at what was looked at, or at what takes its place. `before`: it waited; `advance`: it was decided.
    fn go_on(&mut self, before: bool, advance: bool, passed_on: bool, ctx: &Ctx) -> Update<Message> {
        let here = self.queue.position().is_some();
        if here && !passed_on {
            return self.load(ctx);
        }
        if !here && !advance && self.queue.decided().is_some() {
            return self.load(ctx);
        }
        let next = if here { self.queue.next() } else { self.queue.successor() };
        match next {
            Some(next) => {
                let update = self.open(next, ctx);
                // Whoever decided has not seen this one yet.
                self.settling = (before && advance).then_some(next);
                update
            }
            None => {
                self.queue.current = None;
                self.content = None;
                self.settling = None;
                Update::none()
            }
        }
    }

    pub(super) fn reckon_bulk(&mut self, ctx: &Ctx) {
        self.bulk = deciding::steps_of_many(&ctx.ledger, self.queue.ticked.iter().copied());
    }
}
