//! What a reviewer has written and not yet decided, by filing: the opinion, the sheet, the correction deadline, the word on a
//! material; and what is written on several at once. Kept as it is typed, so that it is still there after another filing was
//! looked at, and after a crash.

use std::collections::{BTreeMap, HashMap};

use iced::Task;
use serde::{Deserialize, Serialize};

use super::Message;
use crate::app::ctx::Ctx;
use crate::domain::id::RecordId;
use crate::domain::review::{Answer, FormKind, Found, Given, Points, ReviewForm};
use crate::domain::{Problem, Result};
use crate::ui::widget::area;

/// What was written on one item of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    /// Of a checklist.
    pub found: Option<Found>,
    /// Of a scoring table, as typed.
    pub points: String,
    pub note: String,
}

/// A sheet being filled in, by item.
pub type Sheet = BTreeMap<String, Written>;

/// Everything written about one filing.
#[derive(Debug, Default)]
pub struct Draft {
    pub opinion: area::Content,
    pub sheet: Sheet,
    /// Correction deadline as typed; empty: what is usual.
    pub until: String,
    /// A material being found unfit, with the word why as far as it was typed.
    pub unfit: Option<Unfit>,
}

/// What is being written on a material that is not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    pub item: String,
    pub remark: String,
}

/// As kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    opinion: String,
    sheet: Sheet,
    until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unfit: Option<Unfit>,
}

/// All of them as kept. Ids alone, by filing, are what was kept before there was a draft of several.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct All {
    ticked: Kept,
    filings: BTreeMap<RecordId, Kept>,
}

impl Draft {
    /// The opinion without the empty end an editor leaves.
    pub fn words(&self) -> String {
        self.opinion.text().trim_end().to_owned()
    }

    /// Puts other words in its place, the caret at their end.
    pub fn write(&mut self, words: &str) {
        self.opinion = area::Content::with_text(words);
        self.opinion.perform(area::Action::Move(iced::widget::text_editor::Motion::DocumentEnd));
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.words().is_empty() && self.sheet.is_empty() && self.until.is_empty() && self.unfit().is_none()
    }

    /// The word on a material that was begun and not saved. One that was not begun is nothing.
    pub fn unfit(&self) -> Option<&Unfit> {
        self.unfit.as_ref().filter(|unfit| !unfit.remark.trim().is_empty())
    }

    fn keep(&self) -> Kept {
        let unfit = self.unfit().cloned();
        Kept { opinion: self.words(), sheet: self.sheet.clone(), until: self.until.clone(), unfit }
    }

    /// Takes in what was left, unless something was typed meanwhile.
    fn restore(&mut self, kept: Kept) {
        if self.is_empty() {
            self.write(&kept.opinion);
            (self.sheet, self.until, self.unfit) = (kept.sheet, kept.until, kept.unfit);
        }
    }
}

/// A sheet as answers. `None`: nothing is filled in.
///
/// # Errors
/// Bad input for points that are none; the rest is the form's to refuse.
pub fn answers(sheet: &Sheet, form: &ReviewForm) -> Result<Option<BTreeMap<String, Answer>>> {
    let mut all = BTreeMap::new();
    for item in &form.items {
        let Some(written) = sheet.get(&item.id) else { continue };
        let note = written.note.trim().to_owned();
        let found = match (form.kind, written.points.trim()) {
            (FormKind::Checklist, _) => written.found,
            (FormKind::Scores { .. }, "") => None,
            (FormKind::Scores { .. }, typed) => Some(Found::Points(Points::read(typed).ok_or_else(|| {
                Problem::bad_input(format!("“{}”的分数“{typed}”看不懂。", item.text)).next("请写数字，最多两位小数。")
            })?)),
        };
        if let Some(found) = found {
            all.insert(item.id.clone(), Answer { found, note });
        }
    }
    Ok((!all.is_empty()).then_some(all))
}

/// A sheet as somebody gave it.
pub fn sheet_of(given: &Given) -> Sheet {
    let one = |(id, answer): (&String, &Answer)| {
        let (found, points) = match answer.found {
            Found::Points(points) => (None, points.to_string()),
            found => (Some(found), String::new()),
        };
        (id.clone(), Written { found, points, note: answer.note.clone() })
    };
    given.answers.iter().map(one).collect()
}

/// All drafts, and what of them the disk has.
#[derive(Debug, Default)]
pub struct Drafts {
    all: HashMap<RecordId, Draft>,
    /// What is written on all that are ticked.
    pub ticked: Draft,
    /// Those of an earlier session were read.
    read: bool,
    held: String,
    writing: bool,
    again: bool,
}

/// The name they are kept under: everybody at this machine has their own.
fn name(ctx: &Ctx) -> String {
    format!("review.{}", ctx.user)
}

impl Drafts {
    /// Reads what an earlier session left, once.
    pub fn load(&mut self, ctx: &Ctx) -> Task<Message> {
        if std::mem::replace(&mut self.read, true) {
            return Task::none();
        }
        ctx.ask(ctx.db.draft(&name(ctx)), Message::Drafts)
    }

    /// What was left is there; what was typed meanwhile stays.
    pub fn loaded(&mut self, kept: Option<String>) {
        let Some(text) = kept else { return };
        let before = || Some(All { filings: serde_json::from_str(&text).ok()?, ..All::default() });
        let Some(kept) = serde_json::from_str::<All>(&text).ok().or_else(before) else { return };
        self.held = text;
        self.ticked.restore(kept.ticked);
        for (id, kept) in kept.filings {
            self.of(id).restore(kept);
        }
    }

    /// The draft of a filing, to be written on.
    pub fn of(&mut self, id: RecordId) -> &mut Draft {
        self.all.entry(id).or_default()
    }

    /// The draft of a filing, where there is one.
    pub fn get(&self, id: RecordId) -> Option<&Draft> {
        self.all.get(&id)
    }

    /// Takes one away: what was written became a decision.
    pub fn take(&mut self, id: RecordId) -> Option<Draft> {
        self.all.remove(&id)
    }

    /// Puts one back.
    pub fn put(&mut self, id: RecordId, draft: Draft) {
        self.all.insert(id, draft);
    }

    /// Keeps all of them on the disk, one writing at a time: of several the last counts.
    pub fn keep(&mut self, ctx: &Ctx) -> Task<Message> {
        if self.writing {
            self.again = true;
            return Task::none();
        }
        // In one order, so that the same drafts are the same text.
        let filings = self.all.iter().filter(|(_, draft)| !draft.is_empty());
        let kept =
            All { ticked: self.ticked.keep(), filings: filings.map(|(id, draft)| (*id, draft.keep())).collect() };
        // Ids and texts: there is nothing JSON could refuse.
        let text =
            if kept == All::default() { String::new() } else { serde_json::to_string(&kept).unwrap_or_default() };
        if text == self.held {
            return Task::none();
        }
        self.writing = true;
        self.held = text;
        ctx.ask(ctx.db.set_draft(&name(ctx), &self.held), Message::Kept)
    }

    /// One writing is over.
    pub fn kept(&mut self, ctx: &Ctx) -> Task<Message> {
        self.writing = false;
        if std::mem::take(&mut self.again) { self.keep(ctx) } else { Task::none() }
    }
}
