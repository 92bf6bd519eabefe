//! 分派审核人: who is to review one filing or many, asked for in a dialog by whichever screen has them selected. Several people
//! may be named; nobody is as well an answer.

use std::collections::{BTreeMap, BTreeSet};

use iced::Length;
use iced::widget::column;

use super::ctx::Ctx;
use super::words;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::{Problem, Result};
use crate::store::ledger::{FilingRow, Ledger, StatusGroup, User};
use crate::store::{Act, Done};
use crate::ui::widget::field::Says;
use crate::ui::widget::{button, checkbox, dialog};
use crate::ui::{Element, space as sp, text};

/// What the buttons, the menus and the dialog call it.
pub const TITLE: &str = "分派审核人";

/// The dialog.
#[derive(Debug)]
pub struct AssignForm {
    ids: Vec<RecordId>,
    /// Firm's name, or how many.
    of: String,
    /// Selected ones that do not wait for us.
    left_out: usize,
    /// They are not all the same people's now.
    differ: bool,
    /// Who can be named, with how many wait for each of them.
    people: Vec<(RecordId, String)>,
    chosen: BTreeSet<RecordId>,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Choose(RecordId),
    Save,
    Saved(Result<Done<usize>>),
    Close,
}

/// Whether a filing waits for a review of ours.
fn waits(row: &FilingRow) -> bool {
    matches!(row.group(), StatusGroup::Ours | StatusGroup::Split) && !row.frozen
}

/// Who can be asked to review: whoever works here and judges.
pub fn candidates(ledger: &Ledger) -> impl Iterator<Item = &User> {
    ledger.users.iter().filter(move |user| user.active && user.rights(&ledger.office).has(Permission::Judge))
}

impl AssignForm {
    /// For those of these filings that wait for us.
    ///
    /// # Errors
    /// Refused for whoever may not, and where none of them waits.
    pub fn new(ids: &[RecordId], ctx: &Ctx) -> Result<Self> {
        ctx.permit(Permission::Assign)?;
        let rows: Vec<_> = ids.iter().filter_map(|id| ctx.ledger.filing(*id)).filter(|row| waits(row)).collect();
        let Some(first) = rows.first() else {
            return Err(
                Problem::refused("选中的申报都不在本单位审核，不用分派审核人。").next("请选状态是“待初审”的申报。")
            );
        };
        let of = match rows.as_slice() {
            [only] => ctx.ledger.firm_of(only).name.to_string(),
            many => format!("{} 件", many.len()),
        };
        let differ = rows.iter().any(|row| row.reviewers != first.reviewers);
        let chosen = if differ { BTreeSet::new() } else { first.reviewers.iter().copied().collect() };
        let mut load: BTreeMap<RecordId, usize> = BTreeMap::new();
        for row in ctx.ledger.filings().filter(|row| waits(row)) {
            row.reviewers.iter().for_each(|who| *load.entry(*who).or_default() += 1);
        }
        let people = candidates(&ctx.ledger).map(|user| {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
            let load = load.get(&user.id).copied().unwrap_or(0);
            (user.id, format!("{}（{}，手上 {load} 件）", user.name, roles.join("、")))
        });
        Ok(Self {
            of,
            left_out: ids.len() - rows.len(),
            differ,
            people: people.collect(),
            chosen,
            ids: rows.into_iter().map(|row| row.id).collect(),
            problem: None,
            busy: false,
        })
    }

    /// Takes in what was chosen; `None`: nothing has to be written for it.
    pub fn edit<M: Send + 'static>(
        &mut self,
        message: &Message,
        ctx: &Ctx,
        send: impl FnOnce(Message) -> M + Send + 'static,
    ) -> Option<iced::Task<M>> {
        match message {
            Message::Choose(id) => {
                self.problem = None;
                if !self.chosen.remove(id) {
                    self.chosen.insert(*id);
                }
            }
            Message::Save if !self.busy => {
                self.busy = true;
                self.problem = None;
                let (ids, chosen) = (self.ids.clone(), self.chosen.iter().copied().collect::<Vec<_>>());
                let to = if chosen.is_empty() { "无人".to_owned() } else { words::people(&chosen, ctx) };
                let name = format!("“{}”分派给{to}审核", words::in_short(&self.of));
                return Some(ctx.act(name, move |act| assign(act, &ids, &chosen), |done| send(Message::Saved(done))));
            }
            Message::Saved(Err(problem)) => {
                self.busy = false;
                self.problem = Some(problem.clone());
            }
            Message::Open | Message::Save | Message::Saved(Ok(_)) | Message::Close => {}
        }
        None
    }

    /// The dialog.
    pub fn view<'a, M: Clone + 'a>(&'a self, send: impl Fn(Message) -> M + Copy + 'a) -> Element<'a, M> {
        let mut page = column![text::strong(self.of.as_str())].spacing(sp::S8);
        if self.left_out > 0 {
            page = page.push(text::small(format!("另有 {} 件不在本单位审核，不分派。", self.left_out)));
        }
        if self.differ {
            page = page.push(text::small("现在的审核人各不相同，保存后都是下面选的人。"));
        }
        for (id, words) in &self.people {
            let choose = Some(move |_| send(Message::Choose(*id)));
            page = page.push(checkbox::checkbox(words.clone(), self.chosen.contains(id), choose));
        }
        page = page.push(text::small("可以选几位，一位也不选就是不分派。退回后再报上来，仍由原来的人审。"));
        if let Some(problem) = &self.problem {
            page = page.push(Says::Error(problem.to_string()).view());
        }
        let save = button::primary("分派").key("Ctrl Enter").on_press((!self.busy).then_some(send(Message::Save)));
        dialog::dialog(
            TITLE,
            page.width(Length::Fill),
            [button::normal("取消").key("Esc").on_press(send(Message::Close)).into(), save.into()],
            dialog::Width::Usual,
        )
    }
}

/// Names the reviewers of all of them; how many that changed.
fn assign(act: &mut Act<'_>, ids: &[RecordId], reviewers: &[RecordId]) -> Result<usize> {
    let mut count = 0;
    for id in ids {
        count += usize::from(act.assign_filing(*id, reviewers)?);
    }
    Ok(count)
}
