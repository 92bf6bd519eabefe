//! Lists of filings: which, in what order, and how many of each.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::Ledger;
use super::firms::{Needle, match_rank};
use super::rows::FilingRow;
use crate::domain::date::Due;
use crate::domain::filing::{End, Split, Standing, Track};
use crate::domain::id::RecordId;
use crate::domain::pinyin::Query;
use crate::domain::program::{Desk, StageKind};

/// What a filing is doing, in the groups people ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusGroup {
    /// 填报中: with the applicant, not handed in yet; 培育 among them.
    Filling,
    /// 待初审: on our desk.
    Ours,
    /// 退回: with the applicant for correction.
    Returned,
    /// 已推荐: with the superiors, result open.
    Upward,
    /// 已取得.
    Awarded,
    /// 不推荐, 不通过, 逾期, 撤回.
    Ended,
    /// Two decisions wait for a person.
    Split,
}

impl StatusGroup {
    /// All of them, in the order chips stand.
    pub const ALL: [Self; 7] =
        [Self::Filling, Self::Ours, Self::Returned, Self::Upward, Self::Awarded, Self::Ended, Self::Split];

    /// On a chip.
    pub fn label(self) -> &'static str {
        match self {
            Self::Filling => "填报中",
            Self::Ours => "待初审",
            Self::Returned => "退回待补",
            Self::Upward => "已推荐",
            Self::Awarded => "已取得",
            Self::Ended => "已结束",
            Self::Split => "冲突",
        }
    }
}

impl FilingRow {
    /// What it is doing.
    pub fn group(&self) -> StatusGroup {
        if self.split {
            return StatusGroup::Split;
        }
        match self.standing {
            Standing::Ended(End::Done) => StatusGroup::Awarded,
            Standing::Ended(_) => StatusGroup::Ended,
            Standing::Returned => StatusGroup::Returned,
            _ if self.awarded.is_some() => StatusGroup::Awarded,
            _ => match self.stage().desk {
                Desk::Applicant => StatusGroup::Filling,
                Desk::Ours if self.stage().kind == StageKind::Draft => StatusGroup::Filling,
                Desk::Ours => StatusGroup::Ours,
                Desk::Superior => StatusGroup::Upward,
            },
        }
    }

    /// In one word, as the badge says it.
    pub fn status_word(&self) -> &'static str {
        if self.split {
            return "冲突";
        }
        match self.standing {
            Standing::Ended(End::Done) => "已取得",
            Standing::Ended(End::Declined) => "不推荐",
            Standing::Ended(End::Failed) => "不通过",
            Standing::Ended(End::Lapsed) => "逾期",
            Standing::Ended(End::Withdrawn) => "已撤回",
            Standing::Returned => "退回待补",
            Standing::Pending => "结果未公布",
            Standing::Published => "公示中",
            Standing::Held => "暂缓",
            Standing::Open if self.awarded.is_some() => "已取得",
            Standing::Open => match (self.stage().desk, self.stage().kind) {
                (_, StageKind::Draft) => "培育中",
                (Desk::Applicant, _) => "填报中",
                (Desk::Ours, _) => "待初审",
                (_, StageKind::Publicity) => "公示中",
                (Desk::Superior, _) => "已推荐",
            },
        }
    }

    /// Enough of its track to ask the stage machine what is legal; without the decisions themselves.
    pub fn as_track(&self) -> Track {
        let stages = self.version.stages.iter().enumerate();
        Track {
            stage: self.stage().id.clone(),
            round: self.round,
            standing: self.standing,
            since: self.last_day,
            until: self.until,
            awarded: self.awarded,
            passed: stages
                .filter(|(n, _)| self.passed >> n & 1 == 1)
                .map(|(_, stage)| (stage.id.clone(), self.last_day))
                .collect(),
            decisions: Vec::new(),
            split: self.split.then(|| Split { rivals: Vec::new() }),
            outdated_approval: self.outdated,
        }
    }

    /// Whether it was ever handed in. One that was returned stands before its submission again, but in a later round.
    pub fn was_submitted(&self) -> bool {
        let first = self.version.stages.iter().position(|stage| stage.kind == StageKind::Submit).unwrap_or(0);
        self.round > 1 || self.passed >> first & 1 == 1 || usize::from(self.stage) > first
    }

    /// Whether our own review let it through.
    pub fn was_recommended(&self) -> bool {
        self.passed_any(|stage| stage.desk == Desk::Ours && stage.kind == StageKind::Review)
    }
}

/// Which filings a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilingFilter {
    /// Firm by name, pinyin, initials or code; running number by a part.
    pub text: String,
    pub program: Option<String>,
    pub edition: Option<RecordId>,
    pub year: Option<i32>,
    pub groups: BTreeSet<StatusGroup>,
    /// Stage ids; only sensible with a program.
    pub stages: BTreeSet<String>,
    pub townships: BTreeSet<String>,
    pub officer: Option<RecordId>,
    /// Those this person enters or is to review.
    pub mine: Option<RecordId>,
    pub reviewer: Option<Reviewing>,
    /// Due at this moment or before.
    pub due_by: Option<Due>,
    pub firm: Option<RecordId>,
    /// Filings a caller already knows: the rows behind a figure.
    pub among: Option<BTreeSet<RecordId>>,
}

/// Who is to review what a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewing {
    /// 未分派: nobody was named.
    Nobody,
    By(RecordId),
    /// Those of a person, and those nobody was named for.
    ByOrNobody(RecordId),
}

impl Reviewing {
    /// Whether these are the people.
    pub fn fits(self, reviewers: &[RecordId]) -> bool {
        match self {
            Self::Nobody => reviewers.is_empty(),
            Self::By(id) => reviewers.contains(&id),
            Self::ByOrNobody(id) => reviewers.is_empty() || reviewers.contains(&id),
        }
    }
}

/// The orders a list of filings knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilingOrder {
    Number,
    Firm,
    Township,
    Edition,
    Stage,
    Status,
    Due,
    Since,
    Round,
    Officer,
    Reviewer,
    LastDay,
}

/// How many filings of a set are doing what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub all: usize,
    pub by_group: [usize; StatusGroup::ALL.len()],
    pub overdue: usize,
}

impl Tally {
    /// How many are in a group.
    pub fn of(&self, group: StatusGroup) -> usize {
        self.by_group[group as usize]
    }
}

impl Ledger {
    /// Filings that pass a filter, in an order; by deadline, then firm, where none is asked for.
    pub fn list_filings(&self, filter: &FilingFilter, order: Option<(FilingOrder, bool)>) -> Vec<RecordId> {
        let mut hits = self.matching(filter);
        self.sort_filings(&mut hits, order.unwrap_or((FilingOrder::Due, false)));
        hits.into_iter().map(|at| self.filings[at as usize].id).collect()
    }

    /// Counts what passes a filter, groups apart: the filter's own groups do not narrow the count.
    pub fn tally(&self, filter: &FilingFilter, now: NaiveDateTime) -> Tally {
        let mut tally = Tally::default();
        let all = FilingFilter { groups: BTreeSet::new(), ..filter.clone() };
        for at in self.matching(&all) {
            let filing = &self.filings[at as usize];
            tally.all += 1;
            tally.by_group[filing.group() as usize] += 1;
            tally.overdue += usize::from(filing.due.is_some_and(|next| next.due.is_past(now)));
        }
        tally
    }

    /// Filings of an edition that our own review let through and that have not ended since, by running number: what a
    /// shortlist is made of.
    pub fn recommended(&self, edition: RecordId) -> Vec<RecordId> {
        let mut all: Vec<&FilingRow> = self
            .of_edition(edition)
            .filter(|filing| filing.was_recommended())
            .filter(|filing| !matches!(filing.group(), StatusGroup::Ended | StatusGroup::Split))
            .collect();
        all.sort_by(|a, b| a.number.cmp(&b.number));
        all.into_iter().map(|filing| filing.id).collect()
    }

    /// Filings on our own desk, by number: what waits for a supervisor.
    pub fn waiting_for_review(&self) -> Vec<&FilingRow> {
        let mut all: Vec<&FilingRow> =
            self.filings().map(std::sync::Arc::as_ref).filter(|filing| filing.group() == StatusGroup::Ours).collect();
        all.sort_by(|a, b| a.number.cmp(&b.number));
        all
    }

    /// How many places of an edition's quota are taken: what was recommended, whatever the superiors made of it. What was
    /// withdrawn, or ended on our own or the applicant's desk, has given its place back.
    pub fn quota_used(&self, edition: RecordId) -> usize {
        self.of_edition(edition)
            .filter(|filing| filing.was_recommended())
            .filter(|filing| match filing.standing {
                Standing::Ended(End::Withdrawn) => false,
                Standing::Ended(End::Done) => true,
                Standing::Ended(_) => filing.stage().desk == Desk::Superior,
                _ => true,
            })
            .count()
    }

    fn of_edition(&self, edition: RecordId) -> impl Iterator<Item = &FilingRow> {
        let at = self.editions.iter().position(|known| known.id == edition);
        self.filings
            .iter()
            .map(|filing| &**filing)
            .filter(move |filing| !filing.gone && Some(usize::from(filing.edition)) == at)
    }

    fn matching(&self, filter: &FilingFilter) -> Vec<u32> {
        // What depends on the edition or the firm alone is decided once for each, not once per filing.
        let editions: Vec<bool> = self
            .editions
            .iter()
            .map(|edition| {
                filter.edition.is_none_or(|id| edition.id == id)
                    && filter.year.is_none_or(|year| edition.year == year)
                    && filter.program.as_ref().is_none_or(|program| edition.program == *program)
            })
            .collect();
        let text = filter.text.trim();
        let number = Needle::new(text, &self.ring);
        let query = Query::new(text);
        let by_firm = !text.is_empty() || !filter.townships.is_empty();
        let firms: Vec<bool> = if by_firm {
            self.firms
                .iter()
                .map(|firm| {
                    (filter.townships.is_empty() || filter.townships.contains(&*firm.township))
                        && (text.is_empty() || match_rank(firm, &query, number.as_ref()).is_some())
                })
                .collect()
        } else {
            Vec::new()
        };
        let in_town = |at: usize| filter.townships.is_empty() || filter.townships.contains(&*self.firms[at].township);
        let firm_at = filter.firm.and_then(|id| self.firm_at.get(&id).copied());
        (0..self.filings.len() as u32)
            .filter(|at| {
                let filing = &*self.filings[*at as usize];
                let firm = filing.firm as usize;
                !filing.gone
                    && editions[usize::from(filing.edition)]
                    && (filter.groups.is_empty() || filter.groups.contains(&filing.group()))
                    && (filter.stages.is_empty() || filter.stages.contains(&filing.stage().id))
                    && filter.officer.is_none_or(|id| filing.officer == Some(id))
                    && filter.mine.is_none_or(|id| filing.is_of(id))
                    && filter.reviewer.is_none_or(|wanted| wanted.fits(&filing.reviewers))
                    && (filter.firm.is_none() || Some(filing.firm) == firm_at)
                    && filter.due_by.is_none_or(|limit| filing.due.is_some_and(|next| next.due <= limit))
                    && filter.among.as_ref().is_none_or(|ids| ids.contains(&filing.id))
                    && (!by_firm
                        || firms[firm]
                        || number.as_ref().is_some_and(|n| n.lies_in(&filing.number)) && in_town(firm))
            })
            .collect()
    }

    fn sort_filings(&self, hits: &mut Vec<u32>, (order, descending): (FilingOrder, bool)) {
        let names = self.name_ranks();
        let filing = |at: u32| &*self.filings[at as usize];
        let name = |at: u32| names[filing(at).firm as usize];
        let towns = if order == FilingOrder::Township { self.township_ranks() } else { Vec::new() };
        // One number per row, smaller first; then the name, so that an order never looks random.
        let edition_rank = self.edition_ranks();
        let key = |at: u32| -> Option<i64> {
            let row = filing(at);
            Some(match order {
                FilingOrder::Firm => 0,
                FilingOrder::Township => towns[row.firm as usize],
                FilingOrder::Edition => edition_rank[usize::from(row.edition)],
                FilingOrder::Stage => i64::from(row.stage),
                FilingOrder::Status => row.group() as i64,
                FilingOrder::Due => return row.due.map(|next| due_number(next.due)),
                FilingOrder::Since => i64::from(day_number(row.since)),
                FilingOrder::LastDay => i64::from(day_number(row.last_day)),
                FilingOrder::Round => i64::from(row.round),
                FilingOrder::Number | FilingOrder::Officer | FilingOrder::Reviewer => 0,
            })
        };
        match order {
            FilingOrder::Number => hits.sort_by(|a, b| filing(*a).number.cmp(&filing(*b).number)),
            FilingOrder::Officer => {
                hits.sort_by_cached_key(|at| filing(*at).officer.map(|id| self.user_name(id).to_owned()))
            }
            FilingOrder::Reviewer => hits.sort_by_cached_key(|at| {
                let names: Vec<&str> = filing(*at).reviewers.iter().map(|id| self.user_name(*id)).collect();
                (names.is_empty(), names.join(" "))
            }),
            _ => {
                let sign = if descending { -1 } else { 1 };
                // Missing values come last whichever way the order runs.
                let mut keyed: Vec<(i64, u32, u32)> =
                    hits.iter().map(|at| (key(*at).map_or(i64::MAX, |value| value * sign), name(*at), *at)).collect();
                keyed.sort_unstable();
                *hits = keyed.into_iter().map(|(_, _, at)| at).collect();
            }
        }
        let reversed_by_key =
            !matches!(order, FilingOrder::Number | FilingOrder::Officer | FilingOrder::Reviewer | FilingOrder::Firm);
        if descending && !reversed_by_key {
            hits.reverse();
        }
    }

    /// Place of each firm's township in the office's official order.
    fn township_ranks(&self) -> Vec<i64> {
        let place = |township: &str| {
            self.office.townships.iter().position(|t| t == township).map_or(i64::from(u32::MAX), |n| n as i64)
        };
        self.firms.iter().map(|firm| place(&firm.township)).collect()
    }

    fn edition_ranks(&self) -> Vec<i64> {
        let mut order: Vec<usize> = (0..self.editions.len()).collect();
        order.sort_by_key(|n| {
            let edition = &self.editions[*n];
            (edition.year, edition.program.clone(), edition.batch)
        });
        let mut ranks = vec![0; order.len()];
        for (rank, n) in order.into_iter().enumerate() {
            ranks[n] = rank as i64;
        }
        ranks
    }
}

fn day_number(day: chrono::NaiveDate) -> i32 {
    use chrono::Datelike;
    day.num_days_from_ce()
}

fn due_number(due: Due) -> i64 {
    i64::from(day_number(due.date())) * 1500 + i64::from(due.minute_of_day())
}
