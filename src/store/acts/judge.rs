//! Decisions of a reviewer: taken on what they saw, and not by somebody who does not judge this filing.

use super::filing::bound;
use crate::domain::event::Hash;
use crate::domain::filing::Filing;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::program::Effect;
use crate::domain::review::opinion::add_unfit;
use crate::domain::review::tally::standing;
use crate::domain::{Problem, Result};
use crate::store::Act;

impl Act<'_> {
    /// Moves a filing as its reviewer decided. `seen` is [`crate::domain::filing::Filing::whole`] of what they looked at;
    /// `None`: decided with others at once, without a look at each.
    ///
    /// # Errors
    /// Refused where form or files have changed since; else as [`Act::move_filing`].
    pub fn decide_filing(&mut self, id: RecordId, wish: &Wish, seen: Option<Hash>) -> Result<Hash> {
        if let Some(seen) = seen
            && seen != self.filing(id)?.whole()
        {
            return Err(Problem::refused("这件申报的申报表或材料刚刚又改过，决定没有登记。").next("请看过改动再决定。"));
        }
        self.move_filing(id, wish)
    }

    /// Keeps whoever said 回避 in this round from what is a decision of ours, on whatever page it is entered.
    ///
    /// # Errors
    /// Refused for them.
    pub(super) fn refuse_recused(&mut self, filing: &Filing, effect: Effect) -> Result<()> {
        let (_, version) = bound(&filing.program, &filing.version)?;
        let ours = |stage: &crate::domain::program::Stage| {
            Permission::of_move(stage.desk, stage.kind, effect) == Permission::Decide
        };
        if !version.stages.iter().find(|stage| stage.id == filing.track.stage).is_some_and(ours) {
            return Ok(());
        }
        let actor = self.actor();
        let reviews =
            standing(self.history(filing.id)?, filing.track.round, |content| filing.is_what_was_judged(content));
        let own = reviews.iter().find(|review| review.given.reviewer.user == Some(actor));
        match own.is_some_and(|review| review.given.recused.is_some()) {
            true => Err(Problem::refused("您已对这件申报回避，不能再作决定。").next("请转交给其他人。")),
            false => Ok(()),
        }
    }

    /// Moves a filing that was decided with others at once, without a look at each. One that goes back has what was found of
    /// its own unfit materials among its defects.
    ///
    /// # Errors
    /// Bad input where one goes back and nothing says why; else as [`Act::decide_filing`].
    pub fn decide_unseen(&mut self, id: RecordId, wish: &Wish) -> Result<Hash> {
        if wish.effect != Effect::Return {
            return self.decide_filing(id, wish, None);
        }
        let mut wish = wish.clone();
        add_unfit(&mut wish.defects, &self.filing(id)?.materials);
        if wish.defects.is_empty() && wish.reason.is_empty() {
            return Err(Problem::bad_input(format!("“{}”要写明补正什么。", wish.word))
                .next("请在处理意见里一行写一条，或按 Alt 加数字插入常用语。"));
        }
        self.decide_filing(id, &wish, None)
    }
}
