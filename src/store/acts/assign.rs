//! 分派: who is to review filings that lie on our own desk.

use rusqlite::OptionalExtension;

use super::filing::bound;
use crate::domain::event::{Assigned, Fact};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::{Desk, StageKind};
use crate::domain::{Problem, Result};
use crate::store::Act;
use crate::store::rights::rights_of;

impl Act<'_> {
    /// Says who is to review a filing at the stage it stands in: these and nobody else, as far as is known here. Returns whether
    /// anything differed.
    ///
    /// # Errors
    /// Refused where the filing does not wait for a review of ours, and for somebody who left or may not review; not found for
    /// somebody who does not work here.
    pub fn assign_filing(&mut self, id: RecordId, reviewers: &[RecordId]) -> Result<bool> {
        let filing = self.filing(id)?;
        let (_, version) = bound(&filing.program, &filing.version)?;
        let stage = version.stage_index(&filing.track.stage).map(|n| &version.stages[n]);
        let ours = stage.is_some_and(|stage| stage.desk == Desk::Ours && stage.kind != StageKind::Draft);
        if !ours || filing.track.end().is_some() {
            return Err(
                Problem::refused("这件申报现在不在本单位审核，不用分派审核人。").next("等它提交到本单位以后再分派。")
            );
        }
        let there = &filing.reviewers;
        let mut to: Vec<RecordId> = reviewers.iter().copied().filter(|who| !there.contains(who)).collect();
        to.sort_unstable();
        to.dedup();
        let off: Vec<RecordId> = there.iter().copied().filter(|who| !reviewers.contains(who)).collect();
        for who in &to {
            self.may_review(*who)?;
        }
        if to.is_empty() && off.is_empty() {
            return Ok(false);
        }
        let assigned = Assigned { stage: filing.track.stage.clone(), round: filing.track.round, to, off };
        self.append(id, Fact::FilingAssigned(assigned))?;
        Ok(true)
    }

    /// Refuses somebody who cannot be asked to review.
    fn may_review(&mut self, who: RecordId) -> Result<()> {
        let connection = self.connection()?;
        let name: Option<String> = connection
            .prepare_cached("SELECT name FROM user WHERE id = ?")?
            .query_row([who], |row| row.get(0))
            .optional()?;
        let Some(name) = name else {
            return Err(Problem::not_found("找不到要分派的人。").next("请从人员里选一位。"));
        };
        if !rights_of(connection, who)?.has(Permission::Judge) {
            return Err(Problem::refused(format!("{name}已经停用，或没有审核的身份，不能分派给{name}。"))
                .next("请选另外一位；身份由管理员在 设置 › 单位 › 人员 里调整。"));
        }
        Ok(())
    }
}
