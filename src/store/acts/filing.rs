//! Opening editions, entering filings, moving them through the stages.

use rusqlite::{OptionalExtension, params};

use super::firm::{Values, written};
use crate::catalog::Catalog;
use crate::domain::event::{Confirmed, Fact, Fields, Hash, Resolved, Source};
use crate::domain::filing::machine::{Wish, decide, published_result};
use crate::domain::filing::{Filing, key};
use crate::domain::id::RecordId;
use crate::domain::program::{Desk, Effect, Version};
#[cfg(test)]
use crate::domain::testing::{Break, is_broken};
use crate::domain::{Problem, Result, edition};
use crate::store::Act;

/// Everything a new filing starts with.
#[derive(Debug, Clone, Default)]
pub struct NewFiling {
    /// Stage it is entered at; empty: where the applicant hands it in.
    pub stage: String,
    /// Day it came into that stage; `None`: today.
    pub opened: Option<chrono::NaiveDate>,
    /// Values of the program's form, keys without prefix.
    pub form: Values,
    pub note: String,
    /// Warnings seen and confirmed; a second filing of one firm in one edition needs one on the field `firm`.
    pub confirmed: Vec<Confirmed>,
    pub source: Option<Source>,
}

impl Act<'_> {
    /// Opens an edition of a program, bound to the policy version in force.
    ///
    /// # Errors
    /// Not found for an unknown program; refused when the same year and batch is open already.
    pub fn open_edition(&mut self, program: &str, year: i32, batch: u16, values: Values) -> Result<RecordId> {
        let Some(known) = Catalog::builtin().program(program) else {
            return Err(Problem::not_found(format!("没有“{program}”这个事项。")).next("请从事项列表里选。"));
        };
        let twin: Option<String> = self
            .connection()?
            .prepare_cached("SELECT name FROM edition WHERE program = ? AND year = ? AND batch = ?")?
            .query_row(params![program, year, batch], |row| row.get(0))
            .optional()?;
        if let Some(name) = twin {
            return Err(Problem::refused(format!("{}已经有“{name}”这个批次。", known.short))
                .next("请直接使用它，或换一个年度、批次。"));
        }
        let day = chrono::NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_else(|| self.today());
        let mut set = written(values);
        set.insert(edition::key::PROGRAM.to_owned(), Some(program.to_owned()));
        set.insert(edition::key::VERSION.to_owned(), Some(known.version_on(day).id.clone()));
        set.insert(edition::key::YEAR.to_owned(), Some(year.to_string()));
        set.insert(edition::key::BATCH.to_owned(), Some(batch.to_string()));
        set.entry(edition::key::NAME.to_owned()).or_insert_with(|| Some(edition::default_name(year, batch)));
        self.create(Fact::EditionOpened(Fields { set, ..Fields::default() }))
    }

    /// Changes an edition's name, deadlines or quota; program, version, year and batch stay what they were.
    pub fn change_edition(&mut self, id: RecordId, values: &Values) -> Result<bool> {
        let mut set = self.standing_fields(id, "批次")?.difference(values);
        set.retain(|key, _| {
            ![edition::key::PROGRAM, edition::key::VERSION, edition::key::YEAR, edition::key::BATCH]
                .contains(&key.as_str())
        });
        if set.is_empty() {
            return Ok(false);
        }
        self.append(id, Fact::EditionChanged(Fields { set, ..Fields::default() }))?;
        Ok(true)
    }

    /// Enters a filing of a firm in an edition, with its running number.
    ///
    /// # Errors
    /// Refused for a second filing of the firm in the edition unless confirmed, for a closed edition, for a stage nobody can
    /// enter a filing at.
    pub fn open_filing(&mut self, firm: RecordId, edition: RecordId, new: NewFiling) -> Result<RecordId> {
        let (program, version_id, year, batch, closed): (String, String, i32, u16, bool) = self
            .connection()?
            .prepare_cached("SELECT program, version, year, batch, closed FROM edition WHERE id = ?")?
            .query_row([edition], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?
            .ok_or_else(|| Problem::not_found("找不到这个批次。").next("请从批次列表里选一个，或先新增批次。"))?;
        if closed {
            return Err(
                Problem::refused("这个批次已经关闭，不再收申报。").next("请换一个批次，或在批次设置里重新打开它。")
            );
        }
        let firm_name: String = self
            .connection()?
            .prepare_cached("SELECT name FROM firm WHERE id = ?")?
            .query_row([firm], |row| row.get(0))
            .optional()?
            .ok_or_else(|| Problem::not_found("找不到这家企业。").next("请先新增企业。"))?;
        let (program_known, version) = bound(&program, &version_id)?;
        self.refuse_silent_second(firm, edition, &firm_name, &new.confirmed)?;
        let stage = if new.stage.is_empty() { submit_stage(version) } else { new.stage.as_str() };
        if !entry_stages(version).any(|allowed| allowed == stage) {
            return Err(Problem::refused("申报不能从这个阶段开始登记。")
                .next("请从本区审核或之前的阶段登记，之后的步骤逐步登记结果。"));
        }
        let opened = new.opened.unwrap_or_else(|| self.today());
        if opened > self.today() {
            return Err(Problem::bad_input(format!("登记日期 {opened} 在今天之后。")).next("请填写实际收到的日期。"));
        }
        let mut set: Values =
            written(new.form).into_iter().map(|(field, value)| (format!("{}{field}", key::FORM), value)).collect();
        let fixed = [
            (key::FIRM, firm.to_string()),
            (key::EDITION, edition.to_string()),
            (key::PROGRAM, program.clone()),
            (key::VERSION, version_id),
            (key::NUMBER, self.next_number(edition, year, &program_known.mark, batch)?),
            (key::OFFICER, self.actor().to_string()),
            (key::STAGE, stage.to_owned()),
            (key::OPENED, opened.to_string()),
            (key::NOTE, new.note),
        ];
        set.extend(written(fixed.into_iter().map(|(key, value)| (key.to_owned(), Some(value))).collect()));
        self.create(Fact::FilingCreated(Fields {
            set,
            confirmed: new.confirmed,
            source: new.source,
            ..Fields::default()
        }))
    }

    /// Changes the form, the note or the officer of a filing. Keys are whole keys (`form.staff`). Returns whether anything
    /// differed.
    pub fn change_filing(&mut self, id: RecordId, values: &Values) -> Result<bool> {
        self.change_filing_confirmed(id, values, Vec::new())
    }

    /// The same, with the warnings that were seen and confirmed on the way.
    pub fn change_filing_confirmed(
        &mut self,
        id: RecordId,
        values: &Values,
        confirmed: Vec<Confirmed>,
    ) -> Result<bool> {
        let stands = self.standing_fields(id, "申报")?;
        let mut set = self.differing(&stands, values);
        set.retain(|name, _| {
            name.starts_with(key::FORM)
                || [key::NOTE, key::OFFICER, key::HANDOVER, key::NUMBER].contains(&name.as_str())
        });
        let passed_on = set.contains_key(key::OFFICER);
        #[cfg(test)]
        let passed_on = passed_on && !is_broken(Break::WordsComeApart);
        if passed_on {
            // A word on passing it on is for whom it was said to: both are written by one event, and win or lose together.
            set.insert(key::HANDOVER.to_owned(), values.get(key::HANDOVER).cloned().flatten());
        }
        if set.is_empty() {
            return Ok(false);
        }
        self.append(id, Fact::FilingChanged(Fields { set, confirmed, ..Fields::default() }))?;
        Ok(true)
    }

    /// Moves a filing out of the stage it stands in.
    ///
    /// # Errors
    /// Whatever the stage machine refuses, in its words.
    pub fn move_filing(&mut self, id: RecordId, wish: &Wish) -> Result<Hash> {
        let filing = self.filing(id)?;
        self.refuse_recused(&filing, wish.effect)?;
        let (_, version) = bound(&filing.program, &filing.version)?;
        let mut moved = decide(&filing.track, version, wish, filing.content(), self.today())?;
        moved.materials = filing.materials.digest();
        self.append(id, Fact::FilingMoved(moved))
    }

    /// Records a published result at a stage the filing may not have reached step by step.
    pub fn record_result(&mut self, id: RecordId, stage: &str, wish: &Wish) -> Result<Hash> {
        let filing = self.filing(id)?;
        let (_, version) = bound(&filing.program, &filing.version)?;
        let mut moved = published_result(&filing.track, version, stage, wish, filing.content(), self.today())?;
        moved.materials = filing.materials.digest();
        self.append(id, Fact::FilingMoved(moved))
    }

    /// Settles two decisions that did not know of each other.
    pub fn resolve_filing(&mut self, id: RecordId, stands: Hash, reason: &str) -> Result<()> {
        let filing = self.filing(id)?;
        if !filing.track.split.as_ref().is_some_and(|split| split.rivals.contains(&stands)) {
            return Err(Problem::refused("这个决定不在待处理的冲突里。").next("请刷新后再试。"));
        }
        if reason.trim().is_empty() {
            return Err(Problem::refused("处理冲突必须写明原因。").next("请填写以哪个决定为准、为什么。"));
        }
        // To choose what stands is to decide.
        self.refuse_recused(&filing, Effect::Pass)?;
        self.append(id, Fact::FilingResolved(Resolved { stands, reason: reason.trim().to_owned() }))?;
        Ok(())
    }

    pub(super) fn filing(&mut self, id: RecordId) -> Result<Filing> {
        Filing::replay(id, self.history(id)?)
            .ok_or_else(|| Problem::not_found("找不到这件申报。").next("它可能已被撤销，请刷新后再试。"))
    }

    fn refuse_silent_second(
        &mut self,
        firm: RecordId,
        edition: RecordId,
        name: &str,
        confirmed: &[Confirmed],
    ) -> Result<()> {
        if confirmed.iter().any(|warning| warning.field == key::FIRM) {
            return Ok(());
        }
        let other: Option<String> = self
            .connection()?
            .prepare_cached("SELECT number FROM filing WHERE firm = ? AND edition = ? LIMIT 1")?
            .query_row(params![firm, edition], |row| row.get(0))
            .optional()?;
        match other {
            None => Ok(()),
            Some(number) => Err(Problem::refused(format!("“{name}”在这个批次里已经有申报（{number}）。"))
                .next("请打开已有的那件；确实要再报一件，请确认并写明原因。")),
        }
    }

    /// 受理号: year, program mark and batch, then a count within the edition. For people only; never a key.
    fn next_number(&mut self, edition: RecordId, year: i32, mark: &str, batch: u16) -> Result<String> {
        let n = self.next_number_in(edition, |connection| {
            let last: Option<i64> = connection
                .prepare_cached("SELECT max(CAST(substr(number, -4) AS INTEGER)) FROM filing WHERE edition = ?")?
                .query_row([edition], |row| row.get(0))?;
            Ok(last.unwrap_or(0))
        })?;
        let batch = if batch == 0 { String::new() } else { batch.to_string() };
        Ok(format!("{year}-{mark}{batch}-{n:04}"))
    }
}

/// Program and policy version an edition was bound to.
pub(super) fn bound(
    program: &str,
    version: &str,
) -> Result<(&'static crate::domain::program::Program, &'static Version)> {
    let unknown = || {
        Problem::not_found("这件申报的事项或政策版本不在本机的事项目录里。")
            .next("请升级到带有这个事项的版本。")
            .detail(format!("{program} {version}"))
    };
    let program = Catalog::builtin().program(program).ok_or_else(unknown)?;
    Ok((program, program.version(version).ok_or_else(unknown)?))
}

/// Where the applicant hands it in: the first stage that is a submission, else the first of all.
pub fn submit_stage(version: &Version) -> &str {
    use crate::domain::program::StageKind;
    let stage = version.stages.iter().find(|stage| stage.kind == StageKind::Submit).unwrap_or(&version.stages[0]);
    &stage.id
}

/// Stages a filing may be entered at: everything up to our own first review.
pub fn entry_stages(version: &Version) -> impl Iterator<Item = &str> {
    let last = version.stages.iter().position(|stage| stage.desk == Desk::Superior).unwrap_or(version.stages.len());
    version.stages[..last].iter().filter(|stage| !stage.optional).map(|stage| stage.id.as_str())
}
