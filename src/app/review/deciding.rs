//! Decisions: 通过, 退回修改, 不推荐, of the filing that is looked at or of all that are ticked.
//!
//! None is taken by accident. A decision names the filing it was meant for and is dropped when another one shows; while one is
//! being written no other is begun; and what opened by itself takes none until it has stood there long enough to be seen.

use std::collections::HashSet;
use std::time::Duration;

use chrono::NaiveDate;
use iced::Task;

use super::content::Tab;
use super::drafts::{Draft, answers};
use super::materials::REMARK;
use super::{Message, OPINION, QUEUE, Review};
use crate::app::ctx::Ctx;
use crate::app::filings::moving::{Step, steps};
use crate::app::update::Update;
use crate::app::words;
use crate::domain::calendar::{Reckoned, Until};
use crate::domain::defect::{About, book};
use crate::domain::event::Hash;
use crate::domain::filing::machine::Wish;
use crate::domain::id::RecordId;
use crate::domain::program::Effect;
use crate::domain::review::{Answer, Found, Given, Reviewer, opinion};
use crate::domain::{Kind, Problem, Result};
use crate::store::ledger::{FilingRow, Ledger, StatusGroup};
use crate::store::{Act, Done};
use crate::ui::Tone;

/// How long what opened by itself must have stood there before a decision on it counts: a key pressed twice in haste was meant
/// for the filing before. Nobody waits for a test.
const SEEN: Duration = if cfg!(test) { Duration::from_millis(1) } else { Duration::from_millis(300) };

/// Working days a correction usually gets.
pub const CORRECTION: u16 = 5;

/// What was decided last, for the line at the foot.
#[derive(Debug, Clone)]
pub struct Last {
    pub ids: Vec<RecordId>,
    /// Stage and round in which each stood.
    from: Vec<(u8, u16)>,
    /// They were ticked, and written on together.
    ticked: bool,
    pub of: String,
    pub effect: Effect,
    pub word: String,
}

/// What a decision took with it, should it be taken back.
#[derive(Debug)]
pub struct Taken {
    /// What was decided, with where each stood before: stage and round. There again, it was taken back; in a later round it
    /// came back by itself.
    from: Vec<(RecordId, (u8, u16))>,
    drafts: Vec<(RecordId, Draft)>,
    /// What had been written on all of them.
    ticked: Option<Draft>,
}

/// What a decision was meant for when its key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// The filing looked at.
    One(RecordId),
    /// All that were ticked, so many.
    Ticked(usize),
}

/// Something to be written.
struct Decision {
    ids: Vec<(RecordId, String)>,
    wish: Vec<Wish>,
    given: Option<Given>,
    seen: Option<Hash>,
}

/// After the time in which a second press would be meant for the filing before.
pub fn settle(id: RecordId) -> Task<Message> {
    let (over, wait) = futures_channel::oneshot::channel();
    let sleeper = std::thread::Builder::new().name("settle".to_owned()).spawn(move || {
        std::thread::sleep(SEEN);
        // Nobody waits any more when the window was closed meanwhile.
        let _ = over.send(());
    });
    // Where no thread can be had it is over at once.
    drop(sleeper);
    Task::perform(wait, move |_| Message::Settled(id))
}

/// The last day of a correction as typed: how many working days, or a day. Empty: what is usual.
///
/// # Errors
/// Bad input for what is neither.
pub fn last_day(typed: &str, ctx: &Ctx) -> Result<Reckoned> {
    until(typed, ctx.today).map(|until| until.last(ctx.today, ctx.calendar()))
}

/// As typed; here a bare number is working days as well.
///
/// # Errors
/// As [`last_day`].
pub fn until(typed: &str, today: NaiveDate) -> Result<Until> {
    let bare: String = typed.chars().map(crate::domain::text::fold).filter(|c| !c.is_whitespace()).collect();
    let read = match bare.strip_suffix('个').unwrap_or(&bare) {
        "" => Ok(Until::Working(CORRECTION)),
        number if number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()) => Until::working(number),
        _ => Until::parse(typed, today),
    };
    read.map_err(|_| {
        Problem::bad_input(format!("补正期限“{typed}”看不懂。"))
            .next("请写几个工作日（1 到 250），或写到哪一天，例如 8-31。")
    })
}

/// What can be done with all of these at once: the effects every one of them has a step for, whatever its program calls it.
pub fn steps_of_many(ledger: &Ledger, ids: impl IntoIterator<Item = RecordId>) -> Vec<Step> {
    let mut seen = HashSet::new();
    let kind = |row: &FilingRow| (std::ptr::from_ref(row.version), row.stage, row.standing, row.frozen, row.split);
    // What a filing offers depends on these alone.
    let mut ids = ids.into_iter().filter_map(|id| ledger.filing(id)).filter(|row| seen.insert(kind(row)));
    let of = |row: &FilingRow| if row.frozen { Vec::new() } else { steps(&row.as_track(), row.version) };
    let Some(first) = ids.next() else { return Vec::new() };
    let mut all = of(first);
    all.retain(|step| [Effect::Pass, Effect::Return, Effect::Decline].contains(&step.effect));
    for row in ids {
        let other = of(row);
        all.retain_mut(|step| {
            let Some(same) = other.iter().find(|same| same.effect == step.effect) else { return false };
            if same.word != step.word {
                step.word = plain(step.effect).to_owned();
            }
            step.needs_reason |= same.needs_reason;
            step.needs = step.needs.max(same.needs);
            true
        });
    }
    all
}

/// What a decision is called where no program says it.
fn plain(effect: Effect) -> &'static str {
    match effect {
        Effect::Pass => "通过",
        Effect::Return => "退回修改",
        _ => "不推荐",
    }
}

impl Review {
    /// What can be done with the filing looked at, by its effect.
    pub(super) fn step(&self, effect: Effect) -> Option<&Step> {
        let steps = if self.queue.ticked.is_empty() { &self.steps } else { &self.bulk };
        steps.iter().find(|step| step.effect == effect)
    }

    /// What a decision would be about now: all that are ticked, else the filing looked at.
    pub(super) fn chosen(&self) -> Vec<RecordId> {
        if self.queue.ticked.is_empty() {
            return self.queue.current.filter(|_| self.queue.position().is_some()).into_iter().collect();
        }
        self.queue.ids.iter().copied().filter(|id| self.queue.ticked.contains(id)).collect()
    }

    /// The same without naming all that are ticked.
    pub(super) fn meant(&self) -> Option<Meant> {
        match self.queue.ticked.len() {
            0 => self.queue.current.filter(|_| self.queue.position().is_some()).map(Meant::One),
            count => Some(Meant::Ticked(count)),
        }
    }

    /// Takes a decision on what it was meant for.
    pub(super) fn decide(&mut self, meant: Meant, effect: Effect, ctx: &Ctx) -> Update<Message> {
        if self.busy || self.settling.is_some() || self.dialog.is_some() || self.meant() != Some(meant) {
            return Update::none();
        }
        let ids = self.chosen();
        self.problem = None;
        let alone = self.queue.ticked.is_empty();
        if alone && !self.content.as_ref().is_some_and(|content| self.is_open(content)) {
            // It is not drawn yet: nobody has seen what they would decide.
            return Update::none();
        }
        if alone && self.is_covered(ctx) {
            self.listed = false;
            return Update::told(Tone::Quiet, "先看这件的内容，再按一次就登记");
        }
        let Some(step) = self.step(effect).cloned() else {
            return Update::told(Tone::Warn, self.no_step(effect, ctx));
        };
        if let Err(problem) = ctx.permit(step.needs) {
            return problem.into();
        }
        if let Some(half) = self.half_written(&ids, ctx) {
            return half;
        }
        let decision = match meant {
            Meant::One(id) => self.one(id, &step, ctx),
            Meant::Ticked(_) => self.many(&ids, &step, ctx),
        };
        match decision {
            Ok(decision) => self.write(decision, &step, ctx),
            Err(problem) => {
                let unwritten = step.needs_reason && self.opinion_of(&ids).is_empty();
                self.problem = Some(problem);
                if unwritten { Update::task(crate::ui::focus::to(OPINION)) } else { Update::none() }
            }
        }
    }

    /// A word on a material that was begun and not saved keeps from deciding: it would be lost, or the return go without it.
    fn half_written(&mut self, ids: &[RecordId], ctx: &Ctx) -> Option<Update<Message>> {
        let (id, unfit) = ids.iter().find_map(|id| Some((*id, self.drafts.get(*id)?.unfit()?)))?;
        let row = ctx.ledger.filing(id)?;
        let name = About::Material(unfit.item.clone()).name(row.version).to_owned();
        let problem = Problem::bad_input(format!("“{}”哪里不合格写了一半，还没有存。", words::in_short(&name)));
        if self.queue.current != Some(id) {
            let problem = problem.next("请打开它的材料，按 Enter 存下，或按 Esc 不要，再作决定。");
            self.problem = Some(named(problem, &ctx.ledger.firm_of(row).name));
            return Some(Update::none());
        }
        self.problem = Some(problem.next("请按 Enter 存下，或按 Esc 不要，再作决定。"));
        self.tab = Tab::Materials;
        Some(crate::ui::focus::to(REMARK).into())
    }

    fn no_step(&self, effect: Effect, ctx: &Ctx) -> String {
        let word = plain(effect);
        if !self.queue.ticked.is_empty() {
            return format!("选中的申报没有都能做的“{word}”，请按事项、阶段筛选后再选");
        }
        let stage = self.queue.current.and_then(|id| ctx.ledger.filing(id)).map(|row| row.stage().short.as_str());
        format!("“{}”阶段没有“{word}”", stage.unwrap_or_default())
    }

    fn opinion_of(&self, ids: &[RecordId]) -> String {
        match ids {
            [only] if self.queue.ticked.is_empty() => self.drafts.get(*only).map(Draft::words).unwrap_or_default(),
            _ => self.drafts.ticked.words(),
        }
    }

    /// The decision on the filing looked at, with the sheet that was filled in.
    fn one(&self, id: RecordId, step: &Step, ctx: &Ctx) -> Result<Decision> {
        let content = self.content.as_ref().ok_or_else(|| Problem::bug("nothing is open"))?;
        let file = &content.read.file;
        let none = Draft::default();
        let draft = self.drafts.get(id).unwrap_or(&none);
        let (_, version) = file.known.ok_or_else(|| Problem::bug("a step of an unknown program"))?;
        // Whoever said 回避 has no sheet to give, whatever was written on it before.
        let form = file.form.filter(|_| self.recused().is_none());
        let sheet = match form {
            Some(form) => answers(&draft.sheet, form)?,
            None => None,
        };
        let mut given = None;
        if let (Some(form), Some(answers)) = (form, &sheet) {
            let one = self.given(answers.clone(), ctx)?;
            match form.check(&one) {
                // Given already, word for word.
                Ok(()) if self.own_review().is_some_and(|review| review.given == one) => {}
                Ok(()) => given = Some(one),
                // What goes back need not be judged to the end; but what is wrong must have been said.
                Err(_) if step.effect != Effect::Pass && answers.values().all(is_said) => {}
                Err(problem) => return Err(problem),
            }
        }
        let answers = sheet.unwrap_or_default();
        let own = ctx.ledger.office.phrases(&file.filing.program);
        let book = book(version, own);
        let defects = opinion::defects(&draft.words(), &answers, Some(&file.filing.materials), version, form, &book);
        let wish = wish(step, &draft.words(), &draft.until, defects, ctx)?;
        if step.effect == Effect::Return && wish.defects.is_empty() {
            return Err(Problem::bad_input(format!("“{}”要写明补正什么。", step.word))
                .next("请在处理意见里一行写一条，或按 Alt 加数字插入常用语。"));
        }
        let name = ctx.ledger.filing(id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        Ok(Decision { ids: vec![(id, name)], wish: vec![wish], given, seen: Some(file.filing.whole()) })
    }

    /// One decision on many; each has its defects read in the words of its own program. What was found of its materials is
    /// added where the decision is written.
    fn many(&self, ids: &[RecordId], step: &Step, ctx: &Ctx) -> Result<Decision> {
        let words = self.drafts.ticked.words();
        let mut decision = Decision { ids: Vec::new(), wish: Vec::new(), given: None, seen: None };
        for id in ids {
            let Some(row) = ctx.ledger.filing(*id) else { continue };
            // Programs call the same step by different words.
            let own = steps(&row.as_track(), row.version).into_iter().find(|own| own.effect == step.effect);
            let step = own.as_ref().unwrap_or(step);
            let book = book(row.version, ctx.ledger.office.phrases(&row.program.id));
            let defects = opinion::defects(&words, &Default::default(), None, row.version, None, &book);
            decision.wish.push(wish(step, &words, &self.drafts.ticked.until, defects, ctx)?);
            decision.ids.push((*id, ctx.ledger.firm_of(row).name.to_string()));
        }
        Ok(decision)
    }

    fn given(&self, answers: std::collections::BTreeMap<String, Answer>, ctx: &Ctx) -> Result<Given> {
        let content = self.content.as_ref().ok_or_else(|| Problem::bug("nothing is open"))?;
        let filing = &content.read.file.filing;
        let name = ctx.person().map(|person| person.name.clone()).unwrap_or_default();
        Ok(Given {
            reviewer: Reviewer { user: Some(ctx.user), name, employer: String::new() },
            round: filing.track.round,
            content: filing.whole(),
            answers,
            note: String::new(),
            recused: None,
            form: content.read.file.form.and_then(|form| form.own),
        })
    }

    fn write(&mut self, decision: Decision, step: &Step, ctx: &Ctx) -> Update<Message> {
        self.busy = true;
        let Decision { ids, wish, given, seen } = decision;
        let of = match ids.as_slice() {
            [(_, firm)] => firm.clone(),
            many => format!("{} 件", many.len()),
        };
        let name = match ids.len() {
            1 => format!("{}“{of}”", step.word),
            _ => format!("{} {of}", step.word),
        };
        let last = Last {
            ids: ids.iter().map(|(id, _)| *id).collect(),
            from: ids.iter().map(|(id, _)| standing(*id, ctx).unwrap_or_default()).collect(),
            ticked: seen.is_none(),
            of,
            effect: step.effect,
            word: step.word.clone(),
        };
        let deed = move |act: &mut Act<'_>| {
            let many = ids.len() > 1;
            for ((id, firm), wish) in ids.iter().zip(&wish) {
                if let Some(given) = given.clone() {
                    act.give_review(*id, given)?;
                }
                let decided = match seen {
                    Some(seen) => act.decide_filing(*id, wish, Some(seen)),
                    None => act.decide_unseen(*id, wish),
                };
                decided.map_err(|problem| if many { named(problem, firm) } else { problem })?;
            }
            Ok(ids.len())
        };
        ctx.act(name, deed, move |done| Message::Moved(Box::new(last.clone()), done)).into()
    }

    pub(super) fn moved(&mut self, last: Last, done: Result<Done<usize>>, ctx: &Ctx) -> Update<Message> {
        self.busy = false;
        let done = match done {
            Ok(done) => done,
            Err(problem) => {
                let unwritten = problem.kind == Kind::BadInput && self.opinion_of(&last.ids).is_empty();
                self.problem = Some(problem);
                return if unwritten { Update::task(crate::ui::focus::to(OPINION)) } else { Update::none() };
            }
        };
        let ids = || last.ids.iter().copied();
        self.taken.push(Taken {
            from: ids().zip(last.from.iter().copied()).collect(),
            drafts: ids().filter_map(|id| Some((id, self.drafts.take(id)?))).collect(),
            ticked: last.ticked.then(|| std::mem::take(&mut self.drafts.ticked)),
        });
        self.queue.untick();
        self.advance = true;
        let words = match last.ids.as_slice() {
            [_] => format!("{}：{}", last.word, words::in_short(&last.of)),
            _ => format!("{} {}", last.word, last.of),
        };
        self.last = Some(last);
        Update::saved(&done, words)
            .and(Update::task(iced::widget::operation::focus(QUEUE)))
            .and(self.drafts.keep(ctx).into())
    }

    /// What was decided is on our desk again: it was taken back, and shows with what had been written on it. What was decided
    /// together is ticked together again. Returns what is to be looked at.
    pub(super) fn came_back(&mut self, ctx: &Ctx) -> (Option<RecordId>, Task<Message>) {
        let is_back = |(id, from): &(RecordId, (u8, u16))| {
            let row = ctx.ledger.filing(*id);
            row.is_some_and(|row| row.group() == StatusGroup::Ours) && standing(*id, ctx) == Some(*from)
        };
        let (back, taken): (Vec<Taken>, Vec<Taken>) =
            std::mem::take(&mut self.taken).into_iter().partition(|taken| taken.from.iter().any(is_back));
        self.taken = taken;
        let mut first = None;
        for Taken { from, drafts, ticked } in back {
            let ids: Vec<RecordId> = from.into_iter().map(|(id, _)| id).collect();
            self.last.take_if(|last| last.ids == ids);
            for (id, draft) in drafts {
                self.drafts.put(id, draft);
            }
            // What was ticked or written meanwhile stays.
            if let Some(draft) = ticked.filter(|_| self.queue.ticked.is_empty() && self.drafts.ticked.is_empty()) {
                self.drafts.ticked = draft;
                self.queue.ticked = self.queue.ids.iter().copied().filter(|id| ids.contains(id)).collect();
            }
            first = ids.into_iter().find(|id| self.queue.ids.contains(id)).or(first);
        }
        (first, self.drafts.keep(ctx))
    }

    /// Writes the sheet down without a decision, for whoever judges and does not decide.
    pub(super) fn save_sheet(&mut self, ctx: &Ctx) -> Update<Message> {
        if self.busy || self.dialog.is_some() || !self.queue.ticked.is_empty() {
            return Update::none();
        }
        let Some(id) = self.queue.current.filter(|_| self.content.as_ref().is_some_and(|c| self.is_open(c))) else {
            return Update::none();
        };
        let form = self.form().filter(|_| self.recused().is_none());
        let sheet = form.and_then(|form| self.drafts.get(id).map(|draft| answers(&draft.sheet, form)));
        let given = match (form, sheet) {
            (Some(form), Some(Ok(Some(answers)))) => {
                self.given(answers, ctx).and_then(|one| form.check(&one).map(|()| one))
            }
            (_, Some(Err(problem))) => Err(problem),
            _ => return Update::told(Tone::Info, "评审表还没有填"),
        };
        let given = match given {
            Ok(given) => given,
            Err(problem) => {
                self.problem = Some(problem);
                return Update::none();
            }
        };
        self.problem = None;
        self.busy = true;
        let firm = ctx.ledger.filing(id).map(|row| ctx.ledger.firm_of(row).name.to_string()).unwrap_or_default();
        ctx.act(format!("评审“{}”", words::in_short(&firm)), move |act| act.give_review(id, given), Message::Reviewed)
            .into()
    }
}

/// Stage and round a filing stands in.
fn standing(id: RecordId, ctx: &Ctx) -> Option<(u8, u16)> {
    ctx.ledger.filing(id).map(|row| (row.stage, row.round))
}

fn is_said(answer: &Answer) -> bool {
    answer.found != Found::No || !answer.note.trim().is_empty()
}

fn wish(step: &Step, words: &str, until: &str, defects: Vec<crate::domain::defect::Defect>, ctx: &Ctx) -> Result<Wish> {
    let mut wish = Wish { word: step.word.clone(), ..Wish::new(step.effect, ctx.today) };
    match step.effect {
        Effect::Return => {
            wish.defects = defects;
            wish.until = Some(last_day(until, ctx)?.date);
        }
        Effect::Pass => wish.note = words.to_owned(),
        _ => {
            // What the checklist says is wrong is a reason as well.
            wish.reason = match words {
                "" => defects.iter().map(|defect| defect.says.clone()).collect::<Vec<_>>().join("；"),
                words => words.to_owned(),
            };
            if wish.reason.is_empty() && step.needs_reason {
                return Err(
                    Problem::bad_input(format!("“{}”必须写明原因。", step.word)).next("请写在处理意见里，企业会来问。")
                );
            }
        }
    }
    Ok(wish)
}

/// A refusal with the name of the firm it is about.
fn named(problem: Problem, firm: &str) -> Problem {
    Problem { says: format!("“{firm}”：{}一件都没有登记。", problem.says), ..problem }
}
