//! The stage rail: what was passed and when, where it stands, what is due.

use super::Page;
use crate::app::ctx::Ctx;
use crate::app::words;
use crate::domain::filing::{End, Standing};
use crate::domain::program::Version;
use crate::store::ledger::Edition;
use crate::store::queries::FilingFile;
use crate::ui::Element;
use crate::ui::widget::stages::{self, Stage, stages};

impl Page {
    /// The stages of the filing's program on their line.
    pub(super) fn rail<'a>(
        &'a self,
        file: &'a FilingFile,
        version: &'static Version,
        edition: Option<&'a Edition>,
        ctx: &'a Ctx,
    ) -> Element<'a, super::super::Message> {
        let track = &file.filing.track;
        let now = version.stage_index(&track.stage).unwrap_or(0);
        let due = ctx.ledger.filing(self.id).and_then(|row| row.due);
        let shown = version.stages.iter().enumerate().filter(|(n, stage)| {
            // A stage that is entered on purpose shows where it was.
            !stage.optional || *n == now || track.passed.contains_key(&stage.id)
        });
        let all: Vec<Stage> = shown
            .map(|(n, stage)| {
                let passed = track.passed.get(&stage.id).map(|day| words::day(*day, ctx));
                let dates = edition.and_then(|edition| edition.dates.get(n)).copied().unwrap_or_default();
                let by = dates.internal.or(dates.due).map(|due| format!("{} 前", words::day(due.date(), ctx)));
                if n == now {
                    let (standing, date) = match track.standing {
                        Standing::Ended(End::Done) => (stages::Standing::Done, passed),
                        Standing::Ended(_) => (stages::Standing::Ended, Some(words::day(track.since, ctx))),
                        Standing::Returned => (stages::Standing::Returned, None),
                        _ => (stages::Standing::Now, None),
                    };
                    let due = due.map(|next| format!("{} 前", words::day(next.due.date(), ctx)));
                    let since = Some(format!("{} 起", words::day(track.since, ctx)));
                    return Stage::new(stage.short.clone(), standing, date.or(due).or(since));
                }
                match passed {
                    // What was passed before a return counts again only when it is passed anew.
                    Some(day) if n < now || track.end() == Some(End::Done) => {
                        Stage::new(stage.short.clone(), stages::Standing::Done, Some(day))
                    }
                    None if n < now => Stage::new(stage.short.clone(), stages::Standing::Done, None::<String>),
                    // What ended will not get there.
                    _ if track.end().is_some() => {
                        Stage::new(stage.short.clone(), stages::Standing::Later, None::<String>)
                    }
                    _ => Stage::new(stage.short.clone(), stages::Standing::Later, by),
                }
            })
            .collect();
        stages(all)
    }
}
