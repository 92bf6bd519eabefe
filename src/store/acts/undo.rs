//! Taking an action back, as new events; taking that back is redo.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{OptionalExtension, ToSql};

use crate::domain::event::{Entry, Fact, Hash, RecordKind, Undone};
use crate::domain::history::History;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::journal;
use crate::store::ledger::filings_with;

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undid {
    /// Name of the action that was taken back.
    pub name: String,
    /// How many records it touched.
    pub records: usize,
}

impl Act<'_> {
    /// Takes a whole action back, an undo included.
    ///
    /// # Errors
    /// Refused, with the reason and an example, when something later rests on it; when it was taken back already.
    pub fn undo(&mut self, action: RecordId) -> Result<Undid> {
        let action = self.done_again_by(action)?;
        let found: Option<(String, RecordId, DeviceId, i64, i64)> = self
            .connection()?
            .prepare_cached("SELECT name, actor, device, first, last FROM action WHERE id = ?")?
            .query_row([action], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?;
        let Some((name, actor, device, first, last)) = found else {
            return Err(Problem::not_found("找不到要撤销的操作。").next("它可能在另一台电脑上，请在那台电脑上撤销。"));
        };
        // The founding made whoever could take it back.
        if actor == RecordId::OFFICE {
            return Err(Problem::refused(format!("“{name}”不能撤销：它是启用时做的，那时单位里还没有人。"))
                .next("单位名称和人员要改，请到“设置 › 单位”里改。"));
        }
        let entries = journal::chain_range(self.connection()?, device, first.unsigned_abs(), last.unsigned_abs())?;
        let mut by_record: BTreeMap<RecordId, Vec<Entry>> = BTreeMap::new();
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.event.action == action).collect();
        // Half of it taken back would be half an action once the rest arrives.
        if (entries.len() as i64) < last - first + 1 {
            return Err(Problem::refused(format!("“{name}”还没有全部传到这台电脑，不能撤销。"))
                .next("请等其余内容到齐，或在做这一步的电脑上撤销。"));
        }
        for entry in entries {
            by_record.entry(entry.event.record).or_default().push(entry);
        }
        let own: HashSet<RecordId> = by_record.keys().copied().collect();
        let mut records = 0;
        for (record, entries) in by_record {
            let targets: Vec<Hash> = entries.iter().map(|entry| entry.hash).collect();
            let history = self.history(record)?;
            let standing: Vec<Hash> = targets
                .iter()
                .copied()
                .filter(|hash| history.position(hash).is_some_and(|position| !history.is_taken_back(position)))
                .collect();
            if standing.is_empty() {
                continue;
            }
            if targets
                .iter()
                .filter_map(|hash| history.position(hash))
                .any(|n| history.is_erased(n) || matches!(history.fact(n), Some(Fact::Erased(_))))
            {
                return Err(Problem::refused(format!("“{name}”不能撤销：其中有的内容已依法清除，找不回来。")));
            }
            if let Some(why) = what_rests_on(history, &standing) {
                return Err(refused(&name, why, LATER));
            }
            // A mere change of the record leaves it standing for whoever points at it.
            if takes_creation(history, &standing)
                && let Some((why, next)) = self.who_points_at(record, &own)?
            {
                return Err(refused(&name, why, next));
            }
            self.append(record, Fact::Undone(Undone { events: standing }))?;
            records += 1;
        }
        if records == 0 {
            return Err(Problem::refused(format!("“{name}”已经撤销过了。")));
        }
        self.set_undoes(action);
        self.rename(match name.strip_prefix("撤销：") {
            Some(original) => format!("恢复：{original}"),
            None => format!("撤销：{}", name.strip_prefix("恢复：").unwrap_or(&name)),
        });
        Ok(Undid { name, records })
    }

    /// The action that is meant where a redo is: taking that back is taking back what it did again. So undo and redo in turn
    /// speak of one action and one undo of it each time, not of ever longer rows.
    fn done_again_by(&mut self, mut action: RecordId) -> Result<RecordId> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT original.id FROM action AS redo
                JOIN action AS undo ON undo.id = redo.undoes
                JOIN action AS original ON original.id = undo.undoes
             WHERE redo.id = ?",
        )?;
        let mut seen = HashSet::new();
        while let Some(original) = statement.query_row([action], |row| row.get(0)).optional()?
            && seen.insert(action)
        {
            action = original;
        }
        Ok(action)
    }

    /// Whether records of other actions would point at nothing were this one's creation taken back, and what to do then.
    fn who_points_at(
        &mut self,
        record: RecordId,
        own: &HashSet<RecordId>,
    ) -> Result<Option<(&'static str, &'static str)>> {
        let kind = self.history(record)?.record_kind();
        let connection = self.connection()?;
        let found = |sql: &str, of: &dyn ToSql| -> Result<Vec<RecordId>> {
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_map([of], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        };
        let (pointing, why, next) = match kind {
            Some(RecordKind::Firm) => {
                (found("SELECT id FROM filing WHERE firm = ?", &record)?, "其中有企业后来又有了申报", LATER)
            }
            Some(RecordKind::Edition) => {
                (found("SELECT id FROM filing WHERE edition = ?", &record)?, "这个批次里已经有申报", LATER)
            }
            Some(RecordKind::Filing) => (
                found("SELECT id FROM shortlist WHERE instr(items, ?) > 0", &record.to_string())?,
                "其中有申报已列入推荐名单",
                "请先从推荐名单里去掉它，或先撤销列入名单的那一步。",
            ),
            Some(RecordKind::User) => {
                let worked = "SELECT id FROM (SELECT id FROM action WHERE actor = ?1 LIMIT 1)
                    UNION ALL SELECT id FROM (SELECT id FROM log WHERE actor = ?1 LIMIT 1)";
                let mut pointing = found(worked, &record)?;
                pointing.extend(filings_with(connection, record)?);
                let next = "请改为在“设置 › 单位”的人员里停用，以前的录入和决定仍记在名下。";
                (pointing, "其中有人已经登录过、办过事，或名下有申报", next)
            }
            _ => return Ok(None),
        };
        Ok(pointing.iter().any(|id| !own.contains(id)).then_some((why, next)))
    }
}

/// What helps against most refusals.
const LATER: &str = "请先撤销之后的操作，再撤销这一步。";

/// Whether the record itself would go: its creation is taken back, or what had restored it.
fn takes_creation(history: &History, going: &[Hash]) -> bool {
    let mut open: Vec<usize> = going.iter().filter_map(|hash| history.position(hash)).collect();
    let mut seen: HashSet<usize> = HashSet::new();
    while let Some(n) = open.pop() {
        match history.fact(n) {
            _ if !seen.insert(n) => {}
            Some(Fact::FirmCreated(_) | Fact::EditionOpened(_) | Fact::FilingCreated(_) | Fact::UserAdded(_)) => {
                return !history.is_taken_back(n);
            }
            Some(Fact::Undone(undone)) => open.extend(undone.events.iter().filter_map(|hash| history.position(hash))),
            _ => {}
        }
    }
    false
}

fn refused(name: &str, why: &str, next: &str) -> Problem {
    Problem::refused(format!("“{name}”不能撤销：{why}。")).next(next)
}

/// Whether something that stands was built on what is to go: later moves on moves, anything on a creation.
fn what_rests_on(history: &History, going: &[Hash]) -> Option<&'static str> {
    let going: HashSet<usize> = going.iter().filter_map(|hash| history.position(hash)).collect();
    let goes = |test: fn(&Fact) -> bool| going.iter().copied().filter(|n| history.fact(*n).is_some_and(test)).min();
    let creation = goes(|fact| {
        matches!(
            fact,
            Fact::FirmCreated(_)
                | Fact::EditionOpened(_)
                | Fact::FilingCreated(_)
                | Fact::ShortlistMade(_)
                | Fact::UserAdded(_)
        )
    });
    let moved = goes(|fact| matches!(fact, Fact::FilingMoved(_) | Fact::FilingResolved(_)));
    for (n, _, fact) in history.standing().filter(|(n, _, _)| !going.contains(n)) {
        let undo_of_going = matches!(fact, Fact::Undone(undone) if undone.events.iter().all(|hash| history.position(hash).is_some_and(|n| going.contains(&n))));
        if undo_of_going {
            continue;
        }
        if creation.is_some_and(|created| history.knew(n, created)) && !matches!(fact, Fact::Undone(_)) {
            return Some("其中有的档案后来又改过");
        }
        if moved.is_some_and(|earlier| history.knew(n, earlier))
            && matches!(fact, Fact::FilingMoved(_) | Fact::FilingResolved(_))
        {
            return Some("其中有的申报后来又往前走了");
        }
    }
    None
}
