//! What the workbench says, counted in one pass over the ledger whenever it changed, never while drawing. Every number
//! here knows the place that shows exactly the rows it counts.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::reach::Reach;
use crate::app::ctx::Ctx;
use crate::app::place::Place;
use crate::domain::date::Due;
use crate::domain::filing::Standing;
use crate::domain::id::RecordId;
use crate::domain::program::Program;
use crate::store::ledger::{Edition, FilingFilter, FilingRow, FirmFilter, FirmRow, StatusGroup};

/// Whose filings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// 我的: those I enter or am to review.
    Mine,
    /// 全科.
    All,
}

/// What may wait for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// 待初审.
    Ours,
    /// 退回待补.
    Returned,
    /// 临近截止, those overdue among them.
    Near,
    /// 等上级结果.
    Upward,
    /// 证书到期: firms, not filings.
    Ending,
    /// Filings with two decisions unaware of each other.
    Split,
    /// Firms with a field two people wrote unaware of each other.
    FirmConflicts,
}

/// How far ahead deadlines are looked for, in working days.
pub const AHEAD: u16 = 15;
/// How far ahead certificates are looked at, in days.
pub const ENDING: u64 = 90;

/// A question with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub question: Question,
    pub count: usize,
    /// Of those, past their deadline.
    pub overdue: usize,
    /// The earliest deadline among those that are not past.
    pub next: Option<Due>,
    /// Of those, with the result not out although the stage is over.
    pub pending: usize,
}

/// A certificate that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub firm: RecordId,
    pub kind: String,
    pub number: String,
    pub ends: NaiveDate,
    /// Further certificates of the same firm that end soon.
    pub more: usize,
}

/// How far a program's filings of the working year got.
#[derive(Debug, Clone)]
pub struct Funnel {
    pub program: &'static Program,
    /// By [`Reach`]; `None` where the program has no such step.
    pub steps: [Option<usize>; 6],
    pub note: String,
}

/// A deadline of an edition that lies ahead.
#[derive(Debug, Clone)]
pub struct Ahead {
    pub edition: RecordId,
    pub label: String,
    pub stage: u8,
    pub stage_name: &'static str,
    /// The bureau's own deadline, not the superior's.
    pub internal: bool,
    pub due: Due,
    /// Filings that still stand at that stage or before it.
    pub before: usize,
}

/// Everything the workbench shows.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    pub asked: Vec<Asked>,
    pub endings: Vec<Ending>,
    pub conflicts: Vec<RecordId>,
    pub funnels: Vec<Funnel>,
    pub ahead: Vec<Ahead>,
    /// Filings due on the nearest day that has any, with the earliest moment of it.
    pub nearest: Option<(Due, usize)>,
    /// Nothing was entered yet.
    pub nothing: bool,
}

/// The last moment that is still “within 15 working days”.
pub fn limit(ctx: &Ctx) -> Due {
    let day = ctx.calendar().after(ctx.today, AHEAD).date;
    // Midnight is a moment of every day.
    Due::new(day, Due::MIDNIGHT).unwrap_or_else(|| Due::at_close(day))
}

/// Whose filings count; `None` for everybody's.
fn whose(scope: Scope, ctx: &Ctx) -> Option<RecordId> {
    (scope == Scope::Mine).then_some(ctx.user)
}

impl Question {
    /// The filter that lists exactly what is counted; `None` where firms are.
    pub fn filter(self, scope: Scope, ctx: &Ctx) -> Option<FilingFilter> {
        let base = FilingFilter { mine: whose(scope, ctx), ..FilingFilter::default() };
        let group = |group| FilingFilter { groups: BTreeSet::from([group]), ..base.clone() };
        match self {
            Self::Ours => Some(group(StatusGroup::Ours)),
            Self::Returned => Some(group(StatusGroup::Returned)),
            Self::Upward => Some(group(StatusGroup::Upward)),
            Self::Split => Some(group(StatusGroup::Split)),
            Self::Near => Some(FilingFilter { due_by: Some(limit(ctx)), ..base.clone() }),
            Self::Ending | Self::FirmConflicts => None,
        }
    }
}

impl Figures {
    /// Counts everything.
    pub fn count(ctx: &Ctx, scope: Scope) -> Self {
        let ledger = &*ctx.ledger;
        let (limit, whose) = (limit(ctx), whose(scope, ctx));
        let mut figures = Self { ahead: deadlines(ctx, limit), ..Self::default() };
        let blank = |question| Asked { question, count: 0, overdue: 0, next: None, pending: 0 };
        let [mut ours, mut returned, mut near, mut upward, mut split] =
            [Question::Ours, Question::Returned, Question::Near, Question::Upward, Question::Split].map(blank);
        let mut reached: Vec<(&'static Program, [usize; 6], Notes)> = Vec::new();
        let mut filings = 0_usize;
        for filing in ledger.filings() {
            filings += 1;
            if whose.is_some_and(|id| !filing.is_of(id)) {
                continue;
            }
            let due = filing.due.map(|next| next.due);
            let late = due.is_some_and(|due| due.is_past(ctx.now));
            let note = |asked: &mut Asked| {
                asked.count += 1;
                asked.overdue += usize::from(late);
                asked.pending += usize::from(filing.standing == Standing::Pending);
                if !late {
                    asked.next = match (asked.next, due) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                }
            };
            match filing.group() {
                StatusGroup::Ours => note(&mut ours),
                StatusGroup::Returned => note(&mut returned),
                StatusGroup::Upward => note(&mut upward),
                StatusGroup::Split => note(&mut split),
                StatusGroup::Filling | StatusGroup::Awarded | StatusGroup::Ended => {}
            }
            if due.is_some_and(|due| due <= limit) {
                note(&mut near);
            }
            if let Some(due) = due.filter(|_| !late) {
                figures.nearest = match figures.nearest {
                    Some((best, n)) if best.date() == due.date() => Some((best.min(due), n + 1)),
                    Some(nearer) if nearer.0 < due => Some(nearer),
                    _ => Some((due, 1)),
                };
            }
            let Some(edition) = ledger.edition_of(filing) else { continue };
            for ahead in figures.ahead.iter_mut().filter(|ahead| ahead.edition == edition.id) {
                ahead.before += usize::from(is_before(filing, ahead.stage));
            }
            if edition.year == ctx.year {
                let at = reached.iter().position(|(program, ..)| program.id == filing.program.id);
                let at = at.unwrap_or_else(|| {
                    reached.push((filing.program, [0; 6], Notes::default()));
                    reached.len() - 1
                });
                let (_, steps, notes) = &mut reached[at];
                for step in &mut steps[..=Reach::of(filing) as usize] {
                    *step += 1;
                }
                notes.add(filing);
            }
        }
        figures.funnels = funnels(ctx, &reached);
        firms(ctx, &mut figures);
        let ending = Asked { count: figures.endings.len(), ..blank(Question::Ending) };
        let conflicts = Asked { count: figures.conflicts.len(), ..blank(Question::FirmConflicts) };
        figures.asked = vec![ours, returned, near, upward, ending];
        figures.asked.extend([split, conflicts].into_iter().filter(|asked| asked.count > 0));
        figures.nothing = filings == 0 && ledger.editions.is_empty() && ledger.firms().next().is_none();
        figures
    }

    /// The answer to a question, where it is asked.
    pub fn of(&self, question: Question) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.question == question)
    }

    /// The place that lists exactly what a question counts.
    pub fn place(&self, question: Question, scope: Scope, ctx: &Ctx) -> Place {
        let firms = |among: BTreeSet<RecordId>| Place::Firms {
            filter: FirmFilter { among: Some(among), ..FirmFilter::default() },
            open: None,
        };
        match question.filter(scope, ctx) {
            Some(filter) => Place::Filings { filter, open: None },
            None if question == Question::Ending => firms(self.endings.iter().map(|ending| ending.firm).collect()),
            None => firms(self.conflicts.iter().copied().collect()),
        }
    }

    /// The place that lists exactly the filings of a program that got so far.
    pub fn reached(&self, program: &str, reach: Reach, scope: Scope, ctx: &Ctx) -> Place {
        let mut filter = FilingFilter {
            program: Some(program.to_owned()),
            year: Some(ctx.year),
            mine: whose(scope, ctx),
            ..FilingFilter::default()
        };
        if reach > Reach::Planned {
            let far = |filing: &&std::sync::Arc<FilingRow>| Reach::of(filing) >= reach;
            filter.among = Some(among(ctx, &filter, far));
        }
        Place::Filings { filter, open: None }
    }

    /// The place that lists exactly the filings that still stand before a deadline's stage.
    pub fn waiting(&self, ahead: &Ahead, scope: Scope, ctx: &Ctx) -> Place {
        let mut filter =
            FilingFilter { edition: Some(ahead.edition), mine: whose(scope, ctx), ..FilingFilter::default() };
        filter.among = Some(among(ctx, &filter, |filing| is_before(filing, ahead.stage)));
        Place::Filings { filter, open: None }
    }
}

/// Filings that pass a filter and a test no filter can express.
fn among(ctx: &Ctx, filter: &FilingFilter, test: impl Fn(&&std::sync::Arc<FilingRow>) -> bool) -> BTreeSet<RecordId> {
    let ids = ctx.ledger.list_filings(filter, None);
    ids.into_iter().filter(|id| ctx.ledger.filing(*id).as_ref().is_some_and(&test)).collect()
}

/// Whether a filing still has a stage before it, or stands in it.
fn is_before(filing: &FilingRow, stage: u8) -> bool {
    !matches!(filing.standing, Standing::Ended(_)) && filing.stage <= stage
}

/// Deadlines of open editions from now up to a limit, soonest first.
fn deadlines(ctx: &Ctx, limit: Due) -> Vec<Ahead> {
    let mut all = Vec::new();
    for edition in ctx.ledger.editions.iter().filter(|edition| !edition.closed) {
        let Some((_, version)) = edition.known else { continue };
        for (at, (stage, dates)) in version.stages.iter().zip(&edition.dates).enumerate() {
            for (internal, due) in [(true, dates.internal), (false, dates.due)] {
                let Some(due) = due.filter(|due| !due.is_past(ctx.now) && *due <= limit) else { continue };
                all.push(Ahead {
                    edition: edition.id,
                    label: edition.label(),
                    stage: u8::try_from(at).unwrap_or(u8::MAX),
                    stage_name: &stage.short,
                    internal,
                    due,
                    before: 0,
                });
            }
        }
    }
    all.sort_by(|a, b| (a.due, &a.label, a.stage).cmp(&(b.due, &b.label, b.stage)));
    all
}

/// What is worth a word about a program's filings.
#[derive(Debug, Clone, Copy, Default)]
struct Notes {
    pending: usize,
    published: usize,
    upward: usize,
}

impl Notes {
    fn add(&mut self, filing: &FilingRow) {
        self.pending += usize::from(filing.standing == Standing::Pending);
        self.published += usize::from(filing.status_word() == "公示中");
        self.upward += usize::from(filing.group() == StatusGroup::Upward);
    }
}

/// One row per program that has editions or filings in the working year, in the catalog's order.
fn funnels(ctx: &Ctx, reached: &[(&'static Program, [usize; 6], Notes)]) -> Vec<Funnel> {
    let mine = |edition: &&Edition| edition.year == ctx.year;
    let programs = crate::catalog::Catalog::builtin().programs().iter();
    programs
        .filter_map(|program| {
            let editions: Vec<&Edition> =
                ctx.ledger.editions.iter().filter(mine).filter(|edition| edition.program == program.id).collect();
            let found = reached.iter().find(|(with, ..)| with.id == program.id);
            if editions.is_empty() && found.is_none() {
                return None;
            }
            let knows = |reach: Reach| {
                let mut versions = editions.iter().filter_map(|edition| edition.known).map(|(_, version)| version);
                versions.any(|version| reach.known(version))
            };
            let (counts, notes) = found.map_or(([0; 6], Notes::default()), |(_, counts, notes)| (*counts, *notes));
            let steps = Reach::ALL.map(|reach| knows(reach).then_some(counts[reach as usize]));
            Some(Funnel { program, steps, note: note(ctx, &editions, notes) })
        })
        .collect()
}

/// The next deadline of a program, or what is waited for.
fn note(ctx: &Ctx, editions: &[&Edition], notes: Notes) -> String {
    let open = editions.iter().filter(|edition| !edition.closed);
    let dates = open.flat_map(|edition| {
        let stages = edition.known.map(|(_, version)| version.stages.as_slice()).unwrap_or_default();
        stages.iter().zip(&edition.dates).flat_map(|(stage, dates)| {
            [dates.internal, dates.due].into_iter().flatten().map(|due| (due, stage.short.as_str()))
        })
    });
    let next = dates.filter(|(due, _)| !due.is_past(ctx.now)).min();
    match next {
        Some((due, stage)) => format!("{} {stage}截止", crate::domain::date::short(due.date(), ctx.year)),
        None if notes.pending > 0 => format!("{} 件结果未公布", notes.pending),
        None if notes.published > 0 => format!("{} 件公示中", notes.published),
        None if notes.upward > 0 => format!("{} 件等上级结果", notes.upward),
        None => String::new(),
    }
}

/// What is to be said of firms: certificates that end soon, fields in conflict.
fn firms(ctx: &Ctx, figures: &mut Figures) {
    let last = ctx.today + Days::new(ENDING);
    for firm in ctx.ledger.firms() {
        if firm.conflicts > 0 {
            figures.conflicts.push(firm.id);
        }
        let mut soon = ending(firm, ctx.today, last);
        soon.sort_by(|a, b| (a.ends, &a.kind).cmp(&(b.ends, &b.kind)));
        let more = soon.len().saturating_sub(1);
        figures.endings.extend(soon.into_iter().take(1).map(|first| Ending { more, ..first }));
    }
    figures.endings.sort_by_key(|ending| (ending.ends, ending.firm));
}

/// A firm's certificates that end in a span; one that was renewed meanwhile does not count.
fn ending(firm: &FirmRow, from: NaiveDate, to: NaiveDate) -> Vec<Ending> {
    let counts = |held: &&crate::store::ledger::Certificate| {
        held.revoked.is_none() && held.ends.is_some_and(|ends| (from..=to).contains(&ends))
    };
    let soon = firm.certificates.iter().filter(counts);
    let last = |held: &&crate::store::ledger::Certificate| {
        firm.certificate(&held.kind).is_some_and(|longest| longest.ends <= held.ends)
    };
    soon.filter(last)
        .filter_map(|held| {
            Some(Ending {
                firm: firm.id,
                kind: held.kind.to_string(),
                number: held.number.to_string(),
                ends: held.ends?,
                more: 0,
            })
        })
        .collect()
}
