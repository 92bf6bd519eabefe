//! 分派审核人: who is to review one filing or many, asked for in a dialog by whichever screen has them selected. Several people
//! may be named; nobody is as well an answer.

use std::collections::{BTreeMap, BTreeSet};

use iced::widget::{column, container};
use iced::{Length, Padding};

use super::ctx::Ctx;
use super::words;
use crate::domain::id::RecordId;
use crate::domain::people::Permission;
use crate::domain::review::conflicts::Tie;
use crate::domain::{Problem, Result};
use crate::store::ledger::{FilingRow, Ledger, StatusGroup, User};
use crate::store::queries::Tied;
use crate::store::{Act, Done};
use crate::ui::theme::Tone;
use crate::ui::widget::field::Says;
use crate::ui::widget::{button, checkbox, dialog};
use crate::ui::{Element, space as sp, text};

/// What the buttons, the menus and the dialog call it.
pub const TITLE: &str = "分派审核人";

/// Under a name, where its box leaves off.
const UNDER: Padding = Padding { left: 26.0, ..Padding::ZERO };

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
    /// What ties whom to these filings, where that is known already.
    tied: Option<Tied>,
    problem: Option<Problem>,
    busy: bool,
}

#[derive(Debug, Clone)]
pub enum Message {
    Open,
    Choose(RecordId),
    /// What ties people to these filings.
    Tied(Vec<RecordId>, Result<Tied>),
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

/// People by their names, as their ties are asked for.
pub fn names<'a>(people: impl Iterator<Item = &'a User>) -> Vec<(RecordId, String)> {
    people.map(|user| (user.id, user.name.clone())).collect()
}

/// A warning beside the name of somebody something ties to these filings: of many, to how many.
pub fn warns(tied: &Tied, person: RecordId, of: usize) -> Option<String> {
    let ties = tied.get(&person)?;
    Some(if of == 1 { "可能需要回避".to_owned() } else { format!("可能需要回避：{} 件", ties.len()) })
}

/// The same where there is room, of one filing with what it is.
fn says_tied(tied: &Tied, person: RecordId, of: usize) -> Option<String> {
    let warning = warns(tied, person, of)?;
    match tied.get(&person).map(Vec::as_slice) {
        Some([(_, how)]) if of == 1 => {
            Some(format!("{warning}：{}", how.iter().map(Tie::says).collect::<Vec<_>>().join("；")))
        }
        _ => Some(warning),
    }
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
            tied: None,
            problem: None,
            busy: false,
        })
    }

    /// Asks what ties those who can be named to the filings, to be told beside their names.
    pub fn ask_tied<M: Send + 'static>(
        &self,
        ctx: &Ctx,
        send: impl FnOnce(Message) -> M + Send + 'static,
    ) -> iced::Task<M> {
        let ids = self.ids.clone();
        let tied = ctx.db.tied(ids.clone(), names(candidates(&ctx.ledger)));
        ctx.ask(tied, move |tied| send(Message::Tied(ids, tied)))
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
            // Asked for other filings, before this dialog.
            Message::Tied(ids, _) if *ids != self.ids => {}
            Message::Tied(_, Ok(tied)) => self.tied = Some(tied.clone()),
            Message::Tied(_, Err(problem)) => self.problem = Some(problem.clone()),
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
            let person = checkbox::checkbox(words.clone(), self.chosen.contains(id), choose);
            let tied = self.tied.as_ref().and_then(|tied| says_tied(tied, *id, self.ids.len()));
            let tied = tied.map(|words| container(text::toned(text::SMALL, Tone::Warn, words)).padding(UNDER));
            page = page.push(column![person].push(tied));
        }
        if self.tied.is_none() {
            page = page.push(text::small("正在查和申报企业的关联……"));
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
