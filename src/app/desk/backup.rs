//! The day's own backup, and what the status bar says of backups.
//!
//! Nothing ticks for it: whether one is due is asked whenever something happens anyway.

use std::path::PathBuf;

use chrono::{Duration, NaiveDateTime};
use iced::Task;

use super::{Desk, Message, Outcome};
use crate::app::place::{DataTab, Place};
use crate::app::screen::Screen;
use crate::domain::event::Logged;
use crate::domain::{Problem, Result};
use crate::store::backup::{By, State};
use crate::ui::Tone;
use crate::ui::icon::Icon;
use crate::ui::widget::shell::Note;

/// How many days may pass without one before it is said in red.
const LIMIT: i64 = 3;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::hours(1);

/// What the desk knows of backups.
#[derive(Debug, Default)]
pub struct Watch {
    /// `None` until it was read.
    state: Option<State>,
    /// The day's own is being made.
    running: bool,
    /// When one was last begun: also what keeps a second from beginning before the first is known of.
    tried: Option<NaiveDateTime>,
}

/// How backups stand: in which tone, in words, and what else there is to know.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    tone: Option<Tone>,
    words: String,
    tip: String,
}

impl Desk {
    /// Reads how backups stand.
    pub(super) fn read_backups(&self) -> Task<Message> {
        self.ctx.ask(self.ctx.db.backup_state(), Message::Backups)
    }

    /// Begins the day's own backup where it is due. The invented district has none: nobody would miss it.
    pub(super) fn back_up_if_due(&mut self) -> Task<Message> {
        let now = self.ctx.now;
        let Some(state) = self.backups.state.as_ref().filter(|_| !self.ctx.ledger.office.example) else {
            return Task::none();
        };
        let done = state.last.as_ref().is_some_and(|last| last.at.date() == now.date());
        let waits = self.backups.tried.is_some_and(|tried| now >= tried && now - tried < AGAIN);
        if done || waits || self.backups.running {
            return Task::none();
        }
        self.backups.running = true;
        self.backups.tried = Some(now);
        self.ctx.ask(self.ctx.db.back_up(By::Automatic, None), |made| {
            Message::BackedUp(made.map(|fresh| fresh.backup.path))
        })
    }

    /// How backups stand was read.
    pub(super) fn backups_read(&mut self, state: Result<State>) -> super::Step {
        match state {
            Ok(state) => self.backups.state = Some(state),
            Err(problem) => self.tell_problem(problem),
        }
        (self.back_up_if_due(), None)
    }

    /// The day's own backup is made, or failed: the status bar says which, a list that shows is read anew.
    pub(super) fn backed_up(&mut self, done: Result<PathBuf>) -> super::Step {
        self.backups.running = false;
        let noted = done.map_or_else(|_| Task::none(), |file| self.note(Logged::backup(&file, true)));
        let read = Task::batch([noted, self.read_backups()]);
        if self.place() != Place::Data(DataTab::Backups) {
            return (read, None);
        }
        let (task, outcome) = self.refresh();
        (Task::batch([read, task]), outcome)
    }

    /// Leaves the office to a restore, unless something is under way that would not let it go.
    pub(super) fn restore(&mut self, backup: PathBuf) -> super::Step {
        if self.backups.running
            || self.import.busy().is_some()
            || self.data.note(super::around(&self.ctx, &self.now, super::Shown::Data)).is_some()
        {
            let busy = Problem::refused("还有导入、核验或备份没有做完，现在不能恢复。");
            self.tell_problem(busy.next("请等它完成或停止以后再恢复。"));
            return (Task::none(), None);
        }
        (Task::none(), Some(Outcome::Restore(backup)))
    }

    /// What the status bar says of backups.
    pub(super) fn backup_note(&self) -> Option<Note<Message>> {
        let open = Some(Message::Go(Place::Data(DataTab::Backups)));
        if self.backups.running {
            return Some(Note { open, ..Note::new(Icon::HardDrive, "正在备份") });
        }
        let standing = standing(self.backups.state.as_ref()?, self.ctx.now, self.ctx.ledger.office.example)?;
        let icon = if standing.tone.is_some() { Icon::TriangleAlert } else { Icon::HardDrive };
        Some(Note { open, tone: standing.tone, tip: standing.tip, ..Note::new(icon, standing.words) })
    }
}

/// How backups stand; nothing where there is nothing to say.
fn standing(state: &State, now: NaiveDateTime, example: bool) -> Option<Standing> {
    let age = state.last.as_ref().map(|last| ((now.date() - last.at.date()).num_days(), last.at));
    let words = match age {
        Some((0, at)) => format!("最近备份 今天 {}", at.format("%H:%M")),
        Some((1, at)) => format!("最近备份 昨天 {}", at.format("%H:%M")),
        Some((days, _)) if days > 1 => format!("最近备份 {days} 天前"),
        // The clock was another then.
        Some((_, at)) => format!("最近备份 {}", at.format("%Y-%m-%d")),
        None => "还没有备份".to_owned(),
    };
    if let Some(failed) = &state.failed {
        let tip = format!("{} 的备份没有做成：{}", failed.at.format("%m-%d %H:%M"), failed.says);
        return Some(Standing { tone: Some(Tone::Danger), words: format!("备份没有做成，{words}"), tip });
    }
    if example {
        return age.map(|_| Standing { tone: None, words, tip: String::new() });
    }
    match age {
        Some((days, _)) if days <= LIMIT => Some(Standing { tone: None, words, tip: "已验证能恢复".to_owned() }),
        _ => {
            let tip = format!("超过 {LIMIT} 天没有备份，点这里看原因或立即备份");
            Some(Standing { tone: Some(Tone::Danger), words, tip })
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::store::backup::{Failed, Last};

    fn state(days: Option<i64>, failed: Option<&str>) -> (State, NaiveDateTime) {
        let now = NaiveDate::from_ymd_opt(2026, 8, 24).and_then(|day| day.and_hms_opt(9, 5, 0)).expect("a moment");
        let last = days.map(|days| Last { at: now - Duration::days(days), name: String::new() });
        (State { last, failed: failed.map(|says| Failed { at: now, says: says.to_owned() }) }, now)
    }

    #[test]
    fn the_status_bar_tells_the_age_and_turns_red_when_it_is_too_old_or_failed() {
        let said = |days, failed, example| {
            let (state, now) = state(days, failed);
            standing(&state, now, example).map(|s| (s.words, s.tone == Some(Tone::Danger), s.tip))
        };
        let red = |days, failed| said(days, failed, false).expect("something is said");
        assert_eq!(red(Some(0), None).0, "最近备份 今天 09:05");
        assert_eq!(red(Some(1), None).0, "最近备份 昨天 09:05");
        assert_eq!((red(Some(3), None).0.as_str(), red(Some(3), None).1), ("最近备份 3 天前", false));
        assert_eq!((red(Some(4), None).0.as_str(), red(Some(4), None).1), ("最近备份 4 天前", true));
        assert!(red(None, None).1);
        let (words, red, tip) = red(Some(0), Some("磁盘已满。"));
        assert_eq!((words.as_str(), red), ("备份没有做成，最近备份 今天 09:05", true));
        assert!(tip.contains("磁盘已满"));
        assert_eq!(said(None, None, true), None, "the example is nobody's loss");
        assert!(said(Some(40), None, true).is_some_and(|(_, red, _)| !red));
    }
}
