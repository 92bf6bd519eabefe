//! 材料 on the page: the checklist of the round, what was found of each item, its files, and what came back after a return.
//! Files are chosen in a dialog of its own (`filings/attach.rs`); the notice of a return is written from here.
//! What an item's state comes to is the domain's, what a file is kept as the store's.

mod back;
mod view;

use std::path::PathBuf;

use iced::Task;
use iced::keyboard::Key;
use iced::keyboard::key::Named;

use super::super::{Filings, Message as Outer, attach};
use super::{Message as PageMessage, Page};
use crate::app::ctx::Ctx;
use crate::app::update::{Event, Update};
use crate::app::{files, notices};
use crate::domain::Result;
use crate::domain::event::{DeedKind, Hash, Logged};
use crate::domain::filing::{Checklist, Materials};
use crate::domain::material::Mark;
use crate::domain::program::Effect;
use crate::store::Done;
use crate::store::queries::FilingFile;
use crate::ui::root::Pressed;

/// The word on what is not fit.
pub const REMARK: &str = "materials.remark";

/// What of the checklist is being looked at and written.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The item keys act on.
    current: Option<String>,
    /// An item being found unfit, with the word why.
    marking: Option<(String, String)>,
    /// An earlier round that is looked at.
    round: Option<u16>,
    problem: Option<String>,
    busy: bool,
}

/// What people and answers do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Current(String),
    Round(u16),
    Mark(String, Option<Mark>),
    Remark(String),
    SaveRemark,
    CancelRemark,
    Marked(Result<Done<bool>>),
    /// Files to an item, beside others or in the place of these.
    Attach(String, Vec<Hash>),
    Open(Hash, String),
    Opened(String, Result<()>),
    Remove(Vec<Hash>, String),
    Removed(Result<Done<()>>),
    CopyNotice,
    PrintNotice,
    WriteNotice,
    NoticeWritten(Result<PathBuf>),
    /// Keys: the item below the current one, or above.
    Step(bool),
}

fn wrap(message: Message) -> Outer {
    Outer::Page(PageMessage::Materials(message))
}

impl Page {
    /// The materials looked at: of now, or of an earlier round.
    fn looked_at<'a>(&self, file: &'a FilingFile) -> (&'a Materials, u16) {
        let now = file.filing.track.round;
        let earlier = self.materials.round.filter(|round| *round < now);
        match earlier.and_then(|round| Some((file.earlier.get(usize::from(round.checked_sub(1)?))?, round))) {
            Some(earlier) => earlier,
            None => (&file.filing.materials, now),
        }
    }

    /// What a key does to the checklist, where it shows.
    pub(in crate::app::filings) fn material_key(&self, pressed: &Pressed) -> Option<Outer> {
        if self.tab != super::Tab::Materials || self.is_frozen() {
            return None;
        }
        let (ctrl, alt) = (pressed.modifiers.command(), pressed.modifiers.alt());
        let mark = |mark: Option<Mark>| Some(wrap(Message::Mark(self.materials.current.clone()?, mark)));
        match (&pressed.key, pressed.latin) {
            (Key::Named(Named::Escape), _) if self.materials.marking.is_some() => Some(wrap(Message::CancelRemark)),
            (Key::Named(Named::F9), _) => Some(wrap(Message::Step(!pressed.modifiers.shift()))),
            (_, Some('o')) if ctrl => Some(wrap(Message::Attach(self.materials.current.clone()?, Vec::new()))),
            (_, Some('1')) if alt => mark(Some(Mark::Given)),
            (_, Some('2')) if alt => mark(Some(Mark::Fit)),
            (_, Some('3')) if alt => mark(Some(Mark::Unfit)),
            (_, Some('4')) if alt => mark(Some(Mark::Waived)),
            (_, Some('0')) if alt => mark(None),
            _ => None,
        }
    }

    fn step(&mut self, forward: bool) {
        let Some((file, (_, version))) = self.file.as_ref().and_then(|file| Some((file, file.known?))) else { return };
        let list = Checklist::new(&version.materials, &file.filing.materials);
        let at = list.rows.iter().position(|row| Some(row.id) == self.materials.current.as_deref());
        let to = match (at, forward) {
            (None, _) => 0,
            (Some(at), true) => (at + 1).min(list.rows.len() - 1),
            (Some(at), false) => at.saturating_sub(1),
        };
        self.materials.current = list.rows.get(to).map(|row| row.id.to_owned());
    }
}

impl Filings {
    pub(super) fn on_materials(&mut self, message: Message, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = &mut self.page else { return Update::none() };
        let id = page.id;
        if !matches!(message, Message::Marked(_) | Message::Removed(_)) {
            page.materials.problem = None;
        }
        match message {
            Message::Current(item) => page.materials.current = Some(item),
            Message::Round(round) => {
                page.materials.round = Some(round);
                page.materials.marking = None;
            }
            Message::Step(forward) => {
                page.step(forward);
                return Update::task(page.focus_item());
            }
            Message::Mark(item, Some(Mark::Unfit)) => {
                let known = page.file.as_ref().and_then(|file| file.filing.materials.item(&item).marked.as_ref());
                let remark = known.filter(|marked| marked.mark == Mark::Unfit).map(|marked| marked.remark.clone());
                page.materials.current = Some(item.clone());
                page.materials.marking = Some((item, remark.unwrap_or_default()));
                return Update::task(iced::widget::operation::focus(REMARK));
            }
            Message::Mark(item, mark) => return self.mark(item, mark, String::new(), ctx),
            Message::Remark(typed) => {
                if let Some((_, remark)) = &mut page.materials.marking {
                    *remark = typed;
                }
            }
            Message::CancelRemark => {
                page.materials.marking = None;
                return Update::task(page.focus_item());
            }
            Message::SaveRemark => {
                let Some((item, remark)) = page.materials.marking.clone() else { return Update::none() };
                return self.mark(item, Some(Mark::Unfit), remark, ctx);
            }
            Message::Marked(Ok(done)) => {
                page.materials.busy = false;
                page.materials.marking = None;
                return Update::saved(&done, done.name.clone()).and(Update::task(page.focus_item()));
            }
            Message::Marked(Err(problem)) => {
                page.materials.busy = false;
                page.materials.problem = Some(problem.to_string());
            }
            Message::Attach(item, replaces) => {
                let name = page.item_name(&item);
                page.materials.current = Some(item.clone());
                return self.open_attach(attach::Attach::new(id, item, name, replaces));
            }
            Message::Open(file, name) => {
                let (db, named) = (ctx.db.clone(), name.clone());
                let open = async move {
                    let copy = db.copy_out(&file, &named, &files::copies())?;
                    files::show(&copy)
                };
                return Task::perform(open, move |opened| wrap(Message::Opened(name.clone(), opened))).into();
            }
            Message::Opened(name, Ok(())) => {
                let number = ctx.ledger.filing(id).map(|row| row.number.to_string()).unwrap_or_default();
                let logged = Logged::new(DeedKind::Open, format!("申报 {number} 的材料 {name}")).about(id);
                return Update::event(Event::Note(logged));
            }
            Message::Opened(_, Err(problem)) => return problem.into(),
            Message::Remove(files, name) => {
                return Update::task(ctx.act(
                    format!("移除材料“{name}”"),
                    move |act| act.detach(id, &files),
                    |done| wrap(Message::Removed(done)),
                ));
            }
            Message::Removed(Ok(done)) => return Update::saved(&done, done.name.clone()),
            Message::Removed(Err(problem)) => return problem.into(),
            Message::CopyNotice => {
                let notice = page.file.as_ref().and_then(|file| notices::notice(file, ctx));
                return notice.map_or_else(Update::none, notices::copy);
            }
            Message::PrintNotice => {
                let notice = page.file.as_ref().and_then(|file| notices::notice(file, ctx));
                return notice.map_or_else(Update::none, notices::print);
            }
            Message::WriteNotice => {
                let notice = page.file.as_ref().and_then(|file| notices::notice(file, ctx));
                let Some(notice) = notice else { return Update::none() };
                return notices::write(notice, ctx, |written| wrap(Message::NoticeWritten(written)));
            }
            Message::NoticeWritten(written) => return notices::written(id, written),
        }
        Update::none()
    }

    fn mark(&mut self, item: String, mark: Option<Mark>, remark: String, ctx: &Ctx) -> Update<Outer> {
        let Some(page) = &mut self.page else { return Update::none() };
        if page.materials.busy || page.is_frozen() {
            return Update::none();
        }
        page.materials.current = Some(item.clone());
        if mark == Some(Mark::Unfit) && remark.trim().is_empty() {
            page.materials.problem = Some("“不合格”要写明哪里不对，退回时可以直接用它。".to_owned());
            return Update::task(iced::widget::operation::focus(REMARK));
        }
        page.materials.busy = true;
        let (id, name) = (page.id, page.item_name(&item));
        let words = mark.map_or("取消核对", |mark| mark.state().label());
        Update::task(ctx.act(
            format!("{}：{words}", short(&name)),
            move |act| act.check_material(id, &item, mark, &remark),
            |done| wrap(Message::Marked(done)),
        ))
    }
}

/// By which the keyboard is given to an item.
fn item_id(item: &str) -> iced::advanced::widget::Id {
    format!("materials.item.{item}").into()
}

impl Page {
    /// Gives the keyboard to the current item, and brings it into sight.
    pub(in crate::app::filings) fn focus_item(&self) -> Task<Outer> {
        match &self.materials.current {
            Some(item) => crate::ui::focus::to(item_id(item)),
            None => iced::widget::operation::focus(super::super::GRID),
        }
    }

    /// Name of an item.
    fn item_name(&self, item: &str) -> String {
        let about = crate::domain::defect::About::Material(item.to_owned());
        let version = self.file.as_ref().and_then(|file| file.known).map(|(_, version)| version);
        version.map_or(item, |version| about.name(version)).to_owned()
    }

    /// Whether it lies with the firm for correction, so that a notice is wanted.
    pub(super) fn is_returned(&self) -> bool {
        self.file.as_ref().is_some_and(|file| {
            let last = file.filing.track.line().next_back();
            last.is_some_and(|decision| decision.moved.effect == Effect::Return)
        })
    }
}

/// A name as an action and a toast say it: an item of a notice may be a line long.
fn short(name: &str) -> String {
    const MOST: usize = 16;
    match name.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}
