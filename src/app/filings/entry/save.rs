//! Saving a new filing: what keeps it from being saved, and what comes after.

use chrono::{Datelike, NaiveDate};
use iced::Task;

use super::{AGAIN, EDITION, FIRM, FORM, HABIT, Message, OPENED, REASON, focus};
use crate::app::ctx::{self, Ctx};
use crate::app::filings::form::{confirmed, field_id};
use crate::app::filings::{Filings, Message as Outer};
use crate::app::update::Update;
use crate::domain::Result;
use crate::domain::date::parse_day;
use crate::domain::event::Confirmed;
use crate::domain::filing::key;
use crate::domain::id::RecordId;
use crate::store::Done;
use crate::store::acts::NewFiling;

impl Filings {
    /// What is missing or wrong, and where; else everything a new filing starts with.
    fn new_filing(&self, ctx: &Ctx) -> std::result::Result<(RecordId, RecordId, NewFiling), (&'static str, String)> {
        let entry = &self.entry;
        let firm = entry.firm.ok_or((FIRM, "请先选一家企业：打几个字或首字母，回车选中。".to_owned()))?;
        let edition = entry.edition.ok_or((EDITION, "请选一个批次；没有就先新增批次。".to_owned()))?;
        if ctx.ledger.edition(edition).is_some_and(|edition| edition.closed) {
            return Err((EDITION, "这个批次已经关闭，不再收申报；请换一个批次。".to_owned()));
        }
        let opened: NaiveDate =
            parse_day(&entry.opened, ctx.today.year()).map_err(|problem| (OPENED, problem.to_string()))?;
        if opened > ctx.today {
            return Err((OPENED, "收到日期在今天之后，请填实际收到的日期。".to_owned()));
        }
        let Some(form) = &entry.form else {
            return Err((EDITION, "这个批次的事项不在本机的事项目录里，不能登记。".to_owned()));
        };
        if let Some((field, says)) = form.wrong() {
            return Err((FORM, format!("{}：{says}", field.label)));
        }
        let mut sure: Vec<Confirmed> = Vec::new();
        if let Some(second) = entry.second.and_then(|id| ctx.ledger.filing(id)) {
            if entry.again.trim().is_empty() {
                return Err((AGAIN, "要再报一件，请写明原因。".to_owned()));
            }
            sure.push(Confirmed {
                field: key::FIRM.to_owned(),
                says: format!("同一批次已有申报 {}", second.number),
                reason: entry.again.trim().to_owned(),
            });
        }
        let doubts = entry.doubts();
        if !doubts.is_empty() && entry.reason.trim().is_empty() {
            return Err((REASON, format!("有 {} 处要确认：核对无误就写明原因。", doubts.len())));
        }
        sure.extend(confirmed(&doubts, &entry.reason));
        let new = NewFiling {
            stage: entry.stage.clone(),
            opened: Some(opened),
            form: form.values(),
            note: entry.note.text().trim().to_owned(),
            confirmed: sure,
            source: None,
        };
        Ok((firm, edition, new))
    }

    pub(super) fn save_entry(&mut self, ctx: &Ctx) -> Update<Outer> {
        let (firm, edition, new) = match self.new_filing(ctx) {
            Ok(all) => all,
            Err((place, says)) => {
                let wrong = self.entry.form.as_ref().and_then(|form| form.wrong()).map(|(field, _)| field.id.as_str());
                self.entry.problem = Some((place, says));
                return match wrong.filter(|_| place == FORM) {
                    Some(field) => Update::task(focus(field_id(FORM, field))),
                    None => Update::task(focus(place)),
                };
            }
        };
        self.entry.busy = true;
        let name = ctx.ledger.firm(firm).map(|row| row.name.to_string()).unwrap_or_default();
        Update::task(ctx.act(
            format!("新增申报“{name}”"),
            move |act| act.open_filing(firm, edition, new),
            |done| Outer::Entry(Message::Saved(done)),
        ))
    }

    pub(super) fn entered(&mut self, done: Result<Done<RecordId>>, ctx: &Ctx) -> Update<Outer> {
        let entry = &mut self.entry;
        entry.busy = false;
        let done = match done {
            Ok(done) => done,
            Err(problem) => {
                entry.problem = Some((FORM, problem.to_string()));
                return Update::none();
            }
        };
        // The window's own ledger is a commit behind.
        let ledger = ctx.db.ledger();
        let number = ledger.filing(done.value).map(|row| row.number.to_string()).unwrap_or_default();
        let missing = entry.form.as_ref().map(|form| form.missing().len()).unwrap_or_default();
        let short = if missing > 0 { format!("，缺 {missing} 项，可以以后补") } else { String::new() };
        let words = format!("已新增申报 {number}：{}{short}", entry.typed.trim());
        entry.just.insert(0, done.value);
        let edition = entry.edition;
        entry.clear(ctx);
        let forget = entry.keeper.keep(String::new(), ctx);
        let mut update = Update::saved(&done, words).and(Update::task(Task::batch([forget, focus(FIRM)])));
        if let Some(edition) = edition {
            update = update.and_event(ctx::remember(HABIT, &edition));
        }
        update
    }
}
