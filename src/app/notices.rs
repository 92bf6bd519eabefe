//! 补正通知 at the window: made of a filing's last return, copied, or written as a document that is shown.

use std::path::PathBuf;

use super::ctx::Ctx;
use super::files;
use super::print::Job;
use super::update::{Event, Update};
use crate::domain::Result;
use crate::domain::event::Logged;
use crate::domain::filing::rounds::ended_by;
use crate::domain::filing::{Decision, notice};
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::exchange;
use crate::store::queries::FilingFile;
use crate::ui::Tone;

/// A notice with what names its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub filing: RecordId,
    pub text: String,
    number: String,
    round: u16,
}

/// The return that opened the round a filing is in.
pub fn returned(file: &FilingFile) -> Option<&Decision> {
    let track = &file.filing.track;
    ended_by(track, track.round.checked_sub(1)?)
}

/// What a firm is told of the last return. `None`: nothing was returned, or the program is not known here.
pub fn notice(file: &FilingFile, ctx: &Ctx) -> Option<Notice> {
    let (program, version) = file.known?;
    let decision = returned(file)?;
    let row = ctx.ledger.filing(file.filing.id)?;
    let edition = ctx.ledger.edition_of(row).map(|edition| edition.name.clone()).unwrap_or_default();
    let subject = notice::Subject {
        office: &ctx.ledger.office.name,
        firm: &ctx.ledger.firm_of(row).name,
        number: &row.number,
        edition: &edition,
        program,
        version,
    };
    let text = notice::correction(subject, decision, ctx.calendar());
    Some(Notice { filing: row.id, text, number: row.number.to_string(), round: decision.moved.round })
}

/// Puts it on the clipboard.
pub fn copy<M>(notice: Notice) -> Update<M> {
    let words = "补正通知已复制，可以粘贴到微信、邮件".to_owned();
    let what = format!("补正通知（{}，第 {} 轮）", notice.number, notice.round);
    let logged = Some(Logged::copied(&what, 1).about(notice.filing));
    Update::event(Event::Copy { text: notice.text, words, logged })
}

/// Prints it as an official document.
pub fn print<M>(notice: Notice) -> Update<M> {
    let name = format!("补正通知_{}_第{}轮", notice.number, notice.round);
    let what = format!("补正通知（{}，第 {} 轮）", notice.number, notice.round);
    Update::print(Job::new(what, name, exchange::notice::paper(&notice.text)).about(notice.filing))
}

/// Writes it as a document, for whoever may take things out.
pub fn write<M: Send + 'static>(
    notice: Notice,
    ctx: &Ctx,
    then: impl Fn(Result<PathBuf>) -> M + Send + 'static,
) -> Update<M> {
    if let Err(problem) = ctx.permit(Permission::Export) {
        return problem.into();
    }
    iced::Task::perform(async move { document(&notice) }, then).into()
}

fn document(notice: &Notice) -> Result<PathBuf> {
    let name = format!("补正通知_{}_第{}轮.docx", notice.number, notice.round);
    let path = files::free(files::papers().join(name));
    exchange::notice::write(&path, &notice.text)?;
    Ok(path)
}

/// It was written: it is shown, told and logged.
pub fn written<M>(filing: RecordId, path: Result<PathBuf>) -> Update<M> {
    let path = match path {
        Ok(path) => path,
        Err(problem) => return problem.into(),
    };
    let logged = Logged::export("补正通知", &path, 1).about(filing);
    // Where no program opens it, the words say where it lies.
    let _ = files::show(&path);
    Update::told(Tone::Success, format!("补正通知已写到 {}", path.display())).and_event(Event::Note(logged))
}

/// Writes all of them, one document each. Where one cannot be written, those before it lie there.
pub async fn write_all(notices: Vec<Notice>) -> Vec<(RecordId, Result<PathBuf>)> {
    let mut all = Vec::new();
    for notice in notices {
        let written = document(&notice);
        let failed = written.is_err();
        all.push((notice.filing, written));
        if failed {
            break;
        }
    }
    all
}

/// They were written: where they lie is shown and told once, each is logged.
pub fn all_written<M: Send + 'static>(all: Vec<(RecordId, Result<PathBuf>)>) -> Update<M> {
    let mut update = Update::none();
    let mut count = 0;
    for (filing, path) in all {
        match path {
            Ok(path) => {
                count += 1;
                update = update.and_event(Event::Note(Logged::export("补正通知", &path, 1).about(filing)));
            }
            Err(problem) => update = update.and(problem.into()),
        }
    }
    if count == 0 {
        return update;
    }
    let folder = files::papers();
    // Where no program opens it, the words say where they lie.
    let _ = files::show(&folder);
    update.and(Update::told(Tone::Success, format!("{count} 份补正通知已写到 {}", folder.display())))
}
