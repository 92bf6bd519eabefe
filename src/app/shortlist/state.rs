//! What the screen holds and how it comes to hold it: reading, gathering, listing, and what can be said of the list.

use std::collections::HashSet;

use iced::Task;

use super::order::{Apart, Draft};
use super::sheet::{self, Sheet};
use super::{File, Message, Read, Shortlist, draft_name};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::event::ShortlistFrozen;
use crate::domain::id::RecordId;
use crate::domain::program::{Program, ShortlistColumn};
use crate::domain::shortlist::FrozenVersion;
use crate::exchange::shortlist::gathering;
use crate::store::ledger::FilingFilter;
use crate::store::queries::ShortlistFile;
use crate::ui::grid::GridState;

impl Shortlist {
    pub(super) fn read(&mut self, ctx: &Ctx) -> Update<Message> {
        let Some(id) = self.id else { return Update::none() };
        self.asked += 1;
        let asked = self.asked;
        let (file, draft) = (ctx.db.shortlist(id), ctx.db.draft(&draft_name(id)));
        let work = async move { Ok(Read { file: file.await?, draft: draft.await? }) };
        Update::task(Task::perform(work, move |read| Message::Read(asked, read)))
    }

    pub(super) fn take_in(&mut self, read: Read, ctx: &Ctx) -> Update<Message> {
        let Some(ShortlistFile { shortlist }) = read.file else {
            self.lost = true;
            self.file = None;
            return Update::none();
        };
        let dirty = self.dirty();
        let base = Draft { title: shortlist.title.clone(), items: shortlist.items.clone() };
        if self.file.is_none() {
            // What was being changed when the program last ended goes on here.
            self.draft = read.draft.as_deref().and_then(Draft::read).unwrap_or_else(|| base.clone());
        } else if !dirty {
            self.draft.clone_from(&base);
        }
        self.lost = false;
        self.file = Some(File { id: shortlist.id, edition: shortlist.edition, base, versions: shortlist.versions });
        if let Some((number, _)) = &self.shown {
            self.show(Some(*number), ctx);
        }
        self.changed(ctx)
    }

    pub(super) fn program(&self, ctx: &Ctx) -> Option<&'static Program> {
        let edition = ctx.ledger.edition(self.file.as_ref()?.edition)?;
        edition.known.map(|(program, _)| program)
    }

    pub(super) fn layout(&self, ctx: &Ctx) -> &'static [ShortlistColumn] {
        self.program(ctx).map(|program| program.shortlist.columns.as_slice()).unwrap_or_default()
    }

    /// Gathers the rows anew: membership or the filings themselves changed.
    pub(super) fn gather(&mut self, ctx: &Ctx) -> Task<Message> {
        let Some(file) = &self.file else { return Task::none() };
        // One that was taken back has nothing to gather; its row says so.
        let here: Vec<RecordId> =
            self.draft.items.iter().copied().filter(|id| ctx.ledger.filing(*id).is_some()).collect();
        self.asked += 1;
        let (asked, db, edition) = (self.asked, ctx.db.clone(), file.edition);
        Task::perform(gathering(db, edition, here), move |rows| Message::Gathered(asked, rows))
    }

    /// The order or the members changed: lists what shows, and gathers what is not here yet.
    pub(super) fn changed(&mut self, ctx: &Ctx) -> Update<Message> {
        self.relist(ctx);
        Update::task(self.gather(ctx))
    }

    pub(super) fn relist(&mut self, ctx: &Ctx) {
        if self.shown.is_none() {
            self.ids.clone_from(&self.draft.items);
            self.grid.rows_changed(&self.ids);
            if self.grid.current().is_none() {
                self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
            }
        }
        self.now.sum_up(&self.draft.items);
        self.missing = self.now.missing(&self.draft.items);
        let items = self.draft.items.iter();
        self.fallen = items.clone().filter(|id| sheet::fallen(**id, ctx)).count();
        self.gone = items.filter(|id| ctx.ledger.filing(**id).is_none()).count();
        self.apart = self.read_apart();
        self.find(ctx);
    }

    /// Filings of the edition that our review let through and that are not on the list.
    pub(super) fn find(&mut self, ctx: &Ctx) {
        let Some(file) = &self.file else { return };
        let filter =
            FilingFilter { edition: Some(file.edition), text: self.adding.trim().to_owned(), ..Default::default() };
        let on: HashSet<RecordId> = self.draft.items.iter().copied().collect();
        let fits = |id: &RecordId| !on.contains(id) && !sheet::fallen(*id, ctx);
        self.found = ctx.ledger.list_filings(&filter, None).into_iter().filter(fits).collect();
        if self.adding.trim().is_empty() {
            self.left = self.found.len();
        }
    }

    pub(super) fn dirty(&self) -> bool {
        self.file.as_ref().is_some_and(|file| Some(file.id) == self.id && file.base != self.draft)
    }

    /// The version the screen would freeze next.
    pub(super) fn next_number(&self) -> u16 {
        let versions = self.file.iter().flat_map(|file| &file.versions);
        versions.map(|version| version.frozen.number).max().unwrap_or(0).saturating_add(1)
    }

    pub(super) fn version(&self, number: u16) -> Option<&FrozenVersion> {
        self.file.as_ref()?.versions.iter().find(|version| version.frozen.number == number)
    }

    pub(super) fn show(&mut self, number: Option<u16>, ctx: &Ctx) {
        let layout = self.layout(ctx);
        let version = number.and_then(|number| self.version(number)).map(|version| version.frozen.clone());
        self.grid = GridState::default();
        match version {
            Some(ShortlistFrozen { number, heads, rows, .. }) => {
                self.ids = rows.iter().map(|row| row.filing).collect();
                let mut sheet = Sheet::new(heads, rows, layout, false);
                sheet.sum_up(&self.ids);
                self.shown = Some((number, sheet));
            }
            None => self.shown = None,
        }
        self.grid.set_current(self.ids.first().copied(), &self.ids, 1);
        self.relist(ctx);
    }

    /// What sets the list apart from the version that went out last.
    fn read_apart(&self) -> Option<(u16, Apart)> {
        let last = self.file.as_ref()?.versions.iter().max_by_key(|version| version.frozen.number)?;
        let old: Vec<RecordId> = last.frozen.rows.iter().map(|row| row.filing).collect();
        Some((last.frozen.number, Apart::of(&old, &self.draft.items)))
    }

    pub(super) fn quota(&self, ctx: &Ctx) -> Option<u32> {
        ctx.ledger.edition(self.file.as_ref()?.edition)?.quota
    }

    /// What should be looked at before the list goes out.
    pub(super) fn warnings(&self, ctx: &Ctx) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(over) = self.quota(ctx).map(|quota| self.draft.items.len().saturating_sub(quota as usize))
            && over > 0
        {
            all.push(format!("超出名额 {over} 件。"));
        }
        if self.missing > 0 {
            all.push(format!("有 {} 处未报，表里会留空。", self.missing));
        }
        if self.fallen > 0 {
            all.push(format!("有 {} 件现在不是推荐状态。", self.fallen));
        }
        all
    }
}
