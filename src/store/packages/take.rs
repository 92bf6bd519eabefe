//! Taking a package in: all of its events, what is kept of it and a line of the log, in one transaction.

use std::collections::BTreeSet;

use serde::Serialize;

use super::preview::{Coming, Outcome, Preview, is_foreign, preview};
use super::{gather, list};
use crate::domain::event::{DeedKind, Fact, Logged, PackageMade, PackageTaken, Purpose, Stamp};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::machine::Card;
use crate::domain::people::Permission;
use crate::domain::seal::Secret;
use crate::domain::{Kind, Problem, Result};
use crate::store::db::Brings;
use crate::store::device::Own;
use crate::store::{Answer, Db, Done, journal};

/// A package that was opened and found genuine.
#[derive(Clone)]
pub struct Arrived {
    pub purpose: Purpose,
    pub from: Card,
    pub coming: Coming,
    /// What sealed values in it are opened with.
    pub keys: Vec<Secret>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    pub purpose: Purpose,
    /// What the machine it came from is called here.
    pub from: String,
    /// Events new here, here already, waiting for others.
    pub taken: usize,
    pub known: usize,
    pub waiting: usize,
    /// What it brought, as it was found right before.
    pub brought: Preview,
    /// Nothing in it was new and it had been taken in before.
    pub repeated: bool,
}

/// An arrival that nothing speaks against, with what its sender is called and what it would bring.
type Looked = (Arrived, String, Preview);

impl Brings for Looked {
    fn entries(&mut self) -> Vec<crate::domain::event::Entry> {
        std::mem::take(&mut self.0.coming.entries)
    }
}

/// Why nothing of a package is taken in.
pub(super) fn refusal(connection: &rusqlite::Connection, arrived: &Arrived) -> Result<String> {
    let known = list::machines(connection)?;
    let Some(machine) = known.iter().find(|machine| machine.sign == arrived.from.sign) else {
        return Err(Problem::refused(format!("这个包来自还不认识的电脑“{}”，没有取入。", arrived.from.name))
            .next("请给对方打电话核对指纹，相符就认识它，再打开一次。")
            .detail(arrived.from.fingerprint()));
    };
    if machine.retired {
        return Err(Problem::refused(format!("这个包来自已停用的电脑“{}”，没有取入。", machine.name))
            .next("请向对方核实；确实还在用，就重新认识它。"));
    }
    if is_foreign(connection, &arrived.coming.roots)? {
        return Err(Problem::new(Kind::Foreign, "这个包来自另一个单位，没有取入。")
            .next("两个单位的数据不能合在一起；请核对拿到的是不是本单位的包。"));
    }
    Ok(machine.name.clone())
}

impl Db {
    /// Takes a package in, in the name of a user. Repeated ones change nothing.
    ///
    /// # Errors
    /// Refused, with nothing changed: a machine nobody here has met or that was retired, another office, somebody who may not.
    pub fn take_in(&self, actor: RecordId, arrived: Arrived) -> Answer<Taken> {
        if let Err(problem) = self.may_change() {
            return Answer::ready(Err(problem));
        }
        let limit = Stamp::limit(self.clock().millis());
        self.arrive(
            move |connection| {
                let from = refusal(connection, &arrived)?;
                let mut brought = preview(connection, &arrived.coming, limit)?;
                if arrived.purpose == Purpose::Answer {
                    // Its own decisions are what it is about.
                    brought.became.clear();
                }
                Ok((arrived, from, brought))
            },
            actor,
            |act, (arrived, from, brought): Looked, accepted| {
                act.permit(Permission::Exchange)?;
                let Arrived { purpose, from: card, coming, keys } = arrived;
                let repeated = brought.before.is_some() && accepted.taken == 0;
                let label = purpose.label();
                if !repeated {
                    let connection = act.connection()?;
                    let parts = parts(connection, accepted)?;
                    let decided: BTreeSet<RecordId> = brought.decisions.iter().map(|decided| decided.filing).collect();
                    let conflicts = brought.decisions.iter().filter(|decided| decided.outcome == Outcome::Conflict);
                    let conflicts: BTreeSet<RecordId> = conflicts.map(|decided| decided.filing).collect();
                    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                    let fact = PackageTaken {
                        purpose,
                        from: card.sign,
                        device: card.device,
                        name: from.clone(),
                        taken: number(accepted.taken),
                        known: number(accepted.known),
                        waiting: number(accepted.waiting),
                        filings: coming.filings,
                        decided: decided.into_iter().collect(),
                        conflicts: number(conflicts.len()),
                        heads: coming.heads,
                        parts,
                    };
                    act.state(coming.package, Fact::PackageTaken(fact))?;
                }
                // Also of a package taken in before: whoever takes it now may not have held them then.
                let keys = act.learn_keys(keys)?;
                let keys = if keys > 0 { "，带来加密号码的密钥" } else { "" };
                let words = if repeated { "以前取入过，没有新内容" } else { "取入" };
                let logged = Logged::new(DeedKind::TakeIn, format!("{label}，来自“{from}”：{words}{keys}"))
                    .count(accepted.taken);
                act.note(logged.about(coming.package));
                Ok(Taken {
                    purpose,
                    from,
                    taken: accepted.taken,
                    known: accepted.known,
                    waiting: accepted.waiting,
                    brought,
                    repeated,
                })
            },
        )
    }

    /// Notes that a package was made: that it left stands in the log, too.
    ///
    /// # Errors
    /// Refused for somebody who may not.
    pub fn package_made(
        &self,
        actor: RecordId,
        package: RecordId,
        made: PackageMade,
        file: &std::path::Path,
    ) -> Answer<Done<()>> {
        let what = format!("{}，给“{}”", made.purpose.label(), made.name);
        let logged = Logged::export(&what, file, made.filings.len()).about(package);
        self.act(actor, "做包", move |act| {
            act.state(package, Fact::PackageMade(made))?;
            act.note(logged);
            Ok(())
        })
    }
}

/// Machines whose chains are here only in part now.
fn parts(connection: &rusqlite::Connection, accepted: &journal::Accepted) -> Result<Vec<DeviceId>> {
    if accepted.taken == 0 {
        return Ok(Vec::new());
    }
    let own = Own::read(connection)?.present;
    let heads = gather::heads(connection)?;
    Ok(heads.into_iter().filter(|end| !end.whole && end.device != own).map(|end| end.device).collect())
}
