//! The filter of the list: what a person sets in the head, and what came along from where they were.

use std::collections::BTreeSet;

use super::{Filings, Message};
use crate::app::ctx::Ctx;
use crate::app::update::Update;
use crate::domain::date::Due;
use crate::domain::id::RecordId;
use crate::store::ledger::{FilingFilter, FilingRow, Ledger, Reviewing, StatusGroup};

/// Something changed in the filter.
#[derive(Debug, Clone)]
pub enum Change {
    Program(Option<String>),
    Edition(Option<RecordId>),
    /// One more or one less; `None`: all of them.
    Group(Option<StatusGroup>),
    Township(String),
    Townships,
    Mine(bool),
    Reviewer(Option<Reviewing>),
    Text(String),
    Overdue,
    /// A part that came along is taken away.
    Drop(Part),
    Clear,
}

/// A part of a filter that has no place of its own in the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Due,
    Stages,
    Among,
    Firm,
    Year,
    Officer,
    Mine,
}

/// The edition a filing is in.
pub fn edition_id(ledger: &Ledger, row: &FilingRow) -> Option<RecordId> {
    ledger.edition_of(row).map(|edition| edition.id)
}

impl Filings {
    /// A filter that names an edition names its program, too.
    pub(super) fn know_program(&mut self, ctx: &Ctx) {
        match self.filter.edition.map(|id| ctx.ledger.edition(id)) {
            Some(Some(edition)) => self.filter.program = Some(edition.program.clone()),
            Some(None) => self.filter.edition = None,
            None => {}
        }
    }

    /// Whether exactly what is late is shown.
    pub(super) fn only_overdue(&self, ctx: &Ctx) -> bool {
        self.filter.due_by.is_some_and(|limit| limit.is_past(ctx.now))
    }

    pub(super) fn change_filter(&mut self, change: Change, ctx: &Ctx) -> Update<Message> {
        // A chip that was pressed leads to its rows: the keyboard goes there. Typing and ticking go on where they are.
        let to_rows = !matches!(change, Change::Text(_) | Change::Township(_));
        let filter = &mut self.filter;
        match change {
            Change::Program(program) => {
                filter.program = program;
                filter.edition = None;
                filter.stages.clear();
            }
            Change::Edition(edition) => {
                filter.edition = edition;
                // What came along from elsewhere was about other rows.
                filter.among = None;
            }
            Change::Group(None) => filter.groups.clear(),
            Change::Group(Some(group)) => {
                // Pressing one shows it alone; pressing it again shows all.
                filter.groups = if filter.groups == BTreeSet::from([group]) { BTreeSet::new() } else { [group].into() };
            }
            Change::Township(town) => {
                if !filter.townships.remove(&town) {
                    filter.townships.insert(town);
                }
            }
            Change::Townships => filter.townships.clear(),
            Change::Mine(mine) => filter.mine = mine.then_some(ctx.user),
            Change::Reviewer(reviewer) => filter.reviewer = reviewer,
            Change::Text(text) => filter.text = text,
            Change::Overdue => {
                let late = filter.due_by.is_some_and(|limit| limit.is_past(ctx.now));
                // At the very minute nothing is late yet.
                let before = ctx.now - chrono::TimeDelta::seconds(1);
                filter.due_by = (!late).then(|| Due::from(before));
            }
            Change::Drop(part) => match part {
                Part::Due => filter.due_by = None,
                Part::Stages => filter.stages.clear(),
                Part::Among => filter.among = None,
                Part::Firm => filter.firm = None,
                Part::Year => filter.year = Some(ctx.year),
                Part::Officer => filter.officer = None,
                Part::Mine => filter.mine = None,
            },
            Change::Clear => {
                *filter = FilingFilter {
                    program: filter.program.take(),
                    edition: filter.edition,
                    year: Some(ctx.year),
                    ..FilingFilter::default()
                };
            }
        }
        self.know_program(ctx);
        if let Some(edition) = self.filter.edition.and_then(|id| ctx.ledger.edition(id)) {
            self.filter.year = Some(edition.year);
        }
        self.reload(ctx);
        self.grid.scroll_to_top();
        if self.grid.current().is_none_or(|current| !self.ids.contains(&current)) {
            self.grid.set_current(self.ids.first().copied(), &self.ids, 16);
        }
        if to_rows { Update::task(iced::widget::operation::focus(super::GRID)) } else { Update::none() }
    }

    /// What came along and stands nowhere else in the head: in words, and what takes it away.
    pub(super) fn extras(&self, ctx: &Ctx) -> Vec<(String, Part)> {
        let filter = &self.filter;
        let mut all = Vec::new();
        if let Some(ids) = &filter.among {
            all.push((format!("指定的 {} 件", ids.len()), Part::Among));
        }
        if let Some(firm) = filter.firm {
            let name = ctx.ledger.firm(firm).map_or("（找不到的企业）", |firm| &*firm.name);
            all.push((format!("企业：{name}"), Part::Firm));
        }
        if !filter.stages.is_empty() {
            all.push((format!("阶段：{}", self.stage_names(ctx)), Part::Stages));
        }
        if let Some(limit) = filter.due_by.filter(|limit| !limit.is_past(ctx.now)) {
            all.push((format!("期限在 {} 前", limit.short(ctx.year)), Part::Due));
        }
        match filter.year {
            None => all.push(("全部年度".to_owned(), Part::Year)),
            Some(year) if year != ctx.year => all.push((format!("{year} 年度"), Part::Year)),
            Some(_) => {}
        }
        if let Some(officer) = filter.officer {
            all.push((format!("经办人：{}", ctx.ledger.user_name(officer)), Part::Officer));
        }
        if let Some(other) = filter.mine.filter(|id| *id != ctx.user) {
            all.push((format!("{}的", ctx.ledger.user_name(other)), Part::Mine));
        }
        all
    }

    fn stage_names(&self, ctx: &Ctx) -> String {
        let versions = ctx.ledger.editions.iter().filter_map(|edition| {
            let wanted = self.filter.program.as_ref().is_none_or(|program| edition.program == *program);
            edition.known.filter(|_| wanted).map(|(_, version)| version)
        });
        let mut stages: Vec<&str> = Vec::new();
        for version in versions {
            for stage in version.stages.iter().filter(|stage| self.filter.stages.contains(&stage.id)) {
                if !stages.contains(&stage.short.as_str()) {
                    stages.push(&stage.short);
                }
            }
        }
        if stages.is_empty() {
            // Of a program this version does not know.
            stages = self.filter.stages.iter().map(String::as_str).collect();
        }
        stages.join("、")
    }

    /// Whether anything but year, program and edition narrows the list.
    pub(super) fn is_narrowed(&self, ctx: &Ctx) -> bool {
        let bare = FilingFilter {
            program: self.filter.program.clone(),
            edition: self.filter.edition,
            year: self.filter.edition.and(self.filter.year).or(Some(ctx.year)),
            ..FilingFilter::default()
        };
        self.filter != bare
    }
}
