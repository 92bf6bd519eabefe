//! When a filing's next deadline is: what a notice set, what was agreed on a return, or the days a stage allows.

use chrono::NaiveDate;

use super::track::Standing;
use crate::domain::calendar::Calendar;
use crate::domain::date::Due;
use crate::domain::program::{Desk, Stage, StageKind};

/// The dates an edition's notice sets for one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StageDates {
    /// The bureau's own, earlier one.
    pub internal: Option<Due>,
    /// The superior's.
    pub due: Option<Due>,
}

/// What a deadline rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueKind {
    /// 补正期限.
    Correction,
    /// 区内部截止.
    Internal,
    /// The superior's deadline.
    Superior,
    /// Days the stage allows, counted from the day the filing came in.
    Allowance,
    /// Last day of a publicity.
    Publicity,
}

impl DueKind {
    /// As people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Correction => "补正期限",
            Self::Internal => "区内部截止",
            Self::Superior => "上级截止",
            Self::Allowance => "本阶段时限",
            Self::Publicity => "公示结束",
        }
    }
}

/// The next deadline of a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextDue {
    pub due: Due,
    pub kind: DueKind,
}

/// The earliest deadline that binds a filing where it stands. `None`: nothing waits for a date.
///
/// A superior's usual days are not a deadline of ours, so they never make one; an applicant's are a guide that counts only
/// while no notice has set a date.
pub fn next_due(
    standing: Standing,
    stage: &Stage,
    since: NaiveDate,
    until: Option<NaiveDate>,
    dates: StageDates,
    calendar: &Calendar,
) -> Option<NextDue> {
    let of = |due: Option<Due>, kind| due.map(|due| NextDue { due, kind });
    let close = |day: Option<NaiveDate>| day.map(Due::at_close);
    let set = [of(dates.internal, DueKind::Internal), of(dates.due, DueKind::Superior)];
    let allowance =
        || of(stage.days.map(|days| Due::at_close(calendar.deadline(since, days).date)), DueKind::Allowance);
    let candidates = match standing {
        Standing::Ended(_) | Standing::Pending => [None; 3],
        Standing::Published => [of(close(until), DueKind::Publicity), None, None],
        Standing::Returned => [of(close(until), DueKind::Correction), set[0], set[1]],
        Standing::Open | Standing::Held => match stage.desk {
            Desk::Ours => [set[0], set[1], if stage.kind == StageKind::Review { allowance() } else { None }],
            Desk::Applicant if set == [None; 2] && stage.kind == StageKind::Submit => [allowance(), None, None],
            Desk::Applicant | Desk::Superior => [set[0], set[1], None],
        },
    };
    candidates.into_iter().flatten().min_by_key(|next| next.due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filing::End;
    use crate::domain::testing::{day, version};

    fn next(standing: Standing, stage: &str, dates: StageDates) -> Option<(String, DueKind)> {
        let version = version();
        let stage = &version.stages[version.stage_index(stage).unwrap()];
        // No paper known: Monday to Friday are worked.
        let calendar = Calendar::new([], []);
        next_due(standing, stage, day(8, 20), Some(day(8, 26)), dates, &calendar)
            .map(|next| (next.due.date().to_string(), next.kind))
    }

    fn dates(internal: Option<u32>, due: Option<u32>) -> StageDates {
        let at = |d: Option<u32>| d.map(|d| Due::at_close(day(8, d)));
        StageDates { internal: at(internal), due: at(due) }
    }

    #[test]
    fn our_review_is_due_when_its_days_are_over_or_the_notice_says_so_earlier() {
        assert_eq!(
            next(Standing::Open, "district", dates(None, None)),
            Some(("2026-08-27".into(), DueKind::Allowance))
        );
        assert_eq!(
            next(Standing::Open, "district", dates(Some(25), Some(28))),
            Some(("2026-08-25".into(), DueKind::Internal))
        );
    }

    #[test]
    fn a_correction_is_due_when_it_was_agreed_unless_the_round_closes_first() {
        assert_eq!(
            next(Standing::Returned, "fill", dates(None, None)),
            Some(("2026-08-26".into(), DueKind::Correction))
        );
        assert_eq!(
            next(Standing::Returned, "fill", dates(None, Some(25))),
            Some(("2026-08-25".into(), DueKind::Superior))
        );
    }

    #[test]
    fn nothing_is_due_of_what_lies_with_a_superior_without_a_date_or_has_ended() {
        assert_eq!(next(Standing::Open, "city", dates(None, None)), None);
        assert_eq!(next(Standing::Pending, "city", dates(None, Some(30))), None);
        assert_eq!(next(Standing::Ended(End::Done), "record", dates(None, Some(30))), None);
        assert_eq!(
            next(Standing::Published, "publicity", dates(None, None)),
            Some(("2026-08-26".into(), DueKind::Publicity))
        );
    }
}
