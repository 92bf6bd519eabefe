//! Doing what the plan says: one transaction under one name, the source file kept, every fact with its list and row.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

use super::plan::{Effect, Plan, PlannedRow};
use crate::domain::certificate::{self, attr};
use crate::domain::event::{Hash, ImportDone, Source};
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::{Kind, Problem, Result};
use crate::exchange::lists::FoundTable;
use crate::store::acts::{NewFiling, Values};
use crate::store::{Act, Answer, Db, Done};

/// How far an import is, and whether somebody wants it stopped. Shared with whoever shows it.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    done: AtomicUsize,
    stop: AtomicBool,
}

impl Watch {
    /// Rows written so far.
    pub fn done(&self) -> usize {
        self.0.done.load(Ordering::Relaxed)
    }

    /// Asks for the import to be stopped; nothing of it will stand.
    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    pub import: RecordId,
    pub rows: usize,
    pub firms: usize,
    pub certificates: usize,
    pub results: usize,
    pub filings: usize,
    pub changed: usize,
}

/// Takes the list in as planned.
///
/// `file` is the list itself, kept by its content beside the database, so that every fact can be traced to its row.
pub fn apply(
    db: &Db,
    actor: RecordId,
    table: &FoundTable,
    plan: Plan,
    file: &Path,
    watch: Watch,
) -> Answer<Done<Applied>> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (title, passed_over) = (table.title.clone(), table.passed_over.iter().map(|p| p.rows).sum());
    let label = format!("导入 {} 家", plan.writes());
    let (keep, kept) = channel();
    let answer = db.act(actor, label, move |act| write(act, plan, Listed { name, title, kept, passed_over }, &watch));
    // The file is kept while its rows are being written; if that fails, so does all of it. Nobody listens any more where
    // writing has failed already.
    let _ = keep.send(db.keep_file(file));
    answer
}

struct Listed {
    name: String,
    title: String,
    /// Where its content will have been kept.
    kept: Receiver<Result<Hash>>,
    passed_over: u32,
}

fn write(act: &mut Act<'_>, mut plan: Plan, list: Listed, watch: &Watch) -> Result<Applied> {
    let import = act.new_id();
    let mut applied = Applied { import, rows: 0, firms: 0, certificates: 0, results: 0, filings: 0, changed: 0 };
    let counts = plan.counts();
    let purpose = plan.settings.purpose.label();
    plan.rows.retain(PlannedRow::writes);
    let entered = enter(act, &mut plan, import, &mut applied, watch)?;
    for row in plan.rows {
        go_on(watch)?;
        let source = Some(Source { import, row: row.at });
        let firm = row.firm.map(|(id, _)| id).or_else(|| entered.get(&row.key).copied());
        for effect in row.effects {
            match effect {
                Effect::Firm { values, .. } => {
                    applied.certificates += usize::from(names_certificate(&values));
                    applied.changed += usize::from(act.change_firm(known(firm)?, &values, Vec::new(), source)?);
                }
                Effect::RecordResult { filing, stage, wish } => {
                    act.record_result(filing, &stage, &Wish { source, ..wish })?;
                    applied.results += 1;
                }
                Effect::OpenFiling { edition } => {
                    act.open_filing(known(firm)?, edition, NewFiling { source, ..NewFiling::default() })?;
                    applied.filings += 1;
                }
            }
        }
        applied.rows += 1;
        watch.0.done.store(applied.rows, Ordering::Relaxed);
    }
    if applied.rows == 0 {
        return Ok(applied);
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    act.record_import(
        import,
        ImportDone {
            file: list.name,
            digest: list.kept.recv().unwrap_or_else(|_| Err(Problem::bug("keeping the list ended early")))?,
            title: list.title,
            purpose,
            rows: count(counts.rows),
            created: count(counts.new),
            changed: count(counts.changed),
            unchanged: count(counts.same),
            passed_over: list.passed_over + count(counts.left_out + counts.doubtful + counts.damaged),
        },
    )?;
    Ok(applied)
}

/// Enters the firms nobody knew, all of them before anything else, and takes that off their rows. Returns them by name.
fn enter(
    act: &mut Act<'_>,
    plan: &mut Plan,
    import: RecordId,
    applied: &mut Applied,
    watch: &Watch,
) -> Result<HashMap<String, RecordId>> {
    let mut keys: Vec<String> = Vec::new();
    let mut new: Vec<(Values, Option<Source>)> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut first: Vec<usize> = Vec::new();
    for (n, row) in plan.rows.iter().enumerate() {
        if row.firm.is_none() && matches!(row.effects.first(), Some(Effect::Firm { .. })) && seen.insert(&row.key) {
            first.push(n);
        }
    }
    for n in first {
        let row = &mut plan.rows[n];
        if let Effect::Firm { values, .. } = row.effects.remove(0) {
            applied.certificates += usize::from(names_certificate(&values));
            keys.push(row.key.clone());
            new.push((values, Some(Source { import, row: row.at })));
        }
    }
    applied.firms = new.len();
    let mut done = 0;
    let ids = act.enter_firms(new, &mut || {
        done += 1;
        watch.0.done.store(done, Ordering::Relaxed);
        go_on(watch)
    })?;
    Ok(keys.into_iter().zip(ids).collect())
}

fn go_on(watch: &Watch) -> Result<()> {
    if watch.0.stop.load(Ordering::Relaxed) {
        return Err(Problem::new(Kind::Cancelled, "导入已取消，什么都没有写入。"));
    }
    Ok(())
}

/// Whether the fields record a certificate anew, rather than fill its blanks.
fn names_certificate(values: &Values) -> bool {
    let anew = [attr::NUMBER, attr::NAME, attr::HELD, attr::AREA];
    values.keys().filter_map(|key| certificate::split_key(key)).any(|(_, _, part)| anew.contains(&part))
}

/// Every row either names a firm or was planned to enter one first.
fn known(firm: Option<RecordId>) -> Result<RecordId> {
    firm.ok_or_else(|| Problem::bug("a planned row without a firm"))
}
